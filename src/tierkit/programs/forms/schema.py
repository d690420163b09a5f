"""The JSON Schema of program files, for editors: made from the forms, which are what the loader asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

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
    from collections.abc import Iterable

Schema = dict[str, Any]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_DIGITS: Final = r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?|[+-]?[0-9]+/[0-9]+"
_ABOVE_ZERO: Final = _DIGITS.replace("[+-]?[0-9]+", "[+]?[0-9]+")


def program_schema() -> Schema:
    """Give the JSON Schema (draft 2020-12) of a program file.

    Editors complete and check a program by it as it is typed. What it refuses the loader refuses too; the
    loader knows more: that names mean something, and that days do not overlap.
    """
    program = _object(PROGRAM)
    in_json = {"$schema": {"description": "in a JSON file: where this schema lies", "type": "string"}}
    return {
        "$schema": _DIALECT,
        "title": "A program of tierkit",
        **program,
        "properties": in_json | program["properties"],
        "if": {"not": {"required": ["extends"]}},
        "then": _whole(PROGRAM),
        "$defs": {form.name: _object(form) for form in FORMS.values() if form is not PROGRAM},
    }


def _object(form: Form) -> Schema:
    """Give the schema of a table."""
    schema: Schema = {"type": "object", "description": form.meaning}
    schema["properties"] = {name: _property(*keys) for name, keys in _by_name(form).items()}
    schema |= _required(key.name for key in form.keys if key.needed is Needed.YES)
    schema["additionalProperties"] = False if form.others is None else _property(form.others)
    rules = [_one_of(form.one_of), _some_of(form.some_of), *_cases(form)]
    stated = [rule for rule in rules if rule]
    return schema | ({"allOf": stated} if stated else {})


def _by_name(form: Form) -> dict[str, list[Key]]:
    """Give the keys of a table by name: one that several cases have means something else in each."""
    found: dict[str, list[Key]] = {}
    for key in (*form.keys, *(key for case in form.cases for key in case.keys)):
        if key not in found.setdefault(key.name, []):
            found[key.name].append(key)
    return found


def _property(*keys: Key) -> Schema:
    said = "; or ".join(dict.fromkeys(key.meaning for key in keys))
    return {"description": said, **_either([_schema_of(key.kind) for key in keys])}


def _required(names: Iterable[str]) -> Schema:
    needed = list(names)
    return {"required": needed} if needed else {}


def _one_of(names: tuple[str, ...]) -> Schema:
    return {"oneOf": [{"required": [name]} for name in names]} if names else {}


def _some_of(names: tuple[str, ...]) -> Schema:
    return {"anyOf": [{"required": [name]} for name in names]} if names else {}


def _cases(form: Form) -> list[Schema]:
    """Say that a table is just one of several things, and which keys stand in each of them."""
    if not form.cases:
        return []
    first = tuple(case.keys[0].name for case in form.cases)
    return [_one_of(first), *(_case(form, case) for case in form.cases)]


def _case(form: Form, case: Case) -> Schema:
    several = {name for name, keys in _by_name(form).items() if len(keys) > 1}
    then: Schema = {"propertyNames": {"enum": [key.name for key in (*case.keys, *form.keys)]}}
    then |= {"properties": {key.name: _schema_of(key.kind) for key in case.keys if key.name in several}}
    then |= _required(key.name for key in case.keys if key.needed is Needed.YES)
    then |= _one_of(case.one_of) | _some_of(case.some_of)
    return {
        "if": {"required": [case.keys[0].name]},
        "then": {name: said for name, said in then.items() if said},
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


def _schema_of(kind: Kind) -> Schema:
    match kind:
        case Text():
            return _text(kind)
        case Number():
            return _number(kind)
        case Whole(least, most):
            return (
                {"const": least} if least == most else {"type": "integer", "minimum": least, "maximum": most}
            )
        case Flag():
            return {"type": "boolean"}
        case Day():
            return {"type": "string", "format": "date"}
        case _:
            return _composed(kind)


def _composed(kind: OneOf | ListOf | Inside | Named | Either) -> Schema:
    match kind:
        case OneOf(words):
            return {"enum": list(words)}
        case ListOf(inner, least):
            return {"type": "array", "items": _schema_of(inner), **({"minItems": least} if least else {})}
        case Inside(form):
            return {"$ref": f"#/$defs/{form}"}
        case Named(inner):
            return {"type": "object", "additionalProperties": _schema_of(inner)}
        case _:
            return _either([_schema_of(each) for each in kind.kinds])


def _text(kind: Text) -> Schema:
    pattern = {"pattern": f"^({kind.pattern})$"} if kind.pattern else {}
    return {"type": "string", "maxLength": kind.most, **pattern}


def _number(kind: Number) -> Schema:
    bound = {"exclusiveMinimum": 0} if kind.above_zero else {}
    digits = _ABOVE_ZERO if kind.above_zero else _DIGITS
    return {"anyOf": [{"type": "number", **bound}, {"type": "string", "pattern": f"^({digits})$"}]}


def _either(schemas: list[Schema]) -> Schema:
    """Say that one of several schemas holds, each once."""
    found: list[Schema] = []
    for schema in schemas:
        found += [each for each in schema.get("anyOf", [schema]) if each not in found]
    return found[0] if len(found) == 1 else {"anyOf": found}
