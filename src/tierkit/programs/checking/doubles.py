"""Finding the earning rules of a draft that would count one fact twice."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar, cast

from tierkit.errors import shown
from tierkit.programs.dated import days_of, in_order
from tierkit.programs.reading.table import entry
from tierkit.values.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tierkit.errors import Problem
    from tierkit.programs.dated import Period
    from tierkit.programs.reading.draft import Draft


def doubles(draft: Draft) -> Iterator[Problem]:
    """Find rules that give points for the same facts, on the same days, into the same track.

    Rules go through time together: each period of a rate is held against the rules that have one on its
    first day. A set of rules is one int with a bit for each, so that thousands of them are no work.
    """
    rules = cast("dict[str, dict[str, Any]]", draft.all_settled("earn"))
    names = list(rules)
    places = {name: place for place, name in enumerate(names)}
    rivals = _rivals(draft, rules)
    periods = [
        (period.effective_from or date.min, places[path[1]], period)
        for path, dated in draft.dated.items()
        if path[0] == "earn" and path[2] == "rate" and path[1] in places
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


def _rivals(draft: Draft, rules: dict[str, dict[str, Any]]) -> list[int]:
    """Give for each rule the others that can select a fact that it selects, for the same track."""
    sets = _Sets(draft, list(rules.values()))
    places = {name: place for place, name in enumerate(rules)}
    found = [sets.rivals(place) for place in range(len(rules))]
    for name, rule in rules.items():
        for other in rule["beside"]:
            if other in places:
                found[places[name]] &= ~(1 << places[other])
                found[places[other]] &= ~(1 << places[name])
    return found


class _Sets:
    """Which rules select what, as sets that are one int each."""

    def __init__(self, draft: Draft, rules: list[dict[str, Any]]) -> None:
        self.rules = rules
        self.met, self.within = groups_that_meet(draft), _groups_within(draft)
        self.by_target: dict[object, int] = {}
        self.asking: dict[str, int] = {}
        self.selecting: dict[str, dict[str, int]] = {}
        self.passing: dict[tuple[str, str], int] = {}
        self.inside: dict[str, int] = {}
        self.outside: dict[str, int] = {}
        for place, rule in enumerate(rules):
            one = 1 << place
            if self._selects(rule):
                _put(self.by_target, (rule["fact"], rule["track"]), one)
            for name in rule["where"]:
                _put(self.asking, name, one)
                for value in _selected(rule, name):
                    _put(self.selecting.setdefault(name, {}), value, one)
            for name, values in rule["unless"].items():
                for value in values:
                    _put(self.passing, (name, value), one)
            for group in self._inside(rule):
                _put(self.inside, group, one)
            for group in self._outside(rule):
                _put(self.outside, group, one)
        self.anywhere = ~_together(self.inside.values())

    def rivals(self, place: int) -> int:
        """Give the other rules that can select a fact that one selects."""
        rule = self.rules[place]
        found = self.by_target.get((rule["fact"], rule["track"]), 0) & ~(1 << place)
        for name in rule["where"]:
            selecting, silent = self.selecting.get(name, {}), ~self.asking[name]
            found &= _together(
                (silent | selecting[value]) & ~self.passing.get((name, value), 0)
                for value in _selected(rule, name)
            )
        for name, values in rule["unless"].items():
            selecting = self.selecting.get(name, {})
            others = _together(rules for value, rules in selecting.items() if value not in values)
            found &= ~self.asking.get(name, 0) | others
        if rule["inside"]:
            found &= _together(self._meeting(group) for group in self._inside(rule))
        passed = self._outside(rule)
        others = _together(rules for group, rules in self.inside.items() if group not in passed)
        return found & (self.anywhere | others)

    def _selects(self, rule: dict[str, Any]) -> bool:
        """Say whether a rule takes any fact, after what it passes over."""
        somewhere = not rule["inside"] or self._inside(rule)
        return bool(somewhere) and all(_selected(rule, name) for name in rule["where"])

    def _inside(self, rule: dict[str, Any]) -> set[str]:
        """Give the groups of which a rule takes markets."""
        return {*rule["inside"]} - self._outside(rule)

    def _outside(self, rule: dict[str, Any]) -> set[str]:
        """Give the groups of which a rule takes no market: those that it names, and what lies within them."""
        return {small for small, large in self.within if large in rule["outside"]}

    def _meeting(self, group: str) -> int:
        """Give the rules that take markets of a group."""
        others = _together(rules for other, rules in self.inside.items() if (group, other) in self.met)
        return (self.anywhere | others) & ~self.outside.get(group, 0)


Key = TypeVar("Key")


def _put(sets: dict[Key, int], key: Key, one: int) -> None:
    sets[key] = sets.get(key, 0) | one


def _selected(rule: dict[str, Any], name: str) -> list[str]:
    return [value for value in rule["where"][name] if value not in rule["unless"].get(name, ())]


def groups_that_meet(draft: Draft) -> set[tuple[str, str]]:
    """Give each two groups that have a market in common on some day; each meets itself."""
    members = _members(draft)
    return {
        (one, other)
        for one, ours in members.items()
        for other, theirs in members.items()
        if one == other
        or any(
            meet(period, days)
            for market, periods in ours.items()
            for period in periods
            for days in theirs.get(market, ())
        )
    }


def _groups_within(draft: Draft) -> set[tuple[str, str]]:
    """Give each group with those that have all of its markets on all of their days; it is one of them."""
    members = _members(draft)
    return {
        (one, other)
        for one, ours in members.items()
        for other, theirs in members.items()
        if all(
            _covered(period, theirs.get(market, [])) for market, periods in ours.items() for period in periods
        )
    }


def _members(draft: Draft) -> dict[str, dict[str, list[Period[object]]]]:
    """Give the days on which markets are members, by group and by market, in order."""
    found: dict[str, dict[str, list[Period[object]]]] = {group: {} for group in draft.all_settled("group")}
    for path, periods in draft.dated.items():
        if path[0] == "group" and path[1] in found:
            found[path[1]][path[2]] = in_order(period for period in periods if period.value)
    return found


def _covered(period: Period[object], others: list[Period[object]]) -> bool:
    """Say whether all days of a period are days of others, which are given in order."""
    first = period.effective_from or date.min
    last = period.effective_until or date.max
    for other in others:
        if (other.effective_from or date.min) <= first < (other.effective_until or date.max):
            first = other.effective_until or date.max
    return first >= last


def meet(one: Period[object], other: Period[object]) -> bool:
    """Say whether two periods have a day in common."""
    start = max(each.effective_from or date.min for each in (one, other))
    return start < min(each.effective_until or date.max for each in (one, other))


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
    found = f"facts that {entry('earn', first)} selects too, into the same track {track}, {days}"
    expected = "one rule for each fact, track and day: two would count it twice"
    hint = (
        "narrow the `select` of one, end the `rate` of one, use another track, or, where both are to count, "
        f"write beside = [{shown(first, 40)}]"
    )
    return draft.at("earn", second).problem("select", found, expected, hint.replace("'", '"'))
