"""One program file, section by section, as far as it can be read by itself.

A draft holds what one file says: settled things by id, and the periods of each dated value by its path.
An overlay is a draft that is laid over another; `complete` turns the result into a program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import attrs

from tierkit.errors import Problem, TierkitError, nearest
from tierkit.frozen import FrozenMap, changed
from tierkit.programs.dated import Period, in_order, lay_over
from tierkit.programs.requirements import Combination, Comparison, Condition, Junction, Requirement, Subject
from tierkit.programs.rules import (
    Choice,
    FactShape,
    Life,
    Measure,
    Movement,
    RateDay,
    ReadingKind,
    Sharing,
    While,
)
from tierkit.programs.table import Table
from tierkit.values.currency import Currency
from tierkit.values.market import Market
from tierkit.values.source import Grade, Source
from tierkit.values.tier import Tier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction

T = TypeVar("T")
Path = tuple[str, ...]

_DEEPEST_REQUIREMENT = 20
_RULE_KEYS = ("select", "track", "amount", "quantity", "name")


@attrs.define
class Draft:
    """What one file says, before it is checked as a whole."""

    where: str
    settled: dict[Path, object] = attrs.Factory(dict[Path, object])
    dated: dict[Path, list[Period[object]]] = attrs.Factory(dict[Path, "list[Period[object]]"])
    sources: dict[str, Source] = attrs.Factory(dict[str, Source])

    def add(self, path: Path, period: Period[object]) -> None:
        """Add one period of a dated value."""
        self.dated.setdefault(path, []).append(period)

    def settle(self, row: Table, kind: str, id: str, value: object) -> None:
        """Keep a settled thing, noting a problem where the file has said it before."""
        if (kind, id) in self.settled:
            row.wrong(
                "id", id, f"one {kind} of that id", "remove one of the two, or give it an id of its own"
            )
        self.settled[kind, id] = value

    def under(self, *path: str) -> dict[str, list[Period[object]]]:
        """Give the dated values whose path continues another by one key, by that key, in order."""
        return {key[-1]: in_order(periods) for key, periods in self.dated.items() if key[:-1] == path}

    def all_settled(self, kind: str) -> dict[str, object]:
        """Give the settled things of one kind, by id."""
        return {path[1]: value for path, value in self.settled.items() if path[0] == kind and len(path) > 1}

    def overlaid(self, over: Draft) -> Draft:
        """Give what holds where another draft's values take the place of this one's on their days."""
        dated = dict(self.dated)
        for path, periods in over.dated.items():
            dated[path] = lay_over(dated.get(path, []), periods)
        return Draft(self.where, self.settled | over.settled, dated, self.sources | over.sources)


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
    _header(table, draft, base)
    for name, row in table.tables("sources"):
        draft.sources[name] = _source(row, name)
    _vocabulary(table, draft)
    _groups(table, draft)
    _point_values(table, draft)
    for row in table.rows("earn"):
        _earn(row, draft, base)
    for row in table.rows("tier"):
        _tier(row, draft, base)
    for row in table.rows("movement"):
        draft.settle(row, "movement", row.text("id"), _movement(row, draft))
        row.close()
    for row in table.rows("choice"):
        choice = Choice(
            row.whole("number", least=1),
            row.text("question"),
            row.text("reading"),
            row.text("why"),
            row.text("held-by"),
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
    for key in ("id", "name", "note"):
        if base is None or table.has(key):
            draft.settled[key,] = table.text(key, "" if key == "note" else None)
    for key in ("tracks", "attributes"):
        if base is None or table.has(key):
            draft.settled[key,] = table.texts(key, () if key == "attributes" else None)
    if base is None or table.has("points"):
        row = table.table("points")
        draft.sources |= {name: _source(inner, name) for name, inner in _peek(table, "sources")}
        draft.add(("points",), _period(row, draft, value=True))
        row.close()


def _peek(table: Table, key: str) -> list[tuple[str, Table]]:
    """Read named tables ahead of their turn, noting their problems only once, when they are read for good."""
    ahead = Table(table.raw, table.where, "", [])
    return list(ahead.tables(key))


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


def _cited(
    row: Table, draft: Draft, default: Source | None = None, grade: Grade | None = None
) -> tuple[Source, Grade]:
    """Read which source a value has, and its grade where that is not the source's own."""
    if default is not None and not row.has("source"):
        source, fallback = default, grade or default.grade
    else:
        name = row.one_of("source", draft.sources or ["a source under [sources]"])
        source = draft.sources.get(name) or Source(id=name, url="", grade=Grade.DERIVED)
        fallback = source.grade
    return source, Grade(row.one_of("grade", list(Grade), str(fallback.value)))


