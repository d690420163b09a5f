"""Small files that a user types or exports: read whole, and what is wrong named by its line."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

from tierkit.errors import InvalidValue, Problem, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEPARATORS: Final = (";", ",")
"""What may stand between two cells; the first that is in the first line does."""


def text_of(file: Path, expected: str, most: int) -> str:
    """Give the text of a file in UTF-8.

    Args:
        file: the file.
        expected: what it should be, for the problems.
        most: how many bytes it may have.

    Raises:
        InvalidValue: it cannot be read, has more bytes, or has others than UTF-8.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(most + 1)
        text = content.decode("utf-8-sig")
    except OSError as error:
        found = error.strerror or type(error).__name__
        raise InvalidValue(Problem(shown(str(file)), "", found, expected, "check the path")) from None
    except UnicodeDecodeError as error:
        found = f"a byte that is not UTF-8 at {error.start}"
        raise InvalidValue(Problem(file.name, "", found, "text in UTF-8", "save the file as UTF-8")) from None
    if len(content) > most:
        raise InvalidValue(Problem(file.name, "", "a larger file", f"at most {most:,} bytes"))
    return text


def separator_of(text: str) -> str:
    """Say which sign stands between the cells of a CSV file."""
    first = text.partition("\n")[0]
    return next((sign for sign in SEPARATORS if sign in first), SEPARATORS[-1])


def csv_rows(text: str, where: str) -> Iterator[tuple[str, list[str]]]:
    """Give each row of a CSV file that has cells, and its place.

    Raises:
        InvalidValue: a row cannot be read.
    """
    reader = csv.reader(text.splitlines(), delimiter=separator_of(text), strict=True)
    try:
        for row in filter(None, reader):
            yield f"{where} line {reader.line_num}", row
    except csv.Error as error:
        place = f"{where} line {reader.line_num}"
        raise InvalidValue(Problem(place, "", str(error), "rows of cells")) from None
