"""A submission (报送): a closed set of records of one kind, handed to the province under one manifest.

What it holds is fixed when it is made. Its records are handed over part by part, in their order; each
has a receipt of its own. What was rejected goes again in another submission, once it was put right.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    select,
    text,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import Conflict, NotFound
from app.domain.exchange.submissions.record import ProvinceRecord, RecordState
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row


class SubmissionKind(StrEnum):
    """What a submission is of (报送内容)."""

    ROSTER = "roster"
    """教师名册变动"""
    CREDITS = "credits"
    """学分认定与冲销"""
    CERTIFICATES = "certificates"
    """证书及其失效"""


class SubmissionState(StrEnum):
    """How far it has come (报送状态)."""

    GATHERING = "gathering"
    """汇集中: what it holds is still put down, in the background; nothing of it goes over yet"""
    WAITING = "waiting"
    """待报送，或报送中"""
    DELIVERED = "delivered"
    """已全部送达，部分待审"""
    SETTLED = "settled"
    """每条均已回执"""


class SubmissionFields(BaseModel):
    """What is in it, and how far it has come."""

    number: int = Field(description="市内报送号，从1起 / number within the city, from 1")
    kind: SubmissionKind = Field(
        description="报送内容 / what it is of", sa_type=text_enum(SubmissionKind)
    )
    batch_id: UUID | None = Field(
        default=None,
        description="所报送的学分批次 / batch of the ledger that it hands over",
        foreign_key="province_batch.id",
        sa_type=Uuid,
    )
    resends_id: UUID | None = Field(
        default=None,
        description="所补报的报送 / submission whose rejected records it sends again",
        foreign_key="province_submission.id",
        sa_type=Uuid,
    )
    state: SubmissionState = Field(description="状态 / state", sa_type=text_enum(SubmissionState))
    records: int = Field(description="记录数，汇集中为已汇集数 / records; so far, while gathered")
    expected: int | None = Field(
        default=None,
        description="汇集中预计的记录数，汇集完为空 / records expected while gathered, null afterwards",
    )
    gaps: list[str] = Field(
        default_factory=list,
        description="使汇集停止的无代码项，最多二十项 / words without a code at which gathering stopped",
        sa_type=ARRAY(Text),
        sa_column_kwargs={"server_default": "{}"},
    )
    digest: str = Field(
        max_length=64,
        description="摘要：各条“键 摘要”逐行的 SHA-256，汇集完方为定值"
        " / SHA-256 over its records; final once all are gathered",
    )
    tries: int = Field(
        description="自上次成功后的失败次数 / failures since the last success",
        sa_column_kwargs={"server_default": text("0")},
    )
    failure: str | None = Field(
        default=None, max_length=60, description="最近一次失败 / code of the last failure"
    )
    next_at: datetime | None = Field(
        description="下次处理时间，汇集中及办结后为空"
        " / when it is taken up next; null while gathered and once settled",
        sa_type=MOMENT,
    )
    created_at: datetime = Field(description="生成时间 / when it was made", sa_type=MOMENT)
    announced_at: datetime | None = Field(
        default=None,
        description="清单送达时间 / when the platform took the manifest",
        sa_type=MOMENT,
    )
    settled_at: datetime | None = Field(
        default=None, description="办结时间 / when the last receipt came", sa_type=MOMENT
    )


class ProvinceSubmission(SubmissionFields, Placed, Table, table=True):
    """A submission of one city; what it holds is never changed."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("city_id", "number"),
        UniqueConstraint("batch_id"),
        UniqueConstraint("resends_id"),
        CheckConstraint("county_id = city_id AND school_id IS NULL", name="belongs_to_city"),
        CheckConstraint("records > 0", name="holds_something"),
        CheckConstraint("(state = 'settled') = (settled_at IS NOT NULL)", name="settled_once"),
        CheckConstraint(
            "(state IN ('gathering', 'settled')) = (next_at IS NULL)", name="taken_up_until_settled"
        ),
        CheckConstraint("(state = 'gathering') = (expected IS NOT NULL)", name="expects_more"),
        CheckConstraint("batch_id IS NULL OR kind = 'credits'", name="batches_are_of_credits"),
        Index(None, "city_id", "id"),
        Index(
            "uq_province_submission_gathering", "city_id", "kind", unique=True,
            postgresql_where=text("state = 'gathering'"),
        ),
        Index(
            "ix_province_submission_due", "next_at", postgresql_where=text("next_at IS NOT NULL")
        ),
    )  # fmt: skip

    id: UUID = key()
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class SubmissionView(SubmissionFields):
    """A submission as both faces show it."""

    id: UUID = Field(description="标识 / key")
    city_id: UUID = Field(description="所属市 / city")
    waiting: int = Field(description="尚无回执数 / records without a receipt")
    pending: int = Field(description="待审数 / records that are under review there")
    accepted: int = Field(description="已接收数 / records that were accepted")
    rejected: int = Field(description="被退回数 / records that were rejected")


class NewSubmission(Command):
    """What is to be handed over: everything of its kind that no submission holds yet."""

    city_id: UUID = Field(description="市 / city")
    kind: SubmissionKind = Field(description="报送内容 / what it is of")
    batch_id: UUID | None = Field(
        default=None,
        description="学分批次，不填则先封存一个新批次 / the batch to hand over; a new one is closed without",
    )


# What can be refused.


class SubmissionNotFound(NotFound):
    """There is no such submission for the one who asks."""

    code = "submission_not_found"
    zh = "未找到该报送。"
    en = "There is no such submission."


class SubmissionGathering(Conflict):
    """What it holds is still being put down: until then nothing of it goes over, and no other follows it."""

    code = "submission_gathering"
    zh = "报送内容仍在汇集（已汇集 {records} 条），请待其完成；因缺少代码而停止的，补录代码后再次提交处理。"
    en = (
        "A submission is still gathered ({records} records so far): wait until that is done; where it stopped"
        " for want of codes, enter them and hasten it."
    )


# What may be asked.


def _number_of(state: RecordState) -> Any:
    return (
        select(func.count())
        .where(
            col(ProvinceRecord.submission_id) == col(ProvinceSubmission.id),
            col(ProvinceRecord.state) == state,
        )
        .correlate(ProvinceSubmission)
        .scalar_subquery()
    )


SUBMISSIONS = Door(
    table=ProvinceSubmission,
    view=SubmissionView,
    read=Permission.PROVINCE_READ,
    missing=SubmissionNotFound,
    computed={state.value: _number_of(state) for state in RecordState},
    filters={"kind": col(ProvinceSubmission.kind), "state": col(ProvinceSubmission.state)},
    sorts={"created": ()},
)


async def get_submission(db: Connection, actor: Actor, *, submission_id: UUID) -> Row:
    """One submission, and how many of its records have which receipt."""
    return await SUBMISSIONS.get(db, actor, submission_id)


async def list_submissions(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    kind: SubmissionKind | None = None,
    state: SubmissionState | None = None,
) -> Page:
    """The submissions of the actor's cities, in the order of their making (or `-created`)."""
    return await SUBMISSIONS.page(db, actor, page, filters={"kind": kind, "state": state})
