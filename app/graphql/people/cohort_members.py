"""Members of cohorts over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import cohort_members, cohorts
from app.domain.people.cohort_members import (
    CohortMemberView,
    MemberReplacement,
    MembershipEnd,
    MembershipState,
    NewNomination,
    NominationDecision,
)
from app.graphql.context import Context
from app.graphql.edges import edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.people.cohorts import CohortNode
from app.request import now


@node(
    cohort_members.NOMINATIONS,
    name="CohortMember",
    description="培养对象 / a teacher's membership of a cohort",
)
class CohortMemberNode(Node, CohortMemberView):
    """A membership with its edge."""

    cohort = edge(
        cohorts.cohorts_by_id,
        CohortNode,
        many=False,
        keys="cohort_ids",
        key="cohort_id",
        description="期次 / cohort, for whoever may see it",
    )


@strawberry.pydantic.input(name="NewNomination")
class NewNominationInput(NewNomination):
    """A teacher to be nominated."""


@strawberry.pydantic.input(name="NominationDecision")
class NominationDecisionInput(NominationDecision):
    """Whether somebody is admitted, and why."""


@strawberry.pydantic.input(name="MemberReplacement")
class MemberReplacementInput(MemberReplacement):
    """Who takes a place, and why."""


@strawberry.pydantic.input(name="MembershipEnd")
class MembershipEndInput(MembershipEnd):
    """How a membership ends."""


@strawberry.type
class CohortMemberQueries:
    """What may be asked about members of cohorts."""

    @strawberry.field(
        description="推荐与培养记录 / memberships of one's place",
        graphql_type=Connection[CohortMemberNode],
    )
    async def nominations(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        teacher_id: UUID | None = None,
        cohort_id: UUID | None = None,
        state: MembershipState | None = None,
    ) -> Any:
        """A page of memberships, by the teacher."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: cohort_members.list_nominations(
                db, actor, page=page, teacher_id=teacher_id, cohort_id=cohort_id, state=state
            ),
        )

    @strawberry.field(
        description="期次的培养对象 / members of a cohort that one runs",
        graphql_type=Connection[CohortMemberNode],
    )
    async def cohort_members(
        self,
        info: Info[Context],
        cohort_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        state: MembershipState | None = None,
    ) -> Any:
        """A page of memberships, by the cohort."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: cohort_members.list_cohort_members(
                db, actor, cohort_id=cohort_id, page=page, state=state
            ),
        )


@strawberry.type
class CohortMemberMutations:
    """How teachers are nominated and admitted, and how it ends."""

    @strawberry.mutation(description="推荐教师 / nominate a teacher", graphql_type=CohortMemberNode)
    async def nominate_teacher(
        self, info: Info[Context], teacher_id: UUID, new: NewNominationInput
    ) -> Any:
        """Nominate a teacher of one's place."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await cohort_members.nominate_teacher(
                db, actor, teacher_id=teacher_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="评审推荐 / decide about a nomination", graphql_type=CohortMemberNode
    )
    async def decide_nomination(
        self, info: Info[Context], member_id: UUID, decision: NominationDecisionInput
    ) -> Any:
        """Admit who was nominated, or not."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await cohort_members.decide_nomination(
                db, actor, member_id=member_id, decision=decision, now=now()
            )

    @strawberry.mutation(
        description="结业或退出 / complete or give up a membership", graphql_type=CohortMemberNode
    )
    async def end_cohort_member(
        self, info: Info[Context], member_id: UUID, end: MembershipEndInput
    ) -> Any:
        """Say how a membership ends."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await cohort_members.end_cohort_member(
                db, actor, member_id=member_id, end=end, now=now()
            )

    @strawberry.mutation(
        description="替换培养对象 / let another take the place", graphql_type=CohortMemberNode
    )
    async def replace_cohort_member(
        self, info: Info[Context], member_id: UUID, replacement: MemberReplacementInput
    ) -> Any:
        """Let another who was nominated take the place of somebody admitted; the other's membership."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await cohort_members.replace_cohort_member(
                db, actor, member_id=member_id, replacement=replacement, now=now()
            )
