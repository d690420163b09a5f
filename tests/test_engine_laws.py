"""Laws of the engine over random books and days, and the engine against the plain implementation in `oracle`.

Sentences in quotes are from the facts and the design that the engine follows; each is what its test proves.
"""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import oracle
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from strategies_engine import (
    MEASURES,
    OWN_PROGRAM,
    PARTNERS,
    accounts,
    asked_days,
    books,
    days,
    deals,
    facts,
    hubspot,
    hubspot_with,
    program_of,
)

import tierkit as tk
from tierkit.frozen import changed

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction
    from random import Random

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


# ---------------------------------------------------------------------- against the oracle


@given(books(), asked_days(), partners)
def test_points_and_unvalued_facts_are_those_of_the_plain_implementation(
    book: tk.Book, on: date, partner: str
) -> None:
    """'Re-computing ... gives the number': two implementations that share no line agree to the last
    fraction."""
    standing = standing_of(book, partner, on)
    plain = oracle.tally(book, partner, on)
    assert numbers(standing) == plain.measures
    assert set(standing.at_least) == plain.at_least
    assert {problem.where.split(",")[0].split()[1] for problem in standing.problems} == set(plain.unvalued)


@given(books(), asked_days())
def test_tiers_are_those_of_the_plain_implementation(book: tk.Book, on: date) -> None:
    """'performance tier: the highest whose requirements are all MET; where a higher one is UNKNOWN ...
    `possible_tier`'."""
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
            tk.Deal(
                id="D",
                partner="p",
                customer="c",
                closed_on=since,
                mrr=tk.Money.from_minor(sold * 20, "USD"),
                kind="sourced",
                market="US",
            ),
            tk.ManagedAccount(
                id="A",
                customer="c",
                mrr=tk.Money.from_minor(managed * 100, "USD"),
                holders=[tk.Holder(partner="p", since=since)],
                market="US",
            ),
            *(
                tk.Reading(partner="p", name=name, value=value, on=since)
                for name, value in (yes_no | figures).items()
            ),
        ]
    )
    standing = tk.assess(tk.earn(book, hubspot()), on=on)
    verdicts = oracle.tiers(book, "p", on)
    assert {each.tier.id: each.verdict.value for each in standing.tiers} == verdicts


# ---------------------------------------------------------------------- exactness and order


@given(facts(), st.randoms(use_true_random=False), asked_days(), partners)
def test_the_order_of_the_facts_makes_no_difference(
    made: list[Fact], random: Random, on: date, partner: str
) -> None:
    """'Sums do not depend on order.'"""
    mixed = list(made)
    random.shuffle(mixed)
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
        tk.ManagedAccount(
            id=f"A-{n}",
            customer="c",
            mrr=third,
            holders=[tk.Holder(partner=p, since=since) for p in PARTNERS],
            market="DE",
        )
        for n in range(3)
    ]
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


# ---------------------------------------------------------------------- entries


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
    """'An entry: the points of one fact for one partner over a half-open span of days in which nothing
    about them changes.'"""
    ledger = tk.earn(book, hubspot())
    for account in book.accounts:
        for holder in account.holders:
            mine = [entry for entry in ledger[account.id] if entry.partner == holder.partner]
            for earlier, later in pairwise(mine):
                assert earlier.span.end is not None
                assert later.span.start is not None
                assert earlier.span.end <= later.span.start
                if earlier.span.end == later.span.start:
                    same = (earlier.points, earlier.market, earlier.reason.note, *earlier.reason.leaves())
                    assert same != (later.points, later.market, later.reason.note, *later.reason.leaves())


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
    """'`Standing` carries the breakdown by customer with active and expired entries, filterable by deal
    kind and market group.'"""
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


# ---------------------------------------------------------------------- life of a point


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


# ---------------------------------------------------------------------- monotonicity


@given(books(), st.data(), asked_days(), st.integers(1, 10**9))
def test_more_revenue_never_gives_fewer_points(
    book: tk.Book, data: st.DataObject, on: date, more: int
) -> None:
    """'more MRR never gives fewer points'"""
    choices: list[tk.Deal | tk.ManagedAccount] = [*book.deals, *book.accounts]
    assume(choices)
    fact = data.draw(st.sampled_from(choices))
    raised: Fact = changed(fact, mrr=tk.Money.from_minor(fact.mrr.minor + more, fact.mrr.currency))
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
    further = changed(new, customer=old.customer, product_line=old.product_line)
    for partner in PARTNERS:
        assert not lower_measures(
            standing_of(book, partner, on), standing_of(book.adding(further), partner, on)
        )


