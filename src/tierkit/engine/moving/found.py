"""What is found of a partner on one day, whether or not the rules have to be walked through to get there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tierkit.engine.measures import Scene
from tierkit.engine.moving.badge import is_chronological
from tierkit.engine.moving.walk import walk
from tierkit.engine.tally import tally_on

if TYPE_CHECKING:
    from datetime import date

    from tierkit.engine.ledger import Ledger
    from tierkit.engine.moving.stop import Stop
    from tierkit.engine.tally import Tally
    from tierkit.engine.verdicts import Holding


def tally_of(ledger: Ledger, on: date) -> Tally:
    """Add up what counts for the ledger's one partner on a day, under whatever program."""
    return _stop_on(ledger, on).tally if is_chronological(ledger.program) else tally_on(ledger, on)


def found_on(ledger: Ledger, on: date) -> tuple[Scene, Holding, Tally]:
    """Give what there is of the ledger's one partner on a day, under whatever program.

    That is the scene in which quantities are found, what the partner has as far as tiers ask for it, and
    what counts.
    """
    if is_chronological(ledger.program):
        stop = _stop_on(ledger, on)
        return stop.scene, stop.holding, stop.tally
    scene = Scene(ledger)
    return scene, scene.holding_on(on), scene.tally(on)


def _stop_on(ledger: Ledger, on: date) -> Stop:
    """Walk to a day, and give what was found there."""
    return walk(ledger, on, (on,)).stops[on]
