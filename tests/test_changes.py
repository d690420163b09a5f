"""What came and went between two days: the rows add up on every day, and each says why.

Sentences in quotes are from the description of the engine; each is what its test proves.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_engine import (
    OWN_PROGRAM,
    PARTNERS,
    asked_days,
    books,
    days,
    hubspot,
    hubspot_with,
    own,
    program_of,
)

import tierkit as tk

if TYPE_CHECKING:
    from tierkit.facts.facts import Fact

FLYING_BLUE = Path(__file__).parents[1] / "docs/explanation/other-programs/flying-blue.toml"
DAY = timedelta(days=1)
NONE = tk.Points(0)
EUR = tk.Money("880", "EUR")  # ten units of the point value since 2025-07-15
partners = st.sampled_from(PARTNERS)


def changed_points(
    book: tk.Book, partner: str, since: date, until: date, program: tk.Program | None = None
) -> tk.Changes:
    """Give the changes of a partner, also of one that the book does not name."""
    known = book.adding(*(tk.Partner(id=name) for name in PARTNERS if name))
    return tk.changes(tk.earn(known, program or hubspot()), since=since, until=until, partner=partner)


@st.composite
def own_facts(draw: st.DrawFn) -> list[Fact]:
    """Events and states of our own program: two rules for one fact, lives of days, shares, quantities."""
    made: list[Fact] = [
        tk.Event(
            id=f"E-{number}",
            partner=draw(partners),
            type=draw(st.sampled_from(["purchase", "purchase", "gift", "training", "party"])),
            on=draw(days(date(2024, 1, 1), date(2026, 12, 31))),
            customer=draw(st.sampled_from(["", "acme"])),
            market=draw(st.sampled_from(["DE", "BR", None])),
            amount=draw(st.sampled_from([None, tk.Money("12", "EUR"), tk.Money("-5", "EUR")])),
            quantity=draw(st.sampled_from([None, 1, "2.5"])),
            attributes={"color": draw(st.sampled_from(["red", "blue"]))},
        )
        for number in range(draw(st.integers(0, 5)))
    ]
    for number in range(draw(st.integers(0, 3))):
        names = draw(st.lists(partners, min_size=1, max_size=3, unique=True))
        first = draw(days(date(2024, 1, 1), date(2026, 6, 1)))
        made.append(
            tk.State(
                id=f"S-{number}",
                type=draw(st.sampled_from(["project", "seats"])),
                holders=[
                    tk.Holder(
                        partner=name,
                        since=first + draw(st.sampled_from([0, 1, 200])) * DAY,
                        until=first + draw(st.sampled_from([300, 900])) * DAY,
                        actions=[first + draw(st.sampled_from([0, 9, 10, 11])) * DAY] * draw(st.booleans()),
                        share=draw(st.sampled_from([None, "1/3"])),
                    )
                    for name in names
                ],
                market=draw(st.sampled_from(["DE", None])),
                amount=draw(st.sampled_from([None, tk.Money("3", "EUR"), tk.Money("30", "JPY")])),
                quantity=draw(st.sampled_from([None, 7])),
            )
        )
    return made


windows = st.lists(asked_days(), min_size=3, max_size=3).map(sorted)
own_windows = st.lists(days(date(2024, 1, 1), date(2027, 6, 1)), min_size=3, max_size=3).map(sorted)


def check_laws(book: tk.Book, partner: str, window: list[date], program: tk.Program) -> None:
    since, middle, until = window
    whole = changed_points(book, partner, since, until, program)
    ledger = tk.earn(book.adding(*(tk.Partner(id=name) for name in PARTNERS)), program)
    assert whole.start == tk.assess(ledger, on=since, partner=partner).points
    assert whole.end == tk.assess(ledger, on=until, partner=partner).points
    for name in program.quantities:
        assert whole.start[name] + whole.new[name] - whole.lost[name] == whole.end[name]
        assert whole.net[name] == whole.end[name] - whole.start[name]
        assert whole.new[name] >= NONE
        assert whole.lost[name] >= NONE
    first = changed_points(book, partner, since, middle, program)
    second = changed_points(book, partner, middle, until, program)
    assert first.rows + second.rows == whole.rows
    check_rows(ledger, partner, whole)


def check_rows(ledger: tk.Ledger, partner: str, found: tk.Changes) -> None:
    assert len({(row.on, row.fact, row.track) for row in found.rows}) == len(found.rows)
    for row in found.rows:
        assert found.since < row.on <= found.until
        entries = [e for e in ledger[row.fact] if (e.partner, e.track) == (partner, row.track)]
        assert row.before == sum((e.points for e in entries if row.on - DAY in e.span), NONE)
        assert row.after == sum((e.points for e in entries if row.on in e.span), NONE)
        assert row.before != row.after
        assert row.new - row.lost == row.after - row.before
        side = [e for e in entries if row.on in e.span] or [e for e in entries if row.on - DAY in e.span]
        assert row.reason.recompute() == sum((e.points for e in side), NONE).fraction


@given(books(), partners, windows)
def test_start_and_what_came_less_what_went_is_the_end_for_any_split_of_a_period(
    book: tk.Book, partner: str, window: list[date]
) -> None:
    """'Start + new - lost = end, exactly, always.'"""
    check_laws(book, partner, window, hubspot())


@given(own_facts(), partners, own_windows)
def test_the_same_holds_for_events_and_states_of_any_program(
    facts: list[Fact], partner: str, window: list[date]
) -> None:
    check_laws(tk.Book(facts), partner, window, own())


@given(books(), partners, asked_days())
def test_a_window_of_no_days_has_no_changes(book: tk.Book, partner: str, on: date) -> None:
    found = changed_points(book, partner, on, on)
    assert found.rows == ()
    assert found.start == found.end


@given(books(), partners, windows)
def test_customers_and_causes_split_the_rows_and_the_largest_comes_first(
    book: tk.Book, partner: str, window: list[date]
) -> None:
    found = changed_points(book, partner, window[0], window[-1])
    for groups in (found.customers(), found.by_cause()):
        assert sorted((row for group in groups for row in group.rows), key=repr) == sorted(
            found.rows, key=repr
        )
        sizes = [sum((row.new + row.lost for row in group.rows), NONE) for group in groups]
        assert sizes == sorted(sizes, key=lambda size: -size.fraction)
        for name in ("sold", "managed", "total"):
            assert sum((group.new[name] for group in groups), NONE) == found.new[name]
            assert sum((group.lost[name] for group in groups), NONE) == found.lost[name]
    assert all(row.customer == group.name for group in found.customers() for row in group.rows)
    assert all(row.cause == group.name for group in found.by_cause() for row in group.rows)


# ---------------------------------------------------------------------- causes


def deal(id: str = "D", on: date = date(2026, 3, 4), **fields: object) -> tk.Deal:
    given = {"partner": "northwind", "customer": "acme", "mrr": EUR, "kind": "sourced", "market": "DE"}
    return tk.Deal(id=id, closed_on=on, **(given | fields))  # type: ignore[arg-type]


def account(*holders: tk.Holder, **fields: object) -> tk.ManagedAccount:
    given = {"id": "A", "customer": "bolt", "mrr": EUR, "market": "DE"}
    return tk.ManagedAccount(holders=holders, **(given | fields))  # type: ignore[arg-type]


def holder(partner: str = "northwind", since: date | None = date(2025, 1, 1), **fields: object) -> tk.Holder:
    return tk.Holder(partner=partner, since=since, **fields)  # type: ignore[arg-type]


ACTED = holder(actions=[date(2026, 2, 1)])
LEFT_AND_CAME_BACK = (
    holder(until=date(2026, 3, 1)),
    holder(since=date(2026, 5, 1)),
)
CASES: list[tuple[str, Fact, date, str, str]] = [
    ("closed deal", deal(), date(2026, 3, 4), "0", "50"),
    ("expiry", deal(), date(2027, 3, 4), "50", "0"),
    ("taken on", account(holder()), date(2025, 1, 1), "0", "176/15"),
    ("ended", account(LEFT_AND_CAME_BACK[0]), date(2026, 3, 1), "10", "0"),
    ("resumed", account(*LEFT_AND_CAME_BACK), date(2026, 5, 1), "0", "10"),
    ("lapse", account(ACTED), date(2026, 4, 3), "10", "0"),
    ("resumed", account(holder(actions=[date(2026, 2, 1), date(2026, 6, 1)])), date(2026, 6, 1), "0", "10"),
    ("sharing changed", account(holder(), holder("tailspin", date(2026, 3, 1))), date(2026, 3, 1), "10", "5"),
    (
        "MRR changed",
        account(holder(), changes=[tk.Change(on=date(2026, 3, 1), mrr=tk.Money("440", "EUR"))]),
        date(2026, 3, 1),
        "10",
        "5",
    ),
    (
        "market changed",
        account(holder(), changes=[tk.Change(on=date(2026, 3, 1), market="BR")]),
        date(2026, 3, 1),
        "10",
        "20",
    ),
    ("rule changed", account(holder()), date(2025, 7, 15), "176/15", "10"),
    ("rule changed", account(ACTED), date(2026, 1, 1), "10", "0"),
]
"""The cause, the fact, the day, and the points before and after."""


@pytest.mark.parametrize(("cause", "fact", "on", "before", "after"), CASES)
def test_each_change_says_its_cause(cause: str, fact: Fact, on: date, before: str, after: str) -> None:
    ledger = tk.earn(tk.Book([fact]), hubspot())
    [row] = tk.changes(ledger, since=on - DAY, until=on, partner="northwind").rows
    assert (row.on, row.cause, row.note) == (on, tk.Cause(cause), "")
    assert (row.before, row.after) == (tk.Points(before), tk.Points(after))
    assert (row.fact, row.customer) == (fact.id, fact.customer)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "cause", "note"),
    [
        (
            tk.Change(on=date(2025, 7, 15), mrr=tk.Money("90", "EUR"), market="BR"),
            "MRR changed",
            "also market changed, rule changed",
        ),
        (tk.Change(on=date(2025, 7, 15), market="FR"), "rule changed", ""),
    ],
)
def test_of_several_causes_on_a_day_the_first_is_named_and_the_note_has_the_others(
    change: tk.Change, cause: str, note: str
) -> None:
    """A market that multiplies as the one before is no cause."""
    ledger = tk.earn(tk.Book([account(holder(), changes=[change])]), hubspot())
    [row] = tk.changes(ledger, since=date(2025, 7, 14), until=date(2025, 7, 15)).rows
    assert (row.cause, row.note) == (tk.Cause(cause), note)


def test_a_fact_that_can_no_longer_be_valued_says_what_it_lacks() -> None:
    """'told as "not valued any more", with what it lacks'"""
    day = date(2026, 3, 1)
    reais = account(holder(), changes=[tk.Change(on=day, mrr=tk.Money("440", "BRL"))])
    gone = account(holder(), changes=[tk.Change(on=day, mrr=tk.Money("9", "BRL"), market="BR")])
    unknown = account(holder(), holder("tailspin", None, actions=[date(2025, 9, 1)]))
    for fact, on, also in (
        (reais, day, "; also MRR changed"),
        (gone, day, "; also MRR changed, market changed"),
        (unknown, date(2025, 9, 1), ""),
    ):
        ledger = tk.earn(tk.Book([fact]), hubspot())
        found = tk.changes(ledger, since=on - DAY, until=on, partner="northwind")
        [row] = found.rows
        assert (row.cause, row.after) == (tk.Cause.NO_LONGER_VALUED, NONE)
        assert row.note.startswith("lacks ")
        assert row.note.endswith(also)
        assert [problem.where for problem in found.problems] == ["account A"]
        assert "managed" in found.at_least["end"]
        assert "managed" in found.unsure["lost"]
        assert not found.at_least["start"]


EXCHANGED = """
format = 1
id     = "exchanged"
name   = "Exchanged"
tracks = ["revenue"]
units  = { revenue = "USD" }
source = "terms"
tier   = []

