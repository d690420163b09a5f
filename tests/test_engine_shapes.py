"""Programs of other shapes than HubSpot's: events and states of any type, other lives, shares and values."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies_engine import CUSTOMERS, OWN_PROGRAM, PARTNERS, amounts, days, own, program_of

import tierkit as tk
from tierkit.programs.dated import Dated

if TYPE_CHECKING:
    from tierkit.facts.facts import Fact

partners = st.sampled_from(PARTNERS)
MET, NOT_MET, UNKNOWN = tk.Verdict.MET, tk.Verdict.NOT_MET, tk.Verdict.UNKNOWN
SKETCHES = Path(__file__).parent.parent / "docs" / "explanation" / "other-programs"


def standing_of(book: tk.Book, on: date, program: tk.Program | None = None) -> tk.Standing:
    """Assess the partner p."""
    return tk.assess(tk.earn(book, program or own()), on=on, partner="p")


@st.composite
def own_facts(draw: st.DrawFn) -> list[Fact]:
    """Events and states for the program of our own, some of which it cannot value."""
    near = st.sampled_from(["DE", "FR", "US", None])
    day = days(date(2023, 12, 1), date(2026, 12, 31))
    money = st.one_of(st.none(), amounts(["EUR", "JPY", "USD"]))
    quantity = st.one_of(st.none(), st.integers(-5, 100), st.fractions(0, 9, max_denominator=7))
    colors = st.sampled_from([{}, {"color": "red"}, {"color": "blue"}, {"colour": "red"}])
    made: list[Fact] = [
        tk.Event(
            id=f"E-{number}",
            partner=draw(partners),
            type=draw(st.sampled_from(["purchase", "gift", "training", "party"])),
            on=draw(day),
            customer=draw(st.sampled_from(["", *CUSTOMERS])),
            market=draw(near),
            amount=draw(money),
            quantity=draw(quantity),
            attributes=draw(colors),
        )
        for number in range(draw(st.integers(0, 6)))
    ]
    for number in range(draw(st.integers(0, 3))):
        parts = []
        for name in draw(st.lists(partners, min_size=1, unique=True)):
            since = draw(st.one_of(st.none(), day))
            until = draw(st.one_of(st.none(), day))
            actions = draw(st.lists(day, max_size=3))
            ends = until if until and (since is None or since < until) else None
            share = draw(st.sampled_from([None, Fraction(1, 3), Fraction(1, 4)]))
            parts.append(tk.Holder(partner=name, since=since, until=ends, actions=actions, share=share))
        if not any(part.since or part.actions for part in parts):
            parts[0] = tk.Holder(partner=parts[0].partner, since=date(2024, 1, 1))
        made.append(
            tk.State(
                id=f"S-{number}",
                type=draw(st.sampled_from(["project", "seats", "pause"])),
                holders=parts,
                market=draw(near),
                amount=draw(money),
                quantity=draw(quantity),
            )
        )
    return made


@given(own_facts(), days(date(2024, 1, 1), date(2027, 2, 1)))
def test_entries_and_standings_agree_for_events_and_states_of_any_program(made: list[Fact], on: date) -> None:
    """'A standing sums the spans that are live on a day', for 'the two general shapes' too."""
    ledger = tk.earn(tk.Book(made), own())
    edges = {
        day
        for entry in ledger.entries
        for day in (entry.span.start, entry.span.end)
        if day and day >= date(2024, 1, 1)
    }
    for partner in ledger.partners:
        mine = ledger.partner(partner)
        for day in [on, *sorted(edges)]:
            standing = tk.assess(mine, on=day)
            for track in own().tracks:
                live = [entry.points for entry in mine.entries if day in entry.span and entry.track == track]
                assert sum(live, tk.Points(0)) == standing[track]
    for entry in ledger.entries:
        assert entry.reason.recompute() == entry.points.fraction


@given(own_facts())
def test_no_fact_of_any_shape_is_dropped_in_silence(made: list[Fact]) -> None:
    """'bad rows become Problems, nothing is dropped in silence'"""
    book = tk.Book(made)
    ledger = tk.earn(book, own())
    named = {word.rstrip(",") for problem in ledger.problems for word in problem.where.split()}
    for event in book.events:
        assert ledger[event.id] or event.id in named
    for state in book.states:
        known_type = state.type in ("project", "seats")
        assert known_type or state.id in named


def event(type: str, on: date, **fields: object) -> tk.Event:
    usual: dict[str, object] = {"id": "E", "partner": "p", "market": "US"}
    return tk.Event(type=type, on=on, **usual | fields)  # type: ignore[arg-type]


def state(type: str, *holders: tk.Holder, **fields: object) -> tk.State:
    usual: dict[str, object] = {"id": "S", "market": "US"}
    return tk.State(type=type, holders=holders, **usual | fields)  # type: ignore[arg-type]


def test_an_event_may_earn_by_several_rules_each_for_its_own_life() -> None:
    """'select -> measure -> rate -> multiply ... -> live (how long the points count) and into which track'"""
    on = date(2025, 12, 31)
    red = event("purchase", on, market="FR", amount=tk.Money(3, "EUR"), attributes={"color": "red"})
    ledger = tk.earn(tk.Book([red]), own())
    assert [(entry.track, entry.points, entry.group) for entry in ledger.entries] == [
        ("spent", tk.Points("15.75"), "near"),
        ("done", tk.Points(10), ""),
    ]
    assert [entry.span.end for entry in ledger.entries] == [on + timedelta(days=90), date(2026, 1, 31)]
    blue = event("purchase", on, amount=tk.Money(3, "EUR"), attributes={"color": "blue"})
    (entry,) = tk.earn(tk.Book([blue]), own()).entries
    assert (entry.kind, entry.customer, entry.points) == ("purchase", "", tk.Points("10.5"))


def test_one_rule_that_cannot_value_an_event_does_not_stop_another() -> None:
    """'A fact that cannot be valued does not stop a book'"""
    on = date(2026, 5, 1)
    made = [
        event("purchase", on, id=f"E-{n}", amount=money, attributes={"color": "red"})
        for n, money in enumerate([tk.Money(3, "USD"), None, tk.Money(3, "USD"), tk.Money(5, "EUR")])
    ]
    ledger = tk.earn(tk.Book(made), own())
    standing = tk.assess(ledger, on=on)
    assert standing.at_least == ()
    assert (standing["spent"], standing["done"], standing.unsure) == (
        tk.Points(14),
        tk.Points(40),
        ("spent", "all"),
    )
    assert [(problem.where, problem.field) for problem in ledger.problems] == [
        ("event E-0", "currency"),
        ("event E-1", "amount"),
        ("event E-2", "currency"),
    ]


def test_a_quantity_is_measured_and_gives_at_least_what_the_rule_says() -> None:
    first, floor = date(2024, 12, 31), date(2025, 1, 1)
    assert standing_of(tk.Book([event("training", first, quantity=1)]), first)["done"] == tk.Points("1/3")
    assert standing_of(tk.Book([event("training", floor, quantity=1)]), floor)["done"] == tk.Points("1/2")
    assert standing_of(tk.Book([event("training", floor, quantity="2.5")]), floor)["done"] == tk.Points("5/6")
    ledger = tk.earn(
        tk.Book([event("training", floor, id="E-1", quantity=3), event("training", floor, id="E-2")]), own()
    )
    (problem,) = ledger.problems
    assert (problem.where, problem.field) == ("event E-2", "quantity")
    assert tk.assess(ledger, on=floor)["done"] == tk.Points(1)


def test_attributes_that_no_rule_takes_together_are_said() -> None:
    """'so that a misspelling is found'"""
    on = date(2026, 5, 1)
    for fact, field, words in (
        (event("purchse", on), "type", "did you mean 'purchase'"),
        (event("gift", on), "color", "one of red"),
        (event("gift", on, attributes={"color": "read"}), "color", "did you mean 'red'"),
    ):
        (problem,) = tk.earn(tk.Book([fact]), own()).problems
        assert problem.field == field
        assert words in str(problem)
    split = OWN_PROGRAM.replace('"purchase" }', '"purchase", color = "blue" }').replace(
        '["purchase", "gift"]', '"gift"'
    )
    (problem,) = tk.earn(
        tk.Book([event("purchase", on, attributes={"color": "red"})]), program_of(split)
    ).problems
    assert problem.found == "attributes that no rule takes together"
    deal = tk.Deal(
        id="D", partner="p", customer="c", closed_on=on, mrr=tk.Money(1, "EUR"), kind="any", market="DE"
    )
    (problem,) = tk.earn(tk.Book([deal]), own()).problems
    assert (problem.where, problem.found) == ("deal D", "a deal")


TWO_RULES = """
format = 1
id     = "two"
name   = "Two rules for a deal"
tracks = ["base", "bonus"]
[in-force]
source = "terms"
[sources.terms]
url   = "https://example.org"
grade = "published"
[[point-value]]
amounts = { EUR = 1 }
source  = "terms"
[[earn]]
id     = "deal"
select = { fact = "deal" }
track  = "base"
amount = "mrr"
[[earn.rate]]
until  = 2025-01-01
points = 7
source = "terms"
[[earn.rate]]
from   = 2025-01-01
points = 2
source = "terms"
[[earn.rate-day]]
when   = { motion = "upsell" }
day    = "line-first-sold"
source = "terms"
[[earn.live]]
months = 12
source = "terms"
[[earn]]
id     = "whole value"
select = { fact = "deal" }
track  = "bonus"
amount = "value"
[[earn.rate]]
until  = 2025-01-01
points = 3
source = "terms"
[[earn.rate]]
from   = 2025-01-01
points = 1
source = "terms"
[[earn.live]]
months = 12
source = "terms"
"""


def test_the_first_sale_decides_only_for_the_rule_that_asks_for_it() -> None:
    """'Which day decides (the deal's, the first sale of that product line, the assessment's) is part of
    the rule.'"""
    on = date(2026, 3, 1)
    usual: dict[str, object] = {
        "partner": "p",
        "customer": "c",
        "closed_on": on,
        "mrr": tk.Money(10, "EUR"),
        "kind": "any",
        "market": "DE",
    }
    upsell = usual | {"motion": "upsell", "product_line": "hub", "line_first_sold_on": date(2024, 1, 1)}
    values = (tk.Money(100, "EUR"), None, None, tk.Money(100, "USD"))
    made = [tk.Deal(id=f"D-{n}", **upsell | {"value": value}) for n, value in enumerate(values)]  # type: ignore[arg-type]
    ledger = tk.earn(tk.Book(made), program_of(TWO_RULES))
    standing = tk.assess(ledger, on=on)
    assert (standing["base"], standing["bonus"], standing.unsure) == (
        tk.Points(280),
        tk.Points(100),
        ("bonus",),
    )
    assert [(entry.fact, entry.track, entry.points) for entry in ledger["D-0"]] == [
        ("D-0", "base", tk.Points(70)),
        ("D-0", "bonus", tk.Points(100)),
    ]
    assert [(problem.where, problem.field) for problem in ledger.problems] == [
        ("deal D-1", "value"),
        ("deal D-2", "value"),
        ("deal D-3", "currency"),
    ]


