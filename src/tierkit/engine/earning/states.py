"""States: an account is valued anew on each day that is asked about, and shared by who holds it then."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, TypeAlias, final

import attrs

from tierkit.engine.earning.entry import Entry, Failure
from tierkit.engine.earning.valuation import (
    AMOUNT_NAMES,
    Factor,
    Missing,
    Valuation,
    amount_reason,
    floored,
    life_note,
    may_lower,
    measured,
    selects,
    unselected,
)
from tierkit.facts.facts import Holder, ManagedAccount, State
from tierkit.frozen import changed
from tierkit.programs.rules import FactShape, Sharing, While
from tierkit.values.money import Money
from tierkit.values.points import Points
from tierkit.values.reason import Details, Reason, given, product, quotient
from tierkit.values.span import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tierkit.programs.dated import Period
    from tierkit.programs.rules import EarningRule, Life
    from tierkit.values.market import Market

Share: TypeAlias = tuple[Fraction, tuple[str, ...]]
StateFact: TypeAlias = ManagedAccount | State


@final
@attrs.define(eq=False)
class StateLine:
    """One holder of one state, under one rule.

    Where `serviced_from` is a day, whoever's credit is live on it, by the rule of that day, goes on acting
    ever after.
    """

    rule: EarningRule
    fact: StateFact
    holder: Holder
    first_day: date
    rules: tuple[EarningRule, ...]
    serviced_from: date | None = None


@final
@attrs.define(eq=False)
class Worth:
    """What a state gives one holder on a day: `units * factor * share` points."""

    factor: Factor
    measured: int | Fraction
    units: int | Fraction
    market: Market | None
    life: Period[Life]
    share: Fraction
    live: tuple[str, ...]

    @property
    def points(self) -> Fraction:
        """The points, exactly."""
        return self.units * self.share * self.factor.numerator / self.factor.denominator


def lines_of_state(rules: list[EarningRule], fact: StateFact) -> list[StateLine]:
    """Give a line for each holder of a state and each rule that selects it."""
    known = [day for holder in fact.holders for day in (holder.since, *holder.actions[:1]) if day is not None]
    first_day = min(known)
    selected = tuple(rule for rule in rules if selects(rule, fact))
    return [
        StateLine(rule, fact, holder, first_day, selected) for rule in selected for holder in fact.holders
    ]


def failures_unselected(rules: list[EarningRule], shape: FactShape, fact: StateFact) -> Iterator[Failure]:
    """Give each holder's failure of a state that no rule selects."""
    missing = unselected(rules, shape, fact)
    problem = missing.problem(f"{shape.value} {fact.id}")
    tracks = tuple(dict.fromkeys(rule.track for rule in rules))
    for holder in fact.holders:
        lowers = any(may_lower(rule, measured(rule, fact), holder.since or date.max) for rule in rules)
        yield Failure(fact.id, holder.partner, tracks, Span(holder.since, holder.until), lowers, problem)


def worth_on(valuation: Valuation, line: StateLine, day: date) -> Worth | Missing | None:
    """Say what a state gives its holder on a day: None where nothing, Missing where that is not known."""
    rule, life = line.rule, line.rule.live.at(day)
    if life is None or not rule.covers(day):
        return _uncovered(valuation, line, day)
    mine = is_live(line, line.holder, life.value, day)
    if mine is False:
        return None
    if mine is None:
        return _unknown_span(line.holder)
    share = _share(line, life.value, day)
    return share if isinstance(share, Missing) else _worth(valuation, line, day, life, share)


def _uncovered(valuation: Valuation, line: StateLine, day: date) -> Missing | None:
    """Say what a state gives on a day on which its rule does not earn: nothing, where another rule does."""
    held = line.holder.since is not None and line.holder.since <= day
    ended = line.holder.until is not None and line.holder.until <= day
    if (
        not held
        or ended
        or valuation.program.points.at(day) is None
        or any(r.covers(day) for r in line.rules)
    ):
        return None
    expected = f"a day with a rate and a life of points: {line.rule.rate.days()}"
    return Missing("day", str(day), expected, "no points are earned on other days")


def lowers_on(line: StateLine, day: date) -> bool:
    """Say whether a state that cannot be valued on a day might take points away."""
    return may_lower(line.rule, terms_on(line, day)[0], day)


def _worth(
    valuation: Valuation, line: StateLine, day: date, life: Period[Life], share: Share
) -> Worth | Missing:
    """Value a live state for one holder, whose part is known."""
    rule = line.rule
    amount, market = terms_on(line, day)
    if amount is None:
        return Missing(rule.amount or "quantity", "nothing", "what the rule measures", "")
    currency = amount.currency if isinstance(amount, Money) else None
    factor = valuation.factor(rule, currency, market, day, day)
    if isinstance(factor, Missing):
        return factor
    minor = amount.minor if isinstance(amount, Money) else amount
    floor = rule.at_least.at(day)
    units = minor if floor is None else max(minor, factor.units_for(floor.value))
    return Worth(factor, minor, units, market, life, *share)


def terms_on(line: StateLine, day: date) -> tuple[Money | Fraction | int | None, Market | None]:
    """Give what the rule measures of a state on a day, and where its customer is."""
    fact, rule = line.fact, line.rule
    if isinstance(fact, ManagedAccount):
        return (fact.mrr_on(day) if rule.amount else 1), fact.market_on(day)
    return measured(rule, fact), fact.market


