"""Corrections and the two time axes: the day that a fact is about, and the day on which it was recorded."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_facts import books, dated_books, fact_lists
from strategies_values import days
from test_bad_records import is_a_way_out
from test_facts import DAY, EUR, account, deal
from test_readers import HEADER, folder

import tierkit as tk
from tierkit.facts.checks import LAST_DAY
from tierkit.facts.facts import CORRECTION, Identified, corrects, own_day
from tierkit.facts.knowledge import bearing_upon, happened_by
from tierkit.facts.records import TABLE_OF, to_record
from tierkit.facts.states import first_day
from tierkit.frozen import changed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from random import Random

    from tierkit.facts.facts import Fact

ONE = timedelta(days=1)
EVENT = tk.Event(id="E-1", partner="northwind", type="flight", on=DAY)

days_of_2026 = st.integers(0, 380).map(lambda day: date(2025, 12, 25) + day * ONE)


def month(number: int, day: int = 1) -> date:
    return date(2026, number, day)


def reversal(**fields: object) -> tk.Reversal:
    given_fields: dict[str, object] = {"id": "R-1", "reverses": "D-1", "on": DAY}
    return tk.Reversal(**(given_fields | fields))  # type: ignore[arg-type]


def identified(book: tk.Book) -> list[Identified]:
    return [*book.deals, *book.accounts, *book.events, *book.states, *book.reversals]


def ids(book: tk.Book) -> set[str]:
    return {fact.id for fact in identified(book)}


def is_whole(book: tk.Book) -> bool:
    """Whether the facts of a book are a book by themselves, and are read back from its records."""
    records = json.loads(json.dumps(book.to_records()))
    return tk.Book(list(book)) == book == tk.Book.from_records(records)


def days_of(fact: Fact) -> Iterator[date]:
    """Every day on which something of a fact happened or was recorded."""
    if fact.recorded_on:
        yield fact.recorded_on
    if isinstance(fact, tk.ManagedAccount | tk.State):
        for holder in fact.holders:
            yield from filter(None, (holder.since, holder.recorded_on, *holder.actions))
            if holder.until and not holder.recorded_on:
                yield holder.until
        for change in fact.changes if isinstance(fact, tk.ManagedAccount) else ():
            yield change.recorded_on or change.on
    elif not isinstance(fact, tk.Partner):
        yield own_day(fact)


# Asked for: "`book.as_recorded(day)` is the book as it was known on that day".


@given(dated_books(), days_of_2026)
def test_as_recorded_never_sees_the_future(book: tk.Book, day: date) -> None:
    known = book.as_recorded(day)
    assert is_whole(known)
    for fact in known:
        if not isinstance(fact, tk.Partner):
            assert all(each <= day for each in days_of(fact))
    named = {partner for fact in known for partner in partners_named(fact)}
    assert all((one.recorded_on or day) <= day or one.id in named for one in known.partners)


def partners_named(fact: Fact) -> set[str]:
    if isinstance(fact, tk.ManagedAccount | tk.State):
        return {holder.partner for holder in fact.holders}
    return set() if isinstance(fact, tk.Partner | tk.Reversal) else {fact.partner}


@given(dated_books(), days_of_2026)
def test_what_was_recorded_later_changes_nothing_that_was_known(book: tk.Book, day: date) -> None:
    late: set[str] = set()
    for _ in range(len(book)):  # what corrects a late record is later still
        late |= {
            fact.id for fact in identified(book) if (fact.recorded_on or day) > day or corrects(fact) in late
        }
    before = [
        fact
        for fact in book
        if isinstance(fact, tk.Partner)
        or (fact.id not in late if not isinstance(fact, tk.Reading | tk.Held) else days_known(fact) <= day)
    ]
    assert tk.Book(before).as_recorded(day) == book.as_recorded(day)


def days_known(fact: tk.Reading | tk.Held) -> date:
    return fact.recorded_on or fact.on


@given(dated_books(), days_of_2026, days_of_2026)
def test_what_was_known_then_is_known_of_what_was_known_later(book: tk.Book, one: date, other: date) -> None:
    first, then = sorted((one, other))
    assert book.as_recorded(then).as_recorded(first) == book.as_recorded(first)


@given(dated_books(), days_of_2026)
def test_of_a_fact_and_those_that_replace_it_one_counts_whatever_is_known(book: tk.Book, day: date) -> None:
    def first_record(fact: Identified) -> str:
        while corrects(fact):
            fact = book[corrects(fact)]
        return fact.id

    counting = [
        fact for fact in book.as_recorded(day).in_force if isinstance(fact, tk.Deal | tk.ManagedAccount)
    ]
    assert len({first_record(book[fact.id]) for fact in counting}) == len(counting)


@given(dated_books())
def test_once_everything_is_recorded_the_book_is_known(book: tk.Book) -> None:
    assert book.as_recorded(LAST_DAY) == book


@given(books(), days())
def test_all_kinds_of_facts_are_known_and_have_happened_from_some_day_on(book: tk.Book, day: date) -> None:
    assert is_whole(book.as_recorded(day))
    assert is_whole(book.in_force)
    assert is_whole(happened_by(book, day))
    assert book.as_recorded(LAST_DAY) == book
    assert happened_by(book, LAST_DAY) == book.in_force


@given(fact_lists(), days(), st.randoms(use_true_random=False))
def test_what_was_known_and_what_counts_do_not_depend_on_order(
    facts: list[Fact], day: date, random: Random
) -> None:
    book = tk.Book(facts)
    random.shuffle(facts)
    other = tk.Book(facts)
    assert other.as_recorded(day) == book.as_recorded(day)
    assert other.in_force == book.in_force
    assert happened_by(other, day) == happened_by(book, day)


@given(dated_books(), st.integers(0, 3))
def test_what_a_partner_earns_hangs_on_the_facts_that_bear_upon_it(book: tk.Book, which: int) -> None:
    """Its own and those of its customers, 'with all that corrects them and that they correct'"""
    program = tk.load_program("hubspot-solutions")
    ledger = tk.earn(book, program)
    for partner in ledger.partners[which : which + 1]:
        bearing = bearing_upon(partner, book)
        assert is_whole(bearing)
        assert tk.earn(bearing, program).partner(partner).entries == ledger.partner(partner).entries
        assert bearing.in_force == bearing_upon(partner, bearing).in_force


def test_a_row_of_corrections_bears_upon_a_partner_as_a_whole() -> None:
    """The deal of another partner and customer that took the place of one's own, and what took its place."""
    first = deal(id="D-1", partner="p", customer="acme")
    second = changed(first, id="D-2", partner="q", customer="beta", replaces="D-1")
    third = changed(second, id="D-3", customer="gamma", replaces="D-2")
    other = deal(id="D-4", partner="q", customer="delta")
    book = tk.Book(
        [first, second, third, other, reversal(reverses="D-3"), reversal(id="R-2", reverses="D-4")]
    )
    assert ids(bearing_upon("p", book)) == {"D-1", "D-2", "D-3", "R-1"}
    assert ids(bearing_upon("q", book)) == ids(book)


