"""States: an account is valued anew on each day that is asked about, and shared by who holds it then."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, TypeAlias, final

import attrs

from tierkit.engine.earning.bounds import whole
from tierkit.engine.earning.credit import (
    Share,
    StateFact,
    StateLine,
    begun_on,
    holds,
    is_live,
    is_timed,
    marked_primary,
    share_of,
    unknown_span,
)
from tierkit.engine.earning.entry import Entry, Failure, Missing
from tierkit.engine.earning.life import span_of
from tierkit.engine.earning.selecting import (
    excepts,
    in_groups,
    knows,
    may_lower,
    measured,
    unmeasured,
    unselected,
)
from tierkit.engine.earning.telling import amount_reason, joined, life_note
from tierkit.engine.earning.valuation import Factor, TierOn, TierStep, Valuation, tier_step
from tierkit.facts.facts import ManagedAccount
from tierkit.facts.states import first_day as first_day_of
from tierkit.frozen import changed
from tierkit.programs.rules import FactShape, Sharing
from tierkit.values.money import Money
from tierkit.values.points import Points
from tierkit.values.reason import Details, Reason, given, product, quotient
from tierkit.values.span import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from fractions import Fraction

    from tierkit.programs.dated import Period
    from tierkit.programs.rules import EarningRule, Life
    from tierkit.values.market import Market


Tiers: TypeAlias = "tuple[TierOn, Sequence[date]]"
"""What tells the tier that a partner held on the morning of a day, and the days on which that turns."""

Terms: TypeAlias = "tuple[Money | Fraction | int | None, Market | None]"
"""What a rule measures of a state on a day, and where its customer is."""


@final
@attrs.define(eq=False)
class Worth:
    """What a state gives one holder on a day: `number * share / factor.denominator` points."""

    factor: Factor
    measured: int | Fraction
    number: int | Fraction
    market: Market | None
    life: Period[Life]
    share: Fraction
    live: tuple[str, ...]
    tier: TierStep | None

    @property
    def points(self) -> Fraction:
        """The points, exactly."""
        return self.number * self.share / self.factor.denominator


def lines_of_state(valuation: Valuation, rules: list[EarningRule], fact: StateFact) -> list[StateLine]:
    """Give a line for each holder of a state and each rule that selects it, in whatever market it is."""
    first_day = first_day_of(fact.holders) or date.min
    selected = tuple(rule for rule in rules if knows(rule, fact) and not excepts(rule, fact))
    return [
        StateLine(rule, fact, holder, first_day, selected, valuation)
        for rule in selected
        for holder in fact.holders
    ]


def failures_unselected(rules: list[EarningRule], shape: FactShape, fact: StateFact) -> Iterator[Failure]:
    """Give each holder's failure of a state that no rule knows; one that is passed over gives nothing."""
    if any(knows(rule, fact) for rule in rules):
        return
    missing = unselected(rules, shape, fact)
    problem = missing.problem(f"{shape.value} {fact.id}")
    bounds = [dated for rule in rules for dated in (rule.at_least, rule.at_most)]
    edges = [None, *sorted({day for dated in bounds for day in dated.boundaries()}), None]
    for holder in fact.holders:
        first = holder.since or first_day_of(fact.holders)
        if first is not None and holder.until is not None and holder.until <= first:
            first = None  # it ended before anything is recorded of it
        span = Span(first, holder.until)
        if not rules:  # of a kind that the program does not know, and so of no track
            yield Failure(fact.id, holder.partner, (), span, lowers=False, problem=problem)
        pieces = (span & Span(start, end) for start, end in pairwise(edges))
        for piece in [each for each in pieces if each is not None]:
            alike: dict[bool, list[EarningRule]] = {}
            for rule in rules:
                lowers = may_lower(rule, measured(rule, fact), piece.start or date.min)
                alike.setdefault(lowers, []).append(rule)
            for lowers, its in alike.items():
                tracks = tuple(dict.fromkeys(rule.track for rule in its))
                yield Failure(fact.id, holder.partner, tracks, piece, lowers, problem)


def worth_on(
    valuation: Valuation, line: StateLine, day: date, tier_on: TierOn | None = None
) -> Worth | Missing | None:
    """Say what a state gives its holder on a day: None where nothing, Missing where that is not known."""
    rule = line.rule
    placed: bool | Missing = True
    if rule.inside or rule.outside:
        placed = in_groups(rule, valuation.program.groups, terms_on(line, day)[1], day)
        if placed is False:
            return None
    said = valuation.said(rule, day)
    life = said.life
    if life is None or not said.earns:
        return _uncovered(valuation, line, day)
    mine = is_live(line, line.holder, life.value, day)
    if mine is False:
        return None
    worth: Worth | Missing
    if isinstance(placed, Missing):
        worth = placed
    else:
        share = share_of(line, life.value, said.share, day) if mine else unknown_span(line.holder)
        worth = share if isinstance(share, Missing) else _worth(valuation, line, day, life, share, tier_on)
    if isinstance(worth, Missing) and not line.holder.primary and marked_primary(line, said.share):
        return None  # who is not the primary one lacks nothing, whatever the state is worth
    return worth


