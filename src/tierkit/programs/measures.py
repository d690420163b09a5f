"""Measures: named quantities, each made by one operator over other quantities, as typed data.

An operand is the name of a track, of another measure or of a reading that is a number; in some places a
number may stand instead. Composition is by naming: what takes two operators takes two measures.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, TypeAlias, final

from tierkit.frozen import frozen
from tierkit.programs.requirements import Requirement
from tierkit.values.calendar import Stretch
from tierkit.values.rates import Rounding
from tierkit.values.word import Word

POINTS: Final = "points"
"""The unit of a quantity that counts points."""

Operand: TypeAlias = str | Fraction


@final
@frozen
class Sum:
    """All operands added up."""

    of: tuple[Operand, ...]


@final
@frozen
class Net:
    """The first operand less the others: what was won, net of what was lost."""

    of: tuple[Operand, ...]


@final
@frozen
class Product:
    """All operands multiplied: a count by its weight."""

    of: tuple[Operand, ...]


@final
@frozen
class Lowest:
    """The lowest of the operands: a cap, where one of them is a number."""

    of: tuple[Operand, ...]


@final
@frozen
class Highest:
    """The highest of the operands: the better of two."""

    of: tuple[Operand, ...]


@final
@frozen
class Ratio:
    """One operand over another, such as 17/20; over zero it is unknown."""

    of: Operand
    to: Operand


@final
@frozen
class Count:
    """How many facts of some tracks count on the day, or how many different values they have.

    Attributes:
        of: the tracks; a fact that several rules take counts once.
        distinct: the attribute whose different values are counted, such as "customer"; "" counts facts. A
            fact that does not have it is passed over.
    """

    of: tuple[str, ...]
    distinct: str = ""


@final
@frozen
class Scale:
    """Partial credit: so much for the full target, a linear part for a part of it, never more nor below none.

    Attributes:
        of: the operand.
        full: what gives all, above zero.
        gives: how much all is.
    """

    of: Operand
    full: Fraction
    gives: Fraction


@final
@frozen
class OnlyIf:
    """The operand where a requirement is met, else zero: a prerequisite."""

    of: Operand
    requires: Requirement


@final
@frozen
class Earlier:
    """The operand as it was some time before: for growth over an earlier window.

    Attributes:
        of: the operand.
        months: months before the day.
        days: days before that.
        ago: stretches of the calendar before the day's own: their last day is asked about.
        stretch: which stretches; None where months or days are given.
    """

    of: str
    months: int = 0
    days: int = 0
    ago: int = 0
    stretch: Stretch | None = None


@final
class Fold(Word):
    """What is made of the figures of several stretches."""

    SUM = "sum"
    MIN = "min"
    MAX = "max"


@final
class Counted(Word):
    """What of a stretch of the calendar is counted."""

    EARNED = "earned"
    """What the events that happened in it gave, whether it still counts or not; not what is still pending."""
    STANDING = "standing"
    """What counted on its last day."""
    BEST_DAY = "best-day"
    """The most that counted on any day of it."""


@final
@frozen
class Over:
    """The operand in each of several stretches of the calendar, folded: the best month, every quarter.

    Within a stretch of which another one counts what was earned, it looks only at those that lie in it.

    Attributes:
        of: the operand.
        each: which stretches.
        last: how many: the last ones.
        fold: what is made of their figures.
        counted: what of a stretch is counted.
        at_most: the most that one stretch gives; None where there is no limit.
        running: whether the stretch in which the day lies is the last of them, up to the day; else the
            one before it is.
    """

    of: str
    each: Stretch
    last: int
    fold: Fold
    counted: Counted
    at_most: Fraction | None = None
    running: bool = False


@final
@frozen
class Rounded:
    """The operand, rounded to a whole multiple of a number."""

    of: str
    to: Fraction
    mode: Rounding


@final
@frozen
class Tenure:
    """For how many whole months a tier, or one above it, has been held up to the day without a break."""

    tier: str


Operation: TypeAlias = (
    Sum
    | Net
    | Product
    | Lowest
    | Highest
    | Ratio
    | Count
    | Scale
    | OnlyIf
    | Earlier
    | Over
    | Rounded
    | Tenure
)


@final
@frozen
class Measure:
    """A named quantity, made by one operator.

    Attributes:
        id: the name by which requirements and other measures call it.
        name: its name in words.
        by: the operator, with its operands.
    """

    id: str
    name: str
    by: Operation


def operands_of(operation: Operation) -> tuple[str, ...]:
    """Give the names of the quantities and readings that an operator looks at, in the order of the file."""
    if isinstance(operation, Tenure):
        return ()
    found = operation.of if isinstance(operation.of, tuple) else (operation.of,)
    if isinstance(operation, Ratio):
        found = (*found, operation.to)
    return tuple(each for each in found if isinstance(each, str))
