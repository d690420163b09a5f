"""A program written as a file is the program again: drawn ones, shipped ones, and those built in Python."""

from __future__ import annotations

import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_programs import programs

import tierkit as tk
from tierkit.frozen import FrozenMap, changed, fields_of
from tierkit.programs import measures as m
from tierkit.programs.dated import Dated, Period
from tierkit.programs.reading.draft import UNSOURCED
from tierkit.programs.requirements import Combination, Condition, Junction, Subject
from tierkit.programs.rules import EarningRule, FactShape, Life
from tierkit.programs.toml_text import toml_text
from tierkit.programs.writing.whole import program_form

if TYPE_CHECKING:
    from decimal import Decimal

EVERY_KEY = Path(__file__).with_name("every_key.toml")
TERMS = tk.Source("terms", "https://example.org/terms", tk.Grade.PUBLISHED)


def load(text: str, *further: str) -> tk.Program:
    """Load a program from its text; a further one is laid over it."""
    with TemporaryDirectory() as folder:
        files = [Path(folder, f"{number}.toml") for number in range(1 + len(further))]
        for file, content in zip(files, (text, *further), strict=True):
            file.write_text(content, encoding="utf-8", newline="\n")
        return tk.load_program(files[0], overlay=files[1] if further else None)


def in_order(value: Any) -> Any:
    """Give a program with the order of its maps, which no comparison looks at."""
    if isinstance(value, FrozenMap):
        return [(key, in_order(each)) for key, each in value.items()]
    return value


def parts_in_order(program: tk.Program) -> dict[str, Any]:
    gathered = ("groups", "point_values", "requires", "keeps", "names")  # whose rows stand by their days
    return {name: in_order(getattr(program, name)) for name in fields_of(tk.Program) if name not in gathered}


@given(programs())
def test_what_is_written_is_read_as_the_same_program(program: tk.Program) -> None:
    """Round trip: program → TOML → program is the identity."""
    text = program.to_toml()
    again = load(text)
    assert again == program
    assert parts_in_order(again) == parts_in_order(program)
    assert again.to_toml() == text


@pytest.mark.parametrize("name", tk.program_names())
def test_shipped_programs_are_written_and_read(name: str) -> None:
    """Round trip: program → TOML → program is the identity."""
    program = tk.load_program(name)
    again = load(program.to_toml())
    assert again == program
    assert again.to_toml() == program.to_toml()


def test_the_file_that_says_every_key_is_written_and_read() -> None:
    """Round trip: program → TOML → program is the identity."""
    program = tk.load_program(EVERY_KEY)
    assert load(program.to_toml()) == program


def test_a_program_of_several_files_is_written_as_one() -> None:
    """A program that was read from several files is written as one."""
    over = """
format  = 1
extends = "every-key"

[tier]
id    = "iron"
keeps = { measure = "care", at-least = 7 }
"""
    program = load(EVERY_KEY.read_text(encoding="utf-8"), over)
    assert {period.file for _, period in program.sourced_values()} == {"0.toml", "1.toml"}
    alone = load(program.to_toml())
    assert alone == program
    assert {period.file for _, period in alone.sourced_values()} == {""}


# ---------------------------------------------------------------------- built in Python


def always(value: Any, source: tk.Source = TERMS, note: str = "") -> Dated[Any]:
    return Dated((Period(value, None, None, source, source.grade, note),))


def bar(quantity: str, number: int, source: tk.Source = TERMS) -> Condition:
    return Condition(Subject.MEASURE, quantity, tk.Sense.AT_LEAST, Fraction(number), source, source.grade)


def built(**fields: Any) -> tk.Program:
    """Build a small program by its types."""
    rule = EarningRule(
        id="sale",
        name="sale",
        fact=FactShape.DEAL,
        track="sales",
        amount="mrr",
        rate=always(Fraction(5)),
        live=always(Life(months=12)),
    )
    program = tk.Program(
        id="small",
        name="Small program",
        note="",
        tracks=("sales",),
        in_force=always(value=True, source=UNSOURCED),
        sources=FrozenMap({"terms": TERMS}),
        measures=FrozenMap(),
        readings=FrozenMap(),
        attributes=(),
        groups=FrozenMap(),
        point_values=FrozenMap({"EUR": always(Fraction(8850)), "USD": always(Fraction(10_000))}),
        rules=(rule,),
        tiers=(tk.Tier(ladder="small", id="gold", name="Gold", rank=1),),
        requires=FrozenMap({"gold": always(Combination(Junction.ALL, (bar("sales", 100),)))}),
        movements=(),
        choices=(),
    )
    return changed(program, **fields)


