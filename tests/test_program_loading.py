# ruff: noqa: E501 - one wrong file is one row of a table; over five lines each the table could not be read
"""Loading a program: what is shipped, what is refused and how, and that nothing but a program or a refusal
comes out."""

from __future__ import annotations

import copy
import json
import tomllib
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from html import escape
from importlib import resources
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies_engine import OWN_PROGRAM, hubspot, hubspot_with, own, program_of

import tierkit as tk
from tierkit.engine.review import review
from tierkit.programs.rules import FactShape

if TYPE_CHECKING:
    from collections.abc import Callable

SHIPPED = (
    resources.files("tierkit.programs")
    .joinpath("catalog", "hubspot-solutions.toml")
    .read_text(encoding="utf-8")
)
PARSED = tomllib.loads(SHIPPED, parse_float=Decimal)
EVERY_KEY = tomllib.loads(
    Path(__file__).with_name("every_key.toml").read_text(encoding="utf-8"), parse_float=Decimal
)


def problems_of(text: str, overlay: str | None = None) -> tuple[tk.Problem, ...]:
    """Load a program that must be refused."""
    with pytest.raises(tk.InvalidProgram) as caught:
        program_of(text, overlay)
    assert caught.value.problems
    for problem in caught.value.problems:
        assert problem.where
        assert problem.found
        assert len(str(problem)) < 5000
    return caught.value.problems


def without(text: str, line: str) -> str:
    assert line in text
    return text.replace(line, "", 1)


# ---------------------------------------------------------------------- what is shipped


def test_the_shipped_programs_are_listed_and_load_by_name() -> None:
    """'tk.load_program("hubspot-solutions")'; 'or a path to your own file'"""
    assert "hubspot-solutions" in tk.program_names()
    for name in tk.program_names():
        program = tk.load_program(name)
        assert program.id == name
        assert program.rules
        assert program.tiers == tuple(sorted(program.tiers))
        assert name in repr(program)
        assert escape(program.name) in program._repr_html_()


def test_every_shipped_value_has_its_day_a_source_and_a_grade() -> None:
    """'Every value has its day, a source and a grade.'"""
    for name in tk.program_names():
        program = tk.load_program(name)
        values = list(program.sourced_values())
        assert values
        for path, period in values:
            assert path
            assert period.source.url.startswith("https://") or "not recorded" in period.source.version
            assert isinstance(period.grade, tk.Grade)
            assert period.days()
        for movement in program.movements:
            assert isinstance(movement.grade, tk.Grade)


def test_the_shipped_values_are_listed_in_full() -> None:
    """'a page "where the rules come from" that lists every value with its grade'"""
    paths = {path for path, _ in hubspot().sourced_values()}
    assert {"in force", "point value: EUR", "group growth: BR", "sourced-deal: multiply growth"} <= paths
    assert {"tier elite: total at least", "tier gold: certified is"} <= paths
    assert {f"sourced-deal: {key}" for key in ("rate", "rate_day", "at_least", "live", "clawback")} <= paths
    assert {"movement promotion", "movement demotion"} <= paths
    assert "managed-account: share" in paths


def test_the_shipped_movements_are_data() -> None:
    """'promotions on the 15th of each month; demotions only on 15 January and 15 July; the windows (15 Aug-15
    Jan, 15 Feb-15 Jul)'; 'the certification is looked at on the review day'"""
    rise, fall = hubspot().movements
    assert (rise.kind, rise.on, rise.to, rise.take) == ("rise", ("*-15",), "best", "same-day")
    assert (fall.kind, fall.on, fall.to, fall.take) == ("fall", ("01-15", "07-15"), "best-judged", "best")
    assert (fall.judged_on, fall.judged_since) == (("*-15",), ("08-15", "02-15"))
    assert fall.protected_months == 6
    assert (fall.asked_on_the_day, fall.bars) == (("certified",), "own-day")
    assert (rise.covers(date(2022, 7, 17)), rise.covers(date(2022, 7, 18))) == (False, True)


def test_the_shipped_clawback_is_on_non_payment_only() -> None:
    """'Clawback is a program rule (on non-payment, the only published case, by default ...)'"""
    for rule in hubspot().rules:
        said = [(period.value.causes, period.value.takes) for period in rule.clawback]
        assert said == ([] if rule.fact.is_state else [(("non-payment",), "all")])


def test_numbers_are_read_exactly() -> None:
    """'TOML and JSON numbers are read as decimals'; 'floats are refused' nowhere here, as none is ever
    made"""
    program = program_of(
        OWN_PROGRAM.replace('EUR = "2"', "EUR = 0.1").replace('points = "7"', "points = 0.3")
    )
    amount = program.point_values["EUR"].at(date(2025, 1, 1))
    rate = program.rules[0].rate.at(date(2025, 1, 1))
    assert amount is not None
    assert rate is not None
    assert amount.value == 10
    assert rate.value == Fraction(3, 10)


def test_a_file_loads_from_a_path_or_its_text(tmp_path: Path) -> None:
    """'A path instead of a name loads the user's own file'"""
    file = tmp_path / "own.toml"
    file.write_text(OWN_PROGRAM, encoding="utf-8")
    assert tk.load_program(file) == tk.load_program(str(file)) == own()
    file.write_text(OWN_PROGRAM, encoding="utf-8-sig")
    assert tk.load_program(file) == own()
    assert hash(tk.load_program(file)) == hash(own())


def test_the_shipped_file_loads_by_its_path_as_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "copy.toml"
    file.write_text(SHIPPED, encoding="utf-8")
    assert tk.load_program(file) == hubspot()


def test_a_name_that_is_not_shipped_is_refused_with_those_that_are() -> None:
    with pytest.raises(tk.UnknownName, match="did you mean 'hubspot-solutions'"):
        tk.load_program("hubspot-solution")
    with pytest.raises(tk.UnknownName, match=r"or the path of a \.toml or \.json file"):
        tk.load_program("../hubspot-solutions")


# ---------------------------------------------------------------------- what is refused


