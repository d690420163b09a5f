"""The invented records of the benchmarks: one partner, four years, nine currencies, fifteen markets."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

import tierkit as tk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ON = date(2026, 11, 23)
FIRST_DAY = date(2022, 11, 24)
PARTNER = "northwind"
OTHER_PARTNERS = ("contoso", "fabrikam")
SHARE_OF_ACCOUNTS = 50  # one fact in fifty is a managed account

# Each market with how often it occurs and the currency that its customers mostly pay in.
MARKETS = {
    "US": (20, "USD"), "DE": (14, "EUR"), "GB": (12, "GBP"), "FR": (8, "EUR"), "NL": (6, "EUR"),
    "AU": (6, "AUD"), "CA": (6, "CAD"), "ES": (5, "EUR"), "JP": (5, "JPY"), "SG": (4, "SGD"),
    "ZA": (3, "ZAR"), "CO": (3, "COP"), "MX": (3, "USD"), "BR": (3, "USD"), "IN": (2, "USD"),
}  # fmt: skip
PAYS_IN_DOLLARS = 0.05
# About what one US dollar is, in minor units of each currency.
DOLLAR = {
    "USD": 100, "AUD": 150, "CAD": 135, "COP": 400_000, "EUR": 90,
    "GBP": 78, "JPY": 145, "SGD": 132, "ZAR": 1800,
}  # fmt: skip
LINES = ("Marketing", "Sales", "Service", "Content", "Operations", "Commerce")
MOTIONS = {"new": 40, "cross-sell": 25, "upsell": 35}
KINDS = {"sourced": 65, "assisted": 35}
DOWNGRADES = 0.01

Record = dict[str, str]


def deal_records(count: int, seed: int = 1) -> Iterator[Record]:
    """Give deals as the rows of a CSV file: kinds, motions, and the first sale of each upsold line."""
    random = Random(seed)  # noqa: S311 - invented data
    customers = _customers(random, max(1, count // 5))
    for number in range(count):
        customer, market, currency = random.choice(customers)
        closed_on = FIRST_DAY + timedelta(days=random.randrange((ON - FIRST_DAY).days + 1))
        motion = _one_of(random, MOTIONS)
        minor = int(random.lognormvariate(5.5, 1.1) * DOLLAR[currency]) + 1
        downgrade = random.random() < DOWNGRADES
        first = closed_on - timedelta(days=random.randrange(1, 1500)) if motion == "upsell" else None
        yield {
            "id": f"D-{number}",
            "partner": PARTNER,
            "customer": customer,
            "closed_on": closed_on.isoformat(),
            "mrr": str(tk.Money.from_minor(-minor if downgrade else minor, currency).amount),
            "currency": currency,
            "kind": _one_of(random, KINDS),
            "market": market,
            "product_line": random.choice(LINES),
            "motion": motion,
            "line_first_sold_on": first.isoformat() if first else "",
        }


def _customers(random: Random, count: int) -> list[tuple[str, str, str]]:
    made = []
    for number in range(count):
        market = _one_of(random, {code: often for code, (often, _) in MARKETS.items()})
        currency = "USD" if random.random() < PAYS_IN_DOLLARS else MARKETS[market][1]
        made.append((f"customer {number}", market, currency))
    return made


def _one_of(random: Random, weights: dict[str, int]) -> str:
    return random.choices(list(weights), list(weights.values()))[0]


def accounts(count: int, seed: int = 2) -> list[tk.ManagedAccount]:
    """Make managed accounts: shared by up to three partners, each with its first day and its actions."""
    random = Random(seed)  # noqa: S311 - invented data
    return [
        tk.ManagedAccount(
            id=f"A-{number}",
            customer=customer,
            mrr=tk.Money.from_minor(int(random.lognormvariate(6, 1) * DOLLAR[currency]) + 1, currency),
            market=market,
            holders=[_holder(random, name) for name in (PARTNER, *OTHER_PARTNERS[: random.randrange(3)])],
        )
        for number, (customer, market, currency) in enumerate(_customers(random, count))
    ]


def _holder(random: Random, partner: str) -> tk.Holder:
    since = FIRST_DAY + timedelta(days=random.randrange(1200))
    days = (ON - since).days
    actions = [since + timedelta(days=random.randrange(days)) for _ in range(random.randrange(days // 30))]
    return tk.Holder(partner=partner, since=since, actions=actions)


def book(count: int) -> tk.Book:
    """Make the book of one partner with so many facts."""
    managed = accounts(count // SHARE_OF_ACCOUNTS)
    readings = [
        tk.Reading(partner=PARTNER, name="certified", value=True, on=date(2024, 1, 1)),
        tk.Reading(partner=PARTNER, name="grr", value="82.5", on=date(2026, 11, 1)),
    ]
    deals = tk.Book.from_records({"deals": list(deal_records(count - len(managed)))})
    return deals.adding(*managed, *readings)


def write_deals(folder: Path, count: int) -> None:
    """Write the deals as a folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "deals.csv").open("w", encoding="utf-8", newline="") as file:
        rows = deal_records(count)
        first = next(rows)
        writer = csv.DictWriter(file, list(first))
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)
