"""Writing plain tables as TOML that people like to read: headers, one key on a line, long lists broken."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

Table = dict[str, Any]
_Path = tuple[str, ...]

_WIDTH: Final = 100
_DEEPEST_ARRAY: Final = 2
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(table: Table) -> str:
    """Write a table as a TOML document.

    Tables at the top get a header, and so do the tables in them where they hold nothing else; arrays of
    tables get headers down to the second level. What lies deeper is written in line.

    Args:
        table: texts, whole numbers, true and false, days, lists and tables of such.
    """
    return "\n".join(_lines(table, ())).strip("\n") + "\n"


def _lines(table: Table, path: _Path, *, array: bool = False) -> Iterator[str]:
    """Write the header of a table, its keys, then what has a header of its own.

    A table by itself has no header where it holds nothing but tables that have one.
    """
    tables = not path or (len(path) == 1 and _holds_tables(table))
    headed = {key: value for key, value in table.items() if _has_header(value, path, tables=tables)}
    name = ".".join(map(_key, path))
    if array:
        yield f"\n[[{name}]]"
    elif path and (not table or len(headed) < len(table)):
        yield f"\n[{name}]"
    for key, value in table.items():
        if key not in headed:
            yield _pair(key, value)
    for key, value in headed.items():
        for row in cast("list[Table]", value) if isinstance(value, list) else [value]:
            yield from _lines(row, (*path, key), array=isinstance(value, list))


def _holds_tables(table: Table) -> bool:
    return all(isinstance(value, dict) for value in table.values())


def _has_header(value: object, path: _Path, *, tables: bool) -> bool:
    if isinstance(value, dict):
        return tables
    return len(path) < _DEEPEST_ARRAY and isinstance(value, list) and _are_tables(cast("list[object]", value))


def _are_tables(items: list[object]) -> bool:
    return bool(items) and all(isinstance(item, dict) for item in items)


def _pair(key: str, value: object) -> str:
    line = f"{_key(key)} = {value_text(value)}"
    if len(line) > _WIDTH and isinstance(value, list):
        items = (f"    {value_text(each)}," for each in cast("list[object]", value))
        return "\n".join((f"{_key(key)} = [", *items, "]"))
    return line


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def value_text(value: object) -> str:
    """Write one value in line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return f"[{', '.join(map(value_text, cast('list[object]', value)))}]"
    if isinstance(value, dict):
        pairs = (f"{_key(key)} = {value_text(each)}" for key, each in cast("Table", value).items())
        return f"{{ {', '.join(pairs)} }}"
    return str(value)  # a whole number or a day
