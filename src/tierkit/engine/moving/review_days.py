"""The days of a movement: when it looks, and at which days."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final

from tierkit.programs.movements import EVERY_DAY, Lag, Take
from tierkit.values.span import add_days, add_months

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tierkit.programs.movements import Movement

_ONE_DAY: Final = timedelta(days=1)
_A_YEAR: Final = timedelta(days=366)


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


def review_days(movement: Movement, first: date, last: date) -> set[date]:
    """Give the days of the calendar, from one to another, on which a movement looks."""
    found = {day for pattern in movement.on for day in days_matching(pattern, first, last)}
    return {day for day in found if movement.covers(day)}


def days_judged(movement: Movement, on: date) -> tuple[date, ...]:
    """Give the days whose performance a review looks at, in order; none where its window has none."""
    if movement.take is Take.DAY_BEFORE:
        return (on - _ONE_DAY,)
    if movement.take is Take.SAME_DAY or not movement.judged_on:
        return (on,)
    first = window_start(movement, on)
    days = {day for pattern in movement.judged_on for day in days_matching(pattern, first, on)}
    return tuple(sorted(days))


def days_after_turn(movement: Movement, turn: date) -> Iterator[date]:
    """Give the days on which a movement may see something else because something turned on a day.

    That is the day itself; with a window that ends with the review, the day on which the first look at what
    is new comes into it, too, and the one on which the last look at what was before has left it.
    """
    yield turn
    if movement.take is Take.DAY_BEFORE:
        yield turn + _ONE_DAY
    if movement.judged_last == Lag():
        return
    for pattern in movement.judged_on:
        yield from islice(days_matching(pattern, turn, turn + _A_YEAR), 1)
        *_, last = days_matching(pattern, turn - _A_YEAR, turn - _ONE_DAY)
        yield reached_back_on(last, movement.judged_last.months, movement.judged_last.days)


def first_effective_on(lag: Lag, day: date) -> date:
    """Give the first day of a review whose result takes effect on a day or after it."""
    found = add_months(add_days(day, -lag.days), -lag.months)
    while lag.after(found) < day:
        found += _ONE_DAY
    return found


def reached_back_on(day: date, months: int, days: int) -> date:
    """Give the first day from which so many months, and days before that, do not lead to before a day."""
    wanted = add_days(day, days)
    found = add_months(wanted, months)
    while add_months(found, -months) < wanted:
        found += _ONE_DAY  # from the end of a short month
    return found


def _first_of_last(length: Lag, on: date) -> date:
    """Give the first day of a window that ends with a day: of six months to 15 July, 16 January."""
    return add_days(add_months(on, -length.months), 1 - length.days)


def window_start(movement: Movement, on: date) -> date:
    """Give the first day of the window of a review on a day; that day, where there is no window."""
    if movement.judged_last != Lag():
        return _first_of_last(movement.judged_last, on)
    return min(_years_windows(movement, on), default=on)


def _years_windows(movement: Movement, on: date) -> Iterator[date]:
    """Give the first day of the window of each pattern that names the review day: the latest before it."""
    for pattern, start in zip(movement.on, movement.judged_since, strict=False):
        if on in days_matching(pattern, on, on):
            yield max(days_matching(start, date(on.year - 1, 1, 1), on))
