"""Worked examples: the published ones hold, and a file of them is read with every mistake named."""

from __future__ import annotations

import json
from collections import Counter
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies_engine import OWN_PROGRAM, hubspot, program_of

import tierkit as tk
from tierkit.vectors.kinds import KINDS
from tierkit.vectors.run import Outcome, read_vectors, run_vectors

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parents[1] / "examples" / "vectors"
PUBLISHED = FOLDER / "hubspot-solutions.json"
REVIEWS = FOLDER / "hubspot-reviews.json"
DAY = "2026-11-23"


def run_file(path: Path, vectors: object, program: tk.Program | None = None) -> tuple[Outcome, ...]:
    path.write_text(json.dumps({"vectors": vectors}), encoding="utf-8")
    return run_vectors(program or hubspot(), path)


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., tuple[Outcome, ...]]:
    return lambda *vectors, program=None: run_file(tmp_path / "file.json", vectors, program)


@pytest.fixture
def problems(tmp_path: Path) -> Callable[..., list[str]]:
    """Give what is wrong with a file of these vectors."""

    def found(*vectors: object) -> list[str]:
        with pytest.raises(tk.InvalidValue) as caught:
            run_file(tmp_path / "file.json", vectors)
        return [str(problem) for problem in caught.value.problems]

    return found


def earning(**fields: object) -> dict[str, Any]:
    return {
        "id": "an example",
        "kind": "earning",
        "source": "https://example.org",
        "grade": "derived",
        "day": DAY,
        "given": {"deals": [{"kind": "sourced", "mrr": "88", "currency": "EUR", "market": "DE"}]},
        "expect": {"sourced": "5", "total": 5},
        **fields,
    }


# "every public vector of these kinds passes through `tierkit verify`"


@pytest.mark.parametrize("outcome", run_vectors(hubspot(), PUBLISHED), ids=lambda outcome: outcome.id)
def test_published_examples_hold(outcome: Outcome) -> None:
    assert outcome.passed is not False, str(outcome)


def test_no_published_example_is_left_out() -> None:
    vectors = read_vectors(PUBLISHED)
    assert Counter(vector.kind for vector in vectors) == {
        "earning": 30,
        "sharing": 1,
        "thresholds": 7,
        "conversion": 1,
        "window": 2,
        "waiting": 9,
    }
    assert len(vectors) == 50
    assert Counter(vector.grade for vector in vectors) == {
        tk.Grade.PUBLISHED: 37,
        tk.Grade.SECONDARY: 10,
        tk.Grade.DERIVED: 3,
    }
    assert all(vector.source.startswith("http") for vector in vectors)


def test_lifetimes_hold() -> None:
    outcomes = run_vectors(hubspot(), FOLDER / "hubspot-lifetimes.json")
    assert {outcome.kind for outcome in outcomes} == {"expiry", "sharing"}
    assert [str(outcome) for outcome in outcomes if not outcome.passed] == []


@pytest.mark.parametrize("outcome", run_vectors(hubspot(), REVIEWS), ids=lambda outcome: outcome.id)
def test_reviews_hold(outcome: Outcome) -> None:
    assert (outcome.kind, outcome.passed) == ("review", True), str(outcome)


def test_every_review_says_where_its_clause_was_read_and_what_is_made_concrete() -> None:
    written = json.loads(REVIEWS.read_text(encoding="utf-8"))["vectors"]
    assert all(vector["source"].startswith("https://") and vector["note"] for vector in written)
    assert [vector["id"] for vector in written if vector["grade"] != "derived"] == ["example-of-july"]


