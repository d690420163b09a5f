"""The kinds of worked examples: how each is read, and how each is run through the same code as everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tierkit.vectors.of_figures import read_conversion, read_thresholds, read_window
from tierkit.vectors.of_records import read_earning, read_expiry, read_review, read_sharing, read_standing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from tierkit.vectors.form import Object, Place
    from tierkit.vectors.said import Run

KINDS: Final[Mapping[str, Callable[[Place, date, Object, Object], Run]]] = {
    "earning": read_earning,
    "sharing": read_sharing,
    "expiry": read_expiry,
    "standing": read_standing,
    "review": read_review,
    "window": read_window,
    "thresholds": read_thresholds,
    "conversion": read_conversion,
}
"""For each kind what reads a worked example and gives what runs it."""
