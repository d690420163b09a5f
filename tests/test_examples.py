"""The example books are what their script makes, read without a problem, and show what they are there for."""

from __future__ import annotations

import csv
import os
import runpy
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

import tierkit as tk
from tierkit.frozen import changed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tierkit.engine.judge import Check
    from tierkit.facts.facts import Fact

ROOT = Path(__file__).parents[1]
EXAMPLES, SCRIPTS = ROOT / "examples", ROOT / "scripts"
TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
CHECK_DAYS = [date(2026, month, 15) for month in (8, 9, 10, 11)]


@cache
def book(name: str = "northwind") -> tk.Book:
    return tk.read_book(EXAMPLES / name)


@cache
def ledger(name: str = "northwind") -> tk.Ledger:
    return tk.earn(book(name), tk.load_program("hubspot-solutions"))


def standing(on: date, partner: str = "northwind") -> tk.Standing:
    return tk.assess(ledger(), on=on, partner=partner)


def reached(on: date, partner: str = "northwind") -> str:
    tier = standing(on, partner).performance_tier
    return tier.id if isinstance(tier, tk.Tier) else str(tier)


def check(on: date, tier: str, quantity: str) -> Check:
    return next(each for each in standing(on).toward(tier).checks if each.quantity == quantity)


def met(on: date, tier: str, quantity: str) -> tk.Verdict | None:
    return check(on, tier, quantity).verdict


def earned(fact: str, on: date, partner: str = "northwind") -> tk.Points:
    live = [entry for entry in ledger()[fact] if entry.partner == partner and on in entry.span]
    return sum((entry.points for entry in live), tk.Points(0))


def deal(id: str) -> tk.Deal:
    fact = book()[id]
    assert isinstance(fact, tk.Deal)
    return fact


def account(id: str) -> tk.ManagedAccount:
    fact = book()[id]
    assert isinstance(fact, tk.ManagedAccount)
    return fact


def last_actions(id: str) -> dict[str, date]:
    return {holder.partner: holder.actions[-1] for holder in account(id).holders}


# ---------------------------------------------------------------- the files


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    files = cast("Callable[[], dict[str, str]]", runpy.run_path(str(SCRIPTS / "make_northwind.py"))["files"])
    return {name: text.encode() for name, text in files().items()}


def test_committed_files_are_what_the_script_makes(made: dict[str, bytes]) -> None:
    folders = {name.partition("/")[0] for name in made if "/" in name}
    files = [*EXAMPLES.glob("*.csv"), *(file for folder in folders for file in (EXAMPLES / folder).iterdir())]
    committed = {file.relative_to(EXAMPLES).as_posix(): file.read_bytes() for file in files}
    del committed["northwind-hubspot-export/mapping.toml"]  # kept by hand
    assert committed == made


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_script_makes_the_same_files_under_any_hash_seed(seed: str) -> None:
    command = [sys.executable, str(SCRIPTS / "make_northwind.py"), "--check"]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize(
    "name", ["northwind", "northwind-hubspot-export", "tutorial-first", "tutorial-shared"]
)
def test_every_example_is_read_and_valued_without_a_problem(name: str) -> None:
    assert tk.check_book(EXAMPLES / name)[1] == ()
    assert ledger(name).problems == ()


def test_hubspot_export_gives_the_identical_book() -> None:
    assert book("northwind-hubspot-export") == book()
    assert tk.to_json(book("northwind-hubspot-export")) == tk.to_json(book())


def test_hubspot_export_has_deals_that_are_no_facts() -> None:
    text = (EXAMPLES / "northwind-hubspot-export" / "hubspot-deals.csv").read_text(encoding="utf-8")
    assert text.count("\n") - 1 == 455
    assert text.count(",Closed Won,") == 403
    assert ",Contract Sent," in text
    assert ",Closed Lost," in text


# ---------------------------------------------------------------- the book as a whole


def test_counts() -> None:
    facts: list[tk.Deal | tk.ManagedAccount] = [*book().deals, *book().accounts]
    assert (len(book().partners), len(book().deals), len(book().accounts)) == (3, 403, 60)
    assert len(book().in_force.deals) == 400
    assert len({fact.customer for fact in facts}) == 120
    assert len({fact.market for fact in facts}) == 15
    assert Counter(len(account.holders) for account in book().accounts) == {1: 40, 2: 14, 3: 6}


