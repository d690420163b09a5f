"""`tierkit demo` and `tierkit statement`: where a partner stands, and why."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import tierkit
from tierkit.cli.arguments import (
    PROGRAM,
    add_book,
    add_day,
    add_program,
    day_of,
    ledger_of,
    refuse_unknown,
)
from tierkit.cli.output import OK, print_tables, tell
from tierkit.cli.reasons import add_explain, print_reasons, problems_of, refuse_fact_of_others
from tierkit.errors import InvalidValue, Problem

if TYPE_CHECKING:
    import argparse

    from tierkit.cli.arguments import Commands
    from tierkit.engine.earning.entry import Entry
    from tierkit.engine.ledger import Ledger
    from tierkit.engine.standing import Standing
    from tierkit.reports.explain import Explanation

_DEMO_DAY: Final = date(2026, 11, 23)
_DEMO_PARTNER: Final = "northwind"
_NO_GROUP: Final = "none"


def declare(commands: Commands) -> None:
    """Add the commands of this family."""
    commands.add("demo", _demo, "show the statement of an invented partner")

    about = "say which tier a partner reaches, what is missing, and why"
    statement = commands.add("statement", _statement, about, add_program, add_day, add_book)
    add_explain(statement, "every point that counts")
    statement.add_argument("--kind", help="limit the customers' points to one kind of deal, or to account")
    statement.add_argument("--group", help="limit them to a group of markets, or to none")


def _demo(arguments: argparse.Namespace) -> int:
    book, program = tierkit.read_book(_example_book()), tierkit.load_program(PROGRAM)
    tell(arguments, f"The book of an invented partner, as of {_DEMO_DAY}.")
    return _show_standing(arguments, tierkit.earn(book, program).partner(_DEMO_PARTNER), _DEMO_DAY)


def _example_book() -> Path:
    """Find the example: inside the package where that is installed, beside the sources in a checkout."""
    package = Path(__file__).parents[1]
    book = package / "examples" / _DEMO_PARTNER
    return book if book.is_dir() else package.parents[1] / "examples" / _DEMO_PARTNER


def _statement(arguments: argparse.Namespace) -> int:
    ledger = ledger_of(arguments)
    kind, group = _limits(arguments, ledger)
    return _show_standing(arguments, ledger, day_of(arguments), kind, group)


def _limits(arguments: argparse.Namespace, ledger: Ledger) -> tuple[str | None, str | None]:
    """Check what the customers' points are limited to."""
    kind, group = arguments.kind, arguments.group
    if arguments.json and (kind is not None or group is not None):
        found, hint = "with --json", "take the entries that you want from the standing"
        raise InvalidValue(Problem("--kind, --group", "", found, "a statement as text", hint))
    if kind is not None:
        kinds = {entry.kind for entry in ledger.entries}
        refuse_unknown("--kind", kind, kinds, "nothing: the partner has no entries")
    if group is not None:
        refuse_unknown("--group", group, {_NO_GROUP, *ledger.program.groups})
    return kind, "" if group == _NO_GROUP else group


def _show_standing(
    arguments: argparse.Namespace, ledger: Ledger, on: date, kind: str | None = None, group: str | None = None
) -> int:
    from tierkit.reports.statement import standing_tables

    standing, fact = tierkit.assess(ledger, on=on), getattr(arguments, "explain", None)
    failed = [] if fact is None else problems_of(ledger, fact)
    told = None if fact is None else _explained(ledger, standing, fact, failed)
    if arguments.json:
        print(tierkit.to_json(standing if told is None else told, indent=2))
        return OK
    print_tables(standing_tables(standing, kind=kind, group=group))
    if told is None:
        print("Points are shown cut to two places. Exactly: --json. Why: tierkit statement … --explain.")
    else:
        print_reasons(told, failed)
    return OK


def _explained(ledger: Ledger, standing: Standing, fact: object, failed: list[Problem]) -> Explanation:
    """Explain a standing or one fact; where the fact has no entries, say why in the title."""
    if not isinstance(fact, str):
        return tierkit.explain(standing)
    refuse_fact_of_others(ledger, fact)
    entries, taken_back = _entries_of(ledger, standing, fact), _taken_back(ledger, fact)
    if entries:
        told = tierkit.explain(entries)
        return tierkit.Explanation(f"{told.title}; {taken_back}", told.trees) if taken_back else told
    none = f"{fact} gives {standing.partner} no points on any day"
    why = "; ".join(map(str, failed)) or taken_back or none
    return tierkit.Explanation(f"no entries: {why}", ())


def _entries_of(ledger: Ledger, standing: Standing, fact: str) -> tuple[Entry, ...]:
    """Give the entries of a fact; those that had begun by the day end with the member's personal year."""
    from tierkit.engine.moving.badge import has_personal_years

    entries = ledger[fact]
    if not has_personal_years(ledger.program):
        return entries
    begun = (each for each in standing.entries if each.fact == fact)
    coming = (each for each in entries if each.span.start is not None and each.span.start > standing.on)
    return (*begun, *coming)


def _taken_back(ledger: Ledger, fact: str) -> str:
    """Say which later record took a fact's place or took it back; entries tell of a clawback themselves."""
    from tierkit.engine.earning.life import why_reversed
    from tierkit.facts.corrections import identified
    from tierkit.facts.facts import CORRECTION, Deal, Event, Reversal, corrects

    in_force = fact in ledger.book.in_force
    book = ledger.book.in_force if in_force else ledger.book
    correcting = {corrects(each): each for each in identified(book)}
    by = correcting.get(fact)
    if by is None:
        return ""
    while isinstance(then := correcting.get(by.id), Reversal) and then.replaces:
        by = then
    if not isinstance(by, Reversal):
        return f"{by.id} took its place"
    left_nothing = isinstance(book[fact], Deal | Event) and not ledger[fact]
    if by.cause != CORRECTION and not left_nothing:
        return ""
    return f"{by.id} took it back{f' from {by.on}' if in_force else ''}: {why_reversed(by)}"
