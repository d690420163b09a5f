"""On which day a forecast says that something happens: the first fall, the reviews, the lapses.

Sentences in quotes are from the description of the engine; each is what its test proves.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

import pytest
from club_program import JOINED, card, club, flight, seat
from club_program import ME as MEMBER
from steps_program import ME, crossing, done, done_certified, steps_asking
from strategies_engine import hubspot, moving, program_of

import tierkit as tk

if TYPE_CHECKING:
    from tierkit.facts.facts import Fact

DAY = timedelta(days=1)
FALL = moving("fall", "*-15", "unless-held-under = { months = 6 }")
STEPS = steps_asking(done(10), done_certified(20))
GIVEN = tk.Held(partner=ME, tier="one", on=date(2025, 1, 20))


@cache
def steps() -> tk.Program:
    return program_of(STEPS + moving("rise", "*-15") + FALL)


def forecast(on: date, until: date, *facts: Fact) -> tk.Forecast:
    book = tk.Book([tk.Partner(id=ME, joined_on=date(2025, 1, 1)), *facts])
    return tk.forecast(tk.earn(book, steps()), on=on, until=until)


def falls(found: tk.Forecast) -> tuple[date | None, date | None]:
    return found.as_is.may_fall_on, found.as_is.falls_on


# ---------------------------------------------------------------------- the first day of a fall


def test_the_first_day_on_which_the_tier_may_fall_comes_before_that_on_which_it_does() -> None:
    """'the first day on which it may fall, which is sooner where something is not known': nobody knows since
    when the tier is held, so that it may be protected up to six months after the fact"""
    found = forecast(date(2025, 1, 25), date(2025, 12, 1), GIVEN)
    assert falls(found) == (date(2025, 2, 15), date(2025, 8, 15))
    assert found.note == ""


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2025, 8, 14), (date(2025, 8, 15), date(2025, 8, 15))),
        (date(2025, 8, 15), (None, None)),
    ],
)
def test_a_fall_on_the_day_itself_is_no_coming_one(
    on: date, expected: tuple[date | None, date | None]
) -> None:
    """'the first day after a day on which the tier falls': what is decided on the day is held already"""
    given = tk.Held(partner=ME, tier="one", on=date(2025, 2, 15), since=date(2025, 2, 15))
    assert falls(forecast(on, date(2025, 12, 1), given)) == expected


def test_what_may_rise_does_not_fall() -> None:
    """Two is reached on 15 March, if certified; and one was held in any case, or not even that."""
    certified = tk.Reading(
        partner=ME, name="certified", value=True, on=date(2025, 1, 1), until=date(2025, 3, 1)
    )
    sold = crossing(date(2025, 2, 18), 20)
    since = tk.Held(partner=ME, tier="one", on=date(2025, 1, 20), since=date(2025, 1, 20))
    for given, tiers in ((since, ["one", "two"]), (GIVEN, ["one", "two"])):
        found = forecast(date(2025, 2, 20), date(2025, 3, 31), given, certified, sold)
        [rise, *_] = [each for each in found.as_is.decisions if each.movement == "rise"]
        assert [tier and tier.id for tier in rise.after] == tiers
        assert falls(found) == (None, None)
    unsure = forecast(date(2025, 2, 20), date(2025, 3, 31), GIVEN)
    assert unsure.credited_tier is tk.Verdict.UNKNOWN
    assert unsure.note == "the tier that is held is not known"


def test_where_nobody_knows_whether_a_tier_is_held_a_rise_is_no_fall_either_way() -> None:
    """Perhaps one is held, perhaps none: one may rise to two, or it becomes known that one is held."""
    known = tk.Reading(partner=ME, name="certified", value=True, on=date(2025, 1, 1), until=date(2025, 3, 1))
    for sold, tiers, readings in ((20, ["one", "two"], (known,)), (10, ["one"], ())):
        found = forecast(
            date(2025, 2, 20), date(2025, 3, 31), GIVEN, crossing(date(2025, 2, 18), sold), *readings
        )
        assert found.credited_tier is tk.Verdict.UNKNOWN
        assert [getattr(each, "id", None) for each in found.as_is.decisions[0].after] == tiers
        assert falls(found) == (None, None)


def test_where_the_most_that_may_be_held_is_lost_it_may_fall_though_the_least_stays() -> None:
    """Two was reached in February, if certified; by August nobody is protected any more."""
    sold, since = crossing(date(2025, 2, 10), 20), date(2025, 1, 1)
    held = tk.Held(partner=ME, tier="one", on=since, since=since)
    found = forecast(date(2025, 2, 20), date(2025, 12, 1), held, sold)
    assert found.credited_tier is tk.Verdict.UNKNOWN
    assert falls(found) == (date(2025, 7, 15), date(2025, 8, 15))


# ---------------------------------------------------------------------- the days and reviews ahead


def test_the_days_of_a_course_are_the_months_up_to_the_last_day_and_its_decisions_are_yet_to_come() -> None:
    on, until = date(2025, 2, 15), date(2025, 4, 15)
    since = tk.Held(partner=ME, tier="one", on=date(2025, 1, 20), since=date(2025, 1, 20))
    course = forecast(on, until, since).as_is
    assert [moment.on for moment in course.days] == [on, date(2025, 3, 15), until]
    assert [(each.on, each.as_of) for each in course.reviews] == [
        (day, day) for day in (date(2025, 3, 15), until)
    ]
    assert {each.on for each in course.decisions} == {date(2025, 3, 15), until}


@pytest.mark.parametrize(("extra", "years"), [(-1, 0), (0, 1), (1, 1)])
def test_a_year_that_ends_on_the_last_day_is_looked_at(extra: int, years: int) -> None:
    text = STEPS.replace("days = 30", 'while = "year"')
    ends = moving("fall", "year-end", to="next-lower", judged='take = "day-before"')
    program, begun = program_of(text + moving("rise", "*-15") + ends), date(2025, 1, 1)
    ledger = tk.earn(tk.Book([tk.Partner(id=ME, joined_on=begun), crossing(begun, 10)]), program)
    end = date(2026, 1, 1)
    found = tk.forecast(ledger, on=date(2025, 6, 20), until=end + extra * DAY)
    looked = [(each.on, each.as_of) for each in found.as_is.reviews if "fall" in each.movements]
    assert looked == [(end, end - DAY)] * years
    again = tk.forecast(ledger, on=end, until=end + 3 * DAY)
    assert again.as_is.reviews == ()


def test_what_is_sold_on_the_day_counts_and_what_is_sold_later_does_not() -> None:
    """'facts after `on` are ignored'"""
    on = date(2025, 2, 10)
    sold, later = crossing(on, 10), crossing(on + DAY, 10)
    for facts in ((sold,), (sold, later)):
        [review] = forecast(on, date(2025, 2, 15), *facts).as_is.reviews
        assert review.points["done"] == tk.Points(10)
        assert getattr(review.credited_tier, "id", None) == "one"
    [review] = forecast(on, date(2025, 2, 15), later).as_is.reviews
    assert review.points["done"] == tk.Points(0)


def test_what_is_sold_on_the_first_day_of_a_rule_counts_on_that_day() -> None:
    """The rate of a sourced deal is another from 27 February 2024 on."""
    on = date(2024, 2, 27)
    sold = tk.Deal(
        id="D",
        partner=ME,
        customer="acme",
        closed_on=on,
        mrr=tk.Money("1000", "USD"),
        kind="sourced",
        market="US",
    )
    found = tk.forecast(tk.earn(tk.Book([sold]), hubspot()), on=on, until=on)
    assert [moment.points["sold"] for moment in found.as_is.days] == [tk.Points(50)]


def test_what_was_told_on_the_day_itself_is_known() -> None:
    """A reading, a tier that is given and a correction of the day are none of what comes later."""
    on = date(2025, 2, 15)
    told = (
        tk.Held(partner=ME, tier="one", on=on, since=on),
        tk.Reading(partner=ME, name="certified", value=True, on=on),
        crossing(date(2025, 2, 10), 20),
    )
    found = forecast(on, date(2025, 3, 10), *told)
    assert [getattr(moment.performance_tier, "id", None) for moment in found.as_is.days] == ["two"]
    assert getattr(found.credited_tier, "id", None) == "one"
    later = (
        tk.Held(partner=ME, tier="two", on=on + DAY, since=on + DAY),
        tk.Reading(partner=ME, name="certified", value=False, on=on + DAY),
    )
    assert forecast(on, date(2025, 3, 10), *told, *later) == found
    wrong = tk.Reversal(id="R", reverses=f"C-{date(2025, 2, 10)}", on=on, cause="correction")
    assert forecast(on, date(2025, 3, 10), *told, wrong).as_is.days[0].points["done"] == tk.Points(0)


# ---------------------------------------------------------------------- the days that are left of accounts


def account(id: str, *actions: date, since: date | None = None) -> tk.ManagedAccount:
    holders = [tk.Holder(partner=ME, since=since or date(2026, 1, 1), actions=actions)]
    return tk.ManagedAccount(id=id, customer=id, mrr=tk.Money("880", "EUR"), holders=holders, market="DE")


def test_the_accounts_that_are_live_are_listed_with_the_one_that_lapses_first_at_the_head() -> None:
    """'the managed accounts whose credit is live on the day, those with fewest days left first'"""
    on = date(2026, 8, 20)
    book = tk.Book(
        [
            account("A-1", date(2026, 3, 1)),
            account("A-2", date(2026, 3, 1), on - DAY),
            account("A-3", date(2026, 8, 1)),
            account("A-4"),
        ]
    )
    found = tk.forecast(tk.earn(book, hubspot()), on=on, until=on + 30 * DAY, partner=ME)
    assert [(each.account, each.last_action, each.days_left) for each in found.accounts] == [
        ("A-3", date(2026, 8, 1), 42),
        ("A-2", on - DAY, 60),
        ("A-4", None, None),
    ]


def test_an_account_is_worth_what_the_tier_of_the_day_makes_of_it() -> None:
    """Gold is reached in March: a card of EUR 50 gives 100 from the next morning on."""
    on = date(2025, 3, 5)
    facts = (
        flight("F-0", JOINED, 10),
        flight("F-1", date(2025, 2, 1), 30),
        card("C", date(2025, 2, 20), "50"),
    )
    book = tk.Book([tk.Partner(id=MEMBER, joined_on=JOINED), *facts, seat("S", JOINED)])
    found = tk.forecast(tk.earn(book, club()), on=on, until=date(2025, 6, 1))
    cards = [each for each in found.accounts if each.account == "C"]
    assert [(str(each.points), each.lapses_on) for each in cards] == [("100", date(2025, 4, 22))]