def test_deals_are_in_every_currency_that_the_program_values() -> None:
    valued = set(tk.load_program("hubspot-solutions").point_values)
    assert len(valued) == 9
    assert {deal.mrr.currency.code for deal in book().deals} == valued
    assert {account.mrr.currency.code for account in book().accounts} == valued


def test_deals_fill_four_years_and_lie_before_today() -> None:
    days = [deal.closed_on for deal in book().deals]
    assert date(2022, 11, 23) < min(days) < date(2022, 12, 24)
    assert date(2026, 11, 9) < max(days) < TODAY
    assert {day.year for day in days} == {2022, 2023, 2024, 2025, 2026}


def test_no_partner_has_a_fact_from_before_it_joined() -> None:
    joined = {partner.id: cast("date", partner.joined_on) for partner in book().partners}
    assert all(joined[deal.partner] < deal.closed_on for deal in book().deals)
    assert all(joined[reading.partner] < reading.on for reading in book().readings)
    for managed in book().accounts:
        for holder in managed.holders:
            assert joined[holder.partner] < cast("date", holder.since) <= min(holder.actions, default=TODAY)


def test_every_upsell_knows_the_first_sale_of_its_line() -> None:
    first: dict[tuple[str, str], date] = {}
    for each in book().deals:
        line = (each.customer, each.product_line)
        first[line] = min(first.get(line, each.closed_on), each.closed_on)
    for each in book().deals:
        assert each.motion
        if each.motion == "upsell":
            assert each.line_first_sold_on is not None
            assert each.line_first_sold_on <= first[each.customer, each.product_line]
        else:
            assert each.line_first_sold_on is None
            assert each.closed_on == first[each.customer, each.product_line]


def test_names_that_a_spreadsheet_or_a_terminal_may_garble_are_there() -> None:
    customers = {deal.customer for deal in book().deals} & {account.customer for account in book().accounts}
    assert customers >= {"=1+1", "บริษัท ตัวอย่าง จำกัด", "株式会社見本製作所", "شركة مثال للتقنية"}
    assert 'Kestrel, "Finch" & Daughters Ltd' in customers


# ---------------------------------------------------------------- northwind's standing


def test_of_two_gates_to_diamond_one_fails_today() -> None:
    assert met(TODAY, "diamond", "sourced") is tk.Verdict.MET
    assert met(TODAY, "diamond", "total") is tk.Verdict.NOT_MET
    assert met(TODAY, "diamond", "grr") is tk.Verdict.MET
    assert met(TODAY, "diamond", "certified") is tk.Verdict.MET
    assert tk.Points(950) <= standing(TODAY)["sourced"] < standing(TODAY)["total"] < tk.Points(3100)
    assert reached(TODAY) == "platinum"
    assert standing(TODAY).possible_tier is None
    assert standing(TODAY).at_least == ()


@pytest.mark.parametrize("day", CHECK_DAYS)
def test_no_check_since_august_met_diamond_and_each_reached_platinum(day: date) -> None:
    assert standing(day).toward("diamond").verdict is tk.Verdict.NOT_MET
    assert reached(day) == "platinum"


def test_diamond_was_reached_at_the_review_of_july_and_is_held_since_january() -> None:
    assert reached(date(2026, 7, 15)) == "diamond"
    held = [each for each in book().held if each.partner == "northwind"][-1]
    assert (held.tier, held.on, held.since) == ("diamond", date(2026, 7, 15), date(2026, 1, 15))


def test_retention_that_would_round_to_the_bar_fails_it_alone() -> None:
    august = CHECK_DAYS[0]
    failed = [
        each.quantity
        for each in standing(august).toward("diamond").checks
        if each.verdict is tk.Verdict.NOT_MET
    ]
    assert failed == ["grr"]
    assert check(august, "diamond", "grr").have == Fraction("74.96")


