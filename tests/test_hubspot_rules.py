"""The rules of the HubSpot program, each at the days on which it begins and ends.

The sentences in quotes, and the numbered choices, are those of the published pages and of the readings that
the program file states where the pages are silent.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_engine import FIRST_DAY, GROWTH, OTHERS, asked_days, days, hubspot, hubspot_with

import tierkit as tk

if TYPE_CHECKING:
    from tierkit.facts.facts import Fact

MET, NOT_MET, UNKNOWN = tk.Verdict.MET, tk.Verdict.NOT_MET, tk.Verdict.UNKNOWN
DAY = timedelta(days=1)
RATE_CHANGE = date(2024, 2, 27)
DEAL_BASED = date(2025, 11, 17)
NEW_VALUES = date(2025, 7, 15)
SIXTY_DAYS = date(2026, 1, 1)
PRINTED = "IN CN MN KR BD BN KH HK ID LA MY MV MM NP PK PH LK SG TW TH TL VN"
BARS_2026, BARS_2027 = date(2026, 7, 13), date(2027, 1, 15)


def deal(
    closed_on: date, amount: str = "1000", currency: str = "USD", id: str = "D", **fields: object
) -> tk.Deal:
    usual = {"partner": "p", "customer": "c", "kind": "sourced", "market": "US"}
    return tk.Deal(id=id, closed_on=closed_on, mrr=tk.Money(amount, currency), **usual | fields)  # type: ignore[arg-type]


def account(
    *holders: tk.Holder, amount: str = "1000", currency: str = "USD", market: str = "US", **fields: object
) -> tk.ManagedAccount:
    return tk.ManagedAccount(
        id="A",
        customer="c",
        mrr=tk.Money(amount, currency),
        holders=holders,
        market=market,
        **fields,  # type: ignore[arg-type]
    )


def reading(
    name: str, *, value: bool | int | str, on: date = date(2022, 1, 1), until: date | None = None
) -> tk.Reading:
    return tk.Reading(partner="p", name=name, value=value, on=on, until=until)


def standing(on: date, *facts: Fact, program: tk.Program | None = None, partner: str = "p") -> tk.Standing:
    return tk.assess(tk.earn(tk.Book(facts), program or hubspot()), on=on, partner=partner)


def earned(*facts: Fact, program: tk.Program | None = None) -> tk.Points:
    """The points of the fact D, on whatever day they count."""
    entries = tk.earn(tk.Book(facts), program or hubspot())["D"]
    return sum((entry.points for entry in entries), tk.Points(0))


def managed(on: date, fact: tk.ManagedAccount, partner: str = "p") -> tk.Points:
    return standing(on, fact, partner=partner)["managed"]


def verdicts(progress: tk.Progress) -> dict[str, tk.Verdict | None]:
    return {check.quantity: check.verdict for check in progress.checks}


# ---------------------------------------------------------------------- the published examples


def test_the_example_of_october_2021() -> None:
    """'Partner sold Marketing Hub Pro for $1000 in Oct 2021, three points per $100 = 30'; still live on
    2022-07-18."""
    sold = deal(date(2021, 10, 15), product_line="Marketing Hub", motion="new")
    assert earned(sold) == tk.Points(30)
    assert standing(FIRST_DAY, sold)["sold"] == tk.Points(30)
    assert standing(date(2022, 10, 14), sold)["sold"] == tk.Points(30)
    assert standing(date(2022, 10, 15), sold)["sold"] == tk.Points(0)


def test_the_example_of_march_2024() -> None:
    """'Mar 2024 cross-sell of Sales Hub Pro to same customer, $1000, five points per $100 = 50'"""
    earlier = deal(date(2021, 10, 15), id="D-0", product_line="Marketing Hub")
    assert earned(
        earlier, deal(date(2024, 3, 15), product_line="Sales Hub", motion="cross-sell")
    ) == tk.Points(50)


def test_the_example_of_april_2024() -> None:
    """'Apr 2024 upsell on the Marketing Hub line sold in Oct 2021 keeps the original three-point rate'"""
    earlier = deal(date(2021, 10, 15), id="D-0", product_line="Marketing Hub")
    upsell = deal(date(2024, 4, 15), product_line="Marketing Hub", motion="upsell")
    assert earned(earlier, upsell) == tk.Points(30)
    (entry,) = tk.earn(tk.Book([earlier, upsell]), hubspot())["D"]
    (rate,) = [leaf for leaf in entry.reason.leaves() if leaf.label == "rate"]
    assert rate.value == 3


def test_the_example_of_a_managed_account() -> None:
    """'Client paying USD1000/month gives USD1000 managed credit = 10 managed points'"""
    serviced = account(tk.Holder(partner="p", since=date(2023, 4, 3)))
    assert managed(date(2023, 4, 3), serviced) == tk.Points(10)


@pytest.mark.parametrize(("amount", "points"), [("800", 80), ("3600", 360), ("90", 9)])
def test_the_examples_of_growth_markets(amount: str, points: int) -> None:
    """'growth market: $800 / $3,600 / $90 sourced: 80 / 360 / 9'; 'proportional, no floor' (choice 3)."""
    assert earned(deal(date(2026, 3, 1), amount, market="BR")) == tk.Points(points)


def test_the_example_of_a_managed_account_in_a_growth_market() -> None:
    """'growth market: $20,000 managed: 400'"""
    serviced = account(tk.Holder(partner="p", since=date(2026, 3, 1)), amount="20000", market="BR")
    assert managed(date(2026, 3, 1), serviced) == tk.Points(400)


# ---------------------------------------------------------------------- rates


@pytest.mark.parametrize(
    ("closed_on", "kind", "points"),
    [
        (date(2021, 6, 1), "sourced", 30),
        (FIRST_DAY - DAY, "sourced", 30),
        (FIRST_DAY, "sourced", 30),
        (RATE_CHANGE - DAY, "sourced", 30),
        (RATE_CHANGE, "sourced", 50),
        (DEAL_BASED - DAY, "sourced", 50),
        (DEAL_BASED, "sourced", 50),
        (date(2026, 11, 23), "sourced", 50),
        (date(2021, 6, 1), "assisted", 30),
        (RATE_CHANGE - DAY, "assisted", 30),
        (RATE_CHANGE, "assisted", 30),
        (date(2026, 11, 23), "assisted", 30),
    ],
)
def test_points_for_a_hundred_dollars(closed_on: date, kind: str, points: int) -> None:
    """'five (ten in growth markets) sold points per $100 for partner-sourced from Feb 27 2024'; 'DIFM
    stays at three'."""
    assert earned(deal(closed_on, kind=kind)) == tk.Points(points)
    doubled = points * 2 if closed_on >= FIRST_DAY else points
    assert earned(deal(closed_on, kind=kind, market="IN")) == tk.Points(doubled)


