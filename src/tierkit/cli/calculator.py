"""`tierkit quote` and `tierkit convert`: what a sale would earn, and what it takes to earn so much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import tierkit
from tierkit.cli.arguments import add_day, add_program, add_rates, day_of, program_of, rates_of, whole
from tierkit.cli.output import show, tell
from tierkit.errors import InvalidValue, Problem, ways_out
from tierkit.programs.rules import FactShape

if TYPE_CHECKING:
    import argparse

    from tierkit.cli.arguments import Commands
    from tierkit.programs.program import Program

_WAYS_OUT: Final = {
    "tier": "say --tier: the tier that you hold",
    "rates": "supply it: --rates, a CSV file of exchange rates",
    "value": "a quote has monthly revenue alone: put the deal in a book, and ask for a statement",
}
"""How a question is put on the command line that lacks something."""


def declare(commands: Commands) -> None:
    """Add the commands of this family."""
    quote = commands.add("quote", _quote, "say what a deal would earn", *_ASKED)
    quote.add_argument("amount", metavar="AMOUNT", help="the monthly recurring revenue, such as 1000.00")
    quote.add_argument("currency", metavar="CURRENCY", help="the customer's currency, such as EUR")
    quote.add_argument("--managed", action="store_true", help="you will manage the customer too")
    quote.add_argument("--other-partners", default="0", metavar="N", help="how many besides you will")

    about = "turn amounts into points, or points into the least amounts that earn them"
    convert = commands.add("convert", _convert, about, *_ASKED)
    convert.add_argument("currency", metavar="CURRENCY", help="the customer's currency, such as EUR")
    convert.add_argument("--sold", metavar="NUMBER", help="the monthly revenue sold")
    convert.add_argument("--managed", metavar="NUMBER", help="the monthly revenue managed by you alone")
    convert.add_argument("--points", action="store_true", help="these numbers are points")


def _add_sale(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--market", required=True, metavar="CODE", help="the customer's country, such as BR")
    parser.add_argument("--kind", help="the kind of the deal, such as sourced")
    parser.add_argument("--tier", metavar="ID", help="the tier that you hold, where points hang on it")


_ASKED: Final = (_add_sale, add_program, add_day, add_rates)
"""What says which question it is, besides its amounts."""


def _quote(arguments: argparse.Namespace) -> int:
    program = program_of(arguments)
    amount = tierkit.Money(arguments.amount, arguments.currency)
    others = whole("--other-partners", arguments.other_partners)
    if others and not arguments.managed:
        found, hint = f"{others}, without --managed", "say --managed, or leave --other-partners out"
        raise InvalidValue(Problem("--other-partners", "", found, "partners who manage with you", hint))
    _refuse_without_deals(program)
    asked = _asked(arguments, program)
    with ways_out(_WAYS_OUT):
        made = tierkit.quote(
            program, amount=amount, managed=arguments.managed, other_partners=others, **asked
        )
    return show(arguments, made)


def _convert(arguments: argparse.Namespace) -> int:
    program = program_of(arguments)
    both = {"sold": arguments.sold, "managed": arguments.managed}
    given = {side: number for side, number in both.items() if number is not None}
    if not given:
        raise InvalidValue(Problem("--sold, --managed", "", "neither", "at least one of the two"))
    if "sold" in given:
        _refuse_without_deals(program)
    asked, currency = _asked(arguments, program), tierkit.Currency(arguments.currency)
    if arguments.points:
        points = {side: tierkit.Points(number) for side, number in given.items()}
        with ways_out(_WAYS_OUT):
            least = tierkit.to_money(
                program, sold=points.get("sold"), managed=points.get("managed"), currency=currency, **asked
            )
        tell(arguments, f"For {' and '.join(f'{each} {side} points' for side, each in points.items())}:")
        return show(arguments, least)
    amounts = {side: tierkit.Money(number, currency) for side, number in given.items()}
    with ways_out(_WAYS_OUT):
        made = tierkit.to_points(program, sold=amounts.get("sold"), managed=amounts.get("managed"), **asked)
    return show(arguments, made)


def _asked(arguments: argparse.Namespace, program: Program) -> dict[str, Any]:
    """Give what both questions say besides their amounts."""
    return {
        "market": arguments.market,
        "kind": _kind(arguments, program),
        "on": day_of(arguments),
        "tier": arguments.tier,
        "rates": rates_of(arguments),
    }


def _refuse_without_deals(program: Program) -> None:
    """Refuse to say what a deal gives where no deal earns."""
    if not any(rule.fact is FactShape.DEAL for rule in program.rules):
        expected, hint = (
            "a program in which deals earn",
            "put what does earn in a book, and ask for a statement",
        )
        raise InvalidValue(Problem("--program", "", f"{program.id}: no deal earns here", expected, hint))


def _kind(arguments: argparse.Namespace, program: Program) -> str:
    """Give the kind of deal that was named, or else the first that the program knows, and say so."""
    if arguments.kind is not None:
        return str(arguments.kind)
    kinds = [kind for rule in program.rules for kind in rule.where.get("kind", ())]
    if not kinds:
        found, hint = "nothing", "the program names no kinds of deals, so that any will do"
        raise InvalidValue(Problem("--kind", "", found, "the kind of the deal", hint))
    others = list(dict.fromkeys(kinds))[1:]
    others_too = f" (the program also knows: {', '.join(others)})" if others else ""
    tell(arguments, f"Assumed: --kind {kinds[0]}{others_too}.")
    return kinds[0]