def test_month_without_retention_is_unknown() -> None:
    for day in (date(2026, 9, 1), date(2026, 9, 15), date(2026, 9, 30)):
        assert met(day, "diamond", "grr") is tk.Verdict.UNKNOWN
    possible = standing(date(2026, 9, 5)).possible_tier
    assert possible is not None
    assert possible.id == "diamond"
    assert check(TODAY, "diamond", "grr").have == Fraction("76.4")


def test_december_asks_for_less_than_january() -> None:
    december, january = date(2026, 12, 15), date(2027, 1, 15)
    assert check(december, "diamond", "total").need == tk.Points(3100)
    assert check(january, "diamond", "total").need == tk.Points(3750)
    assert check(january, "diamond", "sourced").need == tk.Points(1250)
    assert met(december, "diamond", "sourced") is tk.Verdict.MET
    assert met(december, "diamond", "total") is tk.Verdict.NOT_MET
    assert met(january, "diamond", "sourced") is tk.Verdict.NOT_MET
    assert standing(january)["total"] < standing(december)["total"]


def test_deals_of_early_january_are_a_cliff() -> None:
    edge = date(2026, 1, 15)
    cliff = [each for each in book().deals if date(2026, 1, 5) <= each.closed_on <= edge]
    assert [each.id for each in cliff if each.closed_on == edge] == ["D-317"]
    assert len(cliff) == 9
    gone = sum((earned(each.id, TODAY) for each in cliff), tk.Points(0))
    assert gone > tk.Points(350)
    assert all(not earned(each.id, date(2027, 1, 15)) for each in cliff)
    assert earned("D-317", date(2027, 1, 14)) == tk.Points(54)


def test_legacy_deals_went_between_october_and_17_november() -> None:
    since, until = date(2026, 10, 15), date(2026, 11, 17)
    mine = ledger().partner("northwind").entries
    ended = {
        each.fact
        for each in mine
        if each.kind != "account" and each.span.end and since < each.span.end <= until
    }
    legacy = ended - {"D-372"}  # which is not paid
    assert len(legacy) == 9
    assert all(deal(fact).closed_on < date(2025, 11, 17) for fact in legacy)


def test_neighbours_stand_lower_and_one_is_not_known_to_be_certified() -> None:
    assert reached(TODAY, "borealis") == "gold"
    cobalt = standing(TODAY, "cobalt")
    assert cobalt.performance_tier is tk.Verdict.UNKNOWN
    assert cobalt.possible_tier is not None
    assert cobalt.possible_tier.id == "gold"


# ---------------------------------------------------------------- single facts


def test_last_action_of_sixty_days_ago_counts_today_for_the_last_time() -> None:
    assert last_actions("A-34") == {"northwind": date(2026, 9, 24)}
    assert earned("A-34", TODAY)
    assert not earned("A-34", TODAY + DAY)


def test_last_action_of_sixty_one_days_ago_is_gone_today() -> None:
    assert last_actions("A-46") == {"northwind": date(2026, 9, 23)}
    assert earned("A-46", TODAY - DAY)
    assert not earned("A-46", TODAY)


def test_account_lapsed_in_a_pause_of_seventy_days_and_came_back() -> None:
    before, after = date(2026, 5, 4), date(2026, 7, 13)
    (holder,) = account("A-30").holders
    assert (after - before).days == 70
    assert holder.actions.index(after) == holder.actions.index(before) + 1
    worth = earned("A-30", before)
    live = [
        earned("A-30", day) == worth
        for day in (date(2026, 7, 3), date(2026, 7, 4), after - DAY, after, TODAY)
    ]
    assert live == [True, False, False, True, True]


def test_account_is_shared_in_thirds() -> None:
    shares = [earned("A-48", TODAY, partner) for partner in ("northwind", "borealis", "cobalt")]
    assert shares == [tk.Points("4945/264")] * 3
    assert sum(shares, tk.Points(0)) == tk.Points("4945/88")


def test_share_grows_when_a_partner_lapses() -> None:
    lapses = last_actions("A-35")["cobalt"] + timedelta(days=61)
    assert lapses < TODAY
    assert earned("A-35", lapses, "cobalt") == tk.Points(0)
    assert earned("A-35", lapses) == earned("A-35", lapses - DAY) * Fraction(3, 2)


