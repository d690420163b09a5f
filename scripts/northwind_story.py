"""What the example book of northwind has to show, and what the rest is drawn from; all of it is invented."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

FIRST_DAY, LAST_DAY = date(2022, 11, 24), date(2026, 11, 20)
ACTIONS_FROM = date(2025, 11, 3)  # from 2026-01-01 on the program looks at the sixty days before

NORTHWIND, BOREALIS, COBALT = "northwind", "borealis", "cobalt"
PARTNERS = (
    (NORTHWIND, "2019-04-01", "DE", "Northwind Growth Studio"),
    (BOREALIS, "2021-09-15", "CA", "Borealis Lantern Advisory"),
    (COBALT, "2023-02-20", "AU", "Cobalt Otter Digital"),
)
SELLS_FROM = {NORTHWIND: FIRST_DAY, BOREALIS: FIRST_DAY, COBALT: date(2023, 3, 1)}

# market: what its customers pay in, its name in an export, how its firms end, customers of each partner
MARKETS = {
    "US": ("USD", "United States", " Inc.", (18, 3, 1)),
    "CA": ("CAD", "Canada", " Inc.", (4, 5, 0)),
    "GB": ("GBP", "United Kingdom", " Ltd", (9, 4, 0)),
    "DE": ("EUR", "Germany", " GmbH", (11, 2, 0)),
    "FR": ("EUR", "France", " SARL", (6, 2, 0)),
    "AU": ("AUD", "Australia", " Pty Ltd", (5, 0, 4)),
    "SG": ("SGD", "Singapore", " Pte. Ltd.", (6, 0, 2)),
    "JP": ("JPY", "Japan", " K.K.", (6, 0, 2)),
    "ZA": ("ZAR", "South Africa", " (Pty) Ltd", (5, 0, 2)),
    "CO": ("COP", "Colombia", " S.A.S.", (5, 1, 0)),
    "BR": ("USD", "Brazil", " Ltda.", (5, 1, 0)),
    "MX": ("USD", "Mexico", " S.A. de C.V.", (4, 0, 0)),
    "TH": ("USD", "Thailand", " Co., Ltd.", (2, 0, 1)),
    "AE": ("USD", "United Arab Emirates", " LLC", (2, 0, 0)),
    "PR": ("USD", "Puerto Rico", " LLC", (2, 0, 0)),
}
# minor units that a list price of one US dollar is in each currency, and the step to which it is cut
LOCAL_PRICE = {
    "USD": (100, 100),
    "AUD": (152, 100),
    "CAD": (138, 100),
    "COP": (405_000, 100_000),
    "EUR": (86, 100),
    "GBP": (75, 100),
    "JPY": (150, 100),
    "SGD": (129, 100),
    "ZAR": (1_770, 1_000),
}
NO_CENTS = ("JPY",)

FIRST_WORDS = (
    *("Amber", "Brass", "Cedar", "Copper", "Dusty", "Early", "Far", "Gentle", "Hidden", "Ivory", "Jade"),
    *("Late", "Maple", "Misty", "Narrow", "Olive", "Painted", "Plain", "Quiet", "Round", "Rusty", "Sable"),
    *("Salt", "Silent", "Slate", "Stone", "Tall", "Velvet", "Wide", "Winter"),
)
SECOND_WORDS = ("Anvil", "Badger", "Compass", "Dory", "Egret", "Ferry", "Gable", "Heron", "Inlet", "Jetty")
TRADES = ("Bakery", "Clinics", "Foods", "Freight", "Garden", "Glass", "Optics", "Paper", "Tools", "Travel")

# The customers of northwind that have a story of their own.
UPSOLD = "Blaue Möwe Feinmechanik"
MOVED = "Tidal Lantern Robotics"
PUERTO_RICO, BRAZIL = "Coquí Lantern Tours LLC", "Ipê Calmo Lanternas Ltda."
SIXTIETH_DAY, SIXTY_FIRST_DAY = "Sixtieth Day Optics Ltd", "Sixty-First Day Foods Inc."
LONG_PAUSE, THREE_OARS, LOST_OAR = "Long Pause Interiors Inc.", "Three Oars Boats GmbH", "Lost Oar Boats SARL"
FORMULA, THAI, JAPANESE = "=1+1", "บริษัท ตัวอย่าง จำกัด", "株式会社見本製作所"
RIGHT_TO_LEFT, QUOTED = "شركة مثال للتقنية", 'Kestrel, "Finch" & Daughters Ltd'
STORY_CUSTOMERS = {
    UPSOLD: "DE",
    MOVED: "SG",
    PUERTO_RICO: "PR",
    BRAZIL: "BR",
    SIXTIETH_DAY: "GB",
    SIXTY_FIRST_DAY: "US",
    LONG_PAUSE: "CA",
    THREE_OARS: "DE",
    LOST_OAR: "FR",
    FORMULA: "US",
    THAI: "TH",
    JAPANESE: "JP",
    RIGHT_TO_LEFT: "AE",
    QUOTED: "GB",
}
MOVED_ON, MOVED_TO = date(2026, 7, 1), "AU"

LIST_PRICES = {  # dollars a month
    "Marketing Hub": (50, 225, 250, 450, 800, 890),
    "Sales Hub": (90, 180, 270, 360, 450, 600),
    "Service Hub": (90, 180, 270, 450, 540),
    "CMS Hub": (100, 360, 400),
    "Operations Hub": (90, 400, 720),
}
LINES = (*("Marketing Hub",) * 8, *("Sales Hub",) * 6, *("Service Hub",) * 3, "CMS Hub", "Operations Hub")
DISCOUNTS = (0, 0, 0, 0, 100, 125, 150, 200)  # in thousandths
ACCOUNT_PRICES = (720, 890, 1150, 1340, 1690, 2100, 2480, 3050, 3600, 4400, 5750, 8200)


class Part(NamedTuple):
    """One partner's part in an account with a story: first day, last action, perhaps a pause between two."""

    partner: str
    since: date
    last: date
    pause: tuple[date, date] | None = None


