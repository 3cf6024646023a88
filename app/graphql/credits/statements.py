"""Statements of accounts over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from pydantic import BaseModel
from strawberry import Info

from app.domain.credits import statements
from app.domain.credits.statements import BalanceView, LineState, LineView, StatementView
from app.graphql.context import Context
from app.request import now

strawberry.enum(LineState, name="StatementLineState", description=LineState.__doc__)
_PARTS: dict[str, type[BaseModel]] = {"AccountBalance": BalanceView, "StatementLine": LineView}
for _name, _part in _PARTS.items():
    strawberry.pydantic.type(name=_name, description=_part.__doc__)(_part)


@strawberry.pydantic.type(
    name="Statement", description="学分银行账户对账单 / a statement of account"
)
class StatementNode(StatementView):
    """A teacher's account in one cycle."""


@strawberry.type
class StatementQueries:
    """What may be asked about statements."""

    @strawberry.field(
        description="学分银行账户对账单 / a teacher's account in one cycle",
        graphql_type=StatementNode,
    )
    async def statement(
        self,
        info: Info[Context],
        teacher_id: UUID,
        as_of: date | None = None,
        known_on: date | None = None,
        pack: UUID | None = None,
    ) -> Any:
        """A teacher's account in one cycle."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: statements.get_statement(
                db,
                actor,
                teacher_id=teacher_id,
                now=now(),
                as_of=as_of,
                known_on=known_on,
                pack_key=pack,
            )
        )
