"""An entry: the points of one fact for one partner, over days on which nothing about them changes."""

from __future__ import annotations

from typing import final

from tierkit.errors import Problem
from tierkit.frozen import frozen
from tierkit.values.points import Points
from tierkit.values.reason import Reason
from tierkit.values.span import Span


@final
@frozen(kw_only=True)
class Entry:
    """Points with their days and their reason.

    Attributes:
        fact: the id of the fact that earned them.
        partner: whose they are.
        track: the kind of points.
        points: how many, exactly.
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
    """

    fact: str
    partner: str
    tracks: tuple[str, ...]
    span: Span
    lowers: bool
    problem: Problem
    with_year: bool = False
