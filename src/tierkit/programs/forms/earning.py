"""The tables of a program file that say how points are earned, and what is made of them."""

from __future__ import annotations

from typing import Final

from tierkit.programs.forms.kinds import (
    DATED,
    ID,
    MOST_DAYS,
    MOST_MONTHS,
    NAME,
    NUMBER,
    RATE,
    TEXT,
    Case,
    Either,
    Flag,
    Form,
    Key,
    ListOf,
    Named,
    Needed,
    Number,
    OneOf,
    Text,
    Whole,
    one,
    rows,
    words,
)
from tierkit.programs.measures import Counted, Fold
from tierkit.programs.reading.measures import MOST_STRETCHES
from tierkit.programs.reading.table import MOST_OF_ID
from tierkit.programs.rules import FactShape, Sharing, ShortMonth, Takes, While
from tierkit.values.calendar import Stretch
from tierkit.values.rates import Rounding

OPERAND: Final = Either((Text(MOST_OF_ID, words="name of a quantity"), NUMBER))
OPERANDS: Final = ListOf(OPERAND, 1)
QUANTITY: Final = Text(words="name of a quantity")
TRACKS: Final = ListOf(Text(words="track"))
ONE_OR_MORE: Final = Either((TEXT, ListOf(TEXT, 1)))
MONTHS: Final = Whole(1, MOST_MONTHS)
DAYS: Final = Whole(1, MOST_DAYS)

# ---------------------------------------------------------------------- earning

EARN: Final = Form(
    "earn",
    "[[earn]]",
    "One way to earn: select, measure, rate, multiply, bound, round, share, live.",
    (
        Key("id", ID, "the rule's name in explanations", Needed.YES),
        Key("name", NAME, "its name in words; left out: its id"),
        Key("select", one("select"), "which facts it looks at", Needed.WHOLE),
        Key("track", TEXT, "where its points go", Needed.WHOLE),
        Key("amount", TEXT, 'the fact\'s money that is measured: "mrr" or "value" of a deal, "amount"'),
        Key(
            "quantity", Flag(), "whether its quantity is measured; without amount and quantity it is one unit"
        ),
        Key(
            "beside",
            ListOf(TEXT),
            "rules that may take the same facts into the same track: a bonus and its base",
        ),
        Key("rate", rows("rate"), "points for each unit", Needed.WHOLE),
        Key("rate-day", rows("rate-day"), "facts whose rate another day decides"),
        Key("multiply", rows("multiply"), "multipliers by group of markets or by the tier held"),
        Key("at-least", rows("points"), "points that one fact gives at least"),
        Key("at-most", rows("points"), "points that one fact gives at most"),
        Key("round", rows("round"), "how the points of one fact are rounded; left out: they stay exact"),
        Key("share", rows("share"), "how the holders of a state divide its points; left out: each has all"),
        Key("live", rows("live"), "how long the points count", Needed.WHOLE),
        Key("clawback", rows("clawback"), "what a reversal of the fact takes; left out: nothing"),
    ),
)
SELECT: Final = Form(
    "select",
    "select = { … }",
    "The facts that a rule takes.",
    (
        Key(
            "fact",
            words(FactShape),
            "which facts: the two named kinds, or the two general shapes",
            Needed.YES,
        ),
        Key("group", ONE_OR_MORE, "groups of markets, in one of which the fact's must be"),
        Key("except", one("except"), "facts that are passed over"),
    ),
    others=Key("ATTRIBUTE", ONE_OR_MORE, "the value that a fact must have, or several of which it has one"),
)
EXCEPT: Final = Form(
    "except",
    "except = { … }",
    "The facts that a rule passes over: one of these values is enough.",
    (Key("group", ONE_OR_MORE, "groups of markets, in none of which the fact's may be"),),
    others=Key("ATTRIBUTE", ONE_OR_MORE, "the value that a fact must not have, or several"),
)
RATE_ROW: Final = Form(
    "rate",
    "[[earn.rate]]",
    "Points for each unit.",
    (Key("points", RATE, 'how many, exactly; or "unknown"', Needed.YES), *DATED),
)
RATE_DAY: Final = Form(
    "rate-day",
    "[[earn.rate-day]]",
    "Facts whose rate is decided by another day than their own.",
    (
        Key("when", Named(TEXT, "attribute"), "the values that such a fact has", Needed.YES),
        Key("day", OneOf(("line-first-sold",)), "which day decides", Needed.YES),
        *DATED,
    ),
)
MULTIPLY: Final = Form(
    "multiply",
    "[[earn.multiply]]",
    "A multiplier.",
    (
        Key("group", TEXT, "for facts whose market is in this group"),
        Key("tier", TEXT, "for who held this tier on the morning of the fact's day"),
        Key("by", RATE, "how many times the points", Needed.YES),
        *DATED,
    ),
    one_of=("group", "tier"),
)
POINTS_ROW: Final = Form(
    "points",
    "[[earn.at-least]] and [[earn.at-most]]",
    "A bound for the points of one fact.",
    (Key("points", NUMBER, "how many", Needed.YES), *DATED),
)
ROUND: Final = Form(
    "round",
    "[[earn.round]]",
    "How the points of one fact are rounded.",
    (
        Key("to", Number(above_zero=True), "to whole multiples of this: 1 for whole points", Needed.YES),
        Key("mode", words(Rounding), "which multiple is taken", Needed.YES),
        *DATED,
    ),
)
SHARE: Final = Form(
    "share",
    "[[earn.share]]",
    "How the points of one state are divided among those who hold it on a day.",
    (
        Key(
            "among",
            words(Sharing),
            "equally, by their shares, all to each, or all to the primary one",
            Needed.YES,
        ),
        *DATED,
    ),
)
LIVE: Final = Form(
    "live",
    "[[earn.live]]",
    "How long points count: up to the earliest of the ends that are given.",
    (
        Key("months", MONTHS, "months from the event's day; of a state from the day since which it is held"),
        Key("days", DAYS, "days from that day"),
        Key(
            "through",
            words(Stretch),
            "the stretch of the calendar that still counts whole, around the day so found",
        ),
        Key(
            "short-month",
            words(ShortMonth),
            "which day it is where a month does not have it; left out: its last",
        ),
        Key("while", words(While), "as long as the state is held, or to the end of the member's own year"),
        Key("inactive-days", DAYS, "days after the holder's last action on which a state still counts"),
        Key("never", Flag(), "true where they never end; it stands for all the others"),
        Key("pending-months", Whole(0, MOST_MONTHS), "months before the points begin to count"),
        Key("pending-days", Whole(0, MOST_DAYS), "days before they do, after those months"),
        *DATED,
    ),
    some_of=("months", "days", "through", "while", "inactive-days", "never"),
)
CLAWBACK: Final = Form(
    "clawback",
    "[[earn.clawback]]",
    "What a reversal of a fact takes of its points.",
    (
        Key(
            "causes", ListOf(ID), "the causes for which it takes them; with none it takes nothing", Needed.YES
        ),
        Key("takes", words(Takes), "all, or the part of the days that are yet to come", Needed.YES),
        *DATED,
    ),
)

