"""Reorganisations of units over REST."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.organisation import reorganisations
from app.domain.organisation.reorganisations import Closure, Merger, Move, ReorganisationView
from app.domain.organisation.units import UnitView
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(prefix="/units/{unit_id}", tags=["organisation"], route_class=Route)


@router.get(
    "/reorganisations",
    operation_id="list_reorganisations",
    response_model=list[ReorganisationView],
)
async def list_reorganisations(db: Reading, actor: CurrentActor, unit_id: UUID) -> Response:
    """What happened to a unit, or led to or from it, the earliest first."""
    return answer(await reorganisations.list_reorganisations(db, actor, unit_id=unit_id))


@router.post("/close", operation_id="close_unit", response_model=UnitView)
async def close_unit(
    db: Transaction, actor: CurrentActor, unit_id: UUID, closure: Closure
) -> Response:
    """Close a unit in which there is nothing and nobody left."""
    row = await reorganisations.close_unit(db, actor, unit_id=unit_id, closure=closure, now=now())
    return answer(row)


@router.post("/merge", operation_id="merge_school", response_model=UnitView)
async def merge_school(
    db: Transaction, actor: CurrentActor, unit_id: UUID, merger: Merger
) -> Response:
    """Merge a school into another, which takes in its people and what is theirs."""
    row = await reorganisations.merge_school(db, actor, unit_id=unit_id, merger=merger, now=now())
    return answer(row)


@router.post("/move", operation_id="move_school", response_model=UnitView)
async def move_school(db: Transaction, actor: CurrentActor, unit_id: UUID, move: Move) -> Response:
    """Place a school under another bureau; everything placed in it follows."""
    row = await reorganisations.move_school(db, actor, unit_id=unit_id, move=move, now=now())
    return answer(row)
