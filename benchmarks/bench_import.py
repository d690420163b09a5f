"""What `import tierkit` costs over a bare Python, beside what else people import."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from timing import Aim, Report, Timing, interleaved

import tierkit as tk

if TYPE_CHECKING:
    from collections.abc import Callable

BARE = "bare Python"
ROUNDS = 20
MOST_MS = 5
STATEMENTS = {
    BARE: "pass",
    "import tierkit": "import tierkit",
    "and its first value": "import tierkit; tierkit.Points(1)",
    "and its first program": 'import tierkit; tierkit.load_program("hubspot-solutions")',
}
OTHERS = ("decimal", "fractions", "dataclasses", "attrs", "cattrs", "babel", "moneyed", "stockholm", "prices")


def reports(*, rounds: int = ROUNDS) -> list[Report]:
    """Start a Python for each import, again and again."""
    found = [name for name in OTHERS if find_spec(name)]
    absent = [f"{name} is not installed: left out" for name in OTHERS if name not in found]
    statements = STATEMENTS | {f"import {name}": f"import {name}" for name in found}
    timings = interleaved({name: _starting(code) for name, code in statements.items()}, rounds=rounds)
    bare, ours = timings[BARE], timings["import tierkit"]
    over = Timing(tuple(each - plain for each, plain in zip(ours.seconds, bare.seconds, strict=True)))
    aim = Aim(
        f"import tierkit takes less than {MOST_MS} ms over a bare Python",
        MOST_MS,
        over.median * 1e3,
        (ours.best - bare.best) * 1e3,
        "ms",
    )
    return [Report("Importing, each in a new process", "ms", 1e3, BARE, timings, [aim], absent)]


def _starting(code: str) -> Callable[[], None]:
    here = str(Path(tk.__file__).parents[1])
    environment = os.environ | {"PYTHONPATH": here}

    def start() -> None:
        subprocess.run([sys.executable, "-c", code], check=True, env=environment)

    return start


if __name__ == "__main__":
    print(*reports(), sep="\n")
