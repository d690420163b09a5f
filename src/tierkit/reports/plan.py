"""A plan as tables: what is missing, the least to sell, what else would do, the accounts to keep alive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tierkit.frozen import changed
from tierkit.reports.changes import more_than
from tierkit.reports.numbers import counted_text, money_text
from tierkit.reports.statement import problems_tables, progress_table, sources_tables
from tierkit.reports.table import Table
from tierkit.values.points import Points

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tierkit.engine.plan import Plan
    from tierkit.engine.planning.keeping import KeptAccount
    from tierkit.engine.planning.sellable import PlanPart

_MOST_ROWS: Final = 50


def plan_tables(plan: Plan) -> tuple[Table, ...]:
    """Give what is missing on the day, the least mix that brings it, and each way by itself."""
    progress = progress_table(plan.progress)
    all_of_it = f"All of it is needed; what decides: {', '.join(plan.binding)}. {_closing(plan)}"
    return (
        _answer(plan),
        changed(progress, caption=f"{progress.caption} on {plan.by}, if nothing else happens"),
        *_parts("The least to sell", plan.mix, plan.units, all_of_it),
        *_parts("Each of these alone would do", plan.options, plan.units, _closing(plan)),
        *_kept(plan),
        *problems_tables(plan.problems, "What could not be valued"),
        *sources_tables([plan.progress]),
    )


def _closing(plan: Plan) -> str:
    return f"Closing on {plan.closing}. The points are shown cut; exactly they are enough."


def _answer(plan: Plan) -> Table:
    rows = [("program", plan.program), ("looking ahead from", str(plan.on))]
    if plan.gates:
        rows.append(("points missing", ", ".join(check.name for check in plan.gates)))
    if plan.waiting:
        rows.append(("what a plan does not count", ", ".join(check.name for check in plan.waiting)))
    if not plan.gates and not plan.waiting:
        rows.append(("missing", "nothing"))
    if plan.note:
        rows.append(("note", plan.note))
    return Table(f"Plan of {plan.partner} for {plan.tier} by {plan.by}", ("", ""), tuple(rows), "ll")


def _parts(caption: str, parts: Sequence[PlanPart], units: Mapping[str, str], note: str) -> tuple[Table, ...]:
    """Give amounts to sell with the points that each brings; no table where there are none."""
    names = _counted(part.points for part in parts)
    rows = tuple(
        (
            part.kind,
            _place(part),
            _amount(part),
            *(counted_text(part.points[name], name, units) for name in names),
            ", ".join(part.binding),
        )
        for part in parts
    )
    columns = ("kind", "market", "to sell", *names, "what decides")
    return (Table(caption, columns, rows, "llr" + "r" * len(names) + "l", note),) if rows else ()


def _amount(part: PlanPart) -> str:
    amount = f"{money_text(part.mrr)} a month"
    return amount if part.deals == 1 else f"{part.deals:,} deals of {amount}"


def _place(part: PlanPart) -> str:
    if part.market is None:
        return "any"
    return f"{part.market.code} ({part.group})" if part.group else part.market.code


def _kept(plan: Plan) -> tuple[Table, ...]:
    """Give the accounts to keep alive; no table where none lapses that would help."""
    accounts: Sequence[KeptAccount] = plan.keep
    names = _counted(each.points for each in accounts)
    rows = tuple(
        (each.account, each.customer, *(counted_text(each.points[name], name, plan.units) for name in names))
        for each in accounts[:_MOST_ROWS]
    )
    enough = "these are enough" if plan.kept_enough else "these are all, and not enough"
    caption = f"Accounts to keep alive until {plan.by}: {enough}"
    align, note = "ll" + "r" * len(names), more_than(accounts, _MOST_ROWS)
    return (Table(caption, ("account", "customer", *names), rows, align, note),) if rows else ()


def _counted(given: Iterable[Mapping[str, Points]]) -> tuple[str, ...]:
    """Name the tracks and measures to which any of some points are added."""
    return tuple(
        dict.fromkeys(name for points in given for name, each in points.items() if each != Points(0))
    )
