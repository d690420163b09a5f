"""Laws of the engine over random books and days, and the engine against the plain second implementation in `oracle`.

Sentences in quotes are from the facts and the design that the engine follows; each is what the test below it proves.
"""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

import oracle
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from strategies_engine import (
    CUSTOMERS,
    MEASURES,
    OWN_PROGRAM,
    PARTNERS,
    accounts,
    amounts,
    asked_days,
    books,
    days,
    deals,
    facts,
    hubspot,
    hubspot_with,
    own,
    program_of,
)

import tierkit as tk
from tierkit.programs.dated import Dated

if TYPE_CHECKING:
    from collections.abc import Callable

    from tierkit.facts.facts import Fact

MET, NOT_MET, UNKNOWN = tk.Verdict.MET, tk.Verdict.NOT_MET, tk.Verdict.UNKNOWN
partners = st.sampled_from(PARTNERS)


def standing_of(book: tk.Book, partner: str, on: date, program: tk.Program | None = None) -> tk.Standing:
    """Assess a partner, also one that the book does not name."""
    known = book.adding(*(tk.Partner(id=name) for name in (*PARTNERS, "p")))
    return tk.assess(tk.earn(known, program or hubspot()), on=on, partner=partner)


def numbers(standing: tk.Standing) -> dict[str, Fraction]:
    return {name: points.fraction for name, points in standing.points.items()}


def lower_measures(before: tk.Standing, after: tk.Standing) -> list[str]:
    return [name for name in before.points if after[name] < before[name]]


def turning_days(book: tk.Book) -> list[date]:
    """Every day on which something begins or ends, and its neighbours."""
    spans = [entry.span for entry in tk.earn(book, hubspot()).entries]
    edges = {day for span in spans for day in (span.start, span.end) if day is not None}
    near = {day + timedelta(days=step) for day in edges for step in (-1, 0, 1)}
    return sorted(day for day in near if date(2022, 7, 18) <= day)


# ------------------------------------------------------------------------------------------ against the oracle


@given(books(), asked_days(), partners)
def test_points_and_unvalued_facts_are_those_of_the_plain_implementation(
    book: tk.Book, on: date, partner: str
) -> None:
    """'Re-computing ... gives the number': two implementations that share no line agree to the last fraction."""
    standing = standing_of(book, partner, on)
    plain = oracle.tally(book, partner, on)
    assert numbers(standing) == plain.measures
    assert set(standing.at_least) == plain.at_least
    assert {problem.where.split(",")[0].split()[1] for problem in standing.problems} == set(plain.unvalued)


@given(books(), asked_days())
def test_tiers_are_those_of_the_plain_implementation(book: tk.Book, on: date) -> None:
    """'performance tier: the highest whose requirements are all MET; where a higher one is UNKNOWN ... `possible_tier`'."""
    standing = standing_of(book, "northwind", on)
    verdicts = oracle.tiers(book, "northwind", on)
    assert {each.tier.id: each.verdict.value for each in standing.tiers} == verdicts
    assert tier_name(standing.performance_tier) == oracle.performance_tier(verdicts)
    assert tier_name(standing.possible_tier) == oracle.possible_tier(verdicts, on)


@given(
    st.integers(0, 12_000_00),
    st.integers(0, 4000_00),
    st.sampled_from([date(2026, 7, 13), date(2027, 1, 14), date(2027, 1, 15), date(2026, 7, 12)]),
    st.dictionaries(st.sampled_from(["certified", "invited"]), st.booleans()),
    st.dictionaries(st.sampled_from(["grr", "certifications"]), st.sampled_from([74, 75, 79, 80, 99, 100])),
)
def test_tiers_agree_around_every_bar(
    sold: int, managed: int, on: date, yes_no: dict[str, bool], figures: dict[str, int]
) -> None:
    """'tiers: the 2026-07-13 and 2027-01-15 bars', with every combination of readings."""
    since = date(2026, 7, 1)
    book = tk.Book(
        [
            tk.Deal(id="D", partner="p", customer="c", closed_on=since, mrr=tk.Money.from_minor(sold * 20, "USD"), kind="sourced", market="US"),
            tk.ManagedAccount(id="A", customer="c", mrr=tk.Money.from_minor(managed * 100, "USD"), holders=[tk.Holder(partner="p", since=since)], market="US"),
            *(tk.Reading(partner="p", name=name, value=value, on=since) for name, value in (yes_no | figures).items()),
        ]
    )  # fmt: skip
    standing = tk.assess(tk.earn(book, hubspot()), on=on)
    verdicts = oracle.tiers(book, "p", on)
    assert {each.tier.id: each.verdict.value for each in standing.tiers} == verdicts


# ------------------------------------------------------------------------------------------ exactness and order


@given(facts(), st.randoms(use_true_random=False), asked_days(), partners)
def test_the_order_of_the_facts_makes_no_difference(
    made: list[Fact], random: object, on: date, partner: str
) -> None:
    """'Sums do not depend on order.'"""
    mixed = list(made)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = tk.earn(tk.Book(made), hubspot()), tk.earn(tk.Book(mixed), hubspot())
    assert one == other
    assert one.entries == other.entries
    assert one.problems == other.problems
    assert standing_of(one.book, partner, on) == standing_of(other.book, partner, on)


@given(books(), asked_days())
def test_the_points_of_a_measure_are_the_sum_of_its_tracks(book: tk.Book, on: date) -> None:
    """'`sold = sum(sourced, assisted)`'; 'From 2026: total = sourced + assisted + managed'."""
    standing = standing_of(book, "northwind", on)
    assert standing["sold"] == standing["sourced"] + standing["assisted"]
    assert standing["total"] == standing["sold"] + standing["managed"]


