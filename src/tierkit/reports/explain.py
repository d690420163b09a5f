"""Explanation: how numbers came about, as text, as a tree and as rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TypeAlias, final

from tierkit.engine.calculator import Quote
from tierkit.engine.changes import ChangeGroup, Changes
from tierkit.engine.changing.causes import Cause
from tierkit.engine.changing.point_changes import PointChange
from tierkit.engine.compare import Comparison
from tierkit.engine.earning.entry import Entry
from tierkit.engine.earning.telling import joined, page_of
from tierkit.engine.forecast import Forecast
from tierkit.engine.history import History
from tierkit.engine.ledger import Ledger
from tierkit.engine.plan import Plan
from tierkit.engine.reconcile import Reconciliation
from tierkit.engine.review import Review
from tierkit.engine.standing import Standing
from tierkit.errors import Problem, WrongType, shown
from tierkit.facts.book import Book
from tierkit.frozen import changed, frozen
from tierkit.looks import html_of
from tierkit.programs.measures import POINTS
from tierkit.values.exact import decimal_text
from tierkit.values.points import Points
from tierkit.values.reason import Operator, Reason, total
from tierkit.values.source import Grade
from tierkit.values.span import Span

Explainable: TypeAlias = (
    Entry
    | Iterable[Entry]
    | PointChange
    | Iterable[PointChange]
    | ChangeGroup
    | Changes
    | Forecast
    | Standing
    | Quote
)

_SIGNS = {
    Operator.SUM: " + ",
    Operator.PRODUCT: " × ",  # noqa: RUF001 - the multiplication sign is meant
    Operator.QUOTIENT: " ÷ ",
    Operator.MAX: ", at least ",
    Operator.MIN: ", at most ",
    Operator.COUNT: " and ",
    Operator.ROUND_HALF_UP: ", half up, to a multiple of ",
    Operator.ROUND_HALF_EVEN: ", half to even, to a multiple of ",
    Operator.ROUND_DOWN: ", down to a multiple of ",
    Operator.ROUND_UP: ", up to a multiple of ",
}

_OF_MANY = {
    Operator.SUM: "the sum of",
    Operator.PRODUCT: "the product of",
    Operator.MAX: "the largest of",
    Operator.MIN: "the smallest of",
    Operator.COUNT: "the number of",
}

_MOST_NUMBERS = 6
_NOT_KNOWN = ": something that decides on it is not known"

_ELSEWHERE: Mapping[type, str] = {
    Review: "look at its .decisions: each has its clause, its source and its grade",
    Plan: "look at its .progress: each check has its bar, with source and grade",
    History: "assess the ledger on one of its days, and explain that standing",
    Comparison: "assess the ledger under one of its programs, and explain that standing",
    Reconciliation: "look at its .lines: each has the causes that were found, counted again",
    Ledger: 'explain the entries of a fact, ledger["D-118"], or a standing: assess(ledger, on=…)',
    Book: "earn it under a program first: earn(book, program)",
}


@final
@frozen(kw_only=True)
class ExplanationRow:
    """One step of an explanation, as a row of a table.

    Attributes:
        depth: how far below a number that was asked for; 0 for that number itself.
        label: what the number is, in words.
        value: the number, exactly.
        unit: what it counts: "points", "users", the code of a currency; "" for a bare number.
        operator: how it follows from the rows below it that are one deeper.
        fact: the id of the fact that it comes from.
        rule: the rule that it comes from.
        day: the day that decided; None where none did.
        period: the days on which a rule's value holds; None for facts and for what is computed.
        source: the address of the page where a rule's value was read.
        version: which version of that page.
        grade: how far to trust it; None for facts and for what is computed.
        note: what a reader should know; also that no source is given, where none is.
    """

    depth: int
    label: str
    value: Fraction
    unit: str
    operator: Operator
    fact: str
    rule: str
    day: date | None
    period: Span | None
    source: str
    version: str
    grade: Grade | None
    note: str


@final
@frozen
class Explanation:
    """Why numbers are what they are.

    Attributes:
        title: what is explained.
        trees: one tree for each number; computing a tree's leaves again gives its number.
    """

    title: str
    trees: tuple[Reason, ...]

    @property
    def rows(self) -> tuple[ExplanationRow, ...]:
        """Every step once, each above the steps that it rests on."""
        told: set[Reason] = set()
        return tuple(row for tree in self.trees for row in _rows(tree, 0, told))

    @property
    def text(self) -> str:
        """The explanation as indented lines, with every rule, day, source and grade."""
        told: set[Reason] = set()
        return "\n".join([self.title, *(line for tree in self.trees for line in _lines(tree, 1, told))])

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return html_of(self)


def explain(result: Explainable) -> Explanation:
    """Say why: every number down to the facts and the dated, sourced values of rules that made it.

    Args:
        result: an entry or several (what `ledger["D-118"]` gives), a standing, a quote, changes, a group or
            some rows of them, or a forecast. Of a standing the live entries are explained; of changes how
            the points of each row came about, or those that it took; of a forecast its changes.

    Raises:
        WrongType: for anything else.
    """
    match result:
        case Standing():
            live = [entry for entry in result.entries if result.on in entry.span]
            title = f"{result.partner} on {result.on} under {result.program}"
            sums = _sums(result.measures, result.units, live, _doubts(result))
            return Explanation(title, (*sums, *_workings(result)))
        case Quote():
            title = f"a quote on {result.on} under {result.program}"
            return Explanation(title, _sums(result.measures, result.units, result.entries, {}))
        case Changes():
            days = f"{result.since} to {result.until}"
            return _of_changes(f"changes of {result.partner} under {result.program}, {days}", result.rows)
        case ChangeGroup():
            return _of_changes(f"changes: {result.name or 'of no customer'}", result.rows)
        case Forecast():
            days = f"{result.on} to {result.until}"
            title = f"changes of {result.partner} under {result.program}, {days}, if nothing else happens"
            return _of_changes(title, result.changes.rows)
        case _:
            return _of_several(result)


def _of_several(result: Entry | Iterable[Entry] | PointChange | Iterable[PointChange]) -> Explanation:
    """Explain entries, or rows of changes: one, or as many as there are."""
    given: list[object] = list(result) if isinstance(result, Iterable) else [result]
    entries = [each for each in given if isinstance(each, Entry)]
    if len(entries) == len(given):
        return Explanation(_title(entries), tuple(_of(entry) for entry in entries))
    rows = [each for each in given if isinstance(each, PointChange)]
    if len(rows) == len(given):
        names = dict.fromkeys(row.fact or row.cause.value for row in rows)
        return _of_changes(f"changes of {', '.join(names)}", rows)
    expected = "an entry or several, a standing, a quote, changes, a row or several of them, or a forecast"
    hint = next((hint for kind, hint in _ELSEWHERE.items() if isinstance(result, kind)), "")
    raise WrongType(Problem("explain", "result", shown(result), expected, hint))


def _of_changes(title: str, rows: Sequence[PointChange]) -> Explanation:
    return Explanation(title if rows else f"{title}: nothing changed", tuple(map(_of_change, rows)))


def _of_change(row: PointChange) -> Reason:
    """Give the reason of a row with what happened; the number is the one after it, or else the one before."""
    before, after = (_number(points.fraction, cut=True) for points in (row.before, row.after))
    what = ", ".join(filter(None, (str(row.on), row.customer, row.cause.value)))
    track = _counted(row.track, row.reason.unit)
    return changed(
        row.reason,
        label=f"{what}: {track} {before} → {after}; {_side(row)}{row.reason.label}",
        fact=row.fact,
        note=row.reason.note if row.note in row.reason.note else joined(row.reason.note, row.note),
    )


def _side(row: PointChange) -> str:
    """Say which of the two numbers of a row its reason is about; a movement's is about what it moved."""
    if row.cause is Cause.MOVEMENT:
        return ""
    return "from then on: " if row.reason.value == row.after.fraction else "until then: "


