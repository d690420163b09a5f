"""Facts that hold over days and that several partners may share: managed accounts, and states in general."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeVar, final

import attrs

from tierkit.errors import Problem, WrongType, shown
from tierkit.facts.checks import NO_ATTRIBUTES, Checks, Said, Scalar, typed
from tierkit.facts.parts import Change, Holder
from tierkit.frozen import FrozenMap, frozen
from tierkit.values.exact import number_text
from tierkit.values.market import Market
from tierkit.values.money import Money

if TYPE_CHECKING:
    from tierkit.values.exact import Number

ONE_TERM: Final = (
    "each partner once, or for spans that do not overlap, each with since and all but the last with until"
)
"""What the holders of an account or a state must be."""

_Item = TypeVar("_Item")


@final
@frozen(kw_only=True)
class ManagedAccount:
    """A customer that one or several partners look after: a state.

    Attributes:
        id: the account's own id, unique in a book.
        customer: the id or name of the customer.
        mrr: the customer's monthly recurring revenue, before any change.
        holders: the partners who look after it, at least one, and at least one day among them. A partner
            who left and came back is there once for each time, with its days. On any day at most one of
            them is the primary one.
        market: the customer's country before any change, if known.
        changes: what changes later, sorted by day.
        attributes: further values that a program asks for by name.
        replaces: the id of the earlier account whose place this one takes; empty where it takes none.
        recorded_on: the day on which this was written down, if known.
        recorded_by: who wrote it down; empty where not said.

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
    replaces: str
    recorded_on: date | None
    recorded_by: str

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
        replaces: str = "",
        recorded_on: date | None = None,
        recorded_by: str = "",
    ) -> None:
        check = Checks()
        check.texts(id=id, customer=customer)
        check.texts_if_any(replaces=replaces)
        check.money("mrr", mrr)
        place = check.market(market)
        shared = _holders(check, holders)
        later = _changes(check, changes)
        check.tender("mrr", mrr, first_day(shared), place)
        kept = check.attributes(attributes)
        check.recorded(recorded_on, recorded_by, "holders", first_day(shared))
        check.done("account", id)
        self.__attrs_init__(
            id=id,
            customer=customer,
            mrr=mrr,
            holders=shared,
            market=place,
            changes=later,
            attributes=kept,
            replaces=replaces,
            recorded_on=recorded_on,
            recorded_by=recorded_by,
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
        holders: the partners whose state it is, as with a managed account.
        customer: whom it concerns; empty where nobody.
        market: where, if known.
        amount: an amount of money, if it has one.
        quantity: a number of things, if it has one.
        attributes: further values that a program asks for by name.
        replaces: the id of the earlier state whose place this one takes; empty where it takes none.
        recorded_on: the day on which this was written down, if known.
        recorded_by: who wrote it down; empty where not said.

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
    replaces: str
    recorded_on: date | None
    recorded_by: str

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
        replaces: str = "",
        recorded_on: date | None = None,
        recorded_by: str = "",
    ) -> None:
        check = Checks()
        check.texts(id=id, type=type)
        check.texts_if_any(customer=customer, replaces=replaces)
        place = check.market(market)
        shared = _holders(check, holders)
        check.money_if_any("amount", amount)
        check.tender("amount", amount, first_day(shared), place)
        count = None if quantity is None else check.number("quantity", quantity)
        kept = check.attributes(attributes)
        check.recorded(recorded_on, recorded_by, "holders", first_day(shared))
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
            replaces=replaces,
            recorded_on=recorded_on,
            recorded_by=recorded_by,
        )

    if TYPE_CHECKING:

        def __attrs_init__(self, **fields: object) -> None: ...


def _holders(check: Checks, given: Iterable[Holder]) -> tuple[Holder, ...]:
    holders = _all_of(Holder, "holders", given)
    if not holders:
        check.wrong("holders", (), "at least one partner", 'write holders=[Holder(partner="northwind", ...)]')
    elif first_day(holders) is None:
        hint = "add a since: without a day nothing says when it is held"
        expected = "a first day (since) or an action of at least one of the partners"
        check.wrong("holders", Said("neither a first day nor an action"), expected, hint)
    terms: dict[str, list[Holder]] = {}
    for holder in sorted(holders, key=lambda holder: (holder.partner, first_day_of(holder))):
        terms.setdefault(holder.partner, []).append(holder)
    for its in terms.values():
        if len(its) > 1:
            _check_terms(check, its)
    _check_shares(check, holders)
    _check_primary(check, holders)
    return tuple(holder for its in terms.values() for holder in its)


def first_day_of(holder: Holder) -> date:
    """Give the day by which the terms of one partner are sorted."""
    return holder.since or date.min


def follows(first: Holder, then: Holder) -> bool:
    """Whether a partner can have left after the first of two terms, and come back with the other."""
    return None not in (first.since, first.until, then.since) and first_day_of(then) >= (
        first.until or date.max
    )


def _check_terms(check: Checks, terms: list[Holder]) -> None:
    """A partner who came back: its terms must not overlap, and its actions lie in the term that has them."""
    partner = shown(terms[0].partner)
    if not all(follows(first, then) for first, then in pairwise(terms)):
        hint = "merge the days of the two, or give both a since and the earlier one an until"
        check.wrong("holders", Said(f"partner {partner} again"), ONE_TERM, hint)
        return
    for term in terms:
        outside = [
            day
            for day in (*term.actions[:1], *term.actions[-1:])
            if day < first_day_of(term) or day >= (term.until or date.max)
        ]
        if outside:
            until = f" to before {term.until}" if term.until else " on"
            expected = f"a day from {term.since}{until}, as {partner} is there more than once"
            check.wrong("holders", Said(f"an action on {outside[0]}"), expected, "mend the day, or the span")


def _check_shares(check: Checks, holders: tuple[Holder, ...]) -> None:
    """Nobody gives more than the whole away: on no day may the shares of the partners exceed it."""
    shares = [(holder, holder.share) for holder in holders if holder.share is not None]
    if above := _above_one(shares):
        whole, on = above
        expected = "shares of at most 1 together on every day"
        hint = "mend the shares, or the since and until of each partner"
        check.wrong("holders", Said(f"shares of {number_text(whole):.80} together{on}"), expected, hint)


def _check_primary(check: Checks, holders: tuple[Holder, ...]) -> None:
    """There is one primary partner: another may be it after that one, not beside it."""
    if above := _above_one([(holder, Fraction(1)) for holder in holders if holder.primary]):
        count, on = above
        expected = "one primary partner at most on every day"
        hint = "mark one of them, or mend the since and until of each"
        check.wrong("holders", Said(f"{count} primary partners{on}"), expected, hint)


def _above_one(parts: list[tuple[Holder, Fraction]]) -> tuple[Fraction, str] | None:
    """Find the first day on which parts are more than 1 together, as far as the spans of the holders tell."""
    turns = sorted(
        (day, part)
        for holder, whole in parts
        if (start := holder.since or min(holder.actions, default=date.min)) < (holder.until or date.max)
        for day, part in ((start, whole), (holder.until or date.max, -whole))
    )
    together = Fraction(0)
    for day, part in turns:  # those that end on a day stand before those that begin on it
        together += part
        if together > 1:
            return together, "" if day == date.min else f" on {day}"
    return None


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


def first_day(holders: tuple[Holder, ...]) -> date | None:
    """Give the first day on which any of the partners holds it, as far as their parts tell."""
    days = [day for holder in holders for day in (holder.since, *holder.actions[:1]) if day]
    return min(days, default=None)
