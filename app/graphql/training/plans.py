"""Plans and schemes over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.training import citations, groups, plan_items, plan_reviews, plans
from app.domain.training.plans import (
    CoverageView,
    FieldDifference,
    ItemDifference,
    NewPlan,
    PlanChanges,
    PlanComparison,
    PlanKind,
    PlanState,
    PlanSummary,
    PlanVersionView,
    PlanView,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(plans.PLANS, name="Plan", description="研修计划或方案 / a plan or scheme")
class PlanNode(Node, PlanView):
    """A plan with its edges."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="单位 / unit",
    )
    group = edge(
        groups.groups_by_id,
        lazy("app.graphql.training.groups", "GroupNode"),
        many=False,
        keys="group_ids",
        key="group_id",
        description="教研组 / group that it is of",
    )
    derived_from = edge(
        plans.plans_by_id,
        lazy("app.graphql.training.plans", "PlanNode"),
        many=False,
        keys="plan_ids",
        key="derived_from_id",
        description="所依据的方案或计划 / from which it is derived",
    )
    derived = paged_edge(
        plans.plans_derived_from,
        lazy("app.graphql.training.plans", "PlanNode"),
        keys="plan_ids",
        first=50,
        description="据此制定的计划 / what is derived from it",
    )
    plan_items = paged_edge(
        plan_items.items_of_plans,
        lazy("app.graphql.training.plan_items", "PlanItemNode"),
        keys="plan_ids",
        first=50,
        description="计划项 / items, by first day",
    )
    reviews = paged_edge(
        plan_reviews.reviews_of_plans,
        lazy("app.graphql.training.plan_reviews", "PlanReviewNode"),
        keys="plan_ids",
        first=20,
        description="报送与审定记录 / what was done with it",
    )
    citations = paged_edge(
        citations.citations_of_plans,
        lazy("app.graphql.training.citations", "CitationNode"),
        keys="plan_ids",
        first=20,
        description="依据 / what it answers",
    )


@node(plans.PLAN_VERSIONS, name="PlanVersion", description="计划版本 / a version of a plan")
class PlanVersionNode(Node, PlanVersionView):
    """A version of a plan."""


@strawberry.pydantic.type(
    name="PlanCoverage", description="方案落实情况 / what a unit derived from a plan"
)
class CoverageNode(CoverageView):
    """What a unit made of the plan above it."""


# The parts of a comparison have no edges: they are the types themselves.
strawberry.pydantic.type(name="FieldDifference", description=FieldDifference.__doc__)(
    FieldDifference
)
strawberry.pydantic.type(name="ItemDifference", description=ItemDifference.__doc__)(ItemDifference)


@strawberry.pydantic.type(name="PlanComparison", description="版本差异 / how two versions differ")
class PlanComparisonNode(PlanComparison):
    """How two versions differ."""


@strawberry.pydantic.input(name="NewPlan")
class NewPlanInput(NewPlan):
    """A plan to be drafted."""


@strawberry.pydantic.input(name="PlanChanges")
class PlanChangesInput(PlanChanges):
    """What of a plan is to be changed."""


@strawberry.pydantic.input(name="PlanSummary")
class PlanSummaryInput(PlanSummary):
    """What came of a plan."""


@strawberry.type
class PlanQueries:
    """What may be asked about plans and schemes."""

    @strawberry.field(description="计划列表 / plans", graphql_type=Connection[PlanNode])
    async def plans(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        group_id: UUID | None = None,
        department_id: UUID | None = None,
        teacher_id: UUID | None = None,
        derived_from_id: UUID | None = None,
        kind: PlanKind | None = None,
        state: PlanState | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """The plans that the actor may see, by first day unless sorted otherwise (`starts_on`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: plans.list_plans(
                db,
                actor,
                page=page,
                unit_id=unit_id,
                group_id=group_id,
                department_id=department_id,
                teacher_id=teacher_id,
                derived_from_id=derived_from_id,
                kind=kind,
                state=state,
                since=since,
                until=until,
            ),
        )

    @strawberry.field(
        description="已向本人发布的计划与方案 / plans published to the one who asks",
        graphql_type=Connection[PlanNode],
    )
    async def published_plans(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: PlanKind | None = None,
        unit_id: UUID | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """The plans and schemes that are published to the actor, by first day (`starts_on`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: plans.list_published_plans(
                db, actor, page=page, kind=kind, unit_id=unit_id, since=since, until=until
            ),
        )

    @strawberry.field(description="一个计划 / one plan", graphql_type=PlanNode)
    async def plan(self, info: Info[Context], id: UUID) -> Any:
        """One plan, in the actor's place or published to the actor."""
        actor = info.context.actor
        return await info.context.read(lambda db: plans.get_plan(db, actor, plan_id=id))

    @strawberry.field(
        description="方案落实情况 / what each unit below derived from a plan",
        graphql_type=list[CoverageNode],
    )
    async def plan_coverage(self, info: Info[Context], plan_id: UUID) -> Any:
        """What each unit directly below has derived from a plan or scheme."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: plans.list_plan_coverage(db, actor, plan_id=plan_id)
        )

    @strawberry.field(
        description="计划的各个版本 / versions of a plan", graphql_type=Connection[PlanVersionNode]
    )
    async def plan_versions(
        self,
        info: Info[Context],
        plan_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """The versions of a plan, the first submitted first (`number`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context, lambda db: plans.list_plan_versions(db, actor, page=page, plan_id=plan_id)
        )

    @strawberry.field(
        description="两个版本的差异 / how two versions differ", graphql_type=PlanComparisonNode
    )
    async def plan_comparison(
        self, info: Info[Context], plan_id: UUID, older: int | None = None, newer: int | None = None
    ) -> Any:
        """How two versions of a plan differ, by default the last two."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: plans.get_plan_comparison(
                db, actor, plan_id=plan_id, older=older, newer=newer
            )
        )


@strawberry.type
class PlanMutations:
    """What may be done about plans and schemes."""

    @strawberry.mutation(description="起草计划 / draft a plan", graphql_type=PlanNode)
    async def create_plan(self, info: Info[Context], new: NewPlanInput) -> Any:
        """Draft a plan for a unit, a group or a department, or an individual one for a teacher."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await plans.create_plan(db, actor, new=new, now=now())

    @strawberry.mutation(description="修改计划 / change a plan", graphql_type=PlanNode)
    async def update_plan(
        self, info: Info[Context], plan_id: UUID, changes: PlanChangesInput
    ) -> Any:
        """Change a plan that is being written."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await plans.update_plan(db, actor, plan_id=plan_id, changes=changes)

    @strawberry.mutation(description="提交总结 / say what came of a plan", graphql_type=PlanNode)
    async def summarise_plan(
        self, info: Info[Context], plan_id: UUID, summary: PlanSummaryInput
    ) -> Any:
        """Say what came of a plan that was agreed."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await plans.summarise_plan(
                db, actor, plan_id=plan_id, summary=summary, now=now()
            )
