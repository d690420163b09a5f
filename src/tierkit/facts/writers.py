"""A book as a folder of CSV files, which `read_book` reads back as an equal book."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tierkit.errors import InvalidValue, Problem
from tierkit.facts.columns import COLUMNS
from tierkit.facts.facts import ManagedAccount, State
from tierkit.facts.mapping import MAPPING_FILE
from tierkit.facts.records import TABLE_OF, plain_record, to_record

if TYPE_CHECKING:
    from os import PathLike

    from tierkit.facts.book import Book

_Records = list[dict[str, object]]
_NESTED: Final = ("holders", "changes")


def write_book(book: Book, folder: str | PathLike[str]) -> None:
    """Write a book as CSV files, one for each table that has rows.

    Files of these names are replaced. The folder is made where it is not there.

    Args:
        book: the facts.
        folder: where the files go.

    Raises:
        InvalidValue: where the folder has other CSV files or a mapping, which would be read too.
    """
    place = Path(folder)
    tables = {table: records for table, records in _flat(book).items() if records} or {"deals": []}
    files = {f"{table}.csv" for table in tables}
    others = [
        file.name for file in place.glob("*") if file.suffix.lower() == ".csv" or file.name == MAPPING_FILE
    ]
    strange = sorted(set(others) - files)
    if strange:
        hint = "choose an empty folder, or remove them"
        raise InvalidValue(
            Problem(place.name, "", ", ".join(strange[:5]), "a folder without other records", hint)
        )
    place.mkdir(parents=True, exist_ok=True)
    for table, records in tables.items():
        _write(place / f"{table}.csv", _header(table, records), records)


def _flat(book: Book) -> dict[str, _Records]:
    """Give the rows of each table; the parts of accounts and states stand in tables of their own."""
    flat: dict[str, _Records] = {table: [] for table in COLUMNS}
    for fact in book:
        record = to_record(fact)
        flat[TABLE_OF[type(fact)]].append({name: record[name] for name in record if name not in _NESTED})
        if isinstance(fact, ManagedAccount | State):
            for holder in fact.holders:
                account: dict[str, object] = {"account": fact.id}
                flat["holders"].append(account | plain_record(holder, "holders"))
                partner = account | {"partner": holder.partner}
                flat["actions"] += [partner | {"on": day.isoformat()} for day in holder.actions]
        if isinstance(fact, ManagedAccount):
            flat["changes"] += [
                {"account": fact.id} | plain_record(change, "changes") for change in fact.changes
            ]
    return flat


def _header(table: str, records: _Records) -> list[str]:
    """The columns that any row needs, in the order of the table of columns; then those of attributes."""
    used = {name for record in records for name in record}
    own = [column.name for column in COLUMNS[table] if column.required or column.name in used]
    return [*own, *sorted(used.difference(own))]


def _write(path: Path, header: list[str], records: _Records) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(header)
        rows.writerows([_text(record.get(name)) for name in header] for record in records)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
