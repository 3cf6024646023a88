"""The sessions (场次) of an activity: when, where, by whom, and for how many hours."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import (
    Uuid,
    bindparam,
    delete,
    func,
    select,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, civil_date
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.training.activities.activity import ACTIVITIES
from app.domain.training.activities.formed import check_step
from app.domain.training.activities.organising import FIRST_YEAR, LAST_YEAR, check_state
from app.domain.training.activities.parts import door_of_part, parts_of
from app.domain.training.activities.table import ActivitySession, SessionFields
from app.domain.training.vocabulary import ActivityState, Delivery
from app.sql import Connection, ForeignKeyViolationError, Row, Statement, new_id


class SessionView(SessionFields):
    """A session as both faces show it."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID = Field(description="活动 / activity")
    ordinal: int = Field(description="序号，从 1 起 / which one, from 1")


class NewSession(SessionFields, Command):
    """A session to be added to a draft."""

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise Unfit("时间须带时区。", "A moment needs its time zone.")
        if self.ends_at <= self.starts_at:
            raise Unfit("结束时间须晚于开始时间。", "A session ends after it begins.")
        if self.link is not None and self.delivery is Delivery.IN_PERSON:
            raise Unfit("线下场次没有线上链接。", "A session in person has no link.")
        if self.link is not None and not self.link.startswith(("https://", "http://")):
            raise Unfit(
                "链接须以 https:// 或 http:// 开头。", "A link begins with https:// or http://."
            )
        if not (self.starts_at.year >= FIRST_YEAR and self.ends_at.year <= LAST_YEAR):
            raise Unfit(
                f"时间须在 {FIRST_YEAR} 至 {LAST_YEAR} 年之间。",
                f"A session takes place in the years {FIRST_YEAR} to {LAST_YEAR}.",
            )
        return self


# What can be refused.


class OccurrenceUnfit(Invalid):
    """Another occurrence is of a session of the same activity, with the same hours and step."""

    code = "session_occurrence_unfit"
    zh = "重复场次须对应本活动中学时、环节相同的首个场次。"
    en = "It is of the first such session of the activity, with the same hours and the same step."


class SessionRepeated(Conflict):
    """There are other occurrences of the session, which are removed before it."""

    code = "session_repeated"
    zh = "该场次另有重复场次，请先移除重复场次。"
    en = "The session has other occurrences: remove them first."


class SessionsOverlap(Conflict):
    """Nobody is at two sessions of one activity at once; other occurrences may lie side by side."""

    code = "sessions_overlap"
    zh = "该场次与本活动的另一场次（{starts_at} 至 {ends_at}）时间重叠。"
    en = "Another session of the activity, from {starts_at} to {ends_at}, lies in the same time."


class SessionNotFound(NotFound):
    """There is no such session for the one who asks."""

    code = "session_not_found"
    zh = "未找到该场次。"
    en = "There is no such session."


class SessionOutsideActivity(Invalid):
    """A session lies within the days of its activity (Asia/Shanghai)."""

    code = "session_outside_activity"
    zh = "场次时间须在活动日期之内（{starts_on} 至 {ends_on}）。"
    en = "A session lies within the days of its activity ({starts_on} to {ends_on})."


_INSTANT = timedelta(microseconds=1)


def check_days_of_session(activity: Row, starts_at: datetime, ends_at: datetime) -> None:
    """Refuse a session, or sessions, before the activity's first day or after its last.

    What ends at midnight ends on the day before.
    """
    first, last = civil_date(starts_at), civil_date(ends_at - _INSTANT)
    if first < activity["starts_on"] or last > activity["ends_on"]:
        raise SessionOutsideActivity(
            starts_on=activity["starts_on"].isoformat(), ends_on=activity["ends_on"].isoformat()
        )


# What may be asked.

SESSIONS = door_of_part(
    ActivitySession,
    SessionView,
    SessionNotFound,
    sorts={"ordinal": (col(ActivitySession.ordinal),)},
)


async def get_session(db: Connection, actor: Actor, *, session_id: UUID) -> Row:
    """One session of an activity that the actor may see."""
    return await SESSIONS.get(db, actor, session_id)


