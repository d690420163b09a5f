"""Suspects: in which ways a vendor's dashboard may see a book otherwise, each recounted."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Final, cast, final

import attrs

from tierkit.engine.earning.events import DAY_OF
from tierkit.engine.ledger import lines_of
from tierkit.engine.reconciling.otherwise import (
    NEAR,
    Otherwise,
    SuspectKind,
    acted_otherwise,
    moved_over,
    seen_as,
    turned_otherwise,
)
from tierkit.engine.reconciling.recount import Parts, Recount, less
from tierkit.facts.corrections import identified
from tierkit.facts.facts import (
    Deal,
    Event,
    ManagedAccount,
    Reversal,
    State,
    corrects,
    named,
    own_day,
    partners_of,
)
from tierkit.frozen import FrozenMap, changed
from tierkit.programs.dated import Dated
from tierkit.reference._markets import MARKETS
from tierkit.values.market import Market

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tierkit.engine.earning.credit import StateLine
    from tierkit.engine.ledger import Ledger, Lines
    from tierkit.facts.book import Book
    from tierkit.facts.facts import Fact, Identified
    from tierkit.programs.program import Program
    from tierkit.programs.rules import Life

MOST_RECOUNTED: Final = 2000
"""How many suspects are recounted one by one; the others are counted all at once, in a few passes."""

MOST_FACTS_RECOUNTED: Final = 20_000
"""How many facts are counted for them in all, where each takes all of them: of 400 facts 50 suspects."""

_ONE_DAY = timedelta(days=1)


@final
@attrs.define(frozen=True, eq=False)
class Variant:
    """One suspect: which facts the dashboard may see otherwise, and what that changes.

    Attributes:
        kind: in which way.
        fact: the id of the fact; "" where it is about a customer.
        customer: the customer.
        words: what the dashboard may do.
        removed: the ids of the facts that it sees otherwise, or not at all.
        added: how it sees them.
        touches: the ids of all facts that this bears upon.
        delta: what it changes, by side and track.
        valued: whether it values facts otherwise, which no other book says.
    """

    kind: SuspectKind
    fact: str
    customer: str
    words: str
    removed: frozenset[str]
    added: tuple[Identified, ...]
    touches: frozenset[str]
    delta: Parts
    valued: bool = False


@final
class Suspects:
    """Finds the suspects of a book.

    Attributes:
        found: those whose recount differs, the likeliest first.
        left_out: how many were not recounted.
    """

    def __init__(self, ledger: Ledger, recount: Recount) -> None:
        self.recount: Recount = recount
        self.book: Book = recount.book
        self.program: Program = recount.program
        self.partner: str = recount.partner
        self.on: date = recount.on
        self.edges: list[date] = sorted({recount.on, recount.since or recount.on})
        self.lines: Lines = lines_of(ledger)
        self.left_out: int = 0
        most = MOST_FACTS_RECOUNTED // max(len(recount.book), 1) if recount.whole else MOST_RECOUNTED
        self._left = min(most, MOST_RECOUNTED)
        self._known: dict[object, Variant] = {}
        for kind, fact, words, added in self._one_by_one():
            self._try(kind, fact, words, added)
        self._all_at_once(ledger)
        order = list(SuspectKind)
        self.found: list[Variant] = sorted(
            self._known.values(), key=lambda each: (order.index(each.kind), each.words)
        )

    def _one_by_one(self) -> Iterator[Otherwise]:
        """Give what has to be recounted by itself: kind, fact, words, and the fact as it may be seen."""
        yield from self._corrections()
        yield from self._states()
        yield from self._edges_of_events()

    def _try(self, kind: SuspectKind, fact: Identified, words: str, added: Identified | None) -> None:
        if not self._left:
            self.left_out += 1
            return
        self._left -= 1
        more = () if added is None else (added,)
        self._note(kind, fact, words, self.recount.delta(fact.id, more), added=more)

    def _note(
        self,
        kind: SuspectKind,
        fact: Identified,
        words: str,
        delta: Parts,
        *,
        added: tuple[Identified, ...] | None = None,
        valued: bool = False,
    ) -> None:
        """Keep a suspect that changes something, the first of those that change the same by the same fact."""
        if delta:
            itself = frozenset((fact.id,))
            near = itself if added is None else self.recount.around(fact.id)
            seen = added or ()
            variant = Variant(kind, fact.id, _customer(fact), words, itself, seen, near, delta, valued)
            self._known.setdefault((fact.id, frozenset(delta.items())), variant)

    # ------------------------------------------------------------ corrections

    def _corrections(self) -> Iterator[Otherwise]:
        for fact in identified(self.book):
            if isinstance(fact, Reversal):
                words = f"it does not know that {named(self.book[fact.reverses])} was reversed on {fact.on}"
                yield SuspectKind.RECORD, fact, words, None
            elif corrects(fact) and self.partner in partners_of(fact):
                words = f"it still counts {named(self.book[corrects(fact)])}, which {named(fact)} replaced"
                yield SuspectKind.RECORD, fact, words, None

    # ------------------------------------------------------------ accounts and states

    def _states(self) -> Iterator[Otherwise]:
        lines: dict[str, list[StateLine]] = {}
        for line in self.lines.states.get(self.partner, ()):
            lines.setdefault(line.fact.id, []).append(line)
        for name, of_fact in lines.items():
            fact = cast("ManagedAccount | State", self.book[name])
            yield from acted_otherwise(fact, of_fact, self.partner, self.on)
            yield from turned_otherwise(fact, self.edges)

    # ------------------------------------------------------------ the edges of the window

    def _edges_of_events(self) -> Iterator[Otherwise]:
        """Give the events that happened, or expire, near an edge, seen on its other side."""
        for cell in self.lines.cells.get(self.partner, ()):
            for each in cell.yields:
                day_of = DAY_OF[each.rule.fact]
                turns = [(edge, each.live_days(edge)[0]) for edge in self.edges]
                for fact in cell.facts:
                    day = day_of(fact)
                    for to, when in moved_over(day, self.edges):
                        words = f"it has {named(fact)}, of {day}, {when}"
                        yield from self._on_another_day(fact, to, words)
                    for edge, first in turns if _ends_by_itself(each.life) else ():
                        if first - NEAR * _ONE_DAY <= day < first:
                            words = f"it still counts {named(fact)}, of {day}, on {edge}"
                            yield from self._on_another_day(fact, first, words)
                        elif first <= day < first + NEAR * _ONE_DAY:
                            words = f"it no longer counts {named(fact)}, of {day}, on {edge}"
                            yield from self._on_another_day(fact, first - _ONE_DAY, words)

    def _on_another_day(self, fact: Deal | Event, to: date, words: str) -> Iterator[Otherwise]:
        fields: dict[str, object] = {"closed_on" if isinstance(fact, Deal) else "on": to, "recorded_on": None}
        if isinstance(fact, Deal) and fact.line_first_sold_on is not None:
            fields["line_first_sold_on"] = min(fact.line_first_sold_on, to)
        seen = seen_as(self.book[fact.id], **fields)
        if seen is not None:
            yield SuspectKind.EDGE, fact, words, seen

    # ------------------------------------------------------------ what is counted for all facts at once

    def _all_at_once(self, ledger: Ledger) -> None:
        if self.recount.whole:
            mine = [fact for fact in identified(self.book) if self.partner in partners_of(fact)]
            mine.sort(key=own_day, reverse=True)  # a dashboard lacks what is new sooner than what is old
            for fact in mine:
                self._try(SuspectKind.MISSING, fact, f"it lacks {named(fact)}", None)
            return
        parts = self.recount.by_fact(ledger)
        for inside in (True, False):
            for group in sorted(_groups(self.program)):
                self._markets(parts, group, inside=inside)
        for code in sorted(self._codes() & self.program.point_values.keys()):
            self._point_values(parts, code)
        self._missing(parts)

    def _markets(self, parts: dict[str, Parts], group: str, *, inside: bool) -> None:
        """See every customer inside a group of markets, or outside of all groups."""
        market = _market(self.program, group, self.on, inside=inside)
        if market is None:
            return
        moved = {
            fact.id: seen
            for fact in identified(self.book)
            if self.partner in partners_of(fact) and _customer(fact) and (seen := _in_market(fact, market))
        }
        mine = self.recount.earned(moved.get(_id(fact), fact) for fact in self.book)
        then = self.recount.by_fact(mine) if mine is not None else {}
        customers: dict[str, list[str]] = {}
        for name, seen in moved.items():
            if less(then.get(name, {}), parts.get(name, {})):
                customers.setdefault(_customer(seen), []).append(name)
        where = f"inside the group {self.program.groups[group].name}"
        for customer, names in customers.items():
            delta = less(_sum(then, names), _sum(parts, names))
            words = f"it has the market of {customer} {where if inside else 'outside of every group'}"
            if delta:
                added = tuple(moved[name] for name in names)
                variant = Variant(
                    SuspectKind.MARKET, "", customer, words, frozenset(names), added, frozenset(names), delta
                )
                self._known.setdefault((customer, frozenset(delta.items())), variant)

    def _codes(self) -> set[str]:
        """Give the currencies of the partner's facts."""
        found: set[str] = set()
        for fact in identified(self.book):
            if self.partner in partners_of(fact):
                amounts = [getattr(fact, name, None) for name in ("mrr", "value", "amount")]
                amounts += [change.mrr for change in getattr(fact, "changes", ())]
                found |= {amount.currency.code for amount in amounts if amount is not None}
        return found

    def _point_values(self, parts: dict[str, Parts], code: str) -> None:
        """See every fact in a currency with the point value before that of its day, or after."""
        dated = self.program.point_values[code]
        for period in dated:
            if period.value is None:
                continue
            always = Dated((period.limited(None, None),))
            program = changed(
                self.program, point_values=FrozenMap({**self.program.point_values, code: always})
            )
            mine = self.recount.earned(self.book, program)
            then = self.recount.by_fact(mine) if mine is not None else {}
            for name in sorted({*parts, *then}):
                fact = self.book[name]
                day = own_day(fact) if isinstance(fact, Deal | Event) else self.on
                earlier = [each for each in dated if each.effective_until and each.effective_until <= day]
                later = [each for each in dated if each.effective_from and each.effective_from > day]
                if period in (*earlier[-1:], *later[:1]):
                    delta = less(then.get(name, {}), parts.get(name, {}))
                    words = f"it values {named(fact)} by the point value {period.days()}"
                    self._note(SuspectKind.POINT_VALUE, fact, words, delta, valued=True)

    def _missing(self, parts: dict[str, Parts]) -> None:
        """Leave out each fact by itself; only where another's rate may hang on it, it is recounted."""
        waiting = {
            (deal.customer, deal.product_line)
            for cell in self.lines.cells.get(self.partner, ())
            for deal in cell.facts
            if cell.first_sales is not None and isinstance(deal, Deal) and deal.product_line
        }
        deciders = self.recount.deciders(sorted(waiting))
        for name in sorted({*parts, *deciders}):
            fact, counted = self.book[name], parts.get(name, {})
            late = fact.recorded_on is not None and fact.recorded_on > own_day(fact)
            kind = SuspectKind.RECORD if late else SuspectKind.MISSING
            words = f"it lacks {named(fact)}" + (f", recorded on {fact.recorded_on}" if late else "")
            if corrects(fact) or name in deciders:
                self._try(kind, fact, words, None)
            else:
                self._note(kind, fact, words, less({}, counted))


