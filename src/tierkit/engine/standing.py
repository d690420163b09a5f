"""A standing: what one partner has on one day, by whose bars, and what is missing."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, final

import attrs

from tierkit.engine.earning.entry import Entry
from tierkit.engine.judge import Progress, best_of, judge, judge_ladder, reached, toward
from tierkit.engine.ledger import of_one_partner, refuse_ledger
from tierkit.engine.moving.found import found_on
from tierkit.engine.moving.posts import entries_until
from tierkit.engine.tally import by_measure
from tierkit.engine.verdicts import ReachedTier, units_of
from tierkit.engine.workings import workings_on
from tierkit.errors import Problem, one_named
from tierkit.facts.checks import checked_years
from tierkit.frozen import FrozenMap, fields_of, frozen
from tierkit.looks import html_of
from tierkit.programs.measures import POINTS
from tierkit.values.points import Points
from tierkit.values.reason import Reason
from tierkit.values.tier import Tier

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tierkit.engine.ledger import Ledger
    from tierkit.programs.program import Program


@final
@attrs.define(frozen=True, eq=False)
class LateEntries:
    """The entries of a standing, made when someone asks for them."""

    ledger: Ledger
    on: date

    def made(self) -> tuple[Entry, ...]:
        """Make the entries that had begun by the day."""
        return entries_until(self.ledger, self.on)


def _made(entries: LateEntries | tuple[Entry, ...]) -> tuple[Entry, ...]:
    return entries.made() if isinstance(entries, LateEntries) else entries


@final
@frozen
class CustomerPoints:
    """What counts of one customer on a day.

    Attributes:
        customer: the customer.
        points: the live points by track, and by each measure that adds tracks up, exact; `Standing.units`
            says what those count that do not count points.
        active: the entries that count on the day.
        expired: those that counted before it and no longer do.
    """

    customer: str
    points: FrozenMap[Points]
    active: tuple[Entry, ...]
    expired: tuple[Entry, ...]


@final
@frozen(kw_only=True)
class Standing:
    """What one partner has on one day, which tier that reaches, and what is missing for the others.

    Attributes:
        program: the id of the program.
        partner: the id of the partner.
        on: the day.
        points: the points by track and measure, exact.
        figures: the tracks and measures that count something else, exact: users, a share, an amount in
            the currency that is their unit. None where nothing of it is known, as a ratio over zero.
        units: what each of those counts: "users", "%", the code of a currency; "" for a bare number.
        at_least: the tracks and measures that are only known to be at least so much, because a fact
            that would feed them could not be valued.
        unsure: the tracks and measures that are no bound either way, because such a fact might also take
            points away.
        performance_tier: the highest tier whose requirements are all met; None below the lowest;
            `Verdict.UNKNOWN` where no tier is known to be met and one may be.
        possible_tier: the highest tier above it that is unknown for want of a reading or a value.
        tiers: every tier with its conditions, from the lowest rank to the highest.
        ladders: the tier reached in each of the program's other ladders, by the ladder's id.
        other_tiers: every tier of those ladders with its conditions.
        workings: why each measure that is no sum of tracks is what it is; of those of which nothing is
            known there is none.
        problems: the facts that could not be valued and would count on the day.
        undeclared: what the partner's facts name and the program does not declare.
        note: what a reader of the tier should know: for which days bars are known, where these are not.
        measures: the tracks that each track, and each measure that is a sum of tracks, adds up.
    """

    program: str
    partner: str
    on: date
    points: FrozenMap[Points]
    figures: FrozenMap[Fraction | None]
    units: FrozenMap[str]
    at_least: tuple[str, ...]
    unsure: tuple[str, ...]
    performance_tier: ReachedTier
    possible_tier: Tier | None
    tiers: tuple[Progress, ...]
    ladders: FrozenMap[ReachedTier]
    other_tiers: tuple[Progress, ...]
    workings: FrozenMap[Reason]
    problems: tuple[Problem, ...]
    undeclared: tuple[Problem, ...]
    note: str
    measures: FrozenMap[tuple[str, ...]] = attrs.field(repr=False)
    made_from: LateEntries | tuple[Entry, ...] = attrs.field(repr=False, eq=_made, alias="entries")

    def __reduce__(self) -> tuple[object, tuple[dict[str, object]]]:
        fields = {name: getattr(self, name) for name in fields_of(Standing)}
        fields["entries"] = _made(fields.pop("made_from"))
        return _standing, (fields,)

    def _repr_html_(self) -> str:
        return html_of(self)

    def __getitem__(self, quantity: str) -> Points:
        """Give the points of a track or measure.

        Raises:
            UnknownName: the program has none of that name that counts points; `figures` has the others.
        """
        return one_named(self.program, "measure", quantity, self.points)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries that had begun by the day, those that have ended too, with their reasons."""
        return _made(self.made_from)

    def toward(self, tier: str | Tier) -> Progress:
        """Say what is there and what is missing for a tier: have, need and missing of each requirement.

        Raises:
            UnknownName: the program has no such tier.
        """
        return toward((*self.tiers, *self.other_tiers), tier, self.program)

    def customers(self, *, kind: str | None = None, group: str | None = None) -> tuple[CustomerPoints, ...]:
        """Break down by customer what counts: those with most points first.

        Nothing is added to what counts in another unit: among customers with as many points those come
        first who have most of the next unit that tracks count, such as users, and so on.

        Args:
            kind: only what came from this kind of deal or type of fact, or from "account".
            group: only what a group of markets multiplied, such as "growth"; "" for what none did.
        """
        active: dict[str, list[Entry]] = {}
        expired: dict[str, list[Entry]] = {}
        for entry in self.entries:
            if kind in (None, entry.kind) and group in (None, entry.group):
                side = active if self.on in entry.span else expired
                side.setdefault(entry.customer, []).append(entry)
        found = [
            CustomerPoints(
                customer,
                by_measure(self.measures, _by_track(active.get(customer, ()))),
                tuple(active.get(customer, ())),
                tuple(expired.get(customer, ())),
            )
            for customer in {*active, *expired}
        ]
        found.sort(key=lambda each: ([-each_sum for each_sum in self._by_unit(each.points)], each.customer))
        return tuple(found)

    def _by_unit(self, points: FrozenMap[Points]) -> list[Fraction]:
        """Add up what tracks give, unit by unit: points first, the others in the order of the tracks."""
        sums = {POINTS: Fraction(0)}
        for track, of in self.measures.items():
            if of == (track,):
                unit = self.units.get(track, POINTS)
                sums[unit] = sums.get(unit, Fraction(0)) + points[track].fraction
        return list(sums.values())


