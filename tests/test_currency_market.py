"""Currencies and markets: the tables, the rows kept by hand, and the messages about what they lack."""

from __future__ import annotations

import datetime as dt
from datetime import date

import pytest
from babel import Locale
from babel.numbers import get_currency_precision
from hypothesis import given
from hypothesis import strategies as st
from strategies_values import TODAY, days, markets

from tierkit.errors import TierkitError, UnknownName, WrongType
from tierkit.reference import _currencies, _markets, overlay
from tierkit.reference._currencies import CURRENCIES
from tierkit.reference._markets import MARKETS, NAMES
from tierkit.values.currency import Currency, as_currency
from tierkit.values.market import Market, as_market

# Where CLDR's digits, which are for display, differ from ISO 4217's minor units, which decide arithmetic.
SHOWN_WITHOUT_DECIMALS = {
    "AFN",
    "ALL",
    "IQD",
    "IRR",
    "KPW",
    "LAK",
    "LBP",
    "MGA",
    "MMK",
    "RSD",
    "SOS",
    "SYP",
    "YER",
}


@pytest.mark.parametrize(
    ("code", "numeric", "minor_units", "name"),
    [
        ("EUR", "978", 2, "Euro"),
        ("USD", "840", 2, "US Dollar"),
        ("JPY", "392", 0, "Japanese Yen"),
        ("HUF", "348", 2, "Hungarian Forint"),
        ("BHD", "048", 3, "Bahraini Dinar"),
        ("IQD", "368", 3, "Iraqi Dinar"),
        ("AFN", "971", 2, "Afghan Afghani"),
        ("ALL", "008", 2, "Albanian Lek"),
        ("CLF", "990", 4, "Chilean Unit of Account (UF)"),
        ("XAU", "959", None, "Gold"),
        ("XDR", "960", None, "Special Drawing Rights"),
        ("XTS", "963", None, "Testing Currency Code"),
        ("HRK", "191", 2, "Croatian Kuna"),
    ],
)
def test_a_currency_knows_what_iso_4217_says(
    code: str, numeric: str, minor_units: int | None, name: str
) -> None:
    currency = Currency(code)
    assert (currency.code, currency.numeric, currency.minor_units, currency.name) == (
        code,
        numeric,
        minor_units,
        name,
    )
    assert str(currency) == code


def test_minor_units_differ_from_babels_digits_only_where_it_is_known() -> None:
    kept_in = {code for code in TODAY if Currency(code).minor_units != get_currency_precision(code)}
    assert kept_in <= SHOWN_WITHOUT_DECIMALS
    assert all(Currency(code).minor_units in (2, 3) for code in SHOWN_WITHOUT_DECIMALS)


def test_every_row_makes_a_currency() -> None:
    for code in CURRENCIES:
        currency = Currency(code)
        assert currency.name
        assert currency.minor_units in (None, 0, 2, 3, 4)
        assert currency.withdrawn_on is not None or len(currency.numeric) == 3
        assert (currency.withdrawn_on is None) == (currency.withdrawal == "")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("HRK", "HRK was withdrawn on 2023-01-15 (Croatia uses EUR)"),
        ("BGN", "BGN was withdrawn on 2026-02-01 (Bulgaria uses EUR)"),
        ("DEM", "DEM was withdrawn on 2002-05-16 (Germany uses EUR)"),  # Montenegro used it longest
        ("SLL", "SLL was withdrawn on 2024-01-01 (Sierra Leone uses SLE)"),
        ("ZWL", "ZWL was withdrawn on 2024-09-01 (Zimbabwe uses ZWG)"),
        ("DDM", "DDM was withdrawn on 1990-10-03"),
        ("EUR", ""),
        ("XAU", ""),
    ],
)
def test_a_withdrawn_currency_says_when_and_what_replaced_it(code: str, message: str) -> None:
    assert Currency(code).withdrawal == message


