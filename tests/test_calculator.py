"""The points calculator: one question, in either direction, with the same numbers as a book of facts."""

from __future__ import annotations

import pickle
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_engine import FIRST_DAY, MEASURES, VALUED, amounts, days, hubspot, hubspot_with, program_of

import tierkit as tk

if TYPE_CHECKING:
    from collections.abc import Callable

ON = date(2026, 3, 4)
MARKETS = st.sampled_from(["BR", "IN", "DE", "US"])
KINDS = st.sampled_from(["sourced", "assisted"])
EUROS = tk.Money(1000, "EUR")


def asked_days() -> st.SearchStrategy[date]:
    return days(FIRST_DAY, date(2027, 12, 31))


# ---------------------------------------------------------------------- the page of user code


def test_the_numbers_of_the_page_of_user_code() -> None:
    """'quote["sold"], quote["managed"], quote["total"]  # Points("1250/11"), Points("250/33"),
    Points("4000/33")'"""
    quote = tk.quote(
        hubspot(), amount=EUROS, market="BR", kind="sourced", managed=True, other_partners=2, on=ON
    )
    assert quote["sold"] == quote["sourced"] == tk.Points("1250/11")
    assert quote["managed"] == tk.Points("250/33")
    assert quote["total"] == tk.Points("4000/33")
    assert quote["assisted"] == tk.Points(0)
    assert (quote.sold, quote.managed, quote.market, quote.kind) == (EUROS, EUROS, tk.Market("BR"), "sourced")
    assert (quote.program, quote.on, quote.other_partners) == ("hubspot-solutions", ON, 2)
    assert {entry.fact: entry.reason.recompute() for entry in quote.entries} == {
        "sale": Fraction(1250, 11),
        "service": Fraction(250, 33),
    }
    assert pickle.loads(pickle.dumps(quote)) == quote


# ---------------------------------------------------------------------- the same code as `earn`


@given(
    amount=amounts(VALUED),
    market=MARKETS,
    kind=KINDS,
    managed=st.booleans(),
    others=st.integers(0, 5),
    on=asked_days(),
)
def test_a_quote_gives_what_a_book_of_that_deal_and_account_would(
    *, amount: tk.Money, market: str, kind: str, managed: bool, others: int, on: date
) -> None:
    """'All three go through the same code as `earn`'; 'managed credit is divided by `other_partners + 1`'"""
    others = others if managed else 0
    quote = tk.quote(
        hubspot(), amount=amount, market=market, kind=kind, managed=managed, other_partners=others, on=on
    )
    holders = [tk.Holder(partner=name, since=on) for name in ("p", *(f"q{n}" for n in range(others)))]
    deal = tk.Deal(
        id="D", partner="p", customer="c", closed_on=on, mrr=amount, kind=kind, market=market, motion="new"
    )
    account = tk.ManagedAccount(id="A", customer="c", mrr=amount, holders=holders, market=market)
    book = tk.Book([deal, account] if managed else [deal])
    standing = tk.assess(tk.earn(book, hubspot()), on=on, partner="p")
    assert {name: quote[name] for name in MEASURES} == dict(standing.points)
    assert quote.managed == (amount if managed else None)


@given(amounts(VALUED), amounts(VALUED), MARKETS, KINDS, asked_days())
def test_to_points_adds_what_each_amount_gives_alone(
    sold: tk.Money, managed: tk.Money, market: str, kind: str, on: date
) -> None:
    """'`to_points` and `to_money` are the two directions of the currency tab, for sold and managed values'"""

    def points(**asked: Any) -> tk.Quote:
        return tk.to_points(hubspot(), market=market, kind=kind, on=on, **asked)

    both, one, other = points(sold=sold, managed=managed), points(sold=sold), points(managed=managed)
    assert both["sold"] == one["sold"] == one["total"]
    assert both["managed"] == other["managed"] == other["total"]
    assert both["total"] == one["total"] + other["total"]
    assert (one.managed, other.sold) == (None, None)
    alone = tk.quote(hubspot(), amount=sold, market=market, kind=kind, managed=False, on=on)
    assert alone.points == one.points


# ---------------------------------------------------------------------- from points to money


