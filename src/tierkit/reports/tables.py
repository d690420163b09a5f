"""What each result says, as tables."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from tierkit.engine.calculator import Amounts, Quote
from tierkit.engine.changes import Changes
from tierkit.engine.compare import Comparison
from tierkit.engine.forecast import Forecast
from tierkit.engine.history import History
from tierkit.engine.judge import Progress
from tierkit.engine.ledger import Ledger
from tierkit.engine.moving.journey import Decision, Look
from tierkit.engine.plan import Plan
from tierkit.engine.reconcile import Reconciliation
from tierkit.engine.review import Review
from tierkit.engine.standing import Standing
from tierkit.errors import Problem, WrongType, shown
from tierkit.facts.book import Book
from tierkit.programs.program import Program
from tierkit.programs.requirements import Condition, Junction
from tierkit.programs.words import words_of
from tierkit.reports.changes import changes_tables
from tierkit.reports.compare import comparison_tables
from tierkit.reports.explain import Explanation
from tierkit.reports.forecast import forecast_tables
from tierkit.reports.journey import decision_tables, history_tables, look_tables, review_tables
from tierkit.reports.numbers import column_of, counted_text, exact_text, formula, money_text
from tierkit.reports.plan import plan_tables
from tierkit.reports.reconcile import reconciliation_tables
from tierkit.reports.statement import problems_tables, progress_table, sources_tables, standing_tables
from tierkit.reports.table import INDENT, Table
from tierkit.values.reason import Operator
from tierkit.values.source import Grade
from tierkit.values.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tierkit.engine.earning.entry import Entry
    from tierkit.programs.dated import Period
    from tierkit.programs.requirements import Requirement
    from tierkit.values.market import Market
    from tierkit.values.money import Money

_MOST_PARTNERS: Final = 20


def tables_of(result: object) -> tuple[Table, ...]:
    """Give the tables of a result.

    Raises:
        WrongType: for anything else than the results of tierkit, a book and a program.
    """
    make = _TABLES.get(type(result))
    if make is None:
        expected = f"one of {', '.join(kind.__name__ for kind in _TABLES)}"
        raise WrongType(Problem("tables", found=shown(result), expected=expected))
    return make(result)


def progress_tables(progress: Progress) -> tuple[Table, ...]:
    """Give what a tier asks, and where that was read."""
    return progress_table(progress), *sources_tables([progress])


def quote_tables(quote: Quote) -> tuple[Table, ...]:
    """Give what was asked, the points by track and measure, and how each part was computed."""
    asked = [("program", quote.program), ("kind of deal", quote.kind), ("market", _market(quote.market))]
    if quote.sold is not None:
        asked.append(("sold", _monthly(quote.sold)))
    if quote.managed is not None:
        others = quote.other_partners
        with_others = f", with {others} other partner{'s' if others > 1 else ''}" if others else ""
        asked.append(("managed", _monthly(quote.managed) + with_others))
    points = tuple(
        (name, counted_text(each, name, quote.units), str(each)) for name, each in quote.points.items()
    )
    return (
        Table(f"Points on {quote.on}", ("", ""), tuple(asked), "ll"),
        Table("Points", ("of", column_of(quote.units), "exactly"), points, "lrl"),
        entries_table(quote.entries, quote.units),
    )


def amounts_tables(amounts: Amounts) -> tuple[Table, ...]:
    """Give the least amounts that earn the points that were asked for."""
    rows = [("program", amounts.program), ("kind of deal", amounts.kind), ("market", _market(amounts.market))]
    if amounts.sold is not None:
        rows.append(("to sell", _monthly(amounts.sold)))
    if amounts.managed is not None:
        rows.append(("to manage", _monthly(amounts.managed)))
    return (Table(f"The least that earns these points on {amounts.on}", ("", ""), tuple(rows), "ll"),)


def entries_table(entries: Iterable[Entry], units: Mapping[str, str]) -> Table:
    """Give entries with the days on which they count and the formula that made their points.

    Args:
        entries: the entries.
        units: what the tracks count that do not count points.
    """
    rows = tuple(
        (
            each.fact,
            each.customer,
            each.track,
            counted_text(each.points, each.track, units),
            str(each.span),
            formula(each.reason),
        )
        for each in entries
    )
    columns = ("fact", "customer", "track", column_of(units), "counts", "computed as")
    return Table("Entries", columns, rows, "lllrll")


def explanation_tables(explanation: Explanation) -> tuple[Table, ...]:
    """Give every step of an explanation, each below what it leads to."""
    rows = tuple(
        (
            INDENT * row.depth + row.label,
            exact_text(row.value),
            row.unit,
            "" if row.operator is Operator.GIVEN else row.operator.value,
            row.rule or (f"fact {row.fact}" if row.fact else ""),
            str(row.period or row.day or ""),
            row.grade.value if row.grade else "",
            row.source,
            "; ".join(filter(None, (row.version, row.note))),
        )
        for row in explanation.rows
    )
    columns = ("step", "number", "unit", "made by", "rule or fact", "days", "grade", "source", "note")
    return (Table(explanation.title, columns, rows, "lrlllllll"),)


def ledger_tables(ledger: Ledger) -> tuple[Table, ...]:
    """Give how many facts each partner has, how many were not valued, and why."""
    book, partners = ledger.book, ledger.partners
    events = Counter(deal.partner for deal in book.deals) + Counter(event.partner for event in book.events)
    states = Counter(holder.partner for account in book.accounts for holder in account.holders)
    states.update(holder.partner for state in book.states for holder in state.holders)
    rows = tuple(
        (
            partner,
            str(events[partner]),
            str(states[partner]),
            str(len({failure.fact for failure in ledger.failures(partner)})),
        )
        for partner in partners[:_MOST_PARTNERS]
    )
    more = len(partners) - len(rows)
    columns = ("partner", "deals and events", "accounts and states", "not valued on some day")
    note = f"And {more} more partners." if more else ""
    caption = f"Ledger of {len(ledger.book)} facts under {ledger.program.id}"
    return Table(caption, columns, rows, "lrrr", note), *problems_tables(ledger.problems)


def book_tables(book: Book) -> tuple[Table, ...]:
    """Give how many facts of each kind a book has, and their days."""
    days = {
        "partners": (),
        "deals": [deal.closed_on for deal in book.deals],
        "accounts": (),
        "readings": [reading.on for reading in book.readings],
        "held": [held.on for held in book.held],
        "events": [event.on for event in book.events],
        "states": (),
        "reversals": [reversal.on for reversal in book.reversals],
    }
    rows = tuple(
        (name, str(len(getattr(book, name))), str(min(on, default="")), str(max(on, default="")))
        for name, on in days.items()
        if getattr(book, name)
    )
    columns = ("facts", "number", "first day", "last day")
    return (Table(f"Book of {len(book)} facts", columns, rows, "lrll"),)


def program_tables(program: Program) -> tuple[Table, ...]:
    """Give what earns points, what is measured, what tiers ask and how they move, with days and sources."""
    counts = grades_of(program)
    about = (
        ("program", program.id),
        ("in force", program.in_force.days()),
        ("bars of every tier known", program.known_bars()),
        ("dated values", ", ".join(f"{counts[grade]} {grade}" for grade in Grade)),
    )
    measures = tuple((name, words_of(each), program.unit(name)) for name, each in program.measures.items())
    moves = tuple(
        (
            each.id,
            str(Span(each.effective_from, each.effective_until)),
            each.grade.value,
            each.source.id,
            words_of(each),
        )
        for each in program.movements
    )
    earning = ("of", "track", "points", "days", "grade", "source")
    asking = ("tier", "days", "grade", "source", "requirements")
    moving = ("movement", "days", "grade", "source", "how")
    return (
        Table(program.name, ("", ""), about, "ll", program.note),
        Table("What earns points", earning, tuple(_earned(program)), "llllll"),
        *([Table("What is measured", ("measure", "how", "unit"), measures, "lll")] if measures else ()),
        Table("What each tier asks", asking, tuple(_asked(program)), "lllll"),
        Table("How tiers move", moving, moves, "lllll"),
    )


def _earned(program: Program) -> Iterator[tuple[str, ...]]:
    """Give a row for each rate of a rule, then for each of its multipliers."""
    for rule in program.rules:
        each = "unit" if rule.amount or rule.quantity else rule.fact.value
        for period in rule.rate:
            rate = f"{exact_text(period.value)} {program.unit(rule.track)} for each {each}"
            yield rule.name, rule.track, rate, *_cited(period)
    for rule in program.rules:
        in_groups = [(f"in {program.groups[name].name}", by) for name, by in rule.multiply.items()]
        in_tiers = [(f"as {program.tier(name)}", by) for name, by in rule.tier_multiply.items()]
        for whose, dated in (*in_groups, *in_tiers):
            for times in dated:
                yield rule.name, rule.track, f"times {exact_text(times.value)} {whose}", *_cited(times)


def _asked(program: Program) -> Iterator[tuple[str, ...]]:
    """Give a row for what each tier asks, of each ladder, and for what it asks of who would keep it."""
    for tier in (*program.tiers, *(tier for ladder in program.ladders.values() for tier in ladder)):
        name = tier.name if tier.ladder == program.id else f"{tier.name} of {tier.ladder}"
        for what, asked in ((name, program.requires), (f"{name}, to keep it", program.keeps)):
            for period in asked.get(tier.id, ()):
                yield what, *_cited(period), _requirement(period.value)


def programs_table(programs: Iterable[Program]) -> Table:
    """Give programs with the days that they cover, and how many of their values have each grade."""
    rows = tuple(
        (
            program.id,
            program.in_force.days(),
            program.known_bars(),
            *(str(grades_of(program)[grade]) for grade in (*Grade, None)),
            program.name,
        )
        for program in programs
    )
    columns = (
        "program",
        "in force",
        "bars known",
        *(grade.value for grade in Grade),
        "unknown",
        "name",
    )
    return Table(
        "Programs that are shipped, and the number of their values by grade", columns, rows, "lllrrrrl"
    )


def grades_of(program: Program) -> Counter[Grade | None]:
    """Count the dated values of a program by their grade; under None those that are declared unknown."""
    return Counter(None if period.value is None else period.grade for _, period in program.sourced_values())


def _cited(period: Period[object]) -> tuple[str, str, str]:
    return period.days(), period.grade.value, period.source.id


def _requirement(requirement: Requirement, *, inner: bool = False) -> str:
    """Say what is asked; that all of it is, goes without saying where it is no part of something else."""
    if isinstance(requirement, Condition):
        return f"{requirement.quantity} {requirement.comparison} {exact_text(requirement.bar)}"
    parts = ", ".join(_requirement(part, inner=True) for part in requirement.parts)
    if requirement.junction is Junction.ALL and not inner:
        return parts
    least = f" {requirement.least}" if requirement.junction is Junction.AT_LEAST else ""
    return f"{requirement.junction.value}{least} of ({parts})"


def _monthly(money: Money) -> str:
    return f"{money_text(money)} a month"


def _market(market: Market | None) -> str:
    return f"{market.code} ({market.name})" if market else "not said"


_TABLES: Final[Mapping[type, Callable[[Any], tuple[Table, ...]]]] = {
    Standing: standing_tables,
    Progress: progress_tables,
    Review: review_tables,
    Decision: decision_tables,
    Look: look_tables,
    History: history_tables,
    Forecast: forecast_tables,
    Changes: changes_tables,
    Plan: plan_tables,
    Comparison: comparison_tables,
    Reconciliation: reconciliation_tables,
    Quote: quote_tables,
    Amounts: amounts_tables,
    Explanation: explanation_tables,
    Ledger: ledger_tables,
    Book: book_tables,
    Program: program_tables,
}
