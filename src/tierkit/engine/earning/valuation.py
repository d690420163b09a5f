"""What one fact is worth: the program's dated rules, resolved into factors with their reasons.

A factor is the points that one minor unit of a currency (or one unit of a quantity) gives under one rule,
in one market, on days between which no rule changes. Facts share factors, so the work for each fact is to
find its factor; its points are one multiplication away, and its reason is made when someone asks.
"""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from math import gcd
from typing import TYPE_CHECKING, cast, final

import attrs

from tierkit.errors import Problem, nearest
from tierkit.frozen import changed, frozen
from tierkit.programs.rules import While
from tierkit.values.money import Money
from tierkit.values.reason import Operator, Reason, combined, given, product, quotient
from tierkit.values.source import Grade
from tierkit.values.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from tierkit.programs.dated import Dated, Period
    from tierkit.programs.program import Program
    from tierkit.programs.rules import EarningRule, FactShape, Group, Life
    from tierkit.values.currency import Currency
    from tierkit.values.market import Market


AMOUNT_NAMES = {"mrr": "monthly recurring revenue", "value": "deal value", "amount": "amount", "": "quantity"}


@final
@attrs.define(eq=False)
class Factor:
    """Points for each unit under one rule, `numerator / denominator`, and the dated values behind them.

    Compared by identity, because a valuation makes each only once.
    """

    rule: EarningRule
    numerator: int
    denominator: int
    currency: Currency | None
    market: Market | None
    point_value: Period[Fraction] | None
    rate: Period[Fraction]
    multipliers: tuple[tuple[Group, Period[Fraction], Period[bool]], ...]

    @property
    def group(self) -> str:
        """The group of markets that multiplied the points; "" where none did."""
        return self.multipliers[-1][0].id if self.multipliers else ""

    @property
    def values(self) -> tuple[object, ...]:
        """The dated values: two factors with the same ones tell the same reason."""
        return self.point_value, self.rate, self.multipliers

    def units_for(self, points: Fraction) -> int | Fraction:
        """Give the units that earn so many points; as an integer where it is whole, which is faster."""
        units = points * self.denominator / self.numerator if points else points
        return units.numerator if units.denominator == 1 else units

    def reason(self, units: Reason, first_sale: date | None = None, rate_day: str = "") -> Reason:
        """Say how an amount, or a quantity, becomes points.

        Args:
            units: the amount or the quantity.
            first_sale: the day of the first sale that decided on the rate, where one did.
            rate_day: why it did.
        """
        rule = self.rule.id
        if self.point_value is not None and self.currency is not None:
            code = self.currency.code
            worth = self.point_value.value / _scale(self.currency)
            value = cited("point value", worth, self.point_value, f"point-value {code}", unit=code)
            units = quotient("units", units, value)
        rate = cited("rate", self.rate.value, self.rate, f"{rule} rate", unit="points per unit")
        if first_sale is not None:
            note = joined("decided by the day on which the product line was first sold", rate_day, rate.note)
            rate = changed(rate, day=first_sale, note=note)
        steps = [units, rate]
        for group, by, member in self.multipliers:
            step = cited(f"multiplier in {group.name}", by.value, by, f"{rule} multiply")
            listed = f"listed at {member.source.url}" if member.source != by.source else ""
            note = joined(step.note, f"{self.market} is one of them", member.note, listed)
            steps.append(changed(step, note=note, grade=_lower(by, member)))
        return product(self.rule.name, steps, unit="points", rule=rule)


@final
@frozen
class Missing:
    """Why a fact cannot be valued, in the words of a problem."""

    field: str
    found: str
    expected: str
    hint: str

    def problem(self, where: str) -> Problem:
        """Say it of one fact, or of one fact on some days."""
        return Problem(where, self.field, self.found, self.expected, self.hint)


def turns_of(program: Program, rules: Iterable[EarningRule]) -> list[date]:
    """Give the days, in order, on which anything changes that decides what some rules of a program give."""
    dated: list[Dated[object]] = [program.points, *program.point_values.values()]
    for group in program.groups.values():
        dated.extend(group.members.values())
    for rule in rules:
        dated += [rule.rate, rule.rate_day, rule.at_least, rule.share, rule.live]
        dated.extend(rule.multiply.values())
    return sorted({day for each in dated for day in each.boundaries()})


