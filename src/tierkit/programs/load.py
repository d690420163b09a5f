"""Loading a program: a name or a file, an overlay where there is one, checked as a whole."""

from __future__ import annotations

from importlib import resources
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from tierkit.errors import InvalidProgram, Problem, UnknownName, nearest, shown
from tierkit.frozen import FrozenMap
from tierkit.programs.checks import loose_ends, seams_of
from tierkit.programs.dated import Dated, Period
from tierkit.programs.program import Program
from tierkit.programs.reading import read_draft
from tierkit.programs.rules import EarningRule, Group
from tierkit.programs.table import MOST_PROBLEMS
from tierkit.toml import read_toml

if TYPE_CHECKING:
    from tierkit.programs.draft import Draft


_LARGEST_FILE = 250_000
_SUFFIX = ".toml"


def program_names() -> tuple[str, ...]:
    """Give the names of the programs that are shipped, in order."""
    folder = resources.files("tierkit.programs").joinpath("catalog")
    return tuple(
        sorted(entry.name.removesuffix(_SUFFIX) for entry in folder.iterdir() if entry.name.endswith(_SUFFIX))
    )


def load_program(program: str | Path, *, overlay: str | Path | None = None) -> Program:
    """Load a shipped program by its name, or your own from a TOML file.

    Args:
        program: a name that `program_names()` lists, or the path of a file (anything that ends in
            ".toml" or is a `Path`).
        overlay: the path of a small file whose values take the place of the program's on their own
            days: the bars of a day that you know, another list of growth markets. It says
            `extends = "<the program's id>"` and repeats only what it changes.

    Raises:
        UnknownName: no program of that name is shipped.
        InvalidProgram: a file is missing or wrong; lists every problem with its path.
    """
    problems: list[Problem] = []
    raw, where = _raw(program)
    if "extends" in raw:
        raise InvalidProgram(_overlay_alone(raw["extends"], where, str(program)))
    draft = read_draft(raw, where, problems)
    _refuse(problems)
    if overlay is not None:
        over_raw, over_where = _read(Path(overlay))
        over = read_draft(over_raw, over_where, problems, draft)
        problems.extend(islice(seams_of(over, partial=True), MOST_PROBLEMS))
        _refuse(problems)
        draft = draft.overlaid(over)
    problems.extend(islice(chain(seams_of(draft), loose_ends(draft)), MOST_PROBLEMS))
    _refuse(problems)
    return _complete(draft)


def _overlay_alone(extends: object, where: str, path: str) -> Problem:
    name = extends if isinstance(extends, str) and extends in program_names() else "PROGRAM"
    hint = (
        f"load_program({name!r}, overlay={path!r}); on the command line --program {name} --overlay {path}, "
        f"and in compare {name}+{path}"
    )
    found = f"extends = {shown(extends)}, an overlay by itself"
    return Problem(where, "extends", found, "a whole program, or that it is laid over one", hint)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InvalidProgram(*problems)


def _raw(program: str | Path) -> tuple[dict[str, Any], str]:
    if isinstance(program, Path) or program.endswith(_SUFFIX):
        return _read(Path(program))
    names = program_names()
    if program not in names:
        raise UnknownName(
            Problem(
                "load_program",
                "program",
                shown(program),
                "one of " + ", ".join(names) + ", or the path of a .toml file",
                nearest(program, names),
            )
        )
    text = (
        resources.files("tierkit.programs").joinpath("catalog", program + _SUFFIX).read_text(encoding="utf-8")
    )
    return _parsed(text, program + _SUFFIX)


def _read(path: Path) -> tuple[dict[str, Any], str]:
    try:
        text = _content(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"byte {error.object[error.start]:#04x} at {error.start}"
        raise InvalidProgram(
            Problem(path.name, "", found, "text in UTF-8", "save the file as UTF-8")
        ) from None
    return _parsed(text, path.name)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_FILE + 1)
    except (OSError, ValueError) as error:  # a path with a NUL byte is a ValueError
        found = getattr(error, "strerror", None) or str(error)
        raise InvalidProgram(Problem(shown(str(path)), "", found, "a file", "check the path")) from None
    if len(content) > _LARGEST_FILE:
        expected = f"a program of at most {_LARGEST_FILE:,} bytes"
        hint = "check that it is a program file; if it is, leave out what no rule names"
        raise InvalidProgram(Problem(path.name, "", "a larger file", expected, hint))
    return content


def _parsed(text: str, where: str) -> tuple[dict[str, Any], str]:
    return read_toml(text, where=where, error=InvalidProgram), where


def _complete(draft: Draft) -> Program:
    """Make the program of a draft that has been checked, so that every part is there and of its type."""
    by_parent = draft.by_parent()

    def settled(kind: str) -> dict[str, Any]:
        return draft.all_settled(kind)

    def along(*path: str) -> FrozenMap[Dated[Any]]:
        return FrozenMap({key: Dated(tuple(periods)) for key, periods in by_parent.get(path, {}).items()})

    def one(key: str) -> Any:  # noqa: ANN401 - each key has a type of its own
        return draft.settled[key,]

    rules: list[EarningRule] = []
    for rule, head in settled("earn").items():
        steps: dict[str, Any] = {key.replace("-", "_"): dated for key, dated in along("earn", rule).items()}
        rules.append(EarningRule(id=rule, **head, **steps, multiply=along("earn", rule, "multiply")))
    groups = {key: Group(key, name, along("group", key)) for key, name in settled("group").items()}
    return Program(
        id=one("id"),
        name=one("name"),
        note=one("note"),
        tracks=one("tracks"),
        points=Dated(tuple(cast("list[Period[bool]]", draft.dated["points",]))),
        sources=FrozenMap(draft.sources),
        measures=FrozenMap(settled("measure")),
        readings=FrozenMap(settled("reading")),
        attributes=one("attributes"),
        groups=FrozenMap(groups),
        point_values=along("point-value"),
        rules=tuple(rules),
        tiers=tuple(sorted(settled("tier").values())),
        requires=along("tier"),
        movements=tuple(settled("movement").values()),
        choices=tuple(choice for _, choice in sorted(settled("choice").items())),
    )
