# ruff: noqa: E501 - one wrong movement is one row of a table; over five lines each the table could not be read
"""Movements and clawbacks as data: what a file can say of them, and what is refused and how."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies_engine import hubspot, program_of

import tierkit as tk
from tierkit.engine.moving.review_days import days_judged, review_days
from tierkit.frozen import changed
from tierkit.programs.movements import BarsOf, Lag, MoveKind, Reach, Take
from tierkit.programs.rules import Takes, While

if TYPE_CHECKING:
    from tierkit.programs.movements import Movement

HEAD = """
format = 1
id     = "kites"
name   = "Kites"
tracks = ["miles", "spare"]
[in-force]
source = "terms"
[sources.terms]
url   = "https://example.org/terms"
grade = "published"
[readings.certified]
type = "yes-no"
[[earn]]
id       = "flight"
select   = { fact = "event", type = "flight" }
track    = "miles"
quantity = true
rate     = [{ points = 1, source = "terms" }]
live     = [{ while = "year", source = "terms" }]
[[tier]]
id   = "low"
rank = 1
requires = [{ all = [{ measure = "miles", at-least = 100 }], source = "terms" }]
[[tier]]
id   = "high"
rank = 2
requires = [{ all = [{ measure = "miles", at-least = 300 }], source = "terms" }]
"""
RISE = """
[[movement]]
id            = "rise"
kind          = "rise"
on            = ["at-once"]
judged        = { take = "same-day" }
effective     = "same-day"
to            = "next"
posts         = { deduct = "miles" }
restarts-year = true
source        = "terms"
"""
YEAR_END = """
[[movement]]
id        = "year-end"
kind      = "fall"
on        = ["year-end"]
judged    = { take = "day-before", bars = "review-day" }
effective = "same-day"
to        = "next-lower"
posts     = { carry = "miles", at-most = "62.5" }
until     = 2027-01-01
source    = "terms"
grade     = "derived"
note      = "the eve counts"
"""
FALL = """
[[movement]]
id        = "fall"
kind      = "fall"
on        = ["01-15", "07-15"]
judged    = { on = ["*-*"], since = ["08-15", "02-15"], take = "best" }
effective = { days = 10 }
to        = "best-judged"
unless-held-under = { months = 6 }
asked-on-the-day  = ["certified"]
source    = "terms"
"""
WHOLE = HEAD + RISE + YEAR_END + FALL
GIFT = """
[[earn]]
id       = "gift"
select   = { fact = "event", type = "gift" }
track    = "miles"
rate     = [{ points = 1, source = "terms" }]
live     = [{ days = 5, source = "terms" }]
"""
CLAWBACK = '[[earn.clawback]]\ncauses = ["non-payment"]\ntakes = "all"\nsource = "terms"\n'


def with_clawback(rows: str, text: str = WHOLE) -> str:
    return text.replace("[[tier]]", rows + "[[tier]]", 1)


def movements(text: str, overlay: str | None = None) -> dict[str, Movement]:
    return {movement.id: movement for movement in program_of(text, overlay).movements}


def problems_of(text: str) -> tuple[tk.Problem, ...]:
    with pytest.raises(tk.InvalidProgram) as refused:
        program_of(text)
    return refused.value.problems


# ---------------------------------------------------------------------- what a file can say


def test_a_movement_says_when_it_looks_at_what_and_how_far_it_goes() -> None:
    """'Movements are the general primitive of the design (`on`, `judged`, `effective`, `to`,
    `unless-held-under`, posts)'"""
    said = movements(WHOLE)
    rise, year_end, fall = said["rise"], said["year-end"], said["fall"]
    assert (rise.kind, rise.on, rise.take, rise.to) == (
        MoveKind.RISE,
        ("at-once",),
        Take.SAME_DAY,
        Reach.NEXT,
    )
    assert (rise.deduct, rise.carry, rise.carry_at_most, rise.restarts_year) == ("miles", "", None, True)
    assert (rise.effective, rise.bars, rise.effective_until) == (Lag(), BarsOf.OWN_DAY, None)
    assert (year_end.on, year_end.take, year_end.to) == (("year-end",), Take.DAY_BEFORE, Reach.NEXT_LOWER)
    assert (year_end.carry, year_end.carry_at_most) == ("miles", Fraction(125, 2))
    assert (year_end.effective, year_end.bars) == (Lag(), BarsOf.REVIEW_DAY)
    assert (year_end.grade, year_end.note) == (tk.Grade.DERIVED, "the eve counts")
    assert (fall.judged_on, fall.judged_since, fall.take) == (("*-*",), ("08-15", "02-15"), Take.BEST)
    assert (fall.to, fall.protected_months) == (Reach.BEST_JUDGED, 6)
    assert (fall.effective, fall.asked_on_the_day) == (Lag(days=10), ("certified",))


