"""What everything stands on: the one decorator, the frozen map, problems and errors."""

from __future__ import annotations

import copy
import pickle
from datetime import time

import pytest

import tierkit as tk
from tierkit.errors import nearest, refuse_other, shown
from tierkit.frozen import FrozenMap, changed, fields_of, frozen


def test_a_frozen_map_is_a_mapping_that_nobody_changes() -> None:
    items = FrozenMap({"a": 1, "b": 2})
    assert (items["a"], len(items), list(items), "b" in items, "c" in items) == (
        1,
        2,
        ["a", "b"],
        True,
        False,
    )
    assert (list(items.keys()), list(items.values())) == (["a", "b"], [1, 2])
    assert items == {"b": 2, "a": 1} == dict(items.items())
    assert items != [("a", 1), ("b", 2)]
    assert hash(items) == hash(FrozenMap({"b": 2, "a": 1}))
    assert copy.copy(items) is copy.deepcopy(items) is items
    assert pickle.loads(pickle.dumps(items)) == items == eval(repr(items))  # noqa: S307
    with pytest.raises(AttributeError, match="a FrozenMap is immutable"):
        items.more = 3


def test_what_is_given_to_a_frozen_map_stays_its_givers() -> None:
    given = {"a": 1}
    items = FrozenMap(given)
    given["a"] = 2
    assert items["a"] == 1


def test_a_value_type_may_take_its_fields_by_name_only() -> None:
    @frozen(kw_only=True)
    class Pair:
        left: int
        right: int = 2

    assert changed(Pair(left=1), right=3) == Pair(left=1, right=3)
    assert list(fields_of(Pair)) == ["left", "right"]
    with pytest.raises(TypeError):
        Pair(1)  # type: ignore[call-arg]


def test_a_field_that_holds_a_frozen_map_may_be_given_a_dict() -> None:
    @frozen
    class Prices:
        by_name: FrozenMap[int]

    given = {"a": 1}
    prices = Prices(given)  # type: ignore[arg-type]
    given["a"] = 2
    assert prices == Prices(FrozenMap({"a": 1}))
    assert hash(prices) == hash(changed(prices, by_name={"a": 1}))
    assert isinstance(prices.by_name, FrozenMap)


class Unprintable:
    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "'x'"),
        ("x" * 500, "'" + "x" * 79 + "…"),
        (b"x" * 500, "b'" + "x" * 78 + "…"),
        ([1] * 500, "[" + "1, " * 26 + "1…"),
        (Unprintable(), "a Unprintable"),
        ([True, {"a": False}, time(7, 32)], "[true, {'a': false}, 07:32:00]"),
    ],
)
def test_foreign_input_is_shown_safely_and_shortly(value: object, text: str) -> None:
    assert shown(value) == text


def test_near_names_are_offered_only_where_there_are_some() -> None:
    assert nearest("gb", ["GB", "FR"]) == "did you mean 'GB'?"
    assert nearest("xyz", ["GB", "FR"]) == ""
    assert nearest("x" * 10_000, ["GB", "FR"]) == ""


def test_a_problem_says_where_what_and_the_way_out() -> None:
    problem = tk.Problem("deals.csv line 2", "mrr", "'1,2'", "a plain decimal", "write 1.2")
    assert str(problem) == "deals.csv line 2: mrr: found '1,2'; expected a plain decimal; write 1.2"
    assert str(tk.Problem("", "mrr", "'1,2'")) == "mrr: found '1,2'"


@pytest.mark.parametrize("name", sorted(name for name in tk.__all__ if name[0].isupper()))
def test_an_error_is_pickled_with_its_problems_and_tells_them_all(name: str) -> None:
    kind = getattr(tk, name)
    if not issubclass(kind, Exception):
        return
    error = kind(tk.Problem("a", found="b"), tk.Problem("c", expected="d"))
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.problems) == (kind, error.problems)
    assert str(again) == "a: found b\nc: expected d"
    assert isinstance(again, tk.TierkitError)


def test_a_name_in_place_of_a_value_is_refused_with_what_to_write() -> None:
    with pytest.raises(tk.WrongType, match="load_program"):
        tk.earn(tk.Book(), "hubspot-solutions")  # type: ignore[arg-type]
    with pytest.raises(tk.WrongType, match="read_book"):
        tk.earn([], tk.load_program("hubspot-solutions"))  # type: ignore[arg-type]
    refuse_other(1, int, "here", "an int")
