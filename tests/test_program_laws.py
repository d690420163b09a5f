"""Random programs over random books: the engine against the plain reading of `oracle_program`, and laws.

Sentences in quotes are from the program's types and the design; each is what its test proves.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from oracle_earnings import When
from strategies_program_words import COLOR, PARTNERS
from strategies_programs import programs
from strategies_situations import (
    Situation,
    always,
    asked,
    asking,
    bar,
    further_operators,
    measuring,
    numbers,
    situations,
    stretches_within_stretches,
)

import tierkit as tk
from tierkit.frozen import FrozenMap, changed
from tierkit.programs import measures as m
from tierkit.programs.dated import Dated
from tierkit.programs.requirements import Combination, Junction
from tierkit.programs.rules import Clawback, FactShape, Life
from tierkit.programs.writing.whole import program_toml
from tierkit.values.calendar import Stretch

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from oracle_ranges import Range

    from tierkit.programs.requirements import Requirement
    from tierkit.programs.rules import EarningRule

MET, NOT_MET, UNKNOWN = tk.Verdict.MET, tk.Verdict.NOT_MET, tk.Verdict.UNKNOWN
ANSWERS = {True: MET, False: NOT_MET, None: UNKNOWN}
WORDS = ("points", "figures", "at_least", "unsure", "performance_tier", "possible_tier")


def figure(standing: tk.Standing, name: str) -> Fraction | None:
    return standing.points[name].fraction if name in standing.points else standing.figures[name]


def value_of(standing: tk.Standing, name: str) -> Fraction:
    found = figure(standing, name)
    assert found is not None
    return found


# ---------------------------------------------------------------------- against the plain reading


@given(asked())
def test_every_quantity_is_that_of_the_plain_reading(drawn: tuple[Situation, list[date]]) -> None:
    """'engine against the naive oracle': two readings that share no line agree to the last fraction"""
    situation, days = drawn
    ledger = situation.ledger
    for partner in PARTNERS:
        plain = situation.oracle(partner)
        for on in days:
            standing = tk.assess(ledger, on=on, partner=partner)
            for name in situation.program.quantities:
                agrees(standing, name, plain.quantity(name, When(on)))


def agrees(standing: tk.Standing, name: str, expected: Range) -> None:
    """Hold a quantity of a standing against what it may be: a number, and whether it is one or a bound."""
    word = "unsure" if name in standing.unsure else "at least" if name in standing.at_least else "exact"
    assert word == expected.word, (name, standing.on, standing.partner, expected)
    none = Fraction(0) if name in standing.points else None
    value = expected.low if expected.low == expected.high else expected.value
    found = value if value is not None else none
    assert figure(standing, name) == found, (name, standing.on, standing.partner, expected)


@given(asked())
def test_verdicts_and_tiers_are_those_of_the_plain_reading(drawn: tuple[Situation, list[date]]) -> None:
    """'The highest tier whose requirements are all met', in every ladder"""
    situation, days = drawn
    ledger, program = situation.ledger, situation.program
    for partner in PARTNERS:
        plain = situation.oracle(partner)
        for on in days:
            standing = tk.assess(ledger, on=on, partner=partner)
            for progress in (*standing.tiers, *standing.other_tiers):
                expected = ANSWERS[plain.reaches(progress.tier.id, on)]
                assert progress.verdict is expected, (progress.tier.id, on, partner)
            assert tier_id(standing.performance_tier) == plain.reached(program.tiers, on)
            for ladder, tiers in program.ladders.items():
                assert tier_id(standing.ladders[ladder]) == plain.reached(tiers, on)


@given(asked(), st.data())
def test_every_measure_of_measures_is_that_of_the_plain_reading(
    drawn: tuple[Situation, list[date]], data: st.DataObject
) -> None:
    """'Composition is by naming: what takes two operators takes two measures.'"""
    situation, (on, *_) = drawn
    further = data.draw(further_operators(situation.program))
    more = Situation(measuring(situation.program, **further), situation.book)
    for partner in PARTNERS:
        plain = more.oracle(partner)
        standing = tk.assess(more.ledger, on=on, partner=partner)
        for name in further:
            agrees(standing, name, plain.quantity(name, When(on)))


@given(asked(), st.data())
def test_a_stretch_of_what_was_earned_looks_at_no_day_out_of_it(
    drawn: tuple[Situation, list[date]], data: st.DataObject
) -> None:
    """'Within a stretch of which another one counts what was earned, only those that lie in it'"""
    situation, days = drawn
    both = data.draw(stretches_within_stretches(situation.program))
    more = Situation(measuring(situation.program, **both), situation.book)
    for on in days:
        standing = tk.assess(more.ledger, on=on, partner=PARTNERS[0])
        agrees(standing, "outer", more.oracle(PARTNERS[0]).quantity("outer", When(on)))


@given(asked())
def test_a_quantity_may_be_just_what_the_plain_reading_says_that_it_may_be(
    drawn: tuple[Situation, list[date]],
) -> None:
    """'verdict at-least: MET iff low >= bar, NOT_MET iff high < bar, else UNKNOWN'"""
    situation, (on, *_) = drawn
    for partner in PARTNERS:
        plain = situation.oracle(partner)
        trees: list[Requirement] = []
        for name in situation.program.quantities:
            found = plain.quantity(name, When(on))
            ends = {end for end in found if isinstance(end, Fraction)} or {Fraction(0)}
            bars = {end + step for end in ends for step in (Fraction(-1, 7), 0, Fraction(1, 7))}
            trees += [
                bar(name, each, sense)
                for each in sorted(bars)
                for sense in (tk.Sense.AT_LEAST, tk.Sense.ABOVE)
            ]
        program = asking(situation.program, *trees)
        asked_again = Situation(program, situation.book)
        standing = tk.assess(asked_again.ledger, on=on, partner=partner)
        for tree, progress in zip(trees, standing.tiers, strict=True):
            assert progress.verdict is ANSWERS[plain.met(tree, When(on))], (tree, partner, on)


def tier_id(tier: tk.Tier | tk.Verdict | None) -> str | None:
    return tier.id if isinstance(tier, tk.Tier) else None if tier is None else "unknown"


# ---------------------------------------------------------------------- one thing said in two ways


@given(asked())
def test_live_entries_add_up_to_every_track(drawn: tuple[Situation, list[date]]) -> None:
    """'A standing sums the spans that are live on a day'; 're-computing the tree gives the number'"""
    situation, days = drawn
    for partner in PARTNERS:
        ledger = situation.ledger.partner(partner)
        entries = ledger.entries
        for on in days:
            standing = tk.assess(ledger, on=on)
            for track in situation.program.tracks:
                live = [each.points for each in entries if each.track == track and on in each.span]
                assert sum(live, tk.Points(0)).fraction == figure(standing, track), (track, on)
        for each in entries:
            assert each.reason.recompute() == each.points.fraction


@given(asked(), st.sampled_from(["day", "week", "month", "quarter"]))
def test_a_history_says_of_each_day_what_a_standing_does(
    drawn: tuple[Situation, list[date]], every: str
) -> None:
    """'A history sweeps their starts and ends': one sweep over many days, or each day by itself"""
    situation, (since, *_) = drawn
    until = since + timedelta(days=40 if every == "day" else 400)
    for partner in PARTNERS:
        ledger = situation.ledger.partner(partner)
        for moment in tk.history(ledger, since=since, until=until, every=every).days:
            standing = tk.assess(ledger, on=moment.on)
            for word in WORDS:
                assert getattr(moment, word) == getattr(standing, word), (word, moment.on)


@given(asked(), st.randoms(use_true_random=False))
def test_the_order_of_facts_and_of_rules_changes_nothing(
    drawn: tuple[Situation, list[date]], random: Random
) -> None:
    """'Sums do not depend on order.'"""
    situation, days = drawn
    facts, rules = list(situation.book), list(situation.program.rules)
    random.shuffle(facts)
    random.shuffle(rules)
    mixed = Situation(changed(situation.program, rules=tuple(rules)), tk.Book(facts))
    for on in days:
        for partner in PARTNERS:
            one, other = (tk.assess(each.ledger, on=on, partner=partner) for each in (situation, mixed))
            for word in (*WORDS, "tiers", "ladders"):
                assert getattr(one, word) == getattr(other, word)


@given(programs())
def test_laying_nothing_over_a_program_changes_nothing(program: tk.Program) -> None:
    """'the base with this file laid over it', where the file says nothing"""
    with TemporaryDirectory() as folder:
        base, nothing = Path(folder, "base.toml"), Path(folder, "nothing.toml")
        base.write_text(program_toml(program), encoding="utf-8")
        nothing.write_text(f'format = 1\nextends = "{program.id}"\n', encoding="utf-8")
        plain, laid = tk.load_program(base), tk.load_program(base, overlay=nothing)
    assert laid == plain
    assert not laid.diff(plain)


@given(asked(), st.data())
def test_what_it_takes_to_keep_a_tier_does_not_matter_to_what_is_reached(
    drawn: tuple[Situation, list[date]], data: st.DataObject
) -> None:
    """'keeps: what it asks of who has it and would keep it'; 'performance tier: what today's points reach'"""
    situation, days = drawn
    program = situation.program
    assume(program.tiers)
    numbers = st.sampled_from([Fraction(0), Fraction(5), Fraction(10**9)])
    keeps = {
        tier.id: always(bar(program.tracks[0], data.draw(numbers)))
        for tier in program.tiers
        if data.draw(st.booleans())
    }
    other = Situation(changed(program, keeps=FrozenMap(keeps)), situation.book)
    for on in days:
        one, two = (tk.assess(each.ledger, on=on, partner=PARTNERS[0]) for each in (situation, other))
        for word in (*WORDS, "ladders"):
            assert getattr(one, word) == getattr(two, word)
        tiers, others = ([changed(tier, note="") for tier in each.tiers] for each in (one, two))
        assert tiers == others  # but for the note that tells what keeps them