def test_a_state_is_shared_as_its_program_says() -> None:
    """'share (equal, by shares, full to each ...)'"""
    since, turn = date(2025, 12, 1), date(2026, 1, 1)
    holders = [
        tk.Holder(partner="p", since=since, share=Fraction(2, 3)),
        tk.Holder(partner="q", since=since, share=Fraction(1, 3)),
        tk.Holder(partner="r", since=since),
    ]
    project = state("project", *holders, amount=tk.Money(18, "EUR"))
    ledger = tk.earn(tk.Book([project]), own())
    by_shares = {partner: tk.assess(ledger, on=since, partner=partner) for partner in "pqr"}
    assert [by_shares[partner]["held"] for partner in "pqr"] == [tk.Points(6), tk.Points(3), tk.Points(0)]
    assert by_shares["r"].at_least == ("held", "all")
    (problem,) = by_shares["r"].problems
    assert (problem.where, problem.field) == ("state S", "share")
    assert [tk.assess(ledger, on=turn, partner=partner)["held"] for partner in "pqr"] == [
        tk.Points("7.2")
    ] * 3
    mine = [entry for entry in ledger["S"] if entry.partner == "p"]
    assert [entry.points for entry in mine] == [tk.Points(6), tk.Points("7.2")]
    (share,) = [leaf for leaf in mine[0].reason.leaves() if leaf.label == "share"]
    assert (share.value, share.fact) == (Fraction(2, 3), "S")
    (entry,) = [entry for entry in ledger["S"] if entry.partner == "r"]
    assert entry.span.start == turn


