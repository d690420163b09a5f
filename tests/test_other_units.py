"""Verbs that break down what adds up, where tracks count money and users, and tiers multiply."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from club_program import CLUB, JOINED, ME, card, club, flight, member, members, seat
from hypothesis import given
from hypothesis import strategies as st
from strategies_engine import program_of

import tierkit as tk
from tierkit.reports.tables import tables_of

if TYPE_CHECKING:
    from pathlib import Path

    from tierkit.reports.table import Table

DAY = timedelta(days=1)
ON = date(2025, 8, 1)
MONEY = tk.Money(1000, "EUR")
RATES = tk.RateTable([tk.ExchangeRate("USD", "EUR", "0.8", date(2020, 1, 1), date(2030, 1, 1))])
SILVER = (flight("F-1", date(2025, 3, 1), 12), flight("F-2", date(2025, 7, 1), 30))
"""With these the member has been silver since March, and gold since July."""
UNKNOWN_BAR = '{ measure = "miles", at-least = "unknown", note = "nobody published it" }'


def table(result: object, caption: str) -> Table:
    return next(each for each in tables_of(result) if each.caption.startswith(caption))


def order(id: str, day: date, amount: str = "100") -> tk.Deal:
    return tk.Deal(
        id=id, partner=ME, customer=id, closed_on=day, mrr=tk.Money(amount, "EUR"), kind="order", motion="new"
    )


def asked(**more: Any) -> dict[str, Any]:
    return {"market": None, "kind": "order", "on": ON, **more}


# ---------------------------------------------------------------------- the calculator


def test_a_quote_is_of_the_tier_that_is_held() -> None:
    for tier, miles in (("silver", 200), ("gold", 100), (club().tiers[0], 200), (None, 100)):
        quote = tk.quote(club(), amount=MONEY, managed=False, **asked(tier=tier))
        assert quote["miles"] == tk.Points(miles)
    with pytest.raises(tk.UnknownName, match="did you mean 'silver'"):
        tk.quote(club(), amount=MONEY, managed=False, **asked(tier="sliver"))


def test_a_quote_tells_what_is_no_points_in_its_unit() -> None:
    """A deal counts though it is pending on its day; an account is what it is worth on the day."""
    quote = tk.quote(club(), amount=MONEY, managed=True, **asked(tier="gold"))
    assert dict(quote.points) == {"miles": tk.Points(100), "spend": tk.Points(3000), "seats": tk.Points(0)}
    assert dict(quote.units) == {"spend": "EUR", "seats": "users"}
    assert {entry.span.start for entry in quote.entries} == {ON, ON + 14 * DAY}
    assert table(quote, "Points").rows[0][0] == "program"
    shown = {row[0]: row[1] for row in tables_of(quote)[1].rows}
    assert shown == {"miles": "100.00", "spend": "3,000 EUR", "seats": "0 users"}
    assert {row[3] for row in table(quote, "Entries").rows} == {"100.00", "1,000 EUR", "2,000 EUR"}


def test_money_is_exchanged_at_the_rates_that_are_given() -> None:
    dollars = tk.Money(1000, "USD")
    found = tk.to_points(club(), sold=dollars, rates=RATES, **asked(tier="gold"))
    assert (found["miles"], found["spend"]) == (tk.Points("1000/11"), tk.Points(800))
    with pytest.raises(tk.NotValued, match=r"rates=RateTable\(\[ExchangeRate\(…\), …\]\)"):
        tk.to_points(club(), sold=dollars, **asked(tier="gold"))


def test_the_least_amount_is_for_points_and_not_for_what_else_it_counts() -> None:
    found = tk.to_money(club(), sold=tk.Points(200), currency="EUR", **asked(tier="silver"))
    assert found.sold == MONEY
    with pytest.raises(tk.InvalidValue, match="points that an amount of up to"):
        tk.to_money(club(), managed=tk.Points(1), currency="EUR", **asked(tier="gold"))


# ---------------------------------------------------------------------- along time


def test_changes_are_told_in_the_unit_of_what_changed() -> None:
    ledger = member(*SILVER, card("C", date(2025, 7, 10), "120"), seat("S", date(2025, 7, 20)))
    changes = tk.changes(ledger, since=date(2025, 6, 30), until=ON)
    assert dict(changes.units) == {"spend": "EUR", "seats": "users"}
    assert changes.end["spend"] == tk.Points(240)
    sums = {row[0]: row[1:] for row in table(changes, "Changes of").rows}
    assert sums["spend"] == ("0 EUR", "240 EUR", "0 EUR", "+240 EUR", "240 EUR")
    assert sums["seats"] == ("0 users", "1 users", "0 users", "+1 users", "1 users")
    by_cause = {row[0]: row[1:] for row in table(changes, "Net by cause").rows}
    assert by_cause["taken on"] == ("0.00", "+240 EUR", "+1 users", "2")
    assert ("240 EUR", "+240 EUR") in {(row[6], row[7]) for row in table(changes, "Every change").rows}


def test_a_tier_that_rises_changes_what_an_account_gives() -> None:
    """Gold doubles it from the morning after: the cause is the movement, though no points were posted."""
    ledger = member(card("C", date(2025, 6, 20), "120"), *SILVER)
    changes = tk.changes(ledger, since=date(2025, 6, 30), until=ON)
    (row,) = (row for row in changes.rows if row.fact == "C")
    assert (row.cause, row.before, row.after) == (tk.Cause.MOVEMENT, tk.Points(120), tk.Points(240))


def test_days_are_told_with_units() -> None:
    ledger = member(*SILVER, card("C", date(2025, 7, 10), "120"), seat("S", date(2025, 7, 20)))
    history = tk.history(ledger, since=ON, until=ON)
    assert dict(history.units) == dict(tk.assess(ledger, on=ON).units)
    row = dict(zip(table(history, "History").columns, table(history, "History").rows[0], strict=True))
    assert (row["miles"], row["spend"], row["seats"]) == ("72.00", "240 EUR", "1 users")
    assert row["months"] == "5 months"
    forecast = tk.forecast(ledger, on=ON, until=date(2025, 9, 20))
    assert [each.points for each in forecast.accounts] == [tk.Points(240), tk.Points(1)]
    assert [row[2] for row in table(forecast, "Accounts").rows] == ["240 EUR", "1 users"]
    assert "-240 EUR" in {row[4] for row in table(forecast, "What goes when").rows}
    assert "240 EUR" in table(forecast, "Coming reviews").rows[0]


def test_customers_are_told_with_units() -> None:
    ledger = member(*SILVER, card("C", date(2025, 7, 10), "120"), seat("S", date(2025, 7, 20)))
    rows = {row[0]: row[1:4] for row in table(tk.assess(ledger, on=ON), "Points by customer").rows}
    assert rows["C"] == ("0.00", "240 EUR", "0 users")


@given(members(), st.dates(JOINED, date(2026, 12, 31)))
def test_customers_are_ordered_unit_by_unit(book: tk.Book, on: date) -> None:
    """'Nothing is added to what counts in another unit: among customers with as many points those come first
    who have most of the next unit that tracks count, such as users, and so on'"""
    found = tk.assess(tk.earn(book, club()).partner(ME), on=on).customers()
    assert list(found) == sorted(
        found, key=lambda each: ([-each.points[name] for name in ("miles", "spend", "seats")], each.customer)
    )


