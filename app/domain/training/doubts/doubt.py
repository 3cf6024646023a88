"""A doubt (考勤疑点): its kind, whom it concerns, its figures, and what somebody found on looking."""

from datetime import datetime
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Index,
    String,
    UniqueConstraint,
    Uuid,
    bindparam,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import Conflict, NotFound
from app.domain.paging import Page, PageRequest
from app.domain.training.activities import Activity
from app.domain.training.activities.activity import ACTIVITY_PLACES
from app.sql import Connection, Row, Statement

DoubtFigures = NewType("DoubtFigures", dict[str, Any])
"""Figures by their names, which the kind says (`DoubtKind`)."""


class DoubtKind(StrEnum):
    """What is in question (疑点类型), with its figures."""

    OVERLAP = "overlap"
    """一人同时两处: at two sessions at once. `minutes`, `other_session_id`, `other_activity_id`"""
    BACK_FILLED = "back_filled"
    """事后补录: entered long after the session, or many at once on a later day. `records`, `hours_after`,
    `recorded_by`"""
    SHARED_DEVICE = "shared_device"
    """一机多人签到: several teachers from one device, or within a second from one program at one address.
    `teachers`, `by` (device, origin), `seconds`"""
    TWO_DEVICES = "two_devices"
    """签到签退设备不同: came with one device, left with another. `minutes`"""
    OFFLINE_BATCH = "offline_batch"
    """集中补交离线签到: codes of several teachers handed in from one device or address. `teachers`,
    `minutes`"""
    NO_CHECK_OUT = "no_check_out"
    """未签退: came and gave no code on leaving, where one is asked for. `teachers`"""


class DoubtState(StrEnum):
    """What has become of it (状态)."""

    OPEN = "open"
    """待核查"""
    DISMISSED = "dismissed"
    """排除"""
    CONFIRMED = "confirmed"
    """属实"""


class DoubtFields(BaseModel):
    """What is in question, and about whom."""

    kind: DoubtKind = Field(description="疑点类型 / kind", sa_type=text_enum(DoubtKind))
    people: list[UUID] = Field(
        description="涉及教师 / teachers whom it is about", sa_type=ARRAY(Uuid)
    )
    figures: DoubtFigures = Field(
        description="数据依据，按类型而异 / the figures behind it, by kind", sa_type=JSONB
    )


class AttendanceDoubt(DoubtFields, Placed, Table, table=True):
    """A doubt, placed by the activity in question; `about` is what makes it the same when found again."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("activity_id", "kind", "about"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_once"),
        CheckConstraint("cardinality(people) > 0", name="concerns_somebody"),
        *(
            Index(
                f"ix_attendance_doubt_open_{level}", f"{level}_id", "id",
                postgresql_where=text("state = 'open'"),
            )
            for level in ("school", "county", "city")
        ),
    )  # fmt: skip

    id: UUID = key()
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)
    session_id: UUID = Field(foreign_key="activity_session.id", sa_type=Uuid)
    about: str = Field(max_length=160)
    state: DoubtState = Field(sa_type=text_enum(DoubtState))
    found_at: datetime = Field(sa_type=MOMENT)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    opinion: str | None = Field(default=None, max_length=500)


class DoubtView(DoubtFields):
    """A doubt as both faces show it."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID = Field(description="活动 / activity")
    session_id: UUID = Field(description="场次 / session")
    state: DoubtState = Field(description="状态 / state")
    found_at: datetime = Field(description="发现时间 / when it was found first")
    decided_at: datetime | None = Field(description="核查时间 / when somebody decided")
    decided_by: UUID | None = Field(description="核查账号 / account that decided")
    opinion: str | None = Field(description="核查意见 / what was found on looking")


class DoubtOpinion(Command):
    """What was found on looking."""

    opinion: str = Field(min_length=2, max_length=500, description="核查意见 / what was found")


# What can be refused.