def _groups(program: Program) -> set[str]:
    """Give the groups of markets on which what facts give hangs."""
    return {name for rule in program.rules for name in (*rule.multiply, *rule.inside, *rule.outside)}


def _ends_by_itself(life: Life) -> bool:
    return life.lasts_while is None and not life.never_ends


def _sum(parts: dict[str, Parts], names: list[str]) -> Parts:
    found: Parts = {}
    for name in names:
        for key, points in parts.get(name, {}).items():
            found[key] = found.get(key, Fraction(0)) + points
    return found


def _id(fact: Fact) -> str:
    return getattr(fact, "id", "")


def _customer(fact: Identified) -> str:
    return "" if isinstance(fact, Reversal) else fact.customer


def _in_market(fact: Identified, market: Market) -> Identified | None:
    """See a customer's fact in another market, from the first day to the last."""
    fields: dict[str, object] = {"market": market}
    if isinstance(fact, ManagedAccount):
        fields["changes"] = tuple(
            changed(change, market=market) if change.market is not None else change for change in fact.changes
        )
    seen: Identified | None = seen_as(fact, **fields)
    return seen


def _market(program: Program, group: str, on: date, *, inside: bool) -> Market | None:
    """Give a market that is in a group on a day, and if possible in no other; or one that is in none."""
    of = {
        code: {name for name, each in program.groups.items() if each.membership(code, on)} for code in MARKETS
    }
    fit = [code for code, groups in of.items() if (group in groups if inside else not groups)]
    return Market(min(fit, key=lambda code: (len(of[code]), code))) if fit else None
