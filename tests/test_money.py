"""Money: whole minor units of one currency, split without loss."""

from __future__ import annotations

import decimal
import operator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies_values import AMOUNTS_ARE_KEPT_IN, currencies, moneys, shares

from tierkit.errors import CurrencyMismatch, InvalidValue, NotCovered, UnknownName, WrongType
from tierkit.values.currency import Currency
from tierkit.values.money import Money
from tierkit.values.rates import ExchangeRate, RateTable, Rounding

if TYPE_CHECKING:
    from random import Random

Shares = dict[str, int | Fraction | Decimal]
HOSTILE = decimal.Context(prec=3, Emin=-3, Emax=3, traps=[decimal.Inexact, decimal.Rounded])
DAY = date(2026, 3, 4)


# "Money holds whole minor units of its currency (`.amount` is the Decimal)."


@pytest.mark.parametrize(
    ("amount", "code", "minor", "text"),
    [
        ("1234.56", "EUR", 123456, "1234.56 EUR"),
        ("1234.5", "EUR", 123450, "1234.50 EUR"),
        ("1234", "EUR", 123400, "1234.00 EUR"),
        ("-0.07", "EUR", -7, "-0.07 EUR"),
        ("+5", "EUR", 500, "5.00 EUR"),
        ("0001.50", "EUR", 150, "1.50 EUR"),
        (5, "JPY", 5, "5 JPY"),
        ("1000", "JPY", 1000, "1000 JPY"),
        (Decimal("1.234"), "BHD", 1234, "1.234 BHD"),
        (Decimal("1E+3"), "BHD", 1000000, "1000.000 BHD"),
        ("1.5", "IQD", 1500, "1.500 IQD"),
        ("1.5", "CLF", 15000, "1.5000 CLF"),
        (Decimal("12.50"), "HRK", 1250, "12.50 HRK"),
    ],
)
def test_amounts_become_whole_minor_units(
    amount: int | str | Decimal, code: str, minor: int, text: str
) -> None:
    money = Money(amount, code)
    assert (money.minor, str(money)) == (minor, text)
    assert money == Money.from_minor(minor, code) == Money(amount, Currency(code))
    assert money.amount == Decimal(amount)


@given(st.integers(-(10**30), 10**30), st.sampled_from(AMOUNTS_ARE_KEPT_IN))
def test_text_and_decimal_give_the_amount_back(minor: int, code: str) -> None:
    money = Money.from_minor(minor, code)
    text, shown = str(money).split()
    assert Money(text, shown) == Money(money.amount, code) == money
    assert -Decimal(str(money.amount)).as_tuple().exponent == Currency(code).minor_units  # type: ignore[operator]


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("1.234", "EUR"),
        ("0.005", "EUR"),
        ("1.5", "JPY"),
        ("1.2345", "BHD"),
        (Decimal("0.001"), "EUR"),
        (Decimal("0.1"), "JPY"),
        ("1.2300001", "EUR"),
    ],
)
def test_more_decimals_than_the_currency_has_are_refused(amount: str | Decimal, code: str) -> None:
    with pytest.raises(InvalidValue, match=f"decimals in {code}"):
        Money(amount, code)


def test_surplus_zeros_are_taken_unless_they_may_be_a_thousand() -> None:
    assert Money("1000.00", "JPY") == Money(1000, "JPY")
    assert Money("12.5000", "EUR") == Money("12.50", "EUR")
    assert Money(Decimal("12.500"), "EUR") == Money("12.50", "EUR")
    for text, code in (("1.000", "EUR"), ("12.000", "JPY"), ("-1.000", "EUR")):
        with pytest.raises(InvalidValue, match="without thousands separators"):
            Money(text, code)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "5.",
        ".5",
        "1,234.5",
        "1.234,50",
        "1 234",
        " 1",
        "1e3",
        "1E+05",
        "1/2",
        "EUR 5",
        "\u20ac5",
        "\u0663.00",
        "5.\u00b2\u00b2",
        "nan",
        "--5",
        "5.-1",
        "1" * 101,
        "9" * 5_000_000,
    ],
    ids=lambda text: repr(text)[:20],
)
def test_amounts_are_plain_decimals_or_refused_at_once(text: str) -> None:
    for code in ("EUR", "JPY"):
        with pytest.raises(InvalidValue, match="a plain decimal"):
            Money(text, code)


