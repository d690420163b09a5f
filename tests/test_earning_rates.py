"""Money at exchange rates, points by the tier that is held, and what the facts of some days gave."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from earning_programs import (
    TERMS,
    always,
    counted_days,
    event,
    had_on,
    live_entries,
    program_of_rules,
    rule_of,
    since,
    state,
)
from hypothesis import given
from hypothesis import strategies as st

import tierkit as tk
from tierkit.engine.earning.counting import earned_between, facts_between, live_facts
from tierkit.engine.tally import Counter, tally_on
from tierkit.frozen import FrozenMap
from tierkit.programs.dated import Dated, Period
from tierkit.programs.requirements import Condition, Sense, Subject
from tierkit.programs.rules import EarningRule, FactShape, Life, RoundTo, Sharing, While
from tierkit.values.calendar import Stretch
from tierkit.values.rates import Rounding
from tierkit.values.source import Grade

if TYPE_CHECKING:
    from tierkit.programs.program import Program

days = st.dates(date(2024, 1, 1), date(2026, 12, 31))
amounts = st.builds(tk.Money.from_minor, st.integers(-500, 90_000), st.sampled_from(["EUR", "USD", "JPY"]))
SHAPES = st.sampled_from([FactShape.EVENT, FactShape.STATE])
TURN = date(2025, 7, 1)
RATES = tk.RateTable(
    [
        tk.ExchangeRate("USD", "EUR", "0.9", date(2024, 6, 1), TURN, "the bank"),
        tk.ExchangeRate("USD", "EUR", "0.8", TURN, date(2026, 6, 1), "the bank"),
        tk.ExchangeRate("JPY", "EUR", "1/150", date(2024, 1, 1), date(2027, 1, 1)),
        tk.ExchangeRate("EUR", "USD", "1.1", date(2024, 1, 1), date(2027, 1, 1)),
    ]
)


def in_euros(money: tk.Money, on: date) -> Fraction | None:
    """Turn an amount into euros at the rate of a day; None where there is none."""
    whole = Fraction(money.minor) if money.currency.code == "JPY" else Fraction(money.minor, 100)
    if money.currency.code == "USD":
        if not date(2024, 6, 1) <= on < date(2026, 6, 1):
            return None
        return whole * (Fraction(9, 10) if on < TURN else Fraction(8, 10))
    return whole / 150 if money.currency.code == "JPY" else whole


def revenue(**fields: Any) -> Program:
    """A program that counts euros."""
    rule = rule_of(track="revenue", amount="amount", **fields)
    return program_of_rules(rule, units=FrozenMap({"revenue": "EUR"}))


# ---------------------------------------------------------------- money


@given(facts=st.lists(st.tuples(days, amounts), min_size=1, max_size=6), on=days, shape=SHAPES)
def test_money_is_counted_at_the_rate_of_its_day(
    facts: list[tuple[date, tk.Money]], on: date, shape: FactShape
) -> None:
    """'where the track counts money, in the currency of the track at the exchange rate of the day'"""
    program, is_state = revenue(fact=shape), shape is FactShape.STATE
    book = tk.Book(
        state(f"F-{number}", tk.Holder(partner="p", since=own), amount=amount)
        if is_state
        else event(f"F-{number}", own, amount=amount)
        for number, (own, amount) in enumerate(facts)
    )
    each = [in_euros(amount, on if is_state else own) for own, amount in facts if own <= on]
    ledger = tk.earn(book, program, rates=RATES)
    standing = tk.assess(ledger, on=on)
    assert standing.figures["revenue"] == sum(worth for worth in each if worth is not None)
    assert live_entries(ledger, on) == standing.figures["revenue"]
    assert len(standing.problems) == each.count(None)
    for problem in standing.problems:
        assert problem.field == "rates"
        assert "RateTable" in problem.hint
    for entry in ledger.entries:
        assert entry.reason.recompute() == entry.points.fraction
        assert entry.reason.unit == "EUR"
    (moment,) = tk.history(ledger, since=on, until=on).days
    assert moment.figures == standing.figures


@given(own=days, amount=st.builds(tk.Money.from_minor, st.integers(1, 900), st.just("USD")), until=days)
def test_an_account_is_worth_what_the_rate_of_each_day_makes_of_it(
    own: date, amount: tk.Money, until: date
) -> None:
    held = tk.Holder(partner="p", since=own)
    ledger = tk.earn(tk.Book([state("S", held, amount=amount)]), revenue(fact=FactShape.STATE), rates=RATES)
    changes = tk.changes(ledger, since=own - timedelta(days=1), until=max(own, until))
    causes = {row.on: row.cause for row in changes.rows}
    assert causes.get(TURN, "") == ("exchange rate changed" if own < TURN <= until else causes.get(TURN, ""))
    assert changes.end == changes.start or changes.rows
    for entry in ledger["S"]:
        assert entry.points.fraction == in_euros(amount, entry.span.start or own)
        assert "from the bank" in tk.explain([entry]).text


def test_units_and_heads_are_so_many_units_of_money_and_points_use_no_rate() -> None:
    fact = event("E", date(2025, 1, 1), quantity=3, amount=tk.Money(10, "EUR"))
    flat = rule_of("flat", track="revenue", rate=7)
    counted = rule_of("counted", track="revenue", rate=Fraction(5, 2), quantity=True, beside=("flat",))
    program = program_of_rules(flat, counted, units=FrozenMap({"revenue": "EUR"}))
    assert had_on(tk.Book([fact]), program, date(2025, 1, 1))["revenue"] == 7 + Fraction(15, 2)
    points = program_of_rules(rule_of(amount="amount"))
    (problem,) = tk.earn(tk.Book([fact]), points, rates=RATES).problems
    assert problem.field == "currency"
    users = program_of_rules(rule_of(amount="amount"), units=FrozenMap({"points": "users"}))
    assert tk.earn(tk.Book([fact]), users, rates=RATES).problems


def test_a_ledger_is_made_of_its_rates_too() -> None:
    book = tk.Book([event("E", date(2025, 1, 1), amount=tk.Money(10, "USD"))])
    ledger, without = tk.earn(book, revenue(), rates=RATES), tk.earn(book, revenue())
    assert ledger != without
    assert ledger.rates == RATES
    again = pickle.loads(pickle.dumps(ledger.partner("p")))
    assert (again, again.entries) == (ledger.partner("p"), ledger.entries)
    assert not without.entries
    with pytest.raises(tk.WrongType, match="earn: rates"):
        tk.earn(book, revenue(), rates="ECB")  # type: ignore[arg-type]


# ---------------------------------------------------------------- the tier that is held

TIERS = (
    tk.Tier(ladder="own", id="silver", name="Silver", rank=1),
    tk.Tier(ladder="own", id="gold", name="Gold", rank=2),
)


def tiered(*rules: EarningRule, bar: Fraction | None = Fraction(10**9)) -> Program:
    """A program of two tiers that only the vendor gives."""
    asked = Condition(Subject.MEASURE, "points", Sense.AT_LEAST, bar, TERMS, Grade.PUBLISHED)
    return program_of_rules(
        *rules, tiers=TIERS, requires=FrozenMap({tier.id: always(asked) for tier in TIERS})
    )


@given(
    helds=st.dictionaries(days, st.sampled_from(["silver", "gold"]), max_size=3),
    facts=st.lists(st.tuples(days, st.integers(-3, 30)), min_size=1, max_size=5),
    on=days,
    turn=st.sampled_from([date(2025, 5, 5), date(2026, 1, 1)]),
    to=st.one_of(st.none(), st.just(RoundTo(to=Fraction(1), mode=Rounding.DOWN))),
)
def test_the_tier_of_the_morning_multiplies(
    helds: dict[date, str],
    facts: list[tuple[date, int]],
    on: date,
    turn: date,
    to: RoundTo | None,
) -> None:
    """'multipliers by tier: of the tier that is held on the morning of the fact's day'"""
    rule = rule_of(
        quantity=True,
        rate=5,
        tier_multiply=FrozenMap(
            {"gold": since(turn, Fraction(3, 2), Fraction(2)), "silver": always(Fraction(1))}
        ),
        at_most=always(Fraction(100)),
        round=None if to is None else always(to),
    )
    made = [event(str(number), own, quantity=each) for number, (own, each) in enumerate(facts)]
    given_tiers = [tk.Held(partner="p", tier=tier, on=day) for day, tier in helds.items()]
    ledger = tk.earn(tk.Book([*made, *given_tiers]), tiered(rule))
    worth = Fraction(0)
    for own, quantity in facts:
        held = [tier for day, tier in sorted(helds.items()) if day <= own]
        by = Fraction(1) if held[-1:] != ["gold"] else Fraction(3, 2) if own < turn else Fraction(2)
        points = min(5 * quantity * by, Fraction(100))
        if to:
            points = Fraction(int(points))
        worth += points if own <= on else 0
    standing = tk.assess(ledger, on=on)
    assert standing.points["points"].fraction == worth
    assert not standing.problems  # with known bars nobody holds a tier before the first that is given
    live = [entry.points.fraction for entry in standing.entries if on in entry.span]
    assert sum(live) == worth
    if all(day <= on for day in helds):
        assert live_entries(ledger, on) == worth
    for entry in standing.entries:
        assert entry.reason.recompute() == entry.points.fraction


