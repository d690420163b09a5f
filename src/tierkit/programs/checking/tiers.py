"""Checking the tiers of a draft: their ranks, and that what they ask for is there to be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tierkit.errors import TierkitError, shown
from tierkit.programs.checking.vocabulary import unknown
from tierkit.programs.reading.tiers import OWN
from tierkit.programs.requirements import Condition, Sense, Subject
from tierkit.programs.words import words_of
from tierkit.values.market import Market

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from tierkit.errors import Problem
    from tierkit.programs.checking.vocabulary import Vocabulary
    from tierkit.programs.reading.draft import Draft, Path, Place
    from tierkit.programs.requirements import Requirement
    from tierkit.values.tier import Tier

_MARKET = "market"


def tiers(draft: Draft, names: Vocabulary) -> Iterator[Problem]:
    """Find tiers that ask nothing, ranks that two of a ladder have, and names that nothing bears."""
    ranks: dict[tuple[str, int], str] = {}
    for tier in cast("dict[str, Tier]", draft.all_settled("tier")).values():
        place = draft.at("tier", tier.id)
        if ("requires", tier.id) not in draft.dated:
            hint = 'add what it asks; a bar that nobody knows is `at-least = "unknown"`'
            yield place.problem("requires", "nothing", "at least one [[tier.requires]]", hint)
        if tier.ladder != OWN and ("keeps", tier.id) in draft.dated:
            found, hint = f"a tier of the ladder {tier.ladder!r}", "leave `keeps` out"
            yield place.problem("keeps", found, "a tier of the program's own ladder, which is held", hint)
        other = ranks.setdefault((tier.ladder, tier.rank), tier.id)
        if other != tier.id:
            found = f"rank {tier.rank}, which {other} has"
            hint = "number the tiers from the lowest to the highest"
            yield place.problem("rank", found, "a rank of its own", hint)
    for path, periods in draft.dated.items():
        if path[0] in ("requires", "keeps"):
            for period in periods:
                yield from conditions(draft, names, cast("Requirement", period.value), path)


def conditions(draft: Draft, names: Vocabulary, tree: Requirement, path: Path) -> Iterator[Problem]:
    """Find conditions on what is not there, and bars that it cannot be held against."""
    check = {Subject.PARTNER: _of_partner, Subject.LADDER: _of_ladder}
    for condition in tree.conditions():
        place = draft.place(condition, path)
        yield from check.get(condition.subject, _of_quantity)(place, names, condition)


def _of_quantity(place: Place, names: Vocabulary, condition: Condition) -> Iterator[Problem]:
    measured = condition.subject is Subject.MEASURE
    known = names.quantities if measured else tuple(names.readings)
    others = names.readings if measured else names.quantities
    name = condition.quantity
    if name not in known:
        add = "add it under [measures]" if measured else "add it under [readings]"
        if name in others:
            add = f"write {'reading' if measured else 'measure'} = {shown(name)}"
        yield unknown(place, condition.subject, name, known, add)
    elif (condition.comparison is Sense.IS) is not names.is_yes_no(name):
        said = _key(condition)
        expected = (
            "`is`, as it is yes or no"
            if names.is_yes_no(name)
            else "`at-least` or `above`, as it is a number"
        )
        yield place.problem(said, f"`{said}` of {shown(name)}", expected)
    elif name in names.tracks and condition.bar is not None and cast("Fraction", condition.bar) < 0:
        said, bar = _key(condition), words_of(condition.bar)
        yield place.problem(said, bar, "points, zero or more", "leave it out where any points will do")


def _key(condition: Condition) -> str:
    return str(condition.comparison).replace(" ", "-")


def _of_partner(place: Place, names: Vocabulary, condition: Condition) -> Iterator[Problem]:
    known = (_MARKET, *names.attributes)
    name, bar = condition.quantity, str(condition.bar)
    if name not in known:
        yield unknown(place, "partner", name, known, "add it to `attributes`")
    elif condition.comparison is Sense.IN_GROUP:
        if name != _MARKET:
            hint = 'write partner = "market", or `is` with the text'
            yield place.problem("group", shown(bar), "`is`, as only markets have groups", hint)
        elif bar not in names.groups:
            yield unknown(place, "group", bar, tuple(names.groups), "add it as [[group]]")
    elif name == _MARKET:
        try:
            Market(bar)
        except TierkitError as error:
            for problem in error.problems:
                yield place.problem("is", shown(bar), problem.expected, problem.hint)


def _of_ladder(place: Place, names: Vocabulary, condition: Condition) -> Iterator[Problem]:
    ladder, tier = condition.quantity, str(condition.bar)
    if ladder not in names.ladders:
        hint = "give it tiers: [[tier]] with `ladder`; what is held in the program's own is asked by `tenure`"
        yield unknown(place, "ladder", ladder, tuple(names.ladders), hint)
    elif tier not in names.ladders[ladder]:
        yield unknown(place, "tier", tier, names.ladders[ladder], "add it as [[tier]] of that ladder")
