# ruff: noqa: E501 - what an overlay says, and what is told of it, is read line by line
"""`program.diff(other)`: what changed between two programs, value by value, and on which days."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_engine import OWN_PROGRAM, hubspot, hubspot_with, own, program_of

import tierkit as tk

if TYPE_CHECKING:
    from tierkit.programs.diff import Difference

SKETCHES = Path(__file__).parent.parent / "docs" / "explanation" / "other-programs"
OVER = 'format = 1\nextends = "own"\n'
MINE = '[sources.mine]\nurl = "https://example.org/mine"\ngrade = "secondary"\n'


def own_with(overlay: str) -> tk.Program:
    return program_of(OWN_PROGRAM, OVER + MINE + overlay)


def said(differences: tuple[Difference, ...]) -> list[str]:
    return [str(each) for each in differences]


def values_on(program: tk.Program, day: date) -> dict[str, list[object]]:
    """Every value of a program on a day by its name: written anew, and not as the library does it."""
    found: dict[str, list[object]] = {}
    for name, period in program.sourced_values():
        if period.covers(day):
            found.setdefault(name, []).append(period.value)
    return found


# ---------------------------------------------------------------------- laws


def test_a_program_differs_in_nothing_from_itself() -> None:
    sketches = [tk.load_program(path) for path in sorted(SKETCHES.glob("*.toml"))]
    for program in (hubspot(), own(), *sketches):
        assert program.diff(program) == ()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["EUR", "JPY", "USD"]),
            st.dates(date(2024, 1, 1), date(2027, 1, 1)),
            st.integers(1, 400),
            st.sampled_from(["2", "2.50", "3", "unknown"]),
        ),
        max_size=3,
        unique_by=lambda row: row[0],
    ),
    st.sampled_from(["7", "8"]),
)
def test_differences_are_the_values_that_differ_on_their_days_and_no_others(
    rows: list[tuple[str, date, int, str]], rate: str
) -> None:
    """'what changed between two, value by value'"""
    overlay = (
        f'[[earn]]\nid = "purchase"\n[[earn.rate]]\nfrom = 2025-06-01\npoints = "{rate}"\nsource = "mine"\n'
    )
    for code, start, days, amount in rows:
        overlay += f"[[point-value]]\nfrom = {start}\nuntil = {start + timedelta(days=days)}\n"
        overlay += f'amounts = {{ {code} = "{amount}" }}\nsource = "mine"\nnote = "a try"\n'
    before, after = own(), own_with(overlay)
    found = before.diff(after)
    edges = {edge for each in found for edge in (each.span.start, each.span.end) if edge is not None}
    starts = {start for _, start, _, _ in rows}
    around = {day + timedelta(days=step) for day in edges | starts for step in (-1, 0, 1)}
    for day in sorted(around | {date(2026, 1, 1), date(2025, 12, 31)}):
        ours, theirs = values_on(before, day), values_on(after, day)
        expected = {
            (name, *ours.get(name, ["-"]), *theirs.get(name, ["-"]))
            for name in {*ours, *theirs}
            if ours.get(name) != theirs.get(name)
        }
        told = {
            (each.name, *(side.value if side else "-" for side in (each.before, each.after)))
            for each in found
            if day in each.span
        }
        assert told == expected


@given(st.sampled_from(["flying-blue", "lagged", "odoo-2023", "quickbooks", "xero-2018"]))
def test_the_way_back_is_the_way_there_turned_around(name: str) -> None:
    other = tk.load_program(SKETCHES / f"{name}.toml")
    there, back = hubspot().diff(other), other.diff(hubspot())
    turned = {(each.name, each.span, each.after, each.before) for each in back}
    assert {(each.name, each.span, each.before, each.after) for each in there} == turned


# ---------------------------------------------------------------------- what is told


def test_an_overlay_differs_in_exactly_its_values_on_its_days() -> None:
    other = hubspot_with(
        MINE + "[[point-value]]\nfrom = 2026-01-01\nuntil = 2027-01-01\n"
        'amounts = { EUR = "90", BRL = "500" }\nsource = "mine"\n'
    )
    euro, real = hubspot().diff(other)
    assert (euro.name, euro.span) == ("point value: EUR", tk.Span(date(2026, 1, 1), date(2027, 1, 1)))
    assert euro.before is not None
    assert euro.after is not None
    assert (euro.before.value, euro.before.words) == (Fraction(8800), "88 EUR")
    assert euro.before.source == hubspot().sources["partner-tiers-2025"]
    assert euro.before.grade is tk.Grade.PUBLISHED
    assert (euro.after.value, euro.after.words, euro.after.grade) == (9000, "90 EUR", tk.Grade.SECONDARY)
    assert str(euro) == (
        "point value: EUR, 2026-01-01 up to 2027-01-01: "
        "88 EUR (partner-tiers-2025, published) -> 90 EUR (mine, secondary)"
    )
    assert (real.name, real.before) == ("point value: BRL", None)
    assert str(real).endswith("nothing -> 500 BRL (mine, secondary)")


def test_a_value_on_another_word_is_no_difference() -> None:
    """Who says it, and how it is noted, changes no point."""
    again = '[[point-value]]\nfrom = 2025-01-01\namounts = { JPY = "300" }\nsource = "mine"\nnote = "seen"\n'
    assert own().diff(own_with(again)) == ()


def test_stretches_that_differ_alike_are_told_as_one() -> None:
    """The point value of the base changes on 2026-01-01; what differs over it is two stretches."""
    other = own_with('[[point-value]]\namounts = { EUR = "4", JPY = "400" }\nsource = "mine"\n')
    assert said(own().diff(other)) == [
        "point value: EUR, before 2026-01-01: 2 EUR (terms, published) -> 4 EUR (mine, secondary)",
        "point value: EUR, from 2026-01-01: 2.5 EUR (terms, published) -> 4 EUR (mine, secondary)",
        "point value: JPY, always: 300 JPY (terms, published) -> 400 JPY (mine, secondary)",
    ]


def test_a_value_that_is_declared_unknown_is_not_nothing() -> None:
    row = '[[point-value]]\nfrom = 2027-01-01\namounts = { EUR = "unknown" }\nsource = "mine"\nnote = "?"\n'
    (each,) = own().diff(own_with(row))
    assert each.after is not None
    assert (each.after.value, each.after.words, each.after.note) == (None, "unknown", "?")


CHANGES = {
    "a measure": (
        '[measures.all]\nname = "everything"\nsum = ["spent", "held"]\n',
        ["measure all, always: all: sum of spent, done, held -> everything: sum of spent, held"],
    ),
    "readings": (
        '[readings.fit]\ntype = "yes-no"\nby-vendor = true\n[readings.age]\ntype = "number"\nunit = "years"\n',
        [
            "reading fit, always: nothing -> fit: yes or no, by the vendor",
            "reading age, always: nothing -> age: a number in years",
        ],
    ),
    "a tier": (
        ('[[tier]]\nid = "two"\nname = "Two"\nrank = 2\n'
        'requires = [{ all = [{ measure = "all", above = "12.5" }], source = "mine" }]\n'),
        [
            "tier two, always: nothing -> Two, rank 2",
            "tier two: all above, always: nothing -> 12.5 (mine, secondary)",
        ],
    ),
    "a track and an attribute": (
        "",
        ["track more, always: nothing -> more", "attribute size, always: nothing -> size"],
    ),
    "a selection": (
        ('[[earn]]\nid = "training"\nname = "course"\nselect = { fact = "event", type = ["course", "talk"] }\n'
        'track = "held"\n'),
        [
            ("rule training, always: training: event, type training; measured by quantity; into done -> "
            "course: event, type course or talk; measured by one each; into held")
        ],
    ),
    "steps": (
        ('[[earn]]\nid = "training"\n[[earn.live]]\nfrom = 2030-01-01\ndays = 9\nsource = "mine"\n'
        '[[earn.clawback]]\ncauses = ["theft", "loss"]\ntakes = "pro-rata"\nsource = "mine"\n'
        '[[earn]]\nid = "purchase"\n[[earn.clawback]]\ncauses = []\ntakes = "all"\nsource = "mine"\n'
        '[[earn]]\nid = "project"\n[[earn.share]]\nfrom = 2030-01-01\namong = "equal"\nsource = "mine"\n'
        '[[group]]\nid = "near"\n[[group.members]]\nmarkets = ["DE"]\nmember = false\nsource = "mine"\n'),
        [
            "group near: DE, always: yes (terms, published) -> no (mine, secondary)",
            ("training: live, from 2030-01-01: 3 months, short month last-day (terms, published) -> "
            "9 days (mine, secondary)"),
            "project: share, from 2030-01-01: among each (terms, published) -> among equal (mine, secondary)",
            "purchase: clawback, always: nothing -> all on no cause (mine, secondary)",
            "training: clawback, always: nothing -> the days to come on theft or loss (mine, secondary)",
        ],
    ),
    "how conditions combine": (
        ('[[tier]]\nid = "one"\n[[tier.requires]]\nfrom = 2026-01-01\nsource = "mine"\nat-least = 1\n'
        'of = [{ measure = "all", at-least = "10" }, { not = { measure = "done", at-least = "1/3" } }]\n'),
        [
            "tier one: done at least, from 2026-01-01: nothing -> 1/3 (mine, secondary)",
            ("tier one: combined, from 2026-01-01: nothing -> at least 1 of (all, not of (done)) "
            "(mine, secondary)"),
        ],
    ),
    "one quantity twice": (
        ('[[tier]]\nid = "one"\n[[tier.requires]]\nsource = "mine"\n'
        'all = [{ measure = "all", at-least = "10" }, { measure = "all", at-least = "9" }]\n'),
        ["tier one: all at least, always: nothing -> 9 (mine, secondary)"],
    ),
    "movements": (
        ('[[movement]]\nid = "rise"\nkind = "rise"\non = ["*-01"]\njudged = { take = "same-day" }\n'
        'effective = { months = 1 }\nto = "best"\nfrom = 2025-01-01\nuntil = 2026-01-01\nsource = "mine"\n'
        '[[movement]]\nid = "fall"\nkind = "fall"\non = ["07-01"]\n'
        'judged = { on = ["*-01"], since = ["02-01"], take = "best", bars = "review-day" }\n'
        'effective = { days = 2 }\nto = "best-judged"\nunless-held-under = { months = 6 }\nsource = "mine"\n'),
        [
            ("movement rise, 2025-01-01 up to 2026-01-01: nothing -> rise on *-01; judged by same-day, bars of "
            "own-day; effective 1 month later; to best (mine, secondary)"),
            ("movement fall, always: nothing -> fall on 07-01; judged by best of *-01 since 02-01, bars of "
            "review-day; effective 2 days later; to best-judged; not within 6 months after a rise "
            "(mine, secondary)"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_added_and_changed_is_told_in_words(name: str) -> None:
    """'tiers, measures, readings, movements added, removed or changed'"""
    overlay, expected = CHANGES[name]
    head = 'tracks = ["spent", "done", "held", "more"]\nattributes = ["color", "size"]\n'
    other = program_of(OWN_PROGRAM, OVER + (overlay and MINE) + (overlay or head))
    assert said(own().diff(other)) == expected
    assert [(each.name, each.after) for each in other.diff(own())] != []


def test_what_is_removed_is_told_too() -> None:
    gone = OWN_PROGRAM.replace('  [[earn.at-least]]\n  points = "3"\n  source = "terms"\n', "")
    (each,) = own().diff(program_of(gone))
    assert (each.name, each.after) == ("project: at_least", None)
    assert str(each).endswith("3 (terms, published) -> nothing")


def test_a_movement_that_is_restated_otherwise_is_told_on_its_days() -> None:
    demotion = (
        '[[movement]]\nid = "demotion"\nkind = "fall"\non = ["01-15", "07-15"]\n'
        'judged = { on = ["*-*"], since = ["08-15", "02-15"], take = "best" }\neffective = "same-day"\n'
        'to = "best-judged"\nunless-held-under = { months = 6 }\nasked-on-the-day = ["certified"]\n'
        'from = 2026-01-01\nsource = "mine"\n'
    )
    before, after = hubspot().diff(hubspot_with(MINE + demotion))
    assert (before.name, before.span, before.after) == (
        "movement demotion",
        tk.Span(date(2022, 7, 18), date(2026, 1, 1)),
        None,
    )
    assert after.span == tk.Span(date(2026, 1, 1), None)
    assert "best of *-15 since" in str(after.before)
    assert "best of *-* since 08-15, 02-15, bars of own-day; certified asked on the day" in str(after.after)


def test_a_rule_that_loses_its_words_for_a_rate_day_tells_it() -> None:
    text = OWN_PROGRAM.replace('fact = "event", type = "training"', 'fact = "deal"').replace(
        "quantity = true\n", ""
    )
    days = '  [[earn.rate-day]]\n  when = { motion = "upsell", color = "red" }\n  day = "line-first-sold"\n'
    marker = "  [[earn.at-least]]\n  from   = 2025-01-01"
    other = program_of(text.replace(marker, f'{days}  source = "terms"\n{marker}'))
    (each,) = program_of(text).diff(other)
    assert str(each.after) == "by line-first-sold where motion is upsell and color is red (terms, published)"


def test_years_and_postings_are_told_in_words() -> None:
    found = {
        each.name: str(each.after) for each in own().diff(tk.load_program(SKETCHES / "flying-blue.toml"))
    }
    assert found["flight: live"] == "to the end of the personal year (guides, secondary)"
    assert "restarts the year; deducts the bar from xp" in found["movement rise"]
    assert "to next-lower; carries what is left of xp, at most 300 (" in found["movement year-end"]
    assert "carries what is left of xp (" in found["movement year-end-until-2024"]
    found = {each.name: str(each.after) for each in own().diff(hubspot())}
    assert found["managed-account: live"] == "60 days after each action (partner-notes-2026, secondary)"
    held = {each.name: str(each.before) for each in own().diff(hubspot())}
    assert held["project: live"] == "while held (terms, published)"


@pytest.mark.parametrize("other", ["hubspot-solutions", None, 3])
def test_only_a_program_can_be_held_against_one(other: object) -> None:
    with pytest.raises(tk.WrongType, match="diff: program"):
        own().diff(other)  # type: ignore[arg-type]
