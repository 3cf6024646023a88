"""Orders to check over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.quality import check_orders, indicator_sheets, unit_evaluations
from app.domain.quality.check_orders import CheckKind, CheckOrderView
from app.domain.quality.unit_evaluations import (
    EvaluatorAppointment,
    NewCheckOrder,
    NewEvaluator,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

strawberry.pydantic.input(name="NewEvaluator", description=NewEvaluator.__doc__)(NewEvaluator)


@node(check_orders.CHECK_ORDERS, name="CheckOrder", description="检查通知 / an order to check")
class CheckOrderNode(Node, CheckOrderView):
    """An order with its edges."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="发文教育局 / bureau that gave it",
    )
    sheet = edge(
        indicator_sheets.indicator_sheets_by_id,
        lazy("app.graphql.quality.indicator_sheets", "IndicatorSheetNode"),
        many=False,
        keys="sheet_ids",
        key="sheet_id",
        description="指标表 / sheet by which it is checked",
    )
    evaluations = paged_edge(
        unit_evaluations.unit_evaluations_of,
        lazy("app.graphql.quality.unit_evaluations", "UnitEvaluationNode"),
        keys="order_ids",
        first=50,
        description="各单位的评估 / evaluations of the units to which it went",
    )


@strawberry.pydantic.input(name="NewCheckOrder")
class NewCheckOrderInput(NewCheckOrder):
    """An order to be given."""


@strawberry.pydantic.input(name="EvaluatorAppointment")
class EvaluatorAppointmentInput(EvaluatorAppointment):
    """Who evaluates which units under an order."""


@strawberry.type
class CheckOrderQueries:
    """What may be asked about orders to check."""

    @strawberry.field(description="一份检查通知 / one order", graphql_type=CheckOrderNode)
    async def check_order(self, info: Info[Context], id: UUID) -> Any:
        """One order."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: check_orders.get_check_order(db, actor, order_id=id)
        )

    @strawberry.field(description="检查通知 / orders", graphql_type=Connection[CheckOrderNode])
    async def check_orders(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        kind: CheckKind | None = None,
        school_year: int | None = None,
    ) -> Any:
        """A page of the orders of the bureaux at and above the actor (`due_on`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: check_orders.list_check_orders(
                db, actor, page=page, unit_id=unit_id, kind=kind, school_year=school_year
            ),
        )


@strawberry.type
class CheckOrderMutations:
    """What may be done about orders to check."""

    @strawberry.mutation(description="下达检查通知 / order a check", graphql_type=CheckOrderNode)
    async def issue_check_order(self, info: Info[Context], new: NewCheckOrderInput) -> Any:
        """Order a check: an evaluation of each unit begins."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await unit_evaluations.issue_check_order(db, actor, new=new, now=now())

    @strawberry.mutation(
        description="指派评估人员 / appoint evaluators", graphql_type=CheckOrderNode
    )
    async def appoint_evaluators(
        self, info: Info[Context], order_id: UUID, appointment: EvaluatorAppointmentInput
    ) -> Any:
        """Appoint people to evaluate units under an order."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await unit_evaluations.appoint_evaluators(
                db, actor, order_id=order_id, appointment=appointment, now=now()
            )