def test_a_third_three_times_is_one() -> None:
    """'a third three times is one, and a bar that is met exactly is met'."""
    since, on = date(2026, 7, 1), date(2026, 8, 1)
    third = tk.Money("1050.00", "EUR")
    shared = [
        tk.ManagedAccount(id=f"A-{n}", customer="c", mrr=third, holders=[tk.Holder(partner=p, since=since) for p in PARTNERS], market="DE")
        for n in range(3)
    ]  # fmt: skip
    alone = tk.ManagedAccount(
        id="A", customer="c", mrr=third, holders=[tk.Holder(partner="northwind", since=since)], market="DE"
    )
    assert (
        standing_of(tk.Book(shared), "northwind", on)["managed"]
        == standing_of(tk.Book([alone]), "northwind", on)["managed"]
    )


@given(accounts(), asked_days())
def test_splits_add_up(account: tk.ManagedAccount, on: date) -> None:
    """'managed split: MRR / n exactly, then rate; n = all partners whose own credit is live that day'."""
    ledger = tk.earn(tk.Book([account]), hubspot())
    parts = [entry.points for entry in ledger.entries if on in entry.span]
    assume(parts)
    whole = tk.to_points(
        hubspot(), managed=account.mrr_on(on), market=account.market_on(on), kind="sourced", on=on
    )["managed"]
    assert sum(parts, tk.Points(0)) == whole
    assert len(set(parts)) == 1


# ------------------------------------------------------------------------------------------ entries


@given(books())
def test_live_entries_add_up_to_the_standing_on_every_day(book: tk.Book) -> None:
    """'A standing sums the spans that are live on a day.'"""
    ledger = tk.earn(book, hubspot())
    for on in turning_days(book):
        for partner in ledger.partners:
            standing = tk.assess(ledger, on=on, partner=partner)
            mine = [entry for entry in ledger.partner(partner).entries if on in entry.span]
            for track in hubspot().tracks:
                live = [entry.points for entry in mine if entry.track == track]
                assert sum(live, tk.Points(0)) == standing[track]


@given(books())
def test_every_reason_gives_its_entrys_points_again(book: tk.Book) -> None:
    """'re-computing the tree gives the number'"""
    for entry in tk.earn(book, hubspot()).entries:
        assert entry.reason.recompute() == entry.points.fraction
        assert entry.reason.fact == entry.fact
        for leaf in entry.reason.leaves():
            assert leaf.fact or leaf.source is not None or leaf.value == 1, (
                "each leaf is a fact or cites a rule"
            )


@given(books())
def test_neighbouring_entries_of_a_state_differ_and_do_not_overlap(book: tk.Book) -> None:
    """'An entry: the points of one fact for one partner over a half-open span of days in which nothing about them changes.'"""
    ledger = tk.earn(book, hubspot())
    for account in book.accounts:
        for holder in account.holders:
            mine = [entry for entry in ledger[account.id] if entry.partner == holder.partner]
            for earlier, later in zip(mine, mine[1:], strict=False):
                assert earlier.span.end is not None
                assert later.span.start is not None
                assert earlier.span.end <= later.span.start
                if earlier.span.end == later.span.start:
                    same = (earlier.points, earlier.group, *earlier.reason.leaves())
                    assert same != (later.points, later.group, *later.reason.leaves())


@given(books())
def test_a_deal_gives_one_entry_or_one_problem(book: tk.Book) -> None:
    """'A deal gives one entry'; 'nothing is dropped in silence'"""
    ledger = tk.earn(book, hubspot())
    for deal in book.deals:
        entries = ledger[deal.id]
        named = [problem for problem in ledger.problems if problem.where == f"deal {deal.id}"]
        assert len(entries) + len(named) == 1
        for entry in entries:
            assert (entry.partner, entry.customer, entry.kind, entry.track) == (
                deal.partner,
                deal.customer,
                deal.kind,
                deal.kind,
            )
            assert entry.span == tk.Span(deal.closed_on, oracle.anniversary(deal.closed_on))


@given(books(), asked_days())
def test_the_breakdown_by_customer_adds_up(book: tk.Book, on: date) -> None:
    """'`Standing` carries the breakdown by customer with active and expired entries, filterable by deal kind and market group.'"""
    standing = standing_of(book, "northwind", on)
    for measure in MEASURES:
        assert sum((each.points[measure] for each in standing.customers()), tk.Points(0)) == standing[measure]
    shown = [entry for each in standing.customers() for entry in (*each.active, *each.expired)]
    assert sorted(shown, key=str) == sorted(standing.entries, key=str)
    for each in standing.customers():
        assert all(on in entry.span for entry in each.active)
        assert all(entry.span.end is not None and entry.span.end <= on for entry in each.expired)
    totals = [sum((entry.points for entry in each.active), tk.Points(0)) for each in standing.customers()]
    assert totals == sorted(totals, reverse=True)
    parts = [
        standing.customers(kind=kind, group=group)
        for kind in ("sourced", "assisted", "account")
        for group in ("growth", "")
    ]
    filtered = [entry for part in parts for each in part for entry in (*each.active, *each.expired)]
    assert sorted(filtered, key=str) == sorted(standing.entries, key=str)


# ------------------------------------------------------------------------------------------ life of a point


