"""Deciding: where a movement may lead a badge, by what was reached on the days that it looked at."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from tierkit.engine.moving.journey import Outcome, rank_of
from tierkit.engine.verdicts import asked_on
from tierkit.programs.dated import noted
from tierkit.programs.movements import MoveKind, Reach, Take
from tierkit.programs.requirements import Subject
from tierkit.programs.words import words_of
from tierkit.values.span import add_months
from tierkit.values.verdict import Verdict, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tierkit.engine.moving.badge import Badge
    from tierkit.programs.movements import Movement
    from tierkit.programs.program import Program
    from tierkit.values.tier import Tier

Verdicts: TypeAlias = "Mapping[Tier, Verdict]"


def tiers_there(program: Program, on: date) -> tuple[Tier, ...]:
    """Give the tiers that there are on a day, lowest first: those that ask something then, or never do."""
    dated = {tier: program.requires.get(tier.id) for tier in program.tiers}
    return tuple(tier for tier, asked in dated.items() if asked is None or asked.at(on))


def reached_on(verdicts: Verdicts, tier: Tier) -> Verdict:
    """Say whether a tier, or one above it, was reached on one day."""
    return any_of(verdict for each, verdict in verdicts.items() if each.rank >= tier.rank)


def reaches(take: Take, looks: Sequence[Verdicts], tier: Tier) -> Verdict:
    """Say whether a tier, or one above it, was reached on one of several days; if the worst counts, all."""
    reached = (reached_on(verdicts, tier) for verdicts in looks)
    return all_of(reached) if take is Take.WORST else any_of(reached)


def risen_to(
    badge: Badge, movement: Movement, looks: Sequence[Verdicts], tiers: Sequence[Tier]
) -> list[Tier | None]:
    """Give the tiers that a rise may lead to, by one step or to the best."""
    above = [tier for tier in tiers if tier.rank > rank_of(badge.tier)]
    candidates = above[:1] if movement.to is Reach.NEXT else above[::-1]
    return _first_reached(candidates, movement.take, looks, badge.tier)


def fallen_to(
    badge: Badge, movement: Movement, looks: Sequence[Verdicts], tiers: Sequence[Tier]
) -> list[Tier | None]:
    """Give the tiers that a fall may lead to, the held one among them, by one step or to the best."""
    held = (badge.tier,) if badge.tier is not None else ()
    down = [*held, *(tier for tier in reversed(tiers) if tier.rank < rank_of(badge.tier))]
    if movement.to is Reach.NEXT_LOWER:
        return _first_reached(down[:1], movement.take, looks, down[1] if len(down) > 1 else None)
    return _first_reached(down, movement.take, looks, None)


def _first_reached(
    candidates: Sequence[Tier], take: Take, looks: Sequence[Verdicts], otherwise: Tier | None
) -> list[Tier | None]:
    """Give the first tier that was reached, and those before it that may have been."""
    found: list[Tier | None] = []
    for tier in candidates:
        verdict = reaches(take, looks, tier)
        if verdict is not Verdict.NOT_MET:
            found.append(tier)
        if verdict is Verdict.MET:
            return found
    return [*found, otherwise]


def protection_ends(badge: Badge, movement: Movement) -> tuple[date, date] | None:
    """Give the first day on which a badge that was gained may fall: between two days, both ends in."""
    if not movement.protected_months or not badge.rose:
        return None
    first, last = (add_months(day, movement.protected_months) for day in badge.since)
    return first, last


def protection(badge: Badge, movement: Movement, on: date) -> Verdict:
    """Say whether a badge cannot fall yet, because it was gained a short while ago."""
    ends = protection_ends(badge, movement)
    if ends is None or on >= ends[1]:
        return Verdict.NOT_MET
    return Verdict.MET if on < ends[0] else Verdict.UNKNOWN


def bar_of(program: Program, tier: Tier, track: str, on: date, *, keeping: bool = False) -> Fraction:
    """Give the points of a track that a tier asks for on a day; zero where that is not known."""
    period = asked_on(program, tier, on, keeping=keeping)
    asked = period.value.conditions() if period else ()
    bars = (each.bar for each in asked if each.subject is Subject.MEASURE and each.quantity == track)
    bar = next(bars, None)
    return bar if isinstance(bar, Fraction) else Fraction(0)


def clause_of(movement: Movement) -> str:
    """Give a movement in words: what its program notes of it, or else what it says; and in which file."""
    return noted(movement.note or words_of(movement), movement.file)


def outcome_of(kind: MoveKind, before: Sequence[Tier | None], after: Sequence[Tier | None]) -> Outcome:
    """Name what a movement made of the tier that is held."""
    if len(after) > 1:
        return Outcome.UNKNOWN
    if len(before) > 1:
        return Outcome.SETTLED
    if tuple(before) == tuple(after):
        return Outcome.NO_RISE if kind is MoveKind.RISE else Outcome.KEPT
    return Outcome.ROSE if kind is MoveKind.RISE else Outcome.FELL
