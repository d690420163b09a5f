"""Keys that hints name: those of the top of a file, and those of a table that was written as one value."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, cast

from tierkit.programs.toml_text import value_text

if TYPE_CHECKING:
    from collections.abc import Collection

TOP: Final = (
    *("format", "extends", "id", "name", "note"),
    *("source", "tracks", "attributes", "year-from", "units"),
)
"""The keys of the top of a file that hold no tables; tests hold them to the forms."""

_MOST_SHOWN = 40
_NUMBER: Final = (int, Decimal)
_SINGLE: Final[dict[str, tuple[str, tuple[type, ...], object, str]]] = {
    "rate": ("points", _NUMBER, 5, ""),
    "at-least": ("points", _NUMBER, 5, ""),
    "at-most": ("points", _NUMBER, 5, ""),
    "multiply": ("by", _NUMBER, 2, ', group = "…"'),
    "round": ("to", _NUMBER, 1, ', mode = "half-up"'),
    "share": ("among", (str,), "equal", ""),
    "live": ("months", _NUMBER, 12, ""),
    "clawback": ("causes", (list,), ["non-payment"], ', takes = "all"'),
    "named": ("name", (str,), "…", ""),
    "members": ("markets", (list,), ["DE"], ""),
    "judged": ("take", (str,), "same-day", ""),
    "select": ("fact", (str,), "event", ""),
    "unless-held-under": ("months", _NUMBER, 6, ""),
    "amounts": ("EUR", _NUMBER, 100, ""),
}
"""By the key of a table its first key, of which type that is, a value for it, and what stands beside it."""

_CONDITION: Final = '{ measure = "…", at-least = 5 }'
_TREES: Final = {
    **dict.fromkeys(("requires", "keeps", "not", "only-if"), _CONDITION),
    **dict.fromkeys(("all", "any", "of"), f"[{_CONDITION}]"),
}
"""By the key of a tree, or of its parts, how it is written."""


def belongs(key: str, where: str) -> str:
    """Say where a key of the top of a file belongs."""
    above = "" if where.endswith(".json") else ", above the first [table]"
    return f"`{key}` belongs at the top of the file{above}"


def misplaced(key: str, where: str) -> str:
    """Say what to do with a key of the top of a file that stands in a table; a note may be meant for that."""
    if key != "note":
        return belongs(key, where)
    comment = "leave it out" if where.endswith(".json") else "write a comment, # …"
    return f"this table has no `note`: {comment}; that of the whole file belongs at its top"


def as_table(key: str, value: object, header: str, *, array: bool) -> str:
    """Say how a table is written where there is something else.

    Args:
        key: the key of the table.
        value: what stands there; it is taken up where it can be what the table says.
        header: the header of the table, without brackets.
        array: whether several tables may stand there.
    """
    if key in _TREES:
        return f"write {key} = {_TREES[key]}"
    if key not in _SINGLE:
        return f"write [[{header}]] before each" if array else f"write [{header}] above its keys"
    first, types, usual, beside = _SINGLE[key]
    said = value if type(value) in types and _is_plain(value) else usual
    return f"write {key} = {{ {first} = {value_text(said)}{beside} }}"


def _is_plain(value: object) -> bool:
    if isinstance(value, list):
        items = cast("Collection[object]", value)
        return bool(items) and all(isinstance(each, str) for each in items)
    return len(str(value)) <= _MOST_SHOWN if not isinstance(value, Decimal) else value.is_finite()
