"""How results are shown: figures beside a bar, tables in a terminal, HTML in a notebook."""

from __future__ import annotations

import decimal
from datetime import date
from fractions import Fraction
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from unicodedata import category

import pytest
from club_program import CLUB, JOINED, ME, flight, seat
from hypothesis import example, given
from hypothesis import strategies as st
from strategies_engine import OWN_PROGRAM, asked_days, facts, hubspot, own, program_of

import tierkit as tk
from tierkit.engine.judge import Check
from tierkit.programs.requirements import Sense
from tierkit.reports.html import html_of
from tierkit.reports.numbers import check_texts, exact_text, formula, money_text, points_text
from tierkit.reports.table import Table, text
from tierkit.reports.tables import entries_table, tables_of
from tierkit.values.reason import combined, product, quotient, total
from tierkit.values.reason import given as leaf

if TYPE_CHECKING:
    from tierkit.engine.verdicts import Quantity
    from tierkit.facts.facts import Fact

ON = date(2026, 11, 23)
RIGHT_TO_LEFT = "\N{ARABIC LETTER BEH}\N{ARABIC LETTER YEH}\N{ARABIC LETTER TEH}"
HOSTILE = f"""<script>alert("{RIGHT_TO_LEFT} 2026")</script>\N{RIGHT-TO-LEFT OVERRIDE}' onload='x"""


def deal(**fields: object) -> tk.Deal:
    usual: dict[str, object] = {
        "id": "D-1",
        "partner": "north",
        "customer": "acme",
        "closed_on": date(2026, 3, 4),
        "mrr": tk.Money("1000", "EUR"),
        "kind": "sourced",
        "market": "DE",
    }
    return tk.Deal(**{**usual, **fields})  # type: ignore[arg-type]


def standing_of(*book: Fact, on: date = ON, program: tk.Program | None = None) -> tk.Standing:
    return tk.assess(tk.earn(tk.Book(book), program or hubspot()), on=on)


def told(result: object) -> str:
    return "\n\n".join(text(table) for table in tables_of(result))


def row(shown: str, *begins: str) -> list[str]:
    """The words of the first line that begins so."""
    return next(words for line in shown.splitlines() if (words := line.split())[: len(begins)] == [*begins])


# --- numbers


