"""A small book and its whole statement through the public API. Run as a script, it prints the statement.

`test_promises.py` compares what this gives under different hosts, so it is a file of its own.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import tierkit as tk

ON = date(2026, 11, 23)

DEALS = """\
id;partner;customer;closed_on;kind;mrr;currency;market;product_line
D-1;northwind;Åse & Søn;2026-01-05;sourced;1000.10;EUR;DE;Sales Hub
D-2;northwind;บริษัท ตัวอย่าง;2026-02-28;assisted;33333;THB;TH;Marketing Hub
D-3;northwind;株式会社例;2025-11-24;sourced;88000;JPY;JP;Sales Hub
D-5;northwind;بيت البرمجة;2026-06-30;assisted;2499.99;AUD;AU;Sales Hub
D-4;northwind;=1+1;2025-11-23;sourced;120.50;USD;US;Service Hub
"""

RECORDS: dict[str, list[dict[str, object]]] = {
    "accounts": [
        {
            "id": "A-1",
            "customer": "Åse & Søn",
            "mrr": "700.01",
            "currency": "EUR",
            "market": "DE",
            "holders": [
                {"partner": "northwind", "actions": ["2026-10-01", "2026-11-20"]},
                {"partner": "fabrikam", "actions": ["2026-11-01"]},
                {"partner": "tailspin", "actions": ["2026-09-25"]},
            ],
        },
    ],
    "readings": [
        {"partner": "northwind", "name": "certified", "value": True, "on": "2026-01-01"},
    ],
}


def small_book() -> tk.Book:
    with TemporaryDirectory() as folder:
        Path(folder, "deals.csv").write_text(DEALS, encoding="utf-8")
        return tk.read_book(folder).adding(*tk.Book.from_records(RECORDS))


def small_ledger() -> tk.Ledger:
    return tk.earn(small_book(), tk.load_program("hubspot-solutions")).partner("northwind")


def small_statement() -> str:
    ledger = small_ledger()
    standing = tk.assess(ledger, on=ON)
    told = [
        tk.to_json(small_book()),
        tk.to_json(standing),
        str(tk.explain(standing)),
        str(tk.explain(ledger["D-1"])),
    ]
    return "\n".join(told)


if __name__ == "__main__":
    sys.stdout.buffer.write(small_statement().encode())
