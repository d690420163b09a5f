"""How a program earns and chooses: the rules as typed data."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, final

import attrs

from tierkit.frozen import FrozenMap, frozen
from tierkit.programs.dated import Dated, Period
from tierkit.values.calendar import Stretch
from tierkit.values.rates import Rounding
from tierkit.values.source import Source
from tierkit.values.word import Word

if TYPE_CHECKING:
    from datetime import date


@final
class FactShape(Word):
    """Which facts a rule looks at: the two named kinds, or the two general shapes."""

    DEAL = "deal"
    EVENT = "event"
    ACCOUNT = "account"
    STATE = "state"

    @property
    def is_state(self) -> bool:
        """Whether such a fact holds over days rather than happening on one."""
        return self in (FactShape.ACCOUNT, FactShape.STATE)


@final
class Sharing(Word):
    """How the points of one state are divided among those who hold it on a day."""

    EQUAL = "equal"
    BY_SHARES = "shares"
    FULL_TO_EACH = "each"
    PRIMARY_ONLY = "primary"


@final
class While(Word):
    """What points last with: as long as a state is held, or up to the end of the member's personal year."""

    HELD = "held"
    YEAR = "year"


@final
class ShortMonth(Word):
    """Which day it is where months lead to one that their month does not have: the last, or the next."""

    LAST_DAY = "last-day"
    NEXT_DAY = "next-day"


@final
@frozen(kw_only=True)
class Life:
    """How long points count: up to the earliest of the ends that are given.

    Months and days are counted from the event's day, of a state from the day since which it is held. With
    `through` they end with the stretch of the calendar in which that day falls, so that the stretch counts
    whole; `through` alone is the stretch of the event's own day, as for points of a calendar year.

    Attributes:
        months: months that they count; the points go on the anniversary.
        days: days that they count.
        through: the stretch of the calendar that still counts whole; None where it ends on the day itself.
        short_month: which day it is where months lead to one that their month does not have, as the
            anniversary of 29 February.
        lasts_while: what they last with; None where they last with nothing else.
        inactive_days: days after the holder's last action on which a state still counts; None where it
            does not hang on actions.
        pending_months: months from the event's day before they begin to count.
        pending_days: days before they begin to count, after those months.
    """

    months: int | None = None
    days: int | None = None
    through: Stretch | None = None
    short_month: ShortMonth = ShortMonth.LAST_DAY
    lasts_while: While | None = None
    inactive_days: int | None = None
    pending_months: int = 0
    pending_days: int = 0

    @property
    def never_ends(self) -> bool:
        """Whether no end is given: the points count for good."""
        return (
            self.months is None
            and self.days is None
            and self.through is None
            and self.lasts_while is None
            and self.inactive_days is None
        )


@final
@frozen
class RateDay:
    """Facts whose rate is decided by another day than their own.

    Attributes:
        when: attribute values that a fact must have.
        day: which day decides: "line-first-sold", the first sale of the customer's product line. It is the
            only such day so far, so nothing has to ask for it: the file says it for its readers.
    """

    when: FrozenMap[str]
    day: str


@final
class Takes(Word):
    """What a clawback takes: all that still counts, or the part of the days that are yet to come."""

    ALL = "all"
    PRO_RATA = "pro-rata"


@final
@frozen
class Clawback:
    """What a reversal of a fact, other than a correction, takes of its points.

    Attributes:
        causes: the causes of a reversal for which it takes them; with none, it takes nothing.
        takes: all from the day of the reversal on, or all but the part of whole days that had passed of the
            days on which they were to count.
    """

    causes: tuple[str, ...]
    takes: Takes


@final
@frozen(kw_only=True)
class RoundTo:
    """How the points of one fact are rounded: to whole multiples of a number.

    Attributes:
        to: the number, above zero: 1 for whole points, 1/2 for halves.
        mode: which multiple is taken.
    """

    to: Fraction
    mode: Rounding


