"""Writing the tiers of a program, and the movements between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tierkit.programs.movements import BarsOf, Lag, Movement
from tierkit.programs.writing.measures import requirement_form
from tierkit.programs.writing.parts import Form, Sources, named, number, row, saying

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tierkit.programs.dated import Dated
    from tierkit.programs.program import Program
    from tierkit.programs.requirements import Requirement
    from tierkit.values.tier import Tier


def tier_form(tier: Tier, program: Program, cites: Sources) -> Form:
    """Write a tier, with its names and what it asks."""
    ladder = "" if tier.ladder == program.id else tier.ladder
    form = {"id": tier.id, **named(tier.id, tier.name), **saying({"ladder": ladder}), "rank": tier.rank}
    names = [row(each, {"name": each.value}, cites) for each in program.names.get(tier.id, ())]
    return form | saying(
        {
            "named": names,
            "requires": list(_trees(program.requires.get(tier.id, ()), cites)),
            "keeps": list(_trees(program.keeps.get(tier.id, ()), cites)),
        }
    )


def _trees(asked: Dated[Requirement] | tuple[()], cites: Sources) -> Iterator[Form]:
    for period in asked:
        yield row(period, requirement_form(period.value, cites, (period.source, period.grade)), cites)


def movement_form(movement: Movement, cites: Sources) -> Form:
    """Write a movement."""
    judged = saying({"on": list(movement.judged_on), "since": list(movement.judged_since)})
    if movement.judged_last != Lag():
        judged["last"] = _lag(movement.judged_last)
    judged["take"] = str(movement.take)
    judged |= saying({"bars": "" if movement.bars is BarsOf.OWN_DAY else str(movement.bars)})
    posts = saying({"deduct": movement.deduct, "carry": movement.carry})
    if movement.carry_at_most is not None:
        posts["at-most"] = number(movement.carry_at_most)
    protected = {"months": movement.protected_months} if movement.protected_months else {}
    form: Form = {"id": movement.id, "kind": str(movement.kind), "on": list(movement.on), "judged": judged}
    form |= saying({"asked-on-the-day": list(movement.asked_on_the_day)})
    form |= {"effective": _lag(movement.effective), "to": str(movement.to)}
    form |= saying({"unless-held-under": protected, "restarts-year": movement.restarts_year, "posts": posts})
    form |= saying({"from": movement.effective_from, "until": movement.effective_until})
    return form | cites.cited(movement.source, movement.grade) | saying({"note": movement.note})


def _lag(lag: Lag) -> Any:  # noqa: ANN401 - a word or a table
    return "same-day" if lag == Lag() else saying({"months": lag.months or None, "days": lag.days or None})
