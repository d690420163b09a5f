"""Judging: what each tier asks, held against what a partner has, with three answers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal, TypeAlias, final

import attrs

from tierkit.errors import unknown_name
from tierkit.frozen import FrozenMap, frozen
from tierkit.looks import html_of
from tierkit.programs.requirements import Condition, Junction, Sense, Subject
from tierkit.values.points import Points, points_of
from tierkit.values.source import Grade, Source
from tierkit.values.tier import Tier
from tierkit.values.verdict import Verdict, all_of, any_of, at_least, negate

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import date

    from tierkit.programs.program import Program
    from tierkit.programs.requirements import Requirement

Quantity: TypeAlias = Points | Fraction | bool
ReachedTier: TypeAlias = Tier | Literal[Verdict.UNKNOWN] | None


@final
@frozen(kw_only=True)
class Check:
    """One condition of a tier, held against what a partner has.

    Attributes:
        quantity: the id of the measure, track or reading.
        name: its name in words.
        unit: what the number of a reading counts, such as "%"; "" for points and where nothing is said.
        comparison: "at least", "above" or "is".
        have: what the partner has: Points of a measure, a number or yes/no of a reading; None where no
            reading was supplied.
        at_least: whether `have` is only known to be at least so much, because a fact could not be valued.
        unsure: whether `have` is no bound either way, because such a fact might also take points away.
        need: the bar, of the same type; None where the bar is unknown or there is none.
        missing: how much is missing to the bar (to be passed, where the comparison is "above");
            zero where it is met, None where that cannot be said.
        verdict: met, not met or unknown; None where the tier has no such minimum that day: not applicable.
        by_vendor: whether the vendor decides, so that no partner can work for it.
        source: where the bar was read; None where there is none.
        grade: how far to trust the bar.
        note: what a reader of the bar should know.
    """

    quantity: str
    name: str
    unit: str
    comparison: Sense
    have: Quantity | None
    at_least: bool
    unsure: bool
    need: Quantity | None
    missing: Points | Fraction | None
    verdict: Verdict | None
    by_vendor: bool
    source: Source | None
    grade: Grade | None
    note: str


@final
@frozen
class Progress:
    """A tier, held against what a partner has.

    Attributes:
        tier: the tier.
        verdict: whether all that it asks is met.
        eligible: whether everything is met but what the vendor decides, such as an invitation.
        checks: every condition, with have, need and missing; then the minimums that the tier has on
            other days and not on this one, with no verdict.
        note: what a reader of the tier's bars should know.
    """

    tier: Tier
    verdict: Verdict
    eligible: bool
    checks: tuple[Check, ...]
    note: str

    def _repr_html_(self) -> str:
        return html_of(self)


@final
@attrs.define(frozen=True)
class Holding:
    """What a partner has on a day, as far as the judgement looks at it."""

    points: FrozenMap[Points]
    at_least: tuple[str, ...]
    unsure: tuple[str, ...]
    readings: Mapping[str, bool | Fraction]


def judge(program: Program, on: date, holding: Holding) -> tuple[Progress, ...]:
    """Hold every tier of a program against what a partner has, by the bars of a day, lowest tier first."""
    return tuple(_progress(program, tier, on, holding) for tier in program.tiers)


def reached(program: Program, on: date, progress: tuple[Progress, ...]) -> tuple[ReachedTier, Tier | None]:
    """Give the tier that is reached, and the highest one above it that may be.

    The first is the highest tier whose requirements are all met; `Verdict.UNKNOWN` where none is met and
    some tier is unknown. The second looks only at tiers whose own bars are known: where a bar is unknown,
    everything may be.
    """
    verdicts = {each.tier: each.verdict for each in progress}
    best = reached_by(verdicts)
    return best, possible_above(program, on, verdicts, best)


def possible_above(
    program: Program, on: date, verdicts: Mapping[Tier, Verdict], best: ReachedTier
) -> Tier | None:
    """Give the highest tier above the one that is reached that is unknown though its own bars are known."""
    above = [
        tier
        for tier, verdict in verdicts.items()
        if verdict is Verdict.UNKNOWN
        and (not isinstance(best, Tier) or tier > best)
        and program.bars_known(on, tier)
    ]
    return above[-1] if above else None


def toward(tiers: tuple[Progress, ...], tier: str | Tier, where: str) -> Progress:
    """Find one tier among those that were judged.

    Raises:
        UnknownName: it is none of them.
    """
    for each in tiers:
        if tier in (each.tier.id, each.tier):
            return each
    raise unknown_name(where, "tier", tier, [each.tier.id for each in tiers])


def verdicts_on(
    program: Program, on: date, holding: Holding, *, past: Collection[str] = ()
) -> dict[Tier, Verdict]:
    """Give the verdict of every tier by the bars of a day, lowest tier first: those of `judge`, and no more.

    Args:
        program: the rules.
        on: the day of the bars.
        holding: what the partner has.
        past: readings that are looked past, as though what is asked of them were met.
    """
    found: dict[Tier, Verdict] = {}
    for tier in program.tiers:
        dated = program.requires.get(tier.id)
        period = dated.at(on) if dated else None
        if period is None:
            found[tier] = Verdict.NOT_MET
            continue
        found[tier] = verdict_of(
            period.value,
            lambda each: Verdict.MET if each.quantity in past else _condition_verdict(each, holding),
        )
    return found


def reading_verdict(
    program: Program, tier: Tier, on: date, holding: Holding, readings: Collection[str]
) -> Verdict:
    """Say whether what a tier asks of some readings on a day is met; it is where it asks nothing of them."""
    period = program.requires[tier.id].at(on) if tier.id in program.requires else None
    asked = [each for each in period.value.conditions() if each.quantity in readings] if period else []
    return all_of(_condition_verdict(condition, holding) for condition in asked)


def reached_by(verdicts: Mapping[Tier, Verdict]) -> ReachedTier:
    """Give the tier that is reached: the highest that is met; unknown where none is and some may be."""
    met = [tier for tier, verdict in verdicts.items() if verdict is Verdict.MET]
    if met:
        return met[-1]
    return Verdict.UNKNOWN if Verdict.UNKNOWN in verdicts.values() else None


def _progress(program: Program, tier: Tier, on: date, holding: Holding) -> Progress:
    dated = program.requires.get(tier.id)
    period = dated.at(on) if dated else None
    conditions = tuple(period.value.conditions()) if period else ()
    asked = {condition.quantity for condition in conditions}
    elsewhere = [_not_asked(program, each, holding) for each in _asked_on_other_days(program, tier, asked)]
    if period is None:
        note = "there is no such tier on this day"
        return Progress(tier, Verdict.NOT_MET, eligible=False, checks=tuple(elsewhere), note=note)
    checks = {condition: _check(program, condition, holding) for condition in conditions}
    verdicts = {condition: check.verdict for condition, check in checks.items() if check.verdict is not None}
    granted = {each: Verdict.MET if checks[each].by_vendor else verdict for each, verdict in verdicts.items()}
    verdict = verdict_of(period.value, verdicts.__getitem__)
    eligible = verdict is not Verdict.MET and verdict_of(period.value, granted.__getitem__) is Verdict.MET
    return Progress(tier, verdict, eligible, (*checks.values(), *elsewhere), period.note)


def verdict_of(requirement: Requirement, of: Callable[[Condition], Verdict]) -> Verdict:
    """Combine the verdicts of the conditions as the requirement's tree says."""
    if isinstance(requirement, Condition):
        return of(requirement)
    parts = [verdict_of(part, of) for part in requirement.parts]
    if requirement.junction is Junction.NOT:
        return negate(all_of(parts))
    if requirement.junction is Junction.ANY:
        return any_of(parts)
    return at_least(requirement.least, parts) if requirement.junction is Junction.AT_LEAST else all_of(parts)


