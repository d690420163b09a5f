"""The words and the dated values that random programs are made of. They are short and mean nothing."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st

from tierkit.programs.dated import Dated, Period
from tierkit.programs.reading.draft import UNSOURCED
from tierkit.values.source import Grade, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


T = TypeVar("T")

TRACKS = ("alpha", "beta", "gamma")
MARKETS = ("DE", "FR", "US")
NEAR, FAR = "near", "far"
CUSTOMERS = ("acme", "bolt", "cora")
PARTNERS = ("one", "two")
COLOR, SEGMENT = "color", "segment"
COLORS, SEGMENTS = ("red", "blue", "green"), ("smb", "enterprise")
CERTIFIED, SCORE = "certified", "score"
CURRENCIES = ("EUR", "USD", "JPY")
MONEY = "EUR"
CAUSES = ("non-payment", "churn")
LADDER = "skill"
OWN_TIERS, OTHER_TIERS = ("iron", "copper", "silver"), ("basic", "expert")

TURNS = (date(2024, 7, 1), date(2025, 2, 28), date(2026, 1, 1), date(2026, 7, 15))
"""The days on which values change."""

FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
"""The days of facts."""

SOURCES = (
    Source("terms", "https://example.org/terms", Grade.PUBLISHED, version="2026"),
    Source("blog", "https://example.org/blog", Grade.SECONDARY, note='says "as of" 2026'),
)
NOTES = ("", "", "", "as the page has it", 'with "quotes", back\\slash and é')
WHY = "nobody published it"

RATES = tuple(Fraction(text) for text in ("1", "5", "1/3", "2.5", "0.1", "100"))
BARS = tuple(Fraction(text) for text in ("0", "1", "5", "10", "25", "62.50", "100/3"))
NUMBERS = tuple(Fraction(text) for text in ("0", "1", "2", "1/2", "10"))


# What follows are functions that draw, not strategies: made anew for each program, these would take most of
# the time to be checked.


def pick(draw: st.DrawFn, *options: T) -> T:
    """Draw one of several values."""
    return draw(st.sampled_from(options))


def some(draw: st.DrawFn, options: Sequence[T], least: int = 1, most: int = 2) -> tuple[T, ...]:
    """Draw several of several values, each once."""
    number = draw(st.integers(least, max(least, min(most, len(options)))))
    left = list(options)
    return tuple(left.pop(draw(st.integers(0, len(left) - 1))) for _ in range(number))


def rarely(draw: st.DrawFn, one_in: int = 4) -> bool:
    """Say yes once in so many times."""
    return draw(st.integers(1, one_in)) == one_in


def period(draw: st.DrawFn, start: date | None, end: date | None, value: T) -> Period[T]:
    """Draw one period, with a source, a grade that need not be the source's, and a note; why, if unknown."""
    source = pick(draw, *SOURCES, *SOURCES, UNSOURCED)
    grade = pick(draw, source.grade, source.grade, source.grade, Grade.DERIVED)
    return Period(value, start, end, source, grade, pick(draw, *NOTES) or (WHY if value is None else ""))


def dated(draw: st.DrawFn, value: Callable[[], T], *, always: bool = False) -> Dated[T]:
    """Draw values along time, mostly one for all days; `always` leaves no day out."""
    turns = sorted(some(draw, TURNS, least=0)) if rarely(draw, 2) else []
    bounds: list[date | None] = [None, *turns, None]
    if not always and turns:
        bounds = bounds[draw(st.integers(0, 1)) :]
        bounds = bounds[: len(bounds) - draw(st.integers(0, int(len(bounds) > 2)))]
    return Dated(tuple(period(draw, start, end, value()) for start, end in pairwise(bounds)))


def maybe(draw: st.DrawFn, value: Callable[[], T]) -> Dated[T]:
    """Draw a dated value that most rules do not have."""
    return dated(draw, value) if rarely(draw, 3) else Dated()


def number_or_unknown(draw: st.DrawFn) -> Fraction | None:
    """Draw a rate, or seldom None."""
    return None if rarely(draw, 8) else pick(draw, *RATES)
