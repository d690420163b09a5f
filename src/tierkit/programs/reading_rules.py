"""Reading the earning rules of a program file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tierkit.frozen import FrozenMap
from tierkit.programs.draft import Draft, is_new, period_of
from tierkit.programs.rules import Clawback, FactShape, Life, RateDay, Sharing, ShortMonth, Takes, While
from tierkit.programs.table import among

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from tierkit.programs.table import Table

CORRECTION = "correction"
"""The cause of a reversal that says that the record was wrong; no rule is asked about it."""

_RULE_KEYS = ("select", "track", "amount", "quantity", "name")


def read_earning(row: Table, draft: Draft, base: Draft | None) -> None:
    """Read one earning rule: what it selects, and the dated steps by which that becomes points."""
    rule = row.id()
    if is_new(row, base, "earn", rule, _RULE_KEYS):
        select = dict(row.table("select").raw)
        fact = row.table("select").one_of("fact", list(FactShape))
        select.pop("fact", None)
        made = {
            "name": row.name(rule),
            "fact": FactShape(fact),
            "where": _where(row, select),
            "track": row.text("track"),
            "amount": row.text("amount", ""),
            "quantity": row.flag("quantity", default=False),
        }
        draft.settle(row, "earn", rule, made)
    dated: dict[str, Callable[[Table], object]] = {
        "rate": lambda part: above_zero(part, "points"),
        "rate-day": _rate_day,
        "at-least": lambda part: part.number("points"),
        "share": lambda part: Sharing(part.one_of("among", list(Sharing))),
        "live": _life,
        "clawback": _clawback,
    }
    if row.raw.get("clawback") == []:
        hint = 'to switch it off write [[earn.clawback]] with causes = [], takes = "all" and a source'
        row.problem("clawback", "an empty list, which changes nothing", "[[earn.clawback]] tables", hint)
    for key, read in dated.items():
        for part in row.rows(key):
            draft.add(("earn", rule, key), period_of(part, draft, read(part)))
            part.close()
    for part in row.rows("multiply"):
        path = ("earn", rule, "multiply", part.text("group"))
        draft.add(path, period_of(part, draft, above_zero(part, "by")))
        part.close()
    row.close()


def _where(row: Table, select: dict[str, object]) -> FrozenMap[tuple[str, ...]]:
    inner = row.within(select, "select")
    for key, value in select.items():
        if value == []:
            inner.problem(
                key, "an empty list", "the values that it selects", f"leave `{key}` out to select all"
            )
    return FrozenMap(
        {
            key: inner.texts(key) if isinstance(value, list) else (inner.text(key),)
            for key, value in select.items()
        }
    )


def above_zero(row: Table, key: str) -> Fraction | None:
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
    months = row.whole("months", 0, most=1200) or None
    days = row.whole("days", 0, most=36_500) or None
    short = ShortMonth(row.one_of("short-month", list(ShortMonth), ShortMonth.LAST_DAY.value))
    lasts = While(row.one_of("while", list(While))) if row.has("while") else None
    if lasts is While.ACTIVE and days is None:
        row.problem("days", "nothing", "the number of days that an action keeps the state alive")
        days = 1
    if lasts is While.HELD and days is not None:
        row.wrong("days", days, "no days: the points of a state that is held last as long as it is")
    if lasts is While.YEAR and days is not None:
        row.wrong("days", days, "no days: the points last until the member's personal year ends")
    if lasts is not None and months is not None:
        row.wrong("months", months, "no months beside `while`")
    if lasts is None and (months is None) == (days is None):
        found = "nothing" if months is None else "both"
        row.problem("months", found, "either `months` or `days`, or `while`", "say one of them")
        months, days = 12, None
    return Life(months=months, days=days, short_month=short, lasts_while=lasts)


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
