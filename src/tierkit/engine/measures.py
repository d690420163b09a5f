"""Measuring: what each quantity of a program is on a day, operator by operator.

A scene knows one partner's ledger. It gives the figure of a quantity in a frame: as it stood on a day, or
as it was earned in a stretch of days. What an operator asks about other days is found once for each of them.
"""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, cast, final

import attrs

from tierkit.engine.earning.counting import earned_between, facts_between, live_facts
from tierkit.engine.earning.selecting import attribute
from tierkit.engine.figure import (
    NOTHING_KNOWN,
    Figure,
    exactly,
    highest,
    lowest,
    negative,
    perhaps,
    product,
    ratio,
    rounded,
    scaled,
    total,
)
from tierkit.engine.ledger import lines_of
from tierkit.engine.tally import tally_along, tally_on
from tierkit.engine.verdicts import Holding, verdict_in
from tierkit.programs import measures as ops
from tierkit.values.calendar import stretch_of
from tierkit.values.span import add_days, add_months
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from tierkit.engine.earning.valuation import TierOn
    from tierkit.engine.ledger import Ledger
    from tierkit.engine.tally import Counter, Tally
    from tierkit.programs.measures import Operand, Operation
    from tierkit.programs.program import Program
    from tierkit.values.tier import Tier

Window: TypeAlias = "tuple[date, date]"
"""The first day of a stretch, and the first one after it."""


@final
@attrs.define(frozen=True, eq=False)
class Course:
    """What hangs on the tiers that a partner held, in a program in which points or bars do.

    Attributes:
        tenure: for how many whole months a tier, or one above it, had been held on a day without a break:
            at least, and at most; None where that has no end.
        counter: what tells the points that counted on a day.
    """

    tenure: Callable[[Tier, date], tuple[int, int | None]]
    counter: Callable[[date], Counter | None]


@final
class Frame(NamedTuple):
    """What a figure is asked about: a day, or what was earned in a window, as known on a day."""

    on: date
    window: Window | None = None

    @property
    def last_day(self) -> date:
        """The day itself, or the last one of the window."""
        return self.on if self.window is None else min(self.on, self.window[1] - timedelta(days=1))


