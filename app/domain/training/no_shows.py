"""No-shows (报名未到): who had a place in an activity that was held, and neither came nor had leave.

Nobody enters them: they follow from the enrolments and the attendance.
"""

from uuid import UUID

from sqlalchemy import exists, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import ACTIVITIES, Activity
from app.domain.training.activities.records import BY_CREATION, BY_NAME, door_of_organiser
from app.domain.training.attendance import Attendance, AttendanceStatus
from app.domain.training.enrolments import (
    ENROLLED,
    HAS_PLACE,
    EnrolledView,
    Enrolment,
    EnrolmentNotFound,
)
from app.domain.training.vocabulary import HELD_STATES
from app.sql import Connection

came_or_had_leave = exists(
    select(col(Attendance.id)).where(
        col(Attendance.activity_id) == col(Enrolment.activity_id),
        col(Attendance.teacher_id) == col(Enrolment.teacher_id),
        col(Attendance.status) != AttendanceStatus.ABSENT,
    )
)
"""The predicate 'whose enrolment this is was at a session of the activity, or had leave of one'."""
_was_held = is_among(col(Activity.state), HELD_STATES)

# What may be asked.

NO_SHOWS = door_of_organiser(
    Enrolment,
    EnrolledView,
    EnrolmentNotFound,
    standing=HAS_PLACE & _was_held & ~came_or_had_leave,
    computed={name: ENROLLED.computed[name] for name in ("state", "position")},
    sorts={**BY_CREATION, **BY_NAME},
)
"""The enrolments of those who did not come, as they belong to the organiser."""


async def list_no_shows(
    db: Connection, actor: Actor, *, activity_id: UUID, page: PageRequest
) -> Page:
    """Who had a place in an activity that the actor organises and was at none of its sessions.

    Whoever has leave of a session is not among them; before the activity was held, nobody is.
    """
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_READ)
    return await NO_SHOWS.page(db, actor, page, filters={"activity_id": activity_id})
