"""Turned: whose points turn on the days after one, up to another, and what there is on both sides."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tierkit.engine.earning.events import DAY_OF
from tierkit.engine.earning.states import turns_of_state, worth_on
from tierkit.frozen import changed
from tierkit.programs.rules import While
from tierkit.values.points import Points
from tierkit.values.reason import total

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tierkit.engine.earning.credit import StateLine
    from tierkit.engine.earning.entry import Entry, Missing
    from tierkit.engine.earning.events import Cell, EventFact, Yield
    from tierkit.engine.earning.states import Tiers, Worth
    from tierkit.engine.earning.valuation import Valuation
    from tierkit.engine.moving.personal_years import PersonalYears

_ONE_DAY = timedelta(days=1)


def turns_on(each: Yield, fact: EventFact, on: date) -> bool:
    """Say whether what a rule gives for an event begins, ends or is cut on a day."""
    span = each.span_of(DAY_OF[each.rule.fact](fact))
    return span is not None and on in (span.start, span.end, each.cut.on if each.cut else None)


def ends_with_year(each: Yield, fact: EventFact, on: date, years: PersonalYears | None) -> bool:
    """Say whether a personal year ends on a day that what a rule gives for an event lives for."""
    if years is None or each.life.lasts_while is not While.YEAR:
        return False
    return years.end_of(DAY_OF[each.rule.fact](fact)) == on


def turning(cell: Cell, since: date, until: date, years: PersonalYears | None = None) -> list[EventFact]:
    """Give the facts of a cell whose points begin, end or are cut on the days after one, up to another."""
    found: dict[int, EventFact] = {}
    for each in cell.yields:
        day_of, (ended, begun) = DAY_OF[each.rule.fact], each.live_days(since, date.min)
        ends, begins = each.live_days(until, date.min)  # of years that end, more below
        cut = each.cut is not None and since < each.cut.on <= until
        for fact in cell.facts:
            if cut or begun < day_of(fact) <= begins or ended <= day_of(fact) < ends:
                found[id(fact)] = fact
        if years is not None and each.life.lasts_while is While.YEAR:
            its = (fact for fact in cell.facts if since < years.end_of(day_of(fact)) <= until)
            found.update((id(fact), fact) for fact in its)
    return list(found.values())


def worths_in(
    valuation: Valuation, line: StateLine, since: date, until: date, tiers: Tiers | None
) -> dict[date, Worth | Missing | None]:
    """Give what a state gives its holder on a day, and on each up to another on which that may turn."""
    tier_on, moved = tiers or (None, ())
    turns = turns_of_state(line, (*valuation.boundaries, *moved), since, until)
    days = (since, *(day for day in turns if day > since))
    return {day: worth_on(valuation, line, day, tier_on) for day in days}


def turned_in_years(
    entries: Sequence[Entry], since: date, until: date, years: PersonalYears | None
) -> Iterator[tuple[date, Entry | None, Entry | None]]:
    """Give the days on which the points of one event on one track turn, and end with a personal year.

    On a track to which movements post, the end of a year is none of them: what is left then of all facts,
    after what was taken off and added, goes as one.
    """
    if years is None:
        yield from turned(entries, since, until)
        return
    yield from (each for each in turned(entries, since, until) if each[0] not in years.told)
    ended = [each for entry in entries if (each := years.ended(entry))]
    posted = [each.reason.day for each in ended if each.track in years.posted]
    as_one = {years.end_of(day) for day in posted if day is not None}
    yield from (each for each in turned(ended, since, until) if each[0] in years.told.keys() - as_one)


def turned(
    entries: Sequence[Entry], since: date, until: date
) -> Iterator[tuple[date, Entry | None, Entry | None]]:
    """Give the days on which the points of one fact on one track turn, with what there is on both sides."""
    days = {day for entry in entries for day in (entry.span.start, entry.span.end) if day is not None}
    for on in sorted(day for day in days if since < day <= until):
        before, after = (_together(entries, day) for day in (on - _ONE_DAY, on))
        if worth_of(before) != worth_of(after):
            yield on, before, after


def _together(entries: Sequence[Entry], on: date) -> Entry | None:
    """Give the entry of a day; what several rules give a fact on one track is taken as one."""
    live = [entry for entry in entries if on in entry.span]
    if len(live) < 2:  # noqa: PLR2004 - nothing to add up
        return live[0] if live else None
    reason = total("points", [entry.reason for entry in live], unit=live[0].reason.unit, fact=live[0].fact)
    return changed(live[0], points=Points(reason.value), reason=reason)


def worth_of(entry: Entry | None) -> Points:
    """Give the points of a day, of which there may be no entry."""
    return entry.points if entry else Points(0)
