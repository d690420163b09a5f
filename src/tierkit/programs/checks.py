"""Checking a draft as a whole: days without a value or with two, and references to what is not there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from tierkit.errors import Problem, shown
from tierkit.programs.dated import gaps, in_order, overlaps, unreasoned
from tierkit.programs.doubles import doubles
from tierkit.programs.movements import YEAR_END
from tierkit.programs.requirements import Condition, Requirement, Sense, Subject
from tierkit.programs.rules import FactShape, Life, Measure, RateDay, ReadingKind, Takes, While
from tierkit.programs.table import among, near

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from tierkit.programs.dated import Period
    from tierkit.programs.draft import Draft
    from tierkit.programs.movements import Movement
    from tierkit.programs.rules import Clawback
    from tierkit.values.tier import Tier

_MOST_TRACKS = 100
_A_YEAR = 'a [[movement]] with on = ["year-end"], as nothing else ends the personal year'
_ADD_YEAR = "add the movement that looks at the year when it ends"
_DEEPEST_SUM = 20
_DEAL_ATTRIBUTES = ("kind", "motion", "product_line")
_AMOUNTS = {
    FactShape.DEAL: ("mrr", "value"),
    FactShape.ACCOUNT: ("mrr",),
    FactShape.EVENT: ("amount",),
    FactShape.STATE: ("amount",),
}


def seams_of(draft: Draft, *, partial: bool = False) -> Iterator[Problem]:
    """Find overlaps and gaps in every dated value; an overlay may have gaps, its base fills them."""
    for path, periods in draft.dated.items():
        field = ".".join(path)
        yield from overlaps(in_order(periods), draft.where, field)
        if not partial:
            yield from gaps(in_order(periods), draft.where, field)
        yield from unreasoned(periods, draft.where, field)


def loose_ends(draft: Draft) -> Iterator[Problem]:
    """Find references to what is not there, and things that lack a part."""
    tracks = cast("tuple[str, ...]", draft.settled["tracks",])
    measures = cast("dict[str, Measure]", draft.all_settled("measure"))
    yield from _measures(draft, tracks, measures)
    yield from _groups(draft)
    valued = any(path[0] == "point-value" for path in draft.dated)
    for rule, raw in draft.all_settled("earn").items():
        if cast("dict[str, Any]", raw)["amount"] and not valued:
            field, expected = f"earn.{rule}.amount", "the amount that counts as one unit"
            yield Problem(draft.where, field, "no [[point-value]]", expected, "add [[point-value]]")
        yield from _rule(draft, rule, cast("dict[str, Any]", raw), tracks)
    yield from doubles(draft)
    yield from _conditions(draft, (*tracks, *measures))
    yield from _tiers(draft)
    yield from _movements(draft, tracks)


def _groups(draft: Draft) -> Iterator[Problem]:
    groups = draft.all_settled("group")
    for path in draft.dated:
        if path[0] == "group" and path[1] not in groups:
            yield _unknown(draft, ".".join(path), path[1], groups, "give it a `name`")
        if path[2:3] == ("multiply",) and path[3] not in groups:
            yield _unknown(draft, ".".join(path), path[3], groups, "add it as [[group]]")


def _conditions(draft: Draft, quantities: tuple[str, ...]) -> Iterator[Problem]:
    readings = cast("dict[str, ReadingKind]", draft.all_settled("reading"))
    yes_no = {name for name, kind in readings.items() if kind.yes_no}
    names = {Subject.MEASURE: quantities, Subject.READING: tuple(readings)}
    add = {Subject.MEASURE: "add it under [measures]", Subject.READING: "add it under [readings]"}
    for tier, periods in draft.by_parent().get(("tier",), {}).items():
        for period in periods:
            for condition in cast("Requirement", period.value).conditions():
                known = names[condition.subject]
                if condition.quantity not in known:
                    field = f"tier.{tier}.{condition.subject}"
                    yield _unknown(draft, field, condition.quantity, known, add[condition.subject])
                elif (condition.comparison is Sense.IS) is not (condition.quantity in yes_no):
                    yield _incomparable(draft, f"tier.{tier}", condition, yes_no)


def _tiers(draft: Draft) -> Iterator[Problem]:
    ranks: dict[int, str] = {}
    for tier in cast("dict[str, Tier]", draft.all_settled("tier")).values():
        if ("tier", tier.id) not in draft.dated:
            hint = 'add what it asks; a bar that nobody knows is `at-least = "unknown"`'
            expected = "at least one [[tier.requires]]"
            yield Problem(draft.where, f"tier.{tier.id}.requires", "nothing", expected, hint)
        if tier.rank in ranks:
            found = f"rank {tier.rank}, which {ranks[tier.rank]} has"
            hint = "number the tiers from the lowest to the highest"
            yield Problem(draft.where, f"tier.{tier.id}.rank", found, "a rank of its own", hint)
        ranks[tier.rank] = tier.id


def _measures(draft: Draft, tracks: tuple[str, ...], measures: Mapping[str, Measure]) -> Iterator[Problem]:
    if len(tracks) > _MOST_TRACKS:
        found, hint = f"{len(tracks)} tracks", "tell facts apart by attributes instead"
        yield Problem(draft.where, "tracks", found, f"at most {_MOST_TRACKS}", hint)
        return
    for name in sorted(
        {*(track for track in tracks if tracks.count(track) > 1), *measures.keys() & {*tracks}}
    ):
        yield Problem(
            draft.where, "tracks", f"{name!r} twice", "each track and measure once", "give one another name"
        )
    counted = {track: {track} for track in tracks}
    waiting = dict(measures)
    for _ in range(_DEEPEST_SUM):
        for name in [name for name, measure in waiting.items() if counted.keys() >= set(measure.sum)]:
            counted[name] = set()
            for part in waiting.pop(name).sum:
                twice = counted[name] & counted[part]
                if twice:
                    found = f"{', '.join(sorted(twice))} again in {part!r}"
                    hint = "leave one of the two out"
                    yield Problem(draft.where, f"measures.{name}.sum", found, "each track once", hint)
                counted[name] |= counted[part]
    for name, measure in waiting.items():
        missing = [part for part in measure.sum if part not in tracks and part not in measures]
        for part in missing:
            known = (*tracks, *measures)
            yield _unknown(draft, f"measures.{name}.sum", part, known, "add it to `tracks`")
        if not missing:
            found = f"{shown(', '.join(measure.sum))}, of which one comes back to itself or goes too deep"
            expected = f"tracks, or measures that end in tracks after at most {_DEEPEST_SUM} steps"
            yield Problem(draft.where, f"measures.{name}.sum", found, expected, "name the tracks instead")


def _rule(draft: Draft, rule: str, raw: dict[str, Any], tracks: tuple[str, ...]) -> Iterator[Problem]:
    if raw["track"] not in tracks:
        yield _unknown(draft, f"earn.{rule}.track", raw["track"], tracks, "add it to `tracks`")
    for key in ("rate", "live"):
        if ("earn", rule, key) not in draft.dated:
            field, expected = f"earn.{rule}.{key}", f"at least one [[earn.{key}]]"
            yield Problem(draft.where, field, "nothing", expected, "add it below the rule")
    attributes = (*_DEAL_ATTRIBUTES, "type", *cast("tuple[str, ...]", draft.settled["attributes",]))
    for name in raw["where"]:
        if name not in attributes:
            yield _unknown(draft, f"earn.{rule}.select", name, attributes, "add it to `attributes`")
    yield from _shape(draft, rule, raw, attributes)


def _shape(draft: Draft, rule: str, raw: dict[str, Any], attributes: tuple[str, ...]) -> Iterator[Problem]:
    """Find what a rule says of facts of its shape that these do not have."""
    shape: FactShape = raw["fact"]
    if raw["amount"] not in ("", *_AMOUNTS[shape]):
        hint = "leave it out where the fact counts as one unit"
        yield _unknown(draft, f"earn.{rule}.amount", raw["amount"], _AMOUNTS[shape], hint)
    if raw["quantity"] and (raw["amount"] or shape in (FactShape.DEAL, FactShape.ACCOUNT)):
        expected = "`amount`, or the quantity of an event or a state"
        field, hint = f"earn.{rule}.quantity", "leave `quantity` out"
        yield Problem(draft.where, field, f"fact = {shape.value!r}", expected, hint)
    yield from _lives(draft, rule, shape)
    steps = (
        ("share", shape.is_state),
        ("rate-day", shape is FactShape.DEAL),
        ("clawback", not shape.is_state),
    )
    for key, fits in steps:
        for period in draft.dated.get(("earn", rule, key), ()):
            if not fits:
                yield Problem(
                    draft.where,
                    f"earn.{rule}.{key}",
                    f"fact = {shape.value!r}",
                    "a fact that has one",
                    "leave it out",
                )
            if isinstance(period.value, RateDay):
                for name in period.value.when:
                    if name not in attributes:
                        field = f"earn.{rule}.{key}.when"
                        yield _unknown(draft, field, name, attributes, "add it to `attributes`")


def _lives(draft: Draft, rule: str, shape: FactShape) -> Iterator[Problem]:
    """Find lives of states in rules for events, the other way round, and a year that nothing ends."""
    field = f"earn.{rule}.live"
    for period in draft.dated.get(("earn", rule, "live"), ()):
        lasts = cast("Life", period.value).lasts_while
        if (lasts in (While.HELD, While.ACTIVE)) is not shape.is_state:
            found = "no `while`" if lasts is None else f'while = "{lasts}"'
            over = f'while = "held" or "active", as the {shape.value} holds over days'
            day = f'`months` or `days` from the day of the {shape.value}, or while = "year"'
            yield Problem(draft.where, field, found, over if shape.is_state else day)
        elif lasts is While.YEAR:
            if not _has_years(draft):
                yield Problem(draft.where, field, 'while = "year"', _A_YEAR, _ADD_YEAR)
            yield from _parts_of_a_year(draft, rule, period)


def _parts_of_a_year(draft: Draft, rule: str, life: Period[object]) -> Iterator[Problem]:
    """Find clawbacks that count the days yet to come of points of which no last day is known."""
    first = life.effective_from or date.min
    for period in draft.dated.get(("earn", rule, "clawback"), ()):
        reaches = (period.effective_until or date.max) > first  # a reversal comes after its fact
        if reaches and cast("Clawback", period.value).takes is Takes.PRO_RATA:
            found = f'takes = "pro-rata", {period.days()}'
            expected = 'takes = "all" beside while = "year", as there is no end to count the days to'
            hint = 'write "all", or let the points live for `months` or `days`'
            yield Problem(draft.where, f"earn.{rule}.clawback", found, expected, hint)


def _has_years(draft: Draft) -> bool:
    movements = cast("dict[str, Movement]", draft.all_settled("movement"))
    return any(YEAR_END in movement.on for movement in movements.values())


def _movements(draft: Draft, tracks: tuple[str, ...]) -> Iterator[Problem]:
    """Find tracks and readings of movements that are not there, and bars and years that are missing."""
    readings = draft.all_settled("reading")
    for movement in cast("dict[str, Movement]", draft.all_settled("movement")).values():
        field = f"movement.{movement.id}"
        for name in movement.asked_on_the_day:
            if name not in readings:
                yield _unknown(draft, f"{field}.asked-on-the-day", name, readings, "add it under [readings]")
        for key, track in (("deduct", movement.deduct), ("carry", movement.carry)):
            if track and track not in tracks:
                yield _unknown(draft, f"{field}.posts.{key}", track, tracks, "add it to `tracks`")
            elif track:
                yield from _bars_of(draft, f"{field}.posts.{key}", track)
                yield from _longer_lives(draft, f"{field}.posts.{key}", track)
        if movement.restarts_year and not _has_years(draft):
            yield Problem(draft.where, f"{field}.restarts-year", "true", _A_YEAR, _ADD_YEAR)


def _bars_of(draft: Draft, field: str, track: str) -> Iterator[Problem]:
    """Find the tiers that do not have one bar of a track, so that there would be nothing to take off."""
    for tier, periods in draft.by_parent().get(("tier",), {}).items():
        for period in periods:
            conditions = cast("Requirement", period.value).conditions()
            bars = [each for each in conditions if (each.subject, each.quantity) == (Subject.MEASURE, track)]
            if len(bars) != 1:
                found = f"{len(bars) or 'no'} bars of {track!r} in tier {tier!r}, {period.days()}"
                expected = "one bar in each tier, which is what the movement takes off"
                yield Problem(draft.where, field, found, expected, "name the track that the tiers ask for")
            elif bars[0].bar is None:
                found = f"an unknown bar of {track!r} in tier {tier!r}, {period.days()}"
                expected = "a known bar in each tier, which is what the movement takes off"
                hint = "give the bar: without it nobody can say what is left"
                yield Problem(draft.where, field, found, expected, hint)


def _longer_lives(draft: Draft, field: str, track: str) -> Iterator[Problem]:
    """Find rules that fill a track with points that do not end with the year, as what is posted does."""
    for rule, raw in draft.all_settled("earn").items():
        lives = draft.dated.get(("earn", rule, "live"), ())
        ends = all(cast("Life", period.value).lasts_while is While.YEAR for period in lives)
        if cast("dict[str, Any]", raw)["track"] == track and not ends:
            found = f"{track!r}, which earn.{rule} fills with points that do not end with the year"
            expected = 'a track whose points all count while = "year"'
            yield Problem(draft.where, field, found, expected, "give that rule this life, or another track")


def _incomparable(draft: Draft, field: str, condition: Condition, yes_no: Collection[str]) -> Problem:
    expected = (
        "`is`, as it is yes or no"
        if condition.quantity in yes_no
        else "`at-least` or `above`, as it is a number"
    )
    return Problem(draft.where, f"{field}.{condition.quantity}", f"`{condition.comparison}`", expected)


def _unknown(
    draft: Draft, field: str, name: str, known: Mapping[str, object] | tuple[str, ...], add: str
) -> Problem:
    """Say that a name is not known, which it may have been meant for, else how to make it known."""
    return Problem(draft.where, field, shown(name), among(known), near(name, known) or add)
