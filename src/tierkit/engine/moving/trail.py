"""The trail: which tiers were held from when on, for programs in which that decides on points or bars."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, TypeAlias, final

import attrs

from tierkit.engine.moving.journey import rank_of
from tierkit.values.span import add_months
from tierkit.values.tier import Tier
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tierkit.engine.moving.journey import MaybeTier
    from tierkit.engine.verdicts import ReachedTier

YEAR_MONTHS: Final = 12
LONG_AGO: Final = (date.min, date.min)


@final
@attrs.define(frozen=True)
class Step:
    """A tier that was held from some day on.

    Attributes:
        tier: the tier; None for none, `Verdict.UNKNOWN` where nobody knows.
        since: the first day on which it is held: not before the first of these, not after the second.
        morning: the first day whose facts it decides on. What a review makes of a day comes after the
            facts of that day; what takes effect on a day, or is given for it, comes before them.
        told: whether a fact says that it is held since that day.
    """

    tier: ReachedTier
    since: tuple[date, date]
    morning: date
    told: bool = False


Trail: TypeAlias = tuple[Step, ...]
"""Steps in the order of their days; empty where nobody knows of any, or nothing asks."""


def trail_from(tier: MaybeTier, start: date, *, known_before: bool) -> Trail:
    """Begin a trail: with a tier that was held for good, or with one that was held at the latest on a day."""
    if known_before:
        return (Step(tier, LONG_AGO, date.min),)
    return Step(Verdict.UNKNOWN, LONG_AGO, date.min), Step(tier, (date.min, start), start)


def trail_of_any(trails: Sequence[Trail]) -> Trail:
    """Give the trail of who may have taken any of several; where they differ, only their end is known."""
    first, ends = trails[0], [trail[-1] for trail in trails if trail]
    if all(trail == first for trail in trails):
        return first
    tiers: set[ReachedTier] = {end.tier for end in ends}
    latest = max(end.since[1] for end in ends)
    morning = max(end.morning for end in ends)
    tier = tiers.pop() if len(tiers) == 1 else Verdict.UNKNOWN
    return Step(Verdict.UNKNOWN, LONG_AGO, date.min), Step(tier, (date.min, latest), morning)


def stepped(trail: Trail, step: Step) -> Trail:
    """Let a step follow; those that would come after it, or in its place, were never taken.

    It is none where the tier is held already, unless a fact says since when it is.
    """
    place = step.since[1], step.morning
    before = tuple(each for each in trail if (each.since[1], each.morning) < place)
    return before if before and before[-1].tier == step.tier and not step.told else (*before, step)


def tier_on(trail: Trail, day: date) -> ReachedTier:
    """Give the tier under which the facts of a day fall: that of its morning."""
    for step in reversed(trail):
        if step.morning <= day:
            return step.tier
    return Verdict.UNKNOWN


def tenure_on(trail: Trail, tier: Tier, day: date) -> tuple[int, int | None]:
    """Give for how many whole months a tier, or one above it, has been held up to a day without a break.

    Who is said to hold a tier since a day is taken not to have come down to it on that day.

    Returns:
        How many it is at least, and at most; None where that has no end.
    """
    latest, earliest = (run_to(trail, tier, day, certain=certain) for certain in (True, False))
    least = 0 if latest is None else months_between(latest[1], day)
    if earliest is None:
        return least, 0 if trail else None
    return least, None if earliest[0] == date.min else months_between(earliest[0], day)


def run_to(trail: Trail, tier: Tier, day: date, *, certain: bool) -> tuple[date, date] | None:
    """Give since when a tier, or one above it, has been held up to a day, for certain or perhaps."""
    begun: Step | None = None
    following = date.max
    for step in reversed(trail):
        last, following = following, step.since[1]
        if step.since[1] > day or step.since[1] == last:
            continue  # not yet, or not to the end of a day
        unknown = step.tier is Verdict.UNKNOWN
        if begun is not None and begun.told and begun.tier == tier and (unknown or step.tier == tier):
            break
        if certain if unknown else not _reaches(step.tier, tier):
            break
        begun = step
    return begun.since if begun is not None else None


def months_between(since: date, on: date) -> int:
    """Give the whole months from a day to another: how many of its days of the month come up to that one."""
    months = YEAR_MONTHS * (on.year - since.year) + on.month - since.month
    return months if add_months(since, months) <= on else months - 1


def _reaches(held: ReachedTier, tier: Tier) -> bool:
    return isinstance(held, Tier) and rank_of(held) >= tier.rank