def test_customer_that_moved_leaves_its_deal_doubled_and_its_account_not() -> None:
    moved = date(2026, 7, 1)
    before, after = deal("D-333"), deal("D-383")
    assert account("A-42").customer == before.customer == after.customer
    assert [ledger()[each.id][0].group for each in (before, after)] == ["growth", ""]
    assert earned("D-333", TODAY) == earned("D-333", moved - DAY)
    assert earned("A-42", moved) * 2 == earned("A-42", moved - DAY)


def test_account_changes_its_monthly_revenue() -> None:
    change = date(2026, 3, 1)
    assert account("A-1").mrr_on(change - DAY) < account("A-1").mrr_on(change)
    assert earned("A-1", change - DAY) < earned("A-1", change)


def test_account_in_euros_falls_with_the_table_of_july_2025() -> None:
    change = date(2025, 7, 15)
    assert earned("A-1", change) / earned("A-1", change - DAY) == Fraction(75, 88)


def test_upsell_on_an_old_line_keeps_three_points_while_tiers_are_unknown() -> None:
    upsell, cross_sell = deal("D-118"), deal("D-119")
    assert (upsell.motion, upsell.line_first_sold_on) == ("upsell", date(2021, 6, 14))
    assert (upsell.closed_on, upsell.customer) == (cross_sell.closed_on, cross_sell.customer)
    day = date(2024, 6, 30)
    per_unit = {
        each.id: earned(each.id, day) / (each.mrr / tk.Money("75", "EUR")) for each in (upsell, cross_sell)
    }
    assert per_unit == {"D-118": tk.Points(3), "D-119": tk.Points(5)}
    assert reached(day) == "unknown"


def test_deal_of_29_february_lasts_through_27_february() -> None:
    assert deal("D-109").closed_on == date(2024, 2, 29)
    assert earned("D-109", date(2025, 2, 27))
    assert not earned("D-109", date(2025, 2, 28))


@pytest.mark.parametrize(("id", "market"), [("D-345", "PR"), ("D-317", "BR")])
def test_customers_in_puerto_rico_and_brazil_pay_in_dollars_and_count_double(id: str, market: str) -> None:
    assert (deal(id).market, deal(id).mrr.currency.code) == (tk.Market(market), "USD")
    (entry,) = ledger()[id]
    assert entry.group == "growth"


# ---------------------------------------------------------------- along time


def known(on: date) -> tk.Ledger:
    return tk.earn(book().as_recorded(on), tk.load_program("hubspot-solutions"))


def known_ids(on: date) -> set[str]:
    return {deal.id for deal in book().as_recorded(on).deals}


def reversal(id: str) -> tk.Reversal:
    fact = book()[id]
    assert isinstance(fact, tk.Reversal)
    return fact


def mrr_known(id: str, on: date) -> tk.Money:
    (counted,) = (each for each in book().as_recorded(on).in_force.deals if each.id == id)
    return counted.mrr


def credited(on: date, partner: str = "northwind") -> str:
    tier = tk.review(ledger(), on=on, partner=partner).credited_tier
    return tier.id if isinstance(tier, tk.Tier) else str(tier)


def rows(partner: str = "northwind") -> dict[str, tk.PointChange]:
    made = tk.changes(ledger(), since=date(2026, 10, 15), until=TODAY, partner=partner)
    return {row.fact: row for row in made.rows}


def test_diamond_is_credited_since_january_2026_and_falls_to_platinum_in_january_2027() -> None:
    review = tk.review(ledger(), on=TODAY, partner="northwind")
    assert credited(TODAY) == "diamond"
    assert review.since == date(2026, 1, 15)
    assert credited(date(2027, 1, 15)) == "platinum"


