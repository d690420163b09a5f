"""Loading a program: a name or a file, an overlay where there is one, checked as a whole."""

from __future__ import annotations

from itertools import chain, islice
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast, final

from tierkit.errors import InvalidProgram, Problem, refuse_other, shown
from tierkit.frozen import FrozenMap, changed, frozen
from tierkit.programs.checking.advice import advice
from tierkit.programs.checking.whole import independent, loose_ends, seams_of
from tierkit.programs.dated import Dated, Period
from tierkit.programs.program import Program
from tierkit.programs.reading.draft import UNSOURCED
from tierkit.programs.reading.files import SUFFIXES, chain_from, chain_of, file_at, file_of, located
from tierkit.programs.reading.sections import read_draft
from tierkit.programs.reading.table import MOST_PROBLEMS
from tierkit.programs.reading.tiers import OWN
from tierkit.programs.rules import EarningRule, Group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tierkit.programs.reading.draft import Draft
    from tierkit.programs.reading.files import ProgramFile
    from tierkit.values.tier import Tier


def load_program(program: str | Path, *, overlay: str | Path | None = None) -> Program:
    """Load a shipped program by its name, or your own from a TOML or JSON file.

    A file that extends another, by `extends = "hubspot-solutions"` or by the name of a file in its folder, is
    that program with its own values laid over it.

    Args:
        program: a name that `program_names()` lists, or the path of a file (anything that ends in
            ".toml" or ".json", or is a `Path`).
        overlay: the path of a small file whose values take the place of the program's on their own
            days: the bars of a day that you know, another list of growth markets. It says
            `extends = "<the program's id>"` and repeats only what it changes.

    Raises:
        UnknownName: no program of that name is shipped.
        InvalidProgram: a file is missing or wrong; lists every problem with its path and its line.
    """
    files = chain_of(program)
    if overlay is not None:
        files.append(file_at(Path(overlay)))
    return _program_of(_read(files, laid_over=overlay is not None))


def parse_program(text: str, where: str = "program.toml") -> Program:
    """Read a program from what its file says: `parse_program(program.to_toml())` is that program again.

    Args:
        text: the file's content; it may extend a shipped program, but no other file.
        where: what the file is called in messages; what ends in ".json" is read as JSON.

    Raises:
        WrongType: it is not text.
        InvalidProgram: it is wrong; lists every problem with its path and its line.
    """
    refuse_other(text, str, "parse_program: text", "the content of a program file, as text")
    return _program_of(_read(chain_from(file_of(text, where))))


_ALWAYS: Final = Dated((Period(True, None, None, UNSOURCED, UNSOURCED.grade),))  # noqa: FBT003 - a value
"""On which days a program holds that does not say on which."""


@final
@frozen
class ProgramCheck:
    """What a check of a program file found.

    Attributes:
        where: the name of the file.
        program: the program; None where it has problems.
        problems: what is wrong, each with its path and its line, for which it cannot be loaded.
        warnings: what can be loaded and can hardly be meant.
    """

    where: str
    program: Program | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def check_program(program: str | Path) -> ProgramCheck:
    """Check a program file: everything that is wrong with it, and what can hardly be meant.

    Args:
        program: the path of a file, or the name of a shipped program.

    Raises:
        UnknownName: no program of that name is shipped.
    """
    where = Path(program).name if str(program).endswith(SUFFIXES) else str(program)
    try:
        files = chain_of(program)
        where = files[-1].where
        draft = _read(files)
        made = _program_of(draft)
        warnings = islice(advice(draft, made), MOST_PROBLEMS)
        return ProgramCheck(where, made, (), tuple(located(warnings, files)))
    except InvalidProgram as error:
        return ProgramCheck(where, None, error.problems, ())


def _read(files: list[ProgramFile], *, laid_over: bool = False) -> Draft:
    """Read and check files that are laid over each other, and say on which lines its problems stand."""
    try:
        return _checked(files, laid_over=laid_over)
    except InvalidProgram as error:
        raise InvalidProgram(*located(error.problems, files)) from None


def _checked(files: list[ProgramFile], *, laid_over: bool) -> Draft:
    """Read files, each of which is laid over the one before it, and check what they make together."""
    draft: Draft | None = None
    problems: list[Problem] = []
    for file in files:
        if problems:
            raise InvalidProgram(*problems)
        if laid_over and draft is not None and file is files[-1]:
            problems.extend(_over_another(file, draft, files[-2]))
        said = read_draft(file.raw, file.where, problems, draft, file=file.where if len(files) > 1 else "")
        if draft is not None:
            problems.extend(islice(seams_of(said, partial=True), MOST_PROBLEMS))
        draft = said if draft is None else draft.overlaid(said)
    made = cast("Draft", draft)
    found = independent(chain(seams_of(made), loose_ends(made)), tuple(problems))
    problems.extend(islice(found, MOST_PROBLEMS))
    if problems:
        raise InvalidProgram(*problems)
    return made


def _over_another(file: ProgramFile, base: Draft, base_file: ProgramFile) -> Iterator[Problem]:
    """Find an overlay of another program than the one that it is laid over, and one that is a program."""
    extends = file.raw.get("extends")
    own = base.settled["id",]
    if isinstance(extends, str) and extends and extends not in (own, base_file.where):
        name = base_file.where if base_file.path else own  # by either of which it can be checked alone, too
        yield Problem(file.where, "extends", shown(extends), f"{name!r}, the program that it is laid over")
    if "id" in file.raw:
        hint = "leave `id` out; a file that has one is a program by itself: load it alone, without the other"
        expected = f"no `id`, as the program keeps its own, {own!r}"
        yield Problem(file.where, "id", shown(file.raw["id"]), expected, hint)


def _program_of(draft: Draft) -> Program:
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
        for key in ("multiply", "tier-multiply"):
            steps[key.replace("-", "_")] = along("earn", rule, key)
        rules.append(EarningRule(id=rule, **head, **steps))
    groups = {key: Group(key, name, along("group", key)) for key, name in settled("group").items()}
    ladders: dict[str, list[Tier]] = {OWN: []}
    for tier in sorted(settled("tier").values(), key=attrgetter("rank")):
        ladders.setdefault(tier.ladder, []).append(tier)
    own = [changed(tier, ladder=one("id")) for tier in ladders.pop(OWN)]
    return Program(
        id=one("id"),
        name=one("name"),
        note=one("note"),
        tracks=one("tracks"),
        units=FrozenMap(settled("unit")),
        year_from=one("year-from"),
        in_force=along().get("in-force", _ALWAYS),
        sources=FrozenMap(draft.sources),
        measures=FrozenMap(settled("measure")),
        readings=FrozenMap(settled("reading")),
        attributes=one("attributes"),
        groups=FrozenMap(groups),
        point_values=along("point-value"),
        rules=tuple(rules),
        tiers=tuple(own),
        ladders=FrozenMap({ladder: tuple(tiers) for ladder, tiers in ladders.items()}),
        names=along("named"),
        requires=along("requires"),
        keeps=along("keeps"),
        movements=tuple(settled("movement").values()),
        choices=tuple(choice for _, choice in sorted(settled("choice").items())),
    )
