"""Movements as a primitive: programs that are not HubSpot's, switches, and where a walk begins.

Sentences in quotes are from the rules and the design; each is what its test proves.
"""

from __future__ import annotations

import pickle
import re
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import attrs
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import example, given
from hypothesis import strategies as st
from steps_program import done, done_certified, steps_asking
from strategies_engine import moving, program_of

import tierkit as tk
from tierkit.engine.moving.badge import Badge, matured
from tierkit.frozen import FrozenMap, changed
from tierkit.programs.dated import Dated
from tierkit.programs.movements import MoveKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tierkit.facts.facts import Fact

SKETCHES = Path(__file__).parent.parent / "docs" / "explanation" / "other-programs"
DAY = timedelta(days=1)
ME = "ada"
FIRST = date(2023, 1, 1)


@cache
def flying_blue() -> tk.Program:
    return tk.load_program(SKETCHES / "flying-blue.toml")


@cache
def ferry() -> tk.Program:
    return tk.load_program(SKETCHES / "lagged.toml")


def flight(number: int, on: date, xp: int | Fraction) -> tk.Event:
    return tk.Event(id=f"F-{number}", partner=ME, type="flight", on=on, quantity=xp)


def crossing(number: int, on: date, many: int) -> tk.Event:
    return tk.Event(id=f"C-{number}", partner=ME, type="crossing", on=on, quantity=many)


def earned(facts: Iterable[Fact], program: tk.Program, joined_on: date | None = None) -> tk.Ledger:
    return tk.earn(tk.Book([tk.Partner(id=ME, joined_on=joined_on), *facts]), program)


def days_from(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def tier_on(ledger: tk.Ledger, on: date) -> str | None:
    """The tier that is held; "unknown" where that is not known."""
    tier = tk.review(ledger, on=on).credited_tier
    return tier.id if isinstance(tier, tk.Tier) else None if tier is None else "unknown"


# ---------------------------------------------------------------------- Flying Blue, once more and plainly

LEVELS = (("silver", 100), ("gold", 180), ("platinum", 300))


class Member(NamedTuple):
    """A member at the end of a day: the level (0 for none), the XP, and the first day of the year."""

    level: int
    xp: Fraction
    year: date
    years: int = 0

    @property
    def year_end(self) -> date:
        return self.year + relativedelta(years=self.years + 1)


def members(flights: Sequence[tk.Event], member: Member, first: date, last: date) -> Iterator[Member]:
    """Follow a member day by day, by the sentences of the guides."""
    for day in days_from(first, last):
        if day == member.year_end:
            bar = LEVELS[member.level - 1][1] if member.level else 0
            kept = member.level > 0 and member.xp >= bar
            carried = member.xp - bar if kept else Fraction(0)
            if day >= date(2024, 11, 1):
                carried = min(carried, Fraction(300))
            level = member.level if kept or not member.level else member.level - 1
            member = Member(level, carried, member.year, member.years + 1)
        member = member._replace(
            xp=member.xp
            + sum((each.quantity or Fraction(0) for each in flights if each.on == day), Fraction(0))
        )
        turns = any(each.on == day for each in flights) or day == member.year + relativedelta(
            years=member.years
        )
        while turns and member.level < len(LEVELS) and member.xp >= LEVELS[member.level][1]:
            member = Member(member.level + 1, member.xp - LEVELS[member.level][1], day)
        yield member


SOME_XP = st.sampled_from([1, 60, 99, 100, 101, 180, 280, 300, 579, 580, 700, 1000])
NASTY = st.sampled_from(
    [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2024, 10, 31), date(2024, 11, 1)]
)


@given(
    st.one_of(NASTY, st.dates(FIRST, date(2024, 12, 31))),
    st.lists(st.tuples(st.integers(0, 600), SOME_XP), max_size=6),
    st.sampled_from([None, "silver", "gold", "platinum"]),
    st.sampled_from([0, 1, 200, 365, 366, 800]),
    st.integers(100, 700),
)
@example(date(2024, 2, 29), [(0, 100), (366, 100), (1461, 250)], None, 0, 1700)
@example(date(2023, 5, 1), [(3, 1000)], None, 0, 1200)
@example(date(2024, 3, 1), [(10, 400), (20, 1)], "silver", 1, 400)
@example(date(2025, 3, 1), [(900, 5)], "platinum", 366, 1200)
def test_flying_blue_by_the_guides_day_by_day(
    begun: date, made: list[tuple[int, int]], held: str | None, ago: int, length: int
) -> None:
    """'On reaching a level its threshold is deducted … and a new personal 12-month year starts';
    'at most 300 XP'; 'down one level': every day's level and XP, and the entries of every day add up"""
    flights = [flight(number, begun + after * DAY, xp) for number, (after, xp) in enumerate(made)]
    facts: list[Fact] = [*flights]
    year, joined_on = begun, begun
    member = Member(0, Fraction(0), begun)
    if held is not None:
        year, joined_on = begun - ago * DAY, begun - ago * DAY - 1000 * DAY
        facts.append(tk.Held(partner=ME, tier=held, on=begun, since=year))
        years = 0
        while year + relativedelta(years=years + 1) <= begun:
            years += 1
        member = Member([name for name, _ in LEVELS].index(held) + 1, Fraction(0), year, years)
        flights = [each for each in flights if each.on > begun]
        facts = [fact for fact in facts if not isinstance(fact, tk.Event) or fact.on > begun]
    ledger = tk.earn(tk.Book([tk.Partner(id=ME), *facts]), flying_blue())
    if held is None:
        ledger = earned(facts, flying_blue(), joined_on)
    last = begun + length * DAY
    history = tk.history(ledger, since=begun, until=last, every="day")
    for moment, then in zip(history.days, members(flights, member, begun, last), strict=True):
        level = LEVELS[then.level - 1][0] if then.level else None
        assert moment.credited_tier == (flying_blue().tier(level) if level else None), moment.on
        assert moment.points["xp"] == tk.Points(then.xp), moment.on
        assert moment.unsure == ()
    for moment in history.days[::89]:
        standing = tk.assess(ledger, on=moment.on)
        assert standing.points == moment.points
        assert live(standing) == standing["xp"], moment.on
        assert tk.review(ledger, on=moment.on).credited_tier == moment.credited_tier


def live(standing: tk.Standing) -> tk.Points:
    return sum((each.points for each in standing.entries if standing.on in each.span), tk.Points(0))