def check(have: Quantity | None, need: Quantity | None, **fields: object) -> Check:
    missing: tk.Points | Fraction | None = None
    if isinstance(have, tk.Points) and isinstance(need, tk.Points):
        missing = max(need - have, tk.Points(0))
    elif isinstance(have, Fraction) and isinstance(need, Fraction):
        missing = max(need - have, Fraction(0))
    usual: dict[str, object] = {
        "quantity": "total",
        "name": "total",
        "unit": "",
        "comparison": Sense.AT_LEAST,
        "have": have,
        "at_least": False,
        "unsure": False,
        "need": need,
        "missing": missing,
        "verdict": tk.Verdict.UNKNOWN,
        "within": (),
        "in_the_way": True,
        "by_vendor": False,
        "source": None,
        "grade": None,
        "note": "",
    }
    return Check(**{**usual, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("points", "shown"),
    [
        ("324.996", "324.99"),
        ("-0.019", "-0.01"),
        ("2/3", "0.66"),
        ("11000", "11,000.00"),
        ("1234567.891", "1,234,567.89"),
        ("0", "0.00"),
    ],
)
def test_points_are_cut_toward_zero(points: str, shown: str) -> None:
    assert points_text(tk.Points(points)) == shown


@pytest.mark.parametrize(
    ("have", "shown"),
    [
        ("324.996", "324.996"),
        ("324.99999", "324.99999"),
        ("325", "325.00"),
        ("325.001", "325.001"),
        ("300", "300.00"),
        ("974999999/3000000", "324.9999996"),
    ],
)
def test_points_beside_a_bar_have_the_places_that_tell_them_from_it(have: str, shown: str) -> None:
    assert points_text(tk.Points(have), beside=tk.Points(325)) == shown


@pytest.mark.parametrize(
    ("have", "need", "unit", "shown"),
    [
        (tk.Points("324.996"), tk.Points(325), "", ("324.996", "325", "0.004")),
        (tk.Points("1/3"), tk.Points("1000.5"), "", ("0.33", "1,000.5", "1,000.17")),
        (tk.Points(400), tk.Points(325), "", ("400.00", "325", "0.00")),
        (Fraction("76.4"), Fraction(75), "%", ("76.4 %", "75 %", "0 %")),
        (Fraction("74.96"), Fraction(75), "%", ("74.96 %", "75 %", "0.04 %")),
        (Fraction("74.9999"), Fraction(75), "%", ("74.9999 %", "75 %", "0.0001 %")),
        (Fraction(1, 3), Fraction(1), "", ("0.33", "1", "0.67")),
        (None, True, "", ("", "yes", "")),
        (False, True, "", ("no", "yes", "")),
        (tk.Points(1), None, "", ("1.00", "", "")),
    ],
)
def test_have_need_and_missing(
    have: Quantity | None, need: Quantity | None, unit: str, shown: tuple[str, str, str]
) -> None:
    assert check_texts(check(have, need, unit=unit)) == shown


def test_what_is_only_known_to_be_at_least_so_much_misses_at_most_so_much() -> None:
    some = check(tk.Points(300), tk.Points(325), at_least=True)
    assert check_texts(some) == ("at least 300.00", "325", "at most 25.00")
    enough = check(tk.Points(400), tk.Points(325), at_least=True)
    assert check_texts(enough) == ("at least 400.00", "325", "0.00")


def test_what_is_no_bound_either_way_says_so_and_misses_an_unknown_number() -> None:
    some = check(tk.Points(300), tk.Points(325), unsure=True)
    assert check_texts(some) == ("unsure: 300.00", "325", "")
    both = check(tk.Points(300), tk.Points(325), at_least=True, unsure=True)
    assert check_texts(both) == ("unsure: 300.00", "325", "")


def test_a_bar_that_has_to_be_passed_says_so() -> None:
    some = check(Fraction(85), Fraction(85), unit="%", comparison=Sense.ABOVE)
    assert check_texts(some) == ("85 %", "above 85 %", "0 %")
    assert check_texts(check(Fraction(85), None, comparison=Sense.ABOVE))[1] == ""


@given(
    have=st.fractions(-1000, 1000, max_denominator=10**7),
    need=st.fractions(-1000, 1000, max_denominator=10**7),
)
@example(have=Fraction("-0.006"), need=Fraction("0.006"))
@example(have=Fraction("0.3333"), need=Fraction(1, 3))
def test_none_is_ever_shown_as_reached_that_is_not(have: Fraction, need: Fraction) -> None:
    # "Beside a bar every figure has as many places as tell it from the bar, so none is ever shown as reached
    # that is not."
    shown_have, shown_need, shown_missing = (
        Fraction(each.replace(",", "")) for each in check_texts(check(tk.Points(have), tk.Points(need)))
    )
    assert (shown_have >= shown_need) is (have >= need)
    assert (shown_have == shown_need) is (have == need)
    assert bool(shown_missing) is (have < need)
    assert shown_missing >= max(need - have, Fraction(0))  # whoever earns as much has earned enough


@given(
    have=st.fractions(0, 1000, max_denominator=10**5),
    need=st.integers(0, 1000).map(Fraction),
)
def test_have_and_missing_add_up_to_the_bar_as_they_are_shown(have: Fraction, need: Fraction) -> None:
    shown = [Fraction(each.replace(",", "")) for each in check_texts(check(tk.Points(have), tk.Points(need)))]
    if have < need:
        assert shown[0] + shown[2] == shown[1]


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "shown"),
    [
        ("1000", "EUR", "en", "€1,000.00"),
        ("1000", "JPY", "en", "¥1,000"),
        ("1234.567", "IQD", "en", "IQD 1,234.567"),  # babel itself would show none of the fils
        ("-1768.5", "ZAR", "en", "-ZAR 1,768.50"),
        ("1234.5", "EUR", "de", "1.234,50 €"),
        (
            "12345678901234567890123456789012.34",
            "USD",
            "en",
            "$12,345,678,901,234,567,890,123,456,789,012.34",
        ),
    ],
)
def test_money_is_shown_with_the_decimals_of_its_currency(
    amount: str, currency: str, locale: str, shown: str
) -> None:
    money = tk.Money(amount, currency)
    assert money_text(money, locale=locale).replace("\N{NO-BREAK SPACE}", " ") == shown


def test_money_is_shown_alike_in_a_hostile_decimal_context() -> None:
    with decimal.localcontext(decimal.Context(prec=2, rounding=decimal.ROUND_UP, traps=[decimal.Inexact])):
        assert money_text(tk.Money("1234.56", "EUR")) == "€1,234.56"


def test_a_formula_says_how_the_leaves_make_the_number() -> None:
    units = quotient("units", leaf("amount", 1000, unit="EUR"), leaf("point value", 88, unit="EUR"))
    points = product("points", (units, leaf("rate", 5, unit="points per unit")))
    share = quotient("share", leaf("the whole", 1), leaf("partners", 3))
    assert formula(points) == "1,000 EUR ÷ 88 EUR × 5"
    assert formula(product("shared", (points, share))) == "1,000 EUR ÷ 88 EUR × 5 × (1 ÷ 3)"
    both = total("both", (leaf("one", 1), leaf("third", Fraction(1, 3))))
    assert formula(product("twice", (both, leaf("two", 2)))) == "(1 + 1/3) × 2"
    assert formula(combined("least", tk.Operator.MAX, (both, leaf("zero", 0)))) == "max(1 + 1/3, 0)"
    assert formula(combined("number", tk.Operator.COUNT, (leaf("a", 7), leaf("b", 9)))) == "2"
    assert formula(total("nothing", ())) == "0"
    less = product("less", (leaf("less", -1), both))
    assert formula(total("net", (leaf("one", 1), less, leaf("taken off", -2)))) == "1 - (1 + 1/3) - 2"
    assert formula(product("less", (leaf("less", -1), leaf("two", 2)))) == "-2"


