"""Accounts over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from pydantic import Field
from strawberry import Info

from app.domain.access import accounts, administration, grants, identities
from app.domain.access.accounts import AccountKind, AccountView, NewAccount
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now
from app.request.secrets import new_secret_for


@node(accounts.ACCOUNTS, name="Account", description="账号 / an account")
class AccountNode(Node, AccountView):
    """An account with its edges."""

    grants = edge(
        grants.grants_of,
        lazy("app.graphql.access.grants", "GrantNode"),
        many=True,
        keys="account_ids",
        description="授权 / grants",
    )
    identities = edge(
        identities.identities_of,
        lazy("app.graphql.access.identities", "IdentityNode"),
        many=True,
        keys="account_ids",
        description="外部身份 / linked identities",
    )


@strawberry.pydantic.type(
    name="NewAccountSecret", description="新账号及其初始密钥 / with its secret"
)
class AccountWithSecretNode(AccountView):
    """A new account with what its owner signs in with."""

    secret: str = Field(description="初始密码或客户端密钥，仅显示一次 / shown this once")


@strawberry.pydantic.input(name="NewAccount")
class NewAccountInput(NewAccount):
    """An account to be opened."""


@strawberry.type
class AccountQueries:
    """What may be asked about accounts."""

    @strawberry.field(description="一个账号 / one account", graphql_type=AccountNode)
    async def account(self, info: Info[Context], id: UUID) -> Any:
        """One account."""
        actor = info.context.actor
        return await info.context.read(lambda db: accounts.get_account(db, actor, account_id=id))

    @strawberry.field(description="账号列表 / accounts", graphql_type=Connection[AccountNode])
    async def accounts(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: AccountKind | None = None,
        school_id: UUID | None = None,
    ) -> Any:
        """A page of accounts."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: accounts.list_accounts(db, actor, page=page, kind=kind, school_id=school_id),
        )


@strawberry.type
class AccountMutations:
    """What may be done with accounts."""

    @strawberry.mutation(
        description="开设账号 / open an account", graphql_type=AccountWithSecretNode
    )
    async def create_account(self, info: Info[Context], new: NewAccountInput) -> Any:
        """Open an account with its first role; the answer holds its secret."""
        secret, stored = await new_secret_for(new.kind)
        async with info.context.transaction() as db:
            row = await administration.create_account(
                db, info.context.actor, new=new, secret=stored, now=now()
            )
        return {**row, "secret": secret}

    @strawberry.mutation(
        description="重置密码，仅显示一次 / another first password, shown this once",
        graphql_type=AccountWithSecretNode,
    )
    async def reset_password(self, info: Info[Context], account_id: UUID) -> Any:
        """Give a person another first password."""
        secret, stored = await new_secret_for(AccountKind.PERSON)
        async with info.context.transaction() as db:
            row = await administration.reset_password(
                db, info.context.actor, account_id=account_id, secret=stored, now=now()
            )
        return {**row, "secret": secret}

    @strawberry.mutation(
        description="解除下级的两步验证 / take a lost second factor away", graphql_type=AccountNode
    )
    async def reset_second_factor(self, info: Info[Context], account_id: UUID) -> Any:
        """Take the second factor of a person below the actor away."""
        async with info.context.transaction() as db:
            return await administration.reset_second_factor(
                db, info.context.actor, account_id=account_id, now=now()
            )

    @strawberry.mutation(description="停用账号 / suspend an account", graphql_type=AccountNode)
    async def suspend_account(self, info: Info[Context], account_id: UUID) -> Any:
        """Suspend an account."""
        async with info.context.transaction() as db:
            return await administration.suspend_account(
                db, info.context.actor, account_id=account_id, now=now()
            )

    @strawberry.mutation(description="恢复账号 / end a suspension", graphql_type=AccountNode)
    async def restore_account(self, info: Info[Context], account_id: UUID) -> Any:
        """End the suspension of an account."""
        async with info.context.transaction() as db:
            return await administration.restore_account(
                db, info.context.actor, account_id=account_id, now=now()
            )
