"""Events: a deal is valued once, by the rules of its own day, and counts until its life ends.

Facts that the rules cannot tell apart lie in one cell: same partner, same attributes that a rule looks
at, same currency, same groups of markets, same stretch of days without a change of rule. So the work for
each fact is to find its cell, and a sum over live facts is one exact multiplication for each cell.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias, cast, final

import attrs

from tierkit.engine.earning.entry import Entry, Failure
from tierkit.engine.earning.first_sales import FirstSales
from tierkit.engine.earning.life import Cut, cut_of, end_of, until_reversed
from tierkit.engine.earning.valuation import (
    AMOUNT_NAMES,
    Factor,
    Missing,
    Valuation,
    amount_reason,
    attribute,
    floored,
    joined,
    life_note,
    may_lower,
    measured,
    selects,
    turns_of,
    unselected,
)
from tierkit.facts.facts import Deal, Event
from tierkit.frozen import changed, fields_of
from tierkit.programs.rules import FactShape
from tierkit.values.money import Money
from tierkit.values.points import Points
from tierkit.values.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from fractions import Fraction

    from tierkit.facts.book import Book
    from tierkit.facts.facts import Reversal
    from tierkit.programs.rules import EarningRule, Life

EventFact: TypeAlias = Deal | Event
Key: TypeAlias = tuple[object, ...] | object

Stretch: TypeAlias = "tuple[dict[str, dict[Key, Cell]], Callable[[Any], Key]]"

DAY_OF = {FactShape.DEAL: attrgetter("closed_on"), FactShape.EVENT: attrgetter("on")}


@final
@attrs.define(eq=False)  # not frozen: what is made while a book is earned would take thrice as long to make
class Yield:
    """What one rule gives for the facts of a cell.

    `least` is the number of units below which a fact counts as that many, where a rule says that a fact
    gives at least so many points. `rate_day` decides on the rate; None where each fact's own day does. `cut`
    is what a reversal takes: a reversed fact has a cell of its own.
    """

    rule: EarningRule
    factor: Factor
    life: Life
    least: int | Fraction | None
    rate_day: date | None
    cut: Cut | None = None


@final
@attrs.define(eq=False)
class Cell:
    """Facts that the rules cannot tell apart; filled while a book is earned.

    All of them happened between two days: the first one counting, the second one not.
    """

    yields: tuple[Yield, ...]
    days: tuple[date, date]
    facts: list[EventFact]
    first_sales: FirstSales | None = None

    def live_units(self, each: Yield, since: date, on: date) -> int | Fraction:
        """Add up the units that the facts from one day to another, both counting, give on the latter."""
        units = self.whole_units(each, since, on)
        return units * each.cut.kept if each.cut is not None and each.cut.on <= on else units

    def whole_units(self, each: Yield, since: date = date.min, on: date = date.max) -> int | Fraction:
        """Add up the units of the facts from one day to another, as though none were reversed."""
        first, end = self.days
        if end <= since or on < first:
            return 0
        day_of = DAY_OF[each.rule.fact]
        units = map(units_getter(each.rule), [fact for fact in self.facts if since <= day_of(fact) <= on])
        least = each.least
        if least is None:
            return sum(units)
        return sum([unit if unit > least else least for unit in units])  # noqa: FURB136 - max() takes twice as long


def units_getter(rule: EarningRule) -> Callable[[Any], int | Fraction]:
    """Give what reads the units of a fact under a rule: minor units of money, its quantity, or one."""
    if rule.amount:
        return attrgetter(f"{rule.amount}.minor")
    return attrgetter("quantity") if rule.quantity else _one


def _one(_: object) -> int:
    return 1


class EventPlacer:
    """Finds the cell of each event, making cells as they are first needed."""

    def __init__(self, valuation: Valuation, shape: FactShape, book: Book) -> None:
        self.valuation = valuation
        self.shape = shape
        self.book = book
        self.rules: list[EarningRule] = [rule for rule in valuation.program.rules if rule.fact is shape]
        self.cells: dict[str, list[Cell]] = {}
        self.failures: dict[str, list[Failure]] = {}
        self._edges = (date.min, *turns_of(valuation.program, self.rules), date.max)
        self._rate_turns = sorted({day for rule in self.rules for day in rule.rate.boundaries()})
        self._stretches: dict[int, Stretch] = {}
        self._by_signature: dict[Key, dict[Key, Cell]] = {}
        self._names = sorted(
            {name for rule in self.rules for name in rule.where}
            | {name for rule in self.rules for period in rule.rate_day for name in period.value.when}
        )
        self._rules_by_kind: dict[Key, tuple[list[EarningRule], bool]] = {}
        self._waiting: list[Cell] = []
        self._first_sales: FirstSales | None = None

    def place(self, facts: Collection[EventFact]) -> None:
        """Put each fact into its cell; this loop is what earning a large book costs."""
        days = list(map(DAY_OF[self.shape], facts))
        stretches = {day: self._stretch(day) for day in set(days)}
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

    def _reverse(self, reversals: Mapping[str, Reversal]) -> None:
        """Give each reversed fact a cell of its own, which knows what is taken from when on."""
        day_of = DAY_OF[self.shape]
        for cells in self.cells.values():
            for cell in cells[:]:
                reversed_facts = [fact for fact in cell.facts if fact.id in reversals]
                if reversed_facts:
                    cell.facts = [fact for fact in cell.facts if fact.id not in reversals]
                for fact in reversed_facts:
                    reversal = reversals[fact.id]
                    yields = tuple(
                        attrs.evolve(each, cut=cut_of(each.rule, each.life, day_of(fact), reversal))
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
        rules, waits = self._rules_for(fact, day)
        yields = () if waits else self._yields(rules, fact, day, None)
        epoch = bisect_right(self._edges, day)
        cell = Cell(yields, (self._edges[epoch - 1], self._edges[epoch]), [])
        if waits or (yields and len(yields) == len(rules)):
            cells[key] = cell
        (self._waiting if waits else self.cells.setdefault(fact.partner, [])).append(cell)
        return cell

    def _yields(
        self, rules: list[EarningRule], fact: EventFact, day: date, first_sale: date | None
    ) -> tuple[Yield, ...]:
        """Find what each rule gives for a fact, noting a failure for each that cannot value it."""
        if not rules:
            self._fail(fact, day, self.rules, unselected(self.rules, self.shape, fact))
        yields: list[Yield] = []
        for rule in [rule for rule in rules if rule.covers(day)] or rules:
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
        for fact in cast("list[Deal]", waiting.facts):  # only deals have a product line to wait for
            day = day_of(fact)
            first, known = first_sales.of(fact)
            if not known:
                rules, _ = self._rules_for(fact, day)
                if not all(_one_rate_until(rule, first) for rule in rules):
                    self._fail(fact, day, rules, _first_sale_missing(fact))
                    continue
            rate_epoch = bisect_right(self._rate_turns, first)
            cell = settled.get(rate_epoch)
            if cell is None:
                rules, _ = self._rules_for(fact, day)
                cell = Cell(self._yields(rules, fact, day, first), waiting.days, [], first_sales)
                if not cell.yields:
                    continue
                if len(cell.yields) == len(rules):
                    settled[rate_epoch] = cell
                self.cells.setdefault(fact.partner, []).append(cell)
            cell.facts.append(fact)

    def _stretch(self, day: date) -> Stretch:
        """Give the cells of the days around a day without a change of rule, and what tells facts apart."""
        epoch = bisect_right(self._edges, day)
        if epoch not in self._stretches:
            names = {name for rule in self.rules for name in rule.where}
            for rule in self.rules:
                period = rule.rate_day.at(day)
                names |= set(period.value.when) if period else set()
            self._stretches[epoch] = ({}, self._key_of(sorted(names)))
        return self._stretches[epoch]

    def _key_of(self, names: list[str]) -> Callable[[Any], Key]:
        amounts = sorted({rule.amount for rule in self.rules if rule.amount})
        fields = fields_of(Deal if self.shape is FactShape.DEAL else Event).keys()
        if fields >= set(names) and amounts == ["mrr"]:  # which no deal lacks
            return attrgetter("partner", *names, *(f"{name}.currency.code" for name in amounts))

        def key_of(fact: EventFact) -> Key:
            money = [getattr(fact, name) for name in amounts]
            codes = [each.currency.code if each is not None else None for each in money]
            counted = getattr(fact, "quantity", None) is not None
            return fact.partner, counted, *codes, *(attribute(fact, name) for name in names)

        return key_of

    def _shared_cells(self, market: str, day: date) -> dict[Key, Cell]:
        """Give the cells that a market shares with those that belong to the same groups on a day.

        A market that is not known shares them with none.
        """
        member_of = market and frozenset(
            group for group, each in self.valuation.program.groups.items() if each.membership(market, day)
        )
        return self._by_signature.setdefault((bisect_right(self._edges, day), member_of), {})

    def _yield(self, rule: EarningRule, fact: EventFact, day: date, rate_day: date | None) -> Yield | Missing:
        life = rule.live.at(day)
        if life is None:
            return Missing("day", str(day), f"a day with a life of points: {rule.live.days()}", "")
        amount = measured(rule, fact)
        if amount is None:
            return Missing(rule.amount or "quantity", "nothing", "what the rule measures", "")
        currency = amount.currency if isinstance(amount, Money) else None
        factor = self.valuation.factor(rule, currency, fact.market, day, rate_day or day)
        if isinstance(factor, Missing):
            return factor
        floor = rule.at_least.at(day)
        least = factor.units_for(floor.value) if floor else None
        return Yield(rule, factor, life.value, least, rate_day)

    def _rules_for(self, fact: EventFact, day: date) -> tuple[list[EarningRule], bool]:
        """Give the rules that select a fact, and whether the rate of one may be decided by the first sale."""
        kind = (bisect_right(self._edges, day), *[attribute(fact, name) for name in self._names])
        if kind not in self._rules_by_kind:
            rules = [rule for rule in self.rules if selects(rule, fact)]
            asks = any(self._asks_first_sale(rule, fact, day) for rule in rules)
            self._rules_by_kind[kind] = rules, asks
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
        lives = [period.value for rule in rules if (period := rule.live.at(day))]
        ends = [end_of(life, day) for life in lives]
        known = [each for each in ends if each is not None]
        end = max(known, default=None) if len(known) == len(ends) else None
        tracks = tuple(dict.fromkeys(rule.track for rule in rules))
        lowers = any(may_lower(rule, measured(rule, fact), day) for rule in rules)
        problem = missing.problem(f"{self.shape.value} {fact.id}")
        self.failures.setdefault(fact.partner, []).append(
            Failure(fact.id, fact.partner, tracks, Span(day, end), lowers, problem, len(known) < len(ends))
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


def entries_of_cell(valuation: Valuation, cell: Cell, only: str = "") -> Iterator[Entry]:
    """Make the entries of a cell's facts, or of the one with an id, with their reasons."""
    for fact in cell.facts:
        if only in ("", fact.id):
            for each in cell.yields:
                yield from _entries(valuation, cell, each, fact)


