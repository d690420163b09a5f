"""Writing the measures of a program, and the trees of conditions that they and tiers ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tierkit.programs import measures as ops
from tierkit.programs.reading.draft import UNSOURCED
from tierkit.programs.requirements import Combination, Condition, Junction, Requirement, Sense, Subject
from tierkit.programs.writing.parts import Form, Sources, named, number, saying

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tierkit.programs.measures import Measure, Operand, Operation
    from tierkit.values.source import Grade, Source


def measure_form(measure: Measure, cites: Sources) -> Form:
    """Write a measure: the key that names its operator, and what that looks at."""
    return named(measure.id, measure.name) | _operation(measure.by, cites)


def _operation(by: Operation, cites: Sources) -> Form:
    match by:
        case ops.Sum(of) | ops.Net(of) | ops.Product(of) | ops.Lowest(of) | ops.Highest(of):
            return {_LISTS[type(by)]: _operands(of)}
        case ops.Ratio(of, to):
            return {"ratio": _operands((of, to))}
        case ops.Count(of, distinct):
            return {"distinct": distinct, "of": list(of)} if distinct else {"count": list(of)}
        case ops.OnlyIf(of, requires):
            return {"only-if": prerequisite_form(requires, cites), "of": _operand(of)}
        case ops.Tenure(tier):
            return {"tenure": tier}
        case _:
            return _of_one(by)


_LISTS: Final = {
    ops.Sum: "sum",
    ops.Net: "net",
    ops.Product: "product",
    ops.Lowest: "min",
    ops.Highest: "max",
}


def _of_one(by: ops.Scale | ops.Rounded | ops.Earlier | ops.Over) -> Form:
    """Write an operator on one operand, with what it is told besides."""
    match by:
        case ops.Scale(of, full, gives):
            return {"scale": _operand(of), "full": number(full), "gives": number(gives)}
        case ops.Rounded(of, to, mode):
            return {"round": of, "to": number(to), "mode": str(mode)}
        case ops.Earlier():
            said: Form = {"months": by.months or None, "days": by.days or None, "ago": by.ago or None}
            return {"earlier": by.of} | saying(said | {"stretch": by.stretch and str(by.stretch)})
        case _:
            asked = {"each": str(by.each), "last": by.last, "fold": str(by.fold), "counted": str(by.counted)}
            most = {} if by.at_most is None else {"at-most": number(by.at_most)}
            return {"over": by.of} | asked | most | saying({"running": by.running})


def _operands(of: Iterable[Operand]) -> list[Any]:
    return [_operand(each) for each in of]


def _operand(of: Operand) -> Any:  # noqa: ANN401 - a name or a number
    return of if isinstance(of, str) else number(of)


def prerequisite_form(requirement: Requirement, cites: Sources) -> Form:
    """Write a tree that has no word of its own: that of its first condition, unless another has none."""
    nothing = UNSOURCED, UNSOURCED.grade
    if isinstance(requirement, Condition):
        return _condition(requirement, cites, nothing)
    words = [(each.source, each.grade) for each in requirement.conditions()]
    around = nothing if any(source == UNSOURCED for source, _ in words) else words[0]
    return _combination(requirement, cites, around) | cites.cited(*around)


def requirement_form(requirement: Requirement, cites: Sources, around: tuple[Source, Grade]) -> Form:
    """Write a tree of conditions; one that says no word of its own stands on that of what is around it."""
    if isinstance(requirement, Combination):
        return _combination(requirement, cites, around)
    return _condition(requirement, cites, around)


def _combination(combination: Combination, cites: Sources, around: tuple[Source, Grade]) -> Form:
    parts = [requirement_form(part, cites, around) for part in combination.parts]
    if combination.junction is Junction.NOT:
        return {"not": parts[0]}
    if combination.junction is Junction.AT_LEAST:
        return {"at-least": combination.least, "of": parts}
    return {str(combination.junction): parts}


def _condition(condition: Condition, cites: Sources, around: tuple[Source, Grade]) -> Form:
    bar = condition.bar
    said = bar if isinstance(bar, str | bool) else number(bar)
    key = "tier" if condition.subject is Subject.LADDER else _BAR_KEYS[condition.comparison]
    word = cites.cited(condition.source, condition.grade, around) | saying({"note": condition.note})
    return {str(condition.subject): condition.quantity, key: said} | word


_BAR_KEYS: Final = {Sense.AT_LEAST: "at-least", Sense.ABOVE: "above", Sense.IS: "is", Sense.IN_GROUP: "group"}
