"""The forms of a program file and the JSON Schema made of them, held to what the loader asks for."""

from __future__ import annotations

import json
import re
import tomllib
from contextlib import contextmanager
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from strategies_programs import programs

import tierkit as tk
from tierkit.programs.forms.file import FORMS, PROGRAM
from tierkit.programs.forms.kinds import Either, Form, Inside, ListOf, Named, Needed, OneOf, Whole
from tierkit.programs.reading.keys import TOP, as_table
from tierkit.programs.reading.table import Table
from tierkit.programs.toml_text import toml_text
from tierkit.programs.writing.whole import program_form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jsonschema import ValidationError

    from tierkit.programs.forms.kinds import Kind

ROOT = Path(__file__).parents[1]
EVERY_KEY = Path(__file__).with_name("every_key.toml")
SCHEMA = tk.program_schema()
VALIDATOR = Draft202012Validator(SCHEMA)

OF_A_YEAR = """
format  = 1
id      = "year"
name    = "Year"
tracks  = ["miles"]
tier    = { id = "silver", rank = 1, requires = { measure = "miles", at-least = 100 } }

[earn]
id     = "flight"
select = { fact = "event" }
track  = "miles"
rate   = { points = 1 }
live   = { while = "year" }

[movement]
id        = "year"
kind      = "fall"
on        = ["year-end"]
judged    = { take = "same-day" }
effective = "same-day"
to        = "next-lower"
posts     = { deduct = "miles", carry = "miles", at-most = 50 }
"""
LAID_OVER = """
format  = 1
extends = "every_key.toml"

[[tier]]
id   = "iron"
keeps = { reading = "score", at-least = "unknown", from = 2029-01-01 }
"""


def plain(value: Any) -> Any:
    """Give what an editor makes of TOML to hold it against a schema: days are text there."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def faults(raw: dict[str, Any]) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(plain(raw))]


def read(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def load(text: str) -> tk.Program:
    with TemporaryDirectory() as folder:
        file = Path(folder, "program.toml")
        file.write_text(text, encoding="utf-8")
        Path(folder, EVERY_KEY.name).write_text(EVERY_KEY.read_text(encoding="utf-8"), encoding="utf-8")
        return tk.load_program(file)


# ---------------------------------------------------------------------- the schema


def test_the_schema_in_the_docs_is_current() -> None:
    """JSON Schema of the file, generated from the types and kept current by a test."""
    file = ROOT / "docs" / "reference" / "program.schema.json"
    assert json.loads(file.read_text(encoding="utf-8")) == SCHEMA, "run python scripts/make_program_schema.py"


def test_the_schema_is_one_and_leads_nowhere_else() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    refers = set(re.findall(r'"\$ref": "#/\$defs/([^"]*)"', json.dumps(SCHEMA)))
    assert refers == SCHEMA["$defs"].keys()


def documents() -> Iterator[tuple[str, str]]:
    """Give every program file that is shipped or shown: each file, and each block of a page."""
    for folder in ("src/tierkit/programs", "docs", "examples"):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix == ".toml":
                yield str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")
            elif file.suffix == ".md":
                blocks = re.findall(
                    r"^```toml[^\n]*\n(.*?)^```", file.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
                )
                for number, block in enumerate(blocks, start=1):
                    yield f"{file.relative_to(ROOT)}:{number}", block


FILES = {
    name: text
    for name, text in documents()
    if re.search(r"^format *= 1$", text, re.MULTILINE)
    and re.search(r"^(tracks|extends) *=", text, re.MULTILINE)
}


@pytest.mark.parametrize("name", FILES)
def test_every_program_that_is_shipped_or_shown_keeps_to_the_schema(name: str) -> None:
    assert not faults(read(FILES[name]))


@given(programs())
def test_every_program_keeps_to_the_schema(program: tk.Program) -> None:
    assert not faults(program_form(program))


# ---------------------------------------------------------------------- what an editor shows


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield (*path, key)
        yield from places(each, (*path, key))


def leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Give what is wrong in the end: of alternatives that all fail, what each of them asks."""
    if not error.context:
        yield error
    for each in error.context or ():
        yield from leaves(each)


def shown(raw: dict[str, Any]) -> list[tuple[tuple[Any, ...], str]]:
    """Give the errors of a document, each with its path and its message."""
    found = [leaf for error in VALIDATOR.iter_errors(plain(raw)) for leaf in leaves(error)]
    return [(tuple(leaf.absolute_path), leaf.message) for leaf in found]


SAYS_ALL = [read(text) for text in (EVERY_KEY.read_text(encoding="utf-8"), OF_A_YEAR)]
PLACES = [(which, path) for which, raw in enumerate(SAYS_ALL) for path in places(raw)]
MOST_ERRORS = 3


def edited(which: int, path: tuple[Any, ...]) -> tuple[dict[str, Any], Any]:
    """Give a document to be changed, and what holds the value at a path."""
    raw = deepcopy(SAYS_ALL[which])
    holder: Any = raw
    for key in path[:-1]:
        holder = holder[key]
    return raw, holder


