"""Shares of content over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import content_shares
from app.domain.training.content_shares import ContentShareView
from app.graphql.context import Context
from app.request import now


@strawberry.pydantic.type(
    name="ContentShare", description="研修内容占比 / the share of a family of content"
)
class ContentShareNode(ContentShareView):
    """The share of a family of content in a unit."""


@strawberry.type
class ContentShareQueries:
    """What may be asked about shares of content."""

    @strawberry.field(
        description="本单位及直属单位的研修内容占比 / of a unit and of those directly below it",
        graphql_type=list[ContentShareNode],
    )
    async def content_shares(
        self,
        info: Info[Context],
        unit_id: UUID,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """The shares of all families."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: content_shares.list_content_shares(
                db, actor, unit_id=unit_id, now=now(), since=since, until=until
            )
        )
