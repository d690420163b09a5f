"""Numbers for people: points and readings cut toward zero, amounts as their language writes them."""

from __future__ import annotations

import re
from decimal import Context, localcontext
from fractions import Fraction
from itertools import islice
from math import ceil
from typing import TYPE_CHECKING

from tierkit.programs.requirements import Sense
from tierkit.values.exact import decimal_text, fixed_text
from tierkit.values.points import Points
from tierkit.values.reason import ROUNDINGS, Operator, given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tierkit.engine.judge import Check
    from tierkit.engine.verdicts import Quantity
    from tierkit.values.money import Money
    from tierkit.values.reason import Reason

_PLACES = 2
_MOST_LEAVES = 12
_UNKNOWN = "unknown"
_WHOLE_PART = re.compile(r"[0-9](?=(?:[0-9]{3})+(?![0-9]))")
_DECIMALS = re.compile(r"0(\.0+)?(?![#0,.])")
_CURRENCY = re.compile("[A-Z]{3}")
_CODE_AGAINST_DIGIT = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
# Enough digits for any amount that tierkit reads, so that babel rounds nothing.
_WIDE = Context(prec=400)


def points_text(points: Points, *, beside: Points | None = None) -> str:
    """Write points with two decimals, or as many as tell them from a bar, cut toward zero.

    Args:
        points: the points.
        beside: the bar that they are held against: 324.996 points beside 325 are "324.996".
    """
    places = _PLACES if beside is None else places_beside(points.fraction, beside.fraction)
    return _cut(points.fraction, places)


def places_beside(number: Fraction, bar: Fraction) -> int:
    """Give the decimals that it takes to tell a number from a bar, and to show a gap between them."""
    gap, places = abs(number - bar), _PLACES
    while gap and (gap * 10**places < 1 or _cut(number, places) == _cut(bar, places)):
        places += 1
    return places


def check_texts(check: Check) -> tuple[str, str, str]:
    """Write what a condition of a tier has, needs and misses, with as many places as tell it from the bar.

    What is missing is what lacks between the other two as they are shown, so that the three add up and nobody
    who earns as much as is shown to be missing has earned too little.
    """
    places = _PLACES
    if isinstance(check.have, Points | Fraction) and isinstance(check.need, Points | Fraction):
        places = places_beside(_fraction(check.have), _fraction(check.need))
    have = bounded(_quantity(check.have, places, check.unit), at_least=check.at_least, unsure=check.unsure)
    need = _bar(check.need, places, check.unit)
    if check.comparison in (Sense.ABOVE, Sense.IN_GROUP) and need:
        need = f"{'above' if check.comparison is Sense.ABOVE else 'in'} {need}"
    lacks = None if check.unsure else check.missing
    missing = "" if lacks is None else _lacking(lacks, places, check.unit)
    return have, need, f"at most {missing}" if check.at_least and lacks else missing


def bounded(number: str, *, at_least: bool, unsure: bool) -> str:
    """Say beside a number that it is a lower bound, or that it is none either way."""
    if number in ("", _UNKNOWN):
        return number
    if unsure:
        return f"unsure: {number}"
    return f"at least {number}" if at_least else number


def figure_text(value: Fraction | None, unit: str) -> str:
    """Write what counts something else than points, cut to two decimals, with its unit; unknown for None."""
    return _UNKNOWN if value is None else _bar(value, _PLACES, unit)


def column_of(units: Mapping[str, str]) -> str:
    """Head a column of numbers: points, where nothing in it counts something else."""
    return "number" if units else "points"


def counted_text(points: Points, name: str, units: Mapping[str, str]) -> str:
    """Write points of a track or measure, or so many of what it counts that is not points.

    Args:
        points: the points.
        name: the track or measure.
        units: what those count that do not count points.
    """
    return figure_text(points.fraction, units[name]) if name in units else points_text(points)


def signed(points: Points, name: str, units: Mapping[str, str]) -> str:
    """Write the same with its sign, so that a gain is not taken for an amount."""
    text = counted_text(points, name, units)
    return f"+{text}" if points > Points(0) else text


