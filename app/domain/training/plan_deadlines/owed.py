"""What is owed by a deadline: who below has handed in a plan, and who has not."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    Boolean,
    Date,
    Uuid,
    bindparam,
    false,
    func,
    not_,
    or_,
    select,
    true,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import civil_day, text_enum
from app.domain.organisation.units import Unit
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import is_among
from app.domain.training.groups import ResearchGroup
from app.domain.training.plan_deadlines.deadline import PLAN_DEADLINES, OwedBy, PlanDeadline
from app.domain.training.plans import Plan, PlanKind, PlanState, PlanVersion
from app.sql import Connection, Row, Statement


class OwedView(BaseModel):
    """One who owes a plan, and what there is of it."""

    owner_id: UUID = Field(description="报送者标识 / key of the unit, the group or the teacher")
    name: str = Field(description="名称 / name")
    plan_id: UUID | None = Field(description="计划 / the plan, null for none")
    state: PlanState | None = Field(description="状态 / where that stands")
    first_submitted_at: datetime | None = Field(description="首次报送时间 / first handed in")
    submitted: bool = Field(description="是否已报送 / whether it was handed in")
    in_time: bool = Field(description="是否按时报送 / whether that was in time")


# What may be asked.

_OWNERS: dict[OwedBy, tuple[Any, Any, Any]] = {
    OwedBy.UNITS: (
        Unit,
        (col(Unit.parent_id) == bindparam("unit_id", type_=Uuid)) & col(Unit.closed_on).is_(None),
        (col(Plan.unit_id) == col(Unit.id))
        & (func.num_nonnulls(*(col(getattr(Plan, n)) for n in ("group_id", "department_id"))) == 0),
    ),
    OwedBy.GROUPS: (
        ResearchGroup,
        (col(ResearchGroup.unit_id) == bindparam("unit_id", type_=Uuid))
        & col(ResearchGroup.closed_on).is_(None),
        col(Plan.group_id) == col(ResearchGroup.id),
    ),
    OwedBy.TEACHERS: (
        Teacher,
        (col(Teacher.school_id) == bindparam("unit_id", type_=Uuid))
        & col(Teacher.merged_into_id).is_(None),
        col(Plan.teacher_id) == col(Teacher.id),
    ),
}
"""Of each kind who they are, which of them are directly below a unit, and which plans are theirs."""

_HANDED_IN = (
    PlanState.PUBLISHED, PlanState.APPROVED, PlanState.SUBMITTED, PlanState.RETURNED,
)  # fmt: skip
"""The states of a plan that was handed in, the furthest first."""


@lru_cache(maxsize=8)
def _owed(owed_by: OwedBy) -> Statement:
    """Everybody who owes a plan with the furthest of those of the kind and the period."""
    owners, below, theirs = _OWNERS[owed_by]
    first = (
        select(col(PlanVersion.submitted_at))
        .where(col(PlanVersion.plan_id) == col(Plan.id), col(PlanVersion.number) == 1)
        .scalar_subquery()
    )
    is_in = is_among(col(Plan.state), _HANDED_IN)
    found = (
        select(
            col(Plan.id).label("plan_id"), col(Plan.state), is_in.label("is_in"),
            first.label("first_submitted_at"),
        )
        .where(
            theirs,
            col(Plan.kind) == bindparam("kind", type_=text_enum(PlanKind)),
            col(Plan.starts_on) <= bindparam("ends_on", type_=Date),
            col(Plan.ends_on) >= bindparam("starts_on", type_=Date),
        )
        .order_by(*((col(Plan.state) == state).desc() for state in _HANDED_IN), col(Plan.id).desc())
        .limit(1)
        .correlate(owners)
        .lateral("found")
    )  # fmt: skip
    handed_in = func.coalesce(found.c.is_in, false())
    day = civil_day(found.c.first_submitted_at)
    in_time = func.coalesce(handed_in & (day <= bindparam("due_on", type_=Date)), false())
    table = owners.__table__
    chosen = (
        select(
            table.c.id.label("owner_id"), table.c.name, found.c.plan_id, found.c.state,
            found.c.first_submitted_at, handed_in.label("submitted"), in_time.label("in_time"),
        )
        .select_from(table.outerjoin(found, true()))
        .where(below, or_(not_(handed_in), not_(bindparam("missing", type_=Boolean))))
    )  # fmt: skip
    return Statement(chosen.order_by(table.c.name, table.c.id))


async def list_plans_owed(
    db: Connection, actor: Actor, *, deadline_id: UUID, missing: bool = False
) -> list[Row]:
    """Everybody who owes a plan by a deadline, by name, and how far it is; only who has none in.

    It is for those who read plans in the place of the superior, not for all who are below it.
    """
    due = await PLAN_DEADLINES.get(db, actor, deadline_id)
    place = await db.one(_PLACE, deadline_id=deadline_id)
    actor.require(Permission.PLAN_READ, place)
    wanted = {name: due[name] for name in ("unit_id", "kind", "starts_on", "ends_on", "due_on")}
    return await db.all(_owed(OwedBy(due["owed_by"])), missing=missing, **wanted)


_PLACE = Statement(
    select(*(col(getattr(PlanDeadline, name)) for name in PLACE)).where(
        col(PlanDeadline.id) == bindparam("deadline_id", type_=Uuid)
    )
)
