"""What personal data went to others, over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import provisions
from app.domain.people.provisions import ProvisionView, Recipient
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request


@node(provisions.PROVISIONS, name="Provision", description="对外提供记录 / what went to others")
class ProvisionNode(Node, ProvisionView):
    """A provision."""


@strawberry.type
class ProvisionQueries:
    """What may be asked about provisions."""

    @strawberry.field(
        description="对外提供记录 / what went to others", graphql_type=Connection[ProvisionNode]
    )
    async def provisions(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        recipient: Recipient | None = None,
        client_id: UUID | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """A page of what went to the province and to applications."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: provisions.list_provisions(
                db,
                actor,
                page=page,
                recipient=recipient,
                client_id=client_id,
                since=since,
                until=until,
            ),
        )
