"""Giving an exercise, changing it, taking it back; opening its files."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, bindparam, delete, exists, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.learning.course_runs import CourseClass
from app.domain.learning.exercises.exercise import EXERCISES
from app.domain.learning.exercises.table import (
    MOST_FILES,
    Exercise,
    ExerciseFields,
    ExerciseFile,
)
from app.domain.training.activities import ACTIVITIES, ActivityState, check_state
from app.domain.training.files import (
    FILES,
    File,
    FileLinks,
    FileNotFound,
    NewFileLink,
    PupilsStayInside,
    link_attached,
)
from app.sql import Connection, Row, Statement, new_id

MOST_EXERCISES = 100
"""How many exercises one activity has at most."""


class NewExercise(ExerciseFields, Command):
    """An exercise to be given."""

    file_ids: list[UUID] = Field(
        default_factory=list, max_length=MOST_FILES, description="附件 / files that belong to it"
    )


class ExerciseChanges(Command):
    """What of an exercise is to be changed; what is left out stays as it is."""

    title: str | None = Field(
        default=None, min_length=1, max_length=100, description="作业名称 / title"
    )
    text: str | None = Field(
        default=None, min_length=2, max_length=10_000, description="作业要求 / what is to be done"
    )
    due_on: date | None = Field(default=None, description="截止日期（含） / by which day")
    file_ids: list[UUID] | None = Field(
        default=None, max_length=MOST_FILES, description="附件 / files that belong to it"
    )

    @model_validator(mode="after")
    def _empties_nothing(self) -> Self:
        for name in self.model_fields_set:
            if getattr(self, name) is None:
                raise Unfit(f"{name} 不能为空。", f"{name} cannot be null.")
        return self


# What can be refused.


class ExerciseDueBefore(Invalid):
    """An exercise is due on a day that is still to come, or today."""

    code = "exercise_due_passed"
    zh = "截止日期不能早于今天。"
    en = "An exercise is due today or later."


class ExerciseWithdrawn(Conflict):
    """The exercise was taken back."""

    code = "exercise_withdrawn"
    zh = "该作业已撤销。"
    en = "This exercise was taken back."


class ExercisesFull(Conflict):
    """More exercises than one activity has."""

    code = "exercises_full"
    zh = "一项活动最多布置 {limit} 份作业。"
    en = "An activity has at most {limit} exercises."


class ExercisesSettled(Conflict):
    """What decided who completed the class is not changed once that is settled."""

    code = "exercises_settled"
    zh = "该班已核定结业，作业不能再增改或撤销。"
    en = "It is settled who completed this class: its exercises stay as they are."


# What may be done.


def is_settled(activity_id: Any) -> ColumnElement[bool]:
    """The predicate 'it is settled who completed the class that this activity is'."""
    return exists(
        select(col(CourseClass.id)).where(
            col(CourseClass.activity_id) == activity_id, col(CourseClass.settled_at).is_not(None)
        )
    )


_SETTLED = Statement(select(is_settled(bindparam("activity_id", type_=Uuid))))
_GIVEN = Statement(
    select(col(Exercise.id)).where(
        col(Exercise.activity_id) == bindparam("activity_id", type_=Uuid)
    )
)
_HOLD_FILES = Statement(
    select(col(File.id), col(File.shows_pupils))
    .where(col(File.id) == any_(bindparam("file_ids", type_=ARRAY(Uuid))))
    .order_by(col(File.id))
    .with_for_update()
)
_DROP_FILES = Statement(
    delete(ExerciseFile).where(
        col(ExerciseFile.exercise_id) == bindparam("exercise_id", type_=Uuid)
    )
)


_FILE_OF = Statement(
    select(col(File.id), col(File.sharing), col(File.unit_id))
    .join_from(File, ExerciseFile, col(File.id) == col(ExerciseFile.file_id))
    .where(
        col(ExerciseFile.exercise_id) == bindparam("exercise_id", type_=Uuid),
        col(File.id) == bindparam("file_id", type_=Uuid),
    )
)


async def hold_files(db: Connection, actor: Actor, *, file_ids: Sequence[UUID]) -> list[Row]:
    """These files, each once, which the actor may open; held, so that nobody forgets them meanwhile."""
    actor.require(Permission.FILE_READ)
    wanted = list(dict.fromkeys(file_ids))
    if not wanted:
        return []
    if None in (await FILES.by_id(db, actor, wanted)).values():
        raise FileNotFound
    held = await db.all(_HOLD_FILES, file_ids=wanted)
    if len(held) < len(wanted):
        raise FileNotFound
    return held


async def _attach(db: Connection, actor: Actor, exercise_id: UUID, file_ids: list[UUID]) -> None:
    """Attach files that all who take part may open: none that shows pupils."""
    held = await hold_files(db, actor, file_ids=file_ids)
    if any(each["shows_pupils"] for each in held):
        raise PupilsStayInside
    if held:
        rows = [{"exercise_id": exercise_id, "file_id": each["id"]} for each in held]
        await db.insert_all(ExerciseFile, rows)


async def _hold_activity(db: Connection, actor: Actor, activity_id: UUID) -> None:
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ATTENDANCE_WRITE, lock=True
    )
    # What is to be made up for may be given after the last session, until it is settled.
    check_state(activity, ActivityState.PUBLISHED, ActivityState.HELD, ActivityState.CLOSED)
    if await db.value(_SETTLED, activity_id=activity_id):
        raise ExercisesSettled


async def _hold_exercise(db: Connection, actor: Actor, exercise_id: UUID) -> Row:
    exercise = await EXERCISES.get(db, actor, exercise_id)
    await _hold_activity(db, actor, exercise["activity_id"])
    exercise = await EXERCISES.get(db, actor, exercise_id)
    if exercise["withdrawn_at"] is not None:
        raise ExerciseWithdrawn
    return exercise


def _check_due(due_on: date, now: datetime) -> None:
    if due_on < civil_date(now):
        raise ExerciseDueBefore


async def give_exercise(
    db: Connection, actor: Actor, *, activity_id: UUID, new: NewExercise, now: datetime
) -> Row:
    """Give an exercise to those who take part in an activity that the actor organises."""
    await _hold_activity(db, actor, activity_id)
    _check_due(new.due_on, now)
    if len(await db.all(_GIVEN, activity_id=activity_id)) >= MOST_EXERCISES:
        raise ExercisesFull(limit=MOST_EXERCISES)
    row = {
        "id": new_id(), "activity_id": activity_id, **new.model_dump(exclude={"file_ids"}),
        "given_at": now, "given_by": actor.account_id,
    }  # fmt: skip
    await db.insert(Exercise, row)
    await _attach(db, actor, row["id"], new.file_ids)
    return await EXERCISES.get(db, actor, row["id"])


async def update_exercise(
    db: Connection, actor: Actor, *, exercise_id: UUID, changes: ExerciseChanges, now: datetime
) -> Row:
    """Change an exercise; what was late by the day that was said then stays late."""
    exercise = await _hold_exercise(db, actor, exercise_id)
    values: dict[str, Any] = changes.model_dump(exclude_unset=True)
    file_ids = values.pop("file_ids", None)
    if values.get("due_on", exercise["due_on"]) != exercise["due_on"]:
        _check_due(values["due_on"], now)
    await db.change(Exercise, exercise_id, values)
    if file_ids is not None:
        await db.run(_DROP_FILES, exercise_id=exercise_id)
        await _attach(db, actor, exercise_id, file_ids)
    return await EXERCISES.get(db, actor, exercise_id)


async def withdraw_exercise(
    db: Connection, actor: Actor, *, exercise_id: UUID, now: datetime
) -> Row:
    """Take an exercise back: nobody needs it to complete the class any more; what was handed in stays."""
    await _hold_exercise(db, actor, exercise_id)
    values = {"withdrawn_at": now, "withdrawn_by": actor.account_id}
    await db.change(Exercise, exercise_id, values)
    return await EXERCISES.get(db, actor, exercise_id)


async def create_exercise_link(
    db: Connection,
    actor: Actor,
    *,
    exercise_id: UUID,
    file_id: UUID,
    new: NewFileLink,
    links: FileLinks,
    now: datetime,
) -> Row:
    """A link to a file of an exercise, for everybody who sees the exercise: it was attached for them.

    One that stays inside its unit is opened by the people of that unit alone, here too.
    """
    await EXERCISES.get(db, actor, exercise_id)
    file = await db.one(_FILE_OF, exercise_id=exercise_id, file_id=file_id)
    return await link_attached(db, actor, file=file, new=new, links=links, now=now, below=True)
