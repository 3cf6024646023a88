"""Codes of units over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.organisation import unit_codes
from app.domain.organisation.unit_codes import CodeEnd, NewCode, UnitCodeView
from app.domain.organisation.units import UnitView
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(prefix="/units/{unit_id}/codes", tags=["organisation"], route_class=Route)


@router.get("", operation_id="list_unit_codes", response_model=list[UnitCodeView])
async def list_unit_codes(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    as_of: Annotated[date | None, Query(description="该日的代码 / the code of that day")] = None,
    known_on: Annotated[
        date | None, Query(description="该日终了时系统所知 / as believed at its end")
    ] = None,
) -> Response:
    """The codes of a unit, the first one first."""
    rows = await unit_codes.list_unit_codes(
        db, actor, unit_id=unit_id, as_of=as_of, known_on=known_on
    )
    return answer(rows)


@router.post("", operation_id="give_code", response_model=UnitView, status_code=201)
async def give_code(db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewCode) -> Response:
    """Give a unit a code from a day on; a former one is void from that day."""
    return answer(await unit_codes.give_code(db, actor, unit_id=unit_id, new=new, now=now()), 201)


@router.post("/void", operation_id="void_code", response_model=UnitView)
async def void_code(db: Transaction, actor: CurrentActor, unit_id: UUID, end: CodeEnd) -> Response:
    """Make the code of a unit void from a day on."""
    return answer(await unit_codes.void_code(db, actor, unit_id=unit_id, end=end, now=now()))
