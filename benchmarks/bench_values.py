"""Points and Money against plain Decimal, Fraction and the money packages that people use."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from timeit import Timer
from typing import TYPE_CHECKING

from timing import Aim, Report, interleaved

import tierkit as tk

if TYPE_CHECKING:
    from collections.abc import Callable

    from timing import Cases, Timing

OPERATIONS = 20_000
ROUNDS = 41
DECIMAL, MONEYED = "decimal.Decimal", "py-moneyed Money"
AGAINST_DECIMAL = 6
AGAINST_MONEYED = 1.7


def reports(*, rounds: int = ROUNDS) -> list[Report]:
    """Time the making and the adding of values."""
    peers, absent = _peers()
    making = interleaved(_cases(_making(peers)), rounds=rounds, items=OPERATIONS)
    adding = interleaved(_cases(_adding(peers)), rounds=rounds, items=OPERATIONS)
    return [
        Report("Making a value", "ns", 1e9, DECIMAL, making, notes=absent),
        Report("Adding two values", "ns", 1e9, DECIMAL, adding, aims=_aims(adding), notes=absent),
    ]


def _peers() -> tuple[dict[str, type], list[str]]:
    """Give the money classes that are installed, and say which are not."""
    found, absent = {}, []
    for name, module in (("py-moneyed", "moneyed"), ("stockholm", "stockholm"), ("prices", "prices")):
        try:
            found[name] = import_module(module).Money
        except ImportError:
            absent.append(f"{name} is not installed: left out")
    return found, absent


def _making(peers: dict[str, type]) -> dict[str, tuple[str, dict[str, object]]]:
    known: dict[str, object] = {
        "Points": tk.Points,
        "Money": tk.Money,
        "Decimal": Decimal,
        "Fraction": Fraction,
    }
    made = {
        DECIMAL: ('Decimal("1234.56")', known),
        "tierkit Points of an int": ("Points(1234)", known),
        "tierkit Points of a text": ('Points("1234.56")', known),
        "fractions.Fraction of a text": ('Fraction("1234.56")', known),
        "tierkit Money": ('Money("1234.56", "EUR")', known),
    }
    for name, kind in peers.items():
        amount = 'Decimal("1234.56")' if name == "prices" else '"1234.56"'  # which takes no text
        made[f"{name} Money"] = (f'Peer({amount}, "EUR")', {"Peer": kind, "Decimal": Decimal})
    return made


def _adding(peers: dict[str, type]) -> dict[str, tuple[str, dict[str, object]]]:
    pairs: dict[str, tuple[object, object]] = {
        DECIMAL: (Decimal("1234.56"), Decimal("78.90")),
        "tierkit Points, whole": (tk.Points(1234), tk.Points(78)),
        "tierkit Points, one denominator": (tk.Points("1234/7"), tk.Points("79/7")),
        "tierkit Points, two denominators": (tk.Points("625/11"), tk.Points("125/22")),
        "fractions.Fraction": (Fraction("625/11"), Fraction("125/22")),
        "tierkit Money": (tk.Money("1234.56", "EUR"), tk.Money("78.90", "EUR")),
    }
    for name, kind in peers.items():
        pairs[f"{name} Money"] = (kind(Decimal("1234.56"), "EUR"), kind(Decimal("78.90"), "EUR"))
    return {name: ("one + other", {"one": one, "other": other}) for name, (one, other) in pairs.items()}


def _cases(statements: dict[str, tuple[str, dict[str, object]]]) -> Cases:
    def case(statement: str, known: dict[str, object]) -> Callable[[], float]:
        timer = Timer(statement, globals=known)
        return lambda: timer.timeit(OPERATIONS)

    return {name: case(*each) for name, each in statements.items()}


def _aims(adding: dict[str, Timing]) -> list[Aim]:
    """Hold each kind of Points against a Decimal, and the slowest against the most used money package."""
    decimal = adding[DECIMAL]
    points = {name: each for name, each in adding.items() if name.startswith("tierkit Points")}
    aims = [
        Aim(
            f"adding {name} takes at most {AGAINST_DECIMAL} times as long as a Decimal",
            AGAINST_DECIMAL,
            each.times(decimal),
            each.best / decimal.best,
        )
        for name, each in points.items()
    ]
    if MONEYED in adding:
        moneyed, slowest = adding[MONEYED], max(points.values(), key=lambda each: each.best)
        aims.append(
            Aim(
                f"the slowest of them is at least {AGAINST_MONEYED} times as fast as {MONEYED}: "
                f"at most {1 / AGAINST_MONEYED:.2f} of its time",
                1 / AGAINST_MONEYED,
                slowest.times(moneyed),
                slowest.best / moneyed.best,
            )
        )
    return aims


if __name__ == "__main__":
    print(*reports(), sep="\n")
