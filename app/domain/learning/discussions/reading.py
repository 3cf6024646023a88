"""How far one has read a discussion."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Integer, Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.base import MOMENT, Command
from app.domain.learning.discussions.discussion import DISCUSSIONS
from app.domain.learning.discussions.table import DiscussionReading
from app.sql import Connection, Row, Statement


class DiscussionMark(Command):
    """Up to which post one has read."""

    read_to: int = Field(
        ge=0, le=2_147_483_647, description="已读至第几条 / number of the last post that was read"
    )


class DiscussionReadingView(BaseModel):
    """How far one has read a discussion."""

    discussion_id: UUID = Field(description="研讨 / discussion")
    read_to: int = Field(description="已读至第几条 / number of the post up to which one has read")
    unread: int = Field(description="未读条数 / posts after that")


# What may be asked.

_DISCUSSION, _ACCOUNT = (bindparam(n, type_=Uuid) for n in ("discussion_id", "account_id"))
_READ_TO = Statement(
    select(col(DiscussionReading.read_to)).where(
        col(DiscussionReading.discussion_id) == _DISCUSSION,
        col(DiscussionReading.account_id) == _ACCOUNT,
    )
)


async def get_discussion_reading(db: Connection, actor: Actor, *, discussion_id: UUID) -> Row:
    """How far the actor has read a discussion that the actor may see."""
    discussion = await DISCUSSIONS.get(db, actor, discussion_id)
    keys = {"discussion_id": discussion_id, "account_id": actor.account_id}
    read_to = await db.value(_READ_TO, **keys) or 0
    return {
        "discussion_id": discussion_id, "read_to": read_to, "unread": discussion["posts"] - read_to,
    }  # fmt: skip


# What may be done.

_mark = insert(DiscussionReading).values(
    discussion_id=_DISCUSSION,
    account_id=_ACCOUNT,
    read_to=bindparam("read_to", type_=Integer),
    read_at=bindparam("now", type_=MOMENT),
)
_MARK = Statement(
    _mark.on_conflict_do_update(
        index_elements=["discussion_id", "account_id"],
        set_={
            "read_to": func.greatest(col(DiscussionReading.read_to), _mark.excluded.read_to),
            "read_at": _mark.excluded.read_at,
        },
    )
)


async def read_discussion(
    db: Connection, actor: Actor, *, discussion_id: UUID, mark: DiscussionMark, now: datetime
) -> Row:
    """Remember up to which post the actor has read: never less far than before, nor beyond the last."""
    discussion = await DISCUSSIONS.get(db, actor, discussion_id)
    await db.run(
        _MARK, discussion_id=discussion_id, account_id=actor.account_id,
        read_to=min(mark.read_to, discussion["posts"]), now=now,
    )  # fmt: skip
    return await get_discussion_reading(db, actor, discussion_id=discussion_id)
