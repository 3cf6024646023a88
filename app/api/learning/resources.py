"""Shared resources over REST."""

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
from app.domain.learning import resources
from app.domain.learning.resources import (
    NewResource,
    NewResourceVersion,
    ResourceAccess,
    ResourceChanges,
    ResourceDecision,
    ResourceKind,
    ResourceSharingRequest,
    ResourceVersionView,
    ResourceView,
)
from app.domain.organisation.units import Stage
from app.domain.people.teachers import Subject
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request import resources as deployment
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get("/resources", operation_id="list_resources", response_model=PageOf[ResourceView])
async def list_resources(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="所属单位 / unit")] = None,
    kind: Annotated[ResourceKind | None, Query(description="类型 / kind")] = None,
    subject: Annotated[Subject | None, Query(description="学科 / subject")] = None,
    stage: Annotated[Stage | None, Query(description="学段 / stage")] = None,
    asked: Annotated[
        bool | None, Query(description="是否有待审共享申请 / whether a wider sharing waits")
    ] = None,
    retired: Annotated[
        bool | None, Query(description="是否已下架 / whether it was retired")
    ] = None,
) -> Response:
    """The resources that the actor's place keeps (`created`, `title`)."""
    found = await resources.list_resources(
        db,
        actor,
        page=page,
        unit_id=unit_id,
        kind=kind,
        subject=subject,
        stage=stage,
        asked=asked,
        retired=retired,
    )
    await include.into("Resource", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/shared-resources", operation_id="list_shared_resources", response_model=PageOf[ResourceView]
)
async def list_shared_resources(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    kind: Annotated[ResourceKind | None, Query(description="类型 / kind")] = None,
    subject: Annotated[Subject | None, Query(description="学科 / subject")] = None,
    stage: Annotated[Stage | None, Query(description="学段 / stage")] = None,
) -> Response:
    """The resources that are shared with the actor (`created`, `title`)."""
    found = await resources.list_shared_resources(
        db, actor, page=page, kind=kind, subject=subject, stage=stage
    )
    await include.into("Resource", found.items)
    return answer_page(request, found, fields)


@router.get("/resource-search", operation_id="search_resources", response_model=list[ResourceView])
async def search_resources(
    db: Reading,
    actor: CurrentActor,
    q: Annotated[
        str, Query(max_length=100, description="名称中的任意部分 / any part of the title")
    ],
    kind: Annotated[ResourceKind | None, Query(description="类型 / kind")] = None,
    subject: Annotated[Subject | None, Query(description="学科 / subject")] = None,
    stage: Annotated[Stage | None, Query(description="学段 / stage")] = None,
    limit: Annotated[int, Query(ge=1, le=50, description="最多返回条数 / at most so many")] = 20,
) -> Response:
    """The resources with this anywhere in their titles, the nearest first."""
    return answer(
        await resources.search_resources(
            db, actor, q=q, kind=kind, subject=subject, stage=stage, limit=limit
        )
    )


@router.post(
    "/resources", operation_id="create_resource", response_model=ResourceView, status_code=201
)
async def create_resource(db: Transaction, actor: CurrentActor, new: NewResource) -> Response:
    """Add a resource with its first version; it goes no further than its unit."""
    row = await resources.create_resource(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/resources/{row['id']}")


@router.get("/resources/{resource_id}", operation_id="get_resource", response_model=ResourceView)
async def get_resource(
    request: Request, db: Reading, actor: CurrentActor, resource_id: UUID, include: Include
) -> Response:
    """One resource, and how far it goes."""
    row = await resources.get_resource(db, actor, resource_id=resource_id)
    await include.into("Resource", [row])
    return answer_one(request, row)


@router.patch(
    "/resources/{resource_id}",
    operation_id="update_resource",
    response_model=ResourceView,
    openapi_extra=IF_MATCH,
)
async def update_resource(
    request: Request,
    db: Transaction,
    actor: CurrentActor,
    resource_id: UUID,
    changes: ResourceChanges,
) -> Response:
    """Say something else of a resource; with `If-Match` only if it is still as read."""
    check_if_match(
        request, await resources.get_resource(db, actor, resource_id=resource_id, lock=True)
    )
    row = await resources.update_resource(db, actor, resource_id=resource_id, changes=changes)
    return answer(row, headers={"ETag": etag_of(row)})


@router.get(
    "/resources/{resource_id}/versions",
    operation_id="list_resource_versions",
    response_model=PageOf[ResourceVersionView],
)
async def list_resource_versions(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    resource_id: UUID,
    page: PageParameters,
    fields: Fields,
    include: Include,
) -> Response:
    """The versions of a resource, the first first."""
    found = await resources.list_resource_versions(db, actor, resource_id=resource_id, page=page)
    await include.into("ResourceVersion", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/resources/{resource_id}/versions",
    operation_id="add_resource_version",
    response_model=ResourceView,
)
async def add_resource_version(
    db: Transaction, actor: CurrentActor, resource_id: UUID, new: NewResourceVersion
) -> Response:
    """Add a version to a resource; the answer is the resource."""
    return answer(
        await resources.add_resource_version(db, actor, resource_id=resource_id, new=new, now=now())
    )


@router.post(
    "/resources/{resource_id}/use", operation_id="use_resource", response_model=ResourceAccess
)
async def use_resource(
    request: Request, db: Transaction, actor: CurrentActor, resource_id: UUID
) -> Response:
    """Where a resource is; it counts as used, once a day for each person."""
    links = deployment(request).archive.links
    return answer(
        await resources.use_resource(db, actor, resource_id=resource_id, links=links, now=now())
    )


@router.post(
    "/resources/{resource_id}/share",
    operation_id="ask_resource_sharing",
    response_model=ResourceView,
)
async def ask_resource_sharing(
    db: Transaction, actor: CurrentActor, resource_id: UUID, new: ResourceSharingRequest
) -> Response:
    """Let a resource go less far, or ask that it go further."""
    return answer(
        await resources.ask_resource_sharing(db, actor, resource_id=resource_id, new=new, now=now())
    )


@router.post(
    "/resources/{resource_id}/decide-sharing",
    operation_id="decide_resource_sharing",
    response_model=ResourceView,
)
async def decide_resource_sharing(
    db: Transaction, actor: CurrentActor, resource_id: UUID, decision: ResourceDecision
) -> Response:
    """Decide whether a resource may go as far as was asked."""
    return answer(
        await resources.decide_resource_sharing(
            db, actor, resource_id=resource_id, decision=decision, now=now()
        )
    )


@router.post(
    "/resources/{resource_id}/retire", operation_id="retire_resource", response_model=ResourceView
)
async def retire_resource(db: Transaction, actor: CurrentActor, resource_id: UUID) -> Response:
    """Take a resource off the shelves."""
    return answer(await resources.retire_resource(db, actor, resource_id=resource_id, now=now()))
