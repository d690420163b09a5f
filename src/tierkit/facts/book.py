"""The book of business: the immutable collection of facts that a computation starts from."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast, final

import attrs

from tierkit.errors import InvalidBook, Problem, UnknownName, WrongType, nearest, shown
from tierkit.facts.facts import (
    Deal,
    Event,
    Fact,
    Held,
    ManagedAccount,
    Partner,
    Reading,
    State,
    named,
    partners_of,
)
from tierkit.frozen import frozen
from tierkit.looks import html_of

if TYPE_CHECKING:
    from collections.abc import Collection

Identified = Deal | ManagedAccount | Event | State
"""The facts that bear an id of their own."""

MOST_PROBLEMS: Final = 1000
"""How many problems are listed one by one; beyond, only their number is said."""

MOST_NEAR: Final = 20
"""For how many unknown names of one book a near match is sought, which takes a while in a large one."""

MOST_COMPARED: Final = 1000
"""Among how many names a near match is sought."""

_IDENTIFIED: Final = frozenset({Deal, ManagedAccount, Event, State})
_KEYED: Final = frozenset({Reading, Held})
_KINDS: Final = _IDENTIFIED | _KEYED | {Partner}

_Kind = TypeVar("_Kind")
_Place = Callable[[int], str]


@final
@frozen
class Book:
    """An immutable collection of facts, equal to any other with the same facts in whatever order.

    Ids are unique over deals, accounts, events and states; a fact that is given twice identically
    counts once. As soon as a book has a `Partner`, every partner that a fact names must be one.

    Args:
        facts: the facts, in any order.

    Attributes:
        partners: the partners, in the order of their ids.
        deals: the deals, in the order of their ids.
        accounts: the managed accounts, in the order of their ids.
        readings: the readings, by partner, customer, name and day.
        held: the tiers that were given, by partner and day.
        events: the general events, in the order of their ids.
        states: the general states, in the order of their ids.

    Raises:
        InvalidBook: with every contradiction between the facts.
        WrongType: for something that is no fact.
    """

    __match_args__ = ("partners", "deals", "accounts", "readings", "held", "events", "states")

    partners: tuple[Partner, ...]
    deals: tuple[Deal, ...]
    accounts: tuple[ManagedAccount, ...]
    readings: tuple[Reading, ...]
    held: tuple[Held, ...]
    events: tuple[Event, ...]
    states: tuple[State, ...]
    _by_id: Mapping[str, Identified] = attrs.field(eq=False)

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        given = facts if isinstance(facts, ConsistentFacts) else _checked(list(facts))
        of: dict[type, list[Fact]] = {kind: [] for kind in _KINDS}
        for fact in given:
            of[type(fact)].append(fact)
        deals, accounts = _sorted(Deal, of), _sorted(ManagedAccount, of)
        events, states = _sorted(Event, of), _sorted(State, of)
        self.__attrs_init__(
            partners=_sorted(Partner, of),
            deals=deals,
            accounts=accounts,
            readings=tuple(sorted(cast("list[Reading]", of[Reading]), key=lambda reading: reading.key)),
            held=tuple(sorted(cast("list[Held]", of[Held]), key=lambda held: held.key)),
            events=events,
            states=states,
            by_id={fact.id: fact for kind in (deals, accounts, events, states) for fact in kind},
        )

    @classmethod
    def from_records(cls, records: Mapping[str, Sequence[Mapping[str, object]]]) -> Book:
        """Make a book of plain dicts, with the columns that `tierkit.facts.columns.COLUMNS` lists.

        Args:
            records: for each table ("deals", "accounts", ...) its records.

        Raises:
            InvalidBook: with every problem of every record.
        """
        book, problems = cls.check_records(records)
        if problems:
            raise InvalidBook(*problems)
        return book

    @classmethod
    def check_records(
        cls, records: Mapping[str, Sequence[Mapping[str, object]]]
    ) -> tuple[Book, tuple[Problem, ...]]:
        """Make a book of the good records, and say what is wrong with the others.

        Args:
            records: for each table ("deals", "accounts", ...) its records.
        """
        from tierkit.facts.dicts import check_tables

        return check_tables(records)

    def to_records(self) -> dict[str, list[dict[str, object]]]:
        """Give the facts as plain dicts of JSON values, table by table; tables without facts are left out."""
        from tierkit.facts.dicts import tables_of

        return tables_of(self)

    def adding(self, *facts: Fact) -> Book:
        """Give a new book that has these facts too.

        Raises:
            InvalidBook: where they contradict facts of this one.
        """
        return Book([*self, *facts])

    def without(self, *ids: str) -> Book:
        """Give a new book that lacks the deals, accounts, events and states with these ids.

        Raises:
            UnknownName: for an id that no fact of this book has.
        """
        gone = {id(self[name]) for name in ids}
        return Book(fact for fact in self if id(fact) not in gone)

    def __getitem__(self, id: str) -> Identified:
        """Give the deal, account, event or state with an id.

        Raises:
            UnknownName: no fact of the book has it; says which id is near.
        """
        found = self._by_id.get(id)
        if found is None:
            hint = nearest(id, islice(self._by_id, MOST_COMPARED)) if isinstance(id, str) else ""
            expected = "the id of a deal, an account, an event or a state of the book"
            raise UnknownName(Problem("book", "id", shown(id), expected, hint))
        return found

    def __contains__(self, item: object) -> bool:
        """Whether a fact, or a fact with this id, is in the book."""
        if isinstance(item, str):
            return item in self._by_id
        if type(item) in _IDENTIFIED:
            return self._by_id.get(cast("Identified", item).id) == item
        if type(item) is Partner:
            return _is_among(item, self.partners, attrgetter("id"))
        if type(item) is Reading:
            return _is_among(item, self.readings, attrgetter("key"))
        return type(item) is Held and _is_among(item, self.held, attrgetter("key"))

    def __iter__(self) -> Iterator[Fact]:
        yield from self.partners
        yield from self.deals
        yield from self.accounts
        yield from self.readings
        yield from self.held
        yield from self.events
        yield from self.states

    def __len__(self) -> int:
        kinds = (self.partners, self.deals, self.accounts, self.readings, self.held, self.events, self.states)
        return sum(map(len, kinds))

    def __repr__(self) -> str:
        return f"Book({list(self)!r})" if len(self) else "Book()"

    def _repr_html_(self) -> str:
        return html_of(self)

    def __str__(self) -> str:
        names = ("partners", "deals", "accounts", "readings", "held", "events", "states")
        counts = (_counted(len(getattr(self, name)), name) for name in names if getattr(self, name))
        return f"book of {', '.join(counts) or 'no facts'}"

    if TYPE_CHECKING:

        def __attrs_init__(self, **fields: object) -> None: ...


def _checked(facts: list[Fact]) -> ConsistentFacts:
    for fact in facts:
        if type(fact) not in _KINDS:
            raise WrongType(_no_fact(fact))
    problems = ProblemList()
    kept = consistent(facts, lambda index: named(facts[index]), problems)
    if problems:
        raise InvalidBook(*problems)
    return kept


class ConsistentFacts(list[Fact]):
    """Facts that were compared with each other already: a book takes them as they are."""


class ProblemList:
    """Problems in the order in which they were found; the first thousand are kept, the others counted."""

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self._more = 0

    def add(self, problem: Problem) -> None:
        """Note one more."""
        if self.full:
            self.count()
        else:
            self._kept.append(problem)

    @property
    def full(self) -> bool:
        """Whether further problems are only counted, so that nobody needs to word them."""
        return len(self._kept) == MOST_PROBLEMS

    def count(self) -> None:
        """Count one more without its words."""
        self._more += 1

    def __bool__(self) -> bool:
        return bool(self._kept)

    def __iter__(self) -> Iterator[Problem]:
        yield from self._kept
        if self._more:
            yield Problem(
                "and", found=f"{self._more} more problems", hint="mend these first, then check again"
            )


def consistent(
    facts: Sequence[Fact], place: _Place, problems: ProblemList, partners_also: Collection[str] = ()
) -> ConsistentFacts:
    """Leave out the facts that contradict others, each contradiction a problem that names both places.

    Args:
        facts: all that was read.
        place: says where the fact with this index was found.
        problems: takes what is wrong.
        partners_also: partners that are known though their own record was bad.
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
    partners = {fact.id for fact in facts if type(fact) is Partner}.union(partners_also)
    for key in clashing:
        del first[key]
    kept = ConsistentFacts(first.values())
    if not partners:
        return kept
    strange = [fact for fact in kept if not partners.issuperset(partners_of(fact))]
    if not strange:
        return kept
    _report_strangers(facts, strange, partners, place, problems)
    gone = set(map(id, strange))
    return ConsistentFacts(fact for fact in kept if id(fact) not in gone)


