"""The rules of the HubSpot program written once more, as slowly and plainly as can be.

This is what the engine is held against: one loop over the facts, Fractions, and the rules as `if` statements
in the order of the published pages. It shares no line with the engine and reads no program file. It knows
nothing of entries or reasons: it says how many points a partner has on a day, which facts cannot be valued,
and which tier that is.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tierkit import Book, Deal, Holder, ManagedAccount

MET, NOT_MET, UNKNOWN = "met", "not met", "unknown"
TIERS = ("gold", "platinum", "diamond", "elite")

ASIA = "IN CN MN KR BD BN KH HK ID LA MY MV MM NP PK PH LK SG TW TH TL VN"
LATIN_AMERICA = "AR BO BR CL CO CR CU DO EC SV GT HN MX NI PA PY PE PR UY VE"


class Tally(NamedTuple):
    """What one partner has on one day: points by track, and the facts that could not be valued."""

    sourced: Fraction
    assisted: Fraction
    managed: Fraction
    unvalued: dict[str, tuple[str, ...]]

    @property
    def measures(self) -> dict[str, Fraction]:
        sold = self.sourced + self.assisted
        return {
            "sourced": self.sourced,
            "assisted": self.assisted,
            "managed": self.managed,
            "sold": sold,
            "total": sold + self.managed,
        }

    @property
    def at_least(self) -> set[str]:
        lacking = {track for tracks in self.unvalued.values() for track in tracks}
        if lacking & {"sourced", "assisted"}:
            lacking |= {"sold", "total"}
        if "managed" in lacking:
            lacking |= {"total"}
        return lacking


def tally(book: Book, partner: str, on: date) -> Tally:
    """Add up what a partner has on a day, one fact after the other."""
    sourced = assisted = managed = Fraction(0)
    unvalued: dict[str, tuple[str, ...]] = {}
    for deal in book.deals:
        if deal.partner != partner or not deal.closed_on <= on < anniversary(deal.closed_on):
            continue
        if deal.kind not in ("sourced", "assisted"):
            unvalued[deal.id] = ("sourced", "assisted")
            continue
        points = deal_points(book, deal)
        if points is None:
            unvalued[deal.id] = (deal.kind,)
        elif deal.kind == "sourced":
            sourced += points
        else:
            assisted += points
    for account in book.accounts:
        for holder in account.holders:
            if holder.partner == partner:
                credit = managed_points(account, holder, on)
                if credit is None:
                    unvalued[account.id] = ("managed",)
                else:
                    managed += credit
    return Tally(sourced, assisted, managed, unvalued)


def anniversary(day: date) -> date:
    """One year on; 29 February has its anniversary on the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 2, 28)


def deal_points(book: Book, deal: Deal) -> Fraction | None:
    """What a sourced or assisted deal gives, by the rules of its day; None where nobody can say."""
    if deal.kind == "assisted":
        rate = Fraction(3)
    else:
        found = sourced_rate(book, deal)
        if found is None:
            return None
        rate = found
    hundreds = worth_in_hundreds(deal.mrr.minor, deal.mrr.currency.code, deal.closed_on)
    if hundreds is None:
        return None
    points = rate * hundreds
    if deal.closed_on >= date(2022, 7, 18):
        if deal.market is None:
            return None
        if is_growth(deal.market.code):
            points = 2 * points
    return max(points, Fraction(0))


def sourced_rate(book: Book, deal: Deal) -> Fraction | None:  # noqa: C901, PLR0911 - a clause each
    """Three points before 2024-02-27, five from then on; an upsell on an old line keeps three for a while."""
    if deal.closed_on < date(2024, 2, 27):
        return Fraction(3)
    if deal.closed_on >= date(2025, 11, 17):
        return Fraction(5)
    if deal.motion in ("new", "cross-sell"):
        return Fraction(5)
    if deal.line_first_sold_on is not None:
        return Fraction(3) if deal.line_first_sold_on < date(2024, 2, 27) else Fraction(5)
    if not deal.product_line:
        return None if deal.motion == "upsell" else Fraction(5)
    first_sold_on, sold_before = date.max, date.max
    for other in book.deals:
        same_line = (other.customer, other.product_line) == (deal.customer, deal.product_line)
        if same_line and other.closed_on <= deal.closed_on:
            if other.line_first_sold_on is not None:
                first_sold_on = min(first_sold_on, other.line_first_sold_on)
            elif other.motion == "upsell":  # of a line that was sold before, nobody says when
                sold_before = min(sold_before, other.closed_on)
            else:
                first_sold_on = min(first_sold_on, other.closed_on)
    if min(first_sold_on, sold_before) < date(2024, 2, 27):
        return Fraction(3)
    return Fraction(5) if first_sold_on <= sold_before else None


def worth_in_hundreds(minor: int, code: str, on: date) -> Fraction | None:
    """How many times an amount is what counts as US$ 100 on a day; None where the currency has no value."""
    if on < date(2025, 7, 15):
        table = "USD 100 AUD 105 CAD 130 COP 300300 EUR 75 GBP 62.50 JPY 12000 SGD 140 ZAR 1545"
    else:
        table = "USD 100 AUD 154 CAD 130 COP 408000 EUR 88 GBP 74 JPY 14400 SGD 129 ZAR 1768"
    words = table.split()
    if code not in words:
        return None
    amount = Fraction(minor) if code == "JPY" else Fraction(minor, 100)
    return amount / Fraction(words[words.index(code) + 1])


