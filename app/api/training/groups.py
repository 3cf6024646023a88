"""Research groups over REST."""

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
from app.domain.people.teachers import Subject
from app.domain.training import groups
from app.domain.training.groups import GroupChanges, GroupKind, GroupView, NewGroup
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(prefix="/groups", tags=["training"], route_class=Route)


@router.get("", operation_id="list_groups", response_model=PageOf[GroupView])
async def list_groups(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="所属单位 / owner")] = None,
    kind: Annotated[GroupKind | None, Query(description="类型 / kind")] = None,
    subject: Annotated[Subject | None, Query(description="学科 / subject")] = None,
    closed: Annotated[
        bool | None,
        Query(description="仅已撤销的，默认仅现存的 / closed ones; open by default"),
    ] = None,
) -> Response:
    """The groups that the actor may see, by name unless sorted otherwise (`name`, `created`)."""
    found = await groups.list_groups(
        db, actor, page=page, unit_id=unit_id, kind=kind, subject=subject, closed=bool(closed)
    )
    await include.into("Group", found.items)
    return answer_page(request, found, fields)


@router.post("", operation_id="create_group", response_model=GroupView, status_code=201)
async def create_group(db: Transaction, actor: CurrentActor, new: NewGroup) -> Response:
    """Set up a group in a school or a bureau."""
    row = await groups.create_group(db, actor, new=new)
    return answer_created(row, f"/api/v1/groups/{row['id']}")


@router.get("/{group_id}", operation_id="get_group", response_model=GroupView)
async def get_group(
    request: Request, db: Reading, actor: CurrentActor, group_id: UUID, include: Include
) -> Response:
    """One group; a teacher sees the own groups."""
    row = await groups.get_group(db, actor, group_id=group_id)
    await include.into("Group", [row])
    return answer_one(request, row)


@router.patch(
    "/{group_id}", operation_id="update_group", response_model=GroupView, openapi_extra=IF_MATCH
)
async def update_group(
    request: Request, db: Transaction, actor: CurrentActor, group_id: UUID, changes: GroupChanges
) -> Response:
    """Rename a group, change its stage or subject; with `If-Match` only if it is still as read."""
    check_if_match(request, await groups.get_group(db, actor, group_id=group_id, lock=True))
    row = await groups.update_group(db, actor, group_id=group_id, changes=changes)
    return answer(row, headers={"ETag": etag_of(row)})


@router.post("/{group_id}/close", operation_id="close_group", response_model=GroupView)
async def close_group(db: Transaction, actor: CurrentActor, group_id: UUID) -> Response:
    """Close a group today: its memberships and the grants over it end with it."""
    return answer(await groups.close_group(db, actor, group_id=group_id, now=now()))