# ---------------------------------------------------------------------- measures

MEASURE: Final = Form(
    "measure",
    "[measures.NAME]",
    "A named quantity, made by one operator.",
    (Key("name", NAME, "its name in words; left out: its id"),),
    (
        Case((Key("sum", OPERANDS, "all added up"),)),
        Case((Key("net", OPERANDS, "the first less the others"),)),
        Case((Key("product", OPERANDS, "all multiplied"),)),
        Case((Key("min", OPERANDS, "the lowest of them: a cap, where one is a number"),)),
        Case((Key("max", OPERANDS, "the highest of them"),)),
        Case((Key("ratio", OPERANDS, "the first over the second; over zero it is unknown"),)),
        Case((Key("count", TRACKS, "how many facts of these tracks count"),)),
        Case(
            (
                Key("distinct", TEXT, 'how many different values of an attribute, such as "customer"'),
                Key("of", TRACKS, "the tracks of those facts", Needed.YES),
            )
        ),
        Case(
            (
                Key(
                    "scale",
                    OPERAND,
                    "partial credit: a part of the target gives that part, none less, none more",
                ),
                Key("full", Number(above_zero=True), "what gives all", Needed.YES),
                Key("gives", NUMBER, "how much all is", Needed.YES),
            )
        ),
        Case(
            (
                Key("only-if", one("prerequisite"), "zero unless this is met"),
                Key("of", OPERAND, "what it is where that is met", Needed.YES),
            )
        ),
        Case(
            (
                Key("round", QUANTITY, "rounded to a whole multiple"),
                Key("to", Number(above_zero=True), "of this number", Needed.YES),
                Key("mode", words(Rounding), "which multiple is taken", Needed.YES),
            )
        ),
        Case(
            (
                Key("earlier", QUANTITY, "as it was some time before"),
                Key("months", MONTHS, "months before the day"),
                Key("days", DAYS, "days before that"),
                Key(
                    "ago",
                    Whole(1, MOST_STRETCHES),
                    "or so many stretches before the day's own: on their last day",
                ),
                Key("stretch", words(Stretch), "which stretches, with `ago`"),
            ),
            some_of=("months", "days", "ago"),
        ),
        Case(
            (
                Key("over", QUANTITY, "in each of several stretches of the calendar"),
                Key("each", words(Stretch), "which stretches", Needed.YES),
                Key(
                    "last",
                    Whole(1, MOST_STRETCHES),
                    "how many of them; of best days at most 400 days",
                    Needed.YES,
                ),
                Key("fold", words(Fold), "what is made of their figures", Needed.YES),
                Key(
                    "counted",
                    words(Counted),
                    "what was earned in it, what stood on its last day, or the most that did on a day of it",
                    Needed.YES,
                ),
                Key("at-most", NUMBER, "the most that one stretch gives"),
                Key(
                    "running",
                    Flag(),
                    "whether the stretch of the day itself is the last of them; else the one before",
                ),
            )
        ),
        Case(
            (
                Key(
                    "tenure",
                    Text(words="tier"),
                    "for how many whole months this tier or a higher one is held",
                ),
            )
        ),
    ),
)