def test_each_part_of_an_account_becomes_known_on_its_day() -> None:
    whole = account(
        holders=[
            tk.Holder(partner="northwind", since=DAY, until=month(9), actions=[month(4), month(8)]),
            tk.Holder(partner="borealis", since=month(5), until=month(12), recorded_on=month(6)),
            tk.Holder(partner="zephyr", actions=[month(7)]),
        ],
        changes=[tk.Change(on=month(4), market="AU"), tk.Change(on=month(5), mrr=EUR, recorded_on=month(7))],
    )
    book = tk.Book([whole])

    def known(day: date) -> tk.ManagedAccount:
        return book.as_recorded(day).accounts[0]

    assert book.as_recorded(DAY - ONE).accounts == ()
    assert known(DAY).holders == (tk.Holder(partner="northwind", since=DAY),)
    assert known(DAY).changes == ()
    assert [holder.partner for holder in known(month(5, 31)).holders] == ["northwind"]
    assert known(month(5, 31)).changes == whole.changes[:1]
    assert [holder.until for holder in known(month(6)).holders] == [month(12), None]
    assert known(month(6)).holders[1].actions == (month(4),)
    assert known(month(7)).changes == whole.changes
    assert known(month(9)) == whole


def test_an_account_is_known_from_its_own_record_and_then_bit_by_bit() -> None:
    holder = tk.Holder(partner="northwind", since=DAY, actions=[month(8)])
    book = tk.Book([account(holders=[holder], recorded_on=month(5))])
    assert book.as_recorded(month(4, 30)).accounts == ()
    assert book.as_recorded(month(5)).accounts[0].holders[0].actions == ()


