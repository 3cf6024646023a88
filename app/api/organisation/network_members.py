"""Member schools of networks over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.organisation import network_members
from app.domain.organisation.network_members import NetworkMemberView, NewNetworkMember
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(
    prefix="/networks/{network_id}/members", tags=["organisation"], route_class=Route
)


@router.get("", operation_id="list_network_members", response_model=PageOf[NetworkMemberView])
async def list_network_members(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    network_id: UUID,
    page: PageParameters,
    fields: Fields,
    as_of: Annotated[date | None, Query(description="某日，默认今天 / a day; today")] = None,
    known_on: Annotated[
        date | None,
        Query(description="按某日所知，默认现在 / as was known at the end of a day; now"),
    ] = None,
) -> Response:
    """The schools that belong to a network, by name unless sorted otherwise (`name`, `created`)."""
    found = await network_members.list_network_members(
        db, actor, network_id=network_id, page=page, now=now(), as_of=as_of, known_on=known_on
    )
    return answer_page(request, found, fields)


@router.post("", operation_id="join_network", response_model=NetworkMemberView, status_code=201)
async def join_network(
    db: Transaction, actor: CurrentActor, network_id: UUID, new: NewNetworkMember
) -> Response:
    """Take a school into a network; those who act for it get the right to the school."""
    row = await network_members.join_network(db, actor, network_id=network_id, new=new, now=now())
    return answer(row, 201)


@router.post("/{school_id}/leave", operation_id="leave_network", response_model=NetworkMemberView)
async def leave_network(
    db: Transaction, actor: CurrentActor, network_id: UUID, school_id: UUID
) -> Response:
    """End a school's membership today; those who act for the network lose the right to it at once."""
    row = await network_members.leave_network(
        db, actor, network_id=network_id, school_id=school_id, now=now()
    )
    return answer(row)