def is_growth(market: str) -> bool:
    return market in ASIA.split() or market in LATIN_AMERICA.split()


def managed_points(account: ManagedAccount, holder: Holder, on: date) -> Fraction | None:
    """What an account gives one of its partners on a day; None where nobody can say."""
    mine = is_live(account, holder, on)
    if on < date(2022, 7, 18) or mine == "no":
        return Fraction(0)
    answers = [is_live(account, each, on) for each in account.holders]
    if "nobody knows" in answers:
        return None
    mrr, market = account.mrr, account.market
    for change in account.changes:
        if change.on <= on:
            if change.mrr is not None:
                mrr = change.mrr
            if change.market is not None:
                market = change.market
    hundreds = worth_in_hundreds(mrr.minor, mrr.currency.code, on)
    if hundreds is None or market is None:
        return None
    points = 2 * hundreds if is_growth(market.code) else hundreds
    return max(points, Fraction(0)) / answers.count("yes")


def is_live(account: ManagedAccount, holder: Holder, on: date) -> str:  # noqa: PLR0911 - one answer a line
    """Say whether a partner's own credit in an account is live: "yes", "no" or "nobody knows"."""
    recorded = [each.since for each in account.holders if each.since]
    recorded += [day for each in account.holders for day in each.actions]
    if on < min(recorded):
        return "no"
    if holder.since and on < holder.since:
        return "no"
    if holder.until and on >= holder.until:
        return "no"
    if not holder.actions:
        return "yes"
    if on < date(2026, 1, 1):
        if holder.since:
            return "yes"
        return "nobody knows" if min(holder.actions) <= on else "no"
    for day in holder.actions:
        if day <= on <= day + timedelta(days=60):
            return "yes"
    return "no"


def readings_on(book: Book, partner: str, on: date) -> dict[str, bool | Fraction]:
    """The newest reading of each name that has begun, unless it has ended; of the wrong type it is none."""
    found: dict[str, bool | Fraction] = {}
    for reading in sorted(book.readings, key=lambda each: each.on):
        yes_no = reading.name in ("certified", "invited")
        if reading.partner != partner or reading.customer or reading.on > on:
            continue
        if isinstance(reading.value, bool) is yes_no:
            found.pop(reading.name, None)
            if reading.until is None or on < reading.until:
                found[reading.name] = reading.value
    return found


def tiers(book: Book, partner: str, on: date) -> dict[str, str]:  # noqa: C901 - every bar is an `if`
    """Answer for every tier: met, not met or unknown, by the bars of the day."""
    mine = tally(book, partner, on)
    read = readings_on(book, partner, on)

    def points(measure: str, bar: int | None) -> str:
        if bar is None:
            return UNKNOWN
        if mine.measures[measure] >= bar:
            return MET
        return UNKNOWN if measure in mine.at_least else NOT_MET

    def number(name: str, bar: int, *, above: bool = False) -> str:
        if name not in read:
            return UNKNOWN
        return MET if read[name] > bar or (read[name] == bar and not above) else NOT_MET

    def yes(name: str) -> str:
        return UNKNOWN if name not in read else MET if read[name] is True else NOT_MET

    def both(*answers: str) -> str:
        if NOT_MET in answers:
            return NOT_MET
        return UNKNOWN if UNKNOWN in answers else MET

    verdicts = {}
    for tier in TIERS:
        answers = [yes("certified")]
        if on < date(2025, 7, 15):
            answers += [points("sold", None), points("managed", None), points("total", None)]
        else:
            sourced, total = bars(tier, on)
            answers += [points("sourced", sourced), points("total", total)]
            if on < date(2026, 1, 15):
                answers += [points("managed", None)]
        if on >= date(2026, 1, 15) and tier == "diamond":
            answers += [number("grr", 75)]
        if on >= date(2026, 1, 15) and tier == "elite":
            answers += [number("grr", 80)]
        if on < date(2026, 1, 15) and tier == "elite":
            answers += [number("retention-score", 85), number("dollar-retention", 85, above=True)]
        if tier == "elite":
            answers += [number("certifications", 100), yes("invited")]
        verdicts[tier] = both(*answers)
    return verdicts


def bars(tier: str, on: date) -> tuple[int | None, int | None]:  # noqa: PLR0911 - one bar a line
    """The sourced and the total bar of a tier on a day from 2025-07-15 on; None where they were not found."""
    if on < date(2026, 7, 13):
        return None, None
    if on < date(2027, 1, 15):
        if tier == "gold":
            return 110, 325
        if tier == "platinum":
            return 325, 925
        if tier == "diamond":
            return 950, 3100
        return 2100, 9000
    if tier == "gold":
        return 115, 345
    if tier == "platinum":
        return 425, 1275
    if tier == "diamond":
        return 1250, 3750
    return 2750, 11000


def performance_tier(verdicts: dict[str, str]) -> str | None:
    """The highest tier that is met; "unknown" where none is and one may be; None where none can be."""
    best: str | None = UNKNOWN if UNKNOWN in verdicts.values() else None
    for tier in TIERS:
        if verdicts[tier] == MET:
            best = tier
    return best


def possible_tier(verdicts: dict[str, str], on: date) -> str | None:
    """The highest tier above the one that is met that may be reached too, on days whose bars are known."""
    possible = None
    for tier in TIERS:
        if verdicts[tier] == UNKNOWN:
            possible = tier
        if verdicts[tier] == MET:
            possible = None
    return possible if on >= date(2026, 7, 13) else None
