"""What counts: the points of a partner by track, on one day or along many days in one sweep."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from fractions import Fraction
from itertools import accumulate
from math import lcm
from typing import TYPE_CHECKING, TypeAlias, final

import attrs

from tierkit.engine.earning.entry import Missing
from tierkit.engine.earning.events import DAY_OF, live_on
from tierkit.engine.earning.states import Worth, lowers_on, worth_on, worths_along
from tierkit.engine.ledger import lines_of
from tierkit.errors import Problem
from tierkit.frozen import FrozenMap
from tierkit.values.points import Points, points_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import date

    from tierkit.engine.earning.credit import StateLine
    from tierkit.engine.earning.entry import Failure
    from tierkit.engine.earning.events import Cell, Yield
    from tierkit.engine.earning.valuation import TierOn, Valuation
    from tierkit.engine.ledger import Ledger
    from tierkit.engine.verdicts import ReachedTier

Key: TypeAlias = tuple[str, int]
"""A track, and the denominator of the points that are added up there: sums stay in integers."""

Places: TypeAlias = dict["date", tuple[int, int]]


@final
@attrs.define(frozen=True)
class Counter:
    """Where a member's personal year stands, and under which tiers the facts fell, where points hang on that.

    Attributes:
        since: the first day of the points that count until the year ends.
        posted: what movements have added and taken off, by track.
        tier_on: gives the tier that was held on the morning of a day; unknown where nobody knows. None where
            no rule asks for it.
    """

    since: date
    posted: Mapping[str, Fraction]
    tier_on: Callable[[date], ReachedTier] | None = None


@final
@attrs.define
class Tally:
    """What counts on a day.

    Attributes:
        on: the day.
        tracks: the points by track; a track without any may be missing.
        lacks: the tracks that lack a fact, each with whether that might take points away.
        problems: why those facts could not be valued.
    """

    on: date
    tracks: dict[str, Fraction] = attrs.Factory(dict[str, Fraction])
    lacks: dict[str, bool] = attrs.Factory(dict[str, bool])
    problems: dict[Problem, None] = attrs.Factory(dict["Problem", None])

    def lack(self, track: str, problem: Problem, *, lowers: bool) -> None:
        """Note that a track lacks a fact."""
        self.lacks[track] = lowers or self.lacks.get(track, False)
        self.problems[problem] = None

    def lack_failed(self, failure: Failure) -> None:
        """Note a fact that could not be valued, on a day on which it would count."""
        for track in failure.tracks:
            self.lack(track, failure.problem, lowers=failure.lowers)

    def lack_state(self, line: StateLine, missing: Missing) -> None:
        """Note a state that cannot be valued on the day."""
        place = f"{line.rule.fact.value} {line.fact.id}"
        self.lack(line.rule.track, missing.problem(place), lowers=lowers_on(line, self.on))


def tally_on(ledger: Ledger, on: date, counter: Counter | None = None) -> Tally:
    """Add up what counts for the ledger's one partner on a day."""
    partner, lines = ledger.partner_id, lines_of(ledger)
    tally = Tally(on)
    sums: dict[Key, int | Fraction] = {}
    year, tier_on = (counter.since, counter.tier_on) if counter else (on, None)
    _add_events(tally, sums, lines.cells.get(partner, ()), year, tier_on)
    for failure in lines.failures.get(partner, ()):
        begun_before = counter is not None and failure.day is not None and failure.day < counter.since
        if on in failure.span and not (failure.with_year and begun_before):
            tally.lack_failed(failure)
    for line in lines.states.get(partner, ()):
        worth = worth_on(lines.valuation, line, on, tier_on)
        if isinstance(worth, Worth):
            key, points = _of_state(line, worth)
            sums[key] = sums.get(key, 0) + points
        elif isinstance(worth, Missing):
            tally.lack_state(line, worth)
    for track, denominator, [numerator] in _by_track({key: [each] for key, each in sums.items()}):
        tally.tracks[track] = Fraction(numerator, denominator)
    for track, points in counter.posted.items() if counter else ():
        tally.tracks[track] = tally.tracks.get(track, Fraction(0)) + points
    return tally


def _add_events(
    tally: Tally, sums: dict[Key, int | Fraction], cells: Sequence[Cell], year: date, tier_on: TierOn | None
) -> None:
    """Add what the events of some cells give on the day of a tally."""
    for cell, each, facts in live_on(cells, tally.on, year):
        kept = each.kept_on(tally.on)
        if kept:
            key = (each.rule.track, each.factor.denominator)
            sums[key] = sums.get(key, 0) + each.total(facts, tier_on) * kept
            for failure in cell.tierless(each, facts, tier_on):
                tally.lack_failed(failure)


def tally_along(ledger: Ledger, days: Sequence[date]) -> list[Tally]:
    """Add up what counts for the ledger's one partner on each of many days, given in order, in one sweep.

    The same as `tally_on` for each of them, in a program where nothing hangs on the tier that is held.
    """
    partner, lines = ledger.partner_id, lines_of(ledger)
    tallies = [Tally(day) for day in days]
    if not tallies:
        return tallies
    rows = _Rows(len(days))
    _sweep_events(rows, lines.cells.get(partner, ()), days)
    for failure in (*lines.failures.get(partner, ()), *_tierless(lines.cells.get(partner, ()))):
        for index in range(*_indices(days, failure.span.start, failure.span.end)):
            tallies[index].lack_failed(failure)
    for line in lines.states.get(partner, ()):
        _sweep_state(rows, tallies, lines.valuation, line, days)
    for track, denominator, row in _by_track(rows):
        for tally, numerator in zip(tallies, accumulate(row), strict=False):
            tally.tracks[track] = Fraction(numerator, denominator)
    return tallies


