"""`tierkit programs`, `verify` and `compare`: what is shipped, worked examples of it, and other rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tierkit
from tierkit.cli.arguments import (
    add_day,
    add_overlay,
    add_rates,
    day_of,
    named_program,
    program_of,
    rates_of,
)
from tierkit.cli.output import FAILED, OK, print_json, print_lines, print_tables, show

if TYPE_CHECKING:
    import argparse

    from tierkit.cli.arguments import Commands


def declare(commands: Commands) -> None:
    """Add the commands of this family."""
    commands.add("programs", _programs, "list the programs that are shipped")

    verify = commands.add("verify", _verify, "run worked examples against a program")
    verify.add_argument("program", metavar="PROGRAM", help="the name of a shipped program, or a TOML file")
    verify.add_argument("vectors", metavar="VECTORS.json", help="a file of worked examples")
    add_overlay(verify)

    about = "say what other rules do to the partners of a book: the first program against the others"
    compare = commands.add("compare", _compare, about, add_day, add_rates)
    compare.add_argument("book", metavar="BOOK", help="a folder of CSV files, or one JSON file")
    compare.add_argument("--partner", metavar="ID", help="default: each that the book has")
    named = "a shipped program or a TOML file; NAME+OVERLAY lays a file of values over it"
    compare.add_argument("programs", metavar="PROGRAM", nargs="+", help=named)


def _programs(arguments: argparse.Namespace) -> int:
    from tierkit.reports.tables import grades_of, programs_table

    programs = [tierkit.load_program(name) for name in tierkit.program_names()]
    if not arguments.json:
        print_tables([programs_table(programs)])
        return OK
    forms = [
        {
            "id": program.id,
            "name": program.name,
            "in_force": program.in_force.days(),
            "bars_known": program.known_bars(),
            "values": {
                **{grade.value: grades_of(program)[grade] for grade in tierkit.Grade},
                "unknown": grades_of(program)[None],
            },
        }
        for program in programs
    ]
    print_json({"tierkit": "programs/1", "programs": forms})
    return OK


def _verify(arguments: argparse.Namespace) -> int:
    from tierkit.vectors.run import run_vectors

    program = program_of(arguments)
    outcomes = run_vectors(program, arguments.vectors)
    results = [each.passed for each in outcomes]
    if arguments.json:
        fields = ("id", "kind", "passed", "expected", "found")
        forms = [{name: getattr(each, name) for name in fields} for each in outcomes]
        print_json({"tierkit": "verify/1", "program": program.id, "outcomes": forms})
    else:
        print_lines("\n".join(map(str, outcomes)))
        counts = (results.count(True), results.count(False), results.count(None))
        print("{} passed, {} failed, {} waiting".format(*counts))
    return FAILED if False in results else OK


def _compare(arguments: argparse.Namespace) -> int:
    programs = [named_program(each) for each in arguments.programs]
    book = tierkit.read_book(arguments.book)
    rates = rates_of(arguments)
    made = tierkit.compare(book, programs, on=day_of(arguments), partner=arguments.partner, rates=rates)
    return show(arguments, made)
