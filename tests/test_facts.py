"""Facts: what they keep, and what their constructors refuse."""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_facts import (
    accounts,
    attributes,
    changes,
    deals,
    events,
    held_tiers,
    holders,
    names,
    partners,
    readings,
    states,
)

import tierkit as tk
from tierkit.errors import InvalidValue, TierkitError, UnknownName, WrongType
from tierkit.facts.book import Book
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
    named,
    partners_of,
)
from tierkit.values.currency import Currency
from tierkit.values.market import Market
from tierkit.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Callable

EUR = Money("1000", "EUR")
DAY = date(2026, 3, 4)

anything = st.one_of(
    partners(names()),
    deals(),
    accounts(),
    readings(),
    held_tiers(),
    events(),
    states(),
    holders("northwind"),
    changes(),
)


def deal(**fields: object) -> Deal:
    given: dict[str, object] = {
        "id": "D-1",
        "partner": "northwind",
        "customer": "acme",
        "closed_on": DAY,
        "mrr": EUR,
        "kind": "sourced",
    }
    return Deal(**(given | fields))  # type: ignore[arg-type]


def account(**fields: object) -> ManagedAccount:
    given: dict[str, object] = {
        "id": "A-1",
        "customer": "acme",
        "mrr": EUR,
        "holders": [Holder(partner="northwind", since=DAY)],
    }
    return ManagedAccount(**(given | fields))  # type: ignore[arg-type]


# Design, section 5: "`eval(repr(x)) == x`; equal values hash equally; copy and pickle work".


@given(anything)
def test_its_repr_is_python_for_it(fact: object) -> None:
    kinds = (
        Change,
        Deal,
        Event,
        Held,
        Holder,
        ManagedAccount,
        Partner,
        Reading,
        Reversal,
        State,
        Market,
        Money,
        Fraction,
    )
    scope = {kind.__name__: kind for kind in kinds} | {"datetime": dt}
    assert eval(repr(fact), scope) == fact  # noqa: S307 - the repr was made one line above


@given(anything)
def test_copies_and_pickles_are_equal_and_hash_equally(fact: object) -> None:
    assert copy.copy(fact) is fact
    assert copy.deepcopy(fact) is fact
    thawed = pickle.loads(pickle.dumps(fact))
    assert thawed == fact
    assert hash(thawed) == hash(fact)


@given(anything)
def test_its_fields_cannot_be_set(fact: object) -> None:
    for field in attrs.fields(type(fact)):  # type: ignore[arg-type]
        with pytest.raises(AttributeError):
            setattr(fact, field.name, None)


@given(deals())
def test_a_deal_can_be_changed_into_another(given_deal: Deal) -> None:
    assert attrs.evolve(given_deal, mrr=EUR).mrr == EUR  # type: ignore[misc]
    assert attrs.evolve(given_deal) == given_deal  # type: ignore[misc]


def test_a_market_is_given_by_its_code_or_as_it_is() -> None:
    assert deal(market="DE").market is Market("DE")
    assert deal(market=Market("DE")) == deal(market="DE")
    assert deal().market is None


def test_true_and_one_are_two_readings() -> None:
    def reading(value: bool | int) -> Reading:  # noqa: FBT001 - the value is what is tested
        return Reading(partner="northwind", name="certified", value=value, on=DAY)

    assert reading(True) != reading(1)  # noqa: FBT003
    assert reading(1).value == Fraction(1)
    assert deal(attributes={"new": True}) != deal(attributes={"new": 1})
    assert deal(attributes={"new": True}) == deal(attributes={"new": True})


@given(attributes())
def test_numbers_of_attributes_become_fractions_and_all_else_stays(
    given_attributes: dict[str, object],
) -> None:
    kept = deal(attributes=given_attributes).attributes
    assert kept == given_attributes
    for name, value in kept.items():
        if not isinstance(given_attributes[name], bool | str | date):
            assert isinstance(value, Fraction)


def test_actions_are_sorted_and_counted_once() -> None:
    holder = Holder(partner="northwind", actions=[date(2026, 2, 1), DAY, date(2026, 2, 1)])
    assert holder.actions == (date(2026, 2, 1), DAY)


def test_the_order_of_partners_and_changes_does_not_matter() -> None:
    one, two = Holder(partner="borealis", since=DAY), Holder(partner="northwind", since=DAY)
    early, late = Change(on=DAY, market="AU"), Change(on=date(2026, 5, 1), mrr=EUR)
    assert account(holders=[one, two], changes=[late, early]) == account(
        holders=[two, one], changes=[early, late]
    )


