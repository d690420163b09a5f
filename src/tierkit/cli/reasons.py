"""`--explain`: the reasons of all that a command answers, or of one fact in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tierkit.cli.arguments import few
from tierkit.cli.output import print_lines, print_tables
from tierkit.errors import InvalidValue, Problem, shown

if TYPE_CHECKING:
    from tierkit.cli.arguments import Parser
    from tierkit.engine.ledger import Ledger
    from tierkit.reports.explain import Explanation

_EVERYTHING: Final = object()


def add_explain(parser: Parser, everything: str, *needed: str) -> None:
    """Add the question why, of everything or of one fact; what else is needed stands in the usage."""
    parser.usage = " ".join(("%(prog)s BOOK", *needed, "[ARGUMENT ...]"))
    parser.if_missing = "name BOOK first: --explain takes a word after it for a fact"
    about = f"after BOOK: add the reasons of {everything}, or of one fact; with --json these alone"
    parser.add_argument("--explain", nargs="?", const=_EVERYTHING, metavar="FACT", help=about)


def refuse_fact_of_others(ledger: Ledger, fact: str) -> None:
    """Refuse a fact that can have no reasons here: that of other partners, or a reversal.

    Raises:
        InvalidValue: it is one.
        UnknownName: the book has no such fact.
    """
    from tierkit.facts.facts import Reversal, partners_of

    found, partners = ledger.book[fact], partners_of(ledger.book[fact])
    if ledger.partner_id in partners:
        return
    if isinstance(found, Reversal):
        is_of, hint = f", a reversal of {found.reverses}", f"say --explain {found.reverses}"
    else:
        is_of, hint = f", of {few(partners)}", f"say --partner {partners[0]}"
    expected = f"a fact of {ledger.partner_id}"
    raise InvalidValue(Problem("--explain", "", f"{shown(fact)}{is_of}", expected, hint))


def problems_of(ledger: Ledger, fact: object) -> list[Problem]:
    """Give why a fact could not be valued, on all its days."""
    failures = ledger.failures(ledger.partner_id)
    return list(dict.fromkeys(each.problem for each in failures if each.fact == fact))


def print_reasons(told: Explanation, failed: list[Problem]) -> None:
    """Print reasons, and why a fact could not be valued, where the title does not say it already."""
    from tierkit.reports.statement import problems_tables

    print_lines(told.text)
    print_tables(problems_tables(failed if told.trees else (), "What could not be valued"))