# ---------------------------------------------------------------------- laws of the operators


@st.composite
def operands(draw: st.DrawFn) -> tuple[Situation, list[date], str]:
    situation, days = draw(asked())
    return situation, days, draw(st.sampled_from(situation.program.quantities))


def assessed(situation: Situation, days: Iterable[date], **operators: m.Operation) -> Iterable[tk.Standing]:
    """Assess the first partner by a program with further measures."""
    program = measuring(situation.program, **operators)
    ledger = Situation(program, situation.book).ledger.partner(PARTNERS[0])
    return [tk.assess(ledger, on=on) for on in days]


@given(operands(), st.sampled_from([Fraction(1), Fraction(10), Fraction(5, 2)]), numbers)
def test_partial_credit_is_never_more_than_all_nor_less_than_none(
    drawn: tuple[Situation, list[date], str], full: Fraction, gives: Fraction
) -> None:
    """'so much for the full target, a linear part of it for a part, never more or less than none'"""
    situation, days, name = drawn
    for standing in assessed(situation, days, part=m.Scale(name, full, gives)):
        if name not in standing.unsure:
            part, whole = value_of(standing, "part"), value_of(standing, name)
            assert min(gives, Fraction(0)) <= part <= max(gives, Fraction(0))
            assert part == (gives if whole >= full else 0 if whole <= 0 else whole / full * gives)


