"""Figures: whatever the unknown should turn out to be, the result lies within the bounds that are told."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import tierkit as tk
from tierkit.engine.figure import (
    NOTHING_KNOWN,
    Figure,
    between,
    exactly,
    highest,
    lowest,
    negative,
    perhaps,
    product,
    ratio,
    rounded,
    scaled,
    total,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NUMBERS = st.fractions(-9, 9, max_denominator=4)


@st.composite
def figures_with_a_truth(draw: st.DrawFn) -> tuple[Figure, Fraction]:
    """Draw a figure, and what it might turn out to be."""
    low, value, high = sorted(draw(st.lists(NUMBERS, min_size=3, max_size=3)))
    figure = between(
        draw(st.sampled_from([None, value])),
        draw(st.sampled_from([None, low, value])),
        draw(st.sampled_from([None, high])),
    )
    if draw(st.booleans()):
        return exactly(value), value
    above = draw(st.fractions(0, 9, max_denominator=4))
    truth = min(high, (figure.low if figure.low is not None else low - above) + above)
    return figure, truth if figure.high is not None else truth + draw(st.fractions(0, 9, max_denominator=4))


def within(truth: Fraction, figure: Figure) -> bool:
    return (figure.low is None or figure.low <= truth) and (figure.high is None or truth <= figure.high)


def fold_product(values: Sequence[Fraction]) -> Fraction:
    found = Fraction(1)
    for each in values:
        found *= each
    return found


OPERATORS: list[tuple[Callable[[Sequence[Figure]], Figure], Callable[[Sequence[Fraction]], Fraction]]] = [
    (total, lambda values: sum(values, Fraction(0))),
    (product, fold_product),
    (lowest, min),
    (highest, max),
    (lambda figures: total([figures[0], *map(negative, figures[1:])]), lambda v: 2 * v[0] - sum(v)),
]


@pytest.mark.parametrize(("operator", "plain"), OPERATORS)
@given(drawn=st.lists(figures_with_a_truth(), min_size=1, max_size=4))
def test_what_is_made_of_several_lies_within_its_bounds(
    operator: Callable[[Sequence[Figure]], Figure],
    plain: Callable[[Sequence[Fraction]], Fraction],
    drawn: list[tuple[Figure, Fraction]],
) -> None:
    found = operator([figure for figure, _ in drawn])
    assert within(plain([truth for _, truth in drawn]), found)
    if all(figure.is_exact for figure, _ in drawn):
        assert found == exactly(plain([truth for _, truth in drawn]))


@given(figures_with_a_truth(), figures_with_a_truth())
def test_a_ratio_lies_within_its_bounds_and_is_unknown_over_zero(
    one: tuple[Figure, Fraction], other: tuple[Figure, Fraction]
) -> None:
    found = ratio(one[0], other[0])
    if other[0] == exactly(Fraction(0)):
        assert found == NOTHING_KNOWN
    assume(other[1])
    assert within(one[1] / other[1], found)
    if one[0].is_exact and other[0].is_exact:
        assert found == exactly(one[1] / other[1])


@given(figures_with_a_truth(), st.fractions(1, 9), NUMBERS)
def test_partial_credit_lies_within_its_bounds_and_never_passes_all_or_none(
    drawn: tuple[Figure, Fraction], full: Fraction, gives: Fraction
) -> None:
    found = scaled(drawn[0], full, gives)
    credit = min(max(drawn[1] / full, Fraction(0)), Fraction(1)) * gives
    assert within(credit, found)
    assert found.low is not None
    assert found.high is not None
    assert min(gives, Fraction(0)) <= found.low <= found.high <= max(gives, Fraction(0))


@given(figures_with_a_truth(), st.fractions("1/4", 3, max_denominator=4), st.sampled_from(tk.Rounding))
def test_rounding_keeps_within_its_bounds(
    drawn: tuple[Figure, Fraction], to: Fraction, mode: tk.Rounding
) -> None:
    [truth] = [rounded(exactly(drawn[1]), to, mode).value]
    assert truth is not None
    assert (truth / to).denominator == 1
    assert within(truth, rounded(drawn[0], to, mode))


@given(figures_with_a_truth())
def test_what_may_be_nothing_lies_between_nothing_and_itself(drawn: tuple[Figure, Fraction]) -> None:
    found = perhaps(drawn[0])
    assert within(Fraction(0), found)
    assert within(drawn[1], found)
