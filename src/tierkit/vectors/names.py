"""The names that worked examples expect something of, held to those that a program has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tierkit.errors import Problem, UnknownName, unknown_name
from tierkit.programs.measures import POINTS
from tierkit.vectors.form import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tierkit.programs.program import Program
    from tierkit.values.tier import Tier


def check_quantities(program: Program, points: Iterable[str], figures: Iterable[str]) -> None:
    """Refuse quantities that the program does not have, or that stand under the other key.

    Raises:
        UnknownName: there is one.
    """
    counting = [name for name in program.quantities if program.unit(name) == POINTS]
    others = [name for name in program.quantities if name not in counting]
    hint = "it counts {}points: write it under `{}`"
    sides = (
        ("points", points, counting, others, hint.format("no ", "figures")),
        ("figures", figures, others, counting, hint.format("", "points")),
    )
    for key, given, known, elsewhere, other in sides:
        for name in given:
            if name in elsewhere:
                raise UnknownName(Problem(program.id, name, f"`{key}`", "the other one of the two", other))
            if name not in known:
                raise unknown_name(program.id, "quantity", name, known)


def check_tier(program: Program, tier: str | None, tiers: Iterable[Tier]) -> None:
    """Refuse the id of a tier that is none of a ladder.

    Raises:
        UnknownName: it is none.
    """
    names = [each.id for each in tiers]
    if tier is not None and tier != UNKNOWN and tier not in names:
        raise unknown_name(program.id, "tier", tier, names)
