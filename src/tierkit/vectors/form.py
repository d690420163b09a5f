"""The form of a file of worked examples: JSON, read whole, with every mistake named by its place."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast, final

import attrs

from tierkit.errors import InvalidValue, Problem, TierkitError, nearest, of_parser, shown
from tierkit.facts.checks import FIRST_DAY, LAST_DAY
from tierkit.programs.reading.lines import twice_in_json
from tierkit.values.exact import exact
from tierkit.values.points import Points
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

Object = Mapping[str, object]
_T = TypeVar("_T")

UNKNOWN: Final = Verdict.UNKNOWN.value
"""What is expected where nobody can know it."""

_LARGEST: Final = 10_000_000
_DAY_LENGTH: Final = len("2026-11-23")


def an_object(found: object) -> Object | None:
    """Give what was found, where it is an object."""
    return cast("Object", found) if isinstance(found, dict) else None


def a_list(found: object) -> list[object] | None:
    """Give what was found, where it is a list."""
    return cast("list[object]", found) if isinstance(found, list) else None


def parsed(path: Path) -> object:
    """Read a JSON file: numbers as they are written, no key twice.

    Raises:
        InvalidValue: the file is missing, too large, or not JSON, or an object in it has a key twice.
    """
    text, twice = _text(path), list[str]()
    try:
        read: object = json.loads(
            text, parse_float=Decimal, parse_constant=Decimal, object_pairs_hook=partial(_object, twice)
        )
    except RecursionError:
        raise InvalidValue(Problem(path.name, "", "very deep nesting", "a few levels")) from None
    except (ValueError, ArithmeticError) as error:
        place, found = of_parser(error, text, path.name)
        raise InvalidValue(Problem(place, "", found, "JSON in UTF-8")) from None
    if twice:
        line, key = twice_in_json(text)[0]
        found = f"the key {shown(key, 40)} twice in one object"
        raise InvalidValue(Problem(f"{path.name}, line {line}", "", found, "each key once"))
    return read


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise InvalidValue(Problem(path.name, "", "a larger file", f"at most {_LARGEST:,} bytes"))
        return content.decode("utf-8-sig")
    except OSError as error:
        found = error.strerror or "nothing"
        raise InvalidValue(Problem(path.name, "", found, "a file of vectors", "check the path")) from None
    except UnicodeDecodeError as error:
        place, found = of_parser(error, "", path.name)
        raise InvalidValue(Problem(place, "", found, "JSON in UTF-8", "save the file as UTF-8")) from None


def _object(twice: list[str], pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Make an object, and note that it has a key twice."""
    made = dict(pairs)
    if len(made) < len(pairs):
        twice += made
    return made


def _moved(problem: Problem, where: str) -> Problem:
    return Problem(where, problem.field, problem.found, problem.expected, problem.hint)


def _day_of(found: object) -> date | None:
    if isinstance(found, str) and len(found) == _DAY_LENGTH and found.isascii():
        try:
            return date.fromisoformat(found)
        except ValueError:
            pass  # the same problem as for any other text
    return None


def _number(found: object) -> Fraction:
    return exact(found, where="number")


