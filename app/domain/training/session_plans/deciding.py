"""Deciding on the plan of a session."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, select, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, text_enum
from app.domain.errors import Conflict
from app.domain.training.activities import Activity
from app.domain.training.session_plans.plan import (
    SESSION_PLANS,
    SessionPlan,
    SessionPlanState,
    check_session_plan,
)
from app.sql import Connection, Row, Statement


class SessionPlanOpinion(Command):
    """What the reviewer says."""

    opinion: str = Field(min_length=2, max_length=2000, description="审核意见 / opinion")


# What can be refused.


class SessionPlanOfOneself(Conflict):
    """Nobody decides on a plan that they handed in, or by which they themselves train."""

    code = "session_plan_of_oneself"
    zh = "不能审核本人报送或由本人主讲的方案。"
    en = "Nobody decides on a plan that they handed in, or by which they train."


# What may be done.

_organisers = ("organiser_group_id", "organiser_network_id", "organiser_department_id")
_BEHIND = Statement(
    select(
        col(SessionPlan.submitted_by),
        *(col(getattr(Activity, name)) for name in (*PLACE, *_organisers)),
    )
    .join_from(SessionPlan, Activity, col(SessionPlan.activity_id) == col(Activity.id))
    .where(col(SessionPlan.id) == bindparam("plan_id", type_=Uuid))
)
_DECIDE = Statement(
    update(SessionPlan)
    .where(col(SessionPlan.id) == bindparam("plan_id", type_=Uuid))
    .values(
        state=bindparam("to", type_=text_enum(SessionPlanState)),
        opinion=bindparam("said", type_=Text),
        decided_at=bindparam("now", type_=MOMENT),
        decided_by=bindparam("by", type_=Uuid),
    )
)


def _place_of_review(behind: Row) -> dict[str, Any]:
    """Where the right to review must be held: a school's own training is reviewed by its bureau."""
    bureau = {name: behind[name] for name in ("city_id", "county_id")}
    is_within = any(behind[name] is not None for name in _organisers)
    return {**bureau, "school_id": behind["school_id"]} if is_within else bureau


async def approve_session_plan(
    db: Connection,
    actor: Actor,
    *,
    session_plan_id: UUID,
    opinion: SessionPlanOpinion,
    now: datetime,
) -> Row:
    """Agree to the plan of a session."""
    return await _decide(db, actor, session_plan_id, SessionPlanState.APPROVED, opinion, now)


async def return_session_plan(
    db: Connection,
    actor: Actor,
    *,
    session_plan_id: UUID,
    opinion: SessionPlanOpinion,
    now: datetime,
) -> Row:
    """Give the plan of a session back to be revised, and say why."""
    return await _decide(db, actor, session_plan_id, SessionPlanState.RETURNED, opinion, now)


async def _decide(
    db: Connection,
    actor: Actor,
    plan_id: UUID,
    to: SessionPlanState,
    opinion: SessionPlanOpinion,
    now: datetime,
) -> Row:
    review = Permission.PLAN_REVIEW
    plan = await SESSION_PLANS.get(db, actor, plan_id, permission=review, lock=True)
    behind = await db.one(_BEHIND, plan_id=plan_id)
    assert behind is not None  # noqa: S101  the plan is locked
    actor.require(review, _place_of_review(behind))
    check_session_plan(plan, SessionPlanState.SUBMITTED)
    own = await is_oneself(db, actor, teacher_ids=[plan["teacher_id"]])
    if own or behind["submitted_by"] in actor.accounts:
        raise SessionPlanOfOneself
    await db.run(
        _DECIDE, plan_id=plan_id, to=to, said=opinion.opinion, now=now, by=actor.account_id
    )
    return await SESSION_PLANS.get(db, actor, plan_id)
