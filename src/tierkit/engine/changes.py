"""Changes: what came and what went between two days, so that start + new - lost = end."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, final

from tierkit.engine.changing.doubts import Doubts
from tierkit.engine.changing.point_changes import PointChange, rows_between
from tierkit.engine.history import checked_window
from tierkit.engine.ledger import of_one_partner, refuse_ledger
from tierkit.engine.standing import assess
from tierkit.engine.tally import by_measure
from tierkit.engine.verdicts import units_of
from tierkit.errors import Problem
from tierkit.frozen import FrozenMap, frozen
from tierkit.looks import html_of
from tierkit.values.points import Points

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tierkit.engine.ledger import Ledger
    from tierkit.engine.standing import Standing


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
        at_least: of the sums "start", "new", "lost" and "end" the tracks and measures that are only known to
            be at least so much, because a fact that would feed them could not be valued.
        unsure: of these sums the tracks and measures that are no bound either way.
        problems: the facts that could not be valued and would count on one of the days.
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
    at_least: FrozenMap[tuple[str, ...]]
    unsure: FrozenMap[tuple[str, ...]]
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
        InvalidValue: a day is outside of 1900 to 2100;
            `until` is before `since`; the ledger has several partners, or none, and none was named.
    """
    refuse_ledger(ledger, "changes")
    checked_window(since, until, "changes")
    ledger = of_one_partner(ledger, partner, "changes")
    ledger.program.refuse_days_not_in_force(since, "since")
    ledger.program.refuse_days_not_in_force(until, "until")
    start, end = assess(ledger, on=since), assess(ledger, on=until)
    doubts = Doubts(since, until)
    rows = tuple(sorted(rows_between(ledger, since, until, doubts), key=_place))
    least, unsure = doubts.of(start.measures, {(row.fact, row.track) for row in rows})
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
        at_least=_by_sum(start.at_least, least, end.at_least, start.measures),
        unsure=_by_sum(start.unsure, unsure, end.unsure, start.measures),
        problems=tuple(dict.fromkeys((*start.problems, *doubts.problems, *end.problems))),
        measures=start.measures,
    )


def _there(standing: Standing) -> FrozenMap[Points]:
    """Give what there is of each track, and of each measure that adds tracks up."""
    figures = {name: Points(figure) for name, figure in standing.figures.items() if figure is not None}
    every = {**standing.points, **figures}
    return FrozenMap({name: every[name] for name in standing.measures})


def _by_sum(
    start: Iterable[str], between: Iterable[str], end: Iterable[str], measures: Iterable[str]
) -> FrozenMap[tuple[str, ...]]:
    """Name for each sum the tracks and measures of which something holds."""
    named = {"start": start, "new": between, "lost": between, "end": end}
    return FrozenMap({of: tuple(each for each in names if each in measures) for of, names in named.items()})


def _net(new: FrozenMap[Points], lost: FrozenMap[Points]) -> FrozenMap[Points]:
    return FrozenMap({name: points - lost[name] for name, points in new.items()})


def _place(row: PointChange) -> tuple[date, bool, str, str, str]:
    """Give the place of a row: of one day first what facts gave, then what movements posted of it."""
    return row.on, not row.fact, row.customer, row.fact, row.track


def _added_up(
    measures: FrozenMap[tuple[str, ...]],
    rows: Iterable[PointChange],
    points_in: Callable[[PointChange], Points],
) -> FrozenMap[Points]:
    tracks: dict[str, Fraction] = {}
    for row in rows:
        tracks[row.track] = tracks.get(row.track, Fraction(0)) + points_in(row).fraction
    return by_measure(measures, tracks)
