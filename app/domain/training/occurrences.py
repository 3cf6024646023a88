"""Occurrences (重复场次): the same session offered at several times, of which somebody attends one.

Each has its own places. A teacher with a place in the activity chooses an occurrence, and may choose
another until it has begun; the choice keeps a place and nobody is bound by it. Whoever attends several
has attended one: `counts_once`.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    Uuid,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.walled import Beyond
from app.domain.base import MOMENT, Table
from app.domain.errors import Conflict
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import (
    ACTIVITIES,
    Activity,
    ActivitySession,
    ActivityState,
    SessionNotFound,
    addresses_of,
    check_state,
    is_addressed,
    was_published,
)
from app.domain.training.attendance import Attendance, AttendanceStatus
from app.domain.training.enrolments import HAS_PLACE, Enrolment, EnrolmentNotFound
from app.sql import Connection, Row, Statement


class SessionChoice(Table, table=True):
    """Which occurrence of a session somebody who is enrolled means to attend.

    It hangs below the enrolment, whose place counts: one that was made before the present enrolment
    is none any more.
    """

    __table_args__ = (
        ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"]),
        ForeignKeyConstraint(["occurrence_of"], ["activity_session.id"]),
        ForeignKeyConstraint(["session_id"], ["activity_session.id"]),
        Index(None, "session_id"),
    )

    enrolment_id: UUID = Field(primary_key=True, sa_type=Uuid)
    occurrence_of: UUID = Field(primary_key=True, sa_type=Uuid)
    session_id: UUID = Field(sa_type=Uuid)
    chosen_at: datetime = Field(sa_type=MOMENT)


class OccurrenceView(BaseModel):
    """One occurrence of a session, and how many mean to attend it."""

    session_id: UUID = Field(description="场次 / session")
    occurrence_of: UUID = Field(description="首个场次 / the first session of the same content")
    starts_at: datetime = Field(description="开始时间 / when it begins")
    ends_at: datetime = Field(description="结束时间 / when it ends")
    places: int | None = Field(description="本场次名额，不限时为空 / places; null: no limit")
    taken: int = Field(description="已选人数 / how many have chosen it")
    chosen: bool = Field(description="本人是否已选 / whether the one who asks has chosen it")


# What can be refused.


class SessionOnce(Conflict):
    """The session takes place once: there is nothing to choose."""

    code = "session_without_occurrences"
    zh = "该场次没有重复场次，无需选择。"
    en = "The session has no other occurrence: there is nothing to choose."


class OccurrenceBegun(Conflict):
    """What has begun is not chosen any more."""

    code = "session_occurrence_begun"
    zh = "该场次已开始，不能再选择。"
    en = "This occurrence has begun and cannot be chosen any more."


class OccurrenceFull(Conflict):
    """All places of this occurrence are taken."""

    code = "session_occurrence_full"
    zh = "该场次名额（{places}）已满，请选择其他场次。"
    en = "All {places} places of this occurrence are taken: choose another."


# What may be asked.

_ATTENDED = (AttendanceStatus.PRESENT, AttendanceStatus.LATE)
_earlier: Any = aliased(Attendance)
_session: Any = aliased(ActivitySession)


def counts_once() -> ColumnElement[bool]:
    """The predicate 'this row of attendance, with its session, is not another occurrence of what counts'.

    Of occurrences of one session that somebody attended, the first in the order of sessions counts. Of
    sessions that take place once nothing more is asked.
    """
    earlier = exists(
        select(_earlier.id)
        .join(_session, _earlier.session_id == _session.id)
        .where(
            _earlier.activity_id == col(Attendance.activity_id),
            _earlier.teacher_id == col(Attendance.teacher_id),
            is_among(_earlier.status, _ATTENDED),
            func.coalesce(_session.occurrence_of, _session.id)
            == col(ActivitySession.occurrence_of),
            _session.ordinal < col(ActivitySession.ordinal),
        )
        .correlate(Attendance, ActivitySession)
    )
    return or_(col(ActivitySession.occurrence_of).is_(None), ~earlier)


_activity = bindparam("activity_id", type_=Uuid)
_first = func.coalesce(col(ActivitySession.occurrence_of), col(ActivitySession.id))
_stands = HAS_PLACE & (col(SessionChoice.chosen_at) >= col(Enrolment.enrolled_at))
_choices = select(SessionChoice).join(
    Enrolment, col(Enrolment.id) == col(SessionChoice.enrolment_id)
)
_taken = (
    _choices.with_only_columns(func.count())
    .where(col(SessionChoice.session_id) == col(ActivitySession.id), _stands)
    .correlate(ActivitySession)
    .scalar_subquery()
)
_is_own = exists(
    _choices.with_only_columns(col(SessionChoice.session_id))
    .where(
        col(SessionChoice.session_id) == col(ActivitySession.id),
        col(Enrolment.teacher_id) == bindparam("teacher_id", type_=Uuid),
        _stands,
    )
    .correlate(ActivitySession)
)
_repeated = select(_session.occurrence_of).where(
    _session.activity_id == _activity, _session.occurrence_of.is_not(None)
)
_OCCURRENCES = Statement(
    select(
        col(ActivitySession.id).label("session_id"),
        _first.label("occurrence_of"),
        *(col(getattr(ActivitySession, name)) for name in ("starts_at", "ends_at", "places")),
        _taken.label("taken"),
        _is_own.label("chosen"),
    )
    .where(col(ActivitySession.activity_id) == _activity, _first.in_(_repeated))
    .order_by(_first, col(ActivitySession.ordinal)),
    beyond=Beyond.COUNTED,
)


async def list_occurrences(db: Connection, actor: Actor, *, activity_id: UUID) -> list[Row]:
    """The sessions of an activity that take place several times, each session's occurrences together."""
    await ACTIVITIES.get(db, actor, activity_id)
    return await db.all(_OCCURRENCES, activity_id=activity_id, teacher_id=actor.teacher_id)


