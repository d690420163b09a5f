# ruff: noqa: E501, FBT001, FBT003 - one case is one row of a table; a row says yes or no
"""Tiers, movements and files upon files as they are read, and what a check of a program says."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_engine import OWN_PROGRAM, own, program_of
from test_program_format import HANDBOOK, KITES, REQUIRES, check, kites

import tierkit as tk
from tierkit.programs.movements import Lag, Take
from tierkit.programs.reading.draft import UNSOURCED
from tierkit.programs.requirements import Combination, Condition, Junction, Sense, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tierkit.programs.requirements import Requirement

# ---------------------------------------------------------------------- sources and days


def test_a_file_may_have_one_source_for_all_of_its_values() -> None:
    program = program_of(KITES)
    assert {(period.source, period.grade) for _, period in program.sourced_values() if period.source.url} == {
        (HANDBOOK, tk.Grade.PUBLISHED)
    }
    assert program.in_force.at(date(1950, 1, 1)) is not None
    assert [period.source for period in program.in_force] == [UNSOURCED]


def test_a_value_without_a_source_is_told_from_one_that_has_one() -> None:
    """'a value without a source' is a warning, and the value is there"""
    text = kites('source     = "handbook"\n', "").replace(
        "rate   = { points = 1 }", 'rate = { points = 1, grade = "secondary" }'
    )
    said = {name: (each.source.id, each.grade) for name, each in program_of(text).sourced_values()}
    assert said["sale: rate"] == ("unsourced", tk.Grade.DERIVED)
    assert said["course: rate"] == ("unsourced", tk.Grade.SECONDARY)
    changed = program_of(text.replace("points = 5", "points = 6"))
    assert [str(each) for each in program_of(text).diff(changed)] == ["sale: rate, always: 5 -> 6"]


@pytest.mark.parametrize(
    ("table", "array"),
    [
        ("rate   = { points = 5 }", "rate = [{ points = 5 }]"),
        ("rate   = { points = 5 }", "[[earn.rate]]\npoints = 5\n[earn.live]\nmonths = 12\n#"),
        ('members = { markets = ["SE", "NO"] }', '[[group.members]]\nmarkets = ["SE", "NO"]'),
        (REQUIRES, '[[tier.requires]]\nmeasure = "total"\nat-least = 10'),
        (REQUIRES, '[tier.requires]\nmeasure = "total"\nat-least = "10.0"'),
    ],
)
def test_one_table_may_stand_for_an_array_of_one(table: str, array: str) -> None:
    """'Wherever an array of dated tables stands one table may stand instead'"""
    text = kites(table, array)
    assert program_of(text.replace("#\nlive   = { months = 12 }", "")) == program_of(KITES)


def test_a_program_may_be_in_force_on_some_days() -> None:
    program = program_of(
        kites(more="[[in-force]]\nfrom = 2024-01-01\nuntil = 2025-01-01\n[[in-force]]\nfrom = 2025-01-01\n")
    )
    assert program.in_force.days() == "from 2024-01-01"
    program.refuse_days_not_in_force(date(2024, 1, 1))
    with pytest.raises(tk.NotCovered, match="in force: from 2024-01-01"):
        program.refuse_days_not_in_force(date(2023, 12, 31))


IN_FORCE, BEFORE, LONG_BEFORE = date(2026, 1, 1), date(2023, 12, 31), date(2023, 11, 30)


@pytest.mark.parametrize(
    ("name", "ask"),
    [
        ("on", lambda ledger: tk.assess(ledger, on=BEFORE)),
        ("on", lambda ledger: tk.review(ledger, on=BEFORE)),
        ("since", lambda ledger: tk.history(ledger, since=BEFORE, until=IN_FORCE)),
        ("since", lambda ledger: tk.changes(ledger, since=BEFORE, until=IN_FORCE)),
        ("until", lambda ledger: tk.changes(ledger, since=IN_FORCE, until=date(2027, 1, 1))),
        ("on", lambda ledger: tk.forecast(ledger, on=BEFORE, until=IN_FORCE)),
        ("until", lambda ledger: tk.forecast(ledger, on=IN_FORCE, until=date(2027, 1, 1))),
        ("until", lambda ledger: tk.history(ledger, since=IN_FORCE, until=date(2027, 1, 1))),
        ("by", lambda ledger: tk.plan(ledger, tier="flyer", on=LONG_BEFORE, by=BEFORE)),
        ("on", lambda ledger: tk.reconcile(ledger, {"sales": "5"}, on=BEFORE)),
        ("since", lambda ledger: tk.reconcile(ledger, {"new sales": "5"}, on=IN_FORCE, since=BEFORE)),
    ],
)
def test_a_day_on_which_the_program_is_not_in_force_is_named_as_it_was_given(
    name: str, ask: Callable[[tk.Ledger], object]
) -> None:
    """'errors say where, what was found, what was expected, what to do'"""
    program = program_of(kites(more="[[in-force]]\nfrom = 2024-01-01\nuntil = 2027-01-01\n"))
    ledger = tk.earn(tk.Book([tk.Partner(id="me")]), program)
    with pytest.raises(tk.NotCovered) as caught:
        ask(ledger)
    [problem] = caught.value.problems
    assert (problem.where, problem.field) == (program.id, name)
    assert "from 2024-01-01 until 2027-01-01" in problem.expected


# ---------------------------------------------------------------------- tiers and movements


def condition(subject: Subject, quantity: str, sense: Sense, bar: Fraction | bool | str | None) -> Condition:
    return Condition(subject, quantity, sense, bar, HANDBOOK, tk.Grade.PUBLISHED)


CONDITIONS: list[tuple[str, Requirement]] = [
    ('{ measure = "sales", above = 5 }', condition(Subject.MEASURE, "sales", Sense.ABOVE, Fraction(5))),
    (
        '{ measure = "total", at-least = -5 }',
        condition(Subject.MEASURE, "total", Sense.AT_LEAST, Fraction(-5)),
    ),
    (
        '{ reading = "retention", at-least = 75 }',
        condition(Subject.READING, "retention", Sense.AT_LEAST, Fraction(75)),
    ),
    ('{ reading = "certified", is = false }', condition(Subject.READING, "certified", Sense.IS, False)),
    (
        '{ partner = "market", group = "north" }',
        condition(Subject.PARTNER, "market", Sense.IN_GROUP, "north"),
    ),
    ('{ partner = "market", is = "DE" }', condition(Subject.PARTNER, "market", Sense.IS, "DE")),
    ('{ partner = "segment", is = "smb" }', condition(Subject.PARTNER, "segment", Sense.IS, "smb")),
    ('{ ladder = "skill", tier = "novice" }', condition(Subject.LADDER, "skill", Sense.AT_LEAST, "novice")),
    (
        '{ at-least = 1, of = [{ measure = "sales", above = 5 }] }',
        Combination(Junction.AT_LEAST, (condition(Subject.MEASURE, "sales", Sense.ABOVE, Fraction(5)),), 1),
    ),
]
SKILL = '[[tier]]\nid = "novice"\nladder = "skill"\nrank = 0\nrequires = { measure = "sales", above = 0 }\n'


@pytest.mark.parametrize(("written", "requirement"), CONDITIONS, ids=[row[0] for row in CONDITIONS])
def test_a_tier_asks_for_quantities_readings_the_partner_and_other_ladders(
    written: str, requirement: Requirement
) -> None:
    """'trees of all / any / at least k / not over any named quantity ... readings ... a tier of another ladder'"""
    text = kites(REQUIRES, f"requires = {written}\nkeeps = {{ not = {written} }}", SKILL)
    program = program_of(text)
    assert [period.value for period in program.requires["one"]] == [requirement]
    assert [period.value for period in program.keeps["one"]] == [Combination(Junction.NOT, (requirement,))]
    assert [tier.id for tier in program.tiers] == ["one", "two"]
    assert {name: [tier.id for tier in tiers] for name, tiers in program.ladders.items()} == {
        "skill": ["novice"]
    }


def test_what_keeps_a_tier_and_how_its_conditions_combine_is_told_in_words() -> None:
    kept = kites(
        REQUIRES,
        f'{REQUIRES}\nkeeps = {{ any = [{{ partner = "market", group = "north" }}, {{ measure = "sales", above = 5 }}] }}',
        SKILL,
    )
    said = [str(each) for each in program_of(KITES).diff(program_of(kept))]
    assert said == [
        "tier novice of skill, always: nothing -> novice, rank 0",
        "tier novice: sales above, always: nothing -> 0 (handbook, published)",
        "tier one: to keep it, market in group, always: nothing -> north (handbook, published)",
        "tier one: to keep it, sales above, always: nothing -> 5 (handbook, published)",
        "tier one: combined to keep it, always: nothing -> any of (partner market, sales)",
    ] or said[-1].endswith("any of (partner market, sales) (handbook, published)")


def test_a_tier_may_have_other_names_on_other_days() -> None:
    """'ordered ladders with stable ids and names by date'"""
    named = 'named = [{ name = "Eins", until = 2020-01-01 }, { name = "Uno", from = 2025-01-01 }]'
    program = program_of(kites(REQUIRES, f"{REQUIRES}\n{named}"))
    names = [
        program.tier_on(program.tiers[0], day).name
        for day in (date(2019, 1, 1), date(2024, 1, 1), date(2025, 1, 1))
    ]
    assert names == ["Eins", "one", "Uno"]


def test_the_own_ladder_may_be_called_by_the_name_of_the_program() -> None:
    assert program_of(kites("rank     = 1", 'rank = 1\nladder = "kites"')) == program_of(KITES)


MOVEMENT = """[[movement]]
id        = "review"
kind      = "fall"
on        = ["*-15", "07-01"]
judged    = { on = ["*-01"], take = "worst", last = { months = 6 } }
effective = "same-day"
to        = "next-lower"
"""


def test_a_window_may_end_with_each_review() -> None:
    """'different bars ...; a window that ends with each review'"""
    (movement,) = program_of(KITES + MOVEMENT).movements
    assert (movement.take, movement.judged_last, movement.judged_since) == (Take.WORST, Lag(months=6), ())
    said = {each.name: str(each.after) for each in program_of(KITES).diff(program_of(KITES + MOVEMENT))}
    assert "judged by worst of *-01 in the last 6 months, bars of own-day" in said["movement review"]
    (movement,) = program_of(KITES + MOVEMENT.replace("months = 6", "days = 90")).movements
    assert movement.judged_last == Lag(days=90)


# ---------------------------------------------------------------------- a file over another


def written(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder / f"{list(texts)[-1]}.toml"


@given(start=st.dates(date(2020, 1, 1), date(2028, 1, 1)), days=st.integers(1, 900), points=st.integers(1, 9))
def test_to_extend_a_program_is_to_be_laid_over_it(
    tmp_path_factory: pytest.TempPathFactory, start: date, days: int, points: int
) -> None:
    """'a file may extend another ..., change single dated values'"""
    rate = f"{{ points = {points}, from = {start}, until = {start + timedelta(days=days)} }}"
    over = f'source = "handbook"\n[[earn]]\nid = "sale"\nrate = {rate}\n'
    folder = tmp_path_factory.mktemp("extends")
    base = written(folder, base=KITES)
    by_file = written(folder, top=f'format = 1\nextends = "base.toml"\n{over}')
    by_id = written(folder, over=f'format = 1\nextends = "kites"\n{over}')
    program = tk.load_program(by_file)
    assert program == tk.load_program(base, overlay=by_id) == tk.load_program(base, overlay=by_file)
    (difference,) = tk.load_program(base).diff(program) or (None,)
    assert (difference is None) is (points == 5)


def values_of(program: tk.Program) -> Iterator[tuple[str, str]]:
    for name, period in program.sourced_values():
        yield name, period.file
    for dated in chain(program.requires.values(), program.keeps.values()):
        for period in dated:
            for each in period.value.conditions():
                yield "condition", each.file


def test_each_value_knows_the_file_that_says_it(tmp_path: Path) -> None:
    """'the explanation says which file a value came from'"""
    top = """