def _standing(fields: dict[str, object]) -> Standing:
    return Standing(**fields)  # type: ignore[arg-type]


def points_by_measure(program: Program, entries: Iterable[Entry]) -> FrozenMap[Points]:
    """Add up entries by every track and measure of a program."""
    return by_measure(program.tracks_by_quantity, _by_track(entries))


def _by_track(entries: Iterable[Entry]) -> dict[str, Fraction]:
    tracks: dict[str, Fraction] = {}
    for entry in entries:
        tracks[entry.track] = tracks.get(entry.track, Fraction(0)) + entry.points.fraction
    return tracks


def assess(ledger: Ledger, *, on: date, partner: str | None = None) -> Standing:
    """Say what a partner has on a day, which tier that reaches, and what is missing for every tier.

    Args:
        ledger: what the book earned.
        on: the day.
        partner: whose standing; needed only where the ledger has several partners.

    Raises:
        NotCovered: the program is not in force on that day.
        UnknownName: the ledger has no such partner.
        InvalidValue: a day is outside of 1900 to 2100;
            the ledger has several partners, or none, and none was named.
    """
    refuse_ledger(ledger, "assess")
    checked_years(on, "assess: on")
    program = ledger.program
    program.refuse_days_not_in_force(on)
    ledger = of_one_partner(ledger, partner, "assess")
    scene, holding, tally = found_on(ledger, on)
    tiers = judge(program, on, holding)
    best, possible = reached(program, on, tiers)
    others = {ladder: judge_ladder(program, ladder, on, holding) for ladder in program.ladders}
    return Standing(
        program=program.id,
        partner=ledger.partner_id,
        on=on,
        points=holding.points,
        figures=holding.figures,
        units=units_of(program),
        at_least=holding.at_least,
        unsure=holding.unsure,
        performance_tier=best,
        possible_tier=possible,
        tiers=tiers,
        ladders=FrozenMap({ladder: best_of(progress) for ladder, progress in others.items()}),
        other_tiers=tuple(each for progress in others.values() for each in progress),
        workings=workings_on(scene, on),
        problems=tuple(tally.problems),
        undeclared=ledger.undeclared,
        note=program.bars_note(on),
        measures=program.tracks_by_quantity,
        entries=LateEntries(ledger, on),
    )
