"""Recounting: what the figures of a book would be if some of its facts were others."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias, final

from tierkit.engine.changing.causes import worth_points
from tierkit.engine.changing.point_changes import rows_between
from tierkit.engine.earning.events import live_on
from tierkit.engine.earning.states import worth_on
from tierkit.engine.ledger import earn, lines_of
from tierkit.engine.moving.badge import is_chronological
from tierkit.engine.moving.found import tally_of
from tierkit.facts.book import Book
from tierkit.facts.consistency import ConsistentFacts
from tierkit.facts.corrections import identified, untied
from tierkit.facts.facts import Deal, Identified, corrects, own_day
from tierkit.facts.knowledge import bearing_upon

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from tierkit.engine.ledger import Ledger
    from tierkit.facts.facts import Fact
    from tierkit.programs.program import Program
    from tierkit.values.rates import RateTable

Parts: TypeAlias = dict[tuple[str, str], Fraction]
"""Points by side ("" what is there, "new", "lost") and track."""


@final
class Recount:
    """Counts the points of one partner again, for a book in which some facts are others.

    Where the rules allow it, only the facts are counted again that one fact can bear upon: the deals of the
    same product line of the same customer, and the corrections of a fact. The others add the same as before.
    In a program whose movements post points everything is counted again.

    Attributes:
        book: the facts as they are that may bear upon the partner's points.
        program: the rules.
        rates: the exchange rates.
        partner: whose points are counted.
        on: the last day.
        since: the day before the first whose changes are counted; None where none are.
        whole: whether everything has to be counted again each time.
    """

    def __init__(self, ledger: Ledger, on: date, since: date | None) -> None:
        self.book: Book = bearing_upon(ledger.partner_id, ledger.book)
        self.program: Program = ledger.program
        self.rates: RateTable = ledger.rates
        self.partner: str = ledger.partner_id
        self.on = on
        self.since = since
        self.whole: bool = is_chronological(ledger.program)
        self._lines: defaultdict[tuple[str, str], list[Deal]] = defaultdict(list)
        self._tied: defaultdict[str, list[str]] = defaultdict(list)
        for deal in self.book.deals:
            if deal.product_line:
                self._lines[deal.customer, deal.product_line].append(deal)
        for fact in identified(self.book):
            if corrects(fact):
                self._tied[corrects(fact)].append(fact.id)
                self._tied[fact.id].append(corrects(fact))
        self._near: dict[str, frozenset[str]] = {}
        self._before: dict[frozenset[str], Parts] = {}

    def of(self, facts: Iterable[Fact], program: Program | None = None) -> Parts:
        """Count the points that some facts give."""
        mine = self.earned(facts, program)
        if mine is None:
            return {}
        tracks = tally_of(mine, self.on).tracks
        found: Parts = {("", track): points for track, points in tracks.items()}
        for (_, side, track), points in self._moved(mine).items():
            found[side, track] = found.get((side, track), Fraction(0)) + points
        return found

    def earned(self, facts: Iterable[Fact], program: Program | None = None) -> Ledger | None:
        """Earn some facts; None where none of them is the partner's."""
        book = Book(ConsistentFacts(untied(self.book, list(facts))))
        ledger = earn(book, program or self.program, rates=self.rates)
        return ledger.partner(self.partner) if self.partner in ledger.partners else None

    def by_fact(self, mine: Ledger) -> dict[str, Parts]:
        """Count the points of each fact, in one pass over all of them."""
        found: defaultdict[str, Parts] = defaultdict(dict)
        for fact, track, points in self._live(mine):
            found[fact]["", track] = found[fact].get(("", track), Fraction(0)) + points
        for (fact, side, track), points in self._moved(mine).items():
            found[fact][side, track] = points
        return found

    def _live(self, mine: Ledger) -> Iterator[tuple[str, str, Fraction]]:
        lines, on = lines_of(mine), self.on
        for _, each, facts in live_on(lines.cells.get(self.partner, ()), on):
            for fact, number in zip(facts, each.numbers(facts), strict=True):
                points = Fraction(number * each.kept_on(on)) / each.factor.denominator
                yield fact.id, each.rule.track, points
        for line in lines.states.get(self.partner, ()):
            yield line.fact.id, line.rule.track, worth_points(worth_on(lines.valuation, line, on))

    def _moved(self, mine: Ledger) -> dict[tuple[str, str, str], Fraction]:
        found: defaultdict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
        for row in rows_between(mine, self.since, self.on) if self.since else ():
            side = "new" if row.after > row.before else "lost"
            found[row.fact, side, row.track] += abs(row.after - row.before).fraction
        return found

    def around(self, name: str) -> frozenset[str]:
        """Give the ids of the facts that a fact bears upon, with its own."""
        if name not in self._near:
            found, waiting = set[str](), [name]
            if self.whole:
                found, waiting = {fact.id for fact in identified(self.book)}, []
            while waiting:
                each = waiting.pop()
                if each not in found:
                    found.add(each)
                    fact = self.book[each]
                    waiting += self._tied.get(each, ())
                    if isinstance(fact, Deal):
                        line = self._lines.get((fact.customer, fact.product_line), ())
                        waiting += [deal.id for deal in line]
            self._near.update(dict.fromkeys(found, frozenset(found)))
        return self._near[name]

    def delta(self, name: str, added: Collection[Identified] = ()) -> Parts:
        """Count what changes if a fact is not there, or others are in its place."""
        near = self.around(name)
        if near not in self._before:
            self._before[near] = self.of(self._only(near))
        after = self.of([*(fact for fact in self._only(near) if _id(fact) != name), *added])
        return less(after, self._before[near])

    def deciders(self, lines: Iterable[tuple[str, str]]) -> set[str]:
        """Give the deals that may decide on the rates of others: the first known of some product lines."""
        found: set[str] = set()
        for deals in map(self._lines.__getitem__, lines):
            sold = only_upsold = date.max
            for deal in sorted(deals, key=own_day):
                day = deal.line_first_sold_on or deal.closed_on
                if deal.line_first_sold_on is None and deal.motion == "upsell":
                    if day < only_upsold:
                        only_upsold = day
                        found.add(deal.id)
                elif day < sold:
                    sold = day
                    found.add(deal.id)
        return found

    def _only(self, near: frozenset[str]) -> Iterable[Fact]:
        return self.book if self.whole else [self.book[name] for name in sorted(near)]


def _id(fact: Fact) -> str:
    return fact.id if isinstance(fact, Identified) else ""


def less(one: Mapping[tuple[str, str], Fraction], other: Mapping[tuple[str, str], Fraction]) -> Parts:
    """Take one count from another, leaving out what is the same."""
    keys = sorted({*one, *other})
    found = {key: one.get(key, Fraction(0)) - other.get(key, Fraction(0)) for key in keys}
    return {key: points for key, points in found.items() if points}
