"""Finding the earning rules of a draft that would count one fact twice."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from tierkit.errors import Problem, shown
from tierkit.programs.dated import days_of
from tierkit.values.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tierkit.programs.dated import Period
    from tierkit.programs.draft import Draft


def doubles(draft: Draft) -> Iterator[Problem]:
    """Find rules that give points for the same facts, on the same days, into the same track.

    Rules go through time together: each period of a rate is held against the rules that have one on its
    first day. A set of rules is one int with a bit for each, so that thousands of them are no work.
    """
    rules = cast("dict[str, dict[str, Any]]", draft.all_settled("earn"))
    names = list(rules)
    places = {name: place for place, name in enumerate(names)}
    rivals = _rivals(list(rules.values()))
    periods = [
        (period.effective_from or date.min, places[path[1]], period)
        for path, dated in draft.dated.items()
        if path[0] == "earn" and path[2] == "rate"
        for period in dated
    ]
    latest: dict[int, Period[object]] = {}
    live = 0
    told: set[tuple[int, int]] = set()
    for start, place, period in sorted(periods, key=lambda each: each[:2]):
        met = live & rivals[place]
        while met:
            other = (met & -met).bit_length() - 1
            met &= met - 1
            before = latest[other]
            if not before.covers(start):
                live &= ~(1 << other)
            elif (pair := (min(place, other), max(place, other))) not in told:
                told.add(pair)
                first, second = (names[each] for each in pair)
                yield _double(draft, first, second, rules[first], _common(before, period))
        latest[place] = period
        live |= 1 << place


def _rivals(rules: list[dict[str, Any]]) -> list[int]:
    """Give for each rule the others that can select a fact that it selects, for the same track."""
    everyone = (1 << len(rules)) - 1
    by_target: dict[tuple[object, object], int] = {}
    naming: dict[str, dict[str, int]] = {}
    for place, rule in enumerate(rules):
        target = rule["fact"], rule["track"]
        by_target[target] = by_target.get(target, 0) | 1 << place
        for name, values in cast("Mapping[str, tuple[str, ...]]", rule["where"]).items():
            selecting = naming.setdefault(name, {})
            for value in values:
                selecting[value] = selecting.get(value, 0) | 1 << place
    silent = {name: everyone & ~_together(by.values()) for name, by in naming.items()}
    found: list[int] = []
    for place, rule in enumerate(rules):
        rivals = by_target[rule["fact"], rule["track"]] & ~(1 << place)
        for name, values in rule["where"].items():
            rivals &= silent[name] | _together(naming[name][value] for value in values)
        found.append(rivals)
    return found


def _together(sets: Iterable[int]) -> int:
    found = 0
    for each in sets:
        found |= each
    return found


def _common(one: Period[object], other: Period[object]) -> str:
    starts = [day for day in (one.effective_from, other.effective_from) if day is not None]
    ends = [day for day in (one.effective_until, other.effective_until) if day is not None]
    return days_of(Span(max(starts, default=None), min(ends, default=None)))


def _double(draft: Draft, first: str, second: str, rule: dict[str, Any], days: str) -> Problem:
    track = shown(rule["track"], 40)
    found = f"facts that earn.{first} selects too, into the same track {track}, {days}"
    expected = "one rule for each fact, track and day: two would count it twice"
    hint = "narrow the `select` of one, end the `rate` of one, or use another track"
    return Problem(draft.where, f"earn.{second}.select", found, expected, hint)
