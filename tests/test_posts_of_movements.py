"""What a movement takes off and carries: which bar it goes by, and what its entry says.

Sentences in quotes are from the description of the engine; each is what its test proves.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from strategies_engine import moving, program_of

import tierkit as tk

if TYPE_CHECKING:
    from tierkit.facts.facts import Fact

DAY = timedelta(days=1)
ME = "inn"
JOINED, YEAR_END = date(2024, 2, 1), date(2025, 2, 1)
INN = """
format = 1
id     = "inn"
name   = "Inn"
tracks = ["nights", "stays"]
units  = { nights = "nights", stays = "stays" }
source = "terms"
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
live   = { while = "year" }
[[tier]]
id       = "silver"
rank     = 1
requires = %s
"""
RISE = moving("rise", "at-once", 'posts = { deduct = "nights" }')
ENDS = moving("fall", "year-end", to="next-lower", judged='take = "day-before"')
END = moving("fall", "year-end", 'posts = { %s = "nights" }', to="next-lower", judged='take = "day-before"')


def stay(number: int, on: date, nights: int) -> tk.Event:
    return tk.Event(id=f"N-{number}", partner=ME, type="stay", on=on, quantity=nights)


def posted(requires: str, movements: str, on: date, *facts: Fact) -> list[tuple[str, str, str]]:
    """Stay at the inn; give what movements posted up to a day: how much, why, and with which note."""
    book = tk.Book([tk.Partner(id=ME, joined_on=JOINED), *facts])
    ledger = tk.earn(book, program_of(INN % requires + movements)).partner(ME)
    entries = [each for each in tk.assess(ledger, on=on).entries if each.kind == "movement"]
    for each in entries:
        assert (each.reason.unit, each.reason.day) == ("nights", each.span.start)
    return [(str(each.points), each.reason.label, each.reason.note) for each in entries]


@pytest.mark.parametrize(
    "requires",
    [
        '{ all = [{ measure = "nights", at-least = 25 }, { measure = "stays", at-least = 2 }] }',
        '{ all = [{ measure = "stays", at-least = 2 }, { measure = "nights", at-least = 25 }] }',
    ],
)
def test_the_bar_that_is_taken_off_is_that_of_the_track(requires: str) -> None:
    """'the points of a track that a tier asks for', whichever condition stands first"""
    on = date(2024, 5, 1)
    stays = stay(1, date(2024, 4, 1), 30), stay(2, on, 1)
    assert posted(requires, RISE + ENDS, on, *stays) == [("-25", "taken off on reaching silver", "")]


@pytest.mark.parametrize(("more", "end"), [("", YEAR_END), ("restarts-year = true", date(2025, 5, 1))])
def test_a_rise_begins_a_personal_year_anew_only_where_it_says_so(more: str, end: date) -> None:
    """'restarts-year': else the year goes on that began when the partner joined"""
    on = date(2024, 5, 1)
    rise = moving("rise", "at-once", 'posts = { deduct = "nights" }', more)
    program = program_of(INN % '{ measure = "nights", at-least = 25 }' + rise + ENDS)
    ledger = tk.earn(tk.Book([tk.Partner(id=ME, joined_on=JOINED), stay(1, on, 30)]), program)
    left = [tk.assess(ledger, on=day).figures["nights"] for day in (on, end - DAY, end)]
    assert left == [5, 5, 0]


KEEPS = '{ measure = "nights", at-least = 25 }\nkeeps = { measure = "nights", at-least = 10 }'


@pytest.mark.parametrize(("nights", "carried"), [("30", "20"), ("25.5", "15.5"), ("10.5", "0.5")])
def test_what_a_fall_carries_is_what_is_over_the_bar_that_keeps_the_tier(nights: str, carried: str) -> None:
    given = tk.Held(partner=ME, tier="silver", on=JOINED, since=JOINED)
    stayed = tk.Event(id="N", partner=ME, type="stay", on=date(2024, 4, 1), quantity=nights)
    found = posted(KEEPS, moving("rise", "at-once") + END % "carry", YEAR_END, given, stayed)
    assert found == [(carried, "carried over the bar of silver", "")]


@pytest.mark.parametrize(
    ("nights", "taken", "note"), [(12, "-10", ""), (4, "-4", "all that was there: its bar is 10")]
)
def test_what_a_fall_takes_off_is_the_bar_that_keeps_the_tier(nights: int, taken: str, note: str) -> None:
    """'all that is there, where that is less' is told beside the bar by which it was looked at"""
    rise = moving("rise", "at-once")
    stays = stay(1, JOINED, 30), stay(2, YEAR_END, nights)
    found = posted(KEEPS, rise + END % "deduct", YEAR_END, *stays)
    assert found == [(taken, "taken off on reaching silver", note)]
