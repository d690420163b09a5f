"""Placing: each event finds its cell, among those that the rules cannot tell from it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias, cast, final

import attrs

from tierkit.engine.earning.entry import Failure, Missing
from tierkit.engine.earning.events import DAY_OF, Cell, Yield
from tierkit.engine.earning.first_sales import FirstSales
from tierkit.engine.earning.life import cut_of, span_of, until_reversed
from tierkit.engine.earning.selecting import (
    asked_of,
    attribute,
    excepts,
    in_groups,
    knows,
    may_lower,
    measured,
    unmeasured,
    unselected,
)
from tierkit.facts.facts import Deal, Event
from tierkit.frozen import fields_of
from tierkit.programs.rules import FactShape, While
from tierkit.values.money import Money
from tierkit.values.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from tierkit.engine.earning.events import EventFact
    from tierkit.engine.earning.valuation import Valuation
    from tierkit.facts.book import Book
    from tierkit.facts.facts import Reversal
    from tierkit.programs.rules import EarningRule

Key: TypeAlias = tuple[object, ...] | object

Stretch: TypeAlias = "tuple[dict[str, dict[Key, Cell]], Callable[[Any], Key]]"


@final
class EventPlacer:
    """Finds the cell of each event, making cells as they are first needed."""

    def __init__(self, valuation: Valuation, shape: FactShape, book: Book) -> None:
        self.valuation = valuation
        self.shape = shape
        self.book = book
        self.rules: list[EarningRule] = [rule for rule in valuation.program.rules if rule.fact is shape]
        self.cells: dict[str, list[Cell]] = {}
        self.failures: dict[str, list[Failure]] = {}
        self._edges = (date.min, *valuation.turns_of(self.rules), date.max)
        self._rate_turns = sorted({day for rule in self.rules for day in rule.rate.boundaries()})
        self._stretches: dict[int, Stretch] = {}
        self._by_signature: dict[Key, dict[Key, Cell]] = {}
        self._names = sorted(
            {name for rule in self.rules for name in asked_of(rule)}
            | {name for rule in self.rules for period in rule.rate_day for name in period.value.when}
        )
        self._placed = any(rule.inside or rule.outside for rule in self.rules)
        self._exchanged = [rule for rule in self.rules if rule.amount and rule.track in valuation.money]
        self._rules_by_kind: dict[Key, tuple[list[EarningRule], bool, bool]] = {}
        self._waiting: list[Cell] = []
        self._first_sales: FirstSales | None = None

    def place(self, facts: Collection[EventFact]) -> None:
        """Put each fact into its cell; this loop is what earning a large book costs."""
        days = list(map(DAY_OF[self.shape], facts))
        stretches = self._stretches_of(sorted(set(days)))
        for day, fact in zip(days, facts, strict=True):
            market = fact.market
            by_market, key_of = stretches[day]
            try:
                cell = by_market[market.code if market else ""][key_of(fact)]
            except KeyError:
                cell = self._cell_for(fact, day)
            cell.facts.append(fact)
        for cell in self._waiting:
            self._settle(cell)
        if self.book.reversals:
            self._reverse({reversal.reverses: reversal for reversal in self.book.reversals})

    def _stretches_of(self, days: list[date]) -> dict[date, Stretch]:
        """Give the stretch of each of some days, which are in order: a whole run of them at once."""
        found: dict[date, Stretch] = {}
        while len(found) < len(days):
            first = len(found)
            end = bisect_left(days, self._edges[bisect_right(self._edges, days[first])], first + 1)
            found.update(dict.fromkeys(days[first:end], self._stretch(days[first])))
        return found

    def _reverse(self, reversals: Mapping[str, Reversal]) -> None:
        """Give each reversed fact a cell of its own, which knows what is taken from when on."""
        day_of, year_from = DAY_OF[self.shape], self.valuation.program.year_from
        for cells in self.cells.values():
            for cell in cells[:]:
                reversed_facts = [fact for fact in cell.facts if fact.id in reversals]
                if reversed_facts:
                    cell.facts = [fact for fact in cell.facts if fact.id not in reversals]
                for fact in reversed_facts:
                    reversal = reversals[fact.id]
                    yields = tuple(
                        attrs.evolve(
                            each, cut=cut_of(each.rule, each.life, day_of(fact), year_from, reversal)
                        )
                        for each in cell.yields
                    )
                    cells.append(Cell(yields, cell.days, [fact], cell.first_sales))
        for partner, failures in self.failures.items():
            left = (until_reversed(failure, reversals, self.rules) for failure in failures)
            self.failures[partner] = [failure for failure in left if failure]

    def _cell_for(self, fact: EventFact, day: date) -> Cell:
        """Find the cell of a fact that is the first of its market, or make that of the first of its kind.

        A fact whose rate hangs on the first sale of its line waits in a cell until all are placed.
        """
        by_market, key_of = self._stretch(day)
        market, key = fact.market.code if fact.market else "", key_of(fact)
        cells = by_market.get(market)
        if cells is None:
            cells = by_market[market] = self._shared_cells(market, day)
            if key in cells:
                return cells[key]
        rules, waits, known = self._rules_for(fact, day)
        yields = () if waits else self._yields(rules, fact, day, None, known=known)
        epoch = bisect_right(self._edges, day)
        cell = Cell(yields, (self._edges[epoch - 1], self._edges[epoch]), [])
        if waits or (known and len(yields) == len(rules)):
            cells[key] = cell
        (self._waiting if waits else self.cells.setdefault(fact.partner, [])).append(cell)
        return cell

    def _yields(
        self, rules: list[EarningRule], fact: EventFact, day: date, first_sale: date | None, *, known: bool
    ) -> tuple[Yield, ...]:
        """Find what each rule gives for a fact, noting a failure for each that cannot value it.

        A fact that a rule knows, and all that know it pass over, gives nothing.
        """
        if not known:
            self._fail(fact, day, self.rules, unselected(self.rules, self.shape, fact))
        yields: list[Yield] = []
        for rule in rules:
            asks = first_sale is not None and self._asks_first_sale(rule, fact, day)
            made = self._yield(rule, fact, day, first_sale if asks else None)
            if isinstance(made, Missing):
                self._fail(fact, day, [rule], made)
            else:
                yields.append(made)
        return tuple(yields)

    def _settle(self, waiting: Cell) -> None:
        """Sort the facts of a waiting cell by the rate of the days in which their line was first sold.

        An upsell counts with the rate of the first sale of the customer's product line, whoever made it.
        A deal that does not say whether it is one counts as an upsell where its line was sold before.
        """
        settled: dict[int, Cell] = {}
        day_of = DAY_OF[self.shape]
        first_sales = self._first_sales = self._first_sales or FirstSales(self.book)
        rules, asking = self._asking(waiting)
        for fact in cast("list[Deal]", waiting.facts):  # only deals have a product line to wait for
            day = day_of(fact)
            first, known = first_sales.of(fact)
            if not known and (torn := [rule for rule in asking if not _one_rate_until(rule, first)]):
                self._fail(fact, day, torn, _first_sale_missing(fact))
                self._settle_without([rule for rule in rules if rule not in torn], fact, waiting.days)
                continue
            rate_epoch = bisect_right(self._rate_turns, first)
            cell = settled.get(rate_epoch)
            if cell is None:
                yields = self._yields(rules, fact, day, first, known=True)
                cell = Cell(yields, waiting.days, [], first_sales)
                if not cell.yields:
                    continue
                if len(cell.yields) == len(rules):
                    settled[rate_epoch] = cell
                self.cells.setdefault(fact.partner, []).append(cell)
            cell.facts.append(fact)

    def _asking(self, waiting: Cell) -> tuple[list[EarningRule], list[EarningRule]]:
        """Give the rules that select the facts of a waiting cell, and those that ask for a first sale."""
        fact = waiting.facts[0]  # which the rules cannot tell from the others
        day = DAY_OF[self.shape](fact)
        rules, _, _ = self._rules_for(fact, day)
        return rules, [rule for rule in rules if self._asks_first_sale(rule, fact, day)]

    def _settle_without(self, others: list[EarningRule], fact: Deal, days: tuple[date, date]) -> None:
        """Let the other rules count a fact of which the first sale is not known."""
        yields = self._yields(others, fact, DAY_OF[self.shape](fact), None, known=True)
        if yields:
            self.cells.setdefault(fact.partner, []).append(Cell(yields, days, [fact], self._first_sales))

    def _stretch(self, day: date) -> Stretch:
        """Give the cells of the days around a day without a change of rule, and what tells facts apart."""
        epoch = bisect_right(self._edges, day)
        if epoch not in self._stretches:
            names = {name for rule in self.rules for name in asked_of(rule)}
            for rule in self.rules:
                period = rule.rate_day.at(day)
                names |= set(period.value.when) if period else set()
            self._stretches[epoch] = ({}, self._key_of(sorted(names)))
        return self._stretches[epoch]

    def _key_of(self, names: list[str]) -> Callable[[Any], Key]:
        amounts = sorted({rule.amount for rule in self.rules if rule.amount})
        fields = fields_of(Deal if self.shape is FactShape.DEAL else Event).keys()
        if fields >= set(names) and amounts == ["mrr"] and not self._exchanged:  # which no deal lacks
            return attrgetter("partner", *names, *(f"{name}.currency.code" for name in amounts))

        def key_of(fact: EventFact) -> Key:
            money = [getattr(fact, name) for name in amounts]
            codes = [each.currency.code if each is not None else None for each in money]
            counted = getattr(fact, "quantity", None) is not None
            said = (attribute(fact, name) for name in names)
            return fact.partner, counted, *codes, *said, *self._exchange_rates(fact)

        return key_of

    def _exchange_rates(self, fact: EventFact) -> list[int]:
        """Tell facts apart whose amounts are exchanged at different rates."""
        day: date = DAY_OF[self.shape](fact)
        money = [(rule, getattr(fact, rule.amount)) for rule in self._exchanged]
        return [
            id(self.valuation.exchange(rule, amount.currency, day))
            for rule, amount in money
            if amount is not None
        ]

    def _shared_cells(self, market: str, day: date) -> dict[Key, Cell]:
        """Give the cells that a market shares with those that belong to the same groups on a day.

        A market that is not known shares them with none.
        """
        member_of = market and frozenset(
            group for group, each in self.valuation.program.groups.items() if each.membership(market, day)
        )
        return self._by_signature.setdefault((bisect_right(self._edges, day), member_of), {})

    def _yield(self, rule: EarningRule, fact: EventFact, day: date, rate_day: date | None) -> Yield | Missing:
        said = self.valuation.said(rule, day)
        if said.life is None:
            return Missing("day", str(day), f"a day with a life of points: {rule.live.days()}", "")
        placed = in_groups(rule, self.valuation.program.groups, fact.market, day) if self._placed else True
        if isinstance(placed, Missing):
            return placed
        amount = measured(rule, fact)
        if amount is None:
            return unmeasured(rule)
        currency = amount.currency if isinstance(amount, Money) else None
        factor = self.valuation.factor(rule, currency, fact.market, day, rate_day or day)
        if isinstance(factor, Missing):
            return factor
        program, life = self.valuation.program, said.life.value
        return Yield(program, rule, factor, life, said.bounds, said.tiered, rate_day)

    def _rules_for(self, fact: EventFact, day: date) -> tuple[list[EarningRule], bool, bool]:
        """Give the rules of the day that select a fact, or would if its market were known.

        Returns:
            The rules, whether the rate of one may be decided by the first sale, and whether any rule knows
            such facts, even if it passes this one over.
        """
        kind = (bisect_right(self._edges, day), *[attribute(fact, name) for name in self._names])
        if self._placed:
            kind = (*kind, fact.market and fact.market.code)
        if kind not in self._rules_by_kind:
            groups = self.valuation.program.groups
            known = [rule for rule in self.rules if knows(rule, fact)]
            rules = [
                rule
                for rule in known
                if not excepts(rule, fact) and in_groups(rule, groups, fact.market, day) is not False
            ]
            rules = [rule for rule in rules if rule.covers(day)] or rules
            asks = any(self._asks_first_sale(rule, fact, day) for rule in rules)
            self._rules_by_kind[kind] = rules, asks, bool(known)
        return self._rules_by_kind[kind]

    def _asks_first_sale(self, rule: EarningRule, fact: EventFact, day: date) -> bool:
        """Say whether a fact's rate may be decided by the first sale of its product line."""
        period = rule.rate_day.at(day)
        if period is None:
            return False
        said = {name: attribute(fact, name) for name in period.value.when}
        return all(
            value == period.value.when[name] or (name == "motion" and not value)
            for name, value in said.items()
        )

    def _fail(self, fact: EventFact, day: date, rules: list[EarningRule], missing: Missing) -> None:
        """Note that some rules cannot value a fact, on the days on which each would let it count."""
        year_from = self.valuation.program.year_from
        problem = missing.problem(f"{self.shape.value} {fact.id}")
        lives = {rule.id: period.value for rule in rules if (period := rule.live.at(day))}
        alike: dict[tuple[Span | None, bool, bool], list[EarningRule]] = {}
        if not rules:  # of a kind that the program does not know, and so of no track
            alike[Span(day, None), False, False] = []
        for rule in [rule for rule in rules if rule.id in lives] or rules:
            life = lives.get(rule.id)
            span = span_of(life, day, year_from) if life else Span(day, None)
            with_year = life is not None and life.lasts_while is While.YEAR
            lowers = may_lower(rule, measured(rule, fact), day)
            alike.setdefault((span, with_year, lowers), []).append(rule)
        for (span, with_year, lowers), its in alike.items():
            if span is not None:
                tracks = tuple(dict.fromkeys(rule.track for rule in its))
                self.failures.setdefault(fact.partner, []).append(
                    Failure(
                        fact=fact.id,
                        partner=fact.partner,
                        tracks=tracks,
                        span=span,
                        lowers=lowers,
                        problem=problem,
                        with_year=with_year,
                        day=day,
                        rules=tuple(rule.id for rule in its),
                    )
                )


def _one_rate_until(rule: EarningRule, day: date) -> bool:
    """Say whether a rule has one rate for all days up to a day, so that it does not matter which decides."""
    return len({period.value for period in rule.rate if (period.effective_from or date.min) <= day}) == 1


def _first_sale_missing(deal: Deal) -> Missing:
    line = deal.product_line or "its product line"
    return Missing(
        "line_first_sold_on",
        "nothing, and no earlier deal of that line in the book",
        f"the day on which {deal.customer} first bought {line}: the rate hangs on it",
        "add line_first_sold_on, or the earlier deal",
    )
