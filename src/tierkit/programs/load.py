"""Loading a program: a name or a file, an overlay where there is one, checked as a whole."""

from __future__ import annotations

from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from tierkit.errors import InvalidProgram, Problem, UnknownName, nearest, shown
from tierkit.frozen import FrozenMap
from tierkit.programs.checks import loose_ends, seams_of
from tierkit.programs.dated import Dated
from tierkit.programs.program import Program
from tierkit.programs.rules import (
    Choice,
    EarningRule,
    Group,
    Measure,
    Movement,
    ReadingKind,
)
from tierkit.programs.sections import read_draft
from tierkit.values.source import Source

if TYPE_CHECKING:
    from fractions import Fraction

    from tierkit.programs.draft import Draft


_LARGEST_FILE = 1_000_000
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
    draft = read_draft(raw, where, problems)
    _refuse(problems)
    if overlay is not None:
        over_raw, over_where = _read(Path(overlay))
        over = read_draft(over_raw, over_where, problems, draft)
        problems.extend(seams_of(over, partial=True))
        _refuse(problems)
        draft = draft.overlaid(over)
    problems.extend(seams_of(draft))
    problems.extend(loose_ends(draft))
    _refuse(problems)
    return _complete(draft)


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
    return _parsed(text, program + _SUFFIX), program + _SUFFIX


def _read(path: Path) -> tuple[dict[str, Any], str]:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            found = f"{path.stat().st_size:,} bytes"
            raise InvalidProgram(Problem(path.name, "", found, f"at most {_LARGEST_FILE:,} bytes"))
        return _parsed(path.read_text(encoding="utf-8-sig"), path.name), path.name
    except OSError as error:
        hint = "check the path"
        raise InvalidProgram(Problem(path.name, "", error.strerror or "nothing", "a file", hint)) from None
    except UnicodeDecodeError as error:
        found = f"byte {error.object[error.start]:#04x} at {error.start}"
        raise InvalidProgram(
            Problem(path.name, "", found, "text in UTF-8", "save the file as UTF-8")
        ) from None


def _parsed(text: str, where: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        raise InvalidProgram(Problem(where, "", "very deep nesting", "a few levels")) from None
    except (ValueError, ArithmeticError) as error:
        raise InvalidProgram(
            Problem(where, "", shown(str(error), 200), "a TOML file", "see toml.io")
        ) from None


def _complete(draft: Draft) -> Program:
    def settled(kind: str) -> Any:
        return draft.all_settled(kind)

    def along(*path: str) -> Any:
        return FrozenMap({key: Dated(tuple(periods)) for key, periods in draft.under(*path).items()})

    rules = []
    for rule, raw in settled("rule").items():
        dated = {key.replace("-", "_"): value for key, value in along("rule", rule).items()}
        rules.append(EarningRule(id=rule, **raw, **dated, multiply=along("rule", rule, "multiply")))
    point_values: FrozenMap[Dated[Fraction]] = along("point-value")
    return Program(
        id=cast("str", draft.settled["id",]),
        name=cast("str", draft.settled["name",]),
        note=cast("str", draft.settled["note",]),
        tracks=cast("tuple[str, ...]", draft.settled["tracks",]),
        points=Dated(tuple(draft.dated["points",])),  # type: ignore[arg-type]
        sources=FrozenMap[Source](draft.sources),
        measures=FrozenMap[Measure](settled("measure")),
        readings=FrozenMap[ReadingKind](settled("reading")),
        attributes=cast("tuple[str, ...]", draft.settled["attributes",]),
        groups=FrozenMap[Group](
            {group: Group(group, name, along("group", group)) for group, name in settled("group").items()}
        ),
        point_values=point_values,
        rules=tuple(rules),
        tiers=tuple(sorted(settled("tier").values())),
        requires=along("tier"),
        movements=cast("tuple[Movement, ...]", tuple(settled("movement").values())),
        choices=cast("tuple[Choice, ...]", tuple(value for _, value in sorted(settled("choice").items()))),
    )
