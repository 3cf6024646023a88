"""How many days ahead a unit's people are told of what falls due (临期提醒规则)."""

from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, SmallInteger, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, Table
from app.domain.organisation.units import UNITS
from app.sql import Connection, Row, Statement

USUAL = 3
"""Days ahead, where a unit has said nothing."""


class ReminderRuleFields(BaseModel):
    """How long ahead."""

    days_before: int = Field(
        ge=0, le=60, description="提前天数，0 为到期当日 / days ahead; 0 for the due day itself",
        sa_type=SmallInteger,
    )  # fmt: skip


class ReminderRule(ReminderRuleFields, Table, table=True):
    """What one unit has said."""

    __table_args__ = (CheckConstraint("days_before BETWEEN 0 AND 60", name="days_before"),)

    unit_id: UUID = Field(primary_key=True, foreign_key="unit.id", sa_type=Uuid)


class ReminderRuleView(ReminderRuleFields):
    """How long ahead a unit's people are told."""

    unit_id: UUID = Field(description="单位 / unit")


class NewReminderRule(ReminderRuleFields, Command):
    """How long ahead they are to be told from now on."""


# What may be asked.

_UNIT = bindparam("unit_id", type_=Uuid)
_RULE = Statement(select(col(ReminderRule.days_before)).where(col(ReminderRule.unit_id) == _UNIT))


async def get_reminder_rule(db: Connection, actor: Actor, *, unit_id: UUID) -> Row:
    """How long ahead the people of a unit that the actor may see are told of what falls due."""
    await UNITS.get(db, actor, unit_id)
    said = await db.value(_RULE, unit_id=unit_id)
    return {"days_before": USUAL if said is None else said, "unit_id": unit_id}


# What may be done.

_given = insert(ReminderRule).values(
    unit_id=bindparam("new_unit_id", type_=Uuid),
    days_before=bindparam("new_days_before", type_=SmallInteger),
)
_SAY = Statement(
    _given.on_conflict_do_update(
        index_elements=["unit_id"], set_={"days_before": _given.excluded.days_before}
    )
)


async def set_reminder_rule(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewReminderRule
) -> Row:
    """Say how long ahead the people of a unit are told; what is queued stays."""
    await UNITS.get(db, actor, unit_id, permission=Permission.NOTICE_WRITE)
    await db.run(_SAY, new_unit_id=unit_id, new_days_before=new.days_before)
    return {"days_before": new.days_before, "unit_id": unit_id}
