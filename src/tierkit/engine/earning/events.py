"""Events: a deal is valued once, by the rules of its own day, and counts until its life ends.

Facts that the rules cannot tell apart lie in one cell: same partner, same attributes that a rule looks
at, same currency, same groups of markets, same stretch of days without a change of rule. So the work for
each fact is to find its cell, and a sum over live facts is one exact multiplication for each cell, unless
the rule rounds each fact, or looks at the tier of its day.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias, cast, final

import attrs

from tierkit.engine.earning.bounds import Bounds, whole
from tierkit.engine.earning.entry import Entry, Failure, Missing
from tierkit.engine.earning.life import Cut, live_days, span_of
from tierkit.engine.earning.selecting import may_lower, measured
from tierkit.engine.earning.telling import amount_reason, joined, life_note
from tierkit.engine.earning.valuation import Factor, TierOn, TierStep, Valuation, tier_step
from tierkit.facts.facts import Deal, Event
from tierkit.frozen import changed
from tierkit.programs.rules import FactShape, While
from tierkit.values.points import Points
from tierkit.values.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date
    from fractions import Fraction

    from tierkit.engine.earning.first_sales import FirstSales
    from tierkit.programs.program import Program
    from tierkit.programs.rules import EarningRule, Life

EventFact: TypeAlias = Deal | Event

DAY_OF = {FactShape.DEAL: attrgetter("closed_on"), FactShape.EVENT: attrgetter("on")}


@final
@attrs.define(eq=False)  # not frozen: what is made while a book is earned would take thrice as long to make
class Yield:
    """What one rule gives for the facts of a cell.

    Attributes:
        program: the rules.
        rule: the rule.
        factor: the points for each unit.
        life: how long they count.
        bounds: the least and the most that a fact gives, and how that is rounded.
        tiered: whether the tier that is held on a fact's day multiplies its points.
        rate_day: the day that decides on the rate; None where each fact's own day does.
        cut: what a reversal takes: a reversed fact has a cell of its own.
        least: the units below which a fact counts as that many, where nothing else sets it apart.
        most: the units above which it counts as that many.
        one_by_one: whether each fact's points have to be found by themselves.
    """

    program: Program
    rule: EarningRule
    factor: Factor
    life: Life
    bounds: Bounds
    tiered: bool = False
    rate_day: date | None = None
    cut: Cut | None = None
    least: int | Fraction | None = attrs.field(init=False, default=None)
    most: int | Fraction | None = attrs.field(init=False, default=None)
    one_by_one: bool = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        bounds, factor = self.bounds, self.factor
        least, most = bounds.least, bounds.most
        bounded = least is not None or most is not None
        self.one_by_one = self.tiered or bounds.round is not None or (bounded and factor.numerator <= 0)
        if bounded and not self.one_by_one:
            if least is not None:
                self.least = factor.units_for(least.value)
            if most is not None:
                self.most = factor.units_for(most.value)

    def span_of(self, day: date) -> Span | None:
        """Give the days on which an event of a day counts; None where it would end before it begins."""
        return span_of(self.life, day, self.program.year_from)

    def live_days(self, on: date, year: date | None = None) -> tuple[date, date]:
        """Give the earliest and the latest day whose events count on a day; crossed where none do.

        Args:
            on: the day.
            year: the first day of the personal year, for points that count until it ends; that very day,
                where it is left out.
        """
        first, last = live_days(self.life, on, self.program.year_from)
        if self.life.lasts_while is While.YEAR:
            first = max(first, on if year is None else year)
        return first, last

    def kept_on(self, on: date) -> int | Fraction:
        """Give the part that a reversal leaves on a day; 1 where none has come."""
        return self.cut.kept if self.cut is not None and self.cut.on <= on else 1

    def tier_step(self, day: date, tier_on: TierOn | None) -> TierStep | Missing | None:
        """Give by what the tier that is held on the morning of a day multiplies."""
        return tier_step(self.program, self.rule, day, tier_on) if self.tiered else None

    def is_known(self, day: date, tier_on: TierOn | None) -> bool:
        """Say whether what an event of a day gives is known, where it hangs on the tier that was held."""
        return not isinstance(self.tier_step(day, tier_on), Missing)

    def numbers(self, facts: Sequence[EventFact], tier_on: TierOn | None = None) -> list[int | Fraction]:
        """Give what each fact gives before any reversal: its points, times the factor's denominator.

        It is none for a fact that hangs on a tier that is not known.
        """
        units, numerator = map(units_getter(self.rule), facts), self.factor.numerator
        if self.one_by_one:
            day_of = DAY_OF[self.rule.fact]
            return [
                self._number(unit, day_of(fact), tier_on) for unit, fact in zip(units, facts, strict=True)
            ]
        least = self.least
        if least is not None and self.most is None:
            return [(unit if unit > least else least) * numerator for unit in units]  # noqa: FURB136
        return [unit * numerator for unit in self._bounded(units)]

    def total(self, facts: Sequence[EventFact], tier_on: TierOn | None = None) -> int | Fraction:
        """Add up what facts give before any reversal: their points, times the factor's denominator."""
        if self.one_by_one:
            return sum(self.numbers(facts, tier_on))
        return sum(self._bounded(map(units_getter(self.rule), facts))) * self.factor.numerator

    def _bounded(self, units: Iterator[int | Fraction]) -> Iterator[int | Fraction] | list[int | Fraction]:
        least, most = self.least, self.most
        if least is not None:
            units = iter([unit if unit > least else least for unit in units])  # noqa: FURB136 - max() takes twice as long
        return units if most is None else [unit if unit < most else most for unit in units]  # noqa: FURB136

    def _number(self, unit: int | Fraction, day: date, tier_on: TierOn | None) -> int | Fraction:
        step = self.tier_step(day, tier_on)
        if isinstance(step, Missing):
            return 0
        number = unit * self.factor.numerator
        return self.bounds.number(
            number if step is None else whole(number * step[1].value), self.factor.denominator
        )


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

    def between(self, each: Yield, first: date, last: date) -> list[EventFact]:
        """Give the facts from one day to another, both counting."""
        begin, end = self.days
        if end <= first or last < begin:
            return []
        if first <= begin and end <= last:
            return self.facts
        day_of = DAY_OF[each.rule.fact]
        return [fact for fact in self.facts if first <= day_of(fact) <= last]

    def tierless(
        self, each: Yield, facts: Sequence[EventFact], tier_on: TierOn | None = None
    ) -> Iterator[Failure]:
        """Give the facts that hang on a tier that is not known."""
        for fact in facts if each.tiered else ():
            day: date = DAY_OF[each.rule.fact](fact)
            missing, span = each.tier_step(day, tier_on), each.span_of(day)
            if isinstance(missing, Missing) and span is not None:
                problem = missing.problem(f"{each.rule.fact.value} {fact.id}")
                lowers = may_lower(each.rule, measured(each.rule, fact), day)
                with_year = each.life.lasts_while is While.YEAR
                yield Failure(
                    fact.id, fact.partner, (each.rule.track,), span, lowers, problem, with_year, day
                )