def test_a_thousands_separator_is_named() -> None:
    with pytest.raises(InvalidValue, match="without thousands separators and with a point"):
        Money("1,234.5", "EUR")


@pytest.mark.parametrize("amount", [1.5, True, None, Fraction(1, 2), b"1"])
def test_what_is_no_amount_is_refused(amount: object) -> None:
    with pytest.raises(WrongType):
        Money(amount, "EUR")  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", [Decimal("NaN"), Decimal("Infinity"), Decimal("1E+999999999")])
def test_what_is_no_finite_amount_is_refused(amount: Decimal) -> None:
    with pytest.raises(InvalidValue):
        Money(amount, "EUR")


@pytest.mark.parametrize("code", ["XAU", "XDR", "XTS", "XXX"])
def test_a_currency_without_minor_units_has_no_amounts(code: str) -> None:
    for amount in (1, "1.00", Decimal(1)):
        with pytest.raises(InvalidValue, match=code):
            Money(amount, code)
    with pytest.raises(InvalidValue, match=code):
        Money.from_minor(1, code)


def test_the_currency_is_one_that_is_known() -> None:
    with pytest.raises(UnknownName, match="did you mean 'EUR'"):
        Money(1, "eur")
    with pytest.raises(WrongType):
        Money(1, 978)  # type: ignore[arg-type]
    with pytest.raises(WrongType):
        Money.from_minor(1.0, "EUR")  # type: ignore[arg-type]


@given(moneys(currencies=("EUR",)), moneys(currencies=("EUR",)), st.integers(-1000, 1000))
def test_arithmetic_is_that_of_whole_minor_units(one: Money, other: Money, factor: int) -> None:
    assert (one + other).minor == one.minor + other.minor
    assert (one - other).minor == one.minor - other.minor
    assert (one * factor).minor == (factor * one).minor == one.minor * factor
    assert (-one).minor == -one.minor
    assert abs(one).minor == abs(one.minor)
    assert bool(one) == bool(one.minor)
    assert (one < other, one <= other) == (one.minor < other.minor, one.minor <= other.minor)
    assert (one > other, one >= other) == (one.minor > other.minor, one.minor >= other.minor)
    assert sum([one, other], Money(0, "EUR")) == one + other
    if other:
        assert one / other == Fraction(one.minor, other.minor)


# "different currencies neither compare nor add"


def test_two_currencies_do_not_mix() -> None:
    euros, dollars = Money(1, "EUR"), Money(1, "USD")
    for mix in (
        operator.add,
        operator.sub,
        operator.truediv,
        operator.lt,
        operator.le,
        operator.gt,
        operator.ge,
    ):
        with pytest.raises(CurrencyMismatch, match=r"1\.00 EUR and 1\.00 USD"):
            mix(euros, dollars)
    assert euros != dollars
    with pytest.raises(TypeError):  # the standard class that a caller expects
        euros + dollars


def test_amounts_and_numbers_do_not_mix() -> None:
    money = Money(1, "EUR")
    with pytest.raises(TypeError):
        money + 1  # type: ignore[operator]
    with pytest.raises(TypeError):
        money - 1  # type: ignore[operator]
    with pytest.raises(TypeError):
        money / 2  # type: ignore[operator]
    with pytest.raises(TypeError):
        money < 2  # type: ignore[operator]  # noqa: B015
    with pytest.raises(TypeError):
        money * money  # type: ignore[operator]
    assert money != 1  # type: ignore[comparison-overlap]


