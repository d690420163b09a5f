"""Whether facts can stand in one book: those that contradict others are left out, and said to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, cast

import attrs

from tierkit.errors import InvalidBook, Problem, WrongType, nearest, shown
from tierkit.facts.corrections import unsound
from tierkit.facts.facts import (
    IDENTIFIED,
    Deal,
    Fact,
    Held,
    Identified,
    Partner,
    Reading,
    corrects,
    named,
    partners_of,
)
from tierkit.facts.problems import MOST_COMPARED, MOST_NEAR, ProblemList, at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_KEYED: Final = frozenset({Reading, Held})

KINDS: Final = IDENTIFIED | _KEYED | {Partner}
"""All kinds of facts."""

Place = Callable[[int], str]
"""Says where the fact with this index was found."""


class ConsistentFacts(list[Fact]):
    """Facts that were compared with each other already: a book takes them as they are."""


class Unread:
    """What is known of records that could not be read.

    Attributes:
        partners: the ids of partners.
        ids: the ids of other facts.
        corrected: the ids of facts that a record of these reverses or replaces.
    """

    __slots__ = ("corrected", "ids", "partners")

    def __init__(self) -> None:
        self.partners: set[str] = set()
        self.ids: set[str] = set()
        self.corrected: set[str] = set()


def checked(facts: list[Fact]) -> ConsistentFacts:
    """Give the facts of a book, each once.

    Raises:
        InvalidBook: with every contradiction between them.
        WrongType: for something that is no fact.
    """
    for fact in facts:
        if type(fact) not in KINDS:
            raise WrongType(_no_fact(fact))
    problems = ProblemList()
    kept = consistent(facts, lambda index: named(facts[index]), problems)
    if problems:
        raise InvalidBook(*problems)
    return kept


def consistent(
    facts: Sequence[Fact], place: Place, problems: ProblemList, unread: Unread | None = None
) -> ConsistentFacts:
    """Leave out the facts that contradict others, each contradiction a problem that names both places.

    Args:
        facts: all that was read.
        place: says where the fact with this index was found.
        problems: takes what is wrong.
        unread: what is known of the records that could not be read.
    """
    first: dict[object, Fact] = {}
    clashing: dict[object, None] = {}
    for fact in facts:
        key = fact.id if type(fact) is Deal else _key(fact)  # of deals there may be millions
        known = first.setdefault(key, fact)
        if known is not fact and known != fact:
            clashing[key] = None
    if clashing:
        _report_clashes(facts, clashing, place, problems)
    unread = unread or Unread()
    partners = {fact.id for fact in facts if type(fact) is Partner} | unread.partners
    for key in clashing:
        del first[key]
    kept = ConsistentFacts(first.values())
    if partners:
        strange = [fact for fact in kept if not partners.issuperset(partners_of(fact))]
        if strange:
            _report_strangers(strange, partners, _finder(facts, place), problems)
            gone = set(map(id, strange))
            kept = ConsistentFacts(fact for fact in kept if id(fact) not in gone)
    stated = [
        cast("Identified", fact)
        for fact in facts
        if (fact.replaces if type(fact) is Deal else type(fact) in IDENTIFIED and _corrects(fact))
    ]
    if stated or any(unread.corrected):
        where = _finder(facts, place)
        return _without_unsound(facts, kept, stated, unread, where=where, problems=problems)
    return kept


def _corrects(fact: Fact) -> str:
    return corrects(cast("Identified", fact))


def _without_unsound(
    facts: Iterable[Fact],
    kept: ConsistentFacts,
    stated: Iterable[Identified],
    unread: Unread,
    *,
    where: Callable[[Fact], str],
    problems: ProblemList,
) -> ConsistentFacts:
    """Leave out the corrections that cannot be followed, and all that they are about."""
    by_id = {fact.id: fact for fact in cast("list[Identified]", kept) if type(fact) in IDENTIFIED}
    ids = {cast("Identified", fact).id for fact in facts if type(fact) in IDENTIFIED}
    lost = (ids | unread.ids).difference(by_id)
    corrected = unread.corrected.union(corrects(fact) for fact in stated if fact.id not in by_id)
    corrections = [fact for fact in stated if by_id.get(fact.id) is fact]
    gone = unsound(by_id, corrections, lost, corrected, where=where, problems=problems)
    return ConsistentFacts(
        fact for fact in kept if type(fact) not in IDENTIFIED or cast("Identified", fact).id not in gone
    )


def _key(fact: Fact) -> object:
    """Give what a book can have only once."""
    kind = type(fact)
    if kind in IDENTIFIED:
        return cast("Identified", fact).id
    if kind in _KEYED:
        return kind, cast("Reading | Held", fact).key
    return kind, cast("Partner", fact).id


def _finder(facts: Sequence[Fact], place: Place) -> Callable[[Fact], str]:
    """Give what says where a fact was found; the places are looked up only once something is wrong."""
    index_of: dict[int, int] = {}

    def where(fact: Fact) -> str:
        if not index_of:
            index_of.update((id(each), index) for index, each in reversed(list(enumerate(facts))))
        return place(index_of[id(fact)])

    return where


def _report_clashes(
    facts: Sequence[Fact], clashing: Collection[object], place: Place, problems: ProblemList
) -> None:
    copies: dict[object, list[int]] = {key: [] for key in clashing}
    for index, fact in enumerate(facts):
        key = _key(fact)
        if key in clashing and all(facts[other] != fact for other in copies[key]):
            copies[key].append(index)
    for first, then, *more in copies.values():
        one, other = facts[first], facts[then]
        what = _difference(one, other)
        found = f"{named(other)} again{at(place(then), named(other))}, {what}"
        if more:
            found += f", and {len(more)} more like it"
        field = "id" if type(one) in IDENTIFIED or type(one) is Partner else ""
        hint = "give each its own id, or remove the wrong one: none of them is used"
        if type(one) in _KEYED:  # they have no id
            hint = "say by recorded_on when each was recorded: the last one counts; or remove one"
            hint += ": none of them is used"
        problems.add(Problem(place(first), field, found, "each fact once", hint))


def _difference(one: Fact, other: Fact) -> str:
    if type(one) is not type(other):
        return f"there {named(other)}, here {named(one)}"
    names = [
        field.name
        for field in attrs.fields(cast("type[attrs.AttrsInstance]", type(one)))
        if getattr(one, field.name) != getattr(other, field.name)
    ]
    return f"with another {', '.join(names) or 'value'}"


def _report_strangers(
    strange: Iterable[Fact],
    partners: Collection[str],
    where: Callable[[Fact], str],
    problems: ProblemList,
) -> None:
    """One problem for each unknown partner, not one for each of its facts."""
    named_by: dict[str, list[Fact]] = {}
    for fact in strange:
        for partner in set(partners_of(fact)).difference(partners):
            named_by.setdefault(partner, []).append(fact)
    known = sorted(partners)[:MOST_COMPARED]
    for rank, (partner, its) in enumerate(named_by.items()):
        near = nearest(partner, known) if rank < MOST_NEAR else ""
        count = f"{len(its)} facts name it, none of them is used" if len(its) > 1 else "the fact is not used"
        hint = f"{near or 'add it to the partners'} ({count})"
        problems.add(Problem(where(its[0]), "partner", shown(partner), "a partner of the book", hint))


def _no_fact(value: object) -> Problem:
    expected = "a Deal, ManagedAccount, Reading, Held, Partner, Event, State or Reversal"
    return Problem("book", found=shown(value), expected=expected)
