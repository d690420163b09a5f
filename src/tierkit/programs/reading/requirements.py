"""Reading the trees of conditions of a program file: what a tier asks, what a measure hangs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tierkit.programs.reading.draft import Draft, cited
from tierkit.programs.reading.table import near, only_one
from tierkit.programs.requirements import Combination, Condition, Junction, Requirement, Sense, Subject
from tierkit.programs.toml_text import value_text

if TYPE_CHECKING:
    from fractions import Fraction

    from tierkit.programs.reading.table import Table
    from tierkit.values.source import Grade, Source

_DEEPEST = 20
_BARS = {"at-least": Sense.AT_LEAST, "above": Sense.ABOVE, "is": Sense.IS}
_LESS = {
    "at-most": "above",
    "up-to": "above",
    "below": "at-least",
    "less-than": "at-least",
    "under": "at-least",
}
"""What people write for a bar from above, and the bar that must fail instead."""
_OF_A_PARTNER = {"is": Sense.IS, "group": Sense.IN_GROUP}
_JUNCTIONS = ("all", "any", "of", "not")
_BESIDE = (*_BARS, *_LESS, *_OF_A_PARTNER, "tier", "from", "until", "source", "grade", "note")
"""Keys beside the one that says what is asked."""


def read_requirement(
    row: Table, draft: Draft, source: Source, grade: Grade, depth: int = _DEEPEST
) -> Requirement:
    """Read one node of a tree: a combination of others, or a condition."""
    nothing = Combination(Junction.ALL, ())
    if depth == 0:
        expected = f"at most {_DEEPEST} levels of requirements"
        row.problem("all", "more nesting", expected, "say it with fewer `all`, `any`, `of` and `not`")
        row.skip()
        return nothing
    for junction in (Junction.ALL, Junction.ANY):
        if row.has(junction):
            return Combination(junction, _parts(row, junction, draft, source, grade, depth=depth))
    if row.has(Junction.NOT):
        part = _part(row.table(Junction.NOT), draft, source, grade, depth)
        return Combination(Junction.NOT, (part,))
    if row.has("of"):
        parts = _parts(row, "of", draft, source, grade, depth=depth)
        return Combination(Junction.AT_LEAST, parts, row.whole("at-least", least=1, most=len(parts) or 1))
    subjects = [subject for subject in Subject if row.has(subject)]
    if len(subjects) == 1:
        return _condition(row, draft, subjects[0], *cited(row, draft, source, grade))
    found = f"both {' and '.join(f'`{each}`' for each in subjects)}" if subjects else "no requirement"
    expected = "one of `all`, `any`, `at-least` or `not`, or of `measure`, `reading`, `partner` or `ladder`"
    misspelt = "" if subjects else next((key for key in row.raw if key not in _BESIDE), "")
    hint = near(misspelt, (*_JUNCTIONS, *map(str, Subject))) or "say one of them"
    row.problem(misspelt or "all", found, expected, hint)
    row.skip()
    return nothing


def _parts(
    row: Table, key: str, draft: Draft, source: Source, grade: Grade, *, depth: int
) -> tuple[Requirement, ...]:
    if row.raw[key] == []:
        hint = 'name what the tier asks; a bar that nobody knows is `at-least = "unknown"`'
        row.problem(key, "an empty list", "at least one requirement", hint)
    return tuple(_part(part, draft, source, grade, depth) for part in row.rows(key))


def _part(row: Table, draft: Draft, source: Source, grade: Grade, depth: int) -> Requirement:
    requirement = read_requirement(row, draft, source, grade, depth - 1)
    row.close()
    return requirement


def _condition(row: Table, draft: Draft, subject: Subject, source: Source, grade: Grade) -> Condition:
    quantity = row.text(subject)
    bar: Fraction | bool | str | None
    if subject is Subject.LADDER:
        sense, bar = Sense.AT_LEAST, row.text("tier")
    elif subject is Subject.PARTNER:
        key = only_one(row, tuple(_OF_A_PARTNER), "bar")
        sense, bar = _OF_A_PARTNER[key], row.text(key, "")
    elif _asks_for_less(row, subject, quantity):
        sense, bar = Sense.AT_LEAST, None
    else:
        key = only_one(row, tuple(_BARS), "bar")
        sense, bar = _BARS[key], _bar(row, key)
    condition = Condition(subject, quantity, sense, bar, source, grade, row.text("note", ""), draft.file)
    draft.put(condition, row)
    return condition


def _asks_for_less(row: Table, subject: Subject, quantity: str) -> bool:
    """Note a problem where a quantity must not reach a bar, or not exceed it: there `not` is written."""
    key = next((key for key in _LESS if key in row.raw), None)
    if key is None:
        return False
    other = f"{{ {subject} = {value_text(quantity)}, {_LESS[key]} = {value_text(row.raw[key])} }}"
    hint = f"write {{ not = {other} }}"
    if any(bar in row.raw for bar in _BARS):
        hint += ", beside the other bar under `all`"
    row.problem(key, f"`{key}`", "one of `at-least`, `above` or `is`", hint)
    row.skip(key, *_BARS)
    return True


def _bar(row: Table, key: str) -> Fraction | bool | None:
    if not row.has(key):
        return None
    return row.flag("is", default=True) if key == "is" else row.number_or_unknown(key)
