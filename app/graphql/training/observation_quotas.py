"""Observation quotas over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.training import observation_quotas
from app.domain.training.observation_quotas import (
    NewQuota,
    ObservationsDueView,
    ObservationTerm,
    ObserverRole,
    QuotaEnd,
    QuotaView,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    observation_quotas.QUOTAS,
    name="ObservationQuota",
    description="听课任务 / a quota of lessons to observe",
)
class ObservationQuotaNode(Node, QuotaView):
    """A quota and who asks it."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="设定单位 / unit that asks it",
    )


@strawberry.pydantic.type(
    name="ObservationsDue", description="听课任务完成情况 / what is due of a teacher"
)
class ObservationsDueNode(ObservationsDueView):
    """What is asked of a teacher in a term, and what there is of it."""


@strawberry.pydantic.input(name="NewObservationQuota")
class NewQuotaInput(NewQuota):
    """A quota to be set."""


@strawberry.pydantic.input(name="ObservationQuotaEnd")
class QuotaEndInput(QuotaEnd):
    """The day from which it is no longer asked."""


@strawberry.type
class ObservationQuotaQueries:
    """What may be asked about observation quotas."""

    @strawberry.field(
        description="听课任务列表 / quotas", graphql_type=Connection[ObservationQuotaNode]
    )
    async def observation_quotas(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        role: ObserverRole | None = None,
        in_force: bool | None = None,
    ) -> Any:
        """What units in the actor's place ask, by first day (`valid_from`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: observation_quotas.list_observation_quotas(
                db, actor, page=page, unit_id=unit_id, role=role, in_force=in_force
            ),
        )

    @strawberry.field(
        description="本人所在单位及上级的听课任务 / quotas of the units at and above",
        graphql_type=Connection[ObservationQuotaNode],
    )
    async def own_observation_quotas(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        role: ObserverRole | None = None,
    ) -> Any:
        """What the units at and above the actor ask today."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: observation_quotas.list_own_observation_quotas(
                db, actor, page=page, role=role
            ),
        )

    @strawberry.field(
        description="学校听课任务完成情况 / what is due of a school's teachers",
        graphql_type=list[ObservationsDueNode],
    )
    async def observations_due(
        self,
        info: Info[Context],
        unit_id: UUID,
        term: ObservationTerm = ObservationTerm.SEMESTER,
        starts_on: date | None = None,
        ends_on: date | None = None,
        missing: bool | None = None,
    ) -> Any:
        """What each teacher was asked to observe in a term, and what was observed."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: observation_quotas.list_observations_due(
                db, actor, unit_id=unit_id, now=now(), term=term, starts_on=starts_on,
                ends_on=ends_on, missing=bool(missing),
            )
        )  # fmt: skip

    @strawberry.field(
        description="教师听课任务完成情况 / what is due of one teacher",
        graphql_type=ObservationsDueNode,
    )
    async def teacher_observations_due(
        self,
        info: Info[Context],
        teacher_id: UUID,
        term: ObservationTerm = ObservationTerm.SEMESTER,
        starts_on: date | None = None,
        ends_on: date | None = None,
    ) -> Any:
        """The same of one teacher; teachers see their own."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: observation_quotas.get_teacher_observations_due(
                db, actor, teacher_id=teacher_id, now=now(), term=term, starts_on=starts_on,
                ends_on=ends_on,
            )
        )  # fmt: skip


@strawberry.type
class ObservationQuotaMutations:
    """What may be done about observation quotas."""

    @strawberry.mutation(
        description="设定听课任务 / set a quota", graphql_type=ObservationQuotaNode
    )
    async def set_observation_quota(
        self, info: Info[Context], unit_id: UUID, new: NewQuotaInput
    ) -> Any:
        """Ask a number of lessons of a role."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await observation_quotas.set_observation_quota(
                db, actor, unit_id=unit_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="终止听课任务 / end a quota", graphql_type=ObservationQuotaNode
    )
    async def end_observation_quota(
        self, info: Info[Context], quota_id: UUID, end: QuotaEndInput
    ) -> Any:
        """No longer ask it, from a day on."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await observation_quotas.end_observation_quota(
                db, actor, quota_id=quota_id, end=end, now=now()
            )
