"""What an activity demands of attendance (考勤要求): from when somebody is late, whether leaving counts.

No source names a number, so that the organiser decides, activity by activity; without a decision
nobody is late by the clock, and nobody is asked for a code on leaving.
"""

from typing import Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import CheckConstraint, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, Table
from app.domain.errors import Unfit
from app.domain.training.activities import ACTIVITIES, ActivityState, check_state
from app.sql import Connection, Row, Statement


class AttendanceRuleFields(BaseModel):
    """From when somebody is late, whether leaving is recorded, and how much must be attended."""

    late_after: int | None = Field(
        default=None,
        ge=0,
        le=240,
        description="开始后满多少分钟签到算迟到，空为不计 / minutes after which one is late; null: never",
    )
    records_leaving: bool = Field(
        default=False, description="是否须签退 / whether a code is given on leaving, too"
    )
    least_share: int | None = Field(
        default=None,
        ge=1,
        le=100,
        description="在场时间须达场次的百分比，不足为早退 / percent of a session; less: left early",
    )


class AttendanceRule(AttendanceRuleFields, Table, table=True):
    """What one activity demands; an activity without a row demands nothing of the kind."""

    __table_args__ = (
        CheckConstraint("late_after BETWEEN 0 AND 240", name="late_after"),
        CheckConstraint("least_share BETWEEN 1 AND 100", name="least_share"),
        CheckConstraint("records_leaving OR least_share IS NULL", name="share_of_what_is_known"),
    )

    activity_id: UUID = Field(primary_key=True, foreign_key="activity.id", sa_type=Uuid)


class AttendanceRuleView(AttendanceRuleFields):
    """What an activity demands, as both faces show it."""

    activity_id: UUID = Field(description="活动 / activity")


class NewAttendanceRule(AttendanceRuleFields, Command):
    """What an activity is to demand."""

    @model_validator(mode="after")
    def _knows_the_share(self) -> Self:
        if self.least_share is not None and not self.records_leaving:
            raise Unfit(
                "规定在场比例时须要求签退。",
                "A share can be demanded only where leaving is recorded.",
            )
        return self


# What may be asked.

_RULE = Statement(
    select(*(col(getattr(AttendanceRule, name)) for name in AttendanceRuleView.model_fields)).where(
        col(AttendanceRule.activity_id) == bindparam("activity_id", type_=Uuid)
    )
)


async def get_attendance_rule(db: Connection, actor: Actor, *, activity_id: UUID) -> Row:
    """What an activity that the actor may see demands of attendance."""
    await ACTIVITIES.get(db, actor, activity_id)
    found = await db.one(_RULE, activity_id=activity_id)
    return found or AttendanceRuleView(activity_id=activity_id).model_dump()


# What may be done.

_given = insert(AttendanceRule).values(
    {
        name: bindparam(name, type_=AttendanceRule.__table__.c[name].type)  # type: ignore[attr-defined]
        for name in AttendanceRuleView.model_fields
    }
)
_SET = Statement(
    _given.on_conflict_do_update(
        index_elements=["activity_id"],
        set_={name: _given.excluded[name] for name in AttendanceRuleFields.model_fields},
    )
)


async def set_attendance_rule(
    db: Connection, actor: Actor, *, activity_id: UUID, new: NewAttendanceRule
) -> Row:
    """Decide what an activity that the actor organises demands, before it has been held.

    What was recorded before stands as it was judged then.
    """
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    check_state(activity, ActivityState.DRAFT, ActivityState.PUBLISHED)
    row = {"activity_id": activity_id, **new.model_dump()}
    await db.run(_SET, **row)
    return row
