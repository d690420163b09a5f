"""Facts that hold over days and that several partners may share: managed accounts, and states in general."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar, final

import attrs

from tierkit.errors import Problem, WrongType, shown
from tierkit.facts.checks import NO_ATTRIBUTES, Checks, Scalar, typed
from tierkit.frozen import FrozenMap, frozen
from tierkit.values.market import Market
from tierkit.values.money import Money

if TYPE_CHECKING:
    from tierkit.values.exact import Number

_Item = TypeVar("_Item")


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

    Raises:
        InvalidValue: (or another `TierkitError`) with everything that is wrong with the fields.
    """

    partner: str
    since: date | None
    until: date | None
    actions: tuple[date, ...]
    share: Fraction | None

    def __init__(
        self,
        *,
        partner: str,
        since: date | None = None,
        until: date | None = None,
        actions: Iterable[date] = (),
        share: Number | None = None,
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
        check.done("holder", partner)
        self.__attrs_init__(
            partner=partner, since=since, until=until, actions=tuple(sorted(set(days))), share=part
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

    Raises:
        InvalidValue: (or another `TierkitError`) with everything that is wrong with the fields.
    """

    on: date
    mrr: Money | None
    market: Market | None

    def __init__(self, *, on: date, mrr: Money | None = None, market: Market | str | None = None) -> None:
        check = Checks()
        check.day("on", on)
        check.money_if_any("mrr", mrr)
        place = check.market(market)
        check.tender("mrr", mrr, on, place)
        if mrr is None and market is None:
            check.wrong("mrr", mrr, "a new amount, a new market or both")
        check.done("change on", on)
        self.__attrs_init__(on=on, mrr=mrr, market=place)

    if TYPE_CHECKING:

        def __attrs_init__(self, **fields: object) -> None: ...


@final
@frozen(kw_only=True)
class ManagedAccount:
    """A customer that one or several partners look after: a state.

    Attributes:
        id: the account's own id, unique in a book.
        customer: the id or name of the customer.
        mrr: the customer's monthly recurring revenue, before any change.
        holders: the partners who look after it, at least one.
        market: the customer's country before any change, if known.
        changes: what changes later, sorted by day.
        attributes: further values that a program asks for by name.

    Raises:
        InvalidValue: (or another `TierkitError`) with everything that is wrong with the fields.
    """

    id: str
    customer: str
    mrr: Money
    holders: tuple[Holder, ...]
    market: Market | None
    changes: tuple[Change, ...]
    attributes: FrozenMap[Scalar] = attrs.field(eq=typed)

    def __init__(
        self,
        *,
        id: str,
        customer: str,
        mrr: Money,
        holders: Iterable[Holder],
        market: Market | str | None = None,
        changes: Iterable[Change] = (),
        attributes: Mapping[str, Scalar] = NO_ATTRIBUTES,
    ) -> None:
        check = Checks()
        check.texts(id=id, customer=customer)
        check.money("mrr", mrr)
        place = check.market(market)
        shared = _holders(check, holders)
        if shared and not any(holder.since or holder.actions for holder in shared):
            expected = "a first day (since) or an action of at least one of the partners"
            check.wrong("holders", shared, expected, "without a day nothing says when the account is managed")
        later = _changes(check, changes)
        check.tender("mrr", mrr, _first_day(shared), place)
        kept = check.attributes(attributes)
        check.done("account", id)
        self.__attrs_init__(
            id=id, customer=customer, mrr=mrr, holders=shared, market=place, changes=later, attributes=kept
        )

    def mrr_on(self, day: date) -> Money:
        """Give the monthly recurring revenue that holds on a day."""
        held = self.mrr
        for change in self.changes:
            if change.on > day:
                break
            held = held if change.mrr is None else change.mrr
        return held

    def market_on(self, day: date) -> Market | None:
        """Give the customer's country on a day, if known."""
        held = self.market
        for change in self.changes:
            if change.on > day:
                break
            held = change.market or held
        return held

    if TYPE_CHECKING:

        def __attrs_init__(self, **fields: object) -> None: ...


@final
@frozen(kw_only=True)
class State:
    """Anything that holds over days, for programs that need more than managed accounts.

    Attributes:
        id: the state's own id, unique in a book.
        type: what holds, in the program's words.
        holders: the partners whose state it is, at least one, each with its days.
        customer: whom it concerns; empty where nobody.
        market: where, if known.
        amount: an amount of money, if it has one.
        quantity: a number of things, if it has one.
        attributes: further values that a program asks for by name.

    Raises:
        InvalidValue: (or another `TierkitError`) with everything that is wrong with the fields.
    """

    id: str
    type: str
    holders: tuple[Holder, ...]
    customer: str
    market: Market | None
    amount: Money | None
    quantity: Fraction | None
    attributes: FrozenMap[Scalar] = attrs.field(eq=typed)

    def __init__(
        self,
        *,
        id: str,
        type: str,
        holders: Iterable[Holder],
        customer: str = "",
        market: Market | str | None = None,
        amount: Money | None = None,
        quantity: Number | None = None,
        attributes: Mapping[str, Scalar] = NO_ATTRIBUTES,
    ) -> None:
        check = Checks()
        check.texts(id=id, type=type)
        check.texts_if_any(customer=customer)
        place = check.market(market)
        shared = _holders(check, holders)
        check.money_if_any("amount", amount)
        check.tender("amount", amount, _first_day(shared), place)
        count = None if quantity is None else check.number("quantity", quantity)
        kept = check.attributes(attributes)
        check.done("state", id)
        self.__attrs_init__(
            id=id,
            type=type,
            holders=shared,
            customer=customer,
            market=place,
            amount=amount,
            quantity=count,
            attributes=kept,
        )

    if TYPE_CHECKING:

        def __attrs_init__(self, **fields: object) -> None: ...


def _holders(check: Checks, given: Iterable[Holder]) -> tuple[Holder, ...]:
    holders = _all_of(Holder, "holders", given)
    if not holders:
        check.wrong("holders", (), "at least one partner", 'write holders=[Holder(partner="northwind", ...)]')
    seen: set[str] = set()
    for holder in holders:
        if holder.partner in seen:
            check.wrong("holders", holder.partner, "each partner once", "merge the days of the two")
        seen.add(holder.partner)
    return tuple(sorted(holders, key=lambda holder: holder.partner))


def _changes(check: Checks, given: Iterable[Change]) -> tuple[Change, ...]:
    changes = sorted(_all_of(Change, "changes", given), key=lambda change: change.on)
    for first, then in pairwise(changes):
        if first.on == then.on:
            check.wrong("changes", then.on, "one change a day", "merge the two")
    return tuple(changes)


def _all_of(kind: type[_Item], field: str, given: Iterable[_Item]) -> tuple[_Item, ...]:
    """Give the items, which must all be of one type: nothing else can be checked before that is so."""
    items = tuple(given) if isinstance(given, Iterable) else None
    if items is None or not all(isinstance(item, kind) for item in items):
        expected = f"a list of {kind.__name__}"
        raise WrongType(Problem(field, field, shown(given), expected))
    return items


def _first_day(holders: tuple[Holder, ...]) -> date | None:
    days = [day for holder in holders for day in (holder.since, *holder.actions[:1]) if day]
    return min(days, default=None)
