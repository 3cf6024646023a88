"""What every dated fact about a teacher is: its two times, its kind, what it refuses.

`valid_from` and `valid_to` say when it held, `recorded_at` and `superseded_at` when the system believed
it. `as_of` cuts by the first, `known_on` by the second. Nothing is overwritten: what ends or was wrong
is superseded by a fact that says so.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import CheckConstraint, Index, Uuid
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from app.domain.base import Command, Dated, Table, dated_constraints, holds_once, key
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.organisation.facts import FactNotLater
from app.domain.organisation.facts import FactView as Times

AHEAD = timedelta(days=366)
"""How long before its first day a fact may be recorded: for the coming school year, not for ever."""


class FactName(StrEnum):
    """The kinds of facts (任职事实)."""

    EMPLOYMENT = "employment"
    ESTABLISHMENT = "establishment"
    SERVICE_STATE = "service_state"
    SERVICE_PLACE = "service_place"
    RANK = "rank"
    POST = "post"
    HONOUR = "honour"
    EDUCATION = "education"
    GROWTH_RESULT = "growth_result"
    QUALIFICATION = "qualification"
    REGISTRATION = "registration"


class Fact(Dated):
    """The base of the tables of facts; each hangs below the teacher whom it is about."""

    id: UUID = key()
    teacher_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    superseded_because: str | None = Field(default=None, max_length=200)
    """Why it was wrong, where it was; null for what is believed, or merely ended."""


def fact_constraints(
    table: str, *slot: str
) -> tuple[CheckConstraint | ExcludeConstraint | Index, ...]:
    """A fact ends after it begins; of what is believed, no two of one slot hold on one day.

    The slot are the columns that, beside the teacher, say what may hold once at a time.
    """
    return (
        *dated_constraints(),
        holds_once(table, "teacher_id", *slot),
        Index(None, "teacher_id", "valid_from"),
    )


class FactView(Times):
    """A fact about a teacher as both faces show it: its key, and its two times."""

    id: UUID = Field(
        description="标识，更正或终止后另有新标识 / key; a new one once it ends or is corrected"
    )
    teacher_id: UUID = Field(description="教师 / teacher")


class NamedFactView(FactView):
    """The times of a fact of any kind."""

    kind: FactName = Field(description="类别 / kind of fact")


class NewFact(Command):
    """When a fact holds; and, where it takes the place of a wrong one, of which and why."""

    valid_from: date = Field(description="起始日 / first day")
    valid_to: date | None = Field(
        default=None,
        description="终止日（当日已不再有效），至今有效时不填 / first day on which it no longer holds",
    )
    corrects: UUID | None = Field(
        default=None, description="被更正的记录 / key of the fact that was wrong"
    )
    reason: str | None = Field(
        default=None, min_length=2, max_length=200, description="更正理由 / why it was wrong"
    )

    @model_validator(mode="after")
    def _corrected_for_a_reason(self) -> "NewFact":
        if (self.corrects is None) != (self.reason is None):
            raise Unfit(
                "更正记录须同时填写被更正的记录和理由。",
                "A correction names the fact that was wrong, and why.",
            )
        return self

    def values(self) -> dict[str, Any]:
        """What the fact says, without its times."""
        return self.model_dump(exclude=set(NewFact.model_fields))


# What can be refused.


class FactNotFound(NotFound):
    """The teacher has no such fact, or it is no longer believed."""

    code = "fact_not_found"
    zh = "未找到该任职记录，或该记录已被更正。"
    en = "There is no such fact of this career, or it was superseded."


class FactEndsBeforeItBegins(Invalid):
    """The first day on which it no longer holds lies after the first on which it does."""

    code = "fact_ends_before_it_begins"
    zh = "终止日必须晚于起始日（{begins}）。"
    en = "It must end after it begins ({begins})."


class FactBeforeBirth(Invalid):
    """Nothing holds of a person before the person's birth."""

    code = "fact_before_birth"
    zh = "起始日早于该教师的出生日期。"
    en = "The first day lies before the teacher's birth."


class FactTooFarAhead(Invalid):
    """A fact may begin soon; what begins later than in a year is no fact yet."""

    code = "fact_too_far_ahead"
    zh = "起始日不能晚于 {latest}。"
    en = "The first day cannot lie after {latest}."


def check_ahead(day: date, *, today: date) -> None:
    """Refuse a first day that lies more than a year ahead."""
    latest = today + AHEAD
    if day > latest:
        raise FactTooFarAhead(latest=latest.isoformat())


class FactOverlaps(Conflict):
    """It would hold on a day on which something else does, of which there can be one only."""

    code = "fact_overlaps"
    zh = "与同一时期的另一条记录重叠。"
    en = "It overlaps with another fact of the same time."


@dataclass(frozen=True, eq=False)
class FactKind:
    """A kind of fact, declared once: what it is called, its table, its view and its command.

    Where it `succeeds`, recording one ends the one that holds in its slot. `shown` are the kinds that
    are seen with the teacher or asked by the rules of credit: a change of one is a change of the
    teacher.
    """

    name: FactName
    plural: str
    table: type[Table]
    view: type[FactView]
    new: type[NewFact]
    words: str
    """What it is, in Chinese and in English."""
    slot: tuple[str, ...] = ()
    succeeds: bool = False
    shown: bool = False
    overlaps: type[Conflict] = FactOverlaps
    not_later: type[Conflict] = FactNotLater

    @property
    def columns(self) -> Any:
        """The columns of its table, by name."""
        return self.table.__table__.c  # type: ignore[attr-defined]

    @property
    def at_school(self) -> bool:
        """Whether it is a fact at a school."""
        return "school_id" in self.columns
