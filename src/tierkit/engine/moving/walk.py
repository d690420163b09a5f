"""The walk: one pass along time in which movements change the tier that a partner holds.

Each day first ends what ends, then lets movements look, and then takes the tiers that were given as facts.
A program whose movements post points or restart a personal year, or in which points or bars hang on the tier
that is held, gets its points from here as well.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, final

import attrs

from tierkit.engine.ledger import lines_of
from tierkit.engine.moving.alike import Alike
from tierkit.engine.moving.badge import Badge, any_badges, each_once, matured
from tierkit.engine.moving.coming_days import ComingDays
from tierkit.engine.moving.decided import Decided, decided_with
from tierkit.engine.moving.deciding import clause_of, outcome_of, reached_on, tiers_there
from tierkit.engine.moving.first_badge import start_of
from tierkit.engine.moving.journey import (
    Decision,
    Look,
    MaybeTier,
    Outcome,
    in_rank,
    named,
    sentence_of,
    words_of,
)
from tierkit.engine.moving.moves import Moves
from tierkit.engine.moving.sight import Sight
from tierkit.engine.moving.stop import Stop
from tierkit.engine.moving.trail import Step, stepped
from tierkit.errors import Problem, UnknownName, unknown_name
from tierkit.programs.movements import AT_ONCE, YEAR_END, MoveKind
from tierkit.values.span import add_days
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tierkit.engine.ledger import Ledger
    from tierkit.engine.moving.deciding import Verdicts
    from tierkit.engine.verdicts import ReachedTier
    from tierkit.facts.facts import Held
    from tierkit.programs.movements import Movement
    from tierkit.programs.program import Program
    from tierkit.values.tier import Tier


@final
@attrs.define(frozen=True)
class Walked:
    """What a walk found.

    Attributes:
        decisions: what was decided, in the order of days.
        looks: what was looked at, in the order of days.
        badges: the possible badges by the movements alone, on the last day.
        credited: the tiers that may be held on the last day, from the lowest.
        decided: the decision of the vendor that holds on the last day, if there is one.
        problems: the facts that could not be valued and would count on a day that was looked at.
        course: the days on which that became something else, each with what may be held from it on.
        stops: what was found on each of the days that were asked for.
    """

    decisions: tuple[Decision, ...]
    looks: tuple[Look, ...]
    badges: tuple[Badge, ...]
    credited: tuple[MaybeTier, ...]
    decided: Decided | None
    problems: tuple[Problem, ...]
    course: tuple[tuple[date, tuple[MaybeTier, ...]], ...]
    stops: dict[date, Stop]


def walk(ledger: Ledger, on: date, stops: Iterable[date] = ()) -> Walked:
    """Follow the ledger's one partner from the first day that is known to a day.

    Raises:
        UnknownName: a held tier is none of the program's.
    """
    return _Walk(ledger, on, stops).walked()


class _Walk:
    """The state of a walk: what may be held, and what was found on the way."""

    def __init__(self, ledger: Ledger, on: date, stops: Iterable[date]) -> None:
        self.ledger = ledger
        self.program: Program = ledger.program
        self.on = on
        self.sight = Sight(ledger)
        self.alike = Alike(ledger)
        self.decided: tuple[Decided, ...] = ()
        self.decisions: list[Decision] = []
        self._asked = {day for day in stops if day <= on}
        self._stops: dict[date, Stop] = {}
        self._held = {held.on: held for held in lines_of(ledger).held.get(ledger.partner_id, ())}
        _refuse_unknown(self.program, [held for held in self._held.values() if held.on <= on])
        self.start, self.badges, joined = self._first_day()
        self.reached_day = self.start
        self.moves = Moves(self.sight, joined)
        self.coming = ComingDays(ledger, self.start, on)
        judged = {
            each
            for movement in self.program.movements
            for day in self.coming.of(movement)
            for each in self.moves.days_judged(movement, day)
        }
        self.sight.sweep(self._asked | judged)

    def _first_day(self) -> tuple[date, tuple[Badge, ...], date]:
        """Begin where what is held is known, or with the first decision of the vendor, if that is earlier."""
        lasting = min((held.on for held in self._held.values() if held.until is None), default=None)
        start, badges, joined = start_of(self.ledger, self.on, lasting)
        first = min(self._held, default=start)
        if first < start:
            return first, badges or self._any_badges(first), joined
        return start, badges, joined

    def _any_badges(self, on: date, since: date | None = None) -> tuple[Badge, ...]:
        return any_badges(self._tiers_there(on), on, since, trails=self.sight.trails)

    def _tiers_there(self, on: date) -> tuple[Tier, ...]:
        return tiers_there(self.program, on) or self.program.tiers

    def walked(self) -> Walked:
        """Walk from the first day to the last."""
        agenda = [self.start, self.on, *self._held, *self._asked]
        agenda += [day for movement in self.program.movements for day in self.coming.of(movement)]
        agenda += [held.until for held in self._held.values() if held.until]
        heapify(agenda)
        course: list[tuple[date, tuple[MaybeTier, ...]]] = []
        done: date | None = None
        while agenda:
            day = heappop(agenda)
            if day == done or day > self.on:
                continue
            done = self.reached_day = day
            if day >= self.start:
                self._live_through(day)
            credited = self.credited()
            if not course or course[-1][1] != credited:
                course.append((day, credited))
            if day in self._asked:
                tally = self.sight.tally(day, self.badges)
                self._stops[day] = Stop(self._named(credited, day), tally, self.badges, self.sight)
            for later in self.coming.after(day, self.badges, personal_years=self.sight.years):
                heappush(agenda, later)
        return Walked(
            decisions=tuple(self.decisions),
            looks=self.sight.all_looks(),
            badges=self.badges,
            credited=self._named(self.credited(), self.on),
            decided=self.decided[-1] if self.decided else None,
            problems=self.sight.problems(),
            course=tuple(course),
            stops=self._stops,
        )

    def credited(self, at: date = date.min) -> tuple[MaybeTier, ...]:
        """Give the tiers that may be held, once what is pending has taken effect up to a day.

        Up to its end a decision of the vendor holds, and what it rose to since, whatever the movements give.
        """
        badges = (self._decided_on(at) or self).badges
        return in_rank(
            [matured(badge, at).tier for badge in badges] or (None, *self._tiers_there(self.reached_day))
        )

    def _decided_on(self, at: date) -> Decided | None:
        return next((each for each in reversed(self.decided) if at < each.until), None)

    def _named(self, tiers: tuple[MaybeTier, ...], day: date) -> tuple[MaybeTier, ...]:
        return tuple(named(self.program, tier, day) for tier in tiers)

    # ---------------------------------------------------------------- the days

    def _live_through(self, day: date) -> None:
        """Let a day pass: what ends, the movements that look, the tier that is given."""
        turned = self.coming.turn(day, self.badges)
        self.badges = each_once(matured(badge, day) for badge in self.badges)
        self.decided = tuple(each.matured(day) for each in self.decided)
        if self.decided and self.decided[-1].until == day:
            self._end_decided(day)
        self._trail(day, day)
        turned |= self.sight.years and self._end_years(day)
        if turned:
            self.coming.turned(day)
        for movement in self.program.movements:
            if self.badges and self.coming.looks(movement, day):
                before = self.badges
                self._move(movement, day, before, ())
                if self.badges != before:
                    self.coming.moved(movement, day)
        self._trail(day, add_days(day, 1))
        self.badges = self.alike.as_one(self.badges)
        held = self._held.get(day)
        if held is not None:
            self._give(held)

    def _trail(self, day: date, morning: date) -> None:
        """Note what is held from a day on in the trail of each badge.

        Args:
            day: the first day on which it is held.
            morning: the first day whose facts it decides on.
        """
        if not self.sight.trails:
            return
        decided = in_rank(badge.tier for each in self.decided[-1:] for badge in each.badges)
        badges: list[Badge] = []
        for badge in self.badges:
            tier: ReachedTier = badge.tier
            if self.decided:
                tier = decided[0] if len(decided) == 1 else Verdict.UNKNOWN
            tier, trail = self.sight.watched(tier), badge.trail
            if self.sight.watched(trail[-1].tier) != tier:
                trail = stepped(trail, Step(tier, (day, day), morning))
            badges.append(attrs.evolve(badge, trail=trail))
        self.badges = each_once(badges)

    def _end_decided(self, day: date) -> None:
        before, held, self.decided = self.credited(), self.decided[-1].held, self.decided[:-1]
        follows = f"that of {self.decided[-1].held.on}" if self.decided else "what the movements give"
        why = f"the decision of {held.on} ended: {follows} holds"
        self._decide(day, Outcome.ENDED, before, why, clause=held.reason)

    def _end_years(self, day: date) -> bool:
        """End the personal years that end on a day, after those movements have looked that look then."""
        ending = tuple(badge for badge in self.badges if badge.year_end == day)
        others = tuple(badge for badge in self.badges if badge.year_end != day)
        for movement in self.program.movements:
            if ending and YEAR_END in movement.on and movement.covers(day):
                ending = self._move(movement, day, ending, others)
        self.badges = each_once((*others, *(badge.next_year(day) for badge in ending)))
        return bool(ending)

    # ---------------------------------------------------------------- the movements

    def _move(
        self, movement: Movement, day: date, moving: tuple[Badge, ...], others: tuple[Badge, ...]
    ) -> tuple[Badge, ...]:
        """Let a movement look at some badges, and note what it made of all."""
        effective, days = movement.effective.after(day), self.moves.days_judged(movement, day)
        if not days:
            return moving  # there is no day to look at in the window
        before, beneath = self.credited(effective), in_rank(badge.tier for badge in self.badges)
        moved: list[Badge] = []
        looks: list[Verdicts] = []
        told: list[Verdicts] = []
        said: set[Outcome] = set()
        each_sees = self.sight.hangs_on_badge(movement)
        for badge in moving:
            if each_sees or not looks:
                looks = self.moves.looks(movement, day, badge)
                if not told or matured(badge, effective).tier == before[-1]:
                    told = looks
            if movement.kind is MoveKind.RISE:
                moved += self.moves.risen(movement, day, badge, looks)
            else:
                outcome, results = self.moves.fallen(movement, day, badge, looks)
                said.add(outcome)
                moved += results
        result = each_once(moved)
        self.badges = each_once((*others, *result))
        if movement.kind is MoveKind.RISE:
            lifted = partial(self.moves.lifted, movement, day, looks=looks)
            self.decided = tuple(each.moved(lifted) for each in self.decided)
        after = self.credited(effective)
        outcome = said.pop() if len(said) == 1 else Outcome.KEPT
        decided = self._decided_on(effective)
        if decided or outcome not in (Outcome.PROTECTED, Outcome.EXPOSED):
            outcome = outcome_of(movement.kind, before, after)
        silent = AT_ONCE in movement.on and outcome in (Outcome.NO_RISE, Outcome.KEPT)
        if not silent:
            lacks = self.moves.unknown(movement, day, moving, after[1:])
            why = self._why(movement, day, outcome, (before, after), told, lacks=lacks)
            now = in_rank(badge.tier for badge in self.badges)
            if decided and now != beneath:
                way = [words_of(self._named(each, day)) for each in (beneath, now)]
                why += "; beneath it, " + " became ".join(way)
            self._decide(day, outcome, before, why, movement=movement, looks=days)
        return result

    def _why(
        self,
        movement: Movement,
        day: date,
        outcome: Outcome,
        tiers: tuple[tuple[MaybeTier, ...], tuple[MaybeTier, ...]],
        looks: Sequence[Verdicts],
        *,
        lacks: Sequence[str],
    ) -> str:
        """Say in a sentence what decided on an outcome, of the tiers before it and after it."""
        effective, was = movement.effective.after(day), tiers[0][-1]
        days = self.moves.days_judged(movement, day)
        met = {
            each: Verdict.NOT_MET if was is None else reached_on(verdicts, was)
            for each, verdicts in zip(days, looks, strict=True)
        }
        before, after = (self._named(each, effective) for each in tiers)
        keeps = self.sight.keeps(movement, was)
        return sentence_of(movement, outcome, before, after, met, keeping=keeps, lacks=lacks)

    # ---------------------------------------------------------------- tiers that are given

    def _give(self, held: Held) -> None:
        """Take a tier that was given: for good, or, where its end is said, above what the movements give."""
        tier, before = self.program.tier(held.tier), self.credited() if self.badges else ()
        badges = self.badges or self._any_badges(held.on, held.since)
        since = (held.since, held.since) if held.since else (date.min, held.on)
        if held.until is None:
            badges = tuple(
                badge  # which the fact only confirms
                if badge.tier == tier and held.since is None
                else attrs.evolve(badge, tier=tier, since=since, rose=True, pending=())
                for badge in badges
            )
        if self.sight.trails:
            step = Step(tier, since, held.since or held.on, told=held.since is not None)
            badges = tuple(self._stepped(badge, step) for badge in badges)
        self.badges = each_once(badges)
        self.decided = decided_with(self.decided, held, tier)
        why = held.reason or "given as a fact"
        self._decide(held.on, Outcome.GIVEN, before, why, clause=held.reason)

    @staticmethod
    def _stepped(badge: Badge, step: Step) -> Badge:
        """Note in the trail of a badge a tier that was given, unless it only confirms what was found."""
        if badge.trail[-1].tier == step.tier and not step.told:
            return badge
        return attrs.evolve(badge, trail=stepped(badge.trail, step))

    def _decide(
        self,
        day: date,
        outcome: Outcome,
        before: tuple[MaybeTier, ...],
        why: str,
        *,
        movement: Movement | None = None,
        looks: tuple[date, ...] = (),
        clause: str = "",
    ) -> None:
        effective = movement.effective.after(day) if movement else day
        self.decisions.append(
            Decision(
                on=day,
                effective_on=effective,
                movement=movement.id if movement else "",
                outcome=outcome,
                before=self._named(before, effective),
                after=self._named(self.credited(effective), effective),
                looks=looks,
                why=why,
                clause=clause_of(movement) if movement else clause,
                source=movement.source if movement else None,
                grade=movement.grade if movement else None,
            )
        )


def _refuse_unknown(program: Program, helds: Iterable[Held]) -> None:
    """Raise where tiers are held that the program does not have, all of them at once."""
    known = [tier.id for tier in program.tiers]
    unknown = [
        unknown_name(f"held tier of {held.partner} on {held.on}", "tier", held.tier, known)
        for held in helds
        if held.tier not in known
    ]
    if unknown:
        raise UnknownName(*(problem for error in unknown for problem in error.problems))
