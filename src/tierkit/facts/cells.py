"""What one cell says: text of a CSV file, or a value of JSON or Python, becomes what a fact holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, NoReturn

from tierkit.errors import InvalidValue, Problem, TierkitError, shown
from tierkit.facts.checks import MOST_CHARACTERS as _MOST_CHARACTERS
from tierkit.facts.checks import Scalar
from tierkit.values.currency import Currency
from tierkit.values.exact import exact
from tierkit.values.market import Market

if TYPE_CHECKING:
    from fractions import Fraction

Parser = Callable[[object], object]
"""Turns a cell that is not empty into a value, or raises a TierkitError that says what was expected."""

_MOST_REMEMBERED: Final = 100_000
_DAY_LENGTH: Final = len("2026-11-23")
_CURRENCY_LENGTH: Final = 3
_MARKET_LENGTH: Final = 2
_NULLS: Final = ("nan", "<NA>", "NaT")
_NO_NULL: Final = "write None where nothing is known"
_TRUTHS: Final = {"true": True, "false": False}


class JsonNumber:
    """A number of a JSON file, kept as it was written: no float is ever made of it."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text: str = text

    def __repr__(self) -> str:
        return self.text


class Misread:
    """Stands for a cell of an export that its mapping could not make a cell of ours; no column takes it."""

    __slots__ = ("expected", "found", "hint")

    def __init__(self, found: str, expected: str, hint: str = "") -> None:
        self.found: str = found
        self.expected: str = expected
        self.hint: str = hint


class Memo(dict[object, object]):
    """Remembers what a text was read as: files repeat days, currencies and names in every row.

    What could not be read is remembered too, since saying why may take a search for a near match.
    """

    def __init__(self, parse: Parser) -> None:
        super().__init__()
        self._parse = parse
        self._failed: dict[str, tuple[Problem, ...]] = {}

    def __missing__(self, cell: object) -> object:
        if type(cell) is not str or len(cell) > _MOST_CHARACTERS:
            return self._parse(cell)
        if cell in self._failed:
            raise InvalidValue(*self._failed[cell])
        try:
            value = self._parse(cell)
        except TierkitError as error:
            if len(self._failed) < _MOST_REMEMBERED:
                self._failed[cell] = error.problems
            raise
        if len(self) < _MOST_REMEMBERED:
            self[cell] = value
        return value

    def of(self, cell: object) -> object:
        """Give the value of any cell, also of one that no memory can hold."""
        return self[cell] if type(cell) is str else self._parse(cell)


def is_empty(cell: object) -> bool:
    """Whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and not cell)


def refuse(expected: str, hint: str = "") -> NoReturn:
    """Raise the error of a cell that cannot be read; whoever catches it knows where the cell is."""
    raise InvalidValue(Problem("", "", "", expected, hint))


def read_text(cell: object) -> str:
    """Text."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int | JsonNumber):
        refuse("text", f'write "{cell!r}"')
    refuse("text", _NO_NULL if shown(cell) in _NULLS else "")


def read_day(cell: object) -> date:
    """A calendar day, written 2026-11-23."""
    if type(cell) is date:
        return cell
    if isinstance(cell, datetime):
        hint = _NO_NULL if shown(cell) in _NULLS else "take its day: .date()"
        refuse("a date without a time of day", hint)
    if type(cell) is str and len(cell) == _DAY_LENGTH and cell[4] == cell[7] == "-":
        try:
            return date.fromisoformat(cell)
        except ValueError:
            refuse("a day of the calendar, written as in 2026-11-23")
    hint = ""
    if isinstance(cell, str) and len(cell) > _DAY_LENGTH and cell[4:5] == cell[7:8] == "-":
        hint = "leave out the time of day, or name its time-zone in a mapping"
    elif isinstance(cell, str) and any(sign in cell for sign in "/."):
        hint = "write the year first, then month and day: 31/12/2026 is 2026-12-31"
    refuse("a day written as in 2026-11-23", hint)


def read_amount(cell: object) -> object:
    """What Money takes, and refuses with a reason of its own."""
    return cell.text if isinstance(cell, JsonNumber) else cell


def read_currency(cell: object) -> Currency:
    """A currency, by its code."""
    if type(cell) is Currency:
        return cell
    code = read_text(cell)
    if (
        len(code) != _CURRENCY_LENGTH
    ):  # without a search for a near match, which a million rows could not afford
        refuse("an ISO 4217 code of three capital letters", 'write the code, such as "EUR"')
    return Currency(code)


def read_market(cell: object) -> Market:
    """A market, by its code."""
    if type(cell) is Market:
        return cell
    code = read_text(cell)
    if len(code) != _MARKET_LENGTH:
        hint = 'write the code, such as "DE"; a mapping reads names with translate = "country-names"'
        refuse("an ISO 3166 code of two capital letters", hint)
    return Market(code)


def read_number(cell: object) -> Fraction:
    """A number, exactly."""
    return exact(cell.text if isinstance(cell, JsonNumber) else cell, where="")


def read_truth(cell: object) -> bool:
    """True or false, in just these words."""
    truth = cell if isinstance(cell, bool) else _TRUTHS.get(cell) if type(cell) is str else None
    if truth is None:
        refuse("true or false")
    return truth


def read_truth_or_number(cell: object) -> bool | Fraction:
    """True, false or a number."""
    if isinstance(cell, bool) or (type(cell) is str and cell in _TRUTHS):
        return read_truth(cell)
    try:
        return read_number(cell)
    except TierkitError as error:
        refuse("true, false or a number", error.problems[0].hint)


def read_scalar(cell: object) -> Scalar:
    """An attribute that says its type itself: text stays text."""
    if isinstance(cell, str | bool):
        return cell
    return read_day(cell) if isinstance(cell, date) else read_number(cell)


PARSERS: Final[dict[str, Parser]] = {
    "text": read_text,
    "date": read_day,
    "amount": read_amount,
    "currency": read_currency,
    "market": read_market,
    "number": read_number,
    "boolean": read_truth,
    "boolean or number": read_truth_or_number,
    "scalar": read_scalar,
}
"""How a cell of each type of column is read."""
