"""What a tier asks: conditions on named quantities, combined into a tree."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias, final

from tierkit.frozen import frozen
from tierkit.values.source import Grade, Source
from tierkit.values.word import Word

if TYPE_CHECKING:
    from collections.abc import Iterator


@final
class Sense(Word):
    """How a quantity is held against its bar: it must be at least that, be above it, or just that."""

    AT_LEAST = "at least"
    ABOVE = "above"
    IS = "is"


@final
class Subject(Word):
    """What a condition looks at: points that were earned, or a figure that was supplied."""

    MEASURE = "measure"
    READING = "reading"


@final
class Junction(Word):
    """How the parts of a combination count: all of them, any, at least k, or the one must fail."""

    ALL = "all"
    ANY = "any"
    AT_LEAST = "at-least"
    NOT = "not"


@final
@frozen
class Condition:
    """One quantity against one bar.

    Attributes:
        subject: whether the quantity is a measure (or track) or a reading.
        quantity: the measure's, track's or reading's id.
        comparison: how the two are compared.
        bar: points, a number or yes/no; None where the bar is declared unknown.
        source: where the bar was read.
        grade: how far to trust it.
        note: what a reader of the bar should know.
    """

    subject: Subject
    quantity: str
    comparison: Sense
    bar: Fraction | bool | None
    source: Source
    grade: Grade
    note: str = ""

    def conditions(self) -> Iterator[Condition]:
        """Give this condition."""
        yield self


@final
@frozen
class Combination:
    """Several requirements as one: met where all / any / at least `least` / none of the parts are."""

    junction: Junction
    parts: tuple[Requirement, ...]
    least: int = 0

    def conditions(self) -> Iterator[Condition]:
        """Give the conditions at the leaves, in the order of the file."""
        for part in self.parts:
            yield from part.conditions()


Requirement: TypeAlias = Condition | Combination
