"""What movements are made of, against a member that is followed day by day, without looking ahead."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import assume, example, given
from hypothesis import strategies as st
from strategies_engine import moving, program_of

import tierkit as tk
from tierkit.engine.moving.review_days import first_effective_on, reached_back_on
from tierkit.frozen import changed
from tierkit.programs.movements import Lag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tierkit.facts.facts import Fact

DAY = timedelta(days=1)
ME = "ada"
FIRST = date(2024, 1, 10)
LIFE = 40
NAMES = (None, "one", "two", "three")

HEAD = """
format = 1
id     = "steps"
name   = "Steps"
source = "terms"
tracks = ["done"]
[sources.terms]
url   = "https://example.org/terms"
grade = "derived"
[readings.asked]
type = "yes-no"
[[earn]]
id       = "work"
select   = { fact = "event", type = "work" }
track    = "done"
quantity = true
rate     = { points = 1 }
live     = { days = 40 }
"""


# ---------------------------------------------------------------------- a member, followed day by day


class Window(NamedTuple):
    """Days that are looked at, and how long before the review they begin."""

    pattern: str
    months: int
    days: int


class Rule(NamedTuple):
    """A movement, as a test draws it."""

    rises: bool
    on: str
    take: str = "same-day"
    window: Window | None = None
    lag: int = 0
    one_step: bool = False
    protected: int = 0
    days: tuple[date | None, date | None] = (None, None)

    def toml(self, name: str) -> str:
        """Write the rule as a file does."""
        judged = f'take = "{self.take}"'
        if self.window is not None:
            pattern, months, days = self.window
            judged += (
                f', on = ["{pattern}"], last = {{ {f"months = {months}" if months else f"days = {days}"} }}'
            )
        reach = ("next" if self.one_step else "best") if self.rises else "best-judged"
        if self.one_step and not self.rises:
            reach = "next-lower"
        first, end = self.days
        return "\n".join(
            [
                "",
                "[[movement]]",
                f'id = "{name}"',
                f'kind = "{"rise" if self.rises else "fall"}"',
                f'on = ["{self.on}"]',
                f"judged = {{ {judged} }}",
                f"effective = {{ days = {self.lag} }}" if self.lag else 'effective = "same-day"',
                f'to = "{reach}"',
                f"unless-held-under = {{ months = {self.protected} }}" if self.protected else "",
                f"from = {first}" if first else "",
                f"until = {end}" if end else "",
            ]
        )


def rise(on: str, take: str = "same-day", window: Window | None = None, **more: Any) -> Rule:
    return Rule(rises=True, on=on, take=take, window=window, **more)


def fall(on: str, take: str = "same-day", window: Window | None = None, **more: Any) -> Rule:
    return Rule(rises=False, on=on, take=take, window=window, **more)


class Plan(NamedTuple):
    """A program, as a test draws it: its movements, its bars, and what hangs on the tier that is held."""

    rules: tuple[Rule, ...]
    bars: tuple[int, int, int] = (10, 20, 30)
    keeps: tuple[int | None, int | None, int | None] = (None, None, None)
    times: tuple[int, int, int] = (1, 1, 1)
    served: int = 0  # months as two or above that three asks for


@cache
def program(plan: Plan) -> tk.Program:
    """Load the program of a plan."""
    return program_of(text_of(plan))


def text_of(plan: Plan) -> str:
    """Write a plan as a file."""
    text = HEAD
    rates = [f'{{ tier = "{name}", by = {by} }}' for name, by in zip(NAMES[1:], plan.times, strict=True)]
    if set(plan.times) != {1}:
        text = text.replace("live     =", f"multiply = [{', '.join(rates)}]\nlive     =")
    if plan.served:
        text = text.replace("[readings", '[measures]\nserved = { tenure = "two" }\n[readings', 1)
    for rank, name in enumerate(NAMES[1:]):
        bar, keep = plan.bars[rank], plan.keeps[rank]
        more = f', {{ measure = "served", at-least = {plan.served} }}' if plan.served and rank == 2 else ""
        text += f'\n[[tier]]\nid = "{name}"\nrank = {rank + 1}\n'
        text += f'requires = {{ all = [{{ measure = "done", at-least = {bar} }}{more}] }}\n'
        text += "" if keep is None else f'keeps = {{ all = [{{ measure = "done", at-least = {keep} }}] }}\n'
    for number, rule in enumerate(plan.rules):
        text += rule.toml(f"movement-{number}")
    return text


class Member:
    """A member under a plan, day by day: every movement looks on every day that it may."""

    def __init__(self, plan: Plan, facts: Sequence[tk.Event]) -> None:
        self.plan = plan
        self.facts = facts
        self.tier = 0
        self.since: date | None = None
        self.pending: list[tuple[date, bool, int]] = []
        self.mornings: dict[date, int] = {}
        self.evenings: dict[date, int] = {}
        self.counted: dict[date, int] = {}

    def lived(self, last: date) -> Iterator[tuple[date, int]]:
        """Give the tier at the end of each day."""
        day = FIRST
        while day <= last:
            for due in [each for each in self.pending if each[0] == day]:
                self._turn(due[2], day, rises=due[1])
            self.mornings[day] = self.tier
            for rule in self.plan.rules:
                first, end = rule.days
                covers = (first is None or first <= day) and (end is None or day < end)
                if covers and (rule.on == "at-once" or matches(rule.on, day)):
                    self._look(rule, day)
            self.evenings[day] = self.tier
            yield day, self.tier
            day += DAY

    def points(self, day: date) -> int:
        """Add up what counts on a day: of each fact under the tier of its morning."""
        if day not in self.counted:
            self.counted[day] = sum(
                int(fact.quantity or 0) * (1, *self.plan.times)[self.mornings.get(fact.on, 0)]
                for fact in self.facts
                if fact.on <= day < fact.on + LIFE * DAY
            )
        return self.counted[day]

    def months(self, day: date) -> int:
        """Count the whole months as two or above up to a day: to its evening, if that has come."""
        if self.evenings.get(day, self.tier) < 2:
            return 0
        begun = day
        while self.evenings.get(begun - DAY, 0) >= 2:
            begun -= DAY
        months = 0
        while begun + relativedelta(months=months + 1) <= day:
            months += 1
        return months

    def reaches(self, day: date, tier: int, held: int) -> bool:
        """Say whether a tier, or one above it, was reached on a day; up to the one held, by what keeps it."""
        points = self.points(day)
        for each in range(tier, 4):
            keep = self.plan.keeps[each - 1] if each <= held else None
            served = each < 3 or keep is not None or self.months(day) >= self.plan.served
            if points >= (self.plan.bars[each - 1] if keep is None else keep) and served:
                return True
        return False

    def _look(self, rule: Rule, day: date) -> None:
        checks = checked(rule, day)
        if not checks:
            return
        effective = day + rule.lag * DAY
        ahead, since = self._ahead(effective)

        def reached(tier: int) -> bool:
            held = 0 if rule.rises else ahead
            every = all if rule.take == "worst" else any
            return every(self.reaches(each, tier, held) for each in checks)

        if rule.rises:
            above = [tier for tier in range(ahead + 1, 4) if reached(tier)]
            aim = max(above, default=ahead)
            if rule.one_step and rule.lag:
                aim = ahead + 1 if above else ahead
            if aim > ahead:
                self.pending = [each for each in self.pending if each[1] or each[0] <= effective]
                self.pending.append((effective, True, aim))
        elif ahead and not (rule.protected and since and day < since + relativedelta(months=rule.protected)):
            best = max((tier for tier in range(1, ahead + 1) if reached(tier)), default=0)
            if best < ahead:
                self.pending.append((effective, False, ahead - 1 if rule.one_step else best))
        if not rule.lag:
            for due in [each for each in self.pending if each[0] <= day]:
                self._turn(due[2], day, rises=due[1])

    def _ahead(self, until: date) -> tuple[int, date | None]:
        tier, since = self.tier, self.since
        for on, rises, aim in sorted((each for each in self.pending if each[0] <= until), key=itemgetter(0)):
            if (aim > tier) is rises and aim != tier:
                tier, since = aim, on if rises else None
        return tier, since

    def _turn(self, tier: int, day: date, *, rises: bool) -> None:
        if (tier > self.tier) is rises and tier != self.tier:
            self.tier, self.since = tier, day if rises else None
        self.pending = [each for each in self.pending if each[0] > day]


def checked(rule: Rule, day: date) -> list[date]:
    """Give the days whose performance a rule looks at on a day."""
    if rule.window is None:
        return [day - DAY] if rule.take == "day-before" else [day]
    begin = day - relativedelta(months=rule.window.months) - rule.window.days * DAY
    return [each for each in days_from(begin + DAY, day) if matches(rule.window.pattern, each)]


def matches(pattern: str, day: date) -> bool:
    """Say whether a day is one of a pattern; a month's last day stands for one that it does not have."""
    month, _, number = pattern.partition("-")
    if pattern == "*-*":
        return True
    last = (day + relativedelta(day=31)).day
    return month in ("*", f"{day.month:02}") and day.day == min(int(number), last)


