"""The door of courses, and what may be asked of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, any_, func
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.errors import Conflict, NotFound
from app.domain.learning.courses.table import Course, CourseAudience, CourseView
from app.domain.learning.courses.vocabulary import (
    EDITABLE,
    CourseLevel,
    CourseOrigin,
    CourseState,
)
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers.strata import Stratum
from app.domain.training.activities import ActivityContent, ActivityKind
from app.domain.training.audiences import Audience
from app.sql import Connection, Row

# What can be refused.


class CourseNotFound(NotFound):
    """There is no such course for the one who asks."""

    code = "course_not_found"
    zh = "未找到该课程。"
    en = "There is no such course."


class CourseWrongState(Conflict):
    """This is done in other states of a course than the one that it is in."""

    code = "course_wrong_state"
    zh = "课程当前状态为“{state}”，此操作只能在以下状态进行：{allowed}。"
    en = "The course is '{state}'; this can be done only while it is: {allowed}."


def check_course_state(course: Row, allowed: frozenset[CourseState]) -> None:
    """Refuse what is not done in the course's state."""
    if course["state"] not in allowed:
        raise CourseWrongState(state=course["state"], allowed=", ".join(sorted(allowed)))


# What may be asked.

AUDIENCE = Audience(CourseAudience, "course_id")


def is_offered(addresses: Any) -> ColumnElement[bool]:
    """The predicate 'this course is published, and for one of these': units, groups and teachers.

    One that was retired is in no catalogue; who knows its key still reads what it was.
    """
    published = col(Course.published_at).is_not(None)
    return published & AUDIENCE.is_for(col(Course.id), addresses)


COURSE_PLACES = {
    **{name: col(getattr(Course, name)) for name in PLACE},
    "group_id": col(Course.group_id),
    "department_id": col(Course.department_id),
}
"""What places a course, and all that is read through its door."""

COURSES = Door(
    table=Course,
    view=CourseView,
    read=Permission.COURSE_READ,
    missing=CourseNotFound,
    places=COURSE_PLACES,
    audience=is_offered,
    computed={"audience": AUDIENCE.shown(col(Course.id))},
    filters={
        "unit_id": col(Course.unit_id),
        "group_id": col(Course.group_id),
        "department_id": col(Course.department_id),
        "responsible_id": col(Course.responsible_id),
        "level": col(Course.level),
        "origin": col(Course.origin),
        "state": col(Course.state),
        "kind": col(Course.kind),
        "is_practical": col(Course.is_practical),
        "content": lambda content: content == any_(col(Course.content)),
        "stratum": lambda stratum: (
            (stratum == any_(col(Course.strata))) | (func.cardinality(col(Course.strata)) == 0)
        ),
        "title": lambda part: func.strpos(func.lower(col(Course.title)), func.lower(part)) > 0,
        "least_hours": lambda hours: col(Course.hours) >= hours,
        "most_hours": lambda hours: col(Course.hours) <= hours,
    },
    sorts={"title": (col(Course.title),), "created": (), "hours": (col(Course.hours),)},
)
"""Courses, written where their owner lies; once published seen by all for whom they are."""


async def get_training_course(db: Connection, actor: Actor, *, course_id: UUID) -> Row:
    """One course in the actor's place, or published to the actor; `get_course` is OneRoster's word."""
    return await COURSES.get(db, actor, course_id)


async def list_courses(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    group_id: UUID | None = None,
    department_id: UUID | None = None,
    responsible_id: UUID | None = None,
    level: CourseLevel | None = None,
    origin: CourseOrigin | None = None,
    state: CourseState | None = None,
    kind: ActivityKind | None = None,
    content: ActivityContent | None = None,
    stratum: Stratum | None = None,
    is_practical: bool | None = None,
    title: str | None = None,
) -> Page:
    """The courses in the actor's place, in whatever state, by title unless sorted otherwise.

    `title` keeps those that have it as a part of theirs, `stratum` those that are for it or for all.
    """
    filters = {
        "unit_id": unit_id, "group_id": group_id, "department_id": department_id,
        "responsible_id": responsible_id, "level": level, "origin": origin, "state": state,
        "kind": kind, "content": content, "stratum": stratum, "is_practical": is_practical,
        "title": title,
    }  # fmt: skip
    return await COURSES.page(db, actor, page, filters=filters)


async def list_published_courses(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    level: CourseLevel | None = None,
    origin: CourseOrigin | None = None,
    kind: ActivityKind | None = None,
    content: ActivityContent | None = None,
    stratum: Stratum | None = None,
    is_practical: bool | None = None,
    title: str | None = None,
    least_hours: int | None = None,
    most_hours: int | None = None,
) -> Page:
    """The catalogue (课程目录): what is published to the actor and not retired, by title."""
    filters = {
        "state": CourseState.PUBLISHED, "unit_id": unit_id, "level": level, "origin": origin,
        "kind": kind, "content": content, "stratum": stratum, "is_practical": is_practical,
        "title": title, "least_hours": least_hours, "most_hours": most_hours,
    }  # fmt: skip
    return await COURSES.page(db, actor, page, filters=filters, published=True)


async def courses_by_id(
    db: Connection, actor: Actor, *, course_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many courses by their keys; None where the actor may not see one."""
    return await COURSES.by_id(db, actor, course_ids, columns=columns)


async def open_course(db: Connection, actor: Actor, *, course_id: UUID) -> Row:
    """The course, locked, in a state in which the actor writes it."""
    course = await COURSES.get(db, actor, course_id, permission=Permission.COURSE_WRITE, lock=True)
    check_course_state(course, EDITABLE)
    return course
