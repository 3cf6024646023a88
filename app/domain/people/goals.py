"""Goals (个人发展目标): what teachers set themselves, what came of it, and what their school says to it.

A goal is the teacher's own: nobody else sets one or reports on it. When it is reported, whoever
administers the teacher answers with an opinion, and then it is closed.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, String, Uuid, bindparam, insert, select, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, civil_date, key, text_enum
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.optional_data import require_oneself
from app.domain.people.teachers import PersonName, Teacher, TeacherNotFound, follows_teacher
from app.sql import Connection, Row, Statement, new_id


class GoalResult(StrEnum):
    """What came of a goal (达成情况), as the teacher sees it."""

    REACHED = "reached"
    PARTLY = "partly"
    NOT_REACHED = "not_reached"


class GoalFields(BaseModel):
    """What is to be reached, how that is seen, and by when."""

    title: str = Field(min_length=2, max_length=100, description="目标 / goal")
    measure: str = Field(min_length=2, max_length=500, description="达成标志 / how it is seen")
    due_on: date = Field(description="计划完成日期 / due day")


class Goal(GoalFields, Placed, Table, table=True):
    """A goal of a teacher; it goes along with a transfer."""

    __table_args__ = (
        follows_teacher(),
        CheckConstraint("(result IS NULL) = (reported_at IS NULL)", name="reported"),
        CheckConstraint("(opinion IS NULL) = (appraised_at IS NULL)", name="appraised"),
        CheckConstraint(
            "appraised_at IS NULL OR reported_at IS NOT NULL", name="appraised_when_reported"
        ),
        *(Index(None, place, "due_on", "id") for place in ("teacher_id", *PLACE)),
    )

    id: UUID = key()
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)
    set_at: datetime = Field(sa_type=MOMENT)
    result: GoalResult | None = Field(default=None, sa_type=text_enum(GoalResult))
    remark: str | None = Field(default=None, max_length=2000)
    reported_at: datetime | None = Field(default=None, sa_type=MOMENT)
    opinion: str | None = Field(default=None, max_length=500)
    appraised_at: datetime | None = Field(default=None, sa_type=MOMENT)
    appraised_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class GoalView(GoalFields):
    """A goal as the teacher and the school see it."""

    id: UUID = Field(description="标识 / key")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    school_id: UUID = Field(description="学校 / school")
    set_at: datetime = Field(description="设定时间 / when it was set")
    result: GoalResult | None = Field(description="自评结果 / what came of it, by the teacher")
    remark: str | None = Field(description="自评说明 / what the teacher says to it")
    reported_at: datetime | None = Field(description="自评时间 / when it was reported")
    opinion: str | None = Field(description="学校意见 / what the school says")
    appraised_at: datetime | None = Field(description="学校意见时间 / when the school said so")


class NewGoal(GoalFields, Command):
    """A goal to be set for oneself."""


class GoalReport(Command):
    """What came of it."""

    result: GoalResult = Field(description="自评结果 / what came of it")
    remark: str = Field(min_length=2, max_length=2000, description="自评说明 / in words")


class GoalAppraisal(Command):
    """What the school says to it."""

    opinion: str = Field(min_length=2, max_length=500, description="学校意见 / opinion")


# What can be refused.


class GoalNotFound(NotFound):
    """There is no such goal for the one who asks."""

    code = "goal_not_found"
    zh = "未找到该发展目标。"
    en = "There is no such goal."


class GoalDuePast(Invalid):
    """A goal is due when it is set, or later."""

    code = "goal_due_past"
    zh = "计划完成日期不能早于今天（{today}）。"
    en = "The due day lies before today ({today})."


class GoalNotReported(Conflict):
    """There is nothing yet to say an opinion to."""

    code = "goal_not_reported"
    zh = "教师尚未自评，不能填写学校意见。"
    en = "The teacher has not reported on it yet."


class GoalClosed(Conflict):
    """The school has said its opinion: what it was said to stays as it is."""

    code = "goal_closed"
    zh = "学校已填写意见，该目标不能再改。"
    en = "The school has given its opinion: the goal stays as it is."


# What may be asked.

GOALS = Door(
    table=Goal,
    view=GoalView,
    read=Permission.GOAL_READ,
    missing=GoalNotFound,
    places={"teacher_id": col(Goal.teacher_id)},
    computed={"name": col(Teacher.name)},
    joined=Goal.__table__.join(  # type: ignore[attr-defined]
        Teacher.__table__,  # type: ignore[attr-defined]
        col(Goal.teacher_id) == col(Teacher.id),
    ),
    filters={
        "teacher_id": col(Goal.teacher_id),
        "school_id": col(Goal.school_id),
        "reported": lambda reported: col(Goal.reported_at).is_not(None) == reported,
    },
    sorts={"due_on": (col(Goal.due_on),), "created": ()},
)


async def get_goal(db: Connection, actor: Actor, *, goal_id: UUID) -> Row:
    """One goal: one's own, or of somebody in the actor's place."""
    return await GOALS.get(db, actor, goal_id)


async def list_goals(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    teacher_id: UUID | None = None,
    school_id: UUID | None = None,
    reported: bool | None = None,
) -> Page:
    """One's own goals and those of the actor's place, the first due first."""
    filters = {"teacher_id": teacher_id, "school_id": school_id, "reported": reported}
    return await GOALS.page(db, actor, page, filters=filters)


# What may be done.

_TABLE = Goal.__table__  # type: ignore[attr-defined]
_GIVEN = ("id", *GoalFields.model_fields, "set_at")
_SET = Statement(
    insert(_TABLE).from_select(
        [*_GIVEN, "teacher_id", *PLACE],
        select(
            *(bindparam(name, type_=_TABLE.c[name].type) for name in _GIVEN),
            col(Teacher.id),
            *(col(getattr(Teacher, name)) for name in PLACE),
        ).where(col(Teacher.id) == bindparam("of_teacher", type_=Uuid)),
        include_defaults=False,
    )
)


async def set_goal(db: Connection, actor: Actor, *, new: NewGoal, now: datetime) -> Row:
    """Set oneself, a teacher, a goal."""
    teacher_id, today = require_oneself(actor), civil_date(now)
    if new.due_on < today:
        raise GoalDuePast(today=today.isoformat())
    row = {"id": new_id(), **new.model_dump(), "set_at": now}
    if not await db.run(_SET, of_teacher=teacher_id, **row):
        raise TeacherNotFound
    return await GOALS.get(db, actor, row["id"])


_GOAL = col(Goal.id) == bindparam("goal_id", type_=Uuid)
_REPORT = Statement(
    update(Goal)
    .where(_GOAL)
    .values(
        result=bindparam("came", type_=text_enum(GoalResult)),
        remark=bindparam("said", type_=String),
        reported_at=bindparam("now", type_=MOMENT),
    )
)


async def report_goal(
    db: Connection, actor: Actor, *, goal_id: UUID, report: GoalReport, now: datetime
) -> Row:
    """Say what came of one's own goal; until the school answers, the last word counts."""
    goal = await GOALS.get(db, actor, goal_id, permission=Permission.GOAL_WRITE, lock=True)
    if goal["appraised_at"] is not None:
        raise GoalClosed
    await db.run(_REPORT, goal_id=goal_id, came=report.result, said=report.remark, now=now)
    return await GOALS.get(db, actor, goal_id)


_APPRAISE = Statement(
    update(Goal)
    .where(_GOAL)
    .values(
        opinion=bindparam("said", type_=String),
        appraised_at=bindparam("now", type_=MOMENT),
        appraised_by=bindparam("by", type_=Uuid),
    )
)


async def appraise_goal(
    db: Connection, actor: Actor, *, goal_id: UUID, appraisal: GoalAppraisal, now: datetime
) -> Row:
    """Say, for the school, what it thinks of what was reported; this closes the goal."""
    goal = await GOALS.get(db, actor, goal_id, permission=Permission.GOAL_APPRAISE, lock=True)
    if goal["reported_at"] is None:
        raise GoalNotReported
    if goal["appraised_at"] is not None:
        raise GoalClosed
    await db.run(_APPRAISE, goal_id=goal_id, said=appraisal.opinion, now=now, by=actor.account_id)
    return await GOALS.get(db, actor, goal_id)
