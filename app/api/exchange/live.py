"""What happens, over REST: asked for once, or streamed as server-sent events."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response

from app.api.answers import answer
from app.api.events import MEDIA_TYPE, answer_events, wants_events
from app.domain.exchange import live
from app.domain.exchange.live import LiveAttendanceView, LiveInboxView
from app.request import CurrentActor, Reading, Route, now
from app.request.live import attendance_source, inbox_source

router = APIRouter(tags=["exchange"], route_class=Route)

_EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "一次读取；Accept: text/event-stream 时为事件流 / one read, or with that header"
        " a stream of them: `id` is the position, `data` the same content",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
    }
}

AfterPosition = Annotated[
    str | None, Query(description="上次返回的 position / the position to go on from")
]
LastEventId = Annotated[
    str | None,
    Header(description="事件流断开前最后的 id / the same, as clients of streams send it"),
]


@router.get(
    "/sessions/{session_id}/attendance/live",
    operation_id="get_live_attendance",
    response_model=LiveAttendanceView,
    responses=_EVENTS,
)
async def get_live_attendance(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    session_id: UUID,
    after: AfterPosition = None,
    last_event_id: LastEventId = None,
) -> Response:
    """How the register of a session fills, for its organiser; with `Accept: text/event-stream`, as it does."""
    row = await live.get_live_attendance(
        db, actor, session_id=session_id, after=last_event_id or after
    )
    if wants_events(request):
        return answer_events(request, attendance_source(session_id), row)
    return answer(row)


@router.get(
    "/me/live", operation_id="get_live_inbox", response_model=LiveInboxView, responses=_EVENTS
)
async def get_live_inbox(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    after: AfterPosition = None,
    last_event_id: LastEventId = None,
) -> Response:
    """One's new notices, and how much waits; with `Accept: text/event-stream`, as they come."""
    row = await live.get_live_inbox(db, actor, now=now(), after=last_event_id or after)
    if wants_events(request):
        return answer_events(request, inbox_source(now), row)
    return answer(row)
