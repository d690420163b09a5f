"""The tables of a program file that say what tiers ask, and how they rise and fall."""

from __future__ import annotations

from typing import Final

from tierkit.programs.forms.kinds import (
    DATED,
    ID,
    MM_DD,
    MOST_MONTHS,
    NAME,
    NUMBER,
    OF_THE_YEAR,
    TEXT,
    UNKNOWN_TOO,
    WORD,
    Case,
    Either,
    Flag,
    Form,
    Key,
    ListOf,
    Needed,
    Number,
    OneOf,
    Text,
    Whole,
    one,
    rows,
    words,
)
from tierkit.programs.movements import AT_ONCE, EVERY_DAY, YEAR_END, BarsOf, MoveKind, Reach, Take
from tierkit.programs.reading.movements import LONGEST

BAR: Final = Either((NUMBER, UNKNOWN_TOO))
_EACH_MONTH = r"\*-(0[1-9]|[12][0-9]|3[01])"
REVIEWS: Final = ListOf(Text(10, rf"{MM_DD}|{_EACH_MONTH}|{AT_ONCE}|{YEAR_END}", "day of review"), 1)
CHECKS: Final = ListOf(Text(5, rf"{MM_DD}|{_EACH_MONTH}|{EVERY_DAY.replace('*', '[*]')}", "MM-DD or *-DD"))

# ---------------------------------------------------------------------- requirements


def _tree(name: str, header: str, meaning: str, further: tuple[Key, ...]) -> Form:
    """Give a node of a tree of conditions, which has further keys where it is the whole tree."""
    leaf = () if further else WORD
    return Form(
        name,
        header,
        meaning,
        further,
        (
            Case((Key("all", rows("requirement", 1), "all of these must be met"),)),
            Case((Key("any", rows("requirement", 1), "one of these must be met"),)),
            Case(
                (
                    Key("of", rows("requirement", 1), "some of these must be met"),
                    Key("at-least", Whole(1, 1000), "how many of them", Needed.YES),
                )
            ),
            Case((Key("not", one("requirement"), "this must not be met"),)),
            Case(
                (
                    Key("measure", TEXT, "a track or a measure, held against a bar"),
                    Key("at-least", BAR, "the bar, which is reached exactly"),
                    Key("above", BAR, "the bar, which must be exceeded"),
                    *leaf,
                ),
                one_of=("at-least", "above"),
            ),
            Case(
                (
                    Key("reading", TEXT, "a figure that was supplied, held against a bar"),
                    Key("at-least", BAR, "the bar, which is reached exactly"),
                    Key("above", BAR, "the bar, which must be exceeded"),
                    Key("is", Flag(), "what a reading that is yes or no must be"),
                    *leaf,
                ),
                one_of=("at-least", "above", "is"),
            ),
            Case(
                (
                    Key("partner", TEXT, 'of the partner "market", or an attribute'),
                    Key("is", TEXT, "what it must be"),
                    Key("group", TEXT, "the group in which the market must be"),
                    *leaf,
                ),
                one_of=("is", "group"),
            ),
            Case(
                (
                    Key("ladder", TEXT, "another ladder of the program"),
                    Key("tier", TEXT, "the tier that must be reached in it", Needed.YES),
                    *leaf,
                )
            ),
        ),
    )


REQUIREMENT: Final = _tree("requirement", "{ … } in a tree", "A condition, or several as one.", ())
PREREQUISITE: Final = _tree(
    "prerequisite", "only-if = { … }", "What must be met for a measure to count.", WORD
)
ASKED: Final = _tree(
    "asked", "[[tier.requires]] and [[tier.keeps]]", "What a tier asks, on some days.", DATED
)

# ---------------------------------------------------------------------- tiers and movements

TIER: Final = Form(
    "tier",
    "[[tier]]",
    "A level of a ladder.",
    (
        Key("id", ID, "its name in rules and facts", Needed.YES),
        Key("name", NAME, "its name in words; left out: its id"),
        Key("rank", Whole(0, 1000), "its height: a higher rank is a higher tier", Needed.WHOLE),
        Key("ladder", ID, "which ladder it belongs to; left out: the program's own"),
        Key("named", rows("named"), "names that it has on some days only"),
        Key("requires", rows("asked"), "what it asks of who would reach it", Needed.WHOLE),
        Key("keeps", rows("asked"), "what it asks of who has it, where that is something else"),
    ),
)
NAMED: Final = Form(
    "named",
    "[[tier.named]]",
    "Another name of a tier, on some days.",
    (Key("name", NAME, "the name", Needed.YES), *DATED),
)
MOVEMENT: Final = Form(
    "movement",
    "[[movement]]",
    "A rule by which the held tier rises or falls.",
    (
        Key("id", ID, "its name in explanations", Needed.YES),
        Key("kind", words(MoveKind), "whether it lifts the tier or lowers it", Needed.YES),
        Key("on", REVIEWS, 'the review days: MM-DD, *-DD for each month, "at-once", "year-end"', Needed.YES),
        Key("judged", one("judged"), "which performance a review looks at", Needed.YES),
        Key("asked-on-the-day", ListOf(TEXT), "readings that are looked at on the review day alone"),
        Key(
            "effective",
            Either((OneOf(("same-day",)), one("lag"))),
            "when the result takes effect: on the same day, or so much later",
            Needed.YES,
        ),
        Key(
            "to",
            words(Reach),
            "how far it goes: a rise best or next, a fall best-judged or next-lower",
            Needed.YES,
        ),
        Key("unless-held-under", one("protected"), "how long after a rise it cannot fall"),
        Key("restarts-year", Flag(), "whether the member's own year begins anew"),
        Key("posts", one("posts"), "what it takes off and carries over"),
        *DATED,
    ),
)
JUDGED: Final = Form(
    "judged",
    "judged = { … }",
    "Which performance a review looks at.",
    (
        Key("take", words(Take), "that of the day, of its eve, or the best or worst of a window", Needed.YES),
        Key("on", CHECKS, "the days of the window that are looked at: MM-DD, *-DD, or *-* for each day"),
        Key("since", ListOf(OF_THE_YEAR), "the first day of the window before each review, in their order"),
        Key("last", one("lag"), "or how long the window is that ends with each review"),
        Key("bars", words(BarsOf), "by which day's bars a day is judged; left out: its own"),
    ),
)
LAG: Final = Form(
    "lag",
    "{ months = 1 } or { days = 10 }",
    "A length of time.",
    (
        Key("months", Whole(1, LONGEST["months"]), "months"),
        Key("days", Whole(1, LONGEST["days"]), "days"),
    ),
    one_of=("months", "days"),
)
PROTECTED: Final = Form(
    "protected",
    "unless-held-under = { … }",
    "How long after a rise a tier cannot fall.",
    (Key("months", Whole(0, MOST_MONTHS), "months"),),
)
POSTS: Final = Form(
    "posts",
    "posts = { … }",
    "What a movement takes off and carries over.",
    (
        Key("deduct", TEXT, "the track from which the bar of the tier that is reached or kept is taken"),
        Key("carry", TEXT, "the track of which what is left over the bar goes into the new year"),
        Key("at-most", Number(above_zero=True), "the most that is carried; left out: no limit"),
    ),
)
