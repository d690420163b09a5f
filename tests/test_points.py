"""Points and exact numbers: what goes in, what arithmetic gives, what is shown."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies_values import fractions, numbers, points

from tierkit.errors import InvalidValue, WrongType
from tierkit.values.exact import Number, decimal_text, exact
from tierkit.values.points import Points, points_of

HOSTILE = decimal.Context(
    prec=3,
    rounding=decimal.ROUND_UP,
    Emin=-3,
    Emax=3,
    traps=[decimal.Inexact, decimal.Rounded, decimal.Clamped],
)


# "Points are rational numbers: 1000 / 88 * 5 stays 625/11."


def test_a_rate_per_88_stays_a_ratio() -> None:
    assert Points(1000) / 88 * 5 == Points("625/11")


# "Sums do not depend on order, a third three times is one, and a bar that is met exactly is met."


@given(st.lists(points(), min_size=2, max_size=4))
def test_sums_do_not_depend_on_order(parts: list[Points]) -> None:
    assert len({sum(line, Points(0)) for line in permutations(parts)}) == 1


@given(st.lists(fractions(), max_size=30))
def test_sums_are_those_of_the_fractions(parts: list[Fraction]) -> None:
    assert sum(map(Points, parts), Points(0)).fraction == sum(parts, Fraction(0))


def test_a_third_three_times_is_one() -> None:
    third = Points(1) / 3
    assert third + third + third == Points(1)
    assert sum([Points(10) / 3] * 3, Points(0)) >= Points(10)


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=40), st.sampled_from([88, 79, 137, 14400]))
def test_a_bar_that_is_met_exactly_is_met(cents: list[int], unit: int) -> None:
    total = sum((Points(amount) / 100 / unit * 5 for amount in cents), Points(0))
    assert total >= Points(Fraction(sum(cents) * 5, 100 * unit))
    assert not total < Points(Fraction(sum(cents) * 5, 100 * unit))


# "Points add to Points only, multiply and divide by numbers, Points / Points is a Fraction,
#  and Points never equal a bare number."


@given(fractions(), fractions(), fractions())
def test_arithmetic_is_that_of_the_fractions(one: Fraction, other: Fraction, factor: Fraction) -> None:
    assert (Points(one) + Points(other)).fraction == one + other
    assert (Points(one) - Points(other)).fraction == one - other
    assert (Points(one) * factor).fraction == (factor * Points(one)).fraction == one * factor
    assert (-Points(one)).fraction == -one
    assert abs(Points(one)).fraction == abs(one)
    assert bool(Points(one)) == bool(one)
    assert (Points(one) < Points(other)) == (one < other)
    assert (Points(one) <= Points(other)) == (one <= other)
    assert (Points(one) > Points(other)) == (one > other)
    assert (Points(one) >= Points(other)) == (one >= other)
    assert (Points(one) == Points(other)) == (one == other)
    if factor:
        assert (Points(one) / factor).fraction == one / factor
    if other:
        assert Points(one) / Points(other) == one / other


@given(points(), points())
def test_results_are_in_lowest_terms_so_that_equal_points_hash_equally(one: Points, other: Points) -> None:
    for result in (
        one + other,
        one - other,
        one * 6,
        one / 6,
        points_of(one.numerator * 6, one.denominator * -6),
    ):
        lowest = result.fraction
        assert (result.numerator, result.denominator) == (lowest.numerator, lowest.denominator)
        assert hash(result) == hash(Points(lowest))


@given(points(), st.decimals(-1000, 1000, places=3))
def test_a_decimal_factor_is_taken_as_it_is_written(value: Points, factor: Decimal) -> None:
    assert (value * factor).fraction == value.fraction * Fraction(factor)


def test_points_and_numbers_do_not_add_or_compare() -> None:
    with pytest.raises(TypeError):
        Points(1) + 1  # type: ignore[operator]
    with pytest.raises(TypeError):
        0 + Points(1)  # type: ignore[operator]
    with pytest.raises(TypeError):
        Points(1) - Fraction(1)  # type: ignore[operator]
    with pytest.raises(TypeError):
        Points(1) < 2  # type: ignore[operator]  # noqa: B015
    with pytest.raises(TypeError):
        Points(1) * Points(1)  # type: ignore[operator]
    with pytest.raises(TypeError):
        1 / Points(1)  # type: ignore[operator]
    with pytest.raises(TypeError):
        sum([Points(1)])  # type: ignore[list-item]
    assert Points(1) != 1  # type: ignore[comparison-overlap]
    assert Points("1/2") != Fraction(1, 2)


@pytest.mark.parametrize("factor", [0.5, True, "2"])
def test_no_float_bool_or_text_is_a_factor(factor: object) -> None:
    with pytest.raises(WrongType, match="factor of points"):
        Points(1) * factor  # type: ignore[operator]
    with pytest.raises(WrongType, match="factor of points"):
        factor * Points(1)  # type: ignore[arg-type]
    with pytest.raises(WrongType, match="factor of points"):
        Points(1) / factor  # type: ignore[operator]


def test_other_foreign_types_answer_for_themselves() -> None:
    class Scale:
        def __rmul__(self, other: object) -> str:
            return "mine"

        def __rtruediv__(self, other: object) -> str:
            return "mine"

    assert Points(1) * Scale() == "mine"
    assert Points(1) / Scale() == "mine"


def test_nothing_divides_by_zero() -> None:
    for zero in (0, Fraction(0), Decimal(0), Points(0)):
        with pytest.raises(ZeroDivisionError):
            Points(1) / zero


# "Floats are refused with a message that says what to write instead."


def test_the_message_about_a_float_says_what_to_write() -> None:
    with pytest.raises(WrongType) as caught:
        Points(0.1)  # type: ignore[arg-type]
    assert 'write "0.1" or Decimal("0.1")' in str(caught.value)
    with pytest.raises(TypeError):  # the standard class that a caller expects
        Points(float("nan"))  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [True, None, b"1", 1j, [1], object()])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(WrongType):
        Points(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    [
        "",
        " 1",
        "1 ",
        "1\n",
        "1_000",
        "1,000",
        "1.000,5",
        "1'000.5",
        "1,5",
        ".5",
        "5.",
        "--1",
        "1/0",
        "1/00",
        "1/-2",
        "1.5/2",
        "1/2/3",
        "0x10",
        "\u0663",
        "\uff11",
        "\u00b2",
        "nan",
        "-inf",
        "Infinity",
        "1e101",
        "1e-101",
        "1e999999999",
        "1e99999999999999999999",
        "1" * 101,
        "1/" + "3" * 4001,
        "7" * 10_000_000,
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("-Infinity"),
        Decimal("1E+101"),
        Decimal("1E-101"),
        Decimal("1E+999999"),
        Decimal("1E-999999"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_no_plain_number_is_refused_at_once_and_briefly(value: str | Decimal) -> None:
    with pytest.raises(InvalidValue) as caught:
        Points(value)
    assert len(str(caught.value)) < 300
    assert "points: found" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1,234.5", "without thousands separators"),
        ("1.234,5", "without thousands separators"),
        ("1 234", "without thousands separators"),
        ("1\u2019234.50", "without thousands separators"),
        ("12,5", "a point before the decimals"),
        (" 5", "remove the blanks"),
        ("NaN", "leave the number out"),
        ("1" * 101, "100 characters"),
    ],
)
def test_the_message_says_what_to_do(text: str, hint: str) -> None:
    with pytest.raises(InvalidValue, match=hint):
        exact(text, where="mrr")


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("3", Fraction(3)),
        ("+3", Fraction(3)),
        ("-3.25", Fraction(-13, 4)),
        ("007.50", Fraction(15, 2)),
        ("1e3", Fraction(1000)),
        ("1.5E-2", Fraction(3, 200)),
        ("625/11", Fraction(625, 11)),
        ("-6/4", Fraction(-3, 2)),
        (Decimal("1E+3"), Fraction(1000)),
        (Decimal("0.1"), Fraction(1, 10)),
        (10**200, Fraction(10**200)),
        (Points("1/3"), Fraction(1, 3)),
    ],
)
def test_each_form_of_a_number_is_taken(value: Points | Number, number: Fraction) -> None:
    assert Points(value).fraction == number


@given(st.one_of(st.text(max_size=20), st.text("0123456789.,-+eE/ _", max_size=12)))
@example("1/" + "0" * 50)
def test_any_text_is_a_number_or_a_problem(text: str) -> None:
    try:
        number = exact(text, where="x")
    except InvalidValue as error:
        said = str(error)
    else:
        said = ""
        assert number == Fraction(text)
    assert len(said) < 400


@given(numbers())
def test_every_form_of_a_number_is_read_exactly(value: Number) -> None:
    assert exact(value, where="x") == Fraction(value)


# "eval(repr(x)) == x", "Rounding exists only ... at display of points, which cuts toward zero"


@given(points())
def test_text_gives_the_points_back(value: Points) -> None:
    assert Points(str(value)) == value
    assert eval(repr(value)) == value  # noqa: S307 - our own repr
    assert format(value) == str(value) == f"{value}"


def test_text_is_a_decimal_where_it_ends_and_a_ratio_where_not() -> None:
    shown = [str(Points(value)) for value in (12, "12.50", "-1/8", "1/3", "-625/11", "1/1024")]
    assert shown == ["12", "12.5", "-0.125", "1/3", "-625/11", "0.0009765625"]
    assert str(Points(Fraction(1, 2**400))) == f"1/{2**400}"  # its decimals would fill four lines
    assert decimal_text(Fraction(1, 3)) is None
    assert Fraction(decimal_text(Fraction(1, 2**400)) or "") == Fraction(1, 2**400)


def test_a_long_exact_sum_can_be_read_back() -> None:
    long = sum((Points(1) / prime for prime in range(3, 400, 2)), Points(0))
    assert len(str(long)) > 100
    assert Points(str(long)) == long


@given(points(), st.integers(0, 6))
def test_display_cuts_toward_zero(value: Points, places: int) -> None:
    shown = value.cut(places)
    assert abs(Fraction(shown)) <= abs(value.fraction)
    assert abs(value.fraction) - abs(Fraction(shown)) < Fraction(1, 10**places)
    assert shown.as_tuple().exponent == -places
    assert f"{value:.{places}f}" == f"{shown:f}"


def test_a_bar_is_never_shown_as_reached_that_is_not() -> None:
    assert f"{Points('324.996'):.2f}" == "324.99"
    assert Points("-0.001").cut() == Decimal("0.00")
    assert f"{Points('-0.001'):.2f}" == "0.00"


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ("", "-1234567.75"),
        (".0f", "-1234567"),
        (",.2f", "-1,234,567.75"),
        (",.0f", "-1,234,567"),
        (">16,.2f", "   -1,234,567.75"),
        ("16.1f", "      -1234567.7"),
        ("<14.1f", "-1234567.7    "),
        ("*^14.1f", "**-1234567.7**"),
        ("13", "  -1234567.75"),
    ],
)
def test_points_format_like_numbers(spec: str, text: str) -> None:
    assert format(Points("-4938271/4"), spec) == text


def test_a_group_below_one_keeps_its_sign() -> None:
    assert f"{Points('-0.5'):,.1f}" == "-0.5"


@pytest.mark.parametrize("spec", ["d", ".2", ",", ".2e", "+.2f", ".101f", "0>+8", ">5000.2f"])
def test_no_other_format_is_taken(spec: str) -> None:
    with pytest.raises(InvalidValue):
        format(Points(1), spec)


@pytest.mark.parametrize("places", [-1, 101, 2.0, True, None])
def test_places_are_bounded(places: object) -> None:
    with pytest.raises(InvalidValue, match="a whole number between 0 and 100"):
        Points(1).cut(places)  # type: ignore[arg-type]


# "A host that sets its decimal context to three digits ... gets the same results."


@given(fractions(), st.decimals(-(10**6), 10**6, places=5))
def test_a_hostile_decimal_context_changes_nothing(one: Fraction, factor: Decimal) -> None:
    def everything() -> list[object]:
        value = Points(one) * factor + Points(factor)
        return [
            value,
            str(value),
            value.cut(4),
            f"{value:,.3f}",
            Points("123456.789"),
            exact(factor, where="x"),
        ]

    usual = everything()
    with decimal.localcontext(HOSTILE):
        assert everything() == usual


# Every number that is taken can be written and read back; results may be longer, and can be shown too.


def test_the_longest_numbers_that_are_taken_are_read_back() -> None:
    most = 10**4000 - 1
    for value in (
        most,
        -most,
        Fraction(1, most),
        Fraction(-most, 10**3999),
        Decimal("9" * 4000),
        f"-{most}/7",
    ):
        points = Points(value)
        assert Points(str(points)) == points
        assert eval(repr(points)) == points  # noqa: S307 - our own repr


@pytest.mark.parametrize(
    "value",
    [
        10**4000,
        -(10**5000),
        Fraction(10**4000),
        Fraction(1, 10**4000),
        Decimal("9" * 4001),
        "1" + "0" * 4000 + "/7",
    ],
    ids=range(6),
)
def test_longer_numbers_are_refused(value: Number) -> None:
    with pytest.raises(InvalidValue) as caught:
        Points(value)
    (problem,) = caught.value.problems
    assert problem.where == "points"
    assert problem.expected
    assert len(str(problem)) < 300
    with pytest.raises(InvalidValue, match="x: found"):
        exact(value, where="x")


def test_results_of_any_length_can_be_shown() -> None:
    for size in (4000, 4001, 5000, 9999):
        points = Points(-(10**3999)) * 10 ** (size - 3999)
        assert str(points) == f"-1{'0' * size}/1"
        assert repr(points) == f'Points("{points}")'
        assert f"{points:.2f}" == f"-1{'0' * size}.00"
        assert f"{points:,.2f}".replace(",", "") == f"-1{'0' * size}.00"
        assert str(abs(points) / 10 ** (2 * size)) == f"1/1{'0' * size}"
    assert f"{Points(1234567):,.1f} {Points(-123):,.0f} {Points(0):,.2f}" == "1,234,567.0 -123 0.00"


def test_what_is_no_number_has_a_way_out() -> None:
    for value in (Decimal("NaN"), Decimal("1E+101"), "1e999", "1e99999999", "NaN", "1,5", 10**5000):
        with pytest.raises(InvalidValue) as caught:
            Points(value)
        assert caught.value.problems[0].hint
