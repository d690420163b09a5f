"""The months after a promotion in which nobody falls, to the day, also where nobody knows its day.

Sentences in quotes are from the rules of movements; each is what its test proves.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from steps_program import JOINED, ME, crossing, done_certified, steps_asking
from strategies_engine import moving, program_of

import tierkit as tk

if TYPE_CHECKING:
    from tierkit.facts.facts import Fact

FALL = moving("fall", "*-15", "unless-held-under = { months = 6 }")
STEPS = steps_asking(done_certified(10), done_certified(20))


@cache
def steps(*movements: str) -> tk.Program:
    return program_of(STEPS + "".join(movements))


def held(tier: str, on: date, since: date | None = None, until: date | None = None) -> tk.Held:
    return tk.Held(partner=ME, tier=tier, on=on, since=since, until=until)


def certified(on: date, *, value: bool = True) -> tk.Reading:
    return tk.Reading(partner=ME, name="certified", value=value, on=on)


def review(on: date, *facts: Fact, program: tk.Program, joined_on: date | None = JOINED) -> tk.Review:
    book = tk.Book([tk.Partner(id=ME, joined_on=joined_on), *facts])
    return tk.review(tk.earn(book, program), on=on)


def possible(found: tk.Review) -> list[str | None]:
    return [tier.id if tier else None for tier in found.possible]


def fall_outcomes(found: tk.Review) -> list[str]:
    return [each.outcome.value for each in found.decisions if each.movement == "fall"]


def test_without_since_the_protection_is_unknown_where_it_decides() -> None:
    """'without `since` the six months' protection is UNKNOWN where it decides': up to six months after the
    day on which the tier was last known to be held already, and no longer"""
    given = held("one", date(2025, 1, 20))
    for day in (date(2025, 2, 15), date(2025, 7, 15)):
        found = review(day, given, certified(JOINED), program=steps(FALL))
        assert possible(found) == [None, "one"], day
        assert found.credited_tier is tk.Verdict.UNKNOWN
    assert possible(review(date(2025, 8, 15), given, certified(JOINED), program=steps(FALL))) == [None]


def test_a_fall_is_allowed_on_the_very_day_on_which_six_months_have_passed() -> None:
    """'no demotion before six months after a promotion (on the very day it is allowed)': the same, since
    whenever before it the tier may be held"""
    for since in (None, date(2025, 1, 15)):
        given = held("one", date(2025, 1, 15), since)
        assert possible(review(date(2025, 7, 15), given, certified(JOINED), program=steps(FALL))) == [None]
        later = held("one", date(2025, 1, 16), since and date(2025, 1, 16))
        found = review(date(2025, 7, 15), later, certified(JOINED), program=steps(FALL))
        assert possible(found) == (["one"] if since else [None, "one"])


def test_a_tier_that_was_given_with_its_day_is_protected_from_that_day_on() -> None:
    """'The tier held is a fact': whoever is told to hold it since a day was promoted on that day"""
    given = held("one", date(2025, 3, 1), date(2025, 3, 1))
    found = review(date(2025, 9, 15), given, certified(JOINED), program=steps(FALL))
    assert fall_outcomes(found) == ["kept", "kept", *["protected"] * 6, "fell"]
    assert possible(found) == [None]


def test_a_fact_that_only_confirms_a_tier_leaves_the_day_on_which_it_was_gained() -> None:
    """A rise on 15 January, and a fact of February that says the same"""
    program = steps(moving("rise", "*-15"), FALL)
    facts = (certified(JOINED), crossing(date(2025, 1, 10), 10), held("one", date(2025, 2, 1)))
    found = review(date(2025, 7, 15), *facts, program=program)
    assert fall_outcomes(found) == [*["protected"] * 6, "fell"]
    assert review(date(2025, 7, 14), *facts, program=program).since == date(2025, 1, 15)


def test_where_a_check_was_unknown_the_later_promotion_may_still_be_protected() -> None:
    """'a decision is UNKNOWN only when such a check could change it': gained in January or in February, the
    tier may fall in July, and does in August"""
    program = steps(moving("rise", "*-15"), FALL)
    facts = (certified(date(2025, 2, 1)), crossing(date(2025, 1, 10), 10), crossing(date(2025, 2, 9), 10))
    days = [date(2025, month, 15) for month in (1, 2, 6, 7, 8)]
    found = [possible(review(day, *facts, program=program)) for day in days]
    assert found == [[None, "one"], ["one"], ["one"], [None, "one"], [None]]


def test_a_given_tier_undoes_what_was_decided_before_and_is_yet_to_take_effect() -> None:
    """'A given tier is what holds from its day on, whatever was computed.'"""
    falls = moving("fall", "*-10", effective="{ days = 20 }")
    facts = (certified(JOINED), held("one", date(2025, 1, 5), date(2024, 1, 5)))
    assert possible(review(date(2025, 1, 30), *facts, program=steps(falls))) == [None]
    again = held("two", date(2025, 1, 20), date(2025, 1, 20))
    assert possible(review(date(2025, 1, 30), *facts, again, program=steps(falls))) == ["two"]


def test_a_fact_without_a_reason_says_that_it_was_given_and_one_with_a_reason_that_reason() -> None:
    for reason in ("", "a letter"):
        given = tk.Held(partner=ME, tier="two", on=date(2025, 1, 20), reason=reason)
        decision = review(date(2025, 2, 1), given, program=steps(FALL)).decisions[-1]
        assert (decision.outcome, decision.why) == ("given", reason or "given as a fact")
        assert decision.clause == reason
        assert [tier and tier.id for tier in decision.before] == [None]


def test_a_decision_with_an_end_is_held_since_its_own_day() -> None:
    given = held("two", date(2025, 1, 20), until=date(2025, 6, 1))
    found = review(date(2025, 3, 1), given, certified(JOINED), program=steps(FALL))
    assert (possible(found), found.since) == (["two"], date(2025, 1, 20))


def test_a_rise_by_one_step_that_takes_effect_later_leads_to_no_higher_one_where_that_is_not_known() -> None:
    """'to = next': by one step at each review, whatever is not known"""
    program = steps(moving("rise", "*-15", effective="{ months = 1 }", to="next"))
    facts = (crossing(date(2025, 1, 10), 20),)
    assert possible(review(date(2025, 2, 14), *facts, program=program)) == [None]
    assert possible(review(date(2025, 2, 15), *facts, program=program)) == [None, "one"]


def test_a_fall_is_no_promotion_and_protects_from_no_further_fall() -> None:
    """'who rose less than so many months ago' is protected; who fell is not"""
    program = steps(moving("fall", "*-15", "unless-held-under = { months = 6 }", to="next-lower"))
    given = held("two", date(2025, 1, 20), date(2024, 1, 1))
    found = [
        possible(review(date(2025, month, 15), given, certified(JOINED), program=program)) for month in (2, 3)
    ]
    assert found == [["one"], [None]]