@given(
    helds=st.dictionaries(days, st.sampled_from(["silver", "gold"]), min_size=1, max_size=3),
    own=days,
    on=days,
)
def test_a_state_is_multiplied_by_the_tier_of_the_day_that_is_asked_about(
    helds: dict[date, str], own: date, on: date
) -> None:
    gold = FrozenMap({"gold": since(TURN, Fraction(1), Fraction(3))})
    rule = rule_of(fact=FactShape.STATE, rate=4, tier_multiply=gold)
    given_tiers = [tk.Held(partner="p", tier=tier, on=day) for day, tier in helds.items()]
    book = tk.Book([state("S", tk.Holder(partner="p", since=own)), *given_tiers])
    ledger = tk.earn(book, tiered(rule))
    held = [tier for day, tier in sorted(helds.items()) if day <= on]
    standing = tk.assess(ledger, on=on)
    worth = 0 if on < own else 12 if held[-1:] == ["gold"] and on >= TURN else 4
    assert standing.points["points"].fraction == worth
    assert not standing.problems  # before the first day of a tier none is held, as far as is known then
    if held:
        assert live_entries(ledger, on) == worth
    first = min(helds)
    if first <= on:
        changes = tk.changes(ledger, since=first, until=on)
        assert (
            changes.end["points"] == changes.start["points"] + changes.new["points"] - changes.lost["points"]
        )
        assert {row.on for row in changes.rows} <= {own, TURN, *helds}


