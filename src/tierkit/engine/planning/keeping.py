"""Accounts to keep alive: those that lapse before a day, and how many of them pass some gates."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias, final

from tierkit.engine.earning.states import Worth, worth_on
from tierkit.engine.ledger import lines_of
from tierkit.engine.moving.badge import is_chronological
from tierkit.engine.moving.walk import walk
from tierkit.engine.outlook import serviced, tiers_in
from tierkit.engine.tally import by_measure
from tierkit.frozen import FrozenMap, frozen
from tierkit.values.points import Points

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tierkit.engine.ledger import Ledger
    from tierkit.engine.planning.ways import Gate

_NONE = Fraction(0)
_Tracks: TypeAlias = dict[str, Fraction]


@final
@frozen(kw_only=True)
class KeptAccount:
    """A managed account that gives more on the day if it stays serviced, by all who share it until then.

    Attributes:
        account: the id of the account.
        customer: its customer.
        points: the points that it then gives more, by each track and measure that adds tracks up.
    """

    account: str
    customer: str
    points: FrozenMap[Points]


def accounts_to_keep(
    ledger: Ledger, on: date, by: date, gates: Sequence[Gate]
) -> tuple[tuple[KeptAccount, ...], bool]:
    """Give accounts that pass the gates if they stay serviced, those with most points first.

    Returns:
        The accounts, and whether they pass the gates; where they do not, all that help with any of them.
    """
    if not gates:
        return (), True
    summed = ledger.program.tracks_by_quantity
    asked = {gate.quantity: summed[gate.quantity] for gate in gates}
    gained = _gained(ledger, on, by)
    gives = {account: _summed(asked, tracks) for account, tracks in gained.items()}
    helping = [account for account, its in gives.items() if any(each > 0 for each in its.values())]
    helping.sort(key=lambda account: (-sum(gives[account].values()), account))
    needed: list[tuple[str, str]] = []
    have = dict.fromkeys(asked, _NONE)
    for account in helping:
        its = gives[account]
        if any(its[gate.quantity] > 0 and not gate.is_passed(have[gate.quantity]) for gate in gates):
            needed.append(account)
            have = {quantity: points + its[quantity] for quantity, points in have.items()}
    enough = all(gate.is_passed(have[gate.quantity]) for gate in gates)
    kept = tuple(
        KeptAccount(account=account, customer=customer, points=by_measure(summed, gained[account, customer]))
        for account, customer in (needed if enough else helping)
    )
    return kept, enough


def _summed(asked: dict[str, tuple[str, ...]], tracks: _Tracks) -> _Tracks:
    return {
        name: sum((tracks[track] for track in of if track in tracks), _NONE) for name, of in asked.items()
    }


def _gained(ledger: Ledger, on: date, by: date) -> dict[tuple[str, str], _Tracks]:
    """Give the points that each account gives more on a day, by track, if it stays serviced."""
    program, partner, valuation = ledger.program, ledger.partner_id, lines_of(ledger).valuation
    gained: dict[tuple[str, str], _Tracks] = {}
    for side, sign in ((serviced(ledger, on), 1), (ledger, -1)):
        tiers = tiers_in(program, walk(side, by)) if is_chronological(program) else None
        for line in lines_of(side).states.get(partner, ()):
            worth = worth_on(valuation, line, by, tiers and tiers[0])
            if isinstance(worth, Worth):
                tracks = gained.setdefault((line.fact.id, line.fact.customer), {})
                tracks[line.rule.track] = tracks.get(line.rule.track, _NONE) + sign * worth.points
    return gained