def test_a_movement_holds_on_its_days() -> None:
    """'inclusive `from`, exclusive `until`'"""
    year_end = movements(WHOLE)["year-end"]
    assert year_end.covers(date(2026, 12, 31))
    assert not year_end.covers(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("lag", "day", "after"),
    [
        (Lag(), date(2026, 1, 31), date(2026, 1, 31)),
        (Lag(months=1), date(2026, 1, 31), date(2026, 2, 28)),
        (Lag(days=10), date(2026, 2, 20), date(2026, 3, 2)),
    ],
)
def test_a_result_takes_effect_so_much_later(lag: Lag, day: date, after: date) -> None:
    assert lag.after(day) == after


def test_points_may_count_until_the_personal_year_ends() -> None:
    (life,) = program_of(WHOLE).rules[0].live
    assert (life.value.lasts_while, life.value.months, life.value.days) == (While.YEAR, None, None)


def test_a_clawback_is_dated_and_names_its_causes() -> None:
    """'Clawback is a program rule (on non-payment ... by default; none; pro rata by whole days)'"""
    rows = CLAWBACK.replace("takes", "until = 2026-01-01\ntakes")
    rows += CLAWBACK.replace("takes", "from = 2026-01-01\ntakes").replace('"all"', '"pro-rata"')
    rows = rows.replace('["non-payment"]', '["non-payment", "cancellation"]')
    program = program_of(with_clawback(rows, HEAD.replace('while = "year"', "days = 90")))
    said = [(each.days(), each.value.causes, each.value.takes) for each in program.rules[0].clawback]
    assert said == [
        ("before 2026-01-01", ("non-payment", "cancellation"), Takes.ALL),
        ("from 2026-01-01", ("non-payment", "cancellation"), Takes.PRO_RATA),
    ]


def test_an_overlay_switches_a_clawback_off_with_no_cause() -> None:
    """'none'"""
    overlay = 'format = 1\nextends = "kites"\n[[earn]]\nid = "flight"\n' + CLAWBACK.replace(
        '"non-payment"', ""
    )
    (period,) = program_of(with_clawback(CLAWBACK), overlay).rules[0].clawback
    assert period.value.causes == ()
    assert program_of(WHOLE).rules[0].clawback.at(date(2026, 1, 1)) is None


def test_an_overlay_restates_a_movement_by_its_id() -> None:
    """'`[[movement]]` ... replace the one of the same id, or add one'"""
    over = 'format = 1\nextends = "kites"\n' + FALL.replace("months = 6", "months = 9")
    over += RISE.replace('id            = "rise"', 'id = "lift"')
    said = movements(WHOLE, over)
    assert list(said) == ["rise", "year-end", "fall", "lift"]
    assert said["fall"].protected_months == 9
    assert said["rise"] == movements(WHOLE)["rise"]


def test_an_overlay_is_held_against_the_base_that_it_is_laid_over() -> None:
    over = 'format = 1\nextends = "kites"\n' + FALL.replace('["certified"]', '["certifed"]')
    with pytest.raises(tk.InvalidProgram) as refused:
        program_of(WHOLE, over)
    (problem,) = refused.value.problems
    assert (problem.where, problem.field) == (
        "overlay.toml, line 12",
        "movement[fall].asked-on-the-day",
    )
    assert "did you mean 'certified'" in problem.hint


def test_the_choices_of_the_shipped_program_name_the_keys_that_hold_them() -> None:
    """'Each check uses the bars of its own day (derived; a switch in the program uses the review day's)'"""
    held_by = {choice.number: choice.held_by for choice in hubspot().choices}
    assert held_by[6] == "movement.demotion judged.on"
    assert held_by[7] == "earn.clawback"
    assert held_by[21] == "movement.demotion judged.bars"


# ---------------------------------------------------------------------- what is refused


