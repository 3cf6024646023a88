"""Activities of topics over REST."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.learning import topic_activities
from app.domain.learning.topic_activities import NewTopicActivity, TopicActivityView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/topics/{topic_id}/activities",
    operation_id="list_topic_activities",
    response_model=PageOf[TopicActivityView],
)
async def list_topic_activities(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    topic_id: UUID,
    page: PageParameters,
    fields: Fields,
    include: Include,
) -> Response:
    """The activities of a topic, the earliest first."""
    found = await topic_activities.list_topic_activities(db, actor, topic_id=topic_id, page=page)
    await include.into("TopicActivity", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/topics/{topic_id}/activities",
    operation_id="add_topic_activity",
    response_model=TopicActivityView,
    status_code=201,
)
async def add_topic_activity(
    db: Transaction, actor: CurrentActor, topic_id: UUID, new: NewTopicActivity
) -> Response:
    """Let an activity belong to a topic that is being studied."""
    row = await topic_activities.add_topic_activity(
        db, actor, topic_id=topic_id, new=new, now=now()
    )
    return answer(row, 201)


@router.delete(
    "/topics/{topic_id}/activities/{activity_id}",
    operation_id="remove_topic_activity",
    response_model=TopicActivityView,
)
async def remove_topic_activity(
    db: Transaction, actor: CurrentActor, topic_id: UUID, activity_id: UUID
) -> Response:
    """Take an activity out of a topic; the answer is what it was."""
    return answer(
        await topic_activities.remove_topic_activity(
            db, actor, topic_id=topic_id, activity_id=activity_id
        )
    )
