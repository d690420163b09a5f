"""The parts of what holds over days: who holds it, and what changes in it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, final

from tierkit.facts.checks import Checks
from tierkit.frozen import frozen
from tierkit.values.market import Market
from tierkit.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tierkit.values.exact import Number


@final
@frozen(kw_only=True)
class Holder:
    """One partner's part in a state that several may share.

    Attributes:
        partner: the partner's id.
        since: the first day on which the partner holds it; None where only the actions tell.
        until: the first day on which the partner no longer does; None where no end is known.
        actions: the days on which the partner did something for the customer, sorted, each once.
        share: the partner's part, above 0 and at most 1, for programs that divide by shares.
        primary: whether the partner is the primary one of the state, for programs that credit only that one.
        recorded_on: the day on which this was written down, if known.
        recorded_by: who wrote it down; empty where not said.

    Raises:
        InvalidValue: (or another `TierkitError`) with everything that is wrong with the fields.
    """

    partner: str
    since: date | None
    until: date | None
    actions: tuple[date, ...]
    share: Fraction | None
    primary: bool
    recorded_on: date | None
    recorded_by: str

    def __init__(
        self,
        *,
        partner: str,
        since: date | None = None,
        until: date | None = None,
        actions: Iterable[date] = (),
        share: Number | None = None,
        primary: bool = False,
        recorded_on: date | None = None,
        recorded_by: str = "",
    ) -> None:
        check = Checks()
        check.texts(partner=partner)
        check.day_if_any("since", since)
        check.day_if_any("until", until)
        check.order("since", since, "until", until)
        days = tuple(actions)
        for day in days:
            check.day("actions", day)
        part = None if share is None else check.number("share", share)
        if part is not None and not 0 < part <= 1:
            check.wrong("share", share, "a part above 0 and at most 1", 'write a half as "0.5" or "1/2"')
        check.truth("primary", primary)
        first = since or min((day for day in days if type(day) is date), default=None)
        check.recorded(recorded_on, recorded_by, "since" if since else "actions", first)
        check.done("holder", partner)
        self.__attrs_init__(
            partner=partner,
            since=since,
            until=until,
            actions=tuple(sorted(set(days))),
            share=part,
            primary=primary,
            recorded_on=recorded_on,
            recorded_by=recorded_by,
        )

    if TYPE_CHECKING:

        def __attrs_init__(self, **fields: object) -> None: ...


@final
@frozen(kw_only=True)
class Change:
    """What changes in a managed account from a day on.

    Attributes:
        on: the first day with the new values.
        mrr: the monthly recurring revenue from then on; None where it stays.
        market: the customer's country from then on; None where it stays.
        recorded_on: the day on which this was written down, if known.
        recorded_by: who wrote it down; empty where not said.

    Raises:
        InvalidValue: (or another `TierkitError`) with everything that is wrong with the fields.
    """

    on: date
    mrr: Money | None
    market: Market | None
    recorded_on: date | None
    recorded_by: str

    def __init__(
        self,
        *,
        on: date,
        mrr: Money | None = None,
        market: Market | str | None = None,
        recorded_on: date | None = None,
        recorded_by: str = "",
    ) -> None:
        check = Checks()
        check.day("on", on)
        check.money_if_any("mrr", mrr)
        place = check.market(market)
        check.tender("mrr", mrr, on, place)
        if mrr is None and market is None:
            check.wrong("mrr", mrr, "a new amount, a new market or both")
        check.recorded(recorded_on, recorded_by, "on", on)
        check.done("change on", on)
        self.__attrs_init__(on=on, mrr=mrr, market=place, recorded_on=recorded_on, recorded_by=recorded_by)

    if TYPE_CHECKING:

        def __attrs_init__(self, **fields: object) -> None: ...
