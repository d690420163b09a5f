"""How a program earns and chooses: the rules as typed data."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, final

import attrs

from tierkit.frozen import FrozenMap, frozen
from tierkit.programs.dated import Dated, Period
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


@final
class While(Word):
    """What keeps points alive: that a state is held, that its holder acts, the member's personal year."""

    HELD = "held"
    ACTIVE = "active"
    YEAR = "year"


@final
class ShortMonth(Word):
    """Which day it is where months lead to one that their month does not have: the last, or the next."""

    LAST_DAY = "last-day"
    NEXT_DAY = "next-day"


@final
@frozen(kw_only=True)
class Life:
    """How long points count: for some time from an event, or as long as something lasts.

    Attributes:
        months: months from the event's day; the points go on the anniversary.
        days: days from the event's day, or the days after an action on which a state still counts.
        short_month: which day it is where months lead to one that their month does not have, as the
            anniversary of 29 February.
        lasts_while: what keeps a state alive, or the year that keeps an event alive; None for events
            that count for months or days.
    """

    months: int | None = None
    days: int | None = None
    short_month: ShortMonth = ShortMonth.LAST_DAY
    lasts_while: While | None = None


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
class EarningRule:
    """One way to earn: select, measure, rate, multiply, floor, share, live, claw back, and into which track.

    Attributes:
        id: the rule's name in explanations.
        name: its name in words.
        fact: which facts it looks at.
        where: attribute values that a fact must have, each one of several.
        track: the track that its points go to.
        amount: the fact's money that is measured against the point value; "" where there is none.
        quantity: whether the fact's quantity is measured; without amount and quantity it counts as one.
        rate: points for each unit; None on days for which the rate is declared unknown.
        rate_day: facts whose rate another day decides.
        multiply: multipliers by group of markets; None where one is declared unknown.
        at_least: points that one fact gives at least.
        share: how the holders of a state divide its points; not given, each has all.
        live: how long the points count.
        clawback: what a reversal of the fact takes; not given, nothing.
    """

    id: str
    name: str
    fact: FactShape
    where: FrozenMap[tuple[str, ...]]
    track: str
    amount: str = ""
    quantity: bool = False
    rate: Dated[Fraction | None]
    rate_day: Dated[RateDay] = attrs.Factory(Dated[RateDay])
    multiply: FrozenMap[Dated[Fraction | None]] = attrs.Factory(FrozenMap[Dated[Fraction | None]])
    at_least: Dated[Fraction] = attrs.Factory(Dated[Fraction])
    share: Dated[Sharing] = attrs.Factory(Dated[Sharing])
    live: Dated[Life]
    clawback: Dated[Clawback] = attrs.Factory(Dated[Clawback])

    def covers(self, day: date) -> bool:
        """Say whether the rule earns on a day: it has a rate, and a life of points."""
        return self.rate.at(day) is not None and self.live.at(day) is not None


@final
@frozen
class Measure:
    """A named quantity: the sum of tracks and of other measures."""

    id: str
    name: str
    sum: tuple[str, ...]


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
        dated = self.members.get(market)
        period = dated.at(day) if dated else None
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