def test_a_state_gives_at_least_what_the_rule_says_and_its_reason_shows_the_fact() -> None:
    since = date(2026, 3, 1)
    project = state("project", tk.Holder(partner="p", since=since), amount=tk.Money(-5, "EUR"))
    (entry,) = tk.earn(tk.Book([project]), own()).entries
    assert entry.points == tk.Points(3)
    leaves = {leaf.label: leaf.value for leaf in entry.reason.leaves()}
    assert leaves["amount"] == -5
    assert leaves["least points of one fact"] == 3
    (problem,) = tk.earn(tk.Book([state("project", tk.Holder(partner="p", since=since))]), own()).problems
    assert problem.field == "amount"


def test_seats_count_while_someone_acts() -> None:
    action = date(2026, 3, 1)
    seats = state("seats", tk.Holder(partner="p", actions=[action]), quantity="2.5")
    for on, points in (
        (action - timedelta(days=1), 0),
        (action, 5),
        (action + timedelta(days=10), 5),
        (action + timedelta(days=11), 0),
    ):
        assert standing_of(tk.Book([seats]), on)["held"] == tk.Points(points)
    (problem,) = tk.earn(tk.Book([state("seats", tk.Holder(partner="p", actions=[action]))]), own()).problems
    assert problem.field == "quantity"


