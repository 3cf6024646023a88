"""Growth targets (成长目标): what a school or a bureau expects at each stage."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, Computed, Date, Index, Uuid, any_, bindparam, select, text, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import (
    MOMENT,
    Command,
    Dated,
    Placed,
    Table,
    civil_date,
    columns_of,
    dated_constraints,
    holds_on,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import Conflict
from app.domain.organisation.units import UNITS, hold_unit, place_of
from app.domain.people.facts.fact import check_ahead
from app.domain.people.facts.merits import GrowthStage
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class TargetFields(BaseModel):
    """What is expected at a stage."""

    stage: GrowthStage = Field(
        description="成长阶段 / growth stage", sa_type=text_enum(GrowthStage)
    )
    title: str = Field(min_length=2, max_length=60, description="目标 / target")
    criteria: str = Field(min_length=2, max_length=1000, description="考核标准 / criteria")


class GrowthTarget(TargetFields, Placed, Dated, Table, table=True):
    """What a school or a bureau expects at a stage from a day on; one word for each at a time."""

    __table_args__ = (
        *place_constraints(),
        *dated_constraints(),
        Index(
            "uq_growth_target_open", "unit_id", "stage", unique=True,
            postgresql_where=text("superseded_at IS NULL AND valid_to IS NULL"),
        ),
    )  # fmt: skip

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    """Who expects it: the school, or the bureau where there is none."""


class GrowthTargetView(TargetFields):
    """A target as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="单位 / school or bureau that set it")
    valid_from: date = Field(description="起始日 / first day")


class NewGrowthTarget(TargetFields, Command):
    """What a school or a bureau expects at a stage from a day on; it ends what it expected before."""

    unit_id: UUID = Field(description="单位 / school or bureau")
    valid_from: date | None = Field(default=None, description="起始日，默认今天 / today by default")


# What can be refused.


class TargetNotLater(Conflict):
    """What is expected anew is expected from a later day on."""

    code = "growth_target_not_later"
    zh = "新目标的起始日必须晚于现目标的起始日（{current}）。"
    en = "The new target must begin after the present one did ({current})."


# What may be asked.

_IN_FORCE = Statement(
    select(*columns_of(GrowthTarget, GrowthTargetView))
    .where(
        col(GrowthTarget.unit_id) == any_(bindparam("unit_ids", type_=ARRAY(Uuid))),
        holds_on(GrowthTarget, bindparam("day", type_=Date)),
    )
    .order_by(col(GrowthTarget.unit_id))
)


async def list_growth_targets(
    db: Connection, actor: Actor, *, unit_id: UUID, now: datetime, as_of: date | None = None
) -> list[Row]:
    """What is expected in a unit on a day, today by default: by itself, or by the nearest above it."""
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.TEACHER_READ)
    places = [unit_id, unit["county_id"], unit["city_id"]]
    found = await read_targets(db, places=places, day=as_of or civil_date(now))
    return [found[stage] for stage in GrowthStage if stage in found]


async def read_targets(db: Connection, *, places: list[UUID], day: date) -> dict[GrowthStage, Row]:
    """By the stage, the target of the first of these units that has one."""
    rows = await db.all(_IN_FORCE, unit_ids=places, day=day)
    found: dict[GrowthStage, Row] = {}
    for row in sorted(rows, key=lambda row: places.index(row["unit_id"])):
        found.setdefault(GrowthStage(row["stage"]), row)
    return found


# What may be done.

_OPEN = Statement(
    select(GrowthTarget.__table__.c)  # type: ignore[attr-defined]
    .where(
        col(GrowthTarget.unit_id) == bindparam("unit_id", type_=Uuid),
        col(GrowthTarget.stage) == bindparam("stage", type_=text_enum(GrowthStage)),
        col(GrowthTarget.superseded_at).is_(None),
        col(GrowthTarget.valid_to).is_(None),
    )
    .with_for_update()
)
_SUPERSEDE = Statement(
    update(GrowthTarget)
    .where(col(GrowthTarget.id) == bindparam("target_id", type_=Uuid))
    .values(superseded_at=bindparam("now", type_=MOMENT))
)


async def set_growth_target(
    db: Connection, actor: Actor, *, new: NewGrowthTarget, now: datetime
) -> Row:
    """Let a school or a bureau expect something at a stage from a day on; what it expected ends."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.TEACHER_WRITE)
    begins = new.valid_from or civil_date(now)
    check_ahead(begins, today=civil_date(now))
    current = await db.one(_OPEN, unit_id=new.unit_id, stage=new.stage)
    if current is not None:
        if begins <= current["valid_from"]:
            raise TargetNotLater(current=current["valid_from"].isoformat())
        await db.run(_SUPERSEDE, target_id=current["id"], now=now)
        ended = current | {"id": new_id(), "valid_to": begins, "recorded_at": now}
        del ended["unit_id"]
        await db.insert(GrowthTarget, ended)
    target = {
        "id": new_id(),
        **new.model_dump(include=set(TargetFields.model_fields)),
        **place_of(unit),
        "valid_from": begins,
        "recorded_at": now,
    }
    try:
        await db.insert(GrowthTarget, target)
    except UniqueViolationError:
        raise TargetNotLater(current=begins.isoformat()) from None
    return {"unit_id": new.unit_id} | {name: target[name] for name in _SHOWN}


_SHOWN = tuple(name for name in GrowthTargetView.model_fields if name != "unit_id")
