"""A sheet of pay inputs: its tables, its doors, and what may be asked of it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, Uuid, func, select, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import AMOUNT, MOMENT, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import PersonName, Teacher
from app.domain.quality.outcomes import OutcomeMeasure
from app.sql import Connection, Row


class PaySheetState(StrEnum):
    """How far a sheet has come (状态)."""

    OPEN = "open"
    """核对中：教师可提出异议"""
    CONFIRMED = "confirmed"
    """已确认"""
    WITHDRAWN = "withdrawn"
    """已撤回"""


class PaySheetFields(BaseModel):
    """Of which days, and until when teachers may object."""

    starts_on: date = Field(description="起始日 / first day of the period")
    ends_on: date = Field(description="终止日（含） / last day of the period")
    closes_on: date = Field(description="核对末日（含） / last day to object")


class PaySheet(PaySheetFields, Placed, Table, table=True):
    """The inputs of a school for a period, by one version of its scheme."""

    __table_args__ = (
        *place_constraints(),
        ExcludeConstraint(
            ("school_id", "="), (text("daterange(starts_on, ends_on, '[]')"), "&&"),
            name="ex_pay_sheet_one_of_a_day", where=text("state <> 'withdrawn'"),
        ),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_begins"),
        CheckConstraint("confirmed_by <> made_by", name="confirmed_by_another"),
        CheckConstraint(
            "num_nonnulls(confirmed_at, confirmed_by) = CASE state WHEN 'open' THEN 0"
            " WHEN 'confirmed' THEN 2 ELSE num_nonnulls(confirmed_at, confirmed_by) END"
            " AND num_nonnulls(confirmed_at, confirmed_by) IN (0, 2)",
            name="confirmation",
        ),
        CheckConstraint(
            "num_nonnulls(withdrawn_because, withdrawn_at, withdrawn_by)"
            " = CASE state WHEN 'withdrawn' THEN 3 ELSE 0 END",
            name="withdrawal",
        ),
        *(Index(None, name, "starts_on", "id") for name in PLACE),
        Index(None, "scheme_id"),
    )  # fmt: skip

    id: UUID = key()
    school_id: UUID = Placed.model_fields["school_id"]  # type: ignore[assignment]
    scheme_id: UUID = Field(foreign_key="pay_scheme.id", sa_type=Uuid)
    state: PaySheetState = Field(sa_type=text_enum(PaySheetState))
    made_at: datetime = Field(sa_type=MOMENT)
    made_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    made_for: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    confirmed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    confirmed_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    withdrawn_because: str | None = Field(default=None, max_length=500)
    withdrawn_at: datetime | None = Field(default=None, sa_type=MOMENT)
    withdrawn_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class PayLine(Placed, Table, table=True):
    """What the register said of one teacher; it stays with the school whose sheet it is.

    A teacher who leaves takes no line along: the next school has no part in what this one pays.
    """

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("jsonb_typeof(parts) = 'array'", name="parts"),
        CheckConstraint("num_nonnulls(objection, objected_at) IN (0, 2)", name="objection"),
        CheckConstraint(
            "num_nonnulls(upheld, answer, answered_at, answered_by) IN (0, 4)"
            " AND (answered_at IS NULL OR objected_at IS NOT NULL)",
            name="answer",
        ),
        *(Index(None, name, "id") for name in ("sheet_id", "teacher_id", *PLACE)),
    )

    id: UUID = key()
    sheet_id: UUID = Field(foreign_key="pay_sheet.id", sa_type=Uuid)
    teacher_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    school_id: UUID = Placed.model_fields["school_id"]  # type: ignore[assignment]
    parts: list[dict[str, Any]] = Field(sa_type=JSONB)
    points: Decimal = Field(sa_type=AMOUNT)
    computed_at: datetime = Field(sa_type=MOMENT)
    objection: str | None = Field(default=None, max_length=2000)
    objected_at: datetime | None = Field(default=None, sa_type=MOMENT)
    upheld: bool | None = None
    answer: str | None = Field(default=None, max_length=2000)
    answered_at: datetime | None = Field(default=None, sa_type=MOMENT)
    answered_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class PaySheetView(PaySheetFields):
    """A sheet as the school and those above it see it."""

    id: UUID = Field(description="标识 / key")
    school_id: UUID = Field(description="学校 / school")
    scheme_id: UUID = Field(description="方案（版本） / version of the scheme")
    state: PaySheetState = Field(description="状态 / state")
    made_at: datetime = Field(description="生成时间 / when it was computed")
    teachers: int = Field(description="教师人数 / teachers on it")
    objections: int = Field(description="待处理异议数 / objections that wait for an answer")
    confirmed_at: datetime | None = Field(description="人工确认时间 / when somebody confirmed it")
    withdrawn_because: str | None = Field(description="撤回理由 / why it was withdrawn")
    withdrawn_at: datetime | None = Field(description="撤回时间 / when")


class PayPart(BaseModel):
    """How one line of the scheme came to its points (计分明细)."""

    measure: OutcomeMeasure = Field(description="成效指标 / what was counted")
    reached: Decimal = Field(description="实际数量 / how much the register says")
    weight: Decimal = Field(description="每单位分值 / points for each unit")
    cap: Decimal = Field(description="最高分 / points at most")
    points: Decimal = Field(description="得分 / points")
    rule: str = Field(description="计分说明 / the rule in words")


class PayLineView(BaseModel):
    """One teacher's inputs: an aid to the school's decision, never the pay and never a decision by itself."""

    id: UUID = Field(description="标识 / key")
    sheet_id: UUID = Field(description="投入表 / sheet")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    school_id: UUID = Field(description="学校 / school")
    starts_on: date = Field(description="起始日 / first day of the period")
    ends_on: date = Field(description="终止日（含） / last day of the period")
    closes_on: date = Field(description="核对末日（含） / last day to object")
    state: PaySheetState = Field(description="投入表状态 / state of the sheet")
    parts: list[PayPart] = Field(description="计分明细 / how the points came about")
    points: Decimal = Field(description="合计得分 / points in all; no amount of money")
    computed_at: datetime = Field(description="计算时间 / when it was computed")
    objection: str | None = Field(description="教师异议 / what the teacher objects to")
    objected_at: datetime | None = Field(description="异议时间 / when")
    upheld: bool | None = Field(description="异议是否成立 / whether it was upheld")
    answer: str | None = Field(description="答复 / what was answered")
    answered_at: datetime | None = Field(description="答复时间 / when")


# What can be refused.


class PaySheetNotFound(NotFound):
    """There is no such sheet for the one who asks."""

    code = "pay_sheet_not_found"
    zh = "未找到该绩效投入表。"
    en = "There is no such sheet of pay inputs."


class PayLineNotFound(NotFound):
    """There is no such line for the one who asks."""

    code = "pay_line_not_found"
    zh = "未找到该绩效投入明细。"
    en = "There is no such line of pay inputs."


# What may be asked.

_S, _L, _T = (each.__table__ for each in (PaySheet, PayLine, Teacher))  # type: ignore[union-attr]
_lines = select(func.count()).where(_L.c.sheet_id == _S.c.id)
_waiting = _lines.where(_L.c.objected_at.is_not(None), _L.c.answered_at.is_(None))

PAY_SHEETS = Door(
    table=PaySheet,
    view=PaySheetView,
    read=Permission.INCENTIVE_READ,
    missing=PaySheetNotFound,
    computed={
        "teachers": _lines.correlate(_S).scalar_subquery(),
        "objections": _waiting.correlate(_S).scalar_subquery(),
    },
    filters={"school_id": _S.c.school_id, "state": _S.c.state},
    sorts={"starts_on": (_S.c.starts_on,), "created": ()},
)
PAY_LINES = Door(
    table=PayLine,
    view=PayLineView,
    read=Permission.INCENTIVE_READ,
    missing=PayLineNotFound,
    places={"teacher_id": _L.c.teacher_id},
    computed={
        "name": _T.c.name,
        **{name: _S.c[name] for name in ("starts_on", "ends_on", "closes_on", "state")},
    },
    joined=_L.join(_T, _L.c.teacher_id == _T.c.id).join(_S, _L.c.sheet_id == _S.c.id),
    filters={
        "sheet_id": _L.c.sheet_id,
        "teacher_id": _L.c.teacher_id,
        "objected": lambda wanted: _L.c.objected_at.is_not(None) == wanted,
    },
    sorts={"created": (), "points": (_L.c.points,)},
)
"""A teacher sees the own line alone; those in charge of the school see all."""


async def get_pay_sheet(db: Connection, actor: Actor, *, sheet_id: UUID) -> Row:
    """One sheet of a school in the actor's place."""
    return await PAY_SHEETS.get(db, actor, sheet_id)


