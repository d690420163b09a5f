"""Reading a book of deals from a folder of CSV files, beside what plain Python does with the same rows."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from book import write_deals
from timing import Aim, Report, interleaved

import tierkit as tk

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = "tierkit.read_book"
MOST_US = 15
SIZES = {10_000: 11, 100_000: 5}  # rows, and how often they are read
MILLION = 1_000_000


class Row(NamedTuple):
    """What a script would keep of a deal: values, and nothing checked."""

    id: str
    partner: str
    customer: str
    closed_on: date
    mrr: Decimal
    currency: str
    kind: str
    market: str


def reports(*, rounds: int = 0, million: bool = False) -> list[Report]:
    """Time the reading of a book.

    Args:
        rounds: how often, instead of the usual number.
        million: whether a million rows are read too, once, in a process of its own; on Linux only.
    """
    made = [_report(rows, rounds or usual) for rows, usual in SIZES.items()]
    if million:
        made[-1].notes.append(_million())
    return made


def _report(rows: int, rounds: int) -> Report:
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_deals(folder, rows)
        cases: dict[str, Callable[[], object]] = {
            OURS: lambda: tk.read_book(folder),
            "csv, date and Decimal, nothing checked": lambda: _plain(folder),
            "csv.DictReader alone": lambda: _dicts(folder),
        }
        timings = interleaved(cases, rounds=rounds, items=rows)
    ours = timings[OURS]
    aim = Aim(f"read_book takes under {MOST_US} µs a row", MOST_US, ours.median * 1e6, ours.best * 1e6, "µs")
    return Report(f"Reading {rows:,} deals, a row", "µs", 1e6, OURS, timings, [aim])


def _plain(folder: Path) -> list[Row]:
    with (folder / "deals.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return [
            Row(name, partner, customer, date.fromisoformat(day), Decimal(mrr), currency, kind, market)
            for name, partner, customer, day, mrr, currency, kind, market, *_ in rows
        ]


def _dicts(folder: Path) -> list[dict[str, str]]:
    with (folder / "deals.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _million() -> str:
    with TemporaryDirectory() as name:
        write_deals(Path(name), MILLION)
        size = (Path(name) / "deals.csv").stat().st_size
        environment = os.environ | {"PYTHONPATH": str(Path(tk.__file__).parents[1])}
        run = [sys.executable, __file__, "--read", name]
        said = subprocess.run(run, check=True, capture_output=True, text=True, env=environment)
    seconds, before, peak = (float(part) for part in said.stdout.split())
    return (
        f"{MILLION:,} deals ({size / 1e6:.0f} MB of CSV), read once: {seconds:.1f} s, "
        f"{seconds / MILLION * 1e6:.1f} µs a row; peak memory {peak:.0f} MB, of which {before:.0f} MB before"
    )


def _read_once(folder: str) -> None:
    """Read a book in this process, and print the seconds and the peak memory before and after."""
    tk.Points(1)
    before, start = _peak(), perf_counter()
    tk.read_book(folder)
    print(perf_counter() - start, before, _peak())


def _peak() -> float:
    """Give the most memory that this process ever had, in MB: `getrusage` would count its parent's too."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) * 1024 / 1e6


if __name__ == "__main__":
    if "--read" in sys.argv:
        _read_once(sys.argv[-1])
    else:
        print(*reports(million="--million" in sys.argv), sep="\n")
