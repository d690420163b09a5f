"""The first badge: where a walk begins, and what a partner may hold there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tierkit.engine.ledger import lines_of
from tierkit.engine.moving.badge import Badge, any_badges
from tierkit.engine.moving.turning_days import first_day_of

if TYPE_CHECKING:
    from tierkit.engine.ledger import Ledger


def start_of(ledger: Ledger, on: date, first_held: date | None) -> tuple[date, tuple[Badge, ...]]:
    """Find the first day of a walk, and what may be held up to it; nothing where only a fact says it.

    A partner begins without a tier on the day on which it joined, or, where every bar has been known from
    the first day of the program's tiers, on the first day of which its facts tell. Else what it holds is
    unknown until a fact says it. The answer is the same for every last day, so that a walk to one day passes
    through what a walk to an earlier one has found.

    Args:
        ledger: what the one partner earned.
        on: the last day of the walk, which is the first where nothing else is known.
        first_held: the first day on which a fact says what is held for good; None where none does.
    """
    program = ledger.program
    joined = lines_of(ledger).joined.get(ledger.partner_id)
    if joined is not None and first_held is not None and first_held <= joined:
        joined = None  # who holds a tier has joined before
    since = [period.effective_from for dated in program.requires.values() for period in dated]
    first_bars = min((day or date.min for day in since), default=date.min)
    if joined is not None and joined >= first_bars:
        start, begun = joined, any_badges((), joined)
    elif program.bars_known(first_bars):
        start = max(first_day_of(ledger) or first_held or on, first_bars)
        begun = any_badges((), start)
    else:
        edges = [day for dated in program.requires.values() for day in dated.boundaries()]
        known = (day for day in sorted(edges) if program.bars_known(day))
        start = next(known, max(first_day_of(ledger) or on, first_bars))
        begun = any_badges(program.tiers, start)
    if first_held is not None and first_held <= start:
        return first_held, ()
    return start, begun
