"""An order to check: its table, its door, and what may be asked of it."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Computed, Index, Uuid, any_
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row


class CheckKind(StrEnum):
    """What kind of check is ordered (检查类型)."""

    SELF_INSPECTION = "self_inspection"
    """自查"""
    MID_TERM = "mid_term"
    """中期评估"""
    FINAL = "final"
    """终期评估"""


class CheckOrderFields(BaseModel):
    """What is ordered: of which kind, over which period, until when."""

    title: str = Field(min_length=1, max_length=200, description="名称 / title")
    kind: CheckKind = Field(description="检查类型 / kind", sa_type=text_enum(CheckKind))
    list_number: str = Field(
        min_length=1,
        max_length=60,
        description="督查检查考核清单编号 / number on the approved list of inspections",
    )
    document_number: str | None = Field(
        default=None, min_length=1, max_length=60, description="文号 / number of the document"
    )
    content: str | None = Field(
        default=None, min_length=1, max_length=5000, description="要求 / what is asked for"
    )
    school_year: int = Field(
        ge=2000, le=2100, description="学年（起始年） / school year, by the year it begins"
    )
    since: date = Field(description="考察期起始日 / first day of the period looked at")
    until: date = Field(description="考察期截止日 / last day of the period looked at")
    due_on: date = Field(description="自查报送期限 / last day for handing in")
    appeal_days: int = Field(
        default=15, ge=1, le=60, description="申诉期限，天 / days for an appeal after the result"
    )


class CheckOrder(CheckOrderFields, Placed, Table, table=True):
    """An order, placed by the bureau that gave it; rows are only ever added."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("school_id IS NULL", name="of_a_bureau"),
        CheckConstraint("until >= since", name="period"),
        Index(None, "city_id", "id"),
        Index(None, "county_id", "id"),
        Index(None, "sheet_id"),
    )

    id: UUID = key()
    unit_id: UUID = Field(sa_type=Uuid, sa_column_args=(Computed("county_id", persisted=True),))
    sheet_id: UUID = Field(foreign_key="indicator_sheet.id", sa_type=Uuid)
    as_of: date
    issued_at: datetime = Field(sa_type=MOMENT)
    issued_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class CheckOrderView(CheckOrderFields):
    """An order as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="发文教育局 / bureau that gave it")
    city_id: UUID = Field(description="所属市 / city")
    sheet_id: UUID = Field(description="指标表版本 / version of the sheet")
    as_of: date = Field(description="取数日 / day as of which the values were computed")
    issued_at: datetime = Field(description="下达时间 / when it was given")


# What can be refused.


class CheckOrderNotFound(NotFound):
    """There is no such order for the one who asks."""

    code = "check_order_not_found"
    zh = "未找到该检查通知。"
    en = "There is no such order to check."


# What may be asked.

CHECK_ORDERS = Door(
    table=CheckOrder,
    view=CheckOrderView,
    read=Permission.GUIDANCE_READ,
    missing=CheckOrderNotFound,
    audience=lambda audience: col(CheckOrder.unit_id) == any_(audience),
    filters={
        "unit_id": col(CheckOrder.unit_id),
        "kind": col(CheckOrder.kind),
        "school_year": col(CheckOrder.school_year),
    },
    sorts={"due_on": (col(CheckOrder.due_on),), "created": ()},
)
"""Orders, read by everybody below the bureau that gave them."""


async def get_check_order(db: Connection, actor: Actor, *, order_id: UUID) -> Row:
    """One order, of the actor's place or of a bureau at or above it."""
    return await CHECK_ORDERS.get(db, actor, order_id)


async def list_check_orders(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    kind: CheckKind | None = None,
    school_year: int | None = None,
) -> Page:
    """The orders of the bureaux at and above the actor, the first due first."""
    filters = {"unit_id": unit_id, "kind": kind, "school_year": school_year}
    return await CHECK_ORDERS.page(db, actor, page, filters=filters, published=True)


async def check_orders_by_id(
    db: Connection, actor: Actor, *, order_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many orders by their keys; None where the actor may not see one."""
    return await CHECK_ORDERS.by_id(db, actor, order_ids, columns=columns)
