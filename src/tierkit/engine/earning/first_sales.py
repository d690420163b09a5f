"""When a customer first bought a product line, as far as a book tells."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from tierkit.facts.book import Book
    from tierkit.facts.facts import Deal

_LINE = attrgetter("customer", "product_line")
_DAY = attrgetter("closed_on")


@final
class FirstSales:
    """The first sales of every customer's product lines, whoever made them.

    A deal tells of the first sale by its `line_first_sold_on`, or by being a sale of the line itself. An
    upsell that says nothing more only tells that there was one before.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._deals: dict[tuple[str, str], list[Deal]] = {}
        self._known: dict[tuple[str, str], tuple[list[date], list[date], list[date]]] = {}

    def of(self, deal: Deal) -> tuple[date, bool]:
        """Say when the deal's line was first sold, looking at no deal that closed later.

        Returns:
            The day, and whether that is known; where it is not, the first sale was on that day or before.
        """
        if deal.line_first_sold_on is not None:
            return deal.line_first_sold_on, True
        if not deal.product_line:
            return deal.closed_on, deal.motion != "upsell"
        line = _LINE(deal)
        if line not in self._known:
            self._known[line] = _along(self._deals_of(line))
        closed, sold, before = self._known[line]
        index = bisect_right(closed, deal.closed_on) - 1
        return min(sold[index], before[index]), sold[index] <= before[index]

    def _deals_of(self, line: tuple[str, str]) -> list[Deal]:
        """Give all deals of a line; they are sorted out once a deal asks that does not tell by itself."""
        if not self._deals:
            for deal in self._book.deals:
                self._deals.setdefault(_LINE(deal), []).append(deal)
        return self._deals[line]


def _along(deals: list[Deal]) -> tuple[list[date], list[date], list[date]]:
    """Give, deal by deal in the order of their days, the earliest known sale and the earliest mere upsell."""
    closed: list[date] = []
    sold: list[date] = []
    before: list[date] = []
    first_sold = first_upsell = date.max
    for deal in sorted(deals, key=_DAY):
        if deal.line_first_sold_on is not None:
            first_sold = min(first_sold, deal.line_first_sold_on)
        elif deal.motion != "upsell":
            first_sold = min(first_sold, deal.closed_on)
        else:
            first_upsell = min(first_upsell, deal.closed_on)
        closed.append(deal.closed_on)
        sold.append(first_sold)
        before.append(first_upsell)
    return closed, sold, before
