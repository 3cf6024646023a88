"""Visits of guidance over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import assignments, committees, guidance_visits, units
from app.domain.organisation.guidance_visits import (
    GuidanceAnswer,
    GuidanceConclusion,
    GuidanceKind,
    GuidanceVisitView,
    NewGuidanceVisit,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    guidance_visits.GUIDANCE_VISITS,
    name="GuidanceVisit",
    description="指导、检查、交流、评估记录 / a visit of guidance",
)
class GuidanceVisitNode(Node, GuidanceVisitView):
    """A visit with its edges."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="被指导单位 / unit that was visited",
    )
    by_unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="by_unit_id",
        description="指导方教育局 / bureau on whose behalf, null where the actor may not see it",
    )
    assignment = edge(
        assignments.assignments_by_id,
        lazy("app.graphql.organisation.assignments", "AssignmentNode"),
        many=False,
        keys="assignment_ids",
        key="assignment_id",
        description="所依安排 / the assignment by which it was done, if by one",
    )
    committee = edge(
        committees.committees_by_id,
        lazy("app.graphql.organisation.committees", "CommitteeNode"),
        many=False,
        keys="committee_ids",
        key="committee_id",
        description="所依委员会 / the committee for which it was done, if for one",
    )


@strawberry.pydantic.input(name="NewGuidanceVisit")
class NewGuidanceVisitInput(NewGuidanceVisit):
    """A visit to be recorded."""


@strawberry.pydantic.input(name="GuidanceAnswer")
class GuidanceAnswerInput(GuidanceAnswer):
    """What the visited unit answers."""


@strawberry.pydantic.input(name="GuidanceConclusion")
class GuidanceConclusionInput(GuidanceConclusion):
    """With what a visit is closed."""


@strawberry.type
class GuidanceVisitQueries:
    """What may be asked about guidance."""

    @strawberry.field(description="一次指导 / one visit", graphql_type=GuidanceVisitNode)
    async def guidance_visit(self, info: Info[Context], id: UUID) -> Any:
        """One visit."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: guidance_visits.get_guidance_visit(db, actor, visit_id=id)
        )

    @strawberry.field(
        description="指导记录列表 / visits", graphql_type=Connection[GuidanceVisitNode]
    )
    async def guidance_visits(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        by_unit_id: UUID | None = None,
        assignment_id: UUID | None = None,
        kind: GuidanceKind | None = None,
        closed: bool | None = None,
        due_before: date | None = None,
    ) -> Any:
        """A page of visits."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: guidance_visits.list_guidance_visits(
                db, actor, page=page, unit_id=unit_id, by_unit_id=by_unit_id,
                assignment_id=assignment_id, kind=kind, closed=closed, due_before=due_before,
            ),
        )  # fmt: skip


@strawberry.type
class GuidanceVisitMutations:
    """What may be done about guidance."""

    @strawberry.mutation(description="登记指导 / record a visit", graphql_type=GuidanceVisitNode)
    async def record_guidance_visit(
        self, info: Info[Context], unit_id: UUID, new: NewGuidanceVisitInput
    ) -> Any:
        """Record what was done in a unit and found there."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await guidance_visits.record_guidance_visit(
                db, actor, unit_id=unit_id, new=new, now=now()
            )

    @strawberry.mutation(description="答复 / answer a visit", graphql_type=GuidanceVisitNode)
    async def answer_guidance_visit(
        self, info: Info[Context], visit_id: UUID, reply: GuidanceAnswerInput
    ) -> Any:
        """Answer for the visited unit."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await guidance_visits.answer_guidance_visit(
                db, actor, visit_id=visit_id, reply=reply, now=now()
            )

    @strawberry.mutation(description="办结 / close a visit", graphql_type=GuidanceVisitNode)
    async def close_guidance_visit(
        self, info: Info[Context], visit_id: UUID, conclusion: GuidanceConclusionInput
    ) -> Any:
        """Close a visit."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await guidance_visits.close_guidance_visit(
                db, actor, visit_id=visit_id, conclusion=conclusion, now=now()
            )
