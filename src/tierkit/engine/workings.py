"""Workings: why a measure that is no sum of tracks is what it is, as trees that can be computed again."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, cast

from tierkit.engine.earning.telling import joined
from tierkit.engine.figure import exactly
from tierkit.engine.measures import Frame
from tierkit.frozen import FrozenMap, changed
from tierkit.programs import measures as ops
from tierkit.programs.words import counted
from tierkit.values.reason import Operator, Reason, combined, given, product, quotient, rounded, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from tierkit.engine.measures import Scene
    from tierkit.programs.measures import Operand, Operation

_MOST_NAMED = 20
_SIGNS = {
    ops.Sum: Operator.SUM,
    ops.Product: Operator.PRODUCT,
    ops.Lowest: Operator.MIN,
    ops.Highest: Operator.MAX,
}
_FOLDS = {ops.Fold.SUM: Operator.SUM, ops.Fold.MIN: Operator.MIN, ops.Fold.MAX: Operator.MAX}


def workings_on(scene: Scene, on: date) -> FrozenMap[Reason]:
    """Give the reason of every measure that is no sum of tracks and of which anything is known on a day."""
    summed, frame = scene.program.tracks_by_quantity, Frame(on)
    asked = [name for name in scene.program.measures if name not in summed]
    why = Workings(scene)
    return FrozenMap(
        {name: why.of(name, frame) for name in asked if scene.figure(name, frame).value is not None}
    )


class Workings:
    """The reasons of figures of one scene, each made once."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._made: dict[tuple[str, Frame], Reason] = {}

    def of(self, name: str, frame: Frame) -> Reason:
        """Give the reason of a figure of which a value is known."""
        key = name, frame
        if key not in self._made:
            self._made[key] = self._reason(name, frame)
        return self._made[key]

    def _reason(self, name: str, frame: Frame) -> Reason:
        measure = self._scene.program.measures.get(name)
        if measure is None:
            return self._leaf(name, name, frame)
        if any(self._scene.figure(*each).value is None for each in self._asked(measure.by, frame)):
            return self._leaf(name, measure.name, frame, "this, whatever the rest of it is")
        return self._measured(measure.by, measure.name, name, frame)

    def _asked(self, by: Operation, frame: Frame) -> Iterator[tuple[str, Frame]]:
        """Give what the reason of an operator rests on: a quantity, and what it is asked about."""
        match by:
            case ops.Over(of):
                for frames in self._scene.frames(by, frame):
                    yield from ((of, each) for each in frames)
            case ops.Earlier(of):
                yield of, Frame(self._scene.before(by, frame.last_day))
            case ops.Count() | ops.OnlyIf():
                return
            case _:
                yield from ((each, frame) for each in ops.operands_of(by))

    def _leaf(self, name: str, label: str, frame: Frame, note: str = "") -> Reason:
        value = cast("Fraction", self._scene.figure(name, frame).value)
        rule = f"measure {name}" if name in self._scene.program.measures else ""
        note = joined(note, _window_of(frame))
        return given(
            label, value, unit=self._scene.program.unit(name), rule=rule, day=frame.last_day, note=note
        )

    def _measured(self, by: Operation, label: str, name: str, frame: Frame) -> Reason:
        rule, unit = f"measure {name}", self._scene.program.unit(name)
        match by:
            case ops.Sum(of) | ops.Product(of) | ops.Lowest(of) | ops.Highest(of):
                return combined(label, _SIGNS[type(by)], self._parts(of, frame), rule=rule, unit=unit)
            case ops.Net(of):
                return total(label, self._net(of, frame), rule=rule, unit=unit)
            case ops.Ratio(of, to):
                return quotient(label, *self._parts((of, to), frame), rule=rule, unit=unit)
            case ops.Scale(of):
                share = self._share(by, self._parts((of,), frame)[0])
                parts = (share, given("all", by.gives, unit=unit, rule=rule))
                return product(label, parts, rule=rule, unit=unit)
            case ops.Rounded(of, to, mode):
                return rounded(label, self.of(of, frame), given("rounded to", to), mode, rule=rule, unit=unit)
            case _:
                return self._looked_up(by, label, name, frame)

    def _looked_up(self, by: Operation, label: str, name: str, frame: Frame) -> Reason:
        rule, unit = f"measure {name}", self._scene.program.unit(name)
        match by:
            case ops.OnlyIf(of):
                if self._scene.figure(name, frame) == exactly(Fraction(0)):
                    return self._leaf(name, label, frame, "what it requires is not met, or there is nothing")
                return total(
                    label, self._parts((of,), frame), rule=rule, unit=unit, note="given what it requires"
                )
            case ops.Earlier(of):
                day = self._scene.before(by, frame.last_day)
                return total(label, [self.of(of, Frame(day))], rule=rule, unit=unit, day=day)
            case ops.Over():
                parts = [self._stretch(by, each) for each in self._scene.frames(by, frame)]
                if not parts:
                    return self._leaf(name, label, frame, f"no whole {by.each} lies in it")
                return combined(label, _FOLDS[by.fold], _folded(parts, by), rule=rule, unit=unit)
            case _:
                return self._leaf(name, label, frame, self._counted(by, frame))

    def _counted(self, by: Operation, frame: Frame) -> str:
        """Say what was counted: the first of the facts or values, or which tier's months."""
        if isinstance(by, ops.Tenure):
            program = self._scene.program
            return f"whole months as {program.tier_on(program.tier(by.tier), frame.last_day)} or above"
        named = self._scene.counted(cast("ops.Count", by), frame)
        more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
        return ", ".join(named[:_MOST_NAMED]) + more

    def _parts(self, of: Iterable[Operand], frame: Frame) -> list[Reason]:
        return [given("number", each) if isinstance(each, Fraction) else self.of(each, frame) for each in of]

    def _net(self, of: Iterable[Operand], frame: Frame) -> list[Reason]:
        first, *others = of
        return [*self._parts((first,), frame), *(self._less(each, frame) for each in others)]

    def _less(self, each: Operand, frame: Frame) -> Reason:
        if isinstance(each, Fraction):
            return given("less a number", -each)
        reason = self.of(each, frame)
        return product(f"less {reason.label}", (given("less", -1), reason), unit=reason.unit)

    @staticmethod
    def _share(by: ops.Scale, part: Reason) -> Reason:
        """Say which part of the full target there is, none of it at least and all of it at most."""
        unit = part.unit
        full, none = given("full target", by.full, unit=unit), given("none", 0, unit=unit)
        bounded = combined("at most the full target", Operator.MIN, (part, full), unit=unit)
        if bounded.value < 0:
            bounded = combined("at least none", Operator.MAX, (bounded, none), unit=unit)
        return quotient("part of the full target", bounded, full)

    def _stretch(self, by: ops.Over, frames: Sequence[Frame]) -> Reason:
        """Give the reason of what one stretch gives, with its day: the best one, where it has several."""
        best = max(frames, key=lambda frame: cast("Fraction", self._scene.figure(by.of, frame).value))
        reason = self.of(by.of, best)
        if reason.day is None:
            reason = changed(reason, day=best.last_day, note=joined(reason.note, _window_of(best)))
        if by.at_most is None:
            return reason
        most = given("at most", by.at_most, unit=reason.unit)
        return combined(reason.label, Operator.MIN, (reason, most), unit=reason.unit, day=best.last_day)


def _window_of(frame: Frame) -> str:
    return f"earned from {frame.window[0]} up to {frame.window[1]}" if frame.window is not None else ""


def _folded(parts: Iterable[Reason], by: ops.Over) -> Iterator[Reason]:
    """Leave out stretches of nothing that follow another one: it says how many there are."""
    for is_nothing, run in groupby(parts, key=lambda part: part.value == 0):
        first, *others = run
        if is_nothing and others:
            note = joined(first.note, f"as in the {counted(len(others), by.each)} before it")
            first, others = changed(first, note=note), []
        yield from (first, *others)
