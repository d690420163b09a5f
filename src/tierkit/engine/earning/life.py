"""How long the points of an event count, and what a reversal leaves of them."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, cast, final

import attrs

from tierkit.facts.facts import CORRECTION
from tierkit.frozen import changed
from tierkit.programs.rules import ShortMonth, Takes, While
from tierkit.values.reason import Reason, given, product, quotient
from tierkit.values.span import Span, add_days, add_months

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tierkit.engine.earning.entry import Failure
    from tierkit.facts.facts import Reversal
    from tierkit.programs.dated import Period
    from tierkit.programs.rules import Clawback, EarningRule, Life


def end_of(life: Life, day: date) -> date | None:
    """Give the first day on which the points no longer count; None where its year's end decides."""
    if life.lasts_while is While.YEAR:
        return None
    if not life.months:
        return add_days(day, life.days or 0)
    end = add_months(day, life.months)
    return end if end.day == day.day or life.short_month is ShortMonth.LAST_DAY else add_days(end, 1)


@lru_cache(maxsize=256)
def live_since(life: Life, on: date) -> date:
    """Give the earliest day whose events still count on a day.

    A later event never ends earlier, so one comparison with this day tells for each event.
    """
    day = add_months(on, -life.months) if life.months else add_days(on, -(life.days or 0))
    while (end := end_of(life, day)) is not None and end <= on:
        day += timedelta(days=1)
    return day


@final
@attrs.define(frozen=True)
class Cut:
    """What a reversal leaves of an event's points from a day on.

    Attributes:
        on: the first day on which they no longer count as they did.
        kept: the part that is left.
        reversal: the fact that took them.
        rule: the rule by which it did; None where the record was wrong.
    """

    on: date
    kept: Fraction
    reversal: Reversal
    rule: Period[Clawback] | None

    def note(self, rule: str) -> str:
        """Say what became of the points of a rule on that day: by which reversal, why, on whose word."""
        what = f"{self.kept} is left from" if self.kept else "ends"
        said = f"{what} {self.on}: {self.reversal.id}, {why_reversed(self.reversal)}"
        by = self.rule
        return f"{said}; {rule} clawback, {by.source.id}, {by.grade}" if by else said

    def reason(self, whole: Reason, day: date, end: date | None) -> Reason:
        """Say what is left of a number of points that would have counted from a day to another."""
        life = (end - day).days if end else 1
        rule = cast("Period[Clawback]", self.rule)  # a correction leaves nothing to explain
        served = given(
            "days served",
            self.kept * life,
            fact=self.reversal.id,
            day=self.on,
            rule=f"{whole.rule} clawback",
            period=Span(rule.effective_from, rule.effective_until),
            source=rule.source,
            grade=rule.grade,
            note="; ".join(part for part in (f"{self.reversal.cause} on {self.on}", rule.note) if part),
        )
        left = quotient("part that is left", served, given("days of a whole life", life))
        return product(
            whole.label, (whole, left), unit="points", rule=whole.rule, day=whole.day, fact=whole.fact
        )


def why_reversed(reversal: Reversal) -> str:
    """Say the cause of a reversal, with the reason that was given for it."""
    return f"{reversal.cause}: {reversal.reason}" if reversal.reason else reversal.cause


def cut_of(rule: EarningRule, life: Life, day: date, reversal: Reversal) -> Cut | None:
    """Say what a reversal takes of the points that an event of some day earned under a rule.

    A correction takes them all; of any other cause the rule's clawback has to speak, on the reversal's day.
    """
    if reversal.cause == CORRECTION:
        return Cut(reversal.on, Fraction(0), reversal, None)
    clawback = rule.clawback.at(reversal.on)
    if clawback is None or reversal.cause not in clawback.value.causes:
        return None
    end = end_of(life, day)
    if clawback.value.takes is Takes.ALL or end is None:
        return Cut(reversal.on, Fraction(0), reversal, clawback)
    served, whole = (reversal.on - day).days, (end - day).days
    return Cut(reversal.on, Fraction(min(served, whole), whole), reversal, clawback)


def until_reversed(
    failure: Failure, reversals: Mapping[str, Reversal], rules: Iterable[EarningRule]
) -> Failure | None:
    """End a fact that could not be valued where a reversal leaves nothing of it, whatever it was worth.

    Nothing is left of one that was reversed on its own day.

    Args:
        failure: the fact that could not be valued.
        reversals: the reversals, by the fact that each is about.
        rules: the rules for facts of its shape.
    """
    reversal = reversals.get(failure.fact)
    if reversal is None or not all(
        _takes_all(rule, reversal) for rule in rules if rule.track in failure.tracks
    ):
        return failure
    left = failure.span & Span(None, reversal.on)
    return left and changed(failure, span=left)


def _takes_all(rule: EarningRule, reversal: Reversal) -> bool:
    if reversal.cause == CORRECTION:
        return True
    clawback = rule.clawback.at(reversal.on)
    return (
        clawback is not None and reversal.cause in clawback.value.causes and clawback.value.takes is Takes.ALL
    )
