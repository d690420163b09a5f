"""The files of a program: by name or path, with those that they extend, and on which lines problems stand."""

from __future__ import annotations

from importlib import resources
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, final

from tierkit.errors import InvalidProgram, Problem, UnknownName, nearest, of_parser, shown
from tierkit.frozen import changed, frozen
from tierkit.programs.reading.draft import file_in
from tierkit.programs.reading.json_text import read_json
from tierkit.programs.reading.lines import line_at, lines_of, lines_of_json
from tierkit.programs.reading.table import among
from tierkit.toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LARGEST_FILE = 250_000
SUFFIX: Final = ".toml"
JSON: Final = ".json"
SUFFIXES: Final = (SUFFIX, JSON)
_MOST_EXTENDED: Final = 5


@final
@frozen
class ProgramFile:
    """One file of a program.

    Attributes:
        where: its name, for messages.
        text: what it says.
        raw: the same as TOML gives it.
        path: where it lies; None for one that is shipped.
    """

    where: str
    text: str
    raw: dict[str, Any]
    path: Path | None


def program_names() -> tuple[str, ...]:
    """Give the names of the programs that are shipped, in order."""
    folder = resources.files("tierkit.programs").joinpath("catalog")
    return tuple(
        sorted(entry.name.removesuffix(SUFFIX) for entry in folder.iterdir() if entry.name.endswith(SUFFIX))
    )


def chain_of(program: str | Path) -> list[ProgramFile]:
    """Read a program's file and those that it extends, the last one first.

    Raises:
        UnknownName: no program of that name is shipped.
        InvalidProgram: a file is missing or no TOML, or it extends what cannot be extended.
    """
    return chain_from(_first(program))


def chain_from(file: ProgramFile) -> list[ProgramFile]:
    """Read the files that a file extends, and give them with it, the last one first.

    Raises:
        InvalidProgram: one is missing or no TOML, or cannot be extended.
    """
    files = [file]
    while "extends" in files[0].raw:
        top = files[0]
        try:
            base = _extended(top)
            said = [file.where for file in files if (file.where, file.path) == (base.where, base.path)]
            if said:
                names = " -> ".join(file.where for file in (*reversed(files), base))
                raise _no_base(top, f"a circle: {names}", "a file that does not come back", "cut the circle")
            if len(files) > _MOST_EXTENDED:
                expected = f"at most {_MOST_EXTENDED} files that each extend another"
                raise _no_base(top, f"a chain of {len(files)}", expected, "lay them together")
        except InvalidProgram as error:
            raise InvalidProgram(*located(error.problems, files)) from None
        files.insert(0, base)
    return files


def file_at(path: Path) -> ProgramFile:
    """Read a file.

    Raises:
        InvalidProgram: it is missing, too large or no TOML.
    """
    try:
        text = _content(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place, found = of_parser(error, "", path.name)
        raise InvalidProgram(Problem(place, "", found, "text in UTF-8", "save the file as UTF-8")) from None
    return _parsed(text, path.name, path)


def file_of(text: str, where: str) -> ProgramFile:
    """Give a file that lies nowhere, by what it says.

    Raises:
        InvalidProgram: it is too large or no TOML.
    """
    if len(text) > _LARGEST_FILE:
        raise _too_large(where)
    return _parsed(text, where, None)


def located(problems: Iterable[Problem], files: Iterable[ProgramFile]) -> list[Problem]:
    """Say of problems on which line of their file they stand, as near as that is known, in that order.

    What has no line goes before, and what is about no place in particular comes last.
    """
    texts = {file.where: file.text for file in files}
    order = {where: place for place, where in enumerate(texts)}
    lines: dict[str, Mapping[str, int]] = {}
    found: list[tuple[int, int, Problem]] = []
    for problem in problems:
        where, others = file_in(problem.where)
        if where in texts and where not in lines:
            lines[where] = (lines_of_json if where.endswith(JSON) else lines_of)(texts[where])
        line = line_at(lines.get(where, {}), problem.field)
        at = changed(problem, where=f"{where}, line {line}{others}") if line else problem
        place = order.get(where, len(order)) if problem.field else len(order) + 1
        found.append((place, line or 0, at))
    return [problem for *_, problem in sorted(found, key=itemgetter(0, 1))]


def _first(program: str | Path) -> ProgramFile:
    if isinstance(program, Path) or program.endswith(SUFFIXES):
        return file_at(Path(program))
    names = program_names()
    if program not in names:
        raise UnknownName(
            Problem(
                "load_program",
                "program",
                shown(program),
                "one of " + ", ".join(names) + ", or the path of a .toml or .json file",
                nearest(program, names),
            )
        )
    return _shipped(program)


def _shipped(name: str) -> ProgramFile:
    folder = resources.files("tierkit.programs").joinpath("catalog")
    return _parsed(folder.joinpath(name + SUFFIX).read_text(encoding="utf-8"), name + SUFFIX, None)


def _extended(file: ProgramFile) -> ProgramFile:
    """Give the file that another extends: one that is shipped, or its neighbour."""
    name, names = file.raw["extends"], program_names()
    if name in names:
        return _shipped(name)
    expected = f"{among(names)}, or the name of a file in the same folder"
    if not isinstance(name, str) or not name.endswith(SUFFIXES) or file.path is None:
        hint = nearest(name, names) if isinstance(name, str) else 'write it in quotes: "…"'
        raise _no_base(
            file, shown(name), expected, hint or "the name of a file ends in " + " or ".join(SUFFIXES)
        )
    if Path(name).name != name or set(name) & set("\\:\0"):
        raise _no_base(file, shown(name), expected, "lay the two files in one folder")
    try:
        return file_at(file.path.parent / name)
    except InvalidProgram as error:
        if error.problems[0].expected == _A_FILE:
            raise _no_base(
                file, f"{shown(name)}: {error.problems[0].found}", expected, "check its name"
            ) from None
        raise


def _no_base(file: ProgramFile, found: str, expected: str, hint: str) -> InvalidProgram:
    return InvalidProgram(Problem(file.where, "extends", found, expected, hint))


_A_FILE: Final = "a file"


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_FILE + 1)
    except (OSError, ValueError) as error:  # a path with a NUL byte is a ValueError
        found = getattr(error, "strerror", None) or str(error)
        raise InvalidProgram(Problem(shown(str(path)), "", found, _A_FILE, "check the path")) from None
    if len(content) > _LARGEST_FILE:
        raise _too_large(path.name)
    return content


def _too_large(where: str) -> InvalidProgram:
    expected = f"a program of at most {_LARGEST_FILE:,} bytes"
    hint = "check that it is a program file; if it is, leave out what no rule names"
    return InvalidProgram(Problem(where, "", "a larger file", expected, hint))


def _parsed(text: str, where: str, path: Path | None) -> ProgramFile:
    if where.endswith(JSON):
        return ProgramFile(where, text, read_json(text, where), path)
    return ProgramFile(where, text, read_toml(text, where=where, error=InvalidProgram), path)
