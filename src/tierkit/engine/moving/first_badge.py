"""The first badge: where a walk begins, and what a partner may hold there."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest
from typing import TYPE_CHECKING

from tierkit.engine.ledger import lines_of
from tierkit.engine.moving.badge import Badge, any_badges, keeps_trails
from tierkit.engine.moving.deciding import tiers_there
from tierkit.engine.moving.turning_days import first_day_of
from tierkit.programs.movements import MoveKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tierkit.engine.ledger import Ledger
    from tierkit.programs.program import Program


def start_of(ledger: Ledger, on: date, first_held: date | None) -> tuple[date, tuple[Badge, ...], date]:
    """Find the first day of a walk, and what may be held up to it; nothing where only a fact says it.

    A partner begins without a tier on the day on which it joined, or on the first day of which its facts
    tell, where every bar has been known from the first day of the program's tiers up to then, and the rules
    by which tiers rise are no younger. Else what it holds is unknown until a fact says it. The answer is the
    same for every last day, so that a walk to one day passes through what a walk to an earlier one has found.

    Args:
        ledger: what the one partner earned.
        on: the last day of the walk, which is the first where nothing else is known.
        first_held: the first day on which a fact says what is held for good; None where none does.

    Returns:
        The first day, what may be held, and the day on which the partner joined; the first of all days where
        nobody says, or where it held a tier before.
    """
    program = ledger.program
    joined = lines_of(ledger).joined.get(ledger.partner_id)
    if joined is not None and first_held is not None and first_held <= joined:
        joined = None  # who holds a tier has joined before
    edges, trails = _edges(program), keeps_trails(program)
    told = first_day_of(ledger)
    first = max(told or first_held or on, edges[0])
    known = _known_from(program, edges, first)
    if joined is not None and joined >= edges[0]:
        start, begun = joined, any_badges((), joined, trails=trails)
    elif known == edges[0] and _may_rise_by(program, first):
        start, begun = first, any_badges((), first, trails=trails)
    else:
        start = first if known == edges[0] else known or max(told or on, edges[0])
        begun = any_badges(tiers_there(program, start), start, trails=trails)
    if first_held is not None and first_held <= start:
        return first_held, (), joined or date.min
    return start, begun, joined or date.min


def _edges(program: Program) -> list[date]:
    """Give the first day of the program's tiers, and the days after it on which a bar of theirs changes."""
    asked = [program.requires[tier.id] for tier in program.tiers if tier.id in program.requires]
    first = min((period.effective_from or date.min for dated in asked for period in dated), default=date.min)
    return sorted({first, *(day for dated in asked for day in dated.boundaries() if day > first)})


def _known_from(program: Program, edges: Sequence[date], day: date) -> date | None:
    """Give since when every bar has been known up to a day, or from when on it is; None where it never is."""
    begun: date | None = None
    for edge, following in zip_longest(edges, edges[1:], fillvalue=date.max):
        if not program.bars_known(edge):
            begun = None
        elif begun is None:
            begun = edge
        if begun is not None and day < following:
            return begun
    return None


def _may_rise_by(program: Program, day: date) -> bool:
    """Say whether the program tells how tiers rise from no later than a day on, or that they never do."""
    rises = [each.effective_from for each in program.movements if each.kind is MoveKind.RISE]
    return not rises or any(begun is None or begun <= day for begun in rises)
