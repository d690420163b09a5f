"""The sum of a day is that of the entries whose days hold it, however long points count and from when on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from strategies_engine import program_of

import tierkit as tk

DAY = timedelta(days=1)
FIRST = date(2023, 12, 20)
SHOP = """
format = 1
id     = "shop"
name   = "Shop"
tracks = ["sold"]
source = "terms"
tier   = []
[sources.terms]
url   = "https://example.org/terms"
grade = "published"
[[earn]]
id       = "sale"
select   = { fact = "event", type = "sale" }
track    = "sold"
quantity = true
rate     = { points = 1 }
live     = { %s }
"""
LIVES = [
    "months = 1",
    'months = 1, short-month = "next-day"',
    "months = 2, days = 45",
    'through = "month"',
    'through = "quarter"',
    'months = 1, through = "month"',
    'days = 20, through = "month"',
    'months = 2, days = 30, through = "quarter"',
    "days = 30, pending-days = 10",
    "months = 3, pending-months = 1",
    'months = 3, pending-months = 1, pending-days = 3, short-month = "next-day"',
]


@pytest.mark.parametrize("life", LIVES)
def test_the_sum_of_a_day_is_that_of_the_entries_that_count_on_it(life: str) -> None:
    """Sales of every day around a leap day, each of another size: 1, 2, 3 …, so that no two sums are alike"""
    sales = [
        tk.Event(id=f"E-{number}", partner="p", type="sale", on=FIRST + number * DAY, quantity=number + 1)
        for number in range(130)
    ]
    ledger = tk.earn(tk.Book(sales), program_of(SHOP % life))
    entries = ledger.entries
    for number in range(260):
        on = FIRST + number * DAY
        live = [entry.points for entry in entries if on in entry.span]
        assert tk.assess(ledger, on=on, partner="p")["sold"] == sum(live, tk.Points(0)), on
