"""Appropriations over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.quality import appropriations
from app.domain.quality.appropriations import (
    AppropriationKind,
    AppropriationState,
    AppropriationView,
    NewAppropriation,
)
from app.domain.quality.budgets import FundsOpinion
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/appropriations", operation_id="list_appropriations", response_model=PageOf[AppropriationView]
)
async def list_appropriations(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    from_line_id: Annotated[
        UUID | None, Query(description="拨出科目 / line that it leaves")
    ] = None,
    to_line_id: Annotated[UUID | None, Query(description="拨入科目 / line that it enters")] = None,
    kind: Annotated[
        AppropriationKind | None, Query(description="拨付类型 / which way it goes")
    ] = None,
    state: Annotated[AppropriationState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The appropriations of the units whose funds one may see (`created`, `amount`)."""
    found = await appropriations.list_appropriations(
        db,
        actor,
        page=page,
        from_line_id=from_line_id,
        to_line_id=to_line_id,
        kind=kind,
        state=state,
    )
    await include.into("Appropriation", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/appropriations/{appropriation_id}",
    operation_id="get_appropriation",
    response_model=AppropriationView,
)
async def get_appropriation(
    request: Request, db: Reading, actor: CurrentActor, appropriation_id: UUID, include: Include
) -> Response:
    """One appropriation."""
    row = await appropriations.get_appropriation(db, actor, appropriation_id=appropriation_id)
    await include.into("Appropriation", [row])
    return answer_one(request, row)


@router.post(
    "/appropriations",
    operation_id="appropriate_funds",
    response_model=AppropriationView,
    status_code=201,
)
async def appropriate_funds(
    db: Transaction, actor: CurrentActor, new: NewAppropriation
) -> Response:
    """Send money one level down, back up, or into the next year."""
    row = await appropriations.appropriate_funds(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/appropriations/{row['id']}")


@router.post(
    "/appropriations/{appropriation_id}/acknowledge",
    operation_id="acknowledge_appropriation",
    response_model=AppropriationView,
)
async def acknowledge_appropriation(
    db: Transaction, actor: CurrentActor, appropriation_id: UUID
) -> Response:
    """Say that money has come: it is there to be spent."""
    return answer(
        await appropriations.acknowledge_appropriation(
            db, actor, appropriation_id=appropriation_id, now=now()
        )
    )


@router.post(
    "/appropriations/{appropriation_id}/return",
    operation_id="return_appropriation",
    response_model=AppropriationView,
)
async def return_appropriation(
    db: Transaction, actor: CurrentActor, appropriation_id: UUID, opinion: FundsOpinion
) -> Response:
    """Send money back to the line that it came from, and say why."""
    return answer(
        await appropriations.return_appropriation(
            db, actor, appropriation_id=appropriation_id, opinion=opinion, now=now()
        )
    )