[sources.terms]
url   = "https://example.org/terms"
grade = "published"

[[earn]]
id     = "seat"
select = { fact = "state", type = "seat" }
track  = "revenue"
amount = "amount"
rate   = { points = 1 }
live   = { while = "held" }

[[earn]]
id     = "sale"
select = { fact = "event", type = "sale" }
track  = "revenue"
amount = "amount"
rate   = { points = 1 }
live   = { months = 1 }
"""
RATES = tk.RateTable(
    [
        tk.ExchangeRate(base="EUR", quote="USD", rate=rate, on=on, until=until)
        for rate, on, until in (
            ("1.1", date(2026, 1, 1), date(2026, 7, 1)),
            ("1.2", date(2026, 7, 1), date(2026, 10, 1)),
            ("1.3", date(2026, 12, 1), date(2027, 1, 1)),
        )
    ]
)


def exchanged(*facts: Fact) -> tk.Ledger:
    seat = tk.State(
        id="S",
        type="seat",
        amount=tk.Money("1000", "EUR"),
        holders=[tk.Holder(partner="p", since=date(2026, 1, 1))],
    )
    return tk.earn(tk.Book([seat, *facts]), program_of(EXCHANGED), rates=RATES)


def test_an_exchange_rate_that_ran_out_has_not_changed() -> None:
    found = tk.changes(exchanged(), since=date(2026, 6, 1), until=date(2026, 12, 2))
    assert [(row.on, row.cause.value, str(row.after), row.note) for row in found.rows] == [
        (date(2026, 7, 1), "exchange rate changed", "1200", ""),
        (
            *(date(2026, 10, 1), "not valued any more", "0"),
            "lacks rates: the exchange rate from EUR to USD on 2026-10-01",
        ),
        (date(2026, 12, 1), "valued from now on", "1300", ""),
    ]
    assert dict(found.unsure) == {"start": (), "new": ("revenue",), "lost": ("revenue",), "end": ()}
    assert [problem.where for problem in found.problems] == ["state S"]
    shown = found._repr_html_()
    assert "unsure: 1,400 USD" in shown
    assert "+200 USD" in shown
    assert "unsure: +200 USD" not in shown


def test_what_could_never_be_valued_can_only_add_to_what_came_and_went() -> None:
    """'which of its tracks and measures are only known to be at least so much'"""
    sold = tk.Event(id="E", partner="p", type="sale", on=date(2026, 8, 1), amount=tk.Money("5", "GBP"))
    for until, at_end in ((date(2026, 8, 15), ("revenue",)), (date(2026, 9, 15), ())):
        found = tk.changes(exchanged(sold), since=date(2026, 6, 1), until=until)
        least = {"start": (), "new": ("revenue",), "lost": ("revenue",), "end": at_end}
        assert dict(found.at_least) == least
        assert not any(found.unsure.values())
        assert [problem.where for problem in found.problems] == ["event E"]
        shown = found._repr_html_()
        assert "at least 100 USD" in shown
        assert ("at least +100 USD" in shown) == bool(at_end)
    later = tk.changes(exchanged(sold), since=date(2026, 8, 15), until=date(2026, 9, 15))
    assert (later.at_least["start"], later.at_least["end"]) == (("revenue",), ())
    assert "unsure: 0 USD" in later._repr_html_()


def test_points_of_one_fact_by_two_rules_are_one_row_for_each_track() -> None:
    """A red purchase counts by two rules of our own program, on two tracks."""
    event = tk.Event(
        id="E", partner="p", type="purchase", on=date(2026, 3, 1), amount=tk.Money("5", "EUR"), market="BR",
        attributes={"color": "red"},
    )  # fmt: skip
    found = tk.changes(tk.earn(tk.Book([event]), own()), since=date(2026, 1, 1), until=date(2026, 12, 31))
    assert [(row.on, row.track, row.cause.value, str(row.after)) for row in found.rows] == [
        (date(2026, 3, 1), "done", "event", "10"),
        (date(2026, 3, 1), "spent", "event", "14"),
        (date(2026, 5, 30), "spent", "expiry", "0"),
        (date(2026, 9, 1), "done", "expiry", "0"),
    ]


def project(**fields: object) -> tk.State:
    given = {"amount": tk.Money("100", "EUR"), "holders": [tk.Holder(partner="p", since=date(2024, 1, 1))]}
    return tk.State(id="S", type="project", **(given | fields))  # type: ignore[arg-type]


def test_a_rule_that_begins_to_earn_or_to_share_otherwise_is_the_cause() -> None:
    """Projects earn from June 2024 on; until 2026 by shares, which nobody told, then in full to each."""
    shared = project(holders=[tk.Holder(partner="p", since=date(2024, 1, 1), share="1/2")])
    for state, on in ((shared, date(2024, 6, 1)), (shared, date(2026, 1, 1))):
        [row] = tk.changes(tk.earn(tk.Book([state]), own()), since=on - DAY, until=on).rows
        assert row.cause is tk.Cause.RULE_CHANGED
    [row] = tk.changes(
        tk.earn(tk.Book([project()]), own()), since=date(2025, 12, 31), until=date(2026, 1, 1)
    ).rows
    assert (row.cause, row.note) == (tk.Cause.VALUED_NOW, "also rule changed")


def test_a_life_that_keeps_alive_what_had_lapsed_is_the_cause() -> None:
    life = "[[earn.live]]\n  inactive-days = 10\n"
    assert life in OWN_PROGRAM
    text = OWN_PROGRAM.replace(
        life,
        '[[earn.live]]\n  from = 2026-01-01\n  while = "held"\n  source = "terms"\n'
        + life.replace("inactive", "until = 2026-01-01\n  inactive"),
    )
    seats = tk.State(id="S", type="seats", quantity=3, holders=[
        tk.Holder(partner="p", since=date(2025, 1, 1), actions=[date(2025, 2, 1)])
    ])  # fmt: skip
    ledger = tk.earn(tk.Book([seats]), program_of(text))
    rows = tk.changes(ledger, since=date(2025, 1, 1), until=date(2026, 1, 1)).rows
    assert [row.cause for row in rows] == ["taken on", "lapse", "rule changed"]


def test_a_market_that_is_multiplied_from_the_same_day_on_is_the_cause() -> None:
    grown = """
        [[earn]]
        id = "managed-account"
        [[earn.multiply]]
        until = 2026-03-01
        group = "growth"
        by = "1"
        source = "x"
        [sources.x]
        url = "https://x.example"
        grade = "published"
    """
    fact = account(holder(), changes=[tk.Change(on=date(2026, 3, 1), market="BR")])
    ledger = tk.earn(tk.Book([fact]), hubspot_with(grown))
    [row] = tk.changes(ledger, since=date(2026, 2, 28), until=date(2026, 3, 1)).rows
    assert (row.cause, row.after) == (tk.Cause.MARKET_CHANGED, tk.Points(20))


# ---------------------------------------------------------------------- reversals


def reversal(fact: str, on: date, cause: str = "correction") -> tk.Reversal:
    return tk.Reversal(id="R", reverses=fact, on=on, cause=cause, reason="so it was")


WRONG = "ends 2026-05-01: R, correction: so it was"
UNPAID = "ends 2026-05-01: R, non-payment: so it was; sourced-deal clawback, withholding-2020, derived"


@pytest.mark.parametrize(
    ("fact", "cause", "on", "said", "note"),
    [
        (deal(), "correction", date(2026, 5, 1), "correction", WRONG),
        (deal(), "non-payment", date(2026, 5, 1), "clawback", UNPAID),
        (deal(), "non-payment", date(2027, 3, 4), "expiry", ""),
        (account(holder()), "correction", date(2026, 5, 1), "correction", WRONG),
    ],
)
def test_what_a_reversal_takes_says_so(fact: Fact, cause: str, on: date, said: str, note: str) -> None:
    """A reversal on the day on which the points expire takes nothing any more."""
    book = tk.Book([fact, reversal(fact.id, on, cause)])  # type: ignore[union-attr]
    ledger = tk.earn(book, hubspot())
    [row] = tk.changes(ledger, since=on - DAY, until=on, partner="northwind").rows
    assert (row.cause, row.after, row.note) == (tk.Cause(said), NONE, note)
    assert tk.explain(row).text.count("so it was") == bool(note)


def test_what_a_reversal_takes_for_no_said_reason_names_its_cause_alone() -> None:
    taken = tk.Reversal(id="R", reverses="D", on=date(2026, 5, 1), cause="non-payment")
    ledger = tk.earn(tk.Book([deal(), taken]), hubspot())
    [row] = tk.changes(ledger, since=date(2026, 4, 30), until=date(2026, 5, 1)).rows
    assert row.note == "ends 2026-05-01: R, non-payment; sourced-deal clawback, withholding-2020, derived"


def test_an_end_on_the_day_of_a_correction_that_was_itself_wrong_is_no_correction() -> None:
    day = date(2026, 5, 1)
    wrong = reversal("A", day), tk.Reversal(id="R-2", reverses="R", on=day)
    ledger = tk.earn(tk.Book([account(holder(until=day)), *wrong]), hubspot())
    [row] = tk.changes(ledger, since=day - DAY, until=day).rows
    assert (row.cause, row.note) == (tk.Cause.ENDED, "")


def test_what_no_clawback_speaks_of_takes_nothing() -> None:
    book = tk.Book([deal(), reversal("D", date(2026, 5, 1), "second thoughts")])
    assert tk.changes(tk.earn(book, hubspot()), since=date(2026, 4, 1), until=date(2026, 6, 1)).rows == ()


PRO_RATA = """
[[earn.clawback]]
causes = ["cancellation"]
takes  = "pro-rata"
source = "terms"
"""


def test_a_clawback_of_a_part_leaves_the_other() -> None:
    text = OWN_PROGRAM.replace(
        'days   = 90\n  source = "terms"\n', 'days   = 90\n  source = "terms"\n' + PRO_RATA
    )
    event = tk.Event(
        id="E", partner="p", type="purchase", on=date(2026, 3, 1), amount=tk.Money("5", "EUR"), market="BR"
    )
    book = tk.Book([event, reversal("E", date(2026, 3, 31), "cancellation")])
    found = tk.changes(tk.earn(book, program_of(text)), since=date(2026, 1, 1), until=date(2026, 12, 31))
    assert [(row.on, row.cause.value, str(row.before), str(row.after)) for row in found.rows] == [
        (date(2026, 3, 1), "event", "0", "14"),
        (date(2026, 3, 31), "clawback", "14", "14/3"),
        (date(2026, 5, 30), "expiry", "14/3", "0"),
    ]
    note = "1/3 is left from 2026-03-31: R, cancellation: so it was; purchase clawback, terms, published"
    assert [row.note for row in found.rows] == ["", note, ""]
    assert note in tk.explain(found.rows[1]).text


@given(books(), partners, windows, days(date(2022, 1, 1)), st.sampled_from(["correction", "non-payment"]))
def test_the_rows_add_up_with_reversals_too(
    book: tk.Book, partner: str, window: list[date], on: date, cause: str
) -> None:
    ids = [deal.id for deal in book.deals] + [account.id for account in book.accounts]
    for fact in ids:
        try:
            book = book.adding(tk.Reversal(id=f"R-{fact}", reverses=fact, on=on, cause=cause))
        except tk.InvalidBook:  # it would be reversed before its own day
            continue
    check_laws(book, partner, window, hubspot())


# ---------------------------------------------------------------------- movements that post points


@cache
def flying_blue() -> tk.Program:
    return tk.load_program(FLYING_BLUE)


def flights(*flown: tuple[date, int]) -> tk.Ledger:
    book = tk.Book(
        tk.Event(id=f"F-{number}", partner="p", type="flight", on=on, quantity=points)
        for number, (on, points) in enumerate(flown)
    )
    return tk.earn(book, flying_blue())


def test_what_a_movement_takes_off_is_a_row_of_its_own() -> None:
    found = tk.changes(
        flights((date(2026, 1, 10), 120), (date(2026, 5, 1), 40)),
        since=date(2026, 1, 1),
        until=date(2026, 6, 1),
    )
    assert [(row.on, row.kind, row.cause.value, str(row.new), str(row.lost)) for row in found.rows] == [
        (date(2026, 1, 10), "flight", "event", "120", "0"),
        (date(2026, 1, 10), "movement", "movement", "0", "100"),
        (date(2026, 5, 1), "flight", "event", "40", "0"),
    ]
    [rise] = [each for each in flying_blue().movements if each.id == "rise"]
    [leaf] = found.rows[1].reason.leaves()
    assert (leaf.rule, leaf.source, leaf.grade, leaf.note) == (rise.id, rise.source, rise.grade, rise.note)
    assert str(found.end["xp"]) == "60"
    assert "movement" in found._repr_html_()


@given(
    st.lists(
        st.tuples(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(1, 350)), min_size=1, max_size=8
    ),
    st.lists(st.dates(date(2024, 1, 1), date(2027, 12, 31)), min_size=3, max_size=3).map(sorted),
)
def test_the_rows_add_up_where_movements_post(flown: list[tuple[date, int]], window: list[date]) -> None:
    """'Start + new - lost = end, exactly, always.'"""
    since, middle, until = window
    ledger = flights(*flown)
    whole = tk.changes(ledger, since=since, until=until)
    assert whole.end["xp"] == tk.assess(ledger, on=until)["xp"]
    assert whole.start["xp"] + whole.new["xp"] - whole.lost["xp"] == whole.end["xp"]
    parts = tk.changes(ledger, since=since, until=middle), tk.changes(ledger, since=middle, until=until)
    assert parts[0].rows + parts[1].rows == whole.rows


# ---------------------------------------------------------------------- what is refused


def test_a_window_that_runs_backwards_names_both_days() -> None:
    ledger = tk.earn(tk.Book([deal()]), hubspot())
    with pytest.raises(
        tk.InvalidValue, match=r"found 2026-03-03; expected .* 2026-03-04; give the earlier day as since"
    ):
        tk.changes(ledger, since=date(2026, 3, 4), until=date(2026, 3, 3))


def test_a_day_without_points_and_a_partner_that_is_not_there_are_refused() -> None:
    ledger = tk.earn(tk.Book([deal()]), hubspot())
    with pytest.raises(tk.NotCovered, match="2020-01-01"):
        tk.changes(ledger, since=date(2020, 1, 1), until=date(2026, 3, 3))
    with pytest.raises(tk.UnknownName, match="nordwind"):
        tk.changes(ledger, since=date(2026, 1, 1), until=date(2026, 3, 3), partner="nordwind")
    with pytest.raises(tk.WrongType, match="changes: until"):
        tk.changes(ledger, since=date(2026, 1, 1), until="2026-03-03")  # type: ignore[arg-type]
