"""Destroying archives over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import archive_destructions, archive_volumes
from app.domain.quality.archive_destructions import (
    ArchiveDestructionDecision,
    ArchiveDestructionView,
    DestructionState,
    NewArchiveDestruction,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    archive_destructions.ARCHIVE_DESTRUCTIONS,
    name="ArchiveDestruction",
    description="销毁申请 / a proposal to destroy a volume",
)
class ArchiveDestructionNode(Node, ArchiveDestructionView):
    """A proposal and its volume."""

    volume = edge(
        archive_volumes.archive_volumes_by_id,
        lazy("app.graphql.quality.archive_volumes", "ArchiveVolumeNode"),
        many=False,
        keys="volume_ids",
        key="volume_id",
        description="案卷 / volume",
    )


@strawberry.pydantic.input(name="NewArchiveDestruction")
class NewArchiveDestructionInput(NewArchiveDestruction):
    """A proposal to destroy a volume."""


@strawberry.pydantic.input(name="ArchiveDestructionDecision")
class ArchiveDestructionDecisionInput(ArchiveDestructionDecision):
    """What the second person decides."""


@strawberry.type
class ArchiveDestructionQueries:
    """What may be asked about the destruction of archives."""

    @strawberry.field(
        description="销毁申请 / proposals", graphql_type=Connection[ArchiveDestructionNode]
    )
    async def archive_destructions(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        volume_id: UUID | None = None,
        state: DestructionState | None = None,
    ) -> Any:
        """What was proposed in the actor's place, and decided (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: archive_destructions.list_archive_destructions(
                db, actor, page=page, volume_id=volume_id, state=state
            ),
        )


@strawberry.type
class ArchiveDestructionMutations:
    """What may be done to destroy archives."""

    @strawberry.mutation(description="提出销毁 / propose", graphql_type=ArchiveDestructionNode)
    async def propose_archive_destruction(
        self, info: Info[Context], volume_id: UUID, new: NewArchiveDestructionInput
    ) -> Any:
        """Propose to destroy a volume whose retention is over."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await archive_destructions.propose_archive_destruction(
                db, actor, volume_id=volume_id, new=new, now=now()
            )

    @strawberry.mutation(description="审批销毁 / decide", graphql_type=ArchiveDestructionNode)
    async def decide_archive_destruction(
        self, info: Info[Context], destruction_id: UUID, decision: ArchiveDestructionDecisionInput
    ) -> Any:
        """Agree, or have the volume kept on; never who proposed it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await archive_destructions.decide_archive_destruction(
                db, actor, destruction_id=destruction_id, decision=decision, now=now()
            )
