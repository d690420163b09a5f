"""A CRM's own export, read by the rules of a mapping: each of its rows becomes a row of a table of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from tierkit.errors import Problem, TierkitError, nearest, shown
from tierkit.facts.cells import Misread
from tierkit.facts.csvfile import CsvFile
from tierkit.facts.mapping import MAPPING_FILE, ColumnRule, Rules, TableRule
from tierkit.facts.records import Cells
from tierkit.values.market import Market

if TYPE_CHECKING:
    from datetime import tzinfo

    from tierkit.facts.csvfile import TakeTexts, Texts
    from tierkit.facts.tables import Gathering

Cell = str | Misread
Get = Callable[[list[str]], Cell]
"""Gives one cell of a row of ours from a row of the export."""

_MOST_NAMES: Final = 1_000
_MOST_LISTED: Final = 10
_SHORT: Final = 40
_DAY_LENGTH: Final = len("2026-11-23")
_MONEY_WORDS: Final = ("amount", "revenue", "value", "mrr", "arr", "price")


class Exports:
    """The exports of one folder, with the joined files that are read once for all."""

    def __init__(self, rules: Rules, gathering: Gathering) -> None:
        self._rules = rules
        self._gathering = gathering
        self._joined: dict[str, _Joined] = {}
        self._countries: dict[str, Cell] = {}

    def read(self, table: str) -> None:
        """Read the rows of one table; a section with a mistake was reported and gives none."""
        rule = self._rules.tables[table]
        if rule is None:
            self._gathering.spoil(table)
            return
        named = {*rule.keep, *(column.column for column in rule.columns.values())}
        file = CsvFile(self._rules.folder / rule.file, table, self._gathering, named)
        kept = _Kept(rule.keep)
        file.read(lambda header: self._begin(table, rule, file, header, kept))
        if kept.has_none:
            found = f"{kept.seen} rows, none of them kept; there is {kept.found}"
            hint = "cells are compared letter by letter"
            self._wrong(table, "keep", found, f"a row with {kept.wanted}", hint)

    def _begin(
        self, table: str, rule: TableRule, file: CsvFile, header: list[str], kept: _Kept
    ) -> TakeTexts | None:
        labels = {
            name: f"{name} (column {shown(column.column)})"
            for name, column in rule.columns.items()
            if column.column
        }
        cells = Cells(table, tuple(rule.columns), self._gathering.memos, labels)
        is_sound = kept.begin(lambda column: self._index(table, "keep", column, file.name, header))
        for fault in cells.faults:
            self._gathering.problems.add(Problem(f"{MAPPING_FILE} [{table}.columns]", *fault))
        for name in cells.missing:
            self._missing(table, name, header)
        getters = [
            self._getter(table, name, column, file.name, header) for name, column in rule.columns.items()
        ]
        gets = [get for get in getters if get]
        if cells.missing or cells.faults or not is_sound or len(gets) < len(getters):
            self._gathering.spoil(table)
            return None
        take_ours = self._gathering.taker(cells, file.place)

        def take(row: Texts, line: int) -> None:
            if any(row) and kept.keeps(row):
                take_ours([get(row) for get in gets], line)

        return take

    def _getter(self, table: str, name: str, rule: ColumnRule, file: str, header: list[str]) -> Get | None:
        get = self._source(table, name, rule, file, header)
        if get is None:
            return None
        if rule.translate is not None:
            get = _translated(get, rule.translate)
        if rule.by_country_name:
            get = self._by_country_name(get)
        return get if rule.zone is None else _cut_to_day(get, rule.zone)

    def _source(self, table: str, name: str, rule: ColumnRule, file: str, header: list[str]) -> Get | None:
        constant = rule.constant
        if constant is not None:
            return lambda _: constant
        if rule.join:
            place = self._index(table, name, rule.on, file, header)
            joined = self._join(rule.join)
            return None if place is None or joined is None else joined.getter(place, rule.column)
        place = self._index(table, name, rule.column, file, header)
        return None if place is None else itemgetter(place)

    def _index(self, table: str, name: str, column: str, file: str, header: list[str]) -> int | None:
        if header.count(column) == 1:
            return header.index(column)
        found = f"{shown(column)} {'twice' if column in header else 'nowhere'}"
        self._wrong(table, name, found, f"a column of {file}", nearest(column, header))
        return None

    def _missing(self, table: str, name: str, header: list[str]) -> None:
        expected, hint = "where this column comes from: it is required", ""
        if name == "mrr":
            amounts = [column for column in header if any(word in column.casefold() for word in _MONEY_WORDS)]
            listed = ", ".join(shown(column, _SHORT) for column in amounts[:_MOST_LISTED])
            expected = "the column of the monthly recurring revenue"
            hint = "it is not guessed: a yearly figure gives twelve times the points"
            hint += f"; columns that may hold amounts: {listed}" if listed else ""
        self._wrong(table, name, "", expected, hint)

    def _wrong(self, table: str, name: str, found: str, expected: str, hint: str = "") -> None:
        place = f"{MAPPING_FILE} [{table}]" if name == "keep" else f"{MAPPING_FILE} [{table}.columns]"
        self._gathering.problems.add(Problem(place, name, found, expected, hint))

    def _join(self, name: str) -> _Joined | None:
        """Read a joined file, once for all columns that come from it."""
        rule = self._rules.joins[name]
        if rule and name not in self._joined:
            columns = [
                column.column
                for table in self._rules.tables.values()
                for column in (table.columns.values() if table else ())
                if column.join == name
            ]
            joined = _Joined(rule.file, sorted(set(columns)))
            file = CsvFile(self._rules.folder / rule.file, "", self._gathering, [rule.key, *columns])
            file.read(lambda header: joined.begin(rule.key, self._joined_index(name, file.name, header)))
            self._joined[name] = joined
        joined_file = self._joined.get(name)
        return joined_file if joined_file and joined_file.is_read else None

    def _joined_index(self, name: str, file: str, header: list[str]) -> Callable[[str], int | None]:
        def index(column: str) -> int | None:
            if header.count(column) == 1:
                return header.index(column)
            found = f"{shown(column)} {'twice' if column in header else 'nowhere'}"
            expected = f"a column of {file}"
            self._gathering.problems.add(
                Problem(f"{MAPPING_FILE} [joins.{name}]", "", found, expected, nearest(column, header))
            )
            return None

        return index

    def _by_country_name(self, get: Get) -> Get:
        known = self._countries

        def code(row: list[str]) -> Cell:
            cell = get(row)
            if not cell or isinstance(cell, Misread):
                return cell
            if cell not in known:
                if (
                    len(known) >= _MOST_NAMES
                ):  # these are no countries, and each search for a near match takes long
                    return Misread(shown(cell), "the English name of a country")
                known[cell] = _country(cell)
            return known[cell]

        return code


class _Joined:
    """The rows of a joined file by their key; only the columns that the mapping takes."""

    def __init__(self, file: str, columns: list[str]) -> None:
        self.is_read = False
        self._file = file
        self._columns = columns
        self._key = ""
        self._rows: dict[str, tuple[str, ...] | Misread] = {}

    def begin(self, key: str, index_of: Callable[[str], int | None]) -> TakeTexts | None:
        key_place, *places = (index_of(column) for column in (key, *self._columns))
        wanted = [place for place in places if place is not None]
        if key_place is None or len(wanted) < len(places):
            return None
        self.is_read = True
        self._key = key
        rows = self._rows

        def take(row: Texts, _: int) -> None:
            cells = tuple(row[place] for place in wanted)
            name = row[key_place]
            if rows.setdefault(name, cells) != cells:
                rows[name] = Misread(shown(name), f"a {key} that one row of {self._file} has, not several")

        return take

    def getter(self, place: int, column: str) -> Get:
        """Give what finds a column of the joined row by the cell at a place."""
        rows, index = self._rows, self._columns.index(column)
        expected = f"the {self._key} of a row of {self._file}"

        def get(row: list[str]) -> Cell:
            name = row[place]
            if not name:
                return ""
            found = rows.get(name)
            if isinstance(found, tuple):
                return found[index]
            return found or Misread(shown(name), expected, "export these rows too")

        return get


class _Kept:
    """Keeps the rows that are facts, and counts those that are not."""

    def __init__(self, keep: Mapping[str, frozenset[str]]) -> None:
        self.seen = 0
        self._kept = 0
        self._keep = keep
        self._places: list[tuple[int, frozenset[str]]] = []
        self._found: dict[str, None] = {}

    def begin(self, index_of: Callable[[str], int | None]) -> bool:
        """Find the columns; whether they are all there."""
        for column, cells in self._keep.items():
            place = index_of(column)
            if place is not None:
                self._places.append((place, cells))
        return len(self._places) == len(self._keep)

    def keeps(self, row: list[str]) -> bool:
        """Whether a row counts."""
        self.seen += 1
        for place, cells in self._places:
            if row[place] not in cells:
                if not self._kept and len(self._found) < _MOST_LISTED:
                    self._found[row[place]] = None
                return False
        self._kept += 1
        return True

    @property
    def has_none(self) -> bool:
        """Whether there were rows and none was kept: rather a misspelt cell than a year without a sale."""
        return bool(self.seen) and not self._kept

    @property
    def found(self) -> str:
        """Some of the cells for which rows were not kept."""
        return ", ".join(shown(cell, _SHORT) for cell in self._found)

    @property
    def wanted(self) -> str:
        """What a row must have."""
        return " and ".join(
            f"{shown(column)} one of {', '.join(shown(cell, _SHORT) for cell in sorted(cells))}"
            for column, cells in self._keep.items()
        )


def _translated(get: Get, meanings: Mapping[str, str]) -> Get:
    known = ", ".join(shown(cell, _SHORT) for cell in list(meanings)[:_MOST_LISTED])

    def translated(row: list[str]) -> Cell:
        cell = get(row)
        if isinstance(cell, Misread):
            return cell
        meaning = meanings.get(cell)
        if meaning is not None or not cell:
            return meaning or ""
        return Misread(
            shown(cell),
            f"one of {known}",
            f"{nearest(cell, meanings)} translate it in {MAPPING_FILE}".strip(),
        )

    return translated


def _country(name: str) -> Cell:
    try:
        return Market.named(name).code
    except TierkitError as error:
        problem = error.problems[0]
        return Misread(problem.found, problem.expected, problem.hint)


def _cut_to_day(get: Get, zone: tzinfo) -> Get:
    def day(row: list[str]) -> Cell:
        cell = get(row)
        return cell if isinstance(cell, Misread) or len(cell) <= _DAY_LENGTH else _day_of(cell, zone)

    return day


def _day_of(text: str, zone: tzinfo) -> Cell:
    """Cut a date-time to its day: one with an offset is brought to the zone, another was shown in it."""
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo is None else moment.astimezone(zone)
    except (ValueError, OverflowError):
        return Misread(shown(text), 'a day, or a date-time such as "2026-09-15 16:05"')
    return moment.date().isoformat()