def test_an_account_of_which_only_a_later_part_is_known() -> None:
    late = tk.Holder(partner="northwind", since=DAY, recorded_on=month(9))
    seen = tk.Holder(partner="borealis", since=month(5))
    book = tk.Book(
        [
            account(holders=[late, seen], recorded_on=month(4)),
            reversal(id="R-1", reverses="A-1", on=month(4), recorded_on=month(4, 2)),
        ]
    )
    known = book.as_recorded(month(6))
    assert known.accounts == (account(holders=[seen]),)
    assert known.reversals == (reversal(reverses="A-1", on=month(5)),)
    assert is_whole(known)
    assert ids(known.in_force) == set()
    again = tk.Book([account(holders=[late, seen]), reversal(reverses="A-1", recorded_on=month(5, 3))])
    assert again.as_recorded(month(6)).reversals[0].recorded_on == month(5, 3)


def test_an_amount_in_a_currency_that_was_gone_by_then_was_not_known() -> None:
    kuna = tk.Money("1000", "HRK")
    late = tk.Holder(partner="northwind", since=date(2022, 1, 1), recorded_on=month(9))
    seen = tk.Holder(partner="borealis", since=date(2023, 5, 1))
    state = tk.State(id="S-1", type="lease", holders=[late, seen], amount=kuna)
    book = tk.Book([account(mrr=kuna, holders=[late, seen]), state])
    assert book.as_recorded(month(6)) == tk.Book()
    assert book.as_recorded(month(9)) == book


def test_a_partner_is_known_from_its_record_or_where_a_known_fact_names_it() -> None:
    late = tk.Partner(id="northwind", recorded_on=month(9))
    book = tk.Book([late, tk.Partner(id="zephyr", recorded_on=month(9)), tk.Partner(id="borealis"), deal()])
    assert [one.id for one in book.as_recorded(DAY).partners] == ["borealis", "northwind"]
    assert [one.id for one in book.as_recorded(DAY - ONE).partners] == ["borealis"]
    assert len(book.as_recorded(month(9)).partners) == 3


def test_a_figure_that_was_recorded_again_counts_as_it_was_recorded_last() -> None:
    first = tk.Reading(partner="northwind", name="grr", value=80, on=DAY)
    then = tk.Reading(partner="northwind", name="grr", value=90, on=DAY, recorded_on=month(6))
    gold = tk.Held(partner="northwind", tier="gold", on=DAY)
    silver = tk.Held(partner="northwind", tier="silver", on=DAY, recorded_on=DAY)
    book = tk.Book([then, silver, first, gold])
    assert book.readings == (first, then)
    assert (book.in_force.readings, book.in_force.held) == ((then,), (silver,))
    assert book.as_recorded(month(5)).in_force.readings == (first,)
    assert then in book
    other = tk.Reading(partner="northwind", name="grr", value=70, on=DAY, recorded_on=month(6))
    with pytest.raises(tk.InvalidBook, match="another value"):
        book.adding(other)


def test_a_correction_that_was_not_known_does_not_act() -> None:
    book = tk.Book(
        [
            deal(),
            deal(id="D-2", replaces="D-1", mrr=tk.Money("10", "EUR"), recorded_on=month(7)),
            reversal(reverses="D-2", recorded_on=month(8)),
        ]
    )
    assert ids(book.as_recorded(month(6)).in_force) == {"D-1"}
    assert ids(book.as_recorded(month(7)).in_force) == {"D-2"}
    assert ids(book.as_recorded(month(8)).in_force) == ids(book.in_force) == set()


