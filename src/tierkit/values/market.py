"""Market: a customer's country, by its ISO 3166 code."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING, Final, final
from unicodedata import combining, normalize

import attrs

from tierkit.errors import Problem, UnknownName, WrongType, nearest, shown
from tierkit.frozen import frozen
from tierkit.values.currency import Currency
from tierkit.values.span import checked_day

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

_MOST_CHARACTERS: Final = 100
_NOT_IN_A_NAME = re.compile(r"[^\w]+")


@final
@frozen
class Market:
    """A country or territory that ISO 3166 lists.

    There is one object for each code, so `is` and `==` agree.

    Args:
        code: the code of two capital letters.

    Attributes:
        code: the code.
        name: the English name of CLDR.

    Raises:
        UnknownName: for any other code; "UK" is told of "GB".
        WrongType: for anything but text.
    """

    __match_args__ = ("code",)

    code: str
    name: str = attrs.field(eq=False)

    if TYPE_CHECKING:

        def __attrs_init__(self, *fields: object) -> None: ...

    def __new__(cls, code: str) -> Market:
        """Give the one object of a code."""
        return _of_code(code)

    def __init__(self, code: str) -> None:
        """Everything is set where the one object of a code is made."""

    @staticmethod
    def named(name: str) -> Market:
        """Find a market by an English name: CLDR's, or ISO 3166's short, official or common one.

        Capital letters, accents and punctuation make no difference, and "and" may be "&".

        Raises:
            UnknownName: for a name that is none of these.
        """
        if not isinstance(name, str):
            raise WrongType(Problem("market", found=shown(name), expected="the English name of a country"))
        known = _codes_by_name()
        code = known.get(_plain(name)) if len(name) <= _MOST_CHARACTERS else None
        if code is None:
            hint = nearest(name, _shown_names()) or "name it in the mapping, or give its ISO 3166 code"
            expected = "the English name of a country"
            raise UnknownName(Problem("market", found=shown(name), expected=expected, hint=hint))
        return Market(code)

    def currency_on(self, day: date) -> Currency | None:
        """Give the currency that was legal tender on a day, for hints; None where CLDR knows of none.

        Of several, it is the one that stayed, then the market's own.
        """
        from tierkit.reference._markets import TENDERS

        text = checked_day(day, where="day").isoformat()
        market, _, code = TENDERS[bisect_right(TENDERS, (self.code, text, "ZZZ")) - 1]
        return Currency(code) if market == self.code and code else None

    def __str__(self) -> str:
        return self.code

    def __repr__(self) -> str:
        return f'Market("{self.code}")'

    def __reduce__(self) -> tuple[Callable[[str], Market], tuple[str]]:
        return Market, (self.code,)


_known: Final[dict[str, Market]] = {}
_NOT_CODES: Final = {"UK": "GB", "EL": "GR"}  # written by many, reserved or unlisted in ISO 3166


def as_market(market: Market | str) -> Market:
    """Give the market that a value is, or that it is the code of."""
    return market if isinstance(market, Market) else _of_code(market)


def _of_code(code: object) -> Market:
    if not isinstance(code, str):
        expected = 'an ISO 3166 code as text, such as "DE"'
        raise WrongType(Problem("market", found=shown(code), expected=expected))
    return _known.get(code) or _read(code)


def _read(code: str) -> Market:
    from tierkit.reference._markets import MARKETS

    row = MARKETS.get(code)
    if row is None:
        raise UnknownName(Problem("market", found=shown(code), expected="an ISO 3166 code", hint=_hint(code)))
    made = object.__new__(Market)
    made.__attrs_init__(str(code), row[1])
    return _known.setdefault(code, made)


def _hint(code: str) -> str:
    from tierkit.reference._markets import MARKETS

    meant = _NOT_CODES.get(code.upper())
    if meant:
        return f"did you mean {meant!r}?"
    by_name = _codes_by_name().get(_plain(code)) if len(code) <= _MOST_CHARACTERS else None
    return f"did you mean {by_name!r}?" if by_name else nearest(code, MARKETS)


def _plain(name: str) -> str:
    """Bring a name to the form in which two spellings of it are equal."""
    bare = "".join(letter for letter in normalize("NFKD", name) if not combining(letter))
    bare = bare.casefold().replace("&", " and ").replace("'", "").replace("\u2019", "")
    words = _NOT_IN_A_NAME.sub(" ", bare).split()
    return " ".join("saint" if word == "st" else word for word in words)


@cache
def _codes_by_name() -> dict[str, str]:
    from tierkit.reference._markets import MARKETS, NAMES

    rows = [*NAMES, *((name, code) for code, (_, name) in MARKETS.items())]
    return {_plain(name): code for name, code in rows}


@cache
def _shown_names() -> tuple[str, ...]:
    from tierkit.reference._markets import MARKETS, NAMES

    return (*(name for _, name in MARKETS.values()), *(name for name, _ in NAMES))
