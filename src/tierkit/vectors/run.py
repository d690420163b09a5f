"""Running worked examples: a file of vectors against a program, one outcome each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, final

import attrs

from tierkit.errors import InvalidValue, TierkitError, shown
from tierkit.frozen import frozen
from tierkit.values.source import Grade
from tierkit.vectors.form import Place, a_list, an_object, parsed
from tierkit.vectors.kinds import KINDS

if TYPE_CHECKING:
    from tierkit.programs.program import Program
    from tierkit.vectors.form import Object
    from tierkit.vectors.said import Run

WAITING: Final = "waiting"
"""The kind of an example of something that nothing computes yet."""

_KEYS: Final = (
    *("id", "kind", "source", "version", "rule_date", "day", "grade", "given", "expect", "waits_for", "note"),
)


@final
@attrs.define(frozen=True, eq=False)
class Vector:
    """One worked example.

    Attributes:
        id: its name in the file.
        kind: one of `KINDS`, or waiting.
        source: where it was read.
        grade: how far to trust it.
        waits_for: what it needs that nothing computes yet; "" where it can run.
        run: runs it.
    """

    id: str
    kind: str
    source: str
    grade: Grade
    waits_for: str
    run: Run


@final
@frozen
class Outcome:
    """What came out of one worked example.

    Attributes:
        id: the example's name in its file.
        kind: its kind.
        passed: whether it came out as expected; None where it waits.
        expected: what the file expects, in words; what it waits for, where it does.
        found: what was computed, in words; what is wrong, where nothing could be.
    """

    id: str
    kind: str
    passed: bool | None
    expected: str
    found: str

    def __str__(self) -> str:
        if self.passed is None:
            return f"waiting  {self.id}: for {self.expected}"
        if self.passed:
            return f"passed   {self.id}: {self.expected}"
        return f"FAILED   {self.id}: expected {self.expected}; found {self.found}"


def run_vectors(program: Program, path: str | Path) -> tuple[Outcome, ...]:
    """Run the worked examples of a file against a program, in the order of the file.

    Args:
        program: the rules.
        path: a JSON file, as `examples/vectors/vectors.schema.json` describes it.

    Raises:
        InvalidValue: the file is missing, or is not a file of vectors; lists every problem.
    """
    return tuple(_outcome(program, vector) for vector in read_vectors(path))


def _outcome(program: Program, vector: Vector) -> Outcome:
    if vector.waits_for:
        return Outcome(vector.id, vector.kind, None, vector.waits_for, "")
    try:
        said = list(vector.run(program))
    except TierkitError as error:
        found = "; ".join(map(str, error.problems))
        return Outcome(vector.id, vector.kind, passed=False, expected="a result", found=found)
    wrong = [(expected, found) for expected, found in said if expected != found]
    expected, found = ("; ".join(side) for side in zip(*(wrong or said), strict=True))
    return Outcome(vector.id, vector.kind, not wrong, expected, found)


def read_vectors(path: str | Path) -> tuple[Vector, ...]:
    """Read a file of worked examples.

    Raises:
        InvalidValue: the file is missing, or is not a file of vectors; lists every problem.
    """
    path = Path(path)
    file, form = Place(path.name), an_object(parsed(path)) or {}
    entries = a_list(form.get("vectors"))
    vectors: dict[str, Vector] = {}
    file.known(form, ("$schema", "about", "vectors"))
    for number, entry in enumerate(entries or ()):
        _take(file.at(f"vectors[{number}]"), entry, vectors)
    if not entries:
        file.wrong("vectors", form.get("vectors"), 'an object with a list of vectors: {"vectors": [...]}')
    if file.problems:
        raise InvalidValue(*file.problems)
    return tuple(vectors.values())


def _take(place: Place, entry: object, vectors: dict[str, Vector]) -> None:
    form = an_object(entry)
    if form is None:
        place.wrong("", entry, "an object")
        return
    vector = _vector(place, form)
    if vector.id in vectors:
        place.wrong("id", vector.id, "an id of its own")
    vectors[vector.id] = vector


def _vector(place: Place, form: Object) -> Vector:
    place.known(form, _KEYS)
    name, source = place.text(form, "id"), place.text(form, "source")
    place = place.at(f"({shown(name)})") if name else place
    kind = place.word(form, "kind", (*KINDS, WAITING))
    grade = Grade(place.word(form, "grade", tuple(Grade)))
    given, expect = place.filled(form, "given"), place.filled(form, "expect")
    for key in ("version", "rule_date", "note"):
        if key in form:
            place.text(form, key)
    if kind == WAITING:
        return Vector(name, kind, source, grade, place.text(form, "waits_for"), lambda _: iter(()))
    if "waits_for" in form:
        place.wrong("waits_for", form["waits_for"], f"nothing, or the kind {WAITING}")
    day = place.day("day", form.get("day"))
    return Vector(name, kind, source, grade, "", KINDS[kind](place, day, given, expect))