def test_the_schema_describes_what_is_read() -> None:
    schema = json.loads((FOLDER / "vectors.schema.json").read_text(encoding="utf-8"))["$defs"]["vector"]
    assert set(schema["properties"]["kind"]["enum"]) == {*KINDS, "waiting"}
    assert set(schema["properties"]["grade"]["enum"]) == {grade.value for grade in tk.Grade}
    assert {each["properties"]["kind"]["const"] for each in schema["oneOf"]} == {*KINDS, "waiting"}
    written = json.loads(PUBLISHED.read_text(encoding="utf-8"))["vectors"]
    assert {key for vector in written for key in vector} == set(schema["properties"])


def test_the_schema_describes_the_tables_that_are_read(problems: Callable[..., list[str]]) -> None:
    schema = json.loads((FOLDER / "vectors.schema.json").read_text(encoding="utf-8"))["$defs"]
    tables = ", ".join(schema["records"]["properties"])
    assert problems(earning(given={"?": 1}))[0].endswith(f"found the key '?'; expected one of {tables}")


# outcomes


def test_an_example_that_fails_says_expected_and_found(run: Callable[..., tuple[Outcome, ...]]) -> None:
    (outcome,) = run(earning(expect={"sourced": "6", "total": "5", "managed": "1"}))
    assert outcome.passed is False
    assert str(outcome) == "FAILED   an example: expected sourced 6; managed 1; found sourced 5; managed 0"


def test_points_that_are_no_bound_either_way_fail(run: Callable[..., tuple[Outcome, ...]]) -> None:
    event = {"type": "purchase", "amount": "-1", "currency": "USD", "market": "DE"}
    (outcome,) = run(
        earning(given={"events": [event]}, expect={"spent": "0"}), program=program_of(OWN_PROGRAM)
    )
    assert outcome.passed is False
    assert outcome.found.startswith("spent unsure: 0 (event event 1: currency: found USD")


def test_an_example_that_waits_says_for_what(run: Callable[..., tuple[Outcome, ...]]) -> None:
    (outcome,) = run(earning(kind="waiting", waits_for="reviews", day=None) | {"rule_date": "2026"})
    assert outcome.passed is None
    assert str(outcome) == "waiting  an example: for reviews"


def test_a_fact_that_cannot_be_valued_fails_with_the_reason(run: Callable[..., tuple[Outcome, ...]]) -> None:
    rows = [{"kind": "sourced", "mrr": "88", "currency": "INR", "market": "DE"}]
    (outcome,) = run(earning(given={"deals": rows}, expect={"sourced": "0"}))
    assert outcome.passed is False
    assert outcome.found.startswith("sourced at least 0 (deal deal 1: currency: found INR; expected")


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"day": "2021-01-01"}, "found 2021-01-01; expected a day on which the program counts in points"),
        ({"expect": {"sorced": "5"}}, "did you mean 'sourced'?"),
        (
            {"kind": "sharing", "expect": {"nobody": {"sourced": "5"}}},
            "found 'nobody'; expected one of partner",
        ),
        (
            {"kind": "review", "given": {"held": [{"tier": "dimond"}]}, "expect": {DAY: "diamond"}},
            "did you mean 'diamond'?",
        ),
        (
            {"kind": "review", "expect": {"2022-01-15": None}},
            "found 2022-01-15; expected a day on which the program counts in points",
        ),
        (
            {"kind": "window", "given": {"movement": "demotoin"}, "expect": {"first": DAY, "last": DAY}},
            "movement: found 'demotoin'; expected one of promotion, demotion; did you mean 'demotion'?",
        ),
        (
            {"kind": "window", "given": {"movement": "demotion"}, "expect": {"first": DAY, "last": DAY}},
            f"demotion: found {DAY}; expected a day of the calendar on which it looks: 01-15, 07-15",
        ),
    ],
)
def test_a_question_that_the_program_cannot_answer_fails(
    run: Callable[..., tuple[Outcome, ...]], fields: dict[str, object], found: str
) -> None:
    (outcome,) = run(earning(**fields))
    assert outcome.passed is False
    assert outcome.expected == "a result"
    assert found in outcome.found


