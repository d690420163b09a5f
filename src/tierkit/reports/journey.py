"""A partner along the days, as tables: what each review decided, and how points and tiers went."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from tierkit.engine.moving.journey import Outcome, rank_of, words_of
from tierkit.reports.numbers import bounded, figure_text, points_text
from tierkit.reports.statement import cited_tables, problems_tables
from tierkit.reports.table import Table
from tierkit.values.span import add_days
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tierkit.engine.forecast import ComingReview
    from tierkit.engine.history import History, Moment
    from tierkit.engine.moving.journey import Decision, Look
    from tierkit.engine.review import Review
    from tierkit.engine.verdicts import ReachedTier
    from tierkit.values.tier import Tier

_MOST_ROWS: Final = 50
_MOST_NAMED: Final = 2
_DOUBTS: Final = (
    "At least, unsure: something that would count on that day is not known, such as a fact that could not "
    "be valued; the statement of the day says what."
)


def review_tables(review: Review) -> tuple[Table, ...]:
    """Give the tier that is credited, the decisions that led there, and the checks that these rest on.

    They begin with the day of the last tier that was given before: of what came earlier, there is the number.
    """
    begun = _begun(review)
    decisions = tuple(each for each in review.decisions if each.on >= begun)
    judged = {day for each in decisions if each.on > begun for day in each.looks}
    looks = tuple(each for each in review.looks if each.on >= begun or each.on in judged)
    return (
        _answer(review),
        *decided_tables(decisions, "What was decided", len(review.decisions) - len(decisions)),
        *_checks(looks, len(review.looks) - len(looks)),
        *problems_tables(review.problems, "What could not be valued"),
        *_clauses(decisions),
    )


def decision_tables(decision: Decision) -> tuple[Table, ...]:
    """Give what was decided on one day, and by which clause."""
    return _decided("What was decided", [decision]), *_clauses([decision])


def look_tables(look: Look) -> tuple[Table, ...]:
    """Give what a partner had on a day that a review looks at."""
    return _checks([look])


def history_tables(history: History) -> tuple[Table, ...]:
    """Give one row for each day: what there is of each track and measure, and both tiers."""
    caption = f"History of {history.partner} under {history.program}, {history.since} to {history.until}"
    return (moments_table(caption, history.days, history.units),)


def moments_table(caption: str, moments: Sequence[Moment], units: Mapping[str, str]) -> Table:
    """Give one row for each day, with a column for the notes where there is one.

    Args:
        caption: what the table shows.
        moments: the days.
        units: what the tracks and measures count that do not count points.
    """
    names = quantities_of(moments[0])
    noted = any(moment.note for moment in moments)
    rows = tuple(
        (
            str(moment.on),
            *(bounded_points(moment, name, units.get(name, "")) for name in names),
            performance_text(moment.performance_tier, moment.possible_tier),
            tier_text(moment.credited_tier),
            *([moment.note] if noted else ()),
        )
        for moment in moments
    )
    columns = ("day", *names, "performance tier", "credited tier", *(["note"] if noted else ()))
    align = "l" + "r" * len(names) + "ll" + "l" * noted
    return Table(caption, columns, rows, align, "".join(doubts(moments)))


def doubts(shown: Sequence[Moment | Look | ComingReview]) -> tuple[str, ...]:
    """Say what a reader should know where a figure is no exact one."""
    return (_DOUBTS,) if any(each.at_least or each.unsure for each in shown) else ()


def decided_tables(decisions: Sequence[Decision], caption: str, earlier: int = 0) -> tuple[Table, ...]:
    """Give the decisions by which something moved or was held; no table where there was none at all.

    Args:
        decisions: those that are shown, but for the idle ones.
        caption: what they are.
        earlier: how many came before them.
    """
    telling = [each for each in decisions if not _is_idle(each)]
    idle = len(decisions) - len(telling)
    notes = [f"Left out: {idle} in which nothing rose, or nothing more became known."] if idle else []
    return (_decided(caption, telling, earlier, notes),) if decisions else ()


def tier_text(tier: ReachedTier, possible: Sequence[Tier | None] = ()) -> str:
    """Name a tier; of one that is not known, those that it may be."""
    if tier is Verdict.UNKNOWN:
        names = tiers_text(possible)
        return f"UNKNOWN: {names}" if names else "UNKNOWN"
    return words_of((tier,))


def performance_text(tier: ReachedTier, possible: Tier | None) -> str:
    """Name a performance tier, and the one above it that hangs on what is not known."""
    return f"{tier_text(tier)}, perhaps {possible}" if possible else tier_text(tier)


def tiers_text(possible: Sequence[Tier | None]) -> str:
    """Name the tiers that a tier may be, lowest first; of many without a gap the lowest and the highest."""
    ranks = [rank_of(tier) for tier in possible]
    if None in possible and 0 not in ranks:
        ranks[0] = 0  # nothing is left out between no tier and one of rank 1
    if len(ranks) > _MOST_NAMED and ranks == list(range(ranks[0], ranks[-1] + 1)):
        return f"{words_of(possible[:1])} up to {words_of(possible[-1:])}"
    return words_of(possible)


def _begun(review: Review) -> date:
    """Give the day of the last tier that was given before the review's day, and whose end has not come."""
    given: list[date] = []
    for each in review.decisions:
        if each.outcome is Outcome.GIVEN and each.on < review.on:
            given.append(each.on)
        elif each.outcome is Outcome.ENDED:
            del given[-1:]  # it left no trace: all begins with what was given before it
    return given[-1] if given else date.min


