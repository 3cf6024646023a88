"""What a report counts of the work itself: plans, activities, sessions, attendance, research, sharing."""

from typing import Any

from sqlalchemy import Select, Text, and_, cast, func
from sqlmodel import col

from app.domain.access.roles import Permission
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
    RESOURCE_IS_COUNTED,
    TOPIC_IS_COUNTED,
)
from app.domain.quality.measures.happened import ASKED_FOR, CAME, HELD, IS_COUNTED, Key
from app.domain.quality.reports.source import (
    OF_BUREAUX,
    PERSON_TIMES,
    THINGS,
    FigureCode,
    Source,
    in_units,
    row,
)
from app.domain.training.activities import Activity, ActivitySession
from app.domain.training.attendance import Attendance
from app.domain.training.plans import Plan, PlanItem


def _unit(table: Any) -> Any:
    return func.coalesce(col(table.school_id), col(table.county_id))


_kind = cast(col(Activity.kind), Text)


def _held(key: Key, *, counts: Any = None) -> Select[Any]:
    found = row(
        col(Activity.id), col(Activity.title), _unit(Activity), on=col(Activity.starts_on),
        part=_kind, counts=counts,
    )  # fmt: skip
    return found.where(in_units(key(Activity)), HELD)


def _of_bureau(key: Key) -> Select[Any]:
    return _held(key, counts=col(Activity.school_id).is_(None))


def _sessions(key: Key) -> Select[Any]:
    found = row(
        col(ActivitySession.id), col(Activity.title), _unit(Activity),
        on=civil_day(col(ActivitySession.starts_at)), part=_kind,
    )  # fmt: skip
    return found.join_from(
        ActivitySession, Activity, col(Activity.id) == col(ActivitySession.activity_id)
    ).where(in_units(key(Activity)), HELD)


def _attendances(key: Key) -> Select[Any]:
    """Whom a session was for and who had no leave; those count who came."""
    found = row(
        col(Attendance.id), col(Teacher.name), col(Attendance.school_id),
        on=col(Activity.starts_on), part=_kind, counts=CAME,
    )  # fmt: skip
    return (
        found.join_from(Attendance, Activity, col(Activity.id) == col(Attendance.activity_id))
        .join(Teacher, and_(col(Teacher.id) == col(Attendance.teacher_id), IS_COUNTED))
        .where(in_units(key(Activity)), HELD, ASKED_FOR)
    )


def _planned(key: Key) -> Select[Any]:
    found = row(
        col(PlanItem.id), col(PlanItem.content), _unit(Plan), on=col(PlanItem.starts_on),
        part=cast(col(Plan.kind), Text), counts=carried_out(),
    )  # fmt: skip
    return found.join_from(PlanItem, Plan, col(PlanItem.plan_id) == col(Plan.id)).where(
        in_units(key(Plan)), ITEM_IS_COUNTED
    )


def _mentorships(key: Key) -> Select[Any]:
    found = row(
        col(Mentorship.id), col(Teacher.name), col(Mentorship.school_id),
        on=col(Mentorship.valid_from),
    )  # fmt: skip
    return found.join_from(
        Mentorship, Teacher, col(Teacher.id) == col(Mentorship.teacher_id)
    ).where(in_units(key(Mentorship)), MENTORSHIP_IS_COUNTED)


def _topics(key: Key) -> Select[Any]:
    found = row(
        col(Topic.id), col(Topic.title), _unit(Topic), on=col(Topic.starts_on),
        part=cast(col(Topic.level), Text),
    )  # fmt: skip
    return found.where(in_units(key(Topic)), TOPIC_IS_COUNTED)


def _courses(key: Key) -> Select[Any]:
    published = civil_day(col(Course.published_at))
    found = row(
        col(Course.id), col(Course.title), _unit(Course), on=published,
        part=cast(col(Course.level), Text),
    )  # fmt: skip
    return found.where(in_units(key(Course)), COURSE_IS_COUNTED)


def _resources(key: Key) -> Select[Any]:
    found = row(
        col(Resource.id), col(Resource.title), _unit(Resource), on=civil_day(col(Resource.added_at)),
        part=cast(col(Resource.kind), Text),
    )  # fmt: skip
    return found.where(in_units(key(Resource)), RESOURCE_IS_COUNTED)


OF_WORK: dict[FigureCode, Source] = {
    FigureCode.PLANNED_HELD: Source(
        THINGS, True, "已落实的计划项", "of the items of agreed plans, those with an activity held", "项",
        _planned, permission=Permission.PLAN_READ,
    ),
    FigureCode.ACTIVITIES_HELD: Source(
        THINGS, False, "举办的研修活动", "activities that were held", "项", _held,
        permission=Permission.ACTIVITY_READ,
    ),
    FigureCode.BUREAU_ACTIVITIES: Source(
        THINGS, True, "教育局组织的研修活动", "of the activities held, those organised by bureaux", "项",
        _of_bureau, OF_BUREAUX, Permission.ACTIVITY_READ,
    ),
    FigureCode.SESSIONS_HELD: Source(
        THINGS, False, "研修场次", "sessions of the activities held", "场次", _sessions,
        permission=Permission.ACTIVITY_READ,
    ),
    FigureCode.ATTENDANCES: Source(
        PERSON_TIMES, True, "到会人次", "of those asked for at sessions, those who came", "人次",
        _attendances, permission=Permission.ATTENDANCE_READ,
    ),
    FigureCode.MENTORSHIPS: Source(
        THINGS, False, "师徒结对", "mentorships that met the period", "对", _mentorships,
        permission=Permission.TEACHER_READ,
    ),
    FigureCode.TOPICS: Source(
        THINGS, False, "在研、结题的课题", "topics studied in the period", "项", _topics,
        permission=Permission.TOPIC_READ,
    ),
    FigureCode.COURSES: Source(
        THINGS, False, "发布且在用的课程", "courses published and in use", "门", _courses,
        permission=Permission.COURSE_READ,
    ),
    FigureCode.RESOURCES: Source(
        THINGS, False, "共享的资源", "resources shared beyond their units", "份", _resources,
        permission=Permission.RESOURCE_READ,
    ),
}  # fmt: skip
