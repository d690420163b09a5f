r"""TOML that strangers wrote: read without more time and memory than its size is worth.

A key of n dotted parts costs the parser of the standard library n * n steps and cells, so that a file of
200 kB takes all memory. Here such a file is refused before it is parsed, like one that is too long or
nested too deeply. Who reads TOML of any kind (a mapping, a program, worked examples) reads it by

    read_toml(text, where="mapping.toml", error=InvalidBook)

and bounds the file before that: at most `MOST_BYTES` of it are worth reading.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tierkit.errors import Problem, of_parser, shown

if TYPE_CHECKING:
    from tierkit.errors import TierkitError

MOST_BYTES: Final = 1_000_000
"""The longest text that is read."""

MOST_PARTS: Final = 20
"""The most parts of a dotted key, or of the header of a table."""

_PART = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]++|\\.)*+"?+|'[^'\n]*+'?+)"""
_LINES = r'"""(?:[^"\\]++|\\[\s\S]|"{1,2}(?!"))*+(?:"{3,5})?+' + r"|'''(?:[^']++|'{1,2}(?!'))*+(?:'{3,5})?+"
_NEXT = rf"[ \t]*+\.[ \t]*+{_PART}"
_TOKEN = re.compile(rf"{_LINES}|#[^\n]*+|(?P<long>{_PART}(?:{_NEXT}){{{MOST_PARTS}}})|{_PART}(?:{_NEXT})*+")
"""Strings of several lines, comments, and runs of parts with points between: what stands in a string or
in a comment is part of no key, however many points it has."""


def read_toml(text: str, *, where: str, error: type[TierkitError]) -> dict[str, Any]:
    """Read a TOML document; its numbers with a point or an exponent become Decimals.

    Args:
        text: the document.
        where: what it is called in messages: the name of its file.
        error: the class of the error that is raised.

    Raises:
        TierkitError: (of the given class) for what is no TOML, for more than a megabyte of it, for a key of
            more than twenty dotted parts, and for brackets within brackets without end.
    """
    import tomllib

    if len(text) > MOST_BYTES:
        expected = f"at most {MOST_BYTES:,} characters"
        raise error(Problem(where, "", f"{len(text):,} characters", expected, "split or shorten it"))
    if long := next((token["long"] for token in _TOKEN.finditer(text) if token["long"]), ""):
        hint = "write tables within tables by [headers]"
        raise error(Problem(where, "", shown(long, 40), f"keys of at most {MOST_PARTS} dotted parts", hint))
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        found = "brackets within brackets without end"
        raise error(Problem(where, "", found, "a few levels", "write tables by [headers]")) from None
    except (ValueError, ArithmeticError) as problem:  # ArithmeticError: an exponent that no Decimal has
        place, found = of_parser(problem, text, where)
        raise error(Problem(place, "", found, "a TOML document", "see toml.io")) from None
