"""The days of a movement: when it looks, and at which days."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tierkit.errors import InvalidValue, Problem
from tierkit.facts.checks import FIRST_DAY, LAST_DAY
from tierkit.programs.movements import EVERY_DAY, Take
from tierkit.values.span import checked_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tierkit.programs.movements import Movement


def days_matching(pattern: str, first: date, last: date) -> Iterator[date]:
    """Give the days from one to another, both in, that a pattern names, in order.

    Args:
        pattern: "MM-DD", "*-DD" for that day of each month, or "*-*" for every day; where a month does
            not have the day, its last one stands for it.
        first: the first day that may be given.
        last: the last one.
    """
    if pattern == EVERY_DAY:
        yield from (first + timedelta(days=number) for number in range((last - first).days + 1))
        return
    month_text, _, day_text = pattern.partition("-")
    if not day_text.isdigit():
        return  # "at-once" and "year-end" name no day of the calendar
    months = range(1, 13) if month_text == "*" else (int(month_text),)
    for year in range(first.year, last.year + 1):
        for month in months:
            day = date(year, month, min(int(day_text), monthrange(year, month)[1]))
            if first <= day <= last:
                yield day


def checked_years(day: date, where: str) -> date:
    """Refuse what is no day, and a day so far away that no review is meant.

    Raises:
        WrongType: for anything but a date.
        InvalidValue: it is not within the days that facts may have.
    """
    if not FIRST_DAY <= checked_day(day, where=where) <= LAST_DAY:
        expected = f"a day from {FIRST_DAY} to {LAST_DAY}"
        raise InvalidValue(Problem(where, "", str(day), expected, "mend the year"))
    return day


def review_days(movement: Movement, first: date, last: date) -> set[date]:
    """Give the days of the calendar, from one to another, on which a movement looks."""
    found = {day for pattern in movement.on for day in days_matching(pattern, first, last)}
    return {day for day in found if movement.covers(day)}


def days_judged(movement: Movement, on: date) -> tuple[date, ...]:
    """Give the days whose performance a review on a day looks at, in order."""
    if movement.take is Take.DAY_BEFORE:
        return (on - timedelta(days=1),)
    if movement.take is Take.SAME_DAY or not movement.judged_on:
        return (on,)
    first = min(_window_starts(movement, on), default=on)
    days = {day for pattern in movement.judged_on for day in days_matching(pattern, first, on)}
    return tuple(sorted(days))


def _window_starts(movement: Movement, on: date) -> Iterator[date]:
    """Give the first day of the window of each pattern that names the review day: the latest before it."""
    for pattern, start in zip(movement.on, movement.judged_since, strict=False):
        if on in days_matching(pattern, on, on):
            yield max(days_matching(start, date(on.year - 1, 1, 1), on))
