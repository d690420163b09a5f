"""One record, one fact: rows become facts by the table of columns, and facts become records again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from tierkit.errors import Problem, TierkitError, nearest, shown
from tierkit.facts.cells import PARSERS, Memo, Misread, Parser, is_empty, refuse
from tierkit.facts.checks import NO_ATTRIBUTES, Scalar, is_sound
from tierkit.facts.columns import ATTRIBUTE_TYPES, COLUMNS, CURRENCY_OF, WITH_ATTRIBUTES, Column
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
    Reversal,
    State,
)
from tierkit.values.exact import number_text
from tierkit.values.market import Market
from tierkit.values.money import Money

if TYPE_CHECKING:
    from tierkit.frozen import FrozenMap
    from tierkit.values.currency import Currency

Values = dict[str, Any]
"""What a row says, column by column: each of the type that its column has."""

Row = Sequence[object]

TABLE_OF: Final[Mapping[type, str]] = {
    Partner: "partners",
    Deal: "deals",
    ManagedAccount: "accounts",
    Reading: "readings",
    Held: "held",
    Event: "events",
    State: "states",
    Reversal: "reversals",
}
"""The table in which each kind of fact is written."""

_ATTRIBUTE: Final = "attr:"
_MOST_SHOWN: Final = 80
_UNUSED: Final = " (until then no record with this column is used)"
_REPEATED: Final = frozenset({"text", "date", "currency", "market"})


class Cells:
    """The cells that a header says are there, each with the parser of its column; made once for a file.

    Args:
        table: the table of columns.
        header: the name of the column of each cell.
        labels: how a message names each column, where that is not its name.
        memos: the memory of the parsers, shared between the files of one book.

    Attributes:
        missing: the required columns that are not there.
        faults: what is wrong with the header: (field, found, expected, hint).
            Without mending it no row can be taken: nobody knows which of two columns is meant, and a
            misspelt one is missing where it counts, such as an upsell's motion or the end of a span.
    """

    def __init__(
        self,
        table: str,
        header: Sequence[object],
        memos: dict[str, Memo],
        labels: Mapping[str, str] | None = None,
    ) -> None:
        self.table = table
        self.width: int = len(header)
        self.faults: list[tuple[str, str, str, str]] = []
        self._labels = labels or {}
        self._names: list[str] = []
        self._parsers: list[Parser] = []
        self._places: list[int] = []
        self._attributes: list[tuple[int, str, Parser]] = []
        self._careful: list[tuple[int, str, Parser, bool]] = []
        known = {column.name: column for column in COLUMNS[table]}
        self._required = {name for name, column in known.items() if column.required}
        self._has_amounts = "currency" in known
        seen: set[object] = set()
        for index, name in enumerate(header):
            if name in seen:
                self.faults.append(("", shown(name), "each column once", "rename or remove one of the two"))
            elif isinstance(name, str) and name in known:
                self._add(index, known[name], memos)
            elif not self._add_attribute(index, name):
                self._unknown(name, known)
            seen.add(name)
        self.missing: list[str] = [name for name in known if name in self._required and name not in seen]
        self._pick = None if self._places == list(range(self.width)) else _picker(self._places)

    def _add(self, index: int, column: Column, memos: dict[str, Memo]) -> None:
        quick = careful = PARSERS[column.type]
        if column.type in _REPEATED and column.name != "id":
            memo = memos.setdefault(column.type, Memo(quick))
            quick, careful = memo.__getitem__, memo.of
        self._names.append(column.name)
        self._parsers.append(quick)
        self._places.append(index)
        self._careful.append((index, column.name, careful, column.required))

    def _add_attribute(self, index: int, header: object) -> bool:
        if (
            not isinstance(header, str)
            or self.table not in WITH_ATTRIBUTES
            or not header.startswith(_ATTRIBUTE)
        ):
            return False
        _, name, *types = header.split(":")
        if not is_sound(name) or len(types) > 1 or (types and types[0] not in ATTRIBUTE_TYPES):
            return False
        parse = PARSERS[types[0] if types else "scalar"]
        self._attributes.append((index, name, parse))
        self._careful.append((index, header, parse, False))
        return True

    def _unknown(self, name: object, known: Mapping[str, Column]) -> None:
        hint = nearest(name, known) if isinstance(name, str) else ""
        expected = f"one of {', '.join(known)}"
        if self.table in WITH_ATTRIBUTES:
            expected += ", or attr:NAME, attr:NAME:number, attr:NAME:boolean, attr:NAME:date"
            if not hint and isinstance(name, str) and is_sound(name):
                hint = f"rename or remove it, or write {shown(_ATTRIBUTE + name, 40)} for an attribute"
        self.faults.append(
            ("", f"the column {shown(name)}", expected, f"{hint or 'rename or remove it'}{_UNUSED}")
        )

    def read(self, row: Row) -> Values:
        """Give what a row says.

        Raises:
            TierkitError: for the first cell that cannot be read; `problems` then has them all.
            TypeError: (or another error) for a cell of JSON or Python that no column takes.
        """
        cells = self._pick(row) if self._pick else row
        values: Values = {
            name: parse(cell)
            for name, parse, cell in zip(self._names, self._parsers, cells, strict=True)
            if cell or (cell is not None and cell != "")
        }
        if self._attributes:
            values["attributes"] = self._read_attributes(row)
        return values

    def _read_attributes(self, row: Row) -> Mapping[str, Scalar]:
        said: dict[str, Any] = {}
        for index, name, parse in self._attributes:
            cell = row[index]
            if not is_empty(cell):
                if name in said:
                    refuse("one value of each attribute")
                said[name] = parse(cell)
        return said or NO_ATTRIBUTES

    def problems(self, row: Row, where: str) -> list[Problem]:
        """Say everything that is wrong with the cells of a row."""
        found = [self._problem(where, name, "", "a value: it is required") for name in self.missing]
        values: Values = {}
        for index, name, parse, required in self._careful:
            cell = row[index]
            if isinstance(cell, Misread):
                found.append(self._problem(where, name, cell.found, cell.expected, cell.hint))
            elif not is_empty(cell):
                try:
                    values[name] = parse(cell)
                except TierkitError as error:
                    found += self._problems(where, name, shown(cell), error)
            elif required:
                found.append(self._problem(where, name, "", "a value: it is required"))
        amounts = [
            problem
            for problem in self._problems_of_amounts(values, where)
            if problem.field not in {other.field for other in found}  # what cannot be read is not missing too
        ]
        return found + amounts + self._problems_of_attributes(values, where)

    def _problems_of_amounts(self, values: Values, where: str) -> list[Problem]:
        found: list[Problem] = []
        for name, currency_name in CURRENCY_OF.items() if self._has_amounts else ():
            if name in values:
                currency = values.get(currency_name, values.get("currency"))
                try:
                    if currency:
                        Money(values[name], currency)
                    else:
                        PARSERS["number"](values[name])
                except TierkitError as error:
                    found += self._problems(where, name, shown(values[name]), error)
                if currency is None and "currency" not in self._required:
                    found.append(self._problem(where, currency_name, "", "the currency of the amount"))
        return found

    def _problems_of_attributes(self, values: Values, where: str) -> list[Problem]:
        headers: dict[str, str] = {}
        found: list[Problem] = []
        for header in values:
            if header.startswith(_ATTRIBUTE):
                name = header.split(":")[1]
                first = headers.setdefault(name, header)
                if first != header:
                    said = f"a second value, beside {first[:_MOST_SHOWN]}"
                    found.append(self._problem(where, header, said, "one value of each attribute"))
        return found

    def _problem(self, where: str, name: str, found: str, expected: str, hint: str = "") -> Problem:
        return Problem(where, self.label(name), found, expected, hint)

    def _problems(self, where: str, name: str, found: str, error: TierkitError) -> list[Problem]:
        return [self._problem(where, name, found, p.expected, p.hint) for p in error.problems]

    def label(self, name: str) -> str:
        """Say which column a message means."""
        return self._labels.get(name, name)[:_MOST_SHOWN]

    def cell(self, row: Row, name: str) -> str:
        """Give the text of one cell as it stands, or nothing: to find out whom a bad row is about."""
        if name not in self._names:
            return ""
        cell = row[self._places[self._names.index(name)]]
        return cell if isinstance(cell, str) else ""


def _picker(places: list[int]) -> Callable[[Row], Row]:
    """Give what takes the cells at some places from a row."""
    return lambda row: [row[place] for place in places]


def _money(values: Values, field: str, currency: Currency | None) -> Money | None:
    """Give the amount of a column; what is wrong with it, `Cells.problems` says."""
    if field not in values:
        return None
    if currency is None:
        refuse("the currency of the amount")
    return Money(values[field], currency)


def _partner(values: Values) -> Partner:
    return Partner(**values)


def _deal(values: Values) -> Deal:
    currency = values.pop("currency")
    other = values.pop("value_currency", currency)
    values["mrr"] = _money(values, "mrr", currency)
    if "value" in values:
        values["value"] = _money(values, "value", other)
    return Deal(**values)


def _reading(values: Values) -> Reading:
    return Reading(**values)


def _held(values: Values) -> Held:
    return Held(**values)


def _event(values: Values) -> Event:
    values["amount"] = _money(values, "amount", values.pop("currency", None))
    return Event(**values)


def _reversal(values: Values) -> Reversal:
    return Reversal(**values)


FACTS: Final[Mapping[str, Callable[[Values], Fact]]] = {
    "partners": _partner,
    "deals": _deal,
    "readings": _reading,
    "held": _held,
    "events": _event,
    "reversals": _reversal,
}
"""For the tables of which a row is a fact: how the values of a row become one."""


def account_of(values: Values, holders: tuple[Holder, ...], changes: tuple[Change, ...]) -> ManagedAccount:
    """Make a managed account of its own row and of what other tables say about it."""
    values["mrr"] = _money(values, "mrr", values.pop("currency"))
    return ManagedAccount(holders=holders, changes=changes, **values)


def state_of(values: Values, holders: tuple[Holder, ...]) -> State:
    """Make a state of its own row and of what other tables say about it."""
    values["amount"] = _money(values, "amount", values.pop("currency", None))
    return State(holders=holders, **values)


def change_of(values: Values) -> Change:
    """Make a change of an account of a row of its own table."""
    values["mrr"] = _money(values, "mrr", values.pop("currency", None))
    return Change(**values)


def to_record(fact: Fact) -> dict[str, object]:
    """Give a fact as one record: text, true and false, and for accounts and states lists of records.

    What is not known or empty is left out. `from_record` reads it back identically.
    """
    record = plain_record(fact, TABLE_OF[type(fact)])
    if isinstance(fact, Partner | Deal | ManagedAccount | Event | State):
        record |= _attributes(fact.attributes)
    if isinstance(fact, ManagedAccount | State):
        record["holders"] = [_holder(holder) for holder in fact.holders]
    if isinstance(fact, ManagedAccount) and fact.changes:
        record["changes"] = [plain_record(change, "changes") for change in fact.changes]
    return record


def plain_record(item: Fact | Holder | Change, table: str) -> dict[str, object]:
    """Give what stands in the columns of one table, without what other tables say about it."""
    record: dict[str, object] = {}
    for column in COLUMNS[table]:
        value = getattr(item, column.name, None)
        if isinstance(value, Money):
            record[column.name] = str(value.amount)
            record[CURRENCY_OF[column.name]] = value.currency.code
        elif value is not None and value != "" and (value is not False or column.required):
            record[column.name] = _scalar(value)
    return record


def _scalar(value: object) -> object:
    """A value as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return number_text(value)
    return value.code if isinstance(value, Market) else value


def _holder(holder: Holder) -> dict[str, object]:
    record = plain_record(holder, "holders")
    if holder.actions:
        record["actions"] = [day.isoformat() for day in holder.actions]
    return record


def _attributes(attributes: FrozenMap[Scalar]) -> dict[str, object]:
    record: dict[str, object] = {}
    for name in sorted(attributes):
        value = attributes[name]
        type_ = "number" if isinstance(value, Fraction) else "date" if isinstance(value, date) else ""
        type_ = "boolean" if isinstance(value, bool) else type_
        record[f"{_ATTRIBUTE}{name}:{type_}" if type_ else f"{_ATTRIBUTE}{name}"] = _scalar(value)
    return record
