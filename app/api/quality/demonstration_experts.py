"""The review of applications by experts over REST."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.quality import demonstration_experts
from app.domain.quality.demonstration_experts import (
    DemonstrationAppraisal,
    DemonstrationExperts,
    DemonstrationExpertView,
)
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/demonstrations/{demonstration_id}/experts",
    operation_id="list_demonstration_experts",
    response_model=list[DemonstrationExpertView],
)
async def list_demonstration_experts(
    db: Reading,
    actor: CurrentActor,
    demonstration_id: UUID,
) -> Response:
    """Who judges an application and what they said, for the bureau that gives the title."""
    return answer(
        await demonstration_experts.list_demonstration_experts(
            db, actor, demonstration_id=demonstration_id, now=now()
        )
    )


@router.post(
    "/demonstrations/{demonstration_id}/experts",
    operation_id="appoint_demonstration_experts",
    response_model=list[DemonstrationExpertView],
)
async def appoint_demonstration_experts(
    db: Transaction,
    actor: CurrentActor,
    demonstration_id: UUID,
    new: DemonstrationExperts,
) -> Response:
    """Appoint experts to judge an application; none who belongs to the school."""
    return answer(
        await demonstration_experts.appoint_demonstration_experts(
            db, actor, demonstration_id=demonstration_id, new=new, now=now()
        )
    )


@router.post(
    "/demonstrations/{demonstration_id}/appraisal",
    operation_id="appraise_demonstration",
    response_model=DemonstrationExpertView,
)
async def appraise_demonstration(
    db: Transaction,
    actor: CurrentActor,
    demonstration_id: UUID,
    said: DemonstrationAppraisal,
) -> Response:
    """Judge an application in person as an expert; what is said stays."""
    row = await demonstration_experts.appraise_demonstration(
        db, actor, demonstration_id=demonstration_id, said=said, now=now()
    )
    return answer(row)


@router.get(
    "/me/demonstration-appraisals",
    operation_id="list_own_demonstration_appraisals",
    response_model=list[DemonstrationExpertView],
)
async def list_own_demonstration_appraisals(
    db: Reading,
    actor: CurrentActor,
) -> Response:
    """What the one who asks is to judge, or has judged, the last first."""
    return answer(await demonstration_experts.list_own_demonstration_appraisals(db, actor))