def _title(entries: list[Entry]) -> str:
    facts = list(dict.fromkeys(entry.fact or entry.kind for entry in entries))
    return f"entries of {', '.join(facts)}" if facts else "no entries: nothing was earned"


def _of(entry: Entry) -> Reason:
    """Give the reason of an entry with whose it is and on which days it counts."""
    label = f"{_counted(entry.track, entry.reason.unit)} of {entry.partner}, {entry.span}"
    return changed(entry.reason, label=f"{label}: {entry.reason.label}", fact=entry.fact)


def _counted(track: str, unit: str) -> str:
    """Name what a track counts where that is points; of all else the unit stands beside the number."""
    return f"{track} points" if unit == POINTS else track


def _doubts(standing: Standing) -> dict[str, str]:
    """Say of each number that is no exact one what it is worth, and for want of which facts."""
    missing = "; ".join(str(problem) for problem in standing.problems)
    why = {
        name: f", because of: {missing}" if missing and name in standing.measures else _NOT_KNOWN
        for name in (*standing.at_least, *standing.unsure)
    }
    at_least = {name: f"at least so much{why[name]}" for name in standing.at_least}
    return at_least | {name: f"no bound either way{why[name]}" for name in standing.unsure}


def _workings(standing: Standing) -> Iterator[Reason]:
    """Give the reasons of measures that are no sum of tracks, with what those are worth."""
    doubts = _doubts(standing)
    for name, reason in standing.workings.items():
        yield changed(reason, note=joined(reason.note, doubts[name])) if name in doubts else reason


