"""The door of exercises, and what may be asked of them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, cast, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, array
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns
from app.domain.errors import NotFound
from app.domain.learning.exercises.table import Exercise, ExerciseFile, ExerciseView
from app.domain.paging import Page, PageRequest
from app.domain.training.activities import ACTIVITIES
from app.domain.training.activities.parts import door_of_part
from app.sql import Connection, Row

# What can be refused.


class ExerciseNotFound(NotFound):
    """There is no such exercise for the one who asks."""

    code = "exercise_not_found"
    zh = "未找到该作业。"
    en = "There is no such exercise."


# What may be asked.

_file = col(ExerciseFile.file_id)
_FILES = func.coalesce(
    select(func.array_agg(aggregate_order_by(_file, _file)))
    .where(col(ExerciseFile.exercise_id) == col(Exercise.id))
    .scalar_subquery(),
    cast(array([]), ARRAY(Uuid)),
)
EXERCISES = door_of_part(
    Exercise,
    ExerciseView,
    ExerciseNotFound,
    computed={"file_ids": _FILES},
    filters={
        "activity_id": col(Exercise.activity_id),
        "withdrawn": lambda wanted: col(Exercise.withdrawn_at).is_not(None) == wanted,
    },
    sorts={"due_on": (col(Exercise.due_on),), "created": ()},
)
"""Exercises, seen by those who organise the activity and by those for whom it is."""


async def get_exercise(db: Connection, actor: Actor, *, exercise_id: UUID) -> Row:
    """One exercise of an activity that the actor may see."""
    return await EXERCISES.get(db, actor, exercise_id)


async def list_exercises(
    db: Connection,
    actor: Actor,
    *,
    activity_id: UUID,
    page: PageRequest,
    withdrawn: bool | None = None,
) -> Page:
    """The exercises of an activity that the actor organises, by the day on which they are due."""
    await ACTIVITIES.get(db, actor, activity_id)
    filters = {"activity_id": activity_id, "withdrawn": withdrawn}
    return await EXERCISES.page(db, actor, page, filters=filters)


async def list_offered_exercises(
    db: Connection, actor: Actor, *, page: PageRequest, activity_id: UUID | None = None
) -> Page:
    """The exercises of what is published to the actor, by the day on which they are due."""
    filters = {"activity_id": activity_id, "withdrawn": False}
    return await EXERCISES.page(db, actor, page, filters=filters, published=True)


async def exercises_by_id(
    db: Connection, actor: Actor, *, exercise_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many exercises by their keys; None where the actor may not see one."""
    return await EXERCISES.by_id(db, actor, exercise_ids, columns=columns)
