"""What a trainee's part in an activity is: the tables, the door, and what may be asked."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    Uuid,
    bindparam,
    func,
    select,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, SHANGHAI, Table, civil_date, key, text_enum
from app.domain.errors import Invalid, NotFound
from app.domain.organisation.statistics import school_year_of
from app.domain.organisation.units import UNITS
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import PersonName, place_column
from app.domain.people.teachers.strata import is_among
from app.domain.people.trainees import Trainee, TraineeCategory
from app.domain.training.activities import (
    ACTIVITIES,
    Activity,
    ActivitySession,
    ActivityState,
)
from app.domain.training.activities.activity import SHARED_PLACES
from app.domain.training.attendance import AttendanceStatus
from app.sql import Connection, Row, Statement


class ActivityTrainee(Table, table=True):
    """That a trainee takes part in an activity; it hangs below both."""

    __table_args__ = (UniqueConstraint("activity_id", "trainee_id"), Index(None, "trainee_id"))

    id: UUID = key()
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)
    trainee_id: UUID = Field(foreign_key="trainee.id", sa_type=Uuid)
    entered_at: datetime = Field(sa_type=MOMENT)
    entered_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class TraineeAttendance(Table, table=True):
    """What a trainee was at a session, by the roll of the organiser."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["activity_id", "trainee_id"],
            ["activity_trainee.activity_id", "activity_trainee.trainee_id"],
        ),
        ForeignKeyConstraint(
            ["session_id", "activity_id"], ["activity_session.id", "activity_session.activity_id"]
        ),
        Index(None, "activity_id", "trainee_id"),
    )

    session_id: UUID = Field(primary_key=True, sa_type=Uuid)
    trainee_id: UUID = Field(primary_key=True, sa_type=Uuid)
    activity_id: UUID = Field(sa_type=Uuid)
    status: AttendanceStatus = Field(sa_type=text_enum(AttendanceStatus, suffix="_of_trainee"))
    recorded_at: datetime = Field(sa_type=MOMENT)
    recorded_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class ActivityTraineeView(BaseModel):
    """A trainee in an activity, as who organises it sees it."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID = Field(description="活动 / activity")
    trainee_id: UUID = Field(description="学员 / trainee")
    name: PersonName = Field(description="姓名 / name")
    category: TraineeCategory = Field(description="类别 / category")
    employer: str = Field(description="工作或就读单位 / employer, or where they study")
    entered_at: datetime = Field(description="登记时间 / when entered")
    attended: list[UUID] = Field(description="到场的场次 / sessions at which the trainee was")


class TraineeParticipationView(BaseModel):
    """How many trainees of a category took part in what a unit organised, apart from teachers."""

    category: TraineeCategory = Field(description="类别 / category")
    activities: int = Field(description="活动数 / activities")
    people: int = Field(description="人数（人） / people, each once")
    person_times: int = Field(description="人次 / times that somebody was at a session")


# What can be refused.


class ActivityTraineeNotFound(NotFound):
    """The trainee takes no part in such an activity for the one who asks."""

    code = "activity_trainee_not_found"
    zh = "该活动中没有该学员。"
    en = "The trainee takes no part in the activity."


class TraineePeriodUnfit(Invalid):
    """A period begins before it ends, and is no longer than a cycle."""

    code = "trainee_period_unfit"
    zh = "时段须先开始后结束，不超过六年，且在 1900 至 2999 年之间。"
    en = "A period begins before it ends, is no longer than six years, and lies in 1900 to 2999."


# What may be asked.

_was_there = is_among(
    col(TraineeAttendance.status), (AttendanceStatus.PRESENT, AttendanceStatus.LATE)
)
_attended: Any = func.array(
    select(col(TraineeAttendance.session_id))
    .where(
        col(TraineeAttendance.activity_id) == col(ActivityTrainee.activity_id),
        col(TraineeAttendance.trainee_id) == col(ActivityTrainee.trainee_id),
        _was_there,
    )
    .order_by(col(TraineeAttendance.session_id))
    .correlate(ActivityTrainee)
    .scalar_subquery()
)

ACTIVITY_TRAINEES = Door(
    table=ActivityTrainee,
    view=ActivityTraineeView,
    read=Permission.ATTENDANCE_READ,
    missing=ActivityTraineeNotFound,
    places=SHARED_PLACES,
    computed={
        **{name: col(getattr(Trainee, name)) for name in ("name", "category", "employer")},
        "attended": _attended,
    },
    joined=ActivityTrainee.__table__.join(  # type: ignore[attr-defined]
        Activity.__table__,  # type: ignore[attr-defined]
        col(ActivityTrainee.activity_id) == col(Activity.id),
    ).join(Trainee.__table__, col(ActivityTrainee.trainee_id) == col(Trainee.id)),  # type: ignore[attr-defined]
    filters={"activity_id": col(ActivityTrainee.activity_id)},
    sorts={"created": (), "name": (col(Trainee.name),)},
)
"""The trainees of activities, as they belong to the organiser."""


async def list_activity_trainees(
    db: Connection, actor: Actor, *, activity_id: UUID, page: PageRequest
) -> Page:
    """The trainees of an activity that the actor organises, in the order of entering."""
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_READ)
    return await ACTIVITY_TRAINEES.page(db, actor, page, filters={"activity_id": activity_id})


_LONGEST = timedelta(days=6 * 366)
_FIRST, _LAST = date(1900, 1, 1), date(2999, 12, 31)


@lru_cache(maxsize=4)
def _participation(place: str) -> Statement:
    """Trainees at sessions of what was organised at a place and below it, by category."""
    began = col(ActivitySession.starts_at)
    return Statement(
        select(
            col(Trainee.category),
            func.count(col(Activity.id).distinct()).label("activities"),
            func.count(col(Trainee.id).distinct()).label("people"),
            func.count().label("person_times"),
        )
        .select_from(TraineeAttendance)
        .join(Trainee, col(Trainee.id) == col(TraineeAttendance.trainee_id))
        .join(ActivitySession, col(ActivitySession.id) == col(TraineeAttendance.session_id))
        .join(Activity, col(Activity.id) == col(TraineeAttendance.activity_id))
        .where(
            col(getattr(Activity, place)) == bindparam("unit_id", type_=Uuid),
            _was_there,
            col(Activity.state) != ActivityState.CANCELLED,
            began >= bindparam("since", type_=MOMENT),
            began < bindparam("after", type_=MOMENT),
        )
        .group_by(col(Trainee.category))
        .order_by(col(Trainee.category))
    )


async def list_trainee_participation(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    now: datetime,
    since: date | None = None,
    until: date | None = None,
) -> Sequence[Row]:
    """How many trainees took part in what a unit and those below it organised; no teacher is among them.

    `since` and `until` are both included; by default it is the present school year so far.
    """
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.SUMMARY_READ)
    until = until or civil_date(now)
    if not _FIRST <= until <= _LAST:
        raise TraineePeriodUnfit
    since = since or date(school_year_of(until), 9, 1)
    if not (since >= _FIRST and timedelta(0) <= until - since <= _LONGEST):
        raise TraineePeriodUnfit
    first = datetime.combine(since, time(), SHANGHAI)
    after = datetime.combine(until, time(), SHANGHAI) + timedelta(days=1)
    return await db.all(
        _participation(place_column(unit)), unit_id=unit_id, since=first, after=after
    )
