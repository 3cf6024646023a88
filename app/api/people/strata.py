"""Strata over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.people import strata
from app.domain.people.strata import StratumView
from app.request import CurrentActor, Reading, Route, now

router = APIRouter(tags=["people"], route_class=Route)

AsOf = Annotated[date | None, Query(description="日期，默认今天 / day, today by default")]


@router.get("/units/{unit_id}/strata", operation_id="list_strata", response_model=list[StratumView])
async def list_strata(
    db: Reading, actor: CurrentActor, unit_id: UUID, as_of: AsOf = None
) -> Response:
    """How many teachers of a unit count in each stratum on a day; each may count in several."""
    return answer(await strata.list_strata(db, actor, unit_id=unit_id, now=now(), as_of=as_of))


@router.get(
    "/teachers/{teacher_id}/strata",
    operation_id="list_teacher_strata",
    response_model=list[StratumView],
)
async def list_teacher_strata(
    db: Reading, actor: CurrentActor, teacher_id: UUID, as_of: AsOf = None
) -> Response:
    """The strata in which a teacher counts on a day."""
    rows = await strata.list_teacher_strata(
        db, actor, teacher_id=teacher_id, now=now(), as_of=as_of
    )
    return answer(rows)
