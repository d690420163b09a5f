"""An aim: a tier to be reached on a coming day, and whether what is sold brings it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, final

import attrs

from tierkit.engine.figure import exactly, total
from tierkit.engine.ledger import earn
from tierkit.engine.moving.badge import is_chronological
from tierkit.engine.moving.found import found_on
from tierkit.engine.planning.sellable import deals_of
from tierkit.engine.verdicts import verdicts_on
from tierkit.facts.knowledge import bearing_upon, happened_by
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from tierkit.engine.ledger import Ledger
    from tierkit.engine.planning.sellable import PlanPart
    from tierkit.engine.verdicts import Holding
    from tierkit.programs.program import Program
    from tierkit.values.tier import Tier


@final
@attrs.define
class Aim:
    """A tier to be reached on a day, and what the partner has then.

    Attributes:
        ledger: what the partner earned until `on`.
        tier: the tier.
        on: the day from which is looked ahead.
        by: the day on which it is to be reached.
        holding: what the partner has then, if nothing happens.
        unsteady: whether some amounts do not bring the tier once they are carried out, though added up they
            would: what they add hangs on a personal year, on the tier that is held, or on a measure.
    """

    ledger: Ledger
    tier: Tier
    on: date
    by: date
    holding: Holding
    unsteady: bool = False

    def is_reached(self, parts: Sequence[PlanPart], past: Collection[str]) -> bool:
        """Say whether some parts bring the tier, but for the quantities that are looked past.

        What more points bring may be undone by them, where a condition asks for fewer, and by what
        becomes of them where the program does more than add them up: then the parts are carried out.
        """
        summed = self.ledger.program.tracks_by_quantity
        more = {name: sum((part.points[name].fraction for part in parts), Fraction(0)) for name in summed}
        have = {
            name: total((each, exactly(more[name]))) if name in more else each
            for name, each in self.holding.have.items()
        }
        if not self._is_met(past, attrs.evolve(self.holding, have=have)):
            return False
        if _only_adds_up(self.ledger.program):
            return True
        met = self._is_met(past, self._carried_out(parts))
        self.unsteady |= not met
        return met

    def _is_met(self, past: Collection[str], holding: Holding) -> bool:
        return verdicts_on(self.ledger.program, self.by, holding, past=past)[self.tier] is Verdict.MET

    def _carried_out(self, parts: Iterable[PlanPart]) -> Holding:
        partner = self.ledger.partner_id
        deals = deals_of(parts, partner=partner, tier=self.tier, on=self.on, by=self.by)
        book = happened_by(bearing_upon(partner, self.ledger.book), self.on).adding(*deals)
        ledger = earn(book, self.ledger.program, rates=self.ledger.rates).partner(partner)
        _, holding, _ = found_on(ledger, self.by)
        return holding


def _only_adds_up(program: Program) -> bool:
    """Say whether what is sold adds the same to sums whatever there is already, and changes nothing else."""
    return len(program.tracks_by_quantity) == len(program.quantities) and not is_chronological(program)
