"""Reading a program file section by section into a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tierkit.errors import Problem, TierkitError
from tierkit.frozen import changed
from tierkit.programs.reading.draft import UNSOURCED, Draft, Place, cited, period_of
from tierkit.programs.reading.measures import read_measure
from tierkit.programs.reading.movements import is_day, read_movement
from tierkit.programs.reading.rules import number_above_zero, read_earning
from tierkit.programs.reading.table import Table
from tierkit.programs.reading.tiers import read_tier
from tierkit.programs.rules import Choice, ReadingKind
from tierkit.values.calendar import NEW_YEAR
from tierkit.values.currency import Currency
from tierkit.values.market import Market
from tierkit.values.source import Grade, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FORMAT: Final = 1
"""The format of program files that this version reads."""

_LEAP_DAY: Final = "02-29"


def read_draft(
    raw: Mapping[str, object],
    where: str,
    problems: list[Problem],
    base: Draft | None = None,
    *,
    file: str = "",
) -> Draft:
    """Read the sections of one program file.

    Args:
        raw: the file's content, as TOML gives it.
        where: the file's name, for the problems.
        problems: takes what is wrong.
        base: the draft that this one will be laid over; it may leave out what that one says.
        file: the name that its values bear, where the program is made of several files.
    """
    table = Table(raw, where, "", problems)
    draft = Draft(where, file, sources=dict(base.sources) if base else {})
    for name, row in table.tables("sources"):
        draft.sources[name] = _source(row, name)
    if table.has("source"):
        name = table.one_of("source", draft.sources, add="add it under [sources]")
        draft.source = draft.sources.get(name, UNSOURCED)
    _header(table, draft, base)
    _vocabulary(table, draft)
    _groups(table, draft, base)
    _point_values(table, draft)
    for row in table.rows("earn"):
        read_earning(row, draft, base)
    for row in table.rows("tier"):
        read_tier(row, draft, base)
    for row in table.rows("movement"):
        movement = read_movement(row, draft)
        draft.settle(row, "movement", movement.id, movement)
        row.close()
    for row in table.rows("choice"):
        choice = Choice(
            row.whole("number", least=1),
            row.text("question"),
            row.text("reading"),
            row.text("why"),
            row.text("held-by"),
            cited(row, draft)[0] if row.has("source") else None,
        )
        draft.settle(row, "choice", f"{choice.number:05}", choice)
        row.close()
    table.close()
    return draft


def _header(table: Table, draft: Draft, base: Draft | None) -> None:
    hint = f"this version of tierkit reads format {FORMAT}; see CHANGELOG"
    if not table.has("format"):
        table.problem("format", "nothing", str(FORMAT), f"add `format = {FORMAT}`: {hint}")
    elif table.whole("format", most=10_000) != FORMAT:
        table.wrong("format", table.raw["format"], str(FORMAT), hint)
    if base is not None:
        table.text("extends")
    said: dict[str, Callable[[], object]] = {
        "id": table.id,
        "name": table.name,
        "note": lambda: table.text("note", ""),
        "tracks": lambda: table.ids("tracks"),
        "attributes": lambda: table.ids("attributes", ()),
        "year-from": lambda: _year_from(table),
    }
    for key, read in said.items():
        if base is None or table.has(key):
            draft.settled[key,] = read()
    units = table.table("units")
    for name in units.raw:
        draft.settled["unit", name] = units.text(name)
    for row in table.rows("in-force"):
        draft.add(("in-force",), period_of(row, draft, value=True), row)
        row.close()


def _year_from(table: Table) -> str:
    day = table.text("year-from", NEW_YEAR)
    if not is_day(day, each_month=False) or day == _LEAP_DAY:
        hint = "write it as MM-DD" if day != _LEAP_DAY else "take 03-01"
        table.wrong("year-from", day, 'a day of every year such as "04-01"', hint)
        return NEW_YEAR
    return day


def _source(row: Table, name: str) -> Source:
    source = Source(
        id=name,
        url=row.text("url"),
        grade=Grade(row.one_of("grade", list(Grade))),
        version=row.text("version", ""),
        note=row.text("note", ""),
    )
    row.close()
    return source


def _vocabulary(table: Table, draft: Draft) -> None:
    for name, row in table.tables("measures"):
        draft.settle(row, "measure", name, read_measure(row, name, draft))
    for name, row in table.tables("readings"):
        kind = ReadingKind(
            name,
            row.name(name),
            row.one_of("type", ("yes-no", "number")) == "yes-no",
            row.text("unit", ""),
            row.flag("by-vendor", default=False),
        )
        draft.settle(row, "reading", name, kind)
        row.close()


def _groups(table: Table, draft: Draft, base: Draft | None) -> None:
    for row in table.rows("group"):
        group = row.id()
        if base is None or row.has("name"):
            draft.settle(row, "group", group, row.name(group))
        else:
            draft.places["group", group] = group, Place(row.where, row.path)
        for member in row.rows("members"):
            period = period_of(member, draft, member.flag("member", default=True))
            for code in member.texts("markets"):
                if _known(member, "markets", code, Market):
                    draft.add(("group", group, code), period, member)
            member.close()
        row.close()


def _known(row: Table, key: str, code: str, kind: Callable[[str], object]) -> bool:
    """Say whether a code is one of a currency or market, noting a problem where it is not."""
    try:
        kind(code)
    except TierkitError as error:
        for problem in error.problems:
            row.wrong(key, code, problem.expected, problem.hint)
        return False
    return True


def _point_values(table: Table, draft: Draft) -> None:
    for row in table.rows("point-value"):
        period = period_of(row, draft, None)
        amounts = row.table("amounts")
        for code in amounts.raw:
            amount = number_above_zero(amounts, code)
            if not _known(amounts, code, code, Currency):
                continue
            digits = Currency(code).minor_units
            if digits is None:
                amounts.wrong(code, code, "a currency that has minor units")
            else:
                value = None if amount is None else amount * 10**digits
                draft.add(("point-value", code), changed(period, value=value), row)
        row.close()
