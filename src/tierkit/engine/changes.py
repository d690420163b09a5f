"""Changes: what came and what went between two days, row by row, so that start + new - lost = end."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, cast, final

import attrs

from tierkit.engine.causes import Cause, cause_of_event, causes_of_state, worth_points
from tierkit.engine.earning.events import DAY_OF, entries_of_cell
from tierkit.engine.earning.life import live_since, why_reversed
from tierkit.engine.earning.states import entries_of_state, turns_of_state, worth_on
from tierkit.engine.earning.valuation import joined
from tierkit.engine.history import checked_window
from tierkit.engine.ledger import lines_of, of_one_partner, refuse_ledger
from tierkit.engine.moving.badge import has_personal_years
from tierkit.engine.moving.walk import walk
from tierkit.engine.standing import assess
from tierkit.engine.tally import by_measure
from tierkit.errors import Problem
from tierkit.facts.facts import CORRECTION
from tierkit.frozen import FrozenMap, frozen
from tierkit.looks import html_of
from tierkit.values.points import Points
from tierkit.values.reason import Details, Reason, given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tierkit.engine.earning.entry import Entry
    from tierkit.engine.earning.events import Cell, EventFact
    from tierkit.engine.earning.states import StateLine
    from tierkit.engine.earning.valuation import Valuation
    from tierkit.engine.ledger import Ledger
    from tierkit.engine.moving.walk import Walked
    from tierkit.programs.program import Program

_ONE_DAY = timedelta(days=1)

_BY_REVERSAL = Cause.CORRECTION, Cause.CLAWBACK


@final
@frozen(kw_only=True)
class PointChange:
    """The points of one fact on one track, before a day and from that day on.

    Attributes:
        on: the first day with the points as they are after it.
        customer: the customer of the fact.
        fact: the id of the fact; empty where a movement took or added the points.
        kind: the kind of the deal, "account", the type of a general fact, or "movement".
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


@final
@frozen
class ChangeGroup:
    """The changes of one customer, or of one cause.

    Attributes:
        name: the customer, or the cause.
        new: the points that came, by track and measure.
        lost: the points that went, by track and measure, above zero.
        rows: the changes, in the order of their days.
    """

    name: str
    new: FrozenMap[Points]
    lost: FrozenMap[Points]
    rows: tuple[PointChange, ...]

    @property
    def net(self) -> FrozenMap[Points]:
        """What came less what went, by track and measure."""
        return _net(self.new, self.lost)


@final
@frozen(kw_only=True)
class Changes:
    """What came and went from the end of one day to the end of another; start + new - lost = end.

    Attributes:
        program: the id of the program.
        partner: the id of the partner.
        since: the day before the first that is looked at.
        until: the last day that is looked at.
        start: the points on `since`, by track and measure.
        new: the points that came, by track and measure.
        lost: the points that went, by track and measure, as numbers above zero.
        end: the points on `until`, by track and measure.
        rows: each change with its cause, in the order of days; a fact that points came to and went from
            on one day has one row for the two, and none where they are the same.
        problems: the facts that could not be valued and would count on the first or the last day.
        measures: the tracks that each track and measure counts.
    """

    program: str
    partner: str
    since: date
    until: date
    start: FrozenMap[Points]
    new: FrozenMap[Points]
    lost: FrozenMap[Points]
    end: FrozenMap[Points]
    rows: tuple[PointChange, ...]
    problems: tuple[Problem, ...]
    measures: FrozenMap[tuple[str, ...]]

    def _repr_html_(self) -> str:
        return html_of(self)

    @property
    def net(self) -> FrozenMap[Points]:
        """What came less what went, by track and measure."""
        return _net(self.new, self.lost)

    def customers(self) -> tuple[ChangeGroup, ...]:
        """Give the changes of each customer, those through which most points came and went first."""
        return self._grouped(lambda row: row.customer)

    def by_cause(self) -> tuple[ChangeGroup, ...]:
        """Give the changes of each cause, those through which most points came and went first."""
        return self._grouped(lambda row: row.cause.value)

    def _grouped(self, name_of: Callable[[PointChange], str]) -> tuple[ChangeGroup, ...]:
        groups: defaultdict[str, list[PointChange]] = defaultdict(list)
        for row in self.rows:
            groups[name_of(row)].append(row)

        def size(name: str) -> Fraction:
            return sum((abs(row.after - row.before).fraction for row in groups[name]), Fraction(0))

        names = sorted(groups, key=lambda name: (-size(name), name))
        return tuple(
            ChangeGroup(
                name,
                _added_up(self.measures, groups[name], lambda row: row.new),
                _added_up(self.measures, groups[name], lambda row: row.lost),
                tuple(groups[name]),
            )
            for name in names
        )


