"""Opening a discussion, saying what it is about, closing it and opening it again."""

from dataclasses import replace
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import model_validator
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.learning.discussions.discussion import (
    DISCUSSION_PLACES,
    DISCUSSIONS,
    ON,
    RUN_PLACES,
)
from app.domain.learning.discussions.table import Discussion, DiscussionFields, VideoFields
from app.domain.learning.resources import RESOURCES, ResourceKind
from app.domain.training.activities import SESSIONS, SessionNotFound
from app.domain.training.groups import open_group
from app.sql import Connection, Row, new_id

VIDEOS = frozenset({ResourceKind.AUDIO_VISUAL, ResourceKind.ELECTRONIC})
"""The kinds of resources that a lesson video may be."""


class NewDiscussion(DiscussionFields, VideoFields, Command):
    """What is to be discussed, and on what: an activity, a course, a topic or a group."""

    activity_id: UUID | None = Field(default=None, description="活动 / activity")
    session_id: UUID | None = Field(default=None, description="该活动的场次 / session of it")
    course_id: UUID | None = Field(default=None, description="课程 / course")
    topic_id: UUID | None = Field(default=None, description="课题 / topic")
    group_id: UUID | None = Field(default=None, description="教研组 / group")
    is_pinned: bool = Field(default=False, description="是否置顶 / whether it stands first")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if sum(getattr(self, name) is not None for name in ON) != 1:
            raise Unfit(
                "活动、课程、课题、教研组填且只填一个。",
                "Name an activity, a course, a topic or a group, one of them.",
            )
        if self.session_id is not None and self.activity_id is None:
            raise Unfit("填写场次时须填写活动。", "A session is named with its activity.")
        if (self.resource_id is None) != (self.duration_ms is None):
            raise Unfit(
                "视频与视频时长须同时填写。", "A video is named with its length, or neither is."
            )
        return self


class DiscussionChanges(Command):
    """What of a discussion is to be changed; what is left out stays as it is."""

    title: str | None = Field(
        default=None, min_length=2, max_length=200, description="主题 / title"
    )
    text: str | None = Field(
        default=None, min_length=2, max_length=5000, description="说明 / what it is about"
    )
    is_pinned: bool | None = Field(default=None, description="是否置顶 / whether it stands first")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for name in self.model_fields_set - {"text"}:
            if getattr(self, name) is None:
                raise Unfit(f"{name} 不能为空。", f"{name} cannot be null.")
        return self


class DiscussionClosing(Command):
    """Why a discussion is closed."""

    reason: str = Field(min_length=2, max_length=500, description="关闭原因 / why")


# What can be refused.


class DiscussionVideoUnfit(Invalid):
    """What is observed is an audio-visual or electronic resource that has not been retired."""

    code = "discussion_video_unfit"
    zh = "观摩视频须为在架的音像资料或电子资源。"
    en = "What is observed is an audio-visual or electronic resource that is not retired."


class DiscussionClosed(Conflict):
    """Nothing is said in a discussion that is closed."""

    code = "discussion_closed"
    zh = "该研讨已关闭。"
    en = "The discussion is closed."


class DiscussionOpen(Conflict):
    """A discussion that is open is not opened again."""

    code = "discussion_open"
    zh = "该研讨未关闭。"
    en = "The discussion is open."


def check_open(discussion: Row) -> None:
    """Refuse what is not done in a discussion that is closed."""
    if discussion["closed_at"] is not None:
        raise DiscussionClosed


# What may be done.

_LED = replace(
    DISCUSSIONS,
    places=RUN_PLACES | {"teacher_id": col(Discussion.teacher_id)},
    shared=DISCUSSION_PLACES,
)
"""The same for whoever leads one: of the teachers of a topic or a group, who opened it."""


async def open_discussion(
    db: Connection, actor: Actor, *, new: NewDiscussion, now: datetime
) -> Row:
    """Open a discussion on something that the actor runs, or on a topic or a group of the actor's own.

    With a video it is an observation: whoever sees the discussion comments on moments of it, and whoever
    sees the resource watches it.
    """
    await _check_thing(db, actor, new)
    if new.resource_id is not None:
        video = await RESOURCES.get(db, actor, new.resource_id)
        if video["kind"] not in VIDEOS or video["retired_on"] is not None:
            raise DiscussionVideoUnfit
    row = {
        "id": new_id(), **new.model_dump(), "opened_by": actor.account_id, "opened_at": now,
        "teacher_id": actor.teacher_id,
    }  # fmt: skip
    await db.insert(Discussion, row)
    return await DISCUSSIONS.get(db, actor, row["id"])


async def _check_thing(db: Connection, actor: Actor, new: NewDiscussion) -> None:
    """Refuse what the actor may not open a discussion on; a session is one of a published activity."""
    write = Permission.DISCUSSION_WRITE
    if new.group_id is not None:
        await open_group(db, actor, group_id=new.group_id, permission=write)
        return
    name = next(name for name in ON if getattr(new, name) is not None)
    thing = await ON[name].get(db, actor, getattr(new, name), permission=write)
    if new.session_id is not None:
        session = await SESSIONS.get(db, actor, new.session_id)
        if session["activity_id"] != new.activity_id or thing["published_at"] is None:
            raise SessionNotFound


async def _held(db: Connection, actor: Actor, discussion_id: UUID) -> Row:
    write = Permission.DISCUSSION_WRITE
    return await _LED.get(db, actor, discussion_id, permission=write, lock=True)


async def update_discussion(
    db: Connection, actor: Actor, *, discussion_id: UUID, changes: DiscussionChanges
) -> Row:
    """Say anew what a discussion is about, or let it stand before the others."""
    await _held(db, actor, discussion_id)
    await db.change(Discussion, discussion_id, changes.model_dump(exclude_unset=True))
    return await DISCUSSIONS.get(db, actor, discussion_id)


async def close_discussion(
    db: Connection, actor: Actor, *, discussion_id: UUID, closing: DiscussionClosing, now: datetime
) -> Row:
    """Close a discussion: it is read on, and nothing more is said in it."""
    check_open(await _held(db, actor, discussion_id))
    values = {
        "closed_at": now, "closed_by": actor.account_id, "closed_because": closing.reason,
    }  # fmt: skip
    await db.change(Discussion, discussion_id, values)
    return await DISCUSSIONS.get(db, actor, discussion_id)


async def reopen_discussion(db: Connection, actor: Actor, *, discussion_id: UUID) -> Row:
    """Open a discussion again that was closed."""
    discussion = await _held(db, actor, discussion_id)
    if discussion["closed_at"] is None:
        raise DiscussionOpen
    values = dict.fromkeys(("closed_at", "closed_by", "closed_because"))
    await db.change(Discussion, discussion_id, values)
    return await DISCUSSIONS.get(db, actor, discussion_id)
