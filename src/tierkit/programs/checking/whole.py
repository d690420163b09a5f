"""Checking a draft as a whole: days without a value or with two, names that mean nothing or two things."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from tierkit.frozen import changed
from tierkit.programs.checking.doubles import doubles
from tierkit.programs.checking.growth import growth
from tierkit.programs.checking.measures import circles, measures
from tierkit.programs.checking.movements import movements
from tierkit.programs.checking.rules import rules
from tierkit.programs.checking.tiers import tiers
from tierkit.programs.checking.vocabulary import unknown, vocabulary_of
from tierkit.programs.dated import gaps, in_order, overlaps, unreasoned
from tierkit.programs.reading.keys import TOP, belongs
from tierkit.programs.reading.table import UNKNOWN_KEY, is_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tierkit.errors import Problem
    from tierkit.programs.checking.vocabulary import Vocabulary
    from tierkit.programs.dated import Period
    from tierkit.programs.reading.draft import Draft, Path

_MOST_TRACKS = 100
_MOST_GROUPS = 100
_TREES: Final = ("requires", "keeps")
_WITH_GAPS: Final = ("keeps", "named")
"""What may leave days out, on which something else stands in: what a tier asks, the name that it has."""
RESERVED: Final = {
    "fact": "the kind of fact",
    "group": "a group of markets",
    "except": "what it passes over",
    "market": "the market of a fact or a partner",
}
"""What no attribute may be called, as a rule selects something else by it."""


def seams_of(draft: Draft, *, partial: bool = False) -> Iterator[Problem]:
    """Find overlaps and gaps in every dated value; what is laid over another may have gaps."""
    for path, periods in draft.dated.items():
        ordered = in_order(periods)
        for earlier, later in pairwise(ordered):
            where, field = _seam(draft, path, later)
            both = overlaps([earlier, later], where, field)
            yield from map(_of_trees, both) if path[0] in _TREES else both
            if not partial and path[0] not in _WITH_GAPS:
                yield from gaps([earlier, later], where, field)
        for period in periods:
            where, field = _seam(draft, path, period)
            yield from unreasoned([period], where, field)


def _of_trees(problem: Problem) -> Problem:
    """Say how two trees of the same days are one, which two tables in a list may have been meant for."""
    hint = "where both are asked write one with all = [{ … }, { … }], where one is enough any = [ … ]"
    return changed(problem, hint=f"{hint}; else {problem.hint}")


def _seam(draft: Draft, path: Path, period: Period[object]) -> tuple[str, str]:
    place = draft.place(period, path)
    return place.where, f"{place.field}.amounts.{path[1]}" if path[0] == "point-value" else place.field


def loose_ends(draft: Draft) -> Iterator[Problem]:
    """Find references to what is not there, and things that lack a part."""
    names = vocabulary_of(draft)
    if len(names.groups) > _MOST_GROUPS:
        expected, hint = f"at most {_MOST_GROUPS}", "lay groups together that are treated alike"
        yield draft.at("group").problem("", f"{len(names.groups)} groups", expected, hint)
        return
    yield from _names(draft, names)
    yield from _units(draft, names)
    yield from _groups(draft, names)
    yield from measures(draft, names)
    yield from rules(draft, names)
    yield from doubles(draft)
    yield from tiers(draft, names)
    yield from circles(draft, names)
    yield from growth(draft, names)
    yield from movements(draft, names)


def _names(draft: Draft, names: Vocabulary) -> Iterator[Problem]:
    """Find quantities that have one name, and names that cannot be told from something else."""
    place = draft.at("tracks")
    if len(names.tracks) > _MOST_TRACKS:
        hint = "tell facts apart by attributes instead"
        yield place.problem("", f"{len(names.tracks)} tracks", f"at most {_MOST_TRACKS}", hint)
        return
    once = "each track, measure and reading once"
    for name in dict.fromkeys(name for name in names.tracks if names.tracks.count(name) > 1):
        yield place.problem("", f"{name!r} twice", once, "remove one of the two")
    for kind, known in (("measure", names.measures), ("reading", names.readings)):
        for name in known:
            other = "track" if name in names.tracks else "measure" if name in names.measures else ""
            if other and other != kind:
                yield draft.at(kind, name).problem(
                    "", f"{name!r}, which a {other} is too", once, "rename one"
                )
    for name in names.operands:
        if is_number(name):
            kind = "measure" if name in names.measures else "reading" if name in names.readings else "tracks"
            at = draft.at(kind, name) if kind != "tracks" else place
            yield at.problem("", repr(name), "a name, which a number is not", "add a letter to it")
    for name in names.attributes:
        if name in RESERVED:
            expected = f"another name, as `{name}` is {RESERVED[name]}"
            yield draft.at("attributes").problem("", repr(name), expected, "rename the attribute")


def _units(draft: Draft, names: Vocabulary) -> Iterator[Problem]:
    for name in names.units:
        if name not in names.quantities:
            hint = "give the reading a `unit` of its own" if name in names.readings else "add it to `tracks`"
            if name in TOP:
                hint = belongs(name, draft.where)
            yield unknown(draft.at("units"), name, name, names.quantities, hint)


def _groups(draft: Draft, names: Vocabulary) -> Iterator[Problem]:
    missing = dict.fromkeys(
        path[1] for path in draft.dated if path[0] == "group" and path[1] not in names.groups
    )
    for group in missing:
        yield unknown(draft.at("group", group), "id", group, names.groups, "give it a `name`")


_VOCABULARY: Final = ("tracks", "attributes", "readings", "units")
_HARMLESS: Final = ("source", "grade", "note", "name", "url", "version", "format", "extends")
_FAR_REACHING: Final = ("id", "ladder", "rank", "from", "until")


def independent(found: Iterable[Problem], said: Iterable[Problem]) -> Iterator[Problem]:
    """Give those problems of the whole that are none of what could not be read: its echo is not told.

    Args:
        found: what is wrong with the draft as a whole.
        said: what could not be read, for which the draft has something neutral.
    """
    grave = [each for each in said if each.found != UNKNOWN_KEY and _last(each.field) not in _HARMLESS]
    if any(_reaches_far(each) for each in grave):
        return
    roots = {_root(each.field) for each in grave}
    for problem in found:
        root = _root(problem.field)
        if not grave or not (root in roots or root.startswith("movement") or problem.found == repr("")):
            yield problem


def _reaches_far(problem: Problem) -> bool:
    """Say whether what could not be read may be named anywhere else; what only names another is not."""
    field = problem.field
    if problem.expected.startswith("one of ") and ".select" not in field:
        return False
    return _last(field) in _FAR_REACHING or _root(field) in _VOCABULARY or ".select" in field


def _last(field: str) -> str:
    return field.rpartition(".")[2]


def _root(field: str) -> str:
    root = field.partition(".")[0]
    return root.partition("[")[0] if root.startswith("point-value") else root
