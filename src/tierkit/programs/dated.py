"""Dated values: what holds from which day to which, on whose word."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Generic, TypeVar, final

import attrs

from tierkit.errors import Problem
from tierkit.frozen import frozen
from tierkit.values.source import Grade, Source
from tierkit.values.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T_co = TypeVar("T_co", covariant=True)  # a period of yes-or-no is one of any value


def days_of(span: Span) -> str:
    """Say in words which days a span has."""
    if span.start is None:
        return "on every day" if span.end is None else f"before {span.end}"
    return f"from {span.start}" if span.end is None else f"from {span.start} until {span.end}"


def noted(note: str, file: str) -> str:
    """Add to a note which file says so, where a program was read from several."""
    return "; ".join(part for part in (note, f"said in {file}" if file else "") if part)


@final
@frozen
class Period(Generic[T_co]):
    """One value with the days on which it holds, its source and its grade.

    Attributes:
        value: what holds.
        effective_from: the first day; None where it holds for all days before `effective_until`.
        effective_until: the first day on which it no longer holds; None where no end is known.
        source: where the value was read.
        grade: how far to trust it, which may be less than the source's own grade.
        note: what a reader of the value should know, in one line.
        file: the file that says it, where the program was read from several.
    """

    value: T_co
    effective_from: date | None
    effective_until: date | None
    source: Source
    grade: Grade
    note: str = ""
    file: str = attrs.field(default="", eq=False)

    def covers(self, day: date) -> bool:
        """Say whether the value holds on a day."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_until is None or day < self.effective_until
        )

    def days(self) -> str:
        """Say in words on which days the value holds."""
        return days_of(Span(self.effective_from, self.effective_until))

    def limited(self, start: date | None, end: date | None) -> Period[T_co]:
        """Give the same value on other days."""
        return Period(self.value, start, end, self.source, self.grade, self.note, self.file)


@final
@frozen
class Dated(Generic[T_co]):
    """The values of one rule along time: periods in order, without overlap or gap."""

    periods: tuple[Period[T_co], ...] = ()

    def __iter__(self) -> Iterator[Period[T_co]]:
        return iter(self.periods)

    def at(self, day: date) -> Period[T_co] | None:
        """Give the period that holds on a day, or None before the first and after the last."""
        for period in self.periods:  # of which there are few: sooner looked through than bisected by a key
            if period.effective_until is None or day < period.effective_until:
                return period if period.effective_from is None or period.effective_from <= day else None
        return None

    def boundaries(self) -> set[date]:
        """Give every day on which the value changes, begins or ends."""
        edges = {period.effective_from for period in self.periods} | {
            period.effective_until for period in self.periods
        }
        return {day for day in edges if day is not None}

    def turns(self) -> set[date]:
        """Give every day on which another value begins to hold, or none does any more."""
        edges: set[date] = set()
        for earlier, later in pairwise((None, *self.periods, None)):
            end = earlier.effective_until if earlier else None
            start = later.effective_from if later else None
            if not (earlier and later and end == start and earlier.value == later.value):
                edges.update(day for day in (end, start) if day is not None)
        return edges

    def days(self) -> str:
        """Say in words which days are covered."""
        if not self.periods:
            return "no day"
        first, last = self.periods[0], self.periods[-1]
        return first.limited(first.effective_from, last.effective_until).days()


def _first_day(period: Period[T_co]) -> date:
    return period.effective_from or date.min


def in_order(periods: Iterable[Period[T_co]]) -> list[Period[T_co]]:
    """Sort periods by their first day."""
    return sorted(periods, key=_first_day)


def lay_over(base: Iterable[Period[T_co]], over: Iterable[Period[T_co]]) -> list[Period[T_co]]:
    """Let some periods take the place of others on their own days, and only there."""
    result = list(base)
    for top in over:
        left: list[Period[T_co]] = []
        for period in result:
            left.extend(_without(period, top))
        result = [*left, top]
    return in_order(result)


def unreasoned(periods: Iterable[Period[object]], where: str, field: str) -> Iterator[Problem]:
    """Find the values that are declared unknown without a note that says why."""
    for period in periods:
        if period.value is None and not period.note:
            expected = "a note that says why the value is unknown"
            yield Problem(where, f"{field}.note", "nothing", expected, 'add `note = "…"`')


def _without(period: Period[T_co], top: Period[T_co]) -> Iterator[Period[T_co]]:
    """Give what remains of a period once another has taken its days."""
    if top.effective_from is not None and _first_day(period) < top.effective_from:
        ends = [day for day in (period.effective_until, top.effective_from) if day is not None]
        yield period.limited(period.effective_from, min(ends))
    if top.effective_until is not None and (
        period.effective_until is None or top.effective_until < period.effective_until
    ):
        starts = [day for day in (period.effective_from, top.effective_until) if day is not None]
        yield period.limited(max(starts), period.effective_until)


def overlaps(periods: list[Period[T_co]], where: str, field: str) -> Iterator[Problem]:
    """Find the days that two periods of one value, given in order, both claim."""
    expected = "one value for each day"
    for earlier, later in pairwise(periods):
        end, start = earlier.effective_until, later.effective_from
        days = f"one {earlier.days()}, one {later.days()}"
        if start == earlier.effective_from:
            ends = {day for day in (end, later.effective_until) if day is not None}
            other = f"`from = {min(ends)}`" if end != later.effective_until else "days of its own"
            found = f"two values that start on the same day: {days}"
            yield Problem(where, field, found, expected, f"remove one of them, or give one {other}")
        elif end is None or start is None or start < end:
            hint = f"end the earlier one with `until = {start}`"
            yield Problem(where, field, f"two values on the same days: {days}", expected, hint)


def gaps(periods: list[Period[T_co]], where: str, field: str) -> Iterator[Problem]:
    """Find the days between two periods of one value, given in order, that neither claims."""
    for earlier, later in pairwise(periods):
        end, start = earlier.effective_until, later.effective_from
        if end is not None and start is not None and end < start:
            expected = "values without a gap between them"
            hint = "add a value for those days, or one that is declared unknown"
            yield Problem(where, field, f"no value from {end} until {start}", expected, hint)
