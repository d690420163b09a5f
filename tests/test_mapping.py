"""A CRM's own export, taken as it is by a mapping beside it."""

from __future__ import annotations

import tempfile
import zoneinfo
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_bad_records import is_a_way_out, problems_of
from test_facts import DAY, deal
from test_readers import EXAMPLES, HEADER, ROW, folder

from tierkit.facts.book import Book
from tierkit.facts.readers import check_book, read_book
from tierkit.values.money import Money

MAPPING = """\
format = 0
[deals]
file = "hubspot-deals.csv"
keep = { "Deal Stage" = ["Closed Won"] }
[deals.columns]
id = "Record ID"
partner = { constant = "northwind" }
closed_on = { column = "Close Date", time-zone = "Europe/Berlin" }
kind = { column = "Partner deal kind", translate = { "Sourced" = "sourced", "Assisted" = "assisted" } }
mrr = "Monthly recurring revenue"
currency = "Currency"
customer = { join = "companies", on = "Associated Company IDs (Primary)", column = "Company name" }
[deals.columns.market]
join = "companies"
on = "Associated Company IDs (Primary)"
column = "Country/Region"
translate = "country-names"
[joins.companies]
file = "hubspot-companies.csv"
key = "Record ID"
"""

DEALS = """\
Record ID;Deal Name;Deal Stage;Close Date;Amount;Currency;Monthly recurring revenue;\
Associated Company IDs (Primary);Partner deal kind;Annual recurring revenue
11;Möwe, new;Closed Won;2026-09-15 16:05;36000;EUR;1000;901;Sourced;12000
12;"Möwe; more";Contract Sent;2026-11-30;9;EUR;;901;Sourced;
13;Tokyo;Closed Won;2026-09-15;5;JPY;14400;902;Assisted;
14;Late;Closed Won;2026-09-15T23:30:00Z;5;USD;10.50;903;Assisted;
"""

COMPANIES = """\
Record ID,Company name,City,Country/Region
901,Blaue Möwe,Hamburg,Germany
902,東京商事,Tokyo,JAPAN
903,"Coast, Inc.",Boston,
904,Not in a deal,,Atlantis
"""


def export(place: Path, mapping: str = MAPPING, deals: str = DEALS, companies: str = COMPANIES) -> Path:
    """Write an export as HubSpot does: with a byte order mark, and semicolons in one file."""
    (place / "mapping.toml").write_text(mapping, encoding="utf-8")
    (place / "hubspot-deals.csv").write_text(deals, encoding="utf-8-sig")
    (place / "hubspot-companies.csv").write_text(companies, encoding="utf-8")
    return place


def of_export(**fields: object) -> object:
    return deal(**{"closed_on": date(2026, 9, 15)} | fields)


GOOD = Book(
    [
        of_export(id="11", customer="Blaue Möwe", market="DE"),  # type: ignore[list-item]
        of_export(id="13", customer="東京商事", market="JP", mrr=Money("14400", "JPY"), kind="assisted"),  # type: ignore[list-item]
        deal(
            id="14",
            customer="Coast, Inc.",
            mrr=Money("10.50", "USD"),
            kind="assisted",
            closed_on=date(2026, 9, 16),
        ),
    ]
)


def test_an_export_is_taken_as_it_is(tmp_path: Path) -> None:
    assert read_book(export(tmp_path)) == GOOD


def test_the_example_export_gives_the_identical_book() -> None:
    assert read_book(EXAMPLES / "northwind-hubspot-export") == read_book(EXAMPLES / "northwind")


def test_other_tables_are_read_from_their_own_files(tmp_path: Path) -> None:
    folder(export(tmp_path), events="id,partner,type,on\nE-1,northwind,call,2026-03-04\n")
    assert len(read_book(tmp_path)) == len(GOOD) + 1


