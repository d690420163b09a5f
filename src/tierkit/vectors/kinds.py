"""The kinds of worked examples: how each is read, and how each is run through the same code as everything.

- earning: records of deals, accounts, events or states; the points of one partner.
- sharing: the same; the points of each partner.
- expiry: the same; the points on each of several days.
- review: the same, with readings and tiers that are held; the tier that is credited on each of several days.
- window: a movement and its review day; the first and the last day that it looks at.
- thresholds: points and readings; the tier that they reach, and what fails.
- conversion: amounts to points, or points to the least amounts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from tierkit.engine.calculator import to_money, to_points
from tierkit.engine.judge import Holding, judge, reached
from tierkit.engine.ledger import earn
from tierkit.engine.review import review
from tierkit.engine.review_days import days_judged
from tierkit.engine.standing import assess
from tierkit.errors import InvalidValue, Problem, UnknownName, nearest, shown
from tierkit.frozen import FrozenMap
from tierkit.facts.book import Book
from tierkit.values.currency import Currency
from tierkit.values.exact import exact
from tierkit.values.market import Market
from tierkit.values.money import Money
from tierkit.values.points import Points
from tierkit.values.verdict import Verdict
from tierkit.vectors.form import a_list, an_object

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

    from tierkit.engine.judge import ReachedTier
    from tierkit.programs.program import Program
    from tierkit.vectors.form import Object, Place

Said: TypeAlias = Iterator[tuple[str, str]]
"""What was expected and what was found, in words, pair by pair."""

Run: TypeAlias = "Callable[[Program], Said]"

_PARTNER: Final = "partner"
_TABLES: Final = ("deals", "accounts", "events", "states", "readings", "held")
_SIDES: Final = ("sold", "managed")


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


def _about(prefix: object, said: Said) -> Said:
    for expected, found in said:
        yield f"{prefix}: {expected}", f"{prefix}: {found}"


def _earning(place: Place, day: date, given: Object, expect: Object) -> Run:
    book = _book(place.at("given"), day, given)
    points = place.at("expect").points(expect)
    return lambda program: _earned(program, book, _PARTNER, day, points)


def _sharing(place: Place, day: date, given: Object, expect: Object) -> Run:
    book, outside = _book(place.at("given"), day, given), place.at("expect")
    parts = {name: outside.at(shown(name)).points(outside.filled(expect, name)) for name in expect}

    def run(program: Program) -> Said:
        for partner, points in parts.items():
            yield from _about(partner, _earned(program, book, partner, day, points))

    return run


def _expiry(place: Place, day: date, given: Object, expect: Object) -> Run:
    book, outside = _book(place.at("given"), day, given), place.at("expect")
    parts = {outside.day("", on): outside.at(shown(on)).points(outside.filled(expect, on)) for on in expect}

    def run(program: Program) -> Said:
        for on, points in parts.items():
            yield from _about(on, _earned(program, book, _PARTNER, on, points))

    return run


def _review(place: Place, day: date, given: Object, expect: Object) -> Run:
    book, outside = _book(place.at("given"), day, given), place.at("expect")
    tiers = {outside.day("", on): _a_tier(outside, expect, on) for on in expect}

    def run(program: Program) -> Said:
        ledger = earn(book, program)
        for on, tier in tiers.items():
            found = review(ledger, on=on, partner=_PARTNER).credited_tier
            yield f"{on}: tier {tier or 'none'}", f"{on}: tier {_tier(found)}"

    return run


def _a_tier(place: Place, form: Object, key: str) -> str | None:
    tier = form.get(key)
    if key not in form or not isinstance(tier, str | None):
        place.wrong(key, tier, 'the id of a tier, "unknown", or null')
        return None
    return tier


def _window(place: Place, day: date, given: Object, expect: Object) -> Run:
    inside, outside = place.at("given"), place.at("expect")
    inside.known(given, ("movement",))
    outside.known(expect, ("first", "last"))
    name = inside.text(given, "movement")
    days = [outside.day(key, expect.get(key)) for key in ("first", "last")]

    def run(program: Program) -> Said:
        movement = next((each for each in program.movements if each.id == name), None)
        if movement is None:
            raise UnknownName(_unknown(program, name, tuple(each.id for each in program.movements)))
        judged = days_judged(movement, day)
        yield f"from {days[0]} to {days[1]}", f"from {judged[0]} to {judged[-1]}"

    return run


def _thresholds(place: Place, day: date, given: Object, expect: Object) -> Run:
    inside, outside = place.at("given"), place.at("expect")
    inside.known(given, ("points", "readings"))
    outside.known(expect, ("tier", "failed"))
    points = inside.at("points").points(inside.filled(given, "points"))
    readings = inside.at("readings").each(inside.filled_if_any(given, "readings"), _reading)
    tier = _a_tier(outside, expect, "tier")
    failed = outside.filled_if_any(expect, "failed")
    for names in failed.values():
        if a_list(names) is None:
            outside.wrong("failed", names, 'for a tier a list of what fails, such as {"gold": ["total"]}')

    def run(program: Program) -> Said:
        progress = judge(program, day, _holding(program, points, readings))
        best, _ = reached(program, day, progress)
        yield f"tier {tier or 'none'}", f"tier {_tier(best)}"
        for name, names in cast("Mapping[str, list[object]]", failed).items():
            checks = progress[program.tiers.index(program.tier(name))].checks
            found = [check.quantity for check in checks if check.verdict is Verdict.NOT_MET]
            yield f"{name} fails by {_listed(names)}", f"{name} fails by {_listed(found)}"

    return run


def _tier(best: ReachedTier) -> str:
    if best is None:
        return "none"
    return best.value if isinstance(best, Verdict) else best.id


def _listed(names: list[object] | list[str]) -> str:
    return ", ".join(map(str, names)) or "nothing"


def _reading(value: object) -> bool | Fraction:
    return value if isinstance(value, bool) else exact(value, where="reading")


def _holding(
    program: Program, points: Mapping[str, Points], readings: Mapping[str, bool | Fraction]
) -> Holding:
    """Give what is held: points that are not given are not known, so only known to be at least zero."""
    for name in points:
        if name not in program.quantities:
            raise UnknownName(_unknown(program, name, program.quantities))
    for name, value in readings.items():
        if name not in program.readings:
            raise UnknownName(_unknown(program, name, tuple(program.readings)))
        if program.readings[name].yes_no is not isinstance(value, bool):
            expected = "true or false" if program.readings[name].yes_no else "a number"
            raise InvalidValue(Problem(program.id, name, str(value), expected))
    every = FrozenMap({name: points.get(name, Points(0)) for name in program.quantities})
    return Holding(every, tuple(name for name in every if name not in points), (), readings)


def _unknown(program: Program, name: str, known: tuple[str, ...]) -> Problem:
    return Problem(program.id, "", shown(name), f"one of {', '.join(known)}", nearest(name, known))


def _conversion(place: Place, day: date, given: Object, expect: Object) -> Run:
    inside, outside = place.at("given"), place.at("expect")
    inside.known(given, ("to", "currency", "market", "kind", *_SIDES))
    to, kind = inside.word(given, "to", ("points", "money")), inside.text(given, "kind")
    currency = inside.made("currency", given.get("currency"), Currency)
    market = inside.made("market", given.get("market"), Market)
    asked = {side: given[side] for side in _SIDES if side in given}
    if not asked:
        inside.wrong("sold, managed", None, "at least one of the two")
    if currency is None or market is None:
        return lambda _: iter(())
    money = partial(Money, currency=currency)
    if to == "points":
        amounts = inside.each(asked, money)
        return _to_points(amounts, outside.points(expect), market=market, kind=kind, day=day)
    outside.known(expect, tuple(asked))
    points, least = inside.points(asked), outside.each(expect, money)
    return _to_money(points, least, currency=currency, market=market, kind=kind, day=day)


def _to_points(
    amounts: Mapping[str, Money], points: Mapping[str, Points], *, market: Market, kind: str, day: date
) -> Run:
    def run(program: Program) -> Said:
        sold, managed = amounts.get("sold"), amounts.get("managed")
        quote = to_points(program, sold=sold, managed=managed, market=market, kind=kind, on=day)
        for name, each in points.items():
            yield f"{name} {each}", f"{name} {quote[name]}"

    return run


def _to_money(
    points: Mapping[str, Points],
    least: Mapping[str, Money],
    *,
    currency: Currency,
    market: Market,
    kind: str,
    day: date,
) -> Run:
    def run(program: Program) -> Said:
        sold, managed = points.get("sold"), points.get("managed")
        found = to_money(
            program, sold=sold, managed=managed, currency=currency, market=market, kind=kind, on=day
        )
        for side, amount in least.items():
            yield f"{side} {amount}", f"{side} {found.sold if side == 'sold' else found.managed}"

    return run


KINDS: Final[Mapping[str, Callable[[Place, date, Object, Object], Run]]] = {
    "earning": _earning,
    "sharing": _sharing,
    "expiry": _expiry,
    "review": _review,
    "window": _window,
    "thresholds": _thresholds,
    "conversion": _conversion,
}
"""For each kind what reads a worked example and gives what runs it."""
