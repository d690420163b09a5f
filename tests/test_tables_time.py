"""How results along time are shown: reviews, histories, forecasts, changes, plans and comparisons."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from club_program import JOINED, card, member, seat
from hypothesis import given
from hypothesis import strategies as st
from strategies_engine import asked_days, facts, hubspot, hubspot_with, own, program_of

import tierkit as tk
from tierkit.frozen import changed
from tierkit.reports.html import html_of
from tierkit.reports.table import text
from tierkit.reports.tables import tables_of

if TYPE_CHECKING:
    from tierkit.facts.facts import Fact
    from tierkit.reports.table import Table

ROOT = Path(__file__).parents[1]
LAGGED = ROOT / "docs" / "explanation" / "other-programs" / "lagged.toml"
ON, JANUARY, JULY = date(2026, 11, 23), date(2027, 1, 15), date(2027, 7, 15)


@cache
def northwind() -> tk.Ledger:
    return tk.earn(tk.read_book(ROOT / "examples" / "northwind"), hubspot()).partner("northwind")


def ledger_of(*book: Fact, program: tk.Program | None = None) -> tk.Ledger:
    return tk.earn(tk.Book([tk.Partner(id="north"), *book]), program or hubspot()).partner("north")


def deal(**fields: object) -> tk.Deal:
    usual: dict[str, object] = {
        "id": "D-1",
        "partner": "north",
        "customer": "acme",
        "closed_on": date(2026, 9, 1),
        "mrr": tk.Money("10000", "USD"),
        "kind": "sourced",
        "market": "US",
    }
    return tk.Deal(**{**usual, **fields})  # type: ignore[arg-type]


def gold(since: date | None = date(2026, 1, 15)) -> tk.Held:
    return tk.Held(partner="north", tier="gold", on=date(2026, 1, 15), since=since)


CERTIFIED = tk.Reading(partner="north", name="certified", value=True, on=date(2026, 1, 1))


def told(result: object) -> str:
    return "\n\n".join(text(table) for table in tables_of(result))


def table(result: object, caption: str) -> Table:
    (found,) = (each for each in tables_of(result) if each.caption.startswith(caption))
    return found


def captions(result: object) -> list[str]:
    return [each.caption for each in tables_of(result)]


# --- review and history


def test_a_look_shows_what_is_no_points_in_its_unit() -> None:
    review = tk.review(member(card("C", JOINED, "50"), seat("S", JOINED)), on=JOINED)
    assert dict(review.units) == {"spend": "EUR", "seats": "users", "months": "months", "average": ""}
    assert {look.units for look in review.looks} == {review.units}
    for result in (review, review.looks[-1]):
        looks = table(result, "What was looked at")
        found = dict(zip(looks.columns, looks.rows[-1], strict=True))
        assert [found[name] for name in ("miles", "spend", "seats", "months")] == [
            *("0.00", "50 EUR", "1 users", "0 months"),
        ]
        assert "<td" in html_of(result)
        assert "50 EUR" in html_of(result)


def test_a_review_shows_the_tier_the_decisions_the_checks_and_the_rules() -> None:
    shown = told(tk.review(northwind(), on=ON))
    assert "credited tier  Diamond\nheld since     2026-01-15\n" in shown
    assert "2026-07-15  demotion  kept     Diamond  " in shown
    assert "no tier up to Diamond → Diamond" in told(tk.review(northwind(), on=date(2026, 2, 1)))
    assert "kept if the bars of the credited tier were met on at least one monthly check" in shown
    assert "how-tiers-work-retention  https://www.hubspot.jp/partners/how-tiers-work" in shown


def test_a_review_leaves_out_what_decided_nothing_and_says_so() -> None:
    review = tk.review(northwind(), on=ON)
    decided = table(review, "What was decided")
    given = date(2026, 7, 15)
    earlier = sum(each.on < given for each in review.decisions)
    left_out = len(review.decisions) - earlier - len(decided.rows)
    assert "no rise" not in {row[2] for row in decided.rows}
    assert decided.note == (
        f"And {earlier} before these; all are in `decisions`, and in --json. "
        f"Left out: {left_out} in which nothing rose, or nothing more became known."
    )


def held(tier: str, on: date, until: date | None = None) -> tk.Held:
    return tk.Held(partner="north", tier=tier, on=on, until=until)


def first_day(caption: str, on: date, *book: Fact) -> str:
    shown = table(tk.review(ledger_of(CERTIFIED, deal(), *book), on=on), caption)
    return shown.rows[0][0]


def test_a_review_shows_what_was_decided_from_the_last_tier_that_was_given_before_the_day() -> None:
    """'only what was decided from the last tier given before the day on'; 'all of it in --json'"""
    book = (held("gold", date(2025, 8, 15)), held("gold", date(2026, 7, 15)))
    for caption in ("What was decided", "What was looked at"):
        assert first_day(caption, ON, *book) == "2026-07-15"
        assert first_day(caption, date(2026, 7, 15), *book) == "2025-08-15"
    review = tk.review(ledger_of(CERTIFIED, deal(), *book), on=ON)
    earlier = sum(each.on < date(2026, 7, 15) for each in review.looks)
    assert table(review, "What was looked at").note == (
        f"And {earlier} before these; all are in `looks`, and in --json."
    )
    assert tk.from_json(tk.to_json(review)) == review


def test_a_decision_of_the_vendor_that_has_ended_is_not_where_a_review_begins() -> None:
    """'at its end exactly what the movements alone would have given, as though it had never been'"""
    book = held("gold", date(2026, 7, 15)), held("diamond", date(2026, 9, 1), date(2026, 12, 1))
    assert first_day("What was decided", ON, *book) == "2026-09-01"
    assert first_day("What was decided", date(2026, 12, 1), *book) == "2026-07-15"


def test_a_review_shows_the_earlier_checks_that_its_decisions_rest_on() -> None:
    """The window of a review reaches back to before a tier that was given in it."""
    book = held("gold", date(2026, 7, 15)), held("gold", date(2026, 12, 1))
    assert first_day("What was looked at", ON, *book) == "2026-07-15"
    assert first_day("What was looked at", JANUARY, *book) == "2026-08-15"


def test_a_tier_that_is_not_known_names_what_it_may_be() -> None:
    review = tk.review(northwind(), on=ON)
    _, gold, platinum, diamond = (None, *hubspot().tiers[:3])

    def credited(*possible: tk.Tier | None) -> str:
        unknown = changed(review, credited_tier=tk.Verdict.UNKNOWN, possible=possible, since=None, note="why")
        return table(unknown, "Review").rows[1][1]

    assert credited(gold, platinum) == "UNKNOWN: Gold or Platinum"
    assert credited(None, gold, platinum, diamond) == "UNKNOWN: no tier up to Diamond"
    assert credited(None, gold, diamond) == "UNKNOWN: no tier or Gold or Diamond"
    assert credited() == "UNKNOWN"


def test_a_review_of_a_program_without_movements() -> None:
    review = tk.review(ledger_of(program=own()), on=ON)
    assert captions(review) == ["Review of north on 2026-11-23"]
    assert "note           the program has no movements" in told(review)


def test_a_result_that_takes_effect_later_says_when() -> None:
    crossings = tk.Event(
        id="E-1", partner="north", customer="bay", type="crossing", on=date(2026, 3, 4), quantity=12
    )
    review = tk.review(
        ledger_of(tk.Partner(id="east"), crossings, program=tk.load_program(LAGGED)), on=date(2026, 6, 1)
    )
    decided = table(review, "What was decided")
    assert decided.columns[:2] == ("day", "in force")
    assert ("2026-04-01", "2026-05-01", "rise", "rose") in {row[:4] for row in decided.rows}


def test_checks_by_the_bars_of_another_day_say_so() -> None:
    (look,) = tk.review(ledger_of(gold()), on=date(2026, 2, 15)).looks[-1:]
    assert captions(look) == ["What was looked at"]
    assert table(look, "What").columns[:2] == ("day", "sourced")
    other = changed(look, bars_on=date(2026, 7, 15))
    assert table(other, "What").columns[:2] == ("day", "bars of")
    assert table(other, "What").rows[0][:2] == ("2026-02-15", "2026-07-15")


def test_a_decision_by_itself_shows_its_clause() -> None:
    review = tk.review(northwind(), on=ON)
    promotion, given = (
        next(each for each in review.decisions if each.movement == movement) for movement in ("promotion", "")
    )
    assert captions(promotion) == ["What was decided", "By which rules", "Sources of the rules"]
    assert captions(given) == ["What was decided"]
    assert table(given, "What").rows[0][1] == "given"


DAILY = """
format = 1
id     = "daily"
name   = "Daily"
tracks = ["work"]
source = "terms"

