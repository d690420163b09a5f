"""Runs the examples of the reference of the program file: blocks of TOML whose last lines say what comes out.

An example is a small file that extends `docs/reference/program/kites.toml` unless it names another base. It
earns the book of the same name. A line says: `#=> DAY: WHAT of PARTNER = VALUE; WHAT = VALUE`, where the day
and the partner may be left out. What is a track or a measure, `tier` (that of the performance) or its
`tier name`, `credited` (the tier that is held), or the id of a tier, whose verdict is said. That the program
does not hold on a day is `#=> DAY: refused`.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

import tierkit as tk
from tierkit.programs.forms.file import FORMS
from tierkit.programs.forms.kinds import OneOf

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
FOLDER = REFERENCE / "program"
PAGES = [REFERENCE / "program-file.md", *sorted(FOLDER.glob("*.md"))]
FENCE = re.compile(r"^```toml\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)
SAID = re.compile(r"^#=> (?:(?P<day>\d{4}-\d\d-\d\d): )?(?P<what>.+)$", re.MULTILINE)
ON = date(2026, 7, 1)
FIRST = {"kites": "ada", "miles": "cleo"}


class Example(NamedTuple):
    """One example: where it stands, and what it says."""

    place: str
    text: str

    @property
    def base(self) -> str:
        """The program that it extends, and the name of its book."""
        return "miles" if self.text.startswith('extends = "miles.toml"') else "kites"


def examples() -> list[Example]:
    found: list[Example] = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for fence in FENCE.finditer(text):
            line = text.count("\n", 0, fence.start("text"))
            found.append(Example(f"{page.stem}, line {line + 1}", fence["text"]))
    return found


def loaded(example: Example, folder: Path) -> tk.Program:
    shutil.copy(FOLDER / f"{example.base}.toml", folder)
    extends = "" if example.text.startswith("extends") else 'extends = "kites.toml"\n'
    path = folder / "example.toml"
    path.write_text(f"format = 1\n{extends}{example.text}", encoding="utf-8")
    return tk.load_program(path)


def found(ledger: tk.Ledger, what: str, on: date) -> str:
    """Say what something of a partner is, as an example says it."""
    standing = tk.assess(ledger, on=on)
    if what == "tier":
        perhaps = f", perhaps {standing.possible_tier.id}" if standing.possible_tier else ""
        return named(standing.performance_tier) + perhaps
    if what == "tier name":
        return str(standing.performance_tier)
    if what in [tier.id for tier in ledger.program.tiers]:
        return str(standing.toward(what).verdict)
    if what == "credited":
        return named(tk.review(ledger, on=on).credited_tier)
    figure = standing.points[what] if what in standing.points else standing.figures[what]
    unit = ledger.program.unit(what)
    said = "unknown" if figure is None else str(tk.Points(figure) if isinstance(figure, Fraction) else figure)
    at_least = "at least " if what in standing.at_least else ""
    return f"{at_least}{said}{'' if unit in ('', 'points', 'months', 'EUR') else f' {unit}'}"


def named(tier: tk.Tier | tk.Verdict | None) -> str:
    return tier.id if isinstance(tier, tk.Tier) else "none" if tier is None else "unknown"


def as_said(value: str) -> str:
    """Give a value as it is found: a number as points are written."""
    number = re.fullmatch(r"(-?[\d./]+)(.*)", value)
    return f"{tk.Points(Fraction(number[1]))}{number[2]}" if number else value


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.place)
def test_an_example_gives_what_it_says(example: Example, tmp_path: Path) -> None:
    said = list(SAID.finditer(example.text))
    assert said, f"{example.place} does not say what comes out"
    ledger = tk.earn(tk.read_book(FOLDER / f"{example.base}.json"), loaded(example, tmp_path))
    for line in said:
        on = date.fromisoformat(line["day"]) if line["day"] else ON
        for part in line["what"].split("; "):
            what, _, value = part.partition(" = ")
            what, _, partner = what.partition(" of ")
            own = ledger.partner(partner or FIRST[example.base])
            if what == "refused":
                with pytest.raises(tk.NotCovered):
                    tk.assess(own, on=on)
            else:
                assert found(own, what, on) == as_said(value), f"{example.place}: {line[0]}"


@pytest.mark.parametrize("base", FIRST)
def test_the_programs_of_the_examples_have_nothing_to_warn_of(base: str) -> None:
    checked = tk.check_program(FOLDER / f"{base}.toml")
    assert (checked.problems, checked.warnings) == ((), ())
    assert not tk.earn(
        tk.read_book(FOLDER / f"{base}.json"), tk.load_program(FOLDER / f"{base}.toml")
    ).problems


def said_in(value: object) -> Iterator[str]:
    """Give every key, and every text, of what a parser of TOML gives."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from said_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from said_in(inner)
    elif isinstance(value, str):
        yield value


def test_every_key_and_every_word_of_a_program_file_stands_in_an_example() -> None:
    texts = [
        *(each.text for each in examples()),
        *((FOLDER / f"{base}.toml").read_text("utf-8") for base in FIRST),
    ]
    said = {name for text in texts for name in said_in(tomllib.loads(text))}
    for form in FORMS.values():
        for key in (*form.keys, *(key for case in form.cases for key in case.keys)):
            assert key.name in said, f"{form.header}: {key.name}"
            if isinstance(key.kind, OneOf):
                assert set(key.kind.words) <= said, f"{form.header}: {key.name}: {key.kind.words}"
