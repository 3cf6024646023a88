"""Units over REST."""

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
from app.domain.organisation import units
from app.domain.organisation.names_and_codes import UnitCodeText
from app.domain.organisation.units import (
    Level,
    LocationClass,
    NewUnit,
    Stage,
    UnitChanges,
    UnitView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(prefix="/units", tags=["organisation"], route_class=Route)


@router.get("", operation_id="list_units", response_model=PageOf[UnitView])
async def list_units(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    level: Annotated[Level | None, Query(description="层级 / level")] = None,
    parent_id: Annotated[UUID | None, Query(description="上级单位 / superior unit")] = None,
    stage: Annotated[Stage | None, Query(description="学段 / stage")] = None,
    code: Annotated[UnitCodeText | None, Query(description="现行代码 / code in force")] = None,
    location: Annotated[
        LocationClass | None, Query(description="城乡分类 / urban, town or rural")
    ] = None,
    known_as: Annotated[
        str | None,
        Query(
            max_length=100, description="现用或曾用的名称或代码 / a name or code, present or former"
        ),
    ] = None,
    closed: Annotated[
        bool | None,
        Query(description="仅已撤销的单位，默认仅现存单位 / closed ones; open by default"),
    ] = None,
) -> Response:
    """The units below the actor's grants, by name unless sorted otherwise (`name`, `created`)."""
    found = await units.list_units(
        db,
        actor,
        page=page,
        level=level,
        parent_id=parent_id,
        stage=stage,
        code=code,
        location=location,
        known_as=known_as,
        closed=bool(closed),
    )
    await include.into("Unit", found.items)
    return answer_page(request, found, fields)


@router.post("", operation_id="create_unit", response_model=UnitView, status_code=201)
async def create_unit(db: Transaction, actor: CurrentActor, new: NewUnit) -> Response:
    """Set up a county-level unit or a school below a bureau that the actor administers."""
    row = await units.create_unit(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/units/{row['id']}")


@router.get("/{unit_id}", operation_id="get_unit", response_model=UnitView)
async def get_unit(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    include: Include,
    as_of: Annotated[
        date | None, Query(description="该日的名称与代码 / under the name and code of that day")
    ] = None,
    known_on: Annotated[
        date | None, Query(description="该日终了时系统所知 / as believed at its end")
    ] = None,
) -> Response:
    """One unit, below a grant of the actor or above it."""
    row = await units.get_unit(db, actor, unit_id=unit_id, as_of=as_of, known_on=known_on)
    await include.into("Unit", [row])
    return answer_one(request, row)


@router.patch(
    "/{unit_id}", operation_id="update_unit", response_model=UnitView, openapi_extra=IF_MATCH
)
async def update_unit(
    request: Request, db: Transaction, actor: CurrentActor, unit_id: UUID, changes: UnitChanges
) -> Response:
    """Change a school's stages and location; with `If-Match` only if it is still as it was read."""
    check_if_match(request, await units.get_unit(db, actor, unit_id=unit_id, lock=True))
    row = await units.update_unit(db, actor, unit_id=unit_id, changes=changes, now=now())
    return answer(row, headers={"ETag": etag_of(row)})


@router.get("/{unit_id}/children", operation_id="list_children", response_model=PageOf[UnitView])
async def list_children(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    page: PageParameters,
    fields: Fields,
    include: Include,
) -> Response:
    """The units directly below one unit."""
    found = await units.list_children(db, actor, unit_id=unit_id, page=page)
    await include.into("Unit", found.items)
    return answer_page(request, found, fields)
