"""Rectifications over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.quality import rectifications, unit_evaluations
from app.domain.quality.rectifications import (
    NewRectification,
    RectificationConclusion,
    RectificationProof,
    RectificationState,
    RectificationView,
    RectificationWithdrawal,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    rectifications.RECTIFICATIONS,
    name="Rectification",
    description="整改事项 / what is to be put right",
)
class RectificationNode(Node, RectificationView):
    """A rectification with its edges."""

    evaluation = edge(
        unit_evaluations.unit_evaluations_by_id,
        lazy("app.graphql.quality.unit_evaluations", "UnitEvaluationNode"),
        many=False,
        keys="evaluation_ids",
        key="evaluation_id",
        description="评估 / evaluation that found it",
    )
    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="整改单位 / unit that puts it right",
    )


@strawberry.pydantic.input(name="NewRectification")
class NewRectificationInput(NewRectification):
    """A problem that was found."""


@strawberry.pydantic.input(name="RectificationProof")
class RectificationProofInput(RectificationProof):
    """What was done, and what proves it."""


@strawberry.pydantic.input(name="RectificationConclusion")
class RectificationConclusionInput(RectificationConclusion):
    """Whether what was done is enough."""


@strawberry.pydantic.input(name="RectificationWithdrawal")
class RectificationWithdrawalInput(RectificationWithdrawal):
    """Why it is no longer asked for."""


@strawberry.type
class RectificationQueries:
    """What may be asked about rectifications."""

    @strawberry.field(description="一项整改 / one rectification", graphql_type=RectificationNode)
    async def rectification(self, info: Info[Context], id: UUID) -> Any:
        """One rectification."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: rectifications.get_rectification(db, actor, rectification_id=id)
        )

    @strawberry.field(
        description="整改事项 / rectifications", graphql_type=Connection[RectificationNode]
    )
    async def rectifications(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        evaluation_id: UUID | None = None,
        unit_id: UUID | None = None,
        state: RectificationState | None = None,
        closed: bool | None = None,
        due_before: date | None = None,
    ) -> Any:
        """A page of the rectifications that the actor may see (`due_on`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: rectifications.list_rectifications(
                db, actor, page=page, evaluation_id=evaluation_id, unit_id=unit_id, state=state,
                closed=closed, due_before=due_before,
            ),
        )  # fmt: skip


@strawberry.type
class RectificationMutations:
    """What may be done about rectifications."""

    @strawberry.mutation(
        description="提出整改 / ask for a rectification", graphql_type=RectificationNode
    )
    async def ask_rectification(
        self, info: Info[Context], evaluation_id: UUID, new: NewRectificationInput
    ) -> Any:
        """Ask a unit to put right what its evaluation found."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await rectifications.ask_rectification(
                db, actor, evaluation_id=evaluation_id, new=new, now=now()
            )

    @strawberry.mutation(description="报送整改 / prove it", graphql_type=RectificationNode)
    async def prove_rectification(
        self, info: Info[Context], rectification_id: UUID, said: RectificationProofInput
    ) -> Any:
        """Say for the unit what was done."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await rectifications.prove_rectification(
                db, actor, rectification_id=rectification_id, said=said, now=now()
            )

    @strawberry.mutation(
        description="复核整改 / close or return it", graphql_type=RectificationNode
    )
    async def conclude_rectification(
        self, info: Info[Context], rectification_id: UUID, conclusion: RectificationConclusionInput
    ) -> Any:
        """Close a rectification for the bureau that asked for it, or return it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await rectifications.conclude_rectification(
                db, actor, rectification_id=rectification_id, conclusion=conclusion, now=now()
            )

    @strawberry.mutation(
        description="撤回整改 / no longer ask for it", graphql_type=RectificationNode
    )
    async def withdraw_rectification(
        self, info: Info[Context], rectification_id: UUID, withdrawal: RectificationWithdrawalInput
    ) -> Any:
        """No longer ask for a rectification, with a reason."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await rectifications.withdraw_rectification(
                db, actor, rectification_id=rectification_id, withdrawal=withdrawal, now=now()
            )
