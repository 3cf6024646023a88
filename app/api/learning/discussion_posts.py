"""Posts in discussions over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.learning import discussion_posts
from app.domain.learning.discussion_posts import (
    DiscussionPostView,
    NewDiscussionPost,
    PostText,
    PostWordingView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["learning"], route_class=Route)

Moment = Annotated[
    int | None, Query(ge=0, le=2_147_483_647, description="视频时间点，毫秒 / in ms")
]


@router.get(
    "/discussions/{discussion_id}/posts",
    operation_id="list_discussion_posts",
    response_model=PageOf[DiscussionPostView],
)
async def list_discussion_posts(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    discussion_id: UUID,
    page: PageParameters,
    fields: Fields,
    parent_id: Annotated[UUID | None, Query(description="回复此发言的 / replies to it")] = None,
    teacher_id: Annotated[UUID | None, Query(description="发言教师 / author")] = None,
    from_ms: Moment = None,
    to_ms: Moment = None,
) -> Response:
    """The posts of a discussion as they came (`number`), or by the moments of its video (`at_ms`)."""
    found = await discussion_posts.list_discussion_posts(
        db,
        actor,
        discussion_id=discussion_id,
        page=page,
        parent_id=parent_id,
        teacher_id=teacher_id,
        from_ms=from_ms,
        to_ms=to_ms,
    )
    return answer_page(request, found, fields)


@router.post(
    "/discussions/{discussion_id}/posts",
    operation_id="write_discussion_post",
    response_model=DiscussionPostView,
    status_code=201,
)
async def write_discussion_post(
    db: Transaction, actor: CurrentActor, discussion_id: UUID, new: NewDiscussionPost
) -> Response:
    """Write a post, a comment at a moment of the video, or a reply."""
    row = await discussion_posts.write_discussion_post(
        db, actor, discussion_id=discussion_id, new=new, now=now()
    )
    return answer_created(row, f"/api/v1/discussion-posts/{row['id']}")


@router.get(
    "/discussion-posts/{post_id}",
    operation_id="get_discussion_post",
    response_model=DiscussionPostView,
)
async def get_discussion_post(
    request: Request, db: Reading, actor: CurrentActor, post_id: UUID
) -> Response:
    """One post."""
    row = await discussion_posts.get_discussion_post(db, actor, post_id=post_id)
    return answer_one(request, row)


@router.post(
    "/discussion-posts/{post_id}/edit",
    operation_id="edit_discussion_post",
    response_model=DiscussionPostView,
)
async def edit_discussion_post(
    db: Transaction, actor: CurrentActor, post_id: UUID, change: PostText
) -> Response:
    """Edit a post of one's own within half an hour; how it read before is kept."""
    return answer(
        await discussion_posts.edit_discussion_post(
            db, actor, post_id=post_id, change=change, now=now()
        )
    )


@router.post(
    "/discussion-posts/{post_id}/withdraw",
    operation_id="withdraw_discussion_post",
    response_model=DiscussionPostView,
)
async def withdraw_discussion_post(db: Transaction, actor: CurrentActor, post_id: UUID) -> Response:
    """Take a post of one's own back; its place in the discussion stays."""
    return answer(
        await discussion_posts.withdraw_discussion_post(db, actor, post_id=post_id, now=now())
    )


@router.post(
    "/discussion-posts/{post_id}/acknowledge",
    operation_id="acknowledge_hidden_post",
    response_model=DiscussionPostView,
)
async def acknowledge_hidden_post(db: Transaction, actor: CurrentActor, post_id: UUID) -> Response:
    """Take note that a post of one's own was hidden."""
    return answer(
        await discussion_posts.acknowledge_hidden_post(db, actor, post_id=post_id, now=now())
    )


@router.get(
    "/discussion-posts/{post_id}/wordings",
    operation_id="list_post_wordings",
    response_model=list[PostWordingView],
)
async def list_post_wordings(db: Reading, actor: CurrentActor, post_id: UUID) -> Response:
    """How a post read before it was edited, for its author and those who moderate."""
    return answer(await discussion_posts.list_post_wordings(db, actor, post_id=post_id))