def attribute(fact: object, name: str) -> object:
    """Give a fact's own field, or else one of its further attributes; "" where it has neither."""
    own = getattr(fact, name, None)
    return own if own is not None else fact.attributes.get(name, "")  # type: ignore[attr-defined]


def selects(rule: EarningRule, fact: object) -> bool:
    """Say whether a rule looks at a fact of its shape."""
    return all(attribute(fact, name) in values for name, values in rule.where.items())


def unselected(rules: list[EarningRule], shape: FactShape, fact: object) -> Missing:
    """Say which attribute of a fact no rule of its shape knows, or that none knows the combination."""
    if not rules:
        return Missing("", f"a {shape.value}", "a kind of fact that the program earns for", "leave it out")
    amiss = [
        [name for name, values in rule.where.items() if attribute(fact, name) not in values] for rule in rules
    ]
    fewest = min(map(len, amiss))
    for name in sorted({name for each in amiss if len(each) == fewest for name in each}):
        known = sorted({value for rule in rules for value in rule.where.get(name, ())})
        value = attribute(fact, name)
        if value not in known:
            hint = nearest(str(value), known)
            return Missing(name, repr(value), "one of " + ", ".join(known), hint)
    return Missing("", "attributes that no rule takes together", "those of one earning rule", "")


def measured(rule: EarningRule, fact: object) -> Money | Fraction | int | None:
    """Give what a rule measures of an event or a general state: money, a quantity, or one."""
    amount: Money | Fraction | None = getattr(fact, rule.amount or "quantity", None)
    return amount if rule.amount or rule.quantity else 1


def may_lower(rule: EarningRule, amount: Money | Fraction | int | None, day: date) -> bool:
    """Say whether a fact that cannot be valued might take points away, so that no sum is a bound."""
    floor = rule.at_least.at(day)
    if floor is not None and floor.value >= 0:
        return False
    return amount is None or (amount.minor if isinstance(amount, Money) else amount) < 0


