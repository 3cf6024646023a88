"""Cohorts of programmes over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import cohorts, programmes
from app.domain.people.cohorts import CohortQuotaView, CohortView, NewCohort, NewCohortQuota
from app.graphql.context import Context
from app.graphql.edges import edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.people.programmes import ProgrammeNode


@node(cohorts.COHORTS, name="Cohort", description="培养期次 / a cohort of a programme")
class CohortNode(Node, CohortView):
    """A cohort with its edge."""

    programme = edge(
        programmes.programmes_by_id,
        ProgrammeNode,
        many=False,
        keys="programme_ids",
        key="programme_id",
        description="培养工程 / programme",
    )


@strawberry.pydantic.type(
    name="CohortQuota", description="学校推荐名额 / how many a school may nominate"
)
class CohortQuotaNode(CohortQuotaView):
    """How many teachers a school may nominate."""


@strawberry.pydantic.input(name="NewCohort")
class NewCohortInput(NewCohort):
    """A cohort to be opened."""


@strawberry.pydantic.input(name="NewCohortQuota")
class NewCohortQuotaInput(NewCohortQuota):
    """How many teachers a school may nominate."""


@strawberry.type
class CohortQueries:
    """What may be asked about cohorts."""

    @strawberry.field(description="一个期次 / one cohort", graphql_type=CohortNode)
    async def cohort(self, info: Info[Context], id: UUID) -> Any:
        """One cohort."""
        actor = info.context.actor
        return await info.context.read(lambda db: cohorts.get_cohort(db, actor, cohort_id=id))

    @strawberry.field(description="期次列表 / cohorts", graphql_type=Connection[CohortNode])
    async def cohorts(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        programme_id: UUID | None = None,
        year: int | None = None,
        offered: bool | None = None,
    ) -> Any:
        """A page of cohorts."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: cohorts.list_cohorts(
                db, actor, page=page, programme_id=programme_id, year=year, offered=offered
            ),
        )

    @strawberry.field(
        description="各校推荐名额 / quotas of schools", graphql_type=list[CohortQuotaNode]
    )
    async def cohort_quotas(self, info: Info[Context], cohort_id: UUID) -> Any:
        """How many teachers each school may nominate."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: cohorts.list_cohort_quotas(db, actor, cohort_id=cohort_id)
        )


@strawberry.type
class CohortMutations:
    """What may be done with cohorts."""

    @strawberry.mutation(description="开设期次 / open a cohort", graphql_type=CohortNode)
    async def open_cohort(
        self, info: Info[Context], programme_id: UUID, new: NewCohortInput
    ) -> Any:
        """Open a cohort of a programme."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await cohorts.open_cohort(db, actor, programme_id=programme_id, new=new)

    @strawberry.mutation(
        description="分配推荐名额 / say how many a school may nominate",
        graphql_type=CohortQuotaNode,
    )
    async def set_cohort_quota(
        self, info: Info[Context], cohort_id: UUID, new: NewCohortQuotaInput
    ) -> Any:
        """Say how many teachers a school may nominate."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await cohorts.set_cohort_quota(db, actor, cohort_id=cohort_id, new=new)
