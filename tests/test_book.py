"""The book: an immutable collection, its contradictions, and its form as plain records."""

from __future__ import annotations

import datetime as dt
import json
import pickle
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_facts import books, fact_lists
from test_facts import DAY, EUR, account, deal

from tierkit.errors import InvalidBook, UnknownName, WrongType
from tierkit.facts.book import Book
from tierkit.facts.dicts import from_record
from tierkit.facts.facts import (
    Change,
    Deal,
    Event,
    Fact,
    Held,
    Holder,
    ManagedAccount,
    Partner,
    Reading,
    Reversal,
    State,
)
from tierkit.facts.problems import MOST_PROBLEMS
from tierkit.facts.records import TABLE_OF, to_record
from tierkit.values.market import Market
from tierkit.values.money import Money

if TYPE_CHECKING:
    from random import Random

READING = Reading(partner="northwind", name="grr", value="76.4", on=DAY)
HELD = Held(partner="northwind", tier="gold", on=DAY)
EVENT = Event(id="E-1", partner="northwind", type="flight", on=DAY)
STATE = State(id="S-1", type="lease", holders=[Holder(partner="northwind", since=DAY)])


@given(books())
def test_its_repr_is_python_for_it(book: Book) -> None:
    kinds = (Book, Change, Deal, Event, Held, Holder, ManagedAccount, Partner, Reading, Reversal, State)
    values = (Market, Money, Fraction)
    scope = {kind.__name__: kind for kind in (*kinds, *values)} | {"datetime": dt}
    assert eval(repr(book), scope) == book  # noqa: S307 - the repr was made one line above
    assert pickle.loads(pickle.dumps(book)) == book


# Design: "the immutable collection of facts"; equality and hash do not depend on the order of facts.


