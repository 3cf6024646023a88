"""Transfers of credit over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import credit_transfers
from app.domain.credits.credit_transfers import (
    CreditTransferView,
    NewTransferIn,
    NewTransferOut,
    TransferredCredit,
)
from app.domain.credits.packs.parts import CreditLevel
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    credit_transfers.CREDIT_TRANSFERS,
    name="CreditTransfer",
    description="学分转移 / credit that came from another authority, or went there",
)
class CreditTransferNode(Node, CreditTransferView):
    """A transfer of credit."""


# The level of a unit is another one: it knows neither province nor nation.
strawberry.enum(CreditLevel, name="CreditLevel")
strawberry.pydantic.input(name="TransferredCredit")(TransferredCredit)


@strawberry.pydantic.input(name="NewTransferIn")
class NewTransferInInput(NewTransferIn):
    """What another authority certifies as earned."""


@strawberry.pydantic.input(name="NewTransferOut")
class NewTransferOutInput(NewTransferOut):
    """What is certified to another authority."""


@strawberry.type
class CreditTransferQueries:
    """What may be asked about transfers of credit."""

    @strawberry.field(
        description="一项学分转移 / one transfer of credit", graphql_type=CreditTransferNode
    )
    async def credit_transfer(self, info: Info[Context], id: UUID) -> Any:
        """One transfer of credit."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: credit_transfers.get_credit_transfer(db, actor, credit_transfer_id=id)
        )

    @strawberry.field(
        description="教师的学分转移 / transfers of a teacher's credit",
        graphql_type=Connection[CreditTransferNode],
    )
    async def credit_transfers(
        self,
        info: Info[Context],
        teacher_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """A page of what was transferred for a teacher."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: credit_transfers.list_credit_transfers(
                db, actor, teacher_id=teacher_id, page=page
            ),
        )


@strawberry.type
class CreditTransferMutations:
    """What may be done about credit of another authority."""

    @strawberry.mutation(
        description="学分转入 / transfer credit in", graphql_type=CreditTransferNode
    )
    async def transfer_credit_in(
        self, info: Info[Context], teacher_id: UUID, new: NewTransferInInput
    ) -> Any:
        """Enter what another authority certifies."""
        async with info.context.transaction() as db:
            return await credit_transfers.transfer_credit_in(
                db, info.context.actor, teacher_id=teacher_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="学分转出 / transfer credit out", graphql_type=CreditTransferNode
    )
    async def transfer_credit_out(
        self, info: Info[Context], teacher_id: UUID, new: NewTransferOutInput
    ) -> Any:
        """Strike what counts under another authority from now on."""
        async with info.context.transaction() as db:
            return await credit_transfers.transfer_credit_out(
                db, info.context.actor, teacher_id=teacher_id, new=new, now=now()
            )
