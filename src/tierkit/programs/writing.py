"""Writing a program as a file: as the plain tables that a reader of the file would get, and these as TOML.

What equals its default is left out, and values that hold on the same days on the same word are gathered into
one row where the file can say them so. Reading the file gives the program again.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from tierkit.frozen import changed
from tierkit.programs.draft import UNSOURCED
from tierkit.programs.measures import (
    Count,
    Earlier,
    Highest,
    Lowest,
    Net,
    OnlyIf,
    Over,
    Product,
    Ratio,
    Rounded,
    Scale,
    Sum,
    Tenure,
)
from tierkit.programs.movements import BarsOf, Lag, Movement
from tierkit.programs.reading import FORMAT
from tierkit.programs.requirements import Combination, Condition, Junction, Requirement, Sense, Subject
from tierkit.programs.rules import Clawback, EarningRule, Life, RateDay, RoundTo, ShortMonth
from tierkit.programs.table import UNKNOWN
from tierkit.programs.toml_text import toml_text
from tierkit.values.calendar import NEW_YEAR
from tierkit.values.currency import Currency
from tierkit.values.exact import number_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tierkit.programs.dated import Dated, Period
    from tierkit.programs.measures import Measure, Operand, Operation
    from tierkit.programs.program import Program
    from tierkit.programs.rules import Choice, Group, ReadingKind
    from tierkit.values.source import Grade, Source
    from tierkit.values.tier import Tier

Form = dict[str, Any]
"""A table of the file: what a reader of TOML would give."""

_STEPS: Final = ("rate", "rate_day", "at_least", "at_most", "round", "share", "live", "clawback")
_LONGEST_WHOLE: Final = 2**63


def program_toml(program: Program) -> str:
    """Write a program as a TOML document."""
    return toml_text(program_form(program))


def program_form(program: Program) -> Form:
    """Give the tables and values of the file that says a program."""
    cites = _Sources(program)
    form: Form = {"format": FORMAT, "id": program.id, "name": program.name}
    form |= _said({"note": program.note}) | {"tracks": list(program.tracks)}
    form |= _said({"attributes": list(program.attributes)})
    form |= _said({"year-from": "" if program.year_from == NEW_YEAR else program.year_from})
    form |= _said({"units": dict(program.units)}) | _in_force(program, cites)
    sections: Form = {
        "measures": {name: _measure(each, cites) for name, each in program.measures.items()},
        "readings": {name: _reading(each) for name, each in program.readings.items()},
        "group": [_group(each, cites) for each in program.groups.values()],
        "point-value": list(_point_values(program, cites)),
        "earn": [_rule(each, cites) for each in program.rules],
        "tier": [_tier(each, program, cites) for each in _all_tiers(program)],
        "movement": [_movement(each, cites) for each in program.movements],
        "choice": [_choice(each, cites) for each in program.choices],
    }
    return form | _said({"sources": cites.form()} | sections)


def _said(form: Form) -> Form:
    """Leave out what says nothing."""
    return {key: value for key, value in form.items() if value not in ("", [], {}, None, False)}


# ---------------------------------------------------------------------- sources and days


class _Sources:
    """The sources of a program by the names under which its file has them."""

    def __init__(self, program: Program) -> None:
        self._names: dict[Source, str] = {source: name for name, source in program.sources.items()}

    def name(self, source: Source) -> str:
        """Give the name of a source, a new one where another source has its id."""
        if source not in self._names:
            name, taken, number = source.id, set(self._names.values()), 1
            while name in taken:
                number += 1
                name = f"{source.id}-{number}"
            self._names[source] = name
        return self._names[source]

    def cited(self, source: Source, grade: Grade, around: tuple[Source, Grade] | None = None) -> Form:
        """Say on whose word something stands, where that is not clear from what is around it."""
        default, fallback = around or (UNSOURCED, UNSOURCED.grade)
        if source == default:
            return _said({"grade": "" if grade is fallback else str(grade)})
        return _said({"source": self.name(source), "grade": "" if grade is source.grade else str(grade)})

    def form(self) -> Form:
        """Give the table of all that were named."""
        return {
            name: {"url": source.url, **_said({"version": source.version}), "grade": str(source.grade)}
            | _said({"note": source.note})
            for source, name in self._names.items()
        }


def _row(period: Period[Any], value: Form, cites: _Sources) -> Form:
    """Write one period: its days, its value, on whose word."""
    days = _said({"from": period.effective_from, "until": period.effective_until})
    word = cites.cited(period.source, period.grade) | _said({"note": period.note})
    return days | {key: said for key, said in value.items() if key not in word} | word


def _in_force(program: Program, cites: _Sources) -> Form:
    rows = [_row(each, {}, cites) for each in program.in_force]
    if rows == [{}]:  # on all days, as it is where the file says nothing
        return {}
    return {"in-force": rows[0] if len(rows) == 1 else rows}


# ---------------------------------------------------------------------- measures, readings, requirements


def _named(id: str, name: str) -> Form:
    return {} if name == id else {"name": name}


def _measure(measure: Measure, cites: _Sources) -> Form:
    return _named(measure.id, measure.name) | _operation(measure.by, cites)


def _operation(by: Operation, cites: _Sources) -> Form:
    match by:
        case Sum(of) | Net(of) | Product(of) | Lowest(of) | Highest(of):
            return {_LISTS[type(by)]: _operands(of)}
        case Ratio(of, to):
            return {"ratio": _operands((of, to))}
        case Count(of, distinct):
            return {"distinct": distinct, "of": list(of)} if distinct else {"count": list(of)}
        case OnlyIf(of, requires):
            return {"only-if": _prerequisite(requires, cites), "of": _operand(of)}
        case Tenure(tier):
            return {"tenure": tier}
        case _:
            return _of_one(by)


_LISTS: Final = {Sum: "sum", Net: "net", Product: "product", Lowest: "min", Highest: "max"}


def _of_one(by: Scale | Rounded | Earlier | Over) -> Form:
    """Write an operator on one operand, with what it is told besides."""
    match by:
        case Scale(of, full, gives):
            return {"scale": _operand(of), "full": _number(full), "gives": _number(gives)}
        case Rounded(of, to, mode):
            return {"round": of, "to": _number(to), "mode": str(mode)}
        case Earlier():
            said: Form = {"months": by.months or None, "days": by.days or None, "ago": by.ago or None}
            return {"earlier": by.of} | _said(said | {"stretch": by.stretch and str(by.stretch)})
        case _:
            asked = {"each": str(by.each), "last": by.last, "fold": str(by.fold), "counted": str(by.counted)}
            most = {} if by.at_most is None else {"at-most": _number(by.at_most)}
            return {"over": by.of} | asked | most | _said({"running": by.running})


def _operands(of: Iterable[Operand]) -> list[Any]:
    return [_operand(each) for each in of]


def _operand(of: Operand) -> Any:  # noqa: ANN401 - a name or a number
    return of if isinstance(of, str) else _number(of)


def _number(number: Fraction | None) -> int | str:
    """Write a number as a whole one, or as text; an unknown one as the file calls it."""
    if number is None:
        return UNKNOWN
    if number.denominator == 1 and abs(number) < _LONGEST_WHOLE:
        return number.numerator
    return number_text(number)


def _reading(kind: ReadingKind) -> Form:
    form = _named(kind.id, kind.name) | {"type": "yes-no" if kind.yes_no else "number"}
    return form | _said({"unit": kind.unit, "by-vendor": kind.by_vendor})


def _prerequisite(requirement: Requirement, cites: _Sources) -> Form:
    """Write a tree that has no word of its own: that of its first condition, unless another has none."""
    nothing = UNSOURCED, UNSOURCED.grade
    if isinstance(requirement, Condition):
        return _condition(requirement, cites, nothing)
    words = [(each.source, each.grade) for each in requirement.conditions()]
    around = nothing if any(source == UNSOURCED for source, _ in words) else words[0]
    return _combination(requirement, cites, around) | cites.cited(*around)


def _requirement(requirement: Requirement, cites: _Sources, around: tuple[Source, Grade]) -> Form:
    if isinstance(requirement, Combination):
        return _combination(requirement, cites, around)
    return _condition(requirement, cites, around)


def _combination(combination: Combination, cites: _Sources, around: tuple[Source, Grade]) -> Form:
    parts = [_requirement(part, cites, around) for part in combination.parts]
    if combination.junction is Junction.NOT:
        return {"not": parts[0]}
    if combination.junction is Junction.AT_LEAST:
        return {"at-least": combination.least, "of": parts}
    return {str(combination.junction): parts}


def _condition(condition: Condition, cites: _Sources, around: tuple[Source, Grade]) -> Form:
    bar = condition.bar
    said = bar if isinstance(bar, str | bool) else _number(bar)
    key = "tier" if condition.subject is Subject.LADDER else _BAR_KEYS[condition.comparison]
    word = cites.cited(condition.source, condition.grade, around) | _said({"note": condition.note})
    return {str(condition.subject): condition.quantity, key: said} | word


_BAR_KEYS: Final = {Sense.AT_LEAST: "at-least", Sense.ABOVE: "above", Sense.IS: "is", Sense.IN_GROUP: "group"}


# ---------------------------------------------------------------------- groups and point values


def _group(group: Group, cites: _Sources) -> Form:
    rows = [
        _row(period, {"markets": codes} | ({} if period.value else {"member": False}), cites)
        for period, codes in _gathered(group.members)
    ]
    return {"id": group.id, **_named(group.id, group.name), **_said({"members": rows})}


def _point_values(program: Program, cites: _Sources) -> Iterator[Form]:
    bare = {
        code: [changed(period, value=None) for period in dated]
        for code, dated in program.point_values.items()
    }
    values = {
        (code, period.effective_from): period.value
        for code, dated in program.point_values.items()
        for period in dated
    }
    for period, codes in _gathered(bare):
        amounts = {code: _amount(code, values[code, period.effective_from]) for code in codes}
        yield _row(period, {"amounts": amounts}, cites)


def _amount(code: str, minor: Fraction | None) -> int | str:
    return _number(None if minor is None else minor / 10 ** (Currency(code).minor_units or 0))


def _gathered(by_code: Mapping[str, Iterable[Period[Any]]]) -> list[tuple[Period[Any], list[str]]]:
    """Put together the codes that have the same value on the same days on the same word."""
    found: dict[Period[Any], list[str]] = {}
    for code in sorted(by_code):
        for period in by_code[code]:
            found.setdefault(period, []).append(code)
    return sorted(found.items(), key=_place)


def _place(gathered: tuple[Period[Any], list[str]]) -> tuple[Any, ...]:
    period, codes = gathered
    return period.effective_from or date.min, period.effective_until or date.max, codes


# ---------------------------------------------------------------------- rules


def _rule(rule: EarningRule, cites: _Sources) -> Form:
    form = {"id": rule.id} | _named(rule.id, rule.name) | {"select": _select(rule), "track": rule.track}
    form |= _said({"amount": rule.amount, "quantity": rule.quantity, "beside": list(rule.beside)})
    for step in _STEPS:
        if step == "at_least":  # the multipliers come between the rate and the bounds
            form |= _said({"multiply": list(_multipliers(rule, cites))})
        rows = [_row(each, _step(each.value), cites) for each in getattr(rule, step)]
        form |= _said({step.replace("_", "-"): rows})
    return form


def _select(rule: EarningRule) -> Form:
    unless = _values(rule.unless) | _values({"group": rule.outside})
    return (
        {"fact": str(rule.fact)}
        | _values(rule.where)
        | _values({"group": rule.inside})
        | _said({"except": unless})
    )


def _values(by_name: Mapping[str, tuple[str, ...]]) -> Form:
    """Write one value as it is, and several as a list."""
    return {
        name: values[0] if len(values) == 1 else list(values) for name, values in by_name.items() if values
    }


def _multipliers(rule: EarningRule, cites: _Sources) -> Iterator[Form]:
    for key, by_name in (("group", rule.multiply), ("tier", rule.tier_multiply)):
        for name, dated in by_name.items():
            for period in dated:
                yield _row(period, {key: name, "by": _number(period.value)}, cites)


def _step(value: Any) -> Form:  # noqa: ANN401 - each step has a type of its own
    match value:
        case Life():
            return _life(value)
        case RateDay(when, day):
            return {"when": dict(when), "day": day}
        case RoundTo():
            return {"to": _number(value.to), "mode": str(value.mode)}
        case Clawback(causes, takes):
            return {"causes": list(causes), "takes": str(takes)}
        case Fraction() | None:
            return {"points": _number(value)}
        case _:
            return {"among": str(value)}


def _life(life: Life) -> Form:
    short = "" if life.short_month is ShortMonth.LAST_DAY else str(life.short_month)
    return _said(
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


# ---------------------------------------------------------------------- tiers, movements, choices


def _all_tiers(program: Program) -> Iterator[Tier]:
    yield from program.tiers
    for tiers in program.ladders.values():
        yield from tiers


def _tier(tier: Tier, program: Program, cites: _Sources) -> Form:
    ladder = "" if tier.ladder == program.id else tier.ladder
    form = {"id": tier.id, **_named(tier.id, tier.name), **_said({"ladder": ladder}), "rank": tier.rank}
    names = [_row(each, {"name": each.value}, cites) for each in program.names.get(tier.id, ())]
    return form | _said(
        {
            "named": names,
            "requires": list(_trees(program.requires.get(tier.id, ()), cites)),
            "keeps": list(_trees(program.keeps.get(tier.id, ()), cites)),
        }
    )


def _trees(asked: Dated[Requirement] | tuple[()], cites: _Sources) -> Iterator[Form]:
    for period in asked:
        yield _row(period, _requirement(period.value, cites, (period.source, period.grade)), cites)


def _movement(movement: Movement, cites: _Sources) -> Form:
    judged = _said({"on": list(movement.judged_on), "since": list(movement.judged_since)})
    if movement.judged_last != Lag():
        judged["last"] = _lag(movement.judged_last)
    judged["take"] = str(movement.take)
    judged |= _said({"bars": "" if movement.bars is BarsOf.OWN_DAY else str(movement.bars)})
    posts = _said({"deduct": movement.deduct, "carry": movement.carry})
    if movement.carry_at_most is not None:
        posts["at-most"] = _number(movement.carry_at_most)
    protected = {"months": movement.protected_months} if movement.protected_months else {}
    form: Form = {"id": movement.id, "kind": str(movement.kind), "on": list(movement.on), "judged": judged}
    form |= _said({"asked-on-the-day": list(movement.asked_on_the_day)})
    form |= {"effective": _lag(movement.effective), "to": str(movement.to)}
    form |= _said({"unless-held-under": protected, "restarts-year": movement.restarts_year, "posts": posts})
    form |= _said({"from": movement.effective_from, "until": movement.effective_until})
    return form | cites.cited(movement.source, movement.grade) | _said({"note": movement.note})


def _lag(lag: Lag) -> Any:  # noqa: ANN401 - a word or a table
    return "same-day" if lag == Lag() else _said({"months": lag.months or None, "days": lag.days or None})


def _choice(choice: Choice, cites: _Sources) -> Form:
    form = {"number": choice.number, "question": choice.question, "reading": choice.reading}
    form |= {"why": choice.why, "held-by": choice.held_by}
    return form | ({} if choice.source is None else {"source": cites.name(choice.source)})