def test_a_tier_whose_multiplier_is_not_known_leaves_the_fact_unvalued() -> None:
    unknown = Dated((Period[Fraction | None](None, None, None, TERMS, Grade.PUBLISHED, "nobody says"),))
    rule = rule_of(tier_multiply=FrozenMap({"gold": unknown}))
    held = tk.Held(partner="p", tier="gold", on=date(2025, 1, 1))
    ledger = tk.earn(tk.Book([event("E", date(2025, 2, 1)), held]), tiered(rule))
    (problem,) = ledger.problems
    assert "nobody says" in problem.found
    assert not ledger["E"]
    silver = tk.Held(partner="p", tier="silver", on=date(2025, 1, 1))
    ledger = tk.earn(tk.Book([event("E", date(2025, 2, 1)), silver]), tiered(rule))
    assert not ledger.problems
    assert [entry.points for entry in ledger["E"]] == [tk.Points(1)]


def test_a_tier_that_nobody_knows_leaves_the_fact_unvalued() -> None:
    gold = FrozenMap({"gold": always(Fraction(3))})
    program = tiered(
        rule_of(tier_multiply=gold), rule_of("s", fact=FactShape.STATE, tier_multiply=gold), bar=None
    )
    own, held = date(2025, 2, 1), tk.Held(partner="p", tier="gold", on=date(2025, 3, 1))
    holder = tk.Holder(partner="p", since=own, until=date(2025, 3, 5))
    ledger = tk.earn(tk.Book([event("E", own), state("S", holder), held]), program)
    assert tk.assess(ledger, on=date(2025, 2, 2)).unsure == ("points",)
    assert {problem.field for problem in ledger.problems} == {"tier"}
    assert not ledger["E"]
    assert [(entry.span.start, entry.points) for entry in ledger["S"]] == [(date(2025, 3, 1), tk.Points(3))]
    assert not [*live_facts(ledger.partner("p"), ("points",), own)]
    assert not [*facts_between(ledger.partner("p"), ("points",), own, date.max, own)]
    assert earned_between(ledger.partner("p"), "points", own, date.max, own) == (Fraction(0), False)
    counter = Counter(date.min, {}, lambda _: tk.Verdict.UNKNOWN)
    assert tally_on(ledger.partner("p"), own, counter).lacks == {"points": False}
    tallies = tk.history(tk.earn(tk.Book([event("E", own)]), program), since=own, until=own).days
    assert tallies[0].unsure == ("points",)


def test_an_explanation_names_the_tier_that_multiplied() -> None:
    rule = rule_of(rate=4, tier_multiply=FrozenMap({"gold": always(Fraction(3, 2))}))
    held = tk.Held(partner="p", tier="gold", on=date(2025, 1, 1))
    ledger = tk.earn(tk.Book([event("E", date(2025, 2, 1)), held]), tiered(rule))
    (entry,) = ledger["E"]
    assert "multiplier of Gold: 1.5" in tk.explain([entry]).text
    assert not tk.earn(tk.Book([]), tiered(rule)).entries


# ---------------------------------------------------------------- what the facts of some days gave

lives = st.builds(
    Life,
    months=st.sampled_from([1, 3, 12]),
    through=st.sampled_from([None, Stretch.MONTH]),
    pending_days=st.sampled_from([0, 0, 40]),
)


