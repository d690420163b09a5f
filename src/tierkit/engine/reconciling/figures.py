"""Figures: what a vendor's dashboard shows, read exactly, and when a number agrees with it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, cast, final

import attrs

from tierkit.errors import InvalidValue, Problem, TierkitError, WrongType, nearest, shown
from tierkit.programs.measures import POINTS
from tierkit.values.exact import exact
from tierkit.values.points import Points

if TYPE_CHECKING:
    from datetime import date

    from tierkit.engine.reconciling.recount import Parts
    from tierkit.programs.program import Program

SIDES: Final = ("new", "lost")
"""What a figure may count besides what is there: points that came, and points that went."""


@final
@attrs.define(frozen=True)
class ShownFigure:
    """A figure as a dashboard shows it.

    Attributes:
        name: its name: a track or measure, or "new" or "lost" before one.
        side: "" for what is there, "new", "lost".
        unit: what it counts where that is not points.
        tracks: the tracks that it counts, one for each time that it counts it.
        text: the number as it was given.
        number: the same, exactly.
        places: how many decimals it has; None for a ratio, which nothing was rounded to.
    """

    name: str
    side: str
    unit: str
    tracks: tuple[str, ...]
    text: str
    number: Fraction
    places: int | None

    def counted(self, parts: Parts) -> Fraction:
        """Add up what the figure counts."""
        return sum((parts.get((self.side, track), Fraction(0)) for track in self.tracks), Fraction(0))

    def agrees(self, points: Fraction) -> bool:
        """Say whether points, cut or rounded half up to the decimals that are shown, are the figure."""
        if self.places is None:
            return points == self.number
        units, scaled = abs(points) * 10**self.places, abs(self.number) * 10**self.places
        sizes = {int(units), int(units + Fraction(1, 2))}
        return scaled in sizes and (points * self.number >= 0)


def read_figures(figures: object, program: Program, since: date | None) -> list[ShownFigure]:
    """Read what a dashboard shows.

    Raises:
        InvalidValue: with every figure that is no number, or that the program does not have.
        WrongType: for anything but a mapping.
    """
    if not isinstance(figures, Mapping):
        expected = 'figures by their names, such as {"sold": "205.4", "new managed": 12}'
        raise WrongType(Problem("reconcile: figures", found=shown(figures), expected=expected))
    problems: list[Problem] = []
    read: dict[str, ShownFigure] = {}
    for name, value in cast("Mapping[object, object]", figures).items():
        try:
            figure = _read(name, value, program, since)
            if figure.name in read:
                found, expected = f"{figure.name} twice", "each figure once"
                raise InvalidValue(Problem("reconcile", shown(name), found, expected))
            read[figure.name] = figure
        except TierkitError as error:
            problems += error.problems
    if not figures:
        problems.append(Problem("reconcile", "figures", "nothing", "at least one figure of the dashboard"))
    if problems:
        raise InvalidValue(*problems)
    return list(read.values())


def _read(name: object, value: object, program: Program, since: date | None) -> ShownFigure:
    side, quantity = _named(name, program)
    if side and since is None:
        hint = f"say since=…: the day from whose end on the {side} points are counted"
        raise InvalidValue(Problem("reconcile", shown(name), "no since", "a first day", hint))
    number = exact(value.fraction if isinstance(value, Points) else value, where=f"reconcile: {name}")
    text = str(value)
    places = None if "/" in text else max(0, -int(Decimal(text).as_tuple().exponent))
    tracks = program.summed_tracks(quantity) or ()
    unit = program.unit(quantity)
    unit = "" if unit == POINTS else unit
    return ShownFigure(f"{side} {quantity}".strip(), side, unit, tracks, text, number, places)


def _named(name: object, program: Program) -> tuple[str, str]:
    """Tell the side and the quantity of a figure's name."""
    sides = {"": "", **{side + mark: side for side in SIDES for mark in (" ", "_")}}
    said = name if isinstance(name, str) else ""
    for before, side in sides.items():
        quantity = said.removeprefix(before)
        if said.startswith(before) and quantity in program.quantities:
            _refuse_computed(quantity, program)
            return side, quantity
    summed = [*program.tracks_by_quantity]
    known = [*summed, *(f"{side} {each}" for side in SIDES for each in summed)]
    hint = nearest(name, known) if isinstance(name, str) else ""
    expected = f"one of {', '.join(summed)}, or new or lost before one of them"
    raise InvalidValue(Problem("reconcile", "figures", shown(name), expected, hint))


def _refuse_computed(quantity: str, program: Program) -> None:
    """Refuse a quantity that adds nothing up: no fact accounts for a part of it.

    Raises:
        InvalidValue: it is one.
    """
    if program.summed_tracks(quantity) is None:
        found, expected = f"{quantity}, which adds no tracks up", "a track, or a sum of tracks"
        hint = f"reconcile what adds up: {', '.join(program.tracks_by_quantity)}"
        raise InvalidValue(Problem("reconcile", "figures", found, expected, hint))