def test_a_correction_without_a_record_is_not_known_before_the_fact_that_it_names() -> None:
    book = tk.Book([deal(closed_on=month(6)), deal(id="D-2", closed_on=month(5), replaces="D-1")])
    assert book.as_recorded(month(5, 31)) == tk.Book()
    assert ids(book.as_recorded(month(6)).in_force) == {"D-2"}
    # A year that was mistyped: the first record is still to come when it is corrected.
    book = tk.Book(
        [deal(closed_on=DAY.replace(year=2027)), deal(id="D-2", replaces="D-1", recorded_on=month(4))]
    )
    assert book.as_recorded(month(4)).deals == (deal(id="D-2", recorded_on=month(4)),)


def test_a_correction_takes_the_place_of_what_was_known_before_it() -> None:
    book = tk.Book(
        [
            deal(),
            deal(id="D-2", replaces="D-1", closed_on=month(9)),
            deal(id="D-3", replaces="D-2", recorded_on=month(4)),
        ]
    )
    known = book.as_recorded(month(4))
    assert known.deals == (deal(), deal(id="D-3", replaces="D-1", recorded_on=month(4)))
    assert ids(known.in_force) == {"D-3"}
    assert book.without("D-2") == known


def test_a_day_is_a_date() -> None:
    with pytest.raises(tk.WrongType, match="as_recorded"):
        tk.Book().as_recorded("2026-07-10")  # type: ignore[arg-type]


# Asked for: "A fact may be reversed or replaced by a later fact that names it".


@given(dated_books())
def test_what_is_in_force_is_what_nothing_replaces_and_no_correction_takes_back(book: tk.Book) -> None:
    by_target = {corrects(fact): fact for fact in identified(book) if corrects(fact)}

    def is_replaced(fact: Identified) -> bool:
        return fact.id in by_target and bool(by_target[fact.id].replaces)

    def last_after(fact: Identified) -> Identified | None:
        """What corrects a fact; of reversals that replace each other the last one."""
        after = by_target.get(fact.id)
        while isinstance(after, tk.Reversal) and is_replaced(after):
            after = by_target[after.id]
        return after

    def acts(fact: Identified) -> bool:
        after = last_after(fact)
        return not is_replaced(fact) and not (isinstance(after, tk.Reversal) and acts(after))

    def counts(fact: Identified) -> bool:
        after = last_after(fact)
        if is_replaced(fact):
            return False
        if isinstance(after, tk.Reversal) and acts(after):
            return after.cause != CORRECTION or after.on > own_day(fact)
        return not isinstance(fact, tk.Reversal) or counts_at_all(book[fact.reverses], fact)

    def counts_at_all(fact: Identified, reversed_by: tk.Reversal) -> bool:
        if isinstance(fact, tk.Reversal):
            return False
        return reversed_by.cause != CORRECTION or reversed_by.on > own_day(fact)

    wanted = {fact.id for fact in identified(book) if counts(fact)}
    kept = {fact.id for fact in identified(book.in_force)}
    unheld = {name for name in wanted - kept if isinstance(book[name], tk.ManagedAccount | tk.State)}
    gone = {name for name in wanted - kept if isinstance(book[name], tk.Reversal)}
    assert kept <= wanted
    assert wanted - kept == unheld | gone
    assert all(book[name].reverses in unheld for name in gone)  # type: ignore[union-attr]


@given(dated_books())
def test_a_book_in_force_is_a_book_of_which_all_is_in_force(book: tk.Book) -> None:
    in_force = book.in_force
    assert is_whole(in_force)
    assert in_force.in_force is in_force
    assert book.in_force is in_force
    assert not any(corrects(fact) for fact in identified(in_force) if not isinstance(fact, tk.Reversal))
    if not any(map(corrects, identified(book))) and in_force == book:
        assert in_force is book


@given(dated_books())
def test_an_account_that_was_reversed_later_ends_on_that_day(book: tk.Book) -> None:
    for one in book.in_force.reversals:
        fact = book.in_force[one.reverses]
        if one.cause == CORRECTION and isinstance(fact, tk.ManagedAccount | tk.State):
            assert (first_day(fact.holders) or one.on) < one.on
            for holder in fact.holders:
                assert holder.until
                assert holder.until <= one.on
                before = [day for day in holder.actions if day < one.on]
                assert before in ([], list(holder.actions))  # without any it would count as always acting


