"""Items of plans over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import plan_items, plans
from app.domain.training.plan_items import ItemActivity, NewPlanItem, PlanItemChanges, PlanItemView
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request


@node(plan_items.PLAN_ITEMS, name="PlanItem", description="计划项 / an item of a plan")
class PlanItemNode(Node, PlanItemView):
    """An item with its four haves."""

    plan = edge(
        plans.plans_by_id,
        lazy("app.graphql.training.plans", "PlanNode"),
        many=False,
        keys="plan_ids",
        key="plan_id",
        description="所属计划 / plan that it is of",
    )


@strawberry.pydantic.input(name="NewPlanItem")
class NewPlanItemInput(NewPlanItem):
    """An item to be added."""


@strawberry.pydantic.input(name="PlanItemChanges")
class PlanItemChangesInput(PlanItemChanges):
    """What of an item is to be changed."""


@strawberry.pydantic.input(name="PlanItemActivity")
class ItemActivityInput(ItemActivity):
    """The activity that carries an item out."""


@strawberry.type
class PlanItemQueries:
    """What may be asked about items of plans."""

    @strawberry.field(
        description="计划项及其四有 / items of a plan", graphql_type=Connection[PlanItemNode]
    )
    async def plan_items(
        self,
        info: Info[Context],
        plan_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """The items of a plan with their four haves, by first day (`starts_on`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: plan_items.list_plan_items(db, actor, page=page, plan_id=plan_id),
        )


@strawberry.type
class PlanItemMutations:
    """What may be done about items of plans."""

    @strawberry.mutation(description="添加计划项 / add an item", graphql_type=PlanItemNode)
    async def add_plan_item(self, info: Info[Context], plan_id: UUID, new: NewPlanItemInput) -> Any:
        """Add an item to a plan that is being written."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await plan_items.add_plan_item(db, actor, plan_id=plan_id, new=new)

    @strawberry.mutation(description="修改计划项 / change an item", graphql_type=PlanItemNode)
    async def update_plan_item(
        self, info: Info[Context], item_id: UUID, changes: PlanItemChangesInput
    ) -> Any:
        """Change an item of a plan that is being written."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await plan_items.update_plan_item(db, actor, item_id=item_id, changes=changes)

    @strawberry.mutation(description="删除计划项 / remove an item", graphql_type=PlanItemNode)
    async def remove_plan_item(self, info: Info[Context], item_id: UUID) -> Any:
        """Take an item out of a plan that is being written; what it was."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await plan_items.remove_plan_item(db, actor, item_id=item_id)

    @strawberry.mutation(
        description="活动落实计划项 / an activity carries out an item", graphql_type=PlanItemNode
    )
    async def link_plan_activity(
        self, info: Info[Context], item_id: UUID, link: ItemActivityInput
    ) -> Any:
        """Say that an activity carries out an item of an agreed plan."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await plan_items.link_plan_activity(db, actor, item_id=item_id, link=link)

    @strawberry.mutation(
        description="取消落实关系 / an activity does not carry out an item",
        graphql_type=PlanItemNode,
    )
    async def unlink_plan_activity(
        self, info: Info[Context], item_id: UUID, activity_id: UUID
    ) -> Any:
        """Say that an activity does not carry out an item after all."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await plan_items.unlink_plan_activity(
                db, actor, item_id=item_id, activity_id=activity_id
            )
