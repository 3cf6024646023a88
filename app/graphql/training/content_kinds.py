"""Kinds of content and their taxonomies over GraphQL."""

from typing import Any

import strawberry
from strawberry import Info

from app.domain.training import content_kinds
from app.domain.training.content_kinds import ContentClass, ContentKindView, ContentSource
from app.graphql.context import Context

# The parts of a kind have no edges: they are the types themselves.
for _part in (ContentSource, ContentClass):
    strawberry.pydantic.type(name=_part.__name__, description=_part.__doc__)(_part)


@strawberry.pydantic.type(name="ContentKind", description="研修内容 / a kind of content")
class ContentKindNode(ContentKindView):
    """A kind of content."""


@strawberry.type
class ContentKindQueries:
    """What may be asked about kinds of content."""

    @strawberry.field(
        description="研修内容及其分类 / kinds of content, classified",
        graphql_type=list[ContentKindNode],
    )
    async def content_kinds(self, info: Info[Context]) -> Any:
        """Every kind of content."""
        actor = info.context.actor
        return await info.context.read(lambda db: content_kinds.list_content_kinds(db, actor))
