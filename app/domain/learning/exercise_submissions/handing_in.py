"""Handing in what an exercise asks for, and reviewing it."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import ColumnElement, Uuid, bindparam, exists, func, or_, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Unfit
from app.domain.learning.exercise_submissions.submission import (
    EXERCISE_SUBMISSIONS,
    HANDED_IN,
    TO_REVIEW,
)
from app.domain.learning.exercise_submissions.table import (
    ExerciseState,
    ExerciseSubmission,
    ExerciseSubmissionFile,
    ReviewFields,
    SubmissionFields,
)
from app.domain.learning.exercises import (
    EXERCISES,
    MOST_FILES,
    Exercise,
    ExerciseNotFound,
    ExercisesSettled,
    ExerciseWithdrawn,
    hold_files,
    is_settled,
)
from app.domain.people.teachers import Teacher
from app.domain.training.activities import Activity, ActivityState, check_state
from app.domain.training.activities.records import get_record
from app.domain.training.attendance import Attendance, AttendanceStatus
from app.domain.training.enrolments import HAS_PLACE, Enrolment
from app.domain.training.files import (
    File,
    FileLinks,
    NewFileLink,
    link_attached,
)
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class NewExerciseSubmission(SubmissionFields, Command):
    """What somebody hands in: words, files, or both."""

    file_ids: list[UUID] = Field(
        default_factory=list, max_length=MOST_FILES, description="附件 / its files"
    )

    @model_validator(mode="after")
    def _has_something(self) -> Self:
        if self.text is None and not self.file_ids:
            raise Unfit("请填写正文或附上文件。", "Give some words, or a file.")
        return self


class ExerciseReview(ReviewFields, Command):
    """What a reviewer says to it."""

    accepted: bool = Field(description="是否通过，否则退回 / whether it is accepted, else returned")
    score: Decimal | None = Field(
        default=None, ge=0, le=100, max_digits=5, decimal_places=2,
        description="分数（0–100），不计分为空 / score from 0 to 100; null without",
    )  # fmt: skip

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if not self.accepted and self.comment is None:
            raise Unfit("退回须填写评语。", "What is returned is returned with a comment.")
        return self


# What can be refused.


class ExerciseNotForYou(Conflict):
    """Exercises are handed in by those who take part."""

    code = "exercise_without_place"
    zh = "未参加此班，不能提交作业。"
    en = "Who does not take part hands nothing in."


class ExerciseHandedIn(Conflict):
    """What waits or was accepted is not handed in again."""

    code = "exercise_handed_in"
    zh = "作业已提交，退回后方可再次提交。"
    en = "It was handed in already: it is handed in again once it was returned."


class ExerciseReviewed(Conflict):
    """Each thing handed in is reviewed once."""

    code = "exercise_reviewed"
    zh = "该作业已批阅。"
    en = "This was reviewed already."


class ExerciseOfOneself(Conflict):
    """Nobody reviews their own."""

    code = "exercise_of_oneself"
    zh = "不能批阅本人的作业。"
    en = "Nobody reviews what they handed in themselves."


# What may be done.

_TEACHER, _EXERCISE = bindparam("teacher_id", type_=Uuid), bindparam("exercise_id", type_=Uuid)
_of_teacher = [
    exists(
        select(col(Enrolment.id)).where(
            col(Enrolment.activity_id) == col(Activity.id),
            col(Enrolment.teacher_id) == _TEACHER,
            HAS_PLACE,
        )
    ),
    exists(
        select(col(Attendance.id)).where(
            col(Attendance.activity_id) == col(Activity.id),
            col(Attendance.teacher_id) == _TEACHER,
            or_(
                *(
                    col(Attendance.status) == status
                    for status in (AttendanceStatus.PRESENT, AttendanceStatus.LATE)
                )
            ),
        )
    ),
]


def _handed_in(what: ColumnElement[Any]) -> Any:
    return (
        select(what)
        .select_from(ExerciseSubmission)
        .where(
            col(ExerciseSubmission.exercise_id) == _EXERCISE,
            col(ExerciseSubmission.teacher_id) == _TEACHER,
        )
        .scalar_subquery()
    )


_STANDING = func.bool_or(col(ExerciseSubmission.state) != ExerciseState.RETURNED)
_HOLD_ACTIVITY = Statement(
    # Whoever settles the class holds it alone, so that nothing is handed in meanwhile.
    select(col(Activity.id))
    .join_from(Exercise, Activity, col(Exercise.activity_id) == col(Activity.id))
    .where(col(Exercise.id) == _EXERCISE)
    .with_for_update(key_share=True, read=True, of=Activity)
)
_SITUATION = Statement(
    select(
        col(Exercise.activity_id),
        col(Exercise.due_on),
        col(Exercise.withdrawn_at),
        col(Activity.state),
        or_(*_of_teacher).label("takes_part"),
        is_settled(col(Activity.id)).label("settled"),
        _handed_in(func.count()).label("times"),
        _handed_in(_STANDING).label("stands"),
        *(col(getattr(Teacher, name)) for name in PLACE),
    )
    .join_from(Exercise, Activity, col(Exercise.activity_id) == col(Activity.id))
    .join(Teacher, col(Teacher.id) == _TEACHER)
    .where(col(Exercise.id) == _EXERCISE)
)


async def submit_exercise(
    db: Connection, actor: Actor, *, exercise_id: UUID, new: NewExerciseSubmission, now: datetime
) -> Row:
    """Hand in what an exercise asks for, as one who takes part; again once it was returned.

    What comes after the day is marked as late, and taken until the class is settled.
    """
    actor.require(Permission.PARTICIPATE)
    if await db.one(_HOLD_ACTIVITY, exercise_id=exercise_id) is None:
        raise ExerciseNotFound
    # Asked once it is held: who waited for it sees what was settled meanwhile.
    found = await db.one(_SITUATION, exercise_id=exercise_id, teacher_id=actor.teacher_id)
    if found is None:
        raise ExerciseNotFound
    if not found["takes_part"]:
        # That there is an exercise is told to those whom the activity is for.
        await EXERCISES.get(db, actor, exercise_id)
        raise ExerciseNotForYou
    check_state(found, ActivityState.PUBLISHED, ActivityState.HELD, ActivityState.CLOSED)
    if found["withdrawn_at"] is not None:
        raise ExerciseWithdrawn
    if found["settled"]:
        raise ExercisesSettled
    if found["stands"]:
        raise ExerciseHandedIn
    held = await hold_files(db, actor, file_ids=new.file_ids)
    submission_id = new_id()
    row = {
        "id": submission_id, "exercise_id": exercise_id, "activity_id": found["activity_id"],
        "teacher_id": actor.teacher_id, **{name: found[name] for name in PLACE},
        "text": new.text, "number": found["times"] + 1, "handed_in_at": now,
        "is_late": civil_date(now) > found["due_on"], "state": ExerciseState.WAITING,
    }  # fmt: skip
    try:
        await db.insert(ExerciseSubmission, row)
    except UniqueViolationError:
        # Handed in at the same moment by another request.
        raise ExerciseHandedIn from None
    if held:
        files = [{"submission_id": submission_id, "file_id": each["id"]} for each in held]
        await db.insert_all(ExerciseSubmissionFile, files)
    return await EXERCISE_SUBMISSIONS.get(db, actor, submission_id)


_REVIEWERS = (HANDED_IN, TO_REVIEW)
_HOLD = Statement(
    select(col(ExerciseSubmission.state))
    .where(col(ExerciseSubmission.id) == bindparam("submission_id", type_=Uuid))
    .with_for_update()
)


async def review_exercise(
    db: Connection, actor: Actor, *, submission_id: UUID, review: ExerciseReview, now: datetime
) -> Row:
    """Accept what was handed in, or return it, as the organiser or as one who carries the activity."""
    submission = await get_record(db, actor, record_id=submission_id, doors=_REVIEWERS)
    if await is_oneself(db, actor, teacher_ids=[submission["teacher_id"]]):
        raise ExerciseOfOneself
    if await db.value(_HOLD, submission_id=submission_id) != ExerciseState.WAITING:
        raise ExerciseReviewed
    values = {
        "state": ExerciseState.ACCEPTED if review.accepted else ExerciseState.RETURNED,
        "comment": review.comment,
        "score": review.score,
        "reviewed_at": now,
        "reviewed_by": actor.account_id,
    }
    await db.change(ExerciseSubmission, submission_id, values)
    return await get_record(db, actor, record_id=submission_id, doors=_REVIEWERS)


_FILE_OF = Statement(
    select(col(File.id), col(File.sharing))
    .join_from(File, ExerciseSubmissionFile, col(File.id) == col(ExerciseSubmissionFile.file_id))
    .where(
        col(ExerciseSubmissionFile.submission_id) == bindparam("submission_id", type_=Uuid),
        col(ExerciseSubmissionFile.file_id) == bindparam("file_id", type_=Uuid),
    )
)


async def create_exercise_submission_link(
    db: Connection,
    actor: Actor,
    *,
    submission_id: UUID,
    file_id: UUID,
    new: NewFileLink,
    links: FileLinks,
    now: datetime,
) -> Row:
    """A link to a file that was handed in, for who reviews it.

    A file that stays inside its unit is opened by those of the unit alone, here too.
    """
    await get_record(db, actor, record_id=submission_id, doors=_REVIEWERS)
    file = await db.one(_FILE_OF, submission_id=submission_id, file_id=file_id)
    return await link_attached(db, actor, file=file, new=new, links=links, now=now)
