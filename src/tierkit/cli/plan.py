"""`tierkit plan`: what to sell, or to keep alive, so that a tier is reached on a day to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tierkit
from tierkit.cli.arguments import add_book, add_day, add_program, day, day_of, ledger_of
from tierkit.cli.output import show

if TYPE_CHECKING:
    import argparse

    from tierkit.cli.arguments import Commands


def declare(commands: Commands) -> None:
    """Add the command."""
    about = "say what is missing for a tier on a day to come, and the least that would bring it"
    plan = commands.add("plan", _plan, about, add_program, add_day, add_book)
    plan.add_argument("--tier", required=True, metavar="ID", help="the tier to reach, such as diamond")
    plan.add_argument("--by", required=True, metavar="DAY", help="the day on which it is to be reached")
    plan.add_argument("--closing", metavar="DAY", help="when the new deals close; default: the day of --by")
    plan.add_argument("--currency", metavar="CURRENCY", help="of the amounts; default: that of most deals")
    plan.add_argument("--markets", default="", metavar="CODES", help="where you can sell, such as DE,BR")
    plan.add_argument("--kinds", default="", metavar="KINDS", help="what you can sell, such as sourced")


def _plan(arguments: argparse.Namespace) -> int:
    by = day("--by", arguments.by)
    closing = None if arguments.closing is None else day("--closing", arguments.closing)
    made = tierkit.plan(
        ledger_of(arguments),
        tier=arguments.tier,
        on=day_of(arguments),
        by=by,
        closing=closing,
        currency=arguments.currency,
        markets=_listed(arguments.markets),
        kinds=_listed(arguments.kinds),
    )
    return show(arguments, made)


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.split(",")] if text else []
