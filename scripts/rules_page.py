"""The page that lists every value of a program, with its days, its source and its grade."""

from __future__ import annotations

import re
from calendar import month_name
from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tierkit.programs.measures import operands_of
from tierkit.programs.requirements import Condition, Junction, Subject
from tierkit.programs.rules import Clawback, Life, RateDay, Sharing, ShortMonth, Takes, While
from tierkit.reports.tables import grades_of
from tierkit.values.currency import Currency
from tierkit.values.exact import decimal_text
from tierkit.values.market import Market
from tierkit.values.money import Money
from tierkit.values.source import Grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tierkit.programs.dated import Dated, Period
    from tierkit.programs.program import Program
    from tierkit.programs.requirements import Requirement
    from tierkit.programs.rules import EarningRule
    from tierkit.values.source import Source

MADE = "<!-- Made by scripts/make_reference_pages.py: do not edit. -->"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table in Markdown."""
    lines = [list(head), ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


INTRO = """
This page lists every value of the program `hubspot-solutions`: the days on which it holds, where it was read,
and how far to trust it. The page is made from what `load_program("hubspot-solutions")` gives, so it says what
the library really computes with.

!!! warning "Unofficial"

    {note}
    HubSpot's own pages and your agreement with HubSpot decide. Where a page was not found, the value is
    declared unknown here and nothing is guessed. Where pages say nothing, the reading that is followed is
    listed under [choices](#choices).

If you know a value that is missing or better, lay it over the program:
[Add bars that you know](../how-to/known-bars.md).
"""

GRADES = {
    Grade.PUBLISHED: "Read in a page of the program's owner.",
    Grade.SECONDARY: "A third party says that it read it there.",
    Grade.DERIVED: "Arithmetic, or a reading of ours where the pages are silent.",
}

HOW_TO_READ = """
Each dated value counts once: each period of a market, a currency, a step of a rule or a bar of a tier, and
each movement. A value has the grade of its source, unless the file gives it a lower one.

The day after *from* is the first day on which a value holds. The day after *until* is the first day on which
it no longer holds. In a table, an empty cell under *Days* means: the same days as above.
"""

MOVEMENTS = """
A movement says how the tier that a partner holds rises and falls. A
[standing](../reference/engine.md#tierkit.Standing) says which tier the points of a day reach; a
[review](../reference/time.md#tierkit.review) says which badge is held by these movements, and how that came
about.
"""

UNKNOWN = """
These bars are declared unknown. A tier that hangs on one of them is `UNKNOWN` on those days. Points are given
all the same.
"""

NOT_VALUED = """
Only these currencies have a point value: {valued}. A deal in another one cannot be valued and becomes a
problem. An exchange rate is never used in its place.
"""


def program_page(program: Program) -> Iterator[str]:
    """Give the blocks of the page on a program's rules."""
    yield "---\nhide:\n  - navigation\n---"
    yield f"# {program.name}: where the rules come from"
    yield MADE
    yield INTRO.format(note=program.note)
    yield "## Grades"
    counts, cited = grades_of(program), Counter(_cited_ids(program))
    yield table(
        ("Grade", "Meaning", "Values"),
        [
            *((f"**{grade}**", meaning, str(counts[grade])) for grade, meaning in GRADES.items()),
            ("**unknown**", "declared unknown: nobody is known to have published it", str(counts[None])),
        ],
    )
    yield HOW_TO_READ
    yield "## Known bars"
    yield "The points that a tier asks for, on the days for which they are known."
    yield _known_bars(program)
    yield "## What earns points"
    yield f"The program is in force {_days(program.in_force)}."
    yield from _earning(program)
    yield "## Point values"
    yield "The amount of each currency that counts as one unit of earning. Rates are points for each unit."
    yield _point_values(program)
    yield "## Groups of markets"
    yield from _groups(program)
    yield "## Tracks, measures and readings"
    yield from _vocabulary(program)
    yield "## What each tier asks"
    yield "Every condition has to be met."
    yield from _tiers(program)
    yield "## Movements"
    yield MOVEMENTS
    yield _movements(program)
    yield "## Choices"
    yield "Where the pages are silent, the program follows a reading. Each of these is graded **derived**."
    yield table(
        ("No.", "Question", "Reading", "Why", "Held by", "Source"),
        [
            (
                str(each.number),
                each.question,
                each.reading,
                each.why,
                f"`{each.held_by}`",
                f"[{each.source.id}](#source-{each.source.id})" if each.source else "",
            )
            for each in program.choices
        ],
    )
    yield "## What is not known"
    yield from _unknown(program)
    yield "## Sources"
    yield table(
        ("Source", "Address", "Version", "Grade", "Cited"),
        [
            (
                f'<span id="source-{source.id}"></span>`{source.id}`',
                f"<{source.url}>",
                source.version,
                str(source.grade),
                f"{cited[source.id]} times" if cited[source.id] else "background",
            )
            for source in program.sources.values()
        ],
    )


def _cited_ids(program: Program) -> Iterator[str]:
    """Give the source of each dated value, and of each choice that has one."""
    yield from (period.source.id for _, period in program.sourced_values())
    yield from (choice.source.id for choice in program.choices if choice.source)


def _days(dated: Dated[Any] | Period[Any]) -> str:
    return _DAY.sub(r'<span class="whole">\g<0></span>', dated.days())


def _cited(source: Source) -> str:
    return f"[{source.id}](#source-{source.id})"


def _number(value: Fraction) -> str:
    return decimal_text(value) or str(value)


def _amount(minor: Fraction | None, currency: str) -> str:
    """Write an amount: with the decimals of its currency, or with none where it is whole."""
    if minor is None:
        return "**unknown**"
    whole = minor / 10 ** (Currency(currency).minor_units or 0)
    if whole.denominator == 1 or minor.denominator != 1:
        return _number(whole)
    return str(Money.from_minor(int(minor), currency).amount)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _each_year(day: str) -> str:
    """Say in words what "*-15" and "01-15" mean."""
    month, number = day.split("-")
    return f"day {int(number)} of each month" if month == "*" else f"{int(number)} {month_name[int(month)]}"


def _value(value: object) -> str:
    """Say what a dated value of an earning rule is."""
    if value is None:
        return "**unknown**"
    if isinstance(value, Life):
        return _life(value)
    if isinstance(value, RateDay):
        when = " and ".join(f"{name} is {said}" for name, said in value.when.items())
        return f"where {when}: the rate of the day on which the customer first bought of the product line"
    if isinstance(value, Sharing):
        return {
            Sharing.EQUAL: "divided evenly",
            Sharing.BY_SHARES: "divided by the shares given",
            Sharing.FULL_TO_EACH: "all of it to each",
        }[value]
    if isinstance(value, Clawback):
        taken = "all of them" if value.takes is Takes.ALL else "those of the days to come"
        return f"{taken}, on {' or '.join(value.causes)}"
    return _number(value) if isinstance(value, Fraction) else str(value)


def _life(life: Life) -> str:
    if life.lasts_while is While.HELD:
        return "as long as the account is held"
    if life.inactive_days is not None:
        return f"the day of an action and the {life.inactive_days} days after it"
    if not life.months:
        return f"{life.days} days"
    short = {
        ShortMonth.LAST_DAY: "the last day of the month",
        ShortMonth.NEXT_DAY: "the first day of the next",
    }
    return f"{life.months} months, where a day is missing to {short[life.short_month]}"


def _earning(program: Program) -> Iterator[str]:
    for rule in program.rules:
        yield f"### {_capital(rule.name)}"
        asked = ", ".join(f"{name} {' or '.join(values)}" for name, values in rule.where.items())
        measured = f"measured by `{rule.amount}`" if rule.amount else "counted one by one"
        facts = f"{rule.fact} facts with {asked}" if asked else f"{rule.fact} facts"
        yield f"Rule `{rule.id}`: {facts}, {measured}, into the track `{rule.track}`."
        yield table(("Step", "Days", "Value", "Grade", "Source", "Note"), _steps(rule, program))


def _steps(rule: EarningRule, program: Program) -> Iterator[tuple[str, ...]]:
    named: list[tuple[str, Dated[Any]]] = [
        ("points per unit", rule.rate),
        ("day that decides the rate", rule.rate_day),
        *((f"multiplier in {program.groups[group].name}", by) for group, by in rule.multiply.items()),
        ("least points of one fact", rule.at_least),
        ("sharing", rule.share),
        ("how long they count", rule.live),
        ("what a reversal takes", rule.clawback),
    ]
    for name, dated in named:
        for period in dated:
            yield (
                name,
                _days(period),
                _value(period.value),
                str(period.grade),
                _cited(period.source),
                period.note,
            )


def _by_words(items: Mapping[str, Dated[Any]]) -> dict[tuple[str, ...], list[tuple[str, Any]]]:
    """Bring values together that hold on the same days on the same word."""
    together: dict[tuple[str, ...], list[tuple[str, Any]]] = {}
    firsts: dict[tuple[str, ...], str] = {}
    for name in sorted(items):
        for period in items[name]:
            words = (_days(period), str(period.grade), _cited(period.source), period.note)
            together.setdefault(words, []).append((name, period.value))
            firsts.setdefault(words, str(period.effective_from or ""))
    return {words: together[words] for words in sorted(together, key=lambda words: (firsts[words], words))}


def _point_values(program: Program) -> str:
    rows = []
    for (days, grade, source, note), values in _by_words(program.point_values).items():
        amounts = [f"{code}&nbsp;{_amount(value, code)}" for code, value in values]
        rows.append((days, ", ".join(amounts), grade, source, note))
    return table(("Days", "Amounts", "Grade", "Source", "Note"), rows)


def _groups(program: Program) -> Iterator[str]:
    for group in program.groups.values():
        yield f"### {_capital(group.name)}"
        rows = []
        for (days, grade, source, note), values in _by_words(group.members).items():
            names = [f"{Market(code).name}&nbsp;({code})" for code, member in values if member]
            rows.append((days, ", ".join(names), grade, source, note))
        yield table(("Days", "Markets", "Grade", "Source", "Note"), rows)


def _vocabulary(program: Program) -> Iterator[str]:
    yield f"Tracks, each counted by itself: {', '.join(f'`{track}`' for track in program.tracks)}."
    yield table(
        ("Measure", "Is the sum of"),
        [
            (f"`{each.id}`", ", ".join(f"`{part}`" for part in operands_of(each.by)))
            for each in program.measures.values()
        ],
    )
    yield "Readings are figures that the program asks for and that a book has to supply."
    yield table(
        ("Reading", "Name", "Is", "Who decides"),
        [
            (
                f"`{each.id}`",
                each.name,
                "yes or no" if each.yes_no else f"a number{f' in {each.unit}' if each.unit else ''}",
                "the vendor" if each.by_vendor else "what was measured",
            )
            for each in program.readings.values()
        ],
    )


def _tiers(program: Program) -> Iterator[str]:
    for tier in reversed(program.tiers):
        yield f"### {tier.name}"
        yield table(
            ("Days", "Asks", "Grade", "Source", "Note"),
            [row for period in program.requires.get(tier.id, ()) for row in _asked(program, period)],
        )


def _asked(program: Program, period: Period[Requirement]) -> Iterator[tuple[str, ...]]:
    days, note = _days(period), period.note
    for words, condition in _lines(program, period.value):
        note = "; ".join(part for part in (note, condition.note) if part)
        yield days, words, str(condition.grade), _cited(condition.source), note
        days = note = ""


def _lines(program: Program, requirement: Requirement, before: str = "") -> Iterator[tuple[str, Condition]]:
    """Give a line for each condition; those of a combination other than "all" say which one."""
    if isinstance(requirement, Condition):
        yield before + _condition(program, requirement), requirement
        return
    words = {
        Junction.ALL: "",
        Junction.ANY: "one of: ",
        Junction.AT_LEAST: f"at least {requirement.least} of: ",
        Junction.NOT: "not: ",
    }
    for part in requirement.parts:
        yield from _lines(program, part, before + words[requirement.junction])


def _condition(program: Program, condition: Condition) -> str:
    name = f"`{condition.quantity}`"
    if isinstance(condition.bar, bool):
        return f"{name} is {'yes' if condition.bar else 'no'}"
    unit = program.readings[condition.quantity].unit if condition.subject is Subject.READING else ""
    bar = "**unknown**" if condition.bar is None else f"{_number(condition.bar)}{f' {unit}' if unit else ''}"
    return f"{name} {condition.comparison} {bar}"


def _known_bars(program: Program) -> str:
    measures = [name for name in program.quantities if name in _bar_names(program)]
    rows = []
    for tier in program.tiers:
        for period in program.requires.get(tier.id, ()):
            bars = {
                each.quantity: _number(each.bar)
                for each in period.value.conditions()
                if each.subject is Subject.MEASURE and isinstance(each.bar, Fraction)
            }
            if bars:
                rows.append(
                    (
                        str(period.effective_from),
                        tier.name,
                        _days(period),
                        *(bars.get(name, "") for name in measures),
                        str(period.grade),
                    )
                )
    rows.sort(key=lambda row: row[0])
    return table(("Tier", "Days", *measures, "Grade"), [row[1:] for row in rows])


def _bar_names(program: Program) -> set[str]:
    return {
        condition.quantity
        for dated in program.requires.values()
        for period in dated
        for condition in period.value.conditions()
        if condition.subject is Subject.MEASURE and condition.bar is not None
    }


def _movements(program: Program) -> str:
    rows = []
    for each in program.movements:
        windows = [_each_year(day) for day in each.judged_since] or ["that day"] * len(each.on)
        looks = ", ".join(_each_year(day) for day in each.judged_on)
        reviews = [
            f"on {_each_year(day)}, judged by " + (f"{looks} since {first}" if looks else first)
            for day, first in zip(each.on, windows, strict=True)
        ]
        protected = (
            f"; not within {each.protected_months} months after a rise" if each.protected_months else ""
        )
        asked = f"; `{', '.join(each.asked_on_the_day)}` on the review day" if each.asked_on_the_day else ""
        bars = f", by the bars of its `{each.bars}`" if each.judged_on else ""
        words = f"{'; '.join(reviews)}; take `{each.take}`{bars}, move to `{each.to}`{protected}{asked}"
        days = f"from {each.effective_from}" + (
            f" until {each.effective_until}" if each.effective_until else ""
        )
        rows.append(
            (f"`{each.id}` ({each.kind})", words, days, str(each.grade), _cited(each.source), each.note)
        )
    return table(("Movement", "Rule", "Days", "Grade", "Source", "Note"), rows)


def _unknown(program: Program) -> Iterator[str]:
    yield UNKNOWN
    rows = []
    for tier in program.tiers:
        for period in program.requires.get(tier.id, ()):
            missing = [f"`{each.quantity}`" for each in period.value.conditions() if each.bar is None]
            if missing:
                rows.append((tier.name, _days(period), ", ".join(missing), period.note))
    yield table(("Tier", "Days", "Bars not known", "What is known of them"), rows)
    valued = ", ".join(sorted(program.point_values))
    yield NOT_VALUED.format(valued=valued)
