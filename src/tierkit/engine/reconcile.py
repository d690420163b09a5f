"""Reconciling: why a vendor's dashboard shows other figures than the book gives."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Final, TypeAlias, final

from tierkit.engine.earning.telling import joined
from tierkit.engine.ledger import of_one_partner, refuse_ledger
from tierkit.engine.reconciling.figures import ShownFigure, read_figures
from tierkit.engine.reconciling.otherwise import SuspectKind
from tierkit.engine.reconciling.recount import Recount
from tierkit.engine.reconciling.suspects import Suspects, Variant
from tierkit.engine.standing import assess
from tierkit.errors import InvalidValue, Problem, one_named
from tierkit.facts.checks import checked_years
from tierkit.frozen import frozen
from tierkit.looks import html_of
from tierkit.values.points import Points
from tierkit.values.word import Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tierkit.engine.ledger import Ledger
    from tierkit.values.exact import Number

MOST_IN_PAIRS: Final = 200
"""How many suspects of a figure, the likeliest, are tried two by two."""

MOST_IN_THREES: Final = 40
"""How many of them are tried three by three."""

MOST_CAUSES: Final = 5
"""How many likely causes of a figure are named."""

_MOST_COUNTED: Final = 2 * MOST_CAUSES
_MOST_SUMMED: Final = 4

_IN: Final = (("alone", 0), ("in pairs", MOST_IN_PAIRS), ("in threes", MOST_IN_THREES))

Suspected: TypeAlias = tuple[Variant, ...]


@final
class Explains(Word):
    """How much of a difference a likely cause explains."""

    ALL = "all"
    """With it the figure agrees."""
    PART = "part"
    """With it the difference is smaller, and not gone."""


@final
@frozen(kw_only=True)
class Suspect:
    """One way in which the dashboard may see the book otherwise.

    Attributes:
        kind: in which way.
        fact: the id of the fact; "" where it is about all facts of a customer.
        customer: the customer.
        words: what the dashboard may do.
        delta: how much more the figure would be.
    """

    kind: SuspectKind
    fact: str
    customer: str
    words: str
    delta: Points


@final
@frozen
class LikelyCause:
    """One suspect, or a few together, with which the figure was counted again.

    Attributes:
        explains: whether the figure then agrees, or only differs less.
        delta: how much more the figure would be.
        suspects: what the dashboard may see otherwise.
    """

    explains: Explains
    delta: Points
    suspects: tuple[Suspect, ...]


@final
@frozen(kw_only=True)
class Figure:
    """One figure of the dashboard, held against the book.

    Attributes:
        name: a track or measure, or "new" or "lost" before one.
        unit: what it counts where that is not points: "users", the code of a currency.
        shown: what the dashboard shows, as it was given.
        computed: what the book gives, exactly, in that unit.
        difference: what the dashboard shows more, exactly; below zero where it shows less.
        agrees: whether the computed points, cut or rounded half up to the decimals shown, are the figure.
        causes: likely causes of the difference, the likeliest first, each counted again.
        note: what was tried, and what the causes rest on.
    """

    name: str
    unit: str
    shown: str
    computed: Points
    difference: Points
    agrees: bool
    causes: tuple[LikelyCause, ...]
    note: str


@final
@frozen(kw_only=True)
class Reconciliation:
    """What the dashboard shows, held against what the book gives.

    Attributes:
        program: the id of the program.
        partner: the id of the partner.
        on: the day of the figures.
        since: the day before the first whose new and lost points are counted; None where none were asked for.
        lines: each figure, in the order in which it was given.
        problems: the facts that could not be valued, which the dashboard may count.
        note: whether all agree, and otherwise what differs.
    """

    program: str
    partner: str
    on: date
    since: date | None
    lines: tuple[Figure, ...]
    problems: tuple[Problem, ...]
    note: str

    def _repr_html_(self) -> str:
        return html_of(self)

    def __getitem__(self, name: str) -> Figure:
        """Give the line of a figure.

        Raises:
            UnknownName: there is none of that name.
        """
        return one_named("reconciliation", "figure", name, {line.name: line for line in self.lines})

    @property
    def agrees(self) -> bool:
        """Whether every figure agrees."""
        return all(line.agrees for line in self.lines)


def reconcile(
    ledger: Ledger,
    figures: Mapping[str, Number | Points],
    *,
    on: date,
    since: date | None = None,
    partner: str | None = None,
) -> Reconciliation:
    """Hold what the vendor's dashboard shows against the book, and look for what may be behind a difference.

    A likely cause is a way in which the dashboard may see the book otherwise: it does not know a correction,
    lacks a fact, counts an account that has lapsed or a deal a few days off, has a customer's market or a
    currency's point value otherwise. The book is counted again with it, and it is named only where the
    figure then agrees, or at least differs less. Single suspects are tried first, then the 200 likeliest two
    by two, then the 40 likeliest three by three. Where a program's movements post points, each single one
    takes a count of all the partner's facts: of many then the latest are tried, and the note says how many
    were left out.

    Args:
        ledger: what the book earned.
        figures: what the dashboard shows, by name: a track of the program, or a measure that adds tracks up
            ("sourced", "sold", "managed", "total"), or "new" or "lost" before one ("new sold"). What counts
            something else than points is given in its own unit.
        on: the day of the figures.
        since: the day before the first whose new and lost points the figures count.
        partner: whose figures; needed only where the ledger has several partners.

    Raises:
        NotCovered: the program is not in force on one of the days.
        UnknownName: the ledger has no such partner.
        InvalidValue: a day is outside of 1900 to 2100;
            a figure that is no number, or that the program does not have or does not add up of
            tracks; new or lost points without `since`, a `since` after `on`; the ledger has several
            partners and none was named.
    """
    refuse_ledger(ledger, "reconcile")
    checked_years(on, "reconcile: on")
    if since is not None and checked_years(since, "reconcile: since") > on:
        expected = f"a day on or before on, which is {on}"
        hint = "give the day from whose end on the dashboard counts new and lost points"
        raise InvalidValue(Problem("reconcile", "since", str(since), expected, hint))
    shown = read_figures(figures, ledger.program, since)
    ledger = of_one_partner(ledger, partner, "reconcile")
    standing = assess(ledger, on=on)
    if since is not None:
        ledger.program.refuse_days_not_in_force(since, "since")
    recount = Recount(ledger, on, since)
    lines = _Search(ledger, recount, shown).lines()
    differing = [line.name for line in lines if not line.agrees]
    return Reconciliation(
        program=standing.program,
        partner=standing.partner,
        on=on,
        since=since,
        lines=lines,
        problems=standing.problems,
        note=f"differs: {', '.join(differing)}" if differing else "all figures agree",
    )


@final
class _Search:
    """The search for what may be behind the differences of some figures."""

    def __init__(self, ledger: Ledger, recount: Recount, shown: Sequence[ShownFigure]) -> None:
        self.recount = recount
        self.shown = shown
        self.parts = recount.of(recount.book)
        self.have = {each.name: each.counted(self.parts) for each in shown}
        self.suspects: tuple[Variant, ...] = ()
        self.left_out = 0
        if not all(each.agrees(self.have[each.name]) for each in shown):
            found = Suspects(ledger, recount)
            self.suspects, self.left_out = tuple(found.found), found.left_out

    def lines(self) -> tuple[Figure, ...]:
        """Give the line of each figure; those that count fewer tracks are looked into first."""
        found: dict[str, Figure] = {}
        chosen: dict[str, Suspected] = {}
        for figure in sorted(self.shown, key=lambda each: len(each.tracks)):
            found[figure.name] = self._line(figure, chosen)
        return tuple(found[figure.name] for figure in self.shown)

    def _line(self, figure: ShownFigure, chosen: dict[str, Suspected]) -> Figure:
        have = self.have[figure.name]
        agrees = figure.agrees(have)
        causes: list[LikelyCause] = []
        note = ""
        if agrees:
            chosen[figure.name] = ()
        else:
            causes, note = self._of_parts(figure, chosen)
            if not causes:
                causes, note = self._causes(figure, chosen)
        return Figure(
            name=figure.name,
            unit=figure.unit,
            shown=figure.text,
            computed=Points(have),
            difference=Points(figure.number) - Points(have),
            agrees=agrees,
            causes=tuple(causes),
            note=note,
        )

    def _of_parts(
        self, figure: ShownFigure, chosen: Mapping[str, Suspected]
    ) -> tuple[list[LikelyCause], str]:
        """Explain a sum by what explains other figures that it is the sum of."""
        given = [each for each in self.shown if each.side == figure.side and each.name in chosen]
        for count in range(2, min(len(given), _MOST_SUMMED) + 1):
            for some in combinations(given, count):
                tracks = Counter(track for each in some for track in each.tracks)
                if tracks == Counter(figure.tracks):
                    together = _each_once(variant for each in some for variant in chosen[each.name])
                    if self._agree(figure, together) and self._holds(figure, together):
                        names = " and ".join(each.name for each in some)
                        return [self._cause(figure, together)], f"what explains {names} explains it"
        return [], ""

    def _causes(self, figure: ShownFigure, chosen: dict[str, Suspected]) -> tuple[list[LikelyCause], str]:
        bearing = [each for each in self.suspects if figure.counted(each.delta)]
        likely = bearing[:MOST_IN_PAIRS], bearing[:MOST_IN_THREES]
        for count, suspects in enumerate((bearing, *likely), start=1):
            fit = [
                each for each in combinations(suspects, count) if _apart(each) and self._agree(figure, each)
            ]
            fit.sort(key=lambda each: (-self._agreeing(each), sum(map(self._rank, each))))
            held = [each for each in fit[:_MOST_COUNTED] if self._holds(figure, each)]
            if held:
                chosen[figure.name] = held[0]
                unnamed, uncounted = len(held) - MOST_CAUSES, len(fit) - _MOST_COUNTED
                note = joined(
                    self._tried(bearing, count),
                    f"{unnamed} more fit, and are not named" if unnamed > 0 else "",
                    f"{uncounted} more add up to it, and were not counted again" if uncounted > 0 else "",
                )
                return [self._cause(figure, each) for each in held[:MOST_CAUSES]], note
        partly = [self._cause(figure, each) for each in self._partly(figure, bearing)]
        return partly, f"nothing that was tried explains it all; {self._tried(bearing, len(_IN))}"

    def _partly(self, figure: ShownFigure, bearing: Iterable[Variant]) -> list[Suspected]:
        """Give the single suspects that leave least of the difference; a missing fact may do so by chance."""
        gap = figure.number - self.have[figure.name]
        left = {
            each: abs(gap - figure.counted(each.delta))
            for each in bearing
            if each.kind is not SuspectKind.MISSING
        }
        nearer = sorted((each for each in left if left[each] < abs(gap)), key=lambda each: left[each])
        counted = [(each,) for each in nearer[:MOST_CAUSES]]
        return [each for each in counted if abs(figure.number - self._count(figure, each)) < abs(gap)]

    # ------------------------------------------------------------ one set of suspects

    def _agree(self, figure: ShownFigure, suspected: Suspected) -> bool:
        """Say whether a figure agrees once the suspects are added to it."""
        delta = sum((figure.counted(each.delta) for each in suspected), Fraction(0))
        return figure.agrees(self.have[figure.name] + delta)

    def _agreeing(self, suspected: Suspected) -> int:
        return sum(self._agree(figure, suspected) for figure in self.shown)

    def _rank(self, variant: Variant) -> int:
        return list(SuspectKind).index(variant.kind)

    def _holds(self, figure: ShownFigure, suspected: Suspected) -> bool:
        """Count the whole book again with the suspects, and say whether the figure agrees."""
        return figure.agrees(self._count(figure, suspected))

    def _count(self, figure: ShownFigure, suspected: Suspected) -> Fraction:
        """Count the whole book again with the suspects.

        A fact that is valued by another point value is counted by itself and added: no book says it.
        """
        removed = {name for each in suspected if not each.valued for name in each.removed}
        added = [fact for each in suspected if not each.valued for fact in each.added]
        facts = [fact for fact in self.recount.book if getattr(fact, "id", "") not in removed]
        counted = figure.counted(self.recount.of([*facts, *added]))
        return counted + sum((figure.counted(each.delta) for each in suspected if each.valued), Fraction(0))

    def _cause(self, figure: ShownFigure, suspected: Suspected) -> LikelyCause:
        explains = Explains.ALL if self._agree(figure, suspected) else Explains.PART
        suspects = tuple(
            Suspect(
                kind=each.kind,
                fact=each.fact,
                customer=each.customer,
                words=each.words,
                delta=Points(figure.counted(each.delta)),
            )
            for each in suspected
        )
        return LikelyCause(explains, sum((each.delta for each in suspects), Points(0)), suspects)

    def _tried(self, bearing: Sequence[Variant], most: int) -> str:
        """Say what was tried, of at most so many suspects together."""
        kinds = Counter(each.kind for each in bearing)
        said = ", ".join(f"{kinds[kind]} of {kind}" for kind in SuspectKind if kinds[kind])
        ways = [
            f"the {limit} likeliest {how}" if limit and len(bearing) > limit else how
            for count, (how, limit) in enumerate(_IN[:most], start=1)
            if len(bearing) >= count
        ]
        in_words = " and ".join(filter(None, (", ".join(ways[:-1]), *ways[-1:])))
        return joined(
            f"tried {in_words}: {said}" if bearing else "nothing bears upon it",
            f"{self.left_out} further ones were not recounted" if self.left_out else "",
        )


def _each_once(variants: Iterable[Variant]) -> Suspected:
    return tuple(dict.fromkeys(variants))


def _apart(suspected: Suspected) -> bool:
    """Say whether no two suspects bear upon the same fact, so that what they change adds up."""
    return all(one.touches.isdisjoint(other.touches) for one, other in combinations(suspected, 2))
