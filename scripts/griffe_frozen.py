"""Tells the reference pages what `tierkit.frozen.frozen` does: it makes a constructor from the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import griffe

if TYPE_CHECKING:
    from collections.abc import Iterator


class Frozen(griffe.Extension):
    """Gives each class that `frozen` decorates, and that writes no `__init__`, the one it has."""

    def on_class_members(self, *, cls: griffe.Class, **_: object) -> None:
        """Add the constructor, once the fields of a class are known."""
        decorators = [str(decorator.value) for decorator in cls.decorators]
        made = [text for text in decorators if text == "frozen" or text.startswith("frozen(")]
        if made and "__init__" not in cls.members:
            kinds = griffe.ParameterKind
            kind = kinds.keyword_only if "kw_only=True" in made[0] else kinds.positional_or_keyword
            itself = griffe.Parameter("self", kind=kinds.positional_or_keyword)
            parameters = griffe.Parameters(itself, *_parameters(cls, kind))
            cls.set_member("__init__", griffe.Function("__init__", parameters=parameters, parent=cls))


def _parameters(cls: griffe.Class, kind: griffe.ParameterKind) -> Iterator[griffe.Parameter]:
    for field in cls.members.values():
        if isinstance(field, griffe.Attribute) and field.annotation and "property" not in field.labels:
            default = field.value
            if default is not None and str(default).startswith("attrs.field("):
                if "repr=False" in str(default):
                    continue  # what the library keeps for itself
                default = "…" if "factory=" in str(default) else None
            yield griffe.Parameter(field.name, annotation=field.annotation, kind=kind, default=default)
