"""The command line: what each command prints, its exit status, and that nothing ends in a traceback."""

from __future__ import annotations

import io
import json
import os
import re
import runpy
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from club_program import CLUB
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from strategies_engine import OWN_PROGRAM

import tierkit as tk
from tierkit import cli
from tierkit.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
NORTHWIND = str(ROOT / "examples" / "northwind")
VECTORS = str(ROOT / "examples" / "vectors" / "hubspot-solutions.json")
DAY = "2026-11-23"
STATEMENT = ("statement", NORTHWIND, "--partner", "northwind", "--on", DAY)

BOOK = {
    "deals": [
        {
            "id": "D-1",
            "partner": "north",
            "customer": "acme\N{RIGHT-TO-LEFT OVERRIDE}gpj",
            "closed_on": "2026-03-04",
            "mrr": "1000.00",
            "currency": "EUR",
            "kind": "sourced",
            "market": "BR",
        },
        {
            "id": "D-2",
            "partner": "north",
            "customer": "bolt",
            "closed_on": "2026-03-05",
            "mrr": "1000.00",
            "currency": "INR",
            "kind": "assisted",
            "market": "IN",
        },
    ],
    "readings": [{"partner": "north", "name": "certfied", "value": True, "on": "2026-01-01"}],
}

Run = "Callable[..., tuple[int, str, str]]"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command; give its status and what it printed."""

    def call(*argv: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(argv)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


@pytest.fixture
def book(tmp_path: Path) -> str:
    path = tmp_path / "book.json"
    path.write_text(json.dumps(BOOK), encoding="utf-8")
    return str(path)


def refused(result: tuple[int, str, str]) -> str:
    """Give the one block of an error."""
    status, out, err = result
    assert status == 2
    assert out == ""
    assert err.startswith("tierkit")
    assert "Traceback" not in err
    return err


# statement and demo


def test_a_statement_of_the_example(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, err = run(*STATEMENT)
    assert (status, err) == (0, "")
    assert "Standing of northwind on 2026-11-23" in out
    assert "performance tier  Platinum" in out
    assert "Diamond: not met" in out
    assert "Fails: total by" in out
    assert "more customers" in out
    assert max(len(line) for line in out.splitlines() if "https://" not in line) < 120


def test_the_demo_is_the_statement_of_the_example(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = run("demo")
    assert status == 0
    assert out.startswith("The book of an invented partner, as of 2026-11-23.")
    assert out.endswith(run(*STATEMENT)[1])


def test_the_demo_of_an_installed_package_has_its_book_inside(
    run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "northwind").symlink_to(NORTHWIND)
    monkeypatch.setattr(cli.statement, "__file__", str(tmp_path / "cli" / "statement.py"))
    assert run("demo")[0] == 0


def test_a_statement_as_json_is_the_standing(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, err = run(*STATEMENT, "--json")
    standing = tk.from_json(out)
    assert (status, err) == (0, "")
    program = tk.load_program("hubspot-solutions")
    ledger = tk.earn(tk.read_book(NORTHWIND), program)
    assert standing == tk.assess(ledger, on=date(2026, 11, 23), partner="northwind")


def test_the_only_partner_need_not_be_named(run: Callable[..., tuple[int, str, str]], book: str) -> None:
    assert "Standing of north on" in run("statement", book, "--on", DAY)[1]
    err = refused(run("statement", NORTHWIND, "--on", DAY))
    assert (
        "--partner: found nothing, and a book of 3 partners; expected one of borealis, cobalt, northwind"
        in err
    )


def test_a_book_of_many_partners_or_none(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    path = tmp_path / "book.json"
    path.write_text(json.dumps({"partners": [{"id": f"p{n:02}"} for n in range(12)]}), encoding="utf-8")
    assert "p09, …" in refused(run("statement", str(path)))
    path.write_text('{"deals": []}', encoding="utf-8")
    assert "expected a book that has a partner" in refused(run("statement", str(path)))


def test_a_partner_that_the_book_does_not_know(run: Callable[..., tuple[int, str, str]]) -> None:
    err = refused(run("statement", NORTHWIND, "--partner", "nortwind", "--on", DAY))
    assert "did you mean 'northwind'?" in err


def test_a_statement_shows_what_could_not_be_valued(
    run: Callable[..., tuple[int, str, str]], book: str
) -> None:
    _, out, _ = run("statement", book, "--on", DAY)
    assert "at least 113.63" in out
    assert "deal D-2  currency: found INR; expected a currency that the program values" in out
    assert "Not declared by the program" in out
    assert "did you mean 'certified'?" in out
    assert "acme\\u202egpj" in out  # it cannot turn the line round


def test_the_reasons_of_a_fact(run: Callable[..., tuple[int, str, str]], book: str) -> None:
    _, out, _ = run("statement", book, "--on", DAY, "--explain", "D-1")
    statement, _, reasons = out.partition("entries of D-1")
    assert "Standing of north" in statement
    assert "1250/11 (113.63…) points" in reasons
    assert "https://www.hubspot.com/partners/partner-tiers" in reasons
    _, out, _ = run("statement", book, "--on", DAY, "--explain", "D-2")
    assert "no entries: deal D-2: currency: found INR; expected a currency that the program values" in out
    assert "What could not be valued" not in out  # the title has said it
    assert "did you mean 'D-1'" in refused(run("statement", book, "--on", DAY, "--explain", "D1"))
    told = tk.from_json(run("statement", book, "--on", DAY, "--explain", "D-2", "--json")[1])
    assert told.title.startswith("no entries: deal D-2: currency: found INR")


def test_the_reasons_of_a_fact_that_could_be_valued_on_some_days_only(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    changes = [{"on": "2026-06-01", "mrr": "1000.00", "currency": "INR"}]
    holders = [{"partner": "north", "since": "2026-01-01"}]
    account = {"id": "A-1", "customer": "acme", "mrr": "1000.00", "currency": "EUR", "market": "DE"}
    path = tmp_path / "book.json"
    path.write_text(json.dumps({"accounts": [{**account, "holders": holders, "changes": changes}]}))
    _, out, _ = run("statement", str(path), "--on", DAY, "--explain", "A-1")
    assert "entries of A-1\n  managed points of north, 2026-01-01" in out
    assert "account A-1, from 2026-06-01  currency: found INR" in out.partition("What could not be valued")[2]


def test_the_reasons_of_a_fact_that_gives_no_points(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    holders = [
        {"partner": "north", "actions": ["2026-01-01"]},
        {"partner": "south", "since": "2020-01-01", "until": "2020-02-01"},
    ]
    account = {"id": "A-1", "customer": "acme", "mrr": "1000.00", "currency": "EUR", "market": "DE"}
    path = tmp_path / "book.json"
    path.write_text(json.dumps({"accounts": [{**account, "holders": holders}]}))
    argv = ("statement", str(path), "--on", DAY, "--explain", "A-1", "--partner")
    assert "entries of A-1" in run(*argv, "north")[1]
    assert "no entries: A-1 gives south no points on any day" in run(*argv, "south")[1]


@pytest.mark.parametrize(
    ("fact", "partner", "said"),
    [
        ("D-403", "northwind", "no entries: R-1 took it back: correction: the same deal as D-361\n"),
        ("D-355", "northwind", "no entries: D-402 took its place\n"),
        (
            "A-41",
            "borealis",
            "entries of A-41; R-3 took it back from 2026-10-19: correction: on its own since",
        ),
        (
            "D-372",
            "northwind",
            "R-2, non-payment: three invoices are open; sourced-deal clawback, withholding-2020, derived]",
        ),
    ],
)
def test_the_reasons_of_a_fact_that_was_taken_back(
    run: Callable[..., tuple[int, str, str]], fact: str, partner: str, said: str
) -> None:
    argv = ("statement", NORTHWIND, "--partner", partner, "--on", "2026-11-23", "--explain", fact)
    out = run(*argv)[1]
    assert said in out
    assert out.count("took it back") == (said.count("took it back"))


def test_the_reasons_of_a_fact_whose_reversal_was_replaced(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    deal = {"id": "D-1", "partner": "north", "customer": "acme", "kind": "sourced", "closed_on": DAY}
    money = {"mrr": "1000.00", "currency": "EUR", "market": "DE"}
    first = {"id": "R-1", "reverses": "D-1", "on": DAY, "reason": "typed twice"}
    then = first | {"id": "R-2", "reason": "it was an offer", "replaces": "R-1"}
    other = {**deal, **money, "id": "D-2"}
    path = tmp_path / "book.json"
    path.write_text(json.dumps({"deals": [{**deal, **money}, other], "reversals": [first, then]}))
    _, out, _ = run("statement", str(path), "--on", DAY, "--explain", "D-1")
    assert "no entries: R-2 took it back: correction: it was an offer\n" in out


def test_the_reasons_of_a_fact_that_was_not_paid_from_its_own_day_on(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    deal = {"id": "D-1", "partner": "north", "customer": "acme", "kind": "sourced", "closed_on": DAY}
    unpaid = {"id": "R-1", "reverses": "D-1", "on": DAY, "cause": "non-payment"}
    money = {"mrr": "1000.00", "currency": "EUR", "market": "DE"}
    path = tmp_path / "book.json"
    path.write_text(json.dumps({"deals": [{**deal, **money}], "reversals": [unpaid]}))
    _, out, _ = run("statement", str(path), "--on", DAY, "--explain", "D-1")
    assert f"no entries: R-1 took it back from {DAY}: non-payment\n" in out


def test_the_reasons_of_a_fact_of_somebody_else(run: Callable[..., tuple[int, str, str]]) -> None:
    fact = next(deal for deal in tk.read_book(NORTHWIND).deals if deal.partner == "borealis")
    err = refused(run(*STATEMENT, "--explain", fact.id))
    assert err == (
        f"tierkit: --explain: found '{fact.id}', of borealis; expected a fact of northwind; "
        "say --partner borealis\n"
    )


def test_a_book_after_explain_is_not_taken_for_a_fact_in_silence(
    run: Callable[..., tuple[int, str, str]],
) -> None:
    err = refused(run("statement", "--explain", NORTHWIND))
    assert "name BOOK first: --explain takes a word after it for a fact" in err
    assert "name BOOK first" not in refused(run("statement", NORTHWIND, "--no-such-option"))


def test_the_reasons_of_every_point_that_counts(run: Callable[..., tuple[int, str, str]], book: str) -> None:
    _, out, _ = run("statement", book, "--on", DAY, "--explain")
    assert "north on 2026-11-23 under hubspot-solutions\n  sourced: 1250/11" in out
    explanation = tk.from_json(run("statement", book, "--on", DAY, "--explain", "--json")[1])
    assert isinstance(explanation, tk.Explanation)
    assert explanation.text in out.replace("\\u202e", "\N{RIGHT-TO-LEFT OVERRIDE}")


def test_customers_limited_to_a_kind_and_a_group(run: Callable[..., tuple[int, str, str]], book: str) -> None:
    _, out, _ = run("statement", book, "--on", DAY, "--kind", "sourced", "--group", "growth")
    assert "Points by customer, of the kind sourced in growth" in out
    _, out, _ = run("statement", book, "--on", DAY, "--group", "none")
    assert "Points by customer, in no group of markets" in out
    assert "There are none." in out
    assert "did you mean 'sourced'?" in refused(run("statement", book, "--on", DAY, "--kind", "sorced"))
    assert "expected one of growth, none" in refused(run("statement", book, "--on", DAY, "--group", "x"))
    assert "with --json" in refused(run("statement", book, "--on", DAY, "--group", "growth", "--json"))


def test_a_kind_where_nothing_was_earned(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    path = tmp_path / "book.json"
    path.write_text('{"partners": [{"id": "north"}]}', encoding="utf-8")
    assert "expected nothing: the partner has no entries" in refused(
        run("statement", str(path), "--kind", "x")
    )


def test_an_overlay_changes_the_bars(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    over = tmp_path / "over.toml"
    over.write_text(
        """
