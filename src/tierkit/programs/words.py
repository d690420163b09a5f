"""The values of a program in words, for those who compare programs."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from tierkit.programs import measures as ops
from tierkit.programs.movements import Lag, Movement
from tierkit.programs.requirements import Condition, Junction, Subject
from tierkit.programs.rules import Clawback, Life, RateDay, ReadingKind, RoundTo, Sharing, Takes, While
from tierkit.values.currency import Currency
from tierkit.values.exact import decimal_text
from tierkit.values.tier import Tier

if TYPE_CHECKING:
    from collections.abc import Callable

    from tierkit.programs.measures import Operand
    from tierkit.programs.requirements import Requirement

POINT_VALUE = "point value: "
"""How the name of a point value begins; the currency follows."""


def words_of(value: object, name: str = "") -> str:
    """Say in words what a value of a program is; its name tells of a point value which currency it is in."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        return (
            _amount(value, name.removeprefix(POINT_VALUE)) if name.startswith(POINT_VALUE) else _number(value)
        )
    said = _WORDS.get(type(value))
    return str(value) if said is None else said(value)


def _reading(kind: ReadingKind) -> str:
    unit = f" in {kind.unit}" if kind.unit else ""
    by = ", by the vendor" if kind.by_vendor else ""
    return f"{kind.name}: {'yes or no' if kind.yes_no else 'a number'}{unit}{by}"


def _clawback(clawback: Clawback) -> str:
    taken = "all" if clawback.takes is Takes.ALL else "the days to come"
    return f"{taken} on {' or '.join(clawback.causes) or 'no cause'}"


def _rate_day(rate_day: RateDay) -> str:
    when = " and ".join(f"{name} is {said}" for name, said in rate_day.when.items())
    return f"by {rate_day.day} where {when}"


def _number(value: Fraction) -> str:
    return decimal_text(value) or str(value)


def _amount(minor: Fraction, code: str) -> str:
    return f"{_number(minor / 10 ** (Currency(code).minor_units or 0))} {code}"


def _life(life: Life) -> str:
    """Say how long points count: all ends that are given, of which the earliest is the end."""
    ends = [counted(number, unit) for number, unit in ((life.months, "month"), (life.days, "day")) if number]
    if life.months:
        ends[0] += f", short month {life.short_month}"
    if life.through:
        ends = [f"{end}, through the {life.through}" for end in ends or ["from the day"]]
    if life.lasts_while is not None:
        ends.append("while held" if life.lasts_while is While.HELD else "to the end of the personal year")
    if life.inactive_days is not None:
        ends.append(f"{life.inactive_days} days after each action")
    said = " or ".join(ends) + (", whichever ends first" if len(ends) > 1 else "")
    waits = ((life.pending_months, "month"), (life.pending_days, "day"))
    pending = " and ".join(counted(number, unit) for number, unit in waits if number)
    return (said or "for good") + (f"; pending for {pending}" if pending else "")


def _listed(operands: tuple[Operand, ...]) -> str:
    return ", ".join(map(_operand, operands))


def _operand(operand: Operand) -> str:
    return operand if isinstance(operand, str) else _number(operand)


def _net(by: ops.Net) -> str:
    first, *others = map(_operand, by.of)
    return f"{first} less {' and '.join(others) or 'nothing'}"


def _count(by: ops.Count) -> str:
    what = f"different values of {by.distinct} among the" if by.distinct else "how many"
    return f"{what} facts of {', '.join(by.of)}"


def _before(by: ops.Earlier) -> str:
    if by.stretch is not None:
        return counted(by.ago, by.stretch)
    lengths = ((by.months, "month"), (by.days, "day"))
    return " and ".join(counted(number, unit) for number, unit in lengths if number)


def _over(by: ops.Over) -> str:
    most = "" if by.at_most is None else f", each at most {_number(by.at_most)}"
    running = ", the running one among them" if by.running else ""
    last = counted(by.last, by.each)
    return f"{by.fold} of {by.of} {_COUNTED[by.counted]} each of the last {last}{most}{running}"


_COUNTED: Final = {
    ops.Counted.EARNED: "earned in",
    ops.Counted.STANDING: "standing at the end of",
    ops.Counted.BEST_DAY: "on the best day of",
}


