"""Citations (依据) of plans: what a plan answers: surveys, diagnoses, goals, what came of the last plan.

根据需求调研结果,制定每学期的研训计划. A citation names a thing by its kind and key. Whoever cites sees
it; that it is cited shows nobody more of it than its own door does.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, Uuid, bindparam, delete
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, key, text_enum
from app.domain.errors import Conflict, NotFound
from app.domain.organisation.guidance_visits import GUIDANCE_VISITS
from app.domain.paging import Page, PageRequest
from app.domain.people.goals import GOALS
from app.domain.training.activities import ACTIVITIES
from app.domain.training.diagnoses import DIAGNOSES
from app.domain.training.evaluations import EVALUATIONS
from app.domain.training.plans import PLAN_PLACES, PLANS, Plan, open_plan
from app.domain.training.problems import PROBLEMS
from app.domain.training.surveys import SURVEYS
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class CitedKind(StrEnum):
    """What is cited (依据类型)."""

    GUIDANCE_VISIT = "guidance_visit"
    """指导、检查记录"""
    PLAN = "plan"
    """上期计划及其总结"""
    ACTIVITY = "activity"
    """已举办的活动"""
    GOAL = "goal"
    """教师个人发展目标"""
    SURVEY = "survey"
    """需求调研"""
    PROBLEM = "problem"
    """教学问题"""
    DIAGNOSIS = "diagnosis"
    """培训诊断"""
    EVALUATION = "evaluation"
    """活动评价与总结"""


CITED: Final[Mapping[CitedKind, Door]] = {
    CitedKind.GUIDANCE_VISIT: GUIDANCE_VISITS,
    CitedKind.PLAN: PLANS,
    CitedKind.ACTIVITY: ACTIVITIES,
    CitedKind.GOAL: GOALS,
    CitedKind.SURVEY: SURVEYS,
    CitedKind.PROBLEM: PROBLEMS,
    CitedKind.DIAGNOSIS: DIAGNOSES,
    CitedKind.EVALUATION: EVALUATIONS,
}
"""The door by which the one who cites must see what is cited."""


class CitationFields(BaseModel):
    """What is cited, and what follows from it."""

    kind: CitedKind = Field(description="依据类型 / kind", sa_type=text_enum(CitedKind))
    cited_id: UUID = Field(description="依据标识 / key of what is cited", sa_type=Uuid)
    conclusion: str | None = Field(
        default=None, min_length=1, max_length=500, description="由此得出 / what follows from it"
    )


class PlanCitation(CitationFields, Table, table=True):
    """A citation of a plan. None of what can be cited is ever removed."""

    __table_args__ = (
        Index("uq_plan_citation_cited", "plan_id", "kind", "cited_id", unique=True),
        Index(None, "cited_id", "plan_id"),
    )

    id: UUID = key()
    plan_id: UUID = Field(foreign_key="plan.id", sa_type=Uuid)
    recorded_at: datetime = Field(sa_type=MOMENT)


class CitationView(CitationFields):
    """A citation as both faces show it."""

    id: UUID = Field(description="标识 / key")
    plan_id: UUID = Field(description="计划 / plan")
    recorded_at: datetime = Field(description="登记时间 / when it was recorded")


class NewCitation(CitationFields, Command):
    """Something that a plan answers."""


# What can be refused.


class CitationNotFound(NotFound):
    """There is no such citation for the one who asks."""

    code = "citation_not_found"
    zh = "未找到该依据。"
    en = "There is no such citation."


class CitationExists(Conflict):
    """The plan cites it already."""

    code = "citation_exists"
    zh = "该计划已引用此依据。"
    en = "The plan cites it already."


# What may be asked.

CITATIONS = Door(
    table=PlanCitation,
    view=CitationView,
    read=Permission.PLAN_READ,
    missing=CitationNotFound,
    places=PLAN_PLACES,
    joined=PlanCitation.__table__.join(  # type: ignore[attr-defined]
        Plan.__table__,  # type: ignore[attr-defined]
        col(PlanCitation.plan_id) == col(Plan.id),
    ),
    filters={
        "plan_id": col(PlanCitation.plan_id),
        "cited_id": col(PlanCitation.cited_id),
        "kind": col(PlanCitation.kind),
    },
    sorts={"created": ()},
)


async def list_citations(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    plan_id: UUID | None = None,
    cited_id: UUID | None = None,
    kind: CitedKind | None = None,
) -> Page:
    """The citations of the plans in the actor's place: what a plan answers, or which plans answer it."""
    filters = {"plan_id": plan_id, "cited_id": cited_id, "kind": kind}
    return await CITATIONS.page(db, actor, page, filters=filters)


async def citations_of_plans(
    db: Connection,
    actor: Actor,
    *,
    plan_ids: list[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The citations of each of many plans, the first recorded first."""
    return await CITATIONS.pages_of(
        db, actor, col(PlanCitation.plan_id), plan_ids, page, columns=columns
    )


# What may be done.


async def add_citation(
    db: Connection, actor: Actor, *, plan_id: UUID, new: NewCitation, now: datetime
) -> Row:
    """Say what a plan that is being written answers; the actor must see what is cited."""
    await open_plan(db, actor, plan_id=plan_id)
    await CITED[new.kind].get(db, actor, new.cited_id)
    citation_id = new_id()
    row = {"id": citation_id, "plan_id": plan_id, **new.model_dump(), "recorded_at": now}
    try:
        await db.insert(PlanCitation, row)
    except UniqueViolationError:
        raise CitationExists from None
    return await CITATIONS.get(db, actor, citation_id)


_REMOVE = Statement(
    delete(PlanCitation).where(col(PlanCitation.id) == bindparam("citation_id", type_=Uuid))
)


async def remove_citation(db: Connection, actor: Actor, *, citation_id: UUID) -> Row:
    """Take a citation out of a plan that is being written; what it was."""
    found = await CITATIONS.get(db, actor, citation_id, permission=Permission.PLAN_WRITE)
    await open_plan(db, actor, plan_id=found["plan_id"])
    if not await db.run(_REMOVE, citation_id=citation_id):
        raise CitationNotFound
    return found
