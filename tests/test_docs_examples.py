"""Runs what README.md and docs/ show: python blocks, and the `$ tierkit ...` lines with what they print.

The blocks of a page run in order, in one namespace, from the top folder of the project. A python block with
`>>>` is a doctest; any other is run as it stands. In what a page prints, `...` stands for anything.

A page that says `<!-- in an empty folder -->` runs in one. There a comment above a block does what the page
asks of its reader: `<!-- write FILE -->` makes the block a file, and `<!-- edit FILE -->` takes the lines
with a minus out of a file and puts those with a plus in their place.
"""

from __future__ import annotations

import contextlib
import doctest
import re
import shlex
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
EMPTY_FOLDER = "<!-- in an empty folder -->"
FENCE = re.compile(
    r"(?:^<!-- (?P<asked>write|edit) (?P<file>\S+) -->\n\n?)?"
    r"^(?P<indent> *)```(?P<language>\w*)[^\n]*\n(?P<text>.*?)^(?P=indent)```",
    re.DOTALL | re.MULTILINE,
)


class Block(NamedTuple):
    """One fenced block of a page, and the line that its text starts on."""

    language: str
    text: str
    line: int
    asked: str | None
    file: str | None


def blocks(page: str) -> Iterator[Block]:
    for fence in FENCE.finditer(page):
        line = page.count("\n", 0, fence.start("text"))
        yield Block(fence["language"], textwrap.dedent(fence["text"]), line, fence["asked"], fence["file"])


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """Give each `$ ` line of a console block, with what the page says that it prints."""
    for shown in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, printed = shown.replace("\\\n", " ").partition("\n")
        yield command, printed


def do_as_asked(block: Block) -> None:
    """Write a block as a file, or edit one by it."""
    if block.file is None:
        return
    file = Path(block.file)
    if block.asked == "write":
        file.write_text(block.text, encoding="utf-8")
        return
    lines, text = block.text.splitlines(keepends=True), file.read_text(encoding="utf-8")
    before, after = (
        "".join(line if line == "\n" else line[1:] for line in lines if line[0] != sign) for sign in "+-"
    )
    assert text.count(before) == 1, f"line {block.line + 1}: {file} does not have, once:\n{before}"
    file.write_text(text.replace(before, after), encoding="utf-8")


def run_python(block: Block, names: dict[str, object], page: Path) -> None:
    if ">>>" in block.text:
        test = doctest.DocTestParser().get_doctest(block.text, names, page.name, str(page), block.line)
        runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
        failures: list[str] = []
        runner.run(test, out=failures.append, clear_globs=False)
        names.update(test.globs)
        assert not failures, "".join(failures)
    else:
        # the empty lines before it give a traceback the line numbers of the page
        exec(compile("\n" * block.line + block.text, str(page), "exec", dont_inherit=True), names)  # noqa: S102 - our own pages


def trimmed(text: str) -> str:
    """Without white space at line ends, and empty lines at the end."""
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines()) + "\n"


def run_command(command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    from tierkit.cli import main

    monkeypatch.setattr("sys.argv", shlex.split(command))
    capsys.readouterr()
    with contextlib.suppress(SystemExit):  # a page may show an error too
        main()
    captured = capsys.readouterr()
    return captured.out + captured.err


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_shows_is_what_happens(
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = page.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path if EMPTY_FOLDER in text else ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    names: dict[str, object] = {"__name__": page.stem}
    for block in blocks(text):
        do_as_asked(block)
        if block.language == "python":
            run_python(block, names, page)
        for command, printed in commands(block) if block.language == "console" else ():
            if command.startswith("tierkit "):
                got = run_command(command, monkeypatch, capsys)
                place = f"{page.name}, line {block.line + 1}: $ {command}"
                as_shown = doctest.OutputChecker().check_output(
                    trimmed(printed), trimmed(got), doctest.ELLIPSIS
                )
                assert as_shown, f"{place}\nprints\n{got}"
