"""Reading the tiers of a program file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tierkit.frozen import changed
from tierkit.programs.draft import Draft, cited, is_new, period_of
from tierkit.programs.requirements import Combination, Condition, Junction, Requirement, Sense, Subject
from tierkit.values.tier import Tier

if TYPE_CHECKING:
    from fractions import Fraction

    from tierkit.programs.table import Table
    from tierkit.values.source import Grade, Source

_DEEPEST_REQUIREMENT = 20


def read_tier(row: Table, draft: Draft, base: Draft | None) -> None:
    """Read one tier: its rank, and what it asks by date."""
    tier = row.id()
    if is_new(row, base, "tier", tier, ("rank",)):
        ladder = str((base or draft).settled["id",])
        rank = row.whole("rank", least=1, most=1000)
        draft.settle(row, "tier", tier, Tier(ladder=ladder, id=tier, name=row.name(tier), rank=rank))
    for part in row.rows("requires"):
        period = period_of(part, draft, None)
        junctions = [key for key in Junction if part.has(key)]
        if not junctions:
            part.problem("all", "no requirement", "one of `all`, `any`, `at-least` or `not`")
            continue
        requirement = _requirement(part, draft, period.source, period.grade, _DEEPEST_REQUIREMENT)
        draft.add(("tier", tier), changed(period, value=requirement))
        part.close()
    row.close()


def _requirement(row: Table, draft: Draft, source: Source, grade: Grade, depth: int) -> Requirement:
    """Read one node of a tier's tree: a combination of others, or a condition."""
    nothing = Combination(Junction.ALL, ())
    if depth == 0:
        expected = f"at most {_DEEPEST_REQUIREMENT} levels of requirements"
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
    return _condition(row, draft, source, grade)


def _parts(
    row: Table, key: str, draft: Draft, source: Source, grade: Grade, *, depth: int
) -> tuple[Requirement, ...]:
    if row.raw[key] == []:
        hint = 'name what the tier asks; a bar that nobody knows is `at-least = "unknown"`'
        row.problem(key, "an empty list", "at least one requirement", hint)
    return tuple(_part(part, draft, source, grade, depth) for part in row.rows(key))


def _part(row: Table, draft: Draft, source: Source, grade: Grade, depth: int) -> Requirement:
    requirement = _requirement(row, draft, source, grade, depth - 1)
    row.close()
    return requirement


def _condition(row: Table, draft: Draft, source: Source, grade: Grade) -> Condition:
    subject = Subject.READING if row.has("reading") else Subject.MEASURE
    quantity = row.text(subject)
    keys = {"at-least": Sense.AT_LEAST, "above": Sense.ABOVE, "is": Sense.IS}
    said = [key for key in keys if row.has(key)]
    bar: Fraction | bool | None = None
    if len(said) != 1:
        found = "no single bar" if said else "no bar"
        row.problem("at-least", found, "one of `at-least`, `above` or `is`", "say one of them")
        said = ["at-least"]
    elif said == ["is"]:
        bar = row.flag("is", default=True)
    else:
        bar = row.number_or_unknown(said[0])
        if subject is Subject.MEASURE and bar is not None and bar < 0:
            hint = "leave the condition out where any points will do"
            row.wrong(said[0], row.raw[said[0]], "points, zero or more", hint)
    own, trust = cited(row, draft, source, grade)
    return Condition(subject, quantity, keys[said[0]], bar, own, trust, row.text("note", ""))
