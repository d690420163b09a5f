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
from tierkit.engine.earning.life import why_reversed
from tierkit.engine.earning.states import entries_of_state, turns_of_state, worth_on
from tierkit.engine.earning.telling import joined
from tierkit.engine.history import checked_window, units_of
from tierkit.engine.ledger import lines_of, of_one_partner, refuse_ledger
from tierkit.engine.moving.badge import is_chronological
from tierkit.engine.moving.walk import walk
from tierkit.engine.outlook import tiers_in
from tierkit.engine.standing import assess
from tierkit.engine.tally import by_measure
from tierkit.errors import Problem
from tierkit.facts.facts import CORRECTION
from tierkit.frozen import FrozenMap, changed, frozen
from tierkit.looks import html_of
from tierkit.programs.dated import noted
from tierkit.values.points import Points
from tierkit.values.reason import Details, Reason, given, total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tierkit.engine.earning.credit import StateLine
    from tierkit.engine.earning.entry import Entry
    from tierkit.engine.earning.events import Cell, EventFact, Yield
    from tierkit.engine.earning.states import Tiers
    from tierkit.engine.earning.valuation import TierOn, Valuation
    from tierkit.engine.ledger import Ledger
    from tierkit.engine.moving.walk import Walked
    from tierkit.engine.standing import Standing
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

    It tells of the tracks, and of the measures that add tracks up. What one of these counts that does not
    count points is told in its own unit.

    Attributes:
        program: the id of the program.
        partner: the id of the partner.
        units: what is counted that is not points: "users", the code of a currency.
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
    units: FrozenMap[str]
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
        NotCovered: the program is not in force on one of the two days.
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
        units=FrozenMap({n: unit for n, unit in units_of(ledger.program).items() if n in start.measures}),
        since=since,
        until=until,
        start=_there(start),
        new=_added_up(start.measures, rows, lambda row: row.new),
        lost=_added_up(start.measures, rows, lambda row: row.lost),
        end=_there(end),
        rows=rows,
        problems=tuple(dict.fromkeys((*start.problems, *end.problems))),
        measures=start.measures,
    )


def _there(standing: Standing) -> FrozenMap[Points]:
    """Give what there is of each track, and of each measure that adds tracks up."""
    figures = {name: Points(figure) for name, figure in standing.figures.items() if figure is not None}
    every = {**standing.points, **figures}
    return FrozenMap({name: every[name] for name in standing.measures})


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
    if not is_chronological(ledger.program):
        yield from _rows_of_facts(ledger, since, until, None)
        return
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    walked = walk(ledger, until, days)
    rows = list(_rows_of_facts(ledger, since, until, tiers_in(ledger.program, walked)))
    yield from rows
    yield from _rows_of_movements(ledger.program, walked, rows, days)


def _rows_of_facts(ledger: Ledger, since: date, until: date, tiers: Tiers | None) -> Iterator[PointChange]:
    """Make the rows that facts account for; entries only of the facts that turn."""
    lines, partner, tier_on = lines_of(ledger), ledger.partner_id, tiers and tiers[0]
    for cell in lines.cells.get(partner, ()):
        yield from _rows_of_cell(lines.valuation, cell, since, until, tier_on)
    groups: defaultdict[tuple[str, str], list[StateLine]] = defaultdict(list)
    for line in lines.states.get(partner, ()):
        groups[line.fact.id, line.rule.track].append(line)
    corrected = {
        (each.reverses, each.on): f"ends {each.on}: {each.id}, {why_reversed(each)}"
        for each in ledger.book.in_force.reversals
        if each.cause == CORRECTION
    }
    for (fact, _), group in groups.items():
        if any(_turns(lines.valuation, line, since, until, tiers) for line in group):
            entries = [entry for line in group for entry in entries_of_state(lines.valuation, line, tiers)]
            for on, before, after in _turned(entries, since, until):
                told = corrected.get((fact, on), "")
                causes = causes_of_state(lines.valuation, group, on, corrected=bool(told), tier_on=tier_on)
                yield _row(on, before, after, causes, told if causes[0] is Cause.CORRECTION else "")


def _rows_of_movements(
    program: Program, walked: Walked, rows: Iterable[PointChange], days: Sequence[date]
) -> Iterator[PointChange]:
    """Make a row for what facts do not account for: what movements post, and what personal years end."""
    of_facts: defaultdict[tuple[date, str], Fraction] = defaultdict(Fraction)
    for row in rows:
        of_facts[row.on, row.track] += (row.after - row.before).fraction
    for eve, on in pairwise(days):
        then, now = walked.stops[eve].tally.tracks, walked.stops[on].tally.tracks
        for track in sorted({*then, *now}):
            moved = now.get(track, Fraction(0)) - then.get(track, Fraction(0)) - of_facts[on, track]
            if moved:
                yield _row_of_movement(on, track, moved, _behind(program, walked, on, track))