@given(
    life=lives,
    facts=st.lists(st.tuples(days, st.sampled_from(["x", "y"]), st.sampled_from(["DE", None])), max_size=8),
    cuts=st.dictionaries(st.integers(0, 7), st.integers(0, 100), max_size=3),
    first=days,
    length=st.integers(1, 400),
    on=days,
)
def test_the_facts_of_some_days_are_counted_whether_they_still_count_or_not(  # noqa: PLR0917 - the whole scene
    life: Life,
    facts: list[tuple[date, str, str | None]],
    cuts: dict[int, int],
    first: date,
    length: int,
    on: date,
) -> None:
    base = rule_of("base", rate=since(TURN, Fraction(2), Fraction(4)), live=life)
    bonus = rule_of(
        "bonus", rate=3, live=life, where=FrozenMap({"type": ("y",)}), inside=("near",), beside=("base",)
    )
    until = first + timedelta(days=length)
    made: list[tk.Event | tk.Reversal | tk.Partner] = [tk.Partner(id="p")]
    made += [event(f"F-{n}", own, type=kind, market=market) for n, (own, kind, market) in enumerate(facts)]
    taken = {n: facts[n][0] + timedelta(days=after) for n, after in cuts.items() if n < len(facts)}
    made += [tk.Reversal(id=f"R-{n}", reverses=f"F-{n}", on=day) for n, day in taken.items()]
    ledger = tk.earn(tk.Book(made), program_of_rules(base, bonus)).partner("p")
    earned, between, live, lacking = 0, set[str](), set[str](), False
    for number, (own, kind, market) in enumerate(facts):
        begin, end = counted_days(life, own, "01-01")
        if taken.get(number, date.max) <= on or begin >= end:
            continue
        if first <= own < until and begin <= on:
            earned += (2 if own < TURN else 4) + (3 if kind == "y" and market == "DE" else 0)
            between.add(f"F-{number}")
            lacking |= kind == "y" and market is None and taken.get(number) != own
        if begin <= on < end:
            live.add(f"F-{number}")
    assert earned_between(ledger, "points", first, until, on) == (
        Fraction(earned),
        False if lacking else None,
    )
    found = list(facts_between(ledger, ("points",), first, until, on))
    assert sorted(fact.id for fact in found) == sorted(between)
    assert sorted(fact.id for fact in live_facts(ledger, ("points",), on)) == sorted(live)
    assert not [*live_facts(ledger, (), on), *facts_between(ledger, (), first, until, on)]


def test_a_state_counts_as_one_fact_and_only_where_it_gives_something() -> None:
    mine = tk.Holder(partner="p", since=date(2025, 1, 1))
    theirs = tk.Holder(partner="q", since=date(2025, 1, 1), primary=True)
    first = rule_of("first", fact=FactShape.STATE)
    second = rule_of("second", fact=FactShape.STATE, beside=("first",))
    only = rule_of("only", fact=FactShape.STATE, track="other", share=always(Sharing.PRIMARY_ONLY))
    book = tk.Book([state("S", mine), state("T", mine, theirs)])
    ledger = tk.earn(book, program_of_rules(first, second, only)).partner("p")
    on = date(2025, 2, 1)
    assert [fact.id for fact in live_facts(ledger, ("points",), on)] == ["S", "T"]
    assert [fact.id for fact in live_facts(ledger, ("other",), on)] == ["S"]
    assert earned_between(ledger, "points", date.min, date.max, on) == (Fraction(0), None)


def test_points_of_a_personal_year_count_from_its_first_day() -> None:
    rule = rule_of(live=Life(months=3, lasts_while=While.YEAR))
    ledger = tk.earn(tk.Book([event("E", date(2025, 2, 1))]), program_of_rules(rule)).partner("p")
    year = date(2025, 1, 1)
    assert [*live_facts(ledger, ("points",), date(2025, 4, 1), year=year)]
    assert not [*live_facts(ledger, ("points",), date(2025, 4, 1))]
    assert not [*live_facts(ledger, ("points",), date(2025, 5, 1), year=year)]
    assert "whichever ends first" in ledger["E"][0].reason.note


@given(
    facts=st.lists(st.tuples(days, st.integers(1, 9)), min_size=1, max_size=5),
    life=lives,
    turns=st.lists(days, min_size=2, max_size=4, unique=True).map(sorted),
)
def test_what_came_less_what_went_is_what_there_is(
    facts: list[tuple[date, int]], life: Life, turns: list[date]
) -> None:
    rule = rule_of(live=life, quantity=True, rate=Fraction(7, 3), at_most=always(Fraction(9)))
    book = tk.Book(event(str(number), own, quantity=each) for number, (own, each) in enumerate(facts))
    ledger = tk.earn(book, program_of_rules(rule))
    for first, then in pairwise(turns):
        changes = tk.changes(ledger, since=first, until=then)
        assert (
            changes.end["points"] == changes.start["points"] + changes.new["points"] - changes.lost["points"]
        )