def test_mistyped_amount_was_put_right_and_had_made_october_look_like_diamond() -> None:
    october, found = date(2026, 10, 15), date(2026, 10, 26)
    wrong, right = deal("D-376"), deal("D-401")
    assert (right.replaces, right.recorded_on) == (wrong.id, found)
    assert wrong.mrr == right.mrr * 10
    assert not ledger()["D-376"]
    assert earned("D-401", TODAY)
    as_known = tk.assess(known(october), on=october, partner="northwind")
    assert as_known.performance_tier == tk.load_program("hubspot-solutions").tier("diamond")
    assert reached(october) == "platinum"
    assert mrr_known("D-376", found - DAY) == wrong.mrr
    assert mrr_known("D-401", found) == right.mrr


def test_vendor_adjusted_an_amount_by_hand() -> None:
    first, adjusted = deal("D-355"), deal("D-402")
    assert (adjusted.replaces, adjusted.recorded_by) == (first.id, "vendor")
    assert adjusted.mrr < first.mrr
    assert mrr_known("D-355", date(2026, 7, 5)) == first.mrr
    assert mrr_known("D-402", date(2026, 7, 6)) == adjusted.mrr


def test_deal_entered_twice_never_counted_once_that_was_known() -> None:
    fields = ("partner", "customer", "closed_on", "mrr", "kind", "product_line")
    once, twice = deal("D-361"), deal("D-403")
    assert [getattr(once, name) for name in fields] == [getattr(twice, name) for name in fields]
    reversed_by = reversal("R-1")
    assert (reversed_by.reverses, reversed_by.on, reversed_by.cause) == (
        "D-403",
        once.closed_on,
        "correction",
    )
    assert not ledger()["D-403"]
    july = date(2026, 7, 15)
    points = [tk.assess(each, on=july, partner="northwind")["assisted"] for each in (known(july), ledger())]
    assert points[0] - points[1] == earned("D-361", july)


def test_deal_of_october_was_not_known_until_20_november() -> None:
    late = deal("D-392")
    assert (late.closed_on, late.recorded_on) == (date(2026, 10, 9), date(2026, 11, 20))
    assert late.id not in known_ids(date(2026, 11, 1))
    assert late.id in known_ids(date(2026, 11, 20))
    assert earned(late.id, late.closed_on) == earned(late.id, TODAY) == tk.Points("13.5")


@pytest.mark.parametrize(
    ("day", "value", "verdict"),
    [(date(2026, 11, 5), "74.6", tk.Verdict.NOT_MET), (date(2026, 11, 9), "76.4", tk.Verdict.MET)],
)
def test_retention_of_november_was_recorded_again(day: date, value: str, verdict: tk.Verdict) -> None:
    diamond = tk.assess(known(day), on=day, partner="northwind").toward("diamond")
    (grr,) = (each for each in diamond.checks if each.quantity == "grr")
    assert (grr.have, grr.verdict) == (Fraction(value), verdict)
    assert check(day, "diamond", "grr").have == Fraction("76.4")


@pytest.mark.parametrize(
    ("id", "day", "recorded"),
    [("A-1", date(2026, 3, 1), date(2026, 3, 9)), ("A-42", date(2026, 7, 1), date(2026, 7, 6))],
)
def test_changes_of_accounts_became_known_some_days_late(id: str, day: date, recorded: date) -> None:
    (change,) = account(id).changes
    assert (change.on, change.recorded_on) == (day, recorded)
    seen = [each for on in (recorded - DAY, recorded) for each in book().as_recorded(on).accounts]
    assert [each.changes for each in seen if each.id == id] == [(), (change,)]


def test_clawback_takes_a_deal_that_is_not_paid() -> None:
    unpaid = reversal("R-2")
    assert (unpaid.reverses, unpaid.cause) == ("D-372", "non-payment")
    assert earned("D-372", unpaid.on - DAY)
    assert not earned("D-372", unpaid.on)
    row = rows()["D-372"]
    assert (row.on, str(row.cause), row.after) == (unpaid.on, "clawback", tk.Points(0))


def test_account_ends_with_a_correction_from_a_later_day() -> None:
    left = reversal("R-3")
    assert (left.reverses, left.cause) == ("A-41", "correction")
    assert last_actions("A-41")["borealis"] < left.on
    row = rows("borealis")["A-41"]
    assert (row.on, str(row.cause), row.after) == (left.on, "correction", tk.Points(0))