def test_a_holder_without_a_first_day_has_held_since_anything_is_known_of_the_state() -> None:
    since, until = date(2026, 1, 5), date(2026, 3, 1)
    holders = (
        tk.Holder(partner="o", since=since),
        tk.Holder(partner="p"),
        tk.Holder(partner="q", until=until),
    )
    ledger = tk.earn(tk.Book([state("seats", *holders, quantity=1)]), own())
    spans = {entry.partner: entry.span for entry in ledger.entries}
    assert (spans["p"], spans["q"]) == (tk.Span(since, None), tk.Span(since, until))


def test_a_day_before_a_rule_has_a_rate_or_a_life() -> None:
    """'a deal older than any rate of its program'"""
    late = OWN_PROGRAM.replace('points = "7"', 'from = 2025-01-01\n  points = "7"').replace(
        "days   = 90", "from = 2024-06-01\n  days   = 90"
    )
    book = tk.Book(
        [
            event("purchase", on, id=f"E-{on}", amount=tk.Money(3, "EUR"))
            for on in (date(2024, 5, 31), date(2024, 12, 31), date(2025, 1, 1))
        ]
    )
    ledger = tk.earn(book, program_of(late))
    assert [(problem.where, problem.found, problem.expected) for problem in ledger.problems] == [
        ("event E-2024-05-31", "2024-05-31", "a day with a life of points: from 2024-06-01"),
        ("event E-2024-12-31", "2024-12-31", "a day with a rate: from 2025-01-01"),
    ]
    on = date(2025, 1, 1)
    assert tk.assess(ledger, on=on)["spent"] == tk.Points("10.5")
    assert tk.assess(ledger, on=on).at_least == ("spent", "all")
    project = state(
        "project", tk.Holder(partner="p", since=date(2024, 1, 1), share=1), amount=tk.Money(8, "EUR")
    )
    (entry, *_) = tk.earn(tk.Book([project]), own()).entries
    assert entry.span.start == date(2024, 6, 1), "before the rate there is nothing to miss"


