"""Posted points as entries: what movements added and took off, and where personal years ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tierkit.engine.earning.entry import Entry
from tierkit.engine.moving.badge import has_personal_years
from tierkit.engine.moving.walk import walk
from tierkit.frozen import changed
from tierkit.programs.rules import While
from tierkit.values.points import Points
from tierkit.values.reason import given
from tierkit.values.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tierkit.engine.ledger import Ledger
    from tierkit.engine.moving.badge import Badge, Post
    from tierkit.programs.dated import Dated
    from tierkit.programs.program import Program
    from tierkit.programs.rules import Life
    from tierkit.values.reason import Reason


def entries_until(ledger: Ledger, on: date) -> tuple[Entry, ...]:
    """Give the entries of the ledger's one partner that had begun by a day, with what movements posted.

    Points that count until a personal year ends have its end, as far as it is known on that day. Where it
    is not known which tier the partner holds, and so what was posted, there are the facts' entries alone.
    """
    found = [entry for entry in ledger.entries if entry.span.start is None or entry.span.start <= on]
    if not has_personal_years(ledger.program):
        return tuple(found)
    badges = walk(ledger, on).badges
    if len({(badge.ends, badge.year_from, badge.posts) for badge in badges}) != 1:
        return tuple(found)
    lives = {rule.id: rule.live for rule in ledger.program.rules}
    ended = [_ended(entry, lives[entry.reason.rule], badges[0]) for entry in found]
    return (*(each for each in ended if each), *_posted(ledger.program, ledger.partner_id, badges[0]))


def _year_end(badge: Badge, day: date) -> date:
    """Give the end of the personal year in which a day lies."""
    return next((end for end in badge.ends if end > day), badge.year_end)


def _ended(entry: Entry, lives: Dated[Life], badge: Badge) -> Entry | None:
    """End an entry with its personal year, where that is its life and no reversal ended it before."""
    start = entry.span.start
    life = lives.at(start) if start is not None else None
    if start is None or life is None or life.value.lasts_while is not While.YEAR:
        return entry
    if start < badge.ends[0]:
        return None  # before the first personal year
    return changed(entry, span=entry.span & Span(start, _year_end(badge, start)))


def _posted(program: Program, partner: str, badge: Badge) -> Iterator[Entry]:
    for post in badge.posts:
        if post.points:
            yield Entry(
                fact="",
                partner=partner,
                track=post.track,
                points=Points(post.points),
                span=Span(post.on, _year_end(badge, post.on)),
                customer="",
                kind="movement",
                market="",
                group="",
                reason=_reason(program, post),
            )


def _reason(program: Program, post: Post) -> Reason:
    movement = next(each for each in program.movements if each.id == post.movement)
    what = "taken off on reaching" if post.points < 0 else "carried over the bar of"
    return given(
        f"{what} {post.tier.name}",
        post.points,
        unit="points",
        rule=movement.id,
        day=post.on,
        source=movement.source,
        grade=movement.grade,
        note=movement.note,
    )
