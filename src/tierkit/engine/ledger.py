"""The ledger: what a book earned under a program, as spans of exact points."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, final

import attrs

from tierkit.engine.events import Cell, EventPlacer, entries_of_cell
from tierkit.engine.states import StateLine, entries_of_state, failures_of_state, lines_of_state
from tierkit.engine.valuation import Valuation
from tierkit.errors import Problem, UnknownName, nearest, shown
from tierkit.facts.book import Book
from tierkit.frozen import frozen
from tierkit.programs.program import Program
from tierkit.programs.rules import FactShape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tierkit.engine.entry import Entry, Failure

_MOST_NAMED = 10


@final
@attrs.define(frozen=True, eq=False)
class Lines:
    """What `earn` found: the valued facts of each partner, and those that could not be valued."""

    valuation: Valuation
    cells: Mapping[str, list[Cell]]
    states: Mapping[str, list[StateLine]]
    failures: Mapping[str, list[Failure]]
    unknown: tuple[Problem, ...]


@final
@frozen
class Ledger:
    """The entries that a book earned under a program, for all its partners or for one.

    Made by `earn`. Two ledgers are equal where their book, program and partner are.

    Attributes:
        book: the facts.
        program: the rules.
        partner_id: the partner that the ledger is limited to; "" where it has all of them.
    """

    book: Book
    program: Program
    partner_id: str
    lines: Lines = attrs.field(eq=False, repr=False)

    def __repr__(self) -> str:
        of = f" of {self.partner_id}" if self.partner_id else ""
        return f"<Ledger{of}: {len(self.book)} facts under {self.program.id}>"

    def __reduce__(self) -> tuple[object, tuple[Book, Program, str]]:
        return _earned_again, (self.book, self.program, self.partner_id)

    @property
    def partners(self) -> tuple[str, ...]:
        """The partners that the ledger has, in order."""
        if self.partner_id:
            return (self.partner_id,)
        named = {partner.id for partner in self.book.partners}
        named.update(reading.partner for reading in self.book.readings)
        named.update(held.partner for held in self.book.held)
        return tuple(sorted(named.union(self.lines.cells, self.lines.states, self.lines.failures)))

    def partner(self, partner: str) -> Ledger:
        """Give the ledger of one partner.

        Raises:
            UnknownName: the book does not know the partner.
        """
        known = self.partners
        if partner not in known:
            more = ", …" if len(known) > _MOST_NAMED else ""
            expected = (
                "one of " + ", ".join(known[:_MOST_NAMED]) + more
                if known
                else "a partner; the book names none"
            )
            raise UnknownName(Problem("ledger", "partner", shown(partner), expected, nearest(partner, known)))
        return Ledger(self.book, self.program, partner, self.lines)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries with their reasons, in the order of their first day, then of their fact."""
        return _in_order(self._entries(None))

    def __getitem__(self, fact: str) -> tuple[Entry, ...]:
        """Give the entries of one fact, in the order of their days; there are none where it earned nothing.

        Raises:
            UnknownName: the book has no such fact.
        """
        return _in_order(self._entries({self.book[fact].id}))

    def _entries(self, facts: set[str] | None) -> Iterator[Entry]:
        for partner in self.partners:
            for cell in self.lines.cells.get(partner, ()):
                yield from entries_of_cell(self.lines.valuation, cell, facts)
            for line in self.lines.states.get(partner, ()):
                if facts is None or line.fact.id in facts:
                    yield from entries_of_state(self.lines.valuation, line)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Which facts could not be valued, and what the program does not know, each with the way out."""
        found = [failure.problem for partner in self.partners for failure in self.failures(partner)]
        return (*self.lines.unknown, *dict.fromkeys(found))

    def failures(self, partner: str) -> Iterator[Failure]:
        """Give the facts of a partner that could not be valued, with the days on which they would count."""
        yield from self.lines.failures.get(partner, ())
        for line in self.lines.states.get(partner, ()):
            yield from failures_of_state(self.lines.valuation, line)


def earn(book: Book, program: Program) -> Ledger:
    """Value every fact of a book under a program's dated rules.

    Deals and other events are valued once, by the rules of their own day, and count until their life ends.
    Managed accounts and other states are valued on the day that is asked about. A fact that cannot be
    valued stops nothing: `ledger.problems` names it, and every measure that it would feed is "at least".

    Args:
        book: the facts.
        program: the rules.

    Returns:
        The ledger of all partners; `ledger.partner(id)` is one's own.
    """
    valuation = Valuation(program)
    deals = EventPlacer(valuation, FactShape.DEAL, book)
    deals.place(book.deals)
    events = EventPlacer(valuation, FactShape.EVENT, book)
    events.place(book.events)
    states: dict[str, list[StateLine]] = {}
    for shape, facts in ((FactShape.ACCOUNT, book.accounts), (FactShape.STATE, book.states)):
        rules = [rule for rule in program.rules if rule.fact is shape]
        for fact in facts:
            for line in lines_of_state(rules, fact):
                states.setdefault(line.holder.partner, []).append(line)
    cells, failures = dict(deals.cells), dict(deals.failures)
    for partner, more in events.cells.items():
        cells[partner] = [*cells.get(partner, ()), *more]
    for partner, failed in events.failures.items():
        failures[partner] = [*failures.get(partner, ()), *failed]
    return Ledger(book, program, "", Lines(valuation, cells, states, failures, _unknown_names(book, program)))


def _earned_again(book: Book, program: Program, partner: str) -> Ledger:
    """Make a ledger anew where a pickle is read: its lines follow from its book and program."""
    ledger = earn(book, program)
    return ledger.partner(partner) if partner else ledger


def _in_order(entries: Iterator[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: (entry.span.start or date.min, entry.fact, entry.partner)))


def _unknown_names(book: Book, program: Program) -> tuple[Problem, ...]:
    """Find what the facts name and the program does not know: readings, tiers, attributes, general states."""
    problems = []
    for reading in book.readings:
        where, kind = f"reading {reading.partner} {reading.on}", program.readings.get(reading.name)
        if kind is None:
            known = ", ".join(program.readings) or "none"
            hint = nearest(reading.name, program.readings)
            problems.append(Problem(where, "name", shown(reading.name), f"one of {known}", hint))
        elif kind.yes_no is not isinstance(reading.value, bool):
            expected = "true or false" if kind.yes_no else "a number"
            problems.append(
                Problem(where, reading.name, shown(str(reading.value)), expected, "it is left out")
            )
    tiers = [tier.id for tier in program.tiers]
    for held in book.held:
        if held.tier not in tiers:
            expected = "one of " + ", ".join(tiers)
            where = f"held {held.partner} {held.on}"
            problems.append(Problem(where, "tier", shown(held.tier), expected, nearest(held.tier, tiers)))
    for fact in (*book.deals, *book.events, *book.accounts, *book.states):
        for name in fact.attributes:
            if name not in program.attributes:
                known = ", ".join(program.attributes) or "none: the program declares no attributes"
                hint = nearest(name, program.attributes)
                problems.append(Problem(fact.id, name, "an unknown attribute", f"one of {known}", hint))
    shapes = {rule.fact for rule in program.rules}
    for shape, states in ((FactShape.ACCOUNT, book.accounts), (FactShape.STATE, book.states)):
        for state in states if shape not in shapes else ():
            problems.append(
                Problem(
                    f"{shape.value} {state.id}",
                    "",
                    "no rule that earns for it",
                    "a fact that the program knows",
                )
            )
    return tuple(dict.fromkeys(problems))
