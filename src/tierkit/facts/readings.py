"""What a partner was measured at, and the tier that it was given."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, final

import attrs

from tierkit.facts.checks import Checks, one_typed
from tierkit.frozen import frozen

if TYPE_CHECKING:
    from tierkit.values.exact import Number


@final
@frozen(kw_only=True)
class Reading:
    """The value of a metric from a day on, of a partner or of one of its customers.

    Attributes:
        partner: the id of the partner.
        name: the metric, in the program's words: "certified", "grr".
        value: True or False, or a number, which is kept as the Fraction that equals it.
        on: the first day on which it holds.
        until: the first day on which it no longer does; None where the next reading ends it.
        customer: the customer that was measured; empty where it was the partner.
        recorded_on: the day on which this was written down, if known.
        recorded_by: who wrote it down; empty where not said.

    Raises:
        InvalidValue: (or another `TierkitError`) with everything that is wrong with the fields.
    """

    partner: str
    name: str
    value: bool | Fraction = attrs.field(eq=one_typed)
    on: date
    until: date | None
    customer: str
    recorded_on: date | None
    recorded_by: str

    def __init__(
        self,
        *,
        partner: str,
        name: str,
        value: bool | Number,
        on: date,
        until: date | None = None,
        customer: str = "",
        recorded_on: date | None = None,
        recorded_by: str = "",
    ) -> None:
        check = Checks()
        check.texts(partner=partner, name=name)
        check.texts_if_any(customer=customer)
        measured = value if isinstance(value, bool) else check.number("value", value)
        check.day("on", on)
        check.day_if_any("until", until)
        check.order("on", on, "until", until)
        check.recorded(recorded_on, recorded_by, "on", on)
        check.done("reading", name)
        self.__attrs_init__(
            partner=partner,
            name=name,
            value=measured,
            on=on,
            until=until,
            customer=customer,
            recorded_on=recorded_on,
            recorded_by=recorded_by,
        )

    @property
    def subject(self) -> tuple[str, str, str, date]:
        """What is measured, and on which day; of several records of that the last one counts."""
        return self.partner, self.customer, self.name, self.on

    @property
    def key(self) -> tuple[str, str, str, date, date]:
        """What a book has one reading of: partner, customer, name, day, and day of the record."""
        return *self.subject, self.recorded_on or date.min

    if TYPE_CHECKING:

        def __attrs_init__(self, **fields: object) -> None: ...


@final
@frozen(kw_only=True)
class Held:
    """The tier that a partner was given from a day on.

    Attributes:
        partner: the id of the partner.
        tier: the id of the tier, in the program's words.
        on: the day of which this is known, such as the day of a review.
        since: the first day on which the tier was held without a break, if known.
        until: the first day on which it is no longer held; None where the next decision ends it.
        reason: who decided, and why.
        recorded_on: the day on which this was written down, if known.
        recorded_by: who wrote it down; empty where not said.

    Raises:
        InvalidValue: (or another `TierkitError`) with everything that is wrong with the fields.
    """

    partner: str
    tier: str
    on: date
    since: date | None
    until: date | None
    reason: str
    recorded_on: date | None
    recorded_by: str

    def __init__(
        self,
        *,
        partner: str,
        tier: str,
        on: date,
        since: date | None = None,
        until: date | None = None,
        reason: str = "",
        recorded_on: date | None = None,
        recorded_by: str = "",
    ) -> None:
        check = Checks()
        check.texts(partner=partner, tier=tier)
        check.texts_if_any(reason=reason)
        check.day("on", on)
        check.day_if_any("since", since)
        check.day_if_any("until", until)
        check.order("since", since, "on", on, same=True)
        check.order("on", on, "until", until)
        check.recorded(recorded_on, recorded_by, "on", on)
        check.done("held tier of", partner)
        self.__attrs_init__(
            partner=partner,
            tier=tier,
            on=on,
            since=since,
            until=until,
            reason=reason,
            recorded_on=recorded_on,
            recorded_by=recorded_by,
        )

    @property
    def subject(self) -> tuple[str, date]:
        """Who holds a tier, and on which day; of several records of that the last one counts."""
        return self.partner, self.on

    @property
    def key(self) -> tuple[str, date, date]:
        """What a book has one held tier of: partner, day, and day of the record."""
        return *self.subject, self.recorded_on or date.min

    if TYPE_CHECKING:

        def __attrs_init__(self, **fields: object) -> None: ...
