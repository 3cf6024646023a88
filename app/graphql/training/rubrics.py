"""Rubrics of lesson observation over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import rubrics
from app.domain.training.rubrics import (
    NewRubric,
    NewRubricDimension,
    NewRubricLevel,
    RubricDimension,
    RubricFields,
    RubricLevel,
    RubricView,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

# The parts of a rubric have no edges: they are the types and the inputs themselves.
for _part in (RubricLevel, RubricDimension):
    strawberry.pydantic.type(name=_part.__name__, description=_part.__doc__)(_part)
for _given in (NewRubricLevel, NewRubricDimension):
    strawberry.pydantic.input(name=_given.__name__, description=_given.__doc__)(_given)


@node(rubrics.RUBRICS, name="Rubric", description="观课量表 / a version of a rubric")
class RubricNode(Node, RubricView):
    """A version of a rubric."""


@strawberry.pydantic.type(
    name="StandardRubric", description="通用观课量表 / the one that is shipped"
)
class StandardRubricNode(RubricFields):
    """The rubric that is shipped."""


@strawberry.pydantic.input(name="NewRubric")
class NewRubricInput(NewRubric):
    """A rubric to be published."""


@strawberry.type
class RubricQueries:
    """What may be asked about rubrics."""

    @strawberry.field(description="一个观课量表 / one rubric", graphql_type=RubricNode)
    async def rubric(self, info: Info[Context], id: UUID) -> Any:
        """One rubric."""
        actor = info.context.actor
        return await info.context.read(lambda db: rubrics.get_rubric(db, actor, rubric_id=id))

    @strawberry.field(description="观课量表 / rubrics", graphql_type=Connection[RubricNode])
    async def rubrics(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        code: str | None = None,
    ) -> Any:
        """A page of the rubrics at and above the actor."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: rubrics.list_rubrics(db, actor, page=page, unit_id=unit_id, code=code),
        )

    @strawberry.field(
        description="通用观课量表 / the rubric used where none is named",
        graphql_type=StandardRubricNode,
    )
    async def standard_rubric(self, info: Info[Context]) -> Any:
        """The rubric that is shipped."""
        actor = info.context.actor
        return await info.context.read(lambda db: rubrics.get_standard_rubric(db, actor))


@strawberry.type
class RubricMutations:
    """What may be done with rubrics."""

    @strawberry.mutation(description="发布观课量表 / publish a rubric", graphql_type=RubricNode)
    async def publish_rubric(self, info: Info[Context], new: NewRubricInput) -> Any:
        """Publish a rubric of a unit."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await rubrics.publish_rubric(db, actor, new=new, now=now())
