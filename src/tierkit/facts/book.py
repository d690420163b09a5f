"""The book of business: the immutable collection of facts that a computation starts from."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast, final

import attrs

from tierkit.errors import InvalidBook, Problem, UnknownName, nearest, shown
from tierkit.facts.consistency import KINDS, ConsistentFacts, checked
from tierkit.facts.corrections import facts_in_force, untied
from tierkit.facts.facts import (
    IDENTIFIED,
    Deal,
    Event,
    Fact,
    Held,
    Identified,
    ManagedAccount,
    Partner,
    Reading,
    Reversal,
    State,
)
from tierkit.facts.problems import MOST_COMPARED
from tierkit.frozen import frozen
from tierkit.looks import html_of

if TYPE_CHECKING:
    from datetime import date

_TABLES: Final = ("partners", "deals", "accounts", "readings", "held", "events", "states", "reversals")

_Kind = TypeVar("_Kind")


@final
@frozen
class Book:
    """An immutable collection of facts, equal to any other with the same facts in whatever order.

    Ids are unique over deals, accounts, events, states and reversals; a fact that is given twice
    identically counts once. As soon as a book has a `Partner`, every partner that a fact names must be
    one. A fact may be reversed or replaced, once, by another that names it; the same reading or held
    tier may come again if it was recorded on another day. The book keeps them all: `in_force` has what
    counts, and `as_recorded` what was known on a day.

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
        reversals: what no longer counts as it did, in the order of their ids.

    Raises:
        InvalidBook: with every contradiction between the facts.
        WrongType: for something that is no fact.
    """

    __match_args__ = _TABLES

    partners: tuple[Partner, ...]
    deals: tuple[Deal, ...]
    accounts: tuple[ManagedAccount, ...]
    readings: tuple[Reading, ...]
    held: tuple[Held, ...]
    events: tuple[Event, ...]
    states: tuple[State, ...]
    reversals: tuple[Reversal, ...]
    _by_id: Mapping[str, Identified] = attrs.field(eq=False)
    _in_force: Book | None = attrs.field(eq=False)

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        given = facts if isinstance(facts, ConsistentFacts) else checked(list(facts))
        of: dict[type, list[Fact]] = {kind: [] for kind in KINDS}
        for fact in given:
            of[type(fact)].append(fact)
        deals, accounts = _sorted(Deal, of), _sorted(ManagedAccount, of)
        events, states, reversals = _sorted(Event, of), _sorted(State, of), _sorted(Reversal, of)
        self.__attrs_init__(
            partners=_sorted(Partner, of),
            deals=deals,
            accounts=accounts,
            readings=tuple(sorted(cast("list[Reading]", of[Reading]), key=lambda reading: reading.key)),
            held=tuple(sorted(cast("list[Held]", of[Held]), key=lambda held: held.key)),
            events=events,
            states=states,
            reversals=reversals,
            by_id={fact.id: fact for kind in (deals, accounts, events, states, reversals) for fact in kind},
            in_force=None,
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
        """Give a new book that lacks the facts with these ids, as if they had never been recorded.

        A reversal of one of them goes with it. A fact that replaced one of them takes the place that this
        had taken, or stands for itself.

        Raises:
            UnknownName: for an id that no fact of this book has.
        """
        gone = {id(self[name]) for name in ids}
        return Book(ConsistentFacts(untied(self, [fact for fact in self if id(fact) not in gone])))

    @property
    def in_force(self) -> Book:
        """The facts that count, each in its last form; this book itself where nothing was corrected.

        Left out are facts that were replaced, facts that were reversed as a correction from their own day
        on (and those reversals), and readings and held tiers that were recorded again. An account or a
        state that was reversed as a correction from a later day ends on that day. Other reversals stay:
        what they take away is the program's to say.
        """
        known = self._in_force
        if known is None:
            facts = facts_in_force(self)
            known = self if facts is None else Book(ConsistentFacts(facts))
            object.__setattr__(self, "_in_force", known)  # kept, as a book does not change
        return known

    def as_recorded(self, day: date) -> Book:
        """Give the book as it was known on a day.

        A fact is known from its `recorded_on`, and where that is not given from its own day. What holds
        over days becomes known bit by bit: a partner's part on its first day, each action, change and end
        on its day, and a part with a `recorded_on` as a whole from that day. A correction that was not
        yet known does not act. A partner without `recorded_on` was always known.

        The `until` of a reading or of a held tier is known with it, as a certificate and a decision state
        their end; that of a partner's part is not, as it happens.

        Args:
            day: the last day whose records are seen.

        Raises:
            WrongType: for anything but a day.
        """
        from tierkit.facts.knowledge import facts_known

        return Book(ConsistentFacts(facts_known(self, day)))

    def __getitem__(self, id: str) -> Identified:
        """Give the deal, account, event, state or reversal with an id.

        Raises:
            UnknownName: no fact of the book has it; says which id is near.
        """
        found = self._by_id.get(id)
        if found is None:
            hint = nearest(id, islice(self._by_id, MOST_COMPARED)) if isinstance(id, str) else ""
            expected = "the id of a deal, an account, an event, a state or a reversal of the book"
            raise UnknownName(Problem("book", "id", shown(id), expected, hint))
        return found

    def __contains__(self, item: object) -> bool:
        """Whether a fact, or a fact with this id, is in the book."""
        if isinstance(item, str):
            return item in self._by_id
        if type(item) in IDENTIFIED:
            return self._by_id.get(cast("Identified", item).id) == item
        if type(item) is Partner:
            return _is_among(item, self.partners, attrgetter("id"))
        if type(item) is Reading:
            return _is_among(item, self.readings, attrgetter("key"))
        return type(item) is Held and _is_among(item, self.held, attrgetter("key"))

    def __iter__(self) -> Iterator[Fact]:
        for name in _TABLES:
            yield from getattr(self, name)

    def __len__(self) -> int:
        return sum(len(getattr(self, name)) for name in _TABLES)

    def __repr__(self) -> str:
        return f"Book({list(self)!r})" if len(self) else "Book()"

    def _repr_html_(self) -> str:
        return html_of(self)

    def __str__(self) -> str:
        counts = (_counted(len(getattr(self, name)), name) for name in _TABLES if getattr(self, name))
        return f"book of {', '.join(counts) or 'no facts'}"

    if TYPE_CHECKING:

        def __attrs_init__(self, **fields: object) -> None: ...


def _counted(number: int, name: str) -> str:
    return f"{number} {name.removesuffix('s') if number == 1 else name}"


def _is_among(fact: _Kind, facts: tuple[_Kind, ...], key: Callable[[_Kind], Any]) -> bool:
    """Whether a fact is one of those that stand sorted by a key which each has alone."""
    place = bisect_left(facts, key(fact), key=key)
    return place < len(facts) and facts[place] == fact


def _sorted(kind: type[_Kind], of: Mapping[type, list[Fact]]) -> tuple[_Kind, ...]:
    """Facts stand in the order of their ids, so that nothing depends on the order of rows."""
    return tuple(cast("list[_Kind]", sorted(of[kind], key=attrgetter("id"))))
