"""Every public value, fact and result has a JSON form with a version in it, read back identically."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from club_program import card, flight, member, seat
from hypothesis import given
from hypothesis import strategies as st

import tierkit as tk
from tierkit.facts.records import TABLE_OF
from tierkit.programs import measures
from tierkit.programs.requirements import Condition, Sense, Subject
from tierkit.programs.rules import RoundTo
from tierkit.reports.codec import TYPES, VERSION
from tierkit.values.calendar import Stretch

ON = date(2026, 8, 1)
PROGRAM = tk.load_program("hubspot-solutions")
SKETCHES = Path(__file__).parents[1] / "docs" / "explanation" / "other-programs"
OTHERS = [tk.load_program(path) for path in sorted(SKETCHES.glob("*.toml"))]
DEAL = tk.Deal(
    id="D-1",
    partner="north",
    customer='สยาม, "=1+1"',
    market="BR",
    kind="sourced",
    product_line="Sales Hub",
    closed_on=date(2026, 3, 4),
    mrr=tk.Money("1000", "EUR"),
    value=tk.Money("12000", "USD"),
    attributes={"region": "south", "strategic": True, "since": date(2020, 1, 1), "weight": Decimal("1.5")},
)
ACCOUNT = tk.ManagedAccount(
    id="A-1",
    customer="acme",
    market="SG",
    mrr=tk.Money("880", "EUR"),
    holders=(
        tk.Holder(partner="north", since=date(2026, 1, 1), actions=(date(2026, 7, 1),), primary=True),
        tk.Holder(partner="south", since=date(2026, 2, 1), until=date(2026, 12, 1)),
    ),
    changes=(tk.Change(on=date(2026, 5, 1), mrr=tk.Money("900", "EUR"), market="AU"),),
)
UNVALUED = tk.Deal(
    id="D-2",
    partner="north",
    customer="b",
    kind="assisted",
    closed_on=date(2026, 5, 5),
    mrr=tk.Money("5", "BRL"),
    market="BR",
)
BOOK = tk.Book(
    [
        DEAL,
        ACCOUNT,
        UNVALUED,
        tk.Partner(
            id="north", joined_on=date(2019, 5, 1), market="DE", name="North", attributes={"segment": "smb"}
        ),
        tk.Partner(id="south"),
        tk.Reading(partner="north", name="grr", value="76.4", on=date(2026, 1, 1)),
        tk.Reading(
            partner="north", name="certified", value=True, on=date(2026, 1, 1), until=date(2027, 1, 1)
        ),
        tk.Held(partner="north", tier="gold", on=date(2026, 7, 15), since=date(2026, 1, 15)),
    ]
)
GENERAL = (
    tk.Event(id="E-1", partner="north", type="users", on=ON, quantity="2.5", amount=tk.Money("3", "JPY")),
    tk.State(id="S-1", type="subscription", holders=(tk.Holder(partner="north", since=ON),), quantity=3),
    tk.Event(id="E-2", partner="north", type="users", on=ON, replaces="E-1", recorded_on=ON, recorded_by="m"),
    tk.Reversal(id="R-1", reverses="D-1", on=ON, cause="non-payment", reason="unpaid", recorded_on=ON),
    tk.Holder(partner="north", since=ON, recorded_on=ON, recorded_by="maria"),
    tk.Change(on=ON, market="AU", recorded_on=ON, recorded_by="maria"),
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
CHANGES = tk.changes(LEDGER, since=date(2026, 1, 1), until=ON, partner="north")
FIGURES: dict[str, Any] = {"sold": 1, "managed": STANDING["managed"].cut(2), "new managed": 0}
RECONCILED = tk.reconcile(LEDGER, FIGURES, on=ON, since=date(2026, 1, 1), partner="north")
LATER = date(2027, 1, 20)
REVIEW = tk.review(LEDGER, on=LATER, partner="north")
CLUB = member(flight("F", date(2026, 2, 1), 12), card("C", date(2026, 7, 20), "50"), seat("S", ON))
IN_UNITS = tk.review(CLUB, on=ON)
HISTORY = tk.history(LEDGER, since=date(2026, 6, 1), until=ON, partner="north")
FORECAST = tk.forecast(LEDGER, on=ON, until=LATER, partner="north")
PLAN = tk.plan(LEDGER, tier="gold", on=ON, by=date(2026, 9, 1), partner="north")
COMPARED = tk.compare(BOOK, [PROGRAM, OTHERS[0], PROGRAM], on=ON)
DIFFERENCES = PROGRAM.diff(OTHERS[0])
RATE = tk.ExchangeRate("EUR", "USD", "1.0831", ON, date(2026, 9, 1), "a bank")
SOURCE = next(iter(PROGRAM.sources.values()))
CERTIFIED = Condition(Subject.READING, "certified", Sense.IS, True, SOURCE, tk.Grade.DERIVED)  # noqa: FBT003
OPERATIONS = (
    measures.Sum(("sold", Fraction("1/3"))),
    measures.Net(("won", "lost")),
    measures.Product(("customers", Fraction(10))),
    measures.Lowest(("a", Fraction(30))),
    measures.Highest(("a", "b")),
    measures.Ratio("a", "b"),
    measures.Count(("sold",), "customer"),
    measures.Scale("a", Fraction(10), Fraction(20)),
    measures.OnlyIf("a", CERTIFIED),
    measures.Earlier("a", ago=1, stretch=Stretch.YEAR),
    measures.Over(
        "a", Stretch.MONTH, 12, measures.Fold.SUM, measures.Counted.EARNED, at_most=Fraction(5), running=True
    ),
    measures.Rounded("a", Fraction("1/2"), tk.Rounding.HALF_UP),
    measures.Tenure("gold"),
)
VALUES: list[Any] = [
    tk.check_program(SKETCHES / "flying-blue.toml"),
    *OPERATIONS,
    measures.Measure("score", "Score", OPERATIONS[0]),
    RoundTo(to=Fraction(1), mode=tk.Rounding.DOWN),
    tk.Points("625/11"),
    tk.Money("-12.34", "EUR"),
    tk.Currency("EUR"),
    tk.Market("DE"),
    tk.Tier(ladder="l", id="gold", name="Gold", rank=1),
    tk.Span(date(2026, 1, 1), None),
    RATE,
    tk.RateTable([RATE]),
    next(iter(PROGRAM.sources.values())),
    STANDING.problems[0],
    *BOOK,
    *GENERAL,
    *ACCOUNT.holders,
    *ACCOUNT.changes,
    BOOK,
    PROGRAM,
    LEDGER,
    LEDGER.partner("south"),
    *LEDGER["A-1"],
    LEDGER["D-1"][0].reason,
    *LEDGER.failures("north"),
    STANDING,
    *STANDING.tiers,
    *STANDING.tiers[-1].checks,
    *STANDING.tiers[-1].checks[0].within,
    *STANDING.customers(),
    QUOTE,
    tk.to_money(PROGRAM, sold=tk.Points(205), currency="USD", market="BR", kind="sourced", on=ON),
    CHANGES,
    *CHANGES.rows[:1],
    *CHANGES.customers()[:1],
    RECONCILED,
    RECONCILED.lines[0],
    RECONCILED.lines[0].causes[0],
    RECONCILED.lines[0].causes[0].suspects[0],
    REVIEW,
    REVIEW.looks[0],
    IN_UNITS,
    IN_UNITS.looks[-1],
    tk.assess(CLUB, on=ON),
    *REVIEW.decisions,
    HISTORY,
    HISTORY.days[-1],
    FORECAST,
    FORECAST.as_is,
    FORECAST.as_is.reviews[-1],
    FORECAST.accounts[0],
    PLAN,
    *PLAN.options,
    PLAN.keep[0],
    COMPARED,
    COMPARED["north"],
    *COMPARED["north"].standings,
    DIFFERENCES[0],
    *(stated for stated in (DIFFERENCES[0].before, DIFFERENCES[-1].after) if stated is not None),
    tk.explain(STANDING),
    tk.explain(CHANGES),
    tk.explain(QUOTE).rows[0],
    *PROGRAM.rules,
    PROGRAM.rules[0].live.periods[0].value,
    PROGRAM.rules[0].rate_day.periods[0].value,
    *PROGRAM.measures.values(),
    *PROGRAM.readings.values(),
    *PROGRAM.groups.values(),
    *PROGRAM.movements,
    PROGRAM.movements[0].effective,
    PROGRAM.rules[0].clawback.periods[0].value,
    *PROGRAM.choices,
    PROGRAM.requires["elite"].periods[0].value,
    next(PROGRAM.requires["elite"].periods[0].value.conditions()),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda v: type(v).__name__)
def test_a_form_says_its_version_and_type_and_reads_back_identically(value: Any) -> None:
    text = tk.to_json(value)
    form = json.loads(text)
    assert form["tierkit"] == f"{type(value).__name__}/{VERSION}"
    again = tk.from_json(text)
    assert again == value
    assert type(again) is type(value)
    assert tk.to_json(again) == text


def test_every_type_with_a_form_is_tried_here() -> None:
    assert {type(value).__name__ for value in VALUES} == set(TYPES)


def test_the_reference_lists_the_keys_of_every_form() -> None:
    """'All of them are there, in this order'; 'a fact leaves out what is not known: its keys are columns'"""
    page = (Path(__file__).parents[1] / "docs" / "reference" / "json.md").read_text(encoding="utf-8")
    section = page.partition("## The keys of each form")[2].partition("\n## ")[0]
    listed = {
        name: re.findall("`([a-z_]+)`", keys)
        for name, keys in re.findall(r"^\| `(\w+)` \| (.+) \|$", section, flags=re.MULTILINE)
    }
    forms = [json.loads(tk.to_json(value)) for value in VALUES]
    with_columns = {kind.__name__ for kind in (*TABLE_OF, tk.Book)}
    found = {form.pop("tierkit").partition("/")[0]: list(form) for form in forms}
    periods = json.loads(tk.to_json(PROGRAM))["in_force"]
    assert listed == {name: found[name] for name in found if name not in with_columns} | {
        "Period": list(periods[0])
    }


def test_units_are_told_where_figures_are() -> None:
    """'In `figures` a text, or `null` where nothing of it is known; `units` says what each counts'"""
    form = json.loads(tk.to_json(IN_UNITS))
    units = {"spend": "EUR", "seats": "users", "months": "months", "average": ""}
    assert form["units"] == form["looks"][-1]["units"] == units
    assert form["looks"][-1]["figures"].keys() == units.keys()


def test_every_public_class_that_is_a_value_has_a_form() -> None:
    classes = {name for name in tk.__all__ if isinstance(getattr(tk, name), type)}
    errors = {name for name in classes if issubclass(getattr(tk, name), Exception)}
    words = {name for name in classes if issubclass(getattr(tk, name), str)}
    assert classes - errors - words <= set(TYPES)


@pytest.mark.parametrize("other", OTHERS, ids=lambda program: program.id)
def test_whatever_a_program_states_reads_back_identically(other: tk.Program) -> None:
    compared = tk.compare(BOOK, [PROGRAM, other], on=ON)
    again = tk.from_json(tk.to_json(compared))
    assert again == compared
    for difference, read in zip(PROGRAM.diff(other), again.differences[other.id], strict=True):
        assert read == difference
        for name in ("before", "after"):
            stated, stated_again = getattr(difference, name), getattr(read, name)
            assert type(stated and stated.value) is type(stated_again and stated_again.value)


def test_amounts_points_and_days_are_texts() -> None:
    form = json.loads(tk.to_json(QUOTE))
    assert form["points"]["sold"] == "1250/11"
    assert form["sold"] == {"amount": "1000.00", "currency": "EUR"}
    assert form["on"] == "2026-08-01"


def test_a_form_may_be_indented() -> None:
    assert tk.to_json(tk.Points("1/3"), indent=2).splitlines()[0] == "{"


def test_the_book_form_is_what_read_book_reads(tmp_path: Any) -> None:
    path = tmp_path / "book.json"
    path.write_text(tk.to_json(BOOK), encoding="utf-8")
    assert tk.read_book(path) == BOOK


@pytest.mark.parametrize("value", [3, "text", None, 1.5, object(), tk.Grade.DERIVED, ON])
def test_a_value_of_another_kind_has_no_form(value: object) -> None:
    with pytest.raises(tk.WrongType, match="to_json"):
        tk.to_json(value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "expected JSON"),
        ("[]", "an object"),
        ("{}", "a type and its version"),
        ('{"tierkit": ["Money"]}', "a type and its version"),
        ('{"tierkit": "Mony/1"}', "a type and its version"),
        ('{"tierkit": "Points/2", "value": "1"}', "the version read here"),
        ('{"tierkit": "Points/1", "value": 1}', "a text"),
        ('{"tierkit": "Points/1", "value": 1.5}', "written as text"),
        ('{"tierkit": "Points/1", "value": NaN}', "written as text"),
        ('{"tierkit": "Points/1", "value": "1e999999999"}', "Points"),
        ('{"tierkit": "Points/1"}', "Points"),
        ('{"tierkit": "Money/1", "amont": "1", "currency": "EUR"}', "amount"),
        ('{"tierkit": "Money/1", "amount": "1.005", "currency": "EUR"}', "Money"),
        ('{"tierkit": "Money/1", "amount": "1.00", "currency": "EUR", "x": 1}', "Money"),
        ('{"tierkit": "Tier/1", "ladder": 1, "id": "a", "name": "b", "rank": "1"}', "attribute rank"),
        ('{"tierkit": "Span/1", "start": "2026-02-30", "end": null}', "Span"),
        ('{"tierkit": "Deal/1", "id": "D-1"}', "closed_on"),
        ('{"tierkit": "Standing/1"}', "Standing"),
        ('{"tierkit": "Stated/1", "value": 3, "words": "3"}', "yes or no, a text, nothing, or an object"),
        ('{"tierkit": "Stated/1", "value": {"Points": "3"}, "words": "3"}', "with one of Fraction, Sharing"),
        ('{"tierkit": "Stated/1", "value": {"Life": 1, "Tier": 2}, "words": "3"}', "with one of Fraction"),
        ('{"tierkit": "Stated/1", "value": {"Fraction": 3}, "words": "3"}', "a text"),
        ('{"tierkit": "Reason/1", "label": "a", "operator": "guess", "value": "1"}', "operator"),
        ('{"tierkit": "Explanation/1", "title": "t", "trees": ' + "[" * 99 + "]" * 99 + "}", "Explanation"),
        ("[" * 100_000, "nesting"),
    ],
)
def test_what_is_no_form_is_refused_with_the_place(text: str, words: str) -> None:
    with pytest.raises(tk.TierkitError) as refused:
        tk.from_json(text)
    assert words in str(refused.value)


def test_a_period_says_all_that_a_period_has() -> None:
    form = json.loads(tk.to_json(PROGRAM))
    del form["in_force"][0]["grade"]
    with pytest.raises(tk.InvalidValue, match="found value, effective_from, effective_until, source, note"):
        tk.from_json(json.dumps(form))


def test_a_form_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tierkit.reports.codec._LARGEST", 10)
    with pytest.raises(tk.InvalidValue, match="at most 10"):
        tk.from_json(tk.to_json(tk.Points(1)))


def test_a_form_that_nests_too_deep_is_refused() -> None:
    step = '{"label": "a", "operator": "sum", "value": "1", "parts": ['
    text = '{"tierkit": "Reason/1", ' + step[1:] + 5000 * step + 5001 * "]}"
    with pytest.raises(tk.InvalidValue, match="very deep nesting"):
        tk.from_json(text)


def test_a_form_of_another_value_than_its_parts_give_is_refused() -> None:
    form = json.loads(tk.to_json(LEDGER["D-1"][0].reason))
    form["value"] = "999"
    with pytest.raises(tk.InvalidValue, match="999"):
        tk.from_json(json.dumps(form))


@pytest.mark.parametrize("no_operator", [{}, {"sum": {}, "net": {}}, {"root": {}}, "sum"])
def test_a_measure_has_one_operator(no_operator: object) -> None:
    form = json.loads(tk.to_json(PROGRAM))
    form["measures"]["total"]["by"] = no_operator
    with pytest.raises(tk.InvalidValue, match=r"measures.+an object with one of"):
        tk.from_json(json.dumps(form))


@pytest.mark.parametrize("no_tier", [{}, [], "", 0, "gold"])
def test_no_tier_is_said_in_one_way(no_tier: object) -> None:
    form = {**json.loads(tk.to_json(REVIEW)), "credited_tier": no_tier}
    with pytest.raises(tk.InvalidValue, match="credited_tier"):
        tk.from_json(json.dumps(form))


def changed(form: Any, path: list[int], value: object) -> Any:
    """Put a value somewhere into a form, the path saying where."""
    if not path or not isinstance(form, dict | list) or not form:
        return value
    keys = list(form) if isinstance(form, dict) else list(range(len(form)))
    key = keys[path[0] % len(keys)]
    copy = dict(form) if isinstance(form, dict) else list(form)
    copy[key] = changed(form[key], path[1:], value)
    return copy


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip


SAMPLES = [QUOTE, STANDING, ACCOUNT, BOOK, RATE, REVIEW, FORECAST, DIFFERENCES[0]]


@given(st.sampled_from(SAMPLES), st.lists(st.integers(0, 9), max_size=6), JUNK)
def test_a_changed_form_is_read_or_refused_and_never_crashes(
    value: Any, path: list[int], junk: object
) -> None:
    form = changed(json.loads(tk.to_json(value)), path, junk)
    try:
        tk.from_json(json.dumps(form))
    except tk.TierkitError as refused:
        assert str(refused)