SMALL = """\
format = 1
id = "small"
name = "Small program"
tracks = ["sales"]

[sources.terms]
url = "https://example.org/terms"
grade = "published"

[[point-value]]
amounts = { EUR = "88.5", USD = 100 }
source = "terms"

[[earn]]
id = "sale"
select = { fact = "deal" }
track = "sales"
amount = "mrr"

[[earn.rate]]
points = 5
source = "terms"

[[earn.live]]
months = 12
source = "terms"

[[tier]]
id = "gold"
name = "Gold"
rank = 1

[[tier.requires]]
all = [{ measure = "sales", at-least = 100 }]
source = "terms"
"""


def test_a_program_built_in_python_is_written_like_the_one_that_was_read() -> None:
    """A program built in Python (the types are public) serialises to the same file."""
    assert built().to_toml() == SMALL
    assert load(SMALL) == built()


def test_another_source_of_the_same_id_gets_a_name_of_its_own() -> None:
    other = changed(TERMS, version="2027")
    third = changed(TERMS, version="2028")
    conditions = bar("sales", 1), bar("sales", 2, other), bar("sales", 3, third), bar("sales", 4, other)
    program = built(requires=FrozenMap({"gold": always(Combination(Junction.ALL, conditions))}))
    again = load(program.to_toml())
    assert {name: source.version for name, source in again.sources.items()} == {
        "terms": "",
        "terms-2": "2027",
        "terms-3": "2028",
    }
    assert [each.source.id for each in again.requires["gold"].periods[0].value.conditions()] == [
        "terms",
        "terms-2",
        "terms-3",
        "terms-2",
    ]


def test_what_has_no_source_stands_beside_what_has_one() -> None:
    """Values without a source leave it out."""
    mixed = Combination(Junction.ANY, (bar("sales", 1), bar("sales", 2, UNSOURCED)))
    program = built(
        measures=FrozenMap({"some": m.Measure("some", "some", m.OnlyIf("sales", mixed))}),
        rules=(changed(built().rules[0], rate=always(Fraction(1, 3), UNSOURCED, "so")),),
    )
    assert "unsourced" not in program.to_toml()
    assert load(program.to_toml()) == program


@given(
    st.lists(
        st.one_of(
            st.integers(-(10**30), 10**30),
            st.fractions(),
            st.decimals(allow_nan=False, allow_infinity=False, places=3),
        ),
        min_size=1,
        max_size=3,
        unique=True,
    )
)
def test_numbers_are_written_exactly(numbers: list[int | Fraction | Decimal]) -> None:
    """Numbers are exact: "62.50", "1/3", or a whole number."""
    exact = tuple(Fraction(number) for number in numbers)
    program = built(measures=FrozenMap({"some": m.Measure("some", "some", m.Highest(exact))}))
    assert load(program.to_toml()) == program


def test_what_has_odd_names_is_quoted() -> None:
    odd = 'a.b "c" [d] é\\'
    program = built(
        name=odd,
        note="x" * 90,
        sources=FrozenMap({odd: changed(TERMS, id=odd), "terms": TERMS}),
        tracks=("sales", odd),
        measures=FrozenMap({odd + "!": m.Measure(odd + "!", "some", m.Sum(("sales", odd)))}),
    )
    assert load(program.to_toml()) == program


def test_long_lists_are_broken_into_lines() -> None:
    conditions = tuple(bar("sales", number) for number in range(10))
    text = built(requires=FrozenMap({"gold": always(Combination(Junction.ANY, conditions))})).to_toml()
    assert max(map(len, text.splitlines())) < 100
    assert '\n    { measure = "sales", at-least = 9 },\n]\n' in text


# ---------------------------------------------------------------------- tables as TOML

VALUES = st.recursive(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"])),
        st.integers(),
        st.booleans(),
        st.dates(date(1, 1, 1)),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text("ab.\" '#", max_size=3), inner, max_size=3)
    ),
    max_leaves=15,
)


@given(st.dictionaries(st.text('abc." ', max_size=3), VALUES, max_size=4))
def test_tables_are_written_as_toml(table: dict[str, Any]) -> None:
    """What a reader of TOML would give."""
    assert tomllib.loads(toml_text(table)) == table


@given(programs())
def test_the_plain_tables_are_those_of_the_file(program: tk.Program) -> None:
    """The tables and values of the file that says a program."""
    assert tomllib.loads(program.to_toml()) == program_form(program)