def test_each_kind_can_fail(run: Callable[..., tuple[Outcome, ...]]) -> None:
    holders = [{"partner": name, "since": DAY} for name in ("first", "second")]
    accounts = {"accounts": [{"mrr": "88", "currency": "EUR", "market": "DE", "holders": holders}]}
    certified = {"certified": True}
    money = {"currency": "USD", "market": "IN", "kind": "sourced"}
    outcomes = run(
        earning(id="a", kind="sharing", given=accounts, expect={"first": {"managed": "1"}}),
        earning(
            id="b", kind="expiry", expect={"2027-11-22": {"sourced": "5"}, "2027-11-23": {"sourced": "5"}}
        ),
        earning(
            id="c",
            kind="thresholds",
            given={"points": {"sourced": "110", "total": "324.99"}, "readings": certified},
            expect={"tier": "gold", "failed": {"gold": []}},
        ),
        earning(
            id="d", kind="conversion", given={"to": "money", "sold": 205, **money}, expect={"sold": "2049.99"}
        ),
        earning(
            id="e", kind="conversion", given={"to": "points", "managed": "5", **money}, expect={"total": "1"}
        ),
        earning(id="f", kind="thresholds", given={"points": {"sourced": "950"}}, expect={"tier": None}),
        earning(
            id="g",
            kind="conversion",
            given={"to": "money", "managed": "1", **money},
            expect={"managed": "0.01"},
        ),
        earning(
            id="h",
            kind="review",
            given={
                "held": [{"tier": "gold", "since": "2026-01-15"}],
                "readings": [{"name": "certified", "value": True}],
            },
            expect={"2027-01-14": "gold", "2027-01-15": "unknown"},
        ),
        earning(
            id="i", kind="review", given={"readings": [{"name": "grr", "value": 75}]}, expect={DAY: None}
        ),
        earning(
            id="j",
            kind="window",
            day="2027-01-15",
            given={"movement": "demotion"},
            expect={"first": "2026-08-15", "last": "2027-01-14"},
        ),
    )
    assert [str(outcome).removeprefix("FAILED   ") for outcome in outcomes] == [
        "a: expected first: managed 1; found first: managed 0.5",
        "b: expected 2027-11-23: sourced 5; found 2027-11-23: sourced 0",
        "c: expected tier gold; gold fails by nothing; found tier none; gold fails by total",
        "d: expected sold 2049.99 USD; found sold 2050.00 USD",
        "e: expected total 1; found total 0.1",
        "f: expected tier none; found tier unknown",
        "g: expected managed 0.01 USD; found managed 50.00 USD",
        "h: expected 2027-01-15: tier unknown; found 2027-01-15: tier none",
        f"i: expected {DAY}: tier none; found {DAY}: tier unknown",
        "j: expected from 2026-08-15 to 2027-01-14; found from 2026-08-15 to 2027-01-15",
    ]


def test_a_review_starts_from_the_records_of_the_example(run: Callable[..., tuple[Outcome, ...]]) -> None:
    """Given are a tier and figures of the day of the example, without saying the day again."""
    given_records = {
        "deals": [{"kind": "sourced", "mrr": "69", "currency": "USD", "market": "US"}],
        "readings": [{"name": "certified", "value": True}],
        "held": [{"tier": "gold", "since": "2026-01-15"}, {"tier": "diamond", "on": "2026-12-01"}],
    }
    (outcome,) = run(
        earning(kind="review", given=given_records, expect={DAY: "gold", "2026-12-01": "diamond"})
    )
    assert outcome.passed, str(outcome)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (
            {"points": {"sorced": "1"}},
            "found 'sorced'; expected one of sourced, assisted, managed, sold, total",
        ),
        ({"points": {"total": "1"}, "readings": {"grrr": "75"}}, "did you mean 'grr'?"),
        ({"points": {"total": "1"}, "readings": {"grr": True}}, "grr: found True; expected a number"),
        (
            {"points": {"total": "1"}, "readings": {"invited": "1"}},
            "invited: found 1; expected true or false",
        ),
    ],
)
def test_what_the_program_does_not_know_fails(
    run: Callable[..., tuple[Outcome, ...]], given: dict[str, object], found: str
) -> None:
    (outcome,) = run(earning(kind="thresholds", given=given, expect={"tier": "gold"}))
    assert outcome.passed is False
    assert found in outcome.found


