"""What deals give by their amount, where a rule bounds or rounds each one, and the least deals that do."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, lcm
from typing import TYPE_CHECKING, NamedTuple, final

import attrs

from tierkit.engine.planning.ways import least_of, whole_units

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tierkit.engine.earning.bounds import Bounds
    from tierkit.engine.planning.ways import Gate

MOST_DEALS = 1000
"""How many deals of one amount a plan may ask for."""


def _said(bounds: Bounds) -> tuple[object, ...]:
    return bounds.least, bounds.most, bounds.round


@final
@attrs.define(frozen=True)
class Term:
    """What one deal gives under one rule.

    Attributes:
        track: the track that it goes to.
        each: the points that each unit of its amount gives, before any bound.
        flat: the points that it gives whatever its amount, before any bound.
        bounds: the least and the most that one deal gives, and how its points are rounded.
    """

    track: str
    each: Fraction
    flat: Fraction
    bounds: Bounds = attrs.field(eq=_said)

    def points(self, units: int) -> Fraction:
        """Give the points of a deal of so many units."""
        return Fraction(self.bounds.number(self.flat + units * self.each, 1))

    def earned(self, units: int | Fraction) -> Fraction:
        """Give the points that its amount is the reason for: no least, which any deal gives."""
        return Fraction(attrs.evolve(self.bounds, least=None).number(units * self.each, 1))

    @property
    def most(self) -> Fraction | None:
        """The most that it earns, however large it is; None where more is always more."""
        most = self.bounds.most
        return None if most is None or not self.each else self.earned(most.value / self.each)


@final
class Offer:
    """What one deal of a kind in a market gives, by its amount.

    Args:
        terms: what it gives under each rule.
        summed: the tracks that each track, and each measure that adds tracks up, counts.

    Attributes:
        terms: what it gives under each rule.
        each: the points that each unit earns before any bound; zero where no amount earns any.
        most: the points that one deal earns at most; None where a larger one earns more.
        grain: of what its points are multiples.
    """

    def __init__(self, terms: Sequence[Term], summed: Mapping[str, Sequence[str]]) -> None:
        self.terms: tuple[Term, ...] = tuple(terms)
        self._earning = {
            name: [
                each for track in of for each in terms if each.track == track and each.each and each.most != 0
            ]
            for name, of in summed.items()
        }
        self.each: dict[str, Fraction] = {}
        self.most: dict[str, Fraction | None] = {}
        self.grain: dict[str, Fraction] = {}
        for name, earning in self._earning.items():
            most = [each.most for each in earning if each.most is not None]
            self.each[name] = sum((each.each for each in earning), Fraction(0))
            self.most[name] = sum(most, Fraction(0)) if len(most) == len(earning) else None
            self.grain[name] = Fraction(
                1, lcm(*(number.denominator for each in earning for number in _grains(each)))
            )

    @property
    def is_bounded(self) -> bool:
        """Whether a larger deal may give less for each unit than a smaller one, or more."""
        return any(each.bounds.most or each.bounds.round for each in self.terms)

    def earned(self, quantity: str, units: int) -> Fraction:
        """Give the points of a quantity that a deal of so many units earns by its amount."""
        return sum((each.earned(units) for each in self._earning[quantity]), Fraction(0))

    def tracks(self, units: int) -> dict[str, Fraction]:
        """Give all points of a deal of so many units, by track."""
        found: dict[str, Fraction] = {}
        for each in self.terms:
            found[each.track] = found.get(each.track, Fraction(0)) + each.points(units)
        return found


def _grains(term: Term) -> list[Fraction]:
    """Give numbers of which what a term earns is a multiple, or a sum of multiples."""
    said = term.bounds
    return [
        term.each,
        *([said.most.value] if said.most else []),
        *([said.round.value.to] if said.round else []),
    ]


@final
class Lot(NamedTuple):
    """So many deals of one offer, by its place, each of so many units."""

    place: int
    deals: int
    units: int


def least_deals(gates: Sequence[Gate], offers: Sequence[Offer]) -> tuple[list[Lot], tuple[str, ...]] | None:
    """Find the deals of least amount that pass every gate together, of each offer as few as do.

    The deals of one offer have the same amount. The sum is the least that there is but for the rounding of
    each of them, to whole units and by its rule.

    Returns:
        The deals, and the quantities of the gates that decide on them; None where no deals pass every gate,
        or it takes too many.
    """
    gates = [gate.reached([offer.grain for offer in offers]) for gate in gates]
    rates = [offer.each for offer in offers]
    least = least_of(gates, rates)
    if least is None:
        return None
    if any(offers[place].is_bounded for place in least.units):
        lots = _bounded(gates, offers, least.units)
    else:
        lots = [Lot(place, 1, units) for place, units in whole_units(gates, rates, least).items()]
    deciding = tuple(gate.quantity for gate in least.deciding)
    return None if lots is None else ([lot for lot in lots if lot.units], deciding)


def _bounded(
    gates: Sequence[Gate], offers: Sequence[Offer], units: Mapping[int, Fraction]
) -> list[Lot] | None:
    """Give deals that pass every gate, in the proportion of some units; None where it takes too many."""
    lots: list[Lot] = []
    for place in units:
        needs: list[Gate] = []
        for gate in gates:
            given = {each: offers[each].each[gate.quantity] * units[each] for each in units}
            if given[place]:
                missing = gate.missing * given[place] / sum(given.values())
                needs.append(attrs.evolve(gate, missing=missing))
        mosts = [(need.missing, offers[place].most[need.quantity]) for need in needs]
        deals = max((ceil(missing / most) for missing, most in mosts if most is not None), default=1)
        if deals > MOST_DEALS:
            return None
        lots.append(_least(Lot(place, deals, 0), needs, offers, ()))
    for at, lot in enumerate(lots):  # what one gives too much by rounding, the others need not
        lots[at] = _least(lot, gates, offers, [*lots[:at], *lots[at + 1 :]])
    return lots


def _least(lot: Lot, gates: Sequence[Gate], offers: Sequence[Offer], others: Sequence[Lot]) -> Lot:
    """Find the least amount of as many deals that pass every gate with others; a larger one always does."""

    def is_enough(units: int) -> bool:
        lots = (*others, lot._replace(units=units))
        return all(
            sum(each.deals * offers[each.place].earned(gate.quantity, each.units) for each in lots)
            >= gate.missing
            for gate in gates
        )

    low, high = -1, 0
    while not is_enough(high):
        low, high = high, max(1, high * 2)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return lot._replace(units=high)
