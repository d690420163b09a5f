"""Currency: an ISO 4217 code with its minor units, from the generated table."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING, Final, final

import attrs

from tierkit.errors import Problem, UnknownName, WrongType, nearest, shown
from tierkit.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable


@final
@frozen
class Currency:
    """A currency that ISO 4217 lists, or once listed.

    There is one object for each code, so `is` and `==` agree.

    Args:
        code: the code of three capital letters.

    Attributes:
        code: the code.
        numeric: the three-digit code; empty where a currency left the list and its number is not kept.
        minor_units: the number of decimals of an amount; None for gold, special drawing rights and
            the like, of which there are no amounts.
        name: the English name of CLDR.
        withdrawn_on: the first day on which it was legal tender nowhere; None for one in use.

    Raises:
        UnknownName: for a code that is in neither list.
        WrongType: for anything but text.
    """

    __match_args__ = ("code",)

    code: str
    numeric: str = attrs.field(eq=False)
    minor_units: int | None = attrs.field(eq=False)
    name: str = attrs.field(eq=False)
    withdrawn_on: date | None = attrs.field(eq=False)

    if TYPE_CHECKING:

        def __attrs_init__(self, *fields: object) -> None: ...

    def __new__(cls, code: str) -> Currency:
        """Give the one object of a code."""
        return _of_code(code)

    def __init__(self, code: str) -> None:
        """Everything is set where the one object of a code is made."""

    @property
    def withdrawal(self) -> str:
        """When a currency was withdrawn, and what took its place, for messages; empty for one in use."""
        from tierkit.reference._currencies import CURRENCIES
        from tierkit.reference._markets import MARKETS, TENDERS

        if self.withdrawn_on is None:
            return ""
        market = CURRENCIES[self.code][4]
        today = TENDERS[bisect_right(TENDERS, (market, "9999", "")) - 1][2] if market else ""
        instead = f" ({MARKETS[market][1]} uses {today})" if today else ""
        return f"{self.code} was withdrawn on {self.withdrawn_on}{instead}"

    def __str__(self) -> str:
        return self.code

    def __repr__(self) -> str:
        return f'Currency("{self.code}")'

    def __reduce__(self) -> tuple[Callable[[str], Currency], tuple[str]]:
        return Currency, (self.code,)


_known: Final[dict[str, Currency]] = {}


def as_currency(currency: Currency | str) -> Currency:
    """Give the currency that a value is, or that it is the code of."""
    return currency if isinstance(currency, Currency) else _of_code(currency)


def _of_code(code: object) -> Currency:
    if not isinstance(code, str):
        expected = 'an ISO 4217 code as text, such as "EUR"'
        raise WrongType(Problem("currency", found=shown(code), expected=expected))
    return _known.get(code) or _read(code)


def _read(code: str) -> Currency:
    from tierkit.reference._currencies import CURRENCIES

    row = CURRENCIES.get(code)
    if row is None:
        raise UnknownName(
            Problem("currency", found=shown(code), expected="an ISO 4217 code", hint=_hint(code))
        )
    numeric, units, name, withdrawn, _ = row
    made = object.__new__(Currency)
    made.__attrs_init__(str(code), numeric, units, name, date.fromisoformat(withdrawn) if withdrawn else None)
    return _known.setdefault(code, made)


def _hint(code: str) -> str:
    from tierkit.reference._currencies import CURRENCIES
    from tierkit.reference._markets import TENDERS

    if code.upper() in CURRENCIES:
        return f"did you mean {code.upper()!r}?"
    in_use = {tender for _, _, tender in TENDERS if tender and not CURRENCIES[tender][3]}
    of_that_market = {tender for tender in in_use if tender[:2] == code[:2].upper()}
    return nearest(code, of_that_market) or nearest(code, in_use)
