"""The badge: the tier that a partner may hold, and how one movement changes it.

Where something is unknown a partner has several possible badges; each is moved by itself, and the tier is
known where all of them agree. So an unknown check matters only where it could change the result.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias, final

import attrs

from tierkit.engine.moving.journey import Outcome, rank_of
from tierkit.programs.movements import YEAR_END, MoveKind, Reach
from tierkit.programs.requirements import Subject
from tierkit.programs.rules import While
from tierkit.values.span import add_months
from tierkit.values.verdict import Verdict, any_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tierkit.programs.movements import Movement
    from tierkit.programs.program import Program
    from tierkit.values.tier import Tier

Verdicts: TypeAlias = "Mapping[Tier, Verdict]"

YEAR_MONTHS = 12

MOST_BADGES = 200
"""How many possible badges are told apart; beyond, those of one tier are taken together, with more doubt."""


@final
@attrs.define(frozen=True)
class Post:
    """Points that a movement added or took off.

    Attributes:
        on: the first day on which they count.
        track: the kind of points.
        points: how many; below zero where they were taken off.
        movement: which movement did it.
        tier: the tier whose bar it was about.
    """

    on: date
    track: str
    points: Fraction
    movement: str
    tier: Tier


@final
@attrs.define(frozen=True)
class Badge:
    """One tier that a partner may hold, and what its future hangs on.

    Attributes:
        tier: the tier; None for none.
        since: the first day on which it is held without a break: not before the first of these, not after
            the second.
        rose: whether it was gained, and so may be protected for a time.
        pending: what was decided and is yet to take effect: day, kind, tier.
        year_from: the first day of a personal year: it and its anniversaries begin the years.
        counted_from: the first day of the points that count until a personal year ends.
        ends: the days on which earlier personal years ended; the first is that of a year before all facts.
        posts: what movements have added and taken off.
        doubtful: whether there are so many possible posts that they are not told apart any more.
    """

    tier: Tier | None
    since: tuple[date, date] = (date.min, date.min)
    rose: bool = False
    pending: tuple[tuple[date, MoveKind, Tier | None], ...] = ()
    year_from: date = date.min
    counted_from: date = date.min
    ends: tuple[date, ...] = ()
    posts: tuple[Post, ...] = ()
    doubtful: bool = False

    @property
    def year_end(self) -> date:
        """The first day after the personal year, always counted from the day on which the years began."""
        begun = max(self.year_from, self.counted_from)
        return add_months(self.year_from, YEAR_MONTHS * (years_between(self.year_from, begun) + 1))

    def posted(self, on: date) -> dict[str, Fraction]:
        """Give what was added and taken off in the personal year up to a day, by track."""
        found: dict[str, Fraction] = {}
        for post in self.posts:
            if self.counted_from <= post.on <= on:
                found[post.track] = found.get(post.track, Fraction(0)) + post.points
        return found

    def next_year(self, on: date) -> Badge:
        """Give the badge once its personal year has ended on a day."""
        return attrs.evolve(self, counted_from=on, ends=(*self.ends, on))

    def holding(self, tier: Tier | None, on: date, *, rose: bool) -> Badge:
        """Give the badge with another tier from a day on."""
        since = (date.min, date.min) if tier is None else (on, on)
        return attrs.evolve(self, tier=tier, since=since, rose=rose)

    def rising(self, tier: Tier, effective: date) -> Badge:
        """Give the badge once a rise is decided: a fall that was to come after it does not."""
        left = (each for each in self.pending if each[1] is MoveKind.RISE or each[0] <= effective)
        return attrs.evolve(self, pending=(*left, (effective, MoveKind.RISE, tier)))


def has_personal_years(program: Program) -> bool:
    """Say whether what counts hangs on movements: on personal years, and on what they post."""
    return any(
        movement.deduct or movement.carry or movement.restarts_year or YEAR_END in movement.on
        for movement in program.movements
    ) or any(period.value.lasts_while is While.YEAR for rule in program.rules for period in rule.live)


def matured(badge: Badge, on: date) -> Badge:
    """Let what was decided earlier take effect, up to a day."""
    if not badge.pending:
        return badge
    for day, kind, tier in sorted(badge.pending, key=itemgetter(0)):
        if day <= on:
            rises = rank_of(tier) > rank_of(badge.tier)
            if rises is (kind is MoveKind.RISE) and tier != badge.tier:
                badge = badge.holding(tier, day, rose=rises)
    return attrs.evolve(badge, pending=tuple(each for each in badge.pending if each[0] > on))


def reaches(looks: Sequence[Verdicts], tier: Tier) -> Verdict:
    """Say whether a tier, or one above it, was reached on at least one of several days."""
    return any_of(
        verdict for verdicts in looks for each, verdict in verdicts.items() if each.rank >= tier.rank
    )


def risen_to(badge: Badge, to: Reach, looks: Sequence[Verdicts], tiers: Sequence[Tier]) -> list[Tier | None]:
    """Give the tiers that a rise may lead to, by one step or to the best."""
    above = [tier for tier in tiers if tier.rank > rank_of(badge.tier)]
    candidates = above[:1] if to is Reach.NEXT else above[::-1]
    return _first_reached(candidates, looks, badge.tier)


def fallen_to(badge: Badge, to: Reach, looks: Sequence[Verdicts], tiers: Sequence[Tier]) -> list[Tier | None]:
    """Give the tiers that a fall may lead to, the held one among them, by one step or to the best."""
    down = [tier for tier in reversed(tiers) if tier.rank <= rank_of(badge.tier)]
    if to is Reach.NEXT_LOWER:
        return _first_reached(down[:1], looks, down[1] if len(down) > 1 else None)
    return _first_reached(down, looks, None)


def _first_reached(
    candidates: Sequence[Tier], looks: Sequence[Verdicts], otherwise: Tier | None
) -> list[Tier | None]:
    """Give the first tier that was reached, and those before it that may have been."""
    found: list[Tier | None] = []
    for tier in candidates:
        verdict = reaches(looks, tier)
        if verdict is not Verdict.NOT_MET:
            found.append(tier)
        if verdict is Verdict.MET:
            return found
    return [*found, otherwise]


def protection(badge: Badge, movement: Movement, on: date) -> Verdict:
    """Say whether a badge cannot fall yet, because it was gained a short while ago."""
    if not movement.protected_months or not badge.rose:
        return Verdict.NOT_MET
    first, last = (add_months(day, movement.protected_months) for day in badge.since)
    if on < first:
        return Verdict.MET
    return Verdict.UNKNOWN if on < last else Verdict.NOT_MET


def bar_of(program: Program, tier: Tier, track: str, on: date) -> Fraction:
    """Give the points of a track that a tier asks for on a day; zero where that is not known."""
    period = program.requires[tier.id].at(on)
    asked = period.value.conditions() if period else ()
    bars = (each.bar for each in asked if each.subject is Subject.MEASURE and each.quantity == track)
    return Fraction(next(bars, None) or 0)


def outcome_of(kind: MoveKind, before: Sequence[Tier | None], after: Sequence[Tier | None]) -> Outcome:
    """Name what a movement made of the tier that is held."""
    if len(after) > 1:
        return Outcome.UNKNOWN
    if len(before) > 1:
        return Outcome.SETTLED
    if tuple(before) == tuple(after):
        return Outcome.NO_RISE if kind is MoveKind.RISE else Outcome.KEPT
    return Outcome.ROSE if kind is MoveKind.RISE else Outcome.FELL


def any_badges(tiers: Iterable[Tier], on: date, since: date | None = None) -> tuple[Badge, ...]:
    """Give the badges that a partner may hold on a day: none, or one of some tiers, gained nobody knows when.

    Args:
        tiers: the tiers that it may hold.
        on: the day.
        since: the day from which personal years are counted; that day, where it is left out.
    """
    begun = on if since is None else since
    year = add_months(begun, YEAR_MONTHS * years_between(begun, on))
    none = Badge(None, year_from=begun, counted_from=year, ends=(year,))
    return (
        none,
        *(attrs.evolve(none, tier=tier, since=(date.min, on), rose=True) for tier in tiers),
    )


def years_between(since: date, on: date) -> int:
    """Give the whole years from a day to another: how many anniversaries of it come up to that one."""
    years = on.year - since.year
    return years if add_months(since, YEAR_MONTHS * years) <= on else years - 1


def each_once(badges: Iterable[Badge]) -> tuple[Badge, ...]:
    """Give badges each once; where they are many, those that are alike as one with more doubt.

    Alike are those that differ in their day alone; where even these are many, all of one tier are, and what
    was posted is then not known any more.
    """
    found = tuple(dict.fromkeys(badges))
    if len(found) <= MOST_BADGES:
        return found
    merged = _merged(found, lambda badge: attrs.evolve(badge, since=(date.min, date.min)))
    if len(merged) <= MOST_BADGES:
        return merged
    return tuple(
        attrs.evolve(each, posts=(), doubtful=True) for each in _merged(merged, lambda badge: badge.tier)
    )


def _merged(badges: Iterable[Badge], alike: Callable[[Badge], object]) -> tuple[Badge, ...]:
    """Take the badges that are alike together as one that may be held since any of their days."""
    groups: dict[object, list[Badge]] = {}
    for badge in badges:
        groups.setdefault(alike(badge), []).append(badge)
    return tuple(
        attrs.evolve(its[0], since=(min(one.since[0] for one in its), max(one.since[1] for one in its)))
        for its in groups.values()
    )
