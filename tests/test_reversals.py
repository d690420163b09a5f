"""Reversals in the engine: what a correction, an unpaid invoice or a cancellation leaves of a fact's points.

Sentences in quotes are from the rules and the design; each is what its test proves.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies_engine import (
    PARTNERS,
    accounts,
    asked_days,
    deals,
    facts,
    hubspot,
    own,
    program_of,
)
from test_engine_shapes import own_facts

import tierkit as tk
from tierkit.facts.knowledge import happened_by
from tierkit.frozen import changed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tierkit.facts.facts import Fact

ME = "northwind"
DAY = timedelta(days=1)
partners = st.sampled_from(PARTNERS)
WORDS = ("points", "at_least", "unsure", "performance_tier", "possible_tier", "tiers")


def earned(made: Iterable[Fact], program: tk.Program) -> tk.Ledger:
    return tk.earn(tk.Book([*(tk.Partner(id=name) for name in PARTNERS), *made]), program)


def standing(
    made: Iterable[Fact], on: date, partner: str = ME, program: tk.Program | None = None
) -> tk.Standing:
    return tk.assess(earned(made, program or hubspot()), on=on, partner=partner)


def agree(one: tk.Standing, other: tk.Standing) -> None:
    for word in WORDS:
        assert getattr(one, word) == getattr(other, word), (word, one.on)


def own_day(fact: Fact) -> date:
    match fact:
        case tk.Deal():
            return fact.closed_on
        case tk.Event():
            return fact.on
        case tk.ManagedAccount() | tk.State():
            known = [holder.since for holder in fact.holders if holder.since]
            return min(known + [day for holder in fact.holders for day in holder.actions])
        case _:
            raise AssertionError(fact)


Reversible = tk.Deal | tk.Event | tk.ManagedAccount | tk.State


@st.composite
def reversals(draw: st.DrawFn, made: list[Fact], causes: list[str]) -> list[tk.Reversal]:
    """Reversals of some of the facts that can be, on their own day or later."""
    found: list[tk.Reversal] = []
    for fact in made:
        if isinstance(fact, Reversible) and draw(st.booleans()):
            on = own_day(fact) + draw(st.sampled_from([0, 1, 59, 100, 364, 365, 366])) * DAY
            cause = draw(st.sampled_from(causes))
            found.append(tk.Reversal(id=f"R-{fact.id}", reverses=fact.id, on=on, cause=cause))
    return found


@st.composite
def facts_and_reversals(
    draw: st.DrawFn, causes: tuple[str, ...] = ("correction", "non-payment", "cancellation")
) -> tuple[list[Fact], list[tk.Reversal]]:
    made = draw(facts())
    return made, draw(reversals(made, list(causes)))


# ---------------------------------------------------------------------- corrections


@given(facts(), asked_days(), partners, st.data())
def test_a_correction_from_its_own_day_is_as_if_the_fact_had_never_been(
    made: list[Fact], on: date, partner: str, data: st.DataObject
) -> None:
    """'cause "correction": the record was wrong: … its own day: it never did': not through first sales nor
    sharers"""
    wrong = [fact for fact in made if isinstance(fact, Reversible) and data.draw(st.booleans())]
    taken = [tk.Reversal(id=f"R-{fact.id}", reverses=fact.id, on=own_day(fact)) for fact in wrong]
    never = [fact for fact in made if fact not in wrong]
    agree(standing([*made, *taken], on, partner), standing(never, on, partner))
    assert earned([*made, *taken], hubspot()).partner(partner).entries == (
        earned(never, hubspot()).partner(partner).entries
    )


@given(facts_and_reversals(("correction",)), asked_days(), partners)
def test_a_correction_of_a_deal_from_a_later_day_is_gone_from_then(
    both: tuple[list[Fact], list[tk.Reversal]], on: date, partner: str
) -> None:
    """'it counts no more from `on`': before it the deal counts as it did, then as though it were not there"""
    made, taken = both
    taken = [each for each in taken if each.reverses.startswith("D")]
    later = [each for each in taken if each.on > on]
    gone = {each.reverses for each in taken if each.on <= on}
    deals_left = [fact for fact in made if getattr(fact, "id", "") not in gone]
    one, other = standing([*made, *taken], on, partner), standing([*deals_left, *later], on, partner)
    assert one.points == other.points or told_by_a_first_sale(made, gone)
    agree(standing([*made, *later], on, partner), standing(made, on, partner))


def told_by_a_first_sale(made: list[Fact], gone: set[str]) -> bool:
    """Whether a deal that is gone from a later day on may have been the first sale of another one's line."""
    lines = [(fact.customer, fact.product_line) for fact in made if isinstance(fact, tk.Deal)]
    mine = [
        (fact.customer, fact.product_line) for fact in made if isinstance(fact, tk.Deal) and fact.id in gone
    ]
    return any(lines.count(line) > 1 for line in mine)


