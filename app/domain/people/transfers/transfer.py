"""A transfer (调动): its two sides, its states, its door.

The side that lets go is the school on whose register the person is. The side that takes in is the
other school; where somebody leaves the city, the bureau in charge stands for wherever they go. Both see
the transfer, with a narrow view of the person, and nothing else of each other's people.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, SecretStr, model_validator
from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Uuid,
    any_,
    or_,
    select,
    text,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, key, text_enum
from app.domain.errors import NotFound, Unfit
from app.domain.organisation.units import Stage, Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.identity import IdKind
from app.domain.people.teachers import PersonName, Subject, Teacher
from app.sql import Connection, Row


class TransferKind(StrEnum):
    """Where it leads (类型)."""

    WITHIN = "within"
    """市内调动: from one school of the city to another, of the same county or not"""
    OUT = "out"
    """调出本市"""
    RETURN = "return"
    """调回: of somebody known whose relation has ended; who was never known is registered instead"""


class TransferSide(StrEnum):
    """One of the two sides (调出方、调入方)."""

    LEAVING = "leaving"
    RECEIVING = "receiving"


class TransferState(StrEnum):
    """How far it has come (状态)."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"


class TransferFields(BaseModel):
    """Why, and where to if that lies outside the city."""

    reason: str = Field(min_length=2, max_length=500, description="事由 / why")
    destination: str | None = Field(
        default=None,
        min_length=2,
        max_length=200,
        description="市外去向，调出本市时填写 / where to, outside the city",
    )


def _side(name: str) -> ForeignKeyConstraint:
    """A side with its bureau in charge, which changes when the school moves."""
    return ForeignKeyConstraint(
        [f"{name}_unit_id", f"{name}_county_id", "city_id"],
        ["unit.id", "unit.county_id", "unit.city_id"],
        onupdate="CASCADE",
    )


class Transfer(TransferFields, Table, table=True):
    """A transfer between two places; of one person at most one is open."""

    __table_args__ = (
        _side("from"),
        _side("to"),
        CheckConstraint("(kind = 'out') = (destination IS NOT NULL)", name="says_where_to"),
        CheckConstraint("kind = 'return' OR from_unit_id <> to_unit_id", name="leads_elsewhere"),
        CheckConstraint(
            "state IN ('proposed', 'withdrawn') OR decided_at IS NOT NULL", name="decided"
        ),
        CheckConstraint(
            "(state IN ('withdrawn', 'completed')) = (closed_at IS NOT NULL)", name="closed"
        ),
        CheckConstraint("(state = 'completed') = (effective_on IS NOT NULL)", name="has_its_day"),
        Index(
            "uq_transfer_open", "teacher_id", unique=True,
            postgresql_where=text("state IN ('proposed', 'accepted')"),
        ),
        *(
            Index(None, place, "id")
            for place in (
                "teacher_id", "from_unit_id", "to_unit_id", "from_county_id", "to_county_id",
                "city_id",
            )
        ),
    )  # fmt: skip

    id: UUID = key()
    teacher_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    kind: TransferKind = Field(sa_type=text_enum(TransferKind))
    city_id: UUID = Field(sa_type=Uuid)
    from_unit_id: UUID = Field(sa_type=Uuid)
    from_county_id: UUID = Field(sa_type=Uuid)
    to_unit_id: UUID = Field(sa_type=Uuid)
    to_county_id: UUID = Field(sa_type=Uuid)
    proposer: TransferSide = Field(sa_type=text_enum(TransferSide))
    state: TransferState = Field(sa_type=text_enum(TransferState))
    proposed_at: datetime = Field(sa_type=MOMENT)
    proposed_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    opinion: str | None = Field(default=None, max_length=500)
    closed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    closed_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    effective_on: date | None = None


class TransferView(TransferFields):
    """A transfer as both sides see it, with what they may know of the person."""

    id: UUID = Field(description="标识 / key")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    subject: Subject = Field(description="任教学科 / subject taught")
    stage: Stage = Field(description="任教学段 / stage taught")
    kind: TransferKind = Field(description="类型 / kind")
    from_unit_id: UUID = Field(description="调出学校 / school that lets go")
    from_name: str = Field(description="调出学校名称 / its name")
    to_unit_id: UUID = Field(
        description="调入学校；调出本市时为主管教育局 / school that takes in, or the bureau in charge"
    )
    to_name: str = Field(description="调入单位名称 / its name")
    proposer: TransferSide = Field(description="发起方 / side that proposed it")
    state: TransferState = Field(description="状态 / state")
    proposed_at: datetime = Field(description="发起时间 / when it was proposed")
    proposed_by: UUID = Field(description="发起账号 / account that proposed it")
    decided_at: datetime | None = Field(description="答复时间 / when it was answered")
    decided_by: UUID | None = Field(
        description="答复账号，人事关系已终止而无须答复时为空 / account that answered, if one had to"
    )
    opinion: str | None = Field(description="答复意见 / what was answered")
    closed_at: datetime | None = Field(description="办结或撤回时间 / completed or withdrawn")
    closed_by: UUID | None = Field(description="办结或撤回账号 / account that closed it")
    effective_on: date | None = Field(description="生效日期 / day from which on it holds")


