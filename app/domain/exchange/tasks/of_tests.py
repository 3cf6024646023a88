"""What waits in tests: answers that a person has to mark, and rechecks that were asked for."""

from sqlalchemy import case, func, select
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.waiting import NOW, Waiting
from app.domain.learning.course_tests import TEST_PLACES, CourseTest, beside_test
from app.domain.learning.courses import Course
from app.domain.learning.test_attempts import (
    CourseTestAnswer,
    CourseTestAttempt,
    CourseTestMark,
    CourseTestRecheck,
    is_over,
    is_unmarked,
    over_since,
)
from app.domain.people.teachers import Teacher
from app.domain.training.activities import Activity

_SCHOOL, _COUNTY, _CITY = (TEST_PLACES[name] for name in ("school_id", "county_id", "city_id"))
_PART = func.coalesce(
    col(Activity.organiser_group_id),
    col(Activity.organiser_network_id),
    col(Activity.organiser_department_id),
    col(Course.group_id),
    col(Course.department_id),
)
_UNIT = func.coalesce(_SCHOOL, _COUNTY)
_AT = func.coalesce(_PART, _UNIT)
"""Who gives the test: the group, network or department that organises or owns, else the unit."""
_ABOVE = case(
    (_PART.is_not(None), _UNIT), (_SCHOOL.is_not(None), _COUNTY), (_COUNTY != _CITY, _CITY)
)

_ATTEMPT, _ANSWER, _RECHECK, _TEACHER = (
    each.__table__  # type: ignore[union-attr]  # table classes
    for each in (CourseTestAttempt, CourseTestAnswer, CourseTestRecheck, Teacher)
)
# What stayed with a record that was merged is past marking.
_COUNTS = (_ATTEMPT.c.teacher_id == _TEACHER.c.id) & _TEACHER.c.merged_into_id.is_(None)
_MARKER = (
    select(col(CourseTestMark.marked_by))
    .where(col(CourseTestMark.answer_id) == col(CourseTestRecheck.answer_id))
    .order_by(col(CourseTestMark.id).desc())
    .limit(1)
    .scalar_subquery()
)

OF_TESTS = (
    Waiting(
        kind=TaskKind.ANSWERS_TO_MARK,
        permission=Permission.COURSE_WRITE,
        table=CourseTestAttempt,
        rows=beside_test(_ATTEMPT.join(_TEACHER, _COUNTS), _ATTEMPT.c.test_id),
        title=col(CourseTest.title),
        since=over_since(),
        at=_AT,
        above=_ABOVE,
        waits=is_over(moment=NOW) & is_unmarked(),
        of=col(CourseTestAttempt.teacher_id),
    ),
    Waiting(
        kind=TaskKind.ANSWER_RECHECK_TO_DECIDE,
        permission=Permission.COURSE_WRITE,
        table=CourseTestRecheck,
        rows=beside_test(
            _RECHECK.join(_ANSWER, _RECHECK.c.answer_id == _ANSWER.c.id)
            .join(_ATTEMPT, _ANSWER.c.attempt_id == _ATTEMPT.c.id)
            .join(_TEACHER, _COUNTS),
            _ATTEMPT.c.test_id,
        ),
        title=col(CourseTest.title),
        since=col(CourseTestRecheck.asked_at),
        at=_AT,
        above=_ABOVE,
        waits=col(CourseTestRecheck.decided_at).is_(None),
        by=_MARKER,
        of=col(CourseTestAttempt.teacher_id),
    ),
)