def test_a_formula_of_many_numbers_is_of_its_parts_or_says_how_many() -> None:
    """'Where these are many, it is how the number follows from its own parts, or from how many.'"""
    many = combined("best", tk.Operator.MAX, [leaf(str(number), number) for number in range(12)])
    assert formula(many).count(",") == 11
    assert formula(total("more", (many, leaf("EUR 2", 2, unit="EUR")))) == "11 + 2 EUR"
    most = combined("best", tk.Operator.MAX, [leaf(str(number), number) for number in range(13)])
    assert formula(most) == "max of 13 numbers"


def test_exact_numbers() -> None:
    assert [exact_text(each) for each in (Fraction(1, 3), Fraction(1275), True, tk.Points("0.5"), None)] == [
        "1/3",
        "1,275",
        "yes",
        "0.5",
        "unknown",
    ]


# --- terminal


def test_columns_stand_under_each_other_in_every_script() -> None:
    thai = "\N{THAI CHARACTER THO THAHAN}\N{THAI CHARACTER SARA II}"  # the vowel stands above the other
    rows = (("株式会社", "1"), (thai, "10"), ("plain name", "100"))
    shown = text(Table("Points", ("customer", "points"), rows, "lr"))
    assert shown.splitlines() == [
        "Points",
        "customer    points",
        "----------  ------",
        "株式会社         1",
        f"{thai}               10",
        "plain name     100",
    ]


def test_a_long_cell_is_cut_but_not_in_the_last_column() -> None:
    long = "x" * 200
    shown = text(Table("Long", ("one", "two"), ((long, long),), "ll"))
    assert shown.splitlines()[-1] == "x" * 39 + "…  " + long


def test_a_long_right_to_left_cell_is_cut_and_stays_by_itself() -> None:
    shown = text(Table("Long", ("one", "two"), ((RIGHT_TO_LEFT * 50, "1"),), "ll"))
    line = shown.splitlines()[-1]
    assert line.startswith("\N{FIRST STRONG ISOLATE}")
    assert line.endswith("…\N{POP DIRECTIONAL ISOLATE}  1")


def test_notes_are_wrapped() -> None:
    shown = text(Table("Words", ("", ""), (("a", "b"),), "ll", "some words " * 30))
    assert max(map(len, shown.splitlines())) <= 100
    assert len(shown.splitlines()) == 6


