# ruff: noqa: E501, FBT001, FBT003 - one case is one row of a table; a row says yes or no
"""What a program file can say, and what is read of it: measures, lives, tiers, windows, files upon files."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_engine import program_of

import tierkit as tk
from tierkit.programs import measures as ops
from tierkit.programs.requirements import Combination, Condition, Junction, Sense, Subject
from tierkit.programs.rules import Life, RoundTo, Sharing, ShortMonth, While
from tierkit.values.calendar import Stretch

if TYPE_CHECKING:
    from pathlib import Path


KITES = """
format     = 1
id         = "kites"
name       = "Kites"
tracks     = ["sales", "training"]
attributes = ["segment"]
source     = "handbook"

[sources.handbook]
url   = "https://example.org/handbook"
grade = "published"

[readings]
certified = { type = "yes-no" }
retention = { type = "number", unit = "%" }

[measures]
total = { sum = ["sales", "training"] }

[[group]]
id      = "north"
members = { markets = ["SE", "NO"] }

[[earn]]
id     = "sale"
select = { fact = "event", type = "sale" }
track  = "sales"
rate   = { points = 5 }
live   = { months = 12 }

[[earn]]
id     = "course"
select = { fact = "event", type = "course" }
track  = "training"
rate   = { points = 1 }
live   = { through = "year" }

[[tier]]
id       = "one"
rank     = 1
requires = { measure = "total", at-least = 10 }

