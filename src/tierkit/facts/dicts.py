"""Plain dicts, as JSON and data frames have them: tables of records become a book, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tierkit.errors import InvalidBook, Problem, nearest, shown
from tierkit.facts.checks import is_list, is_record
from tierkit.facts.records import TABLE_OF, Cells, to_record
from tierkit.facts.tables import ORDER, Gathering, Place, Take

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tierkit.facts.book import Book
    from tierkit.facts.facts import Fact

_FORM: Final = "tierkit"
_BOOK_FORM: Final = "Book/1"
_NESTED: Final = {"accounts": ("holders", "changes"), "states": ("holders",)}
_INNER_BITS: Final = 20
_MOST_INNER: Final = (1 << _INNER_BITS) - 1


class DictReader:
    """Reads tables of dicts into a book.

    Args:
        gathering: takes what is read.
        source: the file that the dicts come from, for messages; empty where the caller made them.
        forget: whether to drop each record once it is read, so that a large file is not held twice.
    """

    def __init__(self, gathering: Gathering, source: str = "", *, forget: bool = False) -> None:
        self.gathering = gathering
        self._source = source
        self._forget = forget
        self._told: set[tuple[str, str, str]] = set()

    def read(self, tables: object) -> None:
        """Read all tables that a mapping has."""
        if not is_record(tables):
            hint = 'write {"deals": [{"id": "D-1", ...}], ...}'
            self.wrong("", "", shown(tables), "an object with a list of records for each table", hint)
            return
        known = (*ORDER, _FORM)
        for name in tables:
            if name not in known:
                hint = nearest(str(name), known)
                self.wrong("", "", f"the table {shown(name)}", f"one of {', '.join(ORDER)}", hint)
        if tables.get(_FORM, _BOOK_FORM) != _BOOK_FORM:
            self.wrong("", _FORM, shown(tables[_FORM]), f"{_BOOK_FORM}, the JSON form of a book", "")
        lists = {table: rows for table in ORDER if (rows := self._list(table, tables.get(table))) is not None}
        for table in _NESTED:
            self._read_nested(table, lists.get(table, ()))
        for table, rows in lists.items():
            self._read_table(table, rows)

    def _list(self, table: str, rows: object) -> Sequence[object] | None:
        if rows is None or is_list(rows):
            return rows
        self.wrong("", table, shown(rows), "a list of records", "")
        self.gathering.spoil(table)
        return None

    def _read_table(self, table: str, rows: Sequence[object]) -> None:
        reader = _TableReader(self, table, self._place(lambda number: f"{table}[{number}]"))
        nested = _NESTED.get(table, ())
        for number, record in enumerate(rows):
            plain = record
            if nested and is_record(record):
                plain = {name: record[name] for name in record if name not in nested}
            reader.take(plain, number)
            if self._forget and isinstance(rows, list):
                rows[number] = None

    def _read_nested(self, table: str, rows: Sequence[object]) -> None:
        """Read the parts that accounts and states carry inside, as rows of the tables of parts."""
        for part in _NESTED[table]:
            place = self._inner_place(table, part)
            parts = _TableReader(self, part, place)
            actions = _TableReader(self, "actions", self._inner_place(table, part, ".actions"))
            for number, record in enumerate(rows):
                account = record.get("id") if is_record(record) else None
                if not is_record(record) or not isinstance(account, str):
                    continue  # that is reported, with the rest of the record, when its own table is read
                for inner, item in enumerate(
                    self._items(place(number << _INNER_BITS), part, account, record.get(part))
                ):
                    spot = (number << _INNER_BITS) + min(inner, _MOST_INNER)
                    if part == "holders" and is_record(item):
                        for day in self._items(place(spot), "actions", account, item.get("actions")):
                            actions.take(
                                {"account": account, "partner": item.get("partner"), "on": day}, spot
                            )
                    parts.take(self._row(item, account, place(spot)), spot)

    def _row(self, item: object, account: str, where: str) -> object:
        """Give a record that stands inside an account as the row of a table of its own."""
        if not is_record(item):
            return item
        if "account" in item:
            self.wrong(
                where, "account", shown(item["account"]), "nothing: it belongs to the record around it"
            )
        return {name: item[name] for name in item if name != "actions"} | {"account": account}

    def _items(self, where: str, part: str, account: str, items: object) -> Sequence[object]:
        if items is None:
            return ()
        if is_list(items):
            return items
        self.wrong(where, part, shown(items), "a list")
        self.gathering.spoil(part, account)
        return ()

    def _inner_place(self, table: str, part: str, within: str = "") -> Place:
        return self._place(
            lambda spot: f"{table}[{spot >> _INNER_BITS}].{part}[{spot & _MOST_INNER}]{within}"
        )

    def _place(self, place: Place) -> Place:
        return (lambda number: f"{self._source} {place(number)}") if self._source else place

    def wrong(self, where: str, field: str, found: str, expected: str, hint: str = "") -> None:
        """Note what is wrong, once: the same fault of a thousand records is one fault."""
        if (field, found, expected) not in self._told:
            self._told.add((field, found, expected))
            self.gathering.problems.add(
                Problem(where or self._source or "records", field, found, expected, hint)
            )


class _TableReader:
    """Reads the records of one table; those with the same keys share what is known about the keys."""

    def __init__(self, reader: DictReader, table: str, place: Place) -> None:
        self._reader = reader
        self._table = table
        self._place = place
        self._takers: dict[tuple[object, ...], Take] = {}

    def take(self, record: object, number: int) -> None:
        if not is_record(record):
            where = self._place(number)
            self._reader.gathering.spoil(self._table)
            self._reader.gathering.problems.add(
                Problem(where, found=shown(record), expected="an object with its columns")
            )
            return
        keys = tuple(record)
        take = self._takers.get(keys) or self._taker(keys, number)
        take(tuple(record.values()), number)

    def _taker(self, keys: tuple[object, ...], number: int) -> Take:
        gathering = self._reader.gathering
        cells = Cells(self._table, keys, gathering.memos)
        for fault in cells.faults:
            self._reader.wrong(self._place(number), *fault)
        self._takers[keys] = gathering.refuser(cells) if cells.faults else gathering.taker(cells, self._place)
        return self._takers[keys]


def tables_of(book: Book) -> dict[str, list[dict[str, object]]]:
    """Give the facts of a book as records, table by table; tables without facts are left out."""
    tables: dict[str, list[dict[str, object]]] = {}
    for fact in book:
        tables.setdefault(TABLE_OF[type(fact)], []).append(to_record(fact))
    return tables


def check_tables(tables: Mapping[str, Sequence[Mapping[str, object]]]) -> tuple[Book, tuple[Problem, ...]]:
    """Make a book of the good records of each table, and say what is wrong with the others."""
    gathering = Gathering()
    DictReader(gathering).read(tables)
    return gathering.book()


def from_record(table: str, record: Mapping[str, object]) -> Fact:
    """Read one fact back from what `to_record` gave.

    Args:
        table: "deals", "accounts", ...: the table that the record belongs to.
        record: its columns.

    Raises:
        InvalidBook: with everything that is wrong with the record.
    """
    gathering = Gathering()
    DictReader(gathering).read({table: [record]})
    facts = gathering.facts()
    if gathering.problems or len(facts) != 1:
        raise InvalidBook(
            *(gathering.problems or [Problem(table, found=shown(table), expected="a table of facts")])
        )
    return facts[0]
