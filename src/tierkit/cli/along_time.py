"""`tierkit review`, `history`, `forecast` and `changes`: a partner along the days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tierkit
from tierkit.cli.arguments import add_book, add_day, add_program, day, day_of, ledger_of
from tierkit.cli.output import OK, show
from tierkit.cli.reasons import add_explain, print_reasons, problems_of, refuse_fact_of_others

if TYPE_CHECKING:
    import argparse

    from tierkit.cli.arguments import Commands
    from tierkit.engine.changes import Changes
    from tierkit.engine.forecast import Forecast
    from tierkit.engine.ledger import Ledger
    from tierkit.errors import Problem
    from tierkit.reports.explain import Explanation


def declare(commands: Commands) -> None:
    """Add the commands of this family."""
    about = "say which tier is credited, and what each review decided"
    commands.add("review", _review, about, add_program, add_day, add_book)

    about = "show points and tiers at the start of a time and at each step after it"
    history = commands.add("history", _history, about, add_program, _add_since, _add_until, add_book)
    steps = "day, week, month, quarter or year; default: month"
    history.add_argument("--every", default="month", metavar="STEP", help=steps)

    about = "say what expires when, and how the coming reviews come out if nothing else happens"
    forecast = commands.add("forecast", _forecast, about, add_program, add_day, _add_until, add_book)
    add_explain(forecast, "every change to come", "--until DAY")

    about = "say what came and went between two days, and why"
    changes = commands.add("changes", _changes, about, add_program, _add_since, _add_until, add_book)
    add_explain(changes, "every change", "--since DAY", "--until DAY")


def _add_since(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", required=True, metavar="DAY", help="where the time begins")


def _add_until(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--until", required=True, metavar="DAY", help="its last day")


def _review(arguments: argparse.Namespace) -> int:
    return show(arguments, tierkit.review(ledger_of(arguments), on=day_of(arguments)))


def _history(arguments: argparse.Namespace) -> int:
    since, until = day("--since", arguments.since), day("--until", arguments.until)
    made = tierkit.history(ledger_of(arguments), since=since, until=until, every=arguments.every)
    return show(arguments, made)


def _forecast(arguments: argparse.Namespace) -> int:
    until, on = day("--until", arguments.until), day_of(arguments)
    ledger = ledger_of(arguments)
    return _show(arguments, ledger, tierkit.forecast(ledger, on=on, until=until))


def _changes(arguments: argparse.Namespace) -> int:
    since, until = day("--since", arguments.since), day("--until", arguments.until)
    ledger = ledger_of(arguments)
    return _show(arguments, ledger, tierkit.changes(ledger, since=since, until=until))


def _show(arguments: argparse.Namespace, ledger: Ledger, result: Changes | Forecast) -> int:
    """Show what changed, or will, with the reasons that were asked for; as JSON, these alone."""
    fact = arguments.explain
    if fact is None:
        return show(arguments, result)
    failed = problems_of(ledger, fact)
    told = _explained(ledger, result, fact, failed)
    if arguments.json:
        return show(arguments, told)
    show(arguments, result)
    print_reasons(told, failed)
    return OK


def _explained(
    ledger: Ledger, result: Changes | Forecast, fact: object, failed: list[Problem]
) -> Explanation:
    """Explain all changes, or those of one fact; where it has none, say why in the title."""
    from tierkit.engine.forecast import Forecast

    if not isinstance(fact, str):
        return tierkit.explain(result)
    refuse_fact_of_others(ledger, fact)
    changes = result.changes if isinstance(result, Forecast) else result
    rows = [row for row in changes.rows if row.fact == fact]
    if rows:
        return tierkit.explain(rows)
    same = f"{fact} gives {result.partner} the same on all days from {changes.since} to {changes.until}"
    return tierkit.Explanation(f"no changes: {'; '.join(map(str, failed)) or same}", ())
