"""Results as HTML for notebooks: tables that a light and a dark page can show, all text escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from tierkit.reports.table import safe
from tierkit.reports.tables import tables_of

if TYPE_CHECKING:
    from tierkit.reports.table import Table

# Lines in a grey that shows on white and on black; the page's own colours otherwise.
_LINE: Final = "1px solid rgba(128, 128, 128, 0.5)"
_TABLE: Final = "border-collapse: collapse; margin: 0.5em 0 0.4em 0; color: inherit"
_ROLLS: Final = "overflow-x: auto; margin-bottom: 0.6em"
_LINK: Final = 'rel="noopener noreferrer" style="color: inherit"'
_CAPTION: Final = (
    "caption-side: top; text-align: left; font-weight: bold; padding: 0.3em 0; white-space: nowrap"
)
_NOTE: Final = "margin: -0.2em 0 1.2em 0; max-width: 60em; opacity: 0.8"
_SIDES: Final = {"l": "left", "r": "right"}
_NUMBERS: Final = "; font-variant-numeric: tabular-nums"
_IN_ONE_LINE: Final = "; white-space: nowrap"
_IN_LINES: Final = "; min-width: 16em"
_SHORT: Final = 32


def html_of(result: object) -> str:
    """Give a result as HTML tables without style sheets, scripts or images.

    Args:
        result: a standing, a review, a quote or any other result of tierkit, a book or a program.

    Raises:
        WrongType: for anything else.
    """
    return "".join(table_html(table) for table in tables_of(result))


def table_html(table: Table) -> str:
    """Give one table as HTML."""
    head = ""
    if any(table.columns):
        names = zip(table.columns, table.align, strict=True)
        head = f"<thead><tr>{''.join(_header(name, side) for name, side in names)}</tr></thead>"
    rows = "".join(f"<tr>{''.join(map(_cell, row, table.align))}</tr>" for row in table.rows)
    note = f'<p style="{_NOTE}">{_text(table.note)}</p>' if table.note else ""
    caption = f'<caption style="{_CAPTION}">{_text(table.caption)}</caption>'
    whole = f'<table style="{_TABLE}">{caption}{head}<tbody>{rows}</tbody></table>'
    return f'<div style="{_ROLLS}">{whole}</div>{note}'


def _header(name: str, side: str) -> str:
    style = f"text-align: {_SIDES[side]}; border-bottom: {_LINE}; padding: 0.2em 0.8em"
    return f'<th scope="col" style="{style}">{_text(name)}</th>'


def _cell(cell: str, side: str) -> str:
    style = f"text-align: {_SIDES[side]}; border-bottom: {_LINE}; padding: 0.2em 0.8em; vertical-align: top"
    style += (_NUMBERS if side == "r" else "") + (_IN_ONE_LINE if len(cell) <= _SHORT else _IN_LINES)
    address, space, rest = cell.partition(" ")
    content = _text(cell)
    if address.startswith("https://"):
        content = f'<a href="{_text(address)}" {_LINK}>{_text(address)}</a>{space}{_text(rest)}'
    return f'<td style="{style}">{content}</td>'


def _text(words: str) -> str:
    return escape(safe(words), quote=True)