def live_on(
    cells: Iterable[Cell], on: date, year: date | None = None
) -> Iterator[tuple[Cell, Yield, list[EventFact]]]:
    """Give each yield of some cells of which facts count on a day, with these facts.

    Args:
        cells: the cells.
        on: the day.
        year: the first day of the personal year, for points that count until it ends.
    """
    known: dict[int, tuple[date, date]] = {}  # there are few lives, and many yields that have one
    for cell in cells:
        for each in cell.yields:
            live = known.get(id(each.life))
            if live is None:
                live = known[id(each.life)] = each.live_days(on, year)
            facts = cell.between(each, *live)
            if facts:
                yield cell, each, facts


def units_getter(rule: EarningRule) -> Callable[[Any], int | Fraction]:
    """Give what reads the units of a fact under a rule: minor units of money, its quantity, or one."""
    if rule.amount:
        return attrgetter(f"{rule.amount}.minor")
    return attrgetter("quantity") if rule.quantity else _one


def _one(_: object) -> int:
    return 1


def entries_of_cell(
    valuation: Valuation, cell: Cell, only: str = "", tier_on: TierOn | None = None
) -> Iterator[Entry]:
    """Make the entries of a cell's facts, or of the one with an id, with their reasons.

    There is none of a fact that hangs on a tier that is not known.
    """
    for fact in cell.facts:
        if only in ("", fact.id):
            for each in cell.yields:
                yield from _entries(valuation, cell, each, fact, tier_on)


def _entries(
    valuation: Valuation, cell: Cell, each: Yield, fact: EventFact, tier_on: TierOn | None
) -> Iterator[Entry]:
    """Make the entry of a fact; where it was reversed, that of the days before and that of what is left."""
    full = _entry(valuation, cell, each, fact, tier_on)
    if full is None:
        return
    cut, span = each.cut, full.span
    before = span if cut is None else span & Span(None, cut.on)
    after = None if cut is None else span & Span(cut.on, None)
    if cut is None or after is None:
        yield full
        return
    if before is not None:
        told = joined(full.reason.note, cut.note(each.rule.id))
        yield changed(full, span=before, reason=changed(full.reason, note=told))
    if cut.kept:
        reason = cut.reason(full.reason, span.days)
        yield changed(full, span=after, points=Points(reason.value), reason=reason)


def _entry(
    valuation: Valuation, cell: Cell, each: Yield, fact: EventFact, tier_on: TierOn | None
) -> Entry | None:
    rule = each.rule
    day: date = DAY_OF[rule.fact](fact)
    tier, span = each.tier_step(day, tier_on), each.span_of(day)
    if isinstance(tier, Missing) or span is None:
        return None
    found = valuation.factor(rule, each.factor.currency, fact.market, day, each.rate_day or day)
    factor = cast("Factor", found)  # never missing: the cell was made from the same look-up
    units = amount_reason(rule.amount, units_getter(rule)(fact), factor.currency, fact.id)
    why, first = rule.rate_day.at(day), day
    if cell.first_sales is not None and isinstance(fact, Deal) and each.rate_day is not None:
        first, _ = cell.first_sales.of(fact)
    reason = factor.reason(units, first if first != day else None, why.note if why else "", tier)
    reason = each.bounds.reason(reason, rule.id)
    life = rule.live.at(day)
    reason = changed(reason, day=day, fact=fact.id, note=life_note(life) if life else "")
    return Entry(
        fact=fact.id,
        partner=fact.partner,
        track=rule.track,
        points=Points(reason.value),
        span=span,
        customer=fact.customer,
        kind=fact.kind if isinstance(fact, Deal) else fact.type,
        market=fact.market.code if fact.market else "",
        group=factor.group,
        reason=reason,
    )
