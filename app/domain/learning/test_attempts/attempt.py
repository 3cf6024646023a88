"""The doors of attempts and of what was asked and said in them: one's own, and of those who give the test."""

from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Text, and_, case, cast, func, literal, literal_column, null, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.learning.bank_questions import BankQuestionVersion
from app.domain.learning.course_tests import COURSE_TESTS, TEST_PLACES, CourseTest, beside_test
from app.domain.learning.test_attempts.outcome import (
    IS_MARKED,
    RESULT_IS_SHOWN,
    SOLUTIONS_ARE_SHOWN,
    is_enough,
    is_over,
    is_unmarked,
    score_of,
)
from app.domain.learning.test_attempts.table import (
    AttemptAnswerView,
    AttemptState,
    CourseTestAnswer,
    CourseTestAttempt,
    CourseTestAttemptView,
    CourseTestMark,
    CourseTestRecheck,
    PaperQuestionView,
    TakenTestView,
)
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import Teacher
from app.sql import Connection, Row

# What can be refused.


class AttemptNotFound(NotFound):
    """There is no such attempt for the one who asks."""

    code = "test_attempt_not_found"
    zh = "未找到该次作答。"
    en = "There is no such attempt."


class AttemptAnswerNotFound(NotFound):
    """There is no such answer for the one who asks."""

    code = "test_answer_not_found"
    zh = "未找到该题作答。"
    en = "There is no such answer."


# What may be asked.

_ATTEMPT, _ANSWER, _VERSION, _RECHECK, _TEST, _TEACHER, _UNIT = (
    each.__table__  # type: ignore[union-attr]  # table classes
    for each in (
        CourseTestAttempt, CourseTestAnswer, BankQuestionVersion, CourseTestRecheck, CourseTest,
        Teacher, Unit,
    )
)  # fmt: skip
_OWN_PLACES = {
    **{name: col(getattr(CourseTestAttempt, name)) for name in PLACE},
    "teacher_id": col(CourseTestAttempt.teacher_id),
}
_STATE = case(
    (~is_over(), literal(AttemptState.OPEN.value)),
    (is_unmarked(), literal(AttemptState.MARKING.value)),
    else_=literal(AttemptState.MARKED.value),
)

OWN_ATTEMPTS = Door(
    table=CourseTestAttempt,
    view=CourseTestAttemptView,
    # What somebody scored is for that teacher, and for those who give the test, by `TAKEN_TESTS`.
    read=Permission.PARTICIPATE,
    missing=AttemptNotFound,
    places=_OWN_PLACES,
    joined=_ATTEMPT.join(_TEST, col(CourseTestAttempt.test_id) == col(CourseTest.id)),
    computed={
        "state": _STATE,
        "score": case((RESULT_IS_SHOWN, score_of()), else_=null()),
        "passed": case((RESULT_IS_SHOWN, is_enough()), else_=null()),
    },
    filters={
        "test_id": col(CourseTestAttempt.test_id),
        "activity_id": col(CourseTestAttempt.activity_id),
    },
    sorts={"created": ()},
)
"""Attempts as they belong to the teacher."""

_IS_COUNTED = (_ATTEMPT.c.teacher_id == _TEACHER.c.id) & _TEACHER.c.merged_into_id.is_(None)
"""What somebody who was entered twice has at both records is shown once."""
_TAKEN = beside_test(
    _ATTEMPT.join(_TEACHER, _IS_COUNTED).join(_UNIT, _ATTEMPT.c.school_id == _UNIT.c.id),
    _ATTEMPT.c.test_id,
)
TAKEN_TESTS = Door(
    table=CourseTestAttempt,
    view=TakenTestView,
    read=Permission.COURSE_WRITE,
    missing=AttemptNotFound,
    places=TEST_PLACES,
    joined=_TAKEN,
    computed={
        "state": _STATE,
        "score": case((IS_MARKED, score_of()), else_=null()),
        "passed": case((IS_MARKED, is_enough()), else_=null()),
        "name": col(Teacher.name),
        "school": col(Unit.name),
    },
    filters={
        "test_id": col(CourseTestAttempt.test_id),
        "activity_id": col(CourseTestAttempt.activity_id),
    },
    sorts={"created": (), "name": (col(Teacher.name),)},
)
"""The same as they belong to those who give the test."""

_DOCUMENT = col(BankQuestionVersion.document)


def _said(name: str) -> Any:
    """A field of what the teacher said to the question."""
    ordinal = cast(col(CourseTestAnswer.ordinal), Text)
    given = col(CourseTestAttempt.given)
    return func.jsonb_extract_path(given, ordinal, literal_column(f"'{name}'"), type_=JSONB)


def _asked(name: str) -> Any:
    """A field of what the question says, as text."""
    return func.jsonb_extract_path_text(_DOCUMENT, literal_column(f"'{name}'"), type_=Text)


