"""mapping.toml: how to take a CRM's own export as it is. This file reads the rules; `export` follows them.

    format = 0

    [deals]
    file = "hubspot-deals.csv"
    keep = { "Deal Stage" = ["Closed Won"] }        # the rows that are facts; the others are none

    [deals.columns]
    id        = "Record ID"                         # from a column
    partner   = { constant = "northwind" }          # the same in every row
    closed_on = { column = "Close Date", time-zone = "Europe/Berlin" }
    kind      = { column = "Partner deal kind", translate = { "Sourced" = "sourced" } }
    mrr       = "Monthly recurring revenue"         # never guessed
    market    = { join = "companies", on = "Associated Company IDs (Primary)",
                  column = "Country/Region", translate = "country-names" }

    [joins.companies]
    file = "hubspot-companies.csv"
    key  = "Record ID"

A table without a section is read from its own CSV file as usual.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final, final

from tierkit.errors import InvalidBook, Problem, nearest, shown
from tierkit.facts.checks import is_list, is_record
from tierkit.facts.columns import COLUMNS
from tierkit.frozen import FrozenMap, frozen
from tierkit.toml import MOST_BYTES, read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tierkit.facts.problems import ProblemList

MAPPING_FILE: Final = "mapping.toml"
COUNTRY_NAMES: Final = "country-names"

_FORMAT: Final = 0
_MOST_SHOWN: Final = 80
_NOT_MONTHLY: Final = frozenset(
    {
        "amount",
        "amount in company currency",
        "annual recurring revenue",
        "annual contract value",
        "total contract value",
        "arr",
        "acv",
        "tcv",
    }
)
"""Columns of exports that hold a yearly or a whole figure, or either by a setting of the account."""


@final
@frozen
class ColumnRule:
    """Where one column comes from.

    Attributes:
        column: the column of the export, or of the joined file.
        constant: the cell of every row, instead of a column.
        join: the name of the join that has the column.
        on: the column of the export that holds the key of the joined row.
        translate: what each cell means; None where it is taken as it stands.
        by_country_name: whether cells are English names of countries.
        zone: the time zone in which a date-time is cut to its day.
    """

    column: str
    constant: str | None
    join: str
    on: str
    translate: FrozenMap[str] | None
    by_country_name: bool
    zone: tzinfo | None


@final
@frozen
class TableRule:
    """Where the rows of one table come from.

    Attributes:
        file: the file of the export.
        keep: for some columns of it the cells that a row must have to count.
        columns: for each column of the table its rule.
    """

    file: str
    keep: FrozenMap[frozenset[str]]
    columns: FrozenMap[ColumnRule]


@final
@frozen
class JoinRule:
    """A second file whose rows are found by a key."""

    file: str
    key: str


@final
@frozen
class Rules:
    """A mapping as it was read; a section with a mistake is None, and its table is not read."""

    folder: Path
    tables: FrozenMap[TableRule | None]
    joins: FrozenMap[JoinRule | None]

    @property
    def is_sound(self) -> bool:
        """Whether all sections can be followed."""
        return None not in self.tables.values() and None not in self.joins.values()

    @property
    def files(self) -> set[str]:
        """The files that the mapping takes."""
        return {rule.file for rule in (*self.tables.values(), *self.joins.values()) if rule}


def read_rules(folder: Path, problems: ProblemList) -> Rules | None:
    """Read the mapping of a folder; None where it is none, or no TOML."""
    try:
        with (folder / MAPPING_FILE).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            problems.add(Problem(MAPPING_FILE, "", "more than a megabyte", "a mapping of columns"))
            return None
        given = read_toml(content.decode("utf-8-sig"), where=MAPPING_FILE, error=InvalidBook)
    except UnicodeDecodeError:
        hint = "save the file as UTF-8"
        problems.add(Problem(MAPPING_FILE, "", "bytes that are not UTF-8", "text in UTF-8", hint))
    except InvalidBook as error:
        problems.add(error.problems[0])
    except OSError as error:
        problems.add(Problem(MAPPING_FILE, "", shown(error.strerror), "a file that can be read"))
    else:
        return _rules(folder, given, problems)
    return None


class _Section:
    """One table of the TOML file: hands out its values, and notes what is wrong with them."""

    def __init__(
        self, path: str, given: object, problems: ProblemList, around: _Section | None = None
    ) -> None:
        self.path = path
        self.is_sound = True
        self.problems = problems
        self._around = around
        self.values: Mapping[str, object] = given if is_record(given) else dict[str, object]()
        if not is_record(given):
            self.wrong("", shown(given), "a table")

    def wrong(self, key: str, found: str, expected: str, hint: str = "") -> None:
        """Note a mistake: the section, and the one around it, will not be used."""
        where = f"{MAPPING_FILE} [{self.path[:_MOST_SHOWN]}]" if self.path else MAPPING_FILE
        self.problems.add(Problem(where, key[:_MOST_SHOWN], found, expected, hint))
        section: _Section | None = self
        while section:
            section.is_sound = False
            section = section._around  # noqa: SLF001 - of its own kind

    def allow(self, known: Iterable[str]) -> None:
        """Note the keys that mean nothing here."""
        names = list(known)
        for key in self.values:
            if key not in names:
                self.wrong("", f"the key {shown(key)}", f"one of {', '.join(names)}", nearest(key, names))

    def inner(self, key: str) -> _Section:
        """Give a table inside; an empty one where there is none."""
        path = f"{self.path}.{key}" if self.path else key
        return _Section(path, self.values.get(key, {}), self.problems, self)

    def text(self, key: str, *, required: bool = False) -> str:
        """Give a text; empty where there is none."""
        value = self.values.get(key)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or not value:
            self.wrong(key, "" if value is None else shown(value), "text in quotation marks")
            return ""
        return value

    def file(self, folder: Path) -> str:
        """Give the name of a file that stands beside the mapping."""
        name = self.text("file", required=True)
        if not name:
            return ""
        if set(name) & set("/\\\0") or not (folder / name).is_file():
            hint = nearest(name, sorted(entry.name for entry in folder.iterdir()))
            self.wrong("file", shown(name), "the name of a file that stands beside the mapping", hint)
        return name


def _rules(folder: Path, given: dict[str, object], problems: ProblemList) -> Rules:
    root = _Section("", given, problems)
    root.allow(("format", "joins", *COLUMNS))
    inner = root.inner("joins")
    joins = {name: _join_rule(folder, inner.inner(name)) for name in inner.values}
    named = [table for table in COLUMNS if table in given]
    tables = {table: _table_rule(folder, table, root.inner(table), joins) for table in named}
    said = given.get("format")
    if type(said) is not int or said != _FORMAT:
        expected = f"{_FORMAT}, the one format there is"
        root.wrong("format", "" if said is None else shown(said), expected, f"write format = {_FORMAT}")
        tables = dict[str, TableRule | None].fromkeys(named)
    return Rules(folder, FrozenMap(tables), FrozenMap(joins))


def _join_rule(folder: Path, section: _Section) -> JoinRule | None:
    section.allow(("file", "key"))
    rule = JoinRule(section.file(folder), section.text("key", required=True))
    return rule if section.is_sound else None


def _table_rule(folder: Path, table: str, section: _Section, joins: Mapping[str, object]) -> TableRule | None:
    section.allow(("file", "keep", "columns"))
    keep = section.inner("keep")
    kept = {column: _cells(keep, column) for column in keep.values}
    columns = section.inner("columns")
    types = {column.name: column.type for column in COLUMNS[table]}
    rules = {name: _column_rule(columns, name, types.get(name, ""), joins) for name in columns.values}
    if not columns.values:
        section.wrong("columns", "", f"the column that each of {', '.join(types)} comes from")
    rule = TableRule(section.file(folder), FrozenMap(kept), FrozenMap(rules))
    return rule if section.is_sound else None


def _cells(section: _Section, column: str) -> frozenset[str]:
    given = section.values[column]
    cells = [cell for cell in given if isinstance(cell, str)] if is_list(given) else []
    if not cells or not is_list(given) or len(cells) < len(given):
        section.wrong(column, shown(given), 'a list of texts such as ["Closed Won"]')
    return frozenset(cells)


def _column_rule(columns: _Section, name: str, type: str, joins: Mapping[str, object]) -> ColumnRule:
    given = columns.values[name]
    rule = _Section(
        f"{columns.path}.{name}",
        {"column": given} if isinstance(given, str) else given,
        columns.problems,
        columns,
    )
    rule.allow(("column", "constant", "join", "on", "translate", "time-zone", "is"))
    constant = _constant(rule)
    column = rule.text("column", required=constant is None)
    join = rule.text("join")
    on = rule.text("on", required=bool(join))
    if constant is not None and column:
        rule.wrong("constant", shown(constant), "a constant or a column, not both")
    if join and join not in joins:
        rule.wrong("join", shown(join), f"a section [joins.{join}]", nearest(join, joins))
    if on and not join:
        rule.wrong("on", shown(on), "the name of a join too")
    if name == "mrr":
        _check_monthly(rule, column)
    elif "is" in rule.values:
        rule.wrong("is", shown(rule.values["is"]), "nothing: it is said of mrr only")
    translate, by_name = _translation(rule, type)
    return ColumnRule(column, constant, join, on, translate, by_name, _zone(rule, type))


def _constant(rule: _Section) -> str | None:
    value = rule.values.get("constant")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | str | Decimal | date) and not isinstance(value, datetime):
        return str(value)
    if value is not None:
        rule.wrong("constant", shown(value), "text, a number, a date, true or false")
        return ""
    return None


def _check_monthly(rule: _Section, column: str) -> None:
    """A yearly figure taken for a monthly one gives twelve times the points: it must be said to be none."""
    said = rule.values.get("is")
    if said not in (None, "monthly"):
        rule.wrong("is", shown(said), '"monthly"')
    elif said is None and column.strip().casefold() in _NOT_MONTHLY:
        hint = f'where it is the monthly figure, write {{ column = "{column}", is = "monthly" }}'
        expected = "a column of monthly recurring revenue, which this is not by its name"
        rule.wrong("column", shown(column), expected, hint)


def _translation(rule: _Section, type: str) -> tuple[FrozenMap[str] | None, bool]:
    given = rule.values.get("translate")
    if given is None:
        return None, False
    if given == COUNTRY_NAMES and type == "market":
        return None, True
    if is_record(given):
        meanings = {cell: meant for cell, meant in given.items() if isinstance(meant, str)}
        if meanings and len(meanings) == len(given):
            return FrozenMap(meanings), False
    expected = 'what each cell means, such as { "Sourced" = "sourced" }'
    if type == "market":
        expected += f', or "{COUNTRY_NAMES}"'
    rule.wrong("translate", shown(given), expected)
    return None, False


def _zone(rule: _Section, type: str) -> tzinfo | None:
    name = rule.text("time-zone")
    if not name:
        return None
    if type != "date":
        rule.wrong("time-zone", shown(name), "a column of dates to say it of")
        return None
    from zoneinfo import ZoneInfo, available_timezones

    try:
        return ZoneInfo(name)
    except (LookupError, OSError, ValueError):  # no such name, a folder of names, or a path
        known = sorted(available_timezones())
        hint = nearest(name, known) if known else "this machine has no time-zone data: install tzdata"
        rule.wrong("time-zone", shown(name), 'a time zone by its IANA name, such as "Europe/Berlin"', hint)
        return None
