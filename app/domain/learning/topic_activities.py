"""Activities of topics (课题活动): which research activities belong to a topic.

A topic is studied in activities that stand for themselves: their sessions, attendance and evidence stay
where they are, and an activity may serve several topics.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, UniqueConstraint, Uuid, bindparam, delete, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, key
from app.domain.errors import Conflict, NotFound
from app.domain.learning.topics import TOPIC_PLACES, TOPICS, Topic, TopicStateWrong, open_topic
from app.domain.learning.topics.vocabulary import RUNNING
from app.domain.paging import Page, PageRequest
from app.domain.training.activities import ACTIVITIES, Activity
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class TopicActivity(Table, table=True):
    """That an activity belongs to a topic."""

    __table_args__ = (
        UniqueConstraint("topic_id", "activity_id"),
        Index(None, "activity_id"),
    )

    id: UUID = key()
    topic_id: UUID = Field(foreign_key="topic.id", sa_type=Uuid)
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)
    added_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    added_at: datetime = Field(sa_type=MOMENT)


class TopicActivityView(BaseModel):
    """An activity of a topic, as whoever sees the topic sees it."""

    id: UUID = Field(description="标识 / key")
    topic_id: UUID = Field(description="课题 / topic")
    activity_id: UUID = Field(description="活动 / activity")
    title: str = Field(description="活动名称 / title of the activity")
    starts_on: date = Field(description="开始日期 / first day")
    ends_on: date = Field(description="结束日期 / last day")


class NewTopicActivity(Command):
    """An activity that is to belong to a topic."""

    activity_id: UUID = Field(description="活动 / activity")


# What can be refused.


class TopicActivityNotFound(NotFound):
    """The activity does not belong to the topic."""

    code = "topic_activity_not_found"
    zh = "该活动不属于此课题。"
    en = "The activity does not belong to this topic."


class TopicActivityExists(Conflict):
    """The activity belongs to the topic already."""

    code = "topic_activity_exists"
    zh = "该活动已属于此课题。"
    en = "The activity belongs to this topic already."


# What may be asked.

TOPIC_ACTIVITIES = Door(
    table=TopicActivity,
    view=TopicActivityView,
    read=Permission.TOPIC_READ,
    missing=TopicActivityNotFound,
    places=TOPIC_PLACES,
    computed={
        "title": col(Activity.title), "starts_on": col(Activity.starts_on),
        "ends_on": col(Activity.ends_on),
    },
    joined=TopicActivity.__table__.join(  # type: ignore[attr-defined]
        Topic.__table__,  # type: ignore[attr-defined]
        col(TopicActivity.topic_id) == col(Topic.id),
    ).join(Activity.__table__, col(TopicActivity.activity_id) == col(Activity.id)),  # type: ignore[attr-defined]
    filters={"topic_id": col(TopicActivity.topic_id)},
    sorts={"starts_on": (col(Activity.starts_on),)},
)  # fmt: skip
"""Which activities belong to topics, seen by whoever sees the topic."""


async def list_topic_activities(
    db: Connection, actor: Actor, *, topic_id: UUID, page: PageRequest
) -> Page:
    """The activities of one topic, the earliest first."""
    await TOPICS.get(db, actor, topic_id)
    return await TOPIC_ACTIVITIES.page(db, actor, page, filters={"topic_id": topic_id})


async def topic_activities_of(
    db: Connection,
    actor: Actor,
    *,
    topic_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The activities of each of many topics, the earliest first."""
    owner = col(TopicActivity.topic_id)
    return await TOPIC_ACTIVITIES.pages_of(db, actor, owner, topic_ids, page, columns=columns)


# What may be done.


async def add_topic_activity(
    db: Connection, actor: Actor, *, topic_id: UUID, new: NewTopicActivity, now: datetime
) -> Row:
    """Let an activity that the actor sees belong to a topic that is being studied."""
    topic = await open_topic(db, actor, topic_id=topic_id)
    if topic["state"] not in RUNNING:
        raise TopicStateWrong(state=topic["state"])
    await ACTIVITIES.get(db, actor, new.activity_id)
    row: Row = {
        "id": new_id(), "topic_id": topic_id, "activity_id": new.activity_id,
        "added_by": actor.account_id, "added_at": now,
    }  # fmt: skip
    try:
        await db.insert(TopicActivity, row)
    except UniqueViolationError:
        raise TopicActivityExists from None
    return await TOPIC_ACTIVITIES.get(db, actor, row["id"])


_OF_BOTH = (
    col(TopicActivity.topic_id) == bindparam("topic_id", type_=Uuid),
    col(TopicActivity.activity_id) == bindparam("activity_id", type_=Uuid),
)
_FIND = Statement(select(col(TopicActivity.id)).where(*_OF_BOTH))
_REMOVE = Statement(delete(TopicActivity).where(*_OF_BOTH))


async def remove_topic_activity(
    db: Connection, actor: Actor, *, topic_id: UUID, activity_id: UUID
) -> Row:
    """Take an activity out of a topic that is being studied; what it was."""
    topic = await open_topic(db, actor, topic_id=topic_id)
    if topic["state"] not in RUNNING:
        raise TopicStateWrong(state=topic["state"])
    found: Any = await db.value(_FIND, topic_id=topic_id, activity_id=activity_id)
    removed = await TOPIC_ACTIVITIES.get(db, actor, found or topic_id)
    await db.run(_REMOVE, topic_id=topic_id, activity_id=activity_id)
    return removed
