"""The tables of collection forms: the form, what each school returned, and the cells of a return."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Computed, Index, Numeric, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.domain.base import MOMENT, Placed, Table, key, place_constraints, text_enum

VALUE = Numeric(14, 2)
"""A value of a cell: a count, or a share of a hundred; two decimal places."""


class FormReturnState(StrEnum):
    """How far the return of a school has come (状态)."""

    OPEN = "open"
    """待确认"""
    CONFIRMED = "confirmed"
    """已确认"""
    SENT_BACK = "sent_back"
    """退回核实"""


class CollectionFormFields(BaseModel):
    """What a form is called, over which period, until when, and by which right it is asked for."""

    title: str = Field(min_length=1, max_length=200, description="报表名称 / title")
    list_number: str | None = Field(
        default=None, min_length=1, max_length=60,
        description="督查检查考核清单编号，用于检查时必填 / number on the list of inspections",
    )  # fmt: skip
    is_check: bool = Field(
        default=False, description="是否用于督查检查考核 / whether it is part of an inspection"
    )
    since: date = Field(description="统计期起始日 / first day of the period")
    until: date = Field(description="统计期截止日 / last day of the period")
    due_on: date = Field(description="确认期限 / last day for confirming")


class CollectionForm(CollectionFormFields, Placed, Table, table=True):
    """A bureau's own form with its layout and what each cell is; they stay as they were issued."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("school_id IS NULL", name="of_a_bureau"),
        CheckConstraint("until >= since", name="period"),
        CheckConstraint("NOT is_check OR list_number IS NOT NULL", name="list_number"),
        CheckConstraint("num_nonnulls(closed_at, closed_by) IN (0, 2)", name="closing"),
        Index(None, "city_id", "id"),
        Index(None, "county_id", "id"),
        Index(None, "file_id"),
    )

    id: UUID = key()
    unit_id: UUID = Field(sa_type=Uuid, sa_column_args=(Computed("county_id", persisted=True),))
    file_id: UUID = Field(foreign_key="file.id", sa_type=Uuid)
    layout: dict[str, Any] = Field(sa_type=JSONB)
    cells: list[dict[str, Any]] = Field(sa_type=JSONB)
    as_of: date
    issued_at: datetime = Field(sa_type=MOMENT)
    issued_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    closed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    closed_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class FormReturn(Placed, Table, table=True):
    """What one school returns of a form, placed by the school; `by_unit_id` is the bureau's."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("form_id", "school_id"),
        CheckConstraint("num_nonnulls(confirmed_at, confirmed_by) IN (0, 2)", name="confirmation"),
        CheckConstraint("(confirmed_at IS NULL) = (state = 'open')", name="confirmed"),
        CheckConstraint(
            "num_nonnulls(sent_back_because, sent_back_at, sent_back_by) IN (0, 3)",
            name="sending_back",
        ),
        CheckConstraint("sent_back_at IS NOT NULL OR state <> 'sent_back'", name="sent_back"),
        *(Index(None, name, "id") for name in ("school_id", "county_id", "city_id")),
        Index(None, "by_unit_id", "state"),
    )

    id: UUID = key()
    school_id: UUID = Placed.model_fields["school_id"]  # type: ignore[assignment]
    form_id: UUID = Field(foreign_key="collection_form.id", sa_type=Uuid)
    by_unit_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)
    state: FormReturnState = Field(sa_type=text_enum(FormReturnState))
    confirmed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    confirmed_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    sent_back_because: str | None = Field(default=None, max_length=1000)
    sent_back_at: datetime | None = Field(default=None, sa_type=MOMENT)
    sent_back_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class FormReturnCell(Table, table=True):
    """A cell of a return: what was computed when the form was issued, and what the school states instead."""

    __table_args__ = (
        CheckConstraint(
            "(stated IS NULL) OR (computed IS NULL) OR (reason IS NOT NULL)", name="why"
        ),
    )

    return_id: UUID = Field(primary_key=True, foreign_key="form_return.id", sa_type=Uuid)
    cell: str = Field(primary_key=True, max_length=6)
    numerator: int | None = Field(default=None)
    denominator: int | None = Field(default=None)
    computed: Decimal | None = Field(default=None, sa_type=VALUE)
    stated: Decimal | None = Field(default=None, sa_type=VALUE)
    reason: str | None = Field(default=None, max_length=500)
