"""Books from files: folders of CSV files, one JSON file, and back."""

from __future__ import annotations

import csv
import json
import os
import tempfile
import tracemalloc
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_facts import books
from test_facts import DAY, account, deal

from tierkit.errors import InvalidBook, InvalidValue, WrongType
from tierkit.facts.book import Book
from tierkit.facts.cells import PARSERS
from tierkit.facts.columns import COLUMNS
from tierkit.facts.facts import Change, Holder, Partner, Reading
from tierkit.facts.readers import check_book, read_book
from tierkit.facts.writers import write_book
from tierkit.values.money import Money

if TYPE_CHECKING:
    from random import Random

EXAMPLES = Path(__file__).parents[1] / "examples"
HEADER = "id,partner,customer,closed_on,mrr,currency,kind"
ROW = "D-1,northwind,acme,2026-03-04,1000,EUR,sourced"


def folder(place: Path, **files: str | bytes) -> Path:
    """Write CSV files, named after their tables."""
    for table, text in files.items():
        data = text.encode() if isinstance(text, str) else text
        (place / f"{table}.csv").write_bytes(data)
    return place


# The contract of writers: "a folder of CSV written from it must read back equal too".


@given(books())
def test_a_book_written_as_csv_is_read_back_identically(book: Book) -> None:
    with tempfile.TemporaryDirectory() as place:
        write_book(book, place)
        assert read_book(place) == book


@given(books())
def test_a_book_written_as_json_is_read_back_identically(book: Book) -> None:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "book.JSON"
        path.write_text(json.dumps(book.to_records()))
        assert read_book(path) == book


# "Order of rows does not matter", nor that of columns, nor the dialect of the file.


