"""What the generated tables do not know, or know wrongly today: kept by hand, a source on every row.

scripts/make_tables.py lays these rows over the packages' data and writes the result into `_currencies` and
`_markets`; nothing reads this module at run time. A row that the packages have caught up with makes the
script say so, and is then removed.
"""

from __future__ import annotations

_ECB_BULGARIA = "https://www.ecb.europa.eu/euro/changeover/bulgaria/html/index.en.html"
_EU_2025_1408 = "https://eur-lex.europa.eu/eli/reg/2025/1408/oj"
_JODA = "https://github.com/JodaOrg/joda-money/blob/main/src/main/resources/org/joda/money/CurrencyData.csv"
_CLDR_EN = "https://github.com/unicode-org/cldr/blob/main/common/main/en.xml"

# market, first day, currency, source, note
TENDERS = (
    (
        "BG",
        "2026-01-01",
        "EUR",
        _EU_2025_1408,
        "Bulgaria adopted the euro, notes and coins included, on this day",
    ),
)

# currency, first day on which it was legal tender nowhere, source, note
WITHDRAWN = (("BGN", "2026-02-01", _ECB_BULGARIA, "lev and euro circulated side by side until 2026-01-31"),)

# Currencies that have left ISO 4217's list, with the numeric code and the minor units they last had there:
# no package gives them, and CLDR's digits are for display (it shows SLL, MRO and STD without decimals).
# currency, numeric code, minor units, source, note
_WAS_LISTED = "as last listed by ISO 4217"
FORMER = (
    ("ADP", "020", 0, _JODA, _WAS_LISTED),
    ("ANG", "532", 2, _JODA, _WAS_LISTED),
    ("ATS", "040", 2, _JODA, _WAS_LISTED),
    ("BEF", "056", 2, _JODA, _WAS_LISTED),
    ("BGN", "975", 2, _JODA, _WAS_LISTED),
    ("BYR", "974", 0, _JODA, _WAS_LISTED),
    ("CUC", "931", 2, _JODA, _WAS_LISTED),
    ("CYP", "196", 2, _JODA, _WAS_LISTED),
    ("DEM", "276", 2, _JODA, _WAS_LISTED),
    ("EEK", "233", 2, _JODA, _WAS_LISTED),
    ("ESP", "724", 0, _JODA, _WAS_LISTED),
    ("FIM", "246", 2, _JODA, _WAS_LISTED),
    ("FRF", "250", 2, _JODA, _WAS_LISTED),
    ("GRD", "300", 2, _JODA, _WAS_LISTED),
    ("HRK", "191", 2, _JODA, _WAS_LISTED),
    ("IEP", "372", 2, _JODA, _WAS_LISTED),
    ("ITL", "380", 0, _JODA, _WAS_LISTED),
    ("LTL", "440", 2, _JODA, _WAS_LISTED),
    ("LUF", "442", 2, _JODA, _WAS_LISTED),
    ("LVL", "428", 2, _JODA, _WAS_LISTED),
    ("MRO", "478", 2, _JODA, _WAS_LISTED),
    ("MTL", "470", 2, _JODA, _WAS_LISTED),
    ("NLG", "528", 2, _JODA, _WAS_LISTED),
    ("PTE", "620", 0, _JODA, _WAS_LISTED),
    ("RUR", "810", 2, _JODA, _WAS_LISTED),
    ("SIT", "705", 2, _JODA, _WAS_LISTED),
    ("SKK", "703", 2, _JODA, _WAS_LISTED),
    ("SLL", "694", 2, _JODA, _WAS_LISTED),
    ("STD", "678", 2, _JODA, _WAS_LISTED),
    ("VEF", "937", 2, _JODA, _WAS_LISTED),
    ("ZWL", "932", 2, _JODA, _WAS_LISTED),
)

# English names that CLDR has as a variant or a short form, which babel leaves out, and records still use.
# market, name, source, note
NAMES = (
    ("CD", "Congo (DRC)", _CLDR_EN, "variant"),
    ("CG", "Congo (Republic)", _CLDR_EN, "variant"),
    ("CI", "Ivory Coast", _CLDR_EN, "variant"),
    ("CZ", "Czech Republic", _CLDR_EN, "variant"),
    ("MM", "Myanmar", _CLDR_EN, "short"),
    ("PS", "Palestine", _CLDR_EN, "short"),
    ("SZ", "Swaziland", _CLDR_EN, "variant"),
    ("TL", "East Timor", _CLDR_EN, "variant"),
    ("TR", "Turkey", _CLDR_EN, "variant"),
)
