"""How long the points of an event count, and what a reversal leaves of them.

Ends and beginnings never come sooner for a later event, so that two comparisons with the event's own day
tell whether it counts on some day.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, cast, final

import attrs

from tierkit.facts.facts import CORRECTION
from tierkit.frozen import changed
from tierkit.programs.rules import ShortMonth, Takes
from tierkit.values.calendar import stretch_of
from tierkit.values.reason import Reason, given, product, quotient
from tierkit.values.span import Span, add_days, add_months

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tierkit.engine.earning.entry import Failure
    from tierkit.facts.facts import Reversal
    from tierkit.programs.dated import Period
    from tierkit.programs.rules import Clawback, EarningRule, Life

_ONE_DAY = timedelta(days=1)


def begin_of(life: Life, day: date) -> date:
    """Give the first day on which the points of an event count."""
    begun = _months_on(day, life.pending_months, life.short_month) if life.pending_months else day
    return add_days(begun, life.pending_days) if life.pending_days else begun


def end_of(life: Life, day: date, year_from: str) -> date | None:
    """Give the first day on which they no longer count; None where a personal year ends them, or nothing.

    Args:
        life: how long they count.
        day: the day of the event.
        year_from: the first day of the program's year, "MM-DD".
    """
    end: date | None = None
    if life.months is not None:
        end = _months_on(day, life.months, life.short_month)
    if life.days is not None:
        last = add_days(day, life.days)
        end = last if end is None else min(end, last)
    if life.through is None:
        return end
    return stretch_of(life.through, day if end is None else end, year_from).end


def _months_on(day: date, months: int, short_month: ShortMonth) -> date:
    end = add_months(day, months)
    return end if end.day == day.day or short_month is ShortMonth.LAST_DAY else add_days(end, 1)


def span_of(life: Life, day: date, year_from: str) -> Span | None:
    """Give the days on which the points of an event count; None where they would end before they begin."""
    begin, end = begin_of(life, day), end_of(life, day, year_from)
    return Span(begin, end) if end is None or begin < end else None


@lru_cache(maxsize=1024)
def live_days(life: Life, on: date, year_from: str) -> tuple[date, date]:
    """Give the earliest and the latest day whose events count on a day, but for the end of a personal year.

    The latest may be before the earliest: then none counts.
    """
    return _earliest(life, on, year_from), _latest(life, on)


def _earliest(life: Life, on: date, year_from: str) -> date:
    found = date.min
    if life.through is None:
        eve = on  # the end has to be after it
    else:
        start = stretch_of(life.through, on, year_from).start or date.min
        if life.months is None and life.days is None:
            return start
        eve = add_days(start, -1)  # what is counted has to lead into this last stretch
    if life.months is not None:
        found = add_months(eve, -life.months)
        while _months_on(found, life.months, life.short_month) <= eve:
            found += _ONE_DAY
    return found if life.days is None else max(found, add_days(eve, 1 - life.days))


def _latest(life: Life, on: date) -> date:
    day = add_days(on, -life.pending_days) if life.pending_days else on
    if not life.pending_months:
        return day
    found = add_months(day, -life.pending_months)
    while _months_on(found + _ONE_DAY, life.pending_months, life.short_month) <= day:
        found += _ONE_DAY
    return found


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

    def reason(self, whole: Reason, days: int | None) -> Reason:
        """Say what is left of a number of points that would have counted on so many days."""
        life = days or 1
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
            whole.label, (whole, left), unit=whole.unit, rule=whole.rule, day=whole.day, fact=whole.fact
        )


def why_reversed(reversal: Reversal) -> str:
    """Say the cause of a reversal, with the reason that was given for it."""
    return f"{reversal.cause}: {reversal.reason}" if reversal.reason else reversal.cause


def cut_of(rule: EarningRule, life: Life, day: date, year_from: str, reversal: Reversal) -> Cut | None:
    """Say what a reversal takes of the points that an event of some day earned under a rule.

    A correction takes them all; of any other cause the rule's clawback has to speak, on the reversal's day.
    """
    if reversal.cause == CORRECTION:
        return Cut(reversal.on, Fraction(0), reversal, None)
    clawback = rule.clawback.at(reversal.on)
    if clawback is None or reversal.cause not in clawback.value.causes:
        return None
    span = span_of(life, day, year_from)
    if clawback.value.takes is Takes.ALL or span is None or span.start is None or span.days is None:
        return Cut(reversal.on, Fraction(0), reversal, clawback)
    served = min(max((reversal.on - span.start).days, 0), span.days)
    return Cut(reversal.on, Fraction(served, span.days), reversal, clawback)


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
        _takes_all(rule, reversal, failure) for rule in rules if rule.id in failure.rules
    ):
        return failure
    left = failure.span & Span(None, reversal.on)
    return left and changed(failure, span=left, taken_on=reversal.on)


def _takes_all(rule: EarningRule, reversal: Reversal, failure: Failure) -> bool:
    if reversal.cause == CORRECTION:
        return True
    clawback = rule.clawback.at(reversal.on)
    if clawback is None or reversal.cause not in clawback.value.causes:
        return False
    unserved = failure.span.start is not None and reversal.on <= failure.span.start
    return unserved or clawback.value.takes is Takes.ALL
