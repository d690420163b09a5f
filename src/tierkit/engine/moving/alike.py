"""Alike: possible badges that need not be told apart, since nothing that is yet to come tells them apart.

Where the tier of a fact's day multiplies its points, a partner whose tier is not known may have risen on any
of many days. Of these only the days of facts matter: who rose on two days without such a fact between them
has the same points ever after.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, final

import attrs

from tierkit.engine.earning.events import DAY_OF
from tierkit.engine.ledger import lines_of
from tierkit.engine.moving.badge import Badge, has_tier_rates, since_of_any, tenures_of
from tierkit.engine.moving.trail import LONG_AGO

if TYPE_CHECKING:
    from collections.abc import Hashable
    from datetime import date

    from tierkit.engine.ledger import Ledger
    from tierkit.engine.verdicts import ReachedTier


@final
class Alike:
    """Which possible badges of the ledger's one partner are alike."""

    def __init__(self, ledger: Ledger) -> None:
        lines, partner, program = lines_of(ledger), ledger.partner_id, ledger.program
        any_day = any(line.rule.tier_multiply for line in lines.states.get(partner, ()))
        asked = bool(tenures_of(program)) or any(each.protected_months for each in program.movements)
        self._are_many = has_tier_rates(program) and not any_day and not asked
        self._days: list[date] = sorted(
            {
                DAY_OF[each.rule.fact](fact)
                for cell in lines.cells.get(partner, ())
                for each in cell.yields
                if each.tiered
                for fact in cell.facts
            }
        )

    def as_one(self, badges: tuple[Badge, ...]) -> tuple[Badge, ...]:
        """Give badges, those that are alike as one: that which turned last, held since any day of theirs."""
        if not self._are_many:
            return badges
        groups: dict[Hashable, list[Badge]] = {}
        for badge in badges:
            key = attrs.evolve(badge, since=LONG_AGO, trail=()), self._under(badge)
            groups[key] = [*groups.pop(key, ()), badge]
        return tuple(map(_as_one, groups.values()))

    def _under(self, badge: Badge) -> tuple[tuple[int, ReachedTier], ...]:
        """Give the tiers under which the facts fell, each with the number of the first fact."""
        found: list[tuple[int, ReachedTier]] = []
        for step in badge.trail:
            first = bisect_left(self._days, step.morning)
            while found and found[-1][0] >= first:
                found.pop()
            if not found or found[-1][1] != step.tier:
                found.append((first, step.tier))
        return tuple(found)


def _as_one(badges: list[Badge]) -> Badge:
    latest = max(badges, key=lambda badge: badge.trail[-1].morning)
    return attrs.evolve(latest, since=since_of_any(badges))
