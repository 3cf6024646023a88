"""The to-do list over REST."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.exchange import tasks
from app.domain.exchange.tasks import TaskCount, TaskKind, TaskView
from app.request import CurrentActor, PageParameters, Reading, Route, now

router = APIRouter(prefix="/me", tags=["exchange"], route_class=Route)


@router.get("/tasks", operation_id="list_tasks", response_model=PageOf[TaskView])
async def list_tasks(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    kind: Annotated[TaskKind | None, Query(description="待办类型 / what is to be done")] = None,
    overdue: Annotated[
        bool | None, Query(description="是否逾期 / whether the due day is over")
    ] = None,
) -> Response:
    """What waits for the actor in every workflow, the first due first (`due_on`, `since`)."""
    found = await tasks.list_tasks(db, actor, page=page, now=now(), kind=kind, overdue=overdue)
    return answer_page(request, found, fields)


@router.get("/task-counts", operation_id="list_task_counts", response_model=list[TaskCount])
async def list_task_counts(db: Reading, actor: CurrentActor) -> Response:
    """How much of each kind waits for the actor; a kind of which nothing waits is left out."""
    return answer(await tasks.list_task_counts(db, actor, now=now()))
