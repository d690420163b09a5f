"""The number and its reason come from the same computation; computing the tree again gives the number."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from club_program import CLUB, JOINED, ME, card, club, flight, member, seat
from hypothesis import given
from hypothesis import strategies as st
from strategies_engine import program_of

import tierkit as tk

if TYPE_CHECKING:
    from tierkit.facts.facts import Fact

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
    assert first.startswith("  2025-03-01, movement: xp points 100 → 0; taken off on reaching Silver: ")
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


# ---------------------------------------------------------------- programs of other units, files and sources

PLAIN = """
format = 1
id     = "plain"
name   = "Plain"
tracks = ["sales"]

[sources.talk]
url   = ""
grade = "secondary"

[sources.letter]
url     = ""
version = "a letter of 2026"
grade   = "secondary"

[[earn]]
id     = "sale"
select = { fact = "deal" }
track  = "sales"
rate   = { points = 5 }
live   = { months = 12 }
"""
SALE = tk.Deal(id="D", partner=ME, customer="acme", closed_on=JOINED, kind="new", mrr=tk.Money(1, "EUR"))


@given(st.permutations(["flight", "card", "seat"]), st.integers(0, 3))
def test_every_number_is_told_in_what_it_counts(kinds: list[str], number: int) -> None:
    """'unit: what it counts: "points", "users", the code of a currency'"""
    made: dict[str, Fact] = {
        "flight": flight("F", JOINED, 12),
        "card": card("C", JOINED, "50"),
        "seat": seat("S", JOINED),
    }
    ledger = member(*(made[kind] for kind in kinds[:number]))
    standing = tk.assess(ledger, on=JOINED)
    quote = tk.quote(
        club(), amount=tk.Money(9, "EUR"), market=None, kind="order", managed=True, on=JOINED, tier="gold"
    )
    for result in (standing, quote):
        rows = [row for row in tk.explain(result).rows if not row.depth]
        told = {row.label: row.unit for row in rows if row.label in result.measures}
        assert told == {name: result.units.get(name, "points") for name in result.measures}
    for entry in standing.entries:
        (line,) = tk.explain(entry).text.splitlines()[1:2]
        unit = standing.units.get(entry.track, "points")
        track = f"{entry.track} points" if unit == "points" else entry.track
        assert line.startswith(f"  {track} of {ME}, ")
        assert f": {entry.points} {unit} = " in line
    for row in tk.changes(ledger, since=date(2024, 12, 31), until=JOINED).rows:
        unit = standing.units.get(row.track, "points")
        track = f"{row.track} points" if unit == "points" else row.track
        assert f": {track} 0 → {row.after}; from then on: " in tk.explain(row).text


def test_a_measure_is_told_as_of_its_day_and_by_its_name() -> None:
    text = tk.explain(tk.assess(member(card("C", JOINED, "50"), seat("S", JOINED)), on=JOINED)).text
    assert "  average: 50 = 50 ÷ 1 [measure average]\n    spend: 50 EUR [as of 2025-01-01]" in text
    assert "  months: 0 months [measure months; as of 2025-01-01; whole months as silver or above]" in text


def test_what_is_no_exact_number_says_why_though_no_fact_is_at_fault() -> None:
    """A reading that was not supplied is no problem of a fact."""
    text = CLUB.replace(
        "[measures]\n", '[measures]\nraised = { only-if = { reading = "asked", is = true }, of = "miles" }\n'
    )
    program = program_of(f'{text}\n[readings.asked]\nname = "asked"\ntype = "yes-no"\n')
    book = tk.Book([tk.Partner(id=ME, joined_on=JOINED), flight("F", JOINED, 12)])
    standing = tk.assess(tk.earn(book, program), on=JOINED)
    assert (standing.problems, "raised" in standing.unsure) == ((), True)
    told = tk.explain(standing)
    assert told.trees[-2].note == (
        "given what it requires; no bound either way: something that decides on it is not known"
    )
    assert "because of" not in told.text


def test_what_lacks_a_fact_says_which() -> None:
    owed = tk.Deal(id="O", partner=ME, customer="b", closed_on=JOINED, kind="order", mrr=tk.Money(5, "BRL"))
    standing = tk.assess(member(owed, flight("F", JOINED, 12)), on=JOINED)
    (spend,) = (tree for tree in tk.explain(standing).trees if tree.label == "spend")
    assert "spend" in standing.at_least
    assert spend.note.startswith("at least so much, because of: deal O: ")


@pytest.mark.parametrize(
    ("source", "said"),
    [("", "no source is given"), ("talk", "talk"), ("letter", "a letter of 2026")],
)
def test_a_value_without_a_page_says_so_once(source: str, said: str) -> None:
    rate = f'points = 5, source = "{source}"' if source else "points = 5"
    ledger = tk.earn(tk.Book([SALE]), program_of(PLAIN.replace("points = 5", rate)))
    told = tk.explain(ledger["D"])
    line = told.text.splitlines()[-1]
    assert f"rate: 5 points per unit [rule sale rate; always; {said}; " in line
    row = told.rows[-1]
    assert (row.source, row.version, row.note) == (("", said, "") if source == "letter" else ("", "", said))


def test_values_bars_and_movements_name_their_file_in_the_same_words(tmp_path: Path) -> None:
    """'Where a program was read from more than one file, reasons and explanations name it.'"""
    mine = tmp_path / "mine.toml"
    mine.write_text('format = 1\nextends = "flying-blue"\n', encoding="utf-8")
    ledger = tk.earn(
        tk.Book(
            [
                tk.Partner(id="m", joined_on=JOINED),
                tk.Event(id="F", type="flight", partner="m", on=JOINED, quantity=120),
            ]
        ),
        tk.load_program(mine),
    )
    standing, words = tk.assess(ledger, on=JOINED), "said in flying-blue.toml"
    posted = [entry for entry in standing.entries if not entry.fact]
    assert posted
    assert all(entry.reason.note.endswith(words) for entry in posted)
    assert all(leaf.note.endswith(words) for leaf in tk.explain(standing).trees[0].leaves() if leaf.source)
    assert all(check.note.endswith(words) for check in standing.tiers[0].checks)
    decided = [each for each in tk.review(ledger, on=JOINED).decisions if each.movement]
    assert decided
    assert all(each.clause.endswith(words) for each in decided)


def test_a_sum_with_what_is_taken_off_is_a_difference() -> None:
    sketch = Path(__file__).parents[1] / "docs" / "explanation" / "other-programs" / "flying-blue.toml"
    book = tk.Book([tk.Event(id="F-1", partner="m", type="flight", on=ON, quantity="120")])
    text = tk.explain(tk.assess(tk.earn(book, tk.load_program(sketch)), on=ON)).text
    assert "  xp: 20 points = 120 - 100\n" in text


def test_what_is_the_best_of_many_days_says_of_how_many() -> None:
    best = 'best = { over = "miles", each = "day", last = 7, fold = "max", counted = "standing" }\n'
    program = program_of(CLUB.replace("[measures]\n", f"[measures]\n{best}"))
    book = tk.Book([tk.Partner(id=ME, joined_on=JOINED), flight("F", JOINED, 12)])
    standing = tk.assess(tk.earn(book, program), on=date(2025, 1, 9))
    assert "  best: 12 points = the largest of 7 [measure best]\n" in tk.explain(standing).text


def told_of(measures: str, *facts: Fact, on: date) -> str:
    """Explain the standing of a member of the club, with further measures."""
    program = program_of(CLUB.replace("[measures]\n", f"[measures]\n{measures}\n"))
    book = tk.Book([tk.Partner(id=ME, joined_on=JOINED), *facts])
    return tk.explain(tk.assess(tk.earn(book, program), on=on)).text


@pytest.mark.parametrize("most", ["", ", at-most = 20"])
@pytest.mark.parametrize(
    ("counted", "days"),
    [
        ("standing", ("2025-02-28", "2025-01-31")),
        ("earned", ("2025-02-28", "2025-01-31")),
        ("best-day", ("2025-02-03", "2025-01-02")),
    ],
)
def test_every_stretch_of_a_sum_says_its_days(counted: str, days: tuple[str, str], most: str) -> None:
    """'Give the reason of what one stretch gives, with its day'"""
    measures = 'both = { sum = ["miles", "seats"] }\ntwice = { product = ["miles", 2] }\n'
    over = f'last = 2, fold = "sum", counted = "{counted}"{most} }}'
    measures += f'over = {{ over = "twice", each = "month", {over}'
    flown = flight("F", date(2025, 1, 2), 4), flight("G", date(2025, 2, 3), 3)
    text = told_of(measures, *flown, on=date(2025, 3, 9)).partition("  over: ")[2]
    january, february = (8, 6) if counted == "earned" else (8, 14)
    assert text.startswith(f"{january + february} points = {february} + {january} [measure over]\n")
    noted = "; earned from 2025-01-01 up to 2025-02-01" if counted == "earned" else ""
    assert f"    twice: {january} points = " in text
    assert f"twice: {january} points = 4 × 2 [measure twice; as of {days[1]}{noted}]\n" in text
    assert f"twice: {february} points = {february // 2} × 2 [measure twice; as of {days[0]}" in text
    if most:
        assert f"    twice: {january} points = {january}, at most 20 [as of {days[1]}]\n" in text
        assert "at most: 20 points\n" in text


def test_an_earlier_day_in_each_stretch_is_told_as_it_is() -> None:
    """'as of' the day that is asked about, where that is not the last one of the stretch"""
    measures = (
        'before = { earlier = "miles", months = 1 }\n'
        'over = { over = "before", each = "month", last = 2, fold = "max", counted = "standing" }'
    )
    text = told_of(measures, flight("F", JOINED, 4), on=date(2025, 3, 9))
    assert "    before: 4 points = 4 [measure before; as of 2025-01-28]\n" in text


@given(st.integers(2, 40), st.sampled_from(["sum", "max", "min"]))
def test_stretches_of_nothing_are_told_by_their_number(months: int, fold: str) -> None:
    """'Leave out stretches of nothing that follow another one: it says how many there are.'"""
    over = (
        f'over = {{ over = "miles", each = "month", last = {months}, fold = "{fold}", counted = "earned" }}'
    )
    told = told_of(over, flight("F", date(2025, 2, 2), 4), on=date(2025, 3, 9)).partition("  over: ")[2]
    assert "    miles: 4 points [as of 2025-02-28; earned from 2025-02-01 up to 2025-03-01]\n" in told
    more = {2: "", 3: "; as in the 1 month before it"}.get(
        months, f"; as in the {months - 2} months before it"
    )
    january = "earned from 2025-01-01 up to 2025-02-01"
    assert f"    miles: 0 points [as of 2025-01-31; {january}{more}]" in told
    assert told.count("miles: ") == 2


def test_a_stretch_in_which_no_whole_one_lies_says_so() -> None:
    """Of a window those stretches are asked about that lie in it: the running month is no whole one."""
    measures = """whole = { over = "miles", each = "month", last = 1, fold = "max", counted = "earned" }