MOVEMENT = '[[movement]]\nid = "m"\nkind = "rise"\non = {0}\njudged = {{ {1}take = "same-day" }}\neffective = "same-day"\nto = "best"\nsource = "terms"\n'
DOUBLE = '[[earn]]\nid = "double"\nselect = {{ fact = "event", type = "{0}" }}\ntrack = "spent"\n[[earn.rate]]\npoints = 1\nsource = "terms"\n[[earn.live]]\nmonths = 1\nsource = "terms"\n'
WRONG: list[tuple[str, Callable[[str], str], str, str]] = [
    # what is wrong, how it gets into the file, the path in the problem, words of the problem
    ("unknown key", lambda t: t + "colour = 1\n", "colour", "unknown key"),
    ("misspelt key", lambda t: t.replace("quantity = true", "quantty = true", 1), "quantty", "did you mean 'quantity'"),
    ("no format", lambda t: without(t, "format     = 1"), "format", "add `format"),
    ("later format", lambda t: t.replace("format     = 1", "format = 7"), "format", "reads format 1"),
    ("no id", lambda t: without(t, 'id         = "own"'), "id", "add `id"),
    ("tracks of the wrong type", lambda t: t.replace('["spent", "done", "held"]\nattributes', '"spent"\nattributes'), "tracks", "list of texts"),
    ("a track twice", lambda t: t.replace('["spent", "done", "held"]\nattributes', '["spent", "done", "held", "held"]\nattributes'), "tracks", "'held' twice"),
    ("many tracks", lambda t: t.replace('["spent", "done", "held"]\nattributes', json.dumps([f"t{n}" for n in range(101)]) + "\nattributes"), "tracks", "at most 100"),
    ("measure named as a track", lambda t: t + '[measures.done]\nsum = ["held"]\n', "measures.done", "'done', which a track is too; expected each track, measure and reading once; rename one"),
    ("measure of nothing", lambda t: t.replace('sum = ["spent", "done", "held"]', 'sum = ["spent", "dome"]'), "measures.all.sum", "did you mean 'done'"),
    ("cycle of measures", lambda t: t + '[measures.x]\nsum = ["y"]\n[measures.y]\nsum = ["x"]\n', "measures.x.sum", "comes back to itself"),
    ("measure of itself", lambda t: t + '[measures.x]\nsum = ["x"]\n', "measures.x.sum", "comes back to itself"),
    ("measure that counts twice", lambda t: t + '[measures.x]\nsum = ["all", "done"]\n', "measures.x.sum", "found done again in 'done'; expected each quantity once; leave one of the two out"),
    ("rate of zero", lambda t: t.replace('points = "7"', "points = 0"), "rate[1].points", "above zero"),
    ("rate below zero", lambda t: t.replace('points = "7"', 'points = "-1"'), "rate[1].points", "above zero"),
    ("multiplier of zero", lambda t: t.replace('by     = "1.5"', "by = 0"), "multiply[1].by", "above zero"),
    ("point value of zero", lambda t: t.replace('EUR = "2"', "EUR = 0"), "amounts.EUR", "above zero"),
    ("huge exponent", lambda t: t.replace('points = "7"', "points = 1e999999999"), "rate[1].points", "exponent"),
    ("huge exponent in text", lambda t: t.replace('points = "7"', 'points = "1e999999999"'), "rate[1].points", "plain decimal"),
    ("nan", lambda t: t.replace('points = "7"', "points = nan"), "rate[1].points", "finite number"),
    ("inf", lambda t: t.replace('points = "7"', "points = -inf"), "rate[1].points", "finite number"),
    ("grouped digits", lambda t: t.replace('points = "7"', 'points = "1,234.5"'), "rate[1].points", "thousands separators"),
    ("words for a number", lambda t: t.replace('points = "7"', 'points = "seven"'), "rate[1].points", "plain decimal"),
    ("no number", lambda t: without(t, 'points = "7"'), "rate[1].points", "add `points"),
    ("flag for a number", lambda t: t.replace('points = "7"', "points = true"), "rate[1].points", "write 1 or 0"),
    ("text for a day", lambda t: t.replace("from   = 2024-01-01", 'from = "2024-01-01"'), "in-force.from", "without quotes"),
    ("moment for a day", lambda t: t.replace("from   = 2024-01-01", "from = 2024-01-01T00:00:00"), "in-force.from", "write it as 2026-07-13"),
    ("end before the start", lambda t: t.replace("from   = 2024-06-01", "from = 2024-06-01\n  until = 2024-06-01"), "rate[1].until", "a day after 2024-06-01"),
    ("overlap", lambda t: t.replace("from    = 2026-01-01\namounts", "from = 2025-12-31\namounts"), "point-value[2].amounts.EUR", "until = 2025-12-31"),
    ("overlap without days", lambda t: t.replace("until   = 2026-01-01\namounts", "amounts").replace("from    = 2026-01-01\namounts", "amounts"), "point-value[2].amounts.JPY", "two values that start on the same day: one on every day, one on every day; expected one value for each day; remove one of them, or give one days of its own"),
    ("undeclared gap", lambda t: t.replace("from    = 2026-01-01\namounts", "from = 2026-01-02\namounts"), "point-value[2].amounts.EUR", "no value from 2026-01-01 until 2026-01-02"),
    ("no such source", lambda t: t.replace('EUR = "2", JPY = "300" }\nsource  = "terms"', 'EUR = "2", JPY = "300" }\nsource  = "term"'), "point-value[1].source", "did you mean 'terms'"),
    ("no such grade", lambda t: t.replace('grade = "published"', 'grade = "publshed"'), "sources.terms.grade", "did you mean 'published'"),
    ("source without an address", lambda t: without(t, 'url   = "https://example.org/terms"'), "sources.terms.url", "nothing"),
    ("source that is no table", lambda t: t.replace("[sources.terms]\nurl", '[sources]\nterms = "x"\n[other]\nurl'), "sources.terms", "a table"),
    ("unknown currency", lambda t: t.replace("JPY", "JPX", 1), "amounts.JPX", "did you mean 'JPY'"),
    ("currency without amounts", lambda t: t.replace("JPY", "XAU", 1), "amounts.XAU", "minor units"),
    ("unknown market", lambda t: t.replace('["DE", "FR"]', '["UK"]'), "markets", "did you mean 'GB'"),
    ("market that is no text", lambda t: t.replace('["DE", "FR"]', "[1]"), "markets", "list of texts"),
    ("unknown group", lambda t: t.replace('group  = "near"', 'group  = "naer"'), "multiply[1].group", "did you mean 'near'"),
    ("member that is neither", lambda t: t.replace('markets = ["DE"', 'member = "yes"\nmarkets = ["DE"'), "members[1].member", "true or false"),
    ("unknown kind of fact", lambda t: t.replace('fact = "event", type = "training"', 'fact = "evnt", type = "training"'), "select.fact", "did you mean 'event'"),
    ("unknown attribute", lambda t: t.replace('color = "red"', 'colr = "red"'), "earn[red purchase].select", "did you mean 'color'"),
    ("selection that is no table", lambda t: t.replace('select = { fact = "event", type = "purchase" }', "select = 3"), "select", "a table"),
    ("selected value of the wrong type", lambda t: t.replace('color = "red"', "color = 3"), "select.color", "a text"),
    ("unknown track", lambda t: t.replace('track  = "spent"', 'track  = "spend"'), "earn[purchase].track", "did you mean 'spent'"),
    ("amount of another fact", lambda t: t.replace('track  = "spent"\namount = "amount"', 'track  = "spent"\namount = "mrr"'), "earn[purchase].amount", "one of amount"),
    ("amount that no fact has", lambda t: t.replace('track  = "spent"\namount = "amount"', 'track  = "spent"\namount = "amout"'), "earn[purchase].amount", "did you mean 'amount'"),
    ("amount and quantity", lambda t: t.replace('track  = "spent"', 'track  = "spent"\nquantity = true'), "earn[purchase].quantity", "fact = 'event'"),
    ("quantity of a deal", lambda t: t.replace('fact = "event", type = "training"', 'fact = "deal"'), "earn[training].quantity", "fact = 'deal'"),
    ("no rate", lambda t: without(t, '  [[earn.rate]]\n  points = "7"\n  source = "terms"'), "earn[purchase].rate", "at least one [[earn.rate]]"),
    ("no life", lambda t: without(t, '  [[earn.live]]\n  days   = 90\n  source = "terms"'), "earn[purchase].live", "at least one [[earn.live]]"),
    ("life without an end", lambda t: without(t, "  days   = 90"), "live[1].months", "no end; expected one or more of `months`, `days`, `through`, `while`, `inactive-days`, or `never = true`; say how long points count"),
    ("life that never ends and does", lambda t: t.replace("days   = 90", "days = 90\n  never = true"), "live[1].never", "true beside `days`; expected one of them; say when they end, or that they never do"),
    ("life of a century", lambda t: t.replace("days   = 90", "days = 36501"), "live[1].days", "from 1 to 36500"),
    ("event that lasts", lambda t: t.replace("days   = 90", 'while = "held"'), "earn[purchase].live", "from the day of the event"),
    ("state that does not last", lambda t: t.replace('while  = "held"', "months = 3"), "earn[project].live[1].while", 'no `while`; expected while = "held", or `inactive-days`, as the state holds over days'),
    ("active as before", lambda t: t.replace("inactive-days = 10", 'while = "active"\n  days = 10'), "live[1].while", "found 'active'; expected one of held, year; for points that last until nobody has acted for n days write `inactive-days = n` alone"),
    ("an event that is active", lambda t: t.replace("days   = 90", "inactive-days = 90"), "earn[purchase].live[1].inactive-days", "only what holds over days is held"),
    ("unknown life", lambda t: t.replace('while  = "held"', 'while = "heldd"'), "live[1].while", "did you mean 'held'"),
    ("unknown share", lambda t: t.replace('among  = "shares"', 'among = "share"'), "share[1].among", "did you mean 'shares'"),
    ("share of an event", lambda t: t.replace("days   = 90", 'days = 90\n  source = "terms"\n  [[earn.share]]\n  among = "equal"'), "earn[purchase].share", "fact = 'event'"),
    ("rate day of an event", lambda t: t.replace("days   = 90", 'days = 90\n  source = "terms"\n  [[earn.rate-day]]\n  when = { color = "red" }\n  day = "line-first-sold"'), "earn[purchase].rate-day", "leave it out"),
    ("rate day of nothing", lambda t: t.replace("days   = 90", 'days = 90\n  source = "terms"\n  [[earn.rate-day]]\n  day = "line-first-sold"'), "rate-day[1].when", "motion"),
    ("rate day of a misspelt attribute", lambda t: t.replace("days   = 90", 'days = 90\n  source = "terms"\n  [[earn.rate-day]]\n  when = { colr = "red" }\n  day = "line-first-sold"'), "rate-day[1].when.colr", "did you mean 'color'"),
    ("unknown rate day", lambda t: t.replace("days   = 90", 'days = 90\n  source = "terms"\n  [[earn.rate-day]]\n  when = { color = "red" }\n  day = "first-sold"'), "rate-day[1].day", "line-first-sold"),
    ("no point values", lambda t: t[: t.index("[[point-value]]")] + t[t.index("[[earn]]") :], "earn[purchase].amount", "counts as one unit"),
    ("array of texts for tables", lambda t: 'movement = ["x"]\n' + t, "movement", "an array of tables"),
    ("tier without a rank", lambda t: without(t, "rank = 1"), "tier[one].rank", "add `rank"),
    ("rank that is no number", lambda t: t.replace("rank = 1", 'rank = "1"'), "tier[one].rank", "whole number"),
    ("rank that is a decimal", lambda t: t.replace("rank = 1", "rank = 1.5"), "tier[one].rank", "whole number"),
    ("rank that is a flag", lambda t: t.replace("rank = 1", "rank = true"), "tier[one].rank", "whole number"),
    ("the same rank", lambda t: t + '[[tier]]\nid = "two"\nrank = 1\n', "tier[two].rank", "a rank of its own"),
    ("the same tier", lambda t: t + '[[tier]]\nid = "one"\nrank = 2\n', "tier[one].id", "an id that stands once among [[tier]]"),
    ("the same rule", lambda t: t.replace('id     = "red purchase"', 'id     = "purchase"'), "earn[purchase].id", "an id that stands once among [[earn]]"),
    ("misspelt measure", lambda t: t.replace('measure = "all", at-least', 'measure = "al", at-least'), "tier[one].requires[1].all[1].measure", "did you mean 'all'"),
    ("misspelt reading", lambda t: t.replace('{ measure = "all", at-least = "10" }', '{ reading = "certifed", is = true }'), "tier[one].requires[1].all[1].reading", "expected nothing here, as the file has none; add it under [readings]"),
    ("yes-no bar of a measure", lambda t: t.replace('at-least = "10"', "is = true"), "all[1].is", "`at-least` or `above`"),
    ("number bar of a yes-no reading", lambda t: t.replace('{ measure = "all"', '{ reading = "fit"') + '[readings.fit]\ntype = "yes-no"\n', "all[1].at-least", "found `at-least` of 'fit'; expected `is`, as it is yes or no"),
    ("yes-no bar of a number", lambda t: t.replace('{ measure = "all", at-least = "10"', '{ reading = "fit", is = true') + '[readings.fit]\ntype = "number"\n', "all[1].is", "`at-least` or `above`"),
    ("yes-no bar that is a text", lambda t: t.replace('{ measure = "all", at-least = "10"', '{ reading = "fit", is = "yes"') + '[readings.fit]\ntype = "yes-no"\n', "all[1].is", "true or false"),
    ("no bar", lambda t: t.replace(', at-least = "10"', ""), "all[1].at-least", "one of `at-least`, `above` or `is`"),
    ("two bars", lambda t: t.replace('at-least = "10"', "at-least = 10, above = 3"), "all[1].at-least", "single bar"),
    ("no requirement", lambda t: t.replace('all    = [{ measure = "all", at-least = "10" }]', ""), "requires[1].all", "one of `all`"),
    ("more than there are", lambda t: t.replace('all    = [{ measure = "all", at-least = "10" }]', 'at-least = 3\nof = [{ measure = "all", at-least = "10" }]'), "requires[1].at-least", "from 1 to 1"),
    ("deep requirements", lambda t: t.replace('{ measure = "all", at-least = "10" }', "{ not = " * 25 + '{ measure = "all", at-least = "10" }' + " }" * 25), "not.all", "at most 20 levels of requirements; say it with fewer"),
    ("unknown kind of reading", lambda t: t + '[readings.fit]\ntype = "yesno"\n', "readings.fit.type", "did you mean 'yes-no'"),
    ("reading without a type", lambda t: t + "[readings.fit]\n", "readings.fit.type", "nothing"),
    ("unknown movement", lambda t: t + '[[movement]]\nid = "m"\nkind = "raise"\non = ["*-15"]\njudged = { take = "best" }\neffective = "same-day"\nto = "best"\nsource = "terms"\n', "movement[m].kind", "did you mean 'rise'"),
    ("movement without days", lambda t: t + '[[movement]]\nid = "m"\nkind = "rise"\njudged = { take = "best" }\neffective = "same-day"\nto = "best"\nsource = "terms"\n', "movement[m].on", "a list of texts"),
    ("choice without a reading", lambda t: t + '[[choice]]\nnumber = 1\nquestion = "?"\nwhy = "."\nheld-by = "x"\n', "choice[1].reading", "nothing"),
    ("the same choice", lambda t: t + 2 * '[[choice]]\nnumber = 1\nquestion = "?"\nreading = "."\nwhy = "."\nheld-by = "x"\n', "choice[2].id", "an id that stands once among [[choice]]"),
    ("all of nothing", lambda t: t.replace('all    = [{ measure = "all", at-least = "10" }]', "all = []"), "requires[1].all", "an empty list; expected at least one requirement; name what the tier asks"),
    ("any of nothing", lambda t: t.replace('all    = [{ measure = "all", at-least = "10" }]', "any = []"), "requires[1].any", "an empty list; expected at least one requirement; name what the tier asks"),
    ("some of nothing", lambda t: t.replace('all    = [{ measure = "all", at-least = "10" }]', "at-least = 1\nof = []"), "requires[1].of", "an empty list; expected at least one requirement"),
    ("a part of nothing", lambda t: t.replace('all    = [{ measure = "all", at-least = "10" }]', "all = [{ any = [] }]"), "all[1].any", "an empty list"),
    ("not a list of requirements", lambda t: t.replace('all    = [{ measure = "all", at-least = "10" }]', "all = 3"), "requires[1].all", "an array of tables"),
    ("negative bar", lambda t: t.replace('measure = "all", at-least = "10"', 'measure = "done", above = "-1"'), "all[1].above", "found -1; expected points, zero or more; leave it out"),
    ("tier that asks nothing", lambda t: t + '[[tier]]\nid = "two"\nrank = 2\n', "tier[two].requires", "nothing; expected at least one [[tier.requires]]; add what it asks"),
    ("tier of no requirements", lambda t: t + '[[tier]]\nid = "two"\nrank = 2\nrequires = []\n', "tier[two].requires", "at least one [[tier.requires]]"),
    ("day too early", lambda t: t.replace("from   = 2024-01-01", "from = 0001-01-01"), "in-force.from", "0001-01-01; expected a day from 1900-01-01 to 2100-12-31; leave `from` out where there is no beginning"),
    ("day too late", lambda t: t.replace("until  = 2026-01-01\n  among", "until = 9999-12-31\n  among"), "share[1].until", "leave `until` out where no end is known"),
    ("long id", lambda t: t.replace('id     = "purchase"', f'id = "{"p" * 101}"'), ".id", "101 characters; expected at most 100 characters; shorten it"),
    ("long name", lambda t: t.replace('"near markets"', f'"{"n" * 201}"'), "group[near].name", "201 characters; expected at most 200 characters"),
    ("long note", lambda t: 'note = "' + "n" * 1001 + '"\n' + t, "note", "1,001 characters; expected at most 1,000 characters"),
    ("note of two lines", lambda t: 'note = """a\nb"""\n' + t, "note", "without line breaks and control characters; write it on one line"),
    ("control character in an id", lambda t: t.replace('id     = "purchase"', 'id = "pur\\u0007chase"'), ".id", "without line breaks and control characters"),
    ("empty id", lambda t: t.replace('id         = "own"', 'id = ""'), "id", "an id, without blanks around it; give one"),
    ("track with blanks", lambda t: t.replace('tracks     = ["spent"', 'tracks = [" spent"'), "tracks", "remove the blanks"),
    ("id with blanks", lambda t: t.replace('id     = "purchase"', 'id = " purchase"'), ".id", "without blanks around it"),
    ("empty name of a source", lambda t: t + '[sources.""]\nurl = "u"\ngrade = "derived"\n', "sources", "an id, without blanks around it"),
    ("long name of a source", lambda t: t + f'[sources.{"s" * 101}]\nurl = "u"\ngrade = "derived"\n', "sources.", "at most 100 characters"),
    ("empty track", lambda t: t.replace('tracks     = ["spent"', 'tracks = ["", "spent"'), "tracks", "an id, without blanks around it"),
    ("long attribute", lambda t: t.replace('["color"]', f'["color", "{"c" * 101}"]'), "attributes", "at most 100 characters"),
    ("no tracks", lambda t: t.replace('tracks     = ["spent", "done", "held"]', "tracks = []"), "earn[purchase].track", "expected nothing here, as the file has none; add it to `tracks`"),
    ("no sources", lambda t: t.replace("[sources.terms]", "[other.terms]"), "in-force.source", "expected nothing here, as the file has none; add it under [sources]"),
    ("selection of no value", lambda t: t.replace('type = ["purchase", "gift"]', "type = []"), "select.type", "an empty list; expected the values that it selects; leave `type` out to select all"),
    ("movement on no day", lambda t: t + MOVEMENT.format("[]", ""), "movement[m].on", "an empty list; expected at least one day"),
    ("month without such a day", lambda t: t + MOVEMENT.format('["04-31"]', ""), "movement[m].on", 'a day of each year such as "07-15", or of each month such as "*-15", or "at-once", or "year-end"; write it as MM-DD or *-DD'),
    ("thirteenth month", lambda t: t + MOVEMENT.format('["13-01"]', ""), "movement[m].on", 'a day of each year such as "07-15", or of each month such as "*-15", or "at-once", or "year-end"; write it as MM-DD or *-DD'),
    ("day zero", lambda t: t + MOVEMENT.format('["*-00"]', ""), "movement[m].on", 'a day of each year such as "07-15", or of each month such as "*-15", or "at-once", or "year-end"; write it as MM-DD or *-DD'),
    ("day in words", lambda t: t + MOVEMENT.format('["15 July"]', ""), "movement[m].on", 'a day of each year such as "07-15", or of each month such as "*-15", or "at-once", or "year-end"; write it as MM-DD or *-DD'),
    ("judged on no day", lambda t: t + MOVEMENT.format('["02-29"]', 'on = ["*-32"], '), "movement[m].judged.on", 'a day of each year such as "07-15", or of each month such as "*-15", or "*-*"; write it as MM-DD or *-DD'),
    ("the same group", lambda t: t + '[[group]]\nid = "near"\nname = "nearer"\n', "group[near].id", "an id that stands once among [[group]]"),
    ("rules that double", lambda t: t + DOUBLE.format("purchase"), "earn[double].select", "facts that earn[purchase] selects too, into the same track 'spent', on every day; expected one rule for each fact, track and day: two would count it twice; narrow the `select` of one, end the `rate` of one, use another track, or, where both are to count, write beside = [\"purchase\"]"),
    ("no TOML", lambda t: t + "[[[", "", "a TOML document"),
    ("a long number", lambda t: t.replace('points = "7"', "points = " + "7" * 101), "rate[1].points", "found a number of more than 100 digits; expected at most 100 digits"),
    ("a long number below zero", lambda t: t.replace('at-least = "10"', "at-least = -" + "9" * 200), "all[1].at-least", "a number of more than 100 digits"),
    ("a decimal of many digits", lambda t: t.replace('points = "7"', "points = 0." + "3" * 101), "rate[1].points", "a number of more than 100 digits"),
    ("a key twice", lambda t: 'id = "x"\n' + t, "", "a TOML document"),
    ("an impossible day", lambda t: t.replace("2024-01-01", "2024-02-30"), "", "a TOML document"),
    ("a very long number", lambda t: t.replace('points = "7"', "points = " + "7" * 5000), "", "found a number of thousands of digits; expected a TOML document"),
    ("a very long path", lambda t: t + ".".join("a" * 21) + " = 1\n", "", "at most 20 dotted parts"),
    ("a very long path of quoted keys", lambda t: t + "[" + " . ".join(['"a \\" b"'] * 21) + "]\n", "", "at most 20 dotted parts"),
    ("deep nesting of arrays", lambda t: "x = " + "[" * 10_000 + "]" * 10_000 + "\n" + t, "", "write tables by [headers]"),
    ("deep nesting of tables", lambda t: "x = " + "{ a = " * 10_000 + "1" + " }" * 10_000 + "\n" + t, "", "write tables by [headers]"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field", "words"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_what_is_wrong_is_said_with_its_path(change: Callable[[str], str], field: str, words: str) -> None:
    """'gives an error that says where, what was found, what was expected and what to do, in well under a
    second'"""
    text = change(OWN_PROGRAM)
    assert text != OWN_PROGRAM
    problems = problems_of(text)
    assert any(field in problem.field and words in str(problem) for problem in problems), "\n".join(
        map(str, problems)
    )
    assert {problem.where.partition(",")[0] for problem in problems} == {"program.toml"}


def test_all_problems_are_told_at_once() -> None:
    """'Loading a program ... reports every problem'"""
    text = (
        OWN_PROGRAM.replace('points = "7"', "points = 0")
        .replace('by     = "1.5"', "by = -1")
        .replace("rank = 1", "rank = -1")
    )
    text = text.replace('["DE", "FR"]', '["UK", "DE", "EN"]') + "colour = 1\n"
    fields = [problem.field for problem in problems_of(text)]
    assert fields == [
        "group[near].members[1].markets",
        "group[near].members[1].markets",
        "earn[purchase].rate[1].points",
        "earn[purchase].multiply[1].by",
        "tier[one].rank",
        "tier[one].requires[1].colour",
    ]


def test_every_problem_has_a_way_out() -> None:
    """'gives an error that says where, what was found, what was expected and what to do'"""
    for change in ("1e999999999", "nan", '"1e999999999"'):
        (problem,) = problems_of(OWN_PROGRAM.replace('points = "7"', f"points = {change}"))
        assert problem.hint, problem
    for text in ("#" * 300_000, "x = " + "[" * 10_000, ".".join("a" * 30) + " = 1\n"):
        (problem,) = problems_of(text)
        assert problem.hint, problem


def test_what_is_missing_is_one_problem() -> None:
    movement = MOVEMENT.format('["*-15"]', "").replace('id = "m"', "")
    (problem,) = problems_of(OWN_PROGRAM + movement)
    assert (problem.field, problem.found, problem.hint) == ("movement[1].id", "nothing", "add `id = …`")


def test_requirements_that_go_too_deep_are_one_problem() -> None:
    bar = '{ measure = "all", at-least = "10" }'
    (problem,) = problems_of(OWN_PROGRAM.replace(bar, "{ not = " * 25 + bar + " }" * 25))
    assert problem.field.endswith("not.all")
    assert problem.found == "more nesting"


@pytest.mark.parametrize(
    ("days", "others", "hint"),
    [
        ("", "", "remove one of them, or give one days of its own"),
        ("until = 2025-01-01", "", "remove one of them, or give one `from = 2025-01-01`"),
        ("until = 2025-01-01", "until = 2025-01-01", "remove one of them, or give one days of its own"),
        (
            "from = 2024-01-01\nuntil = 2026-01-01",
            "from = 2024-01-01\nuntil = 2025-01-01",
            "remove one of them, or give one `from = 2025-01-01`",
        ),
        ("from = 2024-01-01", "from = 2025-01-01", "end the earlier one with `until = 2025-01-01`"),
        ("", "from = 2025-01-01", "end the earlier one with `until = 2025-01-01`"),
    ],
)
def test_two_values_on_one_day_are_told_with_a_way_out(days: str, others: str, hint: str) -> None:
    """No hint that would leave a value without days."""
    row = '[[point-value]]\n{0}\namounts = {{ USD = "8" }}\nsource = "terms"\n'
    (problem,) = problems_of(OWN_PROGRAM + row.format(days) + row.format(others))
    assert (problem.field, problem.hint) == ("point-value[4].amounts.USD", hint)


def test_long_dotted_texts_do_no_harm() -> None:
    """'A program file cannot ... exhaust memory': only a long path of keys is refused, not what looks so."""
    dotted = ".".join("a" * 60)
    notes = (f'note = "{dotted}" # {dotted}\n', f"note = '{dotted}'\n")
    for note in notes:
        assert program_of(f"# {dotted}\n{note}{OWN_PROGRAM}").note == dotted


RATE = '[[earn.rate]]\n{0}\npoints = 1\nsource = "s"\n'
RULE = '[[earn]]\nid = "{0}"\nselect = {{ {1} }}\ntrack = "{2}"\n{3}[[earn.live]]\nmonths = 1\nsource = "s"\n'
DEALS = 'fact = "deal"'
PAIRS = [
    # two rules: what they select, their track, the days of their rates, and the days on which they double
    ((DEALS, "a", [""]), (DEALS, "a", [""]), "on every day"),
    ((DEALS, "a", [""]), (DEALS, "b", [""]), None),
    ((DEALS, "a", [""]), ('fact = "event"', "a", [""]), None),
    ((DEALS, "a", [""]), (DEALS + ', kind = "x"', "a", [""]), "on every day"),
    ((DEALS + ', motion = "x"', "a", [""]), (DEALS + ', kind = "x"', "a", [""]), "on every day"),
    ((DEALS + ', kind = "y"', "a", [""]), (DEALS + ', kind = "x"', "a", [""]), None),
    ((DEALS + ', kind = ["x", "y"]', "a", [""]), (DEALS + ', kind = ["y", "z"]', "a", [""]), "on every day"),
    ((DEALS + ', kind = "x", motion = "m"', "a", [""]), (DEALS + ', kind = "x", motion = "n"', "a", [""]), None),
    ((DEALS, "a", ["until = 2025-01-01"]), (DEALS, "a", ["from = 2025-01-01"]), None),
    ((DEALS, "a", ["until = 2025-01-02"]), (DEALS, "a", ["from = 2025-01-01"]), "from 2025-01-01 until 2025-01-02"),
    ((DEALS, "a", ["from = 2025-01-01"]), (DEALS, "a", ["until = 2025-01-02"]), "from 2025-01-01 until 2025-01-02"),
    ((DEALS, "a", ["until = 2024-01-01", "from = 2024-01-01"]), (DEALS, "a", ["from = 2025-01-01"]), "from 2025-01-01"),
    ((DEALS, "a", ["until = 2024-01-01", "from = 2024-01-01"]), (DEALS, "a", ["until = 2023-01-01", "from = 2023-01-01"]), "before 2023-01-01"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "days"), PAIRS)
def test_two_rules_may_not_count_one_fact_twice(
    one: tuple[str, str, list[str]], other: tuple[str, str, list[str]], days: str | None
) -> None:
    """'a rule that overlaps another in time' must be an error when loaded"""
    text = HEAD.replace('["a"]', '["a", "b"]')
    for name, (select, track, spans) in (("one", one), ("other", other)):
        text += RULE.format(name, select, track, "".join(RATE.format(span) for span in spans))
    if days is None:
        assert len(program_of(text).rules) == 2
        return
    (problem,) = problems_of(text)
    assert problem.field == "earn[other].select"
    assert "earn[one] selects too" in problem.found
    assert problem.found.endswith(f"same track 'a', {days}")
    assert problem.hint.startswith("narrow the `select` of one, end the `rate` of one, use another track")


def test_references_are_told_all_at_once_too() -> None:
    text = OWN_PROGRAM.replace('track  = "spent"', 'track  = "a"').replace('group  = "near"', 'group  = "b"')
    text = text.replace('measure = "all"', 'measure = "c"').replace(
        "from    = 2026-01-01\namounts", "from = 2026-02-01\namounts"
    )
    assert {problem.field for problem in problems_of(text)} == {
        "point-value[2].amounts.EUR",
        "point-value[2].amounts.JPY",
        "earn[purchase].multiply[1].group",
        "earn[purchase].track",
        "tier[one].requires[1].all[1].measure",
    }


def test_a_file_that_cannot_be_read_is_told_by_its_path(tmp_path: Path) -> None:
    """'Missing file', a folder, 'not UTF-8'"""
    for path in (tmp_path / "missing.toml", tmp_path, Path("nul\0.toml"), Path("x" * 5000 + ".toml")):
        with pytest.raises(tk.InvalidProgram, match="expected a file; check the path"):
            tk.load_program(path)
    file = tmp_path / "latin.toml"
    file.write_bytes("# é\n".encode("latin-1"))
    with pytest.raises(
        tk.InvalidProgram, match="byte 0xe9 at 2; expected text in UTF-8; save the file as UTF-8"
    ):
        tk.load_program(str(file))
    with pytest.raises(tk.InvalidProgram, match=r"missing\.toml"):
        tk.load_program("hubspot-solutions", overlay=Path("missing.toml"))


@pytest.mark.parametrize(
    "text",
    ['x = "' + "x" * 10_000_000 + '"', "#" * 10_000_000, "é" * 5_000_000],
    ids=["text", "comment", "wide"],
)
def test_a_file_of_ten_megabytes_is_not_read(text: str) -> None:
    """'a 10 MB TOML string'"""
    (problem,) = problems_of(text)
    assert "at most 250,000 bytes" in problem.expected
    with pytest.raises(tk.InvalidProgram, match=r"my\.toml: found .+ at most 250,000 bytes"):
        tk.parse_program(text, "my.toml")


def big(row: Callable[[int], str], head: str = "") -> str:
    """Fill a file up to the limit with rows."""
    text = head
    number = 0
    while len(text) < 240_000:
        text += row(number)
        number += 1
    return text


HEAD = 'format=1\nid="x"\nname="X"\ntracks=["a"]\n[in-force]\nsource="s"\n[sources.s]\nurl="u"\ngrade="published"\n'
LARGE = {
    "unknown keys": lambda: big(lambda n: f"k{n} = 1\n"),
    "unknown sources": lambda: big(lambda n: f'[[point-value]]\namounts = {{EUR = 1}}\nsource = "z{n}"\n', HEAD),
    "overlaps": lambda: big(lambda _: '[[point-value]]\namounts = {EUR = 1}\nsource = "s"\n', HEAD),
    "sums of sums": lambda: big(lambda n: f'[measures.m{n}]\nsum = ["{f"m{n - 1}" if n else "a"}"]\n', HEAD),
    "doubled sums": lambda: big(lambda n: f'[measures.m{n}]\nsum = {json.dumps([f"m{n - 1}" if n else "a"] * 2)}\n', HEAD),
    "tracks": lambda: HEAD.replace('["a"]', json.dumps([f"t{n}" for n in range(20_000)])),
    "unknown markets": lambda: HEAD + f'[[group]]\nid = "g"\nname = "g"\n[[group.members]]\nsource = "s"\nmarkets = {json.dumps(["XX"] * 20_000)}\n',
    "doubled rules": lambda: big(lambda n: RULE.format(f"r{n}", DEALS, "a", RATE.format("")), HEAD),
    "a path of keys": lambda: HEAD + ".".join("a" * 100_000) + " = 1\n",
    "quotes": lambda: HEAD + '"' * 200_000,
    "brackets": lambda: HEAD + "]" * 200_000,
    "a long key": lambda: HEAD + "x" * 200_000 + " = 1\n",
    "a long id": lambda: HEAD.replace('"x"', '"' + "x" * 200_000 + '"') + "y = 1\n",
    "a long number": lambda: HEAD.replace("1", "0x" + "f" * 200_000, 1),
    "a long decimal": lambda: HEAD.replace("1", "1." + "1" * 200_000, 1),
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE)
def test_a_large_wrong_file_is_refused_quickly_and_briefly(name: str) -> None:
    """'A program file cannot run code, loop, or exhaust memory; sizes, exponents and nesting are bounded.'"""
    problems = problems_of(LARGE[name]())
    assert len(problems) <= 201


def test_a_large_program_that_is_right_loads() -> None:
    rule = '[[earn]]\nid = "r{0}"\nselect = {{fact = "deal", kind = "k{0}"}}\ntrack = "a"\n[[earn.rate]]\npoints = 1\nsource = "s"\n[[earn.live]]\nmonths = 1\nsource = "s"\n'
    assert len(program_of(big(rule.format, HEAD)).rules) > 1500


def test_a_large_program_of_rules_that_follow_each_other_loads_quickly() -> None:
    """No rule is compared with every other: the benchmarks say how long it takes."""

    def rule(number: int) -> str:
        first = date(1910, 1, 1) + timedelta(days=number)
        return RULE.format(
            f"r{number}", DEALS, "a", RATE.format(f"from = {first}\nuntil = {first + timedelta(days=1)}")
        )

    text = big(rule, HEAD)
    assert len(program_of(text).rules) > 1000


# ---------------------------------------------------------------------- overlays


OVER = 'format = 1\nextends = "own"\n'
ADDED = '[[point-value]]\nfrom = {0}\nuntil = {1}\namounts = {{ EUR = "8" }}\nsource = "terms"\n'


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2025, 1, 1), date(2025, 2, 1), [2, 8, 2, "5/2"]),
        (date(2025, 12, 1), date(2026, 2, 1), [2, 8, "5/2"]),
        (date(2026, 1, 1), date(2027, 1, 1), [2, 8, "5/2"]),
        (date(2025, 12, 1), date(2026, 1, 1), [2, 8, "5/2"]),
    ],
)
def test_an_overlay_takes_the_place_of_values_on_its_own_days_only(
    start: date, end: date, expected: list[int | str]
) -> None:
    """'`overlay=` lays a small file of known values over a program'"""
    program = program_of(OWN_PROGRAM, OVER + ADDED.format(start, end))
    periods = list(program.point_values["EUR"])
    assert [period.value / 100 for period in periods if period.value] == [
        tk.Points(value).fraction for value in expected
    ]
    assert program.point_values["JPY"] == own().point_values["JPY"]
    for earlier, later in pairwise(periods):
        assert earlier.effective_until == later.effective_from


