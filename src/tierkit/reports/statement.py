"""The statement of a partner as tables: tier, points, requirements, customers, problems, sources."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from tierkit.reports.numbers import (
    bounded,
    check_texts,
    counted_text,
    figure_text,
    formula,
    points_text,
)
from tierkit.reports.table import Table
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tierkit.engine.judge import Check, Progress
    from tierkit.engine.standing import CustomerPoints, Standing
    from tierkit.engine.verdicts import ReachedTier
    from tierkit.errors import Problem
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
    return Table("Points", ("of", "points", "made of"), rows, "lrl", " ".join(notes))


def _made_of(standing: Standing, name: str) -> str:
    """Say which tracks a measure adds up, or how it is computed."""
    if name in standing.workings:
        return formula(standing.workings[name])
    tracks = standing.measures.get(name, ())
    return "" if tracks == (name,) else " + ".join(tracks)


def progress_table(progress: Progress) -> Table:
    """Give every requirement of a tier with have, need, missing and verdict, and on whose word."""
    rows = tuple(
        (
            _requirement(check),
            *_cells(check),
            check.grade.value if check.grade else "",
            check.source.id if check.source else "",
        )
        for check in progress.checks
    )
    asked = [check for check in progress.checks if check.verdict is not None]
    in_the_way = (each for each in asked if each.in_the_way and each.verdict is not Verdict.UNKNOWN)
    fails = list(_fails(in_the_way))
    notes = [
        *([f"Fails: {', '.join(fails)}."] if fails else []),
        *(f"About {check.name}: {check.note}." for check in asked if check.note),
        *([f"About these bars: {progress.note}."] if progress.note else []),
    ]
    eligible = "; eligible, by invitation" if progress.eligible else ""
    columns = ("requirement", "have", "need", "missing", "verdict", "grade", "source")
    return Table(f"{progress.tier}: {progress.verdict}{eligible}", columns, rows, "lrrrlll", " ".join(notes))


def _requirement(check: Check) -> str:
    """Name a requirement, with how it counts where not just all are asked, and who decides."""
    said = ", ".join(filter(None, (check.within, "the vendor decides" if check.by_vendor else "")))
    return f"{check.name} ({said})" if said else check.name


def _fails(checks: Iterable[Check]) -> Iterator[str]:
    """Say what a tier fails by: alternatives together, as one of them would do."""
    for within, group in groupby(checks, key=attrgetter("within")):
        said = [f"{check.name} {_by_how_much(check)}" for check in group]
        yield from [f"{within} of ({', '.join(said)})"] if within else said


def _cells(check: Check) -> tuple[str, str, str, str]:
    have, need, missing = check_texts(check)
    if check.verdict is None:
        return have, "none", "", "not applicable"
    if check.verdict is Verdict.UNKNOWN:
        return have or "unknown", need or "unknown", missing or "unknown", check.verdict.value
    return have, need, missing, check.verdict.value


def _by_how_much(check: Check) -> str:
    have, need, missing = check_texts(check)
    return f"by {missing}" if check.missing else f"is {have} where {need} is asked for"


def customers_table(customers: Sequence[CustomerPoints], units: Mapping[str, str], limits: str = "") -> Table:
    """Give the points of those who have most, and how many of their entries count or have expired.

    Args:
        customers: the customers, in their order.
        units: what the tracks and measures count that do not count points.
        limits: what they are limited to, in words.
    """
    names = tuple(customers[0].points) if customers else ()
    rows = tuple(
        (
            each.customer,
            *(counted_text(points, name, units) for name, points in each.points.items()),
            str(len(each.active)),
            str(len(each.expired)),
        )
        for each in customers[:_MOST_CUSTOMERS]
    )
    more = len(customers) - len(rows)
    note = f"And {more} more customers." if more else "" if rows else "There are none."
    caption = f"Points by customer, {limits}" if limits else "Points by customer"
    align = "l" + "r" * (len(names) + 2)
    return Table(caption, ("customer", *names, "active", "expired"), rows, align, note)


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
    rows = tuple((each.id, f"{each.url} ({each.version})" if each.version else each.url) for each in pages)
    return (Table(caption, ("source", "read at"), rows, "ll"),) if rows else ()
