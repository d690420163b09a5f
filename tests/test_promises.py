"""The promises that hold everywhere: light, no ambient state, one place for each name, pickles, threads."""

from __future__ import annotations

import ast
import os
import pickle
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from small_statement import ON, small_book, small_ledger, small_statement

import tierkit as tk

TESTS = Path(__file__).parent
SOURCES = Path(tk.__file__).parent
PYTHONPATH = os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])])


def python(*arguments: str, **environment: str) -> str:
    """Run this Python in a process of its own and give what it prints; a warning there is an error.

    Nobody counts the lines of it: what counts them would be loaded there too.
    """
    ours = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    ran = subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        env={**ours, "PYTHONPATH": PYTHONPATH, **environment},
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout.decode()


def modules_after(code: str) -> set[str]:
    return set(python("-c", f"{code}\nimport sys\nprint(*sys.modules)").split())


# "Light. `import tierkit` loads neither babel, cattrs nor a data-frame library; each loads on first use."


def test_import_loads_one_module() -> None:
    assert modules_after("import importlib, typing, tierkit") - modules_after("import importlib, typing") == {
        "tierkit"
    }


@pytest.mark.parametrize(
    ("code", "unused"),
    [
        ("import tierkit; tierkit.Points(1)", {"babel", "cattrs", "csv", "json", "tomllib", "zoneinfo"}),
        (
            "import tierkit; tierkit.Money(1, 'EUR')",
            {"babel", "cattrs", "csv", "json", "tomllib", "zoneinfo"},
        ),
        (
            "import tierkit; tierkit.load_program('hubspot-solutions')",
            {"babel", "tierkit.facts", "tierkit.engine"},
        ),
        ("from small_statement import *; tk.assess(small_ledger(), on=ON).performance_tier", {"babel"}),
    ],
)
def test_a_name_loads_what_it_needs_and_no_more(code: str, unused: set[str]) -> None:
    assert not modules_after(code) & unused


# "No ambient state. No default currency, locale, clock or registry. A host that sets its decimal context to
# three digits, its locale to Thai and its time zone to Samoa gets the same results."

HOSTILE_DECIMALS = """
import decimal, runpy
traps = [decimal.Inexact, decimal.Rounded, decimal.Subnormal, decimal.FloatOperation]
hostile = decimal.Context(prec=3, rounding=decimal.ROUND_UP, Emin=-9, Emax=9, capitals=0, traps=traps)
for template in decimal.DefaultContext, decimal.BasicContext, decimal.ExtendedContext:
    template.prec, template.rounding, template.capitals = 3, decimal.ROUND_UP, 0
decimal.setcontext(hostile)
runpy.run_path(__import__("sys").argv[1], run_name="__main__")
assert not any(decimal.getcontext().flags.values()), "the host's decimal context was computed in"
"""

SCRIPT = str(TESTS / "small_statement.py")


@pytest.fixture(scope="module")
def expected() -> str:
    return small_statement()


def test_decimal_context_of_the_host_changes_nothing(expected: str) -> None:
    assert python("-c", HOSTILE_DECIMALS, SCRIPT) == expected


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "th_TH.UTF-8", "LANGUAGE": "th", "TZ": "Pacific/Apia"},
        {"LC_ALL": "de_DE.ISO-8859-1", "TZ": "Pacific/Kiritimati"},
        {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "TZ": "Etc/GMT+12"},
    ],
    ids=lambda environment: environment["LC_ALL"],
)
def test_locale_and_time_zone_of_the_host_change_nothing(expected: str, environment: dict[str, str]) -> None:
    assert python("-X", "warn_default_encoding", SCRIPT, **environment) == expected


@pytest.mark.parametrize("seed", ["0", "1", "random"])
def test_hash_seed_changes_nothing(expected: str, seed: str) -> None:
    assert python(SCRIPT, PYTHONHASHSEED=seed) == expected


def test_assert_statements_decide_nothing(expected: str) -> None:
    assert python("-OO", SCRIPT) == expected


AMBIENT = {
    *("today", "now", "utcnow", "localtime"),
    *("getcontext", "setcontext"),
    *("setlocale", "getlocale", "getdefaultlocale", "getencoding"),
    *("environ", "getenv"),
}


def used_from_elsewhere(path: Path) -> set[str]:
    """Give every attribute that a module reads, and every name that it imports."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)} | {
        node.name for node in nodes if isinstance(node, ast.alias)
    }


def test_nothing_below_the_command_line_asks_the_host() -> None:
    below = [path for path in SOURCES.rglob("*.py") if path.parent != SOURCES / "cli"]

    assert {path.name: found for path in below if (found := used_from_elsewhere(path) & AMBIENT)} == {}


# Every public name has one place.


def test_every_public_name_is_there() -> None:
    assert [name for name in tk.__all__ if not hasattr(tk, name)] == []


def test_dir_gives_the_public_names() -> None:
    assert sorted(name for name in dir(tk) if not name.startswith("_")) == sorted(
        name for name in tk.__all__ if not name.startswith("_")
    )


def test_public_names_are_listed_once() -> None:
    assert len(set(tk.__all__)) == len(tk.__all__)


def test_a_star_import_gives_the_public_names() -> None:
    assert (
        python("-c", "from tierkit import *; import tierkit; print(set(tierkit.__all__) <= set(globals()))")
        == "True\n"
    )


def test_an_unknown_name_is_an_attribute_error_that_tells_it() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        tk.no_such_name  # type: ignore[attr-defined]  # noqa: B018


# "A direct submodule that bears the name of a public verb replaces it once imported."
def test_no_module_has_a_public_name() -> None:
    assert {module.name for module in pkgutil.iter_modules(tk.__path__)} & set(tk.__all__) == set()


# "Copy and pickle work."


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_book_ledger_and_standing_pickle(protocol: int) -> None:
    book, ledger = small_book(), small_ledger()
    standing = tk.assess(ledger, on=ON)

    assert pickle.loads(pickle.dumps(book, protocol)) == book
    assert tk.assess(pickle.loads(pickle.dumps(ledger, protocol)), on=ON) == standing
    assert pickle.loads(pickle.dumps(standing, protocol)) == standing


LOADED_ELSEWHERE = """
import pickle, sys
from small_statement import small_book
book = pickle.load(open(sys.argv[1], "rb"))
print(book == small_book(), len({book, small_book()}))
"""


def test_a_book_pickled_by_one_process_hashes_right_in_another(tmp_path: Path) -> None:
    book = small_book()
    hash(book)
    (tmp_path / "book.pickle").write_bytes(pickle.dumps(book))

    assert (
        python("-W", "ignore", "-c", LOADED_ELSEWHERE, str(tmp_path / "book.pickle"), PYTHONHASHSEED="7")
        == "True 1\n"
    )


# Threads: eight start at once in a fresh process, so that they also meet in the first use of every name.

EIGHT_THREADS = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from small_statement import small_statement
barrier = Barrier(8)
def work(_):
    barrier.wait()
    return small_statement()
with ThreadPoolExecutor(8) as pool:
    said = set(pool.map(work, range(8)))
print(len(said), end=" ")
print(said == {small_statement()})
"""


def test_threads_give_equal_statements() -> None:
    assert python("-c", EIGHT_THREADS) == "1 True\n"
