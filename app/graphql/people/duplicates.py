"""Records that may be of one person, over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import duplicates
from app.domain.people.duplicates import DistinctPeopleView, DuplicateView, NewDistinctPeople
from app.graphql.context import Context
from app.graphql.pages import First
from app.request import now


@strawberry.pydantic.type(
    name="Duplicate", description="疑似重复登记 / two records that may be of one person"
)
class DuplicateNode(DuplicateView):
    """Two records that may be of one person."""


@strawberry.pydantic.type(
    name="DistinctPeople", description="已认定为不同的人 / two records of two people"
)
class DistinctPeopleNode(DistinctPeopleView):
    """That two records are of two people."""


@strawberry.pydantic.input(name="NewDistinctPeople")
class NewDistinctPeopleInput(NewDistinctPeople):
    """Two records that are of two people."""


@strawberry.type
class DuplicateQueries:
    """What may be asked about duplicates."""

    @strawberry.field(
        description="疑似重复登记 / records that may be of one person",
        graphql_type=list[DuplicateNode],
    )
    async def duplicates(self, info: Info[Context], unit_id: UUID, first: First = 50) -> Any:
        """Records of a unit's teachers that may be of one person."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: duplicates.list_duplicates(db, actor, unit_id=unit_id, limit=first)
        )


@strawberry.type
class DuplicateMutations:
    """How duplicates are settled that are none."""

    @strawberry.mutation(
        description="认定为不同的人 / say that they are two people",
        graphql_type=DistinctPeopleNode,
    )
    async def declare_distinct_people(
        self, info: Info[Context], teacher_id: UUID, new: NewDistinctPeopleInput
    ) -> Any:
        """Say of two teachers that they are two people."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await duplicates.declare_distinct_people(
                db, actor, teacher_id=teacher_id, new=new, now=now()
            )
