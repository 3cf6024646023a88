"""Batches for the province over GraphQL; their content is a file, which REST streams."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.exchange import batches
from app.domain.exchange.batches import BatchView, NewBatch
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(batches.BATCHES, name="Batch", description="省平台批次 / a batch for the province")
class BatchNode(Node, BatchView):
    """The manifest of a batch."""


@strawberry.pydantic.input(name="NewBatch")
class NewBatchInput(NewBatch):
    """A batch to be made."""


@strawberry.type
class BatchQueries:
    """What may be asked about batches."""

    @strawberry.field(description="一个批次 / one batch", graphql_type=BatchNode)
    async def batch(self, info: Info[Context], id: UUID) -> Any:
        """One batch."""
        actor = info.context.actor
        return await info.context.read(lambda db: batches.get_batch(db, actor, batch_id=id))

    @strawberry.field(description="批次列表 / batches", graphql_type=Connection[BatchNode])
    async def batches(
        self, info: Info[Context], first: First = 50, after: After = None, sort: Sort = None
    ) -> Any:
        """A page of batches."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(info.context, lambda db: batches.list_batches(db, actor, page=page))


@strawberry.type
class BatchMutations:
    """What may be done with batches."""

    @strawberry.mutation(description="生成批次 / close a batch", graphql_type=BatchNode)
    async def create_batch(self, info: Info[Context], new: NewBatchInput) -> Any:
        """Close a batch."""
        async with info.context.transaction() as db:
            return await batches.create_batch(db, info.context.actor, new=new, now=now())
