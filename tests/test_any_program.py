"""Every verb, under every program that is shipped and under generated ones: an answer, or a clear error.

What a verb answers can be shown, written as JSON and read back; and what it says of one day agrees with what
the others say of it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from club_program import CLUB, JOINED, ME, club, members
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from strategies_engine import program_of
from strategies_program_books import books_for, days_for, exchange_rates
from strategies_programs import programs

import tierkit as tk
from tierkit.engine.moving.badge import keeps_trails
from tierkit.facts.facts import partners_of
from tierkit.facts.knowledge import happened_by
from tierkit.programs.movements import AT_ONCE, MoveKind
from tierkit.reports.html import html_of
from tierkit.reports.tables import tables_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tierkit.programs.program import Program

DAY = timedelta(days=1)
RATES = exchange_rates()


class Case(NamedTuple):
    """A program, a book for it, and a day on which there is something to see."""

    name: str
    on: date
    facts: tuple[Any, ...]
    rates: tk.RateTable = tk.RateTable()


def since(day: date, **more: Any) -> list[tk.Holder]:
    return [tk.Holder(partner=ME, since=day, **more)]


def reading(name: str, day: date, *, value: bool | int | str) -> tk.Reading:
    return tk.Reading(partner=ME, name=name, value=value, on=day)


def sold(id: str, day: date, amount: str, currency: str = "USD", kind: str = "sourced") -> tk.Deal:
    money = tk.Money(amount, currency)
    return tk.Deal(
        id=id, partner=ME, customer=id, closed_on=day, mrr=money, kind=kind, market="DE", motion="new"
    )


def account(id: str, day: date, amount: str, currency: str = "USD") -> tk.ManagedAccount:
    money = tk.Money(amount, currency)
    return tk.ManagedAccount(id=id, customer=id, mrr=money, market="US", holders=since(day, actions=[day]))


def event(id: str, type: str, day: date, **more: Any) -> tk.Event:
    return tk.Event(id=id, type=type, partner=ME, on=day, **more)


def state(id: str, type: str, day: date, **more: Any) -> tk.State:
    return tk.State(id=id, type=type, customer=id, holders=since(day), **more)


def segment(id: str, day: date, **said: str) -> tk.Event:
    return event(id, "segment", day, attributes={"route": "intercontinental", "cabin": "first", **said})


D2018, D2023, D2026 = date(2018, 3, 1), date(2023, 3, 1), date(2026, 3, 1)
EUROS = tk.RateTable([tk.ExchangeRate("EUR", "USD", "1.25", date(2016, 1, 1), date(2030, 1, 1))])

CASES = (
    Case(
        "hubspot-solutions",
        date(2026, 11, 23),
        (
            sold("D", D2026, "20000"),
            sold("E", D2026 + 40 * DAY, "1000", "EUR", "assisted"),
            account("A", D2026, "500"),
            reading("certified", D2026, value=True),
            tk.Held(partner=ME, tier="gold", on=date(2026, 1, 15)),
        ),
    ),
    Case(
        "hubspot-solutions-money-era",
        date(2018, 11, 23),
        (
            tk.Partner(id=ME, market="US"),
            sold("D", D2018, "9000"),
            sold("E", D2018 + 40 * DAY, "1000", "EUR"),
            account("A", D2018, "500"),
        ),
        EUROS,
    ),
    Case(
        "odoo",
        date(2023, 11, 23),
        (
            tk.Partner(id=ME, joined_on=D2023),
            event("R", "revenue", D2023, amount=tk.Money("40000", "EUR")),
            event("N", "new", D2023, quantity=80),
            event("U", "upsell", D2023 + 9 * DAY, quantity=20),
            event("C", "churn", D2023 + 99 * DAY, quantity=5),
            reading("certified-people", D2023, value=3),
            reading("customers-kept", D2023, value=7),
            reading("customers-won", D2023, value=10),
        ),
    ),
    Case(
        "quickbooks-proadvisor",
        date(2026, 11, 23),
        (
            *(state(f"S-{number}", "online", D2026 + number * DAY) for number in range(5)),
            state("Q", "online-certified", D2026, quantity=2),
        ),
    ),
    Case(
        "microsoft-capability-score",
        date(2026, 11, 23),
        (
            *(state(f"S-{n}", "net-new-customer", D2026, attributes={"area": "azure"}) for n in range(3)),
            state("T", "net-new-customer", D2026, attributes={"area": "security"}),
            reading("azure-skilling", D2026, value=20),
            reading("azure-skilling-prerequisite", D2026, value=True),
            reading("azure-third-metric", D2026, value="12.5"),
        ),
    ),
    Case(
        "xero",
        date(2019, 11, 23),
        (
            tk.Partner(id=ME, market="AU"),
            state(
                "S",
                "subscription",
                date(2019, 3, 1),
                market="US",
                attributes={"plan": "early", "payer": "client"},
            ),
            state("P", "points-shown", date(2019, 4, 1), quantity=30),
        ),
    ),
    Case(
        "miles-and-more",
        date(2026, 11, 23),
        tuple(segment(f"F-{n}", D2026 + n * DAY, qualifying="yes") for n in range(40)),
    ),
    Case(
        "flying-blue",
        date(2026, 11, 23),
        (
            tk.Partner(id=ME, joined_on=date(2025, 6, 1)),
            event("F-1", "flight", date(2025, 7, 1), quantity=150),
            event("F-2", "flight", D2026, quantity=90),
        ),
    ),
)


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    asked: Case = request.param
    return asked


def ledger_of(case: Case) -> tk.Ledger:
    return tk.earn(tk.Book(case.facts), tk.load_program(case.name), rates=case.rates).partner(ME)


# ---------------------------------------------------------------------- what can be asked


class Question(NamedTuple):
    """What can be asked, and whether it may be refused: of what a program does not do, or does not add up."""

    ask: Callable[[], object]
    may_be_refused: bool = False


def questions(ledger: tk.Ledger, on: date) -> Iterator[Question]:
    """Give every question that can be asked of one partner's ledger, and of its program alone."""
    program, book, rates = ledger.program, ledger.book, ledger.rates
    until = on + 100 * DAY
    others = [program, tk.load_program("hubspot-solutions"), program]
    yield Question(lambda: tk.assess(ledger, on=on))
    yield Question(lambda: tk.review(ledger, on=on))
    yield Question(lambda: tk.history(ledger, since=on, until=until))
    yield Question(lambda: tk.forecast(ledger, on=on, until=until))
    yield Question(lambda: tk.changes(ledger, since=on - 20 * DAY, until=on))
    yield Question(lambda: tk.compare(book, others, on=on, partner=ledger.partner_id, rates=rates))
    yield Question(lambda: ledger)
    yield Question(lambda: program)
    tiers = (*program.tiers, *(tier for ladder in program.ladders.values() for tier in ladder))
    yield from (Question(partial(plan_for, ledger, tier, on), may_be_refused=True) for tier in tiers)
    for name in program.quantities:
        summed = name in program.tracks_by_quantity
        yield Question(partial(reconciled, ledger, name, on), may_be_refused=not summed)
    yield from (Question(ask, may_be_refused=True) for ask in calculations(program, rates, on))


