"""Hypothesis strategies for what programs ask: measures, trees of conditions, and how held tiers move."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from strategies_program_words import (
    BARS,
    CERTIFIED,
    COLOR,
    LADDER,
    NEAR,
    NUMBERS,
    SCORE,
    SEGMENT,
    SEGMENTS,
    SOURCES,
    WHY,
    dated,
    period,
    pick,
    rarely,
    some,
)

from tierkit.frozen import FrozenMap, changed
from tierkit.programs import measures as m
from tierkit.programs.checking.growth import MOST_MULTIPLIED
from tierkit.programs.dated import Dated, Period
from tierkit.programs.movements import (
    AT_ONCE,
    EVERY_DAY,
    YEAR_END,
    BarsOf,
    Lag,
    MoveKind,
    Movement,
    Reach,
    Take,
)
from tierkit.programs.reading.draft import UNSOURCED
from tierkit.programs.reading.measures import DAYS_OF
from tierkit.programs.requirements import Combination, Condition, Junction, Requirement, Sense, Subject
from tierkit.values.calendar import Stretch
from tierkit.values.rates import Rounding
from tierkit.values.source import Grade

if TYPE_CHECKING:
    from collections.abc import Callable

    from tierkit.values.tier import Tier


# ---------------------------------------------------------------------- requirements


class Scheme:
    """What the parts of one program name among each other."""

    def __init__(self, tracks: tuple[str, ...], *, years: bool) -> None:
        self.tracks = tracks
        self.years = years
        self.money: set[str] = set()
        self.tiers: tuple[Tier, ...] = ()
        self.others: tuple[Tier, ...] = ()
        self.measures: dict[str, m.Measure] = {}

    @property
    def quantities(self) -> tuple[str, ...]:
        return (*self.tracks, *self.measures)

    def adds_up(self, name: str) -> bool:
        """Say whether a measure is a sum."""
        return name in self.measures and isinstance(self.measures[name].by, m.Sum)

    def multiplies(self, name: m.Operand) -> int:
        """Give how many quantities are multiplied in what bears a name."""
        if name not in self.measures:
            return int(isinstance(name, str))
        by = self.measures[str(name)].by
        inner = [self.multiplies(each) for each in m.operands_of(by)] or [1]
        return max(sum(inner) if isinstance(by, m.Product | m.Ratio) else max(inner), 1)

    def hangs_on_tenure(self, name: str) -> bool:
        """Say whether a measure has to do with how long a tier was held."""
        if name not in self.measures:
            return False
        by = self.measures[name].by
        inner = m.operands_of(by) + (
            tuple(each.quantity for each in by.requires.conditions()) if isinstance(by, m.OnlyIf) else ()
        )
        return isinstance(by, m.Tenure) or any(map(self.hangs_on_tenure, inner))


def condition(
    draw: st.DrawFn, scheme: Scheme, quantities: tuple[str, ...], about: Period[None], *, ladder: bool
) -> Condition:
    """Draw one condition, which mostly has the source of what it stands in."""
    source, grade, note = about.source, about.grade, ""
    if rarely(draw, 5):
        other = period(draw, None, None, None)
        source, grade, note = other.source, other.grade, "" if other.note == WHY else other.note
        if source is UNSOURCED and about.source is not UNSOURCED:
            source, grade = SOURCES[0], Grade.DERIVED
    subjects = [Subject.MEASURE] * 4 + [Subject.READING] * 2 + [Subject.PARTNER]
    if ladder and scheme.others:
        subjects.append(Subject.LADDER)
    subject = pick(draw, *subjects)
    bar: Fraction | bool | str | None
    if subject is Subject.LADDER:
        quantity, sense, bar = LADDER, Sense.AT_LEAST, pick(draw, *scheme.others).id
    elif subject is Subject.PARTNER:
        quantity, sense, bar = pick(
            draw,
            ("market", Sense.IN_GROUP, NEAR),
            ("market", Sense.IS, "DE"),
            (SEGMENT, Sense.IS, SEGMENTS[0]),
        )
    elif subject is Subject.READING and draw(st.booleans()):
        quantity, sense, bar = CERTIFIED, Sense.IS, draw(st.booleans())
    else:
        quantity = SCORE if subject is Subject.READING else pick(draw, *quantities)
        sense = pick(draw, Sense.AT_LEAST, Sense.AT_LEAST, Sense.ABOVE)
        bar = None if rarely(draw, 10) else pick(draw, *BARS)
    if bar is None:
        note = note or WHY
    return Condition(subject, quantity, sense, bar, source, grade, note)


def requirement(
    draw: st.DrawFn,
    scheme: Scheme,
    quantities: tuple[str, ...],
    about: Period[None],
    *,
    depth: int = 2,
    ladder: bool = True,
) -> Requirement:
    """Draw a tree of conditions."""
    if depth == 0 or draw(st.booleans()):
        return condition(draw, scheme, quantities, about, ladder=ladder)
    junction = pick(draw, Junction.ALL, Junction.ALL, Junction.ANY, Junction.AT_LEAST, Junction.NOT)
    most = 1 if junction is Junction.NOT else 3
    parts = tuple(
        requirement(draw, scheme, quantities, about, depth=depth - 1, ladder=ladder)
        for _ in range(draw(st.integers(1, most)))
    )
    least = draw(st.integers(1, len(parts))) if junction is Junction.AT_LEAST else 0
    return Combination(junction, parts, least)


def asked(
    draw: st.DrawFn, scheme: Scheme, quantities: tuple[str, ...], *, ladder: bool
) -> Dated[Requirement]:
    """Draw what a tier asks along time."""
    spans: Dated[None] = dated(draw, lambda: None)
    made: list[Period[Requirement]] = []
    for span in spans:
        about: Period[Any] = changed(span, note="" if span.note == WHY else span.note)
        tree = requirement(draw, scheme, quantities, about, ladder=ladder)
        if isinstance(tree, Condition):  # by itself it is one row, with one source and one note
            about = changed(about, source=tree.source, grade=tree.grade, note=tree.note)
        made.append(changed(about, value=tree))
    return Dated(tuple(made))


# ---------------------------------------------------------------------- measures

_MOST_DAYS = 62
"""How many days of best days are looked at where one stretch has not more: each is a reckoning of its own."""

SCALES = Fraction(10), Fraction(1, 2), Fraction(1)


def operation(draw: st.DrawFn, scheme: Scheme) -> m.Operation:
    """Draw one operator over what there is already."""
    return pick(draw, *OPERATORS)(draw, scheme)


def operand(draw: st.DrawFn, scheme: Scheme) -> m.Operand:
    """Draw the name of a quantity or a reading, or seldom a number."""
    return pick(draw, *NUMBERS) if rarely(draw) else named(draw, scheme)


def operands(draw: st.DrawFn, scheme: Scheme) -> tuple[m.Operand, ...]:
    """Draw one to three of them."""
    return tuple(operand(draw, scheme) for _ in range(draw(st.integers(1, 3))))


def named(draw: st.DrawFn, scheme: Scheme) -> str:
    """Draw the name of a quantity or a reading."""
    return pick(draw, *scheme.quantities, SCORE)


def sum_of(draw: st.DrawFn, scheme: Scheme) -> m.Operation:
    """Draw a sum of what is no sum itself, so that nothing counts twice."""
    names = [name for name in (*scheme.quantities, SCORE) if not scheme.adds_up(name)]
    return m.Sum(some(draw, names, most=3))


def product(draw: st.DrawFn, scheme: Scheme) -> m.Operation:
    """Draw a product of no more quantities than a file may multiply."""
    of = operands(draw, scheme)
    return m.Product(of) if sum(map(scheme.multiplies, of)) <= MOST_MULTIPLIED else m.Lowest(of)


def ratio(draw: st.DrawFn, scheme: Scheme) -> m.Operation:
    """Draw one quantity over another, of no more than a file may divide."""
    of, to = named(draw, scheme), operand(draw, scheme)
    return m.Ratio(of, to) if sum(map(scheme.multiplies, (of, to))) <= MOST_MULTIPLIED else m.Net((of, to))


def earlier(draw: st.DrawFn, scheme: Scheme) -> m.Operation:
    """Draw a quantity as it was before."""
    months, days, ago = pick(draw, (1, 0, 0), (12, 0, 0), (0, 30, 0), (1, 1, 0), (0, 0, 1), (0, 0, 2))
    return m.Earlier(pick(draw, *scheme.quantities), months, days, ago, pick(draw, *Stretch) if ago else None)


def over(draw: st.DrawFn, scheme: Scheme) -> m.Operation:
    """Draw a track in several stretches, of whose days not too many are looked at."""
    counted, each = pick(draw, *m.Counted), pick(draw, *Stretch)
    most = max(_MOST_DAYS // DAYS_OF[each], 1) if counted is m.Counted.BEST_DAY else 4
    return m.Over(
        pick(draw, *scheme.tracks),
        each,
        draw(st.integers(1, min(4, most))),
        pick(draw, *m.Fold),
        counted,
        pick(draw, None, *NUMBERS[1:]),
        draw(st.booleans()),
    )


def tenure(draw: st.DrawFn, scheme: Scheme) -> m.Operation:
    """Draw for how long a tier has been held, where there is one."""
    return m.Tenure(scheme.tiers[0].id) if scheme.tiers else sum_of(draw, scheme)


def only_if(draw: st.DrawFn, scheme: Scheme, quantities: tuple[str, ...]) -> m.OnlyIf:
    about: Period[None] = changed(period(draw, None, None, None), note="")
    tree = requirement(draw, scheme, quantities, about, depth=1, ladder=False)
    return m.OnlyIf(pick(draw, *quantities), tree)


OPERATORS: tuple[Callable[[st.DrawFn, Scheme], m.Operation], ...] = (
    sum_of,
    lambda draw, scheme: m.Net((named(draw, scheme), operand(draw, scheme))),
    product,
    lambda draw, scheme: m.Lowest(operands(draw, scheme)),
    lambda draw, scheme: m.Highest(operands(draw, scheme)),
    ratio,
    lambda draw, scheme: m.Count(some(draw, scheme.tracks), pick(draw, "", "customer", COLOR)),
    lambda draw, scheme: m.Scale(named(draw, scheme), pick(draw, *SCALES), pick(draw, *NUMBERS)),
    lambda draw, scheme: m.Rounded(named(draw, scheme), pick(draw, *SCALES), pick(draw, *Rounding)),
    lambda draw, scheme: only_if(draw, scheme, scheme.quantities),
    earlier,
    over,
    over,
    tenure,
)
"""How each operator is drawn."""


# ---------------------------------------------------------------------- movements


def movements(draw: st.DrawFn, scheme: Scheme) -> tuple[Movement, ...]:
    """Draw by which rules the held tier rises and falls: none, or one of a kind for each stretch of days."""
    if scheme.years:
        return movements_of_a_year(draw, scheme)
    made: list[Movement] = []
    both = (MoveKind.RISE, MoveKind.FALL)
    for kind in pick(draw, (), (MoveKind.RISE,), both, both):
        span: Dated[None] = dated(draw, lambda: None)
        for number, about in enumerate(span):
            note = "" if about.note == WHY else about.note
            made.append(
                Movement(
                    id=f"{kind}-{number}",
                    kind=kind,
                    **judging(draw, kind),
                    effective=pick(draw, Lag(), Lag(), Lag(), Lag(months=1), Lag(days=10)),
                    effective_from=about.effective_from,
                    effective_until=about.effective_until,
                    source=about.source,
                    grade=about.grade,
                    note=note,
                )
            )
    return tuple(made)


def judging(draw: st.DrawFn, kind: MoveKind) -> dict[str, Any]:
    """Draw when a movement looks, at what, and how far it goes."""
    reviews = pick(draw, (AT_ONCE,), (AT_ONCE,), ("*-15",), ("01-15", "07-15"), ("12-31",))
    said: dict[str, Any] = {"on": reviews, "take": pick(draw, Take.SAME_DAY, Take.DAY_BEFORE)}
    of_the_year = "*-15" not in reviews and AT_ONCE not in reviews
    window = pick(draw, "", "", "since", "last") if AT_ONCE not in reviews else ""
    if window == "since" and of_the_year:
        said["judged_since"] = {2: ("08-15", "02-15"), 1: ("10-01",)}[len(reviews)]
    elif window:
        said["judged_last"] = pick(draw, Lag(months=6), Lag(days=45))
    if "judged_since" in said or "judged_last" in said:
        said["judged_on"] = (pick(draw, "*-15", EVERY_DAY),)
        said["take"] = pick(draw, Take.BEST, Take.WORST)
        said["bars"] = pick(draw, *BarsOf)
    if kind is MoveKind.RISE:
        return {**said, "to": pick(draw, Reach.BEST, Reach.NEXT)}
    said["asked_on_the_day"] = pick(draw, (), (), (CERTIFIED,))
    said["protected_months"] = pick(draw, 0, 0, 6)
    steps = () if AT_ONCE in reviews else (Reach.NEXT_LOWER,)
    return {**said, "to": pick(draw, Reach.BEST_JUDGED, *steps)}


def movements_of_a_year(draw: st.DrawFn, scheme: Scheme) -> tuple[Movement, ...]:
    """Draw movements by the member's own year: what was earned is deducted, what is left carried over."""
    track = scheme.tracks[0]
    about: dict[str, Any] = {"source": SOURCES[0], "grade": SOURCES[0].grade, "take": Take.SAME_DAY}
    deduct, carry = pick(draw, ("", ""), (track, ""), (track, track), ("", track))
    most = pick(draw, None, *NUMBERS[1:]) if carry else None
    rise = Movement(
        id="rise",
        kind=MoveKind.RISE,
        on=(AT_ONCE,),
        to=pick(draw, Reach.NEXT, Reach.BEST),
        restarts_year=draw(st.booleans()) or bool(carry),
        deduct=deduct,
        carry=carry,
        carry_at_most=most,
        **about,
    )
    fall = Movement(
        id="year",
        kind=MoveKind.FALL,
        on=(YEAR_END,),
        to=pick(draw, Reach.BEST_JUDGED, Reach.NEXT_LOWER),
        deduct=pick(draw, "", deduct),
        carry=pick(draw, "", track),
        **{**about, "take": Take.DAY_BEFORE},
    )
    return rise, fall


def bars_of_a_year(scheme: Scheme) -> FrozenMap[Dated[Requirement]]:
    """Give what each tier asks where bars are deducted: so much of the first track, and nothing else."""
    source = SOURCES[0]

    def one(tier: Tier) -> Requirement:
        return Condition(
            Subject.MEASURE, scheme.tracks[0], Sense.AT_LEAST, Fraction(10 * tier.rank), source, source.grade
        )

    return FrozenMap(
        {tier.id: Dated((Period(one(tier), None, None, source, source.grade),)) for tier in scheme.tiers}
    )
