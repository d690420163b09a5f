"""JSON forms: every public value, fact and result as text, read back identically.

A form is an object whose `tierkit` says its type and version ("Money/1"), with the fields beside it. Amounts
and points are texts, so that no reader makes floats of them. Facts have the columns of their CSV form.
"""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast, get_args, get_origin

import attrs
import cattrs

from tierkit.engine import (
    calculator,
    changes,
    compare,
    forecast,
    history,
    judge,
    ledger,
    plan,
    reconcile,
    review,
    standing,
)
from tierkit.engine.changing import point_changes
from tierkit.engine.earning import entry
from tierkit.engine.moving import journey
from tierkit.engine.planning import keeping, sellable
from tierkit.errors import InvalidValue, Problem, TierkitError, WrongType, shown
from tierkit.facts import dicts, parts, records
from tierkit.facts.book import Book
from tierkit.frozen import FrozenMap, changed, fields_of
from tierkit.programs import dated, diff, load, measures, movements, requirements, rules
from tierkit.programs.program import Program
from tierkit.reports import explain
from tierkit.reports.codec_unions import OPERATIONS, fraction_of, tell_apart
from tierkit.values import rates, reason, source, span, tier
from tierkit.values.currency import Currency
from tierkit.values.market import Market
from tierkit.values.money import Money
from tierkit.values.points import Points
from tierkit.values.word import Word

if TYPE_CHECKING:
    from collections.abc import Callable


VERSION: Final = 1
"""The version of the JSON forms; a form that changes raises it."""

_LARGEST: Final = 200_000_000
_DEEPEST: Final = 60

_PLAIN: Final[tuple[type, ...]] = (
    Problem,
    tier.Tier,
    span.Span,
    source.Source,
    reason.Reason,
    rates.ExchangeRate,
    parts.Holder,
    parts.Change,
    entry.Entry,
    entry.Failure,
    judge.PartOf,
    judge.Check,
    judge.Progress,
    journey.Look,
    journey.Decision,
    review.Review,
    history.Moment,
    history.History,
    forecast.ComingReview,
    forecast.Course,
    forecast.AccountDays,
    sellable.PlanPart,
    keeping.KeptAccount,
    plan.Plan,
    standing.CustomerPoints,
    point_changes.PointChange,
    changes.ChangeGroup,
    changes.Changes,
    reconcile.Suspect,
    reconcile.LikelyCause,
    reconcile.Figure,
    reconcile.Reconciliation,
    compare.ComparedStanding,
    compare.ComparedPartner,
    compare.Comparison,
    calculator.Quote,
    calculator.Amounts,
    explain.ExplanationRow,
    explain.Explanation,
    requirements.Condition,
    requirements.Combination,
    rules.Life,
    rules.RateDay,
    rules.RoundTo,
    rules.EarningRule,
    measures.Measure,
    *OPERATIONS,
    rules.ReadingKind,
    rules.Group,
    rules.Clawback,
    movements.Lag,
    movements.Movement,
    rules.Choice,
    diff.Stated,
    diff.Difference,
    Program,
    load.ProgramCheck,
)
_SPECIAL: Final[tuple[type, ...]] = (
    Currency,
    Market,
    Points,
    Money,
    rates.RateTable,
    Book,
    ledger.Ledger,
    standing.Standing,
    forecast.Forecast,
)
TYPES: Final = {kind.__name__: kind for kind in (*records.TABLE_OF, *_PLAIN, *_SPECIAL)}
"""Every type that has a JSON form, by its name."""

_Form: TypeAlias = dict[str, Any]


def to_json(value: object, *, indent: int | None = None) -> str:
    """Give the JSON form of a public value, fact or result.

    Args:
        value: any value of a type that tierkit exports.
        indent: spaces for each level; one line where it is left out.

    Raises:
        WrongType: for a value that has no JSON form.
    """
    kind = type(value)
    if TYPES.get(kind.__name__) is not kind:
        raise WrongType(
            Problem("to_json", found=shown(kind.__name__), expected="a value, fact or result of tierkit")
        )
    form: object = _converter().unstructure(value)
    fields = cast("_Form", form) if isinstance(form, dict) else {"value": form}
    return json.dumps({"tierkit": f"{kind.__name__}/{VERSION}", **fields}, ensure_ascii=False, indent=indent)


def from_json(text: str) -> Any:  # noqa: ANN401 - what it is, the text says
    """Read back what `to_json` gave; the result equals what it was made of.

    Args:
        text: JSON whose key `tierkit` says the type and the version, such as "Money/1".

    Raises:
        InvalidValue: the text is no such form; says where it is wrong.
    """
    try:
        return _read(_parsed(text))
    except RecursionError:
        expected = "the form that to_json gives"
        raise InvalidValue(Problem("from_json", found="very deep nesting", expected=expected)) from None


