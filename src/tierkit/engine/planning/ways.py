"""Ways to a tier: which gates would have to be passed, and the least amounts that pass them."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, islice, product
from math import ceil, floor, lcm
from typing import TYPE_CHECKING, final

import attrs

from tierkit.engine.verdicts import verdict_of
from tierkit.programs.requirements import Condition, Junction
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tierkit.programs.requirements import Requirement

MOST_WAYS = 200
"""How many ways through a tree of requirements are looked at."""


@final
@attrs.define(frozen=True)
class Gate:
    """So many points of some quantity that are missing.

    Attributes:
        quantity: the track or measure.
        missing: how many points.
        passed: whether they must be passed, as the bar is "above"; else reached.
    """

    quantity: str
    missing: Fraction
    passed: bool

    def is_passed(self, points: Fraction) -> bool:
        """Say whether so many points are enough."""
        return points > self.missing if self.passed else points >= self.missing

    def reached(self, gives: Iterable[Mapping[str, Fraction]]) -> Gate:
        """Give the gate to reach that whole units pass just where they pass this one.

        What they give is a multiple of a fraction: what is more than is missing is more by one at least.
        """
        if not self.passed:
            return self
        each = [of.get(self.quantity, Fraction(0)).denominator for of in gives]
        return Gate(
            self.quantity, self.missing + Fraction(1, lcm(self.missing.denominator, *each)), passed=False
        )


def ways_to(requirement: Requirement, verdicts: Mapping[Condition, Verdict]) -> list[tuple[Condition, ...]]:
    """Give the sets of conditions that are not met each of which would be enough, met together.

    The smallest come first, at most 200. What no points make true has none.
    """
    found = {frozenset(way): None for way in islice(_ways(requirement, verdicts), MOST_WAYS)}
    least = [way for way in found if not any(other < way for other in found)]
    order = {condition: place for place, condition in enumerate(requirement.conditions())}
    return sorted((tuple(sorted(way, key=order.__getitem__)) for way in least), key=len)


def _ways(requirement: Requirement, verdicts: Mapping[Condition, Verdict]) -> Iterator[tuple[Condition, ...]]:
    if isinstance(requirement, Condition):
        yield () if verdicts[requirement] is Verdict.MET else (requirement,)
        return
    if requirement.junction is Junction.NOT:
        if verdict_of(requirement, verdicts.__getitem__) is Verdict.MET:
            yield ()
        return
    found = (list(islice(_ways(part, verdicts), MOST_WAYS)) for part in requirement.parts)
    parts = sorted(filter(None, found), key=lambda ways: min(map(len, ways)))  # each of them can be gone
    asked = {Junction.ANY: 1, Junction.AT_LEAST: requirement.least}
    for chosen in combinations(parts, asked.get(requirement.junction, len(requirement.parts))):
        for together in product(*chosen):
            yield tuple(condition for way in together for condition in way)


@final
@attrs.define(frozen=True)
class Least:
    """The least amounts, in fractions of units, that pass some gates together.

    Attributes:
        units: the units of each kind that is needed, by its place.
        deciding: the gates that decide on them.
    """

    units: dict[int, Fraction]
    deciding: tuple[Gate, ...]


def least_of(gates: Sequence[Gate], gives: Sequence[Mapping[str, Fraction]]) -> Least | None:
    """Find the least amounts of several kinds that pass every gate together; None where none do.

    Args:
        gates: what is to be reached.
        gives: for each kind the points that one unit gives, by track and measure.
    """
    best: Least | None = None
    for size in range(min(len(gates), len(gives)) + 1):
        for kinds in combinations(range(len(gives)), size):
            for tight in combinations(gates, size):
                units = _solved(
                    [[gives[kind].get(gate.quantity, Fraction(0)) for kind in kinds] for gate in tight],
                    [gate.missing for gate in tight],
                )
                if units is None or min(units, default=Fraction(0)) < 0:
                    continue
                if all(_given(gate, kinds, units, gives) >= gate.missing for gate in gates) and (
                    best is None or sum(units, Fraction(0)) < sum(best.units.values(), Fraction(0))
                ):
                    best = Least(dict(zip(kinds, units, strict=True)), tight)
    return best


def _given(
    gate: Gate, kinds: Sequence[int], units: Sequence[Fraction | int], gives: Sequence[Mapping[str, Fraction]]
) -> Fraction:
    return sum(
        (
            gives[kind].get(gate.quantity, Fraction(0)) * number
            for kind, number in zip(kinds, units, strict=True)
        ),
        Fraction(0),
    )


def whole_units(
    gates: Sequence[Gate], gives: Sequence[Mapping[str, Fraction]], least: Least
) -> dict[int, int]:
    """Round the least amounts to whole units of each kind that still pass every gate, with the least sum."""
    if not least.units:
        return {}
    kinds, units = list(least.units), list(least.units.values())
    best = [ceil(each) for each in units]
    *first, last = kinds
    around = [
        [number for number in range(floor(each) - 1, ceil(each) + 2) if number >= 0] for each in units[:-1]
    ]
    for numbers in product(*around):
        needed = 0
        for gate in gates:
            left = gate.missing - _given(gate, first, numbers, gives)
            each = gives[last].get(gate.quantity, Fraction(0))
            if each > 0:
                needed = max(needed, ceil(left / each))
            elif left > 0:
                break
        else:
            best = min(best, [*numbers, needed], key=sum)
    return dict(zip(kinds, best, strict=True))


def _solved(matrix: list[list[Fraction]], right: list[Fraction]) -> list[Fraction] | None:
    """Solve linear equations exactly; None where they have no single solution."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for column in range(size):
        pivot = next((row for row in range(column, size) if rows[row][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        lead = rows[column][column]
        rows[column] = [value / lead for value in rows[column]]
        for other in range(size):
            if other != column and rows[other][column]:
                times = rows[other][column]
                rows[other] = [a - times * b for a, b in zip(rows[other], rows[column], strict=True)]
    return [row[-1] for row in rows]
