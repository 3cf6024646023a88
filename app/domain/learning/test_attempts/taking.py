"""Taking a test: who may begin an attempt, and when one has ended."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Uuid,
    bindparam,
    exists,
    literal,
    or_,
    select,
    union_all,
)
from sqlmodel import col

from app.domain.access.actors import Actor, Shape, within
from app.domain.access.delegations import scope_of_late
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.errors import Conflict
from app.domain.learning.bank_questions import (
    BANK_QUESTIONS,
    BankQuestion,
    BankQuestionVersion,
)
from app.domain.learning.course_tests import (
    COURSE_TESTS,
    IS_PUBLISHED,
    TEST_PLACES,
    CourseTest,
    CourseTestQuestion,
    is_of_activity,
)
from app.domain.learning.test_attempts.attempt import OWN_ATTEMPTS
from app.domain.learning.test_attempts.beginning import begin_attempt
from app.domain.learning.test_attempts.outcome import ENDED
from app.domain.learning.test_attempts.table import CourseTestAttempt
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import Activity, ActivityState, check_state
from app.domain.training.attendance import ATTENDED, Attendance, AttendanceRole
from app.domain.training.enrolments import HAS_PLACE, Enrolment
from app.sql import Connection, Row, Statement, UniqueViolationError

# What can be refused.


class NoPlaceForTest(Conflict):
    """Who takes a test takes part in its activity, or in a class of its course: enrolled, or by having come."""

    code = "course_test_without_place"
    zh = "只有报名成功或已到场参训的学员可以参加该测验。"
    en = "A test is taken by those who take part in its class."


class CourseTestNotOpen(Conflict):
    """A test is begun from when it opens until it closes."""

    code = "course_test_not_open"
    zh = "该测验不在开放时间内。"
    en = "The test is not open now."


class AttemptsUsed(Conflict):
    """All attempts that one has were made."""

    code = "test_attempts_used"
    zh = "可考次数（{attempts}次）已用完。"
    en = "All {attempts} attempts were made."


class CourseTestOfOneself(Conflict):
    """Who made a test knows what is right, and does not take it."""

    code = "course_test_of_oneself"
    zh = "不能参加本人出卷或发布的测验。"
    en = "Nobody takes a test that they drafted or published."


class CourseTestAnswersKnown(Conflict):
    """Who may read what is right, or what others answered, does not take the test."""

    code = "course_test_answers_known"
    zh = "您有权查看该测验的题目答案或他人作答，不能参加该测验。"
    en = "You may read what is right in this test, or what others answered: you do not take it."


def has_ended(attempt: Mapping[str, Any], activity_state: str, now: datetime) -> bool:
    """Whether an attempt was handed in, its time is up, or its activity is over."""
    due = attempt["due_at"]
    is_late = due is not None and due <= now
    return is_late or attempt["handed_in_at"] is not None or activity_state in ENDED


# What may be done.

_test_id, _teacher = bindparam("test_id", type_=Uuid), bindparam("teacher_id", type_=Uuid)
_GOING_ON = (ActivityState.PUBLISHED, ActivityState.HELD)
_ASKED = (
    "sections", "shuffled", "attempts_allowed", "minutes", "opens_at", "closes_at", "created_at",
    "created_by", "published_by",
)  # fmt: skip
_takes_part = union_all(
    select(col(Enrolment.activity_id), col(Enrolment.id), literal(True).label("placed")).where(
        col(Enrolment.teacher_id) == _teacher, HAS_PLACE
    ),
    # Whoever only came has to meet the conditions of the class like everybody who takes part.
    select(col(Attendance.activity_id), col(Attendance.id), literal(False)).where(
        col(Attendance.teacher_id) == _teacher,
        col(Attendance.role) == AttendanceRole.PARTICIPANT,
        is_among(col(Attendance.status), ATTENDED),
    ),
).subquery("takes_part")
"""In which activities the teacher has a place, or was there as a participant."""
_TO_TAKE = Statement(
    select(
        *(col(getattr(CourseTest, name)) for name in _ASKED),
        col(Activity.id).label("activity_id"),
        col(Activity.state),
        *(col(getattr(Teacher, name)) for name in PLACE),
    )
    .join_from(CourseTest, Activity, is_of_activity(col(Activity.id)))
    .join(_takes_part, _takes_part.c.activity_id == col(Activity.id))
    .join(Teacher, col(Teacher.id) == _teacher)
    .where(col(CourseTest.id) == _test_id, IS_PUBLISHED)
    # A class that goes on before one that was closed or cancelled, one's own before one that one visited.
    .order_by(
        is_among(col(Activity.state), _GOING_ON).desc(),
        _takes_part.c.placed.desc(),
        _takes_part.c.id.desc(),
    )
    .limit(1)
    # Nobody withdraws the test meanwhile.
    .with_for_update(read=True, of=CourseTest)
)
_MADE = Statement(
    select(
        col(CourseTestAttempt.id), col(CourseTestAttempt.due_at),
        col(CourseTestAttempt.handed_in_at),
    )
    .where(
        col(CourseTestAttempt.test_id) == _test_id,
        col(CourseTestAttempt.activity_id) == bindparam("activity_id", type_=Uuid),
        col(CourseTestAttempt.teacher_id) == _teacher,
    )
    .order_by(col(CourseTestAttempt.number))
)  # fmt: skip


@lru_cache(maxsize=64)
def _knows(shape: Shape) -> Statement:
    """Whether a question from which the test draws, or the test itself, lies in a scope of this shape."""
    questions = (
        select(col(BankQuestion.id))
        .join_from(
            CourseTestQuestion,
            BankQuestionVersion,
            col(CourseTestQuestion.version_id) == col(BankQuestionVersion.id),
        )
        .join(BankQuestion, col(BankQuestionVersion.question_id) == col(BankQuestion.id))
        .where(col(CourseTestQuestion.test_id) == _test_id, within(shape, BANK_QUESTIONS.placed()))
    )
    given = (
        select(col(CourseTest.id))
        .select_from(COURSE_TESTS.rows)
        .where(col(CourseTest.id) == _test_id, within(shape, TEST_PLACES))
    )
    return Statement(select(or_(exists(given), exists(questions))))


async def _check_knows_nothing(
    db: Connection, actor: Actor, *, test_id: UUID, drafted_at: datetime
) -> None:
    """Refuse whoever writes tests where this one lies or draws from, or did so for somebody else.

    The grants decide, and not what an application that asks for the person is left with: the person reads
    the bank without it. A delegate gives back what was delegated at will, and has read it all the same.
    """
    scope = await scope_of_late(db, actor, permission=Permission.COURSE_WRITE, since=drafted_at)
    if scope.shape and await db.value(
        _knows(scope.shape), test_id=test_id, **scope.parameters(TEST_PLACES)
    ):
        raise CourseTestAnswersKnown


async def start_test_attempt(db: Connection, actor: Actor, *, test_id: UUID, now: datetime) -> Row:
    """Begin an attempt at a test; one that is open is answered again.

    The paper is drawn by a seed that is kept. The attempt ends when the time is up, when the test closes, and
    with the activity.
    """
    actor.require(Permission.PARTICIPATE, {"teacher_id": actor.teacher_id})
    test = await db.one(_TO_TAKE, test_id=test_id, teacher_id=actor.teacher_id)
    if test is None:
        await COURSE_TESTS.get(db, actor, test_id)
        raise NoPlaceForTest
    attempts = {"test_id": test_id, "teacher_id": actor.teacher_id}
    made = await db.all(_MADE, **attempts, activity_id=test["activity_id"])
    if made and not has_ended(made[-1], test["state"], now):
        return await OWN_ATTEMPTS.get(db, actor, made[-1]["id"])
    _check_may_begin(actor, test, len(made), now)
    await _check_knows_nothing(db, actor, test_id=test_id, drafted_at=test["created_at"])
    try:
        async with db.transaction():
            attempt_id = await begin_attempt(
                db, actor, test_id=test_id, test=test, number=len(made) + 1, now=now
            )
    except UniqueViolationError:  # Begun at the same moment on another device.
        made = await db.all(_MADE, **attempts, activity_id=test["activity_id"])
        attempt_id = made[-1]["id"]
    return await OWN_ATTEMPTS.get(db, actor, attempt_id)


def _check_may_begin(actor: Actor, test: Row, made: int, now: datetime) -> None:
    check_state(test, *_GOING_ON)
    if not {test["created_by"], test["published_by"]}.isdisjoint(actor.accounts):
        raise CourseTestOfOneself
    opens_at, closes_at = test["opens_at"], test["closes_at"]
    if (opens_at is not None and now < opens_at) or (closes_at is not None and closes_at <= now):
        raise CourseTestNotOpen
    if made >= test["attempts_allowed"]:
        raise AttemptsUsed(attempts=made)