def _worth(  # noqa: PLR0917 - what the worth of a state hangs on
    valuation: Valuation,
    line: StateLine,
    day: date,
    life: Period[Life],
    share: Share,
    tier_on: TierOn | None,
) -> Worth | Missing:
    """Value a live state for one holder, whose part is known."""
    rule, terms = line.rule, terms_on(line, day)
    tier = tier_step(valuation.program, rule, day, tier_on) if rule.tier_multiply else None
    if isinstance(tier, Missing):
        return tier
    valued = value_of(valuation, rule, terms, day, tier)
    return valued if isinstance(valued, Missing) else Worth(*valued, terms[1], life, *share, tier)


def _uncovered(valuation: Valuation, line: StateLine, day: date) -> Missing | None:
    """Say what a state gives on a day on which its rule does not earn: nothing, where another rule does."""
    if (
        not holds(line, line.holder, day)
        or valuation.program.in_force.at(day) is None
        or any(r.covers(day) for r in line.rules)
    ):
        return None
    expected = f"a day with a rate and a life of points: {line.rule.rate.days()}"
    return Missing("day", str(day), expected, "no points are earned on other days")


def lowers_on(line: StateLine, day: date) -> bool:
    """Say whether a state that cannot be valued on a day might take points away."""
    return may_lower(line.rule, terms_on(line, day)[0], day)


def value_of(
    valuation: Valuation, rule: EarningRule, terms: Terms, day: date, tier: TierStep | None
) -> tuple[Factor, int | Fraction, int | Fraction] | Missing:
    """Say what a state with some terms is worth undivided, by the rules of a day.

    Returns:
        The points for each unit, the units, and the points times the factor's denominator.
    """
    amount, market = terms
    if amount is None:
        return unmeasured(rule)
    currency, minor = (amount.currency, amount.minor) if isinstance(amount, Money) else (None, amount)
    factor = valuation.factor(rule, currency, market, day, day)
    if isinstance(factor, Missing):
        return factor
    number = minor * factor.numerator
    if tier is not None:
        number = whole(number * tier[1].value)
    return factor, minor, valuation.said(rule, day).bounds.number(number, factor.denominator)


def terms_on(line: StateLine, day: date) -> Terms:
    """Give what the rule measures of a state on a day, and where its customer is."""
    fact, rule = line.fact, line.rule
    if isinstance(fact, ManagedAccount):
        return (fact.mrr_on(day) if rule.amount else 1), fact.market_on(day)
    return measured(rule, fact), fact.market


def turns_of_state(
    line: StateLine, turns: Collection[date], since: date = date.min, until: date = date.max
) -> list[date]:
    """Give every day, of those between two, on which what a state gives may change.

    Args:
        line: the state and its holder.
        turns: the days on which the rules do.
        since: the first day of interest.
        until: the last one.
    """
    fact, rule = line.fact, line.rule
    days = {*turns, *line.valuation.exchange_turns(rule)}
    active = [period for period in rule.live if period.value.inactive_days is not None]
    timed = [period.value for period in rule.live if is_timed(period.value)]
    for holder in fact.holders:
        days.update(day for day in (holder.since, holder.until) if day is not None)
        days.update(holder.actions[:1])
        begun = begun_on(holder) if timed else None
        if begun is not None:
            spans = (span_of(life, begun, line.valuation.program.year_from) for life in timed)
            days.update(day for span in spans if span for day in (span.start, span.end) if day is not None)
        for period in active:
            first = max(since, period.effective_from or since)
            actions = holder.actions[max(0, bisect_left(holder.actions, first) - 1) :]
            lapse = timedelta(days=(period.value.inactive_days or 0) + 1)
            for action, following in zip_longest(actions, actions[1:], fillvalue=date.max):
                if following - action > lapse:  # else nothing turns: the credit is renewed while it is alive
                    days.update((action + lapse, following))
    if isinstance(fact, ManagedAccount):
        days.update(change.on for change in fact.changes)
    return sorted(day for day in days if since <= day <= until and day != date.max)


def worths_along(
    valuation: Valuation, line: StateLine, days: Sequence[date]
) -> Iterator[tuple[int, int, Worth | Missing | None]]:
    """Give what a state gives its holder on days in order: from which index up to which one, and what.

    What hangs on the tier of the day is not known here.
    """
    turns = turns_of_state(line, valuation.value_turns(line.rule), days[0], days[-1])
    first = 0
    for turn in (*turns, None):
        end = len(days) if turn is None else bisect_left(days, turn, first)
        if first < end:
            yield first, end, worth_on(valuation, line, days[first])
            first = end


