"""Rounding to whole numbers, and exchange rates that the user supplies; points never use them."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, final

import attrs

from tierkit.errors import InvalidValue, NotCovered, Problem, shown
from tierkit.frozen import frozen
from tierkit.values.currency import Currency, as_currency
from tierkit.values.exact import Number, exact
from tierkit.values.span import add_days, checked_day
from tierkit.values.word import Word

if TYPE_CHECKING:
    from collections.abc import Iterable


@final
class Rounding(Word):
    """How a number becomes whole."""

    HALF_UP = "half-up"
    """To the nearest; a half goes away from zero."""
    HALF_EVEN = "half-even"
    """To the nearest; a half goes to the even neighbour."""
    DOWN = "down"
    """Toward zero."""
    UP = "up"
    """Away from zero."""


def round_to_int(value: Fraction, rounding: Rounding) -> int:
    """Round an exact number to a whole one.

    Raises:
        UnknownName: for text that is no rounding.
    """
    size, rest = divmod(abs(value.numerator), value.denominator)
    twice = 2 * rest
    up = {
        Rounding.HALF_UP: twice >= value.denominator,
        Rounding.HALF_EVEN: twice > value.denominator or (twice == value.denominator and size % 2 == 1),
        Rounding.DOWN: False,
        Rounding.UP: rest > 0,
    }[Rounding(rounding)]
    return (size + up) * (1 if value.numerator > 0 else -1)


@final
@frozen
class ExchangeRate:
    """One unit of `base` is `rate` units of `quote`, on the days from `on` up to, and without, `until`.

    Attributes:
        base: the currency of which there is one unit.
        quote: the currency that it is counted in.
        rate: how many units; above zero.
        on: the first day.
        until: the first day on which it no longer holds; the day after `on` where it is left out.
        source: who says so.

    Raises:
        InvalidValue: for a rate of zero or less, one currency twice, or an end that is not after the start.
        WrongType: for a float, or a date with a time.
    """

    base: Currency
    quote: Currency
    rate: Fraction
    on: date
    until: date
    source: str

    if TYPE_CHECKING:

        def __attrs_init__(self, *fields: object) -> None: ...

    def __init__(  # noqa: PLR0917 - the six things that make a rate
        self,
        base: Currency | str,
        quote: Currency | str,
        rate: Number,
        on: date,
        until: date | None = None,
        source: str = "",
    ) -> None:
        base, quote = as_currency(base), as_currency(quote)
        where = f"rate {base} to {quote}"
        number = exact(rate, where=where)
        first = checked_day(on, where=f"{where}: on")
        end = add_days(first, 1) if until is None else checked_day(until, where=f"{where}: until")
        problems: list[Problem] = []
        if number <= 0:
            problems.append(Problem(where, field="rate", found=shown(rate), expected="a number above zero"))
        if base is quote:
            problems.append(Problem(where, found="one currency twice", expected="two currencies"))
        if end <= first:
            found, expected = f"{first} up to {end}", "an end after the start"
            problems.append(Problem(where, field="until", found=found, expected=expected))
        if problems:
            raise InvalidValue(*problems)
        self.__attrs_init__(base, quote, number, first, end, source)


@final
@frozen
class RateTable:
    """Exchange rates that were supplied, and no others.

    A rate is used in the direction in which it was given, never inverted; two rates are chained only
    through a currency that the caller names.

    Attributes:
        rates: the rates, sorted, each once.

    Raises:
        InvalidValue: where two rates of one pair differ on the same day.
    """

    __match_args__ = ("rates",)

    rates: tuple[ExchangeRate, ...]
    _by_pair: dict[tuple[Currency, Currency], list[ExchangeRate]] = attrs.field(eq=False, repr=False)

    if TYPE_CHECKING:

        def __attrs_init__(self, *fields: object) -> None: ...

    def __init__(self, rates: Iterable[ExchangeRate] = ()) -> None:
        in_order = sorted(set(rates), key=_place)
        by_pair: dict[tuple[Currency, Currency], list[ExchangeRate]] = {}
        problems: list[Problem] = []
        for rate in in_order:
            line = by_pair.setdefault((rate.base, rate.quote), [])
            before = line[-1] if line else None
            if before is None or before.until <= rate.on:
                line.append(rate)
            elif before.rate != rate.rate:
                found = f"{before.rate} and {rate.rate} on {rate.on}"
                where = f"rate {rate.base} to {rate.quote}"
                hint = "end the first with until=, or leave one out"
                problems.append(Problem(where, found=found, expected="one rate a day", hint=hint))
            elif rate.until > before.until:
                line.append(rate)
        if problems:
            raise InvalidValue(*problems)
        self.__attrs_init__(tuple(in_order), by_pair)

    def find(
        self, base: Currency | str, quote: Currency | str, *, on: date, through: Currency | str | None = None
    ) -> tuple[ExchangeRate, ...]:
        """Give the rates that turn `base` into `quote` on a day, to be multiplied.

        Args:
            base: the currency to convert from.
            quote: the currency to convert to.
            on: the day.
            through: a third currency to go through; then two rates are given, and no direct one is used.

        Returns:
            One rate, or two with `through`; none where both currencies are the same.

        Raises:
            NotCovered: where a rate is missing; it names the nearest days that have it.
            InvalidValue: where `through` is one of the two.
        """
        base, quote = as_currency(base), as_currency(quote)
        day = checked_day(on, where="day of a rate")
        if base is quote:
            return ()
        steps = [(base, quote)]
        if through is not None:
            middle = as_currency(through)
            if middle in (base, quote):
                raise InvalidValue(Problem("through", found=middle.code, expected="a third currency"))
            steps = [(base, middle), (middle, quote)]
        found = [(self._on(one, other, day), one, other) for one, other in steps]
        problems = [self._missing(one, other, day) for rate, one, other in found if rate is None]
        if problems:
            raise NotCovered(*problems)
        return tuple(rate for rate, _, _ in found if rate is not None)

    def _on(self, base: Currency, quote: Currency, day: date) -> ExchangeRate | None:
        line = self._by_pair.get((base, quote), [])
        place = bisect_right(line, day, key=lambda rate: rate.on)
        return line[place - 1] if place and day < line[place - 1].until else None

    def _missing(self, base: Currency, quote: Currency, day: date) -> Problem:
        line = self._by_pair.get((base, quote), [])
        place = bisect_right(line, day, key=lambda rate: rate.on)
        near = [f"until {add_days(line[place - 1].until, -1)}"] if place else []
        near += [f"from {line[place].on}"] if place < len(line) else []
        middles = sorted(
            quoted.code
            for one, quoted in self._by_pair
            if one is base and self._on(base, quoted, day) and self._on(quoted, quote, day)
        )
        hints = [f'through="{code}" would work' for code in middles[:3]]
        if self._on(quote, base, day):
            hints.append(f"{quote} to {base} is known, but a rate is never inverted")
        return Problem(
            f"rate {base} to {quote} on {day}",
            found=f"one {' and one '.join(near)}" if near else "no rate of this pair",
            expected="a rate for that day",
            hint="; ".join(hints) or "add the rate to the table",
        )


def _place(rate: ExchangeRate) -> tuple[str, str, date, date, Fraction, str]:
    return rate.base.code, rate.quote.code, rate.on, rate.until, rate.rate, rate.source