class Scene:
    """What one partner's quantities are, found as they are asked for."""

    def __init__(self, ledger: Ledger, course: Course | None = None) -> None:
        self.ledger = ledger
        self.program: Program = ledger.program
        self.course = course
        self._tallies: dict[date, Tally] = {}
        self._figures: dict[tuple[str, Frame], Figure] = {}
        self._holdings: dict[date, Holding] = {}

    def holding(self, tally: Tally) -> Holding:
        """Give what the partner has on the day of a tally."""
        self._tallies[tally.on] = tally
        return self.holding_on(tally.on)

    def holding_on(self, on: date) -> Holding:
        """Give what the partner has on a day, as far as tiers ask for it."""
        found = self._holdings.get(on)
        if found is None:
            frame = Frame(on)
            have = {name: self.figure(name, frame) for name in self.program.quantities}
            found = self._holdings[on] = self._held(have, on)
        return found

    def _held(self, have: dict[str, Figure], on: date) -> Holding:
        who = lines_of(self.ledger).people.get(self.ledger.partner_id)
        units = lines_of(self.ledger).valuation.units
        return Holding(self.program, have, readings_on(self.ledger, on), who, units)

    def figure(self, name: str, frame: Frame) -> Figure:
        """Give the figure of a track, a measure or a reading."""
        key = name, frame
        found = self._figures.get(key)
        if found is None:
            found = self._figures[key] = self._found(name, frame)
        return found

    def _found(self, name: str, frame: Frame) -> Figure:
        measure = self.program.measures.get(name)
        if measure is not None:
            return self._measured(measure.by, frame)
        if name in self.program.readings:
            value = readings_on(self.ledger, frame.last_day).get(name)
            return exactly(value) if isinstance(value, Fraction) else NOTHING_KNOWN
        return self._track(name, frame)

    def _track(self, track: str, frame: Frame) -> Figure:
        if frame.window is not None:
            return self._earned(track, frame, frame.window)
        tally = self.tally(frame.on)
        return _lacking(tally.tracks.get(track, Fraction(0)), tally.lacks.get(track))

    def _earned(self, track: str, frame: Frame, window: Window) -> Figure:
        _, tier_on = self._hanging_on(frame.on)
        return _lacking(*earned_between(self.ledger, track, *window, frame.on, tier_on=tier_on))

    def tally(self, on: date) -> Tally:
        """Give what counts on a day."""
        found = self._tallies.get(on)
        if found is None:
            counter = self.course.counter(on) if self.course is not None else None
            found = self._tallies[on] = tally_on(self.ledger, on, counter)
        return found

    def _sweep(self, days: Iterable[date]) -> None:
        """Add up many days in one sweep, where what counts on them hangs on nothing else."""
        asked = sorted(day for day in set(days) if day not in self._tallies)
        if self.course is None and asked:
            self._tallies.update((tally.on, tally) for tally in tally_along(self.ledger, asked))

    # ---------------------------------------------------------------- the operators

    def _measured(self, by: Operation, frame: Frame) -> Figure:
        match by:
            case ops.Sum(of) | ops.Net(of) | ops.Product(of) | ops.Lowest(of) | ops.Highest(of):
                return _ARITHMETIC[type(by)](self._operands(of, frame))
            case ops.Ratio(of, to):
                return ratio(*self._operands((of, to), frame))
            case ops.Scale(of, full, gives):
                return scaled(self._operands((of,), frame)[0], full, gives)
            case ops.Rounded(of, to, mode):
                return rounded(self.figure(of, frame), to, mode)
            case _:
                return self._looked_up(by, frame)

    def _looked_up(self, by: Operation, frame: Frame) -> Figure:
        """Give the figure of an operator that looks at more than the figures of its operands."""
        match by:
            case ops.Count():
                return self._counted(by, frame)
            case ops.OnlyIf():
                return self._only_if(by, frame)
            case ops.Earlier():
                return self.figure(by.of, Frame(self.before(by, frame.last_day)))
            case ops.Over():
                return self._over(by, frame)
            case _:
                return self._tenure(by.tier, frame.last_day)  # type: ignore[union-attr]

    def _operands(self, of: Iterable[Operand], frame: Frame) -> list[Figure]:
        return [exactly(each) if isinstance(each, Fraction) else self.figure(each, frame) for each in of]

    def _counted(self, by: ops.Count, frame: Frame) -> Figure:
        count = Fraction(len(self.counted(by, frame)))
        complete = all(self._track(track, frame).is_exact for track in by.of)
        return Figure(count, count, count if complete else None)

    def counted(self, by: ops.Count, frame: Frame) -> list[str]:
        """Name what is counted: the facts by their ids, or the different values, in order."""
        year, tier_on = self._hanging_on(frame.on)
        facts = (
            live_facts(self.ledger, by.of, frame.on, year=year, tier_on=tier_on)
            if frame.window is None
            else facts_between(self.ledger, by.of, *frame.window, frame.on, tier_on=tier_on)
        )
        if not by.distinct:
            return sorted(fact.id for fact in facts)
        values = {attribute(fact, by.distinct) for fact in facts}
        return sorted(str(value) for value in values if value not in ("", None))

    def _hanging_on(self, on: date) -> tuple[date | None, TierOn | None]:
        """Give the first day of the personal year, and what tells the tiers that were held."""
        counter = self.course.counter(on) if self.course is not None else None
        return (None, None) if counter is None else (counter.since, counter.tier_on)

    def _only_if(self, by: ops.OnlyIf, frame: Frame) -> Figure:
        (figure,) = self._operands((by.of,), frame)
        day = frame.last_day
        holding = self._held({}, day)
        said = verdict_in(by.requires, day, holding, lambda name: self.figure(name, frame))
        if said is Verdict.UNKNOWN:
            return perhaps(figure)
        return figure if said is Verdict.MET else exactly(Fraction(0))

    def before(self, by: ops.Earlier, on: date) -> date:
        """Give the earlier day that is asked about."""
        if by.stretch is None:
            return add_days(add_months(on, -by.months), -by.days)
        end = stretch_of(by.stretch, on, self.program.year_from, -by.ago).end
        return add_days(end, -1) if end is not None else on

    def _over(self, by: ops.Over, frame: Frame) -> Figure:
        stretches = self.frames(by, frame)
        if not stretches:
            return exactly(Fraction(0))
        if by.counted is not ops.Counted.EARNED:
            self._sweep(frame.on for frames in stretches for frame in frames)
        found = [highest([self.figure(by.of, frame) for frame in frames]) for frames in stretches]
        if by.at_most is not None:
            found = [lowest([each, exactly(by.at_most)]) for each in found]
        return {ops.Fold.SUM: total, ops.Fold.MIN: lowest, ops.Fold.MAX: highest}[by.fold](found)

    def frames(self, by: ops.Over, frame: Frame) -> list[list[Frame]]:
        """Give what is asked about each of the stretches, the latest first: the highest of it counts."""
        found: list[list[Frame]] = []
        for start, end in self._stretches(by, frame):
            if by.counted is ops.Counted.EARNED:
                found.append([Frame(frame.on, (start, end))])
            else:
                begin = start if by.counted is ops.Counted.BEST_DAY else add_days(end, -1)
                found.append([Frame(add_days(begin, number)) for number in range((end - begin).days)])
        return found

    def _stretches(self, by: ops.Over, frame: Frame) -> Iterator[Window]:
        """Give the last stretches up to a day, the latest first; of a window, those that lie in it."""
        found, back = 0, 0
        while found < by.last:
            span = stretch_of(by.each, frame.last_day, self.program.year_from, -back)
            start, end = cast("date", span.start), cast("date", span.end)
            if frame.window is not None and start < frame.window[0]:
                return
            if by.running or end <= frame.on:
                yield start, min(end, add_days(frame.on, 1))
                found += 1
            back += 1

    def _tenure(self, tier: str, on: date) -> Figure:
        least, most = self.course.tenure(self.program.tier(tier), on) if self.course else (0, None)
        return Figure(Fraction(least), Fraction(least), None if most is None else Fraction(most))


