"""Deadlines of plans over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.training import plan_deadlines
from app.domain.training.plan_deadlines import DeadlineChange, DeadlineView, NewDeadline, OwedView
from app.domain.training.plans import PlanKind
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    plan_deadlines.PLAN_DEADLINES, name="PlanDeadline", description="报送期限 / a deadline of plans"
)
class PlanDeadlineNode(Node, DeadlineView):
    """A deadline and who set it."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="设定单位 / superior who set it",
    )


@strawberry.pydantic.type(name="PlanOwed", description="应报计划 / one who owes a plan")
class OwedNode(OwedView):
    """One who owes a plan."""


@strawberry.pydantic.input(name="NewPlanDeadline")
class NewDeadlineInput(NewDeadline):
    """A deadline to be set."""


@strawberry.pydantic.input(name="PlanDeadlineChange")
class DeadlineChangeInput(DeadlineChange):
    """Another day by which plans are due."""


@strawberry.type
class PlanDeadlineQueries:
    """What may be asked about deadlines of plans."""

    @strawberry.field(description="报送期限 / deadlines", graphql_type=Connection[PlanDeadlineNode])
    async def plan_deadlines(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        kind: PlanKind | None = None,
        since: date | None = None,
    ) -> Any:
        """The deadlines that were set in the actor's place, the first due first (`due_on`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: plan_deadlines.list_plan_deadlines(
                db, actor, page=page, unit_id=unit_id, kind=kind, since=since
            ),
        )

    @strawberry.field(
        description="本人所在单位及上级设定的报送期限 / deadlines for the one who asks",
        graphql_type=Connection[PlanDeadlineNode],
    )
    async def upcoming_plan_deadlines(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        since: date | None = None,
    ) -> Any:
        """The deadlines set by the units at and above the actor's, the first due first (`due_on`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: plan_deadlines.list_upcoming_plan_deadlines(
                db, actor, page=page, since=since
            ),
        )

    @strawberry.field(
        description="应报计划及报送情况 / who owes a plan, and how far it is",
        graphql_type=list[OwedNode],
    )
    async def plans_owed(
        self, info: Info[Context], deadline_id: UUID, missing: bool | None = None
    ) -> Any:
        """Everybody who owes a plan by a deadline, and how far it is."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: plan_deadlines.list_plans_owed(
                db, actor, deadline_id=deadline_id, missing=bool(missing)
            )
        )


@strawberry.type
class PlanDeadlineMutations:
    """What may be done about deadlines of plans."""

    @strawberry.mutation(description="设定报送期限 / set a deadline", graphql_type=PlanDeadlineNode)
    async def set_plan_deadline(self, info: Info[Context], new: NewDeadlineInput) -> Any:
        """Ask those directly below a unit for their plans of a period by a day."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await plan_deadlines.set_plan_deadline(db, actor, new=new, now=now())

    @strawberry.mutation(
        description="调整报送期限 / move a deadline", graphql_type=PlanDeadlineNode
    )
    async def move_plan_deadline(
        self, info: Info[Context], deadline_id: UUID, change: DeadlineChangeInput
    ) -> Any:
        """Give those below another day."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await plan_deadlines.move_plan_deadline(
                db, actor, deadline_id=deadline_id, change=change
            )
