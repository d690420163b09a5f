"""The days on which what a partner has, or what tiers ask, may change."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, cast, final

from tierkit.engine.earning.events import DAY_OF
from tierkit.engine.earning.life import begin_of, end_of
from tierkit.engine.earning.states import turns_of_state
from tierkit.engine.ledger import lines_of
from tierkit.engine.moving.review_days import reached_back_on
from tierkit.programs.measures import Earlier, OnlyIf, Over, operands_of
from tierkit.programs.requirements import Sense, Subject
from tierkit.values.calendar import stretch_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tierkit.engine.ledger import Ledger
    from tierkit.programs.program import Program
    from tierkit.programs.requirements import Condition
    from tierkit.values.calendar import Stretch


def turning_days(ledger: Ledger, first: date, last: date) -> list[date]:
    """Give the days from one to another, both in, on which anything about the ledger's one partner turns.

    What a measure asks about an earlier day turns as much later, and what it makes of stretches of the
    calendar turns where one begins. What hangs on the tier that is held turns with that, and is not here.
    """
    program = ledger.program
    looks_back = any(isinstance(measure.by, Earlier) for measure in program.measures.values())
    found = _days(ledger, type(first).min if looks_back else first, last)
    turns = _Turns(program, {day for day in found if day is not None}, first, last)
    every = chain(turns.base, *(turns.of(name) for name in program.measures))
    return sorted({day for day in every if first <= day <= last})


def first_day_of(ledger: Ledger) -> date | None:
    """Give the first day of which the facts of the ledger's one partner tell; None where there are none."""
    partner, lines = ledger.partner_id, lines_of(ledger)
    days = [line.first_day for line in lines.states.get(partner, ())]
    days += [reading.on for reading in lines.readings.get(partner, ())]
    days += [failure.span.start for failure in lines.failures.get(partner, ()) if failure.span.start]
    first = min(days, default=None)
    for cell in lines.cells.get(partner, ()):
        if cell.yields and (first is None or cell.days[0] < first):  # else all of it came later
            happened = map(DAY_OF[cell.yields[0].rule.fact], cell.facts)
            first = min(chain(happened, () if first is None else (first,)), default=None)
    return first


@final
class _Turns:
    """The days on which measures turn, where facts, readings and bars do on some days."""

    def __init__(self, program: Program, base: set[date], first: date, last: date) -> None:
        self.base = base
        self._program = program
        self._first = min(base, default=first)
        self._last = last
        self._found: dict[str, set[date]] = {}

    def of(self, name: str) -> set[date]:
        """Give the days on which a quantity or a reading turns."""
        measure = self._program.measures.get(name)
        if measure is None:
            return self.base
        if name not in self._found:
            by = measure.by
            names = [*operands_of(by)]
            if isinstance(by, OnlyIf):
                asked = by.requires.conditions()
                names += [each.quantity for each in asked if each.subject is Subject.MEASURE]
            found = set(chain.from_iterable(map(self.of, names)))
            if isinstance(by, Earlier):
                found = self._earlier(by, found)
            elif isinstance(by, Over):
                found |= set(self._starts(by.each))
            self._found[name] = found
        return self._found[name]

    def _earlier(self, by: Earlier, of: set[date]) -> set[date]:
        if by.stretch is not None:
            return set(self._starts(by.stretch))
        later = (reached_back_on(turn, by.months, by.days) for turn in of if turn <= self._last)
        return {day for day in later if day <= self._last}

    def _starts(self, stretch: Stretch) -> Iterator[date]:
        """Give the first day of every stretch of the calendar that begins while anything may turn."""
        day = self._first
        while day <= self._last:
            yield day
            day = cast("date", stretch_of(stretch, day, self._program.year_from).end)


def _days(ledger: Ledger, first: date, last: date) -> Iterator[date | None]:
    partner, lines, program = ledger.partner_id, lines_of(ledger), ledger.program
    for cell in lines.cells.get(partner, ()):
        for each in cell.yields:
            for fact in cell.facts:
                day = DAY_OF[each.rule.fact](fact)
                yield from (day, begin_of(each.life, day), end_of(each.life, day, program.year_from))
                yield each.cut.on if each.cut else None
    for line in lines.states.get(partner, ()):
        yield from turns_of_state(line, lines.valuation.boundaries, first, last)
    for failure in lines.failures.get(partner, ()):
        yield from (failure.span.start, failure.span.end)
    for reading in lines.readings.get(partner, ()):
        yield from (reading.on, reading.until)
    for dated in (*program.requires.values(), *program.keeps.values()):
        yield from dated.boundaries()
    for group in {each.bar for each in _conditions(program) if each.comparison is Sense.IN_GROUP}:
        for member in program.groups[str(group)].members.values():
            yield from member.boundaries()


def _conditions(program: Program) -> Iterator[Condition]:
    for dated in (*program.requires.values(), *program.keeps.values()):
        for period in dated:
            yield from period.value.conditions()
    for measure in program.measures.values():
        if isinstance(measure.by, OnlyIf):
            yield from measure.by.requires.conditions()
