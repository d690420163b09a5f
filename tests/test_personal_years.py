"""Personal years: what ends with them, what movements take off and carry, and how that is told.

Sentences in quotes are from the reference; each is what its test proves.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_engine import moving, program_of

import tierkit as tk
from tierkit.cli import main
from tierkit.reports.table import text
from tierkit.reports.tables import tables_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tierkit.facts.facts import Fact

ME, DAY = "inn", timedelta(days=1)
JOINED = date(2024, 2, 1)

HOTEL = """
format = 1
id     = "hotel"
name   = "Hotel"
tracks = ["nights", "stays"]
units  = { nights = "nights", stays = "stays" }
source = "terms"

[readings.vip]
type = "yes-no"

[sources.terms]
url   = "https://example.org/terms"
grade = "published"

[[earn]]
id       = "night"
select   = { fact = "event", type = "stay" }
track    = "nights"
quantity = true
rate     = { points = 1 }
live     = { while = "year" }

[[earn]]
id     = "stay"
select = { fact = "event", type = "stay" }
track  = "stays"
rate   = { points = 1 }
live   = { while = "year", months = 11 }
clawback = { causes = ["no-show"], takes = "all" }

[[tier]]
id       = "silver"
rank     = 1
named    = { name = "Explorer", until = 2025-01-01 }
requires = { any = [{ measure = "nights", at-least = 25 }, { reading = "vip", is = true }] }

