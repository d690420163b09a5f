"""What one program file says, before it is checked as a whole.

A draft holds settled things by id, and the periods of each dated value by its path. An overlay is a draft
that is laid over another.
"""

from __future__ import annotations

from typing import Any, Final, TypeVar

import attrs

from tierkit.errors import Problem
from tierkit.programs.dated import Period, in_order, lay_over
from tierkit.programs.reading.table import Table, among, entry, near
from tierkit.values.source import Grade, Source

T = TypeVar("T")
Path = tuple[str, ...]

UNSOURCED: Final = Source("unsourced", "", Grade.DERIVED, note="no source is given")
"""The source of a value that names none, in a file that has no source for all of its values."""


@attrs.define(frozen=True)
class Place:
    """Where something stands: the file, and the path in it."""

    where: str
    field: str

    def problem(self, key: str, found: str, expected: str, hint: str = "") -> Problem:
        """Make a problem with a key of what stands here."""
        return Problem(self.where, f"{self.field}.{key}" if key else self.field, found, expected, hint)


def both(where: str, over: str) -> str:
    """Say what stands in one file and is wrong, or only looks so, with another one laid over it."""
    return f"{where}{_WITH}{over}"


def file_in(where: str) -> tuple[str, str]:
    """Give the file that `both` named first, and what it added."""
    file, added, others = where.partition(_WITH)
    return file, added + others


_WITH: Final = " with "


@attrs.define
class Draft:
    """What one file says, or several laid over each other, before it is checked as a whole.

    Attributes:
        where: the name of the file, for problems.
        file: the name that values bear, where the program is made of several files.
        source: the source of all values of the file that name none.
        settled: settled things, by kind and id.
        dated: the periods of each dated value, by its path.
        sources: the sources, by id.
        places: where what the file says stands: of a thing by which object it is, or by its path.
    """

    where: str
    file: str = ""
    source: Source = UNSOURCED
    settled: dict[Path, object] = attrs.Factory(dict[Path, object])
    dated: dict[Path, list[Period[object]]] = attrs.Factory(dict[Path, "list[Period[object]]"])
    sources: dict[str, Source] = attrs.Factory(dict[str, Source])
    places: dict[int | Path, tuple[object, Place]] = attrs.Factory(dict["int | Path", "tuple[object, Place]"])

    def add(self, path: Path, period: Period[object], row: Table) -> None:
        """Add one period of a dated value, which a row says."""
        self.dated.setdefault(path, []).append(period)
        self.put(period, row)

    def put(self, thing: object, row: Table) -> None:
        """Keep in mind at which row a thing stands; it is known again by being the same object."""
        self.places[id(thing)] = thing, Place(row.where, row.path)

    def place(self, thing: object, path: Path) -> Place:
        """Give where a thing stands; where that is not known, where its path leads."""
        _, place = self.places.get(id(thing), (None, None))
        return place or Place(self.where, field_of(path))

    def at(self, *path: str) -> Place:
        """Give where a settled thing stands."""
        _, place = self.places.get(path, (None, None))
        return place or Place(self.where, field_of(path))

    def settle(self, row: Table, kind: str, id: str, value: object) -> None:
        """Keep a settled thing, noting a problem where the file has said it before."""
        if (kind, id) in self.settled:
            expected, hint = f"an id that stands once among [[{kind}]]", "remove one of the two, or rename it"
            row.wrong("id", id, expected, hint)
        self.settled[kind, id] = value
        self.places[kind, id] = value, Place(row.where, row.path)

    def by_parent(self) -> dict[Path, dict[str, list[Period[object]]]]:
        """Give the dated values by all of their path but its last key, then by that key, in order."""
        found: dict[Path, dict[str, list[Period[object]]]] = {}
        for path, periods in self.dated.items():
            found.setdefault(path[:-1], {})[path[-1]] = in_order(periods)
        return found

    def all_settled(self, kind: str) -> dict[str, Any]:
        """Give the settled things of one kind, by id."""
        return {path[1]: value for path, value in self.settled.items() if path[0] == kind and len(path) > 1}

    def overlaid(self, over: Draft) -> Draft:
        """Give what holds where another draft's values take the place of this one's on their days."""
        dated = dict(self.dated)
        for path, periods in over.dated.items():
            dated[path] = lay_over(dated.get(path, []), periods)
        below = {
            key: (thing, Place(both(place.where, over.where), place.field))
            for key, (thing, place) in self.places.items()
        }
        return Draft(
            where=both(self.where, over.where),
            settled=self.settled | over.settled,
            dated=dated,
            sources=self.sources | over.sources,
            places=below | over.places,
        )


_ARRAYS = ("earn", "tier", "movement", "group", "choice")
_OF_TIERS = ("requires", "keeps", "named")


def field_of(path: Path) -> str:
    """Give the path in the file to which the path of a draft leads, as far as that is known."""
    kind, *rest = path
    if kind in _OF_TIERS:
        return f"{entry('tier', rest[0])}.{kind}"
    if kind == "group" and len(rest) > 1:
        return f"{entry(kind, rest[0])}.members"
    if kind in _ARRAYS and rest:
        return ".".join((entry(kind, rest[0]), *rest[1:2])).replace("tier-multiply", "multiply")
    return kind


def cited(
    row: Table, draft: Draft, default: Source | None = None, grade: Grade | None = None
) -> tuple[Source, Grade]:
    """Read which source a value has, and its grade where that is not the source's own."""
    if row.has("source"):
        name = row.one_of("source", draft.sources, add="add it under [sources]")
        source = draft.sources.get(name) or Source(id=name, url="", grade=Grade.DERIVED)
        fallback = source.grade
    else:
        source = default or draft.source
        fallback = grade or source.grade
    return source, Grade(row.one_of("grade", list(Grade), str(fallback.value)))


def period_of(row: Table, draft: Draft, value: T) -> Period[T]:
    """Read the days, the source, the grade and the note that stand beside a value."""
    start, end = row.day("from"), row.day("until")
    if start is not None and end is not None and start >= end:
        row.wrong("until", end, f"a day after {start}", "`until` is the first day that no longer counts")
        end = None
    source, grade = cited(row, draft)
    return Period(value, start, end, source, grade, row.text("note", ""), draft.file)


def is_new(row: Table, base: Draft | None, kind: str, id: str, keys: tuple[str, ...]) -> bool:
    """Say whether a file describes a thing, rather than adds values to one of its base."""
    if base is None or any(row.has(key) for key in keys):
        return True
    known = base.all_settled(kind)
    if id not in known:
        hint = near(id, known) or f"a new one needs `{keys[0]}`"
        row.wrong("id", id, among(known), hint)
    return False
