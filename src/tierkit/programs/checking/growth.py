"""Checking how large measures grow: quantities multiplied with each other, stretches within stretches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tierkit.programs.checking.measures import KEYS, in_steps
from tierkit.programs.measures import Counted, Over, Product, Ratio, operands_of
from tierkit.programs.reading.measures import DAYS_OF, MOST_STRETCHES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tierkit.errors import Problem
    from tierkit.programs.checking.measures import Node
    from tierkit.programs.checking.vocabulary import Vocabulary
    from tierkit.programs.measures import Operation
    from tierkit.programs.reading.draft import Draft

MOST_MULTIPLIED: Final = 8
"""How many quantities a measure may multiply and divide, those of its measures counted."""
MOST_STEPS: Final = 10_000
"""How many steps the reason of a measure may have, those of its measures counted each time."""


def growth(draft: Draft, names: Vocabulary) -> Iterator[Problem]:
    """Find measures whose figures would have too many digits, or take too many days to look at.

    Only the first measure of a chain is told.
    """
    multiplied: dict[str, int] = {}
    looked_at: dict[Node, int] = {}
    steps: dict[str, int] = {}
    for node, asked in in_steps(draft, names):
        kind, name = node
        within = max((looked_at[each] for each in asked), default=1)
        looked_at[node] = within
        if kind != "measure":
            continue
        by, place = names.measures[name].by, draft.at("measure", name)
        steps[name] = 1 + sum(steps.get(each, 1) for each in operands_of(by))
        steps[name] *= by.last if isinstance(by, Over) else 1
        if steps[name] > MOST_STEPS:
            found = f"{steps[name]:,} steps, those of its measures counted each time that they are named"
            hint = "name each measure once, or fewer stretches"
            yield place.problem(KEYS[type(by)], found, f"at most {MOST_STEPS:,} of them", hint)
            steps[name] = 1
        multiplied[name] = _multiplied(by, multiplied)
        if multiplied[name] > MOST_MULTIPLIED:
            found = f"{multiplied[name]} quantities multiplied or divided, those of its measures counted"
            expected = f"at most {MOST_MULTIPLIED} of them"
            key = "product" if isinstance(by, Product) else "ratio"
            yield place.problem(key, found, expected, "multiply fewer, and make one of several numbers")
            multiplied[name] = 1
        if isinstance(by, Over):
            looked_at[node] = within * _days_of(by)
            if looked_at[node] > MOST_STRETCHES and _days_of(by) <= MOST_STRETCHES:
                found = f"{_days_of(by)} stretches, in each of which {within} are looked at"
                expected = f"at most {MOST_STRETCHES} in all; of a best day each day of its stretch counts"
                yield place.problem("last", found, expected, "look at fewer, here or in the measures of it")
                looked_at[node] = 1


def _multiplied(by: Operation, known: dict[str, int]) -> int:
    """Give how many quantities an operator multiplies; a number is one only where many are multiplied."""
    degrees = [known.get(name, 1) for name in operands_of(by)]
    if isinstance(by, Product):
        return max(sum(degrees), len(by.of) if len(by.of) > MOST_MULTIPLIED else 1)
    return max(sum(degrees) if isinstance(by, Ratio) else max(degrees, default=1), 1)


def _days_of(by: Over) -> int:
    return by.last * (DAYS_OF[by.each] if by.counted is Counted.BEST_DAY else 1)
