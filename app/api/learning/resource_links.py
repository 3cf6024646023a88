"""Links of resources over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.learning import resource_links
from app.domain.learning.resource_links import NewResourceLink, ResourceLinkView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/resource-links", operation_id="list_resource_links", response_model=PageOf[ResourceLinkView]
)
async def list_resource_links(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    resource_id: Annotated[UUID | None, Query(description="资源 / resource")] = None,
    activity_id: Annotated[UUID | None, Query(description="活动 / activity")] = None,
    course_id: Annotated[UUID | None, Query(description="课程 / course")] = None,
    shared: Annotated[
        bool | None, Query(description="共享给我的资源 / of what is shared with the actor")
    ] = None,
) -> Response:
    """What uses the resources that the actor's place keeps, or those `shared` with it."""
    found = await resource_links.list_resource_links(
        db,
        actor,
        page=page,
        resource_id=resource_id,
        activity_id=activity_id,
        course_id=course_id,
        shared=bool(shared),
    )
    await include.into("ResourceLink", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/resources/{resource_id}/links",
    operation_id="link_resource",
    response_model=ResourceLinkView,
    status_code=201,
)
async def link_resource(
    db: Transaction, actor: CurrentActor, resource_id: UUID, new: NewResourceLink
) -> Response:
    """Let an activity or a course use a resource."""
    row = await resource_links.link_resource(db, actor, resource_id=resource_id, new=new, now=now())
    return answer(row, 201)


@router.delete(
    "/resource-links/{link_id}", operation_id="unlink_resource", response_model=ResourceLinkView
)
async def unlink_resource(db: Transaction, actor: CurrentActor, link_id: UUID) -> Response:
    """Take a link away; the answer is what it was."""
    return answer(await resource_links.unlink_resource(db, actor, link_id=link_id))
