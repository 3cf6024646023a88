"""The figures of a run (绩效数据): what its classes offered, who took part, and what they thought of it.

Everything is counted from enrolment, attendance and evaluation as they are now; nothing is kept twice.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    Numeric,
    Text,
    Uuid,
    bindparam,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.learning.course_runs.run import COURSE_RUNS
from app.domain.learning.course_runs.table import CourseClass
from app.domain.people.teachers import Teacher
from app.domain.training.activities import Activity, ActivitySession, ActivityState
from app.domain.training.attendance import Attendance, AttendanceStatus
from app.domain.training.enrolments import HAS_PLACE, Enrolment
from app.domain.training.occurrences import counts_once
from app.domain.training.surveys import Survey, SurveyPurpose, SurveyResponse, SurveyState
from app.domain.training.surveys.cells import FEWEST
from app.sql import Connection, Row, Statement


class CourseRunFigures(BaseModel):
    """What a run offered, who came, for how many hours, and what they thought of it."""

    run_id: UUID = Field(description="开课 / run")
    classes: int = Field(description="班数，不含取消的 / classes that were not cancelled")
    closed: int = Field(description="已结束的班数 / of these closed")
    places: int | None = Field(
        description="名额合计，有一班不限时为空 / places in all; null where a class has no limit"
    )
    enrolled: int = Field(description="报名人次 / places taken by enrolment")
    attended: int = Field(description="参加人数（每人计一次） / people who attended a session")
    attended_whole: int = Field(
        description="全程参加人数 / people who attended all hours of a class"
    )
    person_hours: Decimal = Field(
        description="参加学时合计（人·学时） / hours attended, of all people"
    )
    answers: int = Field(
        description="已截止评估的答卷数，不含答卷过少的班 / answers to the evaluations of the classes that are"
        " closed, without those of too few answers"
    )
    satisfaction: Decimal | None = Field(
        description="满意度（量表题平均，0–100），答卷过少时为空 / mean of the scale questions as a share of"
        " their range, in per cent; null where too few answered"
    )


_RUN = col(CourseClass.run_id) == bindparam("run_id", type_=Uuid)
_given = (
    select(col(Activity.id), col(Activity.hours), col(Activity.capacity), col(Activity.state))
    .join_from(CourseClass, Activity, col(CourseClass.activity_id) == col(Activity.id))
    .where(_RUN, col(Activity.state) != ActivityState.CANCELLED)
    .cte("given")
)
_status = col(Attendance.status)
_took_part = or_(_status == AttendanceStatus.PRESENT, _status == AttendanceStatus.LATE)
_people = (
    select(
        col(Attendance.activity_id),
        col(Attendance.teacher_id),
        func.sum(col(ActivitySession.hours)).filter(counts_once()).label("hours"),
    )
    .join_from(Attendance, ActivitySession, col(Attendance.session_id) == col(ActivitySession.id))
    .join(_given, _given.c.id == col(Attendance.activity_id))
    .join(Teacher, col(Teacher.id) == col(Attendance.teacher_id))
    .where(_took_part, col(Teacher.merged_into_id).is_(None))
    .group_by(col(Attendance.activity_id), col(Attendance.teacher_id))
    .cte("people")
)
_came = (
    select(
        func.count(_people.c.teacher_id.distinct()).label("attended"),
        func.count(_people.c.teacher_id.distinct())
        .filter(_people.c.hours >= _given.c.hours)
        .label("attended_whole"),
        func.coalesce(func.sum(_people.c.hours), 0).label("person_hours"),
    )
    .join_from(_people, _given, _people.c.activity_id == _given.c.id)
    .subquery("came")
)


def _answers() -> Any:
    """Of each answer to a scale question of a closed evaluation: its place in the scale, from 0 to 1."""
    enough = (
        select(col(Survey.id), col(Survey.questions))
        .join_from(Survey, _given, col(Survey.activity_id) == _given.c.id)
        .join(SurveyResponse, col(SurveyResponse.survey_id) == col(Survey.id))
        .where(
            col(Survey.purpose) == SurveyPurpose.ACTIVITY_EVALUATION,
            or_(
                col(Survey.state) == SurveyState.CLOSED, col(Survey.state) == SurveyState.PUBLISHED
            ),
        )
        .group_by(col(Survey.id))
        .having(func.count() >= FEWEST)
        .cte("enough")
    )
    asked = (
        func.jsonb_array_elements(enough.c.questions)
        .table_valued(column("question", JSONB), name="asked")
        .render_derived()
    )
    question = asked.c.question
    answer = func.jsonb_extract_path_text(
        col(SurveyResponse.answers), _text(question, "code"), literal("0", Text)
    )
    low, high = (cast(_text(question, each), Numeric) for each in ("minimum", "maximum"))
    share = (cast(answer, Numeric) - low) / func.nullif(high - low, 0)
    is_scale = _text(question, "kind") == "scale"
    return (
        select(
            func.count(col(SurveyResponse.id).distinct()).label("answers"),
            func.round(100 * func.avg(case((is_scale, share))), literal_column("2")).label(
                "satisfaction"
            ),
        )
        .select_from(SurveyResponse)
        .join(enough, enough.c.id == col(SurveyResponse.survey_id))
        .join(asked, true())
        .subquery("thought")
    )


def _text(value: Any, name: str) -> ColumnElement[str]:
    return func.jsonb_extract_path_text(value, literal(name, Text))


_thought = _answers()
_number, _limited = func.count(_given.c.id), func.count(_given.c.capacity)
_offered = select(
    _number.label("classes"),
    _number.filter(_given.c.state == ActivityState.CLOSED).label("closed"),
    case((_number == _limited, func.sum(_given.c.capacity))).label("places"),
).subquery("offered")
_taken = (
    select(func.count().label("enrolled"))
    .join_from(Enrolment, _given, col(Enrolment.activity_id) == _given.c.id)
    .where(HAS_PLACE)
    .subquery("taken")
)
_FIGURES = Statement(
    # Each of these is one row.
    select(
        bindparam("run_id", type_=Uuid).label("run_id"),
        *_offered.c, *_taken.c, *_came.c, *_thought.c,
    ).select_from(
        _offered.join(_taken, true()).join(_came, true()).join(_thought, true())
    )
)  # fmt: skip


async def get_course_run_figures(db: Connection, actor: Actor, *, run_id: UUID) -> Row:
    """What a run in the actor's place has come to, for who gives and who judges it."""
    run = await COURSE_RUNS.get(db, actor, run_id)
    actor.require(Permission.COURSE_READ, run)
    return await db.one(_FIGURES, run_id=run_id) or {}
