"""The tiers that a partner held, for programs in which they multiply what facts give."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tierkit.engine.earning.events import DAY_OF
from tierkit.engine.ledger import lines_of
from tierkit.engine.moving.posts import tiers_of_any
from tierkit.engine.moving.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tierkit.engine.earning.states import Tiers
    from tierkit.engine.ledger import Ledger


def tiers_held(ledger: Ledger) -> Tiers:
    """Give what tells the tiers that the ledger's one partner held, as far as its facts go."""
    return tiers_of_any(walk(ledger, max(_days(ledger), default=date.min)).badges)


def _days(ledger: Ledger) -> Iterator[date]:
    """Give the days of the facts that the ledger's one partner has."""
    lines, partner = lines_of(ledger), ledger.partner_id
    for cell in lines.cells.get(partner, ()):
        yield from (DAY_OF[each.rule.fact](fact) for each in cell.yields[:1] for fact in cell.facts)
    for line in lines.states.get(partner, ()):
        known = (line.first_day, line.holder.since, line.holder.until, *line.holder.actions[-1:])
        yield from (day for day in known if day is not None)
    yield from (each.on for each in (*lines.readings.get(partner, ()), *lines.held.get(partner, ())))