def reconciled(ledger: tk.Ledger, name: str, on: date) -> tk.Reconciliation:
    return tk.reconcile(ledger, {name: 1, f"new {name}": 0}, on=on, since=on - 9 * DAY)


def plan_for(ledger: tk.Ledger, tier: tk.Tier, on: date) -> tk.Plan:
    return tk.plan(ledger, tier=tier.id, on=on, by=on + 30 * DAY, currency="EUR", markets=["DE"])


def calculations(program: Program, rates: tk.RateTable, on: date) -> Iterator[Callable[[], object]]:
    asked: dict[str, Any] = {"market": "DE", "kind": kind_of(program), "on": on, "rates": rates}
    asked["tier"] = program.tiers[-1] if program.tiers else None
    money = tk.Money(1000, "EUR")
    yield lambda: tk.quote(program, amount=money, managed=True, **asked)
    yield lambda: tk.quote(program, amount=money, managed=False, **asked)
    yield lambda: tk.to_points(program, managed=money, **asked)
    yield lambda: tk.to_money(program, sold=tk.Points(5), currency="EUR", **asked)


def kind_of(program: Program) -> str:
    return next((kind for rule in program.rules for kind in rule.where.get("kind", ())), "any")


def reasons_of(result: object) -> Iterator[object]:
    """Give what there is to explain in a result."""
    if isinstance(result, tk.Standing | tk.Quote | tk.Changes | tk.Forecast):
        yield result
    if isinstance(result, tk.Standing):
        yield result.entries
    if isinstance(result, tk.Changes):
        yield from (*result.rows, *result.customers(), *result.by_cause())


def answered(question: Question) -> object:
    """Ask: an answer, or None where an error says what is wrong."""
    try:
        return question.ask()
    except tk.TierkitError as error:
        assert question.may_be_refused, error
        assert all(problem.where or problem.field for problem in error.problems), error
        return None


def hold_answers(ledger: tk.Ledger, on: date) -> None:
    """Ask everything; hold that each answer can be shown, explained, written and read back."""
    for result in filter(None, map(answered, questions(ledger, on))):
        hold_shown(result)
        for each in reasons_of(result):
            told = tk.explain(each)  # type: ignore[arg-type]
            assert all(tree.recompute() == tree.value for tree in told.trees)
            assert told.text
            hold_shown(told)


