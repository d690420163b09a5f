"""How a dashboard may see a fact otherwise: on another day, or with other parts."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias, final

from tierkit.engine.earning.credit import is_live
from tierkit.errors import TierkitError
from tierkit.facts.facts import ManagedAccount, State, named
from tierkit.frozen import changed
from tierkit.values.word import Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tierkit.engine.earning.credit import StateLine
    from tierkit.facts.facts import Identified
    from tierkit.facts.parts import Holder

NEAR: Final = 7
"""Within how many days of the edge of the window a day is on the edge."""

_ONE_DAY = timedelta(days=1)


@final
class SuspectKind(Word):
    """In which way a dashboard may see a book otherwise, the likeliest first."""

    RECORD = "correction or late record"
    """It does not know a reversal or a replacement, or a fact that was recorded late."""
    ACTIVITY = "activity"
    """It sees an account as alive that has lapsed, or the other way round."""
    SHARING = "sharing"
    """It divides an account among others."""
    EDGE = "edge of the window"
    """It counts what happened, or ended, a few days off."""
    MARKET = "market"
    """It has the customer's market inside a group that multiplies, or outside."""
    POINT_VALUE = "point value"
    """It values an amount by the point value before, or after."""
    MISSING = "missing fact"
    """It lacks a fact."""


Otherwise: TypeAlias = "tuple[SuspectKind, Identified, str, Identified | None]"
"""In which way, which fact, what the dashboard may do, and how it then sees the fact; None: not at all."""


def seen_as(fact: Any, **fields: object) -> Any:  # noqa: ANN401 - the same type of fact, or part of one
    """Give a fact, or a part of one, with other fields; None where there can be none such."""
    try:
        return changed(fact, **fields)
    except TierkitError:
        return None


def moved_over(day: date | None, edges: Sequence[date]) -> Iterator[tuple[date, str]]:
    """Move a day that is near an edge of the window across it."""
    for edge in edges:
        if day is not None and abs((day - edge).days) <= NEAR:
            late = day <= edge
            yield (edge + _ONE_DAY, f"only after {edge}") if late else (edge, f"already on {edge}")


def acted_otherwise(
    fact: ManagedAccount | State, lines: Sequence[StateLine], partner: str, on: date
) -> Iterator[Otherwise]:
    """See each holder whose credit hangs on its actions the other way round, and each other one as none.

    Args:
        fact: the account, or another state.
        lines: its lines in the ledger.
        partner: whose points are looked at.
        on: the day.
    """
    for line in lines:
        life = line.rule.live.at(on)
        if life is None or life.value.inactive_days is None:
            continue
        for holder in fact.holders:
            seen: tuple[str, Holder] | None = None
            if is_live(line, holder, life.value, on):
                seen = _lapsed(holder, life.value.inactive_days, on)
            elif _spans(holder, on):
                seen = _served(holder, life.value.inactive_days, on)
            if seen is not None:
                kind = SuspectKind.ACTIVITY if holder.partner == partner else SuspectKind.SHARING
                yield from _with_holder(kind, fact, holder, f"{named(fact)}: {seen[0]}", seen[1])
    for holder in fact.holders:
        if holder.partner != partner and _spans(holder, on):
            words = f"{named(fact)}: it does not share it with {holder.partner}"
            yield from _with_holder(SuspectKind.SHARING, fact, holder, words, None)


def _lapsed(holder: Holder, days: int, on: date) -> tuple[str, Holder] | None:
    """See a live credit as lapsed, where it lapses within a few days anyway."""
    seen = bisect_right(holder.actions, on)
    if not seen or (holder.actions[seen - 1] - on).days + days >= NEAR:
        return None
    words = f"it no longer counts {holder.partner}, whose last action was on {holder.actions[seen - 1]}"
    part: Holder | None = seen_as(holder, until=on, actions=holder.actions[:seen])
    return (words, part) if part is not None else None


def _served(holder: Holder, days: int, on: date) -> tuple[str, Holder] | None:
    """See a credit that has lapsed as alive, as though the holder had acted in time."""
    seen = bisect_right(holder.actions, on)
    if not seen:
        if not holder.actions:
            return None  # it is alive, but on days before the first of which anything is recorded
        first = holder.actions[0]
        words = f"it counts {holder.partner} already, whose first action is on {first}"
        soon = (first - on).days <= NEAR
        return (words, changed(holder, actions=(on, *holder.actions))) if soon else None
    last = holder.actions[seen - 1]
    steps = range(days, (on - last).days + 1, days) if days else ()
    more = [last + timedelta(days=step) for step in steps]
    words = f"it still counts {holder.partner}, who has not acted since {last}"
    return words, changed(holder, actions=(*holder.actions, *more))


def _with_holder(
    kind: SuspectKind, fact: ManagedAccount | State, holder: Holder, words: str, part: Holder | None
) -> Iterator[Otherwise]:
    others = [each for each in fact.holders if each is not holder]
    seen = seen_as(fact, holders=(*others, part) if part else others)
    if seen is not None:
        yield kind, fact, words, seen


def _spans(holder: Holder, on: date) -> bool:
    return (holder.since is None or holder.since <= on) and (holder.until is None or on < holder.until)


def turned_otherwise(fact: ManagedAccount | State, edges: Sequence[date]) -> Iterator[Otherwise]:
    """See what turns in an account, or another state, near an edge of the window on its other side."""
    for holder in fact.holders:
        for field in ("since", "until"):
            day: date | None = getattr(holder, field)
            for to, when in moved_over(day, edges):
                what = "begins" if field == "since" else "ends"
                words = f"{named(fact)}: it has what {what} for {holder.partner} on {day} {when}"
                part = seen_as(holder, **{field: to, "recorded_on": None})
                if part is not None:
                    yield from _with_holder(SuspectKind.EDGE, fact, holder, words, part)
    changes = fact.changes if isinstance(fact, ManagedAccount) else ()
    for change in changes:
        for to, when in moved_over(change.on, edges):
            words = f"{named(fact)}: it has the change of {change.on} {when}"
            others = [each for each in changes if each is not change]
            moved = seen_as(change, on=to, recorded_on=None)
            seen = seen_as(fact, changes=(*others, moved)) if moved is not None else None
            if seen is not None:
                yield SuspectKind.EDGE, fact, words, seen