def test_an_account_says_what_holds_on_a_day() -> None:
    free = Money("0", "EUR")
    given_account = account(
        market="SG",
        changes=[
            Change(on=date(2026, 1, 1), mrr=free),
            Change(on=date(2026, 2, 1), market="AU"),
            Change(on=date(2026, 3, 1), mrr=Money("5", "AUD")),
        ],
    )
    assert given_account.mrr_on(date(2025, 12, 31)) == EUR
    assert given_account.mrr_on(date(2026, 1, 1)) == free
    assert given_account.mrr_on(date(2026, 2, 28)) == free
    assert given_account.mrr_on(date(2026, 3, 1)) == Money("5", "AUD")
    assert given_account.market_on(date(2026, 1, 31)) == Market("SG")
    assert given_account.market_on(date(2026, 2, 1)) == Market("AU")
    assert given_account.market_on(date(2027, 1, 1)) == Market("AU")


def test_every_fact_has_a_short_name_and_says_whom_it_is_about() -> None:
    holders = [Holder(partner="b", since=DAY), Holder(partner="a", since=DAY)]
    state = State(id="S-1", type="lease", holders=holders)
    reading = Reading(partner="a", name="grr", value="76.4", on=DAY)
    held = Held(partner="a", tier="gold", on=DAY)
    facts: dict[str, Fact] = {
        "partner 'a'": Partner(id="a"),
        "deal 'D-1'": deal(),
        "account 'A-1'": account(),
        "reading 'grr' of 'a' on 2026-03-04": reading,
        "held tier of 'a' on 2026-03-04": held,
        "event 'E-1'": Event(id="E-1", partner="a", type="flight", on=DAY),
        "state 'S-1'": state,
    }
    assert {named(fact) for fact in facts.values()} == set(facts)
    assert partners_of(state) == ("a", "b")
    assert partners_of(Partner(id="a")) == ("a",)
    assert partners_of(reading) == ("a",)


