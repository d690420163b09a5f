"""What each clause of an earning rule means, held against the same clause read plainly, fact by fact."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from fractions import Fraction

import pytest
from earning_programs import (
    HILLS,
    NEAR,
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
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies_engine import program_of

import tierkit as tk
from tierkit.frozen import FrozenMap, changed
from tierkit.programs.dated import Dated, Period
from tierkit.programs.rules import FactShape, Life, RoundTo, Sharing, ShortMonth, While
from tierkit.values.calendar import Stretch
from tierkit.values.rates import Rounding
from tierkit.values.reason import Operator
from tierkit.values.source import Grade

FIRST, LAST = date(2023, 1, 1), date(2027, 12, 31)
MONTH_ENDS = [date(2024, 1, 31), date(2024, 2, 29), date(2025, 2, 28), date(2024, 3, 31), date(2025, 4, 30)]
days = st.one_of(st.dates(FIRST, LAST), st.sampled_from(MONTH_ENDS))
years = st.sampled_from(["01-01", "04-01", "04-06", "12-28"])
numbers = st.one_of(st.integers(-40, 60).map(Fraction), st.fractions(-9, 9, max_denominator=6))
SHAPES = st.sampled_from([FactShape.EVENT, FactShape.STATE])


def may(strategy: st.SearchStrategy[int]) -> st.SearchStrategy[int | None]:
    return st.one_of(st.none(), strategy)


lives = st.builds(
    Life,
    months=may(st.integers(0, 14)),
    days=may(st.integers(0, 400)),
    through=st.one_of(st.none(), st.sampled_from([*Stretch])),
    short_month=st.sampled_from([*ShortMonth]),
    pending_months=st.sampled_from([0, 0, 1, 3, 12]),
    pending_days=st.sampled_from([0, 0, 1, 14, 40]),
)


# ---------------------------------------------------------------- live


@given(life=lives, own=days, steps=st.lists(st.integers(-3, 800), min_size=1), year_from=years)
def test_an_event_counts_from_where_it_begins_to_the_earliest_end(
    life: Life, own: date, steps: list[int], year_from: str
) -> None:
    """'How long points count: up to the earliest of the ends that are given.'

    'With `through` they end with the stretch of the calendar in which that day falls, so that the stretch
    counts whole.'
    """
    book, program = tk.Book([event("E", own)]), program_of_rules(rule_of(live=life), year_from=year_from)
    begin, end = counted_days(life, own, year_from)
    entries = tk.earn(book, program)["E"]
    assert [(each.span.start, each.span.end) for each in entries] == (
        [(begin, None if end == date.max else end)] if begin < end else []
    )
    near = [begin + timedelta(days=step) for step in (-1, 0)]
    near += [] if end == date.max else [end + timedelta(days=step) for step in (-1, 0)]
    for on in [*near, *(own + timedelta(days=step) for step in steps)]:
        assert had_on(book, program, on)["points"] == (begin <= on < end), on


@given(life=lives, owns=st.lists(days, min_size=1, max_size=6), first=days, year_from=years)
def test_a_sweep_over_many_days_is_an_assessment_of_each(
    life: Life, owns: list[date], first: date, year_from: str
) -> None:
    facts = [event(str(number), own) for number, own in enumerate(owns)]
    program = program_of_rules(rule_of(live=life), year_from=year_from)
    book = tk.Book([*facts, tk.Reversal(id="R", reverses="0", on=owns[0] + timedelta(days=30))])
    ledger = tk.earn(book, program)
    for moment in tk.history(ledger, since=first, until=first + timedelta(days=900), every="week").days:
        spans = [counted_days(life, own, year_from) for own in owns]
        spans[0] = (spans[0][0], min(spans[0][1], owns[0] + timedelta(days=30)))
        counting = sum(begin <= moment.on < end for begin, end in spans)
        assert moment.points["points"].fraction == counting == live_entries(ledger, moment.on)


@st.composite
def holders(draw: st.DrawFn, partner: str = "p") -> tk.Holder:
    begun = draw(st.one_of(st.none(), days))
    actions = draw(st.lists(days, max_size=3))
    until = draw(st.one_of(st.none(), days))
    assume(begun is not None or actions)
    return tk.Holder(
        partner=partner,
        since=begun,
        until=until if until and (begun is None or begun < until) else None,
        actions=actions,
    )


@given(
    life=lives,
    lasting=st.sampled_from([None, While.HELD]),
    inactive=may(st.integers(0, 90)),
    holder=holders(),
    asked=st.lists(days, min_size=1, max_size=4),
    year_from=years,
)
def test_a_state_counts_while_it_is_held_acted_for_and_in_its_term(  # noqa: PLR0917 - one a clause
    life: Life,
    lasting: While | None,
    inactive: int | None,
    holder: tk.Holder,
    asked: list[date],
    year_from: str,
) -> None:
    """'Months and days are counted from … of a state from the day since which it is held.'"""
    life = changed(life, lasts_while=lasting, inactive_days=inactive)
    program = program_of_rules(rule_of(fact=FactShape.STATE, live=life), year_from=year_from)
    book = tk.Book([state("S", holder)])
    begun = holder.since or holder.actions[0]
    begin, end = counted_days(life, begun, year_from)
    timed = (begin, end) != (begun, date.max)
    for on in asked:
        recorded = min(day for day in (holder.since, *holder.actions) if day)
        held = recorded <= on and (holder.since is None or holder.since <= on)
        held = held and (holder.until is None or on < holder.until)
        acted: bool | None = True
        if holder.actions and inactive is not None:
            acted = any(day <= on <= day + timedelta(days=inactive) for day in holder.actions)
        elif holder.actions and holder.since is None:
            acted = (None if lasting is While.HELD else True) if holder.actions[0] <= on else False
        answer = held and acted
        if timed and not begin <= on < end:
            answer = False
        standing = tk.assess(tk.earn(book, program), on=on)
        assert standing.points["points"].fraction == (answer is True), on
        assert bool(standing.problems) is (answer is None)
        assert live_entries(tk.earn(book, program), on) == (answer is True)


def test_a_term_from_nobody_knows_when_is_not_known() -> None:
    others = tk.Holder(partner="q", since=date(2025, 1, 1))
    book = tk.Book([state("S", tk.Holder(partner="p"), others)])
    program = program_of_rules(rule_of(fact=FactShape.STATE, live=Life(months=12)))
    standing = tk.assess(tk.earn(book, program), on=date(2025, 3, 1), partner="p")
    assert [problem.field for problem in standing.problems] == ["since"]
    assert standing.at_least == ("points",)


@given(own=days, on=days, until=days)
def test_what_never_ends_counts_for_good_and_a_state_while_it_is_held(
    own: date, on: date, until: date
) -> None:
    book = tk.Book([event("E", own)])
    assert had_on(book, program_of_rules(rule_of()), on)["points"] == (own <= on)
    assume(own < until)
    held = tk.Book([state("S", tk.Holder(partner="p", since=own, until=until))])
    program = program_of_rules(rule_of(fact=FactShape.STATE))
    assert had_on(held, program, on)["points"] == (own <= on < until)
    assert "for good" in str(tk.earn(book, program_of_rules(rule_of()))["E"][0].reason.note)


@given(life=lives, own=days, after=st.integers(0, 500), on=days, year_from=years)
def test_a_clawback_leaves_the_part_of_the_days_that_had_passed(
    life: Life, own: date, after: int, on: date, year_from: str
) -> None:
    """'all but the part of whole days that had passed of the days on which they were to count'"""
    from tierkit.programs.rules import Clawback, Takes

    rule = rule_of(live=life, clawback=always(Clawback(("unpaid",), Takes.PRO_RATA)))
    program = program_of_rules(rule, year_from=year_from)
    taken = own + timedelta(days=after)
    book = tk.Book([event("E", own), tk.Reversal(id="R", reverses="E", on=taken, cause="unpaid")])
    begin, end = counted_days(life, own, year_from)
    kept = Fraction(0)
    if begin < end < date.max:
        kept = Fraction(min(max((taken - begin).days, 0), (end - begin).days), (end - begin).days)
    worth = Fraction(begin <= on < end) * (1 if on < taken else kept)
    ledger = tk.earn(book, program)
    assert had_on(book, program, on)["points"] == worth == live_entries(ledger, on)
    for entry in ledger["E"]:
        assert entry.reason.recompute() == entry.points.fraction
    change = tk.changes(ledger, since=own - timedelta(days=1), until=max(on, own))
    assert change.end["points"] == change.new["points"] - change.lost["points"]


# ---------------------------------------------------------------- select

MARKETS = st.sampled_from(["DE", "FR", "CH", "US", None])
GROUPS = st.sampled_from([(), ("near",), ("hills",), ("near", "hills")])


def answer_of(inside: tuple[str, ...], outside: tuple[str, ...], market: str | None) -> bool | None:
    """Say whether a rule takes what is in a market; None where that is not known."""
    members = {"near": NEAR, "hills": HILLS}
    if market is None:
        return None if inside or outside else True
    in_one = not inside or any(market in members[group] for group in inside)
    return in_one and not any(market in members[group] for group in outside)


@given(
    inside=GROUPS,
    outside=GROUPS,
    colors=st.lists(st.sampled_from(["red", "blue"]), unique=True),
    facts=st.lists(st.tuples(MARKETS, st.sampled_from(["red", "blue", "green"])), min_size=1, max_size=6),
    shape=SHAPES,
)
def test_what_a_rule_excepts_gives_nothing_and_what_cannot_be_told_is_unknown(
    inside: tuple[str, ...],
    outside: tuple[str, ...],
    colors: list[str],
    facts: list[tuple[str | None, str]],
    shape: FactShape,
) -> None:
    """'attribute values that a fact must not have: one of them is enough to pass it over'

    'groups of markets, in one of which the fact's must be on its day; none: any will do'
    """
    own, unless = date(2025, 5, 5), FrozenMap({"color": tuple(colors)} if colors else {})
    rule = rule_of(
        fact=shape,
        where=FrozenMap({"type": ("x",)}),
        unless=unless,
        inside=inside,
        outside=outside,
    )
    made: list[tk.Event | tk.State] = []
    holder = tk.Holder(partner="p", since=own)
    for number, (market, color) in enumerate(facts):
        said = {"market": market, "attributes": {"color": color}}
        name = f"F-{number}"
        made.append(event(name, own, **said) if shape is FactShape.EVENT else state(name, holder, **said))
    answers = [False if color in colors else answer_of(inside, outside, market) for market, color in facts]
    standing = tk.assess(tk.earn(tk.Book(made), program_of_rules(rule)), on=own)
    assert standing.points["points"].fraction == answers.count(True)
    unknown = {problem.where.split(",")[0] for problem in standing.problems}
    assert unknown == {f"{shape} F-{number}" for number, each in enumerate(answers) if each is None}
    assert standing.at_least == (("points",) if None in answers else ())


def test_a_fact_that_no_rule_knows_is_named_and_one_that_is_passed_over_is_not() -> None:
    known = rule_of(where=FrozenMap({"type": ("x",)}), unless=FrozenMap({"color": ("red",)}))
    passed = event("E", date(2025, 1, 1), attributes={"color": "red"})
    other = event("F", date(2025, 1, 1), type="y")
    ledger = tk.earn(tk.Book([passed, other]), program_of_rules(known))
    assert [problem.where for problem in ledger.problems] == ["event F"]
    held = tk.Holder(partner="q", since=date(2025, 1, 1))
    states = rule_of(fact=FactShape.STATE, unless=FrozenMap({"color": ("red",)}))
    ledger = tk.earn(tk.Book([state("S", held, attributes={"color": "red"})]), program_of_rules(states))
    assert ledger.partners == ("q",)
    assert not ledger.problems
    assert not ledger.entries


def test_a_state_is_taken_by_the_market_of_the_day() -> None:
    held = tk.Holder(partner="p", since=date(2025, 1, 1))
    moved = tk.Change(on=date(2025, 6, 1), market="US")
    book = tk.Book(
        [
            tk.ManagedAccount(
                id="A", customer="c", mrr=tk.Money(1, "EUR"), holders=[held], market="DE", changes=[moved]
            )
        ]
    )
    program = program_of_rules(rule_of(fact=FactShape.ACCOUNT, inside=("near",)))
    (entry,) = tk.earn(book, program)["A"]
    assert (entry.span.start, entry.span.end) == (date(2025, 1, 1), date(2025, 6, 1))
    days_of_rate = rule_of(
        fact=FactShape.ACCOUNT, outside=("near",), rate=since(date(2025, 3, 1), None, Fraction(2))
    )
    (entry,) = tk.earn(book, program_of_rules(days_of_rate))["A"]
    assert (entry.span.start, entry.points) == (date(2025, 6, 1), tk.Points(2))


# ---------------------------------------------------------------- bound, round, share


def rounded(number: Fraction, to: Fraction, mode: Rounding) -> Fraction:
    """Round to the multiple, by looking at the two that are near."""
    below = number // to * to
    near = [below, below + to]
    if number == below:
        return number
    if mode is Rounding.DOWN:
        return min(near, key=abs)
    if mode is Rounding.UP:
        return max(near, key=abs)
    low, high = near
    if number - low != high - number:
        return low if number - low < high - number else high
    if mode is Rounding.HALF_UP:
        return max(near, key=abs)
    return low if low / to % 2 == 0 else high


def worth_of(
    quantity: Fraction, rate: Fraction, least: Fraction | None, most: Fraction | None, to: RoundTo | None
) -> Fraction:
    points = quantity * rate
    points = points if least is None or points > least else least
    points = points if most is None or points < most else most
    return points if to is None else rounded(points, to.to, to.mode)


steps = st.builds(
    RoundTo, to=st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(5)]), mode=st.sampled_from([*Rounding])
)


@given(
    quantities=st.lists(numbers, min_size=1, max_size=6),
    rate=st.one_of(numbers, st.just(Fraction(0)), st.just(Fraction(1, 2))),
    least=st.one_of(st.none(), numbers),
    most=st.one_of(st.none(), numbers),
    to=st.one_of(st.none(), steps),
    shape=SHAPES,
    parts=st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(1, 3)]),
)
def test_what_a_fact_gives_is_bounded_then_rounded_then_shared(  # noqa: PLR0917 - one a step
    quantities: list[Fraction],
    rate: Fraction,
    least: Fraction | None,
    most: Fraction | None,
    to: RoundTo | None,
    shape: FactShape,
    parts: Fraction,
) -> None:
    """'step by step: select, measure, rate, multiply, bound, round, share, live, claw back'"""
    own, is_state = date(2025, 5, 5), shape is FactShape.STATE
    rule = rule_of(
        fact=shape,
        rate=rate,
        quantity=True,
        at_least=None if least is None else always(least),
        at_most=None if most is None else always(most),
        round=None if to is None else always(to),
        share=always(Sharing.BY_SHARES) if is_state else None,
    )
    holder = tk.Holder(partner="p", since=own, share=parts)
    book = tk.Book(
        state(str(number), holder, quantity=each) if is_state else event(str(number), own, quantity=each)
        for number, each in enumerate(quantities)
    )
    ledger = tk.earn(book, program_of_rules(rule))
    each = [worth_of(quantity, rate, least, most, to) * (parts if is_state else 1) for quantity in quantities]
    for number, worth in enumerate(each):
        (entry,) = ledger[str(number)]
        assert entry.points.fraction == worth == entry.reason.recompute()
    assert had_on(book, program_of_rules(rule), own)["points"] == sum(each)
    (moment,) = tk.history(ledger, since=own, until=own).days
    assert moment.points["points"].fraction == sum(each)


def test_an_explanation_tells_how_a_number_was_bounded_and_rounded() -> None:
    rule = rule_of(
        rate=Fraction(7, 2),
        quantity=True,
        at_most=always(Fraction(20)),
        round=always(RoundTo(to=Fraction(1), mode=Rounding.HALF_EVEN)),
    )
    facts = [event("much", date(2025, 1, 1), quantity=30), event("odd", date(2025, 1, 1), quantity=3)]
    ledger = tk.earn(tk.Book(facts), program_of_rules(rule))
    (much,), (odd,) = ledger["much"], ledger["odd"]
    assert (much.reason.operator, much.points) == (Operator.MIN, tk.Points(20))
    assert (odd.reason.operator, odd.points) == (Operator.ROUND_HALF_EVEN, tk.Points(10))
    text = tk.explain([odd]).text
    assert "10.5, half to even, to a multiple of 1" in text
    assert "r round" in text


@given(
    quantity=numbers,
    rate=numbers,
    least=st.one_of(st.none(), numbers),
    most=st.one_of(st.none(), numbers),
    shape=SHAPES,
)
def test_what_is_at_least_so_much_is_not_less_whatever_the_missing_fact_gives(
    quantity: Fraction, rate: Fraction, least: Fraction | None, most: Fraction | None, shape: FactShape
) -> None:
    """'whether it might take points away, so that a sum without it is no lower bound'"""
    own = date(2025, 5, 5)
    rule = rule_of(
        fact=shape,
        rate=rate,
        quantity=True,
        inside=("near",),
        at_least=None if least is None else always(least),
        at_most=None if most is None else always(most),
    )
    holder = tk.Holder(partner="p", since=own)
    book = tk.Book(
        [
            event("F", own, quantity=quantity)
            if shape is FactShape.EVENT
            else state("F", holder, quantity=quantity)
        ]
    )
    standing = tk.assess(tk.earn(book, program_of_rules(rule)), on=own)
    assert standing.at_least or standing.unsure
    if standing.at_least:
        assert worth_of(quantity, rate, least, most, None) >= 0


def test_a_fact_that_would_never_count_lacks_nowhere() -> None:
    life = Life(months=1, pending_months=2)
    book = tk.Book([event("E", date(2025, 1, 1))])
    assert not tk.earn(book, program_of_rules(rule_of(live=life, inside=("near",)))).problems


# ---------------------------------------------------------------- the primary partner


PRIMARY = rule_of(fact=FactShape.STATE, rate=6, share=always(Sharing.PRIMARY_ONLY))


@given(
    marked=st.sampled_from(["", "p", "q", "pq"]),
    p_until=st.one_of(st.none(), st.just(date(2025, 6, 1))),
    q_since=st.sampled_from([date(2025, 1, 1), date(2025, 3, 1), date(2025, 6, 1), date(2025, 9, 1)]),
    on=st.dates(date(2025, 1, 1), date(2025, 12, 31)),
)
def test_the_primary_partner_has_all_and_where_nobody_is_marked_one_alone_is_it(
    marked: str, p_until: date | None, q_since: date, on: date
) -> None:
    """'where any of its holders is ever marked as the primary one, the points go to the marked one that holds
    it on the day, and to nobody on a day on which none of them does'"""
    assume(marked != "pq" or (p_until is not None and p_until <= q_since))
    first = tk.Holder(partner="p", since=date(2025, 1, 1), until=p_until, primary="p" in marked)
    second = tk.Holder(partner="q", since=q_since, primary="q" in marked)
    ledger = tk.earn(tk.Book([state("S", first, second)]), program_of_rules(PRIMARY))
    there = [*(["p"] if p_until is None or on < p_until else []), *(["q"] if q_since <= on else [])]
    holding = [each for each in there if each in marked]
    for partner in ("p", "q"):
        standing = tk.assess(ledger, on=on, partner=partner)
        if not marked and len(there) > 1:
            assert [problem.field for problem in standing.problems] == ["primary"]
            continue
        alone = not marked and there == [partner]
        assert standing.points["points"] == tk.Points(6 if alone or partner in holding else 0)
        assert not standing.problems
        for entry in (each for each in ledger.partner(partner).entries if on in each.span):
            assert entry.reason.parts[1].label == (
                "all to the only one who holds it"
                if alone
                else "all to the primary one"
                if partner in holding
                else f"none: the primary one is {holding[0]}"
                if holding
                else f"none: the primary one, {' or '.join(marked)}, does not hold it"
            )


