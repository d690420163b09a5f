"""The days on which what a partner has, or what tiers ask, may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tierkit.engine.earning.events import DAY_OF
from tierkit.engine.earning.life import end_of
from tierkit.engine.earning.states import turns_of_state
from tierkit.engine.ledger import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tierkit.engine.ledger import Ledger


def turning_days(ledger: Ledger, first: date, last: date) -> list[date]:
    """Give the days from one to another, both in, on which anything about the ledger's one partner turns."""
    return sorted({day for day in _days(ledger, first, last) if day is not None and first <= day <= last})


def first_day_of(ledger: Ledger) -> date | None:
    """Give the first day of which the facts of the ledger's one partner tell; None where there are none."""
    partner, lines = ledger.partner_id, lines_of(ledger)
    days = [line.first_day for line in lines.states.get(partner, ())]
    days += [reading.on for reading in lines.readings.get(partner, ())]
    days += [failure.span.start for failure in lines.failures.get(partner, ()) if failure.span.start]
    for cell in lines.cells.get(partner, ()):
        days += [DAY_OF[each.rule.fact](fact) for each in cell.yields[:1] for fact in cell.facts]
    return min(days, default=None)


def _days(ledger: Ledger, first: date, last: date) -> Iterator[date | None]:
    partner, lines = ledger.partner_id, lines_of(ledger)
    for cell in lines.cells.get(partner, ()):
        for each in cell.yields:
            for fact in cell.facts:
                day = DAY_OF[each.rule.fact](fact)
                yield from (day, end_of(each.life, day), each.cut.on if each.cut else None)
    for line in lines.states.get(partner, ()):
        yield from turns_of_state(line, lines.valuation.boundaries, first, last)
    for failure in lines.failures.get(partner, ()):
        yield from (failure.span.start, failure.span.end)
    for reading in lines.readings.get(partner, ()):
        yield from (reading.on, reading.until)
    for dated in ledger.program.requires.values():
        yield from dated.boundaries()
