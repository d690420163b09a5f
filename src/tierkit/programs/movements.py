"""Movements: by which rules the tier that is held rises and falls, as typed data."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final, final

import attrs

from tierkit.frozen import frozen
from tierkit.values.source import Grade, Source
from tierkit.values.span import add_days, add_months
from tierkit.values.word import Word

AT_ONCE: Final = "at-once"
"""In `Movement.on`: any day on which something changes."""

YEAR_END: Final = "year-end"
"""In `Movement.on`: the day after the member's personal year of twelve months."""

EVERY_DAY: Final = "*-*"
"""In `Movement.judged_on`: every day of the window."""


@final
class MoveKind(Word):
    """Whether a movement lifts the tier that is held or lowers it."""

    RISE = "rise"
    FALL = "fall"


@final
class Take(Word):
    """Which performance a review looks at."""

    SAME_DAY = "same-day"
    """That of the review day."""
    BEST = "best"
    """The best of the checks in the window before it, both ends in."""
    WORST = "worst"
    """The worst of them: what was reached at every check."""
    DAY_BEFORE = "day-before"
    """That of the eve of the review day, before anything ends."""


@final
class Reach(Word):
    """How far a movement goes."""

    BEST = "best"
    """A rise: to the best tier reached, by several steps if need be."""
    NEXT = "next"
    """A rise: one step; on, step by step, while the next bar is met after what the step posts."""
    BEST_JUDGED = "best-judged"
    """A fall: to the best tier reached in what was judged."""
    NEXT_LOWER = "next-lower"
    """A fall: one step."""


@final
class BarsOf(Word):
    """By which day's bars a check of the window is judged."""

    OWN_DAY = "own-day"
    REVIEW_DAY = "review-day"


@final
@frozen
class Lag:
    """How long after the review day its result takes effect: months or days; neither: on that day.

    Attributes:
        months: months after the review day.
        days: days after it.
    """

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """Give the day on which the result of a review takes effect."""
        return add_days(add_months(day, self.months), self.days)


@final
@frozen(kw_only=True)
class Movement:
    """A rule by which the held tier rises or falls.

    Attributes:
        id: the rule's name in explanations.
        kind: whether it is a rise or a fall.
        on: the review days: "MM-DD", "*-DD" for that day of each month, "at-once", "year-end".
        judged_on: the days of the window whose performance is looked at: "MM-DD", "*-DD", or "*-*" for
            every day; empty: there is no window.
        judged_since: the first day of the window before each review, "MM-DD", in the order of `on`.
        judged_last: how long the window is that ends with each review, where it has no days of the year.
        take: which of the judged performances counts.
        bars: by which day's bars a check of the window is judged.
        asked_on_the_day: readings that are looked at on the review day alone. The checks of the window
            look past them; where one fails on the review day, which tier follows is not known.
        effective: how long after the review day its result takes effect.
        to: how far the tier moves.
        protected_months: months after a rise in which it cannot fall.
        restarts_year: whether the member's personal year begins anew.
        deduct: the track from which the bar of the tier that is reached or kept is taken; "" for none.
        carry: the track of which what is left over the bar goes into the new year; "" for none.
        carry_at_most: the most that is carried; None where there is no limit.
        effective_from: first day of the rule.
        effective_until: first day on which the rule no longer holds.
        source: where the rule was read.
        grade: how far to trust it.
        note: what a reader of the rule should know.
        file: the file that says it, where the program was read from several.
    """

    id: str
    kind: MoveKind
    on: tuple[str, ...]
    judged_on: tuple[str, ...] = ()
    judged_since: tuple[str, ...] = ()
    judged_last: Lag = Lag()
    take: Take
    bars: BarsOf = BarsOf.OWN_DAY
    asked_on_the_day: tuple[str, ...] = ()
    effective: Lag = Lag()
    to: Reach
    protected_months: int = 0
    restarts_year: bool = False
    deduct: str = ""
    carry: str = ""
    carry_at_most: Fraction | None = None
    effective_from: date | None = None
    effective_until: date | None = None
    source: Source
    grade: Grade
    note: str = ""
    file: str = attrs.field(default="", eq=False)

    def covers(self, day: date) -> bool:
        """Say whether the rule holds on a day."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_until is None or day < self.effective_until
        )
