"""What a dashboard shows, held against the book: what agrees, and what may be behind what does not.

Sentences in quotes are from the description of the engine; each is what its test proves.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies_engine import (
    OWN_PROGRAM,
    PARTNERS,
    asked_days,
    books,
    hubspot,
    hubspot_with,
    own,
    program_of,
)

import tierkit as tk
from tierkit.frozen import changed

if TYPE_CHECKING:
    from tierkit.facts.facts import Fact

FLYING_BLUE = Path(__file__).parents[1] / "docs/explanation/other-programs/flying-blue.toml"
ON = date(2026, 8, 20)
SINCE = date(2026, 7, 20)
DAY = timedelta(days=1)
ME = "northwind"
partners = st.sampled_from(PARTNERS)


def deal(id: str, on: date = date(2026, 3, 4), mrr: str = "880", **fields: object) -> tk.Deal:
    given = {
        "partner": ME,
        "customer": f"customer of {id}",
        "kind": "sourced",
        "market": "DE",
        "motion": "new",
    }
    return tk.Deal(id=id, closed_on=on, mrr=tk.Money(mrr, "EUR"), **(given | fields))  # type: ignore[arg-type]


def account(id: str, *holders: tk.Holder, mrr: str = "8800", **fields: object) -> tk.ManagedAccount:
    given = {"customer": f"customer of {id}", "market": "DE"}
    return tk.ManagedAccount(
        id=id, mrr=tk.Money(mrr, "EUR"), holders=holders, **(given | fields)  # type: ignore[arg-type]
    )  # fmt: skip


def holder(*actions: date, partner: str = ME, since: date = date(2026, 1, 1), **fields: object) -> tk.Holder:
    return tk.Holder(partner=partner, since=since, actions=actions, **fields)  # type: ignore[arg-type]


ACTED = date(2026, 8, 1)
FACTS: tuple[Fact, ...] = (
    deal("base-1", mrr="1000"),
    deal("base-2", mrr="333"),
    deal("base-3", mrr="71", kind="assisted"),
    account("base-4", holder(ACTED), mrr="1234"),
)
"""What every book of the examples has besides."""


def earned(*facts: Fact, program: tk.Program | None = None) -> tk.Ledger:
    return tk.earn(tk.Book([*FACTS, *facts]), program or hubspot()).partner(ME)


def shown(ledger: tk.Ledger, on: date = ON, since: date | None = SINCE) -> dict[str, str]:
    """Give every figure of a dashboard that sees a book as the ledger has it, to the last digit."""
    points = tk.assess(ledger, on=on).points
    figures = {name: str(each.fraction) for name, each in points.items()}
    if since is not None:
        found = tk.changes(ledger, since=since, until=on)
        figures |= {f"new {name}": str(each.fraction) for name, each in found.new.items()}
        figures |= {f"lost_{name}": str(each.fraction) for name, each in found.lost.items()}
    return figures


def suspects(line: tk.Figure) -> set[tuple[str, str]]:
    return {(each.kind.value, each.fact or each.customer) for cause in line.causes for each in cause.suspects}


# ---------------------------------------------------------------------- what agrees


@given(book=books(), partner=partners, on=asked_days(), places=st.integers(0, 4), half_up=st.booleans())
def test_figures_of_the_book_itself_agree_however_many_digits_are_shown(
    book: tk.Book, partner: str, on: date, places: int, *, half_up: bool
) -> None:
    """'A figure agrees where our exact value, cut or rounded half up ... equals it.'"""
    ledger = tk.earn(book.adding(*(tk.Partner(id=name) for name in PARTNERS)), hubspot()).partner(partner)
    figures: dict[str, Any] = {}
    for name, text in shown(ledger, on, date(2022, 7, 18)).items():
        number = Fraction(text)
        figures[name] = tk.Points(number).cut(places)
        if half_up:
            with localcontext() as context:
                context.prec = 200
                exact = Decimal(number.numerator) / Decimal(number.denominator)
                figures[name] = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    found = tk.reconcile(ledger, figures, on=on, since=date(2022, 7, 18))
    assert found.agrees
    assert "all figures agree" in found._repr_html_()
    assert all(line.agrees and line.causes == () and line.note == "" for line in found.lines)
    assert found.note == "all figures agree"


@pytest.mark.parametrize(
    ("points", "figure", "agrees"),
    [
        ("12.5", "12", True),
        ("12.5", 13, True),
        ("12.4", 13, False),
        ("12.55", "12.6", True),
        ("12.55", Decimal("12.50"), False),
        ("-12.5", -13, True),
        ("-12.5", 13, False),
        ("-0.5", 0, True),
        ("1/3", "1/3", True),
        ("1/3", "0.33", True),
        ("1/3", "333/1000", False),
        ("25", "2.5e1", True),
    ],
)
def test_a_figure_is_taken_as_cut_or_as_rounded_half_up(points: str, figure: Any, *, agrees: bool) -> None:
    event = tk.Event(id="E", partner="p", type="purchase", on=ON, amount=tk.Money("1", "EUR"), market="BR")
    scaled = changed(own(), rules=(changed(own().rules[0], rate=_rate(points)),))
    [line] = tk.reconcile(tk.earn(tk.Book([event]), scaled), {"spent": figure}, on=ON).lines
    assert line.computed == tk.Points(points)
    assert line.agrees is agrees
    assert line.shown == str(figure)


def _rate(points: str) -> Any:
    """Give a rate by which one euro is worth so many points."""
    [period] = own().rules[0].rate
    return type(own().rules[0].rate)((changed(period, value=Fraction(points) * Fraction("2.5")),))


# ---------------------------------------------------------------------- what was planted is found

LAPSED, LAPSING = date(2026, 6, 19), date(2026, 6, 22)  # 62 and 59 days before
BR = "BR"
PLANTED: list[tuple[str, str, Fact, Fact | None, str]] = [
    # kind, fact, as the book has it, as the dashboard sees it, the figure
    ("missing fact", "X", deal("X"), None, "sold"),
    ("missing fact", "X", account("X", holder(ACTED)), None, "managed"),
    ("activity", "X", account("X", holder(LAPSED)), account("X", holder(LAPSED, ON)), "managed"),
    ("activity", "X", account("X", holder(LAPSING)), None, "managed"),
    ("activity", "X", account("X", holder(ON + 2 * DAY)), account("X", holder(ON)), "managed"),
    (
        "sharing",
        "X",
        account("X", holder(ACTED), holder(ACTED, partner="tailspin")),
        account("X", holder(ACTED)),
        "managed",
    ),
    (
        "sharing",
        "X",
        account("X", holder(ACTED), holder(LAPSED, partner="tailspin")),
        account("X", holder(ACTED), holder(ACTED, partner="tailspin")),
        "managed",
    ),
    ("edge of the window", "X", deal("X", ON - 2 * DAY), None, "sold"),
    ("edge of the window", "X", deal("X", ON + 2 * DAY), deal("X", ON), "sold"),
    ("edge of the window", "X", deal("X", date(2025, 8, 18)), deal("X", date(2025, 8, 21)), "sold"),
    ("edge of the window", "X", deal("X", date(2025, 8, 22)), None, "sold"),
    ("edge of the window", "X", deal("X", SINCE - DAY), deal("X", SINCE + DAY), "new sold"),
    (
        "edge of the window",
        "X",
        account("X", holder(since=ON + DAY)),
        account("X", holder(since=ON)),
        "managed",
    ),
    ("edge of the window", "X", account("X", holder(until=ON)), account("X", holder()), "managed"),
    (
        "edge of the window",
        "X",
        account("X", holder(), changes=[tk.Change(on=ON, mrr=tk.Money("1", "EUR"))]),
        account("X", holder()),
        "managed",
    ),
    ("market", "customer of X", deal("X"), deal("X", market=BR), "sold"),
    ("market", "customer of X", deal("X", market=BR), deal("X"), "sold"),
    ("market", "customer of X", deal("X", market=None), deal("X"), "sold"),
    (
        "market",
        "customer of X",
        account("X", holder(), changes=[tk.Change(on=date(2026, 2, 1), market=BR)]),
        account("X", holder()),
        "managed",
    ),
]


@pytest.mark.parametrize(("kind", "fact", "ours", "theirs", "name"), PLANTED)
def test_each_kind_of_difference_is_found(
    kind: str, fact: str, ours: Fact, theirs: Fact | None, name: str
) -> None:
    """'The likely causes found in the book ... each tested by recomputing.'"""
    dashboard = shown(earned(*([theirs] if theirs else [])))
    found = tk.reconcile(earned(ours), {name: dashboard[name]}, on=ON, since=SINCE)
    [line] = found.lines
    assert not found.agrees
    assert found.note == f"differs: {name}"
    assert (kind, fact) in suspects(line)
    for cause in line.causes:
        assert cause.explains == "all"
        assert line.computed + cause.delta == tk.Points(dashboard[name])
        assert cause.delta == sum((each.delta for each in cause.suspects), tk.Points(0))


@given(books(4), st.sampled_from(PLANTED))
def test_a_planted_difference_is_found_in_any_book(
    book: tk.Book, planted: tuple[str, str, Fact, Fact | None, str]
) -> None:
    """'Each tested by recomputing': every cause that is named makes the figure agree."""
    _, _, ours, theirs, name = planted
    dashboard = shown(earned(*book, *([theirs] if theirs else [])))
    [line] = tk.reconcile(earned(*book, ours), {name: dashboard[name]}, on=ON, since=SINCE).lines
    assert line.causes
    for cause in line.causes:
        assert (cause.explains, len(cause.suspects)) == ("all", 1)
        assert line.computed + cause.delta == tk.Points(dashboard[name])


@pytest.mark.parametrize(
    ("closed_on", "value"),
    [(date(2026, 3, 4), "55"), (date(2025, 9, 1), "55"), (date(2026, 3, 4), "99")],
)
def test_an_older_or_newer_point_value_is_found(closed_on: date, value: str) -> None:
    overlay = """
        [sources.x]
        url = "https://x.example"
        grade = "published"
        [[point-value]]
        until = 2025-07-15
        amounts = { EUR = "55" }
        source = "x"
        [[point-value]]
        from = 2026-05-01
        amounts = { EUR = "99" }
        source = "x"
    """
    program = hubspot_with(overlay)
    computed = tk.assess(earned(deal("X", closed_on), program=program), on=ON)["sold"]
    theirs = computed + tk.Points(5 * Fraction(880) * (1 / Fraction(value) - Fraction(1, 88)))
    found = tk.reconcile(earned(deal("X", closed_on), program=program), {"sold": str(theirs.fraction)}, on=ON)
    assert ("point value", "X") in suspects(found["sold"])


@pytest.mark.parametrize(
    ("records", "fact"),
    [
        ((deal("X"), tk.Reversal(id="R", reverses="X", on=date(2026, 5, 1))), "R"),
        ((deal("X"), tk.Reversal(id="R", reverses="X", on=date(2026, 3, 4))), "R"),
        ((deal("X", mrr="99"), deal("Y", mrr="880", replaces="X")), "Y"),
        ((deal("Y", mrr="880", recorded_on=date(2026, 8, 1)),), "Y"),
    ],
)
def test_a_correction_that_the_dashboard_does_not_know_is_found(records: tuple[Fact, ...], fact: str) -> None:
    dashboard = shown(earned(*records[:-1]))
    found = tk.reconcile(earned(*records), dashboard, on=ON, since=SINCE)
    assert suspects(found["sold"]) == {("correction or late record", fact)}
    assert found["total"].note == "what explains sourced and assisted and managed explains it"


def test_two_facts_are_found_together_and_a_sum_is_explained_by_its_parts() -> None:
    """'A total that differs by exactly the sum of those is explained by them.'"""
    ours = earned(deal("X", mrr="777"), deal("Y", mrr="555"), account("Z", holder(ACTED), mrr="4321"))
    dashboard = shown(earned(), since=None)
    figures = {name: dashboard[name] for name in ("total", "managed", "sold")}
    found = tk.reconcile(ours, figures, on=ON)
    assert [line.name for line in found.lines] == ["total", "managed", "sold"]
    assert suspects(found["sold"]) == {("missing fact", "X"), ("missing fact", "Y")}
    assert suspects(found["managed"]) == {("missing fact", "Z")}
    assert suspects(found["total"]) == suspects(found["sold"]) | suspects(found["managed"])
    assert found["total"].note == "what explains managed and sold explains it"


def test_a_sum_that_its_parts_do_not_explain_is_looked_into_by_itself() -> None:
    ours = earned(deal("X", mrr="777"), account("Z", holder(ACTED), mrr="4321"))
    dashboard = shown(earned(), since=None)
    figures = {"sold": dashboard["sold"], "managed": dashboard["managed"], "total": "1000000"}
    found = tk.reconcile(ours, figures, on=ON)
    assert found["sold"].causes[0].explains == found["managed"].causes[0].explains == "all"
    assert found["total"].note.startswith("nothing that was tried explains it all")


HARDLY: list[tuple[Fact, ...]] = [
    # facts of which hardly anything can be seen otherwise: each other form would be no fact at all
    (account("X", tk.Holder(partner=ME), holder(partner="tailspin")),),
    (account("X", holder(since=ON, until=ON + DAY)),),
    (account("X", holder(since=ON - DAY, until=ON)),),
    (
        account(
            "X",
            holder(),
            changes=[tk.Change(on=ON + step * DAY, mrr=tk.Money(str(9 + step), "EUR")) for step in (0, 1)],
        ),
    ),
    (account("X", holder(), changes=[tk.Change(on=ON, market="FR")], mrr="7"),),
    (deal("X", ON, line_first_sold_on=ON), deal("Y", ON, recorded_on=ON)),
    (deal("X", customer="c"), deal("Y", mrr="-880", customer="c")),
    (deal("X", date(2023, 1, 14), value=tk.Money("5", "HRK")),),
    (deal("X", date(2026, 8, 15), replaces="W"), deal("W", ON - 400 * DAY, mrr="1")),
    (
        tk.ManagedAccount(
            id="X", customer="c", mrr=tk.Money("9", "HRK"), holders=[holder(since=date(2023, 1, 14))]
        ),
    ),
]


@pytest.mark.parametrize("facts", HARDLY)
@pytest.mark.parametrize("on", [ON, date(2023, 1, 14)])
def test_what_can_hardly_be_seen_otherwise_is_no_obstacle(facts: tuple[Fact, ...], on: date) -> None:
    ledger = earned(*facts)
    for line in tk.reconcile(ledger, {"total": 10**9, "new managed": 7}, on=on, since=on - 9 * DAY).lines:
        assert all(cause.explains == "part" for cause in line.causes)


def test_a_market_under_which_a_customer_gives_the_same_is_no_suspect() -> None:
    given = [
        tk.Event(
            id=name,
            partner="p",
            type="purchase",
            on=ON,
            amount=tk.Money(amount, "EUR"),
            market="FR",
            customer="c",
        )
        for name, amount in (("X", "5"), ("Y", "-5"))
    ]
    [line] = tk.reconcile(tk.earn(tk.Book(given), own()), {"spent": 9}, on=ON).lines
    assert "market" not in line.note


SHORT = """
[[group]]
id   = "late"
name = "late markets"

