"""Reading the measures of a program file: each is one operator, which a key of its table names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tierkit.programs import measures as ops
from tierkit.programs.reading.draft import Draft, cited
from tierkit.programs.reading.requirements import read_requirement
from tierkit.programs.reading.table import near
from tierkit.values.calendar import Stretch
from tierkit.values.rates import Rounding

if TYPE_CHECKING:
    from collections.abc import Callable

    from tierkit.programs.reading.table import Table

_MOST_MONTHS = 1200
_MOST_DAYS = 36_500
MOST_STRETCHES: Final = 400
"""How many stretches of the calendar a measure may look at; where the best day is asked, each day is one."""

DAYS_OF: Final = {Stretch.DAY: 1, Stretch.MONTH: 31, Stretch.QUARTER: 92, Stretch.YEAR: 366}
"""The most days of a stretch."""


def read_measure(row: Table, name: str, draft: Draft) -> ops.Measure:
    """Read one measure."""
    said = [key for key in _READ if row.has(key)]
    label = row.name(name)
    if len(said) == 1:
        operation = _READ[said[0]](row, draft)
    else:
        found = f"both {' and '.join(f'`{key}`' for key in said)}" if said else "no operator"
        expected = "one of " + ", ".join(f"`{key}`" for key in _READ)
        key = next((key for key in row.raw if key not in ("name", *said)), "")
        hint = near(key, _READ) or "what takes two operators takes two measures: name one, use it in another"
        row.problem(said[0] if said else key or "sum", found, expected, hint)
        row.skip()
        operation = ops.Sum(())
    row.close()
    return ops.Measure(name, label, operation)


def _ratio(row: Table, _: Draft) -> ops.Operation:
    operands = row.operands("ratio")
    if len(operands) == 2:  # noqa: PLR2004 - of and to
        return ops.Ratio(*operands)
    if operands:
        found = f"{len(operands)} operand{'' if len(operands) == 1 else 's'}"
        row.problem("ratio", found, 'two: ["what", "of what"]', "name sums as measures of their own")
    return ops.Sum(())


def _scale(row: Table, _: Draft) -> ops.Operation:
    return ops.Scale(row.operand("scale"), row.above_zero("full"), row.number("gives"))


def _only_if(row: Table, draft: Draft) -> ops.Operation:
    tree = row.table("only-if")
    requirement = read_requirement(tree, draft, *cited(tree, draft))
    tree.text("note", "")
    tree.close()
    return ops.OnlyIf(row.operand("of"), requirement)


def _rounded(row: Table, _: Draft) -> ops.Operation:
    return ops.Rounded(row.text("round"), row.above_zero("to"), Rounding(row.one_of("mode", list(Rounding))))


def _earlier(row: Table, _: Draft) -> ops.Operation:
    of = row.text("earlier")
    calendar = row.has("ago") or row.has("stretch")
    length = row.has("months") or row.has("days")
    if calendar is length:
        found = "both" if calendar else "neither"
        expected = "either `months` and `days`, or `ago` and `stretch`"
        row.problem("earlier", found, expected, 'write months = 12, or ago = 1 and stretch = "year"')
        row.skip()
        return ops.Earlier(of, months=12)
    if calendar:
        ago = row.whole("ago", least=1, most=MOST_STRETCHES)
        return ops.Earlier(of, ago=ago, stretch=Stretch(row.one_of("stretch", list(Stretch))))
    months, days = (
        row.whole(key, 0, least=1, most=most)
        for key, most in (("months", _MOST_MONTHS), ("days", _MOST_DAYS))
    )
    return ops.Earlier(of, months, days)


def _over(row: Table, _: Draft) -> ops.Operation:
    over = ops.Over(
        of=row.text("over"),
        each=Stretch(row.one_of("each", list(Stretch))),
        last=row.whole("last", least=1, most=MOST_STRETCHES),
        fold=ops.Fold(row.one_of("fold", list(ops.Fold))),
        counted=ops.Counted(row.one_of("counted", list(ops.Counted))),
        at_most=row.number("at-most") if row.has("at-most") else None,
        running=row.flag("running", default=False),
    )
    most = MOST_STRETCHES // DAYS_OF[over.each]
    if over.counted is ops.Counted.BEST_DAY and over.last > most:
        expected = f'at most {most} beside each = "{over.each}": every day of them is looked at'
        row.wrong("last", over.last, expected, 'look at fewer, or take counted = "standing"')
    return over


def _many(
    kind: Callable[[tuple[ops.Operand, ...]], ops.Operation], key: str
) -> Callable[[Table, Draft], ops.Operation]:
    return lambda row, _: kind(row.operands(key))


_READ: Final[dict[str, Callable[[Table, Draft], ops.Operation]]] = {
    "sum": _many(ops.Sum, "sum"),
    "net": _many(ops.Net, "net"),
    "product": _many(ops.Product, "product"),
    "min": _many(ops.Lowest, "min"),
    "max": _many(ops.Highest, "max"),
    "ratio": _ratio,
    "count": lambda row, _: ops.Count(row.texts("count")),
    "distinct": lambda row, _: ops.Count(row.texts("of"), row.text("distinct")),
    "scale": _scale,
    "only-if": _only_if,
    "round": _rounded,
    "earlier": _earlier,
    "over": _over,
    "tenure": lambda row, _: ops.Tenure(row.text("tenure")),
}
"""By which key each operator is named, and how its table is read."""
