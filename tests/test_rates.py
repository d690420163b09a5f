"""Rounding, exchange rates and their table: dated, directional, supplied by the user."""

from __future__ import annotations

import datetime as dt
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_values import fractions

from tierkit.errors import InvalidValue, NotCovered, UnknownName, WrongType
from tierkit.values.currency import Currency
from tierkit.values.rates import ExchangeRate, RateTable, Rounding, round_to_int

if TYPE_CHECKING:
    from random import Random

DAY = date(2026, 3, 4)
NEXT = date(2026, 3, 5)
DECIMALS = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.DOWN: ROUND_DOWN,
    Rounding.UP: ROUND_UP,
}


@given(st.integers(-(10**6), 10**6), st.sampled_from(Rounding))
def test_rounding_is_that_of_the_decimal_module(eighths: int, rounding: Rounding) -> None:
    expected = (
        Decimal(eighths * 125)
        .scaleb(-3)
        .quantize(Decimal(1), context=Context(prec=30, rounding=DECIMALS[rounding]))
    )
    assert round_to_int(Fraction(eighths, 8), rounding) == int(expected)


@given(fractions(), st.sampled_from(Rounding))
def test_rounding_is_symmetric_and_less_than_one_off(value: Fraction, rounding: Rounding) -> None:
    assert round_to_int(-value, rounding) == -round_to_int(value, rounding)
    assert abs(round_to_int(value, rounding) - value) < 1


def test_an_unknown_rounding_is_refused_with_a_near_one() -> None:
    assert Rounding("half-even") is Rounding.HALF_EVEN
    with pytest.raises(UnknownName, match="did you mean 'half-up'"):
        Rounding("half up")
    with pytest.raises(UnknownName, match="one of half-up, half-even, down, up"):
        round_to_int(Fraction(1), None)  # type: ignore[arg-type]


def test_a_rate_holds_from_a_day_up_to_another() -> None:
    rate = ExchangeRate("EUR", Currency("USD"), "1.08", DAY, source="ECB")
    assert (rate.base, rate.quote, rate.rate) == (Currency("EUR"), Currency("USD"), Fraction(27, 25))
    assert (rate.on, rate.until, rate.source) == (DAY, NEXT, "ECB")
    assert rate == ExchangeRate("EUR", "USD", Decimal("1.08"), DAY, NEXT, "ECB")


@pytest.mark.parametrize("rate", [0, "0", "-1.08", Fraction(-1, 3), "NaN", "1,08"])
def test_a_rate_is_a_number_above_zero(rate: int | str | Fraction) -> None:
    with pytest.raises(InvalidValue, match="rate EUR to USD"):
        ExchangeRate("EUR", "USD", rate, DAY)


def test_a_rate_is_checked_whole() -> None:
    with pytest.raises(InvalidValue) as caught:
        ExchangeRate("EUR", "EUR", 0, DAY, DAY)
    assert [problem.expected for problem in caught.value.problems] == [
        "a number above zero",
        "two currencies",
        "an end after the start",
    ]
    with pytest.raises(WrongType, match=r'write "1\.08"'):
        ExchangeRate("EUR", "USD", 1.08, DAY)  # type: ignore[arg-type]
    with pytest.raises(UnknownName):
        ExchangeRate("EUR", "US", 1, DAY)
    with pytest.raises(WrongType, match="a date without a time"):
        ExchangeRate("EUR", "USD", 1, dt.datetime(2026, 1, 1))  # noqa: DTZ001 - that it is none is the point
    with pytest.raises(WrongType, match="until"):
        ExchangeRate("EUR", "USD", 1, DAY, "2026-04-01")  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="a year from 1 to 9999"):
        ExchangeRate("EUR", "USD", 1, date.max)


EUR_USD = ExchangeRate("EUR", "USD", "1.08", DAY, date(2026, 3, 10))
USD_JPY = ExchangeRate("USD", "JPY", 150, DAY)
LATER = ExchangeRate("EUR", "USD", "1.09", date(2026, 3, 20), date(2026, 4, 1))
TABLE = RateTable([LATER, USD_JPY, EUR_USD])