@given(
    sold=st.fractions(0, 50_000, max_denominator=997),
    managed=st.fractions(0, 50_000, max_denominator=997),
    currency=st.sampled_from(VALUED),
    market=MARKETS,
    kind=KINDS,
    on=asked_days(),
)
def test_to_money_gives_the_least_amount_that_earns_so_many_points(
    *, sold: Fraction, managed: Fraction, currency: str, market: str, kind: str, on: date
) -> None:
    """'points to money gives the smallest amount in minor units that earns at least those points'"""
    wanted: dict[str, Any] = {"sold": tk.Points(sold), "managed": tk.Points(managed)}
    found = tk.to_money(hubspot(), currency=currency, market=market, kind=kind, on=on, **wanted)
    for side, points in wanted.items():
        amount: tk.Money = getattr(found, side)
        assert amount.currency == tk.Currency(currency)
        asked: dict[str, Any] = {side: amount}
        assert tk.to_points(hubspot(), market=market, kind=kind, on=on, **asked)[side] >= points
        if amount.minor:
            less: dict[str, Any] = {side: tk.Money.from_minor(amount.minor - 1, currency)}
            assert tk.to_points(hubspot(), market=market, kind=kind, on=on, **less)[side] < points
        else:
            assert not points
    assert (found.program, found.on, found.kind) == ("hubspot-solutions", on, kind)
    assert found.market == tk.Market(market)


@given(
    minor=st.integers(1, 10**9),
    currency=st.sampled_from(VALUED),
    market=MARKETS,
    kind=KINDS,
    on=asked_days(),
    side=st.sampled_from(["sold", "managed"]),
)
def test_to_money_leads_back_from_the_points_of_an_amount(
    *, minor: int, currency: str, market: str, kind: str, on: date, side: str
) -> None:
    """'`to_money` / `to_points` inverse up to one minor unit': from an amount, the way back is exact."""
    there: dict[str, Any] = {side: tk.Money.from_minor(minor, currency)}
    points: dict[str, Any] = {side: tk.to_points(hubspot(), market=market, kind=kind, on=on, **there)[side]}
    back = tk.to_money(
        hubspot(), currency=tk.Currency(currency), market=tk.Market(market), kind=kind, on=on, **points
    )
    assert getattr(back, side) == there[side]
    assert getattr(back, "managed" if side == "sold" else "sold") is None


def test_to_money_in_round_numbers() -> None:
    def least(**points: Any) -> tk.Amounts:
        return tk.to_money(hubspot(), currency="EUR", market="DE", kind="sourced", on=ON, **points)

    assert least(sold=tk.Points(5)).sold == tk.Money("88.00", "EUR")
    assert least(managed=tk.Points(1)).managed == tk.Money("88.00", "EUR")
    assert least(sold=tk.Points("1/3")).sold == tk.Money("5.87", "EUR")
    assert least(sold=tk.Points(0)).sold == tk.Money("0.00", "EUR")
    assert pickle.loads(pickle.dumps(least(sold=tk.Points(5)))) == least(sold=tk.Points(5))


# ---------------------------------------------------------------------- what is refused


def asked(**other: object) -> tk.Quote:
    usual: dict[str, object] = {"amount": EUROS, "market": "BR", "kind": "sourced", "managed": True, "on": ON}
    return tk.quote(hubspot(), **usual | other)  # type: ignore[arg-type]


@pytest.mark.parametrize("others", [-1, 1001, True, "2", 2.0, None])
def test_other_partners_is_a_whole_number_from_zero(others: object) -> None:
    """'`other_partners` (whole number from 0, default 0) counts the partners besides you'"""
    with pytest.raises(tk.InvalidValue, match="a whole number from 0 to 1000: the partners besides you"):
        asked(other_partners=others)


def test_other_partners_share_what_is_managed() -> None:
    """'above 0 with `managed=False` is an error'"""
    with pytest.raises(tk.InvalidValue, match="2 and managed=False; expected managed=True"):
        asked(managed=False, other_partners=2)
    assert asked(managed=False, other_partners=0)["managed"] == tk.Points(0)
    assert asked(other_partners=1000)["managed"] == asked()["managed"] / 1001


@pytest.mark.parametrize(
    "ask",
    [
        lambda money: asked(amount=money),
        lambda money: tk.to_points(hubspot(), sold=money, market="BR", kind="sourced", on=ON),
        lambda money: tk.to_points(hubspot(), managed=money, market="BR", kind="sourced", on=ON),
        lambda money: tk.to_money(
            hubspot(), sold=tk.Points(3), currency=money.currency, market="BR", kind="sourced", on=ON
        ),
        lambda money: tk.to_money(
            hubspot(), managed=tk.Points(3), currency=money.currency.code, market="BR", kind="sourced", on=ON
        ),
    ],
)
def test_a_currency_that_is_not_valued_is_an_error_that_names_those_that_are(
    ask: Callable[[tk.Money], object],
) -> None:
    """'A currency that the program does not value is an error that names the ones it does'"""
    with pytest.raises(tk.NotValued) as caught:
        ask(tk.Money(1000, "BRL"))
    problem = caught.value.problems[0]
    assert problem.found == "BRL"
    for code in VALUED:
        assert code in problem.expected
    assert "exchange rate is never used" in problem.hint
    assert isinstance(caught.value, LookupError)


