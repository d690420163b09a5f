"""The walk: one pass along time in which movements change the tier that a partner holds.

Each day first ends what ends, then lets movements look, and then takes the tiers that were given as facts.
A program whose movements post points, or restart a personal year, gets its points from here as well.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, final

import attrs

from tierkit.engine.judge import reading_verdict
from tierkit.engine.ledger import lines_of
from tierkit.engine.moving.badge import (
    Badge,
    Post,
    Verdicts,
    any_badges,
    bar_of,
    each_once,
    fallen_to,
    has_personal_years,
    matured,
    outcome_of,
    protection,
    risen_to,
)
from tierkit.engine.moving.first_badge import start_of
from tierkit.engine.moving.journey import Decision, Look, MaybeTier, Outcome, in_rank, sentence_of, words_of
from tierkit.engine.moving.review_days import days_judged, review_days
from tierkit.engine.moving.sight import Sight
from tierkit.engine.moving.turning_days import turning_days
from tierkit.engine.tally import Tally, tally_on
from tierkit.errors import Problem, UnknownName, unknown_name
from tierkit.programs.movements import AT_ONCE, YEAR_END, MoveKind, Reach
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tierkit.engine.ledger import Ledger
    from tierkit.facts.facts import Held
    from tierkit.programs.movements import Movement
    from tierkit.programs.program import Program
    from tierkit.values.tier import Tier


@final
@attrs.define(frozen=True)
class Stop:
    """What a walk found on one day: the tiers that may be held, and what the partner has."""

    credited: tuple[MaybeTier, ...]
    tally: Tally


@final
@attrs.define(frozen=True)
class Walked:
    """What a walk found.

    Attributes:
        decisions: what was decided, in the order of days.
        looks: what was looked at, in the order of days.
        badges: the possible badges by the movements alone, on the last day.
        granted: those that rest on a decision of the vendor that is in force; none where none is.
        credited: the tiers that may be held on the last day, from the lowest.
        given: the decision of the vendor that is in force on the last day, if there is one.
        problems: the facts that could not be valued and would count on a day that was looked at.
        course: the days on which that became something else, each with what may be held from it on.
        stops: what was found on each of the days that were asked for.
    """

    decisions: tuple[Decision, ...]
    looks: tuple[Look, ...]
    badges: tuple[Badge, ...]
    granted: tuple[Badge, ...]
    credited: tuple[MaybeTier, ...]
    given: Held | None
    problems: tuple[Problem, ...]
    course: tuple[tuple[date, tuple[MaybeTier, ...]], ...]
    stops: dict[date, Stop]


def walk(ledger: Ledger, on: date, stops: Iterable[date] = ()) -> Walked:
    """Follow the ledger's one partner from the first day that is known to a day.

    Raises:
        UnknownName: a held tier is none of the program's.
    """
    return _Walk(ledger, on, stops).walked()


def tally_of(ledger: Ledger, on: date) -> Tally:
    """Add up what counts for the ledger's one partner on a day, under whatever program."""
    if has_personal_years(ledger.program):
        return walk(ledger, on, (on,)).stops[on].tally
    return tally_on(ledger, on)