@given(st.dates(date(2022, 7, 18), date(2027, 12, 31)), st.sampled_from(GROWTH), st.sampled_from(OTHERS))
def test_growth_markets_count_double_on_every_day(on: date, growth: str, other: str) -> None:
    """'customer's location (points x 2)' from 2022-07-18 on, for sales and for managed accounts."""
    for kind in ("sourced", "assisted"):
        plain = earned(deal(on, kind=kind, market=other, motion="new"))
        assert earned(deal(on, kind=kind, market=growth, motion="new")) == plain * 2
    holder = tk.Holder(partner="p", since=on)
    assert managed(on, account(holder, market=growth)) == managed(on, account(holder, market=other)) * 2


def test_the_markets_that_are_printed_and_those_that_are_not() -> None:
    """'Japan, Australia and New Zealand are not in the list; South Africa is not either'; Latin America is
    a list of ours."""
    growth = hubspot().groups["growth"].members
    assert len(growth) == 42
    assert not {"JP", "AU", "NZ", "ZA", "US", "DE"} & set(growth)
    for code, dated in growth.items():
        assert dated.at(FIRST_DAY - DAY) is None, code
        member = dated.at(FIRST_DAY)
        assert member is not None
        assert member.value
        later = dated.at(RATE_CHANGE)
        assert later is not None
        assert later.grade is tk.Grade.DERIVED, "'pages link to a list; text not visible'"
        printed = code in PRINTED.split()
        assert member.grade is (tk.Grade.PUBLISHED if printed else tk.Grade.DERIVED)


# ---------------------------------------------------------------------- old product lines


@pytest.mark.parametrize(
    ("closed_on", "first", "points"),
    [
        (RATE_CHANGE - DAY, date(2023, 1, 1), 30),
        (RATE_CHANGE, RATE_CHANGE - DAY, 30),
        (RATE_CHANGE, RATE_CHANGE, 50),
        (date(2025, 1, 1), date(2021, 1, 1), 30),
        (date(2025, 1, 1), RATE_CHANGE - DAY, 30),
        (date(2025, 1, 1), RATE_CHANGE, 50),
        (DEAL_BASED - DAY, RATE_CHANGE - DAY, 30),
        (DEAL_BASED, RATE_CHANGE - DAY, 50),
    ],
)
@pytest.mark.parametrize("motion", ["upsell", ""])
def test_an_upsell_on_an_old_line_keeps_its_rate_until_the_deal_based_model(
    closed_on: date, first: date, points: int, motion: str
) -> None:
    """'upsell on a product line first sold before 2024-02-27 stays 3'; 'not applied to deal-based deals'
    (choice 13)."""
    said = deal(closed_on, motion=motion, line_first_sold_on=first)
    assert earned(said) == tk.Points(points)
    doubled = points * 2
    assert earned(deal(closed_on, motion=motion, line_first_sold_on=first, market="BR")) == tk.Points(doubled)
    if first < closed_on:
        before = deal(first, id="D-0", partner="q", product_line="Sales Hub")
        found = deal(closed_on, motion=motion, product_line="Sales Hub")
        assert earned(before, found) == tk.Points(points), (
            "'key = customer and product line, whoever sold it'"
        )


@given(
    days(date(2019, 1, 1), DEAL_BASED - DAY),
    days(RATE_CHANGE, DEAL_BASED - DAY),
    st.sampled_from(["upsell", ""]),
)
def test_only_the_first_sale_of_the_line_decides(first: date, closed_on: date, motion: str) -> None:
    """'The key is (customer, product line), not the customer.'"""
    first = min(first, closed_on)
    upsell = deal(closed_on, motion=motion, product_line="Sales Hub")
    rows = [
        deal(first, id="D-0", product_line="Sales Hub"),
        deal(first, id="D-1", product_line="Marketing Hub"),
        deal(first, id="D-2", product_line="Sales Hub", customer="other"),
        deal(closed_on, id="D-3", product_line="Sales Hub", kind="assisted", currency="BRL"),
    ]
    assert earned(upsell, *rows) == tk.Points(30 if first < RATE_CHANGE else 50)
    unrelated = [row for row in rows if row.id in ("D-1", "D-2")]
    assert earned(upsell, *unrelated) == tk.Points(0 if motion == "upsell" else 50)


def test_the_field_of_the_deal_goes_before_the_book() -> None:
    """'the first sale is a field of the deal or an earlier deal in the book'"""
    earlier = deal(date(2023, 5, 5), id="D-0", product_line="Sales Hub")
    upsell = deal(
        date(2025, 5, 5), motion="upsell", product_line="Sales Hub", line_first_sold_on=date(2024, 5, 5)
    )
    assert earned(earlier, upsell) == tk.Points(50)


