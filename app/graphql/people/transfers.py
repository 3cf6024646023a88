"""Transfers over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import teachers, transfers
from app.domain.people.transfers import (
    NewTransfer,
    TransferAnswer,
    TransferCompletion,
    TransferKind,
    TransferState,
    TransferView,
)
from app.graphql.context import Context
from app.graphql.edges import edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.people.teachers import TeacherNode
from app.request import now


@node(transfers.TRANSFERS, name="Transfer", description="调动 / a transfer between two places")
class TransferNode(Node, TransferView):
    """A transfer with its edge."""

    teacher = edge(
        teachers.teachers_by_id,
        TeacherNode,
        many=False,
        keys="teacher_ids",
        key="teacher_id",
        description="教师，仅其所在一方可见 / the teacher, for whoever may see teachers there",
    )


@strawberry.pydantic.input(name="NewTransfer")
class NewTransferInput(NewTransfer):
    """A transfer to be proposed."""


@strawberry.pydantic.input(name="TransferAnswer")
class TransferAnswerInput(TransferAnswer):
    """What the other side answers."""


@strawberry.pydantic.input(name="TransferCompletion")
class TransferCompletionInput(TransferCompletion):
    """From which day on it holds, and as what."""


@strawberry.type
class TransferQueries:
    """What may be asked about transfers."""

    @strawberry.field(description="一项调动 / one transfer", graphql_type=TransferNode)
    async def transfer(self, info: Info[Context], id: UUID) -> Any:
        """One transfer."""
        actor = info.context.actor
        return await info.context.read(lambda db: transfers.get_transfer(db, actor, transfer_id=id))

    @strawberry.field(description="调动列表 / transfers", graphql_type=Connection[TransferNode])
    async def transfers(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        teacher_id: UUID | None = None,
        kind: TransferKind | None = None,
        state: TransferState | None = None,
        from_unit_id: UUID | None = None,
        to_unit_id: UUID | None = None,
    ) -> Any:
        """A page of transfers."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: transfers.list_transfers(
                db,
                actor,
                page=page,
                teacher_id=teacher_id,
                kind=kind,
                state=state,
                from_unit_id=from_unit_id,
                to_unit_id=to_unit_id,
            ),
        )


@strawberry.type
class TransferMutations:
    """How transfers are proposed, answered and completed."""

    @strawberry.mutation(description="发起调动 / propose a transfer", graphql_type=TransferNode)
    async def propose_transfer(self, info: Info[Context], new: NewTransferInput) -> Any:
        """Propose a transfer for either side."""
        context = info.context
        async with context.transaction() as db:
            return await transfers.propose_transfer(
                db, context.actor, new=new, cipher=context.held.cipher, now=now()
            )

    @strawberry.mutation(description="同意调动 / accept a transfer", graphql_type=TransferNode)
    async def accept_transfer(
        self, info: Info[Context], transfer_id: UUID, answered: TransferAnswerInput
    ) -> Any:
        """Agree, for the side that did not propose it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await transfers.accept_transfer(
                db, actor, transfer_id=transfer_id, answer=answered, now=now()
            )

    @strawberry.mutation(description="不同意调动 / decline a transfer", graphql_type=TransferNode)
    async def decline_transfer(
        self, info: Info[Context], transfer_id: UUID, answered: TransferAnswerInput
    ) -> Any:
        """Disagree, for the side that did not propose it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await transfers.decline_transfer(
                db, actor, transfer_id=transfer_id, answer=answered, now=now()
            )

    @strawberry.mutation(description="撤回调动 / withdraw a transfer", graphql_type=TransferNode)
    async def withdraw_transfer(self, info: Info[Context], transfer_id: UUID) -> Any:
        """Take it back before it is completed."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await transfers.withdraw_transfer(db, actor, transfer_id=transfer_id, now=now())

    @strawberry.mutation(description="办结调动 / complete a transfer", graphql_type=TransferNode)
    async def complete_transfer(
        self, info: Info[Context], transfer_id: UUID, completion: TransferCompletionInput
    ) -> Any:
        """Say from which day on it holds."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await transfers.complete_transfer(
                db, actor, transfer_id=transfer_id, completion=completion, now=now()
            )
