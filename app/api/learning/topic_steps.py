"""Steps of topics over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.learning import topic_steps
from app.domain.learning.topic_steps import (
    NewTopicStep,
    StepKind,
    StepState,
    TopicStepDecision,
    TopicStepView,
)
from app.domain.training.files import FileLink, NewFileLink
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now, resources
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get("/topic-steps", operation_id="list_topic_steps", response_model=PageOf[TopicStepView])
async def list_topic_steps(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    topic_id: Annotated[UUID | None, Query(description="课题 / topic")] = None,
    kind: Annotated[StepKind | None, Query(description="环节 / what was handed in")] = None,
    state: Annotated[StepState | None, Query(description="状态 / state")] = None,
) -> Response:
    """What was handed in for the topics that the actor may see (`created`)."""
    found = await topic_steps.list_topic_steps(
        db, actor, page=page, topic_id=topic_id, kind=kind, state=state
    )
    await include.into("TopicStep", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/topics/{topic_id}/steps",
    operation_id="file_topic_step",
    response_model=TopicStepView,
    status_code=201,
)
async def file_topic_step(
    db: Transaction, actor: CurrentActor, topic_id: UUID, new: NewTopicStep
) -> Response:
    """Hand in an application, an opening, a mid-term report, an extension, a conclusion or a withdrawal."""
    row = await topic_steps.file_topic_step(db, actor, topic_id=topic_id, new=new, now=now())
    return answer_created(row, f"/api/v1/topic-steps/{row['id']}")


@router.get("/topic-steps/{step_id}", operation_id="get_topic_step", response_model=TopicStepView)
async def get_topic_step(
    request: Request, db: Reading, actor: CurrentActor, step_id: UUID, include: Include
) -> Response:
    """One step of a topic, and what became of it."""
    row = await topic_steps.get_topic_step(db, actor, step_id=step_id)
    await include.into("TopicStep", [row])
    return answer_one(request, row)


@router.post(
    "/topic-steps/{step_id}/take-back",
    operation_id="take_back_topic_step",
    response_model=TopicStepView,
)
async def take_back_topic_step(db: Transaction, actor: CurrentActor, step_id: UUID) -> Response:
    """Take back what has not been decided."""
    return answer(await topic_steps.take_back_topic_step(db, actor, step_id=step_id, now=now()))


@router.post(
    "/topic-steps/{step_id}/decide", operation_id="decide_topic_step", response_model=TopicStepView
)
async def decide_topic_step(
    db: Transaction, actor: CurrentActor, step_id: UUID, decision: TopicStepDecision
) -> Response:
    """Pass, return or refuse what was handed in, at the level that approves the topic."""
    return answer(
        await topic_steps.decide_topic_step(
            db, actor, step_id=step_id, decision=decision, now=now()
        )
    )


@router.post(
    "/topic-steps/{step_id}/link", operation_id="create_topic_step_link", response_model=FileLink
)
async def create_topic_step_link(
    request: Request, db: Transaction, actor: CurrentActor, step_id: UUID, new: NewFileLink
) -> Response:
    """A link to the report, for ten minutes; that it was asked for is recorded."""
    links = resources(request).archive.links
    return answer(
        await topic_steps.create_topic_step_link(
            db, actor, step_id=step_id, new=new, links=links, now=now()
        )
    )
