"""What facts name and a program does not declare: readings, tiers, attributes."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from tierkit.errors import Problem, nearest, shown
from tierkit.facts.checks import NO_ATTRIBUTES
from tierkit.facts.facts import partners_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tierkit.facts.book import Book
    from tierkit.facts.facts import Deal, Event, Fact
    from tierkit.facts.states import ManagedAccount, State
    from tierkit.programs.program import Program


def undeclared_names(book: Book, program: Program) -> dict[str, list[Problem]]:
    """Find every such name in a book, by the partners whose facts have it.

    A fact with such a name may well earn points; a misspelling is said, not punished.
    """
    found: dict[str, list[Problem]] = {}
    for fact, problem in chain(_readings(book, program), _tiers(book, program), _attributes(book, program)):
        for partner in partners_of(fact):
            found.setdefault(partner, []).append(problem)
    return found


def _readings(book: Book, program: Program) -> Iterator[tuple[Fact, Problem]]:
    for reading in book.readings:
        where, kind = f"reading {reading.partner} {reading.on}", program.readings.get(reading.name)
        if kind is None:
            known = ", ".join(program.readings) or "none"
            hint = nearest(reading.name, program.readings)
            yield reading, Problem(where, "name", shown(reading.name), f"one of {known}", hint)
        elif kind.yes_no is not isinstance(reading.value, bool):
            expected = "true or false" if kind.yes_no else "a number"
            yield reading, Problem(where, reading.name, shown(str(reading.value)), expected, "it is left out")


def _tiers(book: Book, program: Program) -> Iterator[tuple[Fact, Problem]]:
    tiers = [tier.id for tier in program.tiers]
    for held in book.held:
        if held.tier not in tiers:
            where, expected = f"held {held.partner} {held.on}", "one of " + ", ".join(tiers)
            yield held, Problem(where, "tier", shown(held.tier), expected, nearest(held.tier, tiers))


def _attributes(book: Book, program: Program) -> Iterator[tuple[Fact, Problem]]:
    known = ", ".join(program.attributes) or "none: the program declares no attributes"
    facts: Iterator[Deal | Event | ManagedAccount | State] = chain(
        book.deals, book.events, book.accounts, book.states
    )
    for fact in facts:
        if fact.attributes is NO_ATTRIBUTES:  # nearly always, and cheaper to ask than to iterate
            continue
        for name in fact.attributes:
            if name not in program.attributes:
                hint = nearest(name, program.attributes)
                yield fact, Problem(fact.id, name, "an unknown attribute", f"one of {known}", hint)