def changes(ledger: Ledger, *, since: date, until: date, partner: str | None = None) -> Changes:
    """Say which points came and went on the days after one day, up to another with that one.

    Points come with a deal or an event, with an account that is taken on or acted for again, and go with
    their life, with a lapse, at an end or by a reversal; what an account gives changes with its revenue,
    its market, those who share it, and the rules of the day.

    Args:
        ledger: what the book earned.
        since: the day before the first that is looked at.
        until: the last day that is looked at.
        partner: whose changes; needed only where the ledger has several partners.

    Raises:
        NotCovered: the program does not count in points on one of the two days.
        UnknownName: the ledger has no such partner.
        InvalidValue: `until` is before `since`; the ledger has several partners, or none, and none was named.
    """
    refuse_ledger(ledger, "changes")
    checked_window(since, until, "changes")
    ledger = of_one_partner(ledger, partner, "changes")
    start, end = assess(ledger, on=since), assess(ledger, on=until)
    rows = tuple(sorted(rows_between(ledger, since, until), key=_place))
    return Changes(
        program=start.program,
        partner=start.partner,
        since=since,
        until=until,
        start=start.points,
        new=_added_up(start.measures, rows, lambda row: row.new),
        lost=_added_up(start.measures, rows, lambda row: row.lost),
        end=end.points,
        rows=rows,
        problems=tuple(dict.fromkeys((*start.problems, *end.problems))),
        measures=start.measures,
    )


def _net(new: FrozenMap[Points], lost: FrozenMap[Points]) -> FrozenMap[Points]:
    return FrozenMap({name: points - lost[name] for name, points in new.items()})


def _place(row: PointChange) -> tuple[date, str, str, str]:
    return row.on, row.customer, row.fact, row.track


def _added_up(
    measures: FrozenMap[tuple[str, ...]],
    rows: Iterable[PointChange],
    points_in: Callable[[PointChange], Points],
) -> FrozenMap[Points]:
    tracks: dict[str, Fraction] = {}
    for row in rows:
        tracks[row.track] = tracks.get(row.track, Fraction(0)) + points_in(row).fraction
    return by_measure(measures, tracks)


def rows_between(ledger: Ledger, since: date, until: date) -> Iterator[PointChange]:
    """Make the rows of the ledger's one partner, in no order."""
    rows = list(_rows_of_facts(ledger, since, until))
    yield from rows
    if has_personal_years(ledger.program):
        yield from _rows_of_movements(ledger, rows, since, until)


def _rows_of_facts(ledger: Ledger, since: date, until: date) -> Iterator[PointChange]:
    """Make the rows that facts account for; entries only of the facts that turn."""
    lines, partner = lines_of(ledger), ledger.partner_id
    for cell in lines.cells.get(partner, ()):
        yield from _rows_of_cell(lines.valuation, cell, since, until)
    groups: defaultdict[tuple[str, str], list[StateLine]] = defaultdict(list)
    for line in lines.states.get(partner, ()):
        groups[line.fact.id, line.rule.track].append(line)
    corrected = {
        (each.reverses, each.on): f"ends {each.on}: {each.id}, {why_reversed(each)}"
        for each in ledger.book.in_force.reversals
        if each.cause == CORRECTION
    }
    for (fact, _), group in groups.items():
        if any(_turns(lines.valuation, line, since, until) for line in group):
            entries = [entry for line in group for entry in entries_of_state(lines.valuation, line)]
            for on, before, after in _turned(entries, since, until):
                told = corrected.get((fact, on), "")
                causes = causes_of_state(lines.valuation, group, on, corrected=bool(told))
                yield _row(on, before, after, causes, told if causes[0] is Cause.CORRECTION else "")