class Valuation:
    """A program's rules, resolved once for each combination that occurs."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._factors: dict[tuple[object, ...], Factor | Missing] = {}
        self._epochs: dict[date, int] = {}
        self._value_turns: dict[str, list[date]] = {}
        self.boundaries: list[date] = turns_of(program, program.rules)

    def value_turns(self, rule: EarningRule) -> list[date]:
        """Give the days, in order, on which a value that decides what a rule gives turns."""
        found = self._value_turns.get(rule.id)
        if found is None:
            dated: list[Dated[object]] = [
                self.program.points,
                rule.rate,
                rule.at_least,
                rule.share,
                rule.live,
            ]
            dated += [*self.program.point_values.values(), *rule.multiply.values()]
            dated += [
                member for group in rule.multiply for member in self.program.groups[group].members.values()
            ]
            found = self._value_turns[rule.id] = sorted({day for each in dated for day in each.turns()})
        return found

    def epoch(self, day: date) -> int:
        """Give the number of the stretch of days, without any change of rule, in which a day lies."""
        found = self._epochs.get(day)
        if found is None:
            found = self._epochs[day] = bisect_right(self.boundaries, day)
        return found

    def factor(
        self, rule: EarningRule, currency: Currency | None, market: Market | None, day: date, rate_day: date
    ) -> Factor | Missing:
        """Give the points for each unit under a rule.

        Args:
            rule: the earning rule.
            currency: the currency of the amount; None where the rule measures none.
            market: the customer's market, where it is known.
            day: the day that decides on the point value and the multipliers.
            rate_day: the day that decides on the rate.
        """
        code = currency.code if currency else None
        place = market.code if market else None
        key = (rule.id, code, place, self.epoch(day), self.epoch(rate_day))
        found = self._factors.get(key)
        if found is None:
            found = self._factors[key] = self._make(rule, currency, market, day, rate_day)
        return found

    def _make(
        self, rule: EarningRule, currency: Currency | None, market: Market | None, day: date, rate_day: date
    ) -> Factor | Missing:
        found = rule.rate.at(rate_day)
        if found is None:
            hint = "no points are earned on other days"
            return Missing("day", str(rate_day), f"a day with a rate: {rule.rate.days()}", hint)
        rate = _known("rate", found)
        if isinstance(rate, Missing):
            return rate
        point_value = self._point_value(currency, day) if currency is not None else None
        if isinstance(point_value, Missing):
            return point_value
        # In integers, brought to lowest terms at the end: each step of a Fraction would do that by itself.
        numerator, denominator = rate.value.numerator, rate.value.denominator
        if point_value is not None:
            numerator *= point_value.value.denominator
            denominator *= point_value.value.numerator
        multipliers: list[tuple[Group, Period[Fraction], Period[bool]]] = []
        for group, dated in rule.multiply.items():
            by = dated.at(day)
            if by is None or by.value == 1:
                continue
            member = self._member(group, market, day)
            if isinstance(member, Missing):
                return member
            if member is not None:
                times = _known("market", by)
                if isinstance(times, Missing):
                    return times
                numerator *= times.value.numerator
                denominator *= times.value.denominator
                multipliers.append((self.program.groups[group], times, member))
        common = gcd(numerator, denominator)
        return Factor(
            rule,
            numerator // common,
            denominator // common,
            currency,
            market,
            point_value,
            rate,
            tuple(multipliers),
        )

    def _point_value(self, currency: Currency, day: date) -> Period[Fraction] | Missing:
        dated = self.program.point_values.get(currency.code)
        period = dated.at(day) if dated else None
        if period is not None:
            return _known("currency", period)
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


def _known(field: str, period: Period[Fraction | None]) -> Period[Fraction] | Missing:
    """Give a period whose value is known, or why it is not."""
    if period.value is not None:
        return cast("Period[Fraction]", period)
    found = f"a value that is declared unknown {period.days()}: {period.note}"
    return Missing(field, found, "a known value", "an overlay can add the value that you know")


def cited(
    label: str, value: Fraction, period: Period[object] | Period[Fraction], rule: str, unit: str = ""
) -> Reason:
    """Make the leaf of a reason from a dated value."""
    return given(
        label,
        value,
        unit=unit,
        rule=rule,
        period=Span(period.effective_from, period.effective_until),
        note=period.note,
        source=period.source,
        grade=period.grade,
    )


def joined(*notes: str) -> str:
    """Put notes side by side, leaving out the empty ones."""
    return "; ".join(note for note in notes if note)


def life_note(life: Period[Life]) -> str:
    """Say how long points count, and on whose word, for the reason of an entry."""
    if life.value.lasts_while is None:
        length = f"{life.value.months} months" if life.value.months else f"{life.value.days} days"
    elif life.value.lasts_while is While.YEAR:
        length = "until the personal year ends"
    elif life.value.days is None:
        length = "as long as it is held"
    else:
        length = f"up to {life.value.days} days after an action"
    return joined(f"counts {length} ({life.source.id}, {life.grade})", life.note)


def _lower(*periods: Period[Fraction] | Period[bool]) -> Grade:
    """Give the lowest of several grades: a chain of readings is as good as its weakest."""
    return max((period.grade for period in periods), key=list(Grade).index)


def _scale(currency: Currency) -> int:
    """Give the minor units of one whole unit of a currency that has some."""
    return int(10 ** (currency.minor_units or 0))


def amount_reason(label: str, minor: int | Fraction, factor: Factor, fact: str) -> Reason:
    """Make the leaf that an amount or a quantity of a fact is."""
    if factor.currency is None:
        return given(label, Fraction(minor), fact=fact)
    return given(label, Fraction(minor) / _scale(factor.currency), unit=factor.currency.code, fact=fact)


def floored(reason: Reason, floor: Period[Fraction] | None, rule: str) -> Reason:
    """Raise a result to the least that a fact gives, where a rule says so and it is below."""
    if floor is None or reason.value >= floor.value:
        return reason
    least = cited("least points of one fact", floor.value, floor, f"{rule} at-least", "points")
    return combined(reason.label, Operator.MAX, (reason, least), unit="points", rule=rule)
