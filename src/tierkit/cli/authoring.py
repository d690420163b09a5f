"""`tierkit new`, `check`, `schema` and `diff`: writing a program of one's own."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

import tierkit
from tierkit.cli.arguments import day, named_program
from tierkit.cli.output import FAILED, OK, print_json, print_lines
from tierkit.errors import InvalidValue, Problem, shown

if TYPE_CHECKING:
    import argparse

    from tierkit.cli.arguments import Commands

_PROGRAM: Final = "starter.toml"
_VECTORS: Final = "starter.vectors.json"


def declare(commands: Commands) -> None:
    """Add the commands of this family."""
    new = commands.add("new", _new, "write a program to start from, and worked examples of it")
    about = "where to write it; the examples go beside it; left out: print the program"
    new.add_argument("file", nargs="?", metavar="FILE.toml", help=about)

    check = commands.add("check", _check, "say everything that is wrong with a program file, or doubtful")
    check.add_argument("file", metavar="FILE", help="a TOML file, or the name of a shipped program")

    commands.add("schema", _schema, "print the JSON Schema of a program file, for editors")

    diff = commands.add("diff", _diff, "say what two programs have otherwise, and on which days")
    named = "a shipped program or a TOML file; NAME+OVERLAY lays a file of values over it"
    diff.add_argument("before", metavar="BEFORE", help=named)
    diff.add_argument("after", metavar="AFTER", help="the other one")
    diff.add_argument("--on", metavar="DAY", help="only what differs on this day")


def _new(arguments: argparse.Namespace) -> int:
    texts = {name: _shipped(name) for name in (_PROGRAM, _VECTORS)}
    if arguments.file is None:
        if arguments.json:
            print_json({"tierkit": "new/1", "program": texts[_PROGRAM], "vectors": texts[_VECTORS]})
        else:
            print(texts[_PROGRAM], end="")
        return OK
    program = Path(arguments.file)
    if program.suffix != ".toml":
        hint = f"write {program.with_suffix('.toml').name}" if program.name else ""
        raise InvalidValue(Problem("FILE", "", shown(arguments.file), "a name that ends in .toml", hint))
    files = {program: texts[_PROGRAM], program.with_suffix(".vectors.json"): texts[_VECTORS]}
    for file in files:
        if file.exists():
            hint = "nothing is ever overwritten: give another name, or remove the file"
            raise InvalidValue(Problem(file.name, "", "a file", "nothing of this name", hint))
    for file, text in files.items():
        _write(file, text)
    if arguments.json:
        print_json({"tierkit": "new/1", "files": list(map(str, files))})
    else:
        print_lines(_next_steps(*map(str, files)))
    return OK


def _shipped(name: str) -> str:
    return resources.files("tierkit.programs").joinpath(name).read_text(encoding="utf-8")


def _write(file: Path, text: str) -> None:
    try:
        with file.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
    except OSError as error:
        found = error.strerror or type(error).__name__
        problem = Problem(shown(str(file)), "", found, "a place for a new file", "check the path")
        raise InvalidValue(problem) from None


def _next_steps(program: str, vectors: str) -> str:
    return "\n".join(
        (
            f"Wrote {program} and {vectors}.",
            f"  tierkit check {program}   says what is wrong with it",
            f"  tierkit verify {program} {vectors}   runs its worked examples",
        )
    )


def _check(arguments: argparse.Namespace) -> int:
    checked = tierkit.check_program(arguments.file)
    problems, warnings = checked.problems, checked.warnings
    if arguments.json:
        said = {
            "problems": [_form(each) for each in problems],
            "warnings": [_form(each) for each in warnings],
        }
        program = None if checked.program is None else checked.program.id
        print_json({"tierkit": "check/1", "file": checked.where, "program": program, **said})
    else:
        summed = (
            f"{checked.where}: {_counted(len(problems), 'problem')}, {_counted(len(warnings), 'warning')}"
        )
        print_lines("\n".join((*map(str, problems), *(f"warning: {each}" for each in warnings), summed)))
    return FAILED if problems else OK


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _schema(_: argparse.Namespace) -> int:
    print_json(tierkit.program_schema())
    return OK


def _diff(arguments: argparse.Namespace) -> int:
    before, after = (named_program(each) for each in (arguments.before, arguments.after))
    on = None if arguments.on is None else day("--on", arguments.on)
    differences = [each for each in before.diff(after) if on is None or on in each.span]
    if arguments.json:
        head = {"tierkit": "diff/1", "before": before.id, "after": after.id, "on": on and str(on)}
        print_json({**head, "differences": [_form(each) for each in differences]})
    else:
        days = "on all days" if on is None else f"on {on}"
        print_lines("\n".join(map(str, differences)) or f"the same {days}")
    return OK


def _form(value: object) -> object:
    """Give the JSON form of a value inside a list of the command line, which has a version of its own."""
    form = json.loads(tierkit.to_json(value))
    form.pop("tierkit")
    return form