@given(operands(), numbers)
def test_the_lowest_of_a_quantity_and_a_number_caps_it(
    drawn: tuple[Situation, list[date], str], most: Fraction
) -> None:
    """'The lowest of the operands: a cap, where one of them is a number.'"""
    situation, days, name = drawn
    for standing in assessed(situation, days, capped=m.Lowest((name, most)), raised=m.Highest((name, most))):
        if name not in standing.unsure:
            whole = value_of(standing, name)
            assert value_of(standing, "capped") == min(whole, most)
            assert value_of(standing, "raised") == max(whole, most)


@given(operands())
def test_a_capped_quantity_is_never_met_above_its_cap(drawn: tuple[Situation, list[date], str]) -> None:
    """'a minimum within a total': whatever is not known, a cap holds"""
    situation, days, name = drawn
    program = measuring(situation.program, capped=m.Lowest((name, Fraction(5))))
    program = asking(program, bar("capped", Fraction(5), tk.Sense.ABOVE), bar("capped", Fraction(51, 10)))
    for on in days:
        standing = tk.assess(Situation(program, situation.book).ledger, on=on, partner=PARTNERS[0])
        assert [each.verdict for each in standing.tiers] == [NOT_MET, NOT_MET]


@given(operands(), numbers)
def test_what_a_prerequisite_zeroes(drawn: tuple[Situation, list[date], str], least: Fraction) -> None:
    """'The operand where a requirement is met, else zero: a prerequisite.'"""
    situation, days, name = drawn
    program = asking(situation.program, bar(name, least))
    asked_too = Situation(program, situation.book)
    for standing in assessed(asked_too, days, enough=m.OnlyIf(name, bar(name, least))):
        (tier,) = standing.tiers
        if tier.verdict is MET:
            assert figure(standing, "enough") == figure(standing, name)
        elif tier.verdict is NOT_MET:
            assert figure(standing, "enough") == 0


