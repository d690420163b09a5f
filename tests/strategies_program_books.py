"""Hypothesis strategies for books that fit a random program: facts that its rules select, and others."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from strategies_program_words import (
    CAUSES,
    CERTIFIED,
    COLOR,
    COLORS,
    CURRENCIES,
    CUSTOMERS,
    FIRST,
    LAST,
    MARKETS,
    MONEY,
    PARTNERS,
    SCORE,
    SEGMENT,
    SEGMENTS,
    pick,
    rarely,
    some,
)

import tierkit as tk
from tierkit.programs.rules import (
    EarningRule,
    FactShape,
)

if TYPE_CHECKING:
    from tierkit.facts.facts import Fact
    from tierkit.programs.program import Program


def days_for(program: Program) -> st.SearchStrategy[date]:
    """Days near a change of the program's values, near the ends of months and years, or anywhere."""
    months = {date(2025, month, 15) for month in (1, 7)} | {
        date(2024, 2, 29),
        date(2025, 3, 31),
        date(2025, 12, 31),
    }
    turns = {
        day
        for _, period in program.sourced_values()
        for day in (period.effective_from, period.effective_until)
    }
    near = sorted(
        day + timedelta(days=step)
        for day in turns | months
        if day
        for step in (-1, 0, 1)
        if FIRST <= day <= LAST
    )
    return st.one_of(st.sampled_from(near), st.dates(FIRST, LAST))


def amount(draw: st.DrawFn) -> tk.Money:
    """Draw an amount of a few units, or none, also of a currency that the program may not value."""
    minor = pick(draw, 0, 1, 99, 100, 1_000, 8_800, 100_000, -500)
    return tk.Money.from_minor(minor, pick(draw, *CURRENCIES, "BRL"))


def amount_if_any(draw: st.DrawFn) -> tk.Money | None:
    """Draw an amount, or nothing."""
    return amount(draw) if rarely(draw, 2) else None


def exchange_rates() -> tk.RateTable:
    """Rates into the currency of the tracks of money, of a first and a later time; none from BRL."""
    first, turn, last = date(2020, 1, 1), date(2025, 6, 1), date(2030, 1, 1)
    return tk.RateTable(
        tk.ExchangeRate(code, MONEY, rate, start, end)
        for code, rates in (("USD", ("0.9", "0.85")), ("JPY", ("0.006", "1/170")))
        for rate, (start, end) in zip(rates, ((first, turn), (turn, last)), strict=True)
    )


def fact_for(draw: st.DrawFn, rule: EarningRule, id: str, day: st.SearchStrategy[date]) -> Fact:
    """Draw a fact that a rule selects, or one that just does not."""
    said = {key: pick(draw, *values) for key, values in rule.where.items()}
    attributes = {} if rarely(draw) else {COLOR: pick(draw, *COLORS)}
    attributes |= {key: value for key, value in said.items() if key == COLOR}
    common: dict[str, Any] = {"id": id, "market": pick(draw, *MARKETS, None), "attributes": attributes}
    customer = pick(draw, *CUSTOMERS)
    other = rarely(draw, 10)
    if rule.fact is FactShape.DEAL:
        closed_on = draw(day)
        first_sold = draw(day) if rarely(draw, 3) else None
        return tk.Deal(
            **common,
            partner=pick(draw, *PARTNERS),
            customer=customer,
            closed_on=closed_on,
            mrr=amount(draw),
            value=amount_if_any(draw),
            kind="other" if other else said.get("kind", "other"),
            product_line=pick(draw, "", "hub"),
            motion=pick(draw, "", "new", "upsell"),
            line_first_sold_on=min(first_sold, closed_on) if first_sold else None,
        )
    quantity: int | str | None = pick(draw, None, 0, 1, 3, "2.5")
    if rule.fact is FactShape.EVENT:
        return tk.Event(
            **common,
            partner=pick(draw, *PARTNERS),
            type="other" if other else said.get("type", "other"),
            on=draw(day),
            customer=pick(draw, "", customer),
            amount=amount_if_any(draw),
            quantity=quantity,
        )
    holders = several_holders(draw, day)
    if rule.fact is FactShape.ACCOUNT:
        changes = [
            tk.Change(on=on, mrr=amount(draw), market=pick(draw, *MARKETS, None))
            for on in sorted({draw(day) for _ in range(draw(st.integers(0, 2)))})
        ]
        return tk.ManagedAccount(
            **common, customer=customer, mrr=amount(draw), holders=holders, changes=changes
        )
    return tk.State(
        **common,
        type="other" if other else said.get("type", "other"),
        holders=holders,
        customer=pick(draw, "", customer),
        amount=amount_if_any(draw),
        quantity=quantity,
    )


def several_holders(draw: st.DrawFn, day: st.SearchStrategy[date]) -> list[tk.Holder]:
    """Draw one or two partners who hold a state, with their days, actions and shares."""
    names = some(draw, PARTNERS)
    primary = pick(draw, *names, "")
    made: list[tk.Holder] = []
    for name in names:
        since = draw(day)
        length = pick(draw, None, None, 1, 45, 400)
        actions = [
            since + timedelta(days=step)
            for step in [draw(st.integers(0, 200)) for _ in range(draw(st.integers(0, 3)))]
        ]
        until = since + timedelta(days=length) if length else None
        share = pick(draw, None, "1/2", "1/3")
        made.append(
            tk.Holder(
                partner=name, since=since, until=until, actions=actions, share=share, primary=name == primary
            )
        )
    return made


@st.composite
def books_for(draw: st.DrawFn, program: Program, most: int = 5) -> tk.Book:
    """Draw a book of two partners: facts for the program's rules, reversals, readings and held tiers."""
    made: list[Fact] = []
    day = days_for(program)
    for name in PARTNERS:
        segment = pick(draw, None, *SEGMENTS)
        made.append(
            tk.Partner(
                id=name,
                joined_on=pick(draw, None, FIRST),
                market=pick(draw, *MARKETS, None),
                attributes={SEGMENT: segment} if segment else {},
            )
        )
    for number in range(draw(st.integers(0, most))):
        rule = pick(draw, *program.rules)
        made.append(fact := fact_for(draw, rule, f"F-{number}", day))
        if isinstance(fact, tk.Deal | tk.Event) and rarely(draw):
            own = fact.closed_on if isinstance(fact, tk.Deal) else fact.on
            made.append(
                tk.Reversal(
                    id=f"R-{number}",
                    reverses=fact.id,
                    on=own + timedelta(days=pick(draw, 0, 1, 40)),
                    cause=pick(draw, "correction", *CAUSES, "other"),
                )
            )
    figures: dict[str, list[bool | int | str]] = {
        CERTIFIED: [True, True, False],
        SCORE: [0, 5, "62.50", 100],
    }
    for name, values in figures.items():
        for on in sorted({draw(day) for _ in range(draw(st.integers(0, 2)))}):
            until = on + timedelta(days=60) if rarely(draw) else None
            value = pick(draw, *values)
            made.append(tk.Reading(partner=PARTNERS[0], name=name, value=value, on=on, until=until))
    given_one = draw(st.booleans())
    if program.tiers and given_one:
        on = draw(day)
        since = on - timedelta(days=pick(draw, 0, 200))
        tier = pick(draw, *program.tiers).id
        made.append(tk.Held(partner=PARTNERS[0], tier=tier, on=on, since=since))
    return tk.Book(made)
