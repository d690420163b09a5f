# ruff: noqa: E501 - one refused call is one row of a table
"""`compare`: the same book under several programs on a day, and what a rule change does to whom."""

from __future__ import annotations

import pickle
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_engine import asked_days, books, hubspot, hubspot_with, own

import tierkit as tk
from tierkit.engine.review import review
from tierkit.frozen import changed
from tierkit.reports.compare import comparison_tables

if TYPE_CHECKING:
    from collections.abc import Callable

ON = date(2026, 11, 23)
MINE = '[sources.mine]\nurl = "https://example.org/mine"\ngrade = "secondary"\n'
BARS = (
    '[[tier]]\nid = "{0}"\n[[tier.requires]]\nfrom = 2026-01-01\nuntil = 2027-01-15\n'
    'all = [{{ measure = "total", at-least = "{1}" }}]\nsource = "mine"\n'
)
LOWER = BARS.format("gold", "50") + BARS.format("platinum", "100")
HIGHER = BARS.format("gold", "1000")
RATE = '[[earn]]\nid = "sourced-deal"\n[[earn.rate]]\nfrom = 2026-01-01\npoints = "6"\nsource = "mine"\n'
OTHER_RATES = hubspot_with(MINE + RATE + LOWER)
HARDER = hubspot_with(MINE + HIGHER)


def deal(partner: str, mrr: int) -> tk.Deal:
    return tk.Deal(
        id=f"D-{partner}",
        partner=partner,
        customer="acme",
        market="DE",
        kind="sourced",
        closed_on=date(2026, 3, 2),
        mrr=tk.Money(mrr, "USD"),
    )


def certified(partner: str) -> tk.Reading:
    return tk.Reading(partner=partner, name="certified", value=True, on=date(2026, 1, 1))


BOOK = tk.Book([deal("ada", 7000), certified("ada"), deal("bo", 1000), certified("bo")])


# ---------------------------------------------------------------------- laws


@given(books(most=4), asked_days())
def test_each_row_is_what_the_program_gives_by_itself(book: tk.Book, on: date) -> None:
    """'the same book under several programs or rule sets on a day'"""
    programs = (hubspot(), OTHER_RATES)
    compared = tk.compare(book, programs, on=on)
    assert [each.partner for each in compared.partners] == list(tk.earn(book, hubspot()).partners)
    for label, program in zip(compared.programs, programs, strict=True):
        ledger = tk.earn(book, program)
        for partner in ledger.partners:
            row, first = compared[partner][label], compared[partner]["hubspot-solutions"]
            standing = tk.assess(ledger, on=on, partner=partner)
            assert (row.points, row.performance_tier) == (standing.points, standing.performance_tier)
            assert (row.at_least, row.unsure) == (standing.at_least, standing.unsure)
            assert row.credited_tier == review(ledger, on=on, partner=partner).credited_tier
            assert all(first.points[name] + more == row.points[name] for name, more in row.gained.items())


@given(books(most=4), asked_days())
def test_under_the_same_program_nothing_changes(book: tk.Book, on: date) -> None:
    compared = tk.compare(book, [hubspot(), hubspot()], on=on)
    assert compared.changed == ()
    assert compared.differences["hubspot-solutions #2"] == ()
    for partner in compared.partners:
        first, second = partner.standings
        assert (first.points, first.performance_tier) == (second.points, second.performance_tier)
        assert second.performance_change in ("same", "unknown")
        assert set(second.gained.values()) <= {tk.Points(0)}


# ---------------------------------------------------------------------- what is told