WRONG: list[tuple[str, str, str, str, str]] = [
    # what is wrong, what is replaced, by what, the path in the problem, words of the problem
    ("unknown kind", 'kind          = "rise"', 'kind = "rize"', "movement[rise].kind", "did you mean 'rise'"),
    ("misspelt word of a day", '["at-once"]', '["at-onse"]', "movement[rise].on", "did you mean 'at-once'"),
    ("every day is not a review", '["at-once"]', '["*-*"]', "movement[rise].on", 'or "at-once", or "year-end"'),
    ("a review day twice", '["01-15", "07-15"]', '["01-15", "01-15"]', "movement[fall].on", "each day once; remove one"),
    ("a day that a window cannot begin on", '["08-15", "02-15"]', '["08-15", "*-15"]', "movement[fall].judged.since", "'*-15'; expected a day of each year such as \"07-15\"; write it as MM-DD"),
    ("a day of the wrong type", '["at-once"]', "[1]", "movement[rise].on", "a list of texts"),
    ("fewer windows than reviews", '["08-15", "02-15"]', '["08-15"]', "movement[fall].judged.since", "found 1 day; expected 2, one for each day of `on`"),
    ("more windows than reviews", '["08-15", "02-15"]', '["08-15", "02-15", "03-15"]', "movement[fall].judged.since", "found 3 days; expected 2"),
    ("windows without days", 'take = "day-before"', 'since = ["01-01"], take = "day-before"', "movement[year-end].judged.since", "none, as no `on`"),
    ("a window in which no day falls", '["*-*"], since = ["08-15", "02-15"]', '["03-01"], since = ["08-15", "02-15"]', "movement[fall].judged.on", "found ['03-01']; expected a day in the window from 08-15 to the review on 01-15; name a day in it, or move its beginning"),
    ("a window without a day of each month", '["*-*"], since = ["08-15", "02-15"]', '["*-20"], since = ["01-01", "07-01"]', "movement[fall].judged.on", "the window from 07-01 to the review on 07-15"),
    ("a window without a day in leap years", '["01-15", "07-15"]\njudged    = { on = ["*-*"], since = ["08-15", "02-15"]', '["03-15"]\njudged = { on = ["02-28"], since = ["02-29"]', "movement[fall].judged.on", "the window from 02-29"),
    ("the best of no window", 'judged        = { take = "same-day" }', 'judged = { take = "best" }', "movement[rise].judged.on", "no day; expected the days"),
    ("a window that is not looked at", 'take = "best"', 'take = "same-day"', "movement[fall].judged.on", 'no days beside take = "same-day"'),
    ("a window of each month", '["01-15", "07-15"]', '["01-15", "*-15"]', "movement[fall].judged.since", "reviews on 01-15, *-15"),
    ("a window of a year of one's own", '["01-15", "07-15"]', '["year-end", "at-once"]', "movement[fall].judged.since", "days of the year such as 07-15"),
    ("unknown take", 'take = "day-before"', 'take = "eve"', "movement[year-end].judged.take", "one of same-day, best, worst, day-before"),
    ("unknown bars", 'bars = "review-day"', 'bars = "reviewday"', "movement[year-end].judged.bars", "did you mean 'review-day'"),
    ("unknown key of judged", 'bars = "review-day"', 'bar = "review-day"', "movement[year-end].judged.bar", "did you mean 'bars'"),
    ("unknown lag", "{ days = 10 }", '"ten days"', "movement[fall].effective", "write { months = 1 } or { days = 10 }"),
    ("lag of two lengths", "{ days = 10 }", "{ days = 10, months = 1 }", "movement[fall].effective", "both `months` and `days`"),
    ("lag of no length", "{ days = 10 }", "{}", "movement[fall].effective", "neither `months` nor `days`"),
    ("lag of nothing", "{ days = 10 }", "{ days = 0 }", "movement[fall].effective.days", "from 1 to 3653"),
    ("lag of weeks", "{ days = 10 }", "{ days = 10, weeks = 1 }", "movement[fall].effective.weeks", "an unknown key"),
    ("a fall to the next", 'to        = "next-lower"', 'to = "next"', "movement[year-end].to", "found 'next'; expected one of best-judged, next-lower"),
    ("a rise to the lower", 'to            = "next"', 'to = "next-lower"', "movement[rise].to", "one of best, next"),
    ("protection from a rise", 'to            = "next"', 'to = "next"\nunless-held-under = { months = 6 }', "movement[rise].unless-held-under", "it is for falls"),
    ("asked at a rise", 'to            = "next"', 'to = "next"\nasked-on-the-day = ["certified"]', "movement[rise].asked-on-the-day", "it is for falls"),
    ("asked for what is not declared", '["certified"]', '["certifed"]', "movement[fall].asked-on-the-day", "did you mean 'certified'"),
    ("posts that are no table", 'posts         = { deduct = "miles" }', 'posts = "miles"', "movement[rise].posts", "a table"),
    ("unknown posting", '{ deduct = "miles" }', '{ deducts = "miles" }', "movement[rise].posts.deducts", "did you mean 'deduct'"),
    ("deducted from no track", '{ deduct = "miles" }', '{ deduct = "mile" }', "movement[rise].posts.deduct", "did you mean 'miles'"),
    ("deducted from a track without bars", '{ deduct = "miles" }', '{ deduct = "spare" }', "movement[rise].posts.deduct", "no bars of 'spare' in tier 'low', on every day; expected one bar in each tier"),
    ("carried from a track without bars", 'carry = "miles"', 'carry = "spare"', "movement[year-end].posts.carry", "in tier 'high'"),
    ("deducted from what outlasts the year", "[[tier]]", GIFT + "[[tier]]", "movement[rise].posts.deduct", "'miles', which earn[gift] fills with points that do not end with the year; expected a track whose points all count while = \"year\"; give that rule this life, or another track"),
    ("carried beside what outlasts the year", "[[tier]]", GIFT + "[[tier]]", "movement[rise].posts.deduct", "which earn[gift] fills"),
    ("an unknown bar to take off", "at-least = 300 }], source", 'at-least = "unknown" }], note = "never published", source', "movement[rise].posts.deduct", "an unknown bar of 'miles' in tier 'high', on every day; expected a known bar in each tier"),
    ("an unknown bar to carry over", "at-least = 300 }], source", 'at-least = "unknown" }], note = "never published", source', "movement[rise].posts.deduct", "an unknown bar of 'miles'"),
    ("posted later", 'effective     = "same-day"', "effective = { months = 1 }", "movement[rise].effective", "found {'months': 1}; expected \"same-day\" beside `posts` and `restarts-year`; write effective = \"same-day\", or leave the others out"),
    ("carried later", 'effective = "same-day"\nto        = "next-lower"', 'effective = { days = 1 }\nto = "next-lower"', "movement[year-end].effective", '"same-day" beside'),
    ("begun anew later", 'effective     = "same-day"\nto            = "next"\nposts         = { deduct = "miles" }', 'effective = { days = 1 }\nto = "next"', "movement[rise].effective", '"same-day" beside'),
    ("two bars to take off", '{ measure = "miles", at-least = 300 }', '{ any = [{ measure = "miles", at-least = 300 }, { measure = "miles", above = 500 }] }', "movement[rise].posts.deduct", "2 bars of 'miles' in tier 'high'"),
    ("a limit of nothing", 'carry = "miles", at-most', "at-most", "movement[year-end].posts.carry", "nothing beside `at-most`"),
    ("a limit of zero", '"62.5"', "0", "movement[year-end].posts.at-most", "a number above zero"),
    ("a limit that nobody knows", '"62.5"', '"unknown"', "movement[year-end].posts.at-most", "a plain decimal"),
    ("carried into no year", '{ deduct = "miles" }\nrestarts-year = true', '{ carry = "miles" }', "movement[rise].posts.carry", "a year that begins"),
    ("a restart that is a text", "restarts-year = true", 'restarts-year = "yes"', "movement[rise].restarts-year", "true or false"),
    ("a restart of no year", YEAR_END, "", "movement[rise].restarts-year", 'a [[movement]] with on = ["year-end"]'),
    ("points of a year that nothing ends", YEAR_END, "", "earn[flight].live[1].while", 'while = "year"; expected a [[movement]] with on = ["year-end"]'),
    ("unknown key", "restarts-year = true", "restart-year = true", "movement[rise].restart-year", "did you mean 'restarts-year'"),
    ("the same movement", 'id        = "fall"', 'id = "year-end"', "movement[year-end].id", "stands once among [[movement]]"),
    ("a state of a year of one's own", 'fact = "event"', 'fact = "state"', "earn[flight].live", 'found while = "year"; expected while = "held", or `inactive-days`, as the state holds over days'),
    ("an event that is held", 'while = "year"', 'while = "held"', "earn[flight].live", 'found while = "held"; expected `months`, `days` or `through` from the day of the event, or while = "year"'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "field", "words"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_what_is_wrong_is_said_with_its_path(old: str, new: str, field: str, words: str) -> None:
    """'All problems at once, with a path': where, what was found, what was expected and what to do"""
    assert old in WHOLE
    problems = problems_of(WHOLE.replace(old, new, 1))
    assert any(field in each.field and words in str(each) for each in problems), "\n".join(map(str, problems))
    assert all(each.where.startswith("program.toml") for each in problems)


CLAWBACKS: list[tuple[str, str, str, str]] = [
    ("no causes", CLAWBACK.replace('causes = ["non-payment"]\n', ""), "earn[flight].clawback[1].causes", "add `causes"),
    ("causes that are a text", CLAWBACK.replace('["non-payment"]', '"non-payment"'), "clawback[1].causes", "a list of texts"),
    ("a cause of blanks", CLAWBACK.replace("non-payment", " "), "clawback[1].causes", "an id, without blanks"),
    ("a correction", CLAWBACK.replace("non-payment", "correction"), "clawback[1].causes", "causes for which a right record is reversed"),
    ("unknown part", CLAWBACK.replace('"all"', '"prorata"'), "clawback[1].takes", "did you mean 'pro-rata'"),
    ("no part", CLAWBACK.replace('"all"', '"none"'), "clawback[1].takes", "found 'none'; expected one of all, pro-rata; where nothing is taken write causes = []"),
    ("an empty list", "clawback = []\n", "earn[flight].clawback", "to switch it off write [[earn.clawback]] with causes = []"),
    ("two on one day", CLAWBACK * 2, "earn[flight].clawback", "two values that start on the same day"),
    ("a part of a year of one's own", CLAWBACK.replace('"all"', '"pro-rata"'), "earn[flight].clawback", 'found takes = "pro-rata", on every day; expected takes = "all" beside while = "year", as there is no end to count the days to; write "all", or let the points live for `months` or `days`'),
    ("unknown key", CLAWBACK + "share = 1\n", "clawback[1].share", "an unknown key"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "field", "words"), [row[1:] for row in CLAWBACKS], ids=[row[0] for row in CLAWBACKS]
)
def test_a_wrong_clawback_is_refused(rows: str, field: str, words: str) -> None:
    problems = problems_of(with_clawback(rows))
    assert any(field in each.field and words in str(each) for each in problems), "\n".join(map(str, problems))


def test_points_of_a_year_may_follow_those_of_a_clawback_by_parts() -> None:
    """'pro-rata clawback with while = "year" is refused': where one can meet the other, and nowhere else"""
    text = HEAD.replace(
        'live     = [{ while = "year", source = "terms" }]',
        "live = [{ days = 90, until = 2026-01-01, source = 'terms' }, "
        "{ while = 'year', from = 2026-01-01, source = 'terms' }]",
    )
    rows = CLAWBACK.replace("takes", "until = 2026-01-01\ntakes").replace('"all"', '"pro-rata"')
    ends = YEAR_END.replace('posts     = { carry = "miles", at-most = "62.5" }\n', "")
    (period,) = program_of(with_clawback(rows, text) + ends).rules[0].clawback
    assert period.value.takes is Takes.PRO_RATA
    (problem,) = problems_of(with_clawback(rows.replace("2026-01-01", "2026-01-02"), text) + ends)
    assert (problem.field, problem.found) == (
        "earn[flight].clawback[1].takes",
        'takes = "pro-rata", before 2026-01-02',
    )


MONTHLY = st.integers(1, 31).map(lambda day: f"*-{day:02}")
YEARLY = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: f"{day:%m-%d}")
AROUND_FEBRUARY = st.sampled_from(["02-27", "02-28", "02-29", "03-01"])


@given(
    on=YEARLY | AROUND_FEBRUARY,
    since=YEARLY | AROUND_FEBRUARY,
    judged=st.lists(YEARLY | AROUND_FEBRUARY | MONTHLY, min_size=1, max_size=3, unique=True),
)
@example(on="07-15", since="07-15", judged=["07-15"])
@example(on="03-01", since="02-28", judged=["02-29"])
@example(on="03-15", since="02-29", judged=["02-28"])
def test_a_window_is_read_where_it_has_a_day_before_each_review(
    on: str, since: str, judged: list[str]
) -> None:
    """'At least one has to fall in each window, in leap years and others'"""
    whole = movements(WHOLE)["fall"]
    one = changed(whole, on=(on,), judged_since=(since,), judged_on=tuple(judged))
    days = review_days(one, date(2023, 1, 1), date(2028, 12, 31))
    text = WHOLE.replace('["01-15", "07-15"]', f'["{on}"]').replace('["08-15", "02-15"]', f'["{since}"]')
    text = text.replace('["*-*"]', str(judged))
    if all(days_judged(one, day) for day in days):
        assert movements(text)["fall"] == one
    else:
        (problem,) = problems_of(text)
        assert problem.field == "movement[fall].judged.on"


def test_a_state_has_no_clawback() -> None:
    """'Only for deal/event rules': a state ends when its holder's days do"""
    held = HEAD.replace('fact = "event"', 'fact = "state"').replace('while = "year"', 'while = "held"')
    text = with_clawback(CLAWBACK, held)
    (problem,) = problems_of(text)
    assert (problem.field, problem.found) == ("earn[flight].clawback[1]", "fact = 'state'")
