"""Random programs with books and days on which they are asked about, for the laws that hold for any program.

What `strategies_programs` draws is as varied as a file may be, and so gives little. Here what a program
values is mostly there, facts count twice, holders come back, and the days are those on which something begins
or ends.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from hypothesis import strategies as st
from oracle_program import Oracle
from strategies_program_books import books_for, days_for, exchange_rates
from strategies_program_words import FIRST, SOURCES
from strategies_programs import programs

import tierkit as tk
from tierkit.frozen import FrozenMap, changed
from tierkit.programs import measures as m
from tierkit.programs.dated import Dated, Period
from tierkit.programs.requirements import Condition, Subject
from tierkit.programs.rules import Life, ShortMonth, While
from tierkit.values.calendar import Stretch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tierkit.facts.facts import Fact
    from tierkit.programs.requirements import Requirement
    from tierkit.programs.rules import EarningRule

T = TypeVar("T")
SOURCE = SOURCES[0]
RATES = exchange_rates()
numbers = st.sampled_from([Fraction(text) for text in ("0", "1", "-2", "5/3", "20", "100")])


def always(value: T) -> Dated[T]:
    """Give a value that holds on all days."""
    return Dated((Period(value, None, None, SOURCE, SOURCE.grade),))


def bar(quantity: str, number: Fraction, sense: tk.Sense = tk.Sense.AT_LEAST) -> Condition:
    """Give the condition that a quantity is at least, or above, a number."""
    return Condition(Subject.MEASURE, quantity, sense, number, SOURCE, SOURCE.grade)


def without_movements(program: tk.Program) -> tk.Program:
    """Take out of a program what hangs on the tier that was held, which the plain reading leaves out."""

    def lasting(life: Life) -> Life:
        return Life(months=12) if life.lasts_while is While.YEAR else life

    def unlike(rule: EarningRule) -> EarningRule:
        live = Dated(tuple(changed(each, value=lasting(each.value)) for each in rule.live))
        return changed(rule, live=live, tier_multiply=FrozenMap())

    measures = {
        name: changed(each, by=m.Count((program.tracks[0],))) if isinstance(each.by, m.Tenure) else each
        for name, each in program.measures.items()
    }
    rules = tuple(map(unlike, program.rules))
    return changed(program, rules=rules, measures=FrozenMap(measures), movements=())


class Situation(NamedTuple):
    """A program, a book, and what it earns."""

    program: tk.Program
    book: tk.Book

    @property
    def ledger(self) -> tk.Ledger:
        return tk.earn(self.book, self.program, rates=RATES)

    def oracle(self, partner: str) -> Oracle:
        return Oracle(self.program, self.book, partner, RATES)


def turning_days(book: tk.Book) -> list[date]:
    """Give the days on which something of a book begins, and some after each on which it may end."""
    days = [fact.closed_on for fact in book.deals] + [fact.on for fact in book.events]
    days += [each.on for each in book.reversals] + [each.on for each in book.readings]
    for holders in [each.holders for each in book.accounts] + [each.holders for each in book.states]:
        days += [day for each in holders for day in (each.since, *each.actions) if day]
    later = (-1, 0, 1, 13, 14, 31, 40, 49, 50, 60, 61, 89, 90, 200, 364, 365)
    return sorted({day + timedelta(days=step) for day in days for step in later})


def filled(program: tk.Program) -> tk.Program:
    """Let what a program values hold on all days, and none of it be unknown: most random facts count then."""

    def always_there(dated: Dated[Fraction | None]) -> Dated[Fraction | None]:
        known = [changed(each, value=each.value or Fraction(2)) for each in endless(dated)]
        return Dated(tuple(known))

    return changed(
        program,
        rules=tuple(
            changed(rule, rate=always_there(rule.rate), live=endless(rule.live), inside=(), outside=())
            for rule in program.rules
        ),
        point_values=FrozenMap({code: always_there(each) for code, each in program.point_values.items()}),
    )


def endless(dated: Dated[T]) -> Dated[T]:
    """Let the first value hold on all days before, and the last one ever after."""
    periods = list(dated)
    periods[0] = changed(periods[0], effective_from=None)
    periods[-1] = changed(periods[-1], effective_until=None)
    return Dated(tuple(periods))


RARE_LIVES = (
    Life(lasts_while=While.HELD, through=Stretch.YEAR),
    Life(lasts_while=While.HELD, days=40, pending_days=3),
    Life(inactive_days=30, months=2, short_month=ShortMonth.NEXT_DAY),
    Life(lasts_while=While.HELD, inactive_days=10, pending_months=1),
)
"""Ways in which the credit for a state may last that have two ends at least."""


@st.composite
def unusual(draw: st.DrawFn, program: tk.Program) -> tk.Program:
    """Let the rules for states have such lives, and bounds below zero, which few random programs have."""

    def with_life(rule: EarningRule) -> EarningRule:
        periods = [changed(each, value=draw(st.sampled_from(RARE_LIVES))) for each in rule.live]
        return changed(rule, live=Dated(tuple(periods))) if rule.fact.is_state else rule

    def with_bounds(rule: EarningRule) -> EarningRule:
        least, most = draw(st.sampled_from([(-5, 0), (-5, 20), (0, 2), (3, 3), (-20, -1)]))
        return changed(rule, at_least=always(Fraction(least)), at_most=always(Fraction(most)))

    steps = [draw(st.sampled_from([with_life, with_bounds, lambda rule: rule])) for _ in program.rules]
    rules = [step(rule) for step, rule in zip(steps, program.rules, strict=True)]
    return changed(program, rules=tuple(rules))


@st.composite
def twofold(draw: st.DrawFn, program: tk.Program) -> tk.Program:
    """Let the facts of some rules count once more in another track, by a rule of its own."""
    further = [
        changed(
            rule,
            id=f"{rule.id}-too",
            track=draw(st.sampled_from([each for each in program.tracks if each != rule.track])),
            beside=(),
            amount="",
            quantity=False,
            rate=draw(st.sampled_from([rule.rate, always(Fraction(3))])),
            rate_day=Dated(),
            live=draw(st.sampled_from([each.live for each in program.rules if each.fact is rule.fact])),
            clawback=Dated(),
        )
        for rule in program.rules
        if len(program.tracks) > 1 and not rule.beside
    ]
    return changed(program, rules=(*program.rules, *further))


@st.composite
def returning(draw: st.DrawFn, book: tk.Book) -> tk.Book:
    """Let partners who hold a state leave and come back, or be known by their actions alone."""
    facts: list[Fact] = []
    for fact in book:
        if isinstance(fact, tk.ManagedAccount | tk.State):
            terms = [each for holder in fact.holders for each in draw(terms_of(holder))]
            if any(each.since or each.actions for each in terms):
                facts.append(changed(fact, holders=terms))
                continue
        facts.append(fact)
    return tk.Book(facts)


@st.composite
def terms_of(draw: st.DrawFn, holder: tk.Holder) -> list[tk.Holder]:
    how = draw(st.sampled_from(["as it is", "actions", "nothing", "twice"]))
    since = holder.since
    if how == "as it is" or since is None:
        return [holder]
    if how != "twice":
        return [changed(holder, since=None, until=None, actions=holder.actions if how == "actions" else ())]
    left, back = since + timedelta(days=20), since + timedelta(days=draw(st.sampled_from([20, 30])))
    first = changed(holder, until=left, actions=[day for day in holder.actions if since <= day < left])
    return [
        first,
        changed(holder, since=back, until=None, actions=[day for day in holder.actions if back <= day]),
    ]


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    program = draw(programs().map(without_movements))
    program = filled(program) if draw(st.booleans()) else program
    program = draw(twofold(program)) if draw(st.booleans()) else program
    program = draw(unusual(program)) if draw(st.booleans()) else program
    book = draw(books_for(program, most=8))
    return Situation(program, draw(returning(book)) if draw(st.booleans()) else book)


@st.composite
def asked(draw: st.DrawFn) -> tuple[Situation, list[date]]:
    """Draw a situation, and a few days on which it is asked about."""
    situation = draw(situations())
    near = [day for day in turning_days(situation.book) if day >= FIRST]
    day = days_for(situation.program)
    day = st.one_of(st.sampled_from(near), st.sampled_from(near), day) if near else day
    return situation, draw(st.lists(day, min_size=1, max_size=4, unique=True))


@st.composite
def several_stretches(draw: st.DrawFn, tracks: Sequence[str], names: Sequence[str]) -> m.Over:
    """Draw an operator over several stretches; the plain reading takes each day of them by itself."""
    best_day = draw(st.booleans())
    each = [Stretch.MONTH, Stretch.QUARTER] if best_day else [Stretch.MONTH, Stretch.QUARTER, Stretch.YEAR]
    return m.Over(
        draw(st.sampled_from(tracks if best_day else names)),
        draw(st.sampled_from(each)),
        draw(st.integers(1, 3)),
        draw(st.sampled_from(list(m.Fold))),
        m.Counted.BEST_DAY if best_day else draw(st.sampled_from([m.Counted.EARNED, m.Counted.STANDING])),
        draw(st.one_of(st.none(), numbers)),
        draw(st.booleans()),
    )


@st.composite
def stretches_within_stretches(draw: st.DrawFn, program: tk.Program) -> dict[str, m.Operation]:
    """Draw what was earned in several stretches, and that of each of several longer ones, or as long."""
    earned = st.builds(
        m.Over,
        st.sampled_from(program.tracks),
        st.sampled_from(list(Stretch)),
        st.integers(1, 5),
        st.sampled_from(list(m.Fold)),
        st.sampled_from([m.Counted.EARNED, m.Counted.EARNED, m.Counted.STANDING]),
        st.one_of(st.none(), numbers),
        st.booleans(),
    )
    inner, outer = draw(earned), draw(earned)
    longer = [*Stretch][[*Stretch].index(inner.each) :]
    each = draw(st.sampled_from(longer))
    return {"inner": inner, "outer": changed(outer, of="inner", each=each, counted=m.Counted.EARNED)}


@st.composite
def further_operators(draw: st.DrawFn, program: tk.Program) -> dict[str, m.Operation]:
    """Draw measures of measures: operators that look at other days, at prerequisites, below zero."""
    found: dict[str, m.Operation] = {}
    names = list(program.quantities)
    for number in range(draw(st.integers(1, 4))):
        any_of = st.sampled_from(names)
        number_or_name = st.one_of(any_of, numbers)
        by: m.Operation = draw(
            st.one_of(
                several_stretches(program.tracks, names),
                st.builds(m.OnlyIf, number_or_name, st.builds(bar, any_of, numbers)),
                st.builds(m.Product, st.tuples(any_of, number_or_name)),
                st.builds(m.Net, st.tuples(number_or_name, any_of, any_of)),
                st.builds(m.Ratio, number_or_name, number_or_name),
                st.builds(m.Scale, any_of, st.just(Fraction(7)), numbers),
                st.builds(m.Lowest, st.tuples(any_of, number_or_name)),
                st.builds(m.Highest, st.tuples(any_of, number_or_name)),
                st.builds(m.Earlier, any_of, months=st.integers(0, 13), days=st.integers(0, 31)),
                st.builds(m.Rounded, any_of, st.just(Fraction(3)), st.sampled_from(list(tk.Rounding))),
            )
        )
        names.append(f"further-{number}")
        found[names[-1]] = by
    return found


def asking(program: tk.Program, *trees: Requirement) -> tk.Program:
    """Give a program with other tiers: one for each tree, and nothing that moves or keeps them."""
    tiers = [tk.Tier(ladder=program.id, id=f"t{n}", name=f"t{n}", rank=n) for n in range(len(trees))]
    kept = {tier.id: program.requires[tier.id] for each in program.ladders.values() for tier in each}
    asks = {tier.id: always(tree) for tier, tree in zip(tiers, trees, strict=True)}
    return changed(
        program,
        tiers=tuple(tiers),
        requires=FrozenMap(kept | asks),
        keeps=FrozenMap(),
        movements=(),
        names=FrozenMap(),
    )


def measuring(program: tk.Program, **operators: m.Operation) -> tk.Program:
    """Give a program with further measures."""
    further = {name: m.Measure(name, name, by) for name, by in operators.items()}
    return changed(program, measures=FrozenMap({**program.measures, **further}))