def test_tracks_of_one_unit_are_added_up_for_the_order_of_customers() -> None:
    both = program_of(CLUB.replace('spend = "EUR", seats = "users"', 'spend = "users", seats = "users"'))
    more = tk.State(id="C", type="seat", customer="A", holders=[tk.Holder(partner=ME, since=ON)])
    book = member(card("A", ON, "50"), more, seat("B", ON), card("D", ON, "50.50")).book
    found = tk.assess(tk.earn(book, both), on=ON).customers()
    assert [each.customer for each in found] == ["A", "D", "B"]


# ---------------------------------------------------------------------- other rules, other views


def test_a_comparison_tells_what_grows_in_the_same_unit() -> None:
    ledger = member(*SILVER, card("C", date(2025, 7, 10), "120"), seat("S", date(2025, 7, 20)))
    twice = program_of(CLUB.replace('tier = "gold", by = 2', 'tier = "gold", by = 4'))
    dollars = program_of(CLUB.replace('spend = "EUR"', 'spend = "users"'))
    compared = tk.compare(ledger.book, [club(), twice, dollars], on=ON)[ME]
    first, second, third = compared.standings
    assert dict(first.grown) == {}
    assert (second.grown["spend"], second.grown["average"]) == (Fraction(240), Fraction(240))
    assert second.changed
    assert "spend" not in third.grown
    shown = table(tk.compare(ledger.book, [club(), twice], on=ON), "The book")
    assert [row[shown.columns.index("spend")] for row in shown.rows] == ["240 EUR", "480 EUR (+240 EUR)"]
    assert shown.note == "A quantity or a tier is known to differ for 1 of 1 partners."


