"""The problems of one book, while it is read: so many that somebody can read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tierkit.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_PROBLEMS: Final = 1000
"""How many problems are listed one by one; beyond, only their number is said."""

MOST_NEAR: Final = 20
"""For how many unknown names of one book a near match is sought, which takes a while in a large one."""

MOST_COMPARED: Final = 1000
"""Among how many names a near match is sought."""


def at(place: str, name: str) -> str:
    """Say where a fact was found, if there is more to say than its name."""
    return "" if place == name else f" at {place}"


class ProblemList:
    """Problems in the order in which they were found; the first thousand are kept, the others counted."""

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self._more = 0

    def add(self, problem: Problem) -> None:
        """Note one more."""
        if self.full:
            self.count()
        else:
            self._kept.append(problem)

    @property
    def full(self) -> bool:
        """Whether further problems are only counted, so that nobody needs to word them."""
        return len(self._kept) == MOST_PROBLEMS

    def count(self) -> None:
        """Count one more without its words."""
        self._more += 1

    def __bool__(self) -> bool:
        return bool(self._kept)

    def __iter__(self) -> Iterator[Problem]:
        yield from self._kept
        if self._more:
            yield Problem(
                "and", found=f"{self._more} more problems", hint="mend these first, then check again"
            )
