"""Networks of schools over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import (
    IF_MATCH,
    Fields,
    PageOf,
    answer,
    answer_created,
    answer_one,
    answer_page,
    check_if_match,
    etag_of,
)
from app.domain.organisation import networks
from app.domain.organisation.networks import (
    NetworkChanges,
    NetworkKind,
    NetworkView,
    NewNetwork,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(prefix="/networks", tags=["organisation"], route_class=Route)


@router.get("", operation_id="list_networks", response_model=PageOf[NetworkView])
async def list_networks(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    as_of: Annotated[date | None, Query(description="某日，默认今天 / a day; today")] = None,
    unit_id: Annotated[UUID | None, Query(description="所属单位 / owner")] = None,
    member_id: Annotated[UUID | None, Query(description="现成员校 / a member school")] = None,
    kind: Annotated[NetworkKind | None, Query(description="类型 / kind")] = None,
) -> Response:
    """The networks in the actor's place, by name unless sorted otherwise (`name`, `created`)."""
    found = await networks.list_networks(
        db, actor, page=page, now=now(), as_of=as_of, unit_id=unit_id, member_id=member_id,
        kind=kind,
    )  # fmt: skip
    await include.into("Network", found.items)
    return answer_page(request, found, fields)


@router.post("", operation_id="create_network", response_model=NetworkView, status_code=201)
async def create_network(db: Transaction, actor: CurrentActor, new: NewNetwork) -> Response:
    """Set up a network for a bureau, or for a school and its friends; it has no members yet."""
    row = await networks.create_network(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/networks/{row['id']}")


@router.get("/{network_id}", operation_id="get_network", response_model=NetworkView)
async def get_network(
    request: Request, db: Reading, actor: CurrentActor, network_id: UUID, include: Include
) -> Response:
    """One network, in the actor's place or known to the actor's unit."""
    row = await networks.get_network(db, actor, network_id=network_id)
    await include.into("Network", [row])
    return answer_one(request, row)


@router.patch(
    "/{network_id}",
    operation_id="update_network",
    response_model=NetworkView,
    openapi_extra=IF_MATCH,
)
async def update_network(
    request: Request,
    db: Transaction,
    actor: CurrentActor,
    network_id: UUID,
    changes: NetworkChanges,
) -> Response:
    """Rename a network or have another unit lead it; with `If-Match` only if it is still as read."""
    found = await networks.get_network(db, actor, network_id=network_id, lock=True)
    check_if_match(request, found)
    row = await networks.update_network(db, actor, network_id=network_id, changes=changes)
    return answer(row, headers={"ETag": etag_of(row)})


@router.post("/{network_id}/dissolve", operation_id="dissolve_network", response_model=NetworkView)
async def dissolve_network(db: Transaction, actor: CurrentActor, network_id: UUID) -> Response:
    """Dissolve a network today; the grants over it end with it."""
    return answer(await networks.dissolve_network(db, actor, network_id=network_id, now=now()))