def test_a_rule_change_is_told_with_whom_it_lifts() -> None:
    """'what a rule change does to whom'"""
    compared = tk.compare(BOOK, [hubspot(), OTHER_RATES], on=ON)
    assert compared.on == ON
    assert compared.programs == ("hubspot-solutions", "hubspot-solutions #2")
    ada, bo = compared["ada"], compared["bo"]
    before, after = ada.standings
    assert (before["sourced"], after["sourced"], after.gained["sourced"]) == (
        tk.Points(350),
        tk.Points(420),
        tk.Points(70),
    )
    assert after.gained["managed"] == tk.Points(0)
    assert (before.performance_tier, after.performance_tier) == (
        hubspot().tier("gold"),
        hubspot().tier("platinum"),
    )
    assert (after.performance_change, before.performance_change) == ("rose", "not compared")
    assert bo["hubspot-solutions"].performance_tier is None
    assert bo["hubspot-solutions #2"].performance_change is tk.TierChange.ROSE
    assert (not before.gained, before.changed, after.changed) == (True, False, True)
    assert compared.changed == (ada, bo)


def test_a_harder_rule_lets_a_tier_fall_and_whom_it_does_not_touch_stays() -> None:
    compared = tk.compare(BOOK, [hubspot(), HARDER], on=ON)
    ada, bo = (compared[name]["hubspot-solutions #2"] for name in ("ada", "bo"))
    assert (ada.performance_tier, ada.performance_change) == (None, "fell")
    assert (bo.performance_tier, bo.performance_change) == (None, "same")
    assert not bo.changed or bo.credited_change in ("rose", "fell")


def test_the_credited_tier_is_compared_too() -> None:
    """'the badge held after the movement rules were applied'"""
    held = tk.Held(partner="ada", tier="gold", on=date(2026, 7, 15), since=date(2026, 1, 15))
    other = hubspot_with(MINE + LOWER)
    compared = tk.compare(tk.Book([*BOOK, held]), [hubspot(), other], on=ON, partner="ada")
    before, after = compared["ada"].standings
    assert (before.credited_tier, after.credited_tier) == (hubspot().tier("gold"), hubspot().tier("platinum"))
    assert (after.credited_change, set(after.gained.values())) == ("rose", {tk.Points(0)})
    assert after.changed


def test_a_tier_that_is_not_known_is_neither_up_nor_down() -> None:
    """'Unknown is not zero and not "no".'"""
    unknown = hubspot_with(MINE + BARS.format("gold", "unknown").replace('"mine"\n', '"mine"\nnote = "?"\n'))
    row = tk.compare(tk.Book([deal("ada", 100)]), [hubspot(), unknown], on=ON)["ada"].standings[1]
    assert row.performance_tier is tk.Verdict.UNKNOWN
    assert row.performance_change is tk.TierChange.UNKNOWN
    assert not row.changed


def test_the_differences_of_the_programs_are_there_by_label() -> None:
    compared = tk.compare(BOOK, [hubspot(), OTHER_RATES, HARDER], on=ON)
    assert list(compared.differences) == ["hubspot-solutions", "hubspot-solutions #2", "hubspot-solutions #3"]
    assert compared.differences["hubspot-solutions"] == ()
    assert compared.differences["hubspot-solutions #2"] == hubspot().diff(OTHER_RATES)
    assert compared.differences["hubspot-solutions #3"] == hubspot().diff(HARDER)


def test_one_partner_may_be_asked_for() -> None:
    compared = tk.compare(BOOK, [hubspot(), OTHER_RATES], on=ON, partner="bo")
    assert [each.partner for each in compared.partners] == ["bo"]
    assert compared["bo"] == tk.compare(BOOK, [hubspot(), OTHER_RATES], on=ON)["bo"]


def test_tiers_of_two_ladders_do_not_compare() -> None:
    """'tiers of two ladders do not compare'"""
    compared = tk.compare(BOOK, [hubspot(), own()], on=ON)
    row = compared["ada"]["own"]
    assert (row.performance_change, row.credited_change) == ("not compared", "not compared")
    assert row.gained == {}
    assert list(row.points) == ["spent", "done", "held", "all"]


# ---------------------------------------------------------------------- what a program does not cover