def test_what_an_account_was_until_it_was_reversed() -> None:
    parts = [
        tk.Holder(partner="borealis", since=month(4), until=month(5)),
        tk.Holder(partner="northwind", actions=[month(4), month(6)]),
        tk.Holder(partner="passat", since=month(7)),
        tk.Holder(partner="zephyr"),
        tk.Holder(partner="zonda", actions=[month(8)]),
    ]
    book = tk.Book([account(holders=parts), reversal(reverses="A-1", on=month(6))])
    assert book.in_force.accounts[0].holders == (
        parts[0],
        tk.Holder(partner="northwind", until=month(6), actions=[month(4)]),
        tk.Holder(partner="zephyr", until=month(6)),
    )
    assert book.in_force.reversals == book.reversals
    lone = tk.Holder(partner="northwind", since=month(7), actions=[DAY])
    unheld = tk.Book([account(holders=[lone]), reversal(reverses="A-1", on=month(6))])
    assert unheld.in_force == tk.Book()


def test_a_reversal_may_be_taken_back() -> None:
    first, then = reversal(), reversal(id="R-2", reverses="R-1")
    book = tk.Book([deal(), first, then])
    assert book.in_force == tk.Book([deal()])
    assert book.adding(reversal(id="R-3", reverses="R-2")).in_force == tk.Book()
    unpaid = reversal(id="R-1", cause="non-payment", on=month(6))
    assert tk.Book([deal(), unpaid]).in_force.reversals == (unpaid,)


def test_a_reversal_may_be_replaced_by_a_later_one_of_the_same_fact() -> None:
    first = reversal(cause="non-payment", on=month(5), recorded_on=month(5, 2))
    then = reversal(id="R-2", cause="non-payment", on=month(6), replaces="R-1", recorded_on=month(6, 2))
    book = tk.Book([deal(), first, then])
    assert book.in_force == tk.Book([deal(), changed(then, replaces="")])
    assert book.as_recorded(month(5, 20)).in_force == tk.Book([deal(), first])
    assert book.without("R-1") == book.in_force
    assert book.without("R-2") == tk.Book([deal(), first])
    assert book.without("D-1") == tk.Book()
    # The deal itself was wrong: it never counted, and another takes over with its own reversal.
    never = changed(then, on=DAY, cause=CORRECTION)
    again: list[Fact] = [deal(id="D-2"), reversal(id="R-3", reverses="D-2", cause="non-payment", on=month(5))]
    assert tk.Book([deal(), first, never, *again]).in_force == tk.Book(again)
    # What took its place may be taken back; what was replaced does not come back.
    undone = reversal(id="R-3", reverses="R-2", on=month(6), recorded_on=month(7))
    assert book.adding(undone).in_force == tk.Book([deal()])
    assert is_whole(book.adding(undone))


def test_a_replaced_fact_does_not_come_back_when_the_one_in_its_place_is_reversed() -> None:
    book = tk.Book([deal(), deal(id="D-2", replaces="D-1"), reversal(reverses="D-2")])
    assert book.in_force == tk.Book()


def test_without_a_record_is_as_if_it_had_never_been_made() -> None:
    book = tk.Book([deal(), deal(id="D-2", replaces="D-1"), reversal(reverses="D-2")])
    assert book.without("R-1", "D-2") == tk.Book([deal()])
    assert book.without("D-2") == tk.Book([deal()])
    assert book.without("D-1") == tk.Book([deal(id="D-2"), reversal(reverses="D-2")])


# What had happened by a day, whenever it was recorded: what a forecast starts from.


@given(dated_books(), days_of_2026)
def test_what_had_happened_is_of_days_up_to_then(book: tk.Book, day: date) -> None:
    happened = happened_by(book, day)
    assert is_whole(happened)
    for fact in happened:
        if isinstance(fact, tk.ManagedAccount | tk.State):
            begun = (each for holder in fact.holders for each in (holder.since, *holder.actions))
            assert all(each <= day for each in begun if each)
            changes = fact.changes if isinstance(fact, tk.ManagedAccount) else ()
            assert all(change.on <= day for change in changes)
        elif not isinstance(fact, tk.Partner):
            assert own_day(fact) <= day
    assert happened_by(happened, day) == happened


