"""A call (创建通知): its table, its door, and what may be asked of it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Computed, Index, Text, Uuid, any_
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import NotFound
from app.domain.organisation.designations import DesignationKind
from app.domain.paging import Page, PageRequest
from app.domain.quality.demonstration_calls.condition import (
    DemonstrationCondition,
    DemonstrationCriterion,
)
from app.sql import Connection, Row


class DemonstrationCallFields(BaseModel):
    """Which title can be had, on which conditions, how many times, and for how long."""

    title: str = Field(min_length=2, max_length=200, description="通知名称 / title of the call")
    source: str = Field(
        min_length=2, max_length=300, description="依据：文件与条款 / document and article"
    )
    kind: DesignationKind = Field(
        description="命名类型 / kind of the title", sa_type=text_enum(DesignationKind)
    )
    designation: str = Field(
        min_length=2, max_length=100, description="称号全称 / the title that is given, in full"
    )
    document: str | None = Field(
        default=None, min_length=1, max_length=100, description="文号 / number of the document"
    )
    conditions: list[DemonstrationCondition] = Field(
        min_length=1, max_length=30, description="申报条件 / conditions", sa_type=JSONB
    )
    criteria: list[DemonstrationCriterion] = Field(
        min_length=1, max_length=30, description="评审标准，满分合计 100 / criteria; a hundred points",
        sa_type=JSONB,
    )  # fmt: skip
    opens_on: date = Field(description="申报开始日 / first day of applying")
    closes_on: date = Field(description="申报截止日（含） / last day of applying")
    places: int = Field(ge=1, le=1000, description="名额 / how many titles there are")
    term_years: int = Field(
        ge=1, le=10, description="命名有效期（年） / years for which one is given"
    )
    experts_needed: int = Field(
        default=3, ge=1, le=9, description="至少几名专家评审 / how many experts are to judge"
    )
    visit_needed: bool = Field(
        default=True, description="是否须实地考察 / whether the school is to be visited"
    )
    objection_days: int = Field(
        default=7, ge=1, le=60, description="公示天数 / days for objections"
    )
    appeal_days: int = Field(
        default=15,
        ge=1,
        le=60,
        description="撤销后的申诉天数 / days for appealing against a withdrawal",
    )
    reward: str | None = Field(
        default=None, min_length=2, max_length=500, description="奖励办法 / how it is rewarded",
        sa_type=Text,
    )  # fmt: skip


class DemonstrationCall(DemonstrationCallFields, Placed, Table, table=True):
    """A call, placed by the bureau that published it; rows are only ever added."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("school_id IS NULL", name="of_a_bureau"),
        CheckConstraint("closes_on >= opens_on", name="window"),
        CheckConstraint("places >= 1 AND term_years >= 1", name="places"),
        CheckConstraint("jsonb_typeof(conditions) = 'array'", name="conditions"),
        CheckConstraint("jsonb_typeof(criteria) = 'array'", name="criteria"),
        Index(None, "city_id", "id"),
        Index(None, "county_id", "id"),
    )

    id: UUID = key()
    unit_id: UUID = Field(sa_type=Uuid, sa_column_args=(Computed("county_id", persisted=True),))
    published_at: datetime = Field(sa_type=MOMENT)
    published_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class DemonstrationCallView(DemonstrationCallFields):
    """A call as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="发布教育局 / bureau that published it")
    city_id: UUID = Field(description="所属市 / city")
    published_at: datetime = Field(description="发布时间 / when it was published")


# What can be refused.


class DemonstrationCallNotFound(NotFound):
    """There is no such call for the one who asks."""

    code = "demonstration_call_not_found"
    zh = "未找到该创建通知。"
    en = "There is no such call for demonstration schools."


# What may be asked.

DEMONSTRATION_CALLS = Door(
    table=DemonstrationCall,
    view=DemonstrationCallView,
    read=Permission.GUIDANCE_READ,
    missing=DemonstrationCallNotFound,
    audience=lambda audience: col(DemonstrationCall.unit_id) == any_(audience),
    filters={
        "unit_id": col(DemonstrationCall.unit_id),
        "kind": col(DemonstrationCall.kind),
        "open_on": lambda day: (
            (col(DemonstrationCall.opens_on) <= day) & (col(DemonstrationCall.closes_on) >= day)
        ),
    },
    sorts={"closes_on": (col(DemonstrationCall.closes_on),), "created": ()},
)
"""Calls, read by everybody below the bureau that published them."""


async def get_demonstration_call(db: Connection, actor: Actor, *, call_id: UUID) -> Row:
    """One call, of the actor's place or of a bureau at or above it."""
    return await DEMONSTRATION_CALLS.get(db, actor, call_id)


async def list_demonstration_calls(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    kind: DesignationKind | None = None,
    open_on: date | None = None,
) -> Page:
    """The calls of the bureaux at and above the actor, the first to close first."""
    filters = {"unit_id": unit_id, "kind": kind, "open_on": open_on}
    return await DEMONSTRATION_CALLS.page(db, actor, page, filters=filters, published=True)


async def demonstration_calls_by_id(
    db: Connection, actor: Actor, *, call_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many calls by their keys; None where the actor may not see one."""
    return await DEMONSTRATION_CALLS.by_id(db, actor, call_ids, columns=columns)
