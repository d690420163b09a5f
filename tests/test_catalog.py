"""The catalog: every program that is shipped loads, says what it rests on, and does what its examples say."""

from __future__ import annotations

import json
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import tierkit as tk
from tierkit.vectors.run import run_vectors

if TYPE_CHECKING:
    from tierkit.facts.facts import Fact

ROOT = Path(__file__).parents[1]
CATALOG = ROOT / "src" / "tierkit" / "programs" / "catalog"
VECTORS = ROOT / "examples" / "vectors"
EXAMPLES = {
    "hubspot-solutions": ("hubspot-solutions", "hubspot-lifetimes", "hubspot-reviews"),
    "hubspot-solutions-money-era": ("hubspot-solutions-money-era",),
    "odoo": ("odoo",),
    "quickbooks-proadvisor": ("quickbooks-proadvisor",),
    "microsoft-capability-score": ("microsoft-capability-score",),
    "xero": ("xero",),
    "miles-and-more": ("miles-and-more",),
    "flying-blue": ("flying-blue",),
}
PROGRAMS = sorted(EXAMPLES)
ERA = date(2022, 7, 18)
DAY = timedelta(days=1)
BASE = "hubspot-solutions"
MONEY_ERA = "hubspot-solutions-money-era"
OTHERS = [name for name in PROGRAMS if name not in (BASE, MONEY_ERA)]


def page_of(name: str) -> str:
    return (ROOT / "docs" / "rules" / f"{name}.md").read_text(encoding="utf-8")


def test_the_catalog_is_what_is_shipped() -> None:
    assert sorted(tk.program_names()) == PROGRAMS
    assert sorted(path.stem for path in CATALOG.glob("*.toml")) == PROGRAMS


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_says_that_it_is_unofficial(name: str) -> None:
    program = tk.load_program(name)
    assert program.id == name
    assert program.note.startswith("An unofficial transcription of ")
    assert "not approved by " in program.note
    assert tomllib.loads((CATALOG / f"{name}.toml").read_text(encoding="utf-8"))["format"] == 1


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_value_has_a_source_and_a_grade(name: str) -> None:
    """'Each with sources, grades': of every dated value, a source that the program lists, and a grade that is
    no better than that of the source."""
    program = tk.load_program(name)
    grades = list(tk.Grade)
    values = list(program.sourced_values())
    assert values
    for what, period in values:
        assert program.sources.get(period.source.id) == period.source, what
        assert grades.index(period.grade) >= grades.index(period.source.grade), what


@pytest.mark.parametrize("name", PROGRAMS)
def test_no_source_goes_unused(name: str) -> None:
    program = tk.load_program(name)
    used = {period.source.id for _, period in program.sourced_values()}
    used |= {choice.source.id for choice in program.choices if choice.source is not None}
    assert used == set(program.sources)


@pytest.mark.parametrize("name", PROGRAMS)
def test_choices_are_numbered_and_named_where_they_are_followed(name: str) -> None:
    program = tk.load_program(name)
    assert [choice.number for choice in program.choices] == list(range(1, len(program.choices) + 1))
    page = page_of(name)
    assert "Unofficial" in page
    page += page_of(BASE) if name == MONEY_ERA else ""
    for choice in program.choices:
        assert f"| {choice.number} | {choice.question} | {choice.reading} |" in page


@pytest.mark.parametrize(("program", "file"), [(name, file) for name in PROGRAMS for file in EXAMPLES[name]])
def test_the_worked_examples_hold(program: str, file: str) -> None:
    """'worked examples that `tierkit verify` runs', at least ten for each program."""
    outcomes = run_vectors(tk.load_program(program), VECTORS / f"{file}.json")
    assert [str(outcome) for outcome in outcomes if outcome.passed is False] == []
    waiting = {outcome.id for outcome in outcomes if outcome.passed is None}
    assert waiting <= {"rev-retention-99", "commission-2020-480"}
    if file == EXAMPLES[program][0]:
        assert len(outcomes) - len(waiting) >= 10


