"""How near is near, where a vendor's figures are held against a book: each bound on its two sides.

Sentences in quotes are from the description of the engine; each is what its test proves.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from strategies_engine import hubspot

import tierkit as tk

if TYPE_CHECKING:
    from tierkit.facts.facts import Fact

DAY = timedelta(days=1)
ON, SINCE = date(2026, 8, 20), date(2026, 7, 10)
ME, OTHER = "northwind", "tailspin"


def deal(closed_on: date, **fields: object) -> tk.Deal:
    given = {"partner": ME, "customer": "acme", "kind": "sourced", "market": "DE", "motion": "new"}
    mrr = tk.Money("880", "EUR")
    return tk.Deal(id="D", closed_on=closed_on, mrr=mrr, **(given | fields))  # type: ignore[arg-type]


def account(*holders: tk.Holder, **fields: object) -> tk.ManagedAccount:
    given = {"id": "A", "customer": "bolt", "mrr": tk.Money("8800", "EUR"), "market": "DE"}
    return tk.ManagedAccount(holders=holders, **(given | fields))  # type: ignore[arg-type]


def holder(
    *actions: date, partner: str = ME, since: date = date(2026, 1, 1), until: date | None = None
) -> tk.Holder:
    return tk.Holder(partner=partner, since=since, until=until, actions=actions)


def told(fact: Fact, since: date | None = None, **figures: str) -> dict[str, str]:
    """Give what may be behind a dashboard's figures: the kind of each suspect, with its words."""
    ledger = tk.earn(tk.Book([fact]), hubspot()).partner(ME)
    shown = {name.replace("_", " "): number for name, number in figures.items()}
    found = tk.reconcile(ledger, shown, on=ON, since=since)
    every = [each for line in found.lines for cause in line.causes for each in cause.suspects]
    return {each.kind.value: each.words.replace("'", "") for each in every}


# ---------------------------------------------------------------------- the edge of the window


@pytest.mark.parametrize(("days", "near"), [(-8, False), (-7, True), (0, True)])
def test_a_deal_of_at_most_seven_days_before_the_day_may_be_counted_only_after_it(
    days: int, *, near: bool
) -> None:
    """EDGE: 'It counts what happened, or ended, a few days off.'"""
    day = ON + days * DAY
    words = {"edge of the window": f"it has deal D, of {day}, only after {ON}"} if near else {}
    assert told(deal(day), sold="0") == (words or {"missing fact": "it lacks deal D"})


@pytest.mark.parametrize(("days", "near"), [(1, True), (7, True), (8, False)])
def test_a_deal_of_at_most_seven_days_after_the_day_may_be_counted_already(days: int, *, near: bool) -> None:
    day = ON + days * DAY
    words = {"edge of the window": f"it has deal D, of {day}, already on {ON}"} if near else {}
    assert told(deal(day), sold="50") == words


@pytest.mark.parametrize(("days", "near"), [(0, True), (6, True), (7, False)])
def test_a_deal_that_expires_within_seven_days_may_be_counted_no_longer(days: int, *, near: bool) -> None:
    """A deal of 21 August 2025 counts up to 20 August 2026, its last day."""
    day = date(2025, 8, 21) + days * DAY
    words = {"edge of the window": f"it no longer counts deal D, of {day}, on {ON}"} if near else {}
    assert told(deal(day), sold="0") == (words or {"missing fact": "it lacks deal D"})


@pytest.mark.parametrize(("days", "near"), [(1, True), (7, True), (8, False)])
def test_a_deal_that_expired_at_most_seven_days_ago_may_be_counted_still(days: int, *, near: bool) -> None:
    day = date(2025, 8, 21) - days * DAY
    words = {"edge of the window": f"it still counts deal D, of {day}, on {ON}"} if near else {}
    assert told(deal(day), sold="50") == words


def test_what_begins_and_what_ends_near_the_edge_are_told_apart() -> None:
    begun, ended = ON - 2 * DAY, ON + 2 * DAY
    first = told(account(holder(begun, since=begun)), managed="0")
    assert first["edge of the window"] == (
        f"account A: it has what begins for {ME} on {begun} only after {ON}"
    )
    last = told(account(holder(ON, since=date(2026, 8, 1), until=ended)), managed="100", total="100")
    assert last == {}
    gone = told(account(holder(date(2026, 8, 1), until=ON)), managed="100")
    assert gone["edge of the window"] == f"account A: it has what ends for {ME} on {ON} only after {ON}"


def test_all_that_one_fact_lost_in_the_window_is_taken_together() -> None:
    """An account of EUR 880 falls to 440, and to 88 a week later: nine of its ten points went"""
    changes = [
        tk.Change(on=date(2026, 8, day), mrr=tk.Money(mrr, "EUR")) for day, mrr in ((1, "440"), (8, "88"))
    ]
    waning = account(holder(), mrr=tk.Money("880", "EUR"), changes=changes)
    assert told(waning, SINCE, lost_managed="0") == {"missing fact": "it lacks account A"}
    assert told(waning, SINCE, lost_managed="9") == {}


# ---------------------------------------------------------------------- activity


@pytest.mark.parametrize(("left", "near"), [(0, True), (6, True), (7, False)])
def test_an_account_with_fewer_than_seven_days_left_may_be_seen_as_lapsed(left: int, *, near: bool) -> None:
    """ACTIVITY: 'It sees an account as alive that has lapsed, or the other way round.'"""
    acted = ON - (60 - left) * DAY
    words = f"account A: it no longer counts {ME}, whose last action was on {acted}"
    expected = {"activity": words} if near else {"missing fact": "it lacks account A"}
    assert told(account(holder(date(2026, 3, 1), acted)), managed="0") == expected


@pytest.mark.parametrize("ago", [61, 120, 121])
def test_an_account_that_lapsed_may_be_seen_as_alive_from_the_day_of_its_lapse_on(ago: int) -> None:
    """Sixty days without action keep it: it lapses on the sixty-first."""
    acted = ON - ago * DAY
    words = f"account A: it still counts {ME}, who has not acted since {acted}"
    assert told(account(holder(date(2026, 2, 1), acted)), managed="100") == {"activity": words}


@pytest.mark.parametrize(("days", "near"), [(1, True), (7, True), (8, False)])
def test_an_account_whose_first_action_is_at_most_seven_days_ahead_may_be_counted_already(
    days: int, *, near: bool
) -> None:
    first = ON + days * DAY
    words = f"account A: it counts {ME} already, whose first action is on {first}"
    assert told(account(holder(first)), managed="100") == ({"activity": words} if near else {})


# ---------------------------------------------------------------------- sharing


@pytest.mark.parametrize(
    ("since", "until", "shares"),
    [
        (ON, None, True),
        (ON + 20 * DAY, None, False),
        (date(2026, 1, 1), ON, False),
        (date(2026, 1, 1), ON + DAY, True),
    ],
)
def test_who_shares_an_account_on_the_day_may_be_left_out(
    since: date, until: date | None, *, shares: bool
) -> None:
    """SHARING: 'It divides an account among others.'"""
    acted = ON - 5 * DAY
    both = account(holder(acted), holder(acted, ON, partner=OTHER, since=since, until=until))
    said = told(both, managed="100")
    assert (said.get("sharing") is not None) is shares
