"""Why the points of an account, or another state, turned: each cause by itself, and where others are near.

Sentences in quotes are from the description of causes; each is what its test proves.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from club_program import CLUB, JOINED, flight
from club_program import ME as MEMBER
from strategies_engine import program_of

import tierkit as tk

if TYPE_CHECKING:
    from tierkit.facts.facts import Fact

DAY = timedelta(days=1)
TURN = date(2026, 3, 1)
BEGUN = date(2025, 1, 1)
TERMS = """
format = 1
id     = "own"
name   = "Own"
tracks = ["held"]
source = "terms"
tier   = []
[sources.terms]
url   = "https://example.org/terms"
grade = "published"
[[group]]
id   = "near"
name = "near markets"
[[group.members]]
markets = ["DE"]
source  = "terms"
[[group.members]]
from    = 2026-03-01
markets = ["FR"]
source  = "terms"
[point-value.amounts]
EUR = 1
"""
HELD = """
[[earn]]
id     = "%s"
select = { fact = "account"%s }
track  = "held"
amount = "mrr"
rate   = %s
live   = { %s }
"""


def account(*actions: date, market: str = "DE", changes: tuple[tk.Change, ...] = ()) -> tk.ManagedAccount:
    return tk.ManagedAccount(
        id="A",
        customer="bolt",
        mrr=tk.Money("10", "EUR"),
        holders=[tk.Holder(partner="p", since=BEGUN, actions=actions)],
        market=market,
        changes=changes,
    )


def told(text: str, fact: Fact, on: date = TURN) -> list[tuple[str, str, str]]:
    """Give the rows of a day: the cause, what came or went, and the note."""
    ledger = tk.earn(tk.Book([fact]), program_of(text))
    rows = tk.changes(ledger, since=on - DAY, until=on).rows
    return [(row.cause.value, str(row.after - row.before), row.note) for row in rows]


def test_a_state_whose_months_are_over_expires_and_one_that_nobody_acts_for_lapses() -> None:
    """EXPIRY: 'The life of the points ended.' LAPSE: 'holds it still and has not acted for too long.'"""
    text = TERMS + HELD % ("card", "", "{ points = 1 }", 'while = "held", months = 14')
    assert told(text, account()) == [("expiry", "-10", "")]
    text = TERMS + HELD % ("card", "", "{ points = 1 }", "inactive-days = 30, months = 14")
    assert told(text, account(TURN - 31 * DAY)) == [("expiry", "-10", "")]
    assert told(text, account(TURN - 32 * DAY), TURN - DAY) == [("lapse", "-10", "")]


@pytest.mark.parametrize(("before", "after", "net"), [("DE", "BR", "-10"), ("BR", "DE", "10")])
def test_where_a_rule_takes_some_markets_alone_another_market_is_the_cause(
    before: str, after: str, net: str
) -> None:
    """MARKET_CHANGED: 'The customer's market is another, where points hang on it.'"""
    text = TERMS + HELD % ("card", ', group = "near"', "{ points = 1 }", 'while = "held"')
    moved = account(market=before, changes=(tk.Change(on=TURN, market=after),))
    assert told(text, moved) == [("market changed", net, "")]


def test_a_state_that_acts_again_is_resumed_also_beside_a_rule_by_which_it_never_ended() -> None:
    """RESUMED: 'The credit is live again, after a lapse or an end.'"""
    text = TERMS + HELD % ("card", "", "{ points = 1 }", 'while = "held"')
    text += HELD % ("care", "", "{ points = 2 }", "inactive-days = 30") + 'beside = ["card"]\n'
    acted = account(BEGUN, TURN)
    assert told(text, acted, BEGUN + 31 * DAY) == [("lapse", "-20", "")]
    assert told(text, acted) == [("resumed", "20", "")]


RATE = "[{ until = 2026-03-01, points = 1 }, { from = 2026-03-01, points = 2 }]"


