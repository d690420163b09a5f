"""The points calculator: one question about a deal, in either direction, through the same code as `earn`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, final

import attrs

from tierkit.engine.earning.entry import Entry
from tierkit.engine.ledger import earn
from tierkit.engine.standing import points_by_measure
from tierkit.engine.verdicts import units_of
from tierkit.errors import (
    InvalidValue,
    NotValued,
    Problem,
    WrongType,
    nearest,
    one_named,
    refuse_other,
    shown,
)
from tierkit.facts.book import Book
from tierkit.facts.facts import Deal, Held, Holder, ManagedAccount
from tierkit.frozen import FrozenMap, changed, frozen
from tierkit.looks import html_of
from tierkit.programs.measures import POINTS
from tierkit.programs.program import refuse_program
from tierkit.programs.rules import FactShape
from tierkit.values.currency import Currency, as_currency
from tierkit.values.market import Market, as_market
from tierkit.values.money import Money
from tierkit.values.points import Points
from tierkit.values.span import add_days, checked_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from tierkit.facts.facts import Fact
    from tierkit.programs.program import Program
    from tierkit.values.rates import RateTable
    from tierkit.values.tier import Tier

_YOU = "you"
_SALE, _SERVICE = "sale", "service"
_WAYS_OUT = {
    "tier": "say tier=…: the tier that you hold",
    "rates": "supply it: rates=RateTable([ExchangeRate(…), …])",
}
_MOST_PARTNERS = 1000
_MOST_MINOR_UNITS = 10**18


@final
@frozen(kw_only=True)
class Quote:
    """What a deal, and managing its customer, would earn.

    Attributes:
        program: the id of the program.
        on: the day on which the deal closes and the account is managed.
        sold: the monthly recurring revenue that is sold; None where nothing is.
        managed: the monthly recurring revenue that is managed; None where nothing is.
        market: the customer's market.
        kind: the kind of the deal.
        other_partners: the partners besides you who manage the customer.
        points: the points by each track, and by each measure that adds tracks up, exact.
        units: what those of them count that do not count points: "users", the code of a currency.
        measures: the tracks that each of them counts.
        entries: the points of the deal, on whatever days they count, and of the account, each with its
            reason.
    """

    program: str
    on: date
    sold: Money | None
    managed: Money | None
    market: Market | None
    kind: str
    other_partners: int
    points: FrozenMap[Points]
    units: FrozenMap[str]
    measures: FrozenMap[tuple[str, ...]]
    entries: tuple[Entry, ...]

    def _repr_html_(self) -> str:
        return html_of(self)

    def __getitem__(self, quantity: str) -> Points:
        """Give the points of a track or measure.

        Raises:
            UnknownName: the program has none of that name that adds up what deals and accounts give.
        """
        return one_named(self.program, "measure", quantity, self.points)


@final
@frozen(kw_only=True)
class Amounts:
    """The least monthly recurring revenue that earns some points.

    Attributes:
        program: the id of the program.
        on: the day on which the deal closes and the account is managed.
        market: the customer's market.
        kind: the kind of the deal.
        sold: the least to sell; None where no sold points were asked for.
        managed: the least to manage; None where no managed points were asked for.
    """

    program: str
    on: date
    market: Market | None
    kind: str
    sold: Money | None
    managed: Money | None

    def _repr_html_(self) -> str:
        return html_of(self)


def quote(
    program: Program,
    *,
    amount: Money,
    market: Market | str | None,
    kind: str,
    managed: bool,
    on: date,
    other_partners: int = 0,
    tier: str | Tier | None = None,
    rates: RateTable | None = None,
) -> Quote:
    """Say what a deal would earn on a day, and what managing its customer would.

    Args:
        program: the rules.
        amount: the monthly recurring revenue, in the customer's currency.
        market: the customer's market, or its two-letter code.
        kind: the kind of the deal in the program's words, such as "sourced".
        managed: whether you will manage the customer.
        on: the day on which the deal closes and the account is managed.
        other_partners: how many partners besides you will manage the customer; the managed credit is
            divided by one more than that.
        tier: the tier that you hold, or its id, where points hang on that; left out where you hold none.
        rates: the exchange rates at which a track of money counts amounts in other currencies.

    Raises:
        NotCovered: the program is not in force on that day.
        NotValued: the program cannot value the deal; a currency that it does not value is named with
            those that it does, and an exchange rate is never used for points.
        UnknownName: the program has no such tier.
        InvalidValue: other partners without managing, or not a whole number from 0 to 1000.
        WrongType: for a program's name in place of a program, or a `managed` that is not a bool.
    """
    if (
        not isinstance(other_partners, int)
        or isinstance(other_partners, bool)
        or not 0 <= other_partners <= _MOST_PARTNERS
    ):
        expected = f"a whole number from 0 to {_MOST_PARTNERS}: the partners besides you"
        raise InvalidValue(Problem("quote", "other_partners", shown(other_partners), expected))
    refuse_other(managed, bool, "quote: managed", "True or False")
    if other_partners and not managed:
        hint = "say managed=True, or leave other_partners out"
        raise InvalidValue(
            Problem("quote", "other_partners", f"{other_partners} and managed=False", "managed=True", hint)
        )
    return _quoted(
        program,
        sold=amount,
        managed=amount if managed else None,
        asked=_Asked(market, kind, on, tier, rates),
        other_partners=other_partners,
    )


def to_points(
    program: Program,
    *,
    sold: Money | None = None,
    managed: Money | None = None,
    market: Market | str | None,
    kind: str,
    on: date,
    tier: str | Tier | None = None,
    rates: RateTable | None = None,
) -> Quote:
    """Turn a sold and a managed value into points: the currency tab's one direction.

    Args:
        program: the rules.
        sold: the monthly recurring revenue that is sold.
        managed: the monthly recurring revenue that you alone manage.
        market: the customer's market, or its two-letter code.
        kind: the kind of the deal in the program's words, such as "sourced".
        on: the day on which the deal closes and the account is managed.
        tier: the tier that you hold, or its id, where points hang on that; left out where you hold none.
        rates: the exchange rates at which a track of money counts amounts in other currencies.

    Raises:
        NotCovered: the program is not in force on that day.
        NotValued: the program cannot value one of the amounts.
        UnknownName: the program has no such tier.
        InvalidValue: neither of the two was given.
    """
    if sold is None and managed is None:
        raise InvalidValue(Problem("to_points", "sold, managed", "neither", "at least one of the two"))
    return _quoted(program, sold=sold, managed=managed, asked=_Asked(market, kind, on, tier, rates))


def to_money(
    program: Program,
    *,
    sold: Points | None = None,
    managed: Points | None = None,
    currency: Currency | str,
    market: Market | str | None,
    kind: str,
    on: date,
    tier: str | Tier | None = None,
    rates: RateTable | None = None,
) -> Amounts:
    """Turn points into money: the least amounts, in minor units, that earn at least those points.

    Args:
        program: the rules.
        sold: the points to earn by a sale.
        managed: the points to earn by managing an account alone.
        currency: the currency of the amounts, or its code.
        market: the customer's market, or its two-letter code.
        kind: the kind of the deal in the program's words, such as "sourced".
        on: the day on which the deal closes and the account is managed.
        tier: the tier that you hold, or its id, where points hang on that; left out where you hold none.
        rates: the exchange rates at which a track of money counts amounts in other currencies.

    Raises:
        NotCovered: the program is not in force on that day.
        NotValued: the program does not value the currency.
        UnknownName: the program has no such tier.
        InvalidValue: neither of the two was given, points are negative, or no amount earns so many.
    """
    currency, asked = as_currency(currency), _Asked(market, kind, on, tier, rates)
    if sold is None and managed is None:
        raise InvalidValue(Problem("to_money", "sold, managed", "neither", "at least one of the two"))

    def sold_points(amount: Money) -> Points:
        return _total(program, _quoted(program, sold=amount, asked=asked))

    def managed_points(amount: Money) -> Points:
        return _total(program, _quoted(program, managed=amount, asked=asked))

    return Amounts(
        program=program.id,
        on=on,
        market=None if market is None else as_market(market),
        kind=kind,
        sold=None if sold is None else _least(sold, currency, sold_points),
        managed=None if managed is None else _least(managed, currency, managed_points),
    )


def _total(program: Program, found: Quote) -> Points:
    counted = (entry.points for entry in found.entries if program.unit(entry.track) == POINTS)
    return sum(counted, Points(0))


def _least(points: Points, currency: Currency, earns: Callable[[Money], Points]) -> Money:
    """Find the least amount that earns at least some points; more money never earns fewer."""
    if not isinstance(points, Points):
        raise WrongType(Problem("to_money", "points", shown(points), 'Points, such as Points("205")'))
    if points < Points(0):
        raise InvalidValue(Problem("to_money", "points", str(points), "points from zero up"))
    low, high = -1, 0
    while earns(Money.from_minor(high, currency)) < points:
        low, high = high, max(1, high * 2)
        if high > _MOST_MINOR_UNITS:
            expected = f"points that an amount of up to {Money.from_minor(_MOST_MINOR_UNITS, currency)} earns"
            raise InvalidValue(Problem("to_money", "points", shown(str(points)), expected))
    while high - low > 1:
        middle = (low + high) // 2
        if earns(Money.from_minor(middle, currency)) < points:
            low = middle
        else:
            high = middle
    return Money.from_minor(high, currency)


@final
@attrs.define(frozen=True)
class _Asked:
    """What a question says besides the amounts."""

    market: Market | str | None
    kind: str
    on: date
    tier: str | Tier | None
    rates: RateTable | None


def _quoted(
    program: Program,
    *,
    sold: Money | None = None,
    managed: Money | None = None,
    asked: _Asked,
    other_partners: int = 0,
) -> Quote:
    """Earn a book of one deal and one account; what cannot be valued is an error here."""
    refuse_program(program, "quote")
    on = checked_day(asked.on, where="quote: on")
    program.refuse_days_not_in_force(on)
    _refuse_kind(program, asked.kind)
    market = None if asked.market is None else as_market(asked.market)
    facts: list[Fact] = []
    if sold is not None:
        facts.append(_sale(sold, asked, market))
    if managed is not None:
        facts.append(_service(managed, on, market, other_partners))
    if asked.tier is not None:
        facts.append(Held(partner=_YOU, tier=program.tier(asked.tier).id, on=add_days(on, -1)))
    mine = earn(Book(facts), program, rates=asked.rates).partner(_YOU)
    if mine.problems:
        raise NotValued(*map(_put, mine.problems))
    entries = tuple(entry for entry in mine.entries if entry.fact == _SALE or on in entry.span)
    summed = program.tracks_by_quantity
    return Quote(
        program=program.id,
        on=on,
        sold=sold,
        managed=managed,
        market=market,
        kind=asked.kind,
        other_partners=other_partners,
        points=points_by_measure(program, entries),
        units=FrozenMap({name: unit for name, unit in units_of(program).items() if name in summed}),
        measures=summed,
        entries=entries,
    )


def _refuse_kind(program: Program, kind: str) -> None:
    kinds = {
        each
        for rule in program.rules
        if rule.fact is FactShape.DEAL
        for each in rule.where.get("kind", (kind,))
    }
    if kinds and kind not in kinds:
        expected = "one of " + ", ".join(sorted(kinds))
        raise NotValued(Problem("quote", "kind", shown(kind), expected, nearest(str(kind), kinds)))


def _sale(sold: Money, asked: _Asked, market: Market | None) -> Deal:
    return Deal(
        id=_SALE,
        partner=_YOU,
        customer="customer",
        closed_on=asked.on,
        mrr=sold,
        kind=asked.kind,
        market=market,
        motion="new",
    )


def _service(managed: Money, on: date, market: Market | None, other_partners: int) -> ManagedAccount:
    names = [_YOU, *(f"partner {number}" for number in range(1, other_partners + 1))]
    holders = tuple(Holder(partner=name, since=on, until=add_days(on, 1)) for name in names)
    return ManagedAccount(id=_SERVICE, customer="customer", mrr=managed, holders=holders, market=market)


def _put(problem: Problem) -> Problem:
    """Say how a question is put in which nothing is missing: of a quote there is no book to add facts to."""
    hint = _WAYS_OUT.get(problem.field, problem.hint)
    return changed(problem, hint=hint)
