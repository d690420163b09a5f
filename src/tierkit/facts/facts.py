"""What happened or holds: the facts that a computation starts from.

An event happened on a day (`Deal`, `Event`), a state holds over days (`ManagedAccount`, `State`);
a `Reading` is a metric's value from a day on, `Held` the tier that a partner was given, and
`Partner` who all this is about. A `Reversal` says that another fact no longer counts as it did.
Facts carry no rule: what they are worth is a program's to say.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Final, TypeAlias, final

import attrs

from tierkit.facts.checks import NO_ATTRIBUTES, Checks, Scalar, typed
from tierkit.facts.deal import Deal
from tierkit.facts.parts import Change, Holder
from tierkit.facts.readings import Held, Reading
from tierkit.facts.states import ManagedAccount, State, first_day
from tierkit.frozen import FrozenMap, frozen
from tierkit.values.market import Market
from tierkit.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tierkit.values.exact import Number

__all__ = [
    "CORRECTION",
    "IDENTIFIED",
    "Change",
    "Deal",
    "Event",
    "Fact",
    "Held",
    "Holder",
    "Identified",
    "ManagedAccount",
    "Partner",
    "Reading",
    "Reversal",
    "State",
    "corrects",
    "named",
    "own_day",
    "partners_of",
]

CORRECTION: Final = "correction"
"""The cause of a reversal that says that the record was wrong."""


@final
@frozen(kw_only=True)
class Partner:
    """A partner of the program.

    Attributes:
        id: what other facts call the partner.
        joined_on: the day on which the partner joined the program, if known.
        market: where the partner is, if known.
        name: what people call the partner.
        attributes: further values that a program asks for by name, such as the partner's segment.
        recorded_on: the day on which this was written down, if known.
        recorded_by: who wrote it down; empty where not said.

    Raises:
        InvalidValue: (or another `TierkitError`) with everything that is wrong with the fields.
    """

    id: str
    joined_on: date | None
    market: Market | None
    name: str
    attributes: FrozenMap[Scalar] = attrs.field(eq=typed)
    recorded_on: date | None
    recorded_by: str

    def __init__(
        self,
        *,
        id: str,
        joined_on: date | None = None,
        market: Market | str | None = None,
        name: str = "",
        attributes: Mapping[str, Scalar] = NO_ATTRIBUTES,
        recorded_on: date | None = None,
        recorded_by: str = "",
    ) -> None:
        check = Checks()
        check.texts(id=id)
        check.texts_if_any(name=name)
        check.day_if_any("joined_on", joined_on)
        place = check.market(market)
        kept = check.attributes(attributes)
        check.recorded(recorded_on, recorded_by, "joined_on", joined_on)
        check.done("partner", id)
        self.__attrs_init__(
            id=id,
            joined_on=joined_on,
            market=place,
            name=name,
            attributes=kept,
            recorded_on=recorded_on,
            recorded_by=recorded_by,
        )

    if TYPE_CHECKING:

        def __attrs_init__(self, **fields: object) -> None: ...


@final
@frozen(kw_only=True)
class Event:
    """Anything that happened on a day, for programs that need more than deals.

    Attributes:
        id: the event's own id, unique in a book.
        partner: the id of the partner (member, customer of the program) it counts for.
        type: what happened, in the program's words.
        on: the day.
        customer: whom it happened with; empty where nobody.
        market: where, if known.
        amount: an amount of money, if it has one.
        quantity: a number of things, if it has one.
        attributes: further values that a program asks for by name.
        replaces: the id of the earlier event whose place this one takes; empty where it takes none.
        recorded_on: the day on which this was written down, if known.
        recorded_by: who wrote it down; empty where not said.

    Raises:
        InvalidValue: (or another `TierkitError`) with everything that is wrong with the fields.
    """

    id: str
    partner: str
    type: str
    on: date
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
        partner: str,
        type: str,
        on: date,
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
        check.texts(id=id, partner=partner, type=type)
        check.texts_if_any(customer=customer, replaces=replaces)
        check.day("on", on)
        place = check.market(market)
        check.money_if_any("amount", amount)
        check.tender("amount", amount, on, place)
        count = None if quantity is None else check.number("quantity", quantity)
        kept = check.attributes(attributes)
        check.recorded(recorded_on, recorded_by, "on", on)
        check.done("event", id)
        self.__attrs_init__(
            id=id,
            partner=partner,
            type=type,
            on=on,
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


@final
@frozen(kw_only=True)
class Reversal:
    """The statement that another fact no longer counts as it did, from a day on.

    With the cause "correction" the record was wrong: the fact counts no more from that day on, and where
    that is the fact's own day, it never did. What any other cause takes away, the program says.

    Attributes:
        id: the reversal's own id, unique in a book.
        reverses: the id of the deal, account, event, state or reversal that it is about.
        on: the first day on which that fact no longer counts as it did.
        cause: "correction", or what happened, in the program's words: "non-payment".
        reason: who decided, and why.
        replaces: the id of the earlier reversal of the same fact whose place this one takes; empty where it
            takes none.
        recorded_on: the day on which this was written down, if known.
        recorded_by: who wrote it down; empty where not said.

    Raises:
        InvalidValue: (or another `TierkitError`) with everything that is wrong with the fields.
    """

    id: str
    reverses: str
    on: date
    cause: str
    reason: str
    replaces: str
    recorded_on: date | None
    recorded_by: str

    def __init__(
        self,
        *,
        id: str,
        reverses: str,
        on: date,
        cause: str = CORRECTION,
        reason: str = "",
        replaces: str = "",
        recorded_on: date | None = None,
        recorded_by: str = "",
    ) -> None:
        check = Checks()
        check.texts(id=id, reverses=reverses, cause=cause)
        check.texts_if_any(reason=reason, replaces=replaces)
        check.day("on", on)
        check.recorded(recorded_on, recorded_by, "on", on)
        check.done("reversal", id)
        self.__attrs_init__(
            id=id,
            reverses=reverses,
            on=on,
            cause=cause,
            reason=reason,
            replaces=replaces,
            recorded_on=recorded_on,
            recorded_by=recorded_by,
        )

    if TYPE_CHECKING:

        def __attrs_init__(self, **fields: object) -> None: ...


Fact = Partner | Deal | ManagedAccount | Reading | Held | Event | State | Reversal
"""Any of the eight kinds of facts that a book holds."""

Identified: TypeAlias = Deal | ManagedAccount | Event | State | Reversal
"""The facts that bear an id of their own, by which others can reverse or replace them."""

IDENTIFIED: Final = frozenset({Deal, ManagedAccount, Event, State, Reversal})
"""Their kinds."""


def named(fact: Fact) -> str:
    """Say in a few words which fact this is, for a message."""
    match fact:
        case Reading(partner=partner, name=name, on=on):
            return f"reading {name!r} of {partner!r} on {on}"
        case Held(partner=partner, on=on):
            return f"held tier of {partner!r} on {on}"
        case ManagedAccount(id=id):
            return f"account {id!r}"
        case _:
            return f"{type(fact).__name__.lower()} {fact.id!r}"


def partners_of(fact: Fact) -> tuple[str, ...]:
    """Give the ids of the partners that a fact names, each once."""
    match fact:
        case ManagedAccount() | State():
            return tuple(dict.fromkeys(holder.partner for holder in fact.holders))
        case Partner():
            return (fact.id,)
        case Reversal():
            return ()
        case _:
            return (fact.partner,)


def own_day(fact: Identified | Reading | Held) -> date:
    """Give the day that a fact is about: for what holds over days, the first of them."""
    match fact:
        case Deal():
            return fact.closed_on
        case ManagedAccount() | State():
            return first_day(fact.holders) or date.min
        case _:
            return fact.on


def corrects(fact: Identified) -> str:
    """Give the id of the fact that this one replaces or else reverses; empty where it does neither."""
    return fact.replaces or (fact.reverses if isinstance(fact, Reversal) else "")
