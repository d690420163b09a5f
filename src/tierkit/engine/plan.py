"""A plan: what is missing for a tier on a coming day, in points, in money and in accounts kept alive."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from operator import attrgetter
from typing import TYPE_CHECKING, final

import attrs

from tierkit.engine.earning.telling import joined
from tierkit.engine.judge import Check, Progress, judge
from tierkit.engine.ledger import of_one_partner
from tierkit.engine.moving.badge import has_personal_years
from tierkit.engine.moving.found import found_on
from tierkit.engine.outlook import seen_on
from tierkit.engine.planning.aim import Aim
from tierkit.engine.planning.keeping import KeptAccount, accounts_to_keep
from tierkit.engine.planning.sellable import PlanPart, deals_of, sellable_of
from tierkit.engine.planning.ways import Gate, ways_to
from tierkit.engine.verdicts import units_of
from tierkit.errors import InvalidValue, Problem
from tierkit.facts.checks import FIRST_DAY_OF_SALES, LAST_DAY, checked_years
from tierkit.frozen import FrozenMap, frozen
from tierkit.looks import html_of
from tierkit.programs.measures import POINTS
from tierkit.programs.requirements import Sense, Subject
from tierkit.values.points import Points
from tierkit.values.span import checked_day
from tierkit.values.tier import Tier
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tierkit.engine.ledger import Ledger
    from tierkit.engine.planning.sellable import Sellable
    from tierkit.facts.deal import Deal
    from tierkit.programs.program import Program
    from tierkit.programs.requirements import Condition
    from tierkit.values.currency import Currency
    from tierkit.values.market import Market


@final
@frozen(kw_only=True)
class Plan:
    """What is missing for a tier on a coming day, and what would bring it.

    Attributes:
        program: the id of the program.
        partner: the id of the partner.
        units: what the tracks and measures count that do not count points: "users", the code of a currency.
        tier: the tier.
        on: the day from which is looked ahead; later facts are ignored.
        by: the day on which the tier is to be reached, after what expires until then, under its bars.
        closing: the day on which new deals close.
        progress: the tier's conditions on that day, if nothing happens.
        gates: the conditions on sums of points that are not met, which the plan is to pass.
        waiting: the other conditions that are not met: readings, the partner, other ladders, and quantities
            that are no sum of points. A sale may help with them, or bring them, but the plan does not count
            that.
        options: for each kind and market the least amount that alone brings the tier, but for what is waited
            for; those that cannot are left out. Where a tier can be reached in several ways, that may be by
            other conditions than the gates. Where a rule bounds what a deal gives, it is in as few deals of
            one amount as are enough. What a deal gives whatever its amount, as by the rule's `at-least`, is
            not made use of; and where what counts hangs on the tier that is held, or on what is no sum, or
            where too much of something is asked against, each was tried: it is enough, but less might be too.
        mix: the least amount in all, of the kinds and markets that can be sold, but for the rounding of each
            deal; empty where nothing is missing, or nothing that can be sold helps.
        binding: the quantities whose gates decide how much that is.
        keep: the accounts to keep alive that pass the gates by themselves, those with most points first.
        kept_enough: whether keeping them is enough; if not, they are all that there are.
        problems: the facts that could not be valued and would count on that day: with them something else
            may be missing.
        note: why there is no plan, where there is none; why quantities are among what is waited for.
    """

    program: str
    partner: str
    units: FrozenMap[str]
    tier: Tier
    on: date
    by: date
    closing: date
    progress: Progress
    gates: tuple[Check, ...]
    waiting: tuple[Check, ...]
    options: tuple[PlanPart, ...]
    mix: tuple[PlanPart, ...]
    binding: tuple[str, ...]
    keep: tuple[KeptAccount, ...]
    kept_enough: bool
    problems: tuple[Problem, ...]
    note: str

    def _repr_html_(self) -> str:
        return html_of(self)

    def deals(self, parts: Iterable[PlanPart] | None = None) -> tuple[Deal, ...]:
        """Give the mix, or some other parts, as the deals that would carry it out: for `book.adding`.

        Their ids name the plan, its tier and its two days, as in
        "plan/northwind/diamond/2026-11-23/2026-12-15/1", so that they meet none of a book's own, nor those
        of another plan. A book that has such a deal already refuses another one in its place by that name.
        """
        parts = self.mix if parts is None else parts
        return deals_of(parts, partner=self.partner, tier=self.tier, on=self.on, by=self.by)


def plan(
    ledger: Ledger,
    *,
    tier: str | Tier,
    on: date,
    by: date,
    closing: date | None = None,
    currency: Currency | str | None = None,
    markets: Iterable[Market | str] = (),
    kinds: Iterable[str] = (),
    partner: str | None = None,
) -> Plan:
    """Say what is missing for a tier on a coming day, and what would bring it.

    Args:
        ledger: what the book earned.
        tier: the tier, or its id.
        on: the day from which is looked ahead; what happened later is ignored.
        by: the day on which the tier is to be reached.
        closing: the day on which new deals close; `by` where it is left out. Where points are pending at
            first, say an earlier day.
        currency: the currency of the amounts; where it is left out, that of most of the partner's deals. A
            program that has no rules for deals needs none.
        markets: where the partner can sell; where it is left out, one market of each group that multiplies
            points, and one of none: those in which the partner sold most, or is itself. Where none can be
            told so and no rule asks for one, the market is left open.
        kinds: what the partner can sell; where it is left out, every kind of deal that the program knows.
        partner: whose plan; needed only where the ledger has several partners.

    Raises:
        NotCovered: the program is not in force on that day.
        NotValued: the program does not value the currency on the day on which new deals close.
        UnknownName: the program has no such tier or kind of deal, or the ledger no such partner.
        InvalidValue: a day is outside of 1900 to 2100;
            the days are not in the order on, closing, by, or no deal can close then, as after
            2100; no currency, or no market that a rule asks for, was given and the book has no deals to tell
            one; or the ledger has several partners, or none, and none was named.
        WrongType: `markets` or `kinds` is a single text instead of a list.
    """
    closing = by if closing is None else closing
    _check_days(on, closing, by)
    program, ledger = ledger.program, seen_on(of_one_partner(ledger, partner, "plan"), on)
    program.refuse_days_not_in_force(by, "by")
    wanted = program.tier(tier)
    sellable = sellable_of(ledger, kinds=kinds, markets=markets, currency=currency, closing=closing, by=by)
    _, holding, tally = found_on(ledger, by)
    progress = next(each for each in judge(program, by, holding) if each.tier == wanted)
    ways, note = _ways(program, progress, by)
    aim = Aim(ledger, wanted, on, by, holding)
    best = _cheapest(ways, sellable, aim)
    way, mix = best.way, best.mix
    asked = [_gate(check) for check in way.gates]
    keep, enough = accounts_to_keep(ledger, on, by, asked)
    kept_enough = enough and not note
    if asked and not mix:
        note = _note(way, sellable, aim)
    return Plan(
        program=program.id,
        partner=ledger.partner_id,
        units=units_of(program),
        tier=wanted,
        on=on,
        by=by,
        closing=closing,
        progress=progress,
        gates=way.gates,
        waiting=way.waiting,
        options=best.options,
        mix=mix,
        binding=mix[0].binding if mix else (),
        keep=keep,
        kept_enough=kept_enough,
        problems=tuple(tally.problems),
        note=joined(note, *(_why_waiting(program, check) for check in way.waiting)),
    )


def _check_days(on: date, closing: date, by: date) -> None:
    for name, day in (("on", on), ("by", by), ("closing", closing)):
        checked_day(day, where=f"plan: {name}")
    if not on <= closing <= by:
        found, expected = f"on {on}, closing {closing}, by {by}", "days in the order on, closing, by"
        raise InvalidValue(Problem("plan", "on, closing, by", found, expected))
    if not FIRST_DAY_OF_SALES <= closing <= LAST_DAY:
        expected = f"a day from {FIRST_DAY_OF_SALES.year} to {LAST_DAY.year}"
        raise InvalidValue(Problem("plan", "closing", str(closing), expected, "mend the year"))
    checked_years(on, "plan: on")
    checked_years(by, "plan: by")


@final
@attrs.define(frozen=True)
class _Way:
    """Conditions that would bring the tier, met together: those on points, and those that are waited for."""

    gates: tuple[Check, ...]
    waiting: tuple[Check, ...]


def _note(way: _Way, sellable: Sellable | None, aim: Aim) -> str:
    """Say why there is no mix."""
    if sellable is None:
        return "there is nothing to sell: the program has no rules for deals"
    why = sellable.why_not({check.name: _gate(check) for check in way.gates})
    if not why and aim.unsteady:
        years = has_personal_years(aim.ledger.program)
        why = f"what a deal adds hangs on {'the personal year' if years else 'more than its amount'}"
    return "nothing that can be sold passes every gate" + (f": {why}" if why else "")


def _why_waiting(program: Program, check: Check) -> str:
    """Say why no amount is found for a quantity; nothing of what is no quantity, and so nothing to sell."""
    if check.quantity not in program.quantities or isinstance(check.need, str):
        return ""
    unit = program.unit(check.quantity)
    why = f"it counts {unit}" if unit not in ("", POINTS) else "it is computed otherwise"
    return f"of {check.name} no amount can be planned: it is no sum of points, as {why}"


def _ways(program: Program, progress: Progress, by: date) -> tuple[list[_Way], str]:
    """Give the ways to a tier; where there is none, one without gates, and why there is none."""
    period = program.requires[progress.tier.id].at(by) if progress.tier.id in program.requires else None
    if period is None:
        return [_Way((), ())], progress.note
    # The checks of other days come after them.
    by_condition = dict(zip(period.value.conditions(), progress.checks, strict=False))
    verdicts = {each: check.verdict for each, check in by_condition.items() if check.verdict is not None}
    ways = ways_to(period.value, verdicts)
    gates = [each for each in by_condition if _is_gate(each, program)]
    unknown = [each for each in gates if by_condition[each].missing is None]
    found = [
        _Way(
            gates=tuple(by_condition[each] for each in way if each in gates),
            waiting=tuple(by_condition[each] for each in way if each not in gates),
        )
        for way in ways
        if not set(way) & set(unknown)
    ]
    if found:
        return found, ""
    others = (each for each, verdict in verdicts.items() if verdict is not Verdict.MET)
    none = _Way((), tuple(by_condition[each] for each in others if each not in gates))
    if not ways:
        return [none], "no amount can be planned: the tier asks that some condition is not met"
    why = program.bars_note(by) or "a fact that could not be valued may take points away"
    names = ", ".join(by_condition[each].name for each in unknown)
    return [none], f"what is missing of {names} is not known: {why}"


@final
@attrs.define(frozen=True)
class _Gone:
    """What brings a way: what alone does, and the mix of least amount."""

    way: _Way
    options: tuple[PlanPart, ...]
    mix: tuple[PlanPart, ...]

    @property
    def order(self) -> tuple[bool, int, int]:
        """The readings that a way waits for are not for sale: of those that can be gone, the fewest."""
        return bool(self.way.gates and not self.mix), len(self.way.waiting), _amount(self.mix)


def _cheapest(ways: Iterable[_Way], sellable: Sellable | None, aim: Aim) -> _Gone:
    """Choose among ways, with what alone would bring the tier by that way or by another."""
    found = [_gone(way, sellable, aim) for way in ways]
    best = min(found, key=attrgetter("order"))
    alone: dict[tuple[str, Market | None], PlanPart] = {}
    for each in found:
        if all(check in best.way.waiting for check in each.way.waiting):
            for part in each.options:
                sort = part.kind, part.market
                alone[sort] = min(alone.get(sort, part), part, key=lambda one: _amount([one]))
    sorts = sellable.sorts if sellable else ()
    return attrs.evolve(best, options=tuple(alone[sort] for sort in dict.fromkeys(sorts) if sort in alone))


def _gone(way: _Way, sellable: Sellable | None, aim: Aim) -> _Gone:
    gates, past = [_gate(check) for check in way.gates], [check.quantity for check in way.waiting]
    alone, together = (sellable.options(gates), sellable.mix(gates)) if sellable else ((), [])
    options = [part for part in alone if aim.is_reached([part], past)]
    mixes = [together, *([part] for part in options)]
    mixes = [mix for mix in mixes if mix and aim.is_reached(mix, past)]
    return _Gone(way, tuple(options), tuple(min(mixes, key=_amount)) if mixes else ())


def _amount(parts: Iterable[PlanPart]) -> int:
    return sum(part.deals * part.mrr.minor for part in parts)


def _is_gate(condition: Condition, program: Program) -> bool:
    """Say whether a condition is about a sum of points, which sales add to."""
    summed = condition.subject is Subject.MEASURE and condition.quantity in program.tracks_by_quantity
    return summed and program.unit(condition.quantity) == POINTS


def _gate(check: Check) -> Gate:
    missing = check.missing.fraction if isinstance(check.missing, Points) else Fraction(0)
    return Gate(check.quantity, missing, passed=check.comparison is Sense.ABOVE)
