"""Writing who has a place in an activity and who waits, and ending it; the next who waits has the place.

Whoever calls this holds the activity's row and has passed its door.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Text, Uuid, any_, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.domain.base import MOMENT, text_enum
from app.domain.errors import Conflict
from app.domain.people.teachers import Teacher
from app.domain.training.enrolments.enrolment import (
    OF_TEACHERS,
    STANDING,
    Enrolment,
    EnrolmentNotFound,
    EnrolmentWay,
)
from app.domain.training.enrolments.room import Room, fill_places
from app.sql import Connection, Row, Statement, new_id

# What can be refused.


class ActivityFull(Conflict):
    """All places of the activity are taken."""

    code = "activity_full"
    zh = "活动名额已满（{capacity} 人）。"
    en = "All {capacity} places of the activity are taken."


class QuotaTaken(Conflict):
    """What is left of the places is kept for other schools."""

    code = "activity_quota_taken"
    zh = "本校可用的名额已用完，其余名额为其他学校保留。"
    en = "No place is left for this school: the others are kept for other schools."


def check_room(room: Room, school_id: UUID) -> None:
    """Refuse somebody of a school for whom there is no place."""
    if room.is_full:
        raise ActivityFull(capacity=room.limit)
    if not room.has_place(school_id):
        raise QuotaTaken


# What may be done.

_NAMES = (
    "id", "activity_id", "teacher_id", "city_id", "county_id", "school_id", "enrolled_at",
    "withdrawn_at", "waiting_turn", "way", "reason", "entered_by", "withdrawal_reason",
    "withdrawn_by",
)  # fmt: skip
_keys = (
    select(
        func.unnest(bindparam("enrolment_ids", type_=ARRAY(Uuid))).label("id"),
        func.unnest(bindparam("activity_ids", type_=ARRAY(Uuid))).label("activity_id"),
        func.unnest(bindparam("teacher_ids", type_=ARRAY(Uuid))).label("teacher_id"),
        func.unnest(bindparam("turns", type_=ARRAY(Integer))).label("turn"),
    )
).subquery("given")
_entered = insert(Enrolment).from_select(
    _NAMES,
    select(
        _keys.c.id,
        _keys.c.activity_id,
        col(Teacher.id),
        col(Teacher.city_id),
        col(Teacher.county_id),
        col(Teacher.school_id),
        bindparam("now", type_=MOMENT),
        bindparam("withdrawn_at", value=None, type_=MOMENT),
        _keys.c.turn,
        bindparam("way", type_=text_enum(EnrolmentWay)),
        bindparam("reason", type_=Text),
        bindparam("entered_by", type_=Uuid),
        bindparam("withdrawal_reason", value=None, type_=Text),
        bindparam("withdrawn_by", value=None, type_=Uuid),
    ).join_from(_keys, Teacher, col(Teacher.id) == _keys.c.teacher_id),
)
_ENROL = Statement(
    _entered.on_conflict_do_update(
        index_elements=["activity_id", "teacher_id"],
        set_={name: _entered.excluded[name] for name in _NAMES[6:]},
    )
)
_LAST_TURNS = Statement(
    select(col(Enrolment.activity_id), func.max(col(Enrolment.waiting_turn)).label("turn"))
    .where(
        col(Enrolment.activity_id) == any_(bindparam("activity_ids", type_=ARRAY(Uuid))),
        col(Enrolment.waiting_turn).is_not(None),
    )
    .group_by(col(Enrolment.activity_id))
)


class Entered(NamedTuple):
    """That somebody is to have a place in an activity, or to wait for one after the others."""

    activity_id: UUID
    teacher_id: UUID
    waits: bool


async def enter_all(
    db: Connection,
    *,
    entered: Sequence[Entered],
    way: EnrolmentWay,
    reason: str | None = None,
    entered_by: UUID | None = None,
    now: datetime,
) -> None:
    """Write who has a place in these activities and who waits; the caller holds the activities' rows."""
    lists = sorted({each.activity_id for each in entered if each.waits})
    known = await db.all(_LAST_TURNS, activity_ids=lists) if lists else []
    last = dict.fromkeys(lists, 0) | {row["activity_id"]: row["turn"] for row in known}
    turns: list[int | None] = []
    for each in entered:
        if each.waits:
            last[each.activity_id] += 1
        turns.append(last[each.activity_id] if each.waits else None)
    await db.run(
        _ENROL,
        enrolment_ids=[new_id() for _ in entered],
        activity_ids=[each.activity_id for each in entered],
        teacher_ids=[each.teacher_id for each in entered],
        turns=turns,
        way=way,
        reason=reason,
        entered_by=entered_by,
        now=now,
    )


async def enter_enrolments(
    db: Connection,
    *,
    activity_id: UUID,
    people: Sequence[UUID],
    waiting: Sequence[UUID] = (),
    way: EnrolmentWay,
    reason: str | None = None,
    entered_by: UUID | None = None,
    now: datetime,
) -> None:
    """Write that these people have a place in one activity and those wait for one."""
    entered = [
        *(Entered(activity_id, each, waits=False) for each in people),
        *(Entered(activity_id, each, waits=True) for each in waiting),
    ]
    await enter_all(db, entered=entered, way=way, reason=reason, entered_by=entered_by, now=now)


_WITHDRAW = Statement(
    update(Enrolment)
    .where(
        col(Enrolment.activity_id) == bindparam("of_activity", type_=Uuid),
        col(Enrolment.teacher_id) == any_(bindparam("of_teachers", type_=ARRAY(Uuid))),
        STANDING,
    )
    .values(
        withdrawn_at=bindparam("now", type_=MOMENT),
        withdrawal_reason=bindparam("why", type_=Text),
        withdrawn_by=bindparam("by", type_=Uuid),
    )
)


async def end_enrolment(
    db: Connection,
    *,
    activity_id: UUID,
    teacher_id: UUID,
    reason: str | None = None,
    by: UUID | None = None,
    now: datetime,
) -> Row:
    """End somebody's enrolment and let the next have the place; the caller holds the activity's row."""
    ended = await db.run(
        _WITHDRAW, of_activity=activity_id, of_teachers=[teacher_id], why=reason, by=by, now=now
    )
    if not ended:
        raise EnrolmentNotFound
    await fill_places(db, activity_id=activity_id, now=now)
    row = await db.one(OF_TEACHERS, activity_id=activity_id, teacher_ids=[teacher_id])
    if row is None:
        raise EnrolmentNotFound
    return row
