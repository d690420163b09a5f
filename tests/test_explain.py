"""The number and its reason come from the same computation; computing the tree again gives the number."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

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


@pytest.mark.parametrize("other", [3, "D-118", [3], BOOK, None])
def test_nothing_else_is_explained(other: object) -> None:
    with pytest.raises(tk.WrongType, match="expected an entry, several entries, a standing or a quote"):
        tk.explain(other)  # type: ignore[arg-type]
