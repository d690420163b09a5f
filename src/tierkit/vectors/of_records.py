"""Worked examples of records: each makes a book, and asks what it gives.

- earning: records of deals, accounts, events or states; the points of one partner.
- sharing: the same; the points of each partner.
- expiry: the same; the points on each of several days.
- review: the same, with readings and tiers that are held; the tier that is credited on each of several days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tierkit.engine.ledger import earn
from tierkit.engine.review import review
from tierkit.engine.standing import assess
from tierkit.errors import InvalidValue, shown
from tierkit.facts.book import Book
from tierkit.vectors.form import a_list, an_object
from tierkit.vectors.said import about, of_tier

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tierkit.programs.program import Program
    from tierkit.values.points import Points
    from tierkit.vectors.form import Object, Place
    from tierkit.vectors.said import Run, Said

_PARTNER: Final = "partner"
_TABLES: Final = ("deals", "accounts", "events", "states", "readings", "held")


def _book(place: Place, day: date, given: Object) -> Book:
    """Make the book of the records that are given; what they leave out is the usual."""
    usual: dict[str, Object] = {
        "deals": {"partner": _PARTNER, "customer": "customer", "closed_on": day},
        "accounts": {"customer": "customer"},
        "events": {"partner": _PARTNER, "on": day},
        "states": {},
        "readings": {"partner": _PARTNER, "on": day},
        "held": {"partner": _PARTNER, "on": day},
    }
    place.known(given, _TABLES)
    records: dict[str, list[Object]] = {}
    for table in [table for table in _TABLES if table in given]:
        rows = [an_object(row) for row in a_list(given[table]) or [None]]
        if None in rows:
            place.wrong(table, given[table], "a list of records, as in a book of facts")
        for number, row in enumerate((row for row in rows if row is not None), start=1):
            is_alone = table in ("accounts", "states") and "holders" not in row
            holder = {"partner": _PARTNER, "since": day} if is_alone else {}
            name = {} if table in ("readings", "held") else {"id": f"{table[:-1]} {number}"}
            record = {**name, **usual[table], **holder, **row}
            records.setdefault(table, []).append(record)
    book, problems = Book.check_records(records)
    if problems:
        place.take(InvalidValue(*problems))
    return book


def _earned(program: Program, book: Book, partner: str, on: date, points: Mapping[str, Points]) -> Said:
    standing = assess(earn(book, program), on=on, partner=partner)
    for name, each in points.items():
        found = str(standing[name])
        if name in standing.unsure:
            found = f"unsure: {found} ({standing.problems[0]})"
        elif name in standing.at_least:
            found = f"at least {found} ({standing.problems[0]})"
        yield f"{name} {each}", f"{name} {found}"


def read_earning(place: Place, day: date, given: Object, expect: Object) -> Run:
    """Read an example of the points of one partner."""
    book = _book(place.at("given"), day, given)
    points = place.at("expect").points(expect)
    return lambda program: _earned(program, book, _PARTNER, day, points)


def read_sharing(place: Place, day: date, given: Object, expect: Object) -> Run:
    """Read an example of the points of each partner."""
    book, outside = _book(place.at("given"), day, given), place.at("expect")
    parts = {name: outside.at(shown(name)).points(outside.filled(expect, name)) for name in expect}

    def run(program: Program) -> Said:
        for partner, points in parts.items():
            yield from about(partner, _earned(program, book, partner, day, points))

    return run


def read_expiry(place: Place, day: date, given: Object, expect: Object) -> Run:
    """Read an example of the points on each of several days."""
    book, outside = _book(place.at("given"), day, given), place.at("expect")
    parts = {outside.day("", on): outside.at(shown(on)).points(outside.filled(expect, on)) for on in expect}

    def run(program: Program) -> Said:
        for on, points in parts.items():
            yield from about(on, _earned(program, book, _PARTNER, on, points))

    return run


def read_review(place: Place, day: date, given: Object, expect: Object) -> Run:
    """Read an example of the tier that is credited on each of several days."""
    book, outside = _book(place.at("given"), day, given), place.at("expect")
    tiers = {outside.day("", on): outside.tier(expect, on) for on in expect}

    def run(program: Program) -> Said:
        ledger = earn(book, program)
        for on, tier in tiers.items():
            found = review(ledger, on=on, partner=_PARTNER).credited_tier
            yield from about(on, iter([of_tier(tier, found)]))

    return run
