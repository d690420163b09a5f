"""Judging: what each tier asks, held against what a partner has, with three answers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, TypedDict, final

from tierkit.engine.earning.telling import joined
from tierkit.engine.verdicts import (
    Quantity,
    ReachedTier,
    as_points,
    condition_verdict,
    have_of,
    reached_by,
    verdict_of,
)
from tierkit.errors import unknown_name
from tierkit.frozen import frozen
from tierkit.looks import html_of
from tierkit.programs.dated import noted
from tierkit.programs.measures import POINTS
from tierkit.programs.requirements import Condition, Junction, Sense, Subject
from tierkit.programs.words import tree_words
from tierkit.values.points import Points
from tierkit.values.source import Grade, Source
from tierkit.values.tier import Tier
from tierkit.values.verdict import Verdict, negate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from tierkit.engine.verdicts import Holding
    from tierkit.programs.program import Program
    from tierkit.programs.requirements import Requirement


@final
@frozen
class PartOf:
    """Where a condition stands among others: which part it is of several that count together.

    Attributes:
        junction: how these count: all of them, any, at least so many, or none.
        part: which of them it is, or lies in; the first is 1.
        least: of how many of them at least, where that is how they count; else 0.
    """

    junction: Junction
    part: int
    least: int


@final
@frozen(kw_only=True)
class Check:
    """One condition of a tier, held against what a partner has.

    Attributes:
        quantity: the id of the measure, track or reading; "market" or the name of an attribute of the
            partner; the id of another ladder.
        name: its name in words.
        unit: what the number counts, such as "%" or "users"; "" for points and where nothing is said.
        comparison: "at least", "above", "is" or "in group".
        have: what the partner has: Points, or a number where the quantity does not count points; a number
            or yes/no of a reading; a market's code or an attribute; the id of a tier of another ladder.
            None where it is not known, and where no tier of the other ladder is reached.
        at_least: whether `have` is only known to be at least so much, because a fact could not be valued.
        unsure: whether `have` is no bound either way, because such a fact might also take points away.
        need: the bar, of the same type; None where the bar is unknown or there is none.
        missing: how much is missing to the bar (to be passed, where the comparison is "above");
            zero where it is met, None where that cannot be said. What stands under `not` may be missing.
        verdict: met, not met or unknown, whatever it lies within; None where the tier has no such minimum
            that day: not applicable.
        within: what it is part of, the outermost first; nothing where it is all that the tier asks. So the
            checks tell what the tier asks as a whole: those that begin alike lie in the same part of it.
        in_the_way: whether the tier is not met because of it, alone or with others: not where another
            alternative is met.
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
    within: tuple[PartOf, ...]
    in_the_way: bool
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
        checks: every condition in the order of the file, with have, need and missing; then the minimums
            that the tier has on other days and not on this one, with no verdict.
        note: what a reader of the tier's bars should know; also what it asks of who has it and would keep
            it, where that is something else.
    """

    tier: Tier
    verdict: Verdict
    eligible: bool
    checks: tuple[Check, ...]
    note: str

    def _repr_html_(self) -> str:
        return html_of(self)


def judge(program: Program, on: date, holding: Holding) -> tuple[Progress, ...]:
    """Hold every tier of a program against what a partner has, by the bars of a day, lowest tier first."""
    return tuple(_progress(program, tier, on, holding) for tier in program.tiers)


def judge_ladder(program: Program, ladder: str, on: date, holding: Holding) -> tuple[Progress, ...]:
    """Hold every tier of another ladder of a program against what a partner has, lowest tier first."""
    return tuple(_progress(program, tier, on, holding) for tier in program.ladders[ladder])


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


def best_of(progress: Iterable[Progress]) -> ReachedTier:
    """Give the tier that is reached of those of one ladder, which were judged."""
    return reached_by({each.tier: each.verdict for each in progress})


def _progress(program: Program, tier: Tier, on: date, holding: Holding) -> Progress:
    tier = program.tier_on(tier, on)
    dated = program.requires.get(tier.id)
    period = dated.at(on) if dated else None
    conditions = tuple(period.value.conditions()) if period else ()
    asked = {condition.quantity for condition in conditions}
    elsewhere = [_not_asked(each, on, holding) for each in _asked_on_other_days(program, tier, asked)]
    if period is None:
        note = "there is no such tier on this day"
        return Progress(tier, Verdict.NOT_MET, eligible=False, checks=tuple(elsewhere), note=note)
    verdicts = {condition: condition_verdict(condition, on, holding) for condition in conditions}
    checks = [
        _check(condition, on, holding, verdict=verdicts[condition], within=within, in_the_way=in_the_way)
        for condition, within, in_the_way in _placed(period.value, verdicts.__getitem__, Verdict.MET)
    ]
    verdict = verdict_of(period.value, verdicts.__getitem__)
    by_vendor = {condition for condition in conditions if _is_by_vendor(condition, program)}
    granted = verdicts | dict.fromkeys(by_vendor, Verdict.MET)
    eligible = verdict is not Verdict.MET and verdict_of(period.value, granted.__getitem__) is Verdict.MET
    note = joined(period.note, _to_keep(program, tier, on))
    return Progress(tier, verdict, eligible, (*checks, *elsewhere), note)


def _to_keep(program: Program, tier: Tier, on: date) -> str:
    """Say what a tier asks of who has it on a day, where that is something else."""
    dated = program.keeps.get(tier.id)
    period = dated.at(on) if dated else None
    if period is None:
        return ""
    return f"to keep it, a review asks for something else: {tree_words(period.value, bars=True)}"


def _placed(
    requirement: Requirement,
    of: Callable[[Condition], Verdict],
    wanted: Verdict | None,
    within: tuple[PartOf, ...] = (),
) -> Iterator[tuple[Condition, tuple[PartOf, ...], bool]]:
    """Give the conditions of a tree in the order of the file, each with what it is part of.

    Each says whether it is because of it that the tree does not have the verdict that is wanted, if any is.
    """
    if wanted is not None and wanted is verdict_of(requirement, of):
        wanted = None
    if isinstance(requirement, Condition):
        yield requirement, within, wanted is not None
        return
    if wanted is not None and requirement.junction is Junction.NOT:
        wanted = negate(wanted)
    for number, part in enumerate(requirement.parts, 1):
        place = PartOf(requirement.junction, number, requirement.least)
        yield from _placed(part, of, wanted, (*within, place))


def _asked_on_other_days(program: Program, tier: Tier, asked: set[str]) -> list[Condition]:
    """Give one condition for each quantity that the tier has a minimum of on other days only."""
    found: dict[str, Condition] = {}
    for period in program.requires.get(tier.id, ()):
        for condition in period.value.conditions():
            if condition.quantity not in asked:
                found.setdefault(condition.quantity, condition)
    return list(found.values())


def _name(condition: Condition, program: Program) -> str:
    named = program.readings if condition.subject is Subject.READING else program.measures
    return named[condition.quantity].name if condition.quantity in named else condition.quantity


def _unit(condition: Condition, holding: Holding) -> str:
    if condition.subject is Subject.READING:
        return holding.program.readings[condition.quantity].unit
    unit = holding.units[condition.quantity] if condition.subject is Subject.MEASURE else ""
    return "" if unit == POINTS else unit


def _not_asked(condition: Condition, on: date, holding: Holding) -> Check:
    return Check(
        **_stated(condition, on, holding),
        need=None,
        missing=None,
        verdict=None,
        within=(),
        in_the_way=False,
        by_vendor=False,
        source=None,
        grade=None,
        note="no such minimum on this day",
    )


class _Stated(TypedDict):
    quantity: str
    name: str
    unit: str
    comparison: Sense
    have: Quantity | None
    at_least: bool
    unsure: bool


def _stated(condition: Condition, on: date, holding: Holding) -> _Stated:
    """Say what a condition is about, and what the partner has of it."""
    figure = holding.have[condition.quantity] if condition.subject is Subject.MEASURE else None
    return {
        "quantity": condition.quantity,
        "name": _name(condition, holding.program),
        "unit": _unit(condition, holding),
        "comparison": condition.comparison,
        "have": have_of(condition, on, holding),
        "at_least": figure is not None and figure.is_at_least,
        "unsure": figure is not None and not figure.is_exact and not figure.is_at_least,
    }


def _check(
    condition: Condition,
    on: date,
    holding: Holding,
    *,
    verdict: Verdict,
    within: tuple[PartOf, ...],
    in_the_way: bool,
) -> Check:
    stated = _stated(condition, on, holding)
    have, bar = stated["have"], condition.bar
    need = as_points(bar) if isinstance(have, Points) and isinstance(bar, Fraction) else bar
    return Check(
        **stated,
        need=need,
        missing=None if stated["unsure"] else _missing(have, need),
        verdict=verdict,
        within=within,
        in_the_way=in_the_way,
        by_vendor=_is_by_vendor(condition, holding.program),
        source=condition.source,
        grade=condition.grade,
        note=noted(condition.note, condition.file),
    )


def _is_by_vendor(condition: Condition, program: Program) -> bool:
    return condition.subject is Subject.READING and program.readings[condition.quantity].by_vendor


def _missing(have: Quantity | None, need: Quantity | None) -> Points | Fraction | None:
    if isinstance(have, Points) and isinstance(need, Points):
        return max(need - have, Points(0))
    if isinstance(have, Fraction) and isinstance(need, Fraction):
        return max(need - have, Fraction(0))
    return None
