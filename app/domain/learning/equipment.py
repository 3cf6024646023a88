"""Equipment (研训设施设备): the rooms and lines on which training by network rests, unit by unit.

"16 network rooms, 6 media rooms, 9 e-preparation rooms, broadband for 21 schools" is a sum over this
register. What a unit has of a kind is one row with a number; what it had before is in the audit trail.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Computed, Index, UniqueConstraint, Uuid, func, select
from sqlalchemy import bindparam as bind
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import (
    MOMENT,
    Command,
    Placed,
    Table,
    civil_date,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import Invalid, NotFound
from app.domain.organisation.units import UNITS, Unit, hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import place_column
from app.sql import Connection, Row, Statement, new_id


class EquipmentKind(StrEnum):
    """What there is (设施类型)."""

    NETWORK_ROOM = "network_room"
    """计算机网络教室"""
    MEDIA_ROOM = "media_room"
    """多媒体教室"""
    PREPARATION_ROOM = "preparation_room"
    """电子备课室"""
    RECORDING_ROOM = "recording_room"
    """录播教室"""
    BROADBAND = "broadband"
    """宽带接入"""
    TERMINAL = "terminal"
    """教师终端"""


class EquipmentFields(BaseModel):
    """What a unit has of a kind."""

    kind: EquipmentKind = Field(description="设施类型 / kind", sa_type=text_enum(EquipmentKind))
    number: int = Field(ge=0, le=100_000, description="数量 / how many")
    counted_on: date = Field(description="统计日期 / day on which it was counted")
    remark: str | None = Field(
        default=None, min_length=1, max_length=200, description="说明 / remark"
    )


class Equipment(EquipmentFields, Placed, Table, table=True):
    """What one school or bureau has of one kind."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("number >= 0", name="number"),
        UniqueConstraint("unit_id", "kind"),
        *(Index(None, name, "id") for name in PLACE),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    recorded_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    recorded_at: datetime = Field(sa_type=MOMENT)


class EquipmentView(EquipmentFields):
    """What a unit has of a kind, as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="单位 / unit")
    recorded_at: datetime = Field(description="登记时间 / when it was recorded")


class NewEquipment(EquipmentFields, Command):
    """What a unit has of a kind, as it is counted."""


class EquipmentTotal(BaseModel):
    """What there is of a kind in a unit and below it."""

    kind: EquipmentKind = Field(description="设施类型 / kind")
    number: int = Field(description="合计数量 / how many")
    units: int = Field(description="拥有单位数 / units that have any")


# What can be refused.


class EquipmentNotFound(NotFound):
    """There is no such equipment for the one who asks."""

    code = "equipment_not_found"
    zh = "未找到该设施设备登记。"
    en = "There is no such equipment."


class EquipmentCountedAhead(Invalid):
    """What is counted was there on a day that has come."""

    code = "equipment_counted_ahead"
    zh = "统计日期 {counted_on} 尚未到来。"
    en = "It cannot be counted on {counted_on}: that day is still to come."


# What may be asked.

EQUIPMENT = Door(
    table=Equipment,
    view=EquipmentView,
    read=Permission.UNIT_READ,
    missing=EquipmentNotFound,
    filters={"unit_id": col(Equipment.unit_id), "kind": col(Equipment.kind)},
    sorts={"created": (), "number": (col(Equipment.number),)},
)


async def list_equipment(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    kind: EquipmentKind | None = None,
) -> Page:
    """What the units that the actor sees have, in the order of recording."""
    return await EQUIPMENT.page(db, actor, page, filters={"unit_id": unit_id, "kind": kind})


async def equipment_of(
    db: Connection, actor: Actor, *, unit_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """What each of many units has itself; one row of a kind."""
    return await EQUIPMENT.rows_of(db, actor, col(Equipment.unit_id), unit_ids, columns=columns)


def _totals(place: str) -> Statement:
    number = col(Equipment.number)
    return Statement(
        select(
            col(Equipment.kind),
            func.sum(number).label("number"),
            func.count().filter(number > 0).label("units"),
        )
        .join(Unit, col(Unit.id) == col(Equipment.unit_id))
        .where(
            col(getattr(Equipment, place)) == bind("unit_id", type_=Uuid),
            # What a closed school had is counted where it went.
            col(Unit.closed_on).is_(None),
        )
        .group_by(col(Equipment.kind))
        .order_by(col(Equipment.kind))
    )


_TOTALS = {place: _totals(place) for place in PLACE}


async def list_equipment_totals(db: Connection, actor: Actor, *, unit_id: UUID) -> list[Row]:
    """What there is of each kind in a unit and below it, and how many units have any."""
    unit = await UNITS.get(db, actor, unit_id)
    return await db.all(_TOTALS[place_column(unit)], unit_id=unit_id)


# What may be done.

_HELD = Statement(
    select(col(Equipment.id)).where(
        col(Equipment.unit_id) == bind("unit_id", type_=Uuid),
        col(Equipment.kind) == bind("kind", type_=text_enum(EquipmentKind)),
    )
)


async def record_equipment(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewEquipment, now: datetime
) -> Row:
    """Record what a unit has of a kind, in place of what was recorded before."""
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.STATISTIC_WRITE)
    if new.counted_on > civil_date(now):
        raise EquipmentCountedAhead(counted_on=new.counted_on.isoformat())
    said = {**new.model_dump(), "recorded_by": actor.account_id, "recorded_at": now}
    held: UUID | None = await db.value(_HELD, unit_id=unit_id, kind=new.kind)
    if held is not None:
        await db.change(Equipment, held, said)
        return await EQUIPMENT.get(db, actor, held)
    row: Row = {"id": new_id(), **said, **place_of(unit)}
    await db.insert(Equipment, row)
    return await EQUIPMENT.get(db, actor, row["id"])
