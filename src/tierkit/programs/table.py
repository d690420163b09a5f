"""Reading a raw table key by key: every mistake becomes a problem with its path, and reading goes on."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Final, cast
from unicodedata import category

from tierkit.errors import InvalidProgram, Problem, TierkitError, nearest, shown
from tierkit.values.exact import exact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


UNKNOWN: Final = "unknown"

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


def near(name: str, names: Iterable[str]) -> str:
    """Say which of the first of these names may have been meant."""
    return nearest(name, islice(names, _MOST_NAMES))


class Table:
    """One table of a program file, with the path that leads to it.

    A getter that finds nothing usable notes a problem and gives a neutral value, so that one reading
    of a file finds everything that is wrong with it. `close` notes the keys that nobody asked for.
    """

    def __init__(self, raw: Mapping[str, object], where: str, path: str, problems: list[Problem]) -> None:
        self.raw = raw
        self.where = where
        self.path = path
        self.problems = problems
        self._asked: set[str] = set()

    def field(self, key: str) -> str:
        """Give the path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, key: str, value: object, expected: str, hint: str = "") -> None:
        """Note a problem with the value of a key, which is shown as it stands."""
        self.problem(key, shown(value), expected, hint)

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
        """Say whether a key is there, without reading it."""
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
            self._one_line(key, name, MOST_OF_ID)
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

    def _one_line(self, key: str, text: str, most: int) -> None:
        if len(text) > most:
            self.problem(key, f"{len(text):,} characters", f"at most {most:,} characters", "shorten it")
        elif any(category(each) in ("Cc", "Zl", "Zp") for each in text):
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

    def whole(self, key: str, default: int | None = None, *, least: int = 0, most: int = 10_000) -> int:
        """Give a whole number within bounds."""
        value = self._value(key, f"a whole number from {least} to {most}", required=default is None)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        if value is not None:
            self.wrong(key, value, f"a whole number from {least} to {most}")
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
        try:
            return exact(value, where=self.field(key))
        except TierkitError as error:
            for problem in error.problems:
                hint = problem.hint or 'write it out in digits, such as "62.50"'
                self.wrong(key, value, problem.expected, hint)
            return Fraction(1)

    def day(self, key: str) -> date | None:
        """Give a day, or None where there is none."""
        value = self._value(key, "a day", required=False)
        if isinstance(value, date) and not isinstance(value, datetime):
            if FIRST_DAY <= value <= LAST_DAY:
                return value
            self.problem(key, str(value), f"a day from {FIRST_DAY} to {LAST_DAY}", _OPEN_ENDS[key])
        elif value is not None:
            self.wrong(key, value, "a day", "write it as 2026-07-13, without quotes")
        return None

    def table(self, key: str) -> Table:
        """Give a table within this one; an empty one where there is none."""
        value = self._value(key, "a table", required=False)
        if value is not None and not isinstance(value, dict):
            self.wrong(key, value, "a table", f"write {key} = {{ … }}, or [{self.field(key)}] above its keys")
        return self.within(cast("dict[str, object]", value) if isinstance(value, dict) else {}, key)

    def tables(self, key: str) -> Iterator[tuple[str, Table]]:
        """Give the named tables within the table under a key."""
        inner = self.table(key)
        for name in inner.raw:
            inner.check_id(shown(name, 40).strip("'"), name)
            yield name, inner.table(name)

    def rows(self, key: str) -> Iterator[Table]:
        """Give the tables of an array of tables, each with its place or its id in the path."""
        value = self._value(key, "an array of tables", required=False)
        if value is None:
            return
        listed = isinstance(value, list)
        items = cast("list[object]", value) if isinstance(value, list) else [value]
        rows = [cast("dict[str, object]", item) for item in items if isinstance(item, dict)]
        if not listed or len(rows) != len(items):
            self.wrong(key, items, "an array of tables", f"write [[{self.field(key)}]] before each")
            return
        for number, row in enumerate(rows, start=1):
            name = row.get("id", number)
            yield self.within(row, f"{key}[{shown(name, 40).strip(chr(39))}]")

    def within(self, raw: Mapping[str, object], key: str) -> Table:
        """Give a table that stands under a key of this one."""
        return Table(raw, self.where, self.field(key), self.problems)

    def skip(self) -> None:
        """Leave the rest of this table unread: it is wrong as a whole."""
        self._asked.update(self.raw)

    def close(self) -> None:
        """Note the keys of this table that mean nothing."""
        for key in self.raw:
            if key not in self._asked:
                field, known = self.field(shown(key, 40).strip("'")), sorted(self._asked)
                hint = near(key, known) or "remove it, or correct its name"
                self._note(Problem(self.where, field, "an unknown key", among(known), hint))
