"""The command line: statements, quotes, conversions, programs and worked examples, as text or as JSON."""

from __future__ import annotations

import argparse
import os
import re
import sys
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import tierkit
from tierkit.errors import InvalidValue, Problem, TierkitError, UnknownName, nearest, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TextIO

    from tierkit.engine.calculator import Amounts, Quote
    from tierkit.engine.ledger import Ledger
    from tierkit.engine.standing import Standing
    from tierkit.programs.program import Program
    from tierkit.reports.explain import Explanation
    from tierkit.reports.table import Table

_PROGRAM: Final = "hubspot-solutions"
_DEMO_DAY: Final = date(2026, 11, 23)
_DEMO_PARTNER: Final = "northwind"
_EVERYTHING: Final = object()
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_SAID: Final = 300
_MOST_NAMED: Final = 10
_MOST_DIGITS: Final = 10
_NO_GROUP: Final = "none"
_OUTPUT: Final = "standard output"

OK: Final = 0
FAILED: Final = 1
WRONG: Final = 2
INTERRUPTED: Final = 130
NOBODY_LISTENS: Final = 141


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
        return _complain(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _close_quietly(sys.stdout)
        return NOBODY_LISTENS
    except OSError as error:  # files that are read have their problems; what is left is the output
        _close_quietly(sys.stdout)
        found = error.strerror or type(error).__name__
        return _complain(InvalidValue(Problem(_OUTPUT, "", found, "a place that takes the answer")))
    return status


def _answer(argv: Sequence[str]) -> int:
    if not _is_open(sys.stdout):
        raise InvalidValue(Problem(_OUTPUT, "", "nothing: it is closed", "a place that takes the answer"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        arguments = _parser().parse_args(_readable(argv))
    except SystemExit as done:  # argparse ends so: after --help and --version, and on wrong arguments
        return done.code if isinstance(done.code, int) else OK
    status: int = arguments.run(arguments)
    return status


def _is_open(stream: TextIO | None) -> bool:
    """Say whether there is a stream: Python has None for one that was closed before it began."""
    return stream is not None


class _Parser(argparse.ArgumentParser):
    """A parser that never repeats more of wrong arguments than fits a few lines."""

    if_missing = ""

    def error(self, message: str) -> NoReturn:
        from tierkit.reports.table import safe

        short = message if len(message) <= _MOST_SAID else message[:_MOST_SAID] + "…"
        hint = f"; {self.if_missing}" if self.if_missing and "required" in message else ""
        self.exit(WRONG, f"{self.prog}: {safe(short)}{hint}\n{self.format_usage()}")


def _parser() -> _Parser:
    about = "Points and tiers of a partner program, computed exactly and explained."
    parser = _Parser(prog="tierkit", description=about, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"tierkit {tierkit.__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    shared = _Parser(add_help=False)
    shared.add_argument("--json", action="store_true", help="print JSON instead of text")
    rules = _Parser(add_help=False)
    rules.add_argument("--program", default=_PROGRAM, metavar="NAME|FILE", help=f"default: {_PROGRAM}")
    _overlay(rules)
    day = _Parser(add_help=False)
    day.add_argument("--on", metavar="DAY", help="such as 2026-11-23; default: today")
    sale = _Parser(add_help=False)
    sale.add_argument("--market", required=True, metavar="CODE", help="the customer's country, such as BR")
    sale.add_argument("--kind", help="the kind of the deal, such as sourced")

    def command(name: str, run: Callable[[argparse.Namespace], int], help: str, *parents: _Parser) -> _Parser:
        given = [*parents, shared]
        made = commands.add_parser(name, help=help, description=help, parents=given, allow_abbrev=False)
        made.set_defaults(run=run)
        return made

    command("demo", _demo, "show the statement of an invented partner")

    about = "say which tier a partner reaches, what is missing, and why"
    statement = command("statement", _statement, about, rules, day)
    statement.usage = "%(prog)s BOOK [ARGUMENT ...]"
    statement.if_missing = "name BOOK first: --explain takes a word after it for a fact"
    statement.add_argument("book", metavar="BOOK", help="a folder of CSV files, or one JSON file")
    statement.add_argument("--partner", metavar="ID", help="needed where the book has several partners")
    about = "after BOOK: add the reasons of every point that counts, or of one fact; with --json these alone"
    statement.add_argument("--explain", nargs="?", const=_EVERYTHING, metavar="FACT", help=about)
    statement.add_argument("--kind", help="limit the customers' points to one kind of deal, or to account")
    statement.add_argument("--group", help="limit them to a group of markets, or to none")

    quote = command("quote", _quote, "say what a deal would earn", sale, rules, day)
    quote.add_argument("amount", metavar="AMOUNT", help="the monthly recurring revenue, such as 1000.00")
    quote.add_argument("currency", metavar="CURRENCY", help="the customer's currency, such as EUR")
    quote.add_argument("--managed", action="store_true", help="you will manage the customer too")
    quote.add_argument("--other-partners", default="0", metavar="N", help="how many besides you will")

    about = "turn amounts into points, or points into the least amounts that earn them"
    convert = command("convert", _convert, about, sale, rules, day)
    convert.add_argument("currency", metavar="CURRENCY", help="the customer's currency, such as EUR")
    convert.add_argument("--sold", metavar="NUMBER", help="the monthly revenue sold")
    convert.add_argument("--managed", metavar="NUMBER", help="the monthly revenue managed by you alone")
    convert.add_argument("--points", action="store_true", help="these numbers are points")

    command("programs", _programs, "list the programs that are shipped")

    verify = command("verify", _verify, "run worked examples against a program")
    verify.add_argument("program", metavar="PROGRAM", help="the name of a shipped program, or a TOML file")
    verify.add_argument("vectors", metavar="VECTORS.json", help="a file of worked examples")
    _overlay(verify)
    return parser


def _overlay(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--overlay", metavar="FILE", help="a TOML file of values to lay over the program's")


def _demo(arguments: argparse.Namespace) -> int:
    book, program = tierkit.read_book(_example_book()), tierkit.load_program(_PROGRAM)
    _tell(arguments, f"The book of an invented partner, as of {_DEMO_DAY}.")
    return _show_standing(arguments, tierkit.earn(book, program).partner(_DEMO_PARTNER), _DEMO_DAY)


def _example_book() -> Path:
    """Find the example: inside the package where that is installed, beside the sources in a checkout."""
    package = Path(__file__).parent
    book = package / "examples" / _DEMO_PARTNER
    return book if book.is_dir() else package.parents[1] / "examples" / _DEMO_PARTNER


def _statement(arguments: argparse.Namespace) -> int:
    program = _program(arguments)
    ledger = _of_partner(arguments, tierkit.earn(tierkit.read_book(arguments.book), program))
    kind, group = _limits(arguments, ledger)
    return _show_standing(arguments, ledger, _day(arguments), kind, group)


def _of_partner(arguments: argparse.Namespace, ledger: Ledger) -> Ledger:
    """Limit a ledger to the partner that was named, or to the only one that it has."""
    partners = ledger.partners
    if arguments.partner is not None:
        return ledger.partner(arguments.partner)
    if len(partners) == 1:
        return ledger.partner(partners[0])
    some = ", ".join(partners[:_MOST_NAMED]) + (", …" if len(partners) > _MOST_NAMED else "")
    found = f"nothing, and a book of {len(partners)} partners"
    expected = f"one of {some}" if some else "a book that has a partner"
    raise InvalidValue(Problem("--partner", "", found, expected))


def _limits(arguments: argparse.Namespace, ledger: Ledger) -> tuple[str | None, str | None]:
    """Check what the customers' points are limited to."""
    kind, group = arguments.kind, arguments.group
    if arguments.json and (kind is not None or group is not None):
        found, hint = "with --json", "take the entries that you want from the standing"
        raise InvalidValue(Problem("--kind, --group", "", found, "a statement as text", hint))
    if kind is not None:
        _known("--kind", kind, {entry.kind for entry in ledger.entries})
    if group is not None:
        _known("--group", group, {_NO_GROUP, *ledger.program.groups})
    return kind, "" if group == _NO_GROUP else group


def _known(argument: str, name: str, known: set[str]) -> None:
    if name not in known:
        expected = f"one of {', '.join(sorted(known))}" if known else "nothing: the partner has no entries"
        raise UnknownName(Problem(argument, "", shown(name), expected, nearest(name, known)))


def _show_standing(
    arguments: argparse.Namespace, ledger: Ledger, on: date, kind: str | None = None, group: str | None = None
) -> int:
    from tierkit.reports.statement import problems_tables, standing_tables

    standing, fact = tierkit.assess(ledger, on=on), getattr(arguments, "explain", None)
    failed = [] if fact is None else _failures(ledger, fact)
    told = None if fact is None else _explained(ledger, standing, fact, failed)
    if arguments.json:
        print(tierkit.to_json(standing if told is None else told, indent=2))
        return OK
    _print(standing_tables(standing, kind=kind, group=group))
    if told is None:
        print("Points are shown cut to two places. Exactly: --json. Why: tierkit statement … --explain.")
    else:
        _print_lines(told.text)
        _print(problems_tables(failed if told.trees else (), "What could not be valued"))
    return OK


def _failures(ledger: Ledger, fact: object) -> list[Problem]:
    """Give why a fact could not be valued, on all its days."""
    failures = ledger.failures(ledger.partner_id)
    return list(dict.fromkeys(each.problem for each in failures if each.fact == fact))


def _explained(ledger: Ledger, standing: Standing, fact: object, failed: list[Problem]) -> Explanation:
    """Explain a standing or one fact; where the fact has no entries, say why in the title."""
    from tierkit.facts.facts import partners_of

    if not isinstance(fact, str):
        return tierkit.explain(standing)
    entries, partners = ledger[fact], partners_of(ledger.book[fact])
    if standing.partner not in partners:
        found = f"{shown(fact)}, of {', '.join(partners[:_MOST_NAMED])}"
        expected, hint = f"a fact of {standing.partner}", f"say --partner {partners[0]}"
        raise InvalidValue(Problem("--explain", "", found, expected, hint))
    if entries:
        return tierkit.explain(entries)
    why = "; ".join(map(str, failed)) or f"{fact} gives {standing.partner} no points on any day"
    return tierkit.Explanation(f"no entries: {why}", ())


def _quote(arguments: argparse.Namespace) -> int:
    program = _program(arguments)
    amount = tierkit.Money(arguments.amount, arguments.currency)
    others = _whole("--other-partners", arguments.other_partners)
    if others and not arguments.managed:
        found, hint = f"{others}, without --managed", "say --managed, or leave --other-partners out"
        raise InvalidValue(Problem("--other-partners", "", found, "partners who manage with you", hint))
    made = tierkit.quote(
        program,
        amount=amount,
        market=arguments.market,
        kind=_kind(arguments, program),
        managed=arguments.managed,
        other_partners=others,
        on=_day(arguments),
    )
    return _show(arguments, made)


def _convert(arguments: argparse.Namespace) -> int:
    program = _program(arguments)
    both = {"sold": arguments.sold, "managed": arguments.managed}
    given = {side: number for side, number in both.items() if number is not None}
    if not given:
        raise InvalidValue(Problem("--sold, --managed", "", "neither", "at least one of the two"))
    kind, on, market = _kind(arguments, program), _day(arguments), arguments.market
    currency = tierkit.Currency(arguments.currency)
    if arguments.points:
        points = {side: tierkit.Points(number) for side, number in given.items()}
        sold, managed = points.get("sold"), points.get("managed")
        least = tierkit.to_money(
            program, sold=sold, managed=managed, currency=currency, market=market, kind=kind, on=on
        )
        _tell(arguments, f"For {' and '.join(f'{each} {side} points' for side, each in points.items())}:")
        return _show(arguments, least)
    amounts = {side: tierkit.Money(number, currency) for side, number in given.items()}
    sold_for, managed_for = amounts.get("sold"), amounts.get("managed")
    made = tierkit.to_points(program, sold=sold_for, managed=managed_for, market=market, kind=kind, on=on)
    return _show(arguments, made)


def _programs(arguments: argparse.Namespace) -> int:
    from tierkit.reports.tables import grades_of, programs_table

    programs = [tierkit.load_program(name) for name in tierkit.program_names()]
    if not arguments.json:
        _print([programs_table(programs)])
        return OK
    forms = [
        {
            "id": program.id,
            "name": program.name,
            "counts_in_points": program.points.days(),
            "bars_known": program.known_bars(),
            "values": {
                **{grade.value: grades_of(program)[grade] for grade in tierkit.Grade},
                "unknown": grades_of(program)[None],
            },
        }
        for program in programs
    ]
    _print_json({"tierkit": "programs/1", "programs": forms})
    return OK


def _verify(arguments: argparse.Namespace) -> int:
    from tierkit.vectors.run import run_vectors

    program = _program(arguments)
    outcomes = run_vectors(program, arguments.vectors)
    results = [each.passed for each in outcomes]
    if arguments.json:
        fields = ("id", "kind", "passed", "expected", "found")
        forms = [{name: getattr(each, name) for name in fields} for each in outcomes]
        _print_json({"tierkit": "verify/1", "program": program.id, "outcomes": forms})
    else:
        _print_lines("\n".join(map(str, outcomes)))
        counts = (results.count(True), results.count(False), results.count(None))
        print("{} passed, {} failed, {} waiting".format(*counts))
    return FAILED if False in results else OK


def _program(arguments: argparse.Namespace) -> Program:
    return tierkit.load_program(arguments.program, overlay=arguments.overlay)


def _kind(arguments: argparse.Namespace, program: Program) -> str:
    """Give the kind of deal that was named, or else the first that the program knows, and say so."""
    if arguments.kind is not None:
        return str(arguments.kind)
    kinds = [kind for rule in program.rules for kind in rule.where.get("kind", ())]
    if not kinds:
        found, hint = "nothing", "the program names no kinds of deals"
        raise InvalidValue(Problem("--kind", "", found, "the kind of the deal", hint))
    others = list(dict.fromkeys(kinds))[1:]
    others_too = f" (the program also knows: {', '.join(others)})" if others else ""
    _tell(arguments, f"Assumed: --kind {kinds[0]}{others_too}.")
    return kinds[0]


def _day(arguments: argparse.Namespace) -> date:
    """Give the day that was named, or else today, and say so."""
    if arguments.on is None:
        today = date.today()  # noqa: DTZ011 - the user's own today; nothing below the command line asks for it
        _tell(arguments, f"Assumed: --on {today}, today.")
        return today
    try:
        if _DAY.fullmatch(arguments.on):
            return date.fromisoformat(arguments.on)
    except ValueError:
        pass  # the same problem as for any other text
    raise InvalidValue(Problem("--on", "", shown(arguments.on), "a day written as in 2026-11-23"))


def _whole(argument: str, number: str) -> int:
    if not (number.isascii() and number.isdigit() and len(number) < _MOST_DIGITS):
        raise InvalidValue(Problem(argument, "", shown(number), "a whole number from 0 up"))
    return int(number)


def _readable(argv: Sequence[str]) -> list[str]:
    """Refuse arguments that no file name, and nothing else here, can be."""
    for argument in argv:
        if any(sign < " " or "\ud800" <= sign < "\udc80" for sign in argument):
            raise InvalidValue(Problem("arguments", "", shown(argument), "text without control characters"))
    return list(argv)


def _show(arguments: argparse.Namespace, result: Quote | Amounts) -> int:
    if arguments.json:
        print(tierkit.to_json(result, indent=2))
    else:
        from tierkit.reports.tables import tables_of

        _print(tables_of(result))
    return OK


def _print(tables: Iterable[Table]) -> None:
    from tierkit.reports.table import text

    for table in tables:
        print(text(table), end="\n\n")


def _print_lines(lines: str) -> None:
    from tierkit.reports.table import safe

    for line in lines.split("\n"):
        print(safe(line))


def _print_json(form: object) -> None:
    import json

    print(json.dumps(form, ensure_ascii=False, indent=2))


def _tell(arguments: argparse.Namespace, note: str) -> None:
    """Say what was assumed: above a text, and apart from JSON."""
    if arguments.json:
        _say(note)
    else:
        print(note, end="\n\n")


def _say(line: str) -> None:
    """Print to standard error; where that takes nothing, the exit status has to do."""
    if not _is_open(sys.stderr):
        return
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        _close_quietly(sys.stderr)


def _complain(error: TierkitError) -> int:
    from tierkit.reports.table import safe

    problems = [safe(str(problem)) for problem in error.problems]
    head = "tierkit:" if len(problems) == 1 else f"tierkit: {len(problems)} problems\n "
    _say(head + " " + "\n  ".join(problems))
    return WRONG


def _close_quietly(stream: TextIO) -> None:
    """Let nothing be written any more, so that Python does not complain when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
