"""A figure: what a quantity is on a day, and within which bounds it lies where something is not known.

Every operator goes over from numbers to figures by way of the bounds, so that a requirement is met where
it is met whatever the unknown should turn out to be.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias, final

import attrs

from tierkit.values.rates import Rounding, round_to_int

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


@final
@attrs.define(frozen=True)
class Figure:
    """What a quantity is, as far as that is known.

    Attributes:
        value: what is known of it; None where nothing is.
        low: what it is at least; None where it has no lower bound.
        high: what it is at most; None where it has no upper bound.
    """

    value: Fraction | None
    low: Fraction | None
    high: Fraction | None

    @property
    def is_exact(self) -> bool:
        """Whether it is just its value."""
        return self.low is not None and (self.low is self.high or self.low == self.high)

    @property
    def is_at_least(self) -> bool:
        """Whether it is its value or above it, and not known to be just its value."""
        return self.low is not None and self.low == self.value and not self.is_exact

    def mapped(self, by: Callable[[Fraction], Fraction]) -> Figure:
        """Give what a function that never falls makes of it; without a bound it stays without."""
        return between(*(None if each is None else by(each) for each in (self.value, self.low, self.high)))


End: TypeAlias = tuple[int, Fraction]
"""One end of a figure: -1 or 1 where it has none on that side, else 0; and the number."""

NOTHING_KNOWN = Figure(None, None, None)
_ZERO = Fraction(0)


def exactly(value: Fraction) -> Figure:
    """Give the figure that is just a number."""
    return Figure(value, value, value)


def between(value: Fraction | None, low: Fraction | None, high: Fraction | None) -> Figure:
    """Give a figure with two bounds; where they meet, that is its value."""
    return exactly(low) if low is not None and low == high else Figure(value, low, high)


def total(figures: Iterable[Figure]) -> Figure:
    """Add up figures."""
    value: Fraction | None = _ZERO
    low: Fraction | None = _ZERO
    high: Fraction | None = _ZERO
    for each in figures:
        known = _plus(value, each.value)  # a bound that is the value itself needs no sum of its own
        low = known if low is value and each.low is each.value else _plus(low, each.low)
        high = known if high is value and each.high is each.value else _plus(high, each.high)
        value = known
    return Figure(value, low, high)


def _plus(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one + other


def negative(figure: Figure) -> Figure:
    """Give a figure with the other sign."""
    value, low, high = (None if each is None else -each for each in (figure.value, figure.high, figure.low))
    return Figure(value, low, high)


def product(figures: Sequence[Figure]) -> Figure:
    """Multiply figures."""
    found = exactly(Fraction(1))
    for each in figures:
        found = _times(found, each)
    return found


def _times(one: Figure, other: Figure) -> Figure:
    corners = [_multiplied(mine, its) for mine in _ends(one) for its in _ends(other)]
    low, high = (None if infinite else end for infinite, end in (min(corners), max(corners)))
    return between(None if one.value is None or other.value is None else one.value * other.value, low, high)


def _ends(figure: Figure) -> tuple[End, End]:
    """Give the two ends of a figure, such that they sort: below all numbers, a number, above them all."""
    low, high = figure.low, figure.high
    return (-1, _ZERO) if low is None else (0, low), (1, _ZERO) if high is None else (0, high)


def _multiplied(one: End, other: End) -> End:
    """Multiply two ends; nothing times whatever has no end is nothing."""
    if not one[0] and not other[0]:
        return 0, one[1] * other[1]
    sign = _sign(one) * _sign(other)
    return sign, _ZERO


def _sign(end: End) -> int:
    infinite, number = end
    return infinite or (number > 0) - (number < 0)


def lowest(figures: Sequence[Figure]) -> Figure:
    """Give the lowest of several figures."""
    values, lows, highs = _columns(figures)
    return between(
        None if None in values else min(_there(values)),
        None if None in lows else min(_there(lows)),
        min(_there(highs), default=None),
    )


def highest(figures: Sequence[Figure]) -> Figure:
    """Give the highest of several figures."""
    return negative(lowest([negative(each) for each in figures]))


def ratio(one: Figure, other: Figure) -> Figure:
    """Divide one figure by another; where that may be zero nothing is known of it."""
    value = one.value / other.value if one.value is not None and other.value else None
    if (other.low is None or other.low <= 0) and (other.high is None or other.high >= 0):
        return Figure(value, None, None)
    inverse = [_ZERO if end is None else 1 / end for end in (other.high, other.low)]
    found = _times(one, Figure(None, *inverse))
    return between(value, found.low, found.high)


def scaled(figure: Figure, full: Fraction, gives: Fraction) -> Figure:
    """Give the linear part of a full credit, between none of it and all."""

    def part(value: Fraction) -> Fraction:
        return min(max(value, _ZERO), full) / full * gives

    low = _ZERO if figure.low is None else part(figure.low)
    high = gives if figure.high is None else part(figure.high)
    return between(None if figure.value is None else part(figure.value), *sorted((low, high)))


def rounded(figure: Figure, to: Fraction, mode: Rounding) -> Figure:
    """Round a figure to a whole multiple of a number."""
    return figure.mapped(lambda each: round_to_int(each / to, mode) * to)


def perhaps(figure: Figure) -> Figure:
    """Give a figure that is zero where something unknown is not so."""
    low = None if figure.low is None else min(_ZERO, figure.low)
    return Figure(figure.value, low, None if figure.high is None else max(_ZERO, figure.high))


def _columns(figures: Sequence[Figure]) -> tuple[list[Fraction | None], ...]:
    return [e.value for e in figures], [e.low for e in figures], [e.high for e in figures]


def _there(found: Iterable[Fraction | None]) -> list[Fraction]:
    return [each for each in found if each is not None]
