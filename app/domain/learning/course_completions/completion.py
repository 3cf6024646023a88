"""The doors of completions, and what may be asked of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, bindparam, case, literal, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns
from app.domain.access.roles import Permission
from app.domain.errors import Conflict, NotFound
from app.domain.learning.course_completions.reached import read_reached
from app.domain.learning.course_completions.table import (
    CourseCompletion,
    CourseCompletionView,
    CourseProgress,
    SettledCompletionView,
)
from app.domain.learning.course_runs import CourseClass, CourseRun
from app.domain.learning.courses import CourseVersion, declares_completion
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS
from app.domain.training.activities import ACTIVITIES
from app.domain.training.activities.records import (
    BY_CREATION,
    BY_NAME,
    door_of_organiser,
    door_of_teacher,
)
from app.sql import Connection, Row, Statement

# What can be refused.


class CourseCompletionNotFound(NotFound):
    """There is no such completion for the one who asks."""

    code = "course_completion_not_found"
    zh = "未找到该结业记录。"
    en = "There is no such completion."


class CourseCompletionUndeclared(Conflict):
    """The activity is no class, or of a course that asks for nothing."""

    code = "course_completion_undeclared"
    zh = "该活动不是课程的班，或所开课程版本未规定结业条件。"
    en = "This is no class of a course, or of one whose version declares no conditions."


class NotTakingPart(NotFound):
    """The teacher does not take part in the class."""

    code = "course_participant_not_found"
    zh = "该教师未参加此班。"
    en = "The teacher does not take part in this class."


# What may be asked.

COMPLETIONS = door_of_teacher(CourseCompletion, CourseCompletionView, CourseCompletionNotFound)
"""Completions as they belong to the teacher, those that were corrected included."""

SETTLED = door_of_organiser(
    CourseCompletion,
    SettledCompletionView,
    CourseCompletionNotFound,
    standing=col(CourseCompletion.superseded_at).is_(None),
    filters={"completed": col(CourseCompletion.completed)},
    sorts={**BY_CREATION, **BY_NAME},
)
"""Those that hold, as they belong to the organiser."""


async def get_course_completion(db: Connection, actor: Actor, *, completion_id: UUID) -> Row:
    """One completion: one's own, or of a teacher in the actor's place."""
    return await COMPLETIONS.get(db, actor, completion_id)


async def list_course_completions(
    db: Connection,
    actor: Actor,
    *,
    activity_id: UUID,
    page: PageRequest,
    completed: bool | None = None,
) -> Page:
    """What was settled of a class that the actor organises, the first settled first."""
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_READ)
    filters = {"activity_id": activity_id, "completed": completed}
    return await SETTLED.page(db, actor, page, filters=filters)


async def list_teacher_course_completions(
    db: Connection, actor: Actor, *, teacher_id: UUID, page: PageRequest
) -> Page:
    """What was settled of one teacher whom the actor may see, corrected ones included."""
    await TEACHERS.get(db, actor, teacher_id)
    return await COMPLETIONS.page(db, actor, page, filters={"teacher_id": teacher_id})


async def list_class_progress(db: Connection, actor: Actor, *, activity_id: UUID) -> list[Row]:
    """How far everybody in a class that the actor organises has come, by one statement."""
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_READ)
    return [_shown(row) for row in await read_reached(db, actor, activity_id=activity_id)]


async def get_course_progress(
    db: Connection, actor: Actor, *, activity_id: UUID, teacher_id: UUID
) -> Row:
    """How far one teacher, oneself or one whom the actor may see, has come in a class."""
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.ATTENDANCE_READ)
    rows = await read_reached(db, actor, activity_id=activity_id, teacher_ids=[teacher_id])
    if not rows:
        raise NotTakingPart
    return _shown(rows[0])


def _shown(row: Row) -> Row:
    """What is told of how far somebody has come, in the order of the view."""
    return {name: row[name] for name in CourseProgress.model_fields}


OPEN, SETTLED_NOW = "open", "settled"


def completion_of(activity_id: Any) -> ColumnElement[str | None]:
    """Whether who completed this activity is `open` or `settled`; null where nothing is asked for."""
    state = case((col(CourseClass.settled_at).is_(None), literal(OPEN)), else_=literal(SETTLED_NOW))
    return (
        select(state)
        .join_from(CourseClass, CourseRun, col(CourseClass.run_id) == col(CourseRun.id))
        .join(
            CourseVersion,
            (col(CourseVersion.course_id) == col(CourseRun.course_id))
            & (col(CourseVersion.number) == col(CourseRun.version)),
        )
        .where(col(CourseClass.activity_id) == activity_id, declares_completion())
        .scalar_subquery()
    )


_SAID = Statement(
    select(
        col(CourseCompletion.teacher_id),
        col(CourseCompletion.completed),
        col(CourseCompletion.conditions),
    ).where(
        col(CourseCompletion.activity_id) == bindparam("activity_id", type_=Uuid),
        col(CourseCompletion.superseded_at).is_(None),
    )
)


async def settled_of(db: Connection, actor: Actor, *, activity_id: UUID) -> dict[UUID, Row]:
    """What was settled of everybody in a class, whose door was passed, by teacher, in one statement."""
    actor.require(Permission.ATTENDANCE_READ)
    return {row["teacher_id"]: row for row in await db.all(_SAID, activity_id=activity_id)}


async def completions_by_id(
    db: Connection, actor: Actor, *, completion_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many completions by their keys; None where the actor may not see one."""
    return await COMPLETIONS.by_id(db, actor, completion_ids, columns=columns)
