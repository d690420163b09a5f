"""What one program file says, before it is checked as a whole.

A draft holds settled things by id, and the periods of each dated value by its path. An overlay is a draft
that is laid over another.
"""

from __future__ import annotations

from typing import TypeVar

import attrs

from tierkit.programs.dated import Period, in_order, lay_over
from tierkit.programs.table import Table, among, near
from tierkit.values.source import Grade, Source

T = TypeVar("T")
Path = tuple[str, ...]


@attrs.define
class Draft:
    """What one file says, before it is checked as a whole."""

    where: str
    settled: dict[Path, object] = attrs.Factory(dict[Path, object])
    dated: dict[Path, list[Period[object]]] = attrs.Factory(dict[Path, "list[Period[object]]"])
    sources: dict[str, Source] = attrs.Factory(dict[str, Source])

    def add(self, path: Path, period: Period[object]) -> None:
        """Add one period of a dated value."""
        self.dated.setdefault(path, []).append(period)

    def settle(self, row: Table, kind: str, id: str, value: object) -> None:
        """Keep a settled thing, noting a problem where the file has said it before."""
        if (kind, id) in self.settled:
            expected, hint = f"an id that stands once among [[{kind}]]", "remove one of the two, or rename it"
            row.wrong("id", id, expected, hint)
        self.settled[kind, id] = value

    def by_parent(self) -> dict[Path, dict[str, list[Period[object]]]]:
        """Give the dated values by all of their path but its last key, then by that key, in order."""
        found: dict[Path, dict[str, list[Period[object]]]] = {}
        for path, periods in self.dated.items():
            found.setdefault(path[:-1], {})[path[-1]] = in_order(periods)
        return found

    def all_settled(self, kind: str) -> dict[str, object]:
        """Give the settled things of one kind, by id."""
        return {path[1]: value for path, value in self.settled.items() if path[0] == kind and len(path) > 1}

    def overlaid(self, over: Draft) -> Draft:
        """Give what holds where another draft's values take the place of this one's on their days."""
        dated = dict(self.dated)
        for path, periods in over.dated.items():
            dated[path] = lay_over(dated.get(path, []), periods)
        where = f"{self.where} with {over.where}"
        return Draft(where, self.settled | over.settled, dated, self.sources | over.sources)


def cited(
    row: Table, draft: Draft, default: Source | None = None, grade: Grade | None = None
) -> tuple[Source, Grade]:
    """Read which source a value has, and its grade where that is not the source's own."""
    if default is not None and not row.has("source"):
        source, fallback = default, grade or default.grade
    else:
        name = row.one_of("source", draft.sources, add="add it under [sources]")
        source = draft.sources.get(name) or Source(id=name, url="", grade=Grade.DERIVED)
        fallback = source.grade
    return source, Grade(row.one_of("grade", list(Grade), str(fallback.value)))


def period_of(row: Table, draft: Draft, value: T) -> Period[T]:
    """Read the days, the source, the grade and the note that stand beside a value."""
    start, end = row.day("from"), row.day("until")
    if start is not None and end is not None and start >= end:
        row.wrong("until", end, f"a day after {start}", "`until` is the first day that no longer counts")
        end = None
    source, grade = cited(row, draft)
    return Period(value, start, end, source, grade, row.text("note", ""))


def is_new(row: Table, base: Draft | None, kind: str, id: str, keys: tuple[str, ...]) -> bool:
    """Say whether a file describes a thing, rather than adds values to one of its base."""
    if base is None or any(row.has(key) for key in keys):
        return True
    known = base.all_settled(kind)
    if id not in known:
        hint = near(id, known) or f"a new one needs `{keys[0]}`"
        row.wrong("id", id, among(known), hint)
    return False
