"""The signed-in person over GraphQL."""

from typing import Any

import strawberry
from strawberry import Info

from app.domain.access import profile
from app.domain.access.profile import PasswordChange, ProfileGrant, ProfileView
from app.domain.access.second_factors import SecondFactorView
from app.graphql.access.identities import IdentityNode
from app.graphql.context import Context
from app.request import now
from app.request.password_change import check_password_change


@strawberry.pydantic.type(name="ProfileGrant", description="本人的授权 / a role one holds")
class ProfileGrantNode(ProfileGrant):
    """A role that the signed-in person holds."""


@strawberry.pydantic.type(name="SecondFactor", description="两步验证 / second factor")
class SecondFactorNode(SecondFactorView):
    """How one's own sign-in is guarded."""


@strawberry.pydantic.type(name="Profile", description="当前登录者 / who is signed in")
class ProfileNode(ProfileView):
    """Who is signed in."""

    second_factor: SecondFactorNode
    identities: list[IdentityNode]  # type: ignore[assignment]  # the same fields, as nodes
    grants: list[ProfileGrantNode]  # type: ignore[assignment]  # the same fields, as nodes


@strawberry.pydantic.input(name="PasswordChange")
class PasswordChangeInput(PasswordChange):
    """A new password for one's own account."""


@strawberry.type
class ProfileQueries:
    """What may be asked about oneself."""

    @strawberry.field(description="当前登录者 / who is signed in", graphql_type=ProfileNode)
    async def profile(self, info: Info[Context]) -> Any:
        """Who is signed in, with which roles."""
        actor = info.context.actor
        return await info.context.read(lambda db: profile.get_profile(db, actor))


@strawberry.type
class ProfileMutations:
    """What may be done with one's own account."""

    @strawberry.mutation(
        description="修改本人密码，所有令牌随即失效 / change one's password; every token ends",
        graphql_type=ProfileNode,
    )
    async def change_password(self, info: Info[Context], change: PasswordChangeInput) -> Any:
        """Change one's own password."""
        context = info.context
        account, new = await check_password_change(context.held.pool, context.actor, change)
        async with context.transaction() as db:
            return await profile.change_password(
                db, context.actor, account=account, new=new, now=now()
            )