def _read(form: _Form) -> Any:  # noqa: ANN401 - what it is, the form says
    said = form.pop("tierkit", None)
    name, _, version = said.partition("/") if isinstance(said, str) else ("", "", "")
    kind = TYPES.get(name)
    if kind is None:
        expected = 'a type and its version, such as "Money/1"'
        raise InvalidValue(Problem("from_json", "tierkit", shown(said), expected))
    if version != str(VERSION):
        expected = f"{name}/{VERSION}, the version read here"
        raise InvalidValue(Problem("from_json", "tierkit", shown(said), expected))
    content = form["value"] if form.keys() == {"value"} and kind in (Currency, Market, Points) else form
    try:
        return _converter().structure(content, cast("type[Any]", kind))
    except (ValueError, TypeError, LookupError, AttributeError, BaseExceptionGroup, TierkitError) as error:
        raise InvalidValue(*_problems(error, name)) from error


def _parsed(text: str) -> _Form:
    if len(text) > _LARGEST:
        found, expected = f"{len(text):,} characters", f"at most {_LARGEST:,}"
        raise InvalidValue(Problem("from_json", found=found, expected=expected))
    try:
        form: object = json.loads(text, parse_float=_no_number, parse_constant=_no_number)
    except TierkitError:
        raise
    except ValueError as error:
        raise InvalidValue(Problem("from_json", found=shown(str(error)), expected="JSON")) from None
    if not isinstance(form, dict):
        raise InvalidValue(Problem("from_json", found=shown(form), expected="an object with `tierkit`"))
    return cast("_Form", form)


def _no_number(text: str) -> object:
    hint = "numbers that are not whole are written as text"
    raise InvalidValue(
        Problem("from_json", found=shown(text), expected="a whole number or a text", hint=hint)
    )


def _problems(error: BaseException, path: str) -> list[Problem]:
    """Flatten what cattrs raises into problems with the path that its notes tell."""
    if isinstance(error, TierkitError):
        return [changed(problem, where=f"{path}: {problem.where}") for problem in error.problems]
    if isinstance(error, BaseExceptionGroup):
        inners = cast("BaseExceptionGroup[BaseException]", error).exceptions
        return [problem for inner in inners for problem in _problems(inner, _path(inner, path))]
    expected = "a field" if isinstance(error, KeyError) else "the form that to_json gives"
    return [Problem(path, found=shown(str(error)), expected=expected)]


def _path(error: BaseException, path: str) -> str:
    places = [note.rpartition(" @ ")[2] for note in getattr(error, "__notes__", ()) if " @ " in note]
    return f"{path} > {places[0]}" if places else path


@cache
def _converter() -> cattrs.Converter:
    """Make the one converter: strict about every scalar, and about keys that mean nothing."""
    converter = cattrs.Converter(forbid_extra_keys=True)
    for kind in (*TYPES.values(), dated.Period):
        attrs.resolve_types(cast("type[attrs.AttrsInstance]", kind))
    for scalar in (str, int, bool):
        converter.register_structure_hook(scalar, _strict(scalar))
    for words in Word.__subclasses__():
        _as_text(converter, words, words, str)
    _as_text(converter, Points, Points, str)
    _as_text(converter, Fraction, fraction_of, str)
    _as_text(converter, Currency, Currency, str)
    _as_text(converter, Market, Market, lambda market: market.code)
    _as_text(converter, date, date.fromisoformat, date.isoformat)
    converter.register_unstructure_hook(
        Money, lambda money: {"amount": str(money.amount), "currency": money.currency.code}
    )
    converter.register_structure_hook(Money, _money)
    for kind, table in records.TABLE_OF.items():
        converter.register_unstructure_hook(kind, records.to_record)
        converter.register_structure_hook(kind, _fact(table))
    converter.register_unstructure_hook(Book, Book.to_records)
    converter.register_structure_hook(Book, lambda form, _: Book.from_records(form))
    tell_apart(converter)
    _generics(converter)
    _results(converter)
    return converter


def _strict(kind: type) -> Callable[[object, object], object]:
    def structure(value: object, _: object) -> object:
        if type(value) is not kind:
            raise InvalidValue(Problem("", found=shown(value), expected=f"a value of type {kind.__name__}"))
        return value

    return structure


def _as_text(
    converter: cattrs.Converter, kind: type, read: Callable[[str], object], write: Callable[[Any], str]
) -> None:
    """Give a type a form that is a text."""

    def structure(value: object, _: object) -> object:
        if not isinstance(value, str):
            raise InvalidValue(Problem("", found=shown(value), expected="a text"))
        return read(value)

    converter.register_unstructure_hook(kind, write)
    converter.register_structure_hook(kind, structure)


