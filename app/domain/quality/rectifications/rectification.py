"""A rectification: its table, its door, and what may be asked of it."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Computed, ForeignKeyConstraint, Index, Uuid, text
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers.strata import is_among
from app.domain.quality.unit_evaluations.evaluation import of_county_or_bureau
from app.sql import Connection, Row


class RectificationState(StrEnum):
    """How far a rectification has come (状态)."""

    ASKED = "asked"
    """待整改"""
    PROVED = "proved"
    """已报整改结果"""
    RETURNED = "returned"
    """退回继续整改"""
    CLOSED = "closed"
    """已销号"""
    WITHDRAWN = "withdrawn"
    """已撤回"""


class RectificationFields(BaseModel):
    """What is wrong, what is to be done about it, and by when."""

    problem: str = Field(min_length=1, max_length=2000, description="存在问题 / the problem")
    measure: str = Field(min_length=1, max_length=2000, description="整改要求 / what is asked for")
    due_on: date = Field(description="整改期限 / last day")


class Rectification(RectificationFields, Placed, Table, table=True):
    """A problem that an evaluation found, placed by the unit that puts it right."""

    __table_args__ = (
        *place_constraints(),
        ForeignKeyConstraint(["by_unit_id", "city_id"], ["unit.bureau_id", "unit.city_id"]),
        CheckConstraint("num_nonnulls(proof, proved_at, proved_by) IN (0, 3)", name="proof"),
        CheckConstraint(
            "CASE state WHEN 'asked' THEN proof IS NULL WHEN 'withdrawn' THEN true"
            " ELSE proof IS NOT NULL END",
            name="proved",
        ),
        CheckConstraint("file_id IS NULL OR proof IS NOT NULL", name="file"),
        CheckConstraint(
            "num_nonnulls(conclusion, concluded_at, concluded_by) IN (0, 3)", name="conclusion"
        ),
        CheckConstraint(
            "(conclusion IS NOT NULL) OR (state IN ('asked', 'proved', 'withdrawn'))",
            name="concluded",
        ),
        CheckConstraint(
            "num_nonnulls(withdrawn_because, withdrawn_at, withdrawn_by)"
            " = CASE state WHEN 'withdrawn' THEN 3 ELSE 0 END",
            name="withdrawal",
        ),
        *(
            Index(None, name, "due_on", "id")
            for name in ("unit_id", "school_id", "county_id", "city_id", "by_unit_id")
        ),
        Index(None, "evaluation_id"),
        Index(None, "file_id", postgresql_where=text("file_id IS NOT NULL")),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    evaluation_id: UUID = Field(foreign_key="unit_evaluation.id", sa_type=Uuid)
    by_unit_id: UUID = Field(sa_type=Uuid)
    state: RectificationState = Field(sa_type=text_enum(RectificationState))
    asked_at: datetime = Field(sa_type=MOMENT)
    asked_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    proof: str | None = Field(default=None, max_length=5000)
    file_id: UUID | None = Field(default=None, foreign_key="file.id", sa_type=Uuid)
    proved_at: datetime | None = Field(default=None, sa_type=MOMENT)
    proved_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    conclusion: str | None = Field(default=None, max_length=2000)
    concluded_at: datetime | None = Field(default=None, sa_type=MOMENT)
    concluded_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    withdrawn_because: str | None = Field(default=None, max_length=2000)
    withdrawn_at: datetime | None = Field(default=None, sa_type=MOMENT)
    withdrawn_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class RectificationView(RectificationFields):
    """A rectification as both faces show it."""

    id: UUID = Field(description="标识 / key")
    evaluation_id: UUID = Field(description="评估 / evaluation that found it")
    unit_id: UUID = Field(description="整改单位 / unit that puts it right")
    by_unit_id: UUID = Field(description="评估教育局 / bureau that asks for it")
    city_id: UUID = Field(description="所属市 / city")
    state: RectificationState = Field(description="状态 / how far it has come")
    asked_at: datetime = Field(description="提出时间 / when it was asked for")
    proof: str | None = Field(description="整改情况 / what was done")
    file_id: UUID | None = Field(description="证明材料 / file that proves it")
    proved_at: datetime | None = Field(description="报送时间 / when it was proved")
    conclusion: str | None = Field(description="复核意见 / what the bureau said of the proof")
    concluded_at: datetime | None = Field(description="复核时间 / when it said so")
    withdrawn_because: str | None = Field(description="撤回理由 / why it is no longer asked for")
    withdrawn_at: datetime | None = Field(description="撤回时间 / when it was withdrawn")


# What can be refused.


class RectificationNotFound(NotFound):
    """There is no such rectification for the one who asks."""

    code = "rectification_not_found"
    zh = "未找到该整改事项。"
    en = "There is no such rectification."


# What may be asked.

OVER = (RectificationState.CLOSED, RectificationState.WITHDRAWN)
"""The states in which nothing is to be done any more."""
RECTIFICATIONS = Door(
    table=Rectification,
    view=RectificationView,
    read=Permission.GUIDANCE_READ,
    missing=RectificationNotFound,
    places={"county_id": of_county_or_bureau(Rectification)},
    filters={
        "evaluation_id": col(Rectification.evaluation_id),
        "unit_id": col(Rectification.unit_id),
        "state": col(Rectification.state),
        "closed": lambda closed: is_among(col(Rectification.state), OVER) == closed,
        "due_before": lambda day: col(Rectification.due_on) < day,
    },
    sorts={"due_on": (col(Rectification.due_on),), "created": ()},
)
"""Rectifications, seen where the unit lies that puts things right, and by the bureau that asks for it."""


async def get_rectification(db: Connection, actor: Actor, *, rectification_id: UUID) -> Row:
    """One rectification within the actor's reach."""
    return await RECTIFICATIONS.get(db, actor, rectification_id)


async def list_rectifications(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    evaluation_id: UUID | None = None,
    unit_id: UUID | None = None,
    state: RectificationState | None = None,
    closed: bool | None = None,
    due_before: date | None = None,
) -> Page:
    """The rectifications that the actor may see, the first due first."""
    filters = {
        "evaluation_id": evaluation_id, "unit_id": unit_id, "state": state, "closed": closed,
        "due_before": due_before,
    }  # fmt: skip
    return await RECTIFICATIONS.page(db, actor, page, filters=filters)


async def rectifications_of(
    db: Connection,
    actor: Actor,
    *,
    evaluation_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """A page of what each of many evaluations asks to be put right."""
    owner = col(Rectification.evaluation_id)
    return await RECTIFICATIONS.pages_of(db, actor, owner, evaluation_ids, page, columns=columns)