# What may be done.

_own_enrolment = (
    select(col(Enrolment.id))
    .where(
        col(Enrolment.activity_id) == col(Activity.id),
        col(Enrolment.teacher_id) == bindparam("teacher_id", type_=Uuid),
        HAS_PLACE,
    )
    .correlate(Activity)
    .scalar_subquery()
)
_HELD = Statement(
    select(col(Activity.id), col(Activity.state), _own_enrolment.label("enrolment_id"))
    .join(ActivitySession, col(ActivitySession.activity_id) == col(Activity.id))
    .where(
        col(ActivitySession.id) == bindparam("session_id", type_=Uuid),
        was_published(),
        or_(
            is_addressed(col(Activity.id), bindparam("addresses", type_=ARRAY(Uuid))),
            _own_enrolment.is_not(None),
        ),
    )
    .with_for_update(of=Activity)
)
_choice = insert(SessionChoice).values(
    {
        name: bindparam(name, type_=SessionChoice.__table__.c[name].type)  # type: ignore[attr-defined]
        for name in ("enrolment_id", "occurrence_of", "session_id", "chosen_at")
    }
)
_CHOOSE = Statement(
    _choice.on_conflict_do_update(
        index_elements=["enrolment_id", "occurrence_of"],
        set_={name: _choice.excluded[name] for name in ("session_id", "chosen_at")},
    )
)


async def choose_occurrence(
    db: Connection, actor: Actor, *, session_id: UUID, now: datetime
) -> list[Row]:
    """Choose, as a teacher with a place in the activity, which occurrence of a session to attend.

    Another choice of the same session is given up by it. The activity's occurrences as they then are.
    """
    held = await db.one(
        _HELD, session_id=session_id, addresses=addresses_of(actor), teacher_id=actor.teacher_id
    )
    if held is None:
        raise SessionNotFound
    check_state(held, ActivityState.PUBLISHED)
    if held["enrolment_id"] is None:
        raise EnrolmentNotFound
    key = {"activity_id": held["id"], "teacher_id": actor.teacher_id}
    found = {row["session_id"]: row for row in await db.all(_OCCURRENCES, **key)}
    wanted = found.get(session_id)
    if wanted is None:
        raise SessionOnce
    if wanted["starts_at"] <= now:
        raise OccurrenceBegun
    if not wanted["chosen"]:
        if wanted["places"] is not None and wanted["taken"] >= wanted["places"]:
            raise OccurrenceFull(places=wanted["places"])
        await db.run(
            _CHOOSE,
            enrolment_id=held["enrolment_id"],
            occurrence_of=wanted["occurrence_of"],
            session_id=session_id,
            chosen_at=now,
        )
    return await db.all(_OCCURRENCES, **key)