def test_several_levels_in_one_day_and_what_was_posted_for_each() -> None:
    """'that the XP of one day may lift by several levels'"""
    ledger = earned([flight(1, date(2025, 3, 1), 600)], flying_blue(), date(2025, 1, 1))
    review = tk.review(ledger, on=date(2025, 3, 1))
    assert str(review.credited_tier) == "Platinum"
    assert [(each.outcome, each.movement) for each in review.decisions] == [("rose", "rise")]
    assert review.decisions[0].why == "Platinum was reached"
    posted = [each for each in tk.assess(ledger, on=date(2025, 3, 1)).entries if each.kind == "movement"]
    assert [each.points for each in posted] == [tk.Points(-100), tk.Points(-180), tk.Points(-300)]
    assert [each.reason.label for each in posted] == [
        "taken off on reaching Silver",
        "taken off on reaching Gold",
        "taken off on reaching Platinum",
    ]
    assert {each.reason.rule for each in posted} == {"rise"}
    assert {each.span for each in posted} == {tk.Span(date(2025, 3, 1), date(2026, 3, 1))}
    end = date(2026, 3, 1)
    assert tk.review(ledger, on=end).decisions[-1].why == (
        "Platinum was not reached on any day that was looked at; one step down is Gold"
    )
    assert tk.assess(ledger, on=end)["xp"] == tk.Points(0)


def test_the_surplus_has_its_reason() -> None:
    facts: list[Fact] = [flight(1, date(2025, 3, 1), 100), flight(2, date(2025, 4, 1), 150)]
    ledger, end = earned(facts, flying_blue(), date(2025, 1, 1)), date(2026, 3, 1)
    assert tk.review(ledger, on=end).decisions[-1].outcome == "kept"
    [carried] = [each for each in tk.assess(ledger, on=end).entries if end in each.span]
    assert carried.points == tk.Points(50)
    assert carried.reason.label == "carried over the bar of Silver"
    assert "at most 300 XP are carried" in carried.reason.note


def test_a_movement_without_a_note_is_told_by_what_it_says() -> None:
    """'clause: the rule in words'"""
    ledger = earned([flight(1, date(2025, 3, 1), 120)], flying_blue(), date(2025, 1, 1))
    movements = tuple(changed(each, note="") for each in ledger.program.movements)
    plain = tk.earn(ledger.book, changed(ledger.program, movements=movements)).partner(ME)
    noted, told = (
        next(each for each in tk.review(each, on=date(2025, 3, 1)).decisions if each.outcome == "rose")
        for each in (ledger, plain)
    )
    assert noted.clause == next(each.note for each in ledger.program.movements if each.id == "rise")
    assert told.clause.startswith(
        "rise on at-once; judged by same-day, bars of own-day; effective on the same"
    )


def test_points_hang_on_the_tier_and_are_unsure_where_that_is_not_known() -> None:
    """'Where possible badges do not agree on them, the points are unsure'; the entries are the facts'"""
    unread = program_of(
        (SKETCHES / "flying-blue.toml")
        .read_text(encoding="utf-8")
        .replace(
            'all    = [{ measure = "xp", at-least = "100" }]',
            'all    = [{ reading = "asked", is = true }, { measure = "xp", at-least = "100" }]',
        )
        .replace("[sources.guides]", '[readings.asked]\ntype = "yes-no"\n\n[sources.guides]')
    )
    ledger = earned([flight(1, date(2025, 3, 1), 120)], unread, date(2025, 1, 1))
    on = date(2025, 3, 2)
    standing = tk.assess(ledger, on=on)
    assert standing.unsure == ("xp",)
    assert [problem.hint for problem in standing.problems] == [
        "add the tier that the partner holds, as a Held fact"
    ]
    assert [each.kind for each in standing.entries] == ["flight"]
    assert tk.review(ledger, on=on).possible == (None, unread.tier("silver"))
    told = earned(
        [flight(1, date(2025, 3, 1), 120), tk.Held(partner=ME, tier="silver", on=on)],
        unread,
        date(2025, 1, 1),
    )
    assert tier_on(told, on) == "silver"


def test_what_was_flown_before_joining_or_taken_back_counts_in_no_year() -> None:
    """'standing.entries adds up to standing.points on every day'"""
    facts: list[Fact] = [
        flight(1, date(2024, 12, 1), 50),
        flight(2, date(2025, 2, 1), 70),
        flight(3, date(2025, 5, 1), 20),
        tk.Reversal(id="R-1", reverses="F-2", on=date(2025, 4, 1)),
        tk.Reversal(id="R-2", reverses="F-3", on=date(2026, 6, 1)),
    ]
    ledger = earned(facts, flying_blue(), date(2025, 1, 1))
    for moment in tk.history(ledger, since=date(2024, 11, 1), until=date(2026, 8, 1), every="day").days:
        standing = tk.assess(ledger, on=moment.on)
        assert live(standing) == standing["xp"] == moment.points["xp"], moment.on
    assert tk.assess(ledger, on=date(2024, 12, 2))["xp"] == tk.Points(0)
    assert tk.assess(ledger, on=date(2025, 3, 1))["xp"] == tk.Points(70)
    assert tk.assess(ledger, on=date(2026, 1, 1))["xp"] == tk.Points(0)


@given(
    st.lists(st.tuples(st.integers(0, 900), SOME_XP), max_size=5),
    st.dates(date(2023, 6, 1), date(2025, 6, 1)),
    st.integers(1, 400),
)
def test_in_a_program_with_personal_years_changes_add_up_and_a_forecast_is_what_comes(
    made: list[tuple[int, int]], since: date, length: int
) -> None:
    """'Start + new - lost = end, exactly, always'; 'forecast for a past day with no later facts equals what
    then     happened'"""
    facts = [flight(number, FIRST + after * DAY, xp) for number, (after, xp) in enumerate(made)]
    ledger, until = earned(facts, flying_blue(), FIRST), since + length * DAY
    changes = tk.changes(ledger, since=since, until=until)
    for name, start in changes.start.items():
        assert start + changes.new[name] - changes.lost[name] == changes.end[name]
    assert changes.start == tk.assess(ledger, on=since).points
    assert changes.end == tk.assess(ledger, on=until).points
    known = earned([fact for fact in facts if fact.on <= since], flying_blue(), FIRST)
    forecast = tk.forecast(ledger, on=since, until=until)
    for moment in forecast.as_is.days:
        assert moment.points == tk.assess(known, on=moment.on).points
        assert moment.credited_tier == tk.review(known, on=moment.on).credited_tier
    daily = tk.history(known, since=since, until=until, every="day").days
    ranks = [
        moment.credited_tier.rank if isinstance(moment.credited_tier, tk.Tier) else 0 for moment in daily
    ]
    falls = [daily[n].on for n in range(1, len(daily)) if ranks[n] < ranks[n - 1]]
    assert forecast.as_is.falls_on == forecast.as_is.may_fall_on == (falls[0] if falls else None)


