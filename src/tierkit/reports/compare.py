"""A book under several programs, as tables: what each partner has under each, and how the rules differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tierkit.engine.compare import TierChange
from tierkit.reports.journey import performance_text, tier_text
from tierkit.reports.numbers import bounded, figure_text, points_text, signed
from tierkit.reports.statement import problems_tables
from tierkit.reports.table import Table
from tierkit.values.points import Points

if TYPE_CHECKING:
    from tierkit.engine.compare import ComparedStanding, Comparison

_MOST_PARTNERS: Final = 20
_MOST_DIFFERENCES: Final = 50


def comparison_tables(comparison: Comparison) -> tuple[Table, ...]:
    """Give each partner under each program, those first for whom something differs, then the rules."""
    first, *others = comparison.programs
    return (
        _standings(comparison),
        *(table for label in comparison.programs for table in _problems(comparison, label)),
        *(table for label in others for table in _differences(first, label, comparison)),
    )


def _problems(comparison: Comparison, label: str) -> tuple[Table, ...]:
    """Give what could not be valued under a program, whoever it is of; no table where all could."""
    problems = dict.fromkeys(each for partner in comparison.partners for each in partner[label].problems)
    return problems_tables(list(problems), f"What could not be valued under {label}")


def _standings(comparison: Comparison) -> Table:
    ordered = sorted(comparison.partners, key=lambda each: not each.changed)
    standings = [each for partner in ordered[:_MOST_PARTNERS] for each in partner.standings]
    names = tuple(dict.fromkeys(name for each in standings for name in (*each.points, *each.figures)))
    refused = any(each.refused for each in standings)
    rows = tuple(
        (
            partner.partner,
            each.program,
            *(_quantity(each, name) for name in names),
            _told(performance_text(each.performance_tier, each.possible_tier), each.performance_change),
            _told(tier_text(each.credited_tier), each.credited_change),
            *(["; ".join(map(str, each.refused))] if refused else ()),
        )
        for partner in ordered[:_MOST_PARTNERS]
        for each in partner.standings
    )
    columns = ("partner", "program", *names, "performance tier", "credited tier", *["refused"] * refused)
    align = "ll" + "r" * len(names) + "ll" + "l" * refused
    every, rest = len(ordered), ordered[_MOST_PARTNERS:]
    notes = [f"A quantity or a tier is known to differ for {len(comparison.changed)} of {every} partners."]
    if rest:
        differing = sum(each.changed for each in rest)
        notes += [f"Not shown: {len(rest):,} partners, of whom {differing:,} differ; JSON has them all."]
    return Table(f"The book on {comparison.on}", columns, rows, align, " ".join(notes))


def _quantity(standing: ComparedStanding, name: str) -> str:
    """Write what there is of a quantity, and beside it how much more or less than under the first program."""
    if name in standing.points:
        text, more = points_text(standing.points[name]), standing.gained.get(name, Points(0))
    elif name in standing.figures:
        text = figure_text(standing.figures[name], standing.units[name])
        more = Points(standing.grown.get(name, 0))
    else:
        return ""
    text = bounded(text, at_least=name in standing.at_least, unsure=name in standing.unsure)
    return f"{text} ({signed(more, name, standing.units)})" if more != Points(0) else text


def _told(tier: str, change: TierChange) -> str:
    return f"{tier} ({change})" if change in (TierChange.ROSE, TierChange.FELL) else tier


def _differences(first: str, label: str, comparison: Comparison) -> tuple[Table, ...]:
    """Give what a program has otherwise, what holds on the day of the comparison first."""
    differences = sorted(comparison.differences[label], key=lambda each: comparison.on not in each.span)
    rows = tuple(
        (each.name, str(each.span), str(each.before or "nothing"), str(each.after or "nothing"))
        for each in differences[:_MOST_DIFFERENCES]
    )
    more = len(differences) - len(rows)
    note = f"And {more:,} more." if more else "" if rows else "They say the same."
    columns = ("of", "days", first, label)
    return (Table(f"What {label} has otherwise than {first}", columns, rows, "llll", note),)
