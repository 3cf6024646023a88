"""Assessments of trainers (培训者考核): of each appearance, and of each year. Nobody assesses themselves."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, Uuid, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import AMOUNT, MOMENT, Command, Table, civil_date, key, text_enum
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.learning.trainer_appearances import APPEARANCES, TrainerAppearanceNotFound
from app.domain.learning.trainers import (
    PERSON,
    TRAINER_PLACES,
    TRAINERS,
    WITH_PERSON,
    Trainer,
    TrainerGone,
)
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import PersonName
from app.domain.training.activities import ActivityState
from app.domain.training.staff import ActivityStaff
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class TrainerGrade(StrEnum):
    """How a trainer is judged (考核等第)."""

    EXCELLENT = "excellent"
    """优秀"""
    QUALIFIED = "qualified"
    """合格"""
    BARELY = "barely"
    """基本合格"""
    UNQUALIFIED = "unqualified"
    """不合格"""


class TrainerAssessmentFields(BaseModel):
    """Of what it is, and what is judged."""

    staff_id: UUID | None = Field(
        default=None,
        description="被考核的一次授课，与年度二者填一 / the appearance, or else",
        foreign_key="activity_staff.id",
        sa_type=Uuid,
    )
    year: int | None = Field(
        default=None, ge=2000, le=2999, description="考核年度（自然年） / the calendar year"
    )
    grade: TrainerGrade = Field(description="等第 / grade", sa_type=text_enum(TrainerGrade))
    score: Decimal | None = Field(
        default=None,
        ge=0,
        le=100,
        max_digits=5,
        decimal_places=2,
        description="得分，满分 100 / score, of 100, if one is given",
        sa_type=AMOUNT,
    )
    remark: str = Field(min_length=2, max_length=2000, description="评语 / the reasons")


class TrainerAssessment(TrainerAssessmentFields, Table, table=True):
    """A judgement, said once and never changed; its place is its trainer's."""

    __table_args__ = (
        CheckConstraint("num_nonnulls(staff_id, year) = 1", name="of_one_thing"),
        CheckConstraint("score BETWEEN 0 AND 100", name="out_of_a_hundred"),
        UniqueConstraint("trainer_id", "staff_id"),
        UniqueConstraint("trainer_id", "year"),
        Index(None, "staff_id"),
        Index(None, "trainer_id", "id"),
    )

    id: UUID = key()
    trainer_id: UUID = Field(foreign_key="trainer.id", sa_type=Uuid)
    assessed_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    assessed_at: datetime = Field(sa_type=MOMENT)


class TrainerAssessmentView(TrainerAssessmentFields):
    """A judgement as the trainer sees it, and those who keep the library."""

    id: UUID = Field(description="标识 / key")
    trainer_id: UUID = Field(description="导师 / trainer")
    name: PersonName = Field(description="导师姓名 / name of the trainer")
    assessed_at: datetime = Field(description="考核时间 / when it was said")


class NewTrainerAssessment(TrainerAssessmentFields, Command):
    """A judgement of one appearance, or of one year."""

    @model_validator(mode="after")
    def _of_one_thing(self) -> Self:
        if (self.staff_id is None) == (self.year is None):
            raise Unfit("须指定一次授课或一个年度。", "It is of one appearance, or of one year.")
        return self


# What can be refused.


class TrainerAssessmentNotFound(NotFound):
    """There is no such assessment for the one who asks."""

    code = "trainer_assessment_not_found"
    zh = "未找到该导师考核。"
    en = "There is no such assessment of a trainer."


class TrainerOfOneself(Conflict):
    """Nobody assesses themselves."""

    code = "trainer_of_oneself"
    zh = "不能考核本人。"
    en = "Nobody assesses themselves."


class TrainerAssessed(Conflict):
    """Each appearance and each year is assessed once."""

    code = "trainer_assessed"
    zh = "该次授课或该年度已考核。"
    en = "This appearance, or this year, was assessed already."


