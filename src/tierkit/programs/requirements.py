"""What a tier asks: conditions on named quantities, combined into a tree."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias, final

import attrs

from tierkit.frozen import frozen
from tierkit.values.source import Grade, Source
from tierkit.values.word import Word

if TYPE_CHECKING:
    from collections.abc import Iterator


@final
class Sense(Word):
    """How a quantity is held against its bar: at least that, above it, just that, or one of a group."""

    AT_LEAST = "at least"
    ABOVE = "above"
    IS = "is"
    IN_GROUP = "in group"


@final
class Subject(Word):
    """What a condition looks at: a quantity, a figure that was supplied, the partner, another ladder."""

    MEASURE = "measure"
    READING = "reading"
    PARTNER = "partner"
    LADDER = "ladder"


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
        subject: what the quantity is.
        quantity: the id of the measure, track or reading; of the partner "market", or the name of an
            attribute; the id of the other ladder.
        comparison: how the two are compared.
        bar: points, a number or yes/no; of the partner the attribute's text, or the id of the group of
            markets; of another ladder the id of the tier that must be reached in it. None where the bar is
            declared unknown.
        source: where the bar was read.
        grade: how far to trust it.
        note: what a reader of the bar should know.
        file: the file that says it, where the program was read from several.
    """

    subject: Subject
    quantity: str
    comparison: Sense
    bar: Fraction | bool | str | None
    source: Source
    grade: Grade
    note: str = ""
    file: str = attrs.field(default="", eq=False)

    def __hash__(self) -> int:
        return hash(self.quantity)  # which tells most conditions apart; the bar and its source hash slowly

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
