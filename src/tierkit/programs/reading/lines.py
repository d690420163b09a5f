"""On which line of a program file each key and each table stands, by the path that a problem gives it.

A parser of TOML tells what a document says, not where. Here a document that such a parser has taken already
is walked once more for its lines alone, sign by sign, with no more memory than it has keys.
"""

from __future__ import annotations

import json
import re
import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tierkit.programs.reading.table import entry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_OF_PATH: Final = 400
"""How many characters a path may have: what lies deeper is found by the table that holds it."""

_BLANKS = re.compile(r"(?:[ \t\r\n]|#[^\n]*+)*+")
_TEXT = r""""(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'"""
_PART = re.compile(rf"{_TEXT}|[A-Za-z0-9_-]*+")
_SCALAR = re.compile(
    r'"""(?:[^"\\]|\\[\s\S]|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*+'{3,5}"
    rf"|{_TEXT}|[^,\]}}#\n]*+"
)


def lines_of(text: str) -> Mapping[str, int]:
    """Give the line of each key and each table of a TOML document, by its path.

    Args:
        text: a document that has been read as TOML.
    """
    scanner = _Scanner(text, lambda said: tomllib.loads(f"x = {said}", parse_float=Decimal)["x"])
    scanner.document()
    return _by_path(scanner)


def lines_of_json(text: str) -> Mapping[str, int]:
    """Give the line of each key and each object of a JSON document, by its path.

    Args:
        text: a document that has been read as JSON.
    """
    return _by_path(_scanned_json(text))


def twice_in_json(text: str) -> list[tuple[int, str]]:
    """Give the keys that an object of a JSON document has already, each with its line.

    Args:
        text: a document that has been read as JSON.
    """
    return _scanned_json(text).twice


def nulls_in_json(text: str) -> list[int]:
    """Give the lines of a JSON document on which a null stands.

    Args:
        text: a document that has been read as JSON.
    """
    return _scanned_json(text).nulls


def _scanned_json(text: str) -> _Scanner:
    scanner = _Scanner(text, lambda said: json.loads(said, parse_float=Decimal, parse_constant=Decimal))
    scanner.value(scanner.root)
    return scanner


def line_at(lines: Mapping[str, int], path: str) -> int | None:
    """Give the line of a path, or of the nearest table around it that the document has; None without one.

    Args:
        lines: what `lines_of` gave.
        path: the path of a key or a table, which may be missing in the document.
    """
    path = path[:MOST_OF_PATH]
    while path:
        if path in lines:
            return lines[path]
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return None


class _Node:
    """A key or a table: its line, and what it holds: keys, rows of an array, or a value as it is written."""

    __slots__ = ("keys", "line", "rows", "said")

    def __init__(self, line: int) -> None:
        self.line = line
        self.keys: dict[str, _Node] = {}
        self.rows: list[_Node] | None = None
        self.said = ""

    def at(self, keys: list[str], line: int) -> _Node:
        """Give what stands under a dotted key, in the last table of each array on the way."""
        node = self
        for key in keys:
            node = node.keys.setdefault(key, _Node(line))
            if node.rows:
                node = node.rows[-1]
        return node

    def row(self, line: int) -> _Node:
        """Add a table to an array."""
        self.rows = self.rows or []
        self.rows.append(_Node(line))
        return self.rows[-1]


class _Scanner:
    """Walks a sound document from its first sign to its last."""

    def __init__(self, text: str, value_of: Callable[[str], Any]) -> None:
        self.text = text
        self.value_of = value_of
        self.root = _Node(1)
        self.twice: list[tuple[int, str]] = []
        self.nulls: list[int] = []
        self._place = 0
        self._counted = 0
        self._line = 1

    def document(self) -> None:
        """Walk through the headers and the keys of a TOML document."""
        table = self.root
        while sign := self._sign():
            line = self._line_here()
            if self.text.startswith("[[", self._place):
                self._place += 2
                *outer, key = self._key()
                array = self.root.at(outer, line).keys.setdefault(key, _Node(line))
                table = array.row(line)
                self._place += 1
            elif sign == "[":
                self._place += 1
                table = self.root.at(self._key(), line)
            else:
                self.value(table.at(self._key(), line))

    def value(self, node: _Node) -> None:
        """Walk through the value of a key, and all that its brackets hold."""
        inside: list[_Node] = []
        while True:
            sign = self._sign()
            if inside and sign in ",]}":
                self._place += 1
                if sign != ",":
                    inside.pop()
            else:
                if inside:
                    node = self._item(inside[-1], sign)
                    sign = self._sign()
                if sign in "[{":
                    node.rows = [] if sign == "[" else None
                    self._place += 1
                    inside.append(node)
                else:
                    node.said = self._pass(_SCALAR).rstrip()
                    if node.said == "null":
                        self.nulls.append(self._line_here())
            if not inside:
                return

    def _item(self, holder: _Node, sign: str) -> _Node:
        """Give what the next value stands for: a key of a table, or a table of an array."""
        line = self._line_here()
        if holder.rows is None:
            keys = self._key()
            if len(keys) == 1 and keys[0] in holder.keys:
                self.twice.append((line, keys[0]))
            return holder.at(keys, line)
        return holder.row(line) if sign in "[{" else _Node(line)

    def _sign(self) -> str:
        """Pass over blanks and comments, and give the next sign; nothing at the end."""
        self._pass(_BLANKS)
        return self.text[self._place : self._place + 1]

    def _key(self) -> list[str]:
        """Pass over a key with its parts, and over the sign that ends it."""
        parts: list[str] = []
        while True:
            self._sign()
            part = self._pass(_PART)
            parts.append(self.value_of(part) if part[0] in "\"'" else part)
            end = self._sign()
            self._place += 1
            if end != ".":
                return parts

    def _pass(self, pattern: re.Pattern[str]) -> str:
        """Pass over what a pattern takes, which may be nothing."""
        found = next(pattern.finditer(self.text, self._place))
        self._place = found.end()
        return found[0]

    def _line_here(self) -> int:
        self._line += self.text.count("\n", self._counted, self._place)
        self._counted = self._place
        return self._line


def _by_path(scanner: _Scanner) -> dict[str, int]:
    """Give the lines by the paths that `Table` makes: rows by their id, else by their number from 1.

    A table that stands by itself where an array of them can is found under its key, and by its id too.
    """

    def named(key: str, row: _Node, number: int | None) -> str:
        bears = row.keys.get("id")
        name = scanner.value_of(bears.said) if bears and bears.said else number
        return key if name is None else entry(key, name)

    found: dict[str, int] = {}
    waiting = [("", scanner.root)]
    while waiting:
        path, node = waiting.pop()
        found.setdefault(path, node.line)
        inner: list[tuple[str, _Node]] = []
        for key, each in node.keys.items():
            its = f"{path}.{key}" if path else key
            if (by_id := named(its, each, None)) != its:
                found.setdefault(its, each.line)
            inner.append((by_id, each))
        inner += [(named(path, row, number), row) for number, row in enumerate(node.rows or (), start=1)]
        waiting.extend(each for each in reversed(inner) if len(each[0]) <= MOST_OF_PATH)
    del found[""]
    return found
