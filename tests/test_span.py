"""Spans of days and the arithmetic of months."""

from __future__ import annotations

import calendar
import datetime as dt
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_values import days, spans

from tierkit.errors import InvalidValue, WrongType
from tierkit.values.span import Span, add_days, add_months

YEAR = Span(date(2026, 1, 1), date(2027, 1, 1))
NOON = dt.datetime(2026, 1, 1, 12)  # noqa: DTZ001 - that it is no day is the point


# "half-open spans of days"


def test_the_first_day_counts_and_the_end_does_not() -> None:
    assert date(2026, 1, 1) in YEAR
    assert date(2026, 12, 31) in YEAR
    assert date(2027, 1, 1) not in YEAR
    assert date(2025, 12, 31) not in YEAR
    assert YEAR.days == 365


def test_an_open_span_has_no_end() -> None:
    assert date.max in Span(date(2026, 1, 1), None)
    assert date.min in Span(None, date(2026, 1, 1))
    assert date(2026, 1, 1) in Span(None, None)
    assert (
        Span(None, None).days
        is Span(date(2026, 1, 1), None).days
        is Span(None, date(2026, 1, 1)).days
        is None
    )


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (YEAR, "2026-01-01 up to 2027-01-01"),
        (Span(date(2026, 1, 1), None), "from 2026-01-01"),
        (Span(None, date(2026, 1, 1)), "before 2026-01-01"),
        (Span(None, None), "always"),
    ],
)
def test_a_span_reads_well(span: Span, text: str) -> None:
    assert str(span) == text


@pytest.mark.parametrize("end", [date(2026, 1, 1), date(2025, 12, 31)])
def test_an_end_is_after_the_start(end: date) -> None:
    with pytest.raises(InvalidValue, match="an end after the start"):
        Span(date(2026, 1, 1), end)


@pytest.mark.parametrize("day", [NOON, "2026-01-01", 20260101])
def test_a_day_is_a_date_without_a_time(day: object) -> None:
    with pytest.raises(WrongType, match="expected a date"):
        Span(day, None)  # type: ignore[arg-type]
    with pytest.raises(WrongType, match="expected a date"):
        Span(None, day)  # type: ignore[arg-type]
    with pytest.raises(WrongType, match="expected a date"):
        day in YEAR  # noqa: B015 - asking is what fails
    with pytest.raises(WrongType, match="expected a date"):
        add_months(day, 1)  # type: ignore[arg-type]


@given(spans(), spans(), days())
def test_a_day_is_in_two_spans_where_it_is_in_what_they_share(one: Span, other: Span, day: date) -> None:
    shared = one & other
    assert (shared is not None and day in shared) == (day in one and day in other)
    assert shared == other & one
    assert one & one == one


@given(spans())
def test_the_days_of_a_span_are_counted(span: Span) -> None:
    if span.start and span.end:
        assert span.days == sum(1 for _ in range(span.start.toordinal(), span.end.toordinal()))
        assert span.start in span
        assert span.end not in span


def test_a_span_meets_only_spans() -> None:
    with pytest.raises(TypeError):
        YEAR & date(2026, 1, 1)  # type: ignore[operator]


# "`relativedelta` clamps month ends and is not associative: always add n months to the anchor day.
#  29 February plus a year is 28 February."


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 5, 31), -1, date(2026, 4, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 3, 4), 0, date(2026, 3, 4)),
    ],
)
def test_months_are_added_to_the_same_day_or_the_last_of_the_month(
    day: date, months: int, result: date
) -> None:
    assert add_months(day, months) == result


@given(days(), st.integers(-600, 600))
def test_months_are_added_as_on_a_calendar(day: date, months: int) -> None:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    assert add_months(day, months) == date(year, month + 1, min(day.day, last))


@given(days(), days(), st.integers(0, 36))
def test_a_later_day_never_ends_earlier(one: date, other: date, months: int) -> None:
    assert (add_months(one, months) <= add_months(other, months)) or one > other


@given(days(), st.integers(-1000, 1000))
def test_days_are_added(day: date, number: int) -> None:
    assert add_days(day, number) == day + timedelta(days=number)


@pytest.mark.parametrize("many", [12 * 9999, -12 * 9999, 10**30, -(10**30), 10**5000], ids=range(5))
def test_the_calendar_has_an_end(many: int) -> None:
    for add in (add_months, add_days):
        with pytest.raises(InvalidValue, match="a year from 1 to 9999") as caught:
            add(date(2026, 1, 1), many * 31)
        assert len(str(caught.value)) < 300


@pytest.mark.parametrize("months", [1.0, True, "1", None])
def test_months_are_whole(months: object) -> None:
    with pytest.raises(WrongType, match="a whole number"):
        add_months(date(2026, 1, 1), months)  # type: ignore[arg-type]