@given(days(date(2022, 7, 18), date(2026, 12, 31)))
@example(date(2024, 2, 29))
@example(date(2024, 2, 28))
@example(date(2023, 2, 28))
@example(date(2026, 1, 31))
def test_sold_points_end_on_the_very_anniversary(closed_on: date) -> None:
    """'lasts through the day before the anniversary; 29 Feb -> 28 Feb'"""
    deal = tk.Deal(
        id="D",
        partner="p",
        customer="c",
        closed_on=closed_on,
        mrr=tk.Money(1000, "USD"),
        kind="assisted",
        market="US",
    )
    ledger = tk.earn(tk.Book([deal]), hubspot())
    end = oracle.anniversary(closed_on)
    (entry,) = ledger.entries
    assert entry.span == tk.Span(closed_on, end)
    assert tk.assess(ledger, on=closed_on)["assisted"] == tk.Points(30)
    assert tk.assess(ledger, on=end - timedelta(days=1))["assisted"] == tk.Points(30)
    assert tk.assess(ledger, on=end)["assisted"] == tk.Points(0)
    if closed_on > date(2022, 7, 18):
        assert tk.assess(ledger, on=closed_on - timedelta(days=1))["assisted"] == tk.Points(0)


@given(days(date(2026, 1, 1), date(2027, 6, 1)), st.integers(0, 70))
def test_managed_points_end_sixty_days_after_the_last_action(action: date, later: int) -> None:
    """'credit on days 0 to 60, gone on day 61'"""
    holder = tk.Holder(partner="p", actions=[action])
    account = tk.ManagedAccount(
        id="A", customer="c", mrr=tk.Money(1000, "USD"), holders=[holder], market="US"
    )
    standing = tk.assess(tk.earn(tk.Book([account]), hubspot()), on=action + timedelta(days=later))
    assert standing["managed"] == tk.Points(10 if later <= 60 else 0)


# ------------------------------------------------------------------------------------------ monotonicity


@given(books(), st.data(), asked_days(), st.integers(1, 10**9))
def test_more_revenue_never_gives_fewer_points(
    book: tk.Book, data: st.DataObject, on: date, more: int
) -> None:
    """'more MRR never gives fewer points'"""
    assume(book.deals or book.accounts)
    fact = data.draw(st.sampled_from([*book.deals, *book.accounts]))
    raised = with_changes(fact, mrr=tk.Money.from_minor(fact.mrr.minor + more, fact.mrr.currency))
    richer = book.without(fact.id).adding(raised)
    for partner in PARTNERS:
        assert not lower_measures(standing_of(book, partner, on), standing_of(richer, partner, on))


@given(books(), deals("D-new"), st.data(), asked_days())
def test_a_further_deal_on_a_line_of_the_book_never_lowers_a_measure(
    book: tk.Book, new: tk.Deal, data: st.DataObject, on: date
) -> None:
    """'a further deal on a line already in the book never lowers a measure'"""
    lines = [deal for deal in book.deals if deal.product_line and deal.closed_on < new.closed_on]
    assume(lines)
    old = data.draw(st.sampled_from(lines))
    further = with_changes(new, customer=old.customer, product_line=old.product_line)
    for partner in PARTNERS:
        assert not lower_measures(
            standing_of(book, partner, on), standing_of(book.adding(further), partner, on)
        )


@given(books(), accounts("A-new"), asked_days())
def test_a_further_account_never_lowers_a_measure(book: tk.Book, new: tk.ManagedAccount, on: date) -> None:
    """'an account that is serviced never takes points away (choice 8)'"""
    for partner in PARTNERS:
        assert not lower_measures(standing_of(book, partner, on), standing_of(book.adding(new), partner, on))


# ------------------------------------------------------------------------------------------ what is not known


@given(books(), asked_days())
def test_what_lacks_a_fact_is_met_or_unknown_and_never_not_met(book: tk.Book, on: date) -> None:
    """'a measure that it would feed is "at least x": `MET` where x reaches the bar, else `UNKNOWN`'"""
    standing = standing_of(book, "northwind", on)
    for progress in standing.tiers:
        for check in progress.checks:
            assert check.at_least is (check.quantity in standing.at_least)
            if check.verdict is None or check.quantity not in MEASURES:
                continue
            assert isinstance(check.have, tk.Points)
            if check.need is None:
                assert check.verdict is UNKNOWN
            elif check.have >= check.need:  # type: ignore[operator]
                assert check.verdict is MET
            else:
                assert check.verdict is (UNKNOWN if check.at_least else NOT_MET)


WAYS_TO_MISS: list[tuple[str, dict[str, object], str]] = [
    ("currency", {"mrr": tk.Money("1000", "BRL")}, "currency"),
    ("market", {"market": None}, "market"),
    ("first sale", {"motion": "upsell", "closed_on": date(2025, 11, 16)}, "line_first_sold_on"),
    ("kind", {"kind": "referred"}, "kind"),
]


@pytest.mark.parametrize(("name", "lack", "field"), WAYS_TO_MISS, ids=[way[0] for way in WAYS_TO_MISS])
def test_a_fact_that_cannot_be_valued_is_named_and_leaves_bars_unknown(
    name: str, lack: dict[str, object], field: str
) -> None:
    """'A fact that cannot be valued does not stop a book: `ledger.problems` names it'"""
    del name
    fields = {"id": "D-2", "partner": "p", "customer": "c", "closed_on": date(2026, 1, 5), "mrr": tk.Money(1000, "USD"), "kind": "sourced", "market": "US"}  # fmt: skip
    good = tk.Deal(
        id="D-1",
        partner="p",
        customer="c",
        closed_on=date(2026, 1, 5),
        mrr=tk.Money(7000, "USD"),
        kind="sourced",
        market="US",
    )
    ledger = tk.earn(tk.Book([good, tk.Deal(**fields | lack)]), hubspot())  # type: ignore[arg-type]
    (problem,) = ledger.problems
    assert (problem.where, problem.field) == ("deal D-2", field)
    assert problem.found
    assert problem.expected
    assert ledger["D-2"] == ()
    standing = tk.assess(ledger, on=date(2026, 9, 1))
    assert standing["sourced"] == tk.Points(350)
    assert standing.problems == (problem,)
    gold, platinum, diamond, _ = standing.tiers
    assert verdict_of(gold, "sourced") is MET
    assert verdict_of(platinum, "sourced") is MET
    assert verdict_of(diamond, "sourced") is UNKNOWN
    assert verdict_of(platinum, "total") is UNKNOWN
    after = tk.assess(ledger, on=date(2027, 1, 5))
    assert (after.problems, after.at_least) == ((), ()), "its points would have ended too"


