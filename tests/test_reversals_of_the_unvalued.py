"""What a reversal leaves of a fact that could not be valued: unknown up to it, nothing from it on.

Sentences in quotes are from the description of the engine; each is what its test proves.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from strategies_engine import program_of

import tierkit as tk

DAY = timedelta(days=1)
SOLD, END = date(2025, 3, 1), date(2026, 3, 1)
SHOP = """
format = 1
id     = "shop"
name   = "Shop"
tracks = ["sold", "items"]
source = "terms"
tier   = []
[sources.terms]
url   = "https://example.org/terms"
grade = "published"
[point-value.amounts]
EUR = 1
[[earn]]
id       = "sale"
select   = { fact = "event", type = "sale" }
track    = "sold"
amount   = "amount"
rate     = { points = 1 }
live     = { months = 12 }
clawback = { causes = ["refund"], takes = "%s" }
[[earn]]
id       = "item"
select   = { fact = "event", type = "sale" }
track    = "items"
rate     = { points = 1 }
live     = { months = 12 }
"""
SALE = tk.Event(id="E", partner="p", type="sale", on=SOLD, amount=tk.Money("5", "GBP"))


def unsure(takes: str, cause: str, on: date, *days: date) -> list[bool]:
    """Say of each day whether it is not known how much was sold, where a sale in pounds was taken back."""
    book = tk.Book([SALE, tk.Reversal(id="R", reverses="E", on=on, cause=cause)])
    ledger = tk.earn(book, program_of(SHOP % takes))
    return ["sold" in tk.assess(ledger, on=day).at_least for day in days]


@pytest.mark.parametrize(
    ("takes", "cause"), [("all", "refund"), ("all", "correction"), ("pro-rata", "correction")]
)
def test_what_was_taken_back_whole_is_unknown_up_to_that_day(takes: str, cause: str) -> None:
    on = date(2025, 6, 1)
    assert unsure(takes, cause, on, SOLD - DAY, SOLD, on - DAY, on, END) == [False, True, True, False, False]


def test_of_what_was_taken_back_in_part_the_rest_stays_unknown() -> None:
    """'Nothing is left of one that was reversed on its own day', of others a part"""
    on = date(2025, 6, 1)
    assert unsure("pro-rata", "refund", on, SOLD, on - DAY, on, END - DAY, END) == [*[True] * 4, False]
    assert unsure("pro-rata", "refund", SOLD + DAY, SOLD, SOLD + DAY) == [True, True]
    assert unsure("pro-rata", "refund", SOLD, SOLD, SOLD + DAY) == [False, False]


def test_what_no_clawback_speaks_of_stays_unknown() -> None:
    on = date(2025, 6, 1)
    assert unsure("all", "cancellation", on, SOLD, on, END - DAY, END) == [True, True, True, False]


def test_the_reason_of_a_part_that_is_left_is_that_of_the_whole_cut() -> None:
    """'what is left of a number of points': the same rule, fact, day and unit, and the days served"""
    euros = tk.Event(id="E", partner="p", type="sale", on=SOLD, amount=tk.Money("73", "EUR"))
    on = SOLD + 73 * DAY
    book = tk.Book([euros, tk.Reversal(id="R", reverses="E", on=on, cause="refund")])
    entries = tk.earn(book, program_of(SHOP % "pro-rata"))["E"]
    whole, left = (each for each in entries if each.track == "sold")
    assert (str(whole.points), str(left.points)) == ("73", "14.6")
    for word in ("rule", "fact", "day", "unit"):
        assert getattr(left.reason, word) == getattr(whole.reason, word), word
    told = {leaf.label: leaf.value for leaf in left.reason.leaves()}
    assert told["days served"] == 73
    assert told["days of a whole life"] == 365
