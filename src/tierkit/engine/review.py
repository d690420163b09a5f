"""A review: the tier that is credited, and the whole journey by which it came about."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, final

from tierkit.engine.ledger import of_one_partner, refuse_ledger
from tierkit.engine.moving.journey import Decision, Look, MaybeTier, rank_of, words_of
from tierkit.engine.moving.walk import walk
from tierkit.engine.verdicts import ReachedTier, units_of
from tierkit.errors import Problem
from tierkit.facts.checks import checked_years
from tierkit.frozen import FrozenMap, frozen
from tierkit.looks import html_of
from tierkit.values.tier import Tier
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from tierkit.engine.ledger import Ledger
    from tierkit.engine.moving.walk import Walked


@final
@frozen(kw_only=True)
class Review:
    """The tier that a partner holds on a day by a program's movements, and how that came about.

    Attributes:
        program: the id of the program.
        partner: the id of the partner.
        on: the day.
        credited_tier: the tier that is held; None for none, `Verdict.UNKNOWN` where that is not known.
        possible: what may be held, from the lowest; one where it is known.
        since: the first day on which it is held without a break; None where that is not known, or there is
            no tier.
        units: what the tracks and measures count that do not count points: "users", "%", the code of a
            currency; "" for a bare number.
        looks: the days that were looked at, with the performance on each.
        decisions: what was decided, in the order of days, and by which clause.
        problems: the facts that could not be valued and would count on a day that was looked at.
        note: what a reader should know: why the tier is not known, where it is not.
    """

    program: str
    partner: str
    on: date
    credited_tier: ReachedTier
    possible: tuple[Tier | None, ...]
    since: date | None
    units: FrozenMap[str]
    looks: tuple[Look, ...]
    decisions: tuple[Decision, ...]
    problems: tuple[Problem, ...]
    note: str

    def _repr_html_(self) -> str:
        return html_of(self)


def review(ledger: Ledger, *, on: date, partner: str | None = None) -> Review:
    """Say which tier a partner holds on a day by the program's movements, and how that came about.

    The day's own movements have been applied. Points that end on a day end before it is looked at.

    Args:
        ledger: what the book earned.
        on: the day.
        partner: whose tier; needed only where the ledger has several partners.

    Raises:
        NotCovered: the program is not in force on that day.
        UnknownName: the ledger has no such partner, or a held tier is none of the program's.
        InvalidValue: a day is outside of 1900 to 2100;
            the ledger has several partners, or none, and none was named.
    """
    refuse_ledger(ledger, "review")
    checked_years(on, "review: on")
    ledger.program.refuse_days_not_in_force(on)
    ledger = of_one_partner(ledger, partner, "review")
    walked = walk(ledger, on)
    credited = credited_of(walked.credited)
    return Review(
        program=ledger.program.id,
        partner=ledger.partner_id,
        on=on,
        credited_tier=credited,
        possible=walked.credited,
        since=_since(walked, credited),
        units=units_of(ledger.program),
        looks=walked.looks,
        decisions=walked.decisions,
        problems=walked.problems,
        note=_note(ledger, walked, on),
    )


def _since(walked: Walked, credited: ReachedTier) -> date | None:
    """Give the first day on which the tier is held without a break, where that is known."""
    if not isinstance(credited, Tier):
        return None
    days = {badge.since for badge in (walked.decided or walked).badges}
    first, last = days.pop() if len(days) == 1 else (date.min, date.max)
    known = [first] if first == last else []
    for before, (begun, _) in pairwise(walked.course[-2:]):
        if credited.rank not in map(rank_of, before[1]):
            known.append(begun)
    return min(known, default=None)


def credited_of(tiers: tuple[MaybeTier, ...]) -> ReachedTier:
    """Give the tier that is held, where there is only one that may be."""
    return tiers[0] if len(tiers) == 1 else Verdict.UNKNOWN


def _note(ledger: Ledger, walked: Walked, on: date) -> str:
    tiers, decisions = walked.credited, [each for each in walked.decisions if each.effective_on <= on]
    if not ledger.program.movements:
        return "the program has no movements: a tier is held only as a given fact says"
    if len(tiers) == 1:
        return ""
    if not any(len(each.before) == 1 or len(each.after) == 1 for each in decisions):
        return "the tier that the partner holds is not known: add it as a Held fact"
    unknown = (each.why for each in reversed(decisions) if len(each.after) > 1 and each.after != each.before)
    return next(unknown, f"what is not known could change it: {words_of(tiers)}")
