"""Arrivals (省平台来件): what the province tells a city of its people: how it knows them, what they earned.

Each is taken in once, under the province's own number, and matched by the person: by our key, or by the ID
number, which is not kept. A roster line that says what we know is settled by that. All else waits for the
bureau; credit that it takes is entered as a transfer from the province, with that number.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, SecretStr, StringConstraints, model_validator
from sqlalchemy import (
    CheckConstraint,
    Index,
    UniqueConstraint,
    Uuid,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import (
    AMOUNT,
    MOMENT,
    Command,
    Placed,
    Table,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import NotFound, Unfit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import follows_teacher
from app.sql import Connection, Row

_Numbered = Annotated[
    str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")
]


class ArrivalKind(StrEnum):
    """What the province tells (来件类型)."""

    ROSTER = "roster"
    """名册"""
    CREDIT = "credit"
    """省级学分"""


class ArrivalState(StrEnum):
    """What has become of it (来件状态)."""

    WAITING = "waiting"
    """待办理"""
    TAKEN = "taken"
    """已采纳"""
    DISMISSED = "dismissed"
    """未采纳"""


class ArrivalFields(BaseModel):
    """Of whom it is, and what it says."""

    kind: ArrivalKind = Field(description="来件类型 / kind", sa_type=text_enum(ArrivalKind))
    number: _Numbered = Field(max_length=80, description="省平台编号 / the province's number")
    name: str = Field(min_length=1, max_length=60, description="姓名 / name of the person")
    school_code: str | None = Field(
        default=None, max_length=10, description="学校标识码 / code of the school"
    )
    title: str | None = Field(
        default=None, max_length=200, description="培训名称 / what the credit is for"
    )
    earned_on: date | None = Field(default=None, description="取得日期 / day of earning")
    hours: Decimal | None = Field(
        default=None, ge=0, le=1000, max_digits=8, decimal_places=2,
        description="学时 / hours", sa_type=AMOUNT,
    )  # fmt: skip
    credits: Decimal | None = Field(
        default=None, ge=0, le=1000, max_digits=8, decimal_places=2,
        description="学分 / credits", sa_type=AMOUNT,
    )  # fmt: skip


class Arrival(ArrivalFields, Placed, Table, table=True):
    """An arrival: with the person whom it matched, or with the city while it matches nobody."""

    __table_args__ = (
        *place_constraints(),
        follows_teacher(),
        UniqueConstraint("city_id", "number"),
        CheckConstraint("(teacher_id IS NULL) = (school_id IS NULL)", name="placed_by_whom_it_is"),
        CheckConstraint(
            "kind <> 'credit' OR num_nonnulls(title, earned_on, hours, credits) = 4",
            name="credit_is_whole",
        ),
        CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name="settled_once"),
        Index(None, "teacher_id"),
        *(Index(None, name, "id") for name in PLACE),
    )

    id: UUID = key()
    teacher_id: UUID | None = Field(default=None, sa_type=Uuid)
    sequence: int | None = None
    """Its place among what was fetched for the city; null for what the province handed in itself."""
    state: ArrivalState = Field(sa_type=text_enum(ArrivalState))
    received_at: datetime = Field(sa_type=MOMENT)
    settled_at: datetime | None = Field(default=None, sa_type=MOMENT)
    settled_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    opinion: str | None = Field(default=None, max_length=500)
    transfer_id: UUID | None = Field(default=None, foreign_key="credit_transfer.id", sa_type=Uuid)


class ArrivalView(ArrivalFields):
    """An arrival as both faces show it."""

    id: UUID = Field(description="标识 / key")
    city_id: UUID = Field(description="所属市 / city")
    teacher_id: UUID | None = Field(description="匹配的教师 / whom it matched; null for nobody")
    state: ArrivalState = Field(description="状态 / state")
    received_at: datetime = Field(description="收到时间 / when it came")
    settled_at: datetime | None = Field(description="办理时间 / when it was settled")
    opinion: str | None = Field(description="办理意见 / why it was settled so")
    transfer_id: UUID | None = Field(description="学分转入 / transfer by which credit was entered")


class NewArrival(ArrivalFields, Command):
    """What the province tells of one person."""

    city_id: UUID = Field(description="市 / city")
    teacher_id: UUID | None = Field(
        default=None, description="教师标识，如已知 / our key, if known"
    )
    id_number: SecretStr | None = Field(
        default=None,
        description="证件号码，仅用于匹配，不留存 / ID number: to match by, never kept",
    )

    @model_validator(mode="after")
    def _credit_is_whole(self) -> Self:
        given = (self.title, self.earned_on, self.hours, self.credits)
        if self.kind is ArrivalKind.CREDIT and None in given:
            raise Unfit(
                "学分来件须有名称、取得日期、学时和学分。",
                "Credit has a title, a day, hours and credits.",
            )
        return self


class ArrivalDecision(Command):
    """What the bureau does with it."""

    take: bool = Field(description="是否采纳 / whether it is taken")
    teacher_id: UUID | None = Field(
        default=None, description="所属教师，未匹配时必填 / whose it is, where it matched nobody"
    )
    opinion: str = Field(min_length=2, max_length=500, description="办理意见 / why")


# What can be refused.


class ArrivalNotFound(NotFound):
    """There is no such arrival for the one who asks."""

    code = "arrival_not_found"
    zh = "未找到该来件。"
    en = "There is no such arrival."


# What may be asked.

ARRIVALS = Door(
    table=Arrival,
    view=ArrivalView,
    read=Permission.PROVINCE_READ,
    missing=ArrivalNotFound,
    filters={
        "kind": col(Arrival.kind),
        "state": col(Arrival.state),
        "matched": lambda matched: col(Arrival.teacher_id).is_not(None) == matched,
    },
    sorts={"received": ()},
)


async def get_arrival(db: Connection, actor: Actor, *, arrival_id: UUID) -> Row:
    """One arrival."""
    return await ARRIVALS.get(db, actor, arrival_id)


async def list_arrivals(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    kind: ArrivalKind | None = None,
    state: ArrivalState | None = None,
    matched: bool | None = None,
) -> Page:
    """What the province told of people in the actor's place, as it came."""
    filters = {"kind": kind, "state": state, "matched": matched}
    return await ARRIVALS.page(db, actor, page, filters=filters)
