"""Strata over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import strata
from app.domain.people.strata import StratumView
from app.graphql.context import Context
from app.request import now


@strawberry.pydantic.type(name="StratumCount", description="类别人数 / teachers of a stratum")
class StratumNode(StratumView):
    """A stratum, and how many teachers count in it."""


@strawberry.type
class StratumQueries:
    """What may be asked about strata."""

    @strawberry.field(
        description="单位教师分层分类分岗人数 / strata of a unit", graphql_type=list[StratumNode]
    )
    async def strata(self, info: Info[Context], unit_id: UUID, as_of: date | None = None) -> Any:
        """How many teachers of a unit count in each stratum on a day."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: strata.list_strata(db, actor, unit_id=unit_id, now=now(), as_of=as_of)
        )

    @strawberry.field(
        description="教师所属类别 / strata of a teacher", graphql_type=list[StratumNode]
    )
    async def teacher_strata(
        self, info: Info[Context], teacher_id: UUID, as_of: date | None = None
    ) -> Any:
        """The strata in which a teacher counts on a day."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: strata.list_teacher_strata(
                db, actor, teacher_id=teacher_id, now=now(), as_of=as_of
            )
        )
