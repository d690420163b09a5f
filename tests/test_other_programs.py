"""The program file is not HubSpot's: other programs are sayable in it, as sketches that load and earn."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

import tierkit as tk
from tierkit.engine.review import review

SKETCHES = Path(__file__).parent.parent / "docs" / "explanation" / "other-programs"


def subscription(id: str, plan: str, payer: str, *advisers: str) -> tk.State:
    holders = tuple(tk.Holder(partner=adviser, since=date(2019, 1, 1)) for adviser in advisers)
    return tk.State(id=id, type="subscription", holders=holders, attributes={"plan": plan, "payer": payer})


def test_xero_credits_every_invited_adviser_in_full() -> None:
    program = tk.load_program(SKETCHES / "xero-2018.toml")
    book = tk.Book(
        [
            subscription("S-1", "established", "client", "ada", "bo"),
            subscription("S-2", "growing", "practice", "ada"),
            *(subscription(f"S-{number}", "established", "practice", "ada") for number in range(3, 9)),
        ]
    )
    ledger = tk.earn(book, program)
    ada, bo = (tk.assess(ledger, partner=name, on=date(2019, 6, 1)) for name in ("ada", "bo"))
    assert ada["subscriptions"] == tk.Points(6 + 2 + 6 * 4)
    assert ada.performance_tier == program.tier("silver")
    assert bo["subscriptions"] == tk.Points(6)
    assert bo.performance_tier is None


def test_odoo_asks_for_users_net_of_losses_and_for_readings() -> None:
    program = tk.load_program(SKETCHES / "odoo-2023.toml")
    book = tk.Book(
        [
            tk.Event(id="E-1", partner="ada", type="users", on=date(2023, 2, 1), quantity=Fraction(90)),
            tk.Event(id="E-2", partner="ada", type="users", on=date(2023, 4, 1), quantity=Fraction(-15)),
            tk.Reading(partner="ada", name="certified-people", value="2", on=date(2023, 1, 1)),
            tk.Reading(partner="ada", name="retention", value="71.5", on=date(2023, 1, 1)),
        ]
    )
    ledger = tk.earn(book, program)
    before, after = (tk.assess(ledger, on=day) for day in (date(2023, 5, 18), date(2023, 5, 19)))
    assert before["users"] == after["users"] == tk.Points(75)
    assert before.performance_tier == program.tier("silver")
    assert after.performance_tier == program.tier("ready")
    gone = tk.assess(ledger, on=date(2024, 2, 1))
    assert gone["users"] == tk.Points(-15)
    assert gone.performance_tier is None


def test_quickbooks_counts_heads_and_begins_at_zero() -> None:
    program = tk.load_program(SKETCHES / "quickbooks.toml")
    firm = (tk.Holder(partner="firm", since=date(2020, 1, 1), until=date(2021, 1, 1)),)
    book = tk.Book(
        [
            tk.State(id="S-1", type="online", holders=firm),
            tk.State(id="S-2", type="self-employed", holders=firm),
            tk.State(id="S-3", type="certified-users", holders=firm, quantity=Fraction(2)),
            tk.State(id="S-4", type="proadvisor-desktop", holders=firm),
        ]
    )
    ledger = tk.earn(book, program)
    held = tk.assess(ledger, on=date(2020, 12, 31))
    assert held["total"] == tk.Points(50 + 25 + 200 + 100)
    assert held.performance_tier == program.tier("gold")
    assert tk.assess(ledger, on=date(2021, 1, 1)).performance_tier == program.tier("silver")


def flight(number: int, on: date, xp: int) -> tk.Event:
    return tk.Event(id=f"F-{number}", partner="ada", type="flight", on=on, quantity=xp)


FLIGHTS = tk.Book(
    [
        tk.Partner(id="ada", joined_on=date(2024, 2, 10)),
        flight(1, date(2024, 3, 1), 60),
        flight(2, date(2024, 5, 1), 70),
        flight(3, date(2024, 8, 1), 200),
        flight(4, date(2024, 12, 1), 400),
        flight(5, date(2025, 6, 1), 500),
    ]
)
YEARS = [
    # a day, the tier that is held from when on, and the XP that are left
    (date(2024, 4, 30), None, None, 60),
    (date(2024, 5, 1), "silver", date(2024, 5, 1), 60 + 70 - 100),
    (date(2024, 8, 1), "gold", date(2024, 8, 1), 30 + 200 - 180),
    (date(2024, 12, 1), "platinum", date(2024, 12, 1), 50 + 400 - 300),
    (date(2025, 11, 30), "platinum", date(2024, 12, 1), 150 + 500),
    (date(2025, 12, 1), "platinum", date(2024, 12, 1), 300),
    (date(2026, 12, 1), "platinum", date(2024, 12, 1), 0),
    (date(2027, 12, 1), "gold", date(2027, 12, 1), 0),
    (date(2028, 12, 1), "silver", date(2028, 12, 1), 0),
    (date(2029, 12, 1), None, None, 0),
]


@pytest.mark.parametrize(("on", "tier", "since", "xp"), YEARS)
def test_flying_blue_deducts_a_bar_restarts_a_year_and_falls_step_by_step(
    on: date, tier: str | None, since: date | None, xp: int
) -> None:
    """'On reaching a level its threshold is deducted ... and a new personal 12-month qualification year
    starts'; 'at most 300 XP' of the surplus roll over; 'down one level'"""
    program = tk.load_program(SKETCHES / "flying-blue.toml")
    ledger = tk.earn(FLIGHTS, program)
    found = review(ledger, on=on)
    assert found.credited_tier == (program.tier(tier) if tier else None)
    assert found.since == since
    assert tk.assess(ledger, on=on)["xp"] == tk.Points(xp)


