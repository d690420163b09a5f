"""What is left of an account that a correction ends: all that it was before that day, and nothing later."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from strategies_engine import hubspot

import tierkit as tk

DAY = timedelta(days=1)
ME = "northwind"
END = date(2026, 5, 1)


def account(*holders: tk.Holder, id: str = "A", **fields: object) -> tk.ManagedAccount:
    given = {"id": id, "customer": "bolt", "mrr": tk.Money("880", "EUR"), "market": "DE"}
    return tk.ManagedAccount(holders=holders, **(given | fields))  # type: ignore[arg-type]


def holder(*actions: date, since: date | None = date(2026, 1, 1), until: date | None = None) -> tk.Holder:
    return tk.Holder(partner=ME, since=since, until=until, actions=actions)


def correction(fact: str = "A", id: str = "R") -> tk.Reversal:
    return tk.Reversal(id=id, reverses=fact, on=END, cause="correction")


def left(*facts: tk.ManagedAccount) -> tuple[tk.ManagedAccount, ...]:
    return tk.Book([*facts, *(correction(each.id, f"R-{each.id}") for each in facts)]).in_force.accounts


def managed(book: tk.Book, on: date) -> str:
    return str(tk.assess(tk.earn(book, hubspot()), on=on, partner=ME)["managed"])


def test_each_of_several_corrections_acts() -> None:
    ended = left(account(holder(), id="A"), account(holder(), id="B"), account(holder(), id="C"))
    assert [(each.id, each.holders[0].until) for each in ended] == [("A", END), ("B", END), ("C", END)]


def test_what_changed_in_an_account_before_its_correction_stays() -> None:
    changes = [tk.Change(on=date(2026, 3, 1), mrr=tk.Money("1760", "EUR"))]
    told = account(holder(), changes=changes, recorded_on=date(2026, 1, 1))
    book = tk.Book([told, correction()])
    assert book.in_force.accounts == (
        account(holder(until=END), changes=changes, recorded_on=date(2026, 1, 1)),
    )
    days = (date(2026, 2, 28), date(2026, 3, 1), END - DAY, END)
    assert [managed(book, day) for day in days] == ["10", "20", "20", "0"]


@pytest.mark.parametrize(("since", "stays"), [(END - DAY, True), (END, False), (END + DAY, False)])
def test_who_came_on_the_day_of_the_correction_or_later_never_was_there(since: date, *, stays: bool) -> None:
    first = tk.Holder(partner="tailspin", since=date(2026, 1, 1))
    [ended] = left(account(first, holder(since=since)))
    assert [each.partner for each in ended.holders] == [*[ME] * stays, "tailspin"]


@pytest.mark.parametrize(
    ("until", "expected"), [(END - DAY, END - DAY), (END, END), (END + DAY, END), (None, END)]
)
def test_an_end_that_was_stated_stays_where_it_comes_first(until: date | None, expected: date) -> None:
    acted = date(2026, 4, 1)
    [ended] = left(account(holder(acted, until=until)))
    assert ended.holders == (holder(acted, until=expected),)


def test_actions_of_later_days_are_gone_but_for_those_of_who_acted_never_before() -> None:
    """Without any action on record an account counts as served all the time, which this one never was."""
    early, late = date(2026, 4, 1), date(2026, 6, 1)
    [ended] = left(account(holder(early, late)))
    assert ended.holders == (holder(early, until=END),)
    never = account(holder(late))
    [ended] = left(never)
    assert ended.holders == (holder(late, until=END),)
    assert managed(tk.Book([never, correction()]), date(2026, 4, 1)) == "0"
    other = tk.Holder(partner="tailspin", since=date(2026, 1, 1), until=END)
    assert left(account(holder(late, since=None), other)) == (account(other),)
