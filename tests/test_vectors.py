"""Worked examples: the published ones hold, and a file of them is read with every mistake named."""

from __future__ import annotations

import json
from collections import Counter
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from club_program import CLUB, club
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from strategies_engine import OWN_PROGRAM, hubspot, moving, program_of

import tierkit as tk
from tierkit.vectors.kinds import KINDS
from tierkit.vectors.run import Outcome, read_vectors, run_vectors

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parents[1] / "examples" / "vectors"
PUBLISHED = FOLDER / "hubspot-solutions.json"
REVIEWS = FOLDER / "hubspot-reviews.json"
SHOWN = Path(__file__).parents[1] / "docs" / "reference" / "example-vectors.json"
DAY = "2026-11-23"


TEAMS = """
format     = 1
id         = "teams"
name       = "Teams"
tracks     = ["won", "lost", "revenue", "learned"]
units      = { won = "users", lost = "users", revenue = "EUR" }
attributes = ["segment"]
source     = "terms"

[sources.terms]
url   = "https://example.org/terms"
grade = "published"

[readings.invited]
name      = "invitation"
type      = "yes-no"
by-vendor = true

[measures.net-users]
net = ["won", "lost"]

[measures.kept]
ratio = ["net-users", "won"]

[[earn]]
id       = "won"
select   = { fact = "event", type = "won" }
track    = "won"
quantity = true
rate     = { points = 1 }
live     = { months = 12 }

[[earn]]
id       = "lost"
select   = { fact = "event", type = "lost" }
track    = "lost"
quantity = true
rate     = { points = 1 }
live     = { months = 12 }

[[earn]]
id     = "sale"
select = { fact = "event", type = "sale" }
track  = "revenue"
amount = "amount"
rate   = { points = 1 }
live   = { months = 12 }

[[earn]]
id     = "course"
select = { fact = "event", type = "course" }
track  = "learned"
rate   = { points = 10 }
live   = { months = 12 }

[[tier]]
id       = "silver"
name     = "Silver"
rank     = 1
requires = { all = [{ measure = "net-users", at-least = 20 }, { measure = "kept", at-least = "0.7" }] }

[[tier]]
id       = "gold"
name     = "Gold"
rank     = 2
requires = { all = [{ measure = "revenue", above = "62.50" }, { partner = "segment", is = "smb" }] }

[[tier]]
id       = "club"
name     = "Club"
rank     = 3
requires = { all = [{ measure = "won", at-least = 1 }, { reading = "invited", is = true }] }

[[tier]]
id       = "trained"
name     = "Trained"
rank     = 1
ladder   = "skills"
requires = { all = [{ measure = "learned", at-least = 20 }] }

[[tier]]
id       = "master"
name     = "Master"
rank     = 2
ladder   = "skills"
requires = { all = [{ measure = "learned", at-least = "unknown" }] }
"""
WON = {"type": "won", "quantity": 40}
LOST = {"type": "lost", "quantity": 10}
SALE = {"type": "sale", "amount": "100.00", "currency": "USD"}
RATE = {"base": "USD", "quote": "EUR", "rate": "0.625"}


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
        "waiting": 2,
    }
    assert len(vectors) == 43
    assert Counter(vector.grade for vector in vectors) == {
        tk.Grade.PUBLISHED: 31,
        tk.Grade.SECONDARY: 10,
        tk.Grade.DERIVED: 2,
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


def by_kind(schema: dict[str, Any]) -> dict[str, Any]:
    """Give what the schema says of a vector of each kind."""
    return {
        each["if"]["properties"]["kind"]["const"]: each["then"].get("properties") for each in schema["allOf"]
    }


def test_the_schema_describes_what_is_read() -> None:
    schema = json.loads((FOLDER / "vectors.schema.json").read_text(encoding="utf-8"))["$defs"]["vector"]
    assert set(schema["properties"]["kind"]["enum"]) == {*KINDS, "waiting"}
    assert set(schema["properties"]["grade"]["enum"]) == {grade.value for grade in tk.Grade}
    assert set(by_kind(schema)) == {*KINDS, "waiting"}
    written = json.loads(PUBLISHED.read_text(encoding="utf-8"))["vectors"]
    assert {key for vector in written for key in vector} == set(schema["properties"])


@pytest.mark.parametrize(
    "path", sorted(set(FOLDER.glob("*.json")) - set(FOLDER.glob("*.schema.json"))), ids=lambda path: path.stem
)
def test_every_file_of_vectors_that_is_shipped_keeps_to_the_schema(path: Path) -> None:
    schema = json.loads((FOLDER / "vectors.schema.json").read_text(encoding="utf-8"))
    assert not list(Draft202012Validator(schema).iter_errors(json.loads(path.read_text(encoding="utf-8"))))


def test_the_schema_names_a_mistake_where_it_stands() -> None:
    schema = json.loads((FOLDER / "vectors.schema.json").read_text(encoding="utf-8"))
    mistakes: dict[str, dict[str, Any]] = {
        "'?' was unexpected": earning(**{"?": 1}),
        "'pts' is not one of": earning(kind="pts"),
        "'dealz' was unexpected": earning(given={"dealz": []}),
        "5 is not of type 'array'": earning(given={"deals": 5}),
        "True is not of type 'string', 'number'": earning(expect={"sourced": True}),
        "'teir' was unexpected": earning(kind="standing", expect={"teir": "gold"}),
        "[] is not of type 'boolean', 'string', 'number'": earning(
            kind="thresholds", given={"readings": {"certified": []}}, expect={"tier": "gold"}
        ),
    }
    for said, vector in mistakes.items():
        (error,) = Draft202012Validator(schema).iter_errors({"vectors": [vector]})
        assert not error.context
        assert said in error.message
    assert Draft202012Validator(schema).is_valid({"vectors": [earning()]})


def test_a_table_of_no_records_gives_none(run: Callable[..., tuple[Outcome, ...]]) -> None:
    given_records = earning()["given"] | {"readings": [], "events": [], "rates": []}
    (outcome,) = run(earning(given=given_records))
    assert outcome.passed, str(outcome)


def test_the_schema_describes_the_tables_that_are_read(problems: Callable[..., list[str]]) -> None:
    schema = json.loads((FOLDER / "vectors.schema.json").read_text(encoding="utf-8"))["$defs"]
    tables = ", ".join(schema["records"]["properties"])
    assert problems(earning(given={"?": 1}))[0].endswith(f"found the key '?'; expected one of {tables}")
    rate = ", ".join(schema["rate"]["properties"])
    (found, *_) = problems(earning(given={"rates": [RATE | {"?": 1}]}))
    assert found.endswith(f"found the key '?'; expected one of {rate}")
    kinds = by_kind(schema["vector"])
    given_keys = ", ".join(kinds["conversion"]["given"]["properties"])
    (found, *_) = problems(earning(kind="conversion", given={"?": 1}))
    assert found.endswith(f"given: found the key '?'; expected one of {given_keys}")
    for kind in ("standing", "thresholds"):
        expect = ", ".join(kinds[kind]["expect"]["properties"])
        assert any(
            each.endswith(f"expect: found the key '?'; expected one of {expect}")
            for each in problems(earning(kind=kind, expect={"?": 1}))
        )


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


# "Worked examples so that any program can be tested": whatever a program counts can be expected


def test_what_is_not_points_is_expected_as_a_number(run: Callable[..., tuple[Outcome, ...]]) -> None:
    outcomes = run(
        earning(
            given={"events": [WON, LOST, {"type": "course"}]},
            expect={"won": "40", "net-users": 30, "kept": "0.75", "revenue": "0", "learned": "10"},
        ),
        earning(id="over zero", given={"events": [LOST]}, expect={"kept": "unknown", "net-users": "-10"}),
        earning(
            id="sharing",
            kind="sharing",
            given={
                "partners": [{"id": "first"}, {"id": "second"}],
                "events": [WON | {"partner": "first"}, LOST | {"partner": "second"}],
            },
            expect={"first": {"kept": "1"}, "second": {"kept": "unknown"}},
        ),
        earning(
            id="expiry",
            kind="expiry",
            given={"partners": [{}], "events": [WON], "reversals": [{"reverses": "event 1"}]},
            expect={DAY: {"won": "0", "kept": "unknown"}},
        ),
        program=program_of(TEAMS),
    )
    assert [str(outcome) for outcome in outcomes if not outcome.passed] == []
    assert outcomes[1].found == "kept unknown; net-users -10"


def test_amounts_are_counted_in_the_currency_of_the_track(run: Callable[..., tuple[Outcome, ...]]) -> None:
    sale = {"events": [SALE]}
    outcomes = run(
        earning(id="a", given=sale | {"rates": [RATE]}, expect={"revenue": "62.50"}),
        earning(
            id="b",
            given=sale | {"rates": [RATE | {"on": "2026-11-01", "until": "2026-12-01", "source": "a bank"}]},
            expect={"revenue": "62.5"},
        ),
        earning(id="c", given=sale | {"rates": [RATE | {"on": "2026-11-01"}]}, expect={"revenue": "62.50"}),
        earning(id="d", given=sale, expect={"revenue": "unknown"}),
        program=program_of(TEAMS),
    )
    assert [outcome.passed for outcome in outcomes] == [True, True, False, False]
    assert outcomes[2].found.startswith("revenue at least 0 (event event 1: ")
    assert outcomes[3].found.startswith("revenue at least 0 (event event 1: ")
    assert "supply it: as a row of `given.rates`" in outcomes[3].found


def test_a_standing_says_every_tier_and_figure(run: Callable[..., tuple[Outcome, ...]]) -> None:
    course = {"type": "course"}
    given_records = {
        "partners": [{"attr:segment": "smb"}],
        "events": [WON, LOST, SALE, course, course | {"on": "2026-11-01"}],
        "rates": [RATE],
    }
    right = {
        "tier": "silver",
        "eligible": "club",
        "points": {"learned": "20"},
        "figures": {"kept": "0.75", "revenue": "62.5"},
        "failed": {"gold": ["revenue"], "silver": [], "trained": []},
        "ladders": {"skills": "trained"},
    }
    wrong: dict[str, Any] = {
        "tier": None,
        "eligible": None,
        "points": {"learned": "unknown"},
        "figures": {"kept": "0.7"},
        "failed": {"gold": ["segment"]},
        "ladders": {"skills": "unknown"},
    }
    one, *others = run(
        earning(kind="standing", given=given_records, expect=right),
        earning(id="wrong", kind="standing", given=given_records, expect=wrong),
        earning(id="no points", kind="standing", given=given_records, expect={"points": {"won": "40"}}),
        earning(id="no figure", kind="standing", given=given_records, expect={"figures": {"learned": "20"}}),
        earning(id="no ladder", kind="standing", given=given_records, expect={"ladders": {"skill": None}}),
        earning(id="no tier", kind="standing", given=given_records, expect={"failed": {"bronze": []}}),
        program=program_of(TEAMS),
    )
    assert one.passed, str(one)
    assert [each.passed for each in others] == [False] * 5
    assert others[0].found.split("; ") == [
        "tier silver",
        "eligible club",
        "learned 20",
        "kept 0.75",
        "gold fails by revenue",
        "skills: tier trained",
    ]
    assert (
        "won: found `points`; expected the other one of the two; it counts no points: write it"
        in others[1].found
    )
    assert "it counts points: write it under `points`" in others[2].found
    assert "ladder: found 'skill'; expected one of skills" in others[3].found
    assert "tier: found 'bronze'; expected one of silver, gold, club, trained, master" in others[4].found


def test_a_conversion_is_of_the_tier_and_at_the_rates_that_are_given(
    run: Callable[..., tuple[Outcome, ...]],
) -> None:
    """The calculator's `tier` and `rates`, as examples say them"""
    usual: dict[str, object] = {"to": "points", "currency": "USD", "market": "DE", "kind": "order"}
    usual["sold"] = "1000"
    rates = [{"base": "USD", "quote": "EUR", "rate": "0.8"}]
    euros = {"to": "money", "currency": "EUR", "sold": "200"}
    asked: list[tuple[dict[str, object], dict[str, str]]] = [
        ({"rates": rates, "tier": "gold"}, {"spend": "800", "miles": "1000/11"}),
        ({"rates": rates, "tier": "silver"}, {"miles": "2000/11"}),
        ({**euros, "tier": "silver"}, {"sold": "1000.00"}),
        ({"tier": "gold"}, {"spend": "800"}),
        ({"rates": rates, "tier": "sliver"}, {"spend": "800"}),
    ]
    outcomes = run(
        *(
            earning(id=str(number), kind="conversion", given={**usual, **more}, expect=expect)
            for number, (more, expect) in enumerate(asked)
        ),
        program=club(),
    )
    assert [outcome.passed for outcome in outcomes] == [True, True, True, False, False]
    assert "found no rate of this pair" in outcomes[3].found
    assert outcomes[3].found.endswith("supply it: as a row of `given.rates`")
    assert "did you mean 'silver'?" in outcomes[4].found
    unknown = program_of(
        CLUB.replace('"miles", at-least = 10 }', '"miles", at-least = "unknown", note = "?" }')
    )
    (outcome,) = run(
        earning(kind="conversion", given=usual | {"rates": rates}, expect={"spend": "1"}), program=unknown
    )
    assert outcome.found.endswith("say `tier` under `given`: the tier that is held")


def test_a_review_counts_what_is_not_points_too(run: Callable[..., tuple[Outcome, ...]]) -> None:
    records = {
        "partners": [{"attr:segment": "smb"}, {"id": "other"}],
        "events": [WON, SALE | {"on": "2026-11-25"}],
        "readings": [{"name": "invited", "value": False}],
        "rates": [RATE | {"rate": 1, "on": "2026-11-25"}],
    }
    (outcome,) = run(
        earning(kind="review", given=records, expect={"2026-11-24": "silver", "2026-11-25": "gold"}),
        program=program_of(TEAMS + moving("rise", "at-once")),
    )
    assert outcome.passed, str(outcome)


def test_thresholds_of_figures(run: Callable[..., tuple[Outcome, ...]]) -> None:
    outcomes = run(
        *(
            earning(id=str(number), kind="thresholds", given=given_figures, expect=expect)
            for number, (given_figures, expect) in enumerate(
                [
                    (
                        {"figures": {"net-users": 20, "kept": "0.7"}},
                        {"tier": "silver", "failed": {"silver": []}},
                    ),
                    (
                        {"figures": {"net-users": "19.9", "kept": "0.7", "won": 0}, "points": {"learned": 1}},
                        {"tier": "unknown", "failed": {"silver": ["net-users"], "club": ["won"]}},
                    ),
                    ({"figures": {"net-users": 20}}, {"tier": "unknown", "failed": {"silver": []}}),
                    ({"points": {"won": 1}}, {"tier": None}),
                    ({"figures": {"learned": 1}}, {"tier": None}),
                    ({"readings": {"invited": False}}, {"tier": "unknown", "failed": {"club": ["invited"]}}),
                ]
            )
        ),
        program=program_of(TEAMS),
    )
    assert [outcome.passed for outcome in outcomes] == [True, True, True, False, False, True]
    assert (
        "won: found `points`; expected the other one of the two; it counts no points: write it"
        in outcomes[3].found
    )
    assert "it counts points: write it under `points`" in outcomes[4].found


@pytest.mark.parametrize("kind", ["thresholds", "standing", "review"])
def test_a_tier_that_there_is_none_of_is_told(run: Callable[..., tuple[Outcome, ...]], kind: str) -> None:
    expect = {DAY: "golf"} if kind == "review" else {"tier": "golf"}
    records = {"figures": {"won": 1}} if kind == "thresholds" else {"events": [WON]}
    outcomes = run(
        earning(kind=kind, given=records, expect=expect),
        earning(
            id="skill", kind="standing", given={"events": [WON]}, expect={"ladders": {"skills": "mastr"}}
        ),
        program=program_of(TEAMS),
    )
    golf = "teams: tier: found 'golf'; expected one of silver, gold, club; did you mean 'gold'?"
    assert [each.found for each in outcomes] == [
        golf,
        "teams: tier: found 'mastr'; expected one of trained, master; did you mean 'master'?",
    ]


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
        ({"day": "2015-01-01"}, "found 2015-01-01; expected a day on which the program is in force"),
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
            {"kind": "review", "expect": {"2015-01-15": None}},
            "found 2015-01-15; expected a day on which the program is in force",
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
            id="i",
            kind="review",
            given={"deals": [{"kind": "sourced", "mrr": "10000", "currency": "USD", "market": "US"}]},
            expect={"2026-12-15": None},
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
        "i: expected 2026-12-15: tier none; found 2026-12-15: tier unknown",
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
            "found 'sorced'; expected one of sourced, assisted, managed",
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
        (b"{\n", "line 2: found Expecting property name enclosed in double quotes; expected JSON in UTF-8"),
        (b"[\n\xff", "line 2: found byte 0xff at 2; expected JSON in UTF-8; save the file as UTF-8"),
        (b"[" * 100_000, "found very deep nesting"),
        (b"[]", "vectors: found nothing; expected an object with a list of vectors"),
        (b'{"vectors": {}}', "vectors: found {}; expected an object with a list of vectors"),
        (b'{"vectors": []}', "vectors: found []"),
        (b'{"vectors": [NaN]}', "vectors[0]: found NaN; expected an object"),
        (b'{"a": 1,\n"a": 2}', "line 2: found the key 'a' twice in one object; expected each key once"),
        (b"9" * 10_000, "line 1: found a number of thousands of digits; expected JSON in UTF-8"),
        (b"\n1e999999999999999999999", "line 2: found a number of thousands of digits; expected"),
        (b" " * 10_000_001, "found a larger file; expected at most 10,000,000 bytes"),
    ],
    ids=range(12),
)
def test_a_file_that_is_none(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)
    with pytest.raises(tk.InvalidValue) as caught:
        read_vectors(path)
    assert str(caught.value).startswith("file.json")
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
        earning(id="0", given={"deals": 5, "dealz": [], "accounts": ["x"]}),
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
        earning(
            id="13",
            given={
                "partners": [{}, {"name": "another"}],
                "reversals": [{"reverses": "deal 2"}],
                "rates": [RATE | {"rate": "x"}],
            },
        ),
        earning(
            id="14",
            given={
                "deals": [],
                "rates": [
                    RATE | {"quote": "USD", "on": "soon"},
                    RATE | {"bse": 1, "until": "2026-11-01", "source": " "},
                    {"quote": "EUR"},
                    5,
                ],
            },
        ),
        earning(id="15", given={"rates": [RATE, RATE | {"rate": 2}]}),
        earning(
            id="16",
            kind="standing",
            expect={
                "teir": 1,
                "eligible": 5,
                "points": {"total": "x"},
                "figures": {},
                "failed": {"gold": "total"},
                "ladders": {"skills": 1},
            },
        ),
        earning(
            id="17",
            kind="conversion",
            given={"to": "points", "sold": "1", "tier": 5, "rates": 5, **money},
            expect={"sold": "1"},
        ),
        earning(id="12", kind="window", given={"movment": "demotion"}, expect={"last": "0001-01-15"}),
    )
    said = "\n".join(found)
    for each in (
        "('0') given: found the key 'dealz'; expected one of partners, deals, accounts, events, states, ",
        "('0') given: deals: found 5; expected a list of records, as in a book of facts",
        "('0') given: accounts: found ['x']; expected a list of records",
        "('1') given deals[0]: mrr: found '1,000'; expected a plain decimal",
        "('2') expect: sourced: found 'many'; expected a plain decimal",
        "('2') expect: total: found True; expected a number",
        "('3') expect: partner: found 5; expected an object with something in it",
        "('4') expect: found 'soon'; expected a day written as in 2026-11-23",
        "('5') given: found the key 'more'; expected one of points, figures, readings",
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
        "('13') given partners[0]: id: found partner 'partner' again",
        "('13') given rates[0]: rate: found 'x'; expected a plain decimal",
        "('14') given: rates: found [{",
        "('14') given rates[0]: on: found 'soon'; expected a day written as in 2026-11-23",
        "('14') given rates[0] rate USD to USD: found one currency twice; expected two currencies",
        "('14') given rates[1]: found the key 'bse'; expected one of base, quote, rate, on, until, source",
        "('14') given rates[1]: source: found ' '; expected a text",
        "('14') given rates[1] rate USD to EUR: until: found 2026-11-23 up to 2026-11-01",
        "('14') given rates[2]: base: found nothing; expected a text",
        "('14') given rates[2]: rate: found nothing; expected",
        "('15') given rate",
        "('16') expect: found the key 'teir'; expected one of tier, eligible, points, figures, ",
        "('16') expect: eligible: found 5; expected the id of a tier",
        "('16') expect points: total: found 'x'; expected a plain decimal",
        "('16') expect: figures: found {}; expected an object with something in it",
        "('16') expect: failed: found 'total'; expected for a tier a list of what fails",
        "('16') expect ladders: skills: found 1; expected the id of a tier",
        "('17') given: tier: found 5; expected a text",
        "('17') given: rates: found 5; expected a list of records",
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
    "figures",
    "readings",
    "rates",
    "partners",
    "reversals",
    "eligible",
    "ladders",
    "unknown",
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
    for path in (*sorted(FOLDER.glob("hubspot-*.json")), SHOWN)
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
