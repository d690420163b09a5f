"""Comparing: the same book under several programs on a day, and what a rule change does to whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, final

from tierkit.engine.ledger import Ledger, earn
from tierkit.engine.moving.journey import rank_of
from tierkit.engine.review import review
from tierkit.engine.standing import assess
from tierkit.engine.verdicts import ReachedTier
from tierkit.errors import (
    InvalidValue,
    NotCovered,
    Problem,
    UnknownName,
    one_named,
    refuse_other,
    unknown_name,
)
from tierkit.facts.book import Book
from tierkit.facts.checks import checked_years
from tierkit.frozen import FrozenMap, changed, frozen
from tierkit.looks import html_of
from tierkit.programs.diff import Difference
from tierkit.programs.program import Program, refuse_program
from tierkit.values.points import Points
from tierkit.values.tier import Tier
from tierkit.values.verdict import Verdict
from tierkit.values.word import Word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tierkit.values.rates import RateTable

_FEWEST = 2


@final
class TierChange(Word):
    """How a tier under one program lies to that under another."""

    SAME = "same"
    ROSE = "rose"
    FELL = "fell"
    UNKNOWN = "unknown"
    """One of the two is unknown."""
    NOT_COMPARED = "not compared"
    """The programs have different ladders, none has both tiers, or there is nothing to compare with."""


@final
@frozen(kw_only=True)
class ComparedStanding:
    """What one partner has under one of the programs, and how that differs from the first.

    Attributes:
        program: the program's label in the comparison.
        points: the points by track and measure; none on a day that the program does not cover.
        figures: the tracks and measures that count something else, exact; None where nothing is known.
        units: what each of those counts: "users", "%", the code of a currency; "" for a bare number.
        at_least: the tracks and measures that are only known to be at least so much.
        unsure: the tracks and measures that are no bound either way.
        performance_tier: the tier that the points of the day reach; None below the lowest.
        possible_tier: the highest tier above it that is unknown for want of a reading or a value.
        credited_tier: the tier that is held on the day; None below the lowest.
        gained: points more than under the first program, by each track and measure that both have; what is
            below zero is lost. Of what is only known to be at least so much, the known points are compared.
        grown: how much more than under the first program, by each track and measure that both have, in the
            same unit, and that counts something else than points; none where it is not known under both.
        performance_change: how the performance tier lies to that under the first program; unknown where that
            hangs on facts that could not be valued.
        credited_change: how the credited tier lies to that under the first program.
        refused: what the program does not cover: the day, or the tier that the book says is held.
        problems: the facts that could not be valued under the program.
    """

    program: str
    points: FrozenMap[Points]
    figures: FrozenMap[Fraction | None]
    units: FrozenMap[str]
    at_least: tuple[str, ...]
    unsure: tuple[str, ...]
    performance_tier: ReachedTier
    possible_tier: Tier | None
    credited_tier: ReachedTier
    gained: FrozenMap[Points]
    grown: FrozenMap[Fraction]
    performance_change: TierChange
    credited_change: TierChange
    refused: tuple[Problem, ...]
    problems: tuple[Problem, ...]

    def __getitem__(self, quantity: str) -> Points:
        """Give the points of a track or measure.

        Raises:
            UnknownName: the program has none of that name, or does not cover the day.
        """
        return one_named(self.program, "measure", quantity, self.points)

    @property
    def changed(self) -> bool:
        """Whether a quantity that both have, or a tier, is known to differ from the first's."""
        moved = {self.performance_change, self.credited_change} & {TierChange.ROSE, TierChange.FELL}
        more = any(points != Points(0) for points in self.gained.values())
        return bool(moved) or more or any(self.grown.values())


