"""Causes: why the points of a fact turned on a day."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, final

from tierkit.engine.earning.credit import begun_on, is_live
from tierkit.engine.earning.entry import Missing
from tierkit.engine.earning.life import span_of
from tierkit.engine.earning.states import Worth, terms_on, turns_of_state, value_of, worth_on
from tierkit.facts.facts import CORRECTION, Deal
from tierkit.values.money import Money
from tierkit.values.word import Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tierkit.engine.earning.credit import StateLine
    from tierkit.engine.earning.events import EventFact, Yield
    from tierkit.engine.earning.states import Terms
    from tierkit.engine.earning.valuation import TierOn, TierStep, Valuation
    from tierkit.programs.rules import Life, Sharing

_ONE_DAY = timedelta(days=1)


@final
class Cause(Word):
    """Why points came or went; of several on one day the first of this order is the cause."""

    CORRECTION = "correction"
    """The record was wrong: a reversal says from when on it no longer counts."""
    CLAWBACK = "clawback"
    """A reversal took what the program's clawback takes."""
    CLOSED_DEAL = "closed deal"
    """A deal was won."""
    EVENT = "event"
    """Another event happened."""
    EXPIRY = "expiry"
    """The life of the points ended."""
    TAKEN_ON = "taken on"
    """The partner's credit for an account, or another state, began for the first time."""
    RESUMED = "resumed"
    """The credit is live again, after a lapse or an end."""
    ENDED = "ended"
    """The partner no longer holds it."""
    LAPSE = "lapse"
    """The partner holds it still and has not acted for too long."""
    NO_LONGER_VALUED = "not valued any more"
    """What its points hang on is not known from then on, such as a rate of exchange; what it gives is not."""
    VALUED_NOW = "valued from now on"
    """What its points hang on is known from then on, and was not before."""
    SHARING_CHANGED = "sharing changed"
    """It is divided among others than before."""
    MRR_CHANGED = "MRR changed"
    """Its revenue, or what else the rule measures, is another."""
    MARKET_CHANGED = "market changed"
    """The customer's market is another, where points hang on it."""
    EXCHANGE_RATE_CHANGED = "exchange rate changed"
    """Its revenue is exchanged at another rate."""
    RULE_CHANGED = "rule changed"
    """A rule of the program began, ended or has another value."""
    MOVEMENT = "movement"
    """A movement of the tier took points, or added them."""


def cause_of_event(fact: EventFact, each: Yield, on: date, *, year_ends: bool = False) -> Cause:
    """Say why the points that a rule gives for a deal, or another event, turned on a day.

    Args:
        fact: the event.
        each: what the rule gives.
        on: the day.
        year_ends: whether a personal year ends on that day, and the points lived for it.
    """
    span = each.span_of(fact.closed_on if isinstance(fact, Deal) else fact.on)
    if span is not None and on == span.start:
        return Cause.CLOSED_DEAL if isinstance(fact, Deal) else Cause.EVENT
    if year_ends or each.cut is None or each.cut.on != on or (span is not None and on == span.end):
        return Cause.EXPIRY
    return Cause.CORRECTION if each.cut.reversal.cause == CORRECTION else Cause.CLAWBACK


def causes_of_state(
    valuation: Valuation,
    lines: Sequence[StateLine],
    on: date,
    *,
    corrected: bool,
    tier_on: TierOn | None = None,
) -> list[Cause]:
    """Say why what a state gives one partner on one track turned on a day, in the order of `Cause`.

    Args:
        valuation: the rules.
        lines: the lines of the state that are the partner's and feed the track.
        on: the day.
        corrected: whether a correction ends the state on that day.
        tier_on: tells the tier that was held on the morning of a day, where points hang on that.
    """
    found: set[Cause] = set()
    for line in lines:
        before, after = (worth_on(valuation, line, day, tier_on) for day in (on - _ONE_DAY, on))
        if worth_points(before) == worth_points(after):
            continue
        if before is None:
            found.add(_begun(valuation, lines, line, on))
        elif after is None:
            found.add(Cause.CORRECTION if corrected else _gone(lines, line, on))
        else:
            found.update(_otherwise(valuation, line, on, before, after))
    return _in_order(found)


def worth_points(worth: Worth | Missing | None) -> Fraction:
    """Give the points of a state on a day; none where it cannot be valued."""
    if not isinstance(worth, Worth):
        return Fraction(0)
    return worth.points


def _in_order(found: set[Cause]) -> list[Cause]:
    return [cause for cause in Cause if cause in found]


