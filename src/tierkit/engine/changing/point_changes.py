"""Point changes: the rows of what came and went between two days, each with its cause."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, cast, final

import attrs

from tierkit.engine.changing.causes import Cause, cause_of_event, causes_of_state, worth_points
from tierkit.engine.changing.doubts import Doubts
from tierkit.engine.changing.turned import (
    ends_with_year,
    turned,
    turned_in_years,
    turning,
    turns_on,
    worth_of,
    worths_in,
)
from tierkit.engine.earning.entry import Missing
from tierkit.engine.earning.events import entries_of_cell
from tierkit.engine.earning.life import why_reversed
from tierkit.engine.earning.states import entries_of_state, worth_on
from tierkit.engine.earning.telling import joined
from tierkit.engine.ledger import lines_of
from tierkit.engine.moving.badge import has_personal_years, is_chronological
from tierkit.engine.moving.personal_years import years_told
from tierkit.engine.moving.posts import reason_of_post
from tierkit.engine.moving.walk import walk
from tierkit.engine.outlook import tiers_in
from tierkit.facts.facts import CORRECTION
from tierkit.frozen import frozen
from tierkit.values.points import Points
from tierkit.values.reason import Reason, given

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tierkit.engine.earning.credit import StateLine
    from tierkit.engine.earning.entry import Entry
    from tierkit.engine.earning.events import Cell, Yield
    from tierkit.engine.earning.states import Tiers
    from tierkit.engine.earning.valuation import TierOn, Valuation
    from tierkit.engine.ledger import Ledger
    from tierkit.engine.moving.badge import Badge
    from tierkit.engine.moving.personal_years import PersonalYears
    from tierkit.engine.moving.walk import Walked
    from tierkit.programs.program import Program

_ONE_DAY = timedelta(days=1)

_BY_REVERSAL = Cause.CORRECTION, Cause.CLAWBACK


@final
@frozen(kw_only=True)
class PointChange:
    """The points of one fact on one track, before a day and from that day on.

    Where the track counts something else, such as users, these are meant: `Changes.units` says so.

    Attributes:
        on: the first day with the points as they are after it.
        customer: the customer of the fact.
        fact: the id of the fact; empty where a movement took or added the points, or the year ended.
        kind: the kind of the deal, "account", the type of a general fact, "movement" or "year-end".
        track: the kind of points.
        before: what the fact gave on the eve.
        after: what it gives on the day.
        cause: why.
        reason: how the number after came about; where nothing is left, the one before.
        note: which reversal took them, and what else happened to the fact on that day and changed its points.
    """

    on: date
    customer: str
    fact: str
    kind: str
    track: str
    before: Points
    after: Points
    cause: Cause
    reason: Reason
    note: str = ""

    @property
    def new(self) -> Points:
        """The points that came; none where points went."""
        return max(self.after - self.before, Points(0))

    @property
    def lost(self) -> Points:
        """The points that went, as a number above zero; none where points came."""
        return max(self.before - self.after, Points(0))


def rows_between(
    ledger: Ledger, since: date, until: date, doubts: Doubts | None = None
) -> Iterator[PointChange]:
    """Make the rows of the ledger's one partner, in no order.

    Args:
        ledger: what the book earned.
        since: the day before the first that is looked at.
        until: the last day that is looked at.
        doubts: takes what could not be valued.
    """
    doubts, program = doubts or Doubts(since, until), ledger.program
    if not is_chronological(program):
        yield from _rows_of_facts(ledger, doubts, None, None)
        return
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    walked = walk(ledger, until, days)
    years = years_told(program, walked.stops) if has_personal_years(program) else None
    doubts.add_stops(walked.stops.values())
    rows = list(_rows_of_facts(ledger, doubts, tiers_in(program, walked), years))
    yield from rows
    yield from _rows_of_movements(program, walked, rows, days, years.told if years else {})


def _rows_of_facts(
    ledger: Ledger, doubts: Doubts, tiers: Tiers | None, years: PersonalYears | None
) -> Iterator[PointChange]:
    """Make the rows that facts account for; entries only of the facts that turn."""
    lines, partner, tier_on = lines_of(ledger), ledger.partner_id, tiers and tiers[0]
    since, until = doubts.since, doubts.until
    doubts.add_failures(lines.failures.get(partner, ()), years)
    for cell in lines.cells.get(partner, ()):
        yield from _rows_of_cell(lines.valuation, cell, doubts, tier_on, years)
    groups: defaultdict[tuple[str, str], list[StateLine]] = defaultdict(list)
    for line in lines.states.get(partner, ()):
        groups[line.fact.id, line.rule.track].append(line)
    corrected = {
        (each.reverses, each.on): f"ends {each.on}: {each.id}, {why_reversed(each)}"
        for each in ledger.book.in_force.reversals
        if each.cause == CORRECTION
    }
    for (fact, _), group in groups.items():
        turns = False
        for line in group:
            worths = worths_in(lines.valuation, line, since, until, tiers)
            doubts.add_state(line, worths)
            turns |= len(set(map(worth_points, worths.values()))) > 1
        if turns:
            entries = [entry for line in group for entry in entries_of_state(lines.valuation, line, tiers)]
            for on, before, after in turned(entries, since, until):
                told = corrected.get((fact, on), "")
                causes = causes_of_state(lines.valuation, group, on, corrected=bool(told), tier_on=tier_on)
                told = told if causes[0] is Cause.CORRECTION else ""
                if Cause.NO_LONGER_VALUED in causes:
                    told = joined(told, _lacking(lines.valuation, group, on, tier_on))
                yield _row(on, before, after, causes, told)


def _lacking(valuation: Valuation, group: Sequence[StateLine], on: date, tier_on: TierOn | None) -> str:
    """Say for want of what nobody knows what a state gives on a day."""
    worths = (worth_on(valuation, line, on, tier_on) for line in group)
    missing = (f"{each.field}: {each.expected}" for each in worths if isinstance(each, Missing))
    return f"lacks {', '.join(dict.fromkeys(missing))}"


def _rows_of_movements(
    program: Program,
    walked: Walked,
    rows: Iterable[PointChange],
    days: Sequence[date],
    told: Mapping[date, Badge],
) -> Iterator[PointChange]:
    """Make the rows for what facts do not account for: what movements post, and what a year ends after that.

    On a day on which it is not known what they posted, and which years ended, there is one row for the two.
    """
    of_others: defaultdict[tuple[date, str], Fraction] = defaultdict(Fraction)
    for row in rows:
        of_others[row.on, row.track] += (row.after - row.before).fraction
    for eve, on in pairwise(days):
        badge = told.get(on)
        posts = [post for post in badge.posts if post.on == on and post.points] if badge else []
        for post in posts:
            of_others[on, post.track] += post.points
        ended = badge is not None and on in badge.ends
        then, now = walked.stops[eve].tally.tracks, walked.stops[on].tally.tracks
        for track in program.tracks:
            moved = now.get(track, Fraction(0)) - then.get(track, Fraction(0)) - of_others[on, track]
            if moved:
                decided = sorted({each.movement for each in walked.decisions if each.on == on} - {""})
                label, rule = "by a movement, or by the end of a personal year", ", ".join(decided)
                label, rule = ("left when the personal year ended", "") if ended else (label, rule)
                cause = Cause.EXPIRY if ended else Cause.MOVEMENT
                reason = given(label, abs(moved), unit=program.unit(track), day=on, rule=rule)
                yield _row_without_fact(on, track, moved, cause, reason)
        for post in posts:
            reason = reason_of_post(program, post, abs(post.points))
            yield _row_without_fact(on, post.track, post.points, Cause.MOVEMENT, reason)


def _row_without_fact(on: date, track: str, moved: Fraction, cause: Cause, reason: Reason) -> PointChange:
    return PointChange(
        on=on,
        customer="",
        fact="",
        kind="movement" if cause is Cause.MOVEMENT else "year-end",
        track=track,
        before=max(Points(-moved), Points(0)),
        after=max(Points(moved), Points(0)),
        cause=cause,
        reason=reason,
    )


def _rows_of_cell(
    valuation: Valuation, cell: Cell, doubts: Doubts, tier_on: TierOn | None, years: PersonalYears | None
) -> Iterator[PointChange]:
    since, until = doubts.since, doubts.until
    for each in cell.yields:
        doubts.add_failures(cell.tierless(each, cell.facts, tier_on), years)
    facts = {fact.id: fact for fact in turning(cell, since, until, years)}
    entries: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    some = attrs.evolve(cell, facts=list(facts.values()))
    for entry in entries_of_cell(valuation, some, tier_on=tier_on):
        entries[entry.fact, entry.track].append(entry)
    for (name, track), group in entries.items():
        fact = facts[name]
        for on, before, after in turned_in_years(group, since, until, years):
            found: list[tuple[Cause, Yield]] = []
            for each in cell.yields:
                year_ends = ends_with_year(each, fact, on, years)
                if each.rule.track == track and (year_ends or turns_on(each, fact, on)):
                    found.append((cause_of_event(fact, each, on, year_ends=year_ends), each))
            order = list(Cause)
            found.sort(key=lambda each: order.index(each[0]))
            causes = list(dict.fromkeys(cause for cause, _ in found))
            cut, rule = found[0][1].cut, found[0][1].rule.id
            yield _row(on, before, after, causes, cut.note(rule) if cut and causes[0] in _BY_REVERSAL else "")


def _row(
    on: date, before: Entry | None, after: Entry | None, causes: Sequence[Cause], told: str
) -> PointChange:
    side = cast("Entry", after or before)
    return PointChange(
        on=on,
        customer=side.customer,
        fact=side.fact,
        kind=side.kind,
        track=side.track,
        before=worth_of(before),
        after=worth_of(after),
        cause=causes[0],
        reason=side.reason,
        note=joined(told, f"also {', '.join(causes[1:])}" if causes[1:] else ""),
    )
