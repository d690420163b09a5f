"""Checking the movements of a draft: the tracks and readings that they name, the bars that they take off."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from tierkit.programs.checking.rules import A_YEAR, ADD_YEAR, ends_with_year, has_years
from tierkit.programs.checking.vocabulary import unknown
from tierkit.programs.dated import days_of
from tierkit.programs.measures import operands_of
from tierkit.programs.movements import YEAR_END, MoveKind
from tierkit.programs.reading.table import entry
from tierkit.programs.requirements import Subject
from tierkit.values.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tierkit.errors import Problem
    from tierkit.programs.checking.vocabulary import Vocabulary
    from tierkit.programs.measures import Measure
    from tierkit.programs.movements import Movement
    from tierkit.programs.program import Program
    from tierkit.programs.reading.draft import Draft, Place
    from tierkit.programs.requirements import Requirement
    from tierkit.programs.rules import Life


def movements(draft: Draft, names: Vocabulary) -> Iterator[Problem]:
    """Find tracks and readings of movements that are not there, and bars and years that are missing."""
    posted = set[str]()
    for movement in cast("dict[str, Movement]", draft.all_settled("movement")).values():
        place = draft.at("movement", movement.id)
        for name in movement.asked_on_the_day:
            if name not in names.readings:
                add = "add it under [readings]"
                yield unknown(place, "asked-on-the-day", name, tuple(names.readings), add)
        for key, track in _posts(movement):
            if track not in names.tracks:
                yield unknown(place, key, track, names.tracks, "add it to `tracks`")
            elif track not in posted:  # what is wrong with its bars is told once
                posted.add(track)
                yield from _bars_of(draft, names, place, key, track)
                yield from _longer_lives(draft, place, key, track)
        if movement.restarts_year and not has_years(draft):
            yield place.problem("restarts-year", "true", A_YEAR, ADD_YEAR)
    yield from _years_that_end_twice(draft)


def _years_that_end_twice(draft: Draft) -> Iterator[Problem]:
    """Find falls that look on one day at the same year that ends: it would lower and carry over twice."""
    every = cast("dict[str, Movement]", draft.all_settled("movement")).values()
    falls = [each for each in every if each.kind is MoveKind.FALL and YEAR_END in each.on]
    longest: Movement | None = None
    for movement in sorted(falls, key=lambda each: each.effective_from or date.min):
        both = _days(longest) & _days(movement) if longest else None
        if longest and both:
            found = f'"{YEAR_END}" beside movement {longest.id!r}, {days_of(both)}'
            expected = "one fall at the end of a year, as each would lower the tier and carry over"
            hint = "end the one where the other begins, by `until` and `from`"
            yield draft.at("movement", movement.id).problem("on", found, expected, hint)
        if longest is None or (movement.effective_until or date.max) > (longest.effective_until or date.max):
            longest = movement


def _days(movement: Movement) -> Span:
    return Span(movement.effective_from, movement.effective_until)


def _posts(movement: Movement) -> Iterator[tuple[str, str]]:
    """Give the tracks that a movement posts to, each with its key."""
    for key, track in (("posts.deduct", movement.deduct), ("posts.carry", movement.carry)):
        if track:
            yield key, track


def bars_beside_posts(draft: Draft, program: Program) -> Iterator[Problem]:
    """Find bars of measures that count a track of which a movement takes the bar, and no other, off."""
    asked = [
        each
        for trees in (program.requires, program.keeps)
        for tier in program.tiers
        for period in trees.get(tier.id, ())
        for each in period.value.conditions()
    ]
    names = dict.fromkeys(each.quantity for each in asked if each.subject is Subject.MEASURE)
    for movement in program.movements:
        for key, track in _posts(movement):
            for name in names:
                if name != track and _counts(program.measures, name, track):
                    found = f"{track!r}, beside bars of {name!r}, which counts it too"
                    expected = f"no bar but that of {track!r}, the one that the movement looks at"
                    hint = "ask for the track alone, or see that the other bar is meant to stay"
                    yield draft.at("movement", movement.id).problem(key, found, expected, hint)


def _counts(measures: Mapping[str, Measure], name: str, track: str) -> bool:
    """Say whether a quantity is made of a track, by way of whatever measures."""
    seen, waiting = set[str](), [name]
    while waiting:
        each = waiting.pop()
        if each in measures and each not in seen:
            waiting += operands_of(measures[each].by)
        seen.add(each)
    return track in seen


def _bars_of(draft: Draft, names: Vocabulary, place: Place, key: str, track: str) -> Iterator[Problem]:
    """Find the tiers that do not have one bar of a track, so that there would be nothing to take off."""
    for path, periods in draft.dated.items():
        if path[0] not in ("requires", "keeps") or path[1] not in names.tiers:
            continue
        tier = path[1]
        for period in periods:
            conditions = tuple(cast("Requirement", period.value).conditions())
            bars = [each for each in conditions if (each.subject, each.quantity) == (Subject.MEASURE, track)]
            if len(bars) != 1:
                found = f"{len(bars) or 'no'} bars of {track!r} in tier {tier!r}, {period.days()}"
                expected = "one bar in each tier, which is what the movement takes off"
                over = [each.quantity for each in conditions if _counts(names.measures, each.quantity, track)]
                hint = "name the track that the tiers ask for"
                if bars:
                    hint = f"leave one of them in {draft.place(period, path).field}"
                elif over:
                    hint = f"ask for {track!r} itself: the bar of {over[0]!r}, which counts it, is another"
                yield place.problem(key, found, expected, hint)
            elif bars[0].bar is None:
                found = f"an unknown bar of {track!r} in tier {tier!r}, {period.days()}"
                expected = "a known bar in each tier, which is what the movement takes off"
                hint = "give the bar: without it nobody can say what is left"
                yield place.problem(key, found, expected, hint)


def _longer_lives(draft: Draft, place: Place, key: str, track: str) -> Iterator[Problem]:
    """Find rules that fill a track with points that do not end with the year, as what is posted does."""
    for rule, raw in draft.all_settled("earn").items():
        lives = draft.dated.get(("earn", rule, "live"), ())
        ends = all(ends_with_year(cast("Life", period.value)) for period in lives)
        if cast("dict[str, Any]", raw)["track"] == track and not ends:
            found = f"{track!r}, which {entry('earn', rule)} fills with points that do not end with the year"
            expected = 'a track whose points all count while = "year"'
            yield place.problem(key, found, expected, "give that rule this life, or another track")
