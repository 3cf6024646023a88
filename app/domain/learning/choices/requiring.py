"""What an activity of a round requires (先修要求): courses completed before, and who one is."""

from datetime import datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import ARRAY, Date, Uuid, any_, bindparam, exists, not_, or_, select
from sqlmodel import col

from app.domain.base import civil_date
from app.domain.errors import Conflict
from app.domain.learning.course_completions import CourseCompletion
from app.domain.learning.course_runs import CourseClass, CourseRun
from app.domain.learning.courses import Course, CourseVersion, declares_completion
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import Stratum, counts_in, is_among
from app.domain.training.activities import Activity, ActivityState
from app.domain.training.attendance import Attendance, AttendanceStatus
from app.sql import Connection, Row, Statement

# What can be refused.


class ChoicePrerequisiteUnmet(Conflict):
    """Whoever chooses it has completed the courses that come before."""

    code = "choice_prerequisite_unmet"
    zh = "选报前须先完成课程：{courses}。"
    en = "These courses come before it, and you have not completed them: {courses}."


class ChoiceOutsideStrata(Conflict):
    """It is for certain strata, and the teacher belongs to none of them."""

    code = "choice_outside_strata"
    zh = "该活动限以下类别的教师选报：{strata}。"
    en = "It is for teachers of these strata: {strata}."


# What may be asked.

_teacher, _day = bindparam("teacher_id", type_=Uuid), bindparam("day", type_=Date)
_completed = (
    select(col(CourseCompletion.id))
    .where(
        col(CourseCompletion.activity_id) == col(CourseClass.activity_id),
        col(CourseCompletion.teacher_id) == _teacher,
        col(CourseCompletion.completed),
        col(CourseCompletion.superseded_at).is_(None),
    )
    .correlate(CourseClass)
)
_attended = (
    select(col(Attendance.id))
    .join_from(Attendance, CourseClass, col(CourseClass.activity_id) == col(Attendance.activity_id))
    .join(CourseRun, col(CourseRun.id) == col(CourseClass.run_id))
    .join(
        CourseVersion,
        (col(CourseVersion.course_id) == col(CourseRun.course_id))
        & (col(CourseVersion.number) == col(CourseRun.version)),
    )
    .join(Activity, col(Activity.id) == col(Attendance.activity_id))
    .where(
        col(CourseRun.course_id) == col(Course.id),
        col(Attendance.teacher_id) == _teacher,
        is_among(col(Attendance.status), (AttendanceStatus.PRESENT, AttendanceStatus.LATE)),
        col(Activity.state) == ActivityState.CLOSED,
        # Of a version that says nothing of its completion, attending is all that there is.
        or_(not_(declares_completion()), exists(_completed)),
    )
    .correlate(Course)
)
_MISSING = Statement(
    select(col(Course.title))
    .where(col(Course.id) == any_(bindparam("course_ids", type_=ARRAY(Uuid))), ~exists(_attended))
    .order_by(col(Course.title))
)


@lru_cache(maxsize=64)
def _belongs(strata: tuple[Stratum, ...]) -> Statement:
    among = or_(*(counts_in(each, _day) for each in strata))
    return Statement(select(col(Teacher.id)).where(col(Teacher.id) == _teacher, among))


async def check_requirements(
    db: Connection, *, offering: Row, teacher_id: UUID | None, now: datetime
) -> None:
    """Refuse who has not completed each course required, or is of none of the strata."""
    if offering["required_course_ids"]:
        rows = await db.all(
            _MISSING, course_ids=offering["required_course_ids"], teacher_id=teacher_id
        )
        if rows:
            raise ChoicePrerequisiteUnmet(courses="、".join(row["title"] for row in rows))
    strata = tuple(sorted(Stratum(each) for each in offering["required_strata"]))
    if strata:
        day = civil_date(now)
        if await db.one(_belongs(strata), teacher_id=teacher_id, day=day) is None:
            raise ChoiceOutsideStrata(strata=", ".join(strata))
