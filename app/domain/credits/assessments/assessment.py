"""The result of an assessment: the school's own judgement beside what was counted, in the file."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import (
    CheckConstraint,
    Date,
    Index,
    Uuid,
    bindparam,
    exists,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, civil_date, key, text_enum
from app.domain.credits.assessment_requirements import AssessmentTerm
from app.domain.credits.assessments.reached import (
    ReachedView,
    check_term,
    list_teacher_reached,
)
from app.domain.errors import Conflict, NotFound, Unfit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, PersonName, Teacher, follows_teacher
from app.sql import Connection, Row, Statement, new_id


class Judgement(StrEnum):
    """What the school says of a teacher's training in a term (考核等次)."""

    EXCELLENT = "excellent"
    """优秀"""
    QUALIFIED = "qualified"
    """合格"""
    BASICALLY_QUALIFIED = "basically_qualified"
    """基本合格"""
    UNQUALIFIED = "unqualified"
    """不合格"""


class AssessmentFields(BaseModel):
    """Of which term, and how it is judged."""

    term: AssessmentTerm = Field(description="考核周期 / term", sa_type=text_enum(AssessmentTerm))
    starts_on: date = Field(description="起始日 / first day of the term")
    ends_on: date = Field(description="终止日（含） / last day of the term")
    judgement: Judgement = Field(description="考核等次 / judgement", sa_type=text_enum(Judgement))
    opinion: str | None = Field(
        default=None, min_length=1, max_length=2000, description="考核意见 / in words"
    )


class Assessment(AssessmentFields, Placed, Table, table=True):
    """A result in the file of a teacher; a later one of the same term supersedes it."""

    __table_args__ = (
        follows_teacher(),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_begins"),
        Index(
            "uq_assessment_believed", "teacher_id", "term", "starts_on", unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        *(Index(None, place, "starts_on", "id") for place in ("teacher_id", *PLACE)),
    )  # fmt: skip

    id: UUID = key()
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)
    figures: list[dict[str, Any]] = Field(sa_type=JSONB)
    """What was counted when it was judged (`ReachedView`)."""
    recorded_at: datetime = Field(sa_type=MOMENT)
    superseded_at: datetime | None = Field(default=None, sa_type=MOMENT)
    recorded_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class AssessmentView(AssessmentFields):
    """A result as the teacher and the school see it."""

    id: UUID = Field(description="标识 / key")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    school_id: UUID = Field(description="学校 / school")
    asked: int = Field(description="考核要求项数 / how many things were asked")
    met: int = Field(description="达到的项数 / how many of them were met")
    recorded_at: datetime = Field(description="登记时间 / when it was recorded")


class NewAssessment(AssessmentFields, Command):
    """How the training of a teacher in a term is judged."""

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if self.ends_on < self.starts_on:
            raise Unfit("终止日不能早于起始日。", "The last day cannot come before the first.")
        return self


# What can be refused.


class AssessmentNotFound(NotFound):
    """There is no such result for the one who asks."""

    code = "assessment_not_found"
    zh = "未找到该考核结果。"
    en = "There is no such result of an assessment."


class AssessmentTooEarly(Conflict):
    """A term is judged on its last day at the earliest."""

    code = "assessment_too_early"
    zh = "考核期尚未结束（{ends_on}），不能登记考核结果。"
    en = "The term has not ended ({ends_on}), so it cannot be judged."


class AssessmentOverlaps(Conflict):
    """The teacher has a result of a term of that kind which shares days with this one."""

    code = "assessment_overlaps"
    zh = "该教师已有考核期与之重叠的考核结果，请使用相同的起始日。"
    en = "The teacher has a result of an overlapping term: give the same first day to replace it."


class AssessmentOfOneself(Conflict):
    """Nobody judges themselves."""

    code = "assessment_of_oneself"
    zh = "不能考核本人。"
    en = "Nobody assesses themselves."


# What may be asked.

_met = func.jsonb_path_query_array(col(Assessment.figures), text("'$[*] ? (@.met == true)'"))
ASSESSMENTS = Door(
    table=Assessment,
    view=AssessmentView,
    read=Permission.ASSESSMENT_READ,
    missing=AssessmentNotFound,
    places={"teacher_id": col(Assessment.teacher_id)},
    computed={
        "name": col(Teacher.name),
        "asked": func.jsonb_array_length(col(Assessment.figures)),
        "met": func.jsonb_array_length(_met),
    },
    joined=Assessment.__table__.join(  # type: ignore[attr-defined]
        Teacher.__table__,  # type: ignore[attr-defined]
        (col(Assessment.teacher_id) == col(Teacher.id)) & col(Assessment.superseded_at).is_(None),
    ),
    filters={
        "teacher_id": col(Assessment.teacher_id),
        "school_id": col(Assessment.school_id),
        "term": col(Assessment.term),
        "starts_on": col(Assessment.starts_on),
        "judgement": col(Assessment.judgement),
        "ends_from": lambda day: col(Assessment.ends_on) >= bindparam(day.key, type_=Date),
        "ends_until": lambda day: col(Assessment.ends_on) <= bindparam(day.key, type_=Date),
    },
    sorts={"starts_on": (col(Assessment.starts_on),), "created": ()},
)
"""What is now believed; what a result superseded is in the audit trail."""