def _entries(valuation: Valuation, cell: Cell, each: Yield, fact: EventFact) -> Iterator[Entry]:
    """Make the entry of a fact; where it was reversed, that of the days before and that of what is left."""
    whole = _entry(valuation, cell, each, fact)
    cut, day, end = each.cut, whole.span.start, whole.span.end
    if cut is None or day is None or (end is not None and end <= cut.on):
        yield whole
        return
    if day < cut.on:
        told = joined(whole.reason.note, cut.note(each.rule.id))
        yield changed(whole, span=Span(day, cut.on), reason=changed(whole.reason, note=told))
    if cut.kept:
        reason = cut.reason(whole.reason, day, end)
        yield changed(whole, span=Span(cut.on, end), points=Points(reason.value), reason=reason)


def _entry(valuation: Valuation, cell: Cell, each: Yield, fact: EventFact) -> Entry:
    rule = each.rule
    day: date = DAY_OF[rule.fact](fact)
    found = valuation.factor(rule, each.factor.currency, fact.market, day, each.rate_day or day)
    factor = cast("Factor", found)  # never missing: the cell was made from the same look-up
    units = amount_reason(AMOUNT_NAMES[rule.amount], units_getter(rule)(fact), factor, fact.id)
    why, first = rule.rate_day.at(day), day
    if cell.first_sales is not None and isinstance(fact, Deal) and each.rate_day is not None:
        first, _ = cell.first_sales.of(fact)
    reason = factor.reason(units, first if first != day else None, why.note if why else "")
    reason = floored(reason, rule.at_least.at(day), rule.id)
    life = rule.live.at(day)
    reason = changed(reason, day=day, fact=fact.id, note=life_note(life) if life else "")
    return Entry(
        fact=fact.id,
        partner=fact.partner,
        track=rule.track,
        points=Points(reason.value),
        span=Span(day, end_of(each.life, day)),
        customer=fact.customer,
        kind=fact.kind if isinstance(fact, Deal) else fact.type,
        market=fact.market.code if fact.market else "",
        group=factor.group,
        reason=reason,
    )
