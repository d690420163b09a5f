"""The number and its reason come from the same computation; computing the tree again gives the number."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

import tierkit as tk

ON = date(2026, 8, 1)
PROGRAM = tk.load_program("hubspot-solutions")
BOOK = tk.Book(
    [
        tk.Deal(
            id="D-118",
            partner="north",
            customer="acme <b>",
            market="BR",
            kind="sourced",
            closed_on=date(2026, 3, 4),
            mrr=tk.Money("1000", "EUR"),
        ),
        tk.Deal(
            id="D-119",
            partner="north",
            customer="bolt",
            market="DE",
            kind="assisted",
            closed_on=date(2026, 4, 4),
            mrr=tk.Money("-10", "EUR"),
        ),
        tk.Deal(
            id="D-1",
            partner="north",
            customer="bolt",
            market="DE",
            kind="assisted",
            closed_on=date(2023, 4, 4),
            mrr=tk.Money("10", "EUR"),
        ),
        tk.ManagedAccount(
            id="A-1",
            customer="acme",
            market="DE",
            mrr=tk.Money("880", "EUR"),
            holders=tuple(
                tk.Holder(partner=name, since=date(2026, 1, 1)) for name in ("north", "south", "west")
            ),
        ),
    ]
)
LEDGER = tk.earn(BOOK, PROGRAM)
CHANGES = tk.changes(LEDGER, since=date(2025, 12, 31), until=ON, partner="north")
FORECAST = tk.forecast(LEDGER, on=ON, until=date(2027, 7, 15), partner="north")
STANDING = tk.assess(LEDGER, partner="north", on=ON)
QUOTE = tk.quote(
    PROGRAM,
    amount=tk.Money("1000", "EUR"),
    market="BR",
    kind="sourced",
    managed=True,
    other_partners=2,
    on=ON,
)


@pytest.mark.parametrize("result", [STANDING, QUOTE], ids=["standing", "quote"])
def test_a_result_has_a_tree_for_each_number_and_its_leaves_give_it(result: tk.Standing | tk.Quote) -> None:
    trees = {tree.label: tree for tree in tk.explain(result).trees}
    assert {name: tk.Points(tree.recompute()) for name, tree in trees.items()} == dict(result.points)


def test_the_entries_of_a_fact_are_explained_one_by_one() -> None:
    explanation = tk.explain(LEDGER["A-1"])
    assert [tree.recompute() for tree in explanation.trees] == [Fraction(10, 3)] * 3
    assert explanation.title == "entries of A-1"
    assert tk.explain(LEDGER["A-1"][0]).trees == explanation.trees[:1]


def test_each_change_has_a_tree_that_gives_the_points_after_it_or_those_that_it_took() -> None:
    for result, rows in ((CHANGES, CHANGES.rows), (FORECAST, FORECAST.changes.rows)):
        trees = tk.explain(result).trees
        assert len(trees) == len(rows) > 0
        for tree, row in zip(trees, rows, strict=True):
            assert tk.Points(tree.recompute()) == row.after or (tk.Points(tree.recompute()), row.after) == (
                row.before,
                tk.Points(0),
            )
            assert tree.label.startswith(f"{row.on}, {row.customer}, {row.cause}: {row.track} points ")
            assert (tree.fact, tree.parts) == (row.fact, row.reason.parts)


def test_a_change_says_what_was_before_it_and_what_is_after() -> None:
    expired, taken_on, sold = (
        next(row for row in rows if row.cause is cause)
        for rows, cause in (
            (tk.changes(LEDGER, since=ON, until=date(2027, 3, 4), partner="north").rows, tk.Cause.EXPIRY),
            (CHANGES.rows, tk.Cause.TAKEN_ON),
            (CHANGES.rows, tk.Cause.CLOSED_DEAL),
        )
    )
    for row, words in (
        (expired, "2027-03-04, acme <b>, expiry: sourced points 1250/11 (113.63…) → 0; until then: partner"),
        (taken_on, "2026-01-01, acme, taken on: managed points 0 → 10/3 (3.33…); from then on: managed"),
        (sold, "2026-03-04, acme <b>, closed deal: sourced points 0 → 1250/11 (113.63…); from then on:"),
    ):
        explanation = tk.explain(row)
        assert f"changes of {row.fact}\n  {words}" in explanation.text
        assert explanation == tk.explain([row])


def test_a_change_for_two_causes_says_the_other_one_too() -> None:
    account = tk.ManagedAccount(
        id="A-1",
        customer="acme",
        market="DE",
        mrr=tk.Money("880", "EUR"),
        holders=(tk.Holder(partner="north", since=date(2026, 1, 1)),),
        changes=(tk.Change(on=date(2026, 5, 1), mrr=tk.Money("100", "EUR"), market="BR"),),
    )
    ledger = tk.earn(tk.Book([account]), PROGRAM)
    (row,) = tk.changes(ledger, since=date(2026, 4, 1), until=date(2026, 5, 2)).rows
    assert row.note == "also market changed"
    assert "(choice 10); also market changed]" in tk.explain(row).text


def test_what_is_explained_of_changes_is_said_first() -> None:
    titles = {
        tk.explain(CHANGES).title: "changes of north under hubspot-solutions, 2025-12-31 to 2026-08-01",
        tk.explain(FORECAST).title: (
            "changes of north under hubspot-solutions, 2026-08-01 to 2027-07-15, if nothing else happens"
        ),
        tk.explain(CHANGES.customers()[0]).title: "changes: acme <b>",
        tk.explain(CHANGES.rows).title: "changes of A-1, D-118",
    }
    assert list(titles) == list(titles.values())


def test_no_changes_are_said() -> None:
    none = tk.changes(LEDGER, since=ON, until=ON, partner="north")
    assert tk.explain(none).text.endswith("2026-08-01 to 2026-08-01: nothing changed")


def test_what_a_movement_takes_is_explained_without_a_fact() -> None:
    sketch = Path(__file__).parents[1] / "docs" / "explanation" / "other-programs" / "flying-blue.toml"
    facts: list[tk.Partner | tk.Event] = [
        tk.Partner(id="m", joined_on=date(2025, 1, 1)),
        *(
            tk.Event(id=f"F-{n}", partner="m", type="flight", on=date(2025, 3, 1), quantity="120")
            for n in range(2)
        ),
    ]
    ledger = tk.earn(tk.Book(facts), tk.load_program(sketch))
    changes = tk.changes(ledger, since=date(2025, 1, 1), until=date(2026, 6, 1))
    group = next(each for each in changes.by_cause() if each.name == tk.Cause.MOVEMENT)
    title, first, *_ = tk.explain(group).text.splitlines()
    assert title == "changes: movement"
    assert first.startswith(
        "  2025-03-01, movement: xp points 100 → 0; taken off by a movement, or by the end"
    )
    assert ": 100 points [rule rise; decided on 2025-03-01; " in first
    assert first.endswith("; secondary]")
    assert tk.explain(group.rows).title == "changes of movement"
    (of_no_customer,) = changes.customers()
    assert tk.explain(of_no_customer).title == "changes: of no customer"


def test_the_text_cites_fact_rule_day_source_and_grade() -> None:
    text = str(tk.explain(LEDGER["D-118"]))
    for words in (
        "sourced points of north, 2026-03-04 up to 2027-03-04",
        "1250/11 (113.63…) points = 125/11 × 5 × 2",
        "fact D-118",
        "rule sourced-deal",
        "decided on 2026-03-04",
        "1000 ÷ 88",
        "from 2025-07-15",
        "https://www.hubspot.com/partners/partner-tiers?company_size=mid-market (after 2025-07-15)",
        "published",
        "derived",
    ):
        assert words in text


def test_a_step_is_told_once() -> None:
    text = tk.explain(STANDING).text
    assert text.count("fact D-118; rule sourced-deal;") == 1
    assert "(told above)" in text


def test_points_that_a_fact_gives_at_least_are_explained() -> None:
    (entry,) = LEDGER["D-119"]
    assert entry.points == tk.Points(0)
    assert ", at least 0" in tk.explain(entry).text


def test_an_expired_entry_is_not_part_of_a_standing() -> None:
    assert "D-1," not in tk.explain(STANDING).text
    assert {entry.fact for entry in STANDING.entries} == {"D-1", "D-118", "D-119", "A-1"}


def test_many_summands_are_counted_instead_of_listed() -> None:
    deals = [
        tk.Deal(
            id=f"D-{n}",
            partner="n",
            customer="c",
            market="DE",
            kind="sourced",
            closed_on=ON,
            mrr=tk.Money(n + 1, "USD"),
        )
        for n in range(7)
    ]
    text = tk.explain(tk.assess(tk.earn(tk.Book(deals), PROGRAM), on=ON)).text
    assert "sourced: 1.4 points = the sum of 7" in text


def test_rows_carry_what_the_text_does() -> None:
    rows = tk.explain(LEDGER["D-118"]).rows
    assert [row.depth for row in rows] == [0, 1, 2, 2, 1, 1]
    value = next(row for row in rows if row.label == "point value")
    assert (value.value, value.unit, value.grade) == (Fraction(88), "EUR", tk.Grade.PUBLISHED)
    assert (value.period, value.version) == (tk.Span(date(2025, 7, 15), None), "after 2025-07-15")
    money = next(row for row in rows if row.fact == "D-118" and row.depth == 2)
    assert (money.source, money.version, money.grade) == ("", "", None)


def test_a_fact_that_earned_nothing_says_so() -> None:
    book = BOOK.adding(
        tk.Deal(
            id="D-2", partner="north", customer="c", kind="sourced", closed_on=ON, mrr=tk.Money("5", "BRL")
        )
    )
    ledger = tk.earn(book, PROGRAM)
    assert tk.explain(ledger["D-2"]).text == "no entries: nothing was earned"
    assert [problem.where for problem in ledger.problems] == ["deal D-2"]


def test_posted_points_have_no_customer_to_name() -> None:
    sketch = Path(__file__).parents[1] / "docs" / "explanation" / "other-programs" / "flying-blue.toml"
    flown = date(2025, 3, 1)
    book = tk.Book([tk.Event(id="F-1", partner="m", type="flight", on=flown, quantity="120")])
    standing = tk.assess(tk.earn(book, tk.load_program(sketch)), on=flown)
    text = tk.explain(standing).text
    posted = [entry for entry in standing.entries if not entry.fact]
    assert posted
    assert ", ," not in text
    assert all(f"{entry.reason.label}, {entry.span}: " in text for entry in posted)
    assert tk.explain(posted).title == "entries of movement"


def test_what_says_why_by_itself_is_hinted_at() -> None:
    review = tk.review(LEDGER, on=ON, partner="north")
    plan = tk.plan(LEDGER, tier="gold", by=date(2027, 1, 15), on=ON, partner="north")
    for result, words in ((review, "look at its .decisions"), (plan, "look at its .progress")):
        with pytest.raises(tk.WrongType, match=words):
            tk.explain(result)  # type: ignore[arg-type]


@pytest.mark.parametrize("other", [3, "D-118", [3], BOOK, None, [*LEDGER["D-118"], *CHANGES.rows]])
def test_nothing_else_is_explained(other: object) -> None:
    with pytest.raises(tk.WrongType, match="expected an entry or several, a standing, a quote, changes"):
        tk.explain(other)  # type: ignore[arg-type]
