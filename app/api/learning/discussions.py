"""Discussions over REST."""

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
from app.domain.learning import discussions
from app.domain.learning.discussions import (
    DiscussionChanges,
    DiscussionClosing,
    DiscussionMark,
    DiscussionReadingView,
    DiscussionView,
    NewDiscussion,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get("/discussions", operation_id="list_discussions", response_model=PageOf[DiscussionView])
async def list_discussions(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    activity_id: Annotated[UUID | None, Query(description="活动 / activity")] = None,
    session_id: Annotated[UUID | None, Query(description="场次 / session")] = None,
    course_id: Annotated[UUID | None, Query(description="课程 / course")] = None,
    topic_id: Annotated[UUID | None, Query(description="课题 / topic")] = None,
    group_id: Annotated[UUID | None, Query(description="教研组 / group")] = None,
    closed: Annotated[bool | None, Query(description="是否已关闭 / closed")] = None,
    video: Annotated[bool | None, Query(description="是否视频观摩 / with a video")] = None,
    unread: Annotated[
        bool | None, Query(description="仅有未读发言的 / only with unread posts")
    ] = None,
    offered: Annotated[
        bool | None, Query(description="面向本人的，而非所辖范围的 / on what is for oneself")
    ] = None,
) -> Response:
    """The discussions on what lies in one's place, or is for oneself (`pinned`, `created`)."""
    found = await discussions.list_discussions(
        db,
        actor,
        page=page,
        activity_id=activity_id,
        session_id=session_id,
        course_id=course_id,
        topic_id=topic_id,
        group_id=group_id,
        closed=closed,
        video=video,
        unread=bool(unread),
        offered=bool(offered),
    )
    await include.into("Discussion", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/discussions",
    operation_id="open_discussion",
    response_model=DiscussionView,
    status_code=201,
)
async def open_discussion(db: Transaction, actor: CurrentActor, new: NewDiscussion) -> Response:
    """Open a discussion, or with a video an observation."""
    row = await discussions.open_discussion(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/discussions/{row['id']}")


@router.get(
    "/discussions/{discussion_id}", operation_id="get_discussion", response_model=DiscussionView
)
async def get_discussion(
    request: Request, db: Reading, actor: CurrentActor, discussion_id: UUID, include: Include
) -> Response:
    """One discussion."""
    row = await discussions.get_discussion(db, actor, discussion_id=discussion_id)
    await include.into("Discussion", [row])
    return answer_one(request, row)


@router.patch(
    "/discussions/{discussion_id}",
    operation_id="update_discussion",
    response_model=DiscussionView,
    openapi_extra=IF_MATCH,
)
async def update_discussion(
    request: Request,
    db: Transaction,
    actor: CurrentActor,
    discussion_id: UUID,
    changes: DiscussionChanges,
) -> Response:
    """Say anew what it is about, or pin it; with `If-Match` only if it is still as read."""
    read = await discussions.get_discussion(db, actor, discussion_id=discussion_id, lock=True)
    check_if_match(request, read)
    row = await discussions.update_discussion(
        db, actor, discussion_id=discussion_id, changes=changes
    )
    return answer(row, headers={"ETag": etag_of(row)})


@router.post(
    "/discussions/{discussion_id}/close",
    operation_id="close_discussion",
    response_model=DiscussionView,
)
async def close_discussion(
    db: Transaction, actor: CurrentActor, discussion_id: UUID, closing: DiscussionClosing
) -> Response:
    """Close a discussion, with the reason."""
    return answer(
        await discussions.close_discussion(
            db, actor, discussion_id=discussion_id, closing=closing, now=now()
        )
    )


@router.post(
    "/discussions/{discussion_id}/reopen",
    operation_id="reopen_discussion",
    response_model=DiscussionView,
)
async def reopen_discussion(db: Transaction, actor: CurrentActor, discussion_id: UUID) -> Response:
    """Open a discussion again that was closed."""
    return answer(await discussions.reopen_discussion(db, actor, discussion_id=discussion_id))


@router.get(
    "/discussions/{discussion_id}/reading",
    operation_id="get_discussion_reading",
    response_model=DiscussionReadingView,
)
async def get_discussion_reading(db: Reading, actor: CurrentActor, discussion_id: UUID) -> Response:
    """How far one has read a discussion."""
    return answer(await discussions.get_discussion_reading(db, actor, discussion_id=discussion_id))


@router.post(
    "/discussions/{discussion_id}/read",
    operation_id="read_discussion",
    response_model=DiscussionReadingView,
)
async def read_discussion(
    db: Transaction, actor: CurrentActor, discussion_id: UUID, mark: DiscussionMark
) -> Response:
    """Remember up to which post one has read."""
    return answer(
        await discussions.read_discussion(
            db, actor, discussion_id=discussion_id, mark=mark, now=now()
        )
    )
