"""Committees and leading groups over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.organisation import committees
from app.domain.organisation.committees import (
    CommitteeKind,
    CommitteeView,
    Concern,
    NewCommittee,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(prefix="/committees", tags=["organisation"], route_class=Route)


@router.get("", operation_id="list_committees", response_model=PageOf[CommitteeView])
async def list_committees(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    as_of: Annotated[date | None, Query(description="某日，默认今天 / a day; today")] = None,
    unit_id: Annotated[UUID | None, Query(description="所属单位 / owner")] = None,
    kind: Annotated[CommitteeKind | None, Query(description="类型 / kind")] = None,
    concern: Annotated[Concern | None, Query(description="工作领域 / concern")] = None,
) -> Response:
    """The committees in the actor's place, by name unless sorted otherwise (`name`, `created`)."""
    found = await committees.list_committees(
        db, actor, page=page, now=now(), as_of=as_of, unit_id=unit_id, kind=kind, concern=concern
    )
    await include.into("Committee", found.items)
    return answer_page(request, found, fields)


@router.post("", operation_id="create_committee", response_model=CommitteeView, status_code=201)
async def create_committee(db: Transaction, actor: CurrentActor, new: NewCommittee) -> Response:
    """Set up a committee or a leading group; nobody sits in it yet."""
    row = await committees.create_committee(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/committees/{row['id']}")


@router.get("/{committee_id}", operation_id="get_committee", response_model=CommitteeView)
async def get_committee(
    request: Request, db: Reading, actor: CurrentActor, committee_id: UUID, include: Include
) -> Response:
    """One committee, in the actor's place or of a unit above it."""
    row = await committees.get_committee(db, actor, committee_id=committee_id)
    await include.into("Committee", [row])
    return answer_one(request, row)


@router.post(
    "/{committee_id}/dissolve", operation_id="dissolve_committee", response_model=CommitteeView
)
async def dissolve_committee(db: Transaction, actor: CurrentActor, committee_id: UUID) -> Response:
    """End a committee today, and the seats in it; who sat in it can still be told."""
    row = await committees.dissolve_committee(db, actor, committee_id=committee_id, now=now())
    return answer(row)