over = { over = "whole", each = "month", last = 1, fold = "sum", counted = "earned", running = true }
"""
    text = told_of(measures, flight("F", JOINED, 4), on=date(2025, 3, 9))
    said = "no whole month lies in it; earned from 2025-03-01 up to 2025-03-10"
    assert f"    whole: 0 points [measure whole; as of 2025-03-09; {said}]\n" in text


def test_what_is_taken_off_and_the_full_target_have_their_unit() -> None:
    """'Every number has the unit that it counts'"""
    measures = """left = { net = ["spend", 3, "spend"] }
share = { scale = "left", full = 10, gives = 20 }
held  = { tenure = "silver" }
"""
    text = told_of(measures, card("C", JOINED, "50"), on=JOINED)
    for line in (
        "left: -3 EUR = 50 - 3 - 50 [measure left]",
        "less a number: -3",
        "less spend: -50 EUR = -1 × 50",
        "at least none: 0 EUR = -3, at least 0",
        "at most the full target: -3 EUR = -3, at most 10",
        "full target: 10 EUR",
        "none: 0 EUR",
    ):
        assert f" {line}\n" in text


def test_tenure_names_the_tier_as_it_is_called_on_the_day() -> None:
    named = 'id       = "silver"\nname     = "Argent"\nnamed    = { name = "Silver", until = 2025-02-01 }'
    program = program_of(CLUB.replace('id       = "silver"', named, 1))
    ledger = tk.earn(tk.Book([tk.Partner(id=ME, joined_on=JOINED)]), program)
    for on, name in ((date(2025, 1, 31), "Silver"), (date(2025, 2, 1), "Argent")):
        assert f"whole months as {name} or above" in tk.explain(tk.assess(ledger, on=on)).text


def test_what_says_why_by_itself_is_hinted_at() -> None:
    review = tk.review(LEDGER, on=ON, partner="north")
    plan = tk.plan(LEDGER, tier="gold", by=date(2027, 1, 15), on=ON, partner="north")
    history = tk.history(LEDGER, since=ON, until=ON, partner="north")
    compared = tk.compare(BOOK, [LEDGER.program, LEDGER.program], on=ON)
    reconciled = tk.reconcile(LEDGER, {"total": "5"}, on=ON, partner="north")
    for result, words in (
        (review, "look at its .decisions"),
        (plan, "look at its .progress"),
        (history, "assess the ledger on one of its days"),
        (compared, "assess the ledger under one of its programs"),
        (reconciled, "look at its .lines"),
        (LEDGER, "explain the entries of a fact"),
        (BOOK, "earn it under a program first"),
    ):
        with pytest.raises(tk.WrongType, match=words):
            tk.explain(result)  # type: ignore[arg-type]


@pytest.mark.parametrize("other", [3, "D-118", [3], BOOK, None, [*LEDGER["D-118"], *CHANGES.rows]])
def test_nothing_else_is_explained(other: object) -> None:
    with pytest.raises(tk.WrongType, match="expected an entry or several, a standing, a quote, changes"):
        tk.explain(other)  # type: ignore[arg-type]
