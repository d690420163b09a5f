"""Verdicts: what a partner has on a day, held against what tiers ask, with three answers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, final

import attrs

from tierkit.engine.figure import NOTHING_KNOWN, Figure, exactly
from tierkit.frozen import FrozenMap
from tierkit.programs.measures import POINTS
from tierkit.programs.requirements import Condition, Junction, Sense, Subject
from tierkit.values.points import Points, points_of
from tierkit.values.tier import Tier
from tierkit.values.verdict import Verdict, all_of, any_of, at_least, negate

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import date

    from tierkit.facts.facts import Partner
    from tierkit.programs.dated import Period
    from tierkit.programs.program import Program
    from tierkit.programs.requirements import Requirement

Quantity: TypeAlias = Points | Fraction | bool | str
ReachedTier: TypeAlias = Tier | Literal[Verdict.UNKNOWN] | None

_ZERO: Final = Fraction(0)


@final
@attrs.define(frozen=True, eq=False)
class Holding:
    """What a partner has on a day, as far as the judgement looks at it.

    Attributes:
        program: the rules.
        have: the figure of every track and measure.
        readings: the readings that were supplied.
        who: the partner; None where the book does not say.
        units: what each track and measure counts.
    """

    program: Program
    have: Mapping[str, Figure]
    readings: Mapping[str, bool | Fraction]
    who: Partner | None = None
    units: Mapping[str, str] = attrs.field(
        default=attrs.Factory(lambda self: _all_units_of(self.program), takes_self=True)
    )

    @property
    def points(self) -> FrozenMap[Points]:
        """What counts in points, by track and measure; none where nothing of it is known."""
        return FrozenMap(
            {
                name: as_points(each.value or _ZERO)
                for name, each in self.have.items()
                if self.units[name] == POINTS
            }
        )

    @property
    def figures(self) -> FrozenMap[Fraction | None]:
        """What counts in something else; None where nothing of it is known."""
        return FrozenMap({name: each.value for name, each in self.have.items() if self.units[name] != POINTS})

    @property
    def at_least(self) -> tuple[str, ...]:
        """The quantities that are only known to be at least so much."""
        return tuple(name for name, each in self.have.items() if each.is_at_least)

    @property
    def unsure(self) -> tuple[str, ...]:
        """Those that are not even that."""
        return tuple(name for name, each in self.have.items() if not each.is_exact and not each.is_at_least)


def _all_units_of(program: Program) -> dict[str, str]:
    return {name: program.unit(name) for name in program.quantities}


def units_of(program: Program) -> FrozenMap[str]:
    """Say what the tracks and measures of a program count that do not count points."""
    return FrozenMap({name: unit for name, unit in _all_units_of(program).items() if unit != POINTS})


def verdicts_on(
    program: Program, on: date, holding: Holding, *, past: Collection[str] = (), keeping: bool = False
) -> dict[Tier, Verdict]:
    """Give the verdict of every tier by the bars of a day, lowest tier first: those of `judge`, and no more.

    Args:
        program: the rules.
        on: the day of the bars.
        holding: what the partner has.
        past: readings that are looked past, as though what is asked of them were met.
        keeping: whether who has a tier would keep it: where a tier asks something else for that.
    """
    return {
        tier: verdict_on(program, tier, on, holding, past=past, keeping=keeping) for tier in program.tiers
    }


def asked_on(program: Program, tier: Tier, on: date, *, keeping: bool = False) -> Period[Requirement] | None:
    """Give what a tier asks on a day: to be reached, or to be kept, where that is something else."""
    dated = program.keeps.get(tier.id) if keeping else None
    period = dated.at(on) if dated else None
    if period is None:
        dated = program.requires.get(tier.id)
        period = dated.at(on) if dated else None
    return period


def verdict_on(
    program: Program,
    tier: Tier,
    on: date,
    holding: Holding,
    *,
    past: Collection[str] = (),
    keeping: bool = False,
) -> Verdict:
    """Give the verdict of one tier by the bars of a day."""
    period = asked_on(program, tier, on, keeping=keeping)
    if period is None:
        return Verdict.NOT_MET

    def verdict(each: Condition) -> Verdict:
        return Verdict.MET if each.quantity in past else condition_verdict(each, on, holding)

    return verdict_of(period.value, verdict)


def verdict_in(
    requirement: Requirement, on: date, holding: Holding, figure: Callable[[str], Figure]
) -> Verdict:
    """Give the verdict of a requirement whose figures are found as they are asked for.

    Args:
        requirement: what is asked.
        on: the day.
        holding: the readings, and who has them.
        figure: gives the figure of a track or a measure.
    """

    def verdict(each: Condition) -> Verdict:
        if each.subject is Subject.MEASURE:
            return _held_against(each, figure(each.quantity))
        return condition_verdict(each, on, attrs.evolve(holding, have=_Found(figure)))

    return verdict_of(requirement, verdict)


@final
class _Found(dict[str, "Figure"]):
    """Figures that are found as they are asked for."""

    def __init__(self, figure: Callable[[str], Figure]) -> None:
        super().__init__()
        self._figure = figure

    def __missing__(self, name: str) -> Figure:
        return self._figure(name)


def unknown_on(
    program: Program, tier: Tier, on: date, holding: Holding, *, past: Collection[str], keeping: bool
) -> tuple[str, ...]:
    """Name what is not known of what a tier asks by the bars of a day; nothing where that decides nothing."""
    if verdict_on(program, tier, on, holding, past=past, keeping=keeping) is not Verdict.UNKNOWN:
        return ()
    period = asked_on(program, tier, on, keeping=keeping)
    return tuple(
        f"the bar of {each.quantity}" if each.bar is None else each.quantity
        for each in (period.value.conditions() if period else ())
        if each.quantity not in past and condition_verdict(each, on, holding) is Verdict.UNKNOWN
    )


def reading_verdict(
    program: Program, tier: Tier, on: date, holding: Holding, readings: Collection[str]
) -> Verdict:
    """Say whether what keeps a tier asks of some readings is met; it is where it asks nothing of them."""
    period = asked_on(program, tier, on, keeping=True)
    asked = [each for each in period.value.conditions() if each.quantity in readings] if period else []
    return all_of(condition_verdict(condition, on, holding) for condition in asked)


def reached_by(verdicts: Mapping[Tier, Verdict]) -> ReachedTier:
    """Give the tier that is reached: the highest that is met; unknown where none is and some may be."""
    met = [tier for tier, verdict in verdicts.items() if verdict is Verdict.MET]
    if met:
        return met[-1]
    return Verdict.UNKNOWN if Verdict.UNKNOWN in verdicts.values() else None


def verdict_of(requirement: Requirement, of: Callable[[Condition], Verdict]) -> Verdict:
    """Combine the verdicts of the conditions as the requirement's tree says."""
    if isinstance(requirement, Condition):
        return of(requirement)
    parts = [verdict_of(part, of) for part in requirement.parts]
    return verdict_together(requirement.junction, requirement.least, parts)


