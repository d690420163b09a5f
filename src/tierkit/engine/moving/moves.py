"""The moves: what one movement makes of one badge."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, final

import attrs

from tierkit.engine.moving.badge import Badge, Post, matured
from tierkit.engine.moving.deciding import bar_of, fallen_to, protection, risen_to, tiers_there
from tierkit.engine.moving.journey import Outcome, rank_of
from tierkit.engine.moving.review_days import days_judged
from tierkit.engine.verdicts import reading_verdict
from tierkit.programs.movements import MoveKind, Reach
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tierkit.engine.moving.deciding import Verdicts
    from tierkit.engine.moving.sight import Sight
    from tierkit.programs.movements import Movement
    from tierkit.programs.program import Program
    from tierkit.values.tier import Tier


@final
class Moves:
    """What movements make of the badges of one partner.

    Attributes:
        joined: the day on which the partner joined; before it no tier is gained.
    """

    def __init__(self, sight: Sight, joined: date) -> None:
        self.joined = joined
        self._sight = sight
        self._program: Program = sight.program
        self._there: dict[date, tuple[Tier, ...]] = {}
        self._judged: dict[tuple[str, date], tuple[date, ...]] = {}

    def days_judged(self, movement: Movement, day: date) -> tuple[date, ...]:
        """Give the days that a movement looks at on a day."""
        key = movement.id, day
        if key not in self._judged:
            self._judged[key] = days_judged(movement, day)
        return self._judged[key]

    def _tiers(self, day: date) -> tuple[Tier, ...]:
        if day not in self._there:
            self._there[day] = tiers_there(self._program, day)
        return self._there[day]

    def looks(self, movement: Movement, day: date, badge: Badge) -> list[Verdicts]:
        """Give the verdict of each tier on each of the days that a movement looks at on a day."""
        held = matured(badge, movement.effective.after(day)).tier
        days = self.days_judged(movement, day)
        return [self._sight.verdicts(movement, each, day, badge, held) for each in days]

    def risen(self, movement: Movement, day: date, badge: Badge, looks: Sequence[Verdicts]) -> list[Badge]:
        """Give the badges that a rise may make of one."""
        if day < self.joined:
            return [badge]  # a decision of the vendor came first; who has not joined gains no tier
        effective = movement.effective.after(day)
        ahead = matured(badge, effective)
        moved: list[Badge] = []
        for tier in risen_to(ahead, movement, looks, self._tiers(day)):
            if tier == ahead.tier or tier is None:
                moved.append(badge)
            elif effective > day:
                moved.append(badge.rising(tier, effective))
            else:
                risen = (
                    matured(badge.rising(tier, day), day)
                    if badge.pending
                    else badge.holding(tier, day, rose=True)
                )
                risen = self._posted(movement, risen, day)
                if movement.to is Reach.NEXT:
                    moved += self.risen(movement, day, risen, self.looks(movement, day, risen))
                else:
                    moved.append(risen)
        return moved

    def lifted(self, movement: Movement, day: date, badge: Badge, looks: Sequence[Verdicts]) -> list[Badge]:
        """Let a tier that the vendor decided on rise; it posts nothing, as what it stands on does already."""
        effective = movement.effective.after(day)
        ahead = matured(badge, effective)
        return [
            badge if tier is None or tier == ahead.tier else matured(badge.rising(tier, effective), day)
            for tier in risen_to(ahead, movement, looks, self._tiers(day))
        ]

    def fallen(
        self, movement: Movement, day: date, badge: Badge, looks: Sequence[Verdicts]
    ) -> tuple[Outcome, list[Badge]]:
        """Give the badges that a fall may make of one, and what became of it."""
        ahead = matured(badge, movement.effective.after(day))
        if ahead.tier is None:
            return Outcome.KEPT, [badge]
        protected = protection(ahead, movement, day)
        if protected is Verdict.MET:
            return Outcome.PROTECTED, [badge]
        kept = [badge] if protected is Verdict.UNKNOWN else []
        tiers = fallen_to(ahead, movement, looks, self._tiers(day))
        outcome = Outcome.KEPT if tiers == [ahead.tier] else Outcome.FELL
        asked = self._asked(movement, day, badge, ahead.tier)
        if asked is not Verdict.MET and tiers[0] is not None:  # a lapse may lower the tier, and saves none
            lower = [tier for tier in self._tiers(day) if tier <= tiers[0]]
            tiers, outcome = [*lower, None], Outcome.EXPOSED if asked is Verdict.NOT_MET else outcome
        return outcome, [*kept, *(self._fallen(movement, day, badge, ahead, tier) for tier in tiers)]

    def unknown(
        self, movement: Movement, day: date, badges: Sequence[Badge], tiers: Sequence[Tier | None]
    ) -> tuple[str, ...]:
        """Name what is not known, where it hangs on that to which of some tiers the highest badge leads."""
        if not tiers:
            return ()  # what is held is known
        effective, found = movement.effective.after(day), list[str]()
        badge = max(badges, key=lambda badge: rank_of(matured(badge, effective).tier))
        ahead = matured(badge, effective)
        if movement.kind is MoveKind.FALL and ahead.tier is not None:
            if protection(ahead, movement, day) is Verdict.UNKNOWN:
                found.append("since when it is held")
            if self._asked(movement, day, badge, ahead.tier) is Verdict.UNKNOWN:
                found += movement.asked_on_the_day
        for each in self.days_judged(movement, day):
            found += self._sight.unknown(movement, each, day, badge, [tier for tier in tiers if tier])
        return tuple(dict.fromkeys(found))

    def _asked(self, movement: Movement, day: date, badge: Badge, tier: Tier) -> Verdict:
        """Say whether what a tier asks of the readings that are asked for on the day alone is met."""
        holding = self._sight.holding(day, badge)
        return reading_verdict(self._program, tier, day, holding, movement.asked_on_the_day)

    def _fallen(self, movement: Movement, day: date, badge: Badge, ahead: Badge, tier: Tier | None) -> Badge:
        if tier == ahead.tier:
            return self._posted(movement, badge, day)
        effective = movement.effective.after(day)
        if effective > day:
            return attrs.evolve(badge, pending=(*badge.pending, (effective, MoveKind.FALL, tier)))
        return badge.holding(tier, day, rose=False)

    def _posted(self, movement: Movement, badge: Badge, day: date) -> Badge:
        """Take a bar off, carry what is left over it, and begin a personal year anew, as a movement says."""
        tier, posts = badge.tier, list(badge.posts)
        silent = not (movement.deduct or movement.carry or movement.restarts_year)
        if silent or tier is None or badge.doubtful:
            return badge
        keeping = movement.kind is MoveKind.FALL
        if movement.deduct:
            bar = bar_of(self._program, tier, movement.deduct, day, keeping=keeping)
            taken = min(bar, self._left(movement.deduct, badge, day))
            posts.append(Post(day, movement.deduct, -taken, movement.id, tier))
        if movement.carry:
            eve = self.days_judged(movement, day)[-1]
            bar = bar_of(self._program, tier, movement.carry, eve, keeping=keeping)
            have = self._sight.tally(eve, (badge,)).tracks.get(movement.carry, Fraction(0))
            surplus = max(have - bar, Fraction(0))
            if movement.carry_at_most is not None:
                surplus = min(surplus, movement.carry_at_most)
            posts.append(Post(day, movement.carry, surplus, movement.id, tier))
        year = day if movement.restarts_year else badge.year_from
        return attrs.evolve(badge, posts=tuple(posts), year_from=year)

    def _left(self, track: str, badge: Badge, day: date) -> Fraction:
        """Give what can be taken off a track: what is there of the year that goes on, or begins, on a day."""
        going = badge.next_year(day) if badge.year_end == day else badge
        return max(self._sight.tally(day, (going,)).tracks.get(track, Fraction(0)), Fraction(0))
