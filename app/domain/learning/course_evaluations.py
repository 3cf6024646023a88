"""Evaluation of courses (课程评价): what those who took each version thought of it, for its next review.

It is the sum of the anonymous evaluations of the classes of all runs of a version; what fewer than five
answered is in no sum (`course_runs.opinions`), so that no two sums tell of a few.
"""

from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Integer, Text, Uuid, bindparam, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.learning.course_runs import CourseClass, CourseRun
from app.domain.learning.course_runs.opinions import cells_of, evaluated, satisfaction
from app.domain.learning.courses import COURSES, CourseVersion
from app.domain.training.activities import Activity, ActivityState
from app.sql import Connection, Row, Statement


class EvaluatedQuestion(BaseModel):
    """What those who took a version answered to one scale question."""

    code: str = Field(description="题目代码 / code of the question")
    text: str = Field(description="题目 / question")
    answers: int = Field(description="作答数 / answers to it")
    satisfaction: Decimal = Field(
        description="平均（0–100） / mean as a share of the scale, in per cent"
    )


class EvaluatedVersion(BaseModel):
    """What those who took one version of a course thought of it."""

    number: int = Field(description="版本号 / number of the version")
    runs: int = Field(description="开课次数 / runs")
    classes: int = Field(description="班数，不含取消的 / classes that were not cancelled")
    evaluated_classes: int = Field(
        description="计入评价的班数，答卷不少于五份 / classes that are counted: five answers or more"
    )
    answers: int = Field(description="计入的答卷数 / answers of these classes")
    satisfaction: Decimal | None = Field(
        description="满意度（0–100），答卷过少时为空 / mean of the scale questions in per cent; null where too"
        " few answered"
    )
    change: Decimal | None = Field(
        description="与此前最近一个有评价的版本之差 / difference from the evaluated version before"
    )
    questions: list[EvaluatedQuestion] = Field(description="各量表题 / scale questions, by code")


class CourseEvaluation(BaseModel):
    """What was thought of a course, version by version."""

    course_id: UUID = Field(description="课程 / course")
    version: int = Field(description="最近申报的版本号 / number of the version declared last")
    in_force: int | None = Field(description="生效的版本号 / number of the version in force")
    versions: list[EvaluatedVersion] = Field(
        description="各版本，从最早起 / versions, the first first"
    )


# What may be asked.

_given = (
    select(
        col(Activity.id),
        col(CourseRun.id).label("run_id"),
        col(CourseRun.version),
    )
    .join_from(CourseRun, CourseClass, col(CourseClass.run_id) == col(CourseRun.id))
    .join(Activity, col(CourseClass.activity_id) == col(Activity.id))
    .where(
        col(CourseRun.course_id) == bindparam("course_id", type_=Uuid),
        col(Activity.state) != ActivityState.CANCELLED,
    )
    .cte("given")
)
_enough = evaluated(_given)
_cells = cells_of(_enough)
_taught = (
    select(
        _given.c.version,
        func.count(_given.c.run_id.distinct()).label("runs"),
        func.count().label("classes"),
        func.count(_enough.c.survey_id).label("evaluated_classes"),
        cast(func.coalesce(func.sum(_enough.c.answers), 0), Integer).label("answers"),
    )
    .select_from(_given.outerjoin(_enough, _enough.c.activity_id == _given.c.id))
    .group_by(_given.c.version)
    .subquery("taught")
)
_asked = (
    select(
        _given.c.version,
        _cells.c.code,
        func.min(_cells.c.text).label("text"),
        cast(func.sum(_cells.c.answers), Integer).label("answers"),
        func.sum(_cells.c.shares).label("shares"),
        satisfaction(_cells).label("satisfaction"),
    )
    .join_from(_cells, _given, _given.c.id == _cells.c.activity_id)
    .group_by(_given.c.version, _cells.c.code)
    .subquery("asked")
)
_thought = (
    select(
        _asked.c.version,
        satisfaction(_asked).label("satisfaction"),
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_object(
                    *(literal_column("'code'"), _asked.c.code),
                    *(literal_column("'text'"), _asked.c.text),
                    *(literal_column("'answers'"), _asked.c.answers),
                    # As a text, which is how amounts are told.
                    *(literal_column("'satisfaction'"), cast(_asked.c.satisfaction, Text)),
                ),
                _asked.c.code,
            )
        ).label("questions"),
    )
    .group_by(_asked.c.version)
    .subquery("thought")
)
_counted = (
    func.coalesce(_taught.c[name], 0).label(name)
    for name in ("runs", "classes", "evaluated_classes", "answers")
)
_EVALUATED = Statement(
    select(
        col(CourseVersion.number),
        *_counted,
        _thought.c.satisfaction,
        func.coalesce(_thought.c.questions, literal_column("'[]'::jsonb")).label("questions"),
    )
    .select_from(CourseVersion)
    .outerjoin(_taught, _taught.c.version == col(CourseVersion.number))
    .outerjoin(_thought, _thought.c.version == col(CourseVersion.number))
    .where(col(CourseVersion.course_id) == bindparam("course_id", type_=Uuid))
    .order_by(col(CourseVersion.number))
)


async def get_course_evaluation(db: Connection, actor: Actor, *, course_id: UUID) -> Row:
    """What was thought of a course in the actor's place: for who writes it and who reviews its next version."""
    course = await COURSES.get(db, actor, course_id)
    actor.require(Permission.COURSE_READ, course)
    before: Decimal | None = None
    versions = []
    for row in await db.all(_EVALUATED, course_id=course_id):
        now = row["satisfaction"]
        known = before is not None and now is not None
        versions.append(row | {"change": now - before if known else None})
        before = before if now is None else now
    return {
        "course_id": course_id, "version": course["version"], "in_force": course["in_force"],
        "versions": versions,
    }  # fmt: skip
