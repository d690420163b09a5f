"""Verdict: met, not met or unknown, and how several are combined."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from tierkit.errors import InvalidValue, Problem, WrongType, shown
from tierkit.values.word import Word

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NoReturn


@final
class Verdict(Word):
    """The answer to one requirement; a fact that nobody supplied makes it UNKNOWN, never MET or NOT_MET."""

    MET = "met"
    """What is there reaches the bar."""
    NOT_MET = "not met"
    """What is there does not reach the bar."""
    UNKNOWN = "unknown"
    """Somebody has to supply a reading, a bar or a part of a fact first."""

    def __bool__(self) -> NoReturn:
        found, hint = f"{self!r} as true or false", "compare it: verdict is Verdict.MET"
        raise WrongType(Problem("verdict", found=found, expected="one of three answers", hint=hint))


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """MET where every one is (also where there is none), NOT_MET where one is not, else UNKNOWN."""
    found = set(verdicts)
    if Verdict.NOT_MET in found:
        return Verdict.NOT_MET
    return Verdict.UNKNOWN if Verdict.UNKNOWN in found else Verdict.MET


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """MET where one is, NOT_MET where none is or can be (also where there is none), else UNKNOWN."""
    return at_least(1, verdicts)


def at_least(needed: int, verdicts: Iterable[Verdict]) -> Verdict:
    """MET where so many are, NOT_MET where so many cannot be, else UNKNOWN.

    Raises:
        InvalidValue: for a number below zero.
    """
    if needed < 0:
        raise InvalidValue(Problem("at least", found=shown(needed), expected="a whole number from 0"))
    found = list(verdicts)
    met = found.count(Verdict.MET)
    if met >= needed:
        return Verdict.MET
    return Verdict.UNKNOWN if met + found.count(Verdict.UNKNOWN) >= needed else Verdict.NOT_MET


def negate(verdict: Verdict) -> Verdict:
    """MET for NOT_MET and the other way round; UNKNOWN stays."""
    return _OPPOSITE[verdict]


_OPPOSITE = {Verdict.MET: Verdict.NOT_MET, Verdict.NOT_MET: Verdict.MET, Verdict.UNKNOWN: Verdict.UNKNOWN}