@given(books(), asked_days(), st.data())
def test_adding_what_is_missing_never_lowers_a_measure(book: tk.Book, on: date, data: st.DataObject) -> None:
    """'a measure that it would feed is "at least x"': with the missing value it is at least that."""
    ledger = tk.earn(book, hubspot())
    mended = book
    for fact in (*book.deals, *book.accounts):
        named = {
            problem.field for problem in ledger.problems if problem.where.split(",")[0].split()[1] == fact.id
        }
        if "market" in named:
            mended = replaced(mended, fact.id, with_markets)
        if "line_first_sold_on" in named:
            day = min(data.draw(days(date(2019, 1, 1))), mended[fact.id].closed_on)  # type: ignore[union-attr]
            mended = replaced(
                mended, fact.id, lambda deal, day=day: with_changes(deal, line_first_sold_on=day)
            )  # type: ignore[misc]
        if "since" in named:
            mended = replaced(mended, fact.id, with_spans)
        if "kind" in named:
            mended = replaced(mended, fact.id, lambda deal: with_changes(deal, kind="assisted"))
    program = hubspot_with(BRL)
    for partner in PARTNERS:
        before, after = standing_of(book, partner, on), standing_of(mended, partner, on, program)
        assert not lower_measures(before, after)
        assert not set(after.at_least) - set(before.at_least)


BRL = """
[sources.mine]
url = "https://example.org"
grade = "secondary"
[[point-value]]
amounts = { BRL = "500" }
source = "mine"
"""


def test_with_all_that_was_missing_nothing_is_at_least_any_more() -> None:
    book = tk.Book(
        [
            tk.Deal(
                id="D",
                partner="p",
                customer="c",
                closed_on=date(2026, 1, 5),
                mrr=tk.Money("1000", "BRL"),
                kind="sourced",
                market="BR",
            )
        ]
    )
    before = standing_of(book, "p", date(2026, 8, 1))
    after = standing_of(book, "p", date(2026, 8, 1), hubspot_with(BRL))
    assert before.at_least == ("sourced", "sold", "total")
    assert (after.at_least, after.problems, after["sourced"]) == ((), (), tk.Points(20))


@given(books(), asked_days(), st.sampled_from(["certified", "invited", "grr", "certifications"]), st.data())
def test_an_answer_stays_whatever_a_missing_reading_says(
    book: tk.Book, on: date, name: str, data: st.DataObject
) -> None:
    """'a fact or a bar that nobody supplied is unknown, never met and never zero'"""
    before = standing_of(book, "northwind", on)
    assume(name not in oracle.readings_on(book, "northwind", on))
    assume(all(reading.on != on for reading in book.readings))
    value = data.draw(st.booleans() if name in ("certified", "invited") else st.integers(0, 120))
    known = book.adding(tk.Reading(partner="northwind", name=name, value=value, on=on))
    after = standing_of(known, "northwind", on)
    for one, other in zip(before.tiers, after.tiers, strict=True):
        assert one.verdict in (UNKNOWN, other.verdict)


@st.composite
def requirement_trees(draw: st.DrawFn, depth: int = 3) -> tuple[str, Callable[[dict[str, bool]], str]]:
    """A tree of requirements as TOML, and how to answer it from yes-no readings that may be missing."""
    kind = draw(st.sampled_from(["leaf", "all", "any", "not", "at-least"] if depth else ["leaf"]))
    if kind == "leaf":
        name, wanted = draw(st.sampled_from("abcd")), draw(st.booleans())
        text = f'{{ reading = "{name}", is = {str(wanted).lower()} }}'
        return (
            text,
            lambda read: (
                oracle.UNKNOWN
                if name not in read
                else (oracle.MET if read[name] is wanted else oracle.NOT_MET)
            ),
        )
    if kind == "not":
        text, answer = draw(requirement_trees(depth - 1))
        opposite = {oracle.MET: oracle.NOT_MET, oracle.NOT_MET: oracle.MET, oracle.UNKNOWN: oracle.UNKNOWN}
        return f"{{ not = {text} }}", lambda read: opposite[answer(read)]
    parts = draw(st.lists(requirement_trees(depth - 1), min_size=1, max_size=3))
    inner = ", ".join(text for text, _ in parts)
    least = {"all": len(parts), "any": 1}.get(kind) or draw(st.integers(1, len(parts)))
    text = (
        f"{{ {kind} = [{inner}] }}" if kind in ("all", "any") else f"{{ at-least = {least}, of = [{inner}] }}"
    )

    def answer_of(read: dict[str, bool]) -> str:
        answers = [each(read) for _, each in parts]
        if answers.count(oracle.MET) >= least:
            return oracle.MET
        return (
            oracle.UNKNOWN
            if answers.count(oracle.MET) + answers.count(oracle.UNKNOWN) >= least
            else oracle.NOT_MET
        )

    return text, answer_of


@given(requirement_trees(), st.dictionaries(st.sampled_from("abcd"), st.booleans()))
def test_requirements_combine_by_three_valued_logic(
    tree: tuple[str, Callable[[dict[str, bool]], str]], read: dict[str, bool]
) -> None:
    """'conditions combine with all / any / at least k / not'; 'Unknown is not zero and not "no"'"""
    text, answer = tree
    kinds = "".join(f'[readings.{name}]\ntype = "yes-no"\n' for name in "abcd")
    tier = f'[[tier]]\nid = "two"\nrank = 2\n[[tier.requires]]\nall = [{text}]\nsource = "terms"\n'
    program = program_of(OWN_PROGRAM + kinds + tier)
    on = date(2026, 5, 1)
    readings = [tk.Reading(partner="p", name=name, value=value, on=on) for name, value in read.items()]
    event = tk.Event(id="E", partner="p", type="training", on=on, market="DE", quantity=1)
    standing = tk.assess(tk.earn(tk.Book([event, *readings]), program), on=on)
    assert standing.toward("two").verdict.value == answer(read)


