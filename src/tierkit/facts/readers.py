"""Books from files: a folder of CSV files, with a mapping beside a CRM's export, or one JSON file."""

from __future__ import annotations

import json
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tierkit.errors import InvalidBook, Problem, WrongType, nearest, shown
from tierkit.facts.cells import JsonNumber
from tierkit.facts.columns import COLUMNS
from tierkit.facts.csvfile import CsvFile
from tierkit.facts.dicts import DictReader
from tierkit.facts.export import Exports
from tierkit.facts.mapping import MAPPING_FILE, read_rules
from tierkit.facts.records import Cells
from tierkit.facts.tables import ORDER, Gathering

if TYPE_CHECKING:
    from tierkit.facts.book import Book
    from tierkit.facts.tables import Take

_FILES: Final = {f"{table}.csv": table for table in ORDER}


def read_book(path: str | PathLike[str]) -> Book:
    """Read a book of facts.

    Args:
        path: a folder with CSV files named after their tables (`deals.csv`, `accounts.csv`, ...), beside
            them perhaps a `mapping.toml` that says how to take a CRM's own export; or one JSON file.

    Raises:
        InvalidBook: with every problem of every record.
    """
    book, problems = check_book(path)
    if problems:
        raise InvalidBook(*problems)
    return book


def check_book(path: str | PathLike[str]) -> tuple[Book, tuple[Problem, ...]]:
    """Read a book of facts, and say what is wrong with the records that are left out.

    At most a thousand problems are listed; then one says how many more there are.

    Args:
        path: as `read_book` takes it.

    Returns:
        The book of the good facts, and the problems of the others.
    """
    if not isinstance(path, str | PathLike) or not isinstance(fspath(path), str):
        raise WrongType(Problem("path", found=shown(path), expected="the path of a folder or of a JSON file"))
    gathering = Gathering()
    _read(Path(path), gathering)
    return gathering.book()


def _read(path: Path, gathering: Gathering) -> None:
    add = gathering.problems.add
    try:
        names = sorted(entry.name for entry in path.iterdir()) if path.is_dir() else None
    except OSError as error:
        add(Problem("path", "", f"{shown(str(path))}: {error.strerror}", "a folder that can be read"))
        return
    if names is not None:
        _read_folder(path, names, gathering)
    elif path.is_file() and path.suffix.lower() == ".json":
        _read_json(path, gathering)
    elif path.exists():
        hint = "give the folder that holds it" if path.suffix.lower() == ".csv" else ""
        add(Problem(printable(path.name), "", "", "a folder of CSV files or one JSON file", hint))
    else:
        add(
            Problem(
                "path", "", shown(str(path)), "a file or folder that exists", _near(path) or "check the path"
            )
        )


def _near(path: Path) -> str:
    try:
        return nearest(path.name, (entry.name for entry in path.parent.iterdir()))
    except (OSError, ValueError):  # no such folder either, or a NUL in its name
        return ""


def _read_folder(folder: Path, names: list[str], gathering: Gathering) -> None:
    rules = read_rules(folder, gathering.problems) if MAPPING_FILE in names else None
    mapped = frozenset(rules.tables if rules else ())
    own = [name for name, table in _FILES.items() if name in names and table not in mapped]
    if MAPPING_FILE not in names or (rules and rules.is_sound):
        _report_unused(names, {*own, *(rules.files if rules else ())}, gathering)
    if not own and not mapped and not gathering.problems:
        expected = f"one of {', '.join(_FILES)}, or a {MAPPING_FILE}"
        gathering.problems.add(
            Problem(printable(folder.name), "", "no records", expected, "save each sheet as a CSV file")
        )
    exports = Exports(rules, gathering) if rules else None
    for table in ORDER:
        if exports and table in mapped:
            exports.read(table)
        elif f"{table}.csv" in own:
            _read_csv(folder / f"{table}.csv", table, gathering)


def _report_unused(names: list[str], used: set[str], gathering: Gathering) -> None:
    for name in names:
        if name.lower().endswith(".csv") and not name.startswith((".", "~$")) and name not in used:
            expected = f"one of {', '.join(_FILES)}, or a file that {MAPPING_FILE} takes"
            hint = nearest(name[:-4], ORDER) or "rename or remove it: its records are not read"
            if name in _FILES:
                hint = f"remove it: {MAPPING_FILE} takes these records from another file"
            gathering.problems.add(Problem(printable(name), "", "a file that is not read", expected, hint))


def _read_csv(path: Path, table: str, gathering: Gathering) -> None:
    file = CsvFile(path, table, gathering, [column.name for column in COLUMNS[table]])

    def begin(header: list[str]) -> Take | None:
        cells = Cells(table, header, gathering.memos)
        for fault in cells.faults:
            gathering.problems.add(Problem(file.place(1), *fault))
        for name in cells.missing:
            file.spoil(1, "no such column", f"the column {name}: it is required")
        if cells.missing or cells.faults:
            gathering.spoil(table)
            return None
        return gathering.taker(cells, file.place)

    file.read(begin)


class _Twice:
    """Stands where an object of a JSON file says one thing twice; no column takes it."""

    def __repr__(self) -> str:
        return "two values of one key"


def _read_json(path: Path, gathering: Gathering) -> None:
    where = printable(path.name)
    add = gathering.problems.add
    try:
        text = path.read_bytes().decode("utf-8-sig")
        tables = json.loads(
            text,
            parse_float=JsonNumber,
            parse_int=JsonNumber,
            parse_constant=JsonNumber,
            object_pairs_hook=_object,
        )
    except OSError as error:
        add(Problem(where, "", shown(error.strerror), "a file that can be read"))
    except UnicodeDecodeError as error:
        add(Problem(where, "", f"a byte that is not UTF-8 at {error.start}", "text in UTF-8"))
    except json.JSONDecodeError as error:
        add(Problem(f"{where} line {error.lineno}", "", f"{error.msg} at column {error.colno}", "JSON"))
    except RecursionError:
        add(Problem(where, "", "brackets within brackets without end", "tables of records"))
    else:
        del text
        DictReader(gathering, where, forget=True).read(tables)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                made[name] = _Twice()
            seen.add(name)
    return made


def printable(name: str) -> str:
    """Give the name of a file as text that every screen takes: names need not be UTF-8."""
    return name.encode("utf-8", "backslashreplace").decode()