[sources.terms]
url   = "https://example.org/terms"
grade = "published"

[[earn]]
id       = "work"
select   = { fact = "event", type = "work" }
track    = "work"
quantity = true
rate     = { points = 1 }
live     = { never = true }

[[tier]]
id       = "one"
rank     = 1
requires = { measure = "work", at-least = 5 }

[[movement]]
id        = "fall"
kind      = "fall"
on        = ["*-15"]
judged    = { take = "best", on = ["*-*"], last = { months = 1 } }
effective = "same-day"
to        = "best-judged"
"""


def test_days_on_end_on_which_nothing_differed_share_a_row() -> None:
    """'Days on end on which nothing differed share one row.'"""
    held = tk.Held(partner="north", tier="one", on=date(2026, 3, 1))
    work = [
        tk.Event(id=f"E-{number}", partner="north", type="work", on=day, quantity=5)
        for number, day in enumerate((date(2026, 3, 5), date(2026, 3, 20)))
    ]
    review = tk.review(ledger_of(held, *work, program=program_of(DAILY)), on=date(2026, 4, 20))
    looks = table(review, "What was looked at")
    assert [row[:2] for row in looks.rows] == [
        ("2026-02-16 to 2026-03-04", "0.00"),
        ("2026-03-05 to 2026-03-19", "5.00"),
        ("2026-03-20 to 2026-04-15", "10.00"),
    ]
    assert len(review.looks) > len(looks.rows)
    assert f"reached on {date(2026, 3, 16)}, {date(2026, 3, 17)}, {date(2026, 3, 18)} and " in told(review)


def test_only_the_newest_checks_are_shown() -> None:
    review = tk.review(ledger_of(changed(gold(), on=date(2022, 8, 15), since=None)), on=ON)
    checks = table(review, "What was looked at")
    assert len(checks.rows) == 50
    assert checks.rows[-1][0] == "2026-11-15"
    assert checks.note == f"And {len(review.looks) - 50} before these; all are in `looks`, and in --json."


def test_a_history_has_a_row_for_each_day() -> None:
    history = tk.history(northwind(), since=date(2026, 8, 31), until=ON)
    (shown,) = tables_of(history)
    names = ("sourced", "assisted", "managed", "sold", "total")
    assert shown.columns == ("day", *names, "performance tier", "credited tier")
    assert [row[0] for row in shown.rows] == ["2026-08-31", "2026-09-30", "2026-10-31"]
    assert {row[-1] for row in shown.rows} == {"Diamond"}


def test_a_history_says_what_is_not_known() -> None:
    unvalued = deal(mrr=tk.Money("1000", "INR"))
    history = tk.history(ledger_of(unvalued, gold()), since=date(2026, 6, 15), until=ON)
    shown = told(history)
    assert "no known bars on this day; bars are known from 2026-07-13" in shown
    assert "at least 0.00" in shown
    assert "At least, unsure: something that would count" in shown
    uncertified = tk.history(ledger_of(deal(mrr=tk.Money("20000", "USD"))), since=ON, until=ON)
    assert "UNKNOWN, perhaps Platinum" in told(uncertified)


# --- changes and forecast


def test_changes_are_summed_up_by_measure_cause_and_customer() -> None:
    changes = tk.changes(northwind(), since=date(2026, 6, 15), until=date(2026, 7, 15))
    sums = table(changes, "Changes of northwind under hubspot-solutions, 2026-06-15 to 2026-07-15")
    assert sums.rows[0] == ("sourced", "1,232.72", "105.38", "51.21", "+54.17", "1,286.89")
    assert "market changed" in [row[0] for row in table(changes, "Net by cause").rows]
    assert "Long Pause Interiors Inc." in [row[0] for row in table(changes, "Net by customer").rows]
    assert len(table(changes, "Every change").rows) == len(changes.rows)


def test_where_nothing_changed_there_are_only_the_sums() -> None:
    changes = tk.changes(northwind(), since=ON, until=ON)
    assert captions(changes) == ["Changes of northwind under hubspot-solutions, 2026-11-23 to 2026-11-23"]


def test_many_changes_are_counted_and_not_shown() -> None:
    many = [deal(id=f"D-{number}", customer=f"customer {number:03}") for number in range(60)]
    changes = tk.changes(ledger_of(*many), since=date(2026, 8, 31), until=ON)
    assert table(changes, "Net by customer").note == "And 40 more."
    assert table(changes, "Every change").note == "And 10 more."


def test_a_forecast_says_when_the_tier_falls_and_for_want_of_what() -> None:
    forecast = tk.forecast(northwind(), on=ON, until=JULY)
    shown = told(forecast)
    assert "if nothing else happens        it falls on 2027-01-15" in shown
    assert "Diamond: not met on 2027-01-15, if nothing else happens" in shown
    assert table(forecast, "Accounts by days left").rows[0][:2] == ("A-34", "Sixtieth Day Optics Ltd")
    assert table(forecast, "What goes when").rows[0][:3] == ("2026-11-24", "lapse", "A-34")
    assert captions(forecast).count("Points if the accounts stay serviced") == 1


def test_a_forecast_in_which_nothing_happens() -> None:
    forecast = tk.forecast(ledger_of(gold()), on=ON, until=ON)
    assert "if nothing else happens        it does not fall" in told(forecast)
    assert "There are none." in told(forecast)
    assert captions(forecast) == [
        "Forecast of north, 2026-11-23 to 2026-11-23",
        "Coming reviews if nothing else happens",
        "Points if nothing else happens",
    ]


def test_a_forecast_that_hangs_on_what_is_not_known() -> None:
    forecast = tk.forecast(northwind(), on=ON, until=JULY)
    course = changed(forecast.as_is, may_fall_on=date(2026, 12, 15))
    assert table(changed(forecast, as_is=course), "Forecast").rows[2][1] == (
        "it may fall on 2026-12-15, for want of what is not known; it falls on 2027-01-15 at the latest"
    )
    maybe = changed(course, falls_on=None, may_fall_on=JANUARY)
    unknown = changed(forecast, as_is=maybe, credited_tier=tk.Verdict.UNKNOWN, note="why")
    assert table(unknown, "Forecast").rows[2][1] == (
        "it may fall on 2027-01-15, for want of what is not known"
    )
    assert "note                           why" in told(unknown)


def test_a_forecast_says_what_that_tier_lacks_which_falls_once_it_was_risen_to() -> None:
    later = deal(id="D-2", closed_on=date(2026, 11, 20), mrr=tk.Money("26000", "USD"))
    given = tk.Held(partner="north", tier="gold", on=date(2026, 10, 15), since=date(2026, 10, 15))
    retained = tk.Reading(partner="north", name="grr", value=0, on=date(2026, 1, 1))
    forecast = tk.forecast(ledger_of(CERTIFIED, retained, given, later), on=ON, until=date(2028, 8, 1))
    assert (str(forecast.credited_tier), forecast.as_is.falls_on) == ("Gold", date(2028, 7, 15))
    assert "Platinum: not met on 2028-07-15, if nothing else happens" in captions(forecast)


@pytest.mark.parametrize("on", [date(2025, 9, 15), date(2025, 10, 15)])
def test_a_forecast_says_what_is_lacking_on_the_day_that_decides(on: date) -> None:
    """The first of October decides that the tier falls on the first of November."""
    crossings = tk.Event(id="E", partner="north", type="crossing", on=date(2025, 3, 20), quantity=12)
    forecast = tk.forecast(ledger_of(crossings, program=tk.load_program(LAGGED)), on=on, until=ON)
    assert forecast.as_is.falls_on == date(2025, 11, 1)
    lacking = [each for each in captions(forecast) if "met on" in each]
    coming = on < date(2025, 10, 1)
    assert lacking == ["Deckhand: not met on 2025-10-01, if nothing else happens"] * coming


def test_what_tier_is_lost_is_not_said_where_it_is_not_known_which_is_held() -> None:
    forecast = tk.forecast(ledger_of(CERTIFIED, deal()), on=ON, until=date(2027, 2, 1))
    assert (forecast.as_is.falls_on, forecast.as_is.may_fall_on) == (None, JANUARY)
    assert not [each for each in captions(forecast) if "met on" in each]


# --- plan


def test_a_plan_shows_what_is_missing_and_the_least_to_sell() -> None:
    plan = tk.plan(northwind(), tier="diamond", on=ON, by=JANUARY, markets=["DE", "BR"], currency="EUR")
    assert "points missing      sourced, total" in told(plan)
    assert "Diamond: not met on 2027-01-15, if nothing else happens" in told(plan)
    least = table(plan, "The least to sell")
    assert least.rows[0][:2] == ("sourced", "BR (growth)")
    assert least.columns == ("kind", "market", "to sell", "sourced", "sold", "total", "what decides")
    assert {row[1] for row in table(plan, "Each of these alone").rows} == {"BR (growth)", "DE"}
    keep = table(plan, "Accounts to keep alive")
    assert keep.caption.endswith("these are all, and not enough")
    assert keep.columns == ("account", "customer", "managed", "total")


def test_a_plan_without_anything_missing() -> None:
    plan = tk.plan(ledger_of(deal(mrr=tk.Money("20000", "USD")), CERTIFIED), tier="gold", on=ON, by=JANUARY)
    assert ("missing", "nothing") in table(plan, "Plan").rows
    assert len([each for each in captions(plan) if "sell" in each or "keep" in each]) == 0


def test_a_plan_that_no_sale_fulfils() -> None:
    plan = tk.plan(ledger_of(deal()), tier="platinum", on=ON, by=JANUARY)
    assert "what a plan does not count" in told(plan)
    hopeless = changed(plan, mix=(), options=(), note="nothing that can be sold passes every gate")
    assert ("note", "nothing that can be sold passes every gate") in table(hopeless, "Plan").rows


def test_accounts_that_are_enough_say_so() -> None:
    plan = tk.plan(northwind(), tier="diamond", on=ON, by=JANUARY)
    keep = table(changed(plan, kept_enough=True, keep=plan.keep * 2), "Accounts to keep alive")
    assert keep.caption == "Accounts to keep alive until 2027-01-15: these are enough"
    assert keep.note == f"And {2 * len(plan.keep) - 50} more."


# --- comparison and reconciliation

LOWER = """
[sources.mine]
url = "https://example.org"
grade = "secondary"
[[earn]]
id = "sourced-deal"
[[earn.rate]]
from = 2025-01-01
points = "1"
source = "mine"
"""


def test_a_comparison_shows_each_partner_under_each_program() -> None:
    partners = [tk.Partner(id=name) for name in ("alone", "north")]
    book = tk.Book([deal(mrr=tk.Money("20000", "USD")), CERTIFIED, *partners])
    comparison = tk.compare(book, [hubspot(), hubspot_with(LOWER)], on=ON)
    shown = told(comparison)
    standings = table(comparison, "The book on 2026-11-23")
    assert [row[0] for row in standings.rows] == ["north", "north", "alone", "alone"]
    assert standings.rows[1][2] == "200.00 (-800.00)"
    assert "Platinum  " in shown
    assert "no tier (fell)" in shown
    assert standings.note == "A quantity or a tier is known to differ for 1 of 2 partners."
    rules = table(comparison, "What hubspot-solutions #2 has otherwise than hubspot-solutions")
    assert ("sourced-deal: rate", "from 2025-01-01") in {row[:2] for row in rules.rows}


def test_a_comparison_of_a_program_with_itself() -> None:
    comparison = tk.compare(tk.Book([deal()]), [hubspot(), hubspot()], on=ON)
    assert "They say the same." in told(comparison)


def test_a_comparison_of_many_partners_and_programs_that_share_nothing() -> None:
    partners = [tk.Partner(id=f"partner {number:02}") for number in range(25)]
    comparison = tk.compare(tk.Book(partners), [own(), hubspot()], on=date(2023, 1, 1))
    standings = table(comparison, "The book on 2023-01-01")
    assert len(standings.rows) == 40
    assert standings.note.endswith("Not shown: 5 partners, of whom 0 differ; JSON has them all.")
    assert standings.columns[-1] == "refused"
    assert "is in force" in standings.rows[0][-1]
    assert "sourced" in standings.columns
    assert "And " in table(comparison, "What hubspot-solutions").note


def test_a_dashboard_beside_the_book() -> None:
    figures = {"sourced": "1038.46", "managed": "1251.05", "new sold": "10"}
    found = tk.reconcile(northwind(), figures, on=ON, since=date(2026, 10, 23))
    lines = table(found, "Dashboard and book of northwind under hubspot-solutions on 2026-11-23, since")
    assert [row[4] for row in lines.rows] == ["agrees", "differs", "differs"]
    assert lines.rows[1][:4] == ("managed", "1251.05", "1,220.15", "+30.89")
    assert lines.note == "In all: differs: managed, new sold."
    causes = table(found, "Likely causes")
    assert ("managed", "1", "all", "+30.90") in {row[:4] for row in causes.rows}


def test_a_dashboard_that_agrees() -> None:
    found = tk.reconcile(ledger_of(deal()), {"sourced": 500}, on=ON)
    assert captions(found) == ["Dashboard and book of north under hubspot-solutions on 2026-11-23"]
    assert "In all: all figures agree." in told(found)
    unvalued = tk.reconcile(ledger_of(deal(mrr=tk.Money("1", "INR"))), {"sourced": 0}, on=ON)
    assert "What could not be valued" in captions(unvalued)


# --- all of them


@given(facts(), asked_days(), st.integers(0, 400))
def test_every_result_along_time_can_be_shown(book: list[Fact], since: date, length: int) -> None:
    until = since + timedelta(days=length)
    ledger = tk.earn(tk.Book(book), hubspot())
    for partner in ledger.partners[:1]:
        for result in (
            tk.review(ledger, on=until, partner=partner),
            tk.history(ledger, since=since, until=until, partner=partner),
            tk.changes(ledger, since=since, until=until, partner=partner),
            tk.forecast(ledger, on=since, until=until, partner=partner),
            tk.plan(ledger, tier="gold", on=since, by=until, currency="USD", partner=partner),
            tk.reconcile(ledger, {"total": 100}, on=until, partner=partner),
        ):
            assert partner in tables_of(result)[0].caption
            assert result._repr_html_() == html_of(result)
            assert told(result)


@pytest.mark.parametrize("program", [hubspot(), own(), tk.load_program(LAGGED)], ids=lambda each: each.id)
def test_a_program_shows_how_its_tiers_move(program: tk.Program) -> None:
    assert len(table(program, "How tiers move").rows) == len(program.movements)
