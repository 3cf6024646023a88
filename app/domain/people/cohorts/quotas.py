"""Quotas (推荐名额) of a cohort: how many teachers a school may nominate."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Column, ForeignKey, Index, Integer, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, Table
from app.domain.errors import Invalid
from app.domain.organisation.units import UNITS, Level, Unit
from app.domain.people.cohorts.cohort import COHORTS
from app.domain.people.programmes import PROGRAMMES
from app.sql import Connection, Row, Statement


class CohortQuota(Table, table=True):
    """How many teachers a school may nominate for a cohort."""

    __table_args__ = (Index(None, "school_id"),)

    cohort_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("cohort.id"), primary_key=True, nullable=False)
    )
    school_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("unit.id"), primary_key=True, nullable=False)
    )
    places: int


class CohortQuotaView(BaseModel):
    """How many teachers a school may nominate."""

    cohort_id: UUID = Field(description="期次 / cohort")
    school_id: UUID = Field(description="学校 / school")
    name: str = Field(description="学校名称 / name of the school")
    places: int = Field(description="推荐名额 / how many it may nominate")


class NewCohortQuota(Command):
    """How many teachers a school may nominate; what was said before no longer holds."""

    school_id: UUID = Field(description="学校 / school")
    places: int = Field(ge=0, le=10_000, description="推荐名额 / how many it may nominate")


# What can be refused.


class QuotaOutsideProgramme(Invalid):
    """Only schools of the unit that runs the programme nominate for it."""

    code = "cohort_quota_outside_programme"
    zh = "推荐名额只能分配给主办单位所属的学校。"
    en = "Places for nomination go to schools of the unit that runs the programme."


# What may be asked.

_QUOTAS = Statement(
    select(
        col(CohortQuota.cohort_id), col(CohortQuota.school_id), col(Unit.name),
        col(CohortQuota.places),
    )
    .join_from(CohortQuota, Unit, col(CohortQuota.school_id) == col(Unit.id))
    .where(col(CohortQuota.cohort_id) == bindparam("cohort_id", type_=Uuid))
    .order_by(col(Unit.name), col(Unit.id))
)  # fmt: skip


async def list_cohort_quotas(db: Connection, actor: Actor, *, cohort_id: UUID) -> Sequence[Row]:
    """How many teachers each school may nominate for a cohort; where nothing is said, any number."""
    await COHORTS.get(db, actor, cohort_id)
    return await db.all(_QUOTAS, cohort_id=cohort_id)


# What may be done.

_entered = insert(CohortQuota).values(
    cohort_id=bindparam("of_cohort", type_=Uuid),
    school_id=bindparam("of_school", type_=Uuid),
    places=bindparam("allowed", type_=Integer),
)
_SET_QUOTA = Statement(
    _entered.on_conflict_do_update(
        index_elements=["cohort_id", "school_id"], set_={"places": _entered.excluded.places}
    )
)


async def set_cohort_quota(
    db: Connection, actor: Actor, *, cohort_id: UUID, new: NewCohortQuota
) -> Row:
    """Say how many teachers a school may nominate; whoever was nominated before stays so."""
    cohort = await COHORTS.get(
        db, actor, cohort_id, permission=Permission.PROGRAMME_WRITE, lock=True
    )
    programme = await PROGRAMMES.get(db, actor, cohort["programme_id"])
    school = await UNITS.get(db, actor, new.school_id)
    place = {school[name] for name in ("city_id", "county_id", "id")}
    if school["level"] != Level.SCHOOL or programme["unit_id"] not in place:
        raise QuotaOutsideProgramme
    await db.run(_SET_QUOTA, of_cohort=cohort_id, of_school=new.school_id, allowed=new.places)
    return {
        "cohort_id": cohort_id,
        "school_id": new.school_id,
        "name": school["name"],
        "places": new.places,
    }
