"""Reading the tiers of a program file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tierkit.frozen import changed
from tierkit.programs.reading.draft import Draft, is_new, period_of
from tierkit.programs.reading.requirements import read_requirement
from tierkit.values.tier import Tier

if TYPE_CHECKING:
    from tierkit.programs.reading.table import Table

OWN: str = ""
"""The ladder of a tier in a draft, where it is the program's own: its id may still become another."""


def read_tier(row: Table, draft: Draft, base: Draft | None) -> None:
    """Read one tier: its rank, its names, and what it asks by date."""
    tier = row.id()
    if is_new(row, base, "tier", tier, ("rank", "ladder")):
        ladder = row.text("ladder", OWN)
        if row.has("ladder"):
            row.check_id("ladder", ladder)
        own = {each.settled.get(("id",)) for each in (draft, base) if each is not None}
        rank = row.whole("rank", most=1000)
        made = Tier(ladder=OWN if ladder in own else ladder, id=tier, name=row.name(tier), rank=rank)
        draft.settle(row, "tier", tier, made)
    for part in row.rows("named"):
        draft.add(("named", tier), period_of(part, draft, part.name()), part)
        part.close()
    for key in ("requires", "keeps"):
        for part in row.rows(key):
            period = period_of(part, draft, None)
            requirement = read_requirement(part, draft, period.source, period.grade)
            draft.add((key, tier), changed(period, value=requirement), part)
            part.close()
    row.close()
