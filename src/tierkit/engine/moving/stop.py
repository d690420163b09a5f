"""The stop: what a walk found on one of the days that it was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

import attrs

if TYPE_CHECKING:
    from tierkit.engine.measures import Scene
    from tierkit.engine.moving.badge import Badge
    from tierkit.engine.moving.journey import MaybeTier
    from tierkit.engine.moving.sight import Sight
    from tierkit.engine.tally import Tally
    from tierkit.engine.verdicts import Holding


@final
@attrs.define(frozen=True)
class Stop:
    """What a walk found on one day: the tiers that may be held, what counts, and the possible badges."""

    credited: tuple[MaybeTier, ...]
    tally: Tally
    badges: tuple[Badge, ...]
    _sight: Sight

    @property
    def holding(self) -> Holding:
        """What the partner has, as far as tiers ask for it; in bounds, where that is not known."""
        return self._sight.holding_of_any(self.tally.on, self.badges)

    @property
    def scene(self) -> Scene:
        """The scene in which the quantities of the day are found: of the badge with most points."""
        return self._sight.scene_of_any(self.tally.on, self.badges)