def _is_idle(decision: Decision) -> bool:
    return decision.outcome is Outcome.NO_RISE or (
        decision.outcome is Outcome.UNKNOWN and decision.before == decision.after
    )


def _answer(review: Review) -> Table:
    rows = [("program", review.program), ("credited tier", tier_text(review.credited_tier, review.possible))]
    if review.since is not None:
        rows.append(("held since", str(review.since)))
    if review.note:
        rows.append(("note", review.note))
    return Table(f"Review of {review.partner} on {review.on}", ("", ""), tuple(rows), "ll")


def _decided(
    caption: str, decisions: Sequence[Decision], earlier: int = 0, notes: Sequence[str] = ()
) -> Table:
    """Give a row for each decision, the newest last."""
    later = any(each.effective_on != each.on for each in decisions)
    rows = tuple(
        (
            str(each.on),
            *([str(each.effective_on)] if later else ()),
            each.movement or "given",
            each.outcome.value,
            _way(each),
            each.why,
        )
        for each in decisions[-_MOST_ROWS:]
    )
    when = ("day", "in force") if later else ("day",)
    columns = (*when, "movement", "outcome", "tier", "why")
    more = earlier + max(len(decisions) - _MOST_ROWS, 0)
    every = " ".join((*_before(more, "decisions"), *notes))
    return Table(caption, columns, rows, "l" * len(columns), every)


def _way(decision: Decision) -> str:
    before, after = tiers_text(decision.before), tiers_text(decision.after)
    return after if before in ("", after) else f"{before} → {after}"


def _checks(looks: Sequence[Look], earlier: int = 0) -> tuple[Table, ...]:
    """Give a row for each day that was looked at, the newest last; no table where there is none.

    Days on end on which nothing differed share one row.
    """
    names = quantities_of(looks[0]) if looks else ()
    otherwise = any(each.bars_on != each.on for each in looks)
    spans: list[tuple[Look, int, tuple[str, ...]]] = []
    for each in looks:
        cells = (
            *([str(each.bars_on)] if otherwise else ()),
            *(bounded_points(each, name, each.units.get(name, "")) for name in names),
            performance_text(each.performance_tier, each.possible_tier),
        )
        first, number, before = spans[-1] if spans else (each, 0, ())
        if cells == before and each.on == add_days(first.on, number):
            spans[-1] = first, number + 1, cells
        else:
            spans.append((each, 1, cells))
    shown = spans[-_MOST_ROWS:]
    rows = tuple((_days(first.on, number), *cells) for first, number, cells in shown)
    days = ("day", "bars of") if otherwise else ("day",)
    columns, align = (*days, *names, "performance tier"), "l" * len(days) + "r" * len(names) + "l"
    begun = len(looks) - sum(number for _, number, _ in shown)
    note = " ".join((*_before(earlier + begun, "looks"), *doubts(looks[begun:])))
    return (Table("What was looked at", columns, rows, align, note),) if rows else ()


def _days(first: date, number: int) -> str:
    return str(first) if number == 1 else f"{first} to {add_days(first, number - 1)}"


def _before(more: int, where: str) -> tuple[str, ...]:
    """Say how many are not shown, as they came before those that are, and where they all are."""
    return (f"And {more:,} before these; all are in `{where}`, and in --json.",) if more else ()


def _clauses(decisions: Iterable[Decision]) -> tuple[Table, ...]:
    """Give the rules that decided, each once, and where they were read."""
    by_rule = {(each.movement, each.clause): each for each in decisions if each.movement}
    rows = tuple(
        (
            each.movement,
            each.grade.value if each.grade else "",
            each.source.id if each.source else "",
            each.clause,
        )
        for each in by_rule.values()
    )
    clauses = Table("By which rules", ("movement", "grade", "source", "clause"), rows, "llll")
    sources = cited_tables("Sources of the rules", (each.source for each in by_rule.values()))
    return (clauses, *sources) if rows else ()


def quantities_of(moment: Moment | Look | ComingReview) -> tuple[str, ...]:
    """Name the tracks and measures of a day: those that count points, then the others."""
    return (*moment.points, *moment.figures)


def bounded_points(moment: Moment | Look | ComingReview, name: str, unit: str) -> str:
    """Show the points of a track or measure, or what else it counts, and whether that is a bound."""
    points = moment.points.get(name)
    text = figure_text(moment.figures[name], unit) if points is None else points_text(points)
    return bounded(text, at_least=name in moment.at_least, unsure=name in moment.unsure)
