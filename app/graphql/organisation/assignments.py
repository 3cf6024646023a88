"""Assignments over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import assignments, networks, targets
from app.domain.organisation.assignments import AssignmentView, NewAssignment
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    assignments.ASSIGNMENTS,
    name="Assignment",
    description="包片包校 / who is answerable for which schools",
)
class AssignmentNode(Node, AssignmentView):
    """An assignment with its edges."""

    network = edge(
        networks.networks_by_id,
        lazy("app.graphql.organisation.networks", "NetworkNode"),
        many=False,
        keys="network_ids",
        key="network_id",
        description="所包片区 / the network, null where schools are named",
    )
    targets = edge(
        targets.targets_of,
        lazy("app.graphql.organisation.targets", "TargetNode"),
        many=True,
        keys="assignment_ids",
        description="目标 / what was agreed, first what is due first",
    )


@strawberry.pydantic.input(name="NewAssignment")
class NewAssignmentInput(NewAssignment):
    """An assignment to be made."""


@strawberry.type
class AssignmentQueries:
    """What may be asked about assignments."""

    @strawberry.field(description="一项包片包校安排 / one assignment", graphql_type=AssignmentNode)
    async def assignment(self, info: Info[Context], id: UUID) -> Any:
        """One assignment."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: assignments.get_assignment(db, actor, assignment_id=id)
        )

    @strawberry.field(
        description="包片包校安排 / assignments", graphql_type=Connection[AssignmentNode]
    )
    async def assignments(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        as_of: date | None = None,
        account_id: UUID | None = None,
        network_id: UUID | None = None,
        school_id: UUID | None = None,
    ) -> Any:
        """A page of assignments."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: assignments.list_assignments(
                db, actor, page=page, now=now(), as_of=as_of, account_id=account_id,
                network_id=network_id, school_id=school_id,
            ),
        )  # fmt: skip


@strawberry.type
class AssignmentMutations:
    """What may be done with assignments."""

    @strawberry.mutation(description="安排包片包校 / assign", graphql_type=AssignmentNode)
    async def create_assignment(self, info: Info[Context], new: NewAssignmentInput) -> Any:
        """Make somebody of a bureau answerable for schools, or for a network."""
        async with info.context.transaction() as db:
            return await assignments.create_assignment(db, info.context.actor, new=new, now=now())

    @strawberry.mutation(
        description="结束包片包校 / end an assignment", graphql_type=AssignmentNode
    )
    async def end_assignment(self, info: Info[Context], assignment_id: UUID) -> Any:
        """End an assignment today."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await assignments.end_assignment(
                db, actor, assignment_id=assignment_id, now=now()
            )