class TrainerAppearanceOpen(Conflict):
    """What is assessed is over: the activity was closed."""

    code = "trainer_appearance_open"
    zh = "活动结束后方可考核。"
    en = "An appearance is assessed once its activity was closed."


class TrainerYearUnfit(Invalid):
    """A year is assessed when it has begun, and no year before somebody entered."""

    code = "trainer_year_unfit"
    zh = "只能考核该导师入库以来、至今年为止的年度（{first} 至 {last}）。"
    en = "A year since the trainer entered, until this one ({first} to {last}), is assessed."


# What may be asked.

_ASSESSMENTS = TrainerAssessment.__table__  # type: ignore[attr-defined]

TRAINER_ASSESSMENTS = Door(
    table=TrainerAssessment,
    view=TrainerAssessmentView,
    read=Permission.TRAINER_READ,
    missing=TrainerAssessmentNotFound,
    places=TRAINER_PLACES,
    computed={"name": PERSON["name"]},
    joined=_ASSESSMENTS.join(WITH_PERSON, _ASSESSMENTS.c.trainer_id == col(Trainer.id)),
    filters={
        "trainer_id": _ASSESSMENTS.c.trainer_id,
        "year": _ASSESSMENTS.c.year,
        "grade": _ASSESSMENTS.c.grade,
    },
    sorts={"created": ()},
)
"""What is judged of a trainer is not published with the library."""


async def get_trainer_assessment(db: Connection, actor: Actor, *, assessment_id: UUID) -> Row:
    """One assessment: of oneself, or of a trainer in the actor's place."""
    return await TRAINER_ASSESSMENTS.get(db, actor, assessment_id)


async def list_trainer_assessments(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    trainer_id: UUID | None = None,
    year: int | None = None,
    grade: TrainerGrade | None = None,
) -> Page:
    """The assessments of oneself and of the trainers in the actor's place, the first said first."""
    filters = {"trainer_id": trainer_id, "year": year, "grade": grade}
    return await TRAINER_ASSESSMENTS.page(db, actor, page, filters=filters)


async def trainer_assessments_of(
    db: Connection,
    actor: Actor,
    *,
    trainer_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """A page of the assessments of each of many trainers."""
    owner: Any = _ASSESSMENTS.c.trainer_id
    return await TRAINER_ASSESSMENTS.pages_of(db, actor, owner, trainer_ids, page, columns=columns)


# What may be done.

_STATE = Statement(
    select(APPEARANCES.computed["state"])
    .select_from(APPEARANCES.joined)
    .where(
        col(ActivityStaff.id) == bindparam("staff_id", type_=Uuid),
        col(Trainer.id) == bindparam("trainer_id", type_=Uuid),
    )
)


async def assess_trainer(
    db: Connection, actor: Actor, *, trainer_id: UUID, new: NewTrainerAssessment, now: datetime
) -> Row:
    """Judge an appearance or a year of a trainer whom the actor keeps, and who is somebody else."""
    trainer = await TRAINERS.get(db, actor, trainer_id, permission=Permission.TRAINER_WRITE)
    if await is_oneself(db, actor, teacher_ids=[trainer["teacher_id"]]):
        raise TrainerOfOneself
    if trainer["entered_on"] is None:
        raise TrainerGone
    if new.staff_id is not None:
        state = await db.value(_STATE, staff_id=new.staff_id, trainer_id=trainer_id)
        if state is None:
            raise TrainerAppearanceNotFound
        if state != ActivityState.CLOSED:
            raise TrainerAppearanceOpen
    first, last = trainer["entered_on"].year, civil_date(now).year
    if new.year is not None and not first <= new.year <= last:
        raise TrainerYearUnfit(first=first, last=last)
    row = {
        "id": new_id(), "trainer_id": trainer_id, **new.model_dump(),
        "assessed_by": actor.account_id, "assessed_at": now,
    }  # fmt: skip
    try:
        await db.insert(TrainerAssessment, row)
    except UniqueViolationError:
        raise TrainerAssessed from None
    return await TRAINER_ASSESSMENTS.get(db, actor, row["id"])
