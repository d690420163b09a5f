"""What happened or holds: the facts that a computation starts from.

An event happened on a day (`Deal`, `Event`), a state holds over days (`ManagedAccount`, `State`);
a `Reading` is a metric's value from a day on, `Held` the tier that a partner was given, and
`Partner` who all this is about. Facts carry no rule: what they are worth is a program's to say.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Final, final

import attrs

from tierkit.facts.checks import (
    FIRST_DAY_OF_SALES,
    LAST_DAY,
    NO_ATTRIBUTES,
    Checks,
    Scalar,
    is_sound,
    one_typed,
    typed,
)
from tierkit.facts.states import Change, Holder, ManagedAccount, State
from tierkit.frozen import FrozenMap, frozen
from tierkit.values.market import Market
from tierkit.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tierkit.values.exact import Number

__all__ = [
    "Change",
    "Deal",
    "Event",
    "Fact",
    "Held",
    "Holder",
    "ManagedAccount",
    "Partner",
    "Reading",
    "State",
    "named",
    "partners_of",
]

MOTIONS: Final = ("", "new", "cross-sell", "upsell")


@final
@frozen(kw_only=True)
class Partner:
    """A partner of the program.

    Attributes:
        id: what other facts call the partner.
        joined_on: the day on which the partner joined the program, if known.
        market: where the partner is, if known.
        name: what people call the partner.

    Raises:
        InvalidValue: (or another `TierkitError`) with everything that is wrong with the fields.
    """

    id: str
    joined_on: date | None
    market: Market | None
    name: str

    def __init__(
        self, *, id: str, joined_on: date | None = None, market: Market | str | None = None, name: str = ""
    ) -> None:
        check = Checks()
        check.texts(id=id)
        check.texts_if_any(name=name)
        check.day_if_any("joined_on", joined_on)
        place = check.market(market)
        check.done("partner", id)
        self.__attrs_init__(id=id, joined_on=joined_on, market=place, name=name)

    if TYPE_CHECKING:

        def __attrs_init__(self, **fields: object) -> None: ...


@final
@frozen(kw_only=True)
class Deal:
    """A deal that was closed as won: an event.

    Attributes:
        id: the deal's own id, unique in a book.
        partner: the id of the partner whose deal it is.
        customer: the id or name of the customer.
        closed_on: the day on which it was won.
        mrr: the monthly recurring revenue that it adds: a twelfth of a yearly figure.
        kind: how the partner took part, in the program's words: "sourced", "assisted".
        market: the customer's country, if known.
        product_line: the product line that was sold; empty where not said.
        motion: "new", "cross-sell" or "upsell"; empty where not said.
        line_first_sold_on: the day on which this customer first bought of this product line, from anyone.
        value: the whole value of the deal, where it is recorded apart from `mrr`.
        attributes: further values that a program asks for by name.

    Raises:
        InvalidValue: (or another `TierkitError`) with everything that is wrong with the fields.
    """

    id: str
    partner: str
    customer: str
    closed_on: date
    mrr: Money
    kind: str
    market: Market | None
    product_line: str
    motion: str
    line_first_sold_on: date | None
    value: Money | None
    attributes: FrozenMap[Scalar] = attrs.field(eq=typed)

    def __init__(
        self,
        *,
        id: str,
        partner: str,
        customer: str,
        closed_on: date,
        mrr: Money,
        kind: str,
        market: Market | str | None = None,
        product_line: str = "",
        motion: str = "",
        line_first_sold_on: date | None = None,
        value: Money | None = None,
        attributes: Mapping[str, Scalar] = NO_ATTRIBUTES,
    ) -> None:
        place = market
        if not (  # most deals of a million are plainly right; the others are checked field by field
            is_sound(id)
            and is_sound(partner)
            and is_sound(customer)
            and is_sound(kind)
            and (product_line == "" or is_sound(product_line))
            and motion in MOTIONS
            and closed_on.__class__ is date
            and FIRST_DAY_OF_SALES <= closed_on <= LAST_DAY
            and mrr.__class__ is Money
            and mrr.currency.withdrawn_on is None
            and (market is None or market.__class__ is Market)
            and line_first_sold_on is None
            and value is None
            and attributes is NO_ATTRIBUTES
        ):
            check = Checks()
            check.texts(id=id, partner=partner, customer=customer, kind=kind)
            check.texts_if_any(product_line=product_line)
            check.one_of("motion", motion, MOTIONS)
            check.day("closed_on", closed_on, FIRST_DAY_OF_SALES)
            check.money("mrr", mrr)
            place = check.market(market)
            check.tender("mrr", mrr, closed_on, place)
            check.day_if_any("line_first_sold_on", line_first_sold_on)
            check.order("line_first_sold_on", line_first_sold_on, "closed_on", closed_on, same=True)
            check.money_if_any("value", value)
            check.tender("value", value, closed_on, place)
            attributes = check.attributes(attributes)
            check.done("deal", id)
        _set_id(self, id)
        _set_partner(self, partner)
        _set_customer(self, customer)
        _set_closed_on(self, closed_on)
        _set_mrr(self, mrr)
        _set_kind(self, kind)
        _set_market(self, place)
        _set_product_line(self, product_line)
        _set_motion(self, motion)
        _set_line_first_sold_on(self, line_first_sold_on)
        _set_value(self, value)
        _set_attributes(self, attributes)


# A deal fills its slots directly: files hold millions of them, and __attrs_init__ takes twice the time.
_set_id = Deal.__dict__["id"].__set__
_set_partner = Deal.__dict__["partner"].__set__
_set_customer = Deal.__dict__["customer"].__set__
_set_closed_on = Deal.__dict__["closed_on"].__set__
_set_mrr = Deal.__dict__["mrr"].__set__
_set_kind = Deal.__dict__["kind"].__set__
_set_market = Deal.__dict__["market"].__set__
_set_product_line = Deal.__dict__["product_line"].__set__
_set_motion = Deal.__dict__["motion"].__set__
_set_line_first_sold_on = Deal.__dict__["line_first_sold_on"].__set__
_set_value = Deal.__dict__["value"].__set__
_set_attributes = Deal.__dict__["attributes"].__set__


@final
@frozen(kw_only=True)
class Reading:
    """The value of a metric from a day on, of a partner or of one of its customers.

    Attributes:
        partner: the id of the partner.
        name: the metric, in the program's words: "certified", "grr".
        value: True or False, or a number, which is kept as the Fraction that equals it.
        on: the first day on which it holds.
        until: the first day on which it no longer does; None where the next reading ends it.
        customer: the customer that was measured; empty where it was the partner.

    Raises:
        InvalidValue: (or another `TierkitError`) with everything that is wrong with the fields.
    """

    partner: str
    name: str
    value: bool | Fraction = attrs.field(eq=one_typed)
    on: date
    until: date | None
    customer: str

    def __init__(
        self,
        *,
        partner: str,
        name: str,
        value: bool | Number,
        on: date,
        until: date | None = None,
        customer: str = "",
    ) -> None:
        check = Checks()
        check.texts(partner=partner, name=name)
        check.texts_if_any(customer=customer)
        measured = value if isinstance(value, bool) else check.number("value", value)
        check.day("on", on)
        check.day_if_any("until", until)
        check.order("on", on, "until", until)
        check.done("reading", name)
        self.__attrs_init__(partner=partner, name=name, value=measured, on=on, until=until, customer=customer)

    @property
    def key(self) -> tuple[str, str, str, date]:
        """What a book has one reading of: partner, customer, name and day."""
        return self.partner, self.customer, self.name, self.on

    if TYPE_CHECKING:

        def __attrs_init__(self, **fields: object) -> None: ...


@final
@frozen(kw_only=True)
class Held:
    """The tier that a partner was given from a day on.

    Attributes:
        partner: the id of the partner.
        tier: the id of the tier, in the program's words.
        on: the day of which this is known, such as the day of a review.
        since: the first day on which the tier was held without a break, if known.
        until: the first day on which it is no longer held; None where the next decision ends it.
        reason: who decided, and why.

    Raises:
        InvalidValue: (or another `TierkitError`) with everything that is wrong with the fields.
    """

    partner: str
    tier: str
    on: date
    since: date | None
    until: date | None
    reason: str

    def __init__(
        self,
        *,
        partner: str,
        tier: str,
        on: date,
        since: date | None = None,
        until: date | None = None,
        reason: str = "",
    ) -> None:
        check = Checks()
        check.texts(partner=partner, tier=tier)
        check.texts_if_any(reason=reason)
        check.day("on", on)
        check.day_if_any("since", since)
        check.day_if_any("until", until)
        check.order("since", since, "on", on, same=True)
        check.order("on", on, "until", until)
        check.done("held tier of", partner)
        self.__attrs_init__(partner=partner, tier=tier, on=on, since=since, until=until, reason=reason)

    @property
    def key(self) -> tuple[str, date]:
        """What a book has one held tier of: partner and day."""
        return self.partner, self.on

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
    ) -> None:
        check = Checks()
        check.texts(id=id, partner=partner, type=type)
        check.texts_if_any(customer=customer)
        check.day("on", on)
        place = check.market(market)
        check.money_if_any("amount", amount)
        check.tender("amount", amount, on, place)
        count = None if quantity is None else check.number("quantity", quantity)
        kept = check.attributes(attributes)
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
        )

    if TYPE_CHECKING:

        def __attrs_init__(self, **fields: object) -> None: ...


Fact = Partner | Deal | ManagedAccount | Reading | Held | Event | State
"""Any of the seven kinds of facts that a book holds."""


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
    if isinstance(fact, ManagedAccount | State):
        return tuple(dict.fromkeys(holder.partner for holder in fact.holders))
    return (fact.id,) if isinstance(fact, Partner) else (fact.partner,)