@given(books(), accounts("A-new"), asked_days())
def test_a_further_account_never_lowers_a_measure(book: tk.Book, new: tk.ManagedAccount, on: date) -> None:
    """'an account that is serviced never takes points away (choice 8)'"""
    for partner in PARTNERS:
        assert not lower_measures(standing_of(book, partner, on), standing_of(book.adding(new), partner, on))


# ---------------------------------------------------------------------- what is not known


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
    fields = {
        "id": "D-2",
        "partner": "p",
        "customer": "c",
        "closed_on": date(2026, 1, 5),
        "mrr": tk.Money(1000, "USD"),
        "kind": "sourced",
        "market": "US",
    }
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
    lacking: dict[str, set[str]] = {}
    for problem in ledger.problems:
        lacking.setdefault(problem.where.split(",")[0].split()[1], set()).add(problem.field)
    sold_on = data.draw(days(date(2019, 1, 1)))
    mended: list[Fact] = [*book.readings]
    for deal in book.deals:
        lacks = lacking.get(deal.id, set())
        fields: dict[str, object] = {"market": "DE"} if "market" in lacks else {}
        fields |= {"kind": "assisted"} if "kind" in lacks else {}
        if "line_first_sold_on" in lacks:
            fields["line_first_sold_on"] = min(sold_on, deal.closed_on)
        mended.append(changed(deal, **fields))
    for account in book.accounts:
        lacks = lacking.get(account.id, set())
        spanned = with_spans(account) if "since" in lacks else account
        mended.append(changed(spanned, market="DE") if "market" in lacks else spanned)
    program = hubspot_with(BRL)
    for partner in PARTNERS:
        before, after = standing_of(book, partner, on), standing_of(tk.Book(mended), partner, on, program)
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
    training = tk.Event(id="E", partner="p", type="training", on=on, market="DE", quantity=1)
    standing = tk.assess(tk.earn(tk.Book([training, *readings]), program), on=on)
    assert standing.toward("two").verdict.value == answer(read)


# ---------------------------------------------------------------------- one partner among others


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
    """'key = customer and product line, whoever sold it'; 'shared by those who service it': nothing else
    crosses over."""
    plain = [changed(deal, motion="new") for deal in book.deals]
    alone = [
        tk.ManagedAccount(
            id=account.id,
            customer=account.customer,
            mrr=account.mrr,
            holders=[tk.Holder(partner=holder.partner, since=date(2023, 1, 1))],
            market=account.market,
            changes=account.changes,
        )
        for account in book.accounts
        for holder in account.holders[:1]
    ]
    everything = tk.Book([*plain, *alone, *book.readings])
    mine = [
        fact
        for fact in everything
        if "northwind" in (getattr(fact, "partner", ""), *(h.partner for h in getattr(fact, "holders", ())))
    ]
    assert standing_of(everything, "northwind", on) == standing_of(tk.Book(mine), "northwind", on)


# ---------------------------------------------------------------------- results as values


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


def test_results_show_themselves_as_html() -> None:
    """'In Jupyter each of these shows itself as a table'"""
    on = date(2026, 8, 1)
    book = tk.Book(
        [
            tk.Deal(
                id="D",
                partner="p",
                customer="<b>",
                closed_on=on,
                mrr=tk.Money(9, "EUR"),
                kind="sourced",
                market="DE",
            )
        ]
    )
    ledger = tk.earn(book, hubspot())
    standing = tk.assess(ledger, on=on)
    asked = {"market": "DE", "kind": "sourced", "on": on}
    quote = tk.to_points(hubspot(), sold=tk.Money(9, "EUR"), **asked)  # type: ignore[arg-type]
    amounts = tk.to_money(hubspot(), sold=tk.Points(9), currency="EUR", **asked)  # type: ignore[arg-type]
    for result in (ledger, standing, standing.toward("gold"), quote, amounts):
        html = result._repr_html_()
        assert html.startswith("<")
        assert "<b>" not in html.replace("<b></b>", "")


def with_spans(account: tk.ManagedAccount) -> tk.ManagedAccount:
    """Give each partner that has only actions a span that begins with the first of them."""
    parts = [
        part if part.since or not part.actions else changed(part, since=part.actions[0])
        for part in account.holders
    ]
    return changed(account, holders=parts)


def verdict_of(progress: tk.Progress, quantity: str) -> tk.Verdict | None:
    (check,) = [check for check in progress.checks if check.quantity == quantity]
    return check.verdict


def tier_name(tier: tk.Tier | tk.Verdict | None) -> str | None:
    return tier.id if isinstance(tier, tk.Tier) else None if tier is None else tier.value
