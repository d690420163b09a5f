"""Files with mistakes, and what is said of each: tests/bad_programs has it beside the file."""

from __future__ import annotations

from pathlib import Path

import pytest

import tierkit as tk

FOLDER = Path(__file__).parent / "bad_programs"
FILES = sorted(FOLDER.glob("*.toml"))
PROGRAMS = "{programs}"
"""In the messages: the programs that are shipped."""


def said_of(file: Path) -> str:
    checked = tk.check_program(file)
    said = (*map(str, checked.problems), *(f"warning: {each}" for each in checked.warnings))
    return "".join(f"{each}\n" for each in said)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_said_of_a_bad_program(file: Path) -> None:
    """'every problem at once with line, path, what was found, what was expected, near matches'"""
    expected = file.with_suffix(".txt").read_text(encoding="utf-8")
    assert said_of(file) == expected.replace(PROGRAMS, ", ".join(tk.program_names()))


def test_each_bad_program_has_its_messages() -> None:
    """'a corpus of bad files with golden messages'"""
    assert len(FILES) >= 40
    assert {file.stem for file in FILES} == {file.stem for file in FOLDER.glob("*.txt")}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_program_with_problems_is_refused_and_one_with_warnings_is_not(file: Path) -> None:
    """'a tier that can never be reached, bars that do not rise ...': a warning stops nobody"""
    checked = tk.check_program(file)
    assert (checked.program is None) is bool(checked.problems)
    if checked.program is not None:
        assert checked.warnings
        assert tk.load_program(file) == checked.program
        return
    with pytest.raises(tk.InvalidProgram) as refused:
        tk.load_program(file)
    assert refused.value.problems == checked.problems
