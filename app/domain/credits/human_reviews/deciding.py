"""Asking for a review by a human, deciding it, taking the request back."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    String,
    Uuid,
    bindparam,
    exists,
    insert,
    literal,
    select,
    update,
)
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, civil_date, text_enum
from app.domain.credits.entries import EntryNotFound
from app.domain.credits.entries.table import CreditEntry
from app.domain.credits.human_reviews.review import (
    HUMAN_REVIEWS,
    HumanReview,
    NewHumanReview,
    ReviewDecision,
    ReviewState,
)
from app.domain.errors import Conflict, NotAllowed
from app.domain.people.teachers import Teacher
from app.domain.training.activities import ActivityNotFound
from app.domain.training.attendance import Attendance
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

ANSWERED_WITHIN = timedelta(days=15)
"""Days for an answer: 「应当建立便捷的……申请受理和处理机制」 (PIPL, article 50) names none."""


# What can be refused.


class HumanReviewOpen(Conflict):
    """A review of the same thing is asked for already."""

    code = "human_review_open"
    zh = "该事项已有待办理的复核申请。"
    en = "A review of the same thing is waiting already."


class HumanReviewDecided(Conflict):
    """It was decided or withdrawn before."""

    code = "human_review_decided"
    zh = "该复核申请已办理（{state}）。"
    en = "This request has been dealt with already ({state})."


class HumanReviewOfOneself(Conflict):
    """Nobody reviews their own matter."""

    code = "human_review_of_oneself"
    zh = "不能复核本人的事项。"
    en = "Nobody reviews their own matter."


# What may be done.

_teacher = bindparam("of_teacher", type_=Uuid)
_CONCERNS = Statement(
    select(
        exists(
            select(col(CreditEntry.id)).where(
                col(CreditEntry.id) == bindparam("entry_id", type_=Uuid),
                col(CreditEntry.teacher_id) == _teacher,
            )
        ).label("entry"),
        exists(
            select(col(Attendance.id)).where(
                col(Attendance.activity_id) == bindparam("activity_id", type_=Uuid),
                col(Attendance.teacher_id) == _teacher,
            )
        ).label("activity"),
    )
)
_TABLE = HumanReview.__table__  # type: ignore[attr-defined]
_ASKED = ("id", "entry_id", "activity_id", "reason", "state", "asked_at", "due_on")
_ASK = Statement(
    insert(_TABLE).from_select(
        [*_ASKED, "teacher_id", *PLACE],
        select(
            *(bindparam(name, type_=_TABLE.c[name].type) for name in _ASKED),
            col(Teacher.id),
            *(col(getattr(Teacher, name)) for name in PLACE),
        ).where(col(Teacher.id) == _teacher),
        include_defaults=False,
    )
)


async def request_human_review(
    db: Connection, actor: Actor, *, new: NewHumanReview, now: datetime
) -> Row:
    """Ask that a human looks at an entry of one's own, or at why an activity gave none."""
    actor.require(Permission.CLAIM_WRITE)
    if actor.teacher_id is None:
        raise NotAllowed(Permission.CLAIM_WRITE.value)
    about = new.model_dump(include={"entry_id", "activity_id"})
    found = await db.one(_CONCERNS, of_teacher=actor.teacher_id, **about) or {}
    if new.entry_id is not None and not found["entry"]:
        raise EntryNotFound
    if new.activity_id is not None and not found["activity"]:
        raise ActivityNotFound
    review_id = new_id()
    row = {
        "id": review_id,
        **new.model_dump(),
        "state": ReviewState.ASKED,
        "asked_at": now,
        "due_on": civil_date(now) + ANSWERED_WITHIN,
    }
    try:
        await db.run(_ASK, of_teacher=actor.teacher_id, **row)
    except UniqueViolationError:
        raise HumanReviewOpen from None
    return await HUMAN_REVIEWS.get(db, actor, review_id)


_SETTLE = Statement(
    update(HumanReview)
    .where(
        col(HumanReview.id) == bindparam("review_id", type_=Uuid),
        col(HumanReview.state) == literal(ReviewState.ASKED.value),
    )
    .values(
        state=bindparam("to", type_=text_enum(ReviewState)),
        decided_at=bindparam("now", type_=MOMENT),
        decided_by=bindparam("by", type_=Uuid),
        opinion=bindparam("words", type_=String),
    )
)


async def decide_human_review(
    db: Connection, actor: Actor, *, review_id: UUID, decision: ReviewDecision, now: datetime
) -> Row:
    """Say what a human has found, and why; for the bureau in charge. Of two the second is told."""
    permission = Permission.CREDIT_RECOGNISE
    review = await HUMAN_REVIEWS.get(db, actor, review_id, permission=permission)
    if await is_oneself(db, actor, teacher_ids=[review["teacher_id"]]):
        raise HumanReviewOfOneself
    state = ReviewState.PUT_RIGHT if decision.put_right else ReviewState.UPHELD
    return await _settle(db, actor, review, state, decision.opinion, now)


async def withdraw_human_review(
    db: Connection, actor: Actor, *, review_id: UUID, now: datetime
) -> Row:
    """Take one's own request back while it waits."""
    permission = Permission.CLAIM_WRITE
    review = await HUMAN_REVIEWS.get(db, actor, review_id, permission=permission)
    return await _settle(db, actor, review, ReviewState.WITHDRAWN, None, now)


async def _settle(
    db: Connection,
    actor: Actor,
    review: Row,
    state: ReviewState,
    opinion: str | None,
    now: datetime,
) -> Row:
    given = {"to": state, "now": now, "by": actor.account_id, "words": opinion}
    if not await db.run(_SETTLE, review_id=review["id"], **given):
        raise HumanReviewDecided(state=review["state"])
    return await HUMAN_REVIEWS.get(db, actor, review["id"])
