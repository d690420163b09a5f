"""Draws the example book of northwind around its stories: customers, managed accounts, deals.

Everything is drawn with `random.Random.random` alone, which Python promises to keep from version to version:
every Python draws the same book.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import northwind_story as story

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SEED = "northwind 16"
MOST_DAYS_APART = 46

_Item = TypeVar("_Item")


class Dice:
    """Draws of one sort; each sort has its own, so that a change to one leaves the others as they are."""

    def __init__(self, sort: str) -> None:
        self._random = Random()  # noqa: S311 - an example book, not a secret
        self._random.seed(f"{SEED} {sort}", version=2)

    def below(self, end: int) -> int:
        """Draw a whole number from 0 to before the end."""
        return int(self._random.random() * end)

    def chance(self, percent: int) -> bool:
        """Say yes in so many cases of a hundred."""
        return self.below(100) < percent

    def pick(self, items: Sequence[_Item]) -> _Item:
        """Draw one of several."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[_Item]) -> list[_Item]:
        """Put items into a drawn order."""
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in items]

    def weekday(self, first: date, last: date) -> date:
        """Draw a day from Monday to Friday between two days, both included."""
        days = (last - first).days + 1
        while True:
            day = first + timedelta(days=self.below(days))
            if day.weekday() < 5:  # noqa: PLR2004 - Saturday
                return day


class Customer(NamedTuple):
    """A customer of one of the partners."""

    name: str
    market: str
    partner: str

    def market_on(self, day: date) -> str:
        """Give its country on a day."""
        has_moved = self.name == story.MOVED and day >= story.MOVED_ON
        return story.MOVED_TO if has_moved else self.market


class Deal(NamedTuple):
    """A deal that was won."""

    id: str
    partner: str
    customer: Customer
    closed_on: date
    minor: int
    kind: str
    line: str
    motion: str
    line_first_sold_on: date | None
    months: int
    replaces: str = ""
    recorded_on: date | None = None
    recorded_by: str = ""

    @property
    def market(self) -> str:
        """The customer's country at the close."""
        return self.customer.market_on(self.closed_on)

    @property
    def currency(self) -> str:
        """What the customer pays in: a move does not change it."""
        return story.MARKETS[self.customer.market][0]


class Holder(NamedTuple):
    """One partner's part in an account."""

    partner: str
    since: date
    until: date | None = None
    actions: tuple[date, ...] = ()


class Account(NamedTuple):
    """A managed account; a change has a day and a new monthly revenue, or 0 and a new country."""

    customer: Customer
    minor: int
    holders: tuple[Holder, ...]
    changes: tuple[tuple[date, int, str], ...] = ()


def priced(dollars: int, currency: str, discount: int = 0) -> int:
    """Turn a list price into minor units of a currency, less a discount."""
    per_dollar, step = story.LOCAL_PRICE[currency]
    return dollars * per_dollar // step * step * (1000 - discount) // 1000


def amount(minor: int, currency: str) -> str:
    """Write an amount of minor units as a plain decimal."""
    return str(minor) if currency in story.NO_CENTS else f"{minor // 100}.{minor % 100:02}"


def make_customers() -> dict[str, Customer]:
    """Give all customers by name."""
    dice = Dice("customers")
    pairs = iter(
        dice.shuffled([f"{first} {second}" for first in story.FIRST_WORDS for second in story.SECOND_WORDS])
    )
    made = [Customer(name, market, story.NORTHWIND) for name, market in story.STORY_CUSTOMERS.items()]
    for market, (_, _, ending, counts) in story.MARKETS.items():
        for (partner, *_), count in zip(story.PARTNERS, counts, strict=True):
            have = sum(customer.market == market and customer.partner == partner for customer in made)
            made += [
                Customer(f"{next(pairs)} {dice.pick(story.TRADES)}{ending}", market, partner)
                for _ in range(count - have)
            ]
    return {customer.name: customer for customer in made}