def _period(row: Table, draft: Draft, value: T) -> Period[T]:
    """Read the days, the source, the grade and the note that stand beside a value."""
    start, end = row.day("from"), row.day("until")
    if start is not None and end is not None and start >= end:
        row.wrong("until", end, f"a day after {start}", "`until` is the first day that no longer counts")
        end = None
    source, grade = _cited(row, draft)
    return Period(value, start, end, source, grade, row.text("note", ""))


def _vocabulary(table: Table, draft: Draft) -> None:
    for name, row in table.tables("measures"):
        draft.settled["measure", name] = Measure(name, row.text("name", name), row.texts("sum"))
        row.close()
    for name, row in table.tables("readings"):
        draft.settled["reading", name] = ReadingKind(
            name,
            row.text("name", name),
            row.one_of("type", ("yes-no", "number")) == "yes-no",
            row.text("unit", ""),
            row.flag("by-vendor", default=False),
        )
        row.close()


def _groups(table: Table, draft: Draft) -> None:
    for row in table.rows("group"):
        group = row.text("id")
        if row.has("name"):
            draft.settled["group", group] = row.text("name")
        for member in row.rows("members"):
            period = _period(member, draft, member.flag("member", default=True))
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
        period = _period(row, draft, None)
        amounts = row.table("amounts")
        for code in amounts.raw:
            amount = amounts.number(code)
            if not _known(amounts, code, code, Currency):
                continue
            digits = Currency(code).minor_units
            if digits is None:
                amounts.wrong(code, code, "a currency that has minor units")
            elif amount <= 0:
                amounts.wrong(code, amounts.raw[code], "an amount above zero")
            else:
                value = amount * 10**digits
                draft.add(("point-value", code), changed(period, value=value))
        row.close()


def _earn(row: Table, draft: Draft, base: Draft | None) -> None:
    rule = row.text("id")
    if _is_new(row, base, "rule", rule, _RULE_KEYS):
        select = dict(row.table("select").raw)
        fact = row.table("select").one_of("fact", list(FactShape))
        select.pop("fact", None)
        made = {
            "name": row.text("name", rule),
            "fact": FactShape(fact),
            "where": _where(row, select),
            "track": row.text("track"),
            "amount": row.text("amount", ""),
            "quantity": row.flag("quantity", default=False),
        }
        draft.settle(row, "rule", rule, made)
    dated: dict[str, Callable[[Table], object]] = {
        "rate": lambda part: _positive(part, "points"),
        "rate-day": _rate_day,
        "at-least": lambda part: part.number("points"),
        "share": lambda part: Sharing(part.one_of("among", list(Sharing))),
        "live": _life,
    }
    for key, read in dated.items():
        for part in row.rows(key):
            draft.add(("rule", rule, key), _period(part, draft, read(part)))
            part.close()
    for part in row.rows("multiply"):
        path = ("rule", rule, "multiply", part.text("group"))
        draft.add(path, _period(part, draft, _positive(part, "by")))
        part.close()
    row.close()


def _is_new(row: Table, base: Draft | None, kind: str, id: str, keys: tuple[str, ...]) -> bool:
    """Say whether a file describes a thing, rather than adds values to one of the file that it is laid over."""
    if base is None or any(row.has(key) for key in keys):
        return True
    known = base.all_settled(kind)
    if id not in known:
        hint = nearest(id, known) or f"a new one needs `{keys[0]}`"
        row.wrong("id", id, "one of " + ", ".join(known), hint)
    return False


def _where(row: Table, select: dict[str, object]) -> FrozenMap[tuple[str, ...]]:
    inner = row.within(select, "select")
    return FrozenMap(
        {
            key: inner.texts(key) if isinstance(value, list) else (inner.text(key),)
            for key, value in select.items()
        }
    )


def _positive(row: Table, key: str) -> Fraction:
    number = row.number(key)
    if number <= 0:
        row.wrong(key, row.raw.get(key), "a number above zero", "a rule that earns nothing is left out")
    return number


def _rate_day(row: Table) -> RateDay:
    when = row.table("when")
    values = {key: when.text(key) for key in when.raw}
    if not values:
        row.wrong("when", "no attribute", 'the facts that it is for, such as { motion = "upsell" }')
    return RateDay(FrozenMap(values), row.one_of("day", ("line-first-sold",)))