def test_an_upsell_whose_first_sale_is_not_known_is_a_problem_not_five_and_not_three() -> None:
    """'first sale of an upsold line unknown: a Problem naming the deal' (choice 25)"""
    for lines in ({"product_line": "Sales Hub"}, {}):
        upsell = deal(date(2025, 5, 5), motion="upsell", **lines)
        later = deal(date(2025, 6, 6), id="D-9", product_line="Sales Hub", motion="new")
        ledger = tk.earn(tk.Book([upsell, later]), hubspot())
        (problem,) = ledger.problems
        assert problem.where == "deal D"
        assert problem.field == "line_first_sold_on"
        assert "earlier deal" in problem.found
        assert lines.get("product_line", "its product line") in problem.expected
        found = tk.assess(ledger, on=date(2025, 7, 1))
        assert found["sourced"] == tk.Points(50)
        assert found.at_least == ("sourced", "sold", "total")
        assert found.problems == (problem,)


@pytest.mark.parametrize("closed_on", [RATE_CHANGE - DAY, DEAL_BASED])
def test_where_the_rate_does_not_hang_on_it_nobody_asks_for_the_first_sale(closed_on: date) -> None:
    """'The deal is a problem that is named, where the rate hangs on it.'"""
    assert (
        tk.earn(tk.Book([deal(closed_on, motion="upsell", product_line="Sales Hub")]), hubspot()).problems
        == ()
    )


def test_two_deals_of_a_line_on_one_day_are_each_others_first_sale() -> None:
    on = date(2025, 5, 5)
    one = deal(on, motion="new", id="D-0", product_line="Sales Hub")
    assert earned(one, deal(on, motion="upsell", product_line="Sales Hub")) == tk.Points(50)


def test_a_line_that_left_and_is_bought_again_has_todays_rate() -> None:
    """'product line churned and bought again: net-new: today's rate' (choice 24)"""
    earlier = deal(date(2021, 10, 15), id="D-0", product_line="Sales Hub")
    assert earned(earlier, deal(date(2024, 4, 15), motion="new", product_line="Sales Hub")) == tk.Points(50)


def test_an_assisted_upsell_has_three_points_in_every_case() -> None:
    """'DIFM: 3 (6) in every case'"""
    assert earned(
        deal(date(2024, 4, 15), kind="assisted", motion="upsell", product_line="Sales Hub")
    ) == tk.Points(30)


# ---------------------------------------------------------------------- point values

VALUES = [
    ("USD", "100", "100"),
    ("AUD", "105", "154"),
    ("CAD", "130", "130"),
    ("COP", "300300", "408000"),
    ("EUR", "75", "88"),
    ("GBP", "62.50", "74"),
    ("JPY", "12000", "14400"),
    ("SGD", "140", "129"),
    ("ZAR", "1545", "1768"),
]


@pytest.mark.parametrize(("currency", "before", "after"), VALUES)
def test_the_amount_that_counts_as_a_hundred_dollars(currency: str, before: str, after: str) -> None:
    """'Local currency: the amount that earns the US$100 row'; 'by close date for sold, by query date for
    managed' (14)."""
    last, first = NEW_VALUES - DAY, NEW_VALUES
    for on, amount in (
        (FIRST_DAY, before),
        (date(2025, 3, 1), before),
        (last, before),
        (first, after),
        (BARS_2027, after),
    ):
        assert earned(deal(on, amount, currency, kind="assisted")) == tk.Points(3)
        assert managed(
            on, account(tk.Holder(partner="p", since=on), amount=amount, currency=currency)
        ) == tk.Points(1)
    held = account(tk.Holder(partner="p", since=last), amount=before, currency=currency)
    assert managed(first, held) == tk.Points(Fraction(before) / Fraction(after))
    sold = deal(last, before, currency, kind="assisted")
    assert standing(first, sold)["assisted"] == tk.Points(3), "a deal keeps the value of its close"


def test_a_currency_that_is_not_in_the_table_is_named_with_those_that_are() -> None:
    """'missing currency: error, never a market rate' (choice 15)"""
    (problem,) = tk.earn(tk.Book([deal(date(2026, 3, 1), currency="BRL", market="BR")]), hubspot()).problems
    assert problem.found == "BRL"
    assert "AUD, CAD, COP, EUR, GBP, JPY, SGD, USD, ZAR" in problem.expected
    assert "exchange rate is never used" in problem.hint


# ---------------------------------------------------------------------- silent points of a sale


def test_a_downgrade_gives_no_negative_points() -> None:
    """'no negative sold points by default' (choice 8)"""
    ledger = tk.earn(tk.Book([deal(date(2026, 3, 1), id="D-0"), deal(date(2026, 3, 1), "-400")]), hubspot())
    assert tk.assess(ledger, on=date(2026, 4, 1))["sourced"] == tk.Points(50)
    (entry,) = ledger["D"]
    assert entry.points == tk.Points(0)
    assert any(leaf.label == "least points of one fact" for leaf in entry.reason.leaves())
    assert managed(
        date(2026, 4, 1), account(tk.Holder(partner="p", since=date(2026, 1, 1)), amount="-5")
    ) == tk.Points(0)


@given(st.integers(1, 10**9), days(FIRST_DAY, date(2027, 12, 31)))
def test_points_are_in_proportion_without_any_rounding(cents: int, on: date) -> None:
    """'exact rational' (choice 2); 'proportional, no floor' (choice 3)"""
    sold = tk.Deal(
        id="D",
        partner="p",
        customer="c",
        closed_on=on,
        mrr=tk.Money.from_minor(cents, "USD"),
        kind="assisted",
        market="US",
    )
    assert earned(sold) == tk.Points(Fraction(3 * cents, 100_00))


def test_the_market_of_a_sale_is_asked_for_only_where_it_matters() -> None:
    """'until 2022-07-18 growth markets halved the partner's bars instead of doubling the customer's
    points'"""
    assert earned(deal(FIRST_DAY - DAY, market=None)) == tk.Points(30)
    (problem,) = tk.earn(tk.Book([deal(FIRST_DAY, market=None)]), hubspot()).problems
    assert (problem.field, problem.expected) == ("market", "the customer's market")