class NewTransfer(TransferFields, Command):
    """A transfer to be proposed: by the school that lets go, or by the one that takes in.

    The former names the teacher by key; the latter, who cannot see the teacher, by the ID number.
    """

    teacher_id: UUID | None = Field(default=None, description="教师，调出方填写 / teacher")
    id_kind: IdKind | None = Field(
        default=None, description="证件类型，调入方填写 / kind of document"
    )
    id_number: SecretStr | None = Field(
        default=None, description="证件号码，调入方填写，不保存 / ID number; it is not kept here"
    )
    to_school_id: UUID | None = Field(
        default=None, description="调入学校，市内调动时填写 / school that takes in"
    )

    @model_validator(mode="after")
    def _says_who_and_where_to(self) -> Self:
        by_number = self.id_number is not None
        if (self.teacher_id is None) != by_number or by_number != (self.id_kind is not None):
            raise Unfit(
                "请填写教师，或证件类型与证件号码。",
                "Name the teacher by key, or by an ID number with its kind.",
            )
        if (self.to_school_id is None) == (self.destination is None):
            raise Unfit(
                "调入学校与市外去向须填其一。", "Say which school takes in, or where to otherwise."
            )
        if by_number and self.to_school_id is None:
            raise Unfit(
                "按证件号码发起的，须填写调入学校。",
                "Who names a person by an ID number takes that person in: say into which school.",
            )
        return self


class TransferAnswer(Command):
    """What the other side answers."""

    opinion: str = Field(min_length=2, max_length=500, description="意见 / opinion")


# What can be refused.


class TransferNotFound(NotFound):
    """There is no such transfer for the one who asks."""

    code = "transfer_not_found"
    zh = "未找到该调动。"
    en = "There is no such transfer."


# What may be asked.

_table: Any = Transfer
_NAMES = {
    f"{side}_name": select(col(Unit.name))
    .where(col(Unit.id) == col(getattr(_table, f"{side}_unit_id")))
    .scalar_subquery()
    for side in ("from", "to")
}
TRANSFERS = Door(
    table=Transfer,
    view=TransferView,
    read=Permission.TRANSFER_READ,
    missing=TransferNotFound,
    places={
        "county_id": lambda ids: or_(
            col(Transfer.from_county_id) == any_(ids), col(Transfer.to_county_id) == any_(ids)
        ),
        "school_id": lambda ids: or_(
            col(Transfer.from_unit_id) == any_(ids), col(Transfer.to_unit_id) == any_(ids)
        ),
        "teacher_id": col(Transfer.teacher_id),
    },
    computed={
        **{name: col(getattr(Teacher, name)) for name in ("name", "subject", "stage")},
        **_NAMES,
    },
    joined=Transfer.__table__.join(  # type: ignore[attr-defined]
        Teacher.__table__,  # type: ignore[attr-defined]
        col(Transfer.teacher_id) == col(Teacher.id),
    ),
    filters={
        "teacher_id": col(Transfer.teacher_id),
        "kind": col(Transfer.kind),
        "state": col(Transfer.state),
        "from_unit_id": col(Transfer.from_unit_id),
        "to_unit_id": col(Transfer.to_unit_id),
    },
    sorts={"proposed": ()},
)
"""Transfers, seen from both sides and by the person."""


async def get_transfer(db: Connection, actor: Actor, *, transfer_id: UUID) -> Row:
    """One transfer to which the actor's place is a side, or one's own."""
    return await TRANSFERS.get(db, actor, transfer_id)


async def list_transfers(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    teacher_id: UUID | None = None,
    kind: TransferKind | None = None,
    state: TransferState | None = None,
    from_unit_id: UUID | None = None,
    to_unit_id: UUID | None = None,
) -> Page:
    """The transfers of the actor's place on either side, the first proposed first."""
    filters = {
        "teacher_id": teacher_id, "kind": kind, "state": state, "from_unit_id": from_unit_id,
        "to_unit_id": to_unit_id,
    }  # fmt: skip
    return await TRANSFERS.page(db, actor, page, filters=filters)
