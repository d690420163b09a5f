"""`tierkit reconcile`: what a vendor's dashboard shows, typed into a small file, against the book."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import tierkit
from tierkit.cli.arguments import add_book, add_day, add_program, day, day_of, ledger_of
from tierkit.cli.files import csv_rows, separator_of, text_of
from tierkit.cli.output import show
from tierkit.errors import InvalidValue, Problem, shown
from tierkit.toml import MOST_BYTES, read_toml

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from tierkit.cli.arguments import Commands

_COLUMNS: Final = ["name", "value"]


def declare(commands: Commands) -> None:
    """Add the command."""
    about = "hold what a dashboard shows against the book, and look for what may be behind a difference"
    reconcile = commands.add("reconcile", _reconcile, about, add_program, add_day, add_book)
    figures = "names and values: a CSV file with these two columns, or a JSON or TOML file"
    reconcile.add_argument("figures", metavar="FIGURES", help=figures)
    since = "from the end of which day new and lost points count, where the figures have them"
    reconcile.add_argument("--since", metavar="DAY", help=since)


def _reconcile(arguments: argparse.Namespace) -> int:
    figures = read_figures(arguments.figures)
    since = None if arguments.since is None else day("--since", arguments.since)
    made = tierkit.reconcile(ledger_of(arguments), figures, on=day_of(arguments), since=since)
    return show(arguments, made)


def read_figures(path: str) -> dict[str, Any]:
    """Read figures: a CSV file with the columns name and value, or an object of a JSON or TOML file.

    Numbers of JSON stay as they were written, so that no float is made of them.

    Raises:
        InvalidValue: the file cannot be read, or says a name twice.
    """
    file = Path(path)
    where, text = file.name, text_of(file, "a file of figures", MOST_BYTES)
    if file.suffix.lower() == ".toml":
        return read_toml(text, where=where, error=InvalidValue)
    return _json(text, where) if file.suffix.lower() == ".json" else _csv(text, where)


def _json(text: str, where: str) -> dict[str, Any]:
    try:
        read: object = json.loads(
            text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=partial(_once, where)
        )
    except InvalidValue:
        raise
    except (ValueError, RecursionError) as error:
        raise InvalidValue(Problem(where, "", str(error), "a JSON document")) from None
    if not isinstance(read, dict):
        raise InvalidValue(Problem(where, "", shown(read), "an object of names and values"))
    return cast("dict[str, Any]", read)


def _csv(text: str, where: str) -> dict[str, Any]:
    sign, rows = separator_of(text), csv_rows(text, where)
    _, header = next(rows, ("", list[str]()))
    if header != _COLUMNS:
        expected = f"the columns {','.join(_COLUMNS)}"
        raise InvalidValue(Problem(where, "", shown(sign.join(header)), expected))
    figures: list[tuple[str, str]] = []
    for place, row in rows:
        if len(row) != len(_COLUMNS):
            raise InvalidValue(Problem(place, "", shown(sign.join(row)), "a name and a value"))
        figures.append((row[0], row[1]))
    return _once(where, figures)


def _once(where: str, pairs: Iterable[tuple[str, object]]) -> dict[str, Any]:
    """Refuse a name that stands there twice: which of the two is meant cannot be said."""
    figures: dict[str, Any] = {}
    for name, value in pairs:
        if name in figures:
            raise InvalidValue(Problem(where, shown(name), "two values", "each name once"))
        figures[name] = value
    return figures
