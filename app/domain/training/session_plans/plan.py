"""The plan of a session: what it is, who sees it, handing it in."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, key, text_enum
from app.domain.errors import Conflict, NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import PersonName
from app.domain.training.activities import (
    SESSIONS,
    Activity,
    ActivitySession,
    ActivityState,
    check_state,
)
from app.domain.training.activities.activity import ACTIVITIES, ACTIVITY_PLACES
from app.domain.training.members import check_known
from app.sql import Connection, Row, UniqueViolationError, new_id


class SessionPlanState(StrEnum):
    """Where it stands (状态)."""

    SUBMITTED = "submitted"
    """待审核"""
    RETURNED = "returned"
    """退回修改"""
    APPROVED = "approved"
    """审核通过"""


class SessionPlanFields(BaseModel):
    """What a trainer intends with a session; its time is the session's."""

    trainer: PersonName = Field(description="培训者 / trainer", max_length=60)
    teacher_id: UUID | None = Field(
        default=None,
        description="培训者标识，系统内教师填写 / key of the trainer who is a teacher here",
        foreign_key="teacher.id",
        sa_type=Uuid,
    )
    objectives: str = Field(
        min_length=2, max_length=2000, description="培训目标 / objectives", sa_type=Text
    )
    measures: str = Field(
        min_length=2, max_length=5000, description="培训措施 / measures", sa_type=Text
    )
    content: str = Field(
        min_length=2, max_length=20_000, description="培训内容 / content", sa_type=Text
    )


