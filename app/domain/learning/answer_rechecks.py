"""Rechecks (复核): somebody who took a test asks to have one answer marked anew, once; another person does."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, NotFound
from app.domain.learning.answer_marks import hold_answer, write_mark
from app.domain.learning.course_tests import COURSE_TESTS, TEST_PLACES, beside_test
from app.domain.learning.test_attempts import (
    PAPER,
    AnswerRecheckView,
    CourseTestAnswer,
    CourseTestAttempt,
    CourseTestMark,
    CourseTestRecheck,
)
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class NewAnswerRecheck(Command):
    """Why an answer is to be marked anew."""

    reason: str = Field(min_length=2, max_length=1000, description="申请理由 / why")


class RecheckDecision(Command):
    """What comes of a recheck."""

    awarded: Decimal | None = Field(
        default=None, ge=0, le=100, max_digits=8, decimal_places=2,
        description="复核后的得分，维持原分为空 / points after it; null: they stay",
    )  # fmt: skip
    reply: str = Field(min_length=2, max_length=1000, description="答复 / what is said to it")


# What can be refused.


class RecheckNotFound(NotFound):
    """There is no such recheck for the one who asks."""

    code = "answer_recheck_not_found"
    zh = "未找到该复核申请。"
    en = "There is no such recheck."


class RecheckTooEarly(Conflict):
    """What is not marked, or not shown yet, cannot be doubted."""

    code = "answer_recheck_too_early"
    zh = "成绩公布后方可申请复核。"
    en = "A recheck is asked for when the result is shown."


class RecheckAsked(Conflict):
    """A recheck of an answer is asked for once."""

    code = "answer_recheck_asked"
    zh = "该题已申请过复核。"
    en = "A recheck of this answer was asked for before."


class RecheckDecided(Conflict):
    """A recheck is decided on once."""

    code = "answer_recheck_decided"
    zh = "该复核申请已处理。"
    en = "The recheck was decided on before."


class RecheckOfOwnMark(Conflict):
    """Whose mark is doubted does not decide on that."""

    code = "answer_recheck_of_own_mark"
    zh = "复核须由原阅卷人以外的人处理。"
    en = "Somebody else than who marked the answer decides on the recheck."


# What may be asked.

_RECHECK, _ANSWER, _ATTEMPT = (
    each.__table__  # type: ignore[union-attr]  # table classes
    for each in (CourseTestRecheck, CourseTestAnswer, CourseTestAttempt)
)
RECHECKS = Door(
    table=CourseTestRecheck,
    view=AnswerRecheckView,
    read=Permission.COURSE_WRITE,
    missing=RecheckNotFound,
    places=TEST_PLACES,
    joined=beside_test(
        _RECHECK.join(_ANSWER, _RECHECK.c.answer_id == _ANSWER.c.id).join(
            _ATTEMPT, _ANSWER.c.attempt_id == _ATTEMPT.c.id
        ),
        _ATTEMPT.c.test_id,
    ),
    computed={"test_id": col(CourseTestAttempt.test_id)},
    filters={
        "test_id": col(CourseTestAttempt.test_id),
        "waits": lambda waits: col(CourseTestRecheck.decided_at).is_(None) == waits,
    },
    sorts={"created": ()},
)
"""Rechecks as they belong to those who give the test; who asks is not said."""


async def list_answer_rechecks(
    db: Connection, actor: Actor, *, test_id: UUID, page: PageRequest, waits: bool | None = None
) -> Page:
    """The rechecks that were asked for in a test that the actor gives; `waits` for those undecided."""
    await COURSE_TESTS.get(db, actor, test_id, permission=Permission.COURSE_WRITE)
    return await RECHECKS.page(db, actor, page, filters={"test_id": test_id, "waits": waits})


# What may be done.


async def ask_answer_recheck(
    db: Connection, actor: Actor, *, answer_id: UUID, new: NewAnswerRecheck, now: datetime
) -> Row:
    """Ask to have an answer of one's own marked anew, when its result is shown; the question is answered."""
    question = await PAPER.get(db, actor, answer_id)
    if question["awarded"] is None:
        raise RecheckTooEarly
    row = {
        "id": new_id(), "answer_id": answer_id, "reason": new.reason, "asked_at": now,
        "asked_by": actor.account_id,
    }  # fmt: skip
    try:
        async with db.transaction():
            await db.insert(CourseTestRecheck, row)
    except UniqueViolationError:
        raise RecheckAsked from None
    return await PAPER.get(db, actor, answer_id)


_MARKER = Statement(
    select(col(CourseTestMark.marked_by))
    .where(col(CourseTestMark.answer_id) == bindparam("answer_id", type_=Uuid))
    .order_by(col(CourseTestMark.id).desc())
    .limit(1)
)


async def decide_answer_recheck(
    db: Connection,
    actor: Actor,
    *,
    recheck_id: UUID,
    decision: RecheckDecision,
    now: datetime,
) -> Row:
    """Answer a recheck: with other points, which are a mark like any other, or with those that stand."""
    recheck = await RECHECKS.get(db, actor, recheck_id, lock=True)
    if recheck["decided_at"] is not None:
        raise RecheckDecided
    answer = await hold_answer(db, actor, answer_id=recheck["answer_id"], now=now)
    if await db.value(_MARKER, answer_id=answer["id"]) in actor.accounts:
        raise RecheckOfOwnMark
    if decision.awarded is not None:
        await write_mark(
            db, actor, answer=answer, awarded=decision.awarded, comment=decision.reply, now=now
        )
    values = {"reply": decision.reply, "decided_at": now, "decided_by": actor.account_id}
    await db.change(CourseTestRecheck, recheck_id, values)
    return await RECHECKS.get(db, actor, recheck_id)
