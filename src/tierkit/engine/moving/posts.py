"""Posted points as entries: what movements added and took off, and what hangs on the tiers that were held."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from tierkit.engine.earning.entry import Entry
from tierkit.engine.earning.telling import joined
from tierkit.engine.ledger import entries_under
from tierkit.engine.moving.badge import has_tier_rates, is_chronological
from tierkit.engine.moving.deciding import bar_of
from tierkit.engine.moving.personal_years import PersonalYears
from tierkit.engine.moving.trail import tier_on
from tierkit.engine.moving.walk import walk
from tierkit.programs.dated import noted
from tierkit.programs.movements import MoveKind
from tierkit.values.exact import decimal_text
from tierkit.values.points import Points
from tierkit.values.reason import given
from tierkit.values.span import Span
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from fractions import Fraction

    from tierkit.engine.earning.states import Tiers
    from tierkit.engine.ledger import Ledger
    from tierkit.engine.moving.badge import Badge, Post
    from tierkit.engine.verdicts import ReachedTier
    from tierkit.programs.program import Program
    from tierkit.values.reason import Reason


def entries_until(ledger: Ledger, on: date) -> tuple[Entry, ...]:
    """Give the entries of the ledger's one partner that had begun by a day, with what movements posted.

    Points that count until a personal year ends have its end, as far as it is known on that day. Where it
    is not known which tier the partner holds, and so what was posted, there are the facts' entries alone; of
    a fact that hangs on the tier of its day there is none where that is not known.
    """
    if not is_chronological(ledger.program):
        return tuple(_begun(ledger.entries, on))
    badges = walk(ledger, on).badges
    found = tuple(_begun(_under(ledger, badges) if has_tier_rates(ledger.program) else ledger.entries, on))
    if len({(badge.ends, badge.year_from, badge.posts) for badge in badges}) != 1:
        return found
    years = PersonalYears(ledger.program, badges[0], {on: badges[0]})
    ended = [each for entry in found if (each := years.ended(entry))]
    posts = [post for post in badges[0].posts if post.points]
    return (*ended, *(_posted(ledger, post, years.end_of(post.on)) for post in posts))


def _begun(entries: Iterable[Entry], on: date) -> Iterator[Entry]:
    return (entry for entry in entries if entry.span.start is None or entry.span.start <= on)


def _under(ledger: Ledger, badges: Sequence[Badge]) -> list[Entry]:
    """Give the entries of facts under the tiers that were held on their days."""
    found = entries_under(ledger, tiers_of_any(badges))
    return sorted(found, key=lambda entry: (entry.span.start or date.min, entry.fact))


def _tiers_on(badges: Sequence[Badge], day: date) -> ReachedTier:
    """Give the tier under which the facts of a day fall, where several badges agree on it."""
    tiers: set[ReachedTier] = {tier_on(badge.trail, day) for badge in badges}
    return tiers.pop() if len(tiers) == 1 else Verdict.UNKNOWN


def tiers_of_any(badges: Sequence[Badge]) -> Tiers:
    """Give what tells the tiers that were held, where several badges agree on them."""
    turns = {step.morning for badge in badges for step in badge.trail}
    return partial(_tiers_on, badges), sorted(turns)


def _posted(ledger: Ledger, post: Post, end: date) -> Entry:
    """Make the entry of what a movement posted, up to the end of the personal year."""
    return Entry(
        fact="",
        partner=ledger.partner_id,
        track=post.track,
        points=Points(post.points),
        span=Span(post.on, end),
        customer="",
        kind="movement",
        market="",
        group="",
        reason=reason_of_post(ledger.program, post, post.points),
    )


def reason_of_post(program: Program, post: Post, points: Fraction) -> Reason:
    """Say why a movement posted points, which may be told without their sign."""
    movement = next(each for each in program.movements if each.id == post.movement)
    what, note = "carried over the bar of", ""
    if post.points < 0:
        what = "taken off on reaching"
        bar = bar_of(program, post.tier, post.track, post.on, keeping=movement.kind is MoveKind.FALL)
        note = "" if -post.points == bar else f"all that was there: its bar is {decimal_text(bar) or bar}"
    return given(
        f"{what} {program.tier_on(post.tier, post.on).name}",
        points,
        unit=program.unit(post.track),
        rule=movement.id,
        day=post.on,
        source=movement.source,
        grade=movement.grade,
        note=joined(note, noted(movement.note, movement.file)),
    )
