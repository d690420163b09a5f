"""The one table of columns: what each record may say, in CSV files, in JSON and in plain dicts alike.

A cell that is empty (or null, or missing) says nothing; it is an error only where the column is required.
Any partner, deal, account, event and state may also have columns for the attributes that its program
declares: `attr:NAME` (text), `attr:NAME:number`, `attr:NAME:boolean` or `attr:NAME:date`.

In JSON and in plain dicts accounts and states may carry their `holders` (and these their `actions`) and
accounts their `changes` as lists of records inside their own, with the same columns less `account`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, final

from tierkit.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping


@final
@frozen
class Column:
    """One column of a table of records.

    Attributes:
        name: its header in a CSV file, its key in JSON.
        meaning: what it says, in a sentence.
        type: "text", "date", "amount", "currency", "market", "number", "boolean", or "boolean or number".
        required: whether each record must say it.
        example: a cell as it may be written.
    """

    name: str
    meaning: str
    type: str
    required: bool
    example: str


def _must(name: str, type: str, example: str, meaning: str) -> Column:
    return Column(name, meaning, type, required=True, example=example)


def _may(name: str, type: str, example: str, meaning: str) -> Column:
    return Column(name, meaning, type, required=False, example=example)


_MARKET = _may("market", "market", "DE", "The customer's country: its ISO 3166 code.")
_CUSTOMER = _must("customer", "text", "acme", "The id or name of the customer.")
_CURRENCY = _must("currency", "currency", "EUR", "The currency of mrr: its ISO 4217 code.")
_UNIQUE = "unique over deals, accounts, events, states and reversals"
_ACCOUNT = _must("account", "text", "A-7", "The id of the managed account or of the state.")
_UNTIL = _may(
    "until", "date", "2027-07-01", "The first day on which that is no longer so; empty where no end is known."
)
_RECORDED: Final = (
    _may("recorded_on", "date", "2026-12-01", "The day on which this was written down."),
    _may("recorded_by", "text", "maria", "Who wrote it down."),
)


def _correcting(kind: str, example: str) -> tuple[Column, ...]:
    meaning = f"The id of the earlier {kind} whose place this one takes."
    return (_may("replaces", "text", example, meaning), *_RECORDED)


COLUMNS: Final[Mapping[str, tuple[Column, ...]]] = MappingProxyType(
    {
        "partners": (
            _must("id", "text", "northwind", "What other records call the partner."),
            _may("joined_on", "date", "2019-04-01", "The day on which the partner joined the program."),
            _may("market", "market", "DE", "The partner's own country: its ISO 3166 code."),
            _may("name", "text", "Northwind Traders", "What people call the partner."),
            *_RECORDED,
        ),
        "deals": (
            _must("id", "text", "D-118", f"The deal's own id; {_UNIQUE}."),
            _must("partner", "text", "northwind", "The id of the partner whose deal it is."),
            _CUSTOMER,
            _must("closed_on", "date", "2026-01-15", "The day on which the deal was won."),
            _must("mrr", "amount", "1250.00", "The monthly recurring revenue that the deal adds."),
            _CURRENCY,
            _must("kind", "text", "sourced", "How the partner took part, in the program's words."),
            _MARKET,
            _may("product_line", "text", "Sales Hub", "The product line that was sold."),
            _may("motion", "text", "upsell", "One of new, cross-sell and upsell."),
            _may(
                "line_first_sold_on",
                "date",
                "2021-03-09",
                "The day on which this customer first bought of this line.",
            ),
            _may(
                "value",
                "amount",
                "15000.00",
                "The whole value of the deal, where it is recorded apart from mrr.",
            ),
            _may(
                "value_currency", "currency", "USD", "The currency of value; that of mrr where it is empty."
            ),
            *_correcting("deal", "D-97"),
        ),
        "accounts": (
            _must("id", "text", "A-7", f"The account's own id; {_UNIQUE}."),
            _CUSTOMER,
            _must("mrr", "amount", "830.00", "The customer's monthly recurring revenue, before any change."),
            _CURRENCY,
            _MARKET,
            _may(
                "partner",
                "text",
                "northwind",
                "The id of a partner who looks after it, where holders has no row.",
            ),
            _may("since", "date", "2025-02-01", "The first day on which that partner does."),
            _UNTIL,
            *_correcting("account", "A-3"),
        ),
        "holders": (
            _ACCOUNT,
            _must(
                "partner",
                "text",
                "northwind",
                "The id of a partner whose account or state it is; a row for each time, if it came back.",
            ),
            _may(
                "since",
                "date",
                "2025-02-01",
                "The first day on which that is so; empty where only actions tell.",
            ),
            _UNTIL,
            _may("share", "number", "1/2", "The partner's part, for programs that divide by shares."),
            _may(
                "primary",
                "boolean",
                "true",
                "Whether it is the primary partner, for programs that credit only that one; empty where not.",
            ),
            *_RECORDED,
        ),
        "actions": (
            _ACCOUNT,
            _must("partner", "text", "northwind", "The id of the partner who acted, and so holds it too."),
            _must("on", "date", "2026-09-24", "The day of the action."),
        ),
        "changes": (
            _ACCOUNT,
            _must("on", "date", "2026-03-01", "The first day with the new values."),
            _may(
                "mrr", "amount", "910.00", "The monthly recurring revenue from then on; empty where it stays."
            ),
            _may("currency", "currency", "EUR", "The currency of mrr: its ISO 4217 code."),
            _may("market", "market", "AU", "The customer's country from then on; empty where it stays."),
            *_RECORDED,
        ),
        "readings": (
            _must("partner", "text", "northwind", "The id of the partner."),
            _must("name", "text", "certified", "The metric, in the program's words."),
            _must("value", "boolean or number", "76.4", "What was measured: true, false, or a number."),
            _must("on", "date", "2026-11-01", "The first day on which it holds."),
            _UNTIL,
            _may(
                "customer", "text", "acme", "The customer that was measured; empty where it was the partner."
            ),
            *_RECORDED,
        ),
        "held": (
            _must("partner", "text", "northwind", "The id of the partner."),
            _must("tier", "text", "diamond", "The id of the tier, in the program's words."),
            _must("on", "date", "2026-07-15", "The day of which this is known, such as the day of a review."),
            _may("since", "date", "2026-01-15", "The first day on which the tier was held without a break."),
            _UNTIL,
            _may("reason", "text", "review of July", "Who decided, and why."),
            *_RECORDED,
        ),
        "events": (
            _must("id", "text", "E-31", f"The event's own id; {_UNIQUE}."),
            _must("partner", "text", "northwind", "The id of the partner that it counts for."),
            _must("type", "text", "flight", "What happened, in the program's words."),
            _must("on", "date", "2026-05-02", "The day on which it happened."),
            _may("customer", "text", "acme", "Whom it happened with."),
            _may("market", "market", "FR", "Where it happened: an ISO 3166 code."),
            _may("amount", "amount", "420.00", "An amount of money, if it has one."),
            _may("currency", "currency", "EUR", "The currency of amount: its ISO 4217 code."),
            _may("quantity", "number", "3", "A number of things, if it has one."),
            *_correcting("event", "E-12"),
        ),
        "states": (
            _must("id", "text", "S-4", f"The state's own id; {_UNIQUE}."),
            _must("type", "text", "subscription", "What holds, in the program's words."),
            _may("customer", "text", "acme", "Whom it concerns."),
            _may("market", "market", "FR", "Where it holds: an ISO 3166 code."),
            _may("amount", "amount", "99.00", "An amount of money, if it has one."),
            _may("currency", "currency", "EUR", "The currency of amount: its ISO 4217 code."),
            _may("quantity", "number", "12", "A number of things, if it has one."),
            _may(
                "partner",
                "text",
                "northwind",
                "The id of the partner whose state it is, where holders has no row.",
            ),
            _may("since", "date", "2025-02-01", "The first day on which it is."),
            _UNTIL,
            *_correcting("state", "S-2"),
        ),
        "reversals": (
            _must("id", "text", "R-2", f"The reversal's own id; {_UNIQUE}."),
            _must("reverses", "text", "D-118", "The id of what no longer counts as it did."),
            _must("on", "date", "2026-08-15", "The first day on which it does not; its own day for never."),
            _may(
                "cause",
                "text",
                "non-payment",
                "correction, where the record was wrong, as it is where this is empty; or what happened.",
            ),
            _may("reason", "text", "two invoices open", "Who decided, and why."),
            *_correcting("reversal", "R-1"),
        ),
    }
)
"""For each table its columns, in the order in which they are written."""

WITH_ATTRIBUTES: Final = frozenset({"partners", "deals", "accounts", "events", "states"})
"""The tables that take `attr:` columns."""

ATTRIBUTE_TYPES: Final = ("text", "number", "boolean", "date")
"""What the last part of an `attr:NAME:TYPE` column may say."""

CURRENCY_OF: Final[Mapping[str, str]] = MappingProxyType(
    {"mrr": "currency", "amount": "currency", "value": "value_currency"}
)
"""For each column of an amount the one that names its currency."""
