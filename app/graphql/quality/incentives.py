"""Rewards and penalties over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.people import teachers
from app.domain.quality import incentive_rules, incentives
from app.domain.quality.incentive_rules import IncentiveKind
from app.domain.quality.incentives import (
    IncentiveAppeal,
    IncentiveAppealDecision,
    IncentiveDecision,
    IncentiveRevocation,
    IncentiveState,
    IncentiveView,
    NewIncentive,
    PersonsStatement,
    PublishedIncentiveView,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Shown, Sort, connection, page_request
from app.request import now


@node(incentives.REWARDS, name="Incentive", description="奖惩事项 / a reward or a penalty")
class IncentiveNode(Node, IncentiveView):
    """A reward or a penalty, whose it is and by which rule."""

    teacher = edge(
        teachers.teachers_by_id,
        lazy("app.graphql.people.teachers", "TeacherNode"),
        many=False,
        keys="teacher_ids",
        key="teacher_id",
        description="教师 / teacher",
    )
    rule = edge(
        incentive_rules.incentive_rules_by_id,
        lazy("app.graphql.quality.incentive_rules", "IncentiveRuleNode"),
        many=False,
        keys="rule_ids",
        key="rule_id",
        description="奖惩规则 / rule",
    )
    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="决定单位 / unit that decides",
    )


@strawberry.pydantic.type(
    name="PublishedIncentive", description="公示中的奖励（脱敏） / a reward that is shown"
)
class PublishedIncentiveNode(PublishedIncentiveView):
    """What everybody sees of a reward that is shown."""


@strawberry.pydantic.input(name="NewIncentive")
class NewIncentiveInput(NewIncentive):
    """A reward or a penalty to be proposed."""


@strawberry.pydantic.input(name="PersonsStatement")
class PersonsStatementInput(PersonsStatement):
    """What the person says."""


@strawberry.pydantic.input(name="IncentiveDecision")
class IncentiveDecisionInput(IncentiveDecision):
    """What is decided."""


@strawberry.pydantic.input(name="IncentiveRevocation")
class IncentiveRevocationInput(IncentiveRevocation):
    """Why it does not stand any more."""


@strawberry.pydantic.input(name="IncentiveAppeal")
class IncentiveAppealInput(IncentiveAppeal):
    """Why the person does not agree."""


@strawberry.pydantic.input(name="IncentiveAppealDecision")
class IncentiveAppealDecisionInput(IncentiveAppealDecision):
    """What is decided on an appeal."""


@strawberry.type
class IncentiveQueries:
    """What may be asked: rewards and penalties."""

    @strawberry.field(
        description="奖惩事项 / rewards and penalties", graphql_type=Connection[IncentiveNode]
    )
    async def incentives(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        teacher_id: UUID | None = None,
        school_id: UUID | None = None,
        rule_id: UUID | None = None,
        kind: IncentiveKind | None = None,
        state: IncentiveState | None = None,
        in_force: bool | None = None,
    ) -> Any:
        """The rewards and penalties in the actor's place, and one's own (`happened_on`, `created`).

        Of each penalty of somebody else a look is left, which the person sees.
        """
        actor, page = info.context.actor, page_request(first, after, sort)
        # Not with the reads of the request, which are read-only: of a penalty a look is left.
        async with info.context.transaction() as db:
            found = await incentives.list_incentives(
                db,
                actor,
                page=page,
                now=now(),
                teacher_id=teacher_id,
                school_id=school_id,
                rule_id=rule_id,
                kind=kind,
                state=state,
                in_force=in_force,
            )
        return Shown(found)

    @strawberry.field(
        description="公示中的奖励 / rewards that are shown",
        graphql_type=Connection[PublishedIncentiveNode],
    )
    async def published_incentives(
        self, info: Info[Context], first: First = 50, after: After = None, sort: Sort = None
    ) -> Any:
        """The rewards that are shown to the actor today, masked (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: incentives.list_published_incentives(db, actor, page=page, now=now()),
        )

    @strawberry.field(description="奖惩事项 / a reward or a penalty", graphql_type=IncentiveNode)
    async def incentive(self, info: Info[Context], incentive_id: UUID) -> Any:
        """One reward or penalty, for the person and for those in charge."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await incentives.get_incentive(db, actor, incentive_id=incentive_id, now=now())


@strawberry.type
class IncentiveMutations:
    """What may be done: rewards and penalties."""

    @strawberry.mutation(description="提出奖惩 / propose", graphql_type=IncentiveNode)
    async def propose_incentive(
        self, info: Info[Context], teacher_id: UUID, new: NewIncentiveInput
    ) -> Any:
        """Propose a reward or a penalty for a teacher, by a rule in force."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await incentives.propose_incentive(
                db, actor, teacher_id=teacher_id, new=new, now=now()
            )

    @strawberry.mutation(description="撤回提议 / withdraw a proposal", graphql_type=IncentiveNode)
    async def withdraw_incentive(self, info: Info[Context], incentive_id: UUID) -> Any:
        """Take back what one proposed, while nobody has decided."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await incentives.withdraw_incentive(db, actor, incentive_id=incentive_id)

    @strawberry.mutation(
        description="陈述申辩 / say what one has to say", graphql_type=IncentiveNode
    )
    async def state_on_incentive(
        self, info: Info[Context], incentive_id: UUID, said: PersonsStatementInput
    ) -> Any:
        """Say in person what one has to say of a penalty that is proposed."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await incentives.state_on_incentive(
                db, actor, incentive_id=incentive_id, said=said, now=now()
            )

    @strawberry.mutation(description="决定奖惩 / decide", graphql_type=IncentiveNode)
    async def decide_incentive(
        self, info: Info[Context], incentive_id: UUID, decision: IncentiveDecisionInput
    ) -> Any:
        """Decide on a proposal, as somebody who neither made it nor is the person."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await incentives.decide_incentive(
                db, actor, incentive_id=incentive_id, decision=decision, now=now()
            )

    @strawberry.mutation(
        description="公示期满后授予奖励 / give a reward", graphql_type=IncentiveNode
    )
    async def give_incentive(self, info: Info[Context], incentive_id: UUID) -> Any:
        """Give a reward that was shown for its days without an open objection."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await incentives.give_incentive(db, actor, incentive_id=incentive_id, now=now())

    @strawberry.mutation(description="撤销奖惩 / revoke", graphql_type=IncentiveNode)
    async def revoke_incentive(
        self, info: Info[Context], incentive_id: UUID, revocation: IncentiveRevocationInput
    ) -> Any:
        """Revoke what was given, with the reason."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await incentives.revoke_incentive(
                db, actor, incentive_id=incentive_id, revocation=revocation, now=now()
            )

    @strawberry.mutation(description="申诉 / appeal", graphql_type=IncentiveNode)
    async def appeal_incentive(
        self, info: Info[Context], incentive_id: UUID, said: IncentiveAppealInput
    ) -> Any:
        """Appeal in person against a penalty, to the bureau above."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await incentives.appeal_incentive(
                db, actor, incentive_id=incentive_id, said=said, now=now()
            )

    @strawberry.mutation(description="处理申诉 / decide on an appeal", graphql_type=IncentiveNode)
    async def decide_incentive_appeal(
        self, info: Info[Context], incentive_id: UUID, decision: IncentiveAppealDecisionInput
    ) -> Any:
        """Decide on an appeal at the bureau above."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await incentives.decide_incentive_appeal(
                db, actor, incentive_id=incentive_id, decision=decision, now=now()
            )