@pytest.mark.parametrize("factor", [0.5, True, "2", Decimal("0.5"), Fraction(1, 2)])
def test_only_whole_numbers_are_factors(factor: object) -> None:
    with pytest.raises(WrongType, match=r"allocate\(\)"):
        Money(1, "EUR") * factor  # type: ignore[operator]
    with pytest.raises(WrongType, match=r"allocate\(\)"):
        factor * Money(1, "EUR")  # type: ignore[arg-type]


# "`Money` ... `allocate` by the largest remainder, ties by a stable key"


@given(moneys(), shares())
def test_the_parts_add_up_to_the_amount(money: Money, split: Shares) -> None:
    parts = money.allocate(split)
    assert list(parts) == list(split)
    assert sum(parts.values(), Money(0, money.currency)) == money


@given(moneys(), shares())
def test_no_part_is_a_whole_minor_unit_off_its_quota(money: Money, split: Shares) -> None:
    whole = sum((Fraction(share) for share in split.values()), Fraction(0))
    for key, part in money.allocate(split).items():
        quota = money.minor * Fraction(split[key]) / whole
        assert abs(part.minor - quota) < 1
        if quota.denominator == 1:
            assert part.minor == quota


@given(moneys(), shares(), st.randoms(use_true_random=False))
def test_the_order_of_the_shares_makes_no_difference(money: Money, split: Shares, random: Random) -> None:
    keys = list(split)
    random.shuffle(keys)
    assert money.allocate({key: split[key] for key in keys}) == money.allocate(split)


@given(moneys(), shares())
def test_a_negative_amount_is_split_as_the_positive_one(money: Money, split: Shares) -> None:
    assert (-money).allocate(split) == {key: -part for key, part in money.allocate(split).items()}


@given(moneys(), shares(), st.integers(1, 1000))
def test_only_the_proportions_of_the_shares_count(money: Money, split: Shares, scale: int) -> None:
    assert money.allocate({key: Fraction(share) * scale for key, share in split.items()}) == money.allocate(
        split
    )


def test_equal_remainders_go_to_the_first_keys() -> None:
    thirds = Money("100.01", "EUR").allocate({"c": 1, "a": 1, "b": 1})
    assert {key: str(part.amount) for key, part in thirds.items()} == {
        "a": "33.34",
        "b": "33.34",
        "c": "33.33",
    }
    assert Money(7, "JPY").allocate({"none": 0, "all": Fraction(2, 3)}) == {
        "none": Money(0, "JPY"),
        "all": Money(7, "JPY"),
    }


@pytest.mark.parametrize("split", [{}, {"a": 0}, {"a": 1, "b": -1}, {"a": Decimal("NaN")}])
def test_shares_that_share_nothing_are_refused(split: Shares) -> None:
    with pytest.raises(InvalidValue, match="share"):
        Money(1, "EUR").allocate(split)


def test_a_share_is_no_float() -> None:
    with pytest.raises(WrongType, match="share of 'a'"):
        Money(1, "EUR").allocate({"a": 0.5})  # type: ignore[dict-item]


# "`money.convert(to, rates, on=)` with the rounding said"


RATES = RateTable(
    [
        ExchangeRate("EUR", "USD", "1.0825", DAY),
        ExchangeRate("USD", "JPY", "150.5", DAY, date(2026, 4, 1)),
        ExchangeRate("EUR", "BHD", "0.408125", DAY),
    ]
)


@pytest.mark.parametrize(
    ("rounding", "text"),
    [
        (Rounding.HALF_UP, "10.83 USD"),
        (Rounding.HALF_EVEN, "10.82 USD"),
        (Rounding.DOWN, "10.82 USD"),
        (Rounding.UP, "10.83 USD"),
    ],
)
def test_an_amount_is_converted_with_the_rounding_that_is_said(rounding: Rounding, text: str) -> None:
    assert str(Money(10, "EUR").convert("USD", RATES, on=DAY, rounding=rounding)) == text
    assert str(Money(-10, "EUR").convert("USD", RATES, on=DAY, rounding=rounding)) == f"-{text}"