def _asked_on_other_days(program: Program, tier: Tier, asked: set[str]) -> list[Condition]:
    """Give one condition for each quantity that the tier has a minimum of on other days only."""
    found: dict[str, Condition] = {}
    for period in program.requires.get(tier.id, ()):
        for condition in period.value.conditions():
            if condition.quantity not in asked:
                found.setdefault(condition.quantity, condition)
    return list(found.values())


def _have(condition: Condition, holding: Holding) -> Quantity | None:
    if condition.subject is Subject.MEASURE:
        return holding.points[condition.quantity]
    return holding.readings.get(condition.quantity)


def _name(program: Program, condition: Condition) -> str:
    named = program.readings if condition.subject is Subject.READING else program.measures
    return named[condition.quantity].name if condition.quantity in named else condition.quantity


def _unit(program: Program, condition: Condition) -> str:
    return program.readings[condition.quantity].unit if condition.subject is Subject.READING else ""


def _not_asked(program: Program, condition: Condition, holding: Holding) -> Check:
    return Check(
        quantity=condition.quantity,
        name=_name(program, condition),
        unit=_unit(program, condition),
        comparison=condition.comparison,
        have=_have(condition, holding),
        at_least=condition.quantity in holding.at_least,
        unsure=condition.quantity in holding.unsure,
        need=None,
        missing=None,
        verdict=None,
        by_vendor=False,
        source=None,
        grade=None,
        note="no such minimum on this day",
    )


