"""A learning record as both faces show it, and what may be asked of the records."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import aliased
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.learning.learning_records.table import LearningRecord
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row


class LearningRecordView(BaseModel):
    """A learning record: what of a statement is asked and counted."""

    id: UUID = Field(description="标识，即语句标识 / key: the statement's own")
    teacher_id: UUID = Field(description="教师 / teacher")
    activity_id: UUID = Field(description="活动（班） / activity that the class is")
    session_id: UUID | None = Field(description="场次，未指明时为空 / session, if one is named")
    player_id: UUID = Field(description="报送的学习平台（应用账号） / player: account that told it")
    verb: str = Field(description="动词 IRI / verb")
    object: str = Field(description="客体：学习内容的 IRI 等 / what it is said of")
    happened_at: datetime = Field(description="发生时间 / when it happened")
    stored_at: datetime = Field(description="接收时间 / when it was stored")
    seconds: int | None = Field(description="学习时长（秒），计入者 / seconds, where they add up")
    share: int | None = Field(description="完成百分比 / percent done, where it was told")
    score: Decimal | None = Field(description="得分率（-1 至 1） / scaled score")
    completed: bool = Field(description="是否表示完成 / whether it says that it was completed")
    voided: bool = Field(description="是否已作废 / whether another record has made it void")
    voids: UUID | None = Field(description="所作废的记录 / record that this one makes void")


# What can be refused.


class LearningRecordNotFound(NotFound):
    """There is no such record for the one who asks, or not among those that are asked for."""

    code = "learning_record_not_found"
    zh = "未找到该学习记录。"
    en = "There is no such learning record."


# What may be asked.

_VOIDER: Any = aliased(LearningRecord)


def is_voided() -> ColumnElement[bool]:
    """The predicate 'another record has made this one void'."""
    return exists().where(_VOIDER.voids == col(LearningRecord.id))


LEARNING_RECORDS = Door(
    table=LearningRecord,
    view=LearningRecordView,
    read=Permission.ATTENDANCE_READ,
    missing=LearningRecordNotFound,
    places={"teacher_id": col(LearningRecord.teacher_id)},
    computed={"voided": is_voided()},
    filters={
        "teacher_id": col(LearningRecord.teacher_id),
        "activity_id": col(LearningRecord.activity_id),
        "verb": col(LearningRecord.verb),
    },
    sorts={"stored": (col(LearningRecord.stored_at),)},
)
"""Records, which belong to the teacher whom they are about."""


async def get_learning_record(db: Connection, actor: Actor, *, record_id: UUID) -> Row:
    """One record of a teacher whose attendance the actor may see."""
    return await LEARNING_RECORDS.get(db, actor, record_id)


async def list_learning_records(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    teacher_id: UUID | None = None,
    activity_id: UUID | None = None,
    verb: str | None = None,
) -> Page:
    """The records of the teachers whose attendance the actor may see, as they were stored."""
    filters = {"teacher_id": teacher_id, "activity_id": activity_id, "verb": verb}
    return await LEARNING_RECORDS.page(db, actor, page, filters=filters)