def test_points_that_go_from_one_primary_partner_to_another_have_their_cause() -> None:
    """'nobody inherits them'; the same partner may hold on without being the primary one"""
    spring, summer = date(2025, 3, 1), date(2025, 6, 1)
    holders = [
        tk.Holder(partner="p", since=date(2025, 1, 1), until=spring, primary=True),
        tk.Holder(partner="p", since=spring, until=summer),
        tk.Holder(partner="p", since=summer, primary=True),
        tk.Holder(partner="q", since=date(2025, 1, 1), until=spring),
        tk.Holder(partner="q", since=spring, until=date(2025, 5, 1), primary=True),
    ]
    ledger = tk.earn(tk.Book([state("S", *holders)]), program_of_rules(PRIMARY))
    found = {
        partner: [
            (row.on, row.cause.value, str(row.after))
            for row in tk.changes(ledger, since=FIRST, until=LAST, partner=partner).rows
        ]
        for partner in ("p", "q")
    }
    assert found == {
        "p": [
            (date(2025, 1, 1), "taken on", "6"),
            (spring, "sharing changed", "0"),
            (summer, "sharing changed", "6"),
        ],
        "q": [(spring, "sharing changed", "6"), (date(2025, 5, 1), "ended", "0")],
    }


def test_a_primary_partner_who_lapsed_hands_nothing_on() -> None:
    lapsed = tk.Holder(partner="q", since=date(2025, 1, 1), actions=[date(2025, 1, 5)], primary=True)
    acting = tk.Holder(partner="p", since=date(2025, 1, 1), actions=[date(2025, 4, 30)])
    life = Life(inactive_days=60)
    rule = rule_of(fact=FactShape.STATE, share=always(Sharing.PRIMARY_ONLY), live=life)
    book, program = tk.Book([state("S", lapsed, acting)]), program_of_rules(rule)
    assert had_on(book, program, date(2025, 5, 1))["points"] == 0
    assert had_on(book, program, date(2025, 5, 1), partner="q")["points"] == 0


