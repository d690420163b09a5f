"""The ledger: what a book earned under a program, as spans of exact points."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, final

import attrs

from tierkit.engine.earning.events import Cell, entries_of_cell
from tierkit.engine.earning.placing import EventPlacer
from tierkit.engine.earning.states import (
    entries_of_state,
    failures_of_state,
    failures_unselected,
    lines_of_state,
)
from tierkit.engine.earning.undeclared import undeclared_names
from tierkit.engine.earning.valuation import Valuation
from tierkit.errors import InvalidValue, Problem, refuse_other, unknown_name
from tierkit.facts.book import Book
from tierkit.facts.corrections import identified
from tierkit.facts.facts import partners_of
from tierkit.frozen import frozen
from tierkit.looks import html_of
from tierkit.programs.program import Program, refuse_program
from tierkit.programs.rules import FactShape
from tierkit.values.rates import RateTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tierkit.engine.earning.credit import StateLine
    from tierkit.engine.earning.entry import Entry, Failure
    from tierkit.engine.earning.states import Tiers
    from tierkit.facts.facts import Held, Partner, Reading


@final
@attrs.define(frozen=True, eq=False)
class Lines:
    """What `earn` found: the valued facts of each partner, and those that could not be valued."""

    valuation: Valuation
    cells: Mapping[str, list[Cell]]
    states: Mapping[str, list[StateLine]]
    failures: Mapping[str, list[Failure]]
    readings: Mapping[str, list[Reading]]
    held: Mapping[str, list[Held]]
    people: Mapping[str, Partner]
    joined: Mapping[str, date]
    undeclared: Mapping[str, list[Problem]]
    partners: Mapping[str, None]


@final
@frozen
class Ledger:
    """The entries that a book earned under a program, for all its partners or for one.

    Made by `earn`. Two ledgers are equal where their book, program, partner and exchange rates are.

    Attributes:
        book: the facts.
        program: the rules.
        partner_id: the partner that the ledger is limited to; "" where it has all of them.
        rates: the exchange rates at which tracks of money count amounts in other currencies.
    """

    book: Book
    program: Program
    partner_id: str
    rates: RateTable
    _lines: Lines = attrs.field(eq=False, repr=False)

    def __repr__(self) -> str:
        of = f" of {self.partner_id}" if self.partner_id else ""
        return f"<Ledger{of}: {len(self.book)} facts under {self.program.id}>"

    def __reduce__(self) -> tuple[object, tuple[Book, Program, str, RateTable]]:
        return _earned_again, (self.book, self.program, self.partner_id, self.rates)

    def _repr_html_(self) -> str:
        return html_of(self)

    @property
    def partners(self) -> tuple[str, ...]:
        """The partners that the ledger has, in order."""
        return (self.partner_id,) if self.partner_id else tuple(self._lines.partners)

    def partner(self, partner: str) -> Ledger:
        """Give the ledger of one partner.

        Raises:
            UnknownName: the book does not know the partner.
        """
        if partner == self.partner_id or (not self.partner_id and partner in self._lines.partners):
            return Ledger(self.book, self.program, partner, self.rates, self._lines)
        error = unknown_name("ledger", "partner", partner, self.partners)
        raise error

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries with their reasons, in the order of their first day, then of their fact."""
        return _in_order(self._entries(self.partners))

    def __getitem__(self, fact: str) -> tuple[Entry, ...]:
        """Give the entries of one fact, in the order of their days; there are none where it earned nothing.

        Raises:
            UnknownName: the book has no such fact.
        """
        found = self.book[fact]
        of = [partner for partner in partners_of(found) if self.partner_id in ("", partner)]
        return _in_order(self._entries(of, found.id))

    def _entries(self, partners: Iterable[str], fact: str = "") -> Iterator[Entry]:
        for partner in partners:
            yield from entries_under(self.partner(partner), tiers_of(self.partner(partner)), fact)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Which facts could not be valued, and what the program does not know, each with the way out."""
        failed = [failure.problem for partner in self.partners for failure in self.failures(partner)]
        return tuple(dict.fromkeys((*self.undeclared, *failed)))

    @property
    def undeclared(self) -> tuple[Problem, ...]:
        """What facts name and the program does not declare: readings, tiers, attributes."""
        found = [each for partner in self.partners for each in self._lines.undeclared.get(partner, ())]
        return tuple(dict.fromkeys(found))

    def failures(self, partner: str) -> Iterator[Failure]:
        """Give the facts of a partner that could not be valued, with the days on which they would count."""
        yield from self._lines.failures.get(partner, ())
        valuation, tiers = self._lines.valuation, tiers_of(self.partner(partner))
        for cell in self._lines.cells.get(partner, ()):
            for each in cell.yields:
                yield from cell.tierless(each, cell.facts, tiers and tiers[0])
        for line in self._lines.states.get(partner, ()):
            yield from failures_of_state(valuation, line, tiers)


def entries_under(ledger: Ledger, tiers: Tiers | None, fact: str = "") -> Iterator[Entry]:
    """Make the entries of the ledger's one partner, or those of one fact, under the tiers that it held.

    Args:
        ledger: the ledger.
        tiers: what tells the tiers, and the days on which they turned; None where they multiply nothing.
        fact: the id of the fact; "" for all.
    """
    lines, partner = lines_of(ledger), ledger.partner_id
    for cell in lines.cells.get(partner, ()):
        yield from entries_of_cell(lines.valuation, cell, fact, tiers and tiers[0])
    for line in lines.states.get(partner, ()):
        if fact in ("", line.fact.id):
            yield from entries_of_state(lines.valuation, line, tiers)


def earn(book: Book, program: Program, *, rates: RateTable | None = None) -> Ledger:
    """Value every fact of a book under a program's dated rules.

    Deals and other events are valued once, by the rules of their own day, and count until their life ends.
    Managed accounts and other states are valued on the day that is asked about. A fact that cannot be
    valued stops nothing: `ledger.problems` names it, and every measure that it would feed is "at least".

    Args:
        book: the facts.
        program: the rules.
        rates: the exchange rates at which a track of money counts amounts in other currencies, each at the
            rate of its own day. Points never use them.

    Returns:
        The ledger of all partners; `ledger.partner(id)` is one's own.

    Raises:
        WrongType: for anything but a book, a program and a table of rates.
    """
    refuse_other(book, Book, "earn: book", "a Book: read_book(…) or Book([…])")
    refuse_program(program, "earn")
    rates = RateTable() if rates is None else rates
    refuse_other(rates, RateTable, "earn: rates", "a RateTable: RateTable([ExchangeRate(…), …])")
    valuation, given, book = Valuation(program, rates), book, book.in_force
    deals = EventPlacer(valuation, FactShape.DEAL, book)
    deals.place(book.deals)
    events = EventPlacer(valuation, FactShape.EVENT, book)
    events.place(book.events)
    named = _declared(given, book)
    states: dict[str, list[StateLine]] = {}
    cells, failures = dict(deals.cells), dict(deals.failures)
    for partner, more in events.cells.items():
        cells[partner] = [*cells.get(partner, ()), *more]
    for partner, failed in events.failures.items():
        failures[partner] = [*failures.get(partner, ()), *failed]
    for shape, facts in ((FactShape.ACCOUNT, book.accounts), (FactShape.STATE, book.states)):
        rules = [rule for rule in program.rules if rule.fact is shape]
        for fact in facts:
            lines = lines_of_state(valuation, rules, fact)
            if not lines:  # a rule may have passed it over
                named.update(partners_of(fact))
            for line in lines:
                states.setdefault(line.holder.partner, []).append(line)
            for failure in () if lines else failures_unselected(rules, shape, fact):
                failures.setdefault(failure.partner, []).append(failure)
    readings: dict[str, list[Reading]] = {}
    for reading in book.readings:
        readings.setdefault(reading.partner, []).append(reading)
    held: dict[str, list[Held]] = {}
    for each in book.held:
        held.setdefault(each.partner, []).append(each)
    people = {partner.id: partner for partner in book.partners}
    joined = {partner.id: partner.joined_on for partner in book.partners if partner.joined_on is not None}
    undeclared = undeclared_names(book, program)
    named.update(held, cells, states, failures, readings, undeclared)
    partners = dict.fromkeys(sorted(named))
    return Ledger(
        given,
        program,
        "",
        rates,
        Lines(valuation, cells, states, failures, readings, held, people, joined, undeclared, partners),
    )


def _declared(given: Book, in_force: Book) -> set[str]:
    """Give the partners that a book has, whatever was earned: also those whose facts were all taken back."""
    named = {partner.id for partner in given.partners}
    if in_force is not given:
        named.update(partner for fact in identified(given) for partner in partners_of(fact))
    return named


def refuse_ledger(value: object, verb: str) -> None:
    """Raise where an argument is not a ledger, as a book is not.

    Raises:
        WrongType: it is not.
    """
    refuse_other(value, Ledger, f"{verb}: ledger", "a Ledger: earn(book, program)")


def of_one_partner(ledger: Ledger, partner: str | None, verb: str) -> Ledger:
    """Give the ledger of the partner that is named, or of the only one.

    Raises:
        UnknownName: the ledger has no such partner.
        InvalidValue: the ledger has several partners, or none, and none was named.
    """
    if partner is not None:
        return ledger.partner(partner)
    if len(ledger.partners) != 1:
        found = f"a ledger of {len(ledger.partners)} partners"
        raise InvalidValue(
            Problem(verb, "partner", found, "one partner", "say partner=…, or take ledger.partner(…)")
        )
    return ledger.partner(ledger.partners[0])


def lines_of(ledger: Ledger) -> Lines:
    """Give what a ledger rests on: the engine's own, and not for others to change."""
    return ledger._lines  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]


def _earned_again(book: Book, program: Program, partner: str, rates: RateTable) -> Ledger:
    """Make a ledger anew where a pickle is read: its lines follow from its book, program and rates."""
    ledger = earn(book, program, rates=rates)
    return ledger.partner(partner) if partner else ledger


def tiers_of(ledger: Ledger) -> Tiers | None:
    """Give what tells the tiers that the ledger's one partner held, where they multiply what facts give."""
    from tierkit.engine.moving.badge import has_tier_rates
    from tierkit.engine.moving.tiers_held import tiers_held  # which walks over the ledger

    return tiers_held(ledger) if has_tier_rates(ledger.program) else None


def _in_order(entries: Iterator[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: (entry.span.start or date.min, entry.fact, entry.partner)))
