"""What reasons tell of the values behind a number: the leaves, the notes, the words."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from tierkit.programs.dated import noted
from tierkit.programs.rules import While
from tierkit.values.reason import Reason, given
from tierkit.values.source import Grade
from tierkit.values.span import Span

if TYPE_CHECKING:
    from tierkit.programs.dated import Period
    from tierkit.programs.rules import Life
    from tierkit.values.currency import Currency
    from tierkit.values.rates import ExchangeRate
    from tierkit.values.source import Source

AMOUNT_NAMES = {"mrr": "monthly recurring revenue", "value": "deal value", "amount": "amount", "": "quantity"}


def cited(
    label: str, value: Fraction, period: Period[object] | Period[Fraction], rule: str, unit: str = ""
) -> Reason:
    """Make the leaf of a reason from a dated value."""
    return given(
        label,
        value,
        unit=unit,
        rule=rule,
        period=Span(period.effective_from, period.effective_until),
        note=noted(period.note, period.file),
        source=period.source,
        grade=period.grade,
    )


def joined(*notes: str) -> str:
    """Put notes side by side, leaving out the empty ones."""
    return "; ".join(note for note in notes if note)


def page_of(source: Source) -> str:
    """Say where a value was read: the page and its version, or else what is said instead."""
    if source.url and source.version:
        return f"{source.url} ({source.version})"
    return source.url or source.version or source.note or source.id


def life_note(life: Period[Life]) -> str:
    """Say how long points count, and on whose word, for the reason of an entry."""
    return joined(f"counts {_length(life.value)} ({life.source.id}, {life.grade})", life.note)


def _length(life: Life) -> str:
    ends: list[str] = []
    if life.months is not None:
        ends.append(f"{life.months} months")
    if life.days is not None:
        ends.append(f"{life.days} days")
    if life.through is not None:
        ends = [" and ".join([*filter(None, (" or ".join(ends),)), f"to the end of the {life.through}"])]
    if life.lasts_while is While.YEAR:
        ends.append("until the personal year ends")
    if life.lasts_while is While.HELD:
        ends.append("as long as it is held")
    if life.inactive_days is not None:
        ends.append(f"up to {life.inactive_days} days after an action")
    said = ", or ".join(ends) + ", whichever ends first" * (len(ends) > 1) or "for good"
    wait = [f"{life.pending_months} months"] * bool(life.pending_months)
    wait += [f"{life.pending_days} days"] * bool(life.pending_days)
    return f"{said}, after {' and '.join(wait)} in which it is pending" if wait else said


def lowest_grade(*periods: Period[Fraction] | Period[bool]) -> Grade:
    """Give the lowest of several grades: a chain of readings is as good as its weakest."""
    return max((period.grade for period in periods), key=list(Grade).index)


def scale_of(currency: Currency) -> int:
    """Give the minor units of one whole unit of a currency that has some."""
    return int(10 ** (currency.minor_units or 0))


def amount_reason(amount: str, minor: int | Fraction, currency: Currency | None, fact: str) -> Reason:
    """Make the leaf that an amount or a quantity of a fact is."""
    label = AMOUNT_NAMES[amount]
    if currency is None:
        return given(label, Fraction(minor), fact=fact)
    return given(label, Fraction(minor) / scale_of(currency), unit=currency.code, fact=fact)


def exchanged(rate: ExchangeRate) -> Reason:
    """Make the leaf that a rate of exchange is."""
    label, unit = f"exchange rate {rate.base} to {rate.quote}", f"{rate.quote} per {rate.base}"
    said = f"from {rate.source}" if rate.source else "no source is given"
    return given(label, rate.rate, unit=unit, period=Span(rate.on, rate.until), note=said)