def _lacking(value: Fraction, lowers: bool | None) -> Figure:  # noqa: FBT001 - as tallies tell it
    """Give the figure of a track that lacks what might lower it, or what only adds to it, or nothing."""
    return exactly(value) if lowers is None else Figure(value, None if lowers else value, None)


def _net(figures: Sequence[Figure]) -> Figure:
    first, *others = figures
    return total([first, *map(negative, others)])


_ARITHMETIC: Final[Mapping[type, Callable[[Sequence[Figure]], Figure]]] = {
    ops.Sum: total,
    ops.Net: _net,
    ops.Product: product,
    ops.Lowest: lowest,
    ops.Highest: highest,
}


def readings_on(ledger: Ledger, on: date) -> dict[str, bool | Fraction]:
    """Give the readings of a partner on a day: of each name the newest, unless that one has ended."""
    newest: dict[str, tuple[date | None, bool | Fraction]] = {}
    lines = lines_of(ledger)
    for reading in lines.readings.get(ledger.partner_id, ()):
        if not reading.customer and reading.on <= on:
            kind = ledger.program.readings.get(reading.name)
            if kind is not None and kind.yes_no is isinstance(reading.value, bool):
                newest[reading.name] = (reading.until, reading.value)  # a book has them in the order of days
    return {name: value for name, (until, value) in newest.items() if until is None or on < until}
