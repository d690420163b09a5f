"""The names that a draft knows, by what they are of: what its rules may refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import attrs

from tierkit.errors import TierkitError, shown
from tierkit.programs.reading.table import among, near
from tierkit.programs.reading.tiers import OWN
from tierkit.values.currency import Currency

if TYPE_CHECKING:
    from collections.abc import Collection

    from tierkit.errors import Problem
    from tierkit.programs.measures import Measure
    from tierkit.programs.reading.draft import Draft, Place
    from tierkit.programs.rules import ReadingKind
    from tierkit.values.tier import Tier

OF_FACTS: Final = ("kind", "motion", "product_line", "type")
"""The attributes that facts of the named kinds have, without being declared."""


@attrs.define(frozen=True)
class Vocabulary:
    """The names that a draft knows."""

    tracks: tuple[str, ...]
    units: dict[str, str]
    measures: dict[str, Measure]
    readings: dict[str, ReadingKind]
    attributes: tuple[str, ...]
    groups: Collection[str]
    rules: Collection[str]
    tiers: tuple[str, ...]
    ladders: dict[str, tuple[str, ...]]
    quantities: Collection[str]
    """What a requirement may ask for as a measure."""
    operands: Collection[str]
    """What a measure may be made of."""
    selectable: tuple[str, ...]
    """The attributes by which a rule may select facts."""

    def is_yes_no(self, name: str) -> bool:
        """Say whether a name is that of a reading that is yes or no."""
        return name in self.readings and self.readings[name].yes_no

    def counts_money(self, track: str) -> bool:
        """Say whether what a track counts is an amount of a currency."""
        try:
            return bool(Currency(self.units.get(track, "")))
        except TierkitError:
            return False


def vocabulary_of(draft: Draft) -> Vocabulary:
    """Collect the names that a draft knows."""
    ladders: dict[str, list[str]] = {}
    for tier in cast("dict[str, Tier]", draft.all_settled("tier")).values():
        ladders.setdefault(tier.ladder, []).append(tier.id)
    tracks = cast("tuple[str, ...]", draft.settled["tracks",])
    attributes = cast("tuple[str, ...]", draft.settled["attributes",])
    measures, readings = draft.all_settled("measure"), draft.all_settled("reading")
    return Vocabulary(
        tracks=tracks,
        units=draft.all_settled("unit"),
        measures=measures,
        readings=readings,
        attributes=attributes,
        groups=draft.all_settled("group"),
        rules=draft.all_settled("earn"),
        tiers=tuple(ladders.pop(OWN, ())),
        ladders={ladder: tuple(tiers) for ladder, tiers in ladders.items()},
        quantities=dict.fromkeys((*tracks, *measures)),
        operands=dict.fromkeys((*tracks, *measures, *readings)),
        selectable=(*OF_FACTS, *attributes),
    )


def unknown(place: Place, key: str, name: str, known: Collection[str], add: str) -> Problem:
    """Say that a name is not known, which it may have been meant for, else how to make it known."""
    return place.problem(key, shown(name), among(known), near(name, known) or add)
