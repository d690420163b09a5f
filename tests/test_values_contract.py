"""What every value type keeps to. A new type without an example here fails the first test.

Facts and results join by one line in PACKAGES and an example or two in `examples`.
"""

from __future__ import annotations

import copy
import datetime as dt
import inspect
import operator
import pickle
import pkgutil
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from typing import TYPE_CHECKING

import attrs
import pytest

from tierkit.errors import Problem
from tierkit.facts.book import Book
from tierkit.facts.facts import Deal, Event, Fact, Held, Partner, Reading, Reversal
from tierkit.facts.parts import Change, Holder
from tierkit.facts.states import ManagedAccount, State
from tierkit.frozen import FrozenMap
from tierkit.values.calendar import Stretch
from tierkit.values.currency import Currency
from tierkit.values.market import Market
from tierkit.values.money import Money
from tierkit.values.points import Points
from tierkit.values.rates import ExchangeRate, RateTable, Rounding
from tierkit.values.reason import Operator, given, product
from tierkit.values.source import Grade, Source
from tierkit.values.span import Span
from tierkit.values.tier import Tier
from tierkit.values.verdict import Verdict
from tierkit.values.word import Word

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGES = (
    "tierkit.errors",
    "tierkit.values",
    "tierkit.facts.facts",
    "tierkit.facts.states",
    "tierkit.facts.book",
)
ORDERED = (Points, Money, Tier)
COMPARE: dict[str, Callable[[object, object], bool]] = {
    "<": operator.lt,  # type: ignore[dict-item]
    "<=": operator.le,  # type: ignore[dict-item]
    ">": operator.gt,  # type: ignore[dict-item]
    ">=": operator.ge,  # type: ignore[dict-item]
}


def facts() -> list[Fact]:
    """Make a fact of each kind."""
    day, euros = date(2026, 3, 4), Money("1000", "EUR")
    holders = (
        Holder(partner="north", since=date(2026, 1, 1), share="1/3"),
        Holder(partner="south", actions=(day, date(2026, 2, 1))),
    )
    return [
        Partner(id="north", joined_on=day, market="DE", name="North"),
        Partner(id="south"),
        Deal(
            id="D-1",
            partner="north",
            customer="สยาม",
            closed_on=day,
            mrr=euros,
            kind="sourced",
            market="TH",
            value=Money("12000", "EUR"),
            attributes={"seats": 3, "strategic": True, "weight": Decimal("1.5"), "since": day},
        ),
        ManagedAccount(
            id="A-1", customer="acme", mrr=euros, holders=holders, changes=(Change(on=day, market="AU"),)
        ),
        Reading(partner="north", name="grr", value="76.4", on=day, until=date(2026, 4, 1)),
        Reading(partner="north", name="certified", value=True, on=day),
        Held(partner="north", tier="gold", on=day, reason="by decision"),
        Reversal(id="R-1", reverses="D-1", on=day, cause="non-payment", recorded_on=day),
        Event(id="E-1", partner="north", type="users", on=day, quantity="2.5", amount=euros),
        State(id="S-1", type="subscription", holders=holders, quantity=3),
    ]


def examples() -> list[object]:
    """Make one or more values of each type, anew at each call; no two in the list are equal."""
    source = Source("tiers-2025", "https://example.com/tiers", Grade.PUBLISHED, version="2025-07-15")
    rate = ExchangeRate("EUR", "USD", "1.08", date(2026, 1, 1), source="ECB")
    half = given("share", "1/2", note="of two", day=date(2026, 3, 4), source=source, grade=Grade.DERIVED)
    return [
        Currency("EUR"),
        Currency("HRK"),
        Market("DE"),
        Market("CI"),
        Points(0),
        Points("625/11"),
        Points("-12.5"),
        Money("1234.50", "EUR"),
        Money(-7, "JPY"),
        rate,
        ExchangeRate("EUR", "USD", Fraction(1, 3), date(2026, 1, 1), date(2026, 2, 1)),
        RateTable(),
        RateTable([rate]),
        Tier(ladder="hubspot", id="gold", name="Gold", rank=1),
        Tier(ladder="hubspot", id="platinum", name="Platinum", rank=2),
        Span(date(2026, 1, 1), date(2026, 7, 15)),
        Span(None, None),
        source,
        half,
        product("managed", [half, given("points", 10)], unit="points", period=Span(date(2026, 1, 1), None)),
        Holder(partner="north", actions=(date(2026, 3, 4),)),
        Change(on=date(2026, 3, 4), mrr=Money("5", "USD")),
        *facts(),
        Book(facts()),
        Problem("deals.csv line 17", "mrr", found="'1,234.5'", expected="a plain decimal"),
    ]


VALUES = examples()
NAMES = {
    **{cls.__name__: cls for cls in map(type, VALUES)},
    **{cls.__name__: cls for cls in (Decimal, Fraction, FrozenMap)},
    **{cls.__name__: cls for cls in (Grade, Operator, Rounding, Stretch, Verdict)},
    "datetime": dt,
}


