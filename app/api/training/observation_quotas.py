"""Observation quotas over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.training import observation_quotas
from app.domain.training.observation_quotas import (
    NewQuota,
    ObservationsDueView,
    ObservationTerm,
    ObserverRole,
    QuotaEnd,
    QuotaView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["training"], route_class=Route)

Term = Annotated[ObservationTerm, Query(description="周期 / term")]
StartsOn = Annotated[
    date | None, Query(description="起始日，默认当前学期或学年 / first day; of the present term")
]
EndsOn = Annotated[date | None, Query(description="终止日（含） / last day")]
Role = Annotated[ObserverRole | None, Query(description="人员类别 / role")]


@router.get(
    "/observation-quotas",
    operation_id="list_observation_quotas",
    response_model=PageOf[QuotaView],
)
async def list_observation_quotas(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: Annotated[UUID | None, Query(description="设定单位 / unit that asks it")] = None,
    role: Role = None,
    in_force: Annotated[
        bool | None, Query(description="是否现行 / whether it is asked today")
    ] = None,
) -> Response:
    """What units in the actor's place ask, by first day (`valid_from`)."""
    found = await observation_quotas.list_observation_quotas(
        db, actor, page=page, unit_id=unit_id, role=role, in_force=in_force
    )
    return answer_page(request, found, fields)


@router.get(
    "/own-observation-quotas",
    operation_id="list_own_observation_quotas",
    response_model=PageOf[QuotaView],
)
async def list_own_observation_quotas(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    role: Role = None,
) -> Response:
    """What the units at and above the actor ask today."""
    found = await observation_quotas.list_own_observation_quotas(db, actor, page=page, role=role)
    return answer_page(request, found, fields)


@router.post(
    "/units/{unit_id}/observation-quotas",
    operation_id="set_observation_quota",
    response_model=QuotaView,
    status_code=201,
)
async def set_observation_quota(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewQuota
) -> Response:
    """Ask a number of lessons of a role: no fewer than a superior asks."""
    row = await observation_quotas.set_observation_quota(
        db, actor, unit_id=unit_id, new=new, now=now()
    )
    return answer(row, 201)


@router.post(
    "/observation-quotas/{quota_id}/end",
    operation_id="end_observation_quota",
    response_model=QuotaView,
)
async def end_observation_quota(
    db: Transaction, actor: CurrentActor, quota_id: UUID, end: QuotaEnd
) -> Response:
    """No longer ask it, from a day on."""
    row = await observation_quotas.end_observation_quota(
        db, actor, quota_id=quota_id, end=end, now=now()
    )
    return answer(row)


@router.get(
    "/units/{unit_id}/observations-due",
    operation_id="list_observations_due",
    response_model=list[ObservationsDueView],
)
async def list_observations_due(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    term: Term = ObservationTerm.SEMESTER,
    starts_on: StartsOn = None,
    ends_on: EndsOn = None,
    missing: Annotated[
        bool | None, Query(description="只列未完成者 / only those who are behind")
    ] = None,
) -> Response:
    """What each teacher of a school was asked to observe in a term, and what was observed."""
    rows = await observation_quotas.list_observations_due(
        db, actor, unit_id=unit_id, now=now(), term=term, starts_on=starts_on, ends_on=ends_on,
        missing=bool(missing),
    )  # fmt: skip
    return answer(rows)


@router.get(
    "/teachers/{teacher_id}/observations-due",
    operation_id="get_teacher_observations_due",
    response_model=ObservationsDueView,
)
async def get_teacher_observations_due(
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    term: Term = ObservationTerm.SEMESTER,
    starts_on: StartsOn = None,
    ends_on: EndsOn = None,
) -> Response:
    """The same of one teacher; teachers see their own."""
    row = await observation_quotas.get_teacher_observations_due(
        db, actor, teacher_id=teacher_id, now=now(), term=term, starts_on=starts_on,
        ends_on=ends_on,
    )  # fmt: skip
    return answer(row)
