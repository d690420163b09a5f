"""The same rules as plain loops, as a script would write them: what the engine is compared with.

They know the rules only as far as the book of the benchmark and its day need them, hold the facts in plain
tuples with amounts of the type that they compute with, and explain nothing.

`earned` and `standing` do what `tierkit.earn` and `tierkit.assess` do: the first values every deal and says
from when to when it counts, the second adds up what counts on a day. `standing_of_one_day` values only the
deals that count on the day, and compares with one computed day: as little work as a loop can have.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from book import ON, PARTNER
from dateutil.relativedelta import relativedelta

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import tierkit as tk

Number = TypeVar("Number", Decimal, Fraction)

GROWTH_SINCE = date(2022, 7, 18)
FIVE_SINCE = date(2024, 2, 27)
FIVE_FOR_ALL_SINCE = date(2025, 11, 17)
NEW_VALUES_SINCE = date(2025, 7, 15)
GROWTH = frozenset({"BR", "CO", "IN", "MX", "SG"})
OLD_VALUES = {
    "USD": "100", "AUD": "105", "CAD": "130", "COP": "300300", "EUR": "75",
    "GBP": "62.50", "JPY": "12000", "SGD": "140", "ZAR": "1545",
}  # fmt: skip
NEW_VALUES = {
    "USD": "100", "AUD": "154", "CAD": "130", "COP": "408000", "EUR": "88",
    "GBP": "74", "JPY": "14400", "SGD": "129", "ZAR": "1768",
}  # fmt: skip
BARS = {"Elite": (2100, 9000), "Diamond": (950, 3100), "Platinum": (325, 925), "Gold": (110, 325)}
RETENTION = {"Elite": 80, "Diamond": 75}


class Sale(NamedTuple, Generic[Number]):
    """A deal."""

    closed_on: date
    mrr: Number
    currency: str
    market: str
    kind: str
    motion: str
    line_first_sold_on: date | None


class Care(NamedTuple, Generic[Number]):
    """A managed account, with the first day and the sorted actions of each partner."""

    mrr: Number
    currency: str
    market: str
    holders: dict[str, tuple[date, tuple[date, ...]]]


class Facts(NamedTuple, Generic[Number]):
    """What a loop is given."""

    sales: list[Sale[Number]]
    cares: list[Care[Number]]
    old_values: dict[str, Number]
    new_values: dict[str, Number]
    zero: Number


class Entry(NamedTuple, Generic[Number]):
    """Points of a deal, with the days on which they count."""

    kind: str
    points: Number
    start: date
    end: date


class Result(NamedTuple, Generic[Number]):
    """What a loop finds."""

    sourced: Number
    assisted: Number
    managed: Number
    tier: str


def facts_of(book: tk.Book, number: Callable[[str | Decimal], Number]) -> Facts[Number]:
    """Copy a book into plain tuples, so that no loop pays for the types of tierkit."""
    sales = [
        Sale(
            deal.closed_on,
            number(deal.mrr.amount),
            deal.mrr.currency.code,
            deal.market.code if deal.market else "",
            deal.kind,
            deal.motion,
            deal.line_first_sold_on,
        )
        for deal in book.deals
    ]
    cares = [
        Care(
            number(account.mrr.amount),
            account.mrr.currency.code,
            account.market.code if account.market else "",
            {holder.partner: (holder.since or ON, holder.actions) for holder in account.holders},
        )
        for account in book.accounts
    ]
    old = {code: number(value) for code, value in OLD_VALUES.items()}
    new = {code: number(value) for code, value in NEW_VALUES.items()}
    return Facts(sales, cares, old, new, number("0"))


def earned(facts: Facts[Number]) -> list[Entry[Number]]:
    """Value every deal."""
    return [
        Entry(sale.kind, _sold(facts, sale), sale.closed_on, sale.closed_on + relativedelta(months=12))
        for sale in facts.sales
    ]


def standing(facts: Facts[Number], entries: Iterable[Entry[Number]]) -> Result[Number]:
    """Add up what counts on the day."""
    sourced = assisted = facts.zero
    for entry in entries:
        if entry.start <= ON < entry.end:
            if entry.kind == "sourced":
                sourced += entry.points
            else:
                assisted += entry.points
    return _result(facts, sourced, assisted)


def standing_of_one_day(facts: Facts[Number]) -> Result[Number]:
    """Value and add up what counts on the day, and nothing else."""
    since = date(ON.year - 1, ON.month, ON.day) + timedelta(days=1)
    sourced = assisted = facts.zero
    for sale in facts.sales:
        if since <= sale.closed_on <= ON:
            if sale.kind == "sourced":
                sourced += _sold(facts, sale)
            else:
                assisted += _sold(facts, sale)
    return _result(facts, sourced, assisted)


def _result(facts: Facts[Number], sourced: Number, assisted: Number) -> Result[Number]:
    managed = facts.zero
    for care in facts.cares:
        managed += _managed(facts, care)
    tier = _tier(sourced, sourced + assisted + managed, retention=Decimal("82.5"))
    return Result(sourced, assisted, managed, tier)


def _rate(sale: Sale[Number]) -> int:
    if sale.kind == "assisted":
        return 3
    decides = sale.closed_on
    if sale.motion == "upsell" and FIVE_SINCE <= decides < FIVE_FOR_ALL_SINCE:
        decides = sale.line_first_sold_on or decides
    return 5 if decides >= FIVE_SINCE else 3


def _sold(facts: Facts[Number], sale: Sale[Number]) -> Number:
    values = facts.new_values if sale.closed_on >= NEW_VALUES_SINCE else facts.old_values
    points = sale.mrr / values[sale.currency] * _rate(sale)
    if sale.market in GROWTH and sale.closed_on >= GROWTH_SINCE:
        points *= 2
    return max(points, facts.zero)


def _managed(facts: Facts[Number], care: Care[Number]) -> Number:
    live = [
        partner
        for partner, (since, actions) in care.holders.items()
        if since <= ON and (not actions or 0 <= _days_since_the_last(actions) <= 60)  # noqa: PLR2004 - the rule
    ]
    if PARTNER not in live:
        return facts.zero
    points = care.mrr / len(live) / facts.new_values[care.currency]
    if care.market in GROWTH:
        points *= 2
    return max(points, facts.zero)


def _days_since_the_last(actions: tuple[date, ...]) -> int:
    return min((ON - day).days for day in actions if day <= ON) if actions[0] <= ON else -1


def _tier(sourced: Number, total: Number, retention: Decimal) -> str:
    for tier, (least_sourced, least_total) in BARS.items():
        if tier == "Elite":
            continue  # by invitation
        if sourced >= least_sourced and total >= least_total and retention >= RETENTION.get(tier, 0):
            return tier
    return ""
