"""What teachers reached of what their school asks, counted from the register, the notes, the ledger."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Uuid, and_, bindparam, case, func, or_, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import civil_date, holds_on, text_enum
from app.domain.credits.assessment_requirements import (
    AssessmentMeasure,
    AssessmentRequirement,
    AssessmentTerm,
)
from app.domain.credits.assessments.counted import COUNTED, LAST
from app.domain.errors import Invalid
from app.domain.organisation.units import UNITS, NotASchool
from app.domain.people.teachers import TEACHERS, PersonName, Teacher
from app.domain.people.teachers.strata import Stratum, counts_in
from app.sql import Connection, Row, Statement


class ReachedView(BaseModel):
    """One thing that is asked of one teacher, and how much of it was reached."""

    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    requirement_id: UUID = Field(description="考核要求 / requirement")
    stratum: Stratum | None = Field(description="适用对象 / for whom it is asked, null for all")
    measure: AssessmentMeasure = Field(description="考核指标 / what is counted")
    needed: Decimal = Field(description="要求数量 / how much is asked")
    reached: Decimal = Field(description="实际数量 / how much was reached")
    met: bool = Field(description="是否达到 / whether it was met")


# What can be refused.


class AssessmentDaysDisagree(Invalid):
    """A term ends after it begins, and lasts a year at most."""

    code = "assessment_days_disagree"
    zh = "考核期的终止日不能早于起始日，且不超过一年。"
    en = "The last day cannot come before the first, and a term lasts a year at most."


_LONGEST = 366
_FIRST_MONTH = 9
"""A school year begins on 1 September."""


def check_term(starts_on: date, ends_on: date) -> None:
    """Refuse days in the wrong order, and more than a year."""
    if not 0 <= (ends_on - starts_on).days < _LONGEST:
        raise AssessmentDaysDisagree


def days_of_term(starts_on: date | None, ends_on: date | None, today: date) -> tuple[date, date]:
    """The days of a term that are given; where none are, those of the school year of today."""
    if starts_on is None and ends_on is None:
        began = today.year if today.month >= _FIRST_MONTH else today.year - 1
        return date(began, _FIRST_MONTH, 1), date(began + 1, _FIRST_MONTH, 1) - timedelta(days=1)
    if starts_on is None or ends_on is None:
        raise AssessmentDaysDisagree
    check_term(starts_on, ends_on)
    return starts_on, ends_on


# What may be asked.


@lru_cache(maxsize=2)
def _reached(owner: str) -> Statement:
    """What is asked of the teachers of whom the column `owner` has a value, and what they reached."""
    asked = AssessmentRequirement
    stratum, measure = col(asked.stratum), col(asked.measure)
    applies = or_(
        stratum.is_(None), *(and_(stratum == each, counts_in(each, LAST)) for each in Stratum)
    )
    counted = case(*((measure == each, value) for each, value in COUNTED.items()))
    reached = func.coalesce(counted, 0)
    chosen: Any = (
        select(
            col(Teacher.id).label("teacher_id"), col(Teacher.name),
            col(asked.id).label("requirement_id"), stratum, measure,
            col(asked.amount).label("needed"), reached.label("reached"),
            (reached >= col(asked.amount)).label("met"),
        )
        .join_from(Teacher, asked, col(asked.school_id) == col(Teacher.school_id))
        .where(
            col(getattr(Teacher, owner)) == bindparam("owner_id", type_=Uuid),
            col(Teacher.merged_into_id).is_(None),
            col(asked.term) == bindparam("term", type_=text_enum(AssessmentTerm)),
            holds_on(asked, LAST),
            applies,
        )
        .order_by(col(Teacher.name), col(Teacher.id), measure, col(asked.id))
    )  # fmt: skip
    return Statement(chosen)


async def list_school_reached(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    now: datetime,
    term: AssessmentTerm = AssessmentTerm.YEAR,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> list[Row]:
    """What each teacher of a school reached of what it asks in a term, by name, in one statement.

    What is asked is what was in force on the last day; the term is the school year of today where no
    days are given.
    """
    first, last = days_of_term(starts_on, ends_on, civil_date(now))
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.ASSESSMENT_READ)
    if unit["level"] != "school":
        raise NotASchool
    days = {"starts_on": first, "ends_on": last}
    return await db.all(_reached("school_id"), owner_id=unit_id, term=term, **days)


async def list_teacher_reached(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    now: datetime,
    term: AssessmentTerm = AssessmentTerm.YEAR,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> list[Row]:
    """What one teacher reached of what the school asks in a term; teachers see their own."""
    first, last = days_of_term(starts_on, ends_on, civil_date(now))
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.ASSESSMENT_READ)
    days = {"starts_on": first, "ends_on": last}
    return await db.all(_reached("id"), owner_id=teacher_id, term=term, **days)