[[tier]]
id       = "gold"
rank     = 2
requires = { any = [{ measure = "nights", at-least = "50.5" }, { reading = "vip", is = true }] }
"""
POSTS = moving(
    "rise", "at-once", 'posts = { deduct = "nights" }', "restarts-year = true", to="next"
) + moving(
    "fall",
    "year-end",
    'posts = { carry = "nights", at-most = 10 }',
    to="next-lower",
    judged='take = "day-before"',
)
PLAIN = moving("rise", "at-once") + moving("fall", "year-end", to="next-lower", judged='take = "day-before"')


@cache
def hotel(movements: str = POSTS) -> tk.Program:
    return program_of(HOTEL + movements)


def stay(number: int, on: date, nights: int) -> tk.Event:
    return tk.Event(id=f"N-{number}", partner=ME, type="stay", on=on, quantity=nights)


def vip(on: date, *, value: bool = True) -> tk.Reading:
    return tk.Reading(partner=ME, name="vip", value=value, on=on)


def earned(*facts: Fact, movements: str = POSTS) -> tk.Ledger:
    return tk.earn(tk.Book([tk.Partner(id=ME, joined_on=JOINED), *facts]), hotel(movements)).partner(ME)


def rows(changes: tk.Changes, track: str = "nights") -> list[tuple[str, str, str, str, str]]:
    return [
        (str(each.on), each.cause.value, each.fact or each.kind, str(each.before), str(each.after))
        for each in changes.rows
        if each.track == track
    ]


# ---------------------------------------------------------------------- what is taken off

stays = st.lists(st.tuples(st.integers(0, 900), st.sampled_from([1, 20, 25, 30, 51, 75, 130])), max_size=5)


@given(stays, st.none() | st.integers(0, 700), st.integers(0, 60))
def test_no_more_is_taken_off_than_is_there(
    made: list[tuple[int, int]], known: int | None, later: int
) -> None:
    """'the bar of the tier … is taken off it, or all that is there, where that is less'"""
    facts: list[Fact] = [stay(n, JOINED + after * DAY, nights) for n, (after, nights) in enumerate(made)]
    begun = JOINED + (0 if known is None else known) * DAY
    facts += [vip(JOINED, value=False)] * (known != 0) + [vip(begun)] * (known is not None)
    ledger, on = earned(*facts), begun + (200 + later) * DAY
    for moment in tk.history(ledger, since=JOINED, until=on, every="week").days:
        assert moment.points == {}
        assert (moment.figures["nights"] or 0) >= 0, moment.on


def posted(ledger: tk.Ledger, on: date) -> Iterable[tk.Entry]:
    return (each for each in tk.assess(ledger, on=on).entries if each.kind == "movement")


def test_what_was_less_than_the_bar_says_so() -> None:
    on = date(2024, 5, 1)
    ledger = earned(stay(1, date(2024, 4, 1), 30), vip(JOINED, value=False), vip(on))
    assert [(str(each.points), each.reason.label, each.reason.note) for each in posted(ledger, on)] == [
        ("-25", "taken off on reaching Explorer", ""),
        ("-5", "taken off on reaching gold", "all that was there: its bar is 50.5"),
    ]
    assert tk.assess(ledger, on=on).figures["nights"] == 0


def test_a_movement_that_looks_when_the_year_ends_takes_off_what_the_new_one_has() -> None:
    keeps = moving("rise", "at-once") + moving(
        "fall", "year-end", 'posts = { deduct = "nights" }', to="next-lower", judged='take = "day-before"'
    )
    end = date(2025, 2, 1)
    ledger = earned(stay(1, date(2024, 4, 1), 70), stay(2, end, 4), vip(JOINED, value=False), movements=keeps)
    assert [str(each.points) for each in posted(ledger, end)] == ["-4"]
    assert tk.assess(ledger, on=end).figures["nights"] == 0


# ---------------------------------------------------------------------- what came and went


def test_what_facts_gave_is_told_before_what_became_of_it() -> None:
    """'of one day first what facts gave is told, then what became of it'"""
    ledger = earned(stay(1, date(2024, 10, 1), 76), stay(2, date(2025, 1, 5), 58), vip(JOINED, value=False))
    changes = tk.changes(ledger, since=date(2024, 9, 30), until=date(2025, 11, 1))
    assert rows(changes) == [
        ("2024-10-01", "event", "N-1", "0", "76"),
        ("2024-10-01", "movement", "movement", "25", "0"),
        ("2024-10-01", "movement", "movement", "50.5", "0"),
        ("2025-01-05", "event", "N-2", "0", "58"),
        ("2025-10-01", "expiry", "year-end", "58.5", "0"),
        ("2025-10-01", "movement", "movement", "0", "8"),
    ]
    assert rows(changes, "stays") == [
        ("2024-10-01", "event", "N-1", "0", "1"),
        ("2025-01-05", "event", "N-2", "0", "1"),
        ("2025-09-01", "expiry", "N-1", "1", "0"),
        ("2025-10-01", "expiry", "N-2", "1", "0"),
    ]
    shown = "\n".join(text(each) for each in tables_of(changes))
    for said in ("on reaching Explorer", "left when the personal year ended", "carried over the bar of gold"):
        assert said in shown
    for row in changes.rows:
        assert row.reason.recompute() in (row.before.fraction, row.after.fraction)


def test_where_no_movement_posts_each_fact_ends_with_the_year() -> None:
    """'Where personal years end, so does each fact that lives for them.'"""
    end = date(2025, 2, 1)
    taken = tk.Reversal(id="R", reverses="N-2", on=end, cause="no-show")
    facts = stay(1, date(2024, 1, 1), 40), stay(2, date(2024, 12, 1), 30), taken
    changes = tk.changes(earned(*facts, movements=PLAIN), since=date(2023, 12, 1), until=date(2026, 1, 1))
    assert rows(changes) == [
        ("2024-12-01", "event", "N-2", "0", "30"),
        (str(end), "expiry", "N-2", "30", "0"),
    ]
    assert rows(changes, "stays") == [
        ("2024-12-01", "event", "N-2", "0", "1"),
        (str(end), "expiry", "N-2", "1", "0"),
    ]


@given(
    stays, st.lists(st.integers(0, 900), min_size=3, max_size=3).map(sorted), st.sampled_from([POSTS, PLAIN])
)
def test_the_rows_of_personal_years_add_up(
    made: list[tuple[int, int]], window: list[int], movements: str
) -> None:
    """'Start + new - lost = end, exactly, for every track and measure.', also where a tier is not known"""
    since, middle, until = (JOINED + number * DAY for number in window)
    facts = [stay(n, JOINED + after * DAY, nights) for n, (after, nights) in enumerate(made)]
    for ledger in (
        earned(*facts, movements=movements),
        earned(*facts, vip(JOINED, value=False), movements=movements),
    ):
        whole = tk.changes(ledger, since=since, until=until)
        for name, start in whole.start.items():
            assert start + whole.new[name] - whole.lost[name] == whole.end[name]
        assert whole.end["nights"].fraction == tk.assess(ledger, on=until).figures["nights"]
        parts = tk.changes(ledger, since=since, until=middle), tk.changes(ledger, since=middle, until=until)
        assert parts[0].rows + parts[1].rows == whole.rows


def test_where_it_is_not_known_what_was_posted_there_is_one_row_for_it_all() -> None:
    ledger = earned(stay(1, date(2024, 4, 1), 30), vip(date(2024, 4, 2), value=False))
    changes = tk.changes(ledger, since=date(2024, 3, 31), until=date(2024, 12, 1))
    assert rows(changes)[0] == ("2024-04-01", "event", "N-1", "0", "30")
    assert "nights" in changes.unsure["new"]
    assert "nights" in changes.unsure["end"]


def test_a_fact_that_cannot_be_valued_is_in_doubt_until_its_year_ends() -> None:
    lost = tk.Event(id="N-1", partner=ME, type="stay", on=date(2024, 4, 1))
    ledger = earned(lost, vip(JOINED, value=False), movements=PLAIN)
    for since, doubtful in ((date(2024, 6, 1), True), (date(2025, 3, 1), False)):
        changes = tk.changes(ledger, since=since, until=since + 30 * DAY)
        names = {*changes.at_least["new"], *changes.unsure["new"]}
        assert ("nights" in names, bool(changes.problems)) == (doubtful, doubtful)


# ---------------------------------------------------------------------- what is to come


def test_the_end_of_a_personal_year_is_a_coming_review() -> None:
    """'the ends of the member's own year where one looks on `year-end`. Of these it shows what there is on
    the eve, the last day of that year'"""
    ledger = earned(stay(1, date(2024, 4, 1), 30), vip(JOINED, value=False), movements=PLAIN)
    forecast = tk.forecast(ledger, on=date(2024, 7, 1), until=date(2026, 6, 1))
    reviews = forecast.as_is.reviews
    assert [(each.on, each.as_of, each.movements) for each in reviews] == [
        (day, day - DAY, ("fall",)) for day in (date(2025, 2, 1), date(2026, 2, 1))
    ]
    for each in reviews:
        standing = tk.assess(ledger, on=each.as_of)
        assert (each.figures, each.performance_tier, each.tiers) == (
            standing.figures,
            standing.performance_tier,
            standing.tiers,
        )
        assert each.credited_tier == tk.review(ledger, on=each.on).credited_tier
    assert forecast.as_is.falls_on == reviews[1].on
    shown = "\n".join(text(each) for each in tables_of(forecast))
    assert "silver: not met on 2026-01-31, if nothing else happens" in shown
    assert "2026-02-01  2026-01-31  fall" in shown


