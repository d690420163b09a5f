"""Facts that correct others: whether they can be followed, and what counts once they are.

A correction is a reversal, or a fact that replaces another. It names one fact, and one correction at most
names it: so facts and their corrections make chains, which are followed from the first record to the last.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar, cast

from tierkit.errors import Problem, nearest, shown
from tierkit.facts.facts import (
    CORRECTION,
    IDENTIFIED,
    Fact,
    Held,
    Identified,
    ManagedAccount,
    Reading,
    Reversal,
    State,
    corrects,
    named,
    own_day,
)
from tierkit.facts.problems import MOST_COMPARED, MOST_NEAR, at
from tierkit.facts.states import first_day
from tierkit.frozen import changed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from tierkit.facts.book import Book
    from tierkit.facts.parts import Change, Holder
    from tierkit.facts.problems import ProblemList

_NOT_USED: Final = "mend that record, which is not used: until then neither is this one"
_NOT_THERE: Final = "add the fact with that id, or leave this record out"
_MOST_NAMED: Final = 3

_Found: TypeAlias = "tuple[Identified, Problem]"
_Record = TypeVar("_Record", Reading, Held)


def unsound(
    by_id: Mapping[str, Identified],
    corrections: Sequence[Identified],
    lost: Collection[str],
    corrected: Collection[str],
    *,
    where: Callable[[Fact], str],
    problems: ProblemList,
) -> set[str]:
    """Find the corrections that cannot be followed, each a problem.

    Args:
        by_id: the facts by their ids.
        corrections: those among them that name another.
        lost: ids of records that are not used, because something else is wrong with them.
        corrected: ids of facts that such a record names.
        where: says where a fact was found.
        problems: takes what is wrong.

    Returns:
        The ids of the facts that cannot be used: with each such correction the whole chain that it is in,
        because nobody knows which record of the chain should count.
    """
    bad: set[str] = set()
    for fact, problem in chain(
        _misnamed(by_id, corrections, lost, where),
        _recorded_early(by_id, corrections),
        _circular(corrections),
        _left_uncorrected(by_id, corrected),
    ):
        problems.add(changed(problem, where=where(fact)))
        bad.add(fact.id)
    return _connected(bad, corrections) if bad else bad


def _misnamed(
    by_id: Mapping[str, Identified],
    corrections: Iterable[Identified],
    lost: Collection[str],
    where: Callable[[Fact], str],
) -> Iterator[_Found]:
    """Find corrections of facts that are not there, or that they cannot be corrections of."""
    naming: dict[str, list[Identified]] = {}
    for fact in corrections:
        naming.setdefault(corrects(fact), []).append(fact)
    unknown = 0
    for name, its in naming.items():
        target = by_id.get(name)
        if target is None:
            known = islice(by_id, MOST_COMPARED) if unknown < MOST_NEAR else ()
            near = _NOT_USED if name in lost else nearest(name, known) or _NOT_THERE
            unknown += 1
            for fact in its:
                expected = "the id of a fact of the book"
                yield fact, Problem("", _field(fact), shown(name), expected, near)
        elif len(its) > 1:
            yield its[0], _twice(its, where)
        else:
            for problem in _faults(its[0], target, by_id):
                yield its[0], problem


def _field(fact: Identified) -> str:
    return "replaces" if fact.replaces else "reverses"


def _twice(its: Sequence[Identified], where: Callable[[Fact], str]) -> Problem:
    first, then, *more = its
    found = f"{shown(corrects(first))}, which {named(then)}{at(where(then), named(then))} {_field(then)} too"
    if more:
        found += f", and {len(more)} more"
    expected = "a fact that nothing else reverses or replaces"
    return Problem("", _field(first), found, expected, "to correct a correction, name that one instead")


def _faults(fact: Identified, target: Identified, by_id: Mapping[str, Identified]) -> Iterator[Problem]:
    """Find what is wrong between a correction and the fact that it names."""
    if fact.replaces and type(fact) is not type(target):
        kind = named(fact).split(" ")[0]
        expected = f"the id of another {kind}, as a fact takes the place of one of its kind"
        yield Problem("", "replaces", named(target), expected, "reverse it, and add the new fact beside")
    elif isinstance(fact, Reversal):
        if isinstance(target, Reversal) and fact.replaces and fact.reverses != target.reverses:
            expected = f"{shown(target.reverses)}, as {named(target)}, whose place it takes"
            hint = f"reverse {named(target)} to take it back, and reverse the other fact beside"
            yield Problem("", "reverses", shown(fact.reverses), expected, hint)
        elif reversed_fact := by_id.get(fact.reverses):
            yield from _out_of_time(fact, reversed_fact)


def _out_of_time(fact: Reversal, target: Identified) -> Iterator[Problem]:
    """Find whether a reversal is from a day, or with a cause, from which its fact cannot be reversed."""
    if isinstance(target, Reversal) and (fact.cause, fact.on) != (CORRECTION, target.on):
        expected = f'the cause "{CORRECTION}" and the day of the reversal that it takes back, {target.on}'
        hint = f"to give {named(target)} another day or cause, add a reversal that replaces it"
        yield Problem("", "on", f"{shown(fact.cause)} on {fact.on}", expected, hint)
    elif fact.on < own_day(target):
        expected = f"a day from {own_day(target)} on, the day of {named(target)}"
        hint = f"where it never counted, write {own_day(target)}"
        yield Problem("", "on", str(fact.on), expected, hint)


def _recorded_early(by_id: Mapping[str, Identified], corrections: Sequence[Identified]) -> Iterator[_Found]:
    """Find corrections that were recorded before something that they build on."""
    last: dict[str, Identified] = {}
    for fact in in_order(corrections):
        target = by_id.get(corrects(fact))
        below = target and last.get(target.id, target)
        last[fact.id] = below if below and not fact.recorded_on else fact
        if fact.recorded_on and below and below.recorded_on and fact.recorded_on < below.recorded_on:
            expected = f"a day from {below.recorded_on} on, when {named(below)} was recorded"
            hint = "mend one of the two days: what corrects a record is written down after it"
            yield fact, Problem("", "recorded_on", str(fact.recorded_on), expected, hint)


def _circular(corrections: Iterable[Identified]) -> Iterator[_Found]:
    """Find corrections that name each other in a circle."""
    by_id = {fact.id: fact for fact in corrections}
    seen: set[str] = set()
    for start in by_id.values():
        path: dict[str, Identified] = {}
        fact: Identified | None = start
        while fact and fact.id not in seen:
            seen.add(fact.id)
            path[fact.id] = fact
            fact = by_id.get(corrects(fact))
        if fact and fact.id in path:
            whole = list(path.values())
            yield fact, _circle(whole[whole.index(fact) :])


def _circle(circle: Sequence[Identified]) -> Problem:
    found = " ".join(f"{shown(fact.id)} {_field(fact)}" for fact in circle[:_MOST_NAMED])
    found += " …" if len(circle) > _MOST_NAMED else f" {shown(circle[0].id)}"
    expected = "a chain of corrections that begins with a fact which corrects none"
    return Problem("", _field(circle[0]), found, expected, f"leave {_field(circle[0])} out of the first one")


def _left_uncorrected(by_id: Mapping[str, Identified], corrected: Iterable[str]) -> Iterator[_Found]:
    """Find facts that a record which is not used reverses or replaces: whether they count, nobody knows."""
    for name in sorted(corrected):
        if name in by_id:
            found = f"{named(by_id[name])}, which a record that is not used reverses or replaces"
            yield by_id[name], Problem("", "", found, "a correction that can be used", _NOT_USED)


def _connected(bad: Iterable[str], corrections: Iterable[Identified]) -> set[str]:
    beside: dict[str, list[str]] = {}
    for fact in corrections:
        names = [corrects(fact)]
        if isinstance(fact, Reversal):
            names.append(fact.reverses)
        for name in names:
            beside.setdefault(fact.id, []).append(name)
            beside.setdefault(name, []).append(fact.id)
    reached: set[str] = set()
    left = list(bad)
    while left:
        name = left.pop()
        if name not in reached:
            reached.add(name)
            left += beside.get(name, ())
    return reached


def in_order(facts: Iterable[Identified]) -> list[Identified]:
    """Give the corrections among some facts, each after those that it builds on."""
    corrections = [fact for fact in facts if corrects(fact)]
    by_target = {corrects(fact): fact for fact in corrections}
    ids = {fact.id for fact in corrections}
    ordered: list[Identified] = []
    for start in corrections:
        fact = None if corrects(start) in ids else start
        while fact:
            ordered.append(fact)
            fact = by_target.get(fact.id)
    return ordered


def untied(book: Book, facts: Sequence[Fact]) -> Sequence[Fact]:
    """Make some facts of a book a whole by themselves: none of them names a fact that is not there.

    A reversal of a fact that is not there goes too; what replaced one takes the place that this had taken,
    or stands for itself. A reversal from a day before anything of an account is there reverses what there
    is from its first day on.
    """
    there = {fact.id: fact for fact in cast("list[Identified]", facts) if type(fact) in IDENTIFIED}
    ordered = in_order(there.values())
    if not ordered:
        return facts
    for fact in ordered:
        place = fact.replaces
        while place and place not in there:
            place = book[place].replaces
        placed = there[fact.id] = fact if place == fact.replaces else changed(fact, replaces=place)
        if isinstance(placed, Reversal):
            target = there.get(placed.reverses)
            if target is None:
                del there[fact.id]
            elif placed.on < own_day(target):
                there[fact.id] = _moved(placed, own_day(target))
    return [*(fact for fact in facts if type(fact) not in IDENTIFIED), *there.values()]


def _moved(fact: Reversal, day: date) -> Reversal:
    recorded_on = fact.recorded_on if fact.recorded_on and fact.recorded_on >= day else None
    return changed(fact, on=day, recorded_on=recorded_on)


def with_parts(
    fact: ManagedAccount | State, holders: Sequence[Holder], changes: Sequence[Change] = ()
) -> ManagedAccount | State | None:
    """Give an account or a state with some of its parts only; None where these are none by themselves."""
    if tuple(holders) == fact.holders and tuple(changes) == changes_of(fact):
        return fact
    first = first_day(tuple(holders))
    money = fact.mrr if isinstance(fact, ManagedAccount) else fact.amount
    gone = money.currency.withdrawn_on if money else None
    if first is None or (gone and first >= gone):
        return None
    recorded_on = fact.recorded_on if fact.recorded_on and fact.recorded_on >= first else None
    part = changed(fact, holders=holders, recorded_on=recorded_on)
    return changed(part, changes=changes) if isinstance(part, ManagedAccount) else part


def changes_of(fact: ManagedAccount | State) -> tuple[Change, ...]:
    """Give what changes in an account; a state has no changes."""
    return fact.changes if isinstance(fact, ManagedAccount) else ()


def identified(book: Book) -> Iterator[Identified]:
    """Give the facts of a book that bear an id."""
    return chain[Identified](book.deals, book.accounts, book.events, book.states, book.reversals)


def facts_in_force(book: Book) -> Sequence[Fact] | None:
    """Give the facts of a book that count, each in its last form; None where those are all of them."""
    gone = {
        *(deal.replaces for deal in book.deals if deal.replaces),
        *(account.replaces for account in book.accounts if account.replaces),
        *(event.replaces for event in book.events if event.replaces),
        *(state.replaces for state in book.states if state.replaces),
        *(reversal.replaces for reversal in book.reversals if reversal.replaces),
    }
    ends: dict[str, date] = {}
    if book.reversals:
        _follow(book, gone, ends)
    ended = {name: _ended(book[name], day) for name, day in ends.items()}
    readings, held = _last(book.readings), _last(book.held)
    if (
        not gone
        and all(fact is book[name] for name, fact in ended.items())
        and len(readings) + len(held) == len(book.readings) + len(book.held)
    ):
        return None
    kept = (ended.get(fact.id, fact) for fact in identified(book) if fact.id not in gone)
    return untied(book, [*book.partners, *readings, *held, *(fact for fact in kept if fact)])


def _follow(book: Book, gone: set[str], ends: dict[str, date]) -> None:
    """Note which facts the reversals of a book take out of it, and which they end.

    A reversal of a reversal takes that one back, so of a row of them every second one acts.
    """
    corrected = {corrects(reversal) for reversal in book.reversals}
    for last in book.reversals:
        fact: Identified = last
        while isinstance(fact, Reversal) and last.id not in corrected:
            target = book[fact.reverses]
            if not isinstance(target, Reversal):
                _apply(fact, target, gone, ends)
                break
            gone |= {fact.id, target.id}
            fact = book[target.reverses]


def _apply(reversal: Reversal, target: Identified, gone: set[str], ends: dict[str, date]) -> None:
    if reversal.cause != CORRECTION:
        return
    if reversal.on <= own_day(target):
        gone |= {reversal.id, target.id}
    else:
        ends[target.id] = reversal.on


def _ended(fact: Identified, day: date) -> Identified | None:
    """Give an account or a state that ends on a day; of other facts the program says how long they count."""
    if not isinstance(fact, ManagedAccount | State):
        return fact
    terms = Counter(holder.partner for holder in fact.holders)
    parts = [_ended_part(holder, day, alone=terms[holder.partner] == 1) for holder in fact.holders]
    return with_parts(fact, [part for part in parts if part], changes_of(fact))


def _ended_part(holder: Holder, day: date, *, alone: bool) -> Holder | None:
    actions = tuple(action for action in holder.actions if action < day)
    if alone and holder.since and not actions:
        actions = holder.actions  # without any, the partner would count as acting all the time
    if (holder.since and holder.since >= day) or (not holder.since and holder.actions and not actions):
        return None
    if holder.until and holder.until <= day and actions == holder.actions:
        return holder
    return changed(holder, until=min(holder.until or day, day), actions=actions)


def _last(records: Sequence[_Record]) -> list[_Record]:
    """Give of each reading or held tier the record that was made last; they stand in that order."""
    return list({record.subject: record for record in records}.values())
