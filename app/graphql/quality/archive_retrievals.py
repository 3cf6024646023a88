"""Looking into archives over GraphQL; the bundle itself is a file, fetched over REST."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import archive_retrievals, archive_volumes
from app.domain.quality.archive_retrievals import ArchiveRetrievalView, NewArchiveRetrieval
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    archive_retrievals.ARCHIVE_RETRIEVALS, name="ArchiveRetrieval", description="查阅登记 / a look"
)
class ArchiveRetrievalNode(Node, ArchiveRetrievalView):
    """A retrieval and its volume."""

    volume = edge(
        archive_volumes.archive_volumes_by_id,
        lazy("app.graphql.quality.archive_volumes", "ArchiveVolumeNode"),
        many=False,
        keys="volume_ids",
        key="volume_id",
        description="案卷 / volume",
    )


@strawberry.pydantic.input(name="NewArchiveRetrieval")
class NewArchiveRetrievalInput(NewArchiveRetrieval):
    """A look into a volume."""


@strawberry.type
class ArchiveRetrievalQueries:
    """What may be asked about looks into archives."""

    @strawberry.field(description="查阅登记 / looks", graphql_type=Connection[ArchiveRetrievalNode])
    async def archive_retrievals(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        volume_id: UUID | None = None,
    ) -> Any:
        """Who looked into the volumes of the actor's place, and into one's own (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: archive_retrievals.list_archive_retrievals(
                db, actor, page=page, volume_id=volume_id
            ),
        )


@strawberry.type
class ArchiveRetrievalMutations:
    """What may be done to look into archives."""

    @strawberry.mutation(
        description="登记查阅 / look into a volume", graphql_type=ArchiveRetrievalNode
    )
    async def create_archive_retrieval(
        self, info: Info[Context], volume_id: UUID, new: NewArchiveRetrievalInput
    ) -> Any:
        """Look into a volume, and say why; the bundle can be fetched for a day."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await archive_retrievals.create_archive_retrieval(
                db, actor, volume_id=volume_id, new=new, now=now()
            )