class Managed(NamedTuple):
    """A managed account with a story; its monthly revenue, and what that becomes on a day."""

    customer: str
    dollars: int
    parts: tuple[Part, ...]
    changes: tuple[tuple[date, int], ...] = ()


class Sale(NamedTuple):
    """A deal as it is planned; the customer, the line and the price are drawn where they are not said."""

    day: date
    partner: str
    kind: str
    customer: str = ""
    line: str = ""
    dollars: int = 0
    discount: int = 0


# How many sourced and assisted deals are drawn: partner, first day, last day, sourced, assisted.
STEADY_SALES = (
    (NORTHWIND, FIRST_DAY, date(2024, 4, 10), 48, 32),
    (BOREALIS, FIRST_DAY, date(2024, 4, 10), 14, 8),
    (COBALT, SELLS_FROM[COBALT], date(2024, 4, 10), 9, 5),
    (NORTHWIND, date(2024, 4, 12), date(2025, 7, 14), 48, 32),
    (BOREALIS, date(2024, 4, 12), date(2025, 11, 23), 24, 14),
    (COBALT, date(2024, 4, 12), date(2025, 11, 23), 16, 8),
    (NORTHWIND, date(2025, 7, 15), date(2025, 10, 15), 17, 11),
    (NORTHWIND, date(2025, 10, 16), date(2025, 11, 14), 5, 3),
    (NORTHWIND, date(2025, 11, 24), date(2025, 12, 31), 3, 3),
    (NORTHWIND, date(2026, 1, 16), date(2026, 7, 14), 17, 13),
    (NORTHWIND, date(2026, 7, 16), LAST_DAY, 10, 8),
    (BOREALIS, date(2025, 11, 24), LAST_DAY, 12, 8),
    (COBALT, date(2025, 11, 24), LAST_DAY, 8, 4),
)
STORY_SALES = (
    Sale(date(2024, 2, 29), NORTHWIND, "sourced", QUOTED, "Sales Hub", 1000),
    # an upsell on a line of 2021 keeps the rate of then; the cross-sell of the same day has the new one
    Sale(date(2024, 4, 11), NORTHWIND, "sourced", UPSOLD, "Marketing Hub", 1745),
    Sale(date(2024, 4, 11), NORTHWIND, "sourced", UPSOLD, "Service Hub", 350),
    # what goes in September 2026 and takes the total below Diamond
    Sale(date(2025, 9, 10), NORTHWIND, "assisted", THREE_OARS, "Marketing Hub", 4600),
    # the last of the legacy deals: gone on 2026-11-14
    Sale(date(2025, 11, 14), NORTHWIND, "sourced", LONG_PAUSE, "Sales Hub", 720),
    # the cliff of January 2027
    Sale(date(2026, 1, 5), NORTHWIND, "sourced", SIXTIETH_DAY, "Sales Hub", 900),
    Sale(date(2026, 1, 6), NORTHWIND, "sourced", LOST_OAR, "Marketing Hub", 890),
    Sale(date(2026, 1, 7), NORTHWIND, "assisted", SIXTY_FIRST_DAY, "Service Hub", 1080),
    Sale(date(2026, 1, 8), NORTHWIND, "sourced", THREE_OARS, "Sales Hub", 1350, 125),
    Sale(date(2026, 1, 9), NORTHWIND, "sourced", JAPANESE, "Marketing Hub", 800),
    Sale(date(2026, 1, 12), NORTHWIND, "assisted", LONG_PAUSE, "Marketing Hub", 800),
    Sale(date(2026, 1, 13), NORTHWIND, "sourced", THAI, "Sales Hub", 450),
    Sale(date(2026, 1, 14), NORTHWIND, "sourced", FORMULA, "Marketing Hub", 890, 150),
    Sale(date(2026, 1, 15), NORTHWIND, "sourced", BRAZIL, "Sales Hub", 540),
    # the customer moves on 2026-07-01: its first deal stays doubled, its second is not
    Sale(date(2026, 3, 10), NORTHWIND, "sourced", MOVED, "Marketing Hub", 450),
    Sale(date(2026, 9, 3), NORTHWIND, "sourced", MOVED, "Sales Hub", 180),
    Sale(date(2026, 4, 22), NORTHWIND, "sourced", PUERTO_RICO, "Marketing Hub", 250),
    Sale(date(2026, 6, 18), NORTHWIND, "assisted", BRAZIL, "Marketing Hub", 360),
    Sale(date(2026, 5, 7), NORTHWIND, "sourced", RIGHT_TO_LEFT, "CMS Hub", 360),
    Sale(date(2026, 8, 20), NORTHWIND, "assisted", QUOTED, "Service Hub", 270),
)
BOUGHT_EARLIER = {UPSOLD: {"Marketing Hub": date(2021, 6, 14)}}

