"""Checking the measures of a draft: what each operator looks at, and that none comes back to itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from tierkit.errors import shown
from tierkit.programs import measures as ops
from tierkit.programs.checking.tiers import conditions
from tierkit.programs.checking.vocabulary import unknown
from tierkit.programs.requirements import Subject
from tierkit.values.calendar import Stretch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tierkit.errors import Problem
    from tierkit.programs.checking.vocabulary import Vocabulary
    from tierkit.programs.reading.draft import Draft
    from tierkit.programs.requirements import Requirement

_DEEPEST = 20
KEYS: Final[dict[type, str]] = {
    ops.Sum: "sum",
    ops.Net: "net",
    ops.Product: "product",
    ops.Lowest: "min",
    ops.Highest: "max",
    ops.Ratio: "ratio",
    ops.Count: "count",
    ops.Scale: "scale",
    ops.OnlyIf: "of",
    ops.Earlier: "earlier",
    ops.Over: "over",
    ops.Rounded: "round",
    ops.Tenure: "tenure",
}
"""The keys by which a file names the operators."""
DISTINCT = ("customer", "market")
"""What every fact has whose different values may be counted, beside its attributes."""

Node = tuple[str, str]
"""A measure or a ladder, by its kind and its id."""


def measures(draft: Draft, names: Vocabulary) -> Iterator[Problem]:
    """Find operands that are not there, or that an operator cannot take."""
    for measure in names.measures.values():
        yield from _operands(draft, names, measure)
        if isinstance(measure.by, ops.OnlyIf):
            yield from conditions(draft, names, measure.by.requires, ("measure", measure.id))
    yield from _twice(draft, names)
    yield from _not_earned(draft, names)


def _operands(draft: Draft, names: Vocabulary, measure: ops.Measure) -> Iterator[Problem]:
    by, place = measure.by, draft.at("measure", measure.id)
    if isinstance(by, ops.Tenure):
        if by.tier not in names.tiers:
            yield unknown(place, "tenure", by.tier, names.tiers, "add it as [[tier]]")
        return
    key = "of" if isinstance(by, ops.Count) and by.distinct else KEYS[type(by)]
    known = names.tracks if isinstance(by, ops.Count) else names.operands
    for name in ops.operands_of(by):
        if name not in known:
            add = "only tracks have facts" if name in names.measures else "add it to `tracks`"
            yield unknown(place, key, name, known, add)
        elif names.is_yes_no(name):
            found = f"{name!r}, which is yes or no"
            hint = "write only-if = { reading = …, is = true }"
            yield place.problem(key, found, "a quantity, or a reading that is a number", hint)
        elif name in names.readings and isinstance(by, ops.Over) and by.counted is ops.Counted.EARNED:
            hint = 'write counted = "standing"'
            yield place.problem(key, f"{name!r}, a reading", "what is earned, as events earn a track", hint)
    if isinstance(by, ops.Count) and by.distinct:
        attributes = (*DISTINCT, *names.selectable)
        if by.distinct not in attributes:
            yield unknown(place, "distinct", by.distinct, attributes, "add it to `attributes`")


def _twice(draft: Draft, names: Vocabulary) -> Iterator[Problem]:
    """Find sums of sums that count one track twice."""
    counted: dict[str, set[str]] = {track: {track} for track in names.tracks}
    waiting = {name: each.by.of for name, each in names.measures.items() if isinstance(each.by, ops.Sum)}
    for name in (*names.readings, *(name for name in names.measures if name not in waiting)):
        counted.setdefault(name, {name})
    for _ in range(_DEEPEST):
        for name in [name for name, of in waiting.items() if all(_is_known(part, counted) for part in of)]:
            counted[name] = set()
            for part in waiting.pop(name):
                if isinstance(part, str):
                    twice = counted[name] & counted[part]
                    if twice:
                        found = f"{', '.join(sorted(twice))} again in {part!r}"
                        hint = "leave one of the two out"
                        yield draft.at("measure", name).problem("sum", found, "each quantity once", hint)
                    counted[name] |= counted[part]


def _not_earned(draft: Draft, names: Vocabulary) -> Iterator[Problem]:
    """Find what is counted as earned in a stretch of days, and itself looks out of it."""
    looking: dict[str, dict[Stretch, str]] = {}
    for (kind, name), _ in in_steps(draft, names):
        if kind != "measure":
            continue
        by = names.measures[name].by
        if isinstance(by, ops.Earlier | ops.Tenure):
            looking[name] = dict.fromkeys(Stretch, f"{name!r}, which looks at other days")
            continue
        within = [looking[each] for each in ops.operands_of(by) if each in looking]
        looks = {each: found for by_stretch in reversed(within) for each, found in by_stretch.items()}
        if isinstance(by, ops.Over):
            if by.counted is ops.Counted.EARNED and by.each in looks:
                expected = "what is earned in each stretch: of tracks, or of stretches no longer than these"
                hint = 'write counted = "standing"'
                yield draft.at("measure", name).problem("over", looks[by.each], expected, hint)
            shorter = [*Stretch][: [*Stretch].index(by.each)]
            looks = dict.fromkeys(shorter, f"{name!r}, which looks at each {by.each}")
        looking[name] = looks


def _is_known(part: object, known: Iterable[str]) -> bool:
    return not isinstance(part, str) or part in known


def circles(draft: Draft, names: Vocabulary) -> Iterator[Problem]:
    """Find measures and ladders that come back to themselves, or go through too many others."""
    waiting = _edges(draft, names)
    for node, _ in in_steps(draft, names):
        del waiting[node]
    for kind, name in waiting:
        asked = ", ".join(
            sorted({each for _, each in waiting[kind, name] & waiting.keys() or waiting[kind, name]})
        )
        found = f"{shown(asked)}, of which one comes back to itself or goes too deep"
        if kind == "measure":
            key = KEYS[type(names.measures[name].by)]
            expected = f"tracks, or measures that end in tracks after at most {_DEEPEST} steps"
            yield draft.at("measure", name).problem(key, found, expected, "name the tracks instead")
        else:
            tier = names.ladders[name][0]
            expected = "tiers that ask for what is known without them"
            hint = "let one of them ask for tracks and readings instead"
            yield draft.at("tier", tier).problem("requires", found, expected, hint)


def in_steps(draft: Draft, names: Vocabulary) -> Iterator[tuple[Node, set[Node]]]:
    """Give measures and ladders with what each asks for, after those; without what goes on without end."""
    edges = _edges(draft, names)
    waiting = dict(edges)
    for _ in range(_DEEPEST + 1):
        done = [node for node, asked in waiting.items() if not asked & waiting.keys()]
        for node in done:
            yield node, edges[node] & edges.keys()
            del waiting[node]


def _edges(draft: Draft, names: Vocabulary) -> dict[Node, set[Node]]:
    """Give what each measure and each other ladder asks for."""
    found: dict[Node, set[Node]] = {}
    for name, measure in names.measures.items():
        asked: set[Node] = {
            ("measure", each) for each in ops.operands_of(measure.by) if each in names.measures
        }
        if isinstance(measure.by, ops.OnlyIf):
            asked |= _asked(measure.by.requires, names)
        found["measure", name] = asked
    for ladder, tiers in names.ladders.items():
        trees = [period.value for tier in tiers for period in draft.dated.get(("requires", tier), ())]
        asked = {node for tree in trees for node in _asked(cast("Requirement", tree), names)}
        found["ladder", ladder] = asked
    return found


def _asked(requirement: Requirement, names: Vocabulary) -> set[Node]:
    found: set[Node] = set()
    for condition in requirement.conditions():
        if condition.subject is Subject.LADDER and condition.quantity in names.ladders:
            found.add(("ladder", condition.quantity))
        elif condition.subject is Subject.MEASURE and condition.quantity in names.measures:
            found.add(("measure", condition.quantity))
    return found