def test_a_mapping_renames_the_columns_of_our_own_file_too(tmp_path: Path) -> None:
    folder(tmp_path, deals=f"{HEADER.replace('id,', 'number,')},size\n{ROW},5\n")
    names = "".join(f'{name} = "{name}"\n' for name in HEADER.split(",")[1:])
    mapping = 'format = 0\n[deals]\nfile = "deals.csv"\n[deals.columns]\nid = "number"\n'
    mapping += '"attr:size:number" = "size"\n'
    (tmp_path / "mapping.toml").write_text(mapping + names)
    assert read_book(tmp_path) == Book([deal(attributes={"size": 5})])


CONSTANTS = """\
format = 0
[readings]
file = "scores.csv"
[readings.columns]
partner = "partner"
name = { constant = "certified" }
value = { constant = true }
on = { constant = 2026-03-04 }
customer = { column = "who", translate = { "" = "", "A" = "acme" } }
"""


def test_constants_may_be_of_any_type(tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(CONSTANTS)
    (tmp_path / "scores.csv").write_text("partner,who\nnorthwind,A\nborealis,\n,\n")
    one, two = read_book(tmp_path).readings
    assert (one.partner, one.value, one.on, one.customer) == ("borealis", True, DAY, "")
    assert two.customer == "acme"
    (tmp_path / "mapping.toml").write_text(CONSTANTS.replace("constant = true", "constant = 5"))
    assert read_book(tmp_path).readings[0].value == 5
    (tmp_path / "mapping.toml").write_text(CONSTANTS.replace("constant = true", "constant = 5.10"))
    assert read_book(tmp_path).readings[0].value == Fraction("5.1")


# "A date-time is cut to its day in a named time zone".


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-09-15", "2026-09-15"),
        ("2026-09-15 23:59", "2026-09-15"),
        ("2026-09-15T23:59:59.5", "2026-09-15"),
        ("2026-09-15T21:59:59Z", "2026-09-15"),
        ("2026-09-15T22:00:00Z", "2026-09-16"),
        ("2026-01-15T23:00:00+00:00", "2026-01-16"),
        ("2026-09-16 05:00-11:00", "2026-09-16"),
        ("2026-09-16 15:00-11:00", "2026-09-17"),
    ],
)
def test_a_date_time_is_cut_to_its_day(tmp_path: Path, written: str, day: str) -> None:
    book = read_book(export(tmp_path, deals=DEALS.replace("2026-09-15T23:30:00Z", written)))
    assert book["14"].closed_on == date.fromisoformat(day)  # type: ignore[union-attr]


def test_a_machine_without_time_zones_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(name: str) -> None:
        raise zoneinfo.ZoneInfoNotFoundError(name)

    monkeypatch.setattr(zoneinfo, "ZoneInfo", none)
    monkeypatch.setattr(zoneinfo, "available_timezones", set)
    (line,) = problems_of(export(tmp_path))
    assert "install tzdata" in line


# Rows that an export gives and a mapping cannot take.

ROWS: list[tuple[str, str, str]] = [
    (
        "Sourced;12000",
        "Introduced;12000",
        "kind (column 'Partner deal kind'): found 'Introduced'; expected one of 'Sourced'",
    ),
    ("Sourced;12000", ";12000", "kind (column 'Partner deal kind'): expected a value: it is required"),
    ("EUR;1000", "EUR;1,000.00", "mrr (column 'Monthly recurring revenue'): found '1,000.00'"),
    ("EUR;1000", "EUR;", "mrr (column 'Monthly recurring revenue'): expected a value: it is required"),
    (
        "2026-09-15 16:05",
        "15/09/2026 16:05",
        "closed_on (column 'Close Date'): found '15/09/2026 16:05'; expected a day, or",
    ),
    (
        "2026-09-15 16:05",
        "15/09/2026",
        "closed_on (column 'Close Date'): found '15/09/2026'; expected a day written",
    ),
    ("2026-09-15 16:05", "0001-01-01T00:00+14:00", "found '0001-01-01T00:00+14:00'"),
    ("2026-09-15 16:05", "x" * 2000, "closed_on (column 'Close Date'): found 'xxx"),
    (
        "1000;901",
        "1000;904",
        "market (column 'Country/Region'): found 'Atlantis'; expected the English name of a country",
    ),
    (
        "1000;901",
        "1000;999",
        "customer (column 'Company name'): found '999'; expected the Record ID of a row of",
    ),
    ("1000;901", "1000;", "customer (column 'Company name'): expected a value: it is required"),
]