def money_text(money: Money, *, locale: str = "en") -> str:
    """Write an amount as a language does, with all the decimals of its currency: "€1,000.00".

    Args:
        money: the amount; it is not rounded.
        locale: a locale of the Common Locale Data Repository, such as "en" or "de_CH".
    """
    from babel import Locale
    from babel.numbers import format_currency

    spoken = Locale.parse(locale)
    # The digits are those of ISO 4217: babel's own differ for some currencies.
    units = money.currency.minor_units or 0
    pattern = _DECIMALS.sub(
        "0" + "." * bool(units) + "0" * units, spoken.currency_formats["standard"].pattern
    )
    with localcontext(_WIDE):
        text = format_currency(
            money.amount, money.currency.code, pattern, locale=spoken, currency_digits=False
        )
    return _CODE_AGAINST_DIGIT.sub("\N{NO-BREAK SPACE}", text)


def exact_text(quantity: Quantity | None) -> str:
    """Write a number exactly, as a decimal or else as a fraction; a truth as yes or no, None as unknown."""
    if quantity is None:
        return _UNKNOWN
    if isinstance(quantity, bool):
        return "yes" if quantity else "no"
    if isinstance(quantity, str):
        return quantity
    number = _fraction(quantity)
    exactly = decimal_text(number)
    return str(number) if exactly is None else _grouped(exactly)


def formula(reason: Reason) -> str:
    """Write how a number follows from the leaves of its reason: "1,000 EUR ÷ 88 EUR times 5".

    Where these are many, it is how the number follows from its own parts, or from how many.
    """
    parts = reason.parts
    if reason.operator in (Operator.GIVEN, Operator.COUNT) or not parts:
        return _leaf(reason)
    if next(islice(reason.leaves(), _MOST_LEAVES, None), None):
        if len(parts) > _MOST_LEAVES:
            return f"{reason.operator} of {len(parts)} numbers"
        parts = tuple(given(part.label, part.value, unit=part.unit) for part in parts)
    steps = [formula(part) for part in parts]
    if reason.operator in (Operator.MAX, Operator.MIN, *ROUNDINGS):
        return f"{reason.operator}({', '.join(steps)})"
    if reason.operator is Operator.SUM:
        return " + ".join(steps).replace(" + -", " - ")
    bracketed = [
        f"({step})" if _is_compound(part) and (index or part.operator is Operator.SUM) else step
        for index, (part, step) in enumerate(zip(parts, steps, strict=True))
    ]
    if reason.operator is Operator.PRODUCT and bracketed[0] == "-1":
        bracketed[:2] = [f"-{step}" for step in bracketed[1:2]]
    return (" \N{MULTIPLICATION SIGN} " if reason.operator is Operator.PRODUCT else " ÷ ").join(bracketed)


def _leaf(reason: Reason) -> str:
    number = exact_text(reason.value)
    return f"{number} {reason.unit}" if _CURRENCY.fullmatch(reason.unit) else number


def _is_compound(reason: Reason) -> bool:
    return len(reason.parts) > 1 and reason.operator in (Operator.SUM, Operator.PRODUCT, Operator.QUOTIENT)


def _fraction(quantity: Points | Fraction) -> Fraction:
    return quantity.fraction if isinstance(quantity, Points) else quantity


def _quantity(quantity: Quantity | None, places: int, unit: str) -> str:
    """Write points with all places, a reading with those that it has."""
    if isinstance(quantity, Points):
        return _cut(quantity.fraction, places)
    return _bar(quantity, places, unit)


def _lacking(quantity: Points | Fraction, places: int, unit: str) -> str:
    """Write what is missing: the only figure that is not cut, since a part of it would not do."""
    scale: int = 10**places
    number = Fraction(ceil(_fraction(quantity) * scale), scale)
    return _quantity(Points(number) if isinstance(quantity, Points) else number, places, unit)


def _bar(quantity: Quantity | None, places: int, unit: str) -> str:
    """Write a bar or a reading: plainly where that is exact, else cut."""
    if quantity is None:
        return ""
    if isinstance(quantity, bool | str):
        return exact_text(quantity)
    number = _fraction(quantity)
    is_short = (10**places * number).denominator == 1
    text = exact_text(number) if is_short else _cut(number, places)
    return f"{text} {unit}" if unit else text


def _cut(number: Fraction, places: int) -> str:
    size: int = abs(number.numerator) * 10**places // number.denominator
    return _grouped(fixed_text(size if number > 0 else -size, places))


def _grouped(text: str) -> str:
    """Set commas between the thousands of a plain decimal."""
    whole, point, decimals = text.partition(".")
    return _WHOLE_PART.sub(r"\g<0>,", whole) + point + decimals
