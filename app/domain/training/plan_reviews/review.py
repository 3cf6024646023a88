"""A step of a plan: what it is, who reads it."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, Uuid
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Table, key, text_enum
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.training.plans import (
    PLAN_PLACES,
    PLANS,
    Plan,
    PlanStep,
)
from app.sql import Connection


class PlanReview(Table, table=True):
    """One step of a plan: who did what with which version, when, with which opinion. Written once."""

    __table_args__ = (Index(None, "plan_id", "id"),)

    id: UUID = key()
    plan_id: UUID = Field(foreign_key="plan.id", sa_type=Uuid)
    version: int
    step: PlanStep = Field(sa_type=text_enum(PlanStep))
    opinion: str | None = Field(default=None, max_length=2000)
    taken_at: datetime = Field(sa_type=MOMENT)
    taken_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class PlanReviewView(BaseModel):
    """A step as both faces show it."""

    id: UUID = Field(description="标识 / key")
    plan_id: UUID = Field(description="计划 / plan")
    version: int = Field(description="版本号 / version that it is about")
    step: PlanStep = Field(description="环节 / what was done")
    opinion: str | None = Field(description="意见 / opinion")
    taken_at: datetime = Field(description="时间 / when")
    by: str = Field(description="经办人 / who did it")


# What can be refused.


class PlanReviewNotFound(NotFound):
    """There is no such step for the one who asks."""

    code = "plan_review_not_found"
    zh = "未找到该审定记录。"
    en = "There is no such step of a plan."


# What may be asked.

PLAN_REVIEWS = Door(
    table=PlanReview,
    view=PlanReviewView,
    read=Permission.PLAN_READ,
    missing=PlanReviewNotFound,
    places=PLAN_PLACES,
    computed={"by": col(Account.display_name)},
    joined=PlanReview.__table__.join(  # type: ignore[attr-defined]
        Plan.__table__,  # type: ignore[attr-defined]
        col(PlanReview.plan_id) == col(Plan.id),
    ).join(Account.__table__, col(PlanReview.taken_by) == col(Account.id)),  # type: ignore[attr-defined]
    filters={"plan_id": col(PlanReview.plan_id)},
    sorts={"taken": ()},
)
"""Steps are for those who write and review the plan, not for those to whom it is published."""


async def list_plan_reviews(
    db: Connection, actor: Actor, *, plan_id: UUID, page: PageRequest
) -> Page:
    """What was done with one plan in the actor's place, the first first."""
    actor.require(Permission.PLAN_READ, await PLANS.get(db, actor, plan_id))
    return await PLAN_REVIEWS.page(db, actor, page, filters={"plan_id": plan_id})


async def reviews_of_plans(
    db: Connection,
    actor: Actor,
    *,
    plan_ids: list[UUID],
    page: PageRequest,
    columns: frozenset[str] | None = None,
) -> dict[UUID, Page]:
    """What was done with each of many plans, the first first."""
    return await PLAN_REVIEWS.pages_of(
        db, actor, col(PlanReview.plan_id), plan_ids, page, columns=columns
    )
