"""Mentoring policies over REST."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.learning import mentoring_policies
from app.domain.learning.mentoring_policies import MentoringPolicyView, NewMentoringPolicy
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/units/{unit_id}/mentoring-policy",
    operation_id="get_mentoring_policy",
    response_model=MentoringPolicyView,
)
async def get_mentoring_policy(db: Reading, actor: CurrentActor, unit_id: UUID) -> Response:
    """The policy in force for a unit: its city's."""
    return answer(await mentoring_policies.get_mentoring_policy(db, actor, unit_id=unit_id))


@router.post(
    "/units/{unit_id}/mentoring-policy",
    operation_id="set_mentoring_policy",
    response_model=MentoringPolicyView,
    status_code=201,
)
async def set_mentoring_policy(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewMentoringPolicy
) -> Response:
    """Set what a city asks from now on."""
    return answer(
        await mentoring_policies.set_mentoring_policy(
            db, actor, unit_id=unit_id, new=new, now=now()
        ),
        status=201,
    )
