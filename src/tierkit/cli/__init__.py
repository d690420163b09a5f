"""The command line: every question as a command that answers in text or in JSON."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

import tierkit
from tierkit.cli import along_time, authoring, calculator, plan, programs, reconcile, statement
from tierkit.cli.arguments import Commands, Parser, readable
from tierkit.cli.output import INTERRUPTED, NOBODY_LISTENS, OK, close_quietly, complain, is_open
from tierkit.errors import InvalidValue, Problem, TierkitError

if TYPE_CHECKING:
    from collections.abc import Sequence

_OUTPUT: Final = "standard output"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: the arguments after the program's name; those of the process where it is left out.

    Returns:
        The exit status: 0; 1 where a worked example fails; 2 for wrong arguments, files and questions, and
        where the answer cannot be written; 130 where the user breaks off, 141 where nobody reads the output
        any more.
    """
    try:
        status = _answer(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
    except TierkitError as error:
        return complain(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        close_quietly(sys.stdout)
        return NOBODY_LISTENS
    except OSError as error:  # files that are read have their problems; what is left is the output
        close_quietly(sys.stdout)
        found = error.strerror or type(error).__name__
        return complain(InvalidValue(Problem(_OUTPUT, "", found, "a place that takes the answer")))
    return status


def _answer(argv: Sequence[str]) -> int:
    if not is_open(sys.stdout):
        raise InvalidValue(Problem(_OUTPUT, "", "nothing: it is closed", "a place that takes the answer"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        arguments = _parser().parse_args(readable(argv))
    except SystemExit as done:  # argparse ends so: after --help and --version, and on wrong arguments
        return done.code if isinstance(done.code, int) else OK
    status: int = arguments.run(arguments)
    return status


def _parser() -> Parser:
    about = "Points and tiers of a partner program, computed exactly and explained."
    parser = Parser(prog="tierkit", description=about, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"tierkit {tierkit.__version__}")
    commands = Commands(parser)
    for family in (statement, along_time, plan, reconcile, calculator, programs, authoring):
        family.declare(commands)
    return parser