BAD: list[tuple[Callable[[], object], type[TierkitError], str, str]] = [
    (lambda: deal(id=""), InvalidValue, "id", "not empty"),
    (lambda: deal(id=118), WrongType, "id", "text"),
    (lambda: deal(id="D-1 "), InvalidValue, "id", "blanks"),
    (lambda: deal(id="\u00a0D-1"), InvalidValue, "id", "blanks"),
    (lambda: deal(customer="a\nb"), InvalidValue, "customer", "control characters"),
    (lambda: deal(customer="a\ud800b"), InvalidValue, "customer", "UTF-8"),
    (lambda: deal(customer="x" * 201), InvalidValue, "customer", "at most 200"),
    (lambda: deal(customer="x" * 10_000_000), InvalidValue, "customer", "at most 200"),
    (lambda: deal(product_line="\x00"), InvalidValue, "product_line", "control characters"),
    (lambda: deal(motion="up-sell"), InvalidValue, "motion", "did you mean 'upsell'?"),
    (lambda: deal(motion=["new"]), InvalidValue, "motion", "one of"),
    (lambda: deal(closed_on=datetime(2026, 3, 4, 9, 30)), WrongType, "closed_on", ".date()"),  # noqa: DTZ001
    (lambda: deal(closed_on="2026-03-04"), WrongType, "closed_on", "date(2026"),
    (lambda: deal(closed_on=date(1026, 3, 4)), InvalidValue, "closed_on", "1990 to 2100"),
    (lambda: deal(closed_on=date(2206, 3, 4)), InvalidValue, "closed_on", "1990 to 2100"),
    (lambda: deal(mrr=1000.5), WrongType, "mrr", "Money("),
    (lambda: deal(mrr="1000"), WrongType, "mrr", "Money("),
    (lambda: deal(value=1), WrongType, "value", "Money("),
    (lambda: deal(market="UK"), UnknownName, "market", "did you mean 'GB'?"),
    (lambda: deal(market=49), WrongType, "market", '"DE"'),
    (lambda: deal(mrr=Money("5", "HRK")), InvalidValue, "mrr", "HRK was withdrawn on"),
    (lambda: deal(mrr=Money("5", "HRK"), market="HR"), InvalidValue, "mrr", "Croatia on that day is EUR"),
    (lambda: deal(mrr=Money("5", "BGN"), market="BG"), InvalidValue, "mrr", "Bulgaria on that day is EUR"),
    (lambda: deal(value=Money("5", "HRK")), InvalidValue, "value", "withdrawn"),
    (lambda: deal(line_first_sold_on=date(2026, 3, 5)), InvalidValue, "closed_on", "on or after"),
    (lambda: deal(line_first_sold_on="2021"), WrongType, "line_first_sold_on", "date"),
    (lambda: deal(attributes={"seats": 1.5}), WrongType, "attributes['seats']", 'write "1.5"'),
    (lambda: deal(attributes={"seats": float("nan")}), WrongType, "attributes['seats']", "finite"),
    (lambda: deal(attributes={"seats": Decimal("NaN")}), InvalidValue, "attributes['seats']", "finite"),
    (lambda: deal(attributes={"seats": ""}), InvalidValue, "attributes['seats']", "not empty"),
    (lambda: deal(attributes={"on": date(1, 1, 1)}), InvalidValue, "attributes['on']", "1900"),
    (lambda: deal(attributes={"a:b": 1}), InvalidValue, "attributes", "without a colon"),
    (lambda: deal(attributes={5: 1}), InvalidValue, "attributes", "without a colon"),
    (lambda: deal(attributes=[("a", 1)]), WrongType, "attributes", "mapping"),
    (lambda: account(holders=[]), InvalidValue, "holders", "at least one partner"),
    (lambda: account(holders=["northwind"]), WrongType, "holders", "Holder"),
    (lambda: account(holders=Holder(partner="a", since=DAY)), WrongType, "holders", "list of Holder"),
    (lambda: account(holders=5), WrongType, "holders", "Holder"),
    (
        lambda: account(holders=[Holder(partner="a", since=DAY)] * 2),
        InvalidValue,
        "holders",
        "each partner once",
    ),
    (lambda: account(holders=[Holder(partner="a"), Holder(partner="b")]), InvalidValue, "holders", "since"),
    (lambda: account(holders=[Holder(partner="a", share=1)]), InvalidValue, "holders", "add a since"),
    (lambda: State(id="S", type="x", holders=[Holder(partner="a")]), InvalidValue, "holders", "add a since"),
    (lambda: account(changes=[DAY]), WrongType, "changes", "Change"),
    (
        lambda: account(changes=[Change(on=DAY, mrr=EUR), Change(on=DAY, market="DE")]),
        InvalidValue,
        "changes",
        "one",
    ),
    (lambda: account(mrr=Money("5", "HRK")), InvalidValue, "mrr", "withdrawn"),
    (lambda: Change(on=DAY), InvalidValue, "mrr", "a new amount"),
    (lambda: Change(on=DAY, mrr=Money("5", "HRK")), InvalidValue, "mrr", "withdrawn"),
    (lambda: Holder(partner="a", since=DAY, until=DAY), InvalidValue, "until", "after since"),
    (lambda: Holder(partner="a", until=date(9999, 12, 31)), InvalidValue, "until", "leave it out"),
    (lambda: Holder(partner="a", actions=["2026-01-01"]), WrongType, "actions", "date"),  # type: ignore[list-item]
    (lambda: Holder(partner="a", share="1.01"), InvalidValue, "share", "at most 1"),
    (lambda: Holder(partner="a", share=0), InvalidValue, "share", "above 0"),
    (lambda: Holder(partner="a", share=0.5), WrongType, "share", "float"),  # type: ignore[arg-type]
    (lambda: Holder(partner="a", primary=1), WrongType, "primary", "True or False"),  # type: ignore[arg-type]
    (lambda: Partner(id="a", name=" b"), InvalidValue, "name", "blanks"),
    (lambda: Partner(id="a", attributes={"seats": 1.5}), WrongType, "attributes['seats']", 'write "1.5"'),  # type: ignore[dict-item]
    (lambda: Reading(partner="a", name="grr", value=0.7, on=DAY), WrongType, "value", 'write "0.7"'),  # type: ignore[arg-type]
    (lambda: Reading(partner="a", name="grr", value="1,5", on=DAY), InvalidValue, "value", "thousands"),
    (lambda: Reading(partner="a", name="grr", value="1e999999999", on=DAY), InvalidValue, "value", "plain"),
    (lambda: Reading(partner="a", name="grr", value=1, on=DAY, until=DAY), InvalidValue, "until", "after on"),
    (lambda: Held(partner="a", tier="", on=DAY), InvalidValue, "tier", "not empty"),
    (
        lambda: Held(partner="a", tier="gold", on=DAY, since=date(2026, 3, 5)),
        InvalidValue,
        "on",
        "on or after since",
    ),
    (lambda: Event(id="E", partner="a", type="x", on=DAY, quantity="x"), InvalidValue, "quantity", "plain"),
    (lambda: Event(id="E", partner="a", type="x", on=DAY, amount="5"), WrongType, "amount", "Money("),  # type: ignore[arg-type]
    (lambda: State(id="S", type="x", holders=[]), InvalidValue, "holders", "at least one"),
]


