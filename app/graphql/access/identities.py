"""External identities over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.access import identities
from app.domain.access.identities import (
    IDENTITIES,
    AssertedIdentity,
    IdentityLink,
    IdentityLinkView,
    IdentityView,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.request import now
from app.request.identities import begin_link, prepare_link


@node(IDENTITIES, name="ExternalIdentity", description="外部身份 / a linked identity")
class IdentityNode(Node, IdentityView):
    """Who somebody is at an identity provider."""


@strawberry.pydantic.type(
    name="IdentityLinkAddress", description="关联外部身份的地址 / where to go on in a browser"
)
class IdentityLinkNode(IdentityLinkView):
    """Where to go on in a browser."""


@strawberry.pydantic.input(name="IdentityLink")
class IdentityLinkInput(IdentityLink):
    """With which provider one wants to link one's own account."""


@strawberry.pydantic.input(name="AssertedIdentity")
class AssertedIdentityInput(AssertedIdentity):
    """Who somebody is at a provider, as a superior asserts it."""


@strawberry.type
class IdentityQueries:
    """What may be asked about external identities."""

    @strawberry.field(
        description="账号的外部身份 / the identities linked to an account",
        graphql_type=list[IdentityNode],
    )
    async def identities(self, info: Info[Context], account_id: UUID) -> Any:
        """The identities that are linked to an account."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: identities.list_identities(db, actor, account_id=account_id)
        )


@strawberry.type
class IdentityMutations:
    """What may be done with external identities."""

    @strawberry.mutation(
        description="开始关联本人的外部身份 / begin to link who one is at a provider",
        graphql_type=IdentityLinkNode,
    )
    async def begin_identity_link(self, info: Info[Context], wanted: IdentityLinkInput) -> Any:
        """Begin to link who one is at a provider."""
        context, provider_id = info.context, wanted.provider_id
        link = await prepare_link(
            context.held, context.actor, provider_id=provider_id, public=context.public,
            said=context.language,
        )  # fmt: skip
        async with context.transaction() as db:
            return await begin_link(
                db, context.actor, provider_id=provider_id, link=link, now=now()
            )

    @strawberry.mutation(
        description="解除本人的外部身份关联 / end a link of one's own", graphql_type=IdentityNode
    )
    async def unlink_own_identity(self, info: Info[Context], identity_id: UUID) -> Any:
        """End a link of one's own."""
        async with info.context.transaction() as db:
            return await identities.unlink_own_identity(
                db, info.context.actor, identity_id=identity_id
            )

    @strawberry.mutation(
        description="为下级账号关联外部身份 / link an identity to an account below",
        graphql_type=IdentityNode,
    )
    async def link_identity(
        self, info: Info[Context], account_id: UUID, asserted: AssertedIdentityInput
    ) -> Any:
        """Link an identity to the account of somebody below the actor."""
        async with info.context.transaction() as db:
            return await identities.link_identity(
                db, info.context.actor, account_id=account_id, asserted=asserted, now=now()
            )

    @strawberry.mutation(
        description="解除下级账号的外部身份关联 / end a link of an account below",
        graphql_type=IdentityNode,
    )
    async def unlink_identity(self, info: Info[Context], identity_id: UUID) -> Any:
        """End the link of an identity to the account of somebody below the actor."""
        async with info.context.transaction() as db:
            return await identities.unlink_identity(
                db, info.context.actor, identity_id=identity_id, now=now()
            )