@pytest.mark.parametrize(
    "by", [(m.Fold.MIN, Junction.ALL), (m.Fold.MAX, Junction.ANY)], ids=["every", "best"]
)
@given(drawn=operands(), least=numbers, each=st.sampled_from(list(Stretch)), last=st.integers(1, 4))
def test_several_stretches_are_enough_where_each_of_them_is_or_any(
    drawn: tuple[Situation, list[date], str],
    least: Fraction,
    each: Stretch,
    last: int,
    by: tuple[m.Fold, Junction],
) -> None:
    """'"at least one sale in each of the last four quarters"'; 'best / every / capped sum of sub-periods'"""
    situation, days, name = drawn
    one_by_one = {f"ago-{ago}": m.Earlier(name, ago=ago, stretch=each) for ago in range(1, last + 1)}
    over = m.Over(name, each, last, by[0], m.Counted.STANDING)
    program = measuring(situation.program, folded=over, **one_by_one)
    of_them = Combination(by[1], tuple(bar(ago, least) for ago in one_by_one))
    program = asking(program, bar("folded", least), of_them)
    ledger = Situation(program, situation.book).ledger
    for on in days:
        one, other = tk.assess(ledger, on=on, partner=PARTNERS[0]).tiers
        assert one.verdict is other.verdict


@given(situations())
def test_what_a_year_gave_is_what_its_quarters_and_its_months_gave(situation: Situation) -> None:
    """'What the events that happened in it gave, whether it still counts or not.'"""
    month, day = map(int, situation.program.year_from.split("-"))
    lengths = {Stretch.YEAR: 1, Stretch.QUARTER: 4, Stretch.MONTH: 12, Stretch.DAY: 365}
    for track in situation.program.tracks:
        gave = {
            str(each): m.Over(track, each, last, m.Fold.SUM, m.Counted.EARNED)
            for each, last in lengths.items()
        }
        for standing in assessed(situation, [date(2026, month, day)], **gave):
            assert len({figure(standing, name) for name in gave}) == 1
            assert len({(name in standing.at_least, name in standing.unsure) for name in gave}) == 1


