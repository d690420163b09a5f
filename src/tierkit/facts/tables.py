"""Tables become one book: rows are read, accounts put together from several tables, facts compared."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from tierkit.errors import InvalidBook, Problem, TierkitError, nearest, shown
from tierkit.facts.book import Book
from tierkit.facts.cells import is_empty
from tierkit.facts.columns import COLUMNS
from tierkit.facts.consistency import Unread, consistent
from tierkit.facts.facts import Change, Fact, Holder, ManagedAccount, State
from tierkit.facts.problems import MOST_COMPARED, MOST_NEAR, ProblemList
from tierkit.facts.records import FACTS, Cells, Row, Values, account_of, change_of, state_of
from tierkit.facts.states import ONE_TERM, first_day_of, follows
from tierkit.frozen import changed

if TYPE_CHECKING:
    from tierkit.facts.cells import Memo

PARTS: Final = ("holders", "actions", "changes")
"""The tables whose rows are parts of an account or a state; they are read before those."""

ORDER: Final = (*PARTS, *(table for table in COLUMNS if table not in PARTS))
"""The order in which tables are read."""

_SHARED: Final = ("accounts", "states")
_ONCE: Final = {"holders": ONE_TERM, "changes": "each change once"}
_ROW_BITS: Final = 48
_UNREADABLE: Final = (TierkitError, TypeError, ValueError, KeyError)
"""What reading a row may raise. Those that are not ours come from values of Python that no column takes."""

_STAND_IN: Final = (Holder(partner="unreadable", since=date(2000, 1, 1)),)
"""Holds an account that will be left out, so that what else is wrong with it is found all the same."""

Place = Callable[[int], str]
"""Says where the row with this number stands."""

Take = Callable[[Row, int], None]
"""Takes a row and its number."""


class _Parts:
    """What holders, actions and changes say about one account or state."""

    __slots__ = ("actions", "changes", "holders", "spot")

    def __init__(self, spot: int) -> None:
        self.spot = spot
        self.holders: dict[Holder, int] = {}
        self.actions: dict[str, list[date]] = {}
        self.changes: dict[date, tuple[int, Change]] = {}


class Gathering:
    """A book while it is read: takes rows table by table, and in the end gives the book and the problems.

    A spot is one number for a file and a row in it, so that a million facts remember where they stood
    without a text for each. An account or a state of which any part cannot be read is left out as a
    whole: without an action or a partner its points would be wrong.
    """

    def __init__(self) -> None:
        self.problems: ProblemList = ProblemList()
        self.memos: dict[str, Memo] = {}
        self._facts: list[Fact] = []
        self._spots = array("Q")
        self._places: list[Place] = []
        self._parts: dict[str, _Parts] = {}
        self._spoiled: set[str] = set()
        self._all_spoiled = False
        self._ids_unknown = False
        self._shared_ids: set[str] = set()
        self._unread = Unread()

    def taker(self, cells: Cells, place: Place) -> Take:
        """Give the function that takes the rows of one file."""
        self._places.append(place)
        base = (len(self._places) - 1) << _ROW_BITS
        facts, spots, read = self._facts, self._spots, cells.read
        fact_of = FACTS.get(cells.table)
        if fact_of is None:
            return self._part_taker(cells, place, base)

        def take(row: Row, number: int) -> None:
            try:
                fact = fact_of(read(row))
            except _UNREADABLE as error:
                self._explain(error, cells, row, place(number))
            else:
                facts.append(fact)
                spots.append(base + number)

        return take

    def refuser(self, cells: Cells) -> Take:
        """Give what takes records with a key that nobody knows: what they say is lost, and that was said."""
        return lambda row, _: self._spoil_row(cells, row)

    def _part_taker(self, cells: Cells, place: Place, base: int) -> Take:
        put = {
            "holders": self._put_holder,
            "actions": self._put_action,
            "changes": self._put_change,
            "accounts": self._put_account,
            "states": self._put_state,
        }[cells.table]

        def take(row: Row, number: int) -> None:
            try:
                put(cells.read(row), base + number)
            except _UNREADABLE as error:
                self._explain(error, cells, row, place(number))

        return take

    def spoil(self, table: str, name: str = "") -> None:
        """Note that a row could not be read, or a whole table: what would be half a fact is left out.

        Args:
            table: the table of the row.
            name: whom the row is about, where that much is known.
        """
        if table in PARTS:
            self._spoiled.add(name)
            self._all_spoiled |= not name
        elif table in _SHARED:
            self._shared_ids.add(name)
            self._ids_unknown |= not name
        if name and table not in PARTS:
            (self._unread.partners if table == "partners" else self._unread.ids).add(name)

    def _spoil_row(self, cells: Cells, row: Row) -> None:
        """Note whom a row that cannot be read is about, and what it would have corrected."""
        self.spoil(cells.table, cells.cell(row, "account" if cells.table in PARTS else "id"))
        self._unread.corrected.add(cells.cell(row, "replaces") or cells.cell(row, "reverses"))

    def facts(self) -> list[Fact]:
        """Give the good facts by themselves, before they are compared with each other."""
        self._report_orphans()
        if self._spoiled:
            self._leave_out_spoiled()
        return self._facts

    def book(self) -> tuple[Book, tuple[Problem, ...]]:
        """Give the book of the good facts, and everything that is wrong with the others."""
        self.facts()
        spots = self._spots
        facts = consistent(
            self._facts, lambda index: self._place_of(spots[index]), self.problems, self._unread
        )
        return Book(facts), tuple(self.problems)

    def _leave_out_spoiled(self) -> None:
        if self._all_spoiled:
            found = "rows of holders, actions or changes of which nobody knows the account"
            hint = "mend those rows: until then no account and no state is used"
            self.problems.add(
                Problem("accounts", "", found, "a readable row for each part of an account", hint)
            )
        pairs = list(zip(self._facts, self._spots, strict=True))
        self._facts, self._spots = [], array("Q")
        for fact, spot in pairs:
            if isinstance(fact, ManagedAccount | State) and (self._all_spoiled or fact.id in self._spoiled):
                self._unread.ids.add(fact.id)
                self._unread.corrected.add(fact.replaces)
            else:
                self._facts.append(fact)
                self._spots.append(spot)

    def _place_of(self, spot: int) -> str:
        return self._places[spot >> _ROW_BITS](spot & ((1 << _ROW_BITS) - 1))

    def _explain(self, error: Exception, cells: Cells, row: Row, where: str) -> None:
        if all(map(is_empty, row)):
            return  # spreadsheets leave rows of empty cells behind: they say nothing
        self._spoil_row(cells, row)
        if self.problems.full:
            self.problems.count()
            return
        found = cells.problems(row, where)
        if not found and not isinstance(error, TierkitError):
            raise error
        if not found and isinstance(error, TierkitError):
            found = [
                Problem(where, cells.label(p.field), p.found, p.expected, p.hint) for p in error.problems
            ]
        for problem in found:
            self.problems.add(problem)

    def _parts_of(self, values: Values, spot: int) -> _Parts:
        account = values.pop("account")
        if account not in self._parts:
            self._parts[account] = _Parts(spot)
        return self._parts[account]

    def _put_holder(self, values: Values, spot: int) -> None:
        parts = self._parts_of(values, spot)
        parts.holders.setdefault(Holder(**values), spot)

    def _put_action(self, values: Values, spot: int) -> None:
        parts = self._parts_of(values, spot)
        day = values.pop("on")
        partner = Holder(partner=values["partner"], actions=(day,)).partner
        parts.actions.setdefault(partner, []).append(day)

    def _put_change(self, values: Values, spot: int) -> None:
        account = values["account"]
        parts = self._parts_of(values, spot)
        change = change_of(values)
        first, known = parts.changes.setdefault(change.on, (spot, change))
        if known != change:
            what = f"a change on {change.on}"
            self._contradiction("changes", account, what, first, spot)

    def _contradiction(self, table: str, account: str, what: str, first: int, then: int) -> None:
        self.spoil(table, account)
        found = f"{what} of {shown(account)} again at {self._place_of(then)}, with other values"
        hint = f"remove the wrong one: {shown(account)} is left out"
        self.problems.add(Problem(self._place_of(first), "", found, _ONCE[table], hint))

    def _put_account(self, values: Values, spot: int) -> None:
        name = values["id"]
        holders = self._holders(values, spot)
        changes = (
            tuple(change for _, change in self._parts[name].changes.values()) if name in self._parts else ()
        )
        self._keep(name, account_of(values, holders, changes), spot)

    def _put_state(self, values: Values, spot: int) -> None:
        name = values["id"]
        holders = self._holders(values, spot)
        fact = state_of(values, holders)
        for other, _ in self._parts[name].changes.values() if name in self._parts else ():
            self.spoil("changes", name)
            expected = "the id of a managed account"
            self.problems.add(
                Problem(self._place_of(other), "account", shown(name), expected, "a state has no changes")
            )
        self._keep(name, fact, spot)

    def _keep(self, name: str, fact: Fact, spot: int) -> None:
        self._shared_ids.add(name)
        self._facts.append(fact)
        self._spots.append(spot)

    def _holders(self, values: Values, spot: int) -> tuple[Holder, ...]:
        """Put together who holds an account: the partner of its own row, of holders and of actions."""
        name = values["id"]
        parts = self._parts.get(name) or _Parts(spot)
        spots = dict(parts.holders)
        own = {field: values.pop(field) for field in ("partner", "since", "until") if field in values}
        if own and "partner" not in own:
            raise InvalidBook(Problem("", "partner", "", "the partner whose days these are"))
        if own:
            spots.setdefault(Holder(**own), spot)
        terms: dict[str, list[Holder]] = {partner: [] for partner in parts.actions}
        for holder in spots:
            terms.setdefault(holder.partner, []).append(holder)
        for its in terms.values():
            its.sort(key=first_day_of)
            clash = next((pair for pair in pairwise(its) if not follows(*pair)), None)
            if clash:
                first, then = sorted(spots[holder] for holder in clash)
                what = f"partner {shown(clash[0].partner)}"
                self._contradiction("holders", name, what, first, then)
        if not terms and name not in self._spoiled:
            self.spoil("holders", name)
            hint = "add partner and since columns, or rows in holders.csv; in JSON a list of holders"
            expected = "at least one partner who holds it"
            self.problems.add(Problem(self._place_of(spot), "partner", "", expected, hint))
        if name in self._spoiled:
            return _STAND_IN
        return tuple(
            holder for partner, its in terms.items() for holder in _acting(partner, its, parts.actions)
        )

    def _report_orphans(self) -> None:
        """A part of an account that is not there is a misspelt id, or a lost account."""
        if self._ids_unknown:
            return
        orphans = [(name, parts) for name, parts in self._parts.items() if name not in self._shared_ids]
        known = sorted(self._shared_ids)[:MOST_COMPARED] if orphans else []
        for count, (name, parts) in enumerate(orphans):
            hint = nearest(name, known) if count < MOST_NEAR else ""
            expected = "the id of an account or a state of the book"
            self.problems.add(Problem(self._place_of(parts.spot), "account", shown(name), expected, hint))


def _acting(partner: str, terms: list[Holder], actions: Mapping[str, list[date]]) -> Iterator[Holder]:
    """Give a partner's terms, in order, each with the actions that were taken in it."""
    days = actions.get(partner)
    if not days:
        yield from terms
        return
    its = terms or [Holder(partner=partner)]
    taken: list[list[date]] = [[] for _ in its]
    first_days = [first_day_of(term) for term in its[1:]]
    for day in days:
        taken[bisect_right(first_days, day)].append(day)
    for term, part in zip(its, taken, strict=True):
        yield changed(term, actions=part)
