"""Programs of a few hand-made rules, and the calendar written once more, for the tests of earning."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

import tierkit as tk
from tierkit.frozen import FrozenMap
from tierkit.programs.dated import Dated, Period
from tierkit.programs.program import Program
from tierkit.programs.rules import EarningRule, FactShape, Group, Life, ShortMonth
from tierkit.values.calendar import Stretch
from tierkit.values.source import Grade, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

T = TypeVar("T")

TERMS = Source("terms", "https://example.org/terms", Grade.PUBLISHED)
NEAR = {"DE", "FR"}
HILLS = {"FR", "CH"}
ONE_DAY = timedelta(days=1)
YES = True
FOR_GOOD = Life()


def always(value: T) -> Dated[T]:
    """Let a value hold on all days."""
    return Dated((Period(value, None, None, TERMS, Grade.PUBLISHED),))


def since(turn: date, before: T, after: T) -> Dated[T]:
    """Let a value turn on a day."""
    first = Period(before, None, turn, TERMS, Grade.PUBLISHED)
    return Dated((first, Period(after, turn, None, TERMS, Grade.PUBLISHED)))


def group_of(name: str, markets: Iterable[str]) -> Group:
    """Make a group of markets that has all of them on all days."""
    return Group(name, name, FrozenMap({market: always(YES) for market in markets}))


def rule_of(
    id: str = "r",
    *,
    rate: Fraction | int | Dated[Fraction | None] = 1,
    live: Life | Dated[Life] = FOR_GOOD,
    fact: FactShape = FactShape.EVENT,
    **fields: Any,
) -> EarningRule:
    """Make a rule for events that count for good, or another one; a field that is None is left out."""
    said: dict[str, Any] = {"track": "points", "name": id.title()}
    said |= {name: value for name, value in fields.items() if value is not None}
    return EarningRule(
        id=id,
        fact=fact,
        rate=always(Fraction(rate)) if isinstance(rate, int | Fraction) else rate,
        live=always(live) if isinstance(live, Life) else live,
        **said,
    )


def program_of_rules(*rules: EarningRule, **fields: Any) -> Program:
    """Make a program of a few rules."""
    said: dict[str, Any] = {
        "tracks": tuple(dict.fromkeys(rule.track for rule in rules)),
        "groups": FrozenMap({"near": group_of("near", NEAR), "hills": group_of("hills", HILLS)}),
        "tiers": (),
        "requires": FrozenMap(),
        "movements": (),
    }
    return Program(
        id="own",
        name="Own",
        note="",
        in_force=always(YES),
        sources=FrozenMap({"terms": TERMS}),
        measures=FrozenMap(),
        readings=FrozenMap(),
        attributes=("color",),
        point_values=FrozenMap(),
        rules=rules,
        choices=(),
        **(said | fields),
    )


def event(id: str, on: date, **fields: Any) -> tk.Event:
    """Make an event of the partner p."""
    said: dict[str, Any] = {"type": "x", **fields}
    return tk.Event(id=id, partner="p", on=on, **said)


def state(id: str, *holders: tk.Holder, **fields: Any) -> tk.State:
    """Make a state."""
    return tk.State(id=id, type="x", holders=holders, **fields)


def had_on(
    book: tk.Book, program: Program, on: date, partner: str = "p", **kw: Any
) -> Mapping[str, Fraction]:
    """Give what a partner has on a day in each track."""
    standing = tk.assess(tk.earn(book, program, **kw), on=on, partner=partner)
    points = {track: standing.points[track].fraction for track in standing.points}
    return points | {name: value for name, value in standing.figures.items() if value is not None}


def live_entries(ledger: tk.Ledger, on: date, partner: str = "p") -> Fraction:
    """Add up the entries that count on a day."""
    entries = [each for each in ledger.partner(partner).entries if on in each.span]
    return sum((each.points.fraction for each in entries), Fraction(0))


# ---------------------------------------------------------------- the calendar, written once more


def months_on(day: date, months: int, *, next_day: bool = False) -> date:
    """Add months: to a day that the month does not have, take its last, or the first of the next one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
        return following if next_day else following - ONE_DAY


def next_stretch(stretch: Stretch, day: date, year_from: str) -> date:
    """Give the first day of the stretch after the one that has a day, by looking at every day."""
    month, first = map(int, year_from.split("-"))
    step = {Stretch.DAY: 0, Stretch.MONTH: 1, Stretch.QUARTER: 3, Stretch.YEAR: 12}[stretch]
    begun = {
        date(year, each, first)
        for year in range(day.year - 1, day.year + 3)
        for each in range(1, 13)
        if step and (each - month) % step == 0
    }
    day += ONE_DAY
    while step and day not in begun:
        day += ONE_DAY
    return day


def counted_days(life: Life, own: date, year_from: str) -> tuple[date, date]:
    """Give the first day on which what happened on a day counts, and the first on which it no longer does."""
    later = life.short_month is ShortMonth.NEXT_DAY
    begin = months_on(own, life.pending_months, next_day=later) + life.pending_days * ONE_DAY
    ends = [months_on(own, life.months, next_day=later)] if life.months is not None else []
    ends += [own + life.days * ONE_DAY] if life.days is not None else []
    if life.through is not None:
        ends = [next_stretch(life.through, each, year_from) for each in ends or [own]]
    return begin, min(ends, default=date.max)
