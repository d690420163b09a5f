"""Runs every benchmark and rewrites the table of the README: `python benchmarks/run.py`."""

from __future__ import annotations

import argparse
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import bench_engine
import bench_import
import bench_reading
import bench_refusals
import bench_time
import bench_values

README = Path(__file__).with_name("README.md")
FIRST, LAST = "<!-- what run.py wrote -->", "<!-- until here -->"
PACKAGES = ("attrs", "cattrs", "babel", "python-dateutil", "py-moneyed", "stockholm", "prices")


def main() -> None:
    """Run them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--million", action="store_true", help="also read a million rows (Linux)")
    parser.add_argument("--keep", action="store_true", help="print only: leave the README as it is")
    said = parser.parse_args()
    reports = [
        *bench_values.reports(),
        *bench_engine.reports(),
        *bench_time.reports(),
        *bench_reading.reports(million=said.million),
        *bench_import.reports(),
        *bench_refusals.reports(),
    ]
    text = "\n".join([_machine(), "", *map(str, reports)])
    print(text)
    if not said.keep:
        before, _, rest = README.read_text(encoding="utf-8").partition(FIRST)
        _, _, after = rest.partition(LAST)
        README.write_text(f"{before}{FIRST}\n\n{text}\n{LAST}{after}", encoding="utf-8")


def _machine() -> str:
    """Say what it ran on, without a name of the machine."""
    packages = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    return (
        f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores; "
        f"{platform.python_implementation()} {platform.python_version()}; {packages}."
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    main()
