"""Warnings: what a sound program says that can hardly be meant."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from tierkit.errors import Problem
from tierkit.programs.checking.doubles import groups_that_meet, meet
from tierkit.programs.checking.movements import bars_beside_posts
from tierkit.programs.checking.reach import Reach, has_members
from tierkit.programs.checking.windows import windows_without_looks
from tierkit.programs.dated import days_of
from tierkit.programs.measures import OnlyIf, operands_of
from tierkit.programs.reading.draft import UNSOURCED
from tierkit.programs.reading.table import among
from tierkit.programs.requirements import Condition, Junction, Subject
from tierkit.programs.rules import FactShape, ShortMonth
from tierkit.programs.words import condition_words, words_of
from tierkit.values.span import Span, add_days, add_months

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tierkit.programs.dated import Period
    from tierkit.programs.program import Program
    from tierkit.programs.reading.draft import Draft, Path, Place
    from tierkit.programs.requirements import Requirement
    from tierkit.programs.rules import EarningRule, Life

_SOURCE = "a source, which says how far to trust it"
_ADD_SOURCE = 'add `source = "…"`, or one at the top of the file for all of its values'
_OF_A_SHAPE = {
    FactShape.DEAL: ("kind", "motion", "product_line"),
    FactShape.EVENT: ("type",),
    FactShape.ACCOUNT: (),
    FactShape.STATE: ("type",),
}
"""The attributes that facts have without being given any, by their shape."""
_YEARS = tuple(date.fromordinal(date(2023, 1, 1).toordinal() + number) for number in range(2 * 366))
"""The days of two years, of which one has 29 February."""


def advice(draft: Draft, program: Program) -> Iterator[Problem]:
    """Find what a program that can be loaded says and can hardly mean.

    Args:
        draft: what its files say.
        program: the program that was made of it.
    """
    yield from _without_source(draft)
    yield from _not_counted(draft, program)
    yield from _idle_rules(draft, program)
    yield from _idle_movements(draft, program)
    yield from windows_without_looks(draft, program)
    yield from bars_beside_posts(draft, program)
    yield from _out_of_reach(draft, program)
    yield from _not_rising(draft, program)


def _without_source(draft: Draft) -> Iterator[Problem]:
    """Find values without a source; where none has one, that is one warning for all."""
    places: list[Place] = []
    for path, periods in draft.dated.items():
        places += [draft.place(each, path) for each in periods if each.source == UNSOURCED]
    for movement in draft.all_settled("movement").values():
        if movement.source == UNSOURCED:
            places.append(draft.at("movement", movement.id))
    for measure in draft.all_settled("measure").values():
        if isinstance(measure.by, OnlyIf):
            for each in measure.by.requires.conditions():
                if each.source == UNSOURCED:
                    places.append(draft.place(each, ("measure", measure.id)))
    places = list(dict.fromkeys(places))
    if not draft.sources and len(places) > 1:
        yield Problem(draft.where, "source", f"{len(places)} values without a source", _SOURCE, _ADD_SOURCE)
        return
    for place in places:
        yield place.problem("", "a value without a source", _SOURCE, _ADD_SOURCE)


def _not_counted(draft: Draft, program: Program) -> Iterator[Problem]:
    """Find tracks that no measure and no requirement counts."""
    named = {name for measure in program.measures.values() for name in operands_of(measure.by)}
    for condition in _conditions(program):
        if condition.subject is Subject.MEASURE:
            named.add(condition.quantity)
    for track in program.tracks:
        if track not in named and (program.tiers or program.ladders or program.measures):
            expected = "a track that a measure or a requirement counts"
            hint = "count it, or leave it and its rules out"
            yield draft.at("tracks").problem("", f"{track!r}, which nothing counts", expected, hint)


def _conditions(program: Program) -> Iterator[Condition]:
    for dated in chain(program.requires.values(), program.keeps.values()):
        for period in dated:
            yield from period.value.conditions()
    for measure in program.measures.values():
        if isinstance(measure.by, OnlyIf):
            yield from measure.by.requires.conditions()


# ---------------------------------------------------------------------- rules and movements that never apply


def _idle_rules(draft: Draft, program: Program) -> Iterator[Problem]:
    """Find rules that take no fact, or give it nothing on any day on which the program holds."""
    for rule in program.rules:
        place = draft.at("earn", rule.id)
        if not _gives(rule, program):
            days = f"{rule.rate.days()}, with a life {rule.live.days()}"
            hint = "give it days on which the program is in force, or leave the rule out"
            yield place.problem("rate", days, f"days that count {program.in_force.days()}", hint)
        path = ("earn", rule.id, "live")
        for period in rule.live:
            if _ends_before_it_begins(period.value):
                hint = "let them live longer than they are pending, or add `through`"
                found, expected = (
                    f"{words_of(period.value)}: never a day",
                    "a life that begins before it ends",
                )
                yield draft.place(period, path).problem("", found, expected, hint)
        for name, values in rule.where.items():
            own = (*_OF_A_SHAPE[rule.fact], *program.attributes)
            if name not in own:
                hint = "leave it out, or declare it in `attributes`"
                yield place.problem(f"select.{name}", f"fact = {str(rule.fact)!r}", among(own), hint)
            elif values and {*values} <= {*rule.unless.get(name, ())}:
                found = "values that `except` passes over, all of them"
                yield place.problem(f"select.{name}", found, "facts to select", "take one out of `except`")
        if rule.inside and {*rule.inside} <= {*rule.outside}:
            found = "groups that `except` passes over, all of them"
            yield place.problem("select.group", found, "facts to select", "take one out of `except`")
        yield from _empty_groups(draft, program, rule)


def _empty_groups(draft: Draft, program: Program, rule: EarningRule) -> Iterator[Problem]:
    place = draft.at("earn", rule.id)
    named = [(place, "select.group", group) for group in rule.inside]
    named += [(place, "select.except.group", group) for group in rule.outside]
    for group in rule.multiply:
        path = ("earn", rule.id, "multiply", group)
        named.append((draft.place(draft.dated[path][0], path), "group", group))
    for at, key, group in named:
        if not has_members(program.groups[group]):
            yield at.problem(
                key, f"{group!r}, which has no members", "markets", "add [[group.members]] to it"
            )


def _gives(rule: EarningRule, program: Program) -> bool:
    """Say whether points of a rule can count on a day on which the program is in force."""
    for rate in rule.rate:
        for life in rule.live:
            start = max(rate.effective_from or date.min, life.effective_from or date.min)
            end = min(rate.effective_until or date.max, life.effective_until or date.max)
            last = end if rule.fact.is_state else _last_end(end, life.value)
            if start < end and any(
                start < (held.effective_until or date.max) and (held.effective_from or date.min) < last
                for held in program.in_force
            ):
                return True
    return False


def _ends_before_it_begins(life: Life) -> bool:
    """Say whether points would be gone before they begin to count, whatever the day of their fact."""
    ends = life.through is None and not (life.months is None and life.days is None)
    return ends and all(_ended(life, day) <= _begun(life, day) for day in _YEARS)


def _ended(life: Life, day: date) -> date:
    months = date.max if life.months is None else _months_on(life, day, life.months)
    return months if life.days is None else min(months, add_days(day, life.days))


def _begun(life: Life, day: date) -> date:
    return add_days(_months_on(life, day, life.pending_months), life.pending_days)


def _months_on(life: Life, day: date, months: int) -> date:
    end = add_months(day, months)
    return end if end.day == day.day or life.short_month is ShortMonth.LAST_DAY else add_days(end, 1)


def _last_end(day: date, life: Life) -> date:
    """Give a day on which points that are earned before another one are gone."""
    if life.through is not None or life.lasts_while is not None or life.never_ends or day == date.max:
        return date.max
    return add_days(
        add_months(day, (life.months or 0) + life.pending_months), (life.days or 0) + life.pending_days
    )


def _idle_movements(draft: Draft, program: Program) -> Iterator[Problem]:
    for movement in program.movements:
        days = Span(movement.effective_from, movement.effective_until)
        if not any(Span(held.effective_from, held.effective_until) & days for held in program.in_force):
            expected = f"days on which the program is in force: {program.in_force.days()}"
            place = draft.at("movement", movement.id)
            yield place.problem("", days_of(days), expected, "give it such days, or leave it out")


# ---------------------------------------------------------------------- tiers


def _out_of_reach(draft: Draft, program: Program) -> Iterator[Problem]:
    """Find tiers that nobody can reach, or keep, on the days of a requirement or on any day."""
    reach = Reach(program, groups_that_meet(draft))
    for key, trees in (("requires", program.requires), ("keeps", program.keeps)):
        for tier, dated in trees.items():
            for period in dated:
                blocked = reach.blocked(period.value)
                if blocked is not None:
                    condition, found = blocked
                    place = draft.place(condition, (key, tier))
                    hint = "mend the condition, or leave the tier out"
                    verb = "reach" if key == "requires" else "keep"
                    yield place.problem(
                        "", found, f"what somebody can meet, to {verb} {tier!r} {period.days()}", hint
                    )
            if key == "requires" and not any(
                meet(period, held) for period in dated for held in program.in_force
            ):
                expected = f"days on which the program is in force: {program.in_force.days()}"
                hint = "give it such days: nobody can reach the tier now"
                yield draft.at("tier", tier).problem(key, dated.days(), expected, hint)


def _not_rising(draft: Draft, program: Program) -> Iterator[Problem]:
    """Find bars that are lower than those of a lower tier, of the same quantity and on the same days."""
    for trees, key in ((program.requires, "requires"), (program.keeps, "keeps")):
        for ladder in (program.tiers, *program.ladders.values()):
            below: list[tuple[str, Period[Requirement], dict[_Asked, Condition]]] = []
            for tier in ladder:
                dated = trees.get(tier.id, ())
                asked = [(tier.id, period, dict(_bars(period.value))) for period in dated]
                for _, period, bars in asked:
                    yield from _lower(draft, (key, tier.id), period, bars, reversed(below))
                below += asked


_Asked: TypeAlias = "tuple[Subject, str]"


def _lower(
    draft: Draft,
    path: Path,
    period: Period[Requirement],
    bars: dict[_Asked, Condition],
    below: Iterable[tuple[str, Period[Requirement], dict[_Asked, Condition]]],
) -> Iterator[Problem]:
    """Find the bars of one tier that are lower than one below, each once."""
    told: set[_Asked] = set()
    for tier, days, others in below:
        for asked in [each for each in bars if each in others and each not in told]:
            bar, other = bars[asked].bar, others[asked].bar
            if (
                isinstance(bar, Fraction)
                and isinstance(other, Fraction)
                and bar < other
                and meet(period, days)
            ):
                told.add(asked)
                found = f"{condition_words(bars[asked])}, where {tier!r}, a lower tier, has {words_of(other)}"
                hint = "raise it, or check the bars and the days of both"
                yield draft.place(bars[asked], path).problem("", found, "a bar that rises with rank", hint)


def _bars(requirement: Requirement) -> Iterator[tuple[_Asked, Condition]]:
    """Give the conditions that must all be met, by what they look at."""
    if isinstance(requirement, Condition):
        yield (requirement.subject, requirement.quantity), requirement
    elif requirement.junction is Junction.ALL:
        for part in requirement.parts:
            yield from _bars(part)
