"""Points: an exact rational number of points, never rounded by arithmetic."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from math import gcd
from typing import Final, final, overload

from tierkit.errors import InvalidValue, Problem, WrongType, shown
from tierkit.frozen import frozen
from tierkit.values.exact import MOST_CHARACTERS, Factor, Number, decimal_text, exact, fixed_text, refusal

_MOST_PLACES: Final = 100
_SPEC = re.compile(r"(?:(.)?([<>^]))?([1-9][0-9]{0,2})?(?:(,)?\.([0-9]{1,3})f)?", re.DOTALL)


@final
@frozen
class Points:
    """An exact number of points.

    Points add to points only, are multiplied and divided by whole numbers, Fractions and Decimals,
    and points divided by points are a Fraction. They never equal a bare number. Nothing rounds them
    but display, which cuts toward zero, so that no bar is ever shown as reached that is not.

    Args:
        value: an int, a Decimal, a Fraction, or text such as "12.5" or "625/11".

    Raises:
        WrongType: for a float or a bool.
        InvalidValue: for text that is no plain number, NaN or infinity.
    """

    __match_args__ = ("fraction",)

    _n: int
    _d: int

    def __init__(self, value: Points | Number) -> None:
        if value.__class__ is int:
            _set_n(self, value)
            _set_d(self, 1)
            return
        number = value if isinstance(value, Points) else exact(value, where="points")
        _set_n(self, number.numerator)
        _set_d(self, number.denominator)

    @property
    def numerator(self) -> int:
        """The numerator, in lowest terms."""
        return self._n

    @property
    def denominator(self) -> int:
        """The denominator, in lowest terms; always above zero."""
        return self._d

    @property
    def fraction(self) -> Fraction:
        """The bare number."""
        return Fraction(self._n, self._d)

    def cut(self, places: int = 2) -> Decimal:
        """Give the number with so many decimals, cut toward zero: for display only."""
        return Decimal(fixed_text(self._cut(places), places))

    def __str__(self) -> str:
        text = decimal_text(self.fraction)
        if text is not None and len(text) <= MOST_CHARACTERS:
            return text
        return f"{self._n}/{self._d}"

    def __repr__(self) -> str:
        return f'Points("{self}")'

    def __format__(self, spec: str) -> str:
        form = _SPEC.fullmatch(spec)
        if not form:
            expected = 'decimals such as ".2f" or ",.2f", a width such as ">12.2f", or nothing'
            raise InvalidValue(Problem("format of points", found=shown(spec), expected=expected))
        fill, align, width, comma, places = form.groups()
        text = str(self) if places is None else fixed_text(self._cut(int(places)), int(places))
        if comma:
            whole, point, decimals = text.lstrip("-").partition(".")
            sign = "-" if text.startswith("-") else ""
            text = f"{sign}{int(whole):,}{point}{decimals}"
        return format(text, f"{fill or ''}{align or '>'}{width or ''}")

    def _cut(self, places: int) -> int:
        if not 0 <= places <= _MOST_PLACES:
            expected = f"between 0 and {_MOST_PLACES} decimals"
            raise InvalidValue(Problem("points", field="places", found=shown(places), expected=expected))
        size: int = abs(self._n) * 10**places // self._d
        return size if self._n > 0 else -size

    def __bool__(self) -> bool:
        return self._n != 0

    def __neg__(self) -> Points:
        return _made(-self._n, self._d)

    def __abs__(self) -> Points:
        return self if self._n >= 0 else _made(-self._n, self._d)

    def __add__(self, other: Points) -> Points:
        if other.__class__ is not Points:
            return NotImplemented
        d = self._d
        if d == other._d:
            n = self._n + other._n
        else:
            n = self._n * other._d + other._n * d
            d *= other._d
        if d != 1 and (common := gcd(n, d)) != 1:
            n //= common
            d //= common
        made = _new(Points)  # _made, without the price of a call
        _set_n(made, n)
        _set_d(made, d)
        return made

    def __sub__(self, other: Points) -> Points:
        if other.__class__ is not Points:
            return NotImplemented
        return points_of(self._n * other._d - other._n * self._d, self._d * other._d)

    def __mul__(self, factor: Factor) -> Points:
        by = _factor(factor)
        return NotImplemented if by is None else points_of(self._n * by.numerator, self._d * by.denominator)

    __rmul__ = __mul__

    @overload
    def __truediv__(self, divisor: Points) -> Fraction: ...
    @overload
    def __truediv__(self, divisor: Factor) -> Points: ...
    def __truediv__(self, divisor: Points | Factor) -> Fraction | Points:
        if isinstance(divisor, Points):
            return Fraction(self._n * divisor._d, self._d * divisor._n)
        by = _factor(divisor)
        if by is None:
            return NotImplemented
        if not by:
            msg = "points cannot be divided by zero"
            raise ZeroDivisionError(msg)
        return points_of(self._n * by.denominator, self._d * by.numerator)

    def __lt__(self, other: Points) -> bool:
        if other.__class__ is not Points:
            return NotImplemented
        return self._n * other._d < other._n * self._d

    def __le__(self, other: Points) -> bool:
        if other.__class__ is not Points:
            return NotImplemented
        return self._n * other._d <= other._n * self._d

    def __gt__(self, other: Points) -> bool:
        if other.__class__ is not Points:
            return NotImplemented
        return self._n * other._d > other._n * self._d

    def __ge__(self, other: Points) -> bool:
        if other.__class__ is not Points:
            return NotImplemented
        return self._n * other._d >= other._n * self._d


# Arithmetic fills the two slots directly: __init__ would check again what is known, at twice the price.
_new = object.__new__
_set_n = Points.__dict__["_n"].__set__
_set_d = Points.__dict__["_d"].__set__


def _made(n: int, d: int) -> Points:
    made = _new(Points)
    _set_n(made, n)
    _set_d(made, d)
    return made


def points_of(numerator: int, denominator: int = 1) -> Points:
    """Make points from two whole numbers, brought to lowest terms; the fast way in for the engine."""
    common = gcd(numerator, denominator)
    if denominator < 0:
        common = -common
    return _made(numerator // common, denominator // common)


def _factor(value: object) -> int | Fraction | None:
    """Give what points are multiplied by; None for a foreign type, which may know better itself."""
    if type(value) is int or type(value) is Fraction:
        return value
    if isinstance(value, bool | float | str):
        raise WrongType(refusal(value, "factor of points"))
    return exact(value, where="factor of points") if isinstance(value, Factor) else None
