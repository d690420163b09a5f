"""The page that lists every key of a program file, table by table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules_page import MADE, table

from tierkit.programs.forms.file import FORMS, PROGRAM
from tierkit.programs.forms.kinds import (
    DATED,
    Either,
    Flag,
    Inside,
    ListOf,
    Named,
    Needed,
    Number,
    OneOf,
    Text,
    Whole,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tierkit.programs.forms.kinds import Form, Key, Kind

INTRO = """
Every table of a [program file](../program-file.md), and every key that may stand in it. The page is made from
the same data as the JSON Schema that `tierkit schema` prints. The other pages say what the keys do, with
examples.

Where tables may stand in an array, one may stand by itself. A number is `5`, `62.50`, `"62.50"` or `"1/3"`, a
day is `2026-07-13`. What is *dated* has the keys of a [dated value](../program-file.md#dated-values), too.
"""

NEEDED = {Needed.YES: "yes", Needed.WHOLE: "unless it extends", Needed.NO: ""}
HEAD = ("key", "what stands there", "required", "meaning")


def keys_page() -> Iterator[str]:
    """Give the blocks of the page."""
    yield "# Every key"
    yield MADE
    yield INTRO
    for form in FORMS.values():
        yield f"## {_title(form)}"
        yield f"{form.meaning} Dated." if _is_dated(form) else form.meaning
        if keys := _own(form):
            yield table(HEAD, [_row(key) for key in keys])
        if form.cases:
            yield "One of these, with the keys beside it:"
            rows = [_row(key, first=key is case.keys[0]) for case in form.cases for key in case.keys]
            yield table(HEAD, rows)
        yield from _rules(form)


def _is_dated(form: Form) -> bool:
    """Say whether a table has the keys of a dated value, and not only these."""
    return set(DATED) < set(form.keys) or (set(DATED) == set(form.keys) and bool(form.cases))


def _own(form: Form) -> list[Key]:
    """Give the keys of a table, without those that every dated one has."""
    own = [key for key in form.keys if key not in DATED] if _is_dated(form) else list(form.keys)
    return [*own, form.others] if form.others else own


def _title(form: Form) -> str:
    return "The top of the file" if form is PROGRAM else f"`{form.header}`"


def _row(key: Key, *, first: bool = True) -> tuple[str, str, str, str]:
    name = f"`{key.name}`" if first else f"with it `{key.name}`"
    return name, _kind(key.kind), NEEDED[key.needed], f"{key.meaning[0].upper()}{key.meaning[1:]}."


def _rules(form: Form) -> Iterator[str]:
    if form.one_of:
        yield f"Just one of {_listed(form.one_of)} has to stand there."
    if form.some_of:
        yield f"At least one of {_listed(form.some_of)} has to stand there."


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _kind(kind: Kind) -> str:
    """Say in words what may stand under a key."""
    match kind:
        case ListOf(kind=inner):
            said = f"list: {_kind(inner)}"
        case Inside(form=name):
            said = f"table [{name}](#{_anchor(FORMS[name])})"
        case Named(kind=inner, by=by):
            said = f"for each {by}: {_kind(inner)}"
        case Either(kinds=(Inside(form=name), ListOf())):
            said = f"tables [{name}](#{_anchor(FORMS[name])})"
        case Either(kinds=kinds):
            said = " or ".join(map(_kind, kinds))
        case _:
            said = _plain(kind)
    return said


def _plain(kind: Kind) -> str:
    match kind:
        case Text(words=words):
            return words
        case Number(above_zero=above_zero):
            return "number above zero" if above_zero else "number"
        case Whole(least=least, most=most):
            return f"`{least}`" if least == most else f"whole number, {least} to {most:,}"
        case OneOf(words=words):
            return ", ".join(f'`"{word}"`' for word in words)
        case _:
            return "`true` or `false`" if isinstance(kind, Flag) else "day"


def _anchor(form: Form) -> str:
    """Give the anchor that the title of a table has on the page."""
    kept = "".join(sign for sign in form.header.lower() if sign.isalnum() or sign in "_- ")
    return "-".join(kept.split())