def test_a_table_gives_the_rate_of_a_day() -> None:
    assert TABLE.find("EUR", Currency("USD"), on=DAY) == (EUR_USD,)
    assert TABLE.find("EUR", "USD", on=date(2026, 3, 9)) == (EUR_USD,)
    assert TABLE.find("EUR", "USD", on=date(2026, 3, 31)) == (LATER,)
    assert TABLE.find("EUR", "JPY", on=DAY, through="USD") == (EUR_USD, USD_JPY)
    assert TABLE.find("GBP", "GBP", on=DAY) == ()


# "dated, directional, supplied by the user, a chain only through a currency that the caller names"


@pytest.mark.parametrize(
    ("base", "quote", "day", "said"),
    [
        ("EUR", "USD", date(2026, 3, 3), "found one from 2026-03-04"),
        ("EUR", "USD", date(2026, 3, 10), "found one until 2026-03-09 and one from 2026-03-20"),
        (
            "EUR",
            "USD",
            date(2026, 4, 1),
            "found one until 2026-03-31; expected a rate for that day; add the rate",
        ),
        ("USD", "EUR", DAY, "EUR to USD is known, but a rate is never inverted"),
        (
            "EUR",
            "JPY",
            DAY,
            'found no rate of this pair; expected a rate for that day; through="USD" would work',
        ),
        (
            "EUR",
            "JPY",
            date(2026, 3, 20),
            "found no rate of this pair; expected a rate for that day; add the rate",
        ),
        ("GBP", "CHF", DAY, "rate GBP to CHF on 2026-03-04: found no rate of this pair"),
    ],
)
def test_a_missing_rate_says_what_there_is(base: str, quote: str, day: date, said: str) -> None:
    with pytest.raises(NotCovered, match=said):
        TABLE.find(base, quote, on=day)


def test_a_chain_names_every_rate_that_is_missing() -> None:
    with pytest.raises(NotCovered) as caught:
        TABLE.find("GBP", "CHF", on=DAY, through="USD")
    assert [problem.where for problem in caught.value.problems] == [
        "rate GBP to USD on 2026-03-04",
        "rate USD to CHF on 2026-03-04",
    ]
    for through in ("EUR", "JPY"):
        with pytest.raises(InvalidValue, match="a third currency"):
            TABLE.find("EUR", "JPY", on=DAY, through=through)
    with pytest.raises(WrongType):
        TABLE.find("EUR", "USD", on="2026-03-04")  # type: ignore[arg-type]


def test_rates_that_overlap_may_not_differ() -> None:
    with pytest.raises(InvalidValue, match="found 27/25 and 11/10 on 2026-03-05; expected one rate a day"):
        RateTable([EUR_USD, ExchangeRate("EUR", "USD", "1.1", NEXT)])
    once = RateTable([EUR_USD, EUR_USD])
    assert once.rates == (EUR_USD,)
    again = ExchangeRate("EUR", "USD", "1.08", NEXT, source="another")
    longer = ExchangeRate("EUR", "USD", "1.08", date(2026, 3, 8), date(2026, 3, 12))
    table = RateTable([longer, again, EUR_USD])
    assert table.rates == (EUR_USD, again, longer)
    assert table.find("EUR", "USD", on=NEXT) == (EUR_USD,)
    assert table.find("EUR", "USD", on=date(2026, 3, 11)) == (longer,)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10), st.sampled_from([1, 2])), max_size=12),
    st.integers(-1, 41),
    st.randoms(use_true_random=False),
)
def test_a_table_answers_as_a_look_at_every_rate_does(
    spells: list[tuple[int, int, int]], offset: int, random: Random
) -> None:
    rates = [
        ExchangeRate("EUR", "USD", rate, DAY + timedelta(first), DAY + timedelta(first + length))
        for first, length, rate in spells
    ]
    clash = any(
        one.on < other.until and other.on < one.until and one.rate != other.rate
        for one in rates
        for other in rates
    )
    random.shuffle(rates)
    if clash:
        with pytest.raises(InvalidValue):
            RateTable(rates)
        return
    table, day = RateTable(rates), DAY + timedelta(offset)
    assert table == RateTable(reversed(rates))
    holding = {rate.rate for rate in rates if rate.on <= day < rate.until}
    if holding:
        assert {rate.rate for rate in table.find("EUR", "USD", on=day)} == holding
    else:
        with pytest.raises(NotCovered):
            table.find("EUR", "USD", on=day)