def test_who_is_not_the_primary_one_lacks_nothing_whatever_the_state_is_worth() -> None:
    """'only those who are marked may be it': neither an unknown amount, place nor span is theirs to miss"""
    marked = tk.Holder(partner="p", since=date(2025, 1, 1), primary=True)
    beside = tk.Holder(partner="q", since=date(2025, 1, 1))
    unsaid = tk.Holder(partner="r", actions=[date(2025, 2, 1)])
    book = tk.Book([state("S", marked, beside, unsaid, market=None)])
    base = changed(PRIMARY, live=always(Life(lasts_while=While.HELD)))
    for rule in (changed(base, amount="amount"), changed(base, inside=("near",))):
        ledger = tk.earn(book, program_of_rules(rule))
        found = {each: tk.assess(ledger, on=date(2025, 3, 1), partner=each) for each in ("p", "q", "r")}
        assert found["p"].at_least or found["p"].unsure
        assert not any(found[each].at_least or found[each].unsure for each in ("q", "r"))
        assert not any(found[each].problems for each in ("q", "r"))


def test_who_has_not_acted_yet_lacks_nothing_where_no_rate_is_known() -> None:
    """a holder without a span holds from its first action on: before it, no rate is missed"""
    acting = tk.Holder(partner="p", actions=[date(2025, 8, 28)])
    held = tk.Holder(partner="q", since=date(2025, 1, 1))
    known = Dated((Period(Fraction(1), date(2026, 1, 1), None, TERMS, Grade.PUBLISHED),))
    rule = rule_of(fact=FactShape.STATE, rate=known)
    ledger = tk.earn(tk.Book([state("S", acting, held)]), program_of_rules(rule))
    lacking = {
        (partner, on)
        for partner in ("p", "q")
        for on in (date(2025, 8, 27), date(2025, 8, 28))
        if tk.assess(ledger, on=on, partner=partner).problems
    }
    assert lacking == {("q", date(2025, 8, 27)), ("q", date(2025, 8, 28)), ("p", date(2025, 8, 28))}


