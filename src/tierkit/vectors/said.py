"""What is said of a worked example: what was expected and what was found, in words, pair by pair."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

from tierkit.errors import unknown_name
from tierkit.values.exact import number_text
from tierkit.values.verdict import Verdict
from tierkit.vectors.form import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction

    from tierkit.engine.judge import Progress
    from tierkit.engine.standing import Standing
    from tierkit.engine.verdicts import ReachedTier
    from tierkit.programs.program import Program
    from tierkit.values.tier import Tier

Said: TypeAlias = Iterator[tuple[str, str]]
"""What was expected and what was found, in words, pair by pair."""

Run: TypeAlias = "Callable[[Program], Said]"


_RATES: Final = ("--rates FILE, or earn(book, program, rates=RateTable([…]))", "as a row of `given.rates`")
"""How who calls the functions supplies an exchange rate, and how who writes examples does."""


def about(prefix: object, said: Said) -> Said:
    """Say of each pair what it is about."""
    for expected, found in said:
        yield f"{prefix}: {expected}", f"{prefix}: {found}"


def of_tier(expected: str | None, found: ReachedTier | Tier, what: str = "tier") -> tuple[str, str]:
    """Say which tier was expected, by its id, and which was found."""
    if isinstance(found, Verdict):
        return f"{what} {expected or 'none'}", f"{what} {found.value}"
    return f"{what} {expected or 'none'}", f"{what} {found.id if found else 'none'}"


def of_failing(name: str, expected: list[object], found: Progress) -> tuple[str, str]:
    """Say by what a tier was expected to fail, and by what it does."""
    failing = [
        check.quantity for check in found.checks if check.in_the_way and check.verdict is not Verdict.UNKNOWN
    ]
    return f"{name} fails by {_listed(expected)}", f"{name} fails by {_listed(failing)}"


def _listed(names: list[object] | list[str]) -> str:
    return ", ".join(map(str, names)) or "nothing"


def of_quantities(standing: Standing, expected: Mapping[str, Fraction | None]) -> Said:
    """Say how much was expected of some quantities, None for unknown, and how much was found.

    Args:
        standing: what was found.
        expected: how much, by track and measure.

    Raises:
        UnknownName: it is none of them.
    """
    found = {name: points.fraction for name, points in standing.points.items()} | dict(standing.figures)
    for name, wanted in expected.items():
        if name not in found:
            raise unknown_name(standing.program, "quantity", name, found)
        yield f"{name} {_figure(wanted)}", f"{name} {_found(standing, name, found[name], wanted)}"


def _figure(value: Fraction | None) -> str:
    return UNKNOWN if value is None else number_text(value)


def _found(standing: Standing, name: str, value: Fraction | None, wanted: Fraction | None) -> str:
    """Say how much was found: what is no bound either way is unknown, to whoever expects just that."""
    if name in standing.unsure:
        if wanted is None:
            return UNKNOWN
        found = UNKNOWN if value is None else f"unsure: {_figure(value)}"
    elif name in standing.at_least:
        found = f"at least {_figure(value)}"
    else:
        return _figure(value)
    return f"{found} ({str(standing.problems[0]).replace(*_RATES)})" if standing.problems else found
