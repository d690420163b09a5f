"""Doubts: which facts could not be valued on days between two, so that what came and went is not exact."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

import attrs

from tierkit.engine.earning.entry import Missing
from tierkit.values.span import Span, add_days

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from tierkit.engine.earning.credit import StateLine
    from tierkit.engine.earning.entry import Failure
    from tierkit.engine.earning.states import Worth
    from tierkit.engine.moving.personal_years import PersonalYears
    from tierkit.engine.moving.stop import Stop
    from tierkit.errors import Problem


@final
@attrs.define
class Doubts:
    """What could not be valued on the days from one to another, both in.

    Attributes:
        since: the first day.
        until: the last day.
        facts: the facts that could not be valued, each with a track that lacks it.
        tracks: the tracks of which no number is a bound.
        problems: why the facts could not be valued.
    """

    since: date
    until: date
    facts: set[tuple[str, str]] = attrs.Factory(set[tuple[str, str]])
    tracks: set[str] = attrs.Factory(set[str])
    problems: dict[Problem, None] = attrs.Factory(dict["Problem", None])

    def add_failures(self, failures: Iterable[Failure], years: PersonalYears | None) -> None:
        """Note the facts that would have counted on one of the days."""
        window = Span(self.since, add_days(self.until, 1))
        for failure in failures:
            span = failure.span & window
            if span and failure.with_year and years and failure.day:
                span &= Span(None, years.end_of(failure.day))
            if span:
                self.facts.update((failure.fact, track) for track in failure.tracks)
                self.problems[failure.problem] = None

    def add_state(self, line: StateLine, worths: Mapping[date, Worth | Missing | None]) -> None:
        """Note a state that could not be valued on some of the days, of which the last one is as it ends."""
        missing = {day: worth for day, worth in worths.items() if isinstance(worth, Missing)}
        if missing:
            self.facts.add((line.fact.id, line.rule.track))
        if missing and not {min(worths), max(worths)} & missing.keys():  # else the standings name it
            problem = missing[min(missing)].problem(f"{line.rule.fact.value} {line.fact.id}")
            self.problems[problem] = None

    def add_stops(self, stops: Iterable[Stop]) -> None:
        """Note the tracks of which it hangs on the tier that is held, and not known, what there was."""
        for stop in stops:
            found = {track for track, lowers in stop.tally.lacks.items() if lowers}
            if found - self.tracks:
                self.tracks |= found
                self.problems.update(stop.tally.problems)

    def of(
        self, measures: Mapping[str, Sequence[str]], told: Collection[tuple[str, str]]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Say which sums of what came or went are at least so much, and which are no bound either way.

        A fact that could never be valued can only add to what came and went. One that could be on other days
        is told as what went when it no longer could.

        Args:
            measures: the tracks that each sum adds up.
            told: the facts that account for something that came or went, each with the track.
        """
        lacking = {track for _, track in self.facts}
        unsure = self.tracks | {track for fact, track in self.facts if (fact, track) in told}

        def names(tracks: set[str]) -> Iterator[str]:
            return (name for name, of in measures.items() if not tracks.isdisjoint(of))

        no_bound = tuple(names(unsure))
        return tuple(name for name in names(lacking) if name not in no_bound), no_bound
