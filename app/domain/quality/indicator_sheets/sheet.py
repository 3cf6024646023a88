"""A sheet: its table, its door, and what may be asked of it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    Computed,
    Index,
    Numeric,
    UniqueConstraint,
    Uuid,
    any_,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, Versioned, key, place_constraints, text_enum
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.quality.indicator_sheets.indicator import Indicator, IndicatorCode
from app.sql import Connection, Row

POINTS = Numeric(6, 2)
"""Weights and points: two decimal places."""


class EvaluatedKind(StrEnum):
    """Of what a sheet speaks (评估对象)."""

    SCHOOL = "school"
    """学校"""
    COUNTY = "county"
    """县（市、区）"""


class IndicatorSheetFields(BaseModel):
    """What a sheet says."""

    code: IndicatorCode = Field(
        max_length=40, description="指标表代码，各版本相同 / the same in every version"
    )
    name: str = Field(min_length=1, max_length=100, description="名称 / name")
    evaluated: EvaluatedKind = Field(
        description="评估对象 / what is evaluated by it", sa_type=text_enum(EvaluatedKind)
    )
    source: str = Field(
        min_length=2, max_length=300, description="依据：文件与条款 / document and article"
    )
    assumed: bool = Field(
        default=False,
        description="权重非文件所定，由发布单位自定 / the source gives no weights: they are assumed",
    )
    total: Decimal = Field(
        default=Decimal(100), gt=0, le=1000, max_digits=6, decimal_places=2,
        description="总分，各指标权重之和 / what all weights make", sa_type=POINTS,
    )  # fmt: skip
    indicators: list[Indicator] = Field(
        min_length=1, max_length=60, description="指标 / indicators", sa_type=JSONB
    )


class IndicatorSheet(IndicatorSheetFields, Placed, Versioned, Table, table=True):
    """One version of a sheet, placed by the bureau that published it; rows are only ever added."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("unit_id", "code", "version"),
        CheckConstraint("school_id IS NULL", name="of_a_bureau"),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("total > 0", name="total"),
        CheckConstraint("jsonb_typeof(indicators) = 'array'", name="indicators"),
        Index(None, "city_id", "id"),
        Index(None, "county_id", "id"),
        Index(None, "change_transaction", "change_sequence"),
    )

    id: UUID = key()
    unit_id: UUID = Field(sa_type=Uuid, sa_column_args=(Computed("county_id", persisted=True),))
    version: int
    published_at: datetime = Field(sa_type=MOMENT)
    published_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class IndicatorSheetView(IndicatorSheetFields):
    """A published sheet."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="发布单位 / bureau that published it")
    version: int = Field(description="版本，从 1 起 / version, from 1")
    published_at: datetime = Field(description="发布时间 / when it was published")


# What can be refused.


class IndicatorSheetNotFound(NotFound):
    """There is no such sheet for the one who asks."""

    code = "indicator_sheet_not_found"
    zh = "未找到该指标表。"
    en = "There is no such indicator sheet."


# What may be asked.

INDICATOR_SHEETS = Door(
    table=IndicatorSheet,
    view=IndicatorSheetView,
    read=Permission.GUIDANCE_READ,
    missing=IndicatorSheetNotFound,
    # What a bureau publishes is for everybody below it: by what one is judged, one may read.
    audience=lambda audience: col(IndicatorSheet.unit_id) == any_(audience),
    filters={
        "unit_id": col(IndicatorSheet.unit_id),
        "code": col(IndicatorSheet.code),
        "evaluated": col(IndicatorSheet.evaluated),
    },
    sorts={"created": ()},
)


async def get_indicator_sheet(db: Connection, actor: Actor, *, sheet_id: UUID) -> Row:
    """One sheet, of the actor's place or of a bureau at or above it."""
    return await INDICATOR_SHEETS.get(db, actor, sheet_id)


async def list_indicator_sheets(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    code: str | None = None,
    evaluated: EvaluatedKind | None = None,
) -> Page:
    """The sheets of the bureaux at and above the actor, in the order of publishing."""
    filters = {"unit_id": unit_id, "code": code, "evaluated": evaluated}
    return await INDICATOR_SHEETS.page(db, actor, page, filters=filters, published=True)


async def indicator_sheets_by_id(
    db: Connection, actor: Actor, *, sheet_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many sheets by their keys; None where the actor may not see one."""
    return await INDICATOR_SHEETS.by_id(db, actor, sheet_ids, columns=columns)
