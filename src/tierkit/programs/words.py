"""The values of a program in words, for those who compare programs."""

from __future__ import annotations

from fractions import Fraction

from tierkit.programs.movements import Lag, Movement
from tierkit.programs.rules import Clawback, Life, Measure, RateDay, ReadingKind, Sharing, Takes, While
from tierkit.values.currency import Currency
from tierkit.values.exact import decimal_text
from tierkit.values.tier import Tier

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
    if isinstance(value, Life):
        return _life(value)
    if isinstance(value, Movement):
        return _movement(value)
    return _others(value)


def _others(value: object) -> str:
    if isinstance(value, RateDay):
        return f"by {value.day} where " + " and ".join(
            f"{name} is {said}" for name, said in value.when.items()
        )
    if isinstance(value, Clawback):
        taken = "all" if value.takes is Takes.ALL else "the days to come"
        return f"{taken} on {' or '.join(value.causes) or 'no cause'}"
    if isinstance(value, Measure):
        return f"{value.name}: sum of {', '.join(value.sum)}"
    if isinstance(value, ReadingKind):
        unit = f" in {value.unit}" if value.unit else ""
        by = ", by the vendor" if value.by_vendor else ""
        return f"{value.name}: {'yes or no' if value.yes_no else 'a number'}{unit}{by}"
    if isinstance(value, Tier):
        return f"{value.name}, rank {value.rank}"
    return f"among {value}" if isinstance(value, Sharing) else str(value)


def _number(value: Fraction) -> str:
    return decimal_text(value) or str(value)


def _amount(minor: Fraction, code: str) -> str:
    return f"{_number(minor / 10 ** (Currency(code).minor_units or 0))} {code}"


def _life(life: Life) -> str:
    if life.lasts_while is While.HELD:
        return "while held"
    if life.lasts_while is While.ACTIVE:
        return f"{life.days} days after each action"
    if life.lasts_while is While.YEAR:
        return "to the end of the personal year"
    return f"{life.months} months, short month {life.short_month}" if life.months else f"{life.days} days"


def _movement(movement: Movement) -> str:
    """Say a movement as its file does, in words."""
    said = [f"{movement.kind} on {', '.join(movement.on)}"]
    window = f" of {', '.join(movement.judged_on)} since {', '.join(movement.judged_since)}"
    said.append(f"judged by {movement.take}{window if movement.judged_on else ''}, bars of {movement.bars}")
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


def lag_words(lag: Lag) -> str:
    """Say how long after a review its result takes effect."""
    if lag == Lag():
        return "on the same day"
    number, unit = (lag.months, "month") if lag.months else (lag.days, "day")
    return f"{number} {unit}{'' if number == 1 else 's'} later"
