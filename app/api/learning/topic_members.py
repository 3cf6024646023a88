"""Members of topics over REST."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.learning import topic_members
from app.domain.learning.topic_members import TopicMemberView, TopicTeam
from app.domain.learning.topics import TopicView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/topics/{topic_id}/members",
    operation_id="list_topic_members",
    response_model=PageOf[TopicMemberView],
)
async def list_topic_members(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    topic_id: UUID,
    page: PageParameters,
    fields: Fields,
    include: Include,
) -> Response:
    """Who takes part in a topic, the leader first."""
    found = await topic_members.list_topic_members(db, actor, topic_id=topic_id, page=page)
    await include.into("TopicMember", found.items)
    return answer_page(request, found, fields)


@router.put(
    "/topics/{topic_id}/members", operation_id="set_topic_members", response_model=TopicView
)
async def set_topic_members(
    db: Transaction, actor: CurrentActor, topic_id: UUID, team: TopicTeam
) -> Response:
    """Let these take part in a topic, and nobody else; the answer is the topic."""
    return answer(await topic_members.set_topic_members(db, actor, topic_id=topic_id, team=team))
