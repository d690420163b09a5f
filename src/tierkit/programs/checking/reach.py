"""Whether a requirement can be met at all: the bounds of each quantity, and conditions that contradict."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, TypeAlias, cast

from tierkit.programs import measures as ops
from tierkit.programs.requirements import Combination, Condition, Junction, Sense, Subject
from tierkit.programs.words import condition_words, words_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from tierkit.programs.measures import Operand, Operation
    from tierkit.programs.program import Program
    from tierkit.programs.requirements import Requirement
    from tierkit.programs.rules import Group

Blocked: TypeAlias = "tuple[Condition, str]"
"""A condition that cannot be met, and why."""

Literal: TypeAlias = "tuple[Condition, bool]"
"""A condition, and whether it must be met or must not."""


def has_members(group: Group) -> bool:
    """Say whether a group has a market on any day."""
    return any(period.value for dated in group.members.values() for period in dated)


_MOST_COMPARED = 50
"""With how many others a condition on one thing is compared."""


class Reach:
    """What a program's quantities can give at most, and whether that meets what its requirements ask.

    Args:
        program: the program.
        met_groups: each two groups of markets that have a member in common.
    """

    def __init__(self, program: Program, met_groups: Collection[tuple[str, str]]) -> None:
        self.program = program
        self.met_groups = met_groups
        self.fed: set[str] = {rule.track for rule in program.rules}
        self._most: dict[str, Fraction | None] = {}

    def most(self, operand: Operand) -> Fraction | None:
        """Give the most that a quantity can be; None where there is no bound, or none is seen."""
        if isinstance(operand, Fraction):
            return operand
        if operand not in self._most:
            self._most[operand] = self._bound(operand)
        return self._most[operand]

    def _bound(self, name: str) -> Fraction | None:
        measure = self.program.measures.get(name)
        if measure is None:
            return None if name in self.fed or name in self.program.readings else Fraction(0)
        by = measure.by
        if isinstance(by, (ops.Sum, ops.Lowest, ops.Highest)):
            return self._of_several(by)
        if isinstance(by, ops.Net):
            numbers = [each for each in by.of[1:] if isinstance(each, Fraction)]
            first = self.most(by.of[0]) if len(numbers) == len(by.of) - 1 else None
            return None if first is None else first - sum(numbers)
        if isinstance(by, ops.Count):
            return None if any(track in self.fed for track in by.of) else Fraction(0)
        return max(by.gives, Fraction(0)) if isinstance(by, ops.Scale) else self._of_one(by)

    def _of_several(self, by: ops.Sum | ops.Lowest | ops.Highest) -> Fraction | None:
        bounds = [self.most(each) for each in by.of]
        known = [each for each in bounds if each is not None]
        if isinstance(by, ops.Lowest):
            return min(known, default=None)
        if len(known) < len(bounds):
            return None
        return sum(known, Fraction(0)) if isinstance(by, ops.Sum) else max(known)

    def _of_one(self, by: Operation) -> Fraction | None:
        """Give the most that an operator over one operand gives."""
        if not isinstance(by, (ops.OnlyIf, ops.Rounded, ops.Earlier, ops.Over)):
            return None
        most = self.most(by.of)
        if isinstance(by, ops.Over):
            most = min((each for each in (most, by.at_most) if each is not None), default=None)
        if most is None:
            return None
        if isinstance(by, ops.Over):
            return most * (by.last if by.fold is ops.Fold.SUM else 1)
        return ceil(most / by.to) * by.to if isinstance(by, ops.Rounded) else max(most, Fraction(0))

    def blocked(self, requirement: Requirement, *, met: bool = True) -> Blocked | None:
        """Give the condition for which a requirement can never be met (or never fail); None where it can."""
        if isinstance(requirement, Condition):
            return self._alone(requirement, met=met)
        if requirement.junction is Junction.NOT:
            return self.blocked(requirement.parts[0], met=not met)
        parts, needed = requirement.parts, self._needed(requirement, met=met)
        stops = [stop for part in parts if (stop := self.blocked(part, met=met))]
        if len(parts) - len(stops) < needed and stops:
            return stops[0]
        if needed < len(parts):
            return None
        return self._contradiction([each for part in parts for each in self._literals(part, met=met)])

    def _needed(self, requirement: Combination, *, met: bool) -> int:
        """Give of how many parts it hangs that a combination is met, or that it fails."""
        parts = len(requirement.parts)
        least = {Junction.ALL: parts, Junction.ANY: 1}.get(requirement.junction, requirement.least)
        return least if met else parts - least + 1

    def _literals(self, requirement: Requirement, *, met: bool) -> list[Literal]:
        """Give the conditions that must all be met, or fail, for a requirement to be met, or to fail."""
        if isinstance(requirement, Condition):
            return [(requirement, met)]
        if requirement.junction is Junction.NOT:
            return self._literals(requirement.parts[0], met=not met)
        if self._needed(requirement, met=met) < len(requirement.parts):
            return []
        return [each for part in requirement.parts for each in self._literals(part, met=met)]

    def _alone(self, condition: Condition, *, met: bool) -> Blocked | None:
        """Say why a condition cannot be met by itself."""
        if not met:
            return None
        if condition.comparison is Sense.IN_GROUP:
            group = self.program.groups.get(str(condition.bar))
            if group and not has_members(group):
                return condition, f"group = {group.id!r}, which has no members"
        if condition.subject is not Subject.MEASURE or condition.bar is None:
            return None
        most, bar = self.most(condition.quantity), cast("Fraction", condition.bar)
        if most is None or bar < most or (bar == most and condition.comparison is Sense.AT_LEAST):
            return None
        fed = condition.quantity not in self.program.tracks
        why = f"which gives at most {words_of(most)}" if fed else "a track that no rule feeds"
        return condition, f"{condition_words(condition)}, {why}"

    def _contradiction(self, literals: list[Literal]) -> Blocked | None:
        """Find two conditions on one thing that cannot both come about."""
        by_quantity: dict[tuple[Subject, str], list[Literal]] = {}
        for literal in literals:
            others = by_quantity.setdefault((literal[0].subject, literal[0].quantity), [])
            for other in others[:_MOST_COMPARED]:
                if self._against(literal, other):
                    return literal[0], f"{_said(literal)}, beside {_said(other)}"
            others.append(literal)
        return None

    def _against(self, literal: Literal, against: Literal) -> bool:
        (one, met), (other, other_met) = literal, against
        if isinstance(one.bar, bool):
            return (one.bar is other.bar) is not (met is other_met)
        if isinstance(one.bar, Fraction) and isinstance(other.bar, Fraction):
            return met is not other_met and (_beyond(one, other) if met else _beyond(other, one))
        if one.bar is None or one.comparison is not other.comparison:
            return False
        if met is not other_met:
            return one.bar == other.bar
        apart = {
            Sense.IS: one.bar != other.bar,
            Sense.IN_GROUP: (str(one.bar), str(other.bar)) not in self.met_groups,
        }
        return met and apart.get(one.comparison, False)


def _beyond(least: Condition, below: Condition) -> bool:
    """Say whether what reaches one bar has reached the other, which it must not."""
    reached, limit = cast("Fraction", least.bar), cast("Fraction", below.bar)
    return reached > limit or (
        reached == limit and not (least.comparison is Sense.AT_LEAST and below.comparison is Sense.ABOVE)
    )


def _said(literal: Literal) -> str:
    condition, met = literal
    return f"{'' if met else 'not '}{condition_words(condition)}"
