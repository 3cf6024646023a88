"""Marking answers (阅卷): what a person gives for one, the first time or in correction; every mark is kept.

An answer of a kind that a machine marks has its points at once; a person corrects it with a reason.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.learning.course_tests import COURSE_TESTS, TEST_PLACES, beside_test
from app.domain.learning.test_attempts import (
    ANSWERS,
    AnswerMarkView,
    CourseTestAnswer,
    CourseTestAttempt,
    CourseTestMark,
    has_ended,
)
from app.domain.paging import Page, PageRequest
from app.domain.training.activities import Activity
from app.sql import Connection, Row, Statement, new_id


class NewAnswerMark(Command):
    """What is given for an answer."""

    awarded: Decimal = Field(
        ge=0, le=100, max_digits=8, decimal_places=2, description="得分 / points"
    )
    comment: str | None = Field(
        default=None, min_length=2, max_length=2000,
        description="评语；更正得分时须说明理由 / comment; why, where it was marked before",
    )  # fmt: skip


# What can be refused.


class AnswerMarkNotFound(NotFound):
    """There is no such mark for the one who asks."""

    code = "answer_mark_not_found"
    zh = "未找到该阅卷记录。"
    en = "There is no such mark."


class AttemptUnderWay(Conflict):
    """An answer is marked when the attempt is over."""

    code = "test_attempt_under_way"
    zh = "该次作答尚未结束，不能阅卷。"
    en = "The attempt is under way: it is marked when it is over."


class MarkOfOneself(Conflict):
    """Nobody marks what they answered themselves."""

    code = "answer_mark_of_oneself"
    zh = "不能评阅本人的作答。"
    en = "Nobody marks an answer of their own."


class MarkTooHigh(Invalid):
    """No more is given than the question has points."""

    code = "answer_mark_too_high"
    zh = "该题满分为 {points} 分。"
    en = "The question has {points} points."


class MarkWithoutReason(Invalid):
    """What was marked is corrected with a reason."""

    code = "answer_mark_without_reason"
    zh = "更正已有的得分须说明理由。"
    en = "Say why a mark that stands is corrected."


# What may be asked.

_MARK, _ANSWER, _ATTEMPT = (
    each.__table__  # type: ignore[union-attr]  # table classes
    for each in (CourseTestMark, CourseTestAnswer, CourseTestAttempt)
)
MARKS = Door(
    table=CourseTestMark,
    view=AnswerMarkView,
    read=Permission.COURSE_WRITE,
    missing=AnswerMarkNotFound,
    places=TEST_PLACES,
    joined=beside_test(
        _MARK.join(_ANSWER, _MARK.c.answer_id == _ANSWER.c.id).join(
            _ATTEMPT, _ANSWER.c.attempt_id == _ATTEMPT.c.id
        ),
        _ATTEMPT.c.test_id,
    ),
    filters={"answer_id": col(CourseTestMark.answer_id)},
    sorts={"created": ()},
)
"""Marks as they belong to those who give the test."""


async def list_attempt_answers(
    db: Connection,
    actor: Actor,
    *,
    test_id: UUID,
    page: PageRequest,
    attempt_id: UUID | None = None,
    waits: bool | None = None,
) -> Page:
    """The answers to a test that the actor gives, without whose they are; `waits` for those to be marked."""
    await COURSE_TESTS.get(db, actor, test_id, permission=Permission.COURSE_WRITE)
    filters = {"test_id": test_id, "attempt_id": attempt_id, "waits": waits}
    return await ANSWERS.page(db, actor, page, filters=filters)


async def list_answer_marks(
    db: Connection, actor: Actor, *, answer_id: UUID, page: PageRequest
) -> Page:
    """What was given for an answer by whom it was marked, the first first."""
    await ANSWERS.get(db, actor, answer_id)
    return await MARKS.page(db, actor, page, filters={"answer_id": answer_id})


# What may be done.

_HOLD = Statement(
    select(
        col(CourseTestAttempt.teacher_id),
        col(CourseTestAttempt.due_at),
        col(CourseTestAttempt.handed_in_at),
        col(CourseTestAnswer.awarded),
        col(Activity.state),
    )
    .join_from(
        CourseTestAttempt,
        CourseTestAnswer,
        col(CourseTestAnswer.attempt_id) == col(CourseTestAttempt.id),
    )
    .join(Activity, col(CourseTestAttempt.activity_id) == col(Activity.id))
    .where(col(CourseTestAnswer.id) == bindparam("answer_id", type_=Uuid))
    # The attempt first, as whoever saves answers holds them.
    .with_for_update(of=[CourseTestAttempt, CourseTestAnswer])
)


async def hold_answer(db: Connection, actor: Actor, *, answer_id: UUID, now: datetime) -> Row:
    """An answer that the actor may mark, locked: of an attempt that is over, and of somebody else."""
    answer = await ANSWERS.get(db, actor, answer_id)
    held: dict[str, Any] = await db.one(_HOLD, answer_id=answer_id) or {}
    if await is_oneself(db, actor, teacher_ids=[held["teacher_id"]]):
        raise MarkOfOneself
    if not has_ended(held, held["state"], now):
        raise AttemptUnderWay
    return answer | {"awarded": held["awarded"]}


async def write_mark(
    db: Connection,
    actor: Actor,
    *,
    answer: Row,
    awarded: Decimal,
    comment: str | None,
    now: datetime,
) -> None:
    """Give this for an answer that is held; what it had before stays on record."""
    if awarded > answer["points"]:
        raise MarkTooHigh(points=str(answer["points"]))
    mark = {
        "id": new_id(), "answer_id": answer["id"], "before": answer["awarded"],
        "awarded": awarded, "comment": comment, "marked_at": now, "marked_by": actor.account_id,
    }  # fmt: skip
    await db.insert(CourseTestMark, mark)
    await db.change(CourseTestAnswer, answer["id"], {"awarded": awarded})


async def mark_test_answer(
    db: Connection, actor: Actor, *, answer_id: UUID, new: NewAnswerMark, now: datetime
) -> Row:
    """Give points for an answer, or correct what it was given with a reason."""
    answer = await hold_answer(db, actor, answer_id=answer_id, now=now)
    if answer["awarded"] is not None and new.comment is None:
        raise MarkWithoutReason
    await write_mark(db, actor, answer=answer, awarded=new.awarded, comment=new.comment, now=now)
    return await ANSWERS.get(db, actor, answer_id)
