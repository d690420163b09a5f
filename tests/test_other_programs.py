"""The program file is not HubSpot's: other programs are sayable in it, as sketches that load and earn."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

import tierkit as tk

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


def test_a_sketch_that_needs_more_is_refused_with_every_line_that_does() -> None:
    with pytest.raises(tk.InvalidProgram) as refused:
        tk.load_program(SKETCHES / "flying-blue.toml")
    fields = {problem.field for problem in refused.value.problems}
    assert {"earn[flight].live[1].until-end-of", "movement[rise].posts", "movement[year-end].to"} <= fields
