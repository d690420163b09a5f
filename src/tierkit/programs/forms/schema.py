"""The JSON Schema of program files, for editors: made from the forms, which are what the loader asks for.

An editor shows a mistake where it stands, and names it, only where a schema has no alternatives: of several
it says that none holds. So the kinds of a value are told apart by its type, as a keyword of JSON Schema asks
something of one type alone, and the cases of a table by the key that stands in one of them alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tierkit.frozen import FrozenMap
from tierkit.programs.forms.file import FORMS, PROGRAM
from tierkit.programs.forms.kinds import (
    Case,
    Day,
    Either,
    Flag,
    Form,
    Inside,
    Key,
    Kind,
    ListOf,
    Named,
    Needed,
    Number,
    OneOf,
    Text,
    Whole,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Schema = dict[str, Any]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_DIGITS: Final = r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?|[+-]?[0-9]+/[0-9]+"
_ABOVE_ZERO: Final = _DIGITS.replace("[+-]?[0-9]+", "[+]?[0-9]+")


def program_schema() -> Schema:
    """Give the JSON Schema (draft 2020-12) of a program file.

    Editors complete and check a program by it as it is typed. What it refuses the loader refuses too; the
    loader knows more: that names mean something, and that days do not overlap.
    """
    program = _keys(PROGRAM)
    in_json = {"$schema": {"description": "in a JSON file: where this schema lies", "type": "string"}}
    return {
        "$schema": _DIALECT,
        "title": "A program of tierkit",
        "type": "object",
        **program,
        "properties": in_json | program["properties"],
        "if": {"not": {"required": ["extends"]}},
        "then": _whole(PROGRAM),
        "$defs": {form.name: _keys(form) for form in FORMS.values() if form is not PROGRAM},
    }


def _keys(form: Form) -> Schema:
    """Say which keys a table has; of what is no table it asks nothing."""
    named = _by_name(form)
    schema: Schema = {"description": form.meaning}
    schema["properties"] = {name: _property(*keys) for name, keys in named.items()}
    schema |= _required(key.name for key in form.keys if key.needed is Needed.YES)
    if form.cases:
        return schema | _case_of(form, form.cases)
    schema["additionalProperties"] = False if form.others is None else _property(form.others)
    return schema | _unless_misspelt(named, _one_of(form.one_of) | _some_of(form.some_of))


def _by_name(form: Form) -> dict[str, list[Key]]:
    """Give the keys of a table by name: one that several cases have means something else in each."""
    found: dict[str, list[Key]] = {}
    for key in (*form.keys, *(key for case in form.cases for key in case.keys)):
        if key not in found.setdefault(key.name, []):
            found[key.name].append(key)
    return found


def _property(*keys: Key) -> Schema:
    said = "; or ".join(dict.fromkeys(key.meaning for key in keys))
    return {"description": said, **_schema_of(*dict.fromkeys(key.kind for key in keys))}


def _required(names: Iterable[str]) -> Schema:
    needed = list(names)
    return {"required": needed} if needed else {}


def _one_of(names: tuple[str, ...]) -> Schema:
    return {"oneOf": [{"required": [name]} for name in names]} if names else {}


def _some_of(names: tuple[str, ...]) -> Schema:
    return {"anyOf": [{"required": [name]} for name in names]} if names else {}


def _unless_misspelt(names: Iterable[str], asked: Schema) -> Schema:
    """Ask something of a table only where each of its keys is known: of a misspelt one that is all to say."""
    known = {"type": "object", "propertyNames": {"enum": list(names)}}
    return {"if": known, "then": asked} if asked else {}


def _case_of(form: Form, cases: tuple[Case, ...]) -> Schema:
    """Say which keys stand in each of several cases: in the first one whose own key is there."""
    if not cases:
        first = tuple(case.keys[0].name for case in form.cases)
        named = _by_name(form)
        return _only(named) | _unless_misspelt(named, _some_of(first))
    case, *others = cases
    several = {name for name, keys in _by_name(form).items() if len(keys) > 1}
    narrower = {key.name: _schema_of(key.kind) for key in case.keys if key.name in several}
    names = [key.name for key in (*case.keys, *form.keys)]
    then = _required(key.name for key in case.keys if key.needed is Needed.YES)
    then |= _unless_misspelt(names, _one_of(case.one_of) | _some_of(case.some_of))
    return {
        "if": {"required": [case.keys[0].name]},
        "then": _only(names, narrower) | then,
        "else": _case_of(form, tuple(others)),
    }


def _only(names: Iterable[str], narrower: Mapping[str, Schema] = FrozenMap()) -> Schema:
    """Say that no key but these stands in a table."""
    return {
        "properties": {name: narrower.get(name, True) for name in names},
        "additionalProperties": False,
    }


def _whole(form: Form) -> Schema:
    """Say what must stand in a program that extends no other, in its tables too."""
    needed = _required(key.name for key in form.keys if key.needed is Needed.WHOLE)
    inner: Schema = {}
    for key in form.keys:
        if isinstance(key.kind, Either) and isinstance(key.kind.kinds[0], Inside):
            stated = _whole(FORMS[key.kind.kinds[0].form])
            if stated:  # of one table, or of each in an array
                inner[key.name] = {**stated, "items": stated}
    return needed | ({"properties": inner} if inner else {})


# ---------------------------------------------------------------------- what stands under a key


def _schema_of(*kinds: Kind) -> Schema:
    """Say that one of several kinds stands there: the types that it may have, and what is asked of each."""
    match kinds:
        case [OneOf(words=words)]:
            return {"enum": list(words)}
        case [Whole(least=least, most=most)] if least == most:
            return {"const": least}
        case _:
            return _typed(kinds)


def _typed(kinds: tuple[Kind, ...]) -> Schema:
    asked: dict[str, Schema] = {}
    for kind in kinds:
        for type_, schema in _by_type(kind):
            asked[type_] = _either(asked[type_], schema) if type_ in asked else schema
    if "number" in asked and "integer" in asked:  # a number may be whole, too
        del asked["integer"]
    types = list(asked)
    typed: Schema = {"type": types[0] if len(types) == 1 else types}
    return typed | {name: value for each in asked.values() for name, value in each.items()}


def _by_type(kind: Kind) -> Iterator[tuple[str, Schema]]:
    """Give the types that a kind may have, each with what is asked of a value of that type."""
    match kind:
        case Either(kinds=kinds):
            for each in kinds:
                yield from _by_type(each)
        case Number(above_zero=above_zero):
            yield "number", {"exclusiveMinimum": 0} if above_zero else {}
            yield "string", {"pattern": f"^({_ABOVE_ZERO if above_zero else _DIGITS})$"}
        case Text() | Day() | OneOf():
            yield "string", _text(kind)
        case Whole(least=least, most=most):
            yield "integer", {"minimum": least, "maximum": most}
        case Flag():
            yield "boolean", {}
        case _:
            yield _holding(kind)


def _text(kind: Text | Day | OneOf) -> Schema:
    match kind:
        case Text(most=most, pattern=pattern):
            return {"maxLength": most, **({"pattern": f"^({pattern})$"} if pattern else {})}
        case OneOf(words=words):
            return {"pattern": f"^({'|'.join(words)})$", "examples": list(words)}
        case _:
            return {"format": "date"}


def _holding(kind: ListOf | Inside | Named) -> tuple[str, Schema]:
    match kind:
        case ListOf(kind=inner, least=least):
            return "array", {"items": _schema_of(inner), **({"minItems": least} if least else {})}
        case Inside(form=form):
            return "object", {"allOf": [{"$ref": f"#/$defs/{form}"}]}
        case _:
            return "object", {"additionalProperties": _schema_of(kind.kind)}


def _either(one: Schema, other: Schema) -> Schema:
    """Ask of a value of one type what either of two kinds asks of it."""
    if "pattern" not in one or "pattern" not in other:
        return {}
    patterns = (each["pattern"].removeprefix("^").removesuffix("$") for each in (one, other))
    return {**one, **other, "pattern": f"^({'|'.join(patterns)})$"}
