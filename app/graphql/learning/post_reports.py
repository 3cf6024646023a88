"""Reports of posts, and their moderation, over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import post_reports
from app.domain.learning.post_reports import (
    ModeratedPostView,
    NewPostReport,
    PostDecisionView,
    PostReportView,
    PostRuling,
)
from app.graphql.context import Context
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@strawberry.pydantic.type(
    name="ModeratedPost", description="发言（管理视图） / a post as those see it who moderate"
)
class ModeratedPostNode(ModeratedPostView):
    """A post as those see it who moderate."""


@strawberry.pydantic.type(name="PostReport", description="举报 / a report of a post")
class PostReportNode(PostReportView):
    """A report of a post."""


@strawberry.pydantic.type(name="PostDecision", description="处理决定 / what was decided of a post")
class PostDecisionNode(PostDecisionView):
    """What was decided of a post."""


@strawberry.pydantic.input(name="NewPostReport")
class NewPostReportInput(NewPostReport):
    """A report of a post."""


@strawberry.pydantic.input(name="PostRuling")
class PostRulingInput(PostRuling):
    """Why those who moderate decide so."""


@strawberry.type
class PostReportQueries:
    """What may be asked: reports of posts."""

    @strawberry.field(
        description="待管理的发言 / posts where one moderates",
        graphql_type=Connection[ModeratedPostNode],
    )
    async def moderated_posts(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        discussion_id: UUID | None = None,
        reported: bool | None = None,
        hidden: bool | None = None,
    ) -> Any:
        """The posts where one moderates, with the text of those that are hidden."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: post_reports.list_moderated_posts(
                db,
                actor,
                page=page,
                discussion_id=discussion_id,
                reported=reported,
                hidden=hidden,
            ),
        )

    @strawberry.field(description="举报列表 / reports", graphql_type=Connection[PostReportNode])
    async def post_reports(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        post_id: UUID | None = None,
        waiting: bool | None = None,
    ) -> Any:
        """The reports of posts where one moderates."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: post_reports.list_post_reports(
                db,
                actor,
                page=page,
                post_id=post_id,
                waiting=waiting,
            ),
        )

    @strawberry.field(
        description="处理决定 / what was decided", graphql_type=list[PostDecisionNode]
    )
    async def post_decisions(self, info: Info[Context], post_id: UUID) -> Any:
        """What was decided of a post and why."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: post_reports.list_post_decisions(db, actor, post_id=post_id)
        )


@strawberry.type
class PostReportMutations:
    """What may be done: reports of posts."""

    @strawberry.mutation(description="举报发言 / report a post", graphql_type=PostReportNode)
    async def report_post(self, info: Info[Context], post_id: UUID, new: NewPostReportInput) -> Any:
        """Report a post, with a reason."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await post_reports.report_post(db, actor, post_id=post_id, new=new, now=now())

    @strawberry.mutation(description="隐藏发言 / hide a post", graphql_type=ModeratedPostNode)
    async def hide_post(self, info: Info[Context], post_id: UUID, ruling: PostRulingInput) -> Any:
        """Hide a post, with the reason that its author is told."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await post_reports.hide_post(
                db, actor, post_id=post_id, ruling=ruling, now=now()
            )

    @strawberry.mutation(description="恢复发言 / show it again", graphql_type=ModeratedPostNode)
    async def restore_post(
        self, info: Info[Context], post_id: UUID, ruling: PostRulingInput
    ) -> Any:
        """Show a hidden post again, with the reason."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await post_reports.restore_post(
                db, actor, post_id=post_id, ruling=ruling, now=now()
            )

    @strawberry.mutation(description="举报不成立 / let it stand", graphql_type=ModeratedPostNode)
    async def dismiss_post_reports(
        self, info: Info[Context], post_id: UUID, ruling: PostRulingInput
    ) -> Any:
        """Let a post stand, whatever was reported of it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await post_reports.dismiss_post_reports(
                db, actor, post_id=post_id, ruling=ruling, now=now()
            )