def test_vendor_gave_borealis_a_tier_with_an_end() -> None:
    given = [each for each in book().held if each.partner == "borealis"][-1]
    assert (given.tier, given.recorded_by, given.until) == ("platinum", "vendor", date(2027, 1, 15))
    assert given.reason
    assert reached(TODAY, "borealis") == "gold"
    days = (given.on - DAY, given.on, date(2027, 1, 14), date(2027, 1, 15))
    assert [credited(day, "borealis") for day in days] == ["gold", "platinum", "platinum", "gold"]


# ---------------------------------------------------------------- the dashboard

SINCE = date(2026, 10, 15)


def dashboard() -> dict[str, str]:
    with (EXAMPLES / "northwind-dashboard.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: row["value"] for row in csv.DictReader(file)}


def seen_by_the_dashboard(fact: Fact) -> Fact:
    if isinstance(fact, tk.Deal | tk.ManagedAccount) and fact.customer == "Coquí Lantern Tours LLC":
        return changed(fact, market="US")
    if isinstance(fact, tk.Deal) and fact.id == "D-300":
        return changed(fact, closed_on=date(2025, 11, 23))
    if isinstance(fact, tk.ManagedAccount) and fact.id == "A-46":
        (holder,) = fact.holders
        return changed(fact, holders=[changed(holder, actions=(*holder.actions, date(2026, 11, 2)))])
    return fact


def test_dashboard_shows_what_a_book_with_three_differences_gives() -> None:
    seen = tk.earn(tk.Book(map(seen_by_the_dashboard, book())), tk.load_program("hubspot-solutions"))
    points = tk.assess(seen, on=TODAY, partner="northwind")
    moved = tk.changes(seen, since=SINCE, until=TODAY, partner="northwind")
    sides = {"new": moved.new, "lost": moved.lost}
    for name, value in dashboard().items():
        side, _, quantity = name.rpartition(" ")
        counted = sides[side][quantity] if side else points[quantity]
        assert f"{counted:.2f}" == value, name


def test_reconcile_finds_the_three_differences_of_the_dashboard() -> None:
    made = tk.reconcile(ledger(), dashboard(), on=TODAY, since=SINCE, partner="northwind")
    market, edge, activity = (
        ("market", "Coquí Lantern Tours LLC"),
        ("edge of the window", "D-300"),
        ("activity", "A-46"),
    )
    found = {
        line.name: {(str(each.kind), each.fact or each.customer) for each in line.causes[0].suspects}
        for line in made.lines
        if not line.agrees
    }
    assert found == {
        "sourced": {market},
        "assisted": {edge},
        "sold": {market, edge},
        "managed": {market, activity},
        "total": {market, edge, activity},
        "lost sold": {edge},
        "lost managed": {activity},
    }
    assert all(str(line.causes[0].explains) == "all" for line in made.lines if not line.agrees)


# ---------------------------------------------------------------- the tutorial's books


def test_first_book_of_the_tutorial_is_25_points_short_of_gold() -> None:
    result = tk.assess(ledger("tutorial-first"), on=TODAY)
    points = [result[name] for name in ("sourced", "assisted", "managed", "total")]
    assert points == [tk.Points(number) for number in (130, 120, 50, 300)]
    assert result.performance_tier is None
    missing = {
        each.quantity: each.missing
        for each in result.toward("gold").checks
        if each.verdict is tk.Verdict.NOT_MET
    }
    assert missing == {"total": tk.Points(25)}


@pytest.mark.parametrize(
    ("day", "points"),
    [
        (date(2026, 6, 30), (30 + 40, 30, 30)),
        (date(2026, 7, 1), (30 + 60, 30, 30)),
        (date(2026, 8, 31), (45 + 60, 45, 0)),
        (TODAY, (45 + 60, 45, 0)),
        (TODAY + DAY, (90 + 60, 0, 0)),
    ],
)
def test_shared_book_of_the_tutorial(day: date, points: tuple[int, int, int]) -> None:
    managed = [
        tk.assess(ledger("tutorial-shared"), on=day, partner=partner)["managed"]
        for partner in ("juniper", "maple", "willow")
    ]
    assert managed == [tk.Points(number) for number in points]
