"""`--rates`: the exchange rates that a user supplies, as a CSV file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tierkit.cli.files import csv_rows, text_of
from tierkit.errors import InvalidValue, Problem, TierkitError, shown
from tierkit.facts.cells import read_currency, read_day, read_number
from tierkit.facts.problems import ProblemList
from tierkit.values.rates import ExchangeRate, RateTable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeVar

    T = TypeVar("T")

_NEEDED: Final = ("base", "quote", "rate", "on")
_COLUMNS: Final = (*_NEEDED, "until", "source")
_MOST_BYTES: Final = 20_000_000


def read_rates(file: Path) -> RateTable:
    """Read exchange rates of a CSV file: base, quote, rate and on, and until and source if need be.

    Raises:
        InvalidValue: the file cannot be read, or two of its rates contradict each other; lists every problem.
    """
    rows = csv_rows(text_of(file, "a file of exchange rates", _MOST_BYTES), file.name)
    place, header = next(rows, (file.name, list[str]()))
    if not set(_NEEDED) <= set(header) <= set(_COLUMNS) or len(set(header)) < len(header):
        expected = f"the columns {','.join(_NEEDED)}, and if need be until,source"
        raise InvalidValue(Problem(place, "", shown(",".join(header)), expected))
    problems, rates = ProblemList(), list[ExchangeRate]()
    for place, row in rows:
        if len(row) != len(header):
            problems.add(Problem(place, "", f"{len(row)} cells", f"{len(header)}, as in the header"))
            continue
        try:
            rates.append(_rate(dict(zip(header, row, strict=True))))
        except TierkitError as error:
            for each in error.problems:
                problems.add(Problem(place, each.field, each.found, each.expected, each.hint))
    if problems:
        raise InvalidValue(*problems)
    return RateTable(rates)


def _rate(cells: dict[str, str]) -> ExchangeRate:
    return ExchangeRate(
        _read(cells, "base", read_currency),
        _read(cells, "quote", read_currency),
        _read(cells, "rate", read_number),
        _read(cells, "on", read_day),
        _read(cells, "until", read_day) if cells.get("until") else None,
        cells.get("source", ""),
    )


def _read(cells: dict[str, str], column: str, read: Callable[[object], T]) -> T:
    """Read a cell; its problem names the column."""
    try:
        return read(cells[column])
    except TierkitError as error:
        found = shown(cells[column])
        raise InvalidValue(
            *(Problem("", column, found, each.expected, each.hint) for each in error.problems)
        ) from None
