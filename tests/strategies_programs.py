"""Hypothesis strategies for programs: every primitive, in small programs of 1 to 4 rules.

Nothing is drawn that a program file would be refused for.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from strategies_program_tiers import Scheme, asked, bars_of_a_year, movements, operation
from strategies_program_words import (
    CAUSES,
    CERTIFIED,
    COLOR,
    COLORS,
    CURRENCIES,
    FAR,
    LADDER,
    MARKETS,
    MONEY,
    NEAR,
    NOTES,
    NUMBERS,
    OTHER_TIERS,
    OWN_TIERS,
    RATES,
    SCORE,
    SEGMENT,
    SOURCES,
    TRACKS,
    dated,
    maybe,
    number_or_unknown,
    pick,
    rarely,
    some,
)

from tierkit.frozen import FrozenMap, changed
from tierkit.programs import measures as m
from tierkit.programs.dated import Dated
from tierkit.programs.program import Program
from tierkit.programs.rules import (
    Choice,
    Clawback,
    EarningRule,
    FactShape,
    Group,
    Life,
    RateDay,
    ReadingKind,
    RoundTo,
    Sharing,
    ShortMonth,
    Takes,
    While,
)
from tierkit.values.calendar import Stretch
from tierkit.values.rates import Rounding
from tierkit.values.tier import Tier

if TYPE_CHECKING:
    from tierkit.programs.requirements import Requirement


# ---------------------------------------------------------------------- rules


def life(draw: st.DrawFn, shape: FactShape, *, years: bool) -> Life:
    """Draw how long the points of a fact count: one end, or the earliest of several."""
    if years and not shape.is_state:
        return Life(lasts_while=While.YEAR)
    pending: dict[str, Any] = pick(
        draw,
        {},
        {},
        {},
        {"pending_days": 14},
        {"pending_months": 1},
        {"pending_months": 1, "pending_days": 1},
    )
    if shape.is_state:
        ends: dict[str, Any] = pick(
            draw,
            {"lasts_while": While.HELD},
            {"lasts_while": While.HELD, "inactive_days": 30},
            {"lasts_while": While.HELD, "months": 6},
            {"inactive_days": 60},
        )
        return Life(**ends, **pending)
    ends = pick(
        draw,
        {"months": 12},
        {"months": 1, "short_month": ShortMonth.NEXT_DAY},
        {"days": 90},
        {"through": Stretch.YEAR},
        {"months": 3, "through": Stretch.QUARTER},
        {"days": 30, "through": Stretch.MONTH},
        {"months": 2, "days": 50},
        {"days": 10, "through": Stretch.DAY},
        {},
    )
    return Life(**ends, **pending)


def rounding(draw: st.DrawFn) -> RoundTo:
    """Draw how points are rounded."""
    return RoundTo(to=pick(draw, Fraction(1), Fraction(1, 2), Fraction(10)), mode=pick(draw, *Rounding))


def own_selection(shape: FactShape, number: int) -> dict[str, tuple[str, ...]]:
    """Give what the rule of this number selects and no other rule does."""
    key = {FactShape.DEAL: "kind", FactShape.ACCOUNT: COLOR}.get(shape, "type")
    return {key: (COLORS[number % 3],) if key == COLOR else (f"{key}-{number}",)}


def rule(draw: st.DrawFn, number: int, track: str, scheme: Scheme) -> EarningRule:
    """Draw one rule, whose facts no other rule selects into the same track."""
    shapes = [FactShape.DEAL, FactShape.EVENT]
    shapes += [] if scheme.years else [FactShape.ACCOUNT, FactShape.STATE]
    shape = pick(draw, *shapes)
    where = own_selection(shape, number)
    unless: dict[str, tuple[str, ...]] = {}
    if COLOR not in where:
        narrowed = pick(draw, (), (), (), (COLORS[0],), COLORS[:2])
        if narrowed:
            (where if draw(st.booleans()) else unless)[COLOR] = narrowed
    measured = {
        FactShape.DEAL: ["mrr", "mrr", "value", ""],
        FactShape.ACCOUNT: ["mrr", "mrr", ""],
    }.get(shape, ["amount", "", "quantity"])
    how = pick(draw, *(measured[:1] if track in scheme.money else measured))
    general = shape in (FactShape.EVENT, FactShape.STATE)
    events = not shape.is_state
    live = dated(draw, lambda: life(draw, shape, years=scheme.years))
    inside, outside = pick(draw, *[((), ())] * 4, ((NEAR,), ()), ((), (NEAR,)), ((NEAR, FAR), ()))
    return EarningRule(
        id=f"rule-{number}",
        name=pick(draw, f"rule-{number}", "A rule"),
        fact=shape,
        where=FrozenMap(where),
        unless=FrozenMap(unless),
        inside=inside,
        outside=outside,
        track=track,
        amount="" if how == "quantity" else how,
        quantity=how == "quantity" and general,
        rate=dated(draw, lambda: number_or_unknown(draw)),
        rate_day=maybe(draw, lambda: RateDay(FrozenMap({"motion": "upsell"}), "line-first-sold"))
        if shape is FactShape.DEAL
        else Dated(),
        multiply=multipliers(draw, (NEAR, FAR)),
        tier_multiply=multipliers(draw, tuple(tier.id for tier in scheme.tiers)),
        at_least=maybe(draw, lambda: pick(draw, *NUMBERS)),
        at_most=maybe(draw, lambda: pick(draw, Fraction(10), Fraction(100), Fraction("62.5"))),
        round=maybe(draw, lambda: rounding(draw)),
        share=Dated() if events else maybe(draw, lambda: pick(draw, *Sharing)),
        live=live,
        clawback=maybe(draw, lambda: clawback(draw, live)) if events else Dated(),
    )


def multipliers(draw: st.DrawFn, names: tuple[str, ...]) -> FrozenMap[Dated[Fraction | None]]:
    """Draw multipliers for some of several names."""
    chosen = some(draw, names, least=0) if names and rarely(draw, 2) else ()
    return FrozenMap({name: dated(draw, lambda: number_or_unknown(draw)) for name in chosen})


def clawback(draw: st.DrawFn, live: Dated[Life]) -> Clawback:
    """Draw a clawback; the days to come are counted only where points have a last day."""
    endless = any(each.value.lasts_while is While.YEAR or each.value.never_ends for each in live)
    takes = [Takes.ALL] if endless else list(Takes)
    return Clawback(some(draw, CAUSES, least=0), pick(draw, *takes))


def bonus(draw: st.DrawFn, base: EarningRule) -> EarningRule:
    """Draw a rule that gives something beside another one, for the same facts."""
    return changed(
        base,
        id=f"{base.id}-bonus",
        name="bonus",
        beside=(base.id,),
        multiply=FrozenMap(),
        rate=dated(draw, lambda: pick(draw, *RATES)),
        round=maybe(draw, lambda: rounding(draw)),
    )


# ---------------------------------------------------------------------- programs


def ladder_of(draw: st.DrawFn, ladder: str, names: tuple[str, ...], least: int = 0) -> tuple[Tier, ...]:
    """Draw the tiers of one ladder."""
    number = draw(st.integers(least, len(names)))
    return tuple(
        Tier(ladder=ladder, id=name, name=pick(draw, name, name.title()), rank=rank)
        for rank, name in enumerate(names[:number], start=1)
    )


def groups(draw: st.DrawFn) -> FrozenMap[Group]:
    """Draw the two groups of markets: by date, and with members that have left."""
    made: dict[str, Group] = {}
    for group, name in ((NEAR, "near markets"), (FAR, FAR)):
        members = {code: dated(draw, lambda: not rarely(draw, 3)) for code in some(draw, MARKETS, least=0)}
        made[group] = Group(group, name, FrozenMap(members))
    return FrozenMap(made)


def point_values(draw: st.DrawFn) -> FrozenMap[Dated[Fraction | None]]:
    """Draw what counts as one unit, in minor units, of some currencies."""
    values = Fraction(100), Fraction(100), Fraction(8800), Fraction(625, 2), None
    codes = some(draw, CURRENCIES, most=3)
    return FrozenMap({code: dated(draw, lambda: pick(draw, *values)) for code in codes})


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Draw a valid program: few parts, of every kind."""
    years = rarely(draw, 6)
    scheme = Scheme(TRACKS[: draw(st.integers(1, 3))], years=years)
    own = "random"
    scheme.tiers = ladder_of(draw, own, OWN_TIERS, least=int(years))
    scheme.others = () if years else ladder_of(draw, LADDER, OTHER_TIERS)
    units: dict[str, str] = {}
    for track in scheme.tracks:
        unit = pick(draw, "", "", "", "users", MONEY)
        if unit and not years:
            units[track] = unit
            scheme.money.update([track] if unit == MONEY else [])
    tracks = [pick(draw, *scheme.tracks) for _ in range(pick(draw, 1, 2, 2, 3))]
    earning = [rule(draw, number, track, scheme) for number, track in enumerate(tracks)]
    if draw(st.booleans()):
        earning.append(bonus(draw, earning[0]))
    for name in ("m-1", "m-2", "m-3", "m-4")[: draw(st.integers(0, 4))]:
        scheme.measures[name] = m.Measure(name, pick(draw, name, "Some measure"), operation(draw, scheme))
        if rarely(draw, 6):
            units[name] = pick(draw, "%", "users", "points")
    requires, keeps = bars(draw, scheme)
    return Program(
        id=own,
        name="Random program",
        tracks=scheme.tracks,
        units=FrozenMap(units),
        sources=FrozenMap({source.id: source for source in SOURCES}),
        measures=FrozenMap(scheme.measures),
        readings=FrozenMap(
            {
                CERTIFIED: ReadingKind(
                    CERTIFIED, "certification", yes_no=True, by_vendor=draw(st.booleans())
                ),
                SCORE: ReadingKind(SCORE, SCORE, yes_no=False, unit=pick(draw, "", "%")),
            }
        ),
        attributes=(COLOR, SEGMENT),
        rules=tuple(earning),
        tiers=scheme.tiers,
        ladders=FrozenMap({LADDER: scheme.others} if scheme.others else {}),
        names=FrozenMap(
            {
                tier.id: dated(draw, lambda: pick(draw, "Old name", "New name"))
                for tier in scheme.tiers[:1]
                if draw(st.booleans())
            }
        ),
        requires=requires,
        keeps=keeps,
        note=pick(draw, *NOTES),
        year_from=pick(draw, "01-01", "01-01", "04-01", "07-15"),
        in_force=dated(draw, lambda: True, always=True),
        groups=groups(draw),
        point_values=point_values(draw),
        movements=movements(draw, scheme) if scheme.tiers else (),
        choices=choices(draw),
    )


def bars(
    draw: st.DrawFn, scheme: Scheme
) -> tuple[FrozenMap[Dated[Requirement]], FrozenMap[Dated[Requirement]]]:
    """Draw what the tiers ask to be reached and to be kept."""
    if scheme.years:
        return bars_of_a_year(scheme), FrozenMap()
    requires: dict[str, Dated[Requirement]] = {}
    keeps: dict[str, Dated[Requirement]] = {}
    plain = tuple(name for name in scheme.quantities if not scheme.hangs_on_tenure(name))
    for tier in (*scheme.tiers, *scheme.others):
        own = tier in scheme.tiers
        quantities = scheme.quantities if own and tier.rank > 1 else plain
        requires[tier.id] = asked(draw, scheme, quantities, ladder=own)
        if own and rarely(draw, 3):
            keeps[tier.id] = asked(draw, scheme, plain, ladder=True)
    return FrozenMap(requires), FrozenMap(keeps)


def choices(draw: st.DrawFn) -> tuple[Choice, ...]:
    made = []
    for number in range(1, draw(st.integers(0, 2)) + 1):
        source = pick(draw, None, SOURCES[1])
        made.append(Choice(number, "What of it?", 'This: "so"', "it fits", "earn.rate", source))
    return tuple(made)
