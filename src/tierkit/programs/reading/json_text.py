"""A program file in JSON: the same tables as in TOML, with days as text."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import partial
from typing import Any, Final, NoReturn, cast

from tierkit.errors import InvalidProgram, Problem, shown, without_python

_SCHEMA: Final = "$schema"
"""The key by which an editor finds the schema; it says nothing about the program."""
_DOCUMENT: Final = "a JSON document"


def read_json(text: str, where: str) -> dict[str, Any]:
    """Read a JSON document as TOML would be read: numbers exactly, no key twice, nothing left empty.

    Args:
        text: the document.
        where: the name of its file.

    Raises:
        InvalidProgram: it is no JSON, or no object.
    """
    once, no_number = partial(_once, where), partial(_no_number, where)
    try:
        read = json.loads(text, parse_float=Decimal, parse_constant=no_number, object_pairs_hook=once)
    except InvalidProgram:
        raise
    except json.JSONDecodeError as error:
        _refuse(f"{where}, line {error.lineno}", error.msg, _DOCUMENT, "see json.org")
    except RecursionError:
        _refuse(where, "brackets within brackets without end", "a few levels", "write fewer of them")
    except (ValueError, ArithmeticError) as error:  # a number of thousands of digits, or of such an exponent
        found = shown(without_python(str(error) or type(error).__name__)).strip("'\"")
        _refuse(where, found, _DOCUMENT, "write plain numbers")
    if not isinstance(read, dict):
        _refuse(where, shown(cast("object", read)), "an object", "write { … }")
    made = cast("dict[str, Any]", read)
    return {key: value for key, value in made.items() if key != _SCHEMA}


def _once(where: str, pairs: list[tuple[str, object]]) -> dict[str, object]:
    made: dict[str, object] = {}
    for name, value in pairs:
        if name in made:
            found = f"the key {shown(name, 40)} twice in one object"
            _refuse(where, found, "each key once", "remove one of the two")
        if value is None:
            _refuse(where, f"null under {shown(name, 40)}", "a value", "leave the key out")
        made[name] = value
    return made


def _no_number(where: str, said: str) -> NoReturn:
    _refuse(where, said, "a number", "write it out in digits")


def _refuse(where: str, found: str, expected: str, hint: str) -> NoReturn:
    raise InvalidProgram(Problem(where, "", found, expected, hint)) from None
