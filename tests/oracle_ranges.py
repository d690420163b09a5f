"""Quantities of which not everything is known: what they are, and how far they reach."""

from __future__ import annotations

from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import tierkit as tk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Number: TypeAlias = Fraction | float
"""A fraction, or an infinity where a range has no end."""

ZERO = Fraction(0)


class Range(NamedTuple):
    """A quantity: what is known of it, and between which numbers it is."""

    value: Fraction | None
    low: Number
    high: Number

    @property
    def word(self) -> str:
        if self.low == self.high:
            return "exact"
        return "at least" if self.low == self.value else "unsure"

    def mapped(self, by: Callable[[Number], Number]) -> Range:
        """Give what a function that never turns makes of it."""
        value = None if self.value is None else Fraction(by(self.value))
        return Range(value, *sorted((by(self.low), by(self.high))))


ANYTHING = Range(None, -inf, inf)


def exactly(value: Fraction) -> Range:
    return Range(value, value, value)


def added(ranges: Iterable[Range]) -> Range:
    value: Fraction | None = ZERO
    low: Number = ZERO
    high: Number = ZERO
    for each in ranges:
        value = None if value is None or each.value is None else value + each.value
        low, high = low + each.low, high + each.high
    return Range(value, low, high)


def negative(each: Range) -> Range:
    return Range(None if each.value is None else -each.value, -each.high, -each.low)


def multiplied(one: Range, other: Range) -> Range:
    value = None if one.value is None or other.value is None else one.value * other.value
    corners = [ZERO if 0 in (a, b) else a * b for a in one[1:] for b in other[1:]]
    low, high = min(corners), max(corners)
    return Range(low if low == high else value, low, high)  # type: ignore[arg-type]


def divided(one: Range, other: Range) -> Range:
    known = one.value is not None and other.value
    value = one.value / other.value if known and one.value is not None and other.value else None
    if other.low <= 0 <= other.high:
        return Range(value, -inf, inf)
    inverse = sorted(ZERO if abs(end) == inf else 1 / end for end in other[1:])
    low, high = multiplied(one, Range(None, *inverse))[1:]
    return Range(value, low, high)


def lowest(ranges: Iterable[Range]) -> Range:
    values, lows, highs = zip(*ranges, strict=True)
    return Range(None if None in values else min(values), min(lows), min(highs))


def highest(ranges: Iterable[Range]) -> Range:
    return negative(lowest(map(negative, ranges)))


def scaled(value: Number, full: Fraction, gives: Fraction) -> Fraction:
    return gives if value >= full else ZERO if value <= 0 else Fraction(value) / full * gives


def rounded(value: Number, to: Fraction, mode: tk.Rounding) -> Number:
    """Round to a whole multiple of a number."""
    if not isinstance(value, Fraction):
        return value
    size = abs(value) / to
    whole = size.numerator // size.denominator
    rest = size - whole
    half = Fraction(1, 2)
    up = {
        tk.Rounding.DOWN: False,
        tk.Rounding.UP: rest > 0,
        tk.Rounding.HALF_UP: rest >= half,
        tk.Rounding.HALF_EVEN: rest > half or (rest == half and whole % 2 == 1),
    }[mode]
    return (whole + up) * to * (1 if value > 0 else -1)