def tree_words(requirement: Requirement, *, bars: bool) -> str:
    """Say how conditions combine, with their bars or without them."""
    if isinstance(requirement, Condition):
        return condition_words(requirement) if bars else name_of(requirement)
    parts = ", ".join(tree_words(part, bars=bars) for part in requirement.parts)
    least = requirement.junction is Junction.AT_LEAST
    return f"{f'at least {requirement.least}' if least else requirement.junction} of ({parts})"


def condition_words(condition: Condition) -> str:
    """Say what a condition asks."""
    return f"{name_of(condition)} {condition.comparison} {words_of(condition.bar)}"


def name_of(condition: Condition) -> str:
    """Say what a condition looks at."""
    prefix = f"{condition.subject} " if condition.subject in (Subject.PARTNER, Subject.LADDER) else ""
    return prefix + condition.quantity


def counted(number: int, noun: str) -> str:
    """Say a number of things."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _movement(movement: Movement) -> str:
    """Say a movement as its file does, in words."""
    said = [f"{movement.kind} on {', '.join(movement.on)}"]
    window = f" of {', '.join(movement.judged_on)}{_window(movement)}" if movement.judged_on else ""
    said.append(f"judged by {movement.take}{window}, bars of {movement.bars}")
    if movement.asked_on_the_day:
        said.append(f"{', '.join(movement.asked_on_the_day)} asked on the day")
    said.extend((f"effective {lag_words(movement.effective)}", f"to {movement.to}"))
    if movement.protected_months:
        said.append(f"not within {movement.protected_months} months after a rise")
    if movement.restarts_year:
        said.append("restarts the year")
    if movement.deduct:
        said.append(f"deducts the bar from {movement.deduct}")
    if movement.carry:
        most = "" if movement.carry_at_most is None else f", at most {_number(movement.carry_at_most)}"
        said.append(f"carries what is left of {movement.carry}{most}")
    return "; ".join(said)


def _window(movement: Movement) -> str:
    if movement.judged_last == Lag():
        return f" since {', '.join(movement.judged_since)}"
    return f" in the last {_length(movement.judged_last)}"


def lag_words(lag: Lag) -> str:
    """Say how long after a review its result takes effect."""
    return "on the same day" if lag == Lag() else f"{_length(lag)} later"


def _length(lag: Lag) -> str:
    lengths = ((lag.months, "month"), (lag.days, "day"))
    return " and ".join(counted(number, unit) for number, unit in lengths if number)


_OPERATIONS: Final[dict[type, Callable[[Any], str]]] = {
    ops.Sum: lambda by: f"sum of {_listed(by.of)}",
    ops.Net: _net,
    ops.Product: lambda by: f"product of {_listed(by.of)}",
    ops.Lowest: lambda by: f"the lowest of {_listed(by.of)}",
    ops.Highest: lambda by: f"the highest of {_listed(by.of)}",
    ops.Ratio: lambda by: f"{_operand(by.of)} over {_operand(by.to)}",
    ops.Count: _count,
    ops.Scale: lambda by: (
        f"{_number(by.gives)} for {_number(by.full)} {_operand(by.of)}, a part for a part of it"
    ),
    ops.OnlyIf: lambda by: f"{_operand(by.of)} only if {tree_words(by.requires, bars=True)}",
    ops.Rounded: lambda by: f"{by.of}, {by.mode} to whole multiples of {_number(by.to)}",
    ops.Earlier: lambda by: f"{by.of}, {_before(by)} before",
    ops.Over: _over,
    ops.Tenure: lambda by: f"months as {by.tier} or above",
}
"""What an operator makes of its operands, in words."""

_WORDS: Final[dict[type, Callable[[Any], str]]] = {
    Life: _life,
    Movement: _movement,
    RateDay: _rate_day,
    Clawback: _clawback,
    ops.Measure: lambda measure: f"{measure.name}: {_OPERATIONS[type(measure.by)](measure.by)}",
    ReadingKind: _reading,
    Tier: lambda tier: f"{tier.name}, rank {tier.rank}",
    RoundTo: lambda to: f"{to.mode} to whole multiples of {_number(to.to)}",
    Sharing: lambda sharing: f"among {sharing}",
}
"""What a value of a type is, in words."""