def _money(form: _Form, _: object) -> Money:
    if not isinstance(form, dict) or form.keys() != {"amount", "currency"}:
        raise InvalidValue(Problem("", found=shown(form), expected="an object with `amount` and `currency`"))
    return Money(form["amount"], form["currency"])


def _fact(table: str) -> Callable[[_Form, object], object]:
    return lambda form, _: dicts.from_record(table, form)


def _generics(converter: cattrs.Converter) -> None:
    """Give frozen maps the form of an object, dated values that of a list of their periods.

    What a generic type holds is told by where it stands; the oldest cattrs that is supported cannot tell.
    """

    def is_a(generic: type) -> Callable[[object], bool]:
        return lambda kind: get_origin(kind) is generic

    def map_of(form: _Form, kind: object) -> object:
        (member,) = get_args(kind)
        return FrozenMap({name: converter.structure(value, member) for name, value in form.items()})

    def map_form(kind: object) -> Callable[[Any], object]:
        (member,) = get_args(kind)
        return lambda items: {name: converter.unstructure(each, member) for name, each in items.items()}

    def dated_of(form: list[_Form], kind: object) -> object:
        (member,) = get_args(kind)
        return dated.Dated(tuple(_period(converter, each, member) for each in form))

    def dated_form(kind: object) -> Callable[[Any], object]:
        (member,) = get_args(kind)
        return lambda value: [
            {
                name: converter.unstructure(getattr(each, name), hint)
                for name, hint in _period_fields(member).items()
            }
            for each in value
        ]

    converter.register_structure_hook_func(is_a(FrozenMap), map_of)
    converter.register_unstructure_hook_factory(is_a(FrozenMap), map_form)
    converter.register_structure_hook_func(is_a(dated.Dated), dated_of)
    converter.register_unstructure_hook_factory(is_a(dated.Dated), dated_form)


def _period_fields(member: object) -> dict[str, Any]:
    return {**fields_of(dated.Period), "value": member}


def _period(converter: cattrs.Converter, form: _Form, member: object) -> dated.Period[object]:
    fields = _period_fields(member)
    if form.keys() != fields.keys():
        raise InvalidValue(Problem("", found=", ".join(form), expected=", ".join(fields)))
    return dated.Period(**{name: converter.structure(form[name], hint) for name, hint in fields.items()})


def _late(converter: cattrs.Converter, result: type, late: str, of: Any) -> None:  # noqa: ANN401 - a type, or a generic one
    """Give a result that makes one of its parts when asked for it a form that has that too."""
    fields = {name: kind for name, kind in fields_of(result).items() if name != "made_from"} | {late: of}

    def form_of(value: object) -> _Form:
        return {
            name: converter.unstructure(getattr(value, name), unstructure_as=kind)
            for name, kind in fields.items()
        }

    def result_of(form: _Form, _: object) -> object:
        if form.keys() != fields.keys():
            raise InvalidValue(Problem("", found=", ".join(form), expected=", ".join(fields)))
        return result(**{name: converter.structure(form[name], kind) for name, kind in fields.items()})

    converter.register_unstructure_hook(result, form_of)
    converter.register_structure_hook(result, result_of)


def _results(converter: cattrs.Converter) -> None:
    """Give results that are made late a form that has everything in it."""

    def ledger_form(value: ledger.Ledger) -> _Form:
        return {
            "program": converter.unstructure(value.program),
            "book": value.book.to_records(),
            "partner_id": value.partner_id,
            "rates": converter.unstructure(value.rates),
        }

    def ledger_of(form: _Form, _: object) -> ledger.Ledger:
        book, program = Book.from_records(form["book"]), converter.structure(form["program"], Program)
        earned = ledger.earn(book, program, rates=converter.structure(form["rates"], rates.RateTable))
        return earned.partner(form["partner_id"]) if form["partner_id"] else earned

    _late(converter, standing.Standing, "entries", tuple[entry.Entry, ...])
    _late(converter, forecast.Forecast, "changes", changes.Changes)
    converter.register_unstructure_hook(ledger.Ledger, ledger_form)
    converter.register_structure_hook(ledger.Ledger, ledger_of)
    converter.register_unstructure_hook(
        rates.RateTable, lambda table: {"rates": [converter.unstructure(rate) for rate in table.rates]}
    )
    converter.register_structure_hook(
        rates.RateTable,
        lambda form, _: rates.RateTable(converter.structure(form["rates"], tuple[rates.ExchangeRate, ...])),
    )