def test_a_table_without_rows_has_its_header() -> None:
    assert text(Table("Nothing", ("of", "points"), (), "lr")).splitlines() == [
        "Nothing",
        "of  points",
        "--  ------",
    ]


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1, max_size=4), st.text(), st.text())
def test_no_foreign_text_breaks_out_of_a_table(rows: list[tuple[str, str]], caption: str, note: str) -> None:
    shown = text(Table(caption, ("one", "two"), tuple(rows), "lr", note))
    isolates = "\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}"
    joiners = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
    signs = set(shown) - set(isolates + joiners + "\n")
    assert not [sign for sign in signs if category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert shown.count("\n") >= len(rows) + 2
    assert shown.count(isolates[0]) == shown.count(isolates[1])
    assert "\n" not in caption or "\\n" in shown


# --- statements


def test_a_statement_shows_tier_points_and_what_fails() -> None:
    sale = deal(mrr=tk.Money("88000", "EUR"))
    certified = tk.Reading(partner="north", name="certified", value=True, on=ON)
    grr = tk.Reading(partner="north", name="grr", value="74.96", on=ON)
    shown = told(standing_of(sale, certified, grr))
    assert "Standing of north on 2026-11-23" in shown
    assert "performance tier  Platinum" in shown
    assert row(shown, "sold", "5,000.00") == ["sold", "5,000.00", "sourced", "+", "assisted"]
    assert "Diamond: not met" in shown
    assert "Fails: gross revenue retention by 0.04 %. About these bars:" in shown
    assert "how-tiers-work-retention" in shown
    assert row(shown, "acme") == ["acme", "5,000.00", "0.00", "0.00", "5,000.00", "5,000.00", "1", "0"]
    assert "https://github.com/efeoncepro/greenhouse-eo (a partner's public notes" in shown


def test_a_statement_says_what_a_measure_is_made_of() -> None:
    """Numbers where it computes something; what it looks up or counts, where it does not."""
    more = """[measures]
doubled = { product = ["miles", 2] }
given   = { only-if = { measure = "miles", above = 0 }, of = "miles" }
before  = { earlier = "miles", months = 1 }
held    = { count = ["seats"] }
"""
    program = program_of(CLUB.replace("[measures]\n", more))
    book = tk.Book([tk.Partner(id=ME, joined_on=JOINED), flight("F", JOINED, 12), seat("S", JOINED)])
    points = tables_of(tk.assess(tk.earn(book, program), on=date(2025, 2, 1)))[1]
    assert points.columns == ("of", "number", "made of")
    made = {row[0]: row[2] for row in points.rows}
    assert {name: made[name] for name in ("doubled", "given", "before", "held", "months", "miles")} == {
        "doubled": "12 × 2",
        "given": "miles, given what it requires",
        "before": "miles, as of 2025-01-01",
        "held": "S",
        "months": "whole months as silver or above",
        "miles": "",
    }


def test_a_statement_says_what_is_none_and_what_is_not_known() -> None:
    asks = """requires = { all = [
  { ladder = "card", tier = "premium" },
  { measure = "capped", at-least = 50 },
] }
"""
    program = program_of(
        CLUB.replace('requires = { measure = "miles", at-least = 10 }', asks).replace(
            "[measures]\n", '[measures]\ncapped = { min = ["average", 10] }\n'
        )
    )
    book = tk.Book([tk.Partner(id=ME, joined_on=JOINED), flight("F", JOINED, 12)])
    known = book.adding(seat("S", JOINED))
    for each, ladder, capped in ((known, "none", "0"), (book, "unknown", "unknown")):
        silver = tables_of(tk.assess(tk.earn(each, program), on=JOINED))[2]
        assert [row[1] for row in silver.rows[:2]] == [ladder, capped]
        fails = ["card is none where premium is asked for"] if each is known else []
        fails += ["capped by 50" if each is known else "capped is unknown where 50 is asked for"]
        assert silver.note == f"Fails: {', '.join(fails)}."


def test_a_statement_below_the_lowest_tier() -> None:
    certified = tk.Reading(partner="north", name="certified", value=False, on=ON)
    shown = told(standing_of(deal(), certified))
    assert "performance tier  none: below Gold" in shown
    assert (
        "Fails: sourced by 53.19, total by 268.19, Solutions Partner certification is no where yes" in shown
    )


def test_a_statement_on_a_day_without_known_bars() -> None:
    shown = told(standing_of(deal(closed_on=date(2024, 6, 1)), on=date(2024, 6, 30)))
    assert "UNKNOWN: no known bars on this day; bars are known from 2026-07-13" in shown
    assert row(shown, "total", "66.66", "unknown") == [
        *("total", "66.66", "unknown", "unknown", "unknown", "published", "partner-dashboard"),
    ]
    assert "a total, a sold minimum and a managed minimum; the numbers were not found" in shown


def test_a_statement_that_hangs_on_a_reading() -> None:
    shown = told(standing_of(deal(mrr=tk.Money("88000", "EUR"))))
    assert "UNKNOWN: Gold hangs on what is not known: Solutions Partner certification" in shown
    assert "possible tier     Diamond: it hangs on what is not known: gross revenue retention" in shown


def test_a_statement_says_who_is_eligible_by_invitation() -> None:
    values = {"certified": True, "grr": 90, "certifications": 100}
    readings = (tk.Reading(partner="north", name=name, value=value, on=ON) for name, value in values.items())
    shown = told(standing_of(deal(mrr=tk.Money("200000", "EUR")), *readings))
    assert "performance tier         Diamond" in shown
    assert "eligible, by invitation  Elite" in shown
    assert "Elite: unknown; eligible, by invitation" in shown
    assert "invitation (the vendor decides)" in shown


def test_a_statement_marks_what_is_only_at_least_so_much() -> None:
    shown = told(standing_of(deal(), deal(id="D-2", mrr=tk.Money("1000", "INR"))))
    assert "at least 56.81" in shown
    assert "at most 53.19" in shown
    assert "see the problems" in shown
    assert "deal D-2  currency: found INR; expected a currency that the program values: AUD, CAD" in shown


def test_a_statement_marks_what_is_no_bound_either_way() -> None:
    def purchase(number: int, amount: tk.Money) -> tk.Event:
        day = date(2026, 11, 1)
        return tk.Event(
            id=f"E-{number}", partner="north", type="purchase", on=day, amount=amount, market="DE"
        )

    bought = purchase(1, tk.Money("25", "EUR"))
    standing = standing_of(bought, purchase(2, tk.Money("-1", "USD")), program=own())
    shown = told(standing)
    assert row(shown, "spent") == ["spent", "unsure:", "105.00"]
    assert row(shown, "done") == ["done", "0.00"]
    assert "the true figure may be higher or lower" in " ".join(shown.split())
    assert "At least:" not in shown
    assert row(shown, "all", "unsure:", "105.00", "10") == [
        *("all", "unsure:", "105.00", "10", "unknown", "unknown", "published", "terms"),
    ]
    sold = standing_of(bought, purchase(2, tk.Money("1", "USD")), program=own())
    assert row(told(sold), "spent") == ["spent", "at", "least", "105.00"]


def test_a_long_list_of_problems_is_cut() -> None:
    bad = [deal(id=f"D-{number:04}", kind="x") for number in range(1060)]
    ledger = tk.earn(tk.Book(bad), hubspot())
    shown = told(ledger)
    assert "deal D-0049" in shown
    assert "deal D-0050" not in shown
    assert "And 1,010 more." in shown
    assert len(html_of(ledger)) < 50_000
    assert "And 1,010 more." in told(tk.assess(ledger, on=ON))


def test_a_statement_says_what_the_program_does_not_declare() -> None:
    misspelt = tk.Reading(partner="north", name="certfied", value=True, on=ON)
    shown = told(standing_of(deal(), misspelt))
    assert "did you mean 'certified'?" in shown.partition("Not declared by the program")[2]
    assert "Not declared" not in told(standing_of(deal()))


def test_minimums_of_other_days_are_not_applicable() -> None:
    shown = told(standing_of(deal()).toward("gold"))
    assert row(shown, "managed") == ["managed", "0.00", "none", "not", "applicable"]


def test_a_long_list_of_customers_is_cut() -> None:
    sales = [deal(id=f"D-{number}", customer=f"customer {number}") for number in range(13)]
    shown = told(standing_of(*sales))
    assert "customer 6" in shown  # they stand in the order of their names, as all have as many points
    assert "customer 7" not in shown
    assert "And 3 more customers." in shown


def test_a_statement_of_a_partner_without_customers() -> None:
    shown = told(standing_of(tk.Partner(id="north")))
    assert "There are none." in shown


def test_customers_can_be_limited() -> None:
    from tierkit.reports.statement import standing_tables

    standing = standing_of(deal(), deal(id="D-2", customer="bolt", kind="assisted", market="IN"))

    def limited(kind: str | None, group: str | None) -> tuple[str, list[str]]:
        (table,) = [
            each
            for each in standing_tables(standing, kind=kind, group=group)
            if "by customer" in each.caption
        ]
        return table.caption, [cells[0] for cells in table.rows]

    assert limited("sourced", None) == ("Points by customer, of the kind sourced", ["acme"])
    assert limited(None, "growth") == ("Points by customer, in growth", ["bolt"])
    assert limited("sourced", "") == (
        "Points by customer, of the kind sourced in no group of markets",
        ["acme"],
    )


SCALES = """
format = 1
id     = "scales"
name   = "Scales"
tracks = ["a", "b", "c"]
attributes = ["segment"]
source = "terms"

[sources.terms]
url   = "https://example.org/terms"
grade = "published"

[readings.sure]
type = "yes-no"

[[group]]
id      = "near"
members = { markets = ["DE"] }

[[earn]]
id       = "a"
select   = { fact = "event", type = "a" }
track    = "a"
quantity = true
rate     = { points = 1 }
live     = { never = true }

[[earn]]
id       = "b"
select   = { fact = "event", type = "b" }
track    = "b"
quantity = true
rate     = { points = 1 }
live     = { never = true }

[[earn]]
id       = "c"
select   = { fact = "event", type = "c" }
track    = "c"
quantity = true
rate     = { points = 1 }
live     = { never = true }

[[tier]]
id       = "top"
rank     = 1
requires = REQUIRES
"""
A, B, C = ('{ measure = "%s", at-least = 5 }' % name for name in "abc")  # noqa: UP031 - braces are TOML's
SURE = '{ reading = "sure", is = true }'


@pytest.mark.parametrize(
    ("asked", "rows", "fails"),
    [
        (f"{{ any = [{A}, {B}] }}", ["any of", "   a", "   b"], ""),
        (f"{{ any = [{B}, {C}] }}", ["any of", "   b", "   c"], "any of (b by 5.00, c by 5.00)"),
        (f"{{ all = [{B}, {{ not = {C} }}] }}", ["b", "not of", "   c"], "b by 5.00"),
        (
            f"{{ any = [{B}, {{ all = [{A}, {C}] }}] }}",
            ["any of", "   b", "   all of", "      a", "      c"],
            "any of (b by 5.00, c by 5.00)",
        ),
        (
            f"{{ any = [{B}, {{ all = [{C}, {SURE}] }}] }}",
            ["any of", "   b", "   all of", "      c", "      sure"],
            "any of (b by 5.00, all of (c by 5.00, sure is not known))",
        ),
        (
            f"{{ at-least = 3, of = [{A}, {B}, {C}] }}",
            ["at least 3 of", "   a", "   b", "   c"],
            "at least 2 more of (b by 5.00, c by 5.00)",
        ),
        (
            f"{{ at-least = 1, of = [{B}, {C}] }}",
            ["at least 1 of", "   b", "   c"],
            "at least 1 of (b by 5.00, c by 5.00)",
        ),
        (f"{{ not = {A} }}", ["not of", "   a"], "not of (a is 7.00 where 5 is too much)"),
        (
            f"{{ not = {{ at-least = 1, of = [{A}, {B}] }} }}",
            ["not of", "   at least 1 of", "      a", "      b"],
            "not of (at least 1 of (a is 7.00 where 5 is too much))",
        ),
        (
            f"{{ not = {{ any = [{A}, {SURE}] }} }}",
            ["not of", "   any of", "      a", "      sure"],
            "not of (any of (a is 7.00 where 5 is too much, sure is not known))",
        ),
        (
            f"{{ not = {{ not = {B} }} }}",
            ["not of", "   not of", "      b"],
            "not of (not of (b by 5.00))",
        ),
        (
            '{ not = { partner = "segment", is = "smb" } }',
            ["not of", "   segment"],
            "not of (segment is smb)",
        ),
        (
            '{ not = { partner = "market", group = "near" } }',
            ["not of", "   market"],
            "not of (market is DE)",
        ),
    ],
)
def test_a_table_shows_how_requirements_count_together(asked: str, rows: list[str], fails: str) -> None:
    """'Parts of what a tier asks that count together', to any depth: as rows, and in what a tier fails by"""
    program = program_of(SCALES.replace("REQUIRES", asked))
    partner = tk.Partner(id="north", market="DE", attributes={"segment": "smb"})
    done = tk.Event(id="E", partner="north", type="a", on=ON, quantity=7)
    top = standing_of(partner, done, program=program).toward("top")
    (table, *_) = tables_of(top)
    assert [cells[0].replace("\N{NO-BREAK SPACE}", " ") for cells in table.rows] == rows
    assert table.note == (f"Fails: {fails}." if fails else "")
    assert all(cell in html_of(top) for cells in table.rows for cell in cells)


def test_nothing_is_missing_of_what_need_not_be_reached() -> None:
    """'Nothing is missing of what is turned'; the row above it says what `not` makes of it"""
    shown = told(standing_of(NOBODY, program=program_of(SCALES.replace("REQUIRES", f"{{ not = {A} }}"))))
    assert row(shown, "top:") == ["top:", "met"]
    assert row(shown, "not", "of") == ["not", "of", "met"]
    assert row(shown, "a", "0.00", "5") == ["a", "0.00", "5", "not", "met", "published", "terms"]
    twice = SCALES.replace("REQUIRES", f"{{ not = {{ not = {A} }} }}")
    shown = told(standing_of(NOBODY, program=program_of(twice)))
    assert row(shown, "a", "0.00", "5")[3:5] == ["5.00", "not"]


def test_a_tier_says_what_it_asks_of_who_has_it() -> None:
    """'also what it asks of who has it and would keep it, where that is something else'"""
    requires = f'{A}\nkeeps = {{ until = 2026-01-01, any = [{B}, {{ measure = "c", above = 2 }}] }}'
    program = program_of(SCALES.replace("REQUIRES", requires))
    for on, note in (
        (
            date(2025, 12, 31),
            "to keep it, a review asks for something else: any of (b at least 5, c above 2)",
        ),
        (date(2026, 1, 1), ""),
    ):
        top = standing_of(NOBODY, on=on, program=program).toward("top")
        assert top.note == note
        assert tables_of(top)[0].note == "Fails: a by 5.00." + (f" About these bars: {note}." if note else "")


def test_points_of_no_customer_say_so_and_facts_are_counted_once() -> None:
    """'of how many of their facts something counts or is over'"""
    text = SCALES.replace("REQUIRES", A).replace('type = "b"', 'type = "a"')
    timed = text.replace('type = "c" }\ntrack    = "c"', 'type = "a" }\ntrack    = "c"')
    program = program_of(timed.replace("never = true }", "months = 1 }"))
    events = [
        tk.Event(id=f"E-{number}", partner="north", type="a", on=ON.replace(month=month), quantity=1)
        for number, month in enumerate((11, 11, 6))
    ]
    standing = standing_of(*events, program=program)
    assert [len(each.active) for each in standing.customers()] == [6]
    assert row(told(standing), "(no", "customer)") == ["(no", "customer)", *["2.00"] * 3, "2", "1"]


NOBODY = tk.Partner(id="north")

TIERS = """
[[tier]]
id   = "two"
rank = 2

[readings.rate]
type = "number"

[[tier.requires]]
from = 2025-01-01
any  = [
    { measure = "spent", at-least = "1000", note = "seldom" },
    { at-least = 1, of = [
        { measure = "done", above = "1" },
        { not = { reading = "rate", at-least = "2" } },
    ] },
]
source = "terms"
"""


def test_a_program_of_another_shape() -> None:
    program = program_of(OWN_PROGRAM + TIERS)
    training = tk.Event(id="E-1", partner="north", type="training", on=ON, quantity=Fraction(30))
    standing = standing_of(training, program=program)
    shown = told(standing)
    assert "performance tier  two" in shown
    assert "two: met\n" in shown
    assert "About spent: seldom." in shown
    assert "Fails:" not in shown.partition("two: met")[2]
    asked = "any of (spent at least 1,000, at-least 1 of (done above 1, not of (rate at least 2)))"
    assert asked in told(program)
    early = standing_of(training, program=program, on=date(2024, 6, 1))
    assert "two: not met\n" in told(early)
    assert "About these bars: there is no such tier on this day." in told(early)


def test_a_standing_that_is_known_although_higher_bars_are_not() -> None:
    known = OWN_PROGRAM + TIERS.replace(
        'at-least = "1000", note = "seldom"', 'at-least = "unknown", note = "not found"'
    )
    gift = tk.Event(id="E-1", partner="north", type="gift", on=ON, attributes={"color": "red"})
    rate = tk.Reading(partner="north", name="rate", value=3, on=ON)
    training = tk.Event(
        id="E-2", partner="north", type="training", on=date(2026, 1, 5), quantity=Fraction(30)
    )
    shown = told(standing_of(gift, rate, training, program=program_of(known)))
    assert "performance tier  two" in shown
    assert "note              the bars of two are not known on this day" in shown


def test_a_standing_that_hangs_on_a_value_although_higher_bars_are_not_known() -> None:
    unknown = TIERS.replace('at-least = "1000", note = "seldom"', 'at-least = "unknown", note = "not found"')
    event = tk.Event(id="E-1", partner="north", type="purchase", on=ON, amount=tk.Money("1", "USD"))
    shown = told(standing_of(event, program=program_of(OWN_PROGRAM + unknown)))
    assert "UNKNOWN: one hangs on what is not known: all" in shown
    assert "note              the bars of two are not known on this day" in shown


def test_a_program_without_tiers() -> None:
    program = program_of(OWN_PROGRAM.partition("[[tier]]")[0])
    assert "none: the program has no tiers" in told(standing_of(tk.Partner(id="north"), program=program))


# --- other results


def quote(**fields: object) -> tk.Quote:
    usual: dict[str, object] = {
        "amount": tk.Money("1000", "EUR"),
        "market": "BR",
        "kind": "sourced",
        "managed": True,
        "other_partners": 2,
        "on": date(2026, 3, 4),
    }
    return tk.quote(hubspot(), **{**usual, **fields})  # type: ignore[arg-type]


def test_a_quote_shows_points_and_how_they_are_computed() -> None:
    shown = told(quote())
    assert "BR (Brazil)" in shown
    assert "€1,000.00 a month, with 2 other partners" in shown
    assert row(shown, "total") == ["total", "121.21", "4000/33"]
    assert "1,000 EUR ÷ 88 EUR × 1 × 2 × (1 ÷ 3)" in shown
    assert "with 1 other partner\n" in told(quote(other_partners=1))
    assert "managed  " not in told(quote(managed=False, other_partners=0)).partition("Points\n")[0]


def test_points_without_a_market_or_a_sale() -> None:
    point = tk.to_points(own_values(), managed=tk.Money("5", "EUR"), market=None, kind="any", on=ON)
    shown = told(point)
    assert "not said" in shown
    assert "sold  " not in shown.partition("Points\n")[0]


def own_values() -> tk.Program:
    """A program that earns for accounts anywhere."""
    return program_of(
        OWN_PROGRAM.replace(
            'select = { fact = "state", type = "project" }', 'select = { fact = "account" }'
        ).replace(
            'amount = "amount"\n  [[earn.rate]]\n  from   = 2024-06-01',
            'amount = "mrr"\n  [[earn.rate]]\n  from   = 2024-06-01',
        )
    )


def test_amounts_show_what_to_sell_and_to_manage() -> None:
    def least(sold: tk.Points | None = None, managed: tk.Points | None = None) -> str:
        usd = tk.Currency("USD")
        made = tk.to_money(
            hubspot(), sold=sold, managed=managed, currency=usd, market="IN", kind="sourced", on=ON
        )
        return told(made)

    assert "to sell       $2,050.00 a month" in least(sold=tk.Points(205))
    assert "to manage" not in least(sold=tk.Points(205))
    assert "to manage     $50.00 a month" in least(managed=tk.Points(1))


def test_a_ledger_counts_its_facts_and_those_that_were_not_valued() -> None:
    partners = [tk.Partner(id=f"partner {number:02}") for number in range(25)]
    ledger = tk.earn(
        tk.Book([*partners, deal(partner="partner 03"), deal(id="D-2", partner="partner 03", kind="x")]),
        hubspot(),
    )
    shown = told(ledger)
    assert "Ledger of 27 facts under hubspot-solutions" in shown
    assert row(shown, "partner", "03") == ["partner", "03", "2", "0", "1"]
    assert "And 5 more partners." in shown
    assert "kind: found 'x'; expected one of assisted, sourced" in shown


def test_a_book_counts_its_facts() -> None:
    shown = told(tk.Book([tk.Partner(id="north"), deal()]))
    assert row(shown, "deals") == ["deals", "1", "2026-03-04", "2026-03-04"]
    assert row(shown, "partners") == ["partners", "1"]


def test_a_program_shows_its_rules_and_bars() -> None:
    shown = told(hubspot())
    assert "5 points for each unit" in shown
    assert "times 2 in growth markets" in shown
    assert "sourced at least 110, total at least 325, certified is yes" in shown
    assert "An unofficial transcription" in shown


def test_entries_are_rows() -> None:
    standing = standing_of(deal())
    ((fact, *_, counts, computed),) = entries_table(standing.entries, standing.units).rows
    assert (fact, counts) == ("D-1", "2026-03-04 up to 2027-03-04")
    assert computed == "1,000 EUR ÷ 88 EUR × 5"


def test_an_explanation_is_indented_by_depth() -> None:
    (table,) = tables_of(tk.explain(standing_of(deal()).entries))
    steps = [cells[0] for cells in table.rows]
    assert [len(step) - len(step.lstrip()) for step in steps] == [0, 3, 6, 6, 3]
    assert table.rows[-1][5:8] == (
        "from 2024-02-27",
        "published",
        "https://www.hubspot.com/partners/how-tiers-work",
    )


def test_only_results_have_tables() -> None:
    with pytest.raises(tk.WrongType, match="found 'a text'; expected one of Standing, Progress"):
        tables_of("a text")


# --- HTML

ALLOWED = {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "p", "a"}


class Seen(HTMLParser):
    """Collects the elements, the attributes and the text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def results() -> list[object]:
    standing = standing_of(
        deal(customer=HOSTILE, partner='north"<b>'), deal(id="<i>", partner='north"<b>', kind="x")
    )
    ledger = tk.earn(tk.Book([deal(customer=HOSTILE)]), hubspot())
    least = tk.to_money(hubspot(), sold=tk.Points(1), currency="USD", market="IN", kind="sourced", on=ON)
    until = date(2027, 7, 15)
    return [
        standing,
        tk.review(ledger, on=ON),
        tk.history(ledger, since=ON, until=until),
        tk.forecast(ledger, on=ON, until=until),
        tk.changes(ledger, since=ON, until=until),
        tk.plan(ledger, tier="gold", on=ON, by=until),
        tk.compare(ledger.book, [hubspot(), own()], on=ON),
        tk.reconcile(ledger, {"total": 1}, on=ON),
        standing.toward("gold"),
        tk.explain(standing),
        ledger,
        ledger.book,
        ledger.program,
        quote(),
        least,
    ]


@pytest.mark.parametrize("result", results(), ids=lambda result: type(result).__name__)
def test_every_result_shows_itself_as_plain_tables(result: object) -> None:
    html: str = result._repr_html_()  # type: ignore[attr-defined]
    seen = Seen(html)
    assert set(seen.tags) <= ALLOWED
    assert seen.tags.count("caption") == seen.tags.count("table") >= 1
    assert seen.attributes <= {"style", "scope", "href", "rel"}
    assert seen.open == []
    assert html == html_of(result)
    assert all(link.startswith("https://") and " " not in link for link in seen.links)


def test_hostile_names_are_text_in_html() -> None:
    standing = results()[0]
    html = html_of(standing)
    assert "<script" not in html
    assert "'" not in html.replace("&#x27;", "")
    words = "".join(Seen(html).texts)
    assert '<script>alert("' in words
    assert "\\u202e' onload='x" in words
    assert 'Standing of north"<b> on' in words


@given(facts(), asked_days())
def test_every_standing_can_be_shown(book: list[Fact], on: date) -> None:
    ledger = tk.earn(tk.Book(book), hubspot())
    for partner in ledger.partners:
        standing = tk.assess(ledger, on=on, partner=partner)
        assert set(Seen(standing._repr_html_()).tags) <= ALLOWED
        assert told(standing).startswith(f"Standing of {partner} on {on}")
        assert all(formula(entry.reason) for entry in standing.entries)
    assert told(ledger)


def test_the_own_program_can_be_shown() -> None:
    assert "What each tier asks" in told(own())
