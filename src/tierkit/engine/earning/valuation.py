"""What one fact is worth: the program's dated rules, resolved into factors with their reasons.

A factor is the points that one minor unit of a currency (or one unit of a quantity) gives under one rule,
in one market, on days between which no rule changes. Facts share factors, so the work for each fact is to
find its factor; its points are one multiplication away, and its reason is made when someone asks.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import starmap
from math import gcd
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, final

import attrs

from tierkit.engine.earning.entry import Missing, known
from tierkit.engine.earning.said import Said, said_by, tiers_that_multiply, turns_of
from tierkit.engine.earning.telling import cited, exchanged, joined, lowest_grade, scale_of
from tierkit.errors import NotCovered
from tierkit.frozen import changed
from tierkit.values.currency import Currency
from tierkit.values.reason import product, quotient
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date
    from fractions import Fraction

    from tierkit.programs.dated import Dated, Period
    from tierkit.programs.program import Program
    from tierkit.programs.rules import EarningRule, Group
    from tierkit.values.market import Market
    from tierkit.values.rates import ExchangeRate, RateTable
    from tierkit.values.reason import Reason
    from tierkit.values.tier import Tier

TierOn: TypeAlias = "Callable[[date], Tier | Verdict | None]"
"""Tells the tier that a partner held on the morning of a day: None for none, `Verdict.UNKNOWN` where nobody
knows."""

Multiplier: TypeAlias = "tuple[Group, Period[Fraction], Period[bool]]"
"""A group of markets, by what it multiplies, and since when the market is one of it."""

TierStep: TypeAlias = "tuple[str, Period[Fraction]]"
"""The name of a tier, and by what it multiplies."""


@final
class Leaves(NamedTuple):
    """What a factor's reason rests on beside the amount: the same leaves for every fact."""

    value: Reason | None
    exchange: Reason | None
    rate: Reason
    multipliers: tuple[Reason, ...]


@final
@attrs.define(eq=False)
class Factor:
    """Points for each unit under one rule, `numerator / denominator`, and the dated values behind them.

    Compared by identity, because a valuation makes each only once.
    """

    rule: EarningRule
    numerator: int
    denominator: int
    unit: str
    currency: Currency | None
    market: Market | None
    point_value: Period[Fraction] | None
    exchange: ExchangeRate | None
    rate: Period[Fraction]
    multipliers: tuple[Multiplier, ...]
    _leaves: Leaves | None = attrs.field(init=False, default=None)

    @property
    def group(self) -> str:
        """The group of markets that multiplied the points; "" where none did."""
        return self.multipliers[-1][0].id if self.multipliers else ""

    @property
    def values(self) -> tuple[object, ...]:
        """The dated values: two factors with the same ones tell the same reason."""
        return self.point_value, self.exchange, self.rate, self.multipliers

    def units_for(self, points: Fraction) -> int | Fraction:
        """Give the units that earn so many points; as an integer where it is whole, which is faster."""
        if not points:
            return 0
        units = points * self.denominator / self.numerator
        return units.numerator if units.denominator == 1 else units

    def reason(
        self,
        units: Reason,
        first_sale: date | None = None,
        rate_day: str = "",
        tier: TierStep | None = None,
    ) -> Reason:
        """Say how an amount, or a quantity, becomes points.

        Args:
            units: the amount or the quantity.
            first_sale: the day of the first sale that decided on the rate, where one did.
            rate_day: why it did.
            tier: the name of the tier that multiplied the points, and by what, where one did.
        """
        rule = self.rule.id
        leaves = self._leaves = self._leaves or self._cited()
        rate = leaves.rate
        if first_sale is not None:
            note = joined("decided by the day on which the product line was first sold", rate_day, rate.note)
            rate = changed(rate, day=first_sale, note=note)
        steps = [units if leaves.value is None else quotient("units", units, leaves.value)]
        steps += [rate] if leaves.exchange is None else [leaves.exchange, rate]
        steps += leaves.multipliers
        if tier is not None:
            name, by = tier
            steps.append(cited(f"multiplier of {name}", by.value, by, f"{rule} multiply"))
        return product(self.rule.name, steps, unit=self.unit, rule=rule)

    def _cited(self) -> Leaves:
        rule, value = self.rule.id, None
        if self.point_value is not None and self.currency is not None:
            code = self.currency.code
            worth = self.point_value.value / scale_of(self.currency)
            value = cited("point value", worth, self.point_value, f"point-value {code}", unit=code)
        unit = "" if self.currency is not None and self.point_value is None else f"{self.unit} per unit"
        return Leaves(
            value,
            None if self.exchange is None else exchanged(self.exchange),
            cited("rate", self.rate.value, self.rate, f"{rule} rate", unit=unit),
            tuple(starmap(self._multiplied, self.multipliers)),
        )

    def _multiplied(self, group: Group, by: Period[Fraction], member: Period[bool]) -> Reason:
        step = cited(f"multiplier in {group.name}", by.value, by, f"{self.rule.id} multiply")
        listed = f"listed at {member.source.url}" if member.source != by.source else ""
        note = joined(step.note, f"{self.market} is one of them", member.note, listed)
        return changed(step, note=note, grade=lowest_grade(by, member))


