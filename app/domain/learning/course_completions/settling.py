"""Judging participants, settling who completed a class (结业核定), and correcting it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, Boolean, String, Uuid, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command
from app.domain.errors import Conflict, Invalid
from app.domain.learning.course_completions.completion import (
    SETTLED,
    CourseCompletionUndeclared,
    NotTakingPart,
    completion_of,
)
from app.domain.learning.course_completions.reached import read_reached
from app.domain.learning.course_completions.table import CourseCompletion, CourseJudgement
from app.domain.learning.course_runs import CourseClass
from app.domain.learning.courses import ConditionKind
from app.domain.learning.exercise_submissions.table import ExerciseState, ExerciseSubmission
from app.domain.learning.exercises.table import Exercise
from app.domain.people.teachers import Teacher
from app.domain.training.activities import ACTIVITIES, ActivityState, check_state
from app.sql import Connection, Row, Statement, new_id


class JudgedParticipant(Command):
    """How one participant is judged."""

    teacher_id: UUID = Field(description="教师 / teacher")
    is_sufficient: bool = Field(description="是否合格 / whether it suffices")
    opinion: str | None = Field(
        default=None, min_length=1, max_length=500, description="评语 / opinion"
    )


class NewCourseJudgements(Command):
    """How participants of a class are judged, each named once."""

    judgements: list[JudgedParticipant] = Field(
        min_length=1, max_length=2000, description="评定 / judgements, at most 2,000"
    )


class CompletionCorrection(Command):
    """What was really so, and why it is corrected."""

    completed: bool = Field(description="是否结业 / whether the class was completed")
    reason: str = Field(min_length=2, max_length=500, description="更正理由 / why")


class CompletionsSettled(BaseModel):
    """What settling a class did."""

    activity_id: UUID = Field(description="活动（班） / activity that the class is")
    settled: int = Field(description="本次核定人数 / settled now")
    completed: int = Field(description="其中结业人数 / of these completed")
    already_settled: int = Field(description="此前已核定人数 / settled before")


class JudgementsKept(BaseModel):
    """How many judgements were kept."""

    activity_id: UUID = Field(description="活动（班） / activity that the class is")
    judged: int = Field(description="评定人数 / participants judged")


# What can be refused.


class JudgementUndeclared(Conflict):
    """The course does not ask for a judgement."""

    code = "course_judgement_undeclared"
    zh = "所开课程版本的结业条件不含组织者评定。"
    en = "The course's conditions ask for no judgement by the organiser."


class JudgedTwice(Invalid):
    """Each participant is named once."""

    code = "course_judgement_repeated"
    zh = "每名教师只能评定一次，名单中有重复。"
    en = "Each participant is judged once: somebody is named twice."


class CompletionOfOneself(Conflict):
    """Nobody judges themselves, nor corrects what was settled of them."""

    code = "course_completion_of_oneself"
    zh = "不能评定本人，也不能更正本人的结业结果。"
    en = "Nobody judges themselves, nor corrects what was settled of themselves."


class CompletionAlreadySettled(Conflict):
    """What was settled is corrected, not judged again."""

    code = "course_completion_settled"
    zh = "有教师的结业已核定，只能更正。"
    en = "Of somebody named it is settled already: what was settled is corrected."


class CompletionPending(Conflict):
    """Something that decides is still to be done by those who give the class."""

    code = "course_completion_pending"
    zh = "尚有 {submissions} 份作业待批阅、{judgements} 人待评定或待阅卷，不能核定结业。"
    en = "Exercises to review: {submissions}; participants to judge or mark: {judgements}."


class CompletionUnchanged(Conflict):
    """A correction says something else than what was settled."""

    code = "course_completion_unchanged"
    zh = "更正结果与核定结果相同。"
    en = "The correction says what was settled."


# What may be done.

_AWAITED = (
    select(func.count())
    .join_from(ExerciseSubmission, Teacher, col(ExerciseSubmission.teacher_id) == col(Teacher.id))
    .join(Exercise, col(ExerciseSubmission.exercise_id) == col(Exercise.id))
    .where(
        col(Exercise.withdrawn_at).is_(None),
        col(ExerciseSubmission.activity_id) == bindparam("activity_id", type_=Uuid),
        col(ExerciseSubmission.state) == ExerciseState.WAITING,
        col(Teacher.merged_into_id).is_(None),
    )
    .scalar_subquery()
)
_SITUATION = Statement(
    select(
        col(CourseClass.id),
        completion_of(bindparam("activity_id", type_=Uuid)).label("completion"),
        _AWAITED.label("submissions"),
    ).where(col(CourseClass.activity_id) == bindparam("activity_id", type_=Uuid))
)


async def _hold_class(db: Connection, actor: Actor, activity_id: UUID) -> tuple[Row, Row]:
    """The locked activity that the actor organises, and its class, which declares conditions."""
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ATTENDANCE_WRITE, lock=True
    )
    found = await db.one(_SITUATION, activity_id=activity_id)
    if found is None or found["completion"] is None:
        raise CourseCompletionUndeclared
    return activity, found


_BY_PEOPLE = (ConditionKind.JUDGEMENT, ConditionKind.TEST)


def _unjudged(row: Row) -> bool:
    return any(each["kind"] in _BY_PEOPLE and each["reached"] is None for each in row["conditions"])


async def settle_course_completions(
    db: Connection, actor: Actor, *, activity_id: UUID, now: datetime
) -> Row:
    """Settle who completed a closed class that the actor organises, by what its course declares.

    Nobody is settled twice: asking again settles who has come to it since, for instance by a correction
    of attendance. The statements are as many for two thousand people as for one.
    """
    activity, found = await _hold_class(db, actor, activity_id)
    check_state(activity, ActivityState.CLOSED)
    rows = await read_reached(db, actor, activity_id=activity_id)
    open_rows = [row for row in rows if row["completed"] is None]
    unjudged = sum(_unjudged(row) for row in open_rows)
    if unjudged or found["submissions"]:
        raise CompletionPending(submissions=found["submissions"], judgements=unjudged)
    settled = [
        {
            "id": new_id(), "activity_id": activity_id, "teacher_id": row["teacher_id"],
            **{name: row[name] for name in PLACE}, "completed": row["is_met"],
            "conditions": row["conditions"], "settled_at": now, "settled_by": actor.account_id,
        }
        for row in open_rows
    ]  # fmt: skip
    if settled:
        await db.insert_all(CourseCompletion, settled)
    await db.change(CourseClass, found["id"], {"settled_at": now, "settled_by": actor.account_id})
    return {
        "activity_id": activity_id,
        "settled": len(settled),
        "completed": sum(row["completed"] for row in settled),
        "already_settled": len(rows) - len(settled),
    }


async def correct_course_completion(
    db: Connection,
    actor: Actor,
    *,
    completion_id: UUID,
    correction: CompletionCorrection,
    now: datetime,
) -> Row:
    """Say otherwise of somebody in a class that the actor organises, and why; what was stays to be read.

    An entry of credit that was made by then is reversed by the bureau; one that was not made yet can be.
    """
    held = await SETTLED.get(
        db, actor, completion_id, permission=Permission.ATTENDANCE_WRITE, lock=True
    )
    if await is_oneself(db, actor, teacher_ids=[held["teacher_id"]]):
        raise CompletionOfOneself
    if held["completed"] == correction.completed:
        raise CompletionUnchanged
    place = await db.one(_PLACE_OF, completion_id=completion_id) or {}
    await db.change(CourseCompletion, completion_id, {"superseded_at": now})
    row = {
        "id": new_id(), **{name: held[name] for name in ("activity_id", "teacher_id", "conditions")},
        **place, **correction.model_dump(), "settled_at": now, "settled_by": actor.account_id,
    }  # fmt: skip
    await db.insert(CourseCompletion, row)
    return await SETTLED.get(db, actor, row["id"])


_PLACE_OF = Statement(
    select(*(col(getattr(CourseCompletion, name)) for name in PLACE)).where(
        col(CourseCompletion.id) == bindparam("completion_id", type_=Uuid)
    )
)

_EACH: dict[str, Any] = {
    "id": Uuid(), "teacher_id": Uuid(), "is_sufficient": Boolean(), "opinion": String(),
}  # fmt: skip
_given = (
    func.unnest(*(bindparam(f"each_{name}", type_=ARRAY(kind)) for name, kind in _EACH.items()))
    .table_valued(*(column(name, kind) for name, kind in _EACH.items()), name="given")
    .render_derived()
)
_values: dict[str, Any] = {
    **{name: _given.c[name] for name in _EACH},
    **{name: col(getattr(Teacher, name)) for name in PLACE},
    "activity_id": bindparam("activity_id", type_=Uuid),
    "judged_at": bindparam("now", type_=MOMENT),
    "judged_by": bindparam("by", type_=Uuid),
}
_judged = insert(CourseJudgement).from_select(
    list(_values),
    select(*_values.values()).join_from(_given, Teacher, col(Teacher.id) == _given.c.teacher_id),
)
_JUDGE = Statement(
    _judged.on_conflict_do_update(
        index_elements=["activity_id", "teacher_id"],
        set_={
            name: _judged.excluded[name]
            for name in ("is_sufficient", "opinion", "judged_at", "judged_by")
        },
    )
)


async def judge_course_participants(
    db: Connection, actor: Actor, *, activity_id: UUID, new: NewCourseJudgements, now: datetime
) -> Row:
    """Judge participants of a class that the actor organises, until it is settled; a later judgement counts.

    All of them or none: nobody judges themselves, nor somebody who does not take part.
    """
    activity, _ = await _hold_class(db, actor, activity_id)
    check_state(activity, ActivityState.PUBLISHED, ActivityState.HELD, ActivityState.CLOSED)
    lines = {each.teacher_id: each for each in new.judgements}
    if len(lines) < len(new.judgements):
        raise JudgedTwice
    if await is_oneself(db, actor, teacher_ids=list(lines)):
        raise CompletionOfOneself
    rows = await read_reached(db, actor, activity_id=activity_id, teacher_ids=list(lines))
    if len(rows) < len(lines):
        raise NotTakingPart
    if not any(each["kind"] == ConditionKind.JUDGEMENT for each in rows[0]["conditions"]):
        raise JudgementUndeclared
    if any(row["completed"] is not None for row in rows):
        raise CompletionAlreadySettled
    await db.run(
        _JUDGE,
        each_id=[new_id() for _ in lines],
        each_teacher_id=list(lines),
        each_is_sufficient=[each.is_sufficient for each in lines.values()],
        each_opinion=[each.opinion for each in lines.values()],
        activity_id=activity_id,
        now=now,
        by=actor.account_id,
    )
    return {"activity_id": activity_id, "judged": len(lines)}