def is_a_key_of_the_format(path: tuple[Any, ...]) -> bool:
    """Say whether a key is none that the file chose: a name, an attribute, a currency."""
    *above, key = path
    chosen = ("units", "readings", "measures", "sources", "select", "except", "when", "amounts")
    return isinstance(key, str) and not (above and above[-1] in chosen)


@given(st.sampled_from([(which, path) for which, path in PLACES if is_a_key_of_the_format(path)]))
def test_a_misspelt_key_is_named_where_it_stands(place: tuple[int, tuple[Any, ...]]) -> None:
    """'editors complete and check as one types': no list of all that it might have been"""
    which, path = place
    raw, holder = edited(which, path)
    *above, key = path
    holder[f"{key}x"] = holder.pop(key)
    errors = shown(raw)
    assert 1 <= len(errors) <= MOST_ERRORS
    assert any(at == tuple(above) and f"'{key}x' was unexpected" in said for at, said in errors), errors


@given(st.sampled_from(PLACES), st.sampled_from(["no word", 0.5, True, [[]]]))
def test_a_wrong_value_is_named_where_it_stands(place: tuple[int, tuple[Any, ...]], wrong: Any) -> None:
    """'editors complete and check as one types': no list of all that it might have been"""
    which, path = place
    raw, holder = edited(which, path)
    holder[path[-1]] = wrong
    errors = shown(raw)
    assert len(errors) <= MOST_ERRORS
    assert not errors or any(at[: len(path)] == path for at, _ in errors), errors


def test_a_key_of_another_case_is_named_too() -> None:
    for which, path, key in (
        (0, ("measures", "total"), "max"),
        (0, ("measures", "total"), "full"),
        (0, ("tier", 0, "requires", 1), "measure"),
        (0, ("tier", 0, "keeps", 0), "is"),
        (0, ("earn", 0, "multiply", 1), "group"),
    ):
        raw, holder = edited(which, (*path, key))
        holder[key] = "sales"
        errors = shown(raw)
        assert 1 <= len(errors) <= MOST_ERRORS
        assert any(at == path and f"'{key}'" in said for at, said in errors), errors


# ---------------------------------------------------------------------- the loader


class Asked:
    """What the loader asked of the tables of the files that it read."""

    def __init__(self) -> None:
        self.calls: list[tuple[Table, str, str, dict[str, Any]]] = []
        self.closed: list[Table] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        close = Table.close

        def closing(table: Table) -> None:
            self.closed.append(table)
            close(table)

        with patch.object(Table, "close", closing):
            yield

    @contextmanager
    def calling(self, name: str) -> Iterator[None]:
        getter: Callable[..., Any] = getattr(Table, name)

        def getting(table: Table, key: str, *given: Any, **said: Any) -> Any:
            self.calls.append((table, key, name, {"given": given, **said}))
            return getter(table, key, *given, **said)

        with patch.object(Table, name, getting):
            yield


def names_of(form: Form) -> set[str]:
    return {key.name for key in (*form.keys, *(key for case in form.cases for key in case.keys))}


def inner(kind: Kind) -> Iterator[str]:
    """Give the forms of the tables that may stand under a key."""
    if isinstance(kind, Inside):
        yield kind.form
    elif isinstance(kind, ListOf | Named):
        yield from inner(kind.kind)
    elif isinstance(kind, Either):
        for each in kind.kinds:
            yield from inner(each)


def tables(raw: dict[str, Any], form: Form = PROGRAM) -> Iterator[tuple[dict[str, Any], Form]]:
    """Give each table of a document with its form."""
    yield raw, form
    for key in {
        key.name: key for key in (*form.keys, *(key for case in form.cases for key in case.keys))
    }.values():
        for name in set(inner(key.kind)):
            value = raw.get(key.name, [])
            found = value if isinstance(value, list) else [value]
            if isinstance(key.kind, Named):
                found = list(value.values()) if value else []
            for each in found:
                if isinstance(each, dict):
                    yield from tables(each, FORMS[name])


def asked_of_every_key() -> tuple[Asked, dict[int, Form]]:
    """Load files that say every key, and give what was asked, and the form of each table that was read."""
    asked = Asked()
    with asked.watching(), asked.calling("whole"), asked.calling("one_of"):
        for text in (EVERY_KEY.read_text(encoding="utf-8"), OF_A_YEAR, LAID_OVER):
            load(text)
    roots = [table.raw for table in asked.closed if not table.path]
    return asked, {id(raw): form for root in roots for raw, form in tables(dict(root)) if raw is not root} | {
        id(root): PROGRAM for root in roots
    }


def test_a_file_says_every_key() -> None:
    said: dict[str, set[str]] = {name: set() for name in FORMS}
    for text in (EVERY_KEY.read_text(encoding="utf-8"), OF_A_YEAR, LAID_OVER):
        for raw, form in tables(read(text)):
            said[form.name] |= raw.keys()
    for name, form in FORMS.items():
        assert names_of(form) <= said[name], name
        assert form.others is not None or said[name] <= names_of(form), name


