"""Verdicts, reasons, sources and tiers."""

from __future__ import annotations

import operator
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given as over
from hypothesis import strategies as st
from strategies_values import fractions, verdicts

from tierkit.errors import InvalidValue, UnknownName, WrongType
from tierkit.values.reason import Operator, Reason, combined, given, product, quotient, total
from tierkit.values.source import Grade, Source
from tierkit.values.tier import Tier
from tierkit.values.verdict import Verdict, all_of, any_of, at_least, negate

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
HEIGHT = {NOT_MET: 0, UNKNOWN: 1, MET: 2}

# "Three answers. Unknown is not zero and not 'no'."


@over(st.lists(verdicts(), max_size=6), st.integers(0, 7))
def test_verdicts_combine_by_kleenes_logic(found: list[Verdict], needed: int) -> None:
    heights = sorted(map(HEIGHT.__getitem__, found), reverse=True)
    assert HEIGHT[all_of(found)] == min(heights, default=2)
    assert HEIGHT[any_of(found)] == max(heights, default=0)
    expected = 2 if needed == 0 else heights[needed - 1] if needed <= len(heights) else 0
    assert HEIGHT[at_least(needed, iter(found))] == expected


@over(st.lists(verdicts(), min_size=1, max_size=5), st.integers(0, 5))
def test_a_known_verdict_holds_whatever_the_unknown_ones_turn_out_to_be(
    found: list[Verdict], needed: int
) -> None:
    for combine in (all_of, any_of, lambda them: at_least(needed, them)):
        if combine(found) is not UNKNOWN:
            for answer in (MET, NOT_MET):
                assert combine([answer if one is UNKNOWN else one for one in found]) is combine(found)


@over(st.lists(verdicts(), max_size=5))
def test_all_and_any_mirror_each_other(found: list[Verdict]) -> None:
    assert negate(all_of(found)) is any_of(map(negate, found))
    assert [negate(negate(one)) for one in found] == found


def test_a_verdict_is_neither_true_nor_false() -> None:
    for verdict in Verdict:
        with pytest.raises(WrongType, match=r"verdict is Verdict\.MET"):
            bool(verdict)


def test_so_many_is_a_number_from_zero() -> None:
    with pytest.raises(InvalidValue):
        at_least(-1, [MET])


# "the reason is a value ... and re-computing the tree gives the number"


def reasons() -> st.SearchStrategy[Reason]:
    def over_parts(parts: st.SearchStrategy[Reason]) -> st.SearchStrategy[Reason]:
        several = st.lists(parts, min_size=1, max_size=4)
        return st.one_of(
            st.builds(total, st.just("total"), several),
            st.builds(product, st.just("product"), several),
            st.builds(quotient, st.just("ratio"), parts, parts.filter(lambda part: bool(part.value))),
            st.builds(
                combined,
                st.just("best"),
                st.sampled_from([Operator.MAX, Operator.MIN, Operator.COUNT]),
                several,
            ),
        )

    leaves = st.builds(given, st.just("leaf"), fractions(least=-100, most=100, largest_divisor=50))
    return st.recursive(leaves, over_parts, max_leaves=12)


@over(reasons())
def test_computing_a_reason_again_gives_its_number(reason: Reason) -> None:
    assert reason.recompute() == reason.value
    assert all(leaf.operator is Operator.GIVEN and not leaf.parts for leaf in reason.leaves())


@over(reasons(), fractions(least=1, most=9))
def test_no_reason_can_be_untrue(reason: Reason, more: Fraction) -> None:
    if reason.operator is not Operator.GIVEN:
        with pytest.raises(InvalidValue, match="of its parts"):
            Reason(reason.label, reason.operator, reason.value + more, parts=reason.parts)


def test_each_operator_does_what_it_says() -> None:
    three, four = given("three", 3), given("four", "4")
    assert product("12", [three, four]).value == 12
    assert total("7", [three, four]).value == 7
    assert total("nothing", []).value == 0
    assert quotient("3/4", three, four).value == Fraction(3, 4)
    assert combined("more", Operator.MAX, [three, four]).value == 4
    assert combined("less", Operator.MIN, [three, four]).value == 3
    assert combined("two", Operator.COUNT, [three, four]).value == 2
    assert list(product("12", [three, total("4", [four])]).leaves()) == [three, four]
    assert list(total("nothing", []).leaves()) == []


def test_a_reason_says_where_it_comes_from() -> None:
    source = Source("tiers", "https://example.com", Grade.SECONDARY)
    leaf = given(
        "rate",
        5,
        unit="points",
        rule="sourced deal",
        day=date(2026, 1, 1),
        source=source,
        grade=Grade.DERIVED,
    )
    assert (leaf.unit, leaf.rule, leaf.day, leaf.source, leaf.grade) == (
        "points",
        "sourced deal",
        date(2026, 1, 1),
        source,
        Grade.DERIVED,
    )


def test_what_cannot_be_computed_is_refused() -> None:
    one, zero = given("one", 1), given("zero", 0)
    refused: list[tuple[Operator, list[Reason]]] = [
        (Operator.QUOTIENT, [one, zero]),
        (Operator.QUOTIENT, [one]),
        (Operator.PRODUCT, []),
        (Operator.MAX, []),
        (Operator.MIN, []),
        (Operator.GIVEN, [one]),
    ]
    for how, parts in refused:
        with pytest.raises(InvalidValue, match="best: found"):
            combined("best", how, parts)
    with pytest.raises(InvalidValue, match="a leaf without parts"):
        Reason("leaf", Operator.GIVEN, Fraction(1), parts=(one,))
    with pytest.raises(WrongType, match=r"share: found 0\.5"):
        given("share", 0.5)  # type: ignore[arg-type]


def test_a_source_has_a_grade() -> None:
    with pytest.raises(WrongType, match=r"Grade\.PUBLISHED"):
        Source("tiers", "https://example.com", "published")  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="did you mean 'published'"):
        Grade("publised")


# "tiers of two ladders do not compare"


def test_tiers_compare_by_rank_within_their_ladder() -> None:
    gold = Tier(ladder="hubspot", id="gold", name="Gold", rank=1)
    platinum = Tier(ladder="hubspot", id="platinum", name="Platinum", rank=2)
    assert gold < platinum
    assert platinum > gold
    assert gold <= platinum
    assert platinum >= gold
    assert max(gold, platinum) is platinum
    assert str(gold) == "Gold"
    silver = Tier(ladder="flying-blue", id="silver", name="Silver", rank=1)
    for compare in (operator.lt, operator.le, operator.gt, operator.ge):
        with pytest.raises(TypeError):
            compare(gold, silver)


@pytest.mark.parametrize("rank", [1.0, True, "1", None])
def test_a_rank_is_a_whole_number(rank: object) -> None:
    with pytest.raises(WrongType, match="rank"):
        Tier(ladder="hubspot", id="gold", name="Gold", rank=rank)  # type: ignore[arg-type]
