"""What differs between two programs: value by value, and stretch of days by stretch of days."""

from __future__ import annotations

from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Final, final

import attrs

from tierkit.frozen import changed, fields_of, frozen
from tierkit.programs.movements import Movement
from tierkit.programs.reading.draft import UNSOURCED
from tierkit.programs.requirements import Condition, Junction
from tierkit.programs.words import tree_words, words_of
from tierkit.values.source import Grade, Source
from tierkit.values.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tierkit.programs.dated import Period
    from tierkit.programs.program import Program
    from tierkit.programs.requirements import Requirement
    from tierkit.programs.rules import EarningRule

_ALL_DAYS: Final = Span(None, None)
_ABOUT_A_MOVEMENT: Final = ("id", "effective_from", "effective_until", "source", "grade", "note", "file")


@final
@frozen(kw_only=True)
class Stated:
    """What one program says of something, and on whose word.

    Attributes:
        value: the value as the program has it; None where it is declared unknown.
        words: the value in words.
        source: where it was read; None for what has no source, such as the sum of a measure.
        grade: how far to trust it; None where it has no source.
        note: what a reader of the value should know.
    """

    value: object
    words: str
    source: Source | None = None
    grade: Grade | None = None
    note: str = ""

    def __str__(self) -> str:
        return self.words if self.source is None else f"{self.words} ({self.source.id}, {self.grade})"


@final
@frozen(kw_only=True)
class Difference:
    """One thing of which two programs say something else on the same days.

    Attributes:
        name: what it is, such as "sourced-deal: rate" or "tier gold: total at least".
        span: the days on which they differ.
        before: what the first program says; None where it says nothing.
        after: what the second one says; None where it says nothing.
    """

    name: str
    span: Span
    before: Stated | None
    after: Stated | None

    def __str__(self) -> str:
        before, after = (str(each or "nothing") for each in (self.before, self.after))
        return f"{self.name}, {self.span}: {before} -> {after}"


@final
@attrs.define(frozen=True)
class _Line:
    """Something that a program says on some days; `key` is what makes it another value."""

    span: Span
    key: object
    stated: Stated


def differences(before: Program, after: Program) -> tuple[Difference, ...]:
    """Compare two programs: the values of the first in their order, then those that only the second has."""
    ours, theirs = _by_name(before), _by_name(after)
    return tuple(
        difference
        for name in dict.fromkeys((*ours, *theirs))
        for difference in _differing(name, ours.get(name, []), theirs.get(name, []))
    )


def _by_name(program: Program) -> dict[str, list[_Line]]:
    found: dict[str, list[_Line]] = {}
    for name, line in _lines(program):
        found.setdefault(name, []).append(line)
    return found


def _differing(name: str, ours: list[_Line], theirs: list[_Line]) -> Iterator[Difference]:
    """Hold two lists of lines of one name against each other, and join stretches that differ alike."""
    edges = {day for line in (*ours, *theirs) for day in (line.span.start, line.span.end) if day is not None}
    open_ones: list[Difference] = []
    for start, end in pairwise([None, *sorted(edges), None]):
        span = Span(start, end)
        found = [
            Difference(name=name, span=span, before=one and one.stated, after=other and other.stated)
            for one, other in zip_longest(_on(ours, span), _on(theirs, span))
            if one is None or other is None or one.key != other.key
        ]
        joined = [
            changed(earlier, span=Span(earlier.span.start, end))
            for earlier, later in zip(open_ones, found, strict=False)
            if (earlier.before, earlier.after) == (later.before, later.after)
        ]
        if len(joined) == len(found) == len(open_ones):
            open_ones = joined
            continue
        yield from open_ones
        open_ones = found
    yield from open_ones


def _on(lines: list[_Line], span: Span) -> list[_Line]:
    return [line for line in lines if line.span & span is not None]


def _lines(program: Program) -> Iterator[tuple[str, _Line]]:
    yield from (_settled(f"track {track}", track) for track in program.tracks)
    yield from (_settled(f"attribute {name}", name) for name in program.attributes)
    yield from (_settled(f"measure {each.id}", each) for each in program.measures.values())
    yield from (_settled(f"reading {each.id}", each) for each in program.readings.values())
    yield from (_settled(f"unit of {name}", unit) for name, unit in program.units.items())
    yield _settled("year from", program.year_from)
    yield from (_settled(f"tier {tier.id}", changed(tier, ladder="")) for tier in program.tiers)
    for tiers in program.ladders.values():
        yield from (_settled(f"tier {tier.id} of {tier.ladder}", tier) for tier in tiers)
    yield from (_settled(f"rule {rule.id}", _head(rule)) for rule in program.rules)
    for name, period in program.sourced_values():
        stated = _stated(period, words_of(period.value, name))
        span = Span(period.effective_from, period.effective_until)
        yield name, _Line(span, _key(period.value), stated)
    yield from _trees(program)


def _stated(period: Period[object], words: str) -> Stated:
    if period.source == UNSOURCED:
        return Stated(value=period.value, words=words, note=period.note)
    source, grade, note = period.source, period.grade, period.note
    return Stated(value=period.value, words=words, source=source, grade=grade, note=note)


def _settled(name: str, value: object) -> tuple[str, _Line]:
    return name, _Line(_ALL_DAYS, value, Stated(value=value, words=words_of(value)))


def _key(value: object) -> object:
    """Give what makes a value another one: of a movement what it does, not what is said about it."""
    if isinstance(value, Movement):
        return tuple(getattr(value, name) for name in fields_of(Movement) if name not in _ABOUT_A_MOVEMENT)
    return type(value), value


def _head(rule: EarningRule) -> str:
    """Say in words which facts a rule selects, how it measures them, and where the points go."""
    where = "".join(f", {name} {' or '.join(values)}" for name, values in sorted(rule.where.items()))
    unless = "".join(f", not {name} {' or '.join(values)}" for name, values in sorted(rule.unless.items()))
    inside = f", in {' or '.join(rule.inside)}" if rule.inside else ""
    outside = f", not in {' or '.join(rule.outside)}" if rule.outside else ""
    measured = rule.amount or ("quantity" if rule.quantity else "one each")
    beside = f"; beside {', '.join(rule.beside)}" if rule.beside else ""
    facts = f"{rule.fact}{where}{unless}{inside}{outside}"
    return f"{rule.name}: {facts}; measured by {measured}; into {rule.track}{beside}"


def _trees(program: Program) -> Iterator[tuple[str, _Line]]:
    """Give how a tier's conditions combine where not just all are asked; the bars stand by themselves."""
    for kept, trees in (("", program.requires), (" to keep it", program.keeps)):
        for tier, asked in trees.items():
            for period in asked:
                if not _is_plain(period.value):
                    shape = tree_words(period.value, bars=False)
                    span = Span(period.effective_from, period.effective_until)
                    stated = changed(_stated(period, shape), value=shape)
                    yield f"tier {tier}: combined{kept}", _Line(span, shape, stated)


def _is_plain(requirement: Requirement) -> bool:
    return isinstance(requirement, Condition) or (
        requirement.junction is Junction.ALL
        and all(isinstance(part, Condition) for part in requirement.parts)
    )