def test_the_customers_market_on_the_day_asked_counts_for_a_managed_account() -> None:
    """'customer country at close for sold, current for managed' (choice 12); 'current MRR on the date
    asked' (choice 11)"""
    moves, grows = date(2026, 5, 1), date(2026, 6, 1)
    changes = [tk.Change(on=moves, market="BR"), tk.Change(on=grows, mrr=tk.Money(3000, "USD"))]
    serviced = account(tk.Holder(partner="p", since=date(2026, 1, 1)), changes=changes)
    assert [managed(day, serviced) for day in (moves - DAY, moves, grows - DAY, grows)] == [
        tk.Points(10),
        tk.Points(20),
        tk.Points(20),
        tk.Points(60),
    ]
    entries = tk.earn(tk.Book([serviced]), hubspot())["A"]
    assert [
        (entry.market, entry.group, entry.points)
        for entry in entries
        if entry.span.start and entry.span.start >= moves
    ] == [
        ("BR", "growth", tk.Points(20)),
        ("BR", "growth", tk.Points(60)),
    ]


# ---------------------------------------------------------------------- managed accounts


@pytest.mark.parametrize(("later", "points"), [(0, 10), (59, 10), (60, 10), (61, 0), (62, 0)])
def test_an_action_counts_for_sixty_days(later: int, points: int) -> None:
    """'credit on days 0 to 60, gone on day 61' (choice 10)"""
    action = date(2026, 3, 10)
    serviced = account(tk.Holder(partner="p", actions=[action]))
    assert managed(action + later * DAY, serviced) == tk.Points(points)
    assert managed(action - DAY, serviced) == tk.Points(0)


@pytest.mark.parametrize(("gap", "spans"), [(59, 1), (60, 1), (61, 1), (62, 2)])
def test_a_gap_of_more_than_sixty_one_days_breaks_the_credit(gap: int, spans: int) -> None:
    """'60 days after the partner's last action in the account'; 'keeps while touched'"""
    first = date(2026, 3, 10)
    serviced = account(tk.Holder(partner="p", actions=[first, first + gap * DAY]))
    entries = tk.earn(tk.Book([serviced]), hubspot())["A"]
    assert len(entries) == spans
    assert entries[0].span.start == first
    assert entries[-1].span.end == first + (gap + 61) * DAY


def test_the_sixty_days_are_looked_at_from_2026_on() -> None:
    """'so before that an account counts for the span that the user gives'"""
    action = date(2025, 10, 31)
    with_span = account(tk.Holder(partner="p", since=date(2025, 1, 1), actions=[action]))
    answers = [managed(day, with_span) for day in (date(2025, 1, 1), SIXTY_DAYS - DAY, SIXTY_DAYS)]
    assert answers == [tk.Points(10), tk.Points(10), tk.Points(0)]
    without = account(tk.Holder(partner="p", actions=[action]))
    assert standing(action - DAY, without).at_least == ()
    on = standing(SIXTY_DAYS - DAY, without)
    assert (on["managed"], on.at_least) == (tk.Points(0), ("managed", "total"))
    (problem,) = on.problems
    assert problem.field == "since"
    assert "how long an action counts is not known" in problem.expected
    assert standing(SIXTY_DAYS, without).at_least == ()


def test_another_partners_first_action_is_no_matter_before_its_day() -> None:
    """'all partners whose own credit is live that day': who has not acted yet has no credit, whatever its
    length."""
    serviced = account(
        tk.Holder(partner="p", since=date(2025, 1, 1)), tk.Holder(partner="q", actions=[date(2025, 12, 1)])
    )
    assert managed(date(2025, 11, 30), serviced) == tk.Points(10)
    assert standing(date(2025, 12, 1), serviced).at_least == ("managed", "total")
    assert managed(SIXTY_DAYS, serviced) == tk.Points(5)


@pytest.mark.parametrize("others", [0, 1, 2, 7])
def test_managed_credit_is_shared_evenly(others: int) -> None:
    """'Two or more servicing partners share the managed MRR credit evenly'; 'you included' (choice 9)"""
    since = date(2026, 3, 1)
    holders = [tk.Holder(partner=name, since=since) for name in ("p", *(f"q{n}" for n in range(others)))]
    assert managed(since, account(*holders)) == tk.Points(Fraction(10, others + 1))


def test_the_shares_of_the_others_grow_when_one_lapses() -> None:
    """'the others' shares grow from that day' (choice 22)"""
    serviced = account(
        tk.Holder(partner="p", since=date(2026, 1, 1)),
        tk.Holder(partner="q", actions=[date(2026, 3, 1)]),
        tk.Holder(partner="r", since=date(2026, 1, 1), until=date(2026, 6, 1)),
        amount="600",
    )
    last = date(2026, 3, 1) + 60 * DAY
    shares = {
        date(2026, 2, 28): {"p": 3, "q": 0, "r": 3},
        date(2026, 3, 1): {"p": 2, "q": 2, "r": 2},
        last: {"p": 2, "q": 2, "r": 2},
        last + DAY: {"p": 3, "q": 0, "r": 3},
        date(2026, 6, 1): {"p": 6, "q": 0, "r": 0},
    }
    for on, points in shares.items():
        assert {partner: managed(on, serviced, partner) for partner in points} == {
            partner: tk.Points(value) for partner, value in points.items()
        }


def test_a_listed_partner_without_actions_counts_as_live() -> None:
    """'a listed co-partner without recorded actions counts as live (derived)'"""
    serviced = account(tk.Holder(partner="p", actions=[date(2026, 3, 1)]), tk.Holder(partner="q"))
    assert managed(date(2026, 3, 1), serviced) == tk.Points(5)
    assert managed(date(2026, 3, 1), serviced, "q") == tk.Points(5)
    assert managed(date(2026, 2, 28), serviced, "q") == tk.Points(0), "nothing is recorded of the account yet"
    assert managed(date(2026, 7, 1), serviced, "q") == tk.Points(10)