@given(
    st.lists(st.dates(date(2024, 1, 1), date(2028, 1, 1)), min_size=2, max_size=2, unique=True),
    st.sampled_from(["from", "until", "both", "neither"]),
)
def test_an_overlay_is_seen_on_each_of_its_days_and_the_base_on_all_others(
    bounds: list[date], said: str
) -> None:
    start, end = sorted(bounds)
    row = ADDED.format(start, end)
    row = without(row, f"from = {start}\n") if said in ("until", "neither") else row
    row = without(row, f"until = {end}\n") if said in ("from", "neither") else row
    program = program_of(OWN_PROGRAM, OVER + row)
    for on in {start, end, date(2024, 6, 1), date(2025, 12, 31), date(2026, 1, 1), date(2027, 12, 31)}:
        over = (said in ("until", "neither") or start <= on) and (said in ("from", "neither") or on < end)
        found, plain = program.point_values["EUR"].at(on), own().point_values["EUR"].at(on)
        assert found is not None
        assert plain is not None
        assert found.value == (800 if over else plain.value)


@pytest.mark.parametrize(
    ("overlay", "field", "words"),
    [
        ('format = 1\nextends = "other"\n', "extends", "'program.toml', the program that it is laid over"),
        ('format = 1\nextends = "own"\nid = "mine"\n', "id", "found 'mine'; expected no `id`, as the program keeps its own, 'own'; leave `id` out"),
        ("format = 1\n", "extends", "add `extends"),
        ("format = 1\nextends = 3\n", "extends", "a text"),
        ('extends = "own"\n', "format", "add `format"),
        (OVER + '[[tier]]\nid = "onne"\n[[tier.requires]]\nall = []\nsource = "terms"\n', "tier[onne].id", "did you mean 'one'"),
        (OVER + '[[tier]]\nid = "xyz"\n', "tier[xyz].id", "a new one needs `rank`"),
        (OVER + '[[earn]]\nid = "purchas"\n', "earn[purchas].id", "did you mean 'purchase'"),
        (OVER + '[[group]]\nid = "naer"\n[[group.members]]\nmarkets = ["DE"]\nsource = "terms"\n', "group[naer].id", "did you mean 'near'"),
        (OVER + 2 * ADDED.format("2025-01-01", "2025-02-01"), "point-value[2].amounts.EUR", "two values that start on the same day"),
        (OVER + ADDED.format("2023-01-01", "2023-02-01").replace("EUR", "USD") + ADDED.format("2023-03-01", "2023-04-01").replace("EUR", "USD"), "point-value[2].amounts.USD", "no value from 2023-02-01"),
        (OVER + 'color = "red"\n', "color", "unknown key"),
        (OVER + '[[tier]]\nid = "one"\n[[tier.requires]]\nall = [{ measure = "al", at-least = 3 }]\nsource = "terms"\n', "tier[one].requires[1].all[1].measure", "did you mean 'all'"),
    ],
)  # fmt: skip
def test_a_wrong_overlay_is_refused(overlay: str, field: str, words: str) -> None:
    """'wrong `extends`'; 'a misspelt tier'"""
    problems = problems_of(OWN_PROGRAM, overlay)
    assert any(field in problem.field and words in str(problem) for problem in problems), "\n".join(
        map(str, problems)
    )