@pytest.mark.parametrize(("last", "carried"), [(date(2023, 10, 31), 500), (date(2023, 11, 1), 300)])
def test_the_surplus_is_limited_from_each_members_own_year_on(last: date, carried: int) -> None:
    """'without limit before November 2024, at most 300 XP since, from each member's own year on'"""
    book = tk.Book(
        [
            tk.Partner(id="ada", joined_on=date(2022, 1, 1)),
            flight(1, last, 100 + 180 + 300),
            flight(2, date(2024, 1, 1), 300 + 500),
        ]
    )
    ledger = tk.earn(book, tk.load_program(SKETCHES / "flying-blue.toml"))
    year_end = last.replace(year=2024)
    assert tk.assess(ledger, on=year_end)["xp"] == tk.Points(carried)


LAGS = [
    (date(2025, 4, 30), None),  # judged on 1 April
    (date(2025, 5, 1), "captain"),  # a month later
    (date(2025, 9, 30), "captain"),  # the points are gone
    (date(2025, 10, 31), "captain"),  # judged on 1 October
    (date(2025, 11, 1), None),  # a month later
]


@pytest.mark.parametrize(("on", "tier"), LAGS)
def test_a_result_may_take_effect_a_month_after_the_day_that_is_judged(on: date, tier: str | None) -> None:
    """'one program whose result takes effect a month after the day that is judged'"""
    program = tk.load_program(SKETCHES / "lagged.toml")
    crossing = tk.Event(id="C-1", partner="bo", type="crossing", on=date(2025, 3, 31), quantity=40)
    book = tk.Book([tk.Partner(id="bo", joined_on=date(2025, 1, 1)), crossing])
    found = review(tk.earn(book, program), on=on).credited_tier
    assert found == (program.tier(tier) if tier else None)


def test_every_sketch_loads_and_says_that_it_is_one() -> None:
    for path in sorted(SKETCHES.glob("*.toml")):
        program = tk.load_program(path)
        assert "sketch" in program.name or "example" in program.name