def _begun(valuation: Valuation, lines: Sequence[StateLine], line: StateLine, on: date) -> Cause:
    eve, life = on - _ONE_DAY, line.rule.live.at(on)
    if life is not None and is_live(line, line.holder, life.value, eve):
        return _of_one_alive(line, on)  # by the rules of the day it would have been live on the eve
    if _held_on(lines, line, eve):
        return Cause.SHARING_CHANGED
    earlier = (
        worth_on(valuation, each, turn)
        for each in lines
        for turn in turns_of_state(each, valuation.boundaries)
        if turn < on
    )
    return Cause.RESUMED if any(worth is not None for worth in earlier) else Cause.TAKEN_ON


def _held_on(lines: Sequence[StateLine], line: StateLine, day: date) -> bool:
    """Say whether the partner has credit for a state by another span of days, with a part of its own."""
    others = [each for each in lines if each is not line and each.rule is line.rule]
    return any(worth_on(each.valuation, each, day) is not None for each in others)


def _gone(lines: Sequence[StateLine], line: StateLine, on: date) -> Cause:
    life = line.rule.live.at(on - _ONE_DAY)
    if life is not None and is_live(line, line.holder, life.value, on):
        return _of_one_alive(line, on)  # by the rules of the eve it would still be live
    if line.holder.until == on:
        return Cause.SHARING_CHANGED if _held_on(lines, line, on) else Cause.ENDED
    return Cause.EXPIRY if life is not None and _last_day(line, life.value) == on else Cause.LAPSE


def _of_one_alive(line: StateLine, on: date) -> Cause:
    """Say why a state came or went that was alive all along: its rule takes some markets only, or turned."""
    moved = terms_on(line, on - _ONE_DAY)[1] != terms_on(line, on)[1]
    return Cause.MARKET_CHANGED if moved else Cause.RULE_CHANGED


def _last_day(line: StateLine, life: Life) -> date | None:
    """Give the day on which the months or days end that are counted from a holder's first."""
    begun = begun_on(line.holder)
    span = span_of(life, begun, line.valuation.program.year_from) if begun is not None else None
    return span.end if span is not None else None


def _otherwise(
    valuation: Valuation, line: StateLine, on: date, before: Worth | Missing, after: Worth | Missing
) -> Iterator[Cause]:
    """Find what else turned: each cause alone has to change the points, where there is one that does."""
    eve, rule = on - _ONE_DAY, line.rule
    (amount, market), (amount_then, market_then) = terms_on(line, eve), terms_on(line, on)
    tier, tier_then = (each.tier if isinstance(each, Worth) else None for each in (before, after))
    base = _alone(valuation, line, (amount, market), eve, tier)
    ruled = _alone(valuation, line, (amount, market), on, tier) != base
    money = amount.currency if isinstance(amount, Money) else None
    rates = {valuation.exchange(rule, money, day) for day in (eve, on) if money is not None}
    exchanged, unknown = len(rates) > 1, any(isinstance(rate, Missing) for rate in rates)
    alone = {
        Cause.NO_LONGER_VALUED: _in_doubt(after),
        Cause.VALUED_NOW: _in_doubt(before),
        Cause.MRR_CHANGED: _alone(valuation, line, (amount_then, market), eve, tier) != base,
        Cause.MARKET_CHANGED: _alone(valuation, line, (amount, market_then), eve, tier) != base,
        Cause.EXCHANGE_RATE_CHANGED: ruled and exchanged and not unknown,
        Cause.RULE_CHANGED: ruled and (not exchanged or on in valuation.value_turns(rule)),
        Cause.MOVEMENT: _alone(valuation, line, (amount, market), eve, tier_then) != base,
    }
    otherwise = _sharing(line, eve) != _sharing(line, on)
    if isinstance(before, Worth) and isinstance(after, Worth):
        if before.share != after.share:
            alone[Cause.RULE_CHANGED if otherwise else Cause.SHARING_CHANGED] = True
    elif otherwise:
        alone[Cause.RULE_CHANGED] = True
    found = [cause for cause, turned in alone.items() if turned]
    if found:
        yield from found
    else:  # a market may have come into a group that multiplies from this day on
        yield Cause.MARKET_CHANGED if market != market_then else Cause.RULE_CHANGED


def _in_doubt(worth: Worth | Missing) -> bool:
    """Say whether something that points hang on is not known; a rule that does not earn is."""
    return isinstance(worth, Missing) and worth.field != "day"


def _sharing(line: StateLine, day: date) -> Sharing | None:
    """Give how a rule divides the points of a state on a day."""
    period = line.rule.share.at(day)
    return period and period.value


def _alone(
    valuation: Valuation, line: StateLine, terms: Terms, day: date, tier: TierStep | None
) -> Fraction | Missing:
    """Give what a state with some terms is worth undivided, by the rules of a day."""
    valued = value_of(valuation, line.rule, terms, day, tier)
    if isinstance(valued, Missing):
        return valued
    factor, _, number = valued
    return Fraction(number) / factor.denominator
