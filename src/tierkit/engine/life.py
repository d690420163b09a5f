"""How long the points of an event count."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from tierkit.programs.rules import Life, ShortMonth
from tierkit.values.span import add_days, add_months


def end_of(life: Life, day: date) -> date:
    """Give the first day on which the points of an event no longer count."""
    if not life.months:
        return add_days(day, life.days or 0)
    end = add_months(day, life.months)
    return end if end.day == day.day or life.short_month is ShortMonth.LAST_DAY else add_days(end, 1)


@lru_cache(maxsize=256)
def live_since(life: Life, on: date) -> date:
    """Give the earliest day whose events still count on a day.

    A later event never ends earlier, so one comparison with this day tells for each event.
    """
    day = add_months(on, -life.months) if life.months else add_days(on, -(life.days or 0))
    while end_of(life, day) <= on:
        day += timedelta(days=1)
    return day