format = 1
extends = "hubspot-solutions"
[sources.mine]
url = "https://example.org"
grade = "secondary"
[[tier]]
id = "gold"
[[tier.requires]]
from = 2026-07-13
until = 2027-01-15
all = [{ measure = "total", at-least = "999999" }]
source = "mine"
""",
        encoding="utf-8",
    )
    _, out, _ = run(*STATEMENT, "--overlay", str(over))
    assert "999,999" in out


# the day and the kind that are assumed


def test_today_is_assumed_and_said(
    run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(date):
        @classmethod
        def today(cls) -> date:  # type: ignore[override]
            return date(2026, 3, 4)

    monkeypatch.setattr(cli.arguments, "date", Clock)
    _, out, err = run("quote", "1000", "EUR", "--market", "BR", "--kind", "sourced")
    assert out.startswith("Assumed: --on 2026-03-04, today.")
    assert "Points on 2026-03-04" in out
    assert err == ""
    _, out, err = run("quote", "1000", "EUR", "--market", "BR", "--json")
    assert (
        err
        == "Assumed: --kind sourced (the program also knows: assisted).\nAssumed: --on 2026-03-04, today.\n"
    )
    assert tk.from_json(out)["sold"] == tk.Points("1250/11")


@pytest.mark.parametrize("day", ["23.11.2026", "2026-02-30", "20261123", "2026-W01-1", "", "x" * 1000])
def test_a_day_that_is_none(run: Callable[..., tuple[int, str, str]], day: str) -> None:
    err = refused(run("statement", NORTHWIND, "--partner", "northwind", f"--on={day}"))
    assert "expected a day written as in 2026-11-23" in err
    assert len(err) < 300


# quote and convert


def test_a_quote(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = run(
        *(
            "quote",
            "1000",
            "EUR",
            "--market",
            "BR",
            "--managed",
            "--other-partners",
            "2",
            "--on",
            "2026-03-04",
        )
    )
    assert status == 0
    assert "Assumed: --kind sourced (the program also knows: assisted)." in out
    assert "€1,000.00 a month, with 2 other partners" in out
    assert "total     121.21  4000/33" in out


def test_a_quote_with_a_kind_assumes_nothing(run: Callable[..., tuple[int, str, str]]) -> None:
    _, out, err = run("quote", "1000", "EUR", "--market", "BR", "--kind", "assisted", "--on", DAY)
    assert "Assumed" not in out + err
    assert "68.18" in out


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("1,000", "EUR", "--market", "BR"), "expected a plain decimal"),
        (("1000", "eur", "--market", "BR"), "did you mean 'EUR'?"),
        (("1000", "EUR", "--market", "UK"), "did you mean 'GB'?"),
        (("1000", "INR", "--market", "IN"), "an exchange rate is never used for points"),
        (("1000", "EUR", "--market", "BR", "--kind", "sorced"), "did you mean 'sourced'?"),
        (("1000", "EUR", "--market", "BR", "--other-partners", "2"), "found 2, without --managed; "),
        (("1000", "EUR", "--market", "BR", "--other-partners", "-1"), "a whole number from 0 up"),
        (("1000", "EUR", "--market", "BR", "--other-partners", "٣"), "a whole number from 0 up"),
        (("1000", "EUR", "--market", "BR", "--other-partners", "9" * 5000), "a whole number from 0 up"),
        (("1000", "EUR", "--market", "BR", "--managed", "--other-partners", "999999"), "from 0 to 1000"),
        (("1000", "EUR", "--market", "BR", "--on", "2021-01-01"), "is in force: from 2022-07-18"),
        (
            ("1000", "EUR", "--market", "BR", "--program", "hubspot-solution"),
            "did you mean 'hubspot-solutions'?",
        ),
        (("1000", "EUR", "--market", "BR", "--program", "no.toml"), "found No such file or directory"),
        (("1000", "EUR", "--market", "BR", "--overlay", "no.toml"), "found No such file or directory"),
    ],
)
def test_a_quote_that_cannot_be_given(
    run: Callable[..., tuple[int, str, str]], argv: tuple[str, ...], said: str
) -> None:
    usual = () if "--on" in argv else ("--on", DAY)
    kind = () if "--kind" in argv else ("--kind", "sourced")
    assert said in refused(run("quote", *argv, *usual, *kind))


def test_a_program_without_kinds_has_none_to_assume(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN_PROGRAM, encoding="utf-8")
    err = refused(run("quote", "1", "EUR", "--market", "DE", "--on", DAY, "--program", str(path)))
    assert "own: no deal earns here" in err
    text = OWN_PROGRAM.replace('{ fact = "event", type = "purchase" }', '{ fact = "deal" }')
    path.write_text(text.replace('amount = "amount"', 'amount = "value"', 1), encoding="utf-8")
    err = refused(run("quote", "1", "EUR", "--market", "DE", "--on", DAY, "--program", str(path)))
    assert "the program names no kinds of deals, so that any will do" in err


def test_points_that_no_deal_earns_are_not_turned_into_money(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN_PROGRAM, encoding="utf-8")
    argv = ("convert", "EUR", "--market", "DE", "--kind", "x", "--on", DAY, "--program", str(path))
    assert "no deal earns here" in refused(run(*argv, "--sold", "1"))
    assert "no deal earns here" not in refused(run(*argv, "--managed", "1"))


def test_a_program_with_one_kind(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    text = OWN_PROGRAM.replace('{ fact = "event", type = "purchase" }', '{ fact = "deal", kind = "sale" }')
    path.write_text(text.replace('amount = "amount"', 'amount = "value"', 1), encoding="utf-8")
    _, out, err = run("quote", "1", "EUR", "--market", "DE", "--on", DAY, "--program", str(path))
    assert out.startswith("Assumed: --kind sale.")
    assert "deal sale: value: found nothing" in err
    assert "put the deal in a book, and ask for a statement" in err


def test_amounts_to_points(run: Callable[..., tuple[int, str, str]]) -> None:
    argv = ("convert", "USD", "--market", "US", "--kind", "sourced", "--on", DAY)
    _, out, _ = run(*argv, "--sold", "1000", "--managed", "500")
    assert "total      55.00  55" in out
    quote = tk.from_json(run(*argv, "--managed", "500", "--json")[1])
    assert (quote["sold"], quote["managed"]) == (tk.Points(0), tk.Points(5))


def test_points_to_amounts(run: Callable[..., tuple[int, str, str]]) -> None:
    argv = ("convert", "USD", "--market", "IN", "--kind", "sourced", "--on", DAY, "--points")
    _, out, _ = run(*argv, "--sold", "205", "--managed", "1/3")
    assert out.startswith("For 205 sold points and 1/3 managed points:")
    assert "to sell       $2,050.00 a month" in out
    assert "to manage     $16.67 a month" in out
    amounts = tk.from_json(run(*argv, "--sold", "205", "--json")[1])
    assert (amounts.sold, amounts.managed) == (tk.Money("2050", "USD"), None)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ((), "--sold, --managed: found neither; expected at least one of the two"),
        (("--sold", "x"), "expected a plain decimal"),
        (("--sold", "x", "--points"), "expected a plain decimal"),
        (("--sold", "-1", "--points"), "points from zero up"),
        (("--sold", "1e100", "--points"), "points that an amount of up to"),
        (("--managed", "5", "--points", "--kind", "sorced"), "did you mean 'sourced'?"),
        (("--managed", "5", "--kind", "sorced"), "did you mean 'sourced'?"),
    ],
)
def test_a_conversion_that_cannot_be_given(
    run: Callable[..., tuple[int, str, str]], argv: tuple[str, ...], said: str
) -> None:
    assert said in refused(run("convert", "USD", "--market", "IN", "--kind", "sourced", "--on", DAY, *argv))


def test_a_question_may_say_the_tier_that_is_held_and_the_rates(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    program, rates = tmp_path / "club.toml", tmp_path / "rates.csv"
    program.write_text(CLUB, encoding="utf-8")
    rates.write_text("base,quote,rate,on\nUSD,EUR,0.8,2026-11-23\n", encoding="utf-8")
    usual = ("--market", "DE", "--kind", "order", "--on", DAY, "--program", str(program))
    both = ("--tier", "silver", "--rates", str(rates))
    for argv in (("quote", "1000", "USD"), ("convert", "USD", "--sold", "1000")):
        quote = tk.from_json(run(*argv, *usual, *both, "--json")[1])
        assert (quote["miles"], quote["spend"]) == (tk.Points("2000/11"), tk.Points(800))
        assert "supply it: --rates, a CSV file of exchange rates" in refused(run(*argv, *usual))
        assert "did you mean 'silver'?" in refused(run(*argv, *usual, "--tier", "sliver"))
    least = ("convert", "EUR", "--points", "--sold", "200", *usual)
    for more, amount in (((), "2000"), (("--tier", "silver"), "1000")):
        assert tk.from_json(run(*least, *more, "--json")[1]).sold == tk.Money(amount, "EUR")
    bar = '"miles", at-least = 10 }'
    program.write_text(CLUB.replace(bar, bar.replace("10", '"unknown", note = "?"')), encoding="utf-8")
    for found in (run("quote", "1", "EUR", *usual), run(*least)):
        assert refused(found).endswith("say --tier: the tier that you hold\n")


# programs and verify


def test_programs_are_listed_with_their_grades(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = run("programs")
    assert status == 0
    assert re.search(r"\nhubspot-solutions +from 2022-07-18 +from 2026-07-13 ", out)
    printed = json.loads(run("programs", "--json")[1])
    assert printed.pop("tierkit") == "programs/1"
    forms = {form["id"]: form for form in printed.pop("programs")}
    assert printed == {}
    assert tuple(forms) == tk.program_names()
    form = forms["hubspot-solutions"]
    assert form["in_force"] == "from 2022-07-18"
    assert all(form["values"].values())
    assert {key for form in forms.values() for key in form["values"]} == {*tk.Grade, "unknown"}


def test_published_examples_pass(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = run("verify", "hubspot-solutions", VECTORS)
    assert status == 0
    assert len(out.splitlines()) == 44
    assert out.endswith("41 passed, 0 failed, 2 waiting\n")
    assert "passed   sold-2021-10-mhpro: sourced 30\n" in out
    assert "passed   window-jan: from 2026-08-15 to 2027-01-15\n" in out


def test_an_example_that_fails(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    form = json.loads(Path(VECTORS).read_text(encoding="utf-8"))
    form["vectors"] = form["vectors"][:2]
    form["vectors"][0]["expect"]["sourced"] = "50"
    path = tmp_path / "file.json"
    path.write_text(json.dumps(form), encoding="utf-8")
    status, out, _ = run("verify", "hubspot-solutions", str(path))
    assert status == 1
    assert out.startswith("FAILED   sold-2021-10-mhpro: expected sourced 50; found sourced 30\n")
    assert out.endswith("1 passed, 1 failed, 0 waiting\n")
    status, out, _ = run("verify", "hubspot-solutions", str(path), "--json")
    assert status == 1
    printed = json.loads(out)
    assert (printed["tierkit"], printed["program"]) == ("verify/1", "hubspot-solutions")
    assert [each["passed"] for each in printed["outcomes"]] == [False, True]
    assert printed["outcomes"][0] == {
        "id": "sold-2021-10-mhpro",
        "kind": "earning",
        "passed": False,
        "expected": "sourced 50",
        "found": "sourced 30",
    }


def test_a_file_that_holds_no_examples(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_text('{"vectors": [{}]}', encoding="utf-8")
    err = refused(run("verify", "hubspot-solutions", str(path)))
    first, *rest = err.splitlines()
    assert first == f"tierkit: {len(rest)} problems"
    assert all(line.startswith("  file.json vectors[0]: ") for line in rest)


# arguments


@pytest.mark.parametrize(
    "argv",
    [
        (),
        ("nothing",),
        ("quote",),
        ("quote", "1", "EUR"),
        ("statement",),
        ("demo", "--no-such-option"),
        ("statement", "--part", "x"),
        ("verify", "hubspot-solutions"),
        ("x" * 10_000,),
        ("quote", "1", "EUR", "--market", "BR", "\N{RIGHT-TO-LEFT OVERRIDE}" + "y" * 10_000),
        ("statement", "a\0b"),
        ("statement", "\ud800"),
        ("statement", "no/such/folder", "--partner", "\x1b[2J"),
    ],
)
def test_wrong_arguments_are_refused_in_few_words(
    run: Callable[..., tuple[int, str, str]], argv: tuple[str, ...]
) -> None:
    err = refused(run(*argv))
    assert len(err) < 1000
    assert err.replace("\n", "").isprintable()


def test_help_and_version(run: Callable[..., tuple[int, str, str]]) -> None:
    assert run("--version") == (0, f"tierkit {tk.__version__}\n", "")
    status, out, _ = run("--help")
    assert status == 0
    assert all(f"\n    {command}" in out for command in COMMANDS)
    assert [run(command, "--help")[0] for command in COMMANDS] == [0] * len(COMMANDS)


COMMANDS = (
    *(
        "demo",
        "statement",
        "review",
        "history",
        "forecast",
        "changes",
        "plan",
        "reconcile",
        "quote",
        "convert",
    ),
    *("compare", "programs", "verify"),
)
OPTIONS = (
    *("--json", "--partner", "--on", "--program", "--overlay", "--explain", "--kind", "--group", "--market"),
    *("--since", "--until", "--every", "--tier", "--by", "--closing", "--markets", "--kinds", "--currency"),
    *("--managed", "--other-partners", "--sold", "--points", DAY, "hubspot-solutions", "EUR", "DE", "1000"),
    *(NORTHWIND, VECTORS, "northwind", "sourced", str(ROOT), str(ROOT / "pyproject.toml"), "-5", "none"),
)


@given(st.sampled_from(COMMANDS), st.lists(st.sampled_from(OPTIONS) | st.text(max_size=20), max_size=7))
@example("verify", [VECTORS, VECTORS])
@example("verify", ["hubspot-solutions", str(ROOT)])
@example("statement", [str(ROOT / "pyproject.toml")])
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_no_arguments_end_in_a_traceback(
    run: Callable[..., tuple[int, str, str]], command: str, arguments: list[str]
) -> None:
    status, _, err = run(command, *arguments)
    assert status in (0, 1, 2)
    assert (status == 2) is err.startswith("tierkit")


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_no_file_ends_in_a_traceback(run: Callable[..., tuple[int, str, str]], content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("deals.csv", "book.json", "program.toml", "mapping.toml"):
            Path(folder, name).write_bytes(content)
        json_file, program = str(Path(folder, "book.json")), str(Path(folder, "program.toml"))
        for argv in (
            ("statement", folder, "--on", DAY),
            ("statement", json_file, "--on", DAY),
            (*STATEMENT, "--program", program),
            (*STATEMENT, "--overlay", program),
            ("verify", "hubspot-solutions", json_file),
        ):
            refused(run(*argv))


# streams


def test_an_interrupt_ends_quietly(
    run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(tk, "load_program", interrupt, raising=False)
    assert run("programs") == (130, "", "")


def test_a_reader_that_leaves_ends_it_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="ascii") as pipe:
        monkeypatch.setattr("sys.stdout", pipe)
        assert main(["programs"]) == 141
        pipe.write("more that nobody reads")


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="this system has no full device")
@pytest.mark.parametrize("argv", [("demo",), ("programs", "--json"), ("--help",)])
def test_output_that_cannot_be_written_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], argv: tuple[str, ...]
) -> None:
    with FULL.open("w", encoding="utf-8") as full:
        monkeypatch.setattr("sys.stdout", full)
        assert main(argv) == 2
        full.write("more that goes nowhere")
    assert capsys.readouterr().err == (
        "tierkit: standard output: found No space left on device; expected a place that takes the answer\n"
    )


@pytest.mark.skipif(not FULL.exists(), reason="this system has no full device")
def test_an_error_that_cannot_be_said_has_its_status(monkeypatch: pytest.MonkeyPatch) -> None:
    with FULL.open("w", encoding="utf-8") as full:
        monkeypatch.setattr("sys.stderr", full)
        assert main(["statement", "no-such-book"]) == 2
        full.write("more that goes nowhere")


def test_closed_streams(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdout", None)
    assert main(["demo", "--json"]) == 2
    assert capsys.readouterr().err == (
        "tierkit: standard output: found nothing: it is closed; expected a place that takes the answer\n"
    )
    monkeypatch.setattr("sys.stderr", None)
    assert main(["demo", "--json"]) == 2


def test_output_that_is_kept_as_text_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = io.StringIO()
    monkeypatch.setattr("sys.stdout", kept)
    assert main(["--version"]) == 0
    assert kept.getvalue().startswith("tierkit")


def python(*argv: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    usual = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "SYSTEMROOT") if name in os.environ}
    return subprocess.run(
        [sys.executable, *argv],
        check=False,
        capture_output=True,
        env={**usual, **environment},
        cwd=ROOT,
        timeout=60,
    )


def test_output_is_utf_8_whatever_the_locale() -> None:
    argv = ("quote", "1000", "EUR", "--market", "BR", "--on", DAY)
    done = python("-m", "tierkit", *argv, LC_ALL="POSIX", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "€1,000.00 a month" in done.stdout.decode("utf-8")


def test_the_package_runs_as_a_module(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["tierkit", "--version"])
    runpy.run_module("tierkit.__main__")  # imported, it does nothing
    assert capsys.readouterr().out == ""
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("tierkit", run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"tierkit {tk.__version__}\n"


def test_an_error_of_a_process_is_no_traceback() -> None:
    done = python("-m", "tierkit", "statement", "no-such-book")
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"Traceback" not in done.stderr
    assert done.stderr.startswith(
        b"tierkit: path: found 'no-such-book'; expected a file or folder that exists"
    )


def test_a_statement_loads_only_what_it_needs() -> None:
    code = (
        "import sys; from tierkit.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    )
    loaded = python("-c", code, *STATEMENT).stderr.decode().split()
    assert "tierkit.engine.standing" in loaded
    assert not {"babel", "cattrs", "zoneinfo", "tierkit.reports.html", "tierkit.reports.codec"} & set(loaded)
