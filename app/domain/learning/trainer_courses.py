"""Courses that trainers give (授课课程), from the library of courses (S2 three 3 (3)).

A course is named once it is published: who sees the trainer may see what they teach.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, UniqueConstraint, Uuid, bindparam, delete
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, key
from app.domain.errors import Conflict, NotFound
from app.domain.learning.courses import Course, CourseState, get_training_course
from app.domain.learning.trainers import (
    PERSON,
    TRAINER_PLACES,
    TRAINERS,
    WITH_PERSON,
    Trainer,
    TrainerGone,
    TrainerState,
    is_known,
)
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import PersonName
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class TrainerCourseFields(BaseModel):
    """Which course."""

    course_id: UUID = Field(description="课程 / course", foreign_key="course.id", sa_type=Uuid)


class TrainerCourse(TrainerCourseFields, Table, table=True):
    """That a trainer gives a course; its place is its trainer's."""

    __table_args__ = (UniqueConstraint("trainer_id", "course_id"), Index(None, "course_id"))

    id: UUID = key()
    trainer_id: UUID = Field(foreign_key="trainer.id", sa_type=Uuid)
    added_at: datetime = Field(sa_type=MOMENT)


class TrainerCourseView(TrainerCourseFields):
    """A course of a trainer, as all see it who see the trainer."""

    id: UUID = Field(description="标识 / key")
    trainer_id: UUID = Field(description="导师 / trainer")
    name: PersonName = Field(description="导师姓名 / name of the trainer")
    title: str = Field(description="课程名称 / title of the course")
    added_at: datetime = Field(description="登记时间 / when it was added")


class NewTrainerCourse(TrainerCourseFields, Command):
    """A course that a trainer is to give."""


# What can be refused.


class TrainerCourseNotFound(NotFound):
    """The trainer gives no such course, for the one who asks."""

    code = "trainer_course_not_found"
    zh = "未找到该导师的授课课程。"
    en = "The trainer gives no such course."


class TrainerCourseAdded(Conflict):
    """A course is named once."""

    code = "trainer_course_added"
    zh = "该课程已列入该导师的授课课程。"
    en = "This course is among the trainer's already."


class TrainerCourseUnpublished(Conflict):
    """Only what is published is given."""

    code = "trainer_course_unpublished"
    zh = "课程尚未发布或已停开，不能列为授课课程。"
    en = "The course is not published, or not any more."


# What may be asked.

_COURSES, _GIVEN = (each.__table__ for each in (Course, TrainerCourse))  # type: ignore[union-attr]

TRAINER_COURSES = Door(
    table=TrainerCourse,
    view=TrainerCourseView,
    read=Permission.TRAINER_READ,
    missing=TrainerCourseNotFound,
    places=TRAINER_PLACES,
    audience=is_known,
    computed={"name": PERSON["name"], "title": _COURSES.c.title},
    joined=_GIVEN.join(WITH_PERSON, _GIVEN.c.trainer_id == col(Trainer.id)).join(
        _COURSES, _GIVEN.c.course_id == _COURSES.c.id
    ),
    filters={"trainer_id": _GIVEN.c.trainer_id, "course_id": _GIVEN.c.course_id},
    sorts={"title": (_COURSES.c.title,), "created": ()},
)


async def list_trainer_courses(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    trainer_id: UUID | None = None,
    course_id: UUID | None = None,
) -> Page:
    """Which courses oneself and the trainers in the actor's place give, by title."""
    filters = {"trainer_id": trainer_id, "course_id": course_id}
    return await TRAINER_COURSES.page(db, actor, page, filters=filters)


async def trainer_courses_of(
    db: Connection,
    actor: Actor,
    *,
    trainer_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """A page of the courses that each of many trainers gives."""
    owner: Any = _GIVEN.c.trainer_id
    return await TRAINER_COURSES.pages_of(db, actor, owner, trainer_ids, page, columns=columns)


# What may be done.

_REMOVE = Statement(
    delete(TrainerCourse).where(col(TrainerCourse.id) == bindparam("given_id", type_=Uuid))
)


async def add_trainer_course(
    db: Connection, actor: Actor, *, trainer_id: UUID, new: NewTrainerCourse, now: datetime
) -> Row:
    """Say that a trainer of the actor's place gives a published course that the actor sees."""
    trainer = await TRAINERS.get(
        db, actor, trainer_id, permission=Permission.TRAINER_WRITE, lock=True
    )
    if trainer["state"] != TrainerState.ACCEPTED:
        raise TrainerGone
    course = await get_training_course(db, actor, course_id=new.course_id)
    if course["state"] != CourseState.PUBLISHED:
        raise TrainerCourseUnpublished
    row = {"id": new_id(), "trainer_id": trainer_id, **new.model_dump(), "added_at": now}
    try:
        await db.insert(TrainerCourse, row)
    except UniqueViolationError:
        raise TrainerCourseAdded from None
    return await TRAINER_COURSES.get(db, actor, row["id"])


async def remove_trainer_course(db: Connection, actor: Actor, *, given_id: UUID) -> Row:
    """Take a course from those that a trainer gives; what it was."""
    given = await TRAINER_COURSES.get(db, actor, given_id, permission=Permission.TRAINER_WRITE)
    if not await db.run(_REMOVE, given_id=given_id):
        raise TrainerCourseNotFound
    return given