@given(accounts("A-1"), st.integers(0, 700), asked_days())
def test_a_correction_of_an_account_ends_it_for_everyone(
    account: tk.ManagedAccount, after: int, on: date
) -> None:
    """'accounts/states reversed as a "correction" from a later day': every holder's span ends there"""
    end = own_day(account) + after * DAY
    taken = tk.Reversal(id="R-1", reverses="A-1", on=end)
    for partner in PARTNERS:
        one = standing([account, taken], on, partner)
        if on >= end:
            agree(one, standing([], on, partner))
        elif all(holder.since is None or holder.since < end for holder in account.holders):
            assert one.points == standing([account], on, partner).points


# ---------------------------------------------------------------------- HubSpot's clawback


@given(facts_and_reversals(("non-payment",)), asked_days(), partners)
def test_what_nobody_pays_is_gone_that_day(
    both: tuple[list[Fact], list[tk.Reversal]], on: date, partner: str
) -> None:
    """'Only non-payment takes them': the deal's points go that day, those of an account do not"""
    made, taken = both
    one, before = standing([*made, *taken], on, partner), standing(made, on, partner)
    gone = {each.reverses for each in taken if each.on <= on and each.reverses.startswith("D")}
    lost = [entry for entry in before.entries if entry.fact in gone and on in entry.span]
    for track in ("sourced", "assisted", "managed"):
        less = sum((entry.points for entry in lost if entry.track == track), tk.Points(0))
        assert one[track] == before[track] - less


@given(facts_and_reversals(("cancellation", "refund")), asked_days(), partners)
def test_a_cancellation_takes_nothing(
    both: tuple[list[Fact], list[tk.Reversal]], on: date, partner: str
) -> None:
    """'where none speaks of it, nothing'"""
    made, taken = both
    agree(standing([*made, *taken], on, partner), standing(made, on, partner))


@given(own_facts(), st.dates(date(2024, 1, 1), date(2026, 6, 30)), st.data())
def test_a_program_without_clawback_takes_nothing(made: list[Fact], on: date, data: st.DataObject) -> None:
    """'No clawback rule: none.'"""
    taken = data.draw(reversals(made, ["non-payment", "cancellation"]))
    for partner in PARTNERS:
        agree(standing([*made, *taken], on, partner, own()), standing(made, on, partner, own()))


# ---------------------------------------------------------------------- pro rata


PRO_RATA = """
format = 1
id     = "pro-rata"
name   = "Pro rata"
tracks = ["sold"]
[in-force]
source = "terms"
[sources.terms]
url   = "https://example.org/terms"
grade = "published"
[[point-value]]
amounts = { EUR = "3" }
source  = "terms"
[[earn]]
id     = "sale"
name   = "sale"
select = { fact = "deal", kind = "sold" }
track  = "sold"
amount = "mrr"
rate   = [{ points = "7", source = "terms" }]
live   = [{ LIFE, source = "terms" }]
[[earn.clawback]]
until  = 2026-01-01
causes = ["refund", "non-payment"]
takes  = "pro-rata"
source = "terms"
note   = "by whole days"
[[earn.clawback]]
from   = 2026-01-01
causes = ["non-payment"]
takes  = "pro-rata"
source = "terms"
[[tier]]
id = "one"
rank = 1
requires = [{ all = [{ measure = "sold", at-least = 10 }], source = "terms" }]
"""


@cache
def pro_rata(life: str) -> tk.Program:
    return program_of(PRO_RATA.replace("LIFE", life))


def sold(on: date, minor: int = 10_000, id: str = "D-1") -> tk.Deal:
    return tk.Deal(
        id=id,
        partner=ME,
        customer="acme",
        closed_on=on,
        mrr=tk.Money.from_minor(minor, "EUR"),
        kind="sold",
        market="DE",
    )


