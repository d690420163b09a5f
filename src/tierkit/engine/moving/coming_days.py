"""The coming days: on which days movements look, known beforehand or turning up on the way."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, final

from tierkit.engine.moving.badge import tenures_of
from tierkit.engine.moving.deciding import protection_ends
from tierkit.engine.moving.review_days import days_after_turn, first_effective_on, review_days, window_start
from tierkit.engine.moving.trail import months_between, run_to
from tierkit.engine.moving.turning_days import turning_days
from tierkit.programs.movements import AT_ONCE, MoveKind
from tierkit.values.span import add_days, add_months

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tierkit.engine.ledger import Ledger
    from tierkit.engine.moving.badge import Badge
    from tierkit.programs.movements import Movement
    from tierkit.programs.program import Program


@final
class ComingDays:
    """The days of one walk on which movements look, but for the ends of personal years."""

    def __init__(self, ledger: Ledger, start: date, on: date) -> None:
        self._program: Program = ledger.program
        self._start, self._on = start, on
        self._at_once = [each for each in self._program.movements if AT_ONCE in each.on]
        self._days = {each.id: review_days(each, start, on) for each in self._program.movements}
        self._tenures = tenures_of(self._program)
        self._new: list[date] = []
        if self._at_once:
            since = min(window_start(movement, start) for movement in self._at_once)
            turns = turning_days(ledger, since, on)
            for movement in self._at_once:
                self._look_after(movement, (*turns, movement.effective_from or start))

    def of(self, movement: Movement) -> set[date]:
        """Give the days on which a movement looks, as far as they are known."""
        return self._days[movement.id]

    def looks(self, movement: Movement, day: date) -> bool:
        """Say whether a movement looks on a day."""
        return day in self._days[movement.id]

    def turned(self, day: date) -> None:
        """Note that something turned on a day: movements that look at once do so."""
        for movement in self._at_once:
            self._look_after(movement, (day,))

    def moved(self, by: Movement, day: date) -> None:
        """Note that a movement decided something: the others that look at once do so at their next turn."""
        order = [movement.id for movement in self._program.movements]
        for movement in self._at_once:
            if movement.id != by.id:
                later = order.index(movement.id) > order.index(by.id)
                self._look_after(movement, (day if later else add_days(day, 1),))

    def _look_after(self, movement: Movement, turns: Iterable[date]) -> None:
        days = {day for turn in turns for day in days_after_turn(movement, turn)}
        days = {day for day in days if movement.covers(day) and self._start <= day <= self._on}
        self._new += days - self._days[movement.id]
        self._days[movement.id] |= days

    def turns_of(self, badge: Badge, day: date) -> Iterator[date]:
        """Give the days, next to a day, on which something about a badge turns that no fact tells."""
        for effective, _, _ in badge.pending:
            yield effective
            yield from (first_effective_on(each.effective, effective) for each in self._at_once)
        yield from (step.morning for step in badge.trail[-1:])
        for movement in self._at_once:
            ends = protection_ends(badge, movement) if movement.kind is MoveKind.FALL else None
            yield from ends or ()
        for tier in self._tenures if self._at_once else ():
            latest, earliest = (run_to(badge.trail, tier, day, certain=certain) for certain in (True, False))
            for begun in (latest and latest[1], earliest and earliest[0]):
                if begun is not None and begun != date.min:
                    months = months_between(begun, day)
                    yield from (add_months(begun, months), add_months(begun, months + 1))

    def turn(self, day: date, badges: Iterable[Badge]) -> bool:
        """Say whether something about badges turns on a day that no fact tells."""
        return bool(self._at_once) and any(day in self.turns_of(badge, day) for badge in badges)

    def after(self, day: date, badges: Iterable[Badge], *, personal_years: bool) -> Iterator[date]:
        """Give the days after a day of which the badges of that day tell."""
        found, self._new = self._new, []
        for badge in badges:
            if badge.pending or self._at_once:
                found += self.turns_of(badge, day)
            if personal_years:
                found.append(badge.year_end)
        yield from (each for each in found if each > day)
