"""What came and went between two days, as tables: the sums, the customers, and every change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tierkit.reports.numbers import bounded, counted_text, signed
from tierkit.reports.statement import AT_LEAST, UNSURE, problems_tables
from tierkit.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tierkit.engine.changes import ChangeGroup, Changes
    from tierkit.engine.changing.point_changes import PointChange

_MOST_GROUPS: Final = 20
_MOST_ROWS: Final = 50


def changes_tables(changes: Changes) -> tuple[Table, ...]:
    """Give the points on both days and what lies between them: by measure, cause and customer, row by row."""
    return (
        _sums(changes),
        *_groups("cause", changes.by_cause(), changes.units),
        *_groups("customer", changes.customers(), changes.units),
        *_rows([row for group in changes.customers() for row in group.rows], changes.units),
        *problems_tables(changes.problems),
    )


def more_than(every: Sequence[object], most: int) -> str:
    """Say how many there are beyond those that a table shows; nothing where it shows all."""
    more = len(every) - most
    return f"And {more:,} more." if more > 0 else ""


def _sums(changes: Changes) -> Table:
    net, units = changes.net, changes.units
    rows = tuple(
        (
            name,
            _bounded(changes, "start", name, counted_text(start, name, units)),
            _bounded(changes, "new", name, counted_text(changes.new[name], name, units)),
            _bounded(changes, "lost", name, counted_text(changes.lost[name], name, units)),
            _bounded_net(changes, name, signed(net[name], name, units)),
            _bounded(changes, "end", name, counted_text(changes.end[name], name, units)),
        )
        for name, start in changes.start.items()
    )
    caption = f"Changes of {changes.partner} under {changes.program}, {changes.since} to {changes.until}"
    columns = ("of", "start", "new", "lost", "net", "end")
    notes = [f"The start is the end of {changes.since}; what came and went is that of the days after it."]
    notes += [AT_LEAST] * any(changes.at_least.values()) + [UNSURE] * any(changes.unsure.values())
    return Table(caption, columns, rows, "lrrrrr", " ".join(notes))


def _bounded(changes: Changes, of: str, name: str, number: str) -> str:
    """Say beside a sum whether it is a bound."""
    return bounded(number, at_least=name in changes.at_least[of], unsure=name in changes.unsure[of])


def _bounded_net(changes: Changes, name: str, number: str) -> str:
    """Say it beside the difference of the end and the start: a start of at least so much bounds none."""
    least, unsure = changes.at_least, changes.unsure
    no_bound = name in (*least["start"], *unsure["start"], *unsure["end"])
    return bounded(number, at_least=name in least["end"], unsure=no_bound)


def _groups(by: str, groups: Sequence[ChangeGroup], units: Mapping[str, str]) -> tuple[Table, ...]:
    """Give the net of each customer or cause, by track and measure; no table where nothing changed."""
    rows = tuple(
        (
            group.name,
            *(signed(net, name, units) for name, net in group.net.items()),
            str(len(group.rows)),
        )
        for group in groups[:_MOST_GROUPS]
    )
    names = tuple(groups[0].new) if groups else ()
    columns, align = (by, *names, "changes"), "l" + "r" * len(names) + "r"
    return (Table(f"Net by {by}", columns, rows, align, more_than(groups, _MOST_GROUPS)),) if rows else ()


def _rows(changes: Sequence[PointChange], units: Mapping[str, str]) -> tuple[Table, ...]:
    rows = tuple(
        (
            row.customer,
            str(row.on),
            row.cause.value,
            row.fact,
            row.track,
            counted_text(row.before, row.track, units),
            counted_text(row.after, row.track, units),
            signed(row.after - row.before, row.track, units),
            row.note if row.fact else row.reason.label,
        )
        for row in changes[:_MOST_ROWS]
    )
    columns = ("customer", "day", "cause", "fact", "track", "before", "after", "change", "note")
    table = Table("Every change", columns, rows, "lllllrrrl", more_than(changes, _MOST_ROWS))
    return (table,) if rows else ()
