"""Assessment requirements over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import assessment_requirements
from app.domain.credits.assessment_requirements import (
    AssessmentRequirementView,
    AssessmentTerm,
    NewRequirement,
    RequirementEnd,
)
from app.domain.organisation import units
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    assessment_requirements.REQUIREMENTS,
    name="AssessmentRequirement",
    description="考核要求 / what a school asks of its teachers",
)
class RequirementNode(Node, AssessmentRequirementView):
    """A requirement and its school."""

    school = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="school_id",
        description="学校 / school",
    )


@strawberry.pydantic.input(name="NewAssessmentRequirement")
class NewRequirementInput(NewRequirement):
    """A requirement to be set."""


@strawberry.pydantic.input(name="AssessmentRequirementEnd")
class RequirementEndInput(RequirementEnd):
    """The day from which it is no longer asked."""


@strawberry.type
class AssessmentRequirementQueries:
    """What may be asked about assessment requirements."""

    @strawberry.field(
        description="考核要求 / what schools ask", graphql_type=Connection[RequirementNode]
    )
    async def assessment_requirements(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        school_id: UUID | None = None,
        term: AssessmentTerm | None = None,
        in_force: bool | None = None,
    ) -> Any:
        """What the schools in the actor's place ask of their teachers (`valid_from`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: assessment_requirements.list_assessment_requirements(
                db, actor, page=page, school_id=school_id, term=term, in_force=in_force
            ),
        )

    @strawberry.field(
        description="本校现行考核要求 / what the own school asks today",
        graphql_type=Connection[RequirementNode],
    )
    async def school_requirements(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        term: AssessmentTerm | None = None,
    ) -> Any:
        """What the actor's own school asks today (`valid_from`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: assessment_requirements.list_school_requirements(
                db, actor, page=page, term=term
            ),
        )


@strawberry.type
class AssessmentRequirementMutations:
    """What may be done about assessment requirements."""

    @strawberry.mutation(
        description="设定考核要求 / ask something of teachers", graphql_type=RequirementNode
    )
    async def set_assessment_requirement(
        self, info: Info[Context], unit_id: UUID, new: NewRequirementInput
    ) -> Any:
        """Ask something of the teachers of a school."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await assessment_requirements.set_assessment_requirement(
                db, actor, unit_id=unit_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="终止考核要求 / no longer ask it", graphql_type=RequirementNode
    )
    async def end_assessment_requirement(
        self, info: Info[Context], requirement_id: UUID, end: RequirementEndInput
    ) -> Any:
        """No longer ask it, from a day on."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await assessment_requirements.end_assessment_requirement(
                db, actor, requirement_id=requirement_id, end=end, now=now()
            )