format  = 1
extends = "base.toml"
id      = "more-kites"
name    = "More kites"
note    = "Over the others."
source  = "letter"

[sources.letter]
url   = "https://example.org/letter"
grade = "secondary"

[[earn]]
id   = "sale"
rate = { points = 6, from = 2026-01-01 }

[[tier]]
id       = "three"
rank     = 3
requires = { measure = "total", at-least = 30 }
"""
    program = tk.load_program(written(tmp_path, base=KITES + MOVEMENT, top=top))
    assert (program.id, program.name, program.note) == ("more-kites", "More kites", "Over the others.")
    assert {tier.ladder for tier in program.tiers} == {"more-kites"}
    said = [(period.value, period.file, period.source.id) for period in program.rules[0].rate]
    assert said == [(Fraction(5), "base.toml", "handbook"), (Fraction(6), "top.toml", "letter")]
    files = {name: file for name, file in values_of(program) if name != "in force"}
    assert files.pop("tier three: total at least") == "top.toml"
    assert files.pop("condition") == "top.toml"
    assert files.pop("sale: rate") == "top.toml"
    assert set(files.values()) == {"base.toml"}
    alone = tk.load_program(tmp_path / "base.toml")
    assert {file for _, file in values_of(alone)} == {""}
    assert alone.diff(program)


def test_a_file_may_extend_a_shipped_program(tmp_path: Path) -> None:
    """'`extends = "hubspot-solutions"`'"""
    program = tk.load_program(
        written(tmp_path, mine='format = 1\nextends = "hubspot-solutions"\nid = "mine"\n')
    )
    shipped = tk.load_program("hubspot-solutions")
    assert program.id == "mine"
    assert shipped.diff(program) == ()
    assert {file for name, file in values_of(program) if name != "in force"} == {"hubspot-solutions.toml"}


@pytest.mark.parametrize("depth", [5, 6])
def test_files_extend_each_other_up_to_five_deep(depth: int, tmp_path: Path) -> None:
    """'no exponential include (`extends` cycles, depth over 5)'"""
    texts = {
        f"f{step}": f'format = 1\nextends = "f{step - 1}.toml"\nnote = "{step}"\n'
        for step in range(1, depth + 1)
    }
    top = written(tmp_path, f0=KITES, **texts)
    if depth == 5:
        assert tk.load_program(top).note == "5"
        return
    with pytest.raises(tk.InvalidProgram) as refused:
        tk.load_program(top)
    (problem,) = refused.value.problems
    assert (problem.where, problem.field) == ("f1.toml, line 2", "extends")
    assert problem.found == "a chain of 6"


def test_files_that_come_back_are_refused(tmp_path: Path) -> None:
    """'`extends` cycles'"""
    one, other = (f'format = 1\nextends = "{name}.toml"\n' for name in ("b", "a"))
    top = written(tmp_path, b=other, a=one)
    with pytest.raises(tk.InvalidProgram, match=r"a circle: a\.toml -> b\.toml -> a\.toml"):
        tk.load_program(top)


@pytest.mark.parametrize(
    "name",
    [
        "../base.toml",
        "./base.toml",
        "/base.toml",
        "x\\\\base.toml",
        "c:base.toml",
        "base",
        "",
        ".toml",
        "nul\\u0000.toml",
    ],
)
def test_a_file_extends_its_neighbours_alone(name: str, tmp_path: Path) -> None:
    """'a file name in the same folder, no separators'"""
    top = written(tmp_path, base=KITES, top=f'format = 1\nextends = "{name}"\n')
    with pytest.raises(tk.InvalidProgram) as refused:
        tk.load_program(top)
    (problem,) = refused.value.problems
    assert (problem.where, problem.field) == ("top.toml, line 2", "extends")
    assert problem.hint


def test_what_is_wrong_with_the_base_is_told_of_the_base(tmp_path: Path) -> None:
    """A file is checked over a base that can be read: the base's problems come first, and alone"""
    base = KITES.replace("points = 5", "points = 0").replace("[sources.handbook]", "[sources.handbook")
    top = written(tmp_path, base=base, top='format = 1\nextends = "base.toml"\ncolour = 1\n')
    (problem,) = tk.check_program(top).problems
    assert problem.where == "base.toml, line 9"
    written(tmp_path, base=KITES.replace("points = 5", "points = 0"))
    (problem,) = tk.check_program(top).problems
    assert (problem.where, problem.field) == ("base.toml, line 28", "earn[sale].rate.points")


