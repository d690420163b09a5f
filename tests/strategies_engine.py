"""Books and days for the engine's tests, drawn from where mistakes live: boundary days, gaps, doubles,
strangers."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hypothesis import strategies as st

import tierkit as tk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tierkit.facts.facts import Fact

PARTNERS = ("northwind", "fabrikam", "tailspin")
CUSTOMERS = ("acme", "bolt")
LINES = ("", "Marketing Hub", "Sales Hub")
VALUED = ("USD", "EUR", "GBP", "JPY", "SGD", "COP")
CURRENCIES = (*VALUED, "BRL")
GROWTH, OTHERS = ("BR", "IN", "PR", "TW"), ("DE", "US", "JP", "ZA")
MARKETS = (*GROWTH, *OTHERS, None)
TRACKS = ("sourced", "assisted", "managed")
MEASURES = (*TRACKS, "sold", "total")

RULE_DAYS = (
    date(2022, 7, 18),
    date(2024, 2, 27),
    date(2025, 3, 1),
    date(2025, 7, 15),
    date(2025, 11, 17),
    date(2026, 1, 1),
    date(2026, 1, 15),
    date(2026, 7, 13),
    date(2027, 1, 15),
)
MONTH_ENDS = (date(2023, 2, 28), date(2024, 2, 28), date(2024, 2, 29), date(2025, 2, 28), date(2026, 1, 31))
_NEAR = {day + timedelta(days=step) for day in (*RULE_DAYS, *MONTH_ENDS) for step in (-1, 0, 1)}
_YEAR_LATER = {day + timedelta(days=step) for day in _NEAR for step in (365, 366)}
NASTY_DAYS = sorted(_NEAR | _YEAR_LATER)
FIRST_DAY = date(2022, 7, 18)


@cache
def hubspot() -> tk.Program:
    return tk.load_program("hubspot-solutions")


def program_of(text: str, overlay: str | None = None) -> tk.Program:
    """Load a program from its text, with an overlay where one is given."""
    with TemporaryDirectory() as folder:
        file, over = Path(folder, "program.toml"), Path(folder, "overlay.toml")
        file.write_text(text, encoding="utf-8")
        if overlay is None:
            return tk.load_program(file)
        over.write_text(overlay, encoding="utf-8")
        return tk.load_program(file, overlay=over)


def moving(
    kind: str,
    on: str,
    *more: str,
    effective: str = '"same-day"',
    to: str = "",
    judged: str = 'take = "same-day"',
) -> str:
    """Write a movement, with the reach that its kind mostly has."""
    reach = to or {"rise": "best", "fall": "best-judged"}[kind]
    return (
        f'[[movement]]\nid = "{kind}"\nkind = "{kind}"\non = ["{on}"]\njudged = {{ {judged} }}\n'
        f'effective = {effective}\nto = "{reach}"\n' + "\n".join(more) + "\n"
    )


def hubspot_with(overlay: str) -> tk.Program:
    """Load the shipped program with an overlay."""
    with TemporaryDirectory() as folder:
        over = Path(folder, "overlay.toml")
        over.write_text('format = 1\nextends = "hubspot-solutions"\n' + overlay, encoding="utf-8")
        return tk.load_program("hubspot-solutions", overlay=over)


def days(first: date = date(2021, 6, 1), last: date = date(2027, 12, 31)) -> st.SearchStrategy[date]:
    """Days near a change of the rules, at the end of a month, one year after such, or anywhere."""
    pool = [day for day in NASTY_DAYS if first <= day <= last]
    anywhere = st.dates(first, last)
    return st.one_of(st.sampled_from(pool), anywhere) if pool else anywhere


def asked_days() -> st.SearchStrategy[date]:
    """Days on which the program counts in points."""
    return days(FIRST_DAY)


def amounts(codes: Iterable[str] = CURRENCIES) -> st.SearchStrategy[tk.Money]:
    """Amounts around the bars, also zero and below, also of a currency that the program does not value."""
    minor = st.one_of(st.integers(-10_000, 5_000_000), st.sampled_from([0, 1, 100, 220_000, 650_000]))
    return st.builds(tk.Money.from_minor, minor, st.sampled_from(tuple(codes)))


@st.composite
def deals(draw: st.DrawFn, id: str = "D", partners: Iterable[str] = PARTNERS) -> tk.Deal:
    closed_on = draw(days())
    first_sold_on = draw(st.one_of(st.none(), st.none(), days(date(2019, 1, 1))))
    return tk.Deal(
        id=id,
        partner=draw(st.sampled_from(tuple(partners))),
        customer=draw(st.sampled_from(CUSTOMERS)),
        closed_on=closed_on,
        mrr=draw(amounts()),
        kind=draw(st.sampled_from(["sourced", "sourced", "sourced", "assisted", "assisted", "referred"])),
        market=draw(st.sampled_from(MARKETS)),
        product_line=draw(st.sampled_from(LINES)),
        motion=draw(st.sampled_from(["", "new", "cross-sell", "upsell", "upsell"])),
        line_first_sold_on=min(first_sold_on, closed_on) if first_sold_on else None,
    )


@st.composite
def holders(draw: st.DrawFn, partner: str) -> tk.Holder:
    """A partner's part in an account: a span, actions, both or neither; gaps around sixty days."""
    since = draw(st.one_of(st.none(), days(date(2022, 1, 1), date(2026, 12, 31))))
    length = draw(st.one_of(st.none(), st.sampled_from([1, 60, 61, 365, 900])))
    until = since + timedelta(days=length) if since and length else None
    actions: list[date] = []
    if draw(st.booleans()):
        actions.append(draw(days(date(2025, 6, 1), date(2027, 1, 31))))
        for gap in draw(st.lists(st.sampled_from([0, 1, 59, 60, 61, 62, 200]), max_size=4)):
            actions.append(actions[-1] + timedelta(days=gap))
    return tk.Holder(partner=partner, since=since, until=until, actions=actions)


