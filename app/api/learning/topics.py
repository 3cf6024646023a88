"""Research topics over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import (
    IF_MATCH,
    Fields,
    PageOf,
    answer,
    answer_created,
    answer_one,
    answer_page,
    check_if_match,
    etag_of,
)
from app.domain.learning import topics
from app.domain.learning.topics import NewTopic, TopicChanges, TopicLevel, TopicState, TopicView
from app.domain.organisation.units import Stage
from app.domain.people.teachers import Subject
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get("/topics", operation_id="list_topics", response_model=PageOf[TopicView])
async def list_topics(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="承担单位 / unit")] = None,
    group_id: Annotated[UUID | None, Query(description="教研组 / group")] = None,
    level: Annotated[TopicLevel | None, Query(description="级别 / level")] = None,
    state: Annotated[TopicState | None, Query(description="状态 / state")] = None,
    subject: Annotated[Subject | None, Query(description="学科 / subject")] = None,
    stage: Annotated[Stage | None, Query(description="学段 / stage")] = None,
    problem_id: Annotated[
        UUID | None, Query(description="来源问题 / problem that it takes up")
    ] = None,
    due_before: Annotated[
        date | None, Query(description="计划结题日期早于 / to be concluded before")
    ] = None,
) -> Response:
    """The topics that the actor may see (`created`, `due_on`, `title`)."""
    found = await topics.list_topics(
        db,
        actor,
        page=page,
        unit_id=unit_id,
        group_id=group_id,
        level=level,
        state=state,
        subject=subject,
        stage=stage,
        problem_id=problem_id,
        due_before=due_before,
    )
    await include.into("Topic", found.items)
    return answer_page(request, found, fields)


@router.post("/topics", operation_id="create_topic", response_model=TopicView, status_code=201)
async def create_topic(db: Transaction, actor: CurrentActor, new: NewTopic) -> Response:
    """Begin a topic as a draft: as its leader, or for a unit or a group."""
    row = await topics.create_topic(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/topics/{row['id']}")


@router.get("/topics/{topic_id}", operation_id="get_topic", response_model=TopicView)
async def get_topic(
    request: Request, db: Reading, actor: CurrentActor, topic_id: UUID, include: Include
) -> Response:
    """One topic, and where it stands."""
    row = await topics.get_topic(db, actor, topic_id=topic_id)
    await include.into("Topic", [row])
    return answer_one(request, row)


@router.patch(
    "/topics/{topic_id}",
    operation_id="update_topic",
    response_model=TopicView,
    openapi_extra=IF_MATCH,
)
async def update_topic(
    request: Request, db: Transaction, actor: CurrentActor, topic_id: UUID, changes: TopicChanges
) -> Response:
    """Change what a draft says; with `If-Match` only if it is still as read."""
    check_if_match(request, await topics.get_topic(db, actor, topic_id=topic_id, lock=True))
    row = await topics.update_topic(db, actor, topic_id=topic_id, changes=changes)
    return answer(row, headers={"ETag": etag_of(row)})
