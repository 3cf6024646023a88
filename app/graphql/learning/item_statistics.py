"""Item statistics over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import item_statistics
from app.domain.learning.item_statistics import ItemStatistic
from app.graphql.context import Context


@strawberry.pydantic.type(name="ItemStatistic", description="题目分析 / how a question did")
class ItemStatisticNode(ItemStatistic):
    """How a question did in a test."""


@strawberry.type
class ItemStatisticQueries:
    """What may be asked: how questions did."""

    @strawberry.field(
        description="题目分析 / how each question did", graphql_type=list[ItemStatisticNode]
    )
    async def item_statistics(self, info: Info[Context], test_id: UUID) -> Any:
        """How each question of a test did, over marked attempts; nothing of fewer than five."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: item_statistics.list_item_statistics(db, actor, test_id=test_id)
        )
