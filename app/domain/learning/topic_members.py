"""Members of topics (课题组成员): who takes part, as what, and with which share in the work.

The shares make up 100, or it is said why they do not. They are written as a whole, so that they never
stand half changed; what they were is in the audit trail.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import Uuid, bindparam, case, delete, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Invalid, NotFound, Unfit
from app.domain.learning.topics import (
    TOPIC_PLACES,
    TOPICS,
    Topic,
    TopicDuty,
    TopicMember,
    check_people,
    check_writable,
    open_topic,
)
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import PersonName, Teacher
from app.sql import Connection, Row, Statement, new_id

WHOLE = Decimal(100)


class TopicMemberFields(BaseModel):
    """Who takes part, as what, with which share."""

    teacher_id: UUID = Field(description="教师 / teacher")
    duty: TopicDuty = Field(description="分工 / duty")
    share: Decimal = Field(
        ge=0,
        le=100,
        max_digits=5,
        decimal_places=2,
        description="份额，百分数 / share, in hundredths",
    )
    task: str | None = Field(
        default=None, min_length=1, max_length=200, description="承担任务 / what the member does"
    )


class TopicMemberView(TopicMemberFields):
    """A member of a topic as both faces show one."""

    id: UUID = Field(description="标识 / key")
    topic_id: UUID = Field(description="课题 / topic")
    name: PersonName = Field(description="姓名 / name")
    school: str = Field(description="学校 / name of the school")


class NewTopicMember(TopicMemberFields, Command):
    """A teacher who is to take part in a topic."""


class TopicTeam(Command):
    """All who take part in a topic."""

    members: list[NewTopicMember] = Field(
        min_length=1, max_length=200, description="成员，含主持人 / members, the leader included"
    )
    shares_explained: str | None = Field(
        default=None,
        min_length=2,
        max_length=500,
        description="份额合计不为 100 时的说明 / why the shares do not make up 100",
    )

    @model_validator(mode="after")
    def _is_led_by_one(self) -> Self:
        if len({each.teacher_id for each in self.members}) < len(self.members):
            raise Unfit("同一教师重复列出。", "A teacher stands there twice.")
        if sum(each.duty is TopicDuty.LEADER for each in self.members) != 1:
            raise Unfit("须有且只有一名主持人。", "A topic has one leader.")
        return self


# What can be refused.


class TopicMemberNotFound(NotFound):
    """There is no such member for the one who asks."""

    code = "topic_member_not_found"
    zh = "未找到该课题成员。"
    en = "There is no such member of a topic."


class TopicSharesUnbalanced(Invalid):
    """The shares of the members make up the whole, or it is said why they do not."""

    code = "topic_shares_unbalanced"
    zh = "成员份额合计为 {total}，应为 100，否则须说明理由。"
    en = "The shares make up {total} instead of 100: say why, or put them right."


# What may be asked.

_duty = col(TopicMember.duty)
_BY_DUTY = case((_duty == TopicDuty.LEADER, 0), (_duty == TopicDuty.CORE, 1), else_=2)

TOPIC_MEMBERS = Door(
    table=TopicMember,
    view=TopicMemberView,
    read=Permission.TOPIC_READ,
    missing=TopicMemberNotFound,
    places=TOPIC_PLACES,
    computed={"name": col(Teacher.name), "school": col(Unit.name)},
    joined=TopicMember.__table__.join(  # type: ignore[attr-defined]
        Topic.__table__,  # type: ignore[attr-defined]
        col(TopicMember.topic_id) == col(Topic.id),
    )
    .join(Teacher.__table__, col(TopicMember.teacher_id) == col(Teacher.id))  # type: ignore[attr-defined]
    .join(Unit.__table__, col(Teacher.school_id) == col(Unit.id)),  # type: ignore[attr-defined]
    filters={"topic_id": col(TopicMember.topic_id)},
    sorts={"duty": (_BY_DUTY, col(Teacher.name))},
)
"""Members, seen by whoever sees the topic: leader first, then the core."""


async def list_topic_members(
    db: Connection, actor: Actor, *, topic_id: UUID, page: PageRequest
) -> Page:
    """Who takes part in one topic that the actor may see."""
    await TOPICS.get(db, actor, topic_id)
    return await TOPIC_MEMBERS.page(db, actor, page, filters={"topic_id": topic_id})


async def topic_members_of(
    db: Connection,
    actor: Actor,
    *,
    topic_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """Who takes part in each of many topics."""
    owner = col(TopicMember.topic_id)
    return await TOPIC_MEMBERS.pages_of(db, actor, owner, topic_ids, page, columns=columns)


_MERITS = Statement(
    select(
        *(col(getattr(TopicMember, name)) for name in ("teacher_id", "duty", "share")),
        *(col(getattr(Topic, name)) for name in ("level", "grade", "concluded_on")),
    )
    .join_from(TopicMember, Topic, col(TopicMember.topic_id) == col(Topic.id))
    .join(Teacher, col(TopicMember.teacher_id) == col(Teacher.id))
    .where(
        col(Topic.id) == bindparam("topic_id", type_=Uuid),
        col(Topic.concluded_on).is_not(None),
    )
    .order_by(_BY_DUTY, col(Teacher.name), col(TopicMember.id))
)


async def merits_of_topic(
    db: Connection,
    actor: Actor,  # noqa: ARG001  the door was passed
    *,
    topic_id: UUID,
) -> list[Row]:
    """Who had which duty and share in a concluded topic, with its level, grade and day; its door was passed.

    What a topic is worth is not said here: that is for claims and recognition. One that is not concluded has no
    rows.
    """
    return await db.all(_MERITS, topic_id=topic_id)


# What may be done.

_OF_TOPIC = col(TopicMember.topic_id) == bindparam("topic_id", type_=Uuid)
_HELD = Statement(select(col(TopicMember.teacher_id), col(TopicMember.id)).where(_OF_TOPIC))
_CLEAR = Statement(delete(TopicMember).where(_OF_TOPIC))


async def set_topic_members(
    db: Connection, actor: Actor, *, topic_id: UUID, team: TopicTeam
) -> Row:
    """Let these take part in a topic, and nobody else; the topic as it then is.

    Whoever is new must be known to the actor, by the register or from a group of both. While the
    topic is studied its unit or its group decides on it, not the leader alone.
    """
    topic = await open_topic(db, actor, topic_id=topic_id)
    check_writable(actor, topic)
    total = sum((each.share for each in team.members), Decimal(0))
    if total != WHOLE and team.shares_explained is None:
        raise TopicSharesUnbalanced(total=str(total))
    held = {row["teacher_id"]: row["id"] for row in await db.all(_HELD, topic_id=topic_id)}
    joining = [each.teacher_id for each in team.members if each.teacher_id not in held]
    await check_people(db, actor, teacher_ids=joining)
    await db.run(_CLEAR, topic_id=topic_id)
    rows = [
        {"id": held.get(each.teacher_id) or new_id(), "topic_id": topic_id, **each.model_dump()}
        for each in team.members
    ]
    await db.insert_all(TopicMember, rows)
    leader = next(each for each in team.members if each.duty is TopicDuty.LEADER)
    await db.change(
        Topic,
        topic_id,
        {"leader_id": leader.teacher_id, "shares_explained": team.shares_explained},
    )
    return await TOPICS.get(db, actor, topic_id)