@given(
    st.one_of(
        st.sampled_from([date(2024, 2, 29), date(2023, 2, 28)]), st.dates(date(2024, 1, 1), date(2025, 6, 1))
    ),
    st.sampled_from([("months = 12", 0), ("days = 10", 10), ("months = 1", 0)]),
    st.integers(0, 400),
    st.integers(-10_000, 10_000),
    st.sampled_from(["refund", "non-payment", "cancellation"]),
)
@example(date(2024, 2, 29), ("months = 12", 0), 100, 1, "refund")
@example(date(2025, 12, 31), ("months = 12", 0), 0, 1, "refund")
@example(date(2025, 12, 31), ("months = 12", 0), 1, 1, "refund")
def test_pro_rata_by_whole_days(
    closed: date, life: tuple[str, int], after: int, minor: int, cause: str
) -> None:
    """'pro rata: from that day the part of whole days that had passed of the life's days', exactly"""
    program, on = pro_rata(life[0]), closed + after * DAY
    taken = tk.Reversal(id="R-1", reverses="D-1", on=on, cause=cause)
    ledger = earned([sold(closed, minor), taken], program)
    whole = Fraction(minor, 100) / 3 * 7
    end = closed + life[1] * DAY if life[1] else end_of_months(closed, 12 if "12" in life[0] else 1)
    days = (end - closed).days
    speaks = cause == "non-payment" or (cause == "refund" and on < date(2026, 1, 1))
    left = Fraction(min(after, days), days) if speaks else Fraction(1)
    history = tk.history(ledger, since=closed - DAY, until=end + DAY, every="day", partner=ME)
    for moment in history.days:
        now = whole if closed <= moment.on < end else Fraction(0)
        assert moment.points["sold"] == tk.Points(now * left if moment.on >= on else now), moment.on
    for moment in history.days[:: max(days // 5, 1)]:
        recomputed(tk.assess(ledger, on=moment.on, partner=ME))
    spans = [entry.span for entry in ledger.partner(ME).entries]
    assert all(one.end == other.start for one, other in pairwise(spans))


def end_of_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    for number in range(day.day, 0, -1):
        try:
            return date(index // 12, index % 12 + 1, number)
        except ValueError:
            continue
    raise AssertionError


def recomputed(found: tk.Standing) -> None:
    """'standing = sum of live entries', and 're-computing the tree gives the number'"""
    for track in found.measures:
        live = (
            entry.points
            for entry in found.entries
            if found.on in entry.span and entry.track in found.measures[track]
        )
        assert sum(live, tk.Points(0)) == found[track]
    for entry in found.entries:
        assert entry.reason.recompute() == entry.points.fraction


def test_what_is_left_tells_why() -> None:
    taken = tk.Reversal(id="R-1", reverses="D-1", on=date(2025, 1, 31), cause="refund")
    ledger = earned([sold(date(2025, 1, 1)), taken], pro_rata("months = 12"))
    whole, left = ledger["D-1"]
    assert whole.span == tk.Span(date(2025, 1, 1), date(2025, 1, 31))
    assert left.span == tk.Span(date(2025, 1, 31), date(2026, 1, 1))
    assert left.points == whole.points * Fraction(30, 365)
    assert whole.reason.note.endswith(
        "; 6/73 is left from 2025-01-31: R-1, refund; sale clawback, terms, published"
    )
    first, part = left.reason.parts
    assert first.value == whole.reason.value
    served, days = part.parts
    assert (served.value, days.value) == (Fraction(30), Fraction(365))
    assert (served.fact, served.day, served.rule) == ("R-1", date(2025, 1, 31), "sale clawback")
    assert served.note == "refund on 2025-01-31; by whole days"
    assert served.period == tk.Span(None, date(2026, 1, 1))
    assert served.source is not None
    assert served.grade == "published"
    late = tk.Reversal(id="R-1", reverses="D-1", on=date(2026, 1, 2), cause="non-payment")
    assert (
        earned([sold(date(2025, 12, 1)), late], pro_rata("months = 12"))["D-1"][1]
        .reason.parts[1]
        .parts[0]
        .note
        == "non-payment on 2026-01-02"
    )


# ---------------------------------------------------------------------- all of them together


@given(facts_and_reversals(), asked_days(), st.integers(30, 200), partners)
def test_a_sweep_is_an_assessment_of_each_day(
    both: tuple[list[Fact], list[tk.Reversal]], since: date, length: int, partner: str
) -> None:
    """'the sweep equals assessment day by day', and every standing is the sum of its live entries"""
    made, taken = both
    ledger = earned([*made, *taken], hubspot())
    history = tk.history(ledger, since=since, until=since + length * DAY, every="day", partner=partner)
    for moment in history.days[::3]:
        found = tk.assess(ledger, on=moment.on, partner=partner)
        for word in ("points", "at_least", "unsure", "performance_tier", "possible_tier"):
            assert getattr(moment, word) == getattr(found, word), (word, moment.on)
    recomputed(tk.assess(ledger, on=history.days[-1].on, partner=partner))


@given(facts_and_reversals(), st.dates(date(2024, 6, 1), date(2026, 12, 1)), st.integers(1, 300), partners)
def test_a_forecast_knows_no_reversal_that_comes_later(
    both: tuple[list[Fact], list[tk.Reversal]], on: date, length: int, partner: str
) -> None:
    """'facts after `on` are ignored': a deal that is taken back later is forecast as though it were not"""
    made, taken = both
    made = [fact for fact in made if isinstance(fact, tk.Deal)]
    known = [each for each in taken if each.on <= on]
    taken = [each for each in taken if each.reverses.startswith("D") and each.on > own_day_of(made, each)]
    told, plain = (
        tk.forecast(earned([*made, *each], hubspot()), on=on, until=on + length * DAY, partner=partner)
        for each in (taken, [each for each in taken if each in known])
    )
    assert told.as_is == plain.as_is


def own_day_of(made: list[Fact], reversal: tk.Reversal) -> date:
    return next(own_day(fact) for fact in made if isinstance(fact, tk.Deal) and fact.id == reversal.reverses)


@given(deals("D-1"), deals("D-2"), asked_days(), partners)
def test_a_replaced_fact_leaves_its_place_to_the_other(
    wrong: tk.Deal, right: tk.Deal, on: date, partner: str
) -> None:
    """'`replaces`: the id of the earlier fact whose place it takes'"""
    told = changed(right, replaces="D-1")
    agree(standing([wrong, told], on, partner), standing([right], on, partner))
    undone = tk.Reversal(id="R-1", reverses="D-2", on=right.closed_on)
    agree(standing([wrong, told, undone], on, partner), standing([], on, partner))


def upsell(id: str, closed_on: date, motion: str = "") -> tk.Deal:
    return tk.Deal(
        id=id,
        partner=ME,
        customer="acme",
        closed_on=closed_on,
        mrr=tk.Money("1000", "USD"),
        kind="sourced",
        market="US",
        product_line="Marketing Hub",
        motion=motion,
    )


def test_the_first_sale_of_a_deal_that_was_taken_back() -> None:
    """'upsell on a product line first sold before 2024-02-27 stays 3': a first sale that never was decides
    nothing; one that nobody paid for was a sale all the same"""
    first = upsell("D-1", date(2024, 1, 10), motion="new")
    later = upsell("D-2", date(2024, 6, 1))
    on = date(2024, 7, 1)
    assert standing([first, later], on)["sourced"] == tk.Points(30 + 30)
    never = tk.Reversal(id="R-1", reverses="D-1", on=date(2024, 1, 10))
    assert standing([first, later, never], on)["sourced"] == tk.Points(50)
    unpaid = tk.Reversal(id="R-1", reverses="D-1", on=date(2024, 2, 10), cause="non-payment")
    assert standing([first, later, unpaid], on)["sourced"] == tk.Points(30)


@given(st.one_of(deals("F"), accounts("F")))
def test_whose_facts_were_all_taken_back_is_a_partner_still(fact: tk.Deal | tk.ManagedAccount) -> None:
    """'left out are facts that were reversed as a correction': the partner is not"""
    book = tk.Book([fact])
    taken_back = book.adding(tk.Reversal(id="R", reverses=fact.id, on=own_day(fact)))
    ledger = tk.earn(taken_back, hubspot())
    assert ledger.partners == tk.earn(book, hubspot()).partners
    assert not ledger.entries


def test_the_sharers_of_an_account_that_was_wrong() -> None:
    """'The credit is divided evenly': a record that was wrong divides nothing from its day on"""
    mine = tk.Holder(partner=ME, since=date(2025, 1, 1))
    other = tk.Holder(partner="fabrikam", since=date(2025, 1, 1))
    money = tk.Money("1000", "USD")
    wrong = tk.ManagedAccount(id="A-1", customer="acme", mrr=money, holders=[mine, other], market="US")
    right = tk.ManagedAccount(
        id="A-2", customer="acme", mrr=money, holders=[mine], market="US", replaces="A-1"
    )
    on = date(2025, 6, 1)
    assert standing([wrong], on)["managed"] == tk.Points(5)
    assert standing([wrong, right], on)["managed"] == tk.Points(10)
    assert standing([wrong, right], on, "fabrikam")["managed"] == tk.Points(0)


@pytest.mark.parametrize("cause", ["correction", "non-payment", "cancellation"])
@pytest.mark.parametrize("after", [0, 100])
def test_a_fact_that_could_not_be_valued_fails_until_it_was_corrected(cause: str, after: int) -> None:
    """'a measure that it would feed is "at least x"': not from the day on which it was found not to count"""
    closed = date(2026, 8, 1)
    unknown = tk.Deal(
        id="D-1",
        partner=ME,
        customer="acme",
        closed_on=closed,
        mrr=tk.Money("1", "BRL"),
        kind="sourced",
        market="BR",
    )
    taken = tk.Reversal(id="R-1", reverses="D-1", on=closed + after * DAY, cause=cause)
    ledger = earned([unknown, taken, sold(closed, 1, "D-2")], hubspot())
    for moment in tk.history(ledger, since=closed, until=closed + 200 * DAY, every="day", partner=ME).days:
        fails = cause == "cancellation" or moment.on < taken.on
        found = tk.assess(ledger, on=moment.on, partner=ME)
        assert any("BRL" in problem.found for problem in found.problems) is fails
        assert moment.at_least == found.at_least


@given(deals("D-1"), st.integers(0, 400), asked_days())
def test_a_reversal_of_a_reversal_leaves_the_fact(deal: tk.Deal, after: int, on: date) -> None:
    """A correction of a correction: the record was right after all"""
    wrong = tk.Reversal(id="R-1", reverses="D-1", on=deal.closed_on + after * DAY, cause="non-payment")
    back = tk.Reversal(id="R-2", reverses="R-1", on=wrong.on)
    agree(standing([deal, wrong, back], on, deal.partner), standing([deal], on, deal.partner))


@pytest.mark.parametrize("cause", ["correction", "non-payment"])
def test_a_deal_that_is_taken_back_later_is_forecast_as_it_stands(cause: str) -> None:
    """'facts after `on` are ignored': a reversal too, where its day is after it"""
    deal, on = upsell("D-1", date(2026, 8, 1), motion="new"), date(2026, 9, 1)
    taken = tk.Reversal(id="R-1", reverses="D-1", on=date(2026, 10, 1), cause=cause)
    forecast = tk.forecast(earned([deal, taken], hubspot()), on=on, until=date(2026, 12, 1), partner=ME)
    assert {day.points["sourced"] for day in forecast.as_is.days} == {tk.Points(50)}
    known = tk.forecast(earned([deal, taken], hubspot()), on=taken.on, until=date(2026, 12, 1), partner=ME)
    assert {day.points["sourced"] for day in known.as_is.days} == {tk.Points(0)}


@st.composite
def taken_back_later(draw: st.DrawFn) -> tuple[list[Fact], list[tk.Reversal], date]:
    """Facts, a day, and reversals of some of the facts from days after it."""
    made, on = draw(own_facts()), draw(st.dates(date(2025, 1, 1), date(2026, 3, 1)))
    later = [
        tk.Reversal(
            id=f"R-{fact.id}",
            reverses=fact.id,
            on=max(own_day(fact), on) + draw(st.integers(1, 200)) * DAY,
            cause=draw(st.sampled_from(["correction", "correction", "non-payment", "cancellation"])),
        )
        for fact in made
        if isinstance(fact, Reversible) and draw(st.booleans())
    ]
    return made, later, on


@given(taken_back_later(), st.integers(30, 300), partners)
def test_what_is_taken_back_later_is_forecast_as_it_stands(
    drawn: tuple[list[Fact], list[tk.Reversal], date], length: int, partner: str
) -> None:
    """'facts after `on` are ignored': a correction too, of an account that it will end, and of a fact that
    could not be valued"""
    made, later, on = drawn
    one, other = (
        tk.forecast(earned(facts, own()), on=on, until=on + length * DAY, partner=partner)
        for facts in (made, [*made, *later])
    )
    assert other == one


@given(taken_back_later())
def test_what_had_happened_by_a_day_was_not_taken_back_later(
    drawn: tuple[list[Fact], list[tk.Reversal], date],
) -> None:
    """'One from a later day on has not happened yet'"""
    made, later, on = drawn
    assert happened_by(tk.Book([*made, *later]), on) == happened_by(tk.Book(made), on)


def test_an_account_that_took_the_place_of_another_is_forecast_until_it_is_corrected() -> None:
    mine = tk.Holder(partner=ME, since=date(2025, 1, 1))
    wrong = tk.ManagedAccount(
        id="A-1", customer="acme", mrr=tk.Money("500", "USD"), holders=[mine], market="US"
    )
    right = changed(wrong, id="A-2", mrr=tk.Money("1000", "USD"), replaces="A-1")
    ended = tk.Reversal(id="R-1", reverses="A-2", on=date(2025, 10, 1))
    ledger = earned([wrong, right, ended], hubspot())
    for on, points in ((date(2025, 9, 30), 10), (date(2025, 10, 1), 0)):
        forecast = tk.forecast(ledger, on=on, until=date(2025, 12, 1), partner=ME)
        assert {day.points["managed"] for day in forecast.as_is.days} == {tk.Points(points)}
