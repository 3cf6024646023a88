"""Repeating an activity (再次举办): a draft like one that there was, on other days.

It stands above the activities and above who carries them. What was decided about the activity is
copied: its form, sessions with their occurrences, staff and audience. What happened is not: enrolments,
attendance, plans of sessions, places given.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from secrets import token_bytes
from typing import Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import TODAY, Command, in_force
from app.domain.errors import Unfit
from app.domain.organisation.departments import Department
from app.domain.training.activities import (
    ACTIVITIES,
    Activity,
    ActivitySession,
    NewActivity,
    create_activity,
    sessions_of,
)
from app.domain.training.activities.audience import audience_within
from app.domain.training.activities.organising import FIRST_YEAR, LAST_YEAR, ORGANISERS
from app.domain.training.activities.table import ActivityFields, SessionFields
from app.domain.training.staff import ActivityStaff
from app.sql import Connection, Row, Statement, new_id

_FIRST_YEAR, _LAST_YEAR = FIRST_YEAR, LAST_YEAR - 100
"""Beyond these a day is a slip of the pen; an activity that begins by then also ends in good time."""


class Repetition(Command):
    """When an activity is held again."""

    starts_on: date = Field(description="开始日期，其余日期顺延 / first day; the others follow")
    title: str | None = Field(
        default=None, min_length=1, max_length=200, description="名称，默认不变 / another title"
    )

    @model_validator(mode="after")
    def _is_a_day(self) -> Self:
        if not _FIRST_YEAR <= self.starts_on.year <= _LAST_YEAR:
            raise Unfit(
                f"日期须在 {_FIRST_YEAR} 至 {_LAST_YEAR} 年之间。",
                f"An activity is held in the years {_FIRST_YEAR} to {_LAST_YEAR}.",
            )
        return self


# What may be done.

_STAFF = Statement(
    select(
        *(
            col(getattr(ActivityStaff, name))
            for name in ("session_id", "role", "teacher_id", "outside_name", "outside_unit")
        )
    )
    .where(col(ActivityStaff.activity_id) == bindparam("activity_id", type_=Uuid))
    .order_by(col(ActivityStaff.id))
)
_DEPARTMENTS = Statement(
    select(col(Department.id)).where(
        col(Department.id) == any_(bindparam("ids", type_=ARRAY(Uuid))), in_force(Department, TODAY)
    )
)


async def repeat_activity(
    db: Connection, actor: Actor, *, activity_id: UUID, repetition: Repetition
) -> Row:
    """Draft an activity of the actor again: all its days are moved by as many as its first.

    Of its audience those are kept whom the actor may address with it today, of its joint owners those
    that there are. It stays in its series.
    """
    source = await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ACTIVITY_WRITE)
    shift = repetition.starts_on - source["starts_on"]
    given = {name: source[name] for name in ActivityFields.model_fields}
    given |= {
        "starts_on": repetition.starts_on,
        "ends_on": source["ends_on"] + shift,
        "title": repetition.title or source["title"],
        "joint_department_ids": await _owners_today(db, source["joint_department_ids"]),
        "audience": await audience_within(db, actor, activity=source, wanted=source["audience"]),
    }
    organiser = next(name for name in reversed(ORGANISERS) if source[name] is not None)
    draft = await create_activity(
        db, actor, new=NewActivity.model_validate(given | {organiser: source[organiser]})
    )
    if source["series_id"] is not None:
        await db.change(Activity, draft["id"], {"series_id": source["series_id"]})
    sessions = (await sessions_of(db, actor, activity_ids=[activity_id]))[activity_id]
    keys = await _copy_sessions(db, draft["id"], sessions, shift)
    staff = await db.all(_STAFF, activity_id=activity_id)
    copied = {"activity_id": draft["id"]}
    await db.insert_all(
        ActivityStaff,
        [
            {**row, **copied, "id": new_id(), "session_id": keys.get(row["session_id"])}
            for row in staff
        ],
    )
    return await ACTIVITIES.get(db, actor, draft["id"])


async def _owners_today(db: Connection, departments: list[UUID]) -> list[UUID]:
    found = await db.all(_DEPARTMENTS, ids=departments) if departments else []
    return [row["id"] for row in found]


async def _copy_sessions(
    db: Connection, activity_id: UUID, sessions: Sequence[Row], shift: timedelta
) -> dict[UUID, UUID]:
    """Write the sessions on their new days, each after the one of which it is an occurrence."""
    keys = {session["id"]: new_id() for session in sessions}
    rows = [
        {name: session[name] for name in SessionFields.model_fields}
        | {
            "id": keys[session["id"]],
            "activity_id": activity_id,
            "ordinal": ordinal,
            "secret": token_bytes(32),
            "starts_at": session["starts_at"] + shift,
            "ends_at": session["ends_at"] + shift,
            "occurrence_of": keys.get(session["occurrence_of"]),
        }
        for ordinal, session in enumerate(sessions, 1)
    ]
    await db.insert_all(ActivitySession, rows)
    return keys