@given(dated_books())
def test_in_the_end_everything_in_force_has_happened(book: tk.Book) -> None:
    assert happened_by(book, LAST_DAY) == book.in_force


def test_an_end_that_is_stated_is_known_to_come() -> None:
    holders = [
        tk.Holder(partner="northwind", since=DAY, until=month(9), actions=[DAY, month(8)]),
        tk.Holder(partner="borealis", since=month(7)),
    ]
    state = tk.State(id="S-1", type="lease", holders=holders)
    (happened,) = happened_by(tk.Book([state]), month(6))
    assert happened == tk.State(
        id="S-1",
        type="lease",
        holders=[tk.Holder(partner="northwind", since=DAY, until=month(9), actions=[DAY])],
    )


def test_a_fact_that_was_moved_to_a_later_day_has_not_happened_before() -> None:
    book = tk.Book([deal(), deal(id="D-2", closed_on=month(8), replaces="D-1")])
    assert happened_by(book, month(6)) == tk.Book()


# Asked for: "a reversal of an unknown or already reversed fact, a cycle of replacements, `recorded_on`
# before the fact's own day ...: clear errors, nothing lost".

WRONG: list[tuple[list[Fact], list[str]]] = [
    (
        [reversal(reverses="D-11")],
        ["found 'D-11'; expected the id of a fact of the book; add the fact with that id, or leave this"],
    ),
    ([deal(replaces="D-0")], ["deal 'D-1': replaces: found 'D-0'; expected the id of a fact"]),
    (
        [deal(id="D-10"), reversal(reverses="D-11")],
        ["found 'D-11'; expected the id of a fact of the book; did you mean 'D-10'?"],
    ),
    (
        [deal(), reversal(), reversal(id="R-2", cause="non-payment")],
        ["reverses: found 'D-1', which reversal 'R-2' reverses too; expected a fact that"],
    ),
    (
        [deal(), reversal(), deal(id="D-2", replaces="D-1"), deal(id="D-3", replaces="D-1")],
        ["which deal 'D-2' replaces too, and 1 more"],
    ),
    (
        [deal(replaces="D-2"), deal(id="D-2", replaces="D-1")],
        [
            "replaces: found 'D-1' replaces 'D-2' replaces 'D-1'; expected a chain",
        ],
    ),
    ([deal(replaces="D-1")], ["found 'D-1' replaces 'D-1'"]),
    ([reversal(reverses="R-1")], ["found 'R-1' reverses 'R-1'"]),
    (
        [deal(id=f"D-{number}", replaces=f"D-{(number + 1) % 5}") for number in range(5)],
        ["found 'D-0' replaces 'D-1' replaces 'D-2' replaces …"],
    ),
    (
        [deal(), account(replaces="D-1")],
        ["account 'A-1': replaces: found deal 'D-1'; expected the id of another account"],
    ),
    ([EVENT, deal(replaces="E-1")], ["found event 'E-1'; expected the id of another deal"]),
    ([deal(), reversal(replaces="D-1")], ["replaces: found deal 'D-1'; expected the id of another reversal"]),
    (
        [deal(), deal(id="D-2"), reversal(), reversal(id="R-2", reverses="D-2", replaces="R-1")],
        ["reverses: found 'D-2'; expected 'D-1', as reversal 'R-1', whose place it takes; reverse reversal"],
    ),
    (
        [deal(), reversal(), reversal(id="R-2", replaces="R-1", on=DAY - ONE)],
        ["reversal 'R-2': on: found 2026-03-03; expected a day from 2026-03-04 on, the day of deal 'D-1'"],
    ),
    (
        [deal(), reversal(replaces="R-2"), reversal(id="R-2", replaces="R-1")],
        ["replaces: found 'R-1' replaces 'R-2' replaces 'R-1'; expected a chain"],
    ),
    (
        [reversal(reverses="D-9"), reversal(id="R-2", reverses="D-9", replaces="R-1")],
        ["reversal 'R-1': reverses: found 'D-9'"],
    ),
    (
        [deal(), reversal(on=DAY - ONE)],
        ["reversal 'R-1': on: found 2026-03-03; expected a day from 2026-03-04 on, the day of deal 'D-1'"],
    ),
    (
        [deal(recorded_on=month(6)), reversal(recorded_on=month(5))],
        ["recorded_on: found 2026-05-01; expected a day from 2026-06-01 on, when deal 'D-1' was recorded"],
    ),
    (
        [
            deal(recorded_on=month(6)),
            deal(id="D-2", replaces="D-1"),
            reversal(reverses="D-2", recorded_on=month(5)),
        ],
        ["reversal 'R-1': recorded_on: found 2026-05-01; expected a day from 2026-06-01 on, when deal 'D-1'"],
    ),
    (
        [deal(), reversal(cause="non-payment"), reversal(id="R-2", reverses="R-1", on=month(5))],
        ["on: found 'correction' on 2026-05-01; expected the cause \"correction\" and the day of the"],
    ),
    (
        [deal(), reversal(reverses="x"), reversal(id="R-2", on=DAY - ONE)],
        ["found 'x'", "found 2026-03-03"],
    ),
]


