"""What is new for oneself (我的动态): notices that came or were taken back, and how much waits."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Uuid, bindparam, or_, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.errors import NotAllowed
from app.domain.exchange.live.position import (
    PRESENT,
    LiveView,
    Position,
    between,
    changed_between,
    take_present,
)
from app.domain.exchange.tasks import TaskCount, list_task_counts
from app.domain.people.teachers.strata import is_among
from app.domain.training.notices import (
    AUDIENCE,
    CANDIDATES,
    NOTICES,
    Notice,
    NoticeState,
    NoticeView,
    told_as_teacher,
)
from app.sql import Connection, Row, Statement

MOST_NOTICES = 50
"""Notices that one read tells of; where there are more, the list is read afresh."""


class LiveInboxView(LiveView):
    """What waits for oneself now, and what one was told after a position."""

    task_counts: list[TaskCount] = Field(description="各类待办数 / how much of each kind waits")
    notices: list[NoticeView] = Field(description="新通知 / notices that came since")
    withdrawn: list[UUID] = Field(description="已撤回的通知 / notices that were taken back since")


# What may be asked.

_TEACHER = bindparam("teacher_id", type_=Uuid)
_PRESENT = Statement(select(*PRESENT))
_TOLD = Statement(
    NOTICES.select()
    .where(
        is_among(col(Notice.state), [NoticeState.PUBLISHED, NoticeState.WITHDRAWN]),
        AUDIENCE.is_for(col(Notice.id), bindparam("audience", type_=ARRAY(Uuid))),
        or_(_TEACHER.is_(None), CANDIDATES.includes(col(Notice.id), _TEACHER)),
        changed_between(col(Notice.change_transaction)),
    )
    .order_by(col(Notice.change_transaction), col(Notice.change_sequence))
    .limit(bindparam("limit", type_=Integer))
)


async def get_live_inbox(
    db: Connection, actor: Actor, *, now: datetime, after: str | None = None
) -> Row:
    """How much waits for the actor, and which notices came for the actor or were taken back.

    Without `after`, and whenever that position means nothing any more, no notice is told but that one's
    notices are to be read afresh, by `list_own_notices`, before going on from the new position.
    """
    seen = Position.read(after)
    actor.require_free(Permission.NOTICE_READ.value)
    if not actor.allows(Permission.NOTICE_READ):
        raise NotAllowed(Permission.NOTICE_READ.value)
    present = take_present(await db.one(_PRESENT) or {})
    counts = await list_task_counts(db, actor, now=now)
    told: list[Row] = []
    afresh = seen is None or not seen.leads_to(present)
    if seen is not None and not afresh:
        told = await db.all(
            _TOLD, audience=actor.audience, teacher_id=told_as_teacher(actor),
            limit=MOST_NOTICES + 1, **between(seen, present),
        )  # fmt: skip
        afresh = len(told) > MOST_NOTICES
    if afresh:
        told = []
    return {
        "position": present.cursor(),
        "afresh": afresh,
        "task_counts": counts,
        "notices": [each for each in told if each["state"] == NoticeState.PUBLISHED],
        "withdrawn": [each["id"] for each in told if each["state"] == NoticeState.WITHDRAWN],
    }