def test_managed_credit_begins_with_the_points_era() -> None:
    """'managed 1 ... from 2022-07-18'"""
    serviced = account(tk.Holder(partner="p", since=date(2020, 1, 1)))
    (entry, *_) = tk.earn(tk.Book([serviced]), hubspot())["A"]
    assert entry.span.start == FIRST_DAY


# ---------------------------------------------------------------------- tiers

BARS = [
    (BARS_2026, "gold", 110, 325),
    (BARS_2026, "platinum", 325, 925),
    (BARS_2026, "diamond", 950, 3100),
    (BARS_2026, "elite", 2100, 9000),
    (BARS_2027 - DAY, "gold", 110, 325),
    (BARS_2027, "gold", 115, 345),
    (BARS_2027, "platinum", 425, 1275),
    (BARS_2027, "diamond", 1250, 3750),
    (BARS_2027, "elite", 2750, 11000),
]
ALL_READINGS = {"certified": True, "invited": True, "grr": 80, "certifications": 100}


def having(
    on: date, sourced: int | Fraction, total: int | Fraction, **readings: bool | int | str
) -> tk.Standing:
    """A partner with so many points on a day; one point is twenty dollars sourced, or a hundred managed."""
    sold = tk.Money.from_minor(int(sourced * 20_00), "USD")
    held = tk.Money.from_minor(int((total - sourced) * 100_00), "USD")
    facts: list[Fact] = [
        tk.Deal(
            id="D",
            partner="p",
            customer="c",
            closed_on=date(2026, 7, 1),
            mrr=sold,
            kind="sourced",
            market="US",
        ),
        tk.ManagedAccount(
            id="A",
            customer="c",
            mrr=held,
            holders=[tk.Holder(partner="p", since=date(2026, 7, 1))],
            market="US",
        ),
        *(reading(name, value=value) for name, value in readings.items()),
    ]
    found = standing(on, *facts)
    assert (found["sourced"], found["total"]) == (tk.Points(sourced), tk.Points(total))
    return found


@pytest.mark.parametrize(("on", "tier", "sourced", "total"), BARS)
def test_a_bar_that_is_met_exactly_is_met(on: date, tier: str, sourced: int, total: int) -> None:
    """'bar met exactly: inclusive (>=)' (choice 1)"""
    met = having(on, sourced, total, **ALL_READINGS)
    assert met.performance_tier == hubspot().tier(tier)
    progress = met.toward(tier)
    assert progress.verdict is MET
    assert [check.missing for check in progress.checks if check.quantity in ("sourced", "total")] == [
        tk.Points(0)
    ] * 2
    cent = Fraction(1, 100_00)
    for fewer, one in (
        (having(on, sourced - Fraction(1, 20_00), total, **ALL_READINGS), "sourced"),
        (having(on, sourced, total - cent, **ALL_READINGS), "total"),
    ):
        assert fewer.performance_tier != hubspot().tier(tier)
        assert fewer.toward(tier).verdict is NOT_MET
        missing = {check.quantity: check.missing for check in fewer.toward(tier).checks}
        assert missing[one] == (tk.Points("1/2000") if one == "sourced" else tk.Points(cent))


@pytest.mark.parametrize(
    ("readings", "performance", "possible"),
    [
        ({}, UNKNOWN, "elite"),
        ({"certified": True}, "platinum", "elite"),
        ({"certified": False}, None, None),
        ({"certified": True, "grr": "74.96"}, "platinum", None),
        ({"certified": True, "grr": 75}, "diamond", None),
        ({"certified": True, "grr": "79.99", "certifications": 100, "invited": True}, "diamond", None),
        ({"certified": True, "grr": 80, "certifications": 99, "invited": True}, "diamond", None),
        ({"certified": True, "grr": 80, "certifications": 100}, "diamond", "elite"),
        ({"certified": True, "grr": 80, "invited": True}, "diamond", "elite"),
        ({"certified": True, "grr": 80, "certifications": 100, "invited": False}, "diamond", None),
        ({"certified": True, "grr": 80, "certifications": 100, "invited": True}, "elite", None),
    ],
)
def test_what_the_readings_do_to_a_partner_with_points_enough(
    readings: dict[str, bool | int | str], performance: str | tk.Verdict | None, possible: str | None
) -> None:
    """'GRR or C$R unknown: report "cannot tell", not pass' (choice 16)"""
    found = having(BARS_2026, 2100, 9000, **readings)
    expected = (
        hubspot().tier(performance)
        if isinstance(performance, str) and performance != UNKNOWN
        else performance
    )
    assert found.performance_tier == expected
    assert found.possible_tier == (hubspot().tier(possible) if possible else None)


def test_elite_is_eligible_by_invitation() -> None:
    """'report "eligible, invitation needed"' (choice 17)"""
    enough = {"certified": True, "grr": 80, "certifications": 100}
    elite = having(BARS_2026, 2100, 9000, **enough).toward("elite")
    assert (elite.verdict, elite.eligible) == (UNKNOWN, True)
    (invited,) = [check for check in elite.checks if check.by_vendor]
    assert (invited.quantity, invited.verdict, invited.have, invited.need) == ("invited", UNKNOWN, None, True)
    assert having(BARS_2026, 2100, 9000, **enough, invited=False).toward("elite").eligible
    assert not having(BARS_2026, 2100, 9000, **enough, invited=True).toward("elite").eligible, "it is met"
    assert not having(BARS_2026, 2099, 9000, **enough).toward("elite").eligible


def test_a_partner_may_rise_by_several_tiers_at_once() -> None:
    """'tier up by two steps in one month: allowed' (choice 18): the performance tier skips none that it
    meets."""
    assert having(BARS_2026, 949, 3099, certified=True).performance_tier == hubspot().tier("platinum")
    assert having(BARS_2026, 109, 9000, certified=True).performance_tier is None