@pytest.mark.parametrize(("good", "bad", "said"), ROWS)
def test_a_row_that_cannot_be_taken_is_a_problem_and_the_others_stay(
    tmp_path: Path, good: str, bad: str, said: str
) -> None:
    book, problems = check_book(export(tmp_path, deals=DEALS.replace(good, bad)))
    assert book == GOOD.without("11")
    assert all(map(is_a_way_out, problems))
    assert {problem.where for problem in problems} == {"hubspot-deals.csv line 2"}
    assert said in str(problems[0])


def test_a_joined_cell_may_be_translated(tmp_path: Path) -> None:
    mapping = MAPPING.replace('translate = "country-names"', 'translate = { Germany = "DE", JAPAN = "JP" }')
    assert read_book(export(tmp_path, mapping=mapping)) == GOOD
    lines = problems_of(export(tmp_path, mapping=mapping, deals=DEALS.replace("1000;901", "1000;999")))
    assert ["found '999'" in line for line in lines] == [True, True]


def test_everything_that_is_wrong_with_a_row_is_said(tmp_path: Path) -> None:
    bad = DEALS.replace("2026-09-15 16:05;36000;EUR;1000;901;Sourced", "x;36000;EUR;x;904;y")
    lines = problems_of(export(tmp_path, deals=bad))
    assert [line.split(":")[1].split()[0] for line in lines] == ["closed_on", "kind", "market", "mrr"]


def test_a_company_that_is_there_twice_is_asked_for_only_where_it_is_used(tmp_path: Path) -> None:
    same, other = "902,東京商事,Kyoto,JAPAN\n", "901,Other,Hamburg,Germany\n"
    assert read_book(export(tmp_path, companies=COMPANIES + same + "904,Twice,,\n")) == GOOD
    lines = problems_of(export(tmp_path, companies=COMPANIES + other))
    assert "found '901'; expected a Record ID that one row of hubspot-companies.csv has" in lines[0]


def test_more_unknown_countries_than_there_are_are_not_looked_up(tmp_path: Path) -> None:
    companies = "Record ID,Company name,Country/Region\n" + "".join(f"{n},c,x{n}\n" for n in range(1_100))
    header, row, *_ = DEALS.splitlines()
    deals = "\n".join(
        [header, *(row.replace("11;", f"D{n};").replace(";901;", f";{n};") for n in range(1_100))]
    )
    lines = problems_of(export(tmp_path, deals=deals, companies=companies))
    assert len(lines) == 1_001


# Mistakes in the mapping.

