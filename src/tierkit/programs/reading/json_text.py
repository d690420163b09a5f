"""A program file in JSON: the same tables as in TOML, with days as text."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast

from tierkit.errors import InvalidProgram, Problem, of_parser, shown
from tierkit.programs.reading.lines import nulls_in_json, twice_in_json
from tierkit.programs.reading.table import MOST_PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCHEMA: Final = "$schema"
"""The key by which an editor finds the schema; it says nothing about the program."""


def read_json(text: str, where: str) -> dict[str, Any]:
    """Read a JSON document as TOML would be read: numbers exactly, no key twice, nothing left empty.

    Args:
        text: the document.
        where: the name of its file.

    Raises:
        InvalidProgram: it is no JSON, or no object.
    """
    twice: list[str] = []
    try:
        read = json.loads(
            text, parse_float=Decimal, parse_constant=Decimal, object_pairs_hook=partial(_object, twice)
        )
    except RecursionError:
        _refuse(where, "brackets within brackets without end", "a few levels", "write fewer of them")
    except (ValueError, ArithmeticError) as error:
        _refuse(*of_parser(error, text, where), "a JSON document", "see json.org")
    slips = tuple(islice(_slips(text, where), MOST_PROBLEMS)) if twice or "null" in text else ()
    if slips:
        raise InvalidProgram(*slips)
    if not isinstance(read, dict):
        _refuse(where, shown(cast("object", read)), "an object", "write { … }")
    made = cast("dict[str, Any]", read)
    return {key: value for key, value in made.items() if key != _SCHEMA}


def _object(twice: list[str], pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Make an object, and note that it has a key twice."""
    made = dict(pairs)
    if len(made) < len(pairs):
        twice += made
    return made


def _slips(text: str, where: str) -> Iterator[Problem]:
    """Find what TOML would not take."""
    for line, key in twice_in_json(text):
        found = f"the key {shown(key, 40)} twice in one object"
        yield Problem(f"{where}, line {line}", "", found, "each key once", "remove one of the two")
    for line in nulls_in_json(text):
        yield Problem(f"{where}, line {line}", "", "null", "a value", "leave it out")


def _refuse(where: str, found: str, expected: str, hint: str) -> NoReturn:
    raise InvalidProgram(Problem(where, "", found, expected, hint)) from None
