"""A program: a named set of dated rules, checked as a whole when it is made."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, final

from tierkit.errors import NotCovered, Problem, refuse_other, unknown_name
from tierkit.frozen import FrozenMap, frozen
from tierkit.looks import html_of
from tierkit.programs.dated import Dated, Period, days_of
from tierkit.programs.diff import Difference, differences
from tierkit.programs.movements import Movement
from tierkit.programs.requirements import Requirement
from tierkit.programs.rules import Choice, EarningRule, Group, Measure, ReadingKind
from tierkit.values.source import Source
from tierkit.values.span import Span
from tierkit.values.tier import Tier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@final
@frozen(kw_only=True)
class Program:
    """A partner program as data: what earns points, how long they live, what each tier asks.

    Attributes:
        id: the program's name in calls and messages.
        name: its name in words.
        note: what a reader should know of the file as a whole.
        tracks: the kinds of points that it counts by themselves.
        points: true on the days on which it counts in points, with the source.
        sources: what its values were read in, by id.
        measures: named sums over tracks and measures, by id.
        readings: the figures that it asks for, by id.
        attributes: names of the further attributes that its facts may carry.
        groups: groups of markets, by id.
        point_values: minor units of a currency that count as one unit of earning, by currency code; None
            on days for which the value is declared unknown.
        rules: the earning rules.
        tiers: the tiers, from the lowest rank to the highest.
        requires: what each tier asks, by tier id.
        movements: how tiers rise and fall.
        choices: where the sources are silent, and the reading that is followed.
    """

    id: str
    name: str
    note: str
    tracks: tuple[str, ...]
    points: Dated[bool]
    sources: FrozenMap[Source]
    measures: FrozenMap[Measure]
    readings: FrozenMap[ReadingKind]
    attributes: tuple[str, ...]
    groups: FrozenMap[Group]
    point_values: FrozenMap[Dated[Fraction | None]]
    rules: tuple[EarningRule, ...]
    tiers: tuple[Tier, ...]
    requires: FrozenMap[Dated[Requirement]]
    movements: tuple[Movement, ...]
    choices: tuple[Choice, ...]

    def __repr__(self) -> str:
        return f"<Program {self.id}: {len(self.rules)} earning rules, {len(self.tiers)} tiers>"

    def _repr_html_(self) -> str:
        return html_of(self)

    @property
    def quantities(self) -> tuple[str, ...]:
        """The ids of all tracks and measures, tracks first."""
        return (*self.tracks, *self.measures)

    def tier(self, tier: str | Tier) -> Tier:
        """Find a tier by its id.

        Raises:
            UnknownName: the program has no such tier.
        """
        for known in self.tiers:
            if tier in (known.id, known):
                return known
        raise unknown_name(self.id, "tier", tier, [known.id for known in self.tiers])

    def tracks_of(self, quantity: str) -> tuple[str, ...]:
        """Give the tracks that a track or measure counts, one for each time that it counts it."""
        if quantity in self.tracks:
            return (quantity,)
        return tuple(track for part in self.measures[quantity].sum for track in self.tracks_of(part))

    @property
    def tracks_by_quantity(self) -> FrozenMap[tuple[str, ...]]:
        """The tracks that each track and each measure counts, tracks first."""
        return FrozenMap({name: self.tracks_of(name) for name in self.quantities})

    def refuse_days_without_points(self, on: date) -> None:
        """Raise unless the program counts in points on a day.

        Raises:
            NotCovered: it does not; the error names the days on which it does.
        """
        if self.points.at(on) is None:
            raise NotCovered(
                Problem(
                    self.id,
                    "on",
                    found=str(on),
                    expected=f"a day on which the program counts in points: {self.points.days()}",
                    hint="ask for such a day",
                )
            )

    def known_bars(self) -> str:
        """Say in words on which days the bars of every tier are known."""
        edges: set[date] = set()
        for requires in self.requires.values():
            edges |= requires.boundaries()
        known: list[Span] = []
        for start, end in pairwise([None, *sorted(edges), None]):
            if self.bars_known(start or date.min):
                follows = known and known[-1].end == start
                known.append(Span(known.pop().start if follows else start, end))
        return " and ".join(days_of(span) for span in known) or "on no day"

    def bars_known(self, on: date, tier: Tier | None = None) -> bool:
        """Say whether every bar of a day is known, of one tier or of all that there are on that day."""
        tiers = self.tiers if tier is None else (tier,)
        asked = [self.requires[each.id].at(on) for each in tiers if each.id in self.requires]
        return any(asked) and all(
            condition.bar is not None for period in asked if period for condition in period.value.conditions()
        )

    def bars_note(self, on: date) -> str:
        """Say in words which tiers' bars are unknown on a day; nothing where none are."""
        if not self.tiers or self.bars_known(on):
            return ""
        asked = [tier for tier in self.tiers if tier.id in self.requires and self.requires[tier.id].at(on)]
        unknown = [tier.name for tier in asked if not self.bars_known(on, tier)]
        if len(unknown) < len(asked):
            return f"the bars of {', '.join(unknown)} are not known on this day"
        return f"no known bars on this day; bars are known {self.known_bars()}"

    def sourced_values(self) -> Iterator[tuple[str, Period[object]]]:
        """Give every dated value with what it is: its period has the value, its days, source, grade and note.

        A bar of a tier is a value of its own, and so is a movement. The value of a period is None where it is
        declared unknown.
        """
        for name, dated in self._dated():
            for period in dated:
                yield name, period
        for tier, asked in self.requires.items():
            for period in asked:
                for each in period.value.conditions():
                    days = period.effective_from, period.effective_until
                    name = f"tier {tier}: {each.quantity} {each.comparison}"
                    yield name, Period(each.bar, *days, each.source, each.grade, each.note)
        for movement in self.movements:
            days = movement.effective_from, movement.effective_until
            name = f"movement {movement.id}"
            yield name, Period(movement, *days, movement.source, movement.grade, movement.note)

    def diff(self, other: Program) -> tuple[Difference, ...]:
        """Say what another program has otherwise: value by value, and on which days.

        The same value on another source's word is no difference, and nor are names of groups, notes and
        choices. Two programs without a difference earn the same and reach the same.

        Args:
            other: the program that this one is held against: another file, or this one with an overlay.

        Raises:
            WrongType: it is not a program.
        """
        refuse_program(other, "diff")
        return differences(self, other)

    def _dated(self) -> Iterator[tuple[str, Dated[object]]]:
        yield "points", self.points
        tables: list[tuple[str, Mapping[str, Dated[object]]]] = [
            *((f"group {group.id}", group.members) for group in self.groups.values()),
            ("point value", self.point_values),
        ]
        for name, table in tables:
            for key, dated in table.items():
                yield f"{name}: {key}", dated
        for rule in self.rules:
            for key in ("rate", "rate_day", "at_least", "share", "live", "clawback"):
                yield f"{rule.id}: {key}", getattr(rule, key)
            for group_id, by in rule.multiply.items():
                yield f"{rule.id}: multiply {group_id}", by


def refuse_program(value: object, where: str) -> None:
    """Raise where an argument is not a program, as a program's name is not.

    Raises:
        WrongType: it is not.
    """
    refuse_other(value, Program, f"{where}: program", 'a Program: load_program("…")')
