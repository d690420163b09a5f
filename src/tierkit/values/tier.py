"""Tier: a level of a program's ladder."""

from __future__ import annotations

from typing import final

import attrs

from tierkit.errors import Problem, WrongType, shown
from tierkit.frozen import frozen


@final
@frozen(kw_only=True)
class Tier:
    """A level of one ladder; higher ranks are higher tiers, and tiers of two ladders do not compare.

    Attributes:
        ladder: the ladder it belongs to: the id of its program, where that has one ladder.
        id: the name that rules and facts use.
        name: the name that people read; it may change along time, and makes no other tier of it.
        rank: its height; a whole number.
    """

    ladder: str
    id: str
    name: str = attrs.field(eq=False)
    rank: int

    def __attrs_post_init__(self) -> None:
        if type(self.rank) is not int:
            found = shown(self.rank)
            raise WrongType(Problem(f"tier {self.id}", field="rank", found=found, expected="a whole number"))

    def __lt__(self, other: Tier) -> bool:
        return self.rank < other.rank if self._compares(other) else NotImplemented

    def __le__(self, other: Tier) -> bool:
        return self.rank <= other.rank if self._compares(other) else NotImplemented

    def __gt__(self, other: Tier) -> bool:
        return self.rank > other.rank if self._compares(other) else NotImplemented

    def __ge__(self, other: Tier) -> bool:
        return self.rank >= other.rank if self._compares(other) else NotImplemented

    def _compares(self, other: object) -> bool:
        return isinstance(other, Tier) and other.ladder == self.ladder

    def __str__(self) -> str:
        return self.name
