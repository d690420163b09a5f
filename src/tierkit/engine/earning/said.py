"""Said: what an earning rule says on a day, and on which days it says something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

import attrs

from tierkit.engine.earning.bounds import Bounds, bounds_of

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

    from tierkit.programs.dated import Dated, Period
    from tierkit.programs.rules import EarningRule, Life, Sharing


@final
@attrs.define(frozen=True, eq=False)
class Said:
    """What a rule says on days between which nothing of it changes.

    Attributes:
        earns: whether it has a rate, and a life of points.
        life: how long the points count.
        share: how the holders of a state divide them.
        bounds: the least and the most that a fact gives, and how that is rounded.
        tiered: whether the tier that is held on a fact's day multiplies its points.
    """

    earns: bool
    life: Period[Life] | None
    share: Period[Sharing] | None
    bounds: Bounds
    tiered: bool


def said_by(rule: EarningRule, day: date) -> Said:
    """Give what a rule says on a day."""
    tiered = bool(tiers_that_multiply(rule, day))
    return Said(rule.covers(day), rule.live.at(day), rule.share.at(day), bounds_of(rule, day), tiered)


def turns_of(rule: EarningRule) -> set[date]:
    """Give the days on which anything changes that a rule says."""
    dated: list[Dated[object]] = [*rule.multiply.values(), *rule.tier_multiply.values()]
    dated += [rule.rate, rule.rate_day, rule.at_least, rule.at_most, rule.round, rule.share, rule.live]
    return {day for each in dated for day in each.boundaries()}


def tiers_that_multiply(rule: EarningRule, day: date) -> dict[str, Period[Fraction | None]]:
    """Give the tiers that multiply what a rule gives on a day, by their ids."""
    if not rule.tier_multiply:
        return {}
    found = {tier: dated.at(day) for tier, dated in rule.tier_multiply.items()}
    return {tier: by for tier, by in found.items() if by is not None and by.value != 1}
