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
    Identified,
    ManagedAccount,
    Partner,
    Reading,
    Reversal,
    State,
    own_day,
    partners_of,
)
from tierkit.facts.states import first_day
from tierkit.frozen import changed
from tierkit.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
DAY_ONE = date(2019, 1, 1)
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


def recorded(draw: st.DrawFn, day: date | None, *, since: date | None = None) -> dict[str, object]:
    """When and by whom a fact with this own day was written down, if that is said."""
    first = max(day or DAY_ONE, since or DAY_ONE)
    late = st.integers(0, 400).map(lambda late: first + late * DAY)
    return {
        "recorded_on": draw(st.none() | late),
        "recorded_by": draw(st.just("") | names()),
    }


@st.composite
def partners(draw: st.DrawFn, name: st.SearchStrategy[str]) -> Partner:
    """Partners."""
    joined_on = draw(st.none() | days())
    return Partner(
        id=draw(name),
        joined_on=joined_on,
        market=draw(st.none() | markets()),
        name=draw(st.just("") | names()),
        attributes=draw(attributes()),
        **recorded(draw, joined_on),  # type: ignore[arg-type]
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
        **recorded(draw, closed_on),  # type: ignore[arg-type]
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
    return Holder(
        partner=partner,
        since=since,
        until=until,
        actions=actions,
        share=share,
        primary=draw(st.booleans()),
        **recorded(draw, since or min(actions, default=None)),  # type: ignore[arg-type]
    )


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
            **recorded(draw, since),  # type: ignore[arg-type]
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
    primary = draw(st.none() | st.sampled_from(chosen))
    return draw(st.permutations([changed(part, primary=part.partner == primary) for part in parts]))


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """A new amount, a new market or both."""
    mrr, market = draw(st.none() | moneys()), draw(st.none() | markets())
    on = draw(days())
    return Change(on=on, mrr=mrr if market else draw(moneys()), market=market, **recorded(draw, on))  # type: ignore[arg-type]


@st.composite
def accounts(draw: st.DrawFn, ids: st.SearchStrategy[str] | None = None) -> ManagedAccount:
    """Managed accounts of one or several partners."""
    parts = draw(several_holders())
    return ManagedAccount(
        id=draw(names() if ids is None else ids),
        customer=draw(names()),
        mrr=draw(moneys()),
        holders=parts,
        market=draw(st.none() | markets()),
        changes=draw(st.lists(changes(), max_size=3, unique_by=lambda change: change.on)),
        attributes=draw(attributes()),
        **recorded(draw, first_day(tuple(parts))),  # type: ignore[arg-type]
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
        **recorded(draw, on),  # type: ignore[arg-type]
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
        **recorded(draw, on),  # type: ignore[arg-type]
    )


@st.composite
def events(draw: st.DrawFn, ids: st.SearchStrategy[str] | None = None) -> Event:
    """Events of any type."""
    on = draw(days())
    return Event(
        id=draw(names() if ids is None else ids),
        partner=draw(st.sampled_from(PARTNERS)),
        type=draw(names()),
        on=on,
        customer=draw(st.just("") | names()),
        market=draw(st.none() | markets()),
        amount=draw(st.none() | moneys()),
        quantity=draw(st.none() | numbers()),
        attributes=draw(attributes()),
        **recorded(draw, on),  # type: ignore[arg-type]
    )


@st.composite
def states(draw: st.DrawFn, ids: st.SearchStrategy[str] | None = None) -> State:
    """States of any type."""
    parts = draw(several_holders())
    return State(
        id=draw(names() if ids is None else ids),
        type=draw(names()),
        holders=parts,
        customer=draw(st.just("") | names()),
        market=draw(st.none() | markets()),
        amount=draw(st.none() | moneys()),
        quantity=draw(st.none() | numbers()),
        attributes=draw(attributes()),
        **recorded(draw, first_day(tuple(parts))),  # type: ignore[arg-type]
    )


@st.composite
def reversals(draw: st.DrawFn, name: str, fact: Identified, since: date | None) -> Reversal:
    """Reversals of a fact, from its own day or a later one, most of them corrections."""
    on = own_day(fact)
    cause = "correction"
    if not isinstance(fact, Reversal):
        on += draw(st.sampled_from([0, 0, 1, 40, 300])) * DAY
        cause = draw(st.sampled_from([cause, cause, "non-payment"]))
    return Reversal(
        id=name,
        reverses=fact.id,
        on=on,
        cause=cause,
        reason=draw(st.just("") | names()),
        **recorded(draw, on, since=since),  # type: ignore[arg-type]
    )


@st.composite
def corrections(
    draw: st.DrawFn,
    facts: Sequence[Identified],
    others: Callable[[Identified], st.SearchStrategy[Identified]],
    most: int = 4,
) -> list[Identified]:
    """Facts that replace and reverse some others, and each other; `others` gives facts of the same kind."""
    open_to = list(facts)
    by_id = {fact.id: fact for fact in facts}
    made: list[Identified] = []
    known = {fact.id: fact.recorded_on for fact in facts}  # the last of what a fact builds on
    for number in range(draw(st.integers(0, most)) if open_to else 0):
        target = open_to.pop(draw(st.integers(0, len(open_to) - 1)))
        name = f"correction {number}"
        reversed_fact = by_id[target.reverses] if isinstance(target, Reversal) else target
        if isinstance(target, Reversal) and draw(st.booleans()):
            fact: Identified = draw(reversals(name, reversed_fact, known[target.id]))
            fact = changed(fact, replaces=target.id)
        elif isinstance(target, Reversal) or draw(st.booleans()):
            fact = draw(reversals(name, target, known[target.id]))
        else:
            fact = changed(draw(others(target)), id=name, replaces=target.id)
            if fact.recorded_on:
                fact = changed(fact, recorded_on=max(fact.recorded_on, known[target.id] or DAY_ONE))
        known[name] = fact.recorded_on or known[target.id]
        made.append(fact)
        by_id[name] = fact
        open_to.append(fact)
    return made


def _others(fact: Identified) -> st.SearchStrategy[Identified]:
    """Any facts of the same kind."""
    if isinstance(fact, Deal):
        return deals()
    if isinstance(fact, Event):
        return events()
    return accounts() if isinstance(fact, ManagedAccount) else states()


@st.composite
def fact_lists(draw: st.DrawFn, most: int = 3) -> list[Fact]:
    """Facts of all kinds that agree with each other, in any order."""
    identified: list[Identified] = []
    kinds: list[Callable[[st.SearchStrategy[str]], st.SearchStrategy[Identified]]] = []
    kinds += [deals, accounts, events, states]
    for kind in kinds:
        for _ in range(draw(st.integers(0, most))):
            name = f"{len(identified)} {draw(names())}"[:200]
            identified.append(draw(kind(st.just(name))))
    measured: list[Reading] = draw(st.lists(readings(), max_size=most, unique_by=lambda one: one.key))
    if draw(st.booleans()) and measured:
        late = (measured[0].recorded_on or measured[0].on) + DAY
        again = changed(measured[0], value=draw(st.booleans() | numbers()), recorded_on=late)
        measured += [again] if all(one.key != again.key for one in measured) else []
    given: list[Held] = draw(st.lists(held_tiers(), max_size=most, unique_by=lambda one: one.key))
    facts: list[Fact] = [*identified, *draw(corrections(identified, _others)), *measured, *given]
    if draw(st.booleans()):
        known = {partner for fact in facts for partner in partners_of(fact)}
        facts += [draw(partners(st.just(name))) for name in sorted(known)]
    return draw(st.permutations(facts))


MONTHS = tuple(date(2026, month, 1) for month in range(1, 13))


@st.composite
def dated_parts(draw: st.DrawFn) -> list[Holder]:
    """The parts of some partners, with a few days of one year."""
    some = st.none() | st.sampled_from(MONTHS)
    parts: list[Holder] = []
    for partner in draw(st.lists(st.sampled_from(PARTNERS), min_size=1, max_size=3, unique=True)):
        since, until = draw(some), draw(some)
        actions = draw(st.lists(st.sampled_from(MONTHS), max_size=2))
        until = None if since and until and until <= since else until
        late = draw(st.none() | st.integers(0, 4))
        first = since or min(actions, default=MONTHS[0])
        recorded_on = None if late is None else first + late * 30 * DAY
        parts.append(
            Holder(partner=partner, since=since, until=until, actions=actions, recorded_on=recorded_on)
        )
    return parts if first_day(tuple(parts)) else [Holder(partner="northwind", since=MONTHS[0])]


@st.composite
def dated_facts(draw: st.DrawFn, kind: type[Identified]) -> Identified:
    """Deals and accounts of which little but the days differs."""
    name, recorded_on = draw(st.sampled_from("abcdef")), draw(st.none() | st.sampled_from(MONTHS))
    mrr = Money("10", "EUR")
    if kind is Deal:
        on = draw(st.sampled_from(MONTHS))
        late = recorded_on if recorded_on and recorded_on >= on else None
        return Deal(
            id=name,
            partner="northwind",
            customer="acme",
            closed_on=on,
            mrr=mrr,
            kind="sourced",
            recorded_on=late,
        )
    parts = draw(dated_parts())
    first = first_day(tuple(parts)) or MONTHS[0]
    late = recorded_on if recorded_on and recorded_on >= first else None
    change = [Change(on=draw(st.sampled_from(MONTHS)), market="AU")] if draw(st.booleans()) else []
    return ManagedAccount(id=name, customer="acme", mrr=mrr, holders=parts, changes=change, recorded_on=late)


@st.composite
def dated_books(draw: st.DrawFn) -> Book:
    """Books of corrected deals and accounts with so few days that they often meet."""
    kinds = draw(st.lists(st.sampled_from((Deal, ManagedAccount)), max_size=4))
    facts = [changed(draw(dated_facts(kind)), id=f"F-{number}") for number, kind in enumerate(kinds)]
    return Book([*facts, *draw(corrections(facts, lambda fact: dated_facts(type(fact)), most=5))])


def books(most: int = 3) -> st.SearchStrategy[Book]:
    """Books of all kinds of facts."""
    return fact_lists(most).map(Book)


def day(text: str) -> date:
    """A day by its ISO text, short for tests with many."""
    return date.fromisoformat(text)
