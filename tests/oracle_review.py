"""How HubSpot moves a tier, written once more: a loop over the days, and every way in which it may have been.

This is what `review` is held against. Where something is not known (a bar, a figure, since when a tier is
held), the loop goes on once for each thing that it may have been: a *world*. What the partner holds on a day
is what it holds in every world; where the worlds differ, it may be any of theirs. Points come from `oracle`;
nothing here knows the engine or reads a program file.

A tier is a number: 0 for none, 1 for gold, up to 4 for elite. Bars are nested: who meets one tier's meets
those of every lower one.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import oracle
from oracle import MET, NOT_MET, TIERS, UNKNOWN

import tierkit as tk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction

    from tierkit import Book, Held

ANY_TIER = (0, 1, 2, 3, 4)
LONG_AGO = date(1990, 1, 1)


class World(NamedTuple):
    """One way in which things may have come: what is held, since when, and what the window has seen.

    What the vendor decided has one tier for each decision whose end has not come, the newest last.
    """

    tier: int
    since: date
    best: int
    decided: tuple[int, ...]


NO_TIER = World(0, LONG_AGO, 0, ())


class Rules(NamedTuple):
    """What a test may change: the bars and since when they are known, and the two switches of the window."""

    bars: Callable[[str, date], tuple[int | None, int | None]]
    every_day: bool = False
    bars_of_the_review: bool = False
    first_day: date = date(2026, 1, 15)
    known_from: date = date(2026, 1, 15)
    by_invitation: bool = False


def credited(book: Book, partner: str, on: date, rules: Rules) -> set[str | None]:
    """Say which tiers a partner may hold at the end of a day: one where it is known."""
    helds = sorted((held for held in book.held if held.partner == partner), key=lambda held: held.on)
    joined_on = next((each.joined_on for each in book.partners if each.id == partner), None)
    lasting = [held.on for held in helds if held.until is None]  # a decision with an end leaves no trace
    if joined_on is None or (lasting and lasting[0] <= joined_on):
        joined_on = date.min
    worlds = {NO_TIER} if joined_on > date.min else anything({0}, rules.first_day)
    ends: list[date] = []
    for day in days_from(rules.first_day, on):
        if day == rules.known_from and joined_on == date.min and not any(on < day for on in lasting):
            worlds = {
                each._replace(decided=world.decided)
                for world in worlds
                for each in anything({world.best}, day)
            }
        seen = seen_on(book, partner, day, rules)
        worlds = {after for world in worlds for after in moved(world, seen, day)}
        if day < joined_on:  # who has not joined holds no tier
            worlds = {NO_TIER._replace(best=world.best, decided=world.decided) for world in worlds}
        going = [number for number, end in enumerate(ends) if end != day]
        worlds = {world._replace(decided=tuple(world.decided[n] for n in going)) for world in worlds}
        ends = [ends[number] for number in going]
        for held in helds:
            if held.on == day:
                worlds = {after for world in worlds for after in given(world, held)}
                ends = [*ends, held.until] if held.until else []
    names = (None, *TIERS)
    return {names[(world.tier, *world.decided)[-1]] for world in worlds}


def anything(best: set[int], day: date) -> set[World]:
    """Give every world: before the first bars that are known, the tier is only what a fact says."""
    return {
        World(tier, since, each, ()) for tier in ANY_TIER for since in any_day_up_to(day) for each in best
    }


class Seen(NamedTuple):
    """What one check may have seen: the tier reached, without looking at the certification, and with it.

    Nothing of it is there on a day that is not looked at for it.
    """

    window: int | None
    month: int | None
    certified: bool


def moved(world: World, seen: set[Seen], day: date) -> Iterator[World]:
    """Apply the rules of one day to one world, for each thing that may have been seen."""
    if (day.month, day.day) in ((8, 15), (2, 15)):
        world = world._replace(best=0)
    if not seen:
        yield world
    for check in seen:
        after = world
        if check.window is not None and check.window > after.best:
            after = after._replace(best=check.window)
        if check.month is not None and check.month > after.tier:  # up, on the 15th of each month
            after = after._replace(tier=check.month, since=day)
        if check.month is not None:
            after = after._replace(decided=tuple(max(each, check.month) for each in after.decided))
        if (day.month, day.day) in ((1, 15), (7, 15)):
            yield from reviewed(after, day, certified=check.certified)
        else:
            yield after


def reviewed(world: World, day: date, *, certified: bool) -> Iterator[World]:
    """Review what is held: down on 15 January and 15 July alone."""
    protected = day < six_months_after(world.since)
    if protected:
        yield world
    elif not certified:  # exposed: which tier follows is not published, but a lapse saves from no fall
        left = min(world.best, world.tier)
        yield world if left == world.tier else world._replace(tier=left, since=day)
        for lower in range(left):
            yield world._replace(tier=lower, since=day)
    elif world.best >= world.tier:  # met on at least one check
        yield world._replace(since=LONG_AGO)  # a protection that is over makes no difference any more
    else:
        yield world._replace(tier=world.best, since=day)


def given(world: World, held: Held) -> Iterator[World]:
    """Apply a tier that was given: a fact from its day on; with an end, a decision beside the rules."""
    tier = TIERS.index(held.tier) + 1
    if held.until:
        yield world._replace(decided=(*world.decided, tier))
    elif world.tier == tier and not held.since:  # what the rules gave is only confirmed
        yield world._replace(decided=())
    else:
        for since in [held.since] if held.since else any_day_up_to(held.on):
            yield world._replace(tier=tier, since=since, decided=())


def any_day_up_to(day: date) -> list[date]:
    """Give two days that stand for all: the next review is within six months of one and not of the other.

    A day between the two falls to the one side or the other, and two reviews are six months apart.
    """
    return [LONG_AGO, day]


def six_months_after(day: date) -> date:
    year, month = (day.year, day.month + 6) if day.month <= 6 else (day.year + 1, day.month - 6)
    last = day.day
    while True:
        try:
            return date(year, month, last)
        except ValueError:
            last -= 1


def days_from(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


# ---------------------------------------------------------------------- what a check sees


def seen_on(book: Book, partner: str, day: date, rules: Rules) -> set[Seen]:
    """Give everything that the check of a day may have seen; nothing where the day is not looked at."""
    in_window = (day.month, day.day) >= (8, 15) or (day.month, day.day) <= (1, 15)
    in_window = in_window or (2, 15) <= (day.month, day.day) <= (7, 15)
    if day.day != 15:
        if not (rules.every_day and in_window):
            return set()
        return {Seen(tier, None, certified=True) for tier in windows(book, partner, day, rules)}
    found: set[Seen] = set()
    certified = oracle.readings_on(book, partner, day).get("certified")
    for tier in reachable(book, partner, day, rules, day):
        for checked in windows(book, partner, day, rules) if rules.bars_of_the_review else {tier}:
            window = checked if in_window else None
            if certified is None:  # every tier's bars may be met or not: any performance up to this one
                found |= {Seen(window, each, certified=True) for each in range(tier + 1)}
            found.add(Seen(window, tier if certified is True else 0, certified is True))
    return found


def windows(book: Book, partner: str, day: date, rules: Rules) -> set[int]:
    """Give the tiers that a check of the window may have seen: it looks past the certification."""
    return reachable(book, partner, day, rules, review_after(day) if rules.bars_of_the_review else day)


def review_after(day: date) -> date:
    """Give the review whose window a day is in: that day itself, or the next one."""
    return next(each for each in days_from(day, date.max) if (each.month, each.day) in ((1, 15), (7, 15)))


def reachable(book: Book, partner: str, day: date, rules: Rules, bars_of: date) -> set[int]:
    """Give the tiers that the points and figures of a day may reach by the bars of a day, if certified."""
    mine = oracle.tally(counted_on(book, day), partner, day)
    read = oracle.readings_on(book, partner, day)
    verdicts = [verdict(mine, read, rules, tier, bars_of) for tier in TIERS]
    best = max((number for number, answer in enumerate(verdicts, 1) if answer == MET), default=0)
    above = {number for number, answer in enumerate(verdicts, 1) if answer == UNKNOWN and number > best}
    return {best} | above


def verdict(
    mine: oracle.Tally, read: dict[str, bool | Fraction], rules: Rules, tier: str, bars_of: date
) -> str:
    """Say whether a partner meets what a tier asks besides the certification."""
    answers: list[str] = []
    if tier in ("diamond", "elite") and bars_of >= date(2026, 1, 15):
        bar = 75 if tier == "diamond" else 80
        answers.append(UNKNOWN if "grr" not in read else MET if read["grr"] >= bar else NOT_MET)
    if tier == "elite" and rules.by_invitation:
        answers.append(UNKNOWN if "invited" not in read else MET if read["invited"] is True else NOT_MET)
        enough = "certifications" in read and read["certifications"] >= 100
        answers.append(UNKNOWN if "certifications" not in read else MET if enough else NOT_MET)
    sourced, total = rules.bars(tier, bars_of)
    if sourced is None or total is None:
        answers.append(UNKNOWN)
    else:
        for measure, points in (("sourced", sourced), ("total", total)):
            lacking = UNKNOWN if measure in mine.at_least else NOT_MET
            answers.append(MET if mine.measures[measure] >= points else lacking)
    return NOT_MET if NOT_MET in answers else UNKNOWN if UNKNOWN in answers else MET


def counted_on(book: Book, day: date) -> Book:
    """Leave out the deals that were taken back by a day: paid for no more, or wrong from the start."""
    taken = {
        reversal.reverses
        for reversal in book.reversals
        if reversal.on <= day and reversal.cause in ("non-payment", "correction")
    }
    if not taken:
        return book
    return tk.Book(
        fact for fact in book if fact not in book.reversals and getattr(fact, "id", "") not in taken
    )