def _rows_of_movements(
    ledger: Ledger, rows: Iterable[PointChange], since: date, until: date
) -> Iterator[PointChange]:
    """Make a row for what facts do not account for: what movements post, and what personal years end."""
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    walked = walk(ledger, until, days)
    of_facts: defaultdict[tuple[date, str], Fraction] = defaultdict(Fraction)
    for row in rows:
        of_facts[row.on, row.track] += (row.after - row.before).fraction
    for eve, on in pairwise(days):
        then, now = walked.stops[eve].tally.tracks, walked.stops[on].tally.tracks
        for track in sorted({*then, *now}):
            moved = now.get(track, Fraction(0)) - then.get(track, Fraction(0)) - of_facts[on, track]
            if moved:
                yield _row_of_movement(on, track, moved, _behind(ledger.program, walked, on, track))


def _behind(program: Program, walked: Walked, on: date, track: str) -> Details:
    """Cite the one movement that posted points on a day, or else name all that decided on it."""
    posts = [post for badge in walked.badges for post in badge.posts if (post.on, post.track) == (on, track)]
    posted = {post.movement for post in posts if post.points}
    movement = next((each for each in program.movements if posted == {each.id}), None)
    if movement is None:
        decided = sorted({each.movement for each in walked.decisions if each.on == on} - {""})
        return {"unit": "points", "day": on, "rule": ", ".join(decided)}
    return {
        "unit": "points",
        "day": on,
        "rule": movement.id,
        "source": movement.source,
        "grade": movement.grade,
        "note": movement.note,
    }


def _row_of_movement(on: date, track: str, moved: Fraction, behind: Details) -> PointChange:
    gone = moved < 0
    label = "taken off by a movement, or by the end of a personal year" if gone else "added by a movement"
    return PointChange(
        on=on,
        customer="",
        fact="",
        kind="movement",
        track=track,
        before=Points(-moved if gone else 0),
        after=Points(0 if gone else moved),
        cause=Cause.MOVEMENT,
        reason=given(label, abs(moved), **behind),
    )


def _rows_of_cell(valuation: Valuation, cell: Cell, since: date, until: date) -> Iterator[PointChange]:
    turning = {fact.id: fact for fact in _turning(cell, since, until)}
    yields = {each.rule.track: each for each in cell.yields}  # no two rules give a fact points on one track
    entries: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries_of_cell(valuation, attrs.evolve(cell, facts=list(turning.values()))):
        entries[entry.fact, entry.track].append(entry)
    for (fact, track), group in entries.items():
        for on, before, after in _turned(group, since, until):
            each = yields[track]
            cause = cause_of_event(turning[fact], each, on)
            told = each.cut.note(each.rule.id) if each.cut and cause in _BY_REVERSAL else ""
            yield _row(on, before, after, [cause], told)


def _turning(cell: Cell, since: date, until: date) -> list[EventFact]:
    """Give the facts of a cell whose points begin, end or are cut on the days after one, up to another."""
    found: dict[int, EventFact] = {}
    for each in cell.yields:
        day_of, life = DAY_OF[each.rule.fact], each.life
        first, last = live_since(life, since), live_since(life, until)
        cut = each.cut is not None and since < each.cut.on <= until
        for fact in cell.facts:
            if cut or since < day_of(fact) <= until or first <= day_of(fact) < last:
                found[id(fact)] = fact
    return list(found.values())


def _turns(valuation: Valuation, line: StateLine, since: date, until: date) -> bool:
    """Say whether what a state gives its holder is another on one of some days than on the eve of them."""
    turns = [day for day in turns_of_state(line, valuation.boundaries, since, until) if day > since]
    return len({worth_points(worth_on(valuation, line, day)) for day in (since, *turns)}) > 1


def _turned(
    entries: Sequence[Entry], since: date, until: date
) -> Iterator[tuple[date, Entry | None, Entry | None]]:
    """Give the days on which the points of one fact on one track turn, with the entries of both sides."""
    days = {day for entry in entries for day in (entry.span.start, entry.span.end) if day is not None}
    for on in sorted(day for day in days if since < day <= until):
        before = next((entry for entry in entries if on - _ONE_DAY in entry.span), None)
        after = next((entry for entry in entries if on in entry.span), None)
        if _points(before) != _points(after):
            yield on, before, after


def _points(entry: Entry | None) -> Points:
    return entry.points if entry else Points(0)


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
        before=_points(before),
        after=_points(after),
        cause=causes[0],
        reason=side.reason,
        note=joined(told, f"also {', '.join(causes[1:])}" if causes[1:] else ""),
    )