def test_minor_units_of_both_currencies_count() -> None:
    down = Rounding.DOWN
    assert str(Money(10, "EUR").convert("BHD", RATES, on=DAY, rounding=down)) == "4.081 BHD"
    assert str(Money("0.99", "USD").convert(Currency("JPY"), RATES, on=DAY, rounding=down)) == "148 JPY"


def test_a_chain_is_rounded_once_and_only_made_where_it_is_named() -> None:
    once = Money("0.99", "EUR").convert("JPY", RATES, on=DAY, rounding=Rounding.HALF_UP, through="USD")
    assert once == Money(161, "JPY")  # 161.28; by way of 1.07 USD it would be 161.04
    with pytest.raises(NotCovered, match='through="USD"'):
        Money(1, "EUR").convert("JPY", RATES, on=DAY, rounding=Rounding.HALF_UP)


def test_the_same_currency_needs_no_rate() -> None:
    money = Money("12.34", "GBP")
    assert money.convert("GBP", RateTable(), on=DAY, rounding=Rounding.DOWN) == money


def test_a_currency_without_amounts_is_no_target() -> None:
    rates = RateTable([ExchangeRate("EUR", "XAU", "0.0003", DAY)])
    with pytest.raises(InvalidValue, match="XAU"):
        Money(1, "EUR").convert("XAU", rates, on=DAY, rounding=Rounding.DOWN)


@given(moneys(currencies=("EUR", "JPY", "BHD")), shares(), currencies())
def test_a_hostile_decimal_context_changes_nothing(money: Money, split: Shares, target: Currency) -> None:
    assume(target != money.currency)
    rates = RateTable([ExchangeRate(money.currency, target, "1.23456789", DAY)])

    def everything() -> list[object]:
        converted = money.convert(target, rates, on=DAY, rounding=Rounding.HALF_EVEN)
        return [
            str(money),
            money.amount,
            money.allocate(split),
            converted,
            Money(money.amount, money.currency),
        ]

    usual = everything()
    with decimal.localcontext(HOSTILE):
        assert everything() == usual


# Every amount that is taken can be written and read back; sums may be longer, and can be shown all the same.


@pytest.mark.parametrize("code", ["EUR", "JPY", "BHD", "CLF"])
def test_the_largest_amounts_that_are_taken_are_read_back(code: str) -> None:
    most = 10**90 - 1
    for minor in (most, -most):
        money = Money.from_minor(minor, code)
        assert Money(str(money.amount), code) == money == Money(money.amount, code)
        with pytest.raises(InvalidValue, match="at most 90 digits"):
            Money.from_minor(minor * 10 + 1, code)
        sum_of_two = money + money
        assert Decimal(str(sum_of_two).split()[0]) == sum_of_two.amount


@pytest.mark.parametrize(
    "amount",
    [10**90, 10**99, -(10**5000), Decimal("1E+90"), "9" * 91, "-" + "9" * 91, "9" * 100],
    ids=range(7),
)
def test_larger_amounts_are_refused_with_a_way_out(amount: int | str | Decimal) -> None:
    for code in ("EUR", "JPY"):
        with pytest.raises(InvalidValue) as caught:
            Money(amount, code)
        (problem,) = caught.value.problems
        assert problem.where == "amount"
        assert problem.hint
        assert len(str(problem)) < 300


def test_results_of_any_length_can_be_shown() -> None:
    money = Money(1, "EUR") * 10**6000
    assert str(money) == f"1{'0' * 6000}.00 EUR"
    assert repr(money) == f'Money("1{"0" * 6000}.00", "EUR")'
    assert str(Money(1, "JPY") * -(10**6000)) == f"-1{'0' * 6000} JPY"


def test_a_currency_without_amounts_has_a_way_out() -> None:
    with pytest.raises(InvalidValue, match="in another currency"):
        Money(1, "XAU")
    with pytest.raises(InvalidValue, match="without an exponent"):
        Money("1e999999999", "EUR")