# ------------------------------------------------------------------------------------------ one partner among others


@given(books(), asked_days())
def test_a_partners_ledger_has_what_is_theirs_and_nothing_else(book: tk.Book, on: date) -> None:
    """'`ledger.partner(id)`': 'a Ledger again'"""
    ledger = tk.earn(book, hubspot())
    mine = {partner: ledger.partner(partner) for partner in ledger.partners}
    for partner, own_ledger in mine.items():
        assert own_ledger.partners == (partner,)
        assert {entry.partner for entry in own_ledger.entries} <= {partner}
        assert tk.assess(own_ledger, on=on) == tk.assess(ledger, on=on, partner=partner)
    together = [entry for each in mine.values() for entry in each.entries]
    assert sorted(together, key=str) == sorted(ledger.entries, key=str)


@given(books(), asked_days())
def test_other_partners_touch_only_shares_and_first_sales(book: tk.Book, on: date) -> None:
    """'key = customer and product line, whoever sold it'; 'shared by those who service it': nothing else crosses over."""
    plain = [with_changes(deal, motion="new") for deal in book.deals]
    alone = [
        tk.ManagedAccount(id=account.id, customer=account.customer, mrr=account.mrr, holders=[tk.Holder(partner=holder.partner, since=date(2023, 1, 1))], market=account.market, changes=account.changes)
        for account in book.accounts
        for holder in account.holders[:1]
    ]  # fmt: skip
    everything = tk.Book([*plain, *alone, *book.readings])
    mine = [
        fact
        for fact in everything
        if "northwind" in (getattr(fact, "partner", ""), *(h.partner for h in getattr(fact, "holders", ())))
    ]
    assert standing_of(everything, "northwind", on) == standing_of(tk.Book(mine), "northwind", on)


# ------------------------------------------------------------------------------------------ results as values


@given(books(), asked_days())
def test_results_come_back_from_a_pickle(book: tk.Book, on: date) -> None:
    """'copy and pickle work'; 'equal values hash equally'"""
    ledger = tk.earn(book, hubspot())
    again = pickle.loads(pickle.dumps(ledger))
    assert again == ledger
    assert hash(again) == hash(ledger)
    assert again.entries == ledger.entries
    assert again.problems == ledger.problems
    for partner in ledger.partners:
        assert pickle.loads(pickle.dumps(ledger.partner(partner))) == ledger.partner(partner)
        standing = tk.assess(ledger, on=on, partner=partner)
        read = pickle.loads(pickle.dumps(standing))
        assert read == standing
        assert hash(read) == hash(standing)
        assert read.customers() == standing.customers()
    assert repr(ledger) == f"<Ledger: {len(book)} facts under hubspot-solutions>"


def test_a_program_comes_back_from_a_pickle() -> None:
    """'copy and pickle work'"""
    assert pickle.loads(pickle.dumps(hubspot())) == hubspot()
    assert repr(hubspot()) == "<Program hubspot-solutions: 3 earning rules, 4 tiers>"
    assert "not HubSpot&#x27;s" in hubspot()._repr_html_()


# ------------------------------------------------------------------------------------------ programs of other shapes


@st.composite
def own_facts(draw: st.DrawFn) -> list[Fact]:
    """Events and states for the program of our own, some of which it cannot value."""
    near = st.sampled_from(["DE", "FR", "US", None])
    day = days(date(2023, 12, 1), date(2026, 12, 31))
    money = st.one_of(st.none(), amounts(["EUR", "JPY", "USD"]))
    quantity = st.one_of(st.none(), st.integers(-5, 100), st.fractions(0, 9, max_denominator=7))
    colors = st.sampled_from([{}, {"color": "red"}, {"color": "blue"}, {"colour": "red"}])
    made: list[Fact] = [
        tk.Event(
            id=f"E-{number}",
            partner=draw(partners),
            type=draw(st.sampled_from(["purchase", "gift", "training", "party"])),
            on=draw(day),
            customer=draw(st.sampled_from(["", *CUSTOMERS])),
            market=draw(near),
            amount=draw(money),
            quantity=draw(quantity),
            attributes=draw(colors),
        )
        for number in range(draw(st.integers(0, 6)))
    ]
    for number in range(draw(st.integers(0, 3))):
        parts = []
        for name in draw(st.lists(partners, min_size=1, unique=True)):
            since = draw(st.one_of(st.none(), day))
            until = draw(st.one_of(st.none(), day))
            actions = draw(st.lists(day, max_size=3))
            ends = until if until and (since is None or since < until) else None
            share = draw(st.sampled_from([None, Fraction(1, 3), Fraction(2, 3), 1]))
            parts.append(tk.Holder(partner=name, since=since, until=ends, actions=actions, share=share))
        made.append(
            tk.State(
                id=f"S-{number}",
                type=draw(st.sampled_from(["project", "seats", "pause"])),
                holders=parts,
                market=draw(near),
                amount=draw(money),
                quantity=draw(quantity),
            )
        )
    return made


