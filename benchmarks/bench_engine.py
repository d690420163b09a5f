"""One partner with ten thousand facts: points and tier, with and without reasons, against plain loops."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from book import ON, PARTNER, book
from loops import Result, earned, facts_of, standing, standing_of_one_day
from timing import Aim, Report, interleaved

import tierkit as tk

if TYPE_CHECKING:
    from collections.abc import Callable

FACTS = 10_000
ROUNDS = 31
ROUNDS_OF_REASONS = 3
OURS = "tierkit: earn and assess"
DECIMALS = "Decimal loop"
MOST_US = 1
TIMES_FASTER = 5


def reports(*, rounds: int = ROUNDS) -> list[Report]:
    """Check that the loops find the same, and time them."""
    business, program = book(FACTS), tk.load_program("hubspot-solutions")
    fractions, decimals = facts_of(business, Fraction), facts_of(business, Decimal)
    exact = tk.assess(tk.earn(business, program), on=ON, partner=PARTNER)
    notes = [
        _agreement(exact, "Fraction", standing(fractions, earned(fractions))),
        _agreement(exact, "Decimal", standing(decimals, earned(decimals))),
    ]
    cases: dict[str, Callable[[], object]] = {
        OURS: lambda: tk.assess(tk.earn(business, program), on=ON, partner=PARTNER),
        "Fraction loop": lambda: standing(fractions, earned(fractions)),
        DECIMALS: lambda: standing(decimals, earned(decimals)),
        "tierkit: assess one more day": _assessing(business, program),
        "Fraction loop of one day": lambda: standing_of_one_day(fractions),
        "Decimal loop of one day": lambda: standing_of_one_day(decimals),
    }
    timings = interleaved(cases, rounds=rounds, items=FACTS)
    explained = {
        OURS: cases[OURS],
        "the same with every entry and reason": lambda: (
            tk.assess(tk.earn(business, program), on=ON, partner=PARTNER).entries
        ),
    }
    reasons = interleaved(explained, rounds=ROUNDS_OF_REASONS, items=FACTS)
    ours, decimal = timings[OURS], timings[DECIMALS]
    aims = [
        Aim(
            f"points and tier take under {MOST_US} µs a fact",
            MOST_US,
            ours.median * 1e6,
            ours.best * 1e6,
            "µs",
        ),
        Aim(
            f"that is at least {TIMES_FASTER} times as fast as the Decimal loop: "
            f"at most {1 / TIMES_FASTER} of its time",
            1 / TIMES_FASTER,
            ours.times(decimal),
            ours.best / decimal.best,
        ),
    ]
    return [
        Report(f"Points and tier of {FACTS:,} facts, a fact", "µs", 1e6, OURS, timings, aims, notes),
        Report(f"Explaining {FACTS:,} facts, a fact", "µs", 1e6, OURS, reasons),
    ]


def _assessing(business: tk.Book, program: tk.Program) -> Callable[[], object]:
    ledger = tk.earn(business, program)
    return lambda: tk.assess(ledger, on=ON, partner=PARTNER)


def _agreement(exact: tk.Standing, kind: str, found: Result[Fraction] | Result[Decimal]) -> str:
    """Say how far a loop is off, which for Fractions must be not at all."""
    tracks = ("sourced", "assisted", "managed")
    errors = [abs(exact[track].fraction - Fraction(getattr(found, track))) for track in tracks]
    tier = exact.performance_tier
    if not isinstance(tier, tk.Tier) or tier.name != found.tier or (kind == "Fraction" and any(errors)):
        msg = f"the {kind} loop disagrees: {found} and {exact.points}, {tier}"
        raise SystemExit(msg)
    worst = max(errors)
    return f"the {kind} loop finds the same tier and " + (
        f"points that are up to {float(worst):.1e} off" if worst else "exactly the same points"
    )


if __name__ == "__main__":
    print(*reports(), sep="\n")
