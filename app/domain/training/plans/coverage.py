"""How far a plan or scheme has reached: which of the units below have derived their own from it."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Uuid, bindparam, func, select, true
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.organisation.units import Level, Unit
from app.domain.training.plans.plan import PLANS
from app.domain.training.plans.table import Plan
from app.domain.training.plans.vocabulary import PlanState
from app.sql import Connection, Row, Statement


class CoverageView(BaseModel):
    """What one unit has made of the plan above it: the furthest of the plans derived from it."""

    unit_id: UUID = Field(description="单位 / unit")
    name: str = Field(description="名称 / name")
    level: Level = Field(description="层级 / level")
    plan_id: UUID | None = Field(description="据此制定的计划或方案 / its own plan, null for none")
    title: str | None = Field(description="名称 / title of that")
    state: PlanState | None = Field(description="状态 / where that stands")
    since: datetime | None = Field(description="进入该状态的时间 / since when")


_unit, _own = Unit.__table__.c, Plan.__table__.alias("own")  # type: ignore[attr-defined]
_order = [PlanState.PUBLISHED, PlanState.APPROVED, PlanState.SUBMITTED]
_furthest = (
    select(_own.c.id.label("plan_id"), _own.c.title, _own.c.state, _own.c.since)
    .where(
        _own.c.derived_from_id == bindparam("plan_id", type_=Uuid),
        _own.c.unit_id == _unit.id,
        func.num_nonnulls(_own.c.group_id, _own.c.department_id, _own.c.teacher_id) == 0,
    )
    .order_by(*((_own.c.state == state).desc() for state in _order), _own.c.id.desc())
    .limit(1)
    .lateral("furthest")
)
_COVERAGE = Statement(
    select(_unit.id.label("unit_id"), _unit.name, _unit.level, *_furthest.c)
    .select_from(Unit.__table__.outerjoin(_furthest, true()))  # type: ignore[attr-defined]
    .where(_unit.parent_id == bindparam("unit_id", type_=Uuid), col(Unit.closed_on).is_(None))
    .order_by(_unit.name, _unit.id)
)


async def list_plan_coverage(db: Connection, actor: Actor, *, plan_id: UUID) -> list[Row]:
    """What each open unit directly below has derived from a plan, by name; for those who issued it.

    It needs the right to read plans in the place of the plan: to have it published to one is not
    enough.
    """
    plan = await PLANS.get(db, actor, plan_id)
    actor.require(Permission.PLAN_READ, plan)
    if plan["school_id"] is not None or plan["group_id"] is not None:
        return []
    return await db.all(_COVERAGE, plan_id=plan_id, unit_id=plan["unit_id"])
