"""Equipment over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.learning import equipment
from app.domain.learning.equipment import EquipmentKind, EquipmentTotal, EquipmentView, NewEquipment
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get("/equipment", operation_id="list_equipment", response_model=PageOf[EquipmentView])
async def list_equipment(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="单位 / unit")] = None,
    kind: Annotated[EquipmentKind | None, Query(description="设施类型 / kind")] = None,
) -> Response:
    """What the units that the actor sees have (`created`, `number`)."""
    found = await equipment.list_equipment(db, actor, page=page, unit_id=unit_id, kind=kind)
    await include.into("Equipment", found.items)
    return answer_page(request, found, fields)


@router.put(
    "/units/{unit_id}/equipment", operation_id="record_equipment", response_model=EquipmentView
)
async def record_equipment(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewEquipment
) -> Response:
    """Record what a unit has of a kind, in place of what was recorded before."""
    return answer(await equipment.record_equipment(db, actor, unit_id=unit_id, new=new, now=now()))


@router.get(
    "/units/{unit_id}/equipment-totals",
    operation_id="list_equipment_totals",
    response_model=list[EquipmentTotal],
)
async def list_equipment_totals(db: Reading, actor: CurrentActor, unit_id: UUID) -> Response:
    """What there is of each kind in a unit and below it."""
    return answer(await equipment.list_equipment_totals(db, actor, unit_id=unit_id))
