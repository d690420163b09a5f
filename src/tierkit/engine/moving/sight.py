"""What a walk sees: what counts on a day, and which tiers that reaches; each is found once."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, final

import attrs

from tierkit.engine.figure import Figure
from tierkit.engine.judge import possible_above
from tierkit.engine.measures import Course, Scene
from tierkit.engine.moving.badge import (
    Badge,
    has_personal_years,
    has_tier_rates,
    is_chronological,
    keeps_trails,
    posted_tracks,
    tenures_of,
)
from tierkit.engine.moving.journey import Look, named, rank_of
from tierkit.engine.moving.trail import tenure_on, tier_on
from tierkit.engine.tally import Counter, Tally, agreed, tally_along, tally_on
from tierkit.engine.verdicts import reached_by, units_of, unknown_on, verdicts_on
from tierkit.programs.movements import BarsOf, MoveKind
from tierkit.values.tier import Tier

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from tierkit.engine.ledger import Ledger
    from tierkit.engine.moving.deciding import Verdicts
    from tierkit.engine.moving.journey import MaybeTier
    from tierkit.engine.verdicts import Holding, ReachedTier
    from tierkit.errors import Problem
    from tierkit.programs.movements import Movement
    from tierkit.programs.program import Program


@final
class Sight:
    """What counts for the ledger's one partner, and the looks of reviews at it.

    Attributes:
        years: whether the program has personal years, or movements that post points.
        trails: whether it matters which tiers were held earlier.
        posted: the tracks to which movements post.
        looks: what was looked at, by the day, the day of the bars, the readings that were looked past, and
            whether it was judged by what keeps a tier.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.program: Program = ledger.program
        self.years: bool = has_personal_years(ledger.program)
        self.posted: set[str] = posted_tracks(ledger.program)
        self.looks: dict[tuple[date, date, tuple[str, ...], bool], Look] = {}
        self.trails: bool = keeps_trails(ledger.program)
        self._tier_rates = has_tier_rates(ledger.program)
        self._tenures = tenures_of(ledger.program)
        self._units = units_of(ledger.program)
        self._by_badge = self.years or self._tier_rates
        self._chronological = is_chronological(ledger.program)
        self._tallies: dict[object, Tally] = {}
        self._holdings: dict[object, Holding] = {}
        self._verdicts: dict[object, Verdicts] = {}
        self._scenes: dict[object, Scene] = {}

    def sweep(self, days: Collection[date]) -> None:
        """Add up some days in one sweep, where what counts on them is the same for every badge."""
        for tally in () if self._by_badge else tally_along(self.ledger, sorted(days)):
            self._tallies[tally.on] = tally

    def tally(self, day: date, badges: Sequence[Badge]) -> Tally:
        """Add up what counts on a day; where that hangs on the badge, what counts for any of several."""
        told = self._told(day, badges) if self._by_badge else {}
        key: object = (day, *told) if self._by_badge else day
        found = self._tallies.get(key)
        if found is None:
            each = [
                tally_on(self.ledger, day, self._counter(badge, day)) for badge in told.values() or (None,)
            ]
            doubtful = any(badge.doubtful for badge in told.values())
            found = self._tallies[key] = agreed(each, self.posted if doubtful else ())
        return found

    def holding(self, day: date, badge: Badge) -> Holding:
        """Give what the partner has on a day if it holds a badge."""
        key: object = (day, badge.up_to(day)) if self._chronological else day
        found = self._holdings.get(key)
        if found is None:
            found = self._holdings[key] = self._scene(badge).holding(self.tally(day, (badge,)))
        return found

    def holding_of_any(self, day: date, badges: Sequence[Badge]) -> Holding:
        """Give what the partner has if it holds one of several badges; in bounds, where they differ."""
        scene = self.scene_of_any(day, badges)
        holding = scene.holding_on(day)
        others = self._by_points(day, badges)[:-1]
        if not others:
            return holding
        also = [self.holding(day, badge).have for badge in others]
        have = {name: _hull(each, [have[name] for have in also]) for name, each in holding.have.items()}
        return attrs.evolve(holding, have=have)

    def scene_of_any(self, day: date, badges: Sequence[Badge]) -> Scene:
        """Give the scene of that one of several badges with most points on a day."""
        most = self._by_points(day, badges)[-1:]
        scene = self._scene(most[0] if most else None)
        scene.holding(self.tally(day, most))
        return scene

    def _by_points(self, day: date, badges: Sequence[Badge]) -> list[Badge]:
        """Give the badges that did not all count the same on a day, those with most points last."""
        told = self._told(day, badges).values() if self._chronological else ()
        return sorted(told, key=lambda badge: self._points(day, badge))

    def _told(self, day: date, badges: Sequence[Badge]) -> dict[object, Badge]:
        return {badge.up_to(day): badge for badge in badges}

    def _points(self, day: date, badge: Badge) -> Fraction:
        return sum(self.tally(day, (badge,)).tracks.values(), Fraction(0))

    def _scene(self, badge: Badge | None) -> Scene:
        """Give the scene in which quantities are found if the partner holds a badge; None if nobody knows."""
        key: object = badge.up_to(date.max) if badge is not None and self._chronological else None
        found = self._scenes.get(key)
        if found is None:
            trail = badge.trail if badge is not None else ()
            course = Course(partial(tenure_on, trail), partial(self._counter, badge))
            found = self._scenes[key] = Scene(self.ledger, course if self._chronological else None)
        return found

    def _counter(self, badge: Badge | None, day: date) -> Counter | None:
        if badge is None:
            return Counter(day, {}, partial(tier_on, ())) if self._tier_rates else None
        tiers = partial(tier_on, badge.trail) if self._tier_rates else None
        return Counter(badge.counted_on(day), badge.posted(day), tiers) if self._by_badge else None

    def verdicts(
        self, movement: Movement, day: date, review: date, badge: Badge, held: MaybeTier
    ) -> Verdicts:
        """Give the verdict of each tier on a day that a review looks at, noting the look.

        A fall asks of the tier that is held, and of those below it, what keeps them, where that is something
        else than what they ask to be reached.
        """
        holding = self.holding(day, badge)
        bars_on, past = _bars_on(movement, day, review), movement.asked_on_the_day
        keeping = self._keeping(movement)
        key = (day, bars_on, past, id(holding), held if keeping else None, keeping)
        found = self._verdicts.get(key)
        if found is None:
            full = verdicts_on(self.program, bars_on, holding)
            found = verdicts_on(self.program, bars_on, holding, past=past) if past else full
            if keeping:
                kept = verdicts_on(self.program, bars_on, holding, past=past, keeping=True)
                found = {
                    tier: kept[tier] if tier.rank <= rank_of(held) else asked for tier, asked in found.items()
                }
            self._verdicts[key] = found
            self.looks[day, bars_on, past, keeping] = self._look(day, bars_on, holding, full, found)
        return found

    def unknown(
        self, movement: Movement, day: date, review: date, badge: Badge, tiers: Iterable[Tier]
    ) -> Iterator[str]:
        """Name what is not known of what some tiers ask on a day that a review looks at."""
        holding, bars_on = self.holding(day, badge), _bars_on(movement, day, review)
        past, keeping = movement.asked_on_the_day, self._keeping(movement)
        for tier in tiers:
            yield from unknown_on(self.program, tier, bars_on, holding, past=past, keeping=keeping)

    def _look(self, day: date, bars_on: date, holding: Holding, full: Verdicts, judged: Verdicts) -> Look:
        best = reached_by(full)
        return Look(
            on=day,
            bars_on=bars_on,
            points=holding.points,
            figures=holding.figures,
            units=self._units,
            at_least=holding.at_least,
            unsure=holding.unsure,
            performance_tier=named(self.program, best, day),
            judged_tier=named(self.program, reached_by(judged), day),
            possible_tier=named(self.program, possible_above(self.program, bars_on, full, best), day),
        )

    def all_looks(self) -> tuple[Look, ...]:
        """Give every look in the order of days: under the same bars the one that says most."""
        ordered = sorted(self.looks, key=lambda key: (key[:2], key[3], len(key[2])))
        return tuple({key[:2]: self.looks[key] for key in ordered}.values())

    def problems(self) -> tuple[Problem, ...]:
        """Give the facts that could not be valued and would count on a day that was seen."""
        return tuple(dict.fromkeys(each for tally in self._tallies.values() for each in tally.problems))

    def watched(self, tier: ReachedTier) -> ReachedTier:
        """Give what a trail has to tell of a tier: itself, or the highest up to it whose tenure is asked."""
        if self._tier_rates or not isinstance(tier, Tier):
            return tier
        return max((each for each in self._tenures if each <= tier), default=None)

    def hangs_on_badge(self, movement: Movement) -> bool:
        """Say whether what a movement sees may not be the same for each badge."""
        return self._chronological or self._keeping(movement)

    def keeps(self, movement: Movement, tier: MaybeTier) -> bool:
        """Say whether a movement judges a tier by something else than what it asks to be reached."""
        return tier is not None and self._keeping(movement) and tier.id in self.program.keeps

    def _keeping(self, movement: Movement) -> bool:
        return movement.kind is MoveKind.FALL and bool(self.program.keeps)


def _bars_on(movement: Movement, day: date, review: date) -> date:
    return review if movement.bars is BarsOf.REVIEW_DAY else day


def _hull(figure: Figure, others: Sequence[Figure]) -> Figure:
    """Give the bounds of a figure that may be any of several, and the value of the first."""
    lows = [each.low for each in (figure, *others)]
    highs = [each.high for each in (figure, *others)]
    return Figure(
        figure.value,
        None if None in lows else min(each for each in lows if each is not None),
        None if None in highs else max(each for each in highs if each is not None),
    )