def test_where_only_two_turns_together_change_the_points_and_neither_is_a_market_the_rule_is_the_cause() -> (
    None
):
    """'each cause alone has to change the points, where there is one that does'"""
    text = TERMS + HELD % ("card", "", RATE, 'while = "held"')
    text += "at-least = { points = 30 }\n"
    changed = account(changes=(tk.Change(on=TURN, mrr=tk.Money("20", "EUR")),))
    assert told(text, changed) == [("rule changed", "10", "")]


def test_another_rate_of_exchange_and_another_rule_on_one_day_are_both_told() -> None:
    """EXCHANGE_RATE_CHANGED and RULE_CHANGED: 'of several on one day the first of this order is the cause'"""
    groups, values = TERMS.index("[[group]]"), TERMS.index("[point-value")
    assert groups < values
    text = TERMS[:groups].replace('["held"]', '["held"]\nunits = { held = "USD" }')
    beside = '[[group]]\nid = "unused"\n[[group.members]]\nfrom = 2026-03-01\nmarkets = ["AT"]\n'
    rates = tk.RateTable(
        [
            tk.ExchangeRate(base="EUR", quote="USD", rate=rate, on=on, until=until)
            for rate, on, until in (("1.1", BEGUN, TURN), ("1.2", TURN, date(2027, 1, 1)))
        ]
    )
    for rate, more, note in (
        ("{ points = 1 }", "", ""),
        ("{ points = 1 }", beside, ""),
        (RATE, "", "also rule changed"),
    ):
        program = program_of(text + HELD % ("card", "", rate, 'while = "held"') + more)
        ledger = tk.earn(tk.Book([account()]), program, rates=rates)
        [row] = tk.changes(ledger, since=TURN - DAY, until=TURN).rows
        assert (row.cause.value, row.note) == ("exchange rate changed", note)


# ---------------------------------------------------------------------- where the tier multiplies

REACHED, LATER = date(2025, 3, 1), date(2025, 4, 1)


def members_changes(*changes: tk.Change, since: date, until: date) -> tk.Changes:
    """A member of the club that is gold from 1 March on, and has a card that gold multiplies by two."""
    used = [date(2025, month, 10) for month in range(1, 10)]
    holder = tk.Holder(partner=MEMBER, since=JOINED, actions=[JOINED, *used])
    mine = tk.ManagedAccount(
        id="C", customer="C", mrr=tk.Money("50", "EUR"), holders=[holder], changes=changes
    )
    facts = (flight("F-0", JOINED, 10), flight("F-1", date(2025, 2, 1), 30))
    book = tk.Book([tk.Partner(id=MEMBER, joined_on=JOINED), mine, *facts])
    return tk.changes(tk.earn(book, program_of(CLUB)), since=since, until=until)


def spent(found: tk.Changes) -> list[tuple[date, str, str, str, str]]:
    return [
        (row.on, row.cause.value, str(row.before), str(row.after), row.note)
        for row in found.rows
        if row.track == "spend"
    ]


def test_a_tier_that_multiplies_what_a_state_gives_is_the_cause_from_the_day_after_it_was_reached() -> None:
    """MOVEMENT: 'A movement of the tier took points, or added them.'"""
    found = members_changes(since=JOINED, until=LATER)
    assert spent(found) == [(REACHED + DAY, "movement", "50", "100", "")]
    fallen = date(2025, 8, 15)
    lost = members_changes(since=LATER, until=fallen + DAY)
    assert spent(lost) == [(fallen + DAY, "movement", "100", "50", "")]


def test_under_a_tier_that_multiplies_another_revenue_is_the_one_cause() -> None:
    """MRR_CHANGED: 'Its revenue, or what else the rule measures, is another.'"""
    change = tk.Change(on=LATER, mrr=tk.Money("80", "EUR"))
    assert spent(members_changes(change, since=LATER - DAY, until=LATER)) == [
        (LATER, "MRR changed", "100", "160", "")
    ]


def test_on_the_morning_after_a_rise_another_revenue_comes_before_the_movement() -> None:
    change = tk.Change(on=REACHED + DAY, mrr=tk.Money("80", "EUR"))
    assert spent(members_changes(change, since=REACHED, until=REACHED + DAY)) == [
        (REACHED + DAY, "MRR changed", "50", "160", "also movement")
    ]
