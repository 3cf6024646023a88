"""Principals over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import principals
from app.domain.people.facts.posts import Post
from app.domain.people.principals import PrincipalView
from app.graphql.context import Context
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@strawberry.pydantic.type(name="Principal", description="学校领导 / who leads a school")
class PrincipalNode(PrincipalView):
    """Who held a leading post at a school."""


@strawberry.type
class PrincipalQueries:
    """What may be asked about principals."""

    @strawberry.field(
        description="学校领导 / who led the schools of a unit",
        graphql_type=Connection[PrincipalNode],
    )
    async def principals(
        self,
        info: Info[Context],
        unit_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        post: Post | None = None,
        as_of: date | None = None,
        known_on: date | None = None,
    ) -> Any:
        """A page of who led the schools of a unit on a day."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: principals.list_principals(
                db,
                actor,
                unit_id=unit_id,
                page=page,
                now=now(),
                post=post,
                as_of=as_of,
                known_on=known_on,
            ),
        )