[[tier]]
id       = "two"
rank     = 2
requires = { all = [{ measure = "total", at-least = 20 }, { reading = "certified", is = true }] }
"""
TOTAL = 'total = { sum = ["sales", "training"] }'
LIFE = "live   = { months = 12 }"
REQUIRES = 'requires = { measure = "total", at-least = 10 }'


def kites(old: str = "", new: str = "", more: str = "") -> str:
    assert old in KITES
    return KITES.replace(old, new, 1) + more if old else KITES + more


def check(text: str, folder: Path) -> tk.ProgramCheck:
    file = folder / "kites.toml"
    file.write_text(text, encoding="utf-8")
    return tk.check_program(file)


# ---------------------------------------------------------------------- measures

HANDBOOK = tk.Source("handbook", "https://example.org/handbook", tk.Grade.PUBLISHED)
CERTIFIED = Condition(Subject.READING, "certified", Sense.IS, True, HANDBOOK, tk.Grade.PUBLISHED)
BELOW_FIVE = Combination(
    Junction.NOT,
    (Condition(Subject.MEASURE, "sales", Sense.AT_LEAST, Fraction(5), HANDBOOK, tk.Grade.PUBLISHED),),
)
OPERATIONS: list[tuple[str, ops.Operation, str, str]] = [
    # as it is written, as it is read, in words, its unit
    ('sum = ["sales", 5, "1/3", 2.5]', ops.Sum(("sales", Fraction(5), Fraction(1, 3), Fraction(5, 2))), "sum of sales, 5, 1/3, 2.5", "points"),
    ('net = ["sales", "training"]', ops.Net(("sales", "training")), "sales less training", "points"),
    ('net = ["sales"]', ops.Net(("sales",)), "sales less nothing", "points"),
    ('product = ["sales", "-2"]', ops.Product(("sales", Fraction(-2))), "product of sales, -2", "points"),
    ('min = ["sales", "training"]', ops.Lowest(("sales", "training")), "the lowest of sales, training", "points"),
    ('max = ["sales", "retention"]', ops.Highest(("sales", "retention")), "the highest of sales, retention", ""),
    ('ratio = ["sales", "total"]', ops.Ratio("sales", "total"), "sales over total", ""),
    ('ratio = [1, "total"]', ops.Ratio(Fraction(1), "total"), "1 over total", ""),
    ('count = ["sales", "training"]', ops.Count(("sales", "training")), "how many facts of sales, training", ""),
    ('distinct = "customer", of = ["sales"]', ops.Count(("sales",), "customer"), "different values of customer among the facts of sales", ""),
    ('distinct = "segment", of = ["sales"]', ops.Count(("sales",), "segment"), "different values of segment among the facts of sales", ""),
    ('scale = "sales", full = 10, gives = 20', ops.Scale("sales", Fraction(10), Fraction(20)), "20 for 10 sales, a part for a part of it", "points"),
    ('only-if = { reading = "certified", is = true }, of = "sales"', ops.OnlyIf("sales", CERTIFIED), "sales only if certified is yes", "points"),
    ('only-if = { all = [{ reading = "certified", is = true }, { not = { measure = "sales", at-least = 5 } }] }, of = 3', ops.OnlyIf(Fraction(3), Combination(Junction.ALL, (CERTIFIED, BELOW_FIVE))), "3 only if all of (certified is yes, not of (sales at least 5))", ""),
    ('round = "sales", to = "1/2", mode = "down"', ops.Rounded("sales", Fraction(1, 2), tk.Rounding.DOWN), "sales, down to whole multiples of 0.5", "points"),
    ('earlier = "sales", months = 12', ops.Earlier("sales", months=12), "sales, 12 months before", "points"),
    ('earlier = "sales", months = 1, days = 3', ops.Earlier("sales", 1, 3), "sales, 1 month and 3 days before", "points"),
    ('earlier = "sales", ago = 1, stretch = "year"', ops.Earlier("sales", ago=1, stretch=Stretch.YEAR), "sales, 1 year before", "points"),
    ('over = "sales", each = "quarter", last = 4, fold = "min", counted = "earned"', ops.Over("sales", Stretch.QUARTER, 4, ops.Fold.MIN, ops.Counted.EARNED), "min of sales earned in each of the last 4 quarters", "points"),
    ('over = "retention", each = "month", last = 1, fold = "sum", counted = "standing", at-most = "2.5", running = true', ops.Over("retention", Stretch.MONTH, 1, ops.Fold.SUM, ops.Counted.STANDING, Fraction(5, 2), running=True), "sum of retention standing at the end of each of the last 1 month, each at most 2.5, the running one among them", "%"),
    ('over = "sales", each = "quarter", last = 2, fold = "max", counted = "best-day"', ops.Over("sales", Stretch.QUARTER, 2, ops.Fold.MAX, ops.Counted.BEST_DAY), "max of sales on the best day of each of the last 2 quarters", "points"),
    ('tenure = "two"', ops.Tenure("two"), "months as two or above", "months"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "operation", "words", "unit"), OPERATIONS, ids=[row[0] for row in OPERATIONS]
)
def test_a_measure_is_one_operator(written: str, operation: ops.Operation, words: str, unit: str) -> None:
    """'Measures, one operator each, composed by naming'"""
    program = program_of(kites(TOTAL, f'{TOTAL}\nm = {{ name = "M", {written} }}'))
    measure = program.measures["m"]
    assert (measure.id, measure.name, measure.by) == ("m", "M", operation)
    assert program.unit("m") == unit
    (difference,) = [each for each in program_of(KITES).diff(program) if each.name == "measure m"]
    assert difference.after is not None
    assert difference.after.words == f"M: {words}"


def test_measures_may_be_sections_of_their_own() -> None:
    assert program_of(kites(more='[measures.most]\nmax = ["sales", 3]\n')).measures["most"].name == "most"


@pytest.mark.parametrize("depth", [21, 22])
def test_measures_may_go_twenty_steps_deep(depth: int) -> None:
    """'Programs come from strangers: ... no exponential' composition"""
    rows = [f'm{step} = {{ max = ["m{step - 1}", 1] }}' for step in range(1, depth)]
    text = kites(TOTAL, "\n".join((TOTAL, 'm0 = { max = ["sales", 1] }', *rows)))
    if depth == 21:
        assert len(program_of(text).measures) == 22
        return
    with pytest.raises(tk.InvalidProgram, match="goes too deep"):
        program_of(text)


# ---------------------------------------------------------------------- earning

LIVES: list[tuple[str, Life, str]] = [
    ("months = 12", Life(months=12), "12 months, short month last-day"),
    ("days = 1", Life(days=1), "1 day"),
    ('months = 3, days = 10, short-month = "next-day"', Life(months=3, days=10, short_month=ShortMonth.NEXT_DAY), "3 months, short month next-day or 10 days, whichever ends first"),
    ('through = "year"', Life(through=Stretch.YEAR), "from the day, through the year"),
    ('months = 24, through = "month"', Life(months=24, through=Stretch.MONTH), "24 months, short month last-day, through the month"),
    ("never = true", Life(), "for good"),
    ("never = true, pending-months = 1", Life(pending_months=1), "for good; pending for 1 month"),
    ("days = 90, pending-months = 2, pending-days = 1", Life(days=90, pending_months=2, pending_days=1), "90 days; pending for 2 months and 1 day"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "life", "words"), LIVES, ids=[row[0] for row in LIVES])
def test_a_life_has_any_of_several_ends(written: str, life: Life, words: str) -> None:
    """'the earliest of several'"""
    program = program_of(kites(LIFE, f"live = {{ {written} }}"))
    (period,) = program.rules[0].live
    assert period.value == life
    assert period.value.never_ends is ("never" in written)
    said = {each.name: each.after for each in program_of(kites(LIFE, "live = { days = 7 }")).diff(program)}
    after = said["sale: live"]
    assert after is not None
    assert after.words == words


@pytest.mark.parametrize(
    ("written", "life", "words"),
    [
        ('while = "held"', Life(lasts_while=While.HELD), "while held"),
        ("inactive-days = 60", Life(inactive_days=60), "60 days after each action"),
        (
            'while = "held", inactive-days = 60, months = 6',
            Life(lasts_while=While.HELD, inactive_days=60, months=6),
            "6 months, short month last-day or while held or 60 days after each action, whichever ends first",
        ),
    ],
)
def test_a_state_may_end_before_it_is_given_up(written: str, life: Life, words: str) -> None:
    text = kites(LIFE, f"live = {{ {written} }}").replace('"event", type = "sale"', '"state", type = "sale"')
    (period,) = program_of(text).rules[0].live
    assert period.value == life
    said = [each.before for each in program_of(text).diff(program_of(KITES)) if each.name == "sale: live"]
    assert [each.words for each in said if each] == [words]


def test_a_year_may_begin_on_any_day_but_one() -> None:
    """'calendar or fiscal year with any first day'"""
    assert program_of(KITES).year_from == "01-01"
    assert program_of('year-from = "04-06"' + KITES).year_from == "04-06"


def test_a_rule_says_what_it_passes_over_and_where() -> None:
    """'rates by ... any attribute that a fact carries'"""
    select = 'select = { fact = "event", type = "sale", group = "north", except = { segment = ["a", "b"], group = "cold" } }'
    text = kites(
        'select = { fact = "event", type = "sale" }',
        select,
        '[[group]]\nid = "cold"\nmembers = { markets = ["NO"] }\n',
    )
    rule, other = program_of(text).rules
    assert dict(rule.where) == {"type": ("sale",)}
    assert dict(rule.unless) == {"segment": ("a", "b")}
    assert (rule.inside, rule.outside) == (("north",), ("cold",))
    assert (len(other.unless), other.inside, other.outside) == (0, (), ())
    said = {each.name: str(each.after) for each in program_of(KITES).diff(program_of(text))}
    expected = (
        "sale: event, type sale, not segment a or b, in north, not in cold; measured by one each; into sales"
    )
    assert said["rule sale"] == expected


def test_the_steps_of_a_rule_are_read() -> None:
    """'multipliers by market group or by the tier held; a cap per fact; ... rounding ... as an explicit rule'"""
    steps = """
