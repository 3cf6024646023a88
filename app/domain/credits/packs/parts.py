"""What a rule pack is built of: its words, a value with its ground, whom and what a rule means."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from app.domain.credits.packs.problems import fault


class CreditLevel(StrEnum):
    """校、县、市、省、国家: who stands behind an activity."""

    SCHOOL = "school"
    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    NATIONAL = "national"


class EntryKind(StrEnum):
    """How an entry came into the ledger."""

    EARN = "earn"  # 获得: by an attended activity or course
    CONVERT = "convert"  # 折算: from something else, such as a degree
    OFFSET = "offset"  # 冲抵: by an output, such as a prize
    EXEMPT = "exempt"  # 免修: granted without attending
    REVERSE = "reverse"  # 冲销: strikes one earlier entry
    TRANSFER_IN = "transfer_in"  # 转入: from another authority's ledger
    LEND = "lend"  # 预借: advanced before it is earned, where the pack lends
    REPAY = "repay"  # 归还: takes away what was advanced


LOANS = (EntryKind.LEND, EntryKind.REPAY)
"""What the credit bank enters of a loan (预借): nothing of it is training."""


class Unit(StrEnum):
    """学分 and 学时 are two units; a pack counts in one of them."""

    CREDITS = "credits"
    HOURS = "hours"


class Window(StrEnum):
    """周期、学年、年度、自事件起: the span over which a cap or a requirement sums."""

    CYCLE = "cycle"
    SCHOOL_YEAR = "school_year"
    CALENDAR_YEAR = "calendar_year"
    EVENT = "event"  # 自事件起: a person's own span, such as the year after recruitment


class Event(StrEnum):
    """录用、任职、晋升: what begins a person's own window; each is the first of its kind."""

    RECRUITMENT = "recruitment"  # the first day of service
    APPOINTMENT = "appointment"  # the first day in one of the posts that the rule is for
    PROMOTION = "promotion"  # the first day in one of the ranks that the rule is for


def exact(value: object) -> object:
    """The value, if it is written as text: binary fractions are not exact."""
    if isinstance(value, float | int):
        raise fault("amount_not_text")
    return value


EXACT = {"type": "string", "pattern": r"^\d{1,8}(\.\d{1,4})?$"}
"""How an amount or a ratio is written, for the JSON Schema of a pack."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=80)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Amount = Annotated[
    Decimal,
    BeforeValidator(exact),
    Field(ge=0, max_digits=8, decimal_places=2),
    WithJsonSchema(EXACT, mode="validation"),
]
Ratio = Annotated[
    Decimal,
    BeforeValidator(exact),
    Field(gt=0, max_digits=8, decimal_places=4),
    WithJsonSchema(EXACT, mode="validation"),
]
Age = Annotated[int, Field(ge=0, le=120)]
Year = Annotated[int, Field(ge=1900, le=2999)]
Months = Annotated[int, Field(ge=1, le=120)]
Days = Annotated[int, Field(ge=1, le=3660)]
MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$")]


class Part(BaseModel):
    """A part of a pack: nothing unknown in it, and nothing changes after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Part):
    """The same words in Chinese and in English."""

    zh: Words
    en: Words


class Citation(Part):
    """Where it stands: the document, the article or place in it, and the words where they help.

    `via` is the secondary source through which it is known, where the document was not at hand.
    """

    document: Words
    article: Words
    quote: Words | None = None
    via: Words | None = None


Value = TypeVar("Value")


class Stated(Part, Generic[Value]):
    """A value with its ground: the article that says it or else who assumed it, and why.

    An assumption may cite the article that it interprets. Every explanation shows it. A number that
    is `refinable` may be raised, or lowered, by a county; all others are locked.
    """

    value: Value
    citation: Citation | None = None
    assumed: bool = False
    decided_by: Words | None = None
    reason: Text | None = None
    refinable: Literal["raise", "lower"] | None = None

    @model_validator(mode="after")
    def _is_grounded(self) -> Self:
        if not self.assumed and self.citation is None:
            raise fault("number_uncited")
        if self.assumed and not (self.decided_by and self.reason):
            raise fault("assumption_unexplained")
        if not self.assumed and (self.decided_by or self.reason):
            raise fault("assumption_contradicted")
        return self


class Reading(Stated[Text]):
    """How an ambiguous place of a source is read, such as a rank that falls into two bands."""

    id: Code


class Selection(Part):
    """Which entries are meant: those that match every named dimension. None named: all entries.

    A dimension matches if the entry has one of the values; `content` and `posts` have several
    themselves, and match if they share one. `rank` and `posts` are those at the time of earning, `year`
    is the calendar year of it. What was transferred in was earned, only elsewhere: the kind `earn` means
    it too.
    """

    kind: tuple[EntryKind, ...] = ()
    level: tuple[CreditLevel, ...] = ()
    activity_kind: tuple[Code, ...] = ()
    mode: tuple[Code, ...] = ()
    role: tuple[Code, ...] = ()
    channel: tuple[Code, ...] = ()
    content: tuple[Code, ...] = ()
    source_kind: tuple[Code, ...] = ()
    rank: tuple[Code, ...] = ()
    posts: tuple[Code, ...] = ()
    year: tuple[Year, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _knows_its_dimensions(cls, given: Any) -> Any:
        if isinstance(given, dict):
            for name in given:
                if name not in cls.model_fields:
                    raise fault("unknown_dimension", name=str(name))
        return given


class Who(Part):
    """Which persons are meant: those that match everything named, on the day that is asked about.

    Ages are completed years. `age_from` and `age_to` include their number (以上, 以下), `age_under` does
    not (不满, 未满).
    """

    ranks: tuple[Code, ...] = ()
    posts: tuple[Code, ...] = ()
    stages: tuple[Code, ...] = ()
    locations: tuple[Code, ...] = ()
    age_from: Stated[Age] | None = None
    age_to: Stated[Age] | None = None
    age_under: Stated[Age] | None = None

    @model_validator(mode="after")
    def _ages_are_in_order(self) -> Self:
        if self.age_to and self.age_under:
            raise fault("one_of", names="age_to, age_under")
        last = self.last_age
        if self.age_from and last is not None and last < self.age_from.value:
            raise fault("ages_reversed")
        return self

    @property
    def last_age(self) -> int | None:
        """The last age, in completed years, that is meant."""
        if self.age_under:
            return self.age_under.value - 1
        return self.age_to.value if self.age_to else None


class Since(Part):
    """The window of a requirement that begins for each person with an event of their own."""

    event: Event
    months: Stated[Months]


class Leave(Part):
    """Which states of service (在岗状态) excuse from a window, how, and from how many days in it on.

    `waives`: the window is not asked for at all. `shortens`: what it needs shrinks by the share of its
    days that were leave.
    """

    states: Annotated[tuple[Code, ...], Field(min_length=1)]
    effect: Stated[Literal["waives", "shortens"]]
    from_days: Stated[Days]


class Lending(Part):
    """How much credit the bank lends to one person at a time (预借), and in how many months it comes back.

    What is lent counts from the day of lending on, and what is repaid counts no more from the day of
    repaying on: what a later window earns makes good what an earlier one lacked.
    """

    most: Stated[Annotated[Amount, Field(gt=0)]]
    months: Stated[Months]


class PackVersion(Part):
    """One version of a pack, by the pack's own id."""

    id: Code
    version: Annotated[int, Field(ge=1)]
