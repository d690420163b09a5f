"""The exchange rates of a worked example: rows of `given.rates`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tierkit.errors import TierkitError
from tierkit.values.rates import ExchangeRate, RateTable

if TYPE_CHECKING:
    from datetime import date

    from tierkit.vectors.form import Object, Place

RATES: Final = "rates"
"""The key under which they stand."""

_KEYS: Final = ("base", "quote", "rate", "on", "until", "source")


def read_rates(place: Place, day: date, given: Object) -> RateTable:
    """Make the table of the exchange rates that are given; one that names no day holds on the example's."""
    rows = place.rows(given, RATES)
    made = [_rate(place.at(f"{RATES}[{number}]"), day, row) for number, row in enumerate(rows)]
    try:
        return RateTable(rate for rate in made if rate is not None)
    except TierkitError as error:
        place.take(error)
        return RateTable()


def _rate(place: Place, day: date, row: Object) -> ExchangeRate | None:
    place.known(row, _KEYS)
    base, quote = place.text(row, "base"), place.text(row, "quote")
    number = place.numbers({"rate": row.get("rate")}).get("rate")
    on = place.day("on", row["on"]) if "on" in row else day
    until = place.day("until", row["until"]) if "until" in row else None
    source = place.text(row, "source") if "source" in row else ""
    if not base or not quote or number is None:
        return None
    try:
        return ExchangeRate(base, quote, number, on, until, source)
    except TierkitError as error:
        place.take(error)
        return None
