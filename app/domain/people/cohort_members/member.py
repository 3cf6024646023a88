"""Members of cohorts (培养对象): nominated by their school, admitted by who runs the programme.

A membership is nominated, then admitted or not; who is admitted completes, with a result for each goal
of the cohort, or withdraws. It belongs to the teacher, whom it follows to another school; the organiser
sees it through the cohort, with the name and the school.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, key, text_enum
from app.domain.errors import Conflict, NotFound
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.cohorts import COHORTS, Cohort
from app.domain.people.goals import GoalResult
from app.domain.people.programmes import Programme
from app.domain.people.teachers import PersonName, Teacher, follows_teacher
from app.sql import Connection, Row


class MembershipState(StrEnum):
    """How far a membership has come (状态)."""

    NOMINATED = "nominated"
    """已推荐"""
    ADMITTED = "admitted"
    """已入选"""
    NOT_ADMITTED = "not_admitted"
    """未入选"""
    COMPLETED = "completed"
    """已结业"""
    WITHDRAWN = "withdrawn"
    """已退出"""


class CohortMemberFields(BaseModel):
    """Why a teacher is nominated."""

    reason: str = Field(min_length=2, max_length=500, description="推荐理由 / why nominated")


class CohortMember(CohortMemberFields, Placed, Table, table=True):
    """A teacher's membership of a cohort; it goes along with a transfer."""

    __table_args__ = (
        follows_teacher(),
        UniqueConstraint("cohort_id", "teacher_id"),
        CheckConstraint(
            "state NOT IN ('admitted', 'not_admitted', 'completed') OR decided_at IS NOT NULL",
            name="decided",
        ),
        CheckConstraint(
            "(state IN ('completed', 'withdrawn')) = (ended_on IS NOT NULL)", name="ended"
        ),
        CheckConstraint("(state = 'completed') = (results IS NOT NULL)", name="has_results"),
        CheckConstraint("replaces_id <> id", name="replaces_another"),
        Index(None, "teacher_id", "id"),
        *(Index(None, name, "id") for name in PLACE),
    )

    id: UUID = key()
    cohort_id: UUID = Field(foreign_key="cohort.id", sa_type=Uuid)
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    state: MembershipState = Field(sa_type=text_enum(MembershipState))
    nominated_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    nominated_at: datetime = Field(sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    opinion: str | None = Field(default=None, max_length=500)
    ended_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    ended_on: date | None = None
    ended_because: str | None = Field(default=None, max_length=500)
    results: list[GoalResult] | None = Field(default=None, sa_type=ARRAY(Text))
    replaces_id: UUID | None = Field(
        default=None, foreign_key="cohort_member.id", unique=True, sa_type=Uuid
    )
    """Whose place was taken over, who withdrew: once at most."""


class CohortMemberView(CohortMemberFields):
    """A membership as the teacher and the school see it, and the organiser."""

    id: UUID = Field(description="标识 / key")
    cohort_id: UUID = Field(description="期次 / cohort")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    school: str = Field(description="学校 / name of the school")
    programme: str = Field(description="培养工程 / name of the programme")
    year: int = Field(description="年度 / year")
    state: MembershipState = Field(description="状态 / state")
    nominated_at: datetime = Field(description="推荐时间 / when nominated")
    decided_at: datetime | None = Field(description="评审时间 / when it was decided")
    opinion: str | None = Field(description="评审意见 / opinion")
    ended_on: date | None = Field(description="结业或退出日期 / completed or withdrawn on")
    ended_because: str | None = Field(
        description="结业评语或退出原因 / what was said of the completion, or why withdrawn"
    )
    results: list[GoalResult] | None = Field(
        description="各项培养指标达成情况，与期次指标同序 / result for each goal, in their order"
    )
    replaces_id: UUID | None = Field(
        description="所替换的培养对象记录 / membership whose place was taken over"
    )


# What can be refused.


class CohortMemberNotFound(NotFound):
    """There is no such membership for the one who asks."""

    code = "cohort_member_not_found"
    zh = "未找到该培养对象记录。"
    en = "There is no such membership."


class MembershipOfOneself(Conflict):
    """Nobody admits themselves, takes over a place or completes for whoever runs the programme."""

    code = "cohort_member_of_oneself"
    zh = "不能评审、替换为本人或办理本人的结业。"
    en = "Nobody decides on their own membership."


async def require_another(db: Connection, actor: Actor, *, member: Row) -> None:
    """Refuse to decide on one's own membership."""
    if await is_oneself(db, actor, teacher_ids=[member["teacher_id"]]):
        raise MembershipOfOneself


# What may be asked.

_COMPUTED = {
    "name": col(Teacher.name),
    "school": col(Unit.name),
    "programme": col(Programme.name),
    "year": col(Cohort.year),
}
_ROWS: tuple[Any, ...] = (CohortMember, Cohort, Programme, Teacher, Unit)
_TABLES = [each.__table__ for each in _ROWS]
_JOINED = (
    _TABLES[0]
    .join(_TABLES[1], _TABLES[0].c.cohort_id == _TABLES[1].c.id)
    .join(_TABLES[2], _TABLES[1].c.programme_id == _TABLES[2].c.id)
    # What somebody who was entered twice has at both records is shown once.
    .join(
        _TABLES[3],
        (_TABLES[0].c.teacher_id == _TABLES[3].c.id) & _TABLES[3].c.merged_into_id.is_(None),
    )
    .join(_TABLES[4], _TABLES[0].c.school_id == _TABLES[4].c.id)
)
_FILTERS = {
    "cohort_id": col(CohortMember.cohort_id),
    "teacher_id": col(CohortMember.teacher_id),
    "state": col(CohortMember.state),
}
NOMINATIONS = Door(
    table=CohortMember,
    view=CohortMemberView,
    read=Permission.PROGRAMME_READ,
    missing=CohortMemberNotFound,
    places={"teacher_id": col(CohortMember.teacher_id)},
    computed=_COMPUTED,
    joined=_JOINED,
    filters=_FILTERS,
    sorts={"created": ()},
)
"""Memberships as they belong to the teacher."""

COHORT_MEMBERS = Door(
    table=CohortMember,
    view=CohortMemberView,
    read=Permission.PROGRAMME_READ,
    missing=CohortMemberNotFound,
    places={name: col(getattr(Programme, name)) for name in PLACE},
    computed=_COMPUTED,
    joined=_JOINED,
    filters=_FILTERS,
    sorts={"created": (), "name": (col(Teacher.name),)},
)
"""The same rows as they belong to who runs the programme."""


async def list_nominations(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    teacher_id: UUID | None = None,
    cohort_id: UUID | None = None,
    state: MembershipState | None = None,
) -> Page:
    """One's own memberships and those of the actor's teachers, in the order of nomination."""
    filters = {"teacher_id": teacher_id, "cohort_id": cohort_id, "state": state}
    return await NOMINATIONS.page(db, actor, page, filters=filters)


async def list_cohort_members(
    db: Connection,
    actor: Actor,
    *,
    cohort_id: UUID,
    page: PageRequest,
    state: MembershipState | None = None,
) -> Page:
    """Who is nominated for, or belongs to, a cohort that the actor runs; nobody of one above."""
    await COHORTS.get(db, actor, cohort_id)
    filters = {"cohort_id": cohort_id, "state": state}
    return await COHORT_MEMBERS.page(db, actor, page, filters=filters)


async def programmes_of(
    db: Connection,
    actor: Actor,
    *,
    teacher_ids: Sequence[UUID],
    columns: Columns = None,
) -> dict[UUID, list[Row]]:
    """The memberships of each of many teachers, in the order of nomination."""
    return await NOMINATIONS.rows_of(
        db, actor, col(CohortMember.teacher_id), teacher_ids, columns=columns
    )
