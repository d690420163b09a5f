"""A plan: what is missing for a tier on a coming day, in points, in money and in accounts kept alive."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from operator import itemgetter
from typing import TYPE_CHECKING, final

import attrs

from tierkit.engine.earning.states import Worth, worth_on
from tierkit.engine.judge import Check, Progress, judge, verdicts_on
from tierkit.engine.ledger import earn, lines_of, of_one_partner
from tierkit.engine.moving.walk import tally_of
from tierkit.engine.outlook import seen_on, serviced
from tierkit.engine.standing import points_by_measure
from tierkit.engine.tally import by_measure, holding_of
from tierkit.engine.ways import Gate, least_units, ways_to
from tierkit.errors import InvalidValue, Problem, UnknownName, nearest, shown
from tierkit.facts.book import Book
from tierkit.facts.facts import Deal
from tierkit.frozen import FrozenMap, frozen
from tierkit.looks import html_of
from tierkit.programs.requirements import Comparison, Subject
from tierkit.programs.rules import FactShape
from tierkit.values.currency import Currency, as_currency
from tierkit.values.market import Market, as_market
from tierkit.values.money import Money
from tierkit.values.points import Points
from tierkit.values.span import checked_day
from tierkit.values.tier import Tier
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tierkit.engine.ledger import Ledger
    from tierkit.programs.program import Program
    from tierkit.programs.requirements import Condition

_PROBE = 10**15  # minor units, far above any least that a deal gives: so much more tells what each unit gives


@final
@frozen(kw_only=True)
class PlanPart:
    """Monthly recurring revenue to sell, of one kind in one market.

    Attributes:
        kind: the kind of the deal.
        market: the customer's market.
        group: the group of markets that multiplies the points; "" where none does.
        mrr: how much.
        closing: the day on which it closes.
        points: the points that it adds, by track and measure.
        binding: the quantities whose gates decide how much it takes.
    """

    kind: str
    market: Market
    group: str
    mrr: Money
    closing: date
    points: FrozenMap[Points]
    binding: tuple[str, ...]


@final
@frozen(kw_only=True)
class KeptAccount:
    """A managed account that lapses before the day unless it stays serviced.

    Attributes:
        account: the id of the account.
        customer: its customer.
        points: the points that it then gives on the day, by track and measure.
    """

    account: str
    customer: str
    points: FrozenMap[Points]


@final
@frozen(kw_only=True)
class Plan:
    """What is missing for a tier on a coming day, and what would bring it.

    Attributes:
        program: the id of the program.
        partner: the id of the partner.
        tier: the tier.
        on: the day from which is looked ahead; later facts are ignored.
        by: the day on which the tier is to be reached, after what expires until then, under its bars.
        closing: the day on which new deals close.
        progress: the tier's conditions on that day, if nothing happens.
        gates: the conditions on points that are not met, which the plan is to pass.
        waiting: the other conditions that are not met: readings, which no sale brings.
        options: for each kind and market the amount that alone passes every gate; those that cannot are
            left out.
        mix: the least amount in all, of the kinds and markets that can be sold; empty where nothing is
            missing, or nothing that can be sold helps.
        binding: the quantities whose gates decide how much that is.
        keep: the accounts to keep alive that pass the gates by themselves, those with most points first.
        kept_enough: whether keeping them is enough; if not, they are all that there are.
        note: why there is no plan, where there is none.
    """

    program: str
    partner: str
    tier: Tier
    on: date
    by: date
    closing: date
    progress: Progress
    gates: tuple[Check, ...]
    waiting: tuple[Check, ...]
    options: tuple[PlanPart, ...]
    mix: tuple[PlanPart, ...]
    binding: tuple[str, ...]
    keep: tuple[KeptAccount, ...]
    kept_enough: bool
    note: str

    def _repr_html_(self) -> str:
        return html_of(self)

    def deals(self, parts: Iterable[PlanPart] | None = None) -> tuple[Deal, ...]:
        """Give the mix, or some other parts, as the deals that would carry it out: for `book.adding`."""
        return tuple(
            Deal(
                id=f"plan-{number}",
                partner=self.partner,
                customer=f"plan-{number}",
                closed_on=part.closing,
                mrr=part.mrr,
                kind=part.kind,
                market=part.market,
                motion="new",
            )
            for number, part in enumerate(self.mix if parts is None else parts, start=1)
        )


def plan(
    ledger: Ledger,
    *,
    tier: str | Tier,
    on: date,
    by: date,
    closing: date | None = None,
    currency: Currency | str | None = None,
    markets: Iterable[Market | str] = (),
    kinds: Iterable[str] = (),
    partner: str | None = None,
) -> Plan:
    """Say what is missing for a tier on a coming day, and what would bring it.

    Args:
        ledger: what the book earned.
        tier: the tier, or its id.
        on: the day from which is looked ahead; what happened later is ignored.
        by: the day on which the tier is to be reached.
        closing: the day on which new deals close; `by` where it is left out.
        currency: the currency of the amounts; where it is left out, that of most of the partner's deals.
        markets: where the partner can sell; where it is left out, one market of each group that multiplies
            points, and one of none: those in which the partner sold most.
        kinds: what the partner can sell; where it is left out, every kind of deal that the program knows.
        partner: whose plan; needed only where the ledger has several partners.

    Raises:
        NotCovered: the program does not count in points on that day.
        UnknownName: the program has no such tier or kind of deal, or the ledger no such partner.
        InvalidValue: the days are not in the order on, closing, by; no currency was given and the book has
            no deals to tell one; or the ledger has several partners, or none, and none was named.
    """
    closing = by if closing is None else closing
    _check_days(on, closing, by)
    program, ledger = ledger.program, seen_on(of_one_partner(ledger, partner, "plan"), on)
    program.refuse_days_without_points(by)
    wanted = program.tier(tier)
    known_kinds, places = _kinds(program, tuple(kinds)), [as_market(each) for each in markets]
    holding = holding_of(ledger, tally_of(ledger, by))
    progress = next(each for each in judge(program, by, holding) if each.tier == wanted)
    ways, note = _ways(program, progress, by)
    sellable = _Sellable(
        ledger,
        kinds=known_kinds,
        markets=places or _usual_markets(ledger, closing),
        currency=_currency(ledger, currency),
        closing=closing,
        by=by,
    )

    def brings(way: _Way, parts: Sequence[PlanPart]) -> bool:
        # What more points bring may be undone by them, where a condition asks for fewer.
        points = {
            name: sum((part.points[name] for part in parts), had) for name, had in holding.points.items()
        }
        held = attrs.evolve(holding, points=FrozenMap(points))
        past = [check.quantity for check in way.waiting]
        return verdicts_on(program, by, held, past=past)[wanted] is Verdict.MET

    way, options, mix = _cheapest(ways, sellable, brings)
    asked = [_gate(check) for check in way.gates]
    keep, enough = _kept(ledger, on, by, asked)
    if asked and not mix:
        note = "nothing that can be sold passes every gate"
    return Plan(
        program=program.id,
        partner=ledger.partner_id,
        tier=wanted,
        on=on,
        by=by,
        closing=closing,
        progress=progress,
        gates=way.gates,
        waiting=way.waiting,
        options=options,
        mix=mix,
        binding=mix[0].binding if mix else (),
        keep=keep,
        kept_enough=enough,
        note=note,
    )


def _check_days(on: date, closing: date, by: date) -> None:
    for name, day in (("on", on), ("by", by), ("closing", closing)):
        checked_day(day, where=f"plan: {name}")
    if not on <= closing <= by:
        found, expected = f"on {on}, closing {closing}, by {by}", "days in the order on, closing, by"
        raise InvalidValue(Problem("plan", "on, closing, by", found, expected))


def _kinds(program: Program, kinds: tuple[str, ...]) -> list[str]:
    """Give the kinds of deals that can be sold: those that were named, or all that the program knows."""
    deals = [rule for rule in program.rules if rule.fact is FactShape.DEAL]
    known = list(dict.fromkeys(kind for rule in deals for kind in rule.where.get("kind", ())))
    unknown = [kind for kind in kinds if known and kind not in known]
    if unknown:
        expected = f"one of {', '.join(known)}"
        raise UnknownName(
            *(Problem("plan", "kinds", shown(each), expected, nearest(str(each), known)) for each in unknown)
        )
    return list(kinds) or known or (["deal"] if deals else [])  # where no rule looks at it, any kind will do


def _currency(ledger: Ledger, currency: Currency | str | None) -> Currency:
    if currency is not None:
        return as_currency(currency)
    codes = Counter(deal.mrr.currency.code for deal in _deals(ledger))
    if not codes:
        found, expected = "nothing, and the partner has no deals to tell one", "the currency of the amounts"
        raise InvalidValue(Problem("plan", "currency", found, expected, 'say currency="EUR"'))
    return Currency(min(codes, key=lambda code: (-codes[code], code)))


def _deals(ledger: Ledger) -> list[Deal]:
    cells = lines_of(ledger).cells.get(ledger.partner_id, ())
    return [fact for cell in cells for fact in cell.facts if isinstance(fact, Deal)]


def _usual_markets(ledger: Ledger, on: date) -> list[Market]:
    """Give the market where the partner sold most of each group that multiplies points, and of none."""
    program = ledger.program
    groups = list(dict.fromkeys(group for rule in program.rules for group in rule.multiply))
    sold = Counter(deal.market for deal in _deals(ledger) if deal.market is not None)
    usual = sorted(sold, key=lambda market: (-sold[market], market.code))
    members = {
        group: {
            code
            for code, dated in program.groups[group].members.items()
            if (period := dated.at(on)) is not None and period.value
        }
        for group in groups
    }
    found = [
        next((market for market in usual if market.code in its), None) or Market(min(its))
        for its in members.values()
        if its
    ]
    elsewhere = (market for market in usual if not any(market.code in its for its in members.values()))
    return [*found, *(market for market in [next(elsewhere, None)] if market)]


@final
@attrs.define(frozen=True)
class _Way:
    """Conditions that would bring the tier, met together: those on points, and those that no sale brings."""

    gates: tuple[Check, ...]
    waiting: tuple[Check, ...]


def _ways(program: Program, progress: Progress, by: date) -> tuple[list[_Way], str]:
    """Give the ways to a tier; where there is none, one without gates, and why there is none."""
    period = program.requires[progress.tier.id].at(by) if progress.tier.id in program.requires else None
    if period is None:
        return [_Way((), ())], progress.note
    asked = dict.fromkeys(period.value.conditions())
    by_condition = dict(zip(asked, progress.checks, strict=False))  # those of other days come after them
    verdicts = {each: check.verdict for each, check in by_condition.items() if check.verdict is not None}
    ways = ways_to(period.value, verdicts)
    unknown = [each for each, check in by_condition.items() if _is_points(each) and check.missing is None]
    found = [
        _Way(
            gates=tuple(by_condition[each] for each in way if _is_points(each)),
            waiting=tuple(by_condition[each] for each in way if not _is_points(each)),
        )
        for way in ways
        if not set(way) & set(unknown)
    ]
    if found:
        return found, ""
    others = (each for each, verdict in verdicts.items() if verdict is not Verdict.MET)
    none = _Way((), tuple(by_condition[each] for each in others if not _is_points(each)))
    if not ways:
        return [none], "no sale brings this tier: it asks that some condition is not met"
    why = program.bars_note(by) or "a fact that could not be valued may take points away"
    names = ", ".join(by_condition[each].name for each in unknown)
    return [none], f"what is missing of {names} is not known: {why}"


def _cheapest(
    ways: Iterable[_Way], sellable: _Sellable, brings: Callable[[_Way, Sequence[PlanPart]], bool]
) -> tuple[_Way, tuple[PlanPart, ...], tuple[PlanPart, ...]]:
    """Choose among ways: give one, what alone passes its gates, and the mix of least amount that does.

    The readings that a way waits for are not for sale: of those that can be gone, one with the fewest.
    """
    found: list[tuple[tuple[bool, int, int], _Way, tuple[PlanPart, ...], tuple[PlanPart, ...]]] = []
    for way in ways:
        gates = [_gate(check) for check in way.gates]
        options = [part for part in sellable.options(gates) if brings(way, [part])]
        mixes = [
            mix for mix in [sellable.mix(gates), *([part] for part in options)] if mix and brings(way, mix)
        ]
        mix = min(mixes, key=_amount) if mixes else []
        order = bool(gates and not mix), len(way.waiting), _amount(mix)
        found.append((order, way, tuple(options), tuple(mix)))
    return min(found, key=itemgetter(0))[1:]


def _amount(parts: Iterable[PlanPart]) -> int:
    return sum(part.mrr.minor for part in parts)


def _is_points(condition: Condition) -> bool:
    return condition.subject is Subject.MEASURE


def _gate(check: Check) -> Gate:
    missing = check.missing.fraction if isinstance(check.missing, Points) else Fraction(0)
    return Gate(check.quantity, missing, passed=check.comparison is Comparison.ABOVE)


@final
class _Sellable:
    """What each unit of each kind and market gives on the day."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        kinds: Sequence[str],
        markets: Sequence[Market],
        currency: Currency,
        closing: date,
        by: date,
    ) -> None:
        self.program = ledger.program
        self.currency = currency
        self.closing = closing
        self.sorts = [(kind, market) for kind in kinds for market in dict.fromkeys(markets)]
        self.groups: list[str] = [""] * len(self.sorts)
        self.gives: list[Mapping[str, Fraction]] = [{} for _ in self.sorts]
        places = range(len(self.sorts))
        probe = earn(Book(self._deal(place, times) for place in places for times in (1, 2)), self.program)
        for place in places:
            once, twice = (
                [entry for entry in probe[f"{place}-{times}"] if by in entry.span] for times in (1, 2)
            )
            self.groups[place] = "".join(dict.fromkeys(entry.group for entry in once))
            less, more = (points_by_measure(self.program, entries) for entries in (once, twice))
            self.gives[place] = {name: (more[name] - less[name]).fraction / _PROBE for name in more}

    def _deal(self, place: int, times: int) -> Deal:
        kind, market = self.sorts[place]
        return Deal(
            id=f"{place}-{times}",
            partner="you",
            customer=f"{place}",
            closed_on=self.closing,
            mrr=Money.from_minor(times * _PROBE, self.currency),
            kind=kind,
            market=market,
            motion="new",
        )

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