def test_events_and_states_are_facts_too(run: Callable[..., tuple[Outcome, ...]]) -> None:
    given_facts = {
        "events": [
            {"type": "training", "quantity": "30"},
            {"type": "training", "quantity": 6.5, "on": "2026-11-01"},
        ],
        "states": [{"type": "project", "amount": "25", "currency": "EUR", "market": "DE"}],
    }
    (outcome,) = run(
        earning(given=given_facts, expect={"done": "73/6", "held": "10"}), program=program_of(OWN_PROGRAM)
    )
    assert outcome.passed, str(outcome)


# files that are none


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "expected JSON in UTF-8"),
        (b"{", "expected JSON in UTF-8"),
        (b"\xff", "expected JSON in UTF-8"),
        (b"[" * 100_000, "found very deep nesting"),
        (b"[]", "vectors: found nothing; expected an object with a list of vectors"),
        (b'{"vectors": {}}', "vectors: found {}; expected an object with a list of vectors"),
        (b'{"vectors": []}', "vectors: found []"),
        (b'{"vectors": [NaN]}', "found NaN; expected a number, or a text"),
        (b'{"a": 1, "a": 2}', "found the key 'a' twice in one object; expected each key once"),
        (b"9" * 10_000, "expected JSON in UTF-8"),
        (b"1e999999999999999999999", "expected"),
        (b" " * 10_000_001, "found 10,000,001 bytes; expected at most 10,000,000 bytes"),
    ],
    ids=range(12),
)
def test_a_file_that_is_none(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)
    with pytest.raises(tk.InvalidValue) as caught:
        read_vectors(path)
    assert str(caught.value).startswith("file.json: ")
    assert said in str(caught.value)


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(
        tk.InvalidValue, match=r"gone.json: found No such file or directory; .* check the path"
    ):
        read_vectors(tmp_path / "gone.json")


def test_every_mistake_of_a_file_is_named(problems: Callable[..., list[str]]) -> None:
    found = problems(
        earning(),
        "text",
        earning(knd="x", kind="erning", grade="good", day="2026-02-30", given={}, note=" "),
        earning(id="x" * 100, day="23/11/2026", expect=5, waits_for="nothing"),
        {"kind": "waiting"},
        earning(id="a\nb", day="２０２６-11-23"),
    )
    prefix = "file.json vectors"
    assert found[0] == f"{prefix}[1]: found 'text'; expected an object"
    assert found[1].startswith(f"{prefix}[2]: found the key 'knd'; expected one of id, kind")
    assert found[2].startswith(f"{prefix}[2] ('an example'): kind: found 'erning'")
    assert "did you mean 'earning'?" in found[2]
    assert found[3].endswith("grade: found 'good'; expected one of published, secondary, derived")
    assert found[4].endswith("given: found {}; expected an object with something in it")
    assert found[5].endswith("note: found ' '; expected a text")
    assert found[6].endswith("day: found '2026-02-30'; expected a day written as in 2026-11-23")
    assert found[7] == f"{prefix}[2]: id: found 'an example'; expected an id of its own"
    assert found[8].endswith("expect: found 5; expected an object with something in it")
    assert found[9].endswith("waits_for: found 'nothing'; expected nothing, or the kind waiting")
    assert found[10].endswith("day: found '23/11/2026'; expected a day written as in 2026-11-23")
    assert [each.split(": ")[1] for each in found[11:17]] == [
        "id",
        "source",
        "grade",
        "given",
        "expect",
        "waits_for",
    ]
    assert found[17].startswith(f"{prefix}[5] ('a\\nb'): day: found")
    assert len(found) == 18


