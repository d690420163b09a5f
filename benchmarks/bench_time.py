"""One partner with ten thousand facts along time: history, forecast and plan, beside single assessments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from book import FIRST_DAY, ON, PARTNER, book
from timing import Aim, Report, interleaved

import tierkit as tk
from tierkit.values.span import add_months

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FACTS = 10_000
ROUNDS = 15
MONTHS_BACK = 36
MONTHS_AHEAD = 24
MOST_TIMES = 8
MOST_PLAN_MS = 50
ONE = "one assessment: earn and assess"
ONE_DAY = "assess one more day of the ledger"
HISTORY = f"history of {MONTHS_BACK} months"
LOOP = f"assess on each of the {MONTHS_BACK + 1} days, in a loop"
FORECAST = f"forecast of {MONTHS_AHEAD} months, both courses"
PLAN = "plan for Elite in January"
LAPSING = 1_000
KEEPING = f"the same, where {LAPSING:,} of the facts are accounts that lapse until then"


def lapsing(count: int) -> Iterator[tk.ManagedAccount]:
    """Give accounts that were last acted in on one of the sixty days before."""
    for number in range(count):
        acted = ON - timedelta(days=number % 60)
        holder = tk.Holder(partner=PARTNER, since=FIRST_DAY, actions=[acted])
        mrr = tk.Money.from_minor(1_000 + number, "EUR")
        yield tk.ManagedAccount(
            id=f"lapsing {number}", customer=f"customer {number}", mrr=mrr, market="DE", holders=[holder]
        )


def reports(*, rounds: int = ROUNDS) -> list[Report]:
    """Check that the sweep finds what the loop does, and time them."""
    program = tk.load_program("hubspot-solutions")
    held = tk.Held(partner=PARTNER, tier="diamond", on=date(2026, 7, 15), since=date(2026, 1, 15))
    business = book(FACTS).adding(held)
    ledger = tk.earn(business, program).partner(PARTNER)
    kept = tk.earn(book(FACTS - LAPSING).adding(held, *lapsing(LAPSING)), program).partner(PARTNER)
    since = add_months(ON, -MONTHS_BACK)
    days = [add_months(since, month) for month in range(MONTHS_BACK + 1)]
    until, by = add_months(ON, MONTHS_AHEAD), date(2027, 1, 15)
    swept = tk.history(ledger, since=since, until=ON).days
    if [each.points for each in swept] != [tk.assess(ledger, on=day).points for day in days]:
        msg = "the sweep and the loop disagree"
        raise SystemExit(msg)
    cases: dict[str, Callable[[], object]] = {
        ONE: lambda: tk.assess(tk.earn(business, program), on=ON, partner=PARTNER),
        ONE_DAY: lambda: tk.assess(ledger, on=ON),
        HISTORY: lambda: tk.history(ledger, since=since, until=ON),
        LOOP: lambda: [tk.assess(ledger, on=day) for day in days],
        FORECAST: lambda: tk.forecast(ledger, on=ON, until=until),
        "review of today": lambda: tk.review(ledger, on=ON),
        PLAN: lambda: tk.plan(ledger, tier="elite", on=ON, by=by),
        KEEPING: lambda: tk.plan(kept, tier="elite", on=ON, by=by),
        "changes of a month, with reasons": lambda: tk.changes(ledger, since=add_months(ON, -1), until=ON),
    }
    timings = interleaved(cases, rounds=rounds)
    one, one_day = timings[ONE], timings[ONE_DAY]

    def aim(name: str, base: str) -> Aim:
        mine, its = timings[name], timings[base]
        wish = f"the {name} takes at most {MOST_TIMES} times {base}"
        return Aim(wish, MOST_TIMES, mine.times(its), mine.best / its.best)

    plan = timings[PLAN]
    aims = [
        *(aim(name, base) for base in (ONE, ONE_DAY) for name in (HISTORY, FORECAST)),
        Aim(f"a plan takes under {MOST_PLAN_MS} ms", MOST_PLAN_MS, plan.median * 1e3, plan.best * 1e3, "ms"),
    ]
    loop = timings[LOOP].times(timings[HISTORY])
    notes = [
        f"records from {FIRST_DAY} to {ON}; the sweep finds exactly the points of the loop",
        f"the loop takes {loop:.2g} times as long as the history, and finds no credited tier",
        f"assessing a ledger that is there takes {one_day.times(one):.2g} of earning and assessing",
    ]
    return [Report(f"Along time, {FACTS:,} facts", "ms", 1e3, ONE, timings, aims, notes)]


if __name__ == "__main__":
    print(*reports(), sep="\n")
