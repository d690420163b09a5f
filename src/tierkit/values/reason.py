"""Reason: how a number came about, as a tree that can be computed again from its leaves."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Final, TypedDict, Unpack, final

from tierkit.errors import InvalidValue, Problem, shown
from tierkit.frozen import frozen
from tierkit.values.exact import Number, exact
from tierkit.values.rates import Rounding, round_to_int
from tierkit.values.source import Grade, Source
from tierkit.values.span import Span
from tierkit.values.word import Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@final
class Operator(Word):
    """What makes a number of its parts."""

    GIVEN = "given"
    """A leaf: a fact, or a value of a rule."""
    SUM = "sum"
    """The parts added up; zero where there is none."""
    PRODUCT = "product"
    """The parts multiplied."""
    QUOTIENT = "quotient"
    """The first part divided by the second."""
    MAX = "max"
    """The largest part."""
    MIN = "min"
    """The smallest part."""
    COUNT = "count"
    """The number of parts, whatever their values."""
    ROUND_HALF_UP = "round-half-up"
    """The first part as a whole multiple of the second: the nearest; a half goes away from zero."""
    ROUND_HALF_EVEN = "round-half-even"
    """The same; a half goes to the even multiple."""
    ROUND_DOWN = "round-down"
    """The same: the next multiple toward zero."""
    ROUND_UP = "round-up"
    """The same: the next multiple away from zero."""


ROUNDINGS: Final = {Operator(f"round-{mode}"): mode for mode in Rounding}
"""The operators that round, each with its mode."""


@final
@frozen
class Reason:
    """One step of a computation, with the steps that it rests on.

    Attributes:
        label: what the number is, in words.
        operator: how it follows from the parts.
        value: the number.
        unit: what it counts: a currency code, "points", or nothing.
        parts: the steps before it; none for a leaf.
        fact: the id of the fact that it comes from.
        rule: the id of the rule that it comes from.
        day: the day that decided.
        period: the days on which it holds.
        source: where the value of the rule was read.
        grade: how far to trust it.
        note: anything a reader should know.

    Raises:
        InvalidValue: where the value does not follow from the parts, so that no reason can be untrue.
    """

    label: str
    operator: Operator
    value: Fraction
    unit: str = ""
    parts: tuple[Reason, ...] = ()
    fact: str = ""
    rule: str = ""
    day: date | None = None
    period: Span | None = None
    source: Source | None = None
    grade: Grade | None = None
    note: str = ""

    def __attrs_post_init__(self) -> None:
        if self.operator is Operator.GIVEN:
            if self.parts:
                found = f"{len(self.parts)} parts"
                raise InvalidValue(Problem(self.label, found=found, expected="a leaf without parts"))
            return
        value = _computed(self.label, self.operator, [part.value for part in self.parts])
        if value != self.value:
            expected = f"{value}, the {self.operator} of its parts"
            raise InvalidValue(Problem(self.label, found=str(self.value), expected=expected))

    def recompute(self) -> Fraction:
        """Compute the number again from the leaves alone."""
        if self.operator is Operator.GIVEN:
            return self.value
        return _computed(self.label, self.operator, [part.recompute() for part in self.parts])

    def leaves(self) -> Iterator[Reason]:
        """Give the leaves, from first to last."""
        if self.operator is Operator.GIVEN:
            yield self
        for part in self.parts:
            yield from part.leaves()


class Details(TypedDict, total=False):
    """What a reason may say beside its number."""

    unit: str
    fact: str
    rule: str
    day: date | None
    period: Span | None
    source: Source | None
    grade: Grade | None
    note: str


def given(label: str, value: Number, **details: Unpack[Details]) -> Reason:
    """Make a leaf: a number that is a fact, or the value of a rule."""
    return Reason(label, Operator.GIVEN, exact(value, where=label), **details)


def total(label: str, parts: Iterable[Reason], **details: Unpack[Details]) -> Reason:
    """Add the parts up; nothing adds up to zero."""
    return combined(label, Operator.SUM, parts, **details)


def product(label: str, parts: Iterable[Reason], **details: Unpack[Details]) -> Reason:
    """Multiply the parts."""
    return combined(label, Operator.PRODUCT, parts, **details)


def quotient(label: str, dividend: Reason, divisor: Reason, **details: Unpack[Details]) -> Reason:
    """Divide one part by another.

    Raises:
        InvalidValue: where the divisor is zero.
    """
    return combined(label, Operator.QUOTIENT, (dividend, divisor), **details)


def rounded(label: str, value: Reason, to: Reason, mode: Rounding, **details: Unpack[Details]) -> Reason:
    """Round a number to a whole multiple of another, which is above zero."""
    return combined(label, Operator(f"round-{mode}"), (value, to), **details)


def combined(label: str, operator: Operator, parts: Iterable[Reason], **details: Unpack[Details]) -> Reason:
    """Make the reason that an operator makes of its parts; the value is computed here and nowhere else."""
    steps = tuple(parts)
    value = _computed(label, operator, [step.value for step in steps])
    return Reason(label, operator, value, parts=steps, **details)


def _computed(label: str, operator: Operator, values: list[Fraction]) -> Fraction:
    if operator is Operator.COUNT:
        return Fraction(len(values))
    if operator is Operator.SUM:
        return sum(values, Fraction(0))
    if operator is Operator.QUOTIENT or operator in ROUNDINGS:
        return _of_two(label, operator, values)
    if not values or operator is Operator.GIVEN:
        found = f"{operator} of {len(values)} parts"
        raise InvalidValue(Problem(label, found=found, expected="parts to compute it from"))
    if operator is Operator.PRODUCT:
        return Fraction(prod(values))
    return max(values) if operator is Operator.MAX else min(values)


def _of_two(label: str, operator: Operator, values: list[Fraction]) -> Fraction:
    """Divide one number by another, or round it to a multiple of that."""
    match values:
        case [value, to] if to > 0 and operator in ROUNDINGS:
            return round_to_int(value / to, ROUNDINGS[operator]) * to
        case [dividend, divisor] if divisor and operator is Operator.QUOTIENT:
            return dividend / divisor
        case _:
            pass
    found = " / ".join(str(value) for value in values)
    expected = "a dividend, and a divisor other than zero"
    if operator in ROUNDINGS:
        expected = "a number, and one above zero to whose multiple it is rounded"
    raise InvalidValue(Problem(label, found=shown(found), expected=expected))
