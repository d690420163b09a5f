"""A fixed set of words, each a piece of text, that shows itself as the code that names it."""

from __future__ import annotations

from enum import StrEnum

from tierkit.errors import Problem, UnknownName, nearest, shown


class Word(StrEnum):
    """A text enumeration whose repr is Python code, so that every value built on it can be read back."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"

    @classmethod
    def _missing_(cls, value: object) -> None:
        words = [word.value for word in cls]
        hint = nearest(value, words) if isinstance(value, str) else ""
        expected = f"one of {', '.join(words)}"
        raise UnknownName(Problem(cls.__name__.lower(), found=shown(value), expected=expected, hint=hint))
