"""Grants over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.access import grants
from app.domain.access.grants import GrantView, NewGrant
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.request import now


@node(grants.GRANTS, name="Grant", description="授权 / a role of an account")
class GrantNode(Node, GrantView):
    """A role granted to an account."""


@strawberry.pydantic.input(name="NewGrant")
class NewGrantInput(NewGrant):
    """A role to be granted."""


@strawberry.type
class GrantQueries:
    """What may be asked about grants."""

    @strawberry.field(description="账号的授权 / grants of an account", graphql_type=list[GrantNode])
    async def grants(self, info: Info[Context], account_id: UUID) -> Any:
        """The grants of one account."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: grants.list_grants(db, actor, account_id=account_id)
        )


@strawberry.type
class GrantMutations:
    """What may be done with grants."""

    @strawberry.mutation(description="授予角色 / grant a role", graphql_type=GrantNode)
    async def grant_role(self, info: Info[Context], account_id: UUID, new: NewGrantInput) -> Any:
        """Grant a role to an account."""
        async with info.context.transaction() as db:
            return await grants.grant_role(
                db, info.context.actor, account_id=account_id, new=new, now=now()
            )

    @strawberry.mutation(description="撤销授权 / end a grant", graphql_type=GrantNode)
    async def revoke_grant(self, info: Info[Context], grant_id: UUID) -> Any:
        """End a grant today."""
        async with info.context.transaction() as db:
            return await grants.revoke_grant(db, info.context.actor, grant_id=grant_id, now=now())