def test_every_mistake_inside_an_example_is_named(problems: Callable[..., list[str]]) -> None:
    money = {"currency": "USD", "market": "IN", "kind": "sourced"}
    found = problems(
        earning(id="0", given={"deals": 5, "dealz": [], "accounts": ["x"], "events": []}),
        earning(id="1", given={"deals": [{"kind": "sourced", "mrr": "1,000", "currency": "EUR"}]}),
        earning(id="2", expect={"sourced": "many", "total": True}),
        earning(id="3", kind="sharing", expect={"partner": 5}),
        earning(id="4", kind="expiry", expect={"soon": {"sourced": "5"}}),
        earning(
            id="5",
            kind="thresholds",
            given={"points": {"total": "x"}, "readings": {"grr": "75 %"}, "more": 1},
            expect={"failed": {"gold": "total"}, "teir": 1},
        ),
        earning(id="6", kind="thresholds", given={"points": {"total": "1"}}, expect={"tier": 5}),
        earning(id="7", kind="conversion", given={"to": "euros"}, expect={"sold": "1"}),
        earning(
            id="8",
            kind="conversion",
            given={"to": "money", "sold": "1", **money},
            expect={"managed": "1.234"},
        ),
        earning(
            id="9", kind="conversion", given={"to": "points", "sold": "1.234", **money}, expect={"sold": "1"}
        ),
        earning(
            id="10", kind="conversion", given={"to": "money", "sold": "x", **money}, expect={"sold": "1"}
        ),
        earning(
            id="11",
            kind="review",
            given={"held": [{"tier": "gold", "until": "2026-01-01"}], "readings": [{"name": "grr"}]},
            expect={"2027-01-15": 5, "soon": "gold", "9999-01-15": "gold", "2027-07-15": " "},
        ),
        earning(id="12", kind="window", given={"movment": "demotion"}, expect={"last": "0001-01-15"}),
    )
    said = "\n".join(found)
    for each in (
        "('0') given: found the key 'dealz'; expected one of deals, accounts, events, states, readings, ",
        "('0') given: deals: found 5; expected a list of records, as in a book of facts",
        "('0') given: accounts: found ['x']; expected a list of records",
        "('0') given: events: found []; expected a list of records",
        "('1') given deals[0]: mrr: found '1,000'; expected a plain decimal",
        "('2') expect: sourced: found 'many'; expected a plain decimal",
        "('2') expect: total: found True; expected a number",
        "('3') expect: partner: found 5; expected an object with something in it",
        "('4') expect: found 'soon'; expected a day written as in 2026-11-23",
        "('5') given: found the key 'more'; expected one of points, readings",
        "('5') expect: found the key 'teir'; expected one of tier, failed; did you mean 'tier'?",
        "('5') given points: total: found 'x'; expected a plain decimal",
        "('5') given readings: grr: found '75 %'; expected a plain decimal",
        "('5') expect: tier: found nothing; expected the id of a tier, \"unknown\", or null",
        "('5') expect: failed: found 'total'; expected for a tier a list of what fails",
        "('6') expect: tier: found 5",
        "('7') given: to: found 'euros'; expected one of points, money",
        "('7') given: kind: found nothing; expected a text",
        "('7') given: sold, managed: found nothing; expected at least one of the two",
        "('7') given: currency: found nothing; expected an ISO 4217 code as text",
        "('8') expect: found the key 'managed'; expected one of sold",
        "('8') expect: managed: found '1.234'; expected no more than 2 decimals in USD",
        "('9') given: sold: found '1.234'; expected no more than 2 decimals in USD",
        "('10') given: sold: found 'x'; expected a plain decimal",
        "('11') given held[0]: until: found 2026-01-01; expected a day after",
        "('11') given readings[0]: value: expected a value: it is required",
        "('11') expect: 2027-01-15: found 5; expected the id of a tier, \"unknown\", or null",
        "('11') expect: found 'soon'; expected a day written as in 2026-11-23",
        "('11') expect: found '9999-01-15'; expected a day from 1900 to 2100; mend the year",
        "('11') expect: 2027-07-15: found ' '; expected the id of a tier",
        "('12') given: found the key 'movment'; expected one of movement; did you mean 'movement'?",
        "('12') given: movement: found nothing; expected a text",
        "('12') expect: first: found nothing; expected a day written as in 2026-11-23",
        "('12') expect: last: found '0001-01-15'; expected a day from 1900 to 2100; mend the year",
    ):
        assert each in said, f"{each}\n\n{said}"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False).map(float) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
