"""Reading the tiers and the movements of a program file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tierkit.frozen import changed
from tierkit.programs.draft import Draft, cited, is_new, period_of
from tierkit.programs.requirements import Combination, Comparison, Condition, Junction, Requirement, Subject
from tierkit.programs.rules import Movement
from tierkit.values.tier import Tier

if TYPE_CHECKING:
    from fractions import Fraction

    from tierkit.programs.table import Table
    from tierkit.values.source import Grade, Source

_DEEPEST_REQUIREMENT = 20


def read_tier(row: Table, draft: Draft, base: Draft | None) -> None:
    """Read one tier: its rank, and what it asks by date."""
    tier = row.text("id")
    if is_new(row, base, "tier", tier, ("rank",)):
        ladder = str(draft.settled.get(("id",)) or (base.settled.get(("id",)) if base else ""))
        rank = row.whole("rank", least=1, most=1000)
        draft.settle(row, "tier", tier, Tier(ladder=ladder, id=tier, name=row.text("name", tier), rank=rank))
    for part in row.rows("requires"):
        period = period_of(part, draft, None)
        junctions = [key for key in Junction if part.has(key)]
        if not junctions:
            part.wrong("all", "no requirement", "one of `all`, `any`, `at-least` or `not`")
            continue
        requirement = _requirement(part, draft, period.source, period.grade, _DEEPEST_REQUIREMENT)
        draft.add(("tier", tier), changed(period, value=requirement))
        part.close()
    row.close()


def _requirement(row: Table, draft: Draft, source: Source, grade: Grade, depth: int) -> Requirement:
    """Read one node of a tier's tree: a combination of others, or a condition."""
    nothing = Combination(Junction.ALL, ())
    if depth == 0:
        row.wrong("all", "more nesting", f"at most {_DEEPEST_REQUIREMENT} levels of requirements")
        return nothing
    for junction in (Junction.ALL, Junction.ANY, Junction.NOT):
        if row.has(junction):
            rows = list(row.rows(junction)) if junction is not Junction.NOT else [row.table(junction)]
            parts = tuple(_part(part, draft, source, grade, depth) for part in rows)
            return Combination(junction, parts)
    if row.has("of"):
        parts = tuple(_part(part, draft, source, grade, depth) for part in row.rows("of"))
        return Combination(Junction.AT_LEAST, parts, row.whole("at-least", least=1, most=len(parts) or 1))
    return _condition(row, draft, source, grade)


def _part(row: Table, draft: Draft, source: Source, grade: Grade, depth: int) -> Requirement:
    requirement = _requirement(row, draft, source, grade, depth - 1)
    row.close()
    return requirement


def _condition(row: Table, draft: Draft, source: Source, grade: Grade) -> Condition:
    subject = Subject.READING if row.has("reading") else Subject.MEASURE
    quantity = row.text(subject)
    keys = {"at-least": Comparison.AT_LEAST, "above": Comparison.ABOVE, "is": Comparison.IS}
    said = [key for key in keys if row.has(key)]
    bar: Fraction | bool | None = None
    if len(said) != 1:
        row.wrong("at-least", "no bar" if not said else "no single bar", "one of `at-least`, `above` or `is`")
        said = ["at-least"]
    elif said == ["is"]:
        bar = row.flag("is", default=True)
    else:
        bar = row.number_or_unknown(said[0])
    own, trust = cited(row, draft, source, grade)
    return Condition(subject, quantity, keys[said[0]], bar, own, trust, row.text("note", ""))


def read_movement(row: Table, draft: Draft) -> Movement:
    """Read one movement; it is carried as data, and nothing computes it yet."""
    judged = row.table("judged")
    protected = row.table("unless-held-under")
    period = period_of(row, draft, None)
    movement = Movement(
        id=row.text("id"),
        kind=row.one_of("kind", ("rise", "fall")),
        on=row.texts("on"),
        judged_on=judged.texts("on", ()),
        judged_since=judged.texts("since", ()),
        take=judged.one_of("take", ("same-day", "best")),
        effective=row.one_of("effective", ("same-day",)),
        to=row.one_of("to", ("best", "best-judged")),
        protected_months=protected.whole("months", 0, most=1200),
        effective_from=period.effective_from,
        effective_until=period.effective_until,
        source=period.source,
        grade=period.grade,
        note=period.note,
    )
    judged.close()
    protected.close()
    return movement
