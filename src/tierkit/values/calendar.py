"""The calendar's stretches: days, months, quarters and years that begin on any day of the year."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from tierkit.values.span import Span, add_days, add_months
from tierkit.values.word import Word

if TYPE_CHECKING:
    from datetime import date

NEW_YEAR = "01-01"
"""The first day of a calendar year, as a program writes the first day of its year."""

_YEAR_MONTHS = 12


@final
class Stretch(Word):
    """A stretch of the calendar; quarters and years begin with a program's year, months on its day."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Stretch.MONTH: 1, Stretch.QUARTER: 3, Stretch.YEAR: _YEAR_MONTHS}


def stretch_of(stretch: Stretch, day: date, year_from: str = NEW_YEAR, later: int = 0) -> Span:
    """Give the stretch of the calendar in which a day lies, or one that comes so many stretches later.

    Args:
        stretch: how long it is.
        day: the day.
        year_from: the first day of the year, "MM-DD", from which months, quarters and years are counted.
        later: how many stretches later; below zero: earlier.

    Raises:
        InvalidValue: the stretch would leave the years 1 to 9999.
    """
    if stretch is Stretch.DAY:
        return Span(add_days(day, later), add_days(day, later + 1))
    length = _MONTHS[stretch]
    month, first = map(int, year_from.split("-"))
    anchor = day.replace(month=month, day=first)
    number = ((day.year - anchor.year) * _YEAR_MONTHS + day.month - month) // length + 1
    while add_months(anchor, number * length) > day:
        number -= 1
    start, end = (add_months(anchor, (number + later + each) * length) for each in (0, 1))
    return Span(start, end)