def _key(fact: Fact) -> object:
    """Give what a book can have only once."""
    kind = type(fact)
    if kind in _IDENTIFIED:
        return cast("Identified", fact).id
    if kind in _KEYED:
        return kind, cast("Reading | Held", fact).key
    return kind, cast("Partner", fact).id


def _report_clashes(
    facts: Sequence[Fact], clashing: Collection[object], place: _Place, problems: ProblemList
) -> None:
    copies: dict[object, list[int]] = {key: [] for key in clashing}
    for index, fact in enumerate(facts):
        key = _key(fact)
        if key in clashing and all(facts[other] != fact for other in copies[key]):
            copies[key].append(index)
    for first, then, *more in copies.values():
        one, other = facts[first], facts[then]
        what = _difference(one, other)
        found = f"{named(other)} again at {place(then)}, {what}"
        if more:
            found += f", and {len(more)} more like it"
        field = "id" if type(one) in _IDENTIFIED or type(one) is Partner else ""
        hint = "give each its own id, or remove the wrong one: none of them is used"
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
    facts: Sequence[Fact],
    strange: Iterable[Fact],
    partners: Collection[str],
    place: _Place,
    problems: ProblemList,
) -> None:
    """One problem for each unknown partner, not one for each of its facts."""
    named_by: dict[str, list[Fact]] = {}
    for fact in strange:
        for partner in set(partners_of(fact)).difference(partners):
            named_by.setdefault(partner, []).append(fact)
    index_of = {id(fact): index for index, fact in reversed(list(enumerate(facts)))}
    known = sorted(partners)[:MOST_COMPARED]
    for rank, (partner, its) in enumerate(named_by.items()):
        near = nearest(partner, known) if rank < MOST_NEAR else ""
        count = f"{len(its)} facts name it, none of them is used" if len(its) > 1 else "the fact is not used"
        hint = f"{near or 'add it to the partners'} ({count})"
        problems.add(
            Problem(place(index_of[id(its[0])]), "partner", shown(partner), "a partner of the book", hint)
        )


def _no_fact(value: object) -> Problem:
    return Problem(
        "book", found=shown(value), expected="a Deal, ManagedAccount, Reading, Held, Partner, Event or State"
    )


def _counted(number: int, name: str) -> str:
    return f"{number} {name.removesuffix('s') if number == 1 else name}"


def _is_among(fact: _Kind, facts: tuple[_Kind, ...], key: Callable[[_Kind], Any]) -> bool:
    """Whether a fact is one of those that stand sorted by a key which each has alone."""
    place = bisect_left(facts, key(fact), key=key)
    return place < len(facts) and facts[place] == fact


def _sorted(kind: type[_Kind], of: Mapping[type, list[Fact]]) -> tuple[_Kind, ...]:
    """Facts stand in the order of their ids, so that nothing depends on the order of rows."""
    return tuple(cast("list[_Kind]", sorted(of[kind], key=attrgetter("id"))))
