"""Credit: on which days a holder's own credit for a state is live, and how those divide it who have one."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from typing import TYPE_CHECKING, Final, TypeAlias, final

import attrs

from tierkit.engine.earning.entry import Missing
from tierkit.engine.earning.life import span_of
from tierkit.facts.facts import Holder, ManagedAccount, State
from tierkit.programs.rules import Sharing, While

if TYPE_CHECKING:
    from datetime import date

    from tierkit.engine.earning.valuation import Valuation
    from tierkit.programs.dated import Period
    from tierkit.programs.rules import EarningRule, Life

Share: TypeAlias = tuple[Fraction, tuple[str, ...]]
StateFact: TypeAlias = ManagedAccount | State

_WHOLE: Final = Fraction(1)


@final
@attrs.define(eq=False)
class StateLine:
    """One holder of one state, under one rule.

    Attributes:
        rule: the rule.
        fact: the state.
        holder: the holder.
        first_day: the first day of which anything is recorded of the state.
        rules: all rules that select the state.
        valuation: the rules as they are resolved.
        serviced_from: whoever's credit is live on that day, by the rule of that day, goes on acting ever
            after; None where nobody need.
    """

    rule: EarningRule
    fact: StateFact
    holder: Holder
    first_day: date
    rules: tuple[EarningRule, ...]
    valuation: Valuation
    serviced_from: date | None = None


def is_live(line: StateLine, holder: Holder, life: Life, day: date) -> bool | None:
    """Say whether one holder's own credit is live on a day; None where that is not known.

    A holder without recorded actions counts as live on the days of its span; without a span either,
    from the first day on which anything is recorded of the state.
    """
    if not holds(line, holder, day):
        return False
    kept = _acted(holder, life, day) if holder.actions else True
    if not kept and line.serviced_from is not None and day > line.serviced_from:
        then = _serviced(line, holder, line.serviced_from)
        kept = kept if then is False else then
    if kept is False or not is_timed(life):
        return kept
    in_term = _in_term(line, holder, life, day)
    return in_term and kept


def holds(line: StateLine, holder: Holder, day: date) -> bool:
    """Say whether a day is one of those on which the holder may have it, as far as anything is recorded."""
    first = begun_on(holder) or line.first_day
    return first <= day and (holder.until is None or day < holder.until)


def _serviced(line: StateLine, holder: Holder, since: date) -> bool | None:
    """Say whether a holder who acts from a day on keeps the credit live that it had on that day."""
    then = line.rule.live.at(since)
    return then is not None and _acted(holder, then.value, since)


def _acted(holder: Holder, life: Life, day: date) -> bool | None:
    """Say whether a holder's recorded actions keep its credit live on a day of its span."""
    if life.inactive_days is not None:
        before = bisect_right(holder.actions, day)
        return before > 0 and (day - holder.actions[before - 1]).days <= life.inactive_days
    if holder.since is not None:
        return True
    return None if life.lasts_while is While.HELD else True


def _in_term(line: StateLine, holder: Holder, life: Life, day: date) -> bool | None:
    """Say whether a day is one of those that are counted from the first of a holder."""
    since = begun_on(holder)
    if since is None:
        return None
    span = span_of(life, since, line.valuation.program.year_from)
    return span is not None and day in span


def is_timed(life: Life) -> bool:
    """Say whether any days are counted from the first of a holder."""
    ends = life.months is not None or life.days is not None or life.through is not None
    return ends or life.pending_months > 0 or life.pending_days > 0


def begun_on(holder: Holder) -> date | None:
    """Give the day from which a holder's months and days are counted; None where nothing tells."""
    return holder.since or (holder.actions[0] if holder.actions else None)


def unknown_span(holder: Holder) -> Missing:
    """Say that it is not known on which days a holder's credit is live."""
    if not holder.actions:
        expected = f"the day since which {holder.partner} holds it: its points are counted from then"
        return Missing("since", "nothing, and no action", expected, "add `since` to the holder")
    found = f"actions of {holder.partner}, and no span of days"
    expected = f"the days on which {holder.partner} held it: how long an action counts is not known then"
    return Missing("since", found, expected, "add `since` (and `until`) to the holder")


def share_of(line: StateLine, life: Life, period: Period[Sharing] | None, day: date) -> Share | Missing:
    """Give the holder's part on a day, and the partners among whom the points are divided.

    Where any holder is ever marked as the primary one, only those who are marked may be it.

    Args:
        line: the holder, whose own credit is live, and the state.
        life: how long the points count, by the rule of the day.
        period: how that divides them.
        day: the day.
    """
    if period is None or period.value is Sharing.FULL_TO_EACH:
        return _WHOLE, ()
    if period.value is Sharing.BY_SHARES:
        if line.holder.share is None:
            return Missing(
                "share", "nothing", f"the share of {line.holder.partner}, above 0 and at most 1", ""
            )
        return line.holder.share, ()
    primary = marked_primary(line, period)
    if primary:
        return Fraction(line.holder.primary), tuple(h.partner for h in primary if holds(line, h, day))
    if len(line.fact.holders) == 1:
        return _WHOLE, (line.holder.partner,)
    return _among_all(line, life, day, only_one=period.value is Sharing.PRIMARY_ONLY)


def marked_primary(line: StateLine, period: Period[Sharing] | None) -> list[Holder]:
    """Give the holders who are ever marked as the primary one, where points go to that one alone."""
    only_primary = period is not None and period.value is Sharing.PRIMARY_ONLY
    return [each for each in line.fact.holders if only_primary and each.primary]


def _among_all(line: StateLine, life: Life, day: date, *, only_one: bool) -> Share | Missing:
    """Give the holder's part where it hangs on whose credit is live on the day."""
    live: list[str] = []
    for holder in line.fact.holders:
        said = holder is line.holder or is_live(line, holder, life, day)
        if said is None:
            return unknown_span(holder)
        if said:
            live.append(holder.partner)
    if only_one and len(live) > 1:
        hint = "add `primary` to the holder that is it"
        return Missing("primary", "none of " + ", ".join(live), "the primary one of those who hold it", hint)
    return Fraction(1, len(live)), tuple(live)
