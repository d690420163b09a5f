"""Reading the movements of a program file."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import TYPE_CHECKING, Final

from tierkit.programs.movements import (
    AT_ONCE,
    EVERY_DAY,
    YEAR_END,
    BarsOf,
    Lag,
    MoveKind,
    Movement,
    Reach,
    Take,
)
from tierkit.programs.reading.draft import Draft, period_of
from tierkit.programs.reading.table import near

if TYPE_CHECKING:
    from fractions import Fraction

    from tierkit.programs.reading.table import Table

_DAY_OF_A_YEAR: Final = re.compile(r"([0-9]{2}|\*)-([0-9]{2})")
_LONGEST_MONTH: Final = 31
_LONGEST_MONTHS: Final = {month: monthrange(2024, month)[1] for month in range(1, 13)}  # with 29 February
_FEBRUARIES: Final = (28, 29)
LONGEST: Final = {"months": 120, "days": 3653}
"""Ten years: the longest window, each day of which may be looked at, and the latest effect of a review."""
_TEN_YEARS: Final = "no review looks further than ten years"
_SAME_DAY: Final = "same-day"
_REACHES: Final = {
    MoveKind.RISE: (Reach.BEST, Reach.NEXT),
    MoveKind.FALL: (Reach.BEST_JUDGED, Reach.NEXT_LOWER),
}


def read_movement(row: Table, draft: Draft) -> Movement:
    """Read one movement; an overlay restates it whole, by its id."""
    judged, protected, posts = (row.table(key) for key in ("judged", "unless-held-under", "posts"))
    period = period_of(row, draft, None)
    kind = MoveKind(row.one_of("kind", list(MoveKind)))
    movement = Movement(
        id=row.id(),
        kind=kind,
        on=_days(row, "on", also=(AT_ONCE, YEAR_END)),
        judged_on=_days(judged, "on", (), also=(EVERY_DAY,)),
        judged_since=_days(judged, "since", (), each_month=False),
        judged_last=_last(judged),
        take=Take(judged.one_of("take", list(Take))),
        bars=BarsOf(judged.one_of("bars", list(BarsOf), BarsOf.OWN_DAY.value)),
        asked_on_the_day=row.texts("asked-on-the-day", ()),
        effective=_lag(row),
        to=Reach(row.one_of("to", _REACHES[kind])),
        protected_months=protected.whole("months", 0, most=1200),
        restarts_year=row.flag("restarts-year", default=False),
        deduct=posts.text("deduct", ""),
        carry=posts.text("carry", ""),
        carry_at_most=_most(posts),
        effective_from=period.effective_from,
        effective_until=period.effective_until,
        source=period.source,
        grade=period.grade,
        note=period.note,
        file=period.file,
    )
    draft.put(movement, row)
    _check_window(judged, movement)
    _check_kind(row, movement)
    _check_posts(posts, movement)
    _check_lag(row, movement)
    for table in (judged, protected, posts):
        table.close()
    return movement


def _check_window(judged: Table, movement: Movement) -> None:
    """Find what does not fit together in what is judged: a window has its days and its beginning."""
    windows = movement.take in (Take.BEST, Take.WORST)
    if windows and not movement.judged_on:
        expected = f'the days whose performance is looked at, with take = "{movement.take}"'
        hint = 'add `on = ["*-15"]` and `since` or `last`, or take "same-day"'
        judged.problem("on", "no day", expected, hint)
    elif movement.judged_on and not windows:
        hint = 'leave `on`, `since` and `last` out, or take "best" or "worst"'
        judged.wrong("on", list(movement.judged_on), f'no days beside take = "{movement.take}"', hint)
    if movement.judged_last == Lag():
        _check_since(judged, movement)
    elif movement.judged_since:
        expected = "one of them: the days on which the windows begin, or how long they are"
        judged.wrong("last", judged.raw["last"], expected, "leave `since` or `last` out")
    elif not movement.judged_on:
        expected = "nothing, as no `on` says which days of a window are looked at"
        judged.wrong("last", judged.raw["last"], expected, 'add `on = ["*-15"]`, or leave `last` out')


def _check_since(judged: Table, movement: Movement) -> None:
    """Find windows whose first day is not said for each review, or cannot be."""
    said, needed = len(movement.judged_since), len(movement.on) if movement.judged_on else 0
    if said != needed:
        found, expected = _count(said, "day"), f"{needed}, one for each day of `on` of the movement"
        if not movement.judged_on:
            expected = "none, as no `on` says which days of a window are looked at"
        hint = "give the first day of the window before each review, or `last = { months = 6 }`"
        judged.problem("since", found, expected, hint)
    elif said and any("*" in day or day in (AT_ONCE, YEAR_END) for day in movement.on):
        found, expected = ", ".join(movement.on), "days of the year such as 07-15, as each has a window"
        hint = 'write `last = { months = 6 }`, or take "same-day", or name the reviews'
        judged.problem("since", f"reviews on {found}", expected, hint)
    else:
        _check_days(judged, movement)


def _check_days(judged: Table, movement: Movement) -> None:
    """Find windows in which no day falls, so that a review would have nothing to look at."""
    if not all(is_day(day, each_month=True) for day in movement.judged_on):
        return  # every day, or one that is told to be none
    for review, first in zip(movement.on, movement.judged_since, strict=False):
        said = is_day(review, each_month=False) and is_day(first, each_month=False)
        if said and _is_empty(first, review, movement.judged_on):
            expected = f"a day in the window from {first} to the review on {review}"
            judged.wrong("on", list(movement.judged_on), expected, "name a day in it, or move its beginning")


def _is_empty(first: str, last: str, judged: tuple[str, ...]) -> bool:
    """Say whether no day falls in a window, both ends in, in years with or without 29 February."""
    for february in _FEBRUARIES:
        ((start,), (end,)) = days_of_a_year(first, february), days_of_a_year(last, february)
        days = {day for pattern in judged for day in days_of_a_year(pattern, february)}
        if not any(start <= day <= end if start <= end else day >= start or day <= end for day in days):
            return True
    return False


def days_of_a_year(pattern: str, february: int) -> set[tuple[int, int]]:
    """Give months and days that a pattern names; a month's last day stands for one that it does not have."""
    month, day = pattern.split("-")
    lengths = _LONGEST_MONTHS | {2: february}
    return {(each, min(int(day), lengths[each])) for each in (lengths if month == "*" else [int(month)])}


