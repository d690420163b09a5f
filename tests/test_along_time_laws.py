"""Laws along time: a history against single standings, a forecast against what came, and what was known when.

Sentences in quotes are from the rules and the design; each is what its test proves.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count, pairwise, takewhile
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta
from hypothesis import assume, example, given
from hypothesis import strategies as st
from strategies_engine import (
    MARKETS,
    MONTH_ENDS,
    PARTNERS,
    accounts,
    amounts,
    asked_days,
    books,
    days,
    deals,
    facts,
    hubspot,
    own,
)
from strategies_review import ME, books_along_a_window, invented, review_days
from test_engine_shapes import own_facts

import tierkit as tk
from tierkit.frozen import changed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tierkit.facts.facts import Fact

DAY = timedelta(days=1)
partners = st.sampled_from(PARTNERS)


def known(book: tk.Book) -> tk.Book:
    """The book with all three partners, those that it does not name too."""
    return book.adding(*(tk.Partner(id=name) for name in PARTNERS if (name,) not in named(book)))


def named(book: tk.Book) -> set[tuple[str]]:
    return {(partner.id,) for partner in book.partners}


def ledger_of(book: tk.Book, program: tk.Program | None = None) -> tk.Ledger:
    return tk.earn(known(book), program or hubspot())


def same_as_assessed(moment: tk.Moment, ledger: tk.Ledger, partner: str) -> None:
    standing = tk.assess(ledger, on=moment.on, partner=partner)
    for field in ("points", "at_least", "unsure", "performance_tier", "possible_tier"):
        assert getattr(moment, field) == getattr(standing, field), (field, moment.on)


# ---------------------------------------------------------------------- history


@given(books(), asked_days(), st.integers(100, 250), partners)
@example(tk.Book(), date(2024, 2, 27), 370, ME)
def test_a_history_is_an_assessment_of_each_day(
    book: tk.Book, since: date, length: int, partner: str
) -> None:
    """'the sweep equals assessment day by day on random books (hundreds of days, month ends, leap days)'"""
    ledger, until = ledger_of(book), since + length * DAY
    history = tk.history(ledger, since=since, until=until, every="day", partner=partner)
    assert [moment.on for moment in history.days] == [since + n * DAY for n in range(length + 1)]
    for moment in history.days:
        same_as_assessed(moment, ledger, partner)


@given(own_facts(), st.dates(date(2024, 1, 1), date(2026, 6, 30)), st.integers(30, 100))
def test_a_history_is_an_assessment_of_each_day_in_any_program(
    made: list[Fact], since: date, length: int
) -> None:
    """'the sweep equals assessment day by day': with events and states of any type, lives of days, shares"""
    ledger = ledger_of(tk.Book(made), own())
    for partner in PARTNERS:
        history = tk.history(ledger, since=since, until=since + length * DAY, every="day", partner=partner)
        for moment in history.days:
            same_as_assessed(moment, ledger, partner)


STEPS = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
    "year": relativedelta(years=1),
}


@given(
    books(most=3),
    st.one_of(st.sampled_from([*MONTH_ENDS, date(2022, 8, 31), date(2025, 12, 31)]), asked_days()),
    st.integers(0, 1200),
    st.sampled_from(sorted(STEPS)),
)
@example(tk.Book(), date(2024, 2, 29), 1462, "year")
@example(tk.Book(), date(2025, 1, 31), 120, "month")
@example(tk.Book(), date(2025, 11, 30), 92, "quarter")
def test_the_days_of_a_history_are_counted_from_its_first(
    book: tk.Book, since: date, length: int, every: str
) -> None:
    """'at `since` + n months (always counted from the anchor)'; '31 January plus two months is 31 March'"""
    assume(every != "day" or length < 400)
    ledger, until = ledger_of(book), since + length * DAY
    history = tk.history(ledger, since=since, until=until, every=every, partner=ME)
    expected = takewhile(lambda day: day <= until, (since + n * STEPS[every] for n in count()))
    assert [moment.on for moment in history.days] == list(expected)
    for moment in history.days:
        same_as_assessed(moment, ledger, ME)


def helds() -> st.SearchStrategy[tk.Held]:
    return st.builds(
        lambda on, tier, ago, length: tk.Held(
            partner=ME,
            tier=tier,
            on=on,
            since=on - ago * DAY if ago is not None else None,
            until=on + length * DAY if length else None,
        ),
        days(date(2026, 1, 1), date(2027, 8, 1)),
        st.sampled_from(["gold", "platinum", "diamond", "elite"]),
        st.sampled_from([None, 0, 150, 400]),
        st.sampled_from([None, None, 90]),
    )


@st.composite
def ledgers_with_tiers(draw: st.DrawFn, last: date = date.max) -> tk.Ledger:
    """Ledgers of what happened by a day, in which tiers move: under the shipped bars and under low ones."""
    if draw(st.booleans()):
        return ledger_of(tk.Book(no_later_than(draw(books_along_a_window()), last)), invented())
    given_tiers = draw(st.lists(helds(), max_size=3, unique_by=lambda held: held.on))
    return ledger_of(tk.Book(no_later_than([*draw(facts()), *given_tiers], last)))


@given(ledgers_with_tiers(), review_days(), st.integers(0, 400), st.sampled_from(sorted(STEPS)), st.data())
def test_a_history_has_the_credited_tier_of_each_review(
    ledger: tk.Ledger, since: date, length: int, every: str, data: st.DataObject
) -> None:
    """'every track and measure and the tiers … computed in one sweep': as reviewed one by one"""
    history = tk.history(ledger, since=since, until=since + length * DAY, every=every, partner=ME)
    for moment in data.draw(st.lists(st.sampled_from(history.days), min_size=1, max_size=6)):
        assert moment.credited_tier == tk.review(ledger, on=moment.on, partner=ME).credited_tier, moment.on


# ---------------------------------------------------------------------- forecast


def last_day(fact: Fact) -> date:
    """The last day that a fact tells of, as far as it was recorded; an end that is agreed is none of them."""
    match fact:
        case tk.Deal(closed_on=on) | tk.Reading(on=on) | tk.Held(on=on):
            return on
        case tk.ManagedAccount(holders=holders, changes=changes):
            told = [holder.since for holder in holders if holder.since]
            told += [day for holder in holders for day in holder.actions]
            return max(told + [change.on for change in changes])
        case _:
            return date.min


def no_later_than(made: Iterable[Fact], day: date) -> list[Fact]:
    """Of the facts those that tell of no later day."""
    return [fact for fact in made if last_day(fact) <= day]


@given(review_days(), st.integers(60, 300), st.data())
def test_a_forecast_is_what_came_where_nothing_happened(on: date, length: int, data: st.DataObject) -> None:
    """'forecast for a past day with no later facts equals what then happened'"""
    ledger, until = data.draw(ledgers_with_tiers(on)), on + length * DAY
    forecast = tk.forecast(ledger, on=on, until=until, partner=ME)
    assert [each.on for each in forecast.as_is.reviews] == [
        day for day in (on + n * DAY for n in range(1, length + 1)) if day.day == 15
    ]
    for each in forecast.as_is.reviews:
        standing = tk.assess(ledger, on=each.on, partner=ME)
        for field in ("points", "performance_tier", "possible_tier", "tiers", "note"):
            assert getattr(each, field) == getattr(standing, field), (field, each.on)
        assert each.credited_tier == tk.review(ledger, on=each.on, partner=ME).credited_tier, each.on
    for moment in forecast.as_is.days:
        same_as_assessed(moment, ledger, ME)
        assert moment.credited_tier == tk.review(ledger, on=moment.on, partner=ME).credited_tier
    assert forecast.credited_tier == tk.review(ledger, on=on, partner=ME).credited_tier


@given(review_days(), st.integers(60, 250), st.data())
def test_the_first_day_of_a_fall_is_the_first_day_of_a_lower_tier(
    on: date, length: int, data: st.DataObject
) -> None:
    """'the first day on which the credited tier will fall'"""
    ledger, until = data.draw(ledgers_with_tiers(on)), on + length * DAY
    falls_on = tk.forecast(ledger, on=on, until=until, partner=ME).as_is.falls_on
    daily = tk.history(ledger, since=on, until=until, every="day", partner=ME).days
    known = [moment.credited_tier is not tk.Verdict.UNKNOWN for moment in daily]
    fallen = [
        then.on
        for (before, then), sure in zip(pairwise(daily), pairwise(known), strict=True)
        if all(sure) and rank(then.credited_tier) < rank(before.credited_tier)
    ]
    if all(known):
        assert falls_on == (fallen[0] if fallen else None)


def rank(tier: tk.Tier | tk.Verdict | None) -> int:
    return tier.rank if isinstance(tier, tk.Tier) else 0


@st.composite
def facts_and_what_follows(draw: st.DrawFn, day: date) -> tuple[list[Fact], list[Fact]]:
    """Facts that happened by a day, and the same with what happened after it."""
    made = no_later_than([*draw(facts()), *draw(st.lists(helds(), max_size=1))], day)
    drawn = [*draw(facts()), *draw(st.lists(helds(), max_size=1))]
    follows = [renamed(fact) for fact in drawn if first_day(fact) > day]
    grown = [
        with_news(draw, fact, day, late=False) if isinstance(fact, tk.ManagedAccount) else fact
        for fact in made
    ]
    return made, [*grown, *follows]


def renamed(fact: Fact) -> Fact:
    return changed(fact, id=f"{fact.id}-then") if isinstance(fact, tk.Deal | tk.ManagedAccount) else fact


@given(st.dates(date(2026, 1, 20), date(2027, 3, 1)), st.integers(60, 300), st.data())
def test_a_forecast_does_not_see_what_happens_later(on: date, length: int, data: st.DataObject) -> None:
    """'facts after `on` are ignored'"""
    made, grown = data.draw(facts_and_what_follows(on))
    until = on + length * DAY
    then = tk.forecast(ledger_of(tk.Book(made)), on=on, until=until, partner=ME)
    assert tk.forecast(ledger_of(tk.Book(grown)), on=on, until=until, partner=ME) == then


def acts_by(holder: tk.Holder, on: date) -> bool:
    """Whether a holder has acted on a day or on one of the sixty before it, and holds the account then."""
    acted = [day for day in holder.actions if on - 60 * DAY <= day <= on]
    return bool(acted) and (holder.since or on) <= on < (holder.until or date.max)


def acting_on(holder: tk.Holder, on: date, until: date) -> tk.Holder:
    """A holder who acts on each day after a day, if its credit is live on that day."""
    more = [on + n * DAY for n in range(1, (until - on).days + 1)] if acts_by(holder, on) else []
    return changed(holder, actions=[*holder.actions, *more])


@st.composite
def touched(draw: st.DrawFn, on: date) -> tk.ManagedAccount:
    """An account that partners acted for, or did not, about sixty days before a day."""
    ago = st.lists(st.sampled_from([0, 1, 59, 60, 61]), max_size=2)
    parts = [
        tk.Holder(
            partner=name,
            since=on - draw(st.sampled_from([70, 90])) * DAY,
            until=draw(st.sampled_from([None, None, on + DAY, on + 45 * DAY])),
            actions=[on - number * DAY for number in draw(ago)],
        )
        for name in draw(st.lists(partners, min_size=1, unique=True))
    ]
    return tk.ManagedAccount(id="A", customer="acme", mrr=tk.Money("880", "EUR"), market="DE", holders=parts)


@given(st.dates(date(2026, 4, 1), date(2027, 3, 1)), st.integers(31, 200), st.data())
def test_accounts_stay_serviced_where_everyone_goes_on_acting(
    on: date, length: int, data: st.DataObject
) -> None:
    """'managed accounts: when each lapses unless touched, and a variant in which they stay serviced'"""
    account, until = data.draw(touched(on)), on + length * DAY
    forecast = tk.forecast(ledger_of(tk.Book([account])), on=on, until=until, partner=ME)
    kept = changed(account, holders=[acting_on(holder, on, until) for holder in account.holders])
    for moment in forecast.serviced.days:
        same_as_assessed(moment, ledger_of(tk.Book([kept])), ME)
    mine = [holder for holder in account.holders if holder.partner == ME]
    live = [holder for holder in mine if acts_by(holder, on) or not holder.actions]
    assert [left.account for left in forecast.accounts] == [account.id for _ in live]
    for left, holder in zip(forecast.accounts, live, strict=True):
        ends = [holder.until or date.max, *(day + 61 * DAY for day in holder.actions[-1:])]
        assert left.lapses_on == (min(ends) if min(ends) < date.max else None)
        assert left.last_action == (holder.actions[-1] if holder.actions else None)


def first_day(fact: Fact) -> date:
    """The first day that a fact tells of."""
    match fact:
        case tk.ManagedAccount(holders=holders):
            told = [holder.since for holder in holders if holder.since]
            return min(told + [day for holder in holders for day in holder.actions])
        case _:
            return last_day(fact)


def test_who_has_not_joined_gains_no_tier_beside_a_decision() -> None:
    """'A partner begins without a tier on the day on which it joined': also where a decision of the vendor,
    which leaves no trace once it has ended, came before"""
    facts: list[Fact] = [
        tk.Partner(id=ME, joined_on=date(2026, 10, 1)),
        tk.Reading(partner=ME, name="certified", value=True, on=date(2026, 1, 1)),
        tk.Held(partner=ME, tier="gold", on=date(2026, 9, 15), until=date(2026, 9, 20)),
        tk.Deal(
            id="D-1",
            partner=ME,
            customer="acme",
            closed_on=date(2026, 9, 1),
            mrr=tk.Money("8000", "USD"),
            kind="sourced",
            market="US",
        ),
    ]
    ledger = tk.earn(tk.Book(facts), hubspot())
    days = [date(2026, 9, 15), date(2026, 9, 20), date(2026, 10, 14), date(2026, 10, 15)]
    found = [tk.review(ledger, on=on, partner=ME).credited_tier for on in days]
    assert [tier.id if isinstance(tier, tk.Tier) else tier for tier in found] == ["gold", None, None, "gold"]


# ---------------------------------------------------------------------- what was known when


def later(draw: st.DrawFn, day: date, least: date = date.min) -> date:
    """A day after another, and not before a third."""
    return max(day + draw(st.sampled_from([1, 2, 30, 400])) * DAY, least)


@st.composite
def news(draw: st.DrawFn, made: list[Fact], day: date) -> list[Fact]:
    """Facts, and what becomes known after a day: late ones, corrections, and more of what is known."""
    told: list[Fact] = [
        with_news(draw, fact, day) if isinstance(fact, tk.ManagedAccount) else fact for fact in made
    ]
    late = [draw(deals(f"L-{number}")) for number in range(draw(st.integers(0, 3)))]
    told += [recorded_after(draw, fact, day) for fact in late]
    if draw(st.booleans()):
        told.append(recorded_after(draw, draw(accounts("A-late")), day))
    for number, fact in enumerate(made):
        match fact:
            case tk.Deal():
                told += corrections(draw, fact, number, day)
            case tk.Reading(value=value, on=on) if not isinstance(value, bool) and draw(st.booleans()):
                at = later(draw, day, (fact.recorded_on or on) + DAY)
                told.append(changed(fact, value=value + 1, recorded_on=at))
            case tk.Held(on=on) if draw(st.booleans()):
                tier = "gold" if fact.tier == "elite" else "elite"
                at = later(draw, day, (fact.recorded_on or on) + DAY)
                told.append(changed(fact, tier=tier, recorded_on=at))
            case _:
                pass
    return told


def recorded_after(draw: st.DrawFn, fact: Fact, day: date) -> Fact:
    """A fact that became known after a day, whatever day it is about."""
    if first_day(fact) > day and draw(st.booleans()):
        return fact
    return changed(fact, recorded_on=later(draw, day, first_day(fact)))


def corrections(draw: st.DrawFn, deal: tk.Deal, number: int, day: date) -> list[Fact]:
    """What is found out about a deal after a day: that it was wrong, that nobody paid, or nothing."""
    known_on = max(deal.closed_on, deal.recorded_on or deal.closed_on)
    what = draw(st.sampled_from(["", "", "correction", "non-payment", "replaced"]))
    if what == "replaced":
        mended = draw(deals(f"M-{number}"))
        at = later(draw, day, max(mended.closed_on, known_on))
        return [changed(mended, replaces=deal.id, recorded_on=at)]
    if what:
        on = deal.closed_on + draw(st.sampled_from([0, 1, 100])) * DAY
        at = later(draw, day, max(on, known_on))
        return [tk.Reversal(id=f"R-{number}", reverses=deal.id, on=on, cause=what, recorded_on=at)]
    return []


def with_news(
    draw: st.DrawFn, account: tk.ManagedAccount, day: date, *, late: bool = True
) -> tk.ManagedAccount:
    """An account of which more is told after a day: actions, sharers and changes; late ones and ends too."""
    parts: list[tk.Holder] = []
    for holder in account.holders:
        told = holder
        if told.until is None and (told.since or told.actions):
            first = max([told.since or date.min, *told.actions[:1]])
            if draw(st.booleans()):
                told = changed(told, actions=[*told.actions, later(draw, day, first)])
            if late and draw(st.booleans()):
                told = changed(told, until=later(draw, max(day, first)))
        parts.append(told)
    free = [name for name in PARTNERS if name not in {holder.partner for holder in parts}]
    if draw(st.booleans()) and free:
        since = draw(days(date(2022, 1, 1), date(2026, 12, 31)))
        at = later(draw, day, since)
        begun = [tk.Holder(partner=free[0], since=at), tk.Holder(partner=free[0], actions=[at])]
        begun += [tk.Holder(partner=free[0], since=since, recorded_on=at)] if late else []
        parts.append(draw(st.sampled_from(begun)))
    more = [*account.changes]
    if draw(st.booleans()):
        on = later(draw, max([day, *(change.on for change in more)]))
        more.append(tk.Change(on=on, mrr=draw(amounts()), market=draw(st.sampled_from(MARKETS))))
    return changed(account, holders=parts, changes=more)


@st.composite
def books_and_news(draw: st.DrawFn) -> tuple[tk.Book, tk.Book, date]:
    """A book, the same with what became known after a day, and that day."""
    day = draw(days(date(2023, 1, 1), date(2027, 6, 30)))
    given_tiers = draw(st.lists(helds(), max_size=2, unique_by=lambda held: held.on))
    made: list[Fact] = [recorded_late(draw, fact) for fact in (*draw(facts()), *given_tiers)]
    told = draw(news(made, day))
    everyone = [tk.Partner(id=name) for name in PARTNERS]
    return tk.Book([*everyone, *made]), tk.Book([*everyone, *told]), day


def recorded_late(draw: st.DrawFn, fact: Fact) -> Fact:
    """A fact as it is, or recorded some days after its own."""
    days_late = draw(st.sampled_from([None, None, 0, 20, 300]))
    return fact if days_late is None else changed(fact, recorded_on=first_day(fact) + days_late * DAY)


@given(books_and_news(), asked_days())
def test_a_book_as_it_was_recorded_never_sees_the_future(
    both: tuple[tk.Book, tk.Book, date], on: date
) -> None:
    """'`as_recorded` never sees the future, not even through first sales and sharers'"""
    book, told, day = both
    then, later_seen = book.as_recorded(day), told.as_recorded(day)
    assert later_seen == then
    for partner in PARTNERS:
        before, after = (tk.assess(ledger_of(each), on=on, partner=partner) for each in (then, later_seen))
        assert after == before
    assert tk.Book.from_records(then.to_records()) == then


@given(books_and_news())
def test_what_is_known_on_the_last_day_of_all_is_everything(both: tuple[tk.Book, tk.Book, date]) -> None:
    """'`book.as_recorded(day)` is the book as it was known on that day'"""
    for book in both[:2]:
        assert book.as_recorded(date(2100, 1, 1)) == book


@given(books_and_news(), st.integers(0, 400))
def test_what_was_known_earlier_was_known_then_too(both: tuple[tk.Book, tk.Book, date], ago: int) -> None:
    """'`book.as_recorded(day)` is the book as it was known on that day': of two days, the earlier"""
    _, told, day = both
    assert told.as_recorded(day).as_recorded(day - ago * DAY) == told.as_recorded(day - ago * DAY)
    assert told.as_recorded(day).as_recorded(day) == told.as_recorded(day)


@given(books_and_news(), asked_days(), partners)
def test_a_late_fact_lands_on_the_day_that_it_is_about(
    both: tuple[tk.Book, tk.Book, date], on: date, partner: str
) -> None:
    """'A late fact lands on the day that it is about.'"""
    _, told, _ = both
    plain = tk.Book(changed(fact, recorded_on=None) if isinstance(fact, tk.Deal) else fact for fact in told)
    one, other = (tk.assess(ledger_of(each), on=on, partner=partner) for each in (told, plain))
    assert one.points == other.points
    assert one.tiers == other.tiers


@given(books(), deals("D-new", partners=[ME]), st.integers(0, 400), asked_days())
def test_a_deal_that_nobody_paid_counts_as_if_it_were_not_there(
    book: tk.Book, sold: tk.Deal, days_later: int, on: date
) -> None:
    """'Only clients who keep paying count toward sold MRR credit', whatever it was worth"""
    sold = changed(
        sold, kind=sold.kind.replace("referred", "sourced"), product_line=""
    )  # a first sale stays one
    taken = tk.Reversal(id="R", reverses="D-new", on=sold.closed_on + days_later * DAY, cause="non-payment")
    assume(on >= taken.on)
    with_it, without = (
        tk.assess(ledger_of(each), on=on, partner=ME) for each in (book.adding(sold, taken), book)
    )
    assert (with_it.points, with_it.at_least, with_it.tiers) == (
        without.points,
        without.at_least,
        without.tiers,
    )
    assert with_it.problems == without.problems


def test_a_state_that_cannot_be_valued_is_one_problem_however_many_days_are_looked_at() -> None:
    """what is found, what is expected and the way out are the same on each of the days"""
    holder = tk.Holder(partner="p", since=date(2026, 8, 1))
    mrr = tk.Money("100", "BRL")
    account = tk.ManagedAccount(id="A-7", customer="c", market="BR", mrr=mrr, holders=[holder])
    ledger = tk.earn(tk.Book([account]), tk.load_program("hubspot-solutions"))
    day, last = date(2026, 11, 23), date(2028, 11, 23)
    found = [
        tk.forecast(ledger, on=day, until=last).problems,
        tk.review(ledger, on=last).problems,
        tk.assess(ledger, on=day).problems,
    ]
    assert [len(problems) for problems in found] == [1, 1, 1]
    assert {str(problem).partition(":")[0] for [problem] in found} == {"account A-7"}