BRL = """
[sources.mine]
url = "https://example.org"
grade = "secondary"
[[point-value]]
amounts = { BRL = 500 }
source = "mine"
"""


def test_with_an_overlay_the_currency_is_valued() -> None:
    program = hubspot_with(BRL)
    quote = tk.quote(program, amount=tk.Money(500, "BRL"), market="BR", kind="sourced", managed=False, on=ON)
    assert quote["sold"] == tk.Points(10)


def test_what_the_program_does_not_know_is_refused() -> None:
    with pytest.raises(tk.NotValued, match="did you mean 'sourced'"):
        asked(kind="sorced")
    with pytest.raises(tk.NotValued, match="the customer's market"):
        asked(market=None)
    with pytest.raises(tk.UnknownName, match="did you mean 'GB'"):
        asked(market="UK")
    with pytest.raises(tk.UnknownName, match="did you mean 'managed'"):
        asked()["manged"]


@pytest.mark.parametrize("on", [date(2022, 7, 17), date(2019, 1, 1)])
def test_there_is_no_quote_before_the_points_era(on: date) -> None:
    """'NotCovered before 2022-07-18'"""
    for ask in (
        lambda: asked(on=on),
        lambda: tk.to_points(hubspot(), sold=EUROS, market="BR", kind="sourced", on=on),
        lambda: tk.to_money(hubspot(), sold=tk.Points(1), currency="EUR", market="BR", kind="sourced", on=on),
    ):
        with pytest.raises(tk.NotCovered, match="from 2022-07-18"):
            ask()


def test_a_day_is_a_date_within_reason() -> None:
    with pytest.raises(tk.WrongType, match="a date without a time"):
        asked(on=datetime(2026, 3, 4))  # noqa: DTZ001 - refused
    for managed in (True, False):
        with pytest.raises(tk.InvalidValue):
            asked(on=date.max, managed=managed)
    with pytest.raises(tk.InvalidValue):
        tk.to_points(hubspot(), managed=EUROS, market="BR", kind="sourced", on=date.max)


def test_one_of_the_two_sides_must_be_asked_for() -> None:
    with pytest.raises(tk.InvalidValue, match="sold, managed: found neither"):
        tk.to_points(hubspot(), market="BR", kind="sourced", on=ON)
    with pytest.raises(tk.InvalidValue, match="sold, managed: found neither"):
        tk.to_money(hubspot(), currency="EUR", market="BR", kind="sourced", on=ON)


def test_points_that_no_amount_earns_are_refused() -> None:
    def ask(points: object, currency: str = "EUR") -> tk.Amounts:
        return tk.to_money(hubspot(), sold=points, currency=currency, market="BR", kind="sourced", on=ON)  # type: ignore[arg-type]

    with pytest.raises(tk.WrongType, match="such as Points"):
        ask(5)
    with pytest.raises(tk.InvalidValue, match="points from zero up"):
        ask(tk.Points(-1))
    with pytest.raises(tk.InvalidValue, match=r"an amount of up to 10000000000000000\.00 EUR"):
        ask(tk.Points("1e30"))
    with pytest.raises(tk.UnknownName):
        ask(tk.Points(1), "EURO")
    with pytest.raises(tk.InvalidValue, match="XAU"):
        ask(tk.Points(1), "XAU")


def test_money_alone_is_an_amount() -> None:
    for wrong in (1000, "1000 EUR", 10.5):
        with pytest.raises(tk.WrongType, match=r"write Money\("):
            asked(amount=wrong)


# ---------------------------------------------------------------------- other programs


NO_ACCOUNTS = """
format = 1
id     = "deals-only"
name   = "Deals only"
tracks = ["sold"]
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
track  = "sold"
amount = "mrr"
[[earn.rate]]
points = 1
source = "terms"
[[earn.at-least]]
points = 50
source = "terms"
[[earn.live]]
days   = 1
source = "terms"
"""


def test_a_program_that_earns_nothing_for_accounts_cannot_quote_one() -> None:
    program = program_of(NO_ACCOUNTS)
    quote = tk.quote(program, amount=EUROS, market=None, kind="any", managed=False, on=date(1999, 1, 1))
    assert dict(quote.points) == {"sold": tk.Points(1000)}
    with pytest.raises(tk.NotValued, match="account service"):
        tk.quote(program, amount=EUROS, market=None, kind="any", managed=True, on=ON)


def test_where_a_deal_earns_a_least_the_least_amount_is_none_at_all() -> None:
    program = program_of(NO_ACCOUNTS)
    found = tk.to_money(program, sold=tk.Points(50), currency="EUR", market=None, kind="any", on=ON)
    assert found.sold == tk.Money(0, "EUR")
    found = tk.to_money(program, sold=tk.Points(51), currency="EUR", market=None, kind="any", on=ON)
    assert found.sold == tk.Money(51, "EUR")