def _shared_turns(program: Program) -> set[date]:
    """Give the days on which anything changes that all rules of a program look at."""
    dated: list[Dated[object]] = [program.in_force, *program.point_values.values()]
    for group in program.groups.values():
        dated.extend(group.members.values())
    return {day for each in dated for day in each.boundaries()}


def tier_step(
    program: Program, rule: EarningRule, day: date, tier_on: TierOn | None
) -> TierStep | Missing | None:
    """Give by what the tier that is held on the morning of a day multiplies; None where by nothing."""
    tiers = tiers_that_multiply(rule, day)
    if not tiers:
        return None
    held = tier_on(day) if tier_on is not None else Verdict.UNKNOWN
    if isinstance(held, Verdict):
        expected = f"the tier that is held on the morning of {day}: what {rule.name} gives hangs on it"
        return Missing("tier", "nothing", expected, "add the tier that the partner holds, as a Held fact")
    if held is None or held.id not in tiers:
        return None
    by = known("tier", tiers[held.id])
    return by if isinstance(by, Missing) else (program.tier_on(held, day).name, by)


class Valuation:
    """A program's rules, resolved once for each combination that occurs."""

    def __init__(self, program: Program, rates: RateTable) -> None:
        self.program = program
        self.rates = rates
        self.units: dict[str, str] = {name: program.unit(name) for name in program.quantities}
        self.money: dict[str, Currency] = _money_of(self.units)
        self._exchanges: dict[tuple[str, str, date], ExchangeRate | Missing] = {}
        self._exchange_turns: dict[Currency | None, frozenset[date]] = {}
        self._factors: dict[tuple[object, ...], Factor | Missing] = {}
        self._said: dict[tuple[str, int], Said] = {}
        self._epochs: dict[date, int] = {}
        self._value_turns: dict[str, list[date]] = {}
        self._shared_turns = _shared_turns(program)
        self.boundaries: list[date] = self.turns_of(program.rules)

    def turns_of(self, rules: Iterable[EarningRule]) -> list[date]:
        """Give the days, in order, on which anything changes that decides what some of the rules give."""
        return sorted(self._shared_turns.union(*map(turns_of, rules)))

    def value_turns(self, rule: EarningRule) -> list[date]:
        """Give the days, in order, on which a value that decides what a rule gives turns."""
        found = self._value_turns.get(rule.id)
        if found is None:
            dated: list[Dated[object]] = [
                self.program.in_force,
                rule.rate,
                rule.at_least,
                rule.at_most,
                rule.round,
                rule.share,
                rule.live,
            ]
            dated += [*self.program.point_values.values(), *rule.multiply.values()]
            dated += rule.tier_multiply.values()
            groups = {*rule.multiply, *rule.inside, *rule.outside}
            dated += [member for group in groups for member in self.program.groups[group].members.values()]
            found = self._value_turns[rule.id] = sorted({day for each in dated for day in each.turns()})
        return found

    def said(self, rule: EarningRule, day: date) -> Said:
        """Give what a rule says on a day."""
        key = rule.id, self.epoch(day)
        found = self._said.get(key)
        if found is None:
            found = self._said[key] = said_by(rule, day)
        return found

    def epoch(self, day: date) -> int:
        """Give the number of the stretch of days, without any change of rule, in which a day lies."""
        found = self._epochs.get(day)
        if found is None:
            found = self._epochs[day] = bisect_right(self.boundaries, day)
        return found

    def exchange(self, rule: EarningRule, currency: Currency, day: date) -> ExchangeRate | Missing | None:
        """Give the rate at which a rule's track of money counts a currency; None where none is needed."""
        target = self.money.get(rule.track)
        if target is None or target is currency:
            return None
        key = currency.code, target.code, day
        found = self._exchanges.get(key)
        if found is None:
            found = self._exchanges[key] = _exchange(self.rates, currency, target, day)
        return found

    def exchange_turns(self, rule: EarningRule) -> frozenset[date]:
        """Give the days on which a rate of exchange into the rule's track begins or ends."""
        target = self.money.get(rule.track) if rule.amount else None
        found = self._exchange_turns.get(target)
        if found is None:
            into = [rate for rate in self.rates.rates if rate.quote is target]
            found = frozenset(day for rate in into for day in (rate.on, rate.until))
            self._exchange_turns[target] = found
        return found

    def factor(
        self, rule: EarningRule, currency: Currency | None, market: Market | None, day: date, rate_day: date
    ) -> Factor | Missing:
        """Give the points for each unit under a rule.

        Args:
            rule: the earning rule.
            currency: the currency of the amount; None where the rule measures none.
            market: the customer's market, where it is known.
            day: the day that decides on the point value, the rate of exchange and the multipliers.
            rate_day: the day that decides on the rate.
        """
        code = currency.code if currency else None
        place = market.code if market else None
        exchange = self.exchange(rule, currency, day) if self.money and currency is not None else None
        if isinstance(exchange, Missing):
            return exchange
        epoch = self.epoch(day)
        rate_epoch = epoch if rate_day is day else self.epoch(rate_day)
        key = (rule.id, code, place, epoch, rate_epoch, exchange)
        found = self._factors.get(key)
        if found is None:
            found = self._factors[key] = self._make(rule, currency, market, day, rate_day, exchange)
        return found

    def _make(  # noqa: PLR0917 - what a factor hangs on
        self,
        rule: EarningRule,
        currency: Currency | None,
        market: Market | None,
        day: date,
        rate_day: date,
        exchange: ExchangeRate | None,
    ) -> Factor | Missing:
        found = rule.rate.at(rate_day)
        if found is None:
            hint = "no points are earned on other days"
            return Missing("day", str(rate_day), f"a day with a rate: {rule.rate.days()}", hint)
        rate = known("rate", found)
        if isinstance(rate, Missing):
            return rate
        valued = currency is not None and rule.track not in self.money
        point_value = self._point_value(currency, day) if currency is not None and valued else None
        if isinstance(point_value, Missing):
            return point_value
        multipliers = self._multipliers(rule, market, day)
        if isinstance(multipliers, Missing):
            return multipliers
        # In integers, brought to lowest terms at the end: each step of a Fraction would do that by itself.
        numerator, denominator = rate.value.numerator, rate.value.denominator
        if point_value is not None:
            numerator *= point_value.value.denominator
            denominator *= point_value.value.numerator
        elif currency is not None:
            denominator *= scale_of(currency)
        for times in (*((exchange.rate,) if exchange else ()), *[by.value for _, by, _ in multipliers]):
            numerator *= times.numerator
            denominator *= times.denominator
        common = gcd(numerator, denominator)
        return Factor(
            rule,
            numerator // common,
            denominator // common,
            self.units[rule.track],
            currency,
            market,
            point_value,
            exchange,
            rate,
            multipliers,
        )

    def _multipliers(
        self, rule: EarningRule, market: Market | None, day: date
    ) -> tuple[Multiplier, ...] | Missing:
        """Give by what the groups of markets multiply that a market is in on a day."""
        found: list[Multiplier] = []
        for group, dated in rule.multiply.items():
            by = dated.at(day)
            if by is None or by.value == 1:
                continue
            member = self._member(group, market, day)
            if isinstance(member, Missing):
                return member
            if member is not None:
                times = known("market", by)
                if isinstance(times, Missing):
                    return times
                found.append((self.program.groups[group], times, member))
        return tuple(found)

    def _point_value(self, currency: Currency, day: date) -> Period[Fraction] | Missing:
        dated = self.program.point_values.get(currency.code)
        period = dated.at(day) if dated else None
        if period is not None:
            return known("currency", period)
        valued = sorted(code for code, each in self.program.point_values.items() if each.at(day))
        hint = "an exchange rate is never used for points; an overlay can add the value that you know"
        expected = f"a currency that the program values: {', '.join(valued)}"
        return Missing("currency", currency.code, expected, hint)

    def _member(self, group: str, market: Market | None, day: date) -> Period[bool] | Missing | None:
        if market is None:
            name = self.program.groups[group].name
            return Missing(
                "market",
                "nothing",
                "the customer's market",
                f"the points depend on whether it is one of the {name}",
            )
        return self.program.groups[group].membership(market.code, day)


def _money_of(units: Mapping[str, str]) -> dict[str, Currency]:
    """Give the currencies of those tracks that count money."""
    from tierkit.reference._currencies import CURRENCIES

    return {track: Currency(unit) for track, unit in units.items() if unit in CURRENCIES}


def _exchange(rates: RateTable, base: Currency, quote: Currency, day: date) -> ExchangeRate | Missing:
    try:
        return rates.find(base, quote, on=day)[0]
    except NotCovered as error:
        problem = error.problems[0]
        hint = f"supply it: --rates FILE, or earn(book, program, rates=RateTable([…])); {problem.hint}"
        return Missing("rates", problem.found, f"the exchange rate from {base} to {quote} on {day}", hint)
