"""One's own record over GraphQL: to whom of it was given. The copy of everything is a file of REST."""

from typing import Any

import strawberry
from strawberry import Info

from app.domain.exchange import records
from app.graphql.context import Context
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.people.provisions import ProvisionNode


@strawberry.type
class RecordQueries:
    """What may be asked about one's own record."""

    @strawberry.field(
        description="与本人有关的对外提供 / what went to others and concerns oneself",
        graphql_type=Connection[ProvisionNode],
    )
    async def own_provisions(
        self, info: Info[Context], first: First = 50, after: After = None, sort: Sort = None
    ) -> Any:
        """A page of what went to others and concerns the one who asks."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context, lambda db: records.list_own_provisions(db, actor, page=page)
        )
