"""Lines of keys: documents of random shape and style, against a walk through what they say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierkit.errors import InvalidProgram, shown
from tierkit.programs.reading.lines import MOST_OF_PATH, line_at, lines_of, lines_of_json
from tierkit.toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator

BARE = st.text("abcdefgh-_0123456789", min_size=1, max_size=6)
ODD = st.sampled_from(["a.b", "[x]", "# no", 'q"q', "o'o", "é", "\\", "🜨", "a]]b", "{", "tab\t"])
TEXTS = st.sampled_from(
    [
        "",
        "plain",
        "# no comment",
        "[[earn]]",
        "a = 1",
        'say "so"',
        "it's",
        "back\\slash",
        "two\nlines",
        "}],{",
    ]
)
SCALARS = st.one_of(TEXTS, st.integers(-5, 10**6), st.booleans())


def tables(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.one_of(BARE, BARE, ODD, st.just("id")), values, max_size=4)


def of_values(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    rows = st.lists(tables(values), min_size=1, max_size=3)
    return st.one_of(tables(values), rows, st.lists(SCALARS, max_size=3))


DOCUMENTS = tables(st.recursive(SCALARS, of_values, max_leaves=12))


class Writer:
    """Writes a document in a style that is drawn sign by sign, and keeps the line of every path."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.text = ""
        self.lines: dict[str, int] = {}
        self.end = draw(st.sampled_from(["\n", "\r\n"]))

    def put(self, text: str) -> None:
        self.text += text

    def mark(self, path: str) -> None:
        self.lines.setdefault(path, self.text.count("\n") + 1)

    def blank(self, *, lines: bool = False) -> None:
        signs = ["", " ", "\t"]
        if lines:
            signs += [self.end, f" # ]]}} = 'x {self.end}  "]
        self.put(self.draw(st.sampled_from(signs)))

    def string(self, text: str) -> None:
        styles = [
            json.dumps(text, ensure_ascii=self.draw(st.booleans()) and not any(c > "\uffff" for c in text))
        ]
        if "'" not in text and text.isprintable():
            styles += [f"'{text}'", f"'''{self.end}{text}'''"]
        if "\\" not in text and '"' not in text and "\t" not in text:
            styles.append(f'"""{self.end}{text}"""')
        self.put(self.draw(st.sampled_from(styles)))

    def key(self, key: str) -> None:
        bare = bool(key) and all(sign.isascii() and (sign.isalnum() or sign in "-_") for sign in key)
        quoted = [
            json.dumps(key, ensure_ascii=False),
            *([f"'{key}'"] if "'" not in key and key.isprintable() else []),
        ]
        self.put(self.draw(st.sampled_from([key] * 3 + quoted if bare else quoted)))

    def value(self, value: Any, path: str) -> None:
        if isinstance(value, dict):
            self.put("{")
            for number, (key, inner) in enumerate(value.items()):
                self.put(", " if number else " ")
                self.pair(key, inner, path)
            self.put(" }")
        elif isinstance(value, list):
            self.put("[")
            for number, inner in enumerate(value, start=1):
                self.blank(lines=True)
                if isinstance(inner, dict):
                    self.mark(row := row_path(path, inner, number))
                    self.value(inner, row)
                else:
                    self.value(inner, "")
                self.blank(lines=True)
                self.put("," if number < len(value) or self.draw(st.booleans()) else "")
            self.blank(lines=True)
            self.put("]")
        elif isinstance(value, str):
            self.string(value)
        else:
            self.put(json.dumps(value))

    def pair(self, key: str, value: Any, path: str) -> None:
        self.mark(path := field(path, key))
        self.mark(path := row_path(path, value, None))
        self.key(key)
        while isinstance(value, dict) and len(value) == 1 and self.draw(st.booleans()):
            ((key, value),) = value.items()
            self.blank()
            self.put(".")
            self.blank()
            self.mark(path := field(path, key))
            self.mark(path := row_path(path, value, None))
            self.key(key)
        self.blank()
        self.put("=")
        self.blank()
        self.value(value, path)

    def table(self, table: dict[str, Any], path: str, header: list[str]) -> None:
        """Write the keys of a table, then those of its tables that get a header of their own."""
        later: list[tuple[str, Any]] = []
        for key, value in table.items():
            headed = isinstance(value, dict) or (
                isinstance(value, list) and value and all(isinstance(row, dict) for row in value)
            )
            if headed and self.draw(st.booleans()):
                later.append((key, value))
                continue
            self.blank(lines=True)
            self.pair(key, value, path)
            self.rest_of_line()
        for key, value in later:
            inner = field(path, key)
            rows = value if isinstance(value, list) else [value]
            for number, row in enumerate(rows, start=1):
                self.blank(lines=True)
                self.mark(inner)
                self.mark(its := row_path(inner, row, number if isinstance(value, list) else None))
                marks = ("[[", "]]") if isinstance(value, list) else ("[", "]")
                self.put(marks[0])
                for place, part in enumerate((*header, key)):
                    self.put("." if place else "")
                    self.key(part)
                self.put(marks[1])
                self.rest_of_line()
                self.table(row, its, [*header, key])

    def rest_of_line(self) -> None:
        self.put(self.draw(st.sampled_from(["", " # [x] = 1"])) + self.end)


