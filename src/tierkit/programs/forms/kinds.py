"""What a table of a program file is made of: keys, what may stand under each, and what it means."""

from __future__ import annotations

from typing import Final, TypeAlias, final

from tierkit.frozen import frozen
from tierkit.programs.reading.table import MOST_OF_ID, MOST_OF_NAME, MOST_OF_TEXT, UNKNOWN
from tierkit.values.source import Grade
from tierkit.values.word import Word


@final
@frozen
class Text:
    """A text of one line; `pattern` is a regular expression that the whole of it matches."""

    most: int = MOST_OF_TEXT
    pattern: str = ""
    words: str = "text"


@final
@frozen
class Number:
    """An exact number: 5, 62.50, "62.50" or "1/3"."""

    above_zero: bool = False


@final
@frozen
class Whole:
    """A whole number, both bounds in."""

    least: int
    most: int


@final
@frozen
class Flag:
    """True or false."""


@final
@frozen
class Day:
    """A day, 2026-07-13."""


@final
@frozen
class OneOf:
    """One of some words."""

    words: tuple[str, ...]


@final
@frozen
class ListOf:
    """A list, with at least so many items."""

    kind: Kind
    least: int = 0


@final
@frozen
class Inside:
    """A table of its own, by the name of its form."""

    form: str


@final
@frozen
class Named:
    """A table whose keys are names that the file gives, or refers to."""

    kind: Kind
    by: str


@final
@frozen
class Either:
    """One of several kinds."""

    kinds: tuple[Kind, ...]


Kind: TypeAlias = Text | Number | Whole | Flag | Day | OneOf | ListOf | Inside | Named | Either


@final
class Needed(Word):
    """Whether a table must have a key."""

    NO = "no"
    WHOLE = "in a whole program"
    """It may leave it out in a file that extends another."""
    YES = "yes"


@final
@frozen
class Key:
    """One key of a table.

    Attributes:
        name: the key, as the file has it.
        kind: what may stand under it.
        meaning: what it says, in a line.
        needed: whether the table must have it.
    """

    name: str
    kind: Kind
    meaning: str
    needed: Needed = Needed.NO


@final
@frozen
class Case:
    """Keys that stand together, where a table is one of several things; the first key tells which.

    Attributes:
        keys: the keys.
        one_of: keys of which just one must stand.
        some_of: keys of which at least one must stand.
    """

    keys: tuple[Key, ...]
    one_of: tuple[str, ...] = ()
    some_of: tuple[str, ...] = ()


@final
@frozen
class Form:
    """One table of the file.

    Attributes:
        name: what it is called here.
        header: how it stands in a file.
        meaning: what it is, in a line.
        keys: its keys.
        cases: further keys, of which those of one case stand.
        one_of: keys of which just one must stand.
        some_of: keys of which at least one must stand.
        others: what may stand under keys that are not listed; None where there may be none.
    """

    name: str
    header: str
    meaning: str
    keys: tuple[Key, ...]
    cases: tuple[Case, ...] = ()
    one_of: tuple[str, ...] = ()
    some_of: tuple[str, ...] = ()
    others: Key | None = None


TEXT: Final = Text()
ID: Final = Text(MOST_OF_ID, r"\S(.*\S)?", "id")
NAME: Final = Text(MOST_OF_NAME)
NUMBER: Final = Number()
UNKNOWN_TOO: Final = OneOf((UNKNOWN,))
RATE: Final = Either((Number(above_zero=True), UNKNOWN_TOO))
MARKET: Final = Text(2, "[A-Z]{2}", "market code")
MOST_MONTHS: Final = 1200
MOST_DAYS: Final = 36_500
MM_DD = "(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
OF_THE_YEAR: Final = Text(5, MM_DD, "MM-DD")


def one(form: str) -> Inside:
    """Say that one table stands under a key."""
    return Inside(form)


def rows(form: str, least: int = 0) -> Either:
    """Say that an array of tables stands under a key, or one table by itself."""
    return Either((Inside(form), ListOf(Inside(form), least)))


def words(kind: type[Word]) -> OneOf:
    """Say that one word of an enumeration stands under a key."""
    return OneOf(tuple(word.value for word in kind))


# ---------------------------------------------------------------------- keys that many tables have

WORD: Final = (
    Key("source", TEXT, "where it was read: a name under [sources]"),
    Key("grade", words(Grade), "how far to trust it; left out: as far as its source"),
    Key("note", TEXT, "what a reader should know of it"),
)
DATED: Final = (
    Key("from", Day(), "the first day on which it holds; left out: no beginning"),
    Key("until", Day(), "the first day on which it no longer holds; left out: no end is known"),
    *WORD,
)
