"""Decided: the tiers that a vendor decided on up to a day, above what the movements give."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, final

import attrs

from tierkit.engine.moving.badge import Badge, each_once, matured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tierkit.facts.facts import Held
    from tierkit.values.tier import Tier


@final
@attrs.define(frozen=True)
class Decided:
    """A tier that the vendor decided on up to a day, and what it rose to since.

    Attributes:
        held: the fact that says it.
        until: the first day on which it no longer holds.
        badges: what is held by it; several where it is not known how far it rose.
    """

    held: Held
    until: date
    badges: tuple[Badge, ...]

    def matured(self, on: date) -> Decided:
        """Let what was decided earlier take effect, up to a day."""
        return self.moved(lambda badge: (matured(badge, on),))

    def moved(self, by: Callable[[Badge], Iterable[Badge]]) -> Decided:
        """Give the decision once each of its badges has become others."""
        return attrs.evolve(self, badges=each_once(after for badge in self.badges for after in by(badge)))


def decided_with(decided: tuple[Decided, ...], held: Held, tier: Tier) -> tuple[Decided, ...]:
    """Give the decisions that hold, or will again, once a tier is given; the last is the one that holds.

    Those are left out that end no later than it: they will never hold again. What is given for good ends all.
    """
    if held.until is None:
        return ()
    lasting = (each for each in decided if each.until > held.until)
    since = (held.since, held.since) if held.since else (date.min, held.on)
    return (*lasting, Decided(held, held.until, (Badge(tier, since, rose=True),)))
