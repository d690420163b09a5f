"""Which facts a rule takes, and what it measures of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tierkit.engine.earning.entry import Missing
from tierkit.errors import nearest
from tierkit.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from fractions import Fraction

    from tierkit.programs.rules import EarningRule, FactShape, Group
    from tierkit.values.market import Market


def attribute(fact: object, name: str) -> object:
    """Give a fact's own field, or else one of its further attributes; "" where it has neither."""
    own = getattr(fact, name, None)
    return own if own is not None else fact.attributes.get(name, "")  # type: ignore[attr-defined]


def asked_of(rule: EarningRule) -> set[str]:
    """Give the names of the attributes by which a rule chooses facts."""
    return {*rule.where, *rule.unless}


def knows(rule: EarningRule, fact: object) -> bool:
    """Say whether a fact has what a rule asks of one of its shape."""
    return not rule.where or all(attribute(fact, name) in values for name, values in rule.where.items())


def excepts(rule: EarningRule, fact: object) -> bool:
    """Say whether a rule passes a fact over that it knows, wherever that is."""
    return bool(rule.unless) and any(attribute(fact, name) in values for name, values in rule.unless.items())


def in_groups(
    rule: EarningRule, groups: Mapping[str, Group], market: Market | None, day: date
) -> bool | Missing:
    """Say whether a rule takes facts of a market on a day."""
    if not rule.inside and not rule.outside:
        return True
    if market is None:
        names = ", ".join(groups[group].name for group in (*rule.inside, *rule.outside))
        hint = f"whether {rule.name} takes it depends on whether it is one of the {names}"
        return Missing("market", "nothing", "the customer's market", hint)
    inside = not rule.inside or any(groups[group].membership(market.code, day) for group in rule.inside)
    return inside and not any(groups[group].membership(market.code, day) for group in rule.outside)


def unselected(rules: Sequence[EarningRule], shape: FactShape, fact: object) -> Missing:
    """Say which attribute of a fact no rule of its shape knows, or that none knows the combination."""
    if not rules:
        return Missing("", f"a {shape.value}", "a kind of fact that the program earns for", "leave it out")
    amiss = [
        [name for name, values in rule.where.items() if attribute(fact, name) not in values] for rule in rules
    ]
    fewest = min(map(len, amiss))
    for name in sorted({name for each in amiss if len(each) == fewest for name in each}):
        known = sorted({value for rule in rules for value in rule.where.get(name, ())})
        value = attribute(fact, name)
        if value not in known:
            hint = nearest(str(value), known)
            return Missing(name, repr(value), "one of " + ", ".join(known), hint)
    return Missing("", "attributes that no rule takes together", "those of one earning rule", "")


def measured(rule: EarningRule, fact: object) -> Money | Fraction | int | None:
    """Give what a rule measures of an event or a general state: money, a quantity, or one."""
    amount: Money | Fraction | None = getattr(fact, rule.amount or "quantity", None)
    return amount if rule.amount or rule.quantity else 1


def unmeasured(rule: EarningRule) -> Missing:
    """Say that a fact lacks what a rule measures."""
    return Missing(rule.amount or "quantity", "nothing", "what the rule measures", "")


def may_lower(rule: EarningRule, amount: Money | Fraction | int | None, day: date) -> bool:
    """Say whether a fact that cannot be valued might take points away, so that no sum is a bound."""
    floor, most = rule.at_least.at(day), rule.at_most.at(day)
    if most is not None and most.value < 0:
        return True
    if floor is not None and floor.value >= 0:
        return False
    rate = rule.rate.at(day)
    penalty = rate is not None and rate.value is not None and rate.value < 0
    size = None if amount is None else amount.minor if isinstance(amount, Money) else amount
    return size is None or (size > 0 if penalty else size < 0)