async def list_assessments(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    teacher_id: UUID | None = None,
    school_id: UUID | None = None,
    term: AssessmentTerm | None = None,
    starts_on: date | None = None,
    judgement: Judgement | None = None,
) -> Page:
    """The results in the actor's place, and one's own, by term."""
    filters = {
        "teacher_id": teacher_id, "school_id": school_id, "term": term,
        "starts_on": starts_on, "judgement": judgement,
    }  # fmt: skip
    return await ASSESSMENTS.page(db, actor, page, filters=filters)


async def assessments_of(
    db: Connection, actor: Actor, *, teacher_ids: Sequence[UUID], since: date, until: date
) -> dict[UUID, list[Row]]:
    """Of each teacher the results of terms that ended within these days, of the year and of its semesters."""
    filters = {"ends_from": since, "ends_until": until}
    owner = col(Assessment.teacher_id)
    return await ASSESSMENTS.rows_of(db, actor, owner, teacher_ids, filters=filters)


_FIGURES = Statement(
    select(col(Assessment.figures)).where(col(Assessment.id) == bindparam("key", type_=Uuid))
)


async def list_assessment_figures(
    db: Connection, actor: Actor, *, assessment_id: UUID
) -> list[Row]:
    """What was counted when a result was recorded, thing by thing."""
    await ASSESSMENTS.get(db, actor, assessment_id)
    figures: list[Row] = await db.value(_FIGURES, key=assessment_id)
    return figures


# What may be done.

_BELIEVED = (
    col(Assessment.teacher_id) == bindparam("of_teacher", type_=Uuid),
    col(Assessment.term) == bindparam("of_term", type_=text_enum(AssessmentTerm)),
    col(Assessment.superseded_at).is_(None),
)
_first = bindparam("day", type_=Date)
_OVERLAPS = Statement(
    select(
        exists().where(
            *_BELIEVED,
            col(Assessment.starts_on) != _first,
            col(Assessment.starts_on) <= bindparam("last", type_=Date),
            col(Assessment.ends_on) >= _first,
        )
    )
)
_SUPERSEDE = Statement(
    update(Assessment)
    .where(*_BELIEVED, col(Assessment.starts_on) == _first)
    .values(superseded_at=bindparam("now", type_=MOMENT))
)
_LOCK = Statement(
    select(col(Teacher.id))
    .where(col(Teacher.id) == bindparam("teacher_id", type_=Uuid))
    .with_for_update(key_share=True)
)


async def record_assessment(
    db: Connection, actor: Actor, *, teacher_id: UUID, new: NewAssessment, now: datetime
) -> Row:
    """Enter into the file how a teacher's term is judged, with what was counted by now.

    A second result of a term, told by its kind and first day, takes the first one's place.
    """
    check_term(new.starts_on, new.ends_on)
    write = Permission.ASSESSMENT_WRITE
    teacher = await TEACHERS.get(db, actor, teacher_id, permission=write)
    if await is_oneself(db, actor, teacher_ids=[teacher_id]):
        raise AssessmentOfOneself
    if civil_date(now) < new.ends_on:
        raise AssessmentTooEarly(ends_on=new.ends_on.isoformat())
    await db.one(_LOCK, teacher_id=teacher_id)
    term = {"of_teacher": teacher_id, "of_term": new.term, "day": new.starts_on}
    if await db.value(_OVERLAPS, **term, last=new.ends_on):
        raise AssessmentOverlaps
    reached = await list_teacher_reached(
        db, actor, teacher_id=teacher_id, now=now, term=new.term, starts_on=new.starts_on,
        ends_on=new.ends_on,
    )  # fmt: skip
    await db.run(_SUPERSEDE, **term, now=now)
    assessment_id = new_id()
    row = {
        "id": assessment_id,
        "teacher_id": teacher_id,
        **{name: teacher[name] for name in PLACE},
        **new.model_dump(),
        "figures": [{name: each[name] for name in ReachedView.model_fields} for each in reached],
        "recorded_at": now,
        "recorded_by": actor.account_id,
    }
    await db.insert(Assessment, row)
    return await ASSESSMENTS.get(db, actor, assessment_id)
