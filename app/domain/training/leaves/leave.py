"""What leave is: the fields, the table, its two doors, and what may be asked."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Uuid, text
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, text_enum
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, PersonName, follows_teacher
from app.domain.training.activities import ACTIVITIES
from app.domain.training.activities.records import (
    BY_CREATION,
    BY_NAME,
    door_of_organiser,
    door_of_teacher,
)
from app.sql import Connection, Row


class LeaveState(StrEnum):
    """What has become of it (状态)."""

    ASKED = "asked"
    """待审批"""
    APPROVED = "approved"
    """已批准"""
    DECLINED = "declined"
    """未批准"""
    WITHDRAWN = "withdrawn"
    """已撤回"""


class LeaveFields(BaseModel):
    """Why, and what shows it."""

    reason: str = Field(min_length=2, max_length=500, description="请假事由 / why")
    evidence: str | None = Field(
        default=None, max_length=500, description="证明材料说明 / what shows it, in words"
    )


class Leave(LeaveFields, Placed, Table, table=True):
    """One asking for leave from one session, placed by the teacher; one at a time waits or stands."""

    __table_args__ = (
        follows_teacher(),
        ForeignKeyConstraint(
            ["session_id", "activity_id"], ["activity_session.id", "activity_session.activity_id"]
        ),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_once"),
        Index(
            "uq_leave_standing", "session_id", "teacher_id", unique=True,
            postgresql_where=text("state IN ('asked', 'approved')"),
        ),
        Index(
            "ix_leave_waiting", "activity_id", "due_on", postgresql_where=text("state = 'asked'")
        ),
        Index(None, "activity_id", "id"),
        Index(None, "teacher_id", "id"),
    )  # fmt: skip

    id: UUID = key()
    session_id: UUID = Field(sa_type=Uuid)
    activity_id: UUID = Field(sa_type=Uuid)
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    state: LeaveState = Field(sa_type=text_enum(LeaveState))
    asked_at: datetime = Field(sa_type=MOMENT)
    due_on: date
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    opinion: str | None = Field(default=None, max_length=500)


class LeaveView(LeaveFields):
    """An asking for leave as the teacher sees it, and those in charge of the teacher."""

    id: UUID = Field(description="标识 / key")
    session_id: UUID = Field(description="场次 / session")
    activity_id: UUID = Field(description="活动 / activity")
    teacher_id: UUID = Field(description="教师 / teacher")
    state: LeaveState = Field(description="状态 / state")
    asked_at: datetime = Field(description="申请时间 / when it was asked")
    due_on: date = Field(description="应审批日期 / day by which it is to be decided")
    decided_at: datetime | None = Field(description="审批或撤回时间 / decided, or withdrawn")
    opinion: str | None = Field(description="审批意见 / what was answered")


class ParticipantLeaveView(LeaveView):
    """The same as the organiser sees it, who knows of a teacher only the name and the school."""

    name: PersonName = Field(description="姓名 / name")
    school: str = Field(description="学校 / name of the school")


class NewLeave(LeaveFields, Command):
    """Why somebody asks for leave."""


class LeaveOpinion(Command):
    """What is answered."""

    opinion: str = Field(min_length=2, max_length=500, description="审批意见 / answer")


# What can be refused.


class LeaveNotFound(NotFound):
    """There is no such asking for leave for the one who asks."""

    code = "leave_not_found"
    zh = "未找到该请假申请。"
    en = "There is no such request for leave."


# What may be asked.

LEAVES = door_of_teacher(Leave, LeaveView, LeaveNotFound)
"""Leave as it belongs to the teacher."""

PARTICIPANT_LEAVES = door_of_organiser(
    Leave,
    ParticipantLeaveView,
    LeaveNotFound,
    filters={"session_id": col(Leave.session_id), "state": col(Leave.state)},
    sorts={**BY_CREATION, **BY_NAME},
)
"""The same rows as they belong to the organiser."""


async def get_leave(db: Connection, actor: Actor, *, leave_id: UUID) -> Row:
    """One asking for leave: one's own, or of a teacher whose attendance the actor may see."""
    return await LEAVES.get(db, actor, leave_id)


async def list_leaves(
    db: Connection,
    actor: Actor,
    *,
    activity_id: UUID,
    page: PageRequest,
    session_id: UUID | None = None,
    state: LeaveState | None = None,
) -> Page:
    """Who asked for leave from an activity that the actor organises, the first asked first."""
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_READ)
    filters = {"activity_id": activity_id, "session_id": session_id, "state": state}
    return await PARTICIPANT_LEAVES.page(db, actor, page, filters=filters)


async def list_teacher_leaves(
    db: Connection, actor: Actor, *, teacher_id: UUID, page: PageRequest
) -> Page:
    """The leave that one teacher whom the actor may see has asked for."""
    await TEACHERS.get(db, actor, teacher_id)
    return await LEAVES.page(db, actor, page, filters={"teacher_id": teacher_id})
