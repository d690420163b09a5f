"""tierkit computes partner-program points and tiers exactly and explains every number.

Names are loaded on first use, so that importing the package costs next to nothing.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tierkit.engine.calculator import Amounts, Quote, quote, to_money, to_points
    from tierkit.engine.changes import ChangeGroup, Changes, changes
    from tierkit.engine.changing.causes import Cause
    from tierkit.engine.changing.point_changes import PointChange
    from tierkit.engine.compare import ComparedPartner, ComparedStanding, Comparison, TierChange, compare
    from tierkit.engine.earning.entry import Entry
    from tierkit.engine.forecast import AccountDays, ComingReview, Course, Forecast, forecast
    from tierkit.engine.history import History, Moment, history
    from tierkit.engine.judge import Check, PartOf, Progress
    from tierkit.engine.ledger import Ledger, earn
    from tierkit.engine.moving.journey import Decision, Look, Outcome
    from tierkit.engine.plan import Plan, plan
    from tierkit.engine.planning.keeping import KeptAccount
    from tierkit.engine.planning.sellable import PlanPart
    from tierkit.engine.reconcile import Explains, Figure, LikelyCause, Reconciliation, Suspect, reconcile
    from tierkit.engine.reconciling.otherwise import SuspectKind
    from tierkit.engine.review import Review, review
    from tierkit.engine.standing import CustomerPoints, Standing, assess
    from tierkit.errors import (
        CurrencyMismatch,
        InvalidBook,
        InvalidProgram,
        InvalidValue,
        NotCovered,
        NotValued,
        Problem,
        TierkitError,
        UnknownName,
        WrongType,
    )
    from tierkit.facts.book import Book
    from tierkit.facts.deal import Deal
    from tierkit.facts.facts import Event, Partner, Reversal
    from tierkit.facts.parts import Change, Holder
    from tierkit.facts.readers import check_book, read_book
    from tierkit.facts.readings import Held, Reading
    from tierkit.facts.states import ManagedAccount, State
    from tierkit.facts.writers import write_book
    from tierkit.programs.diff import Difference, Stated
    from tierkit.programs.forms.schema import program_schema
    from tierkit.programs.load import ProgramCheck, check_program, load_program, parse_program
    from tierkit.programs.program import Program
    from tierkit.programs.reading.files import program_names
    from tierkit.programs.requirements import Junction, Sense
    from tierkit.reports.codec import from_json, to_json
    from tierkit.reports.explain import Explanation, explain
    from tierkit.values.currency import Currency
    from tierkit.values.market import Market
    from tierkit.values.money import Money
    from tierkit.values.points import Points
    from tierkit.values.rates import ExchangeRate, RateTable, Rounding
    from tierkit.values.reason import Operator, Reason
    from tierkit.values.source import Grade, Source
    from tierkit.values.span import Span
    from tierkit.values.tier import Tier
    from tierkit.values.verdict import Verdict

__version__ = "0.1.0"

__all__ = [
    "AccountDays",
    "Amounts",
    "Book",
    "Cause",
    "Change",
    "ChangeGroup",
    "Changes",
    "Check",
    "ComingReview",
    "ComparedPartner",
    "ComparedStanding",
    "Comparison",
    "Course",
    "Currency",
    "CurrencyMismatch",
    "CustomerPoints",
    "Deal",
    "Decision",
    "Difference",
    "Entry",
    "Event",
    "ExchangeRate",
    "Explains",
    "Explanation",
    "Figure",
    "Forecast",
    "Grade",
    "Held",
    "History",
    "Holder",
    "InvalidBook",
    "InvalidProgram",
    "InvalidValue",
    "Junction",
    "KeptAccount",
    "Ledger",
    "LikelyCause",
    "Look",
    "ManagedAccount",
    "Market",
    "Moment",
    "Money",
    "NotCovered",
    "NotValued",
    "Operator",
    "Outcome",
    "PartOf",
    "Partner",
    "Plan",
    "PlanPart",
    "PointChange",
    "Points",
    "Problem",
    "Program",
    "ProgramCheck",
    "Progress",
    "Quote",
    "RateTable",
    "Reading",
    "Reason",
    "Reconciliation",
    "Reversal",
    "Review",
    "Rounding",
    "Sense",
    "Source",
    "Span",
    "Standing",
    "State",
    "Stated",
    "Suspect",
    "SuspectKind",
    "Tier",
    "TierChange",
    "TierkitError",
    "UnknownName",
    "Verdict",
    "WrongType",
    "assess",
    "changes",
    "check_book",
    "check_program",
    "compare",
    "earn",
    "explain",
    "forecast",
    "from_json",
    "history",
    "load_program",
    "parse_program",
    "plan",
    "program_names",
    "program_schema",
    "quote",
    "read_book",
    "reconcile",
    "review",
    "to_json",
    "to_money",
    "to_points",
    "write_book",
]

_WHERE = {
    "engine.calculator": ("Amounts", "Quote", "quote", "to_money", "to_points"),
    "engine.changing.causes": ("Cause",),
    "engine.changes": ("ChangeGroup", "Changes", "changes"),
    "engine.compare": ("ComparedPartner", "ComparedStanding", "Comparison", "TierChange", "compare"),
    "engine.earning.entry": ("Entry",),
    "engine.forecast": ("AccountDays", "ComingReview", "Course", "Forecast", "forecast"),
    "engine.history": ("History", "Moment", "history"),
    "engine.moving.journey": ("Decision", "Look", "Outcome"),
    "engine.judge": ("Check", "PartOf", "Progress"),
    "engine.ledger": ("Ledger", "earn"),
    "engine.plan": ("Plan", "plan"),
    "engine.planning.keeping": ("KeptAccount",),
    "engine.changing.point_changes": ("PointChange",),
    "engine.reconcile": ("Explains", "Figure", "LikelyCause", "Reconciliation", "Suspect", "reconcile"),
    "engine.review": ("Review", "review"),
    "engine.reconciling.otherwise": ("SuspectKind",),
    "engine.planning.sellable": ("PlanPart",),
    "engine.standing": ("CustomerPoints", "Standing", "assess"),
    "errors": (
        "CurrencyMismatch",
        "InvalidBook",
        "InvalidProgram",
        "InvalidValue",
        "NotCovered",
        "NotValued",
        "Problem",
        "TierkitError",
        "UnknownName",
        "WrongType",
    ),
    "facts.book": ("Book",),
    "facts.deal": ("Deal",),
    "facts.facts": ("Event", "Partner", "Reversal"),
    "facts.parts": ("Change", "Holder"),
    "facts.readers": ("check_book", "read_book"),
    "facts.readings": ("Held", "Reading"),
    "facts.states": ("ManagedAccount", "State"),
    "facts.writers": ("write_book",),
    "programs.diff": ("Difference", "Stated"),
    "programs.reading.files": ("program_names",),
    "programs.load": ("ProgramCheck", "check_program", "load_program", "parse_program"),
    "programs.program": ("Program",),
    "programs.requirements": ("Junction", "Sense"),
    "programs.forms.schema": ("program_schema",),
    "reports.codec": ("from_json", "to_json"),
    "reports.explain": ("Explanation", "explain"),
    "values.currency": ("Currency",),
    "values.market": ("Market",),
    "values.money": ("Money",),
    "values.points": ("Points",),
    "values.rates": ("ExchangeRate", "RateTable", "Rounding"),
    "values.reason": ("Operator", "Reason"),
    "values.source": ("Grade", "Source"),
    "values.span": ("Span",),
    "values.tier": ("Tier",),
    "values.verdict": ("Verdict",),
}
_MODULE_OF = {name: module for module, names in _WHERE.items() for name in names}


# Checkers read the imports above, so that a name that is not there is an error.
if not TYPE_CHECKING:  # pragma: no branch

    def __getattr__(name: str) -> object:
        if name not in _MODULE_OF:
            message = f"module 'tierkit' has no attribute {name!r}"
            raise AttributeError(message)
        from importlib import import_module

        value = getattr(import_module(f"tierkit.{_MODULE_OF[name]}"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return [*__all__, "__version__"]
