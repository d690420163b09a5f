"""The reference says what the code says: generated pages are current, and every public name has one place."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

import tierkit

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs").glob("**/*.md"))
SHOWN = re.compile(
    r'^( *)```(?P<language>\w+) title="(?P<file>[^"]+)"\n(?P<text>.*?)^\1```', re.DOTALL | re.MULTILINE
)
TOML = re.compile(r"^(?P<indent> *)```toml\b[^\n]*\n(?P<text>.*?)^(?P=indent)```", re.DOTALL | re.MULTILINE)


class Shown(NamedTuple):
    """A block of a page that shows a file of the project, or a part of it."""

    page: str
    file: str
    text: str


def shown_files() -> list[Shown]:
    return [
        Shown(page.name, found["file"], found["text"])
        for page in PAGES
        for found in SHOWN.finditer(page.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("script", ["make_reference_pages.py", "make_notebook.py"])
def test_generated_pages_are_current(script: str) -> None:
    command = [sys.executable, str(ROOT / "scripts" / script), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_notebook_runs_from_the_folder_it_lies_in() -> None:
    cells = json.loads((ROOT / "docs" / "tutorial.ipynb").read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    command = [sys.executable, "-c", f"import os\nos.chdir('docs')\n{code}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_public_name_has_exactly_one_place_in_the_reference() -> None:
    pages = [page.read_text(encoding="utf-8") for page in PAGES if page.parent.name == "reference"]
    documented = Counter(
        name for page in pages for name in re.findall(r"^::: tierkit\.(\w+)$", page, re.MULTILINE)
    )
    assert documented == Counter(tierkit.__all__)


@pytest.mark.parametrize("block", shown_files(), ids=lambda block: f"{block.page}-{block.file}")
def test_a_block_with_the_title_of_a_file_shows_that_file(block: Shown) -> None:
    assert block.text in (ROOT / block.file).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_toml_block_can_be_read(page: Path) -> None:
    for block in TOML.finditer(page.read_text(encoding="utf-8")):
        tomllib.loads(block["text"].replace("\n" + block["indent"], "\n").strip())


def test_the_glossary_has_each_word_once_in_order() -> None:
    words = re.findall(
        r"^\| \*\*(.+?)\*\* \|", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(words) > 40
    assert words == sorted(set(words))


def test_the_site_loads_nothing_from_elsewhere() -> None:
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert "font: false" in settings
    assert not re.search(r"https?://|offline|privacy", settings)
    for page in PAGES:
        assert not re.search(r"```mermaid|<script src|<img|!\[", page.read_text(encoding="utf-8")), page
