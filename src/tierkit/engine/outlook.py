"""A ledger as it stands on a day: without what came later, or with accounts that stay serviced."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from tierkit.engine.earning.events import DAY_OF, Cell
from tierkit.engine.earning.states import lines_of_state
from tierkit.engine.ledger import Ledger, Lines, earn, lines_of
from tierkit.engine.moving.badge import has_tier_rates
from tierkit.engine.moving.posts import tiers_of_any
from tierkit.facts.facts import ManagedAccount, State, partners_of
from tierkit.facts.knowledge import bearing_upon, happened, happened_by

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tierkit.engine.earning.credit import StateFact, StateLine
    from tierkit.engine.earning.states import Tiers
    from tierkit.engine.moving.walk import Walked
    from tierkit.programs.program import Program


def seen_on(ledger: Ledger, on: date) -> Ledger:
    """Give the ledger of the one partner without the facts, and the parts of facts, that came after a day.

    An end that is stated already stays. What the facts until then give is the same on every day, so they
    are earned anew only where a later day took one of them back, and then without those that do not bear
    upon what the partner earns.
    """
    partner, lines, book = ledger.partner_id, lines_of(ledger), ledger.book
    later = (each.reverses for each in book.in_force.reversals if each.on > on)
    if any(partner in partners_of(book[name]) for name in later):
        happened_then = happened_by(bearing_upon(partner, book), on)
        earned = earn(happened_then, ledger.program, rates=ledger.rates)
        return Ledger(happened_then, ledger.program, partner, ledger.rates, lines_of(earned))

    def happened_of(fact: StateFact) -> StateFact | None:
        seen = happened(fact, on)
        return seen if isinstance(seen, ManagedAccount | State) else None

    cells = [cell for each in lines.cells.get(partner, ()) if (cell := _until(each, on)) is not None]
    failures = [
        each
        for each in lines.failures.get(partner, ())
        if (seen := happened(book[each.fact], on)) and partner in partners_of(seen)
    ]
    return _with(
        ledger,
        attrs.evolve(
            lines,
            cells={partner: cells},
            states={partner: _mapped(lines, partner, happened_of)},
            failures={partner: failures},
            readings={partner: [each for each in lines.readings.get(partner, ()) if each.on <= on]},
            held={partner: [each for each in lines.held.get(partner, ()) if each.on <= on]},
        ),
    )


def serviced(ledger: Ledger, on: date) -> Ledger:
    """Give the ledger in which everyone goes on acting for the accounts whose credit is live on a day."""
    lines = lines_of(ledger)
    states = [attrs.evolve(line, serviced_from=on) for line in lines.states.get(ledger.partner_id, ())]
    return _with(ledger, attrs.evolve(lines, states={ledger.partner_id: states}))


def tiers_in(program: Program, walked: Walked) -> Tiers | None:
    """Give what tells the tiers that were held up to the end of a walk; None where they multiply nothing."""
    if not has_tier_rates(program):
        return None
    return tiers_of_any(walked.badges)


def _with(ledger: Ledger, lines: Lines) -> Ledger:
    return Ledger(ledger.book, ledger.program, ledger.partner_id, ledger.rates, lines)


def _mapped(lines: Lines, partner: str, of: Callable[[StateFact], StateFact | None]) -> list[StateLine]:
    """Give the lines of states that are seen otherwise; those of which nothing is left are left out."""
    found: dict[tuple[str, str], None] = {}
    result: list[StateLine] = []
    for line in lines.states.get(partner, ()):
        fact = of(line.fact)
        if fact is line.fact:
            result.append(line)
        elif fact is not None and (fact.id, line.rule.id) not in found:
            found[fact.id, line.rule.id] = None
            result += [
                attrs.evolve(each, rules=line.rules)
                for each in lines_of_state(lines.valuation, [line.rule], fact)
                if each.holder.partner == line.holder.partner
            ]
    return result


def _until(cell: Cell, on: date) -> Cell | None:
    """Give a cell with the facts up to a day; None where there are none."""
    if not cell.yields or cell.days[0] > on:
        return None
    if cell.days[1] <= on:
        kept = cell.facts
    else:
        day_of = DAY_OF[cell.yields[0].rule.fact]
        kept = [fact for fact in cell.facts if day_of(fact) <= on]
    if kept is cell.facts:
        return cell
    return attrs.evolve(cell, facts=kept) if kept else None
