"""Make the pages that say what a file already says: where each rule comes from, and the columns of records.

    python scripts/make_reference_pages.py            writes the pages under docs/
    python scripts/make_reference_pages.py --check    changes nothing; exits with 1 if a page differs

The page on the rules is in `rules_page.py`.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
sys.path.insert(0, str(ROOT / "src"))  # the sources beside this script, installed or not

from keys_page import keys_page  # noqa: E402 - it needs the path above
from rules_page import MADE, program_page, table  # noqa: E402 - it needs the path above

from tierkit.facts.columns import ATTRIBUTE_TYPES, COLUMNS, WITH_ATTRIBUTES  # noqa: E402 - the same
from tierkit.programs.load import load_program  # noqa: E402 - the same

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def pages() -> dict[str, str]:
    """Give the text of each page, by its path under docs/."""
    return {
        "rules/hubspot-solutions.md": _joined(program_page(load_program("hubspot-solutions"))),
        "reference/columns.md": _joined(columns_page()),
        "reference/program/keys.md": _joined(keys_page()),
    }


def _joined(blocks: Iterable[str]) -> str:
    return "\n\n".join(block.strip("\n") for block in blocks) + "\n"


COLUMNS_INTRO = """
A record has these columns in CSV files, in JSON and in plain dicts alike. A file has the name of its table:
`deals.csv`, `accounts.csv` and so on. [Use your own records](../how-to/own-records.md) shows how they work
together.

- A required column must be there, and no cell of it may be empty.
- An empty cell of another column says nothing. A column that you do not need may be left out.
- A column that is not listed is a problem, so that a misspelt name is found.
"""

TYPES = (
    ("text", "One line of at most 200 characters, without blanks around it."),
    ("date", "`2026-11-23`: year, month, day. No time of day."),
    (
        "amount",
        "A plain decimal such as `1250.00`: no thousands separators, no more decimals than the currency has.",
    ),
    ("currency", "An ISO 4217 code of three capital letters: `EUR`."),
    ("market", "An ISO 3166 code of two capital letters: `DE`."),
    ("number", "A plain decimal or a ratio: `3`, `76.4`, `1/2`."),
    ("boolean", "`true` or `false`."),
    ("boolean or number", "`true`, `false`, or a number."),
)

ATTRIBUTES = """
Records of {tables} may have further columns for what a program asks for by name:
`attr:NAME` for text, {types} for the other types.
The program declares the names that it knows in `attributes`. Another name is a problem of the ledger.
"""

COLUMNS_JSON = """
## In JSON and plain dicts

One object has a list of records for each table. Accounts and states carry what other tables say about them
inside their own record: `holders` (each with its `actions`) and, for accounts, `changes`. Inside, there is no
`account` column. Numbers may be JSON numbers or text; no float is ever made of them.

```python
>>> import tierkit as tk
>>> book = tk.Book.from_records({
...     "accounts": [{
...         "id": "A-7", "customer": "acme", "mrr": "830.00", "currency": "EUR", "market": "DE",
...         "holders": [
...             {"partner": "northwind", "since": "2025-02-01", "actions": ["2026-09-24"]},
...             {"partner": "southwind", "actions": ["2026-10-02"]},
...         ],
...         "changes": [{"on": "2026-03-01", "mrr": "910.00", "currency": "EUR"}],
...     }],
... })
>>> [holder.partner for holder in book["A-7"].holders]
['northwind', 'southwind']

```
"""

TABLES = {
    "partners": "Who the book is about. Once one partner is here, every partner that a record names must be.",
    "deals": "Deals that were won. A deal that is still open is no fact: its close date is a forecast.",
    "accounts": "Customers that partners look after. One partner with its days may stand here too.",
    "holders": "Who looks after an account or holds a state, where that is more than one partner.",
    "actions": "What a partner did in an account, day by day.",
    "changes": "What changed in an account, from a day on.",
    "readings": "Figures that a program asks for and cannot compute.",
    "held": "Tiers that were given to a partner.",
    "events": "Anything else that happened on a day, for programs that need more than deals.",
    "states": "Anything else that holds over days, for programs that need more than accounts.",
    "reversals": "From which day on an earlier fact no longer counts as it did, and why.",
}


def columns_page() -> Iterator[str]:
    """Give the blocks of the page on the columns of records."""
    yield "# Columns of records"
    yield MADE
    yield COLUMNS_INTRO
    yield "## How a cell is written"
    yield table(("Type", "A cell"), TYPES)
    for name, columns in COLUMNS.items():
        yield f"## {name}"
        yield TABLES[name]
        yield table(
            ("Column", "Type", "Required", "Meaning", "Example"),
            [
                (
                    f"`{each.name}`",
                    each.type,
                    "yes" if each.required else "",
                    each.meaning,
                    f"`{each.example}`",
                )
                for each in columns
            ],
        )
        yield "A record with every column, as JSON:"
        example = {each.name: each.example for each in columns}
        yield f"```json\n{json.dumps({name: [example]}, ensure_ascii=False, indent=2)}\n```"
    with_attributes = ", ".join(sorted(WITH_ATTRIBUTES))
    types = ", ".join(f"`attr:NAME:{name}`" for name in ATTRIBUTE_TYPES[1:])
    yield "## Attributes"
    yield ATTRIBUTES.format(tables=with_attributes, types=types)
    yield COLUMNS_JSON


def main() -> int:
    """Write the pages, or check them."""
    parser = argparse.ArgumentParser(description="Make the pages that say what a file already says.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if a page differs")
    check = parser.parse_args().check
    stale = 0
    for name, text in pages().items():
        path = DOCS / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        if check:
            print(f"{path} is out of date: run python scripts/make_reference_pages.py", file=sys.stderr)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
