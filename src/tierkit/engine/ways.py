"""Ways to a tier: which gates would have to be passed, and the least amounts that pass them."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, islice, product
from math import ceil, floor
from typing import TYPE_CHECKING, final

import attrs

from tierkit.programs.requirements import Condition, Junction
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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

    def units(self, each: Fraction, have: Fraction = Fraction(0)) -> int:
        """Give the least whole number of units, of which each gives so much, beside what there is."""
        left = self.missing - have
        if left < 0 or (left == 0 and not self.passed):
            return 0
        return floor(left / each) + 1 if self.passed else ceil(left / each)


def ways_to(requirement: Requirement, verdicts: Mapping[Condition, Verdict]) -> list[tuple[Condition, ...]]:
    """Give the sets of conditions that are not met each of which would be enough, met together.

    The smallest come first, at most 200. More points never make a condition under "not" come true.
    """
    found = {frozenset(way): None for way in islice(_ways(requirement, verdicts), MOST_WAYS)}
    least = [way for way in found if not any(other < way for other in found)]
    order = {condition: place for place, condition in enumerate(requirement.conditions())}
    return sorted((tuple(sorted(way, key=order.__getitem__)) for way in least), key=len)


def _ways(requirement: Requirement, verdicts: Mapping[Condition, Verdict]) -> Iterator[tuple[Condition, ...]]:
    if isinstance(requirement, Condition):
        yield () if verdicts[requirement] is Verdict.MET else (requirement,)
        return
    parts = [list(islice(_ways(part, verdicts), MOST_WAYS)) for part in requirement.parts]
    if requirement.junction is Junction.NOT:
        if all(verdicts[each] is Verdict.NOT_MET for each in requirement.conditions()):
            yield ()
    elif requirement.junction is Junction.ANY:
        for ways in parts:
            yield from ways
    else:
        least = requirement.least if requirement.junction is Junction.AT_LEAST else len(parts)
        for chosen in combinations(parts, least):
            for together in product(*chosen):
                yield tuple(condition for way in together for condition in way)


def least_units(
    gates: Sequence[Gate], gives: Sequence[Mapping[str, Fraction]]
) -> tuple[list[int], tuple[str, ...]] | None:
    """Find the least whole numbers of units of several kinds that pass every gate together.

    The sum is the least that there is but for the rounding of each kind to a whole unit.

    Args:
        gates: what is missing.
        gives: for each kind of unit the points that one gives, by track and measure.

    Returns:
        The units of each kind, and the quantities of the gates that decide on them; None where no numbers
        pass every gate.
    """
    best: tuple[Fraction, tuple[int, ...], tuple[Fraction, ...], tuple[Gate, ...]] | None = None
    for size in range(min(len(gates), len(gives)) + 1):
        for kinds in combinations(range(len(gives)), size):
            for tight in combinations(gates, size):
                units = _solved(
                    [[gives[kind].get(gate.quantity, Fraction(0)) for kind in kinds] for gate in tight],
                    [gate.missing for gate in tight],
                )
                if units is None or min(units, default=Fraction(0)) < 0:
                    continue
                if all(_given(gate, kinds, units, gives) >= gate.missing for gate in gates):
                    total = sum(units, Fraction(0))
                    if best is None or total < best[0]:
                        best = total, kinds, tuple(units), tight
    if best is None:
        return None
    _, chosen, exactly, deciding = best
    result = [0] * len(gives)
    for kind, number in zip(chosen, _whole(gates, chosen, exactly, gives), strict=True):
        result[kind] = number
    return result, tuple(gate.quantity for gate in deciding)


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


def _whole(
    gates: Sequence[Gate],
    kinds: Sequence[int],
    units: Sequence[Fraction],
    gives: Sequence[Mapping[str, Fraction]],
) -> list[int]:
    """Round the units of each kind to whole ones that still pass every gate, with the least sum."""
    if not kinds:
        return []
    best: list[int] | None = None
    *first, last = kinds
    around = [
        [number for number in range(floor(each) - 1, ceil(each) + 2) if number >= 0] for each in units[:-1]
    ]
    for numbers in product(*around):
        needed = 0
        for gate in gates:
            have, each = _given(gate, first, numbers, gives), gives[last].get(gate.quantity, Fraction(0))
            if each > 0:
                needed = max(needed, gate.units(each, have))
            elif have < gate.missing or (gate.passed and have == gate.missing):
                break
        else:
            tried = [*numbers, needed]
            if best is None or sum(tried) < sum(best):
                best = tried
    return best if best is not None else [ceil(each) + 1 for each in units]


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