class SessionPlan(SessionPlanFields, Table, table=True):
    """The plan of one session. What waits for a reviewer is `state = 'submitted'`."""

    __table_args__ = (
        UniqueConstraint("session_id"),
        ForeignKeyConstraint(
            ["session_id", "activity_id"],
            ["activity_session.id", "activity_session.activity_id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("(state = 'submitted') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("num_nonnulls(opinion, decided_at, decided_by) IN (0, 3)", name="opinion"),
        Index(None, "activity_id"),
        Index(None, "teacher_id", postgresql_where=text("teacher_id IS NOT NULL")),
        Index(None, "submitted_at", postgresql_where=text("state = 'submitted'")),
    )

    id: UUID = key()
    session_id: UUID = Field(sa_type=Uuid)
    activity_id: UUID = Field(sa_type=Uuid)
    state: SessionPlanState = Field(sa_type=text_enum(SessionPlanState))
    attempt: int
    submitted_at: datetime = Field(sa_type=MOMENT)
    submitted_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    opinion: str | None = Field(default=None, max_length=2000)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class SessionPlanView(SessionPlanFields):
    """The plan of a session as both faces show it."""

    id: UUID = Field(description="标识 / key")
    session_id: UUID = Field(description="场次 / session")
    activity_id: UUID = Field(description="活动 / activity")
    starts_at: datetime = Field(description="场次开始时间 / when the session begins")
    ends_at: datetime = Field(description="场次结束时间 / when the session ends")
    state: SessionPlanState = Field(description="状态 / state")
    attempt: int = Field(description="第几次报送 / how often it was handed in")
    submitted_at: datetime = Field(description="报送时间 / when it was handed in last")
    opinion: str | None = Field(description="审核意见 / what the reviewer says")
    decided_at: datetime | None = Field(description="审核时间 / when that was said")


class NewSessionPlan(SessionPlanFields, Command):
    """The plan of a session, to be reviewed."""


class SessionPlanRevision(Command):
    """The plan of a session as it is now meant."""

    objectives: str = Field(min_length=2, max_length=2000, description="培训目标 / objectives")
    measures: str = Field(min_length=2, max_length=5000, description="培训措施 / measures")
    content: str = Field(min_length=2, max_length=20_000, description="培训内容 / content")


# What can be refused.


class SessionPlanNotFound(NotFound):
    """There is no such plan for the one who asks."""

    code = "session_plan_not_found"
    zh = "未找到该培训者方案。"
    en = "There is no such plan of a session."


class SessionPlanExists(Conflict):
    """The session has a plan: revise that."""

    code = "session_plan_exists"
    zh = "该场次已有培训者方案，请修改后重新报送。"
    en = "The session has a plan already: revise that one."


class SessionPlanWrongState(Conflict):
    """A plan is revised until it is approved, and decided on while it waits."""

    code = "session_plan_wrong_state"
    zh = "培训者方案当前状态为“{state}”，不能执行此操作。"
    en = "The plan of the session is '{state}', so this cannot be done now."


# What may be asked.

_SESSION, _ACTIVITY = ActivitySession.__table__, Activity.__table__  # type: ignore[attr-defined]

SESSION_PLANS = Door(
    table=SessionPlan,
    view=SessionPlanView,
    read=Permission.PLAN_READ,
    missing=SessionPlanNotFound,
    places={**ACTIVITY_PLACES, "teacher_id": col(SessionPlan.teacher_id)},
    computed={
        "starts_at": col(ActivitySession.starts_at),
        "ends_at": col(ActivitySession.ends_at),
    },
    joined=SessionPlan.__table__.join(  # type: ignore[attr-defined]
        _ACTIVITY, col(SessionPlan.activity_id) == col(Activity.id)
    ).join(_SESSION, col(SessionPlan.session_id) == col(ActivitySession.id)),
    filters={
        "activity_id": col(SessionPlan.activity_id),
        "state": col(SessionPlan.state),
    },
    sorts={"submitted_at": (col(SessionPlan.submitted_at),), "created": ()},
)
"""Seen where the activity is organised, and by the trainer."""


async def get_session_plan(db: Connection, actor: Actor, *, session_plan_id: UUID) -> Row:
    """The plan of a session, in the actor's place or the actor's own."""
    return await SESSION_PLANS.get(db, actor, session_plan_id)


async def list_session_plans(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    activity_id: UUID | None = None,
    state: SessionPlanState | None = None,
) -> Page:
    """The plans of sessions in the actor's place, and the own, the first handed in first."""
    filters = {"activity_id": activity_id, "state": state}
    return await SESSION_PLANS.page(db, actor, page, filters=filters)


# What may be done.

_BEFORE = (ActivityState.DRAFT, ActivityState.PUBLISHED)
"""Until it has been held, an activity is still to come."""


async def submit_session_plan(
    db: Connection, actor: Actor, *, session_id: UUID, new: NewSessionPlan, now: datetime
) -> Row:
    """Hand in the plan of a session of an activity that the actor organises."""
    session = await SESSIONS.get(db, actor, session_id, permission=Permission.PLAN_WRITE)
    activity = await ACTIVITIES.get(db, actor, session["activity_id"])
    check_state(activity, *_BEFORE)
    if new.teacher_id is not None:
        group_id = activity["organiser_group_id"]
        await check_known(db, actor, teacher_id=new.teacher_id, group_id=group_id)
    plan_id = new_id()
    row = {
        "id": plan_id,
        "session_id": session_id,
        "activity_id": session["activity_id"],
        **new.model_dump(),
        "state": SessionPlanState.SUBMITTED,
        "attempt": 1,
        "submitted_at": now,
        "submitted_by": actor.account_id,
    }
    try:
        await db.insert(SessionPlan, row)
    except UniqueViolationError:
        raise SessionPlanExists from None
    return await SESSION_PLANS.get(db, actor, plan_id)


async def revise_session_plan(
    db: Connection,
    actor: Actor,
    *,
    session_plan_id: UUID,
    revision: SessionPlanRevision,
    now: datetime,
) -> Row:
    """Hand a plan in again, as it is now meant: its organiser does, or the trainer."""
    write = Permission.PLAN_WRITE
    plan = await SESSION_PLANS.get(db, actor, session_plan_id, permission=write, lock=True)
    check_session_plan(plan, SessionPlanState.SUBMITTED, SessionPlanState.RETURNED)
    undecided = dict.fromkeys(("opinion", "decided_at", "decided_by"))
    submitted = {
        "state": SessionPlanState.SUBMITTED,
        "attempt": plan["attempt"] + 1,
        "submitted_at": now,
        "submitted_by": actor.account_id,
    }
    await db.change(
        SessionPlan, session_plan_id, {**revision.model_dump(), **submitted, **undecided}
    )
    return await SESSION_PLANS.get(db, actor, session_plan_id)


def check_session_plan(plan: Row, *allowed: SessionPlanState) -> None:
    """Refuse what is not done in the state of the plan."""
    if plan["state"] not in allowed:
        raise SessionPlanWrongState(state=plan["state"])
