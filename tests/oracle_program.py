"""What any program says of a book, read from the program's types as slowly and plainly as can be.

This is what the engine is held against for programs that nobody has written by hand: each docstring of
`tierkit.programs` as code, looking at every fact again for each day that is asked about. It shares no line
with the engine and keeps nothing.

What is not known is carried along as a range: a fact that cannot be valued leaves the end of its track open
above, and also below where it might take points away; a reading that nobody supplied may be anything.

Left out are the parts in which movements decide: points that last with the member's personal year, tenure,
and multipliers by the tier that is held. Other tests hold those.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from functools import reduce
from math import inf
from typing import TYPE_CHECKING

from oracle_earnings import DAY, Earnings, When, attribute
from oracle_ranges import (
    ANYTHING,
    ZERO,
    Range,
    added,
    divided,
    exactly,
    highest,
    lowest,
    multiplied,
    negative,
    rounded,
    scaled,
)

import tierkit as tk
from tierkit.programs import measures as ops
from tierkit.programs.requirements import Condition, Junction, Subject
from tierkit.values.span import add_months

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tierkit.programs.measures import Operand, Operation
    from tierkit.programs.requirements import Requirement


class Oracle(Earnings):
    """What one partner has under a program: each quantity and each tier."""

    # ------------------------------------------------------------------ quantities

    def quantity(self, name: str, when: When) -> Range:
        """Give a track, a measure or a reading."""
        if name in self.program.measures:
            return self.measured(self.program.measures[name].by, when)
        if name in self.program.readings:
            value = self.reading(name, when.on)
            return exactly(value) if isinstance(value, Fraction) else ANYTHING
        found = list(self.credits(name, when))
        value = sum((each.points for each in found if each.points is not None), ZERO)
        lacking = [each for each in found if each.points is None]
        return Range(value, -inf if any(e.lowers for e in lacking) else value, inf if lacking else value)

    def operands(self, of: Iterable[Operand], when: When) -> list[Range]:
        return [exactly(e) if isinstance(e, Fraction) else self.quantity(e, when) for e in of]

    def measured(self, by: Operation, when: When) -> Range:  # noqa: C901, PLR0911, PLR0912 - a clause each
        match by:
            case ops.Sum(of):
                return added(self.operands(of, when))
            case ops.Net(of):
                first, *others = self.operands(of, when)
                return added([first, *map(negative, others)])
            case ops.Product(of):
                return reduce(multiplied, self.operands(of, when))
            case ops.Lowest(of):
                return lowest(self.operands(of, when))
            case ops.Highest(of):
                return highest(self.operands(of, when))
            case ops.Ratio(of, to):
                return divided(*self.operands((of, to), when))
            case ops.Count():
                return self.counted(by, when)
            case ops.Scale(of, full, gives):
                (part,) = self.operands((of,), when)
                return part.mapped(lambda each: scaled(each, full, gives))
            case ops.OnlyIf(of, requires):
                (part,) = self.operands((of,), when)
                met = self.met(requires, when)
                if met is None:
                    return Range(part.value, min(ZERO, part.low), max(ZERO, part.high))
                return part if met else exactly(ZERO)
            case ops.Earlier(of):
                return self.quantity(of, When(self.before(by, when.on)))
            case ops.Over():
                return self.over(by, when)
            case ops.Rounded(of, to, mode):
                return self.quantity(of, when).mapped(lambda each: rounded(each, to, mode))
            case _:
                raise NotImplementedError(by)

    def counted(self, by: ops.Count, when: When) -> Range:
        given = [each for track in by.of for each in self.credits(track, when)]
        found: set[str] = {each.fact for each in given if each.points is not None}
        if by.distinct:
            values = {str(attribute(self.book[fact], by.distinct)) for fact in found}
            found = values - {""}
        number = Fraction(len(found))
        return Range(number, number, inf if any(each.points is None for each in given) else number)

    def before(self, by: ops.Earlier, day: date) -> date:
        if by.stretch is None:
            return add_months(day, -by.months) - timedelta(days=by.days)
        return self.stretch(by.stretch, day, -by.ago)[1] - DAY

    def over(self, by: ops.Over, when: When) -> Range:
        day = when.on if when.since is None else when.asked_on
        spans = [self.stretch(by.each, when.on, -back) for back in range(by.last + 1)]
        if when.since is not None:
            spans = [span for span in spans if span[0] >= when.since]
        if not by.running:
            spans = [span for span in spans if span[1] <= day]
        found: list[Range] = []
        for start, end in spans[: by.last]:
            last = min(end - DAY, day)
            first = start if by.counted is ops.Counted.BEST_DAY else last
            asked = [When(first + number * DAY) for number in range((last - first).days + 1)]
            if by.counted is ops.Counted.EARNED:
                asked = [When(last, start, day)]
            each = highest(self.quantity(by.of, when) for when in asked)
            if by.at_most is not None:
                each = lowest([each, exactly(by.at_most)])
            found.append(each)
        if not found:
            return exactly(ZERO)
        return {ops.Fold.SUM: added, ops.Fold.MIN: lowest, ops.Fold.MAX: highest}[by.fold](found)

    def reading(self, name: str, day: date) -> bool | Fraction | None:
        """Give the newest reading that has begun, unless it has ended; of the wrong type it is none."""
        newest: tk.Reading | None = None
        for each in self.book.readings:
            right_type = isinstance(each.value, bool) is self.program.readings[name].yes_no
            mine = (each.partner, each.customer, each.name) == (self.partner, "", name)
            if mine and right_type and each.on <= day and (newest is None or newest.on <= each.on):
                newest = each
        return newest.value if newest and (newest.until is None or day < newest.until) else None

    # ------------------------------------------------------------------ tiers

    def met(self, asked: Requirement, when: When) -> bool | None:
        """Say whether a requirement is met; None where that is not known."""
        if isinstance(asked, Condition):
            return self.holds(asked, when)
        answers = [self.met(part, when) for part in asked.parts]
        sure, possible = answers.count(True), answers.count(True) + answers.count(None)
        if asked.junction is Junction.NOT:
            (answer,) = answers
            return None if answer is None else not answer
        least = {Junction.ALL: len(answers), Junction.ANY: 1, Junction.AT_LEAST: asked.least}[asked.junction]
        return True if sure >= least else None if possible >= least else False

    def holds(self, asked: Condition, when: When) -> bool | None:
        bar, name = asked.bar, asked.quantity
        if bar is None:
            return None
        if asked.subject is Subject.LADDER:
            tiers = self.program.ladders[name]
            (wanted,) = (tier for tier in tiers if tier.id == bar)
            answers = [self.reaches(tier.id, when.on) for tier in tiers if tier.rank >= wanted.rank]
            return True if True in answers else None if None in answers else False
        if asked.subject is Subject.PARTNER:
            return self.is_partner(asked, when.on)
        if asked.comparison is tk.Sense.IS:
            said = self.reading(name, when.on)
            return None if said is None else said is bar
        held = self.quantity(name, when)
        assert isinstance(bar, Fraction)
        if asked.comparison is tk.Sense.ABOVE:
            return True if held.low > bar else False if held.high <= bar else None
        return True if held.low >= bar else False if held.high < bar else None

    def is_partner(self, asked: Condition, day: date) -> bool | None:
        who = [each for each in self.book.partners if each.id == self.partner]
        if asked.comparison is tk.Sense.IN_GROUP:
            return self.inside(str(asked.bar), who[0].market if who else None, day)
        said = str(who[0].attributes.get(asked.quantity, "")) if who else ""
        if asked.quantity == "market":
            said = who[0].market.code if who and who[0].market else ""
        return said == asked.bar if said else None

    def reaches(self, tier: str, day: date) -> bool | None:
        """Say whether what a tier asks on a day is met; no one reaches a tier that there is not."""
        period = self.program.requires[tier].at(day) if tier in self.program.requires else None
        return self.met(period.value, When(day)) if period else False

    def reached(self, tiers: Iterable[tk.Tier], day: date) -> str | None:
        """Give the highest tier that is met; "unknown" where none is and one may be, else None."""
        answers = {tier.id: self.reaches(tier.id, day) for tier in tiers}
        met = [tier for tier, answer in answers.items() if answer]
        return met[-1] if met else "unknown" if None in answers.values() else None
