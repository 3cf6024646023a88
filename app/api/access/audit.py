"""The audit trail over REST."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_one, answer_page
from app.domain.access import audit
from app.domain.access.audit import ActView, AuditHead
from app.request import CurrentActor, PageParameters, Reading, Route
from app.request.inclusions import Include

router = APIRouter(prefix="/audit", tags=["access"], route_class=Route)


@router.get("/acts", operation_id="list_acts", response_model=PageOf[ActView])
async def list_acts(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    account_id: Annotated[UUID | None, Query(description="操作账号 / account")] = None,
    operation: Annotated[
        str | None, Query(max_length=60, description="操作 / operation id")
    ] = None,
    target_id: Annotated[UUID | None, Query(description="操作对象 / target")] = None,
    school_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
    refused: Annotated[
        bool | None, Query(description="仅被拒绝的，或仅成功的 / only refusals, or none of them")
    ] = None,
    since: Annotated[datetime | None, Query(description="起始时间 / from this moment on")] = None,
    until: Annotated[
        datetime | None, Query(description="截止时间（不含） / before this moment")
    ] = None,
) -> Response:
    """What was done and refused within the actor's place, the latest first (`at`, `-at`)."""
    found = await audit.list_acts(
        db,
        actor,
        page=page,
        account_id=account_id,
        operation=operation,
        target_id=target_id,
        school_id=school_id,
        refused=refused,
        since=since,
        until=until,
    )
    await include.into("Act", found.items)
    return answer_page(request, found, fields)


@router.get("/acts/{act_id}", operation_id="get_act", response_model=ActView)
async def get_act(
    request: Request, db: Reading, actor: CurrentActor, act_id: UUID, include: Include
) -> Response:
    """One act; `include=changes` adds the rows that it changed, before and after."""
    row = await audit.get_act(db, actor, act_id=act_id)
    await include.into("Act", [row])
    return answer_one(request, row)


@router.get("/head", operation_id="get_audit_head", response_model=AuditHead)
async def get_audit_head(db: Reading, actor: CurrentActor) -> Response:
    """Where the chain over the trail ends; noted outside every day, it proves what was before it."""
    return answer(await audit.get_audit_head(db, actor))