def test_currencies_of_twenty_years_of_records_are_known() -> None:
    withdrawn = [
        "ATS",
        "BEF",
        "BGN",
        "CYP",
        "DEM",
        "EEK",
        "ESP",
        "FIM",
        "FRF",
        "GRD",
        "HRK",
        "IEP",
        "ITL",
        "LTL",
        "LUF",
        "LVL",
        "MTL",
        "NLG",
        "PTE",
        "SIT",
        "SKK",
        "TRL",
        "ROL",
    ]
    for code in [*withdrawn, "BYR", "VEF", "VEB", "MRO", "STD", "ZMK", "ANG", "CUC"]:
        assert Currency(code).withdrawn_on is not None
    assert not [
        code
        for code in ["EUR", "USD", "GBP", "JPY", "BRL", "MXN", "INR", "XCG", "SLE", "ZWG", "VES", "BYN"]
        if Currency(code).withdrawn_on
    ]


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("eur", "'EUR'"),
        ("US$", "'USD'"),
        ("EURO", "'EUR'"),
        ("Usd", "'USD'"),
        ("xau", "'XAU'"),
        ("", ""),
        ("\u20ac", ""),
        ("X" * 10_000_000, ""),
    ],
    ids=range(8),
)
def test_an_unknown_currency_is_refused_with_a_near_one(code: str, meant: str) -> None:
    with pytest.raises(UnknownName) as caught:
        Currency(code)
    assert len(str(caught.value)) < 250
    assert f"did you mean {meant}" in str(caught.value) if meant else "did you mean" not in str(caught.value)
    with pytest.raises(LookupError):  # the standard class that a caller expects
        Currency(code)


@pytest.mark.parametrize("code", [None, 978, b"EUR", ["EUR"], 1.5])
def test_a_code_is_text(code: object) -> None:
    for make in (Currency, Market, as_currency, as_market, Market.named):
        with pytest.raises(WrongType):
            make(code)  # type: ignore[arg-type]


def test_there_is_one_object_for_each_code() -> None:
    assert Currency("EUR") is Currency("EUR") is as_currency("EUR") is as_currency(Currency("EUR"))
    assert Market("DE") is Market("DE") is as_market("DE") is as_market(Market("DE"))
    assert Currency("EUR") != Market("DE")  # type: ignore[comparison-overlap]


# "Market (ISO 3166 alpha-2, name)"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("DE", "Germany"),
        ("US", "United States"),
        ("KR", "South Korea"),
        ("TR", "T\u00fcrkiye"),
        ("NA", "Namibia"),
        ("NO", "Norway"),
    ],
)
def test_a_market_knows_its_english_name(code: str, name: str) -> None:
    assert (Market(code).code, Market(code).name, str(Market(code))) == (code, name, code)


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("UK", "'GB'"),
        ("EL", "'GR'"),
        ("de", "'DE'"),
        ("Germany", "'DE'"),
        ("united states", "'US'"),
        ("USA", "'US'"),
    ],
)
def test_an_unknown_market_is_refused_with_the_one_meant(code: str, meant: str) -> None:
    with pytest.raises(UnknownName, match=f"did you mean {meant}"):
        Market(code)


@pytest.mark.parametrize(
    "code", ["", "XK", "EU", "ZZ", "12", "\u0661\u0662", "Atlantis", "D" * 10_000_000], ids=range(8)
)
def test_what_is_no_market_is_refused_briefly(code: str) -> None:
    for make in (Market, Market.named):
        with pytest.raises(UnknownName) as caught:
            make(code)
        assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("United States", "US"),
        ("united states of america", "US"),
        ("GERMANY", "DE"),
        ("Turkey", "TR"),
        ("T\u00fcrkiye", "TR"),
        ("Turkiye", "TR"),
        ("Czech Republic", "CZ"),
        ("Czechia", "CZ"),
        ("C\u00f4te d\u2019Ivoire", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("Ivory Coast", "CI"),
        ("Hong Kong", "HK"),
        ("Hong Kong SAR China", "HK"),
        ("Viet Nam", "VN"),
        ("Vietnam", "VN"),
        ("Korea, Republic of", "KR"),
        ("South Korea", "KR"),
        ("Russian Federation", "RU"),
        ("Trinidad and Tobago", "TT"),
        ("Trinidad & Tobago", "TT"),
        ("Saint Kitts and Nevis", "KN"),
        ("St. Kitts & Nevis", "KN"),
        ("St Kitts and  Nevis", "KN"),
        ("Bolivia", "BO"),
        ("Taiwan", "TW"),
    ],
)
def test_a_market_is_found_by_its_english_names(name: str, code: str) -> None:
    assert Market.named(name) is Market(code)