def test_a_figure_that_adds_nothing_up_cannot_be_reconciled() -> None:
    ledger = member(*SILVER, card("C", date(2025, 7, 10), "120"))
    with pytest.raises(tk.InvalidValue) as raised:
        tk.reconcile(ledger, {"average": 3, "new months": 1, "sped": 1}, on=ON, since=JOINED)
    computed, new, misspelt = raised.value.problems
    assert (computed.found, computed.expected) == (
        "average, which adds no tracks up",
        "a track, or a sum of tracks",
    )
    assert computed.hint == "reconcile what adds up: miles, spend, seats"
    assert new.found.startswith("months")
    assert misspelt.hint == "did you mean 'spend'?"


def test_a_figure_of_money_is_reconciled_in_its_currency() -> None:
    ledger = member(*SILVER, card("C", date(2025, 7, 10), "120"), card("D", date(2025, 7, 11), "30"))
    found = tk.reconcile(ledger, {"spend": 60, "seats": 0}, on=ON)
    assert (found["spend"].unit, found["seats"].unit) == ("EUR", "users")
    assert found["spend"].computed == tk.Points(300)
    assert [cause.suspects[0].words for cause in found["spend"].causes] == ["it lacks account 'C'"]
    assert [row[0] for row in table(found, "Dashboard and book").rows] == ["spend (EUR)", "seats (users)"]


# ---------------------------------------------------------------------- plans


def test_a_plan_says_why_a_quantity_is_waited_for() -> None:
    plan = tk.plan(member(), tier="gold", on=ON, by=ON + 30 * DAY, closing=ON, currency="EUR")
    assert [check.quantity for check in plan.gates] == ["miles"]
    assert [check.quantity for check in plan.waiting] == ["months"]
    assert plan.note == "of months no amount can be planned: it is no sum of points, as it counts months"
    assert (plan.mix[0].mrr, plan.mix[0].points["spend"]) == (tk.Money(200, "EUR"), tk.Points(200))
    least = table(plan, "The least to sell")
    assert least.rows[0][least.columns.index("spend")] == "200 EUR"


def test_what_is_sold_is_multiplied_by_the_tier_that_is_held() -> None:
    """Eight miles are missing; silver doubles what an order gives, which is a tenth of a mile for a euro."""
    asked: dict[str, Any] = {"tier": "gold", "by": ON + 30 * DAY, "closing": ON, "currency": "EUR"}
    plan = tk.plan(member(flight("F", date(2025, 7, 20), 12)), on=ON, **asked)
    assert (plan.mix[0].mrr, plan.mix[0].points["miles"]) == (tk.Money(40, "EUR"), tk.Points(8))


def test_a_plan_keeps_accounts_by_what_they_give_under_the_tier_of_the_day() -> None:
    """Miles for a card that is used: only while it is, and twice as many for gold."""
    text = CLUB.replace(
        'id       = "card"\nselect   = { fact = "account" }\ntrack    = "spend"',
        'id       = "card"\nselect   = { fact = "account" }\ntrack    = "miles"',
    )
    book = tk.Book([tk.Partner(id=ME, joined_on=JOINED), *SILVER, card("C", date(2025, 12, 1), "8")])
    plan = tk.plan(
        tk.earn(book, program_of(text)),
        tier="gold",
        on=date(2025, 12, 15),
        by=date(2026, 2, 10),
        currency="EUR",
    )
    assert [(each.account, each.points["miles"]) for each in plan.keep] == [("C", tk.Points(16))]


def test_what_one_order_gives_at_most_makes_it_several() -> None:
    """Ten miles are missing, an order of 100 EUR would give them, and each gives four at most."""
    bounded = program_of(
        CLUB.replace(
            'rate     = { points = "0.1" }', 'rate     = { points = "0.1" }\nat-most  = { points = 4 }'
        )
    )
    book = tk.Book([tk.Partner(id=ME, joined_on=JOINED)])
    plan = tk.plan(tk.earn(book, bounded), tier="silver", on=ON, by=ON + 30 * DAY, closing=ON, currency="EUR")
    assert [(part.deals, part.mrr) for part in plan.mix] == [(3, tk.Money("33.34", "EUR"))]
    assert plan.mix[0].points["miles"] == tk.Points("10.002")


def test_a_tier_that_nobody_can_tell_has_to_be_said() -> None:
    """The bars are unknown, so a newcomer need not be without a tier."""
    unknown = program_of(CLUB.replace('{ measure = "miles", at-least = 10 }', UNKNOWN_BAR))
    with pytest.raises(tk.NotValued, match="say tier=…: the tier that you hold"):
        tk.quote(unknown, amount=MONEY, managed=False, **asked())
    quote = tk.quote(unknown, amount=MONEY, managed=False, **asked(tier="silver"))
    assert quote["miles"] == tk.Points(200)


# ---------------------------------------------------------------------- causes

