"""Rewards and penalties over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.quality import incentives
from app.domain.quality.incentive_rules import IncentiveKind
from app.domain.quality.incentives import (
    IncentiveAppeal,
    IncentiveAppealDecision,
    IncentiveDecision,
    IncentiveRevocation,
    IncentiveState,
    IncentiveView,
    NewIncentive,
    PersonsStatement,
    PublishedIncentiveView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["quality"], route_class=Route)


@router.get("/incentives", operation_id="list_incentives", response_model=PageOf[IncentiveView])
async def list_incentives(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
    school_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
    rule_id: Annotated[UUID | None, Query(description="奖惩规则 / rule")] = None,
    kind: Annotated[IncentiveKind | None, Query(description="奖励或惩处 / kind")] = None,
    state: Annotated[IncentiveState | None, Query(description="状态 / state")] = None,
    in_force: Annotated[bool | None, Query(description="现行有效 / whether it holds today")] = None,
) -> Response:
    """The rewards and penalties in the actor's place, and one's own (`happened_on`, `created`).

    Of each penalty of somebody else a look is left, which the person sees.
    """
    found = await incentives.list_incentives(
        db,
        actor,
        page=page,
        now=now(),
        teacher_id=teacher_id,
        school_id=school_id,
        rule_id=rule_id,
        kind=kind,
        state=state,
        in_force=in_force,
    )
    return answer_page(request, found, fields)


@router.get(
    "/published-incentives",
    operation_id="list_published_incentives",
    response_model=PageOf[PublishedIncentiveView],
)
async def list_published_incentives(
    request: Request, db: Reading, actor: CurrentActor, page: PageParameters, fields: Fields
) -> Response:
    """The rewards that are shown to the actor today, masked (`created`)."""
    found = await incentives.list_published_incentives(db, actor, page=page, now=now())
    return answer_page(request, found, fields)


@router.get(
    "/incentives/{incentive_id}", operation_id="get_incentive", response_model=IncentiveView
)
async def get_incentive(db: Reading, actor: CurrentActor, incentive_id: UUID) -> Response:
    """One reward or penalty, for the person and for those in charge; of a penalty a look is left."""
    found = await incentives.get_incentive(db, actor, incentive_id=incentive_id, now=now())
    return answer(found)


@router.post(
    "/teachers/{teacher_id}/incentives",
    operation_id="propose_incentive",
    response_model=IncentiveView,
    status_code=201,
)
async def propose_incentive(
    db: Transaction, actor: CurrentActor, teacher_id: UUID, new: NewIncentive
) -> Response:
    """Propose a reward or a penalty for a teacher, by a rule in force."""
    found = await incentives.propose_incentive(db, actor, teacher_id=teacher_id, new=new, now=now())
    return answer(found, 201)


@router.post(
    "/incentives/{incentive_id}/withdraw",
    operation_id="withdraw_incentive",
    response_model=IncentiveView,
)
async def withdraw_incentive(db: Transaction, actor: CurrentActor, incentive_id: UUID) -> Response:
    """Take back what one proposed, while nobody has decided."""
    found = await incentives.withdraw_incentive(db, actor, incentive_id=incentive_id)
    return answer(found)


@router.post(
    "/incentives/{incentive_id}/statement",
    operation_id="state_on_incentive",
    response_model=IncentiveView,
)
async def state_on_incentive(
    db: Transaction, actor: CurrentActor, incentive_id: UUID, said: PersonsStatement
) -> Response:
    """Say in person what one has to say of a penalty that is proposed."""
    found = await incentives.state_on_incentive(
        db, actor, incentive_id=incentive_id, said=said, now=now()
    )
    return answer(found)


@router.post(
    "/incentives/{incentive_id}/decide",
    operation_id="decide_incentive",
    response_model=IncentiveView,
)
async def decide_incentive(
    db: Transaction, actor: CurrentActor, incentive_id: UUID, decision: IncentiveDecision
) -> Response:
    """Decide on a proposal, as somebody who neither made it nor is the person."""
    found = await incentives.decide_incentive(
        db, actor, incentive_id=incentive_id, decision=decision, now=now()
    )
    return answer(found)


@router.post(
    "/incentives/{incentive_id}/give", operation_id="give_incentive", response_model=IncentiveView
)
async def give_incentive(db: Transaction, actor: CurrentActor, incentive_id: UUID) -> Response:
    """Give a reward that was shown for its days without an open objection."""
    found = await incentives.give_incentive(db, actor, incentive_id=incentive_id, now=now())
    return answer(found)


@router.post(
    "/incentives/{incentive_id}/revoke",
    operation_id="revoke_incentive",
    response_model=IncentiveView,
)
async def revoke_incentive(
    db: Transaction, actor: CurrentActor, incentive_id: UUID, revocation: IncentiveRevocation
) -> Response:
    """Revoke what was given, with the reason."""
    found = await incentives.revoke_incentive(
        db, actor, incentive_id=incentive_id, revocation=revocation, now=now()
    )
    return answer(found)


@router.post(
    "/incentives/{incentive_id}/appeal",
    operation_id="appeal_incentive",
    response_model=IncentiveView,
)
async def appeal_incentive(
    db: Transaction, actor: CurrentActor, incentive_id: UUID, said: IncentiveAppeal
) -> Response:
    """Appeal in person against a penalty, to the bureau above."""
    found = await incentives.appeal_incentive(
        db, actor, incentive_id=incentive_id, said=said, now=now()
    )
    return answer(found)


@router.post(
    "/incentives/{incentive_id}/appeal/decide",
    operation_id="decide_incentive_appeal",
    response_model=IncentiveView,
)
async def decide_incentive_appeal(
    db: Transaction, actor: CurrentActor, incentive_id: UUID, decision: IncentiveAppealDecision
) -> Response:
    """Decide on an appeal at the bureau above."""
    found = await incentives.decide_incentive_appeal(
        db, actor, incentive_id=incentive_id, decision=decision, now=now()
    )
    return answer(found)
