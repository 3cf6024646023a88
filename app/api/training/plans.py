"""Plans and schemes over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.training import plans
from app.domain.training.plans import (
    CoverageView,
    NewPlan,
    PlanChanges,
    PlanComparison,
    PlanKind,
    PlanState,
    PlanSummary,
    PlanVersionView,
    PlanView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["training"], route_class=Route)


@router.get("/plans", operation_id="list_plans", response_model=PageOf[PlanView])
async def list_plans(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="单位 / unit")] = None,
    group_id: Annotated[UUID | None, Query(description="教研组 / group")] = None,
    department_id: Annotated[UUID | None, Query(description="部门 / department")] = None,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
    derived_from_id: Annotated[
        UUID | None, Query(description="所依据的方案 / derived from this one")
    ] = None,
    kind: Annotated[PlanKind | None, Query(description="类型 / kind")] = None,
    state: Annotated[PlanState | None, Query(description="状态 / state")] = None,
    since: Annotated[
        date | None, Query(description="此日及以后 / with a day on or after this")
    ] = None,
    until: Annotated[
        date | None, Query(description="此日及以前 / with a day on or before this")
    ] = None,
) -> Response:
    """The plans that the actor may see, by first day unless sorted otherwise (`starts_on`, `created`)."""
    found = await plans.list_plans(
        db,
        actor,
        page=page,
        unit_id=unit_id,
        group_id=group_id,
        department_id=department_id,
        teacher_id=teacher_id,
        derived_from_id=derived_from_id,
        kind=kind,
        state=state,
        since=since,
        until=until,
    )
    await include.into("Plan", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/published-plans", operation_id="list_published_plans", response_model=PageOf[PlanView]
)
async def list_published_plans(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    kind: Annotated[PlanKind | None, Query(description="类型 / kind")] = None,
    unit_id: Annotated[UUID | None, Query(description="发布单位 / unit that it is of")] = None,
    since: Annotated[
        date | None, Query(description="此日及以后 / with a day on or after this")
    ] = None,
    until: Annotated[
        date | None, Query(description="此日及以前 / with a day on or before this")
    ] = None,
) -> Response:
    """The plans and schemes that are published to the actor, by first day (`starts_on`, `created`)."""
    found = await plans.list_published_plans(
        db, actor, page=page, kind=kind, unit_id=unit_id, since=since, until=until
    )
    await include.into("Plan", found.items)
    return answer_page(request, found, fields)


@router.get("/plans/{plan_id}", operation_id="get_plan", response_model=PlanView)
async def get_plan(
    request: Request, db: Reading, actor: CurrentActor, plan_id: UUID, include: Include
) -> Response:
    """One plan, in the actor's place or published to the actor."""
    row = await plans.get_plan(db, actor, plan_id=plan_id)
    await include.into("Plan", [row])
    return answer_one(request, row)


@router.get(
    "/plans/{plan_id}/coverage",
    operation_id="list_plan_coverage",
    response_model=list[CoverageView],
)
async def list_plan_coverage(db: Reading, actor: CurrentActor, plan_id: UUID) -> Response:
    """What each unit directly below has derived from a plan or scheme."""
    found = await plans.list_plan_coverage(db, actor, plan_id=plan_id)
    return answer(found)


@router.get(
    "/plans/{plan_id}/versions",
    operation_id="list_plan_versions",
    response_model=PageOf[PlanVersionView],
)
async def list_plan_versions(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    plan_id: UUID,
) -> Response:
    """The versions of a plan, the first submitted first (`number`)."""
    found = await plans.list_plan_versions(db, actor, page=page, plan_id=plan_id)
    return answer_page(request, found, fields)


@router.get(
    "/plans/{plan_id}/comparison", operation_id="get_plan_comparison", response_model=PlanComparison
)
async def get_plan_comparison(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    plan_id: UUID,
    older: Annotated[
        int | None, Query(description="原版本号 / number of the earlier version")
    ] = None,
    newer: Annotated[
        int | None, Query(description="新版本号 / number of the later version")
    ] = None,
) -> Response:
    """How two versions of a plan differ, by default the last two."""
    row = await plans.get_plan_comparison(db, actor, plan_id=plan_id, older=older, newer=newer)
    return answer_one(request, row)


@router.post("/plans", operation_id="create_plan", response_model=PlanView, status_code=201)
async def create_plan(db: Transaction, actor: CurrentActor, new: NewPlan) -> Response:
    """Draft a plan for a unit, a group or a department, or an individual one for a teacher."""
    row = await plans.create_plan(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/plans/{row['id']}")


@router.patch("/plans/{plan_id}", operation_id="update_plan", response_model=PlanView)
async def update_plan(
    db: Transaction, actor: CurrentActor, plan_id: UUID, changes: PlanChanges
) -> Response:
    """Change a plan that is being written."""
    row = await plans.update_plan(db, actor, plan_id=plan_id, changes=changes)
    return answer(row)


@router.post("/plans/{plan_id}/summary", operation_id="summarise_plan", response_model=PlanView)
async def summarise_plan(
    db: Transaction, actor: CurrentActor, plan_id: UUID, summary: PlanSummary
) -> Response:
    """Say what came of a plan that was agreed."""
    row = await plans.summarise_plan(db, actor, plan_id=plan_id, summary=summary, now=now())
    return answer(row)
