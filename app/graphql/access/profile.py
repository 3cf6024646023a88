"""The signed-in person over GraphQL."""

from typing import Any

import strawberry
from strawberry import Info

from app.domain.access import profile
from app.domain.access.profile import ProfileGrant, ProfileView
from app.graphql.context import Context


@strawberry.pydantic.type(name="ProfileGrant", description="本人的授权 / a role one holds")
class ProfileGrantNode(ProfileGrant):
    """A role that the signed-in person holds."""


@strawberry.pydantic.type(name="Profile", description="当前登录者 / who is signed in")
class ProfileNode(ProfileView):
    """Who is signed in."""

    grants: list[ProfileGrantNode]  # type: ignore[assignment]  # the same fields, as nodes


@strawberry.type
class ProfileQueries:
    """What may be asked about oneself."""

    @strawberry.field(description="当前登录者 / who is signed in", graphql_type=ProfileNode)
    async def profile(self, info: Info[Context]) -> Any:
        """Who is signed in, with which roles."""
        actor = info.context.actor
        return await info.context.read(lambda db: profile.get_profile(db, actor))