@final
@attrs.define(frozen=True, eq=False)
class Place:
    """A place in a file, with all that was found to be wrong in the file so far."""

    where: str
    problems: list[Problem] = attrs.field(factory=list[Problem])

    def at(self, inner: str) -> Place:
        """Give a place inside this one."""
        return Place(f"{self.where} {inner}", self.problems)

    def wrong(self, field: str, found: object, expected: str, hint: str = "") -> None:
        """Note what is wrong here."""
        said = "nothing" if found is None else shown(found)
        self.problems.append(Problem(self.where, field, said, expected, hint))

    def take(self, error: TierkitError) -> None:
        """Note what an error says is wrong here."""
        self.problems.extend(_moved(each, f"{self.where} {each.where}") for each in error.problems)

    def known(self, form: Object, keys: tuple[str, ...]) -> None:
        """Note the keys that mean nothing here."""
        for key in form:
            if key not in keys:
                found, expected = f"the key {shown(key)}", f"one of {', '.join(keys)}"
                self.problems.append(Problem(self.where, "", found, expected, nearest(key, keys)))

    def filled(self, form: Object, key: str) -> Object:
        """Give an object that has something in it."""
        found = an_object(form.get(key))
        if not found:
            self.wrong(key, form.get(key), "an object with something in it")
        return found or {}

    def filled_if_any(self, form: Object, key: str) -> Object:
        """Give an object that has something in it; an empty one where there is none."""
        return self.filled(form, key) if key in form else {}

    def rows(self, form: Object, key: str) -> list[Object]:
        """Give the records of a list, or none where there is no such key."""
        found = a_list(form.get(key, []))
        rows = [None] if found is None else [an_object(row) for row in found]
        if None in rows:
            self.wrong(key, form[key], "a list of records, as in a book of facts")
        return [row for row in rows if row is not None]

    def text(self, form: Object, key: str) -> str:
        """Give a text that is not empty."""
        found = form.get(key)
        if isinstance(found, str) and found.strip():
            return found
        self.wrong(key, found, "a text")
        return ""

    def word(self, form: Object, key: str, words: tuple[str, ...]) -> str:
        """Give one of several words."""
        found = form.get(key)
        if isinstance(found, str) and found in words:
            return found
        hint = nearest(found, words) if isinstance(found, str) else ""
        self.wrong(key, found, f"one of {', '.join(words)}", hint)
        return words[0]

    def day(self, field: str, found: object) -> date:
        """Give a day, written 2026-11-23."""
        day = _day_of(found)
        if day is None:
            self.wrong(field, found, "a day written as in 2026-11-23")
        elif not FIRST_DAY <= day <= LAST_DAY:
            self.wrong(field, found, f"a day from {FIRST_DAY.year} to {LAST_DAY.year}", "mend the year")
        else:
            return day
        return date(2000, 1, 1)  # any day will do: the file is refused

    def tier(self, form: Object, key: str) -> str | None:
        """Give the id of a tier, or "unknown"; None where it says that there is none."""
        found = form.get(key)
        if key in form and (found is None or (isinstance(found, str) and found.strip())):
            return found
        self.wrong(key, found, 'the id of a tier, "unknown", or null')
        return None

    def points(self, form: Object) -> dict[str, Points]:
        """Give points by track or measure."""
        return self.each(form, Points)

    def numbers(self, form: Object) -> dict[str, Fraction]:
        """Give numbers by track or measure."""
        return self.each(form, _number)

    def figures(self, form: Object) -> dict[str, Fraction | None]:
        """Give numbers by track or measure; None where it says "unknown"."""
        known = self.numbers({name: found for name, found in form.items() if found != UNKNOWN})
        return {name: known.get(name) for name in form}

    def failing(self, form: Object, key: str) -> dict[str, list[object]]:
        """Give for some tiers the list of what fails."""
        failed: dict[str, list[object]] = {}
        for name, found in self.filled_if_any(form, key).items():
            names = a_list(found)
            if names is None:
                self.wrong(key, found, 'for a tier a list of what fails, such as {"gold": ["total"]}')
            failed[name] = names or []
        return failed

    def made(self, field: str, found: object, make: Callable[[Any], _T]) -> _T | None:
        """Make a value of what was found; None where it cannot be made."""
        try:
            return make(found)
        except TierkitError as error:
            self.wrong(field, found, error.problems[0].expected, error.problems[0].hint)
            return None

    def each(self, form: Object, make: Callable[[Any], _T]) -> dict[str, _T]:
        """Make a value of each that was found, without those that cannot be made."""
        made = {name: self.made(name, found, make) for name, found in form.items()}
        return {name: value for name, value in made.items() if value is not None}
