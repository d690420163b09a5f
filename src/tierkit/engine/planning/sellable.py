"""What can be sold: of which kinds, in which markets, and what each unit of it adds on a coming day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, final

from tierkit.engine.earning.bounds import bounds_of
from tierkit.engine.ledger import earn, lines_of
from tierkit.engine.moving.badge import has_tier_rates
from tierkit.engine.moving.walk import walk
from tierkit.engine.outlook import tiers_in
from tierkit.engine.planning.giving import MOST_DEALS, Offer, Term, least_deals
from tierkit.engine.tally import by_measure
from tierkit.errors import InvalidValue, NotValued, Problem, UnknownName, WrongType, nearest, shown
from tierkit.facts.book import Book
from tierkit.facts.facts import Deal, Held
from tierkit.frozen import FrozenMap, changed, frozen
from tierkit.programs.dated import Dated
from tierkit.programs.rules import FactShape
from tierkit.values.currency import Currency, as_currency
from tierkit.values.market import Market, as_market
from tierkit.values.money import Money
from tierkit.values.points import Points
from tierkit.values.span import add_days
from tierkit.values.tier import Tier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tierkit.engine.earning.entry import Entry
    from tierkit.engine.ledger import Ledger
    from tierkit.engine.planning.giving import Lot
    from tierkit.engine.planning.ways import Gate
    from tierkit.programs.program import Program
    from tierkit.programs.rules import EarningRule
    from tierkit.values.rates import RateTable

_PROBE = 10**15  # minor units of the deal that tells what each of them gives
_YOU = "you"


@final
@frozen(kw_only=True)
class PlanPart:
    """Monthly recurring revenue to sell, of one kind in one market: one deal, or several alike.

    Attributes:
        kind: the kind of the deal.
        market: the customer's market; None where nothing was said and no rule asks for one.
        group: the group of markets that multiplies the points; "" where none does.
        deals: in how many deals, each of the same amount: more than one where a rule bounds what one gives.
        mrr: how much, of each deal.
        closing: the day on which it closes.
        points: the points that all of it adds, by each track and measure that adds tracks up.
        binding: the quantities whose gates decide how much it takes.
    """

    kind: str
    market: Market | None
    group: str
    deals: int
    mrr: Money
    closing: date
    points: FrozenMap[Points]
    binding: tuple[str, ...]


@final
class Sellable:
    """What each unit of each kind and market gives on a day, if deals close on another.

    Args:
        program: the rules.
        rates: the exchange rates.
        held: the tier that is held when deals close, where points hang on that and it is known.
        sorts: the kinds of deals, each with a market; None for a market that is not said.
        currency: the currency of the amounts.
        closing: the day on which deals close.
        by: the day on which their points are counted.

    Raises:
        NotValued: the program does not value the currency on the day on which deals close.
        InvalidValue: no market was said, and the program has to know it.
    """

    def __init__(
        self,
        program: Program,
        rates: RateTable,
        held: Tier | None,
        sorts: Sequence[tuple[str, Market | None]],
        currency: Currency,
        *,
        closing: date,
        by: date,
    ) -> None:
        self.sorts = sorts
        self.currency = currency
        self.closing = closing
        self.by = by
        self.summed: FrozenMap[tuple[str, ...]] = program.tracks_by_quantity
        facts: list[Deal | Held] = [self._deal(place) for place in range(len(sorts))]
        if held is not None:
            facts.append(Held(partner=_YOU, tier=held.id, on=add_days(closing, -1)))
        probe = earn(Book(facts), _unbounded(program), rates=rates)
        self._refuse_unvalued(probe)
        entries = [probe[str(place)] for place in range(len(sorts))]
        live = [[entry for entry in each if by in entry.span] for each in entries]
        self.idle: list[list[Entry]] = [[entry for entry in each if by not in entry.span] for each in entries]
        self.groups: list[str] = ["".join(dict.fromkeys(entry.group for entry in each)) for each in live]
        rules = {rule.id: rule for rule in program.rules}
        self.offers: list[Offer] = [
            Offer([self._term(entry, rules) for entry in each], self.summed) for each in live
        ]

    def _term(self, entry: Entry, rules: Mapping[str, EarningRule]) -> Term:
        rule, points = rules[entry.reason.rule], entry.points.fraction
        each, flat = (points / _PROBE, Fraction(0)) if rule.amount else (Fraction(0), points)
        return Term(entry.track, each, flat, bounds_of(rule, self.closing))

    def _deal(self, place: int) -> Deal:
        kind, market = self.sorts[place]
        return Deal(
            id=str(place),
            partner=_YOU,
            customer=str(place),
            closed_on=self.closing,
            mrr=Money.from_minor(_PROBE, self.currency),
            kind=kind,
            market=market,
            motion="new",
        )

    def _refuse_unvalued(self, probe: Ledger) -> None:
        for failure in probe.failures(_YOU):
            if failure.problem.field == "currency":
                raise NotValued(changed(failure.problem, where=f"plan, closing on {self.closing}"))
            if failure.problem.field == "market" and self.sorts[int(failure.fact)][1] is None:
                found, expected = "nothing, and the partner has no deals to tell one", "where you can sell"
                hint = f'say markets=["DE"]; {failure.problem.hint}'
                raise InvalidValue(Problem("plan", "markets", found, expected, hint))

    def why_not(self, gates: Mapping[str, Gate]) -> str:
        """Say why no amounts pass every gate, as far as that can be told; gates stand under their names."""
        still = {
            name: gate.quantity
            for name, gate in gates.items()
            if not any(offer.each[gate.quantity] for offer in self.offers)
        }
        if not still:
            return "; ".join(filter(None, (self._too_many(name, gate) for name, gate in gates.items())))
        tracks = {track for quantity in still.values() for track in self.summed[quantity]}
        idle = {
            sort: [entry for entry in entries if entry.track in tracks]
            for sort, entries in zip(self.sorts, self.idle, strict=True)
        }
        whatever = any(term.track in tracks for offer in self.offers for term in offer.terms)
        points = f"{'more ' if whatever else ''}{' or '.join(still)} points"
        why = f"no {_named(self.sorts)} deal gives {points}{' the larger it is' if whatever else ''}"
        alone = not whatever and all(idle.values())
        return "; ".join([*([] if alone else [why]), *self._not_now(idle)])

    def _not_now(self, idle: Mapping[tuple[str, Market | None], Sequence[Entry]]) -> Iterator[str]:
        """Say which deals count on other days than the one that is asked about."""
        ended = [sort for sort, entries in idle.items() if any(_ended(entry, self.by) for entry in entries)]
        if ended:
            yield f"the points of {_named(ended)} deals that close on {self.closing} end by {self.by}"
        pending: dict[date, list[tuple[str, Market | None]]] = {}
        for sort, entries in idle.items():
            for entry in entries:
                if entry.span.start is not None and entry.span.start > self.by:
                    pending.setdefault(entry.span.start, []).append(sort)
        for start, sorts in pending.items():
            yield (
                f"a {_named(sorts)} deal of {self.closing} counts from {start}: "
                "say an earlier closing, or a later by"
            )

    def _too_many(self, name: str, gate: Gate) -> str:
        """Say that it takes too many deals, as each gives only so much; nothing where it does not."""
        mosts = [offer.most[gate.quantity] for offer in self.offers]
        most = max((each for each in mosts if each is not None), default=Fraction(0))
        if None in mosts or most * MOST_DEALS >= gate.missing:
            return ""
        return (
            f"one {_named(self.sorts)} deal gives at most {Points(most)} {name} points, and no plan has more "
            f"than {MOST_DEALS} deals of an amount"
        )

    def _part(self, lot: Lot, place: int, binding: tuple[str, ...]) -> PlanPart:
        kind, market = self.sorts[place]
        tracks = self.offers[place].tracks(lot.units)
        return PlanPart(
            kind=kind,
            market=market,
            group=self.groups[place],
            deals=lot.deals,
            mrr=Money.from_minor(lot.units, self.currency),
            closing=self.closing,
            points=by_measure(self.summed, {track: lot.deals * each for track, each in tracks.items()}),
            binding=binding,
        )

    def options(self, gates: Sequence[Gate]) -> tuple[PlanPart, ...]:
        """Give the amount of each kind and market that alone passes every gate, where one does."""
        return tuple(part for place in range(len(self.sorts)) for part in self._parts(gates, [place]))

    def mix(self, gates: Sequence[Gate]) -> list[PlanPart]:
        """Give parts of the least amount in all that pass every gate together, but for rounding."""
        alike: dict[tuple[Term, ...], int] = {}
        for place, offer in enumerate(self.offers):
            alike.setdefault(offer.terms, place)
        return self._parts(gates, list(alike.values()))

    def _parts(self, gates: Sequence[Gate], places: Sequence[int]) -> list[PlanPart]:
        least = least_deals(gates, [self.offers[place] for place in places]) if gates else None
        if least is None:
            return []
        lots, binding = least
        return [self._part(lot, places[lot.place], binding) for lot in lots]


def deals_of(parts: Iterable[PlanPart], *, partner: str, tier: Tier, on: date, by: date) -> tuple[Deal, ...]:
    """Give the deals that carry some parts out; their ids name the plan, its tier and its two days."""
    name = f"plan/{partner}/{tier.id}/{on}/{by}"
    return tuple(
        Deal(
            id=f"{name}/{number}",
            partner=partner,
            customer=f"{name}/{number}",
            closed_on=part.closing,
            mrr=part.mrr,
            kind=part.kind,
            market=part.market,
            motion="new",
        )
        for number, part in enumerate((part for part in parts for _ in range(part.deals)), start=1)
    )


def sellable_of(
    ledger: Ledger,
    *,
    kinds: Iterable[str],
    markets: Iterable[Market | str],
    currency: Currency | str | None,
    closing: date,
    by: date,
) -> Sellable | None:
    """Say what the ledger's one partner can sell: what was named, and else what it usually does.

    Where no rule of the program is for deals there is nothing to sell, and no currency is asked for.

    Raises:
        UnknownName: the program has no such kind of deal.
        InvalidValue: no currency, or no market, was said and there are no deals to tell one.
        NotValued: the program does not value the currency on the day on which deals close.
        WrongType: a single text where there should be a list.
    """
    _refuse_single("kinds", kinds)
    _refuse_single("markets", markets)
    deals = [rule for rule in ledger.program.rules if rule.fact is FactShape.DEAL]
    if not deals:
        return None
    known = _kinds(deals, tuple(kinds))
    places = [*dict.fromkeys(as_market(each) for each in markets)] or _usual_markets(ledger, closing)
    sorts = [(kind, market) for kind in known for market in places or (None,)]
    paid_in = _currency(ledger, currency)
    held = _held(ledger, closing)
    return Sellable(ledger.program, ledger.rates, held, sorts, paid_in, closing=closing, by=by)


def _unbounded(program: Program) -> Program:
    """Give a program in which what a deal gives is in proportion to its amount."""
    rules = tuple(changed(rule, at_least=Dated(), at_most=Dated(), round=Dated()) for rule in program.rules)
    return changed(program, rules=rules)


def _held(ledger: Ledger, on: date) -> Tier | None:
    """Give the tier under which the deals of a day fall, where that multiplies what they give."""
    tiers = tiers_in(ledger.program, walk(ledger, on)) if has_tier_rates(ledger.program) else None
    held = tiers[0](on) if tiers else None
    return held if isinstance(held, Tier) else None


def _refuse_single(name: str, given: object) -> None:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise WrongType(Problem("plan", name, shown(given), f"a list of {name}", f"write {name}=[{given!r}]"))


def _named(sorts: Iterable[tuple[str, Market | None]]) -> str:
    return " or ".join(dict.fromkeys(kind for kind, _ in sorts))


def _ended(entry: Entry, by: date) -> bool:
    return entry.span.end is not None and entry.span.end <= by


def _kinds(deals: Sequence[EarningRule], kinds: tuple[str, ...]) -> list[str]:
    """Give the kinds of deals that can be sold: those that were named, or all that the rules know."""
    known = list(dict.fromkeys(kind for rule in deals for kind in rule.where.get("kind", ())))
    unknown = [kind for kind in kinds if known and kind not in known]
    if unknown:
        expected = f"one of {', '.join(known)}"
        raise UnknownName(
            *(Problem("plan", "kinds", shown(each), expected, nearest(str(each), known)) for each in unknown)
        )
    return list(kinds) or known or ["deal"]  # where no rule looks at it, any kind will do


def _currency(ledger: Ledger, currency: Currency | str | None) -> Currency:
    if currency is not None:
        return as_currency(currency)
    codes = Counter(deal.mrr.currency.code for deal in _deals(ledger))
    if not codes:
        found, expected = "nothing, and the partner has no deals to tell one", "the currency of the amounts"
        raise InvalidValue(Problem("plan", "currency", found, expected, 'say currency="EUR"'))
    return Currency(min(codes, key=lambda code: (-codes[code], code)))


def _usual_markets(ledger: Ledger, on: date) -> list[Market]:
    """Give the market where the partner sold most of each group that multiplies points, and of none.

    Where it has sold nothing, its own market stands in; of a group also any other.
    """
    program = ledger.program
    deals = [rule for rule in program.rules if rule.fact is FactShape.DEAL]
    groups = list(dict.fromkeys(group for rule in deals for group in rule.multiply))
    sold = Counter(deal.market for deal in _deals(ledger) if deal.market is not None)
    usual = sorted(sold, key=lambda market: (-sold[market], market.code))
    who = lines_of(ledger).people.get(ledger.partner_id)
    if who is not None and who.market is not None:
        usual.append(who.market)
    members = {
        group: {code for code in program.groups[group].members if program.groups[group].membership(code, on)}
        for group in groups
    }
    found = [
        next((market for market in usual if market.code in its), None) or Market(min(its))
        for its in members.values()
        if its
    ]
    elsewhere = (market for market in usual if not any(market.code in its for its in members.values()))
    return [*found, *(market for market in [next(elsewhere, None)] if market)]


def _deals(ledger: Ledger) -> list[Deal]:
    cells = lines_of(ledger).cells.get(ledger.partner_id, ())
    return [fact for cell in cells for fact in cell.facts if isinstance(fact, Deal)]
