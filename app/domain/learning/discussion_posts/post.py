"""A post as both faces show it: its view, its door, what may be asked."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Uuid, any_, bindparam, case, func, null, or_, select
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import Door, whoever
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.learning.discussion_posts.table import PostMention, PostWording
from app.domain.learning.discussions import (
    DISCUSSION_PLACES,
    DISCUSSIONS,
    RUN_PLACES,
    Discussion,
    DiscussionPost,
    is_for,
)
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import PersonName, Teacher
from app.sql import Connection, Row, Statement


class DiscussionPostView(BaseModel):
    """A post as all see it who see the discussion."""

    id: UUID = Field(description="标识 / key")
    discussion_id: UUID = Field(description="研讨 / discussion")
    number: int = Field(description="序号，从1起 / number in the discussion, from 1")
    parent_id: UUID | None = Field(description="所回复的发言 / post that it replies to, if to one")
    teacher_id: UUID | None = Field(description="发言教师 / teacher who wrote it, if one did")
    name: PersonName = Field(description="发言人 / name of who wrote it")
    works_at: str | None = Field(description="发言教师的学校 / the teacher's school")
    text: str | None = Field(
        description="内容；已撤回或已隐藏时为空 / what it says; null once withdrawn or hidden"
    )
    at_ms: int | None = Field(description="视频时间点，毫秒 / moment of the video in ms, if at one")
    mentions: list[UUID] = Field(description="提及的教师 / teachers whom it names")
    written_at: datetime = Field(description="发言时间 / when it was written")
    edited_at: datetime | None = Field(description="修改时间 / when it was edited last")
    withdrawn_at: datetime | None = Field(description="撤回时间 / when its author took it back")
    hidden_at: datetime | None = Field(description="隐藏时间 / when those who moderate hid it")


class PostWordingView(BaseModel):
    """How a post read before it was edited."""

    text: str = Field(description="原内容 / what it said")
    replaced_at: datetime = Field(description="修改时间 / when that was replaced")


# What can be refused.


class PostNotFound(NotFound):
    """There is no such post for the one who asks."""

    code = "discussion_post_not_found"
    zh = "未找到该发言。"
    en = "There is no such post."


# What may be asked.

_POSTS, _DISCUSSIONS, _ACCOUNTS, _TEACHERS, _UNITS = (
    each.__table__  # type: ignore[union-attr]
    for each in (DiscussionPost, Discussion, Account, Teacher, Unit)
)
_MENTIONED = func.array(
    select(col(PostMention.teacher_id))
    .where(col(PostMention.post_id) == _POSTS.c.id)
    .order_by(col(PostMention.teacher_id))
    .correlate(_POSTS)
    .scalar_subquery()
)
SHOWN: dict[str, Any] = {
    "name": func.coalesce(_TEACHERS.c.name, _ACCOUNTS.c.display_name),
    "works_at": _UNITS.c.name,
    "mentions": _MENTIONED,
}
"""Who wrote a post, and whom it names."""
WITH_AUTHOR = (
    _POSTS.join(_DISCUSSIONS, _POSTS.c.discussion_id == _DISCUSSIONS.c.id)
    .join(_ACCOUNTS, _POSTS.c.written_by == _ACCOUNTS.c.id)
    .outerjoin(_TEACHERS, _POSTS.c.teacher_id == _TEACHERS.c.id)
    .outerjoin(_UNITS, _TEACHERS.c.school_id == _UNITS.c.id)
)
DISCUSSION_POSTS = Door(
    table=DiscussionPost,
    view=DiscussionPostView,
    read=Permission.DISCUSSION_READ,
    missing=PostNotFound,
    places=DISCUSSION_PLACES,
    audience=is_for,
    for_holders=True,
    computed={
        **SHOWN, "text": case((_POSTS.c.hidden_at.is_(None), _POSTS.c.text), else_=null()),
    },
    joined=WITH_AUTHOR,
    filters={
        "discussion_id": _POSTS.c.discussion_id,
        "parent_id": _POSTS.c.parent_id,
        "teacher_id": _POSTS.c.teacher_id,
        "from_ms": lambda moment: _POSTS.c.at_ms >= moment,
        "to_ms": lambda moment: _POSTS.c.at_ms < moment,
    },
    sorts={"number": (_POSTS.c.number,), "at_ms": (_POSTS.c.at_ms, _POSTS.c.number)},
)  # fmt: skip
"""Posts, seen by whoever sees the discussion."""

_OF_ONE = replace(DISCUSSION_POSTS, audience=whoever)
"""Those of a discussion whose door was passed."""

POSTS_TO_MODERATE = replace(DISCUSSION_POSTS, places=RUN_PLACES, shared=DISCUSSION_PLACES)
"""The same for whoever moderates: where the thing lies, and not where it is shared to."""

_in_sight = DISCUSSION_PLACES["teacher_id"]
OWN_POSTS = replace(
    DISCUSSION_POSTS,
    places=DISCUSSION_PLACES
    | {"teacher_id": lambda ids: or_(_in_sight(ids), _POSTS.c.teacher_id == any_(ids))},
)
"""The same for their authors, who still take back what they said where they see no more of the discussion."""


async def get_discussion_post(db: Connection, actor: Actor, *, post_id: UUID) -> Row:
    """One post in a discussion that the actor may see."""
    return await DISCUSSION_POSTS.get(db, actor, post_id)


async def list_discussion_posts(
    db: Connection,
    actor: Actor,
    *,
    discussion_id: UUID,
    page: PageRequest,
    parent_id: UUID | None = None,
    teacher_id: UUID | None = None,
    from_ms: int | None = None,
    to_ms: int | None = None,
) -> Page:
    """The posts of a discussion as they came, or by the moments of its video (`at_ms`).

    `from_ms` and `to_ms` keep comments at moments in that time, the second one excluded; sorted by moment
    there are such comments alone.
    """
    await DISCUSSIONS.get(db, actor, discussion_id)
    if from_ms is None and (page.sort or "").removeprefix("-") == "at_ms":
        from_ms = 0
    filters = {
        "discussion_id": discussion_id, "parent_id": parent_id, "teacher_id": teacher_id,
        "from_ms": from_ms, "to_ms": to_ms,
    }  # fmt: skip
    return await _OF_ONE.page(db, actor, page, filters=filters, published=True)


POST = bindparam("post_id", type_=Uuid)
_AUTHOR = Statement(select(col(DiscussionPost.written_by)).where(col(DiscussionPost.id) == POST))


async def is_author(db: Connection, actor: Actor, *, post: Row) -> bool:
    """Whether the actor wrote a post, by this account or as this teacher."""
    if post["teacher_id"] is not None and post["teacher_id"] == actor.teacher_id:
        return True
    return bool(await db.value(_AUTHOR, post_id=post["id"]) == actor.account_id)


_WORDINGS = Statement(
    select(col(PostWording.text), col(PostWording.replaced_at))
    .where(col(PostWording.post_id) == POST)
    .order_by(col(PostWording.replaced_at), col(PostWording.id))
)


async def list_post_wordings(db: Connection, actor: Actor, *, post_id: UUID) -> list[Row]:
    """How a post read before it was edited, for its author and those who moderate; the first first."""
    await open_own_or_moderated(db, actor, post_id=post_id)
    return await db.all(_WORDINGS, post_id=post_id)


async def open_own_or_moderated(db: Connection, actor: Actor, *, post_id: UUID) -> None:
    """Refuse whoever neither wrote a post nor moderates where it is."""
    post = await OWN_POSTS.get(db, actor, post_id)
    if not await is_author(db, actor, post=post):
        await POSTS_TO_MODERATE.get(db, actor, post_id, permission=Permission.DISCUSSION_MODERATE)
