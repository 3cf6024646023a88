"""Notices over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.training import notices
from app.domain.training.notices import (
    NewNotice,
    NoticeChanges,
    NoticeReceiptView,
    NoticeState,
    NoticeView,
    UnitReceiptView,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(notices.NOTICES, name="Notice", description="通知 / a notice")
class NoticeNode(Node, NoticeView):
    """A notice with its edge."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="发文单位 / unit that sends it",
    )


@strawberry.pydantic.type(name="NoticeReceipt", description="阅读与回执 / reading and confirming")
class NoticeReceiptNode(NoticeReceiptView):
    """What one has done with a notice."""


@strawberry.pydantic.type(name="UnitReceipt", description="单位回执情况 / how it stands by unit")
class UnitReceiptNode(UnitReceiptView):
    """How a notice stands with one unit."""


@strawberry.pydantic.input(name="NewNotice")
class NewNoticeInput(NewNotice):
    """A notice to be drafted."""


@strawberry.pydantic.input(name="NoticeChanges")
class NoticeChangesInput(NoticeChanges):
    """What of a draft is to be changed."""


@strawberry.type
class NoticeQueries:
    """What may be asked about notices."""

    @strawberry.field(description="一份通知 / one notice", graphql_type=NoticeNode)
    async def notice(self, info: Info[Context], id: UUID) -> Any:
        """One notice."""
        actor = info.context.actor
        return await info.context.read(lambda db: notices.get_notice(db, actor, notice_id=id))

    @strawberry.field(description="发出的通知 / notices sent", graphql_type=Connection[NoticeNode])
    async def notices(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        state: NoticeState | None = None,
    ) -> Any:
        """A page of the notices that were sent in the actor's place."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: notices.list_notices(db, actor, page=page, unit_id=unit_id, state=state),
        )

    @strawberry.field(
        description="面向本人的通知 / notices for the actor", graphql_type=Connection[NoticeNode]
    )
    async def own_notices(
        self, info: Info[Context], first: First = 50, after: After = None, sort: Sort = None
    ) -> Any:
        """A page of the notices that are published to the actor."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context, lambda db: notices.list_own_notices(db, actor, page=page)
        )

    @strawberry.field(
        description="各单位回执情况 / how it stands by unit", graphql_type=list[UnitReceiptNode]
    )
    async def notice_receipts(
        self, info: Info[Context], notice_id: UUID, missing: bool | None = None
    ) -> Any:
        """How a notice stands with each unit that it is for."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: notices.list_notice_receipts(
                db, actor, notice_id=notice_id, missing=bool(missing)
            )
        )


@strawberry.type
class NoticeMutations:
    """What may be done with notices."""

    @strawberry.mutation(description="起草通知 / draft a notice", graphql_type=NoticeNode)
    async def create_notice(self, info: Info[Context], new: NewNoticeInput) -> Any:
        """Draft a notice of a unit."""
        async with info.context.transaction() as db:
            return await notices.create_notice(db, info.context.actor, new=new)

    @strawberry.mutation(description="修改草稿 / change a draft", graphql_type=NoticeNode)
    async def update_notice(
        self, info: Info[Context], notice_id: UUID, changes: NoticeChangesInput
    ) -> Any:
        """Change a draft."""
        async with info.context.transaction() as db:
            return await notices.update_notice(
                db, info.context.actor, notice_id=notice_id, changes=changes
            )

    @strawberry.mutation(description="发布通知 / publish a notice", graphql_type=NoticeNode)
    async def publish_notice(self, info: Info[Context], notice_id: UUID) -> Any:
        """Show a notice to those it is for."""
        async with info.context.transaction() as db:
            return await notices.publish_notice(
                db, info.context.actor, notice_id=notice_id, now=now()
            )

    @strawberry.mutation(description="撤回通知 / withdraw a notice", graphql_type=NoticeNode)
    async def withdraw_notice(self, info: Info[Context], notice_id: UUID) -> Any:
        """Take a notice back."""
        async with info.context.transaction() as db:
            return await notices.withdraw_notice(
                db, info.context.actor, notice_id=notice_id, now=now()
            )

    @strawberry.mutation(description="标记已读 / read a notice", graphql_type=NoticeReceiptNode)
    async def read_notice(self, info: Info[Context], notice_id: UUID) -> Any:
        """Say that one has read a notice."""
        async with info.context.transaction() as db:
            return await notices.read_notice(db, info.context.actor, notice_id=notice_id, now=now())

    @strawberry.mutation(description="回执 / confirm a notice", graphql_type=NoticeReceiptNode)
    async def confirm_notice(self, info: Info[Context], notice_id: UUID) -> Any:
        """Confirm a notice, for one's units or for oneself."""
        async with info.context.transaction() as db:
            return await notices.confirm_notice(
                db, info.context.actor, notice_id=notice_id, now=now()
            )
