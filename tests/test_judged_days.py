"""Which days a review looks at, each on its two sides, and what is said of a decision that is not known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from steps_program import JOINED, ME, crossing, done, done_certified, steps_asking
from strategies_engine import moving, program_of

import tierkit as tk

DAY = timedelta(days=1)
STEPS = steps_asking(done(10), done_certified(10))
YES = tk.Reading(partner=ME, name="certified", value=True, on=JOINED)


def held(on: date, movements: str, *facts: tk.Event | tk.Reading | tk.Held) -> str | None:
    book = tk.Book([tk.Partner(id=ME, joined_on=JOINED), *facts])
    tier = tk.review(tk.earn(book, program_of(STEPS + movements)), on=on).credited_tier
    return "unknown" if isinstance(tier, tk.Verdict) else tier and tier.id


@pytest.mark.parametrize(("before", "tier"), [(0, None), (1, "one"), (28, "one")])
def test_the_day_before_is_looked_at_and_no_other(before: int, tier: str | None) -> None:
    """'take = day-before': what counts on the eve of the review; thirty days count from the crossing on"""
    on, no = date(2025, 3, 15), tk.Reading(partner=ME, name="certified", value=False, on=JOINED)
    rises = moving("rise", "*-15", judged='take = "day-before"')
    assert held(on, rises, crossing(on - before * DAY), no) == tier


@pytest.mark.parametrize(("before", "tier"), [(0, None), (1, "one"), (2, "one")])
def test_at_once_by_the_day_before_looks_on_the_morrow_of_what_happens(before: int, tier: str | None) -> None:
    on, no = date(2025, 3, 15), tk.Reading(partner=ME, name="certified", value=False, on=JOINED)
    rises = moving("rise", "at-once", judged='take = "day-before"')
    assert held(on, rises, crossing(on - before * DAY), no) == tier


@pytest.mark.parametrize(
    ("done_on", "tier"),
    [
        (date(2025, 1, 5), None),
        (date(2025, 1, 10), "two"),
        (date(2026, 1, 4), None),
        (date(2026, 1, 5), "two"),
    ],
)
def test_a_window_begins_on_the_latest_of_its_days_before_the_review(done_on: date, tier: str | None) -> None:
    """'since = 01-10' of a review on 5 January is 10 January of the year before: both ends in"""
    judged = 'on = ["*-10", "*-05"], since = ["01-10"], take = "best"'
    program = STEPS.replace("days = 30", "days = 1") + moving("fall", "01-05", judged=judged)
    given = tk.Held(partner=ME, tier="two", on=date(2025, 2, 1), since=date(2024, 1, 1))
    book = tk.Book([tk.Partner(id=ME, joined_on=JOINED), given, YES, crossing(done_on)])
    found = tk.review(tk.earn(book, program_of(program)), on=date(2026, 1, 5)).credited_tier
    assert (found.id if isinstance(found, tk.Tier) else found) == tier


def test_what_may_be_one_of_two_tiers_is_unknown_and_what_leaves_one_of_them_settles_it() -> None:
    """'UNKNOWN only when such a check could change it'; what becomes known later is settled"""
    rises = moving("rise", "*-15")
    no = tk.Reading(partner=ME, name="certified", value=True, on=date(2025, 3, 1))
    book = tk.Book([tk.Partner(id=ME, joined_on=JOINED), crossing(date(2025, 2, 14)), no])
    review = tk.review(tk.earn(book, program_of(STEPS + rises)), on=date(2025, 3, 15))
    assert [(each.outcome.value, len(each.before), len(each.after)) for each in review.decisions] == [
        ("no rise", 1, 1),
        ("unknown", 1, 2),
        ("settled", 2, 1),
    ]
    assert {each.grade for each in review.decisions} == {review.decisions[0].source.grade}  # type: ignore[union-attr]


def test_where_the_tier_held_before_decides_that_is_what_is_not_known() -> None:
    """'UNKNOWN only when such a check could change it', and it says what to find out"""
    held = tk.Held(partner=ME, tier="gold", on=date(2026, 2, 1), since=date(2026, 1, 15))
    sold = tk.Deal(
        id="D",
        partner=ME,
        customer="acme",
        market="DE",
        kind="sourced",
        closed_on=date(2026, 5, 4),
        mrr=tk.Money("21120", "EUR"),
    )
    readings = [
        tk.Reading(partner=ME, name="certified", value=True, on=date(2026, 1, 1)),
        tk.Reading(partner=ME, name="gross revenue retention", value=80, on=date(2026, 1, 1)),
    ]
    ledger = tk.earn(tk.Book([held, sold, *readings]), tk.load_program("hubspot-solutions"))
    july = tk.review(ledger, on=date(2026, 7, 15))
    assert july.credited_tier is tk.Verdict.UNKNOWN
    assert "(the tier held before" in july.note
