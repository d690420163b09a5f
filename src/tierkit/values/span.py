"""Spans of days, and the one place where months are added."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import final

from dateutil.relativedelta import relativedelta

from tierkit.errors import InvalidValue, Problem, WrongType, shown
from tierkit.frozen import frozen


def checked_day(value: object, *, where: str) -> date:
    """Give back a day; refuse anything else, a date-time too, because cutting one needs a time zone."""
    if isinstance(value, datetime):
        hint = "cut it to the day it is in the time zone you mean: value.date()"
        raise WrongType(Problem(where, found=shown(value), expected="a date without a time", hint=hint))
    if not isinstance(value, date):
        raise WrongType(Problem(where, found=shown(value), expected="a date, such as date(2026, 7, 13)"))
    return value


@final
@frozen
class Span:
    """The days from `start` up to, and without, `end`.

    Attributes:
        start: the first day; None where the span has no beginning.
        end: the first day after it; None where the span has no end.

    Raises:
        InvalidValue: where the end is not after the start.
        WrongType: for anything but a date or None.
    """

    start: date | None
    end: date | None

    def __attrs_post_init__(self) -> None:
        if self.start is not None:
            checked_day(self.start, where="start of a span")
        if self.end is not None:
            checked_day(self.end, where="end of a span")
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise InvalidValue(
                Problem(
                    "span of days",
                    found=f"{self.start} up to {self.end}",
                    expected="an end after the start",
                    hint="the end is the first day that no longer counts; one day ends on the next",
                )
            )

    @property
    def days(self) -> int | None:
        """The number of days, or None where an end is open."""
        return None if self.start is None or self.end is None else (self.end - self.start).days

    def __contains__(self, day: object) -> bool:
        day = checked_day(day, where="day")
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def __and__(self, other: Span) -> Span | None:
        if other.__class__ is not Span:
            return NotImplemented
        starts = [day for day in (self.start, other.start) if day is not None]
        ends = [day for day in (self.end, other.end) if day is not None]
        start, end = max(starts, default=None), min(ends, default=None)
        return None if start is not None and end is not None and start >= end else Span(start, end)

    def __str__(self) -> str:
        if self.start is None:
            return "always" if self.end is None else f"before {self.end}"
        return f"from {self.start}" if self.end is None else f"{self.start} up to {self.end}"


def add_months(day: date, months: int) -> date:
    """Add months to a day; a day that the month does not have becomes its last.

    Always add to the day that everything counts from: 31 January plus two months is 31 March, and
    not 29 March by way of 29 February.

    Raises:
        InvalidValue: where the year would leave 1 to 9999.
        WrongType: for anything but a date and a whole number.
    """
    return _months_later(day, months)


# A book has far fewer days than facts, and every fact asks for the same number of months.
@lru_cache(maxsize=16_384, typed=True)
def _months_later(day: date, months: int) -> date:
    checked_day(day, where="day")
    if type(months) is not int:
        raise WrongType(Problem("months", found=shown(months), expected="a whole number"))
    try:
        return day + relativedelta(months=months)
    except (OverflowError, ValueError):
        raise InvalidValue(_out_of_calendar(day, f"{shown(months)} months")) from None


def add_days(day: date, days: int) -> date:
    """Add days to a day.

    Raises:
        InvalidValue: where the year would leave 1 to 9999.
    """
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise InvalidValue(_out_of_calendar(day, f"{shown(days)} days")) from None


def _out_of_calendar(day: date, more: str) -> Problem:
    found = "a year outside the calendar"
    return Problem(f"{day} plus {more}", found=found, expected="a year from 1 to 9999")