multiply = [{ group = "north", by = 2 }, { tier = "two", by = "3/2", from = 2025-01-01 }]
at-least = { points = -1 }
at-most  = { points = 100 }
round    = { to = "1/2", mode = "half-up" }
"""
    rule = program_of(kites(LIFE, LIFE + steps)).rules[0]
    assert [period.value for period in rule.multiply["north"]] == [2]
    assert [(period.value, period.effective_from) for period in rule.tier_multiply["two"]] == [
        (Fraction(3, 2), date(2025, 1, 1))
    ]
    assert [period.value for period in (*rule.at_least, *rule.at_most)] == [-1, 100]
    (rounding,) = rule.round
    assert rounding.value == RoundTo(to=Fraction(1, 2), mode=tk.Rounding.HALF_UP)
    said = {
        each.name: str(each.after) for each in program_of(KITES).diff(program_of(kites(LIFE, LIFE + steps)))
    }
    assert said["sale: round"] == "half-up to whole multiples of 0.5 (handbook, published)"
    assert said["sale: multiply two"] == "1.5 (handbook, published)"


def test_the_points_of_a_state_may_go_to_the_primary_holder() -> None:
    """'sharing: equal, by shares, full to each, primary only'"""
    text = kites(LIFE, 'live = { while = "held" }\nshare = { among = "primary" }')
    (share,) = program_of(text.replace('"event", type = "sale"', '"state", type = "sale"')).rules[0].share
    assert share.value is Sharing.PRIMARY_ONLY


def test_money_of_a_track_that_counts_money_needs_no_point_value() -> None:
    """'by amount in any currency'; 'money sums in a reporting currency'"""
    amount = ('track  = "sales"', 'track  = "sales"\namount = "amount"')
    program = program_of('units = { sales = "EUR" }' + kites(*amount))
    assert (program.unit("sales"), program.unit("training")) == ("EUR", "points")
    assert len(program.point_values) == 0
    with pytest.raises(tk.InvalidProgram, match="or give the track a currency in `units`"):
        program_of('units = { sales = "euros" }' + kites(*amount))


# ---------------------------------------------------------------------- two rules for one fact

TYPES, SEGMENTS, MARKETS = ("a", "b", "c"), ("x", "y", "z"), ("SE", "NO", "DE", "FR")
GROUPS = {"north": ("SE", "NO"), "cold": ("NO",), "west": ("DE", "FR"), "baltic": ("SE", "DE")}


@st.composite
def selections(draw: st.DrawFn) -> dict[str, list[str]]:
    """What a rule selects: attributes and groups, wanted and passed over."""
    some = {
        "type": st.lists(st.sampled_from(TYPES[:2]), unique=True),
        "segment": st.lists(st.sampled_from(SEGMENTS[:2]), unique=True),
        "group": st.lists(st.sampled_from(list(GROUPS)), unique=True, max_size=2),
    }
    return {f"{said}{key}": draw(values) for said in ("", "not ") for key, values in some.items()}


def takes(selection: dict[str, list[str]], kind: str, segment: str, market: str) -> bool:
    """Say whether a rule takes a fact, as its words say it."""
    groups = {name for name, markets in GROUPS.items() if market in markets}
    for key, has in (("type", {kind}), ("segment", {segment}), ("group", groups)):
        if (selection[key] and not has & {*selection[key]}) or has & {*selection[f"not {key}"]}:
            return False
    return True


def rule_of(id: str, selection: dict[str, list[str]]) -> str:
    wanted = [f"{key} = {selection[key]}" for key in ("type", "segment", "group") if selection[key]]
    passed = [f"{key} = {selection[f'not {key}']}" for key in ("type", "segment", "group")]
    passed = [each for each in passed if not each.endswith("= []")]
    select = ", ".join(
        ['fact = "event"', *wanted, *([f"except = {{ {', '.join(passed)} }}"] if passed else [])]
    )
    return (
        f'[[earn]]\nid = "{id}"\nselect = {{ {select} }}\ntrack = "t"\n'
        "rate = { points = 1 }\nlive = { days = 1 }\n"
    )


@given(selections(), selections())
def test_two_rules_that_can_take_one_fact_are_told(
    one: dict[str, list[str]], other: dict[str, list[str]]
) -> None:
    """'except = { ... }': two rules may stand side by side where no fact is for both, and only there; where
    groups overlap in part a doubt remains, and `beside` settles it."""
    head = 'format = 1\nid = "p"\nname = "P"\ntracks = ["t"]\nattributes = ["segment"]\n'
    groups = "".join(
        f'[[group]]\nid = "{name}"\nmembers = {{ markets = {list(each)} }}\n' for name, each in GROUPS.items()
    )
    text = head + groups + rule_of("one", one) + rule_of("other", other)
    both = any(
        takes(one, kind, segment, market) and takes(other, kind, segment, market)
        for kind in TYPES
        for segment in SEGMENTS
        for market in (*MARKETS, "JP")
    )
    try:
        program_of(text)
    except tk.InvalidProgram as refused:
        (problem,) = refused.problems
        assert problem.field == "earn[other].select"
        grouped = [*one["group"], *one["not group"], *other["group"], *other["not group"]]
        assert both or len(grouped) > 1
        assert len(program_of(text.replace('id = "one"', 'id = "one"\nbeside = ["other"]')).rules) == 2
    else:
        assert not both


BESIDE_EACH_OTHER = """
format = 1
id = "p"
name = "P"
tracks = ["t"]
[[group]]
id = "north"
members = [{{ markets = ["SE"] }}, {{ {days}markets = ["NO"] }}]
[[group]]
id = "cold"
members = {{ markets = ["NO"] }}
[[group]]
id = "west"
members = {{ markets = ["DE"] }}
[[earn]]
id = "one"
select = {{ fact = "event", {one} }}
track = "t"
rate = {{ points = 1 }}
live = {{ days = 1 }}
[[earn]]
id = "other"
select = {{ fact = "event", {other} }}
track = "t"
rate = {{ points = 1 }}
live = {{ days = 1 }}
"""


@pytest.mark.parametrize(
    ("one", "other", "days", "double"),
    [
        ('group = "cold"', 'except = { group = "north" }', "", False),
        ('group = "north", except = { group = "cold" }', 'group = "cold"', "", False),
        ('group = "cold"', 'group = "west"', "", False),
        ('group = "cold"', 'group = "north"', "", True),
        ('group = "cold"', 'except = { group = "north" }', "until = 2025-01-01, ", True),
        ('group = "cold"', 'group = "north"', "member = false, ", False),
    ],
)
def test_a_group_within_another_is_passed_over_with_it(one: str, other: str, days: str, double: bool) -> None:
    """A bonus for some and a base for the others, by groups of which one has the other's markets"""
    text = BESIDE_EACH_OTHER.format(one=one, other=other, days=days)
    assert bool(problems_of(text)) is double


def problems_of(text: str) -> tuple[tk.Problem, ...]:
    try:
        program_of(text)
    except tk.InvalidProgram as refused:
        return refused.problems
    return ()


def test_there_are_at_most_a_hundred_groups() -> None:
    groups = "".join(f'[[group]]\nid = "g{number}"\n' for number in range(100))
    with pytest.raises(tk.InvalidProgram, match="101 groups; expected at most 100"):
        program_of(KITES + groups)
