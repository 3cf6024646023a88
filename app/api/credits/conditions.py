"""Conditions of training over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_one, answer_page
from app.domain.credits import conditions
from app.domain.credits.conditions import (
    ConditionExplanationView,
    ConditionView,
    Outcome,
    PrecheckView,
)
from app.domain.credits.packs.purposes import PurposeKind
from app.request import CurrentActor, PageParameters, Reading, Route, now

router = APIRouter(tags=["credits"], route_class=Route)

AsOf = Annotated[
    date | None,
    Query(description="截至取得日期，默认今天 / by day of earning; today by default"),
]
KnownOn = Annotated[date | None, Query(description="截至入账日期 / by day of recording")]


@router.get(
    "/teachers/{teacher_id}/conditions",
    operation_id="list_conditions",
    response_model=list[ConditionView],
)
async def list_conditions(
    db: Reading, actor: CurrentActor, teacher_id: UUID, as_of: AsOf = None, known_on: KnownOn = None
) -> Response:
    """Whether training is met for each purpose of the pack in force: one condition of several."""
    found = await conditions.list_conditions(
        db, actor, teacher_id=teacher_id, now=now(), as_of=as_of, known_on=known_on
    )
    return answer(found)


@router.get(
    "/teachers/{teacher_id}/condition",
    operation_id="get_condition",
    response_model=ConditionExplanationView,
)
async def get_condition(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    purpose: Annotated[PurposeKind, Query(description="用途 / purpose")],
    as_of: AsOf = None,
    known_on: KnownOn = None,
) -> Response:
    """Whether training is met for one purpose, by what it was judged, and what would change it."""
    row = await conditions.get_condition(
        db,
        actor,
        teacher_id=teacher_id,
        purpose=purpose,
        now=now(),
        as_of=as_of,
        known_on=known_on,
    )
    return answer_one(request, row)


@router.get(
    "/units/{unit_id}/prechecks",
    operation_id="list_prechecks",
    response_model=PageOf[PrecheckView],
)
async def list_prechecks(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    page: PageParameters,
    fields: Fields,
    purpose: Annotated[PurposeKind, Query(description="用途 / purpose")],
    outcome: Annotated[
        Outcome | None, Query(description="只列此结论；页可能较短 / only these; pages may be short")
    ] = None,
    as_of: AsOf = None,
    known_on: KnownOn = None,
) -> Response:
    """The teachers of a school, a county or a city, and how training ends for each (`name`)."""
    found = await conditions.list_prechecks(
        db,
        actor,
        unit_id=unit_id,
        purpose=purpose,
        page=page,
        now=now(),
        outcome=outcome,
        as_of=as_of,
        known_on=known_on,
    )
    return answer_page(request, found, fields)