def _stretches(
    valuation: Valuation, line: StateLine, tiers: Tiers | None = None
) -> Iterator[tuple[Span, Worth | Missing]]:
    """Give what a state gives its holder along time, one stretch for each value."""
    tier_on, tier_turns = tiers or (None, ())
    turns = [day for day in turns_of_state(line, (*valuation.boundaries, *tier_turns)) if day > date.min]
    edges: list[date | None] = [None, *turns, None]
    held: tuple[date | None, Worth | Missing | None] | None = None
    for start, end in pairwise(edges):
        day = start or (end - timedelta(days=1) if end else date.min)
        worth = worth_on(valuation, line, day, tier_on)
        if held is not None and _same(held[1], worth):
            continue
        if held is not None and held[1] is not None:
            yield Span(held[0], start), held[1]
        held = (start, worth)
    if held is not None and held[1] is not None:
        yield Span(held[0], None), held[1]


def _same(one: Worth | Missing | None, other: Worth | Missing | None) -> bool:
    """Say whether two stretches are one: the same points for the same reason."""
    if not isinstance(one, Worth) or not isinstance(other, Worth):
        return one == other
    return _told(one) == _told(other)


def _told(worth: Worth) -> tuple[object, ...]:
    return (
        worth.measured,
        worth.number,
        worth.market,
        worth.life,
        worth.share,
        worth.live,
        worth.tier,
        worth.factor.values,
    )


def entries_of_state(valuation: Valuation, line: StateLine, tiers: Tiers | None = None) -> Iterator[Entry]:
    """Make the entries of one holder of a state, with their reasons.

    Args:
        valuation: the rules.
        line: the state and its holder.
        tiers: what tells the tiers that the holder had, and the days on which these turned.
    """
    for span, worth in _stretches(valuation, line, tiers):
        if isinstance(worth, Worth):
            yield _entry(valuation, line, span, worth)


def failures_of_state(valuation: Valuation, line: StateLine, tiers: Tiers | None = None) -> Iterator[Failure]:
    """Give the days on which a state would count for its holder and cannot be valued, and why."""
    fact = line.fact
    kind = "account" if isinstance(fact, ManagedAccount) else "state"
    for span, missing in _stretches(valuation, line, tiers):
        if isinstance(missing, Missing):
            place = f"{kind} {fact.id}, {span}"
            problem = missing.problem(place)
            lowers = lowers_on(line, span.start or date.min)
            yield Failure(fact.id, line.holder.partner, (line.rule.track,), span, lowers, problem)


def _entry(valuation: Valuation, line: StateLine, span: Span, worth: Worth) -> Entry:
    rule, fact = line.rule, line.fact
    day = span.start or (span.end - timedelta(days=1) if span.end else date.min)
    amount = amount_reason(rule.amount, worth.measured, worth.factor.currency, fact.id)
    reason = valuation.said(rule, day).bounds.reason(worth.factor.reason(amount, tier=worth.tier), rule.id)
    sharing = rule.share.at(day)
    if sharing is not None and (worth.share != 1 or sharing.value is Sharing.PRIMARY_ONLY):
        share = _share_reason(line, worth, sharing)
        reason = product(rule.name, (reason, share), unit=reason.unit, rule=rule.id)
    return Entry(
        fact=fact.id,
        partner=line.holder.partner,
        track=rule.track,
        points=Points(reason.value),
        span=span,
        customer=fact.customer,
        kind="account" if isinstance(fact, ManagedAccount) else fact.type,
        market=worth.market.code if worth.market else "",
        group=worth.factor.group,
        reason=changed(reason, day=day, fact=fact.id, note=life_note(worth.life)),
    )


def _share_reason(line: StateLine, worth: Worth, period: Period[Sharing]) -> Reason:
    """Say which part of a state is the holder's, and why."""
    details: Details = {
        "rule": f"{line.rule.id} share",
        "period": Span(period.effective_from, period.effective_until),
        "source": period.source,
        "grade": period.grade,
        "note": period.note,
    }
    if period.value is Sharing.PRIMARY_ONLY:
        return given(_primary_label(line, worth), worth.share, **details)
    if not worth.live:
        details["fact"] = line.fact.id
        return given("share", worth.share, **details)
    details["note"] = joined(", ".join(worth.live), period.note)
    count = given("partners whose credit is live", len(worth.live), **details)
    return quotient("share", given("the whole", 1), count)


def _primary_label(line: StateLine, worth: Worth) -> str:
    """Say who has the points where only the primary partner does."""
    primary = " or ".join(dict.fromkeys(each.partner for each in line.fact.holders if each.primary))
    if worth.share:
        return "all to the primary one" if primary else "all to the only one who holds it"
    if worth.live:
        return f"none: the primary one is {worth.live[0]}"
    return f"none: the primary one, {primary}, does not hold it"
