"""Stories for the tests of reviews: bars that small books reach, days around the fifteenth, facts."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

import oracle
from hypothesis import strategies as st
from strategies_engine import hubspot_with

import tierkit as tk

if TYPE_CHECKING:
    from tierkit.facts.facts import Fact

FIRST, LAST = date(2026, 1, 20), date(2027, 8, 31)
ME = "northwind"

# ---------------------------------------------------------------------- programs

LOW = {"gold": (10, 20), "platinum": (20, 40), "diamond": (40, 80), "elite": (80, 160)}
HIGH = {"gold": (15, 30), "platinum": (30, 60), "diamond": (60, 120), "elite": (120, 240)}
RISE = date(2026, 10, 1)


def invented_bars(tier: str, on: date) -> tuple[int | None, int | None]:
    """Bars that small books reach, known from 2026-01-15 on; they rise within a window."""
    if on < date(2026, 1, 15):
        return None, None
    return LOW[tier] if on < RISE else HIGH[tier]


def bars_in_toml() -> str:
    text = '[sources.mine]\nurl = "https://example.org/letter"\ngrade = "secondary"\n'
    for tier in oracle.TIERS:
        text += f'[[tier]]\nid = "{tier}"\n'
        grr = {"diamond": "75", "elite": "80"}.get(tier)
        figure = f'{{ reading = "grr", at-least = {grr} }}, ' if grr else ""
        for days, (sourced, total) in (
            (f"from = 2026-01-15\nuntil = {RISE}", LOW[tier]),
            (f"from = {RISE}", HIGH[tier]),
        ):
            text += (
                f"[[tier.requires]]\n{days}\nall = [{figure}"
                f'{{ measure = "sourced", at-least = {sourced} }}, '
                f'{{ measure = "total", at-least = {total} }}, '
                '{ reading = "certified", is = true }]\nsource = "mine"\n'
            )
    return text


DEMOTION = """
[[movement]]
id = "demotion"
kind = "fall"
on = ["01-15", "07-15"]
judged = { on = ["%s"], since = ["08-15", "02-15"], take = "best", bars = "%s" }
asked-on-the-day = ["certified"]
effective = "same-day"
to = "best-judged"
unless-held-under = { months = 6 }
from = 2022-07-18
source = "mine"
"""


@cache
def invented(days: str = "*-15", bars: str = "own-day") -> tk.Program:
    return hubspot_with(bars_in_toml() + DEMOTION % (days, bars))


# ---------------------------------------------------------------------- stories


def review_days(first: date = FIRST, last: date = LAST) -> st.SearchStrategy[date]:
    """Days around the fifteenth of a month, or anywhere."""
    fifteenths = [
        date(year, month, 15) + timedelta(days=step)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        for step in (-1, 0, 1)
    ]
    near = [day for day in fifteenths if first <= day <= last] or [first]
    return st.one_of(st.sampled_from(near), st.sampled_from(near), st.dates(first, last))


def points(program: str) -> st.SearchStrategy[int]:
    """Points that reach a bar alone or together, or miss it by one."""
    bars = {bar for tier in oracle.TIERS for bar in (*LOW[tier], *HIGH[tier])}
    if program == "shipped":
        bars = {bar for tier in oracle.TIERS for day in SHIPPED_DAYS for bar in oracle.bars(tier, day) if bar}
    return st.sampled_from(sorted(bars | {bar - 1 for bar in bars}))


SHIPPED_DAYS = (date(2026, 7, 13), date(2027, 1, 15))


def deal(
    number: int, closed_on: date, points: int, kind: str = "sourced", market: str | None = "US"
) -> tk.Deal:
    """A deal that earns so many points: five per US$ 100 sourced, three assisted."""
    minor = points * 10_000 // (5 if kind == "sourced" else 3)
    return tk.Deal(
        id=f"D-{number}",
        partner=ME,
        customer="acme",
        closed_on=closed_on,
        mrr=tk.Money.from_minor(minor, "USD"),
        kind=kind,
        market=market,
    )


EDGES = [  # a year after these, points end around the first or the second check of a window
    day + timedelta(days=step)
    for day in (date(2025, 8, 15), date(2025, 9, 15), date(2026, 2, 15), date(2026, 3, 15))
    for step in (0, 1)
]


@st.composite
def books_along_a_window(draw: st.DrawFn) -> tk.Book:
    """A few deals, an account, figures that come and go, and a tier that was given or none."""
    made: list[Fact] = [tk.Partner(id=ME, joined_on=draw(st.sampled_from([None, None, FIRST])))]
    day = review_days(FIRST, date(2027, 7, 15))
    for number in range(draw(st.integers(0, 4))):
        market = draw(st.sampled_from(["US", "US", "US", None]))
        sold_on = draw(st.one_of(review_days(date(2025, 7, 15), date(2027, 7, 15)), st.sampled_from(EDGES)))
        made.append(deal(number, sold_on, draw(points("invented")), "sourced", market))
    actions = draw(st.lists(day, max_size=3))
    holder = tk.Holder(partner=ME, since=draw(day), actions=actions)
    mrr = tk.Money(100 * draw(points("invented")), "USD")
    made.append(tk.ManagedAccount(id="A", customer="bolt", mrr=mrr, holders=[holder], market="US"))
    figures: dict[str, list[bool | int]] = {
        "certified": [True, True, True, True, False],
        "grr": [74, 75, 80, 80],
    }
    for name, values in figures.items():
        first = draw(st.sampled_from([[date(2026, 1, 1)]] * 4 + [[]]))
        made += [
            tk.Reading(partner=ME, name=name, value=draw(st.sampled_from(values)), on=on)
            for on in first + draw(st.lists(day, max_size=2, unique=True))
        ]
    for on in draw(st.lists(day, max_size=2, unique=True)):
        since = on - timedelta(days=draw(st.sampled_from([0, 150, 300])))
        until = draw(st.sampled_from([None, None, on + timedelta(days=100)]))
        tier = draw(st.sampled_from(oracle.TIERS))
        made.append(tk.Held(partner=ME, tier=tier, on=on, since=since, until=until))
    return tk.Book(made)
