"""Hypothesis strategies for facts and books: anything that a constructor takes, nasty names among it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from strategies_values import days, markets, moneys, numbers

from tierkit.facts.book import Book
from tierkit.facts.checks import is_sound
from tierkit.facts.facts import (
    Change,
    Deal,
    Event,
    Fact,
    Held,
    Holder,
    ManagedAccount,
    Partner,
    Reading,
    State,
    partners_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tierkit.facts.checks import Scalar

NASTY = (
    "=1+1",
    "ลูกค้า",
    "顧客、株式会社",
    "عميل",
    'O\'Neill, "Bob"; & sons',
    "true",
    "007",
    "1e5",
    "null",
    "#N/A",
    "a:b",
    "\u200fabc",
    "x" * 200,
)
DAY = timedelta(days=1)
PARTNERS = ("northwind", "borealis", "ลูกค้า")


def names() -> st.SearchStrategy[str]:
    """Any text that can name something."""
    signs = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))
    written = st.text(signs, min_size=1, max_size=12).map(str.strip).filter(is_sound)
    return st.one_of(st.sampled_from(NASTY), written)


def attributes() -> st.SearchStrategy[dict[str, Scalar]]:
    """Values of each type under any name that has no colon."""
    scalars: st.SearchStrategy[Scalar] = st.one_of(names(), st.booleans(), numbers(), days())
    return st.dictionaries(names().filter(lambda name: ":" not in name), scalars, max_size=3)


def partners(name: st.SearchStrategy[str]) -> st.SearchStrategy[Partner]:
    """Partners."""
    return st.builds(
        Partner,
        id=name,
        joined_on=st.none() | days(),
        market=st.none() | markets(),
        name=st.just("") | names(),
    )


@st.composite
def deals(draw: st.DrawFn, ids: st.SearchStrategy[str] | None = None) -> Deal:
    """Deals with all fields or few."""
    closed_on = draw(days())
    return Deal(
        id=draw(names() if ids is None else ids),
        partner=draw(st.sampled_from(PARTNERS)),
        customer=draw(names()),
        closed_on=closed_on,
        mrr=draw(moneys()),
        kind=draw(st.sampled_from(["sourced", "assisted"]) | names()),
        market=draw(st.none() | markets()),
        product_line=draw(st.just("") | names()),
        motion=draw(st.sampled_from(["", "new", "cross-sell", "upsell"])),
        line_first_sold_on=draw(st.none() | days(last=closed_on)),
        value=draw(st.none() | moneys()),
        attributes=draw(attributes()),
    )


@st.composite
def holders(draw: st.DrawFn, partner: str, partners: int = 1) -> Holder:
    """The part of one of so many partners, with a first day, actions or neither."""
    since = draw(st.none() | days())
    until = draw(st.none() | days())
    if since and until and since >= until:
        until = since + timedelta(days=1)
    actions = draw(st.lists(days(), max_size=4))
    share = draw(st.none() | st.fractions("1/7", 1).map(lambda share: share / partners))
    return Holder(partner=partner, since=since, until=until, actions=actions, share=share)


@st.composite
def terms(draw: st.DrawFn, partner: str, partners: int = 1) -> list[Holder]:
    """The times of a partner who came back, each with its days."""
    edges = sorted(draw(st.lists(days(), min_size=3, max_size=6, unique=True)))
    spans = list(zip(edges[::2], [*edges[1::2], None], strict=False))
    share = draw(st.none() | st.fractions("1/7", 1).map(lambda share: share / partners))
    return [
        Holder(
            partner=partner,
            since=since,
            until=until,
            actions=draw(
                st.lists(days(first=since, last=until - DAY if until else since + 90 * DAY), max_size=3)
            ),
            share=share,
        )
        for since, until in spans
    ]


@st.composite
def several_holders(draw: st.DrawFn) -> list[Holder]:
    """The parts of up to three partners, with at least one day among them."""
    chosen = draw(st.lists(st.sampled_from(PARTNERS), min_size=1, max_size=3, unique=True))
    parts = [draw(holders(partner, len(chosen))) for partner in chosen[1:]]
    first = draw(
        st.one_of(terms(chosen[0], len(chosen)), holders(chosen[0], len(chosen)).map(lambda one: [one]))
    )
    parts += first
    if not any(part.since or part.actions for part in parts):
        parts[-1] = Holder(partner=chosen[0], since=draw(days()))
    return draw(st.permutations(parts))


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """A new amount, a new market or both."""
    mrr, market = draw(st.none() | moneys()), draw(st.none() | markets())
    return Change(on=draw(days()), mrr=mrr if market else draw(moneys()), market=market)


@st.composite
def accounts(draw: st.DrawFn, ids: st.SearchStrategy[str] | None = None) -> ManagedAccount:
    """Managed accounts of one or several partners."""
    return ManagedAccount(
        id=draw(names() if ids is None else ids),
        customer=draw(names()),
        mrr=draw(moneys()),
        holders=draw(several_holders()),
        market=draw(st.none() | markets()),
        changes=draw(st.lists(changes(), max_size=3, unique_by=lambda change: change.on)),
        attributes=draw(attributes()),
    )


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    """Readings that are true or false, or a number."""
    on = draw(days())
    return Reading(
        partner=draw(st.sampled_from(PARTNERS)),
        name=draw(names()),
        value=draw(st.booleans() | numbers()),
        on=on,
        until=draw(st.none() | st.just(on + timedelta(days=30))),
        customer=draw(st.just("") | names()),
    )


@st.composite
def held_tiers(draw: st.DrawFn) -> Held:
    """Tiers that were given."""
    on = draw(days())
    return Held(
        partner=draw(st.sampled_from(PARTNERS)),
        tier=draw(names()),
        on=on,
        since=draw(st.none() | days(last=on)),
        until=draw(st.none() | st.just(on + timedelta(days=1))),
        reason=draw(st.just("") | names()),
    )


def events(ids: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[Event]:
    """Events of any type."""
    return st.builds(
        Event,
        id=names() if ids is None else ids,
        partner=st.sampled_from(PARTNERS),
        type=names(),
        on=days(),
        customer=st.just("") | names(),
        market=st.none() | markets(),
        amount=st.none() | moneys(),
        quantity=st.none() | numbers(),
        attributes=attributes(),
    )


def states(ids: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[State]:
    """States of any type."""
    return st.builds(
        State,
        id=names() if ids is None else ids,
        type=names(),
        holders=several_holders(),
        customer=st.just("") | names(),
        market=st.none() | markets(),
        amount=st.none() | moneys(),
        quantity=st.none() | numbers(),
        attributes=attributes(),
    )


@st.composite
def fact_lists(draw: st.DrawFn, most: int = 3) -> list[Fact]:
    """Facts of all kinds that agree with each other, in any order."""
    facts: list[Fact] = []
    kinds: list[Callable[[st.SearchStrategy[str]], st.SearchStrategy[Fact]]] = []
    kinds += [deals, accounts, events, states]
    for kind in kinds:
        for _ in range(draw(st.integers(0, most))):
            name = f"{len(facts)} {draw(names())}"[:200]
            fact: Fact = draw(kind(st.just(name)))
            facts.append(fact)
    measured: list[Reading] = draw(st.lists(readings(), max_size=most, unique_by=lambda one: one.key))
    given: list[Held] = draw(st.lists(held_tiers(), max_size=most, unique_by=lambda one: one.key))
    facts += [*measured, *given]
    if draw(st.booleans()):
        known = {partner for fact in facts for partner in partners_of(fact)}
        facts += [draw(partners(st.just(name))) for name in sorted(known)]
    return draw(st.permutations(facts))


def books(most: int = 3) -> st.SearchStrategy[Book]:
    """Books of all kinds of facts."""
    return fact_lists(most).map(Book)


def day(text: str) -> date:
    """A day by its ISO text, short for tests with many."""
    return date.fromisoformat(text)
