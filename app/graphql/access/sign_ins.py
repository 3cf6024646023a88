"""Sign-ins over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.access import administration, sign_ins
from app.domain.access.sign_ins import SignInView
from app.graphql.access.accounts import AccountNode
from app.graphql.context import Context
from app.request import now


@strawberry.pydantic.type(name="SignIn", description="登录记录 / where one is signed in")
class SignInNode(SignInView):
    """Where one is signed in."""


@strawberry.type
class SignInQueries:
    """What may be asked about one's sign-ins."""

    @strawberry.field(
        description="本人的登录记录 / where one is signed in", graphql_type=list[SignInNode]
    )
    async def sign_ins(self, info: Info[Context]) -> Any:
        """Where one is signed in at present."""
        actor = info.context.actor
        return await info.context.read(lambda db: sign_ins.list_sign_ins(db, actor, now=now()))


@strawberry.type
class SignInMutations:
    """What may be done with sign-ins."""

    @strawberry.mutation(description="结束本人的一次登录 / end a sign-in", graphql_type=SignInNode)
    async def end_sign_in(self, info: Info[Context], sign_in_id: UUID) -> Any:
        """End one of one's own sign-ins."""
        async with info.context.transaction() as db:
            return await sign_ins.end_sign_in(
                db, info.context.actor, sign_in_id=sign_in_id, now=now()
            )

    @strawberry.mutation(
        description="结束下级账号的全部登录 / end every sign-in of an account",
        graphql_type=AccountNode,
    )
    async def end_account_sign_ins(self, info: Info[Context], account_id: UUID) -> Any:
        """End every sign-in of an account below the actor."""
        async with info.context.transaction() as db:
            return await administration.end_account_sign_ins(
                db, info.context.actor, account_id=account_id, now=now()
            )