@pytest.mark.parametrize(
    ("since", "ends"),
    [
        (date(2024, 2, 29), [date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]),
        (date(2025, 2, 28), [date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 28)]),
    ],
)
def test_a_personal_year_of_29_february(since: date, ends: list[date]) -> None:
    """'the day after the member's personal year of twelve months': always counted from its first day"""
    for held in (since, ends[0]):
        book: list[Fact] = [tk.Held(partner=ME, tier="platinum", on=held, since=since), flight(1, held, 1)]
        review = tk.review(earned(book, flying_blue()), on=ends[-1])
        fallen = [each.on for each in review.decisions if each.outcome == "fell"]
        assert fallen == [day for day in ends if day > held][:3]


# ---------------------------------------------------------------------- a result that takes effect later


@given(
    st.lists(st.tuples(st.integers(0, 500), st.sampled_from([5, 10, 30, 40])), max_size=6), st.integers(0, 60)
)
def test_the_tier_follows_a_month_after_the_day_that_is_judged(
    made: list[tuple[int, int]], ahead: int
) -> None:
    """'on the 1st of each month the standing is judged, and the tier follows a month after'"""
    first = date(2025, 1, 1)
    facts = [crossing(number, first + after * DAY, many) for number, (after, many) in enumerate(made)]
    ledger = earned(facts, ferry(), first)
    months = [first + relativedelta(months=n) for n in range(12)]
    performance = {day: tk.assess(ledger, on=day).performance_tier for day in months}
    for judged, effective in pairwise(months):
        on = effective + relativedelta(months=1) - DAY
        assert tk.review(ledger, on=on).credited_tier == performance[judged], on
    review = tk.review(ledger, on=months[-1])
    for decision in review.decisions:
        assert decision.effective_on == decision.on + relativedelta(months=1)
        below = performance[decision.on]
        if decision.movement == "fall" and decision.outcome == "fell":
            assert decision.after == (below,)
        assert decision.outcome in ("rose", "no rise", "kept", "fell")
    on = first + 200 * DAY + ahead * DAY
    known = earned([fact for fact in facts if fact.on <= on], ferry(), first)
    forecast = tk.forecast(ledger, on=on, until=on + 300 * DAY)
    daily = tk.history(known, since=on, until=on + 300 * DAY, every="day").days
    ranks = [
        moment.credited_tier.rank if isinstance(moment.credited_tier, tk.Tier) else 0 for moment in daily
    ]
    falls = [daily[n].on for n in range(1, len(daily)) if ranks[n] < ranks[n - 1]]
    assert forecast.as_is.falls_on == (falls[0] if falls else None)


def test_a_fall_that_was_decided_before_a_forecast_is_in_it() -> None:
    """'the first day on which the credited tier will fall'"""
    ledger = earned([crossing(1, date(2025, 1, 31), 40)], ferry(), date(2025, 1, 1))
    # reached on 1 February, held from 1 March; gone on 31 July, judged on 1 August, lost on 1 September
    forecast = tk.forecast(ledger, on=date(2025, 8, 15), until=date(2025, 12, 1))
    assert str(forecast.credited_tier) == "Captain"
    assert forecast.as_is.falls_on == forecast.as_is.may_fall_on == date(2025, 9, 1)
    assert forecast.as_is.decisions[0].on == date(2025, 8, 1)
    assert tk.forecast(ledger, on=date(2025, 8, 15), until=date(2025, 8, 31)).as_is.falls_on is None


def test_what_takes_effect_later_makes_nothing_known_before() -> None:
    """'note: why the tier is not known, where it is not': also while the first result is yet to come"""
    begun = date(2025, 1, 1)
    one = (
        '[{ until = 2025-01-01, measure = "done", at-least = "unknown" }, '
        '{ from = 2025-01-01, measure = "done", at-least = 10 }]'
    )
    text = steps_asking(one, done(20), done(30))
    program = program_of(text + moving("fall", "*-01", effective="{ months = 1 }"))
    ledger = earned([crossing(1, begun, 1)], program)
    before = tk.review(ledger, on=begun)
    assert [str(tier) for tier in before.possible] == ["None", "one", "two", "three"]
    assert before.note == "the tier that the partner holds is not known: add it as a Held fact"
    assert before.decisions[-1].outcome == "settled"
    assert tk.review(ledger, on=date(2025, 2, 1)).credited_tier is None


def test_the_note_names_what_made_the_tier_unknown() -> None:
    """'note: why the tier is not known, where it is not', and not what left it so"""
    held = tk.Held(partner=ME, tier="gold", on=date(2026, 7, 15), since=date(2026, 1, 15))
    lapsed = tk.Reading(partner=ME, name="certified", value=False, on=date(2026, 7, 20))
    deal = tk.Deal(
        id="D-1",
        partner=ME,
        customer="acme",
        market="DE",
        kind="sourced",
        motion="new",
        closed_on=date(2026, 8, 1),
        mrr=tk.Money("8000", "EUR"),
    )
    ledger = earned([held, lapsed, deal], tk.load_program("hubspot-solutions"))
    for on in (date(2027, 1, 15), date(2027, 2, 20)):
        assert tk.review(ledger, on=on).note.startswith("not met on the review day: certified")


@pytest.mark.parametrize(
    ("facts", "lacks"),
    [
        ([tk.Held(partner=ME, tier="gold", on=date(2026, 8, 1))], "since when it is held"),
        ([tk.Held(partner=ME, tier="diamond", on=date(2026, 7, 15), since=date(2026, 1, 15))], "grr"),
    ],
)
def test_what_is_not_known_is_named_where_it_could_change_the_tier(facts: list[Fact], lacks: str) -> None:
    """'A decision is UNKNOWN only when such a check could change it', and says which one lacks what"""
    certified = tk.Reading(partner=ME, name="certified", value=True, on=date(2026, 1, 1))
    mrr = tk.Money(0 if lacks != "grr" else 60000, "EUR")
    sold = date(2026, 8, 1)
    deal = tk.Deal(
        id="D-1",
        partner=ME,
        customer="acme",
        market="DE",
        kind="sourced",
        motion="new",
        closed_on=sold,
        mrr=mrr,
    )
    review = tk.review(
        earned([*facts, certified, deal], tk.load_program("hubspot-solutions")), on=date(2027, 1, 15)
    )
    assert review.credited_tier is tk.Verdict.UNKNOWN
    assert review.note.startswith(f"what is not known could change it ({lacks}): ")


