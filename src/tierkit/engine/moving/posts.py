"""Posted points as entries: what movements added and took off, and what hangs on the tiers that were held."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tierkit.engine.earning.entry import Entry
from tierkit.engine.earning.events import entries_of_cell
from tierkit.engine.earning.states import entries_of_state
from tierkit.engine.ledger import lines_of
from tierkit.engine.moving.badge import has_tier_rates, is_chronological
from tierkit.engine.moving.trail import tier_on
from tierkit.engine.moving.walk import walk
from tierkit.frozen import changed
from tierkit.programs.rules import While
from tierkit.values.points import Points
from tierkit.values.reason import given
from tierkit.values.span import Span
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tierkit.engine.ledger import Ledger
    from tierkit.engine.moving.badge import Badge, Post
    from tierkit.engine.verdicts import ReachedTier
    from tierkit.programs.dated import Dated
    from tierkit.programs.program import Program
    from tierkit.programs.rules import Life
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
    lives = {rule.id: rule.live for rule in ledger.program.rules}
    ended = [_ended(entry, lives[entry.reason.rule], badges[0]) for entry in found]
    return (*(each for each in ended if each), *_posted(ledger.program, ledger.partner_id, badges[0]))


def _begun(entries: Iterable[Entry], on: date) -> Iterator[Entry]:
    return (entry for entry in entries if entry.span.start is None or entry.span.start <= on)


def _under(ledger: Ledger, badges: Sequence[Badge]) -> list[Entry]:
    """Give the entries of facts under the tiers that were held on their days."""
    lines, partner = lines_of(ledger), ledger.partner_id

    def held(day: date) -> ReachedTier:
        return tiers_on(badges, day)

    turns = {step.morning for badge in badges for step in badge.trail}
    found = [
        entry
        for cell in lines.cells.get(partner, ())
        for entry in entries_of_cell(lines.valuation, cell, tier_on=held)
    ]
    for line in lines.states.get(partner, ()):
        found += entries_of_state(lines.valuation, line, (held, sorted(turns)))
    return sorted(found, key=lambda entry: (entry.span.start or date.min, entry.fact))


def tiers_on(badges: Sequence[Badge], day: date) -> ReachedTier:
    """Give the tier under which the facts of a day fall, where several badges agree on it."""
    tiers: set[ReachedTier] = {tier_on(badge.trail, day) for badge in badges}
    return tiers.pop() if len(tiers) == 1 else Verdict.UNKNOWN


def _year_end(badge: Badge, day: date) -> date:
    """Give the end of the personal year in which a day lies."""
    return next((end for end in badge.ends if end > day), badge.year_end)


def _ended(entry: Entry, lives: Dated[Life], badge: Badge) -> Entry | None:
    """End an entry with its personal year, where that is its life and nothing ended it before."""
    day = entry.reason.day
    life = lives.at(day) if day is not None else None
    if day is None or life is None or life.value.lasts_while is not While.YEAR:
        return entry
    left = entry.span & Span(day, _year_end(badge, day))
    if day < badge.ends[0] or left is None:
        return None  # before the first personal year, or nothing of it is left in its own
    return changed(entry, span=left)


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
        unit=program.unit(post.track),
        rule=movement.id,
        day=post.on,
        source=movement.source,
        grade=movement.grade,
        note=movement.note,
    )
