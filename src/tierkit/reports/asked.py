"""What a tier asks, as a tree again: put together from its checks, with the verdict of each part."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeAlias, cast, final

from tierkit.engine.judge import Check
from tierkit.engine.verdicts import verdict_together
from tierkit.frozen import frozen
from tierkit.programs.requirements import Junction, Sense
from tierkit.reports.numbers import check_texts
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@final
@frozen
class Together:
    """Parts of what a tier asks that count together.

    Attributes:
        junction: how they count.
        least: of how many of them at least, where that is how they count.
        parts: the parts.
    """

    junction: Junction
    least: int
    parts: tuple[Part, ...]

    @property
    def verdict(self) -> Verdict:
        """What the verdicts of the parts come to."""
        return verdict_together(self.junction, self.least, [verdict_of(part) for part in self.parts])

    def __str__(self) -> str:
        least = f" {self.least}" if self.junction is Junction.AT_LEAST else ""
        return f"{self.junction.replace('-', ' ')}{least} of"


Part: TypeAlias = Check | Together

_NO_AMOUNTS: Final = (Sense.IS, Sense.IN_GROUP)


def asked_by(checks: Sequence[Check]) -> tuple[Part, ...]:
    """Put together what a tier asks, of the checks that have a verdict: what must all be met."""
    asked = [check for check in checks if check.verdict is not None]
    whole = _tree(asked) if asked else Together(Junction.ALL, 0, ())
    if isinstance(whole, Check) or whole.junction is not Junction.ALL:
        return (whole,)
    return whole.parts


def _tree(checks: Sequence[Check], depth: int = 0) -> Part:
    within = checks[0].within
    if len(within) == depth:
        return checks[0]
    parts = groupby(checks, key=lambda check: check.within[depth].part)
    found = tuple(_tree(list(part), depth + 1) for _, part in parts)
    return Together(within[depth].junction, within[depth].least, found)


def verdict_of(part: Part) -> Verdict:
    """Give the verdict of a part: what is asked has one."""
    return cast("Verdict", part.verdict)


def fails_by(parts: Sequence[Part]) -> Iterator[str]:
    """Say what a tier fails by: each part that is not met, with what within it is in the way."""
    return (_lacking(part) for part in parts if verdict_of(part) is Verdict.NOT_MET)


def _lacking(part: Part, *, turned: bool = False) -> str:
    """Say what is in the way of a part, which is to be met, or is turned: not to be met."""
    if isinstance(part, Check):
        return f"{part.name} {_why(part, turned=turned)}"
    inner = turned ^ (part.junction is Junction.NOT)
    said = [_lacking(each, turned=inner) for each in part.parts if _is_in_the_way(each)]
    if part.junction is Junction.ALL and len(said) == 1:
        return said[0]
    met = len(part.parts) - len(said)
    words = f"at least {part.least - met} more of"
    is_begun = part.junction is Junction.AT_LEAST and met and not turned
    return f"{words if is_begun else part} ({', '.join(said)})"


def _is_in_the_way(part: Part) -> bool:
    return part.in_the_way if isinstance(part, Check) else any(map(_is_in_the_way, part.parts))


def _why(check: Check, *, turned: bool) -> str:
    have, need, missing = check_texts(check)
    if check.verdict is Verdict.UNKNOWN:
        return "is not known"
    if turned:
        return f"is {have}" if check.comparison in _NO_AMOUNTS else f"is {have} where {need} is too much"
    return f"by {missing}" if check.missing else f"is {have or nothing(check)} where {need} is asked for"


def nothing(check: Check) -> str:
    """Say why there is nothing to show: no tier of another ladder, or a number of which bounds are known."""
    return "none" if isinstance(check.need, str) else "unknown"
