"""A table, and how a terminal shows it: in every script, and so that no name leaves its column."""

from __future__ import annotations

from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Final, final
from unicodedata import bidirectional, category, east_asian_width

from tierkit.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

INDENT: Final = "\N{NO-BREAK SPACE}" * 3
"""What sets a row below another one to which it belongs."""

_LINE: Final = 100
_MOST_OF_A_CELL: Final = 40
_JOINERS: Final = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_WITHOUT_WIDTH: Final = frozenset({"Cf", "Me", "Mn"})
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
_START: Final = "\N{FIRST STRONG ISOLATE}"
_END: Final = "\N{POP DIRECTIONAL ISOLATE}"


@final
@frozen
class Table:
    """Rows of text under named columns.

    Attributes:
        caption: what the table shows.
        columns: the names of the columns; all empty where the caption says enough.
        rows: the cells, row by row, in the order of the columns.
        align: for each column "l" or "r".
        note: what a reader of the table should know.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: str
    note: str = ""


def text(table: Table) -> str:
    """Give a table as lines for a terminal, without colours; only the last column is never cut."""
    last = len(table.columns) - 1
    cells = [
        [safe(cell) if index == last else _shortened(safe(cell)) for index, cell in enumerate(row)]
        for row in (table.columns, *table.rows)
    ]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    header, *rows = cells
    lines = wrapped(table.caption)
    if any(header):
        lines += [_joined(header, widths, table.align), _joined(_rule(header, widths), widths, table.align)]
    lines += [_joined(row, widths, table.align) for row in rows]
    return "\n".join([*lines, *(wrapped(table.note) if table.note else ())])


def safe(line: str) -> str:
    """Make foreign text harmless in a line.

    Control characters become escapes; what is read from right to left cannot reorder what stands beside it.
    """
    if line.isascii() and line.isprintable():
        return line
    plain = "".join(
        sign.encode("unicode_escape").decode("ascii")
        if category(sign) in _UNSAFE and sign not in _JOINERS
        else sign
        for sign in line
    )
    runs = groupby(
        plain.split(" "), key=lambda word: any(bidirectional(sign) in _RIGHT_TO_LEFT for sign in word)
    )
    return " ".join(f"{_START}{' '.join(words)}{_END}" if turns else " ".join(words) for turns, words in runs)


def wrapped(words: str) -> list[str]:
    """Break a sentence into lines that fit a terminal."""
    lines = [""]
    for word in safe(words).split(" "):
        if lines[-1] and _width(lines[-1]) + 1 + _width(word) > _LINE:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines


def _shortened(cell: str) -> str:
    if _width(cell) <= _MOST_OF_A_CELL:
        return cell
    fits = sum(room < _MOST_OF_A_CELL for room in accumulate(map(_width, cell)))
    kept = cell[:fits]
    return f"{kept}…{_END}" if kept.count(_START) > kept.count(_END) else f"{kept}…"


def _width(line: str) -> int:
    """Count the columns that a line takes up in a terminal."""
    if line.isascii():
        return len(line)
    return sum(
        0 if category(sign) in _WITHOUT_WIDTH else 2 if east_asian_width(sign) in "WF" else 1 for sign in line
    )


def _rule(header: list[str], widths: list[int]) -> list[str]:
    """Underline the names of the columns; the last column may be very wide."""
    return ["-" * width for width in (*widths[:-1], max(1, _width(header[-1])))]


def _joined(cells: Iterable[str], widths: Iterable[int], align: str) -> str:
    padded = (
        " " * (width - _width(cell)) + cell if side == "r" else cell + " " * (width - _width(cell))
        for cell, width, side in zip(cells, widths, align, strict=True)
    )
    return "  ".join(padded).rstrip()
