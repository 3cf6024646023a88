"""Rows that are behind measures and behind figures of reports alike, each with the predicates of its count."""

from typing import Any

from sqlalchemy import (
    Select,
    Text,
    and_,
    cast,
)
from sqlmodel import col

from app.domain.base import civil_day
from app.domain.credits.boards.figures import carried_out
from app.domain.learning.courses import Course
from app.domain.learning.mentorships import Mentorship
from app.domain.learning.resources import Resource
from app.domain.learning.topics import Topic
from app.domain.people.teachers import Teacher
from app.domain.quality.measures.counting import (
    COURSE_IS_COUNTED,
    ITEM_IS_COUNTED,
    MENTORSHIP_IS_COUNTED,
    ON_REGISTER,
    RESOURCE_IS_COUNTED,
    TOPIC_IS_COUNTED,
    who_earned,
)
from app.domain.quality.measures.figure_row import row, unit_of
from app.domain.quality.measures.happened import (
    ASKED_FOR,
    CAME,
    HELD,
    IS_COUNTED,
    Key,
    in_units,
)
from app.domain.training.activities import Activity
from app.domain.training.attendance import Attendance
from app.domain.training.plans import Plan, PlanItem

KIND = cast(col(Activity.kind), Text)


def rows_held(key: Key, *, counts: Any = None) -> Select[Any]:
    """Activities that were held, by their kind."""
    found = row(
        col(Activity.id), col(Activity.title), unit_of(Activity), on=col(Activity.starts_on),
        part=KIND, counts=counts,
    )  # fmt: skip
    return found.where(in_units(key(Activity)), HELD)


def rows_attended(key: Key) -> Select[Any]:
    """Whom a session was for and who had no leave; those count who came."""
    found = row(
        col(Attendance.id), col(Teacher.name), col(Attendance.school_id),
        on=col(Activity.starts_on), part=KIND, counts=CAME,
    )  # fmt: skip
    return (
        found.join_from(Attendance, Activity, col(Activity.id) == col(Attendance.activity_id))
        .join(Teacher, and_(col(Teacher.id) == col(Attendance.teacher_id), IS_COUNTED))
        .where(in_units(key(Activity)), HELD, ASKED_FOR)
    )


def rows_planned(key: Key) -> Select[Any]:
    """Items of agreed plans; those count that were carried out."""
    found = row(
        col(PlanItem.id), col(PlanItem.content), unit_of(Plan), on=col(PlanItem.starts_on),
        part=cast(col(Plan.kind), Text), counts=carried_out(),
    )  # fmt: skip
    return found.join_from(PlanItem, Plan, col(PlanItem.plan_id) == col(Plan.id)).where(
        in_units(key(Plan)), ITEM_IS_COUNTED
    )


def rows_of_mentorships(key: Key) -> Select[Any]:
    """Mentorships that met the period, by the apprentice."""
    found = row(
        col(Mentorship.id), col(Teacher.name), col(Mentorship.school_id),
        on=col(Mentorship.valid_from),
    )  # fmt: skip
    return found.join_from(
        Mentorship, Teacher, col(Teacher.id) == col(Mentorship.teacher_id)
    ).where(in_units(key(Mentorship)), MENTORSHIP_IS_COUNTED)


def rows_of_topics(key: Key) -> Select[Any]:
    """Topics that were studied in the period."""
    found = row(
        col(Topic.id), col(Topic.title), unit_of(Topic), on=col(Topic.starts_on),
        part=cast(col(Topic.level), Text),
    )  # fmt: skip
    return found.where(in_units(key(Topic)), TOPIC_IS_COUNTED)


def rows_of_courses(key: Key) -> Select[Any]:
    """Courses that are published and in use."""
    published = civil_day(col(Course.published_at))
    found = row(
        col(Course.id), col(Course.title), unit_of(Course), on=published,
        part=cast(col(Course.level), Text),
    )  # fmt: skip
    return found.where(in_units(key(Course)), COURSE_IS_COUNTED)


def rows_of_resources(key: Key) -> Select[Any]:
    """Resources that are shared beyond their units."""
    found = row(
        col(Resource.id), col(Resource.title), unit_of(Resource), on=civil_day(col(Resource.added_at)),
        part=cast(col(Resource.kind), Text),
    )  # fmt: skip
    return found.where(in_units(key(Resource)), RESOURCE_IS_COUNTED)


_stage = cast(col(Teacher.stage), Text)


def rows_of_teachers(
    key: Key, who: Any = None, *, part: Any = _stage, counts: Any = None
) -> Select[Any]:
    """Everybody on the register; beside `who`, by its `owner_id`, those found there count."""
    if who is not None:
        counts = who.c.owner_id.is_not(None)
    found = row(
        col(Teacher.id), col(Teacher.name), col(Teacher.school_id), part=part, counts=counts
    )
    if who is not None:
        found = found.outerjoin(who, who.c.owner_id == col(Teacher.id))
    return found.where(in_units(key(Teacher)), ON_REGISTER)


def rows_credited(key: Key) -> Select[Any]:
    """Everybody on the register; those count who have credit of the period."""
    earned = who_earned(key)
    found = rows_of_teachers(key, counts=earned.c.teacher_id.is_not(None))
    return found.outerjoin(earned, earned.c.teacher_id == col(Teacher.id))