@given(asked_days())
def test_bars_are_known_from_2026_07_13_on(on: date) -> None:
    """'bars not known for a date: tier UNKNOWN with the known dates' (choice 20), and points are still
    given."""
    found = standing(on, deal(on, "100000"), reading("certified", value=True))
    assert found["sourced"] > tk.Points(0)
    if on < BARS_2026:
        assert found.performance_tier is UNKNOWN
        assert found.possible_tier is None
        assert "from 2026-07-13" in found.note
        bars = [check for each in found.tiers for check in each.checks if check.quantity in found.points]
        assert {(check.need, check.verdict) for check in bars} == {(None, UNKNOWN), (None, None)}
    else:
        assert found.performance_tier == hubspot().tier("platinum")
        assert found.note == ""


@pytest.mark.parametrize(
    ("on", "asked", "not_applicable"),
    [
        (date(2025, 7, 14), {"sold", "managed", "total", "certified"}, {"sourced"}),
        (date(2025, 7, 15), {"sourced", "managed", "total", "certified"}, {"sold"}),
        (date(2026, 1, 14), {"sourced", "managed", "total", "certified"}, {"sold"}),
        (date(2026, 1, 15), {"sourced", "total", "certified"}, {"sold", "managed"}),
        (BARS_2026, {"sourced", "total", "certified"}, {"sold", "managed"}),
    ],
)
def test_minimums_that_a_day_has_not_are_shown_as_not_applicable(
    on: date, asked: set[str], not_applicable: set[str]
) -> None:
    """'"not applicable" where a program has no such minimum that day'"""
    gold = standing(on, deal(on)).toward("gold")
    assert {name for name, verdict in verdicts(gold).items() if verdict is not None} == asked
    assert {name for name, verdict in verdicts(gold).items() if verdict is None} == not_applicable
    for check in gold.checks:
        if check.verdict is None:
            assert (check.need, check.missing, check.source, check.grade) == (None, None, None, None)
            assert check.note == "no such minimum on this day"
            assert check.have is not None


@pytest.mark.parametrize(
    ("on", "names"),
    [
        (date(2026, 1, 14), {"retention-score", "dollar-retention"}),
        (date(2026, 1, 15), {"grr"}),
    ],
)
def test_retention_figures_change_on_2026_01_15(on: date, names: set[str]) -> None:
    """'GRR replaces C$R'"""
    elite = standing(on, deal(on)).toward("elite")
    assert {name for name, verdict in verdicts(elite).items() if verdict is not None} >= names


@pytest.mark.parametrize(("value", "verdict"), [(85, NOT_MET), ("85.01", MET)])
def test_dollar_retention_must_be_above_its_bar(value: int | str, verdict: tk.Verdict) -> None:
    """'Customer Retention Score >= 85%, C$R > 85%'"""
    on = date(2025, 1, 1)
    found = standing(
        on, deal(on), reading("dollar-retention", value=value), reading("retention-score", value=85)
    ).toward("elite")
    assert verdicts(found)["dollar-retention"] is verdict
    assert verdicts(found)["retention-score"] is MET


def test_the_newest_reading_counts_until_it_ends() -> None:
    """'`Reading` (a metric's value from a day on ...)'"""
    facts: list[Fact] = [
        deal(date(2026, 7, 1), "6500"),
        reading("certified", value=True, on=date(2026, 1, 1)),
        reading("certified", value=False, on=date(2026, 8, 1)),
        reading("certified", value=True, on=date(2026, 9, 1), until=date(2026, 10, 1)),
        tk.Reading(partner="p", name="certified", value=True, on=date(2026, 10, 2), customer="c"),
        tk.Reading(partner="q", name="certified", value=True, on=date(2026, 10, 2)),
    ]
    answers = [
        verdicts(standing(on, *facts).toward("gold"))["certified"]
        for on in (
            date(2026, 7, 31),
            date(2026, 8, 1),
            date(2026, 9, 1),
            date(2026, 9, 30),
            date(2026, 10, 1),
            date(2026, 10, 9),
        )
    ]
    assert answers == [MET, NOT_MET, MET, MET, UNKNOWN, UNKNOWN]


def test_readings_and_tiers_that_the_program_does_not_know_are_named() -> None:
    """'a misspelt tier or attribute': 'an error that says where, what was found, what was expected and
    what to do'"""
    facts: list[Fact] = [
        reading("certifed", value=True),
        reading("grr", value=True),
        reading("invited", value=1),
        tk.Held(partner="p", tier="diamnd", on=date(2026, 7, 15)),
        tk.Held(partner="p", tier="gold", on=date(2026, 1, 15)),
        deal(date(2026, 7, 1), attributes={"seats": 3}),
        tk.Event(id="E", partner="p", type="purchase", on=date(2026, 7, 1)),
        tk.State(id="S", type="project", holders=[tk.Holder(partner="p", since=date(2026, 7, 1))]),
    ]
    problems = tk.earn(tk.Book(facts), hubspot()).problems
    said = {(problem.field, problem.found): problem for problem in problems}
    assert said["name", "'certifed'"].hint == "did you mean 'certified'?"
    assert said["tier", "'diamnd'"].hint == "did you mean 'diamond'?"
    assert said["grr", "'True'"].expected == "a number"
    assert said["invited", "'1'"].expected == "true or false"
    assert said["seats", "an unknown attribute"].where == "D"
    assert {problem.where for problem in problems} >= {"event E", "state S"}


# ---------------------------------------------------------------------- days and partners


@pytest.mark.parametrize("on", [FIRST_DAY - DAY, date(1999, 1, 1)])
def test_there_is_no_standing_before_the_points_era(on: date) -> None:
    """'no standing in points before 2022-07-18'"""
    with pytest.raises(tk.NotCovered, match="from 2022-07-18"):
        standing(on, deal(date(2021, 10, 15)))


