"""Bounds: the least and the most that one fact gives, and how its points are rounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

import attrs

from tierkit.engine.earning.telling import cited
from tierkit.values.rates import round_to_int
from tierkit.values.reason import Operator, combined, rounded

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

    from tierkit.programs.dated import Period
    from tierkit.programs.rules import EarningRule, RoundTo
    from tierkit.values.reason import Reason


@final
@attrs.define(frozen=True, eq=False)
class Bounds:
    """What a rule makes of the points of one fact beyond proportion, on one day."""

    least: Period[Fraction] | None
    most: Period[Fraction] | None
    round: Period[RoundTo] | None

    def number(self, number: int | Fraction, denominator: int) -> int | Fraction:
        """Bound and round the points that a number over a denominator is, and give the number over it."""
        least, most = self.least, self.most
        if least is not None and number * least.value.denominator < least.value.numerator * denominator:
            number = whole(least.value * denominator)
        if most is not None and number * most.value.denominator > most.value.numerator * denominator:
            number = whole(most.value * denominator)
        if self.round is not None:
            to = self.round.value.to * denominator
            number = whole(round_to_int(number / to, self.round.value.mode) * to)
        return number

    def reason(self, reason: Reason, rule: str) -> Reason:
        """Bound and round a result, saying only what changes it."""
        label, unit = reason.label, reason.unit
        if self.least is not None and reason.value < self.least.value:
            least = cited("least points of one fact", self.least.value, self.least, f"{rule} at-least", unit)
            reason = combined(label, Operator.MAX, (reason, least), unit=unit, rule=rule)
        if self.most is not None and reason.value > self.most.value:
            most = cited("most points of one fact", self.most.value, self.most, f"{rule} at-most", unit)
            reason = combined(label, Operator.MIN, (reason, most), unit=unit, rule=rule)
        if self.round is not None and reason.value % self.round.value.to:
            to = cited("rounded to", self.round.value.to, self.round, f"{rule} round", unit)
            reason = rounded(label, reason, to, self.round.value.mode, unit=unit, rule=rule)
        return reason


def bounds_of(rule: EarningRule, day: date) -> Bounds:
    """Give what a rule says of one fact's points on a day."""
    return Bounds(rule.at_least.at(day), rule.at_most.at(day), rule.round.at(day))


def whole(number: int | Fraction) -> int | Fraction:
    """Give a number as an integer where it is one, which is faster."""
    return number.numerator if number.denominator == 1 else number
