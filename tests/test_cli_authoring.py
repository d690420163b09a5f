# ruff: noqa: E501 - one nasty file is one row of a table
"""The commands for those who write a program: new, check, schema, diff; and exchange rates for every book."""

from __future__ import annotations

import json
import os
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import tierkit as tk
from tierkit.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
KITES = ROOT / "docs" / "reference" / "program" / "kites.toml"
PROGRAM = "hubspot-solutions"
ANNOUNCED = ROOT / "docs" / "how-to" / "new-rules.toml"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command; give its status and what it printed."""

    def call(*argv: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main([str(each) for each in argv])
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


# --- new


def test_what_is_new_is_sound_and_verified(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    program, vectors = tmp_path / "mine.toml", tmp_path / "mine.vectors.json"
    status, out, err = run("new", program)
    assert (status, err) == (0, "")
    assert out.startswith(f"Wrote {program} and {vectors}.\n")
    assert run("check", program) == (0, "mine.toml: no problems, no warnings\n", "")
    status, out, err = run("verify", program, vectors)
    assert (status, err) == (0, "")
    assert out.endswith("6 passed, 0 failed, 0 waiting\n")


def test_a_new_program_has_what_a_program_needs(tmp_path: Path) -> None:
    main(["new", str(tmp_path / "mine.toml")])
    program = tk.load_program(tmp_path / "mine.toml")
    assert len(program.rules) == 1
    assert len(program.measures) == 1
    assert len(program.tiers) == 3
    assert [str(movement.kind) for movement in program.movements] == ["rise", "fall"]
    assert (tmp_path / "mine.toml").read_text(encoding="utf-8").startswith("#:schema ")


def test_without_a_file_it_is_printed(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    run("new", tmp_path / "mine.toml")
    text = (tmp_path / "mine.toml").read_text(encoding="utf-8")
    assert run("new") == (0, text, "")
    form = json.loads(run("new", "--json")[1])
    assert (form["tierkit"], form["program"]) == ("new/1", text)
    assert json.loads(form["vectors"])["vectors"]


def test_what_was_written_as_json(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    form = json.loads(run("new", tmp_path / "mine.toml", "--json")[1])
    assert form["files"] == [str(tmp_path / "mine.toml"), str(tmp_path / "mine.vectors.json")]


@pytest.mark.parametrize("there", ["mine.toml", "mine.vectors.json"])
def test_nothing_is_ever_overwritten(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, there: str
) -> None:
    (tmp_path / there).write_text("mine", encoding="utf-8")
    err = refused(run("new", tmp_path / "mine.toml"))
    assert there in err
    assert "nothing is ever overwritten" in err
    assert [each.name for each in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mine", "expected a name that ends in .toml; write mine.toml"),
        ("mine.json", "expected a name that ends in .toml; write mine.toml"),
        ("", "expected a name that ends in .toml"),
        (os.path.join("no", "mine.toml"), "expected a place for a new file; check the path"),  # noqa: PTH118
    ],
)
def test_where_nothing_can_be_written(
    run: Callable[..., tuple[int, str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in refused(run("new", name))
    assert not list(tmp_path.iterdir())


# --- check


def test_every_problem_has_its_line(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    text = KITES.read_text(encoding="utf-8")
    wrong = text.replace('track  = "sales"', 'track  = "sails"').replace('unit = "%"', 'unti = "%"')
    path = tmp_path / "wrong.toml"
    path.write_text(wrong, encoding="utf-8")
    status, out, err = run("check", path)
    assert (status, err) == (1, "")
    *said, summed = out.splitlines()
    assert summed.startswith(f"wrong.toml: {len(said)} problems, no warnings")
    for key, near in (('unti = "%"', "'unit'"), ('track  = "sails"', "'sales'")):
        line = next(number for number, row in enumerate(wrong.splitlines(), 1) if row == key)
        (told,) = [each for each in said if each.startswith(f"wrong.toml, line {line}: ")]
        assert f"did you mean {near}?" in told


def test_a_warning_is_no_failure(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    path = tmp_path / "unsourced.toml"
    text = KITES.read_text(encoding="utf-8").replace('source     = "handbook"\n', "")
    path.write_text(text, encoding="utf-8")
    status, out, _ = run("check", path)
    assert status == 0
    assert all(line.startswith("warning: unsourced.toml") for line in out.splitlines()[:-1])
    assert out.splitlines()[-1].startswith("unsourced.toml: no problems, ")


def test_a_check_as_json(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("format = 7\n", encoding="utf-8")
    status, out, _ = run("check", path, "--json")
    form = json.loads(out)
    assert (status, form["tierkit"], form["file"], form["program"]) == (1, "check/1", "mine.toml", None)
    problems = tk.check_program(path).problems
    assert [tk.Problem(**each) for each in form["problems"]] == list(problems)
    form = json.loads(run("check", KITES, "--json")[1])
    assert (form["program"], form["problems"], form["warnings"]) == ("kites", [], [])


def test_a_file_that_is_not_there(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    status, out, err = run("check", tmp_path / "no.toml")
    assert (status, err) == (1, "")
    assert "No such file" in out
    assert out.endswith("no.toml: 1 problem, no warnings\n")
    assert "did you mean 'hubspot-solutions'?" in refused(run("check", "hubspot-solution"))


TOP = 'format = 1\nid = "x"\nname = "X"\ntracks = ["a"]\n'
POINTS = '[[earn]]\nid = "e"\nselect = {{ fact = "event" }}\ntrack = "a"\nlive = {{ months = 1 }}\nrate = {{ points = {} }}\n'
NASTY: dict[str, tuple[str, str | bytes, str]] = {
    "binary": ("x.toml", bytes(range(255, 0, -1)), "x.toml, line 1: found byte 0xff at 0; expected text in UTF-8"),
    "nothing but NUL": ("x.toml", b"\0" * 1000, "x.toml, line 1: found Invalid statement"),
    "empty": ("x.toml", "", "x.toml: tracks: found nothing; expected a list of texts"),
    "empty JSON": ("x.json", "", "x.json, line 1: found Expecting value"),
    "a megabyte": ("x.toml", "[" * 1_000_000, "x.toml: found a larger file; expected"),
    "brackets": ("x.toml", "x = " + "[" * 200_000, "x.toml: found brackets within brackets without end"),
    "brackets of JSON": ("x.json", "[" * 200_000, "x.json: found brackets within brackets without end"),
    "objects of JSON": ("x.json", '{"a":' * 40_000 + "1" + "}" * 40_000, "x.json: found brackets within"),
    "deep tables": ("x.toml", TOP + "x = " + "{ a = " * 300 + "1" + "}" * 300, "x.toml, line 5: x: found an unknown"),
    "keys": ("x.toml", "".join(f"k{each} = 1\n" for each in range(100_000)), "x.toml: found a larger file"),
    "fewer keys": ("x.toml", TOP + "".join(f"k{each} = 1\n" for each in range(20_000)), "line 104: k99: found an unknown"),
    "a key of nothing": ("x.toml", TOP + '"" = 1\n', 'x.toml: "": found an unknown key'),
    "time zones": ("x.toml", TOP + "[in-force]\nfrom = 2026-01-01T00:00:00+02:00\n", "line 6: in-force.from: found 2026-01-01T00:00:00+02:00; expected a day"),
    "a time": ("x.toml", TOP + "[in-force]\nfrom = 07:32:00\n", "in-force.from: found 07:32:00; expected a day"),
    "not a number": ("x.toml", TOP + POINTS.format("nan"), "line 10: earn[e].rate.points: found nan; expected a finite"),
    "infinity": ("x.json", '{"earn": {"id": "e", "rate": {\n"points": -Infinity}}}', "x.json, line 2: earn[e].rate.points: found -inf; expected a finite"),
    "an id that is no number": ("x.json", '{"earn": [\n{"id": NaN}]}', "x.json, line 2: earn[NaN].id: found nan; expected a text"),
    "a huge number": ("x.toml", TOP + POINTS.format("9" * 5000), "x.toml, line 10: found a number of thousands of digits"),
    "a huge exponent": ("x.toml", TOP + POINTS.format("1e999999"), "earn[e].rate.points: found 1E+999999; expected an exponent"),
    "old line endings": ("x.toml", TOP.replace("\n", "\r"), "x.toml, line 1: found Expected newline"),
    "a mark and a slip": ("x.toml", "\ufeff" + TOP.replace("id", "ids", 1), "x.toml, line 2: ids: found an unknown"),
    "UTF-16": ("x.toml", TOP.encode("utf-16"), "x.toml, line 1: found byte 0xff at 0"),
    "a key twice": ("x.json", '{"format": 1,\n"id": "a",\n"id": "b"}', "x.json, line 3: found the key 'id' twice"),
    "itself": ("x.toml", 'format = 1\nextends = "x.toml"\n', "line 2: extends: found a circle: x.toml -> x.toml"),
    "itself by a link": ("x.toml", 'format = 1\nextends = "link.toml"\n', "extends: found a circle: x.toml -> link.toml -> link.toml"),
    "an endless file": ("x.toml", 'format = 1\nextends = "zero.toml"\n', "zero.toml: found a larger file"),
    "an absolute path": ("x.toml", 'format = 1\nextends = "/etc/x.toml"\n', "line 2: extends: found '/etc/x.toml'; expected"),
    "the folder above": ("x.toml", 'format = 1\nextends = "../x.toml"\n', "line 2: extends: found '../x.toml'; expected"),
    "a NUL in a name": ("x.toml", 'format = 1\nextends = "a\\u0000.toml"\n', "; lay the two files in one folder"),
}  # fmt: skip


@pytest.mark.parametrize("name", NASTY)
def test_whatever_a_file_holds_is_refused_with_its_place(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, name: str
) -> None:
    """Every problem with its place, and no traceback, whatever a stranger's file is"""
    file, content, words = NASTY[name]
    (tmp_path / "link.toml").symlink_to(tmp_path / "x.toml")
    (tmp_path / "zero.toml").symlink_to("/dev/zero")
    (tmp_path / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    status, out, err = run("check", tmp_path / file)
    *said, summed = out.splitlines()
    assert (status, err) == (1, "")
    assert summed.startswith(f"{file}: ")
    assert any(words in each for each in said), out[:2000]
    assert len(said) <= 201
    assert all(each.startswith((file, "link.toml", "zero.toml")) and len(each) < 1000 for each in said)


def test_marks_and_mixed_line_endings_are_no_mistake(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "mixed.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TOP.replace("\n", "\r\n", 2).encode())
    assert run("check", path) == (0, "mixed.toml: no problems, no warnings\n", "")


# --- schema


def test_the_schema_is_the_one_of_the_library(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, err = run("schema")
    assert (status, err) == (0, "")
    assert json.loads(out) == tk.program_schema()


# --- diff


def test_what_differs_on_a_day(run: Callable[..., tuple[int, str, str]]) -> None:
    differences = tk.load_program(PROGRAM).diff(tk.load_program(ANNOUNCED))
    assert run("diff", PROGRAM, ANNOUNCED) == (0, "".join(f"{each}\n" for each in differences), "")
    for on in (date(2027, 1, 14), date(2027, 1, 15)):
        on_day = [each for each in differences if on in each.span]
        said = "".join(f"{each}\n" for each in on_day) or f"the same on {on}\n"
        assert run("diff", PROGRAM, ANNOUNCED, "--on", str(on)) == (0, said, "")
        form = json.loads(run("diff", PROGRAM, ANNOUNCED, "--on", str(on), "--json")[1])
        assert (form["tierkit"], form["before"], form["on"]) == ("diff/1", PROGRAM, str(on))
        forms = [json.dumps({"tierkit": "Difference/1", **each}) for each in form["differences"]]
        assert [tk.from_json(each) for each in forms] == on_day


def test_nothing_differs(run: Callable[..., tuple[int, str, str]]) -> None:
    assert run("diff", PROGRAM, PROGRAM) == (0, "the same on all days\n", "")
    assert json.loads(run("diff", PROGRAM, PROGRAM, "--json")[1])["on"] is None


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ((PROGRAM, "hubspot-solution"), "did you mean 'hubspot-solutions'?"),
        ((PROGRAM, PROGRAM, "--on", "now"), "--on: found 'now'; expected a day written as in 2026-11-23"),
    ],
)
def test_what_cannot_be_compared(
    run: Callable[..., tuple[int, str, str]], argv: tuple[str, ...], said: str
) -> None:
    assert said in refused(run("diff", *argv))


# --- exchange rates

RATES = "base,quote,rate,on,until,source\nUSD,EUR,0.9,2026-01-01,2027-01-01,bank\nGBP,EUR,6/5,2026-06-01,,\n"

TURNOVER = """
format = 1
id = "turnover"
name = "Turnover"
tracks = ["revenue"]
units = { revenue = "EUR" }
[[earn]]
id = "sale"
select = { fact = "deal" }
track = "revenue"
amount = "mrr"
rate = { points = 1 }
live = { months = 12 }
[[tier]]
id = "big"
rank = 1
requires = { measure = "revenue", at-least = 1110 }
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    deal = {"partner": "ada", "customer": "acme", "kind": "own", "market": "US", "closed_on": "2026-06-01"}
    deals = [
        {**deal, "id": "D-1", "mrr": "1100", "currency": "USD"},
        {**deal, "id": "D-2", "mrr": "100", "currency": "GBP"},
    ]
    path = tmp_path / "book.json"
    path.write_text(json.dumps({"deals": deals}), encoding="utf-8")
    return path


def asked(
    run: Callable[..., tuple[int, str, str]], book: Path, rates: str | bytes, *argv: str
) -> tuple[int, str, str]:
    path = book.parent / "rates.csv"
    path.write_bytes(rates if isinstance(rates, bytes) else rates.encode())
    return run("statement", book, "--program", KITES, "--on", "2026-07-01", "--rates", path, *argv)


@pytest.mark.parametrize("rates", [RATES, "\ufeff" + RATES.replace(",", ";").replace("\n", "\r\n")])
def test_rates_turn_amounts(run: Callable[..., tuple[int, str, str]], book: Path, rates: str) -> None:
    status, out, err = asked(run, book, rates, "--json")
    assert (status, err) == (0, "")
    assert tk.from_json(out).figures["revenue"] == Fraction(990 + 120)


def test_comparing_takes_rates_too(run: Callable[..., tuple[int, str, str]], book: Path) -> None:
    rates, program = book.parent / "rates.csv", book.parent / "turnover.toml"
    rates.write_text(RATES, encoding="utf-8")
    program.write_text(TURNOVER, encoding="utf-8")
    argv = ("compare", book, program, program, "--on", "2026-07-01", "--json")
    for more, reached in (((), tk.Verdict.UNKNOWN), (("--rates", rates), "big")):
        (compared,) = tk.from_json(run(*argv, *more)[1]).partners
        tiers = [each.performance_tier for each in compared.standings]
        assert [tier.id if isinstance(tier, tk.Tier) else tier for tier in tiers] == [reached] * 2


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        ("", "rates.csv: found ''; expected the columns base,quote,rate,on, and if need be until,source"),
        ("base,quote,rate\n", "found 'base,quote,rate'; expected the columns base,quote,rate,on"),
        ("base,quote,rate,on,by\n", "expected the columns base,quote,rate,on"),
        ("base,quote,rate,on,on\n", "expected the columns base,quote,rate,on"),
        (
            "base,quote,rate,on\nUSD,EUR,0.9\n",
            "rates.csv line 2: found 3 cells; expected 4",
        ),
        ("base,quote,rate,on\nUSD,EUR,much,2026-01-01\n", "rates.csv line 2: rate: found 'much'; expected"),
        ("base,quote,rate,on\nUSD,EUR,1,1/1/26\n", "rates.csv line 2: on: found '1/1/26'; expected a day"),
        ("base,quote,rate,on\nUSX,EUR,1,2026-01-01\n", "rates.csv line 2: base: found 'USX'; expected"),
        ("base,quote,rate,on\nUSD,USD,1,2026-01-01\n", "rates.csv line 2: found one currency twice"),
        ("base,quote,rate,on\nUSD,EUR,-1,2026-01-01\n", "rates.csv line 2: rate: found"),
        ('base,quote,rate,on\n"USD,EUR,1,2026-01-01\n', "rates.csv line 2: found unexpected end of data"),
        (RATES + "USD,EUR,0.8,2026-05-01,2026-06-01,\n", "rate USD to EUR: found 9/10 and 4/5 on 2026-05-01"),
        (b"base,quote,rate,on\n\xff", "a byte that is not UTF-8"),
    ],
)
def test_rates_that_cannot_be_read(
    run: Callable[..., tuple[int, str, str]], book: Path, rates: str | bytes, said: str
) -> None:
    assert said in refused(asked(run, book, rates))


def test_all_wrong_rates_are_told_at_once(run: Callable[..., tuple[int, str, str]], book: Path) -> None:
    err = refused(asked(run, book, "base,quote,rate,on\nUSD,EUR,much,x\nEUR\n\nGBP,EUR,1,2026-02-30\n"))
    assert "3 problems" in err
    for line in (2, 3, 5):
        assert f"rates.csv line {line}: " in err