def test_a_day_is_a_date() -> None:
    from datetime import datetime

    ledger = tk.earn(tk.Book([deal(date(2026, 3, 1))]), hubspot())
    for wrong in (datetime(2026, 3, 1), "2026-03-01"):  # noqa: DTZ001 - refused
        with pytest.raises(tk.WrongType, match="assess: on"):
            tk.assess(ledger, on=wrong)  # type: ignore[arg-type]
    with pytest.raises(tk.InvalidValue, match="assess: on: found 9999-12-31"):
        tk.assess(ledger, on=date.max)


def test_whose_standing_must_be_said_where_there_are_several() -> None:
    """'`partner=` is needed only where a ledger has several'"""
    ledger = tk.earn(
        tk.Book([deal(date(2026, 3, 1)), deal(date(2026, 3, 1), id="D-2", partner="q")]), hubspot()
    )
    on = date(2026, 4, 1)
    with pytest.raises(tk.InvalidValue, match="a ledger of 2 partners"):
        tk.assess(ledger, on=on)
    with pytest.raises(tk.InvalidValue, match="a ledger of 0 partners"):
        tk.assess(tk.earn(tk.Book(), hubspot()), on=on)
    assert tk.assess(ledger, on=on, partner="q").partner == "q"
    assert tk.assess(ledger.partner("p"), on=on).partner == "p"
    with pytest.raises(tk.UnknownName, match="one of p, q"):
        ledger.partner("r")
    with pytest.raises(tk.UnknownName, match="one of p"):
        tk.assess(ledger.partner("p"), on=on, partner="q")
    with pytest.raises(tk.UnknownName, match="there is none"):
        tk.earn(tk.Book(), hubspot()).partner("northwind")
    crowd = tk.earn(tk.Book([tk.Partner(id=f"partner {n:02}") for n in range(11)]), hubspot())
    with pytest.raises(tk.UnknownName, match="partner 09, …; did you mean 'partner 10'"):
        crowd.partner("partner 1")


def test_names_are_checked_where_they_are_asked_for() -> None:
    """'a misspelt tier'"""
    ledger = tk.earn(tk.Book([deal(date(2026, 3, 1))]), hubspot())
    found = tk.assess(ledger, on=date(2026, 4, 1))
    with pytest.raises(tk.UnknownName, match="did you mean 'diamond'"):
        found.toward("diamnd")
    with pytest.raises(tk.UnknownName, match="one of gold, platinum, diamond, elite"):
        hubspot().tier(tk.Tier(ladder="other", id="gold", name="Gold", rank=1))
    with pytest.raises(tk.UnknownName, match="one of gold"):
        found.toward(tk.Tier(ladder="other", id="gold", name="Gold", rank=1))
    assert found.toward(hubspot().tier("gold")) == found.toward("gold")
    assert hubspot().tier(hubspot().tier("elite")).rank == 4
    with pytest.raises(tk.UnknownName, match="did you mean 'managed'"):
        found["manged"]
    with pytest.raises(tk.UnknownName):
        ledger["D-77"]


def test_a_book_that_names_a_partner_without_facts_has_their_standing() -> None:
    only = standing(date(2026, 8, 1), tk.Held(partner="p", tier="gold", on=date(2026, 7, 15)))
    assert (only["total"], only.at_least, only.problems) == (tk.Points(0), (), ())
    assert only.performance_tier is UNKNOWN or only.performance_tier is None
    assert only.customers() == ()
    assert (
        standing(date(2026, 8, 1), tk.Partner(id="p"), reading("certified", value=True)).performance_tier
        is None
    )


# ---------------------------------------------------------------------- overlays

MINE = """
[sources.mine]
url = "https://example.org/letter"
grade = "secondary"
"""


def test_an_overlay_takes_a_market_out_of_the_growth_markets_from_a_day_on() -> None:
    """'explicit, dated, overridable list'"""
    program = hubspot_with(
        MINE
        + """
[[group]]
id = "growth"
[[group.members]]
from = 2026-03-01
until = 2026-05-01
markets = ["PR"]
member = false
source = "mine"
"""
    )
    plain = {date(2026, 2, 28): 100, date(2026, 3, 1): 50, date(2026, 4, 30): 50, date(2026, 5, 1): 100}
    for closed_on, points in plain.items():
        assert earned(deal(closed_on, market="PR"), program=program) == tk.Points(points)
        assert earned(deal(closed_on, market="PR")) == tk.Points(100)
        assert earned(deal(closed_on, market="BR"), program=program) == tk.Points(100)
    (entry,) = tk.earn(tk.Book([deal(date(2026, 3, 1), market="PR")]), program)["D"]
    assert entry.group == ""


def test_an_overlay_adds_the_bars_of_2025_that_a_partner_knows() -> None:
    """'a partner who knows the 2025 bars adds them'"""
    rows = "".join(
        f"""
[[tier]]
id = "{tier}"
[[tier.requires]]
from = 2025-07-15
until = 2026-01-15
all = [
    {{ measure = "sourced", at-least = {bar} }},
    {{ measure = "managed", at-least = {bar} }},
    {{ reading = "certified", is = true }},
]
source = "mine"
"""
        for tier, bar in (("gold", 50), ("platinum", 100), ("diamond", 200), ("elite", 400))
    )
    program = hubspot_with(MINE + rows)
    on = date(2025, 8, 1)
    facts: list[Fact] = [
        deal(on, "2000"),
        account(tk.Holder(partner="p", since=on), amount="12000"),
        reading("certified", value=True),
    ]
    known = standing(on, *facts, program=program)
    assert known.performance_tier == program.tier("platinum")
    assert known.note == ""
    assert standing(on, *facts).performance_tier is UNKNOWN
    before = standing(date(2025, 7, 14), *facts, program=program)
    assert before.performance_tier is UNKNOWN
    assert before.note.endswith("bars are known from 2025-07-15 until 2026-01-15 and from 2026-07-13")
    between = standing(date(2026, 7, 12), *facts, program=program)
    assert (between.performance_tier, between.note) == (UNKNOWN, before.note)


