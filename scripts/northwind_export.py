"""The deals of the example book as HubSpot exports them: deals of every stage, and the companies apart."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from northwind_draw import Dice, amount
from northwind_story import LAST_DAY, MARKETS, MOVED, MOVED_TO, PARTNERS

if TYPE_CHECKING:
    from northwind_draw import Customer, Deal

    Rows = list[dict[str, str]]

DEAL_COLUMNS = (
    "Record ID",
    "Deal Name",
    "Pipeline",
    "Deal Stage",
    "Deal Type",
    "Close Date",
    "Create Date",
    "Amount",
    "Currency",
    "Monthly recurring revenue",
    "Annual recurring revenue",
    "Deal owner",
    "Last Activity Date",
    "Associated Company IDs (Primary)",
    "Associated Company (Primary)",
    "Deal reference",
    "Partner of record",
    "Partner deal kind",
    "Product line",
    "Line first sold on",
    "Replaces deal",
    "Recorded on",
    "Recorded by",
)
COMPANY_COLUMNS = ("Record ID", "Company name", "Company Domain Name", "Country/Region", "Create Date")

WON = "Closed Won"
# The other stages, and whether a deal in them is open.
OTHER_STAGES = (
    ("Appointment Scheduled", True),
    ("Qualified To Buy", True),
    ("Presentation Scheduled", True),
    ("Contract Sent", True),
    ("Closed Lost", False),
)
OTHER_DEALS = 52
# The close date of an open deal is a forecast: the end of a month, unless somebody changed it.
FORECASTS = (date(2026, 11, 30), date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 29))
LOST_FROM = date(2025, 11, 24)

DEAL_TYPES = {"new": "New Business", "cross-sell": "Cross-sell", "upsell": "Upsell"}
OWNERS = ("Aiko S.", "Jonas T.", "Lerato M.", "Mira V.", "Tomás R.")


def company_rows(customers: dict[str, Customer]) -> Rows:
    """Give the records of the companies; the one that moved has a record in each country."""
    dice = Dice("companies")
    places = [(customer.name, customer.market) for customer in customers.values()]
    rows = []
    for number, (name, market) in enumerate(dice.shuffled([*places, (MOVED, MOVED_TO)]), 1):
        created = date(2019, 1, 7) + timedelta(days=dice.below(1400))
        row = {"Record ID": str(18_204_000_000 + 731 * number), "Company name": name}
        row |= {"Company Domain Name": f"company-{number}.example", "Country/Region": MARKETS[market][1]}
        rows.append(row | {"Create Date": moment(dice, created)})
    return rows


def exported_deals(deals: list[Deal], companies: Rows) -> Rows:
    """Give the records of deals of every stage, the newest first."""
    dice = Dice("export")
    records = {(row["Company name"], row["Country/Region"]): row["Record ID"] for row in companies}
    every = [(deal, WON) for deal in deals]
    plain = [deal for deal in deals if not deal.recorded_by]
    for _ in range(OTHER_DEALS):
        stage, is_open = dice.pick(OTHER_STAGES)
        closed = dice.pick(FORECASTS) if is_open else dice.weekday(LOST_FROM, LAST_DAY)
        every.append((dice.pick(plain)._replace(id="", closed_on=closed), stage))
    every.sort(key=lambda item: item[0].closed_on)
    rows = []
    for number, (deal, stage) in enumerate(every, 1):
        company = records[deal.customer.name, MARKETS[deal.market][1]]
        row = {"Record ID": str(41_507_000_000 + 911 * number), "Associated Company IDs (Primary)": company}
        rows.append(row | deal_row(dice, deal, stage))
    return rows[::-1]


def deal_row(dice: Dice, deal: Deal, stage: str) -> dict[str, str]:
    """Give what an export says about a deal itself."""
    seen = min(deal.closed_on, LAST_DAY)
    return {
        "Deal Name": f"{deal.customer.name} - {deal.line}",
        "Pipeline": "Sales Pipeline",
        "Deal Stage": stage,
        "Deal Type": DEAL_TYPES[deal.motion],
        "Close Date": moment(dice, deal.closed_on),
        "Create Date": moment(dice, seen - timedelta(days=5 + dice.below(80))),
        "Amount": trimmed(amount(deal.minor * deal.months, deal.currency)),
        "Currency": deal.currency,
        "Monthly recurring revenue": trimmed(amount(deal.minor, deal.currency)),
        "Annual recurring revenue": trimmed(amount(deal.minor * 12, deal.currency)),
        "Deal owner": dice.pick(OWNERS),
        "Last Activity Date": moment(dice, seen),
        "Associated Company (Primary)": deal.customer.name,
        "Deal reference": deal.id,
        "Partner of record": next(name for partner, *_, name in PARTNERS if partner == deal.partner),
        "Partner deal kind": deal.kind.title() if stage == WON or dice.chance(60) else "",
        "Product line": deal.line,
        "Line first sold on": deal.line_first_sold_on.isoformat() if deal.line_first_sold_on else "",
        "Replaces deal": deal.replaces,
        "Recorded on": deal.recorded_on.isoformat() if deal.recorded_on else "",
        "Recorded by": deal.recorded_by,
    }


def moment(dice: Dice, day: date) -> str:
    """Draw a time of a working day."""
    return f"{day} {8 + dice.below(11):02}:{dice.below(60):02}"


def trimmed(text: str) -> str:
    """Write an amount as an export does: without zeros that say nothing."""
    return text.rstrip("0").rstrip(".") if "." in text else text
