"""How long personal data are kept, over GraphQL."""

from typing import Any

import strawberry
from strawberry import Info

from app.domain.people import retention
from app.domain.people.retention import RetentionPeriod
from app.graphql.context import Context


@strawberry.pydantic.type(
    name="RetentionPeriod", description="保存期限 / how long something is kept"
)
class RetentionPeriodNode(RetentionPeriod):
    """How long one kind of data is kept."""


@strawberry.type
class RetentionQueries:
    """What may be asked about retention."""

    @strawberry.field(
        description="个人信息保存期限 / how long personal data are kept",
        graphql_type=list[RetentionPeriodNode],
    )
    async def retention_periods(self, info: Info[Context]) -> Any:
        """How long each kind of data is kept."""
        actor = info.context.actor
        return await info.context.read(lambda db: retention.list_retention_periods(db, actor))
