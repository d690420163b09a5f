"""What can be sold: of which kinds, in which markets, and what each unit of it adds on a coming day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, final

from tierkit.engine.ledger import earn, lines_of
from tierkit.engine.moving.badge import has_tier_rates
from tierkit.engine.moving.walk import walk
from tierkit.engine.outlook import tiers_in
from tierkit.engine.standing import points_by_measure
from tierkit.engine.ways import least_units
from tierkit.errors import InvalidValue, NotValued, Problem, UnknownName, WrongType, nearest, shown
from tierkit.facts.book import Book
from tierkit.facts.facts import Deal, Held
from tierkit.frozen import FrozenMap, changed, frozen
from tierkit.programs.rules import FactShape
from tierkit.values.currency import Currency, as_currency
from tierkit.values.market import Market, as_market
from tierkit.values.money import Money
from tierkit.values.points import Points
from tierkit.values.span import add_days
from tierkit.values.tier import Tier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from tierkit.engine.earning.entry import Entry
    from tierkit.engine.ledger import Ledger
    from tierkit.engine.ways import Gate
    from tierkit.programs.program import Program
    from tierkit.programs.rules import EarningRule
    from tierkit.values.rates import RateTable

_PROBE = 10**15  # minor units, far above any least that a deal gives: so much more tells what each unit gives
_YOU = "you"


@final
@frozen(kw_only=True)
class PlanPart:
    """Monthly recurring revenue to sell, of one kind in one market.

    Attributes:
        kind: the kind of the deal.
        market: the customer's market; None where nothing was said and no rule asks for one.
        group: the group of markets that multiplies the points; "" where none does.
        mrr: how much.
        closing: the day on which it closes.
        points: the points that it adds, by each track and measure that adds tracks up.
        binding: the quantities whose gates decide how much it takes.
    """

    kind: str
    market: Market | None
    group: str
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
        self.groups: list[str] = []
        self.ended: list[bool] = []
        self.least: list[Mapping[str, Points]] = []
        self.gives: list[Mapping[str, Fraction]] = []
        places = range(len(sorts))
        facts: list[Deal | Held] = [self._deal(place, times) for place in places for times in (1, 2)]
        if held is not None:
            facts.append(Held(partner=_YOU, tier=held.id, on=add_days(closing, -1)))
        probe = earn(Book(facts), program, rates=rates)
        self._refuse_unvalued(probe)
        for place in places:
            once, twice = (
                [entry for entry in probe[f"{place}-{times}"] if by in entry.span] for times in (1, 2)
            )
            self.ended.append(not once and any(_ended(entry, by) for entry in probe[f"{place}-1"]))
            self.groups.append("".join(dict.fromkeys(entry.group for entry in once)))
            less, more = (points_by_measure(program, entries) for entries in (once, twice))
            self.least.append(less)
            self.gives.append({name: (more[name] - less[name]).fraction / _PROBE for name in more})

    def _deal(self, place: int, times: int) -> Deal:
        kind, market = self.sorts[place]
        return Deal(
            id=f"{place}-{times}",
            partner=_YOU,
            customer=f"{place}",
            closed_on=self.closing,
            mrr=Money.from_minor(times * _PROBE, self.currency),
            kind=kind,
            market=market,
            motion="new",
        )

    def _refuse_unvalued(self, probe: Ledger) -> None:
        for failure in probe.failures(_YOU):
            place, _ = failure.fact.split("-")
            if failure.problem.field == "currency":
                raise NotValued(changed(failure.problem, where=f"plan, closing on {self.closing}"))
            if failure.problem.field == "market" and self.sorts[int(place)][1] is None:
                found, expected = "nothing, and the partner has no deals to tell one", "where you can sell"
                hint = f'say markets=["DE"]; {failure.problem.hint}'
                raise InvalidValue(Problem("plan", "markets", found, expected, hint))

    def why_not(self, gates: Mapping[str, Gate]) -> str:
        """Say why no amounts pass every gate, as far as that can be told; gates stand under their names."""
        still = {
            name: gate.quantity
            for name, gate in gates.items()
            if not any(gives[gate.quantity] for gives in self.gives)
        }
        if not still:
            return ""
        ended = [sort for sort, gone in zip(self.sorts, self.ended, strict=True) if gone]
        whatever = any(less[quantity] != Points(0) for quantity in still.values() for less in self.least)
        points = f"{'more ' if whatever else ''}{' or '.join(still)} points"
        why = [f"no {_named(self.sorts)} deal gives {points}{' the larger it is' if whatever else ''}"]
        if ended:
            why.append(f"the points of {_named(ended)} deals that close on {self.closing} end by {self.by}")
        return "; ".join(why[-1:] if ended == [*self.sorts] else why)

    def _part(self, place: int, units: int, binding: tuple[str, ...]) -> PlanPart:
        kind, market = self.sorts[place]
        return PlanPart(
            kind=kind,
            market=market,
            group=self.groups[place],
            mrr=Money.from_minor(units, self.currency),
            closing=self.closing,
            points=FrozenMap({name: Points(each * units) for name, each in self.gives[place].items()}),
            binding=binding,
        )

    def options(self, gates: Sequence[Gate]) -> tuple[PlanPart, ...]:
        """Give the amount of each kind and market that alone passes every gate, where one does."""
        found: list[PlanPart] = []
        for place, gives in enumerate(self.gives):
            least = least_units(gates, [gives]) if gates else None
            if least is not None:
                found.append(self._part(place, least[0][0], least[1]))
        return tuple(found)

    def mix(self, gates: Sequence[Gate]) -> list[PlanPart]:
        """Give parts of the least amount in all that pass every gate together, but for whole units."""
        alike: dict[tuple[tuple[str, Fraction], ...], int] = {}
        for place, gives in enumerate(self.gives):
            alike.setdefault(tuple(gives.items()), place)
        places = list(alike.values())
        least = least_units(gates, [self.gives[place] for place in places]) if gates else None
        if least is None:
            return []
        return [
            self._part(place, units, least[1]) for place, units in zip(places, least[0], strict=True) if units
        ]


def deals_of(parts: Iterable[PlanPart], *, partner: str, name: str) -> tuple[Deal, ...]:
    """Give the deals that carry some parts out, with ids that begin with a name."""
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
        for number, part in enumerate(parts, start=1)
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
    """Give the market where the partner sold most of each group that multiplies points, and of none."""
    program = ledger.program
    deals = [rule for rule in program.rules if rule.fact is FactShape.DEAL]
    groups = list(dict.fromkeys(group for rule in deals for group in rule.multiply))
    sold = Counter(deal.market for deal in _deals(ledger) if deal.market is not None)
    usual = sorted(sold, key=lambda market: (-sold[market], market.code))
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
