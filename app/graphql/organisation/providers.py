"""Providers of training over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import providers
from app.domain.organisation.providers import (
    ApprovalEnd,
    ContactView,
    NewApproval,
    NewProvider,
    ProviderApprovalView,
    ProviderChanges,
    ProviderKind,
    ProviderView,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(providers.PROVIDERS, name="Provider", description="培训机构或基地 / a provider of training")
class ProviderNode(Node, ProviderView):
    """A provider with its edge."""

    approvals = edge(
        providers.provider_approvals_of,
        lazy(__name__, "ProviderApprovalNode"),
        many=True,
        keys="provider_ids",
        description="批准记录 / from when to when it was approved",
    )


@strawberry.pydantic.type(name="ProviderApproval", description="批准记录 / an approval")
class ProviderApprovalNode(ProviderApprovalView):
    """An approval."""


@strawberry.pydantic.type(name="ProviderContact", description="联系方式 / whom to call")
class ProviderContactNode(ContactView):
    """Whom to call at a provider, in full."""


@strawberry.pydantic.input(name="NewProvider")
class NewProviderInput(NewProvider):
    """A provider to be registered."""


@strawberry.pydantic.input(name="ProviderChanges")
class ProviderChangesInput(ProviderChanges):
    """What of a provider is to be changed."""


@strawberry.pydantic.input(name="NewApproval")
class NewApprovalInput(NewApproval):
    """An approval."""


@strawberry.pydantic.input(name="ApprovalEnd")
class ApprovalEndInput(ApprovalEnd):
    """The withdrawal of an approval."""


@strawberry.type
class ProviderQueries:
    """What may be asked about providers."""

    @strawberry.field(description="一个机构或基地 / one provider", graphql_type=ProviderNode)
    async def provider(self, info: Info[Context], id: UUID) -> Any:
        """One provider."""
        actor = info.context.actor
        return await info.context.read(lambda db: providers.get_provider(db, actor, provider_id=id))

    @strawberry.field(
        description="机构与基地名册 / the register", graphql_type=Connection[ProviderNode]
    )
    async def providers(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: ProviderKind | None = None,
        county_id: UUID | None = None,
    ) -> Any:
        """A page of the register."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: providers.list_providers(
                db, actor, page=page, kind=kind, county_id=county_id
            ),
        )

    @strawberry.field(
        description="可依托的机构与基地 / whom one may rely on",
        graphql_type=Connection[ProviderNode],
    )
    async def available_providers(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: ProviderKind | None = None,
    ) -> Any:
        """A page of those approved today."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: providers.list_available_providers(
                db, actor, page=page, now=now(), kind=kind
            ),
        )

    @strawberry.field(description="批准记录 / approvals", graphql_type=list[ProviderApprovalNode])
    async def provider_approvals(
        self, info: Info[Context], provider_id: UUID, known_on: date | None = None
    ) -> Any:
        """From when to when a provider was approved."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: providers.list_provider_approvals(
                db, actor, provider_id=provider_id, known_on=known_on
            )
        )


@strawberry.type
class ProviderMutations:
    """What may be done with providers."""

    @strawberry.mutation(description="登记 / register a provider", graphql_type=ProviderNode)
    async def register_provider(self, info: Info[Context], new: NewProviderInput) -> Any:
        """Enter a provider into a bureau's register."""
        context = info.context
        async with context.transaction() as db:
            return await providers.register_provider(
                db, context.actor, new=new, cipher=context.held.cipher, now=now()
            )

    @strawberry.mutation(description="修改 / change a provider", graphql_type=ProviderNode)
    async def update_provider(
        self, info: Info[Context], provider_id: UUID, changes: ProviderChangesInput
    ) -> Any:
        """Change a provider."""
        context = info.context
        async with context.transaction() as db:
            return await providers.update_provider(
                db, context.actor, provider_id=provider_id, changes=changes,
                cipher=context.held.cipher,
            )  # fmt: skip

    @strawberry.mutation(
        description="查看联系方式 / whom to call, in full", graphql_type=ProviderContactNode
    )
    async def reveal_provider_contact(self, info: Info[Context], provider_id: UUID) -> Any:
        """Whom to call at a provider, in full."""
        context = info.context
        async with context.transaction() as db:
            return await providers.reveal_provider_contact(
                db, context.actor, provider_id=provider_id, cipher=context.held.cipher
            )

    @strawberry.mutation(description="批准 / approve a provider", graphql_type=ProviderApprovalNode)
    async def approve_provider(
        self, info: Info[Context], provider_id: UUID, new: NewApprovalInput
    ) -> Any:
        """Approve a provider from a day on."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await providers.approve_provider(
                db, actor, provider_id=provider_id, new=new, now=now()
            )

    @strawberry.mutation(description="撤销批准 / withdraw approval", graphql_type=ProviderNode)
    async def withdraw_provider(
        self, info: Info[Context], provider_id: UUID, end: ApprovalEndInput
    ) -> Any:
        """Withdraw the approval of a provider."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await providers.withdraw_provider(
                db, actor, provider_id=provider_id, end=end, now=now()
            )
