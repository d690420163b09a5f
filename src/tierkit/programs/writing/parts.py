"""What every table of a written program is made of: numbers, names, days, and on whose word it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tierkit.programs.reading.draft import UNSOURCED
from tierkit.programs.reading.table import UNKNOWN
from tierkit.values.exact import number_text

if TYPE_CHECKING:
    from fractions import Fraction

    from tierkit.programs.dated import Period
    from tierkit.programs.program import Program
    from tierkit.values.source import Grade, Source

Form = dict[str, Any]
"""A table of the file: what a reader of TOML would give."""

_LONGEST_WHOLE: Final = 2**63


def saying(form: Form) -> Form:
    """Leave out what says nothing."""
    return {key: value for key, value in form.items() if value not in ("", [], {}, None, False)}


def named(id: str, name: str) -> Form:
    """Give the name of what has an id, where it is another."""
    return {} if name == id else {"name": name}


def number(number: Fraction | None) -> int | str:
    """Write a number as a whole one, or as text; an unknown one as the file calls it."""
    if number is None:
        return UNKNOWN
    if number.denominator == 1 and abs(number) < _LONGEST_WHOLE:
        return number.numerator
    return number_text(number)


class Sources:
    """The sources of a program by the names under which its file has them."""

    def __init__(self, program: Program) -> None:
        self._names: dict[Source, str] = {source: name for name, source in program.sources.items()}

    def name(self, source: Source) -> str:
        """Give the name of a source, a new one where another source has its id."""
        if source not in self._names:
            name, taken, number = source.id, set(self._names.values()), 1
            while name in taken:
                number += 1
                name = f"{source.id}-{number}"
            self._names[source] = name
        return self._names[source]

    def cited(self, source: Source, grade: Grade, around: tuple[Source, Grade] | None = None) -> Form:
        """Say on whose word something stands, where that is not clear from what is around it."""
        default, fallback = around or (UNSOURCED, UNSOURCED.grade)
        if source == default:
            return saying({"grade": "" if grade is fallback else str(grade)})
        return saying({"source": self.name(source), "grade": "" if grade is source.grade else str(grade)})

    def form(self) -> Form:
        """Give the table of all that were named."""
        return {
            name: {"url": source.url, **saying({"version": source.version}), "grade": str(source.grade)}
            | saying({"note": source.note})
            for source, name in self._names.items()
        }


def row(period: Period[Any], value: Form, cites: Sources) -> Form:
    """Write one period: its days, its value, on whose word."""
    days = saying({"from": period.effective_from, "until": period.effective_until})
    word = cites.cited(period.source, period.grade) | saying({"note": period.note})
    return days | {key: said for key, said in value.items() if key not in word} | word
