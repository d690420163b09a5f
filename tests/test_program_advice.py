# ruff: noqa: E501, FBT001 - one case is one row of a table; a row says yes or no
"""What a check of a program warns of: tiers out of reach, bars that fall, rules that never apply, no source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from test_program_checks import MOVEMENT, SKILL
from test_program_format import KITES, REQUIRES, TOTAL, check, kites

if TYPE_CHECKING:
    from pathlib import Path


MEASURES = f"""{TOTAL}
score    = {{ scale = "sales", full = 10, gives = 20 }}
debt     = {{ scale = "sales", full = 10, gives = -20 }}
scores   = {{ sum = ["score", 5] }}
double   = {{ sum = ["score", "spare"] }}
capped   = {{ min = ["sales", 15, "score"] }}
better   = {{ max = ["score", 25] }}
best     = {{ max = ["score", "sales"] }}
net      = {{ net = ["score", 5] }}
loss     = {{ net = ["score", "sales"] }}
gain     = {{ net = ["sales", 5] }}
times    = {{ product = ["score", 5] }}
share    = {{ ratio = ["sales", "total"] }}
facts    = {{ count = ["sales"] }}
idle     = {{ count = ["spare"] }}
only     = {{ only-if = {{ reading = "certified", is = true }}, of = "score" }}
before   = {{ earlier = "score", months = 12 }}
whole    = {{ round = "score", to = 7, mode = "down" }}
most     = {{ over = "sales", each = "month", last = 3, fold = "max", counted = "earned", at-most = 4 }}
all      = {{ over = "sales", each = "month", last = 3, fold = "sum", counted = "earned", at-most = 4 }}
any      = {{ over = "sales", each = "month", last = 3, fold = "sum", counted = "earned" }}
months   = {{ tenure = "two" }}
"""
BOUNDS: list[tuple[str, int | None]] = [
    # a measure, and the most that it can give
    ("score", 20), ("debt", 0), ("scores", 25), ("double", 20), ("capped", 15), ("better", 25), ("best", None),
    ("net", 15), ("loss", None), ("gain", None), ("times", None), ("share", None), ("facts", None), ("idle", 0),
    ("only", 20), ("before", 20), ("whole", 21), ("most", 4), ("all", 12), ("any", None), ("months", None),
    ("spare", 0), ("sales", None), ("total", None),
]  # fmt: skip


def warned(requires: str, folder: Path, more: str = "") -> list[str]:
    """Give the warnings about the requirement of one tier."""
    text = kites(TOTAL, MEASURES, SKILL + more).replace(REQUIRES, f"requires = {requires}")
    checked = check(
        text.replace('["sales", "training"]\nattr', '["sales", "training", "spare"]\nattr'), folder
    )
    assert checked.problems == ()
    return [str(each) for each in checked.warnings if "tier[one].requires" in each.field]


@pytest.mark.parametrize(("name", "most"), BOUNDS)
def test_a_bar_above_the_most_that_its_measure_gives_is_told(
    name: str, most: int | None, tmp_path: Path
) -> None:
    """'warnings for a tier that can never be reached'"""
    bar = 10**9 if most is None else most
    assert warned(f'{{ measure = "{name}", at-least = {bar} }}', tmp_path) == []
    above = warned(f'{{ measure = "{name}", above = {bar} }}', tmp_path)
    over = warned(f'{{ all = [{{ measure = "{name}", at-least = {bar + 1} }}] }}', tmp_path)
    assert [bool(above), bool(over)] == [most is not None] * 2
    assert all("to reach 'one' on every day" in each for each in (*above, *over))
    assert (
        warned(
            f'{{ any = [{{ measure = "{name}", above = {bar} }}, {{ measure = "sales", above = 1 }}] }}',
            tmp_path,
        )
        == []
    )


SALES_10, SALES_5 = '{ measure = "sales", at-least = 10 }', '{ measure = "sales", at-least = 5 }'
NEVER = '{ measure = "spare", above = 0 }'
CERTIFIED, UNCERTIFIED = '{ reading = "certified", is = true }', '{ reading = "certified", is = false }'
REACHES: list[tuple[str, bool]] = [
    # a requirement, and whether nobody can ever meet it
    (f"{{ all = [{SALES_10}, {SALES_5}] }}", False),
    (f"{{ all = [{SALES_10}, {{ not = {SALES_5} }}] }}", True),
    (f"{{ all = [{{ not = {SALES_5} }}, {SALES_10}] }}", True),
    (f"{{ all = [{SALES_5}, {{ not = {SALES_10} }}] }}", False),
    (f"{{ all = [{SALES_5}, {{ not = {SALES_5} }}] }}", True),
    (f'{{ all = [{SALES_5}, {{ not = {{ measure = "sales", above = 5 }} }}] }}', False),
    (
        '{ all = [{ measure = "sales", above = 5 }, { not = { measure = "sales", above = 5 } }] }',
        True,
    ),
    (
        f'{{ all = [{SALES_5}, {{ not = {{ measure = "sales", at-least = "unknown", note = "?" }} }}] }}',
        False,
    ),
    (f"{{ not = {{ any = [{SALES_5}, {{ not = {SALES_10} }}] }} }}", True),
    (f"{{ not = {{ all = [{SALES_5}, {{ not = {SALES_10} }}] }} }}", False),
    (f"{{ any = [{{ all = [{CERTIFIED}, {UNCERTIFIED}] }}, {SALES_5}] }}", False),
    (f"{{ any = [{{ all = [{CERTIFIED}, {UNCERTIFIED}] }}, {NEVER}] }}", True),
    (f"{{ all = [{CERTIFIED}, {{ not = {UNCERTIFIED} }}] }}", False),
    (f"{{ all = [{CERTIFIED}, {{ any = [{UNCERTIFIED}, {SALES_5}] }}] }}", False),
    (f"{{ all = [{CERTIFIED}, {{ all = [{UNCERTIFIED}, {SALES_5}] }}] }}", True),
    (f"{{ at-least = 2, of = [{NEVER}, {SALES_5}, {SALES_10}] }}", False),
    (f"{{ at-least = 2, of = [{NEVER}, {NEVER}, {SALES_10}] }}", True),
    (f"{{ at-least = 2, of = [{CERTIFIED}, {UNCERTIFIED}] }}", True),
    (f"{{ not = {NEVER} }}", False),
    ('{ all = [{ partner = "segment", is = "a" }, { partner = "segment", is = "b" }] }', True),
    ('{ all = [{ partner = "segment", is = "a" }, { not = { partner = "segment", is = "a" } }] }', True),
    ('{ all = [{ partner = "segment", is = "a" }, { not = { partner = "segment", is = "b" } }] }', False),
    ('{ not = { any = [{ partner = "segment", is = "a" }, { partner = "segment", is = "b" }] } }', False),
    ('{ all = [{ partner = "market", group = "north" }, { partner = "market", group = "cold" }] }', False),
    ('{ all = [{ partner = "market", group = "north" }, { partner = "market", group = "west" }] }', True),
    ('{ all = [{ partner = "market", group = "north" }, { partner = "market", is = "DE" }] }', False),
    ('{ partner = "market", group = "empty" }', True),
    ('{ not = { partner = "market", group = "empty" } }', False),
    ('{ all = [{ ladder = "skill", tier = "novice" }, { ladder = "skill", tier = "expert" }] }', False),
    (
        '{ all = [{ ladder = "skill", tier = "novice" }, { not = { ladder = "skill", tier = "novice" } }] }',
        True,
    ),
]
GROUPS = """
[[group]]
id      = "cold"
members = { markets = ["NO"] }