def test_an_overlay_is_told_the_name_by_which_it_can_be_checked_alone_too(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(OWN_PROGRAM, encoding="utf-8")
    over = tmp_path / "over.toml"
    over.write_text('format = 1\nextends = "xero"\n', encoding="utf-8")
    for program, name in ((tmp_path / "base.toml", "base.toml"), ("odoo", "odoo")):
        with pytest.raises(tk.InvalidProgram) as caught:
            tk.load_program(program, overlay=over)
        assert caught.value.problems[0].expected == f"{name!r}, the program that it is laid over"
        over.write_text(f'format = 1\nextends = "{name}"\n', encoding="utf-8")
        assert not tk.check_program(over).problems
        assert tk.load_program(program, overlay=over) == tk.load_program(program)
        over.write_text('format = 1\nextends = "xero"\n', encoding="utf-8")


def test_an_overlay_can_add_what_the_program_has_not() -> None:
    program = program_of(
        OWN_PROGRAM,
        OVER
        + """
name = "Own program, with more"
note = "laid over"
tracks = ["spent", "done", "held", "more"]
attributes = ["color", "size"]
[in-force]
from = 2023-01-01
until = 2024-01-01
source = "mine"
[sources.mine]
url = "https://example.org/mine"
grade = "secondary"
[measures.all]
sum = ["spent", "done", "held", "more"]
[readings.fit]
type = "yes-no"
[[group]]
id = "far"
name = "far markets"
[[group.members]]
markets = ["NZ"]
source = "mine"
[[earn]]
id = "purchase"
[[earn.rate]]
from = 2026-01-01
points = 8
source = "mine"
[[earn]]
id = "gift"
select = { fact = "event", type = "gift" }
track = "more"
[[earn.rate]]
points = 1
source = "mine"
[[earn.live]]
months = 1
source = "mine"
[[tier]]
id = "two"
rank = 2
[[tier.requires]]
all = [{ reading = "fit", is = true }]
source = "mine"
""",
    )
    assert program.name == "Own program, with more"
    assert [rule.id for rule in program.rules] == [*(rule.id for rule in own().rules), "gift"]
    assert [period.value for period in program.rules[0].rate] == [7, 8]
    assert [tier.id for tier in program.tiers] == ["one", "two"]
    assert {tier.ladder for tier in program.tiers} == {"own"}
    assert program.in_force.at(date(2023, 6, 1)) is not None
    event = tk.Event(
        id="E", partner="p", type="gift", on=date(2023, 6, 1), market="DE", attributes={"size": 3}
    )
    ledger = tk.earn(tk.Book([event]), program)
    assert tk.assess(ledger, on=date(2023, 6, 1))["more"] == tk.Points(1)
    assert ledger.problems == ()


def test_problems_of_an_overlaid_program_name_the_file_that_says_it_or_both() -> None:
    """The program was right before the overlay was laid over it."""
    wrong = OVER + '[[tier]]\nid = "one"\n[[tier.requires]]\nall = [{ measure = "al", at-least = 3 }]\n'
    (problem,) = problems_of(OWN_PROGRAM, wrong + 'source = "terms"\n')
    assert problem.where == "overlay.toml, line 6"
    (problem,) = problems_of(OWN_PROGRAM, OVER + "colour = 1\n")
    assert problem.where == "overlay.toml, line 3"
    (problem, *_) = problems_of(OWN_PROGRAM, OVER + 'tracks = ["done", "held"]\n')
    assert problem.where == "program.toml, line 17 with overlay.toml"


def test_a_shipped_program_without_an_overlay_is_the_one_with_an_empty_one() -> None:
    assert hubspot_with("") == hubspot()


# ---------------------------------------------------------------------- anything at all


def toml_of(value: object) -> str:
    """Write a value as TOML, on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{toml_of(key)} = {toml_of(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml_of(item) for item in value) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def file_of(raw: dict[str, object]) -> str:
    return "".join(f"{toml_of(key)} = {toml_of(value)}\n" for key, value in raw.items())


def test_the_files_of_these_tests_say_what_they_should() -> None:
    assert program_of(file_of(PARSED)) == hubspot()


MOMENT = datetime(2026, 1, 1)  # noqa: DTZ001 - TOML has such, and a day it is not
JUNK = st.one_of(
    st.none(),
    st.sampled_from(
        ["", "unknown", "EUR", "held", "sourced", "all", "gold", "x" * 300, "\x7f", "published", "2026-01-01"]
    ),
    st.sampled_from(
        [0, -1, 1, 3, 10**40, True, False, Decimal("1e999999999"), Decimal("NaN"), Decimal("0.5")]
    ),
    st.sampled_from([date(2026, 1, 15), date.min, date.max, MOMENT, [], {}, [1], ["a"], [{}], {"a": {}}]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=5),
)


@st.composite
def mutated(draw: st.DrawFn, file: dict[str, object] = PARSED) -> dict[str, object]:
    """A file with some of its values, keys or rows changed, taken out or doubled."""
    raw: dict[str, object] = copy.deepcopy(file)
    for _ in range(draw(st.integers(1, 4))):
        place: object = raw
        while True:
            keys: list[object] = list(place) if isinstance(place, dict) else list(range(len(place)))  # type: ignore[arg-type]
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            inner = place[key]  # type: ignore[index]
            if isinstance(inner, dict | list) and draw(st.integers(0, 5)):
                place = inner
                continue
            change = draw(st.sampled_from(["put", "drop", "double", "rename"]))
            junk = copy.deepcopy(draw(JUNK))  # the next change may be within it
            if change == "drop" or junk is None:
                del place[key]  # type: ignore[attr-defined]
            elif change == "double" and isinstance(place, list):
                place.append(inner)
            elif change == "rename" and isinstance(place, dict):
                place[draw(st.sampled_from([*keys, "until", "from", "while", "any", "not"]))] = place.pop(key)
            else:
                place[key] = junk  # type: ignore[index]
            break
    return raw


def try_out(program: tk.Program) -> None:
    """Use a program: whatever loads must also work, or refuse what it is asked in its own words."""
    on = date(2026, 8, 1)
    holder = tk.Holder(partner="p", since=date(2025, 1, 1), actions=[date(2026, 7, 1)], share=1)
    book = tk.Book(
        [
            tk.Deal(id="D-1", partner="p", customer="c", closed_on=on, mrr=tk.Money(1000, "EUR"), kind="sourced", market="BR"),
            tk.Deal(id="D-2", partner="p", customer="c", closed_on=date(2025, 1, 1), mrr=tk.Money(9, "USD"), kind="sourced", market="DE", motion="upsell", value=tk.Money(9, "USD"), line_first_sold_on=date(2021, 1, 1)),
            tk.Deal(id="D-3", partner="p", customer="c", closed_on=date(2022, 1, 1), mrr=tk.Money(9, "BRL"), kind="assisted"),
            tk.ManagedAccount(id="A", customer="c", mrr=tk.Money(1000, "GBP"), holders=[holder, tk.Holder(partner="q")], market="IN"),
            tk.Event(id="E", partner="p", type="gift", on=on, market="DE", quantity=3, amount=tk.Money(3, "EUR")),
            tk.State(id="S", type="seats", holders=[holder], market="DE", quantity=3, amount=tk.Money(3, "EUR")),
            tk.Reading(partner="p", name="certified", value=True, on=date(2026, 1, 1)),
        ]
    )  # fmt: skip
    ledger = tk.earn(book, program)
    mine = ledger.partner("p")
    for day in (on, date(2022, 7, 18), date(2025, 12, 31)):
        try:
            standing = tk.assess(mine, on=day)
        except tk.NotCovered:
            continue
        credited = review(mine, on=day).credited_tier
        assert credited is None or credited is tk.Verdict.UNKNOWN or credited in program.tiers
        for track in program.tracks:
            live = [entry.points for entry in mine.entries if day in entry.span and entry.track == track]
            assert sum(live, tk.Points(0)) == standing[track]
    assert list(program.sourced_values())
    assert program.diff(program) == ()
    assert all(str(each) for each in program.diff(hubspot()))


def load_or_refuse(text: str) -> None:
    try:
        program = program_of(text)
    except tk.InvalidProgram as refused:
        assert refused.problems
    else:
        try_out(program)


@given(mutated())
def test_a_changed_file_is_a_program_or_is_refused(raw: dict[str, object]) -> None:
    """'loaders never crash on arbitrary input'"""
    load_or_refuse(file_of(raw))


@given(mutated(EVERY_KEY))
def test_any_change_to_any_key_gives_a_program_or_problems_with_a_place(raw: dict[str, object]) -> None:
    """'loader against mutated files (every mutation gives a located problem or an equal program)'"""
    with TemporaryDirectory() as folder:
        file = Path(folder, "program.toml")
        file.write_text(file_of(raw), encoding="utf-8")
        checked = tk.check_program(file)
    assert (checked.program is None) is bool(checked.problems)
    for problem in (*checked.problems, *checked.warnings):
        line = problem.where.removeprefix("program.toml, line ")
        assert line.isdecimal() or problem.field.partition(".")[0] not in raw
        assert problem.found
        assert len(str(problem)) < 5000
    if checked.program is not None:
        assert program_of(file_of(raw)) == checked.program
        assert all(str(each) for each in (*checked.program.diff(own()), *own().diff(checked.program)))


@given(
    st.lists(
        st.tuples(st.integers(0, len(SHIPPED)), st.integers(0, 60), st.text(max_size=10)),
        min_size=1,
        max_size=5,
    )
)
def test_a_file_with_changed_letters_is_a_program_or_is_refused(cuts: list[tuple[int, int, str]]) -> None:
    """'loaders never crash on arbitrary input'"""
    text = SHIPPED
    for start, length, put in cuts:
        text = text[:start] + put.encode("utf-8", "replace").decode() + text[start + length :]
    load_or_refuse(text)


@given(st.text())
@example("\ufeff")
@example("\0")
def test_any_text_is_a_program_or_is_refused(text: str) -> None:
    """'loaders never crash on arbitrary input'"""
    load_or_refuse(text.encode("utf-8", "replace").decode())


@given(mutated())
def test_a_changed_overlay_is_laid_over_or_refused(raw: dict[str, object]) -> None:
    """'loaders never crash on arbitrary input'"""
    keep = {key: value for key, value in raw.items() if key not in ("id", "in-force", "tracks")}
    try:
        program = program_of(SHIPPED, file_of(keep | {"extends": "hubspot-solutions"}))
    except tk.InvalidProgram as refused:
        assert refused.problems
    else:
        try_out(program)


def test_which_facts_hold_over_days() -> None:
    assert [shape for shape in FactShape if shape.is_state] == [FactShape.ACCOUNT, FactShape.STATE]
