"""Money: a whole number of minor units of one currency."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, final

from tierkit.errors import CurrencyMismatch, InvalidValue, Problem, WrongType, shown
from tierkit.frozen import frozen
from tierkit.values.currency import Currency, as_currency
from tierkit.values.exact import MOST_CHARACTERS, exact, fixed_text, plain_hint, refusal
from tierkit.values.rates import Rounding, round_to_int

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tierkit.values.rates import RateTable

_MOST_DIGITS: Final = 90  # of minor units: with sign and point the text is well below what is read back
_END: Final[int] = 10**_MOST_DIGITS
_PLAIN = re.compile(r"([+-]?[0-9]+)(?:\.([0-9]+))?")


@final
@frozen
class Money:
    """An amount of one currency, in whole minor units.

    Amounts of one currency add, subtract and compare; amounts of two raise CurrencyMismatch, except that
    `==` is False. An amount is multiplied by whole numbers only, and an amount divided by an amount is a
    Fraction: parts of an amount come from `allocate`, which loses nothing.

    Args:
        amount: an int or a Decimal, or text such as "1234.56": a plain decimal without thousands separators.
        currency: a Currency or its code.

    Attributes:
        minor: the number of minor units.
        currency: the currency.

    Raises:
        WrongType: for a float or a bool.
        InvalidValue: for more decimals than the currency has, for a currency of which there are no
            amounts (XAU), for text that is no plain decimal, and for more than 90 digits.
        UnknownName: for a currency that ISO 4217 does not list.
    """

    __match_args__ = ("amount", "currency")

    minor: int
    currency: Currency

    def __init__(self, amount: int | str | Decimal, currency: Currency | str) -> None:
        known = as_currency(currency)
        _set_minor(self, _minor_of(amount, known))
        _set_currency(self, known)

    @staticmethod
    def from_minor(minor: int, currency: Currency | str) -> Money:
        """Make an amount from a number of minor units: 1000 and "EUR" is 10.00 EUR."""
        if type(minor) is not int:
            raise WrongType(Problem("minor units", found=shown(minor), expected="a whole number"))
        known = as_currency(currency)
        units_of(known)
        return _made(_bounded(minor), known)

    @property
    def amount(self) -> Decimal:
        """The amount in whole units, with all the decimals that the currency has."""
        return Decimal(self._text())

    def _text(self) -> str:
        return fixed_text(self.minor, units_of(self.currency))

    def __str__(self) -> str:
        return f"{self._text()} {self.currency.code}"

    def __repr__(self) -> str:
        return f'Money("{self._text()}", "{self.currency.code}")'

    def __bool__(self) -> bool:
        return self.minor != 0

    def __neg__(self) -> Money:
        return _made(-self.minor, self.currency)

    def __abs__(self) -> Money:
        return self if self.minor >= 0 else _made(-self.minor, self.currency)

    def __add__(self, other: Money) -> Money:
        if other.__class__ is not Money:
            return NotImplemented
        if self.currency is not other.currency:
            raise _mismatch(self, other, "add")
        made = _new(Money)  # _made, without the price of a call
        _set_minor(made, self.minor + other.minor)
        _set_currency(made, self.currency)
        return made

    def __sub__(self, other: Money) -> Money:
        if other.__class__ is not Money:
            return NotImplemented
        if self.currency is not other.currency:
            raise _mismatch(self, other, "subtract")
        return _made(self.minor - other.minor, self.currency)

    def __mul__(self, factor: int) -> Money:
        if type(factor) is int:
            return _made(self.minor * factor, self.currency)
        if isinstance(factor, bool | float | str | Fraction | Decimal):
            hint = "take parts of an amount with allocate(), which loses nothing"
            problem = Problem(
                "factor of an amount", found=shown(factor), expected="a whole number", hint=hint
            )
            raise WrongType(problem)
        return NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, divisor: Money) -> Fraction:
        if divisor.__class__ is not Money:
            return NotImplemented
        if self.currency is not divisor.currency:
            raise _mismatch(self, divisor, "divide")
        return Fraction(self.minor, divisor.minor)

    def __lt__(self, other: Money) -> bool:
        if other.__class__ is not Money:
            return NotImplemented
        return _comparable(self, other) < other.minor

    def __le__(self, other: Money) -> bool:
        if other.__class__ is not Money:
            return NotImplemented
        return _comparable(self, other) <= other.minor

    def __gt__(self, other: Money) -> bool:
        if other.__class__ is not Money:
            return NotImplemented
        return _comparable(self, other) > other.minor

    def __ge__(self, other: Money) -> bool:
        if other.__class__ is not Money:
            return NotImplemented
        return _comparable(self, other) >= other.minor

    def allocate(self, shares: Mapping[str, int | Fraction | Decimal]) -> dict[str, Money]:
        """Split the amount by shares, so that the parts add up to it.

        Each part is its quota cut to whole minor units; the units left over go to the largest
        remainders, and of equal ones to the keys that come first in order. So no part is a whole minor
        unit off its quota, the order of the shares makes no difference, and a negative amount is split
        as the positive one.

        Args:
            shares: the weight of each part, zero or more, by a key such as the partner's id.

        Raises:
            InvalidValue: for no shares, a negative one, or nothing but zeros.
        """
        weights = {key: exact(share, where=f"share of {shown(key)}") for key, share in shares.items()}
        for key, weight in weights.items():
            if weight < 0:
                problem = Problem(f"share of {shown(key)}", found=shown(weight), expected="zero or more")
                raise InvalidValue(problem)
        whole = sum(weights.values(), Fraction(0))
        if not whole:
            found = "only zeros" if weights else "none"
            raise InvalidValue(Problem("shares", found=found, expected="at least one share above zero"))
        size = abs(self.minor)
        quotas = {key: size * weight / whole for key, weight in weights.items()}
        parts = {key: int(quota) for key, quota in quotas.items()}
        left = size - sum(parts.values())
        for key in sorted(quotas, key=lambda key: (parts[key] - quotas[key], key))[:left]:
            parts[key] += 1
        sign = -1 if self.minor < 0 else 1
        return {key: _made(sign * part, self.currency) for key, part in parts.items()}

    def convert(
        self,
        to: Currency | str,
        rates: RateTable,
        *,
        on: date,
        rounding: Rounding,
        through: Currency | str | None = None,
    ) -> Money:
        """Give the amount in another currency, at the rates that a table has for a day; for reporting.

        Args:
            to: the currency wanted.
            rates: the table; a rate is used only in the direction in which it was given.
            on: the day.
            rounding: how the result, exact until then, becomes whole minor units.
            through: the currency in the middle, where the table has no direct rate.

        Raises:
            NotCovered: where the table has no rate for that day.
        """
        target = as_currency(to)
        rate = Fraction(1)
        for step in rates.find(self.currency, target, on=on, through=through):
            rate *= step.rate
        scale = Fraction(10) ** (units_of(target) - units_of(self.currency))
        return _made(round_to_int(self.minor * rate * scale, rounding), target)


# Arithmetic fills the two slots directly: __init__ would check again what is known, at twice the price.
_new = object.__new__
_set_minor = Money.__dict__["minor"].__set__
_set_currency = Money.__dict__["currency"].__set__


def _made(minor: int, currency: Currency) -> Money:
    made = _new(Money)
    _set_minor(made, minor)
    _set_currency(made, currency)
    return made


def units_of(currency: Currency) -> int:
    """Give the number of decimals that an amount of a currency has.

    Raises:
        InvalidValue: for a currency of which there are no amounts, such as gold.
    """
    if currency.minor_units is None:
        found = f"{currency.code} ({currency.name})"
        hint = 'write what it is worth in another currency, such as "EUR"'
        raise InvalidValue(
            Problem("currency", found=found, expected="a currency that amounts are kept in", hint=hint)
        )
    return currency.minor_units


def _comparable(amount: Money, other: Money) -> int:
    if amount.currency is not other.currency:
        raise _mismatch(amount, other, "compare")
    return amount.minor


def _mismatch(amount: Money, other: Money, verb: str) -> CurrencyMismatch:
    found = f"{amount} and {other}"
    hint = "convert one of them with a RateTable first"
    return CurrencyMismatch(Problem(f"amounts to {verb}", found=found, expected="one currency", hint=hint))


def _minor_of(amount: object, currency: Currency) -> int:
    units = units_of(currency)
    if isinstance(amount, str):
        whole, point, decimals = amount.partition(".")
        digits = whole + decimals.ljust(units, "0")
        # The usual text of a record, "1234.56", at half the price of what may stand there beside it.
        usual = whole and len(decimals) <= units and (decimals or not point) and len(digits) <= _MOST_DIGITS
        if usual and digits.isdigit() and digits.isascii():
            return int(digits)
        return _minor_of_text(amount, currency, units)
    scale: int = 10**units
    if type(amount) is int:
        return _bounded(amount * scale)
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        raise WrongType(refusal(amount, "amount"))
    number = exact(amount, where="amount")
    minor, rest = divmod(number.numerator * scale, number.denominator)
    if rest:
        raise InvalidValue(_too_fine(amount, currency, units))
    return _bounded(minor)


def _bounded(minor: int) -> int:
    if -_END < minor < _END:
        return minor
    found, expected = f"an amount of more than {_MOST_DIGITS} digits", f"at most {_MOST_DIGITS} digits"
    raise InvalidValue(
        Problem("amount", found=found, expected=expected, hint="mend it: no amount is that large")
    )


def _minor_of_text(text: str, currency: Currency, units: int) -> int:
    form = _PLAIN.fullmatch(text)
    if not form or len(text) > MOST_CHARACTERS:
        expected = 'a plain decimal such as "1234.56"'
        raise InvalidValue(Problem("amount", found=shown(text), expected=expected, hint=plain_hint(text)))
    decimals = form[2] or ""
    surplus = decimals[units:]
    # Zeros that the currency does not have say nothing, but "1.000" may be a thousand written another way.
    if surplus.strip("0") or (surplus and len(decimals) == 3):  # noqa: PLR2004 - thousands go in threes
        raise InvalidValue(_too_fine(text, currency, units))
    return _bounded(int(form[1] + decimals[:units].ljust(units, "0")))


def _too_fine(amount: object, currency: Currency, units: int) -> Problem:
    most = f"no more than {units}" if units else "no"
    expected = f"{most} decimals in {currency.code}"
    hint = "write it without thousands separators, and round it first if it is finer"
    return Problem("amount", found=shown(amount), expected=expected, hint=hint)