_COMMENT = (
    select(col(CourseTestMark.comment))
    .where(col(CourseTestMark.answer_id) == col(CourseTestAnswer.id))
    .order_by(col(CourseTestMark.id).desc())
    .limit(1)
    .correlate_except(CourseTestMark)
    .scalar_subquery()
)
_CORRECT = func.jsonb_extract_path(_DOCUMENT, literal_column("'correct'"), type_=JSONB)
_PAPER = (
    _ANSWER.join(_ATTEMPT, _ANSWER.c.attempt_id == _ATTEMPT.c.id)
    .join(_VERSION, _ANSWER.c.version_id == _VERSION.c.id)
    .join(_TEST, _ATTEMPT.c.test_id == _TEST.c.id)
    .outerjoin(_RECHECK, _RECHECK.c.answer_id == _ANSWER.c.id)
)

PAPER = Door(
    table=CourseTestAnswer,
    view=PaperQuestionView,
    read=Permission.PARTICIPATE,
    missing=AttemptAnswerNotFound,
    places=_OWN_PLACES,
    joined=_PAPER,
    computed={
        "kind": _asked("kind"),
        "text": _asked("text"),
        "answer": _said("said"),
        "revision": cast(cast(_said("revision"), Text), Integer),
        "awarded": case((RESULT_IS_SHOWN, col(CourseTestAnswer.awarded)), else_=null()),
        "comment": case((RESULT_IS_SHOWN, _COMMENT), else_=null()),
        "correct": case((SOLUTIONS_ARE_SHOWN, _CORRECT), else_=null()),
        "explanation": case((SOLUTIONS_ARE_SHOWN, _asked("explanation")), else_=null()),
        "recheck_id": col(CourseTestRecheck.id),
        "recheck_reply": col(CourseTestRecheck.reply),
    },
    filters={"attempt_id": col(CourseTestAnswer.attempt_id)},
    sorts={"ordinal": (col(CourseTestAnswer.ordinal),)},
)
"""The questions of one's own paper, with what one said and, once it is shown, what came of it."""

_WAITS = and_(is_over(), col(CourseTestAnswer.awarded).is_(None))
ANSWERS = Door(
    table=CourseTestAnswer,
    view=AttemptAnswerView,
    read=Permission.COURSE_WRITE,
    missing=AttemptAnswerNotFound,
    places=TEST_PLACES,
    joined=beside_test(
        _ANSWER.join(_ATTEMPT, _ANSWER.c.attempt_id == _ATTEMPT.c.id)
        .join(_VERSION, _ANSWER.c.version_id == _VERSION.c.id)
        .join(_TEACHER, _IS_COUNTED),
        _ATTEMPT.c.test_id,
    ),
    computed={
        "test_id": col(CourseTestAttempt.test_id),
        "question_id": col(BankQuestionVersion.question_id),
        "kind": _asked("kind"),
        "text": _asked("text"),
        "explanation": _asked("explanation"),
        "answer": _said("said"),
    },
    filters={
        "test_id": col(CourseTestAttempt.test_id),
        "attempt_id": col(CourseTestAnswer.attempt_id),
        "waits": lambda waits: waits == _WAITS,
    },
    sorts={"created": ()},
)
"""Answers as they belong to those who give the test; whose they are is not said."""


async def get_test_attempt(db: Connection, actor: Actor, *, attempt_id: UUID) -> Row:
    """One attempt of one's own; its result once that is shown."""
    return await OWN_ATTEMPTS.get(db, actor, attempt_id)


async def list_own_test_attempts(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    test_id: UUID | None = None,
    activity_id: UUID | None = None,
) -> Page:
    """The actor's own attempts, the first first."""
    filters = {"test_id": test_id, "activity_id": activity_id}
    return await OWN_ATTEMPTS.page(db, actor, page, filters=filters)


async def list_paper_questions(
    db: Connection, actor: Actor, *, attempt_id: UUID, page: PageRequest
) -> Page:
    """The questions of one's own paper in their order; what is right is there once it is shown."""
    await OWN_ATTEMPTS.get(db, actor, attempt_id)
    return await PAPER.page(db, actor, page, filters={"attempt_id": attempt_id})


async def list_taken_tests(
    db: Connection,
    actor: Actor,
    *,
    test_id: UUID,
    page: PageRequest,
    activity_id: UUID | None = None,
) -> Page:
    """Who took a test that the actor gives, and with which result; in one class, if that is named."""
    await COURSE_TESTS.get(db, actor, test_id, permission=Permission.COURSE_WRITE)
    filters = {"test_id": test_id, "activity_id": activity_id}
    return await TAKEN_TESTS.page(db, actor, page, filters=filters)