@final
@frozen(kw_only=True)
class EarningRule:
    """One way to earn, step by step: select, measure, rate, multiply, bound, round, share, live, claw back.

    Attributes:
        id: the rule's name in explanations.
        name: its name in words.
        fact: which facts it looks at.
        where: attribute values that a fact must have, each one of several.
        unless: attribute values that a fact must not have: one of them is enough to pass it over.
        inside: groups of markets, in one of which the fact's must be on its day; none: any will do.
        outside: groups of markets, in none of which the fact's may be on its day.
        beside: other rules that may take the same facts into the same track on the same days: a bonus
            beside its base. Without it two such rules are a mistake.
        track: the track that its points go to.
        amount: the fact's money that is measured: against the point value, or, where the track counts
            money, in the currency of the track at the exchange rate of the day; "" where there is none.
        quantity: whether the fact's quantity is measured; without amount and quantity it counts as one.
        rate: points for each unit; None on days for which the rate is declared unknown.
        rate_day: facts whose rate another day decides.
        multiply: multipliers by group of markets; None where one is declared unknown.
        tier_multiply: multipliers by tier, by its id: of the tier that is held on the morning of the fact's
            day; None where one is declared unknown.
        at_least: points that one fact gives at least.
        at_most: points that one fact gives at most.
        round: how the points of one fact are rounded; not given, they are exact.
        share: how the holders of a state divide its points; not given, each has all.
        live: how long the points count.
        clawback: what a reversal of the fact takes; not given, nothing.
    """

    id: str
    name: str
    fact: FactShape
    where: FrozenMap[tuple[str, ...]] = attrs.Factory(FrozenMap[tuple[str, ...]])
    unless: FrozenMap[tuple[str, ...]] = attrs.Factory(FrozenMap[tuple[str, ...]])
    inside: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    track: str
    amount: str = ""
    quantity: bool = False
    rate: Dated[Fraction | None]
    rate_day: Dated[RateDay] = attrs.Factory(Dated[RateDay])
    multiply: FrozenMap[Dated[Fraction | None]] = attrs.Factory(FrozenMap[Dated[Fraction | None]])
    tier_multiply: FrozenMap[Dated[Fraction | None]] = attrs.Factory(FrozenMap[Dated[Fraction | None]])
    at_least: Dated[Fraction] = attrs.Factory(Dated[Fraction])
    at_most: Dated[Fraction] = attrs.Factory(Dated[Fraction])
    round: Dated[RoundTo] = attrs.Factory(Dated[RoundTo])
    share: Dated[Sharing] = attrs.Factory(Dated[Sharing])
    live: Dated[Life]
    clawback: Dated[Clawback] = attrs.Factory(Dated[Clawback])

    def covers(self, day: date) -> bool:
        """Say whether the rule earns on a day: it has a rate, and a life of points."""
        return self.rate.at(day) is not None and self.live.at(day) is not None


@final
@frozen
class ReadingKind:
    """A figure that a program asks for and cannot compute.

    Attributes:
        id: the name that a `Reading` bears.
        name: its name in words.
        yes_no: whether the figure is yes or no; else it is a number.
        unit: what the number counts, such as "%".
        by_vendor: whether the vendor decides it, so that a partner who meets all else is eligible.
    """

    id: str
    name: str
    yes_no: bool
    unit: str = ""
    by_vendor: bool = False


@final
@frozen
class Group:
    """Markets that a program treats alike, each by its own days."""

    id: str
    name: str
    members: FrozenMap[Dated[bool]]

    def membership(self, market: str, day: date) -> Period[bool] | None:
        """Give the period in which a market, by its code, is a member on a day; None where it is not."""
        period = self.members[market].at(day) if market in self.members else None
        return period if period is not None and period.value else None


@final
@frozen
class Choice:
    """A point on which the sources are silent, and the reading that the program follows: graded derived.

    Attributes:
        number: the choice's number, by which notes refer to it.
        question: what the sources do not say.
        reading: the answer that the program follows.
        why: what speaks for it.
        held_by: which part of the program file, or which part of tierkit, holds it.
        source: the page that it rests on, where there is one.
    """

    number: int
    question: str
    reading: str
    why: str
    held_by: str
    source: Source | None = None