def days_from(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def work(number: int, on: date, many: int) -> tk.Event:
    return tk.Event(id=f"W-{number}", partner=ME, type="work", on=on, quantity=many)


def earned(plan: Plan, facts: Iterable[Fact]) -> tk.Ledger:
    return tk.earn(tk.Book([tk.Partner(id=ME, joined_on=FIRST), *facts]), program(plan))


def assert_lived(plan: Plan, made: Sequence[tuple[int, int]], length: int = 260) -> None:
    """Hold each day of the engine's history against the member that was followed."""
    facts = [work(number, FIRST + after * DAY, many) for number, (after, many) in enumerate(made)]
    ledger, member = earned(plan, facts), Member(plan, facts)
    last = FIRST + length * DAY
    history = tk.history(ledger, since=FIRST, until=last, every="day")
    for moment, (day, tier) in zip(history.days, member.lived(last), strict=True):
        found = moment.credited_tier
        assert (found.id if isinstance(found, tk.Tier) else found) == NAMES[tier], day
        assert moment.points["done"] == tk.Points(member.points(day)), day
    on = FIRST + length // 2 * DAY
    standing = tk.assess(ledger, on=on)
    live = sum((each.points for each in standing.entries if on in each.span), tk.Points(0))
    assert standing.points == history[on].points == {"done": live}
    assert tk.review(ledger, on=on).credited_tier == history[on].credited_tier


# ---------------------------------------------------------------------- the laws

MADE = st.lists(st.tuples(st.integers(0, 200), st.sampled_from([1, 5, 9, 10, 11, 15, 20, 30])), max_size=8)
ON = st.sampled_from(["at-once", "*-15", "*-31", "*-01"])
WINDOWS = st.one_of(
    st.builds(Window, st.sampled_from(["*-*", "*-15", "*-30"]), st.sampled_from([1, 2, 6]), st.just(0)),
    st.builds(Window, st.sampled_from(["*-*", "*-15"]), st.just(0), st.sampled_from([1, 20, 45, 90])),
)
DAYS = st.tuples(
    st.sampled_from([None, FIRST + 60 * DAY]), st.sampled_from([None, FIRST + 100 * DAY, FIRST + 200 * DAY])
)


@st.composite
def rules(draw: st.DrawFn, *, rises: bool) -> Rule:
    on, lag = draw(ON), draw(st.sampled_from([0, 0, 0, 10, 35]))
    take = draw(st.sampled_from(["same-day", "day-before", "best", "worst"]))
    # what moves by one step at once goes the next one when something changes again, and not day by day
    steps = on != "at-once" or (rises and not lag)
    return Rule(
        rises=rises,
        on=on,
        take=take,
        window=draw(WINDOWS) if take in ("best", "worst") else None,
        lag=lag,
        one_step=steps and draw(st.booleans()),
        protected=0 if rises else draw(st.sampled_from([0, 0, 2, 6])),
        days=draw(DAYS),
    )


PLANS = st.builds(
    Plan,
    rules=st.tuples(rules(rises=True), rules(rises=False), rules(rises=False))
    .flatmap(st.permutations)
    .map(tuple),
    bars=st.sampled_from([(10, 20, 30), (1, 10, 40)]),
    keeps=st.sampled_from([(None, None, None), (5, 15, 25), (None, 5, None), (12, None, 5)]),
    times=st.just((1, 1, 1)),
    served=st.just(0),
)


@given(PLANS, MADE)
@example(Plan((rise("*-15"), fall("at-once", protected=2))), [(0, 30)])
@example(Plan((rise("*-15", lag=35), fall("at-once"))), [(0, 30), (60, 5)])
@example(Plan((rise("at-once", "worst", Window("*-*", 1, 0)),)), [(0, 10), (30, 20), (41, 10)])
@example(Plan((rise("at-once", "best", Window("*-30", 2, 0)),)), [(15, 30)])
@example(Plan((rise("at-once", "day-before"), fall("at-once", "day-before"))), [(15, 30)])
def test_movements_compose_and_are_what_a_look_on_every_day_gives(
    plan: Plan, made: list[tuple[int, int]]
) -> None:
    """'A fall judges by keeps where a tier has it, a rise by requires'; 'worst: what was reached at every
    check'; 'at-once: any day on which something changes': no day is missed on which another one looks"""
    assert_lived(plan, made)


@given(
    PLANS,
    st.sampled_from([(1, 1, 1), (2, 1, 3), (1, 2, 1)]),
    st.sampled_from([0, 1, 3]),
    MADE,
)
@example(Plan((rise("at-once"), fall("at-once"))), (2, 1, 3), 1, [(0, 10), (0, 1), (1, 5), (30, 9)])
@example(Plan((rise("at-once"), fall("at-once"))), (1, 1, 1), 1, [(0, 30), (35, 30), (50, 30)])
@example(Plan((rise("at-once", "best", Window("*-15", 2, 0)),)), (1, 1, 1), 3, [(0, 30), (35, 30), (70, 30)])
@example(
    Plan((fall("*-15", lag=35), rise("at-once", "best", Window("*-15", 6, 0)))),
    (2, 1, 3),
    1,
    [(13, 10), (100, 20), (105, 30), (199, 20), (233, 60)],
)
def test_points_and_bars_may_hang_on_the_tiers_that_were_held(
    plan: Plan, times: tuple[int, int, int], served: int, made: list[tuple[int, int]]
) -> None:
    """'each day first expiries, then facts (under the tier held that morning), then checks'; 'tenure: for
    how many whole months a tier, or one above it, has been held up to the day without a break'"""
    assume(set(times) != {1} or served)
    assert_lived(plan._replace(times=times, served=served), made)


MEASURES = """
[measures]
before  = { earlier = "done", months = 1 }
long-ago = { earlier = "before", days = 20 }
quarter = { earlier = "done", ago = 1, stretch = "quarter" }
growth  = { net = ["done", "before"] }
best    = { over = "done", each = "month", last = 3, fold = "max", counted = "standing", running = true }
made    = { over = "done", each = "month", last = 2, fold = "sum", counted = "earned" }
if-asked = { only-if = { reading = "asked", is = true }, of = "done" }
"""


@given(
    st.tuples(
        st.sampled_from(["before", "long-ago", "quarter", "growth", "best", "made", "if-asked"]),
        st.sampled_from(["at-least", "above"]),
    ),
    rules(rises=True),
    rules(rises=False),
    MADE,
    st.lists(st.integers(0, 200), max_size=3, unique=True),
)
@example(
    ("if-asked", "at-least"),
    rise("at-once", lag=10),
    fall("at-once", days=(FIRST + 69 * DAY, None)),
    [(0, 30)],
    [],
)  # more tiers that may come than are told apart
def test_at_once_looks_whenever_a_measure_may_turn(
    condition: tuple[str, str], ups: Rule, downs: Rule, made: list[tuple[int, int]], asked: list[int]
) -> None:
    """'at-once: any day on which something changes': a movement that looks on every day gives the same"""
    ups = ups._replace(on="at-once", one_step=ups.one_step and not ups.lag)
    plan = Plan((ups, downs._replace(on="at-once", one_step=False)))
    text = text_of(plan).replace('measure = "done", at-least', 'measure = "{}", {}'.format(*condition))
    program = program_of(text.replace("[readings", MEASURES + "[readings", 1))
    daily = changed(program, movements=tuple(changed(each, on=("*-*",)) for each in program.movements))
    facts: list[Fact] = [work(number, FIRST + after * DAY, many) for number, (after, many) in enumerate(made)]
    facts += [
        tk.Reading(partner=ME, name="asked", value=number % 2 == 0, on=FIRST + after * DAY)
        for number, after in enumerate(sorted(asked))
    ]
    book = tk.Book([tk.Partner(id=ME, joined_on=FIRST), *facts])
    at_once, every_day = (
        [
            moment.credited_tier
            for moment in tk.history(
                tk.earn(book, each), since=FIRST, until=FIRST + 260 * DAY, every="day"
            ).days
        ]
        for each in (program, daily)
    )
    assert at_once == every_day


@given(
    PLANS, MADE, st.lists(st.tuples(st.integers(0, 200), st.integers(1, 60)), max_size=3), st.integers(0, 300)
)
def test_what_is_not_known_is_never_contradicted_by_what_it_turns_out_to_be(
    plan: Plan, made: list[tuple[int, int]], unknown: list[tuple[int, int]], after: int
) -> None:
    """'Unknown is not zero and not "no"': of best, of worst, of what keeps a tier"""
    text = text_of(plan)
    for words in ("requires = { all = [", "keeps = { all = ["):
        text = text.replace(words, words + '{ reading = "asked", is = true }, ')
    program = program_of(text)
    facts = [work(number, FIRST + day * DAY, many) for number, (day, many) in enumerate(made)]
    gaps = [(FIRST + day * DAY, FIRST + (day + length) * DAY) for day, length in unknown]
    on = FIRST + after * DAY

    def held(*, value: bool | None) -> tuple[tk.Tier | None, ...]:
        readings = [
            tk.Reading(partner=ME, name="asked", value=value or not within(day), on=day, until=day + DAY)
            for day in days_from(FIRST - 400 * DAY, on)
            if value is not None or not within(day)
        ]
        book = tk.Book([tk.Partner(id=ME, joined_on=FIRST), *facts, *readings])
        return tk.review(tk.earn(book, program), on=on).possible

    def within(day: date) -> bool:
        return any(start <= day < end for start, end in gaps)

    possible = held(value=None)
    for value in (True, False):
        assert set(held(value=value)) <= set(possible)
    if not any(start <= on for start, _ in gaps):
        assert len(possible) == 1


# ---------------------------------------------------------------------- what they are called in programs


def held_on(plan: Plan, facts: Iterable[Fact], *days: date) -> list[str | None]:
    ledger = earned(plan, facts)
    found = [tk.review(ledger, on=day).credited_tier for day in days]
    return [each.id if isinstance(each, tk.Tier) else None if each is None else "unknown" for each in found]


def decided(plan: Plan, facts: Iterable[Fact], on: date) -> list[tuple[date, str, str]]:
    review = tk.review(earned(plan, facts), on=on)
    return [(each.on, each.outcome.value, each.why) for each in review.decisions if each.outcome != "no rise"]


def test_a_grace_period_is_a_window_that_ends_with_each_review() -> None:
    """'a fall at once with take best over the last 90 days falls only after 90 days below'"""
    plan = Plan((rise("at-once"), fall("at-once", "best", Window("*-*", 0, 90))))
    facts = [work(1, FIRST, 30)]
    below = FIRST + LIFE * DAY
    assert held_on(plan, facts, below + 88 * DAY, below + 89 * DAY) == ["three", None]
    [_, (on, outcome, why)] = decided(plan, facts, below + 89 * DAY)
    assert (on, outcome) == (below + 89 * DAY, "fell")
    assert why == "three was not reached on any day that was looked at; the best was no tier"
    back = [*facts, work(2, below + 50 * DAY, 30)]
    assert held_on(plan, back, below + 89 * DAY, below + 50 * DAY + (LIFE + 89) * DAY) == ["three", None]


def test_a_window_of_six_months_has_six_looks_at_the_fifteenth() -> None:
    """'days d with review - last < d <= review'"""
    plan = Plan((rise("at-once"), fall("07-15", "best", Window("*-15", 6, 0))))
    review = tk.review(earned(plan, [work(1, FIRST, 10)]), on=date(2024, 7, 15))
    assert review.decisions[-1].looks == tuple(date(2024, month, 15) for month in range(2, 8))
    assert "reached on 2024-02-15: one day is enough" in review.decisions[-1].why


def test_what_was_reached_at_every_check_is_said() -> None:
    rises = rise("*-15", "worst", Window("*-15", 2, 0))
    falls = fall("*-20", "worst", Window("*-*", 0, 10))
    facts = [work(1, FIRST, 10), work(2, FIRST + 20 * DAY, 10)]
    assert decided(Plan((rises, falls)), facts, date(2024, 3, 20)) == [
        (date(2024, 1, 20), "kept", "there is no tier to lose"),
        (date(2024, 2, 15), "rose", "one was reached on every day that was looked at"),
        (date(2024, 2, 20), "kept", "one was reached on every day that was looked at"),
        (
            date(2024, 3, 20),
            "fell",
            "one was not reached on every day that was looked at; the best was no tier",
        ),
    ]


def test_a_review_says_that_a_tier_was_kept_by_what_keeps_it() -> None:
    """'different bars to win and to keep': by what keeps the tier that is held and those below it"""
    plan = Plan((rise("*-15"), fall("*-20")), keeps=(5, None, 25))
    facts = [work(1, FIRST, 25), work(2, FIRST, 5), work(3, FIRST + LIFE * DAY, 7)]
    gone = tk.Reversal(id="R", reverses="W-2", on=date(2024, 1, 16))
    less = tk.Reversal(id="S", reverses="W-1", on=date(2024, 2, 18))
    assert decided(plan, [*facts, gone, less], date(2024, 4, 20)) == [
        (date(2024, 1, 15), "rose", "three was reached"),
        (date(2024, 1, 20), "kept", "what keeps three was met on 2024-01-20: one day is enough"),
        (
            date(2024, 2, 20),
            "fell",
            "what keeps three was not met on any day that was looked at; the best was one",
        ),
        (date(2024, 3, 20), "kept", "what keeps one was met on 2024-03-20: one day is enough"),
        (
            date(2024, 4, 20),
            "fell",
            "what keeps one was not met on any day that was looked at; the best was no tier",
        ),
    ]
    review = tk.review(earned(plan, [*facts, gone, less]), on=date(2024, 1, 20))
    assert [(str(each.performance_tier), str(each.judged_tier)) for each in review.looks] == [
        ("three", "three"),
        ("two", "three"),
    ]


def test_a_reading_of_the_day_is_asked_for_by_what_keeps_the_tier() -> None:
    """'A fall judges by keeps where a tier has it': a lapse exposes only where that asks for the reading"""
    asked = '{ reading = "asked", is = true }, '
    plan = Plan((rise("*-15"), fall("*-20")), keeps=(5, None, None))
    text = text_of(plan).replace('fall"', 'fall"\nasked-on-the-day = ["asked"]')
    both = text.replace("= { all = [", "= { all = [" + asked)
    for program, outcome in (
        (text.replace("requires = { all = [", "requires = { all = [" + asked), "kept"),
        (both, "exposed"),
    ):
        certified = tk.Reading(partner=ME, name="asked", value=True, on=FIRST, until=FIRST + 9 * DAY)
        lapsed = tk.Reading(partner=ME, name="asked", value=False, on=FIRST + 9 * DAY)
        book = tk.Book([tk.Partner(id=ME, joined_on=FIRST), work(1, FIRST, 10), certified, lapsed])
        review = tk.review(tk.earn(book, program_of(program)), on=date(2024, 1, 20))
        assert review.decisions[-1].outcome == outcome


def test_many_days_are_told_by_their_number() -> None:
    plan = Plan((rise("at-once"), fall("*-15", "best", Window("*-*", 1, 0))))
    [*_, (_, outcome, why)] = decided(plan, [work(1, FIRST, 10)], date(2024, 2, 15))
    assert outcome == "kept"
    assert why.endswith("2024-01-18 and 28 more days: one day is enough")


def test_no_tier_falls_between_the_days_of_two_movements() -> None:
    """'Freeze = two movements with a gap between their days'"""
    freeze = FIRST + 20 * DAY, FIRST + 120 * DAY
    plan = Plan(
        (
            rise("at-once"),
            fall("at-once", days=(None, freeze[0])),
            fall("at-once", days=(freeze[1], None)),
        )
    )
    facts = [work(1, FIRST, 10)]
    assert held_on(plan, facts, freeze[1] - DAY, freeze[1]) == ["one", None]


def test_a_window_in_which_no_day_is_looked_at_decides_nothing() -> None:
    plan = Plan((rise("at-once"), fall("*-15", "worst", Window("01-10", 0, 20))))
    facts = [work(1, FIRST, 10)]
    assert held_on(plan, facts, date(2024, 12, 31)) == ["one"]
    assert [on for on, _, _ in decided(plan, facts, date(2024, 12, 31))] == [FIRST, date(2024, 1, 15)]


# ---------------------------------------------------------------------- tenure, and the tier of a fact's day


def have(
    plan: Plan, facts: Iterable[Fact], on: date, quantity: str = "served"
) -> tuple[Fraction | None, str]:
    """Give a quantity of a day, and how far it is known."""
    standing = tk.assess(tk.earn(tk.Book([tk.Partner(id=ME), *facts]), program(plan)), on=on)
    how = "at least" if quantity in standing.at_least else "unsure" if quantity in standing.unsure else "just"
    points = standing.points.get(quantity)
    return standing.figures[quantity] if points is None else points.fraction, how


SERVED = Plan((rise("*-15"), fall("*-15")), served=12)


@pytest.mark.parametrize(
    ("tier", "since", "known"),
    [
        ("two", FIRST - 100 * DAY, (Fraction(4), "just")),
        ("two", None, (Fraction(1), "at least")),
        ("three", FIRST - 100 * DAY, (Fraction(4), "at least")),  # it may have held two before
        ("one", FIRST - 100 * DAY, (Fraction(0), "just")),
    ],
)
def test_a_tier_that_was_given_is_held_since_its_first_day(
    tier: str, since: date | None, known: tuple[Fraction, str]
) -> None:
    """'Held.since gives an earlier beginning; unknown since gives a lower bound only'"""
    facts: list[Fact] = [tk.Held(partner=ME, tier=tier, on=FIRST, since=since), work(1, FIRST, 30)]
    assert have(SERVED, facts, date(2024, 2, 14)) == known


def test_a_lower_bound_of_months_meets_a_bar_and_misses_none() -> None:
    facts: list[Fact] = [
        tk.Held(partner=ME, tier="two", on=FIRST),
        *(work(number, FIRST + 30 * number * DAY, 30) for number in range(15)),
    ]
    ledger = tk.earn(tk.Book(facts), program(SERVED))
    assert tk.assess(ledger, on=FIRST + 300 * DAY).toward("three").verdict is tk.Verdict.UNKNOWN
    assert tk.assess(ledger, on=date(2025, 1, 10)).toward("three").verdict is tk.Verdict.MET


def test_what_the_vendor_decided_is_held_too() -> None:
    """Up to its end a decision of the vendor holds: for tenure, and for what facts give"""
    decision = tk.Held(
        partner=ME, tier="two", on=FIRST, since=FIRST, until=date(2024, 3, 10), reason="a bridge"
    )
    joined = tk.Partner(id=ME, joined_on=FIRST - DAY)
    plan = SERVED._replace(times=(1, 3, 1))
    facts: list[Fact] = [decision, work(1, date(2024, 3, 9), 5), work(2, date(2024, 3, 10), 5)]
    ledger = tk.earn(tk.Book([joined, *facts]), program(plan))
    found = [tk.assess(ledger, on=on) for on in (FIRST, date(2024, 3, 9), date(2024, 3, 10))]
    assert [each.figures["served"] for each in found] == [0, 1, 0]
    assert [each["done"] for each in found] == [tk.Points(0), tk.Points(15), tk.Points(20)]


def test_an_entry_names_the_tier_of_its_day() -> None:
    """'Entries show the multiplied points with the tier in the reason'"""
    plan = Plan((rise("at-once"),), times=(2, 3, 1))
    facts = [work(1, FIRST, 10), work(2, FIRST, 4), work(3, FIRST + DAY, 10)]
    standing = tk.assess(earned(plan, facts), on=FIRST + DAY)
    told = {
        each.fact: (each.points, [leaf.label for leaf in each.reason.leaves()]) for each in standing.entries
    }
    assert told["W-1"][0] == tk.Points(10)
    assert told["W-3"][0] == tk.Points(20)
    assert any("one" in label for label in told["W-3"][1])
    assert all(each.reason.recompute() == each.points.fraction for each in standing.entries)


def test_where_the_tier_of_a_facts_day_is_not_known_the_points_are_unsure() -> None:
    """'Where the tier on a fact's day is unknown the track is unsure'"""
    plan = Plan((rise("*-15"),), times=(1, 1, 2))
    unknown = '{ until = 2024-01-01, measure = "done", at-least = "unknown", note = "not found" }'
    known = '{ from = 2024-01-01, measure = "done", at-least = 10 }'
    text = text_of(plan).replace(
        'requires = { all = [{ measure = "done", at-least = 10 }] }', f"requires = [{unknown}, {known}]"
    )
    early = work(1, date(2023, 12, 31), 5), work(2, FIRST, 5)

    def standing(since: date | None) -> tk.Standing:
        held = tk.Held(partner=ME, tier="three", on=FIRST, since=since)
        return tk.assess(tk.earn(tk.Book([held, *early]), program_of(text)), on=FIRST)

    found = standing(None)
    assert (found["done"], found.at_least) == (tk.Points(10), ("done",))
    assert [each.fact for each in found.entries] == ["W-2"]
    assert "a Held fact" in found.problems[0].hint
    found = standing(date(2023, 12, 1))
    assert (found["done"], found.at_least) == (tk.Points(20), ())


def test_where_possible_tiers_differ_what_hangs_on_them_is_bounded() -> None:
    plan = Plan((rise("at-once"),), times=(2, 1, 1))
    text = text_of(plan).replace(
        "requires = { all = [", 'requires = { all = [{ reading = "asked", is = true }, '
    )
    book = tk.Book([tk.Partner(id=ME, joined_on=FIRST), work(1, FIRST, 10), work(2, FIRST + DAY, 5)])
    ledger = tk.earn(book, program_of(text))
    standing = tk.assess(ledger, on=FIRST + DAY)
    assert (standing["done"], standing.unsure) == (tk.Points(20), ("done",))
    assert tk.history(ledger, since=FIRST, until=FIRST + DAY, every="day").days[1].unsure == ("done",)
    assert [each.fact for each in standing.entries] == ["W-1"]


@given(MADE, st.integers(0, 300))
def test_in_a_program_of_tier_rates_changes_add_up(made: list[tuple[int, int]], length: int) -> None:
    """'Start + new - lost = end, exactly, always'"""
    plan = Plan((rise("at-once"), fall("*-15")), times=(2, 1, 3), served=1)
    facts = [work(number, FIRST + after * DAY, many) for number, (after, many) in enumerate(made)]
    ledger, until = earned(plan, facts), FIRST + length * DAY
    changes = tk.changes(ledger, since=FIRST, until=until)
    for name, start in changes.start.items():
        assert start + changes.new[name] - changes.lost[name] == changes.end[name]
    assert changes.end == tk.assess(ledger, on=until).points


# ---------------------------------------------------------------------- names, and years of one's own


def test_a_tier_bears_the_name_of_its_day() -> None:
    """'names by date': the same tier, by another name"""
    text = text_of(Plan((rise("at-once"), fall("*-15"))))
    text = text.replace(
        'id = "one"',
        'id = "one"\nnamed = [{ until = 2024-02-01, name = "Bronze" }, { from = 2024-02-01, name = "Tin" }]',
    )
    facts = [work(1, FIRST, 10), work(2, FIRST + LIFE * DAY, 10)]
    ledger = tk.earn(tk.Book([tk.Partner(id=ME, joined_on=FIRST), *facts]), program_of(text))
    review = tk.review(ledger, on=date(2024, 3, 20))
    assert [each.why for each in review.decisions] == [
        "Bronze was reached",
        "Bronze was reached on 2024-01-15: one day is enough",
        "Tin was reached on 2024-02-15: one day is enough",
        "Tin was reached on 2024-03-15: one day is enough",
    ]
    assert [str(each.performance_tier) for each in review.looks[:3]] == ["Bronze", "Bronze", "Tin"]
    history = tk.history(ledger, since=FIRST, until=date(2024, 2, 10), every="month")
    assert [str(each.credited_tier) for each in history.days] == ["Bronze", "Tin"]
    assert str(tk.review(ledger, on=date(2024, 1, 31)).credited_tier) == "Bronze"
    assert "Bronze" in history._repr_html_()


YEAR_END = moving("fall", "year-end", judged='take = "day-before"', to="next-lower")
YEARS = moving("rise", "at-once") + YEAR_END


def test_what_is_carried_is_what_is_left_over_the_bar_that_keeps_the_tier() -> None:
    """'surplus carried over up to a cap': over the bar by which the tier is kept"""
    text = text_of(Plan((), keeps=(None, 15, None))).replace("days = 40", 'while = "year"') + YEARS
    text += 'posts = { carry = "done", at-most = 8 }'
    for many, carried in ((20, 5), (29, 8)):
        book = tk.Book([tk.Partner(id=ME, joined_on=FIRST), work(1, FIRST, many)])
        ledger = tk.earn(book, program_of(text))
        end = FIRST + relativedelta(years=1)
        assert tk.assess(ledger, on=end)["done"] == tk.Points(carried)
        assert str(tk.review(ledger, on=end).credited_tier) == "two"


def test_a_window_may_reach_back_into_an_earlier_personal_year() -> None:
    """What counted on a day is what counted then, whatever years have ended since"""
    window = fall("02-15", "best", Window("*-15", 3, 0)).toml("window")
    text = text_of(Plan((rise("at-once"),))).replace("days = 40", 'while = "year"')
    text += YEAR_END + window
    book = tk.Book([tk.Partner(id=ME, joined_on=FIRST), work(1, FIRST, 20)])
    ledger = tk.earn(book, program_of(text))
    found = [tk.review(ledger, on=on) for on in (date(2025, 2, 15), date(2026, 2, 15))]
    assert [each.credited_tier for each in found] == [program_of(text).tier("two"), None]
    assert found[0].decisions[-1].why == "two was reached on 2024-12-15: one day is enough"


# ---------------------------------------------------------------------- what is rare


SEATS = """
[[earn]]
id       = "seats"
select   = { fact = "state", type = "seats" }
track    = "done"
quantity = true
rate     = { points = 1 }
multiply = [{ tier = "one", by = 2 }, { tier = "two", by = 3 }]
live     = { while = "held" }
"""


def test_a_state_gives_what_the_tier_of_each_morning_says() -> None:
    """'the tier that is held on the morning of the fact's day': of a state, of the day that is asked about"""
    text = text_of(Plan((rise("at-once"), fall("at-once")))).replace("[[tier]]", SEATS + "[[tier]]", 1)
    holder = tk.Holder(partner=ME, since=FIRST, until=FIRST + 8 * DAY)
    seats = tk.State(id="S-1", type="seats", quantity=10, holders=[holder])
    ledger = tk.earn(tk.Book([tk.Partner(id=ME, joined_on=FIRST), seats]), program_of(text))
    history = tk.history(ledger, since=FIRST, until=FIRST + 8 * DAY, every="day")
    found = [(int(moment.points["done"].fraction), str(moment.credited_tier)) for moment in history.days]
    thrice = [(20, "two"), (30, "three"), (10, "one")] * 2
    assert found == [(10, "one"), *thrice, (20, "two"), (0, "None")]
    entries = tk.assess(ledger, on=FIRST + 8 * DAY).entries
    assert ledger.entries == entries
    for moment in history.days:
        live = sum((each.points for each in entries if moment.on in each.span), tk.Points(0))
        assert live == moment.points["done"]


def test_a_ledger_shows_what_facts_gave_under_the_tiers_that_were_held() -> None:
    plan = Plan((rise("at-once"), fall("*-15")), times=(2, 3, 1))
    ledger = earned(plan, [work(1, FIRST, 10), work(2, FIRST + DAY, 5), work(3, FIRST + 80 * DAY, 5)])
    assert [each.points for each in ledger.entries] == [tk.Points(10), tk.Points(10), tk.Points(5)]
    assert ledger.entries == tk.assess(ledger, on=FIRST + 90 * DAY).entries


def test_nobody_knows_what_is_held_before_a_fact_says_it() -> None:
    text = text_of(Plan((rise("*-15"),), times=(2, 1, 1), served=1))
    unknown = '{ until = 2024-06-01, measure = "done", at-least = "unknown", note = "not found" }'
    known = '{ from = 2024-06-01, measure = "done", at-least = 10 }'
    text = text.replace('{ all = [{ measure = "done", at-least = 10 }] }', f"[{unknown}, {known}]")
    held = tk.Held(partner=ME, tier="one", on=FIRST + DAY)
    book = tk.Book([work(1, FIRST, 5), work(2, FIRST + DAY, 5), held])
    ledger = tk.earn(book, program_of(text))
    before, then = tk.history(ledger, since=FIRST, until=FIRST + DAY, every="day").days
    assert (before.credited_tier, str(then.credited_tier)) == (tk.Verdict.UNKNOWN, "one")
    assert (before.points["done"], before.at_least) == (tk.Points(0), ("done", "served"))
    assert (then.points["done"], then.at_least) == (tk.Points(10), ("done",))


def test_so_many_possible_trails_are_taken_together() -> None:
    """'An answer can only become more unknown by that'"""
    plan = Plan((rise("at-once"), fall("at-once")), times=(2, 1, 1), served=1)
    asked = '{ reading = "asked", is = true }, '
    text = text_of(plan).replace("requires = { all = [", "requires = { all = [" + asked)
    facts = [work(number, FIRST + number * DAY, 5) for number in range(40)]
    ledger = tk.earn(tk.Book([tk.Partner(id=ME, joined_on=FIRST), *facts]), program_of(text))
    standing = tk.assess(ledger, on=FIRST + 39 * DAY)
    assert {*standing.unsure, *standing.at_least} == {"done", "served"}
    review = tk.review(ledger, on=FIRST + 39 * DAY)
    assert review.possible == (None, *ledger.program.tiers)


def test_at_once_looks_when_a_market_joins_a_group() -> None:
    north = """
[[group]]
id      = "north"
name    = "North"
[[group.members]]
from    = 2024-02-01
markets = ["DE"]
"""
    text = text_of(Plan((rise("at-once"),)))
    text = text.replace("[[earn]]", north + "[[earn]]", 1).replace(
        'all = [{ measure = "done", at-least = 10 }', 'all = [{ partner = "market", group = "north" }'
    )
    ledger = tk.earn(tk.Book([tk.Partner(id=ME, joined_on=FIRST, market="DE")]), program_of(text))
    found = [tk.review(ledger, on=on).credited_tier for on in (date(2024, 1, 31), date(2024, 2, 1))]
    assert [str(each) for each in found] == ["None", "one"]


@given(st.dates(date(2023, 1, 1), date(2024, 12, 31)), st.integers(0, 14), st.integers(0, 40))
@example(date(2024, 3, 31), 1, 0)
@example(date(2024, 1, 31), 1, 0)
def test_days_that_a_lag_or_a_window_leads_to(day: date, months: int, days: int) -> None:
    """'days d with review - last < d <= review': the first review that a look has left, and its like"""

    def back(review: date) -> date:
        return review - relativedelta(months=months) - days * DAY

    found = reached_back_on(day, months, days)
    assert back(found) >= day > back(found - DAY)
    lag = Lag(months, days)
    review = first_effective_on(lag, day)
    assert lag.after(review) >= day > lag.after(review - DAY)


def test_a_plan_counts_what_hangs_on_the_tier_that_is_held() -> None:
    held = tk.Held(partner=ME, tier="two", on=FIRST, since=FIRST - 400 * DAY)
    ledger = tk.earn(tk.Book([held, work(1, FIRST, 30)]), program(SERVED))
    plan = tk.plan(ledger, tier="three", on=FIRST + DAY, by=FIRST + 2 * DAY)
    assert plan.progress.verdict is tk.Verdict.MET