STORY_ACCOUNTS = (
    Managed(
        UPSOLD,
        3600,
        (Part(NORTHWIND, date(2023, 2, 1), date(2026, 11, 12)),),
        ((date(2026, 3, 1), 4200),),
    ),
    Managed(MOVED, 2100, (Part(NORTHWIND, date(2025, 6, 2), date(2026, 11, 3)),)),
    Managed(PUERTO_RICO, 890, (Part(NORTHWIND, date(2026, 4, 27), date(2026, 10, 29)),)),
    Managed(BRAZIL, 1690, (Part(NORTHWIND, date(2026, 1, 19), date(2026, 11, 17)),)),
    # day 60 is 2026-11-23: it counts that day and is gone on the next; the other is gone that day
    Managed(SIXTIETH_DAY, 3050, (Part(NORTHWIND, date(2025, 2, 10), date(2026, 9, 24)),)),
    Managed(SIXTY_FIRST_DAY, 2480, (Part(NORTHWIND, date(2025, 8, 18), date(2026, 9, 23)),)),
    # seventy days without an action: it lapses and comes back
    Managed(
        LONG_PAUSE,
        2100,
        (Part(NORTHWIND, date(2024, 11, 4), date(2026, 10, 20), (date(2026, 5, 4), date(2026, 7, 13))),),
    ),
    # thirds until cobalt lapses on 2026-11-28
    Managed(
        THREE_OARS,
        5750,
        (
            Part(NORTHWIND, date(2025, 9, 15), date(2026, 11, 18)),
            Part(BOREALIS, date(2025, 11, 3), date(2026, 11, 6)),
            Part(COBALT, date(2026, 2, 9), date(2026, 9, 28)),
        ),
    ),
    # thirds until cobalt lapsed on 2026-10-31, halves since
    Managed(
        LOST_OAR,
        4400,
        (
            Part(NORTHWIND, date(2025, 3, 3), date(2026, 11, 16)),
            Part(BOREALIS, date(2025, 3, 3), date(2026, 10, 26)),
            Part(COBALT, date(2025, 3, 3), date(2026, 8, 31)),
        ),
    ),
    Managed(FORMULA, 1150, (Part(NORTHWIND, date(2026, 1, 20), date(2026, 11, 9)),)),
    Managed(THAI, 1340, (Part(NORTHWIND, date(2026, 1, 26), date(2026, 10, 12)),)),
    Managed(
        JAPANESE,
        2480,
        (Part(NORTHWIND, date(2026, 1, 12), date(2026, 11, 5)),),
        ((date(2026, 8, 1), 1690),),
    ),
    Managed(RIGHT_TO_LEFT, 720, (Part(NORTHWIND, date(2026, 5, 11), date(2026, 10, 7)),)),
    Managed(QUOTED, 1690, (Part(NORTHWIND, date(2024, 3, 4), date(2026, 11, 19)),)),
)

