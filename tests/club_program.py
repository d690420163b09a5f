"""A small program in which tiers multiply what members do, and that counts money, users and months too."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from strategies_engine import moving, program_of

import tierkit as tk

if TYPE_CHECKING:
    from tierkit.facts.facts import Fact
    from tierkit.programs.program import Program

ME = "me"
JOINED = date(2025, 1, 1)

CLUB = (
    """
format     = 1
id         = "club"
name       = "A club"
tracks     = ["miles", "spend", "seats"]
units      = { spend = "EUR", seats = "users" }
source     = "terms"

[sources.terms]
url   = "https://example.org/terms"
grade = "published"

[point-value.amounts]
EUR = 1
USD = "1.10"

[measures]
months  = { tenure = "silver" }
average = { ratio = ["spend", "seats"] }

[[earn]]
id       = "flight"
select   = { fact = "event", type = "flight" }
track    = "miles"
quantity = true
rate     = { points = 1 }
multiply = [{ tier = "silver", by = 2 }, { tier = "gold", by = 3 }]
live     = { months = 6 }

[[earn]]
id       = "order"
select   = { fact = "deal", kind = "order" }
track    = "miles"
amount   = "mrr"
rate     = { points = "0.1" }
multiply = { tier = "silver", by = 2 }
live     = { months = 6, pending-days = 14 }

[[earn]]
id     = "turnover"
select = { fact = "deal", kind = "order" }
track  = "spend"
amount = "mrr"
rate   = { points = 1 }
live   = { months = 12 }

[[earn]]
id       = "card"
select   = { fact = "account" }
track    = "spend"
amount   = "mrr"
rate     = { points = 1 }
multiply = { tier = "gold", by = 2 }
live     = { while = "held", inactive-days = 60 }

[[earn]]
id     = "seat"
select = { fact = "state", type = "seat" }
track  = "seats"
rate   = { points = 1 }
live   = { while = "held" }

[[tier]]
id       = "silver"
rank     = 1
requires = { measure = "miles", at-least = 10 }

[[tier]]
id       = "gold"
rank     = 2
requires = { all = [{ measure = "miles", at-least = 20 }, { measure = "months", at-least = 2 }] }
keeps    = { measure = "miles", at-least = 15 }

[[tier]]
id       = "premium"
rank     = 1
ladder   = "card"
requires = { any = [{ measure = "average", above = 50 }, { measure = "months", at-least = 6 }] }

"""
    + moving("rise", "at-once")
    + moving("fall", "*-15")
)


@cache
def club() -> Program:
    """Load the club."""
    return program_of(CLUB)


def flight(id: str, day: date, miles: int) -> tk.Event:
    """Give a flight of some miles."""
    return tk.Event(id=id, type="flight", partner=ME, on=day, quantity=miles)


def card(id: str, day: date, amount: str) -> tk.ManagedAccount:
    """Give a card that is used on one day."""
    holders = [tk.Holder(partner=ME, since=day, actions=[day])]
    return tk.ManagedAccount(id=id, customer=id, mrr=tk.Money(amount, "EUR"), holders=holders)


def seat(id: str, day: date) -> tk.State:
    """Give a seat that is held for good."""
    return tk.State(id=id, type="seat", customer=id, holders=[tk.Holder(partner=ME, since=day)])


def member(*facts: Fact) -> tk.Ledger:
    """Give what a member earned that held no tier when it joined."""
    return tk.earn(tk.Book([tk.Partner(id=ME, joined_on=JOINED), *facts]), club()).partner(ME)


@st.composite
def members(draw: st.DrawFn) -> tk.Book:
    """Draw what a member did."""
    days = st.dates(JOINED, date(2026, 6, 30))
    flights = draw(st.lists(st.tuples(days, st.integers(1, 12)), max_size=5))
    cards = draw(st.lists(st.tuples(days, st.sampled_from(("50", "120"))), max_size=2))
    seats = draw(st.lists(days, max_size=2))
    return tk.Book(
        [
            tk.Partner(id=ME, joined_on=JOINED),
            *(flight(f"F-{number}", day, miles) for number, (day, miles) in enumerate(flights)),
            *(card(f"C-{number}", day, amount) for number, (day, amount) in enumerate(cards)),
            *(seat(f"S-{number}", day) for number, day in enumerate(seats)),
        ]
    )