def written_in_packages() -> set[type]:
    """Give every class that the packages define."""
    modules = [import_module(name) for name in PACKAGES]
    for package in [module for module in modules if hasattr(module, "__path__")]:
        modules += [
            import_module(f"{package.__name__}.{found.name}")
            for found in pkgutil.iter_modules(package.__path__)
        ]
    return {
        cls
        for module in modules
        for cls in vars(module).values()
        if inspect.isclass(cls) and cls.__module__ == module.__name__
    }


VALUE_TYPES = sorted(filter(attrs.has, written_in_packages()), key=lambda cls: cls.__name__)
WORDS = sorted(
    (cls for cls in written_in_packages() if issubclass(cls, Word) and cls is not Word),
    key=lambda cls: cls.__name__,
)
every_value = pytest.mark.parametrize(
    "value", VALUES, ids=lambda value: f"{type(value).__name__} {value}"[:40]
)
every_type = pytest.mark.parametrize("cls", VALUE_TYPES, ids=lambda cls: cls.__name__)
every_word = pytest.mark.parametrize("word", [word for words in WORDS for word in words], ids=repr)


def fields(value: object) -> list[str]:
    return [field.name for field in attrs.fields(type(value))]  # type: ignore[arg-type]


class AlwaysEqual:
    """Equal to everything; so a value has to leave the answer to it."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


class NeverEqual:
    """Equal to nothing."""

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


class AlwaysLarger:
    """Larger than everything."""

    def __lt__(self, other: object) -> bool:
        return False

    __le__ = __lt__

    def __gt__(self, other: object) -> bool:
        return True

    __ge__ = __gt__


@every_type
def test_every_value_type_has_an_example(cls: type) -> None:
    assert cls in set(map(type, VALUES))


@every_value
def test_no_field_can_be_set_or_deleted_and_none_added(value: object) -> None:
    for name in [*fields(value), "something_new"]:
        with pytest.raises(AttributeError):
            setattr(value, name, 1)
        with pytest.raises(AttributeError):
            delattr(value, name)
    assert not hasattr(value, "__dict__")


@pytest.mark.parametrize("place", range(len(VALUES)))
def test_equal_values_hash_equally_and_no_other_is_equal(place: int) -> None:
    value, again = VALUES[place], examples()[place]
    assert value == again
    assert not value != again  # noqa: SIM202 - the other operator
    assert hash(value) == hash(again)
    assert [other for other in VALUES if other == value] == [value]
    assert value not in (None, 0, "", str(value), ())


@every_value
def test_comparing_leaves_the_answer_to_a_foreign_type(value: object) -> None:
    assert value == AlwaysEqual()
    assert AlwaysEqual() == value
    assert not value == NeverEqual()  # noqa: SIM201 - the other operator
    assert value != NeverEqual()
    if type(value) in ORDERED:
        assert [sign for sign, compare in COMPARE.items() if compare(value, AlwaysLarger())] == ["<", "<="]


@every_value
def test_only_what_has_an_order_compares(value: object) -> None:
    ordered = type(value) in ORDERED
    if ordered:
        assert [sign for sign, compare in COMPARE.items() if compare(value, value)] == ["<=", ">="]
    for other in (1, "a", None) if ordered else (value, 1):
        for compare in COMPARE.values():
            with pytest.raises(TypeError, match="not supported between"):
                compare(value, other)


@every_value
def test_repr_is_the_code_that_makes_the_value(value: object) -> None:
    assert eval(repr(value), dict(NAMES)) == value  # noqa: S307 - our own repr


@every_value
def test_a_copy_is_the_value_itself(value: object) -> None:
    assert copy.copy(value) is value
    assert copy.deepcopy(value) is value


@every_value
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickles_under_every_protocol(value: object, protocol: int) -> None:
    again = pickle.loads(pickle.dumps(value, protocol))
    assert again == value
    assert hash(again) == hash(value)
    assert type(again) is type(value)


@every_type
def test_cannot_be_subclassed(cls: type) -> None:
    with pytest.raises(TypeError):
        type("Sub", (cls,), {})


@every_value
def test_patterns_match_public_fields_by_position(value: object) -> None:
    names: tuple[str, ...] = getattr(value, "__match_args__")  # noqa: B009 - not every object has it
    for name in names:
        assert not name.startswith("_")
        assert hasattr(value, name)


@every_value
def test_public_fields_are_named_in_the_docstring(value: object) -> None:
    said = inspect.getdoc(type(value)) or ""
    assert said
    assert [name for name in fields(value) if not name.startswith("_") and f"{name}:" not in said] == []


@every_word
def test_words_show_themselves_as_code_and_read_as_text(word: Word) -> None:
    assert eval(repr(word), dict(NAMES)) is word  # noqa: S307
    assert str(word) == word.value
    assert type(word)(str(word)) is word
    assert all(
        pickle.loads(pickle.dumps(word, protocol)) is word for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    )


def test_patterns_take_the_parts_a_reader_expects() -> None:
    match Money("12.50", "EUR"), Points("5/2"), Currency("EUR"), Span(date(2026, 1, 1), None):
        case Money(amount, Currency("EUR")), Points(number), Currency(code), Span(start, None):
            assert (amount, number, code, start) == (
                Decimal("12.50"),
                Fraction(5, 2),
                "EUR",
                date(2026, 1, 1),
            )
        case _:
            pytest.fail("no match")
