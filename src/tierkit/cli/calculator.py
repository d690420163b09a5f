"""`tierkit quote` and `tierkit convert`: what a sale would earn, and what it takes to earn so much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tierkit
from tierkit.cli.arguments import add_day, add_program, day_of, program_of, whole
from tierkit.cli.output import show, tell
from tierkit.errors import InvalidValue, Problem

if TYPE_CHECKING:
    import argparse

    from tierkit.cli.arguments import Commands
    from tierkit.programs.program import Program


def declare(commands: Commands) -> None:
    """Add the commands of this family."""
    quote = commands.add("quote", _quote, "say what a deal would earn", _add_sale, add_program, add_day)
    quote.add_argument("amount", metavar="AMOUNT", help="the monthly recurring revenue, such as 1000.00")
    quote.add_argument("currency", metavar="CURRENCY", help="the customer's currency, such as EUR")
    quote.add_argument("--managed", action="store_true", help="you will manage the customer too")
    quote.add_argument("--other-partners", default="0", metavar="N", help="how many besides you will")

    about = "turn amounts into points, or points into the least amounts that earn them"
    convert = commands.add("convert", _convert, about, _add_sale, add_program, add_day)
    convert.add_argument("currency", metavar="CURRENCY", help="the customer's currency, such as EUR")
    convert.add_argument("--sold", metavar="NUMBER", help="the monthly revenue sold")
    convert.add_argument("--managed", metavar="NUMBER", help="the monthly revenue managed by you alone")
    convert.add_argument("--points", action="store_true", help="these numbers are points")


def _add_sale(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--market", required=True, metavar="CODE", help="the customer's country, such as BR")
    parser.add_argument("--kind", help="the kind of the deal, such as sourced")


def _quote(arguments: argparse.Namespace) -> int:
    program = program_of(arguments)
    amount = tierkit.Money(arguments.amount, arguments.currency)
    others = whole("--other-partners", arguments.other_partners)
    if others and not arguments.managed:
        found, hint = f"{others}, without --managed", "say --managed, or leave --other-partners out"
        raise InvalidValue(Problem("--other-partners", "", found, "partners who manage with you", hint))
    made = tierkit.quote(
        program,
        amount=amount,
        market=arguments.market,
        kind=_kind(arguments, program),
        managed=arguments.managed,
        other_partners=others,
        on=day_of(arguments),
    )
    return show(arguments, made)


def _convert(arguments: argparse.Namespace) -> int:
    program = program_of(arguments)
    both = {"sold": arguments.sold, "managed": arguments.managed}
    given = {side: number for side, number in both.items() if number is not None}
    if not given:
        raise InvalidValue(Problem("--sold, --managed", "", "neither", "at least one of the two"))
    kind, on, market = _kind(arguments, program), day_of(arguments), arguments.market
    currency = tierkit.Currency(arguments.currency)
    if arguments.points:
        points = {side: tierkit.Points(number) for side, number in given.items()}
        sold, managed = points.get("sold"), points.get("managed")
        least = tierkit.to_money(
            program, sold=sold, managed=managed, currency=currency, market=market, kind=kind, on=on
        )
        tell(arguments, f"For {' and '.join(f'{each} {side} points' for side, each in points.items())}:")
        return show(arguments, least)
    amounts = {side: tierkit.Money(number, currency) for side, number in given.items()}
    sold_for, managed_for = amounts.get("sold"), amounts.get("managed")
    made = tierkit.to_points(program, sold=sold_for, managed=managed_for, market=market, kind=kind, on=on)
    return show(arguments, made)


def _kind(arguments: argparse.Namespace, program: Program) -> str:
    """Give the kind of deal that was named, or else the first that the program knows, and say so."""
    if arguments.kind is not None:
        return str(arguments.kind)
    kinds = [kind for rule in program.rules for kind in rule.where.get("kind", ())]
    if not kinds:
        found, hint = "nothing", "the program names no kinds of deals"
        raise InvalidValue(Problem("--kind", "", found, "the kind of the deal", hint))
    others = list(dict.fromkeys(kinds))[1:]
    others_too = f" (the program also knows: {', '.join(others)})" if others else ""
    tell(arguments, f"Assumed: --kind {kinds[0]}{others_too}.")
    return kinds[0]