def _by_track(
    rows: Mapping[Key, Sequence[int | Fraction]],
) -> Iterator[tuple[str, int, list[int | Fraction]]]:
    """Bring the rows of each track to one denominator, and add them up."""
    of: dict[str, list[Key]] = {}
    for key in rows:
        of.setdefault(key[0], []).append(key)
    for track, keys in of.items():
        common = lcm(*(denominator for _, denominator in keys))
        scaled = [[each * (common // key[1]) for each in rows[key]] for key in keys]
        yield track, common, [sum(column) for column in zip(*scaled, strict=True)]


def agreed(tallies: Sequence[Tally], doubtful: Collection[str] = ()) -> Tally:
    """Give of several possible tallies of one day that with most points, unsure where they differ.

    Args:
        tallies: at least one.
        doubtful: tracks that are unsure whatever the tallies say.
    """
    most = max(tallies, key=lambda tally: sum(tally.tracks.values()))
    differing = {
        track
        for other in tallies
        for track in {*most.tracks, *other.tracks}
        if most.tracks.get(track, 0) != other.tracks.get(track, 0)
    }
    for track in sorted(differing.union(doubtful)):
        found = "more than one possible tier"
        expected = "the tier that is held: what counts hangs on it"
        hint = "add the tier that the partner holds, as a Held fact"
        most.lack(track, Problem(f"{track} on {most.on}", "", found, expected, hint), lowers=True)
    return most


def _of_state(line: StateLine, worth: Worth) -> tuple[Key, int | Fraction]:
    share = worth.share
    return (line.rule.track, worth.factor.denominator * share.denominator), worth.number * share.numerator


class _Rows(dict[Key, list[int | Fraction]]):
    """For each key the differences of its points from one of the days to the next."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def __missing__(self, key: Key) -> list[int | Fraction]:
        row: list[int | Fraction] = [0] * (self._count + 1)
        self[key] = row
        return row

    def add(self, key: Key, first: int, end: int, points: int | Fraction) -> None:
        """Let points begin on one of the days and end on another."""
        row = self[key]
        row[first] += points
        row[end] -= points


class _Places(dict["date", tuple[int, int]]):
    """For the day of an event, which of the days it counts on: from the first index up to the second."""

    def __init__(self, each: Yield, days: Sequence[date]) -> None:
        super().__init__()
        live = [each.live_days(day) for day in days]
        self._since = [first for first, _ in live]
        self._until = [last for _, last in live]
        self.first, self.last = self._since[0], self._until[-1]

    def __missing__(self, day: date) -> tuple[int, int]:
        found = self[day] = bisect_left(self._until, day), bisect_right(self._since, day)
        return found


def _tierless(cells: Sequence[Cell]) -> Iterator[Failure]:
    for cell in cells:
        for each in cell.yields:
            yield from cell.tierless(each, cell.facts)


def _sweep_events(rows: _Rows, cells: Sequence[Cell], days: Sequence[date]) -> None:
    places: dict[int, _Places] = {}
    for cell in cells:
        for each in cell.yields:
            of_life = places.get(id(each.life))
            if of_life is None:
                of_life = places[id(each.life)] = _Places(each, days)
            if cell.days[1] <= of_life.first or days[-1] < cell.days[0]:
                continue  # all of it ended before the days, or began after them
            key = (each.rule.track, each.factor.denominator)
            if each.cut is not None:
                _sweep_cut(rows, cell, each, of_life, days)
                continue
            day_of, row = DAY_OF[each.rule.fact], rows[key]
            facts = cell.between(each, of_life.first, of_life.last)
            for day, points in zip(map(day_of, facts), each.numbers(facts), strict=True):
                first, end = of_life[day]
                if first < end:
                    row[first] += points
                    row[end] -= points


def _sweep_state(
    rows: _Rows, tallies: Sequence[Tally], valuation: Valuation, line: StateLine, days: Sequence[date]
) -> None:
    for first, end, worth in worths_along(valuation, line, days):
        if isinstance(worth, Worth):
            key, points = _of_state(line, worth)
            rows.add(key, first, end, points)
        elif isinstance(worth, Missing):
            for tally in tallies[first:end]:
                tally.lack_state(line, worth)


def _sweep_cut(rows: _Rows, cell: Cell, each: Yield, places: _Places, days: Sequence[date]) -> None:
    """Sweep a fact that was reversed: whole up to that day, and from then on the part that is left."""
    [fact] = cell.facts
    cut = each.cut
    first, end = places[DAY_OF[each.rule.fact](fact)]
    if cut is None or first >= end:
        return
    middle = min(max(bisect_left(days, cut.on), first), end)
    points = each.total(cell.facts)
    key = (each.rule.track, each.factor.denominator)
    rows.add(key, first, middle, points)
    rows.add(key, middle, end, points * cut.kept)


def _indices(days: Sequence[date], start: date | None, end: date | None) -> tuple[int, int]:
    first = 0 if start is None else bisect_left(days, start)
    return first, len(days) if end is None else bisect_left(days, end)


def by_measure(measures: Mapping[str, Sequence[str]], tracks: Mapping[str, Fraction]) -> FrozenMap[Points]:
    """Give the points of every track, and of every measure that adds tracks up."""
    zero = Fraction(0)
    sums = {name: sum((tracks.get(track, zero) for track in of), zero) for name, of in measures.items()}
    return FrozenMap({name: points_of(each.numerator, each.denominator) for name, each in sums.items()})
