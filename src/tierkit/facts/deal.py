"""A deal, the fact of which files hold millions: its constructor takes the plainly right ones quickly."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, final

import attrs

from tierkit.facts.checks import (
    FIRST_DAY_OF_SALES,
    LAST_DAY,
    NO_ATTRIBUTES,
    Checks,
    Scalar,
    is_sound,
    typed,
)
from tierkit.frozen import FrozenMap, frozen
from tierkit.values.market import Market
from tierkit.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping

MOTIONS: Final = ("", "new", "cross-sell", "upsell")


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
        replaces: the id of the earlier deal whose place this one takes; empty where it takes none.
        recorded_on: the day on which this was written down, if known.
        recorded_by: who wrote it down; empty where not said.

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
    replaces: str
    recorded_on: date | None
    recorded_by: str

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
        replaces: str = "",
        recorded_on: date | None = None,
        recorded_by: str = "",
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
            and (replaces == "" or is_sound(replaces))
            and (recorded_by == "" or is_sound(recorded_by))
            and (
                recorded_on is None
                or (recorded_on.__class__ is date and closed_on <= recorded_on <= LAST_DAY)
            )
        ):
            check = Checks()
            check.texts(id=id, partner=partner, customer=customer, kind=kind)
            check.texts_if_any(product_line=product_line, replaces=replaces)
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
            check.recorded(recorded_on, recorded_by, "closed_on", closed_on)
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
        _set_replaces(self, replaces)
        _set_recorded_on(self, recorded_on)
        _set_recorded_by(self, recorded_by)


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
_set_replaces = Deal.__dict__["replaces"].__set__
_set_recorded_on = Deal.__dict__["recorded_on"].__set__
_set_recorded_by = Deal.__dict__["recorded_by"].__set__