# How many further accounts there are of each sort: who holds them, and how they stand.
FURTHER_ACCOUNTS = (
    ((NORTHWIND,), 15, "live"),
    ((NORTHWIND,), 2, "lapsed"),
    ((NORTHWIND,), 2, "ended"),
    ((BOREALIS,), 5, "live"),
    ((COBALT,), 4, "live"),
    ((NORTHWIND, BOREALIS), 8, "live"),
    ((NORTHWIND, COBALT), 4, "live"),
    ((BOREALIS, COBALT), 2, "live"),
    ((NORTHWIND, BOREALIS, COBALT), 4, "live"),
)
ONLY_MANAGED = 4  # of the further accounts: customers that somebody else had sold to

# What deals.csv says of a drawn deal otherwise than it was drawn.
WRITTEN = {
    "D-355": {"minor": 89_000},  # at list price: D-402 has the discount
    "D-376": {"minor": 2_624_400_000},  # with a nought too many: D-401 has the amount
    "D-392": {
        "closed_on": date(2026, 10, 9),
        "recorded_on": date(2026, 11, 20),
        "recorded_by": "Jonas T.",
    },
    "D-397": {"minor": 86_220},  # as much more as D-372, which is not paid from the same day on
}
# What was written down once more, as it was drawn: to put a mistake right, and the last one by mistake.
WRITTEN_AGAIN = (
    ("D-376", {"replaces": "D-376", "recorded_on": date(2026, 10, 26), "recorded_by": "Mira V."}),
    ("D-355", {"replaces": "D-355", "recorded_on": date(2026, 7, 6), "recorded_by": "vendor"}),
    ("D-361", {"recorded_on": date(2026, 6, 29), "recorded_by": "Tomás R."}),
)
REVERSALS = (  # id, reverses, on, cause, reason, recorded on, recorded by
    ("R-1", "D-403", "2026-06-24", "correction", "the same deal as D-361", "2026-07-20", "Mira V."),
    ("R-2", "D-372", "2026-11-03", "non-payment", "three invoices are open", "2026-11-05", "vendor"),
    ("R-3", "A-41", "2026-10-19", "correction", "on its own since that day", "2026-11-09", "Aiko S."),
)
CHANGES_RECORDED = {
    (UPSOLD, date(2026, 3, 1)): ("2026-03-09", "Aiko S."),
    (MOVED, MOVED_ON): ("2026-07-06", "Lerato M."),
}

