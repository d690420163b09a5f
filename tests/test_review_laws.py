"""The credited tier against the plain implementation in `oracle_review`, over stories that grow step by step.

Sentences in quotes are from the rules of the program; each is what its test proves.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

import oracle
import oracle_review
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from oracle_review import Rules
from strategies_engine import hubspot
from strategies_review import (
    FIRST,
    LAST,
    ME,
    books_along_a_window,
    deal,
    invented,
    invented_bars,
    points,
    review_days,
)

import tierkit as tk

if TYPE_CHECKING:
    from tierkit.facts.facts import Fact

SHIPPED = Rules(oracle.bars, known_from=date(2026, 7, 13), by_invitation=True)
INVENTED = Rules(invented_bars)


def reviewed(book: tk.Book, program: tk.Program, on: date) -> set[str | None]:
    """Review a partner; give what it may hold, having seen that the two answers agree."""
    review = tk.review(tk.earn(book, program), on=on, partner=ME)
    if len(review.possible) == 1:
        assert review.credited_tier == review.possible[0]
    else:
        assert review.credited_tier is tk.Verdict.UNKNOWN
    assert len(set(review.possible)) == len(review.possible)
    return {tier.id if tier else None for tier in review.possible}


class Story(RuleBasedStateMachine):
    """A partner's book, fact by fact and day by day, under the shipped bars or under invented ones."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[Fact] = [tk.Partner(id="fabrikam")]
        self.told = {(name, date(2026, 1, 1)) for name in ("certified", "grr")}
        self.today = FIRST

    @initialize(name=st.sampled_from(["invented", "invented", "shipped"]), data=st.data())
    def begin(self, name: str, data: st.DataObject) -> None:
        self.name = name
        self.program, self.terms = (invented(), INVENTED) if name == "invented" else (hubspot(), SHIPPED)
        self.today = data.draw(review_days(FIRST if name == "invented" else date(2026, 7, 10)))
        joined_on = data.draw(st.one_of(st.none(), review_days(FIRST, self.today)))
        self.facts.append(tk.Partner(id=ME, joined_on=joined_on))
        for known in data.draw(st.sampled_from([("certified", "grr"), ("certified",), ("certified",), ()])):
            value = True if known == "certified" else 90
            self.facts.append(tk.Reading(partner=ME, name=known, value=value, on=date(2026, 1, 1)))

    def draw_day(self, data: st.DataObject) -> date:
        """Mostly a day near today, so that it is soon looked at."""
        near = st.integers(-200, 40).map(lambda days: self.today + timedelta(days=days))
        return data.draw(st.one_of(near, review_days(date(2025, 7, 15))))

    def is_new(self, name: str, on: date) -> bool:
        """Whether nothing of that name was told of a day: a book has one reading of it, and one tier held."""
        new = (name, on) not in self.told
        self.told.add((name, on))
        return new

    @rule(kind=st.sampled_from(["sourced", "sourced", "assisted"]), data=st.data())
    def sell(self, kind: str, data: st.DataObject) -> None:
        market = data.draw(st.sampled_from(["US", "US", "US", "US", None]))
        earned, day = data.draw(points(self.name)), max(self.draw_day(data), date(2025, 7, 15))
        self.facts.append(deal(len(self.facts), day, earned, kind, market))

    @rule(share=st.booleans(), data=st.data())
    def take_on_an_account(self, *, share: bool, data: st.DataObject) -> None:
        first, others = self.draw_day(data), [tk.Holder(partner="fabrikam", since=self.draw_day(data))]
        actions = [
            first + timedelta(days=step) for step in data.draw(st.sampled_from([(), (0,), (0, 61, 90)]))
        ]
        self.facts.append(
            tk.ManagedAccount(
                id=f"A-{len(self.facts)}",
                customer="bolt",
                mrr=tk.Money(100 * data.draw(points(self.name)), "USD"),
                holders=[tk.Holder(partner=ME, since=first, actions=actions), *(others if share else [])],
                market="US",
            )
        )

    @rule(
        name=st.sampled_from(["certified", "certified", "grr", "invited", "certifications"]), data=st.data()
    )
    def read(self, name: str, data: st.DataObject) -> None:
        figures = {"grr": [74, 75, 80], "certifications": [99, 100]}
        value = data.draw(st.sampled_from(figures.get(name, [True, False])))
        on, length = self.draw_day(data), data.draw(st.sampled_from([None, None, 1, 45]))
        if self.is_new(name, on):
            until = on + timedelta(days=length) if length else None
            self.facts.append(tk.Reading(partner=ME, name=name, value=value, on=on, until=until))

    @rule(tier=st.sampled_from(oracle.TIERS), data=st.data())
    def be_given_a_tier(self, tier: str, data: st.DataObject) -> None:
        on = max(self.draw_day(data), FIRST)
        ago = data.draw(st.sampled_from([None, 0, 100, 180, 200, 400]))
        length = data.draw(st.sampled_from([None, None, None, 1, 30, 150, 240]))
        if self.is_new("held", on):
            since = on - timedelta(days=ago) if ago is not None else None
            until = on + timedelta(days=length) if length else None
            self.facts.append(tk.Held(partner=ME, tier=tier, on=on, since=since, until=until, reason="told"))

    @precondition(lambda self: any(isinstance(fact, tk.Deal) for fact in self.facts))
    @rule(cause=st.sampled_from(["non-payment", "correction", "cancellation"]), data=st.data())
    def take_back_a_deal(self, cause: str, data: st.DataObject) -> None:
        taken = {fact.reverses for fact in self.facts if isinstance(fact, tk.Reversal)}
        deals = [fact for fact in self.facts if isinstance(fact, tk.Deal) and fact.id not in taken]
        if deals:
            sold = data.draw(st.sampled_from(deals))
            on = sold.closed_on + timedelta(days=data.draw(st.sampled_from([0, 1, 100, 364])))
            taken_back = tk.Reversal(id=f"R-{len(self.facts)}", reverses=sold.id, on=on, cause=cause)
            self.facts.append(taken_back)

    @rule(step=st.integers(1, 70))
    def days_pass(self, step: int) -> None:
        self.today = min(self.today + timedelta(days=step), LAST)

    @rule()
    def the_next_fifteenth_comes(self) -> None:
        day = self.today + timedelta(days=1)
        while day.day != 15:
            day += timedelta(days=1)
        self.today = min(day, LAST)

    @invariant()
    def the_tier_is_that_of_the_clauses(self) -> None:
        """'promotions on the 15th of each month; demotions only on 15 January and 15 July; … kept if the
        credited tier's bars were met on at least one monthly check …; otherwise down to the best tier
        reached in the window'."""
        book = tk.Book(self.facts)
        plain = oracle_review.credited(book, ME, self.today, self.terms)
        assert reviewed(book, self.program, self.today) == plain, self.today


