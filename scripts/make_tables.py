"""Make the tables of currencies and markets from maintained packages and the overlay kept by hand.

    python scripts/make_tables.py            writes src/tierkit/reference/_currencies.py and _markets.py
    python scripts/make_tables.py --check    changes nothing; exits with 1 if a committed table differs

Needs iso4217 (the list in force: numeric codes and minor units), pycountry (ISO 3166: codes and names) and
babel (CLDR: English names, and which currency was legal tender where and when).
"""

from __future__ import annotations

import argparse
import sys
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import iso4217
import pycountry
from babel import Locale
from babel.core import get_global

SOURCES = Path(__file__).parents[1] / "src"
REFERENCE = SOURCES / "tierkit" / "reference"
sys.path.insert(0, str(SOURCES))

from tierkit.reference import overlay  # noqa: E402 - the sources beside this script, installed or not

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ENGLISH = Locale("en")
OPEN = date.max


class Spell(NamedTuple):
    """The days on which a currency was legal tender in a territory: from `start`, and no longer on `end`."""

    currency: str
    start: date
    end: date


def legal_tender() -> dict[str, list[Spell]]:
    """Give each territory's currencies as CLDR dates them, with the overlay on top."""
    withdrawn = {code: date.fromisoformat(day) for code, day, _, _ in overlay.WITHDRAWN}
    found: dict[str, list[Spell]] = {}
    for territory, rows in get_global("territory_currencies").items():
        found[territory] = []
        for code, first, last, tender in rows:
            if tender:
                end = date(*last) + timedelta(days=1) if last else withdrawn.get(code, OPEN)
                found[territory].append(Spell(code, date(*first) if first else date.min, end))
                if last and code in withdrawn:
                    print(
                        f"overlay: CLDR now knows when {code} was withdrawn; remove the row", file=sys.stderr
                    )
    for market, day, code, _, _ in overlay.TENDERS:
        if any(spell.currency == code for spell in found[market]):
            print(f"overlay: CLDR now knows {code} in {market}; remove the row", file=sys.stderr)
        found[market].append(Spell(code, date.fromisoformat(day), OPEN))
    return found


def currencies(tender: dict[str, list[Spell]]) -> dict[str, tuple[str, int | None, str, str, str]]:
    """Give every currency that ISO 4217 lists, and every one that was legal tender somewhere."""
    table: dict[str, tuple[str, int | None, str, str, str]] = {}
    for code, row in iso4217.raw_table.items():
        if code:
            written = str(row["CcyMnrUnts"])
            units = int(written) if written.isdigit() else None
            table[code] = (f"{row['CcyNbr']:03}", units, ENGLISH.currencies.get(code, row["CcyNm"]), "", "")
    former = {code: (numeric, units) for code, numeric, units, _, _ in overlay.FORMER}
    digits = get_global("currency_fractions")
    spells = [spell for spells in tender.values() for spell in spells]
    for code in {spell.currency for spell in spells} - set(table):
        end = max(spell.end for spell in spells if spell.currency == code)
        if end == OPEN:
            message = f"{code} is legal tender in CLDR, but not listed by ISO 4217: add it to the overlay"
            raise SystemExit(message)
        numeric, units = former.get(code, ("", digits.get(code, digits["DEFAULT"])[0]))
        table[code] = (numeric, units, ENGLISH.currencies[code], end.isoformat(), user(code, tender))
    return dict(sorted(table.items()))


def user(code: str, tender: dict[str, list[Spell]]) -> str:
    """Give the market to name beside a former currency: the one in its code, else the last to use it."""
    used = {
        (spell.end, market)
        for market in markets()
        for spell in tender.get(market, [])
        if spell.currency == code
    }
    own = [market for _, market in used if code.startswith(market)]
    return own[0] if own else max(used, default=(OPEN, ""))[1]