def test_an_overlay_may_have_a_name_of_its_own() -> None:
    program = program_of(OWN_PROGRAM, 'format = 1\nextends = "own"\nname = "Mine"\n')
    assert (program.id, program.name) == ("own", "Mine")
    assert own().diff(program) == ()


# ---------------------------------------------------------------------- what a check says


def test_the_shipped_programs_have_nothing_to_warn_of() -> None:
    for name in tk.program_names():
        checked = tk.check_program(name)
        assert (checked.where, checked.problems, checked.warnings) == (f"{name}.toml", (), ())
        assert checked.program == tk.load_program(name)
    with pytest.raises(tk.UnknownName, match="did you mean"):
        tk.check_program("hubspot-solution")


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    checked = tk.check_program(tmp_path / "missing.toml")
    assert (checked.where, checked.program, checked.warnings) == ("missing.toml", None, ())
    assert [problem.expected for problem in checked.problems] == ["a file"]


@pytest.mark.parametrize("text", ["x = 1\n" * 200_000, "[" * 1_000_000, '"' * 1_000_000, "\n" * 1_000_000])
def test_a_megabyte_of_nonsense_is_refused_with_a_place(text: str, tmp_path: Path) -> None:
    """'1 MB of nonsense is refused within a second with a located message'"""
    (problem,) = check(text, tmp_path).problems
    assert (problem.where, problem.found) == ("kites.toml", "a larger file")