@pytest.mark.parametrize(("make", "error", "field", "said"), BAD)
def test_what_is_wrong_is_refused_with_a_way_out(
    make: Callable[[], object], error: type[TierkitError], field: str, said: str
) -> None:
    with pytest.raises(error) as raised:
        make()
    (problem,) = raised.value.problems
    assert problem.where
    assert problem.field == field
    assert said in f"{problem.expected} {problem.hint}"
    assert len(str(problem)) < 400


LATER, LAST = date(2026, 6, 1), date(2026, 9, 1)


def holder(partner: str, since: date | None = None, until: date | None = None, **fields: object) -> Holder:
    return Holder(partner=partner, since=since, until=until, **fields)  # type: ignore[arg-type]


# A partner may leave and come back; it holds an account at most once on a day.

RETURNS: list[tuple[list[Holder], str]] = [
    ([holder("a", DAY, LATER), holder("a", LATER)], ""),
    ([holder("a", LAST), holder("a", DAY, LATER), holder("a", LATER, LAST)], ""),
    ([holder("a", DAY, LATER, actions=[DAY]), holder("a", LAST, actions=[LAST]), holder("b", DAY)], ""),
    ([holder("a", DAY), holder("a", LATER)], "partner 'a' again"),
    ([holder("a", DAY, LATER), holder("a", DAY, LATER)], "partner 'a' again"),
    ([holder("a", DAY, LAST), holder("a", LATER)], "partner 'a' again"),
    ([holder("a", None, DAY), holder("a", LATER)], "partner 'a' again"),
    ([holder("a", DAY, LATER), holder("a", actions=[LAST])], "partner 'a' again"),
    ([holder("a", DAY, LATER, actions=[LATER]), holder("a", LATER)], "an action on 2026-06-01"),
    ([holder("a", DAY, LATER), holder("a", LATER, actions=[DAY, LAST])], "an action on 2026-03-04"),
]


@pytest.mark.parametrize(("shared", "found"), RETURNS)
def test_a_partner_who_came_back_is_there_once_for_each_time(shared: list[Holder], found: str) -> None:
    for order in (shared, shared[::-1]):
        try:
            made: ManagedAccount | State = account(holders=order)
            made = State(id="S-1", type="lease", holders=order)
        except InvalidValue as error:
            (problem,) = error.problems
            assert problem.found == found
            assert problem.where
            assert problem.expected
            assert problem.hint
        else:
            assert not found
            assert partners_of(made) == tuple(sorted({one.partner for one in shared}))
            assert made.holders == tuple(sorted(shared, key=lambda one: (one.partner, one.since)))


# Shares say how one whole is divided.

SHARES: list[tuple[list[Holder], str]] = [
    ([holder("a", DAY, share="1/2"), holder("b", DAY, share="1/2")], ""),
    ([holder("a", DAY, LATER, share=1), holder("b", LATER, share=1)], ""),
    (
        [
            holder("a", DAY, share="1/2"),
            holder("b", LATER, LAST, share="1/2"),
            holder("c", LAST, share="1/2"),
        ],
        "",
    ),
    ([holder("a", DAY, share=1), holder("b", None, DAY, actions=[LATER], share=1)], ""),
    (
        [holder("a", DAY, share="2/3"), holder("b", LATER, share="1/2")],
        "shares of 7/6 together on 2026-06-01",
    ),
    (
        [holder("a", DAY, share=1), holder("b", actions=[LATER], share="0.5")],
        "shares of 1.5 together on 2026-06-01",
    ),
    ([holder("a", None, LATER, share=1), holder("b", share=1), holder("c", DAY)], "shares of 2 together"),
]


@pytest.mark.parametrize(("shared", "found"), SHARES)
def test_shares_on_one_day_are_at_most_the_whole(shared: list[Holder], found: str) -> None:
    try:
        account(holders=shared)
    except InvalidValue as error:
        (problem,) = error.problems
        assert (problem.where, problem.field, problem.found) == ("account 'A-1'", "holders", found)
        assert "at most 1" in problem.expected
        assert "mend the shares" in problem.hint
    else:
        assert not found


