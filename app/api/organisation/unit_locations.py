"""Where schools lie, over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.organisation import unit_locations
from app.domain.organisation.unit_locations import NewLocation, UnitLocationView
from app.domain.organisation.units import UnitView
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(prefix="/units/{unit_id}", tags=["organisation"], route_class=Route)


@router.get("/locations", operation_id="list_unit_locations", response_model=list[UnitLocationView])
async def list_unit_locations(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    as_of: Annotated[
        date | None, Query(description="该日的城乡分类 / where it lay on that day")
    ] = None,
    known_on: Annotated[
        date | None, Query(description="该日终了时系统所知 / as believed at its end")
    ] = None,
) -> Response:
    """Where a school lay, the first first, as it was recorded."""
    rows = await unit_locations.list_unit_locations(
        db, actor, unit_id=unit_id, as_of=as_of, known_on=known_on
    )
    return answer(rows)


@router.post("/classify", operation_id="classify_unit", response_model=UnitView)
async def classify_unit(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewLocation
) -> Response:
    """Class the place of a school from a day on; the history stays."""
    return answer(
        await unit_locations.classify_unit(db, actor, unit_id=unit_id, new=new, now=now())
    )
