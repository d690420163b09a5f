"""Make the example book of the invented partner northwind, the same as a HubSpot export, and a dashboard.

    python scripts/make_northwind.py            writes the CSV files below examples/
    python scripts/make_northwind.py --check    changes nothing; exits with 1 if a committed file differs

What the book has to show stands in northwind_story.py, how the rest is drawn in northwind_draw.py, and
what the export looks like in northwind_export.py.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from northwind_draw import amount, make_accounts, make_customers, make_deals
from northwind_export import COMPANY_COLUMNS, DEAL_COLUMNS, company_rows, exported_deals
from northwind_story import CHANGES_RECORDED, DASHBOARD, HELD, MARKETS, PARTNERS, READINGS, REVERSALS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from northwind_draw import Account, Deal

    Rows = list[dict[str, str]]

EXAMPLES = Path(__file__).parents[1] / "examples"
BOOK, EXPORT = "northwind", "northwind-hubspot-export"
RECORDED = ("recorded_on", "recorded_by")


def csv_text(header: Sequence[str], rows: Rows) -> str:
    """Write a table; what a row does not say is left empty."""
    file = io.StringIO()
    writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def iso(day: date | None) -> str:
    """Write a day, or nothing."""
    return day.isoformat() if day else ""


def deal_rows(deals: list[Deal]) -> Rows:
    """Give the deals as rows of deals.csv."""
    return [
        {
            "id": deal.id,
            "partner": deal.partner,
            "customer": deal.customer.name,
            "closed_on": iso(deal.closed_on),
            "mrr": amount(deal.minor, deal.currency),
            "currency": deal.currency,
            "kind": deal.kind,
            "market": deal.market,
            "product_line": deal.line,
            "motion": deal.motion,
            "line_first_sold_on": iso(deal.line_first_sold_on),
            "value": amount(deal.minor * deal.months, deal.currency),
            "replaces": deal.replaces,
            "recorded_on": iso(deal.recorded_on),
            "recorded_by": deal.recorded_by,
        }
        for deal in deals
    ]


def account_tables(accounts: list[Account]) -> dict[str, str]:
    """Give the tables of which the managed accounts are made."""
    rows: dict[str, Rows] = {"accounts": [], "holders": [], "actions": [], "changes": []}
    for number, account in enumerate(accounts, 1):
        name, market = {"account": f"A-{number}"}, account.customer.market
        currency = MARKETS[market][0]
        said = {"mrr": amount(account.minor, currency), "currency": currency, "market": market}
        rows["accounts"].append({"id": f"A-{number}", "customer": account.customer.name} | said)
        for holder in account.holders:
            partner = name | {"partner": holder.partner}
            rows["holders"].append(partner | {"since": iso(holder.since), "until": iso(holder.until)})
            rows["actions"] += [partner | {"on": iso(day)} for day in holder.actions]
        for day, minor, moved_to in account.changes:
            new = {"mrr": amount(minor, currency), "currency": currency} if minor else {"market": moved_to}
            recorded = CHANGES_RECORDED.get((account.customer.name, day), ("", ""))
            new |= dict(zip(RECORDED, recorded, strict=True))
            rows["changes"].append(name | {"on": iso(day)} | new)
    headers = {
        "accounts": ("id", "customer", "mrr", "currency", "market"),
        "holders": ("account", "partner", "since", "until"),
        "actions": ("account", "partner", "on"),
        "changes": ("account", "on", "mrr", "currency", "market", *RECORDED),
    }
    return {f"{table}.csv": csv_text(headers[table], rows[table]) for table in headers}


def listed(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table whose rows are listed in the story; the last columns may be left out there."""
    full = [(*row, *[""] * (len(header) - len(row))) for row in rows]
    return csv_text(header, [dict(zip(header, row, strict=True)) for row in full])


def files() -> dict[str, str]:
    """Give the text of every file by its path below examples/."""
    customers = make_customers()
    accounts = make_accounts(customers)
    deals = make_deals(customers, accounts)
    rows = deal_rows(deals)
    common = {
        "partners.csv": listed(("id", "joined_on", "market", "name"), PARTNERS),
        **account_tables(accounts),
        "readings.csv": listed(("partner", "name", "value", "on", "until", *RECORDED), READINGS),
        "held.csv": listed(("partner", "tier", "on", "since", "reason", "until", *RECORDED), HELD),
        "reversals.csv": listed(("id", "reverses", "on", "cause", "reason", *RECORDED), REVERSALS),
    }
    companies = company_rows(customers)
    book = common | {"deals.csv": csv_text(tuple(rows[0]), rows)}
    export = common | {
        "hubspot-deals.csv": csv_text(DEAL_COLUMNS, exported_deals(deals, companies)),
        "hubspot-companies.csv": csv_text(COMPANY_COLUMNS, companies),
    }
    made = {f"{BOOK}/{name}": text for name, text in book.items()}
    made |= {f"{EXPORT}/{name}": text for name, text in export.items()}
    return made | {f"{BOOK}-dashboard.csv": listed(("name", "value"), DASHBOARD)}


def main() -> int:
    """Write the files, or check them."""
    parser = argparse.ArgumentParser(description="Make the example book, its HubSpot export and a dashboard.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if a file differs")
    check = parser.parse_args().check
    stale = 0
    for name, text in files().items():
        path = EXAMPLES / name
        if path.exists() and path.read_bytes() == text.encode():
            continue
        stale += 1
        if check:
            print(f"{path} is out of date: run python scripts/make_northwind.py", file=sys.stderr)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
            print(f"wrote {path}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
