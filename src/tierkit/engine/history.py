"""A history: what a partner had and held on days at equal steps, in one sweep."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Protocol, TypeVar, final

from tierkit.engine.judge import possible_above
from tierkit.engine.ledger import of_one_partner, refuse_ledger
from tierkit.engine.moving.journey import named
from tierkit.engine.moving.walk import walk
from tierkit.engine.review import credited_of
from tierkit.engine.verdicts import ReachedTier, reached_by, units_of, verdicts_on
from tierkit.errors import InvalidValue, Problem, nearest, one_named, shown
from tierkit.facts.checks import checked_years
from tierkit.frozen import FrozenMap, frozen
from tierkit.looks import html_of
from tierkit.values.points import Points
from tierkit.values.span import add_days, add_months
from tierkit.values.tier import Tier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tierkit.engine.ledger import Ledger
    from tierkit.engine.moving.walk import Walked
    from tierkit.programs.program import Program

_STEPS: Final = {
    "day": (add_days, 1),
    "week": (add_days, 7),
    "month": (add_months, 1),
    "quarter": (add_months, 3),
    "year": (add_months, 12),
}


@final
@frozen(kw_only=True)
class Moment:
    """What a partner had and held on one day of a history.

    Attributes:
        on: the day.
        points: the points by track and measure, exact.
        figures: the tracks and measures that count something else, exact; None where nothing is known.
        at_least: the tracks and measures that are only known to be at least so much.
        unsure: those that are no bound either way.
        performance_tier: the highest tier whose requirements are all met.
        possible_tier: the highest tier above it that is unknown for want of a reading or a value.
        credited_tier: the tier that is held after the day's movements.
        note: for which days bars are known, where these are not.
    """

    on: date
    points: FrozenMap[Points]
    figures: FrozenMap[Fraction | None]
    at_least: tuple[str, ...]
    unsure: tuple[str, ...]
    performance_tier: ReachedTier
    possible_tier: Tier | None
    credited_tier: ReachedTier
    note: str


@final
@frozen(kw_only=True)
class History:
    """What a partner had and held along time.

    Attributes:
        program: the id of the program.
        partner: the id of the partner.
        since: the first day, from which every step is counted.
        until: the last day that may be one of them.
        every: the step.
        units: what the tracks and measures count that do not count points: "users", the code of a currency.
        days: what there was on each day, in order.
    """

    program: str
    partner: str
    since: date
    until: date
    every: str
    units: FrozenMap[str]
    days: tuple[Moment, ...]

    def __getitem__(self, on: date) -> Moment:
        """Give what there was on a day.

        Raises:
            UnknownName: the day is none of the history's.
        """
        return on_day(self.days, on, "history")

    def _repr_html_(self) -> str:
        return html_of(self)


def history(
    ledger: Ledger, *, since: date, until: date, every: str = "month", partner: str | None = None
) -> History:
    """Say what a partner had and held on days at equal steps.

    The days are `since` and n steps after it, always counted from `since`: 31 January is followed by
    28 February and 31 March.

    Args:
        ledger: what the book earned.
        since: the first day.
        until: the last day that may be one of them.
        every: "day", "week", "month", "quarter" or "year".
        partner: whose history; needed only where the ledger has several partners.

    Raises:
        NotCovered: the program is not in force on the first or the last day.
        UnknownName: the ledger has no such partner, or a held tier is none of the program's.
        InvalidValue: a day is outside of 1900 to 2100;
            the window runs backwards, there is no such step, or the ledger has
            several partners, or none, and none was named.
    """
    refuse_ledger(ledger, "history")
    days = _days(checked_window(since, until, "history"), every)
    program = ledger.program
    program.refuse_days_not_in_force(days[0], "since")
    program.refuse_days_not_in_force(days[-1], "until")
    ledger = of_one_partner(ledger, partner, "history")
    walked = walk(ledger, days[-1], days)
    return History(
        program=program.id,
        partner=ledger.partner_id,
        since=since,
        until=until,
        every=every,
        units=units_of(program),
        days=moments_on(program, walked, days),
    )


def moments_on(program: Program, walked: Walked, days: Sequence[date]) -> tuple[Moment, ...]:
    """Say what a partner had and held on days at which a walk stopped."""
    moments: list[Moment] = []
    notes = _bars_notes(program, days)
    for day in days:
        stop = walked.stops[day]
        holding = stop.holding
        verdicts = verdicts_on(program, day, holding)
        best = reached_by(verdicts)
        moments.append(
            Moment(
                on=day,
                points=holding.points,
                figures=holding.figures,
                at_least=holding.at_least,
                unsure=holding.unsure,
                performance_tier=named(program, best, day),
                possible_tier=named(program, possible_above(program, day, verdicts, best), day),
                credited_tier=credited_of(stop.credited),
                note=notes[day],
            )
        )
    return tuple(moments)


def _bars_notes(program: Program, days: Sequence[date]) -> dict[date, str]:
    """Say of each day which bars are not known: once for all days between which no bars change."""
    edges = sorted({edge for asked in program.requires.values() for edge in asked.boundaries()})
    stretches = {day: bisect_right(edges, day) for day in days}
    said = {stretch: program.bars_note(day) for day, stretch in stretches.items()}
    return {day: said[stretch] for day, stretch in stretches.items()}


class _OfADay(Protocol):
    @property
    def on(self) -> date: ...


_Found = TypeVar("_Found", bound=_OfADay)


def on_day(found: Sequence[_Found], on: date, where: str) -> _Found:
    """Find what there was on a day.

    Raises:
        UnknownName: there is nothing of that day.
    """
    return one_named(where, "day", str(on), {str(each.on): each for each in found})


def checked_window(since: date, until: date, verb: str, first: str = "since") -> tuple[date, date]:
    """Refuse what are no days, and a window that runs backwards.

    Raises:
        WrongType: for anything but a date.
        InvalidValue: the last day is before the first.
    """
    checked_years(since, f"{verb}: {first}")
    checked_years(until, f"{verb}: until")
    if until < since:
        expected, hint = f"a day on or after {first}, which is {since}", f"give the earlier day as {first}"
        raise InvalidValue(Problem(verb, "until", str(until), expected, hint))
    return since, until


def _days(window: tuple[date, date], every: str) -> list[date]:
    since, until = window
    if not isinstance(every, str) or every not in _STEPS:
        hint = nearest(every, _STEPS) if isinstance(every, str) else ""
        raise InvalidValue(
            Problem("history", "every", shown(every), f"one of {', '.join(map(repr, _STEPS))}", hint)
        )
    add, step = _STEPS[every]
    days = [since]
    while (day := add(since, step * len(days))) <= until:
        days.append(day)
    return days