WORDS = (
    "deals",
    "accounts",
    "points",
    "readings",
    "to",
    "sold",
    "currency",
    "sourced",
    "partner",
    "tier",
    "failed",
    "held",
    "movement",
    "first",
    "last",
    DAY,
)
DAYS = (DAY, "2027-07-15", "2030-02-28", "1900-01-01", "9999-12-31", "0001-01-15")


@st.composite
def nearly(draw: st.DrawFn) -> dict[str, object]:
    """Give an example whose inside is anything, under keys that are often right."""
    keys = st.sampled_from(WORDS) | st.text(max_size=5)
    inside = st.dictionaries(keys, JSON | st.dictionaries(keys, JSON, max_size=2), max_size=3)
    kind = draw(st.sampled_from([*KINDS, "waiting", "none"]))
    return earning(kind=kind, given=draw(inside | JSON), expect=draw(inside | JSON))


@given(st.lists(nearly() | JSON, max_size=2) | JSON)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_json_is_run_or_refused(tmp_path: Path, vectors: object) -> None:
    try:
        outcomes = run_file(tmp_path / "file.json", vectors)
    except tk.InvalidValue as error:
        assert all(problem.where.startswith("file.json") for problem in error.problems)
    else:
        assert all(str(outcome) for outcome in outcomes)


WRITTEN: list[dict[str, Any]] = [
    vector
    for path in sorted(FOLDER.glob("hubspot-*.json"))
    for vector in json.loads(path.read_text(encoding="utf-8"))["vectors"]
]


@st.composite
def mutated(draw: st.DrawFn) -> object:
    """Give one of the examples that come along, with one thing in it changed, taken out, or said anew."""
    kind = draw(st.sampled_from(sorted({vector["kind"] for vector in WRITTEN})))
    whole = deepcopy(draw(st.sampled_from([vector for vector in WRITTEN if vector["kind"] == kind])))
    part: Any = whole
    while True:
        key = draw(st.sampled_from(list(part) if isinstance(part, dict) else range(len(part))))
        if not part[key] or not isinstance(part[key], dict | list) or draw(st.booleans()):
            break
        part = part[key]
    anything = JSON | st.sampled_from((*DAYS, *WORDS, *KINDS, "-1", "1e9", "gold", "0.001"))
    change = draw(st.sampled_from(["set", "drop", "rename"]))
    old = part.pop(key)
    if change == "set" and isinstance(part, dict):
        part[key] = draw(anything)
    elif change == "set":
        part.insert(key, draw(anything))
    elif change == "rename" and isinstance(part, dict):
        part[draw(st.sampled_from((*DAYS, *WORDS)))] = old
    return whole


@given(mutated())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_an_example_that_was_tampered_with_is_run_or_refused(tmp_path: Path, vector: object) -> None:
    try:
        (outcome,) = run_file(tmp_path / "file.json", [vector])
    except tk.InvalidValue as error:
        assert all(problem.where.startswith("file.json") for problem in error.problems)
    else:
        assert str(outcome)


def test_days_of_a_vector_are_days() -> None:
    assert date.fromisoformat(DAY) == date(2026, 11, 23)