@given(operands(), st.integers(1, 12), st.integers(0, 40))
def test_earlier_is_what_it_was_then(
    drawn: tuple[Situation, list[date], str], months: int, days_before: int
) -> None:
    """'The operand as it was some time before'"""
    situation, days, name = drawn
    by = m.Earlier(name, months=months, days=days_before)
    ledger = situation.ledger.partner(PARTNERS[0])
    for standing in assessed(situation, days, then=by):
        then = situation.oracle(PARTNERS[0]).before(by, standing.on)
        assert figure(standing, "then") == figure(tk.assess(ledger, on=then), name)


# ---------------------------------------------------------------------- laws of earning


def fact_for(rule: EarningRule, data: st.DataObject) -> tk.Deal | tk.Event:
    """Draw a fact of a new customer that a rule for events takes, and that has no amount below zero."""
    common: dict[str, Any] = {
        "id": "F-new",
        "partner": PARTNERS[0],
        "customer": "somebody new",
        "market": data.draw(st.sampled_from(["DE", "FR", "US", None])),
        "attributes": {COLOR: data.draw(st.sampled_from(["red", "blue"]))},
    }
    kind = next((values[0] for name, values in rule.where.items() if name in ("kind", "type")), "any")
    money = tk.Money.from_minor(data.draw(st.integers(0, 10**6)), data.draw(st.sampled_from(["EUR", "USD"])))
    on = data.draw(st.dates(date(2024, 1, 1), date(2026, 12, 31)))
    if rule.fact is FactShape.DEAL:
        return tk.Deal(**common, closed_on=on, mrr=money, value=money, kind=kind)
    return tk.Event(**common, on=on, type=kind, amount=money, quantity=3)


@given(asked(), st.data())
def test_a_further_fact_never_lowers_a_sum(drawn: tuple[Situation, list[date]], data: st.DataObject) -> None:
    """'All operands added up': what a further event gives is never below zero where its amount is not"""
    situation, days = drawn
    above_zero = tuple(changed(each, at_most=Dated[Fraction]()) for each in situation.program.rules)
    program = changed(situation.program, rules=above_zero)
    rule = data.draw(st.sampled_from(program.rules))
    assume(not rule.fact.is_state)
    further = fact_for(rule, data)
    fewer = Situation(program, situation.book)
    more = Situation(program, situation.book.adding(further))
    sums = {"all": m.Sum(program.tracks)}
    for before, after in zip(assessed(fewer, days, **sums), assessed(more, days, **sums), strict=True):
        for name in (*program.tracks, "all"):
            assert value_of(after, name) >= value_of(before, name)


@given(asked())
def test_no_fact_gives_more_than_its_rule_lets_it(drawn: tuple[Situation, list[date]]) -> None:
    """'points that one fact gives at most'; 'how the points of one fact are rounded'"""
    situation, _ = drawn
    rules = {rule.id: rule for rule in situation.program.rules}
    for entry in situation.ledger.entries:
        start = entry.span.start
        rule = rules.get(entry.reason.rule)
        fact = situation.book[entry.fact]
        if rule is None or start is None or isinstance(fact, tk.ManagedAccount | tk.State):
            continue
        day = fact.closed_on if isinstance(fact, tk.Deal) else fact.on
        most, to = rule.at_most.at(day), rule.round.at(day)
        if most is not None and most.value >= 0 and to is None:
            assert entry.points.fraction <= most.value


@given(situations())
def test_points_that_never_end_count_for_good(situation: Situation) -> None:
    """'never_ends: no end is given: the points count for good'"""
    endless = changed(
        situation.program,
        rules=tuple(
            changed(rule, live=always(Life()), clawback=Dated[Clawback]()) for rule in situation.program.rules
        ),
    )
    events = [
        each for each in situation.book if not isinstance(each, tk.ManagedAccount | tk.State | tk.Reversal)
    ]
    ledger = Situation(endless, tk.Book(events)).ledger
    for partner in PARTNERS:
        late, later = (tk.assess(ledger, on=date(year, 1, 1), partner=partner) for year in (2030, 2090))
        for track in endless.tracks:
            assert figure(late, track) == figure(later, track)