def test_a_day_that_one_program_does_not_cover_stops_the_others_not() -> None:
    compared = tk.compare(BOOK, [hubspot(), own()], on=date(2023, 6, 1))
    covered, refused = compared["ada"].standings
    assert covered.refused == ()
    assert refused.points == {}
    assert (refused.performance_tier, refused.credited_tier) == (tk.Verdict.UNKNOWN, tk.Verdict.UNKNOWN)
    (problem,) = refused.refused
    assert (problem.found, problem.where) == ("2023-06-01", "own")
    assert "is in force: from 2024-01-01" in problem.expected
    first = tk.compare(BOOK, [own(), hubspot()], on=date(2023, 6, 1))["ada"]
    assert first["own"].refused == refused.refused
    assert first["hubspot-solutions"].points == covered.points


def test_a_held_tier_of_another_program_leaves_the_points() -> None:
    held = tk.Held(partner="ada", tier="gold", on=date(2026, 1, 15))
    compared = tk.compare(tk.Book([*BOOK, held]), [hubspot(), own()], on=ON)
    row = compared["ada"]["own"]
    assert row.points["spent"] == tk.Points(0)
    assert row.performance_tier is None
    assert row.credited_tier is tk.Verdict.UNKNOWN
    (problem,) = row.refused
    assert (problem.found, problem.expected) == ("'gold'", "one of one")


def test_what_one_program_cannot_value_is_named() -> None:
    """'a fact that cannot be valued does not stop a book', and why a figure is only at least so much is told"""
    sold = changed(deal("ada", 7000), id="D-real", mrr=tk.Money(5000, "BRL"))
    valued = hubspot_with(MINE + '[[point-value]]\namounts = { BRL = 500 }\nsource = "mine"\n')
    compared = tk.compare(BOOK.adding(sold), [valued, hubspot()], on=ON)
    knows, lacks = compared["ada"].standings
    assert (knows.problems, knows.at_least) == ((), ())
    (problem,) = lacks.problems
    assert (problem.where, problem.field) == ("deal D-real", "currency")
    assert "sourced" in lacks.at_least
    assert compared["bo"]["hubspot-solutions"].problems == ()
    titles = [table.caption for table in comparison_tables(compared)]
    assert titles[1] == "What could not be valued under hubspot-solutions #2"
    assert len(titles) == 3


@given(known=st.integers(0, 20_000), hidden=st.integers(1, 20_000), value=st.integers(50, 900))
def test_a_deal_that_cannot_be_valued_hides_no_rise_and_no_fall(known: int, hidden: int, value: int) -> None:
    """'unknown where that hangs on facts that could not be valued': never the wrong one of same, rose and fell"""
    sold = changed(deal("ada", 7000), id="D-real", mrr=tk.Money(hidden, "BRL"))
    book = tk.Book(
        [deal("ada", known + 1), sold, tk.Reading(partner="ada", name="certified", value=True, on=ON)]
    )
    worth = f'[[point-value]]\namounts = {{ BRL = {value} }}\nsource = "mine"\n'
    knowing = [hubspot_with(MINE + worth), hubspot_with(MINE + worth + HIGHER)]
    lacking = [hubspot(), hubspot_with(MINE + HIGHER)]
    knows, lacks = (tk.compare(book, each, on=ON)["ada"].standings[1] for each in (knowing, lacking))
    assert lacks.performance_change in (knows.performance_change, tk.TierChange.UNKNOWN)


def test_where_a_tier_may_be_another_that_is_told() -> None:
    sold = changed(deal("ada", 7000), id="D-real", mrr=tk.Money(5000, "BRL"))
    compared = tk.compare(BOOK.adding(sold), [hubspot(), hubspot_with(MINE + HIGHER)], on=ON)
    first, other = compared["ada"].standings
    assert first.possible_tier is not None
    assert other.performance_change is tk.TierChange.UNKNOWN
    table = comparison_tables(compared)[0]
    told = dict(zip(table.columns, table.rows[0], strict=True))["performance tier"]
    assert told.endswith(f", perhaps {first.possible_tier}")


