"""The figures of a run (绩效数据): what its classes offered, who took part, and what they thought of it.

Everything is counted from enrolment, attendance and evaluation as they are now; nothing is kept twice.
"""

from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    Boolean,
    Integer,
    Uuid,
    bindparam,
    case,
    cast,
    column,
    func,
    or_,
    select,
    table,
    true,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.access.walled import Beyond
from app.domain.base import MOMENT
from app.domain.learning.course_runs.opinions import cells_of, evaluated, satisfaction
from app.domain.learning.course_runs.run import COURSE_RUNS
from app.domain.learning.course_runs.table import CourseClass
from app.domain.people.teachers import Teacher
from app.domain.training.activities import Activity, ActivitySession, ActivityState
from app.domain.training.attendance import Attendance, AttendanceStatus
from app.domain.training.enrolments import HAS_PLACE, Enrolment
from app.domain.training.occurrences import counts_once
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
    completed: int = Field(description="核定结业人次 / times that somebody completed a class")
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


_enough = evaluated(_given)
_cells = cells_of(_enough)
_answered = select(
    cast(func.coalesce(func.sum(_enough.c.answers), 0), Integer).label("answers")
).subquery("answered")
_thought = select(satisfaction(_cells).label("satisfaction")).subquery("thought")
_number, _limited = func.count(_given.c.id), func.count(_given.c.capacity)
_offered = select(
    _number.label("classes"),
    _number.filter(_given.c.state == ActivityState.CLOSED).label("closed"),
    case((_number == _limited, func.sum(_given.c.capacity))).label("places"),
).subquery("offered")
_taken = (
    select(func.count().label("enrolled"))
    .join_from(Enrolment, _given, col(Enrolment.activity_id) == _given.c.id)
    .join(Teacher, col(Teacher.id) == col(Enrolment.teacher_id))
    .where(HAS_PLACE, col(Teacher.merged_into_id).is_(None))
    .subquery("taken")
)
# The noun above this one describes this table; here it is only counted.
_COMPLETIONS = table(
    "course_completion",
    column("activity_id", Uuid()),
    column("teacher_id", Uuid()),
    column("completed", Boolean()),
    column("superseded_at", MOMENT),
)
_finished = (
    select(func.count().label("completed"))
    .join_from(_COMPLETIONS, _given, _COMPLETIONS.c.activity_id == _given.c.id)
    .join(Teacher, col(Teacher.id) == _COMPLETIONS.c.teacher_id)
    .where(
        _COMPLETIONS.c.completed,
        _COMPLETIONS.c.superseded_at.is_(None),
        col(Teacher.merged_into_id).is_(None),
    )
    .subquery("finished")
)
_FIGURES = Statement(
    # Each of these is one row.
    select(
        bindparam("run_id", type_=Uuid).label("run_id"),
        *_offered.c, *_taken.c, *_came.c, *_finished.c,
        *_answered.c, *_thought.c,
    ).select_from(
        _offered.join(_taken, true())
        .join(_came, true())
        .join(_finished, true())
        .join(_answered, true())
        .join(_thought, true())
    ),
    beyond=Beyond.COUNTED,
)  # fmt: skip


async def get_course_run_figures(db: Connection, actor: Actor, *, run_id: UUID) -> Row:
    """What a run in the actor's place has come to, for who gives and who judges it."""
    run = await COURSE_RUNS.get(db, actor, run_id)
    actor.require(Permission.COURSE_READ, run)
    return await db.one(_FIGURES, run_id=run_id) or {}
