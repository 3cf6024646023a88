"""Growth stages over REST: what is expected, who is due, how far one teacher has come."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.people import growth
from app.domain.people.growth import DueGrowthView, GrowthTargetView, GrowthView, NewGrowthTarget
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["people"], route_class=Route)


@router.get(
    "/units/{unit_id}/growth-targets",
    operation_id="list_growth_targets",
    response_model=list[GrowthTargetView],
)
async def list_growth_targets(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    as_of: Annotated[date | None, Query(description="日期，默认今天 / day, today")] = None,
) -> Response:
    """What is expected in a unit at each stage: its own word, or that of the nearest above it."""
    rows = await growth.list_growth_targets(db, actor, unit_id=unit_id, now=now(), as_of=as_of)
    return answer(rows)


@router.post(
    "/growth-targets",
    operation_id="set_growth_target",
    response_model=GrowthTargetView,
    status_code=201,
)
async def set_growth_target(db: Transaction, actor: CurrentActor, new: NewGrowthTarget) -> Response:
    """Set what a school or a bureau expects at a stage from a day on."""
    return answer(await growth.set_growth_target(db, actor, new=new, now=now()), 201)


@router.get(
    "/units/{unit_id}/due-growth",
    operation_id="list_due_growth",
    response_model=PageOf[DueGrowthView],
)
async def list_due_growth(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    page: PageParameters,
    fields: Fields,
    due_from: Annotated[date | None, Query(description="到期日自 / due from, a year ago")] = None,
    due_to: Annotated[date | None, Query(description="到期日至 / due to, in 91 days")] = None,
) -> Response:
    """Whose stages in a unit are due and without a result, the longest due first (`due_on`)."""
    found = await growth.list_due_growth(
        db, actor, unit_id=unit_id, page=page, now=now(), due_from=due_from, due_to=due_to
    )
    return answer_page(request, found, fields)


@router.get(
    "/teachers/{teacher_id}/growth", operation_id="list_growth", response_model=list[GrowthView]
)
async def list_growth(db: Reading, actor: CurrentActor, teacher_id: UUID) -> Response:
    """The stages of one teacher: what is expected, when each is due, what was found."""
    return answer(await growth.list_growth(db, actor, teacher_id=teacher_id, now=now()))