def test_what_the_programs_have_otherwise_on_the_day_is_shown_first() -> None:
    """'what a rule change does to whom': its rules are not lost among those of other days"""
    rate = '[[earn]]\nid = "sourced-deal"\n[[earn.rate]]\nfrom = 2022-07-18\nuntil = 2023-01-01\npoints = "6"\nsource = "mine"\n'
    compared = tk.compare(BOOK, [hubspot(), hubspot_with(MINE + rate + HIGHER)], on=ON)
    differences = compared.differences["hubspot-solutions #2"]
    assert differences[0].name == "sourced-deal: rate"
    rows = [row[:2] for row in comparison_tables(compared)[-1].rows]
    today = [(each.name, str(each.span)) for each in differences if ON in each.span]
    assert rows[: len(today)] == today
    assert ("sourced-deal: rate", "2022-07-18 up to 2023-01-01") in rows[len(today) :]


def test_a_book_of_nobody_gives_nobody() -> None:
    assert tk.compare(tk.Book([]), [hubspot(), own()], on=ON).partners == ()


WRONG: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "one program": (lambda: tk.compare(BOOK, [hubspot()], on=ON), tk.InvalidValue, "found 1 program; expected at least two"),
    "no programs": (lambda: tk.compare(BOOK, [], on=ON), tk.InvalidValue, "found 0 programs"),
    "a program by itself": (lambda: tk.compare(BOOK, hubspot(), on=ON), tk.WrongType, "a list of at least two programs"),  # type: ignore[arg-type]
    "names of programs": (lambda: tk.compare(BOOK, ["hubspot-solutions"], on=ON), tk.WrongType, "compare: program"),  # type: ignore[list-item]
    "a ledger": (lambda: tk.compare(tk.earn(BOOK, own()), [own(), own()], on=ON), tk.WrongType, "compare: book"),  # type: ignore[arg-type]
    "a day in words": (lambda: tk.compare(BOOK, [own(), own()], on="2026-11-23"), tk.WrongType, "compare: on"),  # type: ignore[arg-type]
    "another partner": (lambda: tk.compare(BOOK, [own(), hubspot()], on=ON, partner="adda"), tk.UnknownName, "did you mean 'ada'"),
    "another partner of the result": (lambda: tk.compare(BOOK, [own(), hubspot()], on=ON)["adda"], tk.UnknownName, "did you mean 'ada'"),
    "another label": (lambda: tk.compare(BOOK, [own(), hubspot()], on=ON)["ada"]["owm"], tk.UnknownName, "did you mean 'own'"),
    "another measure": (lambda: tk.compare(BOOK, [own(), hubspot()], on=ON)["ada"]["own"]["spend"], tk.UnknownName, "did you mean 'spent'"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_compared_is_refused(name: str) -> None:
    call, error, words = WRONG[name]
    with pytest.raises(error) as refused:
        call()
    assert words in str(refused.value)


def test_a_comparison_is_a_value() -> None:
    one, other = (tk.compare(BOOK, [hubspot(), OTHER_RATES], on=ON) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
    assert pickle.loads(pickle.dumps(one)) == one
    assert "hubspot-solutions #2" in one._repr_html_()


def test_a_tier_is_the_same_though_another_file_counts_its_ranks_anew() -> None:
    """ranks are a program's own: a tier more below does not raise those above it"""
    text = (Path(tk.__file__).parent / "programs" / "starter.toml").read_text(encoding="utf-8")
    up = re.sub(r"rank     = (\d)", lambda found: f"rank     = {int(found[1]) + 1}", text)
    more = (
        '[[tier]]\nid = "copper"\nrank = 1\nrequires = {measure = "sales", at-least = 10}\n# --- Movements.'
    )
    first, other = tk.parse_program(text), tk.parse_program(up.replace("# --- Movements.", more))
    book = tk.Book([deal("a", 1200), deal("b", 300)])
    found = tk.compare(book, [first, other], on=ON)
    assert found["a"].standings[1].performance_change is tk.TierChange.SAME
    assert found["b"].standings[1].performance_change is tk.TierChange.ROSE
    renamed = tk.parse_program(text.replace('"bronze"', '"brass"'))
    [_, none_has_both] = tk.compare(book, [first, renamed], on=ON)["a"].standings
    assert none_has_both.performance_change is tk.TierChange.NOT_COMPARED