# ---------------------------------------------------------------- several rules beside each other


@given(own=days, first=st.integers(1, 6), second=st.integers(1, 6), on=days, shape=SHAPES)
def test_two_rules_may_take_one_fact_into_one_track(
    own: date, first: int, second: int, on: date, shape: FactShape
) -> None:
    """'other rules that may take the same facts into the same track on the same days'"""
    base = rule_of("base", fact=shape, rate=5, live=Life(months=first))
    bonus = rule_of("bonus", fact=shape, rate=2, live=Life(months=second), beside=("base",))
    holder = tk.Holder(partner="p", since=own)
    book = tk.Book([event("F", own) if shape is FactShape.EVENT else state("F", holder)])
    program = program_of_rules(base, bonus)
    ledger = tk.earn(book, program)
    worth = sum(
        rate
        for rate, months in ((5, first), (2, second))
        if own <= on < counted_days(Life(months=months), own, "01-01")[1]
    )
    assert had_on(book, program, on)["points"] == worth == live_entries(ledger, on)
    changes = tk.changes(ledger, since=own - timedelta(days=1), until=max(own, on))
    assert changes.new["points"] == tk.Points(7)
    assert changes.end["points"] == changes.new["points"] - changes.lost["points"]
    for row in changes.rows:
        assert row.reason.recompute() in (row.before.fraction, row.after.fraction)