@pytest.mark.parametrize(("facts", "said"), WRONG)
def test_corrections_that_cannot_be_followed_are_problems_all_at_once(
    facts: list[Fact], said: list[str]
) -> None:
    with pytest.raises(tk.InvalidBook) as raised:
        tk.Book(facts)
    assert len(raised.value.problems) == len(said)
    for problem, words in zip(raised.value.problems, said, strict=True):
        assert is_a_way_out(problem)
        assert words in str(problem)


@pytest.mark.parametrize(("facts", "said"), WRONG)
def test_such_a_correction_is_left_out_with_the_facts_that_it_is_about_and_no_other(
    facts: list[Fact], said: list[str]
) -> None:
    good = deal(id="good")
    for order in ([*facts, good], [good, *facts[::-1]]):
        records: dict[str, list[dict[str, object]]] = {}
        for fact in order:
            records.setdefault(TABLE_OF[type(fact)], []).append(to_record(fact))
        book, problems = tk.Book.check_records(records)
        assert len(problems) == len(said)
        assert ids(book) == {"good"} | ({"D-10"} & {fact.id for fact in order})  # type: ignore[union-attr]


def test_what_an_unreadable_record_corrects_is_left_out_with_it(tmp_path: Path) -> None:
    rows = [
        "D-1,northwind,acme,2026-03-04,1000,EUR,sourced,",
        "D-2,northwind,acme,4.3.2026,10,EUR,sourced,D-1",
        "D-3,northwind,acme,2026-03-04,10,EUR,sourced,D-2",
        "D-4,northwind,acme,2026-03-04,10,EUR,sourced,",
        "D-5,northwind,acme,2026-03-04,10,EUR,sourced,",
        "D-5,northwind,acme,2026-03-05,10,EUR,sourced,D-4",
        "D-6,northwind,acme,2026-03-04,10,EUR,sourced,",
    ]
    deals = "\n".join([f"{HEADER},replaces", *rows])
    book, problems = tk.check_book(folder(tmp_path, deals=deals))
    assert ids(book) == {"D-6"}
    lines = [str(problem) for problem in problems]
    assert lines[0].startswith("deals.csv line 3: closed_on: found '4.3.2026'")
    assert lines[1].startswith(
        "deals.csv line 6: id: found deal 'D-5' again at deals.csv line 7, with another"
    )
    assert lines[2].startswith(
        "deals.csv line 4: replaces: found 'D-2'; expected the id of a fact of the book"
    )
    assert lines[2].endswith("; mend that record, which is not used: until then neither is this one")
    assert lines[3].startswith("deals.csv line 2: found deal 'D-1', which a record that is not used reverses")
    assert lines[4].startswith("deals.csv line 5: found deal 'D-4', which a record that is not used reverses")
    assert len(lines) == 5


