"""Bad input: each of it is a problem that says where, what was found, what was expected and what to do.

Asked for: "gives an error that says where, what was found, what was expected and what to do, in well under a
second, and nothing half-made is returned"; the design: "loaders never crash on arbitrary input".
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_facts import books
from test_facts import account, deal
from test_readers import HEADER, ROW, folder

from tierkit.facts import readers
from tierkit.facts.book import Book
from tierkit.facts.columns import COLUMNS
from tierkit.facts.problems import MOST_PROBLEMS
from tierkit.facts.writers import write_book

if TYPE_CHECKING:
    from tierkit.errors import Problem

TABLES = sorted(COLUMNS)
ACCOUNT = "id,customer,mrr,currency,partner,since\nA-1,acme,1000,EUR,northwind,2026-03-04\n"
LONG = 10_000_000


def check_book(path: Path | str) -> tuple[Book, tuple[Problem, ...]]:
    """Check a book, in well under a second; the bound leaves room for a slow machine."""
    start = time.process_time()
    checked = readers.check_book(path)
    assert time.process_time() - start < 3
    return checked


def is_a_way_out(problem: Problem) -> bool:
    """Whether a problem says where, and what was expected, in a line that can be shown anywhere."""
    line = str(problem)
    line.encode()
    return (
        bool(problem.where and (problem.expected or problem.hint))
        and len(line) < 1500
        and "\n" not in problem.where
    )


def problems_of(place: Path) -> list[str]:
    """The problems of a folder, as lines."""
    _, problems = check_book(place)
    assert all(map(is_a_way_out, problems))
    return [str(problem) for problem in problems]


# Arbitrary input.


@given(st.dictionaries(st.sampled_from(TABLES), st.binary(max_size=200), min_size=1, max_size=3))
def test_arbitrary_bytes_as_csv_never_crash(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as place:
        assert isinstance(problems_of(folder(Path(place), **files)), list)


cells = st.one_of(
    st.text(max_size=20), st.sampled_from(["", "5", "true", "2026-01-01", "EUR", "DE", "northwind", "A-1"])
)


@given(st.data(), st.sampled_from(TABLES))
def test_arbitrary_cells_under_good_headers_never_crash(data: st.DataObject, table: str) -> None:
    names = [column.name for column in COLUMNS[table]]
    rows = data.draw(st.lists(st.lists(cells, min_size=len(names), max_size=len(names)), max_size=5))
    with tempfile.TemporaryDirectory() as place, (Path(place) / f"{table}.csv").open("w", newline="") as file:
        csv.writer(file).writerows([names, *rows])
        file.close()
        book, problems = check_book(place)
    assert all(map(is_a_way_out, problems))
    assert problems or len(book) <= len(rows)


@given(books(most=2), st.data())
def test_one_bad_cell_is_one_problem_and_the_other_facts_stay(book: Book, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as place:
        write_book(book, place)
        paths = sorted(
            path for path in Path(place).iterdir() if path.read_text(encoding="utf-8").count("\n") > 1
        )
        if not paths:
            return
        path = data.draw(st.sampled_from(paths))
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        row, column = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, len(header) - 1))
        rows[row][column] = "\x1b bad"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        rest, problems = check_book(place)
    assert problems
    assert all(map(is_a_way_out, problems))
    assert f"{path.name} line {row + 2}" in {problem.where for problem in problems}
    assert set(rest) <= set(book) or header[column] == "account"  # whose part is lost, nobody can know


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.binary(max_size=3)
)
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def records(draw: st.DrawFn, table: str) -> object:
    names = [column.name for column in COLUMNS[table]] + [
        "holders",
        "changes",
        "actions",
        "attr:x",
        "attr:n:number",
    ]
    fixed = st.sampled_from(["5", "EUR", "2026-01-01", "A-1", "northwind"])
    return draw(st.one_of(trees, st.dictionaries(st.sampled_from(names), st.one_of(fixed, trees))))


@given(st.data())
def test_arbitrary_values_as_records_never_crash(data: st.DataObject) -> None:
    form: dict[object, object] = {
        table: data.draw(st.one_of(trees, st.lists(records(table), max_size=3)))
        for table in data.draw(st.lists(st.sampled_from(TABLES), unique=True, max_size=4))
    }
    form |= data.draw(st.dictionaries(st.one_of(st.text(max_size=5), st.integers()), trees, max_size=1))
    _, problems = Book.check_records(form)  # type: ignore[arg-type]
    assert all(map(is_a_way_out, problems))


@given(trees)
def test_arbitrary_values_instead_of_tables_never_crash(tree: object) -> None:
    _, problems = Book.check_records(tree)  # type: ignore[arg-type]
    assert all(map(is_a_way_out, problems))


@given(
    st.one_of(st.binary(max_size=100), st.text(max_size=100).map(str.encode), trees.map(repr).map(str.encode))
)
def test_arbitrary_bytes_as_json_never_crash(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "book.json"
        path.write_bytes(data)
        _, problems = check_book(path)
    assert all(map(is_a_way_out, problems))


# One bad cell of each kind: the file, the line, the field, and a word of what is said.

DEALS = [
    ("mrr", "1,234.5", "1,234.5", "without thousands separators"),
    ("mrr", "1e999999999", "1e999999999", "without an exponent"),
    ("mrr", "NaN", "NaN", "leave the number out"),
    ("mrr", "9" * 89, "9999", "no amount is that large"),
    ("mrr", "infinity", "infinity", "plain decimal"),
    ("mrr", "10.001", "10.001", "decimals"),
    ("mrr", "9" * 2000, "9999", "characters"),
    ("mrr", "", "", "it is required"),
    ("currency", "eur", "eur", "did you mean 'EUR'?"),
    ("currency", "Euro", "Euro", "three capital letters"),
    ("currency", "XAU", "1000", 'in another currency, such as "EUR"'),
    ("currency", "HRK", "HRK on 2026-03-04", "was withdrawn on"),
    ("closed_on", "31/12/2026", "31/12/2026", "31/12/2026 is 2026-12-31"),
    ("closed_on", "20260304", "20260304", "written as in 2026-11-23"),
    ("closed_on", "2026-02-30", "2026-02-30", "a day of the calendar"),
    ("closed_on", "2026-03-04 16:05", "16:05", "leave out the time of day"),
    ("closed_on", "1026-03-04", "1026-03-04", "1990 to 2100"),
    ("closed_on", "٢٠٢٦-٠٣-٠٤", "٢٠٢٦", "a day of the calendar"),
    ("kind", "", "", "it is required"),
    ("customer", " acme", " acme", "remove them"),
    ("customer", "x" * 3000, "xxx", "at most 200 characters"),
]


@pytest.mark.parametrize(("column", "cell", "found", "said"), DEALS)
def test_a_bad_cell_of_a_deal_is_located(
    tmp_path: Path, column: str, cell: str, found: str, said: str
) -> None:
    row = dict(zip(HEADER.split(","), ROW.replace("D-1", "D-2").split(","), strict=True)) | {column: cell}
    with (tmp_path / "deals.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER.split(","), ROW.split(","), row.values()])
    book, (problem,) = check_book(tmp_path)
    assert book == Book([deal()])
    assert problem.where == "deals.csv line 3"
    assert problem.field == ("mrr" if cell in ("XAU", "HRK") else column)
    assert found in problem.found
    assert said in f"{problem.expected} {problem.hint}"
    assert len(str(problem)) < 400


OTHERS = [
    ("market", "UK", "did you mean 'GB'?"),
    ("market", "Germany", 'translate = "country-names"'),
    ("motion", "up-sell", "did you mean 'upsell'?"),
    ("value_currency", "EURO", "three capital letters"),
    ("line_first_sold_on", "2026-03-05", "on or after line_first_sold_on"),
    ("attr:seats:number", "1,5", "thousands"),
    ("attr:new:boolean", "TRUE", "true or false"),
    ("attr:on:date", "4.3.2026", "the year first"),
    ("attr:on:date", "0026-03-04", "1900"),
]


@pytest.mark.parametrize(("column", "cell", "said"), OTHERS)
def test_a_bad_cell_of_an_optional_column_is_located(
    tmp_path: Path, column: str, cell: str, said: str
) -> None:
    (line,) = problems_of(folder(tmp_path, deals=f'{HEADER},{column}\n{ROW},"{cell}"\n'))
    assert line.startswith("deals.csv line 2: ")
    assert said in line


def test_two_values_of_one_attribute_are_refused(tmp_path: Path) -> None:
    header = f"{HEADER},attr:a,attr:a:number"
    (line,) = problems_of(folder(tmp_path, deals=f"{header}\n{ROW},x,5\n{ROW.replace('D-1', 'D-2')},,5\n"))
    assert line == (
        "deals.csv line 2: attr:a:number: found a second value, beside attr:a; "
        "expected one value of each attribute"
    )


def test_everything_that_is_wrong_with_a_row_is_said(tmp_path: Path) -> None:
    lines = problems_of(folder(tmp_path, deals=f"{HEADER}\nD-1,,acme,4.3.2026,x,eur,\n"))
    assert [line.split(": ")[1] for line in lines] == ["partner", "closed_on", "currency", "kind", "mrr"]


# Files.

FILES: list[tuple[bytes, str]] = [
    (b"", "deals.csv line 1: found nothing; expected a row with the names of the columns"),
    (b"\n\n", "deals.csv line 1: found nothing; expected a row with the names of the columns"),
    (b",,,\n", "deals.csv line 1: found 4 columns; expected a row with the names of the columns"),
    (HEADER.encode("utf-16"), "deals.csv line 1: found a NUL byte; expected text"),
    (b"\xff\xfe", "deals.csv line 1: found bytes that are not UTF-8; expected text in UTF-8"),
    (f"{HEADER},id\n{ROW},D-2\n".encode(), "deals.csv line 1: found 'id'; expected each column once"),
    (f"{HEADER}\n{ROW}\n{ROW},x\n".encode(), "deals.csv line 3: found 8 cells; expected 7, as in the header"),
    (f"{HEADER}\n{ROW}\nD-2\n".encode(), "deals.csv line 3: found 1 cells; expected 7, as in the header"),
    (f"{HEADER}\n{ROW}\nD-2\0,n,a,2026-01-01,5,EUR,s\n".encode(), "deals.csv line 3: found a NUL byte"),
    (
        f"{HEADER}\n{ROW}\nD-2,n,M\xfcller,2026-01-01,5,EUR,s\n".encode("latin-1"),
        "line 3: found bytes that are not UTF-8",
    ),
    (
        f'{HEADER}\n{ROW}\nD-2,"a"b,c,2026-01-01,5,EUR,s\n'.encode(),
        "deals.csv line 3: found ',' expected after '\"'",
    ),
    (f'{HEADER}\n{ROW}\nD-2,"a\nb\n'.encode(), "deals.csv line 4: found unexpected end of data"),
    (
        f'{HEADER}\n{ROW}\n"{"x" * LONG}",,,,,,\n'.encode(),
        "expected a cell of a length that somebody can read; shorten the cell, or remove its row",
    ),
    (f'{HEADER}\n{ROW}\nD\0,"a"b,c\n'.encode(), "deals.csv line 3: found a NUL byte; expected text"),
    (f"{HEADER}\n{ROW}\n{',' * LONG}x\n".encode(), "deals.csv line 3: found 10000001 cells; expected 7"),
    (f"{HEADER}{',' * LONG}\n".encode(), "deals.csv line 1: found 10000048 characters; expected a header"),
    (b"x" * 200_000, "deals.csv line 1: found field larger than field limit"),
    (f'{HEADER},"x\n'.encode(), "deals.csv line 1: found unexpected end of data"),
    (b"," * 6000 + b"x", "deals.csv line 1: found 6001 columns"),
    (f"{HEADER},makret\n{ROW},DE\n".encode(), "found the column 'makret'; expected one of id, partner"),
    (f"{HEADER},\n{ROW},DE\n".encode(), "found the column ''; expected one of"),
    (f"{HEADER},attr:\n{ROW},5\n".encode(), "found the column 'attr:'; expected one of"),
    (f"{HEADER},attr:a:float\n{ROW},5\n".encode(), "attr:NAME:number"),
    (b"id,partner\nD-1,northwind\n", "deals.csv line 1: found no such column; expected the column customer"),
]


@pytest.mark.parametrize(("data", "said"), FILES)
def test_a_bad_file_is_a_located_problem(tmp_path: Path, data: bytes, said: str) -> None:
    lines = problems_of(folder(tmp_path, deals=data))
    assert said in lines[0]


def test_the_rows_around_a_bad_one_are_read(tmp_path: Path) -> None:
    bad = b'D-2,"a"b,c\nD-3\nD-4,n,\xff,2026-01-01,5,EUR,s\n'
    last = ROW.replace("D-1", "D-9")
    book, problems = check_book(folder(tmp_path, deals=f"{HEADER}\n{ROW}\n".encode() + bad + last.encode()))
    assert book == Book([deal(), deal(id="D-9")])
    assert [problem.where for problem in problems] == [f"deals.csv line {line}" for line in (3, 4, 5)]


def test_a_row_after_one_that_is_wrong_twice_is_read(tmp_path: Path) -> None:
    bad, last = b'D-2\0,"a"b,c\n', ROW.replace("D-1", "D-9")
    book, problems = check_book(folder(tmp_path, deals=f"{HEADER}\n{ROW}\n".encode() + bad + last.encode()))
    assert book == Book([deal(), deal(id="D-9")])
    assert [problem.where for problem in problems] == ["deals.csv line 3"]


# "nothing half-made is returned": a fact without what a misspelt column says would be another fact.


def test_the_name_of_an_attribute_by_itself_is_told_how_to_be_written() -> None:
    deals = [GOOD | {"level": "high"}, GOOD | {"id": "D-2", "le\nvel": "high"}]
    _, problems = Book.check_records({"deals": deals, "readings": [{"level": 1}]})
    hints = [problem.hint for problem in problems if "level" in problem.found or "vel" in problem.found]
    attribute = "rename or remove it, or write 'attr:level' for an attribute (until then"
    assert [hint.startswith(attribute) for hint in hints] == [True, False, False]
    assert all(hint.startswith("rename or remove it") for hint in hints)


def test_a_misspelt_column_spoils_the_rows_of_its_table(tmp_path: Path) -> None:
    events = "id,partner,type,on\nE-1,northwind,flight,2026-01-01\n"
    deals = f"{HEADER},moton\n{ROW},upsell\n{ROW.replace('D-1', 'D-2')},upsell\n"
    book, (problem,) = check_book(folder(tmp_path, deals=deals, events=events))
    assert [fact.id for fact in book.events] == ["E-1"]
    assert len(book) == 1
    assert problem.where == "deals.csv line 1"
    assert problem.hint == "did you mean 'motion'? (until then no record with this column is used)"


def test_a_misspelt_column_of_a_part_leaves_no_account_half_made(tmp_path: Path) -> None:
    holders = "account,partner,since,untill\nA-1,northwind,2026-03-04,2026-04-01\n"
    accounts = "id,customer,mrr,currency\nA-1,acme,1000,EUR\n"
    book, problems = check_book(folder(tmp_path, accounts=accounts, holders=holders))
    assert len(book) == 0
    assert "did you mean 'until'?" in problems[0].hint


def test_a_misspelt_key_spoils_its_record_alone() -> None:
    good = {"id": "A-1", "customer": "acme", "mrr": "1000", "currency": "EUR"}
    holder = {"partner": "northwind", "since": "2026-03-04"}
    rows = [
        {**good, "holders": [holder]},
        {**good, "id": "A-2", "holders": [{**holder, "untill": "2026-04-01"}]},
        {**good, "id": "A-3", "makret": "DE", "holders": [holder]},
        {**good, "id": "A-4", "makret": "DE", "holders": [holder]},
    ]
    deals = [GOOD, GOOD | {"id": "D-2", "moton": "upsell"}, GOOD | {"id": "D-3", "moton": "upsell"}]
    book, problems = Book.check_records({"accounts": rows, "deals": deals})
    assert book == Book([deal(), account()])
    assert [(problem.where, problem.hint[:23]) for problem in problems] == [
        ("accounts[1].holders[0]", "did you mean 'until'? ("),
        ("deals[1]", "did you mean 'motion'? "),
        ("accounts[2]", "did you mean 'market'? "),
    ]


def test_a_misspelt_column_is_told_of_once(tmp_path: Path) -> None:
    (line,) = problems_of(
        folder(tmp_path, deals=f"{HEADER},makret\n{ROW},DE\n{ROW.replace('D-1', 'D-2')},DE\n")
    )
    assert "did you mean 'market'?" in line
    rows: list[dict[str, object]] = [{"partner": "n", "nmae": 1}, {"partner": "n", "nmae": 1}, {"nmae": 1}]
    _, problems = Book.check_records({"readings": rows})
    assert sum("the column" in problem.found for problem in problems) == 1


def test_a_file_that_no_table_takes_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "Deals.CSV").write_text(f"{HEADER}\n{ROW}\n")
    line, *_ = problems_of(tmp_path)
    assert "Deals.CSV: found a file that is not read" in line
    assert "did you mean 'deals'?" in line


def test_a_folder_without_records_is_a_problem(tmp_path: Path) -> None:
    (line,) = problems_of(tmp_path)
    assert "no records" in line


def test_a_path_that_is_no_book_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "northwind").mkdir()
    (tmp_path / "deals.csv").write_text(HEADER)
    (tmp_path / "book.txt").write_text("")
    assert "did you mean 'northwind'?" in problems_of(tmp_path / "nortwind")[0]
    assert "that exists; check the path" in problems_of(tmp_path / "no" / "such" / "folder")[0]
    assert "a file or folder that exists" in problems_of(Path("a\0b"))[0]
    assert "give the folder that holds it" in problems_of(tmp_path / "deals.csv")[0]
    assert "a folder of CSV files or one JSON file" in problems_of(tmp_path / "book.txt")[0]


def test_what_cannot_be_opened_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deals.csv").mkdir()
    assert "deals.csv: found" in problems_of(tmp_path)[0]
    (tmp_path / "book.json").write_text("{}")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert "Permission denied" in problems_of(tmp_path)[0]
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "Permission denied" in problems_of(tmp_path / "book.json")[0]


def test_a_fact_given_twice_differently_names_both_places(tmp_path: Path) -> None:
    rows = "\n".join([ROW, ROW, ROW.replace("sourced", "assisted"), ROW.replace("D-1", "D-2")])
    folder(
        tmp_path, deals=f"{HEADER}\n{rows}\n", events="id,partner,type,on\nD-2,northwind,flight,2026-01-01\n"
    )
    book, problems = check_book(tmp_path)
    assert len(book) == 0
    assert [(problem.where, problem.field, problem.found) for problem in problems] == [
        ("deals.csv line 2", "id", "deal 'D-1' again at deals.csv line 4, with another kind"),
        (
            "deals.csv line 5",
            "id",
            "event 'D-2' again at events.csv line 2, there event 'D-2', here deal 'D-2'",
        ),
    ]


def test_an_unknown_partner_is_one_problem_however_often_it_is_named(tmp_path: Path) -> None:
    rows = "\n".join(
        ROW.replace("northwind", "northwnd").replace("D-1", f"D-{number}") for number in range(50)
    )
    lines = problems_of(folder(tmp_path, deals=f"{HEADER}\n{rows}\n", partners="id\nnorthwind\n"))
    (line,) = lines
    assert line.startswith("deals.csv line 2: partner: found 'northwnd'; expected a partner of the book")
    assert "did you mean 'northwind'? (50 facts name it, none of them is used)" in line


def test_a_bad_partner_row_does_not_take_its_facts_with_it(tmp_path: Path) -> None:
    partners = "id,joined_on\nnorthwind,1.4.2019\nborealis,2020-01-01\n"
    book, problems = check_book(folder(tmp_path, deals=f"{HEADER}\n{ROW}\n", partners=partners))
    assert len(problems) == 1
    assert book.deals == (deal(),)
    book, problems = check_book(folder(tmp_path, partners="id,joined_on\nnorthwind\n"))
    assert len(problems) == 1
    assert book.deals == (deal(),)


# An account of which a part cannot be read is left out as a whole: "nothing half-made is returned".

PARTS = [
    ({"holders": "account,partner,since\nA-1,borealis,4.3.2026\n"}, "holders.csv line 2: since"),
    (
        {"holders": "account,partner,since,until\nA-1,borealis,2026-03-04,2026-03-04\n"},
        "holders.csv line 2: until",
    ),
    ({"holders": "account,partner,since,share\nA-1,borealis,2026-03-04,1.5\n"}, "holders.csv line 2: share"),
    (
        {"holders": "account,partner,since\nA-1,b,2026-03-04\nA-1,b,2026-03-05\n"},
        "holders.csv line 2: found partner",
    ),
    ({"holders": "account,partner,since\nA-1,northwind,2026-03-05\n"}, "holders.csv line 2: found partner"),
    (
        {"holders": "account,partner,since,until\nA-1,b,2026-03-04,2026-05-02\nA-1,b,2026-05-01,\n"},
        "holders.csv line 2: found partner 'b' of 'A-1' again at holders.csv line 3",
    ),
    (
        {"holders": "account,partner,since,share\nA-1,b,2026-03-04,2/3\nA-1,c,2026-05-01,1/2\n"},
        "accounts.csv line 2: holders: found shares of 7/6 together on 2026-05-01",
    ),
    ({"actions": "account,partner,on\nA-1,northwind,2206-03-04\n"}, "actions.csv line 2: actions"),
    ({"actions": "account,partner,on\nA-1,northwind,\n"}, "actions.csv line 2: on"),
    ({"changes": "account,on,mrr\nA-1,2026-04-01,5\n"}, "changes.csv line 2: currency"),
    ({"changes": "account,on,mrr,currency\nA-1,2026-04-01,,\n"}, "changes.csv line 2: mrr"),
    (
        {"changes": "account,on,market\nA-1,2026-04-01,DE\nA-1,2026-04-01,AU\n"},
        "changes.csv line 2: found a change",
    ),
]


@pytest.mark.parametrize(("files", "said"), PARTS)
def test_an_account_with_a_bad_part_is_left_out(tmp_path: Path, files: dict[str, str], said: str) -> None:
    other = "A-2,bolt,1000,EUR,northwind,2026-03-04\n"
    book, problems = check_book(folder(tmp_path, accounts=ACCOUNT + other, **files))
    assert [str(problem)[: len(said)] for problem in problems] == [said]
    assert book == Book([account(id="A-2", customer="bolt")])


@pytest.mark.parametrize(
    "actions",
    [
        "account,partner,on\nA-1\n",
        "account,partner,on\n,northwind,2026-04-01\n",
        "account,day\nA-1,2026-04-01\n",
        "\0",
    ],
)
def test_no_account_is_made_where_a_row_is_of_nobody_knows_which(tmp_path: Path, actions: str) -> None:
    states = "id,type,partner\nS-1,lease,northwind\n"
    deals = f"{HEADER}\n{ROW}\n"
    book, problems = check_book(
        folder(tmp_path, accounts=ACCOUNT, actions=actions, states=states, deals=deals)
    )
    assert problems
    assert book == Book([deal()])


def test_all_that_is_wrong_with_an_account_is_said(tmp_path: Path) -> None:
    accounts = "id,customer,mrr,currency\nA-1,acme,1.234,EUR\n"
    lines = problems_of(folder(tmp_path, accounts=accounts, actions="account,partner,on\nA-1,northwind,x\n"))
    assert [line.split(": ")[0] for line in lines] == ["actions.csv line 2", "accounts.csv line 2"]


def test_a_part_of_no_account_is_a_problem(tmp_path: Path) -> None:
    actions = "account,partner,on\nA-11,northwind,2026-04-01\nA-11,northwind,2026-04-02\n"
    (line,) = problems_of(folder(tmp_path, accounts=ACCOUNT, actions=actions))
    assert line.startswith("actions.csv line 2: account: found 'A-11'")
    assert "did you mean 'A-1'?" in line


def test_the_parts_of_an_account_that_cannot_be_read_are_not_reported_too(tmp_path: Path) -> None:
    actions = "account,partner,on\nA-1,northwind,2026-04-01\n"
    for accounts in (
        "id,customer,mrr,currency\nA-1,acme,x,EUR\n",
        "id,customer,mrr,currency\n,acme,5,EUR\n",
        "id\nA-1\n",
    ):
        lines = problems_of(folder(tmp_path, accounts=accounts, actions=actions))
        assert all(line.startswith("accounts.csv") for line in lines)
        assert lines


def test_an_account_needs_a_partner(tmp_path: Path) -> None:
    header = "id,customer,mrr,currency,partner,since\n"
    rows = "A-1,acme,5,EUR,,\nA-2,acme,5,EUR,,2026-01-01\nA-3,acme,5,EUR,n,\n"
    lines = problems_of(folder(tmp_path, accounts=header + rows))
    assert "accounts.csv line 2: partner: expected at least one partner who holds it; add" in lines[0]
    assert "add partner and since columns, or rows in holders.csv" in lines[0]
    assert "accounts.csv line 3: partner: expected the partner whose days these are" in lines[1]
    assert "accounts.csv line 4: holders: found neither a first day nor an action; expected" in lines[2]


def test_a_state_has_no_changes(tmp_path: Path) -> None:
    states = "id,type,partner,since\nS-1,lease,northwind,2026-01-01\n"
    changes = "account,on,market\nS-1,2026-04-01,DE\n"
    (line,) = problems_of(folder(tmp_path, states=states, changes=changes))
    assert line.startswith("changes.csv line 2: account: found 'S-1'")


def test_an_event_with_an_amount_needs_its_currency(tmp_path: Path) -> None:
    (line,) = problems_of(folder(tmp_path, events="id,partner,type,on,amount\nE-1,n,x,2026-01-01,5\n"))
    assert line == "events.csv line 2: currency: expected the currency of the amount"
    (line,) = problems_of(
        folder(tmp_path, events="id,partner,type,on,amount,currency\nE-1,n,x,2026-01-01,5,EURO\n")
    )
    assert line.startswith("events.csv line 2: currency: found 'EURO'")


def test_a_million_bad_rows_are_counted_not_listed(tmp_path: Path) -> None:
    rows = "\n".join(f"D-{number},n,a,x,5,EUR,s" for number in range(MOST_PROBLEMS + 7))
    lines = problems_of(folder(tmp_path, deals=f"{HEADER}\n{rows}\n"))
    assert len(lines) == MOST_PROBLEMS + 1
    assert "7 more problems" in lines[-1]


# JSON and plain dicts.

GOOD = {"id": "D-1", "partner": "northwind", "customer": "acme", "closed_on": "2026-03-04", "mrr": "1000"} | {
    "currency": "EUR",
    "kind": "sourced",
}

JSON: list[tuple[str, str]] = [
    ("", "book.json line 1: found Expecting value"),
    ("{", "book.json line 1: found Expecting"),
    ("[]", "book.json: found []; expected an object"),
    ('{"deal": []}', "book.json: found the table 'deal'; expected one of"),
    ('{"deals": {}}', "book.json: deals: found {}; expected a list of records"),
    ('{"deals": "x"}', "expected a list of records"),
    ('{"deals": [], "deals": []}', "book.json: deals: found two values of one key"),
    ('{"deals": [5]}', "book.json deals[0]: found 5; expected an object"),
    ('{"deals": [{"id": 118}]}', 'book.json deals[0]: id: found 118; expected text; write "118"'),
    ('{"deals": [{"id": true}]}', "deals[0]: id: found True; expected text"),
    ('{"deals": [{"id": "a", "id": "b"}]}', "deals[0]: id: found two values of one key; expected text"),
    ('{"deals": [{"mrr": NaN}]}', "deals[0]: mrr"),
    ('{"readings": [{"value": NaN}]}', "readings[0]: value: found NaN; expected true, false or a number"),
    ('{"readings": [{"value": -Infinity}]}', "value: found -Infinity"),
    ('{"readings": [{"value": 1e999999999}]}', "value: found 1e999999999"),
    ('{"readings": [{"value": ' + "9" * 5000 + "}]}", "value: found 99999"),
    ('{"readings": [{"value": "yes"}]}', "value: found 'yes'; expected true, false or a number"),
    ('{"readings": [{"value": []}]}', "value: found []; expected true, false or a number"),
    ('{"readings": [{"on": {}}]}', "on: found {}; expected a day"),
    ('{"held": [{"tier": ["gold"]}]}', "tier: found ['gold']; expected text"),
    (
        '{"accounts": [{"id": "A", "holders": 5}]}',
        "accounts[0].holders[0]: holders: found 5; expected a list",
    ),
    ('{"accounts": [{"id": "A", "holders": [5]}]}', "accounts[0].holders[0]: found 5; expected an object"),
    (
        '{"accounts": [{"id": "A", "holders": [{"partner": "n", "actions": "x"}]}]}',
        "actions: found 'x'; expected a list",
    ),
    (
        '{"accounts": [{"id": "A", "holders": [{"partner": "n", "actions": ["x"]}]}]}',
        "accounts[0].holders[0].actions: on: found 'x'",
    ),
    (
        '{"accounts": [{"id": "A", "holders": [{"account": "B"}]}]}',
        "nothing: it belongs to the record around it",
    ),
    ('{"accounts": [{"id": 5, "holders": [{"partner": "n"}]}]}', "accounts[0]: id: found 5; expected text"),
    ('{"states": [{"id": "S", "changes": []}]}', "found the column 'changes'"),
    ('{"deals": [{"": 1}]}', "found the column ''"),
    ("\ud800", "expected text in UTF-8"),
    ("[" * 10_000, "book.json"),  # how deep it reads, and so what it says, differs between Pythons
    ("[" * 10_000 + "]" * 10_000, "book.json"),
    ('{"deals": [' + '{"id":' * 10_000 + "5" + "}" * 10_000 + "]}", "book.json"),
    ('{"deals": [{"id": ' + "[" * 400 + "]" * 400 + "}]}", "expected text"),
]


@pytest.mark.parametrize(("text", "said"), JSON)
def test_bad_json_is_a_located_problem(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "book.json"
    path.write_bytes(text.encode(errors="surrogatepass"))
    book, problems = check_book(path)
    assert len(book) == 0
    assert all(map(is_a_way_out, problems))
    assert said in "\n".join(map(str, problems))


def test_one_bad_record_of_json_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "book.json"
    path.write_text(json.dumps({"deals": [GOOD, GOOD | {"id": "D-2", "mrr": [1]}, 7]}))
    book, problems = check_book(path)
    assert book == Book([deal()])
    assert [problem.where for problem in problems] == ["book.json deals[1]", "book.json deals[2]"]


PYTHON: list[tuple[dict[object, object], str]] = [
    ({"mrr": 10.5}, 'write "10.5"'),
    ({"mrr": True}, "mrr"),
    ({"customer": float("nan")}, "write None where nothing is known"),
    ({"customer": 7}, 'write "7"'),
    ({"customer": b"acme"}, "text"),
    ({"market": float("nan")}, "write None"),
    ({5: "x"}, "the column 5"),
    ({"attr:x": 1.5}, 'write "1.5"'),
    ({"attr:x": [1]}, "attr:x"),
]


@pytest.mark.parametrize(("change", "said"), PYTHON)
def test_a_bad_value_of_python_is_a_located_problem(change: dict[object, object], said: str) -> None:
    bad: dict[object, object] = dict[object, object](GOOD) | {"id": "D-2"} | change
    _, problems = Book.check_records({"deals": [GOOD, bad]})  # type: ignore[list-item]
    assert {problem.where for problem in problems} == {"deals[1]"}
    assert any(said in str(problem) for problem in problems)
    assert all(map(is_a_way_out, problems))


class Null:
    """What data frames put where nothing is: it has no truth, and equals nothing and something."""

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        raise TypeError

    def __eq__(self, _: object) -> Null:  # type: ignore[override]
        return self

    __ne__ = __eq__  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "<NA>"


class Nat(dt.datetime):
    """The same where a date would be."""

    def __repr__(self) -> str:
        return "NaT"


@pytest.mark.parametrize("null", [Null(), float("nan"), Nat(2026, 1, 1)])
@pytest.mark.parametrize("column", [*GOOD, "market", "attr:seats", "attr:seats:number", "attr:new:boolean"])
def test_the_nulls_of_data_frames_are_located(column: str, null: object) -> None:
    _, problems = Book.check_records({"deals": [dict[str, object](GOOD) | {column: null}]})
    assert {(problem.where, problem.field) for problem in problems} == {("deals[0]", column)}
    assert all(map(is_a_way_out, problems))


def test_what_is_remembered_of_a_file_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tierkit.facts.cells._MOST_REMEMBERED", 1)
    rows = [ROW, ROW.replace("D-1", "D-2").replace("acme", "bolt")]
    bad = [row.replace("EUR", code) for row in rows for code in ("EUX", "EUY")]
    book, problems = check_book(folder(tmp_path, deals="\n".join([HEADER, *rows, *bad])))
    assert book == Book([deal(), deal(id="D-2", customer="bolt")])
    assert len(problems) == 4


def test_a_date_with_a_time_is_no_day() -> None:
    row: dict[str, object] = {**GOOD, "closed_on": dt.datetime(2026, 3, 4, tzinfo=dt.UTC)}
    _, (problem,) = Book.check_records({"deals": [row]})
    assert ".date()" in problem.hint


def test_a_large_book_of_strangers_is_refused_quickly(tmp_path: Path) -> None:
    names = [f"partner-{number}" for number in range(5_000)]
    rows = "\n".join(f"D-{name},x{name},a,2026-03-04,5,EUR,s" for name in names)
    lines = problems_of(folder(tmp_path, deals=f"{HEADER}\n{rows}\n", partners="id\n" + "\n".join(names)))
    assert len(lines) == MOST_PROBLEMS + 1


def test_an_unexpected_error_is_not_swallowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise TypeError("a bug")  # noqa: EM101, TRY003

    monkeypatch.setattr("tierkit.facts.tables.FACTS", {"deals": broken})
    with pytest.raises(TypeError, match="a bug"):
        check_book(folder(tmp_path, deals=f"{HEADER}\n{ROW}\n"))