def _behind(program: Program, walked: Walked, on: date, track: str) -> Details:
    """Cite the one movement that posted points on a day, or else name all that decided on it."""
    posts = [post for badge in walked.badges for post in badge.posts if (post.on, post.track) == (on, track)]
    posted = {post.movement for post in posts if post.points}
    movement = next((each for each in program.movements if posted == {each.id}), None)
    unit = program.unit(track)
    if movement is None:
        decided = sorted({each.movement for each in walked.decisions if each.on == on} - {""})
        return {"unit": unit, "day": on, "rule": ", ".join(decided)}
    return {
        "unit": unit,
        "day": on,
        "rule": movement.id,
        "source": movement.source,
        "grade": movement.grade,
        "note": noted(movement.note, movement.file),
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


def _rows_of_cell(
    valuation: Valuation, cell: Cell, since: date, until: date, tier_on: TierOn | None
) -> Iterator[PointChange]:
    turning = {fact.id: fact for fact in _turning(cell, since, until)}
    entries: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    some = attrs.evolve(cell, facts=list(turning.values()))
    for entry in entries_of_cell(valuation, some, tier_on=tier_on):
        entries[entry.fact, entry.track].append(entry)
    for (fact, track), group in entries.items():
        for on, before, after in _turned(group, since, until):
            found = [
                (cause_of_event(turning[fact], each, on), each)
                for each in cell.yields
                if each.rule.track == track and _turns_on(each, turning[fact], on)
            ]
            order = list(Cause)
            found.sort(key=lambda each: order.index(each[0]))
            causes = list(dict.fromkeys(cause for cause, _ in found))
            cut, rule = found[0][1].cut, found[0][1].rule.id
            yield _row(on, before, after, causes, cut.note(rule) if cut and causes[0] in _BY_REVERSAL else "")


def _turns_on(each: Yield, fact: EventFact, on: date) -> bool:
    """Say whether what a rule gives for an event begins, ends or is cut on a day."""
    span = each.span_of(DAY_OF[each.rule.fact](fact))
    return span is not None and on in (span.start, span.end, each.cut.on if each.cut else None)


def _turning(cell: Cell, since: date, until: date) -> list[EventFact]:
    """Give the facts of a cell whose points begin, end or are cut on the days after one, up to another."""
    found: dict[int, EventFact] = {}
    for each in cell.yields:
        day_of, (ended, begun) = DAY_OF[each.rule.fact], each.live_days(since)
        ends, begins = each.live_days(until)
        cut = each.cut is not None and since < each.cut.on <= until
        for fact in cell.facts:
            if cut or begun < day_of(fact) <= begins or ended <= day_of(fact) < ends:
                found[id(fact)] = fact
    return list(found.values())


def _turns(valuation: Valuation, line: StateLine, since: date, until: date, tiers: Tiers | None) -> bool:
    """Say whether what a state gives its holder is another on one of some days than on the eve of them."""
    tier_on, moved = tiers or (None, ())
    turns = turns_of_state(line, (*valuation.boundaries, *moved), since, until)
    days = (since, *(day for day in turns if day > since))
    return len({worth_points(worth_on(valuation, line, day, tier_on)) for day in days}) > 1


def _turned(
    entries: Sequence[Entry], since: date, until: date
) -> Iterator[tuple[date, Entry | None, Entry | None]]:
    """Give the days on which the points of one fact on one track turn, with what there is on both sides."""
    days = {day for entry in entries for day in (entry.span.start, entry.span.end) if day is not None}
    for on in sorted(day for day in days if since < day <= until):
        before, after = (_together(entries, day) for day in (on - _ONE_DAY, on))
        if _points(before) != _points(after):
            yield on, before, after


def _together(entries: Sequence[Entry], on: date) -> Entry | None:
    """Give the entry of a day; what several rules give a fact on one track is taken as one."""
    live = [entry for entry in entries if on in entry.span]
    if len(live) < 2:  # noqa: PLR2004 - nothing to add up
        return live[0] if live else None
    reason = total("points", [entry.reason for entry in live], unit=live[0].reason.unit, fact=live[0].fact)
    return changed(live[0], points=Points(reason.value), reason=reason)


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