@given(own_facts(), days(date(2024, 1, 1), date(2027, 2, 1)))
def test_entries_and_standings_agree_for_events_and_states_of_any_program(made: list[Fact], on: date) -> None:
    """'A standing sums the spans that are live on a day', for 'the two general shapes' too."""
    ledger = tk.earn(tk.Book(made), own())
    edges = {
        day
        for entry in ledger.entries
        for day in (entry.span.start, entry.span.end)
        if day and day >= date(2024, 1, 1)
    }
    for partner in ledger.partners:
        mine = ledger.partner(partner)
        for day in [on, *sorted(edges)]:
            standing = tk.assess(mine, on=day)
            for track in own().tracks:
                live = [entry.points for entry in mine.entries if day in entry.span and entry.track == track]
                assert sum(live, tk.Points(0)) == standing[track]
    for entry in ledger.entries:
        assert entry.reason.recompute() == entry.points.fraction


@given(own_facts())
def test_no_fact_of_any_shape_is_dropped_in_silence(made: list[Fact]) -> None:
    """'bad rows become Problems, nothing is dropped in silence'"""
    book = tk.Book(made)
    ledger = tk.earn(book, own())
    named = {word.rstrip(",") for problem in ledger.problems for word in problem.where.split()}
    for event in book.events:
        assert ledger[event.id] or event.id in named
    for state in book.states:
        known_type = state.type in ("project", "seats")
        assert known_type or state.id in named


def event(type: str, on: date, **fields: object) -> tk.Event:
    usual: dict[str, object] = {"id": "E", "partner": "p", "market": "US"}
    return tk.Event(type=type, on=on, **usual | fields)  # type: ignore[arg-type]


def state(type: str, *holders: tk.Holder, **fields: object) -> tk.State:
    usual: dict[str, object] = {"id": "S", "market": "US"}
    return tk.State(type=type, holders=holders, **usual | fields)  # type: ignore[arg-type]


def test_an_event_may_earn_by_several_rules_each_for_its_own_life() -> None:
    """'select -> measure -> rate -> multiply ... -> live (how long the points count) and into which track'"""
    on = date(2025, 12, 31)
    red = event("purchase", on, market="FR", amount=tk.Money(3, "EUR"), attributes={"color": "red"})
    ledger = tk.earn(tk.Book([red]), own())
    assert [(entry.track, entry.points, entry.group) for entry in ledger.entries] == [
        ("spent", tk.Points("15.75"), "near"),
        ("done", tk.Points(10), ""),
    ]
    assert [entry.span.end for entry in ledger.entries] == [on + timedelta(days=90), date(2026, 1, 31)]
    blue = event("purchase", on, amount=tk.Money(3, "EUR"), attributes={"color": "blue"})
    (entry,) = tk.earn(tk.Book([blue]), own()).entries
    assert (entry.kind, entry.customer, entry.points) == ("purchase", "", tk.Points("10.5"))


def test_one_rule_that_cannot_value_an_event_does_not_stop_another() -> None:
    """'A fact that cannot be valued does not stop a book'"""
    on = date(2026, 5, 1)
    made = [event("purchase", on, id=f"E-{n}", amount=money, attributes={"color": "red"}) for n, money in enumerate([tk.Money(3, "USD"), None, tk.Money(3, "USD"), tk.Money(5, "EUR")])]
    ledger = tk.earn(tk.Book(made), own())
    standing = tk.assess(ledger, on=on)
    assert (standing["spent"], standing["done"], standing.at_least) == (tk.Points(14), tk.Points(40), ("spent", "all"))
    assert [(problem.where, problem.field) for problem in ledger.problems] == [
        ("event E-0", "currency"),
        ("event E-1", "amount"),
        ("event E-2", "currency"),
    ]


def test_a_quantity_is_measured_and_gives_at_least_what_the_rule_says() -> None:
    first, floor = date(2024, 12, 31), date(2025, 1, 1)
    assert standing_of(tk.Book([event("training", first, quantity=1)]), "p", first, own())["done"] == tk.Points("1/3")
    assert standing_of(tk.Book([event("training", floor, quantity=1)]), "p", floor, own())["done"] == tk.Points("1/2")
    assert standing_of(tk.Book([event("training", floor, quantity="2.5")]), "p", floor, own())["done"] == tk.Points("5/6")
    ledger = tk.earn(tk.Book([event("training", floor, id="E-1", quantity=3), event("training", floor, id="E-2")]), own())
    (problem,) = ledger.problems
    assert (problem.where, problem.field) == ("event E-2", "quantity")
    assert tk.assess(ledger, on=floor)["done"] == tk.Points(1)


def test_attributes_that_no_rule_takes_together_are_said() -> None:
    """'so that a misspelling is found'"""
    on = date(2026, 5, 1)
    for fact, field, words in (
        (event("purchse", on), "type", "did you mean 'purchase'"),
        (event("gift", on), "color", "one of red"),
        (event("gift", on, attributes={"color": "read"}), "color", "did you mean 'red'"),
    ):
        (problem,) = tk.earn(tk.Book([fact]), own()).problems
        assert problem.field == field
        assert words in str(problem)
    split = OWN_PROGRAM.replace('"purchase" }', '"purchase", color = "blue" }').replace('["purchase", "gift"]', '"gift"')
    (problem,) = tk.earn(tk.Book([event("purchase", on, attributes={"color": "red"})]), program_of(split)).problems
    assert problem.found == "attributes that no rule takes together"
    deal = tk.Deal(id="D", partner="p", customer="c", closed_on=on, mrr=tk.Money(1, "EUR"), kind="any", market="DE")
    (problem,) = tk.earn(tk.Book([deal]), own()).problems
    assert (problem.where, problem.found) == ("deal D", "a deal")