def _kept(ledger: Ledger, on: date, by: date, gates: Sequence[Gate]) -> tuple[tuple[KeptAccount, ...], bool]:
    """Give the accounts that would lapse, as many as pass the gates if they stay serviced."""
    if not gates:
        return (), True
    program, partner = ledger.program, ledger.partner_id
    valuation = lines_of(ledger).valuation
    gained: dict[tuple[str, str], dict[str, Fraction]] = {}
    for side, sign in ((serviced(ledger, on), 1), (ledger, -1)):
        for line in lines_of(side).states.get(partner, ()):
            worth = worth_on(valuation, line, by)
            if isinstance(worth, Worth):
                tracks = gained.setdefault((line.fact.id, line.fact.customer), {})
                tracks[line.rule.track] = tracks.get(line.rule.track, Fraction(0)) + sign * worth.points
    accounts = [
        KeptAccount(account=account, customer=customer, points=by_measure(program.tracks_by_quantity, tracks))
        for (account, customer), tracks in gained.items()
        if any(tracks.values())
    ]
    accounts.sort(
        key=lambda each: (-sum(each.points[gate.quantity].fraction for gate in gates), each.account)
    )
    kept: list[KeptAccount] = []
    for account in accounts:
        if _passed(gates, kept):
            break
        if any(account.points[gate.quantity] > Points(0) for gate in gates):
            kept.append(account)
    return tuple(kept), _passed(gates, kept)


def _passed(gates: Sequence[Gate], kept: Sequence[KeptAccount]) -> bool:
    have = [sum((each.points[gate.quantity] for each in kept), Points(0)).fraction for gate in gates]
    return all(
        got > gate.missing if gate.passed else got >= gate.missing
        for gate, got in zip(gates, have, strict=True)
    )
