"""Reading a raw table key by key: every mistake becomes a problem with its path, and reading goes on."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Final, cast
from unicodedata import category

from tierkit.errors import InvalidProgram, Problem, TierkitError, nearest, shown
from tierkit.programs.reading.keys import TOP, as_table, belongs, misplaced
from tierkit.values.exact import MOST_CHARACTERS, exact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


UNKNOWN: Final = "unknown"

UNKNOWN_KEY: Final = "an unknown key"
"""What is found where a key means nothing."""

MOST_PROBLEMS: Final = 200
"""After so many problems a file is read no further: it is no program at all."""

MOST_OF_ID: Final = 100
MOST_OF_NAME: Final = 200
MOST_OF_TEXT: Final = 1000
"""How many characters an id, a name and any other text may have."""

FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2100, 12, 31)
"""The days that a program may name: what lies further out is a slip, or no bound at all."""

_MOST_NAMES = 100
_MOST_OF_ENTRY = 40
_LARGEST: Final = 10**MOST_CHARACTERS
_NOT_TEXT: Final = ("Cc", "Cs", "Zl", "Zp")
_NOT_IN_IDS: Final = (*_NOT_TEXT, "Cf")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?:/[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OPERANDS = "a list of names and numbers"
_OPEN_ENDS = {
    "from": "leave `from` out where there is no beginning",
    "until": "leave `until` out where no end is known",
}


def among(names: Iterable[str]) -> str:
    """Say what would have been right: one of these names, of which the first are listed."""
    known = list(names)
    if not known:
        return "nothing here, as the file has none"
    more = f", … ({len(known)} in all)" if len(known) > _MOST_NAMES else ""
    return "one of " + ", ".join(known[:_MOST_NAMES]) + more


def is_number(text: str) -> bool:
    """Say whether a text is a number, where a name or a number may stand."""
    return _NUMBER.fullmatch(text) is not None


def day_of(text: str) -> date | None:
    """Give the day that a text of a JSON file says; None where it says none."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def near(name: str, names: Iterable[str]) -> str:
    """Say which of the first of these names may have been meant."""
    return nearest(name, islice(names, _MOST_NAMES))


def entry(key: str, name: object) -> str:
    """Give the path of one table of an array, by its id or its place."""
    return f"{key}[{shown(name, _MOST_OF_ENTRY).strip(chr(39))}]"