UNKNOWN_VALUES = [
    ('points = "7"', 'points = "unknown"\n  note = "nobody told"', "rate"),
    ('EUR = "2.50"', 'EUR = "unknown"', "currency"),
    ('by     = "1.5"', 'by = "unknown"\n  note = "nobody told"', "market"),
]


@pytest.mark.parametrize(
    ("known", "unknown", "field"), UNKNOWN_VALUES, ids=[row[2] for row in UNKNOWN_VALUES]
)
def test_a_value_that_is_declared_unknown_is_never_guessed(known: str, unknown: str, field: str) -> None:
    """'a declared gap (unknown, with its reason) answers UNKNOWN on its days'"""
    text = OWN_PROGRAM.replace(known, unknown).replace(
        'JPY = "300" }\nsource', 'JPY = "300" }\nnote = "nobody told"\nsource'
    )
    on = date(2026, 5, 1)
    book = tk.Book([event("purchase", on, market="DE", amount=tk.Money(3, "EUR"))])
    ledger = tk.earn(book, program_of(text))
    (problem,) = ledger.problems
    assert problem.field == field
    assert "nobody told" in problem.found
    standing = tk.assess(ledger, on=on)
    assert (standing["spent"], standing.at_least) == (tk.Points(0), ("spent", "all"))
    assert standing.toward("one").verdict is UNKNOWN
    if field == "market":
        far = tk.Book([event("purchase", on, amount=tk.Money(3, "EUR"))])
        assert standing_of(far, on, program_of(text))["spent"] == tk.Points("8.4")
    with pytest.raises(tk.InvalidProgram, match="why the value is unknown"):
        program_of(text.replace("nobody told", ""))


LATER_TIER = """
[[tier]]
id = "three"
rank = 3
requires = [{ from = 2026-01-01, all = [{ measure = "done", at-least = 0 }], source = "terms" }]
"""


def test_there_is_no_tier_on_the_days_before_its_requirements_begin() -> None:
    """A gap has to be declared, so outside the periods of a tier there is no such tier."""
    program = program_of(OWN_PROGRAM + LATER_TIER)
    book = tk.Book([event("purchase", date(2025, 5, 1), amount=tk.Money(300, "EUR"))])
    early, late = (standing_of(book, day, program) for day in (date(2025, 12, 31), date(2026, 1, 1)))
    assert [each.verdict for each in (early.toward("three"), late.toward("three"))] == [NOT_MET, MET]
    assert early.note == late.note == ""
    assert early.toward("three").note == "there is no such tier on this day"
    assert [(check.quantity, check.verdict) for check in early.toward("three").checks] == [("done", None)]


def test_an_event_that_nobody_can_value_may_take_points_away() -> None:
    """'MET where x reaches the bar': not where the fact may take it below again."""
    program = tk.load_program(SKETCHES / "odoo-2023.toml")
    sold = tk.Event(id="E-1", partner="p", type="users", on=date(2023, 6, 1), quantity=320)
    readings = [
        tk.Reading(partner="p", name=name, value=value, on=date(2023, 1, 1))
        for name, value in (("certified-people", 9), ("retention", 95))
    ]
    for quantity, at_least, unsure, verdict in ((-100, (), ("users",), UNKNOWN), (1, ("users",), (), MET)):
        lost = tk.Event(id="E-2", partner="p", type="usres", on=date(2023, 7, 1), quantity=quantity)
        standing = standing_of(tk.Book([sold, lost, *readings]), date(2023, 8, 1), program)
        assert (standing["users"], standing.at_least, standing.unsure) == (tk.Points(320), at_least, unsure)
        assert standing.toward("gold").verdict is verdict
        check = standing.toward("gold").checks[0]
        assert (check.unsure, check.missing) == (bool(unsure), None if unsure else tk.Points(0))


