"""Requirement trees with three answers, held against a truth table.

What a tree says of readings that nobody supplied is found by supplying them in every possible way: it is met
where it is met in all of them, not met where in none, else unknown. No tree here asks twice about the same
reading, so that nothing more could be said of the whole than its parts say.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import combinations_with_replacement, groupby, product
from typing import TYPE_CHECKING, TypeVar

from hypothesis import given
from hypothesis import strategies as st

import tierkit as tk
from tierkit.frozen import FrozenMap
from tierkit.programs.dated import Dated, Period
from tierkit.programs.requirements import Combination, Condition, Junction, Subject
from tierkit.programs.rules import ReadingKind
from tierkit.reports.tables import progress_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from random import Random

    from tierkit.programs.requirements import Requirement

T = TypeVar("T")
MET, NOT_MET, UNKNOWN = tk.Verdict.MET, tk.Verdict.NOT_MET, tk.Verdict.UNKNOWN
SOURCE = tk.Source("terms", "https://example.org/terms", tk.Grade.PUBLISHED)
ON = date(2026, 3, 1)
YES = True
FOUR = ("a", "b", "c", "d")
MANY = tuple("abcdefghijkl")


def leaf(reading: str) -> Condition:
    return Condition(Subject.READING, reading, tk.Sense.IS, YES, SOURCE, SOURCE.grade)


def negation(part: Requirement) -> Combination:
    return Combination(Junction.NOT, (part,))


def junctions(parts: tuple[Requirement, ...]) -> Iterator[Combination]:
    """Give every way in which parts count together: all, any, at least none of them up to one too many."""
    yield Combination(Junction.ALL, parts)
    yield Combination(Junction.ANY, parts)
    for least in range(len(parts) + 2):
        yield Combination(Junction.AT_LEAST, parts, least)


def is_met(asked: Requirement, answers: Mapping[str, bool]) -> bool:
    """Say whether a requirement is met where every reading is supplied."""
    if isinstance(asked, Condition):
        return answers[asked.quantity]
    parts = [is_met(part, answers) for part in asked.parts]
    match asked.junction:
        case Junction.ALL:
            return all(parts)
        case Junction.ANY:
            return any(parts)
        case Junction.AT_LEAST:
            return sum(parts) >= asked.least
        case Junction.NOT:
            (part,) = parts
            return not part


def table_of(asked: Requirement) -> dict[tuple[bool, ...], bool]:
    """Say for every way of answering its readings, in their order, whether a requirement is met."""
    read = names_in(asked)
    ways = product((False, True), repeat=len(read))
    return {each: is_met(asked, dict(zip(read, each, strict=True))) for each in ways}


def names_in(asked: Requirement) -> list[str]:
    return [condition.quantity for condition in asked.conditions()]


def completed(
    asked: Requirement, table: Mapping[tuple[bool, ...], bool], supplied: Mapping[str, bool | None]
) -> tk.Verdict:
    """Supply the readings that are missing in every possible way, and say what comes of it."""
    said = [supplied[name] for name in names_in(asked)]
    answers = {table[each] for each in product(*((False, True) if one is None else (one,) for one in said))}
    return UNKNOWN if len(answers) > 1 else MET if answers == {True} else NOT_MET


def expected(asked: Requirement, supplied: Mapping[str, bool | None]) -> tk.Verdict:
    """Give the answer of a tree that is asked only once."""
    return completed(asked, table_of(asked), supplied)


def dated(value: T) -> Dated[T]:
    return Dated((Period(value, None, None, SOURCE, SOURCE.grade),))


def program_of(trees: Sequence[Requirement], readings: Sequence[str]) -> tk.Program:
    """Make a program in which each tree is what a tier asks."""
    kinds = {name: ReadingKind(name, name, yes_no=True) for name in readings}
    tiers = tuple(tk.Tier(ladder="trees", id=f"t{n}", name=f"t{n}", rank=n) for n in range(len(trees)))

    return tk.Program(
        id="trees",
        name="Trees",
        note="",
        tracks=(),
        in_force=dated(YES),
        sources=FrozenMap({"terms": SOURCE}),
        measures=FrozenMap(),
        readings=FrozenMap(kinds),
        attributes=(),
        groups=FrozenMap(),
        point_values=FrozenMap(),
        rules=(),
        tiers=tiers,
        requires=FrozenMap({tier.id: dated(tree) for tier, tree in zip(tiers, trees, strict=True)}),
        movements=(),
        choices=(),
    )


def standings(
    program: tk.Program, supplied: Sequence[Mapping[str, bool | None]]
) -> Iterator[tuple[Mapping[str, bool | None], tk.Standing]]:
    """Assess one partner for each way of supplying readings or not."""
    facts: list[tk.Partner | tk.Reading] = []
    for number, answers in enumerate(supplied):
        facts.append(tk.Partner(id=f"p{number}"))
        facts += [
            tk.Reading(partner=f"p{number}", name=name, value=value, on=ON)
            for name, value in answers.items()
            if value is not None
        ]
    ledger = tk.earn(tk.Book(facts), program)
    for number, answers in enumerate(supplied):
        yield answers, tk.assess(ledger, on=ON, partner=f"p{number}")


# ---------------------------------------------------------------------- every small tree


def shapes(names: tuple[str, ...]) -> list[Requirement]:
    """Give every tree over these leaves in this order, but for those that differ only in the leaves' order.

    Each part may be negated once, and each combination has at least two parts.
    """
    if len(names) == 1:
        return [leaf(names[0]), negation(leaf(names[0]))]
    plain = [
        combined
        for sizes in partitions(len(names))
        for parts in product(*(shapes(part) for part in cut(names, sizes)))
        for combined in junctions(parts)
    ]
    return [*plain, *map(negation, plain)]


def partitions(whole: int) -> Iterator[tuple[int, ...]]:
    """Give every way to divide a number among at least two parts, the smaller ones first."""
    for count in range(2, whole + 1):
        for sizes in combinations_with_replacement(range(1, whole), count):
            if sum(sizes) == whole:
                yield sizes


def cut(names: tuple[str, ...], sizes: Sequence[int]) -> Iterator[tuple[str, ...]]:
    first = 0
    for size in sizes:
        yield names[first : first + size]
        first += size


def four_leaves() -> list[Requirement]:
    """Give every tree over four leaves whose parts count by a threshold of at least two and none too many.

    `any` and `all` are such thresholds, and a leaf that is negated is a leaf with another answer; both are
    tried by the smaller trees.
    """

    def plain(names: tuple[str, ...]) -> list[Requirement]:
        if len(names) == 1:
            return [leaf(names[0])]
        return [
            made
            for sizes in partitions(len(names))
            for parts in product(*(plain(part) for part in cut(names, sizes)))
            for combined in (Combination(Junction.AT_LEAST, parts, k) for k in range(1, len(parts) + 1))
            for made in (combined, negation(combined))
        ]

    return plain(FOUR)


def test_every_tree_over_up_to_three_leaves_says_what_its_truth_table_says() -> None:
    """'requirements as trees of all / any / at least k / not over any named quantity'"""
    trees: list[Requirement] = []
    for count in (1, 2, 3):
        trees += shapes(FOUR[:count])
    every_way = [dict(zip(FOUR, each, strict=False)) for each in product((True, False, None), repeat=3)]
    hold_against_the_table(trees, every_way)


def test_every_tree_over_four_leaves_says_what_its_truth_table_says() -> None:
    """'requirements as trees of all / any / at least k / not over any named quantity'"""
    every_way = [dict(zip(FOUR, each, strict=True)) for each in product((True, False, None), repeat=4)]
    hold_against_the_table(four_leaves(), every_way)


def hold_against_the_table(
    trees: Sequence[Requirement], every_way: Sequence[Mapping[str, bool | None]]
) -> None:
    tables = list(map(table_of, trees))
    for supplied, standing in standings(program_of(trees, FOUR), every_way):
        for tree, table, progress in zip(trees, tables, standing.tiers, strict=True):
            assert progress.verdict is completed(tree, table, supplied), (tree, supplied)


def test_a_combination_of_nothing() -> None:
    """'all_of … (also where there is none)'; 'NOT_MET where none is or can be (also where there is none)'"""
    nothing = [Combination(Junction.ALL, ()), Combination(Junction.ANY, ())]
    ((_, standing),) = standings(program_of(nothing, FOUR), [{}])
    assert [each.verdict for each in standing.tiers] == [MET, NOT_MET]


# ---------------------------------------------------------------------- deeper ones


def grown(parts: list[Requirement], draw: st.DrawFn) -> Requirement:
    """Make one tree of some parts: combine a few, until one is left."""
    while len(parts) > 1:
        count = draw(st.integers(1, min(4, len(parts))))
        taken, parts = tuple(parts[:count]), parts[count:]
        junction = draw(st.sampled_from(list(Junction)))
        least = draw(st.integers(0, count + 1)) if junction is Junction.AT_LEAST else 0
        if junction is Junction.NOT:
            parts = [negation(taken[0]), *taken[1:], *parts]
        else:
            parts = [*parts, Combination(junction, taken, least)]
    return parts[0]


@st.composite
def trees(draw: st.DrawFn, names: Sequence[str] = MANY, *, unique: bool = True) -> Requirement:
    """Draw a tree of any depth that asks of each reading at most once, or of some more often."""
    used = draw(st.lists(st.sampled_from(names), min_size=1, max_size=9, unique=unique))
    return grown([leaf(name) for name in used], draw)


ways = st.fixed_dictionaries({name: st.sampled_from([True, False, None]) for name in MANY})


@given(trees(), st.lists(ways, min_size=1, max_size=5))
def test_a_tree_of_any_depth_says_what_its_truth_table_says(
    tree: Requirement, supplied: list[dict[str, bool | None]]
) -> None:
    """'a fact that nobody supplied makes it UNKNOWN, never MET or NOT_MET', where it makes a difference"""
    for answers, standing in standings(program_of([tree], MANY), supplied):
        assert standing.tiers[0].verdict is expected(tree, answers)


@given(trees(), ways, st.dictionaries(st.sampled_from(MANY), st.booleans()))
def test_further_readings_never_take_an_answer_back(
    tree: Requirement, supplied: dict[str, bool | None], further: dict[str, bool]
) -> None:
    """'a bar that nobody knows' and a reading that nobody supplied leave open only what hangs on them"""
    before = supplied | dict.fromkeys(further)
    (_, open_), (_, told) = standings(program_of([tree], MANY), [before, supplied | further])
    if open_.tiers[0].verdict is not UNKNOWN:
        assert told.tiers[0].verdict is open_.tiers[0].verdict


@given(trees(), ways)
def test_not_turns_every_answer_round(tree: Requirement, supplied: dict[str, bool | None]) -> None:
    """'MET for NOT_MET and the other way round; UNKNOWN stays.'"""
    ((_, standing),) = standings(
        program_of([tree, negation(tree), negation(negation(tree))], MANY), [supplied]
    )
    plain, turned, back = (each.verdict for each in standing.tiers)
    assert turned is {MET: NOT_MET, NOT_MET: MET, UNKNOWN: UNKNOWN}[plain]
    assert back is plain


@given(trees(), ways, st.randoms(use_true_random=False))
def test_the_order_of_the_parts_changes_nothing(
    tree: Requirement, supplied: dict[str, bool | None], random: Random
) -> None:
    """'met where all / any / at least `least` / none of the parts are'"""

    def mixed(asked: Requirement) -> Requirement:
        if isinstance(asked, Condition):
            return asked
        parts = [mixed(part) for part in asked.parts]
        random.shuffle(parts)
        return Combination(asked.junction, tuple(parts), asked.least)

    ((_, standing),) = standings(program_of([tree, mixed(tree)], MANY), [supplied])
    one, other = standing.tiers
    assert one.verdict is other.verdict


@given(st.integers(1, 6), st.lists(ways, min_size=1, max_size=3))
def test_all_and_any_are_thresholds(count: int, supplied: list[dict[str, bool | None]]) -> None:
    """'at_least(1, …)' is any, and at least as many as there are is all"""
    parts = tuple(leaf(name) for name in MANY[:count])
    trees = [
        Combination(Junction.ALL, parts),
        Combination(Junction.AT_LEAST, parts, count),
        Combination(Junction.ANY, parts),
        Combination(Junction.AT_LEAST, parts, 1),
    ]
    for _, standing in standings(program_of(trees, MANY), supplied):
        all_, as_many, any_, one = (each.verdict for each in standing.tiers)
        assert all_ is as_many
        assert any_ is one


@given(trees(), st.sampled_from(MANY))
def test_a_bar_that_nobody_knows_leaves_its_condition_open(tree: Requirement, name: str) -> None:
    """'"unknown" for a bar that nobody knows': as though the reading had not been supplied"""

    def hidden(asked: Requirement) -> Requirement:
        if isinstance(asked, Condition):
            if asked.quantity != name:
                return asked
            return Condition(asked.subject, name, asked.comparison, None, SOURCE, SOURCE.grade, "not found")
        return Combination(asked.junction, tuple(map(hidden, asked.parts)), asked.least)

    supplied: dict[str, bool | None] = dict.fromkeys(MANY, True)
    ((_, standing),) = standings(program_of([hidden(tree)], MANY), [supplied])
    assert standing.tiers[0].verdict is expected(tree, {**supplied, name: None})


# ---------------------------------------------------------------------- what the checks tell


def in_parts(checks: Sequence[tk.Check], depth: int) -> list[list[tk.Check]]:
    """Divide checks by the part in which they lie: 'those that begin alike lie in the same part of it'."""
    return [list(part) for _, part in groupby(checks, key=lambda check: check.within[depth].part)]


def tree_again(checks: Sequence[tk.Check], depth: int = 0) -> Requirement:
    """Say what a tier asks, from its checks alone."""
    first = checks[0]
    if len(first.within) == depth:
        return leaf(first.quantity)
    place, parts = first.within[depth], in_parts(checks, depth)
    return Combination(place.junction, tuple(tree_again(part, depth + 1) for part in parts), place.least)


def verdict_again(checks: Sequence[tk.Check], depth: int = 0) -> tk.Verdict | None:
    """Compute what the verdicts of checks come to, from the checks alone."""
    first = checks[0]
    if len(first.within) == depth:
        return first.verdict
    place = first.within[depth]
    parts = [verdict_again(part, depth + 1) for part in in_parts(checks, depth)]
    needed = {Junction.ALL: len(parts), Junction.AT_LEAST: place.least}.get(place.junction, 1)
    met = parts.count(MET)
    verdict = MET if met >= needed else UNKNOWN if met + parts.count(UNKNOWN) >= needed else NOT_MET
    turned = {MET: NOT_MET, NOT_MET: MET, UNKNOWN: UNKNOWN}
    return turned[verdict] if place.junction is Junction.NOT else verdict


@given(trees(unique=False), ways)
def test_the_checks_alone_tell_the_tree_and_its_verdict(
    tree: Requirement, supplied: dict[str, bool | None]
) -> None:
    """'the checks tell what the tier asks as a whole'"""
    ((_, standing),) = standings(program_of([tree], MANY), [supplied])
    (progress,) = standing.tiers
    assert tree_again(progress.checks) == tree
    assert verdict_again(progress.checks) is progress.verdict
    again = tk.from_json(tk.to_json(progress))
    assert tree_again(again.checks) == tree


def can_be_written(asked: Requirement) -> bool:
    """Say whether a file may ask for a tree: at least one part, and no more than there are."""
    if isinstance(asked, Condition):
        return True
    counts = asked.junction is not Junction.AT_LEAST or 1 <= asked.least <= len(asked.parts)
    return counts and all(map(can_be_written, asked.parts))


@given(trees(unique=False).filter(can_be_written), ways)
def test_a_table_says_by_what_a_tier_fails_just_where_it_does(
    tree: Requirement, supplied: dict[str, bool | None]
) -> None:
    """'Say what a tier fails by: each part that is not met, with what within it is in the way.'"""
    ((_, standing),) = standings(program_of([tree], MANY), [supplied])
    (progress,) = standing.tiers
    table, *_ = progress_tables(progress)
    assert table.note.startswith("Fails: ") is (progress.verdict is NOT_MET)
    named = set(re.findall(r"\b(\w) is ", table.note))
    assert named <= {check.name for check in progress.checks if check.in_the_way}
    assert bool(named) is (progress.verdict is NOT_MET)
