"""Exchange rates go along where a book is seen otherwise: without what came later, or a fact less."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from strategies_engine import program_of

import tierkit as tk

if TYPE_CHECKING:
    from tierkit.facts.facts import Fact

ME = "p"
ON = date(2026, 6, 1)
REVENUE = """
format = 1
id     = "revenue"
name   = "Revenue"
tracks = ["revenue"]
units  = { revenue = "USD" }
source = "terms"
[sources.terms]
url   = "https://example.org/terms"
grade = "published"
[[earn]]
id     = "sale"
select = { fact = "event", type = "sale" }
track  = "revenue"
amount = "amount"
rate   = { points = 1 }
live   = { months = 12 }
[[tier]]
id       = "one"
rank     = 1
requires = { measure = "revenue", at-least = 100 }
"""
RATES = tk.RateTable(
    [tk.ExchangeRate(base="EUR", quote="USD", rate="1.1", on=date(2026, 1, 1), until=date(2028, 1, 1))]
)


def sale(id: str, euros: str, on: date = date(2026, 3, 1)) -> tk.Event:
    return tk.Event(id=id, partner=ME, type="sale", on=on, amount=tk.Money(euros, "EUR"))


def earned(*facts: Fact) -> tk.Ledger:
    return tk.earn(tk.Book(facts), program_of(REVENUE), rates=RATES).partner(ME)


def test_a_forecast_of_a_fact_that_is_taken_back_later_has_its_amount_exchanged() -> None:
    later = tk.Reversal(id="R", reverses="E-1", on=date(2026, 7, 1), cause="correction")
    found = tk.forecast(earned(sale("E-1", "100"), later), on=ON, until=ON)
    assert [moment.figures["revenue"] for moment in found.as_is.days] == [110]
    assert found.problems == ()


def test_what_a_dashboard_lacks_is_recounted_by_the_same_rates() -> None:
    ledger = earned(sale("E-1", "100"), sale("E-2", "10"))
    [line] = tk.reconcile(ledger, {"revenue": 110}, on=ON).lines
    assert {each.fact for cause in line.causes for each in cause.suspects} == {"E-2"}
    moved = earned(sale("E-1", "100"), sale("E-2", "10", date(2026, 5, 30)))
    [line] = tk.reconcile(moved, {"revenue": 110}, on=ON).lines
    assert {each.kind.value for cause in line.causes for each in cause.suspects} == {"edge of the window"}
