"""Citations of plans over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import citations, plans
from app.domain.training.citations import CitationView, CitedKind, NewCitation
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(citations.CITATIONS, name="PlanCitation", description="依据 / something that a plan answers")
class CitationNode(Node, CitationView):
    """A citation and its plan."""

    plan = edge(
        plans.plans_by_id,
        lazy("app.graphql.training.plans", "PlanNode"),
        many=False,
        keys="plan_ids",
        key="plan_id",
        description="计划 / plan",
    )


@strawberry.pydantic.input(name="NewPlanCitation")
class NewCitationInput(NewCitation):
    """Something that a plan answers."""


@strawberry.type
class CitationQueries:
    """What may be asked about citations of plans."""

    @strawberry.field(description="依据 / citations", graphql_type=Connection[CitationNode])
    async def citations(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        plan_id: UUID | None = None,
        cited_id: UUID | None = None,
        kind: CitedKind | None = None,
    ) -> Any:
        """What a plan answers, or which plans answer something (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: citations.list_citations(
                db, actor, page=page, plan_id=plan_id, cited_id=cited_id, kind=kind
            ),
        )


@strawberry.type
class CitationMutations:
    """What may be done about citations of plans."""

    @strawberry.mutation(
        description="添加依据 / say what a plan answers", graphql_type=CitationNode
    )
    async def add_citation(self, info: Info[Context], plan_id: UUID, new: NewCitationInput) -> Any:
        """Say what a plan that is being written answers."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await citations.add_citation(db, actor, plan_id=plan_id, new=new, now=now())

    @strawberry.mutation(description="删除依据 / remove a citation", graphql_type=CitationNode)
    async def remove_citation(self, info: Info[Context], citation_id: UUID) -> Any:
        """Take a citation out of a plan that is being written; what it was."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await citations.remove_citation(db, actor, citation_id=citation_id)
