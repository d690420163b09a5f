"""The tables of a program file as data: their keys, what stands under each, and what it means.

Nothing is read by this. The JSON Schema of program files is made from it, and so are the tables of the
reference; tests hold it to what the loader asks for.
"""

from __future__ import annotations

from typing import Final

from tierkit.programs.forms.earning import (
    CLAWBACK,
    EARN,
    EXCEPT,
    LIVE,
    MEASURE,
    MULTIPLY,
    POINTS_ROW,
    RATE_DAY,
    RATE_ROW,
    ROUND,
    SELECT,
    SHARE,
)
from tierkit.programs.forms.kinds import (
    DATED,
    ID,
    MARKET,
    NAME,
    OF_THE_YEAR,
    RATE,
    TEXT,
    WORD,
    Flag,
    Form,
    Key,
    ListOf,
    Named,
    Needed,
    OneOf,
    Whole,
    one,
    rows,
    words,
)
from tierkit.programs.forms.tiers import (
    ASKED,
    JUDGED,
    LAG,
    MOVEMENT,
    NAMED,
    POSTS,
    PREREQUISITE,
    PROTECTED,
    REQUIREMENT,
    TIER,
)
from tierkit.programs.reading.sections import FORMAT
from tierkit.values.source import Grade

PROGRAM: Final = Form(
    "program",
    "the top of the file",
    "A partner program.",
    (
        Key("format", Whole(FORMAT, FORMAT), "the format of this file", Needed.YES),
        Key("extends", TEXT, "a shipped program, or a file beside this one, over which this one is laid"),
        Key("id", ID, "the program's name in calls and messages", Needed.WHOLE),
        Key("name", NAME, "its name in words", Needed.WHOLE),
        Key("note", TEXT, "what a reader should know of the file as a whole"),
        Key("source", TEXT, "the source of every value of this file that names none"),
        Key(
            "tracks",
            ListOf(ID),
            "what the program counts by itself: kinds of points, users, money",
            Needed.WHOLE,
        ),
        Key("attributes", ListOf(ID), "further attributes of facts and partners that it asks for by name"),
        Key("year-from", OF_THE_YEAR, "the first day of its year, from which months and quarters go too"),
        Key(
            "units",
            Named(TEXT, "track or measure"),
            'what a track or a measure counts where that is not points: "users", "%", the code of a currency',
        ),
        Key("in-force", rows("in-force"), "on which days the program holds; left out: on all days"),
        Key("sources", Named(one("source"), "source"), "what its values were read in"),
        Key("measures", Named(one("measure"), "measure"), "named quantities, each made by one operator"),
        Key("readings", Named(one("reading"), "reading"), "figures that it asks for and cannot compute"),
        Key("group", rows("group"), "groups of markets"),
        Key("point-value", rows("point-value"), "amounts that count as one unit, by currency"),
        Key("earn", rows("earn"), "the earning rules"),
        Key("tier", rows("tier"), "the tiers, of the program's own ladder and of others"),
        Key("movement", rows("movement"), "how held tiers rise and fall"),
        Key("choice", rows("choice"), "where the sources are silent, and the reading that is followed"),
    ),
)
IN_FORCE: Final = Form("in-force", "[in-force]", "Days on which the program holds.", DATED)
SOURCE: Final = Form(
    "source",
    "[sources.NAME]",
    "What values were read in.",
    (
        Key("url", TEXT, "its address", Needed.YES),
        Key("grade", words(Grade), "how far to trust it", Needed.YES),
        Key("version", TEXT, "which edition, or the day on which it was read"),
        Key("note", TEXT, "what a reader should know of it"),
    ),
)
READING: Final = Form(
    "reading",
    "[readings.NAME]",
    "A figure that the program asks for and cannot compute.",
    (
        Key("name", NAME, "its name in words; left out: its id"),
        Key("type", OneOf(("yes-no", "number")), "what it is", Needed.YES),
        Key("unit", TEXT, 'what the number counts: "%"'),
        Key("by-vendor", Flag(), "whether the vendor decides it, so that one who meets all else is eligible"),
    ),
)
GROUP: Final = Form(
    "group",
    "[[group]]",
    "Markets that the program treats alike.",
    (
        Key("id", ID, "its name in rules", Needed.YES),
        Key("name", NAME, "its name in words; left out: its id"),
        Key("members", rows("members"), "its markets, by date"),
    ),
)
MEMBERS: Final = Form(
    "members",
    "[[group.members]]",
    "Markets that are in the group on some days, or are not.",
    (
        Key("markets", ListOf(MARKET), "ISO 3166 codes of two letters", Needed.YES),
        Key("member", Flag(), "false where they are not in it; left out: true"),
        *DATED,
    ),
)
POINT_VALUE: Final = Form(
    "point-value",
    "[[point-value]]",
    "The amounts that count as one unit of earning.",
    (
        Key("amounts", Named(RATE, "currency code"), "so much of each currency is one unit"),
        *DATED,
    ),
)
CHOICE: Final = Form(
    "choice",
    "[[choice]]",
    "A point on which the sources are silent, and the reading that the program follows.",
    (
        Key("number", Whole(1, 10_000), "by which notes refer to it", Needed.YES),
        Key("question", TEXT, "what the sources do not say", Needed.YES),
        Key("reading", TEXT, "the answer that is followed", Needed.YES),
        Key("why", TEXT, "what speaks for it", Needed.YES),
        Key("held-by", TEXT, "which part of the file holds it", Needed.YES),
        WORD[0],
        WORD[1],
    ),
)


FORMS: Final = {
    form.name: form
    for form in (
        PROGRAM,
        IN_FORCE,
        SOURCE,
        MEASURE,
        PREREQUISITE,
        REQUIREMENT,
        READING,
        GROUP,
        MEMBERS,
        POINT_VALUE,
        EARN,
        SELECT,
        EXCEPT,
        RATE_ROW,
        RATE_DAY,
        MULTIPLY,
        POINTS_ROW,
        ROUND,
        SHARE,
        LIVE,
        CLAWBACK,
        TIER,
        NAMED,
        ASKED,
        MOVEMENT,
        JUDGED,
        LAG,
        PROTECTED,
        POSTS,
        CHOICE,
    )
}
"""All tables of the file, by name, in the order in which a reader meets them."""
