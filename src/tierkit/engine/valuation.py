"""What one fact is worth: the program's dated rules, resolved into factors with their reasons.

A factor is the points that one minor unit of a currency (or one unit of a quantity) gives under one rule,
in one market, on days between which no rule changes. Facts share factors, so the work for each fact is to
find its factor; its points are one multiplication away, and its reason is made when someone asks.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, final

import attrs

from tierkit.frozen import changed, frozen
from tierkit.values.reason import Operator, Reason, combined, given, product, quotient
from tierkit.values.source import Grade
from tierkit.values.span import Span

if TYPE_CHECKING:
    from tierkit.programs.dated import Dated, Period
    from tierkit.programs.program import Program
    from tierkit.programs.rules import EarningRule, Group
    from tierkit.values.currency import Currency
    from tierkit.values.market import Market


@final
@attrs.define(frozen=True, eq=False)
class Factor:
    """Points for each unit under one rule, `numerator / denominator`, and the dated values that they come from.

    Compared by identity, because a valuation makes each only once.
    """

    rule: EarningRule
    numerator: int
    denominator: int
    currency: Currency | None
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

    def reason(self, units: Reason) -> Reason:
        """Say how an amount, or a quantity, becomes points."""
        rule = self.rule.id
        if self.point_value is not None and self.currency is not None:
            code = self.currency.code
            worth = self.point_value.value / _scale(self.currency)
            units = quotient(
                "units", units, cited("point value", worth, self.point_value, f"point-value {code}", code)
            )
        steps = [units, cited("rate", self.rate.value, self.rate, f"{rule} rate", "points per unit")]
        for group, by, member in self.multipliers:
            step = cited(f"multiplier in {group.name}", by.value, by, f"{rule} multiply")
            steps.append(changed(step, note=_joined(step.note, member.note), grade=_lower(by, member)))
        return product(self.rule.name, steps, unit="points", rule=rule)


@final
@frozen
class Missing:
    """Why a fact cannot be valued, in the words of a problem."""

    field: str
    found: str
    expected: str
    hint: str


class Valuation:
    """A program's rules, resolved once for each combination that occurs."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._factors: dict[tuple[object, ...], Factor | Missing] = {}
        self._epochs: dict[date, int] = {}
        self.boundaries = sorted(self._all_boundaries())

    def _all_boundaries(self) -> set[date]:
        days: set[date] = set()
        program = self.program
        dated: list[Dated[object]] = [*program.point_values.values()]  # type: ignore[list-item]
        for group in program.groups.values():
            dated.extend(group.members.values())  # type: ignore[arg-type]
        for rule in program.rules:
            dated += [rule.rate, rule.rate_day, rule.at_least, rule.share, rule.live]  # type: ignore[list-item]
            dated.extend(rule.multiply.values())  # type: ignore[arg-type]
        for each in dated:
            days |= each.boundaries()
        return days

    def epoch(self, day: date) -> int:
        """Give the number of the stretch of days, without any change of rule, in which a day lies."""
        found = self._epochs.get(day)
        if found is None:
            found = self._epochs[day] = bisect_right(self.boundaries, day)
        return found

    def days_around(self, day: date) -> tuple[date, date]:
        """Give the stretch of days in which a day lies: its first day, and the first day after it."""
        edges = (date.min, *self.boundaries, date.max)
        epoch = self.epoch(day)
        return edges[epoch], edges[epoch + 1]

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
        rate = rule.rate.at(rate_day)
        if rate is None:
            hint = "no points are earned on other days"
            return Missing("day", str(rate_day), f"a day with a rate: {rule.rate.days()}", hint)
        point_value = self._point_value(currency, day) if currency is not None else None
        if isinstance(point_value, Missing):
            return point_value
        points = rate.value / point_value.value if point_value else rate.value
        multipliers = []
        for group, dated in rule.multiply.items():
            by = dated.at(day)
            if by is None or by.value == 1:
                continue
            member = self._member(group, market, day)
            if isinstance(member, Missing):
                return member
            if member is not None:
                points *= by.value
                multipliers.append((self.program.groups[group], by, member))
        return Factor(
            rule, points.numerator, points.denominator, currency, point_value, rate, tuple(multipliers)
        )

    def _point_value(self, currency: Currency, day: date) -> Period[Fraction] | Missing:
        dated = self.program.point_values.get(currency.code)
        period = dated.at(day) if dated else None
        if period is not None:
            return period
        valued = sorted(code for code, each in self.program.point_values.items() if each.at(day))
        hint = "an exchange rate is never used for points; an overlay can add the value that you know"
        return Missing(
            "currency", currency.code, f"a currency that the program values: {', '.join(valued)}", hint
        )

    def _member(self, group: str, market: Market | None, day: date) -> Period[bool] | Missing | None:
        if market is None:
            name = self.program.groups[group].name
            return Missing(
                "market",
                "nothing",
                "the customer's market",
                f"the points depend on whether it is one of the {name}",
            )
        dated = self.program.groups[group].members.get(market.code)
        period = dated.at(day) if dated else None
        return period if period is not None and period.value else None


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


def _joined(*notes: str) -> str:
    return "; ".join(note for note in notes if note)


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
