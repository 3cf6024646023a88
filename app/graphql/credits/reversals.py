"""Reversals and corrections over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import reversals
from app.domain.credits.reversals import NewEntryCorrection, NewReversal
from app.graphql.context import Context
from app.graphql.credits.entries import CreditEntryNode
from app.request import now


@strawberry.pydantic.input(name="NewReversal")
class NewReversalInput(NewReversal):
    """Why an entry is struck."""


@strawberry.pydantic.input(name="NewEntryCorrection")
class NewEntryCorrectionInput(NewEntryCorrection):
    """What is right instead."""


@strawberry.type
class ReversalMutations:
    """What may be done about entries that were wrong."""

    @strawberry.mutation(
        description="冲销学分记录 / reverse an entry", graphql_type=CreditEntryNode
    )
    async def reverse_entry(
        self, info: Info[Context], entry_id: UUID, new: NewReversalInput
    ) -> Any:
        """Strike an entry by another one."""
        async with info.context.transaction() as db:
            return await reversals.reverse_entry(
                db, info.context.actor, entry_id=entry_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="更正学分记录 / correct an entry", graphql_type=CreditEntryNode
    )
    async def correct_entry(
        self, info: Info[Context], entry_id: UUID, new: NewEntryCorrectionInput
    ) -> Any:
        """Strike an entry and enter what is right."""
        async with info.context.transaction() as db:
            return await reversals.correct_entry(
                db, info.context.actor, entry_id=entry_id, new=new, now=now()
            )
