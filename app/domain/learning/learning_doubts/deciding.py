"""Deciding a doubt about learning: what is dismissed counts from then on, what is confirmed never does."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, Uuid, bindparam, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, text_enum
from app.domain.learning.learning_doubts.doubt import (
    LEARNING_DOUBTS,
    LearningDoubt,
    LearningDoubtDecided,
    LearningDoubtOfOneself,
    LearningDoubtOpinion,
    LearningDoubtState,
)
from app.domain.learning.learning_records import mark_due
from app.sql import Connection, Row, Statement

_DECIDE = Statement(
    update(LearningDoubt)
    .where(
        col(LearningDoubt.id) == bindparam("doubt_id", type_=Uuid),
        col(LearningDoubt.state) == LearningDoubtState.OPEN,
    )
    .values(
        state=bindparam("to", type_=text_enum(LearningDoubtState)),
        decided_at=bindparam("now", type_=MOMENT),
        decided_by=bindparam("decided_by", type_=Uuid),
        opinion=bindparam("found", type_=String),
    )
)


async def dismiss_learning_doubt(
    db: Connection, actor: Actor, *, doubt_id: UUID, decision: LearningDoubtOpinion, now: datetime
) -> Row:
    """Find that everything was as it should be: the records count, unless they stand in another doubt."""
    return await _decide(db, actor, doubt_id, LearningDoubtState.DISMISSED, decision, now)


async def confirm_learning_doubt(
    db: Connection, actor: Actor, *, doubt_id: UUID, decision: LearningDoubtOpinion, now: datetime
) -> Row:
    """Find that something was wrong: these records never count."""
    return await _decide(db, actor, doubt_id, LearningDoubtState.CONFIRMED, decision, now)


async def _decide(
    db: Connection,
    actor: Actor,
    doubt_id: UUID,
    state: LearningDoubtState,
    decision: LearningDoubtOpinion,
    now: datetime,
) -> Row:
    doubt = await LEARNING_DOUBTS.get(db, actor, doubt_id, permission=Permission.ATTENDANCE_REVIEW)
    if await is_oneself(db, actor, teacher_ids=[doubt["teacher_id"]]):
        raise LearningDoubtOfOneself
    decided = await db.run(
        _DECIDE, doubt_id=doubt_id, to=state, now=now, decided_by=actor.account_id,
        found=decision.opinion,
    )  # fmt: skip
    if not decided:
        raise LearningDoubtDecided
    await mark_due(db, pairs=[(doubt["activity_id"], doubt["teacher_id"])], now=now)
    return await LEARNING_DOUBTS.get(db, actor, doubt_id)
