"""What each fact of a book gives under any program, read from the types of its rules as plainly as can be.

Each docstring of `tierkit.programs.rules` as code: it looks at every fact and every rule again for each day
that is asked about, shares no line with the engine and keeps nothing. `oracle_program` measures and judges
what it finds.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from oracle_ranges import ZERO, rounded

import tierkit as tk
from tierkit.programs.rules import FactShape, Sharing, ShortMonth, Takes, While
from tierkit.values.calendar import Stretch
from tierkit.values.span import add_months

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tierkit.programs.rules import EarningRule, Life

EventFact: TypeAlias = tk.Deal | tk.Event
StateFact: TypeAlias = tk.ManagedAccount | tk.State

SHAPES = {
    tk.Deal: FactShape.DEAL,
    tk.Event: FactShape.EVENT,
    tk.ManagedAccount: FactShape.ACCOUNT,
    tk.State: FactShape.STATE,
}
DAY = timedelta(days=1)


class When(NamedTuple):
    """What a quantity is asked about: a day, or all that happened from a first day up to it.

    What happened is seen as on the day on which somebody asks: what was reversed by then, or still pends,
    has given nothing.
    """

    on: date
    since: date | None = None
    asked_on: date = date.max


class Credit(NamedTuple):
    """What one fact gives in one track: points, or None where nobody can say how many."""

    fact: str
    points: Fraction | None
    lowers: bool = False


class Earnings:
    """What one partner's facts give under a program."""

    def __init__(
        self, program: tk.Program, book: tk.Book, partner: str, rates: tk.RateTable | None = None
    ) -> None:
        self.program = program
        self.book = book.in_force
        self.partner = partner
        self.rates = rates or tk.RateTable()

    # ------------------------------------------------------------------ what counts

    def credits(self, track: str, when: When) -> Iterator[Credit]:
        """Give what each fact gives in a track: what counts on a day, or what events of some days gave."""
        book = self.book
        events: list[EventFact] = [*book.deals, *book.events]
        for event in events:
            day = own_day(event)
            if event.partner == self.partner and day <= when.on and (when.since is None or when.since <= day):
                yield from self.of_event(event, track, when)
        states: list[StateFact] = [*book.accounts, *book.states]
        for state in states if when.since is None else ():
            for holder in state.holders:
                if holder.partner == self.partner:
                    yield from self.of_state(state, holder, track, when.on)

    def rules_for(self, fact: EventFact | StateFact) -> list[EarningRule]:
        """Give the rules that know the fact's attributes."""
        return [
            rule
            for rule in self.program.rules
            if rule.fact is SHAPES[type(fact)]
            and all(attribute(fact, name) in values for name, values in rule.where.items())
        ]

    def takes(
        self, rule: EarningRule, fact: EventFact | StateFact, market: tk.Market | None, day: date
    ) -> bool | None:
        """Say whether a rule that knows the fact's attributes takes it on a day."""
        if any(attribute(fact, name) in values for name, values in rule.unless.items()):
            return False
        inside = [self.inside(group, market, day) for group in rule.inside] or [True]
        outside = [self.inside(group, market, day) for group in rule.outside]
        if True not in inside and None not in inside:
            return False
        if True in outside:
            return False
        return None if None in inside or None in outside else True

    # ------------------------------------------------------------------ events

    def of_event(self, fact: EventFact, track: str, when: When) -> Iterator[Credit]:
        """Give what an event gives in a track; one that no rule knows may be meant for any of them."""
        day, known = own_day(fact), self.rules_for(fact)
        selected = [rule for rule in known if self.takes(rule, fact, fact.market, day) is not False]
        covering = [rule for rule in selected if rule.covers(day)]
        for rule in (covering or selected) if known else self.lasting(fact, day):
            if rule.track != track:
                continue
            life = rule.live.at(day)
            begin, end = counts_between(life.value, day, self) if life else (day, None)
            seen_on, last = (when.asked_on, begin) if when.since else (when.on, when.on)
            kept = self.kept(rule, fact, (begin, end) if life else None, seen_on)
            if not kept or seen_on < begin or (end is not None and end <= last):
                continue
            sure = rule in covering and self.takes(rule, fact, fact.market, day)
            amount = measured(rule, fact, day)
            points = self.points(rule, amount, fact.market, day, self.rate_day(rule, fact)) if sure else None
            yield Credit(fact.id, None if points is None else points * kept, may_lower(rule, amount, day))

    def lasting(self, fact: EventFact | StateFact, day: date) -> list[EarningRule]:
        """Give the rules for facts of the same shape that say on a day how long points count, or else all."""
        rules = [rule for rule in self.program.rules if rule.fact is SHAPES[type(fact)]]
        return [rule for rule in rules if rule.live.at(day)] or rules

    def kept(
        self, rule: EarningRule, fact: EventFact, counts: tuple[date, date | None] | None, on: date
    ) -> Fraction:
        """Give the part of a fact's points that reversals have left by a day, at most.

        Which part of the days has passed on which it was to count is not known where those are not.
        """
        for reversal in self.book.reversals:
            if reversal.reverses != fact.id or on < reversal.on:
                continue
            if reversal.cause == "correction":
                return ZERO
            clawback = rule.clawback.at(reversal.on)
            if clawback and reversal.cause in clawback.value.causes:
                if clawback.value.takes is Takes.PRO_RATA and counts is None:
                    return Fraction(1)
                begin, end = counts or (reversal.on, None)
                if clawback.value.takes is Takes.ALL or end is None or end <= begin:
                    return ZERO
                served, whole = (reversal.on - begin).days, (end - begin).days
                return Fraction(max(0, min(served, whole)), whole)
        return Fraction(1)

    def rate_day(self, rule: EarningRule, fact: EventFact) -> tuple[date, bool]:
        """Give the day that decides on the rate, and whether it is known; else it was then or earlier."""
        day = own_day(fact)
        period = rule.rate_day.at(day)
        if period is None or not isinstance(fact, tk.Deal):
            return day, True
        said = {name: attribute(fact, name) for name in period.value.when}
        if not all(
            value == period.value.when[name] or (name == "motion" and not value)
            for name, value in said.items()
        ):
            return day, True
        return self.first_sale(fact)

    def first_sale(self, deal: tk.Deal) -> tuple[date, bool]:
        """Give the day on which the customer first bought the deal's product line, from anyone."""
        if deal.line_first_sold_on is not None:
            return deal.line_first_sold_on, True
        if not deal.product_line:
            return deal.closed_on, deal.motion != "upsell"
        sold, sold_before = date.max, date.max
        for other in self.book.deals:
            same_line = (other.customer, other.product_line) == (deal.customer, deal.product_line)
            if same_line and other.closed_on <= deal.closed_on:
                if other.line_first_sold_on is not None:
                    sold = min(sold, other.line_first_sold_on)
                elif other.motion == "upsell":  # of a line that was sold before, nobody says when
                    sold_before = min(sold_before, other.closed_on)
                else:
                    sold = min(sold, other.closed_on)
        return min(sold, sold_before), sold <= sold_before

    # ------------------------------------------------------------------ states

    def of_state(self, fact: StateFact, holder: tk.Holder, track: str, day: date) -> Iterator[Credit]:
        """Give what a state gives a holder on a day; one that no rule knows may be meant for any of them."""
        known = self.rules_for(fact)
        market = fact.market_on(day) if isinstance(fact, tk.ManagedAccount) else fact.market
        selected = [rule for rule in known if self.takes(rule, fact, market, day) is not False]
        covering = [rule for rule in selected if rule.covers(day)]
        for rule in (covering or selected) if known else self.lasting(fact, day):
            if rule.track != track or day < first_day_of(fact, holder) or not is_held(fact, holder, day):
                continue
            amount = measured(rule, fact, day)
            life = rule.live.at(day)
            live = self.is_live(life.value, fact, holder, day) if life and rule in covering else None
            share = self.share(rule, fact, holder, day) if live else None
            if live is False or share == 0:
                continue
            sure = live and self.takes(rule, fact, market, day)
            points = self.points(rule, amount, market, day, (day, True)) if sure else None
            whole = None if points is None or share is None else points * share
            yield Credit(fact.id, whole, may_lower(rule, amount, day))

    def is_live(self, life: Life, fact: StateFact, holder: tk.Holder, day: date) -> bool | None:
        """Say whether one holder's credit is live on a day; None where its days are not known.

        A holder of whom only actions are known has held it from the first of them, nobody knows how long.
        """
        if not is_held(fact, holder, day):
            return False
        if day < first_day_of(fact, holder):
            return False
        since = holder.since or min(holder.actions, default=None)
        open_end = holder.since is None and holder.actions and life.lasts_while is While.HELD
        if holder.actions and life.inactive_days is not None:
            open_end = False
            if not any(0 <= (day - action).days <= life.inactive_days for action in holder.actions):
                return False
        if is_timed(life):
            if since is None:
                return None
            begin, end = counts_between(life, since, self)
            if not (begin <= day and (end is None or day < end)):
                return False
        return None if open_end else True

    def share(self, rule: EarningRule, fact: StateFact, holder: tk.Holder, day: date) -> Fraction | None:
        """Give a holder's part of what a state gives on a day; None where it is not known."""
        sharing, life = rule.share.at(day), rule.live.at(day)
        if sharing is None or sharing.value is Sharing.FULL_TO_EACH:
            return Fraction(1)
        if sharing.value is Sharing.BY_SHARES:
            return holder.share
        only_one = sharing.value is Sharing.PRIMARY_ONLY
        if only_one and any(each.primary for each in fact.holders):
            return Fraction(holder.primary)
        if len(fact.holders) == 1:
            return Fraction(1)
        assert life is not None
        live = [self.is_live(life.value, fact, each, day) for each in fact.holders]
        if None in live or (only_one and live.count(True) > 1):
            return None
        return Fraction(1, live.count(True))

    # ------------------------------------------------------------------ what one fact is worth

    def points(
        self,
        rule: EarningRule,
        amount: tk.Money | Fraction | None,
        market: tk.Market | None,
        day: date,
        rate_day: tuple[date, bool],
    ) -> Fraction | None:
        """Measure, rate, multiply, bound, round; None where something of it is not known."""
        units = self.worth(rule, amount, day) if isinstance(amount, tk.Money) else amount
        rate = rate_on(rule, *rate_day)
        if units is None or rate is None:
            return None
        points = units * rate
        for group, dated in rule.multiply.items():
            by = dated.at(day)
            if by is None or by.value == 1:
                continue
            member = self.inside(group, market, day)
            if member is None or (member and by.value is None):
                return None
            points *= by.value if member and by.value is not None else 1
        least, most, to = rule.at_least.at(day), rule.at_most.at(day), rule.round.at(day)
        points = max(points, least.value) if least else points
        points = min(points, most.value) if most else points
        return Fraction(rounded(points, to.value.to, to.value.mode)) if to else points

    def worth(self, rule: EarningRule, amount: tk.Money, day: date) -> Fraction | None:
        """Count an amount in the currency of its track, or against the point value."""
        unit = self.program.units.get(rule.track, "")
        if len(unit) == 3 and unit.isupper():
            if amount.currency.code == unit:
                return Fraction(amount.amount)
            for each in self.rates.rates:
                pair = each.base.code, each.quote.code
                if pair == (amount.currency.code, unit) and each.on <= day < each.until:
                    return Fraction(amount.amount) * each.rate
            return None
        dated = self.program.point_values.get(amount.currency.code)
        period = dated.at(day) if dated else None
        return Fraction(amount.minor) / period.value if period and period.value else None

    def inside(self, group: str, market: tk.Market | None, day: date) -> bool | None:
        """Say whether a market is in a group on a day."""
        if market is None:
            return None
        member = self.program.groups[group].members.get(market.code)
        period = member.at(day) if member else None
        return period is not None and period.value

    def stretch(self, stretch: Stretch, day: date, later: int) -> tuple[date, date]:
        """Give the first day of the stretch that comes so many after the day's own, and of the next one."""
        if stretch is Stretch.DAY:
            return day + later * DAY, day + (later + 1) * DAY
        months = {Stretch.MONTH: 1, Stretch.QUARTER: 3, Stretch.YEAR: 12}[stretch]
        month, first = self.program.year_from.split("-")
        years = date(day.year - 1, int(month), int(first))
        number = 0
        while add_months(years, (number + 1) * months) <= day:
            number += 1
        return add_months(years, (number + later) * months), add_months(years, (number + later + 1) * months)


