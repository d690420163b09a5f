"""A small program of a few steps: what is crossed counts for thirty days; a test says what each step asks."""

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


def steps_asking(*asked: str) -> str:
    """Write the program with what each of its steps asks, three at most, but for the movements."""
    names = ("one", "two", "three")[: len(asked)]
    return _TERMS + "".join(
        f'[[tier]]\nid       = "{name}"\nrank     = {rank}\nrequires = {asks}\n'
        for rank, (name, asks) in enumerate(zip(names, asked, strict=True), start=1)
    )


def crossing(on: date, many: int = 10) -> tk.Event:
    """Cross some, on a day."""
    return tk.Event(id=f"C-{on}", partner=ME, type="crossing", on=on, quantity=many)