TEXTS: list[tuple[str, str, str]] = [
    ("format = 0", "", "mapping.toml: format: expected 0"),
    ("format = 0", "format = 1", "mapping.toml: format: found 1"),
    ("format = 0", "format = false", "mapping.toml: format: found False"),
    ("[deals]", "[deal]", "mapping.toml: found the key 'deal'; expected one of"),
    ("[joins.companies]", "[joins.firms]", "join: found 'companies'; expected a section [joins.companies]"),
    (
        "keep =",
        "kepe =",
        "mapping.toml [deals]: found the key 'kepe'; expected one of file, keep, columns; did you mean",
    ),
    (
        '["Closed Won"]',
        '"Closed Won"',
        "mapping.toml [deals.keep]: Deal Stage: found 'Closed Won'; expected a list of texts",
    ),
    ('["Closed Won"]', "[]", "Deal Stage: found []; expected a list of texts"),
    ('["Closed Won"]', '["Won", 5]', "Deal Stage: found ['Won', 5]; expected a list of texts"),
    (
        '"Deal Stage" =',
        '"Deal stage" =',
        "keep: found 'Deal stage' nowhere; expected a column of hubspot-deals.csv; did you mean",
    ),
    (
        '["Closed Won"]',
        '["closed won"]',
        "found 4 rows, none of them kept; there is 'Closed Won', 'Contract Sent'; expected a",
    ),
    (
        '"hubspot-deals.csv"',
        '"hubspot-deal.csv"',
        "file: found 'hubspot-deal.csv'; expected the name of a file that stands",
    ),
    ('"hubspot-deals.csv"', '"../hubspot-deals.csv"', "file: found '../hubspot-deals.csv'"),
    ('"hubspot-deals.csv"', "5", "file: found 5; expected text in quotation marks"),
    ('file = "hubspot-deals.csv"', "", "mapping.toml [deals]: file: expected text in quotation marks"),
    ('key = "Record ID"', "", "mapping.toml [joins.companies]: key: expected text"),
    (
        'key = "Record ID"',
        'key = "ID"',
        "mapping.toml [joins.companies]: found 'ID' nowhere; expected a column of",
    ),
    (
        '"hubspot-companies.csv"',
        '"companies.csv"',
        "mapping.toml [joins.companies]: file: found 'companies.csv'",
    ),
    ('column = "Company name"', 'column = "Company"', "[joins.companies]: found 'Company' nowhere"),
    (
        '= "Record ID"\npartner',
        '= "Record"\npartner',
        "mapping.toml [deals.columns]: id: found 'Record' nowhere",
    ),
    ('= "Record ID"\npartner', "= 5\npartner", "mapping.toml [deals.columns.id]: found 5; expected a table"),
    ('= "Record ID"\npartner', "= {}\npartner", "mapping.toml [deals.columns.id]: column: expected text"),
    ("id =", "idd =", "mapping.toml [deals.columns]: found the column 'idd'; expected one of id, partner"),
    (
        'kind = { column = "Partner deal kind"',
        'kind2 = { column = "Partner deal kind"',
        "kind: expected where this column",
    ),
    ("[joins.companies]", "[joins]\nx = 5\n[joins.companies]", "[joins.x]: found 5; expected a table"),
    ('constant = "northwind"', "constant = []", "constant: found []; expected text, a number"),
    ('constant = "northwind"', "constant = 2026-01-01T00:00:00", "constant: found 2026-01-01T00:00:00"),
    (
        'constant = "northwind"',
        'constant = "n", column = "Currency"',
        "constant: found 'n'; expected a constant or a column",
    ),
    (
        'join = "companies", on',
        "on",
        "on: found 'Associated Company IDs (Primary)'; expected the name of a join too",
    ),
    (
        'on = "Associated Company IDs (Primary)", column = "Company name"',
        'column = "Company name"',
        "on: expected text",
    ),
    (
        'on = "Associated Company IDs (Primary)", column = "Company name"',
        'on = "ID", column = "Company name"',
        "found 'ID' nowhere",
    ),
    (
        '"Europe/Berlin"',
        '"Europe/Berln"',
        "time-zone: found 'Europe/Berln'; expected a time zone by its IANA name",
    ),
    ('"Europe/Berlin"', '"/etc/passwd"', "time-zone: found '/etc/passwd'"),
    (
        '"Currency"',
        '{ column = "Currency", time-zone = "UTC" }',
        "time-zone: found 'UTC'; expected a column of dates",
    ),
    ('"Currency"', '{ column = "Currency", is = "monthly" }', "is: found 'monthly'; expected nothing"),
    (
        '"Currency"',
        '{ column = "Currency", translate = "country-names" }',
        "translate: found 'country-names'",
    ),
    (
        '"Currency"',
        '{ column = "Currency", translate = {} }',
        "translate: found {}; expected what each cell means",
    ),
    ('"Currency"', '{ column = "Currency", translate = { a = 1 } }', "translate: found {'a': 1}"),
    ('"country-names"', '"country-codes"', 'such as { "Sourced" = "sourced" }, or "country-names"'),
    (
        '"Currency"',
        '{ column = "Currency", as = "x" }',
        "found the key 'as'; expected one of column, constant",
    ),
    (
        '"Monthly recurring revenue"',
        '{ column = "Amount", is = "yearly" }',
        "is: found 'yearly'; expected \"monthly\"",
    ),
]