# ---------------------------------------------------------------------- facts


def own_day(fact: EventFact) -> date:
    return fact.closed_on if isinstance(fact, tk.Deal) else fact.on


def attribute(fact: object, name: str) -> object:
    """Give a fact's own field, or else one of its further attributes; "" where it has neither."""
    own = getattr(fact, name, None)
    return own if own is not None else fact.attributes.get(name, "")  # type: ignore[attr-defined]


def measured(rule: EarningRule, fact: EventFact | StateFact, day: date) -> tk.Money | Fraction | None:
    """Give what a rule measures of a fact: money, its quantity, or one."""
    if isinstance(fact, tk.ManagedAccount) and rule.amount:
        return fact.mrr_on(day)
    if rule.amount:
        money: tk.Money | None = getattr(fact, rule.amount)
        return money
    return getattr(fact, "quantity", None) if rule.quantity else Fraction(1)


def may_lower(rule: EarningRule, amount: tk.Money | Fraction | None, day: date) -> bool:
    """Say whether a fact might take points away: one that may be below zero, where no least holds it up."""
    least, most = rule.at_least.at(day), rule.at_most.at(day)
    if most is not None and most.value < 0:
        return True
    if least is not None and least.value >= 0:
        return False
    return amount is None or (amount.minor if isinstance(amount, tk.Money) else amount) < 0


