"""How long hostile input takes to be refused, beside reading the shipped program, which is a good file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from timing import Aim, Report, interleaved

import tierkit as tk

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = "the shipped program, read"
MOST_MS = 1000
ROUNDS = 5
PROGRAMS = {
    "a program of 10 MB": "#" * 10_000_000,
    "arrays nested 10,000 deep": "x = " + "[" * 10_000,
    "a key of 100,000 parts": ".".join(["a"] * 100_000) + " = 1",
    "a number of 1e999999999": "format = 1e999999999",
    "a string of 240,000 characters as id": 'id = "' + "x" * 240_000 + '"',
    "10,000 unknown keys": "\n".join(f"k{number} = 1" for number in range(10_000)),
}
DEALS = {
    "deals.csv with a NUL byte": b"id,partner\nD-1,\0\n",
    "a cell of 10 MB": b"id,partner\n" + b"x" * 10_000_000 + b",north\n",
    "10,000 unknown columns": b",".join(b"c%d" % number for number in range(10_000)) + b"\n",
}


def reports(*, rounds: int = ROUNDS) -> list[Report]:
    """Write the files, then read each again and again."""
    with tempfile.TemporaryDirectory() as folder:
        cases: dict[str, Callable[[], object]] = {GOOD: lambda: tk.load_program("hubspot-solutions")}
        for number, (name, text) in enumerate(PROGRAMS.items()):
            path = Path(folder) / f"{number}.toml"
            path.write_text(text, encoding="utf-8")
            cases[name] = _refused(path)
        for number, (name, content) in enumerate(DEALS.items()):
            path = Path(folder) / str(number)
            path.mkdir()
            (path / "deals.csv").write_bytes(content)
            cases[name] = _read(path)
        cases["from_json of 100,000 brackets"] = _not_read("[" * 100_000)
        timings = interleaved(cases, rounds=rounds)
    refused = [timing for name, timing in timings.items() if name != GOOD]
    slowest, best = (max(timing.median for timing in refused), max(timing.best for timing in refused))
    aim = Aim("each is refused within a second", MOST_MS, slowest * 1e3, best * 1e3, "ms")
    return [Report("Refusing hostile input", "ms", 1e3, GOOD, timings, [aim], [])]


def _refused(path: Path) -> Callable[[], None]:
    def run() -> None:
        try:
            tk.load_program(path)
        except tk.InvalidProgram:
            return
        message = f"{path} was taken"
        raise RuntimeError(message)

    return run


def _read(path: Path) -> Callable[[], None]:
    def run() -> None:
        if not tk.check_book(path)[1]:
            message = f"{path} was taken"
            raise RuntimeError(message)

    return run


def _not_read(text: str) -> Callable[[], None]:
    def run() -> None:
        try:
            tk.from_json(text)
        except tk.InvalidValue:
            return
        message = "the text was taken"
        raise RuntimeError(message)

    return run


if __name__ == "__main__":
    print(*reports(), sep="\n")
