"""The first badge: where a walk begins, and what a partner may hold there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tierkit.engine.badge import Badge, any_badges
from tierkit.engine.ledger import lines_of
from tierkit.engine.turning_days import first_day_of

if TYPE_CHECKING:
    from tierkit.engine.ledger import Ledger
    from tierkit.programs.program import Program


def start_of(ledger: Ledger, on: date, first_held: date | None) -> tuple[date, tuple[Badge, ...]]:
    """Find the first day of a walk, and what may be held on its morning; nothing where a fact says it.

    A partner begins without a tier on the day on which it joined, or, where every bar has been known from
    the first day of the program's tiers, on the first day of which its facts tell. Else what it holds is
    unknown until a fact says it.

    Args:
        ledger: what the one partner earned.
        on: the last day of the walk.
        first_held: the first day on which a fact says what is held; None where none does.
    """
    program = ledger.program
    joined = lines_of(ledger).joined.get(ledger.partner_id)
    edges = [period.effective_from for dated in program.requires.values() for period in dated]
    first_bars = min((day or date.min for day in edges), default=date.min)
    if joined is not None and joined >= first_bars:
        start, begun = joined, any_badges((), joined)
    elif program.bars_known(first_bars):
        start = max(first_day_of(ledger) or first_held or on, first_bars)
        begun = any_badges((), start)
    else:
        start = first_held or _first_known_bars(program, on)
        begun = any_badges(program.tiers, start)
    if first_held is not None and first_held <= start:
        return first_held, ()
    return (start, begun) if start <= on else (on, begun)


def _first_known_bars(program: Program, on: date) -> date:
    edges = {day for dated in program.requires.values() for day in dated.boundaries()}
    return min((day for day in edges if program.bars_known(day)), default=on)