def _life(row: Table) -> Life:
    months = row.whole("months", 0, most=1200) or None
    days = row.whole("days", 0, most=36_500) or None
    lasts = While(row.one_of("while", list(While))) if row.has("while") else None
    if lasts is While.ACTIVE and days is None:
        row.wrong("days", "nothing", "the number of days that an action keeps the state alive")
        days = 1
    if lasts is While.HELD and days is not None:
        row.wrong("days", days, "no days: the points of a state that is held last as long as it is")
    if lasts is not None and months is not None:
        row.wrong("months", months, "no months beside `while`")
    if lasts is None and (months is None) == (days is None):
        row.wrong("months", "nothing" if months is None else "both", "either `months` or `days`, or `while`")
        months, days = 12, None
    return Life(months=months, days=days, lasts_while=lasts)


def _tier(row: Table, draft: Draft, base: Draft | None) -> None:
    tier = row.text("id")
    if _is_new(row, base, "tier", tier, ("rank",)):
        ladder = str(draft.settled.get(("id",)) or (base.settled.get(("id",)) if base else ""))
        rank = row.whole("rank", least=1, most=1000)
        draft.settle(row, "tier", tier, Tier(ladder=ladder, id=tier, name=row.text("name", tier), rank=rank))
    for part in row.rows("requires"):
        period = _period(part, draft, None)
        junctions = [key for key in Junction if part.has(key)]
        if not junctions:
            part.wrong("all", "no requirement", "one of `all`, `any`, `at-least` or `not`")
            continue
        requirement = _requirement(part, draft, period.source, period.grade, _DEEPEST_REQUIREMENT)
        draft.add(("tier", tier), changed(period, value=requirement))
        part.close()
    row.close()


def _requirement(row: Table, draft: Draft, source: Source, grade: Grade, depth: int) -> Requirement:
    """Read one node of a tier's tree: a combination of others, or a condition."""
    nothing = Combination(Junction.ALL, ())
    if depth == 0:
        row.wrong("all", "more nesting", f"at most {_DEEPEST_REQUIREMENT} levels of requirements")
        return nothing
    for junction in (Junction.ALL, Junction.ANY, Junction.NOT):
        if row.has(junction):
            rows = list(row.rows(junction)) if junction is not Junction.NOT else [row.table(junction)]
            parts = tuple(_part(part, draft, source, grade, depth) for part in rows)
            return Combination(junction, parts)
    if row.has("of"):
        parts = tuple(_part(part, draft, source, grade, depth) for part in row.rows("of"))
        return Combination(Junction.AT_LEAST, parts, row.whole("at-least", least=1, most=len(parts) or 1))
    return _condition(row, draft, source, grade)


def _part(row: Table, draft: Draft, source: Source, grade: Grade, depth: int) -> Requirement:
    requirement = _requirement(row, draft, source, grade, depth - 1)
    row.close()
    return requirement


def _condition(row: Table, draft: Draft, source: Source, grade: Grade) -> Condition:
    subject = Subject.READING if row.has("reading") else Subject.MEASURE
    quantity = row.text(subject)
    keys = {"at-least": Comparison.AT_LEAST, "above": Comparison.ABOVE, "is": Comparison.IS}
    said = [key for key in keys if row.has(key)]
    bar: Fraction | bool | None = None
    if len(said) != 1:
        row.wrong("at-least", "no bar" if not said else "no single bar", "one of `at-least`, `above` or `is`")
        said = ["at-least"]
    elif said == ["is"]:
        bar = row.flag("is", default=True)
    elif row.raw[said[0]] == "unknown":
        row.text(said[0])
    else:
        bar = row.number(said[0])
    cited, trust = _cited(row, draft, source, grade)
    return Condition(subject, quantity, keys[said[0]], bar, cited, trust, row.text("note", ""))


def _movement(row: Table, draft: Draft) -> Movement:
    judged = row.table("judged")
    protected = row.table("unless-held-under")
    period = _period(row, draft, None)
    movement = Movement(
        id=row.text("id"),
        kind=row.one_of("kind", ("rise", "fall")),
        on=row.texts("on"),
        judged_on=judged.texts("on", ()),
        judged_since=judged.texts("since", ()),
        take=judged.one_of("take", ("same-day", "best")),
        effective=row.one_of("effective", ("same-day",)),
        to=row.one_of("to", ("best", "best-judged")),
        protected_months=protected.whole("months", 0, most=1200),
        effective_from=period.effective_from,
        effective_until=period.effective_until,
        source=period.source,
        grade=period.grade,
        note=period.note,
    )
    judged.close()
    protected.close()
    return movement