@given(markets())
def test_every_market_is_found_by_the_name_it_is_shown_with(market: Market) -> None:
    assert Market.named(market.name) is market
    assert Market.named(market.name.upper()) is market
    assert Market.named(Locale("en").territories[market.code]) is market


def test_every_further_name_finds_its_market() -> None:
    assert [name for name, code in NAMES if Market.named(name) is not Market(code)] == []


@pytest.mark.parametrize(
    ("name", "hint"), [("Germny", "'Germany'"), ("Unted States", "'United States'"), ("DE", "ISO 3166 code")]
)
def test_an_unknown_name_is_refused_with_what_to_do(name: str, hint: str) -> None:
    with pytest.raises(UnknownName, match=hint):
        Market.named(name)


@given(st.text(max_size=30))
def test_any_text_names_a_market_or_is_a_problem(text: str) -> None:
    for make in (Market, Market.named, Currency):
        try:
            made = make(text)
        except TierkitError as error:
            assert len(str(error)) < 250
        else:
            assert made is make(text)


# "Bulgaria uses EUR from 2026-01-01"


@pytest.mark.parametrize(
    ("market", "day", "currency"),
    [
        ("BG", date(2025, 12, 31), "BGN"),
        ("BG", date(2026, 1, 1), "EUR"),
        ("HR", date(2022, 12, 31), "HRK"),
        ("HR", date(2023, 1, 1), "EUR"),
        ("DE", date(2026, 1, 1), "EUR"),
        ("HT", date(2026, 1, 1), "HTG"),
        ("SV", date(2026, 1, 1), "USD"),
        ("LI", date(2026, 1, 1), "CHF"),
        ("AD", date(2026, 1, 1), "EUR"),
        ("ZW", date(2026, 1, 1), "ZWG"),
    ],
)
def test_a_market_names_its_legal_tender_by_date(market: str, day: date, currency: str) -> None:
    assert Market(market).currency_on(day) is Currency(currency)


def test_there_may_be_no_legal_tender() -> None:
    assert Market("AQ").currency_on(date(2026, 1, 1)) is None
    assert Market("AD").currency_on(date(1700, 1, 1)) is None
    assert Market("ZW").currency_on(date(1, 1, 1)) is None
    assert Market("PS").currency_on(date(1982, 1, 1)) is None  # a gap that CLDR has
    with pytest.raises(WrongType):
        Market("DE").currency_on(dt.datetime(2026, 1, 1))  # noqa: DTZ001 - that it is none is the point


@given(markets(), days(last=date(2035, 1, 1)))
def test_no_market_uses_a_withdrawn_currency(market: Market, day: date) -> None:
    currency = market.currency_on(day)
    assert currency is None or currency.withdrawn_on is None or day < currency.withdrawn_on


# "generated tables with a version, a hand-kept overlay with sources"


def test_the_tables_say_what_they_are_made_of() -> None:
    assert _currencies.VERSION == _markets.VERSION
    assert {part.split()[0] for part in _currencies.VERSION.split(", ")} == {
        "iso4217",
        "pycountry",
        "babel",
        "overlay.py",
    }
    assert list(CURRENCIES) == sorted(CURRENCIES)
    assert list(MARKETS) == sorted(MARKETS)
    assert list(NAMES) == sorted(NAMES)
    assert list(_markets.TENDERS) == sorted(_markets.TENDERS)


def test_every_row_kept_by_hand_has_a_source_and_is_in_the_tables() -> None:
    for row in (*overlay.TENDERS, *overlay.WITHDRAWN, *overlay.FORMER, *overlay.NAMES):
        assert str(row[-2]).startswith("https://")
        assert row[-1]
    for market, day, code, *_ in overlay.TENDERS:
        assert (market, day, code) in _markets.TENDERS
    for code, day, *_ in overlay.WITHDRAWN:
        assert CURRENCIES[code][3] == day
    for code, numeric, units, *_ in overlay.FORMER:
        assert CURRENCIES[code][:2] == (numeric, units)
    for market, name, *_ in overlay.NAMES:
        assert (name, market) in NAMES
