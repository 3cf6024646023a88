"""Limits of approval over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import approval_limits
from app.domain.quality.approval_limits import ApprovalLimitView, NewApprovalLimit
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    approval_limits.APPROVAL_LIMITS,
    name="ApprovalLimit",
    description="审批权限 / a limit of approval",
)
class ApprovalLimitNode(Node, ApprovalLimitView):
    """Up to which amount somebody approves expenses of a unit."""


@strawberry.pydantic.input(name="NewApprovalLimit")
class NewApprovalLimitInput(NewApprovalLimit):
    """A limit to be set."""


@strawberry.type
class ApprovalLimitQueries:
    """What may be asked: limits of approval."""

    @strawberry.field(
        description="审批权限列表 / limits of approval", graphql_type=Connection[ApprovalLimitNode]
    )
    async def approval_limits(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        account_id: UUID | None = None,
    ) -> Any:
        """Who approves up to which amount, as it was said (`created`, `valid_from`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: approval_limits.list_approval_limits(
                db, actor, page=page, unit_id=unit_id, account_id=account_id
            ),
        )


@strawberry.type
class ApprovalLimitMutations:
    """What may be done: limits of approval."""

    @strawberry.mutation(
        description="设定审批权限 / set a limit of approval", graphql_type=ApprovalLimitNode
    )
    async def set_approval_limit(
        self, info: Info[Context], unit_id: UUID, new: NewApprovalLimitInput
    ) -> Any:
        """Say up to which amount somebody approves expenses of a unit, from a day on."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await approval_limits.set_approval_limit(
                db, actor, unit_id=unit_id, new=new, now=now()
            )