[[group]]
id      = "west"
members = { markets = ["DE"] }

[[group]]
id = "empty"

[[tier]]
id       = "expert"
ladder   = "skill"
rank     = 1
requires = { measure = "sales", above = 1 }
"""


@pytest.mark.parametrize(("requires", "never"), REACHES, ids=[row[0] for row in REACHES])
def test_a_requirement_that_contradicts_itself_is_told(requires: str, never: bool, tmp_path: Path) -> None:
    """'all: is true and is false of the same reading'"""
    assert bool(warned(requires, tmp_path, GROUPS)) is never


def test_what_keeps_a_tier_may_be_out_of_reach_too(tmp_path: Path) -> None:
    checked = check(
        kites(REQUIRES, f"{REQUIRES}\nkeeps = {{ all = [{CERTIFIED}, {UNCERTIFIED}] }}"), tmp_path
    )
    (warning,) = checked.warnings
    assert warning.field == "tier[one].keeps.all[2]"
    assert "to keep 'one' on every day" in str(warning)


@pytest.mark.parametrize(
    ("one", "two", "told"),
    [
        ('{ measure = "total", at-least = 10 }', '{ measure = "total", at-least = 10 }', 0),
        ('{ measure = "total", at-least = 10 }', '{ measure = "total", at-least = 9 }', 1),
        ('{ measure = "total", at-least = 10 }', '{ measure = "total", above = 9 }', 1),
        ('{ measure = "total", at-least = 10 }', '{ any = [{ measure = "total", at-least = 9 }] }', 0),
        ('{ measure = "total", at-least = 10 }', '{ measure = "total", at-least = "unknown", note = "?" }', 0),
        ('{ reading = "retention", at-least = 10 }', '{ all = [{ reading = "retention", at-least = 9 }] }', 1),
        ('{ measure = "total", at-least = 10, until = 2025-01-01 }', '{ measure = "total", at-least = 9, from = 2025-01-01 }', 0),
    ],
)  # fmt: skip
def test_bars_that_do_not_rise_with_rank_are_told_once(one: str, two: str, told: int, tmp_path: Path) -> None:
    """'bars that do not rise with rank (same quantity, same day, lower bar in a higher tier)'"""
    text = KITES[: KITES.index("[[tier]]")]
    for rank, requires in enumerate((one, one, two)):
        text += f'[[tier]]\nid = "t{rank}"\nrank = {rank}\nrequires = {requires}\n'
    warnings = [each for each in check(text, tmp_path).warnings if "rises with rank" in each.expected]
    assert len(warnings) == told
    assert all(each.field.startswith("tier[t2].requires") and "'t1'" in each.found for each in warnings)


IN_FORCE = "[in-force]\nfrom = 2025-01-01\n"


@pytest.mark.parametrize(
    ("rate", "life", "idle"),
    [
        ("until = 2024-01-01", "months = 12", True),
        ("until = 2024-01-02", "months = 12", False),
        ("until = 2024-01-01", "months = 12, pending-days = 1", False),
        ("until = 2024-01-01", "days = 365", True),
        ("until = 2024-01-01", 'through = "year"', False),
        ("until = 2024-01-01", "never = true", False),
        ("until = 2026-01-01", "months = 1, from = 2026-01-01", True),
        ("until = 2026-01-01", "months = 1, from = 2025-12-31", False),
        ("from = 2030-01-01", "months = 1", False),
    ],
)
def test_a_rule_that_never_applies_is_told(rate: str, life: str, idle: bool, tmp_path: Path) -> None:
    """'a rule that never applies (rate days outside in-force ...)': a deal from before it may still count in it"""
    text = kites("rate   = { points = 5 }", f"rate = {{ points = 5, {rate} }}", IN_FORCE)
    warnings = check(text.replace("live   = { months = 12 }", f"live = {{ {life} }}"), tmp_path).warnings
    assert [each.field for each in warnings] == (["earn[sale].rate"] if idle else [])


def test_a_state_that_is_over_before_the_program_counts_never_applies(tmp_path: Path) -> None:
    state = kites("rate   = { points = 5 }", "rate = { points = 5, until = 2025-01-01 }", IN_FORCE)
    state = state.replace('fact = "event", type = "sale"', 'fact = "state", type = "sale"')
    state = state.replace("live   = { months = 12 }", 'live = { while = "held" }')
    assert [each.field for each in check(state, tmp_path).warnings] == ["earn[sale].rate"]
    assert check(state.replace("until = 2025-01-01 }", "until = 2025-01-02 }"), tmp_path).warnings == ()


@pytest.mark.parametrize(
    ("select", "field"),
    [
        ('{ fact = "event", type = "sale", group = "empty" }', "select.group"),
        ('{ fact = "event", type = "sale", except = { group = "empty" } }', "select.except.group"),
        ('{ fact = "event", type = "sale", except = { kind = "sourced" } }', ""),
        ('{ fact = "deal", type = "sale" }', "select.type"),
        ('{ fact = "event", type = "sale", segment = ["a"], except = { segment = ["a", "b"] } }', "select.segment"),
        ('{ fact = "event", type = "sale", segment = ["a", "c"], except = { segment = ["a", "b"] } }', ""),
        ('{ fact = "event", type = "sale", group = "north", except = { group = "north" } }', "select.group"),
    ],
)  # fmt: skip
def test_a_rule_that_selects_nothing_is_told(select: str, field: str, tmp_path: Path) -> None:
    """'selects an attribute that nobody may carry ..., multiply by a group without members'"""
    text = kites(
        'select = { fact = "event", type = "sale" }', f"select = {select}", '[[group]]\nid = "empty"\n'
    )
    warnings = check(text, tmp_path).warnings
    assert [each.field for each in warnings] == ([f"earn[sale].{field}"] if field else [])


def test_a_program_that_has_no_tiers_may_count_its_tracks_for_themselves(tmp_path: Path) -> None:
    """'a track that no measure counts': unless the points are all that there is"""
    alone = KITES[: KITES.index("[[tier]]")].replace(TOTAL, "")
    assert check(alone, tmp_path).warnings == ()
    asked = alone + '[[tier]]\nid = "one"\nrank = 1\nrequires = { measure = "sales", above = 1 }\n'
    (warning,) = check(asked, tmp_path).warnings
    assert (warning.field, warning.found) == ("tracks", "'training', which nothing counts")
    only = 'm = { only-if = { measure = "training", above = 0 }, of = "sales" }'
    assert check(asked.replace("[measures]", f"[measures]\n{only}"), tmp_path).warnings == ()


def test_values_without_a_source_are_told_one_by_one_where_others_have_one(tmp_path: Path) -> None:
    """'a value without a source'"""
    text = kites('source     = "handbook"\n', "", MOVEMENT).replace(
        TOTAL, TOTAL + '\nm = { only-if = { measure = "sales", above = 0 }, of = "sales" }'
    )
    warnings = check(text, tmp_path).warnings
    assert [each.field for each in warnings] == [
        "measures.m.only-if",
        "group[north].members",
        "earn[sale].rate",
        "earn[sale].live",
        "earn[course].rate",
        "earn[course].live",
        "tier[one].requires",
        "tier[two].requires",
        "movement[review]",
    ]
    none = text.replace(
        '[sources.handbook]\nurl   = "https://example.org/handbook"\ngrade = "published"\n', ""
    )
    (warning,) = check(none, tmp_path).warnings
    assert (warning.field, warning.found) == ("source", "9 values without a source")
