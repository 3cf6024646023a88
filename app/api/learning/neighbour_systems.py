"""Neighbour systems over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.learning import neighbour_systems
from app.domain.learning.neighbour_systems import (
    NeighbourSystemView,
    NewNeighbourSystem,
    NewSystemIdentifier,
    SystemIdentifierView,
    SystemKind,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/neighbour-systems",
    operation_id="list_neighbour_systems",
    response_model=PageOf[NeighbourSystemView],
)
async def list_neighbour_systems(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    kind: Annotated[SystemKind | None, Query(description="系统类型 / kind")] = None,
) -> Response:
    """The systems that the units at and above the actor's place have registered (`name`, `created`)."""
    found = await neighbour_systems.list_neighbour_systems(db, actor, page=page, kind=kind)
    await include.into("NeighbourSystem", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/neighbour-systems",
    operation_id="register_neighbour_system",
    response_model=NeighbourSystemView,
    status_code=201,
)
async def register_neighbour_system(
    db: Transaction, actor: CurrentActor, new: NewNeighbourSystem
) -> Response:
    """Register a system for all below a unit."""
    row = await neighbour_systems.register_neighbour_system(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/neighbour-systems/{row['id']}")


@router.get(
    "/neighbour-systems/{system_id}",
    operation_id="get_neighbour_system",
    response_model=NeighbourSystemView,
)
async def get_neighbour_system(
    request: Request, db: Reading, actor: CurrentActor, system_id: UUID, include: Include
) -> Response:
    """One system, and where it is."""
    row = await neighbour_systems.get_neighbour_system(db, actor, system_id=system_id)
    await include.into("NeighbourSystem", [row])
    return answer_one(request, row)


@router.get(
    "/system-identifiers",
    operation_id="list_system_identifiers",
    response_model=PageOf[SystemIdentifierView],
)
async def list_system_identifiers(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="单位 / unit")] = None,
    system_id: Annotated[UUID | None, Query(description="关联系统 / system")] = None,
) -> Response:
    """Under which identifiers systems have the units that the actor sees."""
    found = await neighbour_systems.list_system_identifiers(
        db, actor, page=page, unit_id=unit_id, system_id=system_id
    )
    await include.into("SystemIdentifier", found.items)
    return answer_page(request, found, fields)


@router.put(
    "/units/{unit_id}/system-identifiers",
    operation_id="record_system_identifier",
    response_model=SystemIdentifierView,
)
async def record_system_identifier(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewSystemIdentifier
) -> Response:
    """Record under which identifier a system has a unit."""
    return answer(
        await neighbour_systems.record_system_identifier(
            db, actor, unit_id=unit_id, new=new, now=now()
        )
    )