[[group.members]]
markets = ["DE"]
from    = 2027-01-01
source  = "terms"
"""


def test_a_life_of_a_few_days_and_a_group_without_markets_are_no_obstacle() -> None:
    text = OWN_PROGRAM.replace("days   = 10", "days   = 3").replace(
        "[[point-value]]", SHORT + "[[point-value]]", 1
    )
    text = text.replace('  group  = "near"\n  by     = "1.5"', '  group  = "late"\n  by     = "1.5"')
    text = text.replace(
        'amounts = { EUR = "2", JPY = "300" }',
        'amounts = { EUR = "unknown", JPY = "300" }\nnote = "nobody wrote it down"',
    )
    seats = tk.State(
        id="S", type="seats", quantity=3, holders=[tk.Holder(partner="p", since=ON, actions=[ON])]
    )
    zero = tk.Event(id="E", partner="p", type="purchase", on=ON, amount=tk.Money("3", "EUR"), market="DE")
    ledger = tk.earn(tk.Book([seats, zero]), program_of(text))
    assert not tk.reconcile(ledger, {"all": 9999}, on=ON).agrees


def test_three_facts_are_found_together() -> None:
    facts = [deal("X", mrr="777"), deal("Y", mrr="555"), deal("Z", mrr="1931")]
    found = tk.reconcile(earned(*facts), {"sold": shown(earned())["sold"]}, on=ON)
    assert suspects(found["sold"]) == {("missing fact", each.id) for each in facts}


def test_a_deal_that_decides_on_the_rate_of_another_is_recounted_with_it() -> None:
    """Without the first sale nobody knows by which rate the upsell counts."""
    line = {"customer": "acme", "product_line": "Sales Hub"}
    first = deal("X", date(2024, 1, 10), **line)
    upsell = deal("Y", date(2025, 10, 1), motion="upsell", **line)
    others = (deal("V", ON, **line), deal("W", ON, motion="upsell", **line))
    dashboard = shown(earned(upsell, *others))
    found = tk.reconcile(earned(first, upsell, *others), {"sold": dashboard["sold"]}, on=ON)
    assert ("missing fact", "X") in suspects(found["sold"])


def test_what_explains_a_part_is_named_where_nothing_explains_it_all() -> None:
    ledger = earned(account("X", holder(LAPSED)))
    figure = tk.assess(ledger, on=ON)["managed"] + tk.Points(120)
    [line] = tk.reconcile(ledger, {"managed": str(figure)}, on=ON).lines
    assert [(cause.explains, cause.delta) for cause in line.causes[:1]] == [("part", tk.Points(100))]
    assert line.note.startswith(
        "nothing that was tried explains it all; tried alone, in pairs and in threes: 1 of"
    )


def test_the_note_says_what_was_done_and_no_more() -> None:
    three = deal("X", mrr="777"), deal("Y", mrr="555"), deal("Z", mrr="1931")
    for gone, tried in ((1, "alone"), (2, "alone and in pairs"), (3, "alone, in pairs and in threes")):
        [line] = tk.reconcile(earned(*three), {"sold": shown(earned(*three[gone:]))["sold"]}, on=ON).lines
        assert line.note.startswith(f"tried {tried}: ")
        assert all(cause.explains == "all" for cause in line.causes)
    facts = [deal(f"D-{number}", mrr="100") for number in range(8)]
    [line] = tk.reconcile(earned(*facts), {"sold": shown(earned(*facts[1:]))["sold"]}, on=ON).lines
    assert len(line.causes) == 5
    assert line.note.endswith("of missing fact; 3 more fit, and are not named")
    facts += [deal(f"E-{number}", mrr="100") for number in range(4)]
    [line] = tk.reconcile(earned(*facts), {"sold": shown(earned(*facts[1:]))["sold"]}, on=ON).lines
    assert line.note.endswith(
        "; 5 more fit, and are not named; 2 more add up to it, and were not counted again"
    )


def test_of_many_suspects_the_likeliest_are_tried_together() -> None:
    facts = [deal(f"D-{number}", mrr=f"{100 + number}") for number in range(41)]
    [line] = tk.reconcile(earned(*facts), {"sold": "999999"}, on=ON).lines
    assert "tried alone, in pairs and the 40 likeliest in threes: " in line.note


def test_points_are_figures_too() -> None:
    ledger = earned(deal("X", mrr="777"))
    points = tk.assess(ledger, on=ON)["sold"]
    [line] = tk.reconcile(ledger, {"sold": points}, on=ON).lines
    assert (line.agrees, line.shown, line.difference) == (True, str(points), tk.Points(0))
    [line] = tk.reconcile(ledger, {"sold": tk.Points("1.5")}, on=ON).lines
    assert (line.agrees, line.shown) == (False, "1.5")


def test_a_holder_who_never_acted_before_anyone_did_is_no_obstacle() -> None:
    """On a day before the first of which anything is recorded, only the one who acted is seen otherwise."""
    mine = tk.Holder(partner=ME)
    ours, theirs = (
        earned(account("X", tk.Holder(partner="q", actions=[day]), mine)) for day in (ON + DAY, ON)
    )
    dashboard = shown(theirs)
    [line] = tk.reconcile(ours, {"managed": dashboard["managed"]}, on=ON).lines
    assert not line.agrees
    assert suspects(line) == {("sharing", "X")}


def test_where_nothing_is_found_the_note_says_what_was_tried() -> None:
    [line] = tk.reconcile(earned(), {"sold": 999_999}, on=ON).lines
    assert all(cause.explains == "part" for cause in line.causes)
    [line] = tk.reconcile(tk.earn(tk.Book([tk.Partner(id="p")]), hubspot()), {"sold": 9}, on=ON).lines
    assert line.causes == ()
    assert line.note == "nothing that was tried explains it all; nothing bears upon it"


def test_work_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tierkit.engine.reconciling.suspects.MOST_RECOUNTED", 1)
    ledger = earned(deal("X", ON), deal("Y", ON))
    [line] = tk.reconcile(ledger, {"sold": 999_999}, on=ON).lines
    assert "further ones were not recounted" in line.note


@cache
def flying_blue() -> tk.Program:
    return tk.load_program(FLYING_BLUE)


def test_a_program_whose_movements_post_points_is_counted_again_as_a_whole() -> None:
    flights = [
        tk.Event(id=f"F-{day}", partner="p", type="flight", on=date(2026, 1, day), quantity=40 + day)
        for day in (3, 10, 20, 29)
    ]
    other = tk.Event(id="F-X", partner="q", type="flight", on=ON, quantity=1)
    ours, theirs = (
        tk.earn(tk.Book([*some, other]), flying_blue()).partner("p") for some in (flights, flights[1:])
    )
    figure = str(tk.assess(theirs, on=ON)["xp"])
    found = tk.reconcile(ours, {"xp": figure}, on=ON)
    assert ("missing fact", "F-3") in suspects(found["xp"])


def test_where_each_suspect_takes_all_facts_the_latest_of_the_partner_are_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flights = [
        tk.Event(id=f"F-{day}", partner=partner, type="flight", on=date(2026, 1, day), quantity=10 + day)
        for partner, first in (("p", 1), ("q", 2))
        for day in range(first, 20, 2)
    ]
    monkeypatch.setattr("tierkit.engine.reconciling.suspects.MOST_FACTS_RECOUNTED", 30)
    ledger = tk.earn(tk.Book(flights), flying_blue()).partner("p")  # ten facts of its own, ten of another
    have = tk.assess(ledger, on=ON)["xp"]
    [late] = tk.reconcile(ledger, {"xp": str(have - tk.Points(29))}, on=ON).lines
    assert suspects(late) == {("missing fact", "F-19")}
    [early] = tk.reconcile(ledger, {"xp": str(have - tk.Points(11))}, on=ON).lines
    assert early.causes == ()
    assert "7 further ones were not recounted" in late.note
    assert "7 further ones were not recounted" in early.note


@given(books(), asked_days(), st.data())
def test_a_fact_that_is_not_there_is_found_in_any_book(book: tk.Book, on: date, data: st.DataObject) -> None:
    """'Recomputing with the cause applied gives the figure.'"""
    partner = data.draw(partners)
    book = book.adding(*(tk.Partner(id=name) for name in PARTNERS))
    ids = [deal.id for deal in book.deals] + [account.id for account in book.accounts]
    assume(ids)
    gone = data.draw(st.sampled_from(ids))
    theirs = shown(tk.earn(book.without(gone), hubspot()).partner(partner), on, None)
    found = tk.reconcile(tk.earn(book, hubspot()).partner(partner), theirs, on=on)
    for line in found.lines:
        assert line.agrees or line.causes
        for cause in line.causes:
            assert cause.explains == "all"
            assert line.computed + cause.delta == tk.Points(theirs[line.name])
            kinds = {each.kind.value for each in cause.suspects}
            if kinds == {"missing fact"}:
                left = book.without(*(each.fact for each in cause.suspects))
                assert tk.assess(tk.earn(left, hubspot()), on=on, partner=partner)[line.name] == tk.Points(
                    theirs[line.name]
                )


# ---------------------------------------------------------------------- what is refused


def test_all_bad_figures_are_refused_at_once() -> None:
    figures: Any = {
        "sold": 1.5,
        "managed": "many",
        "toal": 3,
        "new sold": 1,
        7: 1,
        "total": True,
        "sourced": Decimal("NaN"),
        "assisted": 10**5000,
    }
    with pytest.raises(tk.InvalidValue) as refused:
        tk.reconcile(earned(), figures, on=ON)
    said = [str(problem) for problem in refused.value.problems]
    assert len(said) == len(figures)
    for words in (
        "a float is not exact",
        "'many'",
        "did you mean 'total'?",
        "say since=",
        "found 7",
        "True",
        "NaN",
        "more than 4000 digits",
    ):
        assert any(words in each for each in said), words


@pytest.mark.parametrize(
    ("figures", "fields", "error", "words"),
    [
        ({}, {}, tk.InvalidValue, "at least one figure"),
        ([("sold", 1)], {}, tk.WrongType, "figures by their names"),
        ({"new sold": 1, "new_sold": 1}, {"since": SINCE}, tk.InvalidValue, "new sold twice"),
        (
            {"sold": 1},
            {"since": ON + DAY},
            tk.InvalidValue,
            "2026-08-21; expected a day on or before on, which is 2026-08-20; give the day",
        ),
        ({"sold": 1}, {"since": date(2020, 1, 1)}, tk.NotCovered, "2020-01-01"),
        ({"sold": 1}, {"on": date.max}, tk.InvalidValue, "reconcile: on: found 9999-12-31"),
        ({"sold": 1}, {"on": "2026-08-20"}, tk.WrongType, "reconcile: on"),
        ({"sold": 1}, {"partner": "nordwind"}, tk.UnknownName, "nordwind"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    figures: Any, fields: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        tk.reconcile(earned(), figures, **({"on": ON} | fields))


def test_a_line_that_was_not_given_is_refused() -> None:
    with pytest.raises(tk.UnknownName, match="managed"):
        tk.reconcile(earned(), {"sold": 1}, on=ON)["managed"]
