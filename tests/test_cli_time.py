"""The commands along time, and those that compare: what each prints, as text and as JSON, and refuses."""

from __future__ import annotations

import json
from datetime import date
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import tierkit as tk
from tierkit.cli import main
from tierkit.reports.table import safe

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
NORTHWIND = str(ROOT / "examples" / "northwind")
PROGRAM = "hubspot-solutions"
DAY = "2026-11-23"
ON = date(2026, 11, 23)
WHOSE = (NORTHWIND, "--partner", "northwind")

COMMANDS: dict[str, tuple[str, ...]] = {
    "review": (*WHOSE, "--on", DAY),
    "history": (*WHOSE, "--since", "2026-01-15", "--until", DAY),
    "forecast": (*WHOSE, "--on", DAY, "--until", "2027-07-15"),
    "changes": (*WHOSE, "--since", "2026-06-15", "--until", "2026-07-15"),
    "plan": (*WHOSE, "--tier", "diamond", "--on", DAY, "--by", "2027-01-15"),
    "compare": (NORTHWIND, PROGRAM, PROGRAM, "--on", DAY),
}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command; give its status and what it printed."""

    def call(*argv: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(argv)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


def refused(result: tuple[int, str, str]) -> str:
    """Give the one block of an error."""
    status, out, err = result
    assert (status, out) == (2, "")
    assert err.startswith("tierkit")
    assert "Traceback" not in err
    return err


def northwind() -> tk.Ledger:
    return tk.earn(tk.read_book(NORTHWIND), tk.load_program(PROGRAM)).partner("northwind")


# --- every command


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("review", "Review of northwind on 2026-11-23\n"),
        ("history", "History of northwind under hubspot-solutions, 2026-01-15 to 2026-11-23\n"),
        ("forecast", "Forecast of northwind, 2026-11-23 to 2027-07-15\n"),
        ("changes", "Changes of northwind under hubspot-solutions, 2026-06-15 to 2026-07-15\n"),
        ("plan", "Plan of northwind for Diamond by 2027-01-15\n"),
        ("compare", "The book on 2026-11-23\n"),
    ],
)
def test_each_answers_with_tables(run: Callable[..., tuple[int, str, str]], command: str, said: str) -> None:
    status, out, err = run(command, *COMMANDS[command])
    assert (status, err) == (0, "")
    assert out.startswith(said)


def test_each_answers_in_json(run: Callable[..., tuple[int, str, str]]) -> None:
    ledger, until = northwind(), date(2026, 7, 15)
    results = {
        "review": tk.review(ledger, on=ON),
        "history": tk.history(ledger, since=date(2026, 1, 15), until=ON),
        "forecast": tk.forecast(ledger, on=ON, until=date(2027, 7, 15)),
        "changes": tk.changes(ledger, since=date(2026, 6, 15), until=until),
        "plan": tk.plan(ledger, tier="diamond", on=ON, by=date(2027, 1, 15)),
        "compare": tk.compare(ledger.book, [ledger.program, ledger.program], on=ON),
    }
    for command, result in results.items():
        status, out, err = run(command, *COMMANDS[command], "--json")
        assert (status, err) == (0, "")
        assert tk.from_json(out) == result


@pytest.mark.parametrize("command", ["review", "history", "forecast", "changes", "plan"])
def test_a_book_of_several_partners_asks_for_one(
    run: Callable[..., tuple[int, str, str]], command: str
) -> None:
    argv = [each for each in COMMANDS[command] if each not in ("--partner", "northwind")]
    assert "--partner: found nothing, and a book of 3 partners" in refused(run(command, *argv))


def test_today_is_assumed_and_said(run: Callable[..., tuple[int, str, str]]) -> None:
    _, out, _ = run("review", *WHOSE)
    assert out.startswith("Assumed: --on 20")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("review", *WHOSE, "--on", "23.11.2026"), "--on: found '23.11.2026'; expected a day written as"),
        (("history", *WHOSE, "--since", "x", "--until", DAY), "--since: found 'x'"),
        (("history", *WHOSE, "--since", DAY, "--until", "x"), "--until: found 'x'"),
        (("history", *WHOSE, "--since", DAY, "--until", "2026-11-22"), "2026-11-22"),
        (("history", *WHOSE, "--since", DAY, "--until", DAY, "--every", "months"), "did you mean 'month'?"),
        (("changes", *WHOSE, "--since", DAY, "--until", "2026-11-22"), "2026-11-22"),
        (("forecast", *WHOSE, "--on", DAY, "--until", "2026-11-22"), "2026-11-22"),
        (("forecast", *WHOSE, "--on", DAY), "required: --until"),
        (("plan", *WHOSE, "--on", DAY, "--by", "2027-01-15", "--tier", "daimond"), "did you mean 'diamond'?"),
        (("plan", *COMMANDS["plan"], "--closing", "x"), "--closing: found 'x'"),
        (("plan", *COMMANDS["plan"], "--markets", "UK"), "did you mean 'GB'?"),
        (("plan", *COMMANDS["plan"], "--kinds", "sorced"), "did you mean 'sourced'?"),
        (("compare", NORTHWIND, PROGRAM, "--on", DAY), "expected at least two programs"),
        (
            ("compare", NORTHWIND, PROGRAM, "hubspot-solution", "--on", DAY),
            "did you mean 'hubspot-solutions'?",
        ),
        (("compare", NORTHWIND, PROGRAM, f"{PROGRAM}+no.toml", "--on", DAY), "No such file or directory"),
        (("compare", NORTHWIND, PROGRAM, "a+" * 500, "--on", DAY), "found 'a'; expected one of flying"),
        (("compare", *COMMANDS["compare"], "--partner", "nortwind"), "did you mean 'northwind'?"),
    ],
)
def test_what_cannot_be_answered(
    run: Callable[..., tuple[int, str, str]], argv: tuple[str, ...], said: str
) -> None:
    assert said in refused(run(*argv))


# --- single commands


def test_a_history_by_other_steps(run: Callable[..., tuple[int, str, str]]) -> None:
    _, out, _ = run("history", *COMMANDS["history"], "--every", "quarter")
    days = [line[:10] for line in out.splitlines() if line.startswith("2026")]
    assert days == ["2026-01-15", "2026-04-15", "2026-07-15", "2026-10-15"]


def test_a_plan_for_what_can_be_sold(run: Callable[..., tuple[int, str, str]]) -> None:
    sold = ("--markets", "DE, BR", "--kinds", "sourced,assisted", "--currency", "EUR")
    _, out, _ = run("plan", *COMMANDS["plan"], *sold, "--closing", "2026-12-31", "--json")
    plan = tk.from_json(out)
    assert plan.closing == date(2026, 12, 31)
    assert {part.market.code for part in plan.options} == {"BR", "DE"}
    assert {part.mrr.currency.code for part in plan.options} == {"EUR"}


def test_a_comparison_with_an_overlay(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
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
    plus = tmp_path / "my+own.toml"
    shipped = resources.files("tierkit.programs").joinpath("catalog", f"{PROGRAM}.toml")
    plus.write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    assert run("compare", NORTHWIND, PROGRAM, str(plus), "--on", DAY)[0] == 0
    argv = ("compare", NORTHWIND, PROGRAM, f"{PROGRAM}+{over}", "--on", DAY, "--partner", "borealis")
    _, out, _ = run(*argv)
    assert "borealis  hubspot-solutions #2" in out
    assert "no tier (fell)" in out
    assert "999999" in out


# --- why


def printed(explanation: tk.Explanation) -> str:
    return "".join(f"{safe(line)}\n" for line in explanation.text.splitlines())


@pytest.mark.parametrize("command", ["changes", "forecast"])
def test_the_reasons_of_every_change_and_of_one_fact(
    run: Callable[..., tuple[int, str, str]], command: str
) -> None:
    argv = COMMANDS[command]
    tables, result = run(command, *argv)[1], tk.from_json(run(command, *argv, "--json")[1])
    rows = (result if command == "changes" else result.changes).rows
    fact = rows[0].fact
    everything, of_one = tk.explain(result), tk.explain([row for row in rows if row.fact == fact])
    for said, told in ((["--explain"], everything), (["--explain", fact], of_one)):
        assert run(command, *argv, *said) == (0, tables + printed(told), "")
        assert tk.from_json(run(command, *argv, *said, "--json")[1]) == told


@pytest.fixture
def small(tmp_path: Path) -> str:
    """A book with facts that cannot be valued, one that gives nothing, and one that does not pay."""
    deal = {"partner": "north", "customer": "b", "kind": "sourced", "market": "BR", "currency": "EUR"}
    holders = [{"partner": "north", "since": "2026-01-01"}]
    account = {"customer": "acme", "mrr": "1000.00", "currency": "EUR", "market": "DE", "holders": holders}
    changes = [{"on": "2026-06-01", "mrr": "1000.00", "currency": "INR"}]
    book = {
        "deals": [
            {**deal, "id": "D-1", "closed_on": "2026-05-05", "mrr": "5.00", "currency": "INR"},
            {**deal, "id": "D-2", "closed_on": "2020-05-05", "mrr": "5.00"},
            {**deal, "id": "D-3", "closed_on": "2026-05-05", "mrr": "88.00"},
            {**deal, "id": "D-4", "closed_on": "2026-05-05", "mrr": "88.00", "partner": "south"},
        ],
        "accounts": [{**account, "id": "A-1", "changes": changes}],
        "reversals": [{"id": "R-1", "reverses": "D-3", "on": "2026-05-20", "cause": "non-payment"}],
    }
    path = tmp_path / "book.json"
    path.write_text(json.dumps(book), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (
            "D-3",
            [
                "changes of D-3",
                "  2026-05-05, b, closed deal: sourced points 0 → 10; from then on: partner sourced",
                "  2026-05-20, b, clawback: sourced points 10 → 0; until then: partner sourced",
            ],
        ),
        ("A-1", ["changes of A-1", "  2026-01-01, acme, taken on: managed points 0 → 125/11 (11.36…); from"]),
        ("D-1", ["no changes: deal D-1: currency: found INR; expected a currency that the program values"]),
        ("D-2", ["no changes: D-2 gives north the same on all days from 2025-12-31 to 2026-05-31"]),
    ],
)
def test_what_is_said_of_a_fact(
    run: Callable[..., tuple[int, str, str]], small: str, fact: str, said: list[str]
) -> None:
    argv = ("changes", small, "--partner", "north", "--since", "2025-12-31", "--until", "2026-05-31")
    reasons = run(*argv, "--explain", fact)[1].removeprefix(run(*argv)[1]).splitlines()
    heads = [line for line in reasons if line.startswith(("changes", "no", "  2026"))]
    assert len(heads) == len(said)
    assert all(line.startswith(words) for line, words in zip(heads, said, strict=True))
    assert (fact == "A-1") is ("What could not be valued" in reasons)
    if fact == "A-1":
        assert reasons[-2].startswith("account A-1, from 2026-06-01  currency: found INR")


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("D4", "did you mean 'D-4'?"),
        ("D-4", "--explain: found 'D-4', of south; expected a fact of north; say --partner south"),
        ("R-1", "--explain: found 'R-1', a reversal of D-3; expected a fact of north; say --explain D-3"),
    ],
)
def test_what_has_no_reasons(
    run: Callable[..., tuple[int, str, str]], small: str, fact: str, said: str
) -> None:
    argv = (small, "--partner", "north", "--until", "2026-05-31", "--explain", fact)
    assert said in refused(run("changes", *argv, "--since", "2025-12-31"))
    assert said in refused(run("forecast", *argv, "--on", "2025-12-31"))


def test_a_book_after_explain_is_not_taken_for_a_fact(run: Callable[..., tuple[int, str, str]]) -> None:
    err = refused(run("changes", "--since", DAY, "--until", DAY, "--explain", NORTHWIND))
    assert "name BOOK first: --explain takes a word after it for a fact" in err
    assert "usage: tierkit changes BOOK --since DAY --until DAY [ARGUMENT ...]" in err


# --- figures of a dashboard

FIGURES = {
    "figures.csv": "name,value\nsourced,1038.46\n\nnew sold,56.18\n",
    "semicolons.CSV": "\ufeffname;value\r\nsourced;1038.46\r\nnew sold;56.18\r\n",
    "figures.json": '{"sourced": 1038.46, "new sold": "56.18"}',
    "figures.toml": 'sourced = 1038.46\n"new sold" = "56.18"\n',
}


def reconciled(run: Callable[..., tuple[int, str, str]], path: Path, *argv: str) -> tuple[int, str, str]:
    return run("reconcile", *WHOSE, str(path), "--on", DAY, *argv)


@pytest.mark.parametrize("name", FIGURES)
def test_figures_of_every_kind_of_file(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_text(FIGURES[name], encoding="utf-8")
    status, out, err = reconciled(run, path, "--since", "2026-10-23", "--json")
    assert (status, err) == (0, "")
    figures = {"sourced": "1038.46", "new sold": "56.18"}
    assert tk.from_json(out) == tk.reconcile(northwind(), figures, on=ON, since=date(2026, 10, 23))
    assert "all figures agree" in reconciled(run, path, "--since", "2026-10-23")[1]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "", "expected the columns name,value"),
        ("a.csv", "title,value\n", "found 'title,value'; expected the columns name,value"),
        ("a.csv", "name,value\nsourced\n", "a.csv line 2: found 'sourced'; expected a name and a value"),
        (
            "a.csv",
            'name,value\n"sourced,1\n',
            "a.csv line 2: found unexpected end of data; expected rows of",
        ),
        (
            "a.csv",
            "name,value\nsourced,1\nsourced,2\n",
            "'sourced': found two values; expected each name once",
        ),
        ("a.csv", "name,value\nsourced,much\n", "expected a plain decimal"),
        ("a.csv", "name,value\n", "expected at least one figure"),
        ("a.csv", b"name,value\n\xff,1\n", "a byte that is not UTF-8 at 11"),
        ("a.csv", b"x" * 1_000_001, "a larger file"),
        ("a.json", "{", "expected a JSON document"),
        ("a.json", "[" * 100_000, "expected a JSON document"),
        ("a.json", "[1]", "expected an object of names and values"),
        ("a.json", '{"sourced": 1, "sourced": 1}', "expected each name once"),
        ("a.json", '{"sourced": [1]}', "sourced"),
        ("a.json", '{"sourced": NaN}', "expected a plain decimal"),
        ("a.toml", "=", "a.toml"),
        ("a.toml", "sourced = true", "sourced"),
        ("a.toml", "sorced = 1", "did you mean 'sourced'?"),
    ],
)
def test_figures_that_cannot_be_read(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, name: str, content: str | bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    err = refused(reconciled(run, path))
    assert said in err
    assert len(err) < 500


def test_figures_that_are_not_there(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    assert "expected a file of figures" in refused(reconciled(run, tmp_path / "none.csv"))
    assert "expected a file of figures" in refused(reconciled(run, tmp_path))


def test_new_points_without_a_first_day(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    path.write_text(json.dumps({"new sold": 1}), encoding="utf-8")
    assert "since" in refused(reconciled(run, path))
    assert "--since: found 'x'" in refused(reconciled(run, path, "--since", "x"))