def _condition_verdict(condition: Condition, holding: Holding) -> Verdict:
    have, bar = _have(condition, holding), condition.bar
    if condition.subject is not Subject.MEASURE:
        return _compared(condition.comparison, have, bar, only_at_least=False)
    need = points_of(bar.numerator, bar.denominator) if isinstance(bar, Fraction) else None
    held = None if condition.quantity in holding.unsure else have
    return _compared(condition.comparison, held, need, only_at_least=condition.quantity in holding.at_least)


def _check(program: Program, condition: Condition, holding: Holding) -> Check:
    have, bar = _have(condition, holding), condition.bar
    only_at_least = condition.subject is Subject.MEASURE and condition.quantity in holding.at_least
    unsure = condition.subject is Subject.MEASURE and condition.quantity in holding.unsure
    need = Points(bar) if condition.subject is Subject.MEASURE and isinstance(bar, Fraction) else bar
    reading = program.readings[condition.quantity] if condition.subject is Subject.READING else None
    return Check(
        quantity=condition.quantity,
        name=_name(program, condition),
        unit=_unit(program, condition),
        comparison=condition.comparison,
        have=have,
        at_least=only_at_least,
        unsure=unsure,
        need=need,
        missing=None if unsure else _missing(have, need),
        verdict=_condition_verdict(condition, holding),
        by_vendor=reading is not None and reading.by_vendor,
        source=condition.source,
        grade=condition.grade,
        note=condition.note,
    )


def _compared(
    comparison: Sense, have: Quantity | None, need: Quantity | None, *, only_at_least: bool
) -> Verdict:
    if have is None or need is None:
        return Verdict.UNKNOWN
    if comparison is Sense.IS:
        return Verdict.MET if have is need else Verdict.NOT_MET
    met = have > need if comparison is Sense.ABOVE else have >= need  # type: ignore[operator]
    if met:
        return Verdict.MET
    return Verdict.UNKNOWN if only_at_least else Verdict.NOT_MET


def _missing(have: Quantity | None, need: Quantity | None) -> Points | Fraction | None:
    if isinstance(have, Points) and isinstance(need, Points):
        return max(need - have, Points(0))
    if isinstance(have, Fraction) and isinstance(need, Fraction):
        return max(need - have, Fraction(0))
    return None