@given(
    books(),
    st.randoms(use_true_random=False),
    st.sampled_from([",", ";"]),
    st.sampled_from(["utf-8", "utf-8-sig"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_neither_order_nor_dialect_matters(
    book: Book, random: Random, delimiter: str, encoding: str, line_end: str
) -> None:
    with tempfile.TemporaryDirectory() as place:
        write_book(book, place)
        for path in Path(place).iterdir():
            with path.open(encoding="utf-8", newline="") as file:
                header, *rows = csv.reader(file)
            order = list(range(len(header)))
            random.shuffle(order)
            random.shuffle(rows)
            with path.open("w", encoding=encoding, newline="") as file:
                writer = csv.writer(file, delimiter=delimiter, lineterminator=line_end)
                writer.writerows([row[index] for index in order] for row in [header, *rows, *rows[:2]])
        assert read_book(place) == book


@pytest.mark.parametrize("name", ["northwind"])
def test_the_example_book_is_read_without_a_problem(name: str) -> None:
    book, problems = check_book(EXAMPLES / name)
    assert problems == ()
    assert len(book.deals) > 300


def test_a_simple_folder_is_read(tmp_path: Path) -> None:
    folder(tmp_path, deals=f"{HEADER}\n{ROW}\n", partners="id\nnorthwind\n")
    (tmp_path / "notes.txt").write_text("not read")
    (tmp_path / "._deals.csv").write_text("left by a Mac")
    (tmp_path / "~$deals.csv").write_text("left by a spreadsheet")
    book = read_book(str(tmp_path))
    assert book == Book([deal(), Partner(id="northwind")])


def test_rows_of_empty_cells_say_nothing(tmp_path: Path) -> None:
    folder(tmp_path, deals=f"{HEADER}\n{ROW}\n,,,,,,\n\n,,\n")
    assert read_book(tmp_path) == Book([deal()])


def test_a_file_of_a_header_alone_gives_an_empty_book(tmp_path: Path) -> None:
    assert read_book(folder(tmp_path, deals=HEADER)) == Book()


def test_attributes_stand_in_columns_of_their_own(tmp_path: Path) -> None:
    header = f"{HEADER},attr:tier,attr:seats:number,attr:new:boolean,attr:on:date"
    rows = f"{ROW},gold,1.5,true,2026-03-04\n{ROW.replace('D-1', 'D-2')},,,,"
    book = read_book(folder(tmp_path, deals=f"{header}\n{rows}\n"))
    assert book["D-1"] == deal(attributes={"tier": "gold", "seats": Fraction(3, 2), "new": True, "on": DAY})
    assert book["D-2"] == deal(id="D-2")


def test_partners_have_attributes_too_and_one_holder_is_the_primary_one(tmp_path: Path) -> None:
    folder(
        tmp_path,
        partners="id,attr:segment,attr:seats:number\nnorthwind,smb,12\nborealis,,\n",
        accounts="id,customer,mrr,currency\nA-1,acme,1000,EUR\n",
        holders="account,partner,since,primary\nA-1,northwind,2026-03-04,true\nA-1,borealis,2026-03-04,false\n",
    )
    shared = [
        Holder(partner="northwind", since=DAY, primary=True),
        Holder(partner="borealis", since=DAY),
    ]
    northwind = Partner(id="northwind", attributes={"segment": "smb", "seats": 12})
    assert read_book(tmp_path) == Book([account(holders=shared), northwind, Partner(id="borealis")])
    (tmp_path / "holders.csv").write_text("account,partner,since,primary\nA-1,northwind,2026-03-04,yes\n")
    (problem,) = check_book(tmp_path)[1]
    assert (problem.field, problem.found, problem.expected) == ("primary", "'yes'", "true or false")


def test_accounts_are_put_together_from_their_files(tmp_path: Path) -> None:
    folder(
        tmp_path,
        accounts="id;customer;mrr;currency;partner;since\nA-1;acme;1000;EUR;;\nA-2;bolt;5.50;EUR;northwind;2026-03-04\n",
        holders="account;partner;since\nA-1;northwind;2026-03-04\n",
        actions="account;partner;on\nA-1;borealis;2026-04-01\nA-1;borealis;2026-04-02\nA-1;borealis;2026-04-01\n",
        changes="account;on;market;mrr;currency\nA-1;2026-05-01;AU;;\nA-1;2026-06-01;;7;AUD\n",
    )
    borealis = Holder(partner="borealis", actions=[DAY.replace(month=4, day=day) for day in (1, 2)])
    shared = account(
        holders=[Holder(partner="northwind", since=DAY), borealis],
        changes=[
            Change(on=DAY.replace(month=5, day=1), market="AU"),
            Change(on=DAY.replace(month=6, day=1), mrr=Money("7", "AUD")),
        ],
    )
    alone = account(id="A-2", customer="bolt", mrr=Money("5.50", "EUR"))
    assert read_book(tmp_path) == Book([shared, alone])


def test_numbers_of_json_are_read_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "book.json"
    path.write_text(
        '\ufeff{"deals": [{"id": "D-1", "partner": "northwind", "customer": "acme",'
        ' "closed_on": "2026-03-04",'
        ' "mrr": 1000.00, "currency": "EUR", "kind": "sourced", "attr:share": 0.1, "attr:big": 1e3}],'
        ' "readings": [{"partner": "northwind", "name": "grr", "value": 74.96, "on": "2026-03-04"}]}',
        encoding="utf-8",
    )
    book = read_book(path)
    assert book["D-1"] == deal(attributes={"share": Fraction(1, 10), "big": 1000})
    assert book.readings == (Reading(partner="northwind", name="grr", value="74.96", on=DAY),)


def test_a_path_is_text_or_a_path() -> None:
    for path in (5, None, b"deals", ["a"]):
        with pytest.raises(WrongType):
            check_book(path)  # type: ignore[arg-type]


def test_every_problem_is_raised_at_once(tmp_path: Path) -> None:
    rows = f"{ROW}\nD-2,northwind,,2026-03-04,x,EUR,sourced\nD-3,northwind,acme,2026-13-04,5,EUR,sourced\n"
    folder(tmp_path, deals=f"{HEADER}\n{rows}")
    book, problems = check_book(tmp_path)
    assert book == Book([deal()])
    with pytest.raises(InvalidBook) as raised:
        read_book(tmp_path)
    assert raised.value.problems == problems
    assert [(problem.where, problem.field) for problem in problems] == [
        ("deals.csv line 3", "customer"),
        ("deals.csv line 3", "mrr"),
        ("deals.csv line 4", "closed_on"),
    ]


# Writing.


def test_files_that_would_be_read_too_are_not_written_beside(tmp_path: Path) -> None:
    book = Book([deal()])
    write_book(book, tmp_path / "new" / "folder")
    write_book(book, tmp_path / "new" / "folder")
    write_book(book.adding(account()), tmp_path / "new" / "folder")
    with pytest.raises(InvalidValue, match=r"accounts\.csv"):
        write_book(book, tmp_path / "new" / "folder")
    (tmp_path / "mapping.toml").touch()
    with pytest.raises(InvalidValue, match=r"mapping\.toml"):
        write_book(book, tmp_path)


def test_only_columns_that_are_used_are_written(tmp_path: Path) -> None:
    write_book(Book([deal(attributes={"new": True})]), tmp_path)
    text = (tmp_path / "deals.csv").read_text()
    assert text == f"{HEADER},attr:new:boolean\n{ROW.replace('1000', '1000.00')},true\n"


# The table of columns is what the documentation is made of.


@pytest.mark.parametrize("table", COLUMNS)
def test_the_example_of_every_column_is_read(table: str, tmp_path: Path) -> None:
    row = {column.name: column.example for column in COLUMNS[table]}
    if table in ("holders", "actions", "changes"):
        of_partner = {"partner", "since", "until"} if table == "holders" else set[str]()
        _write_examples(tmp_path, "accounts", *of_partner, "replaces")
    if table == "reversals":
        _write_examples(tmp_path, "deals", "replaces")
    _write_examples(tmp_path, table)
    if "replaces" in row:
        with (tmp_path / f"{table}.csv").open("a") as file:
            file.write(",".join((row | {"id": row["replaces"], "replaces": ""}).values()))
    book, problems = check_book(tmp_path)
    assert problems == ()
    assert len(book) == 1 + (table == "reversals") + ("replaces" in row)


def _write_examples(folder: Path, table: str, *left_out: str) -> None:
    row = {column.name: column.example for column in COLUMNS[table] if column.name not in left_out}
    (folder / f"{table}.csv").write_text(f"{','.join(row)}\n{','.join(row.values())}\n")


@pytest.mark.parametrize("table", COLUMNS)
def test_every_column_is_described(table: str) -> None:
    for column in COLUMNS[table]:
        assert column.meaning.endswith(".")
        assert column.type in PARSERS


# Asked for: "a million rows are read without holding them twice".


def test_rows_are_not_held_twice(tmp_path: Path) -> None:
    rows = "\n".join(ROW.replace("D-1", f"D-{number}") for number in range(20_000))
    folder(tmp_path, deals=f"{HEADER}\n{rows}\n")
    del rows
    tracemalloc.start()
    book = read_book(tmp_path)
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(book) == 20_000
    assert peak < held * 1.25


@pytest.mark.skipif(os.name != "posix", reason="names of files are text elsewhere")
def test_a_file_name_that_is_no_text_can_be_shown(tmp_path: Path) -> None:
    os.close(os.open(os.fsencode(tmp_path) + b"/\xff.csv", os.O_CREAT))
    _, problems = check_book(folder(tmp_path, deals=HEADER))
    assert [problem.where for problem in problems] == ["\\udcff.csv"]
    str(problems).encode()