@final
@frozen
class ComparedPartner:
    """One partner under each of the programs.

    Attributes:
        partner: the id of the partner.
        standings: what the partner has under each, in the order of the programs.
    """

    partner: str
    standings: tuple[ComparedStanding, ...]

    def __getitem__(self, program: str) -> ComparedStanding:
        """Give the standing under the program of a label.

        Raises:
            UnknownName: the comparison has no such program.
        """
        return one_named("comparison", "program", program, {each.program: each for each in self.standings})

    @property
    def changed(self) -> bool:
        """Whether a quantity or a tier is known to differ under any of the programs."""
        return any(each.changed for each in self.standings)


@final
@frozen(kw_only=True)
class Comparison:
    """The partners of a book under several programs on one day.

    Attributes:
        on: the day.
        programs: a label for each program: its id, with " #2" where the same id comes again.
        partners: the partners that were asked for, each under every program.
        differences: by label, what each program has otherwise than the first: of the first itself, nothing.
    """

    on: date
    programs: tuple[str, ...]
    partners: tuple[ComparedPartner, ...]
    differences: FrozenMap[tuple[Difference, ...]]

    def _repr_html_(self) -> str:
        return html_of(self)

    def __getitem__(self, partner: str) -> ComparedPartner:
        """Give what was compared of one partner.

        Raises:
            UnknownName: the comparison has no such partner.
        """
        return one_named("comparison", "partner", partner, {each.partner: each for each in self.partners})

    @property
    def changed(self) -> tuple[ComparedPartner, ...]:
        """The partners for whom a quantity or a tier is known to differ."""
        return tuple(each for each in self.partners if each.changed)


def compare(
    book: Book,
    programs: Sequence[Program],
    *,
    on: date,
    partner: str | None = None,
    rates: RateTable | None = None,
) -> Comparison:
    """Say what each partner of a book has under several programs on a day: what a rule change does to whom.

    Tiers compare where the programs have one ladder: a program and the same one with an overlay, or two files
    with the same id. A day or a partner that one program does not cover stops the others not.

    Args:
        book: the facts.
        programs: at least two programs; the others are held against the first.
        on: the day.
        partner: whose standing; all that the book has where it is left out.
        rates: the exchange rates at which tracks of money count amounts in other currencies.

    Raises:
        InvalidValue: a day is outside of 1900 to 2100; there are fewer than two programs.
        UnknownName: the book has no such partner.
        WrongType: for anything but a book, a list of programs and a day.
    """
    checked_years(on, "compare: on")
    refuse_other(book, Book, "compare: book", "a Book: read_book(…) or Book([…])")
    refuse_other(programs, Sequence, "compare: programs", "a list of at least two programs")
    for program in programs:
        refuse_program(program, "compare")
    if len(programs) < _FEWEST:
        hint = "add another program, or the same one with an overlay"
        found = f"{len(programs)} program{'' if len(programs) == 1 else 's'}"
        raise InvalidValue(Problem("compare", "programs", found, "at least two programs", hint))
    labels = tuple(_labels(programs))
    ledgers = [earn(book, program, rates=rates) for program in programs]
    known = sorted({name for ledger in ledgers for name in ledger.partners})
    if partner is not None and partner not in known:
        error = unknown_name("compare", "partner", partner, known)
        raise error
    return Comparison(
        on=on,
        programs=labels,
        partners=tuple(
            _partner(name, labels, ledgers, on) for name in (known if partner is None else (partner,))
        ),
        differences=FrozenMap(
            {label: programs[0].diff(program) for label, program in zip(labels, programs, strict=True)}
        ),
    )


def _labels(programs: Sequence[Program]) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for program in programs:
        seen[program.id] += 1
        yield program.id if seen[program.id] == 1 else f"{program.id} #{seen[program.id]}"


def _partner(partner: str, labels: Sequence[str], ledgers: Sequence[Ledger], on: date) -> ComparedPartner:
    standings = [_standing(ledger, label, partner, on) for label, ledger in zip(labels, ledgers, strict=True)]
    first, program = standings[0], ledgers[0].program
    compared = [
        _against(first, each, (program, ledger.program))
        for each, ledger in zip(standings[1:], ledgers[1:], strict=True)
    ]
    return ComparedPartner(partner, (first, *compared))


