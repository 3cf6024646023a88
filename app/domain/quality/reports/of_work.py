"""What a report counts of the work itself: plans, activities, sessions, attendance, research, sharing."""

from typing import Any

from sqlalchemy import Select, Text, cast
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.base import civil_day
from app.domain.quality.measures.behind import (
    rows_attended,
    rows_held,
    rows_of_courses,
    rows_of_mentorships,
    rows_of_resources,
    rows_of_topics,
    rows_planned,
)
from app.domain.quality.measures.figure_row import row, unit_of
from app.domain.quality.measures.happened import HELD, Key, in_units
from app.domain.quality.reports.source import OF_BUREAUX, PERSON_TIMES, THINGS, FigureCode, Source
from app.domain.training.activities import Activity, ActivitySession


def _of_bureau(key: Key) -> Select[Any]:
    return rows_held(key, counts=col(Activity.school_id).is_(None))


def _sessions(key: Key) -> Select[Any]:
    found = row(
        col(ActivitySession.id), col(Activity.title), unit_of(Activity),
        on=civil_day(col(ActivitySession.starts_at)), part=cast(col(Activity.kind), Text),
    )  # fmt: skip
    return found.join_from(
        ActivitySession, Activity, col(Activity.id) == col(ActivitySession.activity_id)
    ).where(in_units(key(Activity)), HELD)


OF_WORK: dict[FigureCode, Source] = {
    FigureCode.PLANNED_HELD: Source(
        THINGS, True, "已落实的计划项", "of the items of agreed plans, those with an activity held", "项",
        rows_planned, permission=Permission.PLAN_READ,
    ),
    FigureCode.ACTIVITIES_HELD: Source(
        THINGS, False, "举办的研修活动", "activities that were held", "项", rows_held,
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
        rows_attended, permission=Permission.ATTENDANCE_READ,
    ),
    FigureCode.MENTORSHIPS: Source(
        THINGS, False, "师徒结对", "mentorships that met the period", "对", rows_of_mentorships,
        permission=Permission.TEACHER_READ,
    ),
    FigureCode.TOPICS: Source(
        THINGS, False, "在研、结题的课题", "topics studied in the period", "项", rows_of_topics,
        permission=Permission.TOPIC_READ,
    ),
    FigureCode.COURSES: Source(
        THINGS, False, "发布且在用的课程", "courses published and in use", "门", rows_of_courses,
        permission=Permission.COURSE_READ,
    ),
    FigureCode.RESOURCES: Source(
        THINGS, False, "共享的资源", "resources shared beyond their units", "份", rows_of_resources,
        permission=Permission.RESOURCE_READ,
    ),
}  # fmt: skip
