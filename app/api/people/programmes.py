"""Programmes over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer_created, answer_one, answer_page
from app.domain.organisation.designations import DesignationLevel
from app.domain.people import programmes
from app.domain.people.programmes import NewProgramme, ProgrammeKind, ProgrammeView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction
from app.request.inclusions import Include

router = APIRouter(prefix="/programmes", tags=["people"], route_class=Route)

Offered = Annotated[
    bool | None,
    Query(description="改为列出本单位及上级主办的 / those instead of one's own units and above"),
]


@router.get("", operation_id="list_programmes", response_model=PageOf[ProgrammeView])
async def list_programmes(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="主办单位 / unit that runs it")] = None,
    kind: Annotated[ProgrammeKind | None, Query(description="类型 / kind")] = None,
    level: Annotated[DesignationLevel | None, Query(description="级别 / level")] = None,
    offered: Offered = None,
) -> Response:
    """The programmes of one's place, the first set up first (`created`, `name`)."""
    found = await programmes.list_programmes(
        db, actor, page=page, unit_id=unit_id, kind=kind, level=level, offered=offered
    )
    await include.into("Programme", found.items)
    return answer_page(request, found, fields)


@router.post("", operation_id="create_programme", response_model=ProgrammeView, status_code=201)
async def create_programme(db: Transaction, actor: CurrentActor, new: NewProgramme) -> Response:
    """Set up a programme of a unit."""
    row = await programmes.create_programme(db, actor, new=new)
    return answer_created(row, f"/api/v1/programmes/{row['id']}")


@router.get("/{programme_id}", operation_id="get_programme", response_model=ProgrammeView)
async def get_programme(
    request: Request, db: Reading, actor: CurrentActor, programme_id: UUID, include: Include
) -> Response:
    """One programme of one's place, or of a unit above it."""
    row = await programmes.get_programme(db, actor, programme_id=programme_id)
    await include.into("Programme", [row])
    return answer_one(request, row)
