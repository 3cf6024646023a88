"""What the rules are told: a person's facts, the entries of the ledger, and a source of credit.

Dates are civil dates in Asia/Shanghai. Kinds and levels may be given as plain text, as rows have
them: the enumerations of a pack are text too. An enumeration that is asked for here is one of
`packs.parts`; all other values are codes of the field's vocabulary.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from msgspec import Struct

ZERO = Decimal("0.00")


class Dated(Struct, frozen=True, array_like=True):
    """A value that held from one day to another, both included; `valid_to` None means: still."""

    value: str
    valid_from: date
    valid_to: date | None = None


class Period(Struct, frozen=True, array_like=True):
    """Days of service, both ends included; `valid_to` None means: still."""

    valid_from: date
    valid_to: date | None = None


class Facts(Struct, frozen=True, kw_only=True):
    """What a rule may ask about the person.

    None means not known, and a rule that asks is then undecided; an empty tuple means known to have
    none. Where one worked on a day, a school lies somewhere: without a value among `locations` on a day, that
    is not known. Service that is not known is taken as without gaps. `leaves` are the states of service other
    than being at work; where none is known none is taken.
    """

    birth_date: date | None = None
    ranks: tuple[Dated, ...] | None = None
    posts: tuple[Dated, ...] | None = None
    stages: tuple[str, ...] | None = None
    locations: tuple[Dated, ...] = ()
    service: tuple[Period, ...] | None = None
    leaves: tuple[Dated, ...] = ()


class Entry(Struct, frozen=True, kw_only=True, gc=False):
    """One line of the ledger with the inputs that it froze; `sequence` is its place in the order.

    `hours` and `credits` are what was earned, never what a cap left of it; `hours` are recognised
    hours, with the factor of a rule in them. `recorded_at` has a zone. A reversal names the entry
    that it strikes; its own amounts and dimensions are not read.
    """

    id: UUID
    sequence: int
    kind: str
    earned_on: date
    recorded_at: datetime
    hours: Decimal
    credits: Decimal
    reverses_id: UUID | None = None
    level: str | None = None
    activity_kind: str | None = None
    mode: str | None = None
    role: str | None = None
    channel: str | None = None
    content: tuple[str, ...] = ()
    source_kind: str | None = None
    rank: str | None = None
    posts: tuple[str, ...] = ()
    pack_id: str | None = None
    pack_version: int | None = None
    rule_id: str | None = None


class Source(Struct, frozen=True, kw_only=True):
    """Something that may earn: an attended activity, or what is converted, offset or exempted.

    `rank` and `posts` are the person's on the day, as the entry will freeze them.
    """

    earned_on: date
    hours: Decimal = ZERO
    kind: str = "earn"
    level: str | None = None
    activity_kind: str | None = None
    mode: str | None = None
    role: str | None = None
    channel: str | None = None
    content: tuple[str, ...] = ()
    source_kind: str | None = None
    rank: str | None = None
    posts: tuple[str, ...] = ()