def _check_kind(row: Table, movement: Movement) -> None:
    """Find a fall that would go on by itself, and what is said of a rise and is for falls only."""
    if movement.kind is MoveKind.FALL:
        if AT_ONCE in movement.on and movement.to is Reach.NEXT_LOWER:
            expected = f'"{Reach.BEST_JUDGED}" beside "{AT_ONCE}", as it would fall again with each change'
            hint = f'name review days in `on`, or write to = "{Reach.BEST_JUDGED}"'
            row.wrong("to", row.raw["to"], expected, hint)
        return
    for key, given in (
        ("asked-on-the-day", movement.asked_on_the_day),
        ("unless-held-under", movement.protected_months),
    ):
        if given:
            row.wrong(key, row.raw[key], 'nothing beside kind = "rise"', "it is for falls: leave it out")


def _check_posts(posts: Table, movement: Movement) -> None:
    """Find what is posted into a year that does not begin, and a limit of nothing."""
    if movement.carry_at_most is not None and not movement.carry:
        hint = "name the track, or leave `at-most` out"
        posts.problem("carry", "nothing beside `at-most`", "the track that is carried over", hint)
    if movement.carry and YEAR_END not in movement.on and not movement.restarts_year:
        expected = 'a movement with on = ["year-end"] or restarts-year = true'
        posts.wrong("carry", movement.carry, expected, "it is carried into a year that begins")


def _check_lag(row: Table, movement: Movement) -> None:
    """Find what is posted, or begun anew, by a result that takes effect later: on which day is not said."""
    later = movement.effective != Lag()
    if later and (movement.deduct or movement.carry or movement.restarts_year):
        expected = f'"{_SAME_DAY}" beside `posts` and `restarts-year`'
        hint = f'write effective = "{_SAME_DAY}", or leave the others out'
        row.wrong("effective", row.raw["effective"], expected, hint)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _lag(row: Table) -> Lag:
    """Read when a result takes effect: on the same day, or so many months or days after it."""
    if not isinstance(row.raw.get("effective"), dict):
        row.one_of("effective", (_SAME_DAY,), add="write { months = 1 } or { days = 10 }")
        return Lag()
    return _length(row.table("effective"), 'say one, or write "same-day"') or Lag()


def _last(judged: Table) -> Lag:
    """Read how long the window is that ends with each review."""
    if not judged.has("last"):
        return Lag()
    return _length(judged.table("last"), "write { months = 6 } or { days = 90 }") or Lag(days=1)


def _length(row: Table, hint: str) -> Lag | None:
    said = [key for key in ("months", "days") if row.has(key)]
    if len(said) != 1:
        found = "both `months` and `days`" if said else "neither `months` nor `days`"
        row.problem("", found, "one of them", hint)
        row.skip()
        return None
    lag = Lag(**{said[0]: row.whole(said[0], least=1, most=LONGEST[said[0]], hint=_TEN_YEARS)})
    row.close()
    return lag


def _most(posts: Table) -> Fraction | None:
    if not posts.has("at-most"):
        return None
    number = posts.number("at-most")
    if number <= 0:
        posts.wrong(
            "at-most", posts.raw["at-most"], "a number above zero", "leave `carry` out to carry nothing"
        )
    return number


def _days(
    row: Table,
    key: str,
    default: tuple[str, ...] | None = None,
    *,
    also: tuple[str, ...] = (),
    each_month: bool = True,
) -> tuple[str, ...]:
    """Read patterns of days; `also` gives the words that may stand for one."""
    days = row.texts(key, default)
    if default is None and row.raw.get(key) == []:
        row.problem(key, "an empty list", "at least one day", 'write ["07-15"]')
    monthly, words = (
        ', or of each month such as "*-15"' if each_month else "",
        "".join(f', or "{w}"' for w in also),
    )
    for place, day in enumerate(days):
        if day in days[:place]:
            row.wrong(key, day, "each day once", "remove one of the two")
        elif day not in also and not is_day(day, each_month=each_month):
            expected = f'a day of each year such as "07-15"{monthly}{words}'
            hint = "write it as MM-DD or *-DD" if each_month else "write it as MM-DD"
            row.wrong(key, day, expected, near(day, also) or hint)
    return days


def is_day(text: str, *, each_month: bool) -> bool:
    """Say whether a text is a day of a year, "MM-DD", or of each month, "*-DD"."""
    found = _DAY_OF_A_YEAR.fullmatch(text)
    if found is None:
        return False
    month, day = found.groups()
    if month == "*":
        return each_month and 1 <= int(day) <= _LONGEST_MONTH
    return 1 <= int(day) <= _LONGEST_MONTHS.get(int(month), 0)
