"""Timing that compares: each round runs every case once, so that a slow moment of the machine meets all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

Cases = Mapping[str, Callable[[], object]]


@dataclass(frozen=True)
class Timing:
    """The seconds that one case took for one item, round by round."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The usual round."""
        return median(self.seconds)

    @property
    def best(self) -> float:
        """The round in which least came between."""
        return min(self.seconds)

    def times(self, other: Timing) -> float:
        """Say how many times as long as another case it took, comparing within each round: the usual one."""
        return median(mine / its for mine, its in zip(self.seconds, other.seconds, strict=True))


def interleaved(cases: Cases, *, rounds: int, items: int = 1) -> dict[str, Timing]:
    """Time each case once in every round, after one round that does not count.

    Args:
        cases: what is run, by name.
        rounds: how often.
        items: how many items one run of a case works on.
    """
    seconds: dict[str, list[float]] = {name: [] for name in cases}
    for run in cases.values():
        run()
    for _ in range(rounds):
        for name, run in cases.items():
            start = perf_counter()
            run()
            seconds[name].append((perf_counter() - start) / items)
    return {name: Timing(tuple(taken)) for name, taken in seconds.items()}


@dataclass(frozen=True)
class Aim:
    """What was hoped for, and whether it came so: the usual round decides, and the best one is told too."""

    wish: str
    limit: float
    usual: float
    best: float
    unit: str = "times"

    def __str__(self) -> str:
        verdict = "met only in the best round" if self.best <= self.limit else "missed"
        verdict = "met" if self.usual <= self.limit else f"**{verdict}**"
        usual, best = f"{self.usual:.3g} {self.unit}", f"{self.best:.3g} {self.unit}"
        return f"{verdict}: {self.wish} (median {usual}, best {best})"


@dataclass
class Report:
    """One table of timings in one unit, with the aims that it is held against and what else is to be said."""

    title: str
    unit: str
    scale: float
    compared_with: str
    timings: dict[str, Timing]
    aims: list[Aim] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        base = self.timings[self.compared_with]
        rows = [
            f"| {name} | {_short(each.median * self.scale)} | {_short(each.best * self.scale)} "
            f"| {_short(each.times(base))} |"
            for name, each in self.timings.items()
        ]
        head = [f"| {self.unit} | median | best | times {self.compared_with} |", "| --- | --: | --: | --: |"]
        said = [f"- {each}" for each in (*self.aims, *self.notes)]
        return "\n".join([f"### {self.title}", "", *head, *rows, *([""] if said else []), *said, ""])


def _short(number: float) -> str:
    """Write a number with about three digits."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"  # noqa: PLR2004 - three digits
