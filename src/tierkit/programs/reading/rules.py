"""Reading the earning rules of a program file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tierkit.frozen import FrozenMap
from tierkit.programs.reading.draft import Draft, is_new, period_of
from tierkit.programs.reading.table import among, only_one
from tierkit.programs.rules import (
    Clawback,
    FactShape,
    Life,
    RateDay,
    RoundTo,
    Sharing,
    ShortMonth,
    Takes,
    While,
)
from tierkit.values.calendar import Stretch
from tierkit.values.rates import Rounding

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from tierkit.programs.reading.table import Table

CORRECTION = "correction"
"""The cause of a reversal that says that the record was wrong; no rule is asked about it."""

_RULE_KEYS = ("select", "track", "amount", "quantity", "name", "beside")
_ENDS = ("months", "days", "through", "while", "inactive-days")
_MOST_DAYS = 36_500


def read_earning(row: Table, draft: Draft, base: Draft | None) -> None:
    """Read one earning rule: what it selects, and the dated steps by which that becomes points."""
    rule = row.id()
    if is_new(row, base, "earn", rule, _RULE_KEYS):
        select = row.table("select")
        fact = FactShape(select.one_of("fact", list(FactShape)))
        unless = select.table("except")
        made: dict[str, object] = {
            "name": row.name(rule),
            "fact": fact,
            "where": _values(select, "fact", "group", "except"),
            "inside": _one_or_more(select, "group"),
            "unless": _values(unless, "group"),
            "outside": _one_or_more(unless, "group"),
            "beside": row.texts("beside", ()),
            "track": row.text("track"),
            "amount": row.text("amount", ""),
            "quantity": row.flag("quantity", default=False),
        }
        draft.settle(row, "earn", rule, made)
    if row.raw.get("clawback") == []:
        hint = 'to switch it off write [[earn.clawback]] with causes = [], takes = "all" and a source'
        row.problem("clawback", "an empty list, which changes nothing", "[[earn.clawback]] tables", hint)
    for key, read in _STEPS.items():
        for part in row.rows(key):
            draft.add(("earn", rule, key), period_of(part, draft, read(part)), part)
            part.close()
    for part in row.rows("multiply"):
        key = only_one(part, ("group", "tier"))
        path = ("earn", rule, "multiply" if key == "group" else "tier-multiply", part.text(key, ""))
        draft.add(path, period_of(part, draft, number_above_zero(part, "by")), part)
        part.close()
    row.close()


def _values(select: Table, *others: str) -> FrozenMap[tuple[str, ...]]:
    """Read what attributes a fact must have, or must not have; the other keys are no attributes."""
    return FrozenMap({key: _one_or_more(select, key) for key in select.raw if key not in others})


def _one_or_more(select: Table, key: str) -> tuple[str, ...]:
    if not select.has(key):
        return ()
    if select.raw[key] == []:
        hint = f"leave `{key}` out to select all"
        select.problem(key, "an empty list", "the values that it selects", hint)
    return select.texts(key) if isinstance(select.raw[key], list) else (select.text(key),)


def number_above_zero(row: Table, key: str) -> Fraction | None:
    """Read a number that has to be above zero, or None where it is declared unknown."""
    number = row.number_or_unknown(key)
    if number is not None and number <= 0:
        row.wrong(key, row.raw.get(key), "a number above zero", "a rule that earns nothing is left out")
    return number


def _rate_day(row: Table) -> RateDay:
    when = row.table("when")
    values = {key: when.text(key) for key in when.raw}
    if not values:
        row.problem("when", "no attribute", 'the facts that it is for, such as { motion = "upsell" }')
    return RateDay(FrozenMap(values), row.one_of("day", ("line-first-sold",)))


def _life(row: Table) -> Life:
    never = row.flag("never", default=False)
    life = Life(
        months=row.whole("months", least=1, most=1200) if row.has("months") else None,
        days=row.whole("days", least=1, most=_MOST_DAYS) if row.has("days") else None,
        through=Stretch(row.one_of("through", list(Stretch))) if row.has("through") else None,
        short_month=ShortMonth(row.one_of("short-month", list(ShortMonth), ShortMonth.LAST_DAY.value)),
        lasts_while=_while(row) if row.has("while") else None,
        inactive_days=row.whole("inactive-days", least=1, most=_MOST_DAYS)
        if row.has("inactive-days")
        else None,
        pending_months=row.whole("pending-months", 0, most=1200),
        pending_days=row.whole("pending-days", 0, most=_MOST_DAYS),
    )
    if life.never_ends and not never:
        said = ", ".join(f"`{key}`" for key in _ENDS)
        row.problem(
            "months", "no end", f"one or more of {said}, or `never = true`", "say how long points count"
        )
    elif never and not life.never_ends:
        ends = ", ".join(f"`{key}`" for key in _ENDS if row.has(key))
        row.problem("never", f"true beside {ends}", "one of them", "say when they end, or that they never do")
    return life


def _while(row: Table) -> While | None:
    if row.raw["while"] == "active":
        row.text("while")
        hint = "for points that last until nobody has acted for n days write `inactive-days = n` alone"
        row.wrong("while", "active", among(While), hint)
        return None
    return While(row.one_of("while", list(While)))


def _round(row: Table) -> RoundTo:
    return RoundTo(to=row.above_zero("to"), mode=Rounding(row.one_of("mode", list(Rounding))))


def _clawback(row: Table) -> Clawback:
    causes = row.ids("causes")
    if CORRECTION in causes:
        hint = "name the other causes"
        row.wrong("causes", CORRECTION, "causes for which a right record is reversed", hint)
    if row.raw.get("takes") == "none":
        row.text("takes")
        hint = 'where nothing is taken write causes = [] beside takes = "all"'
        row.wrong("takes", "none", among(Takes), hint)
        return Clawback(causes, Takes.ALL)
    return Clawback(causes, Takes(row.one_of("takes", list(Takes))))


_STEPS: Final[dict[str, Callable[[Table], object]]] = {
    "rate": lambda part: number_above_zero(part, "points"),
    "rate-day": _rate_day,
    "at-least": lambda part: part.number("points"),
    "at-most": lambda part: part.number("points"),
    "round": _round,
    "share": lambda part: Sharing(part.one_of("among", list(Sharing))),
    "live": _life,
    "clawback": _clawback,
}
"""How a table of each dated step is read."""
