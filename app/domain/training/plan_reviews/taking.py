"""Taking the steps of a plan: handing it in, deciding on it, publishing and amending it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict
from app.domain.training.plan_reviews.review import PlanReview
from app.domain.training.plans import (
    AGREED,
    EDITABLE,
    PLANS,
    PlanAmendment,
    PlanState,
    PlanStep,
    PlanVersion,
    check_plan_state,
    freeze_plan,
    open_plan,
    owner_of,
    propose_amendment,
    settle_amendment,
)
from app.domain.training.reviewed import Reviewed, place_of_superior
from app.sql import Connection, Row


class PlanOpinion(Command):
    """What the superior says to a plan."""

    opinion: str = Field(min_length=2, max_length=2000, description="审定意见 / opinion")


# What can be refused.


class PlanWithoutSuperior(Conflict):
    """The city's own plans have no superior here: they are published."""

    code = "plan_without_superior"
    zh = "市级计划没有上级审定环节，可直接发布。"
    en = "The city's plans have no superior here: publish them."


class PlanOfOneself(Conflict):
    """Nobody decides on their own plan, that of what they have a role for, or one that they submitted."""

    code = "plan_of_oneself"
    zh = "不能审定本人、本组、本部门或本单位的计划，也不能审定由本人报送的计划。"
    en = (
        "Nobody decides on their own plan, on that of their own group, department or unit, or on one"
        " that they submitted themselves."
    )


def place_of_review(plan: Row) -> dict[str, Any] | None:
    """Where the right to review this must be held: the superior's place; None where there is none."""
    return place_of_superior(plan, parts=("group_id", "department_id", "teacher_id"))


# What may be done.

_REVIEWED = Reviewed(
    door=PLANS,
    versions=PlanVersion,
    steps=PlanReview,
    key="plan_id",
    leads_to={
        PlanStep.SUBMIT: PlanState.SUBMITTED,
        PlanStep.WITHDRAW: PlanState.WITHDRAWN,
        PlanStep.RETURN: PlanState.RETURNED,
        PlanStep.APPROVE: PlanState.APPROVED,
        PlanStep.PUBLISH: PlanState.PUBLISHED,
    },
    agreed=AGREED,
)
_WAITING = frozenset({PlanState.SUBMITTED})


async def _settle(
    db: Connection, actor: Actor, plan: Row, step: PlanStep, opinion: str | None, now: datetime
) -> Row:
    """Decide on what waits of a locked plan, or take it back: an amendment, or else the plan."""
    if plan["amendment_since"] is None:
        check_plan_state(plan, _WAITING)
        return await _REVIEWED.take(db, actor, plan, step, opinion=opinion, now=now)
    await settle_amendment(db, actor, plan=plan, agreed=step is PlanStep.APPROVE)
    return await _REVIEWED.keep(
        db, actor, plan["id"], step, plan["version"], opinion=opinion, now=now
    )


async def submit_plan(db: Connection, actor: Actor, *, plan_id: UUID, now: datetime) -> Row:
    """Hand a plan to the superior for review; what it says now is kept as a version."""
    plan = await open_plan(db, actor, plan_id=plan_id)
    if place_of_review(plan) is None:
        raise PlanWithoutSuperior
    await freeze_plan(db, actor, plan=plan, now=now)
    return await _REVIEWED.take(db, actor, plan, PlanStep.SUBMIT, now=now)


async def withdraw_plan(db: Connection, actor: Actor, *, plan_id: UUID, now: datetime) -> Row:
    """Take back what has not been decided on; a plan may be written on and submitted again."""
    plan = await PLANS.get(db, actor, plan_id, permission=Permission.PLAN_WRITE, lock=True)
    return await _settle(db, actor, plan, PlanStep.WITHDRAW, None, now)


async def return_plan(
    db: Connection, actor: Actor, *, plan_id: UUID, opinion: PlanOpinion, now: datetime
) -> Row:
    """Give a plan back to its author to be written on, and say why."""
    return await _decide(db, actor, plan_id, PlanStep.RETURN, opinion.opinion, now)


async def approve_plan(
    db: Connection, actor: Actor, *, plan_id: UUID, opinion: PlanOpinion, now: datetime
) -> Row:
    """Agree to a plan; of two who decide at once the second is told that it was decided."""
    return await _decide(db, actor, plan_id, PlanStep.APPROVE, opinion.opinion, now)


async def _decide(
    db: Connection, actor: Actor, plan_id: UUID, step: PlanStep, opinion: str, now: datetime
) -> Row:
    plan = await PLANS.get(db, actor, plan_id, permission=Permission.PLAN_REVIEW, lock=True)
    place = place_of_review(plan)
    if place is None:
        raise PlanWithoutSuperior
    actor.require(Permission.PLAN_REVIEW, place)
    if plan["amendment_since"] is None:
        check_plan_state(plan, _WAITING)
    own = owner_of(plan) in {grant.subject_id for grant in actor.grants}
    if own or await is_oneself(db, actor, teacher_ids=[plan["teacher_id"]]):
        raise PlanOfOneself
    if await _REVIEWED.was_submitted_by(db, actor, plan_id):
        raise PlanOfOneself
    return await _settle(db, actor, plan, step, opinion, now)


async def publish_plan(db: Connection, actor: Actor, *, plan_id: UUID, now: datetime) -> Row:
    """Show an agreed plan to those it is for; the city's own needs nobody's agreement.

    An individual plan is published to nobody: it is its teacher's and the school's.
    """
    plan = await PLANS.get(db, actor, plan_id, permission=Permission.PLAN_WRITE, lock=True)
    if place_of_review(plan) is not None:
        check_plan_state(plan, frozenset({PlanState.APPROVED}))
        return await _REVIEWED.take(db, actor, plan, PlanStep.PUBLISH, now=now)
    check_plan_state(plan, EDITABLE)
    await freeze_plan(db, actor, plan=plan, now=now)
    return await _REVIEWED.take(db, actor, plan, PlanStep.PUBLISH, now=now)


async def amend_plan(
    db: Connection, actor: Actor, *, plan_id: UUID, amendment: PlanAmendment, now: datetime
) -> Row:
    """Submit what an agreed plan is to say; until it is agreed to, the plan says what it said.

    The city's own needs nobody's agreement.
    """
    plan = await PLANS.get(db, actor, plan_id, permission=Permission.PLAN_WRITE, lock=True)
    check_plan_state(plan, AGREED)
    await propose_amendment(db, actor, plan=plan, amendment=amendment, now=now)
    version = plan["version"] + 1
    if place_of_review(plan) is None:
        await settle_amendment(db, actor, plan=plan | {"version": version}, agreed=True)
    return await _REVIEWED.keep(db, actor, plan_id, PlanStep.AMEND, version, now=now)
