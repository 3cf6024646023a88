"""What lies ahead of a teacher: activities with a place for the teacher, and those where one is free."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, Uuid, bindparam, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.people.teachers import Teacher
from app.domain.training.activities import Activity, ActivityState, is_meant_for_teacher
from app.domain.training.enrolments.enrolment import HAS_PLACE, STANDING, Enrolment
from app.domain.training.enrolments.room import PlaceQuota, PlaceRule, Room
from app.sql import Connection, Row, Statement

MOST_OFFERED = 60
"""So many activities on offer are looked at, the first to begin first."""

_SHOWN = (
    "id", "title", "kind", "mode", "channel", "content", "hours", "level", "starts_on", "ends_on",
)  # fmt: skip
_columns = [col(getattr(Activity, name)) for name in _SHOWN]
_teacher_id = bindparam("teacher_id", type_=Uuid)
_until = col(Activity.ends_on) <= bindparam("until", type_=Date)

_ENROLLED = Statement(
    select(*_columns)
    .join(Enrolment, col(Enrolment.activity_id) == col(Activity.id))
    .where(
        col(Enrolment.teacher_id) == _teacher_id,
        HAS_PLACE,
        (col(Activity.state) == ActivityState.PUBLISHED)
        | (col(Activity.state) == ActivityState.HELD),
        _until,
    )
    .order_by(col(Activity.ends_on), col(Activity.id))
)

_other: Any = aliased(Enrolment)
_took: Any = aliased(Enrolment)
_placed = (_other.withdrawn_at.is_(None)) & (_other.waiting_turn.is_(None))
_taken = (
    select(func.count())
    .where(_other.activity_id == col(Activity.id), _placed)
    .correlate(Activity)
    .scalar_subquery()
)
_taken_by_school = (
    select(func.count())
    .where(
        _took.activity_id == col(PlaceQuota.activity_id),
        _took.school_id == col(PlaceQuota.school_id),
        _took.withdrawn_at.is_(None),
        _took.waiting_turn.is_(None),
    )
    .correlate(PlaceQuota)
    .scalar_subquery()
)
_quotas = (
    select(
        func.jsonb_agg(
            func.jsonb_build_array(
                col(PlaceQuota.school_id), col(PlaceQuota.places), _taken_by_school
            )
        )
    )
    .where(col(PlaceQuota.activity_id) == col(Activity.id))
    .correlate(Activity)
    .scalar_subquery()
)
_OFFERED = Statement(
    select(
        *_columns,
        col(Activity.capacity),
        col(PlaceRule.released_on),
        _taken.label("taken"),
        _quotas.label("quotas"),
    )
    .select_from(Activity)
    .join(Teacher, col(Teacher.id) == _teacher_id)
    .outerjoin(PlaceRule, col(PlaceRule.activity_id) == col(Activity.id))
    .where(
        col(Activity.city_id) == col(Teacher.city_id),
        col(Activity.state) == ActivityState.PUBLISHED,
        col(Activity.starts_on) >= bindparam("today", type_=Date),
        _until,
        func.coalesce(col(PlaceRule.by_nomination), False).is_(False),
        is_meant_for_teacher(col(Activity.id)),
        ~exists(
            select(col(Enrolment.id)).where(
                col(Enrolment.activity_id) == col(Activity.id),
                col(Enrolment.teacher_id) == _teacher_id,
                STANDING,
            )
        ),
    )
    .order_by(col(Activity.starts_on), col(Activity.id))
    .limit(bindparam("at_most", type_=Integer))
)


async def read_enrolled(db: Connection, *, teacher_id: UUID, until: date) -> list[Row]:
    """The activities that are not yet closed in which the teacher has a place, by their last day."""
    return await db.all(_ENROLLED, teacher_id=teacher_id, until=until)


async def read_offered(
    db: Connection, *, teacher_id: UUID, school_id: UUID, today: date, until: date
) -> tuple[list[Row], bool]:
    """What the teacher could enrol in today and have a place, and whether there is more than was read."""
    rows = await db.all(
        _OFFERED, teacher_id=teacher_id, today=today, until=until, at_most=MOST_OFFERED + 1
    )
    offered = [row for row in rows[:MOST_OFFERED] if _room(row, today).has_place(school_id)]
    return offered, len(rows) > MOST_OFFERED


def _room(row: Row, today: date) -> Room:
    quotas = [
        {"school_id": UUID(school_id), "places": places, "taken": taken}
        for school_id, places, taken in row["quotas"] or ()
    ]
    return Room(row, quotas, today)
