"""Fair access to training, over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import fair_access
from app.domain.learning.fair_access import FairAccessView, UnplacedTeacherView
from app.graphql.context import Context
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@strawberry.pydantic.type(name="FairAccess", description="公平参训 / who had places, of a school")
class FairAccessNode(FairAccessView):
    """How many teachers of a school asked for a place, and how many had one."""


@strawberry.pydantic.type(
    name="UnplacedTeacher", description="未获名额的教师 / who asked and never had a place"
)
class UnplacedTeacherNode(UnplacedTeacherView):
    """A teacher who asked and never had a place."""


@strawberry.type
class FairAccessQueries:
    """What may be asked about fair access."""

    @strawberry.field(description="公平参训 / fair access", graphql_type=list[FairAccessNode])
    async def fair_access(
        self, info: Info[Context], unit_id: UUID, since: date | None = None
    ) -> Any:
        """Of each school of a unit how many asked and never had a place."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: fair_access.list_fair_access(
                db, actor, unit_id=unit_id, now=now(), since=since
            )
        )

    @strawberry.field(
        description="未获名额的教师 / who never had a place",
        graphql_type=Connection[UnplacedTeacherNode],
    )
    async def unplaced_teachers(
        self,
        info: Info[Context],
        unit_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        since: date | None = None,
    ) -> Any:
        """A page of those who asked and never had a place."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: fair_access.list_unplaced_teachers(
                db, actor, unit_id=unit_id, page=page, now=now(), since=since
            ),
        )