def first_day(fact: StateFact) -> date:
    """Give the first day on which anything is recorded of a state."""
    return min(day for each in fact.holders for day in (each.since, *each.actions) if day is not None)


def first_day_of(fact: StateFact, holder: tk.Holder) -> date:
    """Give the first day on which a holder is known to have it."""
    return holder.since or min(holder.actions, default=first_day(fact))


def is_held(fact: StateFact, holder: tk.Holder, day: date) -> bool:
    """Say whether a day is one of those on which the holder may have it."""
    if day < first_day(fact) or (holder.since is not None and day < holder.since):
        return False
    return holder.until is None or day < holder.until


def rate_on(rule: EarningRule, day: date, known: bool) -> Fraction | None:  # noqa: FBT001 - as it comes
    """Give the rate of a day, or the only one of all days up to it where the day is not known."""
    if not known:
        rates = [each.value for each in rule.rate if (each.effective_from or date.min) <= day]
        if any(rate != rates[0] for rate in rates):
            return None
    period = rule.rate.at(day)
    return period.value if period else None


def is_timed(life: Life) -> bool:
    """Say whether any days are counted from the first."""
    return any((life.months, life.days, life.through, life.pending_months, life.pending_days))


def counts_between(life: Life, day: date, oracle: Earnings) -> tuple[date, date | None]:
    """Give the first day on which points of a day count, and the first on which they no longer do."""
    assert life.lasts_while is not While.YEAR
    begin = months_after(life, day, life.pending_months) + timedelta(days=life.pending_days)
    ends: list[date] = []
    if life.months is not None:
        ends.append(months_after(life, day, life.months))
    if life.days is not None:
        ends.append(day + timedelta(days=life.days))
    if life.through is not None:
        ends = [oracle.stretch(life.through, end, 0)[1] for end in ends or [day]]
    return begin, min(ends, default=None)


def months_after(life: Life, day: date, months: int) -> date:
    later = add_months(day, months)
    return later + DAY if later.day != day.day and life.short_month is ShortMonth.NEXT_DAY else later
