"""The one way in which tierkit makes a value type."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Any, TypeVar, cast, dataclass_transform, final, overload

import attrs

_T = TypeVar("_T")
_V_co = TypeVar("_V_co", covariant=True)  # a map that nobody can write to


def _itself(self: _T, _memo: object = None) -> _T:
    """Copies of an immutable value are the value."""
    return self


def _refuse_subclass(cls: type, /, **_: object) -> None:
    msg = f"{cls.__mro__[1].__name__} is a value type and cannot be subclassed; hold one in a field instead"
    raise TypeError(msg)


def _taking_dicts(_: type, fields: list[attrs.Attribute[Any]]) -> list[attrs.Attribute[Any]]:
    return [
        field.evolve(converter=_as_map) if str(field.type).startswith("FrozenMap[") else field
        for field in fields
    ]


def _as_map(value: Any) -> Any:  # noqa: ANN401 - the types of fields are their own
    return FrozenMap(cast("dict[str, Any]", value)) if isinstance(value, dict) else value


@overload
def frozen(cls: type[_T]) -> type[_T]: ...
@overload
def frozen(*, kw_only: bool) -> Callable[[type[_T]], type[_T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(attrs.field,))
def frozen(
    cls: type[_T] | None = None, *, kw_only: bool = False
) -> type[_T] | Callable[[type[_T]], type[_T]]:
    """Make an immutable, slotted value type that is equal and hashes by its fields.

    The class has no order unless it writes one, copies of a value are the value itself,
    and it cannot be subclassed. A field that holds a FrozenMap may be given a dict.

    Args:
        cls: the class, where the decorator stands without brackets.
        kw_only: whether the constructor takes its fields by name only.
    """

    def make(plain: type[_T]) -> type[_T]:
        made = attrs.define(
            plain, frozen=True, slots=True, order=False, kw_only=kw_only, field_transformer=_taking_dicts
        )
        for name in ("__copy__", "__deepcopy__"):
            setattr(made, name, _itself)
        made.__init_subclass__ = classmethod(_refuse_subclass)  # type: ignore[assignment]
        return made

    return make if cls is None else make(cls)


def changed(value: _T, /, **fields: object) -> _T:
    """Give the same value with other fields: `attrs.evolve` for types that `frozen` made."""
    evolved: Any = attrs.evolve(cast("Any", value), **fields)
    return cast("_T", evolved)


def fields_of(kind: type) -> dict[str, Any]:
    """Give the fields of a type that `frozen` made, in order, each with its annotation."""
    return {field.name: field.type for field in attrs.fields(cast("Any", kind))}


@final
class FrozenMap(Mapping[str, _V_co]):
    """An immutable mapping with text keys that hashes; equal to any mapping with the same items."""

    __slots__ = ("_items",)
    _items: dict[str, _V_co]

    def __init__(self, items: Mapping[str, _V_co] | None = None) -> None:
        object.__setattr__(self, "_items", dict(items or {}))

    def __setattr__(self, name: str, value: object) -> None:
        msg = f"a FrozenMap is immutable: cannot set {name!r}"
        raise AttributeError(msg)

    def __getitem__(self, key: str) -> _V_co:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    # What Mapping offers would come to the same by way of the two methods above, at several times the price.
    def __contains__(self, key: object) -> bool:
        return key in self._items

    def keys(self) -> KeysView[str]:
        """Give the keys."""
        return self._items.keys()

    def values(self) -> ValuesView[_V_co]:
        """Give the values."""
        return self._items.values()

    def items(self) -> ItemsView[str, _V_co]:
        """Give the keys with their values."""
        return self._items.items()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Mapping):
            return self._items == dict(cast("Mapping[object, object]", other))
        return NotImplemented

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)

    def __copy__(self) -> FrozenMap[_V_co]:
        return self

    def __deepcopy__(self, _memo: object) -> FrozenMap[_V_co]:
        return self

    def __reduce__(self) -> tuple[type[FrozenMap[_V_co]], tuple[dict[str, _V_co]]]:
        return FrozenMap, (self._items,)