def test_a_state_that_no_rule_selects_makes_its_measures_at_least() -> None:
    holders = (tk.Holder(partner="p", since=date(2026, 1, 1), until=date(2026, 6, 1)),)
    book = tk.Book([tk.State(id="S-1", type="memberhsip", holders=holders)])
    ledger = tk.earn(book, own())
    assert [problem.where for problem in ledger.problems] == ["state S-1"]
    inside, after = (tk.assess(ledger, on=day) for day in (date(2026, 5, 31), date(2026, 6, 1)))
    assert inside.problems == ledger.problems
    assert inside.unsure == ("held", "all")
    assert (after.problems, after.unsure) == ((), ())


def test_a_state_on_a_day_without_a_rate_is_named_while_points_count() -> None:
    """'nothing is dropped in silence'; before the program counts in points there is nothing to drop."""
    text = (
        (SKETCHES / "xero-2018.toml")
        .read_text(encoding="utf-8")
        .replace("[in-force]\nfrom   = 2018-11-01", "[in-force]\nfrom   = 2018-01-01")
    )
    holders = (tk.Holder(partner="p", since=date(2017, 1, 1)),)
    state = tk.State(
        id="S-1", type="subscription", holders=holders, attributes={"plan": "established", "payer": "client"}
    )
    ledger = tk.earn(tk.Book([state]), program_of(text))
    assert [problem.field for problem in ledger.problems] == ["day"]
    early, late = (tk.assess(ledger, on=day) for day in (date(2018, 10, 31), date(2018, 11, 1)))
    assert (early["subscriptions"], early.at_least) == (tk.Points(0), ("subscriptions",))
    assert (late["subscriptions"], late.at_least) == (tk.Points(6), ())


def test_a_rule_that_begins_later_leaves_the_earlier_facts_to_the_others() -> None:
    later = """
[[earn]]
id = "later"
select = { fact = "event", type = "purchase" }
track = "held"
rate = [{ from = 2027-01-01, points = 1, source = "terms" }]
live = [{ months = 1, source = "terms" }]
"""
    book = tk.Book([event("purchase", date(2026, 5, 1), amount=tk.Money(3, "EUR"))])
    assert tk.earn(book, program_of(OWN_PROGRAM + later)).problems == tk.earn(book, own()).problems


LIVES = [
    f'months = {months}\n  short-month = "{short}"'
    for months in (1, 2, 6, 12)
    for short in ("last-day", "next-day")
]


@pytest.mark.parametrize("life", [*LIVES, "days = 1", "days = 59", "days = 366"])
@given(days(date(2024, 1, 1), date(2026, 12, 31)))
@example(date(2025, 2, 28))
@example(date(2025, 3, 1))
@example(date(2024, 2, 29))
@example(date(2025, 12, 31))
def test_events_count_from_their_day_to_the_day_before_their_end(life: str, on: date) -> None:
    """'29 Feb -> 28 Feb, switch to choose' (choice 4); a standing's one cut-off day agrees with each
    entry's own end."""
    program = life_program(life)
    months_back = {
        date.fromordinal(on.toordinal() - back)
        for back in (*range(35), *range(55, 65), *range(178, 188), *range(360, 370))
    }
    ledger = tk.earn(
        tk.Book(event("training", day, id=f"E-{day}", quantity=3) for day in months_back), program
    )
    live = [entry for entry in ledger.entries if on in entry.span]
    assert tk.assess(ledger, on=on)["done"] == tk.Points(len(live))


@cache
def life_program(life: str) -> tk.Program:
    return program_of(
        OWN_PROGRAM.replace("months = 3", life).replace("from   = 2024-01-01", "from = 2022-01-01")
    )


def test_the_anniversary_of_a_leap_day_is_the_programs_to_choose() -> None:
    """'29 Feb -> 28 Feb, switch to choose' (choice 4)"""
    leap = tk.Book([event("training", date(2024, 2, 29), quantity=3)])
    for short, end in (("last-day", date(2025, 2, 28)), ("next-day", date(2025, 3, 1))):
        (entry,) = tk.earn(leap, life_program(f'months = 12\n  short-month = "{short}"')).entries
        assert entry.span.end == end


def test_a_dated_value_without_periods_covers_no_day() -> None:
    assert Dated[int]().days() == "no day"
    assert Dated[int]().at(date(2026, 1, 1)) is None
