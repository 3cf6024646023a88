"""An entry: an output or a topic that was entered for the award, and what it was awarded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    any_,
    cast,
    func,
    or_,
    select,
    text,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import NotFound
from app.domain.learning.awards.award_round import AWARD_ROUNDS, AwardRound, AwardRoundState
from app.domain.learning.outputs import OutputAuthor, ResearchOutput
from app.domain.learning.topics import Topic, TopicMember
from app.domain.paging import Page, PageRequest
from app.domain.training.contest_results import Award
from app.sql import Connection, Row


class AwardEntry(Placed, Table, table=True):
    """That an output or a topic was entered in a round, placed where that lies."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("num_nonnulls(output_id, topic_id) = 1", name="of_one"),
        UniqueConstraint("round_id", "output_id"),
        UniqueConstraint("round_id", "topic_id"),
        Index(None, "round_id", "id"),
        *(Index(None, name, "id") for name in ("school_id", "county_id", "city_id")),
        *(
            Index(None, name, postgresql_where=text(f"{name} IS NOT NULL"))
            for name in ("output_id", "topic_id")
        ),
    )

    id: UUID = key()
    round_id: UUID = Field(foreign_key="award_round.id", sa_type=Uuid)
    output_id: UUID | None = Field(default=None, foreign_key="research_output.id", sa_type=Uuid)
    topic_id: UUID | None = Field(default=None, foreign_key="topic.id", sa_type=Uuid)
    entered_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    entered_at: datetime = Field(sa_type=MOMENT)
    award: Award | None = Field(default=None, sa_type=text_enum(Award))
    opinion: str | None = Field(default=None, max_length=500)


class AwardEntryView(BaseModel):
    """An entry as both faces show it."""

    id: UUID = Field(description="标识 / key")
    round_id: UUID = Field(description="评选 / round")
    output_id: UUID | None = Field(description="成果 / output, if it is one")
    topic_id: UUID | None = Field(description="课题 / topic, if it is one")
    title: str = Field(description="名称 / title of the output or the topic")
    school_id: UUID | None = Field(description="学校 / school, null for a bureau's")
    entered_at: datetime = Field(description="申报时间 / when it was entered")
    award: Award | None = Field(description="奖次，公布后显示 / award, shown when it is published")
    opinion: str | None = Field(description="评语 / what was said of it")


# What can be refused.


class AwardEntryNotFound(NotFound):
    """There is no such entry for the one who asks."""

    code = "award_entry_not_found"
    zh = "未找到该申报。"
    en = "There is no such entry."


# What may be asked.


def _is_own(teacher_ids: Any) -> ColumnElement[bool]:
    """The predicate 'one of these teachers made it': as an author, or in the topic."""
    authored = select(col(OutputAuthor.output_id)).where(
        col(OutputAuthor.teacher_id) == any_(teacher_ids)
    )
    studied = select(col(TopicMember.topic_id)).where(
        col(TopicMember.teacher_id) == any_(teacher_ids)
    )
    return or_(col(AwardEntry.output_id).in_(authored), col(AwardEntry.topic_id).in_(studied))


_is_out = col(AwardRound.state) == AwardRoundState.PUBLISHED


def _is_announced(audience: Any) -> ColumnElement[bool]:
    """The predicate 'it won an award that was published to the one who asks'."""
    won = col(AwardEntry.award) != Award.NONE
    announced: ColumnElement[bool] = (col(AwardRound.unit_id) == any_(audience)) & _is_out & won
    return announced


_joined = (
    AwardEntry.__table__.join(  # type: ignore[attr-defined]
        AwardRound.__table__,  # type: ignore[attr-defined]
        col(AwardEntry.round_id) == col(AwardRound.id),
    )
    .outerjoin(ResearchOutput.__table__, col(AwardEntry.output_id) == col(ResearchOutput.id))  # type: ignore[attr-defined]
    .outerjoin(Topic.__table__, col(AwardEntry.topic_id) == col(Topic.id))  # type: ignore[attr-defined]
)

AWARD_ENTRIES = Door(
    table=AwardEntry,
    view=AwardEntryView,
    read=Permission.TOPIC_READ,
    missing=AwardEntryNotFound,
    places={"teacher_id": _is_own},
    audience=_is_announced,
    computed={
        "title": cast(func.coalesce(col(ResearchOutput.title), col(Topic.title)), Text),
    },
    joined=_joined,
    filters={"round_id": col(AwardEntry.round_id)},
    sorts={"created": ()},
)
"""Entries, seen where they come from and by who made them; what won is seen by all below the unit."""


async def get_award_entry(db: Connection, actor: Actor, *, entry_id: UUID) -> Row:
    """One entry within the actor's reach, or one that won."""
    return await AWARD_ENTRIES.get(db, actor, entry_id)


async def list_award_entries(
    db: Connection, actor: Actor, *, round_id: UUID, page: PageRequest, winners: bool = False
) -> Page:
    """The entries of a round from the actor's place; or, once they are published, all that won."""
    await AWARD_ROUNDS.get(db, actor, round_id)
    filters = {"round_id": round_id}
    return await AWARD_ENTRIES.page(db, actor, page, filters=filters, published=winners)


async def award_entries_of(
    db: Connection,
    actor: Actor,
    *,
    round_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The entries of each of many rounds, from the actor's place."""
    owner = col(AwardEntry.round_id)
    return await AWARD_ENTRIES.pages_of(db, actor, owner, round_ids, page, columns=columns)
