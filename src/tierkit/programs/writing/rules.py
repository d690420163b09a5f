"""Writing the earning rules of a program: step by step, in the order in which they are applied."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from tierkit.programs.rules import Clawback, EarningRule, Life, RateDay, RoundTo, ShortMonth
from tierkit.programs.writing.parts import Form, Sources, named, number, row, saying

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_STEPS: Final = ("rate", "rate_day", "at_least", "at_most", "round", "share", "live", "clawback")


def rule_form(rule: EarningRule, cites: Sources) -> Form:
    """Write an earning rule, with the rows of each of its steps."""
    form = {"id": rule.id} | named(rule.id, rule.name) | {"select": _select(rule), "track": rule.track}
    form |= saying({"amount": rule.amount, "quantity": rule.quantity, "beside": list(rule.beside)})
    for step in _STEPS:
        if step == "at_least":  # the multipliers come between the rate and the bounds
            form |= saying({"multiply": list(_multipliers(rule, cites))})
        rows = [row(each, _step(each.value), cites) for each in getattr(rule, step)]
        form |= saying({step.replace("_", "-"): rows})
    return form


def _select(rule: EarningRule) -> Form:
    unless = _values(rule.unless) | _values({"group": rule.outside})
    return (
        {"fact": str(rule.fact)}
        | _values(rule.where)
        | _values({"group": rule.inside})
        | saying({"except": unless})
    )


def _values(by_name: Mapping[str, tuple[str, ...]]) -> Form:
    """Write one value as it is, and several as a list."""
    return {
        name: values[0] if len(values) == 1 else list(values) for name, values in by_name.items() if values
    }


def _multipliers(rule: EarningRule, cites: Sources) -> Iterator[Form]:
    for key, by_name in (("group", rule.multiply), ("tier", rule.tier_multiply)):
        for name, dated in by_name.items():
            for period in dated:
                yield row(period, {key: name, "by": number(period.value)}, cites)


def _step(value: Any) -> Form:  # noqa: ANN401 - each step has a type of its own
    match value:
        case Life():
            return _life(value)
        case RateDay(when, day):
            return {"when": dict(when), "day": day}
        case RoundTo():
            return {"to": number(value.to), "mode": str(value.mode)}
        case Clawback(causes, takes):
            return {"causes": list(causes), "takes": str(takes)}
        case Fraction() | None:
            return {"points": number(value)}
        case _:
            return {"among": str(value)}


def _life(life: Life) -> Form:
    short = "" if life.short_month is ShortMonth.LAST_DAY else str(life.short_month)
    return saying(
        {
            "never": life.never_ends,
            "months": life.months,
            "days": life.days,
            "through": life.through and str(life.through),
            "short-month": short,
            "while": life.lasts_while and str(life.lasts_while),
            "inactive-days": life.inactive_days,
            "pending-months": life.pending_months or None,
            "pending-days": life.pending_days or None,
        }
    )
