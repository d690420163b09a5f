"""A forecast: what happens if nothing else does, and the tier at each coming review."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, final

import attrs

from tierkit.engine.changes import Changes, changes
from tierkit.engine.earning.states import Worth, turns_of_state, worth_on
from tierkit.engine.history import Moment, checked_window, moments_on, on_day
from tierkit.engine.judge import Progress, judge, reached, toward
from tierkit.engine.ledger import Ledger, lines_of, of_one_partner, refuse_ledger
from tierkit.engine.moving.journey import Decision, rank_of
from tierkit.engine.moving.review_days import review_days
from tierkit.engine.moving.walk import walk
from tierkit.engine.outlook import seen_on, serviced, tiers_in
from tierkit.engine.review import credited_of
from tierkit.engine.verdicts import ReachedTier, units_of
from tierkit.errors import Problem
from tierkit.frozen import FrozenMap, fields_of, frozen
from tierkit.looks import html_of
from tierkit.programs.movements import YEAR_END
from tierkit.values.points import Points
from tierkit.values.span import add_days, add_months
from tierkit.values.tier import Tier
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from tierkit.engine.moving.walk import Walked
    from tierkit.programs.program import Program


@final
@frozen(kw_only=True)
class ComingReview:
    """What a partner will have on a review day if nothing else happens, under the bars known for that day.

    At the end of the member's personal year it is what there is on the eve, the last day of that year.

    Attributes:
        on: the day.
        as_of: the day of which the figures and the tiers are: that day, or the eve.
        movements: the ids of the movements that look on it.
        points: the points by track and measure.
        figures: the tracks and measures that count something else, exact; None where nothing is known.
        at_least: the tracks and measures that are only known to be at least so much.
        unsure: those that are no bound either way.
        performance_tier: the highest tier whose requirements are all met.
        possible_tier: the highest tier above it that is unknown for want of a reading or a value.
        credited_tier: the tier that is held after the day's movements.
        tiers: every tier with its conditions, from the lowest rank to the highest.
        note: for which days bars are known, where these are not.
    """

    on: date
    as_of: date
    movements: tuple[str, ...]
    points: FrozenMap[Points]
    figures: FrozenMap[Fraction | None]
    at_least: tuple[str, ...]
    unsure: tuple[str, ...]
    performance_tier: ReachedTier
    possible_tier: Tier | None
    credited_tier: ReachedTier
    tiers: tuple[Progress, ...]
    note: str

    def toward(self, tier: str | Tier) -> Progress:
        """Say what will be there and what will be missing for a tier.

        Raises:
            UnknownName: the program has no such tier.
        """
        return toward(self.tiers, tier, f"review of {self.on}")


@final
@frozen(kw_only=True)
class Course:
    """How things will go, from the forecast's day on.

    Attributes:
        days: what there will be on each first day of a further month, from the forecast's day itself.
        reviews: what there will be at each coming review.
        decisions: what the movements will decide, and what they decided that is yet to take effect.
        falls_on: the first day on which the credited tier falls for certain; None where it does not.
        may_fall_on: the first day on which it may fall, which is sooner where something is not known.
    """

    days: tuple[Moment, ...]
    reviews: tuple[ComingReview, ...]
    decisions: tuple[Decision, ...]
    falls_on: date | None
    may_fall_on: date | None

    def __getitem__(self, on: date) -> ComingReview:
        """Give what there will be at the review of a day.

        Raises:
            UnknownName: there is no review on that day.
        """
        return on_day(self.reviews, on, "coming reviews")


@final
@frozen(kw_only=True)
class AccountDays:
    """How long the credit of a managed account lasts without another action.

    Attributes:
        account: the id of the account.
        customer: its customer.
        track: the kind of points that it gives.
        points: the points that it gives on the forecast's day, in the unit of the track.
        last_action: the day of the partner's last action; None where none is recorded.
        lapses_on: the first day on which it gives nothing any more; None where only its end can say.
        days_left: the days until then.
    """

    account: str
    customer: str
    track: str
    points: Points
    last_action: date | None
    lapses_on: date | None
    days_left: int | None


@final
@attrs.define(frozen=True, eq=False)
class LateChanges:
    """The changes of a forecast, made when someone asks for them."""

    ledger: Ledger
    since: date
    until: date

    def made(self) -> Changes:
        """Make them."""
        return changes(self.ledger, since=self.since, until=self.until)


def _made(of: LateChanges | Changes) -> Changes:
    return of.made() if isinstance(of, LateChanges) else of


@final
@frozen(kw_only=True)
class Forecast:
    """What happens if nothing else does.

    Facts after the day are ignored. What the others state ahead stays: the end of a partner's part in an
    account, of a reading, of a decision of the vendor, and the day on which the partner joins. `as_is` lets
    every managed account lapse that nobody touches again; in `serviced` all whose credit is live on the day
    go on being serviced, by everyone who shares them.

    Attributes:
        program: the id of the program.
        partner: the id of the partner.
        on: the day from which is looked ahead.
        until: the last day that is looked at.
        credited_tier: the tier that is held on the day.
        units: what the tracks and measures count that do not count points: "users", the code of a currency.
        as_is: how things go if nobody acts.
        serviced: how they go if the accounts stay serviced.
        accounts: the managed accounts whose credit is live on the day and can be valued, those with fewest
            days left first.
        problems: the facts that could not be valued and would count on the days ahead, or on one that a
            review looks at.
        note: what a reader should know.
    """

    program: str
    partner: str
    on: date
    until: date
    credited_tier: ReachedTier
    units: FrozenMap[str]
    as_is: Course
    serviced: Course
    accounts: tuple[AccountDays, ...]
    problems: tuple[Problem, ...]
    note: str
    made_from: LateChanges | Changes = attrs.field(repr=False, eq=_made, alias="changes")

    def __reduce__(self) -> tuple[object, tuple[dict[str, object]]]:
        fields = {name: getattr(self, name) for name in fields_of(Forecast)}
        fields["changes"] = _made(fields.pop("made_from"))
        return _forecast, (fields,)

    def _repr_html_(self) -> str:
        return html_of(self)

    @property
    def changes(self) -> Changes:
        """What goes when, and why, if nothing else happens: expiries, lapses, shares that grow."""
        return _made(self.made_from)


def _forecast(fields: dict[str, object]) -> Forecast:
    return Forecast(**fields)  # type: ignore[arg-type]


def forecast(ledger: Ledger, *, on: date, until: date, partner: str | None = None) -> Forecast:
    """Say what happens from a day on if nothing else does: what goes when, and the tier at each review.

    Each coming review is judged under the bars that are known for its own day.

    Args:
        ledger: what the book earned.
        on: the day from which is looked ahead; what happened later is ignored.
        until: the last day that is looked at.
        partner: whose forecast; needed only where the ledger has several partners.

    Raises:
        NotCovered: the program is not in force on one of the two days.
        UnknownName: the ledger has no such partner, or a held tier is none of the program's.
        InvalidValue: a day is outside of 1900 to 2100;
            the window runs backwards, or the ledger has several partners, or none, and none was
            named.
    """
    refuse_ledger(ledger, "forecast")
    checked_window(on, until, "forecast", "on")
    program = ledger.program
    program.refuse_days_not_in_force(on)
    program.refuse_days_not_in_force(until, "until")
    seen = seen_on(of_one_partner(ledger, partner, "forecast"), on)
    walked, as_is = _course(seen, on, until)
    _, kept = _course(serviced(seen, on), on, until)
    credited = credited_of(walked.stops[on].credited)
    note = "the tier that is held is not known" if credited is Verdict.UNKNOWN else ""
    return Forecast(
        program=program.id,
        partner=seen.partner_id,
        on=on,
        until=until,
        credited_tier=credited,
        units=units_of(program),
        as_is=as_is,
        serviced=kept,
        accounts=_accounts(seen, walked, on),
        problems=walked.problems,
        note=note,
        changes=LateChanges(seen, on, until),
    )


def _course(ledger: Ledger, on: date, until: date) -> tuple[Walked, Course]:
    days = [on]
    while (day := add_months(on, len(days))) <= until:
        days.append(day)
    looking: dict[date, list[str]] = {}
    for movement in ledger.program.movements:
        for day in review_days(movement, on, until) - {on}:
            looking.setdefault(day, []).append(movement.id)
    ends = _year_ends(ledger, on, until)
    for day, movements in ends.items():
        looking[day] = [*looking.get(day, ()), *movements]
    as_of = {day: add_days(day, -1) if day in ends else day for day in looking}
    walked = walk(ledger, until, {*days, *looking, *as_of.values()})
    reviews = tuple(_coming(ledger.program, walked, day, as_of[day], looking[day]) for day in sorted(looking))
    falls_on, may_fall_on = _falls(walked, on)
    return walked, Course(
        days=moments_on(ledger.program, walked, days),
        reviews=reviews,
        decisions=tuple(each for each in walked.decisions if max(each.on, each.effective_on) > on),
        falls_on=falls_on,
        may_fall_on=may_fall_on,
    )


def _year_ends(ledger: Ledger, on: date, until: date) -> dict[date, list[str]]:
    """Give the days after a day on which a personal year may end, with the movements that look then."""
    looking = [each for each in ledger.program.movements if YEAR_END in each.on]
    badges = walk(ledger, until).badges if looking else ()
    ends = {day for badge in badges for day in badge.ends if on < day <= until}
    found = {day: [each.id for each in looking if each.covers(day)] for day in ends}
    return {day: movements for day, movements in found.items() if movements}


def _coming(program: Program, walked: Walked, day: date, as_of: date, movements: list[str]) -> ComingReview:
    holding = walked.stops[as_of].holding
    tiers = judge(program, as_of, holding)
    best, possible = reached(program, as_of, tiers)
    return ComingReview(
        on=day,
        as_of=as_of,
        movements=tuple(movements),
        points=holding.points,
        figures=holding.figures,
        at_least=holding.at_least,
        unsure=holding.unsure,
        performance_tier=best,
        possible_tier=possible,
        credited_tier=credited_of(walked.stops[day].credited),
        tiers=tiers,
        note=program.bars_note(as_of),
    )


def _falls(walked: Walked, on: date) -> tuple[date | None, date | None]:
    """Give the first day after a day on which the tier falls for certain, and the first on which it may.

    It has fallen for certain where the highest that may be held is below what was held for certain before.
    """
    certain, before = rank_of(None), (rank_of(None), rank_of(None))
    may_fall_on: date | None = None
    for day, tiers in walked.course:
        lowest, highest = rank_of(tiers[0]), rank_of(tiers[-1])
        if day > on:
            if may_fall_on is None and (lowest < before[0] or highest < before[1]):
                may_fall_on = day
            if highest < certain:
                return day, may_fall_on
            certain = max(certain, lowest)
        else:
            certain = lowest
        before = lowest, highest
    return None, may_fall_on


def _accounts(ledger: Ledger, walked: Walked, on: date) -> tuple[AccountDays, ...]:
    lines, tiers = lines_of(ledger), tiers_in(ledger.program, walked)
    tier_on = tiers and tiers[0]
    found: list[AccountDays] = []
    for line in lines.states.get(ledger.partner_id, ()):
        worth = worth_on(lines.valuation, line, on, tier_on)
        if not isinstance(worth, Worth):
            continue
        turns = turns_of_state(line, lines.valuation.value_turns(line.rule), on)
        ends = next((day for day in turns if worth_on(lines.valuation, line, day, tier_on) is None), None)
        last = line.holder.actions[-1] if line.holder.actions else None
        points = Points(worth.points)
        found.append(
            AccountDays(
                account=line.fact.id,
                customer=line.fact.customer,
                track=line.rule.track,
                points=points,
                last_action=last,
                lapses_on=ends,
                days_left=None if ends is None else (ends - on).days,
            )
        )
    return tuple(sorted(found, key=lambda each: (each.lapses_on or date.max, each.account)))
