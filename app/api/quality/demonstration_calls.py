"""Calls for demonstration schools over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.organisation.designations import DesignationKind
from app.domain.quality import demonstration_calls, demonstrations
from app.domain.quality.demonstration_calls import DemonstrationCallView, NewDemonstrationCall
from app.domain.quality.demonstrations import DemonstrationFinding
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/demonstration-calls",
    operation_id="list_demonstration_calls",
    response_model=PageOf[DemonstrationCallView],
)
async def list_demonstration_calls(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="发布教育局 / bureau")] = None,
    kind: Annotated[DesignationKind | None, Query(description="命名类型 / kind of title")] = None,
    open_on: Annotated[date | None, Query(description="在该日可申报 / open on this day")] = None,
) -> Response:
    """The calls of the bureaux at and above the actor (`closes_on`, `created`)."""
    found = await demonstration_calls.list_demonstration_calls(
        db, actor, page=page, unit_id=unit_id, kind=kind, open_on=open_on
    )
    await include.into("DemonstrationCall", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/demonstration-calls/{call_id}",
    operation_id="get_demonstration_call",
    response_model=DemonstrationCallView,
)
async def get_demonstration_call(
    request: Request, db: Reading, actor: CurrentActor, call_id: UUID, include: Include
) -> Response:
    """One call with its conditions and criteria."""
    row = await demonstration_calls.get_demonstration_call(db, actor, call_id=call_id)
    await include.into("DemonstrationCall", [row])
    return answer_one(request, row)


@router.post(
    "/demonstration-calls",
    operation_id="publish_demonstration_call",
    response_model=DemonstrationCallView,
    status_code=201,
)
async def publish_demonstration_call(
    db: Transaction, actor: CurrentActor, new: NewDemonstrationCall
) -> Response:
    """Publish a call of a bureau to all schools below it."""
    row = await demonstration_calls.publish_demonstration_call(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/demonstration-calls/{row['id']}")


@router.get(
    "/demonstration-calls/{call_id}/findings",
    operation_id="list_demonstration_findings",
    response_model=list[DemonstrationFinding],
)
async def list_demonstration_findings(
    db: Reading,
    actor: CurrentActor,
    call_id: UUID,
    unit_id: Annotated[UUID, Query(description="学校 / school")],
) -> Response:
    """What the register says today of a school under each condition, with the rows behind it."""
    rows = await demonstrations.list_demonstration_findings(
        db, actor, call_id=call_id, unit_id=unit_id, now=now()
    )
    return answer(rows)