READINGS = (  # partner, name, value, on, until, recorded on, recorded by
    (NORTHWIND, "certified", "true", "2022-11-01", ""),
    (BOREALIS, "certified", "true", "2023-05-10", ""),
    (COBALT, "certified", "true", "2023-04-03", "2026-11-01"),  # nobody has said since
    (NORTHWIND, "certifications", "28", "2024-12-01", ""),
    (NORTHWIND, "certifications", "41", "2026-02-16", ""),
    (BOREALIS, "certifications", "9", "2025-06-01", ""),
    (NORTHWIND, "retention-score", "88", "2025-01-01", "2026-01-15"),
    (NORTHWIND, "dollar-retention", "87.25", "2025-01-01", "2025-07-01"),
    (NORTHWIND, "dollar-retention", "85.5", "2025-07-01", "2026-01-15"),
    (NORTHWIND, "grr", "78.9", "2026-01-15", ""),
    (NORTHWIND, "grr", "78.35", "2026-02-01", ""),
    (NORTHWIND, "grr", "77.8", "2026-03-01", ""),
    (NORTHWIND, "grr", "78.1", "2026-04-01", ""),
    (NORTHWIND, "grr", "77.42", "2026-05-01", ""),
    (NORTHWIND, "grr", "76.9", "2026-06-01", ""),
    (NORTHWIND, "grr", "76.05", "2026-07-01", ""),
    (NORTHWIND, "grr", "74.96", "2026-08-01", "2026-09-01"),  # September is missing
    (NORTHWIND, "grr", "75.7", "2026-10-01", ""),
    (NORTHWIND, "grr", "74.6", "2026-11-01", "", "2026-11-02", "Aiko S."),
    (NORTHWIND, "grr", "76.4", "2026-11-01", "", "2026-11-09", "vendor"),  # the figure of the 2nd was early
    (BOREALIS, "grr", "81.2", "2026-11-01", ""),
)
HELD = (  # partner, tier, on, since, reason, until, recorded on, recorded by
    (NORTHWIND, "gold", "2023-08-15", "2023-08-15", "promotion of August 2023"),
    (NORTHWIND, "platinum", "2024-10-15", "2024-10-15", "promotion of October 2024"),
    (NORTHWIND, "diamond", "2026-01-15", "2026-01-15", "promotion of January 2026"),
    (NORTHWIND, "diamond", "2026-07-15", "2026-01-15", "review of July 2026", "", "2026-07-16", "vendor"),
    (BOREALIS, "gold", "2026-07-15", "2024-09-15", "review of July 2026", "", "2026-07-16", "vendor"),
    (COBALT, "gold", "2026-07-15", "", "review of July 2026", "", "2026-07-16", "vendor"),
    # by hand, for some months
    (
        *(BOREALIS, "platinum", "2026-08-17", "2026-08-17", "vendor's decision: a customer's merger"),
        *("2027-01-15", "2026-08-19", "vendor"),
    ),
)

# What the vendor's dashboard shows of northwind on 2026-11-23, and as new and lost since 2026-10-15. It has a
# market, a day and a lapse otherwise than the book: Puerto Rico is no growth market to it, D-300 counts no
# more three days before its year is over, and A-46 still does after sixty-one days.
DASHBOARD = (
    ("sourced", "1025.96"),
    ("assisted", "533.15"),
    ("sold", "1559.11"),
    ("managed", "1236.05"),
    ("total", "2795.16"),
    ("new sold", "70.01"),
    ("lost sold", "135.83"),
    ("new managed", "7.16"),
    ("lost managed", "0.00"),
)
