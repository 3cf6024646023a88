"""The groups on which the training of each stage rests, over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.organisation.units import Stage, UnitView
from app.domain.training import group_defaults
from app.domain.training.group_defaults import GroupDefaultView
from app.domain.training.groups import GroupView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction

router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/units/{unit_id}/group-defaults",
    operation_id="list_group_defaults",
    response_model=list[GroupDefaultView],
)
async def list_group_defaults(db: Reading, actor: CurrentActor, unit_id: UUID) -> Response:
    """For each stage taught in a unit: the kind of group it rests on, and how many schools have one."""
    return answer(await group_defaults.list_group_defaults(db, actor, unit_id=unit_id))


@router.post(
    "/units/{unit_id}/group-defaults",
    operation_id="create_default_groups",
    response_model=list[GroupView],
    status_code=201,
)
async def create_default_groups(db: Transaction, actor: CurrentActor, unit_id: UUID) -> Response:
    """Set up in a school the groups that its stages rest on and that it has not; answers the new ones."""
    return answer(await group_defaults.create_default_groups(db, actor, unit_id=unit_id), 201)


@router.get(
    "/schools-without-default-group",
    operation_id="list_schools_without_default_group",
    response_model=PageOf[UnitView],
)
async def list_schools_without_default_group(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    stage: Annotated[
        Stage | None, Query(description="学段，默认任一学段 / stage; any by default")
    ] = None,
) -> Response:
    """The open schools without the group that a stage they teach rests on, by name (`name`, `created`)."""
    found = await group_defaults.list_schools_without_default_group(
        db, actor, stage=stage, page=page
    )
    return answer_page(request, found, fields)