def test_a_state_is_shared_as_its_program_says() -> None:
    """'share (equal, by shares, full to each ...)'"""
    since, turn = date(2025, 12, 1), date(2026, 1, 1)
    holders = [
        tk.Holder(partner="p", since=since, share=Fraction(2, 3)),
        tk.Holder(partner="q", since=since, share=Fraction(1, 3)),
        tk.Holder(partner="r", since=since),
    ]
    project = state("project", *holders, amount=tk.Money(18, "EUR"))
    ledger = tk.earn(tk.Book([project]), own())
    by_shares = {partner: tk.assess(ledger, on=since, partner=partner) for partner in "pqr"}
    assert [by_shares[partner]["held"] for partner in "pqr"] == [tk.Points(6), tk.Points(3), tk.Points(0)]
    assert by_shares["r"].at_least == ("held", "all")
    (problem,) = by_shares["r"].problems
    assert (problem.where, problem.field) == ("state S, 2025-12-01", "share")
    assert [tk.assess(ledger, on=turn, partner=partner)["held"] for partner in "pqr"] == [tk.Points("7.2")] * 3
    mine = [entry for entry in ledger["S"] if entry.partner == "p"]
    assert [entry.points for entry in mine] == [tk.Points(6), tk.Points("7.2")]
    (share,) = [leaf for leaf in mine[0].reason.leaves() if leaf.label == "share"]
    assert (share.value, share.fact) == (Fraction(2, 3), "S")
    (entry,) = [entry for entry in ledger["S"] if entry.partner == "r"]
    assert entry.span.start == turn


def test_a_state_gives_at_least_what_the_rule_says_and_its_reason_shows_the_fact() -> None:
    since = date(2026, 3, 1)
    project = state("project", tk.Holder(partner="p", since=since), amount=tk.Money(-5, "EUR"))
    (entry,) = tk.earn(tk.Book([project]), own()).entries
    assert entry.points == tk.Points(3)
    leaves = {leaf.label: leaf.value for leaf in entry.reason.leaves()}
    assert (leaves["amount"], leaves["least points of one fact"]) == (-5, 3)
    (problem,) = tk.earn(tk.Book([state("project", tk.Holder(partner="p", since=since))]), own()).problems
    assert problem.field == "amount"


def test_seats_count_while_someone_acts() -> None:
    action = date(2026, 3, 1)
    seats = state("seats", tk.Holder(partner="p", actions=[action]), quantity="2.5")
    for on, points in ((action - timedelta(days=1), 0), (action, 5), (action + timedelta(days=10), 5), (action + timedelta(days=11), 0)):
        assert standing_of(tk.Book([seats]), "p", on, own())["held"] == tk.Points(points)
    (problem,) = tk.earn(tk.Book([state("seats", tk.Holder(partner="p", actions=[action]))]), own()).problems
    assert problem.field == "quantity"


def test_a_state_without_a_first_day_has_always_been_held() -> None:
    until = date(2026, 3, 1)
    book = tk.Book([state("seats", tk.Holder(partner="p"), tk.Holder(partner="q", until=until), quantity=1)])
    ledger = tk.earn(book, own())
    spans = {entry.partner: entry.span for entry in ledger.entries}
    assert spans == {"p": tk.Span(None, None), "q": tk.Span(None, until)}
    assert tk.assess(ledger, on=until - timedelta(days=1), partner="q")["held"] == tk.Points(2)
    assert tk.assess(ledger, on=until, partner="q")["held"] == tk.Points(0)


def test_a_day_before_a_rule_has_a_rate_or_a_life() -> None:
    """'a deal older than any rate of its program'"""
    late = OWN_PROGRAM.replace('points = "7"', 'from = 2025-01-01\n  points = "7"').replace("days   = 90", "from = 2024-06-01\n  days   = 90")
    book = tk.Book([event("purchase", on, id=f"E-{on}", amount=tk.Money(3, "EUR")) for on in (date(2024, 5, 31), date(2024, 12, 31), date(2025, 1, 1))])
    ledger = tk.earn(book, program_of(late))
    assert [(problem.where, problem.found, problem.expected) for problem in ledger.problems] == [
        ("event E-2024-05-31", "2024-05-31", "a day with a life of points: from 2024-06-01"),
        ("event E-2024-12-31", "2024-12-31", "a day with a rate: from 2025-01-01"),
    ]
    on = date(2025, 1, 1)
    assert tk.assess(ledger, on=on)["spent"] == tk.Points("10.5")
    assert tk.assess(ledger, on=on).at_least == ("spent", "all")
    project = state("project", tk.Holder(partner="p", since=date(2024, 1, 1), share=1), amount=tk.Money(8, "EUR"))
    (entry, *_) = tk.earn(tk.Book([project]), own()).entries
    assert entry.span.start == date(2024, 6, 1), "before the rate there is nothing to miss"


UNKNOWN_VALUES = [
    ('points = "7"', "points = \"unknown\"\n  note = \"nobody told\"", "rate"),
    ('EUR = "2.50"', 'EUR = "unknown"', "currency"),
    ('by     = "1.5"', "by = \"unknown\"\n  note = \"nobody told\"", "market"),
]


@pytest.mark.parametrize(("known", "unknown", "field"), UNKNOWN_VALUES, ids=[row[2] for row in UNKNOWN_VALUES])
def test_a_value_that_is_declared_unknown_is_never_guessed(known: str, unknown: str, field: str) -> None:
    """'a declared gap (unknown, with its reason) answers UNKNOWN on its days'"""
    text = OWN_PROGRAM.replace(known, unknown).replace('JPY = "300" }\nsource', 'JPY = "300" }\nnote = "nobody told"\nsource')
    on = date(2026, 5, 1)
    book = tk.Book([event("purchase", on, market="DE", amount=tk.Money(3, "EUR"))])
    ledger = tk.earn(book, program_of(text))
    (problem,) = ledger.problems
    assert problem.field == field
    assert "nobody told" in problem.found
    standing = tk.assess(ledger, on=on)
    assert (standing["spent"], standing.at_least) == (tk.Points(0), ("spent", "all"))
    assert standing.toward("one").verdict is UNKNOWN
    if field == "market":
        far = tk.Book([event("purchase", on, amount=tk.Money(3, "EUR"))])
        assert standing_of(far, "p", on, program_of(text))["spent"] == tk.Points("8.4")
    with pytest.raises(tk.InvalidProgram, match="why the value is unknown"):
        program_of(text.replace("nobody told", ""))


