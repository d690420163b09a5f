"""Reading a program file section by section into a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tierkit.errors import Problem, TierkitError
from tierkit.frozen import changed
from tierkit.programs.draft import Draft, cited, period_of
from tierkit.programs.reading_movements import read_movement
from tierkit.programs.reading_rules import above_zero, read_earning
from tierkit.programs.reading_tiers import read_tier
from tierkit.programs.rules import Choice, Measure, ReadingKind
from tierkit.programs.table import Table
from tierkit.values.currency import Currency
from tierkit.values.market import Market
from tierkit.values.source import Grade, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def read_draft(
    raw: Mapping[str, object], where: str, problems: list[Problem], base: Draft | None = None
) -> Draft:
    """Read the sections of one program file.

    Args:
        raw: the file's content, as TOML gives it.
        where: the file's name, for the problems.
        problems: takes what is wrong.
        base: the draft that this one will be laid over; it may leave out what that one says.
    """
    table = Table(raw, where, "", problems)
    draft = Draft(where, sources=dict(base.sources) if base else {})
    for name, row in table.tables("sources"):
        draft.sources[name] = _source(row, name)
    _header(table, draft, base)
    _vocabulary(table, draft)
    _groups(table, draft)
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
    if table.whole("format", least=0, most=10_000) != 0:
        table.wrong("format", table.raw.get("format"), "0", "this version of tierkit reads format 0")
    if base is not None:
        extends = table.text("extends")
        if extends and extends != base.settled.get(("id",)):
            table.wrong(
                "extends", extends, f"{base.settled.get(('id',))!r}, the program that it is laid over"
            )
    else:
        draft.settled["id",] = table.id()
    if base is None or table.has("name"):
        draft.settled["name",] = table.name()
    if base is None or table.has("note"):
        draft.settled["note",] = table.text("note", "")
    for key in ("tracks", "attributes"):
        if base is None or table.has(key):
            draft.settled[key,] = table.ids(key, () if key == "attributes" else None)
    if base is None or table.has("points"):
        row = table.table("points")
        draft.add(("points",), period_of(row, draft, value=True))
        row.close()


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
        draft.settled["measure", name] = Measure(name, row.name(name), row.texts("sum"))
        row.close()
    for name, row in table.tables("readings"):
        draft.settled["reading", name] = ReadingKind(
            name,
            row.name(name),
            row.one_of("type", ("yes-no", "number")) == "yes-no",
            row.text("unit", ""),
            row.flag("by-vendor", default=False),
        )
        row.close()


def _groups(table: Table, draft: Draft) -> None:
    for row in table.rows("group"):
        group = row.id()
        if row.has("name"):
            draft.settle(row, "group", group, row.name())
        for member in row.rows("members"):
            period = period_of(member, draft, member.flag("member", default=True))
            for code in member.texts("markets"):
                if _known(member, "markets", code, Market):
                    draft.add(("group", group, code), period)
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
            amount = above_zero(amounts, code)
            if not _known(amounts, code, code, Currency):
                continue
            digits = Currency(code).minor_units
            if digits is None:
                amounts.wrong(code, code, "a currency that has minor units")
            else:
                value = None if amount is None else amount * 10**digits
                draft.add(("point-value", code), changed(period, value=value))
        row.close()
