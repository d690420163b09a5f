"""Source and grade: where a rule's value was read, and how far to trust it."""

from __future__ import annotations

from typing import final

from tierkit.errors import Problem, WrongType, shown
from tierkit.frozen import frozen
from tierkit.values.word import Word


@final
class Grade(Word):
    """How far a value can be trusted."""

    PUBLISHED = "published"
    """The owner of the program publishes it."""
    SECONDARY = "secondary"
    """Somebody else reports it."""
    DERIVED = "derived"
    """It follows from what is published, or is the reading that fits it best."""


@final
@frozen
class Source:
    """Where a value was read.

    Attributes:
        id: the name by which values refer to it.
        url: its address.
        grade: how far to trust it.
        version: which edition, or the day it was read.
        note: anything a reader should know.
    """

    id: str
    url: str
    grade: Grade
    version: str = ""
    note: str = ""

    def __attrs_post_init__(self) -> None:
        grade: object = self.grade
        if not isinstance(grade, Grade):
            expected = "Grade.PUBLISHED, Grade.SECONDARY or Grade.DERIVED"
            raise WrongType(
                Problem(f"source {self.id}", field="grade", found=shown(grade), expected=expected)
            )