TestStory = Story.TestCase
TestStory.settings = settings(stateful_step_count=15)


@given(
    books_along_a_window(),
    st.sampled_from(oracle.TIERS),
    review_days(),
    st.integers(1, 200),
    st.integers(0, 200),
)
def test_a_decision_that_has_ended_leaves_no_trace(
    book: tk.Book, tier: str, on: date, length: int, later: int
) -> None:
    """'a decision of the vendor: … at its end what the rules alone would have given holds'"""
    assume(all(held.on != on for held in book.held))
    until = on + timedelta(days=length)
    decided = book.adding(tk.Held(partner=ME, tier=tier, on=on, until=until, reason="by the vendor"))
    asked = until + timedelta(days=later)
    assert reviewed(decided, invented(), asked) == reviewed(book, invented(), asked)


# ---------------------------------------------------------------------- the two switches


@given(books_along_a_window(), st.sampled_from(["*-15", "*-*"]), st.sampled_from(["own-day", "review-day"]))
def test_the_window_may_look_at_every_day_and_by_the_bars_of_the_review(
    book: tk.Book, days: str, bars: str
) -> None:
    """'switch: any day of the window'; 'its own day's; switch for the review day's'."""
    rules = Rules(invented_bars, days == "*-*", bars == "review-day")
    for on in (date(2026, 7, 15), date(2027, 1, 14), date(2027, 1, 15), date(2027, 7, 15)):
        assert reviewed(book, invented(days, bars), on) == oracle_review.credited(book, ME, on, rules), on


# ---------------------------------------------------------------------- the journey


@given(books_along_a_window(), review_days(FIRST, LAST))
def test_a_review_is_the_whole_journey(book: tk.Book, on: date) -> None:
    """'The result is the whole journey: each check, performance that day, what was decided and by which
    clause.'"""
    ledger = tk.earn(book, invented())
    review = tk.review(ledger, on=on, partner=ME)
    assert [look.on for look in review.looks] == sorted({look.on for look in review.looks})
    for look in review.looks:
        standing = tk.assess(ledger, on=look.on, partner=ME)
        assert look.points == standing.points
        assert look.performance_tier == standing.performance_tier
        assert look.possible_tier == standing.possible_tier
    looked_at = {look.on for look in review.looks}
    assert [each.effective_on for each in review.decisions] == sorted(d.on for d in review.decisions)
    for earlier, later in pairwise(review.decisions):
        assert later.before == earlier.after
    for each in review.decisions:
        assert set(each.looks) <= looked_at
        assert each.why
        assert " on :" not in each.why
        assert (each.source is None) is (not each.movement)
    if review.decisions:
        assert review.decisions[-1].after == review.possible


@given(books_along_a_window(), review_days(date(2026, 7, 15), LAST))
def test_a_tier_is_held_since_the_first_day_of_its_last_stretch(book: tk.Book, on: date) -> None:
    """'`since`: the first day on which it is held without a break'"""
    facts = [fact for fact in book if not isinstance(fact, tk.Held | tk.Partner)]
    book = tk.Book([*facts, tk.Partner(id=ME, joined_on=FIRST)])
    ledger = tk.earn(book, invented())
    review = tk.review(ledger, on=on, partner=ME)
    days = tk.history(ledger, since=FIRST, until=on, every="day", partner=ME).days
    stretch = list(takewhile(lambda day: day.credited_tier == review.credited_tier, reversed(days)))
    if review.since is not None:
        assert review.since == stretch[-1].on


# ---------------------------------------------------------------------- the published example


def test_the_published_example() -> None:
    """'partner A credited Diamond, meets Gold that day, best in window Platinum -> Platinum'"""
    book = tk.Book(
        [
            deal(1, date(2026, 2, 1), 25),
            deal(2, date(2025, 2, 10), 40),  # what made it Diamond ends before the window
            deal(3, date(2025, 6, 20), 20),  # and this after its fifth check
            tk.Reading(partner=ME, name="certified", value=True, on=date(2026, 1, 1)),
            tk.Reading(partner=ME, name="grr", value=90, on=date(2026, 1, 1)),
            tk.Held(partner=ME, tier="diamond", on=date(2026, 2, 1), since=date(2025, 2, 15)),
        ]
    )
    ledger, on = tk.earn(book, invented()), date(2026, 7, 15)
    assert oracle_review.credited(book, ME, on, INVENTED) == {"platinum"}
    assert reviewed(book, invented(), on) == {"platinum"}
    assert reviewed(book, invented(), on - timedelta(days=1)) == {"diamond"}
    performance = tk.assess(ledger, on=on).performance_tier
    assert isinstance(performance, tk.Tier)
    assert performance.id == "gold"
