"""What happens, over GraphQL: asked for once, or followed by a subscription of the same name."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.exchange import live
from app.domain.exchange.live import LiveAttendanceView, LiveInboxView
from app.domain.training.notices import NoticeView
from app.graphql.context import Context
from app.graphql.exchange.tasks import TaskCountNode
from app.graphql.following import Following
from app.graphql.training.attendance.types import ParticipantNode
from app.request import now
from app.request.live import attendance_source, inbox_source

AfterPosition = Annotated[
    str | None,
    strawberry.argument(description="上次返回的 position / the position to go on from"),
]


@strawberry.pydantic.type(name="LiveNotice", description="新通知 / a notice that came")
class LiveNotice(NoticeView):
    """A notice without its edges: what is streamed is told whole, and follows nothing."""


@strawberry.pydantic.type(
    name="LiveAttendance", description="场次考勤实时情况 / how the register of a session stands"
)
class LiveAttendanceNode(LiveAttendanceView):
    """A session's register, and the records that changed."""

    changed: list[ParticipantNode]  # type: ignore[assignment]  # the same fields, as types


@strawberry.pydantic.type(name="LiveInbox", description="我的动态 / what is new for oneself")
class LiveInboxNode(LiveInboxView):
    """How much waits, and the notices that came."""

    task_counts: list[TaskCountNode]  # type: ignore[assignment]  # the same fields, as types
    notices: list[LiveNotice]  # type: ignore[assignment]


@strawberry.type
class LiveQueries:
    """What may be asked of what happens."""

    @strawberry.field(
        description="场次考勤实时情况 / how the register of a session stands, and what changed",
        graphql_type=LiveAttendanceNode,
    )
    async def live_attendance(
        self, info: Info[Context], session_id: UUID, after: AfterPosition = None
    ) -> Any:
        """A session's register after a position."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: live.get_live_attendance(db, actor, session_id=session_id, after=after)
        )

    @strawberry.field(
        description="我的动态 / one's new notices, and how much waits", graphql_type=LiveInboxNode
    )
    async def live_inbox(self, info: Info[Context], after: AfterPosition = None) -> Any:
        """What is new for the actor after a position."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: live.get_live_inbox(db, actor, now=now(), after=after)
        )


@strawberry.type
class LiveSubscriptions:
    """What may be followed."""

    @strawberry.subscription(
        description="跟踪场次考勤 / the register of a session, as it fills",
        graphql_type=LiveAttendanceNode,
    )
    async def live_attendance(
        self, info: Info[Following], session_id: UUID, after: AfterPosition = None
    ) -> AsyncGenerator[Any]:
        """A session's register from a position on."""
        source = attendance_source(session_id)
        async for row in info.context.follow("get_live_attendance", session_id, source, after):
            yield row

    @strawberry.subscription(
        description="跟踪我的动态 / one's new notices and tasks, as they come",
        graphql_type=LiveInboxNode,
    )
    async def live_inbox(
        self, info: Info[Following], after: AfterPosition = None
    ) -> AsyncGenerator[Any]:
        """What is new for the actor from a position on."""
        source = inbox_source(now)
        async for row in info.context.follow("get_live_inbox", None, source, after):
            yield row
