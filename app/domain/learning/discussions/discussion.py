"""A discussion as both faces show it: its view, its door, what may be asked.

The door asks the doors of the things: what somebody may not see, they find no discussion on, and when a
thing goes out of their sight, so does what was said about it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Integer, any_, cast, exists, func, or_, select
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import NOWHERE, Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.learning.courses import COURSES
from app.domain.learning.discussions.table import (
    Discussion,
    DiscussionFields,
    DiscussionPost,
    DiscussionReading,
    VideoFields,
)
from app.domain.learning.topics import TOPICS, is_mine
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import PersonName
from app.domain.training.activities import ACTIVITIES
from app.domain.training.groups import GROUPS, ResearchGroup, groups_with
from app.sql import Connection, Row


class DiscussionView(DiscussionFields, VideoFields):
    """A discussion as both faces show it."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID | None = Field(description="活动 / activity that it is on, if on one")
    session_id: UUID | None = Field(description="场次 / session of it, if on one")
    course_id: UUID | None = Field(description="课程 / course that it is on, if on one")
    topic_id: UUID | None = Field(description="课题 / topic that it is on, if on one")
    group_id: UUID | None = Field(description="教研组 / group that it is of, if of one")
    opener: PersonName = Field(description="发起人 / name of who opened it")
    opened_at: datetime = Field(description="发起时间 / when it was opened")
    is_pinned: bool = Field(description="是否置顶 / whether it stands before the others")
    posts: int = Field(description="发言数，即最后一条的序号 / posts: the number of the last")
    last_post_at: datetime | None = Field(description="最近发言时间 / when the last was written")
    closed_at: datetime | None = Field(description="关闭时间，开放时为空 / when it was closed")
    closed_because: str | None = Field(description="关闭原因 / why it was closed")


# What can be refused.


class DiscussionNotFound(NotFound):
    """There is no such discussion for the one who asks."""

    code = "discussion_not_found"
    zh = "未找到该研讨。"
    en = "There is no such discussion."


# What may be asked.

ON: Mapping[str, Door] = {
    "activity_id": ACTIVITIES,
    "course_id": COURSES,
    "topic_id": replace(TOPICS, audience=is_mine),
    "group_id": replace(
        GROUPS, audience=lambda addresses: col(ResearchGroup.id).in_(groups_with(addresses))
    ),
}
"""The doors of what a discussion may be on, by its column; the people of a topic or a group are those for
whom it is."""

Met = Callable[[Door], ColumnElement[bool] | None]


def _on_what(met: Met) -> ColumnElement[bool]:
    """The predicate 'what this row of discussions is on meets this'."""
    parts: list[ColumnElement[bool]] = []
    for name, door in ON.items():
        condition = met(door)
        if condition is not None:
            thing = select(door.key).where(door.key == col(getattr(Discussion, name)), condition)
            parts.append(exists(thing.correlate(Discussion)))
    return or_(*parts) if parts else NOWHERE


def _is_in(place: Any, ids: Any) -> ColumnElement[bool]:
    within: ColumnElement[bool] = place(ids) if callable(place) else place == any_(ids)
    return within


def _placed(name: str, *, shared: bool) -> Callable[[Any], ColumnElement[bool]]:
    """Where a discussion is by one column of a scope: where its thing is, or is `shared` to."""

    def is_there(ids: Any) -> ColumnElement[bool]:
        def met(door: Door) -> ColumnElement[bool] | None:
            known = (door.placed(), door.shared) if shared else (door.placed(),)
            places = [each[name] for each in known if name in each]
            return or_(*(_is_in(place, ids) for place in places)) if places else None

        return _on_what(met)

    return is_there


def is_for(addresses: Any) -> ColumnElement[bool]:
    """The predicate 'what this discussion is on is for one of these'."""
    return _on_what(lambda door: None if door.audience is None else door.audience(addresses))


_COLUMNS = (*PLACE, "group_id", "network_id", "department_id", "teacher_id")
DISCUSSION_PLACES = {name: _placed(name, shared=True) for name in _COLUMNS}
"""What places a discussion, and all that belongs to it, for those who see it."""
RUN_PLACES = {name: _placed(name, shared=False) for name in _COLUMNS}
"""The same for those who lead and moderate it: who organises an activity jointly sees what is said of it,
and whoever runs the activity leads."""

_posts = (
    select(func.coalesce(func.max(col(DiscussionPost.number)), 0, type_=Integer))
    .where(col(DiscussionPost.discussion_id) == col(Discussion.id))
    .correlate(Discussion)
    .scalar_subquery()
)
_last = (
    select(col(DiscussionPost.written_at))
    .where(col(DiscussionPost.discussion_id) == col(Discussion.id))
    .order_by(col(DiscussionPost.number).desc())
    .limit(1)
    .correlate(Discussion)
    .scalar_subquery()
)


def _is_unread_by(account_id: Any) -> ColumnElement[bool]:
    read_to = (
        select(col(DiscussionReading.read_to))
        .where(
            col(DiscussionReading.discussion_id) == col(Discussion.id),
            col(DiscussionReading.account_id) == account_id,
        )
        .correlate(Discussion)
        .scalar_subquery()
    )
    unread: ColumnElement[bool] = _posts > func.coalesce(read_to, 0)
    return unread


DISCUSSIONS = Door(
    table=Discussion,
    view=DiscussionView,
    read=Permission.DISCUSSION_READ,
    missing=DiscussionNotFound,
    places=DISCUSSION_PLACES,
    audience=is_for,
    for_holders=True,
    computed={"opener": col(Account.display_name), "posts": _posts, "last_post_at": _last},
    joined=Discussion.__table__.join(  # type: ignore[attr-defined]
        Account.__table__,  # type: ignore[attr-defined]
        col(Discussion.opened_by) == col(Account.id),
    ),
    filters={
        **{name: col(getattr(Discussion, name)) for name in (*ON, "session_id")},
        "closed": lambda wanted: col(Discussion.closed_at).is_not(None) == wanted,
        "video": lambda wanted: col(Discussion.resource_id).is_not(None) == wanted,
        "unread_by": _is_unread_by,
    },
    sorts={"created": (), "pinned": (cast(~col(Discussion.is_pinned), Boolean),)},
)
"""Discussions, seen by whoever sees what they are on."""


async def get_discussion(
    db: Connection, actor: Actor, *, discussion_id: UUID, lock: bool = False
) -> Row:
    """One discussion on something that the actor may see."""
    return await DISCUSSIONS.get(db, actor, discussion_id, lock=lock)


async def list_discussions(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    activity_id: UUID | None = None,
    session_id: UUID | None = None,
    course_id: UUID | None = None,
    topic_id: UUID | None = None,
    group_id: UUID | None = None,
    closed: bool | None = None,
    video: bool | None = None,
    unread: bool = False,
    offered: bool = False,
) -> Page:
    """The discussions on what lies in the actor's place, or with `offered` on what is for the actor.

    What is pinned comes first. `unread` keeps those with posts that the actor has not read.
    """
    filters = {
        "activity_id": activity_id, "session_id": session_id, "course_id": course_id,
        "topic_id": topic_id, "group_id": group_id, "closed": closed, "video": video,
        "unread_by": actor.account_id if unread else None,
    }  # fmt: skip
    first = page if page.sort else replace(page, sort="pinned")
    return await DISCUSSIONS.page(db, actor, first, filters=filters, published=offered)