@given(fact_lists(), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(facts: list[Fact], random: Random) -> None:
    book = Book(facts)
    random.shuffle(facts)
    other = Book(facts)
    assert other == book
    assert hash(other) == hash(book)
    assert list(other) == list(book)


# Asked for: "a fact given twice identically counts once".


@given(fact_lists())
def test_a_fact_given_twice_identically_counts_once(facts: list[Fact]) -> None:
    thawed = pickle.loads(pickle.dumps(facts))
    assert Book([*facts, *thawed]) == Book(facts)
    assert len(Book(facts)) == len(facts)


def test_a_book_gives_its_facts_by_kind_and_by_id() -> None:
    book = Book([STATE, EVENT, HELD, READING, account(), deal(), Partner(id="northwind")])
    assert book.partners == (Partner(id="northwind"),)
    assert (book.deals, book.accounts, book.readings) == ((deal(),), (account(),), (READING,))
    assert (book.held, book.events, book.states) == ((HELD,), (EVENT,), (STATE,))
    assert [book["D-1"], book["A-1"], book["E-1"], book["S-1"]] == [deal(), account(), EVENT, STATE]
    assert "D-1" in book
    assert "D-2" not in book
    for fact in book:
        assert fact in book
    strangers: list[object] = [
        deal(kind="assisted"),
        deal(id="D-2"),
        Partner(id="northwind", name="N"),
        Partner(id="zephyr"),
        Reading(partner="northwind", name="grr", value=1, on=DAY),
        Held(partner="northwind", tier="diamond", on=DAY),
        EUR,
        5,
    ]
    assert not any(fact in book for fact in strangers)
    assert str(book) == "book of 1 partner, 1 deal, 1 account, 1 reading, 1 held, 1 event, 1 state"
    assert str(book.adding(deal(id="D-2"))).startswith("book of 1 partner, 2 deals, 1 account")
    assert repr(Book()) == "Book()"
    assert str(Book()) == "book of no facts"


def test_an_id_that_no_fact_has_is_told_of_a_near_one() -> None:
    with pytest.raises(UnknownName, match="did you mean 'D-1'"):
        Book([deal()])["D-11"]
    with pytest.raises(UnknownName):
        Book([deal()])[0]  # type: ignore[index]


def test_books_with_more_and_fewer_facts_are_new_books() -> None:
    book = Book([deal()])
    more = book.adding(deal(id="D-2"), account())
    assert len(book) == 1
    assert len(more) == 3
    assert more.without("D-2", "A-1") == book
    with pytest.raises(UnknownName):
        book.without("D-2")
    with pytest.raises(InvalidBook):
        book.adding(deal(mrr=Money("1", "EUR")))
    with pytest.raises(AttributeError):
        book.deals = ()  # type: ignore[misc]


def test_what_is_no_fact_is_refused() -> None:
    with pytest.raises(WrongType, match="Deal"):
        Book(["D-1"])  # type: ignore[list-item]


# Asked for: "given twice differently is a Problem".

CLASHES: list[tuple[list[Fact], str]] = [
    ([deal(), deal(mrr=Money("5", "EUR"), kind="assisted")], "another mrr, kind"),
    ([deal(), deal(attributes={"new": 1})], "another attributes"),
    ([deal(attributes={"new": True}), deal(attributes={"new": 1})], "another value"),
    ([deal(id="X"), account(id="X")], "there account 'X', here deal 'X'"),
    ([EVENT, Event(id="E-1", partner="northwind", type="flight", on=date(2026, 3, 5))], "another on"),
    ([READING, Reading(partner="northwind", name="grr", value=1, on=DAY)], "another value"),
    (
        [READING, Reading(partner="northwind", name="grr", value="76.4", on=DAY, until=date(2027, 1, 1))],
        "until",
    ),
    ([HELD, Held(partner="northwind", tier="diamond", on=DAY)], "another tier"),
    ([Partner(id="northwind"), Partner(id="northwind", name="N")], "another name"),
    ([deal(), deal(kind="a"), deal(kind="b"), deal(kind="b")], "and 1 more like it"),
]


@pytest.mark.parametrize(("facts", "said"), CLASHES)
def test_two_facts_that_contradict_are_one_problem(facts: list[Fact], said: str) -> None:
    for order in (facts, facts[::-1]):
        with pytest.raises(InvalidBook) as raised:
            Book(order)
        (problem,) = raised.value.problems
        assert " again, " in problem.found
        assert ("its own id" in problem.hint) is not isinstance(facts[0], Reading | Held)
        assert ("recorded_on" in problem.hint) is isinstance(facts[0], Reading | Held)
    with pytest.raises(InvalidBook, match=said):
        Book(facts)


# Asked for: "a partner that the book does not know".


def test_a_book_with_partners_knows_every_partner_that_it_names() -> None:
    good: list[Fact] = [Partner(id="northwind"), deal(), account(), READING, HELD, EVENT, STATE]
    assert len(Book(good)) == len(good)
    shared = [Holder(partner="northwind", since=DAY), Holder(partner="northwnd")]
    with pytest.raises(InvalidBook) as raised:
        Book(
            [
                *good,
                deal(id="D-2", partner="northwnd"),
                account(id="A-2", holders=shared),
                deal(id="D-3", partner="x"),
            ]
        )
    near, far = raised.value.problems
    assert near.found == "'northwnd'"
    assert "did you mean 'northwind'? (2 facts name it" in near.hint
    assert far.hint == "add it to the partners (the fact is not used)"


def test_a_book_without_partners_takes_any() -> None:
    assert len(Book([deal(), deal(id="D-2", partner="borealis")])) == 2


def test_at_most_a_thousand_problems_are_listed_and_the_others_counted() -> None:
    pairs = [deal(id=f"D-{number}", kind=kind) for number in range(MOST_PROBLEMS + 5) for kind in ("a", "b")]
    with pytest.raises(InvalidBook) as raised:
        Book(pairs)
    *listed, last = raised.value.problems
    assert len(listed) == MOST_PROBLEMS
    assert last.found == "5 more problems"


# The contract of records: "`Book.from_records(book.to_records()) == book` must hold for any book".


@given(books())
def test_a_book_is_read_back_identically_from_its_records(book: Book) -> None:
    records = book.to_records()
    assert Book.from_records(records) == book
    assert Book.from_records(json.loads(json.dumps(records))) == book


@given(books(most=1))
def test_each_fact_is_read_back_identically_from_its_record(book: Book) -> None:
    for fact in book:
        again = from_record(TABLE_OF[type(fact)], to_record(fact))
        assert again == fact
        assert type(again) is type(fact)


def test_records_take_python_values_as_they_are() -> None:
    book = Book.from_records(
        {
            "deals": [
                {
                    "id": "D-1",
                    "partner": "northwind",
                    "customer": "acme",
                    "closed_on": DAY,
                    "mrr": 1000,
                    "currency": EUR.currency,
                    "kind": "sourced",
                    "market": Market("DE"),
                    "product_line": None,
                    "motion": "",
                    "attr:seats": 5,
                    "attr:new": True,
                    "attr:until": DAY,
                }
            ],
            "readings": [
                {"partner": "northwind", "name": "grr", "value": Decimal("76.4"), "on": DAY},
                {"partner": "northwind", "name": "certified", "value": False, "on": DAY, "customer": None},
            ],
            "events": [{"id": "E-1", "partner": "a", "type": "x", "on": DAY, "quantity": Fraction(1, 3)}],
        }
    )
    extra = {"seats": 5, "new": True, "until": DAY}
    assert book["D-1"] == deal(market="DE", attributes=extra)
    assert book.readings[0].value is False
    assert book.readings[1].value == Fraction("76.4")
    assert book.events[0].quantity == Fraction(1, 3)


def test_an_account_is_put_together_from_its_tables() -> None:
    row = {"id": "A-1", "customer": "acme", "mrr": "1000", "currency": "EUR"}
    nested = {
        **row,
        "holders": [
            {"partner": "northwind", "since": "2026-03-04", "actions": ["2026-05-01"], "share": "1/2"},
            {"partner": "borealis", "actions": ["2026-04-01"]},
        ],
        "changes": [
            {"on": "2026-06-01", "mrr": "5", "currency": "USD"},
            {"on": "2026-07-01", "market": "AU"},
        ],
    }
    flat = {
        "accounts": [row],
        "holders": [{"account": "A-1", "partner": "northwind", "since": "2026-03-04", "share": "0.5"}],
        "actions": [
            {"account": "A-1", "partner": "northwind", "on": "2026-05-01"},
            {"account": "A-1", "partner": "borealis", "on": "2026-04-01"},
        ],
        "changes": [
            {"account": "A-1", "on": "2026-07-01", "market": "AU"},
            {"account": "A-1", "on": "2026-06-01", "mrr": "5", "currency": "USD"},
        ],
    }
    simple = {**row, "partner": "northwind", "since": "2026-03-04"}
    book = Book.from_records({"accounts": [nested]})
    assert Book.from_records(flat) == book
    assert Book.from_records({"accounts": [nested, nested]}) == book
    assert [holder.partner for holder in book.accounts[0].holders] == ["borealis", "northwind"]
    assert book.accounts[0].holders[1].share == Fraction(1, 2)
    assert Book.from_records({"accounts": [simple]}) == Book([account()])
    both = {
        "accounts": [simple],
        "holders": [{"account": "A-1", "partner": "northwind", "since": "2026-03-04"}],
    }
    assert Book.from_records(both) == Book([account()])


# A partner who left and came back: each action belongs to the time in which it was taken.


def test_a_partner_who_came_back_is_put_together_from_its_rows() -> None:
    row = {"id": "A-1", "customer": "acme", "mrr": "1000", "currency": "EUR"}
    terms = [
        {"account": "A-1", "partner": "northwind", "since": "2026-06-01"},
        {"account": "A-1", "partner": "northwind", "since": "2026-03-04", "until": "2026-05-01"},
    ]
    days = ("2026-03-04", "2026-04-30", "2026-06-01", "2026-09-01")
    actions = [{"account": "A-1", "partner": "northwind", "on": day} for day in days]
    early, late = date(2026, 4, 30), date(2026, 6, 1)
    first = Holder(partner="northwind", since=DAY, until=date(2026, 5, 1), actions=[DAY, early])
    second = Holder(partner="northwind", since=late, actions=[late, date(2026, 9, 1)])
    whole = Book([account(holders=[second, first])])
    assert whole.accounts[0].holders == (first, second)
    assert Book.from_records({"accounts": [row], "holders": terms, "actions": actions}) == whole
    assert Book.from_records({"accounts": [row], "holders": [*terms, *terms], "actions": actions}) == whole
    own = {**row, "partner": "northwind", "since": "2026-06-01"}
    assert Book.from_records({"accounts": [own], "holders": terms[1:], "actions": actions}) == whole
    gap: dict[str, object] = {"account": "A-1", "partner": "northwind", "on": "2026-05-15"}
    _, (problem,) = Book.check_records({"accounts": [row], "holders": terms, "actions": [gap]})
    assert (problem.where, problem.found) == ("accounts[0]", "an action on 2026-05-15")
    assert "a day from 2026-03-04 to before 2026-05-01" in problem.expected


def test_the_json_form_may_say_what_it_is() -> None:
    form: dict[str, object] = {"tierkit": "Book/1", "deals": [to_record(deal())]}
    assert Book.from_records(form) == Book([deal()])  # type: ignore[arg-type]
    with pytest.raises(InvalidBook, match="Book/1"):
        Book.from_records({"tierkit": "Ledger/1", "deals": []})  # type: ignore[dict-item]


def test_a_record_of_another_table_is_no_fact() -> None:
    with pytest.raises(InvalidBook, match="a table of facts"):
        from_record("holders", {})
    with pytest.raises(InvalidBook, match="did you mean 'deals'"):
        from_record("deal", {})
