"""Checking the windows that end with each review: that a day which is looked at can fall into them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

from tierkit.programs.movements import AT_ONCE, EVERY_DAY, YEAR_END, Lag
from tierkit.programs.reading.movements import days_of_a_year
from tierkit.values.span import add_days, add_months

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tierkit.errors import Problem
    from tierkit.programs.movements import Movement
    from tierkit.programs.program import Program
    from tierkit.programs.reading.draft import Draft

_YEARS = (2023, 2024)
"""Two years, of which one has 29 February."""
_AT_ANY_TIME = (AT_ONCE, YEAR_END)


def windows_without_looks(draft: Draft, program: Program) -> Iterator[Problem]:
    """Find reviews into whose window no day falls that is looked at: they never decide anything."""
    for movement in program.movements:
        never = [review for review in movement.on if not _may_look(movement, review)]
        if never:
            found = f"{', '.join(movement.judged_on)}, never in the window of a review on {', '.join(never)}"
            expected = "a day in it, as a review that looks at none decides nothing"
            hint = "name a day in it, or make `last` longer"
            at = draft.at("movement", movement.id)
            yield at.problem("judged.on", found, expected, hint)


def _may_look(movement: Movement, review: str) -> bool:
    """Say whether in some year a day that is looked at falls into the window of a review."""
    length = movement.judged_last
    if length == Lag() or review in _AT_ANY_TIME or EVERY_DAY in movement.judged_on:
        return True
    for on in _days((review,), _YEARS):
        first = add_days(add_months(on, -length.months), 1 - length.days)
        if any(first <= day <= on for day in _days(movement.judged_on, range(on.year - 1, on.year + 1))):
            return True
    return False


def _days(patterns: Iterable[str], years: Iterable[int]) -> Iterator[date]:
    for year in years:
        for pattern in patterns:
            for month, day in days_of_a_year(pattern, monthrange(year, 2)[1]):
                yield date(year, month, day)
