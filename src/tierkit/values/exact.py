"""Numbers as they come in, made exact: every one becomes a Fraction, or an error that says what to write."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final, Protocol

from tierkit.errors import InvalidValue, Problem, WrongType, shown

Number = int | str | Decimal | Fraction
"""What tierkit takes as a number. Floats are refused: 0.1 is not a tenth."""

Factor = int | Decimal | Fraction
"""What points and amounts may be multiplied and divided by: a number, but not text."""

MOST_CHARACTERS = 100
"""The longest decimal text that is read."""
MOST_DIGITS = 4000
"""The most digits of a whole number, or of either part of a ratio: an exact sum over many currencies must be
readable back, and Python makes no text of more than 4300 digits at once."""
MOST_EXPONENT = 100
"""The largest power of ten, up or down, that a number may carry."""

_DECIMAL = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,4}))?")
_RATIO = re.compile(r"([+-]?[0-9]+)/([0-9]+)")
_END: Final[int] = 10**MOST_DIGITS
_CHUNK: Final = 500  # digits that Python turns into text under any setting of its own bound
_WITH_EXPONENT = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+")
_GROUPED = re.compile(
    r"[+-]?[0-9]{1,3}(?:[,.'\u2019 \u00a0\u202f][0-9]{3})*(?:[.,][0-9]+|[,'\u2019 \u00a0\u202f][0-9]{3})"
    r"|[+-]?[0-9]+,[0-9]+"
)


class _Ratio(Protocol):
    """A Fraction, or points."""

    @property
    def numerator(self) -> int: ...
    @property
    def denominator(self) -> int: ...


def exact(value: object, *, where: str) -> Fraction:
    """Turn a number into the Fraction that equals it.

    Args:
        value: an int, a Decimal, a Fraction, or text such as "3", "-3.25", "1e3" or "625/11".
        where: what the number is, for the message.

    Raises:
        WrongType: for a float, a bool, or anything that is no number.
        InvalidValue: for NaN, infinity, text that is no plain number, or a number out of bounds.
    """
    if isinstance(value, bool):
        raise WrongType(Problem(where, found=shown(value), expected="a number", hint="write 1 or 0"))
    if isinstance(value, int):
        return _bounded(Fraction(int(value)), where)
    if isinstance(value, str):
        return _from_text(value, where)
    if isinstance(value, Fraction):
        return _bounded(Fraction(value), where)
    if isinstance(value, Decimal):
        return _from_decimal(value, where)
    raise WrongType(refusal(value, where))


def refusal(value: object, where: str) -> Problem:
    """Say why a value is not taken as a number, and what to write instead."""
    hint = "write the number as text or as a Decimal"
    if isinstance(value, float):
        hint = f'a float is not exact: write "{value!r}" or Decimal("{value!r}")'
        if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN differs from itself
            hint = "write a finite number, as text or as a Decimal"
    expected = "an int, a Decimal, a Fraction or text"
    return Problem(where, found=f"{shown(value)} ({type(value).__name__})", expected=expected, hint=hint)


def decimal_text(value: _Ratio) -> str | None:
    """Give the exact decimal text of a number ("12.5"), or None where it has no end (1/3)."""
    rest = value.denominator
    twos = (rest & -rest).bit_length() - 1
    rest >>= twos
    fives = 0
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        return None
    places = max(twos, fives)
    return fixed_text(value.numerator * (10**places // value.denominator), places)


def fixed_text(scaled: int, places: int) -> str:
    """Write a whole number of units of ten to the minus `places` as a decimal: (1250, 2) is "12.50"."""
    if not places:
        return whole_text(scaled)
    sign = "-" if scaled < 0 else ""
    digits = whole_text(abs(scaled)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def whole_text(number: int) -> str:
    """Write a whole number of any length; `str` takes some thousand digits only."""
    if -_END < number < _END:
        return str(number)
    sign, rest, chunks = "-" if number < 0 else "", abs(number), list[str]()
    while rest:
        rest, chunk = divmod(rest, 10**_CHUNK)
        chunks.append(str(chunk).rjust(_CHUNK, "0"))
    return sign + "".join(reversed(chunks)).lstrip("0")


def number_text(value: _Ratio) -> str:
    """Write a number so that it is read back exactly: 12.5 where that is short, else 625/11."""
    text = decimal_text(value)
    if text is not None and len(text) <= MOST_CHARACTERS:
        return text
    return f"{whole_text(value.numerator)}/{whole_text(value.denominator)}"


def is_bounded(number: int) -> bool:
    """Whether a whole number has so few digits that its text is read back."""
    return -_END < number < _END


def _bounded(number: Fraction, where: str) -> Fraction:
    if is_bounded(number.numerator) and is_bounded(number.denominator):
        return number
    raise InvalidValue(too_long(where))


def too_long(where: str) -> Problem:
    """Say that a number has more digits than any that counts something."""
    found, expected = f"a number of more than {MOST_DIGITS} digits", f"at most {MOST_DIGITS} digits"
    return Problem(where, found=found, expected=expected, hint="mend it: nothing is counted in such numbers")


def _from_text(text: str, where: str) -> Fraction:
    if len(text) <= MOST_CHARACTERS and (plain := _DECIMAL.fullmatch(text)):
        sign, whole, decimals, exponent = plain.groups()
        power = int(exponent or 0)
        if abs(power) > MOST_EXPONENT:
            raise InvalidValue(_out_of_bounds(text, where))
        decimals = decimals or ""
        power -= len(decimals)
        number = int(sign + whole + decimals)
        return Fraction(number * 10**power) if power >= 0 else Fraction(number, 10**-power)
    if len(text) <= 2 * MOST_DIGITS + len("-/") and (ratio := _RATIO.fullmatch(text)):
        above, below = ratio.groups()
        if max(len(above.lstrip("+-")), len(below)) <= MOST_DIGITS and below.strip("0"):
            return Fraction(int(above), int(below))
    raise InvalidValue(_not_plain(text, where))


def _from_decimal(value: Decimal, where: str) -> Fraction:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        hint = "leave the number out where it is not known"
        raise InvalidValue(Problem(where, found=shown(value), expected="a finite number", hint=hint))
    if abs(exponent) > MOST_EXPONENT:
        raise InvalidValue(_out_of_bounds(value, where))
    return _bounded(Fraction(*value.as_integer_ratio()), where)


def _out_of_bounds(value: object, where: str) -> Problem:
    expected = f"an exponent between -{MOST_EXPONENT} and {MOST_EXPONENT}"
    return Problem(
        where, found=shown(value), expected=expected, hint="mend it: nothing is that large or small"
    )


def _not_plain(text: str, where: str) -> Problem:
    expected = 'a plain decimal such as "1234.5", or a ratio such as "625/11"'
    return Problem(where, found=shown(text), expected=expected, hint=plain_hint(text))


def plain_hint(text: str) -> str:
    """Say what to do about text that is no plain number."""
    if len(text) > MOST_CHARACTERS:
        return f"shorten it to {MOST_CHARACTERS} characters"
    if _GROUPED.fullmatch(text):
        return "write it without thousands separators and with a point before the decimals"
    if text != text.strip():
        return "remove the blanks around it"
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return "leave the number out where it is not known"
    if _WITH_EXPONENT.fullmatch(text):
        return "write all its digits, without an exponent"
    return ""
