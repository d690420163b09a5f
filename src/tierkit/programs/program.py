"""A program: a named set of dated rules, checked as a whole when it is made."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, final

import attrs

from tierkit.errors import NotCovered, Problem, refuse_other, unknown_name
from tierkit.frozen import FrozenMap, changed, frozen
from tierkit.looks import html_of
from tierkit.programs.dated import Dated, Period, days_of
from tierkit.programs.diff import Difference, differences
from tierkit.programs.measures import POINTS, Count, Measure, Ratio, Scale, Sum, Tenure, operands_of
from tierkit.programs.movements import Movement
from tierkit.programs.requirements import Requirement
from tierkit.programs.rules import Choice, EarningRule, Group, ReadingKind
from tierkit.values.calendar import NEW_YEAR
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
        tracks: what it counts by itself: kinds of points, of users, of money.
        units: what a track or a measure counts where that is not points: "users", "%", or the code of a
            currency, which makes a track one of money.
        year_from: the first day of its year, "MM-DD", by which quarters and years go.
        in_force: true on the days on which the program holds, with the source.
        sources: what its values were read in, by id.
        measures: named quantities over tracks, readings and other measures, by id.
        readings: the figures that it asks for, by id.
        attributes: names of the further attributes that its facts may carry.
        groups: groups of markets, by id.
        point_values: minor units of a currency that count as one unit of earning, by currency code; None
            on days for which the value is declared unknown.
        rules: the earning rules.
        tiers: the tiers of the program's own ladder, from the lowest rank to the highest.
        ladders: the tiers of its other ladders, by the ladder's id, each from the lowest rank to the highest.
        names: names of a tier that hold on some days only, by tier id.
        requires: what each tier asks of who would reach it, by tier id.
        keeps: what it asks of who has it and would keep it, where that is something else, by tier id.
        movements: how tiers rise and fall.
        choices: where the sources are silent, and the reading that is followed.
    """

    id: str
    name: str
    note: str
    tracks: tuple[str, ...]
    units: FrozenMap[str] = attrs.Factory(FrozenMap[str])
    year_from: str = NEW_YEAR
    in_force: Dated[bool]
    sources: FrozenMap[Source]
    measures: FrozenMap[Measure]
    readings: FrozenMap[ReadingKind]
    attributes: tuple[str, ...]
    groups: FrozenMap[Group]
    point_values: FrozenMap[Dated[Fraction | None]]
    rules: tuple[EarningRule, ...]
    tiers: tuple[Tier, ...]
    ladders: FrozenMap[tuple[Tier, ...]] = attrs.Factory(FrozenMap["tuple[Tier, ...]"])
    names: FrozenMap[Dated[str]] = attrs.Factory(FrozenMap[Dated[str]])
    requires: FrozenMap[Dated[Requirement]]
    keeps: FrozenMap[Dated[Requirement]] = attrs.Factory(FrozenMap[Dated[Requirement]])
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

    def tier_on(self, tier: Tier, day: date) -> Tier:
        """Give a tier with the name that it bears on a day."""
        dated = self.names.get(tier.id) if tier.ladder == self.id else None
        period = dated.at(day) if dated else None
        return tier if period is None else changed(tier, name=period.value)

    def unit(self, quantity: str) -> str:
        """Say what a track, a measure or a reading counts: "points", "users", "EUR"; "" for a bare number.

        A measure that has no unit of its own has that of what it is made of, where all of it has the same
        one; what counts facts, or is a ratio, is a bare number, and a scale gives points.
        """
        if quantity in self.units:
            return self.units[quantity]
        if quantity in self.readings:
            return self.readings[quantity].unit
        if quantity not in self.measures:
            return POINTS
        by = self.measures[quantity].by
        if isinstance(by, Scale):
            return POINTS
        if isinstance(by, Tenure | Count | Ratio):
            return "months" if isinstance(by, Tenure) else ""
        units = {self.unit(each) for each in operands_of(by)}
        return units.pop() if len(units) == 1 else ""

    def summed_tracks(self, quantity: str) -> tuple[str, ...] | None:
        """Give the tracks that a quantity adds up, each as often as it does; None where it is no sum."""
        if quantity in self.tracks:
            return (quantity,)
        measure = self.measures.get(quantity)
        if measure is None or not isinstance(measure.by, Sum):
            return None
        found: list[str] = []
        for part in measure.by.of:
            tracks = self.summed_tracks(part) if isinstance(part, str) else None
            if tracks is None:
                return None
            found += tracks
        return tuple(found)

    @property
    def tracks_by_quantity(self) -> FrozenMap[tuple[str, ...]]:
        """The tracks that each track, and each measure that is a sum of tracks, adds up, tracks first."""
        summed = {name: self.summed_tracks(name) for name in self.quantities}
        return FrozenMap({name: tracks for name, tracks in summed.items() if tracks is not None})

    def refuse_days_not_in_force(self, on: date, name: str = "on") -> None:
        """Raise unless the program holds on a day.

        Args:
            on: the day.
            name: how whoever asks calls the day.

        Raises:
            NotCovered: it does not; the error names the days on which it does.
        """
        if self.in_force.at(on) is None:
            raise NotCovered(
                Problem(
                    self.id,
                    name,
                    found=str(on),
                    expected=f"a day on which the program is in force: {self.in_force.days()}",
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
        for what, trees in (("", self.requires), ("to keep it, ", self.keeps)):
            for tier, asked in trees.items():
                for period in asked:
                    for each in period.value.conditions():
                        days = period.effective_from, period.effective_until
                        name = f"tier {tier}: {what}{each.quantity} {each.comparison}"
                        yield name, Period(each.bar, *days, each.source, each.grade, each.note, each.file)
        for movement in self.movements:
            days = movement.effective_from, movement.effective_until
            said = movement.note, movement.file
            yield f"movement {movement.id}", Period(movement, *days, movement.source, movement.grade, *said)

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

    def to_toml(self) -> str:
        """Write the program as one program file, which `load_program` reads as this program again.

        Equal programs whose parts stand in the same order give the same text. What was read from several
        files is written as one.
        """
        from tierkit.programs.writing.whole import program_toml

        return program_toml(self)

    def _dated(self) -> Iterator[tuple[str, Dated[object]]]:
        yield "in force", self.in_force
        tables: list[tuple[str, Mapping[str, Dated[object]]]] = [
            *((f"group {group.id}", group.members) for group in self.groups.values()),
            ("point value", self.point_values),
            ("name of tier", self.names),
        ]
        for name, table in tables:
            for key, dated in table.items():
                yield f"{name}: {key}", dated
        for rule in self.rules:
            for key in ("rate", "rate_day", "at_least", "at_most", "round", "share", "live", "clawback"):
                yield f"{rule.id}: {key}", getattr(rule, key)
            for name, by in (*rule.multiply.items(), *rule.tier_multiply.items()):
                yield f"{rule.id}: multiply {name}", by


def refuse_program(value: object, where: str) -> None:
    """Raise where an argument is not a program, as a program's name is not.

    Raises:
        WrongType: it is not.
    """
    refuse_other(value, Program, f"{where}: program", 'a Program: load_program("…")')