class DoubtNotFound(NotFound):
    """There is no such doubt for the one who asks."""

    code = "attendance_doubt_not_found"
    zh = "未找到该考勤疑点。"
    en = "There is no such doubt about attendance."


class DoubtDecided(Conflict):
    """Somebody has decided about it before."""

    code = "attendance_doubt_decided"
    zh = "该考勤疑点已核查。"
    en = "This doubt has been decided already."


class DoubtOfOneself(Conflict):
    """Nobody decides a doubt about themselves, or about what they entered."""

    code = "attendance_doubt_of_oneself"
    zh = "不能核查涉及本人或本人所登记考勤的疑点。"
    en = "Nobody decides a doubt about themselves or about what they entered."


# What may be asked.

DOUBTS = Door(
    table=AttendanceDoubt,
    view=DoubtView,
    read=Permission.ATTENDANCE_READ,
    missing=DoubtNotFound,
    # Of a teacher it is no record: who is concerned learns of what was decided by its consequences.
    places=ACTIVITY_PLACES,
    joined=AttendanceDoubt.__table__.join(  # type: ignore[attr-defined]
        Activity.__table__,  # type: ignore[attr-defined]
        col(AttendanceDoubt.activity_id) == col(Activity.id),
    ),
    filters={
        "activity_id": col(AttendanceDoubt.activity_id),
        "kind": col(AttendanceDoubt.kind),
        "state": col(AttendanceDoubt.state),
    },
    sorts={"found": ()},
)


async def get_doubt(db: Connection, actor: Actor, *, doubt_id: UUID) -> Row:
    """One doubt about an activity in the actor's place."""
    return await DOUBTS.get(db, actor, doubt_id)


async def list_doubts(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    activity_id: UUID | None = None,
    kind: DoubtKind | None = None,
    state: DoubtState | None = None,
) -> Page:
    """The doubts about activities in the actor's place, the first found first."""
    filters = {"activity_id": activity_id, "kind": kind, "state": state}
    return await DOUBTS.page(db, actor, page, filters=filters)


# What may be done.

_DECIDE = Statement(
    update(AttendanceDoubt)
    .where(
        col(AttendanceDoubt.id) == bindparam("doubt_id", type_=Uuid),
        col(AttendanceDoubt.state) == DoubtState.OPEN,
    )
    .values(
        state=bindparam("to", type_=text_enum(DoubtState)),
        decided_at=bindparam("now", type_=MOMENT),
        decided_by=bindparam("decided_by", type_=Uuid),
        opinion=bindparam("found", type_=String),
    )
)


async def dismiss_doubt(
    db: Connection, actor: Actor, *, doubt_id: UUID, decision: DoubtOpinion, now: datetime
) -> Row:
    """Find that everything was as it should be, and say what explains it."""
    return await _decide(db, actor, doubt_id, DoubtState.DISMISSED, decision, now)


async def confirm_doubt(
    db: Connection, actor: Actor, *, doubt_id: UUID, decision: DoubtOpinion, now: datetime
) -> Row:
    """Find that something was wrong, and say what.

    Nothing else changes: whoever decided corrects the records, or has the credit reversed, and says why.
    """
    return await _decide(db, actor, doubt_id, DoubtState.CONFIRMED, decision, now)


async def _decide(
    db: Connection,
    actor: Actor,
    doubt_id: UUID,
    state: DoubtState,
    decision: DoubtOpinion,
    now: datetime,
) -> Row:
    doubt = await DOUBTS.get(db, actor, doubt_id, permission=Permission.ATTENDANCE_REVIEW)
    entered_by = doubt["figures"].get("recorded_by")
    entered = entered_by in {str(account) for account in actor.accounts}
    if entered or await is_oneself(db, actor, teacher_ids=doubt["people"]):
        raise DoubtOfOneself
    if not await db.run(
        _DECIDE,
        doubt_id=doubt_id,
        to=state,
        now=now,
        decided_by=actor.account_id,
        found=decision.opinion,
    ):
        raise DoubtDecided
    return await DOUBTS.get(db, actor, doubt_id)
