"""The statement of a partner as tables: tier, points, requirements, customers, problems, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tierkit.engine.earning.telling import page_of
from tierkit.programs.requirements import Junction
from tierkit.reports.asked import Together, asked_by, fails_by, nothing, verdict_of
from tierkit.reports.numbers import (
    bounded,
    check_texts,
    column_of,
    counted_text,
    figure_text,
    formula,
    points_text,
)
from tierkit.reports.table import INDENT, Table
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tierkit.engine.earning.entry import Entry
    from tierkit.engine.judge import Check, Progress
    from tierkit.engine.standing import CustomerPoints, Standing
    from tierkit.engine.verdicts import ReachedTier
    from tierkit.errors import Problem
    from tierkit.reports.asked import Part
    from tierkit.values.reason import Reason
    from tierkit.values.source import Source

_MOST_CUSTOMERS: Final = 10
_MOST_PROBLEMS: Final = 50
AT_LEAST: Final = "At least: what could not be valued would add to it; see the problems."
UNSURE: Final = (
    "Unsure: the true figure may be higher or lower, as something that decides on it is not known: a fact "
    "that could not be valued (see the problems), a reading that was not supplied, a ratio over zero."
)


def standing_tables(
    standing: Standing, *, kind: str | None = None, group: str | None = None
) -> tuple[Table, ...]:
    """Give the whole statement.

    Args:
        standing: the standing.
        kind: limits the customers' points, as `Standing.customers` does.
        group: the same.
    """
    limits = [f"of the kind {kind}"] if kind is not None else []
    limits += [f"in {group}" if group else "in no group of markets"] if group is not None else []
    return (
        _answer(standing),
        _points(standing),
        *(progress_table(progress) for progress in (*standing.tiers, *standing.other_tiers)),
        customers_table(standing.customers(kind=kind, group=group), standing.units, " ".join(limits)),
        *problems_tables(standing.problems),
        *problems_tables(standing.undeclared, "Not declared by the program"),
        *sources_tables((*standing.tiers, *standing.other_tiers)),
    )


def _answer(standing: Standing) -> Table:
    tier, possible, note = standing.performance_tier, standing.possible_tier, standing.note
    if tier is Verdict.UNKNOWN:
        unknown = next(each for each in standing.tiers if each.verdict is Verdict.UNKNOWN)
        reached = f"UNKNOWN: {unknown.tier} hangs on {_unknown(unknown)}"
        if note and any(check.need is None and check.verdict is not None for check in unknown.checks):
            reached, note = f"UNKNOWN: {note}", ""
    elif tier is None:
        lowest = standing.tiers[0].tier.name if standing.tiers else ""
        reached = f"none: below {lowest}" if lowest else "none: the program has no tiers"
    else:
        reached = tier.name
    rows = [("program", standing.program), ("performance tier", reached)]
    if note:
        rows.append(("note", note))
    if possible is not None:
        rows.append(("possible tier", f"{possible}: it hangs on {_unknown(standing.toward(possible))}"))
    rows += [(f"tier of {ladder}", _named(reached)) for ladder, reached in standing.ladders.items()]
    rows += [("eligible, by invitation", each.tier.name) for each in standing.tiers if each.eligible]
    return Table(f"Standing of {standing.partner} on {standing.on}", ("", ""), tuple(rows), "ll")


def _named(tier: ReachedTier) -> str:
    return "none" if tier is None else "UNKNOWN" if tier is Verdict.UNKNOWN else tier.name


def _unknown(progress: Progress) -> str:
    names = [check.name for check in progress.checks if check.verdict is Verdict.UNKNOWN]
    return f"what is not known: {', '.join(names)}"


def _points(standing: Standing) -> Table:
    texts = {name: points_text(points) for name, points in standing.points.items()}
    texts |= {name: figure_text(value, standing.units[name]) for name, value in standing.figures.items()}
    rows = tuple(
        (
            name,
            bounded(text, at_least=name in standing.at_least, unsure=name in standing.unsure),
            _made_of(standing, name),
        )
        for name, text in texts.items()
    )
    notes = [AT_LEAST] * any(row[1].startswith("at least") for row in rows)
    notes += [UNSURE] * bool(standing.unsure)
    return Table("Points", ("of", column_of(standing.units), "made of"), rows, "lrl", " ".join(notes))


def _made_of(standing: Standing, name: str) -> str:
    """Say which tracks a measure adds up, how it is computed, or what was counted."""
    working = standing.workings.get(name)
    if working is not None:
        return formula(working) if len(working.parts) > 1 else _looked_up(working)
    tracks = standing.measures.get(name, ())
    return "" if tracks == (name,) else " + ".join(tracks)


def _looked_up(working: Reason) -> str:
    """Say what a measure is that computes nothing: something else as it is or was, or what it counts."""
    day = f"as of {working.day}" if working.parts and working.day else ""
    said = [text for part in working.parts for text in (part.label, day, part.note)]
    return ", ".join(filter(None, (*said, working.note)))


def progress_table(progress: Progress) -> Table:
    """Give every requirement of a tier with have, need, missing and verdict, and on whose word."""
    parts = asked_by(progress.checks)
    elsewhere = (check for check in progress.checks if check.verdict is None)
    rows = tuple(row for part in (*parts, *elsewhere) for row in _rows(part))
    asked = [check for check in progress.checks if check.verdict is not None]
    fails = list(fails_by(parts))
    notes = [
        *([f"Fails: {', '.join(fails)}."] if fails else []),
        *(f"About {check.name}: {check.note}." for check in asked if check.note),
        *([f"About these bars: {progress.note}."] if progress.note else []),
    ]
    eligible = "; eligible, by invitation" if progress.eligible else ""
    columns = ("requirement", "have", "need", "missing", "verdict", "grade", "source")
    return Table(f"{progress.tier}: {progress.verdict}{eligible}", columns, rows, "lrrrlll", " ".join(notes))


def _rows(part: Part, depth: int = 0, *, turned: bool = False) -> Iterator[tuple[str, ...]]:
    """Give a row for each requirement, below those that say how several count together.

    Nothing is missing of what is turned: of what stands under `not`, and need not be reached.
    """
    indent = INDENT * depth
    if isinstance(part, Together):
        yield f"{indent}{part}", "", "", "", verdict_of(part).value, "", ""
        for each in part.parts:
            yield from _rows(each, depth + 1, turned=turned ^ (part.junction is Junction.NOT))
        return
    have, need, missing, verdict = _cells(part)
    name = f"{part.name} (the vendor decides)" if part.by_vendor else part.name
    grade, source = part.grade.value if part.grade else "", part.source.id if part.source else ""
    yield f"{indent}{name}", have, need, "" if turned else missing, verdict, grade, source


def _cells(check: Check) -> tuple[str, str, str, str]:
    have, need, missing = check_texts(check)
    if check.verdict is None:
        return have, "none", "", "not applicable"
    if check.verdict is Verdict.UNKNOWN:
        return have or "unknown", need or "unknown", missing or "unknown", check.verdict.value
    return have or nothing(check), need, missing, check.verdict.value


def customers_table(customers: Sequence[CustomerPoints], units: Mapping[str, str], limits: str = "") -> Table:
    """Give the points of those who have most, and of how many of their facts something counts or is over.

    Args:
        customers: the customers, in their order.
        units: what the tracks and measures count that do not count points.
        limits: what they are limited to, in words.
    """
    names = tuple(customers[0].points) if customers else ()
    rows = tuple(
        (
            each.customer or "(no customer)",
            *(counted_text(points, name, units) for name, points in each.points.items()),
            _facts(each.active),
            _facts(each.expired),
        )
        for each in customers[:_MOST_CUSTOMERS]
    )
    more = len(customers) - len(rows)
    note = f"And {more} more customers." if more else "" if rows else "There are none."
    caption = f"Points by customer, {limits}" if limits else "Points by customer"
    align = "l" + "r" * (len(names) + 2)
    return Table(caption, ("customer", *names, "active", "expired"), rows, align, note)


def _facts(entries: Iterable[Entry]) -> str:
    return str(len({entry.fact for entry in entries if entry.fact}))


def problems_tables(problems: Sequence[Problem], caption: str = "Problems") -> tuple[Table, ...]:
    """Give what is wrong, one row each, and how much more there is; no table where nothing is."""
    rows = tuple(
        (each.where, str(each).removeprefix(each.where).removeprefix(": "))
        for each in problems[:_MOST_PROBLEMS]
    )
    more = len(problems) - len(rows)
    note = f"And {more:,} more." if more else ""
    return (Table(caption, ("where", "what is wrong"), rows, "ll", note),) if rows else ()


def sources_tables(tiers: Iterable[Progress]) -> tuple[Table, ...]:
    """Give where the bars of tiers were read; no table where none was."""
    return cited_tables("Sources of the bars", (check.source for tier in tiers for check in tier.checks))


def cited_tables(caption: str, sources: Iterable[Source | None]) -> tuple[Table, ...]:
    """Give where something was read, each page once; no table where nothing was."""
    pages = dict.fromkeys(source for source in sources if source)
    rows = tuple((each.id, page_of(each)) for each in pages)
    return (Table(caption, ("source", "read at"), rows, "ll"),) if rows else ()
