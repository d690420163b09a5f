"""The badge: the tier that a partner may hold, and how one movement changes it.

Where something is unknown a partner has several possible badges; each is moved by itself, and the tier is
known where all of them agree. So an unknown check matters only where it could change the result.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from operator import itemgetter
from typing import TYPE_CHECKING, final

import attrs

from tierkit.engine.moving.journey import rank_of
from tierkit.engine.moving.trail import LONG_AGO, YEAR_MONTHS, Trail, trail_from, trail_of_any
from tierkit.programs.measures import Tenure
from tierkit.programs.movements import YEAR_END, MoveKind
from tierkit.programs.rules import While
from tierkit.values.span import add_months

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from tierkit.programs.program import Program
    from tierkit.values.tier import Tier

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
        trail: the tiers that were held on the way, where points or bars hang on them.
        doubtful: whether there are so many possible posts that they are not told apart any more.
    """

    tier: Tier | None
    since: tuple[date, date] = LONG_AGO
    rose: bool = False
    pending: tuple[tuple[date, MoveKind, Tier | None], ...] = ()
    year_from: date = date.min
    counted_from: date = date.min
    ends: tuple[date, ...] = ()
    posts: tuple[Post, ...] = ()
    trail: Trail = ()
    doubtful: bool = False

    @property
    def year_end(self) -> date:
        """The first day after the personal year, always counted from the day on which the years began."""
        begun = max(self.year_from, self.counted_from)
        return add_months(self.year_from, YEAR_MONTHS * (years_between(self.year_from, begun) + 1))

    def counted_on(self, day: date) -> date:
        """Give the first day of the points that counted on a day until a personal year ends."""
        return next((end for end in reversed(self.ends) if end <= day), self.counted_from)

    def posted(self, on: date) -> dict[str, Fraction]:
        """Give what was added and taken off in the personal year of a day up to that day, by track."""
        since = self.counted_on(on)
        found: dict[str, Fraction] = {}
        for post in self.posts:
            if since <= post.on <= on:
                found[post.track] = found.get(post.track, Fraction(0)) + post.points
        return found

    def up_to(self, day: date) -> Hashable:
        """Give all that what counted on a day hangs on: badges that agree on it counted the same."""
        return (
            tuple(end for end in self.ends if end <= day),
            tuple(post for post in self.posts if post.on <= day),
            tuple(step for step in self.trail if min(step.since[1], step.morning) <= day),
            self.doubtful,
        )

    def next_year(self, on: date) -> Badge:
        """Give the badge once its personal year has ended on a day."""
        return attrs.evolve(self, counted_from=on, ends=(*self.ends, on))

    def holding(self, tier: Tier | None, on: date, *, rose: bool) -> Badge:
        """Give the badge with another tier from a day on."""
        return attrs.evolve(self, tier=tier, since=LONG_AGO if tier is None else (on, on), rose=rose)

    def rising(self, tier: Tier, effective: date) -> Badge:
        """Give the badge once a rise is decided: a fall that was to come after it does not."""
        left = (each for each in self.pending if each[1] is MoveKind.RISE or each[0] <= effective)
        return attrs.evolve(self, pending=(*left, (effective, MoveKind.RISE, tier)))


def is_chronological(program: Program) -> bool:
    """Say whether what counts, or is asked, hangs on the tiers that were held or on what movements post."""
    return has_personal_years(program) or keeps_trails(program)


def has_personal_years(program: Program) -> bool:
    """Say whether what counts hangs on personal years, or on what movements post."""
    return any(
        movement.deduct or movement.carry or movement.restarts_year or YEAR_END in movement.on
        for movement in program.movements
    ) or any(period.value.lasts_while is While.YEAR for rule in program.rules for period in rule.live)


def posted_tracks(program: Program) -> set[str]:
    """Give the tracks to which movements post."""
    return {track for each in program.movements for track in (each.deduct, each.carry) if track}


def has_tier_rates(program: Program) -> bool:
    """Say whether what a fact gives hangs on the tier that is held on its day."""
    return any(rule.tier_multiply for rule in program.rules)


def keeps_trails(program: Program) -> bool:
    """Say whether it matters which tiers were held earlier, and for how long."""
    return bool(tenures_of(program)) or has_tier_rates(program)


def tenures_of(program: Program) -> tuple[Tier, ...]:
    """Give the tiers of which a measure asks for how long they have been held."""
    asked = (measure.by for measure in program.measures.values())
    return tuple(program.tier(each.tier) for each in asked if isinstance(each, Tenure))


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


def any_badges(
    tiers: Iterable[Tier], on: date, since: date | None = None, *, trails: bool = False
) -> tuple[Badge, ...]:
    """Give the badges that a partner may hold on a day: none, or one of some tiers, gained nobody knows when.

    Args:
        tiers: the tiers that it may hold; without any it is known to have held none before.
        on: the day.
        since: the day from which personal years are counted; that day, where it is left out.
        trails: whether it matters which tiers were held earlier.
    """
    begun = on if since is None else since
    year = add_months(begun, YEAR_MONTHS * years_between(begun, on))
    may_hold = tuple(tiers)

    def badge(tier: Tier | None) -> Badge:
        trail = trail_from(tier, on, known_before=not may_hold) if trails else ()
        days = LONG_AGO if tier is None else (date.min, on)
        rose = tier is not None
        return Badge(tier, days, rose, year_from=begun, counted_from=year, ends=(year,), trail=trail)

    return tuple(map(badge, (None, *may_hold)))


def years_between(since: date, on: date) -> int:
    """Give the whole years from a day to another: how many anniversaries of it come up to that one."""
    years = on.year - since.year
    return years if add_months(since, YEAR_MONTHS * years) <= on else years - 1


def each_once(badges: Iterable[Badge]) -> tuple[Badge, ...]:
    """Give badges each once; where they are many, those that are alike as one with more doubt.

    Alike are those that differ in their day and their trail alone; where even these are many, all of one tier
    are, and what was posted is then not known any more. Of what is pending, each may then come or not.
    """
    found = tuple(dict.fromkeys(badges))
    if len(found) <= MOST_BADGES:
        return found
    merged = _merged(found, lambda badge: attrs.evolve(badge, since=LONG_AGO, trail=()))
    if len(merged) <= MOST_BADGES:
        return merged
    pending = dict.fromkeys(each for badge in merged for each in badge.pending)
    return tuple(
        attrs.evolve(each, posts=(), doubtful=True, pending=comes)
        for each in _merged(merged, lambda badge: badge.tier)
        for comes in ((), *((one,) for one in pending))
    )


def _merged(badges: Iterable[Badge], alike: Callable[[Badge], object]) -> tuple[Badge, ...]:
    """Take the badges that are alike together as one that may be held since any of their days."""
    groups: dict[object, list[Badge]] = {}
    for badge in badges:
        groups.setdefault(alike(badge), []).append(badge)
    return tuple(_as_one(its) for its in groups.values())


def _as_one(badges: list[Badge]) -> Badge:
    trail = trail_of_any([each.trail for each in badges])
    return attrs.evolve(badges[0], since=since_of_any(badges), trail=trail)


def since_of_any(badges: Iterable[Badge]) -> tuple[date, date]:
    """Give since when the tier of one of several badges is held: the first day that may be, and the last."""
    firsts, lasts = zip(*(each.since for each in badges), strict=True)
    return min(firsts), max(lasts)
