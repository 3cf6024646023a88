"""Identity providers over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.access import identity_providers
from app.domain.access.identity_providers import (
    IDENTITY_PROVIDERS,
    IdentityProviderChanges,
    IdentityProviderView,
    NewIdentityProvider,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(IDENTITY_PROVIDERS, name="IdentityProvider", description="身份提供方 / an identity provider")
class IdentityProviderNode(Node, IdentityProviderView):
    """A provider whose sign-in is believed."""


@strawberry.pydantic.input(name="NewIdentityProvider")
class NewIdentityProviderInput(NewIdentityProvider):
    """A provider to be trusted."""


@strawberry.pydantic.input(name="IdentityProviderChanges")
class IdentityProviderChangesInput(IdentityProviderChanges):
    """What of a provider is to be changed."""


@strawberry.type
class IdentityProviderQueries:
    """What may be asked about identity providers."""

    @strawberry.field(
        description="一个身份提供方 / one identity provider", graphql_type=IdentityProviderNode
    )
    async def identity_provider(self, info: Info[Context], id: UUID) -> Any:
        """One provider."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: identity_providers.get_identity_provider(db, actor, provider_id=id)
        )

    @strawberry.field(
        description="身份提供方列表 / identity providers",
        graphql_type=Connection[IdentityProviderNode],
    )
    async def identity_providers(
        self, info: Info[Context], first: First = 50, after: After = None, sort: Sort = None
    ) -> Any:
        """A page of providers."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: identity_providers.list_identity_providers(db, actor, page=page),
        )


@strawberry.type
class IdentityProviderMutations:
    """What may be done with identity providers."""

    @strawberry.mutation(
        description="登记身份提供方 / trust a provider", graphql_type=IdentityProviderNode
    )
    async def register_identity_provider(
        self, info: Info[Context], new: NewIdentityProviderInput
    ) -> Any:
        """Trust a provider in a city."""
        async with info.context.transaction() as db:
            return await identity_providers.register_identity_provider(
                db, info.context.actor, new=new, cipher=info.context.held.cipher, now=now()
            )

    @strawberry.mutation(
        description="修改身份提供方 / change a provider", graphql_type=IdentityProviderNode
    )
    async def update_identity_provider(
        self, info: Info[Context], provider_id: UUID, changes: IdentityProviderChangesInput
    ) -> Any:
        """Change a provider, or offer it no longer."""
        async with info.context.transaction() as db:
            return await identity_providers.update_identity_provider(
                db,
                info.context.actor,
                provider_id=provider_id,
                changes=changes,
                cipher=info.context.held.cipher,
            )
