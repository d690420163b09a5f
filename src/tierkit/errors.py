"""What can be wrong: a Problem says where, what was found, what was expected and what to do.

Bulk readers return problems as values; everything else raises an error that carries them.
Each error class is also the standard exception that a caller would expect to catch.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar, cast, final
from unicodedata import normalize

from tierkit.frozen import changed, frozen

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

T = TypeVar("T")

_MOST_SHOWN = 80
_MOST_COMPARED = 60
_MOST_NAMED = 10
_MOST_SEARCHED = 1000
_MOST_SAID = 200
_AT_LINE = re.compile(r" \(at (?:line ([0-9]+), column [0-9]+|end of document)\)")
_HUGE = re.compile(r"(?:[0-9]_?){4300}|[0-9.][eE][+-]?[0-9_]{18}")
"""A number of more digits than Python makes one of, or of an exponent of so many digits."""


@final
@frozen
class Problem:
    """One thing that is wrong, and the way out.

    Attributes:
        where: the file and line, the fact or the argument.
        field: the column, key or attribute; empty where the whole place is meant.
        found: what was there, cut to eighty characters.
        expected: what would have been right.
        hint: what to do about it.
    """

    where: str
    field: str = ""
    found: str = ""
    expected: str = ""
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: {self.field}" if self.where and self.field else self.where or self.field
        said = [
            f"found {self.found}" if self.found else "",
            f"expected {self.expected}" if self.expected else "",
            self.hint,
        ]
        return f"{place}: " + "; ".join(part for part in said if part)


class TierkitError(Exception):
    """The root of every error that tierkit raises on purpose; `problems` says all that is wrong."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong, in the order in which it was found."""
        return self.args

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class InvalidValue(TierkitError, ValueError):
    """A value of the right type that cannot be what it should be."""


class WrongType(TierkitError, TypeError):
    """A value of a type that is not taken: a float above all."""


class UnknownName(TierkitError, LookupError):
    """A code, id or name that nothing bears."""


class CurrencyMismatch(TierkitError, TypeError):
    """Two currencies where one was expected."""


class NotCovered(TierkitError, LookupError):
    """A day for which no rule and no rate was supplied."""


class NotValued(TierkitError, LookupError):
    """A fact or an amount that the program gives no points for, because it cannot value it."""


class InvalidBook(TierkitError, ValueError):
    """Records that do not make a book of facts; lists every problem."""


class InvalidProgram(TierkitError, ValueError):
    """A file that does not make a program; lists every problem."""


@contextmanager
def ways_out(hints: Mapping[str, str]) -> Generator[None]:
    """Say of what a question lacks how it is supplied here, rather than to the function that was asked.

    Args:
        hints: for some fields of problems the way out.
    """
    try:
        yield
    except NotValued as error:
        put = (changed(each, hint=hints.get(each.field, each.hint)) for each in error.problems)
        raise NotValued(*put) from None


def unknown_name(where: str, field: str, name: object, known: Iterable[str]) -> UnknownName:
    """Make the error for a name that nothing bears, with some of those that something does.

    Args:
        where: what was asked.
        field: what the name should be of.
        name: what was given.
        known: the names that there are.
    """
    names = list(known)
    more = ", …" if len(names) > _MOST_NAMED else ""
    expected = f"one of {', '.join(names[:_MOST_NAMED])}{more}" if names else f"a {field}; there is none"
    hint = nearest(name, names[:_MOST_SEARCHED]) if isinstance(name, str) else ""
    return UnknownName(Problem(where, field, shown(name), expected, hint))


def one_named(where: str, field: str, name: object, known: Mapping[str, T]) -> T:
    """Find what bears a name.

    Args:
        where: what was asked.
        field: what the name should be of.
        name: what was given.
        known: what there is, by name.

    Raises:
        UnknownName: nothing bears it.
    """
    if not isinstance(name, str) or name not in known:
        raise unknown_name(where, field, name, known)
    return known[name]


def refuse_other(value: object, kind: type, where: str, expected: str) -> None:
    """Raise where an argument is not of the type that it has to be.

    Raises:
        WrongType: it is not.
    """
    if not isinstance(value, kind):
        raise WrongType(Problem(where, found=shown(value), expected=expected))


def shown(value: object, limit: int = _MOST_SHOWN) -> str:
    """Give a foreign value as text that is safe and short enough for a message."""
    if isinstance(value, str | bytes) and len(value) > limit:
        value = value[:limit]
        return f"{value!r:.{limit}}…"
    try:
        text = _written(value)
    except Exception:  # noqa: BLE001 - a foreign __repr__ may raise anything
        text = f"a {type(value).__name__}"
    return text if len(text) <= limit else text[:limit] + "…"


def _written(value: object) -> str:
    """Give a value as files write it: a day as 2026-07-13, a number by its digits, true within a list."""
    if type(value) in (date, datetime, time):
        return cast("date", value).isoformat()
    if type(value) is Decimal:
        return str(value)
    if type(value) is list:
        return f"[{', '.join(map(_inside, cast('list[object]', value)))}]"
    if type(value) is dict:
        pairs = cast("dict[object, object]", value).items()
        return f"{{{', '.join(f'{key!r}: {_inside(each)}' for key, each in pairs)}}}"
    return repr(value)


def _inside(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else _written(value)


def of_parser(error: Exception, text: str, where: str) -> tuple[str, str]:
    """Say where a document stops to be one, and what is found there, without what is meant for Python.

    Args:
        error: what a parser, or a decoder, of the standard library raised.
        text: the document; nothing where it is none.
        where: the name of its file.
    """
    said, at_line = str(error), getattr(error, "lineno", None)
    if isinstance(error, UnicodeDecodeError):
        line = 1 + error.object.count(b"\n", 0, error.start)
        said = f"byte {error.object[error.start]:#04x} at {error.start}"
    elif isinstance(at_line, int):  # the parser of JSON says it; that of TOML from Python 3.14 on
        line, said = at_line, str(getattr(error, "msg", said))
    elif isinstance(error, ArithmeticError) or "set_int_max_str_digits" in said:
        huge = _HUGE.search(text)
        line = 1 + text.count("\n", 0, huge.start() if huge else None)
        said = "a number of thousands of digits"
    else:
        at = _AT_LINE.search(said)
        line = int(at[1]) if at and at[1] else 1 + text.count("\n")
        said = said[: at.start() if at else None]
    return f"{where}, line {line}", shown(said, _MOST_SAID).strip("'\"")


def nearest(name: str, known: Iterable[str]) -> str:
    """Give "did you mean 'GB'?" where a known name is near, else nothing."""
    if len(name) > _MOST_COMPARED:
        return ""
    by_fold = {item.casefold(): item for item in known}
    same = next((item for item in by_fold.values() if normalize("NFC", item) == normalize("NFC", name)), name)
    if same != name:
        return f"did you mean {same!r}? it has the same letters in another Unicode form"
    near = get_close_matches(name.casefold(), by_fold, n=1, cutoff=0.6)
    return f"did you mean {by_fold[near[0]]!r}?" if near else ""
