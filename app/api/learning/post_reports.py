"""Reports of posts, and their moderation, over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.learning import post_reports
from app.domain.learning.post_reports import (
    ModeratedPostView,
    NewPostReport,
    PostDecisionView,
    PostReportView,
    PostRuling,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/moderated-posts",
    operation_id="list_moderated_posts",
    response_model=PageOf[ModeratedPostView],
)
async def list_moderated_posts(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    discussion_id: Annotated[UUID | None, Query(description="研讨 / discussion")] = None,
    reported: Annotated[bool | None, Query(description="有无待处理举报 / reported")] = None,
    hidden: Annotated[bool | None, Query(description="是否已隐藏 / hidden")] = None,
) -> Response:
    """The posts where one moderates, with the text of those that are hidden."""
    found = await post_reports.list_moderated_posts(
        db, actor, page=page, discussion_id=discussion_id, reported=reported, hidden=hidden
    )
    return answer_page(request, found, fields)


@router.get(
    "/post-reports", operation_id="list_post_reports", response_model=PageOf[PostReportView]
)
async def list_post_reports(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    post_id: Annotated[UUID | None, Query(description="发言 / post")] = None,
    waiting: Annotated[bool | None, Query(description="是否待处理 / waiting")] = None,
) -> Response:
    """The reports of posts where one moderates."""
    found = await post_reports.list_post_reports(
        db, actor, page=page, post_id=post_id, waiting=waiting
    )
    return answer_page(request, found, fields)


@router.get(
    "/discussion-posts/{post_id}/decisions",
    operation_id="list_post_decisions",
    response_model=list[PostDecisionView],
)
async def list_post_decisions(db: Reading, actor: CurrentActor, post_id: UUID) -> Response:
    """What was decided of a post and why, for its author and those who moderate."""
    return answer(await post_reports.list_post_decisions(db, actor, post_id=post_id))


@router.post(
    "/discussion-posts/{post_id}/report",
    operation_id="report_post",
    response_model=PostReportView,
    status_code=201,
)
async def report_post(
    db: Transaction, actor: CurrentActor, post_id: UUID, new: NewPostReport
) -> Response:
    """Report a post, with a reason."""
    row = await post_reports.report_post(db, actor, post_id=post_id, new=new, now=now())
    return answer(row, status=201)


@router.post(
    "/discussion-posts/{post_id}/hide",
    operation_id="hide_post",
    response_model=ModeratedPostView,
)
async def hide_post(
    db: Transaction, actor: CurrentActor, post_id: UUID, ruling: PostRuling
) -> Response:
    """Hide a post, with the reason that its author is told."""
    return answer(
        await post_reports.hide_post(db, actor, post_id=post_id, ruling=ruling, now=now())
    )


@router.post(
    "/discussion-posts/{post_id}/restore",
    operation_id="restore_post",
    response_model=ModeratedPostView,
)
async def restore_post(
    db: Transaction, actor: CurrentActor, post_id: UUID, ruling: PostRuling
) -> Response:
    """Show a hidden post again, with the reason."""
    return answer(
        await post_reports.restore_post(db, actor, post_id=post_id, ruling=ruling, now=now())
    )


@router.post(
    "/discussion-posts/{post_id}/dismiss-reports",
    operation_id="dismiss_post_reports",
    response_model=ModeratedPostView,
)
async def dismiss_post_reports(
    db: Transaction, actor: CurrentActor, post_id: UUID, ruling: PostRuling
) -> Response:
    """Let a post stand, whatever was reported of it."""
    return answer(
        await post_reports.dismiss_post_reports(
            db, actor, post_id=post_id, ruling=ruling, now=now()
        )
    )
