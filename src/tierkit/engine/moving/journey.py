"""A journey: every look at a partner's performance, and what each movement made of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeAlias, final

from tierkit.engine.judge import ReachedTier
from tierkit.frozen import FrozenMap, frozen
from tierkit.looks import html_of
from tierkit.programs.movements import Reach
from tierkit.values.points import Points
from tierkit.values.source import Grade, Source
from tierkit.values.tier import Tier
from tierkit.values.word import Word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tierkit.programs.movements import Movement

MaybeTier: TypeAlias = Tier | None


@final
class Outcome(Word):
    """What became of the tier that is held."""

    ROSE = "rose"
    NO_RISE = "no rise"
    KEPT = "kept"
    FELL = "fell"
    PROTECTED = "protected"
    EXPOSED = "exposed"
    UNKNOWN = "unknown"
    SETTLED = "settled"
    GIVEN = "given"
    ENDED = "ended"


@final
@frozen(kw_only=True)
class Look:
    """What a partner had on a day that a review looks at.

    Attributes:
        on: the day.
        bars_on: the day whose bars it was judged by.
        points: the points by track and measure.
        at_least: the tracks and measures that are only known to be at least so much.
        unsure: those that are no bound either way.
        performance_tier: the highest tier whose requirements are all met.
        judged_tier: the same, looking past the readings that are asked for on the review day alone.
        possible_tier: the highest tier above the performance that is unknown for want of a reading.
    """

    on: date
    bars_on: date
    points: FrozenMap[Points]
    at_least: tuple[str, ...]
    unsure: tuple[str, ...]
    performance_tier: ReachedTier
    judged_tier: ReachedTier
    possible_tier: Tier | None

    def _repr_html_(self) -> str:
        return html_of(self)


@final
@frozen(kw_only=True)
class Decision:
    """What a movement, or a given fact, made of the tier that is held.

    Attributes:
        on: the day of the review, or of the fact.
        effective_on: the first day with the result.
        movement: the id of the movement; "" for a tier that was given.
        outcome: what became of the tier.
        before: what would be held on the first day with the result without it, as far as known: several
            where it is not, from the lowest.
        after: what is held then with it.
        looks: the days that were looked at.
        why: what decided, in a sentence.
        clause: the rule in words.
        source: where the rule was read; None for a tier that was given.
        grade: how far to trust it.
    """

    on: date
    effective_on: date
    movement: str
    outcome: Outcome
    before: tuple[MaybeTier, ...]
    after: tuple[MaybeTier, ...]
    looks: tuple[date, ...]
    why: str
    clause: str
    source: Source | None
    grade: Grade | None

    def _repr_html_(self) -> str:
        return html_of(self)


def in_rank(tiers: Iterable[MaybeTier]) -> tuple[MaybeTier, ...]:
    """Sort tiers by rank, each once; no tier is the lowest."""
    return tuple(sorted(set(tiers), key=rank_of))


def rank_of(tier: MaybeTier) -> int:
    """Give the height of a tier; ranks begin with 1, so that no tier has 0."""
    return tier.rank if tier else 0


def words_of(tiers: Iterable[MaybeTier]) -> str:
    """Name tiers in a sentence."""
    return " or ".join(tier.name if tier else "no tier" for tier in tiers)


def sentence_of(
    movement: Movement,
    outcome: Outcome,
    before: tuple[MaybeTier, ...],
    after: tuple[MaybeTier, ...],
    looks: list[Look],
) -> str:
    """Say in a sentence what decided on an outcome."""
    was, now = words_of(before), words_of(after)
    met = sorted({each.on for each in looks if before and _reaches(each.judged_tier, before[-1])})
    kept = f"{was} was reached on {', '.join(map(str, met))}: one day is enough"
    if not met:
        kept = f"{was} was not reached and is held by a decision of the vendor"
    follows = "one step down is" if movement.to is Reach.NEXT_LOWER else "the best was"
    asked = ", ".join(movement.asked_on_the_day)
    return {
        Outcome.NO_RISE: f"nothing above {was} was reached",
        Outcome.KEPT: "there is no tier to lose" if before == (None,) else kept,
        Outcome.FELL: f"{was} was not reached on any day that was looked at; {follows} {now}",
        Outcome.PROTECTED: f"{was} was gained less than {movement.protected_months} months ago",
        Outcome.EXPOSED: f"not met on the review day: {asked}; which tier follows is not known",
        Outcome.UNKNOWN: f"what is not known could change it: {now}",
    }.get(outcome, f"{now} was reached")


def _reaches(reached: ReachedTier, tier: MaybeTier) -> bool:
    return isinstance(reached, Tier) and reached.rank >= rank_of(tier)