async def list_sessions(db: Connection, actor: Actor, *, activity_id: UUID) -> list[Row]:
    """The sessions of one activity that the actor may see, in their order."""
    await ACTIVITIES.get(db, actor, activity_id)
    return (await sessions_of(db, actor, activity_ids=[activity_id]))[activity_id]


async def sessions_of(
    db: Connection, actor: Actor, *, activity_ids: Sequence[UUID]
) -> dict[UUID, list[Row]]:
    """The sessions of many activities in their order; none where the actor may not see one."""
    owner = col(ActivitySession.activity_id)
    return await parts_of(db, actor, door=SESSIONS, owner=owner, owner_ids=activity_ids)


# What may be done.

_LAST_ORDINAL = Statement(
    select(func.coalesce(func.max(col(ActivitySession.ordinal)), 0)).where(
        col(ActivitySession.activity_id) == bindparam("activity_id", type_=Uuid)
    )
)


_FIRST = Statement(
    select(
        *(col(getattr(ActivitySession, name)) for name in ("hours", "step", "occurrence_of"))
    ).where(
        col(ActivitySession.id) == bindparam("session_id", type_=Uuid),
        col(ActivitySession.activity_id) == bindparam("activity_id", type_=Uuid),
    )
)


_MEANWHILE = Statement(
    select(col(ActivitySession.starts_at), col(ActivitySession.ends_at))
    .where(
        col(ActivitySession.activity_id) == bindparam("activity_id", type_=Uuid),
        col(ActivitySession.starts_at) < bindparam("ends_at", type_=MOMENT),
        col(ActivitySession.ends_at) > bindparam("starts_at", type_=MOMENT),
        func.coalesce(col(ActivitySession.occurrence_of), col(ActivitySession.id)).is_distinct_from(
            bindparam("occurrence_of", type_=Uuid)
        ),
    )
    .order_by(col(ActivitySession.starts_at))
    .limit(1)
)


async def _check_apart(db: Connection, activity_id: UUID, new: NewSession) -> None:
    """Refuse a session during another one that it does not repeat."""
    meanwhile = await db.one(
        _MEANWHILE,
        activity_id=activity_id,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        occurrence_of=new.occurrence_of,
    )
    if meanwhile is not None:
        raise SessionsOverlap(starts_at=meanwhile["starts_at"], ends_at=meanwhile["ends_at"])


async def add_session(db: Connection, actor: Actor, *, activity_id: UUID, new: NewSession) -> Row:
    """Add a session to a draft that the actor organises; it comes after the others."""
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    check_state(activity, ActivityState.DRAFT)
    check_days_of_session(activity, new.starts_at, new.ends_at)
    await check_step(db, actor, activity=activity, step=new.step)
    if new.occurrence_of is not None:
        first = await db.one(_FIRST, session_id=new.occurrence_of, activity_id=activity_id)
        if first != {"hours": new.hours, "step": new.step, "occurrence_of": None}:
            raise OccurrenceUnfit
    await _check_apart(db, activity_id, new)
    session_id = new_id()
    row = {
        "id": session_id,
        "activity_id": activity_id,
        "ordinal": await db.value(_LAST_ORDINAL, activity_id=activity_id) + 1,
        "secret": token_bytes(32),
        **new.model_dump(),
    }
    await db.insert(ActivitySession, row)
    return await SESSIONS.get(db, actor, session_id)


_REMOVE = Statement(
    delete(ActivitySession).where(col(ActivitySession.id) == bindparam("session_id", type_=Uuid))
)


async def remove_session(db: Connection, actor: Actor, *, session_id: UUID) -> Row:
    """Take a session out of a draft that the actor organises; what it was."""
    session = await SESSIONS.get(db, actor, session_id, permission=Permission.ACTIVITY_WRITE)
    activity = await ACTIVITIES.get(
        db, actor, session["activity_id"], permission=Permission.ACTIVITY_WRITE, lock=True
    )
    check_state(activity, ActivityState.DRAFT)
    try:
        removed = await db.run(_REMOVE, session_id=session_id)
    except ForeignKeyViolationError:
        raise SessionRepeated from None
    if not removed:
        raise SessionNotFound
    return session