def test_a_certification_and_bars_that_are_not_known_are_named() -> None:
    """'A check whose bars or readings are unknown is UNKNOWN'"""
    known: list[Fact] = [
        tk.Held(partner=ME, tier="gold", on=date(2026, 2, 1), since=date(2025, 1, 15)),
        tk.Reading(partner=ME, name="certified", value=True, on=date(2026, 1, 1), until=date(2026, 7, 1)),
    ]
    review = tk.review(earned(known, tk.load_program("hubspot-solutions")), on=date(2026, 7, 15))
    demotion = review.decisions[-1].why
    assert all(each in demotion for each in ("certified", "the bar of total"))


def test_a_decision_that_ends_before_a_fall_would_take_effect_is_no_reason_to_keep_a_tier() -> None:
    """'clause: the rule': who rose a short while ago is protected, whatever the vendor decided beside it"""
    rise = moving("rise", "*-15")
    fall = moving("fall", "*-20", "unless-held-under = { months = 6 }", effective="{ months = 2 }")
    decided = tk.Held(partner=ME, tier="three", on=date(2025, 3, 18), until=date(2025, 4, 20))
    facts: list[Fact] = [crossing(1, date(2025, 2, 14), 10), decided]
    review = tk.review(earned(facts, moved_by(rise, fall), date(2025, 1, 1)), on=date(2025, 3, 20))
    last = review.decisions[-1]
    assert (last.outcome, last.why) == ("protected", "one was gained less than 6 months ago")


THREE = steps_asking(done(10), done(20), done(30))


@cache
def moved_by(*movements: str) -> tk.Program:
    return program_of(THREE + "".join(movements))


def course(
    program: tk.Program, facts: Iterable[Fact], first: date, last: date
) -> list[tuple[date, str | None]]:
    """Give the days on which the tier that is held changes, and to what."""
    ledger = earned(facts, program, first)
    found: list[tuple[date, str | None]] = []
    for moment in tk.history(ledger, since=first, until=last, every="day").days:
        tier = moment.credited_tier
        name = tier.id if isinstance(tier, tk.Tier) else None if tier is None else "unknown"
        if not found or found[-1][1] != name:
            found.append((moment.on, name))
        assert tk.review(ledger, on=moment.on).credited_tier == tier or moment.on.day % 7, moment.on
    return found


def test_a_promotion_that_is_decided_while_a_fall_is_pending_follows_it() -> None:
    """Each review's result takes effect after its lag, whatever is still pending then"""
    lag = "{ days = 20 }"
    program = moved_by(moving("rise", "*-10", effective=lag), moving("fall", "*-10", effective=lag))
    weekly = program_of(
        THREE
        + moving("rise", "*-10", effective=lag).replace('["*-10"]', '["*-10", "*-20"]')
        + moving("fall", "*-10", effective=lag).replace('["*-10"]', '["*-10", "*-20"]')
    )
    facts = [crossing(1, date(2025, 1, 1), 20), crossing(2, date(2025, 2, 15), 20)]
    # judged: two on 10 and 20 January, nothing on 10 February, two again on 20 February
    first, last = date(2025, 1, 1), date(2025, 3, 31)
    assert course(weekly, facts, first, last) == [
        (first, None),
        (date(2025, 1, 30), "two"),
        (date(2025, 3, 2), None),
        (date(2025, 3, 12), "two"),
    ]
    assert course(program, facts, first, last)[:3] == [
        (first, None),
        (date(2025, 1, 30), "two"),
        (date(2025, 3, 2), None),
    ]


def test_a_rise_ends_the_falls_that_are_pending() -> None:
    """'no demotion before six months after a promotion': nor one that was decided before it"""
    program = moved_by(moving("rise", "*-20"), moving("fall", "*-10", effective="{ days = 30 }"))
    facts = [crossing(1, date(2025, 1, 1), 20), crossing(2, date(2025, 2, 15), 30)]
    # nothing on 10 February: to fall on 12 March; but three on 20 February
    assert course(program, facts, date(2025, 1, 1), date(2025, 3, 18)) == [
        (date(2025, 1, 1), None),
        (date(2025, 1, 20), "two"),
        (date(2025, 2, 20), "three"),
    ]


def test_a_rise_that_is_pending_is_protected() -> None:
    protected = moving("fall", "*-12", "unless-held-under = { months = 6 }")
    program = moved_by(moving("rise", "*-10", effective="{ days = 1 }"), protected)
    ledger = earned([crossing(1, date(2025, 1, 5), 20)], program, date(2025, 1, 1))
    review = tk.review(ledger, on=date(2025, 7, 12))
    assert [each.outcome for each in review.decisions if each.movement == "fall"] == [
        *["protected"] * 6,
        "fell",
    ]
    assert review.decisions[1].why == "two was gained less than 6 months ago"
    assert review.credited_tier is None


def test_a_decision_that_ends_before_a_result_takes_effect_does_not_hold_it() -> None:
    program = moved_by(moving("fall", "*-10", effective="{ days = 20 }"))
    facts: list[Fact] = [
        tk.Held(partner=ME, tier="one", on=date(2025, 1, 1), since=date(2025, 1, 1)),
        tk.Held(partner=ME, tier="three", on=date(2025, 1, 2), until=date(2025, 1, 15), reason="a gift"),
    ]
    review = tk.review(earned(facts, program, date(2025, 1, 1)), on=date(2025, 1, 31))
    assert [each.outcome for each in review.decisions] == ["given", "given", "fell", "ended"]
    assert review.decisions[2].after == (None,)
    assert review.credited_tier is None


# ---------------------------------------------------------------------- the switches


def test_at_once_looks_on_every_day_on_which_something_changes() -> None:
    """'any day on which something changes': a fact, its end, a reading's, a rule's first day"""
    asked = steps_asking(done_certified(10), done(20), done(30))
    program = program_of(asked + moving("rise", "at-once", "from = 2025-01-10") + moving("fall", "at-once"))
    facts: list[Fact] = [
        crossing(1, date(2025, 1, 2), 10),
        tk.Reading(partner=ME, name="certified", value=True, on=date(2025, 1, 3), until=date(2025, 1, 20)),
        tk.Reading(partner=ME, name="certified", value=False, on=date(2025, 1, 20)),
        tk.Reading(partner=ME, name="certified", value=True, on=date(2025, 1, 25)),
    ]
    assert course(program, facts, date(2025, 1, 1), date(2025, 2, 10)) == [
        (date(2025, 1, 1), None),
        (date(2025, 1, 10), "one"),
        (date(2025, 1, 20), None),
        (date(2025, 1, 25), "one"),
        (date(2025, 2, 1), None),
    ]


