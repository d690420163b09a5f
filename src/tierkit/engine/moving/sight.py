"""What a walk sees: what counts on a day, and which tiers that reaches; each is found once."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from tierkit.engine.judge import possible_above, reached_by, verdicts_on
from tierkit.engine.moving.badge import Badge, Verdicts, has_personal_years
from tierkit.engine.moving.journey import Look
from tierkit.engine.tally import Counter, Tally, agreed, holding_of, tally_along, tally_on
from tierkit.programs.movements import BarsOf

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from tierkit.engine.judge import Holding
    from tierkit.engine.ledger import Ledger
    from tierkit.errors import Problem
    from tierkit.programs.movements import Movement
    from tierkit.programs.program import Program


@final
class Sight:
    """What counts for the ledger's one partner, and the looks of reviews at it.

    Attributes:
        years: whether what counts hangs on the badge, as the program has personal years.
        posted: the tracks to which movements post.
        looks: what was looked at, by the day, the day of the bars, and the readings that were looked past.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.program: Program = ledger.program
        self.years: bool = has_personal_years(ledger.program)
        self.posted: set[str] = {
            track for each in self.program.movements for track in (each.deduct, each.carry) if track
        }
        self.looks: dict[tuple[date, date, tuple[str, ...]], Look] = {}
        self._tallies: dict[object, Tally] = {}
        self._holdings: dict[int, Holding] = {}
        self._verdicts: dict[object, Verdicts] = {}

    def sweep(self, days: Collection[date]) -> None:
        """Add up some days in one sweep, where what counts on them is the same for every badge."""
        for tally in () if self.years else tally_along(self.ledger, sorted(days)):
            self._tallies[tally.on] = tally

    def tally(self, day: date, badges: Sequence[Badge]) -> Tally:
        """Add up what counts on a day; in a program with personal years that hangs on the badge."""
        told = [(badge.counted_from, badge.posts, badge.doubtful) for badge in badges]
        key: object = (day, *told) if self.years else day
        found = self._tallies.get(key)
        if found is None:
            counters = (
                [Counter(badge.counted_from, badge.posted(day)) for badge in badges] if self.years else []
            )
            each = [tally_on(self.ledger, day, counter) for counter in counters or (None,)]
            doubtful = self.years and any(badge.doubtful for badge in badges)
            found = self._tallies[key] = agreed(each, self.posted if doubtful else ())
        return found

    def holding(self, day: date, badge: Badge) -> Holding:
        """Give what the partner has on a day if it holds a badge."""
        tally = self.tally(day, (badge,))
        found = self._holdings.get(id(tally))
        if found is None:
            found = self._holdings[id(tally)] = holding_of(self.ledger, tally)
        return found

    def verdicts(self, movement: Movement, day: date, review: date, badge: Badge) -> Verdicts:
        """Give the verdict of each tier on a day that a review looks at, noting the look."""
        holding = self.holding(day, badge)
        bars_on, past = _bars_on(movement, day, review), movement.asked_on_the_day
        key = (day, bars_on, past, id(holding))
        found = self._verdicts.get(key)
        if found is None:
            full = verdicts_on(self.program, bars_on, holding)
            found = verdicts_on(self.program, bars_on, holding, past=past) if past else full
            self._verdicts[key] = found
            best = reached_by(full)
            self.looks[day, bars_on, past] = Look(
                on=day,
                bars_on=bars_on,
                points=holding.points,
                at_least=holding.at_least,
                unsure=holding.unsure,
                performance_tier=best,
                judged_tier=reached_by(found),
                possible_tier=possible_above(self.program, bars_on, full, best),
            )
        return found

    def look(self, movement: Movement, day: date, review: date) -> Look:
        """Give what a review saw on a day."""
        return self.looks[day, _bars_on(movement, day, review), movement.asked_on_the_day]

    def all_looks(self) -> tuple[Look, ...]:
        """Give every look in the order of days: under the same bars the one that looked past most."""
        ordered = sorted(self.looks, key=lambda key: (key[:2], len(key[2])))
        return tuple({key[:2]: self.looks[key] for key in ordered}.values())

    def problems(self) -> tuple[Problem, ...]:
        """Give the facts that could not be valued and would count on a day that was seen."""
        return tuple(dict.fromkeys(each for tally in self._tallies.values() for each in tally.problems))


def _bars_on(movement: Movement, day: date, review: date) -> date:
    return review if movement.bars is BarsOf.REVIEW_DAY else day
