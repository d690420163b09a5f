"""What the commands share: how arguments are declared, and what is made of them."""

from __future__ import annotations

import argparse
import re
from datetime import date
from os import path
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import tierkit
from tierkit.cli.output import WRONG, tell
from tierkit.errors import InvalidValue, Problem, UnknownName, nearest, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from tierkit.engine.ledger import Ledger
    from tierkit.programs.program import Program
    from tierkit.values.rates import RateTable

PROGRAM: Final = "hubspot-solutions"

_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_SAID: Final = 300
_MOST_NAMED: Final = 10
_MOST_DIGITS: Final = 10


class Parser(argparse.ArgumentParser):
    """A parser that never repeats more of wrong arguments than fits a few lines."""

    if_missing = ""

    def error(self, message: str) -> NoReturn:
        """End with a few words and the usage."""
        from tierkit.reports.table import safe

        short = message if len(message) <= _MOST_SAID else message[:_MOST_SAID] + "…"
        no_book = "required" in message and "BOOK" in message
        hint = f"; {self.if_missing}" if self.if_missing and no_book else ""
        self.exit(WRONG, f"{self.prog}: {safe(short)}{hint}\n{self.format_usage()}")


class Commands:
    """The commands of a parser, to which each family of them adds its own."""

    def __init__(self, parser: Parser) -> None:
        self._parsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(
        self,
        name: str,
        run: Callable[[argparse.Namespace], int],
        about: str,
        *shared: Callable[[argparse.ArgumentParser], None],
    ) -> Parser:
        """Add a command with the arguments that it shares with others, and give its parser for its own."""
        made = self._parsers.add_parser(name, help=about, description=about, allow_abbrev=False)
        for add in shared:
            add(made)
        made.add_argument("--json", action="store_true", help="print JSON instead of text")
        made.set_defaults(run=run)
        return made


def add_program(parser: argparse.ArgumentParser) -> None:
    """Add the program, and what is laid over it."""
    parser.add_argument("--program", default=PROGRAM, metavar="NAME|FILE", help=f"default: {PROGRAM}")
    add_overlay(parser)


def add_overlay(parser: argparse.ArgumentParser) -> None:
    """Add what is laid over the program."""
    parser.add_argument("--overlay", metavar="FILE", help="a TOML file of values to lay over the program's")


def add_day(parser: argparse.ArgumentParser) -> None:
    """Add the day that the question is about."""
    parser.add_argument("--on", metavar="DAY", help="such as 2026-11-23; default: today")


def add_book(parser: argparse.ArgumentParser) -> None:
    """Add the book, and whose part of it the question is about."""
    parser.add_argument("book", metavar="BOOK", help="a folder of CSV files, or one JSON file")
    parser.add_argument("--partner", metavar="ID", help="needed where the book has several partners")
    add_rates(parser)


def add_rates(parser: argparse.ArgumentParser) -> None:
    """Add the exchange rates."""
    about = "a CSV file of exchange rates, for programs that count money"
    parser.add_argument("--rates", metavar="FILE", help=about)


def readable(argv: Sequence[str]) -> list[str]:
    """Refuse arguments that no file name, and nothing else here, can be."""
    for argument in argv:
        if any(sign < " " or "\ud800" <= sign < "\udc80" for sign in argument):
            raise InvalidValue(Problem("arguments", "", shown(argument), "text without control characters"))
    return list(argv)


def program_of(arguments: argparse.Namespace) -> Program:
    """Give the program that was named, with what is laid over it."""
    return tierkit.load_program(arguments.program, overlay=arguments.overlay)


def named_program(text: str) -> Program:
    """Load a program by its name or path, with the overlay that follows a plus sign."""
    if "+" in text and path.isfile(text):  # noqa: PTH113 - what is too long for a path is no error here
        return tierkit.load_program(Path(text))
    name, _, overlay = text.partition("+")
    return tierkit.load_program(name, overlay=overlay or None)


def rates_of(arguments: argparse.Namespace) -> RateTable | None:
    """Give the exchange rates that were named; None where none were."""
    if arguments.rates is None:
        return None
    from tierkit.cli.rates import read_rates

    return read_rates(Path(arguments.rates))


def ledger_of(arguments: argparse.Namespace) -> Ledger:
    """Give what the book earned: of the partner that was named, or of the only one that it has."""
    program = program_of(arguments)
    ledger = tierkit.earn(tierkit.read_book(arguments.book), program, rates=rates_of(arguments))
    partners = ledger.partners
    if arguments.partner is not None:
        return ledger.partner(arguments.partner)
    if len(partners) == 1:
        return ledger.partner(partners[0])
    some = few(partners)
    found = f"nothing, and a book of {len(partners)} partners"
    expected = f"one of {some}" if some else "a book that has a partner"
    raise InvalidValue(Problem("--partner", "", found, expected))


def few(names: Sequence[str]) -> str:
    """Name some of many."""
    return ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")


def day_of(arguments: argparse.Namespace) -> date:
    """Give the day that was named, or else today, and say so."""
    if arguments.on is None:
        today = date.today()  # noqa: DTZ011 - the user's own today; nothing below the command line asks for it
        tell(arguments, f"Assumed: --on {today}, today.")
        return today
    return day("--on", arguments.on)


def day(argument: str, text: str) -> date:
    """Read a day."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # the same problem as for any other text
    raise InvalidValue(Problem(argument, "", shown(text), "a day written as in 2026-11-23"))


def whole(argument: str, number: str) -> int:
    """Read a whole number."""
    if not (number.isascii() and number.isdigit() and len(number) < _MOST_DIGITS):
        raise InvalidValue(Problem(argument, "", shown(number), "a whole number from 0 up"))
    return int(number)


def refuse_unknown(argument: str, name: str, known: Collection[str], if_none: str = "") -> None:
    """Refuse a name that is none of those that are known."""
    if name not in known:
        expected = f"one of {', '.join(sorted(known))}" if known else if_none
        raise UnknownName(Problem(argument, "", shown(name), expected, nearest(name, known)))