def test_an_overlay_with_the_bars_of_some_tiers_leaves_the_others_unknown() -> None:
    program = hubspot_with(
        MINE
        + """
[[tier]]
id = "gold"
[[tier.requires]]
from = 2025-07-15
until = 2026-01-15
all = [{ measure = "sourced", at-least = 50 }]
source = "mine"
"""
    )
    found = standing(date(2025, 8, 1), deal(date(2025, 8, 1)), program=program)
    assert found.performance_tier == program.tier("gold")
    assert found.possible_tier is None
    assert found.toward("platinum").verdict is UNKNOWN


def test_an_overlay_gives_a_currency_its_point_value() -> None:
    """'an overlay can add the value that you know'"""
    program = hubspot_with(
        MINE + '[[point-value]]\nfrom = 2026-01-01\namounts = { BRL = "500" }\nsource = "mine"\n'
    )
    assert earned(deal(date(2026, 3, 1), currency="BRL", market="BR"), program=program) == tk.Points(20)
    (problem,) = tk.earn(tk.Book([deal(date(2025, 12, 31), currency="BRL", market="BR")]), program).problems
    assert problem.found == "BRL"
    (problem,) = tk.earn(tk.Book([deal(date(2026, 3, 1), currency="MXN", market="MX")]), program).problems
    assert "BRL" in problem.expected


# ---------------------------------------------------------------------- explanations


def test_a_reason_cites_rule_day_source_and_grade() -> None:
    """'It cites rule, day, source and grade.'"""
    sold = deal(date(2026, 3, 1), "1000", "EUR", market="BR")
    (entry,) = tk.earn(tk.Book([sold]), hubspot())["D"]
    leaves = {leaf.label: leaf for leaf in entry.reason.leaves()}
    assert leaves["monthly recurring revenue"].value == 1000
    assert leaves["point value"].value == 88
    assert leaves["point value"].unit == "EUR"
    rate = leaves["rate"]
    assert rate.value == 5
    assert rate.rule == "sourced-deal rate"
    assert rate.source is not None
    assert (rate.source.id, rate.grade) == ("how-tiers-work-2024", tk.Grade.PUBLISHED)
    growth = leaves["multiplier in growth markets"]
    assert growth.value == 2
    assert growth.grade is tk.Grade.DERIVED, "a chain of readings is as good as its weakest"
    assert (entry.reason.day, entry.reason.fact) == (date(2026, 3, 1), "D")


def test_the_reason_of_a_share_names_who_shares() -> None:
    serviced = account(
        tk.Holder(partner="p", since=date(2026, 3, 1)), tk.Holder(partner="q", since=date(2026, 3, 1))
    )
    mine = [entry for entry in tk.earn(tk.Book([serviced]), hubspot())["A"] if entry.partner == "p"]
    (count,) = [leaf for leaf in mine[0].reason.leaves() if leaf.label == "partners whose credit is live"]
    assert count.value == 2
    assert count.note.startswith("p, q")


def test_every_silent_point_of_the_pages_has_its_reading_in_the_program() -> None:
    """'lists 25 silent points with a proposed reading: follow them, each as a visible ... documented
    choice'"""
    assert [choice.number for choice in hubspot().choices] == list(range(1, 28))
    assert all(
        choice.question and choice.reading and choice.why and choice.held_by for choice in hubspot().choices
    )


def upsell(
    id: str, closed_on: date, motion: str = "upsell", line_first_sold_on: date | None = None
) -> tk.Deal:
    return tk.Deal(
        id=id,
        partner="north",
        customer="acme",
        market="DE",
        kind="sourced",
        product_line="Sales Hub",
        motion=motion,
        closed_on=closed_on,
        mrr=tk.Money("1000", "USD"),
        line_first_sold_on=line_first_sold_on,
    )


def points_by_fact(*deals: tk.Deal) -> dict[str, tk.Points]:
    return {entry.fact: entry.points for entry in tk.earn(tk.Book(deals), hubspot()).entries}


@pytest.mark.parametrize("motion", ["upsell", ""])
def test_what_one_deal_says_of_the_first_sale_counts_for_the_later_deals_of_its_line(motion: str) -> None:
    """'the first sale is a field of the deal or an earlier deal in the book'"""
    first = upsell("U-1", date(2024, 5, 1), line_first_sold_on=date(2021, 3, 9))
    assert points_by_fact(first, upsell("U-2", date(2024, 8, 1), motion)) == {
        "U-1": tk.Points(30),
        "U-2": tk.Points(30),
    }


@pytest.mark.parametrize("day", [date(2024, 3, 10), date(2024, 8, 1)])
@pytest.mark.parametrize("motion", ["upsell", ""])
def test_an_upsell_is_never_the_first_sale_of_its_line(day: date, motion: str) -> None:
    """'when neither is there the deal is a Problem that names it, not 5 and not 3'"""
    deals = upsell("U-1", date(2024, 3, 10)), upsell("U-2", day, motion)
    if motion == "" and day == date(2024, 3, 10):
        assert points_by_fact(*deals) == {"U-1": tk.Points(50), "U-2": tk.Points(50)}
        return
    ledger = tk.earn(tk.Book(deals), hubspot())
    assert ledger.entries == ()
    assert [problem.where for problem in ledger.problems] == ["deal U-1", "deal U-2"]


def test_an_upsell_before_the_new_rate_tells_enough_of_the_first_sale() -> None:
    old, new = upsell("U-1", date(2024, 2, 26)), upsell("U-2", date(2024, 8, 1))
    assert points_by_fact(old, new) == {"U-1": tk.Points(30), "U-2": tk.Points(30)}