def test_a_tier_without_requirements_on_a_day_is_unknown_then() -> None:
    bare = OWN_PROGRAM + '[[tier]]\nid = "two"\nrank = 2\n[[tier]]\nid = "three"\nrank = 3\n[[tier.requires]]\nfrom = 2026-01-01\nall = [{ measure = "done", at-least = 1 }]\nsource = "terms"\n'
    book = tk.Book([event("purchase", date(2025, 5, 1), amount=tk.Money(300, "EUR"))])
    for on, two, three in ((date(2025, 5, 1), UNKNOWN, UNKNOWN), (date(2026, 5, 1), UNKNOWN, NOT_MET)):
        standing = standing_of(book, "p", on, program_of(bare))
        assert [each.verdict for each in standing.tiers[1:]] == [two, three]
        assert standing.toward("two").checks == ()
        assert not standing.toward("two").eligible
    early = standing_of(book, "p", date(2025, 5, 1), program_of(bare)).toward("three")
    assert early.note == "no requirements are known for this day"
    assert [(check.quantity, check.verdict) for check in early.checks] == [("done", None)]


LIVES = [f"months = {months}\n  short-month = \"{short}\"" for months in (1, 2, 6, 12) for short in ("last-day", "next-day")]


@pytest.mark.parametrize("life", [*LIVES, "days = 1", "days = 59", "days = 366"])
@given(days(date(2024, 1, 1), date(2026, 12, 31)))
@example(date(2025, 2, 28))
@example(date(2025, 3, 1))
@example(date(2024, 2, 29))
@example(date(2025, 12, 31))
def test_events_count_from_their_day_to_the_day_before_their_end(life: str, on: date) -> None:
    """'29 Feb -> 28 Feb, switch to choose' (choice 4); a standing's one cut-off day agrees with each entry's own end."""
    program = life_program(life)
    months_back = {date.fromordinal(on.toordinal() - back) for back in (*range(35), *range(55, 65), *range(178, 188), *range(360, 370))}
    ledger = tk.earn(tk.Book(event("training", day, id=f"E-{day}", quantity=3) for day in months_back), program)
    live = [entry for entry in ledger.entries if on in entry.span]
    assert tk.assess(ledger, on=on)["done"] == tk.Points(len(live))


@cache
def life_program(life: str) -> tk.Program:
    return program_of(OWN_PROGRAM.replace("months = 3", life).replace("from   = 2024-01-01", "from = 2022-01-01"))


def test_the_anniversary_of_a_leap_day_is_the_programs_to_choose() -> None:
    """'29 Feb -> 28 Feb, switch to choose' (choice 4)"""
    leap = tk.Book([event("training", date(2024, 2, 29), quantity=3)])
    for short, end in (("last-day", date(2025, 2, 28)), ("next-day", date(2025, 3, 1))):
        (entry,) = tk.earn(leap, life_program(f'months = 12\n  short-month = "{short}"')).entries
        assert entry.span.end == end


def test_a_dated_value_without_periods_covers_no_day() -> None:
    assert Dated[int]().days() == "no day"
    assert Dated[int]().at(date(2026, 1, 1)) is None


def test_results_show_themselves_as_html() -> None:
    """'In Jupyter each of these shows itself as a table'"""
    on = date(2026, 8, 1)
    book = tk.Book([tk.Deal(id="D", partner="p", customer="<b>", closed_on=on, mrr=tk.Money(9, "EUR"), kind="sourced", market="DE")])
    ledger = tk.earn(book, hubspot())
    standing = tk.assess(ledger, on=on)
    asked = {"market": "DE", "kind": "sourced", "on": on}
    quote = tk.to_points(hubspot(), sold=tk.Money(9, "EUR"), **asked)  # type: ignore[arg-type]
    amounts = tk.to_money(hubspot(), sold=tk.Points(9), currency="EUR", **asked)  # type: ignore[arg-type]
    for result in (ledger, standing, standing.toward("gold"), quote, amounts):
        html = result._repr_html_()
        assert html.startswith("<")
        assert "<b>" not in html.replace("<b></b>", "")


def with_changes(fact: object, **changes: object) -> object:
    """Make a fact again with other values of some fields."""
    import attrs

    fields = {field.name: getattr(fact, field.name) for field in attrs.fields(type(fact))}
    return type(fact)(**fields | changes)


def with_markets(fact: object) -> object:
    changes = [
        tk.Change(on=each.on, mrr=each.mrr, market=each.market) for each in getattr(fact, "changes", ())
    ]
    return with_changes(fact, market="DE", **({"changes": changes} if changes else {}))


def with_spans(account: object) -> object:
    """Give each partner that has only actions a span that begins with the first of them."""
    parts = [
        part if part.since or not part.actions else with_changes(part, since=part.actions[0])
        for part in account.holders  # type: ignore[attr-defined]
    ]
    return with_changes(account, holders=parts)


def replaced(book: tk.Book, id: str, change: Callable[[object], object]) -> tk.Book:
    return book.without(id).adding(change(book[id]))  # type: ignore[arg-type]


def verdict_of(progress: tk.Progress, quantity: str) -> tk.Verdict | None:
    (check,) = [check for check in progress.checks if check.quantity == quantity]
    return check.verdict


def tier_name(tier: tk.Tier | tk.Verdict | None) -> str | None:
    return tier.id if isinstance(tier, tk.Tier) else None if tier is None else tier.value