def hold_shown(result: object) -> None:
    assert all(len(row) == len(table.columns) for table in tables_of(result) for row in table.rows)
    assert html_of(result)
    assert tk.from_json(tk.to_json(result)) == result


# "every verb returns or raises a TierkitError": of what is shipped


def test_every_verb_answers_under_what_is_shipped(case: Case) -> None:
    hold_answers(ledger_of(case), case.on)


def test_what_is_shipped_counts_something(case: Case) -> None:
    """The books above are not idle: something counts under each program, and every fact is valued."""
    standing = tk.assess(ledger_of(case), on=case.on)
    assert standing.entries
    assert standing.problems == ()
    assert any(each != tk.Points(0) for each in standing.points.values()) or any(standing.figures.values())


def test_a_standing_explains_every_quantity_of_which_anything_is_known(case: Case) -> None:
    standing = tk.assess(ledger_of(case), on=case.on)
    values = {name: points.fraction for name, points in standing.points.items()} | dict(standing.figures)
    told = {*standing.measures, *standing.workings}
    assert {*values} - told <= {*standing.unsure}
    trees = tk.explain(standing).trees
    assert sorted(tree.value for tree in trees) == sorted(values[name] or 0 for name in told)


# ---------------------------------------------------------------------- what hangs on the tier that is held


@given(members(), st.dates(JOINED, date(2026, 12, 31)))
def test_every_verb_answers_where_tiers_multiply(book: tk.Book, on: date) -> None:
    hold_answers(tk.earn(book, club()).partner(ME), on)


@given(members(), st.dates(JOINED, date(2026, 9, 1)), st.integers(0, 60), st.integers(0, 60))
def test_changes_add_up_where_tiers_multiply(book: tk.Book, first: date, one: int, other: int) -> None:
    hold_split(tk.earn(book, club()).partner(ME), first, first + one * DAY, first + (one + other) * DAY)


@given(members(), st.dates(JOINED, date(2026, 9, 1)))
def test_days_agree_where_tiers_multiply(book: tk.Book, on: date) -> None:
    ledger = tk.earn(book, club()).partner(ME)
    for moment in tk.history(ledger, since=on, until=on + 90 * DAY).days:
        holds_as_assessed(ledger, moment)
        holds_as_reviewed(ledger, moment)
    hold_foreseen(ledger, on, on + 90 * DAY)


COUNTED = """[measures]
flights = { count = ["miles"] }
gained  = { over = "miles", each = "month", last = 3, fold = "sum", counted = "earned", running = true }
flown   = { over = "flights", each = "month", last = 3, fold = "sum", counted = "earned", running = true }
"""


@given(members(), st.dates(JOINED, date(2026, 9, 1)))
def test_what_counted_or_was_earned_hangs_on_the_tiers_that_were_held(book: tk.Book, on: date) -> None:
    """'How many facts of some tracks count on the day'; 'what the stretch gave, whether it still counts'"""
    ledger = tk.earn(book, program_of(CLUB.replace("[measures]\n", COUNTED))).partner(ME)
    standing, since = tk.assess(ledger, on=on), on.replace(day=1) - relativedelta(months=2)
    flown = {each.id: each.on for each in book.events}
    miles = [each for each in standing.entries if each.track == "miles" and on in each.span]
    late = [each for each in miles if flown[each.fact] >= since]
    assert standing.figures["flights"] == len(miles)
    assert standing.figures["flown"] == len(late)
    assert standing.points["gained"] == sum((each.points for each in late), tk.Points(0))


# ---------------------------------------------------------------------- generated programs


def is_quick(program: Program) -> bool:
    """Say whether few tiers have to be followed where something is unknown.

    They are many where it matters which were held before, or where a fall may be decided on any day.
    """
    falls = [each for each in program.movements if each.kind is MoveKind.FALL]
    return not keeps_trails(program) and not any(AT_ONCE in each.on for each in falls)


@st.composite
def ledgers(draw: st.DrawFn) -> tk.Ledger:
    """Draw what a book earned under a program."""
    program = draw(programs().filter(is_quick))
    rates = draw(st.sampled_from((RATES, None)))
    return tk.earn(draw(books_for(program)), program, rates=rates)


def day_for(data: st.DataObject, ledger: tk.Ledger) -> date:
    return data.draw(days_for(ledger.program))


@given(ledgers(), st.data())
def test_every_verb_answers_under_any_program(ledger: tk.Ledger, data: st.DataObject) -> None:
    """'every verb works on ANY valid program'."""
    partner = data.draw(st.sampled_from(ledger.partners))
    hold_answers(ledger.partner(partner), day_for(data, ledger))


