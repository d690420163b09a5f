"""Checking the movements of a draft: the tracks and readings that they name, the bars that they take off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from tierkit.programs.checking.rules import A_YEAR, ADD_YEAR, ends_with_year, has_years
from tierkit.programs.checking.vocabulary import unknown
from tierkit.programs.reading.table import entry
from tierkit.programs.requirements import Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tierkit.errors import Problem
    from tierkit.programs.checking.vocabulary import Vocabulary
    from tierkit.programs.movements import Movement
    from tierkit.programs.reading.draft import Draft, Place
    from tierkit.programs.requirements import Requirement
    from tierkit.programs.rules import Life


def movements(draft: Draft, names: Vocabulary) -> Iterator[Problem]:
    """Find tracks and readings of movements that are not there, and bars and years that are missing."""
    for movement in cast("dict[str, Movement]", draft.all_settled("movement")).values():
        place = draft.at("movement", movement.id)
        for name in movement.asked_on_the_day:
            if name not in names.readings:
                add = "add it under [readings]"
                yield unknown(place, "asked-on-the-day", name, tuple(names.readings), add)
        for key, track in (("posts.deduct", movement.deduct), ("posts.carry", movement.carry)):
            if track and track not in names.tracks:
                yield unknown(place, key, track, names.tracks, "add it to `tracks`")
            elif track:
                yield from _bars_of(draft, names, place, key, track)
                yield from _longer_lives(draft, place, key, track)
        if movement.restarts_year and not has_years(draft):
            yield place.problem("restarts-year", "true", A_YEAR, ADD_YEAR)


def _bars_of(draft: Draft, names: Vocabulary, place: Place, key: str, track: str) -> Iterator[Problem]:
    """Find the tiers that do not have one bar of a track, so that there would be nothing to take off."""
    for path, periods in draft.dated.items():
        if path[0] not in ("requires", "keeps") or path[1] not in names.tiers:
            continue
        tier = path[1]
        for period in periods:
            conditions = cast("Requirement", period.value).conditions()
            bars = [each for each in conditions if (each.subject, each.quantity) == (Subject.MEASURE, track)]
            if len(bars) != 1:
                found = f"{len(bars) or 'no'} bars of {track!r} in tier {tier!r}, {period.days()}"
                expected = "one bar in each tier, which is what the movement takes off"
                yield place.problem(key, found, expected, "name the track that the tiers ask for")
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