def test_the_forms_have_the_keys_that_the_loader_asks_for() -> None:
    """Generated from the types and kept current by a test."""
    asked, forms = asked_of_every_key()
    found: dict[str, set[str]] = {}
    for table in asked.closed:
        if id(table.raw) in forms:
            form = forms[id(table.raw)]
            found.setdefault(form.name, set()).update(table._asked | table._known)
    open_ones = {name for name, form in FORMS.items() if form.others is not None}
    assert found == {name: names_of(form) for name, form in FORMS.items() if name not in open_ones}


def kinds(kind: Kind, wanted: type) -> Iterator[Any]:
    if isinstance(kind, wanted):
        yield kind
    elif isinstance(kind, Either):
        for each in kind.kinds:
            yield from kinds(each, wanted)


def test_the_forms_have_the_bounds_and_the_words_that_the_loader_has() -> None:
    asked, forms = asked_of_every_key()
    words: dict[tuple[str, str], set[str]] = {}
    for table, key, getter, said in asked.calls:
        form = forms.get(id(table.raw))
        if form is None or (form is PROGRAM and key == "format") or key == "source":
            continue
        mine = [
            each.kind for each in (*form.keys, *(k for c in form.cases for k in c.keys)) if each.name == key
        ]
        if getter == "whole":
            bounds = Whole(said.get("least", 0), said.get("most", 10_000))
            expected = [each for kind in mine for each in kinds(kind, Whole)]
            if not (key == "at-least" and "of" in table.raw):  # as many as there are parts
                assert bounds in expected, (form.name, key)
        else:
            words.setdefault((form.name, key), set()).update(map(str, said["given"][0]))
    for (name, key), known in words.items():
        own = [
            each.kind
            for each in (*FORMS[name].keys, *(k for c in FORMS[name].cases for k in c.keys))
            if each.name == key
        ]
        listed = {word for kind in own for one in kinds(kind, OneOf) for word in one.words}
        assert known == listed, (name, key)


def test_the_keys_that_hints_name_are_those_of_the_forms() -> None:
    """'the hint must be valid TOML: rate = { points = 1 } (take the key from the form)'"""
    holding = {key.name for key in PROGRAM.keys if next(inner(key.kind), "")}
    assert set(TOP) == {key.name for key in PROGRAM.keys} - holding
    of_key = {
        (key.name, name)
        for form in FORMS.values()
        for key in (*form.keys, *(key for case in form.cases for key in case.keys))
        for name in inner(key.kind)
    }
    for key in ("rate", "at-least", "at-most", "multiply", "round", "share", "live", "clawback", "named",
                "members", "judged", "select", "unless-held-under"):  # fmt: skip
        (form,) = (FORMS[name] for each, name in of_key if each == key)
        for value in (5, Decimal("0.5"), Decimal("inf"), True, "x", ["x"], [], [1], 10**50):
            hint = as_table(key, value, key, array=True)
            (said,) = tomllib.loads(hint.removeprefix("write ")).values()
            assert said.keys() <= names_of(form)
            needed = {each.name for each in form.keys if each.needed is Needed.YES}
            assert needed <= said.keys()
    for key in ("requires", "keeps", "not", "only-if", "all", "any", "of"):
        assert tomllib.loads(as_table(key, 3, key, array=True).removeprefix("write "))
    assert as_table("earn", 1, "earn", array=True) == "write [[earn]] before each"
    assert as_table("posts", 1, "movement.posts", array=False) == "write [movement.posts] above its keys"


# ---------------------------------------------------------------------- mutations

STRANGE: list[Any] = [
    "", " ", "x", "unknown", "01-32", "1/0", 0, -1, 10**6, True, [], ["x"], [1], {}, {"x": 1}, [{}],
    [{"x": 1}], date(2026, 1, 1), date(1800, 1, 1), "x" * 2000, ["DE"], "deal",
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A program file in which one thing was taken out, put in, renamed or exchanged."""
    base = draw(st.sampled_from([read(EVERY_KEY.read_text(encoding="utf-8")), read(OF_A_YEAR), None]))
    raw = program_form(draw(programs())) if base is None else deepcopy(base)
    *path, last = draw(st.sampled_from(list(places(raw))))
    holder: Any = raw
    for key in path:
        holder = holder[key]
    how = draw(st.sampled_from(["out", "in", "rename", "exchange", "exchange"]))
    if how == "exchange":
        holder[last] = draw(st.sampled_from(STRANGE))
    elif how == "in" and isinstance(holder, dict):
        holder[draw(st.sampled_from(["x", "Name", "sum", "points", "months", "of", "group", "extends"]))] = (
            draw(st.sampled_from(STRANGE))
        )
    elif how == "rename" and isinstance(holder, dict):
        holder[f"{last}s"] = holder.pop(last)
    else:
        del holder[last]
    return raw


@given(mutated())
def test_what_the_schema_refuses_the_loader_refuses_too(raw: dict[str, Any]) -> None:
    """What it refuses the loader refuses too."""
    text = toml_text(raw)
    assert read(text) == raw
    if faults(raw):
        with pytest.raises(tk.InvalidProgram):
            load(text)
