"""The signed-in person, accounts and grants over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from pydantic import Field
from strawberry import Info

from app.domain.access import accounts, grants, profile
from app.domain.access.accounts import AccountKind, AccountView, NewAccount
from app.domain.access.grants import GrantView, NewGrant
from app.domain.access.profile import ProfileGrant, ProfileView
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now
from app.request.secrets import new_secret_for


@strawberry.pydantic.type(name="ProfileGrant", description="本人的授权 / a role one holds")
class ProfileGrantNode(ProfileGrant):
    """A role that the signed-in person holds."""


@strawberry.pydantic.type(name="Profile", description="当前登录者 / who is signed in")
class ProfileNode(ProfileView):
    """Who is signed in."""

    grants: list[ProfileGrantNode]  # type: ignore[assignment]  # the same fields, as nodes


@strawberry.pydantic.type(name="Grant", description="授权 / a role of an account")
class GrantNode(GrantView):
    """A role granted to an account."""


@strawberry.pydantic.type(name="Account", description="账号 / an account")
class AccountNode(AccountView):
    """An account with its edges."""

    grants = edge(
        grants.grants_of,
        lazy(__name__, "GrantNode"),
        many=True,
        keys="account_ids",
        description="授权 / grants",
    )


@strawberry.pydantic.type(name="NewAccountSecret", description="新账号及其初始密钥 / with its secret")
class AccountWithSecretNode(AccountView):
    """A new account with what its owner signs in with."""

    secret: str = Field(description="初始密码或客户端密钥，仅显示一次 / shown this once")


@strawberry.pydantic.input(name="NewAccount")
class NewAccountInput(NewAccount):
    """An account to be opened."""


@strawberry.pydantic.input(name="NewGrant")
class NewGrantInput(NewGrant):
    """A role to be granted."""


@strawberry.type
class AccountQueries:
    """What may be asked about accounts."""

    @strawberry.field(description="当前登录者 / who is signed in", graphql_type=ProfileNode)
    async def profile(self, info: Info[Context]) -> Any:
        """Who is signed in, with which roles."""
        actor = info.context.actor
        return await info.context.read(lambda db: profile.get_profile(db, actor))

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
            lambda db: accounts.list_accounts(
                db, actor, page=page, kind=kind, school_id=school_id
            ),
        )

    @strawberry.field(description="账号的授权 / grants of an account", graphql_type=list[GrantNode])
    async def grants(self, info: Info[Context], account_id: UUID) -> Any:
        """The grants of one account."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: grants.list_grants(db, actor, account_id=account_id)
        )


@strawberry.type
class AccountMutations:
    """What may be done with accounts."""

    @strawberry.mutation(description="开设账号 / open an account", graphql_type=AccountWithSecretNode)
    async def create_account(self, info: Info[Context], new: NewAccountInput) -> Any:
        """Open an account with its first role; the answer holds its secret."""
        secret, stored = await new_secret_for(new.kind)
        async with info.context.transaction() as db:
            row = await grants.create_account(
                db, info.context.actor, new=new, secret=stored, now=now()
            )
        return {**row, "secret": secret}

    @strawberry.mutation(description="停用账号 / suspend an account", graphql_type=AccountNode)
    async def suspend_account(self, info: Info[Context], account_id: UUID) -> Any:
        """Suspend an account."""
        async with info.context.transaction() as db:
            return await accounts.suspend_account(
                db, info.context.actor, account_id=account_id, now=now()
            )

    @strawberry.mutation(description="恢复账号 / end a suspension", graphql_type=AccountNode)
    async def restore_account(self, info: Info[Context], account_id: UUID) -> Any:
        """End the suspension of an account."""
        async with info.context.transaction() as db:
            return await accounts.restore_account(db, info.context.actor, account_id=account_id)

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
            return await grants.revoke_grant(
                db, info.context.actor, grant_id=grant_id, now=now()
            )
