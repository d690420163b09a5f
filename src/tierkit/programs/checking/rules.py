"""Checking the earning rules of a draft: what they select, what of it they measure, how long it counts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from tierkit.programs.checking.doubles import meet
from tierkit.programs.checking.vocabulary import unknown
from tierkit.programs.movements import YEAR_END
from tierkit.programs.rules import FactShape, RateDay, Takes, While

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tierkit.errors import Problem
    from tierkit.programs.checking.vocabulary import Vocabulary
    from tierkit.programs.dated import Period
    from tierkit.programs.movements import Movement
    from tierkit.programs.reading.draft import Draft, Place
    from tierkit.programs.rules import Clawback, Life

A_YEAR = 'a [[movement]] with on = ["year-end"], as nothing else ends the personal year'
ADD_YEAR = "add the movement that looks at the year when it ends"
_AMOUNTS = {
    FactShape.DEAL: ("mrr", "value"),
    FactShape.ACCOUNT: ("mrr",),
    FactShape.EVENT: ("amount",),
    FactShape.STATE: ("amount",),
}


def rules(draft: Draft, names: Vocabulary) -> Iterator[Problem]:
    """Find what rules name that is not there, and what they say of facts that these do not have."""
    valued = any(path[0] == "point-value" for path in draft.dated)
    for rule, raw in draft.all_settled("earn").items():
        place = draft.at("earn", rule)
        if raw["amount"] and not valued and not names.counts_money(raw["track"]):
            expected = "the amount that counts as one unit"
            hint = "add [[point-value]], or give the track a currency in `units`"
            yield place.problem("amount", "no [[point-value]]", expected, hint)
        yield from _named(draft, names, rule, raw)
        yield from _shape(draft, names, rule, raw)
        yield from _bounds(draft, rule)
    yield from _multiplied(draft, names)


def _named(draft: Draft, names: Vocabulary, rule: str, raw: dict[str, Any]) -> Iterator[Problem]:
    """Find names of tracks, rules, groups and tiers that nothing bears, and steps that are missing."""
    place = draft.at("earn", rule)
    if raw["track"] not in names.tracks:
        yield unknown(place, "track", raw["track"], names.tracks, "add it to `tracks`")
    for key in ("rate", "live"):
        if ("earn", rule, key) not in draft.dated:
            yield place.problem(key, "nothing", f"at least one [[earn.{key}]]", "add it below the rule")
    for other in raw["beside"]:
        if other == rule or other not in names.rules:
            others = [each for each in names.rules if each != rule]
            yield unknown(place, "beside", other, others, "name another rule of this file")
    yield from _selected(place, names, raw)


def _selected(place: Place, names: Vocabulary, raw: dict[str, Any]) -> Iterator[Problem]:
    for key, where, groups in (("select", "where", "inside"), ("select.except", "unless", "outside")):
        for name in raw[where]:
            if name not in names.selectable:
                yield unknown(place, f"{key}.{name}", name, names.selectable, "add it to `attributes`")
        for group in raw[groups]:
            if group not in names.groups:
                yield unknown(place, f"{key}.group", group, tuple(names.groups), "add it as [[group]]")


def _multiplied(draft: Draft, names: Vocabulary) -> Iterator[Problem]:
    """Find multipliers of groups and tiers that are not there."""
    add_tier = "only a tier of the program's own ladder is held"
    for path, periods in draft.dated.items():
        if path[0] != "earn":
            continue
        if path[2] == "multiply" and path[3] not in names.groups:
            yield unknown(
                draft.place(periods[0], path), "group", path[3], names.groups, "add it as [[group]]"
            )
        elif path[2] == "tier-multiply" and path[3] not in names.tiers:
            yield unknown(draft.place(periods[0], path), "tier", path[3], names.tiers, add_tier)


def _shape(draft: Draft, names: Vocabulary, rule: str, raw: dict[str, Any]) -> Iterator[Problem]:
    """Find what a rule says of facts of its shape that these do not have."""
    shape: FactShape = raw["fact"]
    place = draft.at("earn", rule)
    if raw["amount"] not in ("", *_AMOUNTS[shape]):
        hint = "leave it out where the fact counts as one unit"
        yield unknown(place, "amount", raw["amount"], _AMOUNTS[shape], hint)
    if raw["quantity"] and (raw["amount"] or shape in (FactShape.DEAL, FactShape.ACCOUNT)):
        expected = "`amount`, or the quantity of an event or a state"
        yield place.problem("quantity", f"fact = {shape.value!r}", expected, "leave `quantity` out")
    yield from _lives(draft, rule, shape)
    steps = {"share": shape.is_state, "rate-day": shape is FactShape.DEAL, "clawback": not shape.is_state}
    for key, fits in steps.items():
        path = ("earn", rule, key)
        for period in draft.dated.get(path, ()):
            at = draft.place(period, path)
            if not fits:
                yield at.problem("", f"fact = {shape.value!r}", "a fact that has one", "leave it out")
            if isinstance(period.value, RateDay):
                for name in period.value.when:
                    if name not in names.selectable:
                        add = "add it to `attributes`"
                        yield unknown(at, f"when.{name}", name, names.selectable, add)


def _bounds(draft: Draft, rule: str) -> Iterator[Problem]:
    """Find days on which a fact would give at least more than it gives at most."""
    for most in draft.dated.get(("earn", rule, "at-most"), ()):
        for least in draft.dated.get(("earn", rule, "at-least"), ()):
            if meet(most, least) and cast("Any", least.value) > cast("Any", most.value):
                found = f"{most.value}, below at-least = {least.value} of the same days"
                place = draft.place(most, ("earn", rule, "at-most"))
                yield place.problem("points", found, "at least as much", "raise it, or lower `at-least`")


def _lives(draft: Draft, rule: str, shape: FactShape) -> Iterator[Problem]:
    """Find lives of states in rules for events, the other way round, and a year that nothing ends."""
    path = ("earn", rule, "live")
    for period in draft.dated.get(path, ()):
        life, place = cast("Life", period.value), draft.place(period, path)
        held = life.lasts_while is While.HELD or life.inactive_days is not None
        if shape.is_state and (not held or life.lasts_while is While.YEAR):
            found = "no `while`" if life.lasts_while is None else f'while = "{life.lasts_while}"'
            expected = f'while = "held", or `inactive-days`, as the {shape} holds over days'
            yield place.problem(
                "while", found, expected, "other ends may stand beside it: the earliest counts"
            )
        elif held and not shape.is_state:
            key = "inactive-days" if life.inactive_days is not None else "while"
            found = f'while = "{life.lasts_while}"' if key == "while" else str(life.inactive_days)
            expected = f'`months`, `days` or `through` from the day of the {shape}, or while = "year"'
            yield place.problem(key, found, expected, "only what holds over days is held")
        elif life.lasts_while is While.YEAR:
            if not has_years(draft):
                yield place.problem("while", 'while = "year"', A_YEAR, ADD_YEAR)
            yield from _parts_of_a_year(draft, rule, period)


def _parts_of_a_year(draft: Draft, rule: str, life: Period[object]) -> Iterator[Problem]:
    """Find clawbacks that count the days yet to come of points of which no last day is known."""
    first = life.effective_from or date.min
    path = ("earn", rule, "clawback")
    for period in draft.dated.get(path, ()):
        reaches = (period.effective_until or date.max) > first  # a reversal comes after its fact
        if reaches and cast("Clawback", period.value).takes is Takes.PRO_RATA:
            found = f'takes = "pro-rata", {period.days()}'
            expected = 'takes = "all" beside while = "year", as there is no end to count the days to'
            hint = 'write "all", or let the points live for `months` or `days`'
            yield draft.place(period, path).problem("takes", found, expected, hint)


def has_years(draft: Draft) -> bool:
    """Say whether a movement ends the member's personal year."""
    movements = cast("dict[str, Movement]", draft.all_settled("movement"))
    return any(YEAR_END in movement.on for movement in movements.values())


def ends_with_year(life: Life) -> bool:
    """Say whether points end with the personal year and never before it."""
    return life.lasts_while is While.YEAR and (life.months, life.days, life.through) == (None, None, None)
