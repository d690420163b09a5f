"""Make the tutorial's notebook from its page, so that both tell the same story.

    python scripts/make_notebook.py            writes docs/tutorial.ipynb
    python scripts/make_notebook.py --check    changes nothing; exits with 1 if it differs

A `>>>` block becomes code cells, one for each result that the page shows. A comment such as
`<!-- notebook: standing -->` becomes a cell of its own: what a notebook shows as a table.
"""

from __future__ import annotations

import argparse
import doctest
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parents[1] / "docs"
PAGE, NOTEBOOK = DOCS / "tutorial.md", DOCS / "tutorial.ipynb"
CODE = re.compile(
    r"^```python\n(?P<block>.*?)^```\n|^<!-- notebook: (?P<line>[^\n]*) -->\n", re.DOTALL | re.MULTILINE
)
FILE = re.compile(r'"(?=(?:examples|docs)/)')


def notebook(page: str) -> str:
    """Give the notebook of a page, without outputs."""
    cells = [
        {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": text.splitlines(keepends=True)}
        | ({"execution_count": None, "outputs": []} if kind == "code" else {})
        for number, (kind, text) in enumerate(_cells(page), start=1)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    form = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(form, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _cells(page: str) -> Iterator[tuple[str, str]]:
    end = 0
    for found in CODE.finditer(page):
        if page[end : found.start()].strip():
            yield "markdown", page[end : found.start()].strip()
        end = found.end()
        yield from (("code", code) for code in _code(found["block"] or f">>> {found['line']}\n"))
    yield "markdown", page[end:].strip()


def _code(block: str) -> Iterator[str]:
    """Give the code of a block, cut after each result: a notebook shows the last one of a cell."""
    lines: list[str] = []
    for example in doctest.DocTestParser().get_examples(block):
        lines.append(example.source)
        if example.want:
            yield _from_here("".join(lines))
            lines = []
    if lines:
        yield _from_here("".join(lines))


def _from_here(code: str) -> str:
    """Find the files that the page names from the folder of the notebook, in which it runs."""
    return FILE.sub('"../', code).strip()


def main() -> int:
    """Write the notebook, or check it."""
    parser = argparse.ArgumentParser(description="Make the tutorial's notebook from its page.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if it differs")
    text = notebook(PAGE.read_text(encoding="utf-8"))
    check = parser.parse_args().check
    if NOTEBOOK.exists() and NOTEBOOK.read_text(encoding="utf-8") == text:
        return 0
    if check:
        print(f"{NOTEBOOK} is out of date: run python scripts/make_notebook.py", file=sys.stderr)
        return 1
    NOTEBOOK.write_text(text, encoding="utf-8")
    print(f"wrote {NOTEBOOK}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