def test_an_account_of_which_a_part_is_lost_leaves_out_the_one_that_it_replaces() -> None:
    row: dict[str, object] = {"customer": "acme", "mrr": "1000", "currency": "EUR"}
    accounts: list[dict[str, object]] = [
        {"id": "A-1", **row, "partner": "northwind", "since": "2026-03-04"},
        {"id": "A-2", **row, "replaces": "A-1", "holders": [{"partner": "northwind", "since": "4.3.2026"}]},
    ]
    book, (first, then) = tk.Book.check_records({"accounts": accounts})
    assert book == tk.Book()
    assert (first.where, then.where) == ("accounts[1].holders[0]", "accounts[0]")


def test_a_record_with_a_misspelt_column_takes_along_what_it_corrects() -> None:
    good = to_record(deal())
    bad = {**to_record(reversal()), "resaon": "unpaid"}
    book, (first, then) = tk.Book.check_records({"deals": [good], "reversals": [bad]})
    assert book == tk.Book()
    assert (first.where, then.where) == ("reversals[0]", "deals[0]")


# "Every fact may carry `recorded_on` and `recorded_by`", and no fact is recorded before its own day.

HOLDER = tk.Holder(partner="northwind", since=DAY)
MAKERS: list[tuple[Callable[..., object], str]] = [
    (partial(tk.Partner, id="n", joined_on=DAY), "joined_on"),
    (deal, "closed_on"),
    (account, "holders"),
    (partial(tk.Reading, partner="n", name="grr", value=1, on=DAY), "on"),
    (partial(tk.Held, partner="n", tier="gold", on=DAY), "on"),
    (partial(tk.Event, id="E", partner="n", type="flight", on=DAY), "on"),
    (partial(tk.State, id="S", type="lease", holders=[HOLDER]), "holders"),
    (reversal, "on"),
    (partial(tk.Holder, partner="n", since=DAY), "since"),
    (partial(tk.Holder, partner="n", actions=[DAY]), "actions"),
    (partial(tk.Change, on=DAY, market="DE"), "on"),
]


@pytest.mark.parametrize(("make", "own"), MAKERS)
def test_nothing_is_recorded_before_its_own_day(make: Callable[..., object], own: str) -> None:
    with pytest.raises(tk.InvalidValue) as raised:
        make(recorded_on=DAY - ONE)
    (problem,) = raised.value.problems
    assert (problem.field, problem.found) == ("recorded_on", "2026-03-03")
    assert problem.expected == f"a day on or after {own}, which is 2026-03-04"
    assert problem.hint.endswith("leave recorded_on out")
    made = make(recorded_on=DAY, recorded_by="maria")
    assert made == make(recorded_on=DAY, recorded_by="maria") != make(recorded_on=DAY)
    with pytest.raises(tk.TierkitError) as both:
        make(recorded_on="2026-03-04", recorded_by=" maria")
    assert {problem.field for problem in both.value.problems} == {"recorded_on", "recorded_by"}


def test_a_reversal_says_everything_that_is_wrong_with_it() -> None:
    with pytest.raises(tk.InvalidValue) as raised:
        reversal(id="", reverses=" D-1", cause="", reason="a\nb", on=date(1800, 1, 1))
    fields = [problem.field for problem in raised.value.problems]
    assert fields == ["id", "reverses", "cause", "reason", "on"]
    assert reversal().cause == CORRECTION
    assert tk.Partner(id="n", recorded_on=DAY).recorded_on == DAY


def test_a_book_is_written_and_read_with_its_corrections(tmp_path: Path) -> None:
    maria: dict[str, object] = {"recorded_on": month(6), "recorded_by": "maria"}
    book = tk.Book(
        [
            deal(),
            deal(id="D-2", replaces="D-1", **maria),
            account(holders=[tk.Holder(partner="northwind", since=DAY, **maria)], **maria),  # type: ignore[arg-type]
            tk.Reading(partner="northwind", name="grr", value=1, on=DAY, **maria),  # type: ignore[arg-type]
            reversal(reverses="D-2", cause="non-payment", on=month(5), reason="two invoices", **maria),
        ]
    )
    tk.write_book(book, tmp_path)
    assert tk.read_book(tmp_path) == book
    assert (tmp_path / "reversals.csv").read_text(encoding="utf-8") == (
        "id,reverses,on,cause,reason,recorded_on,recorded_by\n"
        "R-1,D-2,2026-05-01,non-payment,two invoices,2026-06-01,maria\n"
    )
