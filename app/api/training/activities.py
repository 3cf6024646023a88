"""Activities and their sessions over REST."""

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
from app.domain.training import activities, closing
from app.domain.training.activities import (
    ActivityChanges,
    ActivityContent,
    ActivityKind,
    ActivityState,
    ActivityView,
    NewActivity,
    NewSession,
    SessionView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["training"], route_class=Route)

State = Annotated[ActivityState | None, Query(description="状态 / state")]
Kind = Annotated[ActivityKind | None, Query(description="活动形式 / kind")]
FormCode = Annotated[
    str | None, Query(max_length=60, description="样式代码，各版本 / code of its form, any version")
]
Content = Annotated[ActivityContent | None, Query(description="研修内容 / what it is about")]
SeriesId = Annotated[UUID | None, Query(description="所属系列 / series")]
Since = Annotated[date | None, Query(description="此日及以后 / with a day on or after this one")]
Until = Annotated[date | None, Query(description="此日及以前 / with a day on or before this one")]


@router.get("/activities", operation_id="list_activities", response_model=PageOf[ActivityView])
async def list_activities(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    state: State = None,
    kind: Kind = None,
    form_code: FormCode = None,
    content: Content = None,
    organiser_unit_id: Annotated[UUID | None, Query(description="组织单位 / unit")] = None,
    organiser_group_id: Annotated[UUID | None, Query(description="组织教研组 / group")] = None,
    organiser_network_id: Annotated[UUID | None, Query(description="组织片区 / network")] = None,
    organiser_department_id: Annotated[
        UUID | None, Query(description="组织部门 / department")
    ] = None,
    series_id: SeriesId = None,
    since: Since = None,
    until: Until = None,
) -> Response:
    """The activities organised in the actor's place, by first day (`starts_on`, `created`)."""
    found = await activities.list_activities(
        db,
        actor,
        page=page,
        state=state,
        kind=kind,
        form_code=form_code,
        content=content,
        organiser_unit_id=organiser_unit_id,
        organiser_group_id=organiser_group_id,
        organiser_network_id=organiser_network_id,
        organiser_department_id=organiser_department_id,
        series_id=series_id,
        since=since,
        until=until,
    )
    await include.into("Activity", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/offered-activities",
    operation_id="list_offered_activities",
    response_model=PageOf[ActivityView],
)
async def list_offered_activities(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    state: State = None,
    kind: Kind = None,
    form_code: FormCode = None,
    content: Content = None,
    series_id: SeriesId = None,
    since: Since = None,
    until: Until = None,
) -> Response:
    """The activities that are published to the actor, by first day (`starts_on`, `created`)."""
    found = await activities.list_offered_activities(
        db,
        actor,
        page=page,
        state=state,
        kind=kind,
        form_code=form_code,
        content=content,
        series_id=series_id,
        since=since,
        until=until,
    )
    await include.into("Activity", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/activities", operation_id="create_activity", response_model=ActivityView, status_code=201
)
async def create_activity(db: Transaction, actor: CurrentActor, new: NewActivity) -> Response:
    """Draft an activity, for a unit, a group, a network or a department."""
    row = await activities.create_activity(db, actor, new=new)
    return answer_created(row, f"/api/v1/activities/{row['id']}")


@router.get("/activities/{activity_id}", operation_id="get_activity", response_model=ActivityView)
async def get_activity(
    request: Request, db: Reading, actor: CurrentActor, activity_id: UUID, include: Include
) -> Response:
    """One activity, organised in the actor's place or published to the actor."""
    row = await activities.get_activity(db, actor, activity_id=activity_id)
    await include.into("Activity", [row])
    return answer_one(request, row)


@router.patch(
    "/activities/{activity_id}",
    operation_id="update_activity",
    response_model=ActivityView,
    openapi_extra=IF_MATCH,
)
async def update_activity(
    request: Request,
    db: Transaction,
    actor: CurrentActor,
    activity_id: UUID,
    changes: ActivityChanges,
) -> Response:
    """Change a draft; with `If-Match` only if it is still as it was read."""
    found = await activities.get_activity(db, actor, activity_id=activity_id, lock=True)
    check_if_match(request, found)
    row = await activities.update_activity(db, actor, activity_id=activity_id, changes=changes)
    return answer(row, headers={"ETag": etag_of(row)})


@router.post(
    "/activities/{activity_id}/publish",
    operation_id="publish_activity",
    response_model=ActivityView,
)
async def publish_activity(db: Transaction, actor: CurrentActor, activity_id: UUID) -> Response:
    """Show a draft with its sessions to its audience."""
    return answer(await activities.publish_activity(db, actor, activity_id=activity_id, now=now()))


@router.post(
    "/activities/{activity_id}/hold", operation_id="hold_activity", response_model=ActivityView
)
async def hold_activity(db: Transaction, actor: CurrentActor, activity_id: UUID) -> Response:
    """Record that a published activity has been held."""
    return answer(await activities.hold_activity(db, actor, activity_id=activity_id, now=now()))


@router.post(
    "/activities/{activity_id}/close", operation_id="close_activity", response_model=ActivityView
)
async def close_activity(db: Transaction, actor: CurrentActor, activity_id: UUID) -> Response:
    """Close a held activity: attendance is final, and credits may be recognised."""
    return answer(await closing.close_activity(db, actor, activity_id=activity_id, now=now()))


@router.post(
    "/activities/{activity_id}/cancel", operation_id="cancel_activity", response_model=ActivityView
)
async def cancel_activity(db: Transaction, actor: CurrentActor, activity_id: UUID) -> Response:
    """Cancel an activity that has not been held."""
    return answer(await activities.cancel_activity(db, actor, activity_id=activity_id, now=now()))


@router.get(
    "/activities/{activity_id}/sessions",
    operation_id="list_sessions",
    response_model=list[SessionView],
)
async def list_sessions(db: Reading, actor: CurrentActor, activity_id: UUID) -> Response:
    """The sessions of an activity, in their order."""
    return answer(await activities.list_sessions(db, actor, activity_id=activity_id))


@router.post(
    "/activities/{activity_id}/sessions",
    operation_id="add_session",
    response_model=SessionView,
    status_code=201,
)
async def add_session(
    db: Transaction, actor: CurrentActor, activity_id: UUID, new: NewSession
) -> Response:
    """Add a session to a draft."""
    row = await activities.add_session(db, actor, activity_id=activity_id, new=new)
    return answer_created(row, f"/api/v1/sessions/{row['id']}")


@router.get("/sessions/{session_id}", operation_id="get_session", response_model=SessionView)
async def get_session(
    request: Request, db: Reading, actor: CurrentActor, session_id: UUID
) -> Response:
    """One session of an activity that the actor may see."""
    return answer_one(request, await activities.get_session(db, actor, session_id=session_id))


@router.delete("/sessions/{session_id}", operation_id="remove_session", response_model=SessionView)
async def remove_session(db: Transaction, actor: CurrentActor, session_id: UUID) -> Response:
    """Take a session out of a draft; the answer is what it was."""
    return answer(await activities.remove_session(db, actor, session_id=session_id))
