"""A reconciliation as tables: a dashboard's figures beside the book's, and what may explain a difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tierkit.reports.numbers import points_text
from tierkit.reports.statement import problems_tables
from tierkit.reports.table import Table
from tierkit.values.points import Points

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tierkit.engine.reconcile import Figure, Reconciliation


def reconciliation_tables(found: Reconciliation) -> tuple[Table, ...]:
    """Give what agrees, what differs by how much, the likely causes, and what could not be valued."""
    return _lines(found), *_causes(found.lines), *problems_tables(found.problems, "What could not be valued")


def _lines(found: Reconciliation) -> Table:
    rows = tuple(
        (
            f"{line.name} ({line.unit})" if line.unit else line.name,
            line.shown,
            points_text(line.computed, beside=line.computed + line.difference),
            _difference(line.difference),
            "agrees" if line.agrees else "differs",
            line.note,
        )
        for line in found.lines
    )
    since = f", since {found.since}" if found.since else ""
    caption = f"Dashboard and book of {found.partner} under {found.program} on {found.on}{since}"
    columns = ("figure", "dashboard", "book", "difference", "result", "what was tried")
    return Table(caption, columns, rows, "lrrrll", f"In all: {found.note}.")


def _difference(points: Points) -> str:
    """Write a difference with as many places as tell it from none."""
    text = points_text(points, beside=Points(0))
    return f"+{text}" if points > Points(0) else text


def _causes(lines: Iterable[Figure]) -> tuple[Table, ...]:
    """Give a row for each suspect of each likely cause, numbered by figure; no table where there are none."""
    rows = tuple(
        (
            line.name,
            str(number),
            cause.explains.value,
            _difference(suspect.delta),
            suspect.kind.value,
            suspect.fact,
            suspect.customer,
            suspect.words,
        )
        for line in lines
        for number, cause in enumerate(line.causes, start=1)
        for suspect in cause.suspects
    )
    columns = (
        "figure",
        "cause",
        "explains",
        "change",
        "kind",
        "fact",
        "customer",
        "what the dashboard may do",
    )
    note = "Rows of one figure with the same number belong together: one cause of several parts."
    return (Table("Likely causes, each counted again", columns, rows, "lrlrllll", note),) if rows else ()