@pytest.mark.parametrize("name", OTHERS)
def test_every_tier_is_reached_by_an_example(name: str) -> None:
    """No tier of known bars is without an example that reaches it."""
    program = tk.load_program(name)
    vectors = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))["vectors"]
    said = json.dumps([vector["expect"] for vector in vectors])
    for tier in (*program.tiers, *(tier for tiers in program.ladders.values() for tier in tiers)):
        bars = [each.bar for period in program.requires[tier.id] for each in period.value.conditions()]
        if any(bar is not None for bar in bars):
            assert f'"{tier.id}"' in said, tier.id


@pytest.mark.parametrize("name", OTHERS)
def test_examples_name_their_source_and_say_what_they_show(name: str) -> None:
    vectors = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))["vectors"]
    urls = {source.url for source in tk.load_program(name).sources.values()} - {""}
    for vector in vectors:
        assert vector["note"], vector["id"]
        assert not urls or vector["source"] in urls, vector["id"]


def at(name: str, on: date, *facts: Fact) -> tk.Standing:
    book = tk.Book([tk.Partner(id="ada", joined_on=date(2016, 1, 1)), *facts])
    return tk.assess(tk.earn(book, tk.load_program(name)), on=on)


def test_the_points_era_is_the_same_with_and_without_the_money_era() -> None:
    """'The HubSpot results of before stay bit for bit the same': money stands in a program of its own."""
    base, longer = tk.load_program(BASE), tk.load_program(MONEY_ERA)
    assert base.in_force.days() == "from 2022-07-18"
    assert longer.in_force.days() == "from 2016-11-03"
    assert longer.rules[: len(base.rules)] == base.rules
    assert longer.movements == base.movements
    for tier in base.tiers:
        since = [each for each in longer.requires[tier.id] if (each.effective_from or date.min) >= ERA]
        assert tuple(since) == base.requires[tier.id].periods
    deal = tk.Deal(
        id="D-1",
        partner="ada",
        customer="acme",
        market="DE",
        kind="sourced",
        closed_on=date(2026, 8, 1),
        mrr=tk.Money("1000", "EUR"),
    )
    for on in (date(2026, 8, 1), date(2027, 7, 31), date(2027, 8, 1)):
        assert at(BASE, on, deal).points == at(MONEY_ERA, on, deal).points


def test_money_and_points_change_places_on_the_day_of_the_new_era() -> None:
    """'until 2022-07-17' two bars of money, and no point counts for a tier; from the day after, points."""
    deal = tk.Deal(
        id="D-1",
        partner="ada",
        customer="acme",
        market="US",
        kind="sourced",
        closed_on=ERA - DAY,
        mrr=tk.Money("65000", "USD"),
    )
    account = tk.ManagedAccount(
        id="A-1",
        customer="acme",
        mrr=tk.Money("170000", "USD"),
        market="US",
        holders=[tk.Holder(partner="ada", since=ERA - DAY)],
    )
    readings = [
        tk.Reading(partner="ada", name=name, value=value, on=date(2022, 1, 1))
        for name, value in (("certified", True), ("median-apps", 3))
    ]
    before, after = (at(MONEY_ERA, on, deal, account, *readings) for on in (ERA - DAY, ERA))
    assert str(before.performance_tier) == "Elite"
    assert {check.quantity for check in before.toward("elite").checks if check.need is not None} == {
        "sold-mrr",
        "managed-mrr",
        "market",
        "certified",
        "median-apps",
    }
    assert after.performance_tier is tk.Verdict.UNKNOWN
    assert after["sourced"] == tk.Points(1950)
    assert not {check.quantity for check in after.toward("elite").checks if check.verdict is not None} & {
        "sold-mrr",
        "managed-mrr",
        "market",
        "median-apps",
    }


def test_values_of_an_extended_program_say_which_file_they_came_from() -> None:
    """'the explanation says which file a value came from'"""
    files = {period.file for _, period in tk.load_program(MONEY_ERA).sourced_values()}
    assert files == {f"{BASE}.toml", f"{MONEY_ERA}.toml"}