def touches(dice: Dice, first: date, last: date) -> tuple[date, ...]:
    """Draw the days of actions, never so far apart that the account lapses, the first where it is known."""
    days = {first} if first > story.ACTIONS_FROM else set()
    day = last
    while day >= max(first, story.ACTIONS_FROM):
        days.add(day)
        day -= timedelta(days=14 + dice.below(MOST_DAYS_APART - 14))
        day -= timedelta(days=max(day.weekday() - 4, 0))
    return tuple(sorted(days))


def story_accounts(customers: dict[str, Customer]) -> Iterator[Account]:
    """Give the accounts with a story; only the days of most actions are drawn."""
    dice = Dice("story accounts")
    for managed in story.STORY_ACCOUNTS:
        customer = customers[managed.customer]
        currency = story.MARKETS[customer.market][0]
        changes = tuple((day, priced(dollars, currency), "") for day, dollars in managed.changes)
        if managed.customer == story.MOVED:
            changes = (*changes, (story.MOVED_ON, 0, story.MOVED_TO))
        holders = tuple(story_holder(dice, part) for part in managed.parts)
        yield Account(customer, priced(managed.dollars, currency), holders, changes)


def story_holder(dice: Dice, part: story.Part) -> Holder:
    """Give one partner's part in an account with a story."""
    if part.pause is None:
        return Holder(part.partner, part.since, None, touches(dice, part.since, part.last))
    before, after = part.pause
    actions = (*touches(dice, part.since, before), *touches(dice, after, part.last))
    return Holder(part.partner, part.since, None, actions)


