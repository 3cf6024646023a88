"""Appraisals of topics over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_one, answer_page
from app.domain.learning import topic_appraisals
from app.domain.learning.topic_appraisals import (
    TopicAppraisalDecline,
    TopicAppraisalView,
    TopicExpertRelease,
    TopicExperts,
    TopicScore,
)
from app.domain.learning.topic_steps import TopicStepView
from app.domain.learning.topic_steps.step import AppraisalState
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/topic-appraisals",
    operation_id="list_topic_appraisals",
    response_model=PageOf[TopicAppraisalView],
)
async def list_topic_appraisals(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    step_id: Annotated[UUID | None, Query(description="课题环节 / step")] = None,
    expert_id: Annotated[UUID | None, Query(description="专家 / expert")] = None,
    state: Annotated[AppraisalState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The appraisals that the actor may see (`created`, `score`)."""
    found = await topic_appraisals.list_topic_appraisals(
        db, actor, page=page, step_id=step_id, expert_id=expert_id, state=state
    )
    await include.into("TopicAppraisal", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/topic-steps/{step_id}/experts", operation_id="ask_topic_experts", response_model=TopicStepView
)
async def ask_topic_experts(
    db: Transaction, actor: CurrentActor, step_id: UUID, new: TopicExperts
) -> Response:
    """Ask teachers to score what was handed in; the answer is the step."""
    return answer(
        await topic_appraisals.ask_topic_experts(db, actor, step_id=step_id, new=new, now=now())
    )


@router.get(
    "/topic-appraisals/{appraisal_id}",
    operation_id="get_topic_appraisal",
    response_model=TopicAppraisalView,
)
async def get_topic_appraisal(
    request: Request, db: Reading, actor: CurrentActor, appraisal_id: UUID, include: Include
) -> Response:
    """One appraisal: what is asked, and what the expert said."""
    row = await topic_appraisals.get_topic_appraisal(db, actor, appraisal_id=appraisal_id)
    await include.into("TopicAppraisal", [row])
    return answer_one(request, row)


@router.post(
    "/topic-appraisals/{appraisal_id}/score",
    operation_id="score_topic",
    response_model=TopicAppraisalView,
)
async def score_topic(
    db: Transaction, actor: CurrentActor, appraisal_id: UUID, new: TopicScore
) -> Response:
    """Score what one was asked about."""
    return answer(
        await topic_appraisals.score_topic(db, actor, appraisal_id=appraisal_id, new=new, now=now())
    )


@router.post(
    "/topic-appraisals/{appraisal_id}/decline",
    operation_id="decline_topic_appraisal",
    response_model=TopicAppraisalView,
)
async def decline_topic_appraisal(
    db: Transaction, actor: CurrentActor, appraisal_id: UUID, new: TopicAppraisalDecline
) -> Response:
    """Say that one does not score a topic, and why."""
    return answer(
        await topic_appraisals.decline_topic_appraisal(
            db, actor, appraisal_id=appraisal_id, new=new, now=now()
        )
    )


@router.post(
    "/topic-appraisals/{appraisal_id}/release",
    operation_id="release_topic_expert",
    response_model=TopicAppraisalView,
)
async def release_topic_expert(
    db: Transaction, actor: CurrentActor, appraisal_id: UUID, new: TopicExpertRelease
) -> Response:
    """Wait no longer for an expert who has not answered, and say why."""
    return answer(
        await topic_appraisals.release_topic_expert(
            db, actor, appraisal_id=appraisal_id, new=new, now=now()
        )
    )
