"""Worked examples of records: each makes a book, and asks what it gives.

- earning: what one partner has by track and measure: points, or a number of what they count.
- sharing: the same of each partner.
- expiry: the same on each of several days.
- standing: the same on the day, with the tiers that it reaches, and what fails.
- review: the tier that is credited on each of several days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tierkit.engine.ledger import earn
from tierkit.engine.review import review
from tierkit.engine.standing import assess
from tierkit.errors import InvalidValue, shown, unknown_name
from tierkit.facts.book import Book
from tierkit.vectors.exchange import RATES, read_rates
from tierkit.vectors.names import check_quantities, check_tier
from tierkit.vectors.said import about, of_failing, of_quantities, of_tier

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tierkit.engine.ledger import Ledger
    from tierkit.engine.standing import Standing
    from tierkit.programs.program import Program
    from tierkit.vectors.form import Object, Place
    from tierkit.vectors.said import Run, Said

_PARTNER: Final = "partner"
_TABLES: Final = ("partners", "deals", "accounts", "events", "states", "readings", "held", "reversals")
_WITHOUT_ID: Final = ("partners", "readings", "held")


def _earning(place: Place, day: date, given: Object) -> Callable[[Program], Ledger]:
    """Give what earns the records that are given under a program."""
    place.known(given, (*_TABLES, RATES))
    book, rates = _book(place, day, given), read_rates(place, day, given)
    return lambda program: earn(book, program, rates=rates)


def _book(place: Place, day: date, given: Object) -> Book:
    """Make the book of the records that are given; what they leave out is the usual."""
    usual: dict[str, Object] = {
        "partners": {"id": _PARTNER},
        "deals": {"partner": _PARTNER, "customer": "customer", "closed_on": day},
        "accounts": {"customer": "customer"},
        "events": {"partner": _PARTNER, "on": day},
        "states": {},
        "readings": {"partner": _PARTNER, "on": day},
        "held": {"partner": _PARTNER, "on": day},
        "reversals": {"on": day},
    }
    records: dict[str, list[Object]] = {}
    for table in _TABLES:
        for number, row in enumerate(place.rows(given, table), start=1):
            is_alone = table in ("accounts", "states") and "holders" not in row
            holder = {"partner": _PARTNER, "since": day} if is_alone else {}
            name = {} if table in _WITHOUT_ID else {"id": f"{table[:-1]} {number}"}
            record = {**name, **usual[table], **holder, **row}
            records.setdefault(table, []).append(record)
    book, problems = Book.check_records(records)
    if problems:
        place.take(InvalidValue(*problems))
    return book


def read_earning(place: Place, day: date, given: Object, expect: Object) -> Run:
    """Read an example of what one partner has."""
    earned = _earning(place.at("given"), day, given)
    figures = place.at("expect").figures(expect)
    return lambda program: of_quantities(assess(earned(program), on=day, partner=_PARTNER), figures)


def read_sharing(place: Place, day: date, given: Object, expect: Object) -> Run:
    """Read an example of what each partner has."""
    earned, outside = _earning(place.at("given"), day, given), place.at("expect")
    parts = {name: outside.at(shown(name)).figures(outside.filled(expect, name)) for name in expect}

    def run(program: Program) -> Said:
        ledger = earned(program)
        for partner, figures in parts.items():
            yield from about(partner, of_quantities(assess(ledger, on=day, partner=partner), figures))

    return run


def read_expiry(place: Place, day: date, given: Object, expect: Object) -> Run:
    """Read an example of what one partner has on each of several days."""
    earned, outside = _earning(place.at("given"), day, given), place.at("expect")
    parts = {outside.day("", on): outside.at(shown(on)).figures(outside.filled(expect, on)) for on in expect}

    def run(program: Program) -> Said:
        ledger = earned(program)
        for on, figures in parts.items():
            yield from about(on, of_quantities(assess(ledger, on=on, partner=_PARTNER), figures))

    return run


def read_standing(place: Place, day: date, given: Object, expect: Object) -> Run:
    """Read an example of a standing: the tiers that are reached, what there is by track, and what fails."""
    earned, outside = _earning(place.at("given"), day, given), place.at("expect")
    outside.known(expect, ("tier", "eligible", "points", "figures", "failed", "ladders"))
    tiers = {key: outside.tier(expect, key) for key in ("tier", "eligible") if key in expect}
    points, figures = (
        outside.at(key).figures(outside.filled_if_any(expect, key)) for key in ("points", "figures")
    )
    failed = outside.failing(expect, "failed")
    others = outside.filled_if_any(expect, "ladders")
    ladders = {name: outside.at("ladders").tier(others, name) for name in others}

    def run(program: Program) -> Said:
        check_quantities(program, points, figures)
        for tier in tiers.values():
            check_tier(program, tier, program.tiers)
        standing = assess(earned(program), on=day, partner=_PARTNER)
        if "tier" in tiers:
            yield of_tier(tiers["tier"], standing.performance_tier)
        if "eligible" in tiers:
            eligible = [each.tier for each in standing.tiers if each.eligible]
            yield of_tier(tiers["eligible"], eligible[-1] if eligible else None, "eligible")
        yield from of_quantities(standing, points)
        yield from of_quantities(standing, figures)
        for name, names in failed.items():
            yield of_failing(name, names, standing.toward(name))
        yield from _ladders(program, standing, ladders)

    return run


def _ladders(program: Program, standing: Standing, expected: dict[str, str | None]) -> Said:
    for name, tier in expected.items():
        if name not in standing.ladders:
            raise unknown_name(standing.program, "ladder", name, standing.ladders)
        check_tier(program, tier, program.ladders[name])
        yield of_tier(tier, standing.ladders[name], f"{name}: tier")


def read_review(place: Place, day: date, given: Object, expect: Object) -> Run:
    """Read an example of the tier that is credited on each of several days."""
    earned, outside = _earning(place.at("given"), day, given), place.at("expect")
    tiers = {outside.day("", on): outside.tier(expect, on) for on in expect}

    def run(program: Program) -> Said:
        for tier in tiers.values():
            check_tier(program, tier, program.tiers)
        ledger = earned(program)
        for on, tier in tiers.items():
            found = review(ledger, on=on, partner=_PARTNER).credited_tier
            yield from about(on, iter([of_tier(tier, found)]))

    return run
