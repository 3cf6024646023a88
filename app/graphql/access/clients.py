"""The register of applications over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from pydantic import Field
from strawberry import Info

from app.domain.access import clients
from app.domain.access.clients import ClientChanges, ClientKind, ClientView, NewClient
from app.graphql.context import Context
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now
from app.request.secrets import new_client_secret


@strawberry.pydantic.type(name="Client", description="客户端应用 / an application")
class ClientNode(ClientView):
    """An application; its key is that of its account, which is the node."""


@strawberry.pydantic.type(name="ClientSecret", description="应用及其密钥 / with its secret")
class ClientWithSecretNode(ClientView):
    """An application with the secret that it proves itself with."""

    secret: str | None = Field(
        description="密钥，仅显示一次；公开应用为空 / shown this once; null for a public application"
    )


@strawberry.pydantic.input(name="NewClient")
class NewClientInput(NewClient):
    """An application to be registered."""


@strawberry.pydantic.input(name="ClientChanges")
class ClientChangesInput(ClientChanges):
    """What of an application is to be changed."""


@strawberry.type
class ClientQueries:
    """What may be asked about applications."""

    @strawberry.field(description="一个应用 / one application", graphql_type=ClientNode)
    async def client(self, info: Info[Context], id: UUID) -> Any:
        """One application."""
        actor = info.context.actor
        return await info.context.read(lambda db: clients.get_client(db, actor, client_id=id))

    @strawberry.field(description="应用登记 / the register", graphql_type=Connection[ClientNode])
    async def clients(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: ClientKind | None = None,
    ) -> Any:
        """A page of the register."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context, lambda db: clients.list_clients(db, actor, page=page, kind=kind)
        )


@strawberry.type
class ClientMutations:
    """What may be done with applications."""

    @strawberry.mutation(
        description="登记应用 / register an application", graphql_type=ClientWithSecretNode
    )
    async def register_client(self, info: Info[Context], new: NewClientInput) -> Any:
        """Register an application; the answer holds its secret."""
        keeps = new.kind is ClientKind.CONFIDENTIAL
        secret, stored = new_client_secret() if keeps else (None, None)
        async with info.context.transaction() as db:
            row = await clients.register_client(
                db, info.context.actor, new=new, secret=stored, now=now()
            )
        return {**row, "secret": secret}

    @strawberry.mutation(description="修改登记 / change an application", graphql_type=ClientNode)
    async def update_client(
        self, info: Info[Context], client_id: UUID, changes: ClientChangesInput
    ) -> Any:
        """Change what the register says."""
        async with info.context.transaction() as db:
            return await clients.update_client(
                db, info.context.actor, client_id=client_id, changes=changes, now=now()
            )

    @strawberry.mutation(
        description="更换密钥，旧密钥一周内仍有效 / another secret; the old one holds for a week",
        graphql_type=ClientWithSecretNode,
    )
    async def rotate_client_secret(self, info: Info[Context], client_id: UUID) -> Any:
        """Give an application another secret."""
        secret, stored = new_client_secret()
        async with info.context.transaction() as db:
            row = await clients.rotate_client_secret(
                db, info.context.actor, client_id=client_id, secret=stored, now=now()
            )
        return {**row, "secret": secret}

    @strawberry.mutation(description="停用应用 / the kill switch", graphql_type=ClientNode)
    async def suspend_client(self, info: Info[Context], client_id: UUID) -> Any:
        """Suspend an application."""
        async with info.context.transaction() as db:
            return await clients.suspend_client(
                db, info.context.actor, client_id=client_id, now=now()
            )

    @strawberry.mutation(description="恢复应用 / end a suspension", graphql_type=ClientNode)
    async def restore_client(self, info: Info[Context], client_id: UUID) -> Any:
        """End the suspension of an application."""
        async with info.context.transaction() as db:
            return await clients.restore_client(
                db, info.context.actor, client_id=client_id, now=now()
            )