def field(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def row_path(path: str, row: Any, number: int | None) -> str:
    """Give the path of a row by its id, else by its number; a table by itself may have neither."""
    name = row.get("id", number) if isinstance(row, dict) else None
    return path if name is None else f"{path}[{shown(name, 40).strip(chr(39))}]"


def paths(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Give the paths that reading makes of what a document says, each with its key; a row has none."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (its := field(path, key)), key
            yield (by_id := row_path(its, inner, None)), key
            yield from paths(inner, by_id)
    elif isinstance(value, list):
        for number, row in enumerate(value, start=1):
            if isinstance(row, dict):
                yield (its := row_path(path, row, number)), ""
                yield from paths(row, its)


def scalar_ids(value: Any) -> bool:
    """Say whether every id is a text or a number: one that is a table is no id, and is told to be none."""
    inner = [*value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    own = not isinstance(value, dict) or not isinstance(value.get("id"), dict | list)
    return own and all(scalar_ids(each) for each in inner)


@st.composite
def written(draw: st.DrawFn) -> tuple[dict[str, Any], str, dict[str, int]]:
    document = draw(DOCUMENTS.filter(scalar_ids))
    writer = Writer(draw)
    writer.blank(lines=True)
    writer.table(document, "", [])
    return document, writer.text, writer.lines


@given(written())
def test_each_key_is_found_on_the_line_where_it_stands(
    said: tuple[dict[str, Any], str, dict[str, int]],
) -> None:
    """Every problem at once with line, path, what was found, what was expected."""
    document, text, expected = said
    assert read_toml(text, where="x.toml", error=InvalidProgram) == document
    found = lines_of(text)
    assert found == expected
    assert set(found) == {path for path, _ in paths(document)}


@given(DOCUMENTS.filter(scalar_ids), st.sampled_from([None, 0, 2]))
def test_the_keys_of_json_are_found_too(document: dict[str, Any], indent: int | None) -> None:
    text = json.dumps(document, indent=indent)
    found, written = lines_of_json(text), text.splitlines()
    keys: dict[str, set[str]] = {}
    for path, key in paths(document):
        keys.setdefault(path, set()).add(json.dumps(key)[1:-1])
    assert set(found) == set(keys)
    assert all(any(key in written[line - 1] for key in keys[path]) for path, line in found.items())


def test_what_is_not_there_has_the_line_of_the_table_around_it() -> None:
    lines = lines_of('format = 1\n[[earn]]\nid = "a.b"\nrate = { points = 1 }\n[[earn.live]]\nmonths = 1\n')
    assert line_at(lines, "earn[a.b].track") == 2
    assert line_at(lines, "earn[a.b].rate.until") == 4
    assert line_at(lines, "earn[a.b].live[2]") == 5
    assert line_at(lines, "tracks") is None
    assert line_at(lines, "x" * 10**6) is None


ENDLESS = [
    "x = " + "[" * 200 + "]" * 200,
    "[" + "a" * 100_000 + "]\n" + "".join(f"k{number} = 1\n" for number in range(30_000)),
    "x = [" + "{ a = 1 }, " * 20_000 + "]",
    'x = "' + '\\"' * 200_000 + '"',
    "[[a.b.c.d.e.f.g.h.i.j.k.l.m]]\n" * 5_000,
]


@pytest.mark.parametrize("text", ENDLESS, ids=range(len(ENDLESS)))
def test_lines_cost_no_more_than_the_document_is_worth(text: str) -> None:
    read_toml(text, where="x.toml", error=InvalidProgram)
    found = lines_of(text)
    assert all(len(path) <= MOST_OF_PATH for path in found)
    assert len(found) <= len(text) // 2