@given(ledgers(), st.data())
def test_changes_add_up_for_any_split(ledger: tk.Ledger, data: st.DataObject) -> None:
    """'start + new - lost = end', of two stretches as of the one that they make."""
    ledger = ledger.partner(data.draw(st.sampled_from(ledger.partners)))
    first = day_for(data, ledger)
    middle, last = (first + data.draw(st.integers(0, 60)) * DAY for _ in range(2))
    middle, last = sorted((middle, last))
    hold_split(ledger, first, middle, last)


def hold_split(ledger: tk.Ledger, first: date, middle: date, last: date) -> None:
    whole, one, other = (
        tk.changes(ledger, since=since, until=until)
        for since, until in ((first, last), (first, middle), (middle, last))
    )
    for made in (whole, one, other):
        assert made.start.keys() == made.end.keys() == made.new.keys() == made.measures.keys()
        assert made.units.keys() <= made.measures.keys()
        for name, start in made.start.items():
            assert start + made.new[name] - made.lost[name] == made.end[name], name
            for groups in (made.customers(), made.by_cause()):
                assert sum((each.net[name] for each in groups), tk.Points(0)) == made.net[name]
    assert whole.rows == (*one.rows, *other.rows)
    assert (one.end, whole.start, whole.end) == (other.start, one.start, other.end)


@given(ledgers(), st.data())
def test_a_sum_of_changes_in_doubt_is_the_bound_that_it_says(ledger: tk.Ledger, data: st.DataObject) -> None:
    """'of the sums … that are only known to be at least so much': who has the exchange rates knows more"""
    partner = data.draw(st.sampled_from(ledger.partners))
    since = day_for(data, ledger)
    until = since + data.draw(st.integers(0, 60)) * DAY
    some, more = (
        tk.changes(
            tk.earn(ledger.book, ledger.program, rates=rates), since=since, until=until, partner=partner
        )
        for rates in (None, RATES)
    )
    for of in ("start", "new", "lost", "end"):
        known, true = getattr(some, of), getattr(more, of)
        for name in known.keys() - set(some.unsure[of]):
            assert known[name] == true[name] or (name in some.at_least[of] and known[name] < true[name])


SAME = ("points", "figures", "at_least", "unsure", "performance_tier", "possible_tier", "note")


def holds_as_assessed(ledger: tk.Ledger, moment: tk.Moment | tk.ComingReview) -> None:
    standing = tk.assess(ledger, on=moment.as_of if isinstance(moment, tk.ComingReview) else moment.on)
    for name in SAME:
        assert getattr(moment, name) == getattr(standing, name), (name, moment.on)


def holds_as_reviewed(ledger: tk.Ledger, moment: tk.Moment | tk.ComingReview) -> None:
    """Hold the tier against a review: of who is only named, each question begins on a day of its own."""
    if any(
        ledger.partner_id in partners_of(fact) for fact in ledger.book if not isinstance(fact, tk.Partner)
    ):
        assert moment.credited_tier == tk.review(ledger, on=moment.on).credited_tier


@given(ledgers(), st.data())
def test_a_moment_of_a_history_is_the_assessment_of_its_day(ledger: tk.Ledger, data: st.DataObject) -> None:
    ledger = ledger.partner(data.draw(st.sampled_from(ledger.partners)))
    first = day_for(data, ledger)
    every = data.draw(st.sampled_from(("week", "month", "quarter")))
    days = data.draw(st.integers(0, 30 if every == "week" else 200))
    history = tk.history(ledger, since=first, until=first + days * DAY, every=every)
    standing = tk.assess(ledger, on=first)
    assert history.units == standing.units
    for moment in history.days:
        holds_as_assessed(ledger, moment)
    holds_as_reviewed(ledger, history.days[-1])


@given(ledgers(), st.data())
def test_a_forecast_is_what_comes_where_nothing_happens(ledger: tk.Ledger, data: st.DataObject) -> None:
    """It ignores what happened later; and if nothing did, it is what then was."""
    ledger = ledger.partner(data.draw(st.sampled_from(ledger.partners)))
    on = day_for(data, ledger)
    until = on + data.draw(st.integers(0, 300)) * DAY
    hold_foreseen(ledger, on, until)


def hold_foreseen(ledger: tk.Ledger, on: date, until: date) -> None:
    forecast = tk.forecast(ledger, on=on, until=until)
    happened = tk.earn(happened_by(ledger.book, on), ledger.program, rates=ledger.rates)
    then = happened.partner(ledger.partner_id)
    alone = tk.forecast(then, on=on, until=until)
    assert (forecast.as_is, forecast.serviced) == (alone.as_is, alone.serviced)
    assert forecast.changes.rows == alone.changes.rows
    days: list[tk.Moment | tk.ComingReview] = [*forecast.as_is.days, *forecast.as_is.reviews]
    for each in days:
        holds_as_assessed(then, each)
    holds_as_reviewed(then, max(days, key=lambda each: each.on))