def test_a_year_end_on_which_no_movement_looks_any_more_is_no_review() -> None:
    ended = PLAIN.rstrip() + "\nuntil = 2025-06-01\n"
    forecast = tk.forecast(earned(movements=ended), on=date(2024, 7, 1), until=date(2026, 6, 1))
    assert [each.on for each in forecast.as_is.reviews] == [date(2025, 2, 1)]


def test_a_day_of_the_calendar_on_which_a_year_ends_is_one_review() -> None:
    both = PLAIN + moving("rise", "02-01").replace('"rise"', '"yearly"', 1)
    forecast = tk.forecast(earned(movements=both), on=date(2024, 7, 1), until=date(2025, 6, 1))
    [review] = forecast.as_is.reviews
    assert (review.on, review.as_of) == (date(2025, 2, 1), date(2025, 1, 31))
    assert sorted(review.movements) == ["fall", "yearly"]


# ---------------------------------------------------------------------- at the command line


@pytest.mark.parametrize(
    ("on", "span"), [("2025-03-01", "2025-01-05 up to 2025-10-01"), ("2024-12-01", "from")]
)
def test_the_reasons_of_a_fact_say_when_its_year_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], on: str, span: str
) -> None:
    program, book = tmp_path / "hotel.toml", tmp_path / "book.json"
    program.write_text(HOTEL + POSTS, encoding="utf-8")
    stays = [("N-1", "2024-10-01", "76"), ("N-2", "2025-01-05", "47")]
    facts = [{"id": name, "partner": ME, "type": "stay", "on": day, "quantity": n} for name, day, n in stays]
    no = {"partner": ME, "name": "vip", "value": "false", "on": "2024-02-01"}
    made = {"partners": [{"id": ME, "joined_on": "2024-02-01"}], "events": facts, "readings": [no]}
    book.write_text(json.dumps(made), encoding="utf-8")
    argv = ["statement", str(book), "--program", str(program), "--on", on, "--explain", "N-2"]
    assert main(argv) == 0
    assert f"nights of inn, {span}" in capsys.readouterr().out
