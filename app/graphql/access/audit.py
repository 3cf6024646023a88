"""The audit trail over GraphQL."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info
from strawberry.scalars import JSON
from strawberry.schema.types.scalar import DEFAULT_SCALAR_REGISTRY

from app.domain.access import audit
from app.domain.access.audit import ActView, AuditHead, ChangeView, RowValues
from app.graphql.context import Context
from app.graphql.edges import lazy, paged_edge
from app.graphql.nodes import SCALARS, Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request

SCALARS[RowValues] = DEFAULT_SCALAR_REGISTRY[JSON]


@strawberry.pydantic.type(name="AuditChange", description="数据变更 / a row before and after")
class AuditChangeNode(ChangeView):
    """A row that an act changed."""


@node(audit.ACTS, name="Act", description="审计记录 / a write that was done, or a refusal")
class ActNode(Node, ActView):
    """An act with its edge."""

    changes = paged_edge(
        audit.changes_of,
        lazy("app.graphql.access.audit", "AuditChangeNode"),
        keys="act_ids",
        first=50,
        description="所改动的数据行 / the rows that it changed, in order",
    )


@strawberry.pydantic.type(name="AuditHead", description="审计链头 / where the chain ends")
class AuditHeadNode(AuditHead):
    """Where the chain over the trail ends."""


@strawberry.type
class AuditQueries:
    """What may be asked of the audit trail."""

    @strawberry.field(description="一条审计记录 / one act", graphql_type=ActNode)
    async def act(self, info: Info[Context], id: UUID) -> Any:
        """One act."""
        actor = info.context.actor
        return await info.context.read(lambda db: audit.get_act(db, actor, act_id=id))

    @strawberry.field(description="审计记录 / acts, latest first", graphql_type=Connection[ActNode])
    async def acts(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        account_id: UUID | None = None,
        operation: str | None = None,
        target_id: UUID | None = None,
        school_id: UUID | None = None,
        refused: bool | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Any:
        """A page of the acts within the actor's place."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: audit.list_acts(
                db,
                actor,
                page=page,
                account_id=account_id,
                operation=operation,
                target_id=target_id,
                school_id=school_id,
                refused=refused,
                since=since,
                until=until,
            ),
        )

    @strawberry.field(description="审计链头 / the chain's head", graphql_type=AuditHeadNode)
    async def audit_head(self, info: Info[Context]) -> Any:
        """Where the chain over the trail ends."""
        actor = info.context.actor
        return await info.context.read(lambda db: audit.get_audit_head(db, actor))
