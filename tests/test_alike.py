"""Possible badges that are taken as one: nothing that is said of a partner changes by it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from strategies_engine import moving, program_of

import tierkit as tk
from tierkit.engine.moving import badge
from tierkit.engine.moving.alike import Alike

if TYPE_CHECKING:
    from tierkit.programs.program import Program

ME = "me"
FIRST = date(2026, 3, 1)
WINDOW = 20

FLIGHTS = (
    """
format = 1
id     = "flights"
name   = "Flights"
tracks = ["miles"]
source = "terms"

[sources.terms]
url   = "https://example.org/terms"
grade = "published"

[readings.resident]
name = "lives in the country"
type = "yes-no"

[[earn]]
id       = "flight"
select   = { fact = "event", type = "flight" }
track    = "miles"
quantity = true
rate     = { points = 1 }
multiply = [{ tier = "silver", by = 2 }, { tier = "gold", by = 3 }]
live     = { months = 6 }

[[tier]]
id       = "silver"
rank     = 1
requires = { all = [{ measure = "miles", at-least = 5 }, { reading = "resident", is = true }] }

[[tier]]
id       = "gold"
rank     = 2
requires = { measure = "miles", at-least = 12 }

"""
    + moving("rise", "at-once")
    + moving("fall", "*-15")
)


@cache
def flights() -> Program:
    return program_of(FLIGHTS)


@st.composite
def ledgers(draw: st.DrawFn) -> tk.Ledger:
    """Draw what somebody earned of whom it may not be known where they live, and so which tier they hold."""
    days = st.dates(FIRST, FIRST + timedelta(days=WINDOW))
    taken = draw(st.lists(st.tuples(days, st.integers(1, 8)), min_size=1, max_size=5))
    facts: list[tk.Event | tk.Reading] = [
        tk.Event(id=f"F-{number}", type="flight", partner=ME, on=day, quantity=miles)
        for number, (day, miles) in enumerate(taken)
    ]
    facts += [
        tk.Reading(partner=ME, name="resident", value=value, on=day, until=day + timedelta(days=9))
        for day, value in draw(st.lists(st.tuples(days, st.booleans()), max_size=2, unique_by=lambda e: e[0]))
    ]
    return tk.earn(tk.Book(facts), flights()).partner(ME)


def said(ledger: tk.Ledger, on: date) -> tuple[object, ...]:
    review = tk.review(ledger, on=on)
    history = tk.history(ledger, since=FIRST, until=on, every="week")
    return review, history, tk.changes(ledger, since=FIRST, until=on), ledger.problems


@given(ledgers(), st.integers(0, WINDOW + 10))
def test_alike_badges_need_not_be_told_apart(ledger: tk.Ledger, days: int) -> None:
    """'possible badges that need not be told apart, since nothing that is yet to come tells them apart'."""
    on = FIRST + timedelta(days=days)
    with patch.object(Alike, "as_one", lambda _, badges: badges), patch.object(badge, "MOST_BADGES", 10**6):
        each_by_itself = said(ledger, on)
    assert said(ledger, on) == each_by_itself


def test_many_days_of_a_possible_rise_add_no_doubt() -> None:
    """Who may have risen on any of fifty days after the last flight has the same points whenever that was."""
    days = date(2026, 3, 26), date(2026, 3, 26)
    facts = [
        tk.Event(id=f"F-{number}", type="flight", partner=ME, on=day, quantity=4)
        for number, day in enumerate(days)
    ]
    standing = tk.assess(tk.earn(tk.Book(facts), flights()), on=date(2026, 5, 14))
    assert (standing["miles"], standing.at_least, standing.unsure) == (tk.Points(8), (), ())
