"""What is said of a worked example: what was expected and what was found, in words, pair by pair."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from tierkit.engine.judge import ReachedTier
    from tierkit.programs.program import Program

Said: TypeAlias = Iterator[tuple[str, str]]
"""What was expected and what was found, in words, pair by pair."""

Run: TypeAlias = "Callable[[Program], Said]"


def about(prefix: object, said: Said) -> Said:
    """Say of each pair what it is about."""
    for expected, found in said:
        yield f"{prefix}: {expected}", f"{prefix}: {found}"


def of_tier(expected: str | None, found: ReachedTier) -> tuple[str, str]:
    """Say which tier was expected, by its id, and which was found."""
    if isinstance(found, Verdict):
        return f"tier {expected or 'none'}", f"tier {found.value}"
    return f"tier {expected or 'none'}", f"tier {found.id if found else 'none'}"
