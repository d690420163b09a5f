"""A journey: every look at a partner's performance, and what each movement made of it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Final, TypeAlias, final, overload

from tierkit.engine.verdicts import ReachedTier
from tierkit.frozen import FrozenMap, frozen
from tierkit.looks import html_of
from tierkit.programs.movements import Reach, Take
from tierkit.programs.words import counted
from tierkit.values.points import Points
from tierkit.values.source import Grade, Source
from tierkit.values.tier import Tier
from tierkit.values.verdict import Verdict
from tierkit.values.word import Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tierkit.programs.movements import Movement
    from tierkit.programs.program import Program

MaybeTier: TypeAlias = Tier | None

_MOST_DAYS: Final = 3


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
        figures: the tracks and measures that count something else, exact; None where nothing is known.
        units: what each of those counts: "users", "%", the code of a currency; "" for a bare number.
        at_least: the tracks and measures that are only known to be at least so much.
        unsure: those that are no bound either way.
        performance_tier: the highest tier whose requirements are all met.
        judged_tier: what was judged: the same, looking past the readings that are asked for on the review
            day alone, and, where a fall looked, by what keeps the tiers up to the one that was held.
        possible_tier: the highest tier above the performance that is unknown for want of a reading.
    """

    on: date
    bars_on: date
    points: FrozenMap[Points]
    figures: FrozenMap[Fraction | None]
    units: FrozenMap[str]
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
        clause: the rule in words, with the file that says it where the program was read from several.
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


@overload
def named(program: Program, tier: MaybeTier, on: date) -> MaybeTier: ...
@overload
def named(program: Program, tier: ReachedTier, on: date) -> ReachedTier: ...
def named(program: Program, tier: ReachedTier, on: date) -> ReachedTier:
    """Give a tier with the name that it bears on a day."""
    return program.tier_on(tier, on) if isinstance(tier, Tier) else tier


def in_rank(tiers: Iterable[MaybeTier]) -> tuple[MaybeTier, ...]:
    """Sort tiers by rank, each once; no tier is the lowest."""
    return tuple(sorted(set(tiers), key=rank_of))


def rank_of(tier: MaybeTier) -> int:
    """Give the height of a tier; having none is below them all, as ranks begin with zero."""
    return tier.rank if tier else -1


def words_of(tiers: Iterable[MaybeTier]) -> str:
    """Name tiers in a sentence."""
    return " or ".join(tier.name if tier else "no tier" for tier in tiers)


def sentence_of(
    movement: Movement,
    outcome: Outcome,
    before: tuple[MaybeTier, ...],
    after: tuple[MaybeTier, ...],
    looks: Mapping[date, Verdict],
    *,
    keeping: bool = False,
    lacks: Sequence[str] = (),
) -> str:
    """Say in a sentence what decided on an outcome.

    Args:
        movement: the rule that decided.
        outcome: what it made of the tier.
        before: what would be held without it.
        after: what is held with it.
        looks: whether the tier before was reached, on each of the days that were looked at.
        keeping: whether that tier asks something else of who would keep it.
        lacks: what is not known and could change it.
    """
    was, now = words_of(before), words_of(after)
    what, reached = (f"what keeps {was} was", "met") if keeping else (f"{was} was", "reached")
    every = _every_day(movement)
    follows = "one step down is" if movement.to is Reach.NEXT_LOWER else "the best was"
    asked = ", ".join(movement.asked_on_the_day)
    doubts = lacks or ["the tier held before"] * (len(before) > 1)
    which = f" ({', '.join(doubts)})" if doubts else ""
    nothing = "there is no tier to lose"
    return {
        Outcome.NO_RISE: f"nothing above {was} was reached{every}",
        Outcome.KEPT: nothing if before == (None,) else _why_kept(movement, what, reached, looks),
        Outcome.FELL: f"{what} not {reached}{every or ' on any day that was looked at'}; {follows} {now}",
        Outcome.PROTECTED: f"{was} was gained less than {movement.protected_months} months ago",
        Outcome.EXPOSED: f"not met on the review day: {asked}; which tier follows is not known",
        Outcome.UNKNOWN: f"what is not known could change it{which}: {now}",
    }.get(outcome, f"{now} was reached{every}")


def _every_day(movement: Movement) -> str:
    return " on every day that was looked at" if movement.take is Take.WORST else ""


def _why_kept(movement: Movement, what: str, reached: str, looks: Mapping[date, Verdict]) -> str:
    met = [str(day) for day, verdict in looks.items() if verdict is Verdict.MET]
    if not met or (movement.take is Take.WORST and len(met) < len(looks)):
        return f"{what} not {reached} and is held by a decision of the vendor"
    if movement.take is Take.WORST:
        return f"{what} {reached}{_every_day(movement)}"
    more = f" and {counted(len(met) - _MOST_DAYS, 'more day')}" if len(met) > _MOST_DAYS else ""
    return f"{what} {reached} on {', '.join(met[:_MOST_DAYS])}{more}: one day is enough"
