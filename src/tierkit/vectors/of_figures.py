"""Worked examples of figures: what is asked stands in the example itself, without records.

- window: a movement and its review day; the first and the last day that it looks at.
- thresholds: points, other figures and readings; the tier that they reach, and what fails.
- conversion: amounts to points, or points to the least amounts.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from tierkit.engine.calculator import to_money, to_points
from tierkit.engine.figure import NOTHING_KNOWN, Figure, exactly
from tierkit.engine.judge import judge, reached, toward
from tierkit.engine.moving.review_days import days_judged, review_days
from tierkit.engine.verdicts import Holding
from tierkit.errors import InvalidValue, Problem, unknown_name, ways_out
from tierkit.programs.measures import POINTS
from tierkit.values.currency import Currency
from tierkit.values.exact import exact
from tierkit.values.market import Market
from tierkit.values.money import Money
from tierkit.vectors.exchange import RATES, read_rates
from tierkit.vectors.names import check_quantities, check_tier
from tierkit.vectors.said import of_failing, of_tier

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tierkit.programs.program import Program
    from tierkit.values.points import Points
    from tierkit.vectors.form import Object, Place
    from tierkit.vectors.said import Run, Said

_SOME_POINTS: Final = Figure(Fraction(0), Fraction(0), None)
_SIDES: Final = ("sold", "managed")
_WAYS_OUT: Final = {
    "tier": "say `tier` under `given`: the tier that is held",
    "rates": "supply it: as a row of `given.rates`",
}
"""How a question is put in a worked example that lacks something."""


def read_window(place: Place, day: date, given: Object, expect: Object) -> Run:
    """Read an example of the days that a movement looks at on its review day."""
    inside, outside = place.at("given"), place.at("expect")
    inside.known(given, ("movement",))
    outside.known(expect, ("first", "last"))
    name = inside.text(given, "movement")
    first, last = (outside.day(key, expect.get(key)) for key in ("first", "last"))

    def run(program: Program) -> Said:
        movements = {movement.id: movement for movement in program.movements}
        if name not in movements:
            raise unknown_name(program.id, "movement", name, movements)
        movement = movements[name]
        if day not in review_days(movement, day, day):
            expected = f"a day of the calendar on which it looks: {', '.join(movement.on)}"
            raise InvalidValue(Problem(program.id, name, str(day), expected))
        judged = days_judged(movement, day)
        yield f"from {first} to {last}", f"from {judged[0]} to {judged[-1]}"

    return run


def read_thresholds(place: Place, day: date, given: Object, expect: Object) -> Run:
    """Read an example of the tier that is reached, and of what fails."""
    inside, outside = place.at("given"), place.at("expect")
    inside.known(given, ("points", "figures", "readings"))
    outside.known(expect, ("tier", "failed"))
    points, figures = (
        inside.at(key).numbers(inside.filled_if_any(given, key)) for key in ("points", "figures")
    )
    readings = inside.at("readings").each(inside.filled_if_any(given, "readings"), _reading)
    tier = outside.tier(expect, "tier")
    failed = outside.failing(expect, "failed")

    def run(program: Program) -> Said:
        check_tier(program, tier, program.tiers)
        progress = judge(program, day, _holding(program, points, figures, readings))
        best, _ = reached(program, day, progress)
        yield of_tier(tier, best)
        for name, names in failed.items():
            yield of_failing(name, names, toward(progress, name, program.id))

    return run


def _reading(value: object) -> bool | Fraction:
    return value if isinstance(value, bool) else exact(value, where="reading")


def _holding(
    program: Program,
    points: Mapping[str, Fraction],
    figures: Mapping[str, Fraction],
    readings: Mapping[str, bool | Fraction],
) -> Holding:
    """Give what is held: of what is not given points are known to be at least zero, and nothing else is."""
    check_quantities(program, points, figures)
    counting = [name for name in program.quantities if program.unit(name) == POINTS]
    for name, value in readings.items():
        if name not in program.readings:
            raise unknown_name(program.id, "reading", name, program.readings)
        if program.readings[name].yes_no is not isinstance(value, bool):
            expected = "true or false" if program.readings[name].yes_no else "a number"
            raise InvalidValue(Problem(program.id, name, str(value), expected))
    have = dict.fromkeys(program.quantities, NOTHING_KNOWN) | dict.fromkeys(counting, _SOME_POINTS)
    have |= {name: exactly(value) for name, value in (*points.items(), *figures.items())}
    return Holding(program, have, readings)


def read_conversion(place: Place, day: date, given: Object, expect: Object) -> Run:
    """Read an example of amounts and their points."""
    inside, outside = place.at("given"), place.at("expect")
    inside.known(given, ("to", "currency", "market", "kind", *_SIDES, "tier", RATES))
    to, kind = inside.word(given, "to", ("points", "money")), inside.text(given, "kind")
    currency = inside.made("currency", given.get("currency"), Currency)
    market = inside.made("market", given.get("market"), Market)
    tier = inside.text(given, "tier") if "tier" in given else None
    asked = {"market": market, "kind": kind, "on": day, "tier": tier, "rates": read_rates(inside, day, given)}
    numbers = {side: given[side] for side in _SIDES if side in given}
    if not numbers:
        inside.wrong("sold, managed", None, "at least one of the two")
    if currency is None or market is None:
        return lambda _: iter(())
    money = partial(Money, currency=currency)
    if to == "points":
        return _to_points(inside.each(numbers, money), outside.points(expect), asked)
    outside.known(expect, tuple(numbers))
    points, least = inside.points(numbers), outside.each(expect, money)
    return _to_money(points, least, {**asked, "currency": currency})


def _to_points(amounts: Mapping[str, Money], points: Mapping[str, Points], asked: Mapping[str, Any]) -> Run:
    def run(program: Program) -> Said:
        with ways_out(_WAYS_OUT):
            quote = to_points(program, sold=amounts.get("sold"), managed=amounts.get("managed"), **asked)
        for name, each in points.items():
            yield f"{name} {each}", f"{name} {quote[name]}"

    return run


def _to_money(points: Mapping[str, Points], least: Mapping[str, Money], asked: Mapping[str, Any]) -> Run:
    def run(program: Program) -> Said:
        with ways_out(_WAYS_OUT):
            found = to_money(program, sold=points.get("sold"), managed=points.get("managed"), **asked)
        for side, amount in least.items():
            yield f"{side} {amount}", f"{side} {found.sold if side == 'sold' else found.managed}"

    return run