def further_accounts(customers: dict[str, Customer]) -> Iterator[Account]:
    """Draw the accounts without a story."""
    dice = Dice("further accounts")
    plain = dice.shuffled([each for each in customers.values() if each.name not in story.STORY_CUSTOMERS])
    for partners, count, how in story.FURTHER_ACCOUNTS:
        for _ in range(count):
            customer = next(each for each in plain if each.partner == partners[0])
            plain.remove(customer)
            currency = story.MARKETS[customer.market][0]
            earliest = max(story.SELLS_FROM[partner] for partner in partners)
            since = dice.weekday(earliest, date(2025, 3, 31) if how == "ended" else date(2026, 5, 29))
            holders = [drawn_holder(dice, partners[0], since, how)]
            for partner in partners[1:]:
                joined = since if dice.chance(50) else dice.weekday(since, date(2026, 5, 29))
                holders.append(drawn_holder(dice, partner, joined, how))
            minor = priced(dice.pick(story.ACCOUNT_PRICES), currency, dice.pick(story.DISCOUNTS))
            changes = []
            if how == "live" and dice.chance(30):
                day = dice.weekday(max(since, date(2025, 1, 1)) + timedelta(days=31), date(2026, 10, 30))
                changes.append((day.replace(day=1), minor * dice.pick((60, 80, 110, 125, 150)) // 100, ""))
            yield Account(customer, minor, tuple(holders), tuple(changes))


def drawn_holder(dice: Dice, partner: str, since: date, how: str) -> Holder:
    """Draw one partner's part in an account that is live, lapsed in 2026, or ended in 2025."""
    if how == "ended":
        return Holder(partner, since, dice.weekday(date(2025, 5, 1), date(2025, 12, 19)))
    if how == "lapsed":
        since = min(since, date(2026, 3, 2))
        last = dice.weekday(date(2026, 6, 8), date(2026, 8, 14))
        return Holder(partner, since, None, touches(dice, since, last))
    last = dice.weekday(date(2026, 10, 1 if dice.chance(20) else 16), story.LAST_DAY)
    return Holder(partner, since, None, touches(dice, since, last))


def make_accounts(customers: dict[str, Customer]) -> list[Account]:
    """Give all accounts in the order of their first day."""
    made = [*story_accounts(customers), *further_accounts(customers)]
    return sorted(made, key=lambda each: min(holder.since for holder in each.holders))


def planned_sales() -> list[story.Sale]:
    """Give all sales by day."""
    dice = Dice("sales")
    planned = list(story.STORY_SALES)
    for partner, first, last, *counts in story.STEADY_SALES:
        for kind, count in zip(("sourced", "assisted"), counts, strict=True):
            planned += [story.Sale(dice.weekday(first, last), partner, kind) for _ in range(count)]
    return sorted(planned, key=lambda sale: sale.day)


class Selling:
    """Whom each partner can sell to, and what every customer has bought so far."""

    def __init__(self, customers: dict[str, Customer], accounts: list[Account]) -> None:
        self._dice = dice = Dice("deals")
        plain = [each for each in customers.values() if each.name not in story.STORY_CUSTOMERS]
        held = [each for each in accounts if each.customer in plain]
        unsold = [each.customer for each in held if len(each.holders) == 1][-story.ONLY_MANAGED :]
        self._fresh: dict[str, list[Customer]] = {}
        self._known: dict[str, list[Customer]] = {}
        for partner, *_ in story.PARTNERS:
            mine = [each for each in plain if each.partner == partner and each not in unsold]
            self._fresh[partner] = dice.shuffled(mine)
            self._known[partner] = []
        self._shared = {
            partner: [
                each.customer for each in held if partner in [holder.partner for holder in each.holders[1:]]
            ]
            for partner, *_ in story.PARTNERS
        }
        self._bought = {name: dict(lines) for name, lines in story.BOUGHT_EARLIER.items()}
        for customer in plain:
            if dice.chance(20):
                day = dice.weekday(date(2019, 1, 7), date(2022, 10, 28))
                self._bought[customer.name] = {dice.pick(story.LINES): day}

    def customer(self, partner: str, left: int) -> Customer:
        """Draw whom a partner sells to, with so many sales left: in the end every customer had one."""
        fresh, known = self._fresh[partner], self._known[partner]
        if fresh and (not known or self._dice.below(left) < len(fresh) * 3 // 2):
            known.append(fresh.pop())
            return known[-1]
        if self._shared[partner] and self._dice.chance(20):
            return self._dice.pick(self._shared[partner])
        return self._dice.pick(known)

    def line(self, customer: str) -> str:
        """Draw what a customer buys."""
        bought = list(self._bought.get(customer, {}))
        others = [line for line in story.LINES if line not in bought]
        if bought and (not others or self._dice.chance(55)):
            return self._dice.pick(bought)
        return self._dice.pick(others)

    def motion(self, customer: str, line: str, day: date) -> tuple[str, date | None]:
        """Note a purchase: say whether it is a customer's first, its first of a line, or more of one."""
        bought = self._bought.setdefault(customer, {})
        if line in bought:
            return "upsell", bought[line]
        bought[line] = day
        return ("cross-sell" if len(bought) > 1 else "new"), None

    def price(self, line: str) -> tuple[int, int]:
        """Draw a list price and a discount."""
        return self._dice.pick(story.LIST_PRICES[line]), self._dice.pick(story.DISCOUNTS)

    def months(self) -> int:
        """Draw the term of a contract."""
        return self._dice.pick((12, 12, 12, 12, 24, 36))


def make_deals(customers: dict[str, Customer], accounts: list[Account]) -> list[Deal]:
    """Give all deals in the order of their close."""
    selling = Selling(customers, accounts)
    planned = planned_sales()
    left = Counter(sale.partner for sale in planned if not sale.customer)
    deals = []
    for number, sale in enumerate(planned, 1):
        if sale.customer:
            customer, line = customers[sale.customer], sale.line
            dollars, discount = sale.dollars, sale.discount
        else:
            customer = selling.customer(sale.partner, left[sale.partner])
            left[sale.partner] -= 1
            line = selling.line(customer.name)
            dollars, discount = selling.price(line)
        minor = priced(dollars, story.MARKETS[customer.market][0], discount)
        how = (sale.kind, line, *selling.motion(customer.name, line, sale.day))
        deals.append(Deal(f"D-{number}", sale.partner, customer, sale.day, minor, *how, selling.months()))
    return written_down(deals)


def written_down(deals: list[Deal]) -> list[Deal]:
    """Give the deals with the mistakes that were made, and after them what was written down once more."""
    drawn = {deal.id: deal for deal in deals}
    numbered = enumerate(story.WRITTEN_AGAIN, len(deals) + 1)
    again = [drawn[of]._replace(id=f"D-{number}", **fields) for number, (of, fields) in numbered]
    return [*(deal._replace(**story.WRITTEN.get(deal.id, {})) for deal in deals), *again]
