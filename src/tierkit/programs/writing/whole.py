"""Writing a whole program as a file.

What equals its default is left out, and values that hold on the same days on the same word are gathered into
one row where the file can say them so. Reading the file gives the program again.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tierkit.frozen import changed
from tierkit.programs.reading.sections import FORMAT
from tierkit.programs.toml_text import toml_text
from tierkit.programs.writing.measures import measure_form
from tierkit.programs.writing.parts import Form, Sources, named, number, row, saying
from tierkit.programs.writing.rules import rule_form
from tierkit.programs.writing.tiers import movement_form, tier_form
from tierkit.values.calendar import NEW_YEAR
from tierkit.values.currency import Currency

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from fractions import Fraction

    from tierkit.programs.dated import Period
    from tierkit.programs.program import Program
    from tierkit.programs.rules import Choice, Group, ReadingKind


def program_toml(program: Program) -> str:
    """Write a program as a TOML document."""
    return toml_text(program_form(program))


def program_form(program: Program) -> Form:
    """Give the tables and values of the file that says a program."""
    cites = Sources(program)
    form: Form = {"format": FORMAT, "id": program.id, "name": program.name}
    form |= saying({"note": program.note}) | {"tracks": list(program.tracks)}
    form |= saying({"attributes": list(program.attributes)})
    form |= saying({"year-from": "" if program.year_from == NEW_YEAR else program.year_from})
    form |= saying({"units": dict(program.units)}) | _in_force(program, cites)
    tiers = [*program.tiers, *(each for ladder in program.ladders.values() for each in ladder)]
    sections: Form = {
        "measures": {name: measure_form(each, cites) for name, each in program.measures.items()},
        "readings": {name: _reading(each) for name, each in program.readings.items()},
        "group": [_group(each, cites) for each in program.groups.values()],
        "point-value": list(_point_values(program, cites)),
        "earn": [rule_form(each, cites) for each in program.rules],
        "tier": [tier_form(each, program, cites) for each in tiers],
        "movement": [movement_form(each, cites) for each in program.movements],
        "choice": [_choice(each, cites) for each in program.choices],
    }
    return form | saying({"sources": cites.form()} | sections)


def _in_force(program: Program, cites: Sources) -> Form:
    rows = [row(each, {}, cites) for each in program.in_force]
    if rows == [{}]:  # on all days, as it is where the file says nothing
        return {}
    return {"in-force": rows[0] if len(rows) == 1 else rows}


def _reading(kind: ReadingKind) -> Form:
    form = named(kind.id, kind.name) | {"type": "yes-no" if kind.yes_no else "number"}
    return form | saying({"unit": kind.unit, "by-vendor": kind.by_vendor})


def _group(group: Group, cites: Sources) -> Form:
    rows = [
        row(period, {"markets": codes} | ({} if period.value else {"member": False}), cites)
        for period, codes in _gathered(group.members)
    ]
    return {"id": group.id, **named(group.id, group.name), **saying({"members": rows})}


def _point_values(program: Program, cites: Sources) -> Iterator[Form]:
    bare = {
        code: [changed(period, value=None) for period in dated]
        for code, dated in program.point_values.items()
    }
    values = {
        (code, period.effective_from): period.value
        for code, dated in program.point_values.items()
        for period in dated
    }
    for period, codes in _gathered(bare):
        amounts = {code: _amount(code, values[code, period.effective_from]) for code in codes}
        yield row(period, {"amounts": amounts}, cites)


def _amount(code: str, minor: Fraction | None) -> int | str:
    return number(None if minor is None else minor / 10 ** (Currency(code).minor_units or 0))


def _gathered(by_code: Mapping[str, Iterable[Period[Any]]]) -> list[tuple[Period[Any], list[str]]]:
    """Put together the codes that have the same value on the same days on the same word."""
    found: dict[Period[Any], list[str]] = {}
    for code in sorted(by_code):
        for period in by_code[code]:
            found.setdefault(period, []).append(code)
    return sorted(found.items(), key=_place)


def _place(gathered: tuple[Period[Any], list[str]]) -> tuple[Any, ...]:
    period, codes = gathered
    return period.effective_from or date.min, period.effective_until or date.max, codes


def _choice(choice: Choice, cites: Sources) -> Form:
    form = {"number": choice.number, "question": choice.question, "reading": choice.reading}
    form |= {"why": choice.why, "held-by": choice.held_by}
    return form | ({} if choice.source is None else {"source": cites.name(choice.source)})
