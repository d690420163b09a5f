"""Counting: the facts behind the points of some tracks, and what the events of a stretch of days gave."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from tierkit.engine.earning.events import DAY_OF, live_on
from tierkit.engine.earning.states import Worth, worth_on
from tierkit.engine.ledger import lines_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from tierkit.engine.earning.credit import StateFact
    from tierkit.engine.earning.entry import Failure
    from tierkit.engine.earning.events import Cell, EventFact, Yield
    from tierkit.engine.earning.valuation import TierOn
    from tierkit.engine.ledger import Ledger


def live_facts(
    ledger: Ledger,
    tracks: Collection[str],
    on: date,
    *,
    year: date | None = None,
    tier_on: TierOn | None = None,
) -> Iterator[EventFact | StateFact]:
    """Give each fact of the ledger's one partner that counts on a day in one of some tracks, each once.

    One that a reversal left nothing of does not count, nor one that cannot be valued.

    Args:
        ledger: what the book earned.
        tracks: the tracks.
        on: the day.
        year: the first day of the personal year, for points that count until it ends.
        tier_on: tells the tier that was held on the morning of a day, where points hang on that.
    """
    lines, partner = lines_of(ledger), ledger.partner_id
    events: dict[str, EventFact] = {}
    for _, each, facts in live_on(lines.cells.get(partner, ()), on, year):
        if _is_left(each, tracks, on):
            day_of = DAY_OF[each.rule.fact]
            events |= {fact.id: fact for fact in facts if each.is_known(day_of(fact), tier_on)}
    yield from events.values()
    states: dict[str, StateFact] = {}
    for line in lines.states.get(partner, ()):
        if line.rule.track in tracks and line.fact.id not in states:
            worth = worth_on(lines.valuation, line, on, tier_on)
            if isinstance(worth, Worth) and worth.share:
                states[line.fact.id] = line.fact
    yield from states.values()


def facts_between(
    ledger: Ledger,
    tracks: Collection[str],
    since: date,
    until: date,
    on: date,
    *,
    tier_on: TierOn | None = None,
) -> Iterator[EventFact]:
    """Give each event of some days that has fed one of some tracks, whether it still counts, each once.

    One that a reversal left nothing of, up to a day, does not count, nor one that cannot be valued. States
    have no day of their own, and are no part of it.

    Args:
        ledger: what the book earned.
        tracks: the tracks.
        since: the first of the days.
        until: the first day after them.
        on: the day up to which reversals are known, and by which it has begun to count.
        tier_on: tells the tier that was held on the morning of a day, where points hang on that.
    """
    for cell in lines_of(ledger).cells.get(ledger.partner_id, ()):
        found: dict[int, EventFact] = {}
        for each in [each for each in cell.yields if _is_left(each, tracks, on)]:
            facts = _begun(cell, each, since, until, on)
            found |= {
                id(fact): fact for fact in facts if each.is_known(DAY_OF[each.rule.fact](fact), tier_on)
            }
        yield from found.values()


def earned_between(
    ledger: Ledger, track: str, since: date, until: date, on: date, *, tier_on: TierOn | None = None
) -> tuple[Fraction, bool | None]:
    """Add up what the events of some days gave in a track, whether it still counts or not.

    Args:
        ledger: what the book earned.
        track: the track.
        since: the first of the days.
        until: the first day after them.
        on: the day up to which reversals are taken into account, and by which it has begun to count.
        tier_on: tells the tier that was held on the morning of a day, where points hang on that.

    Returns:
        The points, and, where an event of these days could not be valued, whether it might take points away;
        None where none is lacking.
    """
    lines, partner = lines_of(ledger), ledger.partner_id
    points = Fraction(0)
    failed = [each for each in lines.failures.get(partner, ()) if _failed(each, track, since, until, on)]
    for cell in lines.cells.get(partner, ()):
        for each in [each for each in cell.yields if _is_left(each, (track,), on)]:
            facts = _begun(cell, each, since, until, on)
            if facts:
                number = each.total(facts, tier_on) * each.kept_on(on)
                points += Fraction(number) / each.factor.denominator
                failed += cell.tierless(each, facts, tier_on)
    return points, any(failure.lowers for failure in failed) if failed else None


def _is_left(each: Yield, tracks: Collection[str], on: date) -> bool:
    """Say whether a yield feeds one of some tracks, and a reversal leaves something of it on a day."""
    return each.rule.track in tracks and each.kept_on(on) != 0


def _begun(cell: Cell, each: Yield, since: date, until: date, on: date) -> list[EventFact]:
    """Give the facts of some days that have begun to count by a day, but for those that never do."""
    day_of = DAY_OF[each.rule.fact]
    facts = [fact for fact in cell.between(each, since, on) if day_of(fact) < until]
    if each.life.pending_months or each.life.pending_days:
        spans = ((fact, each.span_of(day_of(fact))) for fact in facts)
        return [
            fact for fact, span in spans if span is not None and span.start is not None and span.start <= on
        ]
    return facts


def _failed(failure: Failure, track: str, since: date, until: date, on: date) -> bool:
    """Say whether an event of some days could not be valued, and a reversal did not take it all by a day."""
    taken = failure.taken_on is not None and failure.taken_on <= on
    begun = failure.span.start is None or failure.span.start <= on
    of_days = failure.day is not None and since <= failure.day < until
    return track in failure.tracks and of_days and begun and not taken
