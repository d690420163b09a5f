"""The JSON forms of unions: each tells which member it is."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast, get_args

from tierkit.errors import InvalidValue, Problem, shown
from tierkit.programs import measures, movements, requirements, rules
from tierkit.values import tier
from tierkit.values.points import Points
from tierkit.values.verdict import Verdict

if TYPE_CHECKING:
    import cattrs

_Form: TypeAlias = dict[str, Any]

OPERATIONS: Final[tuple[type, ...]] = get_args(measures.Operation)
"""The operators of measures."""

_NAMED: Final = {kind.__name__: kind for kind in OPERATIONS}

_STATED: Final[dict[str, type]] = {
    kind.__name__: kind
    for kind in (
        Fraction,
        rules.Sharing,
        rules.Life,
        rules.RateDay,
        rules.Clawback,
        rules.RoundTo,
        measures.Measure,
        rules.ReadingKind,
        movements.Movement,
        tier.Tier,
    )
}
"""What a program may state, by the name that tells it in a form; yes and no, a text and unknown are bare."""


def tell_apart(converter: cattrs.Converter) -> None:
    """Give unions forms that tell their members apart."""
    _quantities(converter)
    _requirements(converter)
    _reached(converter)
    _operations(converter)
    _stated(converter)


def _quantities(converter: cattrs.Converter) -> None:
    """Give what is held against a bar, a bar, and an operand forms that tell a number from a text."""

    def quantity(value: object, _: object = None) -> object:
        if isinstance(value, dict):
            form = cast("_Form", value)
            return Points(form["points"]) if "points" in form else str(form["text"])
        return value if value is None or isinstance(value, bool) else fraction_of(str(value))

    def quantity_form(value: object) -> object:
        if isinstance(value, Points):
            return {"points": str(value)}
        if isinstance(value, str):
            return {"text": value}
        return value if value is None or isinstance(value, bool) else str(value)

    def is_quantity(kind: object) -> bool:
        members = set(get_args(kind))
        known = {Points, Fraction, bool, str, type(None)}
        return len(members) > 1 and Fraction in members and members <= known

    converter.register_structure_hook_func(is_quantity, quantity)
    converter.register_unstructure_hook_func(is_quantity, quantity_form)


def fraction_of(text: str) -> Fraction:
    """Read an exact number."""
    return Points(text).fraction


def _requirements(converter: cattrs.Converter) -> None:
    def requirement(form: _Form, _: object) -> object:
        return converter.structure(
            form, requirements.Combination if "junction" in form else requirements.Condition
        )

    def is_requirement(kind: object) -> bool:
        return set(get_args(kind)) == {requirements.Condition, requirements.Combination}

    converter.register_structure_hook_func(is_requirement, requirement)
    converter.register_unstructure_hook_func(
        is_requirement, lambda value: converter.unstructure(value, type(value))
    )


def _reached(converter: cattrs.Converter) -> None:
    def reached(form: object, _: object) -> object:
        return (
            Verdict.UNKNOWN
            if form == Verdict.UNKNOWN.value
            else converter.structure(form, cast("Any", tier.Tier | None))
        )

    def is_reached(kind: object) -> bool:
        return Literal[Verdict.UNKNOWN] in get_args(kind)

    converter.register_structure_hook_func(is_reached, reached)
    converter.register_unstructure_hook_func(
        is_reached, lambda value: value.value if isinstance(value, Verdict) else converter.unstructure(value)
    )


def _operations(converter: cattrs.Converter) -> None:
    """Give an operator the form of an object with its name."""

    def operation(form: object, _: object) -> object:
        found, fields = shown(form), cast("_Form", form) if isinstance(form, dict) else {}
        if len(fields) != 1 or not fields.keys() <= _NAMED.keys():
            expected = f"an object with one of {', '.join(_NAMED)}"
            raise InvalidValue(Problem("", found=found, expected=expected))
        ((name, value),) = fields.items()
        made: object = converter.structure(value, cast("Any", _NAMED[name]))
        return made

    def operation_form(value: object) -> object:
        return {type(value).__name__: converter.unstructure(value)}

    def is_operation(kind: object) -> bool:
        return set(get_args(kind)) == set(OPERATIONS)

    converter.register_structure_hook_func(is_operation, operation)
    converter.register_unstructure_hook_func(is_operation, operation_form)


def _stated(converter: cattrs.Converter) -> None:
    """Give what a program may state, and `Stated` therefore holds as any object, forms that tell it apart."""

    def stated(form: object, _: object) -> object:
        if form is None or isinstance(form, bool | str):
            return form
        found, fields = shown(form), cast("_Form", form) if isinstance(form, dict) else {}
        if len(fields) != 1 or not fields.keys() <= _STATED.keys():
            expected = f"yes or no, a text, nothing, or an object with one of {', '.join(_STATED)}"
            raise InvalidValue(Problem("", found=found, expected=expected))
        ((name, value),) = fields.items()
        made: object = converter.structure(value, cast("Any", _STATED[name]))
        return made

    def stated_form(value: object) -> object:
        name = type(value).__name__
        return {name: converter.unstructure(value)} if name in _STATED else value

    def is_stated(kind: object) -> bool:
        return kind is object

    converter.register_structure_hook_func(is_stated, stated)
    converter.register_unstructure_hook_func(is_stated, stated_form)
