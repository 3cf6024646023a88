"""Conditions of training over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from pydantic import BaseModel
from strawberry import Info

from app.domain.credits import conditions
from app.domain.credits.conditions import (
    ConditionExplanationView,
    ConditionView,
    ContributionView,
    Outcome,
    PrecheckView,
    RemedyView,
    UnmetView,
)
from app.domain.credits.conditions.changing import RemedyKind
from app.domain.credits.packs.purposes import Frame, PurposeKind
from app.graphql.context import Context
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

strawberry.enum(Frame, name="PurposeFrame", description=Frame.__doc__)
strawberry.enum(RemedyKind, name="ConditionChangeKind", description=RemedyKind.__doc__)
strawberry.enum(Outcome, name="PrecheckOutcome", description=Outcome.__doc__)
_PARTS: dict[str, type[BaseModel]] = {
    "Contribution": ContributionView,
    "ConditionChange": RemedyView,
    "UnmetRequirement": UnmetView,
}
for _name, _part in _PARTS.items():
    strawberry.pydantic.type(name=_name, description=_part.__doc__)(_part)


@strawberry.pydantic.type(name="Condition", description="培训条件 / the condition of training")
class ConditionNode(ConditionView):
    """Whether training is met for a purpose: one condition of several."""


@strawberry.pydantic.type(
    name="ConditionExplanation", description="培训条件说明 / the condition of training, explained"
)
class ConditionExplanationNode(ConditionExplanationView):
    """A condition with everything that it was judged by, and what would change it."""


@strawberry.pydantic.type(name="Precheck", description="预审名单 / a line of a pre-check list")
class PrecheckNode(PrecheckView):
    """One line of a pre-check list."""


@strawberry.type
class ConditionQueries:
    """What may be asked about conditions of training."""

    @strawberry.field(
        description="各用途的培训条件 / the condition of training, purpose by purpose",
        graphql_type=list[ConditionNode],
    )
    async def conditions(
        self,
        info: Info[Context],
        teacher_id: UUID,
        as_of: date | None = None,
        known_on: date | None = None,
    ) -> Any:
        """Whether training is met for each purpose of the pack in force."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: conditions.list_conditions(
                db, actor, teacher_id=teacher_id, now=now(), as_of=as_of, known_on=known_on
            )
        )

    @strawberry.field(
        description="一项用途的培训条件及说明 / one purpose, explained",
        graphql_type=ConditionExplanationNode,
    )
    async def condition(
        self,
        info: Info[Context],
        teacher_id: UUID,
        purpose: PurposeKind,
        as_of: date | None = None,
        known_on: date | None = None,
    ) -> Any:
        """Whether training is met for one purpose, and what would change it."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: conditions.get_condition(
                db,
                actor,
                teacher_id=teacher_id,
                purpose=purpose,
                now=now(),
                as_of=as_of,
                known_on=known_on,
            )
        )

    @strawberry.field(
        description="预审名单 / a pre-check list", graphql_type=Connection[PrecheckNode]
    )
    async def prechecks(
        self,
        info: Info[Context],
        unit_id: UUID,
        purpose: PurposeKind,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        outcome: Outcome | None = None,
        as_of: date | None = None,
        known_on: date | None = None,
    ) -> Any:
        """The teachers of a unit by name, and how training ends for each."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: conditions.list_prechecks(
                db,
                actor,
                unit_id=unit_id,
                purpose=purpose,
                page=page,
                now=now(),
                outcome=outcome,
                as_of=as_of,
                known_on=known_on,
            ),
        )