class Table:
    """One table of a program file, with the path that leads to it.

    A getter that finds nothing usable notes a problem and gives a neutral value, so that one reading
    of a file finds everything that is wrong with it. `close` notes the keys that nobody asked for.
    """

    def __init__(
        self, raw: Mapping[str, object], where: str, path: str, problems: list[Problem], header: str = ""
    ) -> None:
        self.raw = raw
        self.where = where
        self.path = path
        self.problems = problems
        self.header = header
        self._asked: set[str] = set()
        self._known: set[str] = set()

    def field(self, key: str) -> str:
        """Give the path of a key; of the table itself where the key is empty."""
        return f"{self.path}.{key}" if self.path and key else key or self.path

    def wrong(self, key: str, value: object, expected: str, hint: str = "") -> None:
        """Note a problem with the value of a key, which is shown as it stands."""
        self.problem(key, _as_written(value), expected, hint)

    def problem(self, key: str, found: str, expected: str, hint: str = "") -> None:
        """Note a problem with a key, in words of ours."""
        self._note(Problem(self.where, self.field(key), found, expected, hint))

    def _note(self, problem: Problem) -> None:
        self.problems.append(problem)
        if len(self.problems) >= MOST_PROBLEMS:
            more = Problem(
                self.where, "", "perhaps more problems", "", "mend these first, then load it again"
            )
            raise InvalidProgram(*self.problems, more)

    def has(self, key: str) -> bool:
        """Say whether a key is there, without reading it; it is one that means something."""
        self._known.add(key)
        return key in self.raw

    def _value(self, key: str, expected: str, *, required: bool) -> object:
        self._asked.add(key)
        if key not in self.raw:
            if required:
                self.problem(key, "nothing", expected, f"add `{key} = …`")
            return None
        return self.raw[key]

    def text(self, key: str, default: str | None = None, *, most: int = MOST_OF_TEXT) -> str:
        """Give a text of one line; required where no default is given."""
        text = self._text(key, default)
        self._one_line(key, text, most)
        return text

    def name(self, default: str | None = None) -> str:
        """Give the name in words that stands under "name"."""
        return self.text("name", default, most=MOST_OF_NAME)

    def id(self) -> str:
        """Give the id that stands under "id"."""
        name = self._text("id")
        if isinstance(self.raw.get("id"), str):
            self.check_id("id", name)
        return name

    def check_id(self, key: str, name: str) -> None:
        """Note a problem where a text cannot be an id."""
        if name and name == name.strip():
            self._one_line(key, name, MOST_OF_ID, _NOT_IN_IDS)
        else:
            hint = "remove the blanks" if name.strip() else "give one by which others can name it"
            self.wrong(key, name, "an id, without blanks around it", hint)

    def _text(self, key: str, default: str | None = None) -> str:
        value = self._value(key, "a text", required=default is None)
        if isinstance(value, str):
            return value
        if value is not None:
            self.wrong(key, value, "a text", 'write it in quotes: "…"')
        return default or ""

    def _one_line(self, key: str, text: str, most: int, without: tuple[str, ...] = _NOT_TEXT) -> None:
        if len(text) > most:
            self.problem(key, f"{len(text):,} characters", f"at most {most:,} characters", "shorten it")
        elif any(category(each) in without for each in text):
            hint = "write it on one line and remove what cannot be seen"
            self.wrong(key, text, "a text without line breaks and control characters", hint)

    def one_of(self, key: str, known: Iterable[str], default: str | None = None, *, add: str = "") -> str:
        """Give a text that is one of those known, else the first of them; `add` says how to make it known."""
        names = [str(name) for name in known]
        said = isinstance(self.raw.get(key), str)
        value = self.text(key, default)
        if said and value not in names:
            self.wrong(key, value, among(names), near(value, names) or add)
        return value if value in names else next(iter(names), "")

    def ids(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Give a list of new ids."""
        names = self._texts(key, default)
        for name in names:
            self.check_id(key, name)
        return names

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Give a list of texts, each of one line."""
        texts = self._texts(key, default)
        for text in texts:
            self._one_line(key, text, MOST_OF_TEXT)
        return texts

    def _texts(self, key: str, default: tuple[str, ...] | None) -> tuple[str, ...]:
        value = self._value(key, "a list of texts", required=default is None)
        if isinstance(value, list):
            value = cast("list[object]", value)
            texts = tuple(item for item in value if isinstance(item, str))
            if len(texts) == len(value):
                return texts
        if value is not None:
            self.wrong(key, value, "a list of texts", 'write ["…", "…"]')
        return default or ()

    def flag(self, key: str, *, default: bool) -> bool:
        """Give true or false."""
        value = self._value(key, "true or false", required=False)
        if value is not None and not isinstance(value, bool):
            self.wrong(key, value, "true or false", "write it without quotes")
        return value if isinstance(value, bool) else default

    def whole(
        self, key: str, default: int | None = None, *, least: int = 0, most: int = 10_000, hint: str = ""
    ) -> int:
        """Give a whole number within bounds."""
        value = self._value(key, f"a whole number from {least} to {most}", required=default is None)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        if value is not None:
            self.wrong(key, value, f"a whole number from {least} to {most}", hint)
        return default if default is not None else least

    def number(self, key: str) -> Fraction:
        """Give an exact number; one is given where the file has none."""
        value = self._value(key, 'a number such as "5" or "62.50"', required=True)
        if value is None:
            return Fraction(1)
        return self.as_number(key, value)

    def number_or_unknown(self, key: str) -> Fraction | None:
        """Give an exact number, or None where the file declares it unknown."""
        if self.raw.get(key) != UNKNOWN:
            return self.number(key)
        self.text(key)
        return None

    def as_number(self, key: str, value: object) -> Fraction:
        """Make an exact number of a value that stands under a key."""
        if _is_long(value):
            found, expected = (f"{a} {MOST_CHARACTERS} digits" for a in ("a number of more than", "at most"))
            self.problem(key, found, expected, "mend it: nothing is counted in such numbers")
            return Fraction(1)
        try:
            return exact(value, where=self.field(key))
        except TierkitError as error:
            for problem in error.problems:
                hint = problem.hint or 'write it out in digits, such as "62.50"'
                self.wrong(key, value, problem.expected, hint)
            return Fraction(1)

    def above_zero(self, key: str) -> Fraction:
        """Give an exact number that has to be above zero."""
        number = self.number(key)
        if number <= 0:
            self.wrong(key, self.raw[key], "a number above zero")
            return Fraction(1)
        return number

    def operand(self, key: str) -> str | Fraction:
        """Give the name of a quantity, or a number."""
        value = self._value(key, "a name or a number", required=True)
        return self._operand(key, value) if value is not None else Fraction(1)

    def operands(self, key: str) -> tuple[str | Fraction, ...]:
        """Give a list of names of quantities and of numbers."""
        value = self._value(key, _OPERANDS, required=True)
        items = cast("list[object]", value) if isinstance(value, list) else []
        if not items and value is not None:
            self.wrong(key, self.raw[key], _OPERANDS, 'write ["…", 5]')
        return tuple(self._operand(key, item) for item in items)

    def _operand(self, key: str, value: object) -> str | Fraction:
        if isinstance(value, str) and not is_number(value):
            self._one_line(key, value, MOST_OF_ID)
            return value
        if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
            return self.as_number(key, value)
        self.wrong(key, value, "a name or a number", 'write "…" or 5')
        return Fraction(1)

    def day(self, key: str) -> date | None:
        """Give a day, or None where there is none."""
        value = self._value(key, "a day", required=False)
        if isinstance(value, str) and self.where.endswith(".json"):
            value = day_of(value) or value
        if isinstance(value, date) and not isinstance(value, datetime):
            if FIRST_DAY <= value <= LAST_DAY:
                return value
            self.problem(key, str(value), f"a day from {FIRST_DAY} to {LAST_DAY}", _OPEN_ENDS[key])
        elif value is not None:
            quotes = "with" if self.where.endswith(".json") else "without"
            self.wrong(key, value, "a day", f"write it as 2026-07-13, {quotes} quotes")
        return None

    def table(self, key: str) -> Table:
        """Give a table within this one; an empty one where there is none."""
        value = self._value(key, "a table", required=False)
        if value is not None and not isinstance(value, dict):
            hint = as_table(key, value, self._header(key), array=False)
            self.wrong(key, value, "a table", hint)
        return self.within(cast("dict[str, object]", value) if isinstance(value, dict) else {}, key, key)

    def tables(self, key: str) -> Iterator[tuple[str, Table]]:
        """Give the named tables within the table under a key."""
        inner = self.table(key)
        for name in inner.raw:
            if name in TOP and not isinstance(inner.raw[name], dict):
                inner.wrong(name, inner.raw[name], "a table", belongs(name, self.where))
                continue
            inner.check_id(shown(name, 40).strip("'"), name)
            yield name, inner.table(name)

    def rows(self, key: str) -> Iterator[Table]:
        """Give the tables of an array of tables, each with its place or its id in the path.

        One table may stand for an array of one.
        """
        value = self._value(key, "an array of tables", required=False)
        if value is None:
            return
        items = cast("list[object]", value) if isinstance(value, list) else [value]
        rows = [cast("dict[str, object]", item) for item in items if isinstance(item, dict)]
        if len(rows) != len(items):
            hint = as_table(key, self.raw[key], self._header(key), array=True)
            self.wrong(key, self.raw[key], "an array of tables", hint)
            return
        for number, row in enumerate(rows, start=1):
            name = row.get("id", number if isinstance(value, list) else None)
            yield self.within(row, key if name is None else entry(key, name), key)

    def within(self, raw: Mapping[str, object], place: str, key: str) -> Table:
        """Give a table that stands under a key of this one, at some place of it."""
        return Table(raw, self.where, self.field(place), self.problems, self._header(key))

    def _header(self, key: str) -> str:
        """Give the header of the table under a key, without brackets: the path without ids and numbers."""
        return f"{self.header}.{key}" if self.header else key

    def skip(self, *keys: str) -> None:
        """Leave some keys of this table unread, or the rest of them: it is wrong as a whole."""
        self._asked.update(keys or self.raw)

    def close(self) -> None:
        """Note the keys of this table that mean nothing."""
        for key in self.raw:
            if key not in self._asked:
                field = self.field(shown(key, 40).strip("'") or '""')
                known = sorted(self._asked | self._known)
                hint = near(key, known) or "remove it, or correct its name"
                if key in TOP and self.path:
                    hint = misplaced(key, self.where)
                self._note(Problem(self.where, field, UNKNOWN_KEY, among(known), hint))


def _as_written(value: object) -> str:
    """Give a value as the file has it: true and inf, where Python says True and Infinity."""
    if isinstance(value, bool) or (isinstance(value, Decimal) and not value.is_finite()):
        return str(value).lower().removesuffix("inity")
    return shown(value)


def _is_long(value: object) -> bool:
    """Say whether a number is written with more digits than any that counts something."""
    if isinstance(value, Decimal):
        return len(value.as_tuple().digits) > MOST_CHARACTERS
    return isinstance(value, int) and not -_LARGEST < value < _LARGEST


def only_one(row: Table, keys: tuple[str, ...], noun: str = "key") -> str:
    """Say which one of several keys is there; the first of them, and a problem, where that is not so."""
    said = [key for key in keys if row.has(key)]
    if len(said) == 1:
        return said[0]
    *first, last = (f"`{key}`" for key in keys)
    found = f"no single {noun}" if said else f"no {noun}"
    row.problem(keys[0], found, f"one of {', '.join(first)} or {last}", "say one of them")
    row.skip(*said, keys[0])
    return keys[0]