def _ladder(program: Program) -> str:
    return program.tiers[0].ladder if program.tiers else ""


def _standing(ledger: Ledger, label: str, partner: str, on: date) -> ComparedStanding:
    """Give what a partner has under one program, or why that cannot be said."""
    nothing = ComparedStanding(
        program=label,
        points=FrozenMap(),
        figures=FrozenMap(),
        units=FrozenMap(),
        at_least=(),
        unsure=(),
        performance_tier=Verdict.UNKNOWN,
        possible_tier=None,
        credited_tier=Verdict.UNKNOWN,
        gained=FrozenMap(),
        grown=FrozenMap(),
        performance_change=TierChange.NOT_COMPARED,
        credited_change=TierChange.NOT_COMPARED,
        refused=(),
        problems=(),
    )
    try:
        standing = assess(ledger, on=on, partner=partner)
    except (NotCovered, UnknownName) as error:
        return changed(nothing, refused=error.problems)
    points = changed(
        nothing,
        points=standing.points,
        figures=standing.figures,
        units=standing.units,
        at_least=standing.at_least,
        unsure=standing.unsure,
        performance_tier=standing.performance_tier,
        possible_tier=standing.possible_tier,
        problems=standing.problems,
    )
    try:
        return changed(points, credited_tier=review(ledger, on=on, partner=partner).credited_tier)
    except UnknownName as error:  # the book has a held tier of another program
        return changed(points, refused=error.problems)


def _against(
    first: ComparedStanding, other: ComparedStanding, programs: tuple[Program, Program]
) -> ComparedStanding:
    """Say how a standing lies to that under the first program."""
    gained = {
        name: points - first.points[name] for name, points in other.points.items() if name in first.points
    }
    other = changed(other, gained=FrozenMap(gained), grown=FrozenMap(dict(_grown(first, other))))
    if _ladder(programs[0]) != _ladder(programs[1]):
        return other
    return changed(
        other,
        performance_change=_performance_change(first, other, programs),
        credited_change=_tier_change(first.credited_tier, other.credited_tier, programs),
    )


def _grown(first: ComparedStanding, other: ComparedStanding) -> Iterator[tuple[str, Fraction]]:
    """Give how much more there is of each quantity of one unit, other than points, that both know."""
    for name, unit in other.units.items():
        before, after = first.figures.get(name), other.figures[name]
        if first.units.get(name) == unit and before is not None and after is not None:
            yield name, after - before


def _performance_change(
    before: ComparedStanding, after: ComparedStanding, programs: tuple[Program, Program]
) -> TierChange:
    """Say how what points reach differs, whatever the facts are worth that could not be valued.

    A reading that nobody supplied is unknown under both programs alike, and makes no difference of them.
    """
    (low, high), (low_then, high_then) = _reach(before), _reach(after)
    least, most = _tier_change(high, low_then, programs), _tier_change(low, high_then, programs)
    return least if least is most else TierChange.UNKNOWN


def _reach(standing: ComparedStanding) -> tuple[ReachedTier, ReachedTier]:
    """Give the lowest and the highest tier that the points of a standing may reach."""
    low, high = standing.performance_tier, standing.possible_tier
    doubtful = high is not None and (standing.at_least or standing.unsure)
    return low, high if doubtful else low


def _tier_change(before: ReachedTier, after: ReachedTier, programs: tuple[Program, Program]) -> TierChange:
    """Say how two tiers lie to each other in a program that has both: ranks are its own."""
    if before is Verdict.UNKNOWN or after is Verdict.UNKNOWN:
        return TierChange.UNKNOWN
    for program in reversed(programs):
        ranks = {"": rank_of(None), **{tier.id: tier.rank for tier in program.tiers}}
        was, now = (ranks.get(tier.id if tier else "") for tier in (before, after))
        if was is not None and now is not None:
            return TierChange.SAME if was == now else TierChange.ROSE if was < now else TierChange.FELL
    return TierChange.NOT_COMPARED
