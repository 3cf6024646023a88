"""Rectifications over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.quality import rectifications
from app.domain.quality.rectifications import (
    NewRectification,
    RectificationConclusion,
    RectificationProof,
    RectificationState,
    RectificationView,
    RectificationWithdrawal,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/rectifications",
    operation_id="list_rectifications",
    response_model=PageOf[RectificationView],
)
async def list_rectifications(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    evaluation_id: Annotated[UUID | None, Query(description="评估 / evaluation")] = None,
    unit_id: Annotated[UUID | None, Query(description="整改单位 / unit")] = None,
    state: Annotated[RectificationState | None, Query(description="状态 / state")] = None,
    closed: Annotated[
        bool | None, Query(description="是否已了结（销号或撤回） / whether it is over")
    ] = None,
    due_before: Annotated[
        date | None, Query(description="期限早于该日 / due before this day")
    ] = None,
) -> Response:
    """The rectifications that the actor may see, by due day unless sorted otherwise (`created`)."""
    found = await rectifications.list_rectifications(
        db, actor, page=page, evaluation_id=evaluation_id, unit_id=unit_id, state=state,
        closed=closed, due_before=due_before,
    )  # fmt: skip
    await include.into("Rectification", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/unit-evaluations/{evaluation_id}/rectifications",
    operation_id="ask_rectification",
    response_model=RectificationView,
    status_code=201,
)
async def ask_rectification(
    db: Transaction, actor: CurrentActor, evaluation_id: UUID, new: NewRectification
) -> Response:
    """Ask a unit to put right by a day what its evaluation found."""
    row = await rectifications.ask_rectification(
        db, actor, evaluation_id=evaluation_id, new=new, now=now()
    )
    return answer_created(row, f"/api/v1/rectifications/{row['id']}")


@router.get(
    "/rectifications/{rectification_id}",
    operation_id="get_rectification",
    response_model=RectificationView,
)
async def get_rectification(
    request: Request, db: Reading, actor: CurrentActor, rectification_id: UUID, include: Include
) -> Response:
    """One rectification, seen by the unit and those above it."""
    row = await rectifications.get_rectification(db, actor, rectification_id=rectification_id)
    await include.into("Rectification", [row])
    return answer_one(request, row)


@router.post(
    "/rectifications/{rectification_id}/proof",
    operation_id="prove_rectification",
    response_model=RectificationView,
)
async def prove_rectification(
    db: Transaction, actor: CurrentActor, rectification_id: UUID, said: RectificationProof
) -> Response:
    """Say for the unit what was done, and show it."""
    row = await rectifications.prove_rectification(
        db, actor, rectification_id=rectification_id, said=said, now=now()
    )
    return answer(row)


@router.post(
    "/rectifications/{rectification_id}/conclusion",
    operation_id="conclude_rectification",
    response_model=RectificationView,
)
async def conclude_rectification(
    db: Transaction,
    actor: CurrentActor,
    rectification_id: UUID,
    conclusion: RectificationConclusion,
) -> Response:
    """Close a rectification for the bureau that asked for it, or return it."""
    row = await rectifications.conclude_rectification(
        db, actor, rectification_id=rectification_id, conclusion=conclusion, now=now()
    )
    return answer(row)


@router.post(
    "/rectifications/{rectification_id}/withdrawal",
    operation_id="withdraw_rectification",
    response_model=RectificationView,
)
async def withdraw_rectification(
    db: Transaction,
    actor: CurrentActor,
    rectification_id: UUID,
    withdrawal: RectificationWithdrawal,
) -> Response:
    """No longer ask for a rectification, with a reason, for the bureau that asked for it."""
    row = await rectifications.withdraw_rectification(
        db, actor, rectification_id=rectification_id, withdrawal=withdrawal, now=now()
    )
    return answer(row)
