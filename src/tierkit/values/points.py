"""Points: an exact rational number of points, never rounded by arithmetic."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from math import gcd
from typing import Final, final, overload

from tierkit.errors import InvalidValue, Problem, WrongType, shown
from tierkit.frozen import frozen
from tierkit.values.exact import (
    Factor,
    Number,
    exact,
    fixed_text,
    is_bounded,
    number_text,
    refusal,
)

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
        InvalidValue: for text that is no plain number, NaN or infinity, and for more than 4000 digits.
    """

    __match_args__ = ("fraction",)

    _ratio: tuple[int, int]  # numerator and denominator in lowest terms, the denominator above zero

    def __init__(self, value: Points | Number) -> None:
        if type(value) is int and is_bounded(value):
            _set_ratio(self, (value, 1))
        else:
            number = value if isinstance(value, Points) else exact(value, where="points")
            _set_ratio(self, (number.numerator, number.denominator))

    @property
    def numerator(self) -> int:
        """The numerator, in lowest terms."""
        return self._ratio[0]

    @property
    def denominator(self) -> int:
        """The denominator, in lowest terms; always above zero."""
        return self._ratio[1]

    @property
    def fraction(self) -> Fraction:
        """The bare number."""
        return Fraction(*self._ratio)

    def cut(self, places: int = 2) -> Decimal:
        """Give the number with so many decimals, cut toward zero: for display only.

        Raises:
            InvalidValue: for fewer than 0 or more than 100 decimals.
        """
        return Decimal(fixed_text(self._cut(places), places))

    def __str__(self) -> str:
        return number_text(self)

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
            text = f"{sign}{_grouped(whole)}{point}{decimals}"
        return format(text, f"{fill or ''}{align or '>'}{width or ''}")

    def _cut(self, places: int) -> int:
        if type(places) is not int or not 0 <= places <= _MOST_PLACES:
            expected = f"a whole number between 0 and {_MOST_PLACES}"
            raise InvalidValue(Problem("points", field="places", found=shown(places), expected=expected))
        n, d = self._ratio
        size: int = abs(n) * 10**places // d
        return size if n > 0 else -size

    def __bool__(self) -> bool:
        return self._ratio[0] != 0

    def __neg__(self) -> Points:
        n, d = self._ratio
        return _made(-n, d)

    def __abs__(self) -> Points:
        return self if self._ratio[0] >= 0 else -self

    def __add__(self, other: Points) -> Points:
        if other.__class__ is not Points:
            return NotImplemented
        n, d = self._ratio
        m, e = other._ratio
        if d == e:
            n += m
        else:
            n = n * e + m * d
            d *= e
        if d != 1 and (common := gcd(n, d)) != 1:
            n //= common
            d //= common
        made = _new(Points)  # _made, without the price of a call
        _set_ratio(made, (n, d))
        return made

    def __sub__(self, other: Points) -> Points:
        if other.__class__ is not Points:
            return NotImplemented
        n, d = self._ratio
        m, e = other._ratio
        return points_of(n * e - m * d, d * e)

    def __mul__(self, factor: Factor) -> Points:
        by = _factor(factor)
        if by is None:
            return NotImplemented
        n, d = self._ratio
        return points_of(n * by.numerator, d * by.denominator)

    __rmul__ = __mul__

    @overload
    def __truediv__(self, divisor: Points) -> Fraction: ...
    @overload
    def __truediv__(self, divisor: Factor) -> Points: ...
    def __truediv__(self, divisor: Points | Factor) -> Fraction | Points:
        n, d = self._ratio
        if isinstance(divisor, Points):
            m, e = divisor._ratio
            return Fraction(n * e, d * m)
        by = _factor(divisor)
        if by is None:
            return NotImplemented
        if not by:
            msg = "points cannot be divided by zero"
            raise ZeroDivisionError(msg)
        return points_of(n * by.denominator, d * by.numerator)

    def __lt__(self, other: Points) -> bool:
        if other.__class__ is not Points:
            return NotImplemented
        n, d = self._ratio
        m, e = other._ratio
        return n * e < m * d

    def __le__(self, other: Points) -> bool:
        if other.__class__ is not Points:
            return NotImplemented
        n, d = self._ratio
        m, e = other._ratio
        return n * e <= m * d

    def __gt__(self, other: Points) -> bool:
        if other.__class__ is not Points:
            return NotImplemented
        n, d = self._ratio
        m, e = other._ratio
        return n * e > m * d

    def __ge__(self, other: Points) -> bool:
        if other.__class__ is not Points:
            return NotImplemented
        n, d = self._ratio
        m, e = other._ratio
        return n * e >= m * d


# Arithmetic fills the slot directly: __init__ would check again what is known, at twice the price. One slot
# for both numbers, because each filling of a slot costs as much as the addition itself.
_new = object.__new__
_set_ratio = Points.__dict__["_ratio"].__set__


def _made(n: int, d: int) -> Points:
    made = _new(Points)
    _set_ratio(made, (n, d))
    return made


def _grouped(digits: str) -> str:
    """Put a comma between thousands."""
    first = len(digits) % 3
    return ",".join(part for part in (digits[:first], *re.findall("...", digits[first:])) if part)


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
