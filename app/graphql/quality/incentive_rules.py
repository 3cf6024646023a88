"""Rules of incentives over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.quality import incentive_rules
from app.domain.quality.incentive_rules import (
    IncentiveKind,
    IncentiveRuleEnd,
    IncentiveRuleView,
    NewIncentiveRule,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    incentive_rules.INCENTIVE_RULES,
    name="IncentiveRule",
    description="奖惩规则 / a rule of incentives",
)
class IncentiveRuleNode(Node, IncentiveRuleView):
    """A version of a rule and whose it is."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="制定单位 / unit whose rule it is",
    )


@strawberry.pydantic.input(name="NewIncentiveRule")
class NewIncentiveRuleInput(NewIncentiveRule):
    """A rule to be published."""


@strawberry.pydantic.input(name="IncentiveRuleEnd")
class IncentiveRuleEndInput(IncentiveRuleEnd):
    """The day from which it no longer holds."""


@strawberry.type
class IncentiveRuleQueries:
    """What may be asked: rules of incentives."""

    @strawberry.field(
        description="奖惩规则 / rules of incentives", graphql_type=Connection[IncentiveRuleNode]
    )
    async def incentive_rules(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        kind: IncentiveKind | None = None,
        code: str | None = None,
        in_force: bool | None = None,
    ) -> Any:
        """The rules of the units in the actor's place, every version by default (`created`, `name`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: incentive_rules.list_incentive_rules(
                db, actor, page=page, unit_id=unit_id, kind=kind, code=code, in_force=in_force
            ),
        )

    @strawberry.field(
        description="本人适用的现行奖惩规则 / rules under which one stands",
        graphql_type=Connection[IncentiveRuleNode],
    )
    async def own_incentive_rules(
        self, info: Info[Context], first: First = 50, after: After = None, sort: Sort = None
    ) -> Any:
        """The rules in force today under which the actor stands (`created`, `name`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context, lambda db: incentive_rules.list_own_incentive_rules(db, actor, page=page)
        )

    @strawberry.field(description="奖惩规则 / a rule", graphql_type=IncentiveRuleNode)
    async def incentive_rule(self, info: Info[Context], rule_id: UUID) -> Any:
        """One version of a rule."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: incentive_rules.get_incentive_rule(db, actor, rule_id=rule_id)
        )


@strawberry.type
class IncentiveRuleMutations:
    """What may be done: rules of incentives."""

    @strawberry.mutation(
        description="发布奖惩规则 / publish a rule", graphql_type=IncentiveRuleNode
    )
    async def publish_incentive_rule(
        self, info: Info[Context], unit_id: UUID, new: NewIncentiveRuleInput
    ) -> Any:
        """Publish a rule of a unit; where there is one of its code, as the next version."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await incentive_rules.publish_incentive_rule(
                db, actor, unit_id=unit_id, new=new, now=now()
            )

    @strawberry.mutation(description="终止奖惩规则 / end a rule", graphql_type=IncentiveRuleNode)
    async def end_incentive_rule(
        self, info: Info[Context], rule_id: UUID, end: IncentiveRuleEndInput
    ) -> Any:
        """Propose nothing more by a rule, from a day on."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await incentive_rules.end_incentive_rule(
                db, actor, rule_id=rule_id, end=end, now=now()
            )
