"""Serving teachers over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import serving_teachers
from app.domain.people.facts.engagement import PlaceKind
from app.domain.people.serving_teachers import ServingTeacherView
from app.graphql.context import Context
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@strawberry.pydantic.type(name="ServingTeacher", description="任教教师 / who serves at a school")
class ServingTeacherNode(ServingTeacherView):
    """Somebody who serves at a school, in the narrow view."""


@strawberry.type
class ServingTeacherQueries:
    """What may be asked about serving teachers."""

    @strawberry.field(
        description="任教教师 / who serves in a unit", graphql_type=Connection[ServingTeacherNode]
    )
    async def serving_teachers(
        self,
        info: Info[Context],
        unit_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: PlaceKind | None = None,
        as_of: date | None = None,
    ) -> Any:
        """A page of who serves in a unit on a day."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: serving_teachers.list_serving_teachers(
                db, actor, unit_id=unit_id, page=page, now=now(), kind=kind, as_of=as_of
            ),
        )
