"""Personal years: when those ended that a partner's points lived for, and what ends with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from tierkit.engine.moving.badge import posted_tracks
from tierkit.frozen import changed
from tierkit.programs.rules import While
from tierkit.values.span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tierkit.engine.earning.entry import Entry
    from tierkit.engine.moving.badge import Badge
    from tierkit.engine.moving.stop import Stop
    from tierkit.programs.program import Program


@final
class PersonalYears:
    """The personal years of a partner, by a badge that it holds.

    Attributes:
        told: the days on which they are known, with the badge of the day.
        posted: the tracks to which movements post.
    """

    def __init__(self, program: Program, badge: Badge, told: Mapping[date, Badge]) -> None:
        self.told = told
        self.posted: set[str] = posted_tracks(program)
        self._badge = badge
        self._lives = {rule.id: rule.live for rule in program.rules}

    def end_of(self, day: date) -> date:
        """Give the end of the personal year in which a day lies."""
        return next((end for end in self._badge.ends if end > day), self._badge.year_end)

    def ended(self, entry: Entry) -> Entry | None:
        """End an entry with its personal year, where that is its life and nothing ended it before."""
        day = entry.reason.day
        life = self._lives[entry.reason.rule].at(day) if day is not None else None
        if day is None or life is None or life.value.lasts_while is not While.YEAR:
            return entry
        left = entry.span & Span(day, self.end_of(day))
        if day < self._badge.ends[0] or left is None:
            return None  # before the first personal year, or nothing of it is left in its own
        return changed(entry, span=left)


def years_told(program: Program, stops: Mapping[date, Stop]) -> PersonalYears | None:
    """Give the personal years as far as all possible badges of some days agree on them; None for no day.

    Badges that agree on a day on which years ended, and on what was posted, did so on all days before it.
    """
    told = {
        day: stop.badges[0]
        for day, stop in stops.items()
        if len({(badge.ends, badge.posts) for badge in stop.badges}) == 1 and not stop.badges[0].doubtful
    }
    return PersonalYears(program, told[max(told)], told) if told else None