def test_at_once_looks_when_a_personal_year_ends() -> None:
    """The points of a year end with it: on that day something changes"""
    text = (SKETCHES / "flying-blue.toml").read_text(encoding="utf-8")
    falls = moving("fall", "at-once").replace('"terms"', '"guides"')
    program = program_of(
        text[: text.index("[[movement]]")]
        + falls
        + falls.replace(
            'id = "fall"\nkind = "fall"\non = ["at-once"]', 'id = "end"\nkind = "fall"\non = ["year-end"]'
        ).replace('"best-judged"', '"next-lower"')
    )
    facts: list[Fact] = [
        tk.Held(partner=ME, tier="silver", on=date(2025, 1, 1), since=date(2025, 1, 1)),
        flight(1, date(2025, 6, 1), 100),
    ]
    ledger = earned(facts, program)
    assert tier_on(ledger, date(2025, 12, 31)) == "silver"
    review = tk.review(ledger, on=date(2026, 1, 1))
    assert review.credited_tier is None


@pytest.mark.parametrize(
    ("judged", "tier"),
    [
        ('on = ["*-15"], since = ["02-15"], take = "best"', "one"),
        ('on = ["*-*"], since = ["02-15"], take = "best"', "two"),
        ('on = ["03-03", "04-15"], since = ["02-15"], take = "best"', "two"),
        ('take = "same-day"', None),
        ('take = "day-before"', None),
    ],
)
def test_which_days_a_review_looks_at(judged: str, tier: str | None) -> None:
    """'judged.on', 'since', 'take': the best of the window's days, the day itself or its eve"""
    program = moved_by(moving("fall", "07-15", judged=judged))
    facts: list[Fact] = [
        tk.Held(partner=ME, tier="three", on=date(2025, 1, 1), since=date(2024, 1, 1)),
        crossing(1, date(2025, 2, 10), 20),  # on no 15th but that of February, if not for its last day
        crossing(2, date(2025, 3, 1), 10),
        tk.Reversal(id="R-1", reverses="C-1", on=date(2025, 2, 12)),
        crossing(3, date(2025, 3, 2), 10),
        tk.Reversal(id="R-3", reverses="C-3", on=date(2025, 3, 5)),
    ]
    assert tier_on(earned(facts, program), date(2025, 7, 14)) == "three"
    assert tier_on(earned(facts, program), date(2025, 7, 15)) == tier


def test_a_fall_goes_one_step_or_to_the_best_judged() -> None:
    facts = [tk.Held(partner=ME, tier="three", on=date(2025, 1, 1), since=date(2024, 1, 1))]
    for to, tiers in (("next-lower", ["two", "one", None, None]), ("best-judged", [None] * 4)):
        ledger = earned(facts, moved_by(moving("fall", "*-15", to=to)))
        assert [tier_on(ledger, date(2025, month, 15)) for month in (1, 2, 3, 4)] == tiers
    review = tk.review(earned(facts, moved_by(moving("fall", "*-15"))), on=date(2025, 2, 15))
    assert review.decisions[-1].why == "there is no tier to lose"


def test_a_rise_goes_one_step_or_to_the_best() -> None:
    facts = [crossing(1, date(2025, 1, 1), 30)]
    for to, tier in (("next", "three"), ("best", "three")):
        assert tier_on(earned(facts, moved_by(moving("rise", "*-15", to=to))), date(2025, 1, 15)) == tier
    lagged = moved_by(moving("rise", "*-15", effective="{ months = 1 }", to="next"))
    assert (
        tier_on(earned([crossing(1, date(2025, 1, 1), 30)], lagged, date(2025, 1, 1)), date(2025, 2, 15))
        == "one"
    )


def test_a_day_that_a_month_does_not_have_is_its_last() -> None:
    program = moved_by(moving("rise", "*-31"))
    facts = [crossing(1, date(2025, 2, 10), 10)]
    assert course(program, facts, date(2025, 2, 1), date(2025, 3, 15)) == [
        (date(2025, 2, 1), None),
        (date(2025, 2, 28), "one"),
    ]


def test_a_movement_looks_only_while_it_is_in_force() -> None:
    program = moved_by(moving("rise", "*-15", "from = 2025-02-01", "until = 2025-03-01"))
    assert [
        day
        for day, _ in course(
            program,
            [crossing(1, date(2025, 1, 10), 10), crossing(2, date(2025, 2, 12), 20)],
            date(2025, 1, 1),
            date(2025, 4, 1),
        )
    ] == [date(2025, 1, 1), date(2025, 2, 15)]


# ---------------------------------------------------------------------- where a walk begins, and given tiers


def test_without_movements_a_tier_is_held_as_a_fact_says() -> None:
    program = moved_by()
    on = date(2025, 6, 1)
    none = tk.review(earned([crossing(1, on, 30)], program), on=on)
    assert none.credited_tier is None
    assert none.note == "the program has no movements: a tier is held only as a given fact says"
    facts = [tk.Held(partner=ME, tier="two", on=date(2025, 2, 1), since=date(2025, 1, 1), reason="a letter")]
    held = tk.review(earned(facts, program), on=on)
    assert held.credited_tier == program.tier("two")
    assert held.since == date(2025, 1, 1)
    assert [(each.outcome, each.why, each.source) for each in held.decisions] == [("given", "a letter", None)]
    assert "two" in held._repr_html_()


def test_joining_is_the_start() -> None:
    """'A partner begins without a tier on the day on which it joined'; before it holds none"""
    program = moved_by(moving("rise", "*-15"))
    facts = [crossing(1, date(2025, 1, 5), 10), crossing(2, date(2025, 3, 10), 10)]
    joined = date(2025, 3, 1)
    assert course(program, facts, joined, date(2025, 4, 1)) == [(joined, None), (date(2025, 3, 15), "one")]
    ledger = earned(facts, program, joined)
    history = tk.history(ledger, since=date(2025, 1, 1), until=date(2025, 4, 1), every="day")
    for moment in history.days:
        assert moment.credited_tier == tk.review(ledger, on=moment.on).credited_tier, moment.on
    assert tk.review(ledger, on=date(2025, 1, 20)).credited_tier is None


UNKNOWN_BARS = steps_asking(
    done(10),
    '[{ until = 2025-03-01, measure = "done", at-least = "unknown", note = "not found" }, '
    '{ from = 2025-03-01, measure = "done", at-least = 20 }]',
    done(30),
)