def named(market: str, spells: list[Spell]) -> Iterator[tuple[str, str, str]]:
    """Give the one currency to name from each day on, empty in a gap.

    Of several that are legal tender, it is the one that stays, then the market's own (in Haiti HTG and not
    USD), then the newest.
    """

    def precedence(spell: Spell) -> tuple[bool, bool, date]:
        return spell.end == OPEN, spell.currency.startswith(market), spell.start

    before = ""
    for day in sorted({spell.start for spell in spells} | {spell.end for spell in spells} - {OPEN}):
        live = [spell for spell in spells if spell.start <= day < spell.end]
        code = max(live, key=precedence).currency if live else ""
        if code != before:
            yield market, day.isoformat(), code
        before = code


def markets() -> dict[str, tuple[str, str]]:
    """Give every code of ISO 3166 with its numeric code and CLDR's English name."""
    rows = sorted(pycountry.countries, key=lambda row: row.alpha_2)
    return {row.alpha_2: (row.numeric, ENGLISH.territories[row.alpha_2]) for row in rows}


def names() -> tuple[tuple[str, str], ...]:
    """Give ISO 3166's short, official and common names and the overlay's, each of one market only."""
    found: dict[str, set[str]] = {}
    for row in pycountry.countries:
        for kind in ("name", "official_name", "common_name"):
            if hasattr(row, kind):
                found.setdefault(getattr(row, kind), set()).add(row.alpha_2)
    for market, name, _, _ in overlay.NAMES:
        found.setdefault(name, set()).add(market)
    for market, (_, name) in markets().items():
        found[name] = found.get(name, set()) - {market}
    return tuple(sorted((name, min(codes)) for name, codes in found.items() if len(codes) == 1))


def modules() -> dict[str, str]:
    """Give the text of each generated module by its file name."""
    tender = legal_tender()
    tenders = tuple(row for market in markets() for row in named(market, tender.get(market, [])))
    former = "first day it was legal tender nowhere, market that used it"
    return {
        "_currencies.py": header("Currencies by ISO 4217 code")
        + f"# code: numeric code, minor units, name, {former}\n"
        + table("CURRENCIES: dict[str, tuple[str, int | None, str, str, str]]", currencies(tender)),
        "_markets.py": header("Markets by ISO 3166 code")
        + "# code: numeric code, English name\n"
        + table("MARKETS: dict[str, tuple[str, str]]", markets())
        + "\n# further English names and the code\n"
        + table("NAMES: tuple[tuple[str, str], ...]", names())
        + "\n# code, day, the currency to name from that day on, empty where there was none\n"
        + table("TENDERS: tuple[tuple[str, str, str], ...]", tenders),
    }


def header(title: str) -> str:
    """Give the first lines of a generated module."""
    made_from = ", ".join(f"{name} {version(name)}" for name in ("iso4217", "pycountry", "babel"))
    return (
        f'"""{title}: made by scripts/make_tables.py, not edited by hand."""\n\n'
        "# ruff: noqa: RUF001 - names as CLDR writes them\n"
        "from __future__ import annotations\n\n"
        f'VERSION = "{made_from}, overlay.py"\n\n'
    )


def table(name: str, rows: Mapping[str, tuple[object, ...]] | tuple[tuple[object, ...], ...]) -> str:
    """Write one table, a row a line."""
    if isinstance(rows, tuple):
        lines, opened, closed = [literal(row) for row in rows], "(", ")"
    else:
        lines, opened, closed = [f"{literal(key)}: {literal(row)}" for key, row in rows.items()], "{", "}"
    return f"{name} = {opened}\n" + "".join(f"    {line},\n" for line in lines) + f"{closed}\n"


def literal(value: object) -> str:
    """Write a value as the formatter would: text in double quotes."""
    if isinstance(value, tuple):
        return f"({', '.join(literal(item) for item in value)})"
    return '"' + value.replace('"', '\\"') + '"' if isinstance(value, str) else repr(value)


def main() -> int:
    """Write the tables, or check them."""
    parser = argparse.ArgumentParser(description="Make the tables of currencies and markets.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if a table differs")
    check = parser.parse_args().check
    stale = 0
    for name, text in modules().items():
        path = REFERENCE / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        if check:
            print(f"{path} is out of date: run python scripts/make_tables.py", file=sys.stderr)
        else:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
