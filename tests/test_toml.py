"""The guarded reader of TOML: harmless documents are read, costly ones refused before they cost anything."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierkit.errors import InvalidBook
from tierkit.toml import MOST_BYTES, MOST_PARTS, read_toml

LONG = ".".join(["a"] * 50)


def read(text: str) -> dict[str, object]:
    return read_toml(text, where="x.toml", error=InvalidBook)


def test_numbers_are_read_exactly() -> None:
    assert read("a = 0.1\nb = 5\nc.d = 1e3") == {"a": Decimal("0.1"), "b": 5, "c": {"d": Decimal(1000)}}


HARMLESS = [
    f"a = '{LONG}'",
    f'a = "{LONG}"',
    f'a = "\\"{LONG}"',
    f'"{LONG}" = 1',
    f"'{LONG}'.b = 1",
    f"# {LONG} = 1\na = 1 # {LONG}",
    f'a = """\n{LONG} = 1\n"" {LONG} \\""" """',
    f'a = """{LONG}"""""',
    f"a = '''\n{LONG} = 1\n'' {LONG}''''",
    f"a = [{'1.5, ' * 100}]",
    "[" + ".".join(["a"] * MOST_PARTS) + "]\nb = 1",
    'a = """""" # "\nb = 1',
]


@pytest.mark.parametrize("text", HARMLESS)
def test_points_within_strings_and_comments_are_no_keys(text: str) -> None:
    assert read(text) == tomllib.loads(text, parse_float=Decimal)


COSTLY = [
    (".".join(["a"] * 100_000) + "=1", "keys of at most 20 dotted parts"),
    ("[" + " . ".join(["a"] * 100_000) + "]", "keys of at most 20 dotted parts"),
    (".".join(['"a b"', "'c'"] * 50_000) + "=1", "keys of at most 20 dotted parts"),
    ("x = {" + LONG + " = 1}", "keys of at most 20 dotted parts"),
    ('x = "a" # "\n' + LONG + " = 1", "keys of at most 20 dotted parts"),
    ('x = {a = """b"""", ' + LONG + " = 1}", "keys of at most 20 dotted parts"),
    ("x = {a = '''b'''', " + LONG + " = 1}", "keys of at most 20 dotted parts"),
    ("x = '\"'\n" + LONG + " = 1", "keys of at most 20 dotted parts"),
    ("x = " + "[" * 100_000, "x.toml: found"),
    ("x = " + "{a=" * 100_000, "x.toml: found"),
    ('x = "' + '\\"' * 100_000, "a TOML document"),
    ('"' * 900_000, "a TOML document"),
    ("'" * 900_000, "a TOML document"),
    (
        "\nx = " + "9" * 5_000,
        "x.toml, line 2: found a number of thousands of digits; expected a TOML document",
    ),
    ("\nx = 1e99_999999999999999999", "x.toml, line 2: found a number of thousands of digits; expected"),
    ("\nx = ", "x.toml, line 2: found Invalid value; expected a TOML document"),
    (
        "\nx = 1 2\n\n",
        "x.toml, line 2: found Expected newline or end of document after a statement; expected",
    ),
    ("#" * (MOST_BYTES + 1), "at most 1,000,000 characters"),
]


@pytest.mark.parametrize(("text", "said"), COSTLY, ids=range(len(COSTLY)))
def test_what_would_cost_much_is_refused_at_once(text: str, said: str) -> None:
    with pytest.raises(InvalidBook) as raised:
        read(text)
    (problem,) = raised.value.problems
    assert problem.where.startswith("x.toml")
    assert said in str(problem)
    assert len(str(problem)) < 400


@given(st.text("ab.\"'#=[]{}\n\\ 1,", max_size=40))
def test_every_text_is_read_as_the_standard_library_reads_it(text: str) -> None:
    try:
        expected = tomllib.loads(text, parse_float=Decimal)
    except ValueError:
        with pytest.raises(InvalidBook):
            read(text)
    else:
        assert read(text) == expected
