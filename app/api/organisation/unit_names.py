"""Names of units over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.organisation import unit_names
from app.domain.organisation.unit_names import NewName, UnitNameView
from app.domain.organisation.units import UnitView
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(prefix="/units/{unit_id}", tags=["organisation"], route_class=Route)


@router.get("/names", operation_id="list_unit_names", response_model=list[UnitNameView])
async def list_unit_names(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    as_of: Annotated[date | None, Query(description="该日的名称 / the name of that day")] = None,
    known_on: Annotated[
        date | None, Query(description="该日终了时系统所知 / as believed at its end")
    ] = None,
) -> Response:
    """The names of a unit, the first one first."""
    rows = await unit_names.list_unit_names(
        db, actor, unit_id=unit_id, as_of=as_of, known_on=known_on
    )
    return answer(rows)


@router.post("/rename", operation_id="rename_unit", response_model=UnitView)
async def rename_unit(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewName
) -> Response:
    """Give a unit another name from a day on; its code stays."""
    return answer(await unit_names.rename_unit(db, actor, unit_id=unit_id, new=new, now=now()))
