"""The doors of what is handed in, and what may be asked of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, cast, exists, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, array
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.learning.exercise_submissions.table import (
    ExerciseState,
    ExerciseSubmission,
    ExerciseSubmissionFile,
    ExerciseSubmissionView,
    HandedInView,
)
from app.domain.paging import Page, PageRequest
from app.domain.training.activities import ACTIVITIES
from app.domain.training.activities.records import (
    BY_CREATION,
    BY_NAME,
    door_of_organiser,
    door_of_teacher,
)
from app.domain.training.staff import ActivityStaff
from app.sql import Connection, Row

# What can be refused.


class ExerciseSubmissionNotFound(NotFound):
    """There is nothing of that kind handed in for the one who asks."""

    code = "exercise_submission_not_found"
    zh = "未找到该作业提交。"
    en = "Nothing of the kind was handed in."


# What may be asked.

_file = col(ExerciseSubmissionFile.file_id)
_COMPUTED = {
    "file_ids": func.coalesce(
        select(func.array_agg(aggregate_order_by(_file, _file)))
        .where(col(ExerciseSubmissionFile.submission_id) == col(ExerciseSubmission.id))
        .scalar_subquery(),
        cast(array([]), ARRAY(Uuid)),
    )
}

EXERCISE_SUBMISSIONS = replace(
    door_of_teacher(
        ExerciseSubmission,
        ExerciseSubmissionView,
        ExerciseSubmissionNotFound,
        computed=_COMPUTED,
    ),
    read=Permission.PARTICIPATE,
)
"""What was handed in as it belongs to who did, and to nobody else: not to classmates, not to a school."""

HANDED_IN = replace(
    door_of_organiser(
        ExerciseSubmission,
        HandedInView,
        ExerciseSubmissionNotFound,
        computed=_COMPUTED,
        filters={
            "exercise_id": col(ExerciseSubmission.exercise_id),
            "state": col(ExerciseSubmission.state),
        },
        sorts={**BY_CREATION, **BY_NAME},
    ),
    read=Permission.ATTENDANCE_WRITE,
)
"""The same as it belongs to the organiser, who reviews it."""


def _carried_by(teachers: Any) -> ColumnElement[bool]:
    """The predicate 'one of these carries the activity in which this was handed in'."""
    return exists(
        select(col(ActivityStaff.id)).where(
            col(ActivityStaff.activity_id) == col(ExerciseSubmission.activity_id),
            col(ActivityStaff.teacher_id) == any_(teachers),
        )
    )


TO_REVIEW = replace(HANDED_IN, read=Permission.PARTICIPATE, places={"teacher_id": _carried_by})
"""The same as it belongs to those who carry the activity, who review it too."""


async def get_exercise_submission(db: Connection, actor: Actor, *, submission_id: UUID) -> Row:
    """What one handed in oneself."""
    return await EXERCISE_SUBMISSIONS.get(db, actor, submission_id)


async def list_exercise_submissions(
    db: Connection,
    actor: Actor,
    *,
    activity_id: UUID,
    page: PageRequest,
    exercise_id: UUID | None = None,
    state: ExerciseState | None = None,
) -> Page:
    """What was handed in to an activity that the actor organises, the first handed in first."""
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_WRITE)
    filters = {"activity_id": activity_id, "exercise_id": exercise_id, "state": state}
    return await HANDED_IN.page(db, actor, page, filters=filters)


async def list_exercise_submissions_to_review(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    activity_id: UUID | None = None,
    exercise_id: UUID | None = None,
    state: ExerciseState | None = None,
) -> Page:
    """What was handed in to activities that the actor carries as a speaker or the like, the first first."""
    filters = {"activity_id": activity_id, "exercise_id": exercise_id, "state": state}
    return await TO_REVIEW.page(db, actor, page, filters=filters)


async def list_own_exercise_submissions(db: Connection, actor: Actor, *, page: PageRequest) -> Page:
    """What one has handed in oneself, the first first."""
    return await EXERCISE_SUBMISSIONS.page(db, actor, page)


async def exercise_submissions_by_id(
    db: Connection, actor: Actor, *, submission_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many things handed in by their keys; None for what is not one's own."""
    return await EXERCISE_SUBMISSIONS.by_id(db, actor, submission_ids, columns=columns)