@pytest.mark.parametrize(
    ("mistake", "into", "also"),
    [
        # a mistake in reading, and one in the whole that is told beside it
        (("rate   = { points = 5 }", "rate = { ponts = 5, points = 5 }"), "rate.ponts", True),
        (("rate   = { points = 5 }", "rate = { points = 0 }"), "rate.points", True),
        (("rank     = 1", 'rank = "1"'), "rank", False),
        (("rank     = 1", 'rank = 1\ncolour = "red"'), "colour", True),
        (('tracks     = ["sales", "training"]', 'tracks = "sales"'), "tracks", False),
        (('type = "yes-no"', 'type = "yesno"'), "type", True),
        (('fact = "event", type = "sale"', 'fact = "evnt", type = "sale"'), "select.fact", False),
        (("live   = { months = 12 }", "live = { months = 12, from = 1 }"), "live.from", False),
        (('url   = "https://example.org/handbook"', "url = 3"), "url", True),
    ],
)
def test_what_is_wrong_as_a_whole_is_told_beside_what_cannot_be_read(
    mistake: tuple[str, str],
    into: str,
    also: bool,
    tmp_path: Path,
) -> None:
    """'every problem at once': but none that is only the echo of another"""
    wrong = kites(*mistake).replace('track  = "training"', 'track  = "trainin"')
    problems = check(wrong, tmp_path).problems
    assert any(problem.field.endswith(into) for problem in problems)
    assert any(problem.field == "earn[course].track" for problem in problems) is also
    (problem,) = check(kites(*mistake), tmp_path).problems
    assert problem.field.endswith(into)
