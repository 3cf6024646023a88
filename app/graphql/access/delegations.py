"""Delegations over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.access import delegations
from app.domain.access.delegations import DelegationView, NewDelegation
from app.graphql.context import Context
from app.request import now
from app.request.delegating import DelegatedToken, sign_delegated


@strawberry.pydantic.type(
    name="Delegation", description="委托 / a part of one's rights, for a while"
)
class DelegationNode(DelegationView):
    """A delegation from or to the one who asks."""


@strawberry.pydantic.type(name="DelegatedToken", description="代办令牌 / a delegate's access token")
class DelegatedTokenNode(DelegatedToken):
    """A token that acts on somebody's behalf."""


@strawberry.pydantic.input(name="NewDelegation")
class NewDelegationInput(NewDelegation):
    """A part of one's own rights for somebody."""


@strawberry.type
class DelegationQueries:
    """What may be asked about one's delegations."""

    @strawberry.field(
        description="本人给出和收到的委托 / delegations one has given and received",
        graphql_type=list[DelegationNode],
    )
    async def delegations(self, info: Info[Context]) -> Any:
        """What one has delegated, and what has been delegated to one."""
        actor = info.context.actor
        return await info.context.read(lambda db: delegations.list_delegations(db, actor))


@strawberry.type
class DelegationMutations:
    """What may be done with delegations."""

    @strawberry.mutation(description="委托部分权限 / delegate", graphql_type=DelegationNode)
    async def create_delegation(self, info: Info[Context], new: NewDelegationInput) -> Any:
        """Delegate some of one's own permissions."""
        async with info.context.transaction() as db:
            return await delegations.create_delegation(db, info.context.actor, new=new, now=now())

    @strawberry.mutation(description="撤销委托 / revoke a delegation", graphql_type=DelegationNode)
    async def revoke_delegation(self, info: Info[Context], delegation_id: UUID) -> Any:
        """Take a delegation back, or give it back."""
        async with info.context.transaction() as db:
            return await delegations.revoke_delegation(
                db, info.context.actor, delegation_id=delegation_id, now=now()
            )

    @strawberry.mutation(
        description="取得代办令牌 / a token on the granter's behalf",
        graphql_type=DelegatedTokenNode,
    )
    async def act_on_behalf(self, info: Info[Context], delegation_id: UUID) -> Any:
        """A token that acts on the granter's behalf."""
        context = info.context
        async with context.transaction() as db:
            delegate, acting = await delegations.act_on_behalf(
                db, context.actor, delegation_id=delegation_id, now=now()
            )
        return sign_delegated(context.held, delegate, acting)
