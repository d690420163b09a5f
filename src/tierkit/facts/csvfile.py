"""A CSV file, row by row: what cannot be read as a row is a problem, and the next one goes on."""

from __future__ import annotations

import csv
from collections.abc import Callable
from itertools import chain
from typing import TYPE_CHECKING, Final, Protocol

from tierkit.errors import Problem, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from tierkit.facts.tables import Gathering

    class _Rows(Iterator[list[str]], Protocol):
        """What csv.reader gives."""

        @property
        def line_num(self) -> int: ...


Texts = list[str]
"""The cells of a row of a CSV file."""

TakeTexts = Callable[[Texts, int], None]
"""Takes such a row and the number of its last line."""

_DELIMITERS: Final = (",", ";")
_MOST_IN_HEADER: Final = 500_000
_MOST_COLUMNS: Final = 5_000


class CsvFile:
    """A CSV file: UTF-8 with or without a byte order mark, cells separated by comma or semicolon.

    Args:
        path: the file.
        table: the table that it gives, spoilt by a row that cannot be read.
        gathering: takes the problems.
        known: names of columns that may be there: they tell by which sign cells are separated.
    """

    def __init__(self, path: Path, table: str, gathering: Gathering, known: Collection[str]) -> None:
        self.name: str = path.name
        self._path = path
        self._table = table
        self._gathering = gathering
        self._known = known
        self._fault: tuple[str, str, str] | None = None

    def place(self, line: int) -> str:
        """Say where a row stands, by its last line."""
        return f"{self.name} line {line}"

    def read(self, begin: Callable[[list[str]], TakeTexts | None]) -> None:
        """Read the file: `begin` is given the header and gives what takes the rows, or None to read none."""
        try:
            with self._path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
                lines = self._lines(file)
                first = next(lines, "").removeprefix("\ufeff")
                if self._fault or len(first) > _MOST_IN_HEADER:
                    fault = self._fault or (f"{len(first)} characters", "a header of reasonable length", "")
                    self.spoil(1, *fault)
                    return
                delimiter = max(_DELIMITERS, key=lambda sign: _promise(first, sign, self._known))
                rows = csv.reader(chain((first,), lines), delimiter=delimiter, strict=True)
                take = self._begin(rows, begin)
                if take:
                    self._read_rows(rows, *take)
        except OSError as error:
            self.spoil(0, shown(error.strerror), "a file that can be read")

    def _begin(
        self, rows: Iterator[list[str]], begin: Callable[[list[str]], TakeTexts | None]
    ) -> tuple[int, TakeTexts] | None:
        try:
            header = next(rows, Texts())
        except csv.Error as error:
            self.spoil(1, str(error), "a row with the names of the columns")
            return None
        if not any(header) or len(header) > _MOST_COLUMNS:
            found = f"{len(header)} columns" if header else "nothing"
            self.spoil(1, found, "a row with the names of the columns")
            return None
        take = begin(header)
        return (len(header), take) if take else None

    def _read_rows(self, rows: _Rows, width: int, take: TakeTexts) -> None:
        while True:
            try:
                for row in rows:
                    if len(row) == width and not self._fault:
                        take(row, rows.line_num)
                    elif self._fault:
                        self.spoil(rows.line_num, *self._fault)
                        self._fault = None
                    elif any(row):
                        hint = "put a cell that holds the separating sign in quotation marks"
                        self.spoil(rows.line_num, f"{len(row)} cells", f"{width}, as in the header", hint)
            except csv.Error as error:
                self.spoil(rows.line_num, *(self._fault or _fault_of(error)))
                self._fault = None  # it was of this row: the next one may be good
            else:
                return

    def spoil(self, line: int, found: str, expected: str, hint: str = "") -> None:
        """Note a row that cannot be read, or the whole file."""
        self._gathering.spoil(self._table)
        where = self.place(line) if line else self.name
        self._gathering.problems.add(Problem(where, "", found, expected, hint))

    def _lines(self, file: Iterable[str]) -> Iterator[str]:
        for line in file:
            if "\0" in line:
                self._fault = ("a NUL byte", "text", 'save the file as "CSV UTF-8"')
            elif not line.isascii() and not _is_utf8(line):
                self._fault = ("bytes that are not UTF-8", "text in UTF-8", 'save the file as "CSV UTF-8"')
            yield line


def _fault_of(error: csv.Error) -> tuple[str, str, str]:
    """Say what the reader of CSV could not read, and what to do."""
    if "field larger" in str(error):
        return str(error), "a cell of a length that somebody can read", "shorten the cell, or remove its row"
    hint = 'write a quotation mark inside a quoted cell twice, as in "so ""called"" text"'
    return str(error), "a row of comma-separated cells", hint


def _is_utf8(line: str) -> bool:
    """Whether no byte had to be smuggled in as a surrogate."""
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True


def _promise(first: str, sign: str, known: Collection[str]) -> tuple[int, int]:
    """Say how much the header makes sense if its cells are separated by this sign."""
    try:
        cells = next(csv.reader((first,), delimiter=sign), Texts())
    except csv.Error:
        return 0, 0
    return sum(cell in known for cell in cells), len(cells)
