"""Writing a post, editing it within a while, taking it back."""

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import (
    Uuid,
    bindparam,
    delete,
    update,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.attempts import TooManyAttempts, count_attempt
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid, NotAllowed, TooMany
from app.domain.learning.discussion_posts.addressing import (
    check_mentions,
    check_parent,
    check_stands,
)
from app.domain.learning.discussion_posts.post import (
    DISCUSSION_POSTS,
    OWN_POSTS,
    POST,
    is_author,
)
from app.domain.learning.discussion_posts.table import PostMention, PostWording
from app.domain.learning.discussions import (
    DISCUSSIONS,
    DiscussionPost,
    DiscussionReading,
    check_open,
)
from app.sql import Connection, Row, Statement, new_id

EDITABLE_FOR = timedelta(minutes=30)
"""How long an author may edit a post."""
AT_ONCE = 10
"""Posts that an account may write one after the other."""
EVERY = timedelta(seconds=6)
"""After them, one in each such time."""
MOST_MENTIONS = 20


class PostText(Command):
    """What a post says; the text is shown as it is, nothing in it is obeyed."""

    text: str = Field(min_length=1, max_length=5000, description="内容 / what it says")


class NewDiscussionPost(PostText):
    """A post to be written."""

    parent_id: UUID | None = Field(
        default=None, description="所回复的发言 / post that it replies to, itself no reply"
    )
    at_ms: int | None = Field(
        default=None, ge=0, le=2_147_483_647,
        description="视频时间点，毫秒 / moment of the video that it is about, in ms",
    )  # fmt: skip
    mentions: list[UUID] = Field(
        default_factory=list,
        max_length=MOST_MENTIONS,
        description="提及的教师 / teachers whom it names",
    )


# What can be refused.


class TooManyPosts(TooMany):
    """The account writes faster than anybody is to be read."""

    code = "too_many_posts"
    zh = "发言过于频繁，请在 {retry_after} 秒后重试。"
    en = "You write too often: try again in {retry_after} seconds."


class MomentUnfit(Invalid):
    """A moment is one of the video's; a reply is about the moment of what it replies to."""

    code = "discussion_moment_unfit"
    zh = "时间点须在视频时长之内；无视频的研讨和回复不填时间点。"
    en = "A moment lies within the video; without one, and in a reply, none is named."


class PostOfAnother(NotAllowed):
    """A post is edited and taken back by who wrote it."""

    code = "discussion_post_of_another"
    zh = "只能修改、撤回本人的发言。"
    en = "A post is edited and taken back by its author."


class PostSettled(Conflict):
    """A post is edited soon after it was written, or not at all."""

    code = "discussion_post_settled"
    zh = "发言超过 {minutes} 分钟后不能修改。"
    en = "A post can be edited for {minutes} minutes."


class PostNotHidden(Conflict):
    """The post is not hidden."""

    code = "discussion_post_not_hidden"
    zh = "该发言未被隐藏。"
    en = "The post is not hidden."


# What may be done.


async def count_post(db: Connection, actor: Actor, *, now: datetime) -> None:
    """Count one post of the account, or refuse it; what is refused for another reason does not count."""
    key = sha256(f"discussion_post\n{actor.account_id}".encode()).digest()
    try:
        await count_attempt(db, key=key, at_once=AT_ONCE, every=EVERY, now=now)
    except TooManyAttempts as refusal:
        raise TooManyPosts(**refusal.details) from None


async def write_discussion_post(
    db: Connection, actor: Actor, *, discussion_id: UUID, new: NewDiscussionPost, now: datetime
) -> Row:
    """Write a post, a comment at a moment of the video or a reply, in an open discussion.

    The discussion is locked, so that posts are numbered without gaps and whoever has read up to one has
    read all before it. Whom the post names finds it among what waits.
    """
    discussion = await DISCUSSIONS.get(db, actor, discussion_id, lock=True)
    actor.require(Permission.DISCUSSION_JOIN)
    check_open(discussion)
    await check_parent(db, actor, discussion_id=discussion_id, parent_id=new.parent_id)
    if new.at_ms is not None and (
        new.parent_id is not None or new.at_ms > (discussion["duration_ms"] or -1)
    ):
        raise MomentUnfit
    mentions = list(dict.fromkeys(new.mentions))
    await check_mentions(db, actor, discussion_id=discussion_id, mentions=mentions)
    await count_post(db, actor, now=now)
    discussion = await DISCUSSIONS.get(db, actor, discussion_id)  # as it is under the lock
    row = {
        "id": new_id(), "discussion_id": discussion_id, "number": discussion["posts"] + 1,
        **new.model_dump(include={"parent_id", "text", "at_ms"}), "teacher_id": actor.teacher_id,
        "written_by": actor.account_id, "written_at": now,
    }  # fmt: skip
    await db.insert(DiscussionPost, row)
    named = [{"post_id": row["id"], "teacher_id": teacher_id} for teacher_id in mentions]
    await db.insert_all(PostMention, named)
    await db.run(
        _READ_OWN,
        discussion_id=discussion_id,
        account_id=actor.account_id,
        before=row["number"] - 1,
    )
    return await DISCUSSION_POSTS.get(db, actor, row["id"])


_DISCUSSION = bindparam("discussion_id", type_=Uuid)
_READ_OWN = Statement(
    update(DiscussionReading)
    .where(
        col(DiscussionReading.discussion_id) == _DISCUSSION,
        col(DiscussionReading.account_id) == bindparam("account_id", type_=Uuid),
        col(DiscussionReading.read_to) == bindparam("before"),
    )
    .values(read_to=col(DiscussionReading.read_to) + 1)
)
"""Who has read everything has read what they add."""


async def _own(db: Connection, actor: Actor, post_id: UUID) -> Row:
    """A post of the actor's own, locked, whether or not the discussion is still in the actor's sight."""
    join = Permission.DISCUSSION_JOIN
    post = await OWN_POSTS.get(db, actor, post_id, lock=True)
    actor.require(join)
    if not await is_author(db, actor, post=post):
        raise PostOfAnother(join.value)
    return post


async def edit_discussion_post(
    db: Connection, actor: Actor, *, post_id: UUID, change: PostText, now: datetime
) -> Row:
    """Edit a post of one's own within half an hour; that it was is shown, how it read before is kept."""
    post = await _own(db, actor, post_id)
    check_stands(post)
    check_open(await DISCUSSIONS.get(db, actor, post["discussion_id"]))
    if now > post["written_at"] + EDITABLE_FOR:
        raise PostSettled(minutes=int(EDITABLE_FOR.total_seconds() // 60))
    if change.text == post["text"]:
        return post
    await count_post(db, actor, now=now)
    await db.insert(
        PostWording,
        {"id": new_id(), "post_id": post_id, "text": post["text"], "replaced_at": now},
    )
    await db.change(DiscussionPost, post_id, {"text": change.text, "edited_at": now})
    return await DISCUSSION_POSTS.get(db, actor, post_id)


_FORGET = Statement(delete(PostWording).where(col(PostWording.post_id) == POST))


async def withdraw_discussion_post(
    db: Connection, actor: Actor, *, post_id: UUID, now: datetime
) -> Row:
    """Take a post of one's own back: what it said goes, its place in the discussion stays.

    What was reported of it stays with the report.
    """
    check_stands(await _own(db, actor, post_id))
    await db.run(_FORGET, post_id=post_id)
    await db.change(DiscussionPost, post_id, {"text": None, "withdrawn_at": now})
    return await OWN_POSTS.get(db, actor, post_id)


async def acknowledge_hidden_post(
    db: Connection, actor: Actor, *, post_id: UUID, now: datetime
) -> Row:
    """Take note that a post of one's own was hidden; why, its decisions say."""
    post = await _own(db, actor, post_id)
    if post["hidden_at"] is None:
        raise PostNotHidden
    await db.change(DiscussionPost, post_id, {"told_at": now})
    return await OWN_POSTS.get(db, actor, post_id)
