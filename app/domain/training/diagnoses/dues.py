"""When each school was last diagnosed, and when it is due again."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Date, Uuid, bindparam, func, select, true
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.organisation.units import UNITS, Level, Unit
from app.domain.people.teachers import place_column
from app.domain.training.diagnoses.diagnosis import Diagnosis
from app.sql import Connection, Row, Statement


class DiagnosisDue(BaseModel):
    """When a school was last diagnosed, and when it is due again."""

    unit_id: UUID = Field(description="学校 / school")
    name: str = Field(description="校名 / name of the school")
    diagnosis_id: UUID | None = Field(description="最近一次诊断 / the latest diagnosis")
    diagnosed_on: date | None = Field(description="最近诊断日期 / its day, null if there was none")
    next_due_on: date | None = Field(description="下次诊断日期 / when the next one is due")
    answered: bool = Field(description="是否已答复 / whether the school has answered it")
    overdue: bool = Field(
        description="是否逾期或从未诊断 / whether it is overdue, or was never done"
    )


# What may be asked.


def _dues(place: str) -> Statement:
    """Every open school of a place with its latest diagnosis, the longest ago first."""
    today = bindparam("today", type_=Date)
    latest = (
        select(
            col(Diagnosis.id), col(Diagnosis.diagnosed_on), col(Diagnosis.next_due_on),
            col(Diagnosis.answered_at),
        )
        .where(col(Diagnosis.unit_id) == col(Unit.id))
        .order_by(col(Diagnosis.diagnosed_on).desc(), col(Diagnosis.id).desc())
        .limit(1)
        .lateral("latest")
    )  # fmt: skip
    return Statement(
        select(
            col(Unit.id).label("unit_id"),
            col(Unit.name),
            latest.c.id.label("diagnosis_id"),
            latest.c.diagnosed_on,
            latest.c.next_due_on,
            latest.c.answered_at.is_not(None).label("answered"),
            (latest.c.id.is_(None) | func.coalesce(latest.c.next_due_on < today, False)).label(
                "overdue"
            ),
        )
        .select_from(Unit)
        .outerjoin(latest, true())
        .where(
            col(getattr(Unit, place)) == bindparam("unit_id", type_=Uuid),
            col(Unit.level) == Level.SCHOOL,
            col(Unit.closed_on).is_(None),
        )
        .order_by(latest.c.diagnosed_on.asc().nulls_first(), col(Unit.name), col(Unit.id))
    )


_DUES = {place: _dues(place) for place in PLACE}


async def list_diagnosis_dues(
    db: Connection, actor: Actor, *, unit_id: UUID, today: date
) -> list[Row]:
    """Each school of a unit: when it was last diagnosed, and whether it is due; never first."""
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.GUIDANCE_READ)
    return await db.all(_DUES[place_column(unit)], unit_id=unit_id, today=today)