@given(
    st.lists(st.tuples(st.integers(0, 250), st.sampled_from([10, 20, 30])), max_size=4),
    st.lists(
        st.tuples(
            st.integers(0, 300),
            st.sampled_from(["one", "two", "three"]),
            st.sampled_from([None, 0, 200]),
            st.sampled_from([None, 40]),
        ),
        max_size=2,
        unique_by=lambda held: held[0],
    ),
    st.sampled_from([None, 0, 90, 200]),
    st.sampled_from(["a bar", "no bar", "a year"]),
)
def test_a_history_holds_what_a_review_of_each_day_says(
    made: list[tuple[int, int]],
    helds: list[tuple[int, str, int | None, int | None]],
    joined: int | None,
    known: str,
) -> None:
    """'the sweep equals assessment day by day': wherever the walk begins, it finds the same"""
    first = date(2025, 1, 1)
    text = UNKNOWN_BARS
    falls = moving("fall", "*-20", "unless-held-under = { months = 2 }")
    if known == "no bar":
        text = text.replace("at-least = 20", 'at-least = "unknown"')
    if known == "a year":
        text = text.replace("days = 30", 'while = "year"')
        falls = moving("fall", "year-end", to="next-lower", judged='take = "day-before"')
    program = program_of(text + moving("rise", "*-10") + falls)
    facts: list[Fact] = [
        crossing(number, first + after * DAY, many) for number, (after, many) in enumerate(made)
    ]
    facts += [
        tk.Held(
            partner=ME,
            tier=tier,
            on=first + after * DAY,
            since=first + (after - ago) * DAY if ago is not None else None,
            until=first + (after + length) * DAY if length else None,
        )
        for after, tier, ago, length in helds
    ]
    ledger = earned(facts, program, None if joined is None else first + joined * DAY)
    history = tk.history(ledger, since=first - 30 * DAY, until=first + 500 * DAY, every="week")
    for moment in history.days[::3]:
        review = tk.review(ledger, on=moment.on)
        assert review.credited_tier == moment.credited_tier, moment.on
        standing = tk.assess(ledger, on=moment.on)
        assert (standing.points, standing.unsure) == (moment.points, moment.unsure), moment.on
        if review.credited_tier is tk.Verdict.UNKNOWN:
            assert review.note
            assert review.since is None


def test_a_tier_with_an_end_is_a_floor() -> None:
    """Up to its end a decision of the vendor holds, and what it rose to since, whatever the movements give"""
    program = moved_by(moving("rise", "*-15"), moving("fall", "*-15"))
    facts: list[Fact] = [
        tk.Held(partner=ME, tier="one", on=date(2025, 1, 1), since=date(2024, 1, 1)),
        tk.Held(partner=ME, tier="two", on=date(2025, 1, 2), until=date(2025, 4, 1), reason="a bridge"),
        crossing(1, date(2025, 2, 10), 30),
    ]
    ledger = earned(facts, program)
    assert [tier_on(ledger, date(2025, month, 20)) for month in (1, 2, 3)] == ["two", "three", "three"]
    assert (tier_on(ledger, date(2025, 3, 31)), tier_on(ledger, date(2025, 4, 1))) == ("three", None)
    review = tk.review(ledger, on=date(2025, 4, 1))
    assert review.decisions[-1].outcome == "ended"
    assert review.decisions[-1].clause == "a bridge"
    kept = [each.why for each in review.decisions if each.on == date(2025, 1, 15) and each.movement == "fall"]
    assert kept == [
        "two was not reached and is held by a decision of the vendor; beneath it, one became no tier"
    ]
    forecast = tk.forecast(ledger, on=date(2025, 3, 20), until=date(2025, 5, 1))
    assert forecast.as_is.falls_on == date(2025, 4, 1)


def test_after_a_decision_within_another_that_one_holds_again() -> None:
    """Up to that day this tier holds, or what it rose to since; a decision that has ended leaves no trace"""
    program = moved_by(moving("rise", "*-15"), moving("fall", "*-15"))
    facts: list[Fact] = [
        tk.Held(partner=ME, tier="one", on=date(2025, 1, 1), until=date(2025, 9, 1), reason="a bridge"),
        tk.Held(partner=ME, tier="three", on=date(2025, 3, 1), until=date(2025, 5, 1), reason="a trial"),
    ]
    ledger = earned(facts, program, date(2024, 12, 1))
    assert [tier_on(ledger, date(2025, month, 20)) for month in (2, 4, 5)] == ["one", "three", "one"]
    assert (tier_on(ledger, date(2025, 8, 31)), tier_on(ledger, date(2025, 9, 1))) == ("one", None)
    ended = tk.review(ledger, on=date(2025, 5, 1)).decisions[-1]
    assert (ended.outcome, ended.clause) == ("ended", "a trial")
    assert ended.why == "the decision of 2025-03-01 ended: that of 2025-01-01 holds"
    risen = earned([*facts, crossing(1, date(2025, 3, 10), 20)], program, date(2024, 12, 1))
    assert (tier_on(risen, date(2025, 4, 30)), tier_on(risen, date(2025, 5, 1))) == ("three", "two")


def test_a_decision_that_ends_before_a_later_one_does_not_hold_again() -> None:
    program = moved_by(moving("rise", "*-15"), moving("fall", "*-15"))
    facts: list[Fact] = [
        tk.Held(partner=ME, tier="three", on=date(2025, 1, 1), until=date(2025, 4, 1)),
        tk.Held(partner=ME, tier="one", on=date(2025, 3, 1), until=date(2025, 5, 1)),
    ]
    ledger = earned(facts, program, date(2024, 12, 1))
    assert [tier_on(ledger, date(2025, month, 20)) for month in (2, 3, 4, 5)] == ["three", "one", "one", None]


def test_a_held_tier_that_the_program_does_not_have_is_refused() -> None:
    ledger = earned([tk.Held(partner=ME, tier="tow", on=date(2025, 2, 1))], moved_by(moving("rise", "*-15")))
    for verb in (
        lambda: tk.review(ledger, on=date(2025, 3, 1)),
        lambda: tk.history(ledger, since=date(2025, 3, 1), until=date(2025, 4, 1)),
        lambda: tk.forecast(ledger, on=date(2025, 3, 1), until=date(2025, 4, 1)),
    ):
        with pytest.raises(tk.UnknownName, match=r"held tier of ada on 2025-02-01.*did you mean 'two'"):
            verb()
    assert tk.review(ledger, on=date(2025, 1, 1)).credited_tier is tk.Verdict.UNKNOWN