@pytest.mark.parametrize(("good", "bad", "said"), TEXTS)
def test_a_mistake_in_the_mapping_is_a_problem(tmp_path: Path, good: str, bad: str, said: str) -> None:
    assert good in MAPPING
    book, problems = check_book(export(tmp_path, mapping=MAPPING.replace(good, bad, 1)))
    assert all(map(is_a_way_out, problems))
    assert said in "\n".join(map(str, problems))
    assert len(book) == 0 or "[joins.x]" in said


WHOLE: list[tuple[bytes, str]] = [
    (b"", "mapping.toml: format"),
    (b"format = ", "mapping.toml, line 1: found Invalid value"),
    (b"\xff", "bytes that are not UTF-8"),
    (b"format = 0\njoins = 5", "mapping.toml [joins]: found 5; expected a table"),
    (b"format = 0\ndeals = 5", "mapping.toml [deals]: found 5; expected a table"),
    (
        b'format = 0\n[deals]\nfile = "hubspot-deals.csv"',
        "mapping.toml [deals]: columns: expected the column that each of",
    ),
    (
        b"format = 0\nx = " + b"9" * 5000,
        "mapping.toml, line 2: found a number of thousands of digits; expected",
    ),
    (
        b"format = 0\n\n[deals\n",
        "mapping.toml, line 3: found Expected ']' at the end of a table declaration; ",
    ),
    (b"x = " + b"[" * 10_000, "mapping.toml"),
    (b'x = "' + b"y" * 10_000_000 + b'"', "more than a megabyte"),
    (b"format = 0\n[deals]\n" + b"a." * 5_000 + b"b = 1", "expected keys of at most 20 dotted parts"),
    (b"x = 1e99999999999999999999", "mapping.toml, line 1: found a number of thousands of digits; expected"),
]


def test_a_column_of_ours_that_is_not_known_spoils_the_table(tmp_path: Path) -> None:
    mapping = MAPPING.replace("[deals.columns]", '[deals.columns]\nmoton = "Deal Name"')
    book, (problem,) = check_book(export(tmp_path, mapping=mapping))
    assert len(book) == 0
    assert "did you mean 'motion'?" in problem.hint


@pytest.mark.parametrize(("data", "said"), WHOLE)
def test_a_mapping_that_is_none_is_a_problem(tmp_path: Path, data: bytes, said: str) -> None:
    export(tmp_path)
    (tmp_path / "mapping.toml").write_bytes(data)
    assert said in "\n".join(problems_of(tmp_path))


def test_a_mapping_that_cannot_be_opened_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").mkdir()
    assert (
        "mapping.toml: found 'Is a directory'; expected a file that can be read" in problems_of(tmp_path)[0]
    )


