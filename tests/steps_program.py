"""A small program of two steps: what is crossed counts for thirty days; a test says what each step asks."""

from __future__ import annotations

from datetime import date

import tierkit as tk

ME = "ada"
JOINED = date(2025, 1, 1)

_TERMS = """
format = 1
id     = "steps"
name   = "Steps"
tracks = ["done"]
source = "terms"
[sources.terms]
url   = "https://example.org/terms"
grade = "derived"
[readings.certified]
type = "yes-no"
[[earn]]
id       = "crossing"
select   = { fact = "event", type = "crossing" }
track    = "done"
quantity = true
rate     = { points = 1 }
live     = { days = 30 }
"""


def done(many: int) -> str:
    """Ask for as many crossings."""
    return f'{{ measure = "done", at-least = {many} }}'


def done_certified(many: int) -> str:
    """Ask for as many crossings, and for the certificate."""
    return f'{{ all = [{done(many)}, {{ reading = "certified", is = true }}] }}'


def steps_asking(one: str, two: str) -> str:
    """Write the program with what its two steps ask, but for the movements."""
    tiers = (("one", 1, one), ("two", 2, two))
    return _TERMS + "".join(
        f'[[tier]]\nid       = "{name}"\nrank     = {rank}\nrequires = {asks}\n' for name, rank, asks in tiers
    )


def crossing(on: date, many: int = 10) -> tk.Event:
    """Cross some, on a day."""
    return tk.Event(id=f"C-{on}", partner=ME, type="crossing", on=on, quantity=many)
