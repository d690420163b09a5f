"""Hypothesis strategies for values: plural names, options by keyword."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tierkit.reference._currencies import CURRENCIES
from tierkit.reference._markets import MARKETS
from tierkit.values.currency import Currency
from tierkit.values.market import Market
from tierkit.values.money import Money
from tierkit.values.points import Points
from tierkit.values.span import Span
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

    from tierkit.values.exact import Number

AMOUNTS_ARE_KEPT_IN = tuple(code for code, (_, units, *_) in CURRENCIES.items() if units is not None)
TODAY = tuple(code for code in AMOUNTS_ARE_KEPT_IN if Currency(code).withdrawn_on is None)


def fractions(
    *, least: int = -(10**6), most: int = 10**6, largest_divisor: int = 20_000
) -> st.SearchStrategy[Fraction]:
    """Rational numbers such as points values, rates and shares make."""
    return st.fractions(least, most, max_denominator=largest_divisor)


def numbers(*, least: int = -(10**6), most: int = 10**6) -> st.SearchStrategy[Number]:
    """Everything that is taken as a number, in each of its forms."""
    decimals = st.decimals(least, most, allow_nan=False, places=4)
    return st.one_of(
        st.integers(least, most),
        decimals,
        decimals.map(str),
        fractions(least=least, most=most),
        fractions(least=least, most=most).map(str),
    )


def points(*, least: int = -(10**6), most: int = 10**6) -> st.SearchStrategy[Points]:
    """Points, whole and not."""
    return st.one_of(st.integers(least, most), fractions(least=least, most=most)).map(Points)


def currencies(*, codes: tuple[str, ...] = TODAY) -> st.SearchStrategy[Currency]:
    """Currencies that amounts are kept in."""
    return st.sampled_from(codes).map(Currency)


def moneys(
    *, currencies: tuple[str, ...] = ("EUR", "USD", "JPY", "BHD"), least: int = -(10**9), most: int = 10**9
) -> st.SearchStrategy[Money]:
    """Amounts; `least` and `most` are minor units."""
    return st.builds(Money.from_minor, st.integers(least, most), st.sampled_from(currencies))


def markets(*, codes: tuple[str, ...] = tuple(MARKETS)) -> st.SearchStrategy[Market]:
    """Markets."""
    return st.sampled_from(codes).map(Market)


def days(*, first: date = date(2019, 1, 1), last: date = date(2029, 12, 31)) -> st.SearchStrategy[date]:
    """Days around those that programs have rules for, the ends of months among them."""
    ends = [date(2020, 2, 29), date(2024, 2, 29), date(2026, 1, 31), date(2026, 8, 31), date(2025, 12, 31)]
    return st.one_of(
        st.dates(first, last), st.sampled_from([day for day in ends if first <= day <= last] or [first])
    )


@st.composite
def spans(draw: st.DrawFn, *, first: date = date(2019, 1, 1), last: date = date(2029, 12, 31)) -> Span:
    """Spans of days, open ones among them."""
    start, end = sorted(draw(st.lists(st.dates(first, last), min_size=2, max_size=2, unique=True)))
    return Span(draw(st.sampled_from([start, None])), draw(st.sampled_from([end, None])))


def verdicts() -> st.SearchStrategy[Verdict]:
    """The three answers."""
    return st.sampled_from(Verdict)


def shares(*, least: int = 1, most: int = 8) -> st.SearchStrategy[dict[str, int | Fraction | Decimal]]:
    """Shares of an allocation by key: whole numbers, thirds and decimals, not all of them zero."""
    share: st.SearchStrategy[int | Fraction | Decimal] = st.one_of(
        st.integers(0, 1000),
        st.fractions(0, 100, max_denominator=60),
        st.decimals(0, 100, allow_nan=False, places=3),
    )
    keys = st.text("abcdefgh", min_size=1, max_size=3)
    return st.dictionaries(keys, share, min_size=least, max_size=most).filter(
        lambda found: any(found.values())
    )
