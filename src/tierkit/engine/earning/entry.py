"""An entry: the points of one fact for one partner, over days on which nothing about them changes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast, final

from tierkit.errors import Problem
from tierkit.frozen import frozen
from tierkit.values.points import Points
from tierkit.values.reason import Reason
from tierkit.values.span import Span

if TYPE_CHECKING:
    from fractions import Fraction

    from tierkit.programs.dated import Period


@final
@frozen(kw_only=True)
class Entry:
    """Points with their days and their reason.

    Attributes:
        fact: the id of the fact that earned them.
        partner: whose they are.
        track: the kind of points.
        points: how many, exactly; in a track of money the units of its currency.
        span: the days on which they count.
        customer: the customer of the fact.
        kind: the kind of the deal, "account", or the type of a general fact.
        market: the two-letter code of the customer's market; "" where it is not known.
        group: the group of markets that multiplied the points; "" where none did.
        reason: how the number came about; recomputing it gives the points.
    """

    fact: str
    partner: str
    track: str
    points: Points
    span: Span
    customer: str
    kind: str
    market: str
    group: str
    reason: Reason


@final
@frozen
class Failure:
    """A fact that cannot be valued on some days, and the tracks that lack it then.

    Attributes:
        fact: the id of the fact.
        partner: whose points it would give.
        tracks: the kinds of points that it would give.
        span: the days on which they would count.
        lowers: whether it might take points away, so that a sum without it is no lower bound.
        problem: why it cannot be valued.
        with_year: whether they would count until the member's personal year ends.
        day: the day of an event; None for a state.
        taken_on: the day on which a reversal took all of it; None where none did.
        rules: the ids of the rules that cannot value an event; none for a state.
    """

    fact: str
    partner: str
    tracks: tuple[str, ...]
    span: Span
    lowers: bool
    problem: Problem
    with_year: bool = False
    day: date | None = None
    taken_on: date | None = None
    rules: tuple[str, ...] = ()


@final
@frozen
class Missing:
    """Why a fact cannot be valued, in the words of a problem."""

    field: str
    found: str
    expected: str
    hint: str

    def problem(self, where: str) -> Problem:
        """Say it of one fact, or of one fact on some days."""
        return Problem(where, self.field, self.found, self.expected, self.hint)


def known(field: str, period: Period[Fraction | None]) -> Period[Fraction] | Missing:
    """Give a period whose value is known, or why it is not."""
    if period.value is not None:
        return cast("Period[Fraction]", period)
    found = f"a value that is declared unknown {period.days()}: {period.note}"
    return Missing(field, found, "a known value", "an overlay can add the value that you know")