async def list_pay_sheets(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    school_id: UUID | None = None,
    state: PaySheetState | None = None,
) -> Page:
    """The sheets of the schools in the actor's place, by period."""
    filters = {"school_id": school_id, "state": state}
    return await PAY_SHEETS.page(db, actor, page, filters=filters)


async def get_pay_line(db: Connection, actor: Actor, *, line_id: UUID) -> Row:
    """One line, for the teacher and for those in charge."""
    return await PAY_LINES.get(db, actor, line_id)


async def list_pay_lines(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    sheet_id: UUID | None = None,
    teacher_id: UUID | None = None,
    objected: bool | None = None,
) -> Page:
    """The lines in the actor's place, and one's own."""
    filters = {"sheet_id": sheet_id, "teacher_id": teacher_id, "objected": objected}
    return await PAY_LINES.page(db, actor, page, filters=filters)


async def pay_lines_of(
    db: Connection,
    actor: Actor,
    *,
    sheet_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """A page of the lines of each of many sheets."""
    return await PAY_LINES.pages_of(db, actor, _L.c.sheet_id, sheet_ids, page, columns=columns)


async def pay_sheets_by_id(
    db: Connection, actor: Actor, *, sheet_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many sheets by their keys; None for what the actor may not see."""
    return await PAY_SHEETS.by_id(db, actor, sheet_ids, columns=columns)
