"""What a command prints, and the status that it ends with."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

import tierkit

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable
    from typing import TextIO

    from tierkit.errors import TierkitError
    from tierkit.reports.table import Table

OK: Final = 0
FAILED: Final = 1
WRONG: Final = 2
INTERRUPTED: Final = 130
NOBODY_LISTENS: Final = 141


def show(arguments: argparse.Namespace, result: object) -> int:
    """Print a result: its JSON form where that is asked for, its tables otherwise."""
    if arguments.json:
        print(tierkit.to_json(result, indent=2))
    else:
        from tierkit.reports.tables import tables_of

        print_tables(tables_of(result))
    return OK


def print_tables(tables: Iterable[Table]) -> None:
    """Print tables, an empty line after each."""
    from tierkit.reports.table import text

    for table in tables:
        print(text(table), end="\n\n")


def print_lines(lines: str) -> None:
    """Print lines, foreign text in them made harmless."""
    from tierkit.reports.table import safe

    for line in lines.split("\n"):
        print(safe(line))


def print_json(form: object) -> None:
    """Print what is not the JSON form of a result."""
    import json

    print(json.dumps(form, ensure_ascii=False, indent=2))


def tell(arguments: argparse.Namespace, note: str) -> None:
    """Say what was assumed: above a text, and apart from JSON."""
    if arguments.json:
        _say(note)
    else:
        print(note, end="\n\n")


def complain(error: TierkitError) -> int:
    """Say every problem on standard error, and give the status for it."""
    from tierkit.reports.table import safe

    problems = [safe(str(problem)) for problem in error.problems]
    head = "tierkit:" if len(problems) == 1 else f"tierkit: {len(problems)} problems\n "
    _say(head + " " + "\n  ".join(problems))
    return WRONG


def is_open(stream: TextIO | None) -> bool:
    """Say whether there is a stream: Python has None for one that was closed before it began."""
    return stream is not None


def close_quietly(stream: TextIO) -> None:
    """Let nothing be written any more, so that Python does not complain when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _say(line: str) -> None:
    """Print to standard error; where that takes nothing, the exit status has to do."""
    if not is_open(sys.stderr):
        return
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        close_quietly(sys.stderr)