def is_live(line: StateLine, holder: Holder, life: Life, day: date) -> bool | None:
    """Say whether one holder's own credit is live on a day; None where that is not known.

    A holder without recorded actions counts as live on the days of its span; without a span either,
    from the first day on which anything is recorded of the state.
    """
    if (
        day < line.first_day
        or (holder.since is not None and day < holder.since)
        or (holder.until is not None and day >= holder.until)
    ):
        return False
    if not holder.actions:
        return True
    acted = _acted(holder, life, day)
    if acted or line.serviced_from is None or day <= line.serviced_from:
        return acted
    then = line.rule.live.at(line.serviced_from)
    live_then = then is not None and _acted(holder, then.value, line.serviced_from)
    return acted if live_then is False else live_then


def _acted(holder: Holder, life: Life, day: date) -> bool | None:
    """Say whether a holder's recorded actions keep its credit live on a day of its span."""
    if life.lasts_while is While.HELD:
        if holder.since is not None:
            return True
        return None if holder.actions[0] <= day else False
    before = bisect_right(holder.actions, day)
    return before > 0 and (day - holder.actions[before - 1]).days <= (life.days or 0)


def _unknown_span(holder: Holder) -> Missing:
    found = f"actions of {holder.partner}, and no span of days"
    expected = f"the days on which {holder.partner} held it: how long an action counts is not known then"
    return Missing("since", found, expected, "add `since` (and `until`) to the holder")


def _share(line: StateLine, life: Life, day: date) -> Share | Missing:
    """Give the holder's part on a day, and the partners among whom the points are divided."""
    period = line.rule.share.at(day)
    if period is None or period.value is Sharing.FULL_TO_EACH:
        return Fraction(1), ()
    if period.value is Sharing.BY_SHARES:
        if line.holder.share is None:
            return Missing(
                "share", "nothing", f"the share of {line.holder.partner}, above 0 and at most 1", ""
            )
        return line.holder.share, ()
    if len(line.fact.holders) == 1:
        return Fraction(1), (line.holder.partner,)
    live: list[str] = []
    for holder in line.fact.holders:
        said = is_live(line, holder, life, day)
        if said is None:
            return _unknown_span(holder)
        if said:
            live.append(holder.partner)
    return Fraction(1, len(live)), tuple(live)


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
    days = set(turns)
    active = [period for period in rule.live if period.value.lasts_while is While.ACTIVE]
    for holder in fact.holders:
        days.update(day for day in (holder.since, holder.until) if day is not None)
        days.update(holder.actions[:1])
        for period in active:
            first = max(since, period.effective_from or since)
            actions = holder.actions[max(0, bisect_left(holder.actions, first) - 1) :]
            lapse = timedelta(days=(period.value.days or 0) + 1)
            for action, following in zip_longest(actions, actions[1:], fillvalue=date.max):
                if following - action > lapse:  # else nothing turns: the credit is renewed while it is alive
                    days.update((action + lapse, following))
    if isinstance(fact, ManagedAccount):
        days.update(change.on for change in fact.changes)
    return sorted(day for day in days if since <= day <= until and day != date.max)


def worths_along(
    valuation: Valuation, line: StateLine, days: Sequence[date]
) -> Iterator[tuple[int, int, Worth | Missing | None]]:
    """Give what a state gives its holder on days in order: from which index up to which one, and what."""
    turns = turns_of_state(line, valuation.value_turns(line.rule), days[0], days[-1])
    first = 0
    for turn in (*turns, None):
        end = len(days) if turn is None else bisect_left(days, turn, first)
        if first < end:
            yield first, end, worth_on(valuation, line, days[first])
            first = end


def _stretches(valuation: Valuation, line: StateLine) -> Iterator[tuple[Span, Worth | Missing]]:
    """Give what a state gives its holder along time, one stretch for each value."""
    turns = turns_of_state(line, valuation.boundaries)
    edges: list[date | None] = [None, *turns, None]
    held: tuple[date | None, Worth | Missing | None] | None = None
    for start, end in pairwise(edges):
        day = start or (end - timedelta(days=1) if end else date.min)
        worth = worth_on(valuation, line, day)
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
        worth.units,
        worth.market,
        worth.life,
        worth.share,
        worth.live,
        worth.factor.values,
    )


def entries_of_state(valuation: Valuation, line: StateLine) -> Iterator[Entry]:
    """Make the entries of one holder of a state, with their reasons."""
    for span, worth in _stretches(valuation, line):
        if isinstance(worth, Worth):
            yield _entry(line, span, worth)


def failures_of_state(valuation: Valuation, line: StateLine) -> Iterator[Failure]:
    """Give the days on which a state would count for its holder and cannot be valued, and why."""
    fact = line.fact
    kind = "account" if isinstance(fact, ManagedAccount) else "state"
    for span, missing in _stretches(valuation, line):
        if isinstance(missing, Missing):
            place = f"{kind} {fact.id}, {span}"
            problem = missing.problem(place)
            lowers = lowers_on(line, span.start or date.min)
            yield Failure(fact.id, line.holder.partner, (line.rule.track,), span, lowers, problem)


def _entry(line: StateLine, span: Span, worth: Worth) -> Entry:
    rule, fact = line.rule, line.fact
    day = span.start or (span.end - timedelta(days=1) if span.end else date.min)
    amount = amount_reason(AMOUNT_NAMES[rule.amount], worth.measured, worth.factor, fact.id)
    reason = floored(worth.factor.reason(amount), rule.at_least.at(day), rule.id)
    sharing = rule.share.at(day)
    if sharing is not None and worth.share != 1:
        share = _share_reason(line, worth, sharing)
        reason = product(rule.name, (reason, share), unit="points", rule=rule.id)
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
    if not worth.live:
        details["fact"] = line.fact.id
        return given("share", worth.share, **details)
    details["note"] = "; ".join(part for part in (", ".join(worth.live), period.note) if part)
    count = given("partners whose credit is live", len(worth.live), **details)
    return quotient("share", given("the whole", 1), count)