# ---------------------------------------------------------------- operators


@given(
    value=numbers, to=st.fractions(Fraction(1, 9), 9, max_denominator=9), mode=st.sampled_from([*Rounding])
)
def test_a_rounded_reason_gives_its_number_again(value: Fraction, to: Fraction, mode: Rounding) -> None:
    from tierkit.values.reason import given as leaf
    from tierkit.values.reason import rounded as rounding

    reason = rounding("whole", leaf("number", value), leaf("to", to), mode)
    assert reason.value == reason.recompute() == rounded(value, to, mode)
    assert reason.operator == f"round-{mode}"
    assert pickle.loads(pickle.dumps(reason)) == reason


@pytest.mark.parametrize("parts", [(), (1,), (1, 0), (1, -1), (1, 2, 3)])
def test_a_number_is_rounded_to_a_multiple_of_one_above_zero(parts: tuple[int, ...]) -> None:
    from tierkit.values.reason import combined
    from tierkit.values.reason import given as leaf

    with pytest.raises(tk.InvalidValue, match="a number, and one above zero"):
        combined("whole", Operator.ROUND_UP, [leaf("part", part) for part in parts])


# ---------------------------------------------------------------------- beside


def test_a_bonus_counts_though_the_rate_beside_it_is_not_known() -> None:
    """'Facts whose rate another day decides': only the rule that asks for that day waits for it."""
    program = program_of("""
format    = 1
id        = "bonus"
name      = "A bonus"
tracks    = ["sales"]
in-force  = { grade = "derived" }

[point-value.amounts]
USD = 1

[[earn]]
id       = "base"
select   = { fact = "deal" }
track    = "sales"
amount   = "mrr"
rate     = [{ points = 1, until = 2024-01-01 }, { points = 2, from = 2024-01-01 }]
rate-day = { when = { motion = "upsell" }, day = "line-first-sold" }
live     = { months = 12 }

[[earn]]
id       = "bonus"
select   = { fact = "deal" }
track    = "sales"
rate     = { points = 5 }
live     = { months = 12 }
beside   = ["base"]

[[tier]]
id       = "only"
rank     = 1
requires = { measure = "sales", at-least = 1 }
""")
    upsell = tk.Deal(
        id="U",
        partner="p",
        customer="c",
        closed_on=date(2024, 5, 1),
        mrr=tk.Money(100, "USD"),
        kind="sourced",
        motion="upsell",
        product_line="crm",
        market="US",
    )
    ledger = tk.earn(tk.Book([upsell]), program)
    assert [each.points for each in ledger["U"]] == [tk.Points(5)]
    assert len(ledger.problems) == 1
    standing = tk.assess(ledger, on=date(2024, 6, 1))
    assert standing["sales"] == tk.Points(5)
    assert "sales" in standing.at_least
