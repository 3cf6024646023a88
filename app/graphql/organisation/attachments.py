"""Attachments of schools over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import attachments, units
from app.domain.organisation.attachments import AttachmentEnd, AttachmentView, NewAttachment
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.organisation.units import AsOf, KnownOn
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(attachments.ATTACHMENTS, name="Attachment", description="附属关系 / an attachment")
class AttachmentNode(Node, AttachmentView):
    """An attachment with its edges."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="附属学校 / the school that is attached",
    )
    head = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="head_id",
        description="中心校或牵头校 / the school that it belongs to",
    )


@strawberry.pydantic.input(name="NewAttachment")
class NewAttachmentInput(NewAttachment):
    """An attachment to be made."""


@strawberry.pydantic.input(name="AttachmentEnd")
class AttachmentEndInput(AttachmentEnd):
    """The day on which an attachment ends."""


@strawberry.type
class AttachmentQueries:
    """What may be asked about attachments."""

    @strawberry.field(
        description="附属关系列表 / attachments", graphql_type=Connection[AttachmentNode]
    )
    async def attachments(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        head_id: UUID | None = None,
        as_of: AsOf = None,
        known_on: KnownOn = None,
    ) -> Any:
        """A page of attachments."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: attachments.list_attachments(
                db,
                actor,
                page=page,
                unit_id=unit_id,
                head_id=head_id,
                as_of=as_of,
                known_on=known_on,
            ),
        )


@strawberry.type
class AttachmentMutations:
    """What may be done with attachments."""

    @strawberry.mutation(description="设立附属关系 / attach a school", graphql_type=AttachmentNode)
    async def attach_unit(self, info: Info[Context], unit_id: UUID, new: NewAttachmentInput) -> Any:
        """Attach a school to another."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await attachments.attach_unit(db, actor, unit_id=unit_id, new=new, now=now())

    @strawberry.mutation(
        description="终止附属关系 / end an attachment", graphql_type=AttachmentNode
    )
    async def end_attachment(
        self, info: Info[Context], attachment_id: UUID, end: AttachmentEndInput
    ) -> Any:
        """End an attachment."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await attachments.end_attachment(
                db, actor, attachment_id=attachment_id, end=end, now=now()
            )