def test_many_possible_badges_are_told_apart_by_their_tier() -> None:
    """'More than 200 possible badges are not told apart … An answer can only become more unknown'"""
    asked = steps_asking(done(10), done(20), '{ reading = "certified", is = true }')
    program = program_of(
        asked
        + moving("rise", "*-15")
        + moving("rise", "*-15").replace("*-15", "at-once").replace('id = "rise"', 'id = "daily"')
        + moving("fall", "*-15", "unless-held-under = { months = 900 }")
    )
    facts = [crossing(number, date(2025, 1, 1) + number * DAY, 1) for number in range(230)]
    review = tk.review(earned(facts, program, date(2025, 1, 1)), on=date(2025, 8, 20))
    assert review.possible[-1] == program.tier("three")
    assert review.credited_tier is tk.Verdict.UNKNOWN


# ---------------------------------------------------------------------- what is rare


def test_a_rise_that_was_overtaken_takes_no_effect() -> None:
    quick = moving("rise", "*-20").replace('id = "rise"', 'id = "quick"')
    program = moved_by(moving("rise", "*-10", effective="{ days = 30 }"), quick)
    facts = [crossing(1, date(2025, 1, 5), 10), crossing(2, date(2025, 1, 15), 10)]
    assert course(program, facts, date(2025, 1, 1), date(2025, 3, 31)) == [
        (date(2025, 1, 1), None),
        (date(2025, 1, 20), "two"),
    ]


MIXED = """
[[earn]]
id       = "gift"
select   = { fact = "event", type = "gift" }
track    = "done"
rate     = [{ points = 1, source = "terms" }]
live     = [{ days = 5, source = "terms" }]
[[earn]]
id       = "seats"
select   = { fact = "state", type = "seats" }
track    = "done"
quantity = true
rate     = [{ points = 1, source = "terms" }]
live     = [{ while = "held", source = "terms" }]
"""


def test_a_personal_year_ends_only_what_lives_for_it() -> None:
    """'standing.entries adds up to standing.points on every day', whatever else the program counts;
    nothing is carried where the bar was just met"""
    mixed = MIXED.replace('"done"', '"more"')  # a track of `posts` has points of the year alone
    text = THREE.replace("days = 30", 'while = "year"').replace("[[tier]]", mixed + "[[tier]]", 1)
    text = text.replace('["done"]', '["done", "more"]')
    program = program_of(
        text
        + moving("rise", "*-15", 'posts = { deduct = "done" }', "restarts-year = true", to="next")
        + moving(
            "fall", "year-end", 'posts = { carry = "done" }', to="next-lower", judged='take = "day-before"'
        )
    )
    seats = tk.State(
        id="S-1", type="seats", quantity=2, holders=[tk.Holder(partner=ME, since=date(2025, 1, 10))]
    )
    facts: list[Fact] = [
        crossing(1, date(2025, 1, 5), 10),
        crossing(2, date(2025, 2, 1), 10),
        tk.Event(id="G-1", partner=ME, type="gift", on=date(2025, 3, 1)),
        seats,
    ]
    ledger = earned(facts, program, date(2025, 1, 1))
    for moment in tk.history(ledger, since=date(2025, 1, 1), until=date(2026, 6, 1), every="week").days:
        standing = tk.assess(ledger, on=moment.on)
        assert live(standing) == standing["done"] + standing["more"], moment.on
        assert moment.points == standing.points, moment.on
    review = tk.review(ledger, on=date(2026, 1, 15))
    assert [
        (each.on, each.outcome) for each in review.decisions if each.outcome in ("rose", "fell", "kept")
    ] == [
        (date(2025, 1, 15), "rose"),
        (date(2026, 1, 15), "kept"),
    ]
    assert tk.assess(ledger, on=date(2025, 1, 15))["done"] == tk.Points(0)
    assert "2025-01-15" in review.looks[0]._repr_html_()
    assert "rose" in review.decisions[0]._repr_html_()


def test_at_once_looks_when_a_state_turns_and_when_a_fact_that_cannot_be_valued_ends() -> None:
    """'any day on which something changes': of a state too, and of what is not known"""
    program = program_of(
        THREE.replace("[[tier]]", MIXED + "[[tier]]", 1)
        + moving("rise", "at-once")
        + moving("fall", "at-once", to="best-judged")
    )
    holder = tk.Holder(partner=ME, since=date(2025, 1, 10), until=date(2025, 2, 1))
    facts: list[Fact] = [
        tk.State(id="S-1", type="seats", quantity=10, holders=[holder]),
        tk.Event(id="C-1", partner=ME, type="crossing", on=date(2025, 1, 20)),  # which says no quantity
    ]
    assert course(program, facts, date(2025, 1, 1), date(2025, 3, 1)) == [
        (date(2025, 1, 1), None),
        (date(2025, 1, 10), "one"),
        (date(2025, 1, 20), "unknown"),
        (date(2025, 2, 19), None),
    ]


# ---------------------------------------------------------------------- what may not be dropped, or grow

_STEPS = st.tuples(st.sampled_from([30, 45, 60, 75, 90]), st.booleans(), st.integers(0, 3))


@given(st.lists(_STEPS, max_size=4), st.integers(0, 3), st.integers(0, 120), st.integers(0, 120))
def test_what_is_pending_takes_effect_alike_at_once_and_step_by_step(
    steps: list[tuple[int, bool, int]], held: int, one: int, other: int
) -> None:
    """'review on the 1st of each month takes effect a month after the day judged'"""
    tiers = (None, *ferry().tiers)
    badge = Badge(tiers[held % len(tiers)])
    for days, rises, tier in sorted(steps):
        effective, aim = FIRST + days * DAY, tiers[tier % len(tiers)]
        if rises and aim is not None:
            badge = badge.rising(aim, effective)
        elif not rises:
            badge = attrs.evolve(badge, pending=(*badge.pending, (effective, MoveKind.FALL, aim)))
    first, last = sorted((FIRST + one * DAY, FIRST + other * DAY))
    assert matured(matured(badge, first), last) == matured(badge, last)


def test_a_fall_that_is_decided_after_a_rise_comes_after_it() -> None:
    fall = moving("fall", "*-15", effective="{ months = 1 }")
    program = moved_by(moving("rise", "01-01", effective="{ months = 1 }"), fall)
    facts = [crossing(1, date(2025, 1, 1), 30)]
    gone = tk.Reversal(id="R", reverses="C-1", on=date(2025, 1, 10))
    ledger = earned([*facts, gone], program, date(2025, 1, 1))
    review = tk.review(ledger, on=date(2025, 2, 20))
    [fell] = [each for each in review.decisions if each.on == date(2025, 1, 15) and each.movement == "fall"]
    assert fell.after == (None,)
    assert (tier_on(ledger, date(2025, 2, 1)), tier_on(ledger, fell.effective_on)) == ("three", None)