def _sums(
    measures: Mapping[str, tuple[str, ...]],
    units: Mapping[str, str],
    entries: Iterable[Entry],
    doubts: Mapping[str, str],
) -> tuple[Reason, ...]:
    """Add the reasons of entries up by track, and the tracks by measure; tracks come before measures."""
    by_track: dict[str, list[Reason]] = {}
    for entry in entries:
        by_track.setdefault(entry.track, []).append(changed(entry.reason, label=_with_customer(entry)))
    trees: dict[str, Reason] = {}
    for name, tracks in measures.items():
        parts = by_track.get(name, []) if tracks == (name,) else [trees[track] for track in tracks]
        trees[name] = total(name, parts, unit=units.get(name, POINTS), note=doubts.get(name, ""))
    return tuple(trees.values())


def _with_customer(entry: Entry) -> str:
    """Name what is counted, and whom it is about: a movement's points are no fact's, and no customer's."""
    what = f"{entry.reason.label} {entry.fact}".rstrip()
    return ", ".join(filter(None, (what, entry.customer, str(entry.span))))


def _rows(reason: Reason, depth: int, told: set[Reason]) -> Iterator[ExplanationRow]:
    source = reason.source
    yield ExplanationRow(
        depth=depth,
        label=reason.label,
        value=reason.value,
        unit=reason.unit,
        operator=reason.operator,
        fact=reason.fact,
        rule=reason.rule,
        day=reason.day,
        period=reason.period,
        source=source.url if source else "",
        version=source.version if source else "",
        grade=reason.grade,
        note=joined(reason.note, page_of(source) if source and not (source.url or source.version) else ""),
    )
    if reason not in told:
        told.add(reason)
        for part in reason.parts:
            yield from _rows(part, depth + 1, told)


def _lines(reason: Reason, depth: int, told: set[Reason]) -> Iterator[str]:
    formula = ""
    if reason.parts:
        numbers = _SIGNS[reason.operator].join(_number(part.value) for part in reason.parts)
        if len(reason.parts) > _MOST_NUMBERS:
            numbers = f"{_OF_MANY[reason.operator]} {len(reason.parts)}"
        formula = f" = {numbers.replace(' + -', ' - ')}"
    told_before = bool(reason.parts) and reason in told
    unit = f" {reason.unit}" if reason.unit else ""
    cited = f" [{_citation(reason)}]" if _citation(reason) else ""
    again = " (told above)" if told_before else ""
    yield f"{'  ' * depth}{reason.label}: {_number(reason.value, cut=True)}{unit}{formula}{cited}{again}"
    if not told_before:
        told.add(reason)
        for part in reason.parts:
            yield from _lines(part, depth + 1, told)


def _number(value: Fraction, *, cut: bool = False) -> str:
    """Write a number exactly, and beside a fraction what it is as a decimal, cut to two places."""
    exactly = decimal_text(value)
    if exactly is not None:
        return exactly
    return f"{value} ({Points(value).cut()}…)" if cut else str(value)


def _citation(reason: Reason) -> str:
    rule = reason.rule if _is_figure(reason) else f"rule {reason.rule}"
    return joined(
        f"fact {reason.fact}" if reason.fact else "",
        rule if reason.rule else "",
        f"{'as of' if _is_figure(reason) else 'decided on'} {reason.day}" if reason.day else "",
        str(reason.period) if reason.period else "",
        reason.note,
        page_of(reason.source) if reason.source else "",
        reason.grade.value if reason.grade else "",
    )


def _is_figure(reason: Reason) -> bool:
    """Say whether a number is that of a track or measure on a day, on which no rule for facts decides."""
    return not reason.fact and (not reason.rule or reason.rule.startswith("measure "))