# Of a state one partner at most is the primary one.

PRIMARY: list[tuple[list[Holder], str]] = [
    ([holder("a", DAY, primary=True), holder("b", DAY)], ""),
    ([holder("a", DAY, LATER, primary=True), holder("a", LATER, primary=True)], ""),
    ([holder("a", DAY, LATER, primary=True), holder("b", LATER, primary=True)], ""),
    ([holder("a", DAY, primary=True), holder("b", LATER, primary=True)], "2 primary partners on 2026-06-01"),
    ([holder(name, primary=True) for name in "ab"] + [holder("c", DAY)], "2 primary partners"),
]


@pytest.mark.parametrize(("shared", "found"), PRIMARY)
def test_on_one_day_at_most_one_partner_is_the_primary_one(shared: list[Holder], found: str) -> None:
    try:
        State(id="S-1", type="lease", holders=shared)
    except InvalidValue as error:
        (problem,) = error.problems
        assert (problem.where, problem.field, problem.found) == ("state 'S-1'", "holders", found)
        assert problem.expected == "one primary partner at most on every day"
        assert "mark one of them" in problem.hint
    else:
        assert not found


def test_no_fact_is_made_that_could_not_be_written() -> None:
    for number in ("1e100", 10**100, -(10**3999), Fraction(10**3999, 7), Decimal("1E-100")):
        book = Book([Reading(partner="a", name="n", value=number, on=DAY)])
        assert Book.from_records(json.loads(json.dumps(book.to_records()))) == book
    with pytest.raises(InvalidValue, match=r"value: found a number of more than 4000 digits.*mend it"):
        Reading(partner="a", name="n", value=10**5000, on=DAY)


# "Each holder is valued by itself": a partner who came back has the points of the times that it held.


def test_a_partner_who_came_back_has_points_on_the_days_that_it_held() -> None:
    since, left, back, end = date(2024, 1, 1), date(2024, 6, 1), date(2025, 3, 1), date(2025, 9, 1)
    terms = [holder("northwind", since, left), holder("northwind", back, end)]
    program = tk.load_program("hubspot-solutions")

    def points(on: date, *shared: Holder, partner: str = "northwind") -> object:
        book = Book([account(holders=shared, market="DE")])
        return tk.assess(tk.earn(book, program), on=on, partner=partner)["managed"]

    for day in (since, left - timedelta(1), back, end - timedelta(1)):
        assert points(day, *terms) == points(day, holder("northwind", since, end)) != tk.Points(0)
    for day in (since - timedelta(1), left, back - timedelta(1), end):
        assert not points(day, *terms)
    other = holder("borealis", since, end)
    for day in (since, left, back):
        one = points(day, *terms, other)
        two = points(day, *terms, other, partner="borealis")
        assert (one, two) == (
            points(day, terms[0] if day < back else terms[1], other),
            points(day, terms[0] if day < back else terms[1], other, partner="borealis"),
        )
    ledger = tk.earn(Book([account(holders=[*terms, other], market="DE")]), program)
    assert ledger.problems == ()
    assert {entry.partner for entry in ledger["A-1"]} == {"northwind", "borealis"}
    assert len(set(ledger["A-1"])) == len(ledger["A-1"])


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidValue) as raised:
        deal(id="", market="UK", closed_on=date(1026, 1, 1), mrr=1.5, motion="x")
    fields = [problem.field for problem in raised.value.problems]
    assert fields == ["id", "motion", "closed_on", "mrr", "market"]
    assert all(problem.where == "deal ''" for problem in raised.value.problems)


def test_a_currency_is_good_until_the_day_of_its_withdrawal() -> None:
    gone = Currency("HRK").withdrawn_on
    assert gone is not None
    assert deal(mrr=Money("5", "HRK"), closed_on=date(2022, 12, 31)).mrr.currency.code == "HRK"
    with pytest.raises(InvalidValue):
        deal(mrr=Money("5", "HRK"), closed_on=gone)


@given(st.text(max_size=30))
def test_text_with_control_characters_or_outer_blanks_is_never_an_id(text: str) -> None:
    try:
        kept = deal(customer=text).customer
    except InvalidValue:
        return
    assert kept == text == text.strip()
    assert not any(sign in kept for sign in "\x00\r\n\t\x1b\u2028")
    kept.encode()
