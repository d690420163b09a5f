"""Programs in JSON: the same tables as in TOML, with days as text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from strategies_programs import programs

import tierkit as tk
from tierkit.programs.writing.whole import program_form


def load(text: str) -> tk.Program:
    return tk.parse_program(text, "program.json")


@given(programs())
def test_a_program_in_json_is_the_one_in_toml(program: tk.Program) -> None:
    """The same tables as in TOML, with days as text."""
    assert (
        load(json.dumps({"$schema": "program.schema.json", **program_form(program)}, default=str)) == program
    )


BAD = [
    ("{", "program.json, line 1: found Expecting property name"),
    ('{"a": 1,\n "a": 2}', "program.json, line 2: found the key 'a' twice in one object"),
    ('{"a": [{"b": 1}, {"b":\n 1, "\\u0062": 2}]}', "program.json, line 2: found the key 'b' twice in one"),
    ('{"name": "null",\n"id": null}', "program.json, line 2: found null; expected a value; leave it out"),
    ('{"tracks": [\nnull]}', "program.json, line 2: found null"),
    ("null", "program.json, line 1: found null"),
    ('{"format": 1,\n "tracks": NaN}', "program.json, line 2: tracks: found nan; expected a list of texts"),
    ('{"format": 1, "name": "null", "tracks": [true]}', "tracks: found [true]; expected a list of texts"),
    ('{\n"a": ' + "9" * 5000 + "}", "program.json, line 2: found a number of thousands of digits; expected"),
    ('{"format": 1,\n "tier": {"rank": 1, "id": "\\ud800"}}', ".id: found '\\ud800'; expected a text"),
    ('{"format": 1,\n "earn": {"rate": {"points": 1' + "0" * 100 + "}}}", "a number of more than 100 digits"),
    ('{"format": 1,\n "tier": {"year-from": 1}}', "; `year-from` belongs at the top of the file"),
    (
        '{"format": 1,\n "tier": {"note": "x"}}',
        "; this table has no `note`: leave it out; that of the whole file",
    ),
    ('{"a": 1e99999999999999999999}', "program.json, line 1: found a number of thousands of digits"),
    ("[1]", "program.json: found [1]; expected an object"),
    ("[" * 100_000, "brackets within brackets"),
    ('{\n"format": 1,\n "in-force": {"from": "2026-02-30"}}', "program.json, line 3: in-force.from"),
    ('{"format": 1,\n "in-force": {"from": "soon"}}', "write it as 2026-07-13, with quotes"),
    ('{"format": 1,\n "ids": 2}', "program.json, line 2: ids: found an unknown key"),
]


@pytest.mark.parametrize(("text", "said"), BAD, ids=range(len(BAD)))
def test_json_that_is_no_program_is_refused_with_its_line(text: str, said: str) -> None:
    """Every problem at once with line, path, what was found, what was expected."""
    with pytest.raises(tk.InvalidProgram) as raised:
        load(text)
    assert said in str(raised.value)


def test_a_json_file_may_extend_a_toml_file_and_the_other_way_round(tmp_path: Path) -> None:
    base = (Path(__file__).with_name("every_key.toml")).read_text(encoding="utf-8")
    (tmp_path / "base.toml").write_text(base, encoding="utf-8")
    (tmp_path / "a.json").write_text('{"format": 1, "extends": "base.toml", "name": "A"}', encoding="utf-8")
    (tmp_path / "b.toml").write_text('format = 1\nextends = "a.json"\nnote = "b"\n', encoding="utf-8")
    assert tk.load_program(tmp_path / "a.json").name == "A"
    assert tk.load_program(tmp_path / "b.toml").note == "b"
    assert tk.check_program(str(tmp_path / "a.json")).where == "a.json"