@given(st.binary(max_size=100))
def test_arbitrary_bytes_as_a_mapping_never_crash(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as place:
        export(Path(place))
        (Path(place) / "mapping.toml").write_bytes(data)
        problems_of(Path(place))


@given(st.data())
def test_a_mapping_with_a_line_left_out_never_crashes(data: st.DataObject) -> None:
    lines = MAPPING.splitlines()
    left_out = data.draw(st.sets(st.integers(0, len(lines) - 1), min_size=1, max_size=3))
    mapping = "\n".join(line for number, line in enumerate(lines) if number not in left_out)
    with tempfile.TemporaryDirectory() as place:
        book, problems = check_book(export(Path(place), mapping=mapping))
    gone = " ".join(lines[number] for number in left_out)
    assert problems or book == GOOD or "keep" in gone or "market" in gone


# Asked for: "which money column is the monthly recurring revenue (never guessed: a yearly figure would be
# twelve times too high)".


def test_the_column_of_monthly_revenue_is_never_guessed(tmp_path: Path) -> None:
    mapping = MAPPING.replace('mrr = "Monthly recurring revenue"\n', "")
    (line,) = problems_of(export(tmp_path, mapping=mapping))
    assert line.startswith(
        "mapping.toml [deals.columns]: mrr: expected the column of the monthly recurring revenue"
    )
    assert "it is not guessed: a yearly figure gives twelve times the points" in line
    assert "'Amount', 'Monthly recurring revenue', 'Annual recurring revenue'" in line
    bare = (
        DEALS.replace("Amount", "A")
        .replace("Monthly recurring revenue", "B")
        .replace("Annual recurring revenue", "C")
    )
    (line,) = problems_of(export(tmp_path, mapping=mapping, deals=bare))
    assert line.endswith("twelve times the points")


@pytest.mark.parametrize("column", ["Amount", "annual recurring revenue ", "Total contract value", "ARR"])
def test_a_yearly_column_is_refused_unless_it_is_said_to_be_monthly(tmp_path: Path, column: str) -> None:
    mapping = MAPPING.replace("Monthly recurring revenue", column)
    lines = problems_of(export(tmp_path, mapping=mapping, deals=DEALS.replace("Amount", column)))
    assert "expected a column of monthly recurring revenue, which this is not by its name" in lines[0]
    assert 'is = "monthly" }' in lines[0]


def test_an_amount_that_is_said_to_be_monthly_is_taken(tmp_path: Path) -> None:
    mapping = MAPPING.replace('"Monthly recurring revenue"', '{ column = "Amount", is = "monthly" }')
    book = read_book(export(tmp_path, mapping=mapping))
    assert book["11"].mrr == Money("36000", "EUR")  # type: ignore[union-attr]


# Files beside the mapping.


def test_a_file_that_the_mapping_replaces_is_not_read_in_silence(tmp_path: Path) -> None:
    (line,) = problems_of(folder(export(tmp_path), deals=f"{HEADER}\n{ROW}\n"))
    assert line.startswith("deals.csv: found a file that is not read")
    assert "mapping.toml takes these records from another file" in line
    (tmp_path / "deals.csv").unlink()
    (tmp_path / "other.csv").write_text("")
    (line,) = problems_of(tmp_path)
    assert "rename or remove it" in line


def test_a_column_that_is_there_twice_cannot_be_mapped(tmp_path: Path) -> None:
    deals = DEALS.replace("Deal Name;", "Currency;")
    (line,) = problems_of(export(tmp_path, deals=deals))
    assert "currency: found 'Currency' twice; expected a column of hubspot-deals.csv" in line
    companies = COMPANIES.replace("City", "Company name")
    (line,) = problems_of(export(tmp_path, companies=companies))
    assert "found 'Company name' twice; expected a column of hubspot-companies.csv" in line


def test_the_columns_of_a_join_are_those_of_all_tables(tmp_path: Path) -> None:
    mapping = MAPPING + (
        '[readings]\nfile = "scores.csv"\n[readings.columns]\npartner = { constant = "northwind" }\n'
        'name = "name"\nvalue = "value"\non = "on"\n'
        'customer = { join = "companies", on = "company", column = "City" }\n'
    )
    export(tmp_path, mapping=mapping)
    (tmp_path / "scores.csv").write_text("name,value,on,company\ngrr,5,2026-01-01,901\n")
    book = read_book(tmp_path)
    assert book.readings[0].customer == "Hamburg"
    assert book.deals == GOOD.deals
    (tmp_path / "mapping.toml").write_text(mapping.replace('file = "scores.csv"\n', ""), encoding="utf-8")
    book, problems = check_book(tmp_path)
    assert len(problems) == 1
    assert book == GOOD
