"""A forecast as tables: when the tier falls, the coming reviews, what goes when, the accounts' days left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tierkit.engine.moving.journey import rank_of
from tierkit.frozen import changed
from tierkit.reports.changes import more_than
from tierkit.reports.journey import (
    bounded_points,
    decided_tables,
    doubts,
    moments_table,
    performance_text,
    quantities_of,
    tier_text,
)
from tierkit.reports.numbers import column_of, counted_text, signed
from tierkit.reports.statement import problems_tables, progress_table
from tierkit.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tierkit.engine.changing.point_changes import PointChange
    from tierkit.engine.forecast import AccountDays, Course, Forecast

_MOST_ROWS: Final = 50
_IDLE: Final = "if nothing else happens"
_SERVICED: Final = "if the accounts stay serviced"


def forecast_tables(forecast: Forecast) -> tuple[Table, ...]:
    """Give when the tier falls and for want of what, then what leads there."""
    as_is, serviced, units = forecast.as_is, forecast.serviced, forecast.units
    return (
        _answer(forecast),
        *_lacking(forecast),
        _reviews(forecast),
        *decided_tables(as_is.decisions, f"What will be decided {_IDLE}"),
        moments_table(f"Points {_IDLE}", as_is.days, units),
        *([moments_table(f"Points {_SERVICED}", serviced.days, units)] * (serviced.days != as_is.days)),
        *_accounts(forecast.accounts, units),
        *_goings(forecast.changes.rows, units),
        *problems_tables(forecast.problems, "What could not be valued"),
    )


def _answer(forecast: Forecast) -> Table:
    rows = [
        ("program", forecast.program),
        ("credited tier", tier_text(forecast.credited_tier)),
        (_IDLE, _fall(forecast.as_is)),
        (_SERVICED, _fall(forecast.serviced)),
    ]
    if forecast.note:
        rows.append(("note", forecast.note))
    caption = f"Forecast of {forecast.partner}, {forecast.on} to {forecast.until}"
    return Table(caption, ("", ""), tuple(rows), "ll")


def _fall(course: Course) -> str:
    """Say when the credited tier falls, or may fall before what is not known is settled."""
    falls = f"it falls on {course.falls_on}" if course.falls_on else "it does not fall"
    if course.may_fall_on == course.falls_on:
        return falls
    return f"it may fall on {course.may_fall_on}, for want of what is not known" + (
        f"; {falls} at the latest" if course.falls_on else ""
    )


def _lacking(forecast: Forecast) -> tuple[Table, ...]:
    """Give what the tier that is lost first lacks at the review that takes it, or may take it."""
    course = forecast.as_is
    day = course.falls_on or course.may_fall_on
    falls = (each for each in course.decisions if rank_of(each.after[0]) < rank_of(each.before[-1]))
    taken = next((each for each in falls if each.effective_on == day), None)
    review = next((each for each in course.reviews if taken is not None and each.on == taken.on), None)
    if taken is None or review is None or taken.before[1:]:
        return ()
    table = progress_table(next(each for each in review.tiers if each.tier == taken.before[0]))
    return (changed(table, caption=f"{table.caption} on {review.as_of}, {_IDLE}"),)


def _reviews(forecast: Forecast) -> Table:
    """Give a row for each coming review; a year that ends when serviced alone has none."""
    names = quantities_of(forecast.as_is.reviews[0]) if forecast.as_is.reviews else ()
    noted = any(each.note for each in forecast.as_is.reviews)
    earlier = any(each.as_of != each.on for each in forecast.as_is.reviews)
    serviced = {each.on: tier_text(each.credited_tier) for each in forecast.serviced.reviews}
    rows = tuple(
        (
            str(each.on),
            *([str(each.as_of)] if earlier else ()),
            ", ".join(each.movements),
            *(bounded_points(each, name, forecast.units.get(name, "")) for name in names),
            performance_text(each.performance_tier, each.possible_tier),
            tier_text(each.credited_tier),
            serviced.get(each.on, ""),
            *([each.note] if noted else ()),
        )
        for each in forecast.as_is.reviews
    )
    tiers = ("performance tier", "credited tier", "if serviced")
    days = ("day", "as of") if earlier else ("day",)
    columns = (*days, "movements", *names, *tiers, *(["note"] if noted else ()))
    align = "l" * len(days) + "l" + "r" * len(names) + "lll" + "l" * noted
    note = "".join(doubts(forecast.as_is.reviews)) if rows else "There are none."
    return Table(f"Coming reviews {_IDLE}", columns, rows, align, note)


def _accounts(accounts: Sequence[AccountDays], units: Mapping[str, str]) -> tuple[Table, ...]:
    rows = tuple(
        (
            each.account,
            each.customer,
            counted_text(each.points, each.track, units),
            each.track,
            str(each.last_action or ""),
            str(each.lapses_on or ""),
            "" if each.days_left is None else str(each.days_left),
        )
        for each in accounts[:_MOST_ROWS]
    )
    columns = ("account", "customer", column_of(units), "track", "last action", "lapses on", "days left")
    note = more_than(accounts, _MOST_ROWS)
    return (Table("Accounts by days left", columns, rows, "llrlllr", note),) if rows else ()


def _goings(changes: Sequence[PointChange], units: Mapping[str, str]) -> tuple[Table, ...]:
    rows = tuple(
        (
            str(row.on),
            row.cause.value,
            row.fact,
            row.track,
            signed(row.after - row.before, row.track, units),
            row.customer,
        )
        for row in changes[:_MOST_ROWS]
    )
    columns = ("day", "cause", "fact", "track", "change", "customer")
    note = more_than(changes, _MOST_ROWS)
    return (Table(f"What goes when, {_IDLE}", columns, rows, "llllrl", note),) if rows else ()