def test_so_many_possible_badges_that_they_are_not_told_apart_leave_the_points_unsure() -> None:
    """'unknown is not zero and not "no"': what was posted is then not known, and nothing is said of it."""
    unknown = tk.Event(id="F-0", partner=ME, type="flight", on=date(2024, 1, 1))
    flights = [flight(number, date(2024, 1, 1) + 8 * number * DAY, 60) for number in range(1, 30)]
    ledger = earned([unknown, *flights], flying_blue(), date(2023, 6, 1))
    standing = tk.assess(ledger, on=date(2024, 12, 1))
    assert standing.unsure == ("xp",)
    assert tier_on(ledger, date(2024, 12, 1)) == "unknown"
    assert tk.review(ledger, on=date(2024, 12, 1)).problems


def test_what_could_not_be_valued_ends_with_the_year_that_it_would_have_counted_in() -> None:
    unknown = tk.Event(id="F-0", partner=ME, type="flight", on=date(2023, 7, 1))
    ledger = earned([unknown], flying_blue(), date(2023, 6, 1))
    assert tk.assess(ledger, on=date(2023, 8, 1)).problems
    assert not tk.assess(ledger, on=date(2026, 8, 1)).problems


def test_since_is_the_day_on_which_a_decided_tier_rose_again() -> None:
    program = moved_by(moving("rise", "*-15"), moving("fall", "12-15"))
    held = tk.Held(partner=ME, tier="three", on=date(2025, 1, 1), since=date(2024, 1, 1))
    decided = tk.Held(partner=ME, tier="one", on=date(2025, 1, 2), until=date(2025, 9, 1))
    ledger = earned([held, decided, crossing(1, date(2025, 3, 1), 30)], program)
    review = tk.review(ledger, on=date(2025, 4, 1))
    assert (review.credited_tier, review.since) == (program.tier("three"), date(2025, 3, 15))


def test_since_is_not_known_where_a_decision_may_have_found_its_tier_held() -> None:
    """'None where that is not known': before it anything may have been held, that tier too"""
    known, on = tk.Reading(partner=ME, name="certified", value=True, on=date(2026, 7, 20)), date(2026, 9, 1)
    decided = tk.Held(partner=ME, tier="platinum", on=on, until=date(2027, 1, 1))
    review = tk.review(earned([known, decided], tk.load_program("hubspot-solutions")), on=on)
    assert len(review.decisions[-1].before) > 1
    assert (str(review.credited_tier), review.since) == ("Platinum", None)


def test_since_goes_on_where_the_tier_was_reached_before_its_decision_ended() -> None:
    """'the first day on which it is held without a break'"""
    program = moved_by(moving("rise", "*-15"), moving("fall", "*-15"))
    decided = tk.Held(partner=ME, tier="two", on=date(2025, 3, 1), until=date(2025, 5, 1))
    ledger = earned([decided, crossing(1, date(2025, 4, 10), 20)], program, date(2024, 12, 1))
    for on in (date(2025, 3, 1), date(2025, 4, 30), date(2025, 5, 1)):
        assert tk.review(ledger, on=on).since == date(2025, 3, 1)


def test_a_sentence_names_the_days_that_were_judged_by_the_bars_of_the_review() -> None:
    review = tk.review(
        earned([crossing(1, date(2025, 1, 1), 30)], ferry(), date(2025, 1, 1)), on=date(2025, 8, 1)
    )
    for each in review.decisions:
        looked = {str(look.on) for look in review.looks if look.on in each.looks}
        assert all(day in looked for day in re.findall("[0-9]{4}-[0-9]{2}-[0-9]{2}", each.why))


@pytest.mark.parametrize("verb", [tk.assess, tk.review])
def test_what_is_no_ledger_is_refused(verb: Callable[..., object]) -> None:
    with pytest.raises(tk.WrongType, match="earn"):
        verb(tk.Book(), on=date(2026, 1, 1))


def test_a_day_that_no_review_can_mean_is_refused() -> None:
    ledger = earned([], ferry(), date(2025, 1, 1))
    with pytest.raises(tk.InvalidValue, match="2100"):
        tk.review(ledger, on=date(9999, 12, 31))
    with pytest.raises(tk.InvalidValue, match="give the earlier day as on"):
        tk.forecast(ledger, on=date(2026, 2, 1), until=date(2026, 1, 1))


def test_every_held_tier_that_is_unknown_is_named_at_once() -> None:
    helds = [
        tk.Held(partner=ME, tier=name, on=date(2025, month, 1)) for month, name in ((2, "tow"), (3, "thre"))
    ]
    with pytest.raises(tk.UnknownName) as refused:
        tk.review(earned(helds, moved_by(moving("rise", "*-15"))), on=date(2025, 4, 1))
    assert len(refused.value.problems) == len(helds)


def test_a_step_of_a_history_is_a_word() -> None:
    with pytest.raises(tk.InvalidValue, match="every"):
        tk.history(
            earned([], ferry()),
            since=date(2025, 1, 1),
            until=date(2025, 2, 1),
            every=["month"],  # type: ignore[arg-type]
        )
    with pytest.raises(tk.UnknownName, match="did you mean '2025-02-01'"):
        tk.history(earned([], ferry()), since=date(2025, 1, 1), until=date(2025, 2, 1))[date(2025, 2, 2)]


def test_a_forecast_is_pickled_with_the_changes_that_it_makes_late() -> None:
    ledger = earned([crossing(1, date(2025, 1, 1), 30)], ferry(), date(2025, 1, 1))
    forecast = tk.forecast(ledger, on=date(2025, 2, 1), until=date(2026, 3, 1))
    again = pickle.loads(pickle.dumps(forecast))
    assert again == forecast
    assert again.changes.rows == forecast.changes.rows
    assert forecast._repr_html_()


def test_a_tier_that_is_not_there_yet_is_not_reached() -> None:
    program = tk.load_program("hubspot-solutions")
    later = {name: tk_dated for name, tk_dated in program.requires.items() if name != "elite"}
    elite = Dated(
        tuple(each for each in program.requires["elite"] if each.effective_from == date(2027, 1, 15))
    )
    without = changed(program, requires=FrozenMap({**later, "elite": elite}))
    history = tk.history(
        tk.earn(tk.Book([tk.Partner(id=ME)]), without), since=date(2026, 8, 1), until=date(2026, 9, 1)
    )
    assert history.days[0].performance_tier is not program.tier("elite")
