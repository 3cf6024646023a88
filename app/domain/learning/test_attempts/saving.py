"""Saving the answers of an attempt as they are given, and handing it in.

An answer says which time it was given: what comes late, or twice, from a device that was offline changes
nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import ARRAY, Integer, Numeric, Uuid, any_, bindparam, func, select, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid
from app.domain.learning.bank_questions import (
    BankQuestionVersion,
    GivenTestAnswer,
    read_test_answer,
    worth_of,
)
from app.domain.learning.test_attempts.attempt import OWN_ATTEMPTS
from app.domain.learning.test_attempts.table import CourseTestAnswer, CourseTestAttempt
from app.domain.learning.test_attempts.taking import has_ended
from app.domain.training.activities import Activity
from app.sql import Connection, Row, Statement


class SavedAnswers(Command):
    """Answers to be saved: of one question or of many."""

    answers: list[GivenTestAnswer] = Field(
        min_length=1, max_length=500, description="各题作答 / answers"
    )


# What can be refused.


class AttemptOver(Conflict):
    """An attempt that was handed in, whose time is up, or whose activity is over, takes no answer."""

    code = "test_attempt_over"
    zh = "本次作答已交卷、已到时，或所在班（活动）已结束。"
    en = "The attempt was handed in, its time is up, or its class is over."


class PaperWithoutQuestion(Invalid):
    """The paper has no such question."""

    code = "test_question_unknown"
    zh = "试卷中没有第 {ordinal} 题。"
    en = "The paper has no question {ordinal}."


# What may be done.

_attempt_id = bindparam("attempt_id", type_=Uuid)
_HOLD_ACTIVITY = Statement(
    # Whoever closes the activity holds it alone, so that nothing is answered while it is being settled.
    select(col(Activity.state))
    .join_from(CourseTestAttempt, Activity, col(CourseTestAttempt.activity_id) == col(Activity.id))
    .where(
        col(CourseTestAttempt.id) == _attempt_id,
        col(CourseTestAttempt.teacher_id) == bindparam("teacher_id", type_=Uuid),
    )
    .with_for_update(key_share=True, read=True, of=Activity)
)


async def _hold(db: Connection, actor: Actor, attempt_id: UUID, now: datetime) -> tuple[Row, bool]:
    """An attempt of the actor's own, locked after its activity, and whether it has ended."""
    state = await db.value(_HOLD_ACTIVITY, attempt_id=attempt_id, teacher_id=actor.teacher_id)
    attempt = await OWN_ATTEMPTS.get(db, actor, attempt_id, lock=True)
    return attempt, has_ended(attempt, state, now)


_ON_PAPER = Statement(
    select(
        col(CourseTestAnswer.id), col(CourseTestAnswer.ordinal),
        col(BankQuestionVersion.document), col(CourseTestAttempt.given),
    )
    .join_from(
        CourseTestAnswer, CourseTestAttempt,
        col(CourseTestAnswer.attempt_id) == col(CourseTestAttempt.id),
    )
    .join(
        BankQuestionVersion, col(CourseTestAnswer.version_id) == col(BankQuestionVersion.id)
    )
    .where(
        col(CourseTestAttempt.id) == _attempt_id,
        col(CourseTestAnswer.ordinal) == any_(bindparam("ordinals", type_=ARRAY(Integer))),
    )
)  # fmt: skip
_worth = func.unnest(
    bindparam("ids", type_=ARRAY(Uuid)), bindparam("worths", type_=ARRAY(Numeric))
).table_valued("id", "worth").render_derived()  # fmt: skip
_VALUE = Statement(
    update(CourseTestAnswer)
    .where(col(CourseTestAnswer.id) == _worth.c.id)
    .values(awarded=_worth.c.worth)
)


async def save_test_answers(
    db: Connection, actor: Actor, *, attempt_id: UUID, new: SavedAnswers, now: datetime
) -> Row:
    """Save answers of an open attempt; of a question the answer with the highest revision stands."""
    _, is_over = await _hold(db, actor, attempt_id, now)
    if is_over:
        raise AttemptOver
    ordinals = [each.ordinal for each in new.answers]
    paper = await db.all(_ON_PAPER, attempt_id=attempt_id, ordinals=ordinals)
    asked = {row["ordinal"]: row for row in paper}
    for ordinal in ordinals:
        if ordinal not in asked:
            raise PaperWithoutQuestion(ordinal=ordinal)
    kept: dict[str, Any] = dict(paper[0]["given"])
    worths = _take(kept, asked, new.answers, now)
    if worths:
        await db.change(CourseTestAttempt, attempt_id, {"given": kept})
        await db.run(_VALUE, ids=list(worths), worths=list(worths.values()))
    return await OWN_ATTEMPTS.get(db, actor, attempt_id)


def _take(
    kept: dict[str, Any],
    asked: Mapping[int, Row],
    answers: Sequence[GivenTestAnswer],
    now: datetime,
) -> dict[UUID, Any]:
    """Put what is newer into `kept`; what each is worth, by the key of the question on the paper."""
    worths: dict[UUID, Any] = {}
    for each in sorted(answers, key=lambda each: each.revision):
        row, name = asked[each.ordinal], str(each.ordinal)
        said = read_test_answer(row["document"], each)
        if each.revision > kept.get(name, {}).get("revision", 0):
            saved = {"said": said, "revision": each.revision, "saved_at": now.isoformat()}
            kept[name] = saved
            worths[row["id"]] = worth_of(row["document"], said)
    return worths


async def hand_in_test_attempt(
    db: Connection, actor: Actor, *, attempt_id: UUID, now: datetime
) -> Row:
    """Hand an attempt in; one that is over already stays as it is."""
    attempt, is_over = await _hold(db, actor, attempt_id, now)
    if is_over:
        return attempt
    await db.change(CourseTestAttempt, attempt_id, {"handed_in_at": now})
    return await OWN_ATTEMPTS.get(db, actor, attempt_id)