class _Walk:
    """The state of a walk: what may be held, and what was found on the way."""

    def __init__(self, ledger: Ledger, on: date, stops: Iterable[date]) -> None:
        self.ledger = ledger
        self.program = ledger.program
        self.on = on
        self.sight = Sight(ledger)
        self.given: Held | None = None
        self.granted: tuple[Badge, ...] = ()
        self.decisions: list[Decision] = []
        self._asked = {day for day in stops if day <= on}
        self._stops: dict[date, Stop] = {}
        self._held = {held.on: held for held in lines_of(ledger).held.get(ledger.partner_id, ())}
        _refuse_unknown(self.program, [held for held in self._held.values() if held.on <= on])
        self.start, self.badges = self._first_day()
        self._judged = {
            movement.id: {day: days_judged(movement, day) for day in self._days_of(movement)}
            for movement in self.program.movements
        }
        judged = (day for days in self._judged.values() for each in days.values() for day in each)
        self.sight.sweep({*self._asked, *judged})

    def _first_day(self) -> tuple[date, tuple[Badge, ...]]:
        """Begin where what is held is known, or with the first decision of the vendor, if that is earlier."""
        lasting = min((held.on for held in self._held.values() if held.until is None), default=None)
        joined = lines_of(self.ledger).joined.get(self.ledger.partner_id, date.min)
        self.joined = date.min if lasting and lasting <= joined else joined
        start, badges = start_of(self.ledger, self.on, lasting)
        first = min(self._held, default=start)
        return (first, badges or any_badges(self.program.tiers, first)) if first < start else (start, badges)

    def walked(self) -> Walked:
        """Walk from the first day to the last."""
        agenda = [self.start, self.on, *self._held, *self._asked]
        agenda += [day for days in self._judged.values() for day in days]
        agenda += [held.until for held in self._held.values() if held.until]
        heapify(agenda)
        course: list[tuple[date, tuple[MaybeTier, ...]]] = []
        done: date | None = None
        while agenda:
            day = heappop(agenda)
            if day == done or day > self.on:
                continue
            done = day
            if day >= self.start:
                self._live_through(day)
            credited = self.credited()
            if not course or course[-1][1] != credited:
                course.append((day, credited))
            if day in self._asked:
                self._stops[day] = Stop(credited, self.sight.tally(day, self.badges))
            for badge in self.badges:
                for later in (
                    *(each[0] for each in badge.pending),
                    *([badge.year_end] if self.sight.years else []),
                ):
                    heappush(agenda, later)
        return Walked(
            decisions=tuple(self.decisions),
            looks=self.sight.all_looks(),
            badges=self.badges,
            granted=self.granted,
            credited=self.credited(),
            given=self.given,
            problems=self.sight.problems(),
            course=tuple(course),
            stops=self._stops,
        )

    def credited(self, at: date = date.min) -> tuple[MaybeTier, ...]:
        """Give the tiers that may be held, once what is pending has taken effect up to a day.

        Up to its end a decision of the vendor holds, and what it rose to since, whatever the movements give.
        """
        decided = self.given is not None and at < (self.given.until or date.max)
        badges = self.granted if decided else self.badges
        return in_rank([matured(badge, at).tier for badge in badges] or (None, *self.program.tiers))

    # ---------------------------------------------------------------- the days

    def _days_of(self, movement: Movement) -> set[date]:
        """Give the days on which a movement looks, but for the ends of personal years."""
        days = review_days(movement, self.start, self.on)
        if AT_ONCE in movement.on:
            turns = {*turning_days(self.ledger, self.start, self.on), movement.effective_from or self.start}
            days |= {day for day in turns if movement.covers(day) and self.start <= day <= self.on}
        return days

    def _live_through(self, day: date) -> None:
        """Let a day pass: what ends, the movements that look, the tier that is given."""
        self.badges = each_once(matured(badge, day) for badge in self.badges)
        self.granted = each_once(matured(badge, day) for badge in self.granted)
        if self.given is not None and self.given.until == day:
            self._end_given(self.given, day)
        ended = self.sight.years and self._end_years(day)
        for movement in self.program.movements:
            turned = ended and AT_ONCE in movement.on and movement.covers(day)
            if self.badges and (turned or day in self._judged[movement.id]):
                self._move(movement, day, self.badges, ())
        held = self._held.get(day)
        if held is not None:
            self._give(held)

    def _end_given(self, held: Held, day: date) -> None:
        before, self.given, self.granted = self.credited(), None, ()
        why = f"the decision of {held.on} ended: what the movements give holds"
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
        effective = movement.effective.after(day)
        before, beneath = self.credited(effective), in_rank(badge.tier for badge in self.badges)
        days = self._judged[movement.id].get(day) or days_judged(movement, day)
        moved: list[Badge] = []
        looks: list[Verdicts] = []
        said: set[Outcome] = set()
        for badge in moving:
            if self.sight.years or not looks:  # else what counts does not hang on the badge
                looks = [self.sight.verdicts(movement, each, day, badge) for each in days]
            if movement.kind is MoveKind.RISE:
                moved += self._rise(movement, day, badge, looks)
            else:
                outcome, results = self._fall(movement, day, badge, looks)
                said.add(outcome)
                moved += results
        result = each_once(moved)
        self.badges = each_once((*others, *result))
        if movement.kind is MoveKind.RISE:
            self.granted = each_once(
                lifted for badge in self.granted for lifted in self._lifted(movement, day, badge, looks)
            )
        after = self.credited(effective)
        outcome = said.pop() if len(said) == 1 else Outcome.KEPT
        if self.given is not None or outcome not in (Outcome.PROTECTED, Outcome.EXPOSED):
            outcome = outcome_of(movement.kind, before, after)
        silent = AT_ONCE in movement.on and outcome in (Outcome.NO_RISE, Outcome.KEPT)
        if not silent:
            seen = [self.sight.look(movement, each, day) for each in days]
            why = sentence_of(movement, outcome, before, after, seen)
            now = in_rank(badge.tier for badge in self.badges)
            if self.given is not None and now != beneath:
                why += f"; beneath it, {words_of(beneath)} became {words_of(now)}"
            self._decide(day, outcome, before, why, movement=movement, looks=days)
        return result

    def _rise(self, movement: Movement, day: date, badge: Badge, looks: Sequence[Verdicts]) -> list[Badge]:
        if day < self.joined:
            return [badge]  # a decision of the vendor came first; who has not joined gains no tier
        effective = movement.effective.after(day)
        ahead = matured(badge, effective)
        moved: list[Badge] = []
        for tier in risen_to(ahead, movement.to, looks, self.program.tiers):
            if tier == ahead.tier or tier is None:
                moved.append(badge)
            elif effective > day:
                moved.append(badge.rising(tier, effective))
            else:
                risen = self._posted(movement, matured(badge.rising(tier, day), day), day)
                if movement.to is Reach.NEXT:
                    judged = days_judged(movement, day)
                    again = [self.sight.verdicts(movement, each, day, risen) for each in judged]
                    moved += self._rise(movement, day, risen, again)
                else:
                    moved.append(risen)
        return moved

    def _lifted(self, movement: Movement, day: date, badge: Badge, looks: Sequence[Verdicts]) -> list[Badge]:
        """Let a tier that the vendor decided on rise; it posts nothing, as what it stands on does already."""
        effective = movement.effective.after(day)
        ahead = matured(badge, effective)
        return [
            badge if tier is None or tier == ahead.tier else matured(badge.rising(tier, effective), day)
            for tier in risen_to(ahead, movement.to, looks, self.program.tiers)
        ]

    def _fall(
        self, movement: Movement, day: date, badge: Badge, looks: Sequence[Verdicts]
    ) -> tuple[Outcome, list[Badge]]:
        ahead = matured(badge, movement.effective.after(day))
        if ahead.tier is None:
            return Outcome.KEPT, [badge]
        protected = protection(ahead, movement, day)
        if protected is Verdict.MET:
            return Outcome.PROTECTED, [badge]
        kept = [badge] if protected is Verdict.UNKNOWN else []
        tiers = fallen_to(ahead, movement.to, looks, self.program.tiers)
        outcome = Outcome.KEPT if tiers == [ahead.tier] else Outcome.FELL
        asked = reading_verdict(
            self.program, ahead.tier, day, self.sight.holding(day, badge), movement.asked_on_the_day
        )
        if asked is not Verdict.MET and tiers[0] is not None:  # a lapse may lower the tier, and saves none
            lower = [tier for tier in self.program.tiers if tier <= tiers[0]]
            tiers, outcome = [*lower, None], Outcome.EXPOSED if asked is Verdict.NOT_MET else outcome
        return outcome, [*kept, *(self._fallen(movement, day, badge, ahead, tier) for tier in tiers)]

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
        if tier is None or badge.doubtful:
            return badge
        if movement.deduct:
            bar = bar_of(self.program, tier, movement.deduct, day)
            posts.append(Post(day, movement.deduct, -bar, movement.id, tier))
        if movement.carry:
            eve = days_judged(movement, day)[-1]
            bar = bar_of(self.program, tier, movement.carry, eve)
            have = self.sight.holding(eve, badge).points[movement.carry].fraction
            surplus = max(have - bar, Fraction(0))
            if movement.carry_at_most is not None:
                surplus = min(surplus, movement.carry_at_most)
            posts.append(Post(day, movement.carry, surplus, movement.id, tier))
        year = day if movement.restarts_year else badge.year_from
        return attrs.evolve(badge, posts=tuple(posts), year_from=year)

    # ---------------------------------------------------------------- tiers that are given

    def _give(self, held: Held) -> None:
        """Take a tier that was given: for good, or, where its end is said, above what the movements give."""
        tier, before = self.program.tier(held.tier), self.credited() if self.badges else ()
        badges = self.badges or any_badges(self.program.tiers, held.on, held.since)
        if held.until is None:
            since = (held.since, held.since) if held.since else (date.min, held.on)
            badges = tuple(
                badge  # which the fact only confirms
                if badge.tier == tier and held.since is None
                else attrs.evolve(badge, tier=tier, since=since, rose=True, pending=())
                for badge in badges
            )
        self.badges = each_once(badges)
        self.given = held if held.until is not None else None
        self.granted = (Badge(tier, (held.on, held.on), rose=True),) if held.until is not None else ()
        why = held.reason or "given as a fact"
        self._decide(held.on, Outcome.GIVEN, before, why, clause=held.reason)

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
                before=before,
                after=self.credited(effective),
                looks=looks,
                why=why,
                clause=movement.note if movement else clause,
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
