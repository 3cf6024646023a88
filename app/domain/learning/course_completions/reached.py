"""How far everybody in a class has reached its conditions: counted by one statement from what happened.

A kind of condition is a `Measure`: what is required, what somebody reached, and where to look. Whoever adds a
kind adds one.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Integer,
    Numeric,
    Text,
    Uuid,
    any_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    true,
    union,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.learning.course_completions.table import CourseCompletion, CourseJudgement
from app.domain.learning.course_runs import CourseClass, CourseRun
from app.domain.learning.courses import ConditionKind, CourseVersion
from app.domain.learning.exercise_submissions.table import ExerciseState, ExerciseSubmission
from app.domain.learning.exercises.table import Exercise
from app.domain.learning.test_attempts import passed, waits_for_mark
from app.domain.organisation.units import Unit
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import ActivitySession
from app.domain.training.attendance import Attendance, AttendanceRole, AttendanceStatus
from app.domain.training.enrolments import HAS_PLACE, Enrolment
from app.domain.training.occurrences import counts_once
from app.sql import Connection, Row, Statement

_ACTIVITY = bindparam("activity_id", type_=Uuid)
_FULL = 100
_CAME = is_among(
    col(Attendance.status), (AttendanceStatus.PRESENT, AttendanceStatus.LATE)
)  # fmt: skip


def _declared() -> Any:
    """The conditions of the version that the class gives, in their order."""
    conditions = func.jsonb_extract_path(
        col(CourseVersion.document), literal_column("'completion'")
    )
    each = (
        func.jsonb_array_elements(conditions)
        .table_valued(column("condition", JSONB), with_ordinality="place", name="each")
        .render_derived()
    )

    def said(name: str) -> ColumnElement[str]:
        return func.jsonb_extract_path_text(each.c.condition, literal(name, Text))

    return (
        select(
            each.c.place, said("kind").label("kind"), cast(said("least"), Integer).label("least")
        )
        .join_from(CourseClass, CourseRun, col(CourseClass.run_id) == col(CourseRun.id))
        .join(
            CourseVersion,
            (col(CourseVersion.course_id) == col(CourseRun.course_id))
            & (col(CourseVersion.number) == col(CourseRun.version)),
        )
        .join(each, true())
        .where(col(CourseClass.activity_id) == _ACTIVITY)
        .cte("declared")
    )


def _people() -> Any:
    """Who takes part: with a place, or recorded as a participant; each person once, of one record."""
    present = select(col(Attendance.teacher_id)).where(
        col(Attendance.activity_id) == _ACTIVITY,
        col(Attendance.role) == AttendanceRole.PARTICIPANT,
        _CAME,
    )
    placed = select(col(Enrolment.teacher_id)).where(
        col(Enrolment.activity_id) == _ACTIVITY, HAS_PLACE
    )
    concerned = union(present, placed).subquery("concerned")
    return (
        select(
            col(Teacher.id).label("teacher_id"),
            *(col(getattr(Teacher, name)) for name in PLACE),
            col(Teacher.name),
            col(Unit.name).label("school"),
        )
        .join_from(concerned, Teacher, col(Teacher.id) == concerned.c.teacher_id)
        .join(Unit, col(Unit.id) == col(Teacher.school_id))
        .where(col(Teacher.merged_into_id).is_(None))
    )


class Measure(NamedTuple):
    """Of one kind of condition: what is required in numbers, what a person of `people` reached."""

    required: Any
    reached: Any


_declares = _declared()
_LEAST = _declares.c.least

_attended = (
    select(
        col(Attendance.teacher_id),
        func.sum(col(ActivitySession.hours)).filter(counts_once()).label("hours"),
    )
    .join_from(Attendance, ActivitySession, col(Attendance.session_id) == col(ActivitySession.id))
    .where(col(Attendance.activity_id) == _ACTIVITY, _CAME)
    .group_by(col(Attendance.teacher_id))
    .cte("attended")
)
# Of sessions that are repeated the first stands for all.
_taught = (
    select(func.sum(col(ActivitySession.hours)))
    .where(
        col(ActivitySession.activity_id) == _ACTIVITY,
        col(ActivitySession.occurrence_of).is_(None),
    )
    .scalar_subquery()
)
_STANDS = col(Exercise.withdrawn_at).is_(None)
_accepted = (
    select(col(ExerciseSubmission.teacher_id), func.count().label("exercises"))
    .join_from(
        ExerciseSubmission, Exercise, col(ExerciseSubmission.exercise_id) == col(Exercise.id)
    )
    .where(
        col(ExerciseSubmission.activity_id) == _ACTIVITY,
        col(ExerciseSubmission.state) == ExerciseState.ACCEPTED,
        _STANDS,
    )
    .group_by(col(ExerciseSubmission.teacher_id))
    .cte("accepted")
)
_given = (
    select(func.count())
    .select_from(Exercise)
    .where(col(Exercise.activity_id) == _ACTIVITY, _STANDS)
    .scalar_subquery()
)


def _measures(teacher_id: ColumnElement[UUID]) -> dict[ConditionKind, Measure]:
    """What each kind of condition asks of a teacher, given by a column, and where it is found."""
    return {
        ConditionKind.ATTENDANCE: Measure(
            _LEAST,
            func.least(
                _FULL,
                func.round(
                    _FULL * func.coalesce(_attended.c.hours, 0) / func.nullif(_taught, 0),
                    literal_column("2"),
                ),
            ),
        ),
        ConditionKind.EXERCISES: Measure(
            func.coalesce(_LEAST, _given), func.coalesce(_accepted.c.exercises, 0)
        ),
        ConditionKind.JUDGEMENT: Measure(1, cast(col(CourseJudgement.is_sufficient), Integer)),
        ConditionKind.TEST: Measure(
            1,
            case(
                (passed(_ACTIVITY, teacher_id), 1),
                (~waits_for_mark(_ACTIVITY, teacher_id), 0),  # Else it is not known yet.
            ),
        ),
    }


def _by_kind(part: str, teacher_id: ColumnElement[UUID]) -> ColumnElement[Any]:
    return cast(
        case(
            *(
                (_declares.c.kind == kind.value, cast(getattr(measure, part), Numeric))
                for kind, measure in _measures(teacher_id).items()
            )
        ),
        Numeric,
    )


def _is_judgement_of(teacher_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    of_class: ColumnElement[bool] = col(CourseJudgement.activity_id) == _ACTIVITY
    return of_class & (col(CourseJudgement.teacher_id) == teacher_id)


def _counted(people: CTE) -> Any:
    """Each of these people with each condition: what is required, and what they reached."""
    mine = people.c.teacher_id
    return (
        select(
            mine,
            _declares.c.place,
            _declares.c.kind,
            _by_kind("required", mine).label("required"),
            _by_kind("reached", mine).label("reached"),
        )
        .select_from(people)
        .join(_declares, true())
        .outerjoin(_attended, _attended.c.teacher_id == mine)
        .outerjoin(_accepted, _accepted.c.teacher_id == mine)
        .outerjoin(CourseJudgement, _is_judgement_of(mine))
        .subquery("counted")
    )


def _reached(*, of_some: bool) -> Statement:
    """Everybody in the class, or those who are named, with each condition and whether it is met."""
    people = _people()
    if of_some:
        named = bindparam("teacher_ids", type_=ARRAY(Uuid))
        people = people.where(col(Teacher.id) == any_(named))
    taking_part = people.cte("people")
    counted = _counted(taking_part)
    is_met = func.coalesce(counted.c.reached >= counted.c.required, literal_column("false"))
    condition = func.jsonb_build_object(
        *(literal_column("'kind'"), counted.c.kind),
        # As texts, which is how amounts are told.
        *(literal_column("'required'"), cast(func.trim_scale(counted.c.required), Text)),
        *(literal_column("'reached'"), cast(func.trim_scale(counted.c.reached), Text)),
        *(literal_column("'is_met'"), is_met),
    )
    mine = taking_part.c.teacher_id
    shown = (*taking_part.c, col(CourseJudgement.opinion), col(CourseCompletion.completed))
    return Statement(
        select(
            _ACTIVITY.label("activity_id"),
            *shown,
            func.jsonb_agg(aggregate_order_by(condition, counted.c.place)).label("conditions"),
            func.bool_and(is_met).label("is_met"),
        )
        .join_from(taking_part, counted, counted.c.teacher_id == mine)
        .outerjoin(CourseJudgement, _is_judgement_of(mine))
        .outerjoin(
            CourseCompletion,
            (col(CourseCompletion.activity_id) == _ACTIVITY)
            & (col(CourseCompletion.teacher_id) == mine)
            & col(CourseCompletion.superseded_at).is_(None),
        )
        .group_by(*shown)
        .order_by(mine)
    )


_OF_ALL, _OF_SOME = _reached(of_some=False), _reached(of_some=True)


async def read_reached(
    db: Connection,
    actor: Actor,
    *,
    activity_id: UUID,
    teacher_ids: Sequence[UUID] | None = None,
) -> list[Row]:
    """How far everybody in a class, or these of them, has come, by key; its door was passed.

    A row holds the teacher's place beside what `CourseProgress` shows. Where the class asks for nothing
    there is none.
    """
    actor.require(Permission.ATTENDANCE_READ)
    if teacher_ids is None:
        return await db.all(_OF_ALL, activity_id=activity_id)
    return await db.all(_OF_SOME, activity_id=activity_id, teacher_ids=list(teacher_ids))
