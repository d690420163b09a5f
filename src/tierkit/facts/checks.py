"""What the fields of a fact must be. All that is wrong with one fact is raised at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeGuard
from unicodedata import category

from tierkit.errors import InvalidValue, Problem, TierkitError, WrongType, nearest, shown
from tierkit.frozen import FrozenMap
from tierkit.values.exact import exact
from tierkit.values.market import Market
from tierkit.values.money import Money
from tierkit.values.span import checked_day

if TYPE_CHECKING:
    from tierkit.values.currency import Currency

Scalar = str | bool | int | Decimal | Fraction | date
"""What an attribute of a fact may be; a number is kept as the Fraction that equals it."""

NO_ATTRIBUTES: FrozenMap[Scalar] = FrozenMap()

MOST_CHARACTERS = 200
"""The longest id, name or other text of a fact."""

FIRST_DAY = date(1900, 1, 1)
FIRST_DAY_OF_SALES = date(1990, 1, 1)
LAST_DAY = date(2100, 12, 31)
"""A day outside of these is a typing error: no partner program is older, and no sale is."""

_NOT_TEXT = frozenset({"Cc", "Cs", "Zl", "Zp"})


def is_sound(text: object) -> bool:
    """Whether this can name something: one line of text, without control characters and outer blanks."""
    if not isinstance(text, str) or not text or len(text) > MOST_CHARACTERS:
        return False
    if text.isprintable():
        return text[0] != " " != text[-1]
    return text == text.strip() and not any(category(sign) in _NOT_TEXT for sign in text)


def is_record(value: object) -> TypeGuard[Mapping[str, object]]:
    """Whether this is an object of JSON, or any mapping."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[Sequence[object]]:
    """Whether this is a list of JSON, or any sequence but text."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def checked_years(day: date, where: str) -> date:
    """Refuse what is no day, and a day so far away that it is a typing error.

    Raises:
        WrongType: for anything but a date.
        InvalidValue: it is not within the days that facts may have.
    """
    if not FIRST_DAY <= checked_day(day, where=where) <= LAST_DAY:
        expected = f"a day from {FIRST_DAY} to {LAST_DAY}"
        raise InvalidValue(Problem(where, "", str(day), expected, "mend the year"))
    return day


class Checks:
    """Collects what is wrong with the fields of one fact; each method checks one kind of field."""

    __slots__ = ("errors", "problems")

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.errors: set[type[TierkitError]] = set()

    def done(self, kind: str, name: object) -> None:
        """Raise what was found, if anything; an error of one sort keeps its class."""
        if self.problems:
            where = f"{kind} {name.isoformat() if isinstance(name, date) else shown(name)}"
            raised = self.errors.pop() if len(self.errors) == 1 else InvalidValue
            raise raised(*(Problem(where, p.field, p.found, p.expected, p.hint) for p in self.problems))

    def wrong(
        self,
        field: str,
        value: object,
        expected: str,
        hint: str = "",
        error: type[TierkitError] = InvalidValue,
    ) -> None:
        """Note one thing that is wrong."""
        found = str(value) if isinstance(value, Said) else shown(value)
        self.problems.append(Problem("", field, found, expected, hint))
        self.errors.add(error)

    def texts(self, **texts: object) -> None:
        """Ids and names that must be there."""
        for field, text in texts.items():
            if not is_sound(text):
                self._bad_text(field, text)

    def texts_if_any(self, **texts: object) -> None:
        """Ids and names that may be empty."""
        for field, text in texts.items():
            if text != "" and not is_sound(text):
                self._bad_text(field, text)

    def _bad_text(self, field: str, value: object) -> None:
        if not isinstance(value, str):
            self.wrong(field, value, "text", error=WrongType)
        elif not value:
            self.wrong(field, value, "text that is not empty")
        elif len(value) > MOST_CHARACTERS:
            self.wrong(field, value, f"at most {MOST_CHARACTERS} characters, not {len(value)}")
        elif value != value.strip():
            self.wrong(
                field, value, "text without blanks around it", "remove them: the same name would count as two"
            )
        else:
            hint = "remove them"
            if any(category(sign) == "Cs" for sign in value):
                hint = "save the file as UTF-8"
            self.wrong(field, value, "one line of text without control characters", hint)

    def day(self, field: str, value: object, first: date = FIRST_DAY) -> None:
        """A calendar day that must be there."""
        if type(value) is not date:
            hint = "take its day: .date()" if isinstance(value, datetime) else "write date(2026, 11, 23)"
            self.wrong(field, value, "a date", hint, WrongType)
        elif not first <= value <= LAST_DAY:
            expected = f"a day from {first.year} to {LAST_DAY.year}"
            hint = "leave it out where there is no end" if field == "until" else "mend the year"
            self.wrong(field, Said(value.isoformat()), expected, hint)

    def day_if_any(self, field: str, value: object) -> None:
        """A calendar day that may be unknown."""
        if value is not None:
            self.day(field, value)

    def order(
        self,
        first_field: str,
        first: object,
        then_field: str,
        then: object,
        *,
        same: bool = False,
        hint: str = "",
    ) -> None:
        """Two days, of which the first must come before the other, or may be the same."""
        if type(first) is date and type(then) is date and (first > then or (first == then and not same)):
            expected = f"a day {'not ' if same else ''}after {first_field}, which is {first}"
            if same:
                expected = f"a day on or after {first_field}, which is {first}"
            self.wrong(then_field, Said(then.isoformat()), expected, hint)

    def recorded(self, recorded_on: object, recorded_by: object, own_field: str, own_day: object) -> None:
        """When and by whom a fact was written down: not before its own day, as nobody knows it before."""
        self.texts_if_any(recorded_by=recorded_by)
        self.day_if_any("recorded_on", recorded_on)
        hint = "mend one of the two days; where nobody knows when it was written down, leave recorded_on out"
        self.order(own_field, own_day, "recorded_on", recorded_on, same=True, hint=hint)

    def money(self, field: str, value: object) -> None:
        """An amount of a currency that must be there."""
        if type(value) is not Money:
            self.wrong(field, value, "an amount of money", 'write Money("1000.00", "EUR")', WrongType)

    def money_if_any(self, field: str, value: object) -> None:
        """An amount of a currency that may be missing."""
        if value is not None:
            self.money(field, value)

    def tender(self, field: str, value: object, day: object, market: Market | None) -> None:
        """The currency of an amount must still be money on the fact's day."""
        if type(value) is Money and type(day) is date and value.currency.withdrawn_on is not None:
            self._withdrawn(field, value.currency, day, market)

    def _withdrawn(self, field: str, currency: Currency, day: date, market: Market | None) -> None:
        gone = currency.withdrawn_on
        if gone is not None and day >= gone:
            now = market.currency_on(day) if market else None
            hint = "write the amount in the currency that replaced it"
            if market and now:
                hint = f"the currency of {market.name} on that day is {now.code}"
            expected = f"a currency in use on that day: {currency.withdrawal}"
            self.wrong(field, Said(f"{currency.code} on {day}"), expected, hint)

    def market(self, value: object) -> Market | None:
        """A market, its code, or None where it is not known."""
        if value is None or type(value) is Market:
            return value
        if not isinstance(value, str):
            self.wrong("market", value, "a Market or the code of one", 'write "DE"', WrongType)
            return None
        try:
            return Market(value)
        except TierkitError as error:
            self.take(error, "market")
            return None

    def truth(self, field: str, value: object) -> None:
        """True or False, and nothing that only counts as one of them."""
        if not isinstance(value, bool):
            self.wrong(field, value, "True or False", error=WrongType)

    def number(self, field: str, value: object) -> Fraction | None:
        """A number; floats are refused. None where it is none, which is noted."""
        try:
            return exact(value, where=field)
        except TierkitError as error:
            self.take(error, field)
            return None

    def take(self, error: TierkitError, field: str) -> None:
        """Keep what an error of a value says, as the problem of a field."""
        for problem in error.problems:
            self.wrong(field, Said(problem.found), problem.expected, problem.hint, type(error))

    def one_of(self, field: str, value: object, known: Collection[str]) -> None:
        """One of a few words."""
        if not isinstance(value, str) or value not in known:
            hint = nearest(value, known) if isinstance(value, str) else ""
            words = ", ".join(repr(word) for word in known if word)
            self.wrong(field, value, f"one of {words}, or nothing", hint)

    def attributes(self, given: object) -> FrozenMap[Scalar]:
        """Further named values of a fact."""
        if given is NO_ATTRIBUTES:
            return NO_ATTRIBUTES
        if not is_record(given):
            self.wrong("attributes", given, "a mapping of names to values", error=WrongType)
            return NO_ATTRIBUTES
        kept: dict[str, Scalar] = {}
        for name, value in given.items():
            if not is_sound(name) or ":" in name:
                self.wrong("attributes", name, "a name without a colon, control characters or outer blanks")
            else:
                kept[name] = self._attribute(f"attributes[{name!r}]", value)
        return FrozenMap(kept)

    def _attribute(self, field: str, value: object) -> Scalar:
        if isinstance(value, str):
            self.texts(**{field: value})
        elif isinstance(value, date):
            self.day(field, value)
        elif not isinstance(value, bool):
            return self.number(field, value) or Fraction(0)
        return value


class Said(str):
    """Text of a message that is shown as it is, not as a quoted value."""

    __slots__ = ()


def one_typed(value: object) -> object:
    """Give what a value is compared by: True is not 1, though Python takes them for equal."""
    return value.__class__ is bool, value


def typed(values: FrozenMap[Scalar]) -> object:
    """Give what attributes are compared by."""
    return frozenset((name, one_typed(value)) for name, value in values.items()) if values else None