NEAR = """
[[group]]
id      = "near"
members = { markets = ["DE", "FR"] }
"""


def causes(program: tk.Program, *facts: tk.ManagedAccount | tk.State) -> list[tuple[date, tk.Cause]]:
    ledger = tk.earn(tk.Book([tk.Partner(id=ME, joined_on=JOINED), *facts]), program)
    return [(row.on, row.cause) for row in tk.changes(ledger, since=JOINED, until=date(2026, 1, 1)).rows]


def test_what_leaves_the_markets_of_a_rule_changed_its_market() -> None:
    near = program_of(CLUB.replace('{ fact = "account" }', '{ fact = "account", group = "near" }') + NEAR)
    moves = {date(2025, 4, 1): "FR", date(2025, 4, 5): "US", date(2025, 4, 9): "DE"}
    account = tk.ManagedAccount(
        id="C",
        customer="C",
        mrr=MONEY,
        market="DE",
        holders=[tk.Holder(partner=ME, since=date(2025, 3, 1), actions=[date(2025, 3, 20)])],
        changes=[tk.Change(on=day, market=market) for day, market in moves.items()],
    )
    assert causes(near, account) == [
        (date(2025, 3, 20), tk.Cause.TAKEN_ON),
        (date(2025, 4, 5), tk.Cause.MARKET_CHANGED),
        (date(2025, 4, 9), tk.Cause.MARKET_CHANGED),
        (date(2025, 5, 20), tk.Cause.LAPSE),
    ]


def test_a_state_whose_months_are_over_expired() -> None:
    seats = 'track  = "seats"\nrate   = { points = 1 }\nlive   = { while = "held"'
    timed = program_of(CLUB.replace(seats, f"{seats}, months = 2"))
    left = tk.State(
        id="L", type="seat", holders=[tk.Holder(partner=ME, since=JOINED, until=date(2025, 2, 1))]
    )
    assert causes(timed, seat("S", date(2025, 3, 31)), left) == [
        (date(2025, 2, 1), tk.Cause.ENDED),
        (date(2025, 3, 31), tk.Cause.TAKEN_ON),
        (date(2025, 5, 31), tk.Cause.EXPIRY),
    ]


# ---------------------------------------------------------------------- what is known, and on whose word


def test_what_is_known_whatever_the_unknown_may_be_is_explained() -> None:
    """A measure is known though one of its operands is not, and needs no reason of that one."""
    more = """[measures]
weighted = { product = ["miles", "score"] }
of-most = { ratio = ["miles", "most"] }
most = { max = [1, "score"] }
capped = { min = ["most", 1] }
for-free = { scale = "score", full = 5, gives = 0 }
years = { over = "most", each = "year", last = 2, fold = "sum", counted = "earned", at-most = 1 }
"""
    reading = '[readings.score]\nname = "score"\ntype = "number"\n'
    program = program_of(CLUB.replace("[measures]\n", more) + reading)
    standing = tk.assess(tk.earn(tk.Book([tk.Partner(id=ME, joined_on=JOINED)]), program), on=ON)
    assert standing.figures["most"] is None
    for name, value in {"weighted": 0, "of-most": 0, "capped": 1, "for-free": 0, "years": 2}.items():
        assert standing.workings[name].note == "this, whatever the rest of it is"
        assert standing.workings[name].value == value


def test_points_that_a_movement_posts_name_the_file_that_says_so(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('format = 1\nextends = "flying-blue"\n', encoding="utf-8")
    program = tk.load_program(mine)
    flown = tk.Event(id="F", type="flight", partner=ME, on=ON, quantity=120)
    ledger = tk.earn(tk.Book([tk.Partner(id=ME, joined_on=JOINED), flown]), program)
    posted = next(row for row in tk.changes(ledger, since=JOINED, until=ON).rows if not row.fact)
    assert posted.reason.note.endswith("said in flying-blue.toml")


def test_a_prerequisite_may_be_a_tier_of_another_ladder() -> None:
    """'The operand where a requirement is met, else zero': here, who is premium on the ladder of cards."""
    rated = 'rated = { only-if = { ladder = "card", tier = "premium" }, of = "miles" }\n'
    program = program_of(CLUB.replace("[measures]\n", f"[measures]\n{rated}"))
    facts = tk.Partner(id=ME, joined_on=JOINED), flight("F", ON, 7), seat("S", ON), seat("T", ON)
    for amount, premium in (("100", False), ("100.01", True)):
        book = tk.Book([*facts, order("O", ON - 20 * DAY, amount)])
        points = tk.assess(tk.earn(book, program, rates=RATES), on=ON).points
        assert points["rated"] == (points["miles"] if premium else tk.Points(0))