@st.composite
def accounts(draw: st.DrawFn, id: str = "A") -> tk.ManagedAccount:
    names = draw(st.lists(st.sampled_from(PARTNERS), min_size=1, max_size=3, unique=True))
    parts = [draw(holders(name)) for name in names]
    if not any(part.since or part.actions for part in parts):
        parts[0] = tk.Holder(partner=names[0], since=draw(days(date(2022, 1, 1), date(2026, 12, 31))))
    changes = [
        tk.Change(on=on, mrr=draw(amounts()), market=draw(st.sampled_from(MARKETS)))
        for on in draw(st.lists(days(date(2022, 1, 1)), max_size=3, unique=True))
    ]
    return tk.ManagedAccount(
        id=id,
        customer=draw(st.sampled_from(CUSTOMERS)),
        mrr=draw(amounts()),
        holders=parts,
        market=draw(st.sampled_from(MARKETS)),
        changes=changes,
    )


@st.composite
def readings(draw: st.DrawFn, partner: str = "northwind") -> list[tk.Reading]:
    """Readings of one partner: some missing, some ended, some of the wrong type, some renewed."""
    values: dict[str, st.SearchStrategy[bool | int | str]] = {
        "certified": st.sampled_from([True, True, True, False, 1]),
        "invited": st.booleans(),
        "grr": st.sampled_from(["74.96", 75, "79.99", 80, 100, True]),
        "certifications": st.sampled_from([99, 100, 101]),
        "retention-score": st.sampled_from([84, 85]),
        "dollar-retention": st.sampled_from([85, "85.01"]),
    }
    made = []
    for name, value in values.items():
        for on in draw(st.lists(days(date(2022, 1, 1)), max_size=2, unique=True)):
            length = draw(st.sampled_from([None, None, 30]))
            until = on + timedelta(days=length) if length else None
            made.append(tk.Reading(partner=partner, name=name, value=draw(value), on=on, until=until))
    return made


@st.composite
def facts(draw: st.DrawFn, most: int = 7) -> list[Fact]:
    """Facts of three partners with shared customers, product lines and accounts."""
    made: list[Fact] = [draw(deals(f"D-{number}")) for number in range(draw(st.integers(0, most)))]
    made += [draw(accounts(f"A-{number}")) for number in range(draw(st.integers(0, 2)))]
    return made + draw(readings())


def books(most: int = 7) -> st.SearchStrategy[tk.Book]:
    """Books of such facts."""
    return facts(most).map(tk.Book)


# A program of our own, with what HubSpot's has not: events and states of any type, lives of days, shares,
# quantities, a least above zero. Its numbers are invented.
OWN_PROGRAM = """
format     = 1
id         = "own"
name       = "Own program"
tracks     = ["spent", "done", "held"]
attributes = ["color"]

[in-force]
from   = 2024-01-01
source = "terms"

[sources.terms]
url   = "https://example.org/terms"
grade = "published"

[measures.all]
sum = ["spent", "done", "held"]

[[group]]
id   = "near"
name = "near markets"

[[group.members]]
markets = ["DE", "FR"]
source  = "terms"

[[point-value]]
until   = 2026-01-01
amounts = { EUR = "2", JPY = "300" }
source  = "terms"

[[point-value]]
from    = 2026-01-01
amounts = { EUR = "2.50", JPY = "300" }
source  = "terms"

[[earn]]
id     = "purchase"
select = { fact = "event", type = "purchase" }
track  = "spent"
amount = "amount"
  [[earn.rate]]
  points = "7"
  source = "terms"
  [[earn.multiply]]
  group  = "near"
  by     = "1.5"
  source = "terms"
  [[earn.live]]
  days   = 90
  source = "terms"

[[earn]]
id     = "red purchase"
select = { fact = "event", type = ["purchase", "gift"], color = "red" }
track  = "done"
  [[earn.rate]]
  points = "10"
  source = "terms"
  [[earn.live]]
  until  = 2026-01-01
  months = 1
  source = "terms"
  [[earn.live]]
  from   = 2026-01-01
  months = 6
  source = "terms"

[[earn]]
id       = "training"
select   = { fact = "event", type = "training" }
track    = "done"
quantity = true
  [[earn.rate]]
  points = "1/3"
  source = "terms"
  [[earn.at-least]]
  from   = 2025-01-01
  points = "1/2"
  source = "terms"
  [[earn.live]]
  months = 3
  source = "terms"

[[earn]]
id     = "project"
select = { fact = "state", type = "project" }
track  = "held"
amount = "amount"
  [[earn.rate]]
  from   = 2024-06-01
  points = "1"
  source = "terms"
  [[earn.at-least]]
  points = "3"
  source = "terms"
  [[earn.share]]
  until  = 2026-01-01
  among  = "shares"
  source = "terms"
  [[earn.share]]
  from   = 2026-01-01
  among  = "each"
  source = "terms"
  [[earn.live]]
  while  = "held"
  source = "terms"

[[earn]]
id       = "seats"
select   = { fact = "state", type = "seats" }
track    = "held"
quantity = true
  [[earn.rate]]
  points = "2"
  source = "terms"
  [[earn.live]]
  inactive-days = 10
  source = "terms"

[[tier]]
id   = "one"
rank = 1

[[tier.requires]]
all    = [{ measure = "all", at-least = "10" }]
source = "terms"
"""


@cache
def own() -> tk.Program:
    return program_of(OWN_PROGRAM)
