"""A part of a book: what was known on a day, what had happened by one, what bears upon one partner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tierkit.facts.consistency import ConsistentFacts
from tierkit.facts.corrections import changes_of, identified, in_order, untied, with_parts
from tierkit.facts.facts import ManagedAccount, Reversal, State, corrects, own_day, partners_of
from tierkit.frozen import changed
from tierkit.values.span import checked_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tierkit.facts.book import Book
    from tierkit.facts.facts import Fact, Identified
    from tierkit.facts.parts import Holder


def facts_known(book: Book, day: date) -> Sequence[Fact]:
    """Give the facts of a book as they were known on a day; `Book.as_recorded` says what that means."""
    day = checked_day(day, where="as_recorded")
    known: dict[str, Identified] = {}
    for fact in identified(book):
        if not corrects(fact) and (part := _known(fact, day)):
            known[fact.id] = part
    for fact in in_order(identified(book)):
        # Where nobody says when a correction was recorded, it was not before the fact that it names.
        if (fact.recorded_on or corrects(fact) in known) and (part := _known(fact, day)):
            known[fact.id] = part
    facts: list[Fact] = [*known.values()]
    facts += [reading for reading in book.readings if (reading.recorded_on or reading.on) <= day]
    facts += [held for held in book.held if (held.recorded_on or held.on) <= day]
    named = {partner for fact in facts for partner in partners_of(fact)}
    facts += [
        partner
        for partner in book.partners
        if partner.recorded_on is None or partner.recorded_on <= day or partner.id in named
    ]
    return untied(book, facts)


def happened_by(book: Book, day: date) -> Book:
    """Give the facts in force of a book that had happened by a day, as far as they had.

    Corrections count whenever they were recorded: this asks what happened, not what was known. One from a
    later day on has not happened yet. An end that is stated already stays.

    Args:
        book: the facts.
        day: the last day that is seen.
    """
    from tierkit.facts.book import Book

    facts: list[Fact] = [*book.in_force.partners]
    facts += [reading for reading in book.in_force.readings if reading.on <= day]
    facts += [held for held in book.in_force.held if held.on <= day]
    ended_later = {each.reverses for each in book.in_force.reversals if each.on > day}
    for fact in identified(book.in_force):
        if part := happened(book[fact.id] if fact.id in ended_later else fact, day):
            facts.append(part)
    return Book(ConsistentFacts(untied(book, facts)))


def bearing_upon(partner: str, book: Book) -> Book:
    """Give the facts of a book that may bear upon what a partner earns.

    They are its own and those of its customers, whoever else acts for these, with all that corrects them
    and that they correct. Who the other partners are stays said.
    """
    from tierkit.facts.book import Book

    facts = list(identified(book))
    own = [fact for fact in facts if not isinstance(fact, Reversal)]
    customers = {fact.customer for fact in own if partner in partners_of(fact)} - {""}
    found = {fact.id for fact in own if fact.customer in customers or partner in partners_of(fact)}
    corrections = in_order(facts)
    for fact in reversed(corrections):
        if fact.id in found:
            found.add(corrects(fact))
    for fact in corrections:
        if corrects(fact) in found:
            found.add(fact.id)
    readings = (reading for reading in book.readings if reading.partner == partner)
    held = (held for held in book.held if held.partner == partner)
    bearing = (fact for fact in facts if fact.id in found)
    return Book(ConsistentFacts([*book.partners, *readings, *held, *bearing]))


def _known(fact: Identified, day: date) -> Identified | None:
    """Give what was known of a fact on a day; None where nothing was."""
    if not isinstance(fact, ManagedAccount | State):
        return fact if (fact.recorded_on or own_day(fact)) <= day else None
    if fact.recorded_on and fact.recorded_on > day:
        return None
    parts = [_known_part(holder, day) for holder in fact.holders]
    changes = [change for change in changes_of(fact) if (change.recorded_on or change.on) <= day]
    return with_parts(fact, [part for part in parts if part], changes)


def _known_part(holder: Holder, day: date) -> Holder | None:
    if holder.recorded_on:
        return None if holder.recorded_on > day else _begun(holder, day)
    part = _begun(holder, day)
    return changed(part, until=None) if part and part.until and part.until > day else part


def _begun(holder: Holder, day: date) -> Holder | None:
    """Give a partner's part with the actions up to a day; None where it begins later."""
    actions = tuple(action for action in holder.actions if action <= day)
    if (holder.since and holder.since > day) or (not holder.since and holder.actions and not actions):
        return None
    return holder if actions == holder.actions else changed(holder, actions=actions)


def happened(fact: Identified, day: date) -> Identified | None:
    """Give what had happened of a fact by a day; None where nothing had."""
    if not isinstance(fact, ManagedAccount | State):
        return fact if own_day(fact) <= day else None
    parts = [_begun(holder, day) for holder in fact.holders]
    changes = [change for change in changes_of(fact) if change.on <= day]
    return with_parts(fact, [part for part in parts if part], changes)