def verdict_together(junction: Junction, least: int, parts: Collection[Verdict]) -> Verdict:
    """Combine the verdicts of parts that count together."""
    if junction is Junction.NOT:
        return negate(any_of(parts))
    if junction is Junction.ANY:
        return any_of(parts)
    return at_least(least, parts) if junction is Junction.AT_LEAST else all_of(parts)


def have_of(condition: Condition, on: date, holding: Holding) -> Quantity | None:
    """Give what the partner has of what a condition looks at; None where that is not known, or is nothing."""
    match condition.subject:
        case Subject.MEASURE:
            value = holding.have[condition.quantity].value
            if holding.units[condition.quantity] == POINTS:
                return as_points(value or _ZERO)
            return value
        case Subject.READING:
            return holding.readings.get(condition.quantity)
        case Subject.PARTNER:
            return _of_partner(condition, holding)
        case _:  # a tier of another ladder
            best = reached_by(_verdicts_of(condition.quantity, on, holding))
            return best.id if isinstance(best, Tier) else None


def _of_partner(condition: Condition, holding: Holding) -> str | None:
    who = holding.who
    if condition.comparison is Sense.IN_GROUP or condition.quantity == "market":
        return who.market.code if who is not None and who.market is not None else None
    value = who.attributes.get(condition.quantity) if who is not None else None
    return None if value in (None, "") else str(value)


def _verdicts_of(ladder: str, on: date, holding: Holding) -> dict[Tier, Verdict]:
    """Give the verdict of every tier of another ladder, as performed on a day."""
    return {tier: verdict_on(holding.program, tier, on, holding) for tier in holding.program.ladders[ladder]}


def condition_verdict(condition: Condition, on: date, holding: Holding) -> Verdict:
    """Give the verdict of one condition."""
    if condition.subject is Subject.MEASURE:
        return _held_against(condition, holding.have[condition.quantity])
    if condition.subject is Subject.LADDER:
        verdicts = _verdicts_of(condition.quantity, on, holding)
        wanted = [tier for tier in verdicts if tier.id == condition.bar]
        above = (verdict for tier, verdict in verdicts.items() if wanted and tier >= wanted[0])
        return any_of(above) if wanted else Verdict.UNKNOWN
    have, bar = have_of(condition, on, holding), condition.bar
    if have is None or bar is None:
        return Verdict.UNKNOWN
    if condition.comparison is Sense.IN_GROUP:
        group = holding.program.groups[str(bar)]
        return Verdict.MET if group.membership(str(have), on) else Verdict.NOT_MET
    if condition.comparison is Sense.IS:
        return Verdict.MET if have == bar else Verdict.NOT_MET
    figure = exactly(have) if isinstance(have, Fraction) else NOTHING_KNOWN
    return _held_against(condition, figure)


def _held_against(condition: Condition, figure: Figure) -> Verdict:
    """Hold a figure against a bar: met, or not, whatever the unknown part of it may be."""
    bar, low, high = condition.bar, figure.low, figure.high
    if not isinstance(bar, Fraction):
        return Verdict.UNKNOWN
    above = condition.comparison is Sense.ABOVE
    if low is not None and (low > bar if above else low >= bar):
        return Verdict.MET
    if high is not None and (high <= bar if above else high < bar):
        return Verdict.NOT_MET
    return Verdict.UNKNOWN


def as_points(value: Fraction) -> Points:
    """Give points from an exact number."""
    return points_of(value.numerator, value.denominator)
